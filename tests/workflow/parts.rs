//! 三步走、分办、一件事、跨省通办: what is more than one case. The main case alone answers its citizen; each part is a case in its own place, with its
//! own people and clock.

use duly::report::{Period, insight};
use duly::time::Span;
use duly::words::*;

use crate::board::*;

/// 兴海县留言受理岗.
pub const XINGHAI: Who = ("兴海受理", "intake@632524");
pub const XINGHAI_OWNER: Who = ("才让", "owner");
pub const XINGHAI_UNIT: &str = "兴海县住建局";
/// Whoever rechecks, and has had no other part in anything.
const CHECKER: Who = ("复核人", "reviewer");

pub fn part(key: &str) -> NewSub {
    NewSub {
        key: key.parse().unwrap(),
        task: Some(format!("查明并解决:{key}").as_str().into()),
        cites: None,
        place: None,
        party: None,
        after: vec![],
        within: None,
        optional: false,
        facts: Facts::new(),
    }
}

pub fn divide(subs: Vec<NewSub>) -> Command {
    Command::Divide { bundle: None, subs }
}

/// A part is taken in hand where it lies.
#[track_caller]
pub fn taken(board: &Board, case: &str, day: &str, intake: Who, unit: &str, owner: Who) {
    board.does(
        case,
        intake,
        &format!("{day} 09:10"),
        screen(Class::Problem),
    );
    board.does(
        case,
        intake,
        &format!("{day} 09:20"),
        assign(unit, owner, &[]),
    );
}

/// It is answered, passed, rechecked and struck off on one day.
#[track_caller]
pub fn settled(board: &Board, case: &str, day: &str, owner: Who) {
    let at = |time: &str| format!("{day} {time}");
    board.does(case, owner, &at("10:00"), reply(&at("09:30")).into());
    board.does(case, SUHUA, &at("11:00"), pass());
    board.does(case, CHECKER, &at("15:00"), recheck());
    board.does(case, DUCHA, &at("16:00"), strike_off(Outcome::Solved));
}

// 民意分析: what was divided is one message still, with its own heat, however many parts it has.
#[test]
fn a_part_is_no_message_of_its_own() {
    let board = Board::new();
    let hot = opinion("DY-1", "6325", 120);
    board.does("p01", SYSTEM, "2026-03-02 09:00", hot);
    let screened = screen(Class::Problem);
    board.does("p01", PREFECTURE, "2026-03-02 09:10", screened);
    let given = assign("州住建局", MADENG, &[]);
    board.does("p01", PREFECTURE, "2026-03-02 09:20", given);
    let list = ["632521", "632524"].map(|place| NewSub {
        place: Some(place.parse().unwrap()),
        ..part(place)
    });
    board.does("p01", MADENG, "2026-03-03 10:00", divide(list.to_vec()));
    assert_eq!(board.case("p01.632521").origin(), Origin::Part);
    let month = |first: &str, last: &str| {
        let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
        Period::dates(first, last, board.plan.zone)
    };
    let (march, february) = (
        month("2026-03-01", "2026-03-31"),
        month("2026-02-01", "2026-02-28"),
    );
    let seen = board.report("2026-03-31 12:00");
    let found = insight(&seen, &board.plan, march, february);
    assert_eq!(found.received, 1);
    for aspect in &found.aspects {
        let heat: i64 = aspect.topics.iter().map(|it| it.weight["heat"]).sum();
        assert_eq!(heat, 120, "{:?}", aspect.aspect);
    }
}

