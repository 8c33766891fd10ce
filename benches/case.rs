//! What does one command cost? The whole spine of a case, from opening to striking off, through `decide` and
//! `evolve`; beside it, in the same run, the bare writing of the same records as canonical JSON, which every ledger
//! has to pay anyway.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench may stop where it is wrong"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use duly::case::{Case, decide, evolve};
use duly::plan::{Plans, bare};
use duly::time::Moment;
use duly::words::{Actor, Command, Envelope, Grant, Record, Role, Salt};

fn plans() -> Plans {
    let mut plans = Plans::new("bench".parse().unwrap());
    plans.take(bare("bench".parse().unwrap())).unwrap();
    plans
}

/// Open, screen, assign, sign, reply, review, call back satisfied, strike off.
fn spine() -> Vec<Envelope> {
    let lines = [
        (
            Role::Citizen,
            r#"{"open": {"place": "632521", "channel": "领导留言板", "external_id": "1", "message": "路灯坏了"}}"#,
        ),
        (Role::Intake, r#"{"screen": {"class": "problem"}}"#),
        (
            Role::Intake,
            r#"{"assign": {"unit": "住建局", "owner": "owner"}}"#,
        ),
        (Role::Owner, r#"{"sign": {}}"#),
        (
            Role::Owner,
            r#"{"reply": {"answers": [{"text": "已修好"}]}}"#,
        ),
        (Role::Reviewer, r#"{"review": {}}"#),
        (
            Role::Intake,
            r#"{"call_back": {"result": {"reached": {"level": "satisfied"}}}}"#,
        ),
        (Role::Supervisor, r#"{"strike_off": {"outcome": "solved"}}"#),
    ];
    let start = Moment::parse("2026-03-02T09:00:00+08:00").unwrap();
    let envelope = |(n, (role, command)): (usize, &(Role, &str))| Envelope {
        id: format!("k{n}").parse().unwrap(),
        case: "c".parse().unwrap(),
        by: Actor {
            id: role.name().parse().unwrap(),
            roles: vec![Grant::from(*role)],
            unit: None,
            acting_for: None,
        },
        at: start.plus(n as i64 * 3600),
        salt: Salt::new([n as u8; 16]),
        command: serde_json::from_str::<Command>(command).unwrap(),
    };
    lines.iter().enumerate().map(envelope).collect()
}

fn handled(plans: &Plans, spine: &[Envelope]) -> (Option<Case>, Vec<Record>) {
    let mut records = Vec::new();
    let mut case: Option<Case> = None;
    for envelope in spine {
        let decision = decide(case.as_ref(), envelope, plans).unwrap();
        records.extend(decision.records);
        case = Some(decision.case);
    }
    (case, records)
}

fn one_case(c: &mut Criterion) {
    let (plans, spine) = (plans(), spine());
    let (case, records) = handled(&plans, &spine);
    assert!(case.is_some_and(|case| case.is_closed()));
    let mut group = c.benchmark_group("one case, eight commands");
    group.bench_function("decided", |b| {
        b.iter(|| handled(black_box(&plans), black_box(&spine)))
    });
    group.bench_function("its records replayed", |b| {
        b.iter(|| {
            records.iter().fold(None, |case, record| {
                Some(evolve(case, black_box(record)).unwrap())
            })
        });
    });
    group.bench_function("its records written as canonical JSON", |b| {
        b.iter(|| {
            let written = records.iter().map(|record| {
                serde_json_canonicalizer::to_vec(black_box(record))
                    .unwrap()
                    .len()
            });
            written.sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, one_case);
criterion_main!(benches);
