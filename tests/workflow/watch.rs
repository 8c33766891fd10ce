//! 防返贫动态监测、巡回督查: what is owed again and again, round by round, and what share of it was done. With the shipped watch, and with the
//! prefecture's board and an inspection.

use duly::duty::{DutyEffect, DutyNotice, DutyWhy, RoundFate, rounds};
use duly::plan::Plan;
use duly::report::{CoverageLine, Obligations, Period, RoundFigures, obligations};
use duly::words::*;

use crate::board::*;

/// Who looks after the household.
const SUONAN: Who = ("索南", "owner");
const SUOYIN: Who = ("帮扶办主任", "supervisor");
const MONITOR: Who = ("监测员", "intake");
const SECOND: Who = ("监测员二", "intake");

fn watch() -> Plan {
    let pack = duly::script::shipped("poverty-watch").unwrap();
    duly::script::load("poverty-watch", pack).unwrap()
}

/// The prefecture's pack, with inspection rounds of each county.
fn inspecting() -> Plan {
    let lines = r#"
duty("inspection", "巡回督查").owed_by(督查办).every(3.months).within(20.working_days).ours("每季一轮");
ladder("inspection", "督查催办").before(3.working_days).remind(督查办).after(1.calendar_days).report(州委领导).name_in(督查办);
"#;
    let text = format!("{}\n{lines}", duly::script::hainan_board());
    duly::script::load("pack.rhai", &text).unwrap_or_else(|found| panic!("{found}"))
}

