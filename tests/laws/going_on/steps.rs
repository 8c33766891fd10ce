//! Steps: what repeats, and what a turn cannot catch up with.

use duly::case::decide;
use duly::plan::{On, Rung};
use duly::time::Span;
use duly::words::*;

use super::{SYSTEM, clock};
use crate::clocks::{Play, at, plan, within};
use crate::counted::{elsewhere, takes_over};
use crate::office::wall;
use crate::world::{actor, envelope};

fn every(key: &str, span: Span, most: u32) -> Rung {
    Rung {
        key: key.into(),
        on: On::Every { span, most },
        title: String::new(),
        acts: vec![(Verb::Remind, "owner".to_owned())],
        when: None,
        at_once: false,
    }
}

// Taken over on Monday, 2 March with a reply that was due on Thursday, 26 February: the reminders of the 27th and the 28th, which is worked,
// are past, each by itself; the third comes, and is the last; and supervision hears five working days from then, not from the day on which it
// was due.
#[test]
fn of_what_repeats_only_what_lay_before_is_past_when_a_case_is_taken_over() {
    let mut with = plan();
    within(ClockKind::Reply, Span::WorkingDays(1))(&mut with);
    clock(&mut with, ClockKind::Reply).rungs = vec![every("again", Span::WorkingDays(1), 3)];
    let mut play = Play::new(with);
    takes_over(&mut play, elsewhere()).unwrap();
    let steps = |play: &Play| -> Vec<String> {
        let all = play.last.iter().filter_map(|it| match &it.event {
            Event::StepTaken {
                clock,
                step: step @ (StepKey::Rung { .. } | StepKey::Overdue { .. }),
                fate,
                deferred_from,
                ..
            } if clock.kind == ClockKind::Reply => Some(match fate {
                StepFate::Voided { .. } => format!("past {step} {}", wall(deferred_from.unwrap())),
                StepFate::Fired { .. } => format!("came {step} {}", wall(it.at)),
                other => format!("{step} {other:?}"),
            }),
            _ => None,
        });
        all.collect()
    };
    let past = ["past again 02-27 18:00", "past again #2 02-28 18:00"];
    assert_eq!(steps(&play), past);
    play.does(SYSTEM, "03-10 09:00", Command::Tick {});
    let came = ["came again #3 03-02 18:00", "came overdue #1 03-09 18:00"];
    assert_eq!(steps(&play), came);
}

// Of what lay before, as much is past as comes at all: where it comes twice nothing of it is ahead, and where it comes more often the third comes next.
#[test]
fn what_has_come_as_often_as_it_can_elsewhere_comes_no_more() {
    let ahead = |most: u32| -> Vec<String> {
        let mut with = plan();
        within(ClockKind::Reply, Span::WorkingDays(1))(&mut with);
        clock(&mut with, ClockKind::Reply).rungs = vec![every("again", Span::WorkingDays(1), most)];
        let mut play = Play::new(with);
        takes_over(&mut play, elsewhere()).unwrap();
        let steps = play.clock(ClockKind::Reply).schedule.steps.iter();
        let rungs = steps.filter(|it| matches!(it.key, StepKey::Rung { .. }));
        rungs
            .map(|it| format!("{} {}", it.key, wall(it.at)))
            .collect()
    };
    for most in [1, 2] {
        assert!(ahead(most).is_empty(), "{most}");
    }
    for most in [3, 4, 10] {
        assert_eq!(ahead(most), ["again #3 03-02 18:00"], "{most}");
    }
}

// A turn takes ten thousand steps at most. Whoever asks for something after a longer silence than that is told to let time come first; with
// one step less they are heard, and all of it has come by then.
#[test]
fn what_a_turn_cannot_catch_up_with_comes_before_what_is_asked() {
    let mut with = plan();
    let rungs = (1..=101).map(|n| every(&format!("again-{n}"), Span::Elapsed(1), 100));
    clock(&mut with, ClockKind::Reply).rungs = rungs.collect();
    let mut play = Play::assigned(with);
    let due = at("03-16 18:00");
    play.at_moment(SYSTEM, due, Command::Tick {});
    let note = |seconds: i64| {
        let text = Text::from("附注");
        let by = actor("owner-1", &["owner"]);
        let asked = envelope("note", by, due.plus(seconds), Command::Note { text });
        decide(Some(play.case()), &asked, &play.plans)
    };
    // A breach in the first second, and a hundred and one reminders in each.
    let done = note(99).unwrap();
    assert_eq!(done.records.len(), 10_001);
    assert_eq!(done.case.next_alarm(), Some(due.plus(100)));
    let refused = note(100).unwrap_err();
    let first = Why::Bound {
        what: Thing::Backlog,
        bound: Bound::TickFirst,
    };
    assert_eq!(*refused.why, first);
}
