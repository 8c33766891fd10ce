//! What another system says of a case is what the case is here (接续登记): whose it is and was, what its citizen sees, what was granted and promised; and
//! what a rehearsal tells of it beforehand.

use std::collections::BTreeSet;

use duly::case::{
    Clock, ClockState, Matter, Paused, RehearsedClock, Segment, Stage, TakenOver, Team, decide,
    evolve, rehearse_import,
};
use duly::time::{Moment, Span};
use duly::words::*;

use crate::clocks::{ask, at, plan, within};
use crate::counted::elsewhere;
use crate::stands::jointly;
use crate::taken::{given, in_hand, now, standing, stood, taken, takes, waits};
use crate::world::{actor, envelope};

fn person(name: &str) -> PersonId {
    name.parse().unwrap()
}

// All that another system says of a case the case is: what it is about, who has it and who had it, how often it came back and got more time, what it waited
// for and waits for still, and on whose word that is.
#[test]
fn a_case_is_what_another_system_says_of_it() {
    let (then, two_days) = (at("02-26 09:00"), 48 * 3600);
    let it = ImportAsked {
        matters: vec![Text::from("路灯"), Text::from("井盖")],
        handlers: [person("owner-3")].into(),
        signed: true,
        returns: 2,
        reopens: 3,
        extended: vec![ExtendedBefore {
            clock: ClockKind::Reply,
            span: Span::WorkingDays(2),
        }],
        pauses: vec![
            stood("检测", then, Some(then.plus(3600))),
            stood("检测", now(), None),
        ],
        ..jointly(elsewhere())
    };
    let play = taken(waits(), it);
    let case = play.case();
    assert_eq!(case.origin(), Origin::Message);
    assert_eq!(case.citizen(), Some(&person("citizen")));
    assert_eq!(case.place().as_str(), "632521");
    assert_eq!(case.channel().as_str(), "领导留言板");
    assert_eq!(case.external_id().as_str(), "1");
    assert_eq!(case.class(), Some(Class::Problem));
    let matter = |number: u16| Matter {
        number,
        outcome: None,
    };
    assert_eq!(case.matters(), [matter(1), matter(2)]);
    assert_eq!(case.received_at(), at("02-24 09:00"));
    assert_eq!(case.last_at(), now());
    let counts = (case.returns(), case.reopens(), case.cycle());
    assert_eq!(counts, (2, 3, 4));
    assert_eq!((case.extensions(), case.bounces()), (1, 0));
    let handlers: BTreeSet<PersonId> = ["owner-1", "co-1", "owner-3"].map(person).into();
    assert_eq!(case.handlers(), &handlers);
    let (unit, owner): (UnitId, PersonId) = ("住建局".parse().unwrap(), person("owner-1"));
    let team = Team {
        unit: unit.clone(),
        owner: owner.clone(),
        below: None,
        parts: vec![Part {
            unit: "水利局".parse().unwrap(),
            owner: person("co-1"),
            reply: None,
        }],
    };
    assert_eq!(case.team(), Some(&team));
    let segment = Segment {
        unit,
        owner,
        from: now(),
        until: None,
    };
    assert_eq!(case.segments(), [segment]);
    let waited = |from: Moment, ended: Option<Moment>| Paused {
        reason: "检测".into(),
        side: PauseSide::Statutory,
        from,
        until: from.plus(two_days),
        ended,
        holds: vec![],
        begun_by: 1,
        ended_by: ended.map(|_| 1),
    };
    let pauses = [waited(then, Some(then.plus(3600))), waited(now(), None)];
    assert_eq!(case.pauses(), pauses);
    let over = TakenOver {
        at: now(),
        by: Some(person("supervisor-1")),
        from: "旧督办系统".into(),
        approved_by: person("approver"),
        handlers: [person("owner-3")].into(),
    };
    assert_eq!(case.imported(), Some(&over));
}

// Its citizen sees that it is worked on once whoever has it has signed for it, has answered it, or is to do it again. What was replied elsewhere stands
// assigned, and signed for, until the entry of its reply.
#[test]
fn what_a_citizen_sees_of_what_is_taken_over() {
    use ImportStage::{Assigned, Received, Replied, Returned, Screened};
    let signed = || ImportAsked {
        signed: true,
        ..elsewhere()
    };
    let assigned = Some(at("02-25 09:00"));
    for (it, stage, since, shown) in [
        (
            standing(Received),
            StageName::Received,
            None,
            Shown::Awaiting,
        ),
        (
            standing(Screened),
            StageName::Received,
            None,
            Shown::Awaiting,
        ),
        (
            standing(Assigned),
            StageName::Assigned,
            None,
            Shown::Awaiting,
        ),
        (signed(), StageName::Assigned, assigned, Shown::InProgress),
        (
            standing(Replied),
            StageName::Assigned,
            assigned,
            Shown::InProgress,
        ),
        (
            standing(Returned),
            StageName::Returned,
            None,
            Shown::InProgress,
        ),
    ] {
        let what = format!("{} {}", it.stage, it.signed);
        let play = taken(plan(), it);
        assert_eq!(play.case().shown(), shown, "{what}");
        let first = evolve(None, &play.last[0]).unwrap();
        let has_signed = match first.stage() {
            Stage::Assigned(it) => it.data.signed,
            _ => None,
        };
        let entered = (first.stage_name(), has_signed, first.shown());
        assert_eq!(entered, (stage, since, shown), "{what}");
    }
    let mut play = taken(plan(), signed());
    let again = play.go("owner-1 owner", "03-02 10:00", Command::Sign {});
    let had = Why::Already {
        what: Thing::Signature,
    };
    assert_eq!(*again.unwrap_err().why, had);
}

