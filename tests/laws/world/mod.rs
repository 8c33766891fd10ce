//! Random worlds: plans, persons, and sequences of commands that lean towards what moves a case on, with wild ones
//! in between.

mod commands;
mod histories;
mod plans;

use duly::time::Moment;
use duly::words::Actor;

pub use commands::*;
pub use histories::*;
pub use plans::*;

pub fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub fn actor(id: &str, roles: &[&str]) -> Actor {
    Actor {
        id: id.parse().unwrap(),
        roles: roles.iter().map(|role| role.parse().unwrap()).collect(),
        unit: None,
        acting_for: None,
    }
}

/// Everyone there is; some hold several roles, so that separation of persons has something to separate.
pub fn persons() -> Vec<Actor> {
    vec![
        actor("citizen", &["citizen"]),
        actor("other-citizen", &["citizen"]),
        actor("intake-1", &["intake@6325"]),
        actor("intake-2", &["intake@632521"]),
        actor("owner-1", &["owner"]),
        actor("owner-2", &["owner"]),
        actor("co-1", &["co_handler"]),
        actor("reviewer-1", &["reviewer"]),
        actor("reviewer-2", &["reviewer@632522"]),
        actor("reviewer-3", &["reviewer@632521"]),
        actor("supervisor-1", &["supervisor"]),
        actor("leader-1", &["leader"]),
        actor("system", &["system"]),
        actor(
            "many",
            &["owner", "intake", "reviewer", "supervisor", "co_handler"],
        ),
    ]
}
