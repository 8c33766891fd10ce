//! `duly test`: runs the tests that stand beside a pack, and tells what they reach.

use std::io::Write;
use std::path::{Path, PathBuf};

use duly::trial::{Coverage, Report, Tests, run_with};
use duly::words::{BoardId, Lang};

use crate::args::Test;
use crate::cases;
use crate::fail::{Fail, read, say};
use crate::pack::{self, Source};
use crate::text::pick;

/// Runs the tests. False, where one of them does not hold, or too little is reached.
pub fn run(asked: &Test, out: &mut dyn Write) -> Result<bool, Fail> {
    let source = Source::find(&asked.pack)?;
    let plan = source.plan(asked.lang.map(Lang::from))?;
    let lang = asked.lang.map_or(plan.labels, Lang::from);
    let board: BoardId = read(plan.pack.as_str())?;
    let plans = source.plans(plan, board)?;
    let files = match carried(asked) {
        [] => files(asked)?
            .iter()
            .map(|path| {
                Tests::read(&path.display().to_string(), &pack::text(path)?).map_err(Fail::said)
            })
            .collect::<Result<Vec<_>, Fail>>()?,
        own => own
            .iter()
            .map(|(file, text)| {
                Tests::read(&format!("{}/cases/{file}", asked.pack), text).map_err(Fail::said)
            })
            .collect::<Result<Vec<_>, Fail>>()?,
    };
    let pack = (source.name.as_str(), source.text.as_str());
    let report = run_with(&plans, pack, &source.options(), &files, lang).map_err(Fail::said)?;
    let enough = asked
        .min_coverage
        .is_none_or(|least| report.coverage.percent() >= usize::from(least));
    if asked.json {
        let mut json = serde_json::to_value(&report).map_err(Fail::said)?;
        if let Some(all) = json.as_object_mut() {
            all.insert("percent".into(), report.coverage.percent().into());
        }
        writeln!(out, "{json}")?;
    } else {
        tell(&report, lang, out)?;
    }
    if !enough {
        let least = asked.min_coverage.unwrap_or_default();
        say(pick(
            lang,
            format!("覆盖不足 {least}%").as_str(),
            format!("less than {least}% is reached").as_str(),
        ));
    }
    Ok(report.failures.is_empty() && enough)
}

/// The tests that the tool carries along with a pack of its own, unless others are named.
fn carried(asked: &Test) -> &'static [(&'static str, &'static str)] {
    match asked.cases.is_empty() && !Path::new(&asked.pack).exists() {
        true => cases::of(&asked.pack),
        false => &[],
    }
}

/// The test files: those named, or all in `cases` beside the pack, by name.
fn files(asked: &Test) -> Result<Vec<PathBuf>, Fail> {
    if !asked.cases.is_empty() {
        return Ok(asked.cases.clone());
    }
    let pack = Path::new(&asked.pack);
    let folder = if pack.is_dir() {
        pack
    } else {
        pack.parent().unwrap_or(Path::new(""))
    }
    .join("cases");
    let shown = folder.display().to_string();
    let found = std::fs::read_dir(&folder).map_err(|_| {
        Fail::file(
            &shown,
            "there are no tests; put `*.jsonl` into it, or name files by `--cases FILE`",
        )
    })?;
    let mut files: Vec<PathBuf> = found
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    files.sort();
    match files.is_empty() {
        true => Err(Fail::file(
            &shown,
            "there are no tests; put `*.jsonl` into it",
        )),
        false => Ok(files),
    }
}

fn tell(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<(), Fail> {
    let say = |zh: &'static str, en: &'static str| pick(lang, zh, en);
    for failure in &report.failures {
        writeln!(out, "{}: {}", failure.at, failure.test)?;
        writeln!(out, "  {} {}", say("应是", "expected"), failure.expected)?;
        writeln!(out, "  {} {}", say("实际", "got     "), failure.got)?;
        for line in failure.why.iter().flat_map(|why| why.lines()) {
            writeln!(out, "  | {line}")?;
        }
        writeln!(out)?;
    }
    let Report {
        tests,
        passed,
        generated,
        coverage,
        ..
    } = report;
    let Coverage {
        rules,
        outcomes,
        conditions,
        boundaries,
        clauses,
        by_rule,
        no_boundary,
        ..
    } = coverage;
    writeln!(
        out,
        "{}",
        match lang {
            Lang::Zh => format!("试案 {tests} 个,通过 {passed} 个"),
            Lang::En if *tests == 1 => format!(
                "1 test: {}",
                if *passed == 1 {
                    "it holds"
                } else {
                    "it does not hold"
                }
            ),
            Lang::En => format!("{tests} tests, {passed} hold"),
        }
    )?;
    let (stops, refused, eves, answers) = (
        generated.stops,
        generated.refused,
        generated.eves,
        generated.answers,
    );
    writeln!(
        out,
        "{}",
        match lang {
            Lang::Zh => format!(
                "自动生成:到期前后一秒 {stops} 个(其中 {refused} 个那时另被拒绝),节前 {eves} 个,规则与判定图对照 {answers} 个"
            ),
            Lang::En => format!(
                "generated: {stops} stops around due ({refused} refused there), {eves} eves of holidays, {answers} answers held against the rules"
            ),
        }
    )?;
    let names = say("规则 答案 条件 时刻", "rules answers conditions boundaries").split(' ');
    let clauses = (clauses.1 > 0).then_some((say("条款", "clauses"), clauses));
    let pairs = names.zip([rules, outcomes, conditions, boundaries]);
    for (name, (had, all)) in pairs.chain(clauses) {
        let percent = (had * 100).checked_div(*all).unwrap_or(100);
        writeln!(out, "  {name:<10} {had}/{all} {percent}%")?;
    }
    for it in by_rule.iter().filter(|it| it.read == 0) {
        let at = it
            .at
            .as_deref()
            .map_or(String::new(), |at| format!("{at}: "));
        writeln!(
            out,
            "{at}{} {}",
            say("没有试案用到", "no test reaches"),
            it.rule
        )?;
    }
    for it in by_rule
        .iter()
        .filter(|it| it.read > 0 && !(it.no_answer.is_empty() && it.no_condition.is_empty()))
    {
        let at = it
            .at
            .as_deref()
            .map_or(String::new(), |at| format!("{at}: "));
        let missing: Vec<&str> = it
            .no_answer
            .iter()
            .map(|answer| answer.say(lang))
            .chain(it.no_condition.iter().map(String::as_str))
            .collect();
        writeln!(
            out,
            "{at}{} {} {}",
            it.rule,
            say("没有试到", "lacks"),
            missing.join("; ")
        )?;
    }
    for clause in by_rule.iter().flat_map(|it| &it.no_clause) {
        let at = clause
            .at
            .as_deref()
            .map_or(String::new(), |at| format!("{at}: "));
        let (said, title) = (
            say("没有试案由它决定", "no test is decided by"),
            &clause.title,
        );
        let title = match title.is_empty() {
            true => String::new(),
            false => format!(" ({title})"),
        };
        writeln!(out, "{at}{said} {}{title}", clause.clause)?;
    }
    for (clock, missing) in no_boundary {
        writeln!(
            out,
            "{} {} {}",
            if lang == Lang::Zh {
                clock.zh()
            } else {
                clock.name()
            },
            say("没有试到", "lacks"),
            missing
                .iter()
                .map(|boundary| boundary.in_words(lang))
                .collect::<Vec<_>>()
                .join(say("、", ", "))
        )?;
    }
    Ok(())
}
