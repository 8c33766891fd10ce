//! A draft's rules into a plan.

use std::collections::BTreeMap;

use rhai::{Dynamic, Position};

use super::clauses::{self, Point};
use super::draft::{At, ClockDraft, Draft, GateDraft, LadderDraft, LadderOf, TightenDraft};
use super::fault::{Both, Fault, Tried, both, suggest};
use super::record::World;
use super::report::Report;
use super::tabulate::{Ask, Only, Tabulator, Written};
use super::value::{Named, as_limit, as_yes, said};
use super::words::{duties, notices, parts};
use crate::plan::{
    ClockRule, CountRule, Decision, DeclineRule, Diagram, GateRule, Given, Judged, Limit, Mention,
    On, PauseKind, Plan, PlanFault, PlanWarning, Provenance, ReviewRule, RouteRule, Rung,
    SUPPLEMENT, case_zh, complete,
};
use crate::time::Span;
use crate::words::{Class, ClockKind, ClockMark, Gate, RuleId, UnitId};

type Places = BTreeMap<RuleId, Position>;

/// Writes everything that was said into the plan.
pub(super) fn plan(plan: &mut Plan, draft: &Draft, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    head(plan, draft, tab, at);
    plan.places = what(&draft.places);
    plan.posts = what(&draft.posts);
    plan.params = what(&draft.params);
    plan.mentions = draft
        .mentions
        .iter()
        .map(|m| Mention {
            fact: m.what.0.clone(),
            words: m.what.1.clone(),
        })
        .collect();
    screening(plan, draft, tab, at);
    plan.clocks = draft
        .clocks
        .iter()
        .filter_map(|clock| self::clock(plan, clock, draft, tab, at))
        .collect();
    complete(plan);
    for one in &draft.tightened {
        tighten(plan, one, draft, tab, at);
    }
    for ladder in &draft.ladders {
        self::ladder(plan, ladder, tab, at);
    }
    for count in &draft.counts {
        for (number, acts, place) in &count.what.steps {
            let rule = RuleId::new(format!("count({}).{number}", count.what.count.name()));
            if acts.is_empty() {
                tab.report.add(
                    Fault::new(
                        "D207",
                        both!(
                            "`.at({number})` does nothing",
                            "`.at({number})`后面没有写做什么"
                        ),
                    )
                    .help(both!(
                        "say what: `.supervise(督查办)`",
                        "写明做什么,如`.supervise(督查办)`"
                    )),
                    *place,
                );
            }
            at.insert(rule.clone(), *place);
            plan.counts.push(CountRule {
                rule,
                count: count.what.count,
                at: *number,
                acts: acts.clone(),
            });
        }
    }
    for gate in &draft.gates {
        self::gate(plan, gate, tab, at);
    }
    notices::build(plan, draft, tab, at);
    duties::build(plan, draft, tab, at);
    parts::build(plan, draft, tab, at);
    doors(plan, draft, tab, at);
    reports(plan, draft, tab, at);
}

fn what<T: Clone>(all: &[At<T>]) -> Vec<T> {
    all.iter().map(|one| one.what.clone()).collect()
}

fn head(plan: &mut Plan, draft: &Draft, tab: &mut Tabulator<'_, '_>, places: &mut Places) {
    let Some(At { what: pack, at, .. }) = &draft.pack else {
        return;
    };
    plan.title = pack.title.clone();
    plan.edition = pack.edition.clone();
    plan.in_force = pack.in_force.as_ref().map(|said| said.what);
    plan.sources_cited = pack.cited.clone();
    if let Some(zone) = pack.zone {
        plan.zone = zone;
    }
    if let Some(hours) = &pack.hours {
        plan.hours = hours.clone();
        plan.hours_provenance = pack.provenance.clone();
    }
    for (windows, from, to) in &pack.season {
        let five = || windows.clone();
        let week = [
            five(),
            five(),
            five(),
            five(),
            five(),
            Vec::new(),
            Vec::new(),
        ];
        match plan.hours.clone().between(from, to, week) {
            Ok(hours) => plan.hours = hours,
            Err(error) => tab.report.add(
                Fault::new(
                    "D203",
                    both!("{error}", "`{from}`到`{to}`:写月和日,如`05-01`"),
                ),
                *at,
            ),
        }
    }
    if !pack.holidays.is_empty() {
        plan.uncovered = pack.uncovered;
        plan.holidays = pack.holidays.iter().map(|(id, ..)| id.clone()).collect();
        // Which tables there are is known only where the plan is taken in hand; what is missing there has its place here.
        for (id, word, number) in &pack.holidays {
            let argument = tab.report.source.argument(*word, *number);
            places.insert(
                RuleId::holidays(id),
                argument.map_or(*word, |token| token.position()),
            );
        }
    }
    if let Some(counting) = pack.counting {
        plan.counting = counting;
    }
}

