//! What is decided otherwise: conditions, rules that are new, and what every kind of decision is about.

use duly::plan::{
    About, Answer, Decision, DeclineRule, ExtensionRule, Limit, NoticeRule, On, PauseKind,
    PauseRule, Plan, ReviewRule, RouteRule, Rung, SUPPLEMENT, SignalRule,
};
use duly::words::{Class, ClockKind, ClockMark, DeclineGround, Gate, Lang, Verb};

use super::alone::full;
use super::{asks, clock, decided, extension, gate, notice, pause, plain, rule, rung, signal};
use crate::small::days;

const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

type When = Option<Decision<bool>>;

/// Something that may have a condition: with it, what it is about, and what no and yes are called.
struct Conditional {
    add: fn(&mut Plan, When),
    zh: [&'static str; 3],
    en: [&'static str; 3],
}

const CONDITIONAL: [Conditional; 5] = [
    Conditional {
        add: |plan, when| {
            clock(plan, ClockKind::Reply).extension = Some(ExtensionRule {
                when,
                ..extension()
            });
        },
        zh: ["“答复”能否延期", "不可以", "可以"],
        en: [
            "whether the `reply` clock may be extended",
            "it may not",
            "it may",
        ],
    },
    Conditional {
        add: |plan, when| {
            plan.pauses.push(PauseRule {
                when,
                ..pause("听证", PauseKind::Waits)
            });
        },
        zh: ["能否以“听证”中止计时", "不可以", "可以"],
        en: ["whether clocks may wait for `听证`", "it may not", "it may"],
    },
    Conditional {
        add: |plan, when| {
            plan.notices.push(NoticeRule {
                when,
                to: vec!["supervisor".into()],
                ..notice(ClockMark::Received, "来件")
            });
        },
        zh: ["“收到”时的告知“来件”是否发出", "不发", "发出"],
        en: [
            "whether the notice `来件` on `received` goes out",
            "does not go out",
            "goes out",
        ],
    },
    Conditional {
        add: |plan, when| plan.signals.push(SignalRule { when, ..signal() }),
        zh: ["预警“热”是否立件", "不立件", "立件"],
        en: [
            "whether the signal `heat` opens a case",
            "opens nothing",
            "opens a case",
        ],
    },
    Conditional {
        add: |plan, when| {
            let due = rung("due", On::At, "催", (Verb::Remind, "owner"));
            clock(plan, ClockKind::Reply).rungs = vec![Rung { when, ..due }];
        },
        zh: ["“答复”到期时的催办是否发出", "不发", "发出"],
        en: [
            "whether the rung at due of the `reply` clock acts",
            "does not act",
            "acts",
        ],
    },
];

// What may have a condition holds always where it has none, and never where it is not there at all: a condition that is new therefore
// takes cases away where the thing was there before, and adds them where it was not.
#[test]
fn a_condition_takes_away_from_what_was_there_and_adds_what_was_not() {
    for thing in CONDITIONAL {
        let without = plain();
        let mut always = plain();
        (thing.add)(&mut always, None);
        let mut some = plain();
        let met = asks(&some, "has_contact", false, true);
        (thing.add)(&mut some, Some(rule(met)));
        for lang in BOTH {
            let ([about, no, yes], has, lacks) = match lang {
                Lang::Zh => (
                    thing.zh,
                    "有联系记录(has_contact)为是",
                    "有联系记录(has_contact)为否",
                ),
                Lang::En => (thing.en, "has_contact is yes", "has_contact is no"),
            };
            let added = format!("{about}, {has}: {no} → {yes}");
            assert_eq!(decided(&without, &some, lang), [added]);
            let dropped = format!("{about}, {has}: {yes} → {no}");
            assert_eq!(decided(&some, &without, lang), [dropped]);
            let fewer = format!("{about}, {lacks}: {yes} → {no}");
            assert_eq!(decided(&always, &some, lang), [fewer]);
            let more = format!("{about}, {lacks}: {no} → {yes}");
            assert_eq!(decided(&some, &always, lang), [more]);
            assert_eq!(decided(&without, &always, lang), Vec::<String>::new());
        }
    }
}

// A plan that has no rule of a kind proposes no class and no unit, declines on no ground, reviews once, tracks nothing, finds nothing
// hot and asks nothing at a gate: against that a rule that is new is compared.
#[test]
fn a_rule_that_is_new_is_compared_with_what_goes_without_saying() {
    let mut new = plain();
    let asked = |fact: &str| rule(asks(&plain(), fact, false, true));
    let class = asks(&plain(), "has_contact", None, Some(Class::Question));
    new.classify = Some(rule(class));
    new.declines.push(DeclineRule {
        ground: DeclineGround::Emergency,
        when: asked("has_contact"),
        told: "110".into(),
    });
    let unit = Some("教育局".parse().unwrap());
    new.route = Some(RouteRule {
        lead: rule(asks(&plain(), "has_contact", None, unit)),
    });
    let met = asks(&plain(), "has_contact", false, true);
    new.gates.push(gate(Gate::Process, "联系", met));
    new.review = Some(ReviewRule {
        when: Some(asked("has_contact")),
    });
    new.track.when = Some(asked("has_contact"));
    new.digest.hot = Some(asked("has_contact"));
    assert_eq!(
        decided(&plain(), &new, Lang::Zh),
        [
            "建议的分类, 有联系记录(has_contact)为是: 不提出 → 问事",
            "能否以“应急事项”不予受理, 有联系记录(has_contact)为是: 不可以 → 可以",
            "主办单位, 有联系记录(has_contact)为是: 由人确定 → 教育局",
            "“办理过程不细致不放过”:联系, 有联系记录(has_contact)为否: 符合 → 不符合",
            "是否两级审核, 有联系记录(has_contact)为是: 一级审核 → 两级审核",
            "是否督办, 有联系记录(has_contact)为是: 不督办 → 督办",
            "是否热点, 有联系记录(has_contact)为是: 不是热点 → 是热点",
        ]
    );
    assert_eq!(
        decided(&plain(), &new, Lang::En),
        [
            "the class that is proposed, has_contact is yes: none → question",
            "whether `emergency` is a ground to decline, has_contact is yes: it is not → it is",
            "the lead unit, has_contact is yes: a person decides → 教育局",
            "the gate `process`: 联系, has_contact is no: met → not met",
            "whether the reply is reviewed twice, has_contact is yes: once → twice",
            "whether the case is tracked, has_contact is yes: not tracked → tracked",
            "whether the case is hot, has_contact is yes: not hot → hot",
        ]
    );
}

// Every kind of decision says in both languages what it is about, and what its answers mean.
#[test]
fn every_decision_says_what_it_is_about() {
    let plan = full();
    let reply = plan.clock(ClockKind::Reply).unwrap();
    let update = plan.clock(ClockKind::Update).unwrap();
    let promise = plan.clock(ClockKind::Commitment).unwrap();
    let supplement = pause(SUPPLEMENT, PauseKind::Restarts);
    let waits = pause("鉴定", PauseKind::Waits);
    let hearing = plan.pause("听证").unwrap();
    let yes = Answer::Yes(true);
    let share = Limit::Share {
        of: ClockKind::Reply,
        percent: 50,
    };
    let limit = Answer::Limit(days(15));
    let unit = Answer::Lead(Some("教育局".parse().unwrap()));
    let all = [
        (
            About::Class,
            Answer::Class(Some(Class::Idea)),
            ["建议的分类", "建议"],
            ["the class that is proposed", "idea"],
        ),
        (
            About::Decline(&plan.declines[0]),
            yes.clone(),
            ["能否以“应急事项”不予受理", "可以"],
            ["whether `emergency` is a ground to decline", "it is"],
        ),
        (
            About::Lead,
            unit,
            ["主办单位", "教育局"],
            ["the lead unit", "教育局"],
        ),
        (
            About::Within(reply),
            limit.clone(),
            ["“答复”的时限", "15 个工作日"],
            ["the limit of the `reply` clock", "15 working days"],
        ),
        (
            About::Within(reply),
            Answer::Limit(share),
            ["“答复”的时限", "“答复”时限的 50%"],
            ["the limit of the `reply` clock", "50% of the `reply` clock"],
        ),
        (
            About::Within(update),
            yes.clone(),
            ["“进展”的时限", "是"],
            ["the limit of the `update` clock", "yes"],
        ),
        (
            About::Within(promise),
            limit,
            ["“承诺”的时限", "承诺的日期"],
            ["the limit of the `commitment` clock", "the promised day"],
        ),
        (
            About::Extend(reply),
            yes.clone(),
            ["“答复”能否延期", "可以"],
            ["whether the `reply` clock may be extended", "it may"],
        ),
        (
            About::Pause(&supplement),
            yes.clone(),
            ["能否请网民补正", "可以"],
            ["whether the citizen may be asked", "it may"],
        ),
        (
            About::Pause(&waits),
            yes.clone(),
            ["能否以“鉴定”中止计时", "可以"],
            ["whether clocks may wait for `鉴定`", "it may"],
        ),
        (
            About::Pause(hearing),
            yes.clone(),
            ["能否以“听证”扣除时间", "可以"],
            ["whether time may be taken out for `听证`", "it may"],
        ),
        (
            About::Rung(update, &update.rungs[0]),
            yes.clone(),
            ["“进展”到期时的催办是否发出", "发出"],
            ["whether the rung at due of the `update` clock acts", "acts"],
        ),
        (
            About::Gate(&plan.gates[0]),
            yes.clone(),
            ["“办理过程不细致不放过”:写明依据", "符合"],
            ["the gate `process`: 写明依据", "met"],
        ),
        (
            About::Notice(&plan.notices[0]),
            yes.clone(),
            ["“收到”时的告知“来件”是否发出", "发出"],
            [
                "whether the notice `来件` on `received` goes out",
                "goes out",
            ],
        ),
        (
            About::Signal(&plan.signals[0]),
            yes.clone(),
            ["预警“热”是否立件", "立件"],
            ["whether the signal `heat` opens a case", "opens a case"],
        ),
        (
            About::TwoSteps,
            yes.clone(),
            ["是否两级审核", "两级审核"],
            ["whether the reply is reviewed twice", "twice"],
        ),
        (
            About::Track,
            yes.clone(),
            ["是否督办", "督办"],
            ["whether the case is tracked", "tracked"],
        ),
        (
            About::Hot,
            yes,
            ["是否热点", "是热点"],
            ["whether the case is hot", "hot"],
        ),
    ];
    for (about, answer, zh, en) in all {
        for (lang, [what, says]) in [(Lang::Zh, zh), (Lang::En, en)] {
            assert_eq!(about.say(lang), what);
            assert_eq!(about.answer(&answer, lang), says);
        }
    }
}
