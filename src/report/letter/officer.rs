//! What an officer is told.

use super::{Said, deed, rung};
use crate::case::Clock;
use crate::report::timeline::Say;
use crate::words::{Addressee, ClockKey, ClockKind, Lang, Notice, Role};

impl Say<'_> {
    pub(super) fn to_officer(&self, to: &Addressee, what: &Notice) -> Said {
        let t = |zh: &str, en: &str| self.pick(zh, en).to_owned();
        let handling = [ClockKind::Redo, ClockKind::SubReply, ClockKind::Reply];
        let (what, todo, until) = match what {
            Notice::Assigned if to.role == Some(Role::CoHandler) => (
                t("请你单位协办", "your unit is to help with it"),
                t(
                    "请办理本单位的部分,并把结果交主办单位",
                    "do your unit's part and deliver it to the lead",
                ),
                self.limits(&[ClockKind::CoReply]),
            ),
            Notice::Assigned => (
                t("交你办理", "assigned to you"),
                t(
                    "请签收、办理并答复;不属本单位职责的,在期限内退单",
                    "sign for it, handle it and answer; say in time if it is not your unit's",
                ),
                self.limits(&[
                    ClockKind::Sign,
                    ClockKind::Object,
                    ClockKind::SubReply,
                    ClockKind::Reply,
                ]),
            ),
            Notice::Objected => (
                t("有单位退单", "a unit says that it is not theirs"),
                t("请裁定由谁办理", "settle who handles it"),
                self.limits(&[ClockKind::Rule]),
            ),
            Notice::ToReview => (
                t("答复待审核", "an answer waits for review"),
                t(
                    "请审核:通过并公布,或者写明理由退回",
                    "review it: pass it to be published, or send it back and say why",
                ),
                self.limits(&[ClockKind::FirstReview, ClockKind::Review]),
            ),
            Notice::Returned => (
                t("答复被退回重办", "the answer was sent back"),
                match to.role {
                    Some(Role::UnitHead) => t(
                        "请督促本单位重新办理并答复",
                        "see to it that your unit does it again and answers",
                    ),
                    _ => t(
                        "请按退回的理由重新办理并答复",
                        "do it again as the reasons say, and answer",
                    ),
                },
                self.limits(&[ClockKind::Redo]),
            ),
            Notice::PartReplied => (
                t("协办单位交来结果", "a co-handler delivered its part"),
                t("请汇总到答复里", "take it into the answer"),
                self.limits(&handling),
            ),
            Notice::PartBack { sub } => (
                match self.lang {
                    Lang::Zh => format!("分办事项 {sub} 未立件、未受理或者重开"),
                    Lang::En => {
                        format!("part {sub} did not begin, was not accepted, or is open again")
                    }
                },
                match to.role {
                    Some(Role::Supervisor) => t(
                        "请督促改派;确不需要的,撤销分办",
                        "see to it that it is given to another; drop it if it is not needed",
                    ),
                    _ => t(
                        "没有这一项,本件不能答复:请改派,或者请督查撤销分办",
                        "there is no answer without it: give it to another, or have supervision drop it",
                    ),
                },
                self.limits(&handling),
            ),
            Notice::PartQuestion { sub, .. } => (
                match self.lang {
                    Lang::Zh => format!("分办事项 {sub} 有问题要问网民"),
                    Lang::En => format!("part {sub} has a question for the citizen"),
                },
                t(
                    "请问明网民后转告承办的单位,由其受理人登记补充:那一项在等",
                    "ask the citizen, and tell the office that has the part, whose intake records the answer: the part waits",
                ),
                None,
            ),
            Notice::PartAsked { due } => (
                t("请贵单位协助办理", "your office is asked for its part"),
                t(
                    "请办理后把结果告知交来的单位",
                    "please handle it, and tell the unit that asked what came of it",
                ),
                due.map(|due| self.at(due)),
            ),
            Notice::SignalAgain { number } => (
                match self.lang {
                    Lang::Zh => format!("预警又至(第 {number} 次)"),
                    Lang::En => format!("the signal came again, for time {number}"),
                },
                t(
                    "情况可能更重了,请查看这次的数据",
                    "it may have become worse: look at what it says now",
                ),
                self.limits(&handling),
            ),
            Notice::CalledOff => (
                t("分办事项已撤销", "the part that you have is called off"),
                t("不必再办", "there is nothing more to do"),
                None,
            ),
            Notice::Directed => (
                t("领导作出批示", "a leader directed"),
                match to.role {
                    Some(Role::Supervisor) => t("请跟踪落实", "follow it up"),
                    _ => t("请按批示办理并答复", "handle it as directed, and answer"),
                },
                self.limits(&handling),
            ),
            Notice::Rung { clock, verb, title } => {
                let title = rung(*verb, title, self.lang);
                let name = self.clock(*clock);
                (
                    match self.lang {
                        Lang::Zh => format!("{name}{title}"),
                        Lang::En => format!("{name}: {title}"),
                    },
                    deed(*verb, self.lang).to_owned(),
                    self.limit(*clock),
                )
            }
            Notice::Overdue { clock, occurrence } => {
                let name = self.clock(*clock);
                (
                    match self.lang {
                        Lang::Zh => format!("{name}仍超期(第 {occurrence} 次提醒)"),
                        Lang::En => format!("{name} still overdue (reminder {occurrence})"),
                    },
                    t("请督办,直到办出结果", "see to it until it is done"),
                    self.limit(*clock),
                )
            }
            Notice::Infeasible { clock } => {
                let name = self.clock(*clock);
                (
                    match self.lang {
                        Lang::Zh => format!("{name}来不及"),
                        Lang::En => format!("{name} will not be in time"),
                    },
                    t(
                        "剩下的时间少于后续各步至少要用的时间,请立即答复,或者依规申请延期",
                        "less time is left than the steps to come take at the least: answer now, or ask for an extension by the rules",
                    ),
                    self.limit(*clock),
                )
            }
            Notice::ExtensionLapsed { clock } => {
                let name = self.kind(*clock);
                (
                    match self.lang {
                        Lang::Zh => format!("{name}的延期未生效"),
                        Lang::En => format!("the extension of the {name} does not count"),
                    },
                    t(
                        "到期前网民没有收到延期的告知,请按原时限办理",
                        "the citizen had no notice of it in time: the old limit stands",
                    ),
                    self.limits(&[*clock]),
                )
            }
            Notice::Corrected { entry } => (
                match self.lang {
                    Lang::Zh => format!("第 {entry} 条记录的时刻已更正"),
                    Lang::En => format!("the moment of entry {entry} was corrected"),
                },
                t(
                    "此前按它发出的通知可能有误,请核对现在的时限",
                    "notices that went out by it may be wrong: look at the limits as they are now",
                ),
                self.limits(&handling),
            ),
            Notice::Informed { title, words } => (
                title.clone(),
                match words.is_empty() {
                    true => t("供知悉", "for your information"),
                    false => words.clone(),
                },
                None,
            ),
            Notice::Count {
                count,
                number,
                verb,
            } => (
                match self.lang {
                    Lang::Zh => format!("{}达 {number} 次", self.count(count)),
                    Lang::En => format!("{} reached {number}", self.count(count)),
                },
                deed(*verb, self.lang).to_owned(),
                None,
            ),
        };
        Said { what, todo, until }
    }

    /// The limits of those kinds that are live, the first due first.
    fn limits(&self, kinds: &[ClockKind]) -> Option<String> {
        let live = self
            .case
            .clocks()
            .iter()
            .filter(|clock| clock.is_live() && kinds.contains(&clock.key.kind));
        let mut live: Vec<&Clock> = live.collect();
        live.sort_by_key(|clock| (clock.schedule.legal_due, clock.key));
        let each = live.into_iter().map(|clock| self.due(clock));
        let all: Vec<String> = each.collect();
        (!all.is_empty()).then(|| all.join(self.pick(";", "; ")))
    }

    /// The limit of one clock, live or not: a reminder may go out after it was met.
    fn limit(&self, key: ClockKey) -> Option<String> {
        let clock = self.case.clocks().iter().find(|clock| clock.key == key)?;
        Some(self.due(clock))
    }

    fn due(&self, clock: &Clock) -> String {
        let name = self.clock(clock.key);
        let at = self.at(clock.schedule.legal_due);
        match (clock.is_live(), clock.due(), self.lang) {
            (false, _, Lang::Zh) => format!("{name}已结束"),
            (false, _, Lang::En) => format!("the {name} has ended"),
            (true, None, Lang::Zh) => format!("{name}暂停中"),
            (true, None, Lang::En) => format!("the {name} is paused"),
            (true, Some(_), Lang::Zh) => format!("{name} {at}"),
            (true, Some(_), Lang::En) => format!("{at} ({name})"),
        }
    }
}
