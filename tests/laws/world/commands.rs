//! Commands, each in several shapes; some of them wrong.

use std::collections::BTreeMap;

use duly::case::Case;
use duly::time::{Moment, Span};
use duly::words::*;

use super::moment;

fn text(words: &str) -> Text {
    Text::from(words)
}

pub fn open(citizen: bool, opinion: bool) -> Command {
    Command::Open {
        place: "632521".parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: "1".parse().unwrap(),
        message: text("村道路灯坏了三个月"),
        contact: None,
        citizen: citizen.then(|| "citizen".parse().unwrap()),
        origin: if opinion {
            Origin::Opinion
        } else {
            Origin::Message
        },
        facts: Facts::new(),
    }
}

/// A case that another system had, in every stage, with whatever that system may know of it; some of it wrong.
pub fn import(pick: u16) -> ImportAsked {
    use ImportStage as S;
    let p = i64::from(pick);
    let stage = [
        S::Assigned,
        S::Returned,
        S::Replied,
        S::Received,
        S::Screened,
    ][usize::from(pick % 5)];
    let now = moment("2026-03-02T09:00:00+08:00");
    let received = now.plus(-3600 * (p % 1500));
    // Everything in its order between receipt and now.
    let after = |n: i64| received.plus(now.since(received) * n / 10);
    let past_intake = matches!(stage, S::Assigned | S::Replied | S::Returned);
    let handled = matches!(stage, S::Assigned | S::Returned);
    let lacks_owner = p % 41 == 0;
    let mark = [Mark::A, Mark::B, Mark::A, Mark::C][usize::from(pick % 4)];
    let Command::Reply {
        answers,
        measures,
        contacts,
        basis,
        commitments,
        explained,
    } = reply(
        mark,
        p % 3 == 0,
        p % 7 == 0,
        1 + u16::from(p % 6 == 0),
        mark != Mark::A,
    )
    else {
        unreachable!()
    };
    let replied = RepliedBefore {
        at: after(8),
        author: (p % 2 == 0).then(|| "owner-2".parse().unwrap()),
        answers,
        measures,
        contacts,
        basis,
        commitments,
        explained,
    };
    let running = match stage {
        S::Returned => ClockKind::Redo,
        _ => ClockKind::Reply,
    };
    let opinion = p % 13 == 0;
    ImportAsked {
        place: "632521".parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: "1".parse().unwrap(),
        message: text("村道路灯坏了三个月"),
        contact: (p % 3 == 0 && !opinion).then(|| text("13912345678")),
        citizen: (p % 2 == 0 && !opinion).then(|| "citizen".parse().unwrap()),
        origin: if opinion {
            Origin::Opinion
        } else {
            Origin::Message
        },
        facts: Facts::new(),
        matters: match p % 6 {
            0 => vec![text("路灯"), text("井盖")],
            _ => vec![],
        },
        from: "旧督办系统".into(),
        approved_by: if p % 37 == 0 { "owner-1" } else { "approver" }
            .parse()
            .unwrap(),
        received,
        stage,
        class: (stage != S::Received).then_some(Class::Problem),
        screened: (stage != S::Received && p % 2 == 0).then(|| after(2)),
        unit: past_intake.then(|| "住建局".parse().unwrap()),
        owner: (past_intake && !lacks_owner).then(|| "owner-1".parse().unwrap()),
        co_handlers: match handled && p % 9 == 0 {
            true => vec![NewPart {
                unit: "水利局".parse().unwrap(),
                owner: "co-1".parse().unwrap(),
            }],
            false => vec![],
        },
        handlers: match past_intake && p % 4 == 0 {
            true => ["owner-2".parse().unwrap()].into(),
            false => Default::default(),
        },
        assigned: (past_intake && p % 3 != 0).then(|| after(4)),
        signed: past_intake && p % 4 == 1,
        replied: (stage == S::Replied).then_some(replied),
        returned: (stage == S::Returned).then(|| ReturnedBefore {
            at: after(8),
            ground: if p % 7 == 0 {
                reopen_grounds(0)
            } else {
                grounds(usize::from(pick) / 7 % 3)
            },
        }),
        returns: u32::from(stage == S::Returned && p % 7 != 0),
        reopens: u32::from(stage == S::Returned && p % 7 == 0),
        extended: match handled && p % 8 < 2 {
            true => vec![ExtendedBefore {
                clock: running,
                span: Span::WorkingDays(1),
            }],
            false => vec![],
        },
        pauses: match p % 11 {
            0 | 1 => vec![PausedBefore {
                reason: if p % 2 == 0 { "听证" } else { "鉴定检测" }.into(),
                from: after(5),
                until: Some(after(6).plus(1)),
            }],
            2 if handled => vec![PausedBefore {
                reason: if p % 2 == 0 {
                    "待网民补充"
                } else {
                    "鉴定检测"
                }
                .into(),
                from: after(9),
                until: None,
            }],
            _ => vec![],
        },
        promised: match p % 10 {
            0..3 => vec![PromisedBefore {
                clock: ClockKind::Whole,
                due: received.plus(p % 90 * 86_400),
            }],
            3 | 4 if handled => vec![PromisedBefore {
                clock: running,
                due: received.plus(p % 60 * 86_400),
            }],
            _ => vec![],
        },
        history: vec![ToldBefore {
            at: after(5),
            text: text("已现场查看"),
        }],
    }
}

