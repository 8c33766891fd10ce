//! Who there is in a small world, and what each may ask: few persons, few commands, each in one shape.

use std::fmt;

use duly::case::Case;
use duly::time::{Moment, Span};
use duly::words::*;

/// The persons. One of them holds every office at once, so that separation of persons has something to separate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Zhuoma,
    Danzeng,
    Caihong,
    Meihua,
    Wanggang,
    Zhaxi,
    Ducha,
    Lamu,
    Everything,
    System,
}

impl Who {
    pub const fn name(self) -> &'static str {
        match self {
            Who::Zhuoma => "zhuoma",
            Who::Danzeng => "danzeng",
            Who::Caihong => "caihong",
            Who::Meihua => "meihua",
            Who::Wanggang => "wanggang",
            Who::Zhaxi => "zhaxi",
            Who::Ducha => "ducha",
            Who::Lamu => "lamu",
            Who::Everything => "everything",
            Who::System => "system",
        }
    }
    const fn roles(self) -> &'static [Role] {
        match self {
            Who::Zhuoma | Who::Danzeng => &[Role::Citizen],
            Who::Caihong | Who::Meihua => &[Role::Intake],
            Who::Wanggang => &[Role::Owner],
            Who::Zhaxi => &[Role::Reviewer],
            Who::Ducha | Who::Lamu => &[Role::Supervisor],
            Who::Everything => &[Role::Owner, Role::Intake, Role::Reviewer, Role::Supervisor],
            Who::System => &[Role::System],
        }
    }
    pub const fn is_citizen(self) -> bool {
        matches!(self, Who::Zhuoma | Who::Danzeng)
    }
    pub fn id(self) -> PersonId {
        self.name().parse().unwrap()
    }
    pub fn actor(self) -> Actor {
        let grant = |role: &Role| Grant {
            role: *role,
            place: None,
        };
        Actor {
            id: self.id(),
            roles: self.roles().iter().map(grant).collect(),
            unit: None,
            acting_for: None,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Screen,
    AskCitizen,
    Supplement,
    Decline,
    AssignTo(Who),
    Sign,
    Pause,
    Resume,
    AskExtension,
    Grant,
    /// Solved.
    Reply,
    /// Solved in part, with a promise.
    Promise,
    /// It lawfully cannot be done.
    Explain,
    Fulfil,
    Pass,
    /// Without a finding that a gate reads.
    PassBlindly,
    SendBack,
    Reach,
    Miss,
    Like,
    Dislike,
    /// A channel enters a good rating by itself, as its citizen said nothing.
    RateByItself,
    Recheck,
    RecheckFails,
    StrikeOff(Outcome),
    Reopen,
    Withdraw,
    /// Whatever the citizen still has to have notice of, or was told last.
    Deliver,
    MergeInto(usize),
    Unmerge,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Screen => f.write_str("takes it as a problem"),
            What::AskCitizen => f.write_str("asks the citizen which village"),
            What::Supplement => f.write_str("says which village"),
            What::Decline => f.write_str("does not accept it: a court has it"),
            What::AssignTo(who) => write!(f, "assigns it to {}", who.name()),
            What::Sign => f.write_str("signs for it"),
            What::Pause => f.write_str("stops the clock for spare parts"),
            What::Resume => f.write_str("lets the clock go on"),
            What::AskExtension => f.write_str("asks for a day more"),
            What::Grant => f.write_str("grants the extension"),
            What::Reply => f.write_str("replies that it is solved"),
            What::Promise => f.write_str("replies with a promise"),
            What::Explain => f.write_str("replies that it cannot lawfully be done"),
            What::Fulfil => f.write_str("keeps the promise"),
            What::Pass => f.write_str("passes the reply"),
            What::PassBlindly => f.write_str("passes the reply without a finding"),
            What::SendBack => f.write_str("sends the reply back"),
            What::Reach => f.write_str("reaches the citizen by telephone"),
            What::Miss => f.write_str("does not reach the citizen by telephone"),
            What::Like => f.write_str("is satisfied"),
            What::Dislike => f.write_str("is not satisfied"),
            What::RateByItself => f.write_str("enters a good rating by itself"),
            What::Recheck => f.write_str("rechecks it, and finds it done"),
            What::RecheckFails => f.write_str("rechecks it, and finds it not done"),
            What::StrikeOff(outcome) => write!(f, "strikes it off as {outcome}"),
            What::Reopen => f.write_str("opens it again for a new fact"),
            What::Withdraw => f.write_str("does not want it any more"),
            What::Deliver => f.write_str("has the notice delivered"),
            What::MergeInto(other) => write!(f, "merges it into {}", id(*other)),
            What::Unmerge => f.write_str("undoes the merging"),
        }
    }
}

/// The cases of a world, by number.
pub fn id(case: usize) -> CaseId {
    ["a", "b"][case].parse().unwrap()
}

/// The command that opens a case.
pub fn open(by: Who) -> Command {
    Command::Open {
        place: "632521".parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: by.name().parse().unwrap(),
        message: "村道路灯坏了三个月".into(),
        contact: None,
        citizen: Some(by.id()),
        origin: Origin::Message,
        facts: Facts::new(),
    }
}

