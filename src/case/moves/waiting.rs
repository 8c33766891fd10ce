//! What holds up clocks: pausing (中止), excluding (扣除) and extending (延期) are three different things, each with its own bound.

use super::super::ask::Ask;
use super::super::clocks::calendar;
use super::super::model::Case;
use super::super::stages::Clock;
use super::handling::{Handling, its_owner};
use crate::plan::{ExtensionRule, PauseKind, PauseRule, Plan, SUPPLEMENT};
use crate::time::{Moment, Span, Term};
use crate::words::{Bound, ClockKind, Deed, Event, PauseSide, Role, Text, Thing, Why};

impl Handling<'_> {
    /// 中止计时.
    pub fn pause(
        self,
        ask: &mut Ask<'_>,
        reason: &str,
        evidence: &Text,
    ) -> Result<Vec<Event>, Why> {
        its_owner(self.team, ask)?;
        let plan = ask.plan();
        // Waiting for an answer to a question is begun by asking it.
        let may = |rule: &&PauseRule| rule.kind == PauseKind::Waits && rule.reason != SUPPLEMENT;
        let Some(rule) = plan.pause(reason).filter(may) else {
            return Err(Why::NotListed {
                what: Thing::PauseReasons,
                given: reason.to_owned(),
                known: reasons(plan, may),
            });
        };
        if rule.side == PauseSide::Citizen {
            self.case.citizen_can_answer()?;
        }
        let same = self
            .case
            .pauses
            .iter()
            .filter(|pause| pause.reason == reason);
        if same.clone().any(|pause| pause.ended.is_none()) {
            return Err(Why::Already {
                what: Thing::Pause(reason.to_owned()),
            });
        }
        if same.count() as u32 >= rule.times {
            return Err(Why::Bound {
                what: Thing::Pause(reason.to_owned()),
                bound: Bound::Times(rule.times),
            });
        }
        let what = Thing::Pause(reason.to_owned());
        ask.only_when(self.case, rule.when.as_ref(), what)?;
        let until = ask.after(&rule.most)?;
        let evidence = ask.text("evidence", evidence)?;
        Ok(vec![Event::Paused {
            reason: reason.to_owned(),
            side: rule.side,
            evidence,
            until,
            holds: rule.holds.clone(),
        }])
    }

    /// 恢复计时.
    pub fn resume(self, ask: &mut Ask<'_>, reason: &str) -> Result<Vec<Event>, Why> {
        its_owner(self.team, ask)?;
        if !self
            .case
            .pauses
            .iter()
            .any(|pause| pause.reason == reason && pause.ended.is_none())
        {
            return Err(Why::NothingPending {
                what: Thing::Pause(reason.to_owned()),
            });
        }
        Ok(vec![Event::Resumed {
            reason: reason.to_owned(),
            lapsed: false,
        }])
    }

    /// 申请延期.
    pub fn ask_extension(
        self,
        ask: &mut Ask<'_>,
        kind: ClockKind,
        span: &Span,
        reason: &Text,
    ) -> Result<Vec<Event>, Why> {
        its_owner(self.team, ask)?;
        let plan = ask.plan();
        let clock = self
            .case
            .clock(kind)
            .filter(|clock| clock.is_live())
            .ok_or(Why::NoClock { clock: kind })?;
        let rule = extension_rule(plan, kind)?;
        if self.case.asked.is_some() || self.case.granted.is_some() {
            return Err(Why::Already {
                what: Thing::Extension(kind),
            });
        }
        ask.only_when(self.case, rule.when.as_ref(), Thing::Extension(kind))?;
        if span.is_zero() {
            return Err(Why::Blank {
                what: Thing::Field("span".into()),
            });
        }
        within_bounds(self.case, ask, clock, rule, span)?;
        in_time(self.case, ask, clock)?;
        let mut longer = clock.term.clone();
        longer.extensions.push(span.clone());
        self.case.not_past_main(ask, clock, &longer)?;
        // Of a clock that waits as well: no pause opens again an hour that has passed. A limit that ends at midnight ends on the date
        // before it.
        if let Some(due) = due_with(self.case, ask, clock, &clock.term)? {
            let last = due.plus(-1).date(plan.zone);
            let hour = rule
                .ask_before
                .map(|hour| plan.zone.first(last.and_time(hour)));
            let until = hour.map_or(due, |hour| hour.min(due));
            if ask.at > until {
                let what = Thing::Extension(kind);
                return Err(Why::TooLate { what, until });
            }
        }
        let reason = ask.text("reason", reason)?;
        Ok(vec![Event::ExtensionAsked {
            clock: kind,
            span: span.clone(),
            reason,
        }])
    }

    /// 批准延期.
    pub fn grant_extension(
        self,
        ask: &mut Ask<'_>,
        kind: ClockKind,
        told: &Text,
    ) -> Result<Vec<Event>, Why> {
        let Some(asked) = self.case.asked.as_ref().filter(|asked| asked.clock == kind) else {
            return Err(Why::NothingPending {
                what: Thing::Extension(kind),
            });
        };
        ask.apart_from(&asked.by, Deed::Asked)?;
        ask.apart_from(&self.case.handlers, Deed::Handled)?;
        let plan = ask.plan();
        let rule = extension_rule(plan, kind)?;
        let needs = rule.granted_by;
        if ask.by.role != needs && ask.by.role != Role::Leader {
            return Err(Why::Role {
                needs: vec![needs],
                place: self.case.place.clone(),
            });
        }
        let clock = self
            .case
            .clock(kind)
            .filter(|clock| clock.is_live())
            .ok_or(Why::NoClock { clock: kind })?;
        let was = clock.due();
        // What could be asked for may be too much under the rules of now, and a ground may be none any more.
        ask.only_when(self.case, rule.when.as_ref(), Thing::Extension(kind))?;
        within_bounds(self.case, ask, clock, rule, &asked.span)?;
        in_time(self.case, ask, clock)?;
        let mut term = clock.term.clone();
        term.extensions.push(asked.span.clone());
        self.case.not_past_main(ask, clock, &term)?;
        let due = match clock.is_running() {
            true => due_with(self.case, ask, clock, &term)?,
            false => None,
        };
        let told = ask.text("told", told)?;
        // Where there is a citizen to tell, telling comes first.
        let on_delivery = rule.told && self.case.origin().has_citizen();
        Ok(vec![Event::ExtensionGranted {
            clock: kind,
            span: asked.span.clone(),
            told,
            was,
            due,
            on_delivery,
        }])
    }
}

