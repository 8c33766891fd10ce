//! Visits, sweeps and inspections: worked dates, the story of a household, what is refused, and what people read.

use duly::desk::{Cursor, Desk, Fate, MemoryLedger, PostTable, Receipt, SqliteLedger, deliveries};
use duly::duty::{
    Covered, DutyEffect, DutyEffectId, DutyEvent, DutyNotice, DutyOccurrence, DutyOutcome,
    DutyRecord, DutyWhy, Round, RoundFate, outcomes, rounds,
};
use duly::plan::{Plan, Plans};
use duly::report::{Period, duty_letter, duty_roll, obligations};
use duly::time::{DayTable, Moment};
use duly::words::{Actor, DutyKind, DutyStage, Lang, Role, StepFate, Verdict};

use super::{at, command, done, duban, envelope, person, refused};

/// A county's pack.
const PACK: &str = r#"
pack("demo", "示例").zone("Asia/Shanghai").holidays("cn").counting("cn").hours(["09:00-12:30", "14:30-18:00"]);
place("6325", "海南州", "州留言受理岗");
place("632521", "共和县", "县留言受理岗");
const 帮扶干部 = role("owner", "帮扶干部");
const 单位领导 = role("unit_head", "单位主要负责人");
const 督查办   = role("supervisor", "督查办公室");
const 领导     = role("leader", "县领导");
clock("reply", "答复").within(5.working_days);
"#;

/// With what recurs.
fn plan(lines: &str) -> Plan {
    read(&format!("{PACK}{lines}"))
}

fn read(text: &str) -> Plan {
    duly::script::load("pack.rhai", text).unwrap_or_else(|found| panic!("{found}"))
}

fn desk_of(lines: &str) -> Desk<MemoryLedger> {
    desk_under(&format!("{PACK}{lines}"))
}

fn desk_under(text: &str) -> Desk<MemoryLedger> {
    let mut plans = Plans::new("hainan".parse().unwrap());
    plans.take(read(text)).unwrap();
    Desk::new(MemoryLedger::new("hainan".parse().unwrap()), plans).unwrap()
}

const MONTHLY: &str = r#"
duty("visit", "入户走访").owed_by(帮扶干部).every(1.months).ours("每月一次");
ladder("visit", "走访催办").after(1.calendar_days).remind(帮扶干部).after(5.calendar_days).warn(单位领导)
    .after(10.calendar_days).report(领导).name_in(帮扶干部);
"#;

fn visit(kind: &str, subject: &str) -> String {
    format!(
        r#"{{"impose": {{"kind": "{kind}", "topic": "牧民才让家", "subject": "{subject}", "place": "632521", "person": "suonan", "unit": "镇政府"}}}}"#
    )
}

/// Who looks after the household.
fn suonan() -> Actor {
    person("suonan", Role::Owner, Some("镇政府"))
}

fn seen() -> &'static str {
    r#"{"fulfil": {"evidence": "3 月 20 日见到户主才让", "found": "羊舍已经动工"}}"#
}

/// Each round's first moment, due moment and last moment, as they are laid out for whoever never comes.
fn laid(lines: &str, kind: &str, from: &str, until: &str) -> Vec<Round> {
    let desk = desk_of(lines);
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        from,
        command(&visit(kind, "H-17")),
    );
    let _ = desk.advance(at(until)).unwrap();
    rounds(&records(&desk))
        .into_iter()
        .map(|it| it.round)
        .collect()
}

fn records(desk: &Desk<MemoryLedger>) -> Vec<DutyRecord> {
    let all = desk.read_duties(&Cursor::start(), 10_000).unwrap().items;
    all.into_iter().map(|entry| entry.sealed.record).collect()
}

fn local(at: Moment) -> String {
    at.local("Asia/Shanghai".parse().unwrap())
        .format("%Y-%m-%d %H:%M:%S")
        .to_string()
}

fn ends(rounds: &[Round]) -> Vec<String> {
    rounds.iter().map(|it| local(it.ends)).collect()
}

/// Who was told what of it, and of which round.
fn told(desk: &Desk<MemoryLedger>) -> Vec<String> {
    let all = desk.duty_outbox(&Cursor::start(), 1000).unwrap().items;
    let line = |it: &duly::duty::DutyOutgoing| {
        let DutyEffect::Notify { to, what } = &it.effect else {
            return "erase".to_owned();
        };
        let what = match what {
            DutyNotice::Imposed { .. } => "imposed".to_owned(),
            DutyNotice::Round { round, .. } => format!("round {round}"),
            DutyNotice::Rung { verb, round, .. } => {
                let verb = serde_json::to_string(verb).unwrap();
                format!("{verb} of round {}", round.unwrap())
            }
            DutyNotice::Overdue { occurrence, round } => {
                format!("overdue {occurrence} since round {}", round.unwrap())
            }
            other => format!("{other:?}"),
        };
        let when = it.at.local("Asia/Shanghai".parse().unwrap());
        format!("{} {what} to {}", when.format("%m-%d %H:%M"), to.post)
    };
    all.iter().map(line).collect()
}

/// The last of January has no counterpart in February and April: the month's last day takes its place, and March and May have their 31st again,
/// because every end is reckoned from January's. 28 February 2026 is a Saturday that makes up for the spring festival, so work ends at 18:00;
/// 31 May is a Sunday, and Monday takes its place; 30 April is a Thursday.
#[test]
fn months_end_where_they_end_and_do_not_creep() {
    let all = laid(MONTHLY, "visit", "2026-01-31 10:00", "2026-06-15 09:00");
    assert_eq!(
        ends(&all)[..4],
        [
            "2026-02-28 18:00:00",
            "2026-03-31 18:00:00",
            "2026-04-30 18:00:00",
            "2026-06-01 18:00:00",
        ]
    );
    assert_eq!(local(all[1].begins), "2026-02-28 18:00:01");
    // June's is reckoned from January too, not from 1 June: the 30th.
    assert_eq!(
        (local(all[4].begins), local(all[4].ends)),
        ("2026-06-01 18:00:01".into(), "2026-06-30 18:00:00".into())
    );
    assert!(all.iter().all(|it| it.due == it.ends), "the whole month");
}

