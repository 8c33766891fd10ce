//! (c) What clocks there are, what starts and stops them, and what is said of them afterwards: rows 35 to 46.

use duly::case::ClockState;
use duly::plan::{Diagram, DiagramError, Limit, Plan, Region, ReopenCount};
use duly::report::{Board, Period, bulletin};
use duly::time::Span;
use duly::words::*;

use super::at;
use super::file::*;

/// A plan in which the citizen hears of progress every so many working days, and is answered in ten.
fn with_updates(days: u32) -> Plan {
    let mut plan = plain();
    limit(&mut plan, ClockKind::Reply, Span::WorkingDays(10));
    let mut update = rule(&mut plan, ClockKind::Reply).clone();
    update.kind = ClockKind::Update;
    update.starts = ClockKind::Update.starts();
    update.stops = ClockKind::Update.stops().to_vec();
    plan.clocks.push(update);
    plan.clocks.sort_by_key(|clock| clock.kind);
    limit(&mut plan, ClockKind::Update, Span::WorkingDays(days));
    assert_eq!(plan.validate(), Ok(()));
    plan
}

fn replied_in(days: u32) -> Plan {
    let mut plan = plain();
    limit(&mut plan, ClockKind::Reply, Span::WorkingDays(days));
    plan
}

/// Called back, rated and struck off on the day after it was published.
fn close(file: &mut File, day: &str) {
    let when = |hour: &str| format!("{day}T{hour}:00:00+08:00");
    file.go(&when("10"), "intake-1", call_back());
    file.go(&when("11"), "citizen", rate(Level::Satisfied));
    file.go(&when("12"), "supervisor-1", strike_off(Outcome::Solved));
}

// Zammad 3140: the clock for the next word to the customer ran although the office had spoken last. Once it is answered, no
// clock waits for news of progress, however long review and the citizen take.
#[test]
fn c35_zammad_3140_no_news_is_owed_after_the_answer() {
    let mut file = File::assigned(with_updates(3), Class::Problem);
    let update = Command::Update {
        text: text("正在施工"),
    };
    file.go("2026-03-04T10:00:00+08:00", "owner-1", update);
    assert_eq!(file.clock(ClockKind::Update).key.run, 2);
    file.go("2026-03-06T10:00:00+08:00", "owner-1", reply());
    assert!(!file.clock(ClockKind::Update).is_live());
    file.tick("2026-03-31T10:00:00+08:00");
    assert_eq!(file.fired(ClockKind::Update), []);
    let verdicts = file.verdicts(ClockKind::Update);
    assert!(
        verdicts
            .iter()
            .all(|(_, it)| matches!(it, Verdict::OnTime { .. }))
    );
}

// Zammad 5177: a shorter clock for updates took the place of the one for the first response. Each clock has its own limit; what
// one does moves no other.
#[test]
fn c36_zammad_5177_one_clock_does_not_overrule_another() {
    let mut file = File::assigned(with_updates(3), Class::Problem);
    let due = at("2026-03-16T18:00:00+08:00");
    assert_eq!(file.due(ClockKind::Reply), due);
    assert_eq!(file.due(ClockKind::Update), at("2026-03-05T18:00:00+08:00"));
    file.tick("2026-03-11T10:00:00+08:00");
    assert!(file.clock(ClockKind::Update).breached.is_some());
    assert_eq!(file.clock(ClockKind::Reply).breached, None);
    assert_eq!(file.due(ClockKind::Reply), due);
}

// Zammad 1322: an answer that came in as a note of the portal did not set the clock going again. Whoever enters the citizen's
// answer, and wherever it came in, it is the same event.
#[test]
fn c37_zammad_1322_any_channel_is_the_same_event() {
    let answered = |by: &str| {
        let mut file = File::new(plain());
        file.go("2026-03-02T09:00:00+08:00", "citizen", open());
        let question = text("是哪个村");
        file.go(
            "2026-03-02T10:00:00+08:00",
            "intake-1",
            Command::AskCitizen { question },
        );
        assert_eq!(file.clock(ClockKind::Screen).due(), None);
        let answer = text("次汗素村");
        file.go(
            "2026-03-05T10:00:00+08:00",
            by,
            Command::Supplement { answer },
        );
        file.case().clocks().to_vec()
    };
    let clocks = answered("citizen");
    assert!(clocks.iter().all(|clock| clock.is_running()));
    assert_eq!(clocks, answered("intake-1"));
}

