//! Cases that are divided into parts (分办、一件事), and cases that signals open (预警): what random worlds know of them, and the laws.

use std::collections::{BTreeMap, BTreeSet};

use duly::case::{Case, SubState};
use duly::plan::{BundlePart, BundleRule, DivideRule, Plan, Provenance, SignalRule};
use duly::time::{Moment, Span};
use duly::words::*;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::config;
use crate::world::{Choices, choices, moment, plans, play, steps, yes_when};

fn text(words: &str) -> Text {
    Text::from(words)
}

/// A bundle whose parts wait for one another, and a signal; some plans keep more time than others, or forbid to hand parts far down.
pub fn rules(plan: &mut Plan, choices: &Choices) {
    let n = u32::from(choices.lengths[9]);
    plan.divide = DivideRule {
        slack: match n % 3 {
            0 => Span::WorkingDays(1),
            1 => Span::WorkingTime(3600),
            _ => Span::Elapsed(7200),
        },
        lowest: n.is_multiple_of(5).then_some(PlaceLevel::Prefecture),
        provenance: Provenance::Unsaid,
    };
    let part = |key: &str, after: &[&str], hours: u32, optional: bool| BundlePart {
        key: key.parse().unwrap(),
        title: format!("办理{key}"),
        place: Some("6325".parse().unwrap()),
        after: after.iter().map(|key| key.parse().unwrap()).collect(),
        within: Span::WorkingTime(i64::from(hours) * 3600),
        optional,
    };
    plan.bundles = vec![BundleRule {
        name: "newborn".into(),
        rule: RuleId::new("bundle(newborn)"),
        title: "新生儿出生一件事".into(),
        provenance: Provenance::Unsaid,
        parts: vec![
            part("birth", &[], n % 3 + 1, false),
            part("household", &["birth"], 1, false),
            part("card", &["birth"], 2, true),
        ],
    }];
    plan.signals = vec![SignalRule {
        name: "burden".into(),
        rule: RuleId::new("signal(burden)"),
        title: "医疗负担".into(),
        when: n
            .is_multiple_of(4)
            .then(|| yes_when(plan, "signal(burden)", "urgent", false)),
        window: Span::CalendarDays(15 * n + 1),
        provenance: Provenance::Unsaid,
    }];
}

fn key(p: usize) -> SubKey {
    ["birth", "household", "card", "road", "lamp"][p % 5]
        .parse()
        .unwrap()
}

/// The commands about parts and signals, some of them wrong.
pub fn command(name: CommandName, p: usize, case: Option<&Case>) -> Command {
    let now = case.map_or(moment("2026-03-02T09:00:00+08:00"), Case::last_at);
    let main = || -> CaseId {
        let own = case.and_then(Case::main).map(|main| main.case.clone());
        own.filter(|_| !p.is_multiple_of(7))
            .unwrap_or_else(|| "z".parse().unwrap())
    };
    match name {
        CommandName::OpenSub => Command::OpenSub(Box::new(SubAsked {
            main: MainCase {
                case: "main".parse().unwrap(),
                key: key(p),
                due: (!p.is_multiple_of(4)).then(|| now.plus(3600 * (p as i64 % 900))),
                party: p.is_multiple_of(5).then(|| Party {
                    place: "6224".parse().unwrap(),
                    unit: "某县民政局".parse().unwrap(),
                }),
                apart: Default::default(),
            },
            place: ["632521", "632521", "999999"][p % 3].parse().unwrap(),
            task: text("核实户籍"),
            facts: Facts::new(),
        })),
        CommandName::Signal => Command::Signal {
            of: case
                .and_then(Case::signal)
                .filter(|_| !p.is_multiple_of(5))
                .map(|signal| signal.of.clone())
                .unwrap_or_else(|| SignalOf {
                    indicator: ["burden", "burden", "burden", "flood"][p % 4].into(),
                    subject: ["household-7", "household-8"][p / 4 % 2].parse().unwrap(),
                }),
            place: "632521".parse().unwrap(),
            words: text("自付医疗费用过高"),
            facts: match p % 3 {
                0 => Facts::from([("heat".into(), FactValue::Whole(7))]),
                _ => Facts::new(),
            },
        },
        CommandName::Divide => match p % 3 {
            0 => Command::Divide {
                bundle: Some(["newborn", "newborn", "wedding"][p / 3 % 3].into()),
                subs: Vec::new(),
            },
            _ => {
                let new = |at: usize, after: Vec<SubKey>| NewSub {
                    key: key(p + at),
                    task: Some(text("查看现场")),
                    cites: p.is_multiple_of(4).then(|| text("巡查记录第三条")),
                    place: p.is_multiple_of(5).then(|| "6325".parse().unwrap()),
                    party: None,
                    after,
                    within: (p / 3).is_multiple_of(2).then_some(Span::WorkingTime(1800)),
                    optional: p.is_multiple_of(11),
                    facts: Facts::new(),
                };
                let first = new(0, Vec::new());
                let second = new(1, vec![first.key.clone()]);
                Command::Divide {
                    bundle: None,
                    subs: match p % 2 {
                        0 => vec![second, first],
                        _ => vec![first],
                    },
                }
            }
        },
        CommandName::DropSub => Command::DropSub {
            sub: case
                .and_then(|case| case.subs_wanting().first().cloned())
                .filter(|_| !p.is_multiple_of(5))
                .unwrap_or_else(|| key(p)),
            reason: text("不再需要"),
        },
        CommandName::Hear => {
            let subs = case.map(Case::subs);
            let open = subs.into_iter().flatten();
            let open = open.filter(|(_, sub)| sub.state == SubState::Open || p.is_multiple_of(6));
            let open: Vec<CaseId> = open.map(|(_, sub)| sub.plan.case.clone()).collect();
            let sub = match open.is_empty() || p.is_multiple_of(13) {
                true => "z".parse().unwrap(),
                false => open[p % open.len()].clone(),
            };
            Command::Hear {
                sub,
                handlers: match p % 3 {
                    0 => ["reviewer-2".parse().unwrap()].into(),
                    _ => Default::default(),
                },
                news: match p / 2 % 9 {
                    0..=4 => News::Ended {
                        outcome: [Outcome::Solved, Outcome::Solved, Outcome::Declined][p % 3],
                    },
                    5 => News::Answer {
                        texts: vec![text("户籍属实")],
                    },
                    6 => News::Reopened,
                    7 => News::NotOpened,
                    _ => News::Progress {
                        text: text("已到现场"),
                    },
                },
            }
        }
        CommandName::Want => Command::Want {
            main: main(),
            due: now.plus(3600 * (p as i64 % 600)),
        },
        CommandName::CallOff => Command::CallOff {
            main: main(),
            why: [OffWhy::Dropped, OffWhy::MainWithdrawn][p % 2],
        },
        _ => unreachable!("{name} is not about parts"),
    }
}

