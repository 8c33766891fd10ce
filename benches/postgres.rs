//! What does a commit to PostgreSQL cost, and what a command to a desk on it, beside a bare function that only puts the same rows in? Each
//! commit in one round trip, on a server that writes to the disk before it answers, in turns, over one connection and over eight. See
//! `benches/README.md`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    reason = "a bench may stop where it is wrong, tells people what it found, and has to look at a clock"
)]

#[allow(dead_code, reason = "other benches want more of it")]
mod day;
#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/postgres/server.rs"]
mod server;

use std::sync::Arc;
use std::time::Instant;

use duly::desk::rows::{
    CommandRow, Commit, Committed, HeadRow, OutgoingRow, PrivateRow, RecordRow, Shelf,
};
use duly::desk::{AsyncDesk, AsyncLedger, Hash, PostgresLedger};
use duly::time::Moment;
use duly::words::Envelope;
use server::Server;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, Statement};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// As many bytes as such rows have in practice.
fn bytes(of: &str, length: usize) -> Vec<u8> {
    of.bytes().cycle().take(length).collect()
}

/// One record, one private text, one thing to tell, one answer.
fn commit(key: &str, expected: u64) -> Commit {
    let (at, version) = (Moment::from_unix(1_700_000_000).unwrap(), expected + 1);
    let name = format!("{key}/{version}");
    let hash = Some(Hash::of(name.as_bytes()));
    Commit {
        command: Some(CommandRow {
            id: name.clone(),
            key: key.to_owned(),
            payload: hash,
            said_at: at,
            at,
            answer: format!("{{\"done\":\"{name}\"}}"),
        }),
        records: vec![RecordRow {
            key: key.to_owned(),
            version,
            prev: hash,
            hash,
            line: bytes(&name, 600),
            observed_at: at,
        }],
        head: Some(HeadRow {
            version,
            hash,
            alarm: Some(at),
            state: bytes(&name, 1_500),
        }),
        private: vec![PrivateRow {
            reference: name.clone(),
            salt: Some([7; 16]),
            text: Some("路灯坏了".repeat(20)),
        }],
        outgoing: vec![OutgoingRow {
            effect: format!("{name}/0"),
            link: false,
            outgoing: "{\"tell\":\"…\"}".repeat(20),
        }],
        ..Commit::new(Shelf::Cases, key, expected)
    }
}

/// The same tables and indexes, and a function that asks nothing and locks nothing.
const BARE: &str = "CREATE SCHEMA bare;
    CREATE TABLE bare.heads (LIKE duly.heads INCLUDING ALL);
    CREATE TABLE bare.records (LIKE duly.records INCLUDING ALL);
    CREATE TABLE bare.commands (LIKE duly.commands INCLUDING ALL);
    CREATE TABLE bare.outbox (LIKE duly.outbox INCLUDING ALL);
    CREATE TABLE bare.private (LIKE duly.private INCLUDING ALL);
    CREATE FUNCTION bare.put(k text, v bigint, h bytea, l bytea, s bytea, at bigint, c text, a bytea, t bytea, o bytea)
    RETURNS void LANGUAGE plpgsql AS $put$ BEGIN
        INSERT INTO bare.records (board, shelf, era, key, version, prev, hash, line, observed_at)
            VALUES (1, 0, 0, k, v, h, h, l, at);
        INSERT INTO bare.heads (board, shelf, key, version, hash, alarm, state) VALUES (1, 0, k, v, h, at, s)
            ON CONFLICT (board, shelf, key) DO UPDATE SET version = v, hash = h, alarm = at, state = s;
        INSERT INTO bare.private (board, shelf, key, reference, salt, text) VALUES (1, 0, k, c, h, t);
        INSERT INTO bare.outbox (board, shelf, era, effect, link, outgoing) VALUES (1, 0, 0, c, false, o);
        INSERT INTO bare.commands (board, shelf, id, key, payload, said_at, at, answer)
            VALUES (1, 0, c, k, h, at, at, a);
    END $put$;
    CREATE TABLE bare.numbers (LIKE duly.numbers INCLUDING ALL);
    CREATE FUNCTION bare.put_all(k text, v bigint, h bytea, s bytea, a bigint, c text, p bytea, at bigint, answer bytea,
        channel text, external text, versions bigint[], prevs bytea[], hashes bytea[], lines bytea[],
        refs text[], salts bytea[], texts bytea[], effects text[], outs bytea[])
    RETURNS void LANGUAGE plpgsql AS $put$ BEGIN
        INSERT INTO bare.records (board, shelf, era, key, version, prev, hash, line, observed_at)
            SELECT 2, 0, 0, k, r.v, r.p, r.h, r.l, at FROM unnest(versions, prevs, hashes, lines) AS r (v, p, h, l);
        INSERT INTO bare.heads (board, shelf, key, version, hash, alarm, state) VALUES (2, 0, k, v, h, a, s)
            ON CONFLICT (board, shelf, key) DO UPDATE SET version = v, hash = h, alarm = a, state = s;
        INSERT INTO bare.private (board, shelf, key, reference, salt, text)
            SELECT 2, 0, k, t.r, t.s, t.t FROM unnest(refs, salts, texts) AS t (r, s, t);
        INSERT INTO bare.outbox (board, shelf, era, effect, link, outgoing)
            SELECT 2, 0, 0, o.e, false, o.o FROM unnest(effects, outs) AS o (e, o);
        IF channel IS NOT NULL THEN
            INSERT INTO bare.numbers (board, channel, external_id, key) VALUES (2, channel, external, k);
        END IF;
        INSERT INTO bare.commands (board, shelf, id, key, payload, said_at, at, answer) VALUES (2, 0, c, k, p, at, at, answer);
    END $put$;";

