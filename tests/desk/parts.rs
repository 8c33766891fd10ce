//! 分办: a case is divided, and the desk links it with its parts. Whatever process dies after whatever step, no part is lost, none is opened
//! twice, and what it has to say is heard once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use duly::case::SubState;
use duly::desk::rows::Shelf;
use duly::desk::{Cursor, Desk, DeskError, Extent, Ledger, MemoryLedger, SignalSaid, SqliteLedger};
use duly::plan::{
    BundlePart, BundleRule, DerivedRule, Domain, FactRule, Given, Known, Plan, Plans, Provenance,
    SignalRule, bare,
};
use duly::time::Span;
use duly::words::*;
use proptest::prelude::*;

use super::around::{Around, Asks};
use super::tries::config;
use super::{actor, at, board, case};

/// Bare rules, with a bundle whose second part waits for the first, and a signal.
fn plan() -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    let part = |key: &str, after: &[&str], optional| BundlePart {
        key: key.parse().unwrap(),
        title: format!("办理{key}"),
        place: None,
        after: after.iter().map(|key| key.parse().unwrap()).collect(),
        within: Span::WorkingDays(2),
        optional,
    };
    plan.bundles = vec![BundleRule {
        name: "newborn".into(),
        rule: RuleId::new("bundle(newborn)"),
        title: "新生儿出生一件事".into(),
        provenance: Provenance::Unsaid,
        parts: vec![
            part("birth", &[], false),
            part("household", &["birth"], false),
            part("card", &["birth"], true),
        ],
    }];
    plan.signals = vec![SignalRule {
        name: "burden".into(),
        rule: RuleId::new("signal(burden)"),
        title: "医疗负担".into(),
        when: None,
        window: Span::CalendarDays(30),
        provenance: Provenance::Unsaid,
    }];
    plan
}

fn plans() -> Plans {
    let mut plans = Plans::new(board());
    plans.take(plan()).unwrap();
    plans
}

const MAIN: &str = "m01";

/// One step of the story: of which case, by whom, at which minute, what.
fn step(n: usize, of: &str, by: Role, minutes: i64, command: Command) -> Envelope {
    let mut by = actor(by);
    // Whoever judges is another person each time.
    if matches!(command, Command::Recheck { .. } | Command::StrikeOff { .. }) {
        by.id = format!("{}-{}", by.id, command.name()).parse().unwrap();
    }
    Envelope {
        id: format!("k{n}").parse().unwrap(),
        case: case(of),
        by,
        at: at(minutes),
        salt: Salt::derived(b"the host's randomness", &format!("k{n}")),
        command,
    }
}

fn screen() -> Command {
    Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    }
}
fn assign() -> Command {
    Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: actor(Role::Owner).id,
        co_handlers: vec![],
    }
}
fn reply() -> Command {
    Command::Reply {
        answers: vec![Answer {
            matter: 1,
            text: "已办好".into(),
            mark: Mark::A,
        }],
        measures: vec![],
        contacts: vec![],
        basis: vec![],
        commitments: vec![],
        explained: false,
    }
}
fn review() -> Command {
    Command::Review(Review::default())
}
fn recheck() -> Command {
    Command::Recheck {
        passed: true,
        evidence: "看过".into(),
        findings: Default::default(),
        return_for: None,
    }
}
fn strike_off() -> Command {
    Command::StrikeOff {
        outcome: Outcome::Solved,
        matter: None,
    }
}
fn satisfied() -> Command {
    Command::CallBack {
        result: CallResult::Reached {
            level: Some(Level::Satisfied),
            scores: None,
            said: None,
        },
    }
}

