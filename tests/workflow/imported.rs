//! 接续登记: an office does not start empty. What another system had under way is taken over as that system has it, and nothing of it
//! is made out to be more than its word.

use duly::case::{StepOutcome, VoidWhy, evolve, outcomes, rehearse_import};
use duly::plan::{InForce, Plans, bare};
use duly::report::{self, Audience, Period, bulletin, explanation, public, timeline};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::board::*;

/// 卓玛's message of 2 March, assigned half an hour later.
fn import(case: &str) -> ImportAsked {
    ImportAsked {
        place: "632521".parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: format!("LY-{case}").parse().unwrap(),
        message: "村道路灯坏了三个月".into(),
        contact: Some("13912345678".into()),
        citizen: Some("卓玛".parse().unwrap()),
        origin: Origin::Message,
        facts: Facts::from([
            ("kind".to_owned(), label("投诉")),
            ("field".to_owned(), label("城建")),
            ("urgent".to_owned(), false.into()),
            ("sub_judice".to_owned(), false.into()),
        ]),
        matters: vec![],
        from: "旧督办系统".into(),
        approved_by: "李书记".parse().unwrap(),
        received: at("2026-03-02 09:00"),
        stage: ImportStage::Assigned,
        class: Some(Class::Problem),
        screened: Some(at("2026-03-02 09:15")),
        unit: Some(HOUSING.parse().unwrap()),
        owner: Some("王刚".parse().unwrap()),
        co_handlers: vec![],
        handlers: Default::default(),
        assigned: Some(at("2026-03-02 09:30")),
        signed: true,
        replied: None,
        returned: None,
        returns: 0,
        reopens: 0,
        extended: vec![],
        pauses: vec![],
        promised: vec![],
        history: vec![ToldBefore {
            at: at("2026-03-05 15:00"),
            text: "已现场查看".into(),
        }],
    }
}

fn taken(it: ImportAsked) -> Command {
    Command::Import(Box::new(it))
}

/// What was recorded as past when the case was taken over: of which clock, which step.
fn suppressed(board: &Board, case: &str) -> Vec<(ClockKind, String)> {
    let all = outcomes(&board.history(case)).unwrap().into_iter();
    all.filter(|it| {
        it.outcome
            == StepOutcome::Voided {
                why: VoidWhy::BeforeImport,
            }
    })
    .map(|it| (it.clock.kind, it.step.to_string()))
    .collect()
}

fn figures(board: &Board, until: &str) -> report::Figures {
    let march = Period::dates(
        "2026-03-01".parse().unwrap(),
        "2026-03-31".parse().unwrap(),
        board.plan.zone,
    );
    bulletin(&board.report(until), &board.plan, march).total
}

// Limits run from their true moments: what was assigned in the other system ten working days ago is due today, as an equal case of this
// board is.
#[test]
fn a_case_taken_over_is_due_when_an_equal_case_is() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.does("m02", SYSTEM, "2026-03-13 10:00", taken(import("m02")));
    board.sleeps_until("2026-03-13 10:00");
    for kind in [ClockKind::Reply, ClockKind::Whole] {
        let (own, other) = (board.clock("m01", kind), board.clock("m02", kind));
        assert_eq!(own.schedule, other.schedule, "{kind}");
        assert_eq!(own.started, other.started, "{kind}");
    }
    assert_eq!(board.due("m02", ClockKind::Reply), at("2026-03-16 18:00"));
    let case = board.case("m02");
    let over = case.imported().unwrap();
    assert_eq!(
        (over.at, over.from.as_str(), over.approved_by.as_str()),
        (at("2026-03-13 10:00"), "旧督办系统", "李书记")
    );
    assert!(board.case("m01").imported().is_none());
    // Its citizen has heard of all that; its owner hears that it is here.
    assert_eq!(board.told("m02"), []);
    let notices = board.outbox("m02");
    let notices: Vec<_> = notices.iter().map(|out| &out.effect).collect();
    assert!(
        matches!(notices[..], [Effect::Notify { what: Notice::Assigned, to }] if to.person == Some("王刚".parse().unwrap())),
        "{notices:?}"
    );
    // A redo is counted from its return, as it is here.
    board.replies("m01", "2026-03-13 11:00");
    let ground = "处理不到位";
    board.does(
        "m01",
        SUHUA,
        "2026-03-13 14:30",
        send_back(ground, "写明期限"),
    );
    let returned = ImportAsked {
        stage: ImportStage::Returned,
        returned: Some(ReturnedBefore {
            at: at("2026-03-13 14:30"),
            ground: ground.into(),
        }),
        returns: 1,
        ..import("m03")
    };
    board.does("m03", CAIHONG, "2026-03-16 09:00", taken(returned));
    board.sleeps_until("2026-03-16 09:00");
    assert_eq!(
        board.clock("m01", ClockKind::Redo).schedule,
        board.clock("m03", ClockKind::Redo).schedule
    );
    assert_eq!(board.case("m03").returns(), 1);
    assert!(board.case("m03").clock(ClockKind::Reply).is_none());
}

