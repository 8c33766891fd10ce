//! Faults and warnings in Chinese.

use super::{PlanFault, PlanWarning};
use crate::plan::{Judged, case_zh};
use crate::words::{ClockKind, Gate, Lang};

impl PlanFault {
    /// The fault in one of the languages.
    ///
    /// ```
    /// use duly::plan::PlanFault;
    /// use duly::words::{ClockKind, Lang};
    /// let fault = PlanFault::Uncited(ClockKind::Whole);
    /// assert_eq!(fault.in_words(Lang::En), fault.to_string());
    /// assert_eq!(fault.in_words(Lang::Zh), "“办结”时限标为法定期限,要写明依据哪一条");
    /// ```
    pub fn in_words(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.to_string(),
            Lang::Zh => self.zh(),
        }
    }
    /// The fault in Chinese.
    pub fn zh(&self) -> String {
        match self {
            PlanFault::Shape { found, reads } => {
                format!("这份规则是第 {found} 版的格式,本程序读第 {reads} 版")
            }
            PlanFault::EngineFact(fact) => {
                format!("开头应是程序自带的事实,其中`{fact}`缺失或者被改过")
            }
            PlanFault::FactTwice(fact) => format!("事实`{fact}`声明了两次"),
            PlanFault::Domain(fact) => {
                format!("事实`{fact}`没有可取的值,或者有重复的值,或者上下限写反了")
            }
            PlanFault::Otherwise(fact) => {
                format!("事实`{fact}`没有给出时所取的值,不在它可取的值之内")
            }
            PlanFault::Derived(fact) => {
                format!(
                    "推定的事实`{fact}`要有一条规则,只依据网民、接入的系统、受理人给出的事实或者`class`"
                )
            }
            PlanFault::Slack => "汇总时间没有长短,至少留一天".into(),
            PlanFault::Bundle { name, what } => format!("一件事“{name}”{}", what.1),
            PlanFault::Signal { name, what } => format!("预警“{name}”{}", what.1),
            PlanFault::Notice(rule) => {
                format!("告知`{rule}`没有名称,或者没有写告知谁,或者没有写对网民说的话")
            }
            PlanFault::Duty { kind, what } => format!("义务“{}”{}", kind.zh(), what.1),
            PlanFault::InForce => "施行的最后一天早于第一天".into(),
            PlanFault::Mention(fact) => {
                format!("用词`{fact}`应是由答复给出的是非事实,并且至少列一个词")
            }
            PlanFault::Foreign(rule) => format!("规则`{rule}`读了没有声明的事实,或者没有的值"),
            PlanFault::Clauses(rule) => {
                format!("规则`{rule}`所指的款不存在,或者读了没有声明的事实")
            }
            PlanFault::RuleTwice(rule) => format!("有两条规则都叫`{rule}`"),
            PlanFault::NoPlace => "没有写一个地方;至少写一个,连同它的受理岗".into(),
            PlanFault::PlaceTwice(place) => {
                format!("地方`{place}`写了两次;一个地方只有一个受理岗")
            }
            PlanFault::PostTwice(post) => format!("岗位`{post}`写了两次"),
            PlanFault::NoPost { at, post } => {
                format!("{}用到岗位`{post}`,但没有声明这个岗位", at.zh())
            }
            PlanFault::NoClock(kind) => format!("缺少{};骨架少不了它", clock(*kind)),
            PlanFault::ClockTwice(kind) => format!("{}写了两次", clock(*kind)),
            PlanFault::Starts { clock: kind, mark } => format!(
                "{}从{}起算,不能从“{}”起算",
                clock(*kind),
                starts_zh(*kind),
                mark.zh()
            ),
            PlanFault::Stops(kind) => {
                let later = kind
                    .later()
                    .map(|later| format!(";或者只止于“{}”", later.zh()));
                format!(
                    "{}止于哪些事是定死的:不能少一件,也不能多一件{}",
                    clock(*kind),
                    later.unwrap_or_default()
                )
            }
            PlanFault::Limit(kind) => {
                format!("{}有的情形下没有长度,或者超过十年", clock(*kind))
            }
            PlanFault::Share(kind) => format!(
                "{}按另一时限的几成计算,而那个时限没有自己的长度,或者成数不在 1% 到 100% 之间",
                clock(*kind)
            ),
            PlanFault::Lapses(kind) => format!(
                "只有`sign`(签收)、`object`(退单)、`rating`(评价期)逾期视为已办,而且必须如此;{}不符",
                clock(*kind)
            ),
            PlanFault::NotPastWhole(kind) => {
                format!("只有`redo`(重办)受办结时限约束,{}不受", clock(*kind))
            }
            PlanFault::Uncited(kind) => {
                format!("{}标为法定期限,要写明依据哪一条", clock(*kind))
            }
            PlanFault::Extended(kind) => format!(
                "{}不能延期;只有`reply`(答复)、`sub_reply`(下级办理)、`co_reply`(协办)、`redo`(重办)可以",
                clock(*kind)
            ),
            PlanFault::ExtensionSize(kind) => {
                format!("{}的延期没有长度,或者次数不在 1 到 10 之间", clock(*kind))
            }
            PlanFault::GrantedBy { clock: kind, by } => format!(
                "{}的延期由督查办(`supervisor`)或者领导(`leader`)批准,“{}”不能批准",
                clock(*kind),
                by.zh()
            ),
            PlanFault::RungTwice { clock, rung } => {
                format!("{}有两个`{rung}`", ladder(*clock))
            }
            PlanFault::RungBeforeStart { clock, rung } => {
                format!(
                    "{}的`{rung}`这一级,可能在时限还没有开始时就到了",
                    ladder(*clock)
                )
            }
            PlanFault::RungOrder { clock, rung } => format!(
                "{}的`{rung}`这一级写在了更晚的一级后面;请按时间先后写",
                ladder(*clock)
            ),
            PlanFault::RungIdle { clock, rung } => format!(
                "{}的`{rung}`这一级什么也不做,或者重复起来没有间隔、没有次数",
                ladder(*clock)
            ),
            PlanFault::RungUnreached { clock, rung } => format!(
                "{}的`{rung}`这一级永远到不了:这个时限到期即视为已办,催办也就到此为止",
                ladder(*clock)
            ),
            PlanFault::LeavesOn(kind) => format!(
                "{}等的不是答复;只有`whole`(办结)、`reply`(答复)、`redo`(重办)可以为答复之后的事留时间",
                clock(*kind)
            ),
            PlanFault::LeavesSize(kind) => {
                format!(
                    "{}为答复之后的事留的时间没有长度,或者超过十年",
                    clock(*kind)
                )
            }
            PlanFault::Leaves {
                clock: kind,
                leaves,
                witness,
            } => format!(
                "{}最长也不超过要留出的 {}(情形:{})",
                clock(*kind),
                leaves.zh(),
                case_zh(witness)
            ),
            PlanFault::Quiet => "免打扰时段占满了一整天,谁也通知不到".into(),
            PlanFault::Count(rule) => {
                format!("规则`{rule}`的次数不在 1 到 99 之间,或者什么也不做")
            }
            PlanFault::Judged { gate, judged } => format!(
                "“{}”这一关写成了在{}时把关;它应在{}",
                gate.zh(),
                match judged {
                    Judged::Review => "审核",
                    Judged::StrikeOff => "销账",
                },
                match gate {
                    Gate::Satisfaction => "销账时、结案之前把关",
                    _ => "审核时、公布答复之前把关",
                }
            ),
            PlanFault::Pause(reason) => {
                format!("中止计时的事由`{reason}`写了两次,或者没有长度,或者次数不在 1 到 10 之间")
            }
            PlanFault::PauseCannot { reason, what } => {
                format!("中止计时的事由`{reason}`{}", what.1)
            }
            PlanFault::Allow { class, outcome } => format!(
                "“{}”不能以“{}”销账:规则包可以少准几种,不能多准",
                class.zh(),
                outcome.zh()
            ),
            PlanFault::AllowNone(class) => format!("“{}”一种销账的办法也没有", class.zh()),
            PlanFault::Grounds(what) => {
                let what = if *what == "redo" {
                    "退回重办"
                } else {
                    "重开"
                };
                format!("{what}要列出事由,每个事由只写一次")
            }
            PlanFault::Attempts(n) => {
                format!("回访 2 到 10 次联系不上才算联系不上,不能是 {n} 次")
            }
            PlanFault::Floor => "批示要给承办人留一点时间:至少留出的时间没有长度".into(),
            PlanFault::OverdueEvery(n) => {
                format!("超期的每隔 1 到 5 个工作日再报一次,不能是 {n} 个:可以改短,不能改长")
            }
            PlanFault::Param(name) => format!("参数`{name}`的值超出它的范围,或者声明了两次"),
        }
    }
}