/// A bundle from its form to its end: the parts one after another, one of them open again while the answer is judged, one not needed.
fn story() -> Vec<Envelope> {
    let open = Command::Open {
        place: "632521".parse().unwrap(),
        channel: "一窗".parse().unwrap(),
        external_id: "n-1".parse().unwrap(),
        message: "孩子出生,一起办".into(),
        contact: None,
        citizen: Some("citizen".parse().unwrap()),
        origin: Origin::Message,
        facts: Facts::new(),
    };
    let divide = Command::Divide {
        bundle: Some("newborn".into()),
        subs: vec![],
    };
    let drop = Command::DropSub {
        sub: "card".parse().unwrap(),
        reason: "家长不要".into(),
    };
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: "登记有误".into(),
    };
    let (birth, household) = ("m01.birth", "m01.household");
    let settles = |of: &'static str, from: i64| {
        vec![
            (of, Role::Owner, from, reply()),
            (of, Role::Reviewer, from + 10, review()),
            (of, Role::Reviewer, from + 20, recheck()),
            (of, Role::Supervisor, from + 30, strike_off()),
        ]
    };
    let taken = |of: &'static str, from: i64| {
        vec![
            (of, Role::Intake, from, screen()),
            (of, Role::Intake, from + 5, assign()),
        ]
    };
    let mut all = vec![
        (MAIN, Role::Intake, 0, open),
        (MAIN, Role::Intake, 5, screen()),
        (MAIN, Role::Intake, 10, assign()),
        (MAIN, Role::Owner, 20, divide),
    ];
    all.extend(taken(birth, 30));
    all.extend(settles(birth, 60));
    all.extend(taken(household, 120));
    all.extend(settles(household, 180));
    all.push((MAIN, Role::Supervisor, 230, drop));
    all.push((MAIN, Role::Owner, 240, reply()));
    all.push((birth, Role::Intake, 250, reopen));
    all.extend(settles(birth, 300));
    all.push((MAIN, Role::Reviewer, 350, review()));
    all.push((MAIN, Role::Intake, 360, satisfied()));
    all.push((MAIN, Role::Supervisor, 370, strike_off()));
    let each = all.into_iter().enumerate();
    each.map(|(n, (of, by, minutes, command))| step(n, of, by, minutes, command))
        .collect()
}

/// Every case of a ledger, with its records.
fn files<L: Ledger>(desk: &Desk<L>) -> Vec<(CaseId, Vec<Record>)> {
    let all = desk.cases(None, 100).unwrap();
    all.into_iter()
        .map(|id| {
            let records = desk.history(&id).unwrap().into_iter();
            let records = records.map(|entry| entry.sealed.record).collect();
            (id, records)
        })
        .collect()
}

fn waiting<L: Ledger>(desk: &Desk<L>) -> usize {
    let page = desk
        .ledger()
        .outbox(Shelf::Cases, true, &Cursor::start(), 10);
    page.unwrap().items.len()
}

fn lives<L: Ledger>(desk: &Desk<L>) {
    for envelope in story() {
        let what = envelope.command.name();
        let answer = desk.submit(envelope.clone()).unwrap();
        let why = || answer.refusal().map(ToString::to_string);
        assert!(
            answer.is_done(),
            "`{what}` of {}: {:?}",
            envelope.case,
            why()
        );
    }
}

// A bundle's parts are cases of their own, opened and ended through the desk alone; the main case hears of each what it needs and ends when they
// have. The same in memory and in a file.
#[test]
fn parts_are_cases_and_the_main_case_hears_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteLedger::open(folder.path().join("parts.db"), board()).unwrap();
    let memory = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let file = Desk::new(file, plans()).unwrap();
    lives(&memory);
    lives(&file);
    assert_eq!(files(&memory), files(&file));
    let main = memory.case(&case(MAIN)).unwrap().unwrap();
    assert_eq!(main.outcome(), Some(Outcome::Solved));
    let names: Vec<String> = files(&memory)
        .iter()
        .map(|(id, _)| id.to_string())
        .collect();
    assert_eq!(names, ["m01", "m01.birth", "m01.card", "m01.household"]);
    let card = memory.case(&case("m01.card")).unwrap().unwrap();
    assert_eq!(card.outcome(), Some(Outcome::Withdrawn));
    let heard = |file: &[Record], key: &str| {
        let its = |record: &&Record| matches!(&record.event, Event::SubHeard { sub, .. } if sub.as_str() == key);
        file.iter().filter(its).count()
    };
    // An answer and an end, and again after it was opened again, which is heard too.
    let records = &files(&memory)[0].1;
    assert_eq!(
        (heard(records, "birth"), heard(records, "household")),
        (5, 2)
    );
}

