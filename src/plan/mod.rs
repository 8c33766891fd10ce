//! What a pack says, as native data: the facts it declares, the clocks, ladders, gates and routes it sets, each
//! rule a decision diagram over facts. A plan answers natively; no script runs here, and a stored plan loads
//! without the script engine.
//!
//! A plan's identity is the hash of its canonical form ([`Plan::id`]): a comment in the pack changes nothing, any
//! difference in what it decides does. Positions in the source and calendars stand outside that hash.

mod about;
mod analysis;
mod build;
mod clauses;
mod dates;
mod decisions;
mod derive;
mod diagram;
mod differ;
mod divide;
mod duty;
mod flat;
mod flips;
mod ladder;
mod limit;
mod needs;
mod notice;
mod path;
mod plans;
mod quiet;
mod rank;
mod rule;
mod say;
mod schema;
mod sieve;
mod spine;
mod stored;
mod takes;
mod tighten;
mod why;

pub use about::{About, Answer, Said};
pub use analysis::{PlanFault, PlanWarning, PostUse};
#[cfg(feature = "script")]
pub(crate) use analysis::{clocks::order, sized};
pub use build::DiagramError;
pub use clauses::{Clause, Clauses, Mode};
#[cfg(feature = "script")]
pub(crate) use clauses::{beats, order as limit_order};
pub(crate) use dates::dated;
pub use dates::{Gap, InForce, Since, received_on};
#[cfg(feature = "script")]
pub(crate) use dates::{day, read_date};
pub use decisions::Asked;
#[cfg(feature = "script")]
pub(crate) use derive::CLASS;
pub(crate) use derive::{Arrival, Derivers, Outside};
pub use derive::{DerivedRule, Known};
pub(crate) use diagram::case_zh;
pub use diagram::{Branch, Diagram, Region, Regions, Test, Vertex};
pub use differ::{Change, Differing, Instance, PlanDiff, Redecided, Shift, Side};
pub use divide::{BundlePart, BundleRule, DivideRule, SignalRule};
pub use duty::DutyRule;
pub use flips::{Flip, Instead};
pub(crate) use ladder::{Coming, Following, insert};
pub use needs::{Need, Needs};
pub use notice::NoticeRule;
pub use path::Path;
pub use plans::{InHand, Plans, PlansError};
pub use quiet::Quiet;
pub use rank::{RankBy, RankingRule};

pub use rule::{
    BulletinRule, CallBackRule, ClockRule, Count, CountRule, Decided, Decision, DeclineRule,
    DigestRule, DirectRule, ExtensionRule, GateRule, Judged, Limit, Mention, On, Param, PauseKind,
    PauseRule, Place, Plan, Post, Provenance, RedoRule, ReopenCount, ReopenRule, ReviewRule,
    RouteRule, Rung, SUPPLEMENT, Sources, StrikeOffRule, TrackRule, Uncovered,
};
pub use say::Bound;
pub use schema::{Domain, FactRule, Given, Row, Schema};
#[cfg(feature = "script")]
pub(crate) use schema::{hundredths, near, percent};
pub(crate) use spine::SPINE_DEFAULT;
#[cfg(feature = "script")]
pub(crate) use spine::{OVERDUE_EVERY, empty};
pub use spine::{bare, complete, engine_facts};
pub use tighten::Loosened;
pub use why::{CaseFacts, Else, FactFault, NotSo, Why, WhyClause};
