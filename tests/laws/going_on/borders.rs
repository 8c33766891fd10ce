//! At the very second: another plan or calendar that leaves a limit where it is, what has no second left, and a part that is due with its lead.

use duly::plan::{Diagram, Limit, PauseKind, Plan};
use duly::time::Span;
use duly::words::*;

use super::parts::{by_class, reclassified};
use super::{
    CITIZEN, INTAKE, OWNER, REVIEWER, SUPERVISOR, SYSTEM, clock, direct, goes_on, projected,
    reopen, wait,
};
use crate::clocks::{
    Play, answer, at, both_extendable, correct, extends, hearing, joined_until, joint, joint_under,
    pauses, plan, within,
};
use crate::counted::{adopts, law, made_up, review, screen};
use crate::outgoing::declines;
use crate::situations::{called, leave, strike_off};
use crate::world::open;

/// So many working days to reply, in an edition of its own.
fn days(mut plan: Plan, edition: &str, days: u32) -> Plan {
    plan.edition = edition.into();
    within(ClockKind::Reply, Span::WorkingDays(days))(&mut plan);
    plan
}

/// The calendar in which those dates are worked.
fn works(play: &mut Play, when: &str, dates: &[&str]) {
    play.plans.revise(made_up("2026-03-03", dates)).unwrap();
    play.does(SYSTEM, when, Command::AdoptCalendar {});
}

const WEEKEND: [&str; 2] = ["2026-03-07", "2026-03-08"];

// ── where a limit begins ──────────────────────────────────────────────────────────────────────────────────────────

// Screened on the 3rd, declined on the 4th and opened again on the 11th: five evenings went by closed, and the ten days since screening are over on the 24th. To
// screen it once more moves nothing, and neither does another edition with the same limits after that.
#[test]
fn another_edition_begins_nothing_anew_that_was_cut_off() {
    let rules = |edition: &str| days(law(ClockMark::Screened, ClockMark::Replied), edition, 10);
    let mut play = Play::new(rules("旧版"));
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play.does(INTAKE, "03-03 10:00", screen());
    play.does(INTAKE, "03-03 11:00", declines());
    play.does("intake-3 intake", "03-04 10:00", declines());
    play.does(CITIZEN, "03-11 10:00", reopen());
    assert_eq!(play.due(ClockKind::Reply), at("03-24 18:00"));
    play.does(INTAKE, "03-12 10:00", screen());
    adopts(&mut play, rules("新版"), "03-13 10:00", false).unwrap();
    assert_eq!(play.due(ClockKind::Reply), at("03-24 18:00"));
}

fn from_receipt(edition: &str, many: u32) -> Plan {
    days(
        law(ClockMark::Received, ClockMark::Published),
        edition,
        many,
    )
}

/// Received on the 2nd, under a plan that counts from assignment.
fn received() -> Play {
    let mut play = Play::new(law(ClockMark::Assigned, ClockMark::Replied));
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play
}

// Ten working days from receipt were over long ago when a plan came that counts them: a working day is left. Other editions of it leave that, approved or not;
// one that gives twenty gives them from receipt.
#[test]
fn a_limit_that_began_with_the_floor_has_no_new_time_by_the_next_plan() {
    let mut play = received();
    for (edition, many, when, approved, due) in [
        ("一版", 10, "03-26 10:00", false, "03-27 18:00"),
        ("二版", 10, "03-26 11:00", false, "03-27 18:00"),
        ("三版", 10, "03-27 09:00", true, "03-27 18:00"),
        ("四版", 20, "03-27 10:00", true, "03-30 18:00"),
    ] {
        adopts(&mut play, from_receipt(edition, many), when, approved).unwrap();
        assert_eq!(play.due(ClockKind::Reply), at(due), "{edition}");
    }
}

// That the case was given to the unit is set right to twenty minutes before: what counts from then, as limits do, has begun when it began, and another edition with
// the same limits begins nothing anew.
#[test]
fn another_edition_begins_nothing_anew_where_a_mark_was_set_right() {
    let mut play = Play::assigned(days(plan(), "旧版", 10));
    let entry = play.version(|event| matches!(event, Event::Assigned { .. }));
    let earlier = correct(entry, at("03-02 09:40"));
    play.does(SUPERVISOR, "03-03 09:00", earlier);
    adopts(&mut play, days(plan(), "新版", 10), "03-03 10:00", false).unwrap();
    let anchor = play.clock(ClockKind::Reply).term.anchor;
    assert_eq!(anchor, at("03-02 10:00"));
}