// The process dies after every single step that it takes with its ledger, one after another. What it was doing is sent again as hosts do, a new
// desk looks after the links, and in the end every case has the very records that it has when nothing dies: no part lost, none twice.
#[test]
fn a_process_that_dies_after_any_step_loses_and_doubles_no_part() {
    let calm = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    lives(&calm);
    let wanted = files(&calm);
    let mut after = 1;
    loop {
        let left = Arc::new(AtomicI64::new(after));
        let steps = Arc::clone(&left);
        let ledger = Around::new(MemoryLedger::new(board()), move |_| {
            match steps.fetch_sub(1, Ordering::SeqCst) {
                1.. => Ok(()),
                _ => Err(DeskError::storage("the process died")),
            }
        });
        let desk = Desk::new(ledger, plans()).unwrap();
        let mut died = false;
        for envelope in story() {
            let answer = loop {
                let answer = desk.submit(envelope.clone());
                if left.load(Ordering::SeqCst) < 0 {
                    died = true;
                    left.store(i64::MAX, Ordering::SeqCst);
                    let ticked = desk.advance(envelope.at).unwrap();
                    assert!(ticked.stuck.is_empty(), "{:?}", ticked.stuck);
                }
                if let Ok(answer) = answer {
                    break answer;
                }
            };
            assert!(answer.is_done(), "after {after}: {:?}", answer.refusal());
        }
        left.store(i64::MAX, Ordering::SeqCst);
        assert_eq!(files(&desk), wanted, "died after {after}");
        assert_eq!(waiting(&desk), 0, "died after {after}");
        if !died {
            break;
        }
        after += 1;
    }
    assert!(after > 80, "only {after} steps");
}

// A part whose case cannot be opened, because another case has that name, is back with whoever answers: it is said, and until the part is
// dropped there is no answer.
#[test]
fn a_part_that_cannot_be_opened_is_back_with_whoever_answers() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let mut story = story();
    let mut other = story[0].clone();
    other.id = "other".parse().unwrap();
    other.case = case("m01.birth");
    if let Command::Open { external_id, .. } = &mut other.command {
        *external_id = "n-2".parse().unwrap();
    }
    assert!(desk.submit(other).unwrap().is_done());
    story.truncate(4);
    for envelope in story {
        assert!(desk.submit(envelope).unwrap().is_done());
    }
    let main = desk.case(&case(MAIN)).unwrap().unwrap();
    let keys: Vec<String> = main
        .subs_wanting()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(keys, ["birth", "household"]);
    let refused = desk
        .submit(step(50, MAIN, Role::Owner, 30, reply()))
        .unwrap();
    assert!(matches!(&*refused.refusal().unwrap().why, Why::PartsOpen { subs } if subs.len() == 2));
    // What waits for it begins once it is dropped.
    for (n, key) in ["birth", "household"].iter().enumerate() {
        let drop = Command::DropSub {
            sub: key.parse().unwrap(),
            reason: "另行办理".into(),
        };
        let answer = desk
            .submit(step(60 + n, MAIN, Role::Supervisor, 40, drop))
            .unwrap();
        assert!(answer.is_done(), "{:?}", answer.refusal());
    }
    let card = desk.case(&case("m01.card")).unwrap();
    assert!(card.is_some_and(|card| !card.is_closed()));
    assert!(
        desk.submit(step(70, MAIN, Role::Owner, 50, reply()))
            .unwrap()
            .is_done()
    );
}

