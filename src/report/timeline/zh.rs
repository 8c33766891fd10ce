//! Every event as a Chinese sentence.

use super::say::Say;
use crate::words::{Event, News, OffWhy, Origin, Rating, StepFate, StepKey};

impl Say<'_> {
    pub(super) fn zh(&self, event: &Event) -> String {
        match event {
            Event::Opened {
                place,
                channel,
                external_id,
                origin,
                main,
                ..
            } => {
                let opinion = match (origin, main) {
                    (_, Some(main)) => format!("({} 的分办事项“{}”)", main.case, main.key),
                    (Origin::Opinion, _) => "(网络舆情)".into(),
                    (Origin::Signal, _) => "(预警)".into(),
                    (Origin::Message | Origin::Part, _) => String::new(),
                };
                format!(
                    "登记{opinion}:{channel} {external_id},{}",
                    self.place(place)
                )
            }
            Event::Imported { case, .. } => self.taken_over(case),
            Event::Screened {
                class, proposed, ..
            } => {
                let other = proposed.filter(|it| it != class);
                let other = other
                    .map(|it| format!("(规则建议:{})", it.zh()))
                    .unwrap_or_default();
                format!("受理,定为{}{other}", class.zh())
            }
            Event::Listed { matters } => format!("列出清单:{} 件事", matters.len()),
            Event::AskedCitizen { until, .. } => format!("请网民补充,最迟等到 {}", self.at(*until)),
            Event::Supplemented { .. } => "网民已补充".into(),
            Event::DeclineProposed { ground, .. } => format!("拟不予受理:{}", ground.zh()),
            Event::Declined { ground, .. } => format!("不予受理:{},已告知去处", ground.zh()),
            Event::Merged { into, .. } => format!("并入 {into}"),
            Event::Unmerged { from, why, .. } => {
                format!("不再并入 {from},单独办理({})", self.unmerged(*why))
            }
            Event::Joined {
                follower,
                received,
                again,
                tracked,
                ..
            } => match again {
                true if *tracked => format!("并入的 {follower} 已督办"),
                true => format!("{follower} 的时限提前"),
                false => format!("{follower} 并入本件({} 收到)", self.at(*received)),
            },
            Event::Left { follower } => format!("{follower} 不再并入本件"),
            Event::Relayed { from, news } => match news {
                News::Ended { .. } => format!("{from} {}", self.news(news)),
                _ => format!("转告网民 {from} 的{}", self.news(news)),
            },
            Event::Divided { bundle, subs, due } => {
                let each = subs.iter().map(|sub| {
                    let due = sub.due.map(|due| format!(",{} 前", self.at(due)));
                    let after = self.list(sub.after.iter());
                    let after = match after.is_empty() {
                        true => String::new(),
                        false => format!(",在 {after} 之后"),
                    };
                    let party = sub.party.as_ref().map(|it| format!(",请 {} 协助", it.unit));
                    format!(
                        "{}({}{}{after}{})",
                        sub.key,
                        self.place(&sub.place),
                        party.unwrap_or_default(),
                        due.unwrap_or_default()
                    )
                });
                let each = each.collect::<Vec<_>>().join(";");
                let bundle = bundle.as_ref().map(|it| format!("(一件事“{it}”)"));
                let due = due.map(|due| format!(";本件 {} 前答复", self.at(due)));
                format!(
                    "分办{}:{each}{}",
                    bundle.unwrap_or_default(),
                    due.unwrap_or_default()
                )
            }
            Event::SubDropped { sub, .. } => format!("撤销分办:{sub}"),
            Event::SubHeard { sub, news, .. } => format!("分办事项 {sub}:{}", self.news(news)),
            Event::SubsWanted { dues } => {
                let each = dues.iter().filter_map(|it| {
                    let due = self.at(it.due?);
                    Some(format!("{} {due} 前", it.key))
                });
                format!("分办事项限期调整:{}", each.collect::<Vec<_>>().join(";"))
            }
            Event::Wanted { due } => format!("主件要求 {} 前办结", self.at(*due)),
            Event::CalledOff { why } => match why {
                OffWhy::Dropped => "撤件:主件不再需要".into(),
                OffWhy::MainWithdrawn => "撤件:主件已撤回".into(),
            },
            Event::Signalled { number, .. } => format!("预警又至(第 {number} 次)"),
            Event::Assigned { unit, owner, parts } => {
                let parts = self.list(
                    parts
                        .iter()
                        .map(|part| format!("{}({})", part.unit, part.owner)),
                );
                let parts = if parts.is_empty() {
                    parts
                } else {
                    format!(";协办 {parts}")
                };
                format!("交办:{unit},责任人 {owner}{parts}")
            }
            Event::Signed { deemed: false } => "签收".into(),
            Event::Signed { deemed: true } => "视为签收".into(),
            Event::SubAssigned { unit, owner } => format!("下级交办:{unit},责任人 {owner}"),
            Event::Objected {
                unit, should_be, ..
            } => {
                let other = should_be
                    .as_ref()
                    .map(|it| format!(",应由 {it} 办理"))
                    .unwrap_or_default();
                format!("退单:{unit} 认为不属本单位{other}")
            }
            Event::ObjectionLapsed {} => "未退单,视为接受".into(),
            Event::Ruled { unit, owner, .. } => format!("退单裁定:由 {unit} 办理,责任人 {owner}"),
            Event::Reclassified { class, derived, .. } => {
                format!("改为{}{}", class.zh(), self.facts(derived))
            }
            Event::Transferred { unit, owner, .. } => format!("转办:{unit},责任人 {owner}"),
            Event::HandedOver { unit, from, to, .. } => format!("交接:{unit},{from} → {to}"),
            Event::Paused {
                reason,
                side,
                until,
                ..
            } => {
                format!(
                    "中止计时:{reason}({}),最迟到 {}",
                    side.zh(),
                    self.at(*until)
                )
            }
            Event::Resumed { reason, lapsed } => {
                format!(
                    "恢复计时:{reason}{}",
                    if *lapsed { "(最长时间已到)" } else { "" }
                )
            }
            Event::ExtensionAsked { clock, span, .. } => {
                format!("申请延期:{} {}", self.kind(*clock), span.zh())
            }
            Event::Excluded {
                reason,
                side,
                from,
                until,
                ..
            } => format!(
                "扣除时间:{} 至 {},{reason}({})",
                self.at(*from),
                self.at(*until),
                side.zh()
            ),
            Event::ExtensionGranted {
                clock,
                span,
                due,
                on_delivery,
                ..
            } => {
                let due = due.map(|due| format!(",延至 {}", self.at(due)));
                let once = match on_delivery {
                    true => ";网民收到告知后生效",
                    false => "",
                };
                format!(
                    "批准延期:{} {}{}{once}",
                    self.kind(*clock),
                    span.zh(),
                    due.unwrap_or_default()
                )
            }
            Event::ExtensionCounted { clock, span } => {
                format!("延期生效:{} {}", self.kind(*clock), span.zh())
            }
            Event::ExtensionLapsed { clock } => {
                format!("延期未生效:{}已到期,网民未收到告知", self.kind(*clock))
            }
            Event::Updated { .. } => "告知网民进展".into(),
            Event::CoReplied { unit, .. } => format!("协办答复:{unit}"),
            Event::Replied {
                answers,
                promises,
                explained,
                ..
            } => {
                let marks = self.list(answers.iter().map(|it| match answers.len() {
                    1 => self.mark(it.mark),
                    _ => format!("第 {} 件 {}", it.matter, self.mark(it.mark)),
                }));
                let said = if *explained {
                    "依法解释"
                } else {
                    marks.as_str()
                };
                let promises = promises
                    .iter()
                    .map(|it| format!(";承诺 {}:{},{}", it.number, it.person, it.by_date));
                format!("答复:{said}{}", promises.collect::<String>())
            }
            Event::PassedFirst { next, .. } => format!("初审通过,由 {next} 的审核人复审"),
            Event::Published { .. } => "审核通过,答复公布".into(),
            Event::Returned { ground, gates, .. } => {
                let gates = gates
                    .iter()
                    .map(|it| format!(";{}:{}", it.gate.zh(), it.words));
                format!("退回重办:{ground}{}", gates.collect::<String>())
            }
            Event::CalledBack { reached: true, .. } => "回访:已联系到本人".into(),
            Event::CalledBack { concluded, .. } => {
                format!("回访:未联系上{}", if *concluded { ",次数已足" } else { "" })
            }
            Event::Rated {
                rating: Rating::NotGiven,
                ..
            } => "评价期满,未评价".into(),
            Event::Rated { rating, .. } => format!("评价:{}", self.rating(*rating)),
            Event::Committed { promise } => {
                format!(
                    "登记承诺 {}:{},{}",
                    promise.number, promise.person, promise.by_date
                )
            }
            Event::Fulfilled { commitment, .. } => format!("兑现承诺 {commitment}"),
            Event::Rechecked { .. } => "复核通过".into(),
            Event::MatterStruckOff { matter, outcome } => {
                format!("第 {matter} 件事销账:{}", outcome.zh())
            }
            Event::StruckOff { outcome, .. } => format!("销账:{}", outcome.zh()),
            Event::Reopened { ground, .. } => format!("重开:{ground}"),
            Event::WithdrawalProposed { .. } => "报告撤回,待另一人确认".into(),
            Event::Withdrawn { .. } => "撤回".into(),
            Event::Directed { within, .. } => {
                let within = within
                    .as_ref()
                    .map(|span| format!(",答复限 {}", span.zh()))
                    .unwrap_or_default();
                format!("批示{within}")
            }
            Event::Tracked { .. } => "列入督办".into(),
            Event::Untracked { .. } => "解除督办".into(),
            Event::Reported { .. } => "报告进展".into(),
            Event::FactSet {
                name,
                value,
                derived,
            } => format!("事实更新:{name} = {value}{}", self.facts(derived)),
            Event::Noted { .. } => "附注".into(),
            Event::Corrected {
                version,
                took_effect,
                ..
            } => {
                let at = took_effect.map(|at| format!(":实际发生在 {}", self.at(at)));
                format!("更正第 {version} 条记录{}", at.unwrap_or_default())
            }
            Event::VerdictCorrected { key, verdict, .. } => format!(
                "按更正后的时刻,{}的结论:{}",
                self.clock(*key),
                self.verdict(*verdict)
            ),
            Event::CalendarAdopted { from, to } => {
                format!("改用日历 {to}(原为 {})", self.list(from))
            }
            Event::Delivered { effect } => format!("已送达:{effect}"),
            Event::Undelivered {
                effect, instead, ..
            } => {
                let instead = instead
                    .as_ref()
                    .map(|it| format!(",改经 {it}"))
                    .unwrap_or_default();
                format!("未送达:{effect}{instead}")
            }
            Event::PlanAdopted {
                to,
                approved_by,
                facts,
                ..
            } => {
                let by = approved_by
                    .as_ref()
                    .map(|it| format!(",{it} 批准"))
                    .unwrap_or_default();
                format!("适用新规 {:.8}{by}{}", to.as_str(), self.facts(facts))
            }
            Event::Redacted { fields, basis } => {
                format!("删除个人信息 {} 处:{basis}", fields.len())
            }
            Event::CountReached {
                count,
                number,
                acts,
                ..
            } => {
                format!("{}达 {number} 次:{}", self.count(count), self.acts(acts))
            }
            Event::NoticeGiven {
                title,
                reason,
                to,
                citizen,
                ..
            } => format!(
                "告知 {}:{title}(依据 {})",
                self.told(to, *citizen),
                self.reason(reason)
            ),
            Event::ClockStarted {
                key,
                class,
                term,
                reason,
                schedule,
                ..
            } => {
                let (due, span) = (self.at(schedule.legal_due), self.span(&term.span));
                let provisional = if schedule.provisional {
                    ",日历未定,暂定"
                } else {
                    ""
                };
                let reason = self.reason(reason);
                format!(
                    "{}开始:{span},{due} 到期{provisional}({},依据 {reason})",
                    self.clock(*key),
                    class.zh()
                )
            }
            Event::ClockProjected {
                key, why, schedule, ..
            } => {
                let due = self.at(schedule.legal_due);
                format!(
                    "{}改为 {due} 到期:{}",
                    self.clock(*key),
                    self.projected(*why)
                )
            }
            Event::ClockStopped { key, verdict, .. } => {
                format!("{}结束:{}", self.clock(*key), self.verdict(*verdict))
            }
            Event::ClockCancelled { key, why } => {
                format!("{}取消:{}", self.clock(*key), self.cancelled(*why))
            }
            Event::StepTaken {
                clock,
                step,
                fate,
                title,
                deferred_from,
                ..
            } => {
                let clock = self.clock(*clock);
                let said = match (step, fate) {
                    (StepKey::Breach, _) => format!("{clock}超期"),
                    (StepKey::PromiseMissed, _) => format!("{clock}已过承诺的期限"),
                    (StepKey::Infeasible, StepFate::Fired { acts }) => {
                        format!("{clock}来不及:{}", self.acts(acts))
                    }
                    (StepKey::Lapse, _) => format!("{clock}已过"),
                    (StepKey::Overdue { occurrence }, StepFate::Fired { acts }) => {
                        format!("{clock}仍超期,第 {occurrence} 次{}", self.acts(acts))
                    }
                    (_, StepFate::Fired { acts }) => {
                        format!("{clock},{}:{}", self.rung(step, title), self.acts(acts))
                    }
                    (_, StepFate::Skipped { reason }) => {
                        format!(
                            "{clock},{}:条件不成立({})",
                            self.rung(step, title),
                            self.reason(reason)
                        )
                    }
                    (_, StepFate::Coalesced { into }) => {
                        format!("{clock},{}:并入第 {into} 次", self.rung(step, title))
                    }
                    (_, StepFate::Voided { why }) => {
                        format!(
                            "{clock},{}:作废({})",
                            self.rung(step, title),
                            self.cancelled(*why)
                        )
                    }
                };
                format!("{said}{}", self.deferred(*deferred_from))
            }
        }
    }
}
