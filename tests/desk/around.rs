//! A ledger around another one, which fails, forgets or notes where a test says so.

use std::cell::Cell;
use std::sync::Mutex;

use duly::desk::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use duly::desk::{Cursor, DeskError, Ledger, Page};
use duly::time::Moment;
use duly::words::BoardId;

type Read<T> = Result<T, DeskError>;

/// What is asked of the ledger below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Load,
    Commit,
    Answered,
    Links,
    Outbox,
    Alarm,
    Private,
    Together,
    Else,
}

thread_local! {
    static GROUPS: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread is within a group.
pub fn grouped() -> bool {
    GROUPS.get() > 0
}

struct Within;

impl Within {
    fn one_more() -> Within {
        GROUPS.set(GROUPS.get() + 1);
        Within
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        GROUPS.set(GROUPS.get() - 1);
    }
}

pub struct Around<L> {
    below: L,
    before: Box<dyn Fn(Asks) -> Read<()> + Send + Sync>,
    keeps: bool,
    blind: Option<String>,
    deaf: bool,
    noted: Option<Mutex<Vec<Commit>>>,
}

impl<L> Around<L> {
    /// Asks before everything whether it may be done.
    pub fn new(below: L, before: impl Fn(Asks) -> Read<()> + Send + Sync + 'static) -> Around<L> {
        Around {
            below,
            before: Box::new(before),
            keeps: true,
            blind: None,
            deaf: false,
            noted: None,
        }
    }
    /// Notes every commit that is taken.
    pub fn noting(below: L) -> Around<L> {
        Around {
            noted: Some(Mutex::default()),
            ..Around::new(below, |_| Ok(()))
        }
    }
    /// What it has noted since it was last asked.
    pub fn noted(&self) -> Vec<Commit> {
        let noted = self.noted.as_ref();
        noted.map_or_else(Vec::new, |all| std::mem::take(&mut *all.lock().unwrap()))
    }
    /// Has lost the head of a chain, though it knows when it is to wake.
    pub fn blind(below: L, key: &str) -> Around<L> {
        Around {
            blind: Some(key.to_owned()),
            ..Around::new(below, |_| Ok(()))
        }
    }
    /// Takes nothing out of its outbox, whatever it is told was delivered.
    pub fn deaf(below: L) -> Around<L> {
        Around {
            deaf: true,
            ..Around::new(below, |_| Ok(()))
        }
    }
    /// Keeps no plans.
    pub fn forgetful(below: L) -> Around<L> {
        Around {
            keeps: false,
            ..Around::new(below, |_| Ok(()))
        }
    }
}

impl<L: Ledger> Ledger for Around<L> {
    fn board(&self) -> &BoardId {
        self.below.board()
    }
    fn load(&self, shelf: Shelf, key: &str) -> Read<Option<HeadRow>> {
        (self.before)(Asks::Load)?;
        if self.blind.as_deref() == Some(key) {
            return Ok(None);
        }
        self.below.load(shelf, key)
    }
    fn commit(&self, commit: &Commit) -> Read<Committed> {
        (self.before)(Asks::Commit)?;
        let done = match self.keeps {
            true => self.below.commit(commit)?,
            false => self.below.commit(&Commit {
                plans: Vec::new(),
                ..commit.clone()
            })?,
        };
        if let (Some(noted), Committed::Done) = (&self.noted, &done) {
            noted.lock().unwrap().push(commit.clone());
        }
        Ok(done)
    }
    fn answered(&self, shelf: Shelf, command: &str) -> Read<Option<CommandRow>> {
        (self.before)(Asks::Answered)?;
        self.below.answered(shelf, command)
    }
    fn find(&self, number: &NumberRow) -> Read<Option<String>> {
        (self.before)(Asks::Else)?;
        self.below.find(number)
    }
    fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Read<Vec<AlarmRow>> {
        (self.before)(Asks::Else)?;
        self.below.due(shelf, now, after, limit)
    }
    fn next_alarm(&self, shelf: Shelf) -> Read<Option<Moment>> {
        (self.before)(Asks::Alarm)?;
        self.below.next_alarm(shelf)
    }
    fn read(&self, shelf: Shelf, after: &Cursor, limit: usize) -> Read<Page<RecordRow>> {
        (self.before)(Asks::Else)?;
        self.below.read(shelf, after, limit)
    }
    fn history(&self, shelf: Shelf, key: &str) -> Read<Vec<RecordRow>> {
        (self.before)(Asks::Else)?;
        self.below.history(shelf, key)
    }
    fn keys(&self, shelf: Shelf, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        (self.before)(Asks::Else)?;
        self.below.keys(shelf, after, limit)
    }
    fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Read<Page<OutgoingRow>> {
        (self.before)(if links { Asks::Links } else { Asks::Outbox })?;
        self.below.outbox(shelf, links, after, limit)
    }
    fn delivered(&self, shelf: Shelf, effects: &[String]) -> Read<()> {
        (self.before)(Asks::Else)?;
        match self.deaf {
            true => Ok(()),
            false => self.below.delivered(shelf, effects),
        }
    }
    fn private(&self, shelf: Shelf, key: &str, reference: &str) -> Read<Option<PrivateRow>> {
        (self.before)(Asks::Private)?;
        self.below.private(shelf, key, reference)
    }
    fn keep(&self, kept: Kept, name: &str, text: &str) -> Read<()> {
        (self.before)(Asks::Else)?;
        match self.keeps {
            true => self.below.keep(kept, name, text),
            false => Ok(()),
        }
    }
    fn kept(&self, kept: Kept, name: &str) -> Read<Option<String>> {
        (self.before)(Asks::Else)?;
        match self.keeps {
            true => self.below.kept(kept, name),
            false => Ok(None),
        }
    }
    fn kept_names(&self, kept: Kept, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        (self.before)(Asks::Else)?;
        self.below.kept_names(kept, after, limit)
    }
    fn together(&self, group: &mut dyn FnMut() -> Read<()>) -> Read<()> {
        (self.before)(Asks::Together)?;
        self.below.together(&mut || {
            let _within = Within::one_more();
            group()
        })
    }
    fn gathers(&self) -> bool {
        self.below.gathers()
    }
}