// Erasing what is told of a citizen reaches the parts of their case, and parts of parts: all of it is about their matter.
#[test]
fn erasing_reaches_the_parts() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    lives(&desk);
    let erasure = desk
        .erase_subject(
            &"citizen".parse().unwrap(),
            "个人信息保护法第四十七条",
            &actor(Role::Supervisor),
            at(500),
            Extent::All,
        )
        .unwrap();
    assert!(erasure.refused.is_empty(), "{:?}", erasure.refused);
    let erased: Vec<String> = erasure
        .erased
        .iter()
        .map(|it| it.case.to_string())
        .collect();
    assert_eq!(erased, ["m01", "m01.birth", "m01.card", "m01.household"]);
    assert_eq!(desk.verify().unwrap().cases, 4);
}

// What is erased while another desk is opening a part with it comes to nothing there: either desk is first, and the other goes by that.
#[test]
fn a_part_that_is_opened_while_it_is_erased_has_none_of_the_words() {
    let citizen: PersonId = "citizen".parse().unwrap();
    // Before it reads the words of the part, and after: the division is the first commit, the case of the part the second.
    let moments = [(Asks::Private, 1), (Asks::Commit, 2)];
    for (in_file, (moment, nth)) in [false, true]
        .into_iter()
        .flat_map(|file| moments.map(|it| (file, it)))
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parts.db");
        let memory = Arc::new(MemoryLedger::new(board()));
        let open = || -> Box<dyn Ledger> {
            match in_file {
                true => Box::new(SqliteLedger::open(&path, board()).unwrap()),
                false => Box::new(Arc::clone(&memory)),
            }
        };
        let eraser = Desk::new(open(), plans()).unwrap();
        let (armed, asked) = (Arc::new(AtomicI64::new(0)), AtomicI64::new(0));
        let (is_armed, who) = (Arc::clone(&armed), citizen.clone());
        let ledger = Around::new(open(), move |asks| {
            let counts = asks == moment && is_armed.load(Ordering::SeqCst) == 1;
            if counts && asked.fetch_add(1, Ordering::SeqCst) + 1 == nth {
                let by = actor(Role::Supervisor);
                let erasure = eraser.erase_subject(&who, "法", &by, at(25), Extent::All)?;
                assert!(erasure.refused.is_empty() && erasure.stuck.is_empty());
            }
            Ok(())
        });
        let desk = Desk::new(ledger, plans()).unwrap();
        for (n, envelope) in story().into_iter().take(4).enumerate() {
            armed.store(i64::from(n == 3), Ordering::SeqCst);
            assert!(desk.submit(envelope).unwrap().is_done());
        }
        let ticked = desk.advance(at(30)).unwrap();
        assert!(ticked.stuck.is_empty(), "{:?}", ticked.stuck);
        let left = desk.erasable(&citizen, Extent::All).unwrap();
        assert_eq!(left.cases, [], "in a file: {in_file}, {moment:?}");
        assert_eq!(waiting(&desk), 0);
        let main = desk.case(&case(MAIN)).unwrap().unwrap();
        let state = &main.subs()[&"birth".parse::<SubKey>().unwrap()].state;
        let opened = desk.case(&case("m01.birth")).unwrap().is_some();
        assert_eq!(matches!(state, SubState::Open), opened, "{state:?}");
        desk.verify().unwrap();
    }
}

fn said(id: &str, subject: &str, minutes: i64) -> SignalSaid {
    SignalSaid {
        id: id.parse().unwrap(),
        by: actor(Role::System),
        at: at(minutes),
        salt: Salt::derived(b"the host's randomness", id),
        of: SignalOf {
            indicator: "burden".into(),
            subject: subject.parse().unwrap(),
        },
        place: "632521".parse().unwrap(),
        words: "自付费用过高".into(),
        facts: Facts::new(),
    }
}

