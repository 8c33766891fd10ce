//! Obligations that are no cases (义务): who owes what, until when.

use std::collections::BTreeMap;

use rhai::{Dynamic, Position};

use super::call::{Call, item, put, slot};
use super::{Entry, entry};
use crate::plan::{DutyRule, Plan, Rung};
use crate::script::build::key;
use crate::script::draft::{At, Draft, DutyDraft, LadderOf};
use crate::script::fault::{Both, Fault, Tried, both};
use crate::script::tabulate::Tabulator;
use crate::script::value::Kind;
use crate::time::{Counting, DayOne, Span};
use crate::words::{Channel, DutyKind, Lang, RuleId};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "duty",
        "duty(\"video\", \"视频答复\").owed_by(单位领导)",
        "义务",
        duty,
    ),
    entry(
        Kind::Duty,
        "owed_by",
        ".owed_by(单位领导)",
        "由谁承担",
        owed_by,
    ),
    entry(Kind::Duty, "every", ".every(1.months)", "多久一期", every),
    entry(
        Kind::Duty,
        "within",
        ".within(20.working_days)",
        "多久之内",
        within,
    ),
    entry(
        Kind::Duty,
        "channels",
        ".channels([\"州政府网站\"])",
        "在何处发布",
        channels,
    ),
    entry(
        Kind::Duty,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        provenance,
    ),
    entry(Kind::Duty, "ours", ".ours(\"…\")", "自定", provenance),
    entry(
        Kind::Digest,
        "read_by",
        ".read_by(\"09:00\")",
        "次日几时前阅知",
        read_by,
    ),
    entry(
        Kind::Digest,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        read_provenance,
    ),
    entry(
        Kind::Digest,
        "ours",
        ".ours(\"…\")",
        "自定",
        read_provenance,
    ),
];

/// The obligation of a name, if it names one: in rules, `ladder("video")` stands beside `ladder("reply")`.
pub(super) fn named(call: &Call, at: usize) -> Option<DutyKind> {
    call.text(at).ok().and_then(|name| DutyKind::named(&name))
}

fn duty(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let kind = call.term(0, both!("obligation", "义务"), DutyKind::ALL, |kind| {
        [kind.name(), kind.zh()]
    })?;
    if kind == DutyKind::Digest {
        let message = both!(
            "to read a digest is owed where the digest says so",
            "日报阅知写在日报那一句里"
        );
        return Err(Fault::new("D209", message)
            .help(both!(
                "add `.read_by(\"09:00\")` to `digest(…)`",
                "在`digest(…)`后面加上`.read_by(\"09:00\")`"
            ))
            .arg(0));
    }
    if let Some(first) = draft.duties.iter().find(|own| own.what.kind == kind) {
        let what = both!("the obligation `{kind}`", "义务“{kind}”"; kind);
        return Err(draft.twice(what, first.at).arg(0));
    }
    let title = call.text_or(1, kind.zh())?;
    let made = DutyDraft {
        kind,
        title,
        owed_by: None,
        every: None,
        within: None,
        channels: Vec::new(),
        provenance: Default::default(),
    };
    draft.duties.push(draft.here(made, call.at));
    call.opens(Kind::Duty, draft.duties.len() - 1)
}

fn owed_by(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let post = call.post(draft, 0)?.id;
    let own = &mut item(&mut draft.duties, call.on())?.what;
    put(&mut own.owed_by, post, both!("who owes it", "由谁承担"))?;
    call.same()
}

/// Of what recurs alone: what is owed once has a limit, and nothing comes after it.
fn every(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    let own = &mut item(&mut draft.duties, call.on())?.what;
    let kind = own.kind;
    if !kind.recurs() {
        let message = both!("`{kind}` is owed once, not again and again", "“{kind}”只做一次,不是一期一期做的"; kind);
        let all = || DutyKind::ALL.iter().filter(|kind| kind.recurs());
        let en: Vec<String> = all().map(|kind| format!("`{kind}`")).collect();
        let zh: Vec<String> = all().map(|kind| format!("“{}”", kind.zh())).collect();
        let (en, zh) = (en.join(", "), zh.join("、"));
        return Err(Fault::new("D209", message).help(both!(
            "leave `.every(…)` out; what recurs is {en}",
            "删去`.every(…)`;一期一期做的是{zh}"
        )));
    }
    put(&mut own.every, span, both!("the period", "多久一期"))?;
    call.same()
}

