//! Random groups: whatever becomes of them, every link is whole and every citizen is answered.

use std::sync::Arc;

use duly::case::Case;
use duly::desk::{Ledger, MemoryLedger};
use duly::time::Moment;
use duly::words::*;
use proptest::prelude::*;

use super::{
    Crashing, Group, assign, citizen, linked, name, rate, reached, reply, screen, solved, unmerge,
    update, withdraw,
};
use crate::around::Around;
use crate::tries::config;
use crate::{actor, at};

/// Reads a case's ledger: no clock of a whole is moved later but by a wait, an exclusion or reopening; joining moves nothing later; a
/// case is struck off as merged only once its citizen had the answer.
fn lawful(records: &[Record]) -> Result<(), TestCaseError> {
    let mut whole: Option<Moment> = None;
    let (mut answer, mut had) = (None, false);
    for record in records {
        match &record.event {
            Event::ClockStarted { key, schedule, .. } if key.kind == ClockKind::Whole => {
                whole = Some(schedule.legal_due);
            }
            Event::ClockProjected {
                key, schedule, why, ..
            } if key.kind == ClockKind::Whole => {
                let may = matches!(why, ProjectedFor::Resumed | ProjectedFor::Reopened);
                prop_assert!(
                    may || whole.is_none_or(|was| schedule.legal_due <= was),
                    "{record:?}"
                );
                whole = Some(schedule.legal_due);
            }
            Event::Relayed { news, .. } => match news {
                News::Answer { .. } => (answer, had) = (Some(record.version), false),
                News::Retracted | News::Reopened => (answer, had) = (None, false),
                _ => {}
            },
            Event::Delivered { effect } => had |= answer == Some(effect.version),
            Event::StruckOff {
                outcome: Outcome::Merged,
                ..
            } => prop_assert!(had, "struck off untold: {record:?}"),
            Event::Unmerged { .. } => (answer, had) = (None, false),
            _ => {}
        }
    }
    Ok(())
}

#[derive(Debug, Clone)]
struct Act {
    of: usize,
    what: u8,
    pick: u8,
    gap: i64,
    dies: bool,
}

fn acts() -> impl Strategy<Value = (usize, Vec<Act>)> {
    let gap = prop_oneof![6 => 0i64..90, 2 => 200i64..3_000, 1 => 10_000i64..60_000];
    let act = (0usize..4, any::<u8>(), any::<u8>(), gap, any::<u8>());
    let act = act.prop_map(|(of, what, pick, gap, dies)| Act {
        of,
        what,
        pick,
        gap,
        dies: dies.is_multiple_of(4),
    });
    (2usize..5, proptest::collection::vec(act, 20..90))
}

