//! The way through the outbox, page by page, over and over: what lies there is sent in the order of each case.
//!
//! What cannot be sent stays, and holds back what comes after it in the same case: an answer and the news that it was taken back are for one citizen.
//! Other cases go on. A case of which something failed is left alone for longer each time, and all are left alone only where the receiver is away.
//! While something that is to be tried again stays, the outbox is gone through every five seconds, and not at every ring: so long others may wait. What was
//! accepted is not tried again, and delays nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use duly::desk::{Answer, Cursor, Delivery, DeskError, PostTable, PutOff, Receipt};
use duly::words::{CaseId, EffectId};
use tokio::sync::watch;

use crate::any_desk::AnyDesk;
use crate::clock;
use crate::post::{Post, Sent};
use crate::problem::is_the_hosts;

/// Deliveries taken at once.
const BATCH: usize = 64;
/// How long is sent in one go: time goes on meanwhile, and what is due must not wait for it longer.
const SPELL: Duration = Duration::from_secs(3);
/// How often in a row the receiver may be away before all is left alone for a while.
const AWAY: u32 = 3;
/// How long the outbox is left alone where something stays that is to be tried again: it is not gone through at every ring.
const MOMENT: Duration = Duration::from_secs(5);

/// How long is waited after so many failures in a row: twice as long each time, up to half a minute.
fn patience(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.clamp(1, 6).saturating_sub(1))
}

/// Failures in a row, and until when nothing is tried after them.
#[derive(Debug)]
struct Failures {
    number: u32,
    until: Instant,
}

impl Default for Failures {
    fn default() -> Failures {
        Failures {
            number: 0,
            until: Instant::now(),
        }
    }
}

impl Failures {
    fn one_more(&mut self) {
        self.number = self.number.saturating_add(1);
        self.until = Instant::now() + patience(self.number);
    }
    fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }
}

/// Who goes the way.
pub struct Walk {
    desk: AnyDesk,
    directory: Arc<PostTable>,
    post: Post,
    stop: watch::Receiver<bool>,
    /// The way that is not at its end yet.
    pass: Option<Pass>,
    /// Cases of which something failed.
    failing: BTreeMap<CaseId, Failures>,
    /// The receiver's own.
    away: Failures,
    /// Until when all is left alone.
    rest: Option<Instant>,
}

/// One way through the outbox.
#[derive(Debug, Default)]
struct Pass {
    /// The page that it has come to.
    cursor: Cursor,
    /// Cases of which something stays: nothing that comes after it is sent.
    held: BTreeSet<CaseId>,
    /// Whether anything stays that is to be tried again soon.
    left: bool,
    /// How often in a row the receiver was away.
    away: u32,
}

impl Pass {
    fn hold(&mut self, case: &CaseId) {
        self.left = true;
        self.held.insert(case.clone());
    }
}

/// How far it has come.
enum Came {
    /// To the next page.
    On,
    /// To the end.
    Through,
    /// To where something else may be due before it goes on.
    Later,
    /// To where it is of no use to go on now.
    Away,
}

impl Walk {
    pub fn new(
        desk: AnyDesk,
        directory: Arc<PostTable>,
        post: Post,
        stop: watch::Receiver<bool>,
    ) -> Walk {
        Walk {
            desk,
            directory,
            post,
            stop,
            pass: None,
            failing: BTreeMap::new(),
            away: Failures::default(),
            rest: None,
        }
    }

