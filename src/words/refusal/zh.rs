//! Refusals in Chinese.

use super::{Refusal, Survivor, Why, facts, list};
use crate::words::{Lang, Thing, WantedFact};

impl Why {
    pub(super) fn in_zh(&self, refusal: &Refusal) -> String {
        match self {
            Why::Stage => match refusal.stage {
                Some(stage) => format!("现处于“{}”", stage.zh()),
                None => "没有这一件".into(),
            },
            Why::NoCase => "没有这一件;一件的第一条命令是登记(open)".into(),
            Why::AlreadyOpen => "已有同号的一件".into(),
            Why::NoPlan { plan } => format!("它适用的规则“{plan}”没有装入"),
            Why::NotInForce { date, until, from } => {
                let mut text = format!("{date} 没有正在施行的规则");
                if let Some(until) = until {
                    text.push_str(&format!(",前一份规则施行到 {until} 为止"));
                }
                match from {
                    Some(from) => text.push_str(&format!(",下一份自 {from} 起施行")),
                    None => text.push_str(";请先装入当日施行的规则"),
                }
                text
            }
            Why::BeforeLast { last } => {
                format!("本件已记到 {},命令须按时间先后", refusal.local(*last))
            }
            Why::TooFar { last, until } => format!(
                "本件最后记到 {},只收到 {} 为止的命令;请核对时钟,或者先送一次计时(tick)",
                refusal.local(*last),
                refusal.local(*until)
            ),
            Why::Role { needs, place } => {
                let needs = needs.iter().map(|r| r.zh()).collect::<Vec<_>>().join("或");
                format!("须由{place}的{needs}来做")
            }
            Why::NotThePerson { role, named } => {
                format!("只有本件指定的{}“{}”可以", role.zh(), list(named, "”“"))
            }
            Why::SamePerson { person, was } => format!("“{person}”{},须换一个人", was.zh()),
            Why::UnknownPlace { place, known } => {
                format!("没有代码为“{place}”的地方;现有{}", list(known, "、"))
            }
            Why::FactMissing { fact, .. } => format!("缺少事实“{fact}”"),
            Why::FactsWanted { facts } => {
                let each = |it: &WantedFact| format!("“{}”应为 {}", it.fact, it.zh);
                let all = facts.iter().map(each).collect::<Vec<_>>().join(";");
                format!("新规则需要本件还没有的事实:{all};请随命令一并给出")
            }
            Why::FactUnknown { fact, near } => match near {
                Some(near) => format!("没有叫“{fact}”的事实,是不是“{near}”?"),
                None => format!("没有叫“{fact}”的事实"),
            },
            Why::FactValue {
                fact,
                given,
                expected,
            } => format!("事实“{fact}”给的值不对({given}),应为 {expected}"),
            Why::Derived {
                fact, found, zh, ..
            } => {
                format!("接入的系统为事实“{fact}”推定的值是“{found}”,应为 {zh};请修正推定的程序")
            }
            Why::FactNotGivenHere { fact, .. } => format!("事实“{fact}”不在这一步给出"),
            Why::Blank { what } => format!("{}没有填写", what.in_zh()),
            Why::TooLong { what, bytes, most } => format!(
                "{}有 {bytes} 个字节,最多 {most} 个字节(约 35 万个汉字);请缩短,其余作为附件保存",
                what.in_zh()
            ),
            Why::Nul { what } => format!("{}里有字符 U+0000,无法保存;请删去", what.in_zh()),
            Why::NotListed { what, given, known } => {
                format!("“{given}”不在{}之内;有:{}", what.in_zh(), list(known, "、"))
            }
            Why::Rule { source, because } => {
                let facts = if because.is_empty() {
                    String::new()
                } else {
                    format!("({})", facts(because, Lang::Zh, ","))
                };
                format!("规则“{}”:{}{facts}", source.rule, source.words)
            }
            Why::OnlyWhen(it) => {
                let super::NotThisCase {
                    what,
                    rule,
                    at,
                    because,
                    would,
                } = &**it;
                let at = at.as_deref().map(|at| format!("({at})"));
                let would = match would.is_empty() {
                    true => "没有一种情形可以".to_owned(),
                    false => format!("要是 {},就可以", facts(would, Lang::Zh, ",")),
                };
                format!(
                    "{}只限一定的情形:规则“{rule}”{}的条件不成立({});{would}",
                    what.in_zh(),
                    at.unwrap_or_default(),
                    facts(because, Lang::Zh, ",")
                )
            }
            Why::Gates { findings } => {
                let all = findings
                    .iter()
                    .map(|f| format!("{}:{}", f.gate.zh(), f.words))
                    .collect::<Vec<_>>()
                    .join(";");
                format!("{all};请写明事由和需补办的事项后退回")
            }
            Why::Unsatisfied => "网民不满意:退回重办;依法确实不能办的,依法解释并由督查签字".into(),
            Why::NeedsRecheck => "网民没有表示满意,须由未参与办理的人先复核".into(),
            Why::RatingOpen { until } => {
                format!(
                    "评价期到 {} 才满,网民还可以评价,请等一等",
                    refusal.local(*until)
                )
            }
            Why::NeedsCallBack { attempts, needed } => {
                format!(
                    "尚未回访:须联系到本人,或在 {needed} 个不同的日子都未联系上(现有 {attempts} 次)"
                )
            }
            Why::NotTold { effect } => format!(
                "没有联系到本人,答复的告知({effect})也没有送达:先登记送达;送不到的登记未送达,写明改由哪个渠道告知"
            ),
            Why::OutcomeNotAllowed {
                outcome,
                class,
                allowed,
            } => {
                let allowed = allowed
                    .iter()
                    .map(|o| o.zh())
                    .collect::<Vec<_>>()
                    .join("或");
                format!(
                    "{}类不能以“{}”销账,只能是{allowed}",
                    class.zh(),
                    outcome.zh()
                )
            }
            Why::OutcomeNotReplied { outcome, mark } => {
                format!(
                    "答复没有说“{}”:该事项标为{mark}({})",
                    outcome.zh(),
                    mark.zh()
                )
            }
            Why::PromiseOpen { number, by_date } => {
                format!("第 {number} 项承诺({by_date})尚未兑现")
            }
            Why::MarkNeedsPromise { matter, mark } => {
                format!("第 {matter} 件事标为{mark},须登记有人有日期的承诺")
            }
            Why::MarkRefused {
                matter,
                mark,
                class,
            } => format!("第 {matter} 件事标为{mark},不能用于{}类", class.zh()),
            Why::MatterUnanswered { matter } => format!("第 {matter} 件事没有答复,件件都要有回复"),
            Why::NoSuch {
                what: Thing::Effect,
                number,
            } => format!(
                "本件第 {number} 条记录没有这样一条要告知的内容;编号以待发件箱(outbox)所列为准"
            ),
            Why::NoSuch {
                what: what @ (Thing::Text | Thing::Entry),
                number,
            } => format!("没有{} {number}", what.in_zh()),
            Why::NoSuch { what, number } => format!("没有尚在办的{} {number}", what.in_zh()),
            Why::PartOpen { unit } => format!("“{unit}”协办的部分还没有交"),
            Why::NeedsBasis => "依法解释的答复须写明依据".into(),
            Why::ObjectionFinal => "退单时限已过,或已经裁定,不得再退".into(),
            Why::NothingPending { what } => format!("没有待处理的{}", what.in_zh()),
            Why::Already {
                what: Thing::ThatCalendar,
            } => "本件的时限已按现行日历计算,不必再做".into(),
            Why::Already { what } => format!("{}已经有了", what.in_zh()),
            Why::NotOffered { what } => format!("规则没有设{}", what.in_zh()),
            Why::Bound { what, bound } => format!("{}有限度:{}", what.in_zh(), bound.in_zh()),
            Why::TooLate { what, until } => {
                format!("{}须在 {} 之前提出", what.in_zh(), refusal.local(*until))
            }
            Why::NoClock { clock } => format!("没有正在走的“{}”时限", clock.zh()),
            Why::Loosens {
                clock,
                due,
                would_be,
            } => {
                format!(
                    "这会把“{}”时限从 {} 放宽到 {},须有人批准",
                    clock.zh(),
                    refusal.local(*due),
                    refusal.local(*would_be)
                )
            }
            Why::Follows { into } => format!(
                "本件已并入“{into}”,本件网民得到其答复后自动以“已并案”销账;要单独办理,请先撤销并案(unmerge)"
            ),
            Why::FollowsItself => "不能并入自己".into(),
            Why::Followed { followers, into } => format!(
                "“{}”已并入本件,有件并入的不再并入别的件;请反过来,把“{into}”并入(merge)本件",
                list(followers, "”“")
            ),
            Why::PartsOpen { subs } => format!(
                "分办事项“{}”还没有办成;请等它们办成,不予受理的另行分办,确不需要的由督查撤销分办(drop_sub)",
                list(subs, "”“")
            ),
            Why::NotAlone { main: Some(main) } => format!(
                "本件是“{main}”的子件,那一件等着它的结果;如已有别的件在办,请在“{main}”撤销分办"
            ),
            Why::NotAlone { main: None } => "本件有分办事项,要向本件反馈;请把另一件并入本件".into(),
            Why::PartsTooLong { way, done, needed } => format!(
                "分办事项“{}”依次办完要到 {},而本件 {} 就要用;请缩短各项时限,或先申请本件延期",
                list(way, "”→“"),
                refusal.local(*done),
                refusal.local(*needed)
            ),
            Why::PastMain { main, due } => format!(
                "本件是“{main}”的子件,那一件 {} 就要用;请先申请“{main}”延期",
                refusal.local(*due)
            ),
            Why::PartsInCircle { subs } => format!(
                "分办事项“{}”互相等待,成了一圈;请去掉一处先后(after)",
                list(subs, "”“")
            ),
            Why::PartUndated { sub } => {
                format!("有事项要等“{sub}”办完才能开始,却没有写它多久办完;请写明时限(within)")
            }
            Why::BelowLevel { place, lowest } => format!(
                "{place} 是{},这类事项按规则包最低由{}办理;请交给该级或以上的地方",
                place.level().zh(),
                lowest.zh()
            ),
            Why::NotHeeded { source, because } => {
                let at = source
                    .at
                    .as_deref()
                    .map(|at| format!("({at})"))
                    .unwrap_or_default();
                format!(
                    "按规则“{}”{at},{},不构成预警,不立件",
                    source.words,
                    facts(because, Lang::Zh, ",")
                )
            }
            Why::SignalPassed { until } => format!(
                "原件已经办结,且合并期已于 {} 届满;这次预警另立一件",
                refusal.local(*until)
            ),
            Why::NotLinked { with: Some(with) } => format!("本件与“{with}”没有关联"),
            Why::NotLinked { with: None } => "本件没有并入别的件,无并案可撤".into(),
            Why::Survivor { into, is } => match is {
                Survivor::Missing => format!("没有“{into}”这一件可并"),
                Survivor::Part => format!("“{into}”是别的件的子件,不答复网民;请并入它的主件"),
                Survivor::Closed => format!("“{into}”已经销账,不再答复"),
                Survivor::Follows => format!("“{into}”自己也并入了别的件,请并入那一件"),
                Survivor::Answered => format!("所并入的“{into}”的答复仍然有效"),
                Survivor::Unanswered => format!("所并入的“{into}”还没有答复,请等它答复"),
            },
            Why::NotScreened => "尚未受理分类;请先受理(screen)".into(),
            Why::ImportLacks { stage, fields } => format!(
                "按“{}”接续登记,还缺“{}”;请照原系统补上,或者按更早的环节登记",
                stage.zh(),
                list(fields, "”“")
            ),
            Why::ImportNotYet { stage, fields } => format!(
                "按“{}”接续登记,还不会有“{}”;请去掉,或者写明已到的环节",
                stage.zh(),
                list(fields, "”“")
            ),
            Why::DatePast { date } => format!("{date} 已经过去,承诺须是将来的日子"),
            Why::Fault { said } => format!("程序自相矛盾,未作任何改动:{said};请报告"),
            Why::NotCovered {
                clock,
                due,
                calendar,
                until,
            } => format!(
                "“{}”时限约到 {},而日历“{calendar}”的放假安排只到 {until};请先装入下一年的放假通知,或者让规则允许暂定时限",
                clock.zh(),
                refusal.local(*due)
            ),
            Why::Calendar { said } => format!("日历无法计算:{said}"),
        }
    }
}
