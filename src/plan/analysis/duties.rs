//! Obligations that are no cases, and their ladders.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::clocks::{compare, order};
use super::{PlanFault, sized};
use crate::plan::{DutyRule, On, Plan};
use crate::time::Span;
use crate::words::{DutyKind, Role};

pub(super) fn check(plan: &Plan, faults: &mut Vec<PlanFault>) {
    let mut seen = BTreeSet::new();
    for duty in &plan.duties {
        let kind = duty.kind;
        let mut wrong = |what| faults.push(PlanFault::Duty { kind, what });
        if !seen.insert(kind) {
            wrong(("is declared twice", "写了两次"));
        }
        if !sized(&duty.within) {
            wrong((
                "has a limit of no length, or of more than ten years",
                "的时限没有长度,或者超过十年",
            ));
        }
        if let Some(what) = recurring(duty) {
            wrong(what);
        }
        let posts: BTreeSet<&String> = duty.owed_by.iter().collect();
        let many = duty.owed_by.len();
        if many == 0 || posts.len() != many || (kind != DutyKind::Digest && many != 1) {
            wrong((
                "is owed by nobody, by a post twice, or by several where one answers for it",
                "没有写由谁承担、同一岗位写了两次,或者该由一个岗位承担的写了几个",
            ));
        }
        // Whoever accepts it does not owe it; neither do the citizen and the machinery.
        let never = |role: Role| match role {
            Role::Citizen | Role::System => true,
            Role::Supervisor => kind.is_accepted(),
            _ => false,
        };
        let roles = duty.owed_by.iter().filter_map(|post| plan.post(post)?.role);
        if roles.into_iter().any(never) {
            wrong((
                "is owed by a post that cannot owe it: not the citizen, not the system, and not supervision where supervision accepts it",
                "由不能承担的岗位承担:网民、系统都不行;要由督查办认可的,督查办自己也不行",
            ));
        }
        if let Some(what) = ladder(duty) {
            wrong(what);
        }
    }
}

/// What is wrong with how often it is owed.
fn recurring(duty: &DutyRule) -> Option<(&'static str, &'static str)> {
    let Some(every) = &duty.every else {
        return duty.kind.recurs().then_some((
            "recurs, and how often is not said",
            "是一期一期做的,没有写多久一期",
        ));
    };
    if !duty.kind.recurs() {
        return Some(("is owed once, and has a period", "只做一次,不能写多久一期"));
    }
    // Whole days at the least, so that a board that slept for years has no more rounds to record than days went by.
    let dated = matches!(
        every,
        Span::WorkingDays(_)
            | Span::CalendarDays(_)
            | Span::Weeks(_)
            | Span::Months(_)
            | Span::Years(_)
    );
    if !dated || !sized(every) {
        return Some((
            "has a period that is not a number of days, weeks, months or years, or is longer than ten years",
            "的一期不是若干天、周、月、年,或者超过十年",
        ));
    }
    if compare(&duty.within, every).is_some_and(Ordering::is_gt) {
        return Some(("gives more time than a period has", "给的时间比一期还长"));
    }
    if !duty.channels.is_empty() {
        return Some((
            "is published nowhere, and has channels",
            "不对外发布,不能写在何处发布",
        ));
    }
    let share = |on: &On| matches!(on, On::Share(_));
    if duty.rungs.iter().any(|rung| share(&rung.on)) {
        return Some((
            "has a rung at a share of a round; rounds have dates, so say how long before or after",
            "的催办按一期的百分之几算;一期有日期,请写到期前、逾期多久",
        ));
    }
    None
}

/// What is wrong with the ladder first.
fn ladder(duty: &DutyRule) -> Option<(&'static str, &'static str)> {
    let mut seen = BTreeSet::new();
    let mut last: Option<&On> = None;
    for rung in &duty.rungs {
        // The machine itself has rungs of those names.
        if !seen.insert(&rung.key) || ["accept", "round"].contains(&rung.key.as_str()) {
            return Some(("has two rungs of one key", "的催办有两级同名"));
        }
        let sane = match &rung.on {
            On::Before(span) | On::After(span) => sized(span),
            On::At => true,
            On::Share(percent) => (1..=99).contains(percent),
            On::Every { span, most } => sized(span) && (1..=100).contains(most),
        };
        if !sane || rung.acts.is_empty() {
            return Some((
                "has a rung that does nothing, or repeats without a distance or an end",
                "的催办有一级什么也不做,或者没有间隔、没有尽头",
            ));
        }
        if rung.when.is_some() {
            return Some((
                "has a rung with a condition, and there is no case whose facts it could read",
                "的催办带了条件,没有哪一件的事实可读",
            ));
        }
        let early = |lead| compare(&duty.within, lead).is_some_and(Ordering::is_le);
        if matches!(&rung.on, On::Before(lead) if early(lead)) {
            return Some((
                "has a rung that comes before it is imposed",
                "的催办有一级早于下达",
            ));
        }
        if last.is_some_and(|last| order(last, &rung.on).is_some_and(Ordering::is_gt)) {
            return Some(("has rungs out of the order of time", "的催办没有按先后写"));
        }
        last = Some(&rung.on);
    }
    None
}
