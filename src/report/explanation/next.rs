//! Who owes what next.

use super::limits::for_citizen;
use super::{About, Inside, ReasonNode};
use crate::case::{Clock, ClockState};
use crate::report::timeline::Say;
use crate::words::{ClockKind, Lang, StageName};

/// What somebody owes by a clock that runs, the first due first. Of an open case there is always something, unless all waits.
pub(super) fn next(say: &Say<'_>) -> Vec<ReasonNode> {
    let mut running: Vec<&Clock> = say.case.clocks().iter().collect();
    running.retain(|clock| clock.state == ClockState::Running);
    running.sort_by_key(|clock| (clock.schedule.legal_due, clock.key));
    running.into_iter().map(|clock| owed(say, clock)).collect()
}

fn owed(say: &Say<'_>, clock: &Clock) -> ReasonNode {
    let kind = clock.key.kind;
    let team = say.case.team();
    let office = say.pick("受理岗", "the intake office").to_owned();
    let citizen = say.pick("网民", "the citizen").to_owned();
    let supervision = say.pick("督查", "supervision").to_owned();
    let unit = team.map_or_else(|| office.clone(), |team| team.unit.to_string());
    let t = |zh: &'static str, en: &'static str| say.pick(zh, en);
    let in_review = say.case.stage_name() == StageName::Replied;
    let (who, what) = match kind {
        // The draft is there, and the limit runs until the answer has gone out.
        ClockKind::Reply | ClockKind::SubReply | ClockKind::Redo if in_review => (
            t("审核人", "the reviewer").to_owned(),
            t(
                "须让答复通过并发出,或者退回",
                "has the answer go out, or sends it back",
            ),
        ),
        ClockKind::Screen => (office, t("须受理", "screens it")),
        ClockKind::Acknowledge => (
            office,
            t("须告知网民已收到", "tells the citizen that it was received"),
        ),
        ClockKind::Waiting => (citizen, t("可补充", "may complete it")),
        ClockKind::Assign => (office, t("须交办", "gives it to a unit")),
        ClockKind::Sign => (unit, t("须签收", "signs for it")),
        ClockKind::Object => (unit, t("可退单", "may say that it is not theirs")),
        ClockKind::Rule => (supervision, t("须裁定由谁办", "settles who handles it")),
        ClockKind::Reply => (unit, t("须答复", "answers")),
        ClockKind::Redo => (unit, t("须重新办理并答复", "does it again and answers")),
        ClockKind::Ownership => (unit, t("承办人须办出结果", "brings it to a result")),
        ClockKind::SubReply => (unit, t("的下级单位须答复", "has the unit below it answer")),
        ClockKind::CoReply => (
            unit,
            t(
                "的协办单位须交来结果",
                "has the co-handler deliver its part",
            ),
        ),
        ClockKind::Update => (unit, t("须告知进展", "tells the citizen how far it is")),
        ClockKind::Review => (
            t("审核人", "the reviewer").to_owned(),
            t("须审核答复", "reviews the answer"),
        ),
        ClockKind::FirstReview => (
            t("初审人", "the first reviewer").to_owned(),
            t("须初审答复", "takes the first review"),
        ),
        ClockKind::CallBack => (office, t("须回访网民", "calls the citizen back")),
        ClockKind::Rating => (citizen, t("可评价", "may rate")),
        ClockKind::Recheck => (
            t("未参与办理的人", "somebody who had no part in it").to_owned(),
            t("须复核", "checks it"),
        ),
        ClockKind::Track => (unit, t("须向督查报告进展", "reports to supervision")),
        ClockKind::Commitment => (unit, t("须兑现承诺", "keeps its promise")),
        ClockKind::Whole => (
            t("这件事", "the matter").to_owned(),
            t("须办到销账", "is brought to its end"),
        ),
    };
    let due = say.at(clock.schedule.promised_due);
    let says = match say.lang {
        Lang::Zh => format!("{who}{what},最迟 {due}"),
        Lang::En => format!("{who} {what}, at the latest at {due}"),
    };
    let of_unit = matches!(
        kind,
        ClockKind::Sign
            | ClockKind::Reply
            | ClockKind::Redo
            | ClockKind::Update
            | ClockKind::Ownership
            | ClockKind::Track
            | ClockKind::Commitment
    );
    let inside = Inside {
        who: team.filter(|_| of_unit).map(|team| team.owner.to_string()),
        full: Some(say.clock(clock.key)),
        ..Inside::default()
    };
    ReasonNode::new(About::Next, Some(clock.schedule.promised_due), says)
        .internal(!for_citizen(kind))
        .inside(inside)
}
