//! Plans over few facts with few values, so that every case can be looked at.

use std::collections::BTreeMap;

use duly::plan::{
    Decision, Diagram, Domain, FactRule, Given, Limit, Plan, Region, Row, Schema, bare,
};
use duly::time::Span;
use duly::words::{ClockKind, FactValue, Facts, RuleId};
use proptest::prelude::*;

/// Every value of a fact.
pub fn values(fact: &FactRule) -> Vec<FactValue> {
    let (least, most) = fact.domain.codes();
    (least..=most).map(|code| fact.domain.value(code)).collect()
}

/// Every case.
pub fn cases(schema: &Schema) -> Vec<Facts> {
    schema.facts.iter().fold(vec![Facts::new()], |all, fact| {
        let with = |case: &Facts, value: FactValue| {
            let mut case = case.clone();
            case.insert(fact.name.clone(), value);
            case
        };
        let each = |case: &Facts| {
            values(fact)
                .into_iter()
                .map(|value| with(case, value))
                .collect::<Vec<_>>()
        };
        all.iter().flat_map(each).collect()
    })
}

pub fn row(schema: &Schema, case: &Facts) -> Row {
    schema.row(|fact| case.get(&fact.name).cloned())
}

pub fn days(n: u32) -> Limit {
    Limit::Span(Span::WorkingDays(n))
}

pub const REPLY: &str = "clock(reply).within";

/// A plan whose reply clock answers that for each case; all else is the spine's.
pub fn plan_of(schema: Schema, answer: impl Fn(&Facts) -> Limit) -> Plan {
    let cell = |case: Facts| {
        let codes = schema.facts.iter().enumerate();
        let bound = |(at, fact): (usize, &FactRule)| {
            let code = fact.domain.code(&case[&fact.name]).unwrap();
            (at, (code, code))
        };
        Region {
            bounds: codes.map(bound).collect::<BTreeMap<_, _>>(),
            answer: answer(&case),
        }
    };
    let regions = cases(&schema).into_iter().map(cell).collect();
    let mut plan = bare("small".parse().unwrap());
    let clock = plan
        .clocks
        .iter_mut()
        .find(|clock| clock.kind == ClockKind::Reply)
        .unwrap();
    clock.within = Decision::new(
        RuleId::new(REPLY),
        Diagram::from_regions(&schema, regions).unwrap(),
    );
    plan.schema = schema;
    plan
}

pub fn reply(plan: &Plan) -> &Diagram<Limit> {
    &plan.clock(ClockKind::Reply).unwrap().within.diagram
}

/// Facts from among four, in any order: yes or no; some of four labels in any order; a number or a share in a range that ends somewhere
/// around; and one that is now a yes or no, now a label. Some with a value where nobody says, some kept by the engine.
fn schemas() -> impl Strategy<Value = Schema> {
    let labels = |most: usize| {
        proptest::sample::subsequence(vec!["甲", "乙", "丙", "丁"], 1..=most)
            .prop_shuffle()
            .prop_map(|labels| Domain::Labels(labels.into_iter().map(str::to_owned).collect()))
    };
    let number = (0_i64..=2, 2_i64..=4).prop_map(|(least, most)| Domain::Whole {
        least: least - 1,
        most,
    });
    let share = (0_i64..=1, 1_i64..=2).prop_map(|(least, most)| Domain::Percent { least, most });
    let fact = |name: &'static str, domain: BoxedStrategy<Domain>| {
        (domain, any::<bool>(), any::<bool>()).prop_map(move |(domain, engine, otherwise)| {
            FactRule {
                moves: true,
                otherwise: otherwise.then(|| domain.value(domain.codes().1)),
                ..FactRule::new(
                    name,
                    domain,
                    if engine { Given::Engine } else { Given::Host },
                )
            }
        })
    };
    let all = (
        fact("a", Just(Domain::YesNo).boxed()),
        fact("b", labels(4).boxed()),
        fact("c", prop_oneof![3 => number, 1 => share].boxed()),
        fact(
            "d",
            prop_oneof![Just(Domain::YesNo).boxed(), labels(2).boxed()].boxed(),
        ),
    );
    all.prop_flat_map(|(a, b, c, d)| {
        proptest::sample::subsequence(vec![a, b, c, d], 1..=4)
            .prop_shuffle()
            .prop_map(|facts| Schema { facts })
    })
}

/// Any plan over such facts, its answers few and often alike.
pub fn plans() -> impl Strategy<Value = Plan> {
    schemas().prop_flat_map(|schema| {
        let cells = cases(&schema).len();
        let answers =
            proptest::collection::vec(prop_oneof![3 => Just(1_u32), 1 => 2_u32..4], cells);
        answers.prop_map(move |answers| {
            let all = cases(&schema);
            let at = |case: &Facts| all.iter().position(|known| known == case).unwrap();
            plan_of(schema.clone(), |case| days(answers[at(case)]))
        })
    })
}

/// The same plan with its facts and its labels in another order.
pub fn reordered(plan: &Plan, by: &[usize]) -> Plan {
    let mut facts = plan.schema.facts.clone();
    facts.sort_by_key(|fact| {
        let at = plan.schema.index(&fact.name).unwrap();
        by[at % by.len()]
    });
    for fact in &mut facts {
        if let Domain::Labels(labels) = &mut fact.domain {
            let turn = by[0] % labels.len();
            labels.rotate_left(turn);
        }
    }
    plan_of(Schema { facts }, |case| {
        reply(plan).answer(&row(&plan.schema, case)).clone()
    })
}

/// Holds where a fact has a code in that range, and with no other of its codes.
pub fn ranging(schema: &Schema, at: usize, (least, most): (i64, i64)) -> Diagram<bool> {
    let (floor, top) = schema.facts[at].domain.codes();
    let region = |range: (i64, i64), answer: bool| Region {
        bounds: BTreeMap::from([(at, range)]),
        answer,
    };
    let mut regions = vec![region((least, most), true)];
    if floor < least {
        regions.push(region((floor, least - 1), false));
    }
    if most < top {
        regions.push(region((most + 1, top), false));
    }
    Diagram::from_regions(schema, regions).unwrap()
}
