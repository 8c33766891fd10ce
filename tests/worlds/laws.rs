//! The laws, by name: what no state of a world may break, and what some state of it has to show.

use std::fmt;

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($law:ident = $says:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($law,)+ }
        impl $name {
            #[allow(dead_code, reason = "of what is seen, each world names its own")]
            pub const ALL: &[$name] = &[$($name::$law,)+];
            pub const fn says(self) -> &'static str {
                match self { $($name::$law => $says,)+ }
            }
        }
    };
}

named! {
    /// What always holds.
    Law {
        Solved = "nothing is struck off unsolved",
        Reviewed = "nothing is published or struck off that was not reviewed",
        Apart = "who reviews, rechecks, calls back or strikes off has not handled it",
        Owner = "past intake a case has one owner, the one its ledger names",
        Redo = "what is sent back has a clock of its own with a step ahead, and the second return goes to the head of the unit",
        Steps = "each occurrence of a ladder has one outcome, at its moment, and none is lost",
        Told = "a follower is not struck off before its own citizen is told",
        Verdicts = "a verdict once given stays, and so does a breach",
        Shown = "what the citizen is shown never goes back to awaiting",
        Alarm = "an open case has an alarm strictly ahead, a closed one none",
        Refusals = "a refusal is the same whether or not somebody had looked before",
        Polling = "polling changes nothing",
        Table = "what is accepted is in the published table",
        Replay = "the records alone rebuild the case",
    }
}

named! {
    /// What some state shows, so that no law holds of nothing.
    Seen {
        Solved = "a case is struck off as solved",
        Explained = "a case is struck off as explained",
        Declined = "a case is declined",
        Withdrawn = "a case is withdrawn",
        Merged = "a follower is struck off with its survivor",
        AgainClosed = "a case that was opened again is struck off again",
        SecondReturn = "a case is sent back for the second time",
        Breach = "a limit is breached",
        Rung = "a rung reminds somebody",
        PauseMoves = "a pause moves a limit",
        SentBack = "an unsatisfied citizen sends it back",
        Extended = "an extension is granted, delivered and counts",
        ExtensionLapsed = "an extension comes to nothing, for nobody had notice of it",
        Silence = "a case is struck off on a recheck, its citizen silent",
        ByItself = "a case is struck off on a recheck, its citizen silent, though a channel entered a good rating",
        OwnReview = "somebody is refused the review of what they handled",
        Blind = "a gate keeps a reply from being published",
        Kept = "a promise is kept, and the case struck off",
        Taken = "an answer that stood is taken from a follower",
        Released = "a follower goes on by itself, for its survivor does not answer for it",
        Unanswered = "whoever was struck off with a case that nobody answers any more is opened again",
        Earlier = "a survivor is due earlier for the sake of its follower",
    }
}

/// A set of laws, or of what was seen.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Broken(u32);

impl Broken {
    pub const fn add(&mut self, law: Law) {
        self.0 |= 1 << law as u32;
    }
    pub fn unless(&mut self, holds: bool, law: Law) {
        if !holds {
            self.add(law);
        }
    }
    pub const fn has(self, law: Law) -> bool {
        self.0 & (1 << law as u32) != 0
    }
    pub const fn any(self) -> bool {
        self.0 != 0
    }
    pub const fn and(self, more: Broken) -> Broken {
        Broken(self.0 | more.0)
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = Law::ALL.iter().filter(|law| self.has(**law));
        f.debug_set().entries(all.map(|law| law.says())).finish()
    }
}

/// What a step showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shows(u32);

impl Shows {
    pub fn add(&mut self, holds: bool, what: Seen) {
        if holds {
            self.0 |= 1 << what as u32;
        }
    }
    pub const fn include(&mut self, more: Shows) {
        self.0 |= more.0;
    }
    pub const fn has(self, what: Seen) -> bool {
        self.0 & (1 << what as u32) != 0
    }
}
