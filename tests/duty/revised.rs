//! Holidays are published late and changed in mid-course: what is owed goes on by the revised calendar.

use duly::desk::{Desk, MemoryLedger};
use duly::duty::{DutyEvent, DutyRecord, DutyWhy, evolve, rounds};
use duly::plan::Plans;
use duly::time::{DayTable, Moment, Opened};
use duly::words::{Actor, Lang, Role, StepKey, Verdict};

use super::{at, command, desk, done, duban, fulfil, head, person, refused, video};

/// A revision in which those dates are off, or worked.
fn notice(revision: &str, closed: &[&str], opened: &[&str]) -> DayTable {
    let mut notice = DayTable::cn();
    notice.revision = revision.into();
    for day in closed {
        let _ = notice.closed.insert(day.parse().unwrap(), "州庆".into());
    }
    for day in opened {
        let day = day.parse().unwrap();
        let own = Opened {
            name: "调休".into(),
            windows: None,
        };
        let _ = notice.opened.insert(day, own);
    }
    notice
}

/// Days of rest that turn out to be worked: twenty working days from 2 March end on 22 March then, and not on the 30th.
const WEEKENDS: [&str; 6] = [
    "2026-03-07",
    "2026-03-08",
    "2026-03-14",
    "2026-03-15",
    "2026-03-21",
    "2026-03-22",
];

/// The same plans, with a calendar that has been revised since.
pub fn revised(plans: &Plans) -> Plans {
    let mut plans = plans.clone();
    plans.revise(notice("later", &["2026-03-09"], &[])).unwrap();
    plans
}

fn system() -> Actor {
    person("system", Role::System, None)
}

fn records(desk: &Desk<MemoryLedger>, duty: &str) -> Vec<DutyRecord> {
    let history = desk.duty_history(&duty.parse().unwrap()).unwrap();
    history.into_iter().map(|it| it.sealed.record).collect()
}

fn adopt() -> duly::duty::DutyCommand {
    command(r#"{"adopt_calendar": {}}"#)
}

/// A day of the prefecture's own that is announced in March: twenty working days are one day later, reminders too, and what moved is told before and
/// when it does.
#[test]
fn what_is_owed_goes_on_by_a_revised_calendar() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let now = at("2026-03-05 09:00");
    assert!(desk.calendar_moves(now).unwrap().is_empty());
    let own = refused(&desk, "d2", "v01", system(), "2026-03-05 09:00", adopt());
    assert!(matches!(&*own.why, DutyWhy::SameCalendar { .. }), "{own}");
    assert!(own.say(Lang::Zh).contains("请先装入修订后的日历"));
    let _ = desk
        .revise(notice("2026-03-05", &["2026-03-09"], &[]))
        .unwrap();
    let would = desk.calendar_moves(now).unwrap();
    let [moved] = would.duties.as_slice() else {
        panic!("{would:?}")
    };
    assert_eq!(
        (moved.duty.as_str(), moved.was, moved.due),
        ("v01", at("2026-03-30 18:00"), at("2026-03-31 18:00"))
    );
    assert_eq!(moved.round, None);
    assert_eq!(desk.adopt_calendar(&system(), now).unwrap(), would);
    assert!(desk.adopt_calendar(&system(), now).unwrap().is_empty());
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.due(), at("2026-03-31 18:00"));
    let first = duty.ahead().first().map(|step| step.at);
    assert_eq!(first, Some(at("2026-03-26 18:00")));
    let _ = desk.advance(at("2026-03-31 18:00")).unwrap();
    done(&desk, "d3", "v01", head(), "2026-03-31 18:00", fulfil());
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.breached_at(), None);
    let _ = desk.verify().unwrap();
}