// What had come by the time of the import is past: it is recorded once, as such, and nobody is reminded of it. What comes after
// comes. A limit that had passed has passed: it is overdue from the first moment, and no figure of this board says that it was missed here.
#[test]
fn what_lies_before_the_import_is_suppressed_and_what_comes_after_comes() {
    let board = Board::new();
    board.does("m01", DUCHA, "2026-03-19 10:00", taken(import("m01")));
    let past = suppressed(&board, "m01");
    let of = |kind| past.iter().filter(|it| it.0 == kind).count();
    // 蓝、黄、橙 and the breach.
    assert_eq!(of(ClockKind::Reply), 4, "{past:?}");
    assert_eq!(past.len(), 4);
    let reply = board.clock("m01", ClockKind::Reply);
    assert_eq!(reply.breached, Some(at("2026-03-16 18:00").plus(1)));
    assert_eq!(board.outbox("m01").len(), 1, "{:?}", board.outbox("m01"));

    board.sleeps_until("2026-03-31 18:00");
    let fired = board.steps("m01", ClockKind::Reply);
    let red = at("2026-03-23 18:00");
    assert_eq!(fired[0].0, red, "{fired:?}");
    assert!(fired[1..].iter().all(|it| it.1.starts_with("overdue")));
    assert_eq!(suppressed(&board, "m01"), past);

    let sum = figures(&board, "2026-03-31 18:00");
    assert_eq!(
        (sum.imported, sum.received, sum.open, sum.overdue),
        (1, 0, 1, 1)
    );
    assert_eq!((sum.late, sum.on_time, sum.answered), (0, 0, 0));
    // Answered late here: the reply is counted, the limit is judged neither way.
    board.replies("m01", "2026-03-31 19:00");
    let sum = figures(&board, "2026-03-31 20:00");
    assert_eq!(
        (sum.replied, sum.late, sum.on_time, sum.effective),
        (1, 0, 0, 0)
    );
    // A limit that began here is judged here.
    board.assigned("m02", "2026-03-02");
    board.replies("m02", "2026-03-03 10:00");
    assert_eq!(figures(&board, "2026-03-31 20:00").on_time, 1);
}

// What came back there had been answered there: what is answered again here is no first reply.
#[test]
fn what_is_done_again_here_is_no_first_reply() {
    let board = Board::new();
    let returned = ImportAsked {
        stage: ImportStage::Returned,
        returned: Some(ReturnedBefore {
            at: at("2026-03-13 14:30"),
            ground: "处理不到位".into(),
        }),
        returns: 1,
        ..import("m01")
    };
    board.does("m01", CAIHONG, "2026-03-16 09:00", taken(returned));
    board.replies("m01", "2026-03-17 10:00");
    let sum = figures(&board, "2026-03-17 11:00");
    assert_eq!((sum.imported, sum.replied, sum.received), (1, 0, 0));
}

