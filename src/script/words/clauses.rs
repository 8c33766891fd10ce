//! Decisions written as numbered clauses, and which of them holds where several apply.

use rhai::{Dynamic, FnPtr};

use super::call::{Call, item, put, slot};
use super::{Entry, entry};
use crate::plan::{Mode, Provenance};
use crate::script::draft::{ClauseDraft, ClausesDraft, Draft, Says};
use crate::script::fault::{Both, Fault, Tried, both};
use crate::script::value::{Kind, Raw};
use crate::words::ClockKind;

pub(super) const WORDS: &[Entry] = &[
    entry(Kind::Clock, "clauses", CLAUSES, "逐款规定", clock),
    entry(Kind::Tighten, "clauses", CLAUSES, "逐款规定", tighten),
    entry(Kind::Route, "clauses", CLAUSES, "逐款规定", route),
    entry(Kind::Classify, "clauses", CLAUSES, "逐款规定", classify),
    entry(Kind::Track, "clauses", CLAUSES, "逐款规定", track),
    entry(Kind::Gate, "clauses", COLLECT, "全部适用", collect),
    entry(Kind::Decline, "clauses", COLLECT, "全部适用", collect),
    entry(Kind::Ladder, "clauses", COLLECT, "全部适用", collect),
    entry(Kind::Count, "clauses", COLLECT, "全部适用", collect),
    entry(
        Kind::Clauses,
        "when",
        ".when(|m| m.热点, 3.working_days)",
        "符合条件的",
        when,
    ),
    entry(
        Kind::Clauses,
        "otherwise",
        ".otherwise(10.working_days)",
        "其余",
        otherwise,
    ),
    entry(Kind::Clauses, "title", ".title(\"热点件\")", "名称", title),
    entry(
        Kind::Clauses,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        provenance,
    ),
    entry(Kind::Clauses, "ours", ".ours(\"…\")", "自定", provenance),
];

const CLAUSES: &str = ".clauses(FIRST)";
const COLLECT: &str = ".clauses(COLLECT)";

/// What can be written in clauses.
pub(super) const OWNERS: [&str; 5] = [
    Kind::Clock.name(),
    Kind::Tighten.name(),
    Kind::Route.name(),
    Kind::Classify.name(),
    Kind::Track.name(),
];

/// Clauses of one decision, at most.
const MOST: usize = 60;

/// The mode that is named, `FIRST` if none is.
fn mode(call: &Call) -> Tried<Mode> {
    call.takes(0, 1)?;
    if call.args.is_empty() {
        return Ok(Mode::First);
    }
    let name = call.named(0, &Mode::ALL.map(Mode::name))?;
    let found = Mode::ALL.into_iter().find(|mode| mode.name() == name);
    Ok(found.unwrap_or(Mode::First))
}

/// Begins the clauses of a decision that has one answer. `ordered` says whether one of two answers is the stricter.
fn begin(draft: &mut Draft, call: &Call, of: &'static str, ordered: bool) -> Tried<Says> {
    let mode = mode(call)?;
    let why = match mode {
        Mode::Collect => Some(both!(
            "one answer is wanted, not all of them",
            "这里只能有一个结果,不能几个都算"
        )),
        Mode::Strictest if !ordered => Some(both!(
            "none of its answers is stricter than another",
            "这里的结果分不出哪个更严"
        )),
        _ => None,
    };
    if let Some(Both { en, zh }) = why {
        let name = mode.name();
        let fault = Fault::new(
            "D213",
            both!(
                "the clauses of {of} cannot be taken by `{name}`: {en}",
                "{of}的各款不能用`{name}`:{zh}"
            ),
        );
        let help = match ordered {
            true => both!(
                "write `FIRST`, `UNIQUE` or `STRICTEST`",
                "写`FIRST`、`UNIQUE`或者`STRICTEST`"
            ),
            false => both!("write `FIRST` or `UNIQUE`", "写`FIRST`或者`UNIQUE`"),
        };
        return Err(fault.help(help).arg(0));
    }
    draft.clauses.push(draft.here(
        ClausesDraft {
            of,
            mode,
            all: Vec::new(),
        },
        call.at,
    ));
    Ok(Says::Clauses(draft.clauses.len() - 1))
}

fn opens(draft: &Draft, call: &Call) -> Tried<Dynamic> {
    call.opens(Kind::Clauses, draft.clauses.len().saturating_sub(1))
}

fn clock(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    if item(&mut draft.clocks, call.on())?.what.kind == ClockKind::Commitment {
        let fault = Fault::new(
            "D209",
            both!(
                "a promise carries its own date, so `clock(\"commitment\")` has no limit of its own",
                "承诺以自己写明的日期为限,`clock(\"commitment\")`不另定时限"
            ),
        );
        return Err(fault.help(both!("leave `.clauses(…)` out", "删去`.clauses(…)`")));
    }
    let says = begin(draft, call, Kind::Clock.name(), true)?;
    let clock = &mut item(&mut draft.clocks, call.on())?.what;
    put(&mut clock.within, says, "the limit")?;
    opens(draft, call)
}

