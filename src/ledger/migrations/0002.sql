-- What a post is known by when its file is called otherwise, and whether the owner has said that its id is right.
ALTER TABLE entry ADD COLUMN body      TEXT NOT NULL DEFAULT '';   -- what its text is known by
ALTER TABLE entry ADD COLUMN title     TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN published INTEGER NOT NULL DEFAULT 0; -- Unix seconds
ALTER TABLE entry ADD COLUMN url       TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN pinned    INTEGER NOT NULL DEFAULT 0;

-- The documents that builds have written: what each was made from, and the file as it was left.
CREATE TABLE document (
    folder   TEXT NOT NULL,
    path     TEXT NOT NULL,
    made_of  TEXT NOT NULL,                -- a hash of all that went into it; empty where that cannot be known
    length   INTEGER NOT NULL,
    modified INTEGER NOT NULL,             -- nanoseconds of Unix time
    PRIMARY KEY (folder, path)
) STRICT, WITHOUT ROWID;

-- Hubs that are to hear of a change.
CREATE TABLE ping (
    topic    TEXT PRIMARY KEY,             -- the document's address
    hub      TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at  INTEGER NOT NULL DEFAULT 0    -- Unix seconds: not before
) STRICT, WITHOUT ROWID;