fn within(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    let own = &mut item(&mut draft.duties, call.on())?.what;
    put(&mut own.within, span, both!("the limit", "多久之内"))?;
    call.same()
}

fn channels(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let mut all: Vec<Channel> = Vec::new();
    for name in call.texts(0)? {
        let channel: Channel = name.parse().map_err(|error: crate::words::InvalidId| {
            let zh = error.zh();
            Fault::new("D203", both!("{error}", "{zh}")).arg(0)
        })?;
        if all.contains(&channel) {
            let message = both!("`{name}` stands twice", "“{name}”写了两次");
            return Err(Fault::new("D204", message)
                .help(both!("delete one", "删去一个"))
                .arg(0));
        }
        all.push(channel);
    }
    let own = &mut item(&mut draft.duties, call.on())?.what;
    if own.kind.recurs() {
        let kind = own.kind;
        let message = both!("`{kind}` is published nowhere", "“{kind}”不对外发布"; kind);
        let help = both!("leave `.channels(…)` out", "删去`.channels(…)`");
        return Err(Fault::new("D209", message).help(help));
    }
    if !own.channels.is_empty() {
        let message = both!("the channels are already said", "在何处发布已经写过");
        let help = both!("name all in one list", "所有渠道写在一个列表里");
        return Err(Fault::new("D204", message).help(help));
    }
    own.channels = all;
    call.same()
}

fn provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let own = &mut item(&mut draft.duties, call.on())?.what;
    own.provenance = call.provenance(&own.provenance)?;
    call.same()
}

fn read_by(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let time = call.clock_time(0, &call.text(0)?)?;
    put(
        &mut slot(&mut draft.digest)?.what.read_by,
        time,
        both!("until when it is read", "次日几时前阅知"),
    )?;
    call.same()
}

fn read_provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let digest = &mut slot(&mut draft.digest)?.what;
    digest.provenance = call.provenance(&digest.provenance)?;
    call.same()
}

fn missing(tab: &mut Tabulator<'_, '_>, message: Both, help: Both, at: Position) {
    tab.report.add(Fault::new("D207", message).help(help), at);
}