// What was promised stands, later or earlier; what was granted and what stood still move the limit as they do here.
#[test]
fn promises_extensions_and_pauses_are_taken_over() {
    let board = Board::new();
    let promised = |due: &str| {
        vec![PromisedBefore {
            clock: ClockKind::Reply,
            due: at(due),
        }]
    };
    let later = ImportAsked {
        promised: promised("2026-03-25 18:00"),
        ..import("m01")
    };
    board.does("m01", SYSTEM, "2026-03-10 10:00", taken(later));
    let reply = board.clock("m01", ClockKind::Reply).schedule;
    assert_eq!(
        (reply.legal_due, reply.promised_due),
        (at("2026-03-16 18:00"), at("2026-03-25 18:00"))
    );
    let missed = ImportAsked {
        promised: promised("2026-03-09 18:00"),
        ..import("m02")
    };
    board.does("m02", SYSTEM, "2026-03-10 10:00", taken(missed));
    let clock = board.clock("m02", ClockKind::Reply);
    assert_eq!(clock.promise_missed, Some(at("2026-03-09 18:00").plus(1)));
    assert_eq!(clock.breached, None);

    // The same on a case of this board.
    board.assigned("m03", "2026-03-02");
    let (span, reason) = (Span::WorkingDays(3), "等候检测".into());
    let ask = Command::AskExtension {
        clock: ClockKind::Reply,
        span: span.clone(),
        reason,
    };
    board.does("m03", WANGGANG, "2026-03-03 09:00", ask);
    let grant = Command::GrantExtension {
        clock: ClockKind::Reply,
        told: "延期三个工作日".into(),
    };
    board.does("m03", DUCHA, "2026-03-03 10:00", grant);
    if let Some(effect) = board.case("m03").awaits_delivery() {
        board.does(
            "m03",
            SYSTEM,
            "2026-03-03 11:00",
            Command::Delivered { effect },
        );
    }
    let pause = Command::Pause {
        reason: "鉴定检测".into(),
        evidence: "送检单".into(),
    };
    board.does("m03", WANGGANG, "2026-03-04 09:00", pause);
    let resume = Command::Resume {
        reason: "鉴定检测".into(),
    };
    board.does("m03", WANGGANG, "2026-03-06 09:00", resume);
    let extended = ImportAsked {
        extended: vec![ExtendedBefore {
            clock: ClockKind::Reply,
            span,
        }],
        pauses: vec![PausedBefore {
            reason: "鉴定检测".into(),
            from: at("2026-03-04 09:00"),
            until: Some(at("2026-03-06 09:00")),
        }],
        ..import("m04")
    };
    board.does("m04", SYSTEM, "2026-03-10 10:00", taken(extended));
    for kind in [ClockKind::Reply, ClockKind::Whole] {
        assert_eq!(board.due("m03", kind), board.due("m04", kind), "{kind}");
    }
    assert_eq!(board.case("m04").extensions(), 1);
    // One that lasts holds the clock, and ends at the latest when it does here.
    let waits = ImportAsked {
        pauses: vec![PausedBefore {
            reason: "待网民补充".into(),
            from: at("2026-03-09 09:00"),
            until: None,
        }],
        ..import("m05")
    };
    board.does("m05", SYSTEM, "2026-03-10 10:00", taken(waits));
    assert!(!board.clock("m05", ClockKind::Reply).is_running());
    let resume = Command::Resume {
        reason: "待网民补充".into(),
    };
    board.does("m05", WANGGANG, "2026-03-11 09:00", resume);
    assert!(board.due("m05", ClockKind::Reply) > at("2026-03-16 18:00"));
}

// What was replied there waits for a reviewer here, whoever passed it there: nothing is struck off that nobody here has reviewed. Who
// wrote it does not review it; who entered it has handled nothing.
#[test]
fn a_reply_taken_over_is_reviewed_here() {
    let board = Board::new();
    let it = reply("2026-03-06 10:00");
    let replied = ImportAsked {
        stage: ImportStage::Replied,
        replied: Some(RepliedBefore {
            at: at("2026-03-06 10:00"),
            author: Some("苏华".parse().unwrap()),
            answers: it.answers,
            measures: it.measures,
            contacts: it.contacts,
            basis: it.basis,
            commitments: vec![],
            explained: false,
        }),
        ..import("m01")
    };
    board.does("m01", SYSTEM, "2026-03-09 10:00", taken(replied));
    assert_eq!(board.stage("m01"), StageName::Replied);
    let review = board.clock("m01", ClockKind::Review);
    assert_eq!(review.started, at("2026-03-06 10:00"));
    assert!(board.case("m01").clock(ClockKind::Reply).is_none());
    let why = board.refuses("m01", SUHUA, "2026-03-09 11:00", pass());
    assert!(
        matches!(
            why,
            Why::SamePerson {
                was: Deed::Handled,
                ..
            }
        ),
        "{why:?}"
    );
    // The host goes on giving its facts.
    board.does("m01", SYSTEM, "2026-03-09 11:30", set("heat", 5));
    board.does("m01", DENGZHU, "2026-03-09 12:00", pass());
    board.reaches("m01", "2026-03-09 12:30");
    board.calls("m01", "2026-03-10 10:00", Level::Satisfied);
    board.strikes("m01", "2026-03-11 10:00", Outcome::Solved);
    let sum = figures(&board, "2026-03-31 18:00");
    assert_eq!((sum.imported, sum.replied, sum.received), (1, 0, 0));
    assert_eq!((sum.struck_off, sum.satisfied), (1, 1));
}