/// A case goes its whole way, from the ninetieth minute on.
fn settled<L: Ledger>(desk: &Desk<L>, of: &str) {
    let way = [
        (Role::Intake, screen()),
        (Role::Intake, assign()),
        (Role::Owner, reply()),
        (Role::Reviewer, review()),
        (Role::Reviewer, recheck()),
        (Role::Supervisor, strike_off()),
    ];
    for (n, (role, command)) in way.into_iter().enumerate() {
        let answer = desk.submit(step(80 + n, of, role, 90 + n as i64, command));
        assert!(answer.unwrap().is_done());
    }
}

// 预警合并: the same signal within the window joins its case, whatever has become of it; after the window, and with the case ended, it opens
// the next one. Sent again under the same id it is answered as the first time, even when there is a later case by then.
#[test]
fn a_signal_finds_its_case() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let first = desk.signal(&said("s1", "户-7", 0)).unwrap();
    let of = first.case().clone();
    assert!(first.is_done());
    let again = desk.signal(&said("s2", "户-7", 60)).unwrap();
    assert_eq!(again.case(), &of);
    assert_eq!(desk.case(&of).unwrap().unwrap().signal().unwrap().times, 2);
    let other = desk.signal(&said("s3", "户-8", 60)).unwrap();
    assert_ne!(other.case(), &of);
    // It ends with an answer; within thirty days the signal still joins it.
    settled(&desk, of.as_str());
    const DAY: i64 = 24 * 60;
    let joined = desk.signal(&said("s4", "户-7", 20 * DAY)).unwrap();
    assert_eq!(joined.case(), &of);
    let next = desk.signal(&said("s5", "户-7", 40 * DAY)).unwrap();
    assert!(next.is_done() && next.case() != &of);
    for n in 0..5 {
        let again = desk.signal(&said(&format!("t{n}"), "户-7", (41 + n) * DAY));
        assert_eq!(again.unwrap().case(), next.case());
    }
    assert_eq!(desk.signal(&said("s4", "户-7", 20 * DAY)).unwrap(), joined);
    // What was withdrawn has helped nobody: the next one is looked at anew, though it comes the day after.
    for (n, who) in ["one", "two"].iter().enumerate() {
        let withdraw = Command::Withdraw {
            evidence: "登记错了".into(),
        };
        let of = other.case().as_str();
        let withdraw = by(step(90 + n, of, Role::Intake, 50 * DAY, withdraw), who);
        assert!(desk.submit(withdraw).unwrap().is_done());
    }
    let anew = desk.signal(&said("s6", "户-8", 51 * DAY)).unwrap();
    assert!(anew.is_done() && anew.case() != other.case());
    assert_eq!(desk.cases(None, 100).unwrap().len(), 4);
}

// One that was merged was answered with the other: within the window the same signal joins it, and visits nobody twice.
#[test]
fn a_signal_whose_case_was_merged_opens_no_other_while_that_answer_stands() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let of = |n: &str, who: &str, minutes| desk.signal(&said(n, who, minutes)).unwrap();
    let (merged, into) = (of("s1", "户-7", 0), of("s2", "户-8", 0));
    let into_id = into.case().clone();
    let merge = Command::Merge { into: into_id };
    let answer = desk.submit(step(70, merged.case().as_str(), Role::Intake, 10, merge));
    assert!(answer.unwrap().is_done());
    settled(&desk, into.case().as_str());
    let case = desk.case(merged.case()).unwrap().unwrap();
    assert_eq!(case.outcome(), Some(Outcome::Merged));
    assert_eq!(of("s3", "户-7", 24 * 60).case(), merged.case());
}

