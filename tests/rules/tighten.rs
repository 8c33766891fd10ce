//! What one plan lets come about that another does not: an overlay against its base, and the plan that cases are to go over to.

use duly::plan::{
    BundlePart, BundleRule, ClockRule, Count, CountRule, Decision, DeclineRule, DerivedRule,
    Diagram, Domain, DutyRule, ExtensionRule, FactRule, GateRule, Given, InForce, Judged, Limit,
    Loosened, Mention, NoticeRule, On, Param, Plan, Provenance, Quiet, Region, ReopenCount,
    ReviewRule, RouteRule, Rung, SignalRule, Uncovered, bare,
};
use duly::time::{Counting, Hours, Span, Zone};
use duly::words::{
    Class, ClockClass, ClockKind, ClockMark, DeclineGround, DutyKind, Gate, Lang, Outcome, Role,
    RuleId, Verb,
};

fn fact(name: &str, given: Given) -> FactRule {
    FactRule {
        otherwise: Some(false.into()),
        ..FactRule::new(name, Domain::YesNo, given)
    }
}

/// A plan over facts that are yes or no, after those of the engine.
fn over(names: &[(&str, Given)]) -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    let facts = names.iter().map(|(name, given)| fact(name, *given));
    plan.schema.facts.extend(facts);
    plan
}

/// One of two answers, by a fact that is yes or no.
fn by<A: PartialEq>(plan: &Plan, name: &str, yes: A, no: A) -> Diagram<A> {
    let fact = plan.schema.index(name).unwrap();
    let region = |code: i64, answer: A| Region {
        bounds: [(fact, (code, code))].into(),
        answer,
    };
    Diagram::from_regions(&plan.schema, vec![region(0, no), region(1, yes)]).unwrap()
}

fn both(one: &Diagram<bool>, other: &Diagram<bool>) -> Diagram<bool> {
    one.zip(other, |one, other| *one && *other).unwrap()
}

/// Whether a fact holds.
fn holds(plan: &Plan, name: &str) -> Diagram<bool> {
    by(plan, name, true, false)
}

fn lacks(plan: &Plan, name: &str) -> Diagram<bool> {
    by(plan, name, false, true)
}

fn rule<A>(id: &str, diagram: Diagram<A>) -> Decision<A> {
    Decision::new(RuleId::new(id), diagram)
}

fn days(n: u32) -> Limit {
    Limit::Span(Span::WorkingDays(n))
}

fn clock(plan: &mut Plan, kind: ClockKind) -> &mut ClockRule {
    let mut clocks = plan.clocks.iter_mut();
    clocks.find(|clock| clock.kind == kind).unwrap()
}

/// A limit that the pack itself says.
fn within(plan: &mut Plan, kind: ClockKind, limit: Diagram<Limit>) {
    let id = format!("clock({kind}).within");
    clock(plan, kind).within = rule(&id, limit);
}

fn rung(key: &str, on: On, posts: &[&str]) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: String::new(),
        acts: posts
            .iter()
            .map(|post| (Verb::Remind, (*post).to_owned()))
            .collect(),
        when: None,
        at_once: false,
    }
}

fn extension(when: Option<Diagram<bool>>) -> ExtensionRule {
    ExtensionRule {
        times: 2,
        most: Span::WorkingDays(5),
        total: None,
        ask_before: None,
        granted_by: Role::Supervisor,
        told: false,
        rearms: false,
        when: when.map(|when| rule("clock(reply).extension.when", when)),
    }
}

fn clause(id: &str, gate: Gate, judged: Judged, met: Diagram<bool>, words: &str) -> GateRule {
    GateRule {
        gate,
        judged,
        met: rule(id, met),
        words: words.into(),
    }
}

fn visited(plan: &Plan) -> GateRule {
    let met = holds(plan, "visited");
    clause(
        "gate(process).1",
        Gate::Process,
        Judged::Review,
        met,
        "到过现场",
    )
}

fn decline(ground: DeclineGround, when: Diagram<bool>) -> DeclineRule {
    DeclineRule {
        ground,
        when: rule(&format!("decline({ground})"), when),
        told: "法院".into(),
    }
}

