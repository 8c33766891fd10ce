//! What an answer counts from and until when, each on worked dates: from receipt, from screening, until it has gone out; and what is
//! let happen in some cases only.

use duly::plan::{
    Decision as Rule, DeclineRule, Diagram, ExtensionRule, Limit, PauseKind, Plan, Region,
    SUPPLEMENT, bare,
};
use duly::time::{DayTable, Moment, Opened, Span};
use duly::words::*;
use std::collections::BTreeMap;

use crate::clocks::{Play, answer, ask, assign, at, delivered, grant, pauses, within};
use crate::world::{import, open};

/// Ten working days from that mark, until that one.
pub fn law(starts: ClockMark, stops: ClockMark) -> Plan {
    let mut plan = bare("law".parse().unwrap());
    within(ClockKind::Reply, Span::WorkingDays(10))(&mut plan);
    for clock in &mut plan.clocks {
        if clock.kind == ClockKind::Reply {
            (clock.starts, clock.stops) = (starts, vec![stops]);
        }
    }
    plan.declines = vec![DeclineRule {
        ground: DeclineGround::OutOfScope,
        when: Rule::new(RuleId::new("decline"), Diagram::constant(true)),
        told: "法院".into(),
    }];
    plan
}

/// From receipt until it has gone out.
fn whole_way() -> Plan {
    law(ClockMark::Received, ClockMark::Published)
}

pub fn clock(plan: &mut Plan, kind: ClockKind) -> &mut duly::plan::ClockRule {
    plan.clocks.iter_mut().find(|it| it.kind == kind).unwrap()
}

pub fn screen() -> Command {
    Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    }
}

pub fn review(back: bool) -> Command {
    Command::Review(Review {
        findings: BTreeMap::new(),
        return_for: back.then(|| ReturnFor {
            ground: "处理不到位".into(),
            mend: Text::from("写明时间"),
        }),
    })
}

/// Received on Monday, 2 March 2026.
fn received(plan: Plan) -> Play {
    let mut play = Play::new(plan);
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play
}

/// Screened and assigned on the days said.
fn handed(plan: Plan, screened: &str, assigned: &str) -> Play {
    let mut play = received(plan);
    play.does("intake-1 intake", screened, screen());
    play.does("intake-1 intake", assigned, assign("住建局", "owner-1"));
    play
}

fn due(play: &Play) -> Moment {
    play.due(ClockKind::Reply)
}

// Received on the 2nd, ten working days: the 16th, whenever somebody got round to it; from screening on the 4th the 18th.
#[test]
fn a_limit_from_receipt_is_the_same_however_late_it_is_assigned() {
    let play = received(whole_way());
    assert_eq!(due(&play), at("03-16 18:00"));
    for (screened, assigned) in [
        ("03-02 10:00", "03-02 11:00"),
        ("03-10 10:00", "03-13 11:00"),
    ] {
        let play = handed(whole_way(), screened, assigned);
        assert_eq!(due(&play), at("03-16 18:00"));
        // Once somebody has it, the citizen hears who and until when.
        let told = play.told.iter().find_map(|it| match &it.effect {
            Effect::Tell {
                what: Telling::Assigned { unit, due },
                ..
            } => Some((unit.as_str(), *due)),
            _ => None,
        });
        assert_eq!(told, Some(("住建局", Some(at("03-16 18:00")))));
    }
    let accepted = law(ClockMark::Screened, ClockMark::Replied);
    let play = handed(accepted, "03-04 10:00", "03-09 11:00");
    assert_eq!(due(&play), at("03-18 18:00"));
    // Nobody is answerable before it is assigned; the citizen's limit runs all the same, and is missed without anybody.
    let mut play = received(whole_way());
    play.does("system system", "03-17 09:00", Command::Tick {});
    let breached = play.clock(ClockKind::Reply).breached;
    assert_eq!(breached, Some(at("03-16 18:00").plus(1)));
}

// Half of the whole, and both from receipt: the share begins once the whole is there, though the answer's clock stands before it.
#[test]
fn a_share_that_begins_with_its_whole_is_a_share_of_it() {
    let mut plan = whole_way();
    let half = Limit::Share {
        of: ClockKind::Whole,
        percent: 50,
    };
    clock(&mut plan, ClockKind::Reply).within.diagram = Diagram::constant(half);
    let days = Limit::Span(Span::WorkingDays(3));
    clock(&mut plan, ClockKind::CoReply).within.diagram = Diagram::constant(days);
    assert_eq!(plan.validate(), Ok(()));
    // Thirty of sixty days.
    assert_eq!(due(&received(plan)), at("04-01 18:00"));
}

// Clocks that begin with one mark begin in the order of the plan; one that begins earlier than it usually does waits for the others only where it is
// a share.
#[test]
fn clocks_that_begin_together_begin_in_the_order_of_the_plan() {
    let began = |plan: &Plan| {
        let play = received(plan.clone());
        let started = play.last.iter().filter_map(|it| match &it.event {
            Event::ClockStarted { key, .. } => Some(key.kind),
            _ => None,
        });
        started.collect::<Vec<_>>()
    };
    let (screen, reply, whole) = (ClockKind::Screen, ClockKind::Reply, ClockKind::Whole);
    let mut plan = whole_way();
    assert_eq!(began(&plan), [screen, reply, whole]);
    let half = Limit::Share {
        of: ClockKind::Whole,
        percent: 50,
    };
    clock(&mut plan, ClockKind::Reply).within.diagram = Diagram::constant(half);
    let days = Limit::Span(Span::WorkingDays(3));
    clock(&mut plan, ClockKind::CoReply).within.diagram = Diagram::constant(days);
    assert_eq!(began(&plan), [screen, whole, reply]);
}

