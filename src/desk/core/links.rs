//! Linked cases (并案、分办): what one tells another leaves it through the ledger's outbox, and comes to the other as a command.
//!
//! Each link is one command with an id made from its effect's, so that two desks, or one that died between, send it once; and it is
//! taken out of the outbox in the transaction that carries it out. What one case tells others goes in the order in which it came
//! about. What is refused has its consequence here: a case that cannot be joined releases the one that was to follow it; whatever
//! else is refused says that the link has no more use, such as news for a case that follows no longer.

use super::submit::Comes;
use super::{Core, Stuck};
use crate::case::SubState;
use crate::desk::answer::said;
use crate::desk::kind::{Cases, Kind, system};
use crate::desk::own::own_id;
use crate::desk::rows::CommandRow;
use crate::desk::{Answer, AsyncLedger, Cursor, DeskError, Flaw};
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, Command, CommandId, Effect, EffectId, Envelope, Link, MainCase, News, OffWhy,
    Outcome, Outgoing, Role, Salt, SubAsked, SubKey, SubPlanned, Text, TextRef, Thing, UnmergeWhy,
    Why,
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
        // What was carried out has left the outbox: what is there once more, nothing takes out.
        let mut carried: BTreeSet<EffectId> = BTreeSet::new();
        let mut limit = PAGE;
        loop {
            let page = self.links(&Cursor::start(), limit).await?.items;
            let all = page.len() < limit;
            let mut any = false;
            for link in page {
                // What comes after one that waits would come before its time.
                if held.contains(&link.case) {
                    continue;
                }
                match self.carry_once(link.what, &mut carried, now).await {
                    Ok(()) => any = true,
                    Err(error) if error.is_local() => {
                        held.insert(link.case.clone());
                        linked.stuck.push(Stuck {
                            case: link.case,
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

    /// Carries a link out that was not carried out before.
    async fn carry_once(
        &self,
        link: Result<Outgoing, DeskError>,
        carried: &mut BTreeSet<EffectId>,
        now: Moment,
    ) -> Result<(), DeskError> {
        let link = link?;
        if carried.contains(&link.id) {
            let effect = link.id.to_string();
            let flaw = Flaw::Stays { effect };
            return Err(Cases::broken(&link.id.case, link.id.version, flaw));
        }
        match self.carry(&link, now).await {
            Ok(()) => {
                if let Effect::Link { to, .. } = &link.effect {
                    self.watch.linked(&link.id, to);
                }
            }
            // Another desk has, or what it was to tell was erased meanwhile.
            Err(error) if error.is_carried() => {}
            Err(error) => return Err(error),
        }
        carried.insert(link.id);
        Ok(())
    }

    /// Carries a link out. It leaves the outbox with the last commit that it comes to; a desk that dies before does it
    /// again, and what was done is answered as the first time.
    async fn carry(&self, link: &Outgoing, now: Moment) -> Result<(), DeskError> {
        let effect = link.id.to_string();
        let Effect::Link { to, what } = &link.effect else {
            return Ok(());
        };
        // What was said before stands, though its words may be erased by now.
        if let Link::Begin { key, .. } = what
            && let Some(before) = self.said_before(&link.id, "").await?
        {
            return self.begun(link, (to, key), &before, now).await;
        }
        let Some((command, salt)) = self.said(&link.id, what).await? else {
            return self.ledger.delivered(Cases::SHELF, &[effect]).await;
        };
        // Of these a refusal has its consequence.
        let joins = matches!(what, Link::Join { .. } | Link::Begin { .. });
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
        if let Link::Begin { key, .. } = what {
            return self.begun(link, (to, key), &answer, now).await;
        }
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

    /// What was answered to a command of a link, if it was sent.
    async fn said_before(&self, of: &EffectId, then: &str) -> Result<Option<Answer>, DeskError> {
        let id = said_as(of, then)?;
        let before = self.ledger.answered(Cases::SHELF, id.as_str()).await?;
        // One row that is damaged keeps no other case from hearing what it is to hear.
        let unread = |_| {
            let command = id.to_string();
            Cases::broken(&of.case, of.version, Flaw::Answer { command })
        };
        let read = |row: CommandRow| said(&row).map_err(unread);
        before.map(read).transpose()
    }

    /// A part was to begin: it did, or it has no case. Where it was dropped in the same moment, by another desk, it is called off.
    async fn begun(
        &self,
        link: &Outgoing,
        (sub, key): (&CaseId, &SubKey),
        answer: &Answer,
        now: Moment,
    ) -> Result<(), DeskError> {
        // Where that id or number is another case's already, the part has none.
        let Answer::Done(_) = answer else {
            return self.not_opened(link, sub, now).await;
        };
        let main = &link.id.case;
        let effect = link.id.to_string();
        if self.wants(main, key).await? {
            return self.ledger.delivered(Cases::SHELF, &[effect]).await;
        }
        let off = Command::CallOff {
            main: main.clone(),
            why: OffWhy::Dropped,
        };
        let salt = Salt::derived(&self.secret, &effect);
        let last = Some(effect.as_str());
        let _ = self
            .send(&link.id, "/off", sub, link.at, (off, salt), now, last)
            .await?;
        Ok(())
    }

    /// Whether a case still wants a part: it was not dropped, and the case has not ended without an answer.
    async fn wants(&self, main: &CaseId, key: &SubKey) -> Result<bool, DeskError> {
        let Some(case) = self.case(main).await? else {
            return Ok(false);
        };
        let dropped = case
            .subs()
            .get(key)
            .is_none_or(|sub| matches!(sub.state, SubState::Dropped));
        Ok(!dropped && case.outcome() != Some(Outcome::Withdrawn))
    }

    /// A part could not be opened as a case: whoever answers for the whole hears of it, and has it done otherwise.
    async fn not_opened(
        &self,
        link: &Outgoing,
        sub: &CaseId,
        now: Moment,
    ) -> Result<(), DeskError> {
        let effect = link.id.to_string();
        let hear = Command::Hear {
            sub: sub.clone(),
            news: News::NotOpened,
            handlers: BTreeSet::new(),
        };
        let salt = Salt::derived(&self.secret, &effect);
        let main = &link.id.case;
        let _ = self
            .send(
                &link.id,
                "/not_opened",
                main,
                link.at,
                (hear, salt),
                now,
                Some(&effect),
            )
            .await?;
        Ok(())
    }

    /// The part that a link begins, as the main case knows it; none, where it was dropped meanwhile.
    async fn part(&self, main: &CaseId, key: &SubKey) -> Result<Option<SubPlanned>, DeskError> {
        let case = self.case(main).await?;
        let sub = case.as_ref().and_then(|case| case.subs().get(key));
        let open = sub.filter(|sub| matches!(sub.state, SubState::Open));
        Ok(open.map(|sub| sub.plan.clone()))
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
                tracked,
            } => Command::Join {
                follower: from,
                received: *received,
                whole_due: *whole_due,
                reply_due: *reply_due,
                tracked: *tracked,
            },
            Link::Leave => Command::Leave { follower: from },
            Link::Release { why } => Command::Release { from, why: *why },
            Link::Want { due } => Command::Want {
                main: from,
                due: *due,
            },
            Link::CallOff { why } => Command::CallOff {
                main: from,
                why: *why,
            },
            Link::Begin { key, due, apart } => {
                let Some(part) = self.part(&from, key).await? else {
                    return Ok(None);
                };
                // What is erased is nobody's task, and what has none gets no case. That is said under the same command, which has one answer:
                // so no desk that had read the words before opens it with them after.
                let mut task = Text::from("");
                if let Some(private) = self.private::<Cases>(&from, &part.task).await? {
                    salts.push(private.salt);
                    task = private.text;
                }
                Command::OpenSub(Box::new(SubAsked {
                    main: MainCase {
                        case: from,
                        key: key.clone(),
                        due: *due,
                        party: part.party,
                        apart: apart.clone(),
                    },
                    place: part.place,
                    task,
                    facts: part.facts,
                }))
            }
            // What was erased meanwhile is heard by nobody, but that there was an answer is.
            Link::Hear { news, handlers } => {
                let mut words = Vec::new();
                for text in news.texts() {
                    if let Some(private) = self.private::<Cases>(&from, text).await? {
                        salts.push(private.salt);
                        words.push(private.text);
                    }
                }
                match with_words(news, words) {
                    Some(news) => Command::Hear {
                        sub: from,
                        news,
                        handlers: handlers.clone(),
                    },
                    None => return Ok(None),
                }
            }
            Link::Relay { news } => {
                let mut words = Vec::new();
                for text in news.texts() {
                    // What was erased meanwhile is told to nobody.
                    if let Some(private) = self.private::<Cases>(&from, text).await? {
                        salts.push(private.salt);
                        words.push(private.text);
                    }
                }
                if matches!(news, News::Answer { .. }) && words.is_empty() {
                    let why = UnmergeWhy::Erased;
                    let salt = Salt::handed_on(&salts, &name);
                    return Ok(Some((Command::Release { from, why }, salt)));
                }
                match with_words(news, words) {
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
        // What was said before stands, though its words may be erased by now.
        if let Some(before) = self.said_before(of, then).await? {
            if let Some(effect) = last {
                let effect = effect.to_owned();
                self.ledger.delivered(Cases::SHELF, &[effect]).await?;
            }
            return Ok(before);
        }
        let envelope = Envelope {
            id: said_as(of, then)?,
            case: to.clone(),
            by: Actor::new(system()?, Role::System),
            at,
            salt,
            command,
        };
        let comes = last.map_or(Comes::Alone, Comes::Carrying);
        let answer = match self.answer::<Cases>(&envelope, now, comes).await {
            // Another desk was first, whose words were others: erased by then, or not yet.
            Err(error) if error.is_reused() => self.said_before(of, then).await?.ok_or(error)?,
            said => said?.answer,
        };
        match answer {
            // It says nothing about the link, which waits until the host has mended that.
            Answer::Refused(refusal) if Cases::is_the_hosts(&refusal) => {
                Err(DeskError::misuse(refusal))
            }
            answer => Ok(answer),
        }
    }
}

/// The id of the command that the desk sends for a link; `then` tells a second one from the first.
fn said_as(of: &EffectId, then: &str) -> Result<CommandId, DeskError> {
    own_id("link", &format!("{of}{then}")).map_err(DeskError::storage)
}

/// The same news with its words; none, where there is nothing left to tell.
fn with_words(news: &News<TextRef>, mut words: Vec<Text>) -> Option<News<Text>> {
    Some(match news {
        News::Progress { .. } => News::Progress { text: words.pop()? },
        News::Extended { due, .. } => News::Extended {
            text: words.pop()?,
            due: *due,
        },
        News::Answer { .. } => News::Answer { texts: words },
        News::Retracted => News::Retracted,
        News::Ended { outcome } => News::Ended { outcome: *outcome },
        News::Reopened => News::Reopened,
        News::NotOpened => News::NotOpened,
        News::Question { of, .. } => News::Question {
            text: words.pop()?,
            of: of.clone(),
        },
    })
}
