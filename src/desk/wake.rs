//! Time passes: cases are woken in the order of their alarms.

use std::collections::BTreeSet;

use super::desk::{start, tick};
use super::{Alarm, Committed, Desk, DeskError, Ledger};
use crate::time::Moment;
use crate::words::{CaseId, DutyId, Outgoing};

/// How many cases are woken in one transaction.
const BATCH: usize = 256;

/// What came of a tick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct Ticked {
    /// How often a case was woken.
    pub fired: usize,
    /// Whether more was due than the limit let through.
    pub more: bool,
    /// Cases that were due and could not be woken: a damaged row, a plan that is nowhere. They stay due, and keep no
    /// other case waiting; while there are any, [`Desk::next_alarm`] lies in the past, so wait before trying again.
    pub stuck: Vec<Stuck>,
    /// Obligations that were due and could not be woken.
    pub stuck_duties: Vec<StuckDuty>,
}

/// An obligation that was due and could not be woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckDuty {
    /// Which.
    pub duty: DutyId,
    /// Why, in words.
    pub why: String,
}

/// A case that was due and could not be woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Which.
    pub case: CaseId,
    /// Why, in words.
    pub why: String,
}

enum Woken {
    /// Its time came; when it comes next, and whether other cases are to hear of it.
    Next(Option<Moment>, bool),
    /// Somebody else was there first.
    Elsewhere,
}

impl<L: Ledger> Desk<L> {
    /// When the next case or obligation wants to be woken; until then nothing happens by itself. Set a timer and
    /// [`tick`](Desk::tick) then; early or twice does no harm.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work.
    pub fn next_alarm(&self) -> Result<Option<Moment>, DeskError> {
        // What other cases are still to hear is not put off until one of them wakes.
        let link = self.ledger.links(1)?.into_iter().map(|link| link.at);
        let both = [
            self.ledger.next_alarm()?,
            self.ledger.duties().next_alarm()?,
        ];
        Ok(both.into_iter().flatten().chain(link).min())
    }

    /// Wakes cases and then obligations whose time has come, at most `limit` times, in one transaction.
    ///
    /// Each is woken at its own moment, not at `now`, and the order is that of moment and case. So a desk that was
    /// asleep for a week writes the same records, in the same order, as one that ticked every second.
    ///
    /// # Errors
    /// Whatever keeps the ledger from its work. Nothing was done then. A single case that cannot be woken is no
    /// error: it is among the stuck.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let ticked = desk.tick("2026-03-02T09:00:00+08:00".parse()?, 100)?;
    /// assert_eq!(ticked.fired, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tick(&self, now: Moment, limit: usize) -> Result<Ticked, DeskError> {
        let mut ticked = Ticked::default();
        let due = |alarm: Option<Moment>| alarm.is_some_and(|alarm| alarm <= now);
        let any = due(self.ledger.next_alarm()?)
            || due(self.ledger.duties().next_alarm()?)
            || !self.ledger.links(1)?.is_empty();
        if limit > 0 && any {
            self.ledger.together(&mut || {
                ticked = self.wake_due(now, limit)?;
                if !ticked.more {
                    self.wake_duties(now, limit, &mut ticked)?;
                }
                Ok(())
            })?;
        }
        Ok(ticked)
    }

    /// Wakes everything whose time has come.
    ///
    /// # Errors
    /// As [`tick`](Desk::tick). What earlier transactions did is done.
    pub fn advance(&self, now: Moment) -> Result<Ticked, DeskError> {
        let mut all = Ticked::default();
        loop {
            let Ticked {
                fired,
                more,
                stuck,
                stuck_duties,
            } = self.tick(now, BATCH)?;
            all.fired += fired;
            all.stuck = stuck;
            all.stuck_duties = stuck_duties;
            if !more {
                return Ok(all);
            }
        }
    }

    fn wake_due(&self, now: Moment, limit: usize) -> Result<Ticked, DeskError> {
        let mut ticked = Ticked::default();
        let mut queue: BTreeSet<Alarm> = BTreeSet::new();
        // Everything due up to here is in the queue or was woken.
        let mut seen: Option<Alarm> = None;
        let mut all_seen = false;
        ticked.stuck = self.link(now)?.stuck;
        loop {
            let in_sight = queue
                .first()
                .is_some_and(|first| seen.as_ref().is_some_and(|seen| first <= seen));
            if !in_sight && !all_seen {
                let page = self.ledger.due(now, seen.as_ref(), BATCH)?;
                all_seen = page.len() < BATCH;
                seen = page.last().cloned().or(seen);
                queue.extend(page);
                continue;
            }
            if ticked.fired == limit {
                ticked.more = !queue.is_empty();
                return Ok(ticked);
            }
            let Some(alarm) = queue.pop_first() else {
                return Ok(ticked);
            };
            match self.wake(&alarm, now) {
                Ok(Woken::Next(next, links)) => {
                    ticked.fired += 1;
                    queue.extend(next.filter(|at| *at <= now).map(|at| Alarm {
                        at,
                        case: alarm.case,
                    }));
                    if links {
                        self.heard(now, &mut queue)?;
                    }
                }
                Ok(Woken::Elsewhere) => {}
                Err(error) if error.is_local() => {
                    ticked.stuck.push(Stuck {
                        case: alarm.case,
                        why: error.to_string(),
                    });
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Has other cases hear at once what a woken one tells them, and looks again at when they want to be woken.
    fn heard(&self, now: Moment, queue: &mut BTreeSet<Alarm>) -> Result<(), DeskError> {
        for case in self.link(now)?.cases {
            let head = self.ledger.load(&case)?;
            let next = head.and_then(|head| head.case.next_alarm());
            queue.extend(next.filter(|at| *at <= now).map(|at| Alarm { at, case }));
        }
        Ok(())
    }

    fn wake(&self, alarm: &Alarm, now: Moment) -> Result<Woken, DeskError> {
        let Some(head) = self.ledger.load(&alarm.case)? else {
            return Ok(Woken::Elsewhere);
        };
        if head.case.next_alarm() != Some(alarm.at) {
            return Ok(Woken::Elsewhere);
        }
        let envelope = tick(&head.case, alarm.at)?;
        let decision = self
            .decide(Some(&head.case), &envelope)?
            .map_err(DeskError::misuse)?;
        let next = decision.case.next_alarm();
        if decision.records.is_empty() {
            return Err(DeskError::misuse(format!(
                "nothing came of waking it at {}",
                envelope.at
            )));
        }
        let mut commit = start(&alarm.case, Some(&head.case), now);
        self.fill(&mut commit, Some(&head), decision)?;
        let links = commit.outgoing.iter().any(Outgoing::is_link);
        match self.ledger.commit(&commit)? {
            Committed::Done => Ok(Woken::Next(next, links)),
            _ => Ok(Woken::Elsewhere),
        }
    }
}