// Whose part is half of the lead's time has their working day, however late they are named, and no more than the lead.
#[test]
fn a_part_of_a_limit_from_receipt_is_not_late_the_moment_it_is_given() {
    let part = |when: &str| {
        let mut play = received(whole_way());
        play.does("intake-1 intake", "03-02 10:00", screen());
        let assign = Command::Assign {
            unit: "住建局".parse().unwrap(),
            owner: "owner-1".parse().unwrap(),
            co_handlers: vec![NewPart {
                unit: "水利局".parse().unwrap(),
                owner: "co-1".parse().unwrap(),
            }],
        };
        play.does("intake-1 intake", when, assign);
        play.due(ClockKind::CoReply)
    };
    // Half of ten working days from the 2nd is the 9th.
    assert_eq!(part("03-03 11:00"), at("03-09 18:00"));
    assert_eq!(part("03-11 11:00"), at("03-12 18:00"));
    assert_eq!(part("03-16 11:00"), at("03-16 18:00"));
    // At the very moment at which the lead is due there is nothing left of it.
    assert_eq!(part("03-16 18:00"), at("03-17 18:00"));
    assert_eq!(part("03-18 11:00"), at("03-19 18:00"));
}

// A draft on the 12th stops nothing; sent back on the 13th, the limit runs on beside the redo; gone out on the 16th at six it is in time, a
// second later it is late.
#[test]
fn a_limit_until_it_has_gone_out_runs_through_review_and_redo() {
    let until = |when: Moment| {
        let mut play = handed(whole_way(), "03-02 10:00", "03-02 11:00");
        play.does("owner-1 owner", "03-12 10:00", answer());
        assert!(play.clock(ClockKind::Reply).is_running());
        play.does("reviewer-1 reviewer", "03-13 10:00", review(true));
        assert!(play.clock(ClockKind::Reply).is_running());
        assert!(play.clock(ClockKind::Redo).is_running());
        assert_eq!(due(&play), at("03-16 18:00"));
        play.does("owner-1 owner", "03-16 10:00", answer());
        assert!(!play.clock(ClockKind::Redo).is_live());
        play.at_moment("reviewer-2 reviewer", when, review(false));
        play
    };
    let mut play = until(at("03-16 18:00"));
    let judged = play.clock(ClockKind::Reply).verdicts.clone();
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0].mark, ClockMark::Published);
    assert_eq!(judged[0].verdict, Verdict::OnTime { margin: 0 });
    let late = until(at("03-16 18:00").plus(1));
    let judged = &late.clock(ClockKind::Reply).verdicts[0];
    assert_eq!(judged.verdict, Verdict::Late { by: 1 });
    // Gone out in time, and not what the citizen wanted: it counts as given, and not as an effective answer; doing it again has its own limit.
    let displeased = Command::CallBack {
        result: CallResult::Reached {
            level: Some(Level::Unsatisfied),
            scores: None,
            said: None,
        },
    };
    play.does("intake-1 intake", "03-17 10:00", displeased);
    assert_eq!(play.case().stage_name(), StageName::Returned);
    let reply = play.clock(ClockKind::Reply);
    assert!(!reply.is_live() && reply.verdicts[0].void);
    assert!(play.clock(ClockKind::Redo).is_running());
    // The reviewer's own limit was kept, whatever the citizen thinks.
    assert!(!play.clock(ClockKind::Review).verdicts[0].void);
}

// Where redo runs until it has gone out, a second return is no new redo.
#[test]
fn a_redo_until_it_has_gone_out_is_one_redo_however_often_it_is_sent_back() {
    let mut plan = whole_way();
    clock(&mut plan, ClockKind::Redo).stops = vec![ClockMark::Published];
    let mut play = handed(plan, "03-02 10:00", "03-02 11:00");
    play.does("owner-1 owner", "03-03 10:00", answer());
    play.does("reviewer-1 reviewer", "03-03 11:00", review(true));
    let first = play.due(ClockKind::Redo);
    play.does("owner-1 owner", "03-04 10:00", answer());
    play.does("reviewer-1 reviewer", "03-05 11:00", review(true));
    assert_eq!(play.clock(ClockKind::Redo).key.run, 1);
    assert_eq!(play.due(ClockKind::Redo), first);
    play.does("owner-1 owner", "03-06 10:00", answer());
    play.does("reviewer-1 reviewer", "03-06 11:00", review(false));
    assert!(!play.clock(ClockKind::Redo).is_live());
}

// Asked on the 3rd, answered on the 5th: ten working days from the 5th are the 19th. Not answered within the pack's time they go on instead: the
// days that were waited do not count, those before do.
#[test]
fn a_limit_from_receipt_waits_for_the_citizen_and_begins_anew_when_the_message_is_complete() {
    let question = || Command::AskCitizen {
        question: Text::from("是哪个村"),
    };
    let mut plan = whole_way();
    let mut anew = pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Restarts);
    anew.most = Span::WorkingDays(4);
    plan.pauses.push(anew);
    let mut play = received(plan.clone());
    play.does("intake-1 intake", "03-03 10:00", question());
    assert!(play.clock(ClockKind::Reply).is_live() && !play.clock(ClockKind::Reply).is_running());
    let supplement = Command::Supplement {
        answer: Text::from("次汗素村"),
    };
    play.does("citizen citizen", "03-05 10:00", supplement);
    assert_eq!(due(&play), at("03-19 18:00"));
    let mut silent = received(plan);
    silent.does("intake-1 intake", "03-03 10:00", question());
    silent.does("system system", "03-10 09:00", Command::Tick {});
    // From the 3rd to the 9th at six, when the four days are over: five evenings.
    assert_eq!(due(&silent), at("03-23 18:00"));
}

