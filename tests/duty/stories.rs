//! Rows A3 and A23–A25 of the workflow, as stories.

use duly::desk::{Cursor, Desk, DutyAnswer, MemoryLedger};
use duly::duty::{DutyEffect, DutyEvent, DutyNotice, DutyRecord, DutyWhy};
use duly::plan::Plans;
use duly::report::{Period, obligations};
use duly::time::Moment;
use duly::words::{Actor, CancelWhy, DutyStage, Lang, Role, StepFate, Verb, Verdict};

use super::{
    at, command, desk, done, duban, envelope, fulfil, head, person, plans, refused, video,
};

/// Who was told what, since the beginning.
fn told(desk: &Desk<MemoryLedger>, duty: &str) -> Vec<String> {
    let all = desk.duty_outbox(&Cursor::start(), 1000).unwrap().items;
    let own = all.iter().filter(|it| it.id.duty.as_str() == duty);
    own.map(|it| {
        let DutyEffect::Notify { to, what } = &it.effect else {
            return "erase".into();
        };
        let what = match what {
            DutyNotice::Imposed { .. } => "imposed".to_owned(),
            DutyNotice::Rung { verb, .. } => serde_json::to_string(verb).unwrap(),
            DutyNotice::Overdue { occurrence, .. } => format!("overdue {occurrence}"),
            DutyNotice::ToAccept { .. } => "to accept".into(),
            DutyNotice::Waits { occurrence } => format!("waits {occurrence}"),
            other => format!("{other:?}")
                .split([' ', '{'])
                .next()
                .unwrap()
                .to_owned(),
        };
        let local = it.at.local("Asia/Shanghai".parse().unwrap());
        format!("{} {what} to {}", local.format("%m-%d %H:%M"), to.post)
    })
    .collect()
}

fn records(desk: &Desk<MemoryLedger>) -> Vec<DutyRecord> {
    let all = desk.read_duties(&Cursor::start(), 10_000).unwrap().items;
    all.into_iter().map(|entry| entry.sealed.record).collect()
}

fn month(first: &str, last: &str) -> Period {
    Period::dates(
        first.parse().unwrap(),
        last.parse().unwrap(),
        "Asia/Shanghai".parse().unwrap(),
    )
}

/// A unit head lets the limit pass: reminded, warned, reported, named in the bulletin; late when it comes, late for good.
#[test]
fn a23_a_late_video_stands_in_the_bulletin() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = desk.advance(at("2026-04-20 09:00")).unwrap();
    assert_eq!(
        told(&desk, "v01"),
        [
            "03-02 09:00 imposed to unit_head",
            "03-25 18:00 \"remind\" to unit_head",
            "03-30 18:00 \"warn\" to unit_head",
            "03-30 18:00 \"supervise\" to supervisor",
            "04-07 18:00 \"report\" to leader",
            "04-14 18:00 overdue 1 to supervisor",
        ]
    );
    done(&desk, "d2", "v01", head(), "2026-04-20 10:00", fulfil());
    done(
        &desk,
        "d3",
        "v01",
        duban(),
        "2026-04-21 10:00",
        command(r#"{"accept": {}}"#),
    );
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(duty.stage(), DutyStage::Done);
    assert!(!duty.verdict().unwrap().is_on_time() && duty.is_named());
    assert_eq!(duty.breached_at(), Some(at("2026-03-30 18:00").plus(1)));
    assert_eq!(desk.next_alarm().unwrap(), None);

    let plans = plans();
    let plan = &plans.latest().unwrap().plan;
    let board = "hainan".parse().unwrap();
    let of = |period| obligations(&board, &records(&desk), plan, period).unwrap();
    let march = of(month("2026-03-01", "2026-03-31"));
    let april = of(month("2026-04-01", "2026-04-30"));
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}",
        march.table(Lang::Zh),
        march.by_name(Lang::Zh),
        april.table(Lang::En),
        april.by_name(Lang::En)
    ));
    // The same records, the same bytes, in whatever order the obligations stand.
    assert_eq!(
        serde_json::to_vec(&of(month("2026-04-01", "2026-04-30"))).unwrap(),
        serde_json::to_vec(&april).unwrap()
    );
}