/// A day's round that ends in the week of National Day would end on 8 October, as the six after it: they are one round, the second.
#[test]
fn a_holiday_swallows_the_rounds_that_have_no_day_of_their_own() {
    let daily = r#"duty("visit").owed_by(帮扶干部).every(1.calendar_days);"#;
    let all = laid(daily, "visit", "2025-09-29 10:00", "2025-10-10 09:00");
    assert_eq!(
        ends(&all),
        [
            "2025-09-30 18:00:00",
            // 1 to 8 October are off in 2025.
            "2025-10-09 18:00:00",
            "2025-10-10 18:00:00",
        ]
    );
    let periods: Vec<(u32, u32)> = all.iter().map(|it| (it.number, it.period)).collect();
    assert_eq!(periods, [(1, 1), (2, 2), (3, 11)]);
}

/// Fifteen days of each quarter: 2 March and fifteen days are the 17th; the second quarter begins after 2 June, and its fifteen days end on the 17th;
/// the third after 2 September, the 17th again. 2 June and 2 September 2026 are working days.
#[test]
fn there_is_so_much_of_each_period_to_do_it() {
    let quarterly =
        r#"duty("sweep", "集中排查").owed_by(单位领导).every(3.months).within(15.calendar_days);"#;
    let all = laid(quarterly, "sweep", "2026-03-02 10:00", "2026-10-01 09:00");
    let said: Vec<(String, String)> = all
        .iter()
        .map(|it| (local(it.due), local(it.ends)))
        .collect();
    let pair = |due: &str, ends: &str| (format!("2026-{due}:00"), format!("2026-{ends}:00"));
    assert_eq!(
        said,
        [
            pair("03-17 18:00", "06-02 18:00"),
            pair("06-17 18:00", "09-02 18:00"),
            pair("09-17 18:00", "12-02 18:00"),
        ]
    );
    // What is said in another unit and comes to more than a period ends with the period.
    let longer = r#"duty("visit").owed_by(帮扶干部).every(1.weeks).within(6.working_days);"#;
    let all = laid(longer, "visit", "2026-03-02 10:00", "2026-03-20 09:00");
    assert!(all.iter().all(|it| it.due == it.ends));
    assert_eq!(ends(&all)[0], "2026-03-09 18:00:00");
}

/// Where days end at midnight, a round ends at the first second of the day after it, and that day is the first of the next round's, whether or not the day
/// on which it was imposed counts.
#[test]
fn a_round_that_ends_at_midnight_takes_no_day_from_the_next() {
    let ending = |counting: &str, days: u32| {
        let text = PACK.replace("counting(\"cn\")", &format!("counting(\"{counting}\")"));
        let rule = format!(
            "duty(\"visit\").owed_by(帮扶干部).every(1.months).within({days}.calendar_days);"
        );
        let desk = desk_under(&format!("{text}{rule}"));
        done(
            &desk,
            "d1",
            "v01",
            duban(),
            "2026-03-02 09:00",
            command(&visit("visit", "H-17")),
        );
        let _ = desk.advance(at("2026-04-20 09:00")).unwrap();
        let all: Vec<Round> = rounds(&records(&desk))
            .into_iter()
            .map(|it| it.round)
            .collect();
        let each = all.iter().take(2);
        each.map(|it| (local(it.due), local(it.ends)))
            .collect::<Vec<_>>()
    };
    let pair = |due: &str, ends: &str| (format!("2026-{due}:00"), format!("2026-{ends}:00"));
    // The day on which it is imposed, or on which a round ends, is not day one: 3 March to 13 March; 3 April to 13 April.
    assert_eq!(
        ending("uk-foi", 11),
        [
            pair("03-14 00:00", "04-03 00:00"),
            pair("04-14 00:00", "05-07 00:00"),
        ]
    );
    // It is: 2 March to 11 March, and a month to 1 April; 2 April to 11 April, a Saturday, so Monday the 13th.
    assert_eq!(
        ending("kr-minwon", 10),
        [
            pair("03-12 00:00", "04-02 00:00"),
            pair("04-14 00:00", "05-07 00:00"),
        ]
    );
}

/// A household, month by month: visited early, so that it rests; then missed, reminded of the day after, climbing while nobody comes; then visited,
/// and the missed month stays missed.
#[test]
fn a_household_is_visited_month_by_month() {
    let desk = desk_of(MONTHLY);
    let id = "v01".parse().unwrap();
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:00",
        command(&visit("visit", "H-17")),
    );
    done(
        &desk,
        "d2",
        "v01",
        suonan(),
        "2026-03-20 10:00",
        command(seen()),
    );
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.stage(), DutyStage::Resting);
    assert_eq!(
        desk.next_alarm().unwrap(),
        Some(at("2026-04-02 18:00").plus(1))
    );
    // A second visit in March is no visit in April.
    let again = refused(
        &desk,
        "d3",
        "v01",
        suonan(),
        "2026-04-02 18:00",
        command(seen()),
    );
    insta::assert_snapshot!(format!("{}\n{}", again.say(Lang::En), again.say(Lang::Zh)));
    // April is missed. The first rung comes the day after; May is owed, and told of.
    let _ = desk.advance(at("2026-05-06 17:59")).unwrap();
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(
        (duty.stage(), duty.round().unwrap().number),
        (DutyStage::Owed, 2)
    );
    let _ = desk.advance(at("2026-05-12 09:00")).unwrap();
    assert_eq!(
        told(&desk),
        [
            "03-02 09:00 imposed to owner",
            // 2 April and a month: Saturday, 2 May, in the holiday of 1 to 5 May, so Wednesday the 6th.
            "04-02 18:00 round 2 to owner",
            "05-06 18:00 round 3 to owner",
            "05-07 18:00 \"remind\" of round 2 to owner",
            "05-11 18:00 \"warn\" of round 2 to unit_head",
        ]
    );
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(
        (duty.round().unwrap().number, duty.rounds().unwrap().missed),
        (3, 1)
    );
    assert!(
        duty.behind()
            .any(|(round, steps)| round == 2 && !steps.is_empty())
    );
    // She comes: nobody is reported any more, and April stays missed.
    done(
        &desk,
        "d4",
        "v01",
        suonan(),
        "2026-05-13 10:00",
        command(seen()),
    );
    let _ = desk.advance(at("2026-06-01 09:00")).unwrap();
    assert_eq!(told(&desk).len(), 5, "{:?}", told(&desk));
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.behind().count(), 0);
    let fates: Vec<RoundFate> = rounds(&records(&desk))
        .into_iter()
        .map(|it| it.fate)
        .collect();
    assert!(matches!(fates[0], RoundFate::Done { .. }));
    assert_eq!(
        fates[1],
        RoundFate::Missed {
            at: at("2026-05-06 18:00").plus(1)
        }
    );
    assert!(matches!(fates[2], RoundFate::Done { .. }));
    let _ = desk.verify().unwrap();
}

