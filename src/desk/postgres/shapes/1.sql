-- Shape 1. Written for the schema `duly`; another name is put in its place. A board stands first in every key. `shelf` is 0
-- for cases, 1 for obligations. Names are compared byte by byte. What is opaque is `bytea`, since `text` cannot hold
-- U+0000: read it with convert_from(line, 'UTF8').

CREATE TABLE duly.boards (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    -- Goes up when the board's rows have come from another cluster, whose transactions were numbered otherwise.
    era integer NOT NULL DEFAULT 0
);

-- Where each chain stands after its last record. `alarm` is in Unix seconds.
CREATE TABLE duly.heads (
    board integer NOT NULL,
    shelf smallint NOT NULL,
    key text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    hash bytea,
    alarm bigint,
    state bytea NOT NULL,
    PRIMARY KEY (board, shelf, key)
);
CREATE INDEX heads_alarm ON duly.heads (board, shelf, alarm, key) WHERE alarm IS NOT NULL;

-- What happened. `seq` alone is no order to read in: a lower one may be committed after a higher one. Readers go by
-- (era, txid, seq), below the first transaction that is still open.
CREATE TABLE duly.records (
    board integer NOT NULL,
    shelf smallint NOT NULL,
    era integer NOT NULL,
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    key text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    prev bytea,
    hash bytea,
    line bytea NOT NULL,
    observed_at bigint NOT NULL,
    PRIMARY KEY (board, shelf, key, version)
);
CREATE UNIQUE INDEX records_order ON duly.records (board, shelf, era, txid, seq);

-- What each command was answered.
CREATE TABLE duly.commands (
    board integer NOT NULL,
    shelf smallint NOT NULL,
    id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    payload bytea,
    said_at bigint NOT NULL,
    at bigint NOT NULL,
    answer bytea NOT NULL,
    PRIMARY KEY (board, shelf, id)
);
CREATE INDEX commands_key ON duly.commands (board, shelf, key) WHERE payload IS NOT NULL;

-- The message's own number in its channel.
CREATE TABLE duly.numbers (
    board integer NOT NULL,
    channel text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    PRIMARY KEY (board, channel, external_id)
);

CREATE TABLE duly.outbox (
    board integer NOT NULL,
    shelf smallint NOT NULL,
    era integer NOT NULL,
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    effect text COLLATE "C" NOT NULL,
    link boolean NOT NULL,
    outgoing bytea NOT NULL,
    PRIMARY KEY (board, shelf, effect)
);
CREATE UNIQUE INDEX outbox_order ON duly.outbox (board, shelf, link, era, txid, seq);

-- The only table with private texts.
CREATE TABLE duly.private (
    board integer NOT NULL,
    shelf smallint NOT NULL,
    key text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    salt bytea,
    text bytea,
    PRIMARY KEY (board, shelf, key, reference)
);

-- Plans, seals, receipts: what is kept once under a name.
CREATE TABLE duly.kept (
    board integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    text bytea NOT NULL,
    PRIMARY KEY (board, kind, name)
);

-- Takes a commit: all of it, or nothing. `outcome`: 0 done, 1 conflict, 2 duplicate, 3 known.
--
-- Locks are taken in one order by everybody: the chain's head, the command's id, the message's number, the head of a new
-- chain. Who comes second to one of the last three waits, takes back what it has put in, and looks again.
CREATE FUNCTION duly.commit_1(
    p_board integer, p_shelf smallint, p_key text, p_expected bigint,
    p_command text, p_payload bytea, p_said_at bigint, p_at bigint, p_answer bytea,
    p_channel text, p_external_id text,
    p_versions bigint[], p_prevs bytea[], p_hashes bytea[], p_lines bytea[], p_observed bigint[],
    p_version bigint, p_hash bytea, p_alarm bigint, p_state bytea,
    p_references text[], p_salts bytea[], p_texts bytea[], p_erased text[],
    p_effects text[], p_links boolean[], p_outgoing bytea[], p_delivered text[],
    OUT outcome smallint, OUT actual bigint, OUT known text,
    OUT before_key text, OUT before_payload bytea, OUT before_said_at bigint, OUT before_at bigint, OUT before_answer bytea
) LANGUAGE plpgsql SET lock_timeout = '10s' AS $commit$
DECLARE
    v_era integer;
