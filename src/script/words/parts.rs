//! Cases that are divided into parts (分办), several things done as one (一件事), and signals that open cases (预警).

use std::collections::BTreeMap;

use rhai::{Dynamic, Position};

use super::call::{Call, item, put, slot};
use super::{Entry, entry};
use crate::plan::{BundlePart, BundleRule, DivideRule, Given, Plan, SignalRule};
use crate::script::draft::{At, BundleDraft, DivideDraft, Draft, SignalDraft};
use crate::script::fault::{Fault, Tried, both};
use crate::script::tabulate::Tabulator;
use crate::script::value::{Kind, as_yes};
use crate::words::{InvalidId, PlaceCode, PlaceLevel, RuleId, SubKey};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "divide",
        "divide().slack(1.working_days)",
        "分办",
        divide,
    ),
    entry(
        Kind::Divide,
        "slack",
        ".slack(1.working_days)",
        "汇总时间",
        slack,
    ),
    entry(
        Kind::Divide,
        "lowest",
        ".lowest(\"county\")",
        "最低办理层级",
        lowest,
    ),
    entry(
        Kind::Divide,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        divide_provenance,
    ),
    entry(
        Kind::Divide,
        "ours",
        ".ours(\"…\")",
        "自定",
        divide_provenance,
    ),
    entry(
        Kind::Start,
        "bundle",
        "bundle(\"newborn\", \"新生儿出生一件事\")",
        "一件事",
        bundle,
    ),
    entry(
        Kind::Bundle,
        "part",
        ".part(\"birth\", \"出生医学证明\", 5.working_days)",
        "事项",
        part,
    ),
    entry(
        Kind::Bundle,
        "after",
        ".after(\"birth\")",
        "在哪些事项之后",
        after,
    ),
    entry(
        Kind::Bundle,
        "in_place",
        ".in_place(\"632521\")",
        "办理地方",
        in_place,
    ),
    entry(Kind::Bundle, "optional", ".optional()", "可缺", optional),
    entry(
        Kind::Bundle,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        bundle_provenance,
    ),
    entry(
        Kind::Bundle,
        "ours",
        ".ours(\"…\")",
        "自定",
        bundle_provenance,
    ),
    entry(
        Kind::Start,
        "signal",
        "signal(\"medical_burden\", \"医疗负担过重\").when(|m| m.burden >= 1000).window(30.calendar_days)",
        "预警",
        signal,
    ),
    entry(
        Kind::Signal,
        "when",
        ".when(|m| m.burden >= 1000)",
        "条件",
        when,
    ),
    entry(
        Kind::Signal,
        "window",
        ".window(30.calendar_days)",
        "合并期",
        window,
    ),
    entry(
        Kind::Signal,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        signal_provenance,
    ),
    entry(
        Kind::Signal,
        "ours",
        ".ours(\"…\")",
        "自定",
        signal_provenance,
    ),
];

fn divide(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.divide, both!("how cases are divided", "分办"))?;
    draft.divide = Some(draft.here(DivideDraft::default(), call.at));
    call.opens(Kind::Divide, 0)
}

fn slack(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    let own = &mut slot(&mut draft.divide)?.what;
    put(&mut own.slack, span, both!("the time kept", "汇总时间"))?;
    call.same()
}

fn lowest(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let level = call.term(0, both!("level", "层级"), PlaceLevel::ALL, |level| {
        [level.name(), level.zh()]
    })?;
    let own = &mut slot(&mut draft.divide)?.what;
    put(
        &mut own.lowest,
        level,
        both!("the lowest level", "最低办理层级"),
    )?;
    call.same()
}

fn divide_provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let own = &mut slot(&mut draft.divide)?.what;
    own.provenance = call.provenance(&own.provenance)?;
    call.same()
}

fn bundle(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let (name, title) = (call.text(0)?, call.text(1)?);
    if let Some(first) = draft.bundles.iter().find(|own| own.what.name == name) {
        let what = both!("the bundle `{name}`", "一件事“{name}”");
        return Err(draft.twice(what, first.at).arg(0));
    }
    let made = BundleDraft {
        name,
        title,
        parts: Vec::new(),
        provenance: Default::default(),
    };
    draft.bundles.push(draft.here(made, call.at));
    call.opens(Kind::Bundle, draft.bundles.len() - 1)
}

fn key(call: &Call, at: usize) -> Tried<SubKey> {
    let name = call.text(at)?;
    name.parse().map_err(|error: InvalidId| {
        let zh = error.zh();
        Fault::new("D203", both!("{error}", "{zh}")).arg(at)
    })
}

fn part(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(3, 3)?;
    let (key, title, within) = (key(call, 0)?, call.text(1)?, call.span(2)?);
    let own = &mut item(&mut draft.bundles, call.on())?.what;
    if own.parts.iter().any(|part| part.key == key) {
        let message = both!("the part `{key}` stands twice", "事项“{key}”写了两次");
        return Err(Fault::new("D204", message)
            .help(both!("delete one", "删去一个"))
            .arg(0));
    }
    own.parts.push(BundlePart {
        key,
        title,
        place: None,
        after: Vec::new(),
        within,
        optional: false,
    });
    call.same()
}

