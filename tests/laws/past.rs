//! What is past and is set right, and what is opened again, on worked dates: a verdict moves by what moves it alone, nobody waits longer than
//! a pack lets them, and a case that goes on has what it had.

use duly::plan::{ClockRule, Decision as Rule, DeclineRule, Diagram, PauseKind, Plan};
use duly::time::{DayTable, Span};
use duly::words::*;

use crate::clocks::{Play, answer, assign, at, correct, joint, pauses, plan, within};
use crate::counted::{elsewhere, made_up, review, screen, takes_over};
use crate::outgoing::{declines, ended, hear, merge, part, reopen, withdraw};
use crate::situations::{called, part_ended, strike_off, unmerge};
use crate::world::{open, reply};

/// With clocks of those kinds, which the bare plan leaves out, each a day long.
fn with(kinds: &[ClockKind]) -> Plan {
    let mut with = plan();
    for kind in kinds.iter().copied() {
        let like: ClockRule = with.clock(ClockKind::Screen).unwrap().clone();
        with.clocks.push(ClockRule {
            kind,
            starts: kind.starts(),
            stops: kind.stops().to_vec(),
            ..like
        });
    }
    with
}

fn hearings() -> Plan {
    let mut with = plan();
    with.pauses
        .push(pauses("听证", PauseSide::Statutory, PauseKind::Excludes));
    with
}

fn hearing(from: &str, until: &str) -> Command {
    Command::Exclude {
        reason: "听证".into(),
        from: at(from),
        until: at(until),
        evidence: Text::from("听证笔录"),
    }
}

fn wait() -> Command {
    Command::Pause {
        reason: "待网民补充".into(),
        evidence: Text::from("电话记录"),
    }
}

fn adopts(play: &mut Play, plan: Plan, when: &str) {
    let plan = play.plans.take(plan).unwrap();
    let adopt = Command::AdoptPlan {
        plan,
        approved_by: Some("leader-1".parse().unwrap()),
        facts: Facts::new(),
    };
    play.does("supervisor-1 supervisor", when, adopt);
}

/// Answered on the 3rd, gone out, the citizen called back, and struck off at the moment said.
fn struck_off(play: &mut Play, when: &str) {
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
    play.does(
        "intake-2 intake",
        "03-03 11:00",
        called(Some(Level::Satisfied)),
    );
    play.does("supervisor-1 supervisor", when, strike_off(Outcome::Solved));
}

/// A case whose whole is three working days.
fn three_days() -> Play {
    let mut with = hearings();
    within(ClockKind::Whole, Span::WorkingDays(3))(&mut with);
    Play::assigned(with)
}

/// Opened again on the 16th, and under a plan whose whole is sixty.
fn goes_on_with_sixty(play: &mut Play) {
    play.does("citizen citizen", "03-16 09:00", reopen());
    let mut longer = hearings();
    longer.edition = "later".into();
    within(ClockKind::Whole, Span::WorkingDays(60))(&mut longer);
    adopts(play, longer, "03-16 10:00");
}

fn corrects_a_verdict(play: &Play) -> bool {
    let corrected = |event: &Event| matches!(event, Event::VerdictCorrected { .. });
    play.last.iter().any(|it| corrected(&it.event))
}

// A pause of ten working days that began on the 2nd and not on the 4th ends on the 16th and not on the 18th; and one that would have been over by
// then is not corrected to that.
#[test]
fn a_pause_that_lasts_is_set_right_within_its_bound() {
    let began = |corrected_on: &str| {
        let mut play = Play::assigned(plan());
        play.does("owner-1 owner", "03-04 09:00", wait());
        let entry = play.version(|event| matches!(event, Event::Paused { .. }));
        let right = correct(entry, at("03-02 10:01"));
        play.go("supervisor-1 supervisor", corrected_on, right)?;
        assert_eq!(play.case().next_alarm(), Some(at("03-16 18:00")));
        play.does("system system", "03-17 09:00", Command::Tick {});
        Ok::<_, Refusal>(play.clock(ClockKind::Reply).is_running())
    };
    assert!(began("03-13 10:00").unwrap());
    let refused = began("03-17 10:00").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot `correct` case `c`: pause for `待网民补充` is bounded: at most 10 working days"
    );
}

