//! 审核、回访、评价、复核、销账: from the answer to the end, through the three gates.

use crate::calendar::date;
use crate::case::{Case, End, Person, Rated, Stage};
use crate::clocks::Mark;
use crate::moves::{No, law};
use crate::pack::Kind;
use crate::persons::{CITIZEN, Role};
use crate::table::Call;

impl Case {
    /// 逐条审核把关: another person passes it, who has answered what the pack asks, and the first two gates stand before it.
    pub fn review(&mut self, who: Person, contacted: Option<bool>) -> Result<(), No> {
        self.no_handler_of_the_round(who)?;
        let contacted = contacted.ok_or("silence is not a yes")?;
        let reply = self.reply.unwrap();
        law(contacted, "the gate of process is shut")?;
        let measures = self.question || !reply.vague || reply.dated;
        law(measures, "the gate of measures is shut")?;
        self.stage = Stage::Reviewed;
        self.mark(Mark::Published);
        Ok(())
    }

    /// 回访: by somebody who has not handled it; failed attempts count once a day. Whoever is called once more, after the time to rate has passed
    /// in silence, has it once more.
    pub fn call_back(&mut self, who: Person, call: Call) -> Result<(), No> {
        self.no_handler(who)?;
        law(!self.reached, "the citizen was reached")?;
        match call {
            Call::Unreached => {
                self.failed.insert(date(self.now));
                if self.failed.len() >= self.pack.attempts {
                    self.called_back = true;
                    self.mark(Mark::CalledBack);
                }
            }
            Call::Reached(satisfied) => {
                let anew = satisfied.is_some() && self.has_said();
                law(!anew, "the citizen has rated it")?;
                self.reached = true;
                self.called_back = true;
                self.mark(Mark::CalledBack);
                if let Some(satisfied) = satisfied {
                    let rated = [Rated::Unsatisfied, Rated::Satisfied][usize::from(satisfied)];
                    self.rated(rated);
                }
            }
        }
        Ok(())
    }

    /// 评价: the citizen says it, or the channel enters it when time runs out.
    pub fn rate(&mut self, who: Person, role: Role, rated: Rated) -> Result<(), No> {
        let said = matches!(rated, Rated::Satisfied | Rated::Unsatisfied);
        law(rated != Rated::Silent, "silence is nobody's word")?;
        law(said == (role == Role::Citizen), "the citizen's own word")?;
        law(role != Role::Citizen || who == CITIZEN, "another citizen's")?;
        if self.stage == Stage::Closed {
            law(self.now <= self.rate_until, "too late")?;
            law(self.end != Some(End::Withdrawn), "there is no answer")?;
            law(!self.has_said(), "it was rated")?;
            self.rating = Some(rated);
            if rated == Rated::Unsatisfied {
                self.reopen();
            }
            return Ok(());
        }
        law(!self.has_said(), "it was rated")?;
        self.rated(rated);
        Ok(())
    }

    pub fn has_said(&self) -> bool {
        matches!(self.rating, Some(Rated::Satisfied | Rated::Unsatisfied))
    }

    /// 群众不满意不放过: an unsatisfied citizen's case goes back.
    pub fn rated(&mut self, rated: Rated) {
        self.rating = Some(rated);
        if rated != Rated::ByTimeout {
            self.mark(Mark::Rated);
        }
        if self.goes_back() {
            self.send_back();
        }
    }

    /// 复核: by somebody who had no part in it; passed only once the citizen was called back, while what does not hold goes back at any time.
    pub fn recheck(&mut self, who: Person, passed: bool) -> Result<(), No> {
        self.no_handler(who)?;
        if passed {
            law(self.called_back || self.has_said(), "nobody called back")?;
            self.rechecked = Some(who);
            self.mark(Mark::Rechecked);
        } else {
            self.send_back();
        }
        Ok(())
    }

    /// 问题不解决不销账: the outcome is one of the class and of the reply; the citizen was called back, has the answer, and is satisfied, or
    /// another person has checked; unsatisfied, only an explanation that supervision signs.
    pub fn strike_off(&mut self, who: Person, end: End) -> Result<(), No> {
        self.no_handler(who)?;
        law(self.rechecked != Some(who), "whoever checked it")?;
        let allowed = match end {
            End::Solved | End::Explained => !self.question,
            End::Answered => self.question,
            End::Withdrawn => false,
        };
        law(allowed, "the class has no such outcome")?;
        let reply = self.reply.unwrap();
        let carried = match end {
            End::Explained => reply.explains,
            End::Solved => reply.solved && !reply.explains,
            _ => true,
        };
        law(carried, "the reply says otherwise")?;
        law(self.called_back || self.has_said(), "nobody called back")?;
        law(
            self.reached || self.has_said() || self.told,
            "the citizen does not have the answer",
        )?;
        match self.rating {
            Some(Rated::Satisfied) => {}
            Some(Rated::Unsatisfied) => {
                law(end == End::Explained, "the citizen is not satisfied")?;
                law(self.rechecked.is_some(), "nobody has checked")?;
            }
            // Silence is silence only when its time has passed, whatever the channel has entered.
            Some(Rated::ByTimeout) | None => {
                law(
                    self.live(Kind::Rating).is_none(),
                    "the citizen may still rate",
                )?;
                law(self.rechecked.is_some(), "nobody has checked")?;
            }
            Some(Rated::Silent) => law(self.rechecked.is_some(), "nobody has checked")?,
        }
        self.depth.struck_off += 1;
        self.mark(Mark::StruckOff);
        self.close(end);
        Ok(())
    }

    /// 撤回: by the citizen; what an officer reports another one confirms.
    pub fn withdraw(&mut self, who: Person, role: Role) -> Result<(), No> {
        self.no_handler(who)?;
        if role == Role::Citizen {
            law(who == CITIZEN, "another citizen's")?;
        } else if self.withdrawal.is_none_or(|it| it == who) {
            law(self.withdrawal.is_none(), "another person confirms it")?;
            self.withdrawal = Some(who);
            return Ok(());
        }
        self.withdrawal = None;
        self.mark(Mark::StruckOff);
        self.close(End::Withdrawn);
        Ok(())
    }

    /// 告知以送达为准: told means delivered. An extension counts from the delivery of its notice, provided that the old limit has not passed.
    pub fn is_told(&mut self) -> Result<(), No> {
        law(self.notice, "nothing is waited for")?;
        if let Some(granted) = self.granted.take() {
            self.extend(granted);
        }
        self.told |= self.awaits_answer();
        Ok(())
    }

    /// The answer has gone out, and nobody knows whether it has come to the citizen.
    pub fn awaits_answer(&self) -> bool {
        self.stage == Stage::Reviewed && !self.told
    }

    pub fn awaits_delivery(&self) -> bool {
        self.granted.is_some() || self.awaits_answer()
    }
}