/// Weekends that turn out to be worked take days away: nobody is late at once by it, and none has longer than before.
#[test]
fn a_revised_calendar_makes_no_obligation_late_at_once() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
    let moved = desk
        .adopt_calendar(&system(), at("2026-03-24 10:00"))
        .unwrap();
    assert_eq!(moved.duties.len(), 1);
    let duty = desk.duty(&id).unwrap().unwrap();
    // One working day after Tuesday the 24th: the floor.
    assert_eq!(duty.due(), at("2026-03-25 18:00"));
    assert_eq!(duty.breached_at(), None);
    let due = duty.due();
    let _ = desk.advance(due).unwrap();
    assert_eq!(desk.duty(&id).unwrap().unwrap().breached_at(), None);
    let _ = desk.advance(due.plus(1)).unwrap();
    let late = desk.duty(&id).unwrap().unwrap();
    assert_eq!(late.breached_at(), Some(due.plus(1)));
    // What is late stays late, whatever is announced.
    let _ = desk
        .revise(notice("2026-03-31", &["2026-03-20"], &[]))
        .unwrap();
    let now = at("2026-03-31 10:00");
    assert!(desk.adopt_calendar(&system(), now).unwrap().is_empty());
    let own = refused(&desk, "d2", "v01", system(), "2026-03-31 10:00", adopt());
    assert!(matches!(&*own.why, DutyWhy::Late { .. }), "{own}");
    assert!(own.to_string().contains("no calendar moves that"), "{own}");
    let _ = desk.verify().unwrap();
}

/// What is announced early enough takes as much as it takes: twenty working days with three weekends among them end on 22 March, which on 5 March lies
/// beyond any floor.
#[test]
fn a_revised_calendar_takes_what_it_takes_where_that_is_no_haste() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = desk.revise(notice("2026-03-05", &[], &WEEKENDS)).unwrap();
    let now = at("2026-03-05 10:00");
    assert_eq!(desk.adopt_calendar(&system(), now).unwrap().duties.len(), 1);
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(duty.due(), at("2026-03-22 18:00"));
    assert_eq!(duty.term().anchor, at("2026-03-02 09:00"));
    // Three working days before, and not by what is left from now.
    let first = duty.ahead().first().map(|step| step.at);
    assert_eq!(first, Some(at("2026-03-19 18:00")));
}

/// In the very last second there is nothing to take and nothing to give: it is due in that second, and late in the next.
#[test]
fn a_calendar_adopted_in_the_last_second_moves_nothing() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
    let due = at("2026-03-30 18:00");
    let moved = desk.adopt_calendar(&system(), due).unwrap();
    assert!(moved.is_empty(), "{moved:?}");
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!((duty.due(), duty.breached_at()), (due, None));
    assert_eq!(duty.calendar(), "cn@2026-03-24");
    assert_eq!(duty.next_alarm(), Some(due.plus(1)));
    let _ = desk.advance(due.plus(1)).unwrap();
    let late = desk.duty(&id).unwrap().unwrap();
    assert_eq!(late.breached_at(), Some(due.plus(1)));
    let _ = desk.verify().unwrap();
    // Done in that second and sent back, that second is what is left of it, whichever calendar is in hand by then.
    for (adopts, revises) in [(true, false), (true, true), (false, true)] {
        let desk = desk_adopted(due, adopts);
        done(&desk, "d2", "v01", head(), "2026-03-30 18:00", fulfil());
        if revises {
            let _ = desk.revise(notice("2026-03-31", &[], &WEEKENDS)).unwrap();
        }
        let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
        done(&desk, "d3", "v01", duban(), "2026-03-31 17:00", back);
        let duty = desk.duty(&id).unwrap().unwrap();
        let left = at("2026-03-31 17:00").plus(1);
        let said = (adopts, revises);
        assert_eq!((duty.due(), duty.breached_at()), (left, None), "{said:?}");
        assert_eq!(duty.next_alarm(), Some(left.plus(1)));
        let _ = desk.verify().unwrap();
    }
}

/// A video whose last second it is, with weekends that turned out to be worked adopted in it or not.
fn desk_adopted(last: Moment, adopts: bool) -> Desk<MemoryLedger> {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    if adopts {
        let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
        let _ = desk.adopt_calendar(&system(), last).unwrap();
    }
    desk
}

