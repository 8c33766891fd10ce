//! What holds a clock up (中止计时), and when it is due with that: pauses are the case's, and each clock says for which it waits. What is cut short by
//! the whole stands here too.

use crate::calendar::{At, OFFICE};
use crate::case::Case;
use crate::clocks::{Clock, Stand};
use crate::limit::{Counting, Length, Still, after};
use crate::pack::Kind;

/// A pause of the case (中止): why, since when, until when at the latest, and when it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    pub wait: usize,
    pub from: At,
    pub until: At,
    pub ended: Option<At>,
}
impl Case {
    /// Whether a clock of that kind waits for that reason: those that the pack names alone, else all that heed whose time it is.
    pub fn waits_for(&self, kind: Kind, wait: usize) -> bool {
        let wait = &self.pack.waits[wait];
        kind.heeds(wait.side) && (wait.holds.is_empty() || wait.holds.contains(&kind))
    }

    pub fn is_held(&self, kind: Kind) -> bool {
        let open = |it: &&Paused| it.ended.is_none();
        self.pauses
            .iter()
            .filter(open)
            .any(|it| self.waits_for(kind, it.wait))
    }

    /// When a clock stands still: its pauses, which may overlap and count once, and the time that does not count at all.
    pub fn stills(&self, clock: &Clock) -> Vec<Still> {
        let its = |it: &&Paused| self.waits_for(clock.kind, it.wait);
        let paused = self.pauses.iter().filter(its).map(|it| Still {
            from: it.from,
            until: it.ended,
        });
        paused.chain(clock.dormant.iter().copied()).collect()
    }

    /// When a clock is due; of one that waits, as if it went on now.
    pub fn due_if_it_went_on(&self, at: usize) -> At {
        self.due_of(&self.clocks[at])
    }

    pub fn due_of(&self, clock: &Clock) -> At {
        let mut stills = self.stills(clock);
        for still in &mut stills {
            still.until = Some(still.until.unwrap_or(self.now));
        }
        let counting = Counting {
            office: &OFFICE,
            stills: &stills,
        };
        let due = |more: &[Length]| counting.due(clock.anchor, clock.limit, more).unwrap();
        match counting
            .most(clock.anchor, clock.most)
            .filter(|cap| *cap < due(&[]))
        {
            Some(cap) => clock
                .extensions
                .iter()
                .fold(cap, |at, by| counting.more(at, *by)),
            None => due(&clock.extensions),
        }
    }

    /// A clock that a pause holds waits, and is not laid out before it goes on.
    pub fn lay_or_wait(&mut self, at: usize, starts: bool) {
        if self.is_held(self.clocks[at].kind) {
            self.clocks[at].stand = Stand::Paused;
        } else {
            self.clocks[at].stand = Stand::Running;
            self.lay(at, starts);
        }
    }

    /// 中止计时: what heeds it waits.
    pub fn pause(&mut self, wait: usize) {
        let most = self.pack.waits[wait].most;
        self.pauses.push(Paused {
            wait,
            from: self.now,
            until: after(&OFFICE, self.now, most),
            ended: None,
        });
        for at in 0..self.clocks.len() {
            if self.clocks[at].is_live() && self.waits_for(self.clocks[at].kind, wait) {
                self.clocks[at].stand = Stand::Paused;
            }
        }
    }

    /// 恢复计时: what has nothing more to wait for goes on with what was left; or, where the citizen has completed the message and the pack says
    /// so, with all of its time anew, but for the whole.
    pub fn go_on(&mut self, pause: usize, completed: bool) {
        self.pauses[pause].ended = Some(self.now);
        let wait = self.pauses[pause].wait;
        for at in 0..self.clocks.len() {
            let kind = self.clocks[at].kind;
            if self.clocks[at].stand != Stand::Paused || !self.waits_for(kind, wait) {
                continue;
            }
            if completed && self.pack.restarts && kind != Kind::Whole {
                self.clocks[at].anchor = self.now;
            }
            self.lay_or_wait(at, false);
        }
        self.not_past_whole();
    }

    /// Whoever gives an answer, or goes on without one, waits for nothing more.
    pub fn go_on_all(&mut self) {
        for at in 0..self.pauses.len() {
            if self.pauses[at].ended.is_none() {
                self.go_on(at, false);
            }
        }
    }

    /// A redo has no more than what is left of the whole when it is sent back; but whoever does it again has a working day, even when the whole
    /// is overdue. What is left is counted in seconds, day and night, and stands still with the redo.
    pub fn left_of_whole(&self) -> i64 {
        let a_day = after(&OFFICE, self.now, Length::WorkingDays(1));
        let due = self
            .live(Kind::Whole)
            .map_or(a_day, |whole| whole.due.max(a_day));
        due - self.now
    }

    /// Whether what is left of the whole is less than the limit.
    pub fn is_cut_short(&self, at: usize) -> bool {
        let clock = &self.clocks[at];
        let mut plain = Clock {
            extensions: Vec::new(),
            ..clock.clone()
        };
        let cut = self.due_of(&plain);
        plain.most = None;
        cut < self.due_of(&plain)
    }

    /// A redo that goes on is held against the whole once more: what is left of that now, or a working day.
    fn not_past_whole(&mut self) {
        let (Some(redo), Some(whole)) = (self.live_at(Kind::Redo), self.live(Kind::Whole)) else {
            return;
        };
        let runs = self.clocks[redo].stand == Stand::Running && whole.stand == Stand::Running;
        let (due, more) = (self.clocks[redo].due, &self.clocks[redo].extensions);
        let latest = self.now + self.left_of_whole();
        if self.pack.not_past_whole && runs && more.is_empty() && due > latest {
            let clock = &self.clocks[redo];
            let stills = self.stills(clock);
            let counting = Counting {
                office: &OFFICE,
                stills: &stills,
            };
            let most = counting.ran(clock.anchor, latest);
            self.clocks[redo].most = Some(most);
            self.lay(redo, false);
        }
    }
}
