//! What the citizens of a group are told, and when.

use duly::case::Case;
use duly::desk::Cursor;
use duly::time::Moment;
use duly::words::*;

use super::{answer_of, assign, citizen, every, links, reached, reply, screen, update};
use crate::case;

fn whole_due(case: &Case) -> Moment {
    case.clock(ClockKind::Whole).unwrap().schedule.legal_due
}

// 并案: both citizens hear how far it is and what came of it, and the second case is struck off when its citizen has the answer.
#[test]
fn a26_every_citizen_of_a_group_is_told_the_answer() {
    every(
        |group| {
            assert!(group.merge(0, 1, 700).is_done());
            let survivor = group.case(1);
            assert!(survivor.followers().contains_key(&case("m01")));
            // The older message counts: received first, and due no later.
            assert_eq!(survivor.received_first(), group.case(0).received_at());
            assert!(survivor.received_at() > survivor.received_first());
            assert!(whole_due(&survivor) <= whole_due(&group.case(0)));
            group.does(1, Role::Intake, 710, screen());
            group.does(1, Role::Intake, 711, assign());
            group.does(1, Role::Owner, 720, update());
            let progress = |(_, what): &(EffectId, Telling)| match what {
                Telling::Progress { text } => group.words(0, text),
                _ => None,
            };
            let said: Vec<String> = group.told(0).iter().filter_map(progress).collect();
            assert_eq!(said, ["正在施工"]);
            group.does(1, Role::Owner, 730, reply());
            assert!(
                answer_of(&group.told(0)).is_none(),
                "told before it was reviewed"
            );
            group.does(1, Role::Reviewer, 740, Command::Review(Review::default()));
            let (_, theirs) = answer_of(&group.told(0)).unwrap();
            let (_, own) = answer_of(&group.told(1)).unwrap();
            assert_eq!(group.words(0, &theirs[0]).unwrap(), "路灯已修好");
            assert_ne!(theirs, own, "the same reference would be the same text");
            group.struck_off(1, 750);
            assert!(group.case(1).is_closed() && !group.case(0).is_closed());
            // What is erased in one case stays in the other.
            let erase = |n: usize, text: &TextRef| {
                let redact = Command::Redact {
                    fields: vec![text.clone()],
                    basis: "个人信息保护法第四十七条".into(),
                };
                group.does(n, Role::Supervisor, 760, redact);
            };
            erase(1, &own[0]);
            assert!(group.words(1, &own[0]).is_none() && group.words(0, &theirs[0]).is_some());
            group.deliver(0, 770);
            let closed = group.case(0);
            assert_eq!(closed.outcome(), Some(Outcome::Merged));
            assert_eq!(closed.follows(), Some(&case("m02")));
            erase(0, &theirs[0]);
            group.desk.verify().unwrap();
            // Nothing of it is left to do, and none of it was shown outside.
            assert_eq!(links(&group.desk), 0);
            let out = group.desk.outbox(&Cursor::start(), 1_000).unwrap().items;
            assert!(out.iter().all(|it| !it.is_link()));
        },
        2,
    );
}

// Not told is not told: a notice that did not reach anyone strikes nothing off; one that was told some other way does.
#[test]
fn a26_told_means_delivered() {
    every(
        |group| {
            group.merge(0, 1, 700).done().unwrap();
            group.reviewed(1, 710);
            group.struck_off(1, 720);
            let (effect, _) = answer_of(&group.told(0)).unwrap();
            let not = |instead: Option<&str>| Command::Undelivered {
                effect: effect.clone(),
                why: Text::from("号码已停机"),
                instead: instead.map(|it| it.parse().unwrap()),
            };
            group.does(0, Role::System, 730, not(None));
            assert!(!group.case(0).is_closed());
            assert!(group.case(0).next_alarm().is_some());
            group.does(0, Role::System, 740, not(Some("来信")));
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
        },
        2,
    );
}

// An answer that was taken back strikes nothing off; the next one does.
#[test]
fn a26_an_answer_that_was_taken_back_is_none() {
    every(
        |group| {
            group.merge(0, 1, 700).done().unwrap();
            group.reviewed(1, 710);
            group.deliver(0, 720);
            group.does(1, Role::Intake, 730, reached(Level::Unsatisfied));
            let told = group.told(0);
            assert!(
                told.iter().any(|(_, it)| *it == Telling::Retracted),
                "{told:?}"
            );
            group.does(1, Role::Owner, 740, reply());
            group.does(1, Role::Reviewer, 750, Command::Review(Review::default()));
            group.struck_off(1, 760);
            assert!(
                !group.case(0).is_closed(),
                "the answer that it had does not hold"
            );
            group.deliver(0, 770);
            assert!(group.case(0).is_closed());
        },
        2,
    );
}

// A citizen who was asked something answers it, whatever their case follows meanwhile; nothing waits for them then.
#[test]
fn a26_what_was_asked_can_be_answered_after_the_merge() {
    every(
        |group| {
            let question = Text::from("哪一盏");
            group.does(0, Role::Intake, 650, Command::AskCitizen { question });
            group.merge(0, 1, 700).done().unwrap();
            let answer = Text::from("村口那盏");
            group
                .go(0, citizen(0), 710, Command::Supplement { answer })
                .done()
                .unwrap();
            let whole = group.case(0);
            assert!(whole.clock(ClockKind::Whole).unwrap().is_running());
        },
        2,
    );
}

// Whoever comes late hears what was said already.
#[test]
fn a26_a_case_merged_after_the_answer_is_told_it() {
    every(
        |group| {
            group.reviewed(1, 700);
            group.merge(0, 1, 710).done().unwrap();
            assert!(answer_of(&group.told(0)).is_some());
            group.struck_off(1, 720);
            group.deliver(0, 730);
            assert!(group.case(0).is_closed());
        },
        2,
    );
}
