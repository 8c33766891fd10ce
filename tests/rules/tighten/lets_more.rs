//! What other rules let come about that those before did not: whatever may bind a case less.

use duly::plan::{
    Diagram, Domain, FactRule, Given, Judged, On, Plan, Region, ReopenCount, ReviewRule, Rung, bare,
};
use duly::time::Zone;
use duly::words::{Class, ClockKind, DeclineGround, Gate, Outcome};

use super::{
    Change, EITHER, FACTS, NONE, both, by, clause, clock, days, decline, extension, holds, mention,
    over, rule, rung, said, visited, within,
};

fn lacks(plan: &Plan, name: &str) -> Diagram<bool> {
    by(plan, name, false, true)
}

/// The rules that cases are under: one thing of each kind that may bind less.
fn before(names: &[(&str, Given)]) -> Plan {
    let mut plan = over(names);
    let clause = visited(&plan);
    plan.gates.push(clause);
    let urgent = holds(&plan, "urgent");
    plan.pauses[2].when = Some(rule("pause(等候配件).when", urgent.clone()));
    plan.declines
        .push(decline(DeclineGround::InProcedure, urgent.clone()));
    plan.review = Some(ReviewRule {
        when: Some(rule("review.two_steps", urgent.clone())),
    });
    clock(&mut plan, ClockKind::Reply).extension = Some(extension(Some(urgent)));
    plan.mentions.push(mention("vague", &["近期", "尽快"]));
    plan.strike_off
        .allow
        .insert(Class::Problem, vec![Outcome::Solved]);
    plan
}

const MORE: &[(Change, &str, &str)] = &[
    (
        |plan| plan.declines[0].when = rule("decline", Diagram::constant(true)),
        "a message may be declined on `in_procedure`, in the base not, when urgent = false",
        "可以以“已进入法定程序”不予受理,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| clock(plan, ClockKind::Redo).extension = Some(extension(None)),
        "the extension of `redo` is not the base's",
        "“重办”时限的延期和底本不同",
    ),
    (
        |plan| plan.gates[0].met.diagram = Diagram::constant(true),
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.gates.clear(),
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.gates[0].judged = Judged::StrikeOff,
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.gates[0].gate = Gate::Measures,
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.review = None,
        "a reply is reviewed once, in the base twice",
        "答复只审一次,底本审两次",
    ),
    (
        |plan| plan.review = Some(ReviewRule { when: None }),
        "a reply is reviewed once, in the base twice, when urgent = true",
        "答复只审一次,底本审两次(情形:urgent = true)",
    ),
    (
        |plan| plan.reopen.count = ReopenCount::Continue,
        "a reopened case counts otherwise than in the base",
        "重开后的计时和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Redo).not_past_whole = false,
        "the `redo` clock may run past the whole, in the base not",
        "“重办”时限可以超过全程时限,底本不可以",
    ),
];

/// A case that goes over to other rules may come off worse later on: each way in which it may is told by itself, and what binds as much or more is not.
#[test]
fn each_way_in_which_other_rules_bind_less_is_told_by_itself() {
    let before = before(&FACTS);
    for (change, en, zh) in EITHER.iter().chain(MORE) {
        let mut plan = before.clone();
        change(&mut plan);
        assert_eq!(said(&plan.lets_more(&before)), [*en, *zh]);
        // The other way round nothing is let come about that was not, but for what is merely otherwise.
        let back = said(&before.lets_more(&plan));
        let otherwise = ["extension of", "counts otherwise", "gate"];
        let merely = otherwise.iter().any(|it| en.contains(it));
        assert!(back.is_empty() || merely, "{en}: {back:?}");
    }
    let as_much: [Change; 6] = [
        |plan| clock(plan, ClockKind::Reply).extension = None,
        |plan| plan.clocks.retain(|it| it.kind != ClockKind::Redo),
        |plan| plan.declines.clear(),
        |plan| plan.pauses.truncate(2),
        |plan| {
            let twice = rule("review.two_steps", Diagram::constant(true));
            plan.review = Some(ReviewRule { when: Some(twice) });
        },
        |plan| plan.zone = Zone::UTC,
    ];
    for (at, change) in as_much.into_iter().enumerate() {
        let mut plan = before.clone();
        change(&mut plan);
        assert_eq!(said(&plan.lets_more(&before)), NONE, "{at}");
    }
    // An extension of a clock that there was not is of a clock that no case had.
    let mut without = before.clone();
    without.clocks.retain(|it| it.kind != ClockKind::Reply);
    assert_eq!(said(&before.lets_more(&without)), NONE);
}

