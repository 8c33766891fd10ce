-- Shape 2. A commit compares the hash of the chain's last record too, says where the chain stands when it conflicts, and asks whether an effect
-- that it carries out is still there and whether plans are kept: so that a desk need not look before it commits. `outcome`: 0 done, 1 conflict,
-- 2 duplicate, 3 known, 4 gone, 5 no plan. `duly.commit_1` stays for processes that were started before.
--
-- Locks are taken in one order by everybody: the chain's head, the command's id, the message's number, the effect. What has come in between
-- looking and putting in is an error that has the whole be tried again (40001): it is looked at then.
CREATE FUNCTION duly.commit_2(
    p_board integer, p_shelf smallint, p_key text, p_expected bigint, p_after bytea,
    p_command text, p_payload bytea, p_said_at bigint, p_at bigint, p_answer bytea,
    p_channel text, p_external_id text, p_carries text, p_plans text[],
    p_versions bigint[], p_prevs bytea[], p_hashes bytea[], p_lines bytea[], p_observed bigint[],
    p_version bigint, p_hash bytea, p_alarm bigint, p_state bytea,
    p_references text[], p_salts bytea[], p_texts bytea[], p_erased text[],
    p_effects text[], p_links boolean[], p_outgoing bytea[], p_delivered text[],
    OUT outcome smallint, OUT name text,
    OUT head_version bigint, OUT head_hash bytea, OUT head_alarm bigint, OUT head_state bytea,
    OUT before_key text, OUT before_payload bytea, OUT before_said_at bigint, OUT before_at bigint, OUT before_answer bytea
) LANGUAGE plpgsql SET lock_timeout = '10s' AS $commit$
DECLARE
    v_there boolean;
BEGIN
    IF p_command IS NOT NULL THEN
        SELECT c.key, c.payload, c.said_at, c.at, c.answer
            INTO before_key, before_payload, before_said_at, before_at, before_answer
            FROM duly.commands c WHERE c.board = p_board AND c.shelf = p_shelf AND c.id = p_command;
        IF FOUND THEN
            outcome := 2;
            RETURN;
        END IF;
    END IF;

    -- What few commits ask. Where the chain stands elsewhere, that is said below.
    IF p_channel IS NOT NULL OR p_carries IS NOT NULL OR cardinality(p_plans) > 0 THEN
        IF p_expected > 0 THEN
            v_there := EXISTS (SELECT FROM duly.heads h
                WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key AND h.version = p_expected
                  AND (p_after IS NULL OR h.hash = p_after));
        ELSE
            v_there := p_after IS NULL AND NOT EXISTS (SELECT FROM duly.heads h
                WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key);
        END IF;
        IF v_there THEN
            IF p_channel IS NOT NULL THEN
                SELECT n.key INTO name FROM duly.numbers n
                    WHERE n.board = p_board AND n.channel = p_channel AND n.external_id = p_external_id;
                IF FOUND THEN
                    outcome := 3;
                    RETURN;
                END IF;
            END IF;
            IF p_carries IS NOT NULL AND NOT EXISTS (SELECT FROM duly.outbox o
                WHERE o.board = p_board AND o.shelf = p_shelf AND o.effect = p_carries)
            THEN
                outcome := 4;
                RETURN;
            END IF;
            SELECT p INTO name FROM unnest(p_plans) WITH ORDINALITY AS w (p, place)
                WHERE NOT EXISTS (SELECT FROM duly.kept k WHERE k.board = p_board AND k.kind = 'plan' AND k.name = w.p)
                ORDER BY w.place LIMIT 1;
            IF FOUND THEN
                outcome := 5;
                RETURN;
            END IF;
        END IF;
    END IF;

    v_there := true;
    IF p_expected > 0 AND p_version IS NOT NULL THEN
        UPDATE duly.heads h SET version = p_version, hash = p_hash, alarm = p_alarm, state = p_state
            WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key AND h.version = p_expected
              AND (p_after IS NULL OR h.hash = p_after);
        v_there := FOUND;
    ELSIF p_expected > 0 THEN
        PERFORM 1 FROM duly.heads h
            WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key AND h.version = p_expected
              AND (p_after IS NULL OR h.hash = p_after) FOR UPDATE;
        v_there := FOUND;
    ELSIF p_after IS NOT NULL THEN
        v_there := false;
    ELSIF p_version IS NOT NULL THEN
        INSERT INTO duly.heads (board, shelf, key, version, hash, alarm, state)
            VALUES (p_board, p_shelf, p_key, p_version, p_hash, p_alarm, p_state)
            ON CONFLICT DO NOTHING;
        v_there := FOUND;
    ELSE
        v_there := NOT EXISTS (SELECT FROM duly.heads h
            WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key);
    END IF;
    IF NOT v_there THEN
        -- Nothing is written yet. Whoever was first may have had the same command.
        IF p_command IS NOT NULL THEN
            SELECT c.key, c.payload, c.said_at, c.at, c.answer
                INTO before_key, before_payload, before_said_at, before_at, before_answer
                FROM duly.commands c WHERE c.board = p_board AND c.shelf = p_shelf AND c.id = p_command;
            IF FOUND THEN
                outcome := 2;
                RETURN;
            END IF;
        END IF;
        SELECT h.version, h.hash, h.alarm, h.state INTO head_version, head_hash, head_alarm, head_state
            FROM duly.heads h WHERE h.board = p_board AND h.shelf = p_shelf AND h.key = p_key;
        outcome := 1;
        RETURN;
    END IF;

    IF p_command IS NOT NULL THEN
        INSERT INTO duly.commands (board, shelf, id, key, payload, said_at, at, answer)
            VALUES (p_board, p_shelf, p_command, p_key, p_payload, p_said_at, p_at, p_answer)
            ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the command was answered meanwhile' USING ERRCODE = '40001';
        END IF;
    END IF;
    IF p_channel IS NOT NULL THEN
        INSERT INTO duly.numbers (board, channel, external_id, key)
            VALUES (p_board, p_channel, p_external_id, p_key)
            ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the message got its case meanwhile' USING ERRCODE = '40001';
        END IF;
    END IF;
    IF p_carries IS NOT NULL THEN
        DELETE FROM duly.outbox o WHERE o.board = p_board AND o.shelf = p_shelf AND o.effect = p_carries;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the effect was carried out meanwhile' USING ERRCODE = '40001';
        END IF;
    END IF;

    IF cardinality(p_versions) > 0 THEN
        INSERT INTO duly.records (board, shelf, era, key, version, prev, hash, line, observed_at)
            SELECT p_board, p_shelf, (SELECT b.era FROM duly.boards b WHERE b.id = p_board), p_key,
                   r.version, r.prev, r.hash, r.line, r.observed_at
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
            SELECT p_board, p_shelf, (SELECT b.era FROM duly.boards b WHERE b.id = p_board), o.effect, o.link, o.outgoing
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
