//! Facts that a new plan wants: of those who send commands, and of cases under way.

use duly::desk::{Desk, Ledger, MemoryLedger};
use duly::plan::{Domain, FactRule, Given, InForce, Plan, Plans, bare};
use duly::words::{Class, Command, Event, FactValue, Facts, Lang, Role, Thing, Why};
use proptest::prelude::*;

use super::tries::config;
use super::{board, case, done, envelope, on_every_ledger, open, opened, screened};

const NAMES: [&str; 4] = ["heat", "kind", "share", "urgent"];

fn fact(name: &str, domain: Domain, given: Given, otherwise: Option<FactValue>) -> FactRule {
    FactRule {
        name: name.into(),
        domain,
        given,
        moves: false,
        otherwise,
        question: String::new(),
    }
}

fn with(facts: Vec<FactRule>) -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    plan.schema.facts.extend(facts);
    plan
}

fn domain() -> impl Strategy<Value = Domain> {
    let labels = ["投诉", "求助", "咨询"].map(str::to_owned).to_vec();
    prop_oneof![
        Just(Domain::YesNo),
        proptest::sample::subsequence(labels, 1..=3).prop_map(Domain::Labels),
        (0i64..4, 4i64..8).prop_map(|(least, most)| Domain::Whole { least, most }),
        (0i64..400, 400i64..800).prop_map(|(least, most)| Domain::Percent { least, most }),
    ]
}

fn rule(name: &'static str) -> impl Strategy<Value = FactRule> {
    let given = prop_oneof![Just(Given::Citizen), Just(Given::Host), Just(Given::Intake)];
    (domain(), given, any::<bool>()).prop_map(move |(domain, given, may)| {
        let otherwise = may.then(|| domain.value(domain.codes().0));
        fact(name, domain, given, otherwise)
    })
}

/// Some of the facts, each as it comes.
fn schema() -> impl Strategy<Value = Vec<FactRule>> {
    let each = NAMES.map(|name| proptest::option::of(rule(name)));
    each.prop_map(|facts| facts.into_iter().flatten().collect())
}

/// Facts of a plan as somebody sends them at that door: all that must be sent, and with `all` the others too, at one end of
/// what they take.
fn sent(plan: &Plan, at_screening: bool, all: bool, high: bool) -> Facts {
    let at_door = |fact: &&FactRule| match fact.given {
        Given::Citizen | Given::Host => !at_screening,
        Given::Intake => at_screening,
        _ => false,
    };
    let facts = plan.schema.facts.iter().filter(at_door);
    facts
        .filter(|fact| all || fact.otherwise.is_none())
        .map(|fact| {
            let (least, most) = fact.domain.codes();
            let value = fact.domain.value(if high { most } else { least });
            (fact.name.clone(), value)
        })
        .collect()
}

/// Every way in which callers of a plan send their facts: for opening, and for screening.
fn ways(plan: &Plan) -> Vec<(Facts, Facts)> {
    let mut ways = Vec::new();
    for all in [false, true] {
        for high in [false, true] {
            let one = |screening| sent(plan, screening, all, high);
            ways.push((one(false), one(true)));
        }
    }
    // Each fact in each of its ends alone, beside what must be sent: labels in the middle count too.
    for fact in &plan.schema.facts {
        let (least, most) = fact.domain.codes();
        for code in least..=most.min(least + 3) {
            let (mut opening, mut screening) = (
                sent(plan, false, false, false),
                sent(plan, true, false, false),
            );
            let value = fact.domain.value(code);
            match fact.given {
                Given::Citizen | Given::Host => opening.insert(fact.name.clone(), value),
                Given::Intake => screening.insert(fact.name.clone(), value),
                _ => None,
            };
            ways.push((opening, screening));
        }
    }
    ways
}

fn with_facts(command: Command, given: Facts) -> Command {
    match command {
        Command::Open {
            place,
            channel,
            external_id,
            message,
            contact,
            citizen,
            origin,
            ..
        } => Command::Open {
            place,
            channel,
            external_id,
            message,
            contact,
            citizen,
            origin,
            facts: given,
        },
        Command::Screen { class, .. } => Command::Screen {
            class,
            facts: given,
        },
        other => other,
    }
}

/// What is said against facts that are sent so, if anything.
fn refused(desk: &Desk<impl Ledger>, id: &str, facts: &(Facts, Facts)) -> Option<Why> {
    let mut opening = opened(&format!("{id}-open"), id, 0);
    opening.command = with_facts(open(id), facts.0.clone());
    let mut screening = screened(&format!("{id}-screen"), id, 1);
    screening.command = with_facts(screening.command, facts.1.clone());
    [opening, screening].into_iter().find_map(|envelope| {
        let answer = desk.submit(envelope).unwrap();
        answer.refusal().map(|refusal| (*refusal.why).clone())
    })
}