/// The rule by which a clock is extended; refused, where the pack lets nobody extend it.
pub(crate) fn extension_rule(plan: &Plan, kind: ClockKind) -> Result<&ExtensionRule, Why> {
    let rule = plan.clock(kind).and_then(|rule| rule.extension.as_ref());
    rule.ok_or(Why::NotOffered {
        what: Thing::Extension(kind),
    })
}

/// As [`bounded`], of a clock as it runs here.
fn within_bounds(
    case: &Case,
    ask: &Ask<'_>,
    clock: &Clock,
    rule: &ExtensionRule,
    span: &Span,
) -> Result<(), Why> {
    let had = (&*clock.term.extensions, &*clock.extended);
    bounded(rule, clock, had, span, |term| {
        due_with(case, ask, clock, term)
    })
}

/// Refuses an extension that is one too many, or that would have the clock due later than the longest of the pack, added to the same due
/// moment; or all of them together, than the pack's total. `had` is what its term has been extended by, and what the clock has been
/// whatever became of its term; `due` says when it would be due by another term.
pub(crate) fn bounded(
    rule: &ExtensionRule,
    clock: &Clock,
    had: (&[Span], &[Span]),
    span: &Span,
    due: impl Fn(&Term) -> Result<Option<Moment>, Why>,
) -> Result<(), Why> {
    let beyond = |bound: Bound| {
        let what = Thing::Extension(clock.key.kind);
        Err(Why::Bound { what, bound })
    };
    let (now, all) = had;
    if all.len() as u32 >= rule.times {
        return beyond(Bound::Times(rule.times));
    }
    let with = |before: &[Span], more: &Span| {
        due(&Term {
            extensions: [before, std::slice::from_ref(more)].concat(),
            ..clock.term.clone()
        })
    };
    if with(now, span)? > with(now, &rule.most)? {
        return beyond(Bound::Span(rule.most.clone()));
    }
    match &rule.total {
        Some(total) if with(all, span)? > with(&[], total)? => beyond(Bound::Span(total.clone())),
        _ => Ok(()),
    }
}