/// Nobody comes for months: each missed month climbs its own ladder to the top, and supervision hears of it by one chain of notices.
#[test]
fn each_missed_round_climbs_its_own_ladder() {
    let desk = desk_of(MONTHLY);
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:00",
        command(&visit("visit", "H-17")),
    );
    let _ = desk.advance(at("2026-06-20 09:00")).unwrap();
    let said = told(&desk);
    for round in 1..=2 {
        for verb in ["remind", "warn", "report"] {
            let one = format!("\"{verb}\" of round {round} ");
            assert_eq!(
                said.iter().filter(|line| line.contains(&one)).count(),
                1,
                "{one}: {said:#?}"
            );
        }
    }
    let chains: Vec<&String> = said
        .iter()
        .filter(|line| line.contains("overdue"))
        .collect();
    assert!(
        chains.len() > 5 && chains.iter().all(|line| line.contains("since round 1")),
        "{chains:#?}"
    );
    // The ladders of all three are at their top by then; what goes on is that one chain.
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    let behind = duty.behind().map(|(round, steps)| (round, steps.len()));
    assert_eq!(behind.collect::<Vec<_>>(), [(1, 1)]);
}

/// What happened, line by line: when, what, of which round.
fn happened(desk: &Desk<MemoryLedger>) -> Vec<String> {
    let line = |it: &DutyRecord| {
        let what = match &it.event {
            DutyEvent::Imposed { round, .. } => {
                format!("imposed, round {}", round.as_ref().unwrap().number)
            }
            DutyEvent::RoundDone { round, verdict, .. } => {
                format!("round {round} done, {verdict:?}")
            }
            DutyEvent::RoundMissed { round } => format!("round {round} missed"),
            DutyEvent::RoundBegan { round, .. } => {
                format!("round {} until {}", round.number, local(round.ends))
            }
            DutyEvent::StepTaken { round, step, .. } => {
                format!("{step} of {}", round.unwrap())
            }
            other => format!("{other:?}"),
        };
        format!("{} {what}", local(it.at))
    };
    records(desk).iter().map(line).collect()
}

/// Where a round ends at its due moment, that second is the last in which it is done, and in time; and the second after is the first of the next. Who
/// comes then has missed the one and done the other, and nothing of the ladder of either comes.
#[test]
fn the_last_second_of_a_round_is_its_own_and_the_next_is_the_next_ones() {
    let over = at("2026-04-02 18:00");
    let id = "v01".parse().unwrap();
    let after = |seconds: i64| {
        let desk = desk_of(MONTHLY);
        let first = command(&visit("visit", "H-17"));
        done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", first);
        let fulfil = envelope("d2", "v01", suonan(), over.plus(seconds), command(seen()));
        let answer = desk.submit_duty(fulfil).unwrap();
        assert!(answer.done().is_some(), "{answer:?}");
        desk
    };
    let counts = |desk: &Desk<MemoryLedger>| {
        let duty = desk.duty(&id).unwrap().unwrap();
        let kept = duty.rounds().unwrap();
        assert!(kept.behind.is_empty());
        (duty.stage(), kept.in_time, kept.late, kept.missed)
    };
    let last = after(0);
    assert_eq!(counts(&last), (DutyStage::Resting, 1, 0, 0));
    assert_eq!(last.next_alarm().unwrap(), Some(over.plus(1)));
    let _ = last.advance(over.plus(1)).unwrap();
    assert_eq!(
        happened(&last),
        [
            "2026-03-02 09:00:00 imposed, round 1",
            "2026-04-02 18:00:00 round 1 done, OnTime { margin: 0 }",
            "2026-04-02 18:00:01 round 2 until 2026-05-06 18:00:00",
            "2026-04-02 18:00:01 round of 2",
        ]
    );
    assert_eq!(
        told(&last),
        [
            "03-02 09:00 imposed to owner",
            "04-02 18:00 round 2 to owner",
        ]
    );
    let next = after(1);
    assert_eq!(counts(&next), (DutyStage::Resting, 1, 0, 1));
    let ends = at("2026-05-06 18:00");
    assert_eq!(next.next_alarm().unwrap(), Some(ends.plus(1)));
    let margin = ends.since(over.plus(1));
    let done = format!("2026-04-02 18:00:01 round 2 done, OnTime {{ margin: {margin} }}");
    assert_eq!(
        happened(&next),
        [
            "2026-03-02 09:00:00 imposed, round 1",
            "2026-04-02 18:00:01 breach of 1",
            "2026-04-02 18:00:01 round 1 missed",
            "2026-04-02 18:00:01 round 2 until 2026-05-06 18:00:00",
            "2026-04-02 18:00:01 round of 2",
            done.as_str(),
        ]
    );
    assert_eq!(told(&next), told(&last));
    let _ = next.verify().unwrap();
}

