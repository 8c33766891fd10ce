//! The clocks of a case: which start and stop on what, when each is due, and what it will do if nobody acts.
//!
//! Truth is the term, the pauses and the calendar; a due moment is reckoned from them and carried in the event, so
//! that replay needs neither plan nor calendar.

use super::model::Case;
use super::row;
use super::stages::{Clock, ClockState};
use super::turn::Turn;
use crate::plan::{ClockRule, Limit, SUPPLEMENT, Uncovered};
use crate::time::{
    Calendar, Counting, DayOne, Ends, Moment, Pauses, Roll, Span, Term, TimeError, after,
};
use crate::words::{
    CancelWhy, ClockKey, ClockKind, ClockMark, Event, Facts, Rating, Reason, RuleId, Schedule,
    StepFate, Verdict, Why,
};

/// Seconds and instants: nothing about days.
pub(super) const INSTANT: Counting = Counting {
    day_one: DayOne::FromInstant,
    ends: Ends::SameTime,
    roll: Roll::None,
    at: None,
};

/// Whether a mark that is not its first one starts a clock anew.
pub(super) fn again(kind: ClockKind, mark: ClockMark) -> bool {
    match kind {
        ClockKind::Update => mark == ClockMark::Updated,
        ClockKind::Track => mark == ClockMark::Reported,
        ClockKind::Ownership => matches!(mark, ClockMark::HandedOver | ClockMark::Returned),
        _ => false,
    }
}

pub(super) fn calendar(e: TimeError) -> Why {
    Why::Calendar {
        said: e.to_string(),
    }
}