fn impose(kind: &str, place: &str, more: &str) -> String {
    format!(r#"{{"impose": {{"kind": "{kind}", "topic": "{place}", "place": "{place}"{more}}}}}"#)
}

/// A visit to a household, owed by the one who looks after it.
fn household(number: &str) -> String {
    let more = format!(r#", "subject": "{number}", "person": "索南", "unit": "本乡""#);
    impose("visit", "000001", &more)
}

const SEEN: &str = r#"{"fulfil": {"evidence": "入户见到户主才让", "found": "羊舍已经动工"}}"#;

fn covered(covered: u64, of: u64) -> String {
    format!(
        r#"{{"fulfil": {{"evidence": "逐户看过,有登记表", "covered": {covered}, "of": {of}, "found": "两户外出务工"}}}}"#
    )
}

fn told(board: &Board, first: &str, last: &str) -> Obligations {
    let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
    let period = Period::dates(first, last, board.plan.zone);
    let id = "hainan".parse().unwrap();
    obligations(&id, &board.duty_records(), &board.plan, period).unwrap()
}

fn of(lines: &[CoverageLine], place: &str) -> RoundFigures {
    let mut all = lines.iter();
    let found = all.find(|it| it.place.as_ref().is_some_and(|it| it.as_str() == place));
    found.expect("the place has a line").figures
}

// 督查组: inspection goes round the counties, each with a round of its own every quarter. What is inspected is counted against what there was to
// inspect; a county that nobody came to in its quarter has missed the round for good, and stands by itself in the figures.
#[test]
fn b05_inspection_rounds_go_by_county_and_a_county_passed_over_stays_so() {
    let board = Board::under(inspecting());
    let counties = ["632521", "632522", "632523", "632524", "632525"];
    let team = r#", "person": "督查一""#;
    let round = |county: &str| format!("xd-{county}");
    for county in counties {
        board.owes(
            &round(county),
            who(LEADER),
            "2026-03-02 09:00",
            &impose("inspection", county, team),
        );
        // Twenty working days of the quarter.
        assert_eq!(board.duty(&round(county)).due(), at("2026-03-30 18:00"));
    }
    // Four counties in time, one of them with less than all; the fifth after its twenty days, within the quarter.
    for (county, seen, day) in [
        ("632521", 40, "2026-03-10 15:00"),
        ("632522", 12, "2026-03-17 15:00"),
        ("632523", 30, "2026-03-24 15:00"),
        ("632524", 20, "2026-03-30 18:00"),
    ] {
        board.owes(&round(county), who(DUCHA), day, &covered(seen, 40));
        assert_eq!(board.duty(&round(county)).stage(), DutyStage::Resting);
    }
    board.sleeps_until("2026-04-02 09:00");
    let late = board.duty_rungs(&round("632525"));
    assert_eq!(
        late,
        [
            (
                at("2026-03-25 18:00"),
                Verb::Remind,
                "supervisor".to_owned()
            ),
            (at("2026-03-31 18:00"), Verb::Report, "leader".to_owned()),
        ]
    );
    board.owes(
        &round("632525"),
        who(DUCHA),
        "2026-04-10 10:00",
        &covered(40, 40),
    );
    // The second round begins for all on the same day, however late the first was: and 兴海 is passed over.
    board.sleeps_until("2026-06-03 09:00");
    for county in counties {
        let duty = board.duty(&round(county));
        assert_eq!(
            (duty.stage(), duty.round().unwrap().number),
            (DutyStage::Owed, 2)
        );
        if county != "632524" {
            board.owes(
                &round(county),
                who(DUCHA),
                "2026-06-10 10:00",
                &covered(40, 40),
            );
        }
    }
    board.sleeps_until("2026-09-03 09:00");
    board.owes(
        &round("632524"),
        who(DUCHA),
        "2026-09-03 10:00",
        &covered(40, 40),
    );
    let half_year = told(&board, "2026-03-01", "2026-08-31");
    let all = half_year.coverage.kinds[0].figures;
    assert_eq!((all.due, all.in_time, all.late, all.overdue), (10, 8, 1, 1));
    let xinghai = of(&half_year.coverage.places, "632524");
    assert_eq!((xinghai.due, xinghai.covered, xinghai.of), (2, 20, 40));
    let nine = told(&board, "2026-03-01", "2026-09-30");
    let xinghai = of(&nine.coverage.places, "632524");
    assert_eq!(
        (xinghai.in_time, xinghai.missed),
        (2, 1),
        "September's is the third round, not the second"
    );
    assert_eq!(xinghai.coverage().to_string(), "66.7%");
    insta::assert_snapshot!(format!(
        "{}\n{}",
        half_year.coverage.by_place(Lang::Zh),
        half_year.by_name(Lang::Zh)
    ));
}

// 线随日期变: a signal is held to the line of the day on which it came, to the yuan and to the second, and stays held to it.
#[test]
fn c03_thresholds_are_dated_and_a_signal_is_held_to_the_line_of_its_day() {
    let board = Board::under(watch());
    let signal = |case: &str, when: &str, income: u32| {
        let open = format!(
            r#"{{"open": {{"place": "000001", "channel": "民政系统", "external_id": "{case}", "message": "人均纯收入 {income} 元",
                "facts": {{"income": {income}}}}}}}"#
        );
        board.does(case, SYSTEM, when, serde_json::from_str(&open).unwrap());
    };
    let put_by = || -> Command {
        let json = r#"{"decline": {"ground": "out_of_scope", "told": "指标没有越线,继续监测", "facts": {"real": true}}}"#;
        serde_json::from_str(json).unwrap()
    };
    // The line is 8000 up to the end of June and 8500 from the first second of July.
    for (case, when, income, crossed) in [
        ("s1", "2026-06-30 23:59", 8_000, false),
        ("s2", "2026-06-30 23:59", 7_999, true),
        ("s3", "2026-06-30 23:59", 8_499, false),
        ("s4", "2026-07-01 00:00", 8_499, true),
        ("s5", "2026-07-01 00:00", 8_500, false),
        ("s6", "2026-07-01 00:00", 8_000, true),
    ] {
        signal(case, when, income);
        // Whenever somebody looks at it.
        let later = "2026-07-02 10:00";
        if crossed {
            let why = board.refuses(case, MONITOR, later, put_by());
            let said = serde_json::to_string(&why).unwrap();
            assert!(said.contains("decline(out_of_scope)"), "{case}: {said}");
        } else {
            board.does(case, MONITOR, later, put_by());
            let stage = board.does(case, SECOND, "2026-07-02 10:10", put_by());
            assert_eq!(stage, StageName::Closed, "{case}");
        }
    }
}

