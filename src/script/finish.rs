//! From what was said to a plan: facts, then rules, then whether cases can live with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, Engine, Position};
use sha2::{Digest, Sha256};

use super::build;
use super::engine::{Shared, lock};
use super::fault::Fault;
use super::record::World;
use super::report::Report;
use super::tabulate::{self, Tabulator, Written};
use super::{Options, dated, overlay, scan};
use crate::plan::{Domain, Plan, PlanFault, Schema, empty, received_on};
use crate::words::{Lang, PackId, RuleId};

/// What the statements left besides the draft.
pub(super) struct Given<'a> {
    pub(super) skip: Vec<bool>,
    pub(super) lost: Vec<String>,
    pub(super) names: Vec<String>,
    /// The texts, bases first.
    pub(super) layers: &'a [(String, String)],
    /// What the pack is based on.
    pub(super) base: Option<&'a Plan>,
    /// Whether rules may depend on the date of receipt.
    pub(super) dated: bool,
    pub(super) options: &'a Options,
}

/// A plan, and the rules it was made from.
pub(super) struct Finished {
    pub(super) plan: Plan,
    pub(super) world: Arc<World>,
    pub(super) written: Vec<Written>,
}

pub(super) fn finish(
    draft: &Shared,
    engine: &Engine,
    report: &mut Report<'_>,
    given: Given<'_>,
) -> Option<Finished> {
    // Taken out, so that rules that are run below can look at the labels and the parameters without waiting for this function.
    let mut said = std::mem::take(&mut *lock(draft));
    said.forget(|statement| given.skip.get(statement).copied().unwrap_or(true));
    let lang = said
        .pack
        .as_ref()
        .and_then(|pack| pack.what.labels)
        .unwrap_or(Lang::Zh);
    let (id, at) = match &said.pack {
        Some(pack) => (Some(pack.what.id.clone()), pack.at),
        None => (None, Position::NONE),
    };
    if id.is_none() && !given.skip.iter().any(|skip| *skip) {
        let fault = Fault::new("D207", "the pack does not say what it is");
        report.add(
            fault.help("begin with `pack(\"hainan-board\", \"海南州网民留言办理\");`"),
            Position::new(1, 1),
        );
    }
    // A stand-in, so that everything else is looked at too.
    let id: PackId = id.or_else(|| "unnamed".parse().ok())?;
    let mut plan = empty(id, lang);
    // What is set from outside holds on all dates.
    for (at, param) in said.params.iter_mut().enumerate() {
        if !said.dated.contains_key(&at) {
            param.what.later.clear();
        }
    }
    if given.dated {
        plan.schema.facts.push(received_on());
    }
    plan.schema
        .facts
        .extend(said.facts.iter().map(|fact| fact.what.rule.clone()));
    for fact in &said.facts {
        if !fact.what.given {
            let fault = Fault::new(
                "D207",
                format!("who gives `{}` is not said", fact.what.rule.name),
            );
            report.add(
                fault.help("write `.given_by(CITIZEN)`, `.given_by(HOST)` or `.given_by(INTAKE)`"),
                fact.at,
            );
        }
    }
    let trees: Vec<Arc<AST>> = std::mem::take(&mut said.trees)
        .into_iter()
        .map(Arc::new)
        .collect();
    let terms = tabulate::terms(&said, &trees, report);
    let mut skip = given.skip;
    labels(
        &plan.schema,
        &terms.keys().cloned().collect(),
        &starts(report),
        report,
        &mut skip,
    );
    {
        let mut shared = lock(draft);
        shared.frozen = true;
        shared.used = std::mem::take(&mut said.used);
        shared.dated = said.dated.clone();
        shared.labels = plan
            .schema
            .facts
            .iter()
            .filter_map(|fact| {
                if let Domain::Labels(labels) = &fact.domain {
                    Some(labels.clone())
                } else {
                    None
                }
            })
            .collect();
    }
    let world = Arc::new(World::new(plan.schema.clone(), terms, dated::all(&said)));
    let mut tabulator = Tabulator {
        engine,
        world: Arc::clone(&world),
        report,
        trees,
        names: given.names,
        skip,
        lost: given.lost,
        paths: 0,
        looks: 0,
        spent: false,
        most: given.options.paths,
        written: Vec::new(),
    };
    let mut at_rule = BTreeMap::new();
    build::plan(&mut plan, &said, &mut tabulator, &mut at_rule);
    build::unread_terms(&said, &mut tabulator);
    let written = std::mem::take(&mut tabulator.written);
    plan.sources.source_id = source_id(given.layers);
    let say = |(rule, at): (&RuleId, &Position)| (rule.clone(), report.source.say(*at));
    plan.sources.at = at_rule.iter().map(say).collect();
    said.used = std::mem::take(&mut lock(draft).used);
    if !report.has_errors()
        && let Err(faults) = plan.validate()
    {
        for fault in faults {
            let place = build::place_of(&fault, &said).unwrap_or(at);
            report.add(
                Fault::new("D209", fault.to_string()).maybe(help(&fault)),
                place,
            );
        }
    }
    if let Some(base) = given.base.filter(|_| !report.has_errors()) {
        overlay::held(base, &plan, &said, report);
    }
    if report.has_errors() {
        return None;
    }
    build::warnings(&plan, &said, &world, report);
    Some(Finished {
        plan,
        world,
        written,
    })
}

/// One text is known by its own digest, an overlay by those of all its texts.
fn source_id(layers: &[(String, String)]) -> String {
    let hex = |bytes: &[u8]| -> String {
        let digest = Sha256::digest(bytes);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let each: Vec<String> = layers
        .iter()
        .map(|(_, text)| hex(text.as_bytes()))
        .collect();
    match each.as_slice() {
        [one] => one.clone(),
        all => hex(all.concat().as_bytes()),
    }
}

/// Labels that no fact has, on the text; the rules of their statements are not run.
fn labels(
    schema: &Schema,
    terms: &BTreeSet<String>,
    starts: &[(usize, usize)],
    report: &mut Report<'_>,
    skip: &mut [bool],
) {
    for noticed in scan::labels(report.source, schema, terms) {
        if let super::fault::Spot::At(at) = noticed.fault.spot {
            let key = (at.line().unwrap_or(0), at.position().unwrap_or(0));
            let statement = starts.partition_point(|start| *start <= key);
            if let Some(skip) = statement.checked_sub(1).and_then(|at| skip.get_mut(at)) {
                *skip = true;
            }
        }
        report.noticed(noticed);
    }
}

/// Where each statement begins.
fn starts(report: &Report<'_>) -> Vec<(usize, usize)> {
    let (statements, _) = scan::statements(report.source, super::words::declares);
    statements
        .iter()
        .filter_map(|one| report.source.tokens.get(one.from))
        .map(|token| (token.line, token.column))
        .collect()
}

fn help(fault: &PlanFault) -> Option<String> {
    match fault {
        PlanFault::NoPlace => Some("write `place(\"6325\", \"海南州\", \"州留言受理岗\");`".into()),
        PlanFault::RungBeforeStart { .. } => {
            Some("bring the rung nearer to due, or make the limit longer".into())
        }
        PlanFault::RungUnreached { .. } => {
            Some("remind by `.due()` or before it; what the lapse brings has its own clock".into())
        }
        PlanFault::Leaves { .. } => Some("leave less, or make the limit longer".into()),
        PlanFault::Lapses(_) => Some("add `.lapses()`".into()),
        _ => None,
    }
}