// Zammad 188, Znuny 855: reopening knew only states whose names were built in, and waiting states that were configured were never
// read. What a pack says is data: every pause it names can be used, and a rule that leaves a class out is refused when it is made.
#[test]
fn c38_zammad_188_what_is_configured_is_read() {
    let mut plan = plain();
    let mut weather = plan.pauses[0].clone();
    weather.reason = "等候天气".into();
    plan.pauses.push(weather);
    for reason in plan.pauses.clone().iter().map(|rule| rule.reason.as_str()) {
        let mut file = File::assigned(plan.clone(), Class::Problem);
        file.go("2026-03-03T10:00:00+08:00", "owner-1", pause(reason));
        assert_eq!(file.clock(ClockKind::Reply).due(), None, "{reason}");
    }
    let class = plan.schema.index("class").unwrap();
    let three = (0..3).map(|code| Region {
        bounds: [(class, (code, code))].into(),
        answer: Limit::Span(Span::WorkingDays(5)),
    });
    let gap = Diagram::from_regions(&plan.schema, three.collect());
    assert!(matches!(gap, Err(DiagramError::Gap { .. })));
    for kind in [ClockKind::Review, ClockKind::Reply, ClockKind::Redo] {
        let mut without = plan.clone();
        without.clocks.retain(|rule| rule.kind != kind);
        assert!(without.validate().is_err(), "no clock {kind}");
    }
}

