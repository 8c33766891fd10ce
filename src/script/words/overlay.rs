//! Laying a pack over another (在上级规则之上): what it may add, what it may tighten, and nothing else.

use std::collections::BTreeMap;

use rhai::Dynamic;

use super::call::{Call, item, put, table};
use super::clocks::kind;
use super::{Entry, entry};
use crate::plan::Provenance;
use crate::script::draft::{Draft, Says, TightenDraft};
use crate::script::fault::{Fault, Tried, both};
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
        let name = word.name;
        let message = both!(
            "only the base pack says `{name}(…)`: an overlay would loosen it",
            "`{name}(…)`只能由底本来写:在这里写就放宽了"
        );
        return Err(Fault::new("D211", message).help(both!(
            "an overlay adds what is stricter, and nothing else",
            "叠在底本上的包只能写更严的;删去这一句"
        )));
    }
    if !draft.over() && word.name == "tighten" {
        let message = both!("there is no base pack to tighten", "没有底本,谈不上从严");
        return Err(Fault::new("D211", message).help(both!(
            "say which by `based_on(\"…\");`, or write the limit in `clock(…)`",
            "先用`based_on(\"…\");`写明底本,或者直接写在`clock(…)`里"
        )));
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
    let name = word.name;
    let message = both!(
        "`{name}` would change what the base pack says",
        "`{name}`改动了底本的规定"
    );
    let help = match clause.kind {
        Kind::Clock => both!(
            "an overlay tightens a limit: `tighten(\"reply\").within(…)`",
            "时限只能从严,写`tighten(\"reply\").within(…)`"
        ),
        Kind::Pack => both!(
            "zone, hours, holidays, counting and labels are the base pack's",
            "时区、作息、放假调休、起算规则、标签用语都由底本规定"
        ),
        _ => both!(
            "an overlay adds to what its base declares, and changes nothing of it",
            "底本写了的,只能往上加,不能改"
        ),
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
    draft.once(
        &draft.based,
        both!("what this pack is based on", "以哪个包为底本"),
    )?;
    let name = call.text(0)?;
    let mut params = BTreeMap::new();
    if let Some(map) = call.args.get(1) {
        let map = map.clone().try_cast::<rhai::Map>();
        for (param, value) in map.ok_or_else(|| call.wrong(1, table()))? {
            let whole = value.as_int().map_err(|_| {
                let message = both!(
                    "the parameter `{param}` is set to a whole number",
                    "参数`{param}`要定成整数"
                );
                Fault::new("D203", message)
                    .help(both!(
                        "write `#{{ \"{param}\": 7 }}`",
                        "写成`#{{ \"{param}\": 7 }}`这样"
                    ))
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
    if kind.is_the_citizens() {
        let message = both!(
            "the time of `{kind}` is the citizen's own: to shorten it is to loosen the base",
            "“{kind}”时限是留给网民的时间,缩短它就是放宽底本";
            kind
        );
        let help = both!(
            "leave it out: what the base says holds",
            "删去这一句,照底本的"
        );
        return Err(Fault::new("D211", message).help(help).arg(0));
    }
    let clock = draft.clocks.iter().find(|clock| clock.what.kind == kind);
    if let Some(clock) = clock.filter(|clock| clock.what.fixed) {
        let at = clock.at;
        return Err(draft
            .twice(
                both!(
                    "the limit of `{kind}` is fixed, and",
                    "“{kind}”时限写明了不得另定,它";
                    kind
                ),
                at,
            )
            .arg(0));
    }
    let own = draft
        .tightened
        .iter()
        .find(|one| one.what.kind == kind && draft.own(one.at));
    if let Some(first) = own {
        return Err(draft
            .twice(
                both!("how `{kind}` is tightened", "“{kind}”时限的从严"; kind),
                first.at,
            )
            .arg(0));
    }
    let none = clock.is_none() && !kind.is_needed();
    if none || kind == ClockKind::Commitment || clock.is_some_and(|clock| draft.own(clock.at)) {
        let message = both!(
            "the base pack has no limit of `{kind}` to tighten",
            "底本没有写“{kind}”时限,谈不上从严";
            kind
        );
        let help = if kind == ClockKind::Commitment {
            both!("a promise carries its own date", "承诺以承诺的日期为限")
        } else {
            both!(
                "declare it: `clock(\"{kind}\").within(…)`",
                "直接写这个时限:`clock(\"{kind}\").within(…)`"
            )
        };
        return Err(Fault::new("D211", message).help(help).arg(0));
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
    put(
        &mut one.within,
        Says::Rule(rule),
        both!("the limit", "多久之内"),
    )?;
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
            both!(
                "the parameter `{name}` is fixed, and a value is set for it",
                "参数`{name}`不得另定,却给它设了值"
            ),
        );
        return Err(fault.help(both!(
            "leave it out where parameters are set",
            "在设参数的地方删去它"
        )));
    }
    Ok(Dynamic::from(crate::script::value::ParamValue {
        at,
        value,
    }))
}