impl PlanWarning {
    /// The warning in one of the languages.
    ///
    /// ```
    /// use duly::plan::PlanWarning;
    /// use duly::words::{ClockKind, Lang};
    /// let warning = PlanWarning::RungNever { clock: ClockKind::Reply, rung: "due".into() };
    /// assert_eq!(warning.in_words(Lang::Zh), "“答复”催办督办的`due`这一级永远不会触发:它的条件从不成立");
    /// ```
    pub fn in_words(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.to_string(),
            Lang::Zh => self.zh(),
        }
    }
    /// The warning in Chinese.
    pub fn zh(&self) -> String {
        match self {
            PlanWarning::MixedUnits {
                clock: kind,
                hours,
                hours_when,
                days,
                days_when,
            } => format!(
                "{}混用了不同的单位:{}(情形:{}),{}(情形:{})",
                clock(*kind),
                hours.zh(),
                case_zh(hours_when),
                days.zh(),
                case_zh(days_when)
            ),
            PlanWarning::ClockNever(kind) => {
                format!("{}永远不会起算:没有一个件两级审核", clock(*kind))
            }
            PlanWarning::SignalNever(name) => {
                format!("预警“{name}”永远不会立件:它的条件从不成立")
            }
            PlanWarning::NoticeNever(rule) => {
                format!("告知`{rule}`永远用不上:它的条件从不成立")
            }
            PlanWarning::RungNever { clock, rung } => format!(
                "{}的`{rung}`这一级永远不会触发:它的条件从不成立",
                ladder(*clock)
            ),
        }
    }
}

fn clock(kind: ClockKind) -> String {
    format!("“{}”时限", kind.zh())
}

fn ladder(kind: ClockKind) -> String {
    format!("“{}”催办督办", kind.zh())
}

fn starts_zh(kind: ClockKind) -> String {
    let all = std::iter::once(kind.starts()).chain(kind.earlier().iter().copied());
    let all: Vec<String> = all.map(|mark| format!("“{}”", mark.zh())).collect();
    all.join("、")
}
