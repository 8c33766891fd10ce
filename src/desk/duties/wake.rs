//! Time passes: obligations are woken in the order of their alarms.

use std::collections::BTreeSet;

use super::door::{start, tick};
use super::{DutyAlarm, DutyCommitted};
use crate::desk::wake::StuckDuty;
use crate::desk::{Desk, DeskError, Ledger, Ticked};
use crate::time::Moment;

/// How many are listed at a time.
const PAGE: usize = 256;

impl<L: Ledger> Desk<L> {
    /// Wakes what is due, each at its own moment, as long as `limit` is not reached.
    pub(in crate::desk) fn wake_duties(
        &self,
        now: Moment,
        limit: usize,
        ticked: &mut Ticked,
    ) -> Result<(), DeskError> {
        let mut queue: BTreeSet<DutyAlarm> = BTreeSet::new();
        // Everything due up to here is in the queue or was woken.
        let mut seen: Option<DutyAlarm> = None;
        let mut all_seen = false;
        loop {
            let first = queue.first();
            let in_sight =
                first.is_some_and(|first| seen.as_ref().is_some_and(|seen| first <= seen));
            if !in_sight && !all_seen {
                let page = self.ledger.duties().due(now, seen.as_ref(), PAGE)?;
                all_seen = page.len() < PAGE;
                seen = page.last().cloned().or(seen);
                queue.extend(page);
                continue;
            }
            if ticked.fired >= limit {
                ticked.more = !queue.is_empty();
                return Ok(());
            }
            let Some(alarm) = queue.pop_first() else {
                return Ok(());
            };
            match self.wake_duty(&alarm, now) {
                Ok(Some(next)) => {
                    ticked.fired += 1;
                    queue.extend(next.filter(|at| *at <= now).map(|at| DutyAlarm {
                        at,
                        duty: alarm.duty,
                    }));
                }
                // Somebody else was there first.
                Ok(None) => {}
                Err(error) if error.is_local() => ticked.stuck_duties.push(StuckDuty {
                    duty: alarm.duty,
                    why: error.to_string(),
                }),
                Err(error) => return Err(error),
            }
        }
    }

    fn wake_duty(
        &self,
        alarm: &DutyAlarm,
        now: Moment,
    ) -> Result<Option<Option<Moment>>, DeskError> {
        let duties = self.ledger.duties();
        let Some(head) = duties.load(&alarm.duty)? else {
            return Ok(None);
        };
        if head.duty.next_alarm() != Some(alarm.at) {
            return Ok(None);
        }
        let envelope = tick(&head.duty, alarm.at)?;
        let decision = self
            .decide_duty(Some(&head.duty), &envelope)?
            .map_err(DeskError::misuse)?;
        let next = decision.duty.next_alarm();
        if decision.records.is_empty() {
            return Err(DeskError::misuse(format!(
                "nothing came of waking it at {}",
                envelope.at
            )));
        }
        let mut commit = start(&alarm.duty, Some(&head.duty), now);
        self.fill_duty(&mut commit, Some(&head), decision)?;
        match duties.commit(&commit)? {
            DutyCommitted::Done => Ok(Some(next)),
            _ => Ok(None),
        }
    }
}
