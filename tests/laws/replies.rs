//! What a reply says and what it promises: dates that can be, facts for the gates, whose promise it is, and when a matter of it is struck off.

use duly::plan::NoticeRule;
use duly::time::{Moment, Span};
use duly::words::*;

use crate::clocks::{Play, answer, assign, at, plan};
use crate::counted::{review, screen};
use crate::situations::{called, rate, strike_off};
use crate::world::{open, reply};

/// A reply with those parts.
fn with(
    contacts: Vec<Contact>,
    measures: Vec<Measure>,
    commitments: Vec<NewCommitment>,
    basis: &[&str],
) -> Command {
    let Command::Reply {
        answers, explained, ..
    } = answer()
    else {
        panic!("it is a reply");
    };
    Command::Reply {
        answers,
        measures,
        contacts,
        basis: basis.iter().map(|it| (*it).to_owned()).collect(),
        commitments,
        explained,
    }
}

fn contact(at: Moment) -> Contact {
    Contact {
        at,
        how: ContactHow::Visit,
    }
}

fn measure(person: Option<&str>, by_date: Option<&str>) -> Measure {
    Measure {
        action: Text::from("更换灯具"),
        person: person.map(|name| name.parse().unwrap()),
        by_date: by_date.map(|date| date.parse().unwrap()),
    }
}

fn promise(matter: u16, by_date: &str) -> NewCommitment {
    NewCommitment {
        matter,
        action: Text::from("更换灯具"),
        person: "owner-1".parse().unwrap(),
        by_date: by_date.parse().unwrap(),
    }
}

/// A message of two matters, assigned on the 2nd.
fn two_matters() -> Play {
    let mut play = Play::new(plan());
    let list = Command::List {
        matters: vec![Text::from("路灯"), Text::from("井盖")],
    };
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-02 09:20", list);
    play.does("intake-1 intake", "03-02 09:30", screen());
    let to = assign("住建局", "owner-1");
    play.does("intake-1 intake", "03-02 10:00", to);
    play
}

/// An answer to both of them.
fn marked(marks: [Mark; 2], promises: Vec<NewCommitment>) -> Command {
    let mut given = reply(Mark::A, false, false, 2, false);
    if let Command::Reply {
        answers,
        commitments,
        ..
    } = &mut given
    {
        for (answer, mark) in answers.iter_mut().zip(marks) {
            answer.mark = mark;
        }
        *commitments = promises;
    }
    given
}

/// Both of them answered as done, the answer gone out, and something promised of the second after it.
fn promised_of_the_second() -> Play {
    let mut play = two_matters();
    let done = marked([Mark::A, Mark::A], vec![]);
    play.does("owner-1 owner", "03-03 09:00", done);
    play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
    let commit = Command::Commit(promise(2, "2026-03-20"));
    play.does("owner-1 owner", "03-03 11:00", commit);
    play
}

// Whoever replies was in touch with the citizen since the message was received and by now, and promises nothing, and has nothing done, by a day that is
// past: today is none.
#[test]
fn a_reply_has_dates_that_can_be() {
    let replied = |command: Command| {
        let mut play = Play::assigned(plan());
        let done = play.go("owner-1 owner", "03-04 10:00", command);
        done.map_err(|refusal| *refusal.why)
    };
    let (received, now) = (at("03-02 09:00"), at("03-04 10:00"));
    let seen = |at: Moment| replied(with(vec![contact(at)], vec![], vec![], &[]));
    let since = Why::Bound {
        what: Thing::Field("contacts".into()),
        bound: Bound::SinceReceipt,
    };
    for at in [received, now] {
        assert_eq!(seen(at), Ok(()), "{at}");
    }
    for at in [received.plus(-1), now.plus(1), now.plus(3600)] {
        assert_eq!(seen(at), Err(since.clone()), "{at}");
    }
    let done_by = |date: &str| {
        let measures = vec![measure(None, Some(date))];
        replied(with(vec![], measures, vec![], &[]))
    };
    let promised = |date: &str| replied(with(vec![], vec![], vec![promise(1, date)], &[]));
    let past = Why::DatePast {
        date: "2026-03-03".parse().unwrap(),
    };
    let ways = [&done_by as &dyn Fn(&str) -> Result<(), Why>, &promised];
    for by in ways {
        assert_eq!(by("2026-03-04"), Ok(()));
        assert_eq!(by("2026-03-05"), Ok(()));
        assert_eq!(by("2026-03-03"), Err(past.clone()));
    }
}