fn mention(fact: &str, words: &[&str]) -> Mention {
    Mention {
        fact: fact.into(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

/// In English and in Chinese.
fn said(found: &[Loosened]) -> Vec<String> {
    let both = found.iter().flat_map(|it| [it.to_string(), it.zh()]);
    both.collect()
}

const NONE: [&str; 0] = [];

/// A base that says something of everything.
fn base() -> Plan {
    let mut plan = over(&[
        ("urgent", Given::Host),
        ("visited", Given::Reviewer),
        ("vague", Given::Reply),
        ("remote", Given::Derived),
    ]);
    plan.in_force = Some(InForce {
        from: "2026-01-01".parse().unwrap(),
        to: Some("2026-12-31".parse().unwrap()),
    });
    plan.params.push(Param {
        name: "期限".into(),
        value: 5,
        later: Vec::new(),
        least: 1,
        most: 20,
        fixed: false,
        provenance: Provenance::Unsaid,
    });
    plan.mentions.push(mention("vague", &["近期", "尽快"]));
    plan.derived.push(DerivedRule {
        fact: "remote".into(),
        from: Vec::new(),
    });
    plan.classify = Some(rule("classify", Diagram::constant(None)));
    plan.route = Some(RouteRule {
        lead: rule("route.lead", Diagram::constant(None)),
    });
    let urgent = holds(&plan, "urgent");
    plan.declines
        .push(decline(DeclineGround::InProcedure, urgent.clone()));
    within(&mut plan, ClockKind::Reply, Diagram::constant(days(10)));
    let reply = clock(&mut plan, ClockKind::Reply);
    reply.extension = Some(extension(Some(urgent.clone())));
    reply.leaves = Some(Span::WorkingDays(2));
    reply.rungs = vec![
        rung(
            "before-1",
            On::Before(Span::WorkingDays(1)),
            &["owner", "unit_head"],
        ),
        rung("due", On::At, &["owner", "unit_head"]),
    ];
    plan.counts.push(CountRule {
        rule: RuleId::new("count(returns).2"),
        count: Count::Returns,
        at: 2,
        acts: vec![(Verb::Warn, "owner".into())],
    });
    let clause = visited(&plan);
    plan.gates.push(clause);
    plan.notices.push(NoticeRule {
        rule: RuleId::new("notice(received).来件"),
        mark: ClockMark::Received,
        title: "来件".into(),
        when: None,
        to: vec!["supervisor".into()],
        citizen: false,
        words: String::new(),
    });
    plan.signals.push(SignalRule {
        name: "heat".into(),
        rule: RuleId::new("signal(heat)"),
        title: "热".into(),
        when: None,
        window: Span::CalendarDays(30),
        provenance: Provenance::Unsaid,
    });
    plan.bundles.push(BundleRule {
        name: "one".into(),
        rule: RuleId::new("bundle(one)"),
        title: "一件事".into(),
        provenance: Provenance::Unsaid,
        parts: vec![BundlePart {
            key: "a".parse().unwrap(),
            title: "甲".into(),
            place: None,
            after: Vec::new(),
            within: Span::WorkingDays(2),
            optional: false,
        }],
    });
    plan.duties.push(DutyRule {
        kind: DutyKind::Video,
        rule: RuleId::new("duty(video)"),
        title: "视频答复".into(),
        owed_by: vec!["unit_head".into()],
        every: None,
        within: Span::WorkingDays(20),
        counting: plan.counting,
        channels: Vec::new(),
        provenance: Provenance::Unsaid,
        rungs: vec![rung("due", On::At, &["unit_head", "supervisor"])],
    });
    plan.pauses[2].when = Some(rule("pause(等候配件).when", urgent.clone()));
    plan.strike_off
        .allow
        .insert(Class::Problem, vec![Outcome::Solved]);
    plan.review = Some(ReviewRule {
        when: Some(rule("review.two_steps", urgent.clone())),
    });
    plan.track.when = Some(rule("track.start", urgent));
    plan
}

type Change = fn(&mut Plan);

const LOOSER: &[(Change, &str, &str)] = &[
    (
        |plan| plan.labels = Lang::En,
        "the language of the labels is not the base's",
        "标签用语和底本不同",
    ),
    (
        |plan| plan.zone = Zone::UTC,
        "the zone is not the base's",
        "时区和底本不同",
    ),
    (
        |plan| plan.in_force = None,
        "it is in force on dates on which the base is not",
        "施行日期超出了底本的施行日期",
    ),
    (
        |plan| plan.in_force.as_mut().unwrap().to = Some("2027-01-01".parse().unwrap()),
        "it is in force on dates on which the base is not",
        "施行日期超出了底本的施行日期",
    ),
    (
        |plan| plan.hours = Hours::weekdays(vec!["09:00-17:00".parse().unwrap()]),
        "the office hours are not the base's",
        "作息和底本不同",
    ),
    (
        |plan| plan.holidays.clear(),
        "the day tables are not the base's",
        "放假调休表和底本不同",
    ),
    (
        |plan| plan.uncovered = Uncovered::Refuse,
        "limits beyond the known holidays are not the base's",
        "放假安排公布之后的时限,算法和底本不同",
    ),
    (
        |plan| plan.counting = Counting::uk_foi(),
        "the counting is not the base's",
        "起算规则和底本不同",
    ),
    (
        |plan| plan.schema.facts.last_mut().unwrap().question = "远吗".into(),
        "the facts of the base come first, as they are",
        "底本的事实要原样排在前面",
    ),
    (
        |plan| plan.params[0].value = 6,
        "the parameter `期限` is not the base's",
        "参数`期限`和底本不同",
    ),
    (
        |plan| plan.mentions[0].words.truncate(1),
        "the mention `vague` is not the base's",
        "用词`vague`和底本不同",
    ),
    (
        |plan| plan.derived[0].from = vec!["urgent".into()],
        "what the fact `remote` is derived from is not the base's",
        "事实`remote`由哪些事实推定和底本不同",
    ),
    (
        |plan| plan.places[0].name = "州".into(),
        "the place `6325` is not the base's",
        "地方`6325`和底本不同",
    ),
    (
        |plan| plan.posts[0].title = "岗".into(),
        "the post `intake` is not the base's",
        "岗位`intake`和底本不同",
    ),
    (
        |plan| plan.classify = None,
        "the classification is not the base's",
        "分类处置和底本不同",
    ),
    (
        |plan| plan.route = None,
        "the route is not the base's",
        "交办的去向和底本不同",
    ),
    (
        |plan| plan.declines.clear(),
        "declining on `in_procedure` is not the base's",
        "不予受理的事由“已进入法定程序”和底本不同",
    ),
    (
        |plan| {
            let always = Diagram::constant(true);
            plan.declines
                .push(decline(DeclineGround::Emergency, always));
        },
        "the new ground for declining `emergency` is not the base's",
        "新增的不予受理事由“应急事项”和底本不同",
    ),
    (
        |plan| plan.clocks.retain(|it| it.kind != ClockKind::Reply),
        "the clock `reply` is gone",
        "“答复”时限不见了",
    ),
    (
        |plan| plan.clocks.retain(|it| it.kind != ClockKind::Sign),
        "the clock `sign` is gone",
        "“签收”时限不见了",
    ),
    (
        |plan| within(plan, ClockKind::Reply, Diagram::constant(days(11))),
        "the `reply` clock runs for 11 working days, in the base for 10 working days",
        "“答复”时限是 11 个工作日,底本是 10 个工作日",
    ),
    (
        |plan| {
            let limit = by(plan, "urgent", days(20), days(5));
            within(plan, ClockKind::Reply, limit);
        },
        "the `reply` clock runs for 20 working days, in the base for 10 working days, when urgent = true",
        "“答复”时限是 20 个工作日,底本是 10 个工作日(情形:urgent = true)",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).starts = ClockMark::Received,
        "how the `reply` clock is counted is not the base's",
        "“答复”时限的算法和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).stops = vec![ClockMark::Published],
        "how the `reply` clock is counted is not the base's",
        "“答复”时限的算法和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).counting = Counting::uk_foi(),
        "how the `reply` clock is counted is not the base's",
        "“答复”时限的算法和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).class = ClockClass::Internal,
        "how the `reply` clock is counted is not the base's",
        "“答复”时限的算法和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).lapses = true,
        "how the `reply` clock is counted is not the base's",
        "“答复”时限的算法和底本不同",
    ),
    (
        |plan| {
            let reply = clock(plan, ClockKind::Reply);
            reply.extension.as_mut().unwrap().times = 1;
        },
        "the extension of `reply` is not the base's",
        "“答复”时限的延期和底本不同",
    ),
    (
        |plan| {
            let reply = clock(plan, ClockKind::Reply);
            reply.extension.as_mut().unwrap().when = None;
        },
        "`reply` may be extended, in the base not, when urgent = false",
        "“答复”时限可以延期,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).leaves = None,
        "the `reply` clock leaves less than in the base",
        "“答复”时限留出的时间比底本少",
    ),
    (
        |plan| clock(plan, ClockKind::Redo).not_past_whole = false,
        "the `redo` clock leaves less than in the base",
        "“重办”时限留出的时间比底本少",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).rungs[0].acts.truncate(1),
        "the rung `before-1` of `reply` is not the base's",
        "“答复”催办督办的`before-1`这一级和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).rungs[1].on = On::After(Span::WorkingDays(1)),
        "the rung `due` of `reply` is not the base's",
        "“答复”催办督办的`due`这一级和底本不同",
    ),
    (
        |plan| plan.counts.clear(),
        "what happens at `count(returns).2` is not the base's",
        "`count(returns).2`的处置和底本不同",
    ),
    (
        |plan| plan.gates.clear(),
        "the clause `gate(process).1` is not the base's",
        "把关的这一条`gate(process).1`和底本不同",
    ),
    (
        |plan| plan.notices.clear(),
        "the notice `notice(received).来件` is not the base's",
        "告知`notice(received).来件`和底本不同",
    ),
    (
        |plan| plan.signals.clear(),
        "the signal `heat` is not the base's",
        "预警“heat”和底本不同",
    ),
    (
        |plan| plan.bundles.clear(),
        "the bundle `one` is not the base's",
        "一件事“one”和底本不同",
    ),
    (
        |plan| plan.duties[0].within = Span::WorkingDays(30),
        "the obligation `video` is not the base's",
        "义务“视频答复”和底本不同",
    ),
    (
        |plan| plan.duties[0].rungs.clear(),
        "a rung of the obligation `video` is gone, or does less",
        "义务“视频答复”的催办少了一级,或者少做了事",
    ),
    (
        |plan| plan.duties[0].rungs[0].acts.truncate(1),
        "a rung of the obligation `video` is gone, or does less",
        "义务“视频答复”的催办少了一级,或者少做了事",
    ),
    (
        |plan| plan.duties[0].rungs[0].on = On::Before(Span::WorkingDays(1)),
        "a rung of the obligation `video` is gone, or does less",
        "义务“视频答复”的催办少了一级,或者少做了事",
    ),
    (
        |plan| plan.pauses.truncate(2),
        "the pause `等候配件` is not the base's",
        "中止计时的事由`等候配件`和底本不同",
    ),
    (
        |plan| plan.pauses[2].when = None,
        "time may stand still for `等候配件`, in the base not, when urgent = false",
        "可以以“等候配件”不计时,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| {
            let mut other = plan.pauses[0].clone();
            other.reason = "出差".into();
            plan.pauses.push(other);
        },
        "the new reason to wait `出差` is not the base's",
        "新增的中止计时事由`出差`和底本不同",
    ),
    (
        |plan| plan.redo.grounds.truncate(2),
        "the ground for redo `网民不满意` is not the base's",
        "退回重办的事由`网民不满意`和底本不同",
    ),
    (
        |plan| plan.reopen.grounds.truncate(1),
        "the ground for reopening `新的理由` is not the base's",
        "重开的事由`新的理由`和底本不同",
    ),
    (
        |plan| plan.reopen.count = ReopenCount::Fresh,
        "a reopened case counts otherwise than in the base",
        "重开后的计时和底本不同",
    ),
    (
        |plan| plan.direct.floor = Span::WorkingDays(2),
        "a direction leaves 2 working days, in the base 1 working day",
        "批示至少留出 2 个工作日,底本是 1 个工作日",
    ),
    (
        |plan| plan.callback.attempts = 2,
        "call-back gives up after `2` attempts, the base after `3`",
        "回访 2 次联系不上就算联系不上,底本是 3 次",
    ),
    (
        |plan| {
            let all = vec![Outcome::Solved, Outcome::Explained];
            plan.strike_off.allow.insert(Class::Problem, all);
        },
        "`problem` may be struck off as `explained`, which the base does not allow",
        "“办事”准许以“依法解释”销账,底本不准",
    ),
    (
        |plan| plan.strike_off.rate_within = Span::CalendarDays(29),
        "a rating counts for 29 calendar days, in the base for 30 calendar days",
        "销账后 29 天 内仍可评价,底本是 30 天",
    ),
    (
        |plan| plan.review = None,
        "which replies are reviewed twice is not the base's",
        "两级审核的范围和底本不同",
    ),
    (
        |plan| plan.track.when = None,
        "what is tracked is not the base's",
        "跟踪督办的范围和底本不同",
    ),
    (
        |plan| plan.overdue_every = 6,
        "overdue clocks are told again every 6 working days, in the base every 5",
        "超期的每隔 6 个工作日再报一次,底本是 5 个",
    ),
    (
        |plan| plan.quiet = Some(Quiet::Daily("00:00-06:00".parse().unwrap())),
        "the quiet hours are not the base's",
        "免打扰时段和底本不同",
    ),
    (
        |plan| plan.digest.to.clear(),
        "the digest to `leader` is not the base's",
        "日报报送给`leader`和底本不同",
    ),
    (
        |plan| plan.bulletin.to.clear(),
        "the bulletin to `unit_head` is not the base's",
        "通报发给`unit_head`和底本不同",
    ),
];

