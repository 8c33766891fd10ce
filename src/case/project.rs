//! Projects clocks anew: where a pause ended, a limit was extended or shortened, a rule or a calendar changed, an entry was set right, or the
//! case was opened again. What was breached stays breached, and a verdict once given stays.

use super::clocks::{INSTANT, calendar, heeded_until};
use super::model::Case;
use super::row;
use super::stages::{Clock, ClockState, Paused};
use super::turn::Turn;
use crate::plan::{ClockRule, Limit, PauseKind, Plan, ReopenCount, SUPPLEMENT};
use crate::time::{Moment, Pauses, Span, Term};
use crate::words::{
    CancelWhy, ClockKey, ClockKind, ClockMark, EffectId, Event, Facts, ProjectedFor, Verdict, Why,
};

impl Turn<'_> {
    /// A pause ended: what waited and has nothing more to wait for goes on. If the citizen completed the message and the pack says that
    /// the time runs anew then, it does, for all but the whole.
    pub(super) fn resume_clocks(&mut self, reason: &str) -> Result<(), Why> {
        let rule = self.plan().pause(reason);
        let anew = self.supplemented && rule.is_some_and(|rule| rule.kind == PauseKind::Restarts);
        let case = self.case()?;
        let waits = |kind: ClockKind| {
            let mut open = case.pauses.iter().filter(|pause| pause.ended.is_none());
            open.any(|pause| pause.holds(kind))
        };
        let free = case
            .clocks
            .iter()
            .filter(|clock| clock.state == ClockState::Paused && !waits(clock.key.kind));
        for clock in free.cloned().collect::<Vec<_>>() {
            match anew && clock.key.kind != ClockKind::Whole {
                true => {
                    let term = Term {
                        anchor: self.at,
                        extensions: Vec::new(),
                        ..clock.term.clone()
                    };
                    self.project(&clock, term, ProjectedFor::Restarted)?;
                }
                false => self.project(&clock, clock.term.clone(), ProjectedFor::Resumed)?,
            }
        }
        self.reassess()
    }

    /// The pauses are not what they were: every running clock whose due moment that changes is projected anew.
    pub(super) fn project_held(&mut self, why: ProjectedFor) -> Result<(), Why> {
        let case = self.case()?;
        let running = case.clocks.iter().filter(|clock| clock.is_running());
        for key in running.map(|clock| clock.key).collect::<Vec<_>>() {
            let Some(clock) = self.live_by_now(key)? else {
                continue;
            };
            let was = clock.schedule.legal_due;
            match self.due_by(&clock.term, clock.key.kind, &clock.dormant)? {
                Some(due) if due > was => self.project(&clock, clock.term.clone(), why)?,
                Some(due) if due < was => {
                    let term = self.no_later_at_once(&clock, clock.term.clone(), (was, due))?;
                    self.project(&clock, term, why)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Nobody is late at once by a rule, a fact or a correction: a due moment that would lie before the floor from now gives way to the
    /// floor, or to the old due moment where that comes first.
    fn no_later_at_once(
        &self,
        clock: &Clock,
        term: Term,
        (was, due): (Moment, Moment),
    ) -> Result<Term, Why> {
        let floor = self.floor()?;
        if due >= was || due >= floor {
            return Ok(term);
        }
        Ok(match floor < was {
            true => Term::new(
                self.at,
                self.plan().direct.floor.clone(),
                self.plan().counting,
            ),
            false => clock.term.clone(),
        })
    }

    /// An extension takes effect: nobody need have the notice, or the citizen has it.
    pub(super) fn counts(&mut self, clock: ClockKind, span: &Span) -> Result<(), Why> {
        self.emit_by_rule(Event::ExtensionCounted {
            clock,
            span: span.clone(),
        })
    }

    /// A notice was delivered. If it was that of an extension, the extension counts from now on, provided that the old due moment has not passed.
    pub(super) fn told(&mut self, effect: &EffectId) -> Result<(), Why> {
        let case = self.case()?;
        let its = case
            .awaits_delivery()
            .is_some_and(|notice| notice == *effect);
        let Some(granted) = case.granted.clone().filter(|_| its) else {
            return Ok(());
        };
        let live = case.clock(granted.clock).filter(|clock| clock.is_live());
        match live.is_some_and(|clock| clock.due().is_none_or(|due| self.at <= due)) {
            true => self.counts(granted.clock, &granted.span),
            false => self.told_too_late(granted.clock),
        }
    }

    /// The old due moment passed and the citizen had no notice: what was granted does not count.
    pub(super) fn told_too_late(&mut self, kind: ClockKind) -> Result<(), Why> {
        match &self.case()?.granted {
            Some(granted) if granted.clock == kind => {
                self.emit_by_rule(Event::ExtensionLapsed { clock: kind })
            }
            _ => Ok(()),
        }
    }

    /// An entry was recorded late, or a stretch was taken out that is over. Verdicts that hang on it get the right one beside them, each
    /// by the due moment of then, moved as far as the entry moves it; running clocks whose pauses it bounds are counted anew, and nobody
    /// is late at once by that.
    pub(super) fn set_right(
        &mut self,
        before: &Case,
        entry: u64,
        why: ProjectedFor,
    ) -> Result<(), Why> {
        let case = self.case()?;
        let basis = case.version();
        let bounds = |kind: ClockKind| {
            let mut all = case.pauses.iter().filter(|pause| pause.holds(kind));
            all.any(|pause| pause.begun_by == entry || pause.ended_by == Some(entry))
        };
        let mut found = Vec::new();
        for (clock, was) in case.clocks.iter().zip(&before.clocks) {
            for (index, (judged, had)) in (0u32..).zip(clock.verdicts.iter().zip(&was.verdicts)) {
                if judged.entry != entry && !bounds(clock.key.kind) {
                    continue;
                }
                let due = |case: &Case, until: Moment| {
                    let term = judged.term.as_deref().unwrap_or(&clock.term);
                    let pauses = heeded_before(case.pauses.iter(), clock, until);
                    let due = term.due(&self.hand.calendar, &pauses);
                    Ok(due.map_err(calendar)?.map(|due| due.at))
                };
                let moved = due(case, judged.stopped())?.zip(due(before, had.stopped())?);
                let moved = moved.map_or(0, |(is, was)| is.since(was));
                let verdict = Verdict::of(judged.stopped(), had.due().plus(moved));
                if verdict != had.known() {
                    found.push(Event::VerdictCorrected {
                        key: clock.key,
                        index,
                        verdict,
                        basis,
                    });
                }
            }
        }
        for event in found {
            self.by_rule(event)?;
        }
        self.project_held(why)
    }

    /// The reply is given, or has gone out: an extension that waits for its notice does not count any more, unless its clock runs
    /// until the answer has gone out, and it has not.
    pub(super) fn no_more_awaited(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        let Some(kind) = case.granted.as_ref().map(|granted| granted.clock) else {
            return Ok(());
        };
        let runs = case.clock(kind).is_some_and(Clock::is_live);
        match runs && self.until_published(kind) {
            true => Ok(()),
            false => self.told_too_late(kind),
        }
    }

    /// Whether the plan has a clock run until the answer has gone out.
    fn until_published(&self, kind: ClockKind) -> bool {
        let rule = self.plan().clock(kind);
        let later = kind.later();
        rule.is_some_and(|rule| later.is_some_and(|later| rule.stops.contains(&later)))
    }

    /// An extension takes effect.
    pub(super) fn extend(&mut self, kind: ClockKind, span: &Span) -> Result<(), Why> {
        let Some(clock) = self
            .case()?
            .clock(kind)
            .filter(|clock| clock.is_live())
            .cloned()
        else {
            return Err(Why::NoClock { clock: kind });
        };
        let mut term = clock.term.clone();
        term.extensions.push(span.clone());
        self.project(&clock, term, ProjectedFor::Extended)
    }

    /// A leader gave the reply a shorter time, from now.
    pub(super) fn hasten(&mut self, span: &Span) -> Result<(), Why> {
        let plan = self.plan();
        let at_least = Span::Latest(vec![span.clone(), plan.direct.floor.clone()]);
        let live = [ClockKind::Reply, ClockKind::Redo].into_iter();
        let live = live.filter_map(|kind| {
            self.case()
                .ok()?
                .clock(kind)
                .filter(|clock| clock.is_running())
        });
        for clock in live.cloned().collect::<Vec<_>>() {
            let counting = plan
                .clock(clock.key.kind)
                .map_or(plan.counting, |rule| rule.counting);
            let term = Term::new(self.at, at_least.clone(), counting);
            self.tighten(&clock, term, ProjectedFor::Directed)?;
        }
        self.reassess()
    }

    /// Facts moved: every running clock whose rule now gives less is shortened, never below the floor from now.
    pub(super) fn reassess(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        let facts = row(self.plan(), case, &Facts::new());
        let running = case
            .clocks
            .iter()
            .filter(|clock| clock.is_running() && clock.key.kind != ClockKind::Commitment);
        for clock in running.cloned().collect::<Vec<_>>() {
            let Some(rule) = self.plan().clock(clock.key.kind) else {
                continue;
            };
            let Limit::Span(span) = rule.within.answer(&facts) else {
                continue;
            };
            // Counted from where the rule has it begin, whatever it was brought forward to since.
            if *span == clock.own_term().span {
                continue;
            }
            let term = Term {
                span: span.clone(),
                ..clock.own_term().clone()
            };
            let pauses = self.case()?.heeded(clock.key.kind, &clock.dormant);
            let Some(due) = term.due(&self.hand.calendar, &pauses).map_err(calendar)? else {
                continue;
            };
            if due.at >= clock.schedule.legal_due {
                continue;
            }
            let floor = self.floor()?;
            let term = match due.at < floor {
                true => Term::new(
                    self.at,
                    self.plan().direct.floor.clone(),
                    self.plan().counting,
                ),
                false => term,
            };
            self.tighten(&clock, term, ProjectedFor::FactMoved)?;
        }
        Ok(())
    }

    /// Projects a clock anew if that makes it due earlier.
    fn tighten(&mut self, clock: &Clock, term: Term, why: ProjectedFor) -> Result<(), Why> {
        // A term that counts from now has no part in earlier pauses.
        let pauses = self.case()?.heeded(clock.key.kind, &clock.dormant);
        match term.due(&self.hand.calendar, &pauses).map_err(calendar)? {
            Some(due) if due.at < clock.schedule.legal_due => self.project(clock, term, why),
            _ => Ok(()),
        }
    }

    /// When a mark was made in this cycle from which a pack may have limits count; when the citizen completed the message after it,
    /// where time runs anew from then. Unknown of what another system did.
    fn counted_from(&self, mark: ClockMark) -> Result<Option<Moment>, Why> {
        let case = self.case()?;
        let stopped = |kind: ClockKind| {
            let mut its = case.clocks.iter().filter(|it| it.key.kind == kind);
            let judged = its.find(|it| it.cycle == case.cycle)?.verdicts.iter();
            let made = judged.rev().find(|it| it.mark == mark);
            made.map(|it| it.stopped())
        };
        let at = match mark {
            ClockMark::Received if case.cycle == 1 => Some(case.received),
            ClockMark::Screened => stopped(ClockKind::Screen),
            ClockMark::Assigned => stopped(ClockKind::Assign),
            _ => None,
        };
        let rule = self.plan().pause(SUPPLEMENT);
        let anew = rule.is_some_and(|rule| rule.kind == PauseKind::Restarts);
        let mut completed = case
            .pauses
            .iter()
            .filter(|it| it.reason == SUPPLEMENT && anew);
        let completed = completed.by_ref().filter_map(|it| {
            // What nobody answered ended when its time was over.
            it.ended.filter(|ended| *ended < it.until)
        });
        Ok(at.map(|at| completed.fold(at, Moment::max)))
    }

    /// Where a plan is adopted that has limits count from an earlier mark, and the mark was made: what counts by now starts, from then. Nobody
    /// is late at once by it.
    pub(super) fn start_what_counts_by_now(&mut self) -> Result<(), Why> {
        for kind in [ClockKind::Assign, ClockKind::Reply] {
            let case = self.case()?;
            let had = |clock: &Clock| clock.key.kind == kind && clock.cycle == case.cycle;
            let early = self.plan().clock(kind).filter(|rule| {
                let early = rule.starts != kind.starts();
                early && case.team().is_none() && case.follows().is_none()
            });
            let Some(rule) = early.filter(|_| !case.clocks.iter().any(had)) else {
                continue;
            };
            let Some(from) = self.counted_from(rule.starts)? else {
                continue;
            };
            let Some((fresh, reason)) = self.term(rule, None)? else {
                continue;
            };
            let mut term = Term {
                anchor: from,
                ..fresh
            };
            let due = self.due_by(&term, kind, &Pauses::none())?;
            let (plan, floor) = (self.plan(), self.floor()?);
            if due.is_some_and(|due| due < floor) {
                term = Term::new(self.at, plan.direct.floor.clone(), plan.counting);
            }
            self.started(rule, None, term, Pauses::none(), reason)?;
        }
        Ok(())
    }

    /// Another plan or calendar was adopted: every live clock is counted by it. Where it counts from another mark than the plan `before`,
    /// and that mark was made, from there; else what runs goes on from where it began.
    pub(super) fn project_all(
        &mut self,
        why: ProjectedFor,
        before: Option<&Plan>,
    ) -> Result<(), Why> {
        let case = self.case()?;
        let facts = row(self.plan(), case, &Facts::new());
        let live = case.clocks.iter().filter(|clock| clock.is_live());
        for key in live.map(|clock| clock.key).collect::<Vec<_>>() {
            // As it is by now: a part may have followed its lead.
            let Some(clock) = self.live_by_now(key)? else {
                continue;
            };
            let Some(rule) = self.plan().clock(clock.key.kind) else {
                // The plan has no such clock any more, and a clock without a rule would go on by one that is gone.
                let why = CancelWhy::Superseded;
                self.by_rule(Event::ClockCancelled {
                    key: clock.key,
                    why,
                })?;
                continue;
            };
            let mut term = clock.term.clone();
            // A new calendar changes no rule; a promise carries its own date.
            let same =
                why == ProjectedFor::CalendarRevised || clock.key.kind == ClockKind::Commitment;
            // What another case, or a bundle, set to a moment has no rule of its own: the rule's limit counts from the start.
            let kinds = [ClockKind::Whole, ClockKind::Reply, ClockKind::Redo];
            let set = clock.term.counting == INSTANT
                && kinds.contains(&clock.key.kind)
                && why == ProjectedFor::PlanAdopted;
            if set {
                term.anchor = clock.started;
                term.extensions.clone_from(&clock.extended);
            }
            if let (Limit::Span(span), false) = (rule.within.answer(&facts), same) {
                // Counted from where the rule has it begin, whatever it was brought forward to since.
                if let Some(own) = &clock.own {
                    term = own.clone();
                }
                term.span = span.clone();
                term.counting = rule.counting;
                let had = before.and_then(|plan| plan.clock(rule.kind));
                let moved = had.is_some_and(|had| had.starts != rule.starts);
                if moved && clock.cycle == self.case()?.cycle {
                    term.anchor = self.counted_from(rule.starts)?.unwrap_or(term.anchor);
                }
            }
            let waits = clock.state == ClockState::Paused;
            let term = self.not_past_whole(rule, term, &clock.dormant)?;
            let mut term = self.not_past_bound(clock.key.kind, term, &clock.dormant, waits)?;
            let due_of = |term: &Term| -> Result<Moment, Why> {
                let due = self.due_by(term, clock.key.kind, &clock.dormant)?;
                Ok(due.unwrap_or(clock.schedule.legal_due))
            };
            let mut due = due_of(&term)?;
            // And it is no later by that; nor is what a direction or the whole made earlier than its rule.
            let earlier = before.is_some_and(|plan| is_brought_forward(plan, &clock));
            if (set && due > clock.schedule.legal_due) || (earlier && due > due_of(&clock.term)?) {
                term = clock.term.clone();
                due = due_of(&term)?;
            }
            // What waits was due as if it went on now: its waiting is not the new rule's doing.
            let was = match clock.state {
                ClockState::Paused => due_of(&clock.term)?,
                _ => clock.schedule.legal_due,
            };
            if why == ProjectedFor::PlanAdopted && due > was && !self.approved {
                return Err(Why::Loosens {
                    clock: clock.key.kind,
                    due: was,
                    would_be: due,
                });
            }
            let mut term = self.no_later_at_once(&clock, term, (was, due))?;
            // Nor is what waits: it would be late the moment it goes on.
            let waits = clock.state == ClockState::Paused && clock.breached.is_none();
            if waits && due < self.at && clock.schedule.legal_due >= self.paused_since(&clock)? {
                let plan = self.plan();
                term = Term::new(self.at, plan.direct.floor.clone(), plan.counting);
            }
            self.project(&clock, term, why)?;
        }
        Ok(())
    }

    /// The clock as it is by now, if it runs or waits.
    fn live_by_now(&self, key: ClockKey) -> Result<Option<Clock>, Why> {
        let mut live = self.case()?.clocks.iter().filter(|it| it.is_live());
        Ok(live.find(|it| it.key == key).cloned())
    }

    pub(super) fn project(
        &mut self,
        clock: &Clock,
        term: Term,
        why: ProjectedFor,
    ) -> Result<(), Why> {
        let Some(rule) = self.plan().clock(clock.key.kind) else {
            return Ok(());
        };
        let dormant = match (&clock.state, why) {
            (ClockState::Stopped { at, .. }, ProjectedFor::Reopened) => {
                clock.dormant.clone().with(*at, Some(self.at))
            }
            _ => clock.dormant.clone(),
        };
        let term = self.not_past_whole(rule, term, &dormant)?;
        let term = match why {
            ProjectedFor::Extended | ProjectedFor::Joined => term,
            _ => {
                // What ended did not run either: whoever has it again has the floor at the least.
                let waited = matches!(clock.state, ClockState::Paused | ClockState::Stopped { .. });
                self.not_past_bound(rule.kind, term, &dormant, waited)?
            }
        };
        let promised = self.promised(clock, &term, &dormant, why)?;
        let laid = self.lay(rule, &term, &dormant, Some((clock, why)), promised)?;
        if matches!(why, ProjectedFor::Extended | ProjectedFor::Restarted) {
            self.is_covered(rule.kind, &laid.schedule)?;
        }
        self.by_rule(Event::ClockProjected {
            key: clock.key,
            why,
            term,
            schedule: laid.schedule,
        })?;
        match clock.key.kind {
            ClockKind::Reply | ClockKind::Redo => self.parts_follow(clock, why),
            _ => Ok(()),
        }
    }

    /// Since when a clock has waited, also for what ends at this very moment.
    fn paused_since(&self, clock: &Clock) -> Result<Moment, Why> {
        let since = self.case()?.waits_since(clock.key.kind, self.at);
        Ok(since.unwrap_or(self.at))
    }

    /// A part is due within a share of its lead's time: where the lead becomes due earlier so does the part, and an extension of the lead
    /// is the part's too, also while they wait. What the part was extended by itself it keeps, but where the lead is shortened it is due no
    /// later than that. Nobody is late at once by it.
    fn parts_follow(&mut self, before: &Clock, why: ProjectedFor) -> Result<(), Why> {
        let longer = why == ProjectedFor::Extended;
        let follows = |clock: &&Clock| clock.is_running() || (longer && clock.is_live());
        let case = self.case()?;
        let lead = case.clock(before.key.kind).filter(follows);
        let Some(lead) = lead.cloned() else {
            return Ok(());
        };
        let parts = case.clocks.iter().filter(follows);
        for part in parts.cloned().collect::<Vec<_>>() {
            if let Some(term) = self.followed(&part, (before, &lead), longer)? {
                self.project(&part, term, ProjectedFor::Lead)?;
            }
        }
        Ok(())
    }

    /// What a part counts where its lead, as it was before and is now, moves it: later only by what the lead was extended by.
    fn followed(
        &self,
        part: &Clock,
        (before, lead): (&Clock, &Clock),
        longer: bool,
    ) -> Result<Option<Term>, Why> {
        let (case, kind) = (self.case()?, lead.key.kind);
        let rule = self.plan().clock(part.key.kind);
        let facts = row(self.plan(), case, &Facts::new());
        let Some(Limit::Share { of, percent }) = rule.map(|rule| rule.within.answer(&facts)) else {
            return Ok(None);
        };
        if *of != kind && !(kind == ClockKind::Redo && *of == ClockKind::Reply) {
            return Ok(None);
        }
        let pauses = heeded_until(case, kind, &lead.dormant, self.at);
        let share = |term: &Term| {
            let end = term.share(&self.hand.calendar, &pauses, *percent);
            end.map_err(calendar)
        };
        let Some(end) = share(&lead.term)? else {
            return Ok(None);
        };
        let mut term = self.share_until(part, end);
        let due = self.due_by(&term, part.key.kind, &part.dormant)?;
        let mut due = due.unwrap_or(end);
        let latest = lead.schedule.legal_due;
        if latest < before.schedule.legal_due && latest < due {
            (term, due) = (self.until(latest), latest);
        }
        let was = case.due_if_it_went_on(part, &self.hand.calendar, self.at);
        let was = was.map_err(calendar)?;
        let moves = match longer {
            true => due > was && share(&before.term)?.is_none_or(|before| end > before),
            false => due < was,
        };
        match moves {
            true => self.no_later_at_once(part, term, (was, due)).map(Some),
            false => Ok(None),
        }
    }

    /// The term of a part whose share of its lead's time ends then, with what it was extended by itself.
    fn share_until(&self, part: &Clock, end: Moment) -> Term {
        let anchor = end.min(self.at);
        Term {
            anchor,
            span: Span::Elapsed(end.since(anchor).max(0)),
            ..part.term.clone()
        }
    }

    /// What the citizen is promised, where that is not the legal due moment itself. It moves with the pauses they know of and with extensions
    /// of which they are told, and a limit that gets shorter takes it along; a new rule or calendar never moves it later.
    fn promised(
        &self,
        clock: &Clock,
        term: &Term,
        dormant: &Pauses,
        why: ProjectedFor,
    ) -> Result<Option<Moment>, Why> {
        let (legal, promised) = (clock.schedule.legal_due, clock.schedule.promised_due);
        if matches!(
            why,
            ProjectedFor::PlanAdopted | ProjectedFor::CalendarRevised
        ) {
            // Of a clock that waits, it moves by the wait so far, as the rules count it under which it was promised.
            let case = self.case()?;
            return case
                .promised_if_it_went_on(clock, &self.hand.calendar, self.at)
                .map(Some)
                .map_err(calendar);
        }
        let told_anew = matches!(why, ProjectedFor::Extended | ProjectedFor::Lead);
        let revised = clock.schedule.calendar != self.hand.calendar.revision();
        if told_anew || (promised == legal && !revised) {
            return Ok(None);
        }
        // Holidays that were announced since are nobody's ground: what moves the promise is what moves the limit under one and the same calendar.
        let was = match revised {
            true => self.as_it_stood(clock)?.unwrap_or(legal),
            false => legal,
        };
        let due = self.due_by(term, clock.key.kind, dormant)?;
        Ok(due.map(|due| match why {
            ProjectedFor::Directed | ProjectedFor::FactMoved | ProjectedFor::Joined => {
                promised.min(due)
            }
            _ => promised.plus(due.since(was)),
        }))
    }

    /// When a clock would have been due, before what moves it now, by the calendar in hand.
    fn as_it_stood(&self, clock: &Clock) -> Result<Option<Moment>, Why> {
        let stood = match clock.state {
            ClockState::Stopped { at, .. } | ClockState::Cancelled { at, .. } => at,
            // What was projected while it waited has the wait so far in it.
            ClockState::Paused => self.paused_since(clock)?.max(clock.counted_until()),
            ClockState::Running => self.at,
        };
        let case = self.case()?;
        // What has just been taken out is what moves it.
        let before = case.pauses.iter().filter(|it| it.begun_by != case.entry);
        let pauses = heeded_before(before, clock, stood);
        let due = clock.term.due(&self.hand.calendar, &pauses);
        Ok(due.map_err(calendar)?.map(|due| due.at))
    }

    /// A new cycle: the whole goes on where it stopped, and the reply is counted as the plan says.
    pub(super) fn reopened(&mut self) -> Result<(), Why> {
        if let Some(whole) = self.case()?.clock(ClockKind::Whole).cloned() {
            self.project(&whole, whole.term.clone(), ProjectedFor::Reopened)?;
        }
        let case = self.case()?;
        let nobody_had_it = case.team().is_none();
        if case.tracked {
            self.start(ClockKind::Track, None)?;
        }
        if nobody_had_it {
            self.start(ClockKind::Screen, None)?;
            return self.owed_all_along();
        }
        self.start(ClockKind::Ownership, None)?;
        let case = self.case()?;
        let open: Vec<u32> = case
            .promises
            .iter()
            .filter(|it| it.is_open())
            .map(|it| it.promise.number)
            .collect();
        for number in open {
            self.start(ClockKind::Commitment, Some(number.to_string()))?;
        }
        self.reply_again()?;
        // What a co-handler has not given yet is still to be given.
        self.start_parts()
    }

    /// Of a case that is opened again, the reply is counted as the plan says.
    fn reply_again(&mut self) -> Result<(), Why> {
        let Some(rule) = self.plan().clock(ClockKind::Reply) else {
            return Ok(());
        };
        let Some((fresh, reason)) = self.term(rule, None)? else {
            return Ok(());
        };
        let last = self.case()?.clock(ClockKind::Reply).cloned();
        let goes_on = |last: &Clock| {
            self.plan().reopen.count != ReopenCount::Fresh || is_owed_all_along(rule, last)
        };
        let Some(last) = last.filter(goes_on) else {
            return self.started(rule, None, fresh, Pauses::none(), reason);
        };
        let dormant = self.since_it_ended(&last);
        let due = |term: &Term, dormant: &Pauses| -> Result<Option<Moment>, Why> {
            let pauses = self.case()?.heeded(ClockKind::Reply, dormant);
            Ok(term
                .due(&self.hand.calendar, &pauses)
                .map_err(calendar)?
                .map(|due| due.at))
        };
        let fresh_first = self.plan().reopen.count == ReopenCount::Min
            && due(&fresh, &Pauses::none())? < due(&last.term, &dormant)?;
        match fresh_first {
            true => self.started(rule, None, fresh, Pauses::none(), reason),
            false => {
                let term = self.not_past_bound(rule.kind, last.term, &dormant, true)?;
                self.started(rule, None, term, dormant, reason)
            }
        }
    }

    /// Opened again before anybody had it: what counts from receipt or screening, and was cut off by declining, goes on where it was
    /// cut off. To be declined and opened again is no new time.
    fn owed_all_along(&mut self) -> Result<(), Why> {
        for kind in [ClockKind::Assign, ClockKind::Reply] {
            let Some(rule) = self.plan().clock(kind) else {
                continue;
            };
            let last = self.case()?.clock(kind).cloned();
            match last.filter(|last| is_owed_all_along(rule, last)) {
                Some(last) => {
                    if let Some((_, reason)) = self.term(rule, None)? {
                        let dormant = self.since_it_ended(&last);
                        self.started(rule, None, last.term, dormant, reason)?;
                    }
                }
                None if rule.starts == ClockMark::Received => self.start(kind, None)?,
                None => {}
            }
        }
        Ok(())
    }

    /// The time that does not count of a clock, with that since it ended.
    fn since_it_ended(&self, last: &Clock) -> Pauses {
        match last.state {
            ClockState::Stopped { at, .. } | ClockState::Cancelled { at, .. } => {
                last.dormant.clone().with(at, Some(self.at))
            }
            _ => last.dormant.clone(),
        }
    }
}

/// Whether a clock is due earlier than its rule of `plan` has it: a direction or another case brought it forward, or the whole cuts it short.
/// The floor does not bring forward, it puts off.
fn is_brought_forward(plan: &Plan, clock: &Clock) -> bool {
    let span = &clock.term.span;
    let looks_cut =
        matches!(span, Span::Earliest(of) if matches!(of.last(), Some(Span::Elapsed(_))));
    // A pack may say the like itself.
    let says = |rule: &ClockRule| {
        let mut answers = rule.within.diagram.answers().iter();
        answers.any(|limit| matches!(limit, Limit::Span(its) if its == span))
    };
    let rule = plan.clock(clock.key.kind);
    let cut = rule.is_some_and(|rule| rule.not_past_whole && looks_cut && !says(rule));
    let directed = clock.own.is_some() && *span != plan.direct.floor;
    directed || cut
}

/// Whether a clock counts from before anybody had the case, and ended without an answer.
fn is_owed_all_along(rule: &ClockRule, last: &Clock) -> bool {
    rule.starts != rule.kind.starts() && matches!(last.state, ClockState::Cancelled { .. })
}

/// The times before `until` at which a clock did not run, by those pauses; what it waited for since, the time between being struck off
/// and opened again, is not among them.
fn heeded_before<'a>(
    pauses: impl Iterator<Item = &'a Paused>,
    clock: &Clock,
    until: Moment,
) -> Pauses {
    pauses
        .filter(|pause| pause.holds(clock.key.kind) && pause.from < until)
        .fold(dormant_before(clock, until), |all, pause| {
            let ended = pause.ended.map_or(until, |end| end.min(until));
            all.with(pause.from, Some(ended))
        })
}

fn dormant_before(clock: &Clock, until: Moment) -> Pauses {
    let before = clock.dormant.iter().filter(|it| it.from < until);
    before.fold(Pauses::none(), |all, it| all.with(it.from, it.until))
}
