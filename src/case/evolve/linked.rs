//! What linked cases know of one another (并案).

use crate::case::model::Case;
use crate::case::stages::{Follower, StageData};
use crate::time::Moment;
use crate::words::{CaseId, ClockKind, EffectId, News, TextRef};

/// Another case follows this one; of what was said before and what is said now, the earlier holds.
pub(super) fn joined(
    case: &mut Case,
    follower: &CaseId,
    received: Moment,
    whole_due: Option<Moment>,
    reply_due: Option<Moment>,
) {
    let first = |had: Option<Moment>, new: Option<Moment>| had.into_iter().chain(new).min();
    let had = case.followers.get(follower);
    let new = Follower {
        received,
        whole_due: first(had.and_then(|it| it.whole_due), whole_due),
        reply_due: first(had.and_then(|it| it.reply_due), reply_due),
    };
    case.followers.insert(follower.clone(), new);
}

/// The case was told what the one that it follows told its own citizen.
pub(super) fn heard(case: &mut Case, version: u64, news: &News<TextRef>) -> Option<()> {
    // Opinion and the like have nobody to tell.
    let nobody = !case.origin.has_citizen();
    let following = case.following.as_mut()?;
    match news {
        News::Answer { .. } => {
            following.answer = Some(version);
            following.told = nobody;
            following.rating = None;
        }
        News::Retracted => {
            (following.answer, following.told, following.rating) = (None, false, None);
        }
        News::Reopened => *following = Default::default(),
        News::NotOpened | News::Question { .. } => return None,
        News::Ended { outcome } => following.ended = Some(*outcome),
        // The citizen was told that it is worked on.
        News::Progress { .. } | News::Extended { .. } => case.was_in_progress = true,
    }
    Some(())
}

/// Something was told; perhaps the published answer, or that of the case that this one follows.
pub(super) fn told(case: &mut Case, effect: &EffectId) {
    let its = case.answer_notice().is_some_and(|notice| notice == *effect);
    if let StageData::Reviewed(it) = &mut case.stage {
        it.told |= its;
    }
    if let Some(following) = &mut case.following
        && following.answer == Some(effect.version)
    {
        following.told = true;
    }
}

/// A clock was lawfully set to a moment, by an extension of which every citizen is told, or so that nobody is late at once: no
/// follower asks for an earlier one any more.
pub(super) fn set_to(case: &mut Case, kind: ClockKind, due: Moment) {
    for follower in case.followers.values_mut() {
        if let Some(cap) = follower.due_mut(kind) {
            *cap = due.max(*cap);
        }
    }
}