// More time that was granted elsewhere is counted: of the limit for which it was granted and of no other, and as part of what may be granted here.
#[test]
fn more_time_that_was_granted_elsewhere_is_counted_here() {
    let granted = |days: &[u32]| {
        let by = |days: &u32| ExtendedBefore {
            clock: ClockKind::Reply,
            span: Span::WorkingDays(*days),
        };
        let it = ImportAsked {
            extended: days.iter().map(by).collect(),
            ..elsewhere()
        };
        taken(plan(), it)
    };
    let none: &[u32] = &[];
    let whole = granted(none).due(ClockKind::Whole);
    for (days, due) in [
        (none, "03-10 18:00"),
        (&[2], "03-12 18:00"),
        (&[2, 2], "03-16 18:00"),
    ] {
        let play = granted(days);
        assert_eq!(play.due(ClockKind::Reply), at(due), "{days:?}");
        assert_eq!(play.due(ClockKind::Whole), whole, "{days:?}");
        let spans: Vec<Span> = days.iter().map(|days| Span::WorkingDays(*days)).collect();
        assert_eq!(play.clock(ClockKind::Reply).extended, spans);
        assert_eq!(play.clock(ClockKind::Whole).extended, []);
    }
    let more = |before: &[u32], days: u32| {
        let mut play = granted(before);
        let done = play.go("owner-1 owner", "03-02 10:00", ask(days));
        done.map_err(|refusal| *refusal.why)
    };
    let beyond = |bound: Bound| -> Result<(), Why> {
        let what = Thing::Extension(ClockKind::Reply);
        Err(Why::Bound { what, bound })
    };
    assert_eq!(more(&[3], 4), Ok(()));
    let seven = Bound::Span(Span::WorkingDays(7));
    assert_eq!(more(&[3], 5), beyond(seven));
    assert_eq!(more(&[1, 1], 1), beyond(Bound::Times(2)));
}

// So is what was granted of a case that came in at the very moment of the import: two extensions are as many as the pack has.
#[test]
fn more_time_is_counted_of_a_case_that_has_just_come_in() {
    let granted = ExtendedBefore {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(2),
    };
    let it = ImportAsked {
        received: now(),
        assigned: None,
        extended: vec![granted; 2],
        ..elsewhere()
    };
    let mut play = taken(plan(), it);
    let reply = play.clock(ClockKind::Reply);
    assert_eq!(reply.started, now());
    assert_eq!(reply.extended, [Span::WorkingDays(2), Span::WorkingDays(2)]);
    assert_eq!(play.due(ClockKind::Reply), at("03-20 18:00"));
    let more = play.go("owner-1 owner", "03-02 10:00", ask(1));
    let twice = Why::Bound {
        what: Thing::Extension(ClockKind::Reply),
        bound: Bound::Times(2),
    };
    assert_eq!(*more.unwrap_err().why, twice);
}

// What was promised elsewhere stands, of the limit of which it was promised and of no other: later than that, it is not missed; earlier, it is missed when
// it passes; and where it has passed already, it was missed then, and nobody is told anew.
#[test]
fn what_was_promised_elsewhere_stands() {
    let missed = |due: Moment| due.plus(1);
    let (legal, past) = (at("03-10 18:00"), at("02-27 18:00"));
    for (due, before, after) in [
        (at("03-20 18:00"), None, None),
        (legal, None, None),
        (at("03-05 18:00"), None, Some(missed(at("03-05 18:00")))),
        (past, Some(missed(past)), Some(missed(past))),
    ] {
        let it = ImportAsked {
            promised: vec![PromisedBefore {
                clock: ClockKind::Reply,
                due,
            }],
            ..elsewhere()
        };
        let mut play = taken(plan(), it);
        let reply = play.clock(ClockKind::Reply);
        let dues = (reply.schedule.legal_due, reply.schedule.promised_due);
        assert_eq!(dues, (legal, due));
        assert_eq!((reply.promise_missed, reply.breached), (before, None));
        let whole = &play.clock(ClockKind::Whole).schedule;
        assert_eq!(whole.promised_due, whole.legal_due);
        play.does("system system", "03-12 09:00", Command::Tick {});
        let reply = play.clock(ClockKind::Reply);
        let passed = (reply.promise_missed, reply.breached);
        assert_eq!(passed, (after, Some(missed(legal))), "{due}");
    }
}

