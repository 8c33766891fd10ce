//! Who acts: a person, the roles they hold and where they hold them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{PersonId, PlaceCode, UnitId};

/// What a person may do to a case. The set is closed: a pack names its posts by these and can only restrict
/// what each may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The citizen who wrote (网民、来电人).
    Citizen,
    /// The named intake officer (受理人, 专人受理).
    Intake,
    /// The named person who owns the case in the handling unit (承办责任人, 专人负责).
    Owner,
    /// A person in a unit that handles a part (协办人).
    CoHandler,
    /// The head of the handling unit (单位主要负责人). Is told things; holds no command of the spine.
    UnitHead,
    /// Reviews replies before they are published, and rechecks afterwards (审核人).
    Reviewer,
    /// The supervision office (督查办公室).
    Supervisor,
    /// A leader who directs (批办的领导).
    Leader,
    /// The host's own machinery: imports, deliveries, moving facts, the passing of time.
    System,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 9] = [
        Role::Citizen,
        Role::Intake,
        Role::Owner,
        Role::CoHandler,
        Role::UnitHead,
        Role::Reviewer,
        Role::Supervisor,
        Role::Leader,
        Role::System,
    ];
    /// The name in rules, commands and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Citizen => "citizen",
            Role::Intake => "intake",
            Role::Owner => "owner",
            Role::CoHandler => "co_handler",
            Role::UnitHead => "unit_head",
            Role::Reviewer => "reviewer",
            Role::Supervisor => "supervisor",
            Role::Leader => "leader",
            Role::System => "system",
        }
    }
    /// The Chinese term.
    pub const fn zh(self) -> &'static str {
        match self {
            Role::Citizen => "网民",
            Role::Intake => "受理人",
            Role::Owner => "承办责任人",
            Role::CoHandler => "协办人",
            Role::UnitHead => "单位主要负责人",
            Role::Reviewer => "审核人",
            Role::Supervisor => "督查办",
            Role::Leader => "领导",
            Role::System => "系统",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A role held at a place: written `intake@632521`, or `intake` alone for the whole board.
///
/// ```
/// # use duly::words::{Grant, Role};
/// let county: Grant = "intake@632521".parse()?;
/// assert!(county.reaches(&"632521".parse()?));
/// assert!(!county.reaches(&"632522".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it is held; `None` means everywhere on the board.
    pub place: Option<PlaceCode>,
}

impl Grant {
    /// Whether the role is held for a case of that place.
    pub fn reaches(&self, place: &PlaceCode) -> bool {
        self.place.as_ref().is_none_or(|own| own.covers(place))
    }
}

impl FromStr for Grant {
    type Err = String;
    fn from_str(given: &str) -> Result<Grant, String> {
        let (role, place) = match given.split_once('@') {
            Some((role, place)) => (
                role,
                Some(place.parse::<PlaceCode>().map_err(|e| e.to_string())?),
            ),
            None => (given, None),
        };
        let known = Role::ALL.into_iter().find(|known| known.name() == role);
        let role = known.ok_or_else(|| {
            let names = Role::ALL.map(Role::name).join(", ");
            format!("no role is called `{role}`; roles are {names}, each with `@place code` where it is local")
        })?;
        Ok(Grant { role, place })
    }
}

impl TryFrom<String> for Grant {
    type Error = String;
    fn try_from(given: String) -> Result<Grant, String> {
        given.parse()
    }
}

impl From<Grant> for String {
    fn from(grant: Grant) -> String {
        grant.to_string()
    }
}

impl From<Role> for Grant {
    fn from(role: Role) -> Grant {
        Grant { role, place: None }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{}@{place}", self.role),
            None => write!(f, "{}", self.role),
        }
    }
}

/// The person who acts, as the host has authenticated them. The library checks what they may do, never who
/// they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The person.
    pub id: PersonId,
    /// The roles they hold.
    pub roles: Vec<Grant>,
    /// Their unit, where they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The person for whom they act: a citizen on the phone, an officer on leave. Separation of persons looks
    /// at both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<PersonId>,
}

impl Actor {
    /// A person with one role everywhere on the board.
    pub fn new(id: PersonId, role: Role) -> Actor {
        Actor {
            id,
            roles: vec![role.into()],
            unit: None,
            acting_for: None,
        }
    }
    /// Whether the person holds the role for a case of that place.
    pub fn holds(&self, role: Role, place: &PlaceCode) -> bool {
        self.roles
            .iter()
            .any(|grant| grant.role == role && grant.reaches(place))
    }
    /// The persons that separation of persons compares: the actor, and the one acted for.
    pub fn persons(&self) -> impl Iterator<Item = &PersonId> {
        std::iter::once(&self.id).chain(self.acting_for.as_ref())
    }
}
