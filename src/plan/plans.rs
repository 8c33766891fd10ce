//! The plans in hand, each with the calendar it counts by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Derivers, Gap, Known, Plan, dates};
use crate::time::{Calendar, CalendarError, DayTable, Moment};
use crate::words::{BoardId, FactName, FactValue, PlanId, RuleId};

/// A plan could not be taken in hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlansError {
    /// The plan counts by a day table that was not given.
    #[error(
        "{}the plan counts by the day table `{missing}`, which is not loaded; loaded are {loaded}",
        .at.as_ref().map_or(String::new(), |at| format!("{at}: "))
    )]
    NoTable {
        /// Which.
        missing: String,
        /// Those there are.
        loaded: String,
        /// `file:line:column` where the pack names it, for a plan loaded from a source.
        at: Option<String>,
    },
    /// The plan derives facts for which the host has no function.
    #[error(
        "the plan derives facts for which no function is registered: {}; register one for each before the plan is taken: `plans.derive(\"{}\", …)`",
        quoted(.facts),
        .facts.first().map_or("", String::as_str)
    )]
    NotDerived {
        /// Which.
        facts: Vec<FactName>,
    },
    /// A kept plan is not the one of its identity.
    #[error("the kept plan `{plan}` cannot be read, or was altered")]
    Altered {
        /// Which.
        plan: PlanId,
    },
    /// The plan's calendar cannot be built.
    #[error("the plan's calendar cannot be built: {0}")]
    Calendar(#[from] CalendarError),
}

/// A plan in hand: the plan, its identity and its calendar.
#[derive(Debug, Clone)]
pub struct InHand {
    /// Its identity.
    pub id: PlanId,
    /// The plan.
    pub plan: Arc<Plan>,
    /// The calendar it counts by.
    pub calendar: Calendar,
    /// The host's functions.
    pub(crate) derivers: Derivers,
}

/// The plans in hand on one board, next year's among them if it is there already.
///
/// A new case comes under the plan that is in force on the date of receipt: of the plans that were [taken](Plans::take), the one
/// taken last that is in force that day, so where periods overlap the later one goes before. Every case stays with the plan it was
/// opened under until it adopts another.
///
/// ```
/// use duly::plan::{InForce, Plans, bare};
/// use duly::time::Moment;
/// let mut plans = Plans::new("hainan".parse()?);
/// let this = plans.take(bare("demo".parse()?))?;
/// let mut next = bare("demo".parse()?);
/// next.in_force = Some(InForce { from: "2027-01-01".parse()?, to: None });
/// let next = plans.take(next)?;
/// let at = |text| plans.at(Moment::parse(text).unwrap()).map(|hand| hand.id.clone());
/// assert_eq!(at("2026-12-31T23:59:59+08:00"), Some(this));
/// assert_eq!(at("2027-01-01T00:00:00+08:00"), Some(next));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plans {
    board: BoardId,
    tables: BTreeMap<String, DayTable>,
    held: BTreeMap<PlanId, InHand>,
    /// Those that new cases can come under, in the order in which they were taken.
    offered: Vec<PlanId>,
    derivers: Derivers,
}

