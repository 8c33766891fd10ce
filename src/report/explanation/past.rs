//! Where it stands, and what brought it there.

use super::{About, Inside, ReasonNode};
use crate::report::timeline::Say;
use crate::words::{CommandId, Event, Lang, News, PauseSide, Reason, Record, StepFate, TextRef};

/// Where it stands, with everything that brought it there below.
pub(super) fn standing(say: &Say<'_>, history: &[Record]) -> ReasonNode {
    let case = say.case;
    let shown = say.term(case.shown().zh(), case.shown().name());
    let since = history.iter().rfind(|it| !it.event.is_of_clocks());
    let says = match case.outcome() {
        Some(outcome) => {
            let outcome = say.term(outcome.zh(), outcome.name());
            let text = say.pick("留言显示", "the message is shown as");
            let ended = say.pick(",结果:", "; it ended:");
            format!("{text} {shown}{ended} {outcome}")
        }
        None => format!(
            "{} {shown}",
            say.pick("留言显示", "the message is shown as")
        ),
    };
    let stage = case.stage_name();
    let inside = Inside {
        full: Some(say.term(stage.zh(), stage.name())),
        who: case
            .team()
            .map(|team| format!("{} {}", team.unit, team.owner)),
        ..Inside::default()
    };
    // The command by which the citizen said last that they are not satisfied: what goes back by the same one goes back for that, whatever
    // clocks and notices are recorded in between.
    let mut unsatisfied: Option<&CommandId> = None;
    let mut below = Vec::new();
    for record in history {
        let displeased = unsatisfied.is_some() && record.command.as_ref() == unsatisfied;
        below.extend(happened(say, record, displeased));
        if let Event::Rated { rating, .. } = &record.event {
            unsatisfied = record.command.as_ref().filter(|_| rating.is_unsatisfied());
        }
    }
    ReasonNode::new(About::Standing, since.map(|it| it.at), says)
        .inside(inside)
        .below(below)
}

/// What one record has to do with it; nothing, where it is bookkeeping.
fn happened(say: &Say<'_>, record: &Record, displeased: bool) -> Option<ReasonNode> {
    let fired = matches!(
        record.event,
        Event::StepTaken {
            fate: StepFate::Fired { .. },
            ..
        }
    );
    if record.event.is_of_clocks() && !fired {
        return None;
    }
    let inside = Inside {
        who: Some(say.who(record)),
        full: Some(say.event(&record.event)),
        ..Inside::default()
    };
    let inside = inside.decided(say.plan, reasons(&record.event));
    let shared = for_both(say, &record.event, displeased);
    let internal = shared.is_none();
    // What is the office's own is told in its own words, and not twice.
    let (says, inside) = match shared {
        Some(says) => (says, inside),
        None => (
            say.event(&record.event),
            Inside {
                full: None,
                ..inside
            },
        ),
    };
    let node = ReasonNode::new(About::Past, Some(record.at), says);
    Some(node.inside(inside).internal(internal))
}

/// The rules that decided an event.
fn reasons(event: &Event) -> Vec<&Reason> {
    match event {
        Event::Returned { gates, .. } => gates.iter().map(|gate| &gate.reason).collect(),
        Event::NoticeGiven { reason, .. } => vec![reason],
        Event::StepTaken {
            fate: StepFate::Skipped { reason },
            ..
        } => vec![reason],
        _ => Vec::new(),
    }
}