/// Fifteen days of a quarter: done after them and before the quarter ends it is late and not missed, and its ladder stops; the next quarter stands by
/// itself. Three working days before 17 March are the 12th, and before 17 June, with no holiday between, the 12th again.
#[test]
fn a_round_that_is_done_late_is_not_missed() {
    let quarterly = r#"
duty("sweep", "集中排查").owed_by(单位领导).every(3.months).within(15.calendar_days);
ladder("sweep").before(3.working_days).remind(单位领导).after(1.calendar_days).warn(单位领导).after(20.calendar_days).report(领导);
"#;
    let desk = desk_of(quarterly);
    let id = "v01".parse().unwrap();
    let village = r#"{"impose": {"kind": "sweep", "topic": "倒淌河村", "place": "632521", "unit": "镇政府"}}"#;
    let first = command(village);
    done(&desk, "d1", "v01", duban(), "2026-03-02 10:00", first);
    let head = || person("zhang", Role::UnitHead, Some("镇政府"));
    let sweep = r#"{"fulfil": {"evidence": "逐户查过", "covered": 43, "of": 43}}"#;
    let late = command(sweep);
    done(&desk, "d2", "v01", head(), "2026-03-20 10:00", late);
    let duty = desk.duty(&id).unwrap().unwrap();
    let by = at("2026-03-20 10:00").since(at("2026-03-17 18:00"));
    assert_eq!(duty.verdict(), Some(Verdict::Late { by }));
    assert_eq!(duty.breached_at(), Some(at("2026-03-17 18:00").plus(1)));
    let _ = desk.advance(at("2026-06-17 09:00")).unwrap();
    let lateness = format!("2026-03-20 10:00:00 round 1 done, Late {{ by: {by} }}");
    assert_eq!(
        happened(&desk),
        [
            "2026-03-02 10:00:00 imposed, round 1",
            "2026-03-12 18:00:00 before-3 of 1",
            "2026-03-17 18:00:01 breach of 1",
            "2026-03-18 18:00:00 after-1-calendar-day of 1",
            lateness.as_str(),
            "2026-06-02 18:00:01 round 2 until 2026-09-02 18:00:00",
            "2026-06-02 18:00:01 round of 2",
            "2026-06-12 18:00:00 before-3 of 2",
        ]
    );
    let duty = desk.duty(&id).unwrap().unwrap();
    let kept = duty.rounds().unwrap();
    assert_eq!((kept.in_time, kept.late, kept.missed), (0, 1, 0));
    assert_eq!((duty.stage(), duty.breached_at()), (DutyStage::Owed, None));
    assert_eq!(duty.due(), at("2026-06-17 18:00"));
    // Excused while the second is owed: that one is neither done nor missed.
    let excuse = command(r#"{"excuse": {"reason": "村已合并"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-06-17 18:00", excuse);
    let fates = rounds(&records(&desk)).into_iter().map(|it| it.fate);
    assert_eq!(
        fates.collect::<Vec<_>>(),
        [
            RoundFate::Done {
                at: at("2026-03-20 10:00"),
                verdict: Verdict::Late { by },
                coverage: Covered::new(43, 43),
            },
            RoundFate::Excused {
                at: at("2026-06-17 18:00")
            },
        ]
    );
    let duty = desk.duty(&id).unwrap().unwrap();
    let kept = duty.rounds().unwrap();
    assert_eq!((kept.in_time, kept.late, kept.missed), (0, 1, 0));
    assert_eq!(duty.next_alarm(), None);
}

/// What became of each step of each round, once somebody has come in the second: of the first, which nobody came for, what had come by then and the
/// notice that had not; of the second, all but its end. Once it is excused, its end does not come either.
#[test]
fn what_became_of_each_step_is_told_from_the_records() {
    let desk = desk_of(MONTHLY);
    let first = command(&visit("visit", "H-17"));
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", first);
    let fulfil = command(seen());
    done(&desk, "d2", "v01", suonan(), "2026-04-20 10:00", fulfil);
    let became = || -> Vec<String> {
        let all = outcomes(&"hainan".parse().unwrap(), &records(&desk)).unwrap();
        let line = |it: DutyOccurrence| {
            let what = match &it.outcome {
                DutyOutcome::Taken(StepFate::Fired { .. }) => "came".to_owned(),
                DutyOutcome::Ahead => "ahead".to_owned(),
                DutyOutcome::Void(stage) => format!("void, {stage}"),
                other => format!("{other:?}"),
            };
            let round = it.round.unwrap();
            format!("{round} {} {} {what}", it.step, local(it.at))
        };
        all.into_iter().map(line).collect()
    };
    let lines = |end: &str| {
        [
            "1 breach 2026-04-02 18:00:01 came",
            "1 lapse 2026-04-02 18:00:01 came",
            "1 after-1-calendar-day 2026-04-03 18:00:00 came",
            "1 after-5-calendar-days 2026-04-07 18:00:00 came",
            // Ten days after the 2nd is a Sunday.
            "1 after-10-calendar-days 2026-04-13 18:00:00 came",
            "1 overdue #1 2026-04-20 18:00:00 void, resting",
            "2 round 2026-04-02 18:00:01 came",
            "2 breach 2026-05-06 18:00:01 void, resting",
            end,
            "2 after-1-calendar-day 2026-05-07 18:00:00 void, resting",
            "2 after-5-calendar-days 2026-05-11 18:00:00 void, resting",
            // Ten days after the 6th is a Saturday.
            "2 after-10-calendar-days 2026-05-18 18:00:00 void, resting",
        ]
        .map(str::to_owned)
    };
    assert_eq!(became(), lines("2 lapse 2026-05-06 18:00:01 ahead"));
    let excuse = command(r#"{"excuse": {"reason": "户已迁走"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-04-21 10:00", excuse);
    assert_eq!(became(), lines("2 lapse 2026-05-06 18:00:01 void, excused"));
}

/// The next plan says nothing of visits: none is imposed any more, and those that are owed go on round by round under the plan that they were imposed
/// under, also on a desk that has only the next one in hand. A revised calendar reaches them there.
#[test]
fn what_the_next_plan_leaves_out_goes_on_under_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.db");
    let id = "v01".parse().unwrap();
    let open = |plan: Plan| {
        let mut plans = Plans::new("hainan".parse().unwrap());
        plans.take(plan).unwrap();
        let ledger = SqliteLedger::open(&path, "hainan".parse().unwrap());
        Desk::new(ledger.unwrap(), plans).unwrap()
    };
    let video = "duty(\"video\").owed_by(单位领导).within(20.working_days);";
    let before = open(plan(MONTHLY));
    let first = command(&visit("visit", "H-17"));
    done(&before, "d1", "v01", duban(), "2026-03-02 09:00", first);
    let own = before.duty(&id).unwrap().unwrap().plan().clone();
    assert_ne!(own, before.reload(plan(video)).unwrap());
    let none = |desk: &Desk<SqliteLedger>, name: &str| {
        let other = command(&visit("visit", "H-18"));
        let none = refused(desk, name, "v02", duban(), "2026-03-03 09:00", other);
        let kind = DutyKind::Visit;
        assert_eq!(*none.why, DutyWhy::NoRule { kind });
    };
    none(&before, "d2");
    drop(before);
    let desk = open(plan(video));
    none(&desk, "d3");
    let ticked = desk.advance(at("2026-04-03 09:00")).unwrap();
    assert!(ticked.stuck_duties.is_empty(), "{ticked:?}");
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!((duty.plan(), duty.round().unwrap().number), (&own, 2));
    assert_eq!(duty.due(), at("2026-05-06 18:00"));
    let mut notice = DayTable::cn();
    notice.revision = "2026-04-03".into();
    let off = "2026-05-06".parse().unwrap();
    let _ = notice.closed.insert(off, "州庆".into());
    let _ = desk.revise(notice).unwrap();
    let host = person("system", Role::System, None);
    let moved = desk.adopt_calendar(&host, at("2026-04-03 10:00")).unwrap();
    let due: Vec<Moment> = moved.duties.iter().map(|it| it.due).collect();
    assert_eq!(due, [at("2026-05-07 18:00")]);
    let fulfil = command(seen());
    done(&desk, "d4", "v01", suonan(), "2026-05-07 18:00", fulfil);
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.verdict(), Some(Verdict::OnTime { margin: 0 }));
    let _ = desk.verify().unwrap();
}