// A reply that was a day late stays so when that day becomes a holiday, and when a hearing is taken out that came after it.
#[test]
fn a_verdict_is_not_judged_again_by_what_came_after_it() {
    let mut play = Play::assigned(hearings());
    play.does("owner-1 owner", "03-17 10:00", answer());
    assert!(
        !play.clock(ClockKind::Reply).verdicts[0]
            .verdict
            .is_on_time()
    );
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-17".into();
    let holiday = "2026-03-16".parse().unwrap();
    notice.closed.insert(holiday, "州庆".into());
    play.plans.revise(notice).unwrap();
    let after = hearing("03-18 09:00", "03-18 18:00");
    play.does("supervisor-1 supervisor", "03-19 09:00", after);
    assert!(!corrects_a_verdict(&play), "{:?}", play.last);
}

// Nor is one of before it was opened again: not by a longer limit, not by the time between, not by what is taken out since.
#[test]
fn a_verdict_of_before_is_not_judged_by_the_rules_of_now() {
    for (struck, on_time) in [("03-10 09:00", false), ("03-04 09:00", true)] {
        let mut play = three_days();
        struck_off(&mut play, struck);
        let judged = &play.clock(ClockKind::Whole).verdicts[0];
        assert_eq!(judged.verdict.is_on_time(), on_time);
        goes_on_with_sixty(&mut play);
        let since = hearing("03-17 09:00", "03-17 18:00");
        play.does("supervisor-2 supervisor", "03-18 09:00", since);
        assert!(!corrects_a_verdict(&play), "{struck}: {:?}", play.last);
    }
}

// A hearing that held the first limit up moves its verdict by as much as it moved that limit: due on the 5th, and by two working days on the 9th.
#[test]
fn a_verdict_of_before_moves_by_what_moved_its_limit() {
    let mut play = three_days();
    struck_off(&mut play, "03-06 09:00");
    goes_on_with_sixty(&mut play);
    let then = hearing("03-03 08:00", "03-04 20:00");
    play.does("supervisor-2 supervisor", "03-18 09:00", then);
    let judged = &play.clock(ClockKind::Whole).verdicts[0];
    let margin = at("03-09 18:00").since(at("03-06 09:00"));
    assert_eq!(judged.corrected, Some(Verdict::OnTime { margin }));
}

// Struck off on the 4th and opened again on the 16th, it had two of its three days left, that day and the 17th, and was struck off late on the 18th. A hearing
// of the 16th leaves it the 17th and the 18th: that was in time, and what was judged on the 4th is what it was.
#[test]
fn a_verdict_after_reopening_moves_by_what_moved_its_limit_since() {
    let mut play = three_days();
    struck_off(&mut play, "03-04 12:00");
    play.does("citizen citizen", "03-16 09:00", reopen());
    assert_eq!(play.due(ClockKind::Whole), at("03-17 18:00"));
    play.does("owner-1 owner", "03-16 10:00", answer());
    play.does("reviewer-1 reviewer", "03-16 11:00", review(false));
    let satisfied = called(Some(Level::Satisfied));
    play.does("intake-2 intake", "03-16 12:00", satisfied);
    let off = strike_off(Outcome::Solved);
    play.does("supervisor-1 supervisor", "03-18 10:00", off);
    play.does("citizen citizen", "03-19 09:00", reopen());
    let then = hearing("03-16 08:00", "03-16 20:00");
    play.does("supervisor-2 supervisor", "03-19 10:00", then);
    let judged = play.clock(ClockKind::Whole).verdicts.iter();
    let judged: Vec<_> = judged.map(|it| (it.verdict, it.corrected)).collect();
    let first = at("03-05 18:00").since(at("03-04 12:00"));
    let in_time = |margin: i64| Verdict::OnTime { margin };
    let late = Verdict::Late { by: 16 * 3600 };
    let both = [(in_time(first), None), (late, Some(in_time(8 * 3600)))];
    assert_eq!(judged, both);
}

// A reply of the 16th that was recorded on the 17th is of the 16th also when a hearing is taken out afterwards: due on the 18th then.
#[test]
fn a_moment_that_was_set_right_stays_so() {
    let mut play = Play::assigned(hearings());
    play.does("owner-1 owner", "03-17 09:00", answer());
    let entry = play.version(|event| matches!(event, Event::Replied { .. }));
    let right = correct(entry, at("03-16 17:00"));
    play.does("supervisor-1 supervisor", "03-18 09:00", right);
    let taken_out = hearing("03-04 08:00", "03-05 20:00");
    play.does("supervisor-1 supervisor", "03-18 10:00", taken_out);
    let judged = &play.clock(ClockKind::Reply).verdicts[0];
    assert_eq!(judged.verdict, Verdict::Late { by: 15 * 3600 });
    assert_eq!(
        judged.corrected,
        Some(Verdict::OnTime {
            margin: at("03-18 18:00").since(at("03-16 17:00"))
        })
    );
}

