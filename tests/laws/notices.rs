//! 告知: of what, and of which cases, whoever the pack wants told hears.

use std::collections::BTreeMap;

use duly::plan::{Decision as Rule, Diagram, NoticeRule, Plan, Region};
use duly::time::Span;
use duly::words::*;

use crate::clocks::{Play, answer, delivered, plan};
use crate::counted::{elsewhere, takes_over};
use crate::situations::{called, rate, strike_off};
use crate::world::open;

/// The supervisor is to hear of that.
fn tells(plan: &mut Plan, mark: ClockMark, when: Option<Rule<bool>>) {
    plan.notices.push(NoticeRule {
        rule: RuleId::new("notice(told)"),
        mark,
        title: "告知".into(),
        when,
        to: vec!["supervisor".to_owned()],
        citizen: false,
        words: String::new(),
    });
}

/// What somebody hears of through the last command.
fn heard(play: &Play) -> Vec<ClockMark> {
    let marks = play.last.iter().filter_map(|it| match &it.event {
        Event::NoticeGiven { mark, .. } => Some(*mark),
        _ => None,
    });
    marks.collect()
}

// A rating is told of while it is waited for: what a citizen says of a case that was struck off is kept, and told of where it opens the case again.
#[test]
fn what_is_rated_after_the_end_is_kept_and_not_told() {
    let mut with = plan();
    with.strike_off.rate_within = Span::Elapsed(7 * 86_400);
    tells(&mut with, ClockMark::Rated, None);
    let called = || {
        let mut play = Play::assigned(with.clone());
        play.does("owner-1 owner", "03-03 09:00", answer());
        let passes = Command::Review(Review::default());
        play.does("reviewer-1 reviewer", "03-03 10:00", passes);
        play.does("intake-2 intake", "03-04 09:00", called(None));
        play
    };
    let mut in_time = called();
    in_time.does("citizen citizen", "03-04 10:00", rate(Level::Satisfied));
    assert_eq!(heard(&in_time), [ClockMark::Rated]);
    let mut after = called();
    let recheck = Command::Recheck {
        passed: true,
        evidence: Text::from("现场照片"),
        findings: BTreeMap::new(),
        return_for: None,
    };
    after.does("supervisor-2 supervisor", "03-20 09:00", recheck);
    let off = strike_off(Outcome::Solved);
    after.does("supervisor-1 supervisor", "03-20 10:00", off);
    after.does("citizen citizen", "03-21 09:00", rate(Level::Satisfied));
    assert!(heard(&after).is_empty());
    let given = Rating::Given {
        level: Level::Satisfied,
        scores: None,
    };
    assert_eq!(after.case().rating(), Some(given));
}

// The first thing that goes out to a citizen tells them that their message has come. Whose case was taken over heard that from the other system.
#[test]
fn what_is_taken_over_was_acknowledged_elsewhere() {
    let mut with = plan();
    tells(&mut with, ClockMark::Acknowledged, None);
    let mut own = Play::new(with.clone());
    own.does("citizen citizen", "03-02 09:00", open(true, false));
    own.does("system system", "03-02 09:01", delivered(1));
    assert_eq!(heard(&own), [ClockMark::Acknowledged]);
    let mut over = Play::new(with);
    takes_over(&mut over, elsewhere()).unwrap();
    over.does("system system", "03-02 09:01", delivered(1));
    assert!(heard(&over).is_empty());
}

// A case that ends before anybody screened it has no class: it is none of those that a condition on the class means, whichever class that is.
#[test]
fn what_has_no_class_is_of_none() {
    for (code, class) in (0i64..).zip(Class::ALL.iter().copied()) {
        let mut with = plan();
        let at = with.schema.index("class").unwrap();
        let most = i64::try_from(Class::ALL.len()).unwrap() - 1;
        let region = |from: i64, until: i64, answer: bool| {
            let bounds = BTreeMap::from([(at, (from, until))]);
            (from <= until).then_some(Region { bounds, answer })
        };
        let regions = [
            region(0, code - 1, false),
            region(code, code, true),
            region(code + 1, most, false),
        ];
        let regions = regions.into_iter().flatten().collect();
        let of_it = Diagram::from_regions(&with.schema, regions).unwrap();
        let when = Rule::new(RuleId::new("notice(class)"), of_it);
        tells(&mut with, ClockMark::StruckOff, Some(when));
        let withdrawn = |screened: Option<Class>| {
            let mut play = Play::new(with.clone());
            play.does("citizen citizen", "03-02 09:00", open(true, false));
            if let Some(class) = screened {
                let facts = Facts::new();
                let screen = Command::Screen { class, facts };
                play.does("intake-1 intake", "03-02 10:00", screen);
            }
            let withdraw = Command::Withdraw {
                evidence: Text::from("不用了"),
            };
            play.does("citizen citizen", "03-02 11:00", withdraw);
            heard(&play)
        };
        assert!(withdrawn(None).is_empty(), "{class:?}");
        assert_eq!(withdrawn(Some(class)), [ClockMark::StruckOff], "{class:?}");
    }
}