/// It was done late, and days before its due moment turn out to be off while it waits: sent back, it was due when it was, and done again it is late
/// still. The rungs after due go by the new calendar, without the day that it waited: five working days after 30 March, 31 March left out and
/// Qingming (4 to 6 April) off, are 8 April; five more 15 April.
#[test]
fn what_was_late_stays_late_when_it_comes_back_by_a_revised_calendar() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v01", head(), "2026-03-31 10:00", fulfil());
    let off = [
        "2026-03-16",
        "2026-03-17",
        "2026-03-18",
        "2026-03-19",
        "2026-03-20",
    ];
    let _ = desk.revise(notice("2026-04-01", &off, &[])).unwrap();
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-04-01 10:00", back);
    let was = at("2026-03-30 18:00");
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!((duty.due(), duty.breached_at()), (was, Some(was.plus(1))));
    assert_eq!(duty.calendar(), "cn@2026-04-01");
    let ahead = duty.ahead().iter();
    let ahead: Vec<_> = ahead.map(|step| (step.key.to_string(), step.at)).collect();
    assert_eq!(
        ahead,
        [
            ("after-5".to_owned(), at("2026-04-08 18:00")),
            ("overdue #1".to_owned(), at("2026-04-15 18:00")),
        ]
    );
    done(&desk, "d4", "v01", head(), "2026-04-02 10:00", fulfil());
    let accept = command(r#"{"accept": {}}"#);
    done(&desk, "d5", "v01", duban(), "2026-04-03 09:00", accept);
    let duty = desk.duty(&id).unwrap().unwrap();
    let late = Verdict::of(at("2026-04-02 10:00"), was);
    assert!(!late.is_on_time());
    assert_eq!(duty.verdict(), Some(late));
    let _ = desk.verify().unwrap();
}

/// A visit that recurs by those lines, imposed on 2 March.
fn visited(lines: &str) -> Desk<MemoryLedger> {
    let pack = r#"
pack("demo", "示例").zone("Asia/Shanghai").holidays("cn").counting("cn").hours(["09:00-12:30", "14:30-18:00"]);
place("6325", "海南州", "州留言受理岗");
place("632521", "共和县", "县留言受理岗");
const 帮扶干部 = role("owner", "帮扶干部");
clock("reply", "答复").within(5.working_days);
"#;
    let text = format!("{pack}{lines}");
    let plan = duly::script::load("pack.rhai", &text);
    let mut plans = Plans::new("hainan".parse().unwrap());
    plans
        .take(plan.unwrap_or_else(|found| panic!("{found}")))
        .unwrap();
    let desk = Desk::new(MemoryLedger::new("hainan".parse().unwrap()), plans).unwrap();
    let impose = command(
        r#"{"impose": {"kind": "visit", "topic": "才让家", "subject": "H-17", "place": "632521", "person": "suonan", "unit": "镇政府"}}"#,
    );
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", impose);
    desk
}

/// A round is the same round in its last second still: a calendar is adopted in it, whether it moves nothing or has the day turn out to be off, so
/// that the next working day takes its place.
#[test]
fn a_calendar_is_adopted_in_the_last_second_of_a_round() {
    let last = at("2026-04-02 18:00");
    let id = "v01".parse().unwrap();
    for (off, ends) in [
        (&[][..], last),
        (&["2026-04-02"][..], at("2026-04-03 18:00")),
    ] {
        let desk = visited("duty(\"visit\").owed_by(帮扶干部).every(1.months);");
        let _ = desk.revise(notice("2026-04-02", off, &[])).unwrap();
        let moved = desk.adopt_calendar(&system(), last).unwrap();
        assert_eq!(moved.duties.is_empty(), off.is_empty(), "{moved:?}");
        let duty = desk.duty(&id).unwrap().unwrap();
        assert_eq!(duty.calendar(), "cn@2026-04-02");
        let round = duty.round().unwrap();
        assert_eq!((round.number, round.due, round.ends), (1, ends, ends));
        assert_eq!(duty.next_alarm(), Some(ends.plus(1)));
        let _ = desk.advance(ends).unwrap();
        let missed = || desk.duty(&id).unwrap().unwrap().rounds().unwrap().missed;
        assert_eq!(missed(), 0);
        let _ = desk.advance(ends.plus(1)).unwrap();
        assert_eq!(missed(), 1);
        let _ = desk.verify().unwrap();
    }
}