// Where the floor ends at the very moment at which the days from receipt do, it is those days.
#[test]
fn a_limit_that_ends_with_the_floor_is_counted_from_receipt() {
    for (when, began) in [
        ("03-13 10:00", "03-02 09:00"),
        ("03-16 10:00", "03-16 10:00"),
    ] {
        let mut play = received();
        adopts(&mut play, from_receipt("新版", 10), when, false).unwrap();
        assert_eq!(play.clock(ClockKind::Reply).term.anchor, at(began));
    }
}

// Half of the whole is over on the 1st of April, whenever a plan came that counts half of it; and where another case had its answer due on the 12th, and is handled
// here, ten days from receipt that a plan counts since are over then, and no earlier.
#[test]
fn a_limit_that_begins_by_a_new_plan_ends_no_earlier_than_what_it_is() {
    let mut half = from_receipt("半", 10);
    let share = Limit::Share {
        of: ClockKind::Whole,
        percent: 50,
    };
    clock(&mut half, ClockKind::Reply).within.diagram = Diagram::constant(share);
    let three = Limit::Span(Span::WorkingDays(3));
    clock(&mut half, ClockKind::CoReply).within.diagram = Diagram::constant(three);
    let mut play = received();
    adopts(&mut play, half, "03-05 10:00", false).unwrap();
    assert_eq!(play.due(ClockKind::Reply), at("04-01 18:00"));

    let mut play = received();
    let join = joined_until("03-12 18:00");
    play.does(SYSTEM, "03-04 10:00", join);
    adopts(&mut play, from_receipt("新版", 10), "03-05 10:00", false).unwrap();
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
}

// ── what leaves a limit where it is ───────────────────────────────────────────────────────────────────────────────

// Another case had it due on the 12th, and has gone its own way. A plan whose eight days end at that very moment has it counted in days again: a
// holiday among them makes it the 13th.
#[test]
fn a_plan_that_gives_the_very_moment_has_it_counted_in_days_again() {
    let mut play = Play::assigned(plan());
    let join = joined_until("03-12 18:00");
    play.does(SYSTEM, "03-03 11:00", join);
    play.does(SYSTEM, "03-03 12:00", leave());
    adopts(&mut play, days(plan(), "新版", 8), "03-04 09:00", false).unwrap();
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
    let mut notice = made_up("2026-03-05", &[]);
    let holiday = "2026-03-10".parse().unwrap();
    notice.closed.insert(holiday, "州庆".into());
    play.plans.revise(notice).unwrap();
    play.does(SYSTEM, "03-05 09:00", Command::AdoptCalendar {});
    assert_eq!(play.due(ClockKind::Reply), at("03-13 18:00"));
}

// A leader said two days on the 5th, the 9th, and five more were granted, the 16th. Editions with the same limits leave it there: the direction has its
// extension still, and has it once.
#[test]
fn what_was_directed_and_then_extended_is_so_under_another_edition() {
    let mut play = Play::assigned(days(both_extendable(), "旧版", 10));
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    extends(&mut play, ClockKind::Reply, "03-06", 5);
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    for (edition, when) in [("新版", "03-06 12:00"), ("再版", "03-06 13:00")] {
        let same = days(both_extendable(), edition, 10);
        adopts(&mut play, same, when, false).unwrap();
        assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"), "{edition}");
    }
}

// A leader said two days on the 5th, the 9th. A plan with six days leaves what was directed; one whose five days end at that very moment has it counted from where
// it began, as the rule has it.
#[test]
fn a_plan_that_gives_the_very_moment_of_a_direction_is_counted_from_the_beginning() {
    let mut play = Play::assigned(days(plan(), "旧版", 10));
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    for (edition, many, when, from) in [
        ("六日", 6, "03-06 10:00", "03-05 09:00"),
        ("五日", 5, "03-06 11:00", "03-02 10:00"),
    ] {
        adopts(&mut play, days(plan(), edition, many), when, false).unwrap();
        assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
        assert_eq!(play.clock(ClockKind::Reply).term.anchor, at(from));
    }
}