/// Refuses what comes after the due moment; of a clock that waits, that as if it went on now, so that no pause opens again what is over.
fn in_time(case: &Case, ask: &Ask<'_>, clock: &Clock) -> Result<(), Why> {
    match due_with(case, ask, clock, &clock.term)? {
        Some(until) if ask.at > until => Err(Why::TooLate {
            what: Thing::Extension(clock.key.kind),
            until,
        }),
        _ => Ok(()),
    }
}

impl Case {
    /// Refuses a term of a part that ends when its main case cannot wait for it any more.
    fn not_past_main(&self, ask: &Ask<'_>, clock: &Clock, term: &Term) -> Result<(), Why> {
        let Some((main, due)) = self.main.as_ref().zip(self.wanted_due(clock.key.kind)) else {
            return Ok(());
        };
        match due_with(self, ask, clock, term)?.is_some_and(|end| end > due) {
            true => Err(Why::PastMain {
                main: main.case.clone(),
                due,
            }),
            false => Ok(()),
        }
    }
}

/// When a clock would be due by another term.
pub(super) fn due_with(
    case: &Case,
    ask: &Ask<'_>,
    clock: &Clock,
    term: &Term,
) -> Result<Option<Moment>, Why> {
    case.due_by(
        term,
        clock.key.kind,
        &clock.dormant,
        &ask.hand.calendar,
        ask.at,
    )
    .map_err(calendar)
}

fn reasons(plan: &Plan, may: impl Fn(&&PauseRule) -> bool) -> Vec<String> {
    let listed = plan.pauses.iter().filter(may);
    listed.map(|rule| rule.reason.clone()).collect()
}

/// 扣除时间: what is over and did not count. By someone who does not handle the case, within the pack's bound.
pub(crate) fn exclude(
    case: &Case,
    ask: &mut Ask<'_>,
    reason: &str,
    from: Moment,
    until: Moment,
    evidence: &Text,
) -> Result<Vec<Event>, Why> {
    ask.apart_from(&case.handlers, Deed::Handled)?;
    let plan = ask.plan();
    let may = |rule: &&PauseRule| rule.kind == PauseKind::Excludes;
    let Some(rule) = plan.pause(reason).filter(may) else {
        return Err(Why::NotListed {
            what: Thing::ExcludeReasons,
            given: reason.to_owned(),
            known: reasons(plan, may),
        });
    };
    if from < case.received_at() || from >= until || until > ask.at {
        return Err(Why::Bound {
            what: Thing::Stretch(reason.to_owned()),
            bound: Bound::StretchSinceReceipt,
        });
    }
    let what = Thing::Stretch(reason.to_owned());
    ask.only_when(case, rule.when.as_ref(), what.clone())?;
    let had = case.pauses.iter().filter(|pause| pause.reason == reason);
    if had.count() as u32 >= rule.times {
        return Err(Why::Bound {
            what,
            bound: Bound::Times(rule.times),
        });
    }
    if until > ask.after_from(from, &rule.most)? {
        return Err(Why::Bound {
            what,
            bound: Bound::Span(rule.most.clone()),
        });
    }
    Ok(vec![Event::Excluded {
        reason: reason.to_owned(),
        side: rule.side,
        from,
        until,
        evidence: ask.text("evidence", evidence)?,
        holds: rule.holds.clone(),
    }])
}
