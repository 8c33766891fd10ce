//! Clocks, and the pauses they heed.

use rhai::Dynamic;

use super::call::{Call, item, put};
use super::pack::named_counting;
use super::{Entry, entry};
use crate::plan::{ExtensionRule, PauseKind, Provenance, SUPPLEMENT};
use crate::script::draft::{ClockDraft, Draft, PauseDraft, Says};
use crate::script::fault::{Fault, Tried, both};
use crate::script::value::{Kind, Named, Percent, PostValue, ShareValue};
use crate::time::Span;
use crate::words::{ClockClass, ClockKind, ClockMark, Lang, PauseSide, Role};

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
    entry(
        Kind::Clock,
        "when",
        ".extend(…).when(|m| m.level == \"首次办理\")",
        "什么情形可以延期",
        extended_when,
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
        "when",
        ".when(|m| m.level == \"请求复核\")",
        "什么情形可以",
        paused_when,
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
    call.term(at, both!("clock", "时限"), ClockKind::ALL, |kind| {
        [kind.name(), kind.zh()]
    })
}

fn clock(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let kind = kind(call, 0)?;
    if let Some(first) = draft.clocks.iter().find(|clock| clock.what.kind == kind) {
        let what = both!("the clock `{kind}`", "“{kind}”时限"; kind);
        let fault = draft.twice(what, first.at).arg(0);
        return Err(match draft.own(first.at) {
            true => fault,
            false => fault.help(both!(
                "tighten its limit: `tighten(\"{kind}\").within(…)`",
                "要从严,写`tighten(\"{kind}\").within(…)`"
            )),
        });
    }
    let labels = draft.pack.as_ref().and_then(|pack| pack.what.labels);
    let made = ClockDraft {
        kind,
        title: call.text_or(1, &kind.usual_title(labels.unwrap_or(Lang::Zh)))?,
        starts: None,
        until: None,
        within: None,
        counting: None,
        class: None,
        provenance: Provenance::Unsaid,
        lapses: false,
        not_past_whole: false,
        leaves: None,
        extension: None,
        extended_when: None,
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
            .map(|mark| format!("`{}`", mark.name().to_uppercase()))
            .collect();
        if fault
            .help
            .as_ref()
            .is_some_and(|help| help.en.starts_with("did you"))
        {
            fault
        } else {
            let (en, zh) = (list.join(", "), list.join("、"));
            fault.help(both!("write {en}", "写{zh}"))
        }
    })?;
    let mark = super::mark(name).filter(|mark| allowed.contains(mark));
    mark.ok_or_else(|| {
        let list: Vec<String> = allowed
            .iter()
            .map(|mark| format!("`{}`", mark.name().to_uppercase()))
            .collect();
        let word = call.name;
        let (does, zh) = match word {
            "starts" => ("start", "起算"),
            _ => ("stop", "止算"),
        };
        let message = both!(
            "the clock `{clock}` does not {does} on `{name}`",
            "“{clock}”时限不按`{name}`{zh}";
            clock
        );
        let (en, zh) = (list.join(", "), list.join("、"));
        let help = both!(
            "write {en}, or leave `.{word}(…)` out",
            "写{zh},或者不写`.{word}(…)`"
        );
        Fault::new("D209", message).help(help).arg(at)
    })
}

fn starts(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let kind = item(&mut draft.clocks, call.on())?.what.kind;
    let allowed: Vec<ClockMark> = [&[kind.starts()], kind.earlier()].concat();
    let mark = mark(call, 0, &allowed, kind)?;
    put(
        &mut item(&mut draft.clocks, call.on())?.what.starts,
        mark,
        both!("what it counts from", "自何时起"),
    )?;
    call.same()
}

/// What stops a clock is law of the spine. A pack may say the mark that the clock waits for, to be read; a clock that did not stop
/// on the others would run on for nothing. Where an answer must have gone out in time, the pack says that mark instead.
fn stops(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, usize::MAX)?;
    let kind = item(&mut draft.clocks, call.on())?.what.kind;
    let mut said = Vec::new();
    let allowed: Vec<ClockMark> = kind.stops().iter().copied().chain(kind.later()).collect();
    for at in 0..call.args.len() {
        said.push(mark(call, at, &allowed, kind)?);
    }
    let later = kind.later().filter(|later| said.contains(later));
    if let Some(later) = later {
        if said.len() > 1 {
            let name = later.name().to_uppercase();
            let message = both!(
                "the clock `{kind}` runs until one of these, not until both",
                "“{kind}”时限只能止于其中一件";
                kind
            );
            let help = both!(
                "write `.stops({name})` where the answer must have gone out in time, review included; else leave it out",
                "审核送出也要在期限以内的,只写`.stops({name})`;否则不写"
            );
            return Err(Fault::new("D209", message).help(help).arg(0));
        }
    } else if let Some(first) = kind.stops().first().filter(|first| !said.contains(first)) {
        let name = first.name().to_uppercase();
        let message = both!(
            "the clock `{kind}` stops on `{name}` before all",
            "“{kind}”时限首先要止于`{name}`";
            kind
        );
        let help = both!("name `{name}` too", "把`{name}`也写上");
        return Err(Fault::new("D209", message).help(help).arg(0));
    }
    put(
        &mut item(&mut draft.clocks, call.on())?.what.until,
        later,
        both!("what it runs until", "至何时止"),
    )?;
    call.same()
}

