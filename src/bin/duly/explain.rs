//! `duly explain`: what a pack decides for given facts, why, and what would change it.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;

use duly::plan::{Asked, Bound, CaseFacts, Else, NotSo, Plan, Provenance, Schema, Why, WhyClause};
use duly::words::{FactValue, Facts, Lang, RECEIVED_ON};
use serde_json::{Map, Value, json};

use crate::args::Explain;
use crate::fail::Fail;
use crate::pack::{self, Source};
use crate::text::{bounds, pick};

/// Explains decisions for the facts of one case.
pub fn run(asked: &Explain, out: &mut dyn Write) -> Result<bool, Fail> {
    let source = Source::find(&asked.pack)?;
    let plan = source.plan(asked.lang.map(Lang::from))?;
    let lang = asked.lang.map_or(plan.labels, Lang::from);
    let mut known = facts(&asked.facts, &plan, lang)?;
    let decisions = match &asked.rule {
        None => plan.decisions(),
        Some(name) => vec![rule(&plan, name, lang)?],
    };
    // What nobody gave is told only where it was read.
    let read: BTreeSet<usize> = decisions.iter().flat_map(Asked::reads).collect();
    let read = |name: &str| plan.schema.index(name).is_some_and(|at| read.contains(&at));
    known.taken.retain(|name, _| read(name));
    let whys: Vec<Why> = decisions
        .iter()
        .map(|decision| decision.why(&plan.schema, &known))
        .collect();
    let not = match (&asked.not, decisions.first()) {
        (Some(text), Some(decision)) => Some(match decision.meant(text) {
            Some(wanted) => decision.why_not(&plan.schema, &known, &wanted),
            None => NotSo::Never,
        }),
        _ => None,
    };
    if asked.json {
        let mut json = json!({
            "pack": plan.pack, "plan": plan.id(), "taken": known.taken, "decisions": whys,
        });
        if let (Some(not), Some(all)) = (&not, json.as_object_mut()) {
            all.insert("not".into(), json!(not));
        }
        writeln!(out, "{json}")?;
    } else {
        tell(&plan, &known, &whys, lang, out)?;
        if let (Some(wanted), Some(not), Some(decision)) = (&asked.not, &not, decisions.first()) {
            writeln!(out, "{}", tell_not(decision, wanted, not, lang))?;
        }
    }
    let silent = whys.iter().filter(|why| why.answer.is_none());
    let mut needs: Vec<String> = silent.flat_map(|why| why.needs.clone()).collect();
    if let Some(NotSo::Needs(more)) = not {
        needs.extend(more);
    }
    needs.sort();
    needs.dedup();
    if !needs.is_empty() {
        let named: Vec<String> = needs
            .iter()
            .map(|name| need(&plan.schema, name, lang))
            .collect();
        out.flush()?;
        return Err(Fail::Said(format!(
            "{}\n{}",
            pick(
                lang,
                "缺事实,有的规则答不出:",
                "facts are missing, without which some rules have no answer:"
            ),
            named.join("\n")
        )));
    }
    Ok(true)
}

fn need(schema: &Schema, name: &str, lang: Lang) -> String {
    let Some(fact) = schema.fact(name) else {
        return name.to_owned();
    };
    let expected = fact.domain.expected(lang);
    match lang {
        Lang::Zh => format!("  `{name}`:{expected};{}", fact.given.zh()),
        Lang::En => format!("  `{name}`: {expected}; {}", fact.given.say()),
    }
}

fn named(file: &str, faults: &[String]) -> Fail {
    Fail::Said(format!("`{file}`\n  {}", faults.join("\n  ")))
}