// The dry run says what will be, and changes nothing.
#[test]
fn a_dry_run_tells_what_then_happens() {
    let board = Board::new();
    let mut plans = Plans::new("hainan".parse().unwrap());
    plans.take(board.plan.clone()).unwrap();
    let envelope = |it| Envelope {
        id: "k".parse().unwrap(),
        case: id("m01"),
        by: who(SYSTEM),
        at: at("2026-03-17 10:00"),
        salt: Salt::new([7; 16]),
        command: taken(it),
    };
    let told = rehearse_import(&envelope(import("m01")), &plans).unwrap();
    let json = serde_json::to_string(&told).unwrap();
    assert_eq!(
        serde_json::from_str::<duly::case::Rehearsal>(&json).unwrap(),
        told
    );
    board.does("m01", SYSTEM, "2026-03-17 10:00", taken(import("m01")));
    let case = board.case("m01");
    assert_eq!(told.next_alarm, case.next_alarm());
    assert_eq!(told.told, board.outbox("m01").len());
    let live: Vec<_> = case.clocks().iter().filter(|it| it.is_live()).collect();
    assert_eq!(told.clocks.len(), live.len());
    for (said, is) in told.clocks.iter().zip(live) {
        assert_eq!(
            (said.clock, said.legal_due, said.promised_due, said.overdue),
            (
                is.key,
                is.schedule.legal_due,
                is.schedule.promised_due,
                is.breached.is_some()
            )
        );
    }
    let late = told
        .clocks
        .iter()
        .find(|it| it.clock.kind == ClockKind::Reply)
        .unwrap();
    assert!(
        late.overdue && late.suppressed.contains(&StepKey::Breach),
        "{late:?}"
    );
    board.sleeps_until("2026-03-19 09:00");
    let next = &late.ahead[0];
    assert_eq!(
        board.steps("m01", ClockKind::Reply),
        [(next.at, next.key.to_string())]
    );

    let lacks = ImportAsked {
        owner: None,
        ..import("m02")
    };
    let refusal = rehearse_import(&envelope(lacks), &plans).unwrap_err();
    assert!(matches!(&*refusal.why, Why::ImportLacks { .. }));
}

// A refusal says all that is missing at once, in both languages.
#[test]
fn a_refused_import_says_what_is_missing() {
    let board = Board::new();
    let mut said = Vec::new();
    let mut try_it = |it: ImportAsked| {
        let answer = board.ask("m01", SYSTEM, "2026-03-10 10:00", taken(it));
        let refusal = answer.refusal().expect("refused").clone();
        assert_eq!(refusal.accepted, [CommandName::Open, CommandName::Import]);
        said.push(format!("{refusal}\n{}", refusal.say(Lang::Zh)));
        (*refusal.why).clone()
    };
    let blank = || ImportAsked {
        class: None,
        unit: None,
        owner: None,
        ..import("m01")
    };
    try_it(blank());
    try_it(ImportAsked {
        stage: ImportStage::Screened,
        class: Some(Class::Problem),
        ..blank()
    });
    let approver = |name: &str| ImportAsked {
        approved_by: name.parse().unwrap(),
        ..import("m01")
    };
    let why = try_it(approver("王刚"));
    assert!(matches!(
        why,
        Why::SamePerson {
            was: Deed::Handled,
            ..
        }
    ));
    let why = try_it(approver("主机"));
    assert!(matches!(
        why,
        Why::SamePerson {
            was: Deed::Asked,
            ..
        }
    ));
    let why = try_it(ImportAsked {
        assigned: Some(at("2026-03-01 09:00")),
        ..import("m01")
    });
    assert!(matches!(
        why,
        Why::Bound {
            bound: Bound::InOrder,
            ..
        }
    ));
    let why = try_it(ImportAsked {
        received: at("2009-03-01 09:00"),
        ..import("m01")
    });
    assert!(matches!(why, Why::TooFar { .. }));
    let why = try_it(ImportAsked {
        promised: vec![PromisedBefore {
            clock: ClockKind::Redo,
            due: at("2026-03-20 18:00"),
        }],
        ..import("m01")
    });
    assert_eq!(
        why,
        Why::NoClock {
            clock: ClockKind::Redo
        }
    );
    assert_eq!(
        said[..2].join("\n"),
        "cannot `import` case `m01`: a case that is taken over as `assigned` needs `class`, `unit`, `owner`; \
         give it as the other system has it, or take the case over in an earlier stage\n\
         本件“m01”不能接续登记:按“已交办”接续登记,还缺“class”“unit”“owner”;请照原系统补上,或者按更早的环节登记\n\
         cannot `import` case `m01`: a case that is taken over as `screened` has no `assigned`, `signed` yet; \
         leave that out, or name the stage that it has reached\n\
         本件“m01”不能接续登记:按“已受理待交办”接续登记,还不会有“assigned”“signed”;请去掉,或者写明已到的环节"
    );
    // Nobody takes over what is here, and no citizen takes anything over.
    board.does("m01", SYSTEM, "2026-03-10 10:00", taken(import("m01")));
    let other = |it: ImportAsked| ImportAsked {
        external_id: "another".parse().unwrap(),
        ..it
    };
    let again = board.refuses(
        "m01",
        SYSTEM,
        "2026-03-10 11:00",
        taken(other(import("m01"))),
    );
    assert_eq!(again, Why::AlreadyOpen);
    // A message has one case: who takes it over again is told which.
    let known = board.ask("m03", SYSTEM, "2026-03-10 11:00", taken(import("m01")));
    assert_eq!((known.is_done(), known.case().as_str()), (false, "m01"));
    let citizen = board.ask("m02", ZHUOMA, "2026-03-10 11:00", taken(import("m02")));
    assert!(matches!(&*citizen.refusal().unwrap().why, Why::Role { .. }));
}

