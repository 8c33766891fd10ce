//! Whether one plan only tightens another (只紧不松): what an overlay on a base pack must do; and what one adopted for cases under way may let
//! come later.
//!
//! | file | what |
//! |---|---|
//! | `found` | what is found, and how conditions are compared |
//! | `clocks` | of clocks |
//! | `meanings` | of facts that stand for something else |

mod clocks;
mod found;
mod meanings;

use std::fmt;

use self::found::{By, Found, anywhere};
use super::{Plan, Rung};

/// Something that a plan loosens, or changes where it may not, against the plan that it is based on.
///
/// ```
/// use duly::plan::bare;
/// let base = bare("demo".parse()?);
/// let mut over = base.clone();
/// over.callback.attempts = 2;
/// assert_eq!(over.loosened(&base)[0].to_string(), "call-back gives up after `2` attempts, the base after `3`");
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosened {
    /// What, in words.
    pub what: String,
    /// A case for which it holds, in words, where it is not so for all.
    pub witness: Option<String>,
    what_zh: String,
}

impl Loosened {
    /// The same in Chinese.
    ///
    /// ```
    /// use duly::plan::bare;
    /// let base = bare("demo".parse()?);
    /// let mut over = base.clone();
    /// over.callback.attempts = 2;
    /// assert_eq!(over.loosened(&base)[0].zh(), "回访 2 次联系不上就算联系不上,底本是 3 次");
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn zh(&self) -> String {
        match &self.witness {
            Some(witness) => format!("{}(情形:{})", self.what_zh, super::case_zh(witness)),
            None => self.what_zh.clone(),
        }
    }
}

impl fmt::Display for Loosened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.witness
            .as_ref()
            .map_or(Ok(()), |witness| write!(f, ", when {witness}"))
    }
}

