//! What an officer is told of an obligation.

use super::{About, Letter, Said, deed, erase, rung};
use crate::desk::Delivery;
use crate::duty::{Duty, DutyEffect, DutyNotice, DutyOutgoing};
use crate::plan::Plan;
use crate::report::{pick, term, wall};
use crate::time::Moment;
use crate::words::Lang;

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
    let line = format!("{}{comma}{kind}{}", duty.id(), day.unwrap_or_default());
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
    let accepted = duty.kind().is_accepted();
    let todo = match accepted {
        true => t(
            "请按时完成,并登记在何处可看",
            "do it in time, and say where it can be seen",
        ),
        false => t("请按时阅知", "read it in time"),
    };
    let owed = duty.is_open().then(|| by(duty.due())).flatten();
    let (what, todo, until) = match what {
        DutyNotice::Imposed { due, .. } => (
            match lang {
                Lang::Zh => format!("{kind}由你负责"),
                Lang::En => format!("you owe a {kind}"),
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
        DutyNotice::Rung { verb, title } => {
            let name = rung(*verb, title, lang);
            (
                match lang {
                    Lang::Zh => format!("{kind}{name}"),
                    Lang::En => format!("{kind}: {name}"),
                },
                deed(*verb, lang).to_owned(),
                owed,
            )
        }
        DutyNotice::Overdue { occurrence } => (
            match lang {
                Lang::Zh => format!("{kind}仍超期(第 {occurrence} 次提醒)"),
                Lang::En => format!("{kind} still overdue (reminder {occurrence})"),
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
