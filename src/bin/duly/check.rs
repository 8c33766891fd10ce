//! `duly check`: reads a pack and shows what is wrong with it, or what it says.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use duly::plan::{Asked, Clause, Limit, Mode, Plan, Plans, Provenance};
use duly::report::Table;
use duly::script::Tabulated;
use duly::words::{BoardId, Lang, RuleId};
use serde_json::json;

use crate::args::Check;
use crate::fail::{Fail, read};
use crate::pack::Source;

/// Checks a pack. False, where it cannot be used.
pub fn run(asked: &Check, out: &mut dyn Write) -> Result<bool, Fail> {
    let source = Source::find(&asked.pack)?;
    let clock = Stopwatch::start();
    let (tabulated, findings) = source.tabulate();
    let took = clock.read();
    if asked.json {
        write!(out, "{}", findings.to_json_lines())?;
    } else if !findings.all.is_empty() {
        writeln!(out, "{findings}\n")?;
    }
    let Some(Tabulated { plan, paths }) = tabulated else {
        return Ok(false);
    };
    // A calendar that is missing is found here and not on the first working day.
    let board: BoardId = read(plan.pack.as_str())?;
    let plans = source.plans(plan.clone(), board)?;
    if asked.json {
        writeln!(
            out,
            "{}",
            summary(&plan, &plans, asked.stats.then_some((&paths, took)))
        )?;
    } else {
        tell(&source, &plan, &plans, out)?;
        if asked.stats {
            write!(out, "\n{}", work(&plan, &paths))?;
            writeln!(
                out,
                "\nloaded in {}.{:03} ms",
                took.as_millis(),
                took.as_micros() % 1000
            )?;
        }
    }
    Ok(true)
}

