//! The parts of co-handlers follow their lead's time.

use crate::case::clocks::{calendar, heeded_until};
use crate::case::row;
use crate::case::stages::Clock;
use crate::case::turn::Turn;
use crate::plan::Limit;
use crate::time::{Moment, Span, Term};
use crate::words::{ClockKind, Facts, ProjectedFor, Why};

impl Turn<'_> {
    /// A part is due within a share of its lead's time: where the lead becomes due earlier so does the part, and an extension of the lead
    /// is the part's too, also while they wait. What the part was extended by itself it keeps, but where the lead is shortened it is due no
    /// later than that. Nobody is late at once by it.
    pub(super) fn parts_follow(&mut self, before: &Clock, why: ProjectedFor) -> Result<(), Why> {
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
        let Some((of, percent)) = self.share_of(part)? else {
            return Ok(None);
        };
        if of != kind && !(kind == ClockKind::Redo && of == ClockKind::Reply) {
            return Ok(None);
        }
        let share = |term: &Term| self.share_ends(lead, term, percent);
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

    /// What a part counts that goes on, where its own term would have it due later than within its share of its lead's time.
    pub(super) fn within_lead(&self, part: &Clock) -> Result<Option<Term>, Why> {
        let case = self.case()?;
        let Some((of, percent)) = self.share_of(part)? else {
            return Ok(None);
        };
        let live = |kind| case.clock(kind).filter(|lead| lead.is_live());
        let Some(lead) = [of, ClockKind::Redo].into_iter().find_map(live) else {
            return Ok(None);
        };
        let Some(end) = self.share_ends(lead, &lead.term, percent)? else {
            return Ok(None);
        };
        let term = self.share_until(part, end);
        let due = |term: &Term| self.due_by(term, part.key.kind, &part.dormant);
        let Some((share, own)) = due(&term)?.zip(due(&part.term)?) else {
            return Ok(None);
        };
        if share >= own {
            return Ok(None);
        }
        let term = self.no_less_than_before(part, term, (share, own))?;
        // And never after its lead, which another case may have brought forward meanwhile.
        let latest = case.due_if_it_went_on(lead, &self.hand.calendar, self.at);
        let latest = latest.map_err(calendar)?;
        match due(&term)?.filter(|due| *due > latest) {
            Some(due) => self.no_later_at_once(part, self.until(latest), (own.max(due), latest)),
            None => Ok(term),
        }
        .map(Some)
    }

    /// The share that a part has of its lead's time, as the facts are now: of which clock, and how much.
    fn share_of(&self, part: &Clock) -> Result<Option<(ClockKind, u8)>, Why> {
        let facts = row(self.plan(), self.case()?, &Facts::new());
        let rule = self.plan().clock(part.key.kind);
        Ok(match rule.map(|rule| rule.within.answer(&facts)) {
            Some(Limit::Share { of, percent }) => Some((*of, *percent)),
            _ => None,
        })
    }

    /// When so much of a lead's time is over, by a term of it.
    fn share_ends(&self, lead: &Clock, term: &Term, percent: u8) -> Result<Option<Moment>, Why> {
        let pauses = heeded_until(self.case()?, lead.key.kind, &lead.dormant, self.at);
        let end = term.share(&self.hand.calendar, &pauses, percent);
        end.map_err(calendar)
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
}
