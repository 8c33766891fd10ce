//! What one plan lets come about that another does not: an overlay against its base, and the plan that cases are to go over to.

mod lets_more;
mod loosened;
mod runs_longer;

use duly::plan::{
    ClockRule, Decision, DeclineRule, Diagram, Domain, ExtensionRule, FactRule, GateRule, Given,
    Judged, Limit, Loosened, Mention, On, Plan, Region, Rung, bare,
};
use duly::time::Span;
use duly::words::{Class, ClockKind, DeclineGround, Gate, Outcome, Role, RuleId, Verb};

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

/// What an overlay may not take back of its base, and binds a case less that goes over to it: how it is told of both is the same.
const EITHER: &[(Change, &str, &str)] = &[
    (
        |plan| {
            let always = Diagram::constant(true);
            plan.declines
                .push(decline(DeclineGround::Emergency, always));
        },
        "the new ground for declining `emergency` is not the base's",
        "新增的不予受理事由“应急事项”和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).extension = Some(extension(None)),
        "`reply` may be extended, in the base not, when urgent = false",
        "“答复”时限可以延期,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| plan.pauses[2].when = None,
        "time may stand still for `等候配件`, in the base not, when urgent = false",
        "可以以“等候配件”不计时,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| {
            let mut other = plan.pauses[0].clone();
            other.reason = "出差".into();
            plan.pauses.push(other);
        },
        "the new reason to wait `出差` is not the base's",
        "新增的中止计时事由`出差`和底本不同",
    ),
    (
        |plan| plan.reopen.grounds.truncate(1),
        "the ground for reopening `新的理由` is not the base's",
        "重开的事由`新的理由`和底本不同",
    ),
    (
        |plan| plan.direct.floor = Span::WorkingDays(2),
        "a direction leaves 2 working days, in the base 1 working day",
        "批示至少留出 2 个工作日,底本是 1 个工作日",
    ),
    (
        |plan| plan.callback.attempts = 2,
        "call-back gives up after `2` attempts, the base after `3`",
        "回访 2 次联系不上就算联系不上,底本是 3 次",
    ),
    (
        |plan| {
            let all = vec![Outcome::Solved, Outcome::Explained];
            plan.strike_off.allow.insert(Class::Problem, all);
        },
        "`problem` may be struck off as `explained`, which the base does not allow",
        "“办事”准许以“依法解释”销账,底本不准",
    ),
    (
        |plan| plan.strike_off.rate_within = Span::CalendarDays(29),
        "a rating counts for 29 calendar days, in the base for 30 calendar days",
        "销账后 29 天 内仍可评价,底本是 30 天",
    ),
];

const FACTS: [(&str, Given); 3] = [
    ("urgent", Given::Host),
    ("visited", Given::Reviewer),
    ("vague", Given::Reply),
];