// A hearing of the day before that direction, taken out of the count after it: the rule's five days end on the 10th by that, and what was directed stays.
#[test]
fn what_did_not_count_before_a_direction_moves_nothing_that_was_directed() {
    let hearings = |mut plan: Plan| {
        let hearing = pauses("听证", PauseSide::Statutory, PauseKind::Excludes);
        plan.pauses.push(hearing);
        plan
    };
    for (directed, expected) in [(false, "03-10 18:00"), (true, "03-09 18:00")] {
        let mut play = Play::assigned(hearings(days(plan(), "旧版", 10)));
        if directed {
            play.does("leader-1 leader", "03-05 09:00", direct(2));
        }
        let five = hearings(days(plan(), "五日", 5));
        adopts(&mut play, five, "03-06 11:00", false).unwrap();
        assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
        let taken_out = hearing("03-04 08:00", "03-04 20:00");
        play.does(SUPERVISOR, "03-06 12:00", taken_out);
        assert_eq!(play.due(ClockKind::Reply), at(expected), "{directed}");
    }
}

// Taken out after that direction, it moves both: the limit is counted from where it began, as before.
#[test]
fn what_did_not_count_after_a_direction_moves_what_was_directed_too() {
    let hearings = |mut plan: Plan| {
        let hearing = pauses("听证", PauseSide::Statutory, PauseKind::Excludes);
        plan.pauses.push(hearing);
        plan
    };
    let mut play = Play::assigned(hearings(days(plan(), "旧版", 10)));
    play.does("leader-1 leader", "03-05 09:00", direct(2));
    let five = hearings(days(plan(), "五日", 5));
    adopts(&mut play, five, "03-05 11:00", false).unwrap();
    let taken_out = hearing("03-06 08:00", "03-06 20:00");
    play.does(SUPERVISOR, "03-09 09:00", taken_out);
    assert_eq!(play.due(ClockKind::Reply), at("03-10 18:00"));
    let anchor = play.clock(ClockKind::Reply).term.anchor;
    assert_eq!(anchor, at("03-02 10:00"));
}

// Another case that follows has it due on the 5th. A hearing of the day before, taken out on the 5th, makes it no later: what follows waited for no hearing.
#[test]
fn what_did_not_count_makes_nothing_later_than_what_follows_it() {
    let mut with = days(plan(), "", 10);
    let excluded = pauses("听证", PauseSide::Statutory, PauseKind::Excludes);
    with.pauses.push(excluded);
    let mut play = Play::assigned(with);
    play.does(SYSTEM, "03-03 11:00", joined_until("03-05 18:00"));
    assert_eq!(play.due(ClockKind::Reply), at("03-05 18:00"));
    let taken_out = hearing("03-04 08:00", "03-04 20:00");
    play.does(SUPERVISOR, "03-05 10:00", taken_out);
    assert_eq!(play.due(ClockKind::Reply), at("03-05 18:00"));
}

// Sent back on the 6th with five working days, and cut short by the whole, the 12th. A plan whose four days end at that very moment gives those: a Saturday that is
// worked makes it the 11th.
#[test]
fn what_ends_with_the_whole_by_itself_is_not_cut_short() {
    let rules = |edition: &str, redo: u32| {
        let mut with = days(plan(), edition, 10);
        within(ClockKind::Whole, Span::CalendarDays(10))(&mut with);
        within(ClockKind::Redo, Span::WorkingDays(redo))(&mut with);
        with
    };
    let mut play = Play::assigned(rules("旧版", 5));
    play.does(OWNER, "03-05 10:00", answer());
    play.does(REVIEWER, "03-06 10:00", review(true));
    assert_eq!(play.due(ClockKind::Redo), at("03-12 18:00"));
    adopts(&mut play, rules("新版", 4), "03-06 11:00", false).unwrap();
    assert_eq!(play.due(ClockKind::Redo), at("03-12 18:00"));
    works(&mut play, "03-06 12:00", &["2026-03-07"]);
    assert_eq!(play.due(ClockKind::Redo), at("03-11 18:00"));
}

