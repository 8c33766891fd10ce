//! What an officer is told of an obligation.

use super::{About, Letter, Said, deed, erase, rung};
use crate::desk::Delivery;
use crate::duty::{Duty, DutyEffect, DutyNotice, DutyOutgoing, State};
use crate::plan::Plan;
use crate::report::{pick, term, wall};
use crate::time::Moment;
use crate::words::{Addressee, DutyKind, Lang, Role};

/// A delivery about an obligation in words: the obligation as it stands when the letter is made, and its plan. As [`letter`](super::letter()) of a case.
/// What there is to do, and until when, is as it stands then: of what was done, excused or overtaken by another round meanwhile, it says so.
pub fn duty_letter(
    delivery: &Delivery<DutyOutgoing>,
    duty: &Duty,
    plan: &Plan,
    lang: Lang,
) -> Letter {
    let said = match &delivery.outgoing.effect {
        DutyEffect::Notify { to, what } => said(to, what, duty, plan, lang),
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

fn said(to: &Addressee, what: &DutyNotice, duty: &Duty, plan: &Plan, lang: Lang) -> Said {
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
    let stands = standing(duty, plan, lang);
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
    let missed = || match &stands {
        Some(stands) => match lang {
            Lang::Zh => format!("那一期已漏,补不回来;{stands}"),
            Lang::En => format!("that round is missed for good; {stands}"),
        },
        None => t(
            "那一期已漏,补不回来;本期仍要按时做",
            "that round is missed for good, and the present one is still owed",
        ),
    };
    // Of a round that is over, whether it was done or not.
    let before = || match (&stands, duty.round()) {
        (Some(stands), _) => match lang {
            Lang::Zh => format!("那一期已经结束;{stands}"),
            Lang::En => format!("that round is over; {stands}"),
        },
        (None, Some(now)) => match lang {
            Lang::Zh => format!("那一期已经结束;现在要做的是第 {} 期:{todo}", now.number),
            Lang::En => format!(
                "that round is over; what is owed now is round {}: {todo}",
                now.number
            ),
        },
        (None, None) => todo.clone(),
    };
    let owed = matches!(duty.state(), State::Owed {})
        .then(|| by(duty.due()))
        .flatten();
    let accept = || t("请认可或者退回", "accept it or send it back");
    // What waits to be accepted waits for supervision, whatever it was that they were told of it.
    let for_them = matches!(duty.state(), State::Submitted(_)) && to.role == Some(Role::Supervisor);
    let as_it_stands = |todo: String| match for_them {
        true => accept(),
        false => stands.clone().unwrap_or(todo),
    };
    let if_it_waits = |todo: String| match duty.state() {
        State::Done(_) | State::Excused(_) => as_it_stands(todo),
        State::Owed {} if duty.sent_back() > 0 => t(
            "已经退回,等待改好后重新登记;现在无须再做什么",
            "nothing for now: it was sent back, and is to be recorded again",
        ),
        _ => todo,
    };
    let (what, todo, until) = match what {
        DutyNotice::Imposed { .. } => (
            match lang {
                Lang::Zh => format!("{kind}由你负责"),
                Lang::En => format!("you owe {} {kind}", an(&kind)),
            },
            as_it_stands(todo.clone()),
            owed,
        ),
        DutyNotice::Round { round, .. } => (
            match lang {
                Lang::Zh => format!("{}开始", named(Some(*round))),
                Lang::En => format!("{} begins", named(Some(*round))),
            },
            match over(Some(*round)) {
                true => before(),
                false => as_it_stands(todo.clone()),
            },
            owed,
        ),
        DutyNotice::ToAccept { link } => (
            match lang {
                Lang::Zh => format!("{kind}已完成,待认可"),
                Lang::En => format!("a {kind} waits to be accepted"),
            },
            if_it_waits(match lang {
                Lang::Zh => format!("请查看 {link},认可或者写明理由退回"),
                Lang::En => format!("look at {link}; accept it, or send it back and say why"),
            }),
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
        DutyNotice::SentBack { .. } => (
            match lang {
                Lang::Zh => format!("{kind}被退回"),
                Lang::En => format!("the {kind} was sent back"),
            },
            as_it_stands(t(
                "请按以下意见改好后重新登记",
                "mend it as the words below say, and record it again",
            )),
            owed,
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
                match (missed, &stands) {
                    (Some(missed), Some(_)) => missed,
                    (Some(missed), None) => {
                        format!("{}{}{missed}", deed(*verb, lang), pick(lang, "。", "; "))
                    }
                    (None, _) => as_it_stands(deed(*verb, lang).to_owned()),
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
            as_it_stands(t("请督办,直到完成", "see to it until it is done")),
            owed,
        ),
        DutyNotice::Waits { occurrence } => (
            match lang {
                Lang::Zh => format!("{kind}仍待认可(第 {occurrence} 次提醒)"),
                Lang::En => format!("a {kind} still waits to be accepted (reminder {occurrence})"),
            },
            if_it_waits(accept()),
            None,
        ),
    };
    Said { what, todo, until }
}

/// How it stands, where there is nothing to do about it at present.
fn standing(duty: &Duty, plan: &Plan, lang: Lang) -> Option<String> {
    let t = |zh: &str, en: &str| Some(pick(lang, zh, en).to_owned());
    match (duty.state(), duty.round()) {
        (State::Owed {}, _) => None,
        (State::Submitted(_), _) => t(
            "已经登记完成,等待认可;现在无须再做什么",
            "nothing for now: it is recorded as done, and waits to be accepted",
        ),
        (State::Resting(_), Some(round)) => {
            let next = wall(round.ends.plus(1), plan.zone);
            Some(match lang {
                Lang::Zh => format!("本期已完成,下一期从 {next} 开始"),
                Lang::En => format!("this round is done; the next begins at {next}"),
            })
        }
        (State::Done(_) | State::Resting(_), _) => {
            t("已经完成,无须再做什么", "nothing: it is done")
        }
        (State::Excused(_), _) => t("已经免除,无须再做什么", "nothing: it need not be done"),
    }
}

/// The article before a kind.
fn an(kind: &str) -> &'static str {
    match kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => "an",
        false => "a",
    }
}