/// Whatever a base says, an overlay that takes some of it back is told so: this alone, in both languages, and with a case where it is not so for all.
#[test]
fn whatever_an_overlay_takes_back_is_told_and_nothing_else() {
    let base = base();
    assert_eq!(said(&base.loosened(&base)), NONE);
    for (change, en, zh) in LOOSER {
        let mut over = base.clone();
        change(&mut over);
        assert_eq!(said(&over.loosened(&base)), [*en, *zh]);
    }
}

/// An obligation that is gone takes its rungs with it, and both are told.
#[test]
fn an_obligation_that_is_gone_is_told_with_its_rungs() {
    let base = base();
    let mut over = base.clone();
    over.duties.clear();
    let told: Vec<String> = over
        .loosened(&base)
        .iter()
        .map(|it| it.what.clone())
        .collect();
    assert_eq!(
        told,
        [
            "the obligation `video` is not the base's",
            "a rung of the obligation `video` is gone, or does less"
        ]
    );
}

const TIGHTER: &[(&str, Change)] = &[
    ("fewer dates", |plan| {
        plan.in_force = Some(InForce {
            from: "2026-02-01".parse().unwrap(),
            to: Some("2026-11-30".parse().unwrap()),
        });
    }),
    ("another fact", |plan| {
        plan.schema.facts.push(fact("flood", Given::Host));
    }),
    ("a parameter, a mention, a place, a post", |plan| {
        let mut param = plan.params[0].clone();
        param.name = "另一个".into();
        plan.params.push(param);
        plan.mentions.push(mention("flood", &["汛"]));
        let mut place = plan.places[0].clone();
        place.code = "6326".parse().unwrap();
        plan.places.push(place);
        let mut post = plan.posts[0].clone();
        post.id = "other".into();
        plan.posts.push(post);
    }),
    ("a shorter limit", |plan| {
        let limit = by(plan, "urgent", days(3), days(10));
        within(plan, ClockKind::Reply, limit);
    }),
    ("what the base leaves to the spine", |plan| {
        within(plan, ClockKind::Review, Diagram::constant(days(9)));
        clock(plan, ClockKind::Review).starts = ClockMark::Received;
    }),
    ("an extension for fewer", |plan| {
        let reply = clock(plan, ClockKind::Reply);
        reply.extension = Some(extension(Some(Diagram::constant(false))));
    }),
    ("time kept where the base keeps none", |plan| {
        clock(plan, ClockKind::Redo).leaves = Some(Span::WorkingDays(1));
    }),
    ("a limit that ends no later than the whole", |plan| {
        clock(plan, ClockKind::Reply).not_past_whole = true;
    }),
    ("one more rung, and one more who is told", |plan| {
        let reply = clock(plan, ClockKind::Reply);
        reply.rungs[0].acts.push((Verb::Warn, "supervisor".into()));
        let late = On::After(Span::WorkingDays(1));
        reply.rungs.push(rung("after-1", late, &["leader"]));
    }),
    ("the same of an obligation", |plan| {
        let rungs = &mut plan.duties[0].rungs;
        rungs[0].acts.push((Verb::Warn, "leader".into()));
        let late = On::After(Span::WorkingDays(1));
        rungs.push(rung("after-1", late, &["leader"]));
    }),
    ("another clause", |plan| {
        let mut other = visited(plan);
        other.met.rule = RuleId::new("gate(process).2");
        plan.gates.push(other);
    }),
    ("waiting for fewer", |plan| {
        let urgent = holds(plan, "urgent");
        plan.pauses[0].when = Some(rule("pause(待网民补充).when", urgent));
    }),
    ("more grounds to have it done or opened again", |plan| {
        plan.redo.grounds.push("另".into());
        plan.reopen.grounds.push("另".into());
    }),
    ("a direction that leaves less", |plan| {
        plan.direct.floor = Span::CalendarDays(1);
    }),
    ("more calls, and longer to rate", |plan| {
        plan.callback.attempts = 4;
        plan.strike_off.rate_within = Span::WorkingDays(30);
    }),
    ("fewer outcomes", |plan| {
        plan.strike_off
            .allow
            .insert(Class::Idea, vec![Outcome::Adopted]);
    }),
    ("told of it more often", |plan| plan.overdue_every = 4),
    ("more who get the digest and the bulletin", |plan| {
        plan.digest.to.push("owner".into());
        plan.bulletin.to.push("owner".into());
    }),
];

