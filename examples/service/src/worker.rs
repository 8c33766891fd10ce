//! What happens by itself: time passes, and what leaves the board is sent.
//!
//! One task sleeps until the next alarm, or until a request rings; has the desk tick; and empties the outbox. Alarms fire once,
//! however many processes do this on one database. Deliveries are made at least once: whoever receives looks at their id.
//!
//! The library has such a loop as well, `duly::desk::worker`, with a function of the host's that sends. This one is written out, since it serves
//! both ledgers, asks the directory and gives receipts.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use duly::desk::{Answer, Cursor, Delivery, DeskError, PostTable, PutOff, Receipt};
use duly::time::Moment;
use duly::words::{CaseId, EffectId};
use tokio::sync::{Notify, watch};

use crate::any_desk::AnyDesk;
use crate::clock;
use crate::metrics::Metrics;
use crate::post::{Post, Sent};
use crate::problem::is_the_hosts;

/// The longest sleep. A clock that was put forward is noticed after it, and so is what another process did.
const LONGEST: Duration = Duration::from_secs(30);
/// After a failure: so long, and twice as long each time, up to the longest sleep.
const FIRST: Duration = Duration::from_secs(1);
/// Seconds until a case that could not be woken is tried again.
const STUCK: u64 = 10;
/// Cases woken in one transaction, and deliveries taken at once.
const BATCH: usize = 64;
/// How long is sent in one go: time goes on meanwhile, and what is due must not wait for it.
const SPELL: Duration = Duration::from_secs(3);
/// How often in a row the receiver may be away before all is left alone for a while.
const AWAY: u32 = 3;

/// Sees to a desk until it is told to stop.
pub struct Worker {
    pub desk: AnyDesk,
    pub directory: Arc<PostTable>,
    pub post: Post,
    pub bell: Arc<Notify>,
    pub stop: watch::Receiver<bool>,
    /// Told of each turn that went well.
    pub metrics: Arc<Metrics>,
    /// The way through the outbox that is not at its end yet.
    pub pass: Option<Pass>,
}

/// One way through the outbox.
#[derive(Debug, Default)]
pub struct Pass {
    /// The page that it has come to.
    cursor: Cursor,
    /// Cases of which something stays: nothing that comes after it is sent.
    held: BTreeSet<CaseId>,
    /// Whether something stays for the receiver's sake.
    failed: bool,
    /// Whether anything stays.
    left: bool,
    /// How often in a row the receiver was away.
    away: u32,
}

impl Pass {
    fn hold(&mut self, case: &CaseId) {
        self.left = true;
        self.held.insert(case.clone());
    }
    fn fail(&mut self, case: &CaseId) {
        self.failed = true;
        self.hold(case);
    }
    /// What became of a try that brought no receipt.
    fn note(&mut self, case: &CaseId, sent: &Sent) {
        match sent {
            // A post that nobody holds keeps no answer from a citizen: what comes after it goes out.
            Sent::Nobody => self.left = true,
            Sent::Delivered(_) => self.away = 0,
            // The receiver will say itself what became of it. Until then nothing that comes after it in its case is sent: whoever sends it once more,
            // since no receipt came, would tell the citizen of an answer after its retraction.
            Sent::Accepted => {
                self.away = 0;
                self.hold(case);
            }
            Sent::Waits => self.hold(case),
            Sent::Failed => {
                self.away = 0;
                self.fail(case);
            }
            Sent::Away => {
                self.away += 1;
                self.fail(case);
            }
        }
    }
}

/// How far a way through the outbox has come.
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

/// Until when is sent in one go.
struct Until {
    began: Instant,
    alarm: Option<Moment>,
}

impl Until {
    fn is_over(&self) -> bool {
        let is_due = |alarm: Moment| clock::now() >= alarm;
        self.began.elapsed() >= SPELL || self.alarm.is_some_and(is_due)
    }
}

