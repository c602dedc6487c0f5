-- What people have said themselves, or their owner for them, of one newsletter. It wins over a list's file.
CREATE TABLE member (
    newsletter TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    listed     INTEGER NOT NULL,           -- 1: on the list by this row; 0: it only says more of somebody in the list's file
    email      TEXT NOT NULL,              -- empty where only the file knows it
    name       TEXT NOT NULL,
    language   TEXT,                       -- NULL here and in the next two: as the file has it
    topics     TEXT,                       -- as JSON; empty: everything
    cadence    TEXT,
    status     TEXT NOT NULL CHECK (status IN ('active', 'paused', 'unsubscribed')),
    since      INTEGER NOT NULL,           -- Unix seconds: of the status
    until      INTEGER,                    -- the end of a pause
    was        TEXT,                       -- the status before they left, so that they can undo it
    reason     TEXT,                       -- why they left
    PRIMARY KEY (newsletter, subscriber)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_subscriber ON member (subscriber);

-- How often the members of a newsletter have changed.
CREATE TABLE member_change (
    newsletter TEXT PRIMARY KEY,
    count      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER member_came AFTER INSERT ON member BEGIN
    INSERT INTO member_change VALUES (NEW.newsletter, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER member_changed AFTER UPDATE ON member BEGIN
    INSERT INTO member_change VALUES (NEW.newsletter, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER member_went AFTER DELETE ON member BEGIN
    INSERT INTO member_change VALUES (OLD.newsletter, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- By what right somebody is written to: each time they, or their owner, have said so.
CREATE TABLE consent (
    newsletter TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    at         INTEGER NOT NULL,           -- Unix seconds
    how        TEXT NOT NULL,              -- form, import, owner
    network    TEXT,                       -- a keyed hash of the network the form was sent from
    wording    TEXT,                       -- what they agreed to
    PRIMARY KEY (newsletter, subscriber, at)
) STRICT, WITHOUT ROWID;

-- People who have asked to be forgotten: keyed hashes of their addresses, so that no list brings them back.
CREATE TABLE erased (
    hash  TEXT PRIMARY KEY,
    since INTEGER NOT NULL                 -- Unix seconds
) STRICT, WITHOUT ROWID;

-- Single mails that are to go out: confirmations and the like.
CREATE TABLE letter (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    envelope TEXT NOT NULL,                -- sender and recipient, as JSON
    text     TEXT NOT NULL,
    until    INTEGER NOT NULL,             -- Unix seconds: after that it is of no use
    next_at  INTEGER NOT NULL,             -- Unix seconds: not before
    attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX letter_by_time ON letter (next_at);