/// A round of five working days began after 23 March, and by weekends that turn out to have been worked all twenty days were over on the 22nd: it ends
/// when it did, on the 30th, and its reminder comes two working days before that, on the 26th, not at once. The next ends where it would have:
/// thirty working days are over on 3 April, and twenty-five would have been before the round ends.
#[test]
fn a_round_that_ends_when_it_did_is_reminded_of_when_it_would_have_been() {
    let desk = visited(
        r#"duty("visit", "入户走访").owed_by(帮扶干部).every(5.working_days);
ladder("visit", "走访催办").before(2.working_days).remind(帮扶干部);"#,
    );
    let id = "v01".parse().unwrap();
    let _ = desk.advance(at("2026-03-24 09:00")).unwrap();
    let stands = |begins: &str, ends: &str, number: u32, period: u32| {
        let duty = desk.duty(&id).unwrap().unwrap();
        let round = duty.round().unwrap();
        assert_eq!((round.number, round.period), (number, period));
        assert_eq!(round.begins, at(begins).plus(1));
        assert_eq!((round.due, round.ends), (at(ends), at(ends)));
        assert_eq!(duty.due(), at(ends));
    };
    stands("2026-03-23 18:00", "2026-03-30 18:00", 4, 4);
    let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
    let moved = desk
        .adopt_calendar(&system(), at("2026-03-24 10:00"))
        .unwrap();
    assert!(moved.is_empty(), "{moved:?}");
    stands("2026-03-23 18:00", "2026-03-30 18:00", 4, 4);
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.calendar(), "cn@2026-03-24");
    let ahead = duty.ahead().iter();
    let ahead: Vec<_> = ahead.map(|step| (step.key.to_string(), step.at)).collect();
    let over = at("2026-03-30 18:00").plus(1);
    assert_eq!(
        ahead,
        [
            ("before-2".to_owned(), at("2026-03-26 18:00")),
            ("breach".to_owned(), over),
            ("lapse".to_owned(), over),
        ]
    );
    let _ = desk.advance(over).unwrap();
    stands("2026-03-30 18:00", "2026-04-03 18:00", 5, 6);
    // Of the rounds that were missed only the first has something to come: the notice to supervision, which is one for all.
    let duty = desk.duty(&id).unwrap().unwrap();
    let behind = duty.behind().map(|(round, steps)| (round, steps.len()));
    assert_eq!(behind.collect::<Vec<_>>(), [(1, 1)]);
    let reminded = records(&desk, "v01").into_iter().filter_map(|it| {
        let DutyEvent::StepTaken { round, step, .. } = &it.event else {
            return None;
        };
        (step.to_string() == "before-2").then_some((*round, it.at))
    });
    // Two working days before 9, 16 and 23 March, and before the 30th.
    let each = ["2026-03-05", "2026-03-12", "2026-03-19", "2026-03-26"];
    let each = (1..).zip(each);
    assert_eq!(
        reminded.collect::<Vec<_>>(),
        each.map(|(n, day)| (Some(n), at(&format!("{day} 18:00"))))
            .collect::<Vec<_>>()
    );
    let _ = desk.verify().unwrap();
}

/// What waits for supervision is counted by the calendar in hand when it comes back, and needs no entry for it.
#[test]
fn what_waits_to_be_accepted_is_counted_anew_when_it_comes_back() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v01", head(), "2026-03-04 10:00", fulfil());
    let _ = desk
        .revise(notice("2026-03-05", &["2026-03-09"], &[]))
        .unwrap();
    let now = at("2026-03-05 09:00");
    assert!(desk.adopt_calendar(&system(), now).unwrap().is_empty());
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-03-05 10:00", back);
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.calendar(), "cn@2026-03-05");
    assert!(
        desk.adopt_calendar(&system(), now.plus(7200))
            .unwrap()
            .is_empty()
    );
}

/// It was done in time, weekends turn out to be worked while it waits, and it is sent back when by now its time would be over: it is not late at once
/// by that, and has the floor.
#[test]
fn what_is_sent_back_after_a_revised_calendar_is_not_late_at_once() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v01", head(), "2026-03-23 10:00", fulfil());
    let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-03-24 10:00", back);
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.breached_at(), None);
    assert_eq!(duty.calendar(), "cn@2026-03-24");
    assert_eq!(duty.term().anchor, at("2026-03-24 10:00"));
    let due = duty.due();
    assert_eq!(due, at("2026-03-25 18:00"));
    let _ = desk.advance(due).unwrap();
    assert_eq!(desk.duty(&id).unwrap().unwrap().breached_at(), None);
    let _ = desk.advance(due.plus(1)).unwrap();
    let late = desk.duty(&id).unwrap().unwrap();
    assert_eq!(late.breached_at(), Some(due.plus(1)));
    let _ = desk.verify().unwrap();
    let board = "hainan".parse().unwrap();
    let folded = records(&desk, "v01")
        .iter()
        .try_fold(None, |duty, record| evolve(&board, duty, record).map(Some));
    assert_eq!(folded.unwrap(), Some(late));
}

