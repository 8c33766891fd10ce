//! What a line expects of the case as it stands then.

use serde_json::Value;

use super::cover::Cover;
use super::pick;
use super::read::{Entry, Malformed};
use super::story::{Story, says};
use crate::case::{Case, Clock, StepOutcome, facts_row, outcomes};
use crate::words::{Class, ClockKind, Outcome, Shown, StageName, StepKey};

/// Holds a line to the case.
pub(super) fn line(
    story: &mut Story<'_>,
    entry: &Entry,
    cover: &mut Cover<'_>,
) -> Result<(), Malformed> {
    let Some(case) = story.case.clone() else {
        if let Some(why) = story.not_taken.clone() {
            let expected = pick(story.lang, "留言已登记", "a case");
            story.fails(entry, expected, why, None);
            return Ok(());
        }
        return Err(story.wrong(
            entry,
            "at",
            "there is no case yet; begin the story by `open`",
        ));
    };
    let mut asked = false;
    if entry.map.contains_key("part") {
        asked = true;
        super::parts::part(story, entry, &case)?;
    } else if entry.map.contains_key("due") {
        asked = true;
        due(story, entry, &case)?;
    }
    if entry.map.contains_key("rung") {
        asked = true;
        rung(story, entry, &case)?;
    }
    if entry.map.contains_key("verdict") {
        asked = true;
        verdict(story, entry, &case)?;
    }
    if entry.map.contains_key("told") {
        asked = true;
        super::told::told(story, entry)?;
    }
    if entry.map.contains_key("count") {
        asked = true;
        super::counts::count(story, entry)?;
    }
    if let Some(rule) = entry.text("reason") {
        asked = true;
        reason(story, entry, rule, cover)?;
    }
    asked |= state(story, entry, &case, cover)?;
    match asked || entry.map.keys().eq(["at"]) {
        true => Ok(()),
        false => Err(story.wrong(
            entry,
            "is",
            "this expects nothing; name `due`, `rung`, `verdict`, `reason`, or how the case stands",
        )),
    }
}

fn clock<'c>(
    story: &Story<'_>,
    entry: &Entry,
    key: &str,
    case: &'c Case,
) -> Result<Option<&'c Clock>, Malformed> {
    let said = entry.text(key).unwrap_or_default();
    let plan = story.hand().map(|hand| &hand.plan);
    let titled = plan
        .and_then(|plan| plan.clocks.iter().find(|it| it.title == said))
        .map(|it| it.kind);
    // What an author calls a clock is that clock, also where another kind is called so.
    let Some(kind) = titled.or(ClockKind::named(said)) else {
        let names = ClockKind::ALL.iter().flat_map(|it| [it.name(), it.zh()]);
        let near = crate::plan::near(said, names)
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(story.wrong(entry, key, format!("no clock is called `{said}`{near}")));
    };
    let run = entry.map.get("run").and_then(Value::as_u64);
    Ok(match run {
        Some(run) => case
            .clocks()
            .iter()
            .find(|it| it.key.kind == kind && u64::from(it.key.run) == run),
        None => case.clock(kind),
    })
}

fn no_clock(story: &mut Story<'_>, entry: &Entry, key: &str) {
    let name = entry.text(key).unwrap_or_default().to_owned();
    let expected = pick(
        story.lang,
        format!("“{name}”在计时"),
        format!("a clock `{name}`"),
    );
    let got = pick(story.lang, "没有开始过", "it never started");
    story.fails(entry, expected, got, None);
}