// A pause that is open when the draft is given is over by that: on the 10th three evenings had not counted, and the review does not stand still.
#[test]
fn whoever_gives_a_draft_waits_for_nothing_more() {
    let mut play = handed(whole_way(), "03-02 10:00", "03-02 11:00");
    let waits = Command::Pause {
        reason: "待网民补充".into(),
        evidence: Text::from("电话记录"),
    };
    play.does("owner-1 owner", "03-05 10:00", waits);
    assert!(!play.clock(ClockKind::Reply).is_running());
    play.does("owner-1 owner", "03-10 10:00", answer());
    assert!(play.clock(ClockKind::Reply).is_running());
    assert!(play.case().pauses().iter().all(|it| it.ended.is_some()));
    assert_eq!(due(&play), at("03-19 18:00"));
}

// Declined by two on the 4th, opened again on the 11th: of the ten days two were used, five evenings had gone by closed; the 23rd, and not the 25th as if it had
// only now been received. To screen and assign it again moves nothing.
#[test]
fn to_be_declined_and_opened_again_is_no_new_time() {
    for count in [
        duly::plan::ReopenCount::Fresh,
        duly::plan::ReopenCount::Continue,
        duly::plan::ReopenCount::Min,
    ] {
        let mut plan = whole_way();
        clock(&mut plan, ClockKind::Assign).starts = ClockMark::Received;
        plan.reopen.count = count;
        let mut play = received(plan);
        let decline = || Command::Decline {
            ground: DeclineGround::OutOfScope,
            told: Text::from("请向法院反映"),
            facts: Facts::new(),
        };
        let assigned = play.due(ClockKind::Assign);
        play.does("intake-1 intake", "03-02 10:00", decline());
        play.does("intake-3 intake", "03-04 10:00", decline());
        assert!(play.case().is_closed());
        let reopen = Command::Reopen {
            ground: "新的事实".into(),
            reason: Text::from("又坏了"),
        };
        play.does("citizen citizen", "03-11 10:00", reopen);
        assert_eq!(play.case().stage_name(), StageName::Received);
        assert_eq!(due(&play), at("03-23 18:00"), "{count:?}");
        // It was overdue when it was cut off, and is so when it goes on.
        assert!(assigned < at("03-04 10:00") && play.due(ClockKind::Assign) < at("03-11 10:00"));
        play.does("intake-1 intake", "03-12 10:00", screen());
        play.does(
            "intake-1 intake",
            "03-13 10:00",
            assign("住建局", "owner-1"),
        );
        assert_eq!(due(&play), at("03-23 18:00"), "{count:?}");
        let runs = play.case().clocks().iter();
        assert_eq!(runs.filter(|it| it.key.kind == ClockKind::Reply).count(), 2);
    }
}

/// Under the one plan and then, on that day, under the other.
pub fn adopts(play: &mut Play, plan: Plan, when: &str, approved: bool) -> Result<(), Refusal> {
    let to = plan.id();
    play.plans.take(plan).unwrap();
    let adopt = Command::AdoptPlan {
        plan: to,
        approved_by: approved.then(|| "leader-1".parse().unwrap()),
        facts: Facts::new(),
    };
    play.go("supervisor-1 supervisor", when, adopt)
}

// Another plan counts from another mark: what has a limit gets the other one, earlier without more ado, later with an approver only.
#[test]
fn a_plan_that_counts_from_another_mark_moves_the_limit_there() {
    let usual = || law(ClockMark::Assigned, ClockMark::Replied);
    let mut play = handed(usual(), "03-03 10:00", "03-04 11:00");
    assert_eq!(due(&play), at("03-18 18:00"));
    adopts(&mut play, whole_way(), "03-05 10:00", false).unwrap();
    assert_eq!(due(&play), at("03-16 18:00"));
    // What was promised does not get later by a new rule, and goes with the limit where that gets earlier.
    let mut play = handed(whole_way(), "03-03 10:00", "03-04 11:00");
    let later = adopts(&mut play, usual(), "03-05 10:00", false).unwrap_err();
    assert!(
        matches!(
            *later.why,
            Why::Loosens {
                clock: ClockKind::Reply,
                ..
            }
        ),
        "{later}"
    );
    let mut play = handed(whole_way(), "03-03 10:00", "03-04 11:00");
    adopts(&mut play, usual(), "03-05 10:00", true).unwrap();
    assert_eq!(due(&play), at("03-18 18:00"));
    let promised = play.clock(ClockKind::Reply).schedule.promised_due;
    assert_eq!(promised, at("03-16 18:00"));
    // Nobody has it yet: what counts by now begins, from when it would have; and nobody is late at once by that.
    let mut play = received(usual());
    assert!(play.case().clock(ClockKind::Reply).is_none());
    adopts(&mut play, whole_way(), "03-05 10:00", false).unwrap();
    assert_eq!(due(&play), at("03-16 18:00"));
    let mut play = received(usual());
    adopts(&mut play, whole_way(), "03-26 10:00", false).unwrap();
    assert_eq!(due(&play), at("03-27 18:00"));
    assert_eq!(play.clock(ClockKind::Reply).breached, None);
    // What runs goes on where the new plan would not have it run yet: in the citizen's favour.
    let mut play = received(whole_way());
    adopts(&mut play, usual(), "03-05 10:00", false).unwrap();
    play.does("intake-1 intake", "03-06 10:00", screen());
    play.does(
        "intake-1 intake",
        "03-06 11:00",
        assign("住建局", "owner-1"),
    );
    assert_eq!(due(&play), at("03-16 18:00"));
    assert_eq!(play.clock(ClockKind::Reply).key.run, 1);
}

