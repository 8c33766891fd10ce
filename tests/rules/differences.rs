//! How two plans differ, in words: what each kind of thing is called and what stands in it, which thing is taken for which, and what
//! every kind of decision is about.

use std::collections::BTreeMap;

use duly::plan::{
    About, Answer, BundlePart, BundleRule, Clause, Clauses, ClockRule, Count, CountRule, Decision,
    DeclineRule, DerivedRule, Diagram, Domain, DutyRule, ExtensionRule, FactRule, GateRule, Given,
    InForce, Judged, Limit, Mention, Mode, NoticeRule, On, Param, PauseKind, PauseRule, Place,
    Plan, Post, Provenance, Quiet, RankBy, RankingRule, Region, ReopenCount, ReviewRule, RouteRule,
    Rung, SUPPLEMENT, Schema, Shift, Side, SignalRule, Since, Uncovered, bare,
};
use duly::time::{Counting, Ends, Hours, Span, Window};
use duly::words::{
    Class, ClockClass, ClockKind, ClockMark, DeclineGround, DutyKind, FactValue, Gate, Lang,
    Outcome, PauseSide, PlaceLevel, Role, RuleId, Verb,
};

use super::small::{days, plan_of};

const ALL: usize = usize::MAX;
const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

fn plain() -> Plan {
    bare("demo".parse().unwrap())
}

/// What is said otherwise, thing by thing.
fn changes(old: &Plan, new: &Plan, lang: Lang) -> Vec<String> {
    let diff = old.diff(new, ALL);
    let told = diff.changes.iter().map(|it| {
        let (was, is) = (it.says.0.say(lang), it.says.1.say(lang));
        format!("{}: {was} → {is}", it.what.say(lang))
    });
    told.collect()
}

/// What is decided otherwise, case by case.
fn decided(old: &Plan, new: &Plan, lang: Lang) -> Vec<String> {
    let mut all = Vec::new();
    for decision in old.diff(new, ALL).decisions {
        for region in &decision.regions {
            let when: Vec<String> = region.when.iter().map(|it| it.say(lang)).collect();
            let (was, is) = (region.says.0.say(lang), region.says.1.say(lang));
            let about = decision.about.say(lang);
            all.push(format!("{about}, {}: {was} → {is}", when.join(", ")));
        }
    }
    all
}

fn clock(plan: &mut Plan, kind: ClockKind) -> &mut ClockRule {
    let mut clocks = plan.clocks.iter_mut();
    clocks.find(|clock| clock.kind == kind).unwrap()
}

/// A rule that answers by whether the fact is so.
fn asks<A: PartialEq>(plan: &Plan, fact: &str, no: A, yes: A) -> Diagram<A> {
    let at = plan.schema.index(fact).unwrap();
    let region = |code: i64, answer: A| Region {
        bounds: BTreeMap::from([(at, (code, code))]),
        answer,
    };
    Diagram::from_regions(&plan.schema, vec![region(0, no), region(1, yes)]).unwrap()
}

fn rule<A>(diagram: Diagram<A>) -> Decision<A> {
    Decision::new(RuleId::new("the.rule"), diagram)
}

fn rung(key: &str, on: On, title: &str, act: (Verb, &str)) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: title.into(),
        acts: vec![(act.0, act.1.into())],
        when: None,
        at_once: false,
    }
}

fn before(n: u32, title: &str, to: &str) -> Rung {
    let on = On::Before(Span::WorkingDays(n));
    rung(&format!("before-{n}"), on, title, (Verb::Remind, to))
}

fn notice(mark: ClockMark, title: &str) -> NoticeRule {
    NoticeRule {
        rule: RuleId::new(format!("notice({mark}).{title}")),
        mark,
        title: title.into(),
        when: None,
        to: Vec::new(),
        citizen: false,
        words: String::new(),
    }
}

fn gate(gate: Gate, words: &str, met: Diagram<bool>) -> GateRule {
    GateRule {
        gate,
        judged: Judged::Review,
        met: rule(met),
        words: words.into(),
    }
}

fn pause(reason: &str, kind: PauseKind) -> PauseRule {
    PauseRule {
        reason: reason.into(),
        side: PauseSide::Statutory,
        most: Span::WorkingDays(5),
        times: 1,
        kind,
        holds: Vec::new(),
        when: None,
    }
}

fn extension() -> ExtensionRule {
    ExtensionRule {
        times: 1,
        most: Span::WorkingDays(5),
        total: None,
        ask_before: None,
        granted_by: Role::Supervisor,
        told: false,
        rearms: false,
        when: None,
    }
}

fn signal() -> SignalRule {
    SignalRule {
        name: "heat".into(),
        rule: RuleId::new("signal(heat)"),
        title: "热".into(),
        when: None,
        window: Span::CalendarDays(30),
        provenance: Provenance::Unsaid,
    }
}

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