fn due(story: &mut Story<'_>, entry: &Entry, case: &Case) -> Result<(), Malformed> {
    let Some(wanted) = story.moment(entry, "is")? else {
        return Err(story.wrong(
            entry,
            "due",
            "it does not say when it is due; write `\"is\": \"2026-03-16 18:00\"`",
        ));
    };
    let Some(clock) = clock(story, entry, "due", case)? else {
        no_clock(story, entry, "due");
        return Ok(());
    };
    let waits = clock.is_live() && !clock.is_running();
    let due = clock.schedule.legal_due;
    let provisional = entry.map.get("provisional").and_then(Value::as_bool);
    let certain = provisional.is_none_or(|it| it == clock.schedule.provisional);
    if due != wanted || waits || !certain {
        let name = entry.text("due").unwrap_or_default();
        let expected = pick(
            story.lang,
            format!("“{name}”{}到期", story.local(wanted)),
            format!("`{name}` due {}", story.local(wanted)),
        );
        let mut got = if waits {
            pick(story.lang, "正在中止计时", "it waits")
        } else {
            story.local(due)
        };
        if !certain {
            got.push_str(&pick(
                story.lang,
                format!("(暂定:{})", clock.schedule.provisional),
                format!(" (provisional: {})", clock.schedule.provisional),
            ));
        }
        let why = story
            .calendar()
            .and_then(|calendar| case.why_due(clock, calendar).ok());
        let why = why.map(|why| pick(story.lang, why.zh(), why.en()));
        story.fails(entry, expected, got, why);
    }
    Ok(())
}

fn rung(story: &mut Story<'_>, entry: &Entry, case: &Case) -> Result<(), Malformed> {
    let Some(kind) = clock(story, entry, "rung", case)?.map(|it| it.key) else {
        no_clock(story, entry, "rung");
        return Ok(());
    };
    let said = entry.text("step").unwrap_or("due");
    let rungs = story
        .hand()
        .and_then(|hand| hand.plan.clock(kind.kind))
        .map(|rule| rule.rungs.clone())
        .unwrap_or_default();
    let rule = rungs
        .iter()
        .find(|it| it.key == said || (!it.title.is_empty() && it.title == said));
    let key = rule.map_or(said, |it| it.key.as_str());
    let wanted = story.moment(entry, "is")?;
    let all =
        outcomes(&story.records).map_err(|error| story.wrong(entry, "rung", error.to_string()))?;
    let found = all.iter().find(|it| {
        it.clock == kind
            && (it.step.to_string() == key
                || matches!(&it.step, StepKey::Rung { rung, occurrence: 1 } if rung == key))
    });
    let Some(found) = found else {
        let known = all
            .iter()
            .filter(|it| it.clock == kind)
            .map(|it| it.step.to_string())
            .collect::<Vec<_>>()
            .join(", ");
        return Err(story.wrong(
            entry,
            "step",
            format!("`{kind}` has no step `{said}`; it has {known}"),
        ));
    };
    let (fate, zh) = match &found.outcome {
        StepOutcome::Fired { .. } => ("fired", "已发"),
        StepOutcome::Coalesced { .. } => ("coalesced", "合并"),
        StepOutcome::Skipped { .. } => ("skipped", "跳过"),
        StepOutcome::Voided { .. } => ("voided", "不再发"),
        StepOutcome::Ahead { .. } => ("ahead", "未到"),
    };
    let to = posts(story, entry)?;
    let rung = match &found.step {
        StepKey::Rung { rung, .. } => rungs.iter().find(|it| it.key == *rung),
        _ => None,
    };
    if rung.is_none() && !to.is_empty() {
        let own = format!(
            "`{said}` is the engine's own step and no post is named for it: leave `to` out"
        );
        return Err(story.wrong(entry, "to", own));
    }
    let acts = rung.map(|it| it.acts.clone()).unwrap_or_default();
    let plan = story.hand().map(|hand| hand.plan.clone());
    let title = |post: &str| {
        plan.as_ref()
            .and_then(|plan| plan.post(post))
            .map_or(String::new(), |it| it.title.clone())
    };
    let told = |who: &str| {
        acts.iter()
            .any(|(_, post)| post == who || title(post) == who)
    };
    let named = |post: &str| to.iter().any(|it| it == post || *it == title(post));
    let fits_to =
        to.is_empty() || (to.iter().all(|it| told(it)) && acts.iter().all(|(_, post)| named(post)));
    let wanted_fate = entry.text("fate").unwrap_or("");
    let fits_fate = match wanted_fate {
        "" => matches!(
            found.outcome,
            StepOutcome::Fired { .. } | StepOutcome::Ahead { .. }
        ),
        want => want == fate || want == zh,
    };
    if !fits_to || !fits_fate || wanted.is_some_and(|wanted| wanted != found.at) {
        let when = wanted.map_or(String::new(), |at| format!(" {}", story.local(at)));
        let whom = if to.is_empty() {
            String::new()
        } else {
            format!(" → {}", to.join(", "))
        };
        let expected = format!("{kind} {said}{when}{whom} {wanted_fate}")
            .trim_end()
            .to_owned();
        let posts: Vec<String> = acts.iter().map(|(_, post)| title(post)).collect();
        let got = format!(
            "{} → {} ({})",
            story.local(found.at),
            posts.join(", "),
            pick(story.lang, zh, fate)
        );
        story.fails(entry, expected, got, None);
    }
    Ok(())
}

