//! Clocks, and the pauses they heed.

use rhai::Dynamic;

use super::call::{Call, item, put};
use super::pack::named_counting;
use super::{Entry, entry};
use crate::plan::{ExtensionRule, PauseKind, Provenance, SUPPLEMENT};
use crate::script::draft::{ClockDraft, Draft, PauseDraft, Says};
use crate::script::fault::{Fault, Tried};
use crate::script::value::{Kind, Named, Percent, PostValue, ShareValue};
use crate::time::Span;
use crate::words::{ClockClass, ClockKind, ClockMark, PauseSide, Role};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "clock",
        "clock(\"reply\", \"答复\").within(5.working_days)",
        "时限",
        clock,
    ),
    entry(
        Kind::Clock,
        "starts",
        ".starts(ASSIGNED)",
        "自何时起",
        starts,
    ),
    entry(Kind::Clock, "stops", ".stops(REPLIED)", "至何时止", stops),
    entry(
        Kind::Clock,
        "within",
        ".within(5.working_days)",
        "多久之内",
        within,
    ),
    entry(
        Kind::Clock,
        "extend",
        ".extend(#{ granted_by: 督查办, times: 1, most: 5.working_days })",
        "延期",
        extend,
    ),
    entry(Kind::Clock, "lapses", ".lapses()", "逾期视为", lapses),
    entry(
        Kind::Clock,
        "counting",
        ".counting(\"cn\")",
        "起算规则",
        counting,
    ),
    entry(Kind::Clock, "class", ".class(STATUTORY)", "期限性质", class),
    entry(
        Kind::Clock,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        provenance,
    ),
    entry(Kind::Clock, "ours", ".ours(\"…\")", "自定", provenance),
    entry(
        Kind::Clock,
        "not_past",
        ".not_past(\"whole\")",
        "不得晚于",
        not_past,
    ),
    entry(
        Kind::Clock,
        "leaves",
        ".leaves(5.working_days)",
        "须留出",
        leaves,
    ),
    entry(
        Kind::Start,
        "share",
        "share(\"reply\", 50.percent)",
        "其时限的几成",
        share,
    ),
    entry(
        Kind::Start,
        "earliest",
        "earliest(20.working_days, 1.months)",
        "先到者",
        earliest,
    ),
    entry(
        Kind::Start,
        "latest",
        "latest(5.working_days, 1.weeks)",
        "后到者",
        latest,
    ),
    entry(
        Kind::Start,
        "pause",
        "pause(\"待网民补充\").side(CITIZEN).most(10.working_days)",
        "中止计时",
        pause,
    ),
    entry(Kind::Pause, "side", ".side(CITIZEN)", "因谁", side),
    entry(Kind::Pause, "most", ".most(10.working_days)", "最长", most),
    entry(Kind::Pause, "times", ".times(1)", "次数", times),
    entry(
        Kind::Pause,
        "holds",
        ".holds(\"reply\", \"redo\")",
        "只停",
        holds,
    ),
    entry(
        Kind::Pause,
        "restarts",
        ".restarts()",
        "补正后重新计算",
        restarts,
    ),
    entry(
        Kind::Start,
        "exclude",
        "exclude(\"听证\").side(STATUTORY).most(30.calendar_days)",
        "扣除时间",
        exclude,
    ),
];

pub(super) fn kind(call: &Call, at: usize) -> Tried<ClockKind> {
    call.term(at, "clock", ClockKind::ALL, |kind| [kind.name(), kind.zh()])
}

fn clock(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let kind = kind(call, 0)?;
    if let Some(first) = draft.clocks.iter().find(|clock| clock.what.kind == kind) {
        let fault = draft.twice(&format!("the clock `{kind}`"), first.at).arg(0);
        return Err(match draft.own(first.at) {
            true => fault,
            false => fault.help(format!(
                "tighten its limit: `tighten(\"{kind}\").within(…)`"
            )),
        });
    }
    let made = ClockDraft {
        kind,
        title: call.text_or(1, kind.zh())?,
        within: None,
        counting: None,
        class: None,
        provenance: Provenance::Unsaid,
        lapses: false,
        not_past_whole: false,
        leaves: None,
        extension: None,
        fixed: false,
    };
    draft.clocks.push(draft.here(made, call.at));
    call.opens(Kind::Clock, draft.clocks.len() - 1)
}

fn mark(call: &Call, at: usize, allowed: &[ClockMark], clock: ClockKind) -> Tried<ClockMark> {
    let known: Vec<&'static str> = super::MARKS.to_vec();
    let name = call.named(at, &known).map_err(|fault| {
        let list: Vec<String> = allowed
            .iter()
            .map(|mark| mark.name().to_uppercase())
            .collect();
        if fault
            .help
            .as_ref()
            .is_some_and(|help| help.en.starts_with("did you"))
        {
            fault
        } else {
            fault.help(format!("write {}", list.join(", ")))
        }
    })?;
    let mark = super::mark(name).filter(|mark| allowed.contains(mark));
    mark.ok_or_else(|| {
        let list: Vec<String> = allowed
            .iter()
            .map(|mark| format!("`{}`", mark.name().to_uppercase()))
            .collect();
        let fault = Fault::new(
            "D209",
            format!(
                "the clock `{clock}` does not {} on `{name}`",
                call.name.trim_end_matches('s')
            ),
        );
        fault
            .help(format!(
                "write {}, or leave `.{}(…)` out",
                list.join(", "),
                call.name
            ))
            .arg(at)
    })
}

