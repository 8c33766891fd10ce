//! What a line expects of a part that the case is divided into: how it stands, or until when it is wanted.

use super::pick;
use super::read::{Entry, Malformed};
use super::story::Story;
use crate::case::{Case, SubState};

/// How a part stands, in English and in Chinese.
const STATES: [(&str, &str); 5] = [
    ("waiting", "待启动"),
    ("open", "在办"),
    ("ended", "已结"),
    ("not_opened", "未立件"),
    ("dropped", "已撤"),
];

const fn state(of: &SubState) -> (&'static str, &'static str) {
    match of {
        SubState::Waiting => STATES[0],
        SubState::Open => STATES[1],
        SubState::Ended { .. } => STATES[2],
        SubState::NotOpened => STATES[3],
        SubState::Dropped => STATES[4],
    }
}

/// `"part": "household", "is": "waiting"`, or `"part": "household", "due": "2026-03-11 18:00"`.
pub(super) fn part(story: &mut Story<'_>, entry: &Entry, case: &Case) -> Result<(), Malformed> {
    let said = entry.text("part").unwrap_or_default().to_owned();
    let sub = case.subs().iter().find(|(key, _)| key.as_str() == said);
    let Some((_, sub)) = sub else {
        let known: Vec<&str> = case.subs().keys().map(|key| key.as_str()).collect();
        let known = known.join(", ");
        let none = format!("the case has no part `{said}`; it has {known}");
        return Err(story.wrong(entry, "part", none));
    };
    let (en, zh) = state(&sub.state);
    let due = sub.plan.due;
    let wanted = story.moment(entry, "due")?;
    let is = entry.text("is").map(str::to_owned);
    if wanted.is_none() && is.is_none() {
        let names = STATES.map(|(en, zh)| format!("`{en}` ({zh})")).join(", ");
        let says = format!(
            "it does not say how the part stands or when it is due; write `\"due\": \"2026-03-11 18:00\"`, or `is` with one of {names}"
        );
        return Err(story.wrong(entry, "part", says));
    }
    if let Some(is) = is.filter(|is| ![en, zh].contains(&is.as_str())) {
        if !STATES
            .iter()
            .any(|(en, zh)| [*en, *zh].contains(&is.as_str()))
        {
            let names = STATES.map(|(en, zh)| format!("`{en}` ({zh})")).join(", ");
            let none = format!("a part does not stand `{is}`; write one of {names}");
            return Err(story.wrong(entry, "is", none));
        }
        let expected = pick(
            story.lang,
            format!("“{said}”{is}"),
            format!("`{said}` {is}"),
        );
        story.fails(entry, expected, pick(story.lang, zh, en), None);
    }
    if let Some(wanted) = wanted.filter(|wanted| due != Some(*wanted)) {
        let at = story.local(wanted);
        let expected = pick(
            story.lang,
            format!("“{said}”{at} 前办结"),
            format!("`{said}` wanted by {at}"),
        );
        let got = due.map_or_else(
            || pick(story.lang, "没有限期", "it has no day"),
            |due| story.local(due),
        );
        story.fails(entry, expected, got, None);
    }
    Ok(())
}