/// One clause may be parted in two that are both to be met; with one of them alone, or either, the gate passes more.
#[test]
fn a_clause_may_be_parted_in_two_that_are_both_to_be_met() {
    let mut before = over(&FACTS);
    let (came, plain) = (holds(&before, "visited"), lacks(&before, "vague"));
    let is = |id: &str, met: &Diagram<bool>| {
        let (gate, judged) = (Gate::Process, Judged::Review);
        clause(id, gate, judged, met.clone(), "到过现场,不含糊")
    };
    before.gates = vec![is("gate(process).1", &both(&came, &plain))];
    let told = |clauses: &[&Diagram<bool>]| {
        let mut plan = before.clone();
        let all = clauses.iter().zip(1..);
        plan.gates = all
            .map(|(met, at)| is(&format!("gate(process).{at}"), met))
            .collect();
        let found = plan.lets_more(&before);
        let cases = found.iter().map(|it| it.witness.clone().unwrap());
        cases.collect::<Vec<_>>()
    };
    assert_eq!(told(&[&came, &plain]), NONE);
    assert_eq!(told(&[&plain, &came]), NONE);
    assert_eq!(told(&[&came]), ["visited = true, vague = true"]);
    assert_eq!(told(&[&plain]), ["visited = false, vague = false"]);
}

/// The facts of the one plan may be the first of the other's, either way: then rules are compared case by case, and a case is shown.
#[test]
fn a_case_is_shown_where_one_plan_only_has_more_facts() {
    let more = [FACTS[0], FACTS[1], FACTS[2], ("flood", Given::Host)];
    for (old, new) in [(&FACTS[..], &more[..]), (&more[..], &FACTS[..])] {
        let before = before(old);
        let mut plan = self::before(new);
        assert_eq!(said(&plan.lets_more(&before)), NONE);
        plan.gates[0].met.diagram = Diagram::constant(true);
        assert_eq!(
            said(&plan.lets_more(&before)),
            [
                "gate `process` passes what the clause `到过现场` does not, when visited = false",
                "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)"
            ]
        );
    }
}