// Six days instead of ten, on the day before the last: the floor ends at the very moment at which the ten days do, and the limit stays what it
// is. An evening that is waited is none of its days.
#[test]
fn a_limit_that_ends_with_the_floor_stays_what_it_is() {
    let mut play = Play::assigned(plan());
    adopts(&mut play, days(plan(), "新版", 6), "03-13 10:00", false).unwrap();
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    play.does(OWNER, "03-13 11:00", wait("待网民补充"));
    play.does(OWNER, "03-16 10:00", goes_on("待网民补充"));
    assert_eq!(play.due(ClockKind::Reply), at("03-17 18:00"));
}

// Of a class with five days instead of ten, found out on the day before the last of the five, the limit is those days; on the last of them, and later, it
// is the floor. An evening that is waited is none of the days, and no day of a floor that ends after it.
#[test]
fn a_fact_that_ends_a_limit_with_the_floor_has_it_counted_in_days() {
    for (found, due, waited) in [
        ("03-06 10:00", "03-09 18:00", "03-10 18:00"),
        ("03-09 10:00", "03-10 18:00", "03-10 18:00"),
    ] {
        let mut play = Play::assigned(by_class());
        play.does(INTAKE, found, reclassified(Class::Idea));
        assert_eq!(play.due(ClockKind::Reply), at(due));
        let (day, _) = found.split_once(' ').unwrap();
        play.does(OWNER, &format!("{day} 11:00"), wait("待网民补充"));
        let again = if day == "03-06" {
            "03-09 10:00"
        } else {
            "03-10 10:00"
        };
        play.does(OWNER, again, goes_on("待网民补充"));
        assert_eq!(play.due(ClockKind::Reply), at(waited), "{found}");
    }
}

// Four of ten days were used when it was answered, under a plan that gives five since. Opened again on the 16th, the six that are left and the five anew end at
// the same moment: it goes on with what it had.
#[test]
fn what_ends_at_the_same_moment_goes_on() {
    let mut play = Play::assigned(plan());
    play.does(OWNER, "03-09 09:00", answer());
    play.does(REVIEWER, "03-09 10:00", review(false));
    play.does(INTAKE, "03-09 11:00", called(Some(Level::Satisfied)));
    adopts(&mut play, days(plan(), "短", 5), "03-09 11:30", false).unwrap();
    let off = strike_off(Outcome::Solved);
    play.does("supervisor-1 supervisor", "03-09 12:00", off);
    play.does(CITIZEN, "03-16 09:00", reopen());
    assert_eq!(play.due(ClockKind::Reply), at("03-23 18:00"));
    assert_eq!(play.clock(ClockKind::Reply).term.anchor, at("03-02 10:00"));
}

// ── the last second ───────────────────────────────────────────────────────────────────────────────────────────────

// A calendar with two working days more is adopted at the last second of five: that second is left, and an answer in it is in time.
#[test]
fn a_calendar_adopted_at_the_last_second_leaves_that_second() {
    let mut play = Play::assigned(days(plan(), "", 5));
    works(&mut play, "03-09 18:00", &WEEKEND);
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    play.does(OWNER, "03-09 18:00", answer());
    let judged = &play.clock(ClockKind::Reply).verdicts[0];
    assert_eq!(judged.verdict, Verdict::OnTime { margin: 0 });
}

// What waits and had time left when it began to is not late the moment it goes on because a Saturday is worked: not where it began to wait at the second at
// which it would have been due by that, and not where it began at its own last second.
#[test]
fn a_calendar_makes_nothing_late_that_began_to_wait_at_a_last_second() {
    for (waits, adopted, due) in [
        ("03-07 18:00", "03-07 18:00", "03-10 18:00"),
        ("03-09 18:00", "03-10 09:00", "03-11 18:00"),
    ] {
        let mut play = Play::assigned(days(plan(), "", 5));
        assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
        play.does(OWNER, waits, wait("待网民补充"));
        works(&mut play, adopted, &WEEKEND[..1]);
        play.does(OWNER, "03-10 10:00", goes_on("待网民补充"));
        assert_eq!(play.due(ClockKind::Reply), at(due));
        play.does(SYSTEM, "03-10 11:00", Command::Tick {});
        assert_eq!(play.clock(ClockKind::Reply).breached, None);
    }
}