fn screening(plan: &mut Plan, draft: &Draft, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    if let Some(classify) = &draft.classify {
        let rule = RuleId::new("classify(class)");
        match &classify.what {
            Some(says) => {
                let point = Point::new(&rule, Given::Host, as_class).rest(None);
                plan.classify = point.decide(says, draft, tab, at);
            }
            None => missing(
                tab,
                both!(
                    "the classification proposes nothing",
                    "分类处置没有写怎么分"
                ),
                both!("add `.propose(|m| …)`", "后面加上`.propose(|m| …)`"),
                classify.at,
            ),
        }
        at.insert(rule, classify.at);
    }
    for decline in &draft.declines {
        let rule = RuleId::new(format!("decline({})", decline.what.ground));
        let when = tab.decide(&rule, &decline.what.when, Given::Intake, None, as_yes);
        at.insert(rule, decline.at);
        match (&decline.what.told, when) {
            (None, _) => missing(
                tab,
                both!(
                    "the citizen is not told where to go",
                    "没有写告知网民去哪里"
                ),
                both!("add `.told(\"…\")`", "后面加上`.told(\"…\")`"),
                decline.at,
            ),
            (Some(told), Some(when)) => {
                plan.declines.push(DeclineRule {
                    ground: decline.what.ground,
                    when,
                    told: told.clone(),
                });
            }
            _ => {}
        }
    }
    if let Some(route) = &draft.route {
        let rule = RuleId::new("route.lead");
        match &route.what {
            Some(says) => {
                let point = Point::new(&rule, Given::Intake, as_unit).rest(None);
                let lead = point.decide(says, draft, tab, at);
                plan.route = lead.map(|lead| RouteRule { lead });
            }
            None => missing(
                tab,
                both!("the route leads nowhere", "没有写交给哪个单位"),
                both!("add `.lead(|m| …)`", "后面加上`.lead(|m| …)`"),
                route.at,
            ),
        }
        at.insert(rule, route.at);
    }
}

fn missing(tab: &mut Tabulator<'_, '_>, message: Both, help: Both, at: Position) {
    tab.report.add(Fault::new("D207", message).help(help), at);
}

/// The latest facts that are known when a clock starts.
fn known_at(starts: ClockMark) -> Given {
    match starts {
        ClockMark::Received | ClockMark::Tracked => Given::Host,
        ClockMark::Replied | ClockMark::Committed => Given::Reply,
        ClockMark::Returned
        | ClockMark::PassedFirst
        | ClockMark::Published
        | ClockMark::CalledBack
        | ClockMark::Rated => Given::Reviewer,
        _ => Given::Intake,
    }
}

fn clock(
    plan: &Plan,
    clock: &At<ClockDraft>,
    draft: &Draft,
    tab: &mut Tabulator<'_, '_>,
    at: &mut Places,
) -> Option<ClockRule> {
    let said = &clock.what;
    let kind = said.kind;
    let rule = RuleId::new(format!("clock({kind}).within"));
    at.insert(rule.clone(), clock.at);
    let starts = said.starts.unwrap_or(kind.starts());
    let within = match &said.within {
        Some(says) => {
            at.insert(rule.clone(), draft.place_of(says).unwrap_or(clock.at));
            Point::new(&rule, known_at(starts), as_limit).decide(says, draft, tab, at)
        }
        None if kind == ClockKind::Commitment => Some(Decision::new(
            rule,
            Diagram::constant(Limit::Span(Span::CalendarDays(1))),
        )),
        None => {
            missing(
                tab,
                both!("the clock `{kind}` has no limit", "“{kind}”时限没有写多久"; kind),
                both!(
                    "add `.within(5.working_days)`",
                    "后面加上`.within(5.working_days)`(多久之内)"
                ),
                clock.at,
            );
            None
        }
    };
    if kind.lapses() && !said.lapses {
        let message = both!(
            "the clock `{kind}` lapses, and the pack must say so",
            "“{kind}”时限到期就视为已办,要在这里写明";
            kind
        );
        let help = both!("add `.lapses()`", "后面加上`.lapses()`(逾期视为)");
        missing(tab, message, help, clock.at);
    }
    let class = said.class.unwrap_or_else(|| kind.usual_class());
    let mut extension = said.extension.clone();
    if let (Some(raw), Some(extension)) = (&said.extended_when, &mut extension) {
        let rule = RuleId::new(format!("clock({kind}).extend"));
        at.insert(rule.clone(), raw.at);
        extension.when = Some(tab.decide(&rule, raw, Given::Intake, None, as_yes)?);
    }
    Some(ClockRule {
        kind,
        title: said.title.clone(),
        starts,
        stops: said
            .until
            .flatten()
            .map_or_else(|| kind.stops().to_vec(), |until| vec![until]),
        within: within?,
        counting: said.counting.unwrap_or(plan.counting),
        class,
        provenance: said.provenance.clone(),
        lapses: said.lapses,
        extension,
        not_past_whole: said.not_past_whole,
        leaves: said.leaves.clone(),
        rungs: Vec::new(),
    })
}