// Whoever reads of the case reads that what came before was not witnessed here: officers, its citizen, everybody.
#[test]
fn every_telling_says_that_what_came_before_was_not_witnessed() {
    let board = Board::new();
    board.does("m01", SYSTEM, "2026-03-10 10:00", taken(import("m01")));
    let (records, case) = (board.history("m01"), board.case("m01"));
    let told = |lang| {
        timeline(&records, &case, &board.plan, lang).past[0]
            .what
            .clone()
    };
    assert_eq!(
        told(Lang::Zh),
        "从“旧督办系统”接续登记:领导留言板 LY-m01,632521 共和县;2026-03-02 09:00 收到,现为“已交办”,李书记 批准;\
         此前经过未经本系统见证;原系统所记 1 条:2026-03-05 15:00"
    );
    assert_eq!(
        told(Lang::En),
        "taken over from 旧督办系统: 领导留言板 LY-m01, 632521 共和县; received 2026-03-02 09:00, stands assigned, approved by 李书记; \
         what came before was not witnessed here; it has 1 lines of its own: 2026-03-05 15:00"
    );
    let mut plans = Plans::new("hainan".parse().unwrap());
    let hand = plans.take(board.plan.clone()).unwrap();
    let calendar = &plans.get(&hand).unwrap().calendar;
    for (lang, words) in [
        (Lang::Zh, "未经本系统见证"),
        (Lang::En, "not witnessed here"),
    ] {
        for audience in [Audience::Citizen, Audience::Officer] {
            let why = explanation(&records, &case, &board.plan, calendar, audience, lang);
            assert!(
                why.flat().iter().any(|it| it.says.contains(words)),
                "{lang:?}"
            );
        }
        let view = public(&board.report("2026-03-10 18:00"), &board.plan, &|_, _| None);
        assert_eq!(view.cases[0].taken_over, "2026-03-10".parse().ok());
        assert!(view.table(lang).markdown().contains(words));
    }
    // What the other system wrote is private text like any other, and never in the ledger.
    let ledger = serde_json::to_string(&records).unwrap();
    assert!(!ledger.contains("已现场查看") && !ledger.contains("13912345678"));
    // What was taken over is read back as it was.
    let read = records
        .iter()
        .try_fold(None, |case, it| evolve(case, it).map(Some));
    assert_eq!(read, Ok(Some(case)));
}

// A case comes under the plan that was in force when its message was received; where the office had none then, under the one in force now.
#[test]
fn the_plan_is_that_of_receipt_or_else_of_the_import() {
    let year = |from: &str, to: Option<&str>| {
        let mut plan = bare("demo".parse().unwrap());
        plan.in_force = Some(InForce {
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
        });
        plan
    };
    let mut plans = Plans::new("hainan".parse().unwrap());
    let new = plans.take(year("2026-03-05", None)).unwrap();
    let under = |plans: &Plans| {
        let mut it = import("m01");
        it.facts = Facts::new();
        let envelope = Envelope {
            id: "k".parse().unwrap(),
            case: id("m01"),
            by: who(SYSTEM),
            at: Moment::parse("2026-03-10T10:00:00+08:00").unwrap(),
            salt: Salt::new([7; 16]),
            command: taken(it),
        };
        rehearse_import(&envelope, plans).unwrap().plan
    };
    assert_eq!(under(&plans), new);
    let old = plans.take(year("2026-01-01", Some("2026-03-04"))).unwrap();
    assert_eq!(under(&plans), old);
}