impl Plan {
    /// What this plan loosens against `base`, or changes where a plan that only tightens may not. Nothing, where it can stand in
    /// for the base: every limit ends no later, the citizen's own time no earlier, every gate, rung and duty of the base is there, and what the base says of
    /// places, posts, facts, time and doors holds. What the base leaves to the spine is anybody's to say.
    pub fn loosened(&self, base: &Plan) -> Vec<Loosened> {
        let mut found = Found(Vec::new());
        let over = self;
        found.unless(
            over.labels == base.labels,
            (
                "the language of the labels is not the base's",
                "标签用语和底本不同",
            ),
        );
        found.unless(
            over.zone == base.zone,
            ("the zone is not the base's", "时区和底本不同"),
        );
        let dates = base.in_force.is_none_or(|base| {
            let own = over.in_force;
            own.is_some_and(|own| own.within(&base))
        });
        found.unless(
            dates,
            (
                "it is in force on dates on which the base is not",
                "施行日期超出了底本的施行日期",
            ),
        );
        found.unless(
            over.hours == base.hours,
            ("the office hours are not the base's", "作息和底本不同"),
        );
        found.unless(
            over.holidays == base.holidays,
            ("the day tables are not the base's", "放假调休表和底本不同"),
        );
        found.unless(
            over.uncovered == base.uncovered,
            (
                "limits beyond the known holidays are not the base's",
                "放假安排公布之后的时限,算法和底本不同",
            ),
        );
        found.unless(
            over.counting == base.counting,
            ("the counting is not the base's", "起算规则和底本不同"),
        );
        found.unless(
            over.schema.facts.starts_with(&base.schema.facts),
            (
                "the facts of the base come first, as they are",
                "底本的事实要原样排在前面",
            ),
        );
        found.kept(&base.params, &over.params, |param| {
            (
                format!("the parameter `{}`", param.name),
                format!("参数`{}`", param.name),
            )
        });
        found.kept(&base.mentions, &over.mentions, |mention| {
            (
                format!("the mention `{}`", mention.fact),
                format!("用词`{}`", mention.fact),
            )
        });
        found.kept(&base.derived, &over.derived, |rule| {
            (
                format!("what the fact `{}` is derived from", rule.fact),
                format!("事实`{}`由哪些事实推定", rule.fact),
            )
        });
        found.kept(&base.places, &over.places, |place| {
            (
                format!("the place `{}`", place.code),
                format!("地方`{}`", place.code),
            )
        });
        found.kept(&base.posts, &over.posts, |post| {
            (
                format!("the post `{}`", post.id),
                format!("岗位`{}`", post.id),
            )
        });
        found.unless(
            base.classify.is_none() || over.classify == base.classify,
            ("the classification is not the base's", "分类处置和底本不同"),
        );
        found.unless(
            base.route.is_none() || over.route == base.route,
            ("the route is not the base's", "交办的去向和底本不同"),
        );
        found.kept(&base.declines, &over.declines, |rule| {
            (
                format!("declining on `{}`", rule.ground),
                format!("不予受理的事由“{}”", rule.ground.zh()),
            )
        });
        found.declining(By::Facts(&over.schema), over, base);
        for clock in &base.clocks {
            found.clock(&over.schema, clock, over.clock(clock.kind));
            found.shares(clock, over, base);
        }
        found.kept(&base.counts, &over.counts, |count| {
            (
                format!("what happens at `{}`", count.rule),
                format!("`{}`的处置", count.rule),
            )
        });
        found.kept(&base.gates, &over.gates, |gate| {
            (
                format!("the clause `{}`", gate.met.rule),
                format!("把关的这一条`{}`", gate.met.rule),
            )
        });
        found.kept(&base.notices, &over.notices, |notice| {
            (
                format!("the notice `{}`", notice.rule),
                format!("告知`{}`", notice.rule),
            )
        });
        found.kept(&base.signals, &over.signals, |signal| {
            (
                format!("the signal `{}`", signal.name),
                format!("预警“{}”", signal.name),
            )
        });
        found.kept(&base.bundles, &over.bundles, |bundle| {
            (
                format!("the bundle `{}`", bundle.name),
                format!("一件事“{}”", bundle.name),
            )
        });
        // Rungs may be added, and more people told.
        let bare = |rules: &[super::DutyRule]| -> Vec<super::DutyRule> {
            let bare = |rule: &super::DutyRule| super::DutyRule {
                rungs: Vec::new(),
                ..rule.clone()
            };
            rules.iter().map(bare).collect()
        };
        found.kept(&bare(&base.duties), &bare(&over.duties), |duty| {
            (
                format!("the obligation `{}`", duty.kind),
                format!("义务“{}”", duty.kind.zh()),
            )
        });
        for duty in &base.duties {
            let own = over.duty(duty.kind).map_or(&[][..], |own| &own.rungs);
            let kept = |rung: &Rung| {
                let same = own.iter().find(|own| own.on == rung.on);
                same.is_some_and(|own| rung.acts.iter().all(|act| own.acts.contains(act)))
            };
            found.unless(
                duty.rungs.iter().all(kept),
                (
                    format!(
                        "a rung of the obligation `{}` is gone, or does less",
                        duty.kind
                    ),
                    format!("义务“{}”的催办少了一级,或者少做了事", duty.kind.zh()),
                ),
            );
        }
        found.kept(&anywhere(&base.pauses), &anywhere(&over.pauses), |pause| {
            (
                format!("the pause `{}`", pause.reason),
                format!("中止计时的事由`{}`", pause.reason),
            )
        });
        found.waiting(By::Facts(&over.schema), over, base);
        found.kept(&base.redo.grounds, &over.redo.grounds, |ground| {
            (
                format!("the ground for redo `{ground}`"),
                format!("退回重办的事由`{ground}`"),
            )
        });
        found.reopening(over, base);
        found.counting_anew(over, base);
        found.closing(over, base);
        found.unless(
            base.review.is_none() || over.review == base.review,
            (
                "which replies are reviewed twice is not the base's",
                "两级审核的范围和底本不同",
            ),
        );
        found.unless(
            base.track.when.is_none() || over.track == base.track,
            (
                "what is tracked is not the base's",
                "跟踪督办的范围和底本不同",
            ),
        );
        let (own, most) = (over.overdue_every, base.overdue_every);
        found.unless(
            own <= most,
            (
                format!("overdue clocks are told again every {own} working days, in the base every {most}"),
                format!("超期的每隔 {own} 个工作日再报一次,底本是 {most} 个"),
            ),
        );
        found.unless(
            over.quiet == base.quiet,
            ("the quiet hours are not the base's", "免打扰时段和底本不同"),
        );
        found.kept(&base.digest.to, &over.digest.to, |post| {
            (
                format!("the digest to `{post}`"),
                format!("日报报送给`{post}`"),
            )
        });
        found.kept(&base.bulletin.to, &over.bulletin.to, |post| {
            (
                format!("the bulletin to `{post}`"),
                format!("通报发给`{post}`"),
            )
        });
        found.0
    }

    /// What this plan lets come about, for the worse of the citizen, in a case that is under way, and `before` does not: where a gate is met, where and by
    /// how much a clock is extended or waits, on what ground a message is declined, which replies are reviewed once only, as what a case is struck off,
    /// after how many calls, how long the citizen may rate, on what ground have it opened again and how that is counted; also where it is the words of a mention, or what a
    /// fact is that nobody gave, that are otherwise. Which clocks may run longer, [`runs_longer`](Plan::runs_longer) says; what is due when, and which
    /// rungs come, a case tells better: `Desk::adopt_preview`.
    ///
    /// ```
    /// use duly::plan::bare;
    /// let before = bare("demo".parse()?);
    /// let mut plan = before.clone();
    /// assert!(plan.lets_more(&before).is_empty());
    /// plan.callback.attempts = 1;
    /// assert_eq!(plan.lets_more(&before)[0].to_string(), "call-back gives up after `1` attempts, the base after `3`");
    /// assert!(before.lets_more(&plan).is_empty());
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn lets_more(&self, before: &Plan) -> Vec<Loosened> {
        let mut found = Found(Vec::new());
        let by = By::of(before, self);
        found.declining(by, self, before);
        for clock in &self.clocks {
            // None is no more than any.
            if clock.extension.is_some()
                && let Some(had) = before.clock(clock.kind)
            {
                found.extending(by, had, clock);
            }
        }
        for clause in &before.gates {
            found.gate(by, clause, &self.gates);
        }
        found.waiting(by, self, before);
        found.reviewing(by, self, before);
        found.meanings(self, before);
        found.reopening(self, before);
        found.counting_anew(self, before);
        found.outlasting(self, before);
        found.closing(self, before);
        found.0
    }
}