async fn put(client: &Client, put: &Statement, commit: &Commit) {
    let (record, head) = (
        commit.records.first().unwrap(),
        commit.head.as_ref().unwrap(),
    );
    let (command, out) = (
        commit.command.as_ref().unwrap(),
        commit.outgoing.first().unwrap(),
    );
    let text = commit
        .private
        .first()
        .and_then(|private| private.text.as_ref())
        .unwrap();
    let hash = record.hash.unwrap();
    let version = i64::try_from(record.version).unwrap();
    let at = command.at.unix();
    client
        .query(
            put,
            &[
                &commit.key,
                &version,
                &hash.bytes().as_slice(),
                &record.line,
                &head.state,
                &at,
                &command.id,
                &command.answer.as_bytes(),
                &text.as_bytes(),
                &out.outgoing.as_bytes(),
            ],
        )
        .await
        .unwrap();
}

/// So many commits by each of so many writers, each to a chain of its own; commits a second.
async fn ledger_pace(ledger: &Arc<PostgresLedger>, round: usize, writers: usize, each: u64) -> f64 {
    let begun = Instant::now();
    let all: Vec<_> = (0..writers)
        .map(|who| {
            let ledger = Arc::clone(ledger);
            tokio::spawn(async move {
                let key = format!("{round}.{writers}.{who}");
                for expected in 0..each {
                    let done = ledger.commit(&commit(&key, expected)).await.unwrap();
                    assert_eq!(done, Committed::Done);
                }
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    (writers as u64 * each) as f64 / begun.elapsed().as_secs_f64()
}

async fn bare_pace(clients: &[Arc<(Client, Statement)>], round: usize, each: u64) -> f64 {
    let (begun, writers) = (Instant::now(), clients.len());
    let all: Vec<_> = clients
        .iter()
        .enumerate()
        .map(|(who, client)| {
            let client = Arc::clone(client);
            tokio::spawn(async move {
                let key = format!("{round}.{writers}.{who}");
                for expected in 0..each {
                    put(&client.0, &client.1, &commit(&key, expected)).await;
                }
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    (writers as u64 * each) as f64 / begun.elapsed().as_secs_f64()
}

/// A bare call with all rows of a commit.
async fn put_all(client: &Client, put: &Statement, commit: &Commit) {
    let (head, command) = (
        commit.head.as_ref().unwrap(),
        commit.command.as_ref().unwrap(),
    );
    let number = commit.number.as_ref();
    fn all<T, U>(rows: &[T], of: impl Fn(&T) -> U) -> Vec<U> {
        rows.iter().map(of).collect()
    }
    let hash = |hash: &Option<Hash>| hash.as_ref().unwrap().bytes().to_vec();
    let (records, private, out) = (&commit.records, &commit.private, &commit.outgoing);
    client
        .query(
            put,
            &[
                &commit.key,
                &i64::try_from(head.version).unwrap(),
                &hash(&head.hash),
                &head.state,
                &head.alarm.map(Moment::unix),
                &command.id,
                &hash(&command.payload),
                &command.at.unix(),
                &command.answer.as_bytes(),
                &number.map(|it| it.channel.as_str()),
                &number.map(|it| it.external_id.as_str()),
                &all(records, |it| i64::try_from(it.version).unwrap()),
                &all(records, |it| hash(&it.prev)),
                &all(records, |it| hash(&it.hash)),
                &all(records, |it| it.line.clone()),
                &all(private, |it| it.reference.clone()),
                &all(private, |it| it.salt.unwrap().to_vec()),
                &all(private, |it| it.text.clone().unwrap().into_bytes()),
                &all(out, |it| it.effect.clone()),
                &all(out, |it| it.outgoing.clone().into_bytes()),
            ],
        )
        .await
        .unwrap();
}

/// The first days of cases, so many of each writer, by a desk; commands a second.
async fn desk_pace(desk: &Arc<AsyncDesk<PostgresLedger>>, days: Vec<Vec<Envelope>>) -> f64 {
    let (begun, many) = (Instant::now(), days.iter().map(Vec::len).sum::<usize>());
    let all: Vec<_> = days
        .into_iter()
        .map(|mine| {
            let desk = Arc::clone(desk);
            tokio::spawn(async move {
                for envelope in mine {
                    assert!(desk.submit(envelope).await.unwrap().is_done());
                }
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    many as f64 / begun.elapsed().as_secs_f64()
}

async fn rows_pace(clients: &[Arc<(Client, Statement)>], days: Vec<Vec<Commit>>) -> f64 {
    let (begun, many) = (Instant::now(), days.iter().map(Vec::len).sum::<usize>());
    let all: Vec<_> = days
        .into_iter()
        .zip(clients)
        .map(|(mine, client)| {
            let client = Arc::clone(client);
            tokio::spawn(async move {
                for commit in mine {
                    put_all(&client.0, &client.1, &commit).await;
                }
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    many as f64 / begun.elapsed().as_secs_f64()
}

/// A desk beside bare calls with the very rows that it writes.
async fn desks(config: &str, rounds: usize, cases: usize) {
    let desk = AsyncDesk::new(
        PostgresLedger::connect(config, day::board()).await.unwrap(),
        day::plans(),
    );
    let (desk, maker) = (Arc::new(desk.unwrap()), day::Maker::new());
    println!("connections   commands/s   bare calls/s   ratio");
    let mut first = 0;
    for writers in [1, 8] {
        let mut clients = Vec::new();
        for _ in 0..writers {
            let client = server::client(config).await;
            let places: Vec<String> = (1..=20).map(|n| format!("${n}")).collect();
            let sql = format!("SELECT bare.put_all({})", places.join(", "));
            let put = client.prepare(&sql).await.unwrap();
            clients.push(Arc::new((client, put)));
        }
        let (mut ours, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        // The first round makes what is made once.
        for round in 0..=rounds {
            let days: Vec<Vec<Envelope>> = (0..writers)
                .map(|who| day::day(first + who * cases, cases))
                .collect();
            first += writers * cases;
            let rows = days.iter().map(|mine| maker.commits(mine)).collect();
            let their = rows_pace(&clients, rows).await;
            let our = desk_pace(&desk, days).await;
            if round > 0 {
                ours.push(our);
                bare.push(their);
                ratios.push(our / their);
            }
        }
        let (ours, bare, ratio) = (median(ours), median(bare), median(ratios));
        println!("{writers:>11} {ours:>12.0} {bare:>14.0} {ratio:>7.2}");
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_unstable_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap()
}

fn main() {
    let timed = std::env::args().any(|arg| arg == "--bench");
    let (rounds, each) = if timed { (9, 120) } else { (1, 2) };
    let Some(server) = Server::new(true) else {
        return;
    };
    let config = server.database("");
    runtime().block_on(async {
        let board = "hainan".parse().unwrap();
        let ledger = Arc::new(PostgresLedger::connect(&config, board).await.unwrap());
        let beside = server::client(&config).await;
        beside.batch_execute(BARE).await.unwrap();
        println!("connections   commits/s   bare calls/s   ratio");
        for writers in [1, 8] {
            let mut clients = Vec::new();
            for _ in 0..writers {
                let client = server::client(&config).await;
                let sql = "SELECT bare.put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
                let put = client.prepare(sql).await.unwrap();
                clients.push(Arc::new((client, put)));
            }
            // Whatever is to be made once is made.
            ledger_pace(&ledger, rounds, writers, 2).await;
            bare_pace(&clients, rounds, 2).await;
            let (mut ours, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
            for round in 0..rounds {
                let our = ledger_pace(&ledger, round, writers, each).await;
                let their = bare_pace(&clients, round, each).await;
                ours.push(our);
                bare.push(their);
                ratios.push(our / their);
            }
            let (ours, bare, ratio) = (median(ours), median(bare), median(ratios));
            println!("{writers:>11} {ours:>11.0} {bare:>14.0} {ratio:>7.2}");
        }
        // Both hold the same.
        let count = "SELECT (SELECT count(*) FROM duly.records) = (SELECT count(*) FROM bare.records)
                        AND (SELECT count(*) FROM duly.outbox) = (SELECT count(*) FROM bare.outbox)";
        assert!(beside.query_one(count, &[]).await.unwrap().get::<_, bool>(0));
        desks(&config, rounds, if timed { 24 } else { 2 }).await;
        assert!(beside.query_one(count, &[]).await.unwrap().get::<_, bool>(0));
    });
}