// What was replied elsewhere is taken as of then: whoever wrote it was in touch with the citizen since receipt and until then, and had nothing done by a day
// that was past then. Its author is who wrote it, and its owner where nobody says who; whoever enters it has handled nothing.
#[test]
fn a_reply_that_was_given_elsewhere_is_one_of_then() {
    let (received, then) = (at("02-24 09:00"), at("02-26 09:00"));
    let plans = in_hand(plan());
    let replied = |contacts: &[Moment], by_date: &str, author: Option<&str>| {
        let contact = |at: &Moment| Contact {
            at: *at,
            how: ContactHow::Visit,
        };
        let mut reply = given(then);
        reply.contacts = contacts.iter().map(contact).collect();
        reply.measures[0].by_date = Some(by_date.parse().unwrap());
        reply.author = author.map(person);
        let it = ImportAsked {
            replied: Some(reply),
            ..standing(ImportStage::Replied)
        };
        let play = takes(&plans, it)?;
        let case = play.case();
        let author = case.reply().unwrap().author.to_string();
        let handlers: Vec<String> = case.handlers().iter().map(PersonId::to_string).collect();
        let since = play.clock(ClockKind::Review).started;
        Ok::<_, Why>((author, handlers.join(" "), since))
    };
    let of = |author: &str, handlers: &str| {
        let (author, handlers) = (author.to_owned(), handlers.to_owned());
        Ok::<_, Why>((author, handlers, then))
    };
    let (both, on_the_day) = ([received, then], "2026-02-26");
    assert_eq!(replied(&both, on_the_day, None), of("owner-1", "owner-1"));
    let other = replied(&both, on_the_day, Some("owner-2"));
    assert_eq!(other, of("owner-2", "owner-1 owner-2"));
    let since = Why::Bound {
        what: Thing::Field("contacts".into()),
        bound: Bound::SinceReceipt,
    };
    for moment in [received.plus(-1), then.plus(1)] {
        let done = replied(&[moment], on_the_day, None);
        assert_eq!(done.unwrap_err(), since, "{moment}");
    }
    let past = Why::DatePast {
        date: "2026-02-25".parse().unwrap(),
    };
    assert_eq!(replied(&both, "2026-02-25", None).unwrap_err(), past);
}

// What a rehearsal tells of each clock is what is so after it: since when it has run, when it is due and what is promised, whether it waits or is overdue,
// what of it is past and what comes; when something happens first, and how many are told.
#[test]
fn a_rehearsal_tells_of_each_clock_what_is_so_after_it() {
    let mut with = waits();
    within(ClockKind::Whole, Span::CalendarDays(20))(&mut with);
    let plans = in_hand(with);
    let late = ImportAsked {
        received: at("01-05 09:00"),
        assigned: Some(at("01-06 09:00")),
        ..elsewhere()
    };
    let waiting = ImportAsked {
        pauses: vec![stood("检测", now(), None)],
        ..elsewhere()
    };
    // How many clocks wait, and how many are overdue.
    for (it, wait, overdue) in [(elsewhere(), 0, 0), (waiting, 2, 0), (late, 0, 2)] {
        let by = actor("supervisor-1", &["supervisor"]);
        let asked = envelope("k", by, now(), Command::Import(Box::new(it)));
        let told = rehearse_import(&asked, &plans).unwrap();
        let done = decide(None, &asked, &plans).unwrap();
        let past = |key: ClockKey| {
            let before = done.records.iter().filter_map(move |it| match &it.event {
                Event::StepTaken {
                    clock,
                    step,
                    fate:
                        StepFate::Voided {
                            why: CancelWhy::BeforeImport,
                        },
                    ..
                } if *clock == key => Some(step.clone()),
                _ => None,
            });
            before.collect::<Vec<StepKey>>()
        };
        let so = |clock: &Clock| RehearsedClock {
            clock: clock.key,
            about: clock.about.clone(),
            started: clock.started,
            legal_due: clock.schedule.legal_due,
            promised_due: clock.schedule.promised_due,
            waits: clock.state == ClockState::Paused,
            overdue: clock.breached.is_some(),
            suppressed: past(clock.key),
            ahead: clock.schedule.steps.clone(),
        };
        let live = done.case.clocks().iter().filter(|clock| clock.is_live());
        let clocks: Vec<RehearsedClock> = live.map(so).collect();
        assert_eq!(told.clocks, clocks);
        assert_eq!(told.plan, *done.case.plan());
        assert_eq!(told.next_alarm, done.case.next_alarm());
        assert_eq!(told.told, done.outgoing.len());
        let many = |which: fn(&&RehearsedClock) -> bool| clocks.iter().filter(which).count();
        assert_eq!(many(|it| it.waits), wait);
        assert_eq!(many(|it| it.overdue), overdue);
        assert_eq!(many(|it| it.suppressed == [StepKey::Breach]), overdue);
    }
}