/// Lays an overlay's limit beside its base's: the clock ends with whichever is earlier, case by case. Where the overlay's clauses say
/// nothing, the base's limit holds.
fn tighten(
    plan: &mut Plan,
    one: &At<TightenDraft>,
    draft: &Draft,
    tab: &mut Tabulator<'_, '_>,
    at: &mut Places,
) {
    let kind = one.what.kind;
    let rule = RuleId::new(format!("clock({kind}).within"));
    let Some(says) = &one.what.within else {
        let message = both!(
            "how `{kind}` is tightened is not said",
            "“{kind}”时限从严到多久,没有写";
            kind
        );
        let help = both!(
            "add `.within(5.working_days)`",
            "后面加上`.within(5.working_days)`(多久之内)"
        );
        return missing(tab, message, help, one.at);
    };
    // A base that was refused has its own finding.
    let under = plan.clocks.iter().position(|clock| clock.kind == kind);
    let before = under
        .and_then(|at| plan.clocks.get(at)?.within.clauses.as_ref())
        .map_or(0, |clauses| clauses.all.len());
    let some = |value: &Dynamic| as_limit(value).map(Some);
    let starts = under
        .and_then(|at| plan.clocks.get(at))
        .map_or(kind.starts(), |clock| clock.starts);
    let point = Point::new(&rule, known_at(starts), some).rest(None);
    let Some(over) = point.after(before).decide(says, draft, tab, at) else {
        return;
    };
    let written = tab.written.pop();
    let Some(clock) = under.and_then(|at| plan.clocks.get_mut(at)) else {
        return;
    };
    let place = draft.place_of(says).unwrap_or(one.at);
    let schema = &plan.schema;
    let base = &clock.within.diagram;
    // What all of them may take is spent, and that has been said.
    if tab.laid == 0 {
        return;
    }
    let room = &mut tab.laid;
    let longer = base.zip_within(&over.diagram, room, |base, over| {
        let over = over.as_ref()?;
        (!over.within(base) && base.within(over)).then(|| (over.clone(), base.clone()))
    });
    let least = base.zip_within(&over.diagram, room, |base, over| match over {
        None => Ok(base.clone()),
        Some(over) => base.least(over).ok_or_else(|| (over.clone(), base.clone())),
    });
    let clauses = clauses::laid_over(&clock.within, &over, room);
    let (longer, least, clauses) = match (longer, least, clauses) {
        (Ok(longer), Ok(least), Ok(clauses)) => (longer, least, clauses),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
            tab.report.add(
                Fault::new("D310", both!("{error}", "{error}"; error)).arg(0),
                place,
            );
            return;
        }
    };
    let mixed = least.first(schema, Result::is_err).and_then(|region| {
        let (over, base) = region.answer.clone().err()?;
        Some((over, base, region.say(schema)))
    });
    if let Some((over, base, when)) = mixed {
        let zh = case_zh(&when);
        let message = both!(
            "{over} and the base's {base} cannot be compared, when {when}",
            "本包写的是{over},底本写的是{base},比不出哪个严(情形:{zh})";
            over, base
        );
        let fault = Fault::new("D211", message).help(both!(
            "tighten a share by a share of the same clock, a span by a span",
            "底本写几成,这里也写同一时限的几成;底本写时长,这里也写时长"
        ));
        tab.report.add(fault.arg(0), place);
        return;
    }
    let first = longer.first(schema, Option::is_some).and_then(|region| {
        let (over, base) = region.answer.clone()?;
        Some((over, base, region.say(schema)))
    });
    if let Some((over, base, when)) = first {
        let zh = case_zh(&when);
        let message = both!(
            "the base is stricter and holds: {base} instead of {over}, when {when}",
            "底本更严,以底本为准:{base},不是{over}(情形:{zh})";
            over, base
        );
        let fault = Fault::new("D407", message).help(both!(
            "say nothing of these cases, or a limit that is shorter",
            "这些情形不写,或者写得比底本短"
        ));
        tab.report.warn(fault, place);
    }
    let any = Limit::Span(Span::CalendarDays(1));
    clock.within = Decision {
        rule: rule.clone(),
        diagram: least.map(|limit| limit.clone().unwrap_or_else(|_| any.clone())),
        clauses: clauses.map(Box::new),
    };
    if one.what.provenance != Provenance::Unsaid {
        clock.provenance = one.what.provenance.clone();
    }
    at.insert(rule.clone(), place);
    // The interpreter asks both.
    let under = tab.written.iter().position(|known| known.rule == rule);
    let under = under.map(|at| tab.written.swap_remove(at));
    if let (Some(own), Some(under)) = (written, under) {
        tab.written.push(Written {
            rule,
            paths: own.paths + under.paths,
            ask: Box::new(move |engine, recorder| {
                let limit = |ask: &Ask| -> Tried<Option<Limit>> {
                    let said = ask(engine, recorder)?;
                    serde_json::from_value(said)
                        .map_err(|error| Fault::new("D308", both!("{error}", "规则没有算出来")))
                };
                let (base, over) = (limit(&under.ask)?, limit(&own.ask)?);
                let least = base.and_then(|base| match &over {
                    None => Some(base),
                    Some(over) => base.least(over),
                });
                Ok(serde_json::to_value(least).unwrap_or_default())
            }),
        });
    }
}