/// Fifteen working days to reply and five to do it again, in an edition of its own.
fn edition(name: &str) -> Plan {
    let mut plan = bare("law".parse().unwrap());
    plan.title = name.into();
    plan
}

fn direct(days: u32) -> Command {
    Command::Direct {
        words: Text::from("请限期办结"),
        within: Some(Span::WorkingDays(days)),
        track: false,
        lead: None,
    }
}

// A leader said two working days on the 18th: the 20th. Another edition with the same limits moves nothing, approved or not; one with longer
// ones lifts no direction; one that is earlier still counts from where the limit began.
#[test]
fn a_plan_adopted_after_a_direction_leaves_what_was_directed() {
    let days = |name: &str, days: u32| {
        let mut plan = edition(name);
        within(ClockKind::Reply, Span::WorkingDays(days))(&mut plan);
        plan
    };
    let directed = || {
        let mut play = Play::assigned(edition("旧版"));
        assert_eq!(due(&play), at("03-23 18:00"));
        play.does("leader-1 leader", "03-18 09:00", direct(2));
        assert_eq!(due(&play), at("03-20 18:00"));
        play
    };
    let mut play = directed();
    for (name, when, approved) in [
        ("新版", "03-18 10:00", false),
        ("再版", "03-18 11:00", true),
        ("三版", "03-19 09:00", false),
    ] {
        adopts(&mut play, edition(name), when, approved).unwrap();
        assert_eq!(due(&play), at("03-20 18:00"), "{name}");
    }
    adopts(&mut play, days("长", 20), "03-19 10:00", true).unwrap();
    assert_eq!(due(&play), at("03-20 18:00"));
    // Thirteen working days from the 2nd, and not from the direction.
    adopts(&mut play, days("短", 13), "03-19 11:00", false).unwrap();
    assert_eq!(due(&play), at("03-20 18:00"));
    let mut play = directed();
    adopts(&mut play, days("短", 13), "03-18 10:00", false).unwrap();
    assert_eq!(due(&play), at("03-19 18:00"));
    // While it waits as well: five evenings of waiting make the 20th the 27th.
    let mut play = directed();
    play.does("owner-1 owner", "03-19 09:00", wait("待网民补充"));
    adopts(&mut play, edition("新版"), "03-20 09:00", false).unwrap();
    play.does("owner-1 owner", "03-26 09:00", goes_on("待网民补充"));
    assert_eq!(due(&play), at("03-27 18:00"));
}

// Six working days from the 2nd had passed on the 12th, so that it has the floor, the 13th. The same limits once more are no new fifteen, or six, days.
#[test]
fn a_plan_adopted_after_the_floor_was_given_gives_no_new_time() {
    let short = |name: &str| {
        let mut plan = edition(name);
        within(ClockKind::Reply, Span::WorkingDays(6))(&mut plan);
        plan
    };
    let mut play = Play::assigned(edition("旧版"));
    adopts(&mut play, short("新版"), "03-12 09:00", false).unwrap();
    assert_eq!(due(&play), at("03-13 18:00"));
    adopts(&mut play, short("再版"), "03-12 10:00", false).unwrap();
    assert_eq!(due(&play), at("03-13 18:00"));
    adopts(&mut play, short("三版"), "03-13 09:00", true).unwrap();
    assert_eq!(due(&play), at("03-13 18:00"));
    // Other limits, with an approver, count from the 2nd, and not from the floor on.
    adopts(&mut play, edition("四版"), "03-13 10:00", true).unwrap();
    assert_eq!(due(&play), at("03-23 18:00"));
}

// Sent back on the 6th with five working days, and until the whole is over on the 12th; sent back on the 13th, when the whole is overdue, until
// the 16th. Another edition with the same limits is no other limit.
#[test]
fn a_redo_that_the_whole_cuts_short_is_cut_short_under_another_plan() {
    let short = |name: &str| {
        let mut plan = edition(name);
        within(ClockKind::Whole, Span::CalendarDays(10))(&mut plan);
        plan
    };
    for (back, cut, again) in [
        ("03-06 10:00", "03-12 18:00", "03-12 09:00"),
        ("03-13 10:00", "03-16 18:00", "03-16 09:00"),
    ] {
        let mut play = Play::assigned(short("旧版"));
        play.does("owner-1 owner", "03-05 10:00", answer());
        play.does("reviewer-1 reviewer", back, review(true));
        assert_eq!(play.due(ClockKind::Redo), at(cut));
        adopts(&mut play, short("新版"), again, false).unwrap();
        assert_eq!(play.due(ClockKind::Redo), at(cut));
    }
}

pub fn wait(reason: &str) -> Command {
    Command::Pause {
        reason: reason.into(),
        evidence: Text::from("记录"),
    }
}

pub fn goes_on(reason: &str) -> Command {
    Command::Resume {
        reason: reason.into(),
    }
}

/// A notice that makes working days of those dates.
pub fn made_up(revision: &str, days: &[&str]) -> DayTable {
    let mut notice = DayTable::cn();
    notice.revision = revision.into();
    for day in days {
        let opened = Opened {
            name: "调休".into(),
            windows: None,
        };
        notice.opened.insert(day.parse().unwrap(), opened);
    }
    notice
}