fn counts(plan: &Plan) -> [(&'static str, usize); 9] {
    let rungs = plan.clocks.iter().map(|clock| clock.rungs.len()).sum();
    [
        ("places", plan.places.len()),
        ("posts", plan.posts.len()),
        ("facts", plan.schema.facts.len()),
        ("clocks", plan.clocks.len()),
        ("rungs", rungs),
        ("gates", plan.gates.len()),
        ("pauses", plan.pauses.len()),
        ("params", plan.params.len()),
        ("rules", plan.decisions().len()),
    ]
}

/// Rule → how many paths it has.
type Paths = BTreeMap<RuleId, u64>;

/// Every rule that the pack wrote: the paths through it, and the diagram that came of them.
fn work(plan: &Plan, paths: &Paths) -> Table {
    let columns = ["rule", "paths", "nodes", "bytes"];
    let decisions = plan.decisions();
    let written = decisions
        .iter()
        .filter_map(|asked| Some((asked, paths.get(asked.rule)?)));
    let (mut sum, mut table) = ([0_u64; 3], Table::new("", columns));
    for (asked, paths) in written {
        let row = [*paths, asked.size() as u64, asked.bytes() as u64];
        let [paths, nodes, bytes] = row.map(|n| n.to_string());
        table = table.row([asked.rule.to_string(), paths, nodes, bytes]);
        sum.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    let [paths, nodes, bytes] = sum.map(|n| n.to_string());
    table.row(["all".to_owned(), paths, nodes, bytes])
}

fn summary(plan: &Plan, plans: &Plans, stats: Option<(&Paths, Duration)>) -> serde_json::Value {
    let mut summary = json!({
        "pack": plan.pack, "title": plan.title, "edition": plan.edition, "plan": plan.id(),
        "calendar": plans.current().map(|held| held.calendar.revision().to_owned()),
        "counts": counts(plan).into_iter().map(|(name, n)| (name.to_owned(), json!(n))).collect::<serde_json::Map<_, _>>(),
        "clocks": plan.clocks.iter().map(|clock| json!({
            "clock": clock.kind, "title": clock.title, "starts": clock.starts, "stops": clock.stops,
            "within": limits(plan, clock.kind), "rungs": clock.rungs.len(),
        })).collect::<Vec<_>>(),
    });
    let clauses: Vec<serde_json::Value> = plan.decisions().iter().filter_map(|asked| {
        let clauses = asked.clauses?;
        let one = |(number, clause): (u32, &Clause)| json!({
            "number": number, "title": clause.title, "provenance": clause.provenance,
            "otherwise": clause.otherwise, "at": plan.sources.at.get(&asked.rule.clause(number)),
        });
        let all: Vec<serde_json::Value> = (1..).zip(&clauses.all).map(one).collect();
        Some(json!({ "rule": asked.rule, "mode": clauses.mode, "clauses": all }))
    }).collect();
    if let (false, Some(all)) = (clauses.is_empty(), summary.as_object_mut()) {
        all.insert("clauses".into(), clauses.into());
    }
    if let (Some((paths, took)), Some(all)) = (stats, summary.as_object_mut()) {
        let rule = |asked: Asked<'_>| {
            json!({
                "rule": asked.rule, "paths": paths.get(asked.rule), "nodes": asked.size(), "bytes": asked.bytes(),
            })
        };
        let written = plan.decisions().into_iter();
        let written = written.filter(|asked| paths.contains_key(asked.rule));
        all.insert("rules".into(), written.map(rule).collect());
        all.insert(
            "load_us".into(),
            json!(u64::try_from(took.as_micros()).unwrap_or(u64::MAX)),
        );
    }
    summary
}

fn tell(source: &Source, plan: &Plan, plans: &Plans, out: &mut dyn Write) -> Result<(), Fail> {
    writeln!(
        out,
        "{}: {}《{}》 can be used",
        source.name, plan.pack, plan.title
    )?;
    if !plan.edition.is_empty() {
        writeln!(out, "edition   {}", plan.edition)?;
    }
    writeln!(out, "plan      {}", plan.id())?;
    if let Some(held) = plans.current() {
        writeln!(
            out,
            "calendar  {} in {}",
            held.calendar.revision(),
            plan.zone
        )?;
    }
    let counted: Vec<String> = counts(plan)
        .iter()
        .map(|(name, n)| format!("{n} {name}"))
        .collect();
    writeln!(out, "holds     {}\n", counted.join(", "))?;
    let columns = ["clock", "title", "runs", "within", "rungs"];
    let table = plan
        .clocks
        .iter()
        .fold(Table::new("", columns), |table, clock| {
            let stops: Vec<&str> = clock.stops.iter().map(|mark| mark.name()).collect();
            let runs = format!("{} → {}", clock.starts, stops.join(" | "));
            let rungs = clock.rungs.len().to_string();
            table.row([
                clock.kind.name().to_owned(),
                clock.title.clone(),
                runs,
                limits(plan, clock.kind).join(" / "),
                rungs,
            ])
        });
    write!(out, "{table}")?;
    write!(out, "\n{}", modes(plan))?;
    Ok(())
}

/// Which clause holds where several apply: of what is written in clauses, and of what is a list by nature.
fn modes(plan: &Plan) -> Table {
    let mut table = Table::new("", ["where several apply", "mode", "clauses"]);
    for asked in plan.decisions() {
        let Some(clauses) = asked.clauses else {
            continue;
        };
        let each: Vec<String> = (1..).zip(&clauses.all).map(clause).collect();
        table = table.row([asked.rule.to_string(), mode(clauses.mode), each.join(" / ")]);
    }
    let rungs = plan.clocks.iter().map(|clock| clock.rungs.len()).sum();
    let lists = [
        ("gates", plan.gates.len()),
        ("grounds for declining", plan.declines.len()),
        ("rungs", rungs),
        ("counts", plan.counts.len()),
    ];
    let lists = lists.into_iter().filter(|(_, n)| *n > 0);
    lists.fold(table, |table, (what, n)| {
        table.row([what.to_owned(), mode(Mode::Collect), n.to_string()])
    })
}

fn mode(mode: Mode) -> String {
    format!("{} {}", mode.name(), mode.zh())
}

/// A clause by its number, with its title and who says so.
fn clause((number, clause): (u32, &Clause)) -> String {
    let title = match clause.title.is_empty() {
        true => String::new(),
        false => format!(" {}", clause.title),
    };
    let source = match &clause.provenance {
        Provenance::Cited(words) => format!(" ({words})"),
        Provenance::Ours(words) if words.is_empty() => " (ours)".to_owned(),
        Provenance::Ours(words) => format!(" (ours: {words})"),
        Provenance::Unsaid => String::new(),
    };
    format!("{number}{title}{source}")
}

/// Every limit that a clock can have, in words.
fn limits(plan: &Plan, kind: duly::words::ClockKind) -> Vec<String> {
    let limit = |limit: &Limit| match (limit, plan.labels) {
        _ if kind == duly::words::ClockKind::Commitment => "the promised day".to_owned(),
        (Limit::Span(span), Lang::Zh) => span.zh(),
        (Limit::Span(span), Lang::En) => span.to_string(),
        (Limit::Share { of, percent }, _) => format!("{percent}% of {of}"),
    };
    plan.clock(kind)
        .map(|rule| rule.within.diagram.answers().iter().map(limit).collect())
        .unwrap_or_default()
}

/// Measures how long loading takes, for `--stats`.
struct Stopwatch(std::time::Instant);

impl Stopwatch {
    #[allow(
        clippy::disallowed_methods,
        reason = "how long loading took is asked for, and printed on request only"
    )]
    fn start() -> Stopwatch {
        Stopwatch(std::time::Instant::now())
    }
    fn read(&self) -> Duration {
        self.0.elapsed()
    }
}
