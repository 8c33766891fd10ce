//! What comes next while a unit works on it: not ours, in hand, waiting, asking for more time, the reply.

use duly::case::{Assigned, Case, In};
use duly::time::Moment;
use duly::words::{ClockKind, Command, Role, Text};

use super::chain::Eyes;
use super::course::{Act, Course, Hook, ReplyAt, Step};
use crate::fail::Fail;

impl Course {
    pub(super) fn assigned(
        &mut self,
        eyes: Eyes<'_>,
        it: In<'_, Assigned>,
    ) -> Result<Option<Act>, Fail> {
        let team = &it.data.team;
        let owner = self.owner(eyes);
        if self.first.is_some() && !self.did(Step::Rule) {
            let (unit, person) = self.team.clone();
            if !self.did(Step::Object) {
                let reason = Text::from("按照职责分工,此事不属于本单位");
                return self.desk_work(
                    eyes,
                    owner,
                    Command::Object {
                        reason,
                        should_be: Some(unit),
                    },
                    Step::Object,
                );
            }
            let reason = Text::from("按照三定规定,由所列单位主办");
            let command = Command::Rule {
                unit,
                owner: person,
                reason,
            };
            let by = eyes.people.intake(&self.place, 0)?;
            return self.desk_work(eyes, by, command, Step::Rule);
        }
        if it.data.signed.is_none() && !self.did(Step::Sign) {
            return self.desk_work(eyes, owner, Command::Sign {}, Step::Sign);
        }
        if let Some(act) = self.merges(eyes, true)? {
            return Ok(Some(act));
        }
        if let Some(act) = self.changes_hands(eyes)? {
            return Ok(Some(act));
        }
        if let Some((unit, person)) = self.below.clone().filter(|_| !self.did(Step::SubAssign)) {
            let command = Command::SubAssign {
                unit,
                owner: person,
            };
            let by = eyes.people.intake(&self.place, 0)?;
            return self.desk_work(eyes, by, command, Step::SubAssign);
        }
        if self.did(Step::Rule)
            && let Some(act) = self.attempt(eyes, Hook::Ruled)?
        {
            return Ok(Some(act));
        }
        let due = due(eyes.case);
        if self.tries.iter().any(|it| it.hook == Hook::Overdue)
            && let Some(due) = due
            && let Some(mut act) = self.attempt(eyes, Hook::Overdue)?
        {
            act.at = eyes.office.later(due.max(eyes.now), 90)?;
            return Ok(Some(act));
        }
        if let Some((reason, days)) = self.pause.clone() {
            if !self.did(Step::Pause) {
                let evidence = Text::from("委托单已随件上传");
                return self.desk_work(
                    eyes,
                    owner,
                    Command::Pause { reason, evidence },
                    Step::Pause,
                );
            }
            if !self.did(Step::Resume) {
                let at = eyes.office.days(eyes.now, days, &mut self.dice)?;
                return Ok(Some(Act {
                    at,
                    by: owner,
                    command: Command::Resume { reason },
                    step: Step::Resume,
                }));
            }
        }
        let part_way = |percent: u32| match due {
            Some(due) => eyes.office.share(eyes.now, due, percent),
            None => eyes.office.later(eyes.now, 30 * percent),
        };
        if let Some(span) = self.extension.clone() {
            if !self.did(Step::AskExtension) {
                let reason = Text::from("需要向有关单位核对账目和记录");
                let command = Command::AskExtension {
                    clock: ClockKind::Reply,
                    span,
                    reason,
                };
                return Ok(Some(Act {
                    at: part_way(60)?,
                    by: owner,
                    command,
                    step: Step::AskExtension,
                }));
            }
            if !self.did(Step::GrantExtension) {
                let told = Text::from("您反映的事情需要多方核对,答复要晚几天,具体日期已更新");
                let command = Command::GrantExtension {
                    clock: ClockKind::Reply,
                    told,
                };
                return self.desk_work(
                    eyes,
                    eyes.people.supervisor(1)?,
                    command,
                    Step::GrantExtension,
                );
            }
            // The notice goes out by message, and the receipt comes back a little later.
            if let Some(effect) = eyes.case.awaits_delivery()
                && !self.extension_untold
                && !self.did(Step::Delivered)
            {
                let by = eyes.people.intake(&self.place, 0)?;
                return self.desk_work(eyes, by, Command::Delivered { effect }, Step::Delivered);
            }
        }
        if let Some(part) = team.parts.iter().find(|part| part.reply.is_none()) {
            let by = eyes
                .people
                .handler(Role::CoHandler, &part.unit, &part.owner, &self.place);
            let command = Command::CoReply {
                text: Text::from("协办的部分已办,结果交主办单位一并答复"),
            };
            return Ok(Some(Act {
                at: part_way(30)?,
                by,
                command,
                step: Step::CoReply,
            }));
        }
        if self.update && !self.did(Step::Update) {
            let command = Command::Update {
                text: Text::from("已到现场看过,正在办,办好后正式答复您"),
            };
            return Ok(Some(Act {
                at: part_way(40)?,
                by: owner,
                command,
                step: Step::Update,
            }));
        }
        self.reply(eyes)
    }

    /// 转办 to another unit, or 交接 to another person of the same one.
    fn changes_hands(&mut self, eyes: Eyes<'_>) -> Result<Option<Act>, Fail> {
        if let Some((unit, owner)) = self.transfer.clone().filter(|_| !self.did(Step::Transfer)) {
            let reason = Text::from("核查后另有主管单位,转其办理");
            let command = Command::Transfer {
                unit,
                owner,
                reason,
            };
            let by = eyes.people.intake(&self.place, 0)?;
            return self.desk_work(eyes, by, command, Step::Transfer);
        }
        if let Some(to) = self.successor.clone().filter(|_| !self.did(Step::HandOver)) {
            let command = Command::HandOver {
                to,
                unit: None,
                reason: Text::from("承办人调离,由本单位另一人接办"),
            };
            let by = eyes.people.supervisor(1)?;
            return self.desk_work(eyes, by, command, Step::HandOver);
        }
        Ok(None)
    }

    /// The reply of this round; none, when nobody can be found who would do more.
    pub(super) fn reply(&mut self, eyes: Eyes<'_>) -> Result<Option<Act>, Fail> {
        let Some(round) = self.round() else {
            return Ok(None);
        };
        let (at, command) = (round.at, round.words.reply.clone());
        let due = due(eyes.case);
        let share = |percent: u32| match due {
            Some(due) => eyes.office.share(eyes.now, due, percent),
            None => eyes.office.later(eyes.now, 1200),
        };
        let at = match at {
            ReplyAt::On(date) => eyes.office.on(date, &mut self.dice),
            ReplyAt::InTime(date) => {
                let at = eyes.office.on(date, &mut self.dice);
                if due.is_some_and(|due| at.plus(1800) > due) {
                    share(85)?
                } else {
                    at
                }
            }
            ReplyAt::Share(percent) => share(percent)?,
            ReplyAt::Late(minutes) => eyes.office.later(due.unwrap_or(eyes.now), minutes)?,
        };
        Ok(Some(Act {
            at: at.max(eyes.now),
            by: self.owner(eyes),
            command,
            step: Step::Reply,
        }))
    }
}

/// When the reply, or its redo, is due.
fn due(case: &Case) -> Option<Moment> {
    let live = [ClockKind::Reply, ClockKind::Redo]
        .into_iter()
        .filter_map(|kind| case.clock(kind));
    live.filter(|clock| clock.is_running())
        .filter_map(|clock| clock.due())
        .min()
}
