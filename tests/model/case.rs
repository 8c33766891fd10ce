//! The case of the model: one flat record of what is known, and what closes, opens and sends it back.

use std::collections::BTreeSet;
use std::fmt;

use crate::calendar::{At, Date, OFFICE, read};
use crate::clocks::{Clock, Mark};
use crate::ladder::Step;
use crate::limit::{Length, Still, after};
use crate::pack::{Again, Kind, Pack};
use crate::waits::Paused;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Received,
    Assigned,
    Replied,
    Reviewed,
    Returned,
    Closed,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Solved,
    Explained,
    Answered,
    Withdrawn,
}

/// What is known of the citizen's satisfaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rated {
    Satisfied,
    Unsatisfied,
    Silent,
    ByTimeout,
}

/// A person, by place among the persons of the model.
pub type Person = usize;

/// A unit, by number.
pub type Unit = usize;

/// What a reply says, as far as gates and outcomes read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// It says “soon”.
    pub vague: bool,
    /// Its measure names a date.
    pub dated: bool,
    /// It says that the matter is solved, or answered in full; else it is kept for reference.
    pub solved: bool,
    /// It says that it lawfully cannot be done.
    pub explains: bool,
}

/// An extension that was asked for, and stands before it is granted or before the citizen has the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub kind: Kind,
    pub by: Length,
    pub who: Person,
}

/// What it has come to, for whoever counts how deep histories go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    pub pauses: u32,
    pub transfers: u32,
    pub redone: u32,
    pub lapsed_extensions: u32,
    pub struck_off: u32,
    pub silent: u32,
    pub refused: u32,
    pub accepted: u32,
}

#[derive(Clone)]
pub struct Case {
    pub pack: &'static Pack,
    pub now: At,
    pub stage: Stage,
    pub screened: bool,
    /// The citizen was asked to complete the message.
    pub waiting: bool,
    pub question: bool,
    /// Who handles it: the unit and the one named owner.
    pub team: Option<(Unit, Person)>,
    pub signed: bool,
    pub objected: bool,
    /// The time to say “not ours” has passed.
    pub barred: bool,
    /// The units that a ruling named: none of them says again that it is not theirs.
    pub ruled: BTreeSet<Unit>,
    pub cycle: u32,
    pub returns: u32,
    pub bounces: u32,
    pub extensions: u32,
    pub reopens: u32,
    pub tracked: bool,
    /// Everyone who has ever handled it, and who has handled this round.
    pub handlers: BTreeSet<Person>,
    pub round: BTreeSet<Person>,
    pub reply: Option<Reply>,
    /// The citizen has the notice of the answer.
    pub told: bool,
    pub reached: bool,
    pub failed: BTreeSet<Date>,
    pub called_back: bool,
    pub rating: Option<Rated>,
    pub rechecked: Option<Person>,
    pub end: Option<End>,
    pub rate_until: At,
    pub asked: Option<Asked>,
    /// Granted, and waiting for the citizen to have the notice.
    pub granted: Option<Asked>,
    /// A notice was on its way when the last command was sent.
    pub notice: bool,
    pub withdrawal: Option<Person>,
    pub clocks: Vec<Clock>,
    pub pauses: Vec<Paused>,
    /// The steps that have come, with their moments.
    pub fired: Vec<(At, Kind, u32, Step)>,
    pub depth: Depth,
    /// Why the last command was refused, if it was.
    pub refused: Option<&'static str>,
}

/// Under which pack, and when: all else of a history follows from its commands.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.pack.name, read(self.now))
    }
}

impl Case {
    /// A message is received.
    pub fn open(pack: &'static Pack, at: At) -> Case {
        let mut case = Case {
            pack,
            now: at,
            stage: Stage::Received,
            screened: false,
            waiting: false,
            question: false,
            team: None,
            signed: false,
            objected: false,
            barred: false,
            ruled: BTreeSet::new(),
            cycle: 1,
            returns: 0,
            bounces: 0,
            extensions: 0,
            reopens: 0,
            tracked: false,
            handlers: BTreeSet::new(),
            round: BTreeSet::new(),
            reply: None,
            told: false,
            reached: false,
            failed: BTreeSet::new(),
            called_back: false,
            rating: None,
            rechecked: None,
            end: None,
            rate_until: at,
            asked: None,
            granted: None,
            notice: false,
            withdrawal: None,
            clocks: Vec::new(),
            pauses: Vec::new(),
            fired: Vec::new(),
            depth: Depth::default(),
            refused: None,
        };
        case.mark(Mark::Received);
        case
    }

    pub fn owner(&self) -> Option<Person> {
        self.team.map(|(_, owner)| owner)
    }

    /// 专人负责: exactly one named owner, who handles it from now on.
    pub fn hand_to(&mut self, unit: Unit, owner: Person) {
        self.team = Some((unit, owner));
        self.handles(owner);
    }

    pub fn handles(&mut self, who: Person) {
        self.handlers.insert(who);
        self.round.insert(who);
    }

    /// 督办: the supervision office takes it under its eye, once.
    pub fn track(&mut self) {
        if !self.tracked {
            self.tracked = true;
            self.mark(Mark::Tracked);
        }
    }

