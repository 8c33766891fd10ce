//! Facts, findings, mentions and terms.

use rhai::{Dynamic, FnPtr};

use super::call::{Call, item};
use super::derived::derived;
use super::pack::{range, readable};
use super::{Entry, entry};
use crate::plan::{Domain, FactRule, Given, engine_facts};
use crate::script::draft::{Draft, FactDraft, once};
use crate::script::fault::{Fault, Tried, both};
use crate::script::value::{Hundredths, Kind, Shares};
use crate::words::{FactValue, Lang, RECEIVED_ON, Role};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "fact",
        "fact(\"kind\", [\"投诉\", \"求助\"]).given_by(CITIZEN)",
        "事实",
        fact,
    ),
    entry(
        Kind::Fact,
        "given_by",
        ".given_by(INTAKE)",
        "由谁认定",
        given_by,
    ),
    entry(Kind::Fact, "derived", ".derived()", "程序推定", derived),
    entry(
        Kind::Fact,
        "derived_from",
        ".derived_from(\"kind\", \"field\")",
        "由哪些事实推定",
        derived,
    ),
    entry(Kind::Fact, "moves", ".moves()", "会变", moves),
    entry(
        Kind::Fact,
        "otherwise",
        ".otherwise(false)",
        "没有给出时",
        otherwise,
    ),
    entry(Kind::Fact, "asks", ".asks(\"是否…\")", "问什么", asks),
    entry(
        Kind::Start,
        "percent",
        "percent(\"10.00\")",
        "百分数",
        percent,
    ),
    entry(
        Kind::Start,
        "finding",
        "finding(\"visited\", \"是否到了现场\").asked_of(审核人)",
        "审核所见",
        finding,
    ),
    entry(
        Kind::Finding,
        "asked_of",
        ".asked_of(审核人)",
        "由谁回答",
        asked_of,
    ),
    entry(
        Kind::Start,
        "mention",
        "mention(\"vague\", [\"近期\", \"尽快\"]).in_text(REPLY)",
        "用词",
        mention,
    ),
    entry(
        Kind::Mention,
        "in_text",
        ".in_text(REPLY)",
        "在何处",
        in_text,
    ),
    entry(
        Kind::Start,
        "term",
        "term(\"热点\", |m| m.heat >= 100)",
        "本办法所称",
        term,
    ),
];

/// Facts and labels, at most: a row holds them all.
const MOST: usize = 200;

/// A name that nothing has yet.
fn fresh(draft: &Draft, name: &str) -> Tried<()> {
    readable(name)?;
    let own = engine_facts(Lang::Zh);
    if name == RECEIVED_ON || own.iter().any(|fact| fact.name == name) {
        let message = both!(
            "`{name}` is one of the engine's own facts",
            "`{name}`是程序自带的事实"
        );
        let help = both!(
            "it is there without being declared: delete this line",
            "不用声明就有:删去这一行"
        );
        return Err(Fault::new("D204", message).help(help).arg(0));
    }
    let facts = draft
        .facts
        .iter()
        .map(|fact| (&fact.what.rule.name, fact.at));
    let terms = draft.terms.iter().map(|term| (&term.what.0, term.at));
    if let Some((_, first)) = facts.chain(terms).find(|(known, _)| *known == name) {
        return Err(draft.twice(both!("`{name}`", "`{name}`"), first).arg(0));
    }
    if draft.facts.len() >= MOST || draft.terms.len() >= MOST {
        return Err(Fault::new(
            "D203",
            both!(
                "a pack has at most {MOST} facts and as many terms",
                "一个规则包至多 {MOST} 个事实、{MOST} 个用语"
            ),
        ));
    }
    Ok(())
}

fn add(
    draft: &mut Draft,
    call: &Call,
    domain: Domain,
    given: Option<Given>,
    question: String,
) -> Tried<usize> {
    let name = call.text(0)?;
    fresh(draft, &name)?;
    let rule = FactRule {
        question,
        ..FactRule::new(name, domain, given.unwrap_or(Given::Host))
    };
    draft.facts.push(draft.here(
        FactDraft {
            rule,
            given: given.is_some(),
            from: None,
        },
        call.at,
    ));
    Ok(draft.facts.len() - 1)
}

fn fact(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let domain = match call.args.get(1) {
        None => Domain::YesNo,
        Some(list) if list.is_array() => Domain::Labels(call.texts(1)?),
        Some(range) if range.is::<Shares>() => {
            let shares = range.clone().try_cast::<Shares>();
            let Some(Shares(least, most)) = shares.filter(|range| range.0 <= range.1) else {
                return Err(call.wrong(
                    1,
                    both!("a range whose first share is the smaller", "从小到大的范围"),
                ));
            };
            Domain::Percent { least, most }
        }
        Some(other) if other.is_string() => {
            return Err(call.wrong(
                1,
                both!(
                    "a list of labels, or a range",
                    "标签的列表`[…]`,或者范围(如`0..=100`)"
                ),
            ));
        }
        Some(_) => {
            let (least, most) = range(call, 1)?;
            Domain::Whole { least, most }
        }
    };
    if let Domain::Labels(labels) = &domain
        && labels.len() > MOST
    {
        let message = both!(
            "a fact has at most {MOST} labels",
            "一个事实至多 {MOST} 个标签"
        );
        return Err(Fault::new("D203", message).arg(1));
    }
    let at = add(draft, call, domain, None, String::new())?;
    call.opens(Kind::Fact, at)
}