/// The posts that a line names.
pub(super) fn posts(story: &Story<'_>, entry: &Entry) -> Result<Vec<String>, Malformed> {
    Ok(match entry.map.get("to") {
        None => Vec::new(),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(_) => return Err(story.wrong(entry, "to", "posts are written `[\"承办责任人\"]`")),
    })
}

fn verdict(story: &mut Story<'_>, entry: &Entry, case: &Case) -> Result<(), Malformed> {
    let Some(clock) = clock(story, entry, "verdict", case)? else {
        no_clock(story, entry, "verdict");
        return Ok(());
    };
    let want = entry.text("is").unwrap_or_default();
    let last = clock.verdicts.last().map(|it| it.verdict);
    let told = |verdict| {
        says(verdict, want).ok_or_else(|| {
            story.wrong(
                entry,
                "is",
                format!("`{want}` is no verdict; write `on_time` or `late`, 按时 or 超期"),
            )
        })
    };
    let fits = last.map(told).transpose()?;
    if fits != Some(true) {
        let expected = format!("{} {want}", clock.key);
        let got = last.map_or_else(
            || pick(story.lang, "还没有停", "it was not stopped"),
            |it| {
                pick(
                    story.lang,
                    if it.is_on_time() { "按时" } else { "超期" },
                    if it.is_on_time() { "on_time" } else { "late" },
                )
            },
        );
        let why = story
            .calendar()
            .and_then(|calendar| case.why_due(clock, calendar).ok());
        let why = why.map(|why| pick(story.lang, why.zh(), why.en()));
        story.fails(entry, expected, got, why);
    }
    Ok(())
}

fn reason(
    story: &mut Story<'_>,
    entry: &Entry,
    rule: &str,
    cover: &Cover<'_>,
) -> Result<(), Malformed> {
    let known = story.hand().is_some_and(|hand| {
        hand.plan
            .decisions()
            .iter()
            .any(|it| it.rule.as_str() == rule)
    });
    if !known {
        let names: Vec<String> = story
            .hand()
            .map(|hand| {
                hand.plan
                    .decisions()
                    .iter()
                    .map(|it| it.rule.to_string())
                    .collect()
            })
            .unwrap_or_default();
        let near = crate::plan::near(rule, names.iter().map(String::as_str))
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(story.wrong(entry, "reason", format!("no rule is called `{rule}`{near}")));
    }
    let Some(last) = cover.last(rule) else {
        let got = pick(story.lang, "没有读到这一条", "the rule was not read");
        story.fails(entry, rule.to_owned(), got, None);
        return Ok(());
    };
    let (answer, because) = (&last.answer, &last.because);
    let plain = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    // By number or by title; several, where a limit is the earliest of theirs.
    let clause = |want: &str| {
        let mut own = last.clauses.iter();
        own.any(|it| it.title == want || it.number.to_string() == want)
    };
    let decided = entry.map.get("clause").is_none_or(|want| match want {
        Value::Array(all) => {
            all.len() == last.clauses.len() && all.iter().all(|it| clause(&plain(it)))
        }
        one => last.clauses.len() == 1 && clause(&plain(one)),
    });
    let facts = entry.map.get("because").and_then(Value::as_object);
    let fits = facts.is_none_or(|facts| {
        facts.iter().all(|(fact, is)| {
            because
                .iter()
                .any(|it| it.fact == *fact && it.is == plain(is))
        })
    });
    if !fits || !decided || entry.map.get("is").is_some_and(|want| want != answer) {
        let mut expected = entry.map.clone();
        expected.remove("at");
        let because: Vec<String> = because.iter().map(ToString::to_string).collect();
        let clauses: Vec<String> = last
            .clauses
            .iter()
            .map(|it| format!("{} {}", it.number, it.title).trim().to_owned())
            .collect();
        let by = match clauses.is_empty() {
            true => String::new(),
            false => format!(" ({})", clauses.join(" + ")),
        };
        story.fails(
            entry,
            Value::Object(expected).to_string(),
            format!("{rule} = {answer}{by}: {}", because.join(", ")),
            None,
        );
    }
    Ok(())
}