impl Plans {
    /// No plans yet; with the day tables that the crate ships.
    pub fn new(board: BoardId) -> Plans {
        Plans {
            board,
            tables: BTreeMap::new(),
            held: BTreeMap::new(),
            offered: Vec::new(),
            derivers: Derivers::default(),
        }
    }
    /// Adds a day table, or replaces the one of that id.
    pub fn with_table(mut self, table: DayTable) -> Plans {
        self.tables.insert(table.id.clone(), table);
        self
    }
    /// The day table of that id by which plans are taken in hand: the one that was added, or else the one that the crate ships.
    ///
    /// ```
    /// use duly::plan::Plans;
    /// use duly::time::DayTable;
    /// let mut own = DayTable::cn();
    /// own.revision = "own".into();
    /// let plans = Plans::new("hainan".parse()?).with_table(own);
    /// assert_eq!(plans.table("cn").map(|table| table.revision).as_deref(), Some("own"));
    /// assert_eq!(plans.table("kr"), DayTable::shipped("kr"));
    /// assert_eq!(plans.table("nowhere"), None);
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn table(&self, id: &str) -> Option<DayTable> {
        table(&self.tables, id)
    }
    /// Registers the function that finds a derived fact (程序推定的事实), or replaces the one there is.
    ///
    /// The function sees the facts that the pack derives it from, the place, the channel and the date of receipt ([`Known`]), and
    /// answers with a value of the fact. It is asked once in a command that gives or changes one of these, and what it answers is
    /// recorded with them: replay asks no function, and another function changes nothing that was recorded. It must be *pure*: the
    /// same answer for the same input, without clock, randomness, network or state, because a command that is decided again, for a
    /// preview or because others wrote to the case, must come out the same. A value that the fact cannot have refuses the command
    /// ([`Why::Derived`](crate::words::Why::Derived)), and nothing of it is done.
    ///
    /// ```
    /// use duly::plan::{DerivedRule, Domain, FactRule, Given, Plans, bare};
    /// let mut plan = bare("demo".parse()?);
    /// plan.schema.facts.push(FactRule { moves: true, ..FactRule::new("remote", Domain::YesNo, Given::Derived) });
    /// plan.derived.push(DerivedRule { fact: "remote".into(), from: Vec::new() });
    ///
    /// let mut plans = Plans::new("hainan".parse()?);
    /// let error = plans.take(plan.clone()).unwrap_err();
    /// assert!(error.to_string().contains("no function is registered: `remote`"));
    /// plans.derive("remote", |known| known.place().as_str() == "632524");
    /// plans.take(plan)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn derive<V: Into<FactValue>>(
        &mut self,
        fact: &str,
        function: impl Fn(&Known<'_>) -> V + Send + Sync + 'static,
    ) {
        self.derivers.put(fact, function);
        self.pass_on();
    }
    /// Has commands give a derived fact, as a fact of the host's: `open` with the message, `set_fact` later. For tests of rules
    /// and for logs of commands, where the functions of the host are not there; not for a board at work.
    ///
    /// ```
    /// use duly::plan::Plans;
    /// let mut plans = Plans::new("hainan".parse()?);
    /// plans.give_by_hand("remote");
    /// assert!(plans.is_given_by_hand("remote"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn give_by_hand(&mut self, fact: &str) {
        self.derivers.put_by_hand(fact);
        self.pass_on();
    }
    /// Whether commands give that derived fact.
    pub fn is_given_by_hand(&self, fact: &str) -> bool {
        self.derivers.is_by_hand(fact)
    }
    /// Whether a function finds that derived fact, or commands give it.
    pub fn derives(&self, fact: &str) -> bool {
        self.derivers.has(fact)
    }
    /// Whether any function of the host's is registered.
    pub(crate) fn has_functions(&self) -> bool {
        self.derivers.has_functions()
    }
    fn pass_on(&mut self) {
        for hand in self.held.values_mut() {
            hand.derivers = self.derivers.clone();
        }
    }
    /// Takes a plan in hand for new cases: it goes before all that were taken earlier, on the dates on which it is in force.
    ///
    /// # Errors
    /// When a day table it counts by is not loaded, its calendar has no working time, or it derives a fact for which no function
    /// is [registered](Plans::derive).
    pub fn take(&mut self, plan: Plan) -> Result<PlanId, PlansError> {
        let id = self.hold(plan)?;
        self.offered.retain(|known| *known != id);
        self.offered.push(id.clone());
        Ok(id)
    }
    /// Takes a plan in hand for cases that are under it already. It is none for new cases, unless it was taken for them.
    ///
    /// # Errors
    /// As for [`take`](Plans::take).
    ///
    /// ```
    /// use duly::plan::{Plans, bare};
    /// let mut plans = Plans::new("hainan".parse()?);
    /// let old = plans.hold(bare("demo".parse()?))?;
    /// assert!(plans.get(&old).is_some() && plans.latest().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn hold(&mut self, plan: Plan) -> Result<PlanId, PlansError> {
        let facts: Vec<FactName> = plan
            .derived
            .iter()
            .map(|rule| rule.fact.clone())
            .filter(|fact| !self.derivers.has(fact))
            .collect();
        if !facts.is_empty() {
            return Err(PlansError::NotDerived { facts });
        }
        let id = plan.id();
        if !self.held.contains_key(&id) {
            let calendar = calendar(&self.tables, &plan)?;
            self.held.insert(
                id.clone(),
                InHand {
                    id: id.clone(),
                    plan: Arc::new(plan),
                    calendar,
                    derivers: self.derivers.clone(),
                },
            );
        }
        Ok(id)
    }
    /// Puts a revised day table in the place of the one of its id: the next year's holidays were published, or a notice was changed in
    /// mid-course. Plans in hand that count by it count by the revision from now on. Schedules that cases have stay as they are, until
    /// each case is told to [adopt](crate::words::Command::AdoptCalendar) it. Gives the plans concerned.
    ///
    /// # Errors
    /// When a plan's calendar could not be built with it. Nothing is changed then.
    ///
    /// ```
    /// use duly::plan::{Plans, bare};
    /// use duly::time::DayTable;
    /// let mut plans = Plans::new("hainan".parse()?);
    /// let plan = plans.take(bare("demo".parse()?))?;
    /// let mut notice = DayTable::cn();
    /// notice.revision = "2026-11-05".into();
    /// notice.coverage.to = "2027-12-31".parse()?;
    /// assert_eq!(plans.revise(notice)?, [plan.clone()]);
    /// assert!(plans.get(&plan).ok_or("in hand")?.calendar.covers("2027-01-01".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revise(&mut self, table: DayTable) -> Result<Vec<PlanId>, PlansError> {
        let mut tables = self.tables.clone();
        let id = table.id.clone();
        tables.insert(id.clone(), table);
        let mut revised = Vec::new();
        for hand in self
            .held
            .values()
            .filter(|hand| hand.plan.holidays.contains(&id))
        {
            revised.push((hand.id.clone(), calendar(&tables, &hand.plan)?));
        }
        self.tables = tables;
        let mut ids = Vec::new();
        for (id, calendar) in revised {
            if let Some(hand) = self.held.get_mut(&id) {
                hand.calendar = calendar;
            }
            ids.push(id);
        }
        Ok(ids)
    }
    /// The board.
    pub fn board(&self) -> &BoardId {
        &self.board
    }
    /// The plan under which a case is opened that is received at that moment; none, where no plan in hand for new cases is in force on
    /// that date. Each plan reads the date in its own zone.
    pub fn at(&self, received: Moment) -> Option<&InHand> {
        let mut newest = self.offered();
        newest.find(|hand| hand.plan.is_in_force(received.date(hand.plan.zone)))
    }
    /// The plan that was taken last for new cases, whether or not it is in force yet.
    pub fn latest(&self) -> Option<&InHand> {
        self.held.get(self.offered.last()?)
    }
    /// The dates on which no plan for new cases is in force, rising: before the first and after the last of them too.
    ///
    /// ```
    /// use duly::plan::{InForce, Plans, bare};
    /// let mut plans = Plans::new("hainan".parse()?);
    /// let mut year = bare("demo".parse()?);
    /// year.in_force = Some(InForce { from: "2026-01-01".parse()?, to: Some("2026-12-31".parse()?) });
    /// plans.take(year)?;
    /// let gaps: Vec<String> = plans.gaps().iter().map(ToString::to_string).collect();
    /// assert_eq!(gaps, ["until 2025-12-31", "from 2027-01-01"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn gaps(&self) -> Vec<Gap> {
        dates::gaps(self.offered().map(|hand| hand.plan.in_force))
    }
    /// Those that new cases can come under, the one taken last first.
    pub(super) fn offered(&self) -> impl Iterator<Item = &InHand> {
        let newest = self.offered.iter().rev();
        newest.filter_map(|id| self.held.get(id))
    }
    /// The same plans in hand, of which new cases come under that one alone.
    pub(crate) fn offering(mut self, id: &PlanId) -> Plans {
        self.offered = vec![id.clone()];
        self
    }
    /// The plan of that identity.
    pub fn get(&self, id: &PlanId) -> Option<&InHand> {
        self.held.get(id)
    }
    /// Every plan in hand.
    pub fn iter(&self) -> impl Iterator<Item = &InHand> {
        self.held.values()
    }
}