fn starts(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let kind = item(&mut draft.clocks, call.on())?.what.kind;
    mark(call, 0, &[kind.starts()], kind)?;
    call.same()
}

/// What stops a clock is law of the spine. A pack may say the mark that the clock waits for, to be read; a clock that did not stop
/// on the others would run on for nothing.
fn stops(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, usize::MAX)?;
    let kind = item(&mut draft.clocks, call.on())?.what.kind;
    let mut said = Vec::new();
    for at in 0..call.args.len() {
        said.push(mark(call, at, kind.stops(), kind)?);
    }
    if let Some(first) = kind.stops().first().filter(|first| !said.contains(first)) {
        let name = first.name().to_uppercase();
        let fault = Fault::new(
            "D209",
            format!("the clock `{kind}` stops on `{name}` before all"),
        );
        return Err(fault.help(format!("name `{name}` too")).arg(0));
    }
    call.same()
}

fn within(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.rule(draft, 0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if clock.kind == ClockKind::Commitment {
        let fault = Fault::new(
            "D209",
            "a promise carries its own date, so `clock(\"commitment\")` has no limit of its own",
        );
        return Err(fault.help("leave `.within(…)` out"));
    }
    put(&mut clock.within, Says::Rule(rule), "the limit")?;
    call.same()
}

fn extend(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let keys = [
        "granted_by",
        "times",
        "most",
        "total",
        "ask_before",
        "told",
        "rearms",
    ];
    let map = call.map(0, &keys)?;
    let need = |part: &str| {
        let help = "write `.extend(#{ granted_by: 督查办, times: 1, most: 5.working_days })`";
        Fault::new("D207", format!("an extension needs `{part}`"))
            .help(help)
            .arg(0)
    };
    let by = map.get("granted_by").ok_or_else(|| need("granted_by"))?;
    let by = by
        .clone()
        .try_cast::<PostValue>()
        .ok_or_else(|| Fault::new("D203", "`granted_by` takes a post").arg(0))?;
    let granted_by = by
        .role
        .filter(|role| matches!(role, Role::Supervisor | Role::Leader))
        .ok_or_else(|| {
            let fault = Fault::new("D209", format!("`{}` cannot grant extensions", by.id));
            fault
                .help("only the roles `supervisor` and `leader` can")
                .arg(0)
        })?;
    let most = map.get("most").ok_or_else(|| need("most"))?;
    let most = most
        .clone()
        .try_cast::<Span>()
        .ok_or_else(|| Fault::new("D208", "`most` takes a span, as in `5.working_days`").arg(0))?;
    let total = match map.get("total") {
        None => None,
        Some(span) => Some(span.clone().try_cast::<Span>().ok_or_else(|| {
            Fault::new("D208", "`total` takes a span, as in `15.working_days`").arg(0)
        })?),
    };
    let told = match map.get("told") {
        None => false,
        Some(who) => match who.clone().try_cast::<Named>() {
            Some(Named("CITIZEN")) => true,
            _ => {
                let fault = Fault::new("D203", "`told` takes `CITIZEN`");
                return Err(fault
                    .help("leave `told` out where nobody outside waits")
                    .arg(0));
            }
        },
    };
    let times = match map.get("times") {
        None => 1,
        Some(n) => n
            .as_int()
            .ok()
            .filter(|n| (1..=10).contains(n))
            .ok_or_else(|| Fault::new("D203", "`times` takes a number from 1 to 10").arg(0))?,
    };
    let ask_before = match map.get("ask_before") {
        None => None,
        Some(text) => Some(call.clock_time(0, &text.clone().into_string().unwrap_or_default())?),
    };
    let rearms = match map.get("rearms") {
        None => false,
        Some(yes) => yes.as_bool().map_err(|_| {
            Fault::new("D203", "`rearms` takes `true` or `false`")
                .help("`rearms: true`: rungs that came already come again, where the new due moment puts them ahead")
                .arg(0)
        })?,
    };
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if !clock.kind.can_be_extended() {
        let fault = Fault::new(
            "D209",
            format!("the clock `{}` cannot be extended", clock.kind),
        );
        return Err(fault.help("only `reply`, `sub_reply`, `co_reply` and `redo` can"));
    }
    let rule = ExtensionRule {
        times: times as u32,
        most,
        total,
        ask_before,
        granted_by,
        told,
        rearms,
    };
    put(&mut clock.extension, rule, "the extension")?;
    call.same()
}

fn lapses(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if !clock.kind.lapses() {
        let fault = Fault::new(
            "D209",
            format!(
                "the clock `{}` does not lapse: what it waits for must be done",
                clock.kind
            ),
        );
        return Err(fault.help("only `sign`, `object` and `rating` lapse"));
    }
    clock.lapses = true;
    call.same()
}

fn counting(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let counting = named_counting(call)?;
    put(
        &mut item(&mut draft.clocks, call.on())?.what.counting,
        counting,
        "the counting",
    )?;
    call.same()
}

fn class(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let class = match call.named(0, &["STATUTORY", "STANDARD", "INTERNAL"])? {
        "STATUTORY" => ClockClass::Statutory,
        "STANDARD" => ClockClass::Standard,
        _ => ClockClass::Internal,
    };
    put(
        &mut item(&mut draft.clocks, call.on())?.what.class,
        class,
        "the class",
    )?;
    call.same()
}

fn provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    clock.provenance = call.provenance(&clock.provenance)?;
    call.same()
}