fn reply(mark: Mark, explained: bool, promises: bool) -> Command {
    let promise = NewCommitment {
        matter: 1,
        action: "更换线路".into(),
        person: Who::Wanggang.id(),
        // Beyond every world's end: a promise of which a day has passed has a test elsewhere.
        by_date: chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap(),
    };
    Command::Reply {
        answers: vec![Answer {
            matter: 1,
            text: "已修好".into(),
            mark,
        }],
        measures: Vec::new(),
        contacts: Vec::new(),
        basis: Vec::from_iter(explained.then(|| "城市道路管理条例".to_owned())),
        commitments: Vec::from_iter(promises.then_some(promise)),
        explained,
    }
}

fn return_for() -> Option<ReturnFor> {
    Some(ReturnFor {
        ground: "处理不到位".into(),
        mend: "写明时间".into(),
    })
}

fn given(level: Level) -> Rating {
    Rating::Given {
        level,
        scores: None,
    }
}

/// The last that a case which follows another one had its citizen told.
fn last_told(case: &Case) -> Option<EffectId> {
    case.follows()?;
    let told = |version| EffectId {
        case: case.id().clone(),
        version,
        index: 0,
    };
    let mut last = (1..=case.version()).rev().map(told);
    last.find(|effect| case.has_told(effect))
}

impl What {
    /// The command, of a case as it stands; none, where there is nothing that it could be about.
    pub fn command(self, case: &Case) -> Option<Command> {
        let pause = || "等候配件".to_owned();
        Some(match self {
            What::Screen => Command::Screen {
                class: Class::Problem,
                facts: Facts::new(),
            },
            What::AskCitizen => Command::AskCitizen {
                question: "是哪个村".into(),
            },
            What::Supplement => Command::Supplement {
                answer: "次汗素村".into(),
            },
            What::Decline => Command::Decline {
                ground: DeclineGround::InProcedure,
                told: "请向法院反映".into(),
                facts: Facts::from([("sub_judice".into(), FactValue::Yes(true))]),
            },
            What::AssignTo(who) => Command::Assign {
                unit: "住建局".parse().unwrap(),
                owner: who.id(),
                co_handlers: Vec::new(),
            },
            What::Sign => Command::Sign {},
            What::Pause => Command::Pause {
                reason: pause(),
                evidence: "订单".into(),
            },
            What::Resume => Command::Resume { reason: pause() },
            What::AskExtension => Command::AskExtension {
                clock: ClockKind::Reply,
                span: Span::WorkingDays(1),
                reason: "等检测".into(),
            },
            What::Grant => Command::GrantExtension {
                clock: ClockKind::Reply,
                told: "延期一天".into(),
            },
            What::Reply => reply(Mark::A, false, false),
            What::Promise => reply(Mark::C, false, true),
            What::Explain => reply(Mark::A, true, false),
            What::Fulfil => {
                let open = case.promises().iter().find(|it| it.is_open())?;
                Command::Fulfil {
                    commitment: open.promise.number,
                    evidence: "照片".into(),
                }
            }
            What::Pass | What::PassBlindly => Command::Review(Review {
                findings: [("contacted".to_owned(), true)]
                    .into_iter()
                    .filter(|_| self == What::Pass)
                    .collect(),
                return_for: None,
            }),
            What::SendBack => Command::Review(Review {
                findings: Default::default(),
                return_for: return_for(),
            }),
            What::Reach => Command::CallBack {
                result: CallResult::Reached {
                    level: None,
                    scores: None,
                    said: None,
                },
            },
            What::Miss => Command::CallBack {
                result: CallResult::Unreached {
                    why: "无人接听".into(),
                },
            },
            What::Like | What::Dislike => Command::Rate {
                rating: given(match self {
                    What::Like => Level::Satisfied,
                    _ => Level::Unsatisfied,
                }),
                said: None,
            },
            What::RateByItself => Command::Rate {
                rating: Rating::AutoByTimeout,
                said: None,
            },
            What::Recheck | What::RecheckFails => Command::Recheck {
                passed: self == What::Recheck,
                evidence: "到现场看过".into(),
                findings: Default::default(),
                return_for: return_for().filter(|_| self == What::RecheckFails),
            },
            What::StrikeOff(outcome) => Command::StrikeOff {
                outcome,
                matter: None,
            },
            What::Reopen => Command::Reopen {
                ground: "新的事实".into(),
                reason: "又坏了".into(),
            },
            What::Withdraw => Command::Withdraw {
                evidence: "不用了".into(),
            },
            What::Deliver => Command::Delivered {
                effect: case.awaits_delivery().or_else(|| last_told(case))?,
            },
            What::MergeInto(other) => Command::Merge { into: id(other) },
            What::Unmerge => Command::Unmerge {
                reason: "并错了".into(),
            },
        })
    }
}

/// A command with everything around it. Its id says what it is and where the case stood, so that the same step is the same bytes.
pub fn envelope(of: CaseId, by: Actor, at: Moment, version: u64, command: Command) -> Envelope {
    let id = format!("{}-{of}-{version}", command.name().name());
    Envelope {
        id: id.parse().unwrap(),
        case: of,
        by,
        at,
        salt: Salt::new([7; 16]),
        command,
    }
}