// What began to wait at its last second has no time left, and another edition with the same limits gives it none.
#[test]
fn another_edition_gives_nothing_to_what_had_no_second_left() {
    let mut play = Play::assigned(days(plan(), "旧版", 5));
    play.does(OWNER, "03-09 18:00", wait("待网民补充"));
    adopts(&mut play, days(plan(), "新版", 5), "03-10 09:00", false).unwrap();
    play.does(OWNER, "03-10 10:00", goes_on("待网民补充"));
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
}

// Days that were added while it waited left it the floor, a working day; another edition with the same limits, adopted while it still waits, is
// no other floor.
#[test]
fn another_edition_is_no_other_floor_for_what_waits() {
    let gone_on = |edition: Option<&str>| {
        let mut play = Play::assigned(days(plan(), "旧版", 5));
        play.does(OWNER, "03-09 10:00", wait("待网民补充"));
        works(&mut play, "03-11 10:00", &WEEKEND);
        if let Some(edition) = edition {
            adopts(&mut play, days(plan(), edition, 5), "03-13 10:00", false).unwrap();
        }
        play.does(OWNER, "03-13 11:00", goes_on("待网民补充"));
        play.due(ClockKind::Reply)
    };
    assert_eq!(gone_on(None), at("03-13 18:00"));
    assert_eq!(gone_on(Some("新版")), at("03-13 18:00"));
}

// ── a part and its lead ───────────────────────────────────────────────────────────────────────────────────────────

const PART: [(&str, &str); 1] = [("水利局", "co-1")];

/// With a part of another unit; both may be extended, and nobody need be told.
fn together() -> Play {
    joint_under(both_extendable(), &PART)
}

fn dues(play: &Play) -> [String; 2] {
    [ClockKind::Reply, ClockKind::CoReply].map(|kind| crate::office::wall(play.due(kind)))
}

// A part that was extended beyond its lead stays so where another edition leaves the lead where it is.
#[test]
fn a_part_beyond_its_lead_is_shortened_by_what_shortens_the_lead_only() {
    let mut play = together();
    extends(&mut play, ClockKind::CoReply, "03-05", 5);
    extends(&mut play, ClockKind::CoReply, "03-06", 2);
    assert_eq!(dues(&play), ["03-16 18:00", "03-18 18:00"]);
    let same = days(both_extendable(), "新版", 10);
    adopts(&mut play, same, "03-09 09:00", false).unwrap();
    assert_eq!(dues(&play), ["03-16 18:00", "03-18 18:00"]);
    let nine = days(both_extendable(), "短", 9);
    adopts(&mut play, nine, "03-09 10:00", false).unwrap();
    assert_eq!(dues(&play), ["03-13 18:00", "03-13 18:00"]);
}

// Half of four days and two more are over with the lead: the part has its two days still, and has them beside its half when the lead is extended.
#[test]
fn a_part_that_is_due_with_its_lead_keeps_its_extension() {
    let mut play = together();
    extends(&mut play, ClockKind::CoReply, "03-03", 2);
    assert_eq!(dues(&play), ["03-16 18:00", "03-11 18:00"]);
    let four = days(both_extendable(), "短", 4);
    adopts(&mut play, four, "03-03 12:00", false).unwrap();
    assert_eq!(dues(&play), ["03-06 18:00", "03-06 18:00"]);
    extends(&mut play, ClockKind::Reply, "03-04", 2);
    assert_eq!(dues(&play), ["03-10 18:00", "03-09 18:00"]);
}

// Half of eight days was over on the 6th, and the part has had the floor, until the 9th. Extended to ten, the lead has its half end on the 9th: the
// part is due then, and there is nothing to enter.
#[test]
fn an_extension_that_ends_a_half_where_the_part_is_due_moves_no_part() {
    let mut play = together();
    let eight = days(both_extendable(), "短", 8);
    adopts(&mut play, eight, "03-06 10:00", false).unwrap();
    assert_eq!(dues(&play), ["03-12 18:00", "03-09 18:00"]);
    extends(&mut play, ClockKind::Reply, "03-09", 2);
    assert_eq!(dues(&play), ["03-16 18:00", "03-09 18:00"]);
    let lead = [(ClockKind::Reply, ProjectedFor::Extended)];
    assert_eq!(projected(&play), lead);
}

