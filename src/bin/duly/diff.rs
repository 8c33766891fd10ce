//! `duly diff`: which cases another pack decides otherwise, and what else it says otherwise.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use duly::case::facts_row;
use duly::desk::{Desk, SqliteLedger};
use duly::plan::{Differing, Instance, Plan, PlanDiff, Plans, Redecided, Side};
use duly::report::Board;
use duly::words::Lang;
use serde::Serialize;
use serde_json::json;

use crate::args::Diff;
use crate::fail::Fail;
use crate::pack::Source;
use crate::records;
use crate::text::{bounds, pick};

/// So many sets of cases are shown of a decision.
const REGIONS: usize = 12;
/// So many cases of a ledger are named for a decision.
const CASES: usize = 5;

/// Compares two packs. False, where they differ.
pub fn run(asked: &Diff, out: &mut dyn Write) -> Result<bool, Fail> {
    let (old, new) = (Source::find(&asked.old)?, Source::find(&asked.new)?);
    let plans = (
        old.plan(asked.lang.map(Lang::from))?,
        new.plan(asked.lang.map(Lang::from))?,
    );
    let lang = asked.lang.map_or(plans.1.labels, Lang::from);
    let diff = plans.0.diff(&plans.1, REGIONS);
    let touched = match &asked.ledger {
        Some(path) => Some(touched(path, &plans, &diff)?),
        None => None,
    };
    if asked.json {
        let plan =
            |plan: &Plan| json!({ "pack": plan.pack, "title": plan.title, "plan": plan.id() });
        let mut json = json!({
            "old": plan(&plans.0), "new": plan(&plans.1), "same": diff.is_empty(),
            "changes": diff.changes, "decisions": diff.decisions,
        });
        let decisions = json.get_mut("decisions").and_then(|all| all.as_array_mut());
        for (decision, touched) in decisions
            .into_iter()
            .flatten()
            .zip(touched.iter().flatten())
        {
            if let Some(fields) = decision.as_object_mut() {
                fields.insert("ledger".into(), json!(touched));
            }
        }
        writeln!(out, "{json}")?;
    } else {
        writeln!(out, "{} → {}", old.name, new.name)?;
        tell(&diff, touched.as_deref(), lang, out)?;
    }
    Ok(diff.is_empty())
}

/// Cases of a ledger that a decision would answer otherwise.
#[derive(Debug, Default, Serialize)]
struct Touched {
    open: usize,
    closed: usize,
    /// The first of them, open ones before closed ones.
    cases: Vec<String>,
}

fn touched(path: &Path, (old, new): &(Plan, Plan), diff: &PlanDiff) -> Result<Vec<Touched>, Fail> {
    let shown = path.display().to_string();
    if !path.is_file() {
        return Err(Fail::file(&shown, "there is no such file"));
    }
    let failed = |error| Fail::file(&shown, error);
    let mut all: Vec<Touched> = diff.decisions.iter().map(|_| Touched::default()).collect();
    let mut closed: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let boards = SqliteLedger::boards(path).map_err(failed)?;
    for board in &boards {
        let ledger = SqliteLedger::open_read_only(path, board.clone()).map_err(failed)?;
        let desk = Desk::new(ledger, Plans::new(board.clone())).map_err(failed)?;
        let records = records::all(&desk)?;
        for file in Board::fold(&records, None).map_err(Fail::said)?.files() {
            let case = file.case();
            let (was, is) = (facts_row(old, case), facts_row(new, case));
            let id = match boards.len() {
                1 => case.id().to_string(),
                _ => format!("{board}/{}", case.id()),
            };
            for (at, (decision, touched)) in diff.decisions.iter().zip(&mut all).enumerate() {
                let answers = decision.answers((old, &was), (new, &is));
                if answers.is_none_or(|(was, is)| was == is) {
                    continue;
                }
                if case.is_closed() {
                    touched.closed += 1;
                    closed.entry(at).or_default().push(id.clone());
                } else {
                    touched.open += 1;
                    touched.cases.push(id.clone());
                }
            }
        }
    }
    for (at, touched) in all.iter_mut().enumerate() {
        touched.cases.extend(closed.remove(&at).unwrap_or_default());
        touched.cases.truncate(CASES);
    }
    Ok(all)
}

