//! 便民实事: answers on doing practical things. What an office promises can be read at its door, and is what its rules do.

use std::collections::BTreeSet;

use duly::plan::bare;
use duly::report::{CommitmentFigures, Flow, Guide, Period, PromiseState, bulletin, commitments};
use duly::words::*;

use crate::board::*;

// 承诺践诺: the ledger of commitments says of each promise by whom it was made, for which day, and whether it was kept. A reply that is being
// acted upon makes one; one that went back unpublished made none. Who is late climbs the same ladder as with any limit, and having been late
// stays on the ledger.
#[test]
fn b06_b07_commitments_are_on_a_ledger_and_late_ones_climb_the_ladder() {
    let board = Board::new();
    let being = |when: &str, day: &str| Reply {
        answers: vec![answer(1, "灯具已订购", Mark::B)],
        commitments: vec![promise(1, day)],
        ..reply(when)
    };
    let kept = |case: &str, when: &str| {
        let fulfil = Command::Fulfil {
            commitment: 1,
            evidence: "验收单".into(),
        };
        board.does(case, WANGGANG, when, fulfil);
    };
    for case in ["m01", "m02", "m03", "m04"] {
        board.assigned(case, "2026-03-02");
        let day = if case == "m03" {
            "2026-04-30"
        } else {
            "2026-03-20"
        };
        board.does(
            case,
            WANGGANG,
            "2026-03-03 09:30",
            being("2026-03-03 09:00", day).into(),
        );
    }
    for case in ["m01", "m02", "m03"] {
        board.passes(case, "2026-03-03 15:00");
    }
    board.does(
        "m04",
        SUHUA,
        "2026-03-03 16:00",
        send_back("调查不清楚", "到现场看"),
    );
    kept("m01", "2026-03-18 10:00");
    board.sleeps_until("2026-03-25 10:00");
    let ledger = |until: &str| commitments(&board.report(until), &board.plan);
    let states = |until: &str| -> Vec<(String, PromiseState)> {
        let lines = ledger(until).lines.into_iter();
        lines.map(|it| (it.case.to_string(), it.state)).collect()
    };
    let on = |day: &str| day.parse().unwrap();
    let (first, third) = ("m01".to_owned(), "m03".to_owned());
    assert_eq!(
        states("2026-03-25 10:00"),
        [
            (first.clone(), PromiseState::Kept(on("2026-03-18"))),
            ("m02".into(), PromiseState::Missed),
            (third, PromiseState::Open),
        ]
    );
    let late = ledger("2026-03-25 10:00").lines.swap_remove(1);
    assert_eq!(late.promise.person.as_str(), "王刚");
    assert_eq!(late.unit.as_ref().map(|it| it.as_str()), Some(HOUSING));
    let came = board.steps("m02", ClockKind::Commitment).len();
    assert!(
        came >= 2 && late.rungs as usize >= 2,
        "{came} {}",
        late.rungs
    );
    // On the day itself it was not late yet; a month before there was nothing.
    assert_eq!(states("2026-03-20 23:59")[1].1, PromiseState::Open);
    assert_eq!(states("2026-03-02 23:00"), []);
    kept("m02", "2026-03-26 10:00");
    assert_eq!(
        states("2026-03-26 12:00")[1].1,
        PromiseState::KeptLate(on("2026-03-26"))
    );
    let all = ledger("2026-03-26 12:00");
    let figures = CommitmentFigures {
        made: 3,
        open: 1,
        kept: 1,
        kept_late: 1,
        missed: 0,
    };
    assert_eq!(all.total, figures);
    assert_eq!(all.units.into_values().collect::<Vec<_>>(), [figures]);
    insta::assert_snapshot!("commitments", {
        let zh = ledger("2026-03-25 10:00");
        format!(
            "{}\n{}\n{}",
            zh.table(Lang::Zh),
            zh.by_unit(Lang::Zh),
            zh.table(Lang::En)
        )
    });
}

// 院庭长接访: a reception sitting is a channel like any other. What is settled there and then is still replied to, reviewed by a second person,
// called back and struck off; the month's bulletin counts by channel, so that "22 received, 5 settled" is a line of it.
#[test]
fn b16_a_reception_sitting_is_a_channel_with_its_own_line() {
    let board = Board::new();
    for n in 1..=22 {
        let case = format!("s{n:02}");
        let open = written(&format!("JF-{n}"), "632521", "投诉", "接访");
        board.does(&case, ZHUOMA, "2026-03-02 09:00", open);
        if n <= 5 {
            board.screens(&case, "2026-03-02 09:15");
            board.assigns(&case, "2026-03-02 09:30");
            board.replies(&case, "2026-03-02 15:00");
            board.passes(&case, "2026-03-02 16:00");
            board.calls(&case, "2026-03-03 09:00", Level::VerySatisfied);
            board.strikes(&case, "2026-03-04 09:00", Outcome::Solved);
        }
    }
    board.opens("m01", "2026-03-02 09:00");
    let march = Period::dates(
        "2026-03-01".parse().unwrap(),
        "2026-03-31".parse().unwrap(),
        board.plan.zone,
    );
    let told = bulletin(&board.report("2026-03-31 23:59"), &board.plan, march);
    let lines: Vec<_> = told
        .channels
        .iter()
        .map(|it| (it.channel.as_str(), it.figures.received, it.figures.solved))
        .collect();
    assert_eq!(lines, [("接访", 22, 5), ("领导留言板", 1, 0)]);
    let table = told.by_channel(Lang::Zh).to_string();
    assert!(
        table
            .lines()
            .any(|line| line.starts_with("接访") && line.contains("22"))
    );
}

