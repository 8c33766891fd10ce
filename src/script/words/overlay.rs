//! Laying a pack over another (在上级规则之上): what it may add, what it may tighten, and nothing else.

use std::collections::BTreeMap;

use rhai::Dynamic;

use super::call::{Call, item, put};
use super::clocks::kind;
use super::{Entry, entry};
use crate::plan::Provenance;
use crate::script::draft::{Draft, TightenDraft};
use crate::script::fault::{Fault, Tried};
use crate::script::value::{Clause, Kind};
use crate::words::ClockKind;

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "based_on",
        "based_on(\"hainan-board\", #{ \"办理期限\": 7 })",
        "以何包为本",
        based_on,
    ),
    entry(
        Kind::Start,
        "tighten",
        "tighten(\"reply\").within(5.working_days)",
        "从严",
        tighten,
    ),
    entry(
        Kind::Tighten,
        "within",
        ".within(5.working_days)",
        "多久之内",
        within,
    ),
    entry(
        Kind::Tighten,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        provenance,
    ),
    entry(Kind::Tighten, "ours", ".ours(\"…\")", "自定", provenance),
    entry(Kind::Clock, "fixed", ".fixed()", "不得另定", fixed_clock),
    entry(Kind::Param, "fixed", ".fixed()", "不得另定", fixed_param),
];

/// What only a base says: each would give a case more time, or a way out.
const NEVER: [&str; 4] = ["decline", "pause", "exclude", "quiet"];
/// What an overlay says of itself.
const ITSELF: [&str; 4] = ["edition", "language", "source", "in_force"];
/// What it may add to a declaration of its base.
const ADDS: [&str; 9] = [
    "require", "refuse", "judged", "before", "at_share", "due", "after", "every", "at",
];
/// Acts of a rung: more of them may be done, and more people told.
const ACTS: [&str; 7] = [
    "remind",
    "warn",
    "copy",
    "supervise",
    "summon",
    "report",
    "name_in",
];

/// Whether a word may begin a statement here.
pub(super) fn begins(draft: &Draft, word: &Entry) -> Tried<()> {
    if draft.over() && NEVER.contains(&word.name) {
        let message = format!(
            "only the base pack says `{}(…)`: an overlay would loosen it",
            word.name
        );
        return Err(
            Fault::new("D211", message).help("an overlay adds what is stricter, and nothing else")
        );
    }
    if !draft.over() && word.name == "tighten" {
        let fault = Fault::new("D211", "there is no base pack to tighten");
        return Err(fault.help("say which by `based_on(\"…\");`, or write the limit in `clock(…)`"));
    }
    Ok(())
}

/// Whether a word may follow a declaration: what a base has declared is added to, and not changed.
pub(super) fn follows(draft: &Draft, clause: Clause, word: &Entry) -> Tried<()> {
    if !draft.over() {
        return Ok(());
    }
    let own = draft.place(clause).is_none_or(|at| draft.own(at));
    let adds = matches!(clause.kind, Kind::Gate | Kind::Ladder | Kind::Count);
    let fits = match clause.kind {
        Kind::Pack => ITSELF.contains(&word.name),
        _ if own => true,
        _ if adds && ADDS.contains(&word.name) => true,
        Kind::Ladder if ACTS.contains(&word.name) => true,
        // On the last clause, rung or step, if that is the overlay's own.
        _ => adds && last_is_own(draft, clause),
    };
    if fits {
        return Ok(());
    }
    let message = format!("`{}` would change what the base pack says", word.name);
    let help = match clause.kind {
        Kind::Clock => "an overlay tightens a limit: `tighten(\"reply\").within(…)`",
        Kind::Pack => "zone, hours, holidays, counting and labels are the base pack's",
        _ => "an overlay adds to what its base declares, and changes nothing of it",
    };
    Err(Fault::new("D211", message).help(help))
}

fn last_is_own(draft: &Draft, clause: Clause) -> bool {
    let at = match clause.kind {
        Kind::Gate => draft
            .gates
            .get(clause.at)
            .and_then(|gate| gate.what.clauses.last())
            .map(|one| one.rule.at),
        Kind::Ladder => draft
            .ladders
            .get(clause.at)
            .and_then(|it| it.what.rungs.get(it.what.latest))
            .map(|one| one.at),
        _ => draft
            .counts
            .get(clause.at)
            .and_then(|it| it.what.steps.last())
            .map(|one| one.2),
    };
    at.is_some_and(|at| draft.own(at))
}

fn based_on(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    draft.once(&draft.based, "what this pack is based on")?;
    let name = call.text(0)?;
    let mut params = BTreeMap::new();
    if let Some(map) = call.args.get(1) {
        let map = map.clone().try_cast::<rhai::Map>();
        for (param, value) in map.ok_or_else(|| call.wrong(1, "a map `#{ … }`"))? {
            let whole = value.as_int().map_err(|_| {
                Fault::new(
                    "D203",
                    format!("the parameter `{param}` is set to a whole number"),
                )
                .help(format!("write `#{{ \"{param}\": 7 }}`"))
                .arg(1)
            })?;
            params.insert(param.to_string(), whole);
        }
    }
    draft.based = Some(draft.here((name, params), call.at));
    call.opens(Kind::End, 0)
}

fn tighten(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let kind = kind(call, 0)?;
    let clock = draft.clocks.iter().find(|clock| clock.what.kind == kind);
    if let Some(clock) = clock.filter(|clock| clock.what.fixed) {
        let at = clock.at;
        return Err(draft
            .twice(&format!("the limit of `{kind}` is fixed, and"), at)
            .arg(0));
    }
    let own = draft
        .tightened
        .iter()
        .find(|one| one.what.kind == kind && draft.own(one.at));
    if let Some(first) = own {
        return Err(draft
            .twice(&format!("how `{kind}` is tightened"), first.at)
            .arg(0));
    }
    let none = clock.is_none() && !kind.is_needed();
    if none || kind == ClockKind::Commitment || clock.is_some_and(|clock| draft.own(clock.at)) {
        let fault = Fault::new(
            "D211",
            format!("the base pack has no limit of `{kind}` to tighten"),
        );
        let help = if kind == ClockKind::Commitment {
            "a promise carries its own date".to_owned()
        } else {
            format!("declare it: `clock(\"{kind}\").within(…)`")
        };
        return Err(fault.help(help).arg(0));
    }
    let made = TightenDraft {
        kind,
        within: None,
        provenance: Provenance::Unsaid,
    };
    draft.tightened.push(draft.here(made, call.at));
    call.opens(Kind::Tighten, draft.tightened.len() - 1)
}

fn within(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.rule(draft, 0)?;
    let one = &mut item(&mut draft.tightened, call.on())?.what;
    put(&mut one.within, rule, "the limit")?;
    call.same()
}

fn provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let one = &mut item(&mut draft.tightened, call.on())?.what;
    one.provenance = call.provenance(&one.provenance)?;
    call.same()
}

fn fixed_clock(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    item(&mut draft.clocks, call.on())?.what.fixed = true;
    call.same()
}

/// A number with a name that nobody may set anew.
fn fixed_param(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let at = call.on();
    let param = &mut item(&mut draft.params, at)?.what;
    param.fixed = true;
    let value = param.value;
    let name = param.name.clone();
    if draft.set.contains_key(&name) {
        let fault = Fault::new(
            "D211",
            format!("the parameter `{name}` is fixed, and a value is set for it"),
        );
        return Err(fault.help("leave it out where parameters are set"));
    }
    Ok(Dynamic::from(crate::script::value::ParamValue {
        at,
        value,
    }))
}