/// What an overlay adds, and what it holds more tightly, is its own to say.
#[test]
fn whatever_an_overlay_adds_or_tightens_is_its_own_to_say() {
    let base = base();
    for (what, change) in TIGHTER {
        let mut over = base.clone();
        change(&mut over);
        assert_eq!(said(&over.loosened(&base)), NONE, "{what}");
    }
}

/// Where a base says nothing of who leads, of classes, of second reviews and of what is tracked, and of when it is in force, an overlay may.
#[test]
fn what_a_base_does_not_say_an_overlay_may() {
    let base = bare("demo".parse().unwrap());
    let mut over = base.clone();
    over.in_force = Some(InForce {
        from: "2026-01-01".parse().unwrap(),
        to: None,
    });
    over.classify = Some(rule("classify", Diagram::constant(None)));
    over.route = Some(RouteRule {
        lead: rule("route.lead", Diagram::constant(None)),
    });
    over.review = Some(ReviewRule { when: None });
    over.track.when = Some(rule("track.start", Diagram::constant(true)));
    assert_eq!(said(&over.loosened(&base)), NONE);
}

/// How a reopened case is counted may be made stricter in one way only: the shorter of both.
#[test]
fn a_reopened_case_may_be_given_the_shorter_of_both_times() {
    let of = |count: ReopenCount| {
        let mut plan = bare("demo".parse().unwrap());
        plan.reopen.count = count;
        plan
    };
    for base in [ReopenCount::Fresh, ReopenCount::Continue, ReopenCount::Min] {
        for over in [ReopenCount::Fresh, ReopenCount::Continue, ReopenCount::Min] {
            let found = of(over).loosened(&of(base));
            let may = over == base || over == ReopenCount::Min;
            assert_eq!(found.is_empty(), may, "{over:?} over {base:?}");
        }
    }
}

/// A share that a base promises is of a whole that nobody lengthens or counts otherwise, also where the base leaves the whole to the spine.
#[test]
fn the_whole_of_a_share_is_not_lengthened() {
    let mut base = over(&[("urgent", Given::Host)]);
    let half = Limit::Share {
        of: ClockKind::Reply,
        percent: 50,
    };
    within(&mut base, ClockKind::CoReply, Diagram::constant(half));
    let loosened = |change: Change| {
        let mut over = base.clone();
        change(&mut over);
        said(&over.loosened(&base))
    };
    assert_eq!(
        loosened(|plan| {
            let limit = by(plan, "urgent", days(60), days(15));
            within(plan, ClockKind::Reply, limit);
        }),
        [
            "the limit of `co_reply` is a share of the `reply` clock, which runs for 60 working days, in the base for 15 working days, when urgent = true",
            "“协办”时限是“答复”时限的几成,后者是 60 个工作日,底本是 15 个工作日(情形:urgent = true)"
        ]
    );
    let otherwise = [
        "the limit of `co_reply` is a share of the `reply` clock, which is counted otherwise than in the base",
        "“协办”时限是“答复”时限的几成,后者的算法和底本不同",
    ];
    let shorter: Change = |plan| within(plan, ClockKind::Reply, Diagram::constant(days(9)));
    assert_eq!(loosened(shorter), NONE);
    assert_eq!(
        loosened(|plan| {
            within(plan, ClockKind::Reply, Diagram::constant(days(9)));
            clock(plan, ClockKind::Reply).starts = ClockMark::Received;
        }),
        otherwise
    );
    assert_eq!(
        loosened(|plan| {
            within(plan, ClockKind::Reply, Diagram::constant(days(9)));
            clock(plan, ClockKind::Reply).counting = Counting::uk_foi();
        }),
        otherwise
    );
    // Until when the whole runs makes no share of it longer.
    assert_eq!(
        loosened(|plan| {
            within(plan, ClockKind::Reply, Diagram::constant(days(9)));
            clock(plan, ClockKind::Reply).stops = vec![ClockMark::Published];
        }),
        NONE
    );
}

