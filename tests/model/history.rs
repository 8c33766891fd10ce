//! Histories: what is asked next, by whom and when. Mostly what moves a case on, so that histories go deep; with what nobody may, or not now, in
//! between.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::select;
use proptest_state_machine::ReferenceStateMachine;

use crate::calendar::{DAY, HOUR};
use crate::case::{Case, End, Person, Rated, Reply, Stage};
use crate::pack::{Kind, PACKS};
use crate::persons::{CITIZEN, OWNERS, PERSONS, SYSTEM};
use crate::table::{Call, What};
use crate::waits::Paused;

/// When the next command comes: so long after the last, or so many seconds before or after what time brings next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    After(i64),
    AroundAlarm(i64),
    /// The same of when the answer is due.
    AroundDue(i64),
}

/// One command of a history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    pub gap: Gap,
    pub who: Person,
    pub what: What,
}

/// The reference model, as proptest drives it.
pub struct Model;

impl ReferenceStateMachine for Model {
    type State = Case;
    type Transition = Ask;

    fn init_state() -> BoxedStrategy<Case> {
        // From 5 January to 30 November 2026: over every holiday of the year, and beyond the last that is known.
        let start = (0..330i64, 0..DAY).prop_map(|(date, second)| (20_458 + date) * DAY + second);
        (select(&PACKS[..]), start)
            .prop_map(|(pack, start)| {
                let pack = PACKS.iter().find(|it| it.name == pack.name).unwrap();
                Case::open(pack, start)
            })
            .boxed()
    }

    fn transitions(case: &Case) -> BoxedStrategy<Ask> {
        let anyone = (0..PERSONS.len(), select(anything(case)));
        let may = select(anything(case)).prop_flat_map(|what| {
            let holds = |who: &Person| {
                PERSONS[*who]
                    .roles
                    .iter()
                    .any(|it| what.roles().contains(it))
            };
            let who: Vec<Person> = (0..PERSONS.len()).filter(holds).collect();
            (select(who), Just(what))
        });
        let asked = prop_oneof![
            12 => select(moving(case)),
            2 => may,
            1 => anyone,
        ];
        asked
            .prop_flat_map(|(who, what)| gap(what).prop_map(move |gap| Ask { gap, who, what }))
            .boxed()
    }

    fn apply(mut case: Case, ask: &Ask) -> Case {
        let at = ask.at(&case);
        case.notice = case.awaits_delivery();
        case.advance(at);
        case.refused = case.ask(ask.who, ask.what).err();
        if case.refused.is_none() {
            case.depth.accepted += 1;
        } else {
            case.depth.refused += 1;
        }
        // What lies in the past comes at once.
        case.advance(at);
        case
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_line = format!(
            "{:?}: {} asks {:?}",
            self.gap, PERSONS[self.who].id, self.what
        );
        f.write_str(&one_line)
    }
}

impl Ask {
    /// When it is asked.
    fn at(&self, case: &Case) -> i64 {
        match self.gap {
            Gap::After(seconds) => case.now + seconds,
            Gap::AroundAlarm(by) => (case.alarm().unwrap_or(case.now) + by).max(case.now),
            Gap::AroundDue(by) => {
                let due = case.live(Kind::Redo).or(case.live(Kind::Reply));
                (due.map_or(case.now, |it| it.due) + by).max(case.now)
            }
        }
    }
}

/// How long until it is asked. What hangs on a limit comes more often at the second at which that ends.
fn gap(what: What) -> BoxedStrategy<Gap> {
    let hangs = matches!(
        what,
        What::Told | What::Reply(_) | What::AskExtension(..) | What::GrantExtension(_)
    );
    prop_oneof![
        10 => (0..2 * HOUR).prop_map(Gap::After),
        8 => (2 * HOUR..DAY).prop_map(Gap::After),
        4 => (DAY..5 * DAY).prop_map(Gap::After),
        2 => (5 * DAY..40 * DAY).prop_map(Gap::After),
        3 => (-1i64..=1).prop_map(Gap::AroundAlarm),
        if hangs { 6 } else { 1 } => (-1i64..=1).prop_map(Gap::AroundDue),
        2 => Just(Gap::After(0)),
    ]
    .boxed()
}