/// The key of a rung in its ladder, from when it comes.
pub(super) fn key(on: &On) -> String {
    let span = |span: &Span| match span {
        Span::WorkingDays(n) => n.to_string(),
        other => other.to_string().replace(' ', "-"),
    };
    match on {
        On::Before(lead) => format!("before-{}", span(lead)),
        On::At => "due".into(),
        On::After(late) => format!("after-{}", span(late)),
        On::Share(percent) => format!("share-{percent}"),
        On::Every { span: apart, .. } => format!("every-{}", span(apart)),
    }
}

fn ladder(plan: &mut Plan, ladder: &At<LadderDraft>, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    let LadderOf::Clock(kind) = ladder.what.of else {
        return;
    };
    let mut rungs = Vec::new();
    let starts = plan.clock(kind).map_or(kind.starts(), |clock| clock.starts);
    if ladder.what.rungs.is_empty() {
        missing(
            tab,
            both!("the ladder of `{kind}` has no rungs", "“{kind}”催办督办一级也没有写"; kind),
            both!(
                "add `.due().remind(…)`",
                "后面加上`.due().remind(…)`(到期催办)"
            ),
            ladder.at,
        );
    }
    for rung in &ladder.what.rungs {
        let key = key(&rung.on);
        let rule = RuleId::new(format!("ladder({kind}).{key}"));
        let when = rung
            .when
            .as_ref()
            .map(|raw| tab.decide(&rule, raw, known_at(starts), None, as_yes));
        if rung.acts.is_empty() {
            missing(
                tab,
                both!("this rung does nothing", "这一级没有写做什么"),
                both!(
                    "say what and to whom: `.remind(承办人)`",
                    "写明做什么、对谁,如`.remind(承办人)`(催办承办人)"
                ),
                rung.at,
            );
        }
        at.insert(rule, rung.at);
        let title = if rung.title.is_empty() {
            ladder.what.title.clone()
        } else {
            rung.title.clone()
        };
        match when {
            Some(None) => {}
            when => rungs.push(Rung {
                key,
                on: rung.on.clone(),
                title,
                acts: rung.acts.clone(),
                when: when.flatten(),
                at_once: rung.at_once,
            }),
        }
    }
    match plan.clocks.iter_mut().find(|clock| clock.kind == kind) {
        Some(clock) => clock.rungs = rungs,
        // A clock that was refused has its own finding.
        None if tab.report.has_errors() => {}
        None => {
            let fault = Fault::new(
                "D207",
                both!(
                    "there is no clock `{kind}` for this ladder",
                    "没有“{kind}”时限,催办督办无从算起";
                    kind
                ),
            );
            let help = both!(
                "declare it: `clock(\"{kind}\").within(…)`",
                "先写这个时限:`clock(\"{kind}\").within(…)`"
            );
            tab.report.add(fault.help(help), ladder.at);
        }
    }
}