// Waited for the citizen from the 3rd to the 6th, and from the 4th to the 12th for a test: seven evenings did not count, whatever was adopted
// on the 11th. The citizen's promise is as late as the limit, and nobody misses it.
#[test]
fn a_promise_moves_by_all_of_what_overlapping_pauses_waited() {
    type Adopts = fn(&mut Play);
    let plan: Adopts = |play| adopts(play, edition("新版"), "03-11 09:00", false).unwrap();
    let calendar: Adopts = |play| {
        play.plans.revise(made_up("2026-03-10", &[])).unwrap();
        let adopt = Command::AdoptCalendar {};
        play.does("system system", "03-11 09:00", adopt);
    };
    // Announced, and not adopted.
    let announced: Adopts = |play| {
        play.plans.revise(made_up("2026-03-10", &[])).unwrap();
    };
    for (n, adopt) in [plan, calendar, announced].into_iter().enumerate() {
        let mut play = Play::assigned(edition("旧版"));
        play.does("owner-1 owner", "03-03 09:00", wait("待网民补充"));
        play.does("owner-1 owner", "03-04 09:00", wait("鉴定检测"));
        play.does("owner-1 owner", "03-06 19:00", goes_on("待网民补充"));
        adopt(&mut play);
        play.does("owner-1 owner", "03-12 09:00", goes_on("鉴定检测"));
        let schedule = &play.clock(ClockKind::Reply).schedule;
        assert_eq!(schedule.legal_due, at("04-01 18:00"), "{n}");
        assert_eq!(schedule.promised_due, at("04-01 18:00"), "{n}");
    }
}

// What went on in between counts once: waited on the 3rd, and from the very moment that this was over until the 6th, it is three evenings,
// adopted or not; and where a revision is announced after another plan was adopted, what the promise had moved by then it has moved.
#[test]
fn a_promise_moves_once_by_what_was_waited() {
    let promise = |play: &Play| {
        let schedule = &play.clock(ClockKind::Reply).schedule;
        assert_eq!(schedule.legal_due, schedule.promised_due);
        schedule.promised_due
    };
    let mut play = Play::assigned(edition("旧版"));
    play.does("owner-1 owner", "03-03 09:00", wait("待网民补充"));
    play.does("owner-1 owner", "03-04 09:00", goes_on("待网民补充"));
    play.does("owner-1 owner", "03-04 09:00", wait("鉴定检测"));
    adopts(&mut play, edition("新版"), "03-05 09:00", false).unwrap();
    play.does("owner-1 owner", "03-06 09:00", goes_on("鉴定检测"));
    assert_eq!(promise(&play), at("03-26 18:00"));
    let mut play = Play::assigned(edition("旧版"));
    play.does("owner-1 owner", "03-03 09:00", wait("待网民补充"));
    adopts(&mut play, edition("新版"), "03-06 09:00", false).unwrap();
    play.plans.revise(made_up("2026-03-07", &[])).unwrap();
    play.does("owner-1 owner", "03-09 09:00", goes_on("待网民补充"));
    assert_eq!(promise(&play), at("03-27 18:00"));
    // It went on, and another wait began and was over at that very moment.
    let mut play = Play::assigned(edition("旧版"));
    play.does("owner-1 owner", "03-03 09:00", wait("待网民补充"));
    play.does("owner-1 owner", "03-05 09:00", goes_on("待网民补充"));
    let moved = promise(&play);
    play.plans.revise(made_up("2026-03-05", &[])).unwrap();
    play.does("owner-1 owner", "03-05 09:00", wait("鉴定检测"));
    play.does("owner-1 owner", "03-05 09:00", goes_on("鉴定检测"));
    assert_eq!(promise(&play), moved);
}

// It was in time when it began to wait on the 9th, and has waited ever since, for one thing and then for another: days that are added to the
// calendar meanwhile make it late no more than if it had waited for one.
#[test]
fn what_waits_for_one_thing_after_another_is_not_late_at_once() {
    let mut plan = edition("旧版");
    within(ClockKind::Reply, Span::WorkingDays(5))(&mut plan);
    let mut play = Play::assigned(plan);
    assert_eq!(due(&play), at("03-09 18:00"));
    play.does("owner-1 owner", "03-09 10:00", wait("待网民补充"));
    play.does("owner-1 owner", "03-10 09:00", wait("鉴定检测"));
    play.does("owner-1 owner", "03-11 09:00", goes_on("待网民补充"));
    let notice = made_up("2026-03-10", &["2026-03-07", "2026-03-08"]);
    play.plans.revise(notice).unwrap();
    play.does("system system", "03-12 09:00", Command::AdoptCalendar {});
    play.does("owner-1 owner", "03-12 10:00", goes_on("鉴定检测"));
    play.does("system system", "03-12 11:00", Command::Tick {});
    assert_eq!(play.clock(ClockKind::Reply).breached, None);
}

// A verdict stays, and so does what had none: it is given when the answer has gone out, whichever plan it is by then.
#[test]
fn a_plan_that_counts_until_another_mark_leaves_verdicts_and_ends_every_limit() {
    let draft = || law(ClockMark::Received, ClockMark::Replied);
    let mut play = handed(draft(), "03-02 10:00", "03-02 11:00");
    play.does("owner-1 owner", "03-10 10:00", answer());
    adopts(&mut play, whole_way(), "03-10 11:00", false).unwrap();
    play.does("reviewer-1 reviewer", "03-17 10:00", review(false));
    let verdicts = &play.clock(ClockKind::Reply).verdicts;
    assert_eq!(verdicts.len(), 1);
    assert!(verdicts[0].verdict.is_on_time() && verdicts[0].mark == ClockMark::Replied);
    let mut play = handed(whole_way(), "03-02 10:00", "03-02 11:00");
    play.does("owner-1 owner", "03-10 10:00", answer());
    adopts(&mut play, draft(), "03-10 11:00", false).unwrap();
    assert!(play.clock(ClockKind::Reply).is_running());
    play.does("reviewer-1 reviewer", "03-17 10:00", review(false));
    let verdicts = &play.clock(ClockKind::Reply).verdicts;
    assert!(!verdicts[0].verdict.is_on_time() && verdicts[0].mark == ClockMark::Published);
}