/// Where facts stand in another order, rules are compared by what they say: the same words are the same rule, what never holds lets nothing come
/// about, what always held lets everything, and all else is told, without a case.
#[test]
fn plans_with_facts_in_another_order_are_compared_in_words() {
    let turned = before(&[("flood", Given::Host), FACTS[0], FACTS[1], FACTS[2]]);
    let before = before(&FACTS);
    let told = |change: Change| {
        let mut plan = turned.clone();
        change(&mut plan);
        let found = plan.lets_more(&before);
        assert!(found.iter().all(|it| it.witness.is_none()), "{found:?}");
        found.into_iter().map(|it| it.what).collect::<Vec<_>>()
    };
    assert_eq!(told(|_| ()), NONE);
    let when = |plan: &mut Plan, diagram: Diagram<bool>| {
        plan.pauses[2].when = Some(rule("pause(等候配件).when", diagram));
    };
    // Neither the same nor never nor always.
    let mut other = turned.clone();
    let flood = holds(&other, "flood");
    when(&mut other, flood);
    let waits = ["time may stand still for `等候配件`, in the base not"];
    let said: Vec<String> = other
        .lets_more(&before)
        .into_iter()
        .map(|it| it.what)
        .collect();
    assert_eq!(said, waits);
    assert_eq!(told(|plan| plan.pauses[2].when = None), waits);
    let mut never = turned.clone();
    when(&mut never, Diagram::constant(false));
    never.declines[0].when = rule("decline", Diagram::constant(false));
    assert_eq!(never.lets_more(&before), []);
    let mut always = before.clone();
    always.pauses[2].when = None;
    assert_eq!(other.lets_more(&always), []);
    // A clause stays met where it is one of several, and one that is always met holds nothing up.
    assert_eq!(
        told(|plan| {
            let met = lacks(plan, "flood");
            let (gate, judged) = (Gate::Process, Judged::Review);
            let more = clause("gate(process).2", gate, judged, met, "汛期不办");
            plan.gates.push(more);
        }),
        NONE
    );
    let passes = ["gate `process` passes what the clause `到过现场` does not"];
    assert_eq!(
        told(|plan| plan.gates[0].met.diagram = Diagram::constant(true)),
        passes
    );
    assert_eq!(told(|plan| plan.gates.clear()), passes);
    let mut idle = before.clone();
    idle.gates[0].met.diagram = Diagram::constant(true);
    assert_eq!(turned.lets_more(&idle), []);
    // Second reviews are the other way round: what is reviewed twice by the one alone is told of the other.
    let once = ["a reply is reviewed once, in the base twice"];
    assert_eq!(told(|plan| plan.review = None), once);
    assert_eq!(
        told(|plan| plan.review = Some(ReviewRule { when: None })),
        once
    );
    let mut twice = turned.clone();
    let all = rule("review.two_steps", Diagram::constant(true));
    twice.review = Some(ReviewRule { when: Some(all) });
    assert_eq!(twice.lets_more(&before), []);
}

/// One condition over a number that is met by every other one, up to so many.
fn striped(first: &str, last: bool) -> Plan {
    let mut plan = over(&[(first, Given::Host)]);
    let whole = Domain::Whole {
        least: 0,
        most: 599,
    };
    plan.schema
        .facts
        .push(FactRule::new("heat", whole, Given::Host));
    let heat = plan.schema.index("heat").unwrap();
    let region = |code: i64| Region {
        bounds: [(heat, (code, code))].into(),
        answer: code % 2 == 0 || (last && code == 599),
    };
    let hot = Diagram::from_regions(&plan.schema, (0..600).map(region).collect()).unwrap();
    plan.pauses[2].when = Some(rule("pause(等候配件).when", hot.clone()));
    let limit = hot.map(|hot| if *hot { days(6) } else { days(5) });
    within(&mut plan, ClockKind::Reply, limit);
    plan
}

/// What tells more cases apart than are compared in words cannot be said to be the same, though it is where it was looked at.
#[test]
fn more_cases_than_are_compared_in_words_are_not_taken_for_the_same() {
    let (before, same) = (striped("one", false), striped("other", false));
    let waits = ["time may stand still for `等候配件`, in the base not"];
    let what = |plan: &Plan| {
        let found = plan.lets_more(&before).into_iter();
        found.map(|it| it.what).collect::<Vec<_>>()
    };
    assert_eq!(what(&same), waits);
    assert_eq!(what(&striped("other", true)), waits);
    assert_eq!(what(&before), NONE);
    let longer = |plan: &Plan| plan.runs_longer(&before).remove(&ClockKind::Reply);
    let unlike = "the limits of the `reply` clock cannot be compared with the base's";
    assert_eq!(longer(&same).unwrap().to_string(), unlike);
    assert_eq!(longer(&before), None);
}

