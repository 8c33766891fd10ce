//! What only one of two plans has: each kind of thing, what it is called and what stands in it.

use duly::plan::{
    BundlePart, BundleRule, Clause, Clauses, ClockRule, Count, CountRule, DeclineRule, DerivedRule,
    Diagram, Domain, DutyRule, FactRule, Given, Mention, Mode, NoticeRule, On, Param, PauseKind,
    PauseRule, Place, Plan, Post, Provenance, ReviewRule, Rung, Since,
};
use duly::time::{Counting, Span};
use duly::words::{
    ClockClass, ClockKind, ClockMark, DeclineGround, DutyKind, Gate, Lang, Role, RuleId, Verb,
};

use super::{changes, clock, gate, notice, pause, plain, rule, rung, signal};
use crate::small::days;

/// A thing that a plan can have: what it is called, and what is told of it.
struct Thing {
    add: fn(&mut Plan),
    zh: [&'static str; 2],
    en: [&'static str; 2],
}

fn thing(add: fn(&mut Plan), zh: [&'static str; 2], en: [&'static str; 2]) -> Thing {
    Thing { add, zh, en }
}

fn things() -> Vec<Thing> {
    vec![
        thing(
            |plan| {
                plan.params.push(Param {
                    name: "期限".into(),
                    value: 10,
                    later: vec![Since {
                        from: "2026-07-01".parse().unwrap(),
                        value: 7,
                    }],
                    least: 1,
                    most: 20,
                    fixed: false,
                    provenance: Provenance::Cited("第五条".into()),
                });
            },
            [
                "参数“期限”",
                "可改到的最小值 1;可改到的最大值 20;值 10;以后的值 2026-07-01 起 7;依据 依据 第五条",
            ],
            [
                "the parameter `期限`",
                "least that it may be set to 1; most that it may be set to 20; value 10; later values 7 from 2026-07-01; provenance by 第五条",
            ],
        ),
        thing(
            |plan| {
                plan.schema.facts.push(FactRule {
                    moves: true,
                    otherwise: Some(false.into()),
                    question: "是否紧急".into(),
                    ..FactRule::new("urgent", Domain::YesNo, Given::Intake)
                });
            },
            [
                "事实“urgent”",
                "取值 `true`(是)或者`false`(否);由谁填 由受理人在受理时给出;会变 是;没填时作 否;问法 是否紧急",
            ],
            [
                "the fact `urgent`",
                "values true or false; given from the intake officer, when screening; moves yes; otherwise no; question 是否紧急",
            ],
        ),
        thing(
            |plan| {
                plan.mentions.push(Mention {
                    fact: "vague".into(),
                    words: vec!["近期".into(), "尽快".into()],
                });
            },
            ["词语“vague”", "词 尽快、近期"],
            ["the mention `vague`", "words 尽快, 近期"],
        ),
        thing(
            |plan| {
                plan.derived.push(DerivedRule {
                    fact: "远".into(),
                    from: vec!["kind".into()],
                });
            },
            ["推定的事实“远”", "依据 kind"],
            ["the derived fact `远`", "from kind"],
        ),
        thing(
            |plan| {
                plan.notices.push(NoticeRule {
                    to: vec!["supervisor".into()],
                    ..notice(ClockMark::Received, "来件")
                });
            },
            ["“收到”时的告知“来件”", "发给 督查办"],
            ["the notice `来件` on `received`", "to 督查办"],
        ),
        thing(
            |plan| {
                plan.notices.push(NoticeRule {
                    citizen: true,
                    words: "已受理".into(),
                    ..notice(ClockMark::Screened, "受理了")
                });
            },
            ["“受理”时的告知“受理了”", "告知网民 是;告知的话 已受理"],
            [
                "the notice `受理了` on `screened`",
                "tells the citizen yes; words 已受理",
            ],
        ),
        thing(
            |plan| {
                plan.places.push(Place {
                    code: "632526".parse().unwrap(),
                    name: "某县".into(),
                    intake: "某县受理岗".into(),
                });
            },
            ["地方 632526", "受理岗 某县受理岗;名称 某县"],
            ["the place `632526`", "intake office 某县受理岗; name 某县"],
        ),
        thing(
            |plan| {
                plan.posts.push(Post {
                    id: "zhouban".into(),
                    title: "州委办".into(),
                    role: Some(Role::Leader),
                });
            },
            ["岗位“zhouban”", "名称 州委办;角色 领导"],
            ["the post `zhouban`", "title 州委办; role leader"],
        ),
        thing(
            |plan| {
                plan.declines.push(DeclineRule {
                    ground: DeclineGround::Emergency,
                    when: rule(Diagram::constant(false)),
                    told: "110".into(),
                });
            },
            ["不予受理“应急事项”", "告知去处 110"],
            ["declining on `emergency`", "told 110"],
        ),
        thing(
            |plan| {
                let reply = clock(plan, ClockKind::Reply).clone();
                plan.clocks.push(ClockRule {
                    kind: ClockKind::Acknowledge,
                    title: "先告知".into(),
                    starts: ClockMark::Received,
                    stops: vec![ClockMark::Acknowledged],
                    within: rule(Diagram::constant(days(3))),
                    counting: Counting::uk_foi(),
                    provenance: Provenance::Unsaid,
                    ..reply
                });
            },
            [
                "“告知收到”",
                "时限 3 个工作日;谁定的时限 办法规定;起算 收到;停止 告知收到;怎样计日 首日 不计入;末日止于 二十四时;末日遇休息日 顺延;名称 先告知",
            ],
            [
                "the `acknowledge` clock",
                "within 3 working days; whose word standard; starts received; stops acknowledged; counting day one is not counted; ends at midnight; roll moves to the next working day; title 先告知",
            ],
        ),
        thing(
            |plan| {
                let reply = clock(plan, ClockKind::Reply).clone();
                plan.clocks.push(ClockRule {
                    kind: ClockKind::Update,
                    title: "进展".into(),
                    starts: ClockMark::Assigned,
                    stops: vec![ClockMark::Updated, ClockMark::Replied],
                    within: rule(Diagram::constant(days(5))),
                    class: ClockClass::Internal,
                    provenance: Provenance::Unsaid,
                    rungs: vec![Rung {
                        at_once: true,
                        ..rung("due", On::At, "催", (Verb::Remind, "supervisor"))
                    }],
                    ..reply
                });
            },
            [
                "“进展告知”",
                "时限 5 个工作日;谁定的时限 内部;起算 交办;停止 答复、进展告知;催办 级 due;何时 到期时;做什么 催办 督查办;夜里也发 是;名称 催;名称 进展",
            ],
            [
                "the `update` clock",
                "within 5 working days; whose word internal; starts assigned; stops replied, updated; rungs rung due; comes at due; acts remind 督查办; at once yes; title 催; title 进展",
            ],
        ),
        thing(
            |plan| count(plan, Count::Bounces),
            ["退单满 2 次", "做什么 交督查 督查办"],
            ["when `bounces` reaches 2", "acts supervise 督查办"],
        ),
        thing(
            |plan| count(plan, Count::Returns),
            ["退回重办满 2 次", "做什么 交督查 督查办"],
            ["when `returns` reaches 2", "acts supervise 督查办"],
        ),
        thing(
            |plan| count(plan, Count::Extensions),
            ["延期满 2 次", "做什么 交督查 督查办"],
            ["when `extensions` reaches 2", "acts supervise 督查办"],
        ),
        thing(
            |plan| count(plan, Count::Reopens),
            ["重开满 2 次", "做什么 交督查 督查办"],
            ["when `reopens` reaches 2", "acts supervise 督查办"],
        ),
        thing(
            |plan| {
                let met = Diagram::constant(true);
                plan.gates.push(gate(Gate::Process, "写明依据", met));
            },
            ["“办理过程不细致不放过”:写明依据", "何时把关 审核时"],
            ["the gate `process`: 写明依据", "judged at review"],
        ),
        thing(
            |plan| {
                plan.duties.push(DutyRule {
                    kind: DutyKind::Video,
                    rule: RuleId::new("duty(video)"),
                    title: "视频".into(),
                    owed_by: vec!["unit_head".into()],
                    every: None,
                    within: Span::WorkingDays(20),
                    counting: plan.counting,
                    channels: Vec::new(),
                    provenance: Provenance::Unsaid,
                    rungs: Vec::new(),
                });
            },
            [
                "义务“视频答复”",
                "由谁承担 单位主要负责人;时限 20 个工作日;名称 视频",
            ],
            [
                "the obligation `video`",
                "owed by 单位主要负责人; within 20 working days; title 视频",
            ],
        ),
        thing(
            |plan| {
                let birth = BundlePart {
                    key: "birth".parse().unwrap(),
                    title: "出生".into(),
                    place: Some("632521".parse().unwrap()),
                    after: Vec::new(),
                    within: Span::WorkingDays(2),
                    optional: false,
                };
                let card = BundlePart {
                    key: "card".parse().unwrap(),
                    title: "社保卡".into(),
                    place: None,
                    after: vec!["birth".parse().unwrap()],
                    within: Span::WorkingDays(3),
                    optional: true,
                };
                plan.bundles.push(BundleRule {
                    name: "newborn".into(),
                    rule: RuleId::new("bundle(newborn)"),
                    title: "出生一件事".into(),
                    provenance: Provenance::Ours("自定".into()),
                    parts: vec![birth, card],
                });
            },
            [
                "一件事“newborn”",
                "各事项 事项 birth;办理地方 632521;时限 2 个工作日;名称 出生、事项 card;在哪些之后 birth;时限 3 个工作日;可缺 是;名称 社保卡;名称 出生一件事;依据 自定:自定",
            ],
            [
                "the bundle `newborn`",
                "parts part birth; place 632521; within 2 working days; title 出生, part card; after birth; within 3 working days; optional yes; title 社保卡; title 出生一件事; provenance our own: 自定",
            ],
        ),
        thing(
            |plan| plan.signals.push(signal()),
            ["预警“heat”", "合并期 30 天;名称 热"],
            ["the signal `heat`", "window 30 calendar days; title 热"],
        ),
        thing(
            |plan| {
                plan.pauses.push(PauseRule {
                    holds: vec![ClockKind::Reply, ClockKind::Redo],
                    ..pause("听证", PauseKind::Excludes)
                });
            },
            [
                "暂停“听证”",
                "算谁的时间 法定扣除;怎样停 事后扣除;每次最长 5 个工作日;最多几次 1;只停哪些时限 重办、答复",
            ],
            [
                "the pause `听证`",
                "whose time statutory; how it stops time is taken out when over; at most each time 5 working days; times at most 1; holds only redo, reply",
            ],
        ),
        thing(
            |plan| {
                let one = Clause {
                    title: "甲".into(),
                    provenance: Provenance::Cited("第一条".into()),
                    otherwise: false,
                };
                clock(plan, ClockKind::Reply).within.clauses = Some(Box::new(Clauses {
                    mode: Mode::First,
                    all: vec![one],
                    decides: Diagram::constant(vec![1]),
                }));
            },
            [
                "“答复”的时限的条款",
                "竞合时 以先列者为准;各款 名称 甲;依据 依据 第一条",
            ],
            [
                "the limit of the `reply` clock, clauses",
                "where several apply FIRST; clauses title 甲; provenance by 第一条",
            ],
        ),
        thing(
            |plan| plan.review = Some(ReviewRule { when: None }),
            ["两级审核", "下级交办的件"],
            ["two reviews", "what is handed down"],
        ),
    ]
}

fn count(plan: &mut Plan, count: Count) {
    plan.counts.push(CountRule {
        rule: RuleId::new(format!("count({})", count.name())),
        count,
        at: 2,
        acts: vec![(Verb::Supervise, "supervisor".into())],
    });
}

pub(super) fn full() -> Plan {
    let mut plan = plain();
    for thing in things() {
        (thing.add)(&mut plan);
    }
    plan
}

// Whatever only one of two plans has is told by its name, with all that stands in it but what goes without saying; and what is gone is
// told as what is new.
#[test]
fn what_only_one_plan_has_is_told_whole() {
    for thing in things() {
        let (old, mut new) = (plain(), plain());
        (thing.add)(&mut new);
        for (lang, [what, says], none) in [(Lang::Zh, thing.zh, "无"), (Lang::En, thing.en, "none")]
        {
            let there = changes(&old, &new, lang);
            assert_eq!(there, [format!("{what}: {none} → {says}")]);
            let back = changes(&new, &old, lang);
            assert_eq!(back, [format!("{what}: {says} → {none}")]);
        }
    }
}

// Of what says nothing beyond its name it is told that it is there.
#[test]
fn what_says_nothing_beyond_its_name_is_told_to_be_there() {
    let (old, mut new) = (plain(), plain());
    new.derived.push(DerivedRule {
        fact: "远".into(),
        from: Vec::new(),
    });
    assert_eq!(changes(&old, &new, Lang::Zh), ["推定的事实“远”: 无 → 有"]);
    let says = ["the derived fact `远`: none → there"];
    assert_eq!(changes(&old, &new, Lang::En), says);
}