// Whose case joins another before anybody has it says when it was due; on its own again it goes on as if it never had joined.
#[test]
fn a_follower_says_when_its_answer_was_due_before_anybody_had_it() {
    let mut play = received(whole_way());
    let into = Command::Merge {
        into: "d".parse().unwrap(),
    };
    play.does("intake-1 intake", "03-03 10:00", into);
    let said = play.last.iter().find_map(|it| match &it.event {
        Event::Merged { reply_due, .. } => Some(*reply_due),
        _ => None,
    });
    assert_eq!(said, Some(Some(at("03-16 18:00"))));
    assert!(!play.clock(ClockKind::Reply).is_live());
    let alone = Command::Unmerge {
        reason: Text::from("并错了"),
    };
    play.does("intake-1 intake", "03-09 10:00", alone);
    assert_eq!(due(&play), at("03-16 18:00"));
}

// Screened on the 3rd and assigned on the 5th: a plan that counts from screening has the limit begin there, and one that counts from assignment there,
// which is later and takes an approver.
#[test]
fn a_plan_that_counts_from_a_mark_of_before_finds_it() {
    let from = |mark: ClockMark| law(mark, ClockMark::Replied);
    let (screened, assigned) = (from(ClockMark::Screened), from(ClockMark::Assigned));
    let mut play = handed(assigned.clone(), "03-03 10:00", "03-05 11:00");
    assert_eq!(due(&play), at("03-19 18:00"));
    adopts(&mut play, screened.clone(), "03-06 10:00", false).unwrap();
    assert_eq!(due(&play), at("03-17 18:00"));
    let mut play = handed(screened, "03-03 10:00", "03-05 11:00");
    assert_eq!(due(&play), at("03-17 18:00"));
    adopts(&mut play, assigned, "03-06 10:00", true).unwrap();
    assert_eq!(due(&play), at("03-19 18:00"));
}

// Where time runs anew once a message is complete, a plan that has limits count from receipt has them count from then: the 5th. Where nobody
// completed it, from receipt, without what was waited.
#[test]
fn a_plan_that_counts_from_receipt_begins_where_the_message_was_complete() {
    let usual = || law(ClockMark::Assigned, ClockMark::Replied);
    let anew = |mut plan: Plan| {
        let mut anew = pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Restarts);
        anew.most = Span::WorkingDays(4);
        plan.pauses.push(anew);
        plan
    };
    let asked = || {
        let mut play = received(anew(usual()));
        let question = Text::from("是哪个村");
        play.does(
            "intake-1 intake",
            "03-03 10:00",
            Command::AskCitizen { question },
        );
        play
    };
    let assigned = |play: &mut Play| {
        play.does("intake-1 intake", "03-10 10:00", screen());
        let to = assign("住建局", "owner-1");
        play.does("intake-1 intake", "03-10 11:00", to);
        assert_eq!(due(play), at("03-24 18:00"));
        adopts(play, anew(whole_way()), "03-11 10:00", false).unwrap();
    };
    let mut complete = asked();
    let answer = Text::from("次汗素村");
    complete.does(
        "citizen citizen",
        "03-05 10:00",
        Command::Supplement { answer },
    );
    assigned(&mut complete);
    assert_eq!(due(&complete), at("03-19 18:00"));
    let mut silent = asked();
    silent.does("system system", "03-10 09:00", Command::Tick {});
    assigned(&mut silent);
    assert_eq!(due(&silent), at("03-23 18:00"));
}

/// A case of another system: received on 24 February, assigned a day later.
pub fn elsewhere() -> ImportAsked {
    let mut it = import(4);
    it.received = at("02-24 09:00");
    it.stage = ImportStage::Assigned;
    it.class = Some(Class::Problem);
    (it.screened, it.assigned) = (None, Some(at("02-25 09:00")));
    (it.unit, it.owner) = (
        Some("住建局".parse().unwrap()),
        Some("owner-1".parse().unwrap()),
    );
    (it.returned, it.returns) = (None, 0);
    (it.co_handlers, it.handlers) = (vec![], Default::default());
    (it.extended, it.promised, it.pauses) = (vec![], vec![], vec![]);
    (it.signed, it.replied) = (false, None);
    it
}

pub fn takes_over(play: &mut Play, it: ImportAsked) -> Result<(), Refusal> {
    let import = Command::Import(Box::new(it));
    play.go("supervisor-1 supervisor", "03-02 09:00", import)
}

// Taken over from another system it counts from receipt there; what had gone out there and came back is done again, and what the reviewer
// sent back has not gone out.
#[test]
fn what_is_taken_over_counts_from_its_receipt_elsewhere() {
    let taken = |stage: ImportStage, ground: &str| {
        let returned = stage == ImportStage::Returned;
        let it = ImportAsked {
            stage,
            returned: returned.then(|| ReturnedBefore {
                at: at("02-26 09:00"),
                ground: ground.into(),
            }),
            returns: u32::from(returned),
            ..elsewhere()
        };
        let mut play = Play::new(whole_way());
        takes_over(&mut play, it).unwrap();
        play
    };
    let play = taken(ImportStage::Assigned, "");
    // Saturday the 28th of February is worked.
    assert_eq!(due(&play), at("03-09 18:00"));
    let back = taken(ImportStage::Returned, "处理不到位");
    assert_eq!(due(&back), at("03-09 18:00"));
    assert!(back.clock(ClockKind::Redo).is_running());
    let out = taken(ImportStage::Returned, "网民不满意");
    assert!(out.case().clock(ClockKind::Reply).is_none());
    assert!(out.clock(ClockKind::Redo).is_running());
}

