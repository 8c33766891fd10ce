//! A worker's loop, written once for both kinds of desks.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use super::patience::{Looks, Patience, Rhythm, Time};
use super::post::Post;
use super::{Bell, Ended, Parcel};
use crate::desk::core::Core;
use crate::desk::kind::{Cases, Duties};
use crate::desk::{AsyncLedger, DeskError};
use crate::time::Moment;

/// How long after its start, a ring, and whatever it has woken a worker looks once more. What came about then may not be to be seen at first: a
/// reader of a ledger may have to wait for what others have under way.
const SOON: Duration = Duration::from_secs(1);

/// What a worker knows from one turn to the next. All of it may be lost: it is in the ledger.
#[derive(Debug, Default)]
struct Turns {
    /// Ticks that failed.
    ticks: Patience,
    /// Chains that could not be woken, and until when they are left alone.
    stuck: Stuck,
    /// Ticks in a row that found something due and did nothing.
    fruitless: u32,
    /// Whether it has woken something, or was started, and has not looked once more since.
    looks_again: bool,
    cases: Post,
    duties: Post,
}

#[derive(Debug, Default)]
struct Stuck {
    cases: BTreeSet<String>,
    duties: BTreeSet<String>,
    patience: Patience,
}

/// Runs until it is stopped, or until nothing more can come of it.
pub(super) async fn run<L, F, W>(
    core: &Core<'_, L>,
    bell: &Bell,
    rhythm: &Rhythm,
    now: impl Fn() -> Moment,
    mut deliver: impl FnMut(Parcel) -> F,
    mut wait: impl FnMut(u64, Duration) -> W,
) -> Ended
where
    L: AsyncLedger,
    F: Future<Output = bool>,
    W: Future<Output = ()>,
{
    let mut turns = Turns {
        looks_again: true,
        ..Turns::default()
    };
    let mut clock = Looks::at(now);
    // How often the bell had rung when there was last nothing left to do.
    let mut heard = bell.rings();
    loop {
        let seen = bell.rings();
        if bell.is_stopped() {
            return Ended::Stopped;
        }
        let time = clock.look();
        let mut next = Next::default();
        let mut looked = turns.ticks.is_over(time);
        if let Err(error) = turns.tick(core, rhythm, time, &mut next).await {
            looked = false;
            if error.is_for_good() {
                return Ended::Failed(error);
            }
            turns.ticks.fail(time, rhythm);
            next.within(turns.ticks.left(time));
        }
        for duties in [false, true] {
            let post = match duties {
                false => &mut turns.cases,
                true => &mut turns.duties,
            };
            let left = post.ledger.left(clock.last());
            if !left.is_zero() {
                looked = false;
                next.within(left);
                continue;
            }
            let came = match duties {
                false => {
                    post.page::<Cases, _, _>(core, bell, rhythm, &mut clock, &mut deliver)
                        .await
                }
                true => {
                    post.page::<Duties, _, _>(core, bell, rhythm, &mut clock, &mut deliver)
                        .await
                }
            };
            match came {
                Ok(more) => {
                    post.ledger = Patience::default();
                    next.more |= more;
                    if let Some(left) = post.left(clock.last()) {
                        next.within(left);
                    }
                }
                Err(error) if error.is_for_good() => return Ended::Failed(error),
                Err(_) => {
                    looked = false;
                    let time = clock.look();
                    post.ledger.fail(time, rhythm);
                    next.within(post.ledger.left(time));
                }
            }
        }
        if next.more {
            continue;
        }
        // What could not be looked at in this turn is looked at once more when it can be.
        if looked && (seen != heard || turns.looks_again) {
            heard = seen;
            turns.looks_again = false;
            next.within(SOON);
        }
        // What the turn has taken is not waited again.
        let most = next.wait.unwrap_or(rhythm.unbidden());
        let mut left = rhythm.at_most(most.saturating_sub(clock.look().since(time)));
        while !left.is_zero() && bell.rings() == seen && !bell.is_stopped() {
            let piece = bell.piece(left);
            wait(seen, piece).await;
            left = left.saturating_sub(piece);
            if bell.rings() == seen {
                clock.waited(piece);
            }
        }
    }
}

/// What is to be done after a turn.
#[derive(Debug, Default)]
struct Next {
    /// Whether something was done, and there may be more of it.
    more: bool,
    /// How long nothing else is to be done.
    wait: Option<Duration>,
}

impl Next {
    fn within(&mut self, wait: Duration) {
        self.wait = Some(self.wait.map_or(wait, |before| before.min(wait)));
    }
    fn at(&mut self, alarm: Moment, now: Moment) {
        self.within(Duration::from_secs(
            u64::try_from(alarm.since(now)).unwrap_or(0),
        ));
    }
}

impl Turns {
    /// Wakes what is due, if anything is that is not left alone.
    async fn tick<L: AsyncLedger>(
        &mut self,
        core: &Core<'_, L>,
        rhythm: &Rhythm,
        time: Time,
        next: &mut Next,
    ) -> Result<(), DeskError> {
        let left = self.ticks.left(time);
        if !left.is_zero() {
            next.within(left);
            return Ok(());
        }
        let left = self.stuck.patience.left(time);
        let failed = |error: &DeskError| core.watch.failed(error);
        let alarm = match left.is_zero() {
            true => core.next_alarm().await.inspect_err(failed)?,
            false => {
                next.within(left);
                let Stuck { cases, duties, .. } = &self.stuck;
                core.next_alarm_beside(cases, duties)
                    .await
                    .inspect_err(failed)?
            }
        };
        if alarm.is_none_or(|alarm| alarm > time.now) {
            self.ticks = Patience::default();
            self.fruitless = 0;
            if let Some(alarm) = alarm {
                next.at(alarm, time.now);
            }
            return Ok(());
        }
        let ticked = core.tick(time.now, rhythm.batch).await?;
        self.ticks = Patience::default();
        let cases = ticked.stuck.iter().map(|stuck| stuck.case.to_string());
        let duties = ticked.stuck_duties.iter();
        self.stuck.cases = cases.collect();
        self.stuck.duties = duties.map(|stuck| stuck.duty.to_string()).collect();
        match ticked.stuck.is_empty() && ticked.stuck_duties.is_empty() {
            true => self.stuck.patience = Patience::default(),
            false => self.stuck.patience.fail(time, rhythm),
        }
        self.looks_again |= ticked.fired > 0;
        self.fruitless = match ticked.fired {
            0 => self.fruitless.saturating_add(1),
            _ => 0,
        };
        if self.fruitless > 1 {
            // It is due, it is not woken, and nobody says why.
            self.ticks.fail(time, rhythm);
            next.within(self.ticks.left(time));
        } else {
            next.more = true;
        }
        Ok(())
    }
}
