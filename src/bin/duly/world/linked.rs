//! What comes next in a case on a matter that another one is about (并案).

use duly::time::Moment;
use duly::words::{Actor, Channel, Command, EffectId, Rating, Text};

use super::chain::Eyes;
use super::closing::scores;
use super::course::{Act, Course, Hook, Step};
use crate::fail::{Fail, read};

impl Course {
    /// Intake merges it, before a unit has it or after that.
    pub(super) fn merges(&mut self, eyes: Eyes<'_>, late: bool) -> Result<Option<Act>, Fail> {
        let Some(merge) = self.merge.as_ref().filter(|it| it.late == late) else {
            return Ok(None);
        };
        if self.did(Step::Merge) {
            return Ok(None);
        }
        let command = Command::Merge {
            into: merge.into.clone(),
        };
        let by = eyes.people.intake(&self.place, 0)?;
        self.desk_work(eyes, by, command, Step::Merge)
    }

    /// It follows: somebody undoes that, or nobody does anything until its citizen is told something.
    pub(super) fn follows(&mut self, eyes: Eyes<'_>) -> Result<Option<Act>, Fail> {
        if let Some(act) = self.attempt(eyes, Hook::Following)? {
            return Ok(Some(act));
        }
        let undone = self.merge.as_ref().and_then(|it| it.undone);
        let Some(days) = undone.filter(|_| !self.did(Step::Unmerge)) else {
            return Ok(None);
        };
        let command = Command::Unmerge {
            reason: Text::from("核对后不是同一件事"),
        };
        Ok(Some(Act {
            at: eyes.office.days(eyes.now, days, &mut self.dice)?,
            by: eyes.people.intake(&self.place, 0)?,
            command,
            step: Step::Unmerge,
        }))
    }

    /// What comes of telling the citizen the answer of the case that this one follows: the receipt, and what the citizen says of it.
    pub(super) fn answered(
        &mut self,
        (office, people): (&super::Office, &super::People),
        now: Moment,
        effect: &EffectId,
    ) -> Result<Vec<(Moment, Actor, Command)>, Fail> {
        let Some(merge) = &mut self.merge else {
            return Ok(Vec::new());
        };
        let effect = effect.clone();
        let receipt = match std::mem::take(&mut merge.undelivered) {
            false => Command::Delivered { effect },
            true => Command::Undelivered {
                effect,
                why: Text::from("号码已停机,改寄书面答复"),
                instead: Some(read::<Channel>("来信")?),
            },
        };
        let minutes = self.dice.within(5, 90);
        let mut all = vec![(office.later(now, minutes)?, people.system()?, receipt)];
        if let (Some(citizen), Some((level, days))) = (&self.citizen, merge.says.take()) {
            let rating = Rating::Given {
                level,
                scores: Some(scores(level)),
            };
            let said = Some(Text::from("看过答复,说说我这边的情况"));
            let at = office.days(now, days, &mut self.dice)?;
            all.push((at, people.citizen(citizen), Command::Rate { rating, said }));
        }
        Ok(all)
    }
}