/// What may happen to a case next; sometimes what may not.
fn chosen(case: &Case, size: usize, act: &Act) -> (Actor, Command) {
    let n: usize = case.id().as_str()[1..].parse::<usize>().unwrap() - 1;
    let into = crate::case(&name((n + 1 + usize::from(act.pick)) % size));
    let merge = || (actor(Role::Intake), Command::Merge { into: into.clone() });
    let by = |role: Role, command: Command| (actor(role), command);
    let level = [Level::Satisfied, Level::Satisfied, Level::Unsatisfied][usize::from(act.pick) % 3];
    let rated = || (citizen(n), rate(level));
    if case.follows().is_some() && !case.is_closed() {
        return match act.what % 8 {
            0 if act.pick.is_multiple_of(3) => by(Role::Intake, unmerge()),
            1 if act.pick.is_multiple_of(3) => (citizen(n), withdraw()),
            2..=4 => rated(),
            5 => merge(),
            _ => by(Role::System, Command::Tick {}),
        };
    }
    let decline = || {
        let mut second = actor(Role::Intake);
        second.id = format!("intake-{}", act.pick % 2).parse().unwrap();
        let told = Text::from("请向法院反映");
        let ground = DeclineGround::InProcedure;
        (
            second,
            Command::Decline {
                ground,
                told,
                facts: Facts::new(),
            },
        )
    };
    match (case.stage_name(), act.what % 12) {
        (StageName::Received | StageName::Assigned, 0..=2) => merge(),
        (StageName::Received | StageName::Assigned, 3) => decline(),
        (stage, 4) if stage != StageName::Closed && act.pick.is_multiple_of(3) => {
            (citizen(n), withdraw())
        }
        (StageName::Received, 5..=6) => by(Role::Intake, screen()),
        (StageName::Received, 7) => by(
            Role::Intake,
            Command::AskCitizen {
                question: Text::from("是哪个村"),
            },
        ),
        (StageName::Received, 8) => by(
            Role::Intake,
            Command::Assign {
                unit: "water".parse().unwrap(),
                owner: "the-owner".parse().unwrap(),
                co_handlers: vec![NewPart {
                    unit: "road".parse().unwrap(),
                    owner: "the-co_handler".parse().unwrap(),
                }],
            },
        ),
        (StageName::Received, _) => by(Role::Intake, assign()),
        (StageName::Assigned | StageName::Returned, 5) => by(Role::Owner, update()),
        (StageName::Assigned | StageName::Returned, 6) => {
            let mut other = actor(Role::CoHandler);
            other.unit = Some("road".parse().unwrap());
            (
                other,
                Command::CoReply {
                    text: Text::from("水管已修"),
                },
            )
        }
        (StageName::Assigned | StageName::Returned, 7) => by(
            Role::Owner,
            Command::AskExtension {
                clock: ClockKind::Reply,
                span: duly::time::Span::WorkingDays(3),
                reason: Text::from("需要检测"),
            },
        ),
        (StageName::Assigned | StageName::Returned, 8) => by(
            Role::Leader,
            Command::GrantExtension {
                clock: ClockKind::Reply,
                told: Text::from("延期至下周"),
            },
        ),
        (StageName::Assigned | StageName::Returned, _) => by(Role::Owner, reply()),
        (StageName::Replied, 0..=3) => by(
            Role::Reviewer,
            Command::Review(Review {
                return_for: Some(ReturnFor {
                    ground: "调查不清楚".into(),
                    mend: Text::from("写明时间"),
                }),
                ..Review::default()
            }),
        ),
        (StageName::Replied, _) => by(Role::Reviewer, Command::Review(Review::default())),
        (StageName::Reviewed, 0..=3) => by(Role::Intake, reached(level)),
        (StageName::Reviewed, 5..=6) => rated(),
        (StageName::Reviewed, _) => by(Role::Supervisor, solved()),
        (StageName::Closed, 0..=2) => rated(),
        (StageName::Closed, 3) => (
            citizen(n),
            Command::Reopen {
                ground: "新的事实".into(),
                reason: Text::from("又坏了"),
            },
        ),
        (StageName::Closed, _) => by(Role::System, Command::Tick {}),
    }
}

/// A group after its acts, and how late it is.
type Played = (Group<Arc<Around<MemoryLedger>>>, i64);

/// Plays the acts. Where a process dies, what it left is done by a tick at once, or after several more acts.
fn played(
    (size, acts): &(usize, Vec<Act>),
    crashes: bool,
    late: bool,
) -> Result<Played, TestCaseError> {
    let ledger = Crashing::new();
    let group = Group::new(Arc::clone(&ledger.ledger), *size);
    let mut minutes = 3_000;
    for (k, act) in acts.iter().enumerate() {
        minutes += act.gap;
        let of = act.of % size;
        ledger.dies(crashes && act.dies);
        let (by, command) = chosen(&group.case(of), *size, act);
        let _ = group.go(of, by, minutes, command);
        if !late || k % 5 == 4 {
            ledger.dies(false);
            let _ = group.desk.advance(at(minutes)).unwrap();
            linked(&group, *size)?;
            for n in 0..*size {
                let one = group.case(n);
                prop_assert!(one.is_closed() || one.next_alarm() > Some(at(minutes)));
            }
        }
        if act.what.is_multiple_of(3) {
            group.deliver(usize::from(act.pick) % size, minutes);
        }
    }
    ledger.dies(false);
    let _ = group.desk.advance(at(minutes)).unwrap();
    Ok((group, minutes))
}

