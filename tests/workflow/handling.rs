//! 交办、办理: who has it, who gives it on, who takes part.

use duly::words::*;
use proptest::prelude::*;

use crate::board::*;
use crate::tries::config;

fn hand_over(to: Who) -> Command {
    Command::HandOver {
        to: to.0.parse().unwrap(),
        unit: None,
        reason: "调离".into(),
    }
}
fn transfer(unit: &str, owner: Who) -> Command {
    Command::Transfer {
        unit: unit.parse().unwrap(),
        owner: owner.0.parse().unwrap(),
        reason: "机构改革".into(),
    }
}
fn object(should_be: &str) -> Command {
    Command::Object {
        reason: "农村公路照明归交通部门".into(),
        should_be: Some(should_be.parse().unwrap()),
    }
}
fn rule(unit: &str, owner: Who) -> Command {
    Command::Rule {
        unit: unit.parse().unwrap(),
        owner: owner.0.parse().unwrap(),
        reason: "按三定方案".into(),
    }
}
fn sub_assign(unit: &str, owner: Who) -> Command {
    Command::SubAssign {
        unit: unit.parse().unwrap(),
        owner: owner.0.parse().unwrap(),
    }
}
fn not_named(who: &[Who], role: Role) -> Why {
    Why::NotThePerson {
        role,
        named: who.iter().map(|it| it.0.parse().unwrap()).collect(),
    }
}
fn owner(board: &Board, case: &str) -> Option<String> {
    board.case(case).team().map(|team| team.owner.to_string())
}

