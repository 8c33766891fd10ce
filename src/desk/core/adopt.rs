//! 适用新规: cases under way go on under another plan, each by an entry of its own; what that means to each is told first.
//!
//! The machine decides; nothing here moves a clock. What is shown beforehand is what the machine would do with the very command that
//! is sent, and a case to which somebody writes meanwhile is looked at again before it goes over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::Core;
use super::change::{Under, change, may_be_laid};
use crate::case::{self, Case, Decision};
use crate::desk::answer::json;
use crate::desk::gate::lock;
use crate::desk::kind::{Cases, Kind};
use crate::desk::own::own_id;
use crate::desk::rows::Kept;
use crate::desk::{
    AdoptCounts, AdoptMode, Adoption, Adoptions, Adverse, AsyncLedger, CaseAdoption, DeskError,
    Party, StaysFor, Stuck,
};
use crate::plan::{InHand, Plan, Plans};
use crate::time::Moment;
use crate::words::{
    Actor, CaseId, ClockKind, Command, Envelope, Facts, PersonId, PlanId, Refusal, Salt,
    WantedFact, Why,
};

/// How often a case is looked at again because others wrote to it meanwhile.
const TRIES: usize = 32;

/// A plan beside those in hand.
pub(super) struct Candidate {
    plan: Arc<Plan>,
    pub(super) id: PlanId,
    /// The plans in hand by which it was made, and what came of it.
    made: Mutex<Option<(Arc<Plans>, Arc<Plans>)>>,
    /// What it lets come about that another does not.
    looser: Mutex<BTreeMap<PlanId, Looser>>,
}

/// What one plan lets come about that another does not.
struct Looser {
    /// Whatever the case.
    more: bool,
    /// For a case in which they may still be laid.
    clocks: BTreeSet<ClockKind>,
}

impl Candidate {
    pub(super) fn new(plan: Arc<Plan>) -> Candidate {
        Candidate {
            id: plan.id(),
            plan,
            made: Mutex::default(),
            looser: Mutex::default(),
        }
    }
    /// Whether something may come about in a case under it that may not under the plan that it is under.
    fn is_looser_for(&self, case: &Case, before: &InHand) -> bool {
        let mut known = lock(&self.looser);
        let found = || Looser {
            more: !self.plan.lets_more(&before.plan).is_empty(),
            clocks: self.plan.runs_longer(&before.plan).into_keys().collect(),
        };
        let looser = known.entry(before.id.clone()).or_insert_with(found);
        looser.more || looser.clocks.iter().any(|kind| may_be_laid(case, *kind))
    }
    /// The plans in hand and this one, under which alone new cases come.
    pub(super) fn beside(&self, current: &Arc<Plans>) -> Result<Arc<Plans>, DeskError> {
        let mut made = lock(&self.made);
        if let Some((by, plans)) = &*made
            && Arc::ptr_eq(by, current)
        {
            return Ok(Arc::clone(plans));
        }
        let mut plans = Plans::clone(current);
        plans.hold(Plan::clone(&self.plan))?;
        let plans = Arc::new(plans.offering(&self.id));
        *made = Some((Arc::clone(current), Arc::clone(&plans)));
        Ok(plans)
    }
}

/// What was found of a case.
enum Looked {
    Closed,
    UnderIt,
    Item(Box<CaseAdoption>, Facts),
    Stuck(String),
}