// Zammad 2082, 2579, 4516, 4777: figures were set only by a second action, or only after reopening. Figures are counted from what
// happened: there with the first reply, and the same after everything that follows.
#[test]
fn c39_zammad_2082_figures_are_there_at_once() {
    let mut file = File::assigned(replied_in(10), Class::Problem);
    let total = |file: &File| {
        let hand = file.plans.latest().unwrap();
        let (first, last) = ("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap());
        let period = Period::dates(first, last, hand.plan.zone);
        let board = Board::fold(&file.records, None).unwrap();
        bulletin(&board, &hand.plan, period).total
    };
    assert_eq!(total(&file).replied, 0);
    file.go("2026-03-05T10:00:00+08:00", "owner-1", reply());
    let first = total(&file);
    assert_eq!((first.replied, first.on_time, first.late), (1, 1, 0));
    file.go("2026-03-05T11:00:00+08:00", "reviewer-1", pass());
    close(&mut file, "2026-03-06");
    let last = total(&file);
    assert_eq!((last.replied, last.on_time, last.late), (1, 1, 0));
}

// Chatwoot 10178: the clock for the next response ran on after the conversation was resolved. What is struck off has no clock,
// no alarm and no notice ahead.
#[test]
fn c40_chatwoot_10178_closing_stops_every_clock() {
    let mut file = File::published(with_updates(3), "2026-03-05T10:00:00+08:00");
    let reason = text("难点");
    file.go(
        "2026-03-05T15:00:00+08:00",
        "supervisor-1",
        Command::Track { reason },
    );
    close(&mut file, "2026-03-06");
    assert_eq!(
        file.clock(ClockKind::Track).state,
        ClockState::Cancelled {
            at: at("2026-03-06T12:00:00+08:00"),
            why: CancelWhy::Closed
        }
    );
    assert!(file.case().clocks().iter().all(|clock| !clock.is_live()));
    assert_eq!(file.case().next_alarm(), None);
    assert_eq!(file.tick("2027-03-06T10:00:00+08:00"), []);
}

// Chatwoot, reading its clocks only when it polls: what was resolved late but before the poll was a hit, a late reply before the
// poll was no miss, and a second message while waiting made a second miss. Time is brought up to each event first, and a miss is
// one of a clock's run.
#[test]
fn c41_chatwoot_polling_makes_no_verdict() {
    let mut late = File::assigned(replied_in(3), Class::Problem);
    let due = late.due(ClockKind::Reply);
    let events = late.go("2026-03-09T10:00:00+08:00", "owner-1", reply());
    let by = at("2026-03-09T10:00:00+08:00").since(due);
    assert_eq!(late.verdicts(ClockKind::Reply), [(1, Verdict::Late { by })]);
    let breach = (due.plus(1), StepKey::Breach);
    assert_eq!(late.fired(ClockKind::Reply), std::slice::from_ref(&breach));
    let first = |wanted: fn(&Event) -> bool| events.iter().position(wanted).unwrap();
    assert!(
        first(|it| matches!(it, Event::StepTaken { .. }))
            < first(|it| matches!(it, Event::Replied { .. }))
    );
    // The same with somebody looking every hour.
    let mut polled = File::assigned(replied_in(3), Class::Problem);
    for hour in 0..150 {
        let when = at("2026-03-02T11:00:00+08:00").plus(hour * 3600);
        polled.tick(&when.to_string());
    }
    polled.go("2026-03-09T10:00:00+08:00", "owner-1", reply());
    let plain = |file: &File| -> Vec<_> {
        let records = file.records.iter();
        records
            .map(|it| (it.at, it.version, it.event.clone()))
            .collect()
    };
    let own = |file: &File| {
        plain(file)
            .into_iter()
            .filter(|(_, _, event)| !matches!(event, Event::Replied { .. }))
            .collect::<Vec<_>>()
    };
    assert_eq!(own(&polled), own(&late));
    // On the very second it is due it is in time, and no miss is found afterwards.
    let mut just = File::assigned(replied_in(3), Class::Problem);
    just.go(&due.to_string(), "owner-1", reply());
    just.tick("2026-03-31T10:00:00+08:00");
    assert_eq!(
        just.verdicts(ClockKind::Reply),
        [(1, Verdict::OnTime { margin: 0 })]
    );
    assert_eq!(just.fired(ClockKind::Reply), []);
    // Done again and late again is a second miss, of the other clock.
    late.go("2026-03-09T11:00:00+08:00", "reviewer-1", send_back());
    late.go("2026-03-25T11:00:00+08:00", "owner-1", reply());
    assert_eq!(late.fired(ClockKind::Reply), [breach]);
    let redo = late.fired(ClockKind::Redo);
    let misses = redo.iter().filter(|(_, step)| *step == StepKey::Breach);
    assert_eq!(misses.count(), 1);
}

// ERPNext 26173, 28550, 47406: a reply in time became a failure when the ticket was reckoned anew on reply, close or reopening. A
// verdict that was given stays, whatever happens to the case later.
#[test]
fn c42_erpnext_26173_a_verdict_is_not_changed() {
    let mut plan = replied_in(3);
    plan.reopen.count = ReopenCount::Fresh;
    let mut file = File::assigned(plan, Class::Problem);
    file.go("2026-03-05T10:00:00+08:00", "owner-1", reply());
    let given = file.verdicts(ClockKind::Reply);
    assert_eq!(given, [(1, Verdict::OnTime { margin: 8 * 3600 })]);
    file.go("2026-03-06T10:00:00+08:00", "reviewer-1", send_back());
    file.go("2026-03-26T10:00:00+08:00", "owner-1", reply());
    file.go("2026-03-26T11:00:00+08:00", "reviewer-1", pass());
    close(&mut file, "2026-03-27");
    file.go("2026-03-30T10:00:00+08:00", "citizen", reopen());
    file.go("2026-04-20T10:00:00+08:00", "owner-1", reply());
    let all = file.verdicts(ClockKind::Reply);
    assert_eq!(all[..1], given);
    assert!(matches!(all[1..], [(2, Verdict::Late { .. })]), "{all:?}");
    let first = file
        .case()
        .clocks()
        .iter()
        .find(|clock| clock.key.kind == ClockKind::Reply);
    assert_eq!(first.unwrap().verdicts[0].verdict, given[0].1);
    assert_eq!(first.unwrap().breached, None);
}

// Znuny 369, osTicket 5206, GLPI 5213: what a reopened ticket counts from was fixed, and each way was wrong for somebody. The pack
// chooses among three: all of it again, what was left, or whichever ends first.
#[test]
fn c43_osticket_5206_what_a_reopened_case_counts_from() {
    let due = |count: ReopenCount, replied: &str, closed: &str| {
        let mut plan = replied_in(10);
        plan.reopen.count = count;
        let mut file = File::published(plan, replied);
        close(&mut file, closed);
        file.go("2026-03-30T10:00:00+08:00", "citizen", reopen());
        file.due(ClockKind::Reply)
    };
    let early = |count| due(count, "2026-03-03T10:00:00+08:00", "2026-03-04");
    let late = |count| due(count, "2026-03-16T10:00:00+08:00", "2026-03-17");
    let fresh = at("2026-04-14T18:00:00+08:00");
    assert_eq!(early(ReopenCount::Fresh), fresh);
    assert_eq!(late(ReopenCount::Fresh), fresh);
    // All ten closes were still to come; the day of reopening is the first of them.
    assert_eq!(
        early(ReopenCount::Continue),
        at("2026-04-13T18:00:00+08:00")
    );
    assert_eq!(late(ReopenCount::Continue), at("2026-03-30T18:00:00+08:00"));
    assert_eq!(early(ReopenCount::Min), at("2026-04-13T18:00:00+08:00"));
    assert_eq!(late(ReopenCount::Min), at("2026-03-30T18:00:00+08:00"));
    // A shorter limit came into force after the answer: what is left of the old one is more than all of the new.
    let mut plan = replied_in(10);
    plan.reopen.count = ReopenCount::Min;
    let mut file = File::published(plan.clone(), "2026-03-03T10:00:00+08:00");
    limit(&mut plan, ClockKind::Reply, Span::WorkingDays(5));
    let adopt = Command::AdoptPlan {
        plan: file.plans.take(plan).unwrap(),
        approved_by: None,
        facts: Default::default(),
    };
    file.go("2026-03-03T12:00:00+08:00", "supervisor-1", adopt);
    close(&mut file, "2026-03-04");
    file.go("2026-03-30T10:00:00+08:00", "citizen", reopen());
    assert_eq!(file.due(ClockKind::Reply), at("2026-04-07T18:00:00+08:00"));
}

// DefectDojo 3524, 5737, 7370, 8279: closed in time, a finding showed no margin, or one from the wrong start. The margin is kept
// with the stop, and closing and reopening leave it.
#[test]
fn c44_defectdojo_3524_the_margin_is_kept() {
    let mut file = File::published(replied_in(3), "2026-03-04T17:00:00+08:00");
    let margin = at("2026-03-05T18:00:00+08:00").since(at("2026-03-04T17:00:00+08:00"));
    let kept = Verdict::OnTime { margin };
    assert_eq!(file.clock(ClockKind::Reply).verdicts[0].verdict, kept);
    close(&mut file, "2026-03-06");
    assert_eq!(file.clock(ClockKind::Reply).verdicts[0].verdict, kept);
    let whole = &file.clock(ClockKind::Whole).verdicts;
    let struck_off = at("2026-03-06T12:00:00+08:00");
    assert_eq!(
        whole[0].verdict,
        Verdict::of(struck_off, at("2026-05-06T18:00:00+08:00"))
    );
}

// GLPI 1911, Frappe 1895: the first line used up the time and the second was blamed. Whoever has a case has a segment of it; each unit answers for
// its own working time, while the citizen's limit goes on.
#[test]
fn c45_glpi_1911_each_unit_answers_for_its_own_time() {
    let mut file = File::assigned(replied_in(10), Class::Problem);
    let due = file.due(ClockKind::Reply);
    let transfer = Command::Transfer {
        unit: "交通局".parse().unwrap(),
        owner: "owner-2".parse().unwrap(),
        reason: text("机构改革"),
    };
    file.go("2026-03-13T10:00:00+08:00", "intake-1", transfer);
    assert_eq!(file.due(ClockKind::Reply), due);
    file.go("2026-03-16T10:00:00+08:00", "owner-2", reply());
    let calendar = &file.plans.latest().unwrap().calendar;
    let held = file.case().held(calendar, at("2026-03-20T10:00:00+08:00"));
    let days = |unit: &str| held[&unit.parse().unwrap()] / (7 * 3600);
    assert_eq!((days("交通局"), held.len()), (1, 2));
    assert_eq!(held.values().sum::<i64>(), 10 * 7 * 3600);
}

// InfotelGLPI behaviors 39: a ticket made from another took over what was left of its time. Each clock that follows another says
// what it counts: a redo has its own days, but ends no later than the whole.
#[test]
fn c46_infotel_39_a_following_clock_says_what_it_counts() {
    let redo = |whole: u32| {
        let mut plan = replied_in(10);
        limit(&mut plan, ClockKind::Whole, Span::CalendarDays(whole));
        let mut file = File::assigned(plan, Class::Problem);
        file.go("2026-03-05T10:00:00+08:00", "owner-1", reply());
        file.go("2026-03-06T10:00:00+08:00", "reviewer-1", send_back());
        (file.due(ClockKind::Redo), file.due(ClockKind::Whole))
    };
    let (own, whole) = redo(45);
    assert_eq!(own, at("2026-03-13T18:00:00+08:00"));
    assert!(own < whole);
    let (bounded, whole) = redo(8);
    assert_eq!((bounded, whole), (at("2026-03-10T18:00:00+08:00"), bounded));
}