// 专人受理、专人负责: a named officer took it, and from then on exactly one named person has it, in every stage; nobody else
// signs or answers for it, and who leaves hands it over by name.
#[test]
fn a06_a_named_officer_takes_it_and_one_named_person_has_it() {
    let board = Board::new();
    board.opens("m01", "2026-03-02 09:00");
    board.screens("m01", "2026-03-02 09:15");
    assert_eq!(owner(&board, "m01"), None);
    board.assigns("m01", "2026-03-02 09:30");
    let taken = |event: fn(&Event) -> bool| {
        let all = board
            .history("m01")
            .into_iter()
            .filter(|it| event(&it.event));
        all.map(|it| it.by.unwrap().id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(taken(|it| matches!(it, Event::Screened { .. })), ["彩虹"]);
    assert_eq!(taken(|it| matches!(it, Event::Assigned { .. })), ["彩虹"]);

    // A colleague of the same office and role is not the one named.
    let why = board.refuses("m01", MADENG, "2026-03-02 10:00", Command::Sign {});
    assert_eq!(why, not_named(&[WANGGANG], Role::Owner));
    let why = board.refuses(
        "m01",
        MADENG,
        "2026-03-02 10:00",
        reply("2026-03-02 10:00").into(),
    );
    assert_eq!(why, not_named(&[WANGGANG], Role::Owner));
    // Nor can he give himself the case; its owner can.
    let why = board.refuses("m01", MADENG, "2026-03-02 10:00", hand_over(MADENG));
    assert_eq!(why, not_named(&[WANGGANG], Role::Owner));
    board.does("m01", WANGGANG, "2026-03-02 11:00", Command::Sign {});
    board.does("m01", WANGGANG, "2026-03-03 09:00", hand_over(MADENG));
    let why = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-03 10:00",
        reply("2026-03-03 10:00").into(),
    );
    assert_eq!(why, not_named(&[MADENG], Role::Owner));
    board.does(
        "m01",
        MADENG,
        "2026-03-03 11:00",
        reply("2026-03-03 10:30").into(),
    );

    // Through every stage that follows.
    assert_eq!(
        (board.stage("m01"), owner(&board, "m01").unwrap()),
        (StageName::Replied, "马登".to_owned())
    );
    board.does(
        "m01",
        SUHUA,
        "2026-03-04 09:00",
        send_back("处理不到位", "灯还不亮"),
    );
    assert_eq!(
        (board.stage("m01"), owner(&board, "m01").unwrap()),
        (StageName::Returned, "马登".to_owned())
    );
    board.does(
        "m01",
        MADENG,
        "2026-03-05 11:00",
        reply("2026-03-05 10:30").into(),
    );
    board.passes("m01", "2026-03-05 15:00");
    assert_eq!(
        (board.stage("m01"), owner(&board, "m01").unwrap()),
        (StageName::Reviewed, "马登".to_owned())
    );
    // One unit and one person at a time, with nobody between.
    let case = board.case("m01");
    let had: Vec<_> = case
        .segments()
        .iter()
        .map(|it| (it.owner.as_str(), it.from, it.until))
        .collect();
    let day = |text: &str| at(text);
    assert_eq!(
        had,
        [
            (
                "王刚",
                day("2026-03-02 09:30"),
                Some(day("2026-03-03 09:00"))
            ),
            (
                "马登",
                day("2026-03-03 09:00"),
                Some(day("2026-03-03 11:00"))
            ),
            (
                "马登",
                day("2026-03-04 09:00"),
                Some(day("2026-03-05 11:00"))
            ),
        ]
    );
}

proptest! {
    #![proptest_config(config(24))]

    // However it is given on, there is exactly one who has it: the last one named.
    #[test]
    fn a06_however_it_is_given_on_one_person_has_it(moves in proptest::collection::vec((0u8..3, 0usize..3, 0usize..2), 1..10)) {
        let board = Board::new();
        board.assigned("m01", "2026-03-02");
        let units = ["共和县住建局", "共和县交通局", "共和县供电公司"];
        let people = [WANGGANG, MADENG];
        let mut has = (units[0], WANGGANG.0);
        for (n, (kind, unit, person)) in moves.into_iter().enumerate() {
            let when = format!("2026-03-02 10:{:02}", n + 1);
            let (unit, person) = (units[unit], people[person]);
            let (by, command, then) = match kind {
                0 => (CAIHONG, hand_over(person), (has.0, person.0)),
                1 => (CAIHONG, transfer(unit, person), (unit, person.0)),
                _ => (DUCHA, transfer(unit, person), (unit, person.0)),
            };
            if board.ask("m01", by, &when, command).is_done() {
                has = then;
            }
            let case = board.case("m01");
            let team = case.team().unwrap();
            prop_assert_eq!((team.unit.as_str(), team.owner.as_str()), has);
            let open: Vec<_> = case.segments().iter().filter(|it| it.until.is_none()).collect();
            prop_assert_eq!(open.len(), 1);
            prop_assert_eq!((open[0].unit.as_str(), open[0].owner.as_str()), has);
        }
    }
}

// 退单: a unit says once, within one working day, that it is not theirs, and who should have it. A person who does not handle
// it rules; whoever the ruling names may not say so again. The citizen's time runs through all of it.
#[test]
fn not_ours_is_ruled_upon_once_and_the_citizens_time_runs_on() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let (reply_due, whole) = (
        board.due("m01", ClockKind::Reply),
        board.due("m01", ClockKind::Whole),
    );
    board.does("m01", WANGGANG, "2026-03-02 15:00", object("共和县交通局"));
    assert_eq!(board.due("m01", ClockKind::Rule), at("2026-03-03 18:00"));
    let twice = board.refuses("m01", WANGGANG, "2026-03-02 15:30", object("共和县交通局"));
    assert_eq!(
        twice,
        Why::Already {
            what: Thing::Objection
        }
    );
    let own = board.refuses(
        "m01",
        ("王刚", "owner supervisor"),
        "2026-03-03 09:00",
        rule("共和县交通局", MADENG),
    );
    assert_eq!(
        own,
        Why::SamePerson {
            person: "王刚".parse().unwrap(),
            was: Deed::Handled
        }
    );
    board.does(
        "m01",
        DUCHA,
        "2026-03-03 10:00",
        rule("共和县交通局", MADENG),
    );
    let again = board.refuses("m01", MADENG, "2026-03-03 11:00", object(HOUSING));
    assert_eq!(again, Why::ObjectionFinal);
    let case = board.case("m01");
    assert_eq!(
        (case.bounces(), case.returns()),
        (1, 0),
        "not ours is not a return"
    );
    assert_eq!(board.due("m01", ClockKind::Reply), reply_due);
    assert_eq!(board.due("m01", ClockKind::Whole), whole);

    // A day later it is accepted by silence.
    board.assigned("m02", "2026-03-02");
    let late = board.refuses("m02", WANGGANG, "2026-03-04 09:00", object("共和县交通局"));
    assert_eq!(late, Why::ObjectionFinal);
    let nothing = board.refuses(
        "m02",
        DUCHA,
        "2026-03-04 09:30",
        rule("共和县交通局", MADENG),
    );
    assert_eq!(
        nothing,
        Why::NothingPending {
            what: Thing::Objection
        }
    );
}