impl Turn<'_> {
    /// A mark was made: stops what it stops, then starts what it starts.
    pub(super) fn on(&mut self, mark: ClockMark, event: &Event) -> Result<(), Why> {
        let about = match event {
            Event::CoReplied { unit, .. } => Some(unit.to_string()),
            Event::Fulfilled { commitment, .. } => Some(commitment.to_string()),
            Event::Resumed { reason, .. } => Some(reason.clone()),
            _ => None,
        };
        let stops = |clock: &&Clock| {
            let kind = clock.key.kind;
            let rule = self.plan().clock(kind);
            let stops = rule.map_or(kind.stops(), |rule| &rule.stops);
            // An answer that has gone out is given, also where its clock began under a plan that counted until then and goes on
            // under one that does not.
            let stops = stops.contains(&mark) || kind.later() == Some(mark);
            clock.is_live() && stops && (about.is_none() || clock.about == about)
        };
        let stopped: Vec<ClockKey> = self
            .case()?
            .clocks
            .iter()
            .filter(stops)
            .map(|clock| clock.key)
            .collect();
        for key in &stopped {
            self.stop(*key, mark)?;
        }
        match mark {
            ClockMark::Returned => {
                let after_publication =
                    [ClockKind::CallBack, ClockKind::Rating, ClockKind::Recheck];
                self.drop_void_promises()?;
                self.cancel_all(CancelWhy::Superseded, |kind| {
                    after_publication.contains(&kind)
                })?;
            }
            ClockMark::Reopened => return self.reopened(),
            ClockMark::Ruled => {
                // Who has it below goes on with it, where the same owner has it above.
                let below = self.case()?.team().is_some_and(|it| it.below.is_some());
                self.cancel_all(CancelWhy::Reassigned, |kind| {
                    kind == ClockKind::SubReply && !below
                })?;
            }
            _ => {}
        }
        let started = self.plan().clocks.iter();
        let started = started.filter(|rule| rule.starts == mark || again(rule.kind, mark));
        // A share of a clock that starts on the same mark comes after it.
        let share = |rule: &&ClockRule| rule.starts != rule.kind.starts() && rule.is_a_share();
        let (last, first): (Vec<&ClockRule>, Vec<&ClockRule>) = started.partition(share);
        for rule in first.into_iter().chain(last) {
            self.start_if_fit(rule.kind, event)?;
        }
        // Where there is no citizen to call back, what follows publication is the recheck.
        if mark == ClockMark::Published && !self.case()?.origin.has_citizen() {
            self.start(ClockKind::Recheck, None)?;
        }
        Ok(())
    }

    pub(super) fn start_if_fit(&mut self, kind: ClockKind, event: &Event) -> Result<(), Why> {
        let case = self.case()?;
        let nobody = !case.origin.has_citizen();
        let rating = case.rating();
        match kind {
            ClockKind::Acknowledge | ClockKind::CallBack if nobody => Ok(()),
            // While it follows another case nobody is answerable for it; whoever has it when it goes on alone is, from then.
            ClockKind::Ownership if case.follows.is_some() => Ok(()),
            ClockKind::Rating if nobody || matches!(rating, Some(Rating::Given { .. })) => Ok(()),
            // A satisfied citizen needs no recheck; an unsatisfied one sends the case back.
            ClockKind::Recheck if rating.is_some_and(|it| it.is_satisfied()) => Ok(()),
            ClockKind::Recheck
                if rating.is_some_and(|it| it.is_unsatisfied())
                    && !case.reply().is_some_and(|it| it.explained) =>
            {
                Ok(())
            }
            // A reply that is reviewed once has no first review.
            ClockKind::FirstReview if !super::moves::two_steps(case, self.plan()) => Ok(()),
            ClockKind::Object => match case.stage() {
                super::Stage::Assigned(it) if !it.data.may_object => Ok(()),
                _ => self.start(kind, None),
            },
            ClockKind::Sign => match case.stage() {
                super::Stage::Assigned(it) if it.data.signed.is_some() => Ok(()),
                _ => self.start(kind, None),
            },
            ClockKind::CoReply => self.start_parts(),
            ClockKind::Waiting => {
                let reason = match event {
                    Event::Paused { reason, .. } => reason,
                    _ => SUPPLEMENT,
                };
                self.start(kind, Some(reason.to_owned()))
            }
            ClockKind::Commitment => {
                let made = match event {
                    Event::Replied { promises, .. } => {
                        promises.iter().map(|it| it.number).collect()
                    }
                    Event::Committed { promise } => vec![promise.number],
                    _ => Vec::new(),
                };
                for number in made {
                    self.start(kind, Some(number.to_string()))?;
                }
                Ok(())
            }
            _ => self.start(kind, None),
        }
    }

    /// The promises of a reply that was never published bind nobody, and their clocks measure nothing.
    fn drop_void_promises(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        let void = |clock: &&Clock| {
            let its = |number: u32| Some(number.to_string()) == clock.about;
            clock.key.kind == ClockKind::Commitment
                && clock.is_live()
                && case
                    .promises
                    .iter()
                    .any(|it| it.void && its(it.promise.number))
        };
        let keys: Vec<ClockKey> = case
            .clocks
            .iter()
            .filter(void)
            .map(|clock| clock.key)
            .collect();
        for key in keys {
            self.by_rule(Event::ClockCancelled {
                key,
                why: CancelWhy::Superseded,
            })?;
        }
        Ok(())
    }

    /// Starts a clock for every co-handler's part that is open.
    pub(super) fn start_parts(&mut self) -> Result<(), Why> {
        let parts = self
            .case()?
            .team()
            .map(|team| team.parts.clone())
            .unwrap_or_default();
        for part in parts.iter().filter(|part| part.reply.is_none()) {
            self.start(ClockKind::CoReply, Some(part.unit.to_string()))?;
        }
        Ok(())
    }

    /// Starts a clock, unless it runs already or has had its one start of the cycle.
    pub(super) fn start(&mut self, kind: ClockKind, about: Option<String>) -> Result<(), Why> {
        let Some(rule) = self.plan().clock(kind) else {
            return Ok(());
        };
        let case = self.case()?;
        let had = |clock: &Clock| clock.key.kind == kind && clock.about == about;
        if case
            .clocks
            .iter()
            .any(|clock| had(clock) && clock.is_live())
            || (kind.once_a_cycle()
                && case
                    .clocks
                    .iter()
                    .any(|clock| had(clock) && clock.cycle == case.cycle))
        {
            return Ok(());
        }
        let Some((mut term, reason)) = self.term(rule, about.as_deref())? else {
            return Ok(());
        };
        if let Some(taking) = &self.taking {
            term.extensions = taking.extended(kind);
        }
        self.started(rule, about, term, Pauses::none(), reason)
    }

    pub(super) fn started(
        &mut self,
        rule: &ClockRule,
        about: Option<String>,
        term: Term,
        dormant: Pauses,
        reason: Reason,
    ) -> Result<(), Why> {
        let case = self.case()?;
        let key = ClockKey {
            kind: rule.kind,
            run: case.runs(rule.kind) + 1,
        };
        let promised = self.taking.as_ref();
        let promised = promised.and_then(|taking| taking.promised(rule.kind));
        let laid = self.lay(rule, &term, &dormant, None, promised)?;
        self.is_covered(rule.kind, &laid.schedule)?;
        let cycle = case.cycle;
        let class = rule.class;
        let schedule = laid.schedule;
        self.by_rule(Event::ClockStarted {
            key,
            cycle,
            about,
            class,
            term,
            dormant,
            reason,
            schedule,
        })?;
        for (step, before_import) in laid.void {
            let why = match before_import {
                Some(_) => CancelWhy::BeforeImport,
                None => CancelWhy::BeforeStart,
            };
            self.by_rule(Event::StepTaken {
                clock: key,
                step,
                fate: StepFate::Voided { why },
                deferred_from: before_import.filter(|nominal| *nominal < self.at),
                title: String::new(),
                next: Vec::new(),
            })?;
        }
        Ok(())
    }

    /// What a clock counts if it starts now.
    pub(super) fn term(
        &self,
        rule: &ClockRule,
        about: Option<&str>,
    ) -> Result<Option<(Term, Reason)>, Why> {
        self.term_from(rule, about, self.from())
    }

    /// The same, where what has a length of its own counts from that moment. A share ends with that much of the other clock's time, whenever it begins.
    pub(super) fn term_from(
        &self,
        rule: &ClockRule,
        about: Option<&str>,
        began: Moment,
    ) -> Result<Option<(Term, Reason)>, Why> {
        let case = self.case()?;
        if rule.kind == ClockKind::Commitment {
            let promise = case
                .promises
                .iter()
                .find(|it| Some(it.promise.number.to_string().as_str()) == about);
            let Some(promise) = promise else {
                return Ok(None);
            };
            let by_date = promise.promise.by_date;
            // To the end of the promised day.
            let end = match by_date.succ_opt() {
                Some(next) => self
                    .plan()
                    .zone
                    .first(next.and_time(chrono::NaiveTime::MIN)),
                None => Moment::MAX,
            };
            let from = self.from();
            let term = Term::new(from, Span::Elapsed(end.since(from).max(0)), INSTANT);
            return Ok(Some((term, Reason::plain(RuleId::spine("promised_day")))));
        }
        let facts = row(self.plan(), case, &Facts::new());
        let (limit, reason) = rule.within.decide(&self.plan().schema, &facts);
        let term = match limit {
            Limit::Span(span) => self.not_past_whole(
                rule,
                Term::new(began, span.clone(), rule.counting),
                &Pauses::none(),
            )?,
            Limit::Share { of, percent } => {
                let lead = [*of, ClockKind::Redo]
                    .into_iter()
                    .find_map(|kind| case.clock(kind).filter(|clock| clock.is_live()));
                let Some(lead) = lead else { return Ok(None) };
                let pauses = heeded_until(case, lead.key.kind, &lead.dormant, self.at);
                let at = lead
                    .term
                    .share(&self.hand.calendar, &pauses, *percent)
                    .map_err(calendar)?;
                let from = self.from();
                let mut end = at.unwrap_or(from);
                // What it waited for before the case was taken over holds the part itself.
                let held = heeded_until(case, rule.kind, &Pauses::none(), self.at);
                // The lead's time may have run since before anybody had the case: nobody who is named now is late at once.
                if end <= from {
                    let latest = lead.due().filter(|due| *due > from);
                    let floor = self.floor()?;
                    let floor = floor.plus(held.total(from, floor));
                    end = latest.map_or(floor, |due| due.min(floor));
                }
                let left = end.since(from) - held.total(from, end);
                Term::new(from, Span::Elapsed(left.max(0)), INSTANT)
            }
        };
        let term = self.not_past_bound(rule.kind, term, &Pauses::none(), None)?;
        Ok(Some((term, reason)))
    }

    /// A redo is due no later than the whole, where the plan says so; but whoever does it again has at least the plan's
    /// floor, even when the whole is overdue; and what was granted as an extension is granted.
    pub(super) fn not_past_whole(
        &self,
        rule: &ClockRule,
        term: Term,
        dormant: &Pauses,
    ) -> Result<Term, Why> {
        let case = self.case()?;
        let whole = case
            .clock(ClockKind::Whole)
            .filter(|_| rule.not_past_whole)
            .and_then(Clock::due);
        let Some(whole) = whole.filter(|_| term.extensions.is_empty()) else {
            return Ok(term);
        };
        let latest = whole.max(self.floor()?);
        let pauses = heeded_until(case, rule.kind, dormant, self.at);
        let due = term.due(&self.hand.calendar, &pauses).map_err(calendar)?;
        if due.is_none_or(|due| due.at <= latest) {
            return Ok(term);
        }
        // What has passed since the start, and has counted, is part of it.
        let left = latest.since(term.anchor) - pauses.total(term.anchor, self.at);
        let span = Span::Earliest(vec![term.span.clone(), Span::Elapsed(left.max(0))]);
        Ok(Term { span, ..term })
    }

    /// Refuses an officer's command that sets a limit beyond the known holidays, where the plan takes none.
    pub(super) fn is_covered(&self, kind: ClockKind, schedule: &Schedule) -> Result<(), Why> {
        let refuses = self.plan().uncovered == Uncovered::Refuse && self.is_an_officers();
        match schedule.provisional && refuses {
            true => Err(Why::NotCovered {
                clock: kind,
                due: schedule.legal_due,
                calendar: schedule.calendar.clone(),
                until: self.hand.calendar.coverage().to,
            }),
            false => Ok(()),
        }
    }

    pub(super) fn floor(&self) -> Result<Moment, Why> {
        let plan = self.plan();
        after(
            &self.hand.calendar,
            &plan.counting,
            self.from(),
            &plan.direct.floor,
        )
        .map(|due| due.at)
        .map_err(calendar)
    }

    fn stop(&mut self, key: ClockKey, mark: ClockMark) -> Result<(), Why> {
        let case = self.case()?;
        let Some(clock) = case.clocks.iter().find(|clock| clock.key == key) else {
            return Ok(());
        };
        let due = match clock.state {
            // What waits is judged as if it went on now: the open pause counts up to this moment.
            ClockState::Paused => case
                .due_if_it_went_on(clock, &self.hand.calendar, self.at)
                .map_err(calendar)?,
            _ => clock.schedule.legal_due,
        };
        self.by_rule(Event::ClockStopped {
            key,
            mark,
            verdict: Verdict::of(self.at, due),
        })
    }

    /// Cancels every live clock of the kinds.
    pub(super) fn cancel_all(
        &mut self,
        why: CancelWhy,
        kinds: impl Fn(ClockKind) -> bool,
    ) -> Result<(), Why> {
        let live = self
            .case()?
            .clocks
            .iter()
            .filter(|clock| clock.is_live() && kinds(clock.key.kind));
        for key in live.map(|clock| clock.key).collect::<Vec<_>>() {
            self.by_rule(Event::ClockCancelled { key, why })?;
        }
        Ok(())
    }
}

