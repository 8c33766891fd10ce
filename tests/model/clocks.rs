//! The clocks of a case (限时办结): what starts and stops each, and what is known of a run. Nothing is carried along that could be counted again:
//! every due moment is counted from where its clock began.

use crate::calendar::At;
use crate::case::{Case, Stage};
use crate::ladder::{Ahead, Step};
use crate::limit::{Length, Still};
use crate::pack::{Kind, Side};

/// What happened, as clocks see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Received,
    Screened,
    Assigned,
    Signed,
    Objected,
    Ruled,
    Updated,
    Replied,
    Returned,
    Published,
    CalledBack,
    Rated,
    Rechecked,
    Tracked,
    Reported,
    Untracked,
    StruckOff,
}

impl Kind {
    /// What starts it. Reply runs from dispatch, not from signing for it: nobody stops a clock by not looking.
    const fn starts(self) -> Mark {
        match self {
            Kind::Screen | Kind::Whole => Mark::Received,
            Kind::Assign => Mark::Screened,
            Kind::Sign | Kind::Object | Kind::Reply | Kind::Update => Mark::Assigned,
            Kind::Rule => Mark::Objected,
            Kind::Review => Mark::Replied,
            Kind::Redo => Mark::Returned,
            Kind::CallBack => Mark::Published,
            Kind::Rating => Mark::CalledBack,
            Kind::Recheck => Mark::Rated,
            Kind::Track => Mark::Tracked,
        }
    }
    /// What stops it; of the reply, in a pack that says so, that it has gone out.
    const fn stops(self, until_published: bool) -> &'static [Mark] {
        match self {
            Kind::Screen => &[Mark::Screened],
            Kind::Assign => &[Mark::Assigned],
            Kind::Sign => &[Mark::Signed, Mark::Ruled, Mark::Replied],
            Kind::Object => &[Mark::Objected, Mark::Ruled, Mark::Replied],
            Kind::Rule => &[Mark::Ruled, Mark::Replied],
            Kind::Reply if until_published => &[Mark::Published],
            Kind::Reply | Kind::Redo => &[Mark::Replied],
            Kind::Update => &[Mark::Updated, Mark::Replied],
            Kind::Review => &[Mark::Published, Mark::Returned],
            Kind::CallBack => &[Mark::CalledBack, Mark::Rated],
            Kind::Rating => &[Mark::Rated],
            Kind::Recheck => &[Mark::Rechecked, Mark::StruckOff, Mark::Returned],
            Kind::Track => &[Mark::Reported, Mark::Untracked],
            Kind::Whole => &[Mark::StruckOff],
        }
    }
    /// One start lasts a whole cycle, and only reopening starts another.
    const fn once_a_cycle(self) -> bool {
        matches!(
            self,
            Kind::Screen | Kind::Assign | Kind::Reply | Kind::Whole
        )
    }
    /// Its limit has a consequence of its own: deemed signed, objection barred, silence recorded as silence.
    pub const fn lapses(self) -> bool {
        matches!(self, Kind::Sign | Kind::Object | Kind::Rating)
    }
    /// It limits what somebody may do, and not what they must: to let it pass breaches nothing.
    pub const fn is_a_right(self) -> bool {
        matches!(self, Kind::Object | Kind::Rating)
    }
    /// Whose time it waits for. The citizen's own limits wait for no office; what is between offices after the answer waits for nobody.
    pub const fn heeds(self, side: Side) -> bool {
        match self {
            Kind::Reply | Kind::Redo => true,
            Kind::Whole | Kind::Screen | Kind::Assign => !matches!(side, Side::Office),
            _ => false,
        }
    }
    const ALL: [Kind; 14] = [
        Kind::Screen,
        Kind::Assign,
        Kind::Sign,
        Kind::Object,
        Kind::Rule,
        Kind::Reply,
        Kind::Update,
        Kind::Review,
        Kind::Redo,
        Kind::CallBack,
        Kind::Rating,
        Kind::Recheck,
        Kind::Track,
        Kind::Whole,
    ];
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    Running,
    Paused,
    Stopped,
    Cancelled,
}

/// How a clock ended, once: when, with how many seconds to spare (or past due, below none), and whether what it stopped for was sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub at: At,
    pub mark: Mark,
    pub margin: i64,
    pub void: bool,
}