// Supervision that tracks a case is told of its progress also after it was declined and opened again.
#[test]
fn a_tracked_case_is_tracked_when_it_is_opened_again() {
    let mut tracked = with(&[ClockKind::Track]);
    tracked.declines = vec![DeclineRule {
        ground: DeclineGround::OutOfScope,
        when: Rule::new(RuleId::new("decline"), Diagram::constant(true)),
        told: "法院".into(),
    }];
    let mut play = Play::new(tracked);
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    let track = Command::Direct {
        words: Text::from("请督办"),
        within: None,
        track: true,
        lead: None,
    };
    play.does("leader-1 leader", "03-02 09:30", track);
    assert!(play.clock(ClockKind::Track).is_running());
    play.does("intake-1 intake", "03-02 10:00", declines());
    play.does("intake-3 intake", "03-03 10:00", declines());
    assert!(!play.clock(ClockKind::Track).is_live());
    play.does("citizen citizen", "03-11 10:00", reopen());
    assert!(play.clock(ClockKind::Track).is_running());
}

// A part that a co-handler had not given when the citizen withdrew is still to be given when the case is opened again, and has a limit.
#[test]
fn a_part_that_is_still_open_has_its_limit_again() {
    let mut play = joint(&[("水利局", "co-1")]);
    play.does("citizen citizen", "03-03 09:00", withdraw());
    assert!(!play.clock(ClockKind::CoReply).is_live());
    play.does("citizen citizen", "03-09 09:00", reopen());
    assert!(play.clock(ClockKind::CoReply).is_running());
}

// What was promised in a reply that never went out binds nobody when the case is opened again.
#[test]
fn a_reply_that_never_went_out_promises_nothing_after_reopening() {
    let mut play = Play::assigned(plan());
    let promising = reply(Mark::B, false, false, 1, true);
    play.does("owner-1 owner", "03-03 09:00", promising);
    play.does("citizen citizen", "03-03 10:00", withdraw());
    play.does("citizen citizen", "03-09 09:00", reopen());
    assert!(play.case().promises().iter().all(|it| !it.is_open()));
    let live = |it: &&duly::case::Clock| it.key.kind == ClockKind::Commitment && it.is_live();
    assert!(!play.case().clocks().iter().any(|it| live(&it)));
}

// A part that waited for another, which ended while the case was struck off, begins when the case is opened again.
#[test]
fn a_part_whose_turn_came_meanwhile_begins_on_reopening() {
    let divide = Command::Divide {
        bundle: None,
        subs: vec![
            part("birth", &[], true, Some(1)),
            part("card", &["birth"], true, None),
        ],
    };
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-02 11:00", divide);
    struck_off(&mut play, "03-04 09:00");
    play.does("system system", "03-05 09:00", part_ended(Outcome::Solved));
    let card: SubKey = "card".parse().unwrap();
    assert_eq!(
        play.case().subs()[&card].state,
        duly::case::SubState::Waiting
    );
    play.does("citizen citizen", "03-09 09:00", reopen());
    assert_eq!(play.case().subs()[&card].state, duly::case::SubState::Open);
    let begun = |it: &Outgoing| {
        let Effect::Link { what, .. } = &it.effect else {
            return false;
        };
        matches!(what, Link::Begin { key, .. } if *key == card)
    };
    assert!(play.told.iter().any(begun), "{:?}", play.told);
}

// A part that is opened again ends nothing for those that wait for it, though another that they waited for ended meanwhile.
#[test]
fn a_part_that_is_opened_again_lets_nobody_begin() {
    let divide = Command::Divide {
        bundle: None,
        subs: vec![
            part("birth", &[], false, Some(1)),
            part("photo", &[], true, Some(1)),
            part("card", &["birth", "photo"], true, Some(1)),
        ],
    };
    let solved = || ended(Outcome::Solved);
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-02 11:00", divide);
    play.does("system system", "03-02 12:00", hear("c.birth", solved()));
    struck_off(&mut play, "03-04 09:00");
    play.does("system system", "03-05 09:00", hear("c.photo", solved()));
    play.does(
        "system system",
        "03-06 09:00",
        hear("c.birth", News::Reopened),
    );
    let card: SubKey = "card".parse().unwrap();
    let state = |play: &Play| play.case().subs()[&card].state.clone();
    assert_eq!(play.case().stage_name(), StageName::Returned);
    assert_eq!(state(&play), duly::case::SubState::Waiting);
    play.does("system system", "03-09 09:00", hear("c.birth", solved()));
    assert_eq!(state(&play), duly::case::SubState::Open);
}