/// A table that had days worked by mistake is put right: what it had end at the floor is due when it was, also where it has been sent back meanwhile.
#[test]
fn a_calendar_that_is_put_right_gives_back_what_it_took() {
    let desk = desk();
    let [one, two] = ["v01", "v02"].map(|id| id.parse().unwrap());
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v02", duban(), "2026-03-02 09:00", video());
    done(&desk, "d3", "v02", head(), "2026-03-23 10:00", fulfil());
    let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
    let now = at("2026-03-24 10:00");
    let moved = desk.adopt_calendar(&system(), now).unwrap();
    assert_eq!(moved.duties.len(), 1);
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(&desk, "d4", "v02", duban(), "2026-03-24 10:00", back);
    let due = |id| desk.duty(id).unwrap().unwrap().due();
    assert!(due(&one) < at("2026-03-30 18:00") && due(&two) < at("2026-03-30 18:00"));
    let _ = desk.revise(notice("2026-03-24-2", &[], &[])).unwrap();
    let now = at("2026-03-24 11:00");
    let moved = desk.adopt_calendar(&system(), now).unwrap();
    assert_eq!(moved.duties.len(), 2);
    assert_eq!(due(&one), at("2026-03-30 18:00"));
    // It waited a day.
    assert_eq!(due(&two), at("2026-03-31 18:00"));
    for id in [&one, &two] {
        let duty = desk.duty(id).unwrap().unwrap();
        assert_eq!(duty.term().anchor, at("2026-03-02 09:00"));
    }
    let _ = desk.verify().unwrap();
}

/// The wrong table is put right while it waits to be accepted: it comes back with what it had.
#[test]
fn what_comes_back_by_a_calendar_put_right_has_what_it_had() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
    let now = at("2026-03-24 09:00");
    let _ = desk.adopt_calendar(&system(), now).unwrap();
    done(&desk, "d2", "v01", head(), "2026-03-24 10:00", fulfil());
    let _ = desk.revise(notice("2026-03-24-2", &[], &[])).unwrap();
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(&desk, "d3", "v01", duban(), "2026-03-25 10:00", back);
    let duty = desk.duty(&id).unwrap().unwrap();
    assert_eq!(duty.due(), at("2026-03-31 18:00"));
    assert_eq!(duty.term().anchor, at("2026-03-02 09:00"));
    let _ = desk.verify().unwrap();
}

/// A revision that moves nothing of it gives no more time either, where little was left and it comes back.
#[test]
fn what_comes_back_after_a_revision_that_moves_nothing_is_due_as_without_it() {
    for revises in [false, true] {
        let desk = desk();
        done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
        done(&desk, "d2", "v01", head(), "2026-03-30 09:00", fulfil());
        if revises {
            let _ = desk.revise(notice("2026-03-30", &[], &[])).unwrap();
        }
        let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
        done(&desk, "d3", "v01", duban(), "2026-03-31 17:00", back);
        let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
        assert_eq!(duty.calendar() == "cn@2026-03-30", revises);
        assert_eq!(duty.due(), at("2026-03-31 18:00"), "{revises}");
        let mut records = records(&desk, "v01").into_iter();
        let term = records.find_map(|record| match record.event {
            DutyEvent::SentBack { term, .. } => Some(term),
            _ => None,
        });
        assert_eq!(term, Some(None), "{revises}");
        let _ = desk.verify().unwrap();
    }
}

