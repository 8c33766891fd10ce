//! 并案 between two cases, as each hears of the other: what is said again and counts, what is news and what is none.

use duly::case::SubState;
use duly::words::*;

use crate::clocks::{Play, answer, ask, at, delivered, grant, plan};
use crate::counted::{goes_on, review, wait};
use crate::situations::{divide, merge, relay, relayed_answer, relayed_end};
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

// Whoever follows asks for no earlier moment than was lawfully set: for the floor where its own had passed, and for the later one where the limit was
// extended. A pause moves it no further than that.
#[test]
fn whoever_follows_asks_for_no_earlier_moment_than_was_lawfully_set() {
    let asks = |play: &Play| {
        let follower: CaseId = "x".parse().unwrap();
        let it = &play.case().followers()[&follower];
        (it.whole_due, it.reply_due)
    };
    let mut play = Play::assigned(plan());
    let gone = Some("02-27 18:00");
    play.does("system system", "03-02 11:00", joins(gone, gone, false));
    let floor = at("03-03 18:00");
    assert_eq!(play.due(ClockKind::Whole), floor);
    assert_eq!(play.due(ClockKind::Reply), floor);
    assert_eq!(asks(&play), (Some(floor), Some(floor)));

    let mut play = Play::assigned(plan());
    let reply = joins(None, Some("03-10 18:00"), false);
    play.does("system system", "03-02 11:00", reply);
    assert_eq!(asks(&play), (None, Some(at("03-10 18:00"))));
    play.does("owner-1 owner", "03-03 09:00", ask(2));
    play.does("supervisor-1 supervisor", "03-03 10:00", grant());
    let granted = play.version(|event| matches!(event, Event::ExtensionGranted { .. }));
    play.does("system system", "03-03 11:00", delivered(granted));
    let later = at("03-12 18:00");
    assert_eq!(play.due(ClockKind::Reply), later);
    assert_eq!(asks(&play), (None, Some(later)));
    play.does("owner-1 owner", "03-04 09:00", wait("鉴定检测"));
    play.does("owner-1 owner", "03-05 09:00", goes_on("鉴定检测"));
    assert_eq!(play.due(ClockKind::Reply), later);
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
    let blank: Result<(), Why> = Err(Why::Blank {
        what: Thing::Field("texts".into()),
    });
    assert_eq!(hears(relay(News::Answer { texts: vec![] })), blank);
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

/// A message that follows another one since the morning of the 2nd.
fn follows() -> Play {
    let mut play = Play::new(plan());
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-02 10:00", merge());
    play
}

/// Its citizen has what they were told last.
fn is_told(play: &mut Play, when: &str) {
    let effect = play.told.last().unwrap().id.clone();
    play.does("system system", when, Command::Delivered { effect });
}

// Nobody is answered twice, and nobody is left without an answer: whoever has one, or whose other case has ended, stays when that one takes no
// news any more; whoever has none goes on alone, and is opened again where the case was struck off.
#[test]
fn whoever_follows_is_released_while_they_have_no_answer() {
    let release = |why: UnmergeWhy| Command::Release {
        from: "d".parse().unwrap(),
        why,
    };
    let (gone, withdrawn) = (UnmergeWhy::NotJoined, UnmergeWhy::Withdrawn);
    let answered = Why::Survivor {
        into: "d".parse().unwrap(),
        is: Survivor::Answered,
    };
    // Answered, ended; for which reason; whether it is released.
    for (has, ended, why, parts) in [
        (false, false, gone, true),
        (true, false, gone, false),
        (false, true, gone, false),
        (true, true, gone, false),
        (false, false, withdrawn, true),
        (true, false, withdrawn, true),
        (false, true, withdrawn, true),
        (true, true, withdrawn, true),
    ] {
        let mut play = follows();
        if has {
            play.does("system system", "03-03 09:00", relayed_answer());
        }
        if ended {
            play.does("system system", "03-03 10:00", relayed_end());
        }
        let released = play.go("system system", "03-03 11:00", release(why));
        let expected = match parts {
            true => Ok(()),
            false => Err(answered.clone()),
        };
        let what = format!("{has} {ended} {why:?}");
        assert_eq!(released.map_err(|it| *it.why), expected, "{what}");
        assert_eq!(play.case().follows().is_none(), parts, "{what}");
        assert_eq!(play.case().stage_name(), StageName::Received, "{what}");
    }
    let struck_off = || {
        let mut play = follows();
        play.does("system system", "03-03 09:00", relayed_answer());
        is_told(&mut play, "03-03 09:30");
        play.does("system system", "03-03 10:00", relayed_end());
        assert_eq!(play.case().outcome(), Some(Outcome::Merged));
        play
    };
    for why in [gone, withdrawn] {
        let mut play = struck_off();
        let stays = play.go("system system", "03-03 11:00", release(why));
        assert_eq!(stays.map_err(|it| *it.why), Err(answered.clone()));
        assert!(play.case().is_closed());
    }
    let mut play = struck_off();
    play.does("system system", "03-04 09:00", relay(News::Retracted));
    play.does("system system", "03-04 10:00", release(withdrawn));
    assert!(!play.case().is_closed() && play.case().follows().is_none());
}

// What only a part says is no news of the case that this one follows.
#[test]
fn what_a_part_says_is_no_news_of_the_case_that_is_followed() {
    let mut play = follows();
    let question = News::Question {
        text: Text::from("户口本在谁手里"),
        of: None,
    };
    for news in [News::NotOpened, question] {
        let heard = play.go("system system", "03-03 10:00", relay(news));
        let strange = Why::NotLinked {
            with: Some("d".parse().unwrap()),
        };
        assert_eq!(*heard.unwrap_err().why, strange);
    }
}

// A refusal lists what could be asked instead: of what the stage takes, a case on its own is not said to go its own way again, to hear of another one or,
// before it is answered, to be rated; one that follows another takes what concerns its own citizen and its own file, and once it is struck off all that a
// case takes which is.
#[test]
fn a_refusal_lists_what_could_be_asked_instead() {
    use CommandName as C;
    let listed = |play: &mut Play| {
        // Nobody opens it twice.
        let again = play.go("citizen citizen", "03-03 12:00", open(true, false));
        let refusal = again.unwrap_err();
        assert_eq!(*refusal.why, Why::AlreadyOpen);
        (refusal.stage, refusal.accepted)
    };
    let without = |stage: StageName, not: &[C]| {
        let all = accepted_in(stage).filter(|name| !not.contains(name));
        (Some(stage), all.collect::<Vec<C>>())
    };
    let early = [C::Unmerge, C::Relay, C::Release, C::Rate];
    let mut alone = Play::new(plan());
    alone.does("citizen citizen", "03-02 09:00", open(true, false));
    assert_eq!(listed(&mut alone), without(StageName::Received, &early));
    let withdraw = || Command::Withdraw {
        evidence: Text::from("不用了"),
    };
    alone.does("citizen citizen", "03-02 10:00", withdraw());
    let closed = [C::Relay, C::Release];
    assert_eq!(listed(&mut alone), without(StageName::Closed, &closed));

    let mut alone = Play::assigned(plan());
    assert_eq!(listed(&mut alone), without(StageName::Assigned, &early));
    alone.does("owner-1 owner", "03-03 09:00", answer());
    assert_eq!(listed(&mut alone), without(StageName::Replied, &[]));
    alone.does("reviewer-1 reviewer", "03-03 10:00", review(false));
    assert_eq!(listed(&mut alone), without(StageName::Reviewed, &[]));

    let own = [
        C::AdoptCalendar,
        C::AdoptPlan,
        C::Correct,
        C::Delivered,
        C::HandOver,
        C::Leave,
        C::Note,
        C::Rate,
        C::Redact,
        C::Relay,
        C::Release,
        C::SetFact,
        C::Signal,
        C::Supplement,
        C::Tick,
        C::Undelivered,
        C::Unmerge,
        C::Withdraw,
    ];
    let its_own = |stage: StageName| {
        let all = accepted_in(stage).filter(|name| own.contains(name));
        (Some(stage), all.collect::<Vec<C>>())
    };
    let mut follower = follows();
    assert_eq!(listed(&mut follower), its_own(StageName::Received));
    follower.does("system system", "03-03 09:00", relayed_answer());
    is_told(&mut follower, "03-03 09:30");
    follower.does("system system", "03-03 10:00", relayed_end());
    assert_eq!(follower.case().outcome(), Some(Outcome::Merged));
    assert_eq!(listed(&mut follower), without(StageName::Closed, &[]));
    let mut follower = Play::assigned(plan());
    follower.does("intake-1 intake", "03-02 11:00", merge());
    assert_eq!(listed(&mut follower), its_own(StageName::Assigned));
}

// A case that is a part of another, or has parts, follows no third one; a part that is not needed any more is none.
#[test]
fn a_case_with_parts_follows_nobody() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-02 11:00", divide());
    let refused = play.go("intake-1 intake", "03-02 11:10", merge());
    let alone = Why::NotAlone { main: None };
    assert_eq!(*refused.unwrap_err().why, alone);
    let birth: SubKey = "birth".parse().unwrap();
    let drops = || Command::DropSub {
        sub: birth.clone(),
        reason: Text::from("不需要了"),
    };
    play.does("supervisor-1 supervisor", "03-02 11:20", drops());
    assert_eq!(play.case().subs()[&birth].state, SubState::Dropped);
    // What is dropped is dropped once, and says nothing more.
    let again = play.go("supervisor-1 supervisor", "03-02 11:30", drops());
    let had = Why::Already {
        what: Thing::Sub(birth.clone()),
    };
    assert_eq!(*again.unwrap_err().why, had);
    let ended = crate::situations::part_ended(Outcome::Solved);
    let heard = play.go("system system", "03-02 11:30", ended);
    let strange = Why::NotLinked {
        with: Some("c.birth".parse().unwrap()),
    };
    assert_eq!(*heard.unwrap_err().why, strange);
    play.does("intake-1 intake", "03-02 11:40", merge());
    assert!(play.case().follows().is_some());
}