    /// The limit's own consequence: deemed signed, the objection barred, silence recorded as silence.
    pub fn lapsed(&mut self, kind: Kind) {
        match kind {
            Kind::Sign => {
                self.signed = true;
                self.mark(Mark::Signed);
            }
            Kind::Object => {
                self.barred = true;
                self.cancel(&[Kind::Object]);
            }
            _ => {
                // What the channel entered stands, and is no satisfaction either.
                self.rating.get_or_insert(Rated::Silent);
                self.depth.silent += 1;
                self.cancel(&[Kind::Rating]);
                self.mark(Mark::Rated);
            }
        }
    }

    /// 退回重办: done again, in a round of its own. The verdict of what was answered stays, and is void.
    pub fn send_back(&mut self) {
        self.stage = Stage::Returned;
        self.returns += 1;
        self.next_round();
        let (cycle, out) = (self.cycle, self.pack.until_published);
        for clock in self.clocks.iter_mut().filter(|it| it.cycle == cycle) {
            let reply = clock.kind == Kind::Reply && out;
            for ended in &mut clock.ended {
                ended.void |= ended.mark == Mark::Replied || reply && ended.mark == Mark::Published;
            }
        }
        self.mark(Mark::Returned);
        self.cancel(&[Kind::CallBack, Kind::Rating]);
        self.forget_the_answer();
        if self.pack.returns == Some(self.returns) {
            self.track();
        }
    }

    /// Whoever has it when a round begins handles that round, also if they hand it on.
    fn next_round(&mut self) {
        self.round = self.owner().into_iter().collect();
    }

    pub fn is_satisfied(&self) -> bool {
        self.rating == Some(Rated::Satisfied)
    }

    /// An unsatisfied citizen's case goes back, unless the reply explained that the law allows nothing else.
    pub fn goes_back(&self) -> bool {
        self.rating == Some(Rated::Unsatisfied) && self.reply.is_some_and(|it| !it.explains)
    }

    /// What was known of an answer that is taken back.
    fn forget_the_answer(&mut self) {
        self.reply = None;
        self.told = false;
        self.reached = false;
        self.failed.clear();
        self.called_back = false;
        self.rating = None;
        self.rechecked = None;
    }

    /// The case ends: nothing waits and nothing runs any more.
    pub fn close(&mut self, end: End) {
        self.go_on_all();
        self.stage = Stage::Closed;
        self.end = Some(end);
        // What nobody has confirmed by then is proposed no more.
        self.withdrawal = None;
        self.rate_until = after(&OFFICE, self.now, self.pack.rate_within);
        self.asked = None;
        self.granted = None;
        self.cancel_all();
    }

    /// 重开: a new cycle. The whole goes on where it stopped, and what was closed does not count; the reply is counted as the pack says.
    pub fn reopen(&mut self) {
        let closed = self
            .clocks
            .iter()
            .find(|it| it.kind == Kind::Whole)
            .unwrap();
        let since = closed.ended.last().unwrap().at;
        self.stage = Stage::Returned;
        self.end = None;
        self.cycle += 1;
        self.reopens += 1;
        self.next_round();
        self.forget_the_answer();
        let whole = self
            .clocks
            .iter()
            .position(|it| it.kind == Kind::Whole)
            .unwrap();
        self.clocks[whole].dormant.push(Still {
            from: since,
            until: Some(self.now),
        });
        self.lay_or_wait(whole, false);
        self.reply_again();
        if self.tracked {
            self.mark(Mark::Tracked);
        }
    }

    fn reply_again(&mut self) {
        let last = self
            .clocks
            .iter()
            .rev()
            .find(|it| it.kind == Kind::Reply)
            .cloned();
        self.start(Kind::Reply);
        let new = self.clocks.len() - 1;
        let Some(last) = last.filter(|_| self.pack.again != Again::Fresh) else {
            return;
        };
        let fresh = self.clocks[new].clone();
        let mut dormant = last.dormant.clone();
        dormant.push(Still {
            from: last.ended.last().unwrap().at,
            until: Some(self.now),
        });
        let clock = &mut self.clocks[new];
        clock.anchor = last.anchor;
        clock.limit = last.limit;
        clock.extensions = last.extensions;
        clock.dormant = dormant;
        let left = self.due_if_it_went_on(new);
        if self.pack.again == Again::Shorter && fresh.due < left {
            self.clocks[new] = fresh;
        } else {
            self.lay_or_wait(new, true);
        }
    }

    /// An extension takes effect: the limit is due so much later, and the rungs with it.
    pub fn extend(&mut self, asked: Asked) {
        self.extensions += 1;
        let Some(at) = self.live_at(asked.kind) else {
            return;
        };
        self.clocks[at].extensions.push(asked.by);
        self.clocks[at].extended += 1;
        self.lay_or_wait(at, false);
    }

    /// The old limit passed, and the citizen had no notice of the extension: it does not count.
    pub fn extension_lapses(&mut self, kind: Kind) {
        if self.granted.is_some_and(|it| it.kind == kind) {
            self.granted = None;
            self.depth.lapsed_extensions += 1;
        }
    }
}