/// An earlier day that was named is that day by every calendar.
#[test]
fn a_named_day_stays_by_whatever_calendar() {
    let desk = desk();
    let id = "v01".parse().unwrap();
    let video = command(
        r#"{"impose": {"kind": "video", "topic": "城区冬季供暖", "place": "632521", "unit": "共和县住建局", "due": "2026-03-27"}}"#,
    );
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video);
    let due = || desk.duty(&id).unwrap().unwrap().due();
    let named = due();
    let _ = desk.revise(notice("2026-03-24", &[], &WEEKENDS)).unwrap();
    let now = at("2026-03-24 10:00");
    let _ = desk.adopt_calendar(&system(), now).unwrap();
    assert_eq!(due(), named);
    let _ = desk.revise(notice("2026-03-24-2", &[], &[])).unwrap();
    let now = at("2026-03-24 11:00");
    let _ = desk.adopt_calendar(&system(), now).unwrap();
    assert_eq!(due(), named);
    assert_eq!(
        desk.duty(&id).unwrap().unwrap().calendar(),
        "cn@2026-03-24-2"
    );
}

/// The end of a month's round falls on days that turn out to be off: the round ends after them, the next begins the second after, and ends when it
/// would have ended.
#[test]
fn a_round_ends_by_the_revised_calendar_and_the_next_where_it_would_have() {
    let lines = r#"
pack("demo", "示例").zone("Asia/Shanghai").holidays("cn").counting("cn").hours(["09:00-12:30", "14:30-18:00"]);
place("6325", "海南州", "州留言受理岗");
place("632521", "共和县", "县留言受理岗");
const 帮扶干部 = role("owner", "帮扶干部");
clock("reply", "答复").within(5.working_days);
duty("visit", "入户走访").owed_by(帮扶干部).every(1.months).ours("每月一次");
ladder("visit", "走访催办").before(3.working_days).remind(帮扶干部).after(1.calendar_days).remind(帮扶干部);
"#;
    let mut plans = Plans::new("hainan".parse().unwrap());
    plans
        .take(duly::script::load("pack.rhai", lines).unwrap_or_else(|found| panic!("{found}")))
        .unwrap();
    let desk = Desk::new(MemoryLedger::new("hainan".parse().unwrap()), plans).unwrap();
    let impose = command(
        r#"{"impose": {"kind": "visit", "topic": "才让家", "subject": "H-17", "place": "632521", "person": "suonan", "unit": "镇政府"}}"#,
    );
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", impose);
    // The reminder of 30 March at 18:00 has come, and comes no second time.
    let _ = desk.advance(at("2026-03-31 09:00")).unwrap();
    let _ = desk
        .revise(notice("2026-03-31", &["2026-04-02", "2026-04-03"], &[]))
        .unwrap();
    let moved = desk
        .adopt_calendar(&system(), at("2026-03-31 10:00"))
        .unwrap();
    let [moved] = moved.duties.as_slice() else {
        panic!("{moved:?}")
    };
    // 2 and 3 April are off by now, 4 to 6 April are Qingming.
    assert_eq!(
        (moved.was, moved.due),
        (at("2026-04-02 18:00"), at("2026-04-07 18:00"))
    );
    let round = moved.round.as_ref().unwrap();
    assert_eq!((round.number, round.ends), (1, at("2026-04-07 18:00")));
    let _ = desk.advance(at("2026-05-20 09:00")).unwrap();
    let all: Vec<_> = rounds(&records(&desk, "v01"))
        .into_iter()
        .map(|it| (it.round.begins, it.round.ends))
        .collect();
    assert_eq!(
        all[..2],
        [
            (at("2026-03-02 09:00"), at("2026-04-07 18:00")),
            (at("2026-04-07 18:00").plus(1), at("2026-05-06 18:00")),
        ]
    );
    let reminded = records(&desk, "v01").into_iter().filter(|it| {
        matches!(
            &it.event,
            DutyEvent::StepTaken { round: Some(1), step: StepKey::Rung { rung, .. }, .. } if rung.starts_with("before")
        )
    });
    assert_eq!(reminded.count(), 1);
    let _ = desk.verify().unwrap();
    // Of another round no calendar is adopted.
    let mut forged = records(&desk, "v01");
    for record in &mut forged {
        if let DutyEvent::CalendarAdopted { round, .. } = &mut record.event {
            *round = None;
        }
    }
    let board = "hainan".parse().unwrap();
    let folded = forged
        .iter()
        .try_fold(None, |duty, record| evolve(&board, duty, record).map(Some));
    let error = folded.unwrap_err().to_string();
    assert!(error.contains("does not stand in that round"), "{error}");
}