/// The rules that cases are under: one thing of each kind that may bind less.
fn before(names: &[(&str, Given)]) -> Plan {
    let mut plan = over(names);
    let clause = visited(&plan);
    plan.gates.push(clause);
    let urgent = holds(&plan, "urgent");
    plan.pauses[2].when = Some(rule("pause(等候配件).when", urgent.clone()));
    plan.declines
        .push(decline(DeclineGround::InProcedure, urgent.clone()));
    plan.review = Some(ReviewRule {
        when: Some(rule("review.two_steps", urgent.clone())),
    });
    clock(&mut plan, ClockKind::Reply).extension = Some(extension(Some(urgent)));
    plan.mentions.push(mention("vague", &["近期", "尽快"]));
    plan.strike_off
        .allow
        .insert(Class::Problem, vec![Outcome::Solved]);
    plan
}

const FACTS: [(&str, Given); 3] = [
    ("urgent", Given::Host),
    ("visited", Given::Reviewer),
    ("vague", Given::Reply),
];

const MORE: &[(Change, &str, &str)] = &[
    (
        |plan| {
            let always = Diagram::constant(true);
            plan.declines
                .push(decline(DeclineGround::Emergency, always));
        },
        "the new ground for declining `emergency` is not the base's",
        "新增的不予受理事由“应急事项”和底本不同",
    ),
    (
        |plan| plan.declines[0].when = rule("decline", Diagram::constant(true)),
        "a message may be declined on `in_procedure`, in the base not, when urgent = false",
        "可以以“已进入法定程序”不予受理,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| clock(plan, ClockKind::Redo).extension = Some(extension(None)),
        "the extension of `redo` is not the base's",
        "“重办”时限的延期和底本不同",
    ),
    (
        |plan| clock(plan, ClockKind::Reply).extension = Some(extension(None)),
        "`reply` may be extended, in the base not, when urgent = false",
        "“答复”时限可以延期,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| plan.gates[0].met.diagram = Diagram::constant(true),
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.gates.clear(),
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.gates[0].judged = Judged::StrikeOff,
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.gates[0].gate = Gate::Measures,
        "gate `process` passes what the clause `到过现场` does not, when visited = false",
        "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)",
    ),
    (
        |plan| plan.pauses[2].when = None,
        "time may stand still for `等候配件`, in the base not, when urgent = false",
        "可以以“等候配件”不计时,底本不可以(情形:urgent = false)",
    ),
    (
        |plan| {
            let mut other = plan.pauses[0].clone();
            other.reason = "出差".into();
            plan.pauses.push(other);
        },
        "the new reason to wait `出差` is not the base's",
        "新增的中止计时事由`出差`和底本不同",
    ),
    (
        |plan| plan.review = None,
        "a reply is reviewed once, in the base twice",
        "答复只审一次,底本审两次",
    ),
    (
        |plan| plan.review = Some(ReviewRule { when: None }),
        "a reply is reviewed once, in the base twice, when urgent = true",
        "答复只审一次,底本审两次(情形:urgent = true)",
    ),
    (
        |plan| plan.reopen.grounds.truncate(1),
        "the ground for reopening `新的理由` is not the base's",
        "重开的事由`新的理由`和底本不同",
    ),
    (
        |plan| plan.reopen.count = ReopenCount::Continue,
        "a reopened case counts otherwise than in the base",
        "重开后的计时和底本不同",
    ),
    (
        |plan| plan.direct.floor = Span::WorkingDays(2),
        "a direction leaves 2 working days, in the base 1 working day",
        "批示至少留出 2 个工作日,底本是 1 个工作日",
    ),
    (
        |plan| clock(plan, ClockKind::Redo).not_past_whole = false,
        "the `redo` clock may run past the whole, in the base not",
        "“重办”时限可以超过全程时限,底本不可以",
    ),
    (
        |plan| plan.callback.attempts = 2,
        "call-back gives up after `2` attempts, the base after `3`",
        "回访 2 次联系不上就算联系不上,底本是 3 次",
    ),
    (
        |plan| {
            let all = vec![Outcome::Solved, Outcome::Explained];
            plan.strike_off.allow.insert(Class::Problem, all);
        },
        "`problem` may be struck off as `explained`, which the base does not allow",
        "“办事”准许以“依法解释”销账,底本不准",
    ),
    (
        |plan| plan.strike_off.rate_within = Span::CalendarDays(29),
        "a rating counts for 29 calendar days, in the base for 30 calendar days",
        "销账后 29 天 内仍可评价,底本是 30 天",
    ),
];

/// A case that goes over to other rules may come off worse later on: each way in which it may is told by itself, and what binds as much or more is not.
#[test]
fn each_way_in_which_other_rules_bind_less_is_told_by_itself() {
    let before = before(&FACTS);
    for (change, en, zh) in MORE {
        let mut plan = before.clone();
        change(&mut plan);
        assert_eq!(said(&plan.lets_more(&before)), [*en, *zh]);
        // The other way round nothing is let come about that was not, but for what is merely otherwise.
        let back = said(&before.lets_more(&plan));
        let otherwise = ["extension of", "counts otherwise", "gate"];
        let merely = otherwise.iter().any(|it| en.contains(it));
        assert!(back.is_empty() || merely, "{en}: {back:?}");
    }
    let as_much: [Change; 6] = [
        |plan| clock(plan, ClockKind::Reply).extension = None,
        |plan| plan.clocks.retain(|it| it.kind != ClockKind::Redo),
        |plan| plan.declines.clear(),
        |plan| plan.pauses.truncate(2),
        |plan| {
            let twice = rule("review.two_steps", Diagram::constant(true));
            plan.review = Some(ReviewRule { when: Some(twice) });
        },
        |plan| plan.zone = Zone::UTC,
    ];
    for (at, change) in as_much.into_iter().enumerate() {
        let mut plan = before.clone();
        change(&mut plan);
        assert_eq!(said(&plan.lets_more(&before)), NONE, "{at}");
    }
    // An extension of a clock that there was not is of a clock that no case had.
    let mut without = before.clone();
    without.clocks.retain(|it| it.kind != ClockKind::Reply);
    assert_eq!(said(&before.lets_more(&without)), NONE);
}

/// One clause may be parted in two that are both to be met; with one of them alone, or either, the gate passes more.
#[test]
fn a_clause_may_be_parted_in_two_that_are_both_to_be_met() {
    let mut before = over(&FACTS);
    let (came, plain) = (holds(&before, "visited"), lacks(&before, "vague"));
    let is = |id: &str, met: &Diagram<bool>| {
        let (gate, judged) = (Gate::Process, Judged::Review);
        clause(id, gate, judged, met.clone(), "到过现场,不含糊")
    };
    before.gates = vec![is("gate(process).1", &both(&came, &plain))];
    let told = |clauses: &[&Diagram<bool>]| {
        let mut plan = before.clone();
        let all = clauses.iter().zip(1..);
        plan.gates = all
            .map(|(met, at)| is(&format!("gate(process).{at}"), met))
            .collect();
        let found = plan.lets_more(&before);
        let cases = found.iter().map(|it| it.witness.clone().unwrap());
        cases.collect::<Vec<_>>()
    };
    assert_eq!(told(&[&came, &plain]), NONE);
    assert_eq!(told(&[&plain, &came]), NONE);
    assert_eq!(told(&[&came]), ["visited = true, vague = true"]);
    assert_eq!(told(&[&plain]), ["visited = false, vague = false"]);
}

