//! The ladders (督办督查): which steps a clock has ahead, when each comes, and what time brings. Each step comes once, in its order, at its own
//! moment, however long nobody looked.

use crate::calendar::{At, DAY, HOUR, OFFICE};
use crate::case::Case;
use crate::clocks::Stand;
use crate::limit::{Counting, Length, after_due};
use crate::pack::{SUPPLEMENT, When};

/// A step of a ladder: a rung of the pack, and what is behind every ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Rung(&'static str),
    /// The breach is a dated fact: the second after it was due.
    Breach,
    Lapse,
    /// 超期: supervision is told again and again, so that no ladder ends.
    Overdue(u32),
}

/// A step that is ahead: when its rule has it, and when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    pub at: At,
    pub nominal: At,
    pub step: Step,
}

impl Case {
    /// Lays out what a clock does if nobody acts. What has come has come; what lies in the past comes at once.
    pub fn lay(&mut self, at: usize, starts: bool) {
        let clock = &self.clocks[at];
        let stills = self.stills(clock);
        let counting = Counting {
            office: &OFFICE,
            stills: &stills,
        };
        let due = self.due_if_it_went_on(at);
        let (anchor, limit, more) = (clock.anchor, clock.limit, &clock.extensions);
        let mut before = clock.before;
        let mut last = due;
        let mut ahead = Vec::new();
        let mut void = Vec::new();
        let now = self.now;
        for rung in (self.pack.rungs)(clock.kind) {
            let nominal = match rung.when {
                When::Before(by) if self.is_cut_short(at) => {
                    counting.back(due, by.number()).max(anchor)
                }
                When::Before(by) => counting.before(anchor, limit, more, by).unwrap().min(due),
                When::Share(percent) => counting
                    .share(anchor, limit, more, percent)
                    .unwrap()
                    .min(due),
                When::Due => due,
                When::After(by) => after_due(&OFFICE, due, by),
            };
            last = last.max(nominal);
            let step = Step::Rung(rung.key);
            if clock.taken.contains(&step) {
                continue;
            }
            let within = matches!(rung.when, When::Before(_) | When::Share(_));
            if starts && within && nominal <= anchor {
                void.push(step);
                continue;
            }
            ahead.push(Ahead {
                at: self.put_off(nominal.max(now)),
                nominal,
                step,
            });
        }
        let mut fact = |step: Step| {
            if !clock.taken.contains(&step) {
                let (at, nominal) = ((due + 1).max(now), due + 1);
                ahead.push(Ahead { at, nominal, step });
            }
        };
        if !clock.kind.is_a_right() {
            fact(Step::Breach);
        }
        if clock.kind.lapses() {
            fact(Step::Lapse);
        } else {
            let came = clock
                .taken
                .iter()
                .filter(|it| matches!(it, Step::Overdue(_)));
            let came = u32::try_from(came.count()).unwrap();
            // What became due later is not overdue: its notices are counted on, and come as for the first time.
            before = if due > clock.due { came } else { before };
            let next = came + 1;
            let nominal = (before..next).fold(last, |from, _| self.overdue_after(from));
            ahead.push(Ahead {
                at: self.put_off(nominal.max(now)),
                nominal,
                step: Step::Overdue(next),
            });
        }
        let clock = &mut self.clocks[at];
        clock.before = before;
        clock.taken.extend(void);
        clock.due = due;
        clock.laid = now;
        clock.ahead = Vec::new();
        for step in ahead {
            put(&mut clock.ahead, step);
        }
    }

    fn overdue_after(&self, from: At) -> At {
        after_due(&OFFICE, from, Length::WorkingDays(self.pack.overdue_every))
    }

    /// 免打扰: a reminder in the night comes at eight.
    fn put_off(&self, at: At) -> At {
        let hour = at.rem_euclid(DAY) / HOUR;
        let midnight = at - at.rem_euclid(DAY);
        match hour {
            0..8 if self.pack.quiet => midnight + 8 * HOUR,
            21.. if self.pack.quiet => midnight + DAY + 8 * HOUR,
            _ => at,
        }
    }

    /// The first of what time brings: the end of a pause before a step, the step of the clock that started first before others.
    fn next(&self) -> Option<(At, Next)> {
        let open = self
            .pauses
            .iter()
            .enumerate()
            .filter(|(_, it)| it.ended.is_none());
        let ends = open.map(|(at, it)| (it.until, Next::PauseEnds(at)));
        let running = self.clocks.iter().enumerate();
        let running = running.filter(|(_, it)| it.stand == Stand::Running);
        let steps = running.filter_map(|(at, it)| Some((it.ahead.first()?.at, Next::Step(at))));
        let mut all: Vec<(At, Next)> = ends.chain(steps).collect();
        all.sort_by_key(|(at, _)| *at);
        all.first().copied()
    }

    /// When the case wakes by itself.
    pub fn alarm(&self) -> Option<At> {
        self.next().map(|(at, _)| at)
    }

    /// Time passes up to a moment, and brings what it brings in its order, each at its own moment.
    pub fn advance(&mut self, to: At) {
        while let Some((at, next)) = self.next().filter(|(at, _)| *at <= to) {
            self.now = at;
            match next {
                Next::PauseEnds(pause) => {
                    // Whoever did not answer in time may be asked again.
                    self.waiting &= self.pauses[pause].wait != SUPPLEMENT;
                    self.go_on(pause, false);
                }
                Next::Step(clock) => self.take(clock),
            }
        }
        self.now = to;
    }

    fn take(&mut self, at: usize) {
        let now = self.now;
        let Ahead { step, nominal, .. } = self.clocks[at].ahead.remove(0);
        self.clocks[at].taken.push(step);
        let (kind, run) = (self.clocks[at].kind, self.clocks[at].run);
        if let Step::Overdue(n) = step {
            let nominal = self.overdue_after(nominal);
            let next = Ahead {
                at: self.put_off(nominal.max(self.clocks[at].laid)),
                nominal,
                step: Step::Overdue(n + 1),
            };
            put(&mut self.clocks[at].ahead, next);
            // Several at one moment are one notice: the last of them.
            if next.at == now {
                return;
            }
        }
        self.fired.push((now, kind, run, step));
        match step {
            Step::Breach => {
                self.clocks[at].breached = Some(now);
                self.extension_lapses(kind);
            }
            Step::Lapse => self.lapsed(kind),
            Step::Rung(key) => {
                let rungs = (self.pack.rungs)(kind).iter();
                if rungs.clone().any(|it| it.key == key && it.supervises) {
                    self.track();
                }
            }
            Step::Overdue(_) => {}
        }
    }
}

#[derive(Clone, Copy)]
enum Next {
    PauseEnds(usize),
    Step(usize),
}

/// By the moment at which it comes, then by that of its rule, then last.
fn put(ahead: &mut Vec<Ahead>, step: Ahead) {
    let later = |other: &Ahead| (other.at, other.nominal) > (step.at, step.nominal);
    let place = ahead.iter().position(later).unwrap_or(ahead.len());
    ahead.insert(place, step);
}