fn within(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.rule(draft, 0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if clock.kind == ClockKind::Commitment {
        let fault = Fault::new(
            "D209",
            both!(
                "a promise carries its own date, so `clock(\"commitment\")` has no limit of its own",
                "承诺以承诺的日期为限,`clock(\"commitment\")`不再另写多久"
            ),
        );
        return Err(fault.help(both!("leave `.within(…)` out", "删去`.within(…)`")));
    }
    put(
        &mut clock.within,
        Says::Rule(rule),
        both!("the limit", "多久之内"),
    )?;
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
        let help = both!(
            "write `.extend(#{{ granted_by: 督查办, times: 1, most: 5.working_days }})`",
            "照这样写:`.extend(#{{ granted_by: 督查办, times: 1, most: 5.working_days }})`"
        );
        Fault::new(
            "D207",
            both!("an extension needs `{part}`", "延期缺了`{part}`这一项"),
        )
        .help(help)
        .arg(0)
    };
    let by = map.get("granted_by").ok_or_else(|| need("granted_by"))?;
    let by = by.clone().try_cast::<PostValue>().ok_or_else(|| {
        let message = both!("`granted_by` takes a post", "`granted_by`(谁批准)要写岗位");
        Fault::new("D203", message).arg(0)
    })?;
    let granted_by = by
        .role
        .filter(|role| matches!(role, Role::Supervisor | Role::Leader))
        .ok_or_else(|| {
            let id = &by.id;
            let message = both!("`{id}` cannot grant extensions", "`{id}`不能批准延期");
            let help = both!(
                "only the roles `supervisor` and `leader` can",
                "只有督查办(`supervisor`)和领导(`leader`)可以"
            );
            Fault::new("D209", message).help(help).arg(0)
        })?;
    let most = map.get("most").ok_or_else(|| need("most"))?;
    let most = most.clone().try_cast::<Span>().ok_or_else(|| {
        let message = both!(
            "`most` takes a span, as in `5.working_days`",
            "`most`(最长)要写时长,如`5.working_days`"
        );
        Fault::new("D208", message).arg(0)
    })?;
    let total = match map.get("total") {
        None => None,
        Some(span) => Some(span.clone().try_cast::<Span>().ok_or_else(|| {
            let message = both!(
                "`total` takes a span, as in `15.working_days`",
                "`total`(总共)要写时长,如`15.working_days`"
            );
            Fault::new("D208", message).arg(0)
        })?),
    };
    let told = match map.get("told") {
        None => false,
        Some(who) => match who.clone().try_cast::<Named>() {
            Some(Named("CITIZEN")) => true,
            _ => {
                let message = both!(
                    "`told` takes `CITIZEN`",
                    "`told`(告知谁)只能写`CITIZEN`(网民)"
                );
                let help = both!(
                    "leave `told` out where nobody outside waits",
                    "不必告知网民的,不写`told`"
                );
                return Err(Fault::new("D203", message).help(help).arg(0));
            }
        },
    };
    let times = match map.get("times") {
        None => 1,
        Some(n) => n
            .as_int()
            .ok()
            .filter(|n| (1..=10).contains(n))
            .ok_or_else(|| {
                let message = both!(
                    "`times` takes a number from 1 to 10",
                    "`times`(次数)写 1 到 10 的数"
                );
                Fault::new("D203", message).arg(0)
            })?,
    };
    let ask_before = match map.get("ask_before") {
        None => None,
        Some(text) => Some(call.clock_time(0, &text.clone().into_string().unwrap_or_default())?),
    };
    let rearms = match map.get("rearms") {
        None => false,
        Some(yes) => yes.as_bool().map_err(|_| {
            let message = both!(
                "`rearms` takes `true` or `false`",
                "`rearms`(重新催办)写`true`或者`false`"
            );
            Fault::new("D203", message)
                .help(both!(
                    "`rearms: true`: rungs that came already come again, where the new due moment puts them ahead",
                    "`rearms: true`:延期以后,催过的各级按新的到期时间再催一遍"
                ))
                .arg(0)
        })?,
    };
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if !clock.kind.can_be_extended() {
        let kind = clock.kind;
        let message = both!("the clock `{kind}` cannot be extended", "“{kind}”时限不能延期"; kind);
        return Err(Fault::new("D209", message).help(both!(
            "only `reply`, `sub_reply`, `co_reply` and `redo` can",
            "只有`reply`(答复)、`sub_reply`(下级办理)、`co_reply`(协办)、`redo`(重办)可以"
        )));
    }
    let rule = ExtensionRule {
        times: times as u32,
        most,
        total,
        ask_before,
        granted_by,
        told,
        rearms,
        when: None,
    };
    put(&mut clock.extension, rule, both!("the extension", "延期"))?;
    call.same()
}