    /// How long the outbox is still to be left alone.
    pub fn rest(&self) -> Option<Duration> {
        let left = self.rest?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Goes on for a spell, unless the outbox is to be left alone; whether there is more to be sent at once.
    pub async fn go(&mut self) -> Result<bool, DeskError> {
        if self.post.is_idle() || self.rest().is_some() {
            return Ok(false);
        }
        let began = Instant::now();
        let mut pass = self.pass.take().unwrap_or_default();
        loop {
            match self.page(&mut pass, began).await? {
                Came::On if began.elapsed() < SPELL => {}
                Came::On | Came::Later => {
                    self.pass = Some(pass);
                    return Ok(true);
                }
                Came::Through => {
                    self.through(&pass);
                    return Ok(false);
                }
                // After a while it goes on from here: whoever is always in the way of others has had their turn.
                Came::Away => {
                    self.away.one_more();
                    self.rest = Some(self.away.until);
                    self.pass = Some(pass);
                    return Ok(false);
                }
            }
        }
    }

    /// It is at the end. Whatever stays was held on the way: what else failed once is gone from the outbox.
    fn through(&mut self, pass: &Pass) {
        self.failing.retain(|case, _| pass.held.contains(case));
        self.post.forget();
        self.rest = pass.left.then(|| Instant::now() + MOMENT);
    }

    /// Sends what lies on one page.
    async fn page(&mut self, pass: &mut Pass, began: Instant) -> Result<Came, DeskError> {
        let directory = Arc::clone(&self.directory);
        let page = self
            .desk
            .deliveries(directory, clock::now(), pass.cursor.clone(), BATCH)
            .await?;
        pass.left |= !page.put_off.is_empty();
        let late = late(&page.put_off);
        for delivery in page.items {
            if *self.stop.borrow() {
                return Ok(Came::Later);
            }
            let id = &delivery.outgoing.id;
            if self.is_left_alone(&id.case) {
                pass.hold(&id.case);
            }
            if pass.held.contains(&id.case) || is_behind(id, &late) {
                continue;
            }
            let tried = self.one(pass, &delivery).await?;
            if pass.away >= AWAY {
                pass.away = 0;
                return Ok(Came::Away);
            }
            // What was only looked at is looked at again: the way goes on by what was tried.
            if tried && began.elapsed() >= SPELL {
                return Ok(Came::Later);
            }
        }
        pass.held.extend(late.into_iter().map(|id| id.case));
        if page.is_end {
            return Ok(Came::Through);
        }
        pass.cursor = page.next;
        Ok(Came::On)
    }

    /// Tries to send one, and gives the receipt where it came to them; whether it was tried. A fault of the one case keeps nothing of the others
    /// back.
    async fn one(&mut self, pass: &mut Pass, delivery: &Delivery) -> Result<bool, DeskError> {
        let case = &delivery.outgoing.id.case;
        let tried = match self.post.send(&self.desk, delivery).await {
            Ok(Sent::Delivered(receipt)) => {
                self.is_there(pass);
                self.told(pass, delivery, receipt).await
            }
            Ok(sent) => {
                self.note(pass, case, &sent);
                return Ok(!matches!(sent, Sent::Waits | Sent::Nobody));
            }
            Err(error) => Err(error),
        };
        if let Err(error) = tried {
            if is_of_the_ledger(&error) {
                return Err(error);
            }
            // What a store says may quote what it keeps: the words are for whoever turns the log up.
            tracing::warn!(effect = %delivery.id(), "a fault of its case: it stays, and so does what comes after it there");
            tracing::debug!(effect = %delivery.id(), %error, "a fault of its case");
            self.fail(pass, case);
        }
        Ok(true)
    }

    /// What became of a try that brought no receipt.
    fn note(&mut self, pass: &mut Pass, case: &CaseId, sent: &Sent) {
        match sent {
            // A post that nobody holds keeps no answer from a citizen: what comes after it goes out.
            Sent::Nobody => pass.left = true,
            Sent::Delivered(_) => self.is_there(pass),
            // The receiver will say itself what became of it. Until then nothing that comes after it in its case is sent: whoever sends it once more,
            // since no receipt came, would tell the citizen of an answer after its retraction.
            Sent::Accepted => {
                self.is_there(pass);
                self.failing.remove(case);
                pass.held.insert(case.clone());
            }
            Sent::Waits => drop(pass.held.insert(case.clone())),
            Sent::Failed => {
                self.is_there(pass);
                self.fail(pass, case);
            }
            Sent::Away => {
                pass.away += 1;
                self.fail(pass, case);
            }
        }
    }

    /// Gives the receipt. The case may not be able to hear of it now: then it stays in the outbox.
    async fn told(
        &mut self,
        pass: &mut Pass,
        delivery: &Delivery,
        receipt: Receipt,
    ) -> Result<(), DeskError> {
        let case = &delivery.outgoing.id.case;
        let taken = self.desk.receipt(receipt).await?;
        match taken.answer.as_ref().and_then(Answer::refusal) {
            Some(refusal) if is_the_hosts(refusal) => {
                tracing::warn!(effect = %delivery.id(), why = %refusal, "its case cannot hear of it now: it stays");
                self.fail(pass, case);
            }
            _ => {
                self.post.taken(delivery);
                self.failing.remove(case);
            }
        }
        Ok(())
    }

    /// The receiver answers.
    fn is_there(&mut self, pass: &mut Pass) {
        pass.away = 0;
        self.away = Failures::default();
    }

    fn fail(&mut self, pass: &mut Pass, case: &CaseId) {
        self.failing.entry(case.clone()).or_default().one_more();
        pass.hold(case);
    }

    /// Whether something of the case failed a short while ago.
    fn is_left_alone(&self, case: &CaseId) -> bool {
        self.failing.get(case).is_some_and(|it| !it.is_over())
    }
}

/// Whether it is a fault of the ledger, for which all wait. Any other is of one case or one effect.
fn is_of_the_ledger(error: &DeskError) -> bool {
    error.is_busy()
        || error.is_unavailable()
        || error.is_full()
        || error.is_read_only()
        || error.is_newer()
        || error.is_not_a_ledger()
}

/// What is put off, and why, in the log.
fn late(put_off: &[PutOff]) -> BTreeSet<EffectId> {
    for late in put_off {
        tracing::warn!(effect = %late.id, why = %late.why, "put off, and tried again");
    }
    let ids = put_off.iter().map(|it| EffectId::try_from(it.id.clone()));
    ids.filter_map(Result::ok).collect()
}

/// Whether something of its case that comes before it is put off.
fn is_behind(id: &EffectId, late: &BTreeSet<EffectId>) -> bool {
    late.iter().any(|it| it.case == id.case && it <= id)
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::path::Path;

    use duly::desk::{Desk, SqliteLedger};
    use duly::plan::Plans;
    use duly::words::{BoardId, Lang};

    use super::*;
    use crate::settings::Outlet;

    fn walk(folder: &Path) -> Result<Walk, Box<dyn Error>> {
        let board = "hainan".parse::<BoardId>()?;
        let ledger = SqliteLedger::open(folder.join("ledger.db"), board.clone())?;
        let desk = AnyDesk::Sqlite(Arc::new(Desk::new(ledger, Plans::new(board))?));
        let (_, stop) = watch::channel(false);
        let post = Post::new(Outlet::None, Lang::En)?;
        Ok(Walk::new(desk, Arc::default(), post, stop))
    }

    // What was accepted holds back its own case, and delays no other: the outbox is left alone only for what is to be tried again.
    #[test]
    fn what_was_accepted_delays_no_other_case() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let mut walk = walk(folder.path())?;
        let case = "m01".parse::<CaseId>()?;
        for (sent, holds, rests) in [
            (Sent::Accepted, true, false),
            (Sent::Waits, true, false),
            (Sent::Nobody, false, true),
            (Sent::Failed, true, true),
        ] {
            let mut pass = Pass::default();
            walk.note(&mut pass, &case, &sent);
            walk.through(&pass);
            assert_eq!(pass.held.contains(&case), holds);
            assert_eq!(walk.rest().is_some(), rests);
        }
        Ok(())
    }