fn gate(plan: &mut Plan, gate: &At<GateDraft>, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    let name = gate.what.gate;
    if gate.what.clauses.is_empty() {
        missing(
            tab,
            both!("the gate `{name}` asks for nothing", "“{name}”这一关没有写把什么关"; name),
            both!(
                "add `.require(|m| …, \"…\")`",
                "后面加上`.require(|m| …, \"…\")`(必须)或者`.refuse(|m| …, \"…\")`(不得)"
            ),
            gate.at,
        );
    }
    let judged = gate.what.judged.unwrap_or(if name == Gate::Satisfaction {
        Judged::StrikeOff
    } else {
        Judged::Review
    });
    for (number, clause) in gate.what.clauses.iter().enumerate() {
        let rule = RuleId::new(format!("gate({name}).{}", number + 1));
        let codes = |class: &Class| {
            Class::ALL
                .iter()
                .position(|known| known == class)
                .map(|at| at as i64)
        };
        let only = (!clause.only_for.is_empty()).then(|| Only {
            fact: plan.schema.index("class").unwrap_or(0),
            codes: clause.only_for.iter().filter_map(codes).collect(),
            otherwise: true,
        });
        let met = tab.decide(
            &rule,
            &clause.rule,
            Given::Reviewer,
            only,
            if clause.refuses { as_no } else { as_yes },
        );
        at.insert(rule, clause.rule.at);
        plan.gates.extend(met.map(|met| GateRule {
            gate: name,
            judged,
            met,
            words: clause.words.clone(),
        }));
    }
}