/// For which cases the extension that was just said may be asked and granted.
fn extended_when(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.condition(draft, 0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if clock.extension.is_none() {
        let kind = clock.kind;
        let message = both!(
            "the clock `{kind}` has no extension that this could be a condition of",
            "“{kind}”时限没有写延期,这个条件没有着落";
            kind
        );
        return Err(Fault::new("D207", message).help(both!(
            "write `.extend(#{{ … }}).when(|m| …)`; how long a limit is in which case is said in `.within(|m| …)`, or in clauses",
            "先写`.extend(#{{ … }})`,后面接`.when(|m| …)`;什么情形多长,写在`.within(|m| …)`里,或者分款写"
        )));
    }
    put(
        &mut clock.extended_when,
        rule,
        both!("the condition of the extension", "延期的条件"),
    )?;
    call.same()
}

fn paused_when(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.condition(draft, 0)?;
    put(
        &mut item(&mut draft.pauses, call.on())?.what.when,
        rule,
        both!("the condition", "条件"),
    )?;
    call.same()
}

fn lapses(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if !clock.kind.lapses() {
        let kind = clock.kind;
        let message = both!(
            "the clock `{kind}` does not lapse: what it waits for must be done",
            "“{kind}”时限到期不能视为已办:事情必须办";
            kind
        );
        return Err(Fault::new("D209", message).help(both!(
            "only `sign`, `object` and `rating` lapse",
            "删去`.lapses()`;只有`sign`(签收)、`object`(退单)、`rating`(评价期)逾期视为已办"
        )));
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
        both!("the counting", "起算规则"),
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
        both!("the class", "期限性质"),
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
        let kind = clock.kind;
        let message = both!(
            "`{kind}` cannot be held within `{other}`",
            "“{kind}”时限不能写成不得晚于“{other}”时限";
            kind, other
        );
        return Err(Fault::new("D209", message).help(both!(
            "only `clock(\"redo\")` can, by `.not_past(\"whole\")`",
            "只有重办时限可以:`clock(\"redo\")`后面写`.not_past(\"whole\")`"
        )));
    }
    clock.not_past_whole = true;
    call.same()
}

fn leaves(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    if !clock.kind.can_leave() {
        let kind = clock.kind;
        let message = both!(
            "the clock `{kind}` does not wait for a reply",
            "“{kind}”时限等的不是答复";
            kind
        );
        return Err(Fault::new("D209", message).help(both!(
            "only `whole`, `reply` and `redo` can leave time for what follows it",
            "只有`whole`(办结)、`reply`(答复)、`redo`(重办)可以为答复之后的事留时间"
        )));
    }
    put(
        &mut clock.leaves,
        span,
        both!("what must be left", "须留出的时间"),
    )?;
    call.same()
}

fn share(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let of = kind(call, 0)?;
    let percent = call
        .args
        .get(1)
        .and_then(|value| value.clone().try_cast::<Percent>());
    let percent = percent.ok_or_else(|| {
        call.wrong(
            1,
            both!("a share such as `50.percent`", "几成,如`50.percent`"),
        )
    })?;
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
            let message = both!("the clock `{kind}` stands twice", "“{kind}”时限写了两次"; kind);
            return Err(Fault::new("D204", message).arg(at));
        }
        pause.holds.push(kind);
    }
    call.same()
}

fn restarts(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let pause = &mut item(&mut draft.pauses, call.on())?.what;
    if pause.kind != PauseKind::Waits || pause.reason != SUPPLEMENT {
        let reason = &pause.reason;
        let message = both!(
            "time does not run anew after `{reason}`",
            "`{reason}`之后不能重新起算"
        );
        return Err(Fault::new("D209", message).help(both!(
            "only `pause(\"补正\")` restarts, when the citizen has completed the message",
            "只有`pause(\"补正\")`在网民补全留言之后重新起算;删去`.restarts()`"
        )));
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
            .twice(
                match kind {
                    PauseKind::Excludes => {
                        both!("the stretch `{reason}`", "扣除时间的事由`{reason}`")
                    }
                    _ => both!("the pause `{reason}`", "中止计时的事由`{reason}`"),
                },
                first.at,
            )
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
            when: None,
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
        both!("whose time it is", "因谁"),
    )?;
    call.same()
}

fn most(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    put(
        &mut item(&mut draft.pauses, call.on())?.what.most,
        span,
        both!("how long at most", "最长多久"),
    )?;
    call.same()
}

fn times(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let n = call.within(draft, 0, both!("a number", "数"), 1..=10)?;
    put(
        &mut item(&mut draft.pauses, call.on())?.what.times,
        n,
        both!("how many times", "次数"),
    )?;
    call.same()
}