// Two numbers of a signal move together: their share is five in a hundred before and after, and never fifty in between.
#[test]
fn facts_that_a_signal_moves_together_are_derived_from_together() {
    let mut plan = plan();
    let number = |name: &str, most, given| FactRule {
        moves: true,
        ..FactRule::new(name, Domain::Whole { least: 0, most }, given)
    };
    plan.schema.facts.extend([
        number("paid", 100_000, Given::Host),
        number("total", 100_000, Given::Host),
        number("share", 100, Given::Derived),
    ]);
    plan.derived = vec![DerivedRule {
        fact: "share".into(),
        from: vec!["paid".into(), "total".into()],
    }];
    let mut plans = Plans::new(board());
    plans.derive("share", |known: &Known<'_>| {
        let (paid, total) = (known.whole("paid").unwrap(), known.whole("total").unwrap());
        paid * 100 / total.max(1)
    });
    plans.take(plan).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let of = |id: &str, minutes, paid: i64, total: i64| {
        let facts = [("paid", paid), ("total", total)];
        let facts = facts.map(|(name, value)| (name.to_owned(), value.into()));
        let said = SignalSaid {
            facts: Facts::from(facts),
            ..said(id, "户-7", minutes)
        };
        desk.signal(&said).unwrap().case().clone()
    };
    let case = of("s1", 0, 5, 100);
    assert_eq!(of("s2", 60, 50, 1000), case);
    let mut known = None;
    let mut shares = Vec::new();
    for entry in desk.history(&case).unwrap() {
        let now = duly::case::evolve(known.take(), &entry.sealed.record).unwrap();
        shares.push(now.facts()["share"].clone());
        known = Some(now);
    }
    assert!(
        shares.iter().all(|it| *it == FactValue::Whole(5)),
        "{shares:?}"
    );
    assert_eq!(known.unwrap().facts()["total"], FactValue::Whole(1000));
}

/// Opened, screened, assigned and divided as a bundle.
fn divided() -> Desk<MemoryLedger> {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    for envelope in story().into_iter().take(4) {
        assert!(desk.submit(envelope).unwrap().is_done());
    }
    desk
}

fn why<L: Ledger>(desk: &Desk<L>, envelope: Envelope) -> Why {
    let answer = desk.submit(envelope).unwrap();
    *answer.refusal().expect("refused").why.clone()
}

fn by(mut envelope: Envelope, who: &str) -> Envelope {
    envelope.by.id = who.parse().unwrap();
    envelope
}

// What a case and its parts tell each other is the desk's to send. A host that sent it would have a case answered whose parts are open.
#[test]
fn nobody_but_the_desk_says_what_a_part_says() {
    let desk = divided();
    let forged = [
        Command::Hear {
            sub: case("m01.birth"),
            news: News::Ended {
                outcome: Outcome::Solved,
            },
            handlers: Default::default(),
        },
        Command::Want {
            main: case(MAIN),
            due: at(9000),
        },
        Command::CallOff {
            main: case(MAIN),
            why: OffWhy::Dropped,
        },
    ];
    for (n, command) in forged.into_iter().enumerate() {
        let error = desk
            .submit(step(50 + n, MAIN, Role::System, 30, command))
            .unwrap_err();
        assert!(
            error.to_string().contains("leave it to the desk"),
            "{error}"
        );
    }
    assert_eq!(
        desk.case(&case(MAIN))
            .unwrap()
            .unwrap()
            .subs_wanting()
            .len(),
        2
    );
}

