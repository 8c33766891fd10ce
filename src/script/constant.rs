//! Conditions and rules that are the same for every case: they can be used, and hardly say what was meant.

use rhai::{FnPtr, Position};

use super::build::{clock_place, rung_place};
use super::draft::{Draft, Says};
use super::fault::{Both, Fault, both};
use super::record::World;
use super::report::Report;
use super::source::Kind;
use super::tabulate::{Tabulator, Written};
use super::value::{UNITS, as_yes};
use crate::plan::{Given, Plan};
use crate::words::{ClockKind, RuleId};

/// The terms that are the same for every case, by place in the draft, and what they are. Those that nothing reads are told already.
pub(super) fn terms(draft: &Draft, tab: &Tabulator<'_, '_>) -> Vec<(usize, bool)> {
    if tab.report.has_errors() {
        return Vec::new();
    }
    // Whatever is at fault within a rule is found where the rule is read; what looking at the term by itself takes is not the pack's.
    let mut aside = Report::new(tab.report.source);
    let mut own = Tabulator {
        engine: tab.engine,
        world: tab.world.clone(),
        report: &mut aside,
        trees: tab.trees.clone(),
        names: tab.names.clone(),
        skip: tab.skip.clone(),
        lost: tab.lost.clone(),
        written: Vec::new(),
        ..*tab
    };
    (own.paths, own.looks) = (0, 0);
    let mut same = Vec::new();
    for (at, term) in draft.terms.iter().enumerate() {
        let (name, raw) = &term.what;
        if !own.world.was_read(name) {
            continue;
        }
        let rule = RuleId::new(format!("term({name})"));
        let made = own.decide(&rule, raw, Given::Reviewer, None, as_yes);
        if let Some([only]) = made.as_ref().map(|made| made.diagram.answers()) {
            same.push((at, *only));
        }
    }
    same
}

/// What is the same for every case, as warnings at its place.
pub(super) fn warnings(
    plan: &Plan,
    draft: &Draft,
    same: &[(usize, bool)],
    written: &[Written],
    report: &mut Report<'_>,
) {
    for (at, holds) in same {
        if let Some(term) = draft.terms.get(*at) {
            let name = &term.what.0;
            let message = match holds {
                true => both!("the term `{name}` always holds", "用语“{name}”总是成立"),
                false => both!("the term `{name}` never holds", "用语“{name}”从不成立"),
            };
            warn(report, message, again(), term.at);
        }
    }
    for clock in &plan.clocks {
        for rung in &clock.rungs {
            let always = rung.when.as_ref().map(|when| when.diagram.answers()) == Some(&[true]);
            let place = rung_place(draft, clock.kind, &rung.key);
            if let (true, Some(place)) = (always, place) {
                let (key, kind, zh) = (&rung.key, clock.kind, clock.kind.zh());
                let message = both!(
                    "the condition of the rung `{key}` of `{kind}` always holds",
                    "“{zh}”时限的这一级催办(`{key}`)条件总是成立"
                );
                let help = both!(
                    "leave `.when(…)` out, or look at it again",
                    "删去`.when(…)`,或者再看看它"
                );
                warn(report, message, help, place);
            }
        }
    }
    let_happen(plan, draft, report);
    titles(draft, report);
    for decline in &draft.declines {
        let ground = decline.what.ground;
        let rule = plan.declines.iter().find(|rule| rule.ground == ground);
        let never = rule.is_some_and(|rule| rule.when.diagram.answers() == [false]);
        if never && decline.what.when.value.is::<FnPtr>() {
            let zh = ground.zh();
            let message = both!(
                "nothing can ever be declined as `{zh}`: its condition never holds",
                "永远不会以“{zh}”不予受理:它的条件从不成立"
            );
            warn(report, message, again(), decline.at);
        }
    }
    yes_or_no(plan, draft, report);
    for one in written.iter().filter(|one| one.paths > 1) {
        if let Some(place) = arms(plan, draft, &one.rule) {
            let fault = Fault::new(
                "D413",
                both!(
                    "this rule tells cases apart and answers the same for all of them",
                    "这条规则分了情形,结果却都一样"
                ),
            );
            let help = both!(
                "write the one answer, or look at its arms again",
                "直接写这个结果,或者再看看各支"
            );
            report.warn(fault.help(help), place);
        }
    }
}

fn again() -> Both {
    both!("look at its condition again", "再看看它的条件")
}

fn warn(report: &mut Report<'_>, message: Both, help: Both, at: Position) {
    report.warn(Fault::new("D412", message).help(help), at);
}

/// Clocks with the name of another clock: reports and tests tell them apart by it.
fn titles(draft: &Draft, report: &mut Report<'_>) {
    for clock in &draft.clocks {
        let (kind, title) = (clock.what.kind, &clock.what.title);
        let named = |other: &ClockKind| {
            *other != kind && (other.zh() == title || other.name().replace('_', " ") == *title)
        };
        let Some(other) = ClockKind::ALL.iter().copied().find(named) else {
            continue;
        };
        let fault = Fault::new(
            "D416",
            both!(
                "the clock `{kind}` is called `{title}`, which is the name of the clock `{other}`",
                "“{kind}”时限叫`{title}`,那是“{other}”时限的名称";
                kind, other
            ),
        );
        let help = both!(
            "give it a title of its own: reports and tests tell clocks by their titles",
            "换一个名称:报表、试案按名称分辨时限"
        );
        report.warn(fault.help(help), clock.at);
    }
}

