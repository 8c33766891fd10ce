//! duly, asked in two ways. **The move alone** is `strike_off` on the view of a reviewed case: what the others are asked, and besides it
//! works out until when the citizen may rate, and gives the refusal with its reason. **The whole command** is `decide`: it also brings
//! the case up to the moment, and, where the answer is yes, makes the records, what is to be told to whom, and the case after it.

use duly::case::{Ask, Stage, decide};
use duly::words::{Actor, By, Command, Envelope, Grant, Role};

use super::Peer;
use super::cases::{Asked, asked_at, plans};

fn envelope(asked: &Asked) -> Envelope {
    let roles = match asked.supervisor {
        true => vec![Grant::from(Role::Owner), Grant::from(Role::Supervisor)],
        false => vec![Grant::from(Role::Owner)],
    };
    Envelope {
        id: "k".parse().unwrap(),
        case: asked.case.id().clone(),
        by: Actor {
            id: asked.person.parse().unwrap(),
            roles,
            unit: None,
            acting_for: None,
        },
        at: asked_at(&asked.case),
        salt: duly::words::Salt::new([7; 16]),
        command: Command::StrikeOff {
            outcome: asked.outcome,
            matter: None,
        },
    }
}

/// The case is kept as it is; the question is the envelope.
pub type Question = (std::sync::Arc<duly::case::Case>, Envelope);

pub struct Move(duly::plan::Plans);

impl Move {
    pub fn new() -> Move {
        Move(plans())
    }
}

impl Peer for Move {
    type Facts = Question;
    fn facts(&self, asked: &Asked) -> Question {
        (asked.case.clone(), envelope(asked))
    }
    fn may(&self, (case, envelope): &Question) -> bool {
        let Command::StrikeOff { outcome, matter } = &envelope.command else {
            return false;
        };
        let Stage::Reviewed(reviewed) = case.stage() else {
            return false;
        };
        if !envelope.by.holds(Role::Supervisor, case.place()) {
            return false;
        }
        let hand = self.0.get(case.plan()).unwrap();
        let by = By::actor(&envelope.by, Role::Supervisor);
        let mut ask = Ask::new(envelope, by, hand);
        reviewed.strike_off(&mut ask, *outcome, *matter).is_ok()
    }
}

pub struct Whole(duly::plan::Plans);

impl Whole {
    pub fn new() -> Whole {
        Whole(plans())
    }
}

impl Peer for Whole {
    type Facts = Question;
    fn facts(&self, asked: &Asked) -> Question {
        (asked.case.clone(), envelope(asked))
    }
    fn may(&self, (case, envelope): &Question) -> bool {
        decide(Some(case), envelope, &self.0).is_ok()
    }
}