/// One run of a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    pub kind: Kind,
    pub run: u32,
    pub cycle: u32,
    pub anchor: At,
    pub limit: Length,
    pub extensions: Vec<Length>,
    /// How often it was extended itself: what an earlier run was extended by is part of what was left of that.
    pub extended: usize,
    /// Time that does not count at all.
    pub dormant: Vec<Still>,
    /// It has no more than so many seconds.
    pub most: Option<i64>,
    pub stand: Stand,
    pub due: At,
    pub laid: At,
    pub ahead: Vec<Ahead>,
    pub taken: Vec<Step>,
    /// How many notices of being overdue came before it became due later.
    pub before: u32,
    pub breached: Option<At>,
    pub ended: Vec<Ended>,
}

impl Clock {
    pub fn is_live(&self) -> bool {
        matches!(self.stand, Stand::Running | Stand::Paused)
    }
}

impl Case {
    /// A mark was made: it stops what it stops, then it starts what it starts.
    pub fn mark(&mut self, mark: Mark) {
        for at in 0..self.clocks.len() {
            let clock = &self.clocks[at];
            let stops = clock.kind.stops(self.pack.until_published);
            if clock.is_live() && stops.contains(&mark) {
                self.stop(at, mark);
            }
        }
        for kind in Kind::ALL {
            let anew = matches!(
                (kind, mark),
                (Kind::Update, Mark::Updated) | (Kind::Track, Mark::Reported)
            );
            // A citizen who is satisfied has passed the third gate, and what goes back is done again: nobody need check.
            let needless = match kind {
                Kind::Recheck => self.is_satisfied() || self.goes_back(),
                // Who has said it need not be waited for.
                Kind::Rating => self.has_said(),
                Kind::Sign => self.signed,
                // A unit that a ruling named does not object.
                Kind::Object => self
                    .team
                    .is_some_and(|(unit, _)| self.ruled.contains(&unit)),
                _ => false,
            };
            // What came back is given to another without a new cycle: it is neither signed for nor objected to.
            let back = self.stage == Stage::Returned && mark == Mark::Assigned;
            if (kind.starts() == mark || anew) && !needless && !back {
                self.start(kind);
            }
        }
    }

    /// Starts a clock, unless it runs already or has had its one start of the cycle.
    pub fn start(&mut self, kind: Kind) {
        let Some(limit) = (self.pack.limit)(kind, self.question) else {
            return;
        };
        let runs = self.clocks.iter().filter(|it| it.kind == kind);
        let run = 1 + u32::try_from(runs.clone().count()).unwrap();
        let cycle = self.cycle;
        if runs
            .clone()
            .any(|it| it.is_live() || kind.once_a_cycle() && it.cycle == cycle)
        {
            return;
        }
        let capped = kind == Kind::Redo && self.pack.not_past_whole;
        let most = capped.then(|| self.left_of_whole());
        self.clocks.push(Clock {
            kind,
            run,
            cycle,
            anchor: self.now,
            limit,
            extensions: Vec::new(),
            extended: 0,
            dormant: Vec::new(),
            most,
            stand: Stand::Running,
            due: self.now,
            laid: self.now,
            ahead: Vec::new(),
            taken: Vec::new(),
            before: 0,
            breached: None,
            ended: Vec::new(),
        });
        let new = self.clocks.len() - 1;
        // What is left of the whole counts only where it is less.
        if self.clocks[new]
            .most
            .is_some_and(|_| !self.is_cut_short(new))
        {
            self.clocks[new].most = None;
        }
        self.lay_or_wait(new, true);
    }

    pub fn live(&self, kind: Kind) -> Option<&Clock> {
        self.clocks
            .iter()
            .find(|it| it.kind == kind && it.is_live())
    }

    pub fn live_at(&self, kind: Kind) -> Option<usize> {
        self.clocks
            .iter()
            .position(|it| it.kind == kind && it.is_live())
    }

    pub fn stop(&mut self, at: usize, mark: Mark) {
        let now = self.now;
        let due = self.due_if_it_went_on(at);
        let clock = &mut self.clocks[at];
        clock.due = due;
        clock.stand = Stand::Stopped;
        clock.ahead.clear();
        clock.ended.push(Ended {
            at: now,
            mark,
            margin: due - now,
            void: false,
        });
    }

    /// What has no more use.
    pub fn cancel(&mut self, kinds: &[Kind]) {
        for clock in self.clocks.iter_mut() {
            if clock.is_live() && kinds.contains(&clock.kind) {
                clock.stand = Stand::Cancelled;
                clock.ahead.clear();
            }
        }
    }

    pub fn cancel_all(&mut self) {
        self.cancel(&Kind::ALL);
    }
}