fn doors(plan: &mut Plan, draft: &Draft, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    for pause in &draft.pauses {
        match pause.what.rule() {
            Some(mut rule) => {
                if let Some(raw) = &pause.what.when {
                    let word = match rule.kind {
                        PauseKind::Excludes => "exclude",
                        _ => "pause",
                    };
                    // The citizen is asked before anybody has said what kind of case it is.
                    let known = match rule.reason == SUPPLEMENT {
                        true => Given::Host,
                        false => Given::Intake,
                    };
                    let id = RuleId::new(format!("{word}({})", rule.reason));
                    at.insert(id.clone(), raw.at);
                    rule.when = tab.decide(&id, raw, known, None, as_yes);
                }
                plan.pauses.push(rule);
            }
            None => missing(
                tab,
                match pause.what.kind {
                    PauseKind::Excludes => both!(
                        "time that is taken out says whose it is, and how long at most",
                        "扣除时间要写明因谁、最长多久"
                    ),
                    _ => both!(
                        "a pause says whose time it is, and how long at most",
                        "中止计时要写明因谁、最长多久"
                    ),
                },
                both!(
                    "write `.side(CITIZEN).most(10.working_days)`",
                    "写`.side(CITIZEN).most(10.working_days)`(因网民,最长 10 个工作日)"
                ),
                pause.at,
            ),
        }
    }
    if let Some(redo) = &draft.redo {
        match redo.what.is_empty() {
            true => missing(
                tab,
                both!("redo has no grounds", "退回重办没有写事由"),
                both!(
                    "add `.grounds([\"调查不清楚\"])`",
                    "后面加上`.grounds([\"调查不清楚\"])`"
                ),
                redo.at,
            ),
            false => plan.redo.grounds = redo.what.clone(),
        }
    }
    if let Some(review) = &draft.review {
        let rule = RuleId::new("review.two_steps");
        match &review.what {
            Some(when) => {
                let when = when.as_ref();
                let when = when.and_then(|raw| tab.decide(&rule, raw, Given::Reply, None, as_yes));
                plan.review = Some(ReviewRule { when });
            }
            None => missing(
                tab,
                both!("review says nothing", "审核没有写要几级"),
                both!(
                    "add `.two_steps()`, or leave `review()` out: one review goes without saying",
                    "后面加上`.two_steps()`;只审一级的,`review()`不用写"
                ),
                review.at,
            ),
        }
        at.insert(rule, review.at);
    }
    if let Some(callback) = &draft.callback {
        match callback.what {
            Some(attempts) => plan.callback.attempts = attempts,
            None => missing(
                tab,
                both!("call-back says nothing", "回访没有写几次联系不上才算"),
                both!("add `.attempts(3)`", "后面加上`.attempts(3)`"),
                callback.at,
            ),
        }
    }
    if let Some(strike_off) = &draft.strike_off {
        let (allow, rate_within) = &strike_off.what;
        if allow.is_empty() && rate_within.is_none() {
            missing(
                tab,
                both!("striking off says nothing", "销账没有写可以怎样销"),
                both!(
                    "add `.allow(\"办事\", [SOLVED, EXPLAINED])`",
                    "后面加上`.allow(\"办事\", [SOLVED, EXPLAINED])`"
                ),
                strike_off.at,
            );
        }
        plan.strike_off.allow.extend(allow.iter().cloned());
        if let Some(span) = rate_within {
            plan.strike_off.rate_within = span.clone();
        }
    }
    if let Some(reopen) = &draft.reopen {
        let (grounds, count) = &reopen.what;
        if grounds.is_empty() && count.is_none() {
            missing(
                tab,
                both!("reopening says nothing", "重开没有写事由和怎么计时"),
                both!(
                    "add `.on([\"新的事实\"]).shorter()`",
                    "后面加上`.on([\"新的事实\"]).shorter()`"
                ),
                reopen.at,
            );
        }
        if !grounds.is_empty() {
            plan.reopen.grounds = grounds.clone();
        }
        plan.reopen.count = count.unwrap_or(plan.reopen.count);
    }
    if let Some(direction) = &draft.direction {
        match &direction.what {
            Some(floor) => plan.direct.floor = floor.clone(),
            None => missing(
                tab,
                both!("direction says nothing", "批示没有写至少留出多久"),
                both!(
                    "add `.floor(1.working_days)`",
                    "后面加上`.floor(1.working_days)`"
                ),
                direction.at,
            ),
        }
    }
    if let Some(every) = &draft.overdue_every {
        plan.overdue_every = every.what;
    }
    plan.quiet = draft.quiet.as_ref().map(|quiet| quiet.what);
}

fn reports(plan: &mut Plan, draft: &Draft, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    if let Some(track) = &draft.track {
        let rule = RuleId::new("track.start");
        match &track.what {
            Some(says) => {
                let point = Point::new(&rule, Given::Host, as_yes).rest(false);
                plan.track.when = point.decide(says, draft, tab, at);
            }
            None => missing(
                tab,
                both!("tracking never starts", "跟踪督办没有写何时起"),
                both!("add `.start(|m| …)`", "后面加上`.start(|m| …)`"),
                track.at,
            ),
        }
        at.insert(rule, track.at);
    }
    if let Some(digest) = &draft.digest {
        plan.digest.title = digest.what.title.clone();
        plan.digest.cut = digest.what.cut.unwrap_or(plan.digest.cut);
        plan.digest.to = digest.what.to.clone();
        if digest.what.to.is_empty() {
            missing(
                tab,
                both!("the digest goes to nobody", "日报没有写报给谁"),
                both!("add `.to(州委领导)`", "后面加上`.to(州委领导)`"),
                digest.at,
            );
        }
        if let Some(raw) = &digest.what.hot {
            let rule = RuleId::new("digest.hot");
            plan.digest.hot = tab.decide(&rule, raw, Given::Host, None, as_yes);
            at.insert(rule, raw.at);
        }
    }
    if let Some(bulletin) = &draft.bulletin {
        plan.bulletin = bulletin.what.clone();
        if bulletin.what.to.is_empty() {
            missing(
                tab,
                both!("the bulletin goes to nobody", "通报没有写发给谁"),
                both!("add `.to(单位领导)`", "后面加上`.to(单位领导)`"),
                bulletin.at,
            );
        }
    }
}

fn as_no(value: &Dynamic) -> Tried<bool> {
    as_yes(value).map(|yes| !yes)
}

