//! The plans in hand, and those that are kept with the chains.

use std::sync::Arc;

use super::{Core, Shared};
use crate::desk::answer::json;
use crate::desk::gate::lock;
use crate::desk::kind::Kind;
use crate::desk::rows::Kept;
use crate::desk::{AsyncLedger, DeskError, Flaw};
use crate::plan::{Known, Plan, Plans};
use crate::words::{FactValue, PlanId};

/// A stored plan, if it is the one of that identity.
pub(super) fn read_plan(json: &str, id: &PlanId) -> Option<Plan> {
    serde_json::from_str::<Plan>(json)
        .ok()
        .filter(|plan| plan.id() == *id)
}

impl Shared {
    pub(in crate::desk) fn plans(&self) -> Arc<Plans> {
        self.plans.load_full()
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) fn reload(&self, plan: Plan, sends: &[&str]) -> Result<PlanId, DeskError> {
        self.change_plans(|plans| {
            plans.lacks(&plan, sends)?;
            Ok::<_, DeskError>(plans.take(plan)?)
        })
    }

    pub(in crate::desk) fn derive<V: Into<FactValue>>(
        &self,
        fact: &str,
        function: impl Fn(&Known<'_>) -> V + Send + Sync + 'static,
    ) {
        let _turn = lock(&self.changing);
        let mut plans = Plans::clone(&self.plans());
        plans.derive(fact, function);
        self.plans.store(Arc::new(plans));
    }

    /// Replaces the plans in hand, or leaves them as they are where that fails.
    pub(super) fn change_plans<T, E: Into<DeskError>>(
        &self,
        change: impl FnOnce(&mut Plans) -> Result<T, E>,
    ) -> Result<T, DeskError> {
        let _turn = lock(&self.changing);
        let mut plans = Plans::clone(&self.plans());
        let changed = change(&mut plans).map_err(Into::into)?;
        self.plans.store(Arc::new(plans));
        Ok(changed)
    }

    /// Takes a stored plan in hand, if it is stored and not in hand yet.
    pub(super) async fn take_in_hand<K: Kind>(
        &self,
        id: &PlanId,
        state: &K::State,
    ) -> Result<(), DeskError> {
        if self.plans().get(id).is_some() {
            return Ok(());
        }
        let Some(json) = self.plan_text(id).await? else {
            return Ok(());
        };
        let altered = || {
            let flaw = Flaw::Plan { plan: id.clone() };
            K::broken(K::id(state), K::version(state), flaw)
        };
        let plan = read_plan(&json, id).ok_or_else(altered)?;
        self.change_plans(|plans| plans.hold(plan).map(drop))
    }

    /// Keeps a plan that a chain comes under.
    pub(super) async fn keep_plan(&self, name: &str) -> Result<(), DeskError> {
        let nowhere =
            || DeskError::misuse(format!("the plan `{name}` is neither in hand nor kept"));
        let id: PlanId = name.parse().map_err(|_| nowhere())?;
        let plans = self.plans();
        let held = plans.get(&id).ok_or_else(nowhere)?;
        let text = json(&*held.plan)?;
        self.ledger.keep(Kept::Plan, name, &text).await
    }
}
