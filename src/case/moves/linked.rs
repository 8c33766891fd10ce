//! 并案: a case follows another one; what each hears of the other; each on its own again.

use super::super::ask::Ask;
use super::super::model::Case;
use super::super::stages::Follower;
use super::closing::may_rate;
use super::waiting::due_with;
use crate::time::Moment;
use crate::words::{
    CaseId, ClockKind, Event, News, Rating, Survivor, Text, TextRef, Thing, UnmergeWhy, Why,
};

/// The ground under which a case is opened again that was struck off with another one, which nobody answers any more.
const UNANSWERED: &str = "并入的一件不再答复";

impl Case {
    /// 并案. What it says of its limits goes to the case that it follows.
    pub(crate) fn merge(&self, ask: &Ask<'_>, into: &CaseId) -> Result<Vec<Event>, Why> {
        if *into == self.id {
            return Err(Why::FollowsItself);
        }
        self.stands_alone()?;
        if !self.followers.is_empty() {
            return Err(Why::Followed {
                followers: self.followers.keys().cloned().collect(),
                into: into.clone(),
            });
        }
        Ok(vec![Event::Merged {
            into: into.clone(),
            whole_due: self.due_by_now(ask, ClockKind::Whole)?,
            reply_due: self.due_by_now(ask, ClockKind::Reply)?,
        }])
    }

    /// When a live clock is due; what waits, as if it went on now.
    fn due_by_now(&self, ask: &Ask<'_>, kind: ClockKind) -> Result<Option<Moment>, Why> {
        let Some(clock) = self.clock(kind).filter(|clock| clock.is_live()) else {
            return Ok(None);
        };
        if let Some(due) = clock.due() {
            return Ok(Some(due));
        }
        due_with(self, ask, clock, &clock.term)
    }

    /// 并入登记. Said again, it counts only where it makes a limit earlier, or has this case tracked.
    pub(crate) fn join(
        &self,
        follower: &CaseId,
        received: Moment,
        (whole_due, reply_due): (Option<Moment>, Option<Moment>),
        tracked: bool,
    ) -> Result<Vec<Event>, Why> {
        if *follower == self.id {
            return Err(Why::FollowsItself);
        }
        // A part answers no citizen.
        if self.main.is_some() {
            return Err(Why::Survivor {
                into: self.id.clone(),
                is: Survivor::Part,
            });
        }
        let had = self.followers.get(follower);
        let earlier = |had: Option<Moment>, new: Option<Moment>| {
            new.is_some_and(|new| had.is_none_or(|had| new < had))
        };
        let moves =
            |it: &Follower| earlier(it.whole_due, whole_due) || earlier(it.reply_due, reply_due);
        let tracks = tracked && !self.tracked;
        if had.is_some_and(|it| !moves(it) && !tracks) {
            return Err(Why::Already {
                what: Thing::Follower,
            });
        }
        Ok(vec![Event::Joined {
            follower: follower.clone(),
            received,
            whole_due,
            reply_due,
            again: had.is_some(),
            tracked,
        }])
    }

    /// 并出登记.
    pub(crate) fn leave(&self, follower: &CaseId) -> Result<Vec<Event>, Why> {
        match self.followers.contains_key(follower) {
            true => Ok(vec![Event::Left {
                follower: follower.clone(),
            }]),
            false => Err(Why::NotLinked {
                with: Some(follower.clone()),
            }),
        }
    }