fn is_ask(value: &Dynamic) -> bool {
    value
        .clone()
        .try_cast::<Named>()
        .is_some_and(|named| named.0 == "ASK")
}

fn as_class(value: &Dynamic) -> Tried<Option<Class>> {
    if is_ask(value) {
        return Ok(None);
    }
    let known = Class::ALL.iter().map(|class| class.zh());
    let text = value.clone().into_string().map_err(|_| {
        let given = said(value);
        Fault::new(
            "D308",
            both!(
                "a class is a label or `ASK`, not {given}",
                "类别要写标签,或者`ASK`(交人定),不能是{given}";
                given
            ),
        )
    })?;
    let class = Class::named(&text).ok_or_else(|| {
        let message = both!("no class is called `{text}`", "没有叫`{text}`的类别");
        Fault::new("D308", message).maybe(suggest(&text, known))
    })?;
    Ok(Some(class))
}

fn as_unit(value: &Dynamic) -> Tried<Option<UnitId>> {
    if is_ask(value) {
        return Ok(None);
    }
    let text = value.clone().into_string().map_err(|_| {
        let given = said(value);
        Fault::new(
            "D308",
            both!("a unit is a text, not {given}", "单位要用文字写,不能是{given}"; given),
        )
        .help(both!(
            "write `\"教育局\"`, or `ASK` where a person is to decide",
            "写`\"教育局\"`这样的单位名;要由人来定的,写`ASK`"
        ))
    })?;
    text.parse()
        .map(Some)
        .map_err(|error: crate::words::InvalidId| {
            Fault::new("D308", both!("{error}", "{error}"; error))
        })
}

pub(super) fn clock_place(draft: &Draft, kind: ClockKind) -> Option<Position> {
    let clock = draft.clocks.iter().find(|clock| clock.what.kind == kind);
    clock.map(|clock| clock.at)
}

pub(super) fn rung_place(draft: &Draft, kind: ClockKind, rung: &str) -> Option<Position> {
    let ladder = draft
        .ladders
        .iter()
        .find(|ladder| ladder.what.of == LadderOf::Clock(kind))?;
    let own = ladder.what.rungs.iter().find(|own| key(&own.on) == *rung);
    own.map(|rung| rung.at).or(Some(ladder.at))
}

/// Where in the source a fault of the plan is at home.
pub(super) fn place_of(fault: &PlanFault, draft: &Draft) -> Option<Position> {
    let clock = |kind: &ClockKind| clock_place(draft, *kind);
    let rung = |kind: &ClockKind, rung: &str| rung_place(draft, *kind, rung);
    match fault {
        PlanFault::RungTwice { clock, rung: own }
        | PlanFault::RungBeforeStart { clock, rung: own }
        | PlanFault::RungOrder { clock, rung: own }
        | PlanFault::RungUnreached { clock, rung: own }
        | PlanFault::RungIdle { clock, rung: own } => rung(clock, own),
        PlanFault::Limit(kind)
        | PlanFault::Share(kind)
        | PlanFault::Stops(kind)
        | PlanFault::Lapses(kind)
        | PlanFault::NotPastWhole(kind)
        | PlanFault::Uncited(kind)
        | PlanFault::LeavesOn(kind)
        | PlanFault::LeavesSize(kind)
        | PlanFault::Leaves { clock: kind, .. }
        | PlanFault::Extended(kind)
        | PlanFault::ExtensionSize(kind) => clock(kind),
        PlanFault::Pause(reason) | PlanFault::PauseCannot { reason, .. } => draft
            .pauses
            .iter()
            .find(|pause| pause.what.reason == *reason)
            .map(|pause| pause.at),
        PlanFault::Duty { kind, .. } => duties::place(draft, *kind),
        PlanFault::Slack => draft.divide.as_ref().map(|divide| divide.at),
        PlanFault::Bundle { name, .. } => parts::bundle_place(draft, name),
        PlanFault::Signal { name, .. } => parts::signal_place(draft, name),
        PlanFault::Quiet => draft.quiet.as_ref().map(|quiet| quiet.at),
        PlanFault::Floor => draft.direction.as_ref().map(|direction| direction.at),
        _ => None,
    }
}

