//! Facts that a function of the host's finds (程序推定).

use rhai::Dynamic;

use super::call::{Call, item};
use crate::plan::{CLASS, DerivedRule, FactRule, Given};
use crate::script::draft::Draft;
use crate::script::fault::{Fault, Tried, both, suggest};
use crate::script::report::Report;

/// `.derived()` and `.derived_from("kind", "field")`.
pub(super) fn derived(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    match call.name {
        "derived" => call.takes(0, 0)?,
        _ => call.takes(1, usize::MAX)?,
    }
    let from = call.texts_from(0)?;
    for (at, name) in from.iter().enumerate() {
        if from.iter().take(at).any(|known| known == name) {
            let twice = both!("the fact `{name}` stands twice", "事实`{name}`写了两遍");
            let help = both!("delete one", "删去一个");
            return Err(Fault::new("D204", twice).help(help).arg(at));
        }
    }
    let at = call.at;
    let fact = &mut item(&mut draft.facts, call.on())?.what;
    let name = &fact.rule.name;
    if fact.given {
        let said = both!(
            "who gives `{name}` is already said",
            "`{name}`由谁给出已经说过"
        );
        let help = both!(
            "a derived fact is given by nobody: keep one of the two",
            "程序推定的事实没有人给出,两者留一"
        );
        return Err(Fault::new("D204", said).help(help));
    }
    fact.rule.given = Given::Derived;
    fact.rule.moves = true;
    fact.given = true;
    fact.from = Some((from, at));
    call.same()
}

/// What each derived fact is found from, its inputs checked: all facts are known now.
pub(in crate::script) fn rules(
    draft: &Draft,
    schema: &[FactRule],
    report: &mut Report<'_>,
) -> Vec<DerivedRule> {
    let mut rules = Vec::new();
    for fact in &draft.facts {
        let Some((from, at)) = &fact.what.from else {
            continue;
        };
        for (number, name) in from.iter().enumerate() {
            if let Err(fault) = input(name, schema) {
                report.add(fault.arg(number), *at);
            }
        }
        rules.push(DerivedRule {
            fact: fact.what.rule.name.clone(),
            from: from.clone(),
        });
    }
    rules
}

fn input(name: &str, schema: &[FactRule]) -> Tried<()> {
    let fact = schema.iter().find(|fact| fact.name == name);
    if name == CLASS || fact.is_some_and(|fact| fact.given.by_a_person()) {
        return Ok(());
    }
    let given = schema.iter().filter(|fact| fact.given.by_a_person());
    let known = given.map(|fact| fact.name.as_str()).chain([CLASS]);
    if fact.is_none() {
        let none = both!("no fact is called `{name}`", "没有叫`{name}`的事实");
        return Err(Fault::new("D301", none).maybe(suggest(name, known)));
    }
    let not = both!(
        "nothing can be derived from `{name}`: nobody gives it with the message or at screening",
        "不能由`{name}`推定:它不是随来件或受理时给出的"
    );
    let help = both!(
        "name facts of the citizen, the host or the intake officer, or `class`",
        "写由网民、接入的系统或受理人给出的事实,或者`class`"
    );
    Err(Fault::new("D206", not).help(help))
}