fn given_by(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let given = match call.named(0, &["CITIZEN", "HOST", "INTAKE"])? {
        "CITIZEN" => Given::Citizen,
        "HOST" => Given::Host,
        _ => Given::Intake,
    };
    let fact = &mut item(&mut draft.facts, call.on())?.what;
    if fact.given {
        let name = &fact.rule.name;
        let message = both!(
            "who gives `{name}` is already said",
            "`{name}`由谁认定已经写过"
        );
        return Err(Fault::new("D204", message).help(once()));
    }
    fact.rule.given = given;
    fact.given = true;
    call.same()
}

fn moves(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let fact = &mut item(&mut draft.facts, call.on())?.what;
    if fact.rule.given != Given::Host || !fact.given {
        let name = &fact.rule.name;
        let message = both!(
            "`{name}` cannot move: only a fact from the host does",
            "`{name}`不能写“会变”:只有平台给的事实会变"
        );
        return Err(Fault::new("D206", message).help(both!(
            "write `.given_by(HOST).moves()`",
            "写`.given_by(HOST).moves()`,或者删去`.moves()`"
        )));
    }
    fact.rule.moves = true;
    call.same()
}

fn otherwise(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let value = call.args.first().cloned().unwrap_or_default();
    let fact = &mut item(&mut draft.facts, call.on())?.what;
    let share = value.clone().try_cast::<Hundredths>();
    let value = share.map_or(value, |share| crate::plan::percent(share.0).into());
    let given = match (value.as_bool(), value.as_int(), value.into_string()) {
        (Ok(yes), ..) => Some(FactValue::Yes(yes)),
        (_, Ok(whole), _) => Some(FactValue::Whole(whole)),
        (.., Ok(label)) => Some(FactValue::Label(label)),
        _ => None,
    };
    let Some(given) = given.filter(|value| fact.rule.domain.code(value).is_some()) else {
        let domain = &fact.rule.domain;
        let (en, zh) = (domain.expects(), domain.expects_zh());
        return Err(call.wrong(0, both!("{en}", "{zh}")));
    };
    super::call::put(
        &mut fact.rule.otherwise,
        given,
        both!("what holds otherwise", "没有给出时算什么"),
    )?;
    call.same()
}

fn asks(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let question = call.text(0)?;
    let fact = &mut item(&mut draft.facts, call.on())?.what;
    if !fact.rule.question.is_empty() {
        let message = both!("the question is already said", "问什么已经写过");
        return Err(Fault::new("D204", message).help(once()));
    }
    fact.rule.question = question;
    call.same()
}

/// A share, exact to the hundredth of a percent.
fn percent(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let text = call.text(0)?;
    let share = crate::plan::hundredths(&text).map(Hundredths);
    share.map(Dynamic::from).ok_or_else(|| {
        let message = both!(
            "`{text}` is not a share with at most two decimals",
            "`{text}`不是百分数;至多写两位小数"
        );
        Fault::new("D203", message)
            .help(both!(
                "write `percent(\"10.00\")`",
                "写成`percent(\"10.00\")`这样"
            ))
            .arg(0)
    })
}

fn finding(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let question = call.text(1)?;
    let at = add(draft, call, Domain::YesNo, Some(Given::Reviewer), question)?;
    call.opens(Kind::Finding, at)
}

fn asked_of(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let post = call.post(draft, 0)?;
    if post.role != Some(Role::Reviewer) {
        let id = &post.id;
        let message = both!(
            "findings are asked of the reviewer, not of `{id}`",
            "审核所见由审核人回答,不由`{id}`"
        );
        let help = both!(
            "declare `role(\"reviewer\", \"审核人\")` and name it here",
            "先声明`role(\"reviewer\", \"审核人\")`,再把它写在这里"
        );
        return Err(Fault::new("D206", message).help(help).arg(0));
    }
    call.same()
}

fn mention(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let words = call.texts(1)?;
    let at = add(
        draft,
        call,
        Domain::YesNo,
        Some(Given::Reply),
        String::new(),
    )?;
    draft
        .mentions
        .push(draft.here((call.text(0)?, words), call.at));
    call.opens(Kind::Mention, at)
}

fn in_text(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    call.named(0, &["REPLY"])?;
    call.same()
}

fn term(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let name = call.text(0)?;
    fresh(draft, &name)?;
    let rule = call.rule(draft, 1)?;
    if !rule.value.is::<FnPtr>() {
        return Err(call.wrong(
            1,
            both!(
                "a rule such as `|m| m.heat >= 100`",
                "规则,如`|m| m.heat >= 100`"
            ),
        ));
    }
    draft.terms.push(draft.here((name, rule), call.at));
    call.opens(Kind::End, 0)
}