const PLAIN: Reply = Reply {
    vague: false,
    dated: true,
    solved: true,
    explains: false,
};

/// What moves a case on from where it stands, by the person for whom it is; the more often, the more it stands here.
fn moving(case: &Case) -> Vec<(Person, What)> {
    let (intake, reviewer, supervisor, leader, many) = (2, 7, 9, 11, OWNERS[2]);
    let owner = case.owner().unwrap_or(OWNERS[0]);
    // One after another.
    let place = OWNERS.iter().position(|it| *it == owner).unwrap();
    let another = OWNERS[(place + 1) % OWNERS.len()];
    let unit = case.team.map_or(0, |(unit, _)| unit);
    let mut all = Vec::new();
    let mut often = |n: usize, who: Person, what: What| {
        all.extend(std::iter::repeat_n((who, what), n));
    };
    let open = |it: &&Paused| it.ended.is_none();
    match case.stage {
        Stage::Received => {
            often(2, intake, What::AskCitizen);
            often(2, CITIZEN, What::Supplement);
            often(4, intake, What::Screen { question: false });
            often(1, intake, What::Screen { question: true });
            often(
                if case.screened { 8 } else { 1 },
                intake,
                What::Assign(0, owner),
            );
        }
        Stage::Assigned | Stage::Returned => {
            let kind = match case.stage {
                Stage::Returned if case.live(Kind::Redo).is_some() => Kind::Redo,
                _ => Kind::Reply,
            };
            let granter = if (case.pack.extension)(kind).is_some_and(|it| it.leader) {
                leader
            } else {
                supervisor
            };
            match (case.asked, case.granted) {
                (Some(asked), _) => often(8, granter, What::GrantExtension(asked.kind)),
                (None, Some(_)) => often(8, SYSTEM, What::Told),
                (None, None) => often(3, owner, What::AskExtension(kind, 2)),
            }
            for wait in 1..4 {
                match case.pauses.iter().filter(open).any(|it| it.wait == wait) {
                    true => often(3, owner, What::Resume(wait)),
                    false => often(1, owner, What::Pause(wait)),
                }
            }
            if case.stage == Stage::Assigned {
                often(1, owner, What::Sign);
                often(1, owner, What::Object);
                often(
                    if case.objected { 4 } else { 0 },
                    intake,
                    What::Rule(1 - unit.min(1), another),
                );
                often(1, intake, What::Transfer(1 - unit.min(1), another));
            } else {
                often(1, intake, What::Assign(unit, another));
            }
            often(1, owner, What::HandOver(another));
            often(1, owner, What::Update);
            often(4, owner, What::Reply(PLAIN));
            often(
                1,
                owner,
                What::Reply(Reply {
                    explains: true,
                    ..PLAIN
                }),
            );
            often(
                1,
                owner,
                What::Reply(Reply {
                    vague: true,
                    dated: false,
                    ..PLAIN
                }),
            );
        }
        Stage::Replied => {
            often(
                4,
                reviewer,
                What::Review {
                    contacted: Some(true),
                },
            );
            often(3, reviewer, What::SendBack { known: true });
            often(
                1,
                reviewer,
                What::Review {
                    contacted: Some(false),
                },
            );
        }
        Stage::Reviewed => {
            let end = match (case.question, case.reply.is_some_and(|it| it.explains)) {
                (true, _) => End::Answered,
                (false, true) => End::Explained,
                (false, false) => End::Solved,
            };
            let ready = case.rating.is_some();
            often(2, intake, What::CallBack(Call::Unreached));
            often(1, intake, What::CallBack(Call::Reached(None)));
            often(1, intake, What::CallBack(Call::Reached(Some(true))));
            often(2, CITIZEN, What::Rate(Rated::Satisfied));
            often(1, CITIZEN, What::Rate(Rated::Unsatisfied));
            often(1, SYSTEM, What::Rate(Rated::ByTimeout));
            often(if case.told { 0 } else { 2 }, SYSTEM, What::Told);
            often(
                if case.rechecked.is_some() { 0 } else { 2 },
                reviewer,
                What::Recheck { passed: true },
            );
            often(if ready { 10 } else { 1 }, supervisor, What::StrikeOff(end));
        }
        // What ended without an answer rests here: the documents do not say what becomes of its clocks.
        Stage::Closed if case.end == Some(End::Withdrawn) => {}
        Stage::Closed => {
            often(4, CITIZEN, What::Reopen { known: true });
            often(2, CITIZEN, What::Rate(Rated::Unsatisfied));
            often(1, CITIZEN, What::Rate(Rated::Satisfied));
        }
    }
    if case.tracked && case.stage != Stage::Closed {
        often(1, owner, What::Report);
        often(1, supervisor, What::Untrack);
    }
    often(1, SYSTEM, What::Tick);
    // Whoever holds several roles tries to judge what they may have handled.
    match case.stage {
        Stage::Assigned | Stage::Returned => {
            all.extend(case.objected.then_some((many, What::Rule(1, OWNERS[0]))));
            let granted = case.asked.map(|it| (many, What::GrantExtension(it.kind)));
            all.extend(granted);
        }
        Stage::Replied => all.push((
            many,
            What::Review {
                contacted: Some(true),
            },
        )),
        Stage::Reviewed => {
            all.push((many, What::CallBack(Call::Unreached)));
            all.push((many, What::Recheck { passed: true }));
            all.push((many, What::StrikeOff(End::Solved)));
        }
        Stage::Received | Stage::Closed => {}
    }
    all
}