/// The facts of the one plan may be the first of the other's, either way: then rules are compared case by case, and a case is shown.
#[test]
fn a_case_is_shown_where_one_plan_only_has_more_facts() {
    let more = [FACTS[0], FACTS[1], FACTS[2], ("flood", Given::Host)];
    for (old, new) in [(&FACTS[..], &more[..]), (&more[..], &FACTS[..])] {
        let before = before(old);
        let mut plan = self::before(new);
        assert_eq!(said(&plan.lets_more(&before)), NONE);
        plan.gates[0].met.diagram = Diagram::constant(true);
        assert_eq!(
            said(&plan.lets_more(&before)),
            [
                "gate `process` passes what the clause `到过现场` does not, when visited = false",
                "“办理过程不细致不放过”放过了“到过现场”这一条不放过的(情形:visited = false)"
            ]
        );
    }
}

/// Where facts stand in another order, rules are compared by what they say: the same words are the same rule, what never holds lets nothing come
/// about, what always held lets everything, and all else is told, without a case.
#[test]
fn plans_with_facts_in_another_order_are_compared_in_words() {
    let turned = before(&[("flood", Given::Host), FACTS[0], FACTS[1], FACTS[2]]);
    let before = before(&FACTS);
    let told = |change: Change| {
        let mut plan = turned.clone();
        change(&mut plan);
        let found = plan.lets_more(&before);
        assert!(found.iter().all(|it| it.witness.is_none()), "{found:?}");
        found.into_iter().map(|it| it.what).collect::<Vec<_>>()
    };
    assert_eq!(told(|_| ()), NONE);
    let when = |plan: &mut Plan, diagram: Diagram<bool>| {
        plan.pauses[2].when = Some(rule("pause(等候配件).when", diagram));
    };
    // Neither the same nor never nor always.
    let mut other = turned.clone();
    let flood = holds(&other, "flood");
    when(&mut other, flood);
    let waits = ["time may stand still for `等候配件`, in the base not"];
    let said: Vec<String> = other
        .lets_more(&before)
        .into_iter()
        .map(|it| it.what)
        .collect();
    assert_eq!(said, waits);
    assert_eq!(told(|plan| plan.pauses[2].when = None), waits);
    let mut never = turned.clone();
    when(&mut never, Diagram::constant(false));
    never.declines[0].when = rule("decline", Diagram::constant(false));
    assert_eq!(never.lets_more(&before), []);
    let mut always = before.clone();
    always.pauses[2].when = None;
    assert_eq!(other.lets_more(&always), []);
    // A clause stays met where it is one of several, and one that is always met holds nothing up.
    assert_eq!(
        told(|plan| {
            let met = lacks(plan, "flood");
            let (gate, judged) = (Gate::Process, Judged::Review);
            let more = clause("gate(process).2", gate, judged, met, "汛期不办");
            plan.gates.push(more);
        }),
        NONE
    );
    let passes = ["gate `process` passes what the clause `到过现场` does not"];
    assert_eq!(
        told(|plan| plan.gates[0].met.diagram = Diagram::constant(true)),
        passes
    );
    assert_eq!(told(|plan| plan.gates.clear()), passes);
    let mut idle = before.clone();
    idle.gates[0].met.diagram = Diagram::constant(true);
    assert_eq!(turned.lets_more(&idle), []);
    // Second reviews are the other way round: what is reviewed twice by the one alone is told of the other.
    let once = ["a reply is reviewed once, in the base twice"];
    assert_eq!(told(|plan| plan.review = None), once);
    assert_eq!(
        told(|plan| plan.review = Some(ReviewRule { when: None })),
        once
    );
    let mut twice = turned.clone();
    let all = rule("review.two_steps", Diagram::constant(true));
    twice.review = Some(ReviewRule { when: Some(all) });
    assert_eq!(twice.lets_more(&before), []);
}

/// One condition over a number that is met by every other one, up to so many.
fn striped(first: &str, last: bool) -> Plan {
    let mut plan = over(&[(first, Given::Host)]);
    let whole = Domain::Whole {
        least: 0,
        most: 599,
    };
    plan.schema
        .facts
        .push(FactRule::new("heat", whole, Given::Host));
    let heat = plan.schema.index("heat").unwrap();
    let region = |code: i64| Region {
        bounds: [(heat, (code, code))].into(),
        answer: code % 2 == 0 || (last && code == 599),
    };
    let hot = Diagram::from_regions(&plan.schema, (0..600).map(region).collect()).unwrap();
    plan.pauses[2].when = Some(rule("pause(等候配件).when", hot.clone()));
    let limit = hot.map(|hot| if *hot { days(6) } else { days(5) });
    within(&mut plan, ClockKind::Reply, limit);
    plan
}

/// What tells more cases apart than are compared in words cannot be said to be the same, though it is where it was looked at.
#[test]
fn more_cases_than_are_compared_in_words_are_not_taken_for_the_same() {
    let (before, same) = (striped("one", false), striped("other", false));
    let waits = ["time may stand still for `等候配件`, in the base not"];
    let what = |plan: &Plan| {
        let found = plan.lets_more(&before).into_iter();
        found.map(|it| it.what).collect::<Vec<_>>()
    };
    assert_eq!(what(&same), waits);
    assert_eq!(what(&striped("other", true)), waits);
    assert_eq!(what(&before), NONE);
    let longer = |plan: &Plan| plan.runs_longer(&before).remove(&ClockKind::Reply);
    let unlike = "the limits of the `reply` clock cannot be compared with the base's";
    assert_eq!(longer(&same).unwrap().to_string(), unlike);
    assert_eq!(longer(&before), None);
}

