//! Typed views of a case: one per stage, with the moves of that stage and no others.

use super::model::Case;
use super::stages::{Assigned, Closed, Received, Replied, Returned, Reviewed, StageData};

/// A case in one stage: the case, and that stage's data. The moves of a stage are methods of its view, so a move
/// that the stage does not have does not compile:
///
/// ```compile_fail,E0599
/// use duly::case::{Ask, In, Replied};
/// use duly::words::Outcome;
/// fn hasty(replied: In<'_, Replied>, ask: &mut Ask<'_>) {
///     // A reply that nobody reviewed is not struck off.
///     let _ = replied.strike_off(ask, Outcome::Solved, None);
/// }
/// ```
///
/// Only the reviewed view has it:
///
/// ```
/// use duly::case::{Ask, In, Reviewed};
/// use duly::words::Outcome;
/// fn done(reviewed: In<'_, Reviewed>, ask: &mut Ask<'_>) {
///     let _ = reviewed.strike_off(ask, Outcome::Solved, None);
/// }
/// ```
#[derive(Debug)]
pub struct In<'a, S> {
    /// The case.
    pub case: &'a Case,
    /// The data of its stage.
    pub data: &'a S,
}

impl<S> Clone for In<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for In<'_, S> {}

/// Where a case stands, with what can be done there.
#[derive(Debug, Clone, Copy)]
pub enum Stage<'a> {
    /// 已受理.
    Received(In<'a, Received>),
    /// 已交办.
    Assigned(In<'a, Assigned>),
    /// 已答复待审.
    Replied(In<'a, Replied>),
    /// 审核通过.
    Reviewed(In<'a, Reviewed>),
    /// 退回重办.
    Returned(In<'a, Returned>),
    /// 已销账.
    Closed(In<'a, Closed>),
}

impl Case {
    /// The view of the stage it stands in.
    pub fn stage(&self) -> Stage<'_> {
        let case = self;
        match &self.stage {
            StageData::Received(data) => Stage::Received(In { case, data }),
            StageData::Assigned(data) => Stage::Assigned(In { case, data }),
            StageData::Replied(data) => Stage::Replied(In { case, data }),
            StageData::Reviewed(data) => Stage::Reviewed(In { case, data }),
            StageData::Returned(data) => Stage::Returned(In { case, data }),
            StageData::Closed(data) => Stage::Closed(In { case, data }),
        }
    }
}
