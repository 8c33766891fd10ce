//! Tells whoever the pack wants told when something happens.

use super::row;
use super::turn::Turn;
use crate::words::{ClockMark, Event, Facts, Reason, Why};

impl Turn<'_> {
    /// The notices of those marks that apply, in the order of the plan; each condition is read once, now.
    pub(super) fn notices(&self, marks: &[ClockMark]) -> Result<Vec<Event>, Why> {
        let (plan, case) = (self.plan(), self.case()?);
        let mut rules = plan
            .notices
            .iter()
            .filter(|rule| marks.contains(&rule.mark))
            .peekable();
        if rules.peek().is_none() {
            return Ok(Vec::new());
        }
        let facts = row(plan, case, &Facts::new());
        let class = plan.schema.index("class");
        let mut notices = Vec::new();
        for rule in rules {
            let reason = match &rule.when {
                None => Reason::plain(rule.rule.clone()),
                // A case that ends before it is screened has no class, and is none of those a condition on it means.
                Some(when)
                    if case.class.is_none()
                        && class.is_some_and(|at| when.diagram.reads().contains(&at)) =>
                {
                    continue;
                }
                Some(when) => match when.decide(&plan.schema, &facts) {
                    (true, reason) => reason,
                    (false, _) => continue,
                },
            };
            notices.push(Event::NoticeGiven {
                mark: rule.mark,
                title: rule.title.clone(),
                reason,
                to: rule.to.iter().map(|post| self.post(case, post)).collect(),
                citizen: rule.citizen,
                words: rule.words.clone(),
            });
        }
        Ok(notices)
    }
    /// Records them.
    pub(super) fn inform(&mut self, notices: Vec<Event>) -> Result<(), Why> {
        notices
            .into_iter()
            .try_for_each(|notice| self.by_rule(notice))
    }
}
