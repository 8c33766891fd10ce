//! A log of commands as `duly replay` reads it, of which an input is some lines: what a crash leaves behind can be replayed by the tool. A
//! line with `duty` for `case` goes to an obligation; a line `# pack NAME` names the shipped pack, which is `hainan-board` otherwise. A line
//! that cannot be read is passed over.
//!
//! Promised, of whatever is asked by whomever and whenever: the desk answers and does not fail; what is refused leaves only what a tick at
//! that moment would have; every open case and obligation has an alarm strictly ahead; nothing is struck off that was not published after
//! another person's review; at the end the ledger verifies, its records alone give every state, and what is told of it can be told.
//!
//! `tests/laws` holds these over random plans and well-formed commands. Here the plans are the shipped ones, and the commands are not.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use duly::case;
use duly::desk::{Cursor, Desk, DeskError, MemoryLedger, follow};
use duly::duty::{DutyCommand, DutyEnvelope};
use duly::plan::Plans;
use duly::report::{Audience, explanation, timeline};
use duly::script::{Options, load_with, shipped};
use duly::time::Moment;
use duly::words::{
    Actor, BoardId, CaseId, Command, CommandId, DutyId, Envelope, Event, Lang, Outcome, PersonId,
    Record, Role, Salt,
};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use serde::Deserialize;

/// Lines of one input: enough for a case to come to its end and be opened again.
const LINES: usize = 40;
/// How long before or after the first a line may come, so that what time brings about is no more than a few hundred records.
const YEARS: i64 = 3;

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Case {
        case: CaseId,
        at: Moment,
        by: Actor,
        command: Command,
    },
    Duty {
        duty: DutyId,
        at: Moment,
        by: Actor,
        command: DutyCommand,
    },
}

impl Line {
    fn at(&self) -> Moment {
        match self {
            Line::Case { at, .. } | Line::Duty { at, .. } => *at,
        }
    }
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    duly_fuzz::mutate_lines(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else {
        return Corpus::Reject;
    };
    let read = |line| serde_json::from_str(line).ok();
    let lines: Vec<Line> = text.lines().filter_map(read).take(LINES).collect();
    if lines.is_empty() {
        return Corpus::Reject;
    }
    let pack = text.lines().find_map(|line| line.strip_prefix("# pack "));
    let plans = plans(pack.unwrap_or("hainan-board"));
    duly_fuzz::within(128, || apply(&plans, lines));
    Corpus::Keep
});

fn board() -> BoardId {
    "board".parse().unwrap()
}

/// The plans of a shipped pack, read once. What a host would find is given by hand.
fn plans(pack: &str) -> Plans {
    static READ: LazyLock<Mutex<BTreeMap<String, Plans>>> = LazyLock::new(Mutex::default);
    let (pack, source) = match shipped(pack) {
        Some(source) => (pack, source),
        None => ("hainan-board", shipped("hainan-board").unwrap()),
    };
    let mut read = READ.lock().unwrap();
    let made = || {
        let plan = load_with(pack, source, &Options::default().with_shipped()).unwrap();
        let mut plans = Plans::new(board());
        for rule in &plan.derived {
            plans.give_by_hand(&rule.fact);
        }
        plans.take(plan).unwrap();
        plans
    };
    read.entry(pack.to_owned()).or_insert_with(made).clone()
}

struct Boards {
    /// Is asked everything.
    asked: Desk<MemoryLedger>,
    /// Is asked what the other did, and ticked where that refused.
    ticked: Desk<MemoryLedger>,
}

fn apply(plans: &Plans, lines: Vec<Line>) {
    let desk = || Desk::new(MemoryLedger::new(board()), plans.clone()).unwrap();
    let boards = Boards {
        asked: desk(),
        ticked: desk(),
    };
    let first = lines.first().map_or(Moment::MIN, Line::at);
    let mut last = first;
    let near = |line: &Line| line.at().since(first).abs() <= YEARS * 366 * 86_400;
    let lines = lines.into_iter().filter(near);
    for (number, line) in lines.enumerate() {
        last = last.max(line.at());
        let id: CommandId = format!("line-{number}").parse().unwrap();
        let salt = Salt::derived(b"fuzz", id.as_str());
        match line {
            Line::Case {
                case,
                at,
                by,
                command,
            } => {
                boards.case(Envelope {
                    id,
                    case,
                    by,
                    at,
                    salt,
                    command,
                });
            }
            Line::Duty {
                duty,
                at,
                by,
                command,
            } => {
                boards.duty(DutyEnvelope {
                    id,
                    duty,
                    by,
                    at,
                    salt,
                    command,
                });
            }
        }
        alarms_are_ahead(&boards.asked);
    }
    boards.are_alike();
    holds(&boards.asked);
    // And once more when time has passed.
    let ticked = boards.asked.advance(last.plus(40 * 86_400)).unwrap();
    assert!(
        ticked.stuck.is_empty() && ticked.stuck_duties.is_empty(),
        "{ticked:?}"
    );
    alarms_are_ahead(&boards.asked);
    holds(&boards.asked);
}

/// What the desk says of a command that it does not answer: that the command is not for it to be sent.
fn is_no_answer(error: &DeskError) {
    assert!(error.is_misuse() || error.is_reused(), "{error}");
}

fn system() -> Actor {
    Actor::new("system".parse().unwrap(), Role::System)
}