impl<L: AsyncLedger> Core<'_, L> {
    pub(in crate::desk) async fn adopt_preview(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        let candidate = Candidate::new(Arc::clone(&asked.plan));
        if asked.mode == AdoptMode::NewOnly {
            self.plans().lacks(&asked.plan, &sent(asked))?;
        }
        candidate.beside(&self.plans())?;
        self.go_over(asked, &candidate, after, limit, false).await
    }

    pub(in crate::desk) async fn adopt(
        &self,
        asked: &Adoption,
        after: Option<&CaseId>,
        limit: usize,
    ) -> Result<Adoptions, DeskError> {
        let candidate = Candidate::new(Arc::clone(&asked.plan));
        if asked.mode == AdoptMode::NewOnly {
            self.reload(Plan::clone(&asked.plan), &sent(asked))?;
            return self.go_over(asked, &candidate, after, limit, true).await;
        }
        if self.plans().get(&candidate.id).is_none() {
            let plan = Plan::clone(&asked.plan);
            self.change_plans(|plans| plans.hold(plan).map(drop))?;
        }
        // Before any case is under it: whoever finds one can go on with it.
        let text = json(&*asked.plan)?;
        self.ledger
            .keep(Kept::Plan, candidate.id.as_str(), &text)
            .await?;
        let mut page = None;
        let work = async {
            page = Some(self.go_over(asked, &candidate, after, limit, true).await?);
            Ok(())
        };
        self.group(work).await?;
        page.ok_or_else(|| DeskError::misuse("the ledger did not do its group"))
    }

    /// Looks at the next so many cases, and has them go over where that is asked.
    async fn go_over(
        &self,
        asked: &Adoption,
        candidate: &Candidate,
        after: Option<&CaseId>,
        limit: usize,
        done: bool,
    ) -> Result<Adoptions, DeskError> {
        let mut page = Adoptions {
            plan: candidate.id.clone(),
            title: asked.plan.title.clone(),
            zone: asked.plan.zone,
            at: asked.at,
            done,
            counts: AdoptCounts::default(),
            cases: Vec::new(),
            stuck: Vec::new(),
            next: None,
        };
        if asked.mode == AdoptMode::NewOnly {
            return Ok(page);
        }
        if let (AdoptMode::Listed(these), None) = (&asked.mode, after) {
            for id in these {
                if self.ledger.load(Cases::SHELF, id.as_str()).await?.is_none() {
                    let none = format!("there is no case `{id}`: leave it out of the list");
                    return Err(DeskError::misuse(none));
                }
            }
        }
        let limit = limit.max(1);
        let ids = self.ids::<Cases>(after, limit).await?;
        page.next = ids.last().filter(|_| ids.len() >= limit).cloned();
        for id in ids {
            page.counts.looked += 1;
            if let AdoptMode::Listed(these) = &asked.mode
                && !these.contains(&id)
            {
                page.counts.not_asked += 1;
                continue;
            }
            let looked = match done {
                false => self.look_at(asked, candidate, &id).await,
                true => self.take_over(asked, candidate, &id).await,
            };
            let looked = match looked {
                Err(error) if error.is_local() => Looked::Stuck(error.to_string()),
                looked => looked?,
            };
            match looked {
                Looked::Closed => page.counts.closed += 1,
                Looked::UnderIt => page.counts.under_it += 1,
                Looked::Item(item, _) => {
                    page.counts.add(&item);
                    page.cases.push(*item);
                }
                Looked::Stuck(why) => {
                    page.counts.stuck += 1;
                    page.stuck.push(Stuck { case: id, why });
                }
            }
        }
        Ok(page)
    }

    /// What the plan means to a case, as it stands now.
    async fn look_at(
        &self,
        asked: &Adoption,
        candidate: &Candidate,
        id: &CaseId,
    ) -> Result<Looked, DeskError> {
        let Some(case) = self.case(id).await? else {
            return Ok(Looked::Stuck("it is not there any more".to_owned()));
        };
        if case.is_closed() {
            return Ok(Looked::Closed);
        }
        if *case.plan() == candidate.id {
            return Ok(Looked::UnderIt);
        }
        self.take_in_hand::<Cases>(case.plan(), &case).await?;
        let plans = candidate.beside(&self.plans())?;
        weigh(asked, candidate, &case, &plans)
    }

    /// Has a case go over, if it may, as it was looked at and not otherwise.
    async fn take_over(
        &self,
        asked: &Adoption,
        candidate: &Candidate,
        id: &CaseId,
    ) -> Result<Looked, DeskError> {
        for _ in 0..TRIES {
            let (mut item, facts) = match self.look_at(asked, candidate, id).await? {
                Looked::Item(item, facts) if item.adopts() => (item, facts),
                other => return Ok(other),
            };
            let approver = item.approved_by.as_ref();
            let envelope = command(asked, &candidate.id, (id, item.version), approver, facts)?;
            let mut links = false;
            let answer = match self
                .adopts(&envelope, asked.at, item.version, &mut links)
                .await
            {
                Ok(Some(answer)) => answer,
                // Somebody wrote to it, or another adopts for somebody else: it is looked at again.
                Ok(None) => continue,
                Err(error) if error.is_reused() => continue,
                Err(error) => return Err(error),
            };
            if links {
                let _ = self.link(asked.at).await;
            }
            if let Some(refusal) = answer.refusal() {
                let refusal = refusal.clone();
                item.stays = Some(StaysFor::Refused { refusal });
                item.approved_by = None;
            }
            return Ok(Looked::Item(item, Facts::new()));
        }
        Err(DeskError::misuse(
            "others kept writing to it; ask for it again",
        ))
    }
}