// A part answers no citizen: nothing is merged into it, no citizen opens it again, its answer is published to nobody; and a case that has parts in hand is not
// declined over their heads.
#[test]
fn a_part_is_nobodys_but_its_main_cases() {
    let desk = divided();
    let mut other = story()[0].clone();
    (other.id, other.case) = ("other".parse().unwrap(), case("m02"));
    if let Command::Open { external_id, .. } = &mut other.command {
        *external_id = "n-2".parse().unwrap();
    }
    assert!(desk.submit(other).unwrap().is_done());
    let into = case("m01.birth");
    let merge = Command::Merge { into: into.clone() };
    let merged = why(&desk, step(51, "m02", Role::Intake, 40, merge));
    let part = Survivor::Part;
    assert_eq!(merged, Why::Survivor { into, is: part });
    let decline = Command::Decline {
        ground: DeclineGround::InProcedure,
        told: "法院".into(),
        facts: Facts::new(),
    };
    let declined = why(&desk, step(52, MAIN, Role::Intake, 41, decline));
    assert!(matches!(declined, Why::PartsOpen { .. }), "{declined:?}");
    for envelope in story().into_iter().skip(4).take(6) {
        assert!(desk.submit(envelope).unwrap().is_done());
    }
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: "我觉得没办好".into(),
    };
    let stranger = why(&desk, step(53, "m01.birth", Role::Citizen, 100, reopen));
    assert!(
        matches!(
            stranger,
            Why::NothingPending {
                what: Thing::Citizen
            }
        ),
        "{stranger:?}"
    );
    let out = desk.outbox(&Cursor::start(), 1000).unwrap().items;
    let shown = out
        .iter()
        .filter(|out| matches!(out.effect, Effect::Publish { .. } | Effect::Tell { .. }));
    assert!(
        shown
            .into_iter()
            .all(|out| out.id.case == case(MAIN) || out.id.case == case("m02"))
    );
}

// Its citizen withdraws a case whose part was divided itself: everything below it is called off, to the last, and the owners hear of it.
#[test]
fn what_is_withdrawn_is_called_off_to_the_last_part() {
    let desk = divided();
    for envelope in story().into_iter().skip(4).take(2) {
        assert!(desk.submit(envelope).unwrap().is_done());
    }
    let below = NewSub {
        key: "paper".parse().unwrap(),
        task: Some("查档案".into()),
        cites: None,
        place: None,
        party: None,
        after: vec![],
        within: None,
        optional: false,
        facts: Facts::new(),
    };
    let divide = Command::Divide {
        bundle: None,
        subs: vec![below],
    };
    assert!(
        desk.submit(step(50, "m01.birth", Role::Owner, 50, divide))
            .unwrap()
            .is_done()
    );
    let withdraw = Command::Withdraw {
        evidence: "不办了".into(),
    };
    let citizen = by(step(51, MAIN, Role::Citizen, 60, withdraw), "citizen");
    assert!(desk.submit(citizen).unwrap().is_done());
    for id in ["m01", "m01.birth", "m01.birth.paper"] {
        let ended = desk.case(&case(id)).unwrap().unwrap();
        assert_eq!(ended.outcome(), Some(Outcome::Withdrawn), "{id}");
    }
    // Opened again, it knows that the part is not done, and goes on without it or with another.
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: "还是要办".into(),
    };
    let citizen = by(step(52, MAIN, Role::Citizen, 70, reopen), "citizen");
    assert!(desk.submit(citizen).unwrap().is_done());
    let main = desk.case(&case(MAIN)).unwrap().unwrap();
    let birth = &main.subs()[&"birth".parse::<SubKey>().unwrap()];
    assert!(matches!(
        birth.state,
        SubState::Ended {
            outcome: Outcome::Withdrawn,
            ..
        }
    ));
    let drop = Command::DropSub {
        sub: "birth".parse().unwrap(),
        reason: "已在别处办好".into(),
    };
    assert!(
        desk.submit(step(53, MAIN, Role::Supervisor, 80, drop))
            .unwrap()
            .is_done()
    );
    assert!(desk.case(&case("m01.household")).unwrap().is_some());
}

