-- What each issue had. Nobody gets a post twice: what a subscriber has had is in these rows and in `delivery`.
CREATE TABLE post_of_issue (
    issue      TEXT NOT NULL REFERENCES issue (id),
    post       TEXT NOT NULL,
    source     TEXT NOT NULL,              -- its file: under another id it is the same post
    updated    INTEGER NOT NULL,           -- Unix seconds: as it stood then
    PRIMARY KEY (issue, post)
) STRICT, WITHOUT ROWID;
INSERT INTO post_of_issue (issue, post, source, updated)
    SELECT issue, post, source, created FROM issue_post JOIN issue ON issue = id;
DROP TABLE issue_post;
ALTER TABLE post_of_issue RENAME TO issue_post;
CREATE INDEX issue_by_newsletter ON issue (newsletter, created);

-- The latest time of each schedule that has been met, with an issue or without.
CREATE TABLE met (
    newsletter TEXT NOT NULL,
    cadence    TEXT NOT NULL,
    tick       INTEGER NOT NULL,
    PRIMARY KEY (newsletter, cadence)
) STRICT, WITHOUT ROWID;
INSERT INTO met (newsletter, cadence, tick) SELECT newsletter, 'scheduled', met FROM tick;
DROP TABLE tick;

-- Since when somebody has been on a list: what went out before is not owed to them.
CREATE TABLE reader (
    newsletter TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    since      INTEGER NOT NULL,           -- Unix seconds
    gone       INTEGER,                    -- since when they are missing on it
    PRIMARY KEY (newsletter, subscriber)
) STRICT, WITHOUT ROWID;

-- Since when a post has stood as it is, for newsletters that wait until one has settled.
CREATE TABLE settling (
    source      TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    since       INTEGER NOT NULL           -- Unix seconds
) STRICT, WITHOUT ROWID;
