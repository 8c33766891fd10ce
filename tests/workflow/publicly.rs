//! 网络问政、由群众评判: what the head of a unit owes the public, what everybody may read, and whose word counts.

use duly::duty::DutyWhy;
use duly::report::{Obligations, Period, PublicCase, PublicText, bulletin, obligations, public};
use duly::time::Moment;
use duly::words::*;

use crate::board::*;

const ZHANG: Who = ("张局长", "unit_head");
const LI: Who = ("李局长", "unit_head");

fn of_march(board: &Board) -> Period {
    Period::dates(
        "2026-03-01".parse().unwrap(),
        "2026-03-31".parse().unwrap(),
        board.plan.zone,
    )
}

fn owed(board: &Board, period: Period) -> Obligations {
    let id = "hainan".parse().unwrap();
    obligations(&id, &board.duty_records(), &board.plan, period).unwrap()
}

fn impose(unit: &str, due: Option<&str>) -> String {
    let due = due.map_or(String::new(), |due| format!(r#", "due": "{due}""#));
    format!(
        r#"{{"impose": {{"kind": "video", "topic": "城区冬季供暖", "place": "632521", "unit": "{unit}"{due}}}}}"#
    )
}

fn publish(channel: &str, link: &str) -> String {
    format!(r#"{{"fulfil": {{"channel": "{channel}", "link": "{link}"}}}}"#)
}

// 厅局长、县长网络视频: the head of a unit owes a video on a topic, by a day, in a channel of the pack, with the link to it.
// It is done when supervision says so, in time if it was published in time; who was late stands in the bulletin of obligations,
// by unit, and who was not does not.
#[test]
fn a23_the_head_of_a_unit_owes_a_video_and_who_is_late_stands_in_the_bulletin() {
    let board = Board::new();
    let (head, other) = (whose(ZHANG, HOUSING), whose(LI, WATER));
    let accept = r#"{"accept": {}}"#;
    let link = "https://www.hainanzhou.example/v/1";
    // Supervision or a leader imposes it, no later than the pack says and for no day that has passed.
    let own = board.owes_not(
        "v01",
        head.clone(),
        "2026-03-02 09:00",
        &impose(HOUSING, None),
    );
    assert!(matches!(own, DutyWhy::Role { .. }), "{own:?}");
    let past = impose(HOUSING, Some("2026-03-01"));
    let past = board.owes_not("v01", who(DUCHA), "2026-03-02 09:00", &past);
    assert!(matches!(past, DutyWhy::DuePast { .. }), "{past:?}");
    let beyond = impose(HOUSING, Some("2026-03-31"));
    let beyond = board.owes_not("v01", who(DUCHA), "2026-03-02 09:00", &beyond);
    assert!(matches!(beyond, DutyWhy::DueBeyond { .. }), "{beyond:?}");
    board.owes(
        "v01",
        who(DUCHA),
        "2026-03-02 09:00",
        &impose(HOUSING, None),
    );
    board.owes(
        "v02",
        who(LEADER),
        "2026-03-02 09:00",
        &impose(WATER, Some("2026-03-20")),
    );
    // Twenty working days; or to the end of the day that was named.
    assert_eq!(board.duty("v01").due(), at("2026-03-30 18:00"));
    assert_eq!(board.duty("v02").due(), at("2026-03-21 00:00"));
    let topic = board.duty("v01").topic().clone();
    let words = board.desk.duty_text(&"v01".parse().unwrap(), &topic);
    assert_eq!(words.unwrap().unwrap().as_str(), "城区冬季供暖");

    // Only whoever owes it, only where the pack says, only with a link.
    let site = publish("州政府网站", link);
    for stranger in [other.clone(), whose(WANGGANG, HOUSING), who(DUCHA)] {
        let why = board.owes_not("v01", stranger, "2026-03-20 10:00", &site);
        assert!(matches!(why, DutyWhy::NotTheirs { .. }), "{why:?}");
    }
    let elsewhere = publish("抖音", link);
    let elsewhere = board.owes_not("v01", head.clone(), "2026-03-20 10:00", &elsewhere);
    assert!(
        matches!(elsewhere, DutyWhy::Channel { .. }),
        "{elsewhere:?}"
    );
    let nowhere = publish("州政府网站", " ");
    let nowhere = board.owes_not("v01", head.clone(), "2026-03-20 10:00", &nowhere);
    assert_eq!(nowhere, DutyWhy::Link);
    let early = board.owes_not("v01", who(DUCHA), "2026-03-20 10:00", accept);
    assert_eq!(early, DutyWhy::Stage, "there is nothing to accept yet");
    board.owes("v01", head.clone(), "2026-03-25 10:00", &site);

    // The other lets its day pass: it is late at midnight, and its unit is named when nobody moves for five days more.
    board.sleeps_until("2026-03-31 23:00");
    let rungs: Vec<(Moment, Verb)> = board
        .duty_rungs("v02")
        .into_iter()
        .map(|(at, verb, _)| (at, verb))
        .collect();
    assert!(rungs.iter().any(|it| it.1 == Verb::Warn), "{rungs:?}");
    assert!(board.duty("v02").breached_at() > Some(at("2026-03-20 23:59")));

    // Nobody says of their own work that it is good. What waited for supervision was in time all the same.
    let both = Actor {
        roles: vec![Role::UnitHead.into(), Role::Supervisor.into()],
        ..head.clone()
    };
    let same = board.owes_not("v01", both, "2026-04-07 10:00", accept);
    assert!(matches!(same, DutyWhy::SamePerson { .. }), "{same:?}");
    board.owes("v01", who(DUCHA), "2026-04-07 10:00", accept);
    assert!(board.duty("v01").verdict().unwrap().is_on_time());
    board.owes(
        "v02",
        other,
        "2026-04-08 10:00",
        &publish("领导留言板", link),
    );
    board.owes("v02", who(DUCHA), "2026-04-08 15:00", accept);
    assert!(!board.duty("v02").verdict().unwrap().is_on_time());

    let march = owed(&board, of_march(&board));
    let video = |of: &Obligations| {
        let mut all = of.figures.iter();
        let it = *all.find(|it| it.kind == DutyKind::Video).as_ref().unwrap();
        (it.imposed, it.on_time, it.late, it.overdue)
    };
    assert_eq!(
        video(&march),
        (2, 0, 0, 1),
        "not accepted, nobody is on time"
    );
    let late: Vec<(&str, &str)> = march
        .late
        .iter()
        .map(|it| (it.duty.as_str(), it.owed.unit.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(late, [("v02", WATER)]);
    let april = Period::new(of_march(&board).until, at("2026-04-30 23:59"));
    let april = owed(&board, april);
    assert_eq!(video(&april), (0, 1, 1, 0));
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        march.table(Lang::Zh),
        march.by_name(Lang::Zh),
        april.by_name(Lang::Zh)
    ));
}

/// What everybody may read of a case, as of a moment.
fn shown(board: &Board, case: &str, until: &str) -> PublicCase {
    let texts = |case: &CaseId, text: &TextRef| board.desk.text(case, text).unwrap();
    let view = public(&board.report(until), &board.plan, &texts);
    let mut cases = view.cases.into_iter();
    cases.find(|it| it.case.as_str() == case).unwrap()
}

// 网络问政: everybody may read what the board answers, and only once it was reviewed; who wrote, how to reach them and which officer
// had it is nobody's to read, at any time; nor is a word that nobody has cleared.
#[test]
fn a24_everybody_reads_the_reviewed_answer_and_nobodys_name() {
    let board = Board::new();
    let note = |text: &str| Command::Note { text: text.into() };
    let answer_at = |until: &str| {
        shown(&board, "m01", until).answer.map(|it| {
            let texts = it.matters.into_iter().map(|it| it.text);
            (it.published.to_string(), texts.collect::<Vec<_>>())
        })
    };
    board.assigned("m01", "2026-03-02");
    board.does("m01", WANGGANG, "2026-03-02 10:00", note("网民住三号楼"));
    let update = Command::Update {
        text: "已经订货,电话卓玛告知".into(),
    };
    board.does("m01", WANGGANG, "2026-03-02 11:00", update);
    board.replies("m01", "2026-03-03 09:00");
    board.does(
        "m01",
        SUHUA,
        "2026-03-03 15:00",
        send_back("处理不到位", "苏华看过:灯不亮"),
    );
    board.replies("m01", "2026-03-04 09:00");
    board.passes("m01", "2026-03-05 09:00");
    board.calls("m01", "2026-03-06 09:00", Level::Unsatisfied);
    let done = Reply {
        answers: vec![answer(1, "灯具全部更换", Mark::A)],
        ..reply("2026-03-09 09:00")
    };
    board.does("m01", WANGGANG, "2026-03-09 10:00", done.into());
    board.passes("m01", "2026-03-10 09:00");
    let said = Command::Rate {
        rating: Rating::Given {
            level: Level::Satisfied,
            scores: None,
        },
        said: Some("谢谢王刚".into()),
    };
    board.does("m01", ZHUOMA, "2026-03-10 15:00", said);

    // Replied is not published; what was sent back, by a reviewer or by the citizen, is not published any more.
    let words = |text: &str| vec![PublicText::Text(text.to_owned())];
    assert_eq!(answer_at("2026-03-03 10:00"), None);
    assert_eq!(answer_at("2026-03-04 10:00"), None);
    let first = ("2026-03-05".to_owned(), words("路灯已经修好"));
    assert_eq!(answer_at("2026-03-05 09:00"), Some(first));
    assert_eq!(answer_at("2026-03-06 09:00"), None);
    assert_eq!(answer_at("2026-03-09 10:00"), None);
    let second = ("2026-03-10".to_owned(), words("灯具全部更换"));
    assert_eq!(answer_at("2026-03-10 09:00"), Some(second));

    // At no moment a name, a number, or a word that was not reviewed.
    let private = [
        "卓玛",
        "13912345678",
        "王刚",
        "彩虹",
        "苏华",
        "村道路灯坏了三个月",
        "三号楼",
        "订货",
        "灯不亮",
        "谢谢",
    ];
    let mut view = String::new();
    for record in board.history("m01") {
        let until = record.at.local(board.plan.zone);
        let until = until.format("%Y-%m-%d %H:%M").to_string();
        let read = serde_json::to_string(&shown(&board, "m01", &until)).unwrap();
        for word in private {
            assert!(!read.contains(word), "{until}: `{word}` in {read}");
        }
        view = read;
    }
    // What is there to read: where, what, how far, what came of it, what the citizen thinks of it.
    for word in ["632521", "共和县", HOUSING, "灯具全部更换", "satisfied"] {
        assert!(view.contains(word), "`{word}` is not in {view}");
    }
    // A withdrawn message leaves nothing of its answer behind, and opinion has no page.
    board.reviewed("m02", "2026-03-02");
    let withdraw = Command::Withdraw {
        evidence: "不用了".into(),
    };
    board.does("m02", ZHUOMA, "2026-03-04 09:00", withdraw);
    assert!(shown(&board, "m02", "2026-03-03 09:00").answer.is_some());
    assert!(shown(&board, "m02", "2026-03-04 09:00").answer.is_none());
    board.does(
        "o01",
        SYSTEM,
        "2026-03-05 09:00",
        opinion("o01", "632521", 5),
    );
    let all = public(&board.report("2026-03-31 09:00"), &board.plan, &|_, _| None);
    let ids: Vec<&str> = all.cases.iter().map(|it| it.case.as_str()).collect();
    assert_eq!(ids, ["m01", "m02"]);
}

// 由群众评判: how well it was done is for its citizen to say, by grade and by score, and what they say is counted for the unit and shown
// to everybody; nobody else's word is, nor is silence or what a site enters by itself.
#[test]
fn a25_the_citizens_own_rating_counts_and_nobody_elses() {
    let board = Board::new();
    let with = |level, scores: Option<(u8, u8, u8)>| Command::Rate {
        rating: Rating::Given {
            level,
            scores: scores.map(|(solved, attitude, speed)| Scores {
                solved,
                attitude,
                speed,
            }),
        },
        said: None,
    };
    let good = with(Level::VerySatisfied, Some((5, 4, 3)));
    for case in ["m01", "m02", "m03", "m04", "m05"] {
        board.reviewed(case, "2026-03-02");
    }
    // The one who wrote, and nobody for them.
    for other in [
        TASHI, WANGGANG, CAIHONG, SUHUA, DUCHA, LEADER, SYSTEM, ZHANG,
    ] {
        let why = board.refuses("m01", other, "2026-03-03 09:00", good.clone());
        let no = matches!(why, Why::Role { .. } | Why::NotThePerson { .. });
        assert!(no, "{other:?}: {why:?}");
    }
    board.does("m01", ZHUOMA, "2026-03-03 10:00", good);
    board.does(
        "m02",
        ZHUOMA,
        "2026-03-03 10:00",
        with(Level::MostlySatisfied, Some((3, 5, 4))),
    );
    // By telephone: the officer writes down what the citizen said.
    board.calls("m03", "2026-03-03 10:00", Level::Unsatisfied);
    // Silent; and a site's own "good".
    board.does("m04", CAIHONG, "2026-03-03 10:00", reached(None));
    board.does("m05", CAIHONG, "2026-03-03 10:00", reached(None));
    let by_itself = Command::Rate {
        rating: Rating::AutoByTimeout,
        said: None,
    };
    board.does("m05", SYSTEM, "2026-03-10 10:00", by_itself);
    board.sleeps_until("2026-03-31 23:59");

    let made = bulletin(
        &board.report("2026-03-31 23:59"),
        &board.plan,
        of_march(&board),
    );
    let mut units = made.units.iter();
    let housing = units.find(|it| it.unit.as_ref().is_some_and(|it| it.as_str() == HOUSING));
    let figures = housing.unwrap().figures;
    assert_eq!((figures.satisfied, figures.unsatisfied), (2, 1));
    assert_eq!((figures.not_rated, figures.auto_rated), (1, 1));
    assert_eq!(figures.satisfied_rate().to_string(), "66.7%");
    assert_eq!(figures.heard_rate().to_string(), "60.0%");
    let scores = figures.scores;
    assert_eq!(
        (scores.given, scores.solved, scores.attitude, scores.speed),
        (2, 8, 9, 7)
    );
    let rating = |case: &str| shown(&board, case, "2026-03-31 23:59").rating;
    let level = |case: &str| match rating(case) {
        Some(Rating::Given { level, .. }) => Some(level),
        _ => None,
    };
    assert_eq!(level("m01"), Some(Level::VerySatisfied));
    assert_eq!(level("m02"), Some(Level::MostlySatisfied));
    assert_eq!(rating("m04"), Some(Rating::NotGiven));
    assert_eq!(rating("m05"), Some(Rating::AutoByTimeout));
    // Whose word it is that sends it back: the unsatisfied one's, and no other's.
    let stages = ["m01", "m02", "m03", "m04"].map(|case| board.stage(case));
    assert_eq!(stages[2], StageName::Returned);
    assert!(
        [0, 1, 3]
            .iter()
            .all(|at| stages[*at] == StageName::Reviewed)
    );
}