/// Nobody marks their own homework: supervision accepts or sends back, and what it takes for that is not the unit's time.
#[test]
fn a24_supervision_accepts_or_sends_back_and_its_time_does_not_count() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v01", head(), "2026-03-26 10:00", fulfil());
    // It waits for two weeks: supervision is reminded, the unit is not late.
    let _ = desk.advance(at("2026-04-09 09:00")).unwrap();
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(
        (duty.stage(), duty.breached_at()),
        (DutyStage::Submitted, None)
    );
    assert_eq!(
        told(&desk, "v01").last().unwrap(),
        "04-02 18:00 waits 1 to supervisor"
    );
    // The one who published it has no say, in whatever role.
    let own = refused(
        &desk,
        "d3",
        "v01",
        person("zhang", Role::Supervisor, None),
        "2026-04-09 10:00",
        command(r#"{"accept": {}}"#),
    );
    insta::assert_snapshot!(own.say(Lang::Zh));
    done(
        &desk,
        "d4",
        "v01",
        duban(),
        "2026-04-09 10:00",
        command(r#"{"send_back": {"mend": "没有答供暖温度"}}"#),
    );
    // Ten working days had passed it by (26, 27, 30, 31 March, 1–3, 7–8 April): nine whole ones and the first.
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(duty.stage(), DutyStage::Owed);
    assert_eq!(duty.due(), at("2026-04-13 18:00"));
    done(&desk, "d5", "v01", head(), "2026-04-13 18:00", fulfil());
    done(
        &desk,
        "d6",
        "v01",
        duban(),
        "2026-04-20 09:00",
        command(r#"{"accept": {}}"#),
    );
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert!(duty.verdict().unwrap().is_on_time());
    assert_eq!((duty.sent_back(), duty.breached_at()), (1, None));
    let _ = desk.verify().unwrap();
}

/// Whoever holds the post that owes it has no word on whether it is good, also where another person said that it is done.
#[test]
fn nobody_accepts_what_they_owe_themselves() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v01", head(), "2026-03-26 10:00", fulfil());
    let mut both = person("li", Role::UnitHead, Some("共和县住建局"));
    both.roles.push(Role::Supervisor.into());
    let asked = [
        ("d3", r#"{"accept": {}}"#),
        ("d4", r#"{"send_back": {"mend": "没有答"}}"#),
    ];
    for (id, asked) in asked {
        let asked = command(asked);
        let own = refused(&desk, id, "v01", both.clone(), "2026-03-27 10:00", asked);
        assert!(
            matches!(&*own.why, DutyWhy::SamePerson { person } if person.as_str() == "li"),
            "{own}"
        );
    }
    let accept = command(r#"{"accept": {}}"#);
    done(&desk, "d5", "v01", duban(), "2026-03-27 10:00", accept);
}

/// The office that supervises owes a video itself: none of its people accepts it, sends it back or excuses it, and a leader does.
#[test]
fn a_leader_has_the_word_on_a_video_of_the_office_that_supervises() {
    let lines = r#"
pack("demo", "示例").zone("Asia/Shanghai").holidays("cn").counting("cn").hours(["09:00-12:30", "14:30-18:00"]);
place("6325", "海南州", "州留言受理岗");
const 督查室 = office("ducha", "督查室");
clock("reply", "答复").within(5.working_days);
duty("video", "视频答复").owed_by(督查室).within(20.working_days);
"#;
    let mut plans = Plans::new("hainan".parse().unwrap());
    plans
        .take(duly::script::load("pack.rhai", lines).unwrap_or_else(|found| panic!("{found}")))
        .unwrap();
    let desk = Desk::new(MemoryLedger::new("hainan".parse().unwrap()), plans).unwrap();
    let office = |name| person(name, Role::Supervisor, Some("督查室"));
    let leader = || person("lv", Role::Leader, None);
    let video =
        || command(r#"{"impose": {"kind": "video", "topic": "督查工作", "place": "6325"}}"#);
    let (accept, back) = (r#"{"accept": {}}"#, r#"{"send_back": {"mend": "没有答"}}"#);
    let excuse = r#"{"excuse": {"reason": "不必"}}"#;
    let [mon, tue, wed, thu, fri] = [
        "2026-03-02 09:00",
        "2026-03-03 09:00",
        "2026-03-04 09:00",
        "2026-03-05 09:00",
        "2026-03-13 09:00",
    ];
    done(&desk, "d1", "v01", office("duban"), mon, video());
    done(&desk, "d2", "v01", office("zhao"), tue, fulfil());
    for (id, asked) in [("d3", accept), ("d4", back), ("d5", excuse)] {
        let own = refused(&desk, id, "v01", office("duban"), tue, command(asked));
        assert!(matches!(&*own.why, DutyWhy::SamePerson { .. }), "{own}");
    }
    done(&desk, "d6", "v01", leader(), wed, command(back));
    done(&desk, "d7", "v01", office("zhao"), thu, fulfil());
    // A leader is told that it waits, and reminded: the word is theirs.
    let _ = desk.advance(at("2026-03-12 18:00")).unwrap();
    let told = told(&desk, "v01");
    assert_eq!(
        told.iter()
            .filter(|it| it.contains("to accept") || it.contains("waits"))
            .collect::<Vec<_>>(),
        [
            "03-03 09:00 to accept to supervisor",
            "03-03 09:00 to accept to leader",
            "03-05 09:00 to accept to supervisor",
            "03-05 09:00 to accept to leader",
            "03-12 18:00 waits 1 to supervisor",
            "03-12 18:00 waits 1 to leader",
        ]
    );
    done(&desk, "d8", "v01", leader(), fri, command(accept));
    done(&desk, "d9", "v02", office("duban"), fri, video());
    done(&desk, "e1", "v02", leader(), fri, command(excuse));
    let stage = |id: &str| desk.duty(&id.parse().unwrap()).unwrap().unwrap().stage();
    assert_eq!(
        (stage("v01"), stage("v02")),
        (DutyStage::Done, DutyStage::Excused)
    );
}

/// What lay in quiet hours when it was submitted comes when it is sent back; the rungs after due wait as long as it waited.
#[test]
fn a_late_video_that_is_sent_back_is_not_hurried_by_the_wait() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v01", head(), "2026-03-31 10:00", fulfil());
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-04-20 10:00", back);
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(duty.due(), at("2026-03-30 18:00"), "what was late is late");
    assert!(duty.next_alarm().unwrap() > at("2026-04-20 10:00"));
    let _ = desk.advance(at("2026-04-24 18:00")).unwrap();
    // Five working days after due, without the wait: 20 to 24 April.
    assert_eq!(
        told(&desk, "v01").last().unwrap(),
        "04-24 18:00 \"report\" to leader"
    );
}

/// It was done in the last second that is in time, or in the one before: what supervision takes from there is not the unit's time, so it is due by
/// the close of the day on which it comes back, and nobody is late by another's night. Sent back within that very second, it waited for nobody,
/// and the next second is late.
#[test]
fn what_was_done_in_the_last_second_is_not_late_by_the_wait() {
    let due = at("2026-03-30 18:00");
    let back = || command(r#"{"send_back": {"mend": "没有答"}}"#);
    let sent = |desk: &Desk<MemoryLedger>, id: &str, by: Actor, when: Moment, asked| {
        let answer = desk.submit_duty(envelope(id, "v01", by, when, asked));
        assert!(matches!(answer.unwrap(), DutyAnswer::Done(_)), "{id}");
        desk.duty(&"v01".parse().unwrap()).unwrap().unwrap()
    };
    for early in [1, 0] {
        let desk = desk();
        done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
        let _ = sent(&desk, "d2", head(), due.plus(-early), fulfil());
        let duty = sent(&desk, "d3", duban(), at("2026-03-31 17:00"), back());
        let by = at("2026-03-31 18:00");
        assert_eq!((duty.due(), duty.breached_at()), (by, None), "{early}");
        // The rung of the last moment has come where it was done in that.
        assert_eq!(duty.next_alarm(), Some(by.plus(1 - early)), "{early}");
        let _ = sent(&desk, "d4", head(), by, fulfil());
        let accept = command(r#"{"accept": {}}"#);
        let duty = sent(&desk, "d5", duban(), at("2026-04-02 10:00"), accept);
        assert_eq!(duty.verdict(), Some(Verdict::OnTime { margin: 0 }));
        let _ = desk.verify().unwrap();
    }
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = sent(&desk, "d2", head(), due, fulfil());
    let duty = sent(&desk, "d3", duban(), due, back());
    assert_eq!((duty.due(), duty.breached_at()), (due, None));
    assert_eq!(duty.next_alarm(), Some(due.plus(1)));
}

/// An earlier day is named, so near that the reminder of three working days before would have come before it was imposed: it is void, on record and sent
/// to nobody. The rest of the ladder stands at that day's midnight: in the morning where that is night; five working days after 4 March, on the
/// 11th; and supervision is told five later, on the 18th.
#[test]
fn a_reminder_that_lies_before_the_beginning_is_void() {
    let desk = desk();
    let near = command(
        r#"{"impose": {"kind": "video", "topic": "供暖", "place": "632521", "unit": "共和县住建局", "due": "2026-03-04"}}"#,
    );
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", near);
    let taken = |records: Vec<DutyRecord>| -> Vec<(String, Moment, Option<StepFate>)> {
        let steps = records.into_iter().filter_map(|it| match it.event {
            DutyEvent::StepTaken { step, fate, .. } => {
                let void = matches!(fate, StepFate::Voided { .. });
                Some((step.to_string(), it.at, void.then_some(fate)))
            }
            _ => None,
        });
        steps.collect()
    };
    let why = CancelWhy::BeforeStart;
    let void = StepFate::Voided { why };
    let first = ("before-3".to_owned(), at("2026-03-02 09:00"), Some(void));
    assert_eq!(taken(records(&desk)), [first]);
    let _ = desk.advance(at("2026-03-19 09:00")).unwrap();
    assert_eq!(
        told(&desk, "v01"),
        [
            "03-02 09:00 imposed to unit_head",
            "03-05 08:00 \"warn\" to unit_head",
            "03-05 08:00 \"supervise\" to supervisor",
            "03-11 18:00 \"report\" to leader",
            "03-18 18:00 overdue 1 to supervisor",
        ]
    );
    let late = taken(records(&desk)).into_iter().skip(1);
    assert_eq!(
        late.map(|(step, when, _)| (step, when)).collect::<Vec<_>>(),
        [
            ("breach".to_owned(), at("2026-03-05 00:00").plus(1)),
            ("due".to_owned(), at("2026-03-05 08:00")),
            ("after-5".to_owned(), at("2026-03-11 18:00")),
            ("overdue #1".to_owned(), at("2026-03-18 18:00")),
        ]
    );
}

/// The head of a unit changes: the new one owes it by the same moment, and is told.
#[test]
fn a25_a_video_goes_with_the_post() {
    let desk = desk();
    let to_zhang = command(
        r#"{"impose": {"kind": "video", "topic": "供暖", "place": "632521", "unit": "共和县住建局", "person": "zhang"}}"#,
    );
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", to_zhang);
    let due = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap().due();
    let over = command(r#"{"hand_over": {"to": "li", "reason": "调任"}}"#);
    done(
        &desk,
        "d2",
        "v01",
        duban(),
        "2026-03-10 09:00",
        over.clone(),
    );
    let again = refused(&desk, "d3", "v01", duban(), "2026-03-10 10:00", over);
    assert!(again.say(Lang::Zh).contains("已经由“li”负责"));
    let not_his = refused(&desk, "d4", "v01", head(), "2026-03-11 09:00", fulfil());
    insta::assert_snapshot!(not_his.to_string());
    // By name, and in the post: whoever has left it is told so.
    let left = person("li", Role::Owner, None);
    let left = refused(&desk, "d7", "v01", left, "2026-03-11 10:00", fulfil());
    let (en, zh) = (left.say(Lang::En), left.say(Lang::Zh));
    assert!(
        en.contains("only `li`, as `unit_head` of `632521`, owes it"),
        "{en}"
    );
    assert!(zh.contains("“li”(以632521的"), "{zh}");
    done(
        &desk,
        "d5",
        "v01",
        person("li", Role::UnitHead, None),
        "2026-03-12 09:00",
        fulfil(),
    );
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(
        (duty.due(), duty.owed().person.as_ref().unwrap().as_str()),
        (due, "li")
    );
    // The old head is no stranger to it either.
    let old = person("zhang", Role::Supervisor, None);
    assert!(
        !refused(
            &desk,
            "d6",
            "v01",
            old,
            "2026-03-13 09:00",
            command(r#"{"accept": {}}"#)
        )
        .to_string()
        .is_empty()
    );
}

/// The digest goes to posts; who has not read it by the next morning is reminded, and only who has not.
#[test]
fn a3_an_unread_digest_is_reminded_of_next_morning() {
    let desk = desk();
    let day = "2026-03-06".parse().unwrap();
    let receipts = desk.issue_digest(day, at("2026-03-06 17:30")).unwrap();
    assert_eq!(receipts.len(), 2);
    // Once a day and post, whenever it is tried.
    assert_eq!(
        desk.issue_digest(day, at("2026-03-06 19:00")).unwrap(),
        receipts
    );
    assert!(
        desk.issue_digest(day, at("2026-03-06 17:29"))
            .unwrap_err()
            .to_string()
            .contains("is cut at")
    );
    let read = || command(r#"{"read": {}}"#);
    let leader = person("lv", Role::Leader, None);
    done(
        &desk,
        "d1",
        "digest/2026-03-06/leader",
        leader,
        "2026-03-06 20:00",
        read(),
    );
    // An office is read for by whoever is of it, and by nobody else.
    let other = person("he", Role::Intake, Some("州住建局"));
    let stranger = refused(
        &desk,
        "d2",
        "digest/2026-03-06/zhouban",
        other,
        "2026-03-06 20:00",
        read(),
    );
    insta::assert_snapshot!(stranger.say(Lang::Zh));
    // Over the weekend nobody is disturbed.
    let _ = desk.advance(at("2026-03-09 08:59")).unwrap();
    assert_eq!(
        told(&desk, "digest/2026-03-06/zhouban"),
        ["03-06 17:30 imposed to zhouban"]
    );
    let _ = desk.advance(at("2026-03-09 09:05")).unwrap();
    assert_eq!(
        told(&desk, "digest/2026-03-06/zhouban"),
        [
            "03-06 17:30 imposed to zhouban",
            "03-09 09:00 \"remind\" to zhouban"
        ]
    );
    assert_eq!(
        told(&desk, "digest/2026-03-06/leader"),
        ["03-06 17:30 imposed to leader"]
    );

    let plans = plans();
    let plan = &plans.latest().unwrap().plan;
    let board = "hainan".parse().unwrap();
    let monday = Period::day(plan, "2026-03-09".parse().unwrap());
    let of = obligations(&board, &records(&desk), plan, monday).unwrap();
    insta::assert_snapshot!(of.unread_table(Lang::Zh));
    let clerk = person("ma", Role::Intake, Some("州委办公室"));
    done(
        &desk,
        "d3",
        "digest/2026-03-06/zhouban",
        clerk,
        "2026-03-09 09:30",
        read(),
    );
    let duty = desk
        .duty(&"digest/2026-03-06/zhouban".parse().unwrap())
        .unwrap()
        .unwrap();
    assert!(!duty.verdict().unwrap().is_on_time());
    assert_eq!(Verb::Remind.zh(), "催办");
}

/// A digest is issued a little after its cut: what nobody has read of it stands in the digest of the next day and in the month, and not in its own.
#[test]
fn a_digest_that_is_issued_after_its_cut_is_unread_the_next_day() {
    let desk = desk();
    let friday = "2026-03-06".parse().unwrap();
    let issued = desk.issue_digest(friday, at("2026-03-06 17:31")).unwrap();
    assert_eq!(issued.len(), 2);
    let plans = plans();
    let plan = &plans.latest().unwrap().plan;
    let unread = |period| {
        let of = obligations(&"hainan".parse().unwrap(), &records(&desk), plan, period);
        of.unwrap().unread.len()
    };
    assert_eq!(unread(Period::day(plan, friday)), 0);
    assert_eq!(unread(Period::day(plan, "2026-03-07".parse().unwrap())), 2);
    assert_eq!(unread(month("2026-03-06", "2026-03-06")), 0);
    assert_eq!(unread(month("2026-03-01", "2026-03-31")), 2);
}

/// What time has overtaken is named, since the report does not know its present state.
#[test]
fn a_report_names_the_obligations_that_time_has_overtaken() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v02", duban(), "2026-03-02 09:00", video());
    let excuse = command(r#"{"excuse": {"reason": "机构已撤销"}}"#);
    done(&desk, "d3", "v02", duban(), "2026-03-03 09:00", excuse);
    let plans = plans();
    let plan = &plans.latest().unwrap().plan;
    let behind = |last: &str| {
        let period = month("2026-03-01", last);
        let of = obligations(&"hainan".parse().unwrap(), &records(&desk), plan, period);
        let behind = of.unwrap().behind.into_iter();
        behind.map(|it| it.to_string()).collect::<Vec<_>>()
    };
    // The first reminder comes on 25 March at 18:00.
    assert_eq!(behind("2026-03-24"), [""; 0]);
    assert_eq!(behind("2026-03-25"), ["v01"]);
    let _ = desk.advance(at("2026-03-25 23:59")).unwrap();
    assert_eq!(behind("2026-03-25"), [""; 0]);
}

/// Told means delivered: when the notice reached whoever owes it is on record, and nothing that was never told can be delivered.
#[test]
fn only_what_was_told_is_delivered() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let host = || person("host", Role::System, None);
    let never = refused(
        &desk,
        "d2",
        "v01",
        host(),
        "2026-03-02 09:01",
        command(r#"{"delivered": {"effect": "v01/1/1"}}"#),
    );
    assert!(never.to_string().contains("nothing was told as `v01/1/1`"));
    let failed = r#"{"undelivered": {"effect": "v01/1/0", "why": "手机停机"}}"#;
    done(
        &desk,
        "d3",
        "v01",
        host(),
        "2026-03-02 09:01",
        command(failed),
    );
    assert_eq!(
        desk.duty(&"v01".parse().unwrap())
            .unwrap()
            .unwrap()
            .delivered_at(),
        None
    );
    done(
        &desk,
        "d4",
        "v01",
        host(),
        "2026-03-02 09:02",
        command(r#"{"delivered": {"effect": "v01/1/0"}}"#),
    );
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(duty.delivered_at(), Some(at("2026-03-02 09:02")));
}

/// Supervision may excuse, with a reason, and whoever owes it may not.
#[test]
fn who_owes_it_does_not_let_themselves_off() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let excuse = || command(r#"{"excuse": {"reason": "机构已撤销"}}"#);
    let mut both = head();
    both.roles.push(Role::Supervisor.into());
    let own = refused(&desk, "d2", "v01", both, "2026-03-03 09:00", excuse());
    assert!(
        own.to_string()
            .contains("nobody has the last word on their own work")
    );
    done(&desk, "d3", "v01", duban(), "2026-03-03 09:00", excuse());
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(
        (duty.stage(), duty.next_alarm()),
        (DutyStage::Excused, None)
    );
    let late = refused(&desk, "d4", "v01", head(), "2026-03-04 09:00", fulfil());
    insta::assert_snapshot!(late.to_string());
}
