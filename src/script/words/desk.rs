//! Screening, routing, direction, tracking, and what is written for the leaders.

use rhai::Dynamic;

use super::call::{Call, item, put, slot};
use super::{Entry, entry};
use crate::plan::{BulletinRule, OVERDUE_EVERY, RankBy, RankingRule};
use crate::script::draft::{DeclineDraft, DigestDraft, Draft, Says};
use crate::script::fault::{Fault, Tried, both};
use crate::script::value::Kind;
use crate::time::Span;
use crate::words::{DeclineGround, Role};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "classify",
        "classify(\"class\").propose(|m| …)",
        "分类处置",
        classify,
    ),
    entry(
        Kind::Classify,
        "propose",
        ".propose(|m| switch m.kind { … })",
        "建议类别",
        propose,
    ),
    entry(
        Kind::Start,
        "decline",
        "decline(\"已进入法定程序\", |m| m.sub_judice).told(\"…\")",
        "不予受理",
        decline,
    ),
    entry(
        Kind::Decline,
        "told",
        ".told(\"请向受理该案的法院反映\")",
        "告知去处",
        told,
    ),
    entry(Kind::Start, "route", "route().lead(|m| …)", "交办", route),
    entry(
        Kind::Route,
        "lead",
        ".lead(|m| switch m.field { \"教育\" => \"教育局\", _ => ASK })",
        "主办单位",
        lead,
    ),
    entry(
        Kind::Start,
        "direction",
        "direction().floor(1.working_days)",
        "批示",
        direction,
    ),
    entry(
        Kind::Direction,
        "floor",
        ".floor(1.working_days)",
        "至少留出",
        floor,
    ),
    entry(
        Kind::Start,
        "track",
        "track(督查办).start(|m| m.督办件)",
        "跟踪督办",
        track,
    ),
    entry(
        Kind::Track,
        "start",
        ".start(|m| m.督办件)",
        "何时起",
        start,
    ),
    entry(
        Kind::Start,
        "overdue_every",
        "overdue_every(5.working_days)",
        "超期每隔多久再报",
        overdue_every,
    ),
    entry(
        Kind::Start,
        "digest",
        "digest(\"日报\").cut(\"17:30\").to(州委领导)",
        "日报",
        digest,
    ),
    entry(Kind::Digest, "cut", ".cut(\"17:30\")", "截止时刻", cut),
    entry(Kind::Digest, "hot", ".hot(|m| m.热点)", "热点", hot),
    entry(Kind::Digest, "to", ".to(州委领导)", "报送", digest_to),
    entry(
        Kind::Start,
        "bulletin",
        "bulletin(\"通报\").to(单位领导)",
        "通报",
        bulletin,
    ),
    entry(Kind::Bulletin, "to", ".to(单位领导)", "发至", bulletin_to),
    entry(
        Kind::Bulletin,
        "ranked_by",
        ".ranked_by(\"实际按期率\", 5)",
        "排名",
        ranked_by,
    ),
];

fn classify(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    draft.once(&draft.classify, both!("the classification", "分类处置"))?;
    if call.text(0)? != "class" {
        let message = both!("only `class` is proposed", "分类处置只分`class`(类别)");
        let help = both!(
            "write `classify(\"class\").propose(|m| …)`",
            "写`classify(\"class\").propose(|m| …)`"
        );
        return Err(Fault::new("D206", message).help(help).arg(0));
    }
    draft.classify = Some(draft.here(None, call.at));
    call.opens(Kind::Classify, 0)
}

fn propose(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.rule(draft, 0)?;
    put(
        &mut slot(&mut draft.classify)?.what,
        Says::Rule(rule),
        both!("the proposal", "建议类别"),
    )?;
    call.same()
}

fn decline(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let what = both!("ground for declining", "不予受理的事由");
    let ground = call.term(0, what, DeclineGround::ALL, |ground| {
        [ground.name(), ground.zh()]
    })?;
    if let Some(first) = draft
        .declines
        .iter()
        .find(|other| other.what.ground == ground)
    {
        let name = ground.zh();
        return Err(draft
            .twice(
                both!("declining as `{name}`", "不予受理的事由`{name}`"),
                first.at,
            )
            .arg(0));
    }
    let when = call.rule(draft, 1)?;
    draft.declines.push(draft.here(
        DeclineDraft {
            ground,
            when,
            told: None,
        },
        call.at,
    ));
    call.opens(Kind::Decline, draft.declines.len() - 1)
}

fn told(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let words = call.text(0)?;
    put(
        &mut item(&mut draft.declines, call.on())?.what.told,
        words,
        both!("what the citizen is told", "告知去处"),
    )?;
    call.same()
}

fn route(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.route, both!("the route", "交办的去向"))?;
    draft.route = Some(draft.here(None, call.at));
    call.opens(Kind::Route, 0)
}