/// Where a rule names no channel, any will do, and those that are named are the ones.
#[test]
fn a_rule_that_names_no_channel_takes_any() {
    let desk = desk_of("duty(\"video\").owed_by(单位领导).within(11.calendar_days);");
    let on = |channels: &str| {
        command(&format!(
            r#"{{"impose": {{"kind": "video", "topic": "供暖", "place": "632521", "unit": "镇政府"{channels}}}}}"#
        ))
    };
    let morning = "2026-03-02 09:00";
    done(&desk, "d1", "v01", duban(), morning, on(""));
    let site = on(r#", "channels": ["县政府网站"]"#);
    done(&desk, "d2", "v02", duban(), morning, site);
    let head = || person("zhang", Role::UnitHead, Some("镇政府"));
    let seen = || command(r#"{"fulfil": {"channel": "抖音", "link": "https://example.org/v"}}"#);
    done(&desk, "d3", "v01", head(), morning, seen());
    let elsewhere = refused(&desk, "d4", "v02", head(), morning, seen());
    let known = vec!["县政府网站".parse().unwrap()];
    let channel = "抖音".parse().unwrap();
    assert_eq!(*elsewhere.why, DutyWhy::Channel { channel, known });
}

/// From the second round on it is the notice that the round is owed by which whoever owes it is told.
#[test]
fn the_notice_of_a_later_round_is_delivered_too() {
    let desk = desk_of(MONTHLY);
    let id = "v01".parse().unwrap();
    let receipt = |effect: &DutyEffectId, when: &str| Receipt {
        effect: effect.clone(),
        at: at(when),
        means: None,
        outcome: Fate::Delivered { to: Vec::new() },
    };
    let first = command(&visit("visit", "H-17"));
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", first);
    let imposed = desk.duty_outbox(&Cursor::start(), 100).unwrap().items;
    let first = receipt(&imposed[0].id, "2026-03-02 09:02");
    let _ = desk.duty_receipt(&first).unwrap();
    let told = || desk.duty(&id).unwrap().unwrap().delivered_at();
    assert_eq!(told(), Some(at("2026-03-02 09:02")));
    let _ = desk.advance(at("2026-04-02 18:05")).unwrap();
    assert_eq!(told(), None, "of the second round nobody is told yet");
    let out = desk.duty_outbox(&Cursor::start(), 100).unwrap().items;
    let begun = out.iter().find(|it| {
        let DutyEffect::Notify { what, .. } = &it.effect else {
            return false;
        };
        matches!(what, DutyNotice::Round { round: 2, .. })
    });
    let second = receipt(&begun.unwrap().id, "2026-04-02 18:06");
    let _ = desk.duty_receipt(&second).unwrap();
    assert_eq!(told(), Some(at("2026-04-02 18:06")));
}

/// A limit that ends at midnight ends with the day before: that is the latest day that can be named.
#[test]
fn no_day_is_named_after_the_last_one_of_a_limit() {
    let text = PACK.replace("counting(\"cn\")", "counting(\"uk-foi\")");
    let desk = desk_under(&format!(
        "{text}duty(\"video\").owed_by(单位领导).within(11.calendar_days);"
    ));
    let on = |day: &str| {
        command(&format!(
            r#"{{"impose": {{"kind": "video", "topic": "供暖", "place": "632521", "unit": "镇政府", "due": "{day}"}}}}"#
        ))
    };
    let late = on("2026-03-14");
    let late = refused(&desk, "d1", "v01", duban(), "2026-03-02 09:00", late);
    assert!(
        late.to_string().contains("allows, which is 2026-03-13"),
        "{late}"
    );
    let last = on("2026-03-13");
    done(&desk, "d2", "v01", duban(), "2026-03-02 09:00", last);
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(duty.due(), at("2026-03-14 00:00"));
}

/// A pack that takes known days only has no officer impose what would be due beyond them; what the machine issues, and an earlier day, are taken.
#[test]
fn beyond_the_known_holidays_nothing_is_imposed_where_the_pack_takes_known_days_only() {
    let text = PACK.replace("counting(\"cn\")", "counting(\"cn\").known_days_only()");
    let desk = desk_under(&format!(
        "{text}duty(\"video\").owed_by(单位领导).within(20.working_days);{MONTHLY}"
    ));
    let video = |due: &str| {
        command(&format!(
            r#"{{"impose": {{"kind": "video", "topic": "供暖", "place": "632521", "unit": "镇政府"{due}}}}}"#
        ))
    };
    let month = command(&visit("visit", "H-17"));
    // Twenty working days by the ordinary week, and a month.
    let [days, month_later] = ["2027-01-18", "2027-01-21"];
    for (id, asked, kind, due) in [
        ("d1", video(""), "video", days),
        ("d2", month, "visit", month_later),
    ] {
        let why = refused(&desk, id, "v01", duban(), "2026-12-21 09:00", asked);
        assert!(matches!(&*why.why, DutyWhy::NotCovered { .. }), "{why}");
        let (en, zh) = (why.say(Lang::En), why.say(Lang::Zh));
        let due = format!("the `{kind}` would be due about {due} 18:00:00");
        assert!(en.contains(&due), "{en}");
        assert!(en.contains("install the next notice"), "{en}");
        assert!(zh.contains("2026-12-31") && zh.contains("放假通知"), "{zh}");
    }
    let early = video(r#", "due": "2026-12-30""#);
    done(&desk, "d3", "v01", duban(), "2026-12-21 09:00", early);
    let own = desk_under(&format!(
        "{text}duty(\"video\").owed_by(单位领导).within(20.working_days);"
    ));
    done(&own, "d4", "v02", duban(), "2026-11-02 09:00", video(""));
    let daily = desk_under(&format!(
        "{text}digest(\"日报\").cut(\"17:30\").to(领导).read_by(\"09:00\");"
    ));
    let day = "2026-12-31".parse().unwrap();
    let issued = daily.issue_digest(day, at("2026-12-31 20:00")).unwrap();
    let [issued] = issued.as_slice() else {
        panic!("{issued:?}")
    };
    let due = issued.done().map(|done| done.due);
    assert_eq!(due, Some(at("2027-01-01 09:00")));
}

/// It ends by an excuse with a reason, of somebody who does not owe it, also while it rests; what was missed stays on record.
#[test]
fn only_an_excuse_ends_it() {
    let desk = desk_of(MONTHLY);
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:00",
        command(&visit("visit", "H-17")),
    );
    let excuse = || command(r#"{"excuse": {"reason": "户已迁往贵德"}}"#);
    let mut both = suonan();
    both.roles.push(Role::Supervisor.into());
    let own = refused(&desk, "d2", "v01", both, "2026-03-03 09:00", excuse());
    assert!(
        own.to_string()
            .contains("nobody has the last word on their own work")
    );
    done(
        &desk,
        "d3",
        "v01",
        suonan(),
        "2026-04-03 10:00",
        command(seen()),
    );
    done(
        &desk,
        "d4",
        "v01",
        person("lv", Role::Leader, None),
        "2026-04-10 10:00",
        excuse(),
    );
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(
        (duty.stage(), duty.next_alarm()),
        (DutyStage::Excused, None)
    );
    assert_eq!(
        (
            duty.rounds().unwrap().missed,
            duty.rounds().unwrap().in_time
        ),
        (1, 1)
    );
    let late = refused(
        &desk,
        "d5",
        "v01",
        suonan(),
        "2026-05-04 09:00",
        command(seen()),
    );
    assert!(late.to_string().contains("stands at `excused`"), "{late}");
}

/// It goes with the post: whoever looks after the household now owes it by the same moments, and what was missed before stands by the name of who
/// owed it then.
#[test]
fn a_visit_goes_with_the_post_and_a_missed_one_with_who_missed_it() {
    let desk = desk_of(MONTHLY);
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:00",
        command(&visit("visit", "H-17")),
    );
    let over = command(r#"{"hand_over": {"to": "zhaxi", "reason": "调任"}}"#);
    done(&desk, "d2", "v01", duban(), "2026-04-10 09:00", over);
    let not_his = refused(
        &desk,
        "d3",
        "v01",
        suonan(),
        "2026-04-11 09:00",
        command(seen()),
    );
    assert!(
        not_his
            .to_string()
            .contains("only `zhaxi`, as `owner` of `632521`, owes it"),
        "{not_his}"
    );
    let zhaxi = person("zhaxi", Role::Owner, Some("镇政府"));
    done(
        &desk,
        "d4",
        "v01",
        zhaxi,
        "2026-04-11 09:00",
        command(seen()),
    );
    let plan = plan(MONTHLY);
    let april = Period::dates(
        "2026-04-01".parse().unwrap(),
        "2026-04-30".parse().unwrap(),
        plan.zone,
    );
    let of = obligations(&"hainan".parse().unwrap(), &records(&desk), &plan, april).unwrap();
    let [late] = of.late.as_slice() else {
        panic!("{:?}", of.late)
    };
    assert_eq!((late.round, late.missed), (Some(1), true));
    assert_eq!(late.owed.person.as_ref().unwrap().as_str(), "suonan");
}

/// What each kind needs and has no use for, in both languages.
#[test]
fn what_is_missing_or_out_of_place_is_said() {
    let desk = desk_of(&format!(
        "{MONTHLY}duty(\"sweep\").owed_by(单位领导).every(6.months).within(1.months);"
    ));
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:00",
        command(&visit("visit", "H-17")),
    );
    let village = r#"{"impose": {"kind": "sweep", "topic": "倒淌河村", "place": "632521", "unit": "镇政府"}}"#;
    done(
        &desk,
        "d2",
        "s01",
        duban(),
        "2026-03-02 09:00",
        command(village),
    );
    let head = || person("zhang", Role::UnitHead, Some("镇政府"));
    let cases = [
        (
            "a1",
            "v02",
            duban(),
            r#"{"impose": {"kind": "visit", "topic": "才让家", "place": "632521", "person": "suonan"}}"#,
        ),
        (
            "a2",
            "v02",
            duban(),
            r#"{"impose": {"kind": "visit", "topic": "才让家", "subject": "H-1", "place": "632521", "person": "suonan", "due": "2026-03-05"}}"#,
        ),
        (
            "a3",
            "v02",
            duban(),
            r#"{"impose": {"kind": "inspection", "topic": "共和县", "place": "632521"}}"#,
        ),
        (
            "a4",
            "v02",
            head(),
            r#"{"impose": {"kind": "sweep", "topic": "村", "place": "632521", "unit": "镇政府"}}"#,
        ),
        ("a5", "v01", suonan(), r#"{"fulfil": {}}"#),
        (
            "a6",
            "v01",
            suonan(),
            r#"{"fulfil": {"evidence": "见到户主", "channel": "网站", "link": "https://example.org"}}"#,
        ),
        (
            "a7",
            "v01",
            suonan(),
            r#"{"fulfil": {"evidence": "见到户主", "covered": 1, "of": 1}}"#,
        ),
        (
            "a8",
            "s01",
            head(),
            r#"{"fulfil": {"evidence": "逐户查过", "covered": 41}}"#,
        ),
        (
            "a9",
            "s01",
            head(),
            r#"{"fulfil": {"evidence": "逐户查过", "covered": 44, "of": 43}}"#,
        ),
        (
            "b1",
            "s01",
            head(),
            r#"{"fulfil": {"evidence": "逐户查过", "covered": 0, "of": 0}}"#,
        ),
        (
            "b2",
            "s01",
            head(),
            r#"{"fulfil": {"evidence": " ", "covered": 1, "of": 43}}"#,
        ),
        ("b3", "s01", head(), r#"{"accept": {}}"#),
    ];
    let mut all = String::new();
    for (id, duty, by, asked) in cases {
        let refusal = refused(&desk, id, duty, by, "2026-03-02 10:00", command(asked));
        all.push_str(&format!(
            "{}\n{}\n\n",
            refusal.say(Lang::En),
            refusal.say(Lang::Zh)
        ));
    }
    insta::assert_snapshot!(all);
    // None of it changed anything; a whole village can be seen.
    let whole = r#"{"fulfil": {"evidence": "逐户查过", "covered": 43, "of": 43}}"#;
    done(
        &desk,
        "c1",
        "s01",
        head(),
        "2026-03-02 10:00",
        command(whole),
    );
    // A negative number, or half a household, is no command at all.
    for bad in ["-1", "1.5", "1e2", "18446744073709551616", "\"1\""] {
        let text = format!(r#"{{"fulfil": {{"evidence": "x", "covered": {bad}, "of": 43}}}}"#);
        assert!(
            serde_json::from_str::<duly::duty::DutyCommand>(&text).is_err(),
            "{bad}"
        );
    }
}

/// What whoever owes a visit reads, of this round and of one that is over.
#[test]
fn letters_say_which_round_and_what_there_is_to_do() {
    let desk = desk_of(MONTHLY);
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:00",
        command(&visit("visit", "H-17")),
    );
    let _ = desk.advance(at("2026-04-20 09:00")).unwrap();
    let mut said = letters(&desk);
    // Done, and handed over while it rests: there is nothing to do until the next round.
    done(
        &desk,
        "d2",
        "v01",
        suonan(),
        "2026-04-20 10:00",
        command(seen()),
    );
    let over = command(r#"{"hand_over": {"to": "zhaxi", "reason": "调任"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-04-21 09:00", over);
    let all = letters(&desk);
    assert!(all.len() > said.len());
    let last = all.split("----\n").filter(|it| !it.is_empty());
    let last: Vec<&str> = last.collect();
    said.push_str(&last[last.len() - 2..].join("----\n"));
    insta::assert_snapshot!(said);
}

/// A letter goes out when it goes out: what it asks for is what is owed by then.
#[test]
fn letters_of_a_round_that_is_over_or_done_ask_for_what_is_owed_now() {
    let desk = desk_of(MONTHLY);
    let first = command(&visit("visit", "H-17"));
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", first);
    let _ = desk.advance(at("2026-05-08 09:00")).unwrap();
    let of = |all: &str, what: &str| -> Vec<String> {
        let letters = all.split("----\n").filter(|it| it.contains(what));
        letters.map(str::to_owned).collect()
    };
    // The third round is owed: the letter of the second does not ask for the second.
    let owed = letters(&desk);
    let [late] = &of(&owed, "visit, round 2 begins")[..] else {
        panic!("{owed}")
    };
    assert!(
        late.contains("that round is over; what is owed now is round 3"),
        "{late}"
    );
    assert!(late.contains("until: 2026-06-02 18:00"), "{late}");
    let [now] = &of(&owed, "visit, round 3 begins")[..] else {
        panic!("{owed}")
    };
    assert!(now.contains("to do: visit in time"), "{now}");
    // It is done: no letter asks for anything, or says until when.
    let fulfilled = command(seen());
    done(&desk, "d2", "v01", suonan(), "2026-05-08 10:00", fulfilled);
    let done_now = letters(&desk);
    for letter in done_now.split("----\n").filter(|it| it.contains("to do:")) {
        assert!(
            letter.contains("this round is done; the next begins at 2026-06-02 18:00:01"),
            "{letter}"
        );
        assert!(!letter.contains("until:"), "{letter}");
    }
    let excuse = command(r#"{"excuse": {"reason": "户已迁走"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-05-09 10:00", excuse);
    let excused = letters(&desk);
    for letter in excused.split("----\n").filter(|it| it.contains("to do:")) {
        assert!(letter.contains("to do: nothing"), "{letter}");
    }
}

/// Every notice so far, in both languages, by how it stands now.
fn letters(desk: &Desk<MemoryLedger>) -> String {
    let out = desk.duty_outbox(&Cursor::start(), 100).unwrap();
    let table: PostTable = serde_json::from_str(r#"{"held": []}"#).unwrap();
    let taken: Result<_, duly::desk::DeskError> = deliveries(
        out,
        &table,
        at("2026-04-20 09:00"),
        |_| Ok(None),
        |it, text| desk.duty_text(&it.id.duty, text),
    );
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    let plan = plan(MONTHLY);
    let mut said = String::new();
    for it in &taken.unwrap().items {
        for lang in [Lang::Zh, Lang::En] {
            let letter = duty_letter(it, &duty, &plan, lang);
            said.push_str(&format!("{}\n\n{}----\n", letter.subject, letter.body));
        }
    }
    said
}

/// What the office reads at the end of a month: three households and a village, one household twice missed.
#[test]
fn coverage_is_read_by_kind_by_place_and_by_household() {
    let lines = format!(
        "{MONTHLY}duty(\"sweep\").owed_by(单位领导).every(1.months).within(20.working_days); ladder(\"sweep\").due().warn(单位领导);"
    );
    let desk = desk_of(&lines);
    for n in 1..=3 {
        let impose = command(&visit("visit", &format!("H-{n}")));
        done(
            &desk,
            &format!("i{n}"),
            &format!("v0{n}"),
            duban(),
            "2026-02-03 09:00",
            impose,
        );
    }
    let village = r#"{"impose": {"kind": "sweep", "topic": "倒淌河村", "place": "632521", "unit": "镇政府"}}"#;
    done(
        &desk,
        "i4",
        "s01",
        duban(),
        "2026-02-03 09:00",
        command(village),
    );
    // Over the spring festival.
    done(
        &desk,
        "f1",
        "v01",
        suonan(),
        "2026-02-10 10:00",
        command(seen()),
    );
    done(
        &desk,
        "f2",
        "v02",
        suonan(),
        "2026-03-03 18:00",
        command(seen()),
    );
    let head = person("zhang", Role::UnitHead, Some("镇政府"));
    let sweep =
        r#"{"fulfil": {"evidence": "逐户查过", "covered": 41, "of": 43, "found": "两户外出"}}"#;
    done(&desk, "f3", "s01", head, "2026-03-02 10:00", command(sweep));
    done(
        &desk,
        "f4",
        "v01",
        suonan(),
        "2026-03-10 10:00",
        command(seen()),
    );
    let _ = desk.advance(at("2026-04-10 09:00")).unwrap();
    let plan = plan(&lines);
    let of = |first: &str, last: &str| {
        let period = Period::dates(first.parse().unwrap(), last.parse().unwrap(), plan.zone);
        obligations(&"hainan".parse().unwrap(), &records(&desk), &plan, period).unwrap()
    };
    let (march, january) = (
        of("2026-03-01", "2026-03-31"),
        of("2026-01-01", "2026-01-31"),
    );
    assert!(january.coverage.kinds.is_empty());
    let both = of("2026-03-01", "2026-04-09");
    let visits = &both.coverage.kinds[0].figures;
    assert_eq!((visits.due, visits.in_time, visits.missed), (6, 3, 3));
    assert_eq!(visits.coverage().to_string(), "50.0%");
    let roll: Vec<_> = ["s01", "v01", "v03"]
        .iter()
        .map(|id| desk.duty(&id.parse().unwrap()).unwrap().unwrap())
        .collect();
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}",
        march.table(Lang::Zh),
        march.coverage.table(Lang::Zh),
        both.coverage.by_place(Lang::En),
        both.coverage.by_subject(Lang::Zh),
        both.by_name(Lang::Zh),
        both.by_name(Lang::En),
        duty_roll(&roll, plan.zone, Lang::Zh),
    ));
    // Before anything fell due, there is no rate: never a hundred per cent.
    let february = of("2026-02-01", "2026-02-28");
    assert_eq!(
        february.coverage.kinds[0].figures.coverage().to_string(),
        "–"
    );
}

/// A board kept in a file, with what recurs on it: opened again it goes on where it stood, and every record of it is verified.
#[test]
fn a_file_goes_on_where_it_stood() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.db");
    let open = || {
        let mut plans = Plans::new("hainan".parse().unwrap());
        plans.take(plan(MONTHLY)).unwrap();
        Desk::new(
            SqliteLedger::open(&path, "hainan".parse().unwrap()).unwrap(),
            plans,
        )
        .unwrap()
    };
    let memory = desk_of(MONTHLY);
    let impose = || command(&visit("visit", "H-17"));
    done(&memory, "d1", "v01", duban(), "2026-03-02 09:00", impose());
    done(&open(), "d1", "v01", duban(), "2026-03-02 09:00", impose());
    let fulfil = envelope(
        "d2",
        "v01",
        suonan(),
        at("2026-05-20 10:00"),
        command(seen()),
    );
    let first = memory.submit_duty(fulfil.clone()).unwrap();
    assert_eq!(open().submit_duty(fulfil).unwrap(), first);
    let id = "v01".parse().unwrap();
    let sqlite = open();
    assert_eq!(sqlite.duty(&id).unwrap(), memory.duty(&id).unwrap());
    assert_eq!(sqlite.next_alarm().unwrap(), memory.next_alarm().unwrap());
    let verified = sqlite.verify().unwrap();
    assert_eq!((verified.duties, verified.texts), (1, 3));
}

/// Records that no machine wrote are not taken for a history: a round that is over too early, another round, a round passed over in silence, a
/// rung of a round that never was, a visit without rounds.
#[test]
fn records_of_rounds_that_do_not_follow_are_found() {
    let desk = desk_of(MONTHLY);
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:00",
        command(&visit("visit", "H-17")),
    );
    let _ = desk.advance(at("2026-05-20 09:00")).unwrap();
    let board = "hainan".parse().unwrap();
    let fold = |records: &[DutyRecord]| {
        let mut duty = None;
        for record in records {
            duty = Some(duly::duty::evolve(&board, duty.take(), record)?);
        }
        Ok::<_, duly::duty::Corrupt>(duty)
    };
    let all = records(&desk);
    assert!(fold(&all).is_ok());
    let missed = all
        .iter()
        .position(|it| matches!(it.event, DutyEvent::RoundMissed { round: 1 }))
        .unwrap();
    let found = |change: &dyn Fn(&mut Vec<DutyRecord>), said: &str| {
        let mut forged = all.clone();
        change(&mut forged);
        for (version, record) in (1..).zip(&mut forged) {
            record.version = version;
        }
        let error = fold(&forged).unwrap_err().to_string();
        assert!(error.contains(said), "{error}, not {said}");
    };
    // The breach of the same second is later than a round that is over a day early, and so is left out.
    let early = |all: &mut Vec<DutyRecord>| {
        all[missed].at = all[missed].at.plus(-86_400);
        drop(all.remove(missed - 1));
    };
    found(&early, "the round is not over");
    found(
        &|all| all[missed].event = DutyEvent::RoundMissed { round: 2 },
        "it does not stand in that round",
    );
    found(
        &|all| drop(all.remove(missed)),
        "it does not follow the round before it",
    );
    found(
        &|all| drop(all.remove(missed + 1)),
        "nothing was ahead of that round",
    );
    let twice = |all: &mut Vec<DutyRecord>| {
        let began = all[missed + 1].clone();
        all.insert(missed + 2, began);
    };
    found(&twice, "the round is not over");
    let no_round = |all: &mut Vec<DutyRecord>| {
        if let DutyEvent::Imposed { round, .. } = &mut all[0].event {
            *round = None;
        }
    };
    found(&no_round, "the first record imposes it");
    let other = |all: &mut Vec<DutyRecord>| {
        for record in all.iter_mut() {
            if let DutyEvent::StepTaken { round, .. } = &mut record.event {
                *round = Some(9);
            }
        }
    };
    found(&other, "nothing was ahead of that round");
}