fn not_past(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let other = kind(call, 0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if clock.kind != ClockKind::Redo || other != ClockKind::Whole {
        let fault = Fault::new(
            "D209",
            format!("`{}` cannot be held within `{other}`", clock.kind),
        );
        return Err(fault.help("only `clock(\"redo\")` can, by `.not_past(\"whole\")`"));
    }
    clock.not_past_whole = true;
    call.same()
}

fn leaves(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if !clock.kind.can_leave() {
        let fault = Fault::new(
            "D209",
            format!("the clock `{}` does not wait for a reply", clock.kind),
        );
        return Err(
            fault.help("only `whole`, `reply` and `redo` can leave time for what follows it")
        );
    }
    put(&mut clock.leaves, span, "what must be left")?;
    call.same()
}

fn share(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let of = kind(call, 0)?;
    let percent = call
        .args
        .get(1)
        .and_then(|value| value.clone().try_cast::<Percent>());
    let percent = percent.ok_or_else(|| call.wrong(1, "a share such as `50.percent`"))?;
    Ok(Dynamic::from(ShareValue {
        of,
        percent: percent.0,
    }))
}

fn spans(call: &Call) -> Tried<Vec<Span>> {
    call.takes(2, usize::MAX)?;
    (0..call.args.len()).map(|at| call.span(at)).collect()
}

fn earliest(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    Ok(Dynamic::from(Span::Earliest(spans(call)?)))
}

fn latest(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    Ok(Dynamic::from(Span::Latest(spans(call)?)))
}

fn pause(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    reason(draft, call, PauseKind::Waits)
}

/// A stretch that is over and does not count, such as a hearing: no clock waits for it.
fn exclude(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    reason(draft, call, PauseKind::Excludes)
}

fn holds(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, usize::MAX)?;
    for at in 0..call.args.len() {
        let kind = kind(call, at)?;
        let pause = &mut item(&mut draft.pauses, call.on())?.what;
        if pause.holds.contains(&kind) {
            return Err(Fault::new("D204", format!("the clock `{kind}` stands twice")).arg(at));
        }
        pause.holds.push(kind);
    }
    call.same()
}

fn restarts(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let pause = &mut item(&mut draft.pauses, call.on())?.what;
    if pause.kind != PauseKind::Waits || pause.reason != SUPPLEMENT {
        let fault = Fault::new(
            "D209",
            format!("time does not run anew after `{}`", pause.reason),
        );
        return Err(fault
            .help("only `pause(\"补正\")` restarts, when the citizen has completed the message"));
    }
    pause.kind = PauseKind::Restarts;
    call.same()
}

fn reason(draft: &mut Draft, call: &mut Call, kind: PauseKind) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let reason = call.text(0)?;
    if let Some(first) = draft
        .pauses
        .iter()
        .find(|pause| pause.what.reason == reason)
    {
        return Err(draft
            .twice(&format!("the pause `{reason}`"), first.at)
            .arg(0));
    }
    draft.pauses.push(draft.here(
        PauseDraft {
            reason,
            side: None,
            most: None,
            times: None,
            kind,
            holds: Vec::new(),
        },
        call.at,
    ));
    call.opens(Kind::Pause, draft.pauses.len() - 1)
}

fn side(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let side = match call.named(0, &["CITIZEN", "STATUTORY", "OFFICE"])? {
        "CITIZEN" => PauseSide::Citizen,
        "STATUTORY" => PauseSide::Statutory,
        _ => PauseSide::Office,
    };
    put(
        &mut item(&mut draft.pauses, call.on())?.what.side,
        side,
        "whose time it is",
    )?;
    call.same()
}

fn most(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    put(
        &mut item(&mut draft.pauses, call.on())?.what.most,
        span,
        "how long at most",
    )?;
    call.same()
}

fn times(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let n = call.within(draft, 0, "a number", 1..=10)?;
    put(
        &mut item(&mut draft.pauses, call.on())?.what.times,
        n,
        "how many times",
    )?;
    call.same()
}
