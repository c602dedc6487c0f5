-- Webhooks that hear of what happens.
CREATE TABLE webhook (
    url      TEXT PRIMARY KEY,
    kinds    TEXT NOT NULL,                -- of what it hears, as a JSON array
    failures INTEGER NOT NULL DEFAULT 0,   -- in a row
    until    INTEGER NOT NULL DEFAULT 0    -- Unix seconds: it is left alone until then
) STRICT, WITHOUT ROWID;

-- What each of them has yet to hear. Addresses are looked up when it is told.
CREATE TABLE happening (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL DEFAULT (lower(hex(randomblob(12)))),  -- the same at every attempt
    url        TEXT NOT NULL REFERENCES webhook (url) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    subscriber TEXT,                       -- whom it is about
    at         INTEGER NOT NULL,           -- Unix seconds
    data       TEXT NOT NULL,              -- as JSON
    taken      INTEGER NOT NULL DEFAULT 0  -- Unix seconds: somebody tells it until then
) STRICT;
CREATE INDEX happening_by_webhook ON happening (url, id);

-- Where somebody's mail goes, as they said last, else where it went last. There are few issues and many deliveries: those are asked first.
CREATE VIEW known_address AS
    SELECT subscriber, email FROM (
        SELECT subscriber, email, 1 AS is_own, since AS at FROM member WHERE email <> ''
        UNION ALL
        SELECT delivery.subscriber, delivery.email, 0, created FROM issue CROSS JOIN delivery ON delivery.issue = issue.id
            WHERE delivery.email <> '')
    ORDER BY is_own DESC, at DESC;

-- Whoever writes, and by whatever command: what has happened is on its way in the same transaction. A consent is recorded before the member
-- is: whoever is on the list already does not come anew. What an import brings is no news.
CREATE TRIGGER somebody_subscribed AFTER INSERT ON consent
    WHEN NEW.how <> 'import' AND NOT EXISTS
        (SELECT 1 FROM member WHERE newsletter = NEW.newsletter AND subscriber = NEW.subscriber AND status <> 'unsubscribed') BEGIN
    INSERT INTO happening (url, kind, subscriber, at, data)
        SELECT url, 'subscribed', NEW.subscriber, NEW.at,
               json_object('newsletter', NEW.newsletter, 'subscriber', NEW.subscriber)
        FROM webhook WHERE EXISTS (SELECT 1 FROM json_each(kinds) WHERE value = 'subscribed');
END;
CREATE TRIGGER somebody_left_or_came_back AFTER UPDATE OF status ON member
    WHEN (NEW.status = 'unsubscribed') <> (OLD.status = 'unsubscribed') BEGIN
    INSERT INTO happening (url, kind, subscriber, at, data)
        SELECT url, iif(NEW.status = 'unsubscribed', 'unsubscribed', 'subscribed'), NEW.subscriber, NEW.since,
               json_object('newsletter', NEW.newsletter, 'subscriber', NEW.subscriber)
        FROM webhook WHERE EXISTS
            (SELECT 1 FROM json_each(kinds) WHERE value = iif(NEW.status = 'unsubscribed', 'unsubscribed', 'subscribed'));
END;
-- What keeps all mail away: bounced, complained, unsubscribed from everything, erased.
CREATE TRIGGER somebody_is_written_to_no_more AFTER INSERT ON suppression WHEN NEW.detail NOT LIKE 'import of %' BEGIN
    INSERT INTO happening (url, kind, subscriber, at, data)
        SELECT url, NEW.reason, NEW.subscriber, NEW.since,
               json_object('subscriber', NEW.subscriber, 'detail', NEW.detail)
        FROM webhook WHERE EXISTS (SELECT 1 FROM json_each(kinds) WHERE value = NEW.reason);
END;

ALTER TABLE issue ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;  -- 1: webhooks have been told that it is sent
UPDATE issue SET announced = 1 WHERE NOT EXISTS
    (SELECT 1 FROM delivery WHERE issue = issue.id AND state IN ('planned', 'sending', 'deferred'));