/// Two conditions that would take more than a million steps to hold against each other may well let something come about, and that is said.
#[test]
fn conditions_that_cannot_be_compared_are_told() {
    let mut before = bare("demo".parse().unwrap());
    let whole = |most: i64| Domain::Whole { least: 0, most };
    for (name, most) in [("x", 1_023), ("y", 1_023), ("z", 2_047)] {
        let fact = FactRule::new(name, whole(most), Given::Host);
        before.schema.facts.push(fact);
    }
    let at = |name: &str| before.schema.index(name).unwrap();
    let (x, y, z) = (at("x"), at("y"), at("z"));
    // Met by numbers below 1,024, and by those that are so much larger; met by those below 1,024 that are as large as that.
    let was = (0..1_024).flat_map(|n| {
        let cut = [
            (0, 1_023, true),
            (1_024, 1_023 + n, false),
            (1_024 + n, 2_047, true),
        ];
        cut.map(|it| (x, n, it))
    });
    let is = (0..1_024).flat_map(|n| {
        let cut = [(0, n - 1, false), (n, 1_023, true), (1_024, 2_047, false)];
        cut.map(|it| (y, n, it))
    });
    let met = |all: Vec<(usize, i64, (i64, i64, bool))>| {
        let some = all
            .into_iter()
            .filter(|(.., (least, most, _))| least <= most);
        let regions = some.map(|(by, n, (least, most, answer))| Region {
            bounds: [(by, (n, n)), (z, (least, most))].into(),
            answer,
        });
        Diagram::from_regions(&before.schema, regions.collect()).unwrap()
    };
    let (was, is) = (met(was.collect()), met(is.collect()));
    let mut plan = before.clone();
    plan.pauses[2].when = Some(rule("pause(等候配件).when", is));
    before.pauses[2].when = Some(rule("pause(等候配件).when", was));
    assert_eq!(
        said(&plan.lets_more(&before)),
        [
            "time may stand still for `等候配件`, in the base not, or cannot be compared: the rule distinguishes too many cases: more than 1000000 steps to put them in order",
            "可以以“等候配件”不计时,底本不可以,或者没法比较:这条规则分出的情形太多"
        ]
    );
}

/// What the one rule that reads a mention may let come about, told as it is in English and in Chinese.
fn leans(id: &str, fact: &str, case: Option<&str>) -> [String; 2] {
    let (en, zh) = case.map_or_else(Default::default, |case| {
        (format!(", when {case}"), format!("(情形:{case})"))
    });
    [
        format!("`{id}` reads `{fact}`, which is not the base's, and may bind less{en}"),
        format!("`{id}`要看`{fact}`,这个事实和底本不同,可能管得松了{zh}"),
    ]
}

/// A gate that refuses words binds less where fewer words count, one that asks for words where more do. A word is found wherever a part of it is,
/// and however it is spaced; a gate that does not read the words, or is as it was for them, is not told.
#[test]
fn a_gate_binds_less_by_the_words_that_are_looked_for() {
    let mut before = before(&FACTS);
    before.mentions.push(mention("urgent", &["急"]));
    let words = |gate: Option<Diagram<bool>>, words: &[&str]| {
        let mut before = before.clone();
        let gate = gate.map(|met| {
            let (gate, judged) = (Gate::Measures, Judged::Review);
            clause("gate(measures).1", gate, judged, met, "不得含糊")
        });
        before.gates.extend(gate);
        let mut plan = before.clone();
        plan.mentions[0] = mention("vague", words);
        said(&plan.lets_more(&before))
    };
    let refuses = || Some(lacks(&before, "vague"));
    let asks = || Some(holds(&before, "vague"));
    let told = leans("gate(measures).1", "vague", None);
    assert_eq!(words(refuses(), &["近期"]), told);
    assert_eq!(words(refuses(), &[]), told);
    assert_eq!(words(refuses(), &["近期内", "尽快"]), told);
    assert_eq!(words(refuses(), &["近期", "尽快", "适时"]), NONE);
    assert_eq!(words(refuses(), &["近", "尽快"]), NONE);
    assert_eq!(words(refuses(), &["尽 快", "近\u{3000}期"]), NONE);
    assert_eq!(words(asks(), &["近期", "尽快", "适时"]), told);
    assert_eq!(words(asks(), &["近", "尽快"]), told);
    assert_eq!(words(asks(), &["近期"]), NONE);
    assert_eq!(words(asks(), &["近期内", "尽快"]), NONE);
    assert_eq!(words(None, &[]), NONE);
    // With another fact in it: told where that makes the difference, and not where the clause is met, or is not, either way.
    let with = |other: &Diagram<bool>| both(&lacks(&before, "vague"), other);
    let came = holds(&before, "visited");
    let case = leans("gate(measures).1", "vague", Some("visited = true"));
    assert_eq!(words(Some(with(&came)), &["近期"]), case);
    assert_eq!(words(Some(with(&came)), &["近期", "尽快", "适时"]), NONE);
    let or = came.zip(&lacks(&before, "vague"), |one, other| *one || *other);
    let case = leans("gate(measures).1", "vague", Some("visited = false"));
    assert_eq!(words(Some(or.clone().unwrap()), &["近期"]), case);
    assert_eq!(words(or.ok(), &["近期", "尽快", "适时"]), NONE);
}

