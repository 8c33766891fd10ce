//! 预警: until when a signal is the same one, and what it moves when it comes again.

use duly::plan::{Domain, FactRule, Given, Provenance, SignalRule};
use duly::time::Span;
use duly::words::*;

use crate::clocks::{Play, answer, assign, at, plan};
use crate::counted::{review, screen};
use crate::situations::strike_off;

/// Opened by a signal on the 2nd: of which household, and with what is known of it.
fn signal(subject: &str, facts: &[(&str, FactValue)]) -> Command {
    let facts = facts.iter();
    Command::Signal {
        of: SignalOf {
            indicator: "burden".into(),
            subject: subject.parse().unwrap(),
        },
        place: "632521".parse().unwrap(),
        words: Text::from("自付医疗费用过高"),
        facts: facts
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    }
}

/// Signals of a burden, which moves, and of whether the household was known, which does not.
fn signalled() -> Play {
    let mut with = plan();
    with.signals.push(SignalRule {
        name: "burden".into(),
        rule: RuleId::new("signal(burden)"),
        title: "医疗负担".into(),
        when: None,
        window: Span::Elapsed(7 * 86_400),
        provenance: Provenance::Unsaid,
    });
    let share = Domain::Whole { least: 0, most: 99 };
    with.schema.facts.extend([
        FactRule {
            moves: true,
            ..FactRule::new("share", share, Given::Host)
        },
        FactRule::new("known", Domain::YesNo, Given::Host),
    ]);
    let mut play = Play::new(with);
    let first = [
        ("share", FactValue::Whole(10)),
        ("known", FactValue::Yes(false)),
    ];
    let opens = signal("household-7", &first);
    play.does("system system", "03-02 09:00", opens);
    play
}

// The same signal of a case that was solved is one more of it within the window after the first, to the second; after that it is looked at anew.
#[test]
fn a_signal_is_the_same_one_until_its_window_ends() {
    let again = |when: &str| {
        let mut play = signalled();
        play.does("intake-1 intake", "03-02 09:30", screen());
        let to = assign("住建局", "owner-1");
        play.does("intake-1 intake", "03-02 10:00", to);
        play.does("owner-1 owner", "03-03 09:00", answer());
        play.does("reviewer-1 reviewer", "03-03 10:00", review(false));
        let recheck = Command::Recheck {
            passed: true,
            evidence: Text::from("到现场看过"),
            findings: Default::default(),
            return_for: None,
        };
        play.does("reviewer-2 reviewer", "03-03 11:00", recheck);
        let off = strike_off(Outcome::Solved);
        play.does("supervisor-1 supervisor", "03-04 09:00", off);
        // What it says moves nothing of a case that is struck off.
        let more = [("share", FactValue::Whole(20))];
        let done = play.go("system system", when, signal("household-7", &more));
        done.map_err(|refusal| *refusal.why)?;
        let share = play.case().facts().get("share");
        assert_eq!(share, Some(&FactValue::Whole(10)));
        Ok::<_, Why>(play.case().signal().map(|it| it.times))
    };
    assert_eq!(again("03-05 09:00"), Ok(Some(2)));
    assert_eq!(again("03-09 09:00"), Ok(Some(2)));
    let passed = Why::SignalPassed {
        until: at("03-09 09:00"),
    };
    assert_eq!(again("03-09 09:01"), Err(passed));
}

// What a signal says when it comes again moves what moves, and only that, where it says something new; what it does not say stays.
#[test]
fn a_signal_that_comes_again_moves_what_moves() {
    let mut play = signalled();
    let mut moved = |share: Option<i64>, known: bool| {
        let share = share.map(|share| ("share", FactValue::Whole(share)));
        let known = ("known", FactValue::Yes(known));
        let facts: Vec<_> = share.into_iter().chain([known]).collect();
        let again = signal("household-7", &facts);
        play.does("system system", "03-02 10:00", again);
        let events = play.last.iter().filter_map(|it| match &it.event {
            Event::FactSet { name, .. } => Some(name.clone()),
            _ => None,
        });
        let names: Vec<String> = events.collect();
        let facts = play.case().facts();
        (
            names.join(" "),
            facts["share"].clone(),
            facts["known"].clone(),
        )
    };
    let (ten, twenty) = (FactValue::Whole(10), FactValue::Whole(20));
    let no = FactValue::Yes(false);
    let none = String::new;
    assert_eq!(moved(Some(10), false), (none(), ten.clone(), no.clone()));
    assert_eq!(moved(None, true), (none(), ten, no.clone()));
    let share = "share".to_owned();
    assert_eq!(moved(Some(20), true), (share, twenty.clone(), no.clone()));
    assert_eq!(moved(Some(20), true), (none(), twenty, no));
    assert_eq!(play.case().signal().unwrap().times, 5);
}

// The signal of another household has nothing to do with the case; and where the case was withdrawn nobody was helped by it, so that the next one is looked
// at anew, however soon it comes.
#[test]
fn a_signal_of_what_helped_nobody_is_looked_at_anew() {
    let mut play = signalled();
    let other = play.go("system system", "03-02 10:00", signal("household-8", &[]));
    assert_eq!(*other.unwrap_err().why, Why::AlreadyOpen);
    let withdraw = || Command::Withdraw {
        evidence: Text::from("已入户核实,不属实"),
    };
    play.does("intake-1 intake", "03-02 11:00", withdraw());
    play.does("intake-3 intake", "03-02 12:00", withdraw());
    assert_eq!(play.case().outcome(), Some(Outcome::Withdrawn));
    let again = play.go("system system", "03-02 12:10", signal("household-7", &[]));
    let until = at("03-02 12:00");
    assert_eq!(*again.unwrap_err().why, Why::SignalPassed { until });
}
