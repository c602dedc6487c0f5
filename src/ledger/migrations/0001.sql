-- Ids under which posts have been published, in a feed or by mail. A post that goes away keeps its row, so that it comes back as itself.
CREATE TABLE entry (
    source      TEXT PRIMARY KEY,          -- the file, below the site's root
    id          TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    present     INTEGER NOT NULL           -- 1: in the last build
) STRICT, WITHOUT ROWID;

-- Issues, frozen. `frozen` is the whole issue as JSON.
CREATE TABLE issue (
    id         TEXT PRIMARY KEY,
    newsletter TEXT NOT NULL,
    subject    TEXT NOT NULL,
    created    INTEGER NOT NULL,           -- Unix seconds
    frozen     TEXT NOT NULL
) STRICT;

-- No newsletter takes a post twice.
CREATE TABLE issue_post (
    newsletter TEXT NOT NULL,
    post       TEXT NOT NULL,
    source     TEXT NOT NULL,              -- its file: under another id it is the same post
    issue      TEXT NOT NULL REFERENCES issue (id),
    PRIMARY KEY (newsletter, post)
) STRICT, WITHOUT ROWID;

-- The latest time of each newsletter's schedule that has been met, with an issue or without.
CREATE TABLE tick (
    newsletter TEXT PRIMARY KEY,
    met        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each subscriber of each issue.
CREATE TABLE delivery (
    issue      TEXT NOT NULL REFERENCES issue (id),
    subscriber TEXT NOT NULL,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN
        ('planned', 'sending', 'sent', 'deferred', 'failed', 'in_doubt', 'suppressed', 'cancelled')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER,                    -- of a planned or deferred row: not before
    relay      TEXT,
    phase      TEXT,                       -- of the last attempt: how far it came
    code       INTEGER,                    -- the relay's reply code
    enhanced   TEXT,                       -- its enhanced code (RFC 3463)
    reply      TEXT,                       -- its words
    changed    INTEGER NOT NULL,
    PRIMARY KEY (issue, subscriber)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_by_state ON delivery (issue, state, next_at);

-- Who must not be written to, whatever any list says.
CREATE TABLE suppression (
    subscriber TEXT PRIMARY KEY,
    reason     TEXT NOT NULL,
    since      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Small things to remember, such as which findings `run` has told already.
CREATE TABLE note (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
