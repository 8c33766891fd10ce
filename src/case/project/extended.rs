//! 延期: an extension takes effect, waits for its notice, or lapses.

use crate::case::stages::Clock;
use crate::case::turn::Turn;
use crate::time::Span;
use crate::words::{ClockKind, EffectId, Event, ProjectedFor, Why};

impl Turn<'_> {
    /// An extension takes effect.
    pub(in crate::case) fn extend(&mut self, kind: ClockKind, span: &Span) -> Result<(), Why> {
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

    /// An extension takes effect: nobody need have the notice, or the citizen has it.
    pub(in crate::case) fn counts(&mut self, clock: ClockKind, span: &Span) -> Result<(), Why> {
        self.emit_by_rule(Event::ExtensionCounted {
            clock,
            span: span.clone(),
        })
    }

    /// A notice was delivered. If it was that of an extension, the extension counts from now on, provided that the old due moment has not passed.
    pub(in crate::case) fn told(&mut self, effect: &EffectId) -> Result<(), Why> {
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
    pub(in crate::case) fn told_too_late(&mut self, kind: ClockKind) -> Result<(), Why> {
        match &self.case()?.granted {
            Some(granted) if granted.clock == kind => {
                self.emit_by_rule(Event::ExtensionLapsed { clock: kind })
            }
            _ => Ok(()),
        }
    }

    /// The reply is given, or has gone out: an extension that waits for its notice does not count any more, unless its clock runs on,
    /// since the plan has it run until the answer has gone out, and it has not.
    pub(in crate::case) fn no_more_awaited(&mut self) -> Result<(), Why> {
        let case = self.case()?;
        let Some(kind) = case.granted.as_ref().map(|granted| granted.clock) else {
            return Ok(());
        };
        match case.clock(kind).is_some_and(Clock::is_live) {
            true => Ok(()),
            false => self.told_too_late(kind),
        }
    }
}