// Six days and then eleven, with an approver, leave the part at half of six. An extension that does not move the half of the lead gives it nothing of what
// the plan gave the lead.
#[test]
fn an_extension_that_moves_no_half_gives_a_part_nothing() {
    let mut play = together();
    let six = days(both_extendable(), "短", 6);
    adopts(&mut play, six, "03-03 09:00", false).unwrap();
    let eleven = days(both_extendable(), "长", 11);
    adopts(&mut play, eleven, "03-03 09:30", true).unwrap();
    assert_eq!(dues(&play), ["03-17 18:00", "03-05 18:00"]);
    // Half of twelve days are six, as of eleven.
    extends(&mut play, ClockKind::Reply, "03-03", 1);
    assert_eq!(dues(&play), ["03-18 18:00", "03-05 18:00"]);
}

// Two days from the 6th end on the 10th, and half of them on the 9th, when the part is due anyhow: only the lead has an entry.
#[test]
fn a_direction_that_leaves_a_part_where_it_is_is_no_entry_of_it() {
    let mut play = joint(&PART);
    play.does("leader-1 leader", "03-06 09:00", direct(2));
    assert_eq!(dues(&play), ["03-10 18:00", "03-09 18:00"]);
    let lead = [(ClockKind::Reply, ProjectedFor::Directed)];
    assert_eq!(projected(&play), lead);
}

/// The same, with a test for which those clocks wait; all that heed the office, if none is named.
fn tested(holds: &[ClockKind]) -> Play {
    let mut with = both_extendable();
    let mut test = pauses("检测", PauseSide::Office, PauseKind::Waits);
    test.holds = holds.to_vec();
    with.pauses.push(test);
    joint_under(with, &PART)
}

// A weekend is waited, in which no working time passes: a part that was extended by four days has its half and those, which is before its lead, and not its
// lead's moment; extended by five it is due with its lead. Either keeps its days beside the half of the lead when that is extended.
#[test]
fn a_part_that_waited_over_a_weekend_keeps_its_extension() {
    for (many, due, later) in [
        (4, "03-13 18:00", "03-16 18:00"),
        (5, "03-16 18:00", "03-17 18:00"),
    ] {
        let mut play = tested(&[]);
        extends(&mut play, ClockKind::CoReply, "03-05", many);
        play.does(OWNER, "03-06 18:30", wait("检测"));
        play.does(OWNER, "03-09 08:30", goes_on("检测"));
        assert_eq!(dues(&play), ["03-16 18:00", due]);
        extends(&mut play, ClockKind::Reply, "03-10", 2);
        assert_eq!(dues(&play), ["03-18 18:00", later]);
    }
}

// A part that waited alone goes on at the very second at which half of its lead's time is over: it has a working day from then, and not that second.
#[test]
fn a_part_that_goes_on_when_its_half_is_over_has_the_floor() {
    for (again, due) in [
        ("03-09 17:59", "03-09 18:00"),
        ("03-09 18:00", "03-10 18:00"),
    ] {
        let mut play = tested(&[ClockKind::CoReply]);
        play.does(OWNER, "03-06 10:00", wait("检测"));
        play.does(OWNER, again, goes_on("检测"));
        assert_eq!(dues(&play), ["03-16 18:00", due]);
    }
}

// A night that was waited put a part off until the morning of the 10th, and while it waited once more the night was found to have been a minute: by its own hours
// it would be over at 18:31 on the 9th. Another case has its lead due before that, at that very second, or after it: the part is due with its lead, and no later.
#[test]
fn a_part_that_waited_is_due_no_later_than_its_lead_whatever_it_was_due_before() {
    for due in ["03-09 18:00", "03-09 18:31", "03-09 19:00"] {
        let mut play = together();
        play.does(OWNER, "03-03 17:00", wait("鉴定检测"));
        play.does(OWNER, "03-04 09:00", goes_on("鉴定检测"));
        let entry = play.version(|event| matches!(event, Event::Resumed { .. }));
        assert_eq!(dues(&play), ["03-17 18:00", "03-10 10:00"]);
        play.does(OWNER, "03-05 10:00", wait("等候配件"));
        let right = correct(entry, at("03-03 17:01"));
        play.does(SUPERVISOR, "03-05 10:10", right);
        let join = joined_until(due);
        play.does(SYSTEM, "03-05 10:20", join);
        play.does(OWNER, "03-05 10:30", goes_on("等候配件"));
        assert_eq!(dues(&play), [due, due]);
    }
}