/// A part as the records alone tell it.
#[derive(Default)]
pub struct Told {
    after: Vec<SubKey>,
    optional: bool,
    begun: bool,
    settled: bool,
    dropped: bool,
}

const SETTLES: [Outcome; 4] = [
    Outcome::Solved,
    Outcome::Explained,
    Outcome::Answered,
    Outcome::Adopted,
];

/// Reads parts from the records alone, and asks of each record what it may be.
#[derive(Default)]
pub struct Reading {
    parts: BTreeMap<SubKey, Told>,
    answered: bool,
}

fn no<T>(record: &Record, what: &str) -> Result<T, TestCaseError> {
    Err(TestCaseError::fail(format!(
        "version {}: {what}: {:?}",
        record.version, record.event
    )))
}

impl Reading {
    fn begins(&mut self, record: &Record, key: &SubKey) -> Result<(), TestCaseError> {
        let after = self
            .parts
            .get(key)
            .map(|it| it.after.clone())
            .unwrap_or_default();
        let done = |it: &SubKey| {
            self.parts
                .get(it)
                .is_some_and(|it| it.settled || it.dropped)
        };
        if !after.iter().all(done) {
            return no(record, "a part began before what it waits for was settled");
        }
        match self.parts.get_mut(key) {
            Some(part) if !part.begun && !part.dropped => part.begun = true,
            _ => return no(record, "a part began twice, or is none"),
        }
        Ok(())
    }
    fn reads(&mut self, record: &Record) -> Result<(), TestCaseError> {
        let wanting = |all: &BTreeMap<SubKey, Told>| {
            all.values()
                .any(|it| !it.optional && !it.settled && !it.dropped)
        };
        match &record.event {
            Event::Divided { subs, .. } => {
                for sub in subs {
                    let told = Told {
                        after: sub.after.clone(),
                        optional: sub.optional,
                        ..Told::default()
                    };
                    if self.parts.insert(sub.key.clone(), told).is_some() {
                        return no(record, "a part twice");
                    }
                }
                for sub in subs {
                    let done = |it: &SubKey| {
                        self.parts
                            .get(it)
                            .is_some_and(|it| it.settled || it.dropped)
                    };
                    if sub.after.iter().all(done) {
                        self.begins(record, &sub.key)?;
                    }
                }
            }
            Event::SubDropped { sub, begins, .. } => {
                self.parts.get_mut(sub).expect("a part").dropped = true;
                for due in begins {
                    self.begins(record, &due.key)?;
                }
            }
            Event::SubHeard {
                sub, news, begins, ..
            } => {
                let part = self.parts.get_mut(sub).expect("a part");
                match news {
                    News::Ended { outcome } => part.settled = SETTLES.contains(outcome),
                    News::Reopened | News::NotOpened => part.settled = false,
                    _ => {}
                }
                for due in begins {
                    self.begins(record, &due.key)?;
                }
            }
            Event::Replied { .. } | Event::Published { .. } if wanting(&self.parts) => {
                return no(
                    record,
                    "answered while a part that it needs was not settled",
                );
            }
            Event::StruckOff { outcome, .. } if *outcome != Outcome::Merged => {
                if wanting(&self.parts) {
                    return no(
                        record,
                        "struck off while a part that it needs was not settled",
                    );
                }
                self.answered = true;
            }
            Event::Reopened { .. } => self.answered = false,
            Event::Merged { .. } if self.parts.values().any(|it| !it.dropped) => {
                return no(record, "a divided case follows another one");
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads them all.
pub fn read(records: &[Record]) -> Result<Reading, TestCaseError> {
    let mut reading = Reading::default();
    for record in records {
        reading.reads(record)?;
    }
    Ok(reading)
}

proptest! {
    #![proptest_config(config())]

    // 件件办结才答复: nothing is answered, published or struck off while a part that the answer needs is not settled or dropped; a part begins
    // once, when everything that it waits for is settled, and never before; and a case that was struck off with an answer is open again
    // when a part that it needed is.
    #[test]
    fn no_answer_without_its_parts_and_each_part_begins_once_in_its_turn(c in choices(), s in steps(70)) {
        let history = play(&plans(&c), &s);
        let reading = read(&history.records)?;
        let open: BTreeSet<&SubKey> = reading.parts.iter().filter(|(_, it)| !it.optional && !it.settled && !it.dropped).map(|(key, _)| key).collect();
        if let Some(case) = &history.case {
            let wanting = case.subs_wanting();
            prop_assert_eq!(wanting.iter().collect::<BTreeSet<_>>(), open.clone());
            prop_assert!(open.is_empty() || !reading.answered, "struck off, and a part of it is open");
        }
    }

    // 子件限期: a part is wanted no later than the case is answered; and whatever time a part takes by its own rules, its reply, redo and whole
    // are due no later than the case that it is a part of wants it. Nobody is late at once: a limit that comes too early leaves the floor.
    #[test]
    fn parts_are_due_before_the_answer_that_needs_them(c in choices(), s in steps(70)) {
        let plans = plans(&c);
        let history = play(&plans, &s);
        for tried in &history.tried {
            let Ok(decision) = &tried.answer else { continue };
            let case = &decision.case;
            let kinds = [ClockKind::Redo, ClockKind::Reply, ClockKind::Whole];
            let answer = kinds.into_iter().find_map(|kind| case.clock(kind).filter(|it| it.is_live()));
            if let Some(due) = answer.and_then(|clock| clock.due()) {
                for sub in case.subs().values().filter(|sub| sub.is_ahead()) {
                    prop_assert!(sub.plan.due.is_none_or(|it| it <= due), "{:?} after {due}", sub.plan);
                }
            }
            let Some(bound) = case.main().and_then(|main| main.due) else { continue };
            let hand = plans.get(case.plan()).unwrap();
            let running = |kind: ClockKind| case.clock(kind).filter(|clock| clock.is_running());
            for clock in kinds.into_iter().filter_map(running) {
                let due = clock.schedule.legal_due;
                let set = set_at(&history.records, clock.key, case.version());
                let floor = duly::time::after(&hand.calendar, &hand.plan.counting, set, &hand.plan.direct.floor).unwrap().at;
                prop_assert!(due <= bound.max(floor), "{:?} is due {due}, wanted {bound}, set {set}", clock.key);
            }
        }
    }

    // 预警合并: a signal that opens a case is of a rule that heeds it; the same signal joins the case while it is open or within the window, and
    // no other case is touched by it; the times are counted.
    #[test]
    fn the_same_signal_joins_its_case_and_is_counted(c in choices(), s in steps(60)) {
        let plans = plans(&c);
        let history = play(&plans, &s);
        let mut times = 0;
        for tried in &history.tried {
            let Command::Signal { of, .. } = &tried.envelope.command else { continue };
            let Ok(decision) = &tried.answer else {
                let why = tried.answer.as_ref().unwrap_err();
                if let Why::SignalPassed { until } = &*why.why {
                    let case = tried.before.as_ref().unwrap();
                    prop_assert!(case.is_closed() && tried.envelope.at > *until);
                }
                continue;
            };
            times += 1;
            let signal = decision.case.signal().unwrap();
            prop_assert_eq!(&signal.of, of);
            prop_assert_eq!(signal.times, times);
            prop_assert!(!decision.case.origin().has_citizen());
        }
    }
}

/// When a clock's limit was set last, by the records up to a version.
fn set_at(records: &[Record], key: ClockKey, version: u64) -> Moment {
    let sets = |record: &&Record| {
        let its = match &record.event {
            Event::ClockStarted { key, .. } | Event::ClockProjected { key, .. } => *key,
            _ => return false,
        };
        its == key && record.version <= version
    };
    records
        .iter()
        .rev()
        .find(sets)
        .expect("a clock was started")
        .at
}
