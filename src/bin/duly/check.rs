//! `duly check`: reads a pack and shows what is wrong with it, or what it says.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use duly::plan::{Asked, Clause, DerivedRule, Limit, Mode, Plan, Plans, Provenance};
use duly::report::Table;
use duly::script::Tabulated;
use duly::words::{BoardId, ClockKind, ClockMark, Lang, RuleId};
use serde_json::json;

use crate::args::Check;
use crate::fail::{Fail, read};
use crate::pack::Source;
use crate::text::pick;

/// Checks a pack. False, where it cannot be used.
pub fn run(asked: &Check, out: &mut dyn Write) -> Result<bool, Fail> {
    let source = Source::find(&asked.pack)?;
    let clock = Stopwatch::start();
    let (tabulated, findings) = source.tabulate()?;
    let took = clock.read();
    let lang = source.lang(asked.lang.map(Lang::from));
    if asked.json {
        write!(out, "{}", findings.to_json_lines())?;
    } else if !findings.all.is_empty() {
        writeln!(out, "{}\n", findings.in_words(lang))?;
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
        tell(&source, &plan, &plans, lang, out)?;
        if asked.stats {
            write!(out, "\n{}", work(&plan, &paths, lang))?;
            let loaded = pick(lang, "装载用时", "loaded in");
            let (millis, micros) = (took.as_millis(), took.as_micros() % 1000);
            writeln!(out, "\n{loaded} {millis}.{micros:03} ms")?;
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
fn work(plan: &Plan, paths: &Paths, lang: Lang) -> Table {
    let columns = match lang {
        Lang::Zh => ["规则", "路径", "节点", "字节"],
        Lang::En => ["rule", "paths", "nodes", "bytes"],
    };
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
    let all = pick(lang, "合计", "all").to_owned();
    table.row([all, paths, nodes, bytes])
}

fn summary(plan: &Plan, plans: &Plans, stats: Option<(&Paths, Duration)>) -> serde_json::Value {
    let mut summary = json!({
        "pack": plan.pack, "title": plan.title, "edition": plan.edition, "in_force": plan.in_force, "plan": plan.id(),
        "calendar": plans.latest().map(|held| held.calendar.revision().to_owned()),
        "counts": counts(plan).into_iter().map(|(name, n)| (name.to_owned(), json!(n))).collect::<serde_json::Map<_, _>>(),
        "derived": plan.derived.iter().map(|rule| json!({
            "fact": rule.fact, "finds": finds(plan, rule, Lang::En), "from": rule.from,
        })).collect::<Vec<_>>(),
        "clocks": plan.clocks.iter().map(|clock| json!({
            "clock": clock.kind, "title": clock.title, "starts": clock.starts, "stops": clock.stops,
            "within": limits(plan, clock.kind, plan.labels), "rungs": clock.rungs.len(),
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

/// So many of something that [`counts`] counted.
fn counted((name, n): (&'static str, usize), lang: Lang) -> String {
    let zh = match name {
        "places" => "个地方",
        "posts" => "个岗位",
        "facts" => "个事实",
        "clocks" => "个时限",
        "rungs" => "级催办督办",
        "gates" => "条把关",
        "pauses" => "种中止计时",
        "params" => "个参数",
        _ => "条规则",
    };
    match (lang, n) {
        (Lang::Zh, n) => format!("{n} {zh}"),
        (Lang::En, 1) => format!("1 {}", name.trim_end_matches('s')),
        (Lang::En, n) => format!("{n} {name}"),
    }
}

fn tell(
    source: &Source,
    plan: &Plan,
    plans: &Plans,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Fail> {
    let (name, pack, title) = (&source.name, &plan.pack, &plan.title);
    let fine = pick(lang, "可以使用", " can be used");
    writeln!(out, "{name}: {pack}《{title}》{fine}")?;
    if !plan.edition.is_empty() {
        writeln!(
            out,
            "{}{}",
            pick(lang, "版次  ", "edition   "),
            plan.edition
        )?;
    }
    if let Some(in_force) = plan.in_force {
        match (lang, in_force.from, in_force.to) {
            (Lang::En, ..) => writeln!(out, "in force  {in_force}")?,
            (Lang::Zh, from, Some(to)) => writeln!(out, "施行  {from} 至 {to}")?,
            (Lang::Zh, from, None) => writeln!(out, "施行  {from} 起")?,
        }
    }
    writeln!(out, "{}{}", pick(lang, "编号  ", "plan      "), plan.id())?;
    if let Some(held) = plans.latest() {
        let (revision, zone) = (held.calendar.revision(), plan.zone);
        match lang {
            Lang::Zh => writeln!(out, "日历  {revision}(时区 {zone})")?,
            Lang::En => writeln!(out, "calendar  {revision} in {zone}")?,
        }
    }
    let all = counts(plan).map(|count| counted(count, lang));
    let (holds, comma) = (pick(lang, "内容  ", "holds     "), pick(lang, "、", ", "));
    writeln!(out, "{holds}{}\n", all.join(comma))?;
    if !plan.derived.is_empty() {
        let columns = match lang {
            Lang::Zh => ["由接入的系统登记", "得出", "依据"],
            Lang::En => ["the host registers", "it finds", "from"],
        };
        let table = plan
            .derived
            .iter()
            .fold(Table::new("", columns), |table, rule| {
                table.row([
                    rule.fact.clone(),
                    finds(plan, rule, lang),
                    inputs(rule, lang),
                ])
            });
        writeln!(out, "{table}")?;
    }
    let columns = match lang {
        Lang::Zh => ["时限", "名称", "起止", "多久之内", "催办级数"],
        Lang::En => ["clock", "title", "runs", "within", "rungs"],
    };
    let table = plan
        .clocks
        .iter()
        .fold(Table::new("", columns), |table, clock| {
            let mark = |mark: &ClockMark| pick(lang, mark.zh(), mark.name());
            let stops: Vec<&str> = clock.stops.iter().map(mark).collect();
            let runs = format!("{} → {}", mark(&clock.starts), stops.join(" | "));
            let rungs = clock.rungs.len().to_string();
            table.row([
                clock.kind.name().to_owned(),
                clock.title.clone(),
                runs,
                limits(plan, clock.kind, lang).join(" / "),
                rungs,
            ])
        });
    write!(out, "{table}")?;
    if plan.decisions().iter().any(|asked| asked.clauses.is_some()) {
        write!(out, "\n{}", modes(plan, lang))?;
    }
    Ok(())
}

/// Which clause holds where several apply: of what is written in clauses, and of what is a list by nature.
fn modes(plan: &Plan, lang: Lang) -> Table {
    let columns = match lang {
        Lang::Zh => ["几款都管到时", "以何为准", "各款"],
        Lang::En => ["where several apply", "mode", "clauses"],
    };
    let mut table = Table::new("", columns);
    for asked in plan.decisions() {
        let Some(clauses) = asked.clauses else {
            continue;
        };
        let each: Vec<String> = (1..).zip(&clauses.all).map(|it| clause(it, lang)).collect();
        let mode = mode(clauses.mode, lang);
        table = table.row([asked.rule.to_string(), mode, each.join(" / ")]);
    }
    let rungs = plan.clocks.iter().map(|clock| clock.rungs.len()).sum();
    let lists = [
        (pick(lang, "把关", "gates"), plan.gates.len()),
        (
            pick(lang, "不予受理的事由", "grounds for declining"),
            plan.declines.len(),
        ),
        (pick(lang, "催办督办", "rungs"), rungs),
        (pick(lang, "次数", "counts"), plan.counts.len()),
        (pick(lang, "告知", "notices"), plan.notices.len()),
    ];
    let lists = lists.into_iter().filter(|(_, n)| *n > 0);
    lists.fold(table, |table, (what, n)| {
        table.row([what.to_owned(), mode(Mode::Collect, lang), n.to_string()])
    })
}

fn mode(mode: Mode, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{} {}", mode.name(), mode.zh()),
        Lang::En => mode.name().to_owned(),
    }
}

/// A clause by its number, with its title and who says so.
fn clause((number, clause): (u32, &Clause), lang: Lang) -> String {
    let title = match clause.title.is_empty() {
        true => String::new(),
        false => format!(" {}", clause.title),
    };
    let source = match &clause.provenance {
        Provenance::Cited(words) => format!(" ({words})"),
        Provenance::Ours(words) if words.is_empty() => pick(lang, "(自定)", " (ours)").to_owned(),
        Provenance::Ours(words) if lang == Lang::Zh => format!("(自定:{words})"),
        Provenance::Ours(words) => format!(" (ours: {words})"),
        Provenance::Unsaid => String::new(),
    };
    format!("{number}{title}{source}")
}

/// What a derived fact's function answers, in words.
fn finds(plan: &Plan, rule: &DerivedRule, lang: Lang) -> String {
    let fact = plan.schema.fact(&rule.fact);
    fact.map_or(String::new(), |fact| match lang {
        Lang::Zh => fact.domain.expects_zh(),
        Lang::En => fact.domain.expects(),
    })
}

fn inputs(rule: &DerivedRule, lang: Lang) -> String {
    match rule.from.is_empty() {
        true => pick(lang, "随留言而来的", "what comes with the message").to_owned(),
        false => rule.from.join(pick(lang, "、", ", ")),
    }
}

/// Every limit that a clock can have, in words.
fn limits(plan: &Plan, kind: ClockKind, lang: Lang) -> Vec<String> {
    let limit = |limit: &Limit| match (limit, lang) {
        _ if kind == ClockKind::Commitment => {
            pick(lang, "承诺的日期", "the promised day").to_owned()
        }
        (limit, Lang::Zh) => limit.zh(),
        (Limit::Span(span), Lang::En) => span.to_string(),
        (Limit::Share { of, percent }, Lang::En) => format!("{percent}% of {of}"),
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
