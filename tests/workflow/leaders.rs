//! 每天关注、民意分析: what leaders read, and whether they have.

use std::collections::BTreeSet;

use duly::duty::DutyWhy;
use duly::report::{Aspect, Insight, Period, insight, obligations};
use duly::words::*;

use crate::board::*;

fn month(board: &Board, first: &str, last: &str) -> Period {
    Period::dates(
        first.parse().unwrap(),
        last.parse().unwrap(),
        board.plan.zone,
    )
}

/// A month of messages from four counties, over three channels: of lamps, roads and schools, and one that nobody has screened.
fn spring(board: &Board) {
    let writes = |case: &str, when: &str, place: &str, kind: &str, channel: &str| {
        let written = written(case, place, kind, channel);
        board.does(case, SYSTEM, when, of(ZHUOMA, written));
    };
    let sorts = |case: &str, when: &str, class: Class, field: &str| {
        board.does(case, PREFECTURE, when, screened(class, field, false));
    };
    // The last second of February is February's, the first of March is March's.
    writes("m01", "2026-02-27 09:00", "632521", "投诉", "领导留言板");
    sorts("m01", "2026-02-27 10:00", Class::Problem, "城建");
    writes("m02", "2026-02-28 23:59", "632523", "咨询", "12345");
    writes("m03", "2026-03-01 00:00", "632521", "投诉", "领导留言板");
    sorts("m02", "2026-03-02 09:00", Class::Question, "教育");
    sorts("m03", "2026-03-02 09:00", Class::Problem, "城建");
    writes("m04", "2026-03-05 09:00", "632521", "求助", "12345");
    sorts("m04", "2026-03-05 10:00", Class::Problem, "城建");
    writes("m05", "2026-03-10 09:00", "632524", "投诉", "县留言板");
    sorts("m05", "2026-03-10 10:00", Class::Problem, "交通");
    board.does(
        "o06",
        SYSTEM,
        "2026-03-11 09:00",
        opinion("o06", "632525", 120),
    );
    sorts("o06", "2026-03-11 10:00", Class::Problem, "交通");
    writes("m07", "2026-03-31 23:59", "632521", "建言", "领导留言板");
    // What was merged into another was written all the same.
    let into = id("m03");
    board.does(
        "m04",
        PREFECTURE,
        "2026-03-12 09:00",
        Command::Merge { into },
    );
    board.does("m03", SYSTEM, "2026-03-12 10:00", set("heat", 30));
    writes("m08", "2026-04-01 00:00", "632521", "投诉", "领导留言板");
    board.does("m03", SYSTEM, "2026-04-02 10:00", set("heat", 900));
}

/// Each topic of an aspect with its cases, and how many there were before.
fn topics(found: &Insight, aspect: Aspect) -> Vec<(String, Vec<&str>, u64)> {
    let topics = &found.of(&aspect).unwrap().topics;
    topics
        .iter()
        .map(|it| {
            let cases = it.cases.iter().map(CaseId::as_str).collect();
            (it.is.clone().unwrap_or_default(), cases, it.before)
        })
        .collect()
}

// 网络民意与党委政府决策良性互动: what people wrote about in a month, by field, place and kind, with the cases by id and beside the month
// before. In every aspect each message of the ledger is there once and no other is; what comes later changes nothing.
#[test]
fn a01_what_people_wrote_about_sums_to_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let boards = [
        Board::new(),
        Board::in_file(&folder.path().join("board.db")),
    ];
    let made = boards.each_ref().map(|board| {
        spring(board);
        let march = month(board, "2026-03-01", "2026-03-31");
        let february = month(board, "2026-02-01", "2026-02-28");
        let seen = board.report("2026-04-30 09:00");
        let found = insight(&seen, &board.plan, march, february);
        // From the ledger, without the report: who wrote in March.
        let opened = board.records().into_iter().filter(|it| it.version == 1);
        let wrote: BTreeSet<CaseId> = opened
            .filter(|it| march.holds(it.at))
            .map(|it| it.case)
            .collect();
        assert_eq!((found.received, found.received_before), (5, 2));
        assert_eq!(wrote.len(), 5);
        for aspect in &found.aspects {
            let all = aspect.topics.iter().flat_map(|it| &it.cases);
            assert_eq!(all.clone().count(), 5, "{:?}", aspect.aspect);
            assert_eq!(all.cloned().collect::<BTreeSet<_>>(), wrote);
            let before: u64 = aspect.topics.iter().map(|it| it.before).sum();
            assert_eq!(before, 2, "{:?}", aspect.aspect);
        }
        found
    });
    let found = &made[0];
    let of = |name: &str, cases: &[&'static str], before| (name.to_owned(), cases.to_vec(), before);
    // The most first; what nobody has said yet comes last.
    assert_eq!(
        topics(found, Aspect::Fact("field".into())),
        [
            of("交通", &["m05", "o06"], 0),
            of("城建", &["m03", "m04"], 1),
            of("", &["m07"], 1),
        ]
    );
    assert_eq!(
        topics(found, Aspect::Place),
        [
            of("632521", &["m03", "m04", "m07"], 1),
            of("632524", &["m05"], 0),
            of("632525", &["o06"], 0),
            of("632523", &[], 1),
        ]
    );
    let kinds = topics(found, Aspect::Fact("kind".into()));
    assert_eq!(kinds[0].1, ["m03", "m05", "o06"]);
    // How hot a matter was is as it stood at the end of March, not as it stands in May.
    let fields = &found.of(&Aspect::Fact("field".into())).unwrap().topics;
    let heat = |name: &str| {
        let topic = fields.iter().find(|it| it.is.as_deref() == Some(name));
        topic.unwrap().weight["heat"]
    };
    assert_eq!((heat("城建"), heat("交通")), (30, 120));
    // The same from a file, to the byte, and read by people.
    let bytes = |it: &Insight| serde_json::to_string(it).unwrap();
    assert_eq!(bytes(&made[1]), bytes(found));
    insta::assert_snapshot!(found.table(Lang::Zh).to_string());
}