    // What is put off holds back what comes after it in its case, and neither what comes before it nor another case.
    #[test]
    fn what_is_put_off_holds_its_case() -> Result<(), String> {
        let id = |text: &str| EffectId::try_from(text.to_owned());
        let late = BTreeSet::from([id("m01/7/1")?]);
        for behind in ["m01/7/1", "m01/7/2", "m01/10/0"] {
            assert!(is_behind(&id(behind)?, &late), "{behind}");
        }
        for free in ["m01/7/0", "m01/3/4", "m02/7/2"] {
            assert!(!is_behind(&id(free)?, &late), "{free}");
        }
        Ok(())
    }

    // A fault of one case is told from one of the ledger, for which everything waits; whatever is not known is of the case.
    #[test]
    fn a_fault_of_one_case_is_none_of_the_ledger() {
        for of_one in [
            DeskError::misuse("no such effect"),
            DeskError::storage("a row that cannot be read"),
            DeskError::damaged("a page that cannot be read"),
        ] {
            assert!(!is_of_the_ledger(&of_one), "{of_one}");
        }
        for of_all in [
            DeskError::busy(),
            DeskError::unavailable("connection refused"),
            DeskError::read_only(),
        ] {
            assert!(is_of_the_ledger(&of_all), "{of_all}");
        }
    }

    // What fails again and again is left alone for longer each time, but never for long.
    #[test]
    fn whoever_fails_is_left_alone_for_longer() {
        let seconds = [1, 2, 3, 5, 6, 7, 1000].map(|it| patience(it).as_secs());
        assert_eq!(seconds, [1, 2, 4, 16, 32, 32, 32]);
        let mut failures = Failures::default();
        assert!(failures.is_over());
        failures.one_more();
        assert!(!failures.is_over());
    }
}
