//! The machine under test, driven by the same commands: `decide` and `evolve` by themselves, or a desk with its ledger.

use std::collections::BTreeMap;

use duly::case::{Case, decide, evolve};
use duly::desk::{Desk, MemoryLedger};
use duly::plan::Plans;
use duly::time::{Moment, Span};
use duly::words::*;

use crate::calendar::moment;
use crate::case::{End, Person, Rated, Reply, Unit};
use crate::limit::Length;
use crate::pack::{Kind, Pack};
use crate::persons::{CITIZEN, PERSONS, SYSTEM};
use crate::table::{Call, What};

/// Where commands go.
enum Door {
    Pure(Plans),
    Desk(Box<Desk<MemoryLedger>>),
}

/// The machine with one case.
pub struct Real {
    door: Door,
    pack: &'static Pack,
    pub case: Option<Case>,
    /// Of which records steps were read.
    pub records: Vec<Record>,
    /// The moment of the last command.
    pub at: Moment,
    /// Why the last command that was refused was.
    pub refused: String,
    commands: u32,
}

impl Real {
    pub fn pure(pack: &'static Pack) -> Real {
        Real::new(pack, Door::Pure(pack.plans()))
    }
    pub fn desk(pack: &'static Pack) -> Real {
        let ledger = MemoryLedger::new("board".parse().unwrap());
        Real::new(
            pack,
            Door::Desk(Box::new(Desk::new(ledger, pack.plans()).unwrap())),
        )
    }
    fn new(pack: &'static Pack, door: Door) -> Real {
        Real {
            door,
            pack,
            case: None,
            records: Vec::new(),
            at: Moment::MIN,
            refused: String::new(),
            commands: 0,
        }
    }

    /// Asks, and says whether it was accepted. Whatever time had brought by then, or brings at once, is recorded by a tick.
    pub fn ask(&mut self, who: Person, what: What, at: i64) -> bool {
        let at = moment(at);
        self.at = at;
        let command = self.command(what);
        let accepted = self.submit(who, command, at);
        assert!(self.submit(SYSTEM, Command::Tick {}, at));
        accepted
    }

    fn submit(&mut self, who: Person, command: Command, at: Moment) -> bool {
        self.commands += 1;
        let id = format!("k{}", self.commands);
        let known = &PERSONS[who];
        let envelope = Envelope {
            id: id.parse().unwrap(),
            case: "c".parse().unwrap(),
            by: Actor {
                id: known.id.parse().unwrap(),
                roles: known.granted.iter().map(|it| it.parse().unwrap()).collect(),
                unit: None,
                acting_for: None,
            },
            at,
            salt: Salt::derived(b"model", &id),
            command,
        };
        match &self.door {
            Door::Pure(plans) => {
                let decision = match decide(self.case.as_ref(), &envelope, plans) {
                    Ok(decision) => decision,
                    Err(refusal) => {
                        self.refused = refusal.to_string();
                        return false;
                    }
                };
                let mut case = self.case.take();
                for record in &decision.records {
                    case = Some(evolve(case, record).unwrap());
                }
                assert_eq!(case.as_ref(), Some(&decision.case));
                self.case = case;
                self.records.extend(decision.records);
                true
            }
            Door::Desk(desk) => {
                let answer = desk.submit(envelope.clone()).unwrap();
                self.case = desk.case(&envelope.case).unwrap();
                let history = desk.history(&envelope.case).unwrap();
                self.records = history.into_iter().map(|it| it.sealed.record).collect();
                if let Some(refusal) = answer.refusal() {
                    self.refused = refusal.to_string();
                }
                answer.is_done()
            }
        }
    }