// 调研、督查、落实三步走: a survey comes in as a matter of the office's own, without a citizen; what it found is its list of problems, of which each says what
// it rests on and becomes a case in its county; the programme is not answered, nor struck off, while one of them is not.
#[test]
fn b01_b02_b03_b04_a_programme_is_done_only_when_every_item_is_struck_off() {
    let board = Board::new();
    board.does(
        "p01",
        SYSTEM,
        "2026-03-02 09:00",
        opinion("DY-1", "6325", 0),
    );
    board.does(
        "p01",
        PREFECTURE,
        "2026-03-02 09:10",
        screen(Class::Problem),
    );
    board.does(
        "p01",
        PREFECTURE,
        "2026-03-02 09:20",
        assign("州住建局", MADENG, &[]),
    );
    // 问题清单: found where, and on what it rests.
    let item = |key: &str, place: &str, rests: &str| NewSub {
        place: Some(place.parse().unwrap()),
        cites: Some(rests.into()),
        ..part(key)
    };
    let list = vec![
        item("共和照明", "632521", "调研记录第三条"),
        item("兴海供水", "632524", "调研记录第七条"),
    ];
    board.does("p01", MADENG, "2026-03-03 10:00", divide(list));
    let rests: Vec<bool> = board
        .case("p01")
        .subs()
        .values()
        .map(|sub| sub.plan.cites.is_some())
        .collect();
    assert_eq!(rests, [true, true]);
    for (case, place) in [("p01.共和照明", "632521"), ("p01.兴海供水", "632524")] {
        let item = board.case(case);
        assert_eq!(
            (item.place().as_str(), item.origin()),
            (place, Origin::Part)
        );
        assert_eq!(item.main().unwrap().case, id("p01"));
        // The message of the programme was told to nobody; neither is that of an item.
        assert!(board.told(case).is_empty());
    }
    taken(
        &board,
        "p01.共和照明",
        "2026-03-04",
        CAIHONG,
        HOUSING,
        WANGGANG,
    );
    settled(&board, "p01.共和照明", "2026-03-05", WANGGANG);
    let open =
        |why: Why| matches!(why, Why::PartsOpen { subs } if subs == ["兴海供水".parse().unwrap()]);
    let early = board.refuses(
        "p01",
        MADENG,
        "2026-03-06 09:00",
        reply("2026-03-06 08:30").into(),
    );
    assert!(open(early));
    taken(
        &board,
        "p01.兴海供水",
        "2026-03-05",
        XINGHAI,
        XINGHAI_UNIT,
        XINGHAI_OWNER,
    );
    settled(&board, "p01.兴海供水", "2026-03-09", XINGHAI_OWNER);
    board.does(
        "p01",
        MADENG,
        "2026-03-09 17:00",
        reply("2026-03-09 16:30").into(),
    );
    board.does("p01", SUHUA, "2026-03-10 09:00", pass());
    // One of them is open again while it stands reviewed: what was answered was not so, and it is answered again.
    let again = Command::Reopen {
        ground: "新的事实".into(),
        reason: "水又停了".into(),
    };
    let item = "p01.兴海供水";
    board.does(item, XINGHAI, "2026-03-10 10:00", again.clone());
    assert_eq!(board.stage("p01"), StageName::Returned);
    let early = board.refuses(
        "p01",
        MADENG,
        "2026-03-10 11:00",
        reply("2026-03-10 10:30").into(),
    );
    assert!(open(early));
    settled(&board, item, "2026-03-11", XINGHAI_OWNER);
    board.does(
        "p01",
        MADENG,
        "2026-03-11 17:00",
        reply("2026-03-11 16:30").into(),
    );
    // Whoever did an item judges no part of the programme, and whoever has the programme judges no item.
    let own = board.refuses(
        "p01",
        (XINGHAI_OWNER.0, "reviewer"),
        "2026-03-12 08:30",
        pass(),
    );
    assert!(matches!(own, Why::SamePerson { .. }), "{own:?}");
    board.does("p01", SUHUA, "2026-03-12 09:00", pass());
    board.does("p01", CHECKER, "2026-03-12 10:00", recheck());
    board.does(
        "p01",
        DUCHA,
        "2026-03-12 11:00",
        strike_off(Outcome::Solved),
    );
    // And when it is open again after that, the programme is as well: nothing stays struck off that is not solved.
    board.does("p01.兴海供水", XINGHAI, "2026-03-13 10:00", again);
    assert_eq!(board.stage("p01"), StageName::Returned);
}

