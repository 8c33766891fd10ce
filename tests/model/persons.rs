//! Who there is, with the roles they hold; one holds several, so that separation of persons has something to separate, and one holds a role at
//! another place.

use crate::case::Person;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Citizen,
    Intake,
    Owner,
    CoHandler,
    Reviewer,
    Supervisor,
    Leader,
    System,
}

/// A person's id, and the roles that reach the place of the case.
pub struct Known {
    pub id: &'static str,
    /// As the host grants them.
    pub granted: &'static [&'static str],
    /// As they count here.
    pub roles: &'static [Role],
}

const fn known(
    id: &'static str,
    granted: &'static [&'static str],
    roles: &'static [Role],
) -> Known {
    Known { id, granted, roles }
}

pub const CITIZEN: Person = 0;
pub const OWNERS: [Person; 3] = [4, 5, 6];
pub const SYSTEM: Person = 13;

pub const PERSONS: [Known; 14] = [
    known("zhuoma", &["citizen"], &[Role::Citizen]),
    known("tashi", &["citizen"], &[Role::Citizen]),
    known("intake-1", &["intake"], &[Role::Intake]),
    known("intake-2", &["intake@632521"], &[Role::Intake]),
    known("owner-1", &["owner"], &[Role::Owner]),
    known("owner-2", &["owner"], &[Role::Owner]),
    known(
        "many",
        &["intake", "owner", "reviewer", "supervisor"],
        &[Role::Intake, Role::Owner, Role::Reviewer, Role::Supervisor],
    ),
    known("reviewer-1", &["reviewer@6325"], &[Role::Reviewer]),
    known("elsewhere", &["reviewer@632522", "supervisor@632522"], &[]),
    known("supervisor-1", &["supervisor"], &[Role::Supervisor]),
    known(
        "both",
        &["reviewer", "supervisor"],
        &[Role::Reviewer, Role::Supervisor],
    ),
    known("leader-1", &["leader"], &[Role::Leader]),
    known("head", &["unit_head", "co_handler"], &[Role::CoHandler]),
    known("system", &["system"], &[Role::System]),
];