/// Reads facts from a file. Everything that cannot be taken is named at once.
fn facts(file: &str, plan: &Plan, lang: Lang) -> Result<CaseFacts, Fail> {
    let text = match file {
        "-" => {
            let mut text = String::new();
            let read = std::io::stdin().lock().read_to_string(&mut text);
            read.map_err(|error| Fail::file("-", error))?;
            text
        }
        file => pack::text(Path::new(file))?,
    };
    let object: Map<String, Value> = serde_json::from_str(&text).map_err(|error| {
        let wanted = pick(
            lang,
            "应是一个 JSON 对象,如 {\"urgent\": true}",
            "it is to be a JSON object, as in {\"urgent\": true}",
        );
        Fail::file(file, format!("{wanted}: {error}"))
    })?;
    let (mut given, mut faults) = (Facts::new(), Vec::new());
    for (name, value) in object {
        match serde_json::from_value::<FactValue>(value.clone()) {
            Ok(value) => drop(given.insert(name, value)),
            Err(_) => match plan.schema.fact(&name) {
                Some(fact) => {
                    let expected = fact.domain.expected(lang);
                    faults.push(pick(
                        lang,
                        format!("事实`{name}`不能是`{value}`,应是 {expected}"),
                        format!("the fact `{name}` cannot be `{value}`; it is {expected}"),
                    ));
                }
                None => drop(given.insert(name, false.into())),
            },
        }
    }
    let taken = plan.take(&given);
    match taken {
        Ok(known) if faults.is_empty() => Ok(known),
        Ok(_) => Err(named(file, &faults)),
        Err(more) => {
            faults.extend(more.iter().map(|fault| fault.say(lang)));
            Err(named(file, &faults))
        }
    }
}

fn rule<'a>(plan: &'a Plan, name: &str, lang: Lang) -> Result<Asked<'a>, Fail> {
    if let Some(found) = plan.decision(name) {
        return Ok(found);
    }
    let all = plan.decisions();
    let help = match plan.near_rule(name) {
        Some(near) => pick(
            lang,
            format!("是不是要写`{near}`?"),
            format!("did you mean `{near}`?"),
        ),
        None => {
            let names: Vec<&str> = all.iter().map(|asked| asked.rule.as_str()).collect();
            format!("{}{}", pick(lang, "有 ", "there are "), names.join(", "))
        }
    };
    Err(Fail::Said(pick(
        lang,
        format!("没有叫`{name}`的规则;{help}"),
        format!("no rule is called `{name}`; {help}"),
    )))
}

