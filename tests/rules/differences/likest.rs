//! Which thing is taken for which: rungs that were moved, clauses of a gate.

use duly::plan::{On, Plan, Rung};
use duly::time::Span;
use duly::words::{ClockKind, Gate, Lang, Verb};

use super::{ALL, asks, changes, clock, gate, plain, rung};

fn before(n: u32, title: &str, to: &str) -> Rung {
    let on = On::Before(Span::WorkingDays(n));
    rung(&format!("before-{n}"), on, title, (Verb::Remind, to))
}

/// A plan whose reply clock has these rungs.
fn ladder(rungs: Vec<Rung>) -> Plan {
    let mut plan = plain();
    clock(&mut plan, ClockKind::Reply).rungs = rungs;
    plan
}

// A rung that was moved and does the same, or is the only one called so, is the same rung; one of several that are called alike is not.
#[test]
fn a_rung_that_was_moved_is_known_by_what_it_does_or_by_its_name() {
    let told = |old: Vec<Rung>, new: Vec<Rung>| changes(&ladder(old), &ladder(new), Lang::En);
    let first = || before(1, "甲", "owner");
    assert_eq!(
        told(vec![first()], vec![before(3, "乙", "owner")]),
        [
            "the `reply` clock, the rung 1 working day before due, comes: 1 working day before due → 3 working days before due",
            "the `reply` clock, the rung 1 working day before due, title: 甲 → 乙",
        ]
    );
    let mut moved = told(vec![first()], vec![before(3, "甲", "leader")]);
    moved.sort();
    assert_eq!(
        moved,
        [
            "the `reply` clock, the rung 1 working day before due, acts: remind 承办责任人 → remind 领导",
            "the `reply` clock, the rung 1 working day before due, comes: 1 working day before due → 3 working days before due",
        ]
    );
    let two = || vec![first(), before(2, "甲", "supervisor")];
    let one = || vec![before(3, "甲", "leader")];
    let gone = [
        "the `reply` clock, the rung 1 working day before due: comes 1 working day before due; acts remind 承办责任人; title 甲 → none",
        "the `reply` clock, the rung 2 working days before due: comes 2 working days before due; acts remind 督查办; title 甲 → none",
    ];
    let new = "the `reply` clock, the rung 3 working days before due: none → comes 3 working days before due; acts remind 领导; title 甲";
    assert_eq!(told(two(), one()), [new, gone[0], gone[1]]);
    let back = told(one(), two());
    assert_eq!(back.len(), 3, "{back:?}");
    assert!(back[2].ends_with(" → none"), "{back:?}");
}

// Of several rungs the one is meant that is called the same and does the same; else the one that does the same; else the one that
// alone is called so.
#[test]
fn of_several_rungs_the_likest_is_the_one_that_was_moved() {
    let told = |old: Vec<Rung>, new: Vec<Rung>| changes(&ladder(old), &ladder(new), Lang::En);
    let comes = "the `reply` clock, the rung 2 working days before due, comes: 2 working days before due → 3 working days before due";
    let gone = |title: &str| {
        format!(
            "the `reply` clock, the rung 1 working day before due: comes 1 working day before due; acts remind 承办责任人; title {title} → none"
        )
    };
    // The same name, and another that does the same.
    let old = vec![before(1, "甲", "owner"), before(2, "甲", "supervisor")];
    let new = vec![before(3, "甲", "supervisor")];
    assert_eq!(told(old, new), [comes.to_owned(), gone("甲")]);
    let old = vec![before(1, "乙", "owner"), before(2, "甲", "owner")];
    let new = vec![before(3, "甲", "owner")];
    assert_eq!(told(old, new), [comes.to_owned(), gone("乙")]);
    // What it does goes before what it is called.
    let old = vec![before(1, "甲", "owner"), before(2, "乙", "supervisor")];
    let new = vec![before(3, "甲", "supervisor")];
    let title = "the `reply` clock, the rung 2 working days before due, title: 乙 → 甲";
    let all = [comes.to_owned(), title.to_owned(), gone("甲")];
    assert_eq!(told(old, new), all);
    // What is neither called so nor does so is new.
    let old = vec![before(1, "甲", "owner")];
    let new = vec![before(2, "乙", "leader"), before(3, "甲", "supervisor")];
    assert_eq!(
        told(old, new),
        [
            "the `reply` clock, the rung 2 working days before due: none → comes 2 working days before due; acts remind 领导; title 乙",
            "the `reply` clock, the rung 1 working day before due, acts: remind 承办责任人 → remind 督查办",
            "the `reply` clock, the rung 1 working day before due, comes: 1 working day before due → 3 working days before due",
        ]
    );
}