impl Worker {
    /// Works until it is told to stop. What it is at then is finished: a tick, or one delivery.
    ///
    /// What no wait and no other try can mend ends it: a ledger that takes no writes, of another kind, or of a newer library.
    pub async fn run(mut self) -> Result<(), DeskError> {
        let mut failures = 0;
        while !*self.stop.borrow() {
            let wait = match self.turn().await {
                Ok(wait) => {
                    failures = 0;
                    self.metrics.pulse.beat();
                    wait
                }
                Err(error)
                    if error.is_read_only() || error.is_not_a_ledger() || error.is_newer() =>
                {
                    return Err(error);
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(
                        failures,
                        busy = error.is_busy(),
                        "the ledger cannot be used; trying again"
                    );
                    tracing::debug!(%error, "the ledger cannot be used");
                    FIRST.saturating_mul(1 << failures.min(5)).min(LONGEST)
                }
            };
            tokio::select! {
                () = self.bell.notified() => {}
                () = tokio::time::sleep(wait) => {}
                _ = self.stop.wait_for(|stop| *stop) => {}
            }
        }
        Ok(())
    }

    /// Does what is due, sends what lies there, and says how long nothing will happen by itself.
    async fn turn(&mut self) -> Result<Duration, DeskError> {
        let stuck = loop {
            let ticked = self.desk.tick(clock::now(), BATCH).await?;
            if ticked.fired > 0 {
                tracing::info!(fired = ticked.fired, "time has come for cases");
            }
            for stuck in &ticked.stuck {
                tracing::error!(case = %stuck.case, "the case cannot be woken");
            }
            if !ticked.more || *self.stop.borrow() {
                break !ticked.stuck.is_empty() || !ticked.stuck_duties.is_empty();
            }
        };
        if self.send_all().await? {
            return Ok(Duration::ZERO);
        }
        let next = self.desk.next_alarm().await?;
        let ahead = next.map_or(i64::MAX, |next| next.since(clock::now()));
        // What is stuck stays due: it is tried again after a while, and not at once.
        let least = if stuck { STUCK } else { 1 };
        let ahead = Duration::from_secs(u64::try_from(ahead).unwrap_or(0).max(least));
        let rest = self.post.rest().unwrap_or(LONGEST);
        Ok(ahead.min(rest).min(LONGEST))
    }

    /// Goes through the outbox, unless it is to be left alone for a while; whether there is more to be sent at once. What cannot be sent stays, and
    /// holds back what comes after it in the same case: an answer and the news that it was taken back are for one citizen. Other cases go on.
    async fn send_all(&mut self) -> Result<bool, DeskError> {
        if self.post.is_idle() || self.post.rest().is_some() {
            return Ok(false);
        }
        // An alarm of a case that cannot be woken lies in the past, and is none to stop for.
        let next = self.desk.next_alarm().await?;
        let until = Until {
            began: Instant::now(),
            alarm: next.filter(|alarm| *alarm > clock::now()),
        };
        let mut pass = self.pass.take().unwrap_or_default();
        loop {
            match self.page(&mut pass, &until).await? {
                Came::On if !until.is_over() => {}
                Came::On | Came::Later => {
                    self.pass = Some(pass);
                    return Ok(true);
                }
                Came::Through => {
                    self.post.went(pass.failed, pass.left);
                    return Ok(false);
                }
                // After a while it goes on from here: whoever is always in the way of others has had their turn.
                Came::Away => {
                    self.post.went(true, true);
                    self.pass = Some(pass);
                    return Ok(false);
                }
            }
        }
    }

