//! A draft's rules into a plan.

use std::collections::BTreeMap;

use rhai::{Dynamic, Position};

use super::draft::{At, ClockDraft, Draft, GateDraft, LadderDraft, TightenDraft};
use super::fault::{Fault, Tried, suggest};
use super::record::World;
use super::report::Report;
use super::tabulate::{Ask, Only, Tabulator, Written};
use super::value::{Named, as_limit, as_yes, said};
use crate::plan::{
    ClockRule, CountRule, Decision, DeclineRule, Diagram, GateRule, Given, Judged, Limit, Mention,
    On, Plan, PlanFault, PlanWarning, Provenance, RouteRule, Rung, complete,
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
        .filter_map(|clock| self::clock(plan, clock, tab, at))
        .collect();
    complete(plan);
    for one in &draft.tightened {
        tighten(plan, one, tab, at);
    }
    for ladder in &draft.ladders {
        self::ladder(plan, ladder, tab, at);
    }
    for count in &draft.counts {
        for (number, acts, place) in &count.what.steps {
            let rule = RuleId::new(format!("count({}).{number}", count.what.count.name()));
            if acts.is_empty() {
                tab.report.add(
                    Fault::new("D207", format!("`.at({number})` does nothing"))
                        .help("say what: `.supervise(督查办)`"),
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
    doors(plan, draft, tab);
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
            Err(error) => tab.report.add(Fault::new("D203", error.to_string()), *at),
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
            Some(raw) => plan.classify = tab.decide(&rule, raw, Given::Host, None, as_class),
            None => missing(
                tab,
                "the classification proposes nothing",
                "add `.propose(|m| …)`",
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
                "the citizen is not told where to go",
                "add `.told(\"…\")`",
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
            Some(raw) => {
                plan.route = tab
                    .decide(&rule, raw, Given::Intake, None, as_unit)
                    .map(|lead| RouteRule { lead })
            }
            None => missing(
                tab,
                "the route leads nowhere",
                "add `.lead(|m| …)`",
                route.at,
            ),
        }
        at.insert(rule, route.at);
    }
}

fn missing(tab: &mut Tabulator<'_, '_>, message: &str, help: &str, at: Position) {
    tab.report.add(Fault::new("D207", message).help(help), at);
}

/// The latest facts that are known when a clock starts.
fn known_at(kind: ClockKind) -> Given {
    match kind.starts() {
        ClockMark::Received | ClockMark::Tracked => Given::Host,
        ClockMark::Replied | ClockMark::Committed => Given::Reply,
        ClockMark::Returned | ClockMark::Published | ClockMark::CalledBack | ClockMark::Rated => {
            Given::Reviewer
        }
        _ => Given::Intake,
    }
}

fn clock(
    plan: &Plan,
    clock: &At<ClockDraft>,
    tab: &mut Tabulator<'_, '_>,
    at: &mut Places,
) -> Option<ClockRule> {
    let said = &clock.what;
    let kind = said.kind;
    let rule = RuleId::new(format!("clock({kind}).within"));
    at.insert(rule.clone(), clock.at);
    let within = match &said.within {
        Some(raw) => {
            at.insert(rule.clone(), raw.at);
            tab.decide(&rule, raw, known_at(kind), None, as_limit)
        }
        None if kind == ClockKind::Commitment => Some(Decision {
            rule,
            diagram: Diagram::constant(Limit::Span(Span::CalendarDays(1))),
        }),
        None => {
            missing(
                tab,
                &format!("the clock `{kind}` has no limit"),
                "add `.within(5.working_days)`",
                clock.at,
            );
            None
        }
    };
    if kind.lapses() && !said.lapses {
        let message = format!("the clock `{kind}` lapses, and the pack must say so");
        missing(tab, &message, "add `.lapses()`", clock.at);
    }
    let class = said.class.unwrap_or_else(|| kind.usual_class());
    Some(ClockRule {
        kind,
        title: said.title.clone(),
        starts: kind.starts(),
        stops: kind.stops().to_vec(),
        within: within?,
        counting: said.counting.unwrap_or(plan.counting),
        class,
        provenance: said.provenance.clone(),
        lapses: said.lapses,
        extension: said.extension.clone(),
        not_past_whole: said.not_past_whole,
        leaves: said.leaves.clone(),
        rungs: Vec::new(),
    })
}

/// Lays an overlay's limit beside its base's: the clock ends with whichever is earlier, case by case.
fn tighten(plan: &mut Plan, one: &At<TightenDraft>, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    let kind = one.what.kind;
    let rule = RuleId::new(format!("clock({kind}).within"));
    let Some(raw) = &one.what.within else {
        let message = format!("how `{kind}` is tightened is not said");
        return missing(tab, &message, "add `.within(5.working_days)`", one.at);
    };
    let Some(over) = tab.decide(&rule, raw, known_at(kind), None, as_limit) else {
        return;
    };
    let written = tab.written.pop();
    // A base that was refused has its own finding.
    let Some(clock) = plan.clocks.iter_mut().find(|clock| clock.kind == kind) else {
        return;
    };
    let schema = &plan.schema;
    let base = &clock.within.diagram;
    let longer = base.zip(&over.diagram, |base, over| {
        (!over.within(base) && base.within(over)).then(|| (over.clone(), base.clone()))
    });
    let least = base.zip(&over.diagram, |base, over| {
        base.least(over).ok_or_else(|| (over.clone(), base.clone()))
    });
    let (longer, least) = match (longer, least) {
        (Ok(longer), Ok(least)) => (longer, least),
        (Err(error), _) | (_, Err(error)) => {
            tab.report
                .add(Fault::new("D310", error.to_string()).arg(raw.arg), raw.at);
            return;
        }
    };
    let mixed = least.regions(schema).find_map(|region| {
        let (over, base) = region.answer.clone().err()?;
        Some((over, base, region.say(schema)))
    });
    if let Some((over, base, when)) = mixed {
        let message = format!("{over} and the base's {base} cannot be compared, when {when}");
        let fault = Fault::new("D211", message)
            .help("tighten a share by a share of the same clock, a span by a span");
        tab.report.add(fault.arg(raw.arg), raw.at);
        return;
    }
    let first = longer.regions(schema).find_map(|region| {
        let (over, base) = region.answer.clone()?;
        Some((over, base, region.say(schema)))
    });
    if let Some((over, base, when)) = first {
        let message =
            format!("the base is stricter and holds: {base} instead of {over}, when {when}");
        let fault = Fault::new("D407", message)
            .help("say nothing of these cases, or a limit that is shorter");
        tab.report.warn(fault, raw.at);
    }
    let any = Limit::Span(Span::CalendarDays(1));
    clock.within = Decision {
        rule: rule.clone(),
        diagram: least.map(|limit| limit.clone().unwrap_or_else(|_| any.clone())),
    };
    if one.what.provenance != Provenance::Unsaid {
        clock.provenance = one.what.provenance.clone();
    }
    at.insert(rule.clone(), raw.at);
    // The interpreter asks both.
    let under = tab.written.iter().position(|known| known.rule == rule);
    let under = under.map(|at| tab.written.swap_remove(at));
    if let (Some(own), Some(under)) = (written, under) {
        tab.written.push(Written {
            rule,
            paths: own.paths + under.paths,
            ask: Box::new(move |engine, recorder| {
                let limit = |ask: &Ask| -> Tried<Limit> {
                    let said = ask(engine, recorder)?;
                    serde_json::from_value(said)
                        .map_err(|error| Fault::new("D308", error.to_string()))
                };
                let least = limit(&under.ask)?.least(&limit(&own.ask)?);
                Ok(serde_json::to_value(least).unwrap_or_default())
            }),
        });
    }
}

/// The key of a rung in its ladder, from when it comes.
fn key(on: &On) -> String {
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
    let kind = ladder.what.clock;
    let mut rungs = Vec::new();
    if ladder.what.rungs.is_empty() {
        missing(
            tab,
            &format!("the ladder of `{kind}` has no rungs"),
            "add `.due().remind(…)`",
            ladder.at,
        );
    }
    for rung in &ladder.what.rungs {
        let key = key(&rung.on);
        let rule = RuleId::new(format!("ladder({kind}).{key}"));
        let when = rung
            .when
            .as_ref()
            .map(|raw| tab.decide(&rule, raw, known_at(kind), None, as_yes));
        if rung.acts.is_empty() {
            missing(
                tab,
                "this rung does nothing",
                "say what and to whom: `.remind(承办人)`",
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
                format!("there is no clock `{kind}` for this ladder"),
            );
            tab.report.add(
                fault.help(format!("declare it: `clock(\"{kind}\").within(…)`")),
                ladder.at,
            );
        }
    }
}

fn gate(plan: &mut Plan, gate: &At<GateDraft>, tab: &mut Tabulator<'_, '_>, at: &mut Places) {
    let name = gate.what.gate;
    if gate.what.clauses.is_empty() {
        missing(
            tab,
            &format!("the gate `{name}` asks for nothing"),
            "add `.require(|m| …, \"…\")`",
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

fn doors(plan: &mut Plan, draft: &Draft, tab: &mut Tabulator<'_, '_>) {
    for pause in &draft.pauses {
        match pause.what.rule() {
            Some(rule) => plan.pauses.push(rule),
            None => missing(
                tab,
                "a pause says whose time it is, and how long at most",
                "write `.side(CITIZEN).most(10.working_days)`",
                pause.at,
            ),
        }
    }
    if let Some(redo) = &draft.redo {
        match redo.what.is_empty() {
            true => missing(
                tab,
                "redo has no grounds",
                "add `.grounds([\"调查不清楚\"])`",
                redo.at,
            ),
            false => plan.redo.grounds = redo.what.clone(),
        }
    }
    if let Some(callback) = &draft.callback {
        match callback.what {
            Some(attempts) => plan.callback.attempts = attempts,
            None => missing(
                tab,
                "call-back says nothing",
                "add `.attempts(3)`",
                callback.at,
            ),
        }
    }
    if let Some(strike_off) = &draft.strike_off {
        let (allow, rate_within) = &strike_off.what;
        if allow.is_empty() && rate_within.is_none() {
            missing(
                tab,
                "striking off says nothing",
                "add `.allow(\"办事\", [SOLVED, EXPLAINED])`",
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
                "reopening says nothing",
                "add `.on([\"新的事实\"]).shorter()`",
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
                "direction says nothing",
                "add `.floor(1.working_days)`",
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
            Some(raw) => plan.track.when = tab.decide(&rule, raw, Given::Host, None, as_yes),
            None => missing(
                tab,
                "tracking never starts",
                "add `.start(|m| …)`",
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
                "the digest goes to nobody",
                "add `.to(州委领导)`",
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
                "the bulletin goes to nobody",
                "add `.to(单位领导)`",
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
        Fault::new(
            "D308",
            format!("a class is a label or `ASK`, not {}", said(value)),
        )
    })?;
    let class = Class::named(&text).ok_or_else(|| {
        Fault::new("D308", format!("no class is called `{text}`")).maybe(suggest(&text, known))
    })?;
    Ok(Some(class))
}

fn as_unit(value: &Dynamic) -> Tried<Option<UnitId>> {
    if is_ask(value) {
        return Ok(None);
    }
    let text = value.clone().into_string().map_err(|_| {
        Fault::new("D308", format!("a unit is a text, not {}", said(value)))
            .help("write `\"教育局\"`, or `ASK` where a person is to decide")
    })?;
    text.parse()
        .map(Some)
        .map_err(|error: crate::words::InvalidId| Fault::new("D308", error.to_string()))
}

fn clock_place(draft: &Draft, kind: ClockKind) -> Option<Position> {
    let clock = draft.clocks.iter().find(|clock| clock.what.kind == kind);
    clock.map(|clock| clock.at)
}

fn rung_place(draft: &Draft, kind: ClockKind, rung: &str) -> Option<Position> {
    let ladder = draft
        .ladders
        .iter()
        .find(|ladder| ladder.what.clock == kind)?;
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

/// What can be used, but hardly says what was meant.
pub(super) fn warnings(plan: &Plan, draft: &Draft, world: &World, report: &mut Report<'_>) {
    for warning in plan.warnings() {
        let (code, place, help) = match &warning {
            PlanWarning::MixedUnits { clock, .. } => (
                "D405",
                clock_place(draft, *clock),
                "say both in one unit, or the shorter one in hours that are no whole day",
            ),
            PlanWarning::RungNever { clock, rung } => (
                "D406",
                rung_place(draft, *clock, rung),
                "look at its condition again",
            ),
        };
        // A clock that the pack leaves to the spine has nothing to be warned about.
        if let Some(place) = place {
            report.warn(Fault::new(code, warning.to_string()).help(help), place);
        }
    }
    for fact in &draft.facts {
        let name = &fact.what.rule.name;
        if !world.was_read(name) {
            report.warn(
                Fault::new("D401", format!("no rule reads the fact `{name}`"))
                    .help("use it, or delete the line"),
                fact.at,
            );
        }
    }
    for (at, param) in draft.params.iter().enumerate() {
        if !draft.used.contains(&at) {
            let fault = Fault::new(
                "D402",
                format!("nothing uses the parameter `{}`", param.what.name),
            );
            report.warn(fault.help("use it, or delete the line"), param.at);
        }
    }
    for term in &draft.terms {
        if !world.was_read(&term.what.0) {
            report.warn(
                Fault::new("D403", format!("no rule reads the term `{}`", term.what.0))
                    .help("use it, or delete the line"),
                term.at,
            );
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
                Some([true]) => "this clause never stops a reply",
                Some([false]) => "nothing can ever meet this clause",
                _ => continue,
            };
            report.warn(
                Fault::new("D404", message).help("look at its condition again"),
                clause.rule.at,
            );
        }
    }
}