// A pack that says itself which of two comes first is not taken for one that the whole cuts short: a longer one that was approved counts.
#[test]
fn what_a_pack_says_of_two_moments_is_no_cut() {
    let redo = |edition: &str, days: u32| {
        let mut with = plan();
        with.edition = edition.into();
        let span = Span::Earliest(vec![Span::WorkingDays(days), Span::Elapsed(30 * 86_400)]);
        within(ClockKind::Redo, span)(&mut with);
        with
    };
    let mut play = Play::assigned(redo("short", 5));
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does("reviewer-1 reviewer", "03-03 10:00", review(true));
    assert_eq!(play.due(ClockKind::Redo), at("03-10 18:00"));
    adopts(&mut play, redo("long", 8), "03-03 11:00");
    assert_eq!(play.due(ClockKind::Redo), at("03-13 18:00"));
}

// Screened on the 3rd, and recorded on the 4th: a plan that counts from screening counts from the 3rd once that is set right.
#[test]
fn a_plan_counts_from_when_a_mark_was_really_made() {
    let mut play = Play::new(plan());
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-04 10:00", screen());
    let entry = play.version(|event| matches!(event, Event::Screened { .. }));
    let right = correct(entry, at("03-03 10:00"));
    play.does("supervisor-1 supervisor", "03-04 11:00", right);
    play.does(
        "intake-1 intake",
        "03-05 10:00",
        assign("住建局", "owner-1"),
    );
    let counts = crate::counted::law(ClockMark::Screened, ClockMark::Replied);
    adopts(&mut play, counts, "03-05 11:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-17 18:00"));
}

// Opened again after five days, a limit of Monday, 13 April ends on Thursday, the 16th; what was promised moves by as much, and not to there.
#[test]
fn to_be_opened_again_is_no_longer_promise() {
    let mut shorter = plan();
    within(ClockKind::Whole, Span::CalendarDays(20))(&mut shorter);
    let mut play = Play::assigned(shorter);
    let promised = play.clock(ClockKind::Whole).schedule.promised_due;
    assert_eq!(promised, at("03-23 18:00"));
    let mut longer = plan();
    longer.edition = "later".into();
    within(ClockKind::Whole, Span::CalendarDays(40))(&mut longer);
    adopts(&mut play, longer, "03-02 11:00");
    assert_eq!(play.clock(ClockKind::Whole).schedule.promised_due, promised);
    struck_off(&mut play, "03-04 09:00");
    play.does("citizen citizen", "03-09 09:00", reopen());
    let again = &play.clock(ClockKind::Whole).schedule;
    assert_eq!(again.legal_due, at("04-16 18:00"));
    assert_eq!(again.promised_due, at("03-26 18:00"));
}

// Opened again, it has been due on the 20th, without the four evenings that went by closed. One more is waited while a calendar is announced in which every day
// is what it was: what was promised moves by that one to the 23rd, as the limit does, and not once more by those.
#[test]
fn what_went_by_closed_moves_a_promise_once() {
    let mut play = Play::assigned(plan());
    struck_off(&mut play, "03-03 12:00");
    play.does("citizen citizen", "03-09 09:00", reopen());
    let both = |play: &Play| {
        let schedule = &play.clock(ClockKind::Reply).schedule;
        (schedule.legal_due, schedule.promised_due)
    };
    assert_eq!(both(&play), (at("03-20 18:00"), at("03-20 18:00")));
    play.plans.revise(made_up("2026-03-10", &[])).unwrap();
    play.does("owner-1 owner", "03-10 09:00", wait());
    let goes_on = Command::Resume {
        reason: "待网民补充".into(),
    };
    play.does("owner-1 owner", "03-11 09:00", goes_on);
    assert_eq!(both(&play), (at("03-23 18:00"), at("03-23 18:00")));
}

// Handed over while it follows another case, nobody is timed for having it; on its own again, whoever has it now is, from then, and nobody
// else.
#[test]
fn whoever_has_it_when_it_goes_on_alone_is_answerable_from_then() {
    let kind = ClockKind::Ownership;
    let mut play = Play::assigned(with(&[kind]));
    play.does("intake-1 intake", "03-02 11:00", merge());
    let hand_over = Command::HandOver {
        to: "owner-2".parse().unwrap(),
        unit: None,
        reason: Text::from("调离"),
    };
    play.does("intake-1 intake", "03-02 12:00", hand_over);
    let live = |play: &Play| {
        let its = play.case().clocks().iter();
        its.filter(|it| it.key.kind == kind && it.is_live()).count()
    };
    assert_eq!(live(&play), 0);
    play.does("intake-1 intake", "03-04 09:00", unmerge());
    assert_eq!(live(&play), 1);
    assert_eq!(play.clock(kind).started, at("03-04 09:00"));
}