// 主办负责答复: only the lead answers the citizen, and not while a part that the answer needs is open. The part's own citizen is nobody: nothing is told outside.
#[test]
fn b11_only_the_lead_answers_and_not_while_a_part_is_open() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let maybe = NewSub {
        optional: true,
        ..part("可缺")
    };
    board.does(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![part("查勘"), maybe]),
    );
    let refused = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-02 11:00",
        reply("2026-03-02 10:30").into(),
    );
    assert_eq!(
        refused,
        Why::PartsOpen {
            subs: vec!["查勘".parse().unwrap()]
        }
    );
    taken(&board, "m01.查勘", "2026-03-03", CAIHONG, WATER, MADENG);
    settled(&board, "m01.查勘", "2026-03-04", MADENG);
    assert!(board.told("m01.查勘").is_empty());
    // The lead has its answer in the file, in words of its own.
    let heard = board
        .history("m01")
        .into_iter()
        .filter_map(|record| match record.event {
            Event::SubHeard {
                news: News::Answer { texts },
                ..
            } => Some(texts),
            _ => None,
        });
    let texts: Vec<TextRef> = heard.flatten().collect();
    let words = board.desk.text(&id("m01"), &texts[0]).unwrap();
    assert_eq!(words.unwrap().as_str(), "路灯已经修好");
    board.does(
        "m01",
        WANGGANG,
        "2026-03-05 10:00",
        reply("2026-03-05 09:30").into(),
    );
    // Neither may be merged away: the part has a case that waits for it, the lead has a part.
    board.opens("m02", "2026-03-05 10:00");
    let merge = Command::Merge { into: id("m02") };
    let part_of = board.refuses("m01.可缺", CAIHONG, "2026-03-05 11:00", merge);
    assert_eq!(
        part_of,
        Why::NotAlone {
            main: Some(id("m01"))
        }
    );
}

// 跨省通办: an office of another jurisdiction is a party. It is asked, by name and with the day; it works by its own rules; a unit of this board keeps its part and
// passes on what it said. A place of the board itself is no party.
#[test]
fn b12_a_foreign_jurisdiction_is_a_party() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let asked = |place: &str| NewSub {
        party: Some(Party {
            place: place.parse().unwrap(),
            unit: "夏河县民政局".parse().unwrap(),
        }),
        ..part("核实户籍")
    };
    let ours = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![asked("632524")]),
    );
    assert_eq!(
        ours,
        Why::NotOffered {
            what: Thing::OwnParty
        }
    );
    board.does(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![asked("623027")]),
    );
    let outbox = board.outbox("m01.核实户籍").into_iter();
    let notices: Vec<_> = outbox
        .filter_map(|out| match out.effect {
            Effect::Notify { to, what } => Some((
                to.place.to_string(),
                to.unit.map(|unit| unit.to_string()),
                what,
            )),
            _ => None,
        })
        .collect();
    let due = board.case("m01.核实户籍").main().unwrap().due;
    assert_eq!(
        notices,
        [(
            "623027".into(),
            Some("夏河县民政局".into()),
            Notice::PartAsked { due }
        )]
    );
    // The unit here that keeps it says what the party said.
    taken(
        &board,
        "m01.核实户籍",
        "2026-03-03",
        CAIHONG,
        "共和县民政局",
        MADENG,
    );
    settled(&board, "m01.核实户籍", "2026-03-09", MADENG);
    assert!(board.case("m01").subs_wanting().is_empty());
}

