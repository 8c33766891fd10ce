//! Linked cases (并案): what one tells another leaves it through the ledger's outbox, and comes to the other as a command.
//!
//! Each link is one command with an id made from its effect's, so that two desks, or one that died between, send it once; and it is
//! taken out of the outbox in the transaction that carries it out. What one case tells others goes in the order in which it came
//! about. What is refused has its consequence here: a case that cannot be joined releases the one that was to follow it; whatever
//! else is refused says that the link has no more use, such as news for a case that follows no longer.

use super::{Core, Stuck};
use crate::desk::kind::{Cases, Kind, system};
use crate::desk::own::own_id;
use crate::desk::{Answer, AsyncLedger, Cursor, DeskError};
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, Command, Effect, EffectId, Envelope, Link, News, Outgoing, Role, Salt, Thing,
    UnmergeWhy, Why,
};
use std::collections::BTreeSet;

/// How many links are looked at at once.
const PAGE: usize = 64;

/// What came of delivering links.
#[derive(Debug, Default)]
pub(super) struct Linked {
    /// Cases whose links cannot be delivered now, and wait in their order.
    pub(super) stuck: Vec<Stuck>,
}

impl<L: AsyncLedger> Core<'_, L> {
    /// Delivers every link that waits, and those that come of it, until none is left that can be delivered now.
    pub(super) async fn link(&self, now: Moment) -> Result<Linked, DeskError> {
        let mut linked = Linked::default();
        let mut held: BTreeSet<CaseId> = BTreeSet::new();
        let mut limit = PAGE;
        loop {
            let page = self.links(&Cursor::start(), limit).await?.items;
            let all = page.len() < limit;
            let mut any = false;
            for link in page {
                // What comes after one that waits would come before its time.
                if held.contains(&link.id.case) {
                    continue;
                }
                match self.carry(&link, now).await {
                    Ok(()) => {
                        any = true;
                        if let Effect::Link { to, .. } = &link.effect {
                            self.watch.linked(&link.id, to);
                        }
                    }
                    // Another desk has, or what it was to tell was erased meanwhile.
                    Err(error) if error.is_carried() => any = true,
                    Err(error) if error.is_local() => {
                        held.insert(link.id.case.clone());
                        linked.stuck.push(Stuck {
                            case: link.id.case,
                            why: error.to_string(),
                        });
                    }
                    Err(error) => return Err(error),
                }
            }
            match (any, all) {
                (true, _) => {}
                (false, true) => return Ok(linked),
                (false, false) => limit = limit.saturating_mul(2),
            }
        }
    }

    /// Carries a link out. It leaves the outbox with the last commit that it comes to; a desk that dies before does it
    /// again, and what was done is answered as the first time.
    async fn carry(&self, link: &Outgoing, now: Moment) -> Result<(), DeskError> {
        let effect = link.id.to_string();
        let Effect::Link { to, what } = &link.effect else {
            return Ok(());
        };
        let Some((command, salt)) = self.said(&link.id, what).await? else {
            return self.ledger.delivered(Cases::SHELF, &[effect]).await;
        };
        let joins = matches!(what, Link::Join { .. });
        let last = (!joins).then_some(effect.as_str());
        let answer = self
            .send(&link.id, "", to, link.at, (command, salt), now, last)
            .await?;
        let refused = match &answer {
            Answer::Refused(refusal) => Some(&*refusal.why),
            _ => None,
        };
        let follows_already = Why::Already {
            what: Thing::Follower,
        };
        if let Some(why) = refused.filter(|_| joins)
            && *why != follows_already
        {
            // Nobody answers for it there: it goes on by itself.
            let release = Command::Release {
                from: to.clone(),
                why: UnmergeWhy::NotJoined,
            };
            let salt = Salt::derived(&self.secret, &effect);
            let own = &link.id.case;
            let _ = self
                .send(
                    &link.id,
                    "/release",
                    own,
                    link.at,
                    (release, salt),
                    now,
                    Some(&effect),
                )
                .await?;
        } else if joins {
            self.ledger.delivered(Cases::SHELF, &[effect]).await?;
        }
        Ok(())
    }

    /// The command that a link is to the other case; none, where there is nothing left to tell.
    async fn said(&self, of: &EffectId, what: &Link) -> Result<Option<(Command, Salt)>, DeskError> {
        let name = of.to_string();
        let from = of.case.clone();
        let mut salts = vec![Salt::derived(&self.secret, &name)];
        let command = match what {
            Link::Join {
                received,
                whole_due,
                reply_due,
            } => Command::Join {
                follower: from,
                received: *received,
                whole_due: *whole_due,
                reply_due: *reply_due,
            },
            Link::Leave => Command::Leave { follower: from },
            Link::Release { why } => Command::Release { from, why: *why },
            Link::Relay { news } => {
                let mut words = Vec::new();
                for text in news.texts() {
                    // What was erased meanwhile is told to nobody.
                    if let Some(private) = self.private::<Cases>(&from, text).await? {
                        salts.push(private.salt);
                        words.push(private.text);
                    }
                }
                let news = match news {
                    News::Progress { .. } => words.pop().map(|text| News::Progress { text }),
                    News::Extended { due, .. } => {
                        words.pop().map(|text| News::Extended { text, due: *due })
                    }
                    News::Answer { .. } if words.is_empty() => {
                        let why = UnmergeWhy::Erased;
                        let salt = Salt::handed_on(&salts, &name);
                        return Ok(Some((Command::Release { from, why }, salt)));
                    }
                    News::Answer { .. } => Some(News::Answer { texts: words }),
                    News::Retracted => Some(News::Retracted),
                    News::Ended { outcome } => Some(News::Ended { outcome: *outcome }),
                    News::Reopened => Some(News::Reopened),
                };
                match news {
                    Some(news) => Command::Relay { from, news },
                    None => return Ok(None),
                }
            }
        };
        Ok(Some((command, Salt::handed_on(&salts, &name))))
    }

    /// Sends a command of the desk's own; once, however often it is asked. `last` is the effect that leaves the outbox
    /// with it.
    #[allow(
        clippy::too_many_arguments,
        reason = "what is sent, whereto, and what it carries out"
    )]
    async fn send(
        &self,
        of: &EffectId,
        then: &str,
        to: &CaseId,
        at: Moment,
        (command, salt): (Command, Salt),
        now: Moment,
        last: Option<&str>,
    ) -> Result<Answer, DeskError> {
        let id = own_id("link", &format!("{of}{then}")).map_err(DeskError::storage)?;
        // What was said before stands, though its words may be erased by now.
        if let Some(before) = self.ledger.answered(Cases::SHELF, id.as_str()).await? {
            if let Some(effect) = last {
                let effect = effect.to_owned();
                self.ledger.delivered(Cases::SHELF, &[effect]).await?;
            }
            return serde_json::from_str(&before.answer).map_err(DeskError::storage);
        }
        let envelope = Envelope {
            id,
            case: to.clone(),
            by: Actor::new(system()?, Role::System),
            at,
            salt,
            command,
        };
        match self.answer::<Cases>(&envelope, now, last).await?.answer {
            // It says nothing about the link, which waits until the host has mended that.
            Answer::Refused(refusal) if Cases::is_the_hosts(&refusal) => {
                Err(DeskError::misuse(refusal))
            }
            answer => Ok(answer),
        }
    }
}