impl Boards {
    fn case(&self, envelope: Envelope) {
        let answer = match self.asked.submit(envelope.clone()) {
            Ok(answer) => answer,
            Err(error) => return is_no_answer(&error),
        };
        let other = match answer.refusal() {
            None => envelope,
            Some(refusal) => {
                for lang in [Lang::Zh, Lang::En] {
                    assert!(!refusal.say(lang).is_empty());
                }
                // What is the host's to mend is not remembered, and brings nothing about.
                let remembered = self.asked.answered(&envelope.id).unwrap().is_some();
                if !remembered || self.asked.case(&envelope.case).unwrap().is_none() {
                    return;
                }
                Envelope {
                    by: system(),
                    command: Command::Tick {},
                    ..envelope
                }
            }
        };
        let _ = self.ticked.submit(other).unwrap();
    }
    fn duty(&self, envelope: DutyEnvelope) {
        let answer = match self.asked.submit_duty(envelope.clone()) {
            Ok(answer) => answer,
            Err(error) => return is_no_answer(&error),
        };
        let other = match answer.refusal() {
            None => envelope,
            Some(_) if self.asked.duty_answered(&envelope.id).unwrap().is_none() => return,
            Some(_) if self.asked.duty(&envelope.duty).unwrap().is_none() => return,
            Some(_) => DutyEnvelope {
                by: system(),
                command: DutyCommand::Tick {},
                ..envelope
            },
        };
        let _ = self.ticked.submit_duty(other).unwrap();
    }
    /// The same records, states and messages, whichever of them was asked what it refused.
    fn are_alike(&self) {
        let (asked, ticked) = (&self.asked, &self.ticked);
        let start = Cursor::start();
        let records = |desk: &Desk<MemoryLedger>| desk.read(&start, 100_000).unwrap().items;
        assert_eq!(records(asked), records(ticked));
        let duties = |desk: &Desk<MemoryLedger>| desk.read_duties(&start, 100_000).unwrap().items;
        assert_eq!(duties(asked), duties(ticked));
        let outbox = |desk: &Desk<MemoryLedger>| desk.outbox(&start, 100_000).unwrap().items;
        assert_eq!(outbox(asked), outbox(ticked));
        for case in asked.cases(None, 1_000).unwrap() {
            assert_eq!(asked.case(&case).unwrap(), ticked.case(&case).unwrap());
        }
    }
}

/// Strictly ahead of whatever happened last, once time has been looked at: what was laid out to come at once comes by the next tick.
fn alarms_are_ahead(desk: &Desk<MemoryLedger>) {
    let plans = desk.plans();
    let tick = || "tick".parse::<CommandId>().unwrap();
    for id in desk.cases(None, 1_000).unwrap() {
        let mut case = desk.case(&id).unwrap().unwrap();
        let at = case.last_at();
        if case.next_alarm() == Some(at) {
            let command = Command::Tick {};
            let (id, case_id, by, salt) = (tick(), id.clone(), system(), Salt::new([0; 16]));
            let tick = Envelope {
                id,
                case: case_id,
                by,
                at,
                salt,
                command,
            };
            case = case::decide(Some(&case), &tick, &plans).unwrap().case;
        }
        let alarm = case.next_alarm();
        assert!(
            alarm.is_some_and(|alarm| alarm > at) || case.is_closed(),
            "{id}: {alarm:?} at {at}"
        );
    }
    for id in desk.duties(None, 1_000).unwrap() {
        let duty = desk.duty(&id).unwrap().unwrap();
        let (alarm, at) = (duty.next_alarm(), duty.last_at());
        assert!(
            alarm.is_some_and(|alarm| alarm > at) || !duty.is_open(),
            "{id}: {alarm:?} at {at}"
        );
    }
}

/// The ledger verifies; the chain of every case comes to the same state again; what was struck off was reviewed; and it can be told.
fn holds(desk: &Desk<MemoryLedger>) {
    let verified = desk.verify().unwrap();
    let cases = desk.cases(None, 1_000).unwrap();
    assert_eq!(verified.cases, cases.len() as u64);
    for id in cases {
        let chain: Vec<_> = desk.history(&id).unwrap();
        let chain: Vec<_> = chain.into_iter().map(|entry| entry.sealed).collect();
        follow(&board(), &id, &chain).unwrap();
        let records: Vec<Record> = chain.into_iter().map(|sealed| sealed.record).collect();
        let folded = records.iter().fold(None, |case, record| {
            Some(case::evolve(case, record).unwrap())
        });
        assert_eq!(folded, desk.case(&id).unwrap());
        struck_off_is_reviewed(&records);
        case::outcomes(&records).unwrap();
        let Some(case) = folded else { continue };
        let plans = desk.plans();
        let hand = plans.get(case.plan()).unwrap();
        for (audience, lang) in [(Audience::Officer, Lang::Zh), (Audience::Citizen, Lang::En)] {
            let told = timeline(&records, &case, &hand.plan, lang);
            assert_eq!(told.past.len(), records.len());
            let why = explanation(&records, &case, &hand.plan, &hand.calendar, audience, lang);
            assert!(!why.flat().is_empty());
        }
    }
}

/// Whoever reads the records only finds a review by another person before anything is published, and that before anything is struck off.
fn struck_off_is_reviewed(records: &[Record]) {
    let (mut authors, mut published) = (BTreeSet::<PersonId>::new(), false);
    for record in records {
        match &record.event {
            Event::Replied { author, .. } => {
                authors = BTreeSet::from([author.clone()]);
                published = false;
            }
            Event::Published { .. } => {
                let by = record.by.as_ref().unwrap();
                let other = by.persons().all(|person| !authors.contains(person));
                assert!(by.role == Role::Reviewer && other, "{record:?}");
                published = true;
            }
            Event::Returned { .. } | Event::Reopened { .. } => published = false,
            Event::MatterStruckOff { .. } => assert!(published, "{record:?}"),
            Event::StruckOff { outcome, .. } => {
                assert!(published || *outcome == Outcome::Merged, "{record:?}");
            }
            _ => {}
        }
    }
}