/// Every command, in many shapes.
fn anything(case: &Case) -> Vec<What> {
    let mut all = vec![
        What::Open,
        What::Screen { question: false },
        What::Screen { question: true },
        What::AskCitizen,
        What::Supplement,
        What::Sign,
        What::Object,
        What::Update,
        What::CoReply,
        What::Review { contacted: None },
        What::Review {
            contacted: Some(true),
        },
        What::SendBack { known: true },
        What::SendBack { known: false },
        What::CallBack(Call::Unreached),
        What::CallBack(Call::Reached(None)),
        What::CallBack(Call::Reached(Some(true))),
        What::CallBack(Call::Reached(Some(false))),
        What::Recheck { passed: true },
        What::Recheck { passed: false },
        What::Reopen { known: false },
        What::Track,
        What::Untrack,
        What::Report,
        What::Withdraw,
        What::Note,
        What::Told,
        What::Tick,
    ];
    for owner in OWNERS {
        for unit in 0..2 {
            all.push(What::Assign(unit, owner));
            all.push(What::Rule(unit, owner));
            all.push(What::Transfer(unit, owner));
        }
        all.push(What::HandOver(owner));
    }
    all.extend((1..4).map(What::Pause));
    all.extend((0..4).map(What::Resume));
    for kind in [Kind::Reply, Kind::Redo, Kind::Whole] {
        all.push(What::GrantExtension(kind));
        all.extend([1, 3, 6, 15].map(|n| What::AskExtension(kind, n)));
    }
    for code in 0..16 {
        let bit = |n: u32| code >> n & 1 == 1;
        all.push(What::Reply(Reply {
            vague: bit(0),
            dated: bit(1),
            solved: bit(2),
            explains: bit(3),
        }));
    }
    for rated in [
        Rated::Satisfied,
        Rated::Unsatisfied,
        Rated::Silent,
        Rated::ByTimeout,
    ] {
        all.push(What::Rate(rated));
    }
    for end in [End::Solved, End::Explained, End::Answered, End::Withdrawn] {
        all.push(What::StrikeOff(end));
    }
    if case.end != Some(End::Withdrawn) {
        all.push(What::Reopen { known: true });
    }
    all
}
