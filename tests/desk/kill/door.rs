//! A desk over a store that processes share, whatever store it is. Another one gets a line in [`open`].

use std::path::Path;

use duly::case::Case;
use duly::desk::{
    Answer, Answered, AsyncDesk, AsyncLedger, Cursor, Desk, DeskError, Entry, Ledger, Page,
    SqliteLedger, Ticked, Verified,
};
use duly::time::Moment;
use duly::words::{CaseId, CommandId, EffectId, Envelope, Outgoing};

use crate::waited::{Waited, block};
use crate::{board, plans};

type Read<T> = Result<T, DeskError>;

pub trait Door: Send + Sync {
    fn submit(&self, envelope: Envelope) -> Read<Answer>;
    fn submit_many(&self, envelopes: Vec<Envelope>) -> Read<Vec<Read<Answer>>>;
    fn advance(&self, at: Moment) -> Read<Ticked>;
    fn next_alarm(&self) -> Read<Option<Moment>>;
    fn case(&self, case: &CaseId) -> Read<Option<Case>>;
    fn cases(&self) -> Read<Vec<CaseId>>;
    fn history(&self, case: &CaseId) -> Read<Vec<Entry>>;
    fn read(&self, after: &Cursor, limit: usize) -> Read<Page<Entry>>;
    fn outbox(&self, after: &Cursor, limit: usize) -> Read<Page<Outgoing>>;
    fn delivered(&self, effects: &[EffectId]) -> Read<()>;
    fn answered(&self, command: &CommandId) -> Read<Option<Answered>>;
    fn verify(&self) -> Read<Verified>;
}

/// Opens a desk at a place, in this process.
pub fn open(place: &str) -> Box<dyn Door> {
    let (kind, rest) = place.split_once(':').unwrap();
    let file = || SqliteLedger::open(Path::new(rest), board()).unwrap();
    match kind {
        "sqlite" => Box::new(Desk::new(file(), plans()).unwrap()),
        "waited" => Box::new(AsyncDesk::new(Waited(file()), plans()).unwrap()),
        #[cfg(feature = "postgres")]
        "postgres" => Box::new(Connected::new(rest)),
        other => panic!("no store is called `{other}`"),
    }
}

macro_rules! door {
    ($desk:ident, $ledger:ident, $wait:expr) => {
        impl<L: $ledger> Door for $desk<L> {
            fn submit(&self, envelope: Envelope) -> Read<Answer> {
                $wait($desk::submit(self, envelope))
            }
            fn submit_many(&self, envelopes: Vec<Envelope>) -> Read<Vec<Read<Answer>>> {
                $wait($desk::submit_many(self, envelopes))
            }
            fn advance(&self, at: Moment) -> Read<Ticked> {
                $wait($desk::advance(self, at))
            }
            fn next_alarm(&self) -> Read<Option<Moment>> {
                $wait($desk::next_alarm(self))
            }
            fn case(&self, case: &CaseId) -> Read<Option<Case>> {
                $wait($desk::case(self, case))
            }
            fn cases(&self) -> Read<Vec<CaseId>> {
                $wait($desk::cases(self, None, 1 << 20))
            }
            fn history(&self, case: &CaseId) -> Read<Vec<Entry>> {
                $wait($desk::history(self, case))
            }
            fn read(&self, after: &Cursor, limit: usize) -> Read<Page<Entry>> {
                $wait($desk::read(self, after, limit))
            }
            fn outbox(&self, after: &Cursor, limit: usize) -> Read<Page<Outgoing>> {
                $wait($desk::outbox(self, after, limit))
            }
            fn delivered(&self, effects: &[EffectId]) -> Read<()> {
                $wait($desk::delivered(self, effects))
            }
            fn answered(&self, command: &CommandId) -> Read<Option<Answered>> {
                $wait($desk::answered(self, command))
            }
            fn verify(&self) -> Read<Verified> {
                $wait($desk::verify(self))
            }
        }
    };
}
door!(Desk, Ledger, std::convert::identity);
door!(AsyncDesk, AsyncLedger, block);

/// A desk over a database, on a runtime of its own.
#[cfg(feature = "postgres")]
struct Connected {
    runtime: tokio::runtime::Runtime,
    desk: AsyncDesk<duly::desk::PostgresLedger>,
}

#[cfg(feature = "postgres")]
impl Connected {
    fn new(config: &str) -> Connected {
        let runtime = super::runtime();
        let connect = || duly::desk::PostgresLedger::connect(config, board());
        let ledger = super::until_done(|| runtime.block_on(connect()));
        let desk = AsyncDesk::new(ledger, plans()).unwrap();
        Connected { runtime, desk }
    }
}

#[cfg(feature = "postgres")]
impl Door for Connected {
    fn submit(&self, envelope: Envelope) -> Read<Answer> {
        self.runtime.block_on(self.desk.submit(envelope))
    }
    fn submit_many(&self, envelopes: Vec<Envelope>) -> Read<Vec<Read<Answer>>> {
        self.runtime.block_on(self.desk.submit_many(envelopes))
    }
    fn advance(&self, at: Moment) -> Read<Ticked> {
        self.runtime.block_on(self.desk.advance(at))
    }
    fn next_alarm(&self) -> Read<Option<Moment>> {
        self.runtime.block_on(self.desk.next_alarm())
    }
    fn case(&self, case: &CaseId) -> Read<Option<Case>> {
        self.runtime.block_on(self.desk.case(case))
    }
    fn cases(&self) -> Read<Vec<CaseId>> {
        self.runtime.block_on(self.desk.cases(None, 1 << 20))
    }
    fn history(&self, case: &CaseId) -> Read<Vec<Entry>> {
        self.runtime.block_on(self.desk.history(case))
    }
    fn read(&self, after: &Cursor, limit: usize) -> Read<Page<Entry>> {
        self.runtime.block_on(self.desk.read(after, limit))
    }
    fn outbox(&self, after: &Cursor, limit: usize) -> Read<Page<Outgoing>> {
        self.runtime.block_on(self.desk.outbox(after, limit))
    }
    fn delivered(&self, effects: &[EffectId]) -> Read<()> {
        self.runtime.block_on(self.desk.delivered(effects))
    }
    fn answered(&self, command: &CommandId) -> Read<Option<Answered>> {
        self.runtime.block_on(self.desk.answered(command))
    }
    fn verify(&self) -> Read<Verified> {
        self.runtime.block_on(self.desk.verify())
    }
}