/// How the case stands. True, where the line asks anything of it.
fn state(
    story: &mut Story<'_>,
    entry: &Entry,
    case: &Case,
    cover: &mut Cover<'_>,
) -> Result<bool, Malformed> {
    let two = |name: &str, zh: &str| vec![name.to_owned(), zh.to_owned()];
    let yes = |it: bool| {
        two(
            if it { "true" } else { "false" },
            if it { "是" } else { "否" },
        )
    };
    let none = || two("none", "无");
    let mut asked = false;
    for key in [
        "stage", "outcome", "shown", "proposed", "route", "hot", "tracked", "returns",
    ] {
        let Some(value) = entry.map.get(key) else {
            continue;
        };
        asked = true;
        let want = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let known: Option<Vec<String>> = match key {
            "stage" => Some(
                StageName::ALL
                    .iter()
                    .flat_map(|it| two(it.name(), it.zh()))
                    .collect(),
            ),
            "outcome" => Some(
                Outcome::ALL
                    .iter()
                    .flat_map(|it| two(it.name(), it.zh()))
                    .chain(none())
                    .collect(),
            ),
            "shown" => Some(
                Shown::ALL
                    .iter()
                    .flat_map(|it| two(it.name(), it.zh()))
                    .collect(),
            ),
            "proposed" => Some(
                Class::ALL
                    .iter()
                    .flat_map(|it| two(it.name(), it.zh()))
                    .chain(none())
                    .collect(),
            ),
            "hot" | "tracked" => Some(yes(true).into_iter().chain(yes(false)).collect()),
            _ => None,
        };
        if let Some(known) = known.filter(|known| !known.contains(&want)) {
            return Err(story.wrong(
                entry,
                key,
                format!("`{want}` is none of `{}`", known.join("`, `")),
            ));
        }
        let is = match key {
            "stage" => two(case.stage_name().name(), case.stage_name().zh()),
            "outcome" => case
                .outcome()
                .map_or_else(none, |it| two(it.name(), it.zh())),
            "shown" => two(case.shown().name(), case.shown().zh()),
            "proposed" => story
                .proposed
                .map_or_else(none, |it| two(it.name(), it.zh())),
            "route" => story
                .route(cover, true)
                .map_or_else(none, |it| two(&it, &it)),
            "hot" => {
                let plan = story.hand().map(|hand| hand.plan.clone());
                let rule = plan
                    .as_ref()
                    .and_then(|plan| plan.digest.hot.as_ref().map(|rule| (plan, rule)));
                yes(
                    rule.and_then(|(plan, rule)| cover.read(&rule.rule, &facts_row(plan, case)))
                        == Some(Value::Bool(true)),
                )
            }
            "tracked" => yes(case.is_tracked()),
            _ => two(&case.returns().to_string(), &case.returns().to_string()),
        };
        if !is.contains(&want) {
            let got = pick(
                story.lang,
                is.get(1).cloned().unwrap_or_default(),
                is.first().cloned().unwrap_or_default(),
            );
            story.fails(entry, format!("{key}: {want}"), got, None);
        }
    }
    Ok(asked)
}