/// What may be done with a case as it stands, by whom.
fn likely(stage: StageName, what: u8, case: &duly::case::Case) -> (Role, Command) {
    let withdraw = || Command::Withdraw {
        evidence: "不办了".into(),
    };
    let key = case.subs_wanting().first().cloned();
    let drop = |key: SubKey| Command::DropSub {
        sub: key,
        reason: "不需要".into(),
    };
    let extra = || Command::Divide {
        bundle: None,
        subs: vec![NewSub {
            key: format!("more{what}").parse().unwrap(),
            task: Some("补查".into()),
            cites: None,
            place: None,
            party: None,
            after: vec![],
            within: None,
            optional: what.is_multiple_of(2),
            facts: Facts::new(),
        }],
    };
    let bundle = || Command::Divide {
        bundle: Some("newborn".into()),
        subs: vec![],
    };
    match (stage, what % 8) {
        (StageName::Received, 0..=3) => (Role::Intake, screen()),
        (StageName::Received, _) => (Role::Intake, assign()),
        (StageName::Assigned | StageName::Returned, 0) => (Role::Owner, bundle()),
        (StageName::Assigned | StageName::Returned, 1) => (Role::Owner, extra()),
        (StageName::Assigned | StageName::Returned, 2) if key.is_some() => {
            (Role::Supervisor, drop(key.unwrap()))
        }
        (StageName::Assigned | StageName::Returned, 3 | 2) => (Role::Intake, withdraw()),
        (StageName::Assigned | StageName::Returned, _) => (Role::Owner, reply()),
        (StageName::Replied, _) => (Role::Reviewer, review()),
        (StageName::Reviewed, 0..=2) => (Role::Reviewer, recheck()),
        (StageName::Reviewed, 3) => (Role::Intake, satisfied()),
        (StageName::Reviewed, _) => (Role::Supervisor, strike_off()),
        (StageName::Closed, _) => (
            Role::Intake,
            Command::Reopen {
                ground: "新的事实".into(),
                reason: "又有问题".into(),
            },
        ),
    }
}

proptest! {
    #![proptest_config(config(40))]

    // 无孤件: whatever is done to a case, its parts and their parts, once the desk has told everybody: a part is open exactly where the case that it is a part
    // of knows it as open; nothing is struck off with an answer while a part that it needs is not settled; and every open case has an alarm.
    #[test]
    fn no_part_is_orphaned_and_none_is_forgotten(steps in proptest::collection::vec((any::<u8>(), any::<u8>(), 0i64..90), 10..70)) {
        let desk = divided();
        let mut minutes = 100;
        for (n, (which, what, gap)) in steps.into_iter().enumerate() {
            minutes += gap;
            let all = desk.cases(None, 200).unwrap();
            let id = &all[usize::from(which) % all.len()];
            let now = desk.case(id).unwrap().unwrap();
            let (role, command) = likely(now.stage_name(), what, &now);
            let mut ask = step(1000 + n, id.as_str(), role, minutes, command);
            // Whoever judges, and whoever confirms, is another person each time.
            if role != Role::Owner {
                ask.by.id = format!("{role}-{n}").parse().unwrap();
            }
            let _ = desk.submit(ask).unwrap();
            for id in desk.cases(None, 200).unwrap() {
                let one = desk.case(&id).unwrap().unwrap();
                prop_assert_eq!(one.next_alarm().is_none(), one.is_closed());
                if let Some(main) = one.main() {
                    let whole = desk.case(&main.case).unwrap().unwrap();
                    let known = &whole.subs()[&main.key].state;
                    prop_assert_eq!(!one.is_closed(), *known == SubState::Open, "{} is known as {:?}", id, known);
                }
                for sub in one.subs().values().filter(|sub| sub.state == SubState::Open) {
                    prop_assert!(desk.case(&sub.plan.case).unwrap().is_some());
                }
                let answered = matches!(one.outcome(), Some(Outcome::Solved | Outcome::Explained | Outcome::Answered | Outcome::Adopted));
                prop_assert!(!answered || one.subs_wanting().is_empty(), "{id} is struck off");
            }
        }
        prop_assert_eq!(waiting(&desk), 0);
    }
}
