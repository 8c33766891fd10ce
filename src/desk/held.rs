//! The plans that a desk has in hand, and those that it keeps with the cases.

use std::sync::{Arc, PoisonError};

use super::audit::read_plan;
use super::{Broken, Commit, Desk, DeskError, Flaw, Ledger};
use crate::case::Case;
use crate::plan::{Known, Plan, Plans};
use crate::words::{Event, FactValue, PlanId};

impl<L: Ledger> Desk<L> {
    /// The plans in hand.
    pub fn plans(&self) -> Arc<Plans> {
        Arc::clone(&self.plans.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens new cases under another plan, from the day on which it is in force: next year's may come in hand ahead of time. What is
    /// received on other days comes under the plans that were there before, and cases under way stay with theirs until they adopt it.
    ///
    /// A plan that wants facts which those who send commands do not send yet is not taken: every message would be refused until they
    /// do. It is measured by every plan under which cases come on one of its own dates ([`Plans::lacks`]): a correction of this year's
    /// plan by this year's, whatever next year's wants that is in hand already.
    ///
    /// # Errors
    /// [`DeskError::is_plan`], when its calendar cannot be built; [`DeskError::needs`], when it wants facts that a plan in force
    /// on its dates does not want: each is named, with who gives it and what it takes. The plans in hand stay as they are.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let mut bad = bare("demo".parse()?);
    /// bad.holidays = vec!["atlantis".into()];
    /// assert!(desk.reload(bad).is_err_and(|error| error.is_plan()));
    ///
    /// let mut next = bare("demo".parse()?);
    /// next.edition = "2".into();
    /// assert_eq!(desk.reload(next)?, desk.plans().latest().ok_or("a plan")?.id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reload(&self, plan: Plan) -> Result<PlanId, DeskError> {
        self.reload_with(plan, &[])
    }

    /// As [`reload`](Desk::reload), where callers have begun to send these facts, by name. The first plan of a desk needs nothing
    /// said: nobody sends anything before it.
    ///
    /// # Errors
    /// As [`reload`](Desk::reload), for every fact that is wanted besides these.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Domain, FactRule, Given, Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// let mut next = bare("demo".parse()?);
    /// next.schema.facts.push(FactRule {
    ///     name: "heat".into(),
    ///     domain: Domain::Whole { least: 0, most: 1000 },
    ///     given: Given::Host,
    ///     moves: true,
    ///     otherwise: None,
    ///     question: String::new(),
    /// });
    /// let error = desk.reload(next.clone()).unwrap_err();
    /// assert_eq!(error.needs().ok_or("facts")?.facts[0].fact, "heat");
    /// assert_eq!(desk.reload_with(next.clone(), &["heat"])?, next.id());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reload_with(&self, plan: Plan, sends: &[&str]) -> Result<PlanId, DeskError> {
        self.change_plans(|plans| {
            plans.lacks(&plan, sends)?;
            Ok::<_, DeskError>(plans.take(plan)?)
        })
    }

    /// Registers the function that finds a derived fact, or replaces it: before a plan is [reloaded](Desk::reload) that derives it.
    /// What was recorded stays. See [`Plans::derive`] for what a function may do.
    ///
    /// ```
    /// # use duly::desk::{Desk, MemoryLedger};
    /// # use duly::plan::{Plans, bare};
    /// # let mut plans = Plans::new("hainan".parse()?);
    /// # plans.take(bare("demo".parse()?))?;
    /// # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
    /// desk.derive("remote", |known| known.place().as_str() == "632524");
    /// assert!(desk.plans().derives("remote"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn derive<V: Into<FactValue>>(
        &self,
        fact: &str,
        function: impl Fn(&Known<'_>) -> V + Send + Sync + 'static,
    ) {
        let mut held = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut held).derive(fact, function);
    }

    pub(super) fn change_plans<T, E: Into<DeskError>>(
        &self,
        change: impl FnOnce(&mut Plans) -> Result<T, E>,
    ) -> Result<T, DeskError> {
        let mut held = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        let mut plans = Plans::clone(&held);
        let changed = change(&mut plans).map_err(Into::into)?;
        *held = Arc::new(plans);
        Ok(changed)
    }

    /// Takes a stored plan in hand, if it is stored and not in hand yet.
    pub(super) fn take_in_hand(&self, id: &PlanId, case: &Case) -> Result<(), DeskError> {
        if self.plans().get(id).is_some() {
            return Ok(());
        }
        let Some(json) = self.ledger.plan(id)? else {
            return Ok(());
        };
        let plan = read_plan(&json, id).ok_or_else(|| Broken {
            case: case.id().clone(),
            version: case.version(),
            flaw: Flaw::Plan { plan: id.clone() },
        })?;
        self.change_plans(|plans| plans.hold(plan).map(drop))
    }

    /// Keeps the plans that a case comes under, before it does.
    pub(super) fn keep_plans(&self, commit: &Commit) -> Result<(), DeskError> {
        for record in commit.records.iter().map(|sealed| &sealed.record) {
            let id = match &record.event {
                Event::Opened { .. } => &record.plan,
                Event::PlanAdopted { to, .. } => to,
                _ => continue,
            };
            if let Some(held) = self.plans().get(id)
                && !self.ledger.has_plan(id)?
            {
                let json = serde_json::to_string(&*held.plan).map_err(DeskError::storage)?;
                self.ledger.keep_plan(id, &json)?;
            }
        }
        Ok(())
    }
}