/// The obligations into the plan, with their ladders.
pub(in crate::script) fn build(
    plan: &mut Plan,
    draft: &Draft,
    tab: &mut Tabulator<'_, '_>,
    places: &mut BTreeMap<RuleId, Position>,
) {
    for At { what, at, .. } in &draft.duties {
        let kind = what.kind;
        let rule = RuleId::new(format!("duty({kind})"));
        places.insert(rule.clone(), *at);
        let Some(owed_by) = what.owed_by.clone() else {
            let none = both!("who owes `{kind}` is not said", "义务“{kind}”没有写由谁承担"; kind);
            let help = both!("add `.owed_by(单位领导)`", "后面加上`.owed_by(单位领导)`");
            missing(tab, none, help, *at);
            continue;
        };
        if kind.recurs() && what.every.is_none() {
            let none =
                both!("how often `{kind}` is owed is not said", "义务“{kind}”没有写多久一期"; kind);
            let help = both!(
                "add `.every(1.months)`",
                "后面加上`.every(1.months)`(多久一期)"
            );
            missing(tab, none, help, *at);
            continue;
        }
        // A round has its whole period, where no less is said.
        let Some(within) = what.within.clone().or_else(|| what.every.clone()) else {
            let none =
                both!("the obligation `{kind}` has no limit", "义务“{kind}”没有写多久"; kind);
            let help = both!(
                "add `.within(20.working_days)`",
                "后面加上`.within(20.working_days)`(多久之内)"
            );
            missing(tab, none, help, *at);
            continue;
        };
        plan.duties.push(DutyRule {
            kind,
            rule,
            title: what.title.clone(),
            owed_by: vec![owed_by],
            every: what.every.clone(),
            within,
            counting: plan.counting,
            channels: what.channels.clone(),
            provenance: what.provenance.clone(),
            rungs: Vec::new(),
        });
    }
    if let Some(At {
        what: digest, at, ..
    }) = &draft.digest
        && let Some(time) = digest.read_by
    {
        let rule = RuleId::new("duty(digest)");
        places.insert(rule.clone(), *at);
        plan.duties.push(DutyRule {
            kind: DutyKind::Digest,
            rule,
            title: match plan.labels {
                Lang::Zh => DutyKind::Digest.zh().to_owned(),
                Lang::En => "digest read".to_owned(),
            },
            owed_by: digest.to.clone(),
            every: None,
            // The next morning on which anybody works.
            within: Span::WorkingDays(1),
            counting: Counting {
                day_one: DayOne::Exclude,
                at: Some(time),
                ..plan.counting
            },
            channels: Vec::new(),
            provenance: digest.provenance.clone(),
            rungs: Vec::new(),
        });
    }
    for ladder in &draft.ladders {
        let LadderOf::Duty(kind) = ladder.what.of else {
            continue;
        };
        let mut rungs = Vec::new();
        if ladder.what.rungs.is_empty() {
            let none =
                both!("the ladder of `{kind}` has no rungs", "“{kind}”催办督办一级也没有写"; kind);
            let help = both!(
                "add `.due().remind(…)`",
                "后面加上`.due().remind(…)`(到期催办)"
            );
            missing(tab, none, help, ladder.at);
        }
        for rung in &ladder.what.rungs {
            let key = key(&rung.on);
            places.insert(RuleId::new(format!("ladder({kind}).{key}")), rung.at);
            if rung.acts.is_empty() {
                let none = both!("this rung does nothing", "这一级没有写做什么");
                let help = both!(
                    "say what and to whom: `.remind(单位领导)`",
                    "写明做什么、对谁,如`.remind(单位领导)`"
                );
                missing(tab, none, help, rung.at);
            }
            if let Some(when) = &rung.when {
                let message = both!(
                    "a rung of an obligation has no condition: there is no case whose facts it could read",
                    "义务的催办不能带条件:没有哪一件的事实可读"
                );
                let help = both!("leave `.when(…)` out", "删去`.when(…)`");
                tab.report
                    .add(Fault::new("D209", message).help(help), when.at);
            }
            let own = rung.title.clone();
            rungs.push(Rung {
                key,
                on: rung.on.clone(),
                title: if own.is_empty() {
                    ladder.what.title.clone()
                } else {
                    own
                },
                acts: rung.acts.clone(),
                when: None,
                at_once: rung.at_once,
            });
        }
        match plan.duties.iter_mut().find(|own| own.kind == kind) {
            Some(own) => own.rungs = rungs,
            None if tab.report.has_errors() => {}
            None => {
                let none = both!("there is no obligation `{kind}` for this ladder", "没有义务“{kind}”,催办督办无从算起"; kind);
                let help = match kind {
                    DutyKind::Video => both!(
                        "declare it: `duty(\"video\").owed_by(…).within(…)`",
                        "先写这项义务:`duty(\"video\").owed_by(…).within(…)`"
                    ),
                    DutyKind::Visit | DutyKind::Sweep | DutyKind::Inspection => both!(
                        "declare it: `duty(\"{kind}\").owed_by(…).every(1.months)`",
                        "先写这项义务:`duty(\"{kind}\").owed_by(…).every(1.months)`"
                    ),
                    DutyKind::Digest => both!(
                        "say that it is to be read: `digest(…).read_by(\"09:00\")`",
                        "先写明要阅知:`digest(…).read_by(\"09:00\")`"
                    ),
                };
                missing(tab, none, help, ladder.at);
            }
        }
    }
}

/// Where an obligation stands.
pub(in crate::script) fn place(draft: &Draft, kind: DutyKind) -> Option<Position> {
    match kind {
        DutyKind::Digest => draft.digest.as_ref().map(|digest| digest.at),
        _ => draft
            .duties
            .iter()
            .find(|own| own.what.kind == kind)
            .map(|own| own.at),
    }
}
