-- What an operator decides about an issue.
ALTER TABLE issue ADD COLUMN held    TEXT;                         -- why it waits for the owner; NULL: it goes on
ALTER TABLE issue ADD COLUMN trusted INTEGER NOT NULL DEFAULT 0;   -- 1: the owner has seen its refusals and let it go on
ALTER TABLE issue ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0; -- 1: what has not been sent never will be
ALTER TABLE issue ADD COLUMN old_since INTEGER;                    -- when it was first seen to be older than max_age

-- In which order copies go out: the recipients of each domain spread evenly over the whole.
ALTER TABLE delivery ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
DROP INDEX delivery_by_state;
CREATE INDEX delivery_by_state ON delivery (issue, state, next_at, place);

ALTER TABLE suppression ADD COLUMN detail TEXT NOT NULL DEFAULT ''; -- the code, and whose word it is

-- Relays that were away or refused us, and until when they are left alone.
CREATE TABLE relay (
    name     TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,             -- in a row
    until    INTEGER NOT NULL,             -- Unix seconds
    why      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What has been used of the rates, of relays and of recipient domains. A span of time is one of `window` milliseconds.
CREATE TABLE pace (
    name   TEXT NOT NULL,
    window INTEGER NOT NULL,
    at     INTEGER NOT NULL,               -- milliseconds of Unix time: when the span of this use ends
    count  INTEGER NOT NULL,
    PRIMARY KEY (name, window, at)
) STRICT, WITHOUT ROWID;

-- Reports that have been read, so that none counts twice.
CREATE TABLE report (
    id   TEXT PRIMARY KEY,                 -- a hash of its bytes
    seen INTEGER NOT NULL                  -- Unix seconds
) STRICT, WITHOUT ROWID;