// 不得下放: work is not pushed below its lawful level. The pack says which level that is; what lies lower is refused, with the level that would do.
#[test]
fn b13_work_is_not_pushed_below_its_lawful_level() {
    let board = Board::saying(
        "divide().slack(2.working_days).lowest(\"county\").ours(\"乡镇没有执法权\");\nplace(\"632521100\", \"恰卜恰镇\", \"恰卜恰镇受理岗\");",
    );
    board.assigned("m01", "2026-03-02");
    let at_place = |place: &str| NewSub {
        place: Some(place.parse().unwrap()),
        ..part("执法")
    };
    let below = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![at_place("632521100")]),
    );
    assert_eq!(
        below,
        Why::BelowLevel {
            place: "632521100".parse().unwrap(),
            lowest: PlaceLevel::County
        }
    );
    board.does(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![at_place("632521")]),
    );
    // Two working days are kept here.
    assert_eq!(
        board.case("m01.执法").main().unwrap().due,
        Some(at("2026-03-12 18:00"))
    );
}

pub const NEWBORN: &str = r#"
bundle("newborn", "新生儿出生一件事")
    .part("birth", "出生医学证明", 2.working_days)
    .part("household", "户口登记", 3.working_days).after("birth")
    .part("insurance", "医保参保", 1.working_days).after("household")
    .part("vaccine", "预防接种建证", 1.working_days).after("birth")
    .ours("按本地各窗口办理时间自定");
"#;

// “一件事”: one form, and parts that wait for one another. The longest way through them, with the time for putting results together, says when the whole is
// due: never later than its own limit. It can be answered when every part is settled, and not before; what takes too long for the limit is
// refused with the way that does.
#[test]
fn b14_a_bundle_is_due_by_its_longest_way_and_ends_with_its_parts() {
    let board = Board::saying(NEWBORN);
    board.assigned("m01", "2026-03-02");
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-16 18:00"));
    let one = Command::Divide {
        bundle: Some("newborn".into()),
        subs: vec![],
    };
    board.does("m01", CAIHONG, "2026-03-02 10:00", one.clone());
    // 2 + 3 + 1 working days by way of the household register, and one to put together: the eleventh.
    assert_eq!(board.due("m01", ClockKind::Reply), at("2026-03-11 18:00"));
    let standing = |key: &str| {
        board
            .desk
            .case(&id(&format!("m01.{key}")))
            .unwrap()
            .is_some()
    };
    let begun = || ["birth", "household", "insurance", "vaccine"].map(standing);
    assert_eq!(begun(), [true, false, false, false]);
    let done = |key: &str, day: &str| {
        let case = format!("m01.{key}");
        taken(&board, &case, day, CAIHONG, HOUSING, MADENG);
        settled(&board, &case, day, MADENG);
    };
    done("birth", "2026-03-03");
    assert_eq!(begun(), [true, true, false, true]);
    let open = board.refuses(
        "m01",
        WANGGANG,
        "2026-03-03 17:00",
        reply("2026-03-03 16:00").into(),
    );
    assert!(matches!(open, Why::PartsOpen { subs } if subs.len() == 3));
    done("vaccine", "2026-03-04");
    done("household", "2026-03-05");
    done("insurance", "2026-03-06");
    assert!(board.case("m01").subs_wanting().is_empty());
    board.does(
        "m01",
        WANGGANG,
        "2026-03-06 17:00",
        reply("2026-03-06 16:30").into(),
    );
    board.passes("m01", "2026-03-09 09:00");
    board.calls("m01", "2026-03-09 10:00", Level::VerySatisfied);
    board.strikes("m01", "2026-03-09 11:00", Outcome::Solved);
    // Directed to be done in three days, there is no time for it.
    board.assigned("m02", "2026-03-02");
    let soon = Command::Direct {
        words: "三日内办结".into(),
        within: Some(Span::WorkingDays(3)),
        track: false,
        lead: None,
    };
    board.does("m02", LEADER, "2026-03-02 10:00", soon);
    let long = board.refuses("m02", CAIHONG, "2026-03-02 11:00", one);
    let Why::PartsTooLong { way, needed, .. } = long else {
        panic!("{long:?}");
    };
    let way: Vec<String> = way.iter().map(ToString::to_string).collect();
    assert_eq!(way, ["birth", "household"]);
    assert_eq!(needed, at("2026-03-04 18:00"));
}