fn quoted(names: &[FactName]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The day table of that id: the host's, or else the one that comes with the crate.
fn table(tables: &BTreeMap<String, DayTable>, id: &str) -> Option<DayTable> {
    let own = tables.get(id).cloned();
    own.or_else(|| DayTable::shipped(id))
}

/// The calendar that a plan counts by: its day tables, the later laid over the earlier, with its zone and hours.
fn calendar(tables: &BTreeMap<String, DayTable>, plan: &Plan) -> Result<Calendar, PlansError> {
    let mut days = DayTable::plain("week");
    for (at, id) in plan.holidays.iter().enumerate() {
        let table = table(tables, id).ok_or_else(|| PlansError::NoTable {
            missing: id.clone(),
            loaded: known(tables),
            at: plan.sources.at.get(&RuleId::holidays(id)).cloned(),
        })?;
        days = if at == 0 { table } else { days.overlay(&table) };
    }
    Ok(Calendar::new(plan.zone, plan.hours.clone(), &days)?)
}

/// The day tables there are: those of the host, and those that come with the crate.
fn known(tables: &BTreeMap<String, DayTable>) -> String {
    let shipped = DayTable::SHIPPED.into_iter().map(str::to_owned);
    let all: BTreeSet<String> = tables.keys().cloned().chain(shipped).collect();
    all.into_iter().collect::<Vec<_>>().join(", ")
}