// 自付比例: a share is exact to the ten-thousandth. Ten percent is not over the line, 10.01 is; what has no value, since it is a share of nothing, is refused as a
// fact and raises no alarm.
#[test]
fn c05_a_share_is_exact_and_of_nothing_it_is_no_alarm() {
    let board = Board::under(watch());
    let open = |share: &str| -> Command {
        let json = format!(
            r#"{{"open": {{"place": "000001", "channel": "医保系统", "external_id": "{share}", "message": "医疗费自付比例", "facts": {{"self_paid": "{share}"}}}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    };
    let put_by = || -> Command {
        let json = r#"{"decline": {"ground": "out_of_scope", "told": "指标没有越线,继续监测", "facts": {"real": true}}}"#;
        serde_json::from_str(json).unwrap()
    };
    for (case, share, crossed) in [
        ("s1", "10.00", false),
        ("s2", "10.01", true),
        ("s3", "9.99%", false),
        ("s4", "100.00", true),
    ] {
        board.does(case, SYSTEM, "2026-03-02 09:00", open(share));
        match crossed {
            true => {
                let why = board.refuses(case, MONITOR, "2026-03-02 10:00", put_by());
                let said = serde_json::to_string(&why).unwrap();
                assert!(said.contains("decline(out_of_scope)"), "{share}: {said}");
            }
            false => {
                board.does(case, MONITOR, "2026-03-02 10:00", put_by());
                let stage = board.does(case, SECOND, "2026-03-02 10:10", put_by());
                assert_eq!(stage, StageName::Closed, "{share}");
            }
        }
    }
    for (n, nothing) in ["—", "NaN", "0/0", "10.005", "100.01"]
        .into_iter()
        .enumerate()
    {
        let why = board.refuses(&format!("n{n}"), SYSTEM, "2026-03-02 09:00", open(nothing));
        // An empty number of a message is refused as one.
        let fact = matches!(&why, Why::FactValue { fact, .. } if fact == "self_paid");
        assert!(fact, "{nothing}: {why:?}");
    }
}

// 集中排查: villages are swept twice a year, thirty days each; a sweep says how many households there are and how many were seen. Coverage is told
// village by village: of the rounds that fell due, and of the households; exactly, and never 100 % of nothing.
#[test]
fn c04_sweeps_have_coverage_per_village_and_none_of_nothing() {
    let board = Board::under(watch());
    let head = whose(("乡长", "unit_head"), "本乡");
    let villages = ["倒淌河村", "次汗素村", "黄科村"];
    for village in villages {
        let more = format!(r#", "subject": "{village}", "unit": "本乡""#);
        board.owes(
            village,
            who(SUOYIN),
            "2026-03-02 09:00",
            &impose("sweep", "000001", &more),
        );
        assert_eq!(board.duty(village).due(), at("2026-04-01 18:00"));
    }
    // Nothing has fallen due yet.
    let march = told(&board, "2026-03-01", "2026-03-31");
    assert_eq!(march.coverage.kinds[0].figures, RoundFigures::default());
    assert_eq!(march.coverage.kinds[0].figures.coverage().to_string(), "–");
    assert_eq!(march.coverage.kinds[0].figures.seen().to_string(), "–");
    // More than there are, or of none, is no sweep; and a sweep that does not say is none either.
    for (bad, is) in [
        (
            covered(44, 43),
            DutyWhy::Covered {
                covered: 44,
                of: 43,
            },
        ),
        (covered(0, 0), DutyWhy::Covered { covered: 0, of: 0 }),
        (
            SEEN.to_owned(),
            DutyWhy::Wanted {
                kind: DutyKind::Sweep,
                field: "covered".into(),
            },
        ),
    ] {
        assert_eq!(
            board.owes_not(villages[0], head.clone(), "2026-03-10 10:00", &bad),
            is
        );
    }
    board.owes(
        villages[0],
        head.clone(),
        "2026-03-10 10:00",
        &covered(41, 43),
    );
    board.owes(
        villages[1],
        head.clone(),
        "2026-04-10 10:00",
        &covered(1_999, 2_000),
    );
    board.sleeps_until("2026-09-10 09:00");
    let spring = told(&board, "2026-03-01", "2026-08-31");
    let [all] = spring.coverage.kinds.as_slice() else {
        panic!("{:?}", spring.coverage)
    };
    let expected = RoundFigures {
        due: 3,
        in_time: 1,
        late: 1,
        missed: 0,
        overdue: 1,
        excused: 0,
        covered: 2_040,
        of: 2_043,
    };
    assert_eq!(all.figures, expected);
    // 2040 of 2043 is 99.85 %, which is not all of it: it never reads 100.0 %.
    assert_eq!(all.figures.seen().to_string(), "99.9%");
    assert_eq!(all.figures.coverage().to_string(), "66.7%");
    let village = |name: &str| {
        let mut all = spring.coverage.subjects.iter();
        let found = all.find(|it| it.subject.as_ref().is_some_and(|it| it.as_str() == name));
        found.unwrap().figures
    };
    assert_eq!(village(villages[0]).seen().to_string(), "95.3%");
    assert_eq!(village(villages[2]).coverage().to_string(), "0.0%");
    assert_eq!(
        village(villages[2]).seen().to_string(),
        "–",
        "nobody knows how many there were"
    );
    insta::assert_snapshot!(format!(
        "{}\n{}",
        spring.coverage.by_subject(Lang::Zh),
        spring.coverage.by_subject(Lang::En)
    ));
}

// 定期走访: a household is visited every month, whether it has a case or not. Whoever comes early has the rest of the month; a second visit in it is no visit
// of the next. The next round begins on its day, however late the last one was, and nobody but somebody who does not owe it ends it.
#[test]
fn c07_visits_recur_on_their_days_however_late_the_last_one_was() {
    let board = Board::under(watch());
    let suonan = || whose(SUONAN, "本乡");
    let none = impose("visit", "000001", r#", "person": "索南""#);
    let none = board.owes_not("z17", who(SUOYIN), "2026-03-02 09:00", &none);
    let wanted = DutyWhy::Wanted {
        kind: DutyKind::Visit,
        field: "subject".into(),
    };
    assert_eq!(none, wanted, "whose household is said");
    board.owes("z17", who(SUOYIN), "2026-03-02 09:00", &household("户-17"));
    let ends = |number: u32, due: &str| {
        let duty = board.duty("z17");
        assert_eq!(
            (duty.round().unwrap().number, duty.due()),
            (number, at(due))
        );
    };
    ends(1, "2026-04-02 18:00");
    // Early: it rests, with an alarm ahead, and a second visit is refused.
    board.owes("z17", suonan(), "2026-03-05 10:00", SEEN);
    assert_eq!(board.duty("z17").stage(), DutyStage::Resting);
    let next = at("2026-04-02 18:00").plus(1);
    assert_eq!(board.desk.next_alarm().unwrap(), Some(next));
    let again = board.owes_not("z17", suonan(), "2026-04-02 18:00", SEEN);
    assert_eq!(
        again,
        DutyWhy::Resting {
            round: 1,
            begins: next
        }
    );
    // The second round is owed from then, is told of, and ends a month after the first: 2 May is in the holiday, so the 6th.
    board.sleeps_until("2026-04-03 09:30");
    ends(2, "2026-05-06 18:00");
    let out = board
        .desk
        .duty_outbox(&Default::default(), 100)
        .unwrap()
        .items;
    assert!(out.iter().any(|it| matches!(
        it.effect,
        DutyEffect::Notify {
            what: DutyNotice::Round { round: 2, .. },
            ..
        }
    )));
    // On the last day; the third is reckoned from 2 March all the same: 2 June.
    board.owes("z17", suonan(), "2026-05-06 18:00", SEEN);
    board.sleeps_until("2026-05-07 09:30");
    ends(3, "2026-06-02 18:00");
    // Nobody looks at the board for a year: ten rounds missed, each on its day.
    board.sleeps_until("2027-04-01 09:00");
    let missed: Vec<_> = rounds(&board.duty_records())
        .into_iter()
        .filter(|it| matches!(it.fate, RoundFate::Missed { .. }))
        .map(|it| it.round.number)
        .collect();
    assert_eq!(missed, (3..=12).collect::<Vec<_>>());
    assert_eq!(board.duty("z17").round().unwrap().number, 13);
    // The household has moved away: not by the word of who should have visited it.
    let moved = r#"{"excuse": {"reason": "户已迁往贵德"}}"#;
    let mut both = suonan();
    both.roles.push(Role::Supervisor.into());
    let own = board.owes_not("z17", both, "2027-04-01 10:00", moved);
    assert!(matches!(own, DutyWhy::SamePerson { .. }), "{own:?}");
    board.owes("z17", who(SUOYIN), "2027-04-01 10:00", moved);
    assert_eq!(board.duty("z17").next_alarm(), None);
    assert_eq!(board.duty("z17").rounds().unwrap().missed, 10);
    let _ = board.desk.verify().unwrap();
}

// 漏访次日即催: whoever has not come by the end of the month is reminded the day after, weekend or not, and the ladder is climbed until somebody comes. The month that
// was missed stays missed whatever is done later, by the name of who owed it then.
#[test]
fn c08_a_missed_visit_is_on_the_first_rung_the_day_after_and_stays_missed() {
    let board = Board::under(watch());
    // 19 March and a month: Sunday, 19 April, so Monday the 20th; 20 March: Monday too; 17 March: Friday the 17th, and the day after is a Saturday.
    for (number, day, due, first) in [
        ("h1", "2026-03-17", "2026-04-17 18:00", "2026-04-18 18:00"),
        ("h2", "2026-03-19", "2026-04-20 18:00", "2026-04-21 18:00"),
        ("h3", "2026-03-20", "2026-04-20 18:00", "2026-04-21 18:00"),
    ] {
        board.owes(
            number,
            who(SUOYIN),
            &format!("{day} 09:00"),
            &household(number),
        );
        assert_eq!(board.duty(number).due(), at(due));
        board.sleeps_until(first);
        let reminder = (at(first), Verb::Remind, "owner".to_owned());
        assert_eq!(board.duty_rungs(number), [reminder]);
        assert_eq!(board.duty(number).rounds().unwrap().missed, 1);
    }
    // Nobody comes to h1: the township's head is warned, then the county's leader told. h2 is visited: nobody is told of it any more.
    board.owes("h2", whose(SUONAN, "本乡"), "2026-04-22 10:00", SEEN);
    board.sleeps_until("2026-04-30 09:00");
    let verbs = |number: &str| -> Vec<Verb> {
        board
            .duty_rungs(number)
            .into_iter()
            .map(|it| it.1)
            .collect()
    };
    assert_eq!(verbs("h1"), [Verb::Remind, Verb::Warn, Verb::Report]);
    assert_eq!(verbs("h2"), [Verb::Remind]);
    // Done later, missed all the same.
    board.owes("h1", whose(SUONAN, "本乡"), "2026-04-30 10:00", SEEN);
    board.sleeps_until("2026-05-11 09:00");
    let april = told(&board, "2026-04-01", "2026-04-30");
    let figures = april.coverage.kinds[0].figures;
    assert_eq!((figures.due, figures.missed, figures.in_time), (3, 3, 0));
    assert_eq!(figures.coverage().to_string(), "0.0%");
    let missed: Vec<&str> = april.late.iter().map(|it| it.duty.as_str()).collect();
    assert_eq!(missed, ["h1", "h2", "h3"]);
    assert!(april.late.iter().all(|it| it.missed && it.round == Some(1)));
    assert_eq!(
        april.late.iter().map(|it| it.named).collect::<Vec<_>>(),
        [true, false, true]
    );
    insta::assert_snapshot!(april.by_name(Lang::Zh));
}
