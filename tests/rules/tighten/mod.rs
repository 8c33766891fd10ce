//! What one plan lets come about that another does not: an overlay against its base, and the plan that cases are to go over to.

mod lets_more;
mod loosened;
mod runs_longer;

use duly::plan::{
    ClockRule, Decision, DeclineRule, Diagram, Domain, ExtensionRule, FactRule, GateRule, Given,
    Judged, Limit, Loosened, Mention, On, Plan, Region, Rung, bare,
};
use duly::time::Span;
use duly::words::{ClockKind, DeclineGround, Gate, Role, RuleId, Verb};

fn fact(name: &str, given: Given) -> FactRule {
    FactRule {
        otherwise: Some(false.into()),
        ..FactRule::new(name, Domain::YesNo, given)
    }
}

/// A plan over facts that are yes or no, after those of the engine.
fn over(names: &[(&str, Given)]) -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    let facts = names.iter().map(|(name, given)| fact(name, *given));
    plan.schema.facts.extend(facts);
    plan
}

/// One of two answers, by a fact that is yes or no.
fn by<A: PartialEq>(plan: &Plan, name: &str, yes: A, no: A) -> Diagram<A> {
    let fact = plan.schema.index(name).unwrap();
    let region = |code: i64, answer: A| Region {
        bounds: [(fact, (code, code))].into(),
        answer,
    };
    Diagram::from_regions(&plan.schema, vec![region(0, no), region(1, yes)]).unwrap()
}

fn both(one: &Diagram<bool>, other: &Diagram<bool>) -> Diagram<bool> {
    one.zip(other, |one, other| *one && *other).unwrap()
}

/// Whether a fact holds.
fn holds(plan: &Plan, name: &str) -> Diagram<bool> {
    by(plan, name, true, false)
}

fn rule<A>(id: &str, diagram: Diagram<A>) -> Decision<A> {
    Decision::new(RuleId::new(id), diagram)
}

fn days(n: u32) -> Limit {
    Limit::Span(Span::WorkingDays(n))
}

fn clock(plan: &mut Plan, kind: ClockKind) -> &mut ClockRule {
    let mut clocks = plan.clocks.iter_mut();
    clocks.find(|clock| clock.kind == kind).unwrap()
}

/// A limit that the pack itself says.
fn within(plan: &mut Plan, kind: ClockKind, limit: Diagram<Limit>) {
    let id = format!("clock({kind}).within");
    clock(plan, kind).within = rule(&id, limit);
}

fn rung(key: &str, on: On, posts: &[&str]) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: String::new(),
        acts: posts
            .iter()
            .map(|post| (Verb::Remind, (*post).to_owned()))
            .collect(),
        when: None,
        at_once: false,
    }
}

fn extension(when: Option<Diagram<bool>>) -> ExtensionRule {
    ExtensionRule {
        times: 2,
        most: Span::WorkingDays(5),
        total: None,
        ask_before: None,
        granted_by: Role::Supervisor,
        told: false,
        rearms: false,
        when: when.map(|when| rule("clock(reply).extension.when", when)),
    }
}

fn clause(id: &str, gate: Gate, judged: Judged, met: Diagram<bool>, words: &str) -> GateRule {
    GateRule {
        gate,
        judged,
        met: rule(id, met),
        words: words.into(),
    }
}

fn visited(plan: &Plan) -> GateRule {
    let met = holds(plan, "visited");
    clause(
        "gate(process).1",
        Gate::Process,
        Judged::Review,
        met,
        "到过现场",
    )
}

fn decline(ground: DeclineGround, when: Diagram<bool>) -> DeclineRule {
    DeclineRule {
        ground,
        when: rule(&format!("decline({ground})"), when),
        told: "法院".into(),
    }
}

fn mention(fact: &str, words: &[&str]) -> Mention {
    Mention {
        fact: fact.into(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

/// In English and in Chinese.
fn said(found: &[Loosened]) -> Vec<String> {
    let both = found.iter().flat_map(|it| [it.to_string(), it.zh()]);
    both.collect()
}

const NONE: [&str; 0] = [];

type Change = fn(&mut Plan);

const FACTS: [(&str, Given); 3] = [
    ("urgent", Given::Host),
    ("visited", Given::Reviewer),
    ("vague", Given::Reply),
];