fn tell(
    diff: &PlanDiff,
    touched: Option<&[Touched]>,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Fail> {
    if diff.is_empty() {
        writeln!(
            out,
            "{}",
            pick(lang, "两包说的一样", "the packs say the same")
        )?;
        return Ok(());
    }
    if !diff.changes.is_empty() {
        writeln!(out, "\n{}", pick(lang, "改动", "what is said otherwise"))?;
    }
    for change in &diff.changes {
        let (old, new) = (change.says.0.say(lang), change.says.1.say(lang));
        let colon = pick(lang, ":", ": ");
        let said = match (change.old.is_null(), change.new.is_null()) {
            (true, _) => format!("{}{colon}{new}", pick(lang, "新增", "new")),
            (_, true) => format!("{}{colon}{old}", pick(lang, "去掉", "gone")),
            _ => format!("{old} → {new}"),
        };
        let shift = change.shift.map(|shift| shift.word(lang));
        let what = change.what.say(lang);
        writeln!(out, "  {what}{colon}{said}{}", in_brackets(shift, lang))?;
    }
    let none = [];
    let mut touched = touched.unwrap_or(&none).iter();
    for decision in &diff.decisions {
        writeln!(out, "\n{}", head(decision, lang))?;
        for region in &decision.regions {
            tell_region(decision, region, lang, out)?;
        }
        match decision.left_off {
            0 => {}
            more => writeln!(
                out,
                "  {}",
                pick(
                    lang,
                    format!("另有 {more} 组情形没有列出"),
                    format!("and {more} more sets of cases")
                )
            )?,
        }
        if decision.too_large {
            let said = pick(
                lang,
                "要分的情形太多,没有逐一比较",
                "there are too many cases to tell apart; they were not compared",
            );
            writeln!(out, "  {said}")?;
        }
        if let Some(touched) = touched.next() {
            writeln!(out, "  {}", ledger(touched, lang))?;
        }
    }
    Ok(())
}

/// What a decision is about, and where it comes from.
fn head(decision: &Redecided, lang: Lang) -> String {
    let rule = decision.new.as_ref().or(decision.old.as_ref());
    let rule = rule.map(ToString::to_string).unwrap_or_default();
    let only = match (&decision.old, &decision.new) {
        (None, _) => pick(lang, ",新增", ", new"),
        (_, None) => pick(lang, ",不再有", ", gone"),
        _ => "",
    };
    let inner = format!("{rule}{only}");
    format!(
        "{}{}",
        decision.about.say(lang),
        in_brackets(Some(&inner), lang)
    )
}

fn tell_region(
    decision: &Redecided,
    region: &Differing,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Fail> {
    let when = match region.when.is_empty() {
        true => pick(lang, "一律", "always").to_owned(),
        false => bounds(&region.when, lang),
    };
    let sides = region
        .when
        .iter()
        .filter_map(|it| Some((it.only?, it.fact.as_str())));
    let sides: Vec<String> = sides.map(|(side, fact)| alone(side, fact, lang)).collect();
    let (old, new) = (region.says.0.say(lang), region.says.1.say(lang));
    let shift = region
        .shift
        .zip(decision.clock)
        .map(|(shift, clock)| shift.say(clock, lang));
    writeln!(
        out,
        "  {when}{}{old} → {new}{}",
        pick(lang, ":", ": "),
        in_brackets(shift, lang)
    )?;
    for side in sides {
        writeln!(out, "    {side}")?;
    }
    let matters = |it: &&Instance| decision.reads.contains(&it.fact);
    let facts: Vec<String> = region
        .witness
        .iter()
        .filter(matters)
        .map(|it| format!("{} = {}", it.fact, it.value))
        .collect();
    if !facts.is_empty() && !region.when.is_empty() {
        writeln!(
            out,
            "    {}{}",
            pick(lang, "例如 ", "as when "),
            facts.join(", ")
        )?;
    }
    Ok(())
}

fn in_brackets(text: Option<&str>, lang: Lang) -> String {
    text.map_or(String::new(), |text| {
        pick(lang, format!("({text})"), format!(" ({text})"))
    })
}

fn alone(side: Side, fact: &str, lang: Lang) -> String {
    match side {
        Side::Old => pick(
            lang,
            format!("“{fact}”只有旧包有"),
            format!("only the old pack has `{fact}`"),
        ),
        Side::New => pick(
            lang,
            format!("“{fact}”只有新包有"),
            format!("only the new pack has `{fact}`"),
        ),
    }
}

fn ledger(touched: &Touched, lang: Lang) -> String {
    let Touched {
        open,
        closed,
        cases,
    } = touched;
    let listed = match cases.is_empty() {
        true => String::new(),
        false => format!(
            "{}{}",
            pick(lang, ":", ": "),
            cases.join(pick(lang, "、", ", "))
        ),
    };
    pick(
        lang,
        format!("台账里答案不同的:在办 {open} 件,已销账 {closed} 件{listed}"),
        format!("in the ledger: {open} open, {closed} closed{listed}"),
    )
}
