//! 受理、交办、办理: from the message to the answer, with what is not ours and what goes back to the citizen.

use crate::calendar::{DAY, HOUR, date};
use crate::case::{Asked, Case, Person, Reply, Stage, Unit};
use crate::clocks::Mark;
use crate::moves::{No, law};
use crate::pack::{Kind, SUPPLEMENT};
use crate::persons::{CITIZEN, Role};
use crate::waits::Paused;

impl Case {
    /// 受理分类, once; whoever goes on without the citizen's answer no longer waits for it.
    pub fn screen(&mut self, question: bool) -> Result<(), No> {
        law(!self.screened, "it was screened already")?;
        self.screened = true;
        self.question = question;
        self.waits_no_more();
        self.mark(Mark::Screened);
        Ok(())
    }

    /// 补正 (back to the citizen): as often as the pack says, and one question at a time.
    pub fn ask_citizen(&mut self) -> Result<(), No> {
        law(!self.waiting, "the citizen was asked and has not answered")?;
        let asked = self.pauses.iter().filter(|it| it.wait == SUPPLEMENT);
        law(
            asked.count() < self.pack.waits[SUPPLEMENT].times,
            "asked as often as may be",
        )?;
        self.waiting = true;
        self.pause(SUPPLEMENT);
        Ok(())
    }

    pub fn supplement(&mut self, who: Person, role: Role) -> Result<(), No> {
        law(role != Role::Citizen || who == CITIZEN, "another citizen's")?;
        law(self.waiting, "nothing was asked")?;
        self.waiting = false;
        if let Some(pause) = self.waits_since(SUPPLEMENT) {
            self.go_on(pause, true);
        }
        Ok(())
    }

    pub fn waits_since(&self, wait: usize) -> Option<usize> {
        let its = |it: &Paused| it.wait == wait && it.ended.is_none();
        self.pauses.iter().position(its)
    }

    pub fn waits_no_more(&mut self) {
        self.waiting = false;
        if let Some(pause) = self.waits_since(SUPPLEMENT) {
            self.go_on(pause, false);
        }
    }

    /// 交办: only what was screened; what came back goes to another without a new cycle.
    pub fn assign(&mut self, unit: Unit, owner: Person) -> Result<(), No> {
        if self.stage == Stage::Received {
            law(self.screened, "it was not screened")?;
            self.waits_no_more();
            self.stage = Stage::Assigned;
        }
        self.hand_to(unit, owner);
        self.mark(Mark::Assigned);
        Ok(())
    }

    pub fn sign(&mut self, who: Person) -> Result<(), No> {
        self.is_owner(who)?;
        law(!self.signed, "it is signed for")?;
        self.signed = true;
        self.mark(Mark::Signed);
        Ok(())
    }

    /// 退单 (not ours): within its time, and not by a unit that a ruling named.
    pub fn object(&mut self, who: Person) -> Result<(), No> {
        self.is_owner(who)?;
        let (unit, _) = self.team.unwrap();
        law(!self.objected, "an objection waits for its ruling")?;
        law(!self.barred, "the time to object has passed")?;
        law(!self.ruled.contains(&unit), "a ruling named the unit")?;
        self.objected = true;
        self.mark(Mark::Objected);
        Ok(())
    }

    /// 裁定: by somebody who does not handle it; the unit named may not object again.
    pub fn rule(&mut self, who: Person, unit: Unit, owner: Person) -> Result<(), No> {
        self.no_handler_of_the_round(who)?;
        law(self.objected, "nobody objected")?;
        self.objected = false;
        self.bounces += 1;
        self.ruled.insert(unit);
        // Whoever has signed for it and has it still, has signed.
        self.signed &= self.team == Some((unit, owner));
        self.hand_to(unit, owner);
        self.mark(Mark::Ruled);
        self.mark(Mark::Assigned);
        Ok(())
    }

    /// 转办: reply and whole go on; the next unit signs, and may object, for itself.
    pub fn transfer(&mut self, unit: Unit, owner: Person) -> Result<(), No> {
        law(self.team.unwrap().0 != unit, "the unit has it already")?;
        self.signed = false;
        self.objected = false;
        self.barred = false;
        self.hand_to(unit, owner);
        self.depth.transfers += 1;
        self.mark(Mark::Ruled);
        self.mark(Mark::Assigned);
        Ok(())
    }