pub fn reply(mark: Mark, vague: bool, explained: bool, matters: u16, promise: bool) -> Command {
    let words = if vague {
        "我们将尽快处理"
    } else {
        "已修好,由张三负责,三月二十日前完成"
    };
    Command::Reply {
        answers: (1..=matters)
            .map(|matter| Answer {
                matter,
                text: text(words),
                mark,
            })
            .collect(),
        measures: vec![Measure {
            action: text("修路灯"),
            person: Some("owner-1".parse().unwrap()),
            by_date: chrono::NaiveDate::from_ymd_opt(2031, 3, 20),
        }],
        contacts: vec![],
        basis: if explained {
            vec!["城市道路管理条例".into()]
        } else {
            vec![]
        },
        commitments: if promise {
            (1..=matters)
                .map(|matter| NewCommitment {
                    matter,
                    action: text("更换线路"),
                    person: "owner-1".parse().unwrap(),
                    by_date: chrono::NaiveDate::from_ymd_opt(2031, 1, 1).unwrap(),
                })
                .collect()
        } else {
            vec![]
        },
        explained,
    }
}

/// Every command with several shapes, some of them wrong.
pub fn command(
    name: CommandName,
    pick: u16,
    case: Option<&Case>,
    other_plan: Option<&PlanId>,
) -> Command {
    let p = usize::from(pick);
    let unit =
        |n: usize| -> UnitId { ["住建局", "交通局", "供电所"][n % 3].parse().unwrap() };
    let owner = |n: usize| -> PersonId { ["owner-1", "owner-2", "many"][n % 3].parse().unwrap() };
    let matters = case.map_or(1, |case| case.matters().len() as u16);
    let effect = || EffectId {
        case: "c".parse().unwrap(),
        version: match (case, p % 3) {
            (Some(case), 0) => case.version(),
            (_, 1) => 1,
            _ => u64::from(pick % 5),
        },
        index: 0,
    };
    let pause = ["待网民补充", "鉴定检测", "等候配件", "天气"][p % 4].to_owned();
    let given = |n: usize| match n % 6 {
        0 | 1 => Level::Satisfied,
        2 => Level::VerySatisfied,
        3 => Level::MostlySatisfied,
        4 => Level::Unsatisfied,
        _ => Level::VeryUnsatisfied,
    };
    let return_for = || ReturnFor {
        ground: grounds(p),
        mend: text("写明时间和责任人"),
    };
    match name {
        CommandName::Open => open(p % 2 == 0, p % 7 == 0),
        CommandName::Import => Command::Import(Box::new(import(pick))),
        CommandName::OpenSub
        | CommandName::Signal
        | CommandName::Divide
        | CommandName::DropSub
        | CommandName::Hear
        | CommandName::Want
        | CommandName::CallOff => crate::parts::command(name, p, case),
        CommandName::Screen => Command::Screen {
            class: [
                Class::Problem,
                Class::Problem,
                Class::Question,
                Class::Idea,
                Class::Thanks,
            ][p % 5],
            facts: match p % 4 {
                0 => Facts::from([("urgent".into(), FactValue::Yes(p % 8 == 0))]),
                1 => Facts::from([("sub_judice".into(), FactValue::Yes(true))]),
                _ => Facts::new(),
            },
        },
        CommandName::List => Command::List {
            matters: vec![text("路灯"); p % 3 + 1],
        },
        CommandName::AskCitizen => Command::AskCitizen {
            question: text("是哪个村"),
        },
        CommandName::Supplement => Command::Supplement {
            answer: text("次汗素村"),
        },
        CommandName::Decline => Command::Decline {
            ground: if p % 5 == 0 {
                DeclineGround::OutOfScope
            } else {
                DeclineGround::InProcedure
            },
            told: text("请向法院反映"),
            facts: Facts::from([("sub_judice".into(), FactValue::Yes(p % 4 != 0))]),
        },
        CommandName::Merge => Command::Merge {
            into: ["c", "d", "e"][p % 3].parse().unwrap(),
        },
        CommandName::Unmerge => Command::Unmerge {
            reason: text("并错了"),
        },
        CommandName::Join => {
            let now = case.map_or(moment("2026-03-02T09:00:00+08:00"), Case::last_at);
            let after = |hours: usize| Some(now.plus(3600 * (hours as i64 - 12)));
            Command::Join {
                follower: ["x", "y", "c"][p % 3].parse().unwrap(),
                received: now.plus(-3600 * (p as i64 % 100)),
                whole_due: after(p * 7 % 1500).filter(|_| p % 5 != 0),
                reply_due: after(p * 5 % 300).filter(|_| p % 4 != 0),
                tracked: p % 11 == 0,
            }
        }
        CommandName::Leave => Command::Leave {
            follower: ["x", "y"][p % 2].parse().unwrap(),
        },
        CommandName::Relay => {
            let follows = case.and_then(Case::follows).filter(|_| p % 9 != 0);
            Command::Relay {
                from: follows.cloned().unwrap_or_else(|| "z".parse().unwrap()),
                news: match p % 8 {
                    // Whoever was struck off hears above all that the other is opened again.
                    0..=3 if case.is_some_and(Case::is_closed) => News::Reopened,
                    0..=2 => News::Answer {
                        texts: vec![text("已修好"); p % 2 + 1],
                    },
                    3 | 4 => News::Ended {
                        outcome: Outcome::Solved,
                    },
                    5 => News::Progress {
                        text: text("正在施工"),
                    },
                    6 => [News::Retracted, News::Reopened][p / 8 % 2].clone(),
                    _ => News::Extended {
                        text: text("延期至下周"),
                        due: case.map(|case| case.last_at().plus(86_400)),
                    },
                },
            }
        }
        CommandName::Release => Command::Release {
            from: case
                .and_then(Case::follows)
                .filter(|_| p / 5 % 4 != 0)
                .cloned()
                .unwrap_or_else(|| "z".parse().unwrap()),
            // Not by the remainder that chose the command.
            why: [UnmergeWhy::Withdrawn, UnmergeWhy::NotJoined][p / 7 % 2],
        },
        CommandName::Assign => Command::Assign {
            unit: unit(p),
            owner: owner(p / 3),
            co_handlers: match p % 5 {
                0 => vec![NewPart {
                    unit: "水利局".parse().unwrap(),
                    owner: "co-1".parse().unwrap(),
                }],
                1 => vec![NewPart {
                    unit: unit(p),
                    owner: "co-1".parse().unwrap(),
                }],
                _ => vec![],
            },
        },
        CommandName::Sign => Command::Sign {},
        CommandName::SubAssign => Command::SubAssign {
            unit: unit(p),
            owner: owner(p / 2),
        },
        CommandName::Object => Command::Object {
            reason: text("不归我局"),
            should_be: Some(unit(p)),
        },
        CommandName::Rule => Command::Rule {
            unit: unit(p),
            owner: owner(p),
            reason: text("按职责"),
        },
        CommandName::Reclassify => Command::Reclassify {
            class: Class::ALL[p % 4],
            reason: text("实为建议"),
        },
        CommandName::Transfer => Command::Transfer {
            unit: unit(p),
            owner: owner(p),
            reason: text("机构改革"),
        },
        CommandName::HandOver => Command::HandOver {
            to: owner(p),
            unit: (p % 3 == 0).then(|| unit(p / 3)),
            reason: text("调离"),
        },
        CommandName::Pause => Command::Pause {
            reason: pause,
            evidence: text("记录"),
        },
        CommandName::Resume => Command::Resume { reason: pause },
        CommandName::AskExtension => Command::AskExtension {
            clock: [
                ClockKind::Reply,
                ClockKind::Redo,
                ClockKind::Reply,
                ClockKind::Redo,
                ClockKind::Whole,
            ][p % 5],
            span: Span::WorkingDays((p % 8) as u32),
            reason: text("需要检测"),
        },
        CommandName::GrantExtension => {
            let asked =
                case.is_some_and(|case| case.stage_name() == StageName::Returned && p % 4 != 0);
            let clock = if asked {
                ClockKind::Redo
            } else {
                ClockKind::Reply
            };
            Command::GrantExtension {
                clock,
                told: text("延期至下周"),
            }
        }
        CommandName::Update => Command::Update {
            text: text("正在施工"),
        },
        CommandName::CoReply => Command::CoReply {
            text: text("水管已修"),
        },
        CommandName::Reply => {
            let mark = [Mark::A, Mark::A, Mark::A, Mark::B, Mark::C, Mark::D][p % 6];
            let less = if p % 11 == 0 {
                matters.saturating_sub(1)
            } else {
                matters
            };
            reply(
                mark,
                p % 3 == 0,
                p % 7 == 0,
                less,
                matches!(mark, Mark::B | Mark::C) && p % 4 != 0,
            )
        }
        CommandName::Review => Command::Review(Review {
            findings: if p % 3 == 0 {
                BTreeMap::new()
            } else {
                BTreeMap::from([("contacted".into(), true)])
            },
            return_for: (p % 4 == 0).then(return_for),
        }),
        CommandName::CallBack => Command::CallBack {
            result: match p % 4 {
                0 => CallResult::Reached {
                    level: Some(given(p / 4)),
                    scores: None,
                    said: Some(text("还行")),
                },
                1 => CallResult::Reached {
                    level: None,
                    scores: None,
                    said: None,
                },
                _ => CallResult::Unreached {
                    why: text("电话无人接听"),
                },
            },
        },
        CommandName::Rate => Command::Rate {
            rating: match p % 5 {
                0 => Rating::AutoByTimeout,
                1 => Rating::NotGiven,
                _ => Rating::Given {
                    level: given(p),
                    scores: Some(Scores {
                        solved: (p % 7) as u8,
                        attitude: 5,
                        speed: 4,
                    }),
                },
            },
            said: None,
        },
        CommandName::Commit => Command::Commit(NewCommitment {
            matter: (p % 3) as u16,
            action: text("下月完工"),
            person: owner(p),
            by_date: chrono::NaiveDate::from_ymd_opt(if p % 4 == 0 { 2020 } else { 2030 }, 5, 6)
                .unwrap(),
        }),
        CommandName::Fulfil => Command::Fulfil {
            commitment: (p % 4) as u32,
            evidence: text("照片"),
        },
        CommandName::Recheck => Command::Recheck {
            passed: p % 3 != 0,
            evidence: text("到现场看过"),
            findings: BTreeMap::new(),
            return_for: (p % 2 == 0).then(return_for),
        },
        CommandName::StrikeOff => Command::StrikeOff {
            outcome: match case {
                Some(case) if p % 3 != 0 => {
                    let class = case.class().unwrap_or(Class::Problem);
                    let fit: Vec<Outcome> = Outcome::ALL
                        .iter()
                        .copied()
                        .filter(|it| class.allows(*it))
                        .collect();
                    fit[p % fit.len()]
                }
                _ => Outcome::ALL[p % Outcome::ALL.len()],
            },
            matter: (p % 4 == 0).then_some((p / 4 % 4) as u16),
        },
        CommandName::Reopen => Command::Reopen {
            ground: reopen_grounds(p),
            reason: text("又坏了"),
        },
        CommandName::Withdraw => Command::Withdraw {
            evidence: text("不用了"),
        },
        CommandName::Direct => Command::Direct {
            words: text("请限期办结"),
            within: (p % 2 == 0).then_some(Span::WorkingDays((p % 6) as u32)),
            track: p % 3 == 0,
            lead: (p % 5 == 1).then(|| NewPart {
                unit: unit(p),
                owner: owner(p / 3),
            }),
        },
        CommandName::Track => Command::Track {
            reason: text("难点"),
        },
        CommandName::Untrack => Command::Untrack {
            reason: text("已解决"),
        },
        CommandName::Report => Command::Report {
            text: text("完成一半"),
        },
        CommandName::SetFact => match p % 4 {
            0 => Command::SetFact {
                name: "urgent".into(),
                value: FactValue::Yes(p % 8 == 0),
            },
            1 => Command::SetFact {
                name: "heat".into(),
                value: FactValue::Whole(i64::from(pick)),
            },
            _ => Command::SetFact {
                name: "heat".into(),
                value: FactValue::Whole(i64::from(pick % 1001)),
            },
        },
        CommandName::Note => Command::Note {
            text: text("附件已收"),
        },
        CommandName::Correct => {
            let judged = case.into_iter().flat_map(|case| case.clocks());
            let judged: Vec<_> = judged.flat_map(|clock| &clock.verdicts).collect();
            let began = case.into_iter().flat_map(|case| case.pauses());
            let bounds: Vec<(u64, Moment)> = began
                .flat_map(|it| [Some((it.begun_by, it.from)), it.ended_by.zip(it.ended)])
                .flatten()
                .chain(judged.iter().map(|it| (it.entry, it.at)))
                .collect();
            let (version, took_effect) = match (p % 3, bounds.is_empty()) {
                (0, false) => {
                    let (entry, at) = bounds[p / 3 % bounds.len()];
                    (entry, Some(at.plus(-3600 * (p as i64 % 90))))
                }
                (1, _) => (
                    u64::from(pick % 12),
                    Some(moment("2026-03-04T09:00:00+08:00")),
                ),
                _ => (u64::from(pick % 12), None),
            };
            Command::Correct {
                version,
                text: text("日期应为三日"),
                took_effect,
            }
        }
        CommandName::Exclude => {
            let since = case.map_or(moment("2026-03-02T09:00:00+08:00"), Case::received_at);
            let from = since.plus(3600 * (p as i64 % 50));
            Command::Exclude {
                reason: ["听证", "听证", "天气", "鉴定检测"][p % 4].to_owned(),
                from,
                until: from.plus(3600 * (p as i64 % 30)),
                evidence: text("听证笔录"),
            }
        }
        CommandName::AdoptCalendar => Command::AdoptCalendar {},
        CommandName::Delivered => Command::Delivered {
            effect: case
                .and_then(|case| case.awaits_delivery().or_else(|| last_told(case)))
                .filter(|_| p % 4 != 1)
                .unwrap_or_else(effect),
        },
        CommandName::Undelivered => Command::Undelivered {
            effect: effect(),
            why: text("号码已停机"),
            instead: (p % 2 == 0).then(|| "短信".parse().unwrap()),
        },
        CommandName::AdoptPlan => match (other_plan, case) {
            (Some(plan), _) if p % 2 == 0 => Command::AdoptPlan {
                plan: plan.clone(),
                approved_by: (p % 8 < 6).then(|| "leader-1".parse().unwrap()),
                facts: Default::default(),
            },
            (_, Some(case)) => Command::AdoptPlan {
                plan: case.plan().clone(),
                approved_by: None,
                facts: Default::default(),
            },
            _ => Command::Tick {},
        },
        CommandName::Redact => match case {
            Some(case) => Command::Redact {
                fields: vec![case.message().clone()],
                basis: if p % 3 == 0 {
                    String::new()
                } else {
                    "个人信息保护法第四十七条".into()
                },
            },
            None => Command::Tick {},
        },
        CommandName::Tick => Command::Tick {},
    }
}

/// The last that a case which follows another one had its citizen told.
fn last_told(case: &Case) -> Option<EffectId> {
    let told = |version| EffectId {
        case: case.id().clone(),
        version,
        index: 0,
    };
    let last = (1..=case.version()).rev().map(told);
    case.follows()?;
    last.into_iter().find(|effect| case.has_told(effect))
}

fn grounds(p: usize) -> String {
    ["调查不清楚", "处理不到位", "网民不满意", "心情不好"][p % 4].to_owned()
}

fn reopen_grounds(p: usize) -> String {
    ["新的事实", "新的理由", "就是想"][p % 3].to_owned()
}