    fn command(&self, what: What) -> Command {
        let text = |words: &str| Text::from(words);
        let unit = |unit: Unit| -> UnitId { ["housing", "roads"][unit].parse().unwrap() };
        let person = |who: Person| -> PersonId { PERSONS[who].id.parse().unwrap() };
        let reason = |wait: usize| self.pack.waits[wait].reason.to_owned();
        let ground = |known: bool| if known { "unclear" } else { "a bad day" }.to_owned();
        let back = |known: bool| ReturnFor {
            ground: ground(known),
            mend: text("say when"),
        };
        match what {
            What::Open => Command::Open {
                place: "632521".parse().unwrap(),
                channel: "board".parse().unwrap(),
                external_id: "1".parse().unwrap(),
                message: text("the street lamp has been out for three months"),
                contact: None,
                citizen: Some(person(CITIZEN)),
                origin: Origin::Message,
                facts: Facts::new(),
            },
            What::Screen { question } => Command::Screen {
                class: if question {
                    Class::Question
                } else {
                    Class::Problem
                },
                facts: Facts::new(),
            },
            What::AskCitizen => Command::AskCitizen {
                question: text("which village"),
            },
            What::Supplement => Command::Supplement {
                answer: text("the upper one"),
            },
            What::Assign(to, owner) => Command::Assign {
                unit: unit(to),
                owner: person(owner),
                co_handlers: Vec::new(),
            },
            What::Sign => Command::Sign {},
            What::Object => Command::Object {
                reason: text("not ours"),
                should_be: None,
            },
            What::Rule(to, owner) => Command::Rule {
                unit: unit(to),
                owner: person(owner),
                reason: text("by the list of duties"),
            },
            What::Transfer(to, owner) => Command::Transfer {
                unit: unit(to),
                owner: person(owner),
                reason: text("reorganised"),
            },
            What::HandOver(to) => Command::HandOver {
                to: person(to),
                unit: None,
                reason: text("on leave"),
            },
            What::Pause(wait) => Command::Pause {
                reason: reason(wait),
                evidence: text("a note of the call"),
            },
            What::Resume(wait) => Command::Resume {
                reason: reason(wait),
            },
            What::AskExtension(kind, n) => Command::AskExtension {
                clock: clock(kind),
                span: span(
                    (self.pack.extension)(kind)
                        .map_or(Length::WorkingDays(n), |it| it.most.with(n)),
                ),
                reason: text("a test takes longer"),
            },
            What::GrantExtension(kind) => Command::GrantExtension {
                clock: clock(kind),
                told: text("next week"),
            },
            What::Update => Command::Update {
                text: text("under way"),
            },
            What::CoReply => Command::CoReply {
                text: text("our part"),
            },
            What::Reply(reply) => answer(reply),
            What::Review { contacted } => Command::Review(Review {
                findings: contacted
                    .into_iter()
                    .map(|it| ("contacted".into(), it))
                    .collect(),
                return_for: None,
            }),
            What::SendBack { known } => Command::Review(Review {
                findings: BTreeMap::new(),
                return_for: Some(back(known)),
            }),
            What::CallBack(call) => Command::CallBack {
                result: match call {
                    Call::Unreached => CallResult::Unreached {
                        why: text("no answer"),
                    },
                    Call::Reached(satisfied) => CallResult::Reached {
                        level: satisfied.map(level),
                        scores: None,
                        said: None,
                    },
                },
            },
            What::Rate(rated) => Command::Rate {
                rating: match rated {
                    Rated::Satisfied | Rated::Unsatisfied => Rating::Given {
                        level: level(rated == Rated::Satisfied),
                        scores: None,
                    },
                    Rated::Silent => Rating::NotGiven,
                    Rated::ByTimeout => Rating::AutoByTimeout,
                },
                said: None,
            },
            What::Recheck { passed } => Command::Recheck {
                passed,
                evidence: text("went and looked"),
                findings: BTreeMap::new(),
                return_for: (!passed).then(|| back(true)),
            },
            What::StrikeOff(end) => Command::StrikeOff {
                outcome: match end {
                    End::Solved => Outcome::Solved,
                    End::Explained => Outcome::Explained,
                    End::Answered => Outcome::Answered,
                    End::Withdrawn => Outcome::Withdrawn,
                },
                matter: None,
            },
            What::Reopen { known } => Command::Reopen {
                ground: if known { "new fact" } else { "a bad day" }.into(),
                reason: text("out again"),
            },
            What::Withdraw => Command::Withdraw {
                evidence: text("no longer wanted"),
            },
            What::Track => Command::Track {
                reason: text("difficult"),
            },
            What::Untrack => Command::Untrack {
                reason: text("under control"),
            },
            What::Report => Command::Report {
                text: text("half done"),
            },
            What::Note => Command::Note {
                text: text("an attachment came"),
            },
            What::Told => {
                let waited = self.case.as_ref().and_then(Case::awaits_delivery);
                let nothing = || EffectId {
                    case: "c".parse().unwrap(),
                    version: 1_000_000,
                    index: 0,
                };
                Command::Delivered {
                    effect: waited.unwrap_or_else(nothing),
                }
            }
            What::Tick => Command::Tick {},
        }
    }
}

fn answer(reply: Reply) -> Command {
    let words = if reply.vague {
        "it will be mended soon"
    } else {
        "it was mended"
    };
    Command::Reply {
        answers: vec![Answer {
            matter: 1,
            text: words.into(),
            mark: if reply.solved { Mark::A } else { Mark::D },
        }],
        measures: vec![Measure {
            action: "a new lamp".into(),
            person: None,
            by_date: reply.dated.then(|| "2031-03-20".parse().unwrap()),
        }],
        contacts: Vec::new(),
        basis: if reply.explains {
            vec!["the road act".into()]
        } else {
            Vec::new()
        },
        commitments: Vec::new(),
        explained: reply.explains,
    }
}

fn level(satisfied: bool) -> Level {
    if satisfied {
        Level::Satisfied
    } else {
        Level::Unsatisfied
    }
}

fn span(length: Length) -> Span {
    let days = |n: i64| u32::try_from(n).unwrap();
    match length {
        Length::WorkingDays(n) => Span::WorkingDays(days(n)),
        Length::CalendarDays(n) => Span::CalendarDays(days(n)),
        Length::OfficeHours(n) => Span::WorkingTime(n * 3600),
        Length::Hours(n) => Span::Elapsed(n * 3600),
    }
}

/// What the machine calls a clock of the model.
pub fn clock(kind: Kind) -> ClockKind {
    match kind {
        Kind::Screen => ClockKind::Screen,
        Kind::Assign => ClockKind::Assign,
        Kind::Sign => ClockKind::Sign,
        Kind::Object => ClockKind::Object,
        Kind::Rule => ClockKind::Rule,
        Kind::Reply => ClockKind::Reply,
        Kind::Update => ClockKind::Update,
        Kind::Review => ClockKind::Review,
        Kind::Redo => ClockKind::Redo,
        Kind::CallBack => ClockKind::CallBack,
        Kind::Rating => ClockKind::Rating,
        Kind::Recheck => ClockKind::Recheck,
        Kind::Track => ClockKind::Track,
        Kind::Whole => ClockKind::Whole,
    }
}