/// A part in 兴海, and who has it there since the morning of a day.
#[track_caller]
pub fn parted(board: &Board, day: &str) {
    board.assigned("m01", "2026-03-02");
    let other = NewSub {
        place: Some("632524".parse().unwrap()),
        ..part("兴海")
    };
    board.does("m01", WANGGANG, "2026-03-02 10:00", divide(vec![other]));
    taken(board, "m01.兴海", day, XINGHAI, XINGHAI_UNIT, XINGHAI_OWNER);
}

// Whoever did a part has no word on the answer that rests on it, however often that is sent back; and whoever has the main case none on the part.
#[test]
fn whoever_did_a_part_passes_no_answer_that_rests_on_it() {
    const OF_PART: Who = ("才让", "owner reviewer");
    let (main, sub) = ("m01", "m01.兴海");
    let board = Board::new();
    parted(&board, "2026-03-04");
    let given = |when: &str| Command::from(reply(when));
    board.does(
        sub,
        XINGHAI_OWNER,
        "2026-03-04 10:00",
        given("2026-03-04 09:30"),
    );
    board.does(
        sub,
        SUHUA,
        "2026-03-04 11:00",
        send_back("调查不清楚", "写明何时修好"),
    );
    board.does(
        sub,
        XINGHAI_OWNER,
        "2026-03-05 10:00",
        given("2026-03-05 09:30"),
    );
    let is_handler = |why: Why| assert!(matches!(why, Why::SamePerson { .. }), "{why:?}");
    let main_owner = ("王刚", "owner reviewer");
    is_handler(board.refuses(sub, main_owner, "2026-03-05 11:00", pass()));
    board.does(sub, SUHUA, "2026-03-05 11:00", pass());
    board.does(sub, CHECKER, "2026-03-05 15:00", recheck());
    board.does(sub, DUCHA, "2026-03-05 16:00", strike_off(Outcome::Solved));
    board.does(
        main,
        WANGGANG,
        "2026-03-06 10:00",
        given("2026-03-06 09:30"),
    );
    is_handler(board.refuses(main, OF_PART, "2026-03-06 11:00", pass()));
    board.does(
        main,
        SUHUA,
        "2026-03-06 11:00",
        send_back("调查不清楚", "写明何时修好"),
    );
    board.does(
        main,
        WANGGANG,
        "2026-03-09 10:00",
        given("2026-03-09 09:30"),
    );
    is_handler(board.refuses(main, OF_PART, "2026-03-09 11:00", pass()));
    board.does(main, SUHUA, "2026-03-09 11:00", pass());
}

// Only the main case reaches the citizen: what a part has to ask comes to whoever has that case, with the words, and the part's intake records the answer.
#[test]
fn what_a_part_has_to_ask_comes_to_whoever_answers() {
    let sub = "m01.查勘";
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.does(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![part("查勘")]),
    );
    let question = "哪一盏路灯".into();
    board.does(
        sub,
        CAIHONG,
        "2026-03-03 09:00",
        Command::AskCitizen { question },
    );
    assert!(board.told(sub).is_empty());
    let asked = board
        .outbox("m01")
        .into_iter()
        .find_map(|out| match out.effect {
            Effect::Notify {
                to,
                what: Notice::PartQuestion { sub, text },
            } => Some((to.person, sub, text)),
            _ => None,
        });
    let (to, of, text) = asked.expect("whoever answers has the question");
    assert_eq!((to, of), (Some(WANGGANG.0.parse().unwrap()), id(sub)));
    let words = board.desk.text(&id("m01"), &text).unwrap();
    assert_eq!(words.unwrap().as_str(), "哪一盏路灯");
    let answer = "村口那盏".into();
    board.does(
        sub,
        CAIHONG,
        "2026-03-04 09:00",
        Command::Supplement { answer },
    );
    board.does(sub, CAIHONG, "2026-03-04 09:10", screen(Class::Problem));
    board.desk.verify().unwrap();
}

