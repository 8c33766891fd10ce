//! Commits made by hand. What is in their rows means nothing to a ledger, so it means little here.

use std::fmt;

use crate::desk::rows::{
    CommandRow, Commit, Committed, HeadRow, NumberRow, OutgoingRow, PrivateRow, RecordRow, Shelf,
};
use crate::desk::{AsyncLedger, DeskError, Hash};
use crate::time::Moment;

/// Why a law does not hold of a ledger.
#[derive(Debug)]
pub struct Fault(String);

impl Fault {
    pub(super) fn new(what: impl Into<String>) -> Fault {
        Fault(what.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Fault {
        Fault(format!("the ledger failed: {error}"))
    }
}

/// What a law came to.
pub type Held = Result<(), Fault>;

/// Fails with the words of the claim and what was found instead.
macro_rules! hold {
    ($what:expr) => {
        if !$what {
            let what = format!("not so: {} ({}:{})", stringify!($what), file!(), line!());
            return Err($crate::desk::conformance::draft::Fault::new(what));
        }
    };
}
macro_rules! same {
    ($found:expr, $wanted:expr) => {
        match (&$found, &$wanted) {
            (found, wanted) if *found != *wanted => {
                let (what, place) = (stringify!($found), concat!(file!(), ":", line!()));
                let what = format!("{what} is {found:?}, should be {wanted:?} ({place})");
                return Err($crate::desk::conformance::draft::Fault::new(what));
            }
            _ => {}
        }
    };
}
pub(super) use {hold, same};

/// So many seconds after some moment.
pub(super) fn at(seconds: i64) -> Moment {
    Moment::MIN.plus(63_835_596_800).plus(seconds)
}

pub(super) fn number(name: &str) -> NumberRow {
    NumberRow {
        channel: "board".to_owned(),
        external_id: name.to_owned(),
    }
}

/// A private text that says its own name.
pub(super) fn private(name: &str) -> PrivateRow {
    let mut salt = [0; 16];
    for (to, from) in salt.iter_mut().zip(Hash::of(name.as_bytes()).bytes()) {
        *to = *from;
    }
    PrivateRow {
        reference: Hash::of(name.as_bytes()).to_string(),
        salt: Some(salt),
        text: Some(name.to_owned()),
    }
}

pub(super) fn reference(name: &str) -> String {
    private(name).reference
}

/// A commit on top of what the ledger has, or on nothing.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) commit: Commit,
    last: Hash,
}

impl Draft {
    pub(super) async fn on<L: AsyncLedger>(
        ledger: &L,
        shelf: Shelf,
        key: &str,
    ) -> Result<Draft, Fault> {
        let head = ledger.load(shelf, key).await?;
        Ok(Draft::after(shelf, key, head.as_ref()))
    }
    pub(super) fn after(shelf: Shelf, key: &str, head: Option<&HeadRow>) -> Draft {
        Draft {
            last: head
                .and_then(|head| head.hash)
                .unwrap_or_else(|| Hash::of(key.as_bytes())),
            commit: Commit {
                after: head.and_then(|head| head.hash),
                ..Commit::new(shelf, key, head.map_or(0, |head| head.version))
            },
        }
    }
    fn version(&self) -> u64 {
        let last = self.commit.records.last();
        last.map_or(self.commit.expected, |last| last.version)
    }
    /// A record with a line of its own. The chain then wants no waking.
    pub(super) fn says(self, words: &str) -> Draft {
        let version = self.version() + 1;
        let line = format!(
            "{{\"of\":\"{}\",\"v\":{version},\"says\":\"{words}\"}}",
            self.commit.key
        );
        self.line(line.into_bytes())
    }
    /// A record of any bytes.
    pub(super) fn line(mut self, line: Vec<u8>) -> Draft {
        let version = self.version() + 1;
        let hash = Hash::link(&self.last, &line);
        self.commit.records.push(RecordRow {
            key: self.commit.key.clone(),
            version,
            prev: Some(self.last),
            hash: Some(hash),
            line,
            observed_at: at(i64::try_from(version).unwrap_or(0)),
        });
        self.commit.head = Some(HeadRow {
            version,
            hash: Some(hash),
            alarm: None,
            state: format!("{} at {version}", self.commit.key).into_bytes(),
        });
        self.last = hash;
        self
    }
    pub(super) fn wakes(mut self, when: Moment) -> Draft {
        if let Some(head) = &mut self.commit.head {
            head.alarm = Some(when);
        }
        self
    }
    pub(super) fn keeps(mut self, name: &str) -> Draft {
        self.commit.private.push(private(name));
        self
    }
    pub(super) fn erases(mut self, name: &str) -> Draft {
        self.commit.erased.push(reference(name));
        self
    }
    pub(super) fn tells(self, index: u32) -> Draft {
        self.out(index, false)
    }
    /// Something for another case of the board.
    pub(super) fn links(self, index: u32) -> Draft {
        self.out(index, true)
    }
    fn out(mut self, index: u32, link: bool) -> Draft {
        let effect = format!("{}/{}/{index}", self.commit.key, self.version());
        self.commit.outgoing.push(OutgoingRow {
            outgoing: format!("{{\"id\":\"{effect}\"}}"),
            effect,
            link,
        });
        self
    }
    pub(super) fn delivers(mut self, effect: &str) -> Draft {
        self.commit.delivered.push(effect.to_owned());
        self
    }
    pub(super) fn answers(mut self, command: &str) -> Draft {
        self.commit.command = Some(CommandRow {
            id: command.to_owned(),
            key: self.commit.key.clone(),
            payload: Some(Hash::of(command.as_bytes())),
            said_at: at(-5),
            at: at(0),
            answer: format!("{{\"to\":\"{command}\",\"of\":\"{}\"}}", self.commit.key),
        });
        self
    }
    pub(super) fn of_number(mut self, name: &str) -> Draft {
        self.commit.number = Some(number(name));
        self
    }
    /// Commits it, which must be taken.
    pub(super) async fn done<L: AsyncLedger>(self, ledger: &L) -> Result<Commit, Fault> {
        match ledger.commit(&self.commit).await? {
            Committed::Done => Ok(self.commit),
            other => Err(Fault::new(format!("a commit was not taken: {other:?}"))),
        }
    }
}