// What the gates read of a reply's typed parts: an action; a person behind every action; a day by which, of an action or a promise; a contact; a basis that
// says something.
#[test]
fn a_reply_says_what_its_parts_hold() {
    let names = [
        "has_action",
        "has_person",
        "dated",
        "has_contact",
        "has_basis",
    ];
    let somebody = || measure(Some("owner-1"), None);
    let dated = || measure(None, Some("2026-03-20"));
    let was_there = || vec![contact(at("03-03 09:00"))];
    let cases = [
        (with(vec![], vec![], vec![], &[]), [false; 5]),
        (
            with(vec![], vec![measure(None, None)], vec![], &["  "]),
            [true, false, false, false, false],
        ),
        (
            with(vec![], vec![somebody(), measure(None, None)], vec![], &[]),
            [true, false, false, false, false],
        ),
        (
            with(was_there(), vec![somebody()], vec![], &[]),
            [true, true, false, true, false],
        ),
        (
            with(vec![], vec![measure(None, None), dated()], vec![], &[]),
            [true, false, true, false, false],
        ),
        (
            with(vec![], vec![], vec![promise(1, "2026-03-20")], &[]),
            [false, false, true, false, false],
        ),
        (
            with(was_there(), vec![], vec![], &["  ", "城市道路管理条例"]),
            [false, false, false, true, true],
        ),
    ];
    for (command, expected) in cases {
        let mut play = Play::assigned(plan());
        play.does("owner-1 owner", "03-04 10:00", command);
        let facts = &play.case().reply().unwrap().facts;
        let said = names.map(|name| facts[name] == FactValue::Yes(true));
        assert_eq!(said, expected);
    }
}

// What was promised of a matter after the answer went out stands when the case comes back, and lets that matter be answered as in progress; another
// matter needs a promise of its own, be it in the same reply.
#[test]
fn a_promise_that_stands_is_one_of_its_own_matter() {
    let mut play = promised_of_the_second();
    let displeased = called(Some(Level::Unsatisfied));
    play.does("intake-2 intake", "03-04 10:00", displeased);
    assert_eq!(play.case().stage_name(), StageName::Returned);
    let needs = Why::MarkNeedsPromise {
        matter: 1,
        mark: Mark::B,
    };
    for marks in [[Mark::B, Mark::A], [Mark::B, Mark::B]] {
        for promises in [vec![], vec![promise(2, "2026-03-20")]] {
            let refused = play.go("owner-1 owner", "03-05 09:00", marked(marks, promises));
            assert_eq!(*refused.unwrap_err().why, needs);
        }
    }
    let in_progress = marked([Mark::A, Mark::B], vec![]);
    play.does("owner-1 owner", "03-05 09:00", in_progress);
}

// Promises are numbered through the case, of matters that it has, and each is kept once.
#[test]
fn promises_are_numbered_and_each_is_kept_once() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
    for date in ["2026-03-19", "2026-03-20", "2026-03-23"] {
        let commit = Command::Commit(promise(1, date));
        play.does("owner-1 owner", "03-03 11:00", commit);
    }
    let all = play.case().promises().iter();
    let numbers: Vec<u32> = all.map(|it| it.promise.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let refused = |play: &mut Play, command: Command, what: Thing, number: u64| {
        let refused = play.go("owner-1 owner", "03-04 09:00", command);
        assert_eq!(*refused.unwrap_err().why, Why::NoSuch { what, number });
    };
    let other = Command::Commit(promise(2, "2026-03-20"));
    refused(&mut play, other, Thing::Matter, 2);
    let keep = |commitment: u32| Command::Fulfil {
        commitment,
        evidence: Text::from("照片"),
    };
    refused(&mut play, keep(4), Thing::Promise, 4);
    play.does("owner-1 owner", "03-04 09:00", keep(2));
    refused(&mut play, keep(2), Thing::Promise, 2);
    let open: Vec<u32> = {
        let open = play.case().promises().iter().filter(|it| it.is_open());
        open.map(|it| it.promise.number).collect()
    };
    assert_eq!(open, [1, 3]);
}

