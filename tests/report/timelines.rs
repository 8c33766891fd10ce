//! One case in words.

use duly::plan::{Diagram, Limit, On, Plan, Quiet, Rung};
use duly::report::{Board, timeline};
use duly::time::Span;
use duly::words::{ClockKind, Command, EffectId, Lang, Role};

use crate::world::{World, at, id, september};

fn told(w: &World, case: &str, lang: Lang) -> String {
    let board = Board::fold(&w.records, None).unwrap();
    let file = board.file(&id(case)).unwrap();
    timeline(file.history(), file.case(), &w.plan, lang)
        .table()
        .to_string()
}

#[test]
fn a_case_that_waits_in_chinese() {
    let mut w = september();
    w.ask(
        "m08",
        (Role::System, "clock"),
        at("09-18 17:00"),
        Command::Tick {},
    )
    .unwrap();
    insta::assert_snapshot!(told(&w, "m08", Lang::Zh), @r"
    m08 办理经过
    时间                 谁                     什么
    -------------------  ---------------------  -----------------------------------------------------------------------------------------
    2026-09-09 09:00     网民 wang              登记:领导留言板 n-m08,632523 贵德县
    2026-09-09 09:00     规则                   “受理”时限开始:1 个工作日,2026-09-10 18:00 到期(办法规定,依据 spine.clock(screen).within)
    2026-09-09 09:00     规则                   “办结”时限开始:60 天,2026-11-09 18:00 到期(办法规定,依据 spine.clock(whole).within)
    2026-09-09 09:30     受理人 in-1            受理,定为办事
    2026-09-09 09:30     规则                   “受理”时限结束:按期,余 1 天 8 小时
    2026-09-09 09:30     规则                   “交办”时限开始:1 个工作日,2026-09-10 18:00 到期(内部,依据 spine.clock(assign).within)
    2026-09-09 10:00     受理人 in-1            交办:u-water,责任人 u-water-li
    2026-09-09 10:00     规则                   “交办”时限结束:按期,余 1 天 8 小时
    2026-09-09 10:00     规则                   “签收”时限开始:1 个工作日,2026-09-10 18:00 到期(内部,依据 spine.clock(sign).within)
    2026-09-09 10:00     规则                   “退单”时限开始:1 个工作日,2026-09-10 18:00 到期(内部,依据 spine.clock(object).within)
    2026-09-09 10:00     规则                   “答复”时限开始:5 个工作日,2026-09-16 18:00 到期(办法规定,依据 spine.clock(reply).within)
    2026-09-09 11:00     承办责任人 u-water-li  签收
    2026-09-09 11:00     规则                   “签收”时限结束:按期,余 1 天 7 小时
    2026-09-10 18:00:01  到时                   “退单”时限已过
    2026-09-10 18:00:01  到时                   未退单,视为接受
    2026-09-10 18:00:01  到时                   “退单”时限取消:时间已过
    2026-09-15 18:00     到时                   “答复”时限,蓝色提醒:催办 承办责任人 u-water-li(u-water)
    2026-09-16 18:00     到时                   “答复”时限,黄色警示:警示 单位主要负责人(u-water);抄送 受理人
    2026-09-16 18:00:01  到时                   “答复”时限超期
    2026-09-18 18:00     (若无人办理)           “答复”时限,after-2:交督查 督查办
    2026-09-22 18:00     (若无人办理)           “答复”时限,红色通报:点名
    2026-09-30 18:00     (若无人办理)           “答复”时限仍超期:催办 督查办,此后每 5 个工作日一次
    2026-11-09 18:00:01  (若无人办理)           “办结”时限超期
    2026-11-16 18:00     (若无人办理)           “办结”时限仍超期:催办 督查办,此后每 5 个工作日一次
    ");
}

#[test]
fn a_case_that_waits_in_english() {
    let mut w = september();
    w.ask(
        "m08",
        (Role::System, "clock"),
        at("09-18 17:00"),
        Command::Tick {},
    )
    .unwrap();
    insta::assert_snapshot!(told(&w, "m08", Lang::En), @r"
    m08: what happened
    at                   who               what
    -------------------  ----------------  ----------------------------------------------------------------------------------------------------
    2026-09-09 09:00     citizen wang      opened: 领导留言板 n-m08, 632523 贵德县
    2026-09-09 09:00     rule              screen clock started: 1 working day, due 2026-09-10 18:00 (standard, by spine.clock(screen).within)
    2026-09-09 09:00     rule              whole clock started: 60 calendar days, due 2026-11-09 18:00 (standard, by spine.clock(whole).within)
    2026-09-09 09:30     intake in-1       screened as problem
    2026-09-09 09:30     rule              screen clock stopped: on time, 1 d 8 h left
    2026-09-09 09:30     rule              assign clock started: 1 working day, due 2026-09-10 18:00 (internal, by spine.clock(assign).within)
    2026-09-09 10:00     intake in-1       assigned to u-water, owner u-water-li
    2026-09-09 10:00     rule              assign clock stopped: on time, 1 d 8 h left
    2026-09-09 10:00     rule              sign clock started: 1 working day, due 2026-09-10 18:00 (internal, by spine.clock(sign).within)
    2026-09-09 10:00     rule              object clock started: 1 working day, due 2026-09-10 18:00 (internal, by spine.clock(object).within)
    2026-09-09 10:00     rule              reply clock started: 5 working days, due 2026-09-16 18:00 (standard, by spine.clock(reply).within)
    2026-09-09 11:00     owner u-water-li  signed for
    2026-09-09 11:00     rule              sign clock stopped: on time, 1 d 7 h left
    2026-09-10 18:00:01  time              object clock lapsed
    2026-09-10 18:00:01  time              no objection was made: deemed accepted
    2026-09-10 18:00:01  time              object clock cancelled: its time passed
    2026-09-15 18:00     time              reply clock, 蓝色提醒: remind owner u-water-li (u-water)
    2026-09-16 18:00     time              reply clock, 黄色警示: warn unit head (u-water); copy in intake
    2026-09-16 18:00:01  time              reply clock overdue
    2026-09-18 18:00     (if nobody acts)  reply clock, after-2: hand to supervision: supervisor
    2026-09-22 18:00     (if nobody acts)  reply clock, 红色通报: name in the bulletin
    2026-09-30 18:00     (if nobody acts)  reply clock still overdue: remind supervisor, and again every 5 working days
    2026-11-09 18:00:01  (if nobody acts)  whole clock overdue
    2026-11-16 18:00     (if nobody acts)  whole clock still overdue: remind supervisor, and again every 5 working days
    ");
}

/// What people did, without what clocks did about it.
fn deeds(w: &World, case: &str, lang: Lang) -> String {
    let board = Board::fold(&w.records, None).unwrap();
    let file = board.file(&id(case)).unwrap();
    let lines = timeline(file.history(), file.case(), &w.plan, lang).past;
    let by_someone = file
        .history()
        .iter()
        .zip(&lines)
        .filter(|(record, _)| record.by.is_some());
    by_someone
        .map(|(_, line)| format!("{} | {}\n", line.who, line.what))
        .collect()
}

#[test]
fn deeds_in_chinese() {
    let w = september();
    insta::assert_snapshot!(
        ["m03", "m04", "m05", "m06", "m07"]
            .map(|case| deeds(&w, case, Lang::Zh))
            .join("\n"), @r"
    网民 wang | 登记:领导留言板 n-m03,632521 共和县
    受理人 in-1 | 受理,定为办事
    受理人 in-1 | 交办:u-road,责任人 u-road-li
    承办责任人 u-road-li | 签收
    承办责任人 u-road-li | 答复:A 已经解决
    审核人 re-1 | 退回重办:调查不清楚
    承办责任人 u-road-li | 答复:A 已经解决
    审核人 re-1 | 审核通过,答复公布
    受理人 in-1 | 回访:未联系上
    受理人 in-1 | 回访:未联系上
    受理人 in-1 | 回访:未联系上,次数已足
    审核人 re-2 | 复核通过
    系统 site | 已送达:m03/24/1
    督查办 su-1 | 销账:已解决

    网民 wang | 登记:领导留言板 n-m04,632525 贵南县
    受理人 in-1 | 受理,定为办事
    受理人 in-1 | 交办:u-land,责任人 u-land-li
    承办责任人 u-land-li | 签收
    承办责任人 u-land-li | 答复:依法解释
    审核人 re-1 | 审核通过,答复公布
    受理人 in-1 | 回访:已联系到本人
    系统 site | 评价:自动好评
    审核人 re-2 | 复核通过
    督查办 su-1 | 销账:依法解释

    网民 wang | 登记:领导留言板 n-m05,632523 贵德县
    受理人 in-1 | 拟不予受理:已进入法定程序
    受理人 in-2 | 不予受理:已进入法定程序,已告知去处

    网民 wang | 登记:领导留言板 n-m06,632524 兴海县
    受理人 in-1 | 受理,定为办事
    受理人 in-1 | 交办:u-road,责任人 u-road-li
    承办责任人 u-road-li | 签收
    承办责任人 u-road-li | 答复:A 已经解决
    审核人 re-1 | 审核通过,答复公布
    受理人 in-1 | 回访:未联系上
    受理人 in-1 | 回访:未联系上
    受理人 in-1 | 回访:未联系上,次数已足
    审核人 re-2 | 复核通过
    系统 site | 已送达:m06/18/1
    督查办 su-1 | 销账:已解决
    网民 wang | 评价:不满意
    网民 wang | 重开:网民不满意

    系统 watch | 登记(网络舆情):领导留言板 n-m07,6325 海南州
    领导 le-1 | 批示
    领导 le-1 | 列入督办
    ");
}

#[test]
fn deeds_in_english() {
    let w = september();
    insta::assert_snapshot!(
        ["m03", "m04", "m05", "m06", "m07"]
            .map(|case| deeds(&w, case, Lang::En))
            .join("\n"), @r"
    citizen wang | opened: 领导留言板 n-m03, 632521 共和县
    intake in-1 | screened as problem
    intake in-1 | assigned to u-road, owner u-road-li
    owner u-road-li | signed for
    owner u-road-li | replied: A solved
    reviewer re-1 | returned to be done again: 调查不清楚
    owner u-road-li | replied: A solved
    reviewer re-1 | passed review; the reply is published
    intake in-1 | called back: not reached
    intake in-1 | called back: not reached
    intake in-1 | called back: not reached; attempts complete
    reviewer re-2 | passed the recheck
    system site | delivered m03/24/1
    supervisor su-1 | struck off: solved

    citizen wang | opened: 领导留言板 n-m04, 632525 贵南县
    intake in-1 | screened as problem
    intake in-1 | assigned to u-land, owner u-land-li
    owner u-land-li | signed for
    owner u-land-li | replied: lawfully cannot be done
    reviewer re-1 | passed review; the reply is published
    intake in-1 | called back: reached
    system site | the channel entered a good rating by itself
    reviewer re-2 | passed the recheck
    supervisor su-1 | struck off: explained

    citizen wang | opened: 领导留言板 n-m05, 632523 贵德县
    intake in-1 | proposed to decline: in procedure
    intake in-2 | declined: in procedure; the citizen was told where to go

    citizen wang | opened: 领导留言板 n-m06, 632524 兴海县
    intake in-1 | screened as problem
    intake in-1 | assigned to u-road, owner u-road-li
    owner u-road-li | signed for
    owner u-road-li | replied: A solved
    reviewer re-1 | passed review; the reply is published
    intake in-1 | called back: not reached
    intake in-1 | called back: not reached
    intake in-1 | called back: not reached; attempts complete
    reviewer re-2 | passed the recheck
    system site | delivered m06/18/1
    supervisor su-1 | struck off: solved
    citizen wang | rated: unsatisfied
    citizen wang | reopened: 网民不满意

    system watch | opened as online opinion: 领导留言板 n-m07, 6325 海南州
    leader le-1 | directed
    leader le-1 | tracked by supervision
    ");
}

#[test]
fn while_a_clock_waits_only_the_end_of_the_pause_is_known() {
    let mut w = World::new();
    w.opens("m01", "632521", "09-01 09:00");
    w.reaches("m01", "u-road", "09-01");
    let pause = Command::Pause {
        reason: "鉴定检测".into(),
        evidence: "委托书".into(),
    };
    w.does("m01", (Role::Owner, "u-road-li"), "09-02 10:00", pause);
    let board = Board::fold(&w.records, None).unwrap();
    let file = board.file(&id("m01")).unwrap();
    let ahead = timeline(file.history(), file.case(), &w.plan, Lang::Zh).ahead;
    let lines: Vec<&str> = ahead.iter().map(|line| line.what.as_str()).collect();
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("恢复计时:鉴定检测")),
        "{lines:?}"
    );
    assert!(
        !lines.iter().any(|line| line.contains("“答复”")),
        "{lines:?}"
    );
}

/// Of several limits it is said which counts, and a choice among them that is itself one of them stands in brackets.
#[test]
fn a_limit_that_is_a_choice_of_choices_says_which_is_which() {
    let either = Span::Earliest(vec![Span::WorkingDays(5), Span::Elapsed(9 * 86_400)]);
    let span = Span::Latest(vec![either, Span::WorkingDays(2)]);
    let mut w = World::with(|plan| {
        for clock in &mut plan.clocks {
            if clock.kind == ClockKind::Screen {
                clock.within.diagram = Diagram::constant(Limit::Span(span.clone()));
            }
        }
    });
    w.opens("m01", "632521", "09-01 09:00");
    for (lang, says) in [
        (
            Lang::Zh,
            "“受理”时限开始:(5 个工作日、9 天中先到者)、2 个工作日中后到者,2026-09-08 18:00 到期",
        ),
        (
            Lang::En,
            "started: the latest of (the earliest of (5 working days, 9 d), 2 working days), due 2026-09-08 18:00",
        ),
    ] {
        let told = told(&w, "m01", lang);
        assert!(told.contains(says), "{told}");
    }
}

/// What is private stands in records as a reference; no line shows even that.
#[test]
fn no_line_shows_a_private_text_or_its_reference() {
    let mut w = september();
    let owner = (Role::Owner, "u-water-li");
    let reason = || "私下的话".into();
    let to = "u-water-zhao".parse().unwrap();
    w.does(
        "m08",
        owner,
        "09-09 12:00",
        Command::HandOver {
            to,
            unit: None,
            reason: reason(),
        },
    );
    w.does(
        "m08",
        (Role::Intake, "in-1"),
        "09-09 13:00",
        Command::Note { text: reason() },
    );
    let effect = EffectId {
        case: id("m08"),
        version: 1,
        index: 0,
    };
    let instead = Some("12345".parse().unwrap());
    w.does(
        "m08",
        (Role::System, "post"),
        "09-09 14:00",
        Command::Undelivered {
            effect,
            why: reason(),
            instead,
        },
    );
    let board = Board::fold(&w.records, None).unwrap();
    for file in board.files() {
        for lang in [Lang::Zh, Lang::En] {
            for line in timeline(file.history(), file.case(), &w.plan, lang).past {
                let longest = line
                    .what
                    .split(|c: char| !c.is_ascii_hexdigit())
                    .map(str::len)
                    .max();
                assert!(
                    longest < Some(16) && !line.what.contains("私下"),
                    "{}",
                    line.what
                );
            }
        }
    }
    let zh = deeds(&w, "m08", Lang::Zh);
    assert!(
        zh.contains("交接:u-water,u-water-li → u-water-zhao")
            && zh.contains("未送达:m08/1/0,改经 12345"),
        "{zh}"
    );
}

/// Reply in sixty hours, a repeating rung every four, quiet nights, five working days kept free on the whole.
fn sleepless(plan: &mut Plan) {
    plan.quiet = Some(Quiet::Daily("21:00-08:00".parse().unwrap()));
    for clock in &mut plan.clocks {
        match clock.kind {
            ClockKind::Whole => clock.leaves = Some(Span::WorkingDays(5)),
            ClockKind::Reply => {
                clock.within.diagram = Diagram::constant(Limit::Span(Span::hours(60)));
                clock.rungs.retain(|rung| rung.key == "due");
                let again = Rung {
                    key: "every".into(),
                    title: "再催".into(),
                    on: On::Every {
                        span: Span::hours(4),
                        most: 4,
                    },
                    ..clock.rungs[0].clone()
                };
                clock.rungs.push(again);
            }
            _ => {}
        }
    }
}

// What a ladder does besides firing, in both languages: put off, taken together, too little time, a promise missed.
#[test]
fn steps_that_are_put_off_taken_together_or_too_late() {
    let mut w = World::with(sleepless);
    w.opens("m01", "632521", "09-07 09:00");
    w.reaches("m01", "u-road", "09-07");
    let mut longer = w.plan.clone();
    for clock in &mut longer.clocks {
        if clock.kind == ClockKind::Reply {
            clock.within.diagram = Diagram::constant(Limit::Span(Span::hours(83)));
        }
    }
    let adopt = Command::AdoptPlan {
        plan: w.plans.take(longer).unwrap(),
        approved_by: Some("le-1".parse().unwrap()),
        facts: Default::default(),
    };
    w.does("m01", (Role::Supervisor, "su-1"), "09-07 12:00", adopt);
    w.tick(at("09-10 22:00"));
    let steps = |w: &World, lang| -> String {
        let text = told(w, "m01", lang);
        let words = [
            "再催",
            "黄色",
            "来不及",
            "承诺",
            "not be in time",
            "promise",
        ];
        let step = |line: &&str| words.iter().any(|word| line.contains(word));
        let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines: Vec<String> = text.lines().filter(step).map(squeezed).collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(steps(&w, Lang::Zh), @r"
    2026-09-09 22:00:01 到时 “答复”时限已过承诺的期限
    2026-09-11 08:00 (若无人办理) “答复”时限,黄色警示:警示 单位主要负责人(u-road);抄送 受理人(原定 2026-09-10 21:00,顺延)
    2026-09-11 08:00 (若无人办理) “答复”时限,再催:警示 单位主要负责人(u-road);抄送 受理人(原定 2026-09-11 01:00,顺延)
    2026-10-30 18:00 (若无人办理) “办结”时限来不及(届时仍无答复的话):警示 承办责任人 u-road-li(u-road);警示 督查办
    ");
    w.tick(at("11-05 12:00"));
    insta::assert_snapshot!(steps(&w, Lang::Zh), @r"
    2026-09-09 22:00:01 到时 “答复”时限已过承诺的期限
    2026-09-11 08:00 到时 “答复”时限,黄色警示:警示 单位主要负责人(u-road);抄送 受理人(原定 2026-09-10 21:00,顺延)
    2026-09-11 08:00 到时 “答复”时限,再催:并入第 2 次(原定 2026-09-11 01:00,顺延)
    2026-09-11 08:00 到时 “答复”时限,再催(第 2 次):警示 单位主要负责人(u-road);抄送 受理人(原定 2026-09-11 05:00,顺延)
    2026-09-11 09:00 到时 “答复”时限,再催(第 3 次):警示 单位主要负责人(u-road);抄送 受理人
    2026-09-11 13:00 到时 “答复”时限,再催(第 4 次):警示 单位主要负责人(u-road);抄送 受理人
    2026-10-30 18:00 到时 “办结”时限来不及:警示 承办责任人 u-road-li(u-road);警示 督查办
    ");
    insta::assert_snapshot!(steps(&w, Lang::En), @r"
    2026-09-09 22:00:01 time reply clock past the promised date
    2026-09-11 08:00 time reply clock, 黄色警示: warn unit head (u-road); copy in intake (put off from 2026-09-10 21:00)
    2026-09-11 08:00 time reply clock, 再催: one with #2 (put off from 2026-09-11 01:00)
    2026-09-11 08:00 time reply clock, 再催 #2: warn unit head (u-road); copy in intake (put off from 2026-09-11 05:00)
    2026-09-11 09:00 time reply clock, 再催 #3: warn unit head (u-road); copy in intake
    2026-09-11 13:00 time reply clock, 再催 #4: warn unit head (u-road); copy in intake
    2026-10-30 18:00 time whole clock will not be in time: warn owner u-road-li (u-road); warn supervisor
    ");
}