fn lead(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.rule(draft, 0)?;
    put(
        &mut slot(&mut draft.route)?.what,
        Says::Rule(rule),
        both!("the lead", "主办单位"),
    )?;
    call.same()
}

fn direction(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    draft.once(&draft.direction, both!("direction", "批示"))?;
    draft.direction = Some(draft.here(None, call.at));
    call.opens(Kind::Direction, 0)
}

fn floor(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let span = call.span(0)?;
    put(
        &mut slot(&mut draft.direction)?.what,
        span,
        both!("the floor", "至少留出"),
    )?;
    call.same()
}

fn track(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    draft.once(&draft.track, both!("tracking", "跟踪督办"))?;
    let post = call.post(draft, 0)?;
    if post.role != Some(Role::Supervisor) {
        let id = &post.id;
        let message = both!(
            "`{id}` does not track cases: the supervision office does",
            "跟踪督办由督查办来做,不由`{id}`"
        );
        let help = both!(
            "declare `role(\"supervisor\", …)` and name it here",
            "先声明`role(\"supervisor\", …)`,再把它写在这里"
        );
        return Err(Fault::new("D209", message).help(help).arg(0));
    }
    draft.track = Some(draft.here(None, call.at));
    call.opens(Kind::Track, 0)
}

fn start(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.condition(draft, 0)?;
    put(
        &mut slot(&mut draft.track)?.what,
        Says::Rule(rule),
        both!("when tracking starts", "何时起"),
    )?;
    call.same()
}

fn overdue_every(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    draft.once(
        &draft.overdue_every,
        both!(
            "how often overdue clocks are told again",
            "超期每隔多久再报"
        ),
    )?;
    let days = match call.span(0)? {
        Span::WorkingDays(days) if (1..=OVERDUE_EVERY).contains(&days) => days,
        span => {
            let message = both!(
                "overdue clocks are told again every 1 to {OVERDUE_EVERY} working days, not every {span}",
                "超期的每隔 1 到 {OVERDUE_EVERY} 个工作日再报一次,不能是 {span}";
                span
            );
            let help = both!(
                "a pack can shorten that, never lengthen it",
                "可以改短,不能改长:写 1 到 {OVERDUE_EVERY} 之间的`.working_days`"
            );
            return Err(Fault::new("D209", message).help(help).arg(0));
        }
    };
    draft.overdue_every = Some(draft.here(days, call.at));
    call.opens(Kind::End, 0)
}

fn digest(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    draft.once(&draft.digest, both!("the digest", "日报"))?;
    let title = call.text(0)?;
    draft.digest = Some(draft.here(
        DigestDraft {
            title,
            ..DigestDraft::default()
        },
        call.at,
    ));
    call.opens(Kind::Digest, 0)
}

fn cut(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let time = call.clock_time(0, &call.text(0)?)?;
    put(
        &mut slot(&mut draft.digest)?.what.cut,
        time,
        both!("when the day is cut", "截止时刻"),
    )?;
    call.same()
}

fn hot(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.condition(draft, 0)?;
    put(
        &mut slot(&mut draft.digest)?.what.hot,
        rule,
        both!("what is hot", "热点"),
    )?;
    call.same()
}

fn addressed(to: &mut Vec<String>, posts: Vec<String>) -> Tried<()> {
    if !to.is_empty() {
        let message = both!("to whom is already said", "报送给谁已经写过");
        return Err(Fault::new("D204", message).help(both!(
            "name all posts in one `.to(…)`",
            "所有岗位写在一个`.to(…)`里"
        )));
    }
    *to = posts;
    Ok(())
}

fn digest_to(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let posts = call.posts(draft)?;
    addressed(&mut slot(&mut draft.digest)?.what.to, posts)?;
    call.same()
}

fn bulletin(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    draft.once(&draft.bulletin, both!("the bulletin", "通报"))?;
    let rule = BulletinRule {
        title: call.text(0)?,
        to: Vec::new(),
        ranking: None,
    };
    draft.bulletin = Some(draft.here(rule, call.at));
    call.opens(Kind::Bulletin, 0)
}

fn bulletin_to(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let posts = call.posts(draft)?;
    addressed(&mut slot(&mut draft.bulletin)?.what.to, posts)?;
    call.same()
}

fn ranked_by(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let what = both!("rate to rank by", "可排名的率");
    let by = call.term(0, what, &RankBy::ALL, |by| [by.name(), by.zh()])?;
    let what = both!("a number of cases", "件数");
    let at_least = call.within(draft, 1, what, 1..=1_000_000)?;
    put(
        &mut slot(&mut draft.bulletin)?.what.ranking,
        RankingRule { by, at_least },
        both!("the ranking", "排名"),
    )?;
    call.same()
}
