//! 公开视图, 说明: what everybody may read, and what the citizen is told, over everything that can happen to a case.

use std::collections::{BTreeMap, BTreeSet};

use duly::report::{
    Audience, Board, Explanation, PublicText, PublicView, ReasonNode, explanation, public,
};
use duly::words::*;
use proptest::prelude::*;

use super::{choices, config, persons, plans, play, steps};

/// Every private text of a history, by its reference.
fn texts(history: &super::History) -> BTreeMap<TextRef, Text> {
    let done = history
        .tried
        .iter()
        .filter_map(|it| it.answer.as_ref().ok());
    let all = done.flat_map(|decision| decision.private.iter());
    all.map(|it| (it.reference.clone(), it.text.clone()))
        .collect()
}

/// Every text that a view shows.
fn shown(view: &PublicView) -> Vec<&PublicText> {
    let mut all = Vec::new();
    for case in &view.cases {
        all.extend(&case.message);
        all.extend(
            case.answer
                .iter()
                .flat_map(|it| it.matters.iter().map(|it| &it.text)),
        );
        all.extend(case.promises.iter().filter_map(|it| it.action.as_ref()));
    }
    all
}

/// The references that were published with a review: a reading of its own.
fn cleared(records: &[Record]) -> BTreeSet<TextRef> {
    let mut draft: Vec<TextRef> = Vec::new();
    let mut cleared = BTreeSet::new();
    for record in records {
        match &record.event {
            Event::Replied {
                answers, promises, ..
            } => {
                let answers = answers.iter().map(|it| it.text.clone());
                draft = answers
                    .chain(promises.iter().map(|it| it.action.clone()))
                    .collect();
            }
            Event::Published { .. } => cleared.extend(draft.drain(..)),
            _ => {}
        }
    }
    cleared
}

fn reference(text: &PublicText) -> Option<&TextRef> {
    match text {
        PublicText::Reference(reference) => Some(reference),
        PublicText::Text(_) => None,
    }
}

fn bare(node: &ReasonNode) -> String {
    format!("{:?} {:?} {}", node.about, node.at, node.says)
}

/// The citizen's reasons, in their order, are among the officer's.
fn is_cut_from(citizen: &Explanation, officer: &Explanation) -> bool {
    let all: Vec<String> = officer.flat().into_iter().map(bare).collect();
    let mut rest = all.iter();
    citizen
        .flat()
        .into_iter()
        .map(bare)
        .all(|it| rest.any(|other| *other == it))
}

proptest! {
    #![proptest_config(config())]

    // 公开视图: no private text that was not published, no contact, no person, at any moment of any history.
    #[test]
    fn law5_the_public_view_shows_what_was_cleared_and_nobody(c in choices(), s in steps(60), part in 1usize..=4) {
        let plans = plans(&c);
        let history = play(&plans, &s);
        let texts = texts(&history);
        let records = &history.records[..history.records.len() * part / 4];
        let board = Board::fold(records, None).unwrap();
        let plan = &plans.latest().unwrap().plan;
        let view = public(&board, plan, &|_, _| None);
        let json = serde_json::to_string(&view).unwrap();
        for text in texts.values() {
            prop_assert!(!json.contains(text.as_str()), "`{}` leaked", text.as_str());
        }
        for person in persons() {
            prop_assert!(!json.contains(&format!("\"{}\"", person.id)), "`{}` leaked", person.id);
        }
        let cleared = cleared(records);
        for text in shown(&view) {
            prop_assert!(reference(text).is_some_and(|it| cleared.contains(it)), "not cleared: {}", text);
        }
        // With the words looked up, they are those and no others.
        let view = public(&board, plan, &|_, reference| texts.get(reference).cloned());
        let may: BTreeSet<&str> = cleared.iter().filter_map(|it| texts.get(it)).map(Text::as_str).collect();
        for text in shown(&view) {
            prop_assert!(matches!(text, PublicText::Text(words) if may.contains(words.as_str())));
        }
        // An answer stands where the last word on it was that it passed.
        let last = records.iter().rev().find_map(|it| match it.event {
            Event::Published { .. } => Some(true),
            Event::Returned { .. } | Event::Reopened { .. } => Some(false),
            _ => None,
        });
        for case in &view.cases {
            let withdrawn = case.outcome == Some(Outcome::Withdrawn);
            prop_assert_eq!(case.answer.is_some(), last == Some(true) && !withdrawn);
        }
    }

    // 说明: one tree of reasons, two readers. The citizen's is a part of the officer's, without persons, grounds and private words.
    #[test]
    fn the_citizen_is_told_a_part_of_what_officers_are_told(c in choices(), s in steps(60), part in 1usize..=4) {
        let plans = plans(&c);
        let history = play(&plans, &s);
        let records = &history.records[..history.records.len() * part / 4];
        let board = Board::fold(records, None).unwrap();
        let hand = plans.latest().unwrap();
        for file in board.files() {
            for lang in [Lang::Zh, Lang::En] {
                let of = |audience| explanation(file.history(), file.case(), &hand.plan, &hand.calendar, audience, lang);
                let (citizen, officer) = (of(Audience::Citizen), of(Audience::Officer));
                prop_assert!(is_cut_from(&citizen, &officer));
                prop_assert!(citizen.flat().iter().all(|it| it.inside.is_none()));
                let json = serde_json::to_string(&citizen).unwrap();
                for person in persons().iter().filter(|it| !["citizen", "system"].contains(&it.id.as_str())) {
                    prop_assert!(!json.contains(person.id.as_str()), "`{}` is named: {}", person.id, json);
                }
                if lang == Lang::En {
                    for text in texts(&history).values() {
                        prop_assert!(!json.contains(text.as_str()), "`{}` leaked", text.as_str());
                    }
                    for record in records {
                        if let Event::Returned { ground, .. } | Event::Reopened { ground, .. } = &record.event {
                            prop_assert!(!json.contains(ground.as_str()), "the ground `{}` is told", ground);
                        }
                    }
                }
                // Every record that is not about clocks is told to officers; of an open case, something is owed or waits.
                let told = officer.reasons.first().map_or(0, |it| it.below.len());
                let entries = records.iter().filter(|it| !it.event.is_of_clocks()).count();
                prop_assert!(told >= entries);
                let live = file.case().clocks().iter().filter(|it| it.is_live()).count();
                let limits = officer.reasons.iter().filter(|it| it.about == duly::report::About::Limit).count();
                prop_assert_eq!(limits, live);
            }
        }
    }
}
