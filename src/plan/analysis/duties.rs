//! Obligations that are no cases, and their ladders.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::clocks::{compare, order};
use super::{PlanFault, sized};
use crate::plan::{DutyRule, On, Plan};
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
        let posts: BTreeSet<&String> = duty.owed_by.iter().collect();
        let many = duty.owed_by.len();
        if many == 0 || posts.len() != many || (kind == DutyKind::Video && many != 1) {
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

/// What is wrong with the ladder first.
fn ladder(duty: &DutyRule) -> Option<(&'static str, &'static str)> {
    let mut seen = BTreeSet::new();
    let mut last: Option<&On> = None;
    for rung in &duty.rungs {
        // The machine itself has a rung of that name.
        if !seen.insert(&rung.key) || rung.key == "accept" {
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