// Supervision drops a part of a case that is struck off, so that nobody works in vain: nothing that waited for it begins by that, until the case is opened again.
#[test]
fn dropping_a_part_of_a_case_that_is_struck_off_begins_nothing() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let first = NewSub {
        within: Some(Span::WorkingDays(3)),
        optional: true,
        ..part("甲")
    };
    let second = NewSub {
        after: vec!["甲".parse().unwrap()],
        optional: true,
        ..part("乙")
    };
    board.does(
        "m01",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![first, second]),
    );
    board.replies("m01", "2026-03-02 15:00");
    board.passes("m01", "2026-03-02 16:00");
    board.calls("m01", "2026-03-03 09:00", Level::VerySatisfied);
    board.strikes("m01", "2026-03-03 10:00", Outcome::Solved);
    let drop = Command::DropSub {
        sub: "甲".parse().unwrap(),
        reason: "主件已销账".into(),
    };
    board.does("m01", DUCHA, "2026-03-03 11:00", drop);
    assert!(board.desk.case(&id("m01.乙")).unwrap().is_none());
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: "又坏了".into(),
    };
    board.does("m01", ZHUOMA, "2026-03-04 09:00", reopen);
    assert!(board.desk.case(&id("m01.乙")).unwrap().is_some());
}

/// To which roles a question of a part went, of those who have that case.
fn asked_of(board: &Board, case: &str) -> Vec<Option<Role>> {
    let out = board.outbox(case).into_iter();
    out.filter_map(|out| match out.effect {
        Effect::Notify {
            to,
            what: Notice::PartQuestion { .. },
        } => Some(to.role),
        _ => None,
    })
    .collect()
}

// Nobody has a case that is struck off: what a part of it still has to ask comes to intake and supervision. Of a part of a part, it goes on to the case that
// has the citizen.
#[test]
fn what_a_part_has_to_ask_reaches_whoever_can_ask_it() {
    let ask = |question: &str| Command::AskCitizen {
        question: question.into(),
    };
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    let maybe = NewSub {
        optional: true,
        ..part("可缺")
    };
    board.does("m01", WANGGANG, "2026-03-02 10:00", divide(vec![maybe]));
    board.replies("m01", "2026-03-02 15:00");
    board.passes("m01", "2026-03-02 16:00");
    board.calls("m01", "2026-03-03 09:00", Level::VerySatisfied);
    board.strikes("m01", "2026-03-03 10:00", Outcome::Solved);
    board.does("m01.可缺", CAIHONG, "2026-03-03 11:00", ask("哪一盏"));
    assert_eq!(
        asked_of(&board, "m01"),
        [Some(Role::Intake), Some(Role::Supervisor)]
    );

    board.assigned("m02", "2026-03-02");
    board.does(
        "m02",
        WANGGANG,
        "2026-03-02 10:00",
        divide(vec![part("查勘")]),
    );
    taken(&board, "m02.查勘", "2026-03-03", CAIHONG, WATER, MADENG);
    board.does(
        "m02.查勘",
        MADENG,
        "2026-03-03 10:00",
        divide(vec![part("开挖")]),
    );
    board.does("m02.查勘.开挖", CAIHONG, "2026-03-03 11:00", ask("哪一盏"));
    assert_eq!(asked_of(&board, "m02.查勘"), []);
    assert_eq!(asked_of(&board, "m02"), [Some(Role::Owner)]);
    let named = board.outbox("m02").into_iter().any(|out| {
        let of = id("m02.查勘.开挖");
        matches!(out.effect, Effect::Notify { what: Notice::PartQuestion { sub, .. }, .. } if sub == of)
    });
    assert!(named);
    board.desk.verify().unwrap();
}