    /// 转告. The words become texts of this case, so that what is erased in one stays in the other.
    pub(crate) fn relay(
        &self,
        ask: &mut Ask<'_>,
        from: &CaseId,
        news: &News<Text>,
    ) -> Result<Vec<Event>, Why> {
        let following = self.following_of(from)?;
        match news {
            // Said of parts alone.
            News::NotOpened | News::Question { .. } => {
                return Err(Why::NotLinked {
                    with: Some(from.clone()),
                });
            }
            News::Retracted if following.answer.is_none() => {
                return Err(Why::Survivor {
                    into: from.clone(),
                    is: Survivor::Unanswered,
                });
            }
            News::Ended { .. } if following.ended.is_some() => {
                return Err(Why::Already {
                    what: Thing::SurvivorsEnd,
                });
            }
            News::Answer { texts } if texts.is_empty() => {
                return Err(Why::Blank {
                    what: Thing::Field("texts".into()),
                });
            }
            _ => {}
        }
        let news: News<TextRef> = news.try_map(|text| ask.text("news", text))?;
        Ok(vec![Event::Relayed {
            from: from.clone(),
            news,
        }])
    }

    fn following_of(&self, from: &CaseId) -> Result<&super::super::stages::Following, Why> {
        let its = self.follows.as_ref() == Some(from);
        let following = self.following.as_ref().filter(|_| its);
        following.ok_or_else(|| Why::NotLinked {
            with: Some(from.clone()),
        })
    }

    /// 撤销并案.
    pub(crate) fn unmerge(&self, ask: &mut Ask<'_>, reason: &Text) -> Result<Vec<Event>, Why> {
        let from = self.follows.clone();
        let from = from.ok_or(Why::NotLinked { with: None })?;
        Ok(vec![Event::Unmerged {
            from,
            why: UnmergeWhy::Undone,
            reason: Some(ask.text("reason", reason)?),
        }])
    }

    /// 解除并案. Whose case was struck off with the other, and has no answer that stands, is owed one of their own.
    pub(crate) fn release(
        &self,
        ask: &Ask<'_>,
        from: &CaseId,
        why: UnmergeWhy,
    ) -> Result<Vec<Event>, Why> {
        let following = self.following_of(from)?;
        let answered = following.answer.is_some();
        // What follows it and has its answer needs nothing of it but that: that it takes no news of its limits any more parts nobody.
        let has_all = why == UnmergeWhy::NotJoined && (answered || following.ended.is_some());
        if has_all || (self.is_closed() && answered) {
            return Err(Why::Survivor {
                into: from.clone(),
                is: Survivor::Answered,
            });
        }
        let mut events = vec![self.parted(from, why)];
        if self.is_closed() {
            events.push(Event::Reopened {
                ground: UNANSWERED.to_owned(),
                reason: None,
                begins: self.begins_by_now(ask, None)?,
            });
        }
        Ok(events)
    }

    fn parted(&self, from: &CaseId, why: UnmergeWhy) -> Event {
        Event::Unmerged {
            from: from.clone(),
            why,
            reason: None,
        }
    }

    /// What reopening has before it, where the case was struck off as merged: it does not follow any more.
    pub(super) fn no_longer_follows(&self) -> Option<Event> {
        let from = self.follows.as_ref()?;
        Some(self.parted(from, UnmergeWhy::Reopened))
    }

    /// 评价 of the answer of the case that this one follows. Whoever is not satisfied with it has their own case handled.
    pub(crate) fn rate_as_follower(
        &self,
        ask: &mut Ask<'_>,
        rating: Rating,
        said: &Option<Text>,
    ) -> Result<Vec<Event>, Why> {
        let (Some(from), Some(following)) = (&self.follows, &self.following) else {
            return Err(Why::Stage);
        };
        may_rate(self, ask, rating)?;
        if following.answer.is_none() {
            return Err(Why::Survivor {
                into: from.clone(),
                is: Survivor::Unanswered,
            });
        }
        if matches!(following.rating, Some(Rating::Given { .. })) {
            return Err(Why::Already {
                what: Thing::Rating,
            });
        }
        let mut events = vec![Event::Rated {
            rating,
            said: ask.optional("said", said)?,
        }];
        if rating.is_unsatisfied() {
            events.push(self.parted(from, UnmergeWhy::Unsatisfied));
        }
        Ok(events)
    }
}