fn full() -> Plan {
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

fn day(windows: &[&str]) -> Vec<Window> {
    let parsed = windows.iter().map(|text| text.parse().unwrap());
    parsed.collect()
}

/// Hours of which Friday is short, and in summer all mornings.
fn other_hours() -> Hours {
    let whole = day(&["09:00-12:30", "14:30-18:00"]);
    let summer = std::array::from_fn(|_| day(&["08:00-12:00"]));
    let week = [
        whole.clone(),
        whole.clone(),
        whole.clone(),
        whole,
        day(&["09:00-12:00"]),
        Vec::new(),
        Vec::new(),
    ];
    Hours::new(week).between("05-01", "09-30", summer).unwrap()
}

/// Something else that a plan says: one change, told so.
struct Field {
    edit: fn(&mut Plan),
    zh: &'static str,
    en: &'static str,
}

fn field(edit: fn(&mut Plan), zh: &'static str, en: &'static str) -> Field {
    Field { edit, zh, en }
}

fn fields() -> Vec<Field> {
    vec![
        field(
            |plan| plan.params[0].value = 7,
            "参数“期限”,值: 10 → 7",
            "the parameter `期限`, value: 10 → 7",
        ),
        field(
            |plan| plan.params[0].fixed = true,
            "参数“期限”,不许改: 否 → 是",
            "the parameter `期限`, fixed: no → yes",
        ),
        field(
            |plan| plan.params[0].later = Vec::new(),
            "参数“期限”,以后的值: 2026-07-01 起 7 → 无",
            "the parameter `期限`, later values: 7 from 2026-07-01 → none",
        ),
        field(
            |plan| plan.schema.facts.last_mut().unwrap().question = String::new(),
            "事实“urgent”,问法: 是否紧急 → 空",
            "the fact `urgent`, question: 是否紧急 → empty",
        ),
        field(
            |plan| plan.schema.facts.last_mut().unwrap().otherwise = None,
            "事实“urgent”,没填时作: 否 → 无",
            "the fact `urgent`, otherwise: no → none",
        ),
        field(
            |plan| plan.schema.facts.last_mut().unwrap().given = Given::Reviewer,
            "事实“urgent”,由谁填: 由受理人在受理时给出 → 由审核人在审核时给出",
            "the fact `urgent`, given: from the intake officer, when screening → from the reviewer, with the findings",
        ),
        field(
            |plan| {
                let whole = Domain::Whole { least: 0, most: 9 };
                plan.schema.facts.last_mut().unwrap().domain = whole;
            },
            "事实“urgent”,取值: `true`(是)或者`false`(否) → 0 到 9 的整数",
            "the fact `urgent`, values: true or false → a whole number from 0 to 9",
        ),
        field(
            |plan| plan.mentions[0].words = vec!["近期".into()],
            "词语“vague”,词: 尽快、近期 → 近期",
            "the mention `vague`, words: 尽快, 近期 → 近期",
        ),
        field(
            |plan| plan.derived[0].from = Vec::new(),
            "推定的事实“远”,依据: kind → 无",
            "the derived fact `远`, from: kind → none",
        ),
        field(
            |plan| plan.notices[0].to = vec!["owner".into(), "nobody".into()],
            "“收到”时的告知“来件”,发给: 督查办 → nobody、承办责任人",
            "the notice `来件` on `received`, to: 督查办 → nobody, 承办责任人",
        ),
        field(
            |plan| plan.places.last_mut().unwrap().intake = "新岗".into(),
            "地方 632526,受理岗: 某县受理岗 → 新岗",
            "the place `632526`, intake office: 某县受理岗 → 新岗",
        ),
        field(
            |plan| plan.posts.last_mut().unwrap().role = None,
            "岗位“zhouban”,角色: 领导 → 无",
            "the post `zhouban`, role: leader → none",
        ),
        field(
            |plan| plan.declines[0].told = "119".into(),
            "不予受理“应急事项”,告知去处: 110 → 119",
            "declining on `emergency`, told: 110 → 119",
        ),
        field(
            |plan| clock(plan, ClockKind::Acknowledge).class = ClockClass::Statutory,
            "“告知收到”,谁定的时限: 办法规定 → 法定",
            "the `acknowledge` clock, whose word: standard → statutory",
        ),
        field(
            |plan| clock(plan, ClockKind::Reply).leaves = Some(Span::WorkingDays(5)),
            "“答复”,须留出: 无 → 5 个工作日",
            "the `reply` clock, leaves: none → 5 working days",
        ),
        field(
            |plan| clock(plan, ClockKind::Reply).extension = Some(extension()),
            "“答复”,延期: 无 → 每次最多延 5 个工作日;最多延几次 1;由谁批 督查办",
            "the `reply` clock, extension: none → at most each time 5 working days; times 1; granted by supervisor",
        ),
        field(
            |plan| clock(plan, ClockKind::Update).rungs[0].at_once = false,
            "“进展告知”到期时的催办,夜里也发: 是 → 否",
            "the `update` clock, the rung at due, at once: yes → no",
        ),
        field(
            |plan| plan.counts[0].acts = vec![(Verb::Summon, "unit_head".into())],
            "退单满 2 次,做什么: 交督查 督查办 → 约谈 单位主要负责人",
            "when `bounces` reaches 2, acts: supervise 督查办 → summon 单位主要负责人",
        ),
        field(
            |plan| plan.gates[0].judged = Judged::StrikeOff,
            "“办理过程不细致不放过”:写明依据,何时把关: 审核时 → 销账时",
            "the gate `process`: 写明依据, judged: at review → at striking off",
        ),
        field(
            |plan| plan.duties[0].within = Span::WorkingDays(15),
            "义务“视频答复”,时限: 20 个工作日 → 15 个工作日",
            "the obligation `video`, within: 20 working days → 15 working days",
        ),
        field(
            |plan| plan.bundles[0].title = "新生儿".into(),
            "一件事“newborn”,名称: 出生一件事 → 新生儿",
            "the bundle `newborn`, title: 出生一件事 → 新生儿",
        ),
        field(
            |plan| plan.signals[0].window = Span::CalendarDays(20),
            "预警“heat”,合并期: 30 天 → 20 天",
            "the signal `heat`, window: 30 calendar days → 20 calendar days",
        ),
        field(
            |plan| plan.pauses.last_mut().unwrap().kind = PauseKind::Waits,
            "暂停“听证”,怎样停: 事后扣除 → 停下,恢复后接着算",
            "the pause `听证`, how it stops time: is taken out when over → waits, then goes on",
        ),
        field(
            |plan| plan.pauses.last_mut().unwrap().holds = Vec::new(),
            "暂停“听证”,只停哪些时限: 重办、答复 → 无",
            "the pause `听证`, holds only: redo, reply → none",
        ),
        field(
            |plan| reply_clauses(plan).mode = Mode::Unique,
            "“答复”的时限的条款,竞合时: 以先列者为准 → 只能适用一条",
            "the limit of the `reply` clock, clauses, where several apply: FIRST → UNIQUE",
        ),
        field(
            |plan| reply_clauses(plan).all[0].title = "乙".into(),
            "“答复”的时限的条款,各款: 名称 甲;依据 依据 第一条 → 名称 乙;依据 依据 第一条",
            "the limit of the `reply` clock, clauses, clauses: title 甲; provenance by 第一条 → title 乙; provenance by 第一条",
        ),
        field(
            |plan| plan.title = "新版".into(),
            "名称: demo → 新版",
            "title: demo → 新版",
        ),
        field(
            |plan| plan.edition = "2".into(),
            "版次: 空 → 2",
            "edition: empty → 2",
        ),
        field(
            |plan| plan.in_force = Some(from_new_year(None)),
            "施行日期: 无 → 2026-01-01 起",
            "in force: none → from 2026-01-01",
        ),
        field(
            |plan| plan.in_force = Some(from_new_year(Some("2026-12-31"))),
            "施行日期: 无 → 2026-01-01 至 2026-12-31",
            "in force: none → 2026-01-01 to 2026-12-31",
        ),
        field(
            |plan| plan.hours = other_hours(),
            "工作时间: 周一至周五 09:00-12:30、14:30-18:00;周六至周日 休息 → 周一至周四 09:00-12:30、14:30-18:00;周五 09:00-12:00;周六至周日 休息;05-01至09-30: 周一至周日 08:00-12:00",
            "office hours: Mon to Fri 09:00-12:30, 14:30-18:00; Sat to Sun closed → Mon to Thu 09:00-12:30, 14:30-18:00; Fri 09:00-12:00; Sat to Sun closed; 05-01 to 09-30: Mon to Sun 08:00-12:00",
        ),
        field(
            |plan| plan.hours_provenance = Provenance::Cited("某令".into()),
            "工作时间的依据: 自定:spine default → 依据 某令",
            "who sets the office hours: our own: spine default → by 某令",
        ),
        field(
            |plan| plan.hours_provenance = Provenance::Unsaid,
            "工作时间的依据: 自定:spine default → 没有写",
            "who sets the office hours: our own: spine default → unsaid",
        ),
        field(
            |plan| plan.holidays = Vec::new(),
            "节假日表: cn → 无",
            "day tables: cn → none",
        ),
        field(
            |plan| plan.uncovered = Uncovered::Refuse,
            "节假日未公布的日子: 先按平常的周算 → 不许设这样的时限",
            "beyond the known holidays: by the ordinary week, provisionally → refused",
        ),
        field(
            |plan| plan.counting.ends = Ends::EndOfDay,
            "怎样计日,末日止于: 下班时 → 二十四时",
            "counting, ends: at the close of business → at midnight",
        ),
        field(
            |plan| plan.divide.lowest = Some(PlaceLevel::County),
            "分办: 无 → 汇总时间 1 个工作日;最低办理层级 县级",
            "division: none → kept for putting together 1 working day; handled no lower than county",
        ),
        field(
            |plan| plan.callback.attempts = 2,
            "回访,联系不上须试几次: 3 → 2",
            "call-back, attempts: 3 → 2",
        ),
        field(
            |plan| {
                let solved = vec![Outcome::Solved];
                plan.strike_off.allow.insert(Class::Problem, solved);
            },
            "销账,准许的办理结果,办事: 依法解释、已解决 → 已解决",
            "striking off, allowed outcomes, problem: explained, solved → solved",
        ),
        field(
            |plan| plan.strike_off.rate_within = Span::CalendarDays(20),
            "销账,销账后评价仍有效: 30 天 → 20 天",
            "striking off, a rating counts for: 30 calendar days → 20 calendar days",
        ),
        field(
            |plan| plan.reopen.count = ReopenCount::Fresh,
            "重开,重开后的时限: 从短 → 重新算",
            "reopening, count: the shorter of the two → runs anew",
        ),
        field(
            |plan| plan.direct.floor = Span::WorkingDays(2),
            "批示,至少留: 1 个工作日 → 2 个工作日",
            "direction, floor: 1 working day → 2 working days",
        ),
        field(
            |plan| plan.quiet = Some(Quiet::Daily("21:00-08:00".parse().unwrap())),
            "免打扰: 无 → 每天 21:00-08:00",
            "quiet hours: none → daily 21:00-08:00",
        ),
        field(
            |plan| plan.quiet = Some(Quiet::OutsideHours),
            "免打扰: 无 → 工作时间以外",
            "quiet hours: none → outside office hours",
        ),
        field(
            |plan| plan.digest.cut = "18:00:00".parse().unwrap(),
            "日报,截止时刻: 17:30 → 18:00",
            "digest, cut: 17:30 → 18:00",
        ),
        field(
            |plan| {
                plan.bulletin.ranking = Some(RankingRule {
                    by: RankBy::OnTime,
                    at_least: 5,
                });
            },
            "通报,排名: 无 → 按 按期率;不足几件的不排 5",
            "bulletin, ranking: none → by on_time; cases at least 5",
        ),
        field(
            |plan| plan.overdue_every = 3,
            "逾期后再报督查(工作日): 5 → 3",
            "working days between notices of overdue: 5 → 3",
        ),
    ]
}

fn from_new_year(to: Option<&str>) -> InForce {
    InForce {
        from: "2026-01-01".parse().unwrap(),
        to: to.map(|date| date.parse().unwrap()),
    }
}

fn reply_clauses(plan: &mut Plan) -> &mut Clauses {
    let clauses = clock(plan, ClockKind::Reply).within.clauses.as_mut();
    clauses.unwrap()
}

// Whatever two plans say otherwise of a thing that both have is told by the names of the thing and of what changed, in the words of
// people and not as it is stored; what a plan leaves out is told as what that means.
#[test]
fn what_is_said_otherwise_is_told_by_name() {
    let old = full();
    for field in fields() {
        let mut new = old.clone();
        (field.edit)(&mut new);
        assert_eq!(changes(&old, &new, Lang::Zh), [field.zh]);
        assert_eq!(changes(&old, &new, Lang::En), [field.en]);
    }
    assert_eq!(changes(&old, &old.clone(), Lang::En), Vec::<String>::new());
}

// A programme that reads the difference finds an empty list where a plan names none, and not that nothing is known.
#[test]
fn a_list_that_is_left_out_is_an_empty_one() {
    let old = full();
    let mut new = old.clone();
    new.pauses.last_mut().unwrap().holds = Vec::new();
    let diff = old.diff(&new, ALL);
    assert_eq!(diff.changes[0].path, "pauses.听证.holds");
    assert_eq!(diff.changes[0].old, serde_json::json!(["redo", "reply"]));
    assert_eq!(diff.changes[0].new, serde_json::json!([]));
}

// Of two lengths of time it is said which way they moved; of anything else nothing is.
#[test]
fn a_length_that_changes_says_which_way() {
    let shift = |edit: fn(&mut Plan)| {
        let (old, mut new) = (full(), full());
        edit(&mut new);
        let changes = old.diff(&new, ALL).changes;
        assert_eq!(changes.len(), 1);
        changes[0].shift
    };
    let floor = |plan: &mut Plan| plan.direct.floor = Span::WorkingDays(2);
    assert_eq!(shift(floor), Some(Shift::Longer));
    let video = |plan: &mut Plan| plan.duties[0].within = Span::WorkingDays(15);
    assert_eq!(shift(video), Some(Shift::Shorter));
    let attempts = |plan: &mut Plan| plan.callback.attempts = 2;
    assert_eq!(shift(attempts), None);
}

/// A plan whose reply clock has these rungs.
fn ladder(rungs: Vec<Rung>) -> Plan {
    let mut plan = plain();
    clock(&mut plan, ClockKind::Reply).rungs = rungs;
    plan
}

// A rung that was moved and does the same, or is the only one called so, is the same rung; one of several that are called alike is not.
#[test]
fn a_rung_that_was_moved_is_known_by_what_it_does_or_by_its_name() {
    let told = |old: Vec<Rung>, new: Vec<Rung>| changes(&ladder(old), &ladder(new), Lang::En);
    let first = || before(1, "甲", "owner");
    assert_eq!(
        told(vec![first()], vec![before(3, "乙", "owner")]),
        [
            "the `reply` clock, the rung 1 working day before due, comes: 1 working day before due → 3 working days before due",
            "the `reply` clock, the rung 1 working day before due, title: 甲 → 乙",
        ]
    );
    let mut moved = told(vec![first()], vec![before(3, "甲", "leader")]);
    moved.sort();
    assert_eq!(
        moved,
        [
            "the `reply` clock, the rung 1 working day before due, acts: remind 承办责任人 → remind 领导",
            "the `reply` clock, the rung 1 working day before due, comes: 1 working day before due → 3 working days before due",
        ]
    );
    let two = || vec![first(), before(2, "甲", "supervisor")];
    let one = || vec![before(3, "甲", "leader")];
    let gone = [
        "the `reply` clock, the rung 1 working day before due: comes 1 working day before due; acts remind 承办责任人; title 甲 → none",
        "the `reply` clock, the rung 2 working days before due: comes 2 working days before due; acts remind 督查办; title 甲 → none",
    ];
    let new = "the `reply` clock, the rung 3 working days before due: none → comes 3 working days before due; acts remind 领导; title 甲";
    assert_eq!(told(two(), one()), [new, gone[0], gone[1]]);
    let back = told(one(), two());
    assert_eq!(back.len(), 3, "{back:?}");
    assert!(back[2].ends_with(" → none"), "{back:?}");
}

// Of several rungs the one is meant that is called the same and does the same; else the one that does the same; else the one that
// alone is called so.
#[test]
fn of_several_rungs_the_likest_is_the_one_that_was_moved() {
    let told = |old: Vec<Rung>, new: Vec<Rung>| changes(&ladder(old), &ladder(new), Lang::En);
    let comes = "the `reply` clock, the rung 2 working days before due, comes: 2 working days before due → 3 working days before due";
    let gone = |title: &str| {
        format!(
            "the `reply` clock, the rung 1 working day before due: comes 1 working day before due; acts remind 承办责任人; title {title} → none"
        )
    };
    // The same name, and another that does the same.
    let old = vec![before(1, "甲", "owner"), before(2, "甲", "supervisor")];
    let new = vec![before(3, "甲", "supervisor")];
    assert_eq!(told(old, new), [comes.to_owned(), gone("甲")]);
    let old = vec![before(1, "乙", "owner"), before(2, "甲", "owner")];
    let new = vec![before(3, "甲", "owner")];
    assert_eq!(told(old, new), [comes.to_owned(), gone("乙")]);
    // What it does goes before what it is called.
    let old = vec![before(1, "甲", "owner"), before(2, "乙", "supervisor")];
    let new = vec![before(3, "甲", "supervisor")];
    let title = "the `reply` clock, the rung 2 working days before due, title: 乙 → 甲";
    let all = [comes.to_owned(), title.to_owned(), gone("甲")];
    assert_eq!(told(old, new), all);
    // What is neither called so nor does so is new.
    let old = vec![before(1, "甲", "owner")];
    let new = vec![before(2, "乙", "leader"), before(3, "甲", "supervisor")];
    assert_eq!(
        told(old, new),
        [
            "the `reply` clock, the rung 2 working days before due: none → comes 2 working days before due; acts remind 领导; title 乙",
            "the `reply` clock, the rung 1 working day before due, acts: remind 承办责任人 → remind 督查办",
            "the `reply` clock, the rung 1 working day before due, comes: 1 working day before due → 3 working days before due",
        ]
    );
}

/// A plan with these clauses of gates: the gate, what it asks for in words, and the fact that it asks for.
fn gated(all: &[(Gate, &str, &str)]) -> Plan {
    let mut plan = plain();
    let gates = all.iter().map(|(at, words, fact)| {
        let met = asks(&plan, fact, false, true);
        gate(*at, words, met)
    });
    plan.gates = gates.collect();
    plan
}

// A clause of a gate is never taken for one of another gate; within its gate it is the one with its words, then the one with its
// condition, then the next that is left.
#[test]
fn a_clause_of_a_gate_is_known_by_its_gate_then_by_its_words() {
    let (process, measures) = (Gate::Process, Gate::Measures);
    let told = |old: &[(Gate, &str, &str)], new: &[(Gate, &str, &str)]| {
        changes(&gated(old), &gated(new), Lang::En)
    };
    let none: [&str; 0] = [];
    // Alike at two gates, and twice at one.
    let alike = [
        (process, "甲", "dated"),
        (process, "乙", "dated"),
        (measures, "甲", "dated"),
    ];
    assert_eq!(told(&alike, &alike), none);
    // The same words twice at one gate, for two conditions.
    let twice = gated(&[(process, "甲", "dated"), (process, "甲", "explains")]);
    assert!(twice.diff(&twice, ALL).is_empty());
    // Other conditions under the same words are decided case by case.
    assert_eq!(
        told(
            &[(measures, "甲", "dated"), (process, "甲", "dated")],
            &[(process, "甲", "explains"), (measures, "甲", "has_basis")],
        ),
        none
    );
    assert_eq!(
        told(
            &[(process, "甲", "dated"), (process, "乙", "explains")],
            &[(process, "乙", "has_basis"), (process, "甲", "has_action")],
        ),
        none
    );
    // Other words for the same condition.
    assert_eq!(
        told(
            &[(measures, "乙", "dated"), (process, "甲", "dated")],
            &[(process, "丙", "dated"), (measures, "丁", "dated")],
        ),
        [
            "the gate `process`: 丙, asks for: 甲 → 丙",
            "the gate `measures`: 丁, asks for: 乙 → 丁",
        ]
    );
    assert_eq!(
        told(
            &[(process, "甲", "dated"), (process, "乙", "explains")],
            &[(process, "丙", "explains"), (process, "丁", "dated")],
        ),
        [
            "the gate `process`: 丙, asks for: 乙 → 丙",
            "the gate `process`: 丁, asks for: 甲 → 丁",
        ]
    );
    // Other words and another condition: the next of the gate that is left, and none of another gate.
    assert_eq!(
        told(
            &[(process, "甲", "dated")],
            &[(process, "乙", "explains"), (measures, "丙", "explains")],
        ),
        [
            "the gate `process`: 乙, asks for: 甲 → 乙",
            "the gate `measures`: 丙: none → judged at review",
        ]
    );
}

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

// When a rung comes is said in both languages, whatever it is fixed to.
#[test]
fn when_a_rung_comes_is_said_in_both_languages() {
    let all = [
        (
            On::Before(Span::WorkingDays(1)),
            "到期前 1 个工作日",
            "1 working day before due",
        ),
        (On::At, "到期时", "at due"),
        (
            On::After(Span::WorkingDays(2)),
            "逾期 2 个工作日",
            "2 working days after due",
        ),
        (On::Share(80), "时间用去 80% 时", "at 80% of the time"),
        (
            On::Every {
                span: Span::WorkingDays(5),
                most: 3,
            },
            "逾期后每 5 个工作日,最多 3 次",
            "every 5 working days after due, 3 times at most",
        ),
    ];
    for (on, zh, en) in all {
        assert_eq!(on.say(Lang::Zh), zh);
        assert_eq!(on.say(Lang::En), en);
    }
}

// A share of a limit that is the same in both plans is shorter where it is the smaller share; where the whole, the facts that it is
// decided by or how it is counted changed too, nobody can say.
#[test]
fn a_share_is_shorter_only_of_the_same_whole() {
    let shift = |edit: fn(&mut Plan)| {
        let (old, mut new) = (plain(), plain());
        let share = Limit::Share {
            of: ClockKind::Reply,
            percent: 40,
        };
        clock(&mut new, ClockKind::CoReply).within.diagram = Diagram::constant(share);
        edit(&mut new);
        let diff = old.diff(&new, ALL);
        let mut decisions = diff.decisions.iter();
        let share = decisions.find(|it| it.clock == Some(ClockKind::CoReply));
        share.unwrap().regions[0].shift
    };
    assert_eq!(shift(|_: &mut Plan| ()), Some(Shift::Shorter));
    let unclear: [fn(&mut Plan); 7] = [
        |plan| clock(plan, ClockKind::Reply).within.diagram = Diagram::constant(days(30)),
        |plan| clock(plan, ClockKind::Reply).counting = Counting::uk_foi(),
        |plan| clock(plan, ClockKind::CoReply).counting = Counting::uk_foi(),
        |plan| {
            let fact = FactRule::new("urgent", Domain::YesNo, Given::Intake);
            plan.schema.facts.push(fact);
        },
        |plan| plan.hours = other_hours(),
        |plan| plan.holidays = Vec::new(),
        |plan| plan.zone = "UTC".parse().unwrap(),
    ];
    for edit in unclear {
        assert_eq!(shift(edit), Some(Shift::Unclear));
    }
    // Another clock's limit has no part in it.
    let other = |plan: &mut Plan| {
        clock(plan, ClockKind::Whole).within.diagram = Diagram::constant(days(50));
    };
    assert_eq!(shift(other), Some(Shift::Shorter));
}

/// A plan with a fact `f` that tracks the cases in which its code lies in that range.
fn tracks(domain: Domain, (least, most): (i64, i64)) -> Plan {
    let mut plan = plain();
    let (floor, top) = domain.codes();
    let fact = FactRule::new("f", domain, Given::Host);
    plan.schema.facts.push(fact);
    let at = plan.schema.facts.len() - 1;
    let region = |range: (i64, i64), answer: bool| Region {
        bounds: BTreeMap::from([(at, range)]),
        answer,
    };
    let mut regions = vec![region((least, most), true)];
    if floor < least {
        regions.push(region((floor, least - 1), false));
    }
    if most < top {
        regions.push(region((most + 1, top), false));
    }
    let diagram = Diagram::from_regions(&plan.schema, regions).unwrap();
    plan.track.when = Some(rule(diagram));
    plan
}

// A fact that both plans have is compared over the values that both know, numbers, shares and dates alike; over those the same rule is
// no difference.
#[test]
fn a_fact_is_compared_over_the_values_that_both_plans_know() {
    let whole = |least: i64, most: i64| Domain::Whole { least, most };
    let share = |least: i64, most: i64| Domain::Percent { least, most };
    let none = Vec::<String>::new();
    let five = tracks(whole(0, 10), (5, 10));
    assert_eq!(
        decided(&five, &tracks(whole(3, 20), (5, 20)), Lang::Zh),
        none
    );
    let eight = tracks(whole(3, 20), (8, 20));
    let fewer = ["是否督办, f 为 5 至 7: 督办 → 不督办"];
    assert_eq!(decided(&five, &eight, Lang::Zh), fewer);
    let more = ["是否督办, f 为 5 至 7: 不督办 → 督办"];
    assert_eq!(decided(&eight, &five, Lang::Zh), more);
    // Where only the new plan tracks is beyond what the old one knows.
    let beyond = tracks(whole(3, 20), (11, 20));
    let never = ["是否督办, f 不少于 5: 督办 → 不督办"];
    assert_eq!(decided(&five, &beyond, Lang::Zh), never);
    // One value in common is enough.
    let edge = tracks(whole(10, 20), (11, 20));
    let only = decided(&five, &edge, Lang::Zh);
    assert!(
        only.len() == 1 && only[0].ends_with(": 督办 → 不督办"),
        "{only:?}"
    );
    let shares = (
        tracks(share(0, 1_000), (500, 1_000)),
        tracks(share(300, 2_000), (800, 2_000)),
    );
    let fewer = ["是否督办, f 为 5.00% 至 7.99%: 督办 → 不督办"];
    assert_eq!(decided(&shares.0, &shares.1, Lang::Zh), fewer);
    let dates = |least: &str, most: &str, from: &str| {
        let domain = Domain::Date {
            least: least.parse().unwrap(),
            most: most.parse().unwrap(),
        };
        let (from, last) = (domain.code(&from.into()).unwrap(), domain.codes().1);
        tracks(domain, (from, last))
    };
    let june = dates("2026-01-01", "2026-12-31", "2026-06-01");
    let july = dates("2026-03-01", "2027-12-31", "2026-07-01");
    let fewer = ["是否督办, f 在 2026-06-01 至 2026-06-30: 督办 → 不督办"];
    assert_eq!(decided(&june, &july, Lang::Zh), fewer);
}

// Labels are compared by their text, those that both plans know; and a case that shows the difference is written for each plan as that
// knows it, and is answered by each as is said.
#[test]
fn a_case_that_shows_a_difference_is_one_of_either_plan() {
    let labels = |all: [&str; 3]| Domain::Labels(all.map(str::to_owned).to_vec());
    let old = tracks(labels(["甲", "乙", "丙"]), (0, 1));
    let new = tracks(labels(["丙", "乙", "丁"]), (0, 1));
    let told = ["是否督办, f 为丙: 不督办 → 督办"];
    assert_eq!(decided(&old, &new, Lang::Zh), told);
    // Without a value in common it is a fact of either plan apart.
    let low = tracks(Domain::Whole { least: 0, most: 4 }, (2, 4));
    let high = tracks(Domain::Whole { least: 5, most: 9 }, (7, 9));
    assert_eq!(
        decided(&low, &high, Lang::Zh),
        [
            "是否督办, f 不多于 6, f 不少于 2: 督办 → 不督办",
            "是否督办, f 不少于 7, f 不多于 1: 不督办 → 督办",
        ]
    );
    for (old, new, was, is) in [
        (&old, &new, FactValue::from("丙"), FactValue::from("丙")),
        (&low, &high, FactValue::Whole(2), FactValue::Whole(5)),
    ] {
        let diff = old.diff(new, ALL);
        let decision = &diff.decisions[0];
        let region = &decision.regions[0];
        let (before, after) = (region.facts(Side::Old), region.facts(Side::New));
        assert_eq!((&before["f"], &after["f"]), (&was, &is));
        let rows = [(old, &before), (new, &after)]
            .map(|(plan, case)| plan.schema.row(|fact| case.get(&fact.name).cloned()));
        let answers = decision.answers((old, &rows[0]), (new, &rows[1]));
        assert_eq!(answers, Some((region.old.clone(), region.new.clone())));
        let mut reads = decision.reads.clone();
        reads.dedup();
        assert_eq!(reads, ["f"]);
    }
}

// A fact that only one plan has stands with the set as that plan's own, whichever it is; where facts stand in a plan is no difference.
#[test]
fn a_fact_that_one_plan_has_alone_is_named_as_its_own() {
    let without = plain();
    let with = tracks(Domain::YesNo, (1, 1));
    for (old, new, side, told) in [
        (
            &with,
            &without,
            Side::Old,
            "是否督办, f 为是: 督办 → 不督办",
        ),
        (
            &without,
            &with,
            Side::New,
            "是否督办, f 为是: 不督办 → 督办",
        ),
    ] {
        assert_eq!(decided(old, new, Lang::Zh), [told]);
        let diff = old.diff(new, ALL);
        assert_eq!(diff.decisions[0].regions[0].when[0].only, Some(side));
    }
    let ordered = |names: [&str; 2]| {
        let mut plan = plain();
        for name in names {
            let fact = FactRule::new(name, Domain::YesNo, Given::Host);
            plan.schema.facts.push(fact);
        }
        plan.track.when = Some(rule(asks(&plan, "f", false, true)));
        plan
    };
    let (one, other) = (ordered(["f", "g"]), ordered(["g", "f"]));
    assert!(one.diff(&other, ALL).is_empty());
}

// Values that lead the same way are one set, though others lie between them.
#[test]
fn values_that_lead_the_same_way_are_told_together() {
    let mut old = plain();
    let kinds = ["甲", "乙", "丙"].map(str::to_owned).to_vec();
    for (name, domain) in [("f", Domain::Labels(kinds)), ("g", Domain::YesNo)] {
        let fact = FactRule::new(name, domain, Given::Host);
        old.schema.facts.push(fact);
    }
    let (f, g) = (
        old.schema.index("f").unwrap(),
        old.schema.index("g").unwrap(),
    );
    let told = |cases: &[(&[(usize, i64)], bool)]| {
        let regions = cases.iter().map(|(facts, answer)| Region {
            bounds: facts
                .iter()
                .map(|(fact, code)| (*fact, (*code, *code)))
                .collect(),
            answer: *answer,
        });
        let diagram = Diagram::from_regions(&old.schema, regions.collect()).unwrap();
        let mut new = old.clone();
        new.track.when = Some(rule(diagram));
        decided(&old, &new, Lang::Zh)
    };
    assert_eq!(
        told(&[(&[(f, 0)], true), (&[(f, 1)], false), (&[(f, 2)], true)]),
        ["是否督办, f 为甲、丙: 不督办 → 督办"]
    );
    assert_eq!(
        told(&[
            (&[(f, 0), (g, 0)], false),
            (&[(f, 0), (g, 1)], true),
            (&[(f, 1)], false),
            (&[(f, 2), (g, 0)], false),
            (&[(f, 2), (g, 1)], true),
        ]),
        ["是否督办, f 为甲、丙, g 为是: 不督办 → 督办"]
    );
}

// Which way a limit moved is said in a word, and for the citizen: what others have to keep is waited for, what the citizen has is time.
#[test]
fn which_way_a_limit_moved_is_said_for_the_citizen() {
    let all = [
        (
            Shift::Shorter,
            ["缩短", "缩短,网民等得更短", "缩短,留给网民的时间更少"],
            [
                "shorter",
                "shorter, the citizen waits less",
                "shorter, the citizen has less time",
            ],
        ),
        (
            Shift::Longer,
            ["放长", "放长,网民等得更久", "放长,留给网民的时间更多"],
            [
                "longer",
                "longer, the citizen waits more",
                "longer, the citizen has more time",
            ],
        ),
        (Shift::Same, ["一样长"; 3], ["as long as before"; 3]),
        (
            Shift::Unclear,
            ["长短要看日历"; 3],
            ["which is longer depends on the calendar"; 3],
        ),
    ];
    for (shift, zh, en) in all {
        for (lang, [word, others, own]) in [(Lang::Zh, zh), (Lang::En, en)] {
            assert_eq!(shift.word(lang), word);
            assert_eq!(shift.say(ClockKind::Reply, lang), others);
            assert_eq!(shift.say(ClockKind::Rating, lang), own);
            assert_eq!(shift.say(ClockKind::Waiting, lang), own);
        }
    }
}

/// A plan with one fact, of these labels; two days for the first in the alphabet, three for any other.
fn by_label(labels: &[&str]) -> Plan {
    let domain = Domain::Labels(labels.iter().map(|it| (*it).to_owned()).collect());
    let schema = Schema {
        facts: vec![FactRule::new("b", domain, Given::Host)],
    };
    plan_of(schema, |case| match case["b"] == FactValue::from("a") {
        true => days(2),
        false => days(3),
    })
}

// A label is known by its text, wherever it stands in the list, also where there is no other fact.
#[test]
fn the_order_of_labels_is_no_difference() {
    let (old, new) = (by_label(&["a", "b"]), by_label(&["b", "a"]));
    assert!(old.diff(&new, ALL).is_empty());
    assert!(new.diff(&old, ALL).is_empty());
    // A label that only one plan knows cannot be compared; the others are.
    let more = by_label(&["c", "a", "b"]);
    assert_eq!(old.diff(&more, ALL).decisions, []);
    assert_eq!(more.diff(&old, ALL).decisions, []);
}

// Of clauses that give the same limit the first is named, whatever order they are looked at in; and of limits that always end together,
// always the same one.
#[test]
fn of_limits_that_end_alike_the_same_one_is_always_named() {
    let strictest = |limits: &[(u32, &Limit)]| Limit::strictest(limits.iter().copied());
    let five = days(5);
    let first = Some((vec![1], days(5)));
    assert_eq!(strictest(&[(1, &five), (2, &five)]), first);
    assert_eq!(strictest(&[(2, &five), (1, &five)]), first);
    let month = Limit::Span(Span::Months(1));
    let both = Limit::Span(Span::Earliest(vec![Span::Months(1), Span::WorkingDays(5)]));
    let kept = Some((vec![1, 3], both));
    assert_eq!(
        strictest(&[(1, &five), (2, &five), (3, &month), (4, &month)]),
        kept
    );
    // The earlier of two that hold either way round, in whichever order they are written.
    let one = Limit::Span(Span::Earliest(vec![Span::WorkingDays(5), Span::Months(1)]));
    let other = Limit::Span(Span::Earliest(vec![Span::Months(1), Span::WorkingDays(5)]));
    let (there, back) = (
        strictest(&[(1, &one), (2, &other)]),
        strictest(&[(2, &one), (1, &other)]),
    );
    assert_eq!(there.unwrap().0, [2]);
    assert_eq!(back.unwrap().0, [1]);
    assert_eq!(strictest(&[]), None);
}
