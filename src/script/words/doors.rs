//! The doors of a case: gates, redo, call-back, strike-off, reopening.

use rhai::Dynamic;

use super::call::{Call, item, put, slot};
use super::{Entry, entry};
use crate::plan::{Judged, ReopenCount};
use crate::script::draft::{Draft, GateClause, GateDraft};
use crate::script::fault::{Fault, Tried, both};
use crate::script::value::Kind;
use crate::words::{Gate, Outcome};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "gate",
        "gate(\"process\", \"办理过程不细致不放过\")",
        "不放过",
        gate,
    ),
    entry(Kind::Gate, "judged", ".judged(REVIEW)", "何时把关", judged),
    entry(
        Kind::Gate,
        "require",
        ".require(|m| m.visited, \"到现场\")",
        "必须",
        clause,
    ),
    entry(
        Kind::Gate,
        "refuse",
        ".refuse(|m| m.vague && !m.dated, \"写明日期\")",
        "不得",
        clause,
    ),
    entry(
        Kind::Gate,
        "only_for",
        ".only_for(\"办事\")",
        "只对",
        only_for,
    ),
    entry(
        Kind::Start,
        "redo",
        "redo().grounds([\"调查不清楚\", \"处理不到位\"])",
        "退回重办",
        redo,
    ),
    entry(
        Kind::Redo,
        "grounds",
        ".grounds([\"调查不清楚\"])",
        "事由",
        redo_grounds,
    ),
    entry(
        Kind::Start,
        "review",
        "review().two_steps()",
        "审核",
        review,
    ),
    entry(
        Kind::Review,
        "two_steps",
        ".two_steps(|m| m.class == \"办事\")",
        "两级审核",
        two_steps,
    ),
    entry(
        Kind::Start,
        "callback",
        "callback().attempts(3)",
        "回访",
        callback,
    ),
    entry(
        Kind::CallBack,
        "attempts",
        ".attempts(3)",
        "几次联系不上",
        attempts,
    ),
    entry(
        Kind::Start,
        "strike_off",
        "strike_off().allow(\"问事\", [ANSWERED])",
        "销账",
        strike_off,
    ),
    entry(
        Kind::StrikeOff,
        "allow",
        ".allow(\"办事\", [SOLVED, EXPLAINED])",
        "可以怎样销账",
        allow,
    ),
    entry(
        Kind::StrikeOff,
        "rate_within",
        ".rate_within(30.calendar_days)",
        "销账后多久仍可评价",
        rate_within,
    ),
    entry(
        Kind::Start,
        "reopen",
        "reopen().on([\"新的事实\"]).shorter()",
        "重开",
        reopen,
    ),
    entry(
        Kind::Reopen,
        "on",
        ".on([\"新的事实\", \"新的理由\"])",
        "事由",
        reopen_grounds,
    ),
    entry(Kind::Reopen, "fresh", ".fresh()", "重新计时", reopen_count),
    entry(
        Kind::Reopen,
        "continues",
        ".continues()",
        "接着计时",
        reopen_count,
    ),
    entry(
        Kind::Reopen,
        "shorter",
        ".shorter()",
        "取较短的",
        reopen_count,
    ),
];

