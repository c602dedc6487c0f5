-- What several machines that share one ledger need to know of each other. Where one machine is alone, it holds its lock.
CREATE TABLE worker (
    id    TEXT PRIMARY KEY,
    name  TEXT NOT NULL,                   -- the machine's, for people
    until INTEGER NOT NULL                 -- milliseconds of Unix time by the database's clock: what it has claimed is its own until then
) STRICT, WITHOUT ROWID;
ALTER TABLE delivery ADD COLUMN worker TEXT;                        -- who has claimed it
CREATE INDEX delivery_by_worker ON delivery (worker, issue, state) WHERE worker IS NOT NULL;

-- The rates' uses in the order in which they were written down, so that each machine reads what is new to it.
ALTER TABLE pace ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pace RENAME COLUMN window TO span;                      -- a word of SQL's own elsewhere
CREATE INDEX pace_by_turn ON pace (turn);
CREATE TABLE pace_turn (last INTEGER NOT NULL) STRICT;
INSERT INTO pace_turn VALUES (0);

-- Relays that were away or refused us, as each machine has seen them.
CREATE TABLE absence (
    relay    TEXT NOT NULL,
    machine  TEXT NOT NULL,
    failures INTEGER NOT NULL,             -- in a row
    until    INTEGER NOT NULL,             -- Unix seconds: it is left alone until then
    why      TEXT NOT NULL,
    PRIMARY KEY (relay, machine)
) STRICT, WITHOUT ROWID;
INSERT INTO absence SELECT name, '', failures, until, why FROM relay;
DROP TABLE relay;

-- How often forms may still be sent (GCRA): hashes of networks and addresses, and when what they have used has come back.
CREATE TABLE allowance (
    name TEXT PRIMARY KEY,
    at   INTEGER NOT NULL                  -- milliseconds of Unix time
) STRICT, WITHOUT ROWID;

-- What is asked of issues without reading them whole.
ALTER TABLE issue ADD COLUMN list       TEXT;                       -- the state of the list that its copies were held against last
ALTER TABLE issue ADD COLUMN made_as    TEXT NOT NULL DEFAULT '';   -- the newsletter's name at that time
ALTER TABLE issue ADD COLUMN language   TEXT NOT NULL DEFAULT '';
ALTER TABLE issue ADD COLUMN on_the_web INTEGER NOT NULL DEFAULT 0; -- 1: its pages are for everybody
ALTER TABLE issue ADD COLUMN is_private INTEGER NOT NULL DEFAULT 0; -- 1: each reader has a page
UPDATE issue SET made_as    = coalesce(frozen ->> 'newsletter', newsletter),
                 language   = coalesce(frozen ->> 'language', ''),
                 on_the_web = coalesce(frozen ->> 'on_the_web', 0),
                 is_private = coalesce(frozen ->> 'is_private', 0);

-- How many copies were in each state when the copies of an old issue were let go. Everybody counts as having had it.
ALTER TABLE issue ADD COLUMN let_go     INTEGER NOT NULL DEFAULT 0; -- 1: its copies were
CREATE TABLE total (
    issue TEXT NOT NULL REFERENCES issue (id),
    state TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (issue, state)
) STRICT, WITHOUT ROWID;

ALTER TABLE letter ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
UPDATE letter SET recipient = envelope ->> 2;
