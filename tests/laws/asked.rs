//! 补正: what is asked of the citizen before anybody has the case. How often, who answers, and until when it is waited for.

use duly::plan::{PauseKind, PauseRule, Plan, SUPPLEMENT};
use duly::time::Span;
use duly::words::*;

use crate::clocks::{Play, assign, at, pauses, plan};
use crate::counted::{clock, law, screen};
use crate::taken::{now, standing, stood, taken};
use crate::world::open;

const INTAKE: &str = "intake-1 intake";
const CITIZEN: &str = "citizen citizen";

/// Asked twice, and waited for two days each time.
fn twice() -> Plan {
    let mut with = plan();
    with.pauses.push(PauseRule {
        most: Span::Elapsed(48 * 3600),
        times: 2,
        ..pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Waits)
    });
    with
}

fn received(plan: Plan) -> Play {
    let mut play = Play::new(plan);
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    play
}

fn question() -> Command {
    Command::AskCitizen {
        question: Text::from("是哪个村"),
    }
}

fn supplement() -> Command {
    Command::Supplement {
        answer: Text::from("次汗素村"),
    }
}

fn refused(play: &mut Play, by: &str, when: &str, command: Command) -> Why {
    *play.go(by, when, command).unwrap_err().why
}

/// When waiting ended with the last command, and whether its time was over by then.
fn ended(play: &Play) -> Vec<(&str, bool)> {
    let events = play.last.iter().filter_map(|it| match &it.event {
        Event::Resumed { reason, lapsed } => Some((reason.as_str(), *lapsed)),
        _ => None,
    });
    events.collect()
}

fn none_pending() -> Why {
    Why::NothingPending {
        what: Thing::Question,
    }
}

// One question after the other, as many as the pack has; one, where it says nothing of it.
#[test]
fn a_citizen_is_asked_as_often_as_the_pack_has() {
    for (rules, times) in [(twice(), 2), (plan(), 1)] {
        let mut play = received(rules);
        for minute in 0..times {
            let when = |second: u32| format!("03-02 10:{minute}{second}");
            play.does(INTAKE, &when(0), question());
            let had = Why::Already {
                what: Thing::Question,
            };
            assert_eq!(refused(&mut play, INTAKE, &when(1), question()), had);
            play.does(CITIZEN, &when(2), supplement());
            assert_eq!(ended(&play), [(SUPPLEMENT, false)]);
        }
        let often = Why::Bound {
            what: Thing::Asking,
            bound: Bound::Times(times),
        };
        let again = refused(&mut play, INTAKE, "03-02 11:00", question());
        assert_eq!(again, often);
    }
}

// Whoever wrote it answers, or an intake officer with their words; nobody answers what was not asked.
#[test]
fn only_its_citizen_answers_what_was_asked() {
    let mut play = received(twice());
    let early = refused(&mut play, CITIZEN, "03-02 10:00", supplement());
    assert_eq!(early, none_pending());
    play.does(INTAKE, "03-02 10:00", question());
    let other = refused(
        &mut play,
        "other-citizen citizen",
        "03-02 10:10",
        supplement(),
    );
    let named = Why::NotThePerson {
        role: Role::Citizen,
        named: vec!["citizen".parse().unwrap()],
    };
    assert_eq!(other, named);
    play.does(INTAKE, "03-02 10:20", supplement());
    assert_eq!(play.case().pauses()[0].ended, Some(at("03-02 10:20")));
}

// Whoever goes on without the answer waits for it no longer: to screen the message, or to give it to somebody, ends the waiting. Where nobody waits nothing
// ends; and where nobody goes on, the time of waiting does, to the second.
#[test]
fn whoever_goes_on_without_the_answer_waits_for_it_no_longer() {
    let to = || assign("住建局", "owner-1");
    let mut play = received(twice());
    play.does(INTAKE, "03-02 10:00", question());
    play.does(INTAKE, "03-02 11:00", screen());
    assert_eq!(ended(&play), [(SUPPLEMENT, false)]);
    assert_eq!(play.case().pauses()[0].ended, Some(at("03-02 11:00")));
    let late = refused(&mut play, CITIZEN, "03-02 11:10", supplement());
    assert_eq!(late, none_pending());
    play.does(INTAKE, "03-02 12:00", question());
    play.does(INTAKE, "03-02 14:00", to());
    assert_eq!(ended(&play), [(SUPPLEMENT, false)]);
    assert_eq!(play.case().pauses()[1].ended, Some(at("03-02 14:00")));

    let mut play = received(twice());
    play.does(INTAKE, "03-02 10:00", screen());
    assert_eq!(ended(&play), []);
    play.does(INTAKE, "03-02 11:00", to());
    assert_eq!(ended(&play), []);

    let mut play = received(twice());
    play.does(INTAKE, "03-02 10:00", question());
    let over = at("03-04 10:00");
    let tick = || Command::Tick {};
    play.at_moment("system system", over.plus(-1), tick());
    assert_eq!(ended(&play), []);
    play.at_moment("system system", over, tick());
    assert_eq!(ended(&play), [(SUPPLEMENT, true)]);
    assert_eq!(play.case().pauses()[0].ended, Some(over));
    let late = refused(&mut play, CITIZEN, "03-04 11:00", supplement());
    assert_eq!(late, none_pending());
}

// Time that runs anew once the message is complete runs without what was granted before: two days that another system added to ten from receipt are none of
// those.
#[test]
fn time_that_runs_anew_has_no_extension_of_before() {
    let mut with = law(ClockMark::Received, ClockMark::Published);
    clock(&mut with, ClockKind::Reply).extension =
        clock(&mut plan(), ClockKind::Reply).extension.clone();
    let anew = pauses(SUPPLEMENT, PauseSide::Citizen, PauseKind::Restarts);
    with.pauses.push(anew);
    let granted = ExtendedBefore {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(2),
    };
    let it = ImportAsked {
        extended: vec![granted],
        pauses: vec![stood(SUPPLEMENT, now(), None)],
        ..standing(ImportStage::Screened)
    };
    let mut play = taken(with, it);
    assert_eq!(play.case().extensions(), 1);
    play.does(CITIZEN, "03-04 10:00", supplement());
    assert_eq!(play.due(ClockKind::Reply), at("03-18 18:00"));
}