fn gate(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let names: fn(Gate) -> [&'static str; 2] = |gate| [gate.name(), gate.zh()];
    let gate = call.term(0, both!("gate", "“不放过”"), Gate::ALL, names)?;
    if call.args.len() == 2 && call.text(1)? != gate.zh() {
        let (id, name) = (gate.name(), gate.zh());
        let message = both!(
            "the gate `{id}` is called `{name}`",
            "`{id}`这一关叫`{name}`"
        );
        let help = both!("write it so, or leave it out", "照这样写,或者不写");
        return Err(Fault::new("D206", message).help(help).arg(1));
    }
    let known = draft.gates.iter().position(|other| other.what.gate == gate);
    if let Some(at) = known.filter(|at| draft.gates.get(*at).is_some_and(|it| !draft.own(it.at))) {
        return call.opens(Kind::Gate, at);
    }
    if let Some(first) = draft.gates.iter().find(|other| other.what.gate == gate) {
        return Err(draft
            .twice(both!("the gate `{gate}`", "“{gate}”这一关"; gate), first.at)
            .arg(0));
    }
    draft.gates.push(draft.here(
        GateDraft {
            gate,
            judged: None,
            clauses: Vec::new(),
        },
        call.at,
    ));
    call.opens(Kind::Gate, draft.gates.len() - 1)
}

fn judged(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let judged = if call.named(0, &["REVIEW", "STRIKE_OFF"])? == "REVIEW" {
        Judged::Review
    } else {
        Judged::StrikeOff
    };
    let over = draft.over();
    let gate = &mut item(&mut draft.gates, call.on())?.what;
    let due = if gate.gate == Gate::Satisfaction {
        Judged::StrikeOff
    } else {
        Judged::Review
    };
    if judged != due {
        let gate = gate.gate;
        let message = both!(
            "the gate `{gate}` is judged elsewhere",
            "“{gate}”这一关不在这里把";
            gate
        );
        let help = if due == Judged::Review {
            both!(
                "before publication: write `.judged(REVIEW)`",
                "它在审核时、公布之前把关:写`.judged(REVIEW)`"
            )
        } else {
            both!(
                "before striking off: write `.judged(STRIKE_OFF)`",
                "它在销账之前把关:写`.judged(STRIKE_OFF)`"
            )
        };
        return Err(Fault::new("D209", message).help(help).arg(0));
    }
    // An overlay may say again what is so.
    if !over || gate.judged != Some(judged) {
        put(
            &mut gate.judged,
            judged,
            both!("when the gate is judged", "何时把关"),
        )?;
    }
    call.same()
}

fn clause(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let clause = GateClause {
        rule: call.condition(draft, 0)?,
        refuses: call.name == "refuse",
        words: call.text(1)?,
        only_for: Vec::new(),
    };
    item(&mut draft.gates, call.on())?.what.clauses.push(clause);
    call.same()
}

fn only_for(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 4)?;
    let mut classes = Vec::new();
    for at in 0..call.args.len() {
        classes.push(call.class(at)?);
    }
    let clause = item(&mut draft.gates, call.on())?.what.clauses.last_mut();
    let clause = clause.ok_or_else(|| {
        Fault::new(
            "D207",
            both!(
                "`only_for` narrows the clause before it, and there is none",
                "`only_for`(只对)管它前面的一条,这里前面没有"
            ),
        )
        .help(both!(
            "write `.require(…)` or `.refuse(…)` first",
            "先写`.require(…)`(必须)或者`.refuse(…)`(不得)"
        ))
    })?;
    if !clause.only_for.is_empty() {
        let message = both!("for which classes is already said", "只对哪些类别已经写过");
        return Err(Fault::new("D204", message).help(both!(
            "name them in one `.only_for(…)`",
            "都写在一个`.only_for(…)`里"
        )));
    }
    clause.only_for = classes;
    call.same()
}

fn redo(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.redo, both!("redo", "退回重办"))?;
    draft.redo = Some(draft.here(Vec::new(), call.at));
    call.opens(Kind::Redo, 0)
}

fn redo_grounds(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let grounds = call.texts(0)?;
    let redo = &mut slot(&mut draft.redo)?.what;
    if !redo.is_empty() {
        return Err(grounds_twice());
    }
    *redo = grounds;
    call.same()
}

fn review(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.review, both!("review", "审核"))?;
    draft.review = Some(draft.here(None, call.at));
    call.opens(Kind::Review, 0)
}

/// Without a condition, what was handed down; with one, what meets it too.
fn two_steps(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 1)?;
    let when = match call.args.is_empty() {
        true => None,
        false => Some(call.condition(draft, 0)?),
    };
    put(
        &mut slot(&mut draft.review)?.what,
        when,
        both!("which replies are reviewed twice", "哪些件两级审核"),
    )?;
    call.same()
}

fn callback(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.callback, both!("call-back", "回访"))?;
    draft.callback = Some(draft.here(None, call.at));
    call.opens(Kind::CallBack, 0)
}

fn attempts(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let n = call.within(draft, 0, both!("a number", "次数"), 2..=10)?;
    put(
        &mut slot(&mut draft.callback)?.what,
        n,
        both!("how many attempts", "几次联系不上"),
    )?;
    call.same()
}