    /// 交接: within the unit, by the owner themselves or by intake or supervision.
    pub fn hand_over(&mut self, who: Person, role: Role, to: Person) -> Result<(), No> {
        law(
            role != Role::CoHandler,
            "no unit takes part beside the lead",
        )?;
        if role == Role::Owner {
            self.is_owner(who)?;
        }
        let (unit, owner) = self.team.unwrap();
        law(owner != to, "they have it already")?;
        self.hand_to(unit, to);
        Ok(())
    }

    /// 中止计时: by the owner, for a reason of the pack, as often as it says.
    pub fn pauses(&mut self, who: Person, wait: usize) -> Result<(), No> {
        self.is_owner(who)?;
        law(wait != SUPPLEMENT, "only asking the citizen waits for that")?;
        law(
            self.waits_since(wait).is_none(),
            "it waits for that already",
        )?;
        let times = self.pauses.iter().filter(|it| it.wait == wait).count();
        law(times < self.pack.waits[wait].times, "as often as may be")?;
        self.depth.pauses += 1;
        self.pause(wait);
        Ok(())
    }

    pub fn resume(&mut self, who: Person, role: Role, wait: usize) -> Result<(), No> {
        if role == Role::Owner {
            self.is_owner(who)?;
        }
        let pause = self.waits_since(wait).ok_or("nothing waits for that")?;
        self.go_on(pause, false);
        Ok(())
    }

    /// 申请延期: before it is due, by the hour of the due day that the pack names; of a clock that waits, as if it went on now.
    pub fn ask_extension(&mut self, who: Person, kind: Kind, n: i64) -> Result<(), No> {
        self.is_owner(who)?;
        let rule = (self.pack.extension)(kind).ok_or("the pack extends no such limit")?;
        let at = self.live_at(kind).ok_or("no such clock runs")?;
        law(
            self.asked.is_none() && self.granted.is_none(),
            "one was asked for already",
        )?;
        law(self.clocks[at].extended < rule.times, "as often as may be")?;
        law(n <= rule.most.number(), "longer than may be")?;
        let due = self.due_if_it_went_on(at);
        let hour = |hour: i64| date(due) * DAY + hour * HOUR;
        let until = rule.until_hour.map_or(due, |it| hour(it).min(due));
        law(self.now <= until, "too late")?;
        let by = rule.most.with(n);
        self.asked = Some(Asked { kind, by, who });
        Ok(())
    }

    /// 批准延期: by another person, who has not handled the case; it counts at once, or once the citizen has the notice.
    pub fn grant_extension(&mut self, who: Person, role: Role, kind: Kind) -> Result<(), No> {
        let asked = self
            .asked
            .filter(|it| it.kind == kind)
            .ok_or("nobody asked")?;
        let rule = (self.pack.extension)(kind).unwrap();
        // A leader grants whatever the office below may.
        law(
            !rule.leader || role == Role::Leader,
            "the pack has a leader grant it",
        )?;
        self.no_handler(who)?;
        law(asked.who != who, "nobody grants their own")?;
        let at = self.live_at(kind).ok_or("no such clock runs")?;
        law(self.now <= self.due_if_it_went_on(at), "too late")?;
        self.asked = None;
        if rule.told {
            self.granted = Some(asked);
        } else {
            self.extend(asked);
        }
        Ok(())
    }

    /// 答复: by the owner. Nothing waits any more once there is an answer.
    pub fn reply(&mut self, who: Person, reply: Reply) -> Result<(), No> {
        self.is_owner(who)?;
        law(
            reply.solved || self.question,
            "a problem is not kept for reference",
        )?;
        self.go_on_all();
        self.handles(who);
        self.depth.redone += u32::from(self.stage == Stage::Returned);
        self.stage = Stage::Replied;
        self.objected = false;
        self.reply = Some(reply);
        self.asked = None;
        self.granted = None;
        self.mark(Mark::Replied);
        Ok(())
    }
}