/// Two conditions that would take more than a million steps to hold against each other may well let something come about, and that is said.
#[test]
fn conditions_that_cannot_be_compared_are_told() {
    let mut before = bare("demo".parse().unwrap());
    let whole = |most: i64| Domain::Whole { least: 0, most };
    for (name, most) in [("x", 1_023), ("y", 1_023), ("z", 2_047)] {
        let fact = FactRule::new(name, whole(most), Given::Host);
        before.schema.facts.push(fact);
    }
    let at = |name: &str| before.schema.index(name).unwrap();
    let (x, y, z) = (at("x"), at("y"), at("z"));
    // Met by numbers below 1,024, and by those that are so much larger; met by those below 1,024 that are as large as that.
    let was = (0..1_024).flat_map(|n| {
        let cut = [
            (0, 1_023, true),
            (1_024, 1_023 + n, false),
            (1_024 + n, 2_047, true),
        ];
        cut.map(|it| (x, n, it))
    });
    let is = (0..1_024).flat_map(|n| {
        let cut = [(0, n - 1, false), (n, 1_023, true), (1_024, 2_047, false)];
        cut.map(|it| (y, n, it))
    });
    let met = |all: Vec<(usize, i64, (i64, i64, bool))>| {
        let some = all
            .into_iter()
            .filter(|(.., (least, most, _))| least <= most);
        let regions = some.map(|(by, n, (least, most, answer))| Region {
            bounds: [(by, (n, n)), (z, (least, most))].into(),
            answer,
        });
        Diagram::from_regions(&before.schema, regions.collect()).unwrap()
    };
    let (was, is) = (met(was.collect()), met(is.collect()));
    let mut plan = before.clone();
    plan.pauses[2].when = Some(rule("pause(等候配件).when", is));
    before.pauses[2].when = Some(rule("pause(等候配件).when", was));
    assert_eq!(
        said(&plan.lets_more(&before)),
        [
            "time may stand still for `等候配件`, in the base not, or cannot be compared: the rule distinguishes too many cases: more than 1000000 steps to put them in order",
            "可以以“等候配件”不计时,底本不可以,或者没法比较:这条规则分出的情形太多"
        ]
    );
}

/// What the one rule that reads a mention may let come about, told as it is in English and in Chinese.
fn leans(id: &str, fact: &str, case: Option<&str>) -> [String; 2] {
    let (en, zh) = case.map_or_else(Default::default, |case| {
        (format!(", when {case}"), format!("(情形:{case})"))
    });
    [
        format!("`{id}` reads `{fact}`, which is not the base's, and may bind less{en}"),
        format!("`{id}`要看`{fact}`,这个事实和底本不同,可能管得松了{zh}"),
    ]
}

/// A gate that refuses words binds less where fewer words count, one that asks for words where more do. A word is found wherever a part of it is,
/// and however it is spaced; a gate that does not read the words, or is as it was for them, is not told.
#[test]
fn a_gate_binds_less_by_the_words_that_are_looked_for() {
    let mut before = before(&FACTS);
    before.mentions.push(mention("urgent", &["急"]));
    let words = |gate: Option<Diagram<bool>>, words: &[&str]| {
        let mut before = before.clone();
        let gate = gate.map(|met| {
            let (gate, judged) = (Gate::Measures, Judged::Review);
            clause("gate(measures).1", gate, judged, met, "不得含糊")
        });
        before.gates.extend(gate);
        let mut plan = before.clone();
        plan.mentions[0] = mention("vague", words);
        said(&plan.lets_more(&before))
    };
    let refuses = || Some(lacks(&before, "vague"));
    let asks = || Some(holds(&before, "vague"));
    let told = leans("gate(measures).1", "vague", None);
    assert_eq!(words(refuses(), &["近期"]), told);
    assert_eq!(words(refuses(), &[]), told);
    assert_eq!(words(refuses(), &["近期内", "尽快"]), told);
    assert_eq!(words(refuses(), &["近期", "尽快", "适时"]), NONE);
    assert_eq!(words(refuses(), &["近", "尽快"]), NONE);
    assert_eq!(words(refuses(), &["尽 快", "近\u{3000}期"]), NONE);
    assert_eq!(words(asks(), &["近期", "尽快", "适时"]), told);
    assert_eq!(words(asks(), &["近", "尽快"]), told);
    assert_eq!(words(asks(), &["近期"]), NONE);
    assert_eq!(words(asks(), &["近期内", "尽快"]), NONE);
    assert_eq!(words(None, &[]), NONE);
    // With another fact in it: told where that makes the difference, and not where the clause is met, or is not, either way.
    let with = |other: &Diagram<bool>| both(&lacks(&before, "vague"), other);
    let came = holds(&before, "visited");
    let case = leans("gate(measures).1", "vague", Some("visited = true"));
    assert_eq!(words(Some(with(&came)), &["近期"]), case);
    assert_eq!(words(Some(with(&came)), &["近期", "尽快", "适时"]), NONE);
    let or = came.zip(&lacks(&before, "vague"), |one, other| *one || *other);
    let case = leans("gate(measures).1", "vague", Some("visited = false"));
    assert_eq!(words(Some(or.clone().unwrap()), &["近期"]), case);
    assert_eq!(words(or.ok(), &["近期", "尽快", "适时"]), NONE);
}

/// Where nobody gives a fact, its value is the plan's to say, and a rule that reads it binds less by another: a message may be declined, a clock
/// extended, time stand still; or a reply reviewed once. The other way round each binds more.
#[test]
fn rules_bind_less_by_what_a_fact_is_that_nobody_gave() {
    let told = |from: Option<bool>, to: Option<bool>| {
        let mut before = before(&FACTS);
        before.gates.clear();
        let urgent = before.schema.index("urgent").unwrap();
        before.schema.facts[urgent].otherwise = from.map(Into::into);
        let mut plan = before.clone();
        plan.schema.facts[urgent].otherwise = to.map(Into::into);
        said(&plan.lets_more(&before))
    };
    let of = |ids: &[&str], case: Option<&str>| {
        let each = ids.iter().flat_map(|id| leans(id, "urgent", case));
        each.collect::<Vec<_>>()
    };
    let may = [
        "decline(in_procedure)",
        "clock(reply).extension.when",
        "pause(等候配件).when",
    ];
    let twice = ["review.two_steps"];
    assert_eq!(told(Some(false), Some(true)), of(&may, None));
    assert_eq!(told(Some(true), Some(false)), of(&twice, None));
    // A fact that had to be given may have been anything.
    let (yes, no) = (Some("urgent = true"), Some("urgent = false"));
    assert_eq!(told(None, Some(true)), of(&may, no));
    assert_eq!(told(None, Some(false)), of(&twice, yes));
    assert_eq!(told(Some(false), None), of(&may, yes));
    assert_eq!(told(Some(true), None), of(&twice, no));
    assert_eq!(told(None, None), NONE);
}