impl Case {
    /// When a clock of a kind is due by a term, held by the pauses of the case and by what it has waited for besides; an open pause
    /// counts up to `now`. Nothing, where the term never ends.
    pub(super) fn due_by(
        &self,
        term: &Term,
        kind: ClockKind,
        dormant: &Pauses,
        calendar: &Calendar,
        now: Moment,
    ) -> Result<Option<Moment>, TimeError> {
        let due = term.due(calendar, &heeded_until(self, kind, dormant, now))?;
        Ok(due.map(|due| due.at))
    }
}

impl Turn<'_> {
    /// [`Case::due_by`], by the calendar and at the moment of this turn.
    pub(super) fn due_by(
        &self,
        term: &Term,
        kind: ClockKind,
        dormant: &Pauses,
    ) -> Result<Option<Moment>, Why> {
        self.case()?
            .due_by(term, kind, dormant, &self.hand.calendar, self.at)
            .map_err(calendar)
    }
}

/// The times at which a clock did not run, an open pause counted up to `now`.
pub(super) fn heeded_until(case: &Case, kind: ClockKind, dormant: &Pauses, now: Moment) -> Pauses {
    case.pauses
        .iter()
        .filter(|pause| pause.holds(kind))
        .fold(dormant.clone(), |all, pause| {
            all.with(pause.from, Some(pause.ended.unwrap_or(now)))
        })
}
