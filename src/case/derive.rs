//! What the functions of the host find while a command is decided.

use super::ask::Ask;
use super::model::Case;
use crate::plan::{Arrival, InHand, Outside};
use crate::words::{Channel, Class, Facts, PlaceCode, Why};

impl Ask<'_> {
    /// The facts derived for a message that comes in.
    pub(super) fn derived_first(
        &self,
        place: &PlaceCode,
        channel: &Channel,
        given: &Facts,
    ) -> Result<Facts, Why> {
        self.derived_for((place, channel, self.today()), given, None)
    }
    /// The same for a message that came in on another day, and whose class is known by now.
    pub(super) fn derived_for(
        &self,
        (place, channel, received_on): (&PlaceCode, &Channel, chrono::NaiveDate),
        given: &Facts,
        class: Option<Class>,
    ) -> Result<Facts, Why> {
        let about = Arrival {
            place,
            channel,
            received_on,
        };
        let plan = self.plan();
        let none = Facts::new();
        let found = self
            .hand
            .derivers
            .find(plan, &about, (&none, None), given, class, true);
        found.map_err(refused)
    }
    /// The facts derived anew where these facts, and the class, are only being given.
    pub(super) fn derived(
        &self,
        case: &Case,
        given: &Facts,
        class: Option<Class>,
    ) -> Result<Facts, Why> {
        derived_under(self.hand, case, given, class, false)
    }
}

/// The facts of a case derived under a plan; with `all`, those too of which no input has changed.
pub(super) fn derived_under(
    hand: &InHand,
    case: &Case,
    given: &Facts,
    class: Option<Class>,
    all: bool,
) -> Result<Facts, Why> {
    let about = Arrival {
        place: &case.place,
        channel: &case.channel,
        received_on: case.received.date(hand.plan.zone),
    };
    let had = (&case.facts, case.class);
    let found = hand
        .derivers
        .find(&hand.plan, &about, had, given, class, all);
    found.map_err(refused)
}

fn refused(outside: Outside<'_>) -> Why {
    let Outside { fact, value } = outside;
    Why::Derived {
        fact: fact.name.clone(),
        found: value.to_string(),
        expected: fact.domain.expects(),
        zh: fact.domain.expects_zh(),
    }
}
