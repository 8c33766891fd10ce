//! What a pack says, as native data: the facts it declares, the clocks, ladders, gates and routes it sets, each
//! rule a decision diagram over facts. A plan answers natively; no script runs here, and a stored plan loads
//! without the script engine.
//!
//! A plan's identity is the hash of its canonical form ([`Plan::id`]): a comment in the pack changes nothing, any
//! difference in what it decides does. Positions in the source and calendars stand outside that hash.

mod about;
mod analysis;
mod build;
mod decisions;
mod diagram;
mod differ;
mod flat;
mod flips;
mod path;
mod plans;
mod quiet;
mod rule;
mod say;
mod schema;
mod spine;
mod stored;
mod tighten;
mod why;

pub use about::{About, Answer, Said};
pub use analysis::{PlanFault, PlanWarning};
#[cfg(feature = "script")]
pub(crate) use analysis::{clocks::order, sized};
pub use build::DiagramError;
pub use decisions::Asked;
pub use diagram::{Branch, Diagram, Region, Regions, Test, Vertex};
pub use differ::{Change, Differing, Instance, PlanDiff, Redecided, Shift, Side};
pub use flips::{Flip, Instead};
pub use path::Path;
pub use plans::{InHand, Plans, PlansError};
pub use quiet::Quiet;

pub use rule::{
    BulletinRule, CallBackRule, ClockRule, Count, CountRule, Decided, Decision, DeclineRule,
    DigestRule, DirectRule, ExtensionRule, GateRule, Judged, Limit, Mention, On, Param, PauseKind,
    PauseRule, Place, Plan, Post, Provenance, RedoRule, ReopenCount, ReopenRule, RouteRule, Rung,
    SUPPLEMENT, Sources, StrikeOffRule, TrackRule, Uncovered,
};
pub use say::Bound;
pub use schema::{Domain, FactRule, Given, Row, Schema};
#[cfg(feature = "script")]
pub(crate) use schema::{hundredths, near, percent};
#[cfg(feature = "script")]
pub(crate) use spine::{OVERDUE_EVERY, empty};
pub use spine::{bare, complete, engine_facts};
pub use tighten::Loosened;
pub use why::{Else, FactFault, Known, NotSo, Why};