// Where nobody waits for an answer nobody is told of receipt, nor asked, nor waited for.
#[test]
fn an_opinion_waits_for_no_citizen() {
    let mut play = Play::new(with(&[ClockKind::Acknowledge]));
    play.does("intake-1 intake", "03-02 09:00", open(false, true));
    assert!(play.case().clock(ClockKind::Acknowledge).is_none());
    let question = Text::from("是哪个村");
    let asked = Command::AskCitizen { question };
    let refused = play
        .go("intake-1 intake", "03-02 10:00", asked)
        .unwrap_err();
    assert!(
        matches!(*refused.why, Why::NothingPending { .. }),
        "{refused}"
    );
    play.does("intake-1 intake", "03-02 10:00", screen());
    play.does(
        "intake-1 intake",
        "03-02 11:00",
        assign("住建局", "owner-1"),
    );
    let refused = play.go("owner-1 owner", "03-03 09:00", wait()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot `pause` case `c`: there is no citizen to answer"
    );
}

// Nor is anybody waited for who is not there because another system had it so.
#[test]
fn an_opinion_that_is_taken_over_waits_for_no_citizen() {
    let mut it = elsewhere();
    (it.origin, it.citizen, it.contact) = (Origin::Opinion, None, None);
    it.pauses = vec![PausedBefore {
        reason: "待网民补充".into(),
        from: at("02-26 09:00"),
        until: None,
    }];
    let mut play = Play::new(plan());
    let refused = takes_over(&mut play, it.clone()).unwrap_err();
    assert!(
        matches!(*refused.why, Why::NothingPending { .. }),
        "{refused}"
    );
    it.pauses[0].until = Some(at("02-27 09:00"));
    takes_over(&mut play, it).unwrap();
}

// No other system has sent one case back more than a thousand times.
#[test]
fn what_is_counted_elsewhere_is_bounded() {
    let mut it = elsewhere();
    it.returns = u32::MAX;
    let mut play = Play::new(plan());
    let refused = takes_over(&mut play, it).unwrap_err();
    assert!(refused.to_string().contains("at most 1000"), "{refused}");
}

// An objection that is ruled against leaves the unit below, which goes on with it, its own limit.
#[test]
fn a_ruling_for_the_same_unit_leaves_the_unit_below_its_limit() {
    let kind = ClockKind::SubReply;
    let mut play = Play::assigned(with(&[kind]));
    let below = Command::SubAssign {
        unit: "镇政府".parse().unwrap(),
        owner: "below-1".parse().unwrap(),
    };
    play.does("intake-1 intake", "03-02 11:00", below);
    assert!(play.clock(kind).is_running());
    let object = Command::Object {
        reason: Text::from("不属于本单位"),
        should_be: Some("交通局".parse().unwrap()),
    };
    play.does("owner-1 owner", "03-02 12:00", object);
    let ruling = |unit: &str, owner: &str| Command::Rule {
        unit: unit.parse().unwrap(),
        owner: owner.parse().unwrap(),
        reason: Text::from("属于本单位"),
    };
    play.does(
        "intake-1 intake",
        "03-02 14:00",
        ruling("住建局", "owner-1"),
    );
    assert!(play.case().team().unwrap().below.is_some());
    assert!(play.clock(kind).is_live());
}

// Handed over while it followed another case, it goes on alone in new hands; merged and parted once more, the first owner's time is nobody's again.
#[test]
fn the_time_of_an_owner_who_has_it_no_more_never_comes_back() {
    let kind = ClockKind::Ownership;
    let mut play = Play::assigned(with(&[kind]));
    play.does("intake-1 intake", "03-02 11:00", merge());
    let hand_over = Command::HandOver {
        to: "owner-2".parse().unwrap(),
        unit: None,
        reason: Text::from("调离"),
    };
    play.does("intake-1 intake", "03-02 12:00", hand_over);
    play.does("intake-1 intake", "03-04 09:00", unmerge());
    play.does("intake-1 intake", "03-05 09:00", merge());
    play.does("intake-1 intake", "03-06 09:00", unmerge());
    let its = play.case().clocks().iter();
    let live = its.filter(|it| it.key.kind == kind && it.is_live());
    let started: Vec<_> = live.map(|it| it.started).collect();
    assert_eq!(started, [at("03-04 09:00")]);
}