BEGIN
    LOOP
        actual := 0;
        SELECT h.version INTO actual FROM duly.heads h
            WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key FOR UPDATE;
        actual := coalesce(actual, 0);
        IF p_command IS NOT NULL THEN
            SELECT c.key, c.payload, c.said_at, c.at, c.answer
                INTO before_key, before_payload, before_said_at, before_at, before_answer
                FROM duly.commands c WHERE c.board = p_board AND c.shelf = p_shelf AND c.id = p_command;
            IF FOUND THEN
                outcome := 2;
                RETURN;
            END IF;
        END IF;
        IF actual <> p_expected THEN
            outcome := 1;
            RETURN;
        END IF;
        IF p_channel IS NOT NULL THEN
            SELECT n.key INTO known FROM duly.numbers n
                WHERE n.board = p_board AND n.channel = p_channel AND n.external_id = p_external_id;
            IF FOUND THEN
                outcome := 3;
                RETURN;
            END IF;
        END IF;

        IF p_command IS NOT NULL THEN
            INSERT INTO duly.commands (board, shelf, id, key, payload, said_at, at, answer)
                VALUES (p_board, p_shelf, p_command, p_key, p_payload, p_said_at, p_at, p_answer)
                ON CONFLICT DO NOTHING;
            CONTINUE WHEN NOT FOUND;
        END IF;
        IF p_channel IS NOT NULL THEN
            INSERT INTO duly.numbers (board, channel, external_id, key)
                VALUES (p_board, p_channel, p_external_id, p_key)
                ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                DELETE FROM duly.commands c WHERE c.board = p_board AND c.shelf = p_shelf AND c.id = p_command;
                CONTINUE;
            END IF;
        END IF;
        IF p_version IS NOT NULL AND p_expected > 0 THEN
            UPDATE duly.heads h SET version = p_version, hash = p_hash, alarm = p_alarm, state = p_state
                WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key;
        ELSIF p_version IS NOT NULL THEN
            INSERT INTO duly.heads (board, shelf, key, version, hash, alarm, state)
                VALUES (p_board, p_shelf, p_key, p_version, p_hash, p_alarm, p_state)
                ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                DELETE FROM duly.numbers n
                    WHERE n.board = p_board AND n.channel = p_channel AND n.external_id = p_external_id;
                DELETE FROM duly.commands c WHERE c.board = p_board AND c.shelf = p_shelf AND c.id = p_command;
                CONTINUE;
            END IF;
        END IF;
        EXIT;
    END LOOP;

    IF cardinality(p_versions) > 0 OR cardinality(p_effects) > 0 THEN
        SELECT b.era INTO STRICT v_era FROM duly.boards b WHERE b.id = p_board;
    END IF;
    IF cardinality(p_versions) > 0 THEN
        INSERT INTO duly.records (board, shelf, era, key, version, prev, hash, line, observed_at)
            SELECT p_board, p_shelf, v_era, p_key, r.version, r.prev, r.hash, r.line, r.observed_at
            FROM unnest(p_versions, p_prevs, p_hashes, p_lines, p_observed)
                WITH ORDINALITY AS r (version, prev, hash, line, observed_at, place) ORDER BY r.place;
    END IF;
    -- The same text under the same salt is the same row.
    IF cardinality(p_references) > 0 THEN
        INSERT INTO duly.private (board, shelf, key, reference, salt, text)
            SELECT p_board, p_shelf, p_key, t.reference, t.salt, t.text
            FROM unnest(p_references, p_salts, p_texts) AS t (reference, salt, text)
            ON CONFLICT DO NOTHING;
    END IF;
    IF cardinality(p_effects) > 0 THEN
        INSERT INTO duly.outbox (board, shelf, era, effect, link, outgoing)
            SELECT p_board, p_shelf, v_era, o.effect, o.link, o.outgoing
            FROM unnest(p_effects, p_links, p_outgoing) WITH ORDINALITY AS o (effect, link, outgoing, place)
            ORDER BY o.place
            ON CONFLICT DO NOTHING;
    END IF;
    IF cardinality(p_delivered) > 0 THEN
        PERFORM duly.deliver_1(p_board, p_shelf, p_delivered);
    END IF;
    -- What was asked can be guessed at by its hash, so with a text go the hashes of all that was asked of the chain.
    IF cardinality(p_erased) > 0 THEN
        DELETE FROM duly.private t
            WHERE t.board = p_board AND t.shelf = p_shelf AND t.key = p_key AND t.reference = ANY (p_erased);
        UPDATE duly.commands c SET payload = NULL
            WHERE c.board = p_board AND c.shelf = p_shelf AND c.key = p_key AND c.payload IS NOT NULL;
    END IF;
    outcome := 0;
END
$commit$;

-- Takes effects out of the outbox, locked in one order by everybody.
CREATE FUNCTION duly.deliver_1(p_board integer, p_shelf smallint, p_effects text[]) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '10s' AS $deliver$
BEGIN
    PERFORM 1 FROM duly.outbox o
        WHERE o.board = p_board AND o.shelf = p_shelf AND o.effect = ANY (p_effects)
        ORDER BY o.effect FOR UPDATE;
    DELETE FROM duly.outbox o
        WHERE o.board = p_board AND o.shelf = p_shelf AND o.effect = ANY (p_effects);
END
$deliver$;

-- Claims the first chain that is due, not among `p_skip` and claimed by nobody else, until the end of the transaction.
-- Whoever claims and then falls silent is cut off, so that the chain is free again.
CREATE FUNCTION duly.claim_1(p_board integer, p_shelf smallint, p_now bigint, p_skip text[])
RETURNS TABLE (alarm bigint, key text, version bigint, hash bytea, state bytea)
LANGUAGE plpgsql SET lock_timeout = '10s' AS $claim$
BEGIN
    PERFORM set_config('idle_in_transaction_session_timeout', '30s', true);
    RETURN QUERY SELECT h.alarm, h.key, h.version, h.hash, h.state FROM duly.heads h
        WHERE h.board = p_board AND h.shelf = p_shelf AND h.alarm <= p_now AND h.key <> ALL (p_skip)
        ORDER BY h.alarm, h.key LIMIT 1
        FOR UPDATE SKIP LOCKED;
END
$claim$;
