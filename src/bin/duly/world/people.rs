//! The people of the board. Those who judge a case are never those who handle it.

use duly::plan::Plan;
use duly::words::{Actor, Grant, PersonId, PlaceCode, Role, UnitId};

use crate::fail::{Fail, read};

/// Two intake officers for each place.
const INTAKE: [[&str; 2]; 6] = [
    ["赵海莲", "公保东主"],
    ["李生芳", "尕玛才让"],
    ["马玉兰", "旦增卓玛"],
    ["许成梅", "索南达杰"],
    ["冶金花", "桑杰措"],
    ["王桂香", "扎西吉"],
];
const REVIEWERS: [&str; 2] = ["何秀峰", "仁增多杰"];
const SUPERVISORS: [&str; 2] = ["石国庆", "德吉措"];
const LEADER: &str = "州委分管领导";

/// The people of a board.
pub struct People {
    places: Vec<PlaceCode>,
}

impl People {
    /// The people for the places of a plan.
    pub fn of(plan: &Plan) -> People {
        People {
            places: plan.places.iter().map(|place| place.code.clone()).collect(),
        }
    }
    fn local(id: &str, role: Role, place: &PlaceCode) -> Result<Actor, Fail> {
        let roles = vec![Grant {
            role,
            place: Some(place.clone()),
        }];
        Ok(Actor {
            id: read(id)?,
            roles,
            unit: None,
            acting_for: None,
        })
    }
    fn everywhere(id: &str, role: Role) -> Result<Actor, Fail> {
        Ok(Actor::new(read(id)?, role))
    }

    /// An intake officer of a place (受理人): the first, or the second.
    pub fn intake(&self, place: &PlaceCode, which: usize) -> Result<Actor, Fail> {
        let at = self
            .places
            .iter()
            .position(|known| known == place)
            .unwrap_or(0);
        let named = INTAKE.get(at).and_then(|two| two.get(which % 2));
        match named {
            Some(name) => People::local(name, Role::Intake, place),
            None => People::local(
                &format!("受理人-{place}-{}", which % 2 + 1),
                Role::Intake,
                place,
            ),
        }
    }
    /// The reviewer of a place, who takes the first of two reviews (初审人).
    pub fn first_reviewer(&self, place: &PlaceCode) -> Result<Actor, Fail> {
        People::local(&format!("初审人-{place}"), Role::Reviewer, place)
    }
    /// A reviewer (审核人).
    pub fn reviewer(&self, which: usize) -> Result<Actor, Fail> {
        People::everywhere(
            REVIEWERS.get(which % 2).copied().unwrap_or_default(),
            Role::Reviewer,
        )
    }
    /// A person of the supervision office (督查办).
    pub fn supervisor(&self, which: usize) -> Result<Actor, Fail> {
        People::everywhere(
            SUPERVISORS.get(which % 2).copied().unwrap_or_default(),
            Role::Supervisor,
        )
    }
    /// The leader who directs.
    pub fn leader(&self) -> Result<Actor, Fail> {
        People::everywhere(LEADER, Role::Leader)
    }
    /// The machinery of the host.
    pub fn system(&self) -> Result<Actor, Fail> {
        People::everywhere("留言接口", Role::System)
    }
    /// The citizen of a case, by a name that says nothing.
    pub fn citizen(&self, id: &PersonId) -> Actor {
        Actor::new(id.clone(), Role::Citizen)
    }
    /// The named owner in a unit (承办责任人), or a co-handler (协办人).
    pub fn handler(
        &self,
        role: Role,
        unit: &UnitId,
        person: &PersonId,
        place: &PlaceCode,
    ) -> Actor {
        let roles = vec![Grant {
            role,
            place: Some(place.clone()),
        }];
        Actor {
            id: person.clone(),
            roles,
            unit: Some(unit.clone()),
            acting_for: None,
        }
    }
}