    /// Sends what lies on one page.
    async fn page(&mut self, pass: &mut Pass, until: &Until) -> Result<Came, DeskError> {
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
            if pass.held.contains(&id.case) || is_behind(id, &late) {
                continue;
            }
            let tried = self.one(pass, &delivery).await?;
            if pass.away >= AWAY {
                pass.away = 0;
                return Ok(Came::Away);
            }
            // What was only looked at is looked at again: the way goes on by what was tried.
            if tried && until.is_over() {
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
                pass.away = 0;
                self.told(pass, delivery, receipt).await
            }
            Ok(sent) => {
                pass.note(case, &sent);
                return Ok(!matches!(sent, Sent::Waits | Sent::Nobody));
            }
            Err(error) => Err(error),
        };
        if let Err(error) = tried {
            let Some(kind) = of_the_case(&error) else {
                return Err(error);
            };
            tracing::warn!(effect = %delivery.id(), kind, why = %error, "it stays, and so does what comes after it in its case");
            pass.hold(case);
        }
        Ok(true)
    }

    /// Gives the receipt. The case may not be able to hear of it now: then it stays in the outbox.
    async fn told(
        &mut self,
        pass: &mut Pass,
        delivery: &Delivery,
        receipt: Receipt,
    ) -> Result<(), DeskError> {
        let taken = self.desk.receipt(receipt).await?;
        match taken.answer.as_ref().and_then(Answer::refusal) {
            Some(refusal) if is_the_hosts(refusal) => {
                tracing::warn!(effect = %delivery.id(), why = %refusal, "its case cannot hear of it now: it stays");
                pass.hold(&delivery.outgoing.id.case);
            }
            _ => self.post.taken(delivery),
        }
        Ok(())
    }
}

/// What kind of fault it is, where it is of one case or one effect; none, where it is of the ledger.
fn of_the_case(error: &DeskError) -> Option<&'static str> {
    let kinds = [
        ("broken", error.broken().is_some()),
        ("reused", error.is_reused()),
        ("misuse", error.is_misuse()),
        ("plan", error.is_plan()),
    ];
    kinds.into_iter().find(|(_, is)| *is).map(|(kind, _)| kind)
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
    use duly::plan::{Plans, bare};
    use duly::words::{Actor, Command, Envelope, Facts, Lang, Origin, Role, Salt};

    use super::*;
    use crate::settings::Outlet;

    fn desk(ledger: SqliteLedger) -> Result<Desk<SqliteLedger>, Box<dyn Error>> {
        let mut plans = Plans::new("hainan".parse()?);
        plans.take(bare("demo".parse()?))?;
        Ok(Desk::new(ledger, plans)?)
    }

    /// A ledger with a case that was to be woken long ago.
    fn overdue(file: &Path) -> Result<Desk<SqliteLedger>, Box<dyn Error>> {
        let desk = desk(SqliteLedger::open(file, "hainan".parse()?)?)?;
        let opened = desk.submit(Envelope {
            id: "c1".parse()?,
            case: "m01".parse()?,
            by: Actor::new("caihong".parse()?, Role::Intake),
            at: "2024-03-04T09:00:00+08:00".parse()?,
            salt: Salt::derived(b"a test", "c1"),
            command: Command::Open {
                place: "632521".parse()?,
                channel: "board".parse()?,
                external_id: "4711".parse()?,
                message: "路灯不亮".into(),
                contact: None,
                citizen: None,
                origin: Origin::Message,
                facts: Facts::new(),
            },
        })?;
        assert!(opened.is_done());
        Ok(desk)
    }

    // A worker over a ledger that takes no writes ends, and says why, rather than try for ever.
    #[tokio::test]
    async fn what_no_wait_can_mend_ends_it() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("ledger.db");
        let _writer = overdue(&file)?;
        let ledger = SqliteLedger::open_read_only(&file, "hainan".parse()?)?;
        let (_tell, stop) = watch::channel(false);
        let worker = Worker {
            desk: AnyDesk::Sqlite(Arc::new(desk(ledger)?)),
            directory: Arc::default(),
            post: Post::new(Outlet::None, Lang::En)?,
            bell: Arc::default(),
            stop,
            metrics: Arc::default(),
            pass: None,
        };
        let ended = tokio::time::timeout(Duration::from_secs(20), worker.run()).await?;
        assert!(ended.is_err_and(|error| error.is_read_only()));
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

    // A fault of one case is told from one of the ledger, for which everything waits.
    #[test]
    fn a_fault_of_one_case_is_none_of_the_ledger() {
        assert_eq!(
            of_the_case(&DeskError::misuse("no such effect")),
            Some("misuse")
        );
        for of_all in [
            DeskError::busy(),
            DeskError::storage("the disk"),
            DeskError::read_only(),
        ] {
            assert_eq!(of_the_case(&of_all), None, "{of_all}");
        }
    }
}
