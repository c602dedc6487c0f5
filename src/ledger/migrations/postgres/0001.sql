-- What stands in SQLite's tables after its seventh migration, in the same columns; what they mean is told there.
-- Texts are in the order of their bytes, as there.
CREATE TABLE entry (
    source      TEXT COLLATE "C" PRIMARY KEY,
    id          TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    present     BOOLEAN NOT NULL,
    body        TEXT COLLATE "C" NOT NULL DEFAULT '',
    title       TEXT COLLATE "C" NOT NULL DEFAULT '',
    published   BIGINT NOT NULL DEFAULT 0,
    url         TEXT COLLATE "C" NOT NULL DEFAULT '',
    pinned      BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE issue (
    id         TEXT COLLATE "C" PRIMARY KEY,
    newsletter TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    created    BIGINT NOT NULL,
    frozen     TEXT COLLATE "C" NOT NULL,
    held       TEXT COLLATE "C",
    trusted    BOOLEAN NOT NULL DEFAULT FALSE,
    cancelled  BOOLEAN NOT NULL DEFAULT FALSE,
    old_since  BIGINT,
    announced  BOOLEAN NOT NULL DEFAULT FALSE,
    list       TEXT COLLATE "C",
    let_go     BOOLEAN NOT NULL DEFAULT FALSE,
    made_as    TEXT COLLATE "C" NOT NULL DEFAULT '',
    language   TEXT COLLATE "C" NOT NULL DEFAULT '',
    on_the_web BOOLEAN NOT NULL DEFAULT FALSE,
    is_private BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX issue_by_newsletter ON issue (newsletter, created);

CREATE TABLE issue_post (
    issue   TEXT COLLATE "C" NOT NULL REFERENCES issue (id),
    post    TEXT COLLATE "C" NOT NULL,
    source  TEXT COLLATE "C" NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (issue, post)
);

CREATE TABLE total (
    issue TEXT COLLATE "C" NOT NULL REFERENCES issue (id),
    state TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (issue, state)
);

CREATE TABLE met (
    newsletter TEXT COLLATE "C" NOT NULL,
    cadence    TEXT COLLATE "C" NOT NULL,
    tick       BIGINT NOT NULL,
    PRIMARY KEY (newsletter, cadence)
);

CREATE TABLE reader (
    newsletter TEXT COLLATE "C" NOT NULL,
    subscriber TEXT COLLATE "C" NOT NULL,
    since      BIGINT NOT NULL,
    gone       BIGINT,
    PRIMARY KEY (newsletter, subscriber)
);

CREATE TABLE settling (
    source      TEXT COLLATE "C" PRIMARY KEY,
    fingerprint TEXT COLLATE "C" NOT NULL,
    since       BIGINT NOT NULL
);

-- The row of a copy changes a few times: room is left on its page.
CREATE TABLE delivery (
    issue      TEXT COLLATE "C" NOT NULL REFERENCES issue (id),
    subscriber TEXT COLLATE "C" NOT NULL,
    email      TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN
        ('planned', 'sending', 'sent', 'deferred', 'failed', 'in_doubt', 'suppressed', 'cancelled')),
    attempts   BIGINT NOT NULL DEFAULT 0,
    next_at    BIGINT,
    relay      TEXT COLLATE "C",
    phase      TEXT COLLATE "C",
    code       BIGINT,
    enhanced   TEXT COLLATE "C",
    reply      TEXT COLLATE "C",
    changed    BIGINT NOT NULL,
    place      BIGINT NOT NULL DEFAULT 0,
    worker     TEXT COLLATE "C",
    PRIMARY KEY (issue, subscriber)
) WITH (fillfactor = 80);
-- In which order rows that nobody has taken are taken.
CREATE INDEX delivery_free ON delivery (issue, state, next_at NULLS FIRST, place)
    WHERE worker IS NULL AND state IN ('planned', 'deferred');
CREATE INDEX delivery_by_worker ON delivery (worker, issue, state) WHERE worker IS NOT NULL;
CREATE INDEX delivery_by_state ON delivery (issue, state);
CREATE INDEX delivery_by_subscriber ON delivery (subscriber);

CREATE TABLE worker (
    id    TEXT COLLATE "C" PRIMARY KEY,
    name  TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE suppression (
    subscriber TEXT COLLATE "C" PRIMARY KEY,
    reason     TEXT COLLATE "C" NOT NULL,
    since      BIGINT NOT NULL,
    detail     TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE TABLE note (
    key   TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE document (
    folder   TEXT COLLATE "C" NOT NULL,
    path     TEXT COLLATE "C" NOT NULL,
    made_of  TEXT COLLATE "C" NOT NULL,
    length   BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (folder, path)
);

CREATE TABLE ping (
    topic    TEXT COLLATE "C" PRIMARY KEY,
    hub      TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE absence (
    relay    TEXT COLLATE "C" NOT NULL,
    machine  TEXT COLLATE "C" NOT NULL,
    failures BIGINT NOT NULL,
    until    BIGINT NOT NULL,
    why      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (relay, machine)
);

CREATE TABLE pace (
    name  TEXT COLLATE "C" NOT NULL,
    span  BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    count BIGINT NOT NULL,
    turn  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (name, span, at)
);
CREATE INDEX pace_by_turn ON pace (turn);
CREATE TABLE pace_turn (last BIGINT NOT NULL);
INSERT INTO pace_turn VALUES (0);

CREATE TABLE allowance (
    name TEXT COLLATE "C" PRIMARY KEY,
    at   BIGINT NOT NULL
);

CREATE TABLE report (
    id   TEXT COLLATE "C" PRIMARY KEY,
    seen BIGINT NOT NULL
);

CREATE TABLE member (
    newsletter TEXT COLLATE "C" NOT NULL,
    subscriber TEXT COLLATE "C" NOT NULL,
    listed     BOOLEAN NOT NULL,
    email      TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    language   TEXT COLLATE "C",
    topics     TEXT COLLATE "C",
    cadence    TEXT COLLATE "C",
    status     TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'paused', 'unsubscribed')),
    since      BIGINT NOT NULL,
    until      BIGINT,
    was        TEXT COLLATE "C",
    reason     TEXT COLLATE "C",
    PRIMARY KEY (newsletter, subscriber)
);
CREATE INDEX member_by_subscriber ON member (subscriber);
-- Most are not, and are not to be looked through for each copy.
CREATE INDEX member_away ON member (newsletter, subscriber) WHERE status IN ('unsubscribed', 'paused');

CREATE TABLE member_change (
    newsletter TEXT COLLATE "C" PRIMARY KEY,
    count      BIGINT NOT NULL
);

-- Once for each statement, not for each row: an import of many is one change.
CREATE FUNCTION note_member_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO member_change SELECT DISTINCT newsletter, 1 FROM changed
        ON CONFLICT (newsletter) DO UPDATE SET count = member_change.count + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER member_came AFTER INSERT ON member
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_member_change();
CREATE TRIGGER member_changed AFTER UPDATE ON member
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_member_change();
CREATE TRIGGER member_went AFTER DELETE ON member
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_member_change();

CREATE TABLE consent (
    newsletter TEXT COLLATE "C" NOT NULL,
    subscriber TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    how        TEXT COLLATE "C" NOT NULL,
    network    TEXT COLLATE "C",
    wording    TEXT COLLATE "C",
    PRIMARY KEY (newsletter, subscriber, at)
);

CREATE TABLE erased (
    hash  TEXT COLLATE "C" PRIMARY KEY,
    since BIGINT NOT NULL
);

CREATE TABLE letter (
    id        BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind      TEXT COLLATE "C" NOT NULL,
    envelope  TEXT COLLATE "C" NOT NULL,
    text      TEXT COLLATE "C" NOT NULL,
    until     BIGINT NOT NULL,
    next_at   BIGINT NOT NULL,
    attempts  BIGINT NOT NULL DEFAULT 0,
    recipient TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX letter_by_time ON letter (next_at);

CREATE TABLE webhook (
    url      TEXT COLLATE "C" PRIMARY KEY,
    kinds    TEXT COLLATE "C" NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    until    BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE happening (
    id         BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL DEFAULT substr(replace(CAST(gen_random_uuid() AS TEXT), '-', ''), 1, 24),
    url        TEXT COLLATE "C" NOT NULL REFERENCES webhook (url) ON DELETE CASCADE,
    kind       TEXT COLLATE "C" NOT NULL,
    subscriber TEXT COLLATE "C",
    at         BIGINT NOT NULL,
    data       TEXT COLLATE "C" NOT NULL,
    taken      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX happening_by_webhook ON happening (url, id);

CREATE VIEW known_address AS
    SELECT subscriber, email FROM (
        SELECT subscriber, email, 1 AS is_own, since AS at FROM member WHERE email <> ''
        UNION ALL
        SELECT delivery.subscriber, delivery.email, 0, created FROM delivery JOIN issue ON issue.id = delivery.issue
            WHERE delivery.email <> '') AS known
    ORDER BY is_own DESC, at DESC;

CREATE FUNCTION note_happening(what TEXT, who TEXT, moment BIGINT, said JSON) RETURNS void LANGUAGE sql AS $$
    INSERT INTO happening (url, kind, subscriber, at, data)
        SELECT url, what, who, moment, CAST(said AS TEXT) FROM webhook WHERE kinds LIKE '%"' || what || '"%'
$$;

CREATE FUNCTION somebody_subscribed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM member
                   WHERE newsletter = NEW.newsletter AND subscriber = NEW.subscriber AND status <> 'unsubscribed') THEN
        PERFORM note_happening('subscribed', NEW.subscriber, NEW.at,
                               json_build_object('newsletter', NEW.newsletter, 'subscriber', NEW.subscriber));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER somebody_subscribed AFTER INSERT ON consent FOR EACH ROW WHEN (NEW.how <> 'import')
    EXECUTE FUNCTION somebody_subscribed();

CREATE FUNCTION somebody_left_or_came_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_happening(CASE WHEN NEW.status = 'unsubscribed' THEN 'unsubscribed' ELSE 'subscribed' END,
                           NEW.subscriber, NEW.since,
                           json_build_object('newsletter', NEW.newsletter, 'subscriber', NEW.subscriber));
    RETURN NULL;
END $$;
CREATE TRIGGER somebody_left_or_came_back AFTER UPDATE OF status ON member FOR EACH ROW
    WHEN ((NEW.status = 'unsubscribed') <> (OLD.status = 'unsubscribed')) EXECUTE FUNCTION somebody_left_or_came_back();

CREATE FUNCTION somebody_is_written_to_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_happening(NEW.reason, NEW.subscriber, NEW.since,
                           json_build_object('subscriber', NEW.subscriber, 'detail', NEW.detail));
    RETURN NULL;
END $$;
CREATE TRIGGER somebody_is_written_to_no_more AFTER INSERT ON suppression FOR EACH ROW
    WHEN (NEW.detail NOT LIKE 'import of %') EXECUTE FUNCTION somebody_is_written_to_no_more();