// A unit that a ruling named has it for good: neither a transfer away and back nor the hands in between give it a second
// "not ours".
#[test]
fn who_a_ruling_named_does_not_object_again_after_a_detour() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.does("m01", WANGGANG, "2026-03-02 10:00", object("共和县交通局"));
    board.does(
        "m01",
        DUCHA,
        "2026-03-02 11:00",
        rule("共和县交通局", MADENG),
    );
    board.does(
        "m01",
        CAIHONG,
        "2026-03-02 12:00",
        transfer("共和县供电公司", WANGGANG),
    );
    // Nobody has ruled on this one: it may.
    let apart = board.ask("m01", WANGGANG, "2026-03-02 12:10", object("共和县交通局"));
    assert!(apart.is_done(), "{apart:?}");
    board.does(
        "m01",
        CAIHONG,
        "2026-03-02 15:00",
        transfer("共和县交通局", MADENG),
    );
    let again = board.refuses("m01", MADENG, "2026-03-02 15:10", object(HOUSING));
    assert_eq!(again, Why::ObjectionFinal);
}

// 下级交办: a county gives the case to a unit of its own. That unit has a limit of its own, inside the prefecture's, which
// runs on; its person may answer, and whoever handles it there does not review it.
#[test]
fn a_county_hands_it_down_with_a_clock_of_its_own() {
    let board = Board::new();
    board.does(
        "m01",
        ZHUOMA,
        "2026-03-02 09:00",
        open("m01", "632521", "投诉"),
    );
    board.does(
        "m01",
        PREFECTURE,
        "2026-03-02 09:15",
        screen(Class::Problem),
    );
    board.does(
        "m01",
        PREFECTURE,
        "2026-03-02 09:30",
        assign("共和县人民政府", WANGGANG, &[]),
    );
    let reply_due = board.due("m01", ClockKind::Reply);
    let neighbour = board.refuses(
        "m01",
        ("邻县", "intake@632523"),
        "2026-03-02 10:00",
        sub_assign(HOUSING, MADENG),
    );
    assert!(matches!(neighbour, Why::Role { .. }), "{neighbour:?}");
    board.does(
        "m01",
        CAIHONG,
        "2026-03-02 10:00",
        sub_assign(HOUSING, MADENG),
    );
    assert_eq!(
        board.due("m01", ClockKind::SubReply),
        at("2026-03-11 18:00")
    );
    assert_eq!(board.due("m01", ClockKind::Reply), reply_due);
    assert_eq!(
        owner(&board, "m01").unwrap(),
        "王刚",
        "the county still answers for it"
    );
    board.does(
        "m01",
        MADENG,
        "2026-03-10 10:00",
        reply("2026-03-09 10:00").into(),
    );
    let own = board.refuses("m01", ("马登", "reviewer"), "2026-03-10 11:00", pass());
    assert_eq!(
        own,
        Why::SamePerson {
            person: "马登".parse().unwrap(),
            was: Deed::Handled
        }
    );
    let clock = board.clock("m01", ClockKind::SubReply);
    assert!(clock.verdicts[0].verdict.is_on_time());

    // Late below, the head of the unit hears of it, while the prefecture's own limit has days to go.
    board.assigned("m02", "2026-03-02");
    board.does(
        "m02",
        CAIHONG,
        "2026-03-02 10:00",
        sub_assign("共和县供电公司", MADENG),
    );
    board.sleeps_until("2026-03-12 09:00");
    let steps = board.steps("m02", ClockKind::SubReply);
    assert_eq!(steps[0].0, at("2026-03-10 18:00"));
    assert!(
        board
            .case("m02")
            .clocks()
            .iter()
            .any(|it| it.key.kind == ClockKind::SubReply && it.breached.is_some())
    );
    assert!(board.clock("m02", ClockKind::Reply).breached.is_none());
}