fn tighten(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let says = begin(draft, call, Kind::Tighten.name(), true)?;
    let one = &mut item(&mut draft.tightened, call.on())?.what;
    put(&mut one.within, says, "the limit")?;
    opens(draft, call)
}

fn route(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let says = begin(draft, call, Kind::Route.name(), false)?;
    put(&mut slot(&mut draft.route)?.what, says, "the lead")?;
    opens(draft, call)
}

fn classify(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let says = begin(draft, call, Kind::Classify.name(), false)?;
    put(&mut slot(&mut draft.classify)?.what, says, "the proposal")?;
    opens(draft, call)
}

fn track(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let says = begin(draft, call, Kind::Track.name(), false)?;
    put(
        &mut slot(&mut draft.track)?.what,
        says,
        "when tracking starts",
    )?;
    opens(draft, call)
}

/// What is a list by nature: everything in it that applies is taken, and a pack may say so.
fn collect(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let mode = match call.args.is_empty() {
        true => Mode::Collect,
        false => mode(call)?,
    };
    if mode != Mode::Collect {
        let name = mode.name();
        let fault = Fault::new(
            "D213",
            both!(
                "everything here that applies is taken, so `{name}` has no place",
                "这里凡是符合的都算,不能用`{name}`"
            ),
        );
        return Err(fault
            .help(both!(
                "write `.clauses(COLLECT)`, or leave it out",
                "写`.clauses(COLLECT)`,或者不写"
            ))
            .arg(0));
    }
    call.same()
}

/// What a clause says: one value.
fn says(draft: &Draft, call: &Call, at: usize) -> Tried<Raw> {
    let raw = call.rule(draft, at)?;
    if raw.value.is::<FnPtr>() {
        let fault = Fault::new(
            "D203",
            both!(
                "a clause says one thing, not a rule",
                "一款只定一个结果,不能再写一条规则"
            ),
        );
        return Err(fault
            .help(both!("write a clause for each case", "每种情形各写一款"))
            .arg(at));
    }
    Ok(raw)
}

fn add(draft: &mut Draft, call: &Call, clause: ClauseDraft) -> Tried<Dynamic> {
    let name = call.name;
    let all = &mut item(&mut draft.clauses, call.on())?.what.all;
    if all.last().is_some_and(|last| last.when.is_none()) {
        let fault = Fault::new(
            "D201",
            both!(
                "`{name}` stands after `.otherwise(…)`, which takes all that is left",
                "`{name}`写在`.otherwise(…)`后面,而其余情形都已归它"
            ),
        );
        return Err(fault.help(both!(
            "write `.otherwise(…)` last, and once",
            "`.otherwise(…)`只写一次,写在最后"
        )));
    }
    if all.len() >= MOST {
        return Err(Fault::new(
            "D203",
            both!(
                "a decision has at most {MOST} clauses",
                "一项规定至多 {MOST} 款"
            ),
        ));
    }
    all.push(clause);
    call.same()
}

fn clause(call: &Call) -> ClauseDraft {
    ClauseDraft {
        when: None,
        says: None,
        title: String::new(),
        provenance: Provenance::Unsaid,
        at: call.at,
    }
}

fn when(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let of = item(&mut draft.clauses, call.on())?.what.of;
    // What is tracked is tracked: the answer goes without saying.
    call.takes(if of == Kind::Track.name() { 1 } else { 2 }, 2)?;
    let clause = ClauseDraft {
        when: Some(call.condition(draft, 0)?),
        says: (call.args.len() > 1)
            .then(|| says(draft, call, 1))
            .transpose()?,
        ..clause(call)
    };
    add(draft, call, clause)
}

fn otherwise(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let clause = ClauseDraft {
        says: Some(says(draft, call, 0)?),
        ..clause(call)
    };
    add(draft, call, clause)
}

fn last<'a>(draft: &'a mut Draft, call: &Call) -> Tried<&'a mut ClauseDraft> {
    let name = call.name;
    let clauses = &mut item(&mut draft.clauses, call.on())?.what.all;
    clauses.last_mut().ok_or_else(|| {
        let fault = Fault::new(
            "D207",
            both!(
                "`{name}` does not say of which clause",
                "`{name}`没有说是哪一款的"
            ),
        );
        fault.help(both!(
            "write `.when(…)` first; what is said of all of them comes before `.clauses(…)`",
            "先写`.when(…)`;对各款都适用的,写在`.clauses(…)`前面"
        ))
    })
}

fn title(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let words = call.text(0)?;
    let clause = last(draft, call)?;
    if !clause.title.is_empty() {
        let known = &clause.title;
        return Err(Fault::new(
            "D204",
            both!(
                "the title of this clause is already said: `{known}`",
                "这一款已经有名称:“{known}”"
            ),
        ));
    }
    clause.title = words;
    call.same()
}

fn provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let clause = last(draft, call)?;
    clause.provenance = call.provenance(&clause.provenance)?;
    call.same()
}
