//! What an officer is told of an obligation.

use super::{About, Letter, Said, deed, erase, rung};
use crate::desk::Delivery;
use crate::duty::{Duty, DutyEffect, DutyNotice, DutyOutgoing, State};
use crate::plan::Plan;
use crate::report::{pick, term, wall};
use crate::time::Moment;
use crate::words::{DutyKind, Lang};

/// A delivery about an obligation in words: the obligation as it stands when the letter is made, and its plan. As [`letter`](super::letter()) of a case.
pub fn duty_letter(
    delivery: &Delivery<DutyOutgoing>,
    duty: &Duty,
    plan: &Plan,
    lang: Lang,
) -> Letter {
    let said = match &delivery.outgoing.effect {
        DutyEffect::Notify { what, .. } => said(what, duty, plan, lang),
        DutyEffect::Erase { fields } => erase(fields, lang),
    };
    let kind = term(lang, duty.kind().zh(), duty.kind().name());
    let comma = pick(lang, ",", ", ");
    let day = duty.of().map(|day| format!("{comma}{day}"));
    let of = duty.subject().map(|of| format!("{comma}{of}"));
    let line = format!(
        "{}{comma}{kind}{}{}",
        duty.id(),
        of.unwrap_or_default(),
        day.unwrap_or_default()
    );
    let about = About {
        plan,
        lang,
        id: duty.id().as_str(),
        line,
    };
    about.letter(&delivery.to, delivery.outgoing.at, said, &delivery.words)
}

fn said(what: &DutyNotice, duty: &Duty, plan: &Plan, lang: Lang) -> Said {
    let t = |zh: &str, en: &str| pick(lang, zh, en).to_owned();
    let kind = term(lang, duty.kind().zh(), duty.kind().name());
    let by = |due: Moment| Some(wall(due, plan.zone));
    let todo = match duty.kind() {
        DutyKind::Video => t(
            "请按时完成,并登记在何处可看",
            "do it in time, and say where it can be seen",
        ),
        DutyKind::Digest => t("请按时阅知", "read it in time"),
        DutyKind::Visit => t(
            "请按时走访,并登记何时见了谁",
            "visit in time, and say who was seen and when",
        ),
        DutyKind::Sweep | DutyKind::Inspection => t(
            "请按时完成,并登记应看多少、看了多少",
            "do it in time, and say how many there were and how many were seen",
        ),
    };
    let named = |round: Option<u32>| match (round, lang) {
        (None, _) => kind.clone(),
        (Some(n), Lang::Zh) => format!("{kind}第 {n} 期"),
        (Some(n), Lang::En) => format!("{kind}, round {n}"),
    };
    // A round that is over cannot be made up for: what there is to do is the one that is owed now.
    let over = |round: Option<u32>| {
        let now = duty.round().map(|round| round.number);
        duty.is_open() && round.is_some() && round != now
    };
    let missed = || {
        t(
            "那一期已漏,补不回来;本期仍要按时做",
            "that round is missed for good, and the present one is still owed",
        )
    };
    let rests = match (duty.state(), duty.round()) {
        (State::Resting(_), Some(round)) => {
            let next = wall(round.ends.plus(1), plan.zone);
            Some(match lang {
                Lang::Zh => format!("本期已完成,下一期从 {next} 开始"),
                Lang::En => format!("this round is done; the next begins at {next}"),
            })
        }
        _ => None,
    };
    let owed = duty.is_open().then(|| by(duty.due())).flatten();
    let (what, todo, until) = match what {
        // It is somebody else's now, and this round is done.
        DutyNotice::Imposed { .. } if rests.is_some() => (
            match lang {
                Lang::Zh => format!("{kind}由你负责"),
                Lang::En => format!("you owe {} {kind}", an(&kind)),
            },
            rests.unwrap_or_default(),
            None,
        ),
        DutyNotice::Imposed { due, .. } => (
            match lang {
                Lang::Zh => format!("{kind}由你负责"),
                Lang::En => format!("you owe {} {kind}", an(&kind)),
            },
            todo,
            by(*due),
        ),
        DutyNotice::Round { round, due, .. } => (
            match lang {
                Lang::Zh => format!("{}开始", named(Some(*round))),
                Lang::En => format!("{} begins", named(Some(*round))),
            },
            todo,
            by(*due),
        ),
        DutyNotice::ToAccept { link } => (
            match lang {
                Lang::Zh => format!("{kind}已完成,待认可"),
                Lang::En => format!("a {kind} waits to be accepted"),
            },
            match lang {
                Lang::Zh => format!("请查看 {link},认可或者写明理由退回"),
                Lang::En => format!("look at {link}; accept it, or send it back and say why"),
            },
            None,
        ),
        DutyNotice::Accepted => (
            match lang {
                Lang::Zh => format!("{kind}已获认可"),
                Lang::En => format!("the {kind} is accepted"),
            },
            t("无须再做什么", "nothing"),
            None,
        ),
        DutyNotice::SentBack { due, .. } => (
            match lang {
                Lang::Zh => format!("{kind}被退回"),
                Lang::En => format!("the {kind} was sent back"),
            },
            t(
                "请按以下意见改好后重新登记",
                "mend it as the words below say, and record it again",
            ),
            by(*due),
        ),
        DutyNotice::Excused => (
            match lang {
                Lang::Zh => format!("{kind}已免除"),
                Lang::En => format!("the {kind} need not be done"),
            },
            t("无须再做什么", "nothing"),
            None,
        ),
        DutyNotice::Rung { verb, title, round } => {
            let (name, of) = (rung(*verb, title, lang), named(*round));
            let missed = over(*round).then(missed);
            (
                match lang {
                    Lang::Zh if round.is_some() => format!("{of}:{name}"),
                    Lang::Zh => format!("{of}{name}"),
                    Lang::En => format!("{of}: {name}"),
                },
                match missed {
                    Some(missed) => {
                        format!("{}{}{missed}", deed(*verb, lang), pick(lang, "。", "; "))
                    }
                    None => deed(*verb, lang).to_owned(),
                },
                owed,
            )
        }
        DutyNotice::Overdue { occurrence, round } => (
            match (lang, round) {
                (Lang::Zh, Some(n)) => {
                    format!("{kind}从第 {n} 期起没有做(第 {occurrence} 次提醒)")
                }
                (Lang::En, Some(n)) => {
                    format!("{kind} not done since round {n} (reminder {occurrence})")
                }
                (Lang::Zh, None) => format!("{kind}仍超期(第 {occurrence} 次提醒)"),
                (Lang::En, None) => format!("{kind} still overdue (reminder {occurrence})"),
            },
            t("请督办,直到完成", "see to it until it is done"),
            owed,
        ),
        DutyNotice::Waits { occurrence } => (
            match lang {
                Lang::Zh => format!("{kind}仍待认可(第 {occurrence} 次提醒)"),
                Lang::En => format!("a {kind} still waits to be accepted (reminder {occurrence})"),
            },
            t("请认可或者退回", "accept it or send it back"),
            None,
        ),
    };
    Said { what, todo, until }
}

/// The article before a kind.
fn an(kind: &str) -> &'static str {
    match kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => "an",
        false => "a",
    }
}