/// The part that was named last.
fn last<'a>(draft: &'a mut Draft, call: &Call) -> Tried<&'a mut BundlePart> {
    let own = &mut item(&mut draft.bundles, call.on())?.what;
    let name = call.name;
    own.parts.last_mut().ok_or_else(|| {
        let message = both!(
            "`{name}` is about the part before it, and there is none yet",
            "`{name}`说的是它前面那一项,前面还没有"
        );
        Fault::new("D201", message).help(both!("write `.part(…)` first", "先写`.part(…)`"))
    })
}

fn after(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, usize::MAX)?;
    let mut keys = Vec::new();
    for at in 0..call.args.len() {
        let key = key(call, at)?;
        if keys.contains(&key) {
            let message = both!("the part `{key}` stands twice", "事项“{key}”写了两次");
            return Err(Fault::new("D204", message)
                .help(both!("delete one", "删去一个"))
                .arg(at));
        }
        keys.push(key);
    }
    let part = last(draft, call)?;
    if !part.after.is_empty() {
        let message = both!(
            "what this part waits for is already said",
            "这一项在哪些之后已经写过"
        );
        let help = both!("name all in one `.after(…)`", "写在同一个`.after(…)`里");
        return Err(Fault::new("D204", message).help(help));
    }
    part.after = keys;
    call.same()
}

fn in_place(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let code = call.text(0)?;
    let code: PlaceCode = code.parse().map_err(|error: InvalidId| {
        let zh = error.zh();
        Fault::new("D203", both!("{error}", "{zh}")).arg(0)
    })?;
    let part = last(draft, call)?;
    put(&mut part.place, code, both!("the place", "办理地方"))?;
    call.same()
}

fn optional(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    last(draft, call)?.optional = true;
    call.same()
}

fn bundle_provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let own = &mut item(&mut draft.bundles, call.on())?.what;
    own.provenance = call.provenance(&own.provenance)?;
    call.same()
}

fn signal(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let (name, title) = (call.text(0)?, call.text(1)?);
    if let Some(first) = draft.signals.iter().find(|own| own.what.name == name) {
        let what = both!("the signal `{name}`", "预警“{name}”");
        return Err(draft.twice(what, first.at).arg(0));
    }
    let made = SignalDraft {
        name,
        title,
        when: None,
        window: None,
        provenance: Default::default(),
    };
    draft.signals.push(draft.here(made, call.at));
    call.opens(Kind::Signal, draft.signals.len() - 1)
}

fn when(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.condition(draft, 0)?;
    let own = &mut item(&mut draft.signals, call.on())?.what;
    put(&mut own.when, rule, both!("the condition", "预警的条件"))?;
    call.same()
}

fn window(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    let own = &mut item(&mut draft.signals, call.on())?.what;
    put(&mut own.window, span, both!("the window", "合并期"))?;
    call.same()
}

fn signal_provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let own = &mut item(&mut draft.signals, call.on())?.what;
    own.provenance = call.provenance(&own.provenance)?;
    call.same()
}

/// How cases are divided, bundles and signals, into the plan.
pub(in crate::script) fn build(
    plan: &mut Plan,
    draft: &Draft,
    tab: &mut Tabulator<'_, '_>,
    places: &mut BTreeMap<RuleId, Position>,
) {
    if let Some(At { what, .. }) = &draft.divide {
        let spine = DivideRule::default();
        plan.divide = DivideRule {
            slack: what.slack.clone().unwrap_or(spine.slack),
            lowest: what.lowest,
            provenance: what.provenance.clone(),
        };
    }
    for At { what, at, .. } in &draft.bundles {
        let rule = RuleId::new(format!("bundle({})", what.name));
        places.insert(rule.clone(), *at);
        plan.bundles.push(BundleRule {
            name: what.name.clone(),
            rule,
            title: what.title.clone(),
            provenance: what.provenance.clone(),
            parts: what.parts.clone(),
        });
    }
    for At { what, at, .. } in &draft.signals {
        let rule = RuleId::new(format!("signal({})", what.name));
        places.insert(rule.clone(), *at);
        let when = what
            .when
            .as_ref()
            .map(|raw| tab.decide(&rule, raw, Given::Host, None, as_yes));
        let Some(window) = what.window.clone() else {
            let name = &what.name;
            let none = both!(
                "the signal `{name}` has no window: for how long is it the same when it comes again?",
                "预警“{name}”没有写合并期:多久之内再来算同一件"
            );
            let help = both!(
                "add `.window(30.calendar_days)`",
                "加上`.window(30.calendar_days)`(合并期)"
            );
            tab.report.add(Fault::new("D207", none).help(help), *at);
            continue;
        };
        let when = match when {
            Some(None) => continue,
            when => when.flatten(),
        };
        plan.signals.push(SignalRule {
            name: what.name.clone(),
            rule,
            title: what.title.clone(),
            when,
            window,
            provenance: what.provenance.clone(),
        });
    }
}

/// Where a bundle stands.
pub(in crate::script) fn bundle_place(draft: &Draft, name: &str) -> Option<Position> {
    let mut all = draft.bundles.iter();
    all.find(|own| own.what.name == name).map(|own| own.at)
}

/// Where a signal stands.
pub(in crate::script) fn signal_place(draft: &Draft, name: &str) -> Option<Position> {
    let mut all = draft.signals.iter();
    all.find(|own| own.what.name == name).map(|own| own.at)
}