// What was granted elsewhere is what could be granted here: as much as the pack has of all together, and not a day more.
#[test]
fn extensions_granted_elsewhere_keep_to_the_bounds_of_the_pack() {
    let extended = |span: Span| {
        let clock = ClockKind::Reply;
        ExtendedBefore { clock, span }
    };
    let taken = |spans: &[u32]| {
        let days = spans.iter().map(|days| Span::WorkingDays(*days));
        let it = ImportAsked {
            extended: days.map(extended).collect(),
            ..elsewhere()
        };
        // At most five working days, twice, and seven of both.
        let mut play = Play::new(crate::clocks::plan());
        takes_over(&mut play, it)
    };
    for within in [&[5][..], &[5, 2], &[2, 5], &[3, 4]] {
        taken(within).unwrap();
    }
    let seven = Bound::Span(Span::WorkingDays(7));
    for (beyond, expected) in [
        (&[6][..], Bound::Span(Span::WorkingDays(5))),
        (&[5, 3], seven.clone()),
        (&[4, 4], seven),
        (&[1, 1, 1], Bound::Times(2)),
    ] {
        match *taken(beyond).unwrap_err().why {
            Why::Bound { bound, .. } => assert_eq!(bound, expected, "{beyond:?}"),
            other => panic!("{beyond:?}: {other:?}"),
        }
    }
    // Where it is added, on 10 March, seven calendar days are no more than five working days; on the day of receipt, before a Saturday that is
    // worked, they would be.
    for (days, fits) in [(7, true), (8, false)] {
        let mut play = Play::new(crate::clocks::plan());
        let it = ImportAsked {
            extended: vec![extended(Span::CalendarDays(days))],
            ..elsewhere()
        };
        assert_eq!(takes_over(&mut play, it).is_ok(), fits, "{days}");
    }
}

fn extended(plan: &mut Plan, when: Option<Rule<bool>>) {
    clock(plan, ClockKind::Reply).extension = Some(ExtensionRule {
        times: 2,
        most: Span::WorkingDays(5),
        total: None,
        ask_before: None,
        granted_by: Role::Supervisor,
        told: true,
        rearms: false,
        when,
    });
}

// The notice of an extension may come while the draft is reviewed: the limit still runs. Once the answer has gone out it comes to nothing.
#[test]
fn an_extension_whose_notice_comes_during_review_counts_while_the_limit_runs() {
    let granted = |plan: Plan| {
        let mut play = handed(plan, "03-02 10:00", "03-02 11:00");
        play.does("owner-1 owner", "03-09 10:00", ask(5));
        play.does("supervisor-1 supervisor", "03-09 11:00", grant());
        let version = play.version(|it| matches!(it, Event::ExtensionGranted { .. }));
        play.does("owner-1 owner", "03-10 10:00", answer());
        (play, version)
    };
    let mut plan = whole_way();
    extended(&mut plan, None);
    let (mut play, version) = granted(plan.clone());
    play.does("system system", "03-11 10:00", delivered(version));
    assert_eq!(due(&play), at("03-23 18:00"));
    let (mut play, version) = granted(plan);
    play.does("reviewer-1 reviewer", "03-11 10:00", review(false));
    let lapsed = |it: &Record| matches!(it.event, Event::ExtensionLapsed { .. });
    assert!(play.last.iter().any(lapsed));
    play.does("system system", "03-11 11:00", delivered(version));
    assert_eq!(play.case().extensions(), 0);
    assert_ne!(
        play.case().awaits_delivery().map(|it| it.version),
        Some(version)
    );
}

/// A condition on one fact of the engine, by its codes.
fn only(plan: &Plan, rule: &str, fact: &str, codes: (i64, i64)) -> Rule<bool> {
    let place = plan.schema.index(fact).unwrap();
    let (least, most) = plan.schema.facts[place].domain.codes();
    let mut regions = Vec::new();
    for (range, answer) in [
        ((least, codes.0 - 1), false),
        (codes, true),
        ((codes.1 + 1, most), false),
    ] {
        if range.0 <= range.1 {
            regions.push(Region {
                bounds: BTreeMap::from([(place, range)]),
                answer,
            });
        }
    }
    Rule::new(
        RuleId::new(rule),
        Diagram::from_regions(&plan.schema, regions).unwrap(),
    )
}