/// The facts that whoever asks says are sent.
fn sent(asked: &Adoption) -> Vec<&str> {
    asked.facts.keys().map(String::as_str).collect()
}

/// The command by which a case goes over. Its id says which case, at which version, comes under which plan: the same one, sent again
/// after an interruption, is answered as the first time.
fn command(
    asked: &Adoption,
    plan: &PlanId,
    (case, version): (&CaseId, u64),
    approver: Option<&PersonId>,
    facts: Facts,
) -> Result<Envelope, DeskError> {
    let short = plan.as_str().get(..16).unwrap_or_default();
    let id = own_id("adopt", &format!("{short}/{case}/{version}"));
    Ok(Envelope {
        id: id.map_err(DeskError::storage)?,
        case: case.clone(),
        by: asked.by.clone(),
        at: asked.at,
        salt: Salt::new([0; 16]),
        command: Command::AdoptPlan {
            plan: plan.clone(),
            approved_by: approver.cloned(),
            facts,
        },
    })
}

/// A case and the plan that it may come under.
struct Weighing<'a> {
    asked: &'a Adoption,
    plan: &'a PlanId,
    case: &'a Case,
    plans: &'a Plans,
    at: Moment,
}

impl Weighing<'_> {
    fn decide(&self, facts: &Facts, approver: Option<&PersonId>) -> Result<Decision, Refusal> {
        adopted(
            (self.case, self.plan, self.plans),
            (&self.asked.by, self.at),
            facts,
            approver,
        )
    }
}

/// A case as it would be if it adopted a plan at a moment.
pub(super) fn adopted(
    (case, plan, plans): (&Case, &PlanId, &Plans),
    (by, at): (&Actor, Moment),
    facts: &Facts,
    approver: Option<&PersonId>,
) -> Result<Decision, Refusal> {
    let refused = |_| Refusal {
        command: crate::words::CommandName::AdoptPlan,
        case: case.id().clone(),
        stage: Some(case.stage_name()),
        why: Box::new(Why::NoCase),
        accepted: Vec::new(),
        zone: None,
    };
    let envelope = Envelope {
        id: "adopt".parse().map_err(refused)?,
        case: case.id().clone(),
        by: by.clone(),
        at,
        salt: Salt::new([0; 16]),
        command: Command::AdoptPlan {
            plan: plan.clone(),
            approved_by: approver.cloned(),
            facts: facts.clone(),
        },
    };
    case::decide(Some(case), &envelope, plans)
}

/// Somebody who neither asks for anything nor has handled the case: to see what an approval would bring.
pub(super) fn stand_in(case: &Case, by: &Actor) -> Result<PersonId, DeskError> {
    let involved =
        |person: &PersonId| by.persons().any(|it| it == person) || case.handlers().contains(person);
    let mut number = 0_u32;
    loop {
        let person = format!("approver/{number}").parse::<PersonId>();
        let person = person.map_err(DeskError::storage)?;
        if !involved(&person) {
            return Ok(person);
        }
        number = number.saturating_add(1);
    }
}