/// Where nobody gives a fact, its value is the plan's to say, and a rule that reads it binds less by another: a message may be declined, a clock
/// extended, time stand still; or a reply reviewed once. The other way round each binds more.
#[test]
fn rules_bind_less_by_what_a_fact_is_that_nobody_gave() {
    let told = |from: Option<bool>, to: Option<bool>| {
        let mut before = before(&FACTS);
        before.gates.clear();
        let urgent = before.schema.index("urgent").unwrap();
        before.schema.facts[urgent].otherwise = from.map(Into::into);
        let mut plan = before.clone();
        plan.schema.facts[urgent].otherwise = to.map(Into::into);
        said(&plan.lets_more(&before))
    };
    let of = |ids: &[&str], case: Option<&str>| {
        let each = ids.iter().flat_map(|id| leans(id, "urgent", case));
        each.collect::<Vec<_>>()
    };
    let may = [
        "decline(in_procedure)",
        "clock(reply).extension.when",
        "pause(等候配件).when",
    ];
    let twice = ["review.two_steps"];
    assert_eq!(told(Some(false), Some(true)), of(&may, None));
    assert_eq!(told(Some(true), Some(false)), of(&twice, None));
    // A fact that had to be given may have been anything.
    let (yes, no) = (Some("urgent = true"), Some("urgent = false"));
    assert_eq!(told(None, Some(true)), of(&may, no));
    assert_eq!(told(None, Some(false)), of(&twice, yes));
    assert_eq!(told(Some(false), None), of(&may, yes));
    assert_eq!(told(Some(true), None), of(&twice, no));
    assert_eq!(told(None, None), NONE);
}

/// Of a fact that is of another kind, or given by somebody else, nobody can tell what it will be: each rule that binds and reads it may bind less; what
/// is only proposed, told or tracked by it binds nobody.
#[test]
fn a_fact_of_another_kind_may_make_any_rule_bind_less() {
    let mut before = over(&FACTS);
    let clause = visited(&before);
    before.gates.push(clause);
    let came = holds(&before, "visited");
    before.classify = Some(rule(
        "classify",
        came.map(|came| came.then_some(Class::Idea)),
    ));
    before.track.when = Some(rule("track.start", came.clone()));
    before.digest.hot = Some(rule("digest.hot", came.clone()));
    let reply = clock(&mut before, ClockKind::Reply);
    reply.rungs = vec![Rung {
        when: Some(rule("ladder(reply).due", came.clone())),
        ..rung("due", On::At, &["owner"])
    }];
    let told = |change: Change| {
        let mut plan = before.clone();
        change(&mut plan);
        said(&plan.lets_more(&before))
    };
    let gate = leans("gate(process).1", "visited", None);
    let at = |plan: &mut Plan, change: fn(&mut FactRule)| {
        let visited = plan.schema.index("visited").unwrap();
        change(&mut plan.schema.facts[visited]);
    };
    let mut given = before.clone();
    at(&mut given, |fact| fact.given = Given::Host);
    assert_eq!(said(&given.lets_more(&before)), gate);
    let mut other = before.clone();
    at(&mut other, |fact| {
        fact.domain = Domain::Labels(vec!["false".into(), "true".into()]);
    });
    assert_eq!(said(&other.lets_more(&before)), gate);
    // A fact that is gone, or only asked for in other words, is no other.
    let mut asked = before.clone();
    at(&mut asked, |fact| fact.question = "到过现场吗".into());
    assert_eq!(said(&asked.lets_more(&before)), NONE);
    assert_eq!(told(|_| ()), NONE);
}