/// The moves of a chart as its Mermaid text has them: from, to, and all that brings a case there.
fn drawn(mermaid: &str) -> BTreeSet<(String, String, String)> {
    let lines = mermaid
        .lines()
        .filter_map(|line| line.trim().split_once(" --> "));
    let moves = lines.map(|(from, rest)| {
        let (to, by) = rest.split_once(": ").unwrap();
        (from.to_owned(), to.to_owned(), by.to_owned())
    });
    moves.collect()
}

// 流程图、办事指南: the chart of a pack has every stage and every move that its cases can make, and no other; where a pack has nothing
// declined, none is drawn. The guide lists every command that it takes with its stage and who may ask it. What the picture shows is what the
// text says. (That the moves are those of the machine is a law of its own: `the_published_table_equals_what_decide_accepts`.)
#[test]
fn b14_b15_guide_and_flow_chart_show_every_stage_and_move_and_no_other() {
    let board = Board::new();
    for (plan, declines) in [
        (board.plan.clone(), true),
        (bare("demo".parse().unwrap()), false),
    ] {
        let flow = Flow::of(&plan, Lang::Zh);
        let text = flow.mermaid();
        for stage in StageName::ALL {
            assert!(text.contains(&format!("state \"{}\" as {stage}", stage.zh())));
        }
        let mut expected = BTreeSet::new();
        for name in CommandName::ALL.iter().filter(|name| plan.takes(**name)) {
            for (from, to) in name.moves() {
                let from = from.map_or("[*]", StageName::name).to_owned();
                expected.insert((from, to.name().to_owned(), name.zh()));
            }
        }
        let mut found = BTreeSet::new();
        for (from, to, by) in drawn(&text) {
            for one in by.split(';') {
                let (name, roles) = one.split_once('(').unwrap();
                let name = CommandName::named(name).unwrap();
                let all: Vec<&str> = name.roles().iter().map(|role| role.zh()).collect();
                assert_eq!(roles, format!("{})", all.join("、")));
                assert!(found.insert((from.clone(), to.clone(), name.zh())));
            }
        }
        assert_eq!(found, expected);
        let declined = |found: &BTreeSet<(String, String, &str)>| {
            found
                .iter()
                .any(|(_, _, by)| *by == CommandName::Decline.zh())
        };
        assert_eq!(declined(&found), declines);

        let picture = flow.svg();
        assert_eq!(picture.matches("class=\"way\"").count(), flow.moves.len());
        assert_eq!(picture.matches("<rect ").count(), 1 + StageName::ALL.len());

        let guide = Guide::of(&plan, Lang::Zh);
        let steps = guide.parts.last().unwrap();
        let named: BTreeSet<&str> = steps.rows.iter().map(|row| row[0].as_str()).collect();
        let takes = CommandName::ALL.iter().filter(|name| plan.takes(**name));
        let takes = takes
            .map(|name| name.zh())
            .filter(|name| *name != CommandName::Tick.zh());
        assert_eq!(named, takes.collect());
        assert_eq!(steps.rows.len(), named.len());
    }
}

// What a title holds is text and nothing else, in the chart and in the picture.
#[test]
fn b15_a_title_cannot_break_out_of_the_chart() {
    let mut plan = bare("demo".parse().unwrap());
    plan.title = "\"]\n---\n<script>alert(1)</script>&\u{7}".into();
    let flow = Flow::of(&plan, Lang::En);
    assert_eq!(
        flow.mermaid().lines().filter(|line| *line == "---").count(),
        2
    );
    let picture = flow.svg();
    assert!(!picture.contains("<script") && picture.contains("&lt;script&gt;"));
    assert!(!picture.contains('\u{7}'));
}

// What is done only in some cases is said to be done only in these: a rung, and a ground for declining.
#[test]
fn b15_a_guide_says_for_which_cases_a_rung_or_a_ground_is() {
    let pack = |rung: &str, ground: &str| {
        let lines = format!(
            r#"pack("demo", "示例");
place("6325", "海南州", "州留言受理岗");
const 督查办 = role("supervisor", "督查办公室");
fact("hot").given_by(HOST).otherwise(false);
fact("court").given_by(INTAKE);
ladder("reply", "催办").due().supervise(督查办){rung};
decline("已进入法定程序", |m| {ground}).told("法院");
"#
        );
        let plan = duly::script::load("pack.rhai", &lines).unwrap_or_else(|it| panic!("{it}"));
        Guide::of(&plan, Lang::En).markdown()
    };
    let some = pack(".when(|m| m.hot)", "m.court");
    assert!(some.contains("(only where hot is yes)"), "{some}");
    assert!(some.contains("(only where court is yes)"), "{some}");
    let all = pack("", "true");
    assert!(!all.contains("only where"), "{all}");
}

// The guide of the shipped pack, as it hangs at the door.
#[test]
fn b15_the_guide_reads_well() {
    let board = Board::new();
    for (lang, name) in [(Lang::Zh, "guide_zh"), (Lang::En, "guide_en")] {
        insta::assert_snapshot!(name, Guide::of(&board.plan, lang).markdown());
    }
    insta::assert_snapshot!("flow_svg", Flow::of(&board.plan, Lang::Zh).svg());
}