// Each matter is struck off by itself and once, whatever is promised of another; the last one only when every promise is kept.
#[test]
fn a_matter_is_struck_off_once_its_own_promise_is_kept() {
    let mut play = promised_of_the_second();
    let satisfied = called(Some(Level::Satisfied));
    play.does("intake-2 intake", "03-04 09:00", satisfied);
    let off = |matter: Option<u16>| Command::StrikeOff {
        outcome: Outcome::Solved,
        matter,
    };
    let refused = |play: &mut Play, by: &str, command: Command, why: Why| {
        let refused = play.go(by, "03-04 10:00", command);
        assert_eq!(*refused.unwrap_err().why, why);
    };
    let supervisor = "supervisor-1 supervisor";
    let promised = || Why::PromiseOpen {
        number: 1,
        by_date: "2026-03-20".parse().unwrap(),
    };
    refused(&mut play, supervisor, off(Some(2)), promised());
    refused(&mut play, supervisor, off(None), promised());
    play.does(supervisor, "03-04 10:00", off(Some(1)));
    let none = |number: u64| Why::NoSuch {
        what: Thing::Matter,
        number,
    };
    refused(&mut play, supervisor, off(Some(1)), none(1));
    refused(&mut play, supervisor, off(Some(3)), none(3));
    refused(&mut play, supervisor, off(None), promised());
    let again = Command::Commit(promise(1, "2026-03-20"));
    refused(&mut play, "owner-1 owner", again, none(1));
    let keep = Command::Fulfil {
        commitment: 1,
        evidence: Text::from("照片"),
    };
    play.does("owner-1 owner", "03-04 10:00", keep);
    play.does(supervisor, "03-04 10:00", off(Some(2)));
    assert_eq!(play.case().outcome(), Some(Outcome::Solved));
}

// What the reply says lawfully cannot be done is struck off as explained and not as solved, and what it says is done as solved and not as explained.
#[test]
fn a_case_is_struck_off_as_what_its_reply_says() {
    for (explained, fits, other) in [
        (true, Outcome::Explained, Outcome::Solved),
        (false, Outcome::Solved, Outcome::Explained),
    ] {
        let mut play = Play::assigned(plan());
        let given = reply(Mark::A, false, explained, 1, false);
        play.does("owner-1 owner", "03-03 09:00", given);
        play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
        let satisfied = called(Some(Level::Satisfied));
        play.does("intake-2 intake", "03-03 11:00", satisfied);
        let supervisor = "supervisor-1 supervisor";
        let refused = play.go(supervisor, "03-04 09:00", strike_off(other));
        let unsaid = Why::OutcomeNotReplied {
            outcome: other,
            mark: Mark::A,
        };
        assert_eq!(*refused.unwrap_err().why, unsaid);
        play.does(supervisor, "03-04 09:00", strike_off(fits));
    }
}

// The citizen may rate until the window after striking off ends, to the second; what they said once they do not say twice.
#[test]
fn a_citizen_rates_until_the_window_ends() {
    let mut with = plan();
    with.strike_off.rate_within = Span::Elapsed(7 * 86_400);
    let mut play = Play::assigned(with);
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
    let satisfied = called(Some(Level::Satisfied));
    play.does("intake-2 intake", "03-03 11:00", satisfied);
    let off = strike_off(Outcome::Solved);
    play.does("supervisor-1 supervisor", "03-04 09:00", off);
    let mut rates = |when: &str| {
        let refused = play.go("citizen citizen", when, rate(Level::Unsatisfied));
        *refused.unwrap_err().why
    };
    let had = Why::Already {
        what: Thing::Rating,
    };
    assert_eq!(rates("03-05 09:00"), had);
    assert_eq!(rates("03-11 09:00"), had);
    let late = Why::TooLate {
        what: Thing::Rating,
        until: at("03-11 09:00"),
    };
    assert_eq!(rates("03-11 09:01"), late);
}

// Whoever is to hear of promises hears of a reply that makes one, and of none that makes none.
#[test]
fn a_reply_that_promises_nothing_is_no_promise() {
    let mut with = plan();
    with.notices.push(NoticeRule {
        rule: RuleId::new("notice(committed)"),
        mark: ClockMark::Committed,
        title: "承诺".into(),
        when: None,
        to: vec!["supervisor".to_owned()],
        citizen: false,
        words: String::new(),
    });
    let heard = |mark: Mark, promise: bool| {
        let mut play = Play::assigned(with.clone());
        let given = reply(mark, false, false, 1, promise);
        play.does("owner-1 owner", "03-03 09:00", given);
        let marks = play.last.iter().filter_map(|it| match &it.event {
            Event::NoticeGiven { mark, .. } => Some(*mark),
            _ => None,
        });
        marks.collect::<Vec<ClockMark>>()
    };
    assert!(heard(Mark::A, false).is_empty());
    assert_eq!(heard(Mark::B, true), [ClockMark::Committed]);
}