/// Terms that no rule reads are run all the same: a fault in them is a fault.
pub(super) fn unread_terms(draft: &Draft, tab: &mut Tabulator<'_, '_>) {
    for term in &draft.terms {
        let (name, raw) = &term.what;
        if !tab.world.was_read(name) {
            tab.decide(
                &RuleId::new(format!("term({name})")),
                raw,
                Given::Reviewer,
                None,
                as_yes,
            );
            tab.written.pop();
            tab.world.unread(name);
        }
    }
}

fn again() -> Both {
    both!("look at its condition again", "再看看它的条件写对没有")
}

fn unused() -> Both {
    both!("use it, or delete the line", "用上它,或者删去这一行")
}

/// What can be used, but hardly says what was meant.
pub(super) fn warnings(plan: &Plan, draft: &Draft, world: &World, report: &mut Report<'_>) {
    for warning in plan.warnings() {
        let (code, place, help) = match &warning {
            PlanWarning::MixedUnits { clock, .. } => (
                "D405",
                clock_place(draft, *clock),
                both!(
                    "say both in one unit, or the shorter one in hours that are no whole day",
                    "都用同一种单位写;24 小时、8 个工作小时、1 个工作日到期的时刻并不相同"
                ),
            ),
            PlanWarning::ClockNever(clock) => (
                "D406",
                clock_place(draft, *clock),
                both!(
                    "add `review().two_steps();`, or delete the line",
                    "加上`review().two_steps();`,或者删去这一行"
                ),
            ),
            PlanWarning::NoticeNever(rule) => ("D406", notices::place(draft, rule), again()),
            PlanWarning::SignalNever(name) => ("D406", parts::signal_place(draft, name), again()),
            PlanWarning::RungNever { clock, rung } => {
                ("D406", rung_place(draft, *clock, rung), again())
            }
        };
        // A clock that the pack leaves to the spine has nothing to be warned about.
        if let Some(place) = place {
            let fault = Fault::new(code, both!("{warning}", "{warning}"; warning));
            report.warn(fault.help(help), place);
        }
    }
    for rung in draft.ladders.iter().flat_map(|ladder| &ladder.what.rungs) {
        // Of what lies below, its own reading has told.
        let own = rung.added.iter().filter(|at| draft.own(**at));
        for at in own.filter(|_| rung.when.is_some()) {
            let message = both!(
                "this rung is the base pack's and comes only for some cases: what is added here comes only for these",
                "这一级是底本的,只对一部分件催;加在这里的也只对那些件有效"
            );
            let help = both!(
                "what shall always come, say at another time: `.after(2.working_days)`",
                "不论什么件都要催的,另写一级,换一个时间,如`.after(2.working_days)`(超期)"
            );
            report.warn(Fault::new("D417", message).help(help), *at);
        }
    }
    for fact in &draft.facts {
        let name = &fact.what.rule.name;
        if !world.was_read(name) {
            report.warn(
                Fault::new(
                    "D401",
                    both!(
                        "no rule reads the fact `{name}`",
                        "没有规则用到事实`{name}`"
                    ),
                )
                .help(unused()),
                fact.at,
            );
        }
    }
    for (at, param) in draft.params.iter().enumerate() {
        if !draft.used.contains(&at) {
            let name = &param.what.name;
            let message = both!(
                "nothing uses the parameter `{name}`",
                "没有哪里用到参数`{name}`"
            );
            report.warn(Fault::new("D402", message).help(unused()), param.at);
        }
    }
    for term in &draft.terms {
        if !world.was_read(&term.what.0) {
            let name = &term.what.0;
            let message = both!(
                "no rule reads the term `{name}`",
                "没有规则用到用语`{name}`"
            );
            report.warn(Fault::new("D403", message).help(unused()), term.at);
        }
    }
    for gate in &draft.gates {
        for (number, clause) in gate.what.clauses.iter().enumerate() {
            let rule = format!("gate({}).{}", gate.what.gate, number + 1);
            let answers = plan
                .gates
                .iter()
                .find(|own| own.met.rule.as_str() == rule)
                .map(|own| own.met.diagram.answers());
            let message = match answers {
                Some([true]) => both!(
                    "this clause never stops a reply",
                    "这一条形同虚设:什么答复都拦不住"
                ),
                Some([false]) => both!(
                    "nothing can ever meet this clause",
                    "这一条谁也过不了:什么答复都达不到"
                ),
                _ => continue,
            };
            report.warn(Fault::new("D404", message).help(again()), clause.rule.at);
        }
    }
}
