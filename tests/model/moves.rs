//! How a command is asked: time comes first, then the table, then the law.

use crate::case::{Case, Person};
use crate::clocks::Mark;
use crate::persons::{CITIZEN, PERSONS, Role};
use crate::table::What;

/// Not accepted, and by which law.
pub type No = &'static str;

pub fn law(holds: bool, no: No) -> Result<(), No> {
    if holds { Ok(()) } else { Err(no) }
}

impl Case {
    /// A command at a moment: time comes first; then the person, in each of their roles that the table names; then the law. A command that is
    /// refused changes nothing but what time had brought.
    pub fn ask(&mut self, who: Person, what: What) -> Result<(), No> {
        law(
            what.stages().contains(&self.stage),
            "the stage does not take it",
        )?;
        let mut no = "none of the roles";
        for role in what.roles() {
            if !PERSONS[who].roles.contains(role) {
                continue;
            }
            let mut tried = self.clone();
            match tried.tries(who, *role, what) {
                Ok(()) => {
                    *self = tried;
                    return Ok(());
                }
                Err(why) => no = why,
            }
        }
        Err(no)
    }

    pub fn tries(&mut self, who: Person, role: Role, what: What) -> Result<(), No> {
        match what {
            What::Open => Err("it is open already"),
            What::Screen { question } => self.screen(question),
            What::AskCitizen => self.ask_citizen(),
            What::Supplement => self.supplement(who, role),
            What::Assign(unit, owner) => self.assign(unit, owner),
            What::Sign => self.sign(who),
            What::Object => self.object(who),
            What::Rule(unit, owner) => self.rule(who, unit, owner),
            What::Transfer(unit, owner) => self.transfer(unit, owner),
            What::HandOver(to) => self.hand_over(who, role, to),
            What::Pause(wait) => self.pauses(who, wait),
            What::Resume(wait) => self.resume(who, role, wait),
            What::AskExtension(kind, n) => self.ask_extension(who, kind, n),
            What::GrantExtension(kind) => self.grant_extension(who, role, kind),
            What::Update => {
                self.is_owner(who)?;
                self.mark(Mark::Updated);
                Ok(())
            }
            What::CoReply => Err("no unit takes part beside the lead"),
            What::Reply(reply) => self.reply(who, reply),
            What::Review { contacted } => self.review(who, contacted),
            What::SendBack { known } => {
                self.no_handler_of_the_round(who)?;
                law(known, "the pack does not know the ground")?;
                self.send_back();
                Ok(())
            }
            What::CallBack(call) => self.call_back(who, call),
            What::Rate(rated) => self.rate(who, role, rated),
            What::Recheck { passed } => self.recheck(who, passed),
            What::StrikeOff(end) => self.strike_off(who, end),
            What::Reopen { known } => {
                law(role != Role::Citizen || who == CITIZEN, "another citizen's")?;
                law(known, "the pack does not know the ground")?;
                self.reopen();
                Ok(())
            }
            What::Withdraw => self.withdraw(who, role),
            What::Track => {
                law(!self.tracked, "it is tracked already")?;
                self.track();
                Ok(())
            }
            What::Untrack => {
                law(self.tracked, "nobody tracks it")?;
                self.tracked = false;
                self.mark(Mark::Untracked);
                Ok(())
            }
            What::Report => {
                self.is_owner(who)?;
                law(self.tracked, "nobody tracks it")?;
                self.mark(Mark::Reported);
                Ok(())
            }
            What::Told => self.is_told(),
            What::Note | What::Tick => Ok(()),
        }
    }

    pub fn is_owner(&self, who: Person) -> Result<(), No> {
        law(self.owner() == Some(who), "not the one named owner")
    }
    /// Who judges a case has never handled it.
    pub fn no_handler(&self, who: Person) -> Result<(), No> {
        law(!self.handlers.contains(&who), "a handler of the case")
    }
    /// Who reviews a reply has not handled the round.
    pub fn no_handler_of_the_round(&self, who: Person) -> Result<(), No> {
        law(!self.round.contains(&who), "a handler of the round")
    }
}
