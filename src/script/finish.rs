//! From what was said to a plan: facts, then rules, then whether cases can live with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, Engine, Position};
use sha2::{Digest, Sha256};

use super::build;
use super::constant;
use super::engine::{Shared, lock};
use super::fault::{Both, Fault, both};
use super::record::World;
use super::report::Report;
use super::tabulate::{self, Tabulator, Written};
use super::words::derived;
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
    /// What it raises of the base's later values.
    pub(super) raised: Vec<Fault>,
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
        let message = both!("the pack does not say what it is", "没有写这是哪一个规则包");
        let help = both!(
            "begin with `pack(\"hainan-board\", \"海南州网民留言办理\");`",
            "开头写`pack(\"hainan-board\", \"海南州网民留言办理\");`"
        );
        report.add(Fault::new("D207", message).help(help), Position::new(1, 1));
    }
    if let (Some(pack), Some(based)) = (&said.pack, &said.based)
        && !said.own(pack.at)
        && !given.skip.iter().any(|skip| *skip)
    {
        let message = both!(
            "the overlay does not say what it is, and would go by its base's name",
            "没有写本包是哪一个规则包,会和底本同名"
        );
        let help = both!(
            "give the overlay a name of its own: `pack(\"county\", \"贵德县网民留言办理\");`",
            "给本包另起一个名字,开头写`pack(\"county\", \"贵德县网民留言办理\");`"
        );
        report.add(Fault::new("D207", message).help(help), based.at);
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
            let name = &fact.what.rule.name;
            let message = both!("who gives `{name}` is not said", "没有写`{name}`由谁认定");
            let help = both!(
                "write `.given_by(CITIZEN)`, `.given_by(HOST)` or `.given_by(INTAKE)`",
                "后面加上`.given_by(CITIZEN)`(网民)、`.given_by(HOST)`(平台)或者`.given_by(INTAKE)`(受理人)"
            );
            report.add(Fault::new("D207", message).help(help), fact.at);
        }
    }
    plan.derived = derived::rules(&said, &plan.schema.facts, report);
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
    let derived = plan.derived.iter();
    let derived = derived.map(|rule| (rule.fact.clone(), plan.derived_from(rule)));
    let world = Arc::new(World::new(
        plan.schema.clone(),
        terms,
        derived.collect(),
        dated::all(&said),
    ));
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
        pairs: tabulate::PAIRS,
        laid: tabulate::LAID,
        spent: false,
        most: given.options.paths,
        written: Vec::new(),
    };
    let mut at_rule = BTreeMap::new();
    build::plan(&mut plan, &said, &mut tabulator, &mut at_rule);
    build::unread_terms(&said, &mut tabulator);
    let written = std::mem::take(&mut tabulator.written);
    let same = constant::terms(&said, &tabulator);
    plan.sources.source_id = source_id(given.layers);
    let say = |(rule, at): (&RuleId, &Position)| (rule.clone(), report.source.say(*at));
    plan.sources.at = at_rule.iter().map(say).collect();
    {
        let mut shared = lock(draft);
        said.used = std::mem::take(&mut shared.used);
        // What statements made was taken out with the draft.
        said.reached.extend(std::mem::take(&mut shared.reached));
    }
    if !report.has_errors()
        && let Err(faults) = plan.validate()
    {
        for fault in faults {
            let place = build::place_of(&fault, &said).unwrap_or(at);
            report.add(
                Fault::new("D209", both!("{fault}", "{fault}"; fault)).maybe(help(&fault)),
                place,
            );
        }
    }
    if let Some(base) = given.base.filter(|_| !report.has_errors()) {
        overlay::held(base, &plan, &said, report);
    }
    if let Some(based) = &said.based {
        for fault in given.raised {
            report.warn(fault.arg(1), based.at);
        }
    }
    if report.has_errors() {
        return None;
    }
    build::warnings(&plan, &said, &world, report);
    constant::warnings(&plan, &said, &same, &written, report);
    said.reached.extend(world.reached().iter().copied());
    constant::unreached(&said, &world, report);
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
    let mut found = scan::labels(report.source, schema, terms);
    // A name may be missing because what declares it failed.
    if !report.has_errors() {
        found.extend(scan::reads(report.source, schema, terms));
    }
    for noticed in found {
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

fn help(fault: &PlanFault) -> Option<Both> {
    Some(match fault {
        PlanFault::NoPlace => both!(
            "write `place(\"6325\", \"海南州\", \"州留言受理岗\");`",
            "写`place(\"6325\", \"海南州\", \"州留言受理岗\");`"
        ),
        PlanFault::RungBeforeStart { .. } => both!(
            "bring the rung nearer to due, or make the limit longer",
            "把这一级改得离到期近些,或者把时限改长"
        ),
        PlanFault::RungUnreached { .. } => both!(
            "remind by `.due()` or before it; what the lapse brings has its own clock",
            "改用`.due()`(到期)或者到期之前催办;到期之后的事另有时限"
        ),
        PlanFault::RungOrder { .. } => both!(
            "write what comes first before what comes later",
            "先到的写在前面:到期前、到期、超期,从早到晚"
        ),
        PlanFault::Leaves { .. } => both!(
            "leave less, or make the limit longer",
            "少留一些,或者把时限改长"
        ),
        PlanFault::Lapses(_) => both!("add `.lapses()`", "后面加上`.lapses()`(逾期视为)"),
        _ => return None,
    })
}
