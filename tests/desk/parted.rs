//! 撤销并案: what was done while a case followed another one stays done when it goes on alone.

use duly::desk::{Cursor, Desk, MemoryLedger};
use duly::plan::Plans;
use duly::script::{Options, load_with, shipped};
use duly::words::*;

use super::{at, board, case, envelope};

fn desk(pack: &str) -> Desk<MemoryLedger> {
    let options = Options::default().with_shipped();
    let plan = load_with(pack, shipped(pack).unwrap(), &options).unwrap();
    let mut plans = Plans::new(board());
    plans.take(plan).unwrap();
    Desk::new(MemoryLedger::new(board()), plans).unwrap()
}

fn go(desk: &Desk<MemoryLedger>, id: &str, of: &str, role: Role, minutes: i64, command: Command) {
    let answer = desk
        .submit(envelope(id, of, role, minutes, command))
        .unwrap();
    assert!(answer.is_done(), "{id}: {:?}", answer.refusal());
}

fn open(number: &str, place: &str) -> Command {
    Command::Open {
        place: place.parse().unwrap(),
        channel: "来信".parse().unwrap(),
        external_id: number.parse().unwrap(),
        message: Text::from("路灯不亮"),
        contact: None,
        citizen: Some("wang".parse().unwrap()),
        origin: Origin::Message,
        facts: Facts::from([("kind".into(), FactValue::Label("求助".into()))]),
    }
}

/// The citizen has had the notice of receipt: nobody is late with it afterwards.
#[test]
fn a_notice_that_was_delivered_meanwhile_is_not_owed_again() {
    let plan = load_with(
        "p",
        shipped("hotline-12345").unwrap(),
        &Options::default().with_shipped(),
    )
    .unwrap();
    let place = plan.places[0].code.to_string();
    let desk = desk("hotline-12345");
    go(&desk, "k1", "m01", Role::Intake, 0, open("1", &place));
    go(&desk, "k2", "m02", Role::Intake, 1, open("2", &place));
    let into = case("m02");
    go(&desk, "k3", "m01", Role::Intake, 2, Command::Merge { into });
    let effect = EffectId {
        case: case("m01"),
        version: 1,
        index: 0,
    };
    go(
        &desk,
        "k4",
        "m01",
        Role::System,
        3,
        Command::Delivered { effect },
    );
    let reason = Text::from("不是一回事");
    go(
        &desk,
        "k5",
        "m01",
        Role::Supervisor,
        4,
        Command::Unmerge { reason },
    );
    let alone = desk.case(&case("m01")).unwrap().unwrap();
    let owed = alone
        .clock(ClockKind::Acknowledge)
        .is_some_and(|clock| clock.is_live());
    let _ = desk.advance(at(60 * 48)).unwrap();
    let later = desk.case(&case("m01")).unwrap().unwrap();
    let late = later.clock(ClockKind::Acknowledge).unwrap().breached;
    assert_eq!((owed, late), (false, None));
}

/// A published answer that is sent back is taken down where it was published, and its citizen hears of it.
#[test]
fn an_answer_that_is_sent_back_is_taken_down() {
    let mut plans = Plans::new(board());
    plans
        .take(duly::plan::bare("demo".parse().unwrap()))
        .unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let mut open = open("1", "632521");
    if let Command::Open { facts, .. } = &mut open {
        facts.clear();
    }
    go(&desk, "k1", "m01", Role::Intake, 0, open);
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    };
    go(&desk, "k2", "m01", Role::Intake, 1, screen);
    let assign = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: vec![],
    };
    go(&desk, "k3", "m01", Role::Intake, 2, assign);
    let reply = Command::Reply {
        answers: vec![Answer {
            matter: 1,
            text: Text::from("已修好"),
            mark: Mark::A,
        }],
        measures: vec![],
        contacts: vec![],
        basis: vec![],
        commitments: vec![],
        explained: false,
    };
    go(&desk, "k4", "m01", Role::Owner, 3, reply);
    let review = Command::Review(Review::default());
    go(&desk, "k5", "m01", Role::Reviewer, 4, review);
    let rated = CallResult::Reached {
        level: Some(Level::Unsatisfied),
        scores: None,
        said: None,
    };
    let call = Command::CallBack { result: rated };
    go(&desk, "k6", "m01", Role::Intake, 5, call);
    let out = desk.outbox(&Cursor::start(), 1_000).unwrap().items;
    let after = out
        .iter()
        .skip_while(|it| !matches!(it.effect, Effect::Publish { .. }));
    let effects: Vec<&Effect> = after.map(|it| &it.effect).collect();
    assert!(
        effects.iter().any(|it| matches!(it, Effect::Retract)),
        "{effects:?}"
    );
}

/// Nobody can report on a case that follows another one, so no clock asks for it.
#[test]
fn what_follows_another_case_is_not_to_be_reported_on() {
    let desk = desk("hainan-board");
    let place = "632521";
    for (n, id) in [(1, "m01"), (2, "m02")] {
        let open = open(&n.to_string(), place);
        go(&desk, &format!("o{n}"), id, Role::Intake, n, open);
    }
    let fact = |name: &str, value: FactValue| (name.to_owned(), value);
    let facts = Facts::from([
        fact("field", FactValue::Label("城建".into())),
        fact("urgent", FactValue::Yes(false)),
        fact("sub_judice", FactValue::Yes(false)),
    ]);
    let class = Class::Problem;
    go(
        &desk,
        "k1",
        "m01",
        Role::Intake,
        3,
        Command::Screen { class, facts },
    );
    let assign = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: vec![],
    };
    go(&desk, "k2", "m01", Role::Intake, 4, assign);
    let into = case("m02");
    go(&desk, "k3", "m01", Role::Intake, 5, Command::Merge { into });
    let name = "crowd".to_owned();
    let value = FactValue::Whole(9);
    go(
        &desk,
        "k4",
        "m01",
        Role::System,
        6,
        Command::SetFact { name, value },
    );
    let text = Text::from("进展");
    let report = envelope("k5", "m01", Role::Owner, 7, Command::Report { text });
    let answer = desk.submit(report).unwrap();
    let follower = desk.case(&case("m01")).unwrap().unwrap();
    let asked = follower
        .clock(ClockKind::Track)
        .is_some_and(|clock| clock.is_live());
    assert!(
        answer.is_done() || !asked,
        "asked, and refused: {}",
        answer.refusal().unwrap()
    );
}
