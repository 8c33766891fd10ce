//! 并案 between two cases, as each hears of the other: what is said again and counts, what is news and what is none.

use duly::words::*;

use crate::clocks::{Play, at, plan};
use crate::situations::{merge, relay, relayed_answer, relayed_end};
use crate::world::open;

/// Another case follows this one, with when it was due.
fn joins(whole: Option<&str>, reply: Option<&str>, tracked: bool) -> Command {
    Command::Join {
        follower: "x".parse().unwrap(),
        received: at("02-27 09:00"),
        whole_due: whole.map(at),
        reply_due: reply.map(at),
        tracked,
    }
}

// What a case that follows says again of itself counts where it makes one of its limits earlier, or says one that was not known, or that it is
// tracked by now; where it says nothing new it is there already.
#[test]
fn whoever_follows_says_again_only_what_makes_something_earlier() {
    let mut play = Play::assigned(plan());
    let already = Why::Already {
        what: Thing::Follower,
    };
    let mut said = |whole: Option<&str>, reply: Option<&str>, tracked: bool| {
        let join = joins(whole, reply, tracked);
        match play.go("system system", "03-02 11:00", join) {
            Ok(()) => Some(play.due(ClockKind::Reply)),
            Err(refusal) => {
                assert_eq!(*refusal.why, already, "{refusal}");
                None
            }
        }
    };
    let first = Some("03-10 18:00");
    assert_eq!(said(None, first, false), Some(at("03-10 18:00")));
    assert_eq!(said(None, first, false), None);
    assert_eq!(said(None, Some("03-11 18:00"), false), None);
    assert_eq!(said(None, None, false), None);
    let earlier = Some("03-09 18:00");
    let due = Some(at("03-09 18:00"));
    assert_eq!(said(None, earlier, false), due);
    // When its whole is due was not known.
    let whole = Some("04-20 18:00");
    assert_eq!(said(whole, None, false), due);
    assert_eq!(said(whole, earlier, false), None);
    assert_eq!(said(Some("04-19 18:00"), first, false), due);
    let both = said(Some("04-27 18:00"), Some("03-06 18:00"), false);
    assert_eq!(both, Some(at("03-06 18:00")));
    assert_eq!(said(whole, earlier, false), None);
    // Once it is tracked, so is the one that is handled; said again it is nothing new.
    assert_eq!(said(None, None, true), Some(at("03-06 18:00")));
    assert_eq!(said(None, None, true), None);
    assert!(play.case().is_tracked());
}

// An answer that the case never heard is not taken back from it, and one that was taken back is not taken back twice; the other one ends once.
#[test]
fn what_was_not_said_is_not_taken_back() {
    let mut play = Play::new(plan());
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-02 10:00", merge());
    let mut hears = |news: Command| {
        let heard = play.go("system system", "03-03 10:00", news);
        heard.map_err(|refusal| *refusal.why)
    };
    let unanswered = || -> Result<(), Why> {
        Err(Why::Survivor {
            into: "d".parse().unwrap(),
            is: Survivor::Unanswered,
        })
    };
    assert_eq!(hears(relay(News::Retracted)), unanswered());
    assert_eq!(hears(relayed_answer()), Ok(()));
    assert_eq!(hears(relay(News::Retracted)), Ok(()));
    assert_eq!(hears(relay(News::Retracted)), unanswered());
    assert_eq!(hears(relayed_end()), Ok(()));
    let ended: Result<(), Why> = Err(Why::Already {
        what: Thing::SurvivorsEnd,
    });
    assert_eq!(hears(relayed_end()), ended);
    assert!(!play.case().is_closed());
}