fn strike_off(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.strike_off, both!("striking off", "销账"))?;
    draft.strike_off = Some(draft.here((Vec::new(), None), call.at));
    call.opens(Kind::StrikeOff, 0)
}

fn allow(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let class = call.class(0)?;
    let list = call.args.get(1).cloned().unwrap_or_default();
    let list = list.into_array().map_err(|_| {
        call.wrong(
            1,
            both!(
                "a list such as `[SOLVED, EXPLAINED]`",
                "列表,如`[SOLVED, EXPLAINED]`"
            ),
        )
    })?;
    let allowed = || {
        let names = Outcome::ALL
            .iter()
            .filter(|outcome| class.allows(**outcome));
        let names: Vec<(String, &str)> = names
            .map(|outcome| (outcome.name().to_uppercase(), outcome.zh()))
            .collect();
        let en: Vec<String> = names.iter().map(|(name, _)| format!("`{name}`")).collect();
        let zh: Vec<String> = names
            .iter()
            .map(|(name, zh)| format!("`{name}`({zh})"))
            .collect();
        let (en, zh) = (en.join(", "), zh.join("、"));
        both!("{en}", "{zh}")
    };
    let mut outcomes = Vec::new();
    for item in list {
        let one = Call::new(call.name, call.at, vec![item.flatten()]);
        let name = one
            .named(0, &super::OUTCOMES)
            .map_err(|fault| fault.arg(1))?;
        let outcome = super::outcome(name).filter(|outcome| class.allows(*outcome));
        let outcome = outcome.ok_or_else(|| {
            let (class, allowed) = (class.zh(), allowed());
            let message = both!(
                "`{class}` cannot be struck off as `{name}`",
                "“{class}”不能以`{name}`销账"
            );
            let help = both!(
                "the spine allows {allowed}; a pack can allow fewer, never more",
                "骨架准许{allowed};规则包可以少准,不能多准";
                allowed
            );
            Fault::new("D209", message).help(help).arg(1)
        })?;
        if outcomes.contains(&outcome) {
            let message = both!("`{name}` stands twice", "`{name}`写了两次");
            return Err(Fault::new("D204", message).arg(1));
        }
        outcomes.push(outcome);
    }
    if outcomes.is_empty() {
        let (class, allowed) = (class.zh(), allowed());
        let message = both!(
            "`{class}` could never be struck off",
            "“{class}”这样就永远销不了账"
        );
        let help = both!(
            "name at least one of {allowed}",
            "至少写一种:{allowed}";
            allowed
        );
        return Err(Fault::new("D209", message).help(help).arg(1));
    }
    let rules = &mut slot(&mut draft.strike_off)?.what.0;
    if rules.iter().any(|(known, _)| *known == class) {
        let class = class.zh();
        let message = both!(
            "what `{class}` allows is already said",
            "“{class}”可以怎样销账已经写过"
        );
        return Err(Fault::new("D204", message).arg(0));
    }
    rules.push((class, outcomes));
    call.same()
}

fn rate_within(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    put(
        &mut slot(&mut draft.strike_off)?.what.1,
        span,
        both!("how long a rating still counts", "销账后多久仍可评价"),
    )?;
    call.same()
}

fn reopen(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.reopen, both!("reopening", "重开"))?;
    draft.reopen = Some(draft.here((Vec::new(), None), call.at));
    call.opens(Kind::Reopen, 0)
}

fn reopen_grounds(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let grounds = call.texts(0)?;
    let own = &mut slot(&mut draft.reopen)?.what.0;
    if !own.is_empty() {
        return Err(grounds_twice());
    }
    *own = grounds;
    call.same()
}

fn reopen_count(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let count = match call.name {
        "fresh" => ReopenCount::Fresh,
        "continues" => ReopenCount::Continue,
        _ => ReopenCount::Min,
    };
    put(
        &mut slot(&mut draft.reopen)?.what.1,
        count,
        both!("how the reply is counted", "重开后怎么计时"),
    )?;
    call.same()
}

fn grounds_twice() -> Fault {
    let message = both!("the grounds are already said", "事由已经写过");
    Fault::new("D204", message).help(both!("name them all in one list", "所有事由写在一个列表里"))
}