/// A plan with these clauses of gates: the gate, what it asks for in words, and the fact that it asks for.
fn gated(all: &[(Gate, &str, &str)]) -> Plan {
    let mut plan = plain();
    let gates = all.iter().map(|(at, words, fact)| {
        let met = asks(&plan, fact, false, true);
        gate(*at, words, met)
    });
    plan.gates = gates.collect();
    plan
}

// A clause of a gate is never taken for one of another gate; within its gate it is the one with its words, then the one with its
// condition, then the next that is left.
#[test]
fn a_clause_of_a_gate_is_known_by_its_gate_then_by_its_words() {
    let (process, measures) = (Gate::Process, Gate::Measures);
    let told = |old: &[(Gate, &str, &str)], new: &[(Gate, &str, &str)]| {
        changes(&gated(old), &gated(new), Lang::En)
    };
    let none: [&str; 0] = [];
    // Alike at two gates, and twice at one.
    let alike = [
        (process, "甲", "dated"),
        (process, "乙", "dated"),
        (measures, "甲", "dated"),
    ];
    assert_eq!(told(&alike, &alike), none);
    // The same words twice at one gate, for two conditions.
    let twice = gated(&[(process, "甲", "dated"), (process, "甲", "explains")]);
    assert!(twice.diff(&twice, ALL).is_empty());
    // Other conditions under the same words are decided case by case.
    assert_eq!(
        told(
            &[(measures, "甲", "dated"), (process, "甲", "dated")],
            &[(process, "甲", "explains"), (measures, "甲", "has_basis")],
        ),
        none
    );
    assert_eq!(
        told(
            &[(process, "甲", "dated"), (process, "乙", "explains")],
            &[(process, "乙", "has_basis"), (process, "甲", "has_action")],
        ),
        none
    );
    // Other words for the same condition.
    assert_eq!(
        told(
            &[(measures, "乙", "dated"), (process, "甲", "dated")],
            &[(process, "丙", "dated"), (measures, "丁", "dated")],
        ),
        [
            "the gate `process`: 丙, asks for: 甲 → 丙",
            "the gate `measures`: 丁, asks for: 乙 → 丁",
        ]
    );
    assert_eq!(
        told(
            &[(process, "甲", "dated"), (process, "乙", "explains")],
            &[(process, "丙", "explains"), (process, "丁", "dated")],
        ),
        [
            "the gate `process`: 丙, asks for: 乙 → 丙",
            "the gate `process`: 丁, asks for: 甲 → 丁",
        ]
    );
    // Other words and another condition: the next of the gate that is left, and none of another gate.
    assert_eq!(
        told(
            &[(process, "甲", "dated")],
            &[(process, "乙", "explains"), (measures, "丙", "explains")],
        ),
        [
            "the gate `process`: 乙, asks for: 甲 → 乙",
            "the gate `measures`: 丙: none → judged at review",
        ]
    );
}

// When a rung comes is said in both languages, whatever it is fixed to.
#[test]
fn when_a_rung_comes_is_said_in_both_languages() {
    let all = [
        (
            On::Before(Span::WorkingDays(1)),
            "到期前 1 个工作日",
            "1 working day before due",
        ),
        (On::At, "到期时", "at due"),
        (
            On::After(Span::WorkingDays(2)),
            "逾期 2 个工作日",
            "2 working days after due",
        ),
        (On::Share(80), "时间用去 80% 时", "at 80% of the time"),
        (
            On::Every {
                span: Span::WorkingDays(5),
                most: 3,
            },
            "逾期后每 5 个工作日,最多 3 次",
            "every 5 working days after due, 3 times at most",
        ),
    ];
    for (on, zh, en) in all {
        assert_eq!(on.say(Lang::Zh), zh);
        assert_eq!(on.say(Lang::En), en);
    }
}