// 每天关注: the digest of a day goes to the posts that the pack names, and each of them has read it by nine on the next morning on which
// anybody works. Whoever has not is reminded then, once, and nobody else is.
#[test]
fn a03_an_unread_digest_is_reminded_of_on_the_next_working_morning() {
    let board = Board::new();
    let issue = |day: &str, when: &str| board.desk.issue_digest(day.parse().unwrap(), at(when));
    let of = |day: &str, post: &str| format!("digest/{day}/{post}");
    let read = r#"{"read": {}}"#;
    let clerk = whose(("文书", "intake"), "州委办公室");
    let reminder = |when: &str, post: &str| vec![(at(when), Verb::Remind, post.to_owned())];
    // Before it is cut there is no digest to be read.
    assert!(issue("2026-03-02", "2026-03-02 17:29").is_err());
    let early = board.owes_not(
        &of("2026-03-02", "leader"),
        who(LEADER),
        "2026-03-02 17:29",
        read,
    );
    assert_eq!(early, DutyWhy::NoDuty);

    // A plain Monday: the leader reads it that evening, the office does not. A Friday: until Monday. The Friday before Qingming (4 to 6 April): until
    // Tuesday. Before National Day: until the eighth.
    for (day, due, post_that_reads, post_that_does_not) in [
        ("2026-03-02", "2026-03-03 09:00", "leader", "zhouban"),
        ("2026-03-06", "2026-03-09 09:00", "zhouban", "leader"),
        ("2026-04-03", "2026-04-07 09:00", "leader", "zhouban"),
        ("2026-09-30", "2026-10-08 09:00", "zhouban", "leader"),
    ] {
        let cut = format!("{day} 17:30");
        let issued = issue(day, &cut).unwrap();
        assert_eq!(issued.len(), 2, "州委领导、州委办公室");
        // A crawler's second try imposes nothing twice.
        assert_eq!(issue(day, &format!("{day} 18:00")).unwrap(), issued);
        let (read_it, not) = (of(day, post_that_reads), of(day, post_that_does_not));
        assert_eq!(board.duty(&read_it).due(), at(due));
        assert_eq!(board.duty(&not).due(), at(due));
        let reader = |post: &str| match post {
            "leader" => who(LEADER),
            _ => clerk.clone(),
        };
        // Nobody reads it for another.
        for other in [reader(post_that_does_not), who(DUCHA), who(SYSTEM)] {
            let why = board.owes_not(&read_it, other, &format!("{day} 18:30"), read);
            assert!(matches!(why, DutyWhy::NotTheirs { .. }), "{why:?}");
        }
        let evening = format!("{day} 20:00");
        board.owes(&read_it, reader(post_that_reads), &evening, read);
        // Until nine nobody is disturbed, a weekend or a holiday long.
        board.sleeps_until(&due.replace("09:00", "08:59"));
        assert!(board.duty_rungs(&not).is_empty());
        board.sleeps_until(due);
        board.sleeps_until(&due.replace("09:00", "09:10"));
        assert_eq!(board.duty_rungs(&not), reminder(due, post_that_does_not));
        assert!(board.duty_rungs(&read_it).is_empty());
        assert!(board.duty(&read_it).verdict().unwrap().is_on_time());
        // It stands among those that nobody has read, and is read in the end, late.
        let period = Period::new(at(&cut), at(&due.replace("09:00", "09:30")));
        let records = board.duty_records();
        let board_id = "hainan".parse().unwrap();
        let found = obligations(&board_id, &records, &board.plan, period).unwrap();
        let unread: Vec<&str> = found.unread.iter().map(|it| it.duty.as_str()).collect();
        assert_eq!(unread, [not.as_str()]);
        let late = due.replace("09:00", "10:00");
        board.owes(&not, reader(post_that_does_not), &late, read);
        assert!(!board.duty(&not).verdict().unwrap().is_on_time());
        assert_eq!(board.duty(&not).stage(), DutyStage::Done);
        let twice = board.owes_not(&not, reader(post_that_does_not), &late, read);
        assert_eq!(twice, DutyWhy::Stage);
    }
    board.sleeps_until("2026-12-01 09:00");
    assert_eq!(
        board
            .duty_records()
            .iter()
            .map(|it| &it.duty)
            .collect::<BTreeSet<_>>()
            .len(),
        8,
        "one a day and post, and none by itself"
    );
}
