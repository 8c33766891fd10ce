//! 说明: two readers of one tree.

use duly::report::{About, Audience, Board, Explanation, explanation};
use duly::words::*;

use crate::world::*;

fn told(w: &World, case: &str, audience: Audience, lang: Lang) -> Explanation {
    let board = Board::fold(&w.records, None).unwrap();
    let file = board.file(&id(case)).unwrap();
    let hand = w.plans.latest().unwrap();
    let (plan, calendar) = (&hand.plan, &hand.calendar);
    explanation(file.history(), file.case(), plan, calendar, audience, lang)
}

fn world() -> World {
    let mut w = World::new();
    w.opens("m1", "632521", "09-01 09:00");
    w.reaches("m1", "u-road", "09-01");
    w.does(
        "m1",
        (Role::Owner, "u-road-li"),
        "09-02 10:00",
        ask_extension(),
    );
    w.does(
        "m1",
        (Role::Leader, "le-1"),
        "09-02 11:00",
        grant_extension(),
    );
    w.replies("m1", "u-road", "09-03 10:00");
    w.fails("m1", "09-04 10:00");
    w
}

#[test]
fn it_reads_in_both_languages_for_both() {
    let w = world();
    for lang in [Lang::Zh, Lang::En] {
        for audience in [Audience::Officer, Audience::Citizen] {
            let name = format!("{audience:?}_{lang:?}").to_lowercase();
            insta::assert_snapshot!(name, told(&w, "m1", audience, lang).table().to_string());
        }
    }
}

/// The ground of a return is the office's own; whose rule a limit is, and where it stands, is the officer's.
#[test]
fn the_citizen_is_told_that_it_is_done_again_and_not_of_whom() {
    let w = world();
    let citizen = serde_json::to_string(&told(&w, "m1", Audience::Citizen, Lang::Zh)).unwrap();
    assert!(citizen.contains("答复不合要求,重新办理"), "{citizen}");
    for private in [
        "调查不清楚",
        "u-road-li",
        "re-1",
        "le-1",
        "in-1",
        "clock(redo)",
        "wang",
    ] {
        assert!(!citizen.contains(private), "{private} in {citizen}");
    }
    let officer = serde_json::to_string(&told(&w, "m1", Audience::Officer, Lang::Zh)).unwrap();
    for known in ["调查不清楚", "u-road-li", "re-1", "clock(redo).within"] {
        assert!(officer.contains(known), "{known} in {officer}");
    }
}

/// When it is due, and how that is reckoned, is told to both in the same words.
#[test]
fn a_limit_is_reckoned_for_both() {
    let w = world();
    let lines = |audience| -> Vec<String> {
        let told = told(&w, "m1", audience, Lang::Zh);
        let redo = told
            .reasons
            .iter()
            .find(|it| it.about == About::Limit && it.says.contains("重办"));
        redo.unwrap()
            .below
            .iter()
            .map(|it| it.says.clone())
            .collect()
    };
    assert!(lines(Audience::Citizen).len() > 2);
    assert_eq!(lines(Audience::Citizen), lines(Audience::Officer));
    let next = told(&w, "m1", Audience::Citizen, Lang::Zh);
    let next: Vec<&str> = next
        .flat()
        .into_iter()
        .filter(|it| it.about == About::Next)
        .map(|it| it.says.as_str())
        .collect();
    assert!(
        next[0].starts_with("u-road须重新办理并答复,最迟 "),
        "{next:?}"
    );
}

/// A citizen who is not satisfied reads that it is done again for that, whether they rated by themselves or said so on the phone; and that
/// the answer fell short where it was the reviewer who sent it back.
#[test]
fn what_goes_back_for_a_rating_is_told_so() {
    let rates = |w: &mut World| {
        let citizen = (Role::Citizen, "wang");
        w.does("m1", citizen, "09-03 10:00", rate(Level::Unsatisfied));
    };
    let phones = |w: &mut World| w.hears("m1", "09-03 10:00", Level::VeryUnsatisfied);
    for says in [&rates as &dyn Fn(&mut World), &phones] {
        let mut w = World::new();
        w.opens("m1", "632521", "09-01 09:00");
        w.reaches("m1", "u-road", "09-01");
        w.replies("m1", "u-road", "09-02 10:00");
        w.passes("m1", "09-02 11:00");
        says(&mut w);
        w.replies("m1", "u-road", "09-04 10:00");
        w.fails("m1", "09-04 11:00");
        for (lang, unsatisfied, short) in [
            (Lang::Zh, "网民不满意,重新办理", "答复不合要求,重新办理"),
            (
                Lang::En,
                "the citizen is not satisfied: it is done again",
                "the answer falls short: it is done again",
            ),
        ] {
            let told = told(&w, "m1", Audience::Citizen, lang);
            let again = told.flat().into_iter();
            let again = again.filter(|it| [unsatisfied, short].contains(&it.says.as_str()));
            let again: Vec<&str> = again.map(|it| it.says.as_str()).collect();
            assert_eq!(again, [unsatisfied, short]);
        }
    }
}

/// So does one who says it after the case was closed: it is opened again for that. Who asks for it to be opened again has not said so.
#[test]
fn what_is_opened_again_for_a_rating_is_told_so() {
    let w = september();
    let told = told(&w, "m06", Audience::Citizen, Lang::Zh);
    let says: Vec<&str> = told.flat().into_iter().map(|it| it.says.as_str()).collect();
    assert!(says.contains(&"网民不满意,重新打开"), "{says:?}");
    assert!(!says.contains(&"重新打开"), "{says:?}");
}