// 主办、协办: co-handlers owe the lead their part, each within half of the lead's time and by name. Only the lead answers the
// citizen, and not while a part is open.
#[test]
fn co_handlers_have_clocks_of_their_own_and_the_lead_waits_for_them() {
    let board = Board::new();
    board.opens("m01", "2026-03-02 09:00");
    board.screens("m01", "2026-03-02 09:15");
    let (water, power) = (("水利", "co_handler"), ("供电", "co_handler"));
    board.does(
        "m01",
        CAIHONG,
        "2026-03-02 09:30",
        assign(
            HOUSING,
            WANGGANG,
            &[(WATER, water), ("共和县供电公司", power)],
        ),
    );
    let case = board.case("m01");
    let parts: Vec<_> = case
        .clocks()
        .iter()
        .filter(|it| it.key.kind == ClockKind::CoReply)
        .collect();
    let about: Vec<_> = parts
        .iter()
        .map(|it| it.about.as_deref().unwrap())
        .collect();
    assert_eq!(about, [WATER, "共和县供电公司"]);
    let half = parts[0].schedule.legal_due;
    assert!(
        half > at("2026-03-02 18:00") && half < at("2026-03-10 09:00"),
        "{half}"
    );

    let part = || Command::CoReply {
        text: "水管在灯杆下漏水,已修".into(),
    };
    let early = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-03 09:00",
        reply("2026-03-03 09:00").into(),
    );
    assert_eq!(
        early,
        Why::PartOpen {
            unit: WATER.to_owned()
        }
    );
    let lead = board.refuses("m01", WANGGANG, "2026-03-03 09:00", part());
    assert!(matches!(lead, Why::Role { .. }), "{lead:?}");
    let stranger = board.refuses("m01", ("别人", "co_handler"), "2026-03-03 09:00", part());
    assert_eq!(stranger, not_named(&[water, power], Role::CoHandler));
    let answers = board.refuses(
        "m01",
        water,
        "2026-03-03 09:00",
        reply("2026-03-03 09:00").into(),
    );
    assert!(
        matches!(answers, Why::Role { .. }),
        "only the lead answers: {answers:?}"
    );
    let told = board.told("m01");
    board.does("m01", water, "2026-03-03 10:00", part());
    assert_eq!(
        board.told("m01"),
        told,
        "a part goes to the lead, not to the citizen"
    );
    let twice = board.refuses("m01", water, "2026-03-03 10:30", part());
    assert_eq!(
        twice,
        Why::Already {
            what: Thing::Part(WATER.parse().unwrap())
        }
    );
    let open = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-03 11:00",
        reply("2026-03-03 11:00").into(),
    );
    assert_eq!(
        open,
        Why::PartOpen {
            unit: "共和县供电公司".to_owned()
        }
    );
    board.does("m01", power, "2026-03-04 10:00", part());
    board.does(
        "m01",
        WANGGANG,
        "2026-03-04 11:00",
        reply("2026-03-04 11:00").into(),
    );
    // Whoever had a part has handled it.
    let own = board.refuses("m01", ("水利", "reviewer"), "2026-03-04 15:00", pass());
    assert_eq!(
        own,
        Why::SamePerson {
            person: "水利".parse().unwrap(),
            was: Deed::Handled
        }
    );
}

// 改类: a class that was wrong is put right with a reason, by the office and not by who handles it; a limit only gets shorter
// by it.
#[test]
fn a_wrong_class_is_put_right_and_no_limit_gets_longer() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let class = |class| Command::Reclassify {
        class,
        reason: "只问办理地点".into(),
    };
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-16 18:00"));
    let handler = board.refuses("m01", WANGGANG, "2026-03-02 10:00", class(Class::Question));
    assert!(matches!(handler, Why::Role { .. }), "{handler:?}");
    let same = board.refuses("m01", CAIHONG, "2026-03-02 10:00", class(Class::Problem));
    assert_eq!(
        same,
        Why::Already {
            what: Thing::Class(Class::Problem)
        }
    );
    board.does("m01", CAIHONG, "2026-03-02 10:00", class(Class::Question));
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-09 18:00"));
    board.does("m01", DUCHA, "2026-03-02 11:00", class(Class::Problem));
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-09 18:00"));
}

// 12345 当场答复: what the officer at the telephone answers at once is assigned to that officer, answered by them and reviewed by a
// second person minutes later; nobody passes their own words, however quick it is to be.
#[test]
fn a_hotline_question_answered_on_the_spot_has_a_second_pair_of_eyes() {
    let board = Board::new();
    let officer = ("话务员", "intake@632521 owner reviewer");
    let case = "h01";
    let call = of(TASHI, written("h01", "632521", "咨询", "12345"));
    board.does(case, officer, "2026-03-02 09:00", call);
    board.does(
        case,
        officer,
        "2026-03-02 09:01",
        screened(Class::Question, "政务", false),
    );
    board.does(
        case,
        officer,
        "2026-03-02 09:02",
        assign("12345 话务班", officer, &[]),
    );
    board.does(
        case,
        officer,
        "2026-03-02 09:03",
        reply("2026-03-02 09:03").into(),
    );
    let own = board.refuses(case, officer, "2026-03-02 09:04", pass());
    assert_eq!(
        own,
        Why::SamePerson {
            person: "话务员".parse().unwrap(),
            was: Deed::Handled
        }
    );
    board.does(
        case,
        ("值班长", "reviewer@632521"),
        "2026-03-02 09:05",
        pass(),
    );
    assert!(
        board
            .told(case)
            .iter()
            .any(|it| matches!(it, Telling::Answer { .. }))
    );
    board.does(case, TASHI, "2026-03-02 09:06", rate(Level::Satisfied));
    board.strikes(case, "2026-03-02 18:00", Outcome::Answered);
    assert_eq!(board.case(case).outcome(), Some(Outcome::Answered));
}