/// Whoever is left handles what is left, until every case is closed.
fn finished<L: Ledger>(group: &Group<L>, size: usize, mut minutes: i64) -> bool {
    for _ in 0..60 {
        for n in 0..size {
            group.deliver(n, minutes);
            let one = group.case(n);
            if one.is_closed() || one.follows().is_some() {
                continue;
            }
            let tries: Vec<(Actor, Command)> = match one.stage_name() {
                StageName::Received => vec![
                    (actor(Role::Intake), screen()),
                    (actor(Role::Intake), assign()),
                ],
                StageName::Assigned | StageName::Returned => {
                    let mut other = actor(Role::CoHandler);
                    other.unit = Some("road".parse().unwrap());
                    let text = Text::from("水管已修");
                    vec![
                        (other, Command::CoReply { text }),
                        (actor(Role::Owner), reply()),
                    ]
                }
                StageName::Replied => {
                    vec![(actor(Role::Reviewer), Command::Review(Review::default()))]
                }
                StageName::Reviewed => vec![
                    (actor(Role::Intake), reached(Level::Satisfied)),
                    (citizen(n), rate(Level::Satisfied)),
                    (actor(Role::Supervisor), solved()),
                ],
                StageName::Closed => vec![],
            };
            for (by, command) in tries {
                minutes += 1;
                let _ = group.go(n, by, minutes, command);
            }
        }
        if (0..size).all(|n| group.case(n).is_closed()) {
            return true;
        }
    }
    false
}

/// How a case's own citizen was answered, after it was last opened.
fn is_answered(records: &[Record]) -> bool {
    let opened = records
        .iter()
        .rposition(|it| matches!(it.event, Event::Opened { .. } | Event::Reopened { .. }));
    records[opened.unwrap_or(0)..].iter().any(|it| {
        matches!(
            &it.event,
            Event::Published { .. }
                | Event::Declined { .. }
                | Event::Withdrawn { .. }
                | Event::Relayed {
                    news: News::Answer { .. },
                    ..
                }
        )
    })
}

proptest! {
    #![proptest_config(config(60))]

    // Whatever becomes of a group, in whatever order, with whatever processes that die: every link is whole, every open case has an
    // alarm, no clock is moved later by merging, and every citizen has an answer in the end.
    #[test]
    fn a26_every_citizen_of_a_random_group_is_answered(acts in acts()) {
        let (group, minutes) = played(&acts, true, false)?;
        let all = finished(&group, acts.0, minutes + 1);
        prop_assert!(all, "a case is left open");
        for n in 0..acts.0 {
            let records = group.records(n);
            lawful(&records)?;
            prop_assert!(is_answered(&records), "{} was closed unanswered", name(n));
        }
        group.desk.verify().unwrap();
    }

    // What dead processes left, done late: the laws hold all the same.
    #[test]
    fn a26_links_that_come_late_keep_the_laws(acts in acts()) {
        let (group, minutes) = played(&acts, true, true)?;
        linked(&group, acts.0)?;
        prop_assert!(finished(&group, acts.0, minutes + 1), "a case is left open");
        for n in 0..acts.0 {
            lawful(&group.records(n))?;
        }
    }

    // A process that dies before anything else happens changes nothing: the ledger is, record for record, the one of a process that
    // did not.
    #[test]
    fn a26_dying_between_changes_nothing(acts in acts()) {
        let (died, _) = played(&acts, true, false)?;
        let (lived, _) = played(&acts, false, false)?;
        for n in 0..acts.0 {
            prop_assert_eq!(died.records(n), lived.records(n));
        }
    }
}

// The random groups are not shallow: they merge, part, are told and end in every way.
#[test]
fn random_groups_reach_every_way_of_parting_and_ending() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::new(config(60));
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..60 {
        let acts = acts().new_tree(&mut runner).unwrap().current();
        let (group, minutes) = played(&acts, true, false).unwrap();
        finished(&group, acts.0, minutes + 1);
        for record in (0..acts.0).flat_map(|n| group.records(n)) {
            match &record.event {
                Event::Unmerged { why, .. } => drop(seen.insert(format!("{why:?}"))),
                Event::StruckOff { outcome, .. } => drop(seen.insert(outcome.to_string())),
                Event::Relayed { news, .. } => {
                    let name = format!("{news:?}");
                    let end = name.find(' ').unwrap_or(name.len());
                    seen.insert(name[..end].to_owned());
                }
                Event::ClockProjected { why, .. } => drop(seen.insert(format!("due {why:?}"))),
                _ => {}
            }
        }
    }
    for wanted in [
        "Undone",
        "Withdrawn",
        "Declined",
        "Unsatisfied",
        "Reopened",
        "merged",
        "solved",
        "Answer",
        "Ended",
        "Retracted",
        "Progress",
        "due Joined",
        "due Unmerged",
    ] {
        assert!(seen.contains(wanted), "never: {wanted}; seen: {seen:?}");
    }
}