/// Extensions and pauses for some cases only, which are for all or for none.
fn let_happen(plan: &Plan, draft: &Draft, report: &mut Report<'_>) {
    let extensions = draft.clocks.iter().filter_map(|clock| {
        let (kind, raw) = (clock.what.kind, clock.what.extended_when.as_ref()?);
        let when = plan.clock(kind)?.extension.as_ref()?.when.as_ref()?;
        let (en, zh) = (
            format!("extending `{kind}`"),
            format!("“{}”时限延期", kind.zh()),
        );
        Some((when, raw.at, en, zh))
    });
    let pauses = draft.pauses.iter().filter_map(|pause| {
        let (reason, raw) = (&pause.what.reason, pause.what.when.as_ref()?);
        let when = plan.pause(reason)?.when.as_ref()?;
        Some((when, raw.at, format!("`{reason}`"), format!("“{reason}”")))
    });
    for (when, place, what, zh) in extensions.chain(pauses) {
        let message = match when.diagram.answers() {
            [true] => both!("the condition of {what} always holds", "{zh}的条件总是成立"),
            [false] => both!("the condition of {what} never holds", "{zh}的条件从不成立"),
            _ => continue,
        };
        let help = both!(
            "leave `.when(…)` out, or look at it again",
            "删去`.when(…)`,或者再看看它"
        );
        warn(report, message, help, place);
    }
}

/// Tracking and what is hot, where each is one rule.
fn yes_or_no(plan: &Plan, draft: &Draft, report: &mut Report<'_>) {
    let track = draft.track.as_ref().and_then(|track| match &track.what {
        Some(Says::Rule(raw)) => Some(raw.at),
        _ => None,
    });
    let hot = draft.digest.as_ref();
    let hot = hot.and_then(|digest| Some(digest.what.hot.as_ref()?.at));
    let twice = draft.review.as_ref();
    let twice = twice.and_then(|review| Some(review.what.as_ref()?.as_ref()?.at));
    let reviewed = plan.review.as_ref().and_then(|rule| rule.when.clone());
    let all = [
        (
            &reviewed,
            twice,
            both!("every reply is reviewed twice", "所有的答复都要两级审核"),
            both!(
                "no reply is reviewed twice by this condition",
                "没有一个件因为这个条件两级审核"
            ),
        ),
        (
            &plan.track.when,
            track,
            both!("every case is tracked", "所有的件都要跟踪督办"),
            both!("nothing is ever tracked", "没有一个件会跟踪督办"),
        ),
        (
            &plan.digest.hot,
            hot,
            both!("every case is hot", "所有的件都算热点"),
            both!("nothing is ever hot", "没有一个件算热点"),
        ),
    ];
    for (decision, place, always, never) in all {
        let answers = decision.as_ref().map(|it| it.diagram.answers());
        let (Some([only]), Some(place)) = (answers, place) else {
            continue;
        };
        warn(report, if *only { always } else { never }, again(), place);
    }
}

/// Where a rule of many arms and one answer was written, if it is one: conditions have findings of their own.
fn arms(plan: &Plan, draft: &Draft, rule: &RuleId) -> Option<Position> {
    let plain = |says: Option<&Says>| match says {
        Some(Says::Rule(raw)) => Some(raw.at),
        _ => None,
    };
    // An overlay's limit beside its base's: where one hides the other, that is told by itself.
    let laid = |kind: ClockKind| draft.tightened.iter().any(|one| one.what.kind == kind);
    let clock = |kind: ClockKind| {
        let own = draft.clocks.iter().find(|clock| clock.what.kind == kind)?;
        plain(own.what.within.as_ref()).or_else(|| clock_place(draft, kind))
    };
    let same = plan.decisions();
    let same = same.iter().find(|asked| asked.rule == rule)?;
    if same.answers().len() != 1 || same.clauses.is_some() {
        return None;
    }
    let within = plan.clocks.iter().find(|clock| clock.within.rule == *rule);
    match rule.as_str() {
        "route.lead" => plain(draft.route.as_ref()?.what.as_ref()),
        "classify(class)" => plain(draft.classify.as_ref()?.what.as_ref()),
        _ => within
            .filter(|clock| !laid(clock.kind))
            .and_then(|within| clock(within.kind)),
    }
}

/// Parts of rules that no case comes to: facts that are never read there, and spans that are never answered. Labels and names that
/// are answered leave no trace.
pub(super) fn unreached(draft: &Draft, world: &World, report: &mut Report<'_>) {
    let tokens = &report.source.tokens;
    let known = |name: &str| {
        let unit = UNITS.iter().any(|(unit, _)| *unit == name);
        unit || world.terms.contains_key(name) || world.schema.index(name).is_some()
    };
    let mut before = true;
    let mut dead = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let near = |from: usize| at.checked_sub(from).and_then(|at| tokens.get(at));
        let dot = near(1).filter(|dot| dot.is("."));
        let of = near(2).filter(|of| matches!(of.kind, Kind::Name | Kind::Number));
        let word = tokens.get(at + 1).is_some_and(|next| next.is("("));
        let (Some(dot), Some(_)) = (dot, of) else {
            continue;
        };
        if token.kind != Kind::Name || word || !known(&token.text) {
            continue;
        }
        let reached = [dot, token]
            .iter()
            .any(|it| draft.reached.contains(&(it.line, it.column)));
        // Of several in a row the first says it all.
        if !reached && before {
            dead.push(token.position());
        }
        before = reached;
    }
    for place in dead {
        let fault = Fault::new(
            "D414",
            both!(
                "no case comes to this: what stands before it leaves none",
                "没有一个件会走到这里:前面的条件已经把各种情形都管住了"
            ),
        );
        let help = both!(
            "delete this arm, or look at what stands before it",
            "删去这一支,或者再看看前面的条件"
        );
        report.warn(fault.help(help), place);
    }
}