/// Of a fact that is of another kind, or given by somebody else, nobody can tell what it will be: each rule that binds and reads it may bind less; what
/// is only proposed, told or tracked by it binds nobody.
#[test]
fn a_fact_of_another_kind_may_make_any_rule_bind_less() {
    let mut before = over(&FACTS);
    let clause = visited(&before);
    before.gates.push(clause);
    let came = holds(&before, "visited");
    before.classify = Some(rule(
        "classify",
        came.map(|came| came.then_some(Class::Idea)),
    ));
    before.track.when = Some(rule("track.start", came.clone()));
    before.digest.hot = Some(rule("digest.hot", came.clone()));
    let reply = clock(&mut before, ClockKind::Reply);
    reply.rungs = vec![Rung {
        when: Some(rule("ladder(reply).due", came.clone())),
        ..rung("due", On::At, &["owner"])
    }];
    let told = |change: Change| {
        let mut plan = before.clone();
        change(&mut plan);
        said(&plan.lets_more(&before))
    };
    let gate = leans("gate(process).1", "visited", None);
    let at = |plan: &mut Plan, change: fn(&mut FactRule)| {
        let visited = plan.schema.index("visited").unwrap();
        change(&mut plan.schema.facts[visited]);
    };
    let mut given = before.clone();
    at(&mut given, |fact| fact.given = Given::Host);
    assert_eq!(said(&given.lets_more(&before)), gate);
    let mut other = before.clone();
    at(&mut other, |fact| {
        fact.domain = Domain::Labels(vec!["false".into(), "true".into()]);
    });
    assert_eq!(said(&other.lets_more(&before)), gate);
    // A fact that is gone, or only asked for in other words, is no other.
    let mut asked = before.clone();
    at(&mut asked, |fact| fact.question = "到过现场吗".into());
    assert_eq!(said(&asked.lets_more(&before)), NONE);
    assert_eq!(told(|_| ()), NONE);
}

const NO_CLOCK: [(ClockKind, String); 0] = [];

/// Which clocks may run longer, in words.
fn longer(plan: &Plan, before: &Plan) -> Vec<(ClockKind, String)> {
    let all = plan.runs_longer(before).into_iter();
    all.map(|(kind, it)| (kind, it.to_string())).collect()
}

/// A clock runs longer where its limit does for some case, where it is counted otherwise, or where it is gone; and with a clock, its shares. A
/// share of it that the plan gives anew is told by itself.
#[test]
fn clocks_that_may_run_longer_are_told_one_by_one() {
    let before = over(&FACTS);
    let told = |change: Change| {
        let mut plan = before.clone();
        change(&mut plan);
        longer(&plan, &before)
    };
    let reply_and_share = |what: &str| {
        let kinds = [ClockKind::Reply, ClockKind::CoReply];
        kinds.map(|kind| (kind, what.to_owned())).to_vec()
    };
    assert_eq!(told(|_| ()), NO_CLOCK);
    assert_eq!(
        told(|plan| {
            let limit = by(plan, "urgent", days(20), days(5));
            within(plan, ClockKind::Reply, limit);
        }),
        reply_and_share(
            "the `reply` clock runs for 20 working days, in the base for 15 working days, when urgent = true"
        )
    );
    assert_eq!(
        told(|plan| within(plan, ClockKind::Reply, Diagram::constant(days(15)))),
        NO_CLOCK
    );
    let counted = "how the `reply` clock is counted is not the base's";
    let ways: [Change; 3] = [
        |plan| clock(plan, ClockKind::Reply).starts = ClockMark::Received,
        |plan| clock(plan, ClockKind::Reply).stops = vec![ClockMark::Published],
        |plan| clock(plan, ClockKind::Reply).counting = Counting::uk_foi(),
    ];
    for change in ways {
        assert_eq!(told(change), reply_and_share(counted));
    }
    assert_eq!(
        told(|plan| plan.clocks.retain(|it| it.kind != ClockKind::Review)),
        [(ClockKind::Review, "the clock `review` is gone".to_owned())]
    );
    // Whatever all clocks are counted by makes each of them another.
    let ways: [Change; 4] = [
        |plan| plan.zone = Zone::UTC,
        |plan| plan.hours = Hours::weekdays(vec!["09:00-17:00".parse().unwrap()]),
        |plan| plan.holidays.clear(),
        |plan| plan.uncovered = Uncovered::Refuse,
    ];
    for change in ways {
        let all = before.clocks.iter().map(|clock| {
            let kind = clock.kind;
            let what = format!("how the `{kind}` clock is counted is not the base's");
            (kind, what)
        });
        assert_eq!(told(change), all.collect::<Vec<_>>());
    }
}

/// Of plans with facts in another order a limit that is the same in words is the same; one that differs may be longer, unless no limit of it is longer
/// than any that there was.
#[test]
fn limits_are_compared_in_words_where_facts_stand_in_another_order() {
    let of = |first: &str, yes: u32, no: u32| {
        let mut plan = over(&[(first, Given::Host), ("urgent", Given::Host)]);
        let limit = by(&plan, "urgent", days(yes), days(no));
        within(&mut plan, ClockKind::Reply, limit);
        plan
    };
    let before = of("one", 5, 10);
    let told = |yes: u32, no: u32| {
        let mut found = of("other", yes, no).runs_longer(&before);
        found.remove(&ClockKind::Reply).map(|it| it.to_string())
    };
    let unlike = "the limits of the `reply` clock cannot be compared with the base's";
    let unlike: Option<String> = Some(unlike.into());
    assert_eq!(told(5, 10), None, "the same");
    assert_eq!(told(10, 5), unlike, "the other way round");
    assert_eq!(told(5, 12), unlike, "one is longer than both");
    assert_eq!(told(6, 7), unlike, "longer than the one, and not the other");
    assert_eq!(told(4, 5), None, "none longer than any");
    assert_eq!(told(1, 2), None, "all shorter");
}

/// A limit that reads a fact which is another in a case that is the same may be longer there, and its shares with it; the case is shown where it is
/// not every case, and a limit that is shorter so is not told.
#[test]
fn a_limit_may_run_longer_by_what_a_fact_is_that_nobody_gave() {
    let told = |from: bool, to: bool, condition: bool| {
        let mut before = over(&[("urgent", Given::Host), ("flood", Given::Host)]);
        let fact = before.schema.index("urgent").unwrap();
        before.schema.facts[fact].otherwise = Some(from.into());
        let urgent = match condition {
            true => both(&holds(&before, "urgent"), &holds(&before, "flood")),
            false => holds(&before, "urgent"),
        };
        let limit = urgent.map(|urgent| if *urgent { days(20) } else { days(10) });
        within(&mut before, ClockKind::Reply, limit);
        let mut plan = before.clone();
        plan.schema.facts[fact].otherwise = Some(to.into());
        longer(&plan, &before)
    };
    let both = |case: &str| {
        let what = "the limit of the `reply` clock reads a fact that is not the base's";
        let kinds = [ClockKind::Reply, ClockKind::CoReply];
        kinds.map(|kind| (kind, format!("{what}{case}"))).to_vec()
    };
    assert_eq!(told(false, true, false), both(""));
    assert_eq!(told(false, true, true), both(", when flood = true"));
    assert_eq!(told(true, false, false), NO_CLOCK);
    assert_eq!(told(false, false, false), NO_CLOCK);
}