// Refused are asking, granting what has lost its ground meanwhile, waiting, taking out, and asking the citizen; each says the rule, what decided, what would do.
#[test]
fn what_is_for_some_cases_only_is_refused_in_others_and_says_what_would_do() {
    let mut plan = law(ClockMark::Assigned, ClockMark::Replied);
    let when = only(&plan, "clock(reply).extend", "directed", (0, 0));
    extended(&mut plan, Some(when));
    let directed = only(&plan, "exclude(听证)", "directed", (1, 1));
    let mut hearing = pauses("听证", PauseSide::Statutory, PauseKind::Excludes);
    hearing.when = Some(directed);
    plan.pauses.push(hearing);
    let mut testing = pauses("检测", PauseSide::Statutory, PauseKind::Waits);
    testing.when = Some(only(&plan, "pause(检测)", "class", (0, 0)));
    plan.pauses.push(testing);
    let mut asking = pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Waits);
    asking.when = Some(only(&plan, "pause(补正)", "opinion", (1, 1)));
    plan.pauses.push(asking);
    plan.sources
        .at
        .insert(RuleId::new("exclude(听证)"), "pack.rhai:7:5".into());

    let mut said = Vec::new();
    let mut refused = |play: &mut Play, by: &str, when: &str, command: Command| {
        let refusal = play.go(by, when, command).unwrap_err();
        assert!(matches!(*refusal.why, Why::OnlyWhen(_)), "{refusal}");
        said.push(format!(
            "{}\n{}",
            refusal.say(Lang::En),
            refusal.say(Lang::Zh)
        ));
    };
    let exclude = || Command::Exclude {
        reason: "听证".into(),
        from: at("03-02 10:00"),
        until: at("03-03 10:00"),
        evidence: Text::from("听证笔录"),
    };
    let mut early = received(plan.clone());
    let question = Command::AskCitizen {
        question: Text::from("是哪个村"),
    };
    refused(&mut early, "intake-1 intake", "03-02 10:00", question);

    let mut play = handed(plan.clone(), "03-02 10:00", "03-02 11:00");
    refused(
        &mut play,
        "supervisor-1 supervisor",
        "03-04 10:00",
        exclude(),
    );
    play.does("owner-1 owner", "03-04 10:00", ask(5));
    let direct = Command::Direct {
        words: Text::from("请限期办结"),
        within: None,
        track: false,
        lead: None,
    };
    play.does("leader-1 leader", "03-04 11:00", direct);
    refused(&mut play, "supervisor-1 supervisor", "03-04 12:00", grant());
    play.does("supervisor-1 supervisor", "03-04 12:10", exclude());
    let wait = || Command::Pause {
        reason: "检测".into(),
        evidence: Text::from("送检单"),
    };
    play.does("owner-1 owner", "03-04 12:20", wait());

    let mut idea = received(plan);
    let screen = Command::Screen {
        class: Class::Idea,
        facts: Facts::new(),
    };
    idea.does("intake-1 intake", "03-02 10:00", screen);
    idea.does(
        "intake-1 intake",
        "03-02 11:00",
        assign("住建局", "owner-1"),
    );
    refused(&mut idea, "owner-1 owner", "03-04 10:00", wait());
    insta::assert_snapshot!(said.join("\n\n"));
}

// What only the intake officer says is not guessed before they have said it.
#[test]
fn what_is_for_some_classes_only_waits_for_the_class() {
    let mut plan = whole_way();
    let mut hearing = pauses("听证", PauseSide::Statutory, PauseKind::Excludes);
    hearing.when = Some(only(&plan, "exclude(听证)", "class", (0, 0)));
    plan.pauses.push(hearing);
    let mut play = received(plan);
    let exclude = || Command::Exclude {
        reason: "听证".into(),
        from: at("03-03 10:00"),
        until: at("03-04 09:00"),
        evidence: Text::from("听证笔录"),
    };
    let why = play.go("supervisor-1 supervisor", "03-04 10:00", exclude());
    assert_eq!(*why.unwrap_err().why, Why::NotScreened);
    play.does("intake-1 intake", "03-04 10:00", screen());
    play.does("supervisor-1 supervisor", "03-04 10:10", exclude());
    assert_eq!(due(&play), at("03-17 18:00"));
}

// A plan narrows what its base lets happen, and does not widen it.
#[test]
fn an_overlay_narrows_conditions_and_does_not_widen_them() {
    let mut base = whole_way();
    extended(&mut base, None);
    base.pauses
        .push(pauses("检测", PauseSide::Statutory, PauseKind::Waits));
    let narrow = |plan: &Plan| {
        let mut over = plan.clone();
        let rule = only(&over, "clock(reply).extend", "returns", (0, 0));
        extended(&mut over, Some(rule));
        over.pauses.last_mut().unwrap().when = Some(only(plan, "pause(检测)", "returns", (0, 1)));
        over
    };
    let over = narrow(&base);
    assert_eq!(over.loosened(&base), []);
    let said: Vec<String> = base
        .loosened(&over)
        .iter()
        .flat_map(|it| [it.to_string(), it.zh()])
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

// A plan that counts from receipt is adopted while the case follows another one, and nobody has it yet: when it goes on alone its limit has begun with receipt.
#[test]
fn a_plan_adopted_while_it_follows_another_counts_when_it_goes_on_alone() {
    let mut play = received(law(ClockMark::Assigned, ClockMark::Replied));
    let into = Command::Merge {
        into: "d".parse().unwrap(),
    };
    play.does("intake-1 intake", "03-03 10:00", into);
    adopts(&mut play, whole_way(), "03-03 11:00", true).unwrap();
    assert!(play.case().clock(ClockKind::Reply).is_none());
    let alone = Command::Unmerge {
        reason: Text::from("并错了"),
    };
    play.does("intake-1 intake", "03-04 10:00", alone);
    assert_eq!(due(&play), at("03-16 18:00"));
}

// A direction is no rule: another plan that counts less, and one that counts more after that, leave it.
#[test]
fn what_was_directed_outlasts_a_plan_that_counted_less_for_a_while() {
    let days = |name: &str, days: u32| {
        let mut plan = edition(name);
        within(ClockKind::Reply, Span::WorkingDays(days))(&mut plan);
        plan
    };
    let mut play = Play::assigned(edition("旧版"));
    play.does("leader-1 leader", "03-18 09:00", direct(2));
    assert_eq!(due(&play), at("03-20 18:00"));
    adopts(&mut play, days("短", 13), "03-18 10:00", false).unwrap();
    assert_eq!(due(&play), at("03-19 18:00"));
    adopts(&mut play, days("长", 20), "03-18 11:00", true).unwrap();
    assert_eq!(due(&play), at("03-20 18:00"));
    adopts(&mut play, days("再长", 21), "03-18 12:00", true).unwrap();
    assert_eq!(due(&play), at("03-20 18:00"));
    // Twelve working days from the 2nd, and not from the direction: past already, so that it has the floor.
    adopts(&mut play, days("又短", 13), "03-18 14:00", false).unwrap();
    assert_eq!(due(&play), at("03-19 18:00"));
}
