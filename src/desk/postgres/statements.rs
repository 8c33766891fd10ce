//! What is asked of the server, each in one go.

use super::schema::Schema;

macro_rules! statements {
    ($($name:ident = $sql:literal;)+) => {
        /// Each statement, for the schema of the ledger. Prepared once a connection.
        pub(super) struct Statements {
            $(pub(super) $name: String,)+
        }

        impl Statements {
            pub(super) fn of(schema: &Schema) -> Statements {
                Statements { $($name: schema.place($sql),)+ }
            }
        }
    };
}

statements! {
    load = "SELECT version, hash, alarm, state FROM duly.heads WHERE board = $1 AND shelf = $2 AND key = $3";

    answered = "SELECT key, payload, said_at, at, answer FROM duly.commands WHERE board = $1 AND shelf = $2 AND id = $3";

    find = "SELECT key FROM duly.numbers WHERE board = $1 AND channel = $2 AND external_id = $3";

    // Once there is an answer, nothing else is looked at.
    look = "SELECT c.key, c.payload, c.said_at, c.at, c.answer, h.version, h.hash, h.alarm, h.state, n.key
            FROM (VALUES (1)) AS one
            LEFT JOIN duly.commands c ON c.board = $1 AND c.shelf = $2 AND c.id = $4
            LEFT JOIN duly.heads h ON c.id IS NULL AND h.board = $1 AND h.shelf = $2 AND h.key = $3
            LEFT JOIN duly.numbers n ON c.id IS NULL AND n.board = $1 AND n.channel = $5 AND n.external_id = $6";

    commit = "SELECT outcome, name, head_version, head_hash, head_alarm, head_state,
                     before_key, before_payload, before_said_at, before_at, before_answer
              FROM duly.commit_2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                                 $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)";

    claim = "SELECT alarm, key, version, hash, alarm, state FROM duly.claim_1($1, $2, $3, $4)";

    due = "SELECT alarm, key FROM duly.heads
           WHERE board = $1 AND shelf = $2 AND alarm <= $3 AND (alarm, key) > ($4, $5)
           ORDER BY alarm, key LIMIT $6";

    next_alarm = "SELECT alarm FROM duly.heads WHERE board = $1 AND shelf = $2 AND alarm IS NOT NULL
                  ORDER BY alarm LIMIT 1";

    // What a transaction that is still open may yet add comes before everything after it: so nobody reads beyond it.
    read = "SELECT r.era, r.txid::text, r.seq, r.key, r.version, r.prev, r.hash, r.line, r.observed_at
            FROM duly.records r
            WHERE r.board = $1 AND r.shelf = $2 AND (r.era, r.txid, r.seq) > ($3, $4::text::xid8, $5)
              AND (r.txid < pg_snapshot_xmin(pg_current_snapshot())
                   OR r.era < (SELECT b.era FROM duly.boards b WHERE b.id = $1))
            ORDER BY r.era, r.txid, r.seq LIMIT $6";

    // What is committed and cannot be read yet, of what was noticed before a moment.
    hidden = "SELECT 1 FROM duly.boards b JOIN duly.records r ON r.board = b.id AND r.era = b.era
              WHERE b.id = $1 AND r.shelf = $2 AND r.txid >= pg_snapshot_xmin(pg_current_snapshot())
                AND r.observed_at < $3 LIMIT 1";

    outbox = "SELECT o.era, o.txid::text, o.seq, o.effect, o.link, o.outgoing
              FROM duly.outbox o
              WHERE o.board = $1 AND o.shelf = $2 AND o.link = $7 AND (o.era, o.txid, o.seq) > ($3, $4::text::xid8, $5)
                AND (o.txid < pg_snapshot_xmin(pg_current_snapshot())
                     OR o.era < (SELECT b.era FROM duly.boards b WHERE b.id = $1))
              ORDER BY o.era, o.txid, o.seq LIMIT $6";

    history = "SELECT key, version, prev, hash, line, observed_at FROM duly.records
               WHERE board = $1 AND shelf = $2 AND key = $3 ORDER BY version";

    // From key to key by the index, whatever the length of the chains.
    keys = "WITH RECURSIVE r (key) AS (
                (SELECT key FROM duly.records WHERE board = $1 AND shelf = $2 AND key > $3 ORDER BY key LIMIT 1)
                UNION ALL
                SELECT (SELECT n.key FROM duly.records n WHERE n.board = $1 AND n.shelf = $2 AND n.key > r.key
                        ORDER BY n.key LIMIT 1)
                FROM r WHERE r.key IS NOT NULL
            )
            (SELECT key FROM duly.heads WHERE board = $1 AND shelf = $2 AND key > $3 ORDER BY key LIMIT $4)
            UNION
            (SELECT key FROM r WHERE key IS NOT NULL LIMIT $4)
            ORDER BY 1 LIMIT $4";

    delivered = "SELECT duly.deliver_1($1, $2, $3)";

    private = "SELECT salt, text FROM duly.private WHERE board = $1 AND shelf = $2 AND key = $3 AND reference = $4";

    keep = "INSERT INTO duly.kept (board, kind, name, text) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    kept = "SELECT text FROM duly.kept WHERE board = $1 AND kind = $2 AND name = $3";

    has = "SELECT 1 FROM duly.kept WHERE board = $1 AND kind = $2 AND name = $3";

    kept_names = "SELECT name FROM duly.kept WHERE board = $1 AND kind = $2 AND name > $3 ORDER BY name LIMIT $4";

    invalid = "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = $1 AND NOT (i.indisvalid AND i.indisready) ORDER BY 1 LIMIT 1";
}
