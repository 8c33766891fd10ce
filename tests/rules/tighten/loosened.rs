//! What an overlay takes back of its base, and what is its own to say.

use duly::plan::{
    BundlePart, BundleRule, Count, CountRule, DerivedRule, Diagram, DutyRule, Given, InForce,
    Limit, NoticeRule, On, Param, Plan, Provenance, Quiet, ReopenCount, ReviewRule, RouteRule,
    SignalRule, Uncovered, bare,
};
use duly::time::{Counting, Hours, Span, Zone};
use duly::words::{
    Class, ClockClass, ClockKind, ClockMark, DeclineGround, DutyKind, Lang, Outcome, RuleId, Verb,
};

use super::{
    Change, EITHER, NONE, by, clock, days, decline, extension, fact, holds, mention, over, rule,
    rung, said, visited, within,
};

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
        |plan| plan.redo.grounds.truncate(2),
        "the ground for redo `网民不满意` is not the base's",
        "退回重办的事由`网民不满意`和底本不同",
    ),
    (
        |plan| plan.reopen.count = ReopenCount::Fresh,
        "a reopened case counts otherwise than in the base",
        "重开后的计时和底本不同",
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
    for (change, en, zh) in EITHER.iter().chain(LOOSER) {
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