/// What happened, in a sentence for the citizen as well: without persons, without the office's own grounds. None: it is the office's own
/// business.
fn for_both(say: &Say<'_>, event: &Event, displeased: bool) -> Option<String> {
    let text = |zh: &str, en: &str| Some(say.pick(zh, en).to_owned());
    match event {
        Event::Opened { .. } => text("留言已收到", "the message was received"),
        Event::Imported { case, .. } => Some(format!(
            "{} {}",
            say.pick(
                "留言从另一系统接续办理,此前经过未经本系统见证;收到于",
                "the message was taken over from another system, and what came before was not witnessed here; it was received",
            ),
            say.at(case.received)
        )),
        Event::Screened { class, .. } => {
            let class = say.term(class.zh(), class.name());
            Some(format!(
                "{} {class}",
                say.pick("留言已受理,类别是", "it was accepted, as")
            ))
        }
        Event::AskedCitizen { until, .. } => Some(format!(
            "{} {}",
            say.pick(
                "请网民补充,最迟等到",
                "the citizen was asked to complete it; it waits at most until"
            ),
            say.at(*until)
        )),
        Event::Supplemented { .. } => text("网民已补充", "the citizen completed it"),
        Event::Declined { ground, .. } => {
            let ground = say.term(ground.zh(), ground.name());
            let why = say.pick(
                "不予受理,已告知去处:",
                "it is not for this board, and where to go was told:",
            );
            Some(format!("{why} {ground}"))
        }
        Event::Merged { .. } => text(
            "与同一诉求的另一件并案办理",
            "it is handled with another message about the same",
        ),
        Event::Unmerged { .. } => text(
            "不再与另一件并案,单独办理",
            "it is handled by itself again, no longer with the other message",
        ),
        Event::Relayed { news, .. } => relayed(say, news),
        Event::Assigned { unit, .. } | Event::Transferred { unit, .. } => Some(format!(
            "{} {unit}",
            say.pick("已交办给", "it was given to")
        )),
        Event::Ruled { unit, .. } => Some(format!(
            "{} {unit}",
            say.pick("明确由谁办理:", "it was settled who handles it:")
        )),
        Event::Signed { .. } => text("承办单位已收件", "the unit has it"),
        Event::Paused {
            side: side @ (PauseSide::Citizen | PauseSide::Statutory),
            until,
            ..
        } => {
            let side = say.pick(
                match side {
                    PauseSide::Citizen => "计时停下,等网民",
                    _ => "计时停下,法定程序不计时",
                },
                match side {
                    PauseSide::Citizen => "the time stands still, waiting for the citizen,",
                    _ => "the time stands still, as the law excludes it,",
                },
            );
            let at_most = say.pick("最迟到", "until at most");
            Some(format!("{side} {at_most} {}", say.at(*until)))
        }
        Event::ExtensionGranted { clock, span, .. } => {
            let (clock, span) = (say.kind(*clock), say.span(span));
            let text = say.pick("延长", "is longer by");
            Some(format!("{clock} {text} {span}"))
        }
        Event::ExtensionLapsed { clock } => {
            let text = say.pick(
                "延长不算数,网民没有及时得到告知",
                "is not longer: the citizen was not told in time",
            );
            Some(format!("{} {text}", say.kind(*clock)))
        }
        Event::Updated { .. } => text("已告知进展", "the citizen was told how far it is"),
        Event::Replied { .. } => text(
            "承办单位已写好答复,须另一人审核后才公布",
            "the unit has written its answer; another person reviews it before it is published",
        ),
        Event::PassedFirst { .. } => text(
            "答复已经初审,复审后才公布",
            "the answer passed the first of two reviews",
        ),
        Event::Published { .. } => text(
            "答复已审核公布",
            "the answer passed review and is published",
        ),
        Event::Returned { .. } if displeased => text(
            "网民不满意,重新办理",
            "the citizen is not satisfied: it is done again",
        ),
        Event::Returned { .. } => text(
            "答复不合要求,重新办理",
            "the answer falls short: it is done again",
        ),
        Event::CalledBack { reached: true, .. } => {
            text("已回访网民", "the citizen was called back")
        }
        Event::CalledBack { .. } => text("回访未联系上网民", "the citizen could not be reached"),
        Event::Rated { rating, .. } => Some(format!(
            "{} {}",
            say.pick("评价:", "rated:"),
            say.rating(*rating)
        )),
        Event::Committed { promise } => Some(format!(
            "{} {}",
            say.pick("作出承诺,期限", "a promise was made, for"),
            promise.by_date
        )),
        Event::Fulfilled { .. } => text("承诺已兑现", "a promise was kept"),
        Event::Rechecked { .. } => text(
            "未参与办理的人复核通过",
            "somebody who had no part in it has checked it",
        ),
        Event::MatterStruckOff { matter, outcome } => {
            let outcome = say.term(outcome.zh(), outcome.name());
            Some(match say.lang {
                Lang::Zh => format!("事项 {matter} 办结:{outcome}"),
                Lang::En => format!("matter {matter} is closed: {outcome}"),
            })
        }
        Event::StruckOff { outcome, .. } => {
            let outcome = say.term(outcome.zh(), outcome.name());
            Some(format!(
                "{} {outcome}",
                say.pick("已销账:", "it is closed:")
            ))
        }
        Event::Reopened { .. } if displeased => text(
            "网民不满意,重新打开",
            "the citizen is not satisfied: it is opened again",
        ),
        Event::Reopened { .. } => text("重新打开", "it is opened again"),
        Event::Withdrawn { .. } => text("网民已撤回", "the citizen withdrew it"),
        Event::NoticeGiven {
            citizen: true,
            words,
            ..
        } => Some(format!(
            "{} {words}",
            say.pick("告知网民:", "the citizen was told:")
        )),
        _ => None,
    }
}

/// What the citizen was told of the case that theirs was merged into.
fn relayed(say: &Say<'_>, news: &News<TextRef>) -> Option<String> {
    let text = |zh: &str, en: &str| Some(say.pick(zh, en).to_owned());
    match news {
        // Said of parts alone.
        News::NotOpened | News::Question { .. } => None,
        News::Progress { .. } => text(
            "已告知并案办理的进展",
            "the citizen was told how far the merged matter is",
        ),
        News::Extended { due: Some(due), .. } => Some(format!(
            "{} {}",
            say.pick(
                "并案办理的期限延长,已告知,延到",
                "the merged matter takes longer, and the citizen was told until when:"
            ),
            say.at(*due)
        )),
        News::Extended { due: None, .. } => text(
            "并案办理的期限延长,已告知",
            "the merged matter takes longer, and the citizen was told",
        ),
        News::Answer { .. } => text(
            "并案办理的答复已审核公布,并转告网民",
            "the answer to the merged matter is published, and was told to the citizen",
        ),
        News::Retracted => text(
            "并案办理的答复已收回,重新办理",
            "the answer to the merged matter was taken back: it is done again",
        ),
        News::Reopened => text(
            "并案办理的诉求重新打开",
            "the merged matter is opened again",
        ),
        // The citizen is told of the end of their own case.
        News::Ended { .. } => None,
    }
}