/// The values of the facts that are wanted, or those for which there is none.
pub(super) fn given(wanted: &[WantedFact], facts: &Facts) -> Result<Facts, Vec<WantedFact>> {
    let lacks = wanted.iter().filter(|it| !facts.contains_key(&it.fact));
    let lacks: Vec<WantedFact> = lacks.cloned().collect();
    if !lacks.is_empty() {
        return Err(lacks);
    }
    let value = |it: &WantedFact| Some((it.fact.clone(), facts.get(&it.fact)?.clone()));
    Ok(wanted.iter().filter_map(value).collect())
}

/// What a plan means to a case, and whether it goes over.
fn weigh(
    asked: &Adoption,
    candidate: &Candidate,
    case: &Case,
    plans: &Plans,
) -> Result<Looked, DeskError> {
    let plan = &candidate.id;
    let at = asked.at.max(case.last_at());
    let mut item = Box::new(CaseAdoption {
        case: case.id().clone(),
        version: case.version(),
        from: case.plan().clone(),
        stage: case.stage_name(),
        at,
        clocks: Vec::new(),
        gates: Vec::new(),
        reviews: None,
        adverse: Default::default(),
        approved_by: None,
        stays: None,
    });
    let it = Weighing {
        asked,
        plan,
        case,
        plans,
        at,
    };
    let stays = |mut item: Box<CaseAdoption>, why| {
        item.stays = Some(why);
        Ok(Looked::Item(item, Facts::new()))
    };
    // What time has brought by then is neither plan's doing.
    let before = match case.next_alarm().is_some_and(|alarm| alarm <= at) {
        false => case.clone(),
        true => match case::decide(Some(case), &Cases::tick(case, at)?, plans) {
            Ok(ticked) => ticked.case,
            Err(refusal) => return stays(item, StaysFor::Refused { refusal }),
        },
    };
    if before.is_closed() {
        return Ok(Looked::Closed);
    }
    item.stage = before.stage_name();

    let mut facts = Facts::new();
    let mut tried = it.decide(&facts, None);
    if let Err(refusal) = &tried
        && let Why::FactsWanted { facts: wanted } = &*refusal.why
    {
        facts = match given(wanted, &asked.facts) {
            Ok(facts) => facts,
            Err(facts) => return stays(item, StaysFor::Wants { facts }),
        };
        tried = it.decide(&facts, None);
    }
    let loosens = |refusal: &Refusal| matches!(*refusal.why, Why::Loosens { .. });
    let needs = tried.as_ref().is_err_and(loosens);
    if needs {
        tried = it.decide(&facts, Some(&stand_in(case, &asked.by)?));
    }
    let after = match tried {
        Ok(decision) => decision.case,
        Err(refusal) => return stays(item, StaysFor::Refused { refusal }),
    };

    let (Some(old), Some(new)) = (plans.get(before.plan()), plans.get(plan)) else {
        return Err(DeskError::misuse("its plan is neither in hand nor kept"));
    };
    let was = Under {
        case: &before,
        hand: old,
    };
    let is = Under {
        case: &after,
        hand: new,
    };
    let found = change(was, is, at).map_err(DeskError::misuse)?;
    item.clocks = found.clocks;
    item.gates = found.gates;
    item.reviews = found.reviews;
    item.adverse = found.adverse;
    if candidate.is_looser_for(&before, old) {
        item.adverse.insert(Adverse::RulesLooser);
    }

    let needs = needs || item.is_worse_for(Party::Citizen);
    if asked.mode == AdoptMode::NoneAdverse && (needs || !item.adverse.is_empty()) {
        return stays(item, StaysFor::Adverse);
    }
    if needs {
        let Some(approver) = &asked.approver else {
            return stays(item, StaysFor::NoApprover);
        };
        if let Err(refusal) = it.decide(&facts, Some(approver)) {
            let why = match *refusal.why {
                Why::SamePerson { .. } => StaysFor::Approver { refusal },
                _ => StaysFor::Refused { refusal },
            };
            return stays(item, why);
        }
        item.approved_by = Some(approver.clone());
    }
    Ok(Looked::Item(item, facts))
}