proptest! {
    #![proptest_config(config(48))]

    /// A plan is taken without a word exactly where nobody who works by the plan in force is refused for it: whatever they send
    /// in one of the ways that it allows is in order under the next one too. Where a fact is wanted, the plan in force stays, and
    /// some way of theirs would indeed be refused. Facts that are gone are left out of it: here none goes.
    #[test]
    fn a_reload_is_taken_where_it_refuses_nobody(before in schema(), next in schema()) {
        let gone = before.iter().filter(|fact| next.iter().all(|own| own.name != fact.name));
        let gone: Vec<FactRule> = gone.cloned().collect();
        let before = with(before);
        let mut next = with(next);
        next.schema.facts.extend(gone);

        let mut first = Plans::new(board());
        let good = first.take(before.clone()).unwrap();
        let desk = Desk::new(MemoryLedger::new(board()), first).unwrap();
        let mut other = Plans::new(board());
        other.take(next.clone()).unwrap();
        let would = Desk::new(MemoryLedger::new(board()), other).unwrap();
        let ways = ways(&before);
        for (at, way) in ways.iter().enumerate() {
            prop_assert_eq!(refused(&desk, &format!("before-{at}"), way), None);
        }
        let hurt: Vec<bool> = ways
            .iter()
            .enumerate()
            .map(|(at, way)| refused(&would, &format!("next-{at}"), way).is_some())
            .collect();
        match desk.reload(next.clone()) {
            Ok(id) => {
                prop_assert_eq!(&id, &next.id());
                prop_assert!(!hurt.contains(&true), "{:?}", hurt);
            }
            Err(error) => {
                prop_assert!(hurt.contains(&true));
                let stays = desk.plans().latest().unwrap().id.clone();
                prop_assert_eq!(&stays, &good);
                let needs = error.needs().unwrap();
                let names: Vec<&str> = needs.facts.iter().map(|need| need.fact.as_str()).collect();
                // Without one of them it is still not enough.
                if let Some((_, others)) = names.split_first() {
                    let left = desk.reload_with(next.clone(), others).unwrap_err();
                    prop_assert_eq!(left.needs().unwrap().facts.len(), 1);
                }
                prop_assert_eq!(desk.reload_with(next.clone(), &names).unwrap(), next.id());
            }
        }
    }

    /// A case that adopts a plan has a value of each of its facts that must be given by then: given before, where the plan still
    /// takes it, or given with the command. What is missing is refused by name, all of it; a value that the case has is not given
    /// anew; the record holds what was given, and replay gives the same case.
    #[test]
    fn a_case_adopts_a_plan_with_the_values_it_lacks(
        before in schema(), next in schema(), screened_first in any::<bool>(), high in any::<bool>(),
    ) {
        let (before, next) = (with(before), with(next));
        let mut plans = Plans::new(board());
        let to = plans.take(next.clone()).unwrap();
        plans.take(before.clone()).unwrap();
        if before.id() == to {
            return Ok(());
        }
        let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
        let mut first = opened("c1", "m01", 0);
        first.command = with_facts(open("m01"), sent(&before, false, true, high));
        done(&desk, first);
        if screened_first {
            let mut second = screened("c2", "m01", 1);
            second.command = with_facts(second.command, sent(&before, true, true, high));
            done(&desk, second);
        }
        let had = desk.case(&case("m01")).unwrap().unwrap().facts().clone();
        let fits = |fact: &FactRule| had.get(&fact.name).is_some_and(|it| fact.domain.code(it).is_some());
        let due = |fact: &FactRule| match fact.given {
            Given::Citizen | Given::Host => true,
            Given::Intake => screened_first,
            _ => false,
        };
        let lacks: Vec<&FactRule> = next.schema.facts.iter().filter(|fact| {
            due(fact) && !fits(fact) && (fact.otherwise.is_none() || had.contains_key(&fact.name))
        }).collect();
        let adopt = |id: &str, facts: Facts| envelope(id, "m01", Role::Supervisor, 2, Command::AdoptPlan {
            plan: to.clone(), approved_by: Some("leader-1".parse().unwrap()), facts,
        });
        let bare = desk.submit(adopt("a1", Facts::new())).unwrap();
        let wanted: Vec<&str> = match bare.refusal().map(|it| &*it.why) {
            None => Vec::new(),
            Some(Why::FactsWanted { facts }) => facts.iter().map(|it| it.fact.as_str()).collect(),
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(wanted, lacks.iter().map(|it| it.name.as_str()).collect::<Vec<_>>());
        let again = next.schema.facts.iter().find(|fact| fits(fact));
        if let Some(again) = again.filter(|_| bare.refusal().is_some()) {
            let value = had[&again.name].clone();
            let answer = desk.submit(adopt("a2", Facts::from([(again.name.clone(), value)]))).unwrap();
            let why = answer.refusal().map(|it| (*it.why).clone());
            let what = Thing::Fact(again.name.clone());
            prop_assert_eq!(why, Some(Why::Already { what }));
        }
        let given: Facts = lacks.iter().map(|fact| {
            (fact.name.clone(), fact.domain.value(fact.domain.codes().1))
        }).collect();
        if bare.refusal().is_some() {
            done(&desk, adopt("a3", given.clone()));
        }
        let history = desk.history(&case("m01")).unwrap();
        let recorded = history.iter().find_map(|entry| match &entry.sealed.record.event {
            Event::PlanAdopted { facts, .. } => Some(facts.clone()),
            _ => None,
        });
        prop_assert_eq!(recorded, Some(given.clone()));
        let after = desk.case(&case("m01")).unwrap().unwrap();
        prop_assert_eq!(after.plan(), &to);
        prop_assert!(given.iter().all(|(name, value)| after.facts().get(name) == Some(value)));
        desk.verify().unwrap();
    }
}

/// What a plan wants is held against the plans that are in force on its own dates, each of them, and not against the one that came in
/// hand last; before the first day of any, nobody sends anything yet, and after the last, people send what they sent on it.
#[test]
fn a_reload_is_measured_by_the_plans_in_force_on_its_dates() {
    let heat = || fact("heat", Domain::YesNo, Given::Host, None);
    let dated = |edition: &str, facts: Vec<FactRule>, from: &str, to: Option<&str>| {
        let mut plan = with(facts);
        plan.edition = edition.into();
        plan.in_force = Some(InForce {
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
        });
        plan
    };
    let desk = |plans: Vec<Plan>| {
        let mut held = Plans::new(board());
        for plan in plans {
            held.take(plan).unwrap();
        }
        Desk::new(MemoryLedger::new(board()), held).unwrap()
    };
    let this = |edition, facts| dated(edition, facts, "2026-01-01", Some("2026-12-31"));
    let next = |edition, facts| dated(edition, facts, "2027-01-01", None);
    let wants = |desk: &Desk<MemoryLedger>, plan: Plan| match desk.reload(plan) {
        Ok(_) => Vec::new(),
        Err(error) => {
            let needs = error.needs().unwrap();
            needs.facts.iter().map(|it| it.fact.clone()).collect()
        }
    };

    // Next year's plan does without; this year's is corrected.
    let without = desk(vec![this("a", vec![heat()])]);
    assert_eq!(wants(&without, next("b", vec![])), [""; 0]);
    assert_eq!(wants(&without, this("c", vec![heat()])), [""; 0]);
    // It holds on beyond the year, where nobody sends it.
    let beyond = || dated("d", vec![heat()], "2026-01-01", None);
    assert_eq!(wants(&without, beyond()), ["heat"]);
    assert!(without.reload_with(beyond(), &["heat"]).is_ok());

    // Next year's plan has it sent from then on; this year nobody sends it.
    let later = desk(vec![this("a", vec![])]);
    assert!(
        later
            .reload_with(next("b", vec![heat()]), &["heat"])
            .is_ok()
    );
    assert_eq!(wants(&later, this("c", vec![heat()])), ["heat"]);
    assert_eq!(wants(&later, next("d", vec![heat()])), [""; 0]);

    // A plan that is nowhere before the other measures nothing.
    let shadowed = desk(vec![this("a", vec![]), this("b", vec![heat()])]);
    assert_eq!(wants(&shadowed, this("c", vec![heat()])), [""; 0]);

    // Where none is in force, the last before counts; before all of them, none.
    let ended = desk(vec![
        this("b", vec![heat()]),
        dated("a", vec![], "2025-01-01", Some("2025-12-31")),
    ]);
    assert_eq!(wants(&ended, next("c", vec![heat()])), [""; 0]);
    let (from, to) = ("2024-01-01", Some("2024-12-31"));
    assert_eq!(wants(&ended, dated("d", vec![heat()], from, to)), [""; 0]);
    let kind = fact("kind", Domain::YesNo, Given::Citizen, None);
    assert_eq!(wants(&ended, next("e", vec![kind, heat()])), ["kind"]);
}

#[test]
fn what_a_reload_wants_is_said_in_both_languages() {
    let old = with(vec![
        fact(
            "heat",
            Domain::Whole {
                least: 0,
                most: 1000,
            },
            Given::Host,
            None,
        ),
        fact("urgent", Domain::YesNo, Given::Intake, Some(false.into())),
    ]);
    let new = with(vec![
        fact(
            "heat",
            Domain::Whole {
                least: 0,
                most: 100,
            },
            Given::Host,
            None,
        ),
        fact("urgent", Domain::YesNo, Given::Intake, None),
        fact(
            "kind",
            Domain::Labels(vec!["投诉".into(), "求助".into()]),
            Given::Citizen,
            None,
        ),
    ]);
    let mut plans = Plans::new(board());
    plans.take(old).unwrap();
    let desk = Desk::new(MemoryLedger::new(board()), plans).unwrap();
    let error = desk.reload(new).unwrap_err();
    assert!(error.is_plan());
    let zh = error.needs().unwrap().say(Lang::Zh);
    insta::assert_snapshot!(format!("{error}\n{zh}"));
}

/// Findings are asked of the reviewer where a gate reads them before publication; one that no gate reads may be left out.
#[test]
fn a_finding_that_a_gate_reads_is_wanted_of_the_reviewer() {
    let before = bare("demo".parse().unwrap());
    let mut next = with(vec![
        fact("visited", Domain::YesNo, Given::Reviewer, None),
        fact("polite", Domain::YesNo, Given::Reviewer, None),
    ]);
    assert_eq!(next.needs(&before, &[]), Ok(()));
    let at = next.schema.index("visited").unwrap();
    let region = |code: i64| duly::plan::Region {
        bounds: [(at, (code, code))].into(),
        answer: code == 1,
    };
    let diagram =
        duly::plan::Diagram::from_regions(&next.schema, vec![region(0), region(1)]).unwrap();
    next.gates.push(duly::plan::GateRule {
        gate: duly::words::Gate::Process,
        judged: duly::plan::Judged::Review,
        met: duly::plan::Decision::new(duly::words::RuleId::new("gate(process).1"), diagram),
        words: "写明是否到了现场".into(),
    });
    let needs = next.needs(&before, &[]).unwrap_err();
    assert_eq!(
        needs.to_string(),
        "the plan needs facts that are not sent today: `visited` from the reviewer, with the findings, true or false; write \
         `.otherwise(…)` for each, or say that they are sent now"
    );
}

#[test]
fn what_adopting_a_plan_wants_is_said_in_both_languages() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let next = with(vec![
            fact(
                "heat",
                Domain::Whole {
                    least: 0,
                    most: 100,
                },
                Given::Host,
                None,
            ),
            fact(
                "kind",
                Domain::Labels(vec!["投诉".into(), "求助".into()]),
                Given::Citizen,
                None,
            ),
            // Screening is still ahead, and asks for it then.
            fact("urgent", Domain::YesNo, Given::Intake, None),
        ]);
        let plan = desk.reload_with(next, &["heat", "kind", "urgent"]).unwrap();
        let adopt = |id: &str, facts: &[(&str, FactValue)]| {
            let facts = facts
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            let command = Command::AdoptPlan {
                plan: plan.clone(),
                approved_by: None,
                facts: facts.collect(),
            };
            envelope(id, "m01", Role::Supervisor, 5, command)
        };
        let said = |id: &str, facts: &[(&str, FactValue)]| {
            let answer = desk.submit(adopt(id, facts)).unwrap();
            let refusal = answer.refusal().unwrap().clone();
            format!("{}\n{}", refusal.say(Lang::En), refusal.say(Lang::Zh))
        };
        let all = [
            said("a1", &[]),
            said("a2", &[("heat", 101.into()), ("kind", "投诉".into())]),
            said("a3", &[("class", "办事".into())]),
        ];
        insta::allow_duplicates! {
            insta::assert_snapshot!(all.join("\n"));
        }
        done(
            &desk,
            adopt("a4", &[("heat", 7.into()), ("kind", "求助".into())]),
        );
        let mut late = screened("c2", "m01", 6);
        late.command = Command::Screen {
            class: Class::Problem,
            facts: Facts::new(),
        };
        assert!(matches!(
            *desk.submit(late).unwrap().refusal().unwrap().why,
            Why::FactMissing { .. }
        ));
        desk.verify().unwrap();
    });
}

/// Records and commands written before values came with an adoption are read as before, and written without the new field.
#[test]
fn an_adoption_without_values_keeps_its_shape() {
    let id = "a".repeat(64);
    let event = format!(r#"{{"plan_adopted":{{"from":"{id}","to":"{id}"}}}}"#);
    let read: Event = serde_json::from_str(&event).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), event);
    let command = format!(r#"{{"adopt_plan":{{"plan":"{id}"}}}}"#);
    let read: Command = serde_json::from_str(&command).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), command);
}