fn tell(
    plan: &Plan,
    known: &CaseFacts,
    whys: &[Why],
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Fail> {
    if !known.taken.is_empty() {
        let all: Vec<String> = known
            .taken
            .iter()
            .map(|(name, value)| match name.as_str() {
                RECEIVED_ON => pick(
                    lang,
                    format!("{name} = {value}(施行首日)"),
                    format!("{name} = {value} (the first day in force)"),
                ),
                _ => format!("{name} = {value}"),
            })
            .collect();
        let said = pick(
            lang,
            "没有给出、按没填时的值算的:",
            "not given, and taken as where nobody says: ",
        );
        writeln!(
            out,
            "{}\n",
            crate::text::wrap(&format!("{said}{}", all.join(", ")), 2)
        )?;
    }
    for why in whys {
        let at = plan
            .sources
            .at
            .get(&why.rule)
            .map(|at| format!(", {at}"))
            .unwrap_or_default();
        let (open, close) = pick(lang, ("(", ")"), (" (", ")"));
        writeln!(out, "{}{open}{}{at}{close}", why.about.say(lang), why.rule)?;
        let Some(says) = &why.says else {
            writeln!(
                out,
                "  {}{}\n",
                pick(lang, "答不出,缺 ", "no answer without "),
                why.needs.join(", ")
            )?;
            continue;
        };
        let because = match why.because.is_empty() {
            true => pick(lang, ",不看任何事实", ", whatever the facts").to_owned(),
            false => format!(
                "{}{}",
                pick(lang, ",因为 ", ", because "),
                bounds(&why.because, lang)
            ),
        };
        writeln!(
            out,
            "  {}{}{because}",
            pick(lang, "答案:", "answer: "),
            says.say(lang)
        )?;
        for clause in &why.clauses {
            writeln!(out, "  {}", tell_clause(plan, clause, lang))?;
        }
        for flip in &why.flips {
            writeln!(out, "  {}", tell_flip(flip, lang))?;
        }
        // Where a fact is missing, nobody knows that another changes nothing.
        let idle = |bound: &&Bound| {
            let flips = |flip: &Else| flip.bound.fact == bound.fact;
            why.needs.is_empty() && !why.flips.iter().any(flips)
        };
        let idle: Vec<Bound> = why.because.iter().filter(idle).cloned().collect();
        if !idle.is_empty() {
            let names: Vec<&str> = idle.iter().map(|it| it.says.0.say(lang)).collect();
            let names = names.join(pick(lang, "、", ", "));
            writeln!(
                out,
                "  {}",
                pick(
                    lang,
                    format!("只改 {names},答案不变"),
                    format!("{names} alone changes nothing")
                )
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// `依据第 1 款“热点件”(《办法》第五条, pack.rhai:6:10)`.
fn tell_clause(plan: &Plan, why: &WhyClause, lang: Lang) -> String {
    let (number, title) = (why.clause.number, &why.clause.title);
    let named = match title.is_empty() {
        true => String::new(),
        false => pick(lang, format!("“{title}”"), format!(" `{title}`")),
    };
    let who = match &why.provenance {
        Provenance::Cited(text) => Some(text.clone()),
        Provenance::Ours(text) if text.is_empty() => Some(pick(lang, "自定", "ours").to_owned()),
        Provenance::Ours(text) => Some(format!("{}{text}", pick(lang, "自定:", "ours: "))),
        Provenance::Unsaid => None,
    };
    let at = plan.sources.at.get(&why.id).cloned();
    let more: Vec<String> = who.into_iter().chain(at).collect();
    let (open, close) = pick(lang, ("(", ")"), (" (", ")"));
    let more = match more.is_empty() {
        true => String::new(),
        false => format!("{open}{}{close}", more.join(", ")),
    };
    pick(
        lang,
        format!("依据第 {number} 款{named}{more}"),
        format!("by clause {number}{named}{more}"),
    )
}

fn tell_flip(flip: &Else, lang: Lang) -> String {
    let (fact, is) = (flip.bound.says.0.say(lang), flip.bound.says.1.say(lang));
    let answer = flip.answers.say(lang);
    pick(
        lang,
        format!("若 {fact} 改为 {is}:{answer}"),
        format!("if {fact} were {is}: {answer}"),
    )
}

fn tell_not(decision: &Asked<'_>, wanted: &str, not: &NotSo, lang: Lang) -> String {
    let change = |all: &[(Bound, FactValue)]| {
        let one = |(bound, _): &(Bound, FactValue)| {
            let (fact, is) = (bound.says.0.say(lang), bound.says.1.say(lang));
            pick(lang, format!("{fact} 改为 {is}"), format!("{fact} is {is}"))
        };
        let all: Vec<String> = all.iter().map(one).collect();
        all.join(pick(lang, ",同时", " and "))
    };
    match not {
        NotSo::Already => pick(
            lang,
            format!("答案已经是“{wanted}”"),
            format!("it is `{wanted}` already"),
        ),
        NotSo::Never => {
            let can = decision.can();
            let can: Vec<&str> = can.iter().map(|it| it.say(lang)).collect();
            pick(
                lang,
                format!("哪种情形都不会得到“{wanted}”;会得到的有 {}", can.join("、")),
                format!("no case gives `{wanted}`; there are {}", can.join(", ")),
            )
        }
        NotSo::Needs(facts) => pick(
            lang,
            format!("要说怎样得到“{wanted}”,还缺 {}", facts.join("、")),
            format!(
                "to say what would give `{wanted}`, facts are missing: {}",
                facts.join(", ")
            ),
        ),
        NotSo::With { fewest, given } => {
            let mut said = pick(
                lang,
                format!("要得到“{wanted}”,至少:{}", change(fewest)),
                format!("`{wanted}` takes at the least: {}", change(fewest)),
            );
            if let Some(given) = given {
                said.push_str(&pick(
                    lang,
                    format!("\n不动办理过程记出的事实,至少:{}", change(given)),
                    format!("\nwithout what the case itself keeps: {}", change(given)),
                ));
            }
            said
        }
        _ => String::new(),
    }
}
