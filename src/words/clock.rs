//! Clocks in words: which there are, what starts and stops them, how they ended, what is scheduled.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::term::term;
use crate::time::Moment;

term! {
    /// What a clock measures. The spine gives each kind its meaning; a pack gives it a length.
    ClockKind {
        /// 受理: from receipt until screened.
        Screen = "screen", "受理";
        /// 告知收到: from receipt until the citizen has been told that the message was received. Told means delivered.
        Acknowledge = "acknowledge", "告知收到";
        /// 待网民: the citizen's own time to complete a message or to answer a question.
        Waiting = "waiting", "待网民";
        /// 交办: from screening until a unit and an owner have it; a pack may count it from receipt.
        Assign = "assign", "交办";
        /// 签收: from dispatch until the owner signs for it.
        Sign = "sign", "签收";
        /// 退单: how long a unit may say "not ours".
        Object = "object", "退单";
        /// 退单裁定: how long the ruling may take.
        Rule = "rule", "退单裁定";
        /// 答复: from the first dispatch of a cycle until the first reply. Signing late does not start it late. A pack may count it
        /// from screening or from receipt, and until the answer has passed review and gone out.
        Reply = "reply", "答复";
        /// 承办: how long one owner has had it. Anew for each, so that nobody is blamed for the one before.
        Ownership = "ownership", "承办";
        /// 县级办理: a county's own handling unit, once the county has named it.
        SubReply = "sub_reply", "下级办理";
        /// 协办: a co-handler's part.
        CoReply = "co_reply", "协办";
        /// 进展告知: interim news to the citizen, again and again while the handling goes on.
        Update = "update", "进展告知";
        /// 审核: the reviewer's own time.
        Review = "review", "审核";
        /// 初审: the first of two reviews, where a case takes two.
        FirstReview = "first_review", "初审";
        /// 重办: one round of redo.
        Redo = "redo", "重办";
        /// 回访: from publication until the citizen was reached, or the required attempts failed.
        CallBack = "callback", "回访";
        /// 评价期: how long the citizen may take to rate.
        Rating = "rating", "评价期";
        /// 复核: the check by someone who had no part in it.
        Recheck = "recheck", "复核";
        /// 督办: progress reports owed on a tracked case.
        Track = "track", "督办";
        /// 承诺: a dated promise.
        Commitment = "commitment", "承诺";
        /// 办结: from receipt until struck off; nothing an office does resets it.
        Whole = "whole", "办结";
    }
}

term! {
    /// What happened, as clocks see it: a clock starts on one mark and stops on others.
    ClockMark {
        /// The message was received.
        Received = "received", "收到";
        /// The citizen has been told that it was received.
        Acknowledged = "acknowledged", "告知收到";
        /// The citizen was asked something, or is waited for.
        Asked = "asked", "请网民补充";
        /// The citizen answered, or is no longer waited for.
        Supplemented = "supplemented", "网民补充";
        /// It was screened and classified.
        Screened = "screened", "受理";
        /// A unit and an owner were named.
        Assigned = "assigned", "交办";
        /// Another person of the unit has it.
        HandedOver = "handed_over", "交接";
        /// The owner signed for it, or was deemed to.
        Signed = "signed", "签收";
        /// The unit said "not ours".
        Objected = "objected", "退单";
        /// The objection was ruled on, or the time to object passed.
        Ruled = "ruled", "裁定";
        /// A county named its handling unit.
        SubAssigned = "sub_assigned", "下级交办";
        /// A co-handler delivered a part.
        CoReplied = "co_replied", "协办答复";
        /// Interim news went to the citizen.
        Updated = "updated", "进展告知";
        /// A reply was given.
        Replied = "replied", "答复";
        /// The reply went back to be done again.
        Returned = "returned", "退回";
        /// The reply passed the first of two reviews.
        PassedFirst = "passed_first", "初审通过";
        /// The reply passed review and was published.
        Published = "published", "公布";
        /// The citizen was reached, or the required attempts failed.
        CalledBack = "called_back", "回访";
        /// A rating was given, or its window passed.
        Rated = "rated", "评价";
        /// Someone who had no part in it checked.
        Rechecked = "rechecked", "复核";
        /// A dated promise was made.
        Committed = "committed", "承诺";
        /// A promise was kept.
        Fulfilled = "fulfilled", "兑现";
        /// The supervision office took the case under its eye.
        Tracked = "tracked", "督办";
        /// A progress report was made.
        Reported = "reported", "报告进展";
        /// The supervision office let it go.
        Untracked = "untracked", "解除督办";
        /// Struck off.
        StruckOff = "struck_off", "销账";
        /// Opened again.
        Reopened = "reopened", "重开";
    }
}

impl ClockKind {
    /// The mark that starts the clock, unless a pack names another that the spine allows.
    pub const fn starts(self) -> ClockMark {
        match self {
            ClockKind::Screen | ClockKind::Acknowledge | ClockKind::Whole => ClockMark::Received,
            ClockKind::Waiting => ClockMark::Asked,
            ClockKind::Assign => ClockMark::Screened,
            ClockKind::Sign
            | ClockKind::Object
            | ClockKind::Reply
            | ClockKind::CoReply
            | ClockKind::Ownership
            | ClockKind::Update => ClockMark::Assigned,
            ClockKind::Rule => ClockMark::Objected,
            ClockKind::SubReply => ClockMark::SubAssigned,
            ClockKind::Review | ClockKind::FirstReview => ClockMark::Replied,
            ClockKind::Redo => ClockMark::Returned,
            ClockKind::CallBack => ClockMark::Published,
            ClockKind::Rating => ClockMark::CalledBack,
            ClockKind::Recheck => ClockMark::Rated,
            ClockKind::Track => ClockMark::Tracked,
            ClockKind::Commitment => ClockMark::Committed,
        }
    }
    /// The marks before its usual one from which a pack may have the clock count: receipt (收到), and acceptance by screening (受理). None
    /// of them is an act of the unit that the clock binds, and each comes before anybody has the case.
    ///
    /// ```
    /// use duly::words::{ClockKind, ClockMark};
    /// assert!(ClockKind::Reply.earlier().contains(&ClockMark::Received));
    /// assert!(ClockKind::Redo.earlier().is_empty());
    /// ```
    pub const fn earlier(self) -> &'static [ClockMark] {
        match self {
            ClockKind::Reply => &[ClockMark::Screened, ClockMark::Received],
            ClockKind::Assign => &[ClockMark::Received],
            _ => &[],
        }
    }
    /// The mark after its usual one until which a pack may have the clock run: a draft in time is then not enough, the answer must have
    /// passed review and gone out in time. Review, and doing it again when it is sent back, lie within the limit.
    ///
    /// ```
    /// use duly::words::{ClockKind, ClockMark};
    /// assert_eq!(ClockKind::Reply.later(), Some(ClockMark::Published));
    /// assert_eq!(ClockKind::Review.later(), None);
    /// ```
    pub const fn later(self) -> Option<ClockMark> {
        match self {
            ClockKind::Reply | ClockKind::SubReply | ClockKind::Redo => Some(ClockMark::Published),
            _ => None,
        }
    }
    /// Whether the time is the citizen's own, in which nobody waits for an office: to shorten it takes from the citizen.
    pub(crate) const fn is_the_citizens(self) -> bool {
        matches!(self, ClockKind::Rating | ClockKind::Waiting)
    }
    /// Whether a plan may start the clock on that mark.
    pub fn may_start_on(self, mark: ClockMark) -> bool {
        self.starts() == mark || self.earlier().contains(&mark)
    }
    /// Whether a plan may stop the clock on those marks: all of its usual ones, or its later one alone.
    pub fn may_stop_on(self, marks: &[ClockMark]) -> bool {
        let later = self.later().is_some_and(|later| marks == [later]);
        let usual = self.stops();
        let same = marks.len() == usual.len() && usual.iter().all(|mark| marks.contains(mark));
        later || same
    }
    /// The marks that stop the clock, the one that it waits for first.
    pub const fn stops(self) -> &'static [ClockMark] {
        match self {
            ClockKind::Screen => &[ClockMark::Screened],
            ClockKind::Acknowledge => &[ClockMark::Acknowledged],
            ClockKind::Waiting => &[ClockMark::Supplemented],
            ClockKind::Assign => &[ClockMark::Assigned],
            ClockKind::Ownership => &[ClockMark::Replied, ClockMark::HandedOver, ClockMark::Ruled],
            ClockKind::Sign => &[ClockMark::Signed, ClockMark::Ruled, ClockMark::Replied],
            ClockKind::Object => &[ClockMark::Objected, ClockMark::Ruled, ClockMark::Replied],
            ClockKind::Rule => &[ClockMark::Ruled, ClockMark::Replied],
            ClockKind::Reply | ClockKind::SubReply | ClockKind::Redo => &[ClockMark::Replied],
            ClockKind::CoReply => &[ClockMark::CoReplied],
            ClockKind::Update => &[ClockMark::Updated, ClockMark::Replied],
            ClockKind::Review => &[ClockMark::Published, ClockMark::Returned],
            ClockKind::FirstReview => &[
                ClockMark::PassedFirst,
                ClockMark::Published,
                ClockMark::Returned,
            ],
            ClockKind::CallBack => &[ClockMark::CalledBack, ClockMark::Rated],
            ClockKind::Rating => &[ClockMark::Rated],
            ClockKind::Recheck => &[
                ClockMark::Rechecked,
                ClockMark::StruckOff,
                ClockMark::Returned,
            ],
            ClockKind::Track => &[ClockMark::Reported, ClockMark::Untracked],
            ClockKind::Commitment => &[ClockMark::Fulfilled],
            ClockKind::Whole => &[ClockMark::StruckOff],
        }
    }
    /// Whether one start lasts a whole cycle: further dispatches in the same cycle change nothing.
    pub const fn once_a_cycle(self) -> bool {
        matches!(
            self,
            ClockKind::Screen
                | ClockKind::Acknowledge
                | ClockKind::Assign
                | ClockKind::Reply
                | ClockKind::Whole
        )
    }
    /// Whether the office that is judged by the clock decides when it stops, so that a pause for the office's
    /// own reasons would serve it. The citizen's clock heeds only the citizen's and the statute's pauses.
    pub const fn heeds(self, side: super::PauseSide) -> bool {
        match self {
            ClockKind::Reply
            | ClockKind::SubReply
            | ClockKind::CoReply
            | ClockKind::Ownership
            | ClockKind::Redo => true,
            ClockKind::Whole | ClockKind::Screen | ClockKind::Assign => {
                !matches!(side, super::PauseSide::Office)
            }
            _ => false,
        }
    }
}

term! {
    /// Whose word a limit is.
    ClockClass {
        /// 法定: a law or regulation says so; the citation goes with it.
        Statutory = "statutory", "法定";
        /// 本办法: the pack's own standard, promised to the citizen.
        Standard = "standard", "办法规定";
        /// 内部: between offices.
        Internal = "internal", "内部";
    }
}

/// One run of a clock: its kind and the how-manieth it is in the case (the second redo, the third commitment).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockKey {
    /// What it measures.
    pub kind: ClockKind,
    /// Counted from 1.
    pub run: u32,
}

impl fmt::Display for ClockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.run)
    }
}

impl From<ClockKey> for String {
    fn from(key: ClockKey) -> String {
        key.to_string()
    }
}

impl TryFrom<String> for ClockKey {
    type Error = String;
    fn try_from(given: String) -> Result<ClockKey, String> {
        let bad = || format!("a clock is written `kind/run`, as in `reply/1`: `{given}` is not");
        let (kind, run) = given.split_once('/').ok_or_else(bad)?;
        Ok(ClockKey {
            kind: ClockKind::named(kind).ok_or_else(bad)?,
            run: run.parse().map_err(|_| bad())?,
        })
    }
}

// In JSON `reply/1`, also as the name of a field; in formats that nobody reads, its two parts.
impl Serialize for ClockKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match to.is_human_readable() {
            true => to.collect_str(self),
            false => (self.kind, self.run).serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for ClockKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<ClockKey, D::Error> {
        if from.is_human_readable() {
            let given = String::deserialize(from)?;
            return ClockKey::try_from(given).map_err(serde::de::Error::custom);
        }
        <(ClockKind, u32)>::deserialize(from).map(|(kind, run)| ClockKey { kind, run })
    }
}

/// How a clock ended. Stopped at the very second it was due is on time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// In time.
    OnTime {
        /// Elapsed seconds that were left until it was due.
        margin: i64,
    },
    /// After it was due.
    Late {
        /// Elapsed seconds past due.
        by: i64,
    },
}

impl Verdict {
    /// Judges a stop against a due moment.
    pub fn of(stopped: Moment, due: Moment) -> Verdict {
        if stopped <= due {
            Verdict::OnTime {
                margin: due.since(stopped),
            }
        } else {
            Verdict::Late {
                by: stopped.since(due),
            }
        }
    }
    /// When what stopped at that moment was due, to be judged so.
    pub fn due(self, stopped: Moment) -> Moment {
        match self {
            Verdict::OnTime { margin } => stopped.plus(margin),
            Verdict::Late { by } => stopped.plus(by.saturating_neg()),
        }
    }
    /// Whether it was in time.
    pub const fn is_on_time(self) -> bool {
        matches!(self, Verdict::OnTime { .. })
    }
}

/// What is to happen at a scheduled moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKey {
    /// A rung of the pack's ladder, by its place in the ladder, and which occurrence of it.
    Rung {
        /// The rung's key in its ladder.
        rung: String,
        /// Counted from 1; a repeating rung goes past it, and so does one that an extension armed again.
        occurrence: u32,
    },
    /// 来不及: what is left is less than the steps still to come take at the least, and there is no reply.
    Infeasible,
    /// The limit's own consequence: deemed signed, objection deemed dropped, silence recorded.
    Lapse,
    /// The breach is recorded, the second after the legal due moment.
    Breach,
    /// 承诺逾期: the second after the promised moment, where the legal due moment is later than that.
    PromiseMissed,
    /// The spine's own notice to supervision, again and again while the clock is overdue.
    Overdue {
        /// Counted from 1.
        occurrence: u32,
    },
}

impl fmt::Display for StepKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepKey::Rung {
                rung,
                occurrence: 1,
            } => write!(f, "{rung}"),
            StepKey::Rung { rung, occurrence } => write!(f, "{rung} #{occurrence}"),
            StepKey::Lapse => write!(f, "lapse"),
            StepKey::Breach => write!(f, "breach"),
            StepKey::PromiseMissed => write!(f, "promise_missed"),
            StepKey::Infeasible => write!(f, "infeasible"),
            StepKey::Overdue { occurrence } => write!(f, "overdue #{occurrence}"),
        }
    }
}

impl StepKey {
    /// The occurrence after this one, of a step that comes again; none of a step that comes once.
    ///
    /// ```
    /// use duly::words::StepKey;
    /// let first = StepKey::Overdue { occurrence: 1 };
    /// assert_eq!(first.again(), Some(StepKey::Overdue { occurrence: 2 }));
    /// assert_eq!(StepKey::Breach.again(), None);
    /// ```
    pub fn again(&self) -> Option<StepKey> {
        let mut next = self.clone();
        match &mut next {
            StepKey::Rung { occurrence, .. } | StepKey::Overdue { occurrence } => {
                *occurrence = occurrence.saturating_add(1);
                Some(next)
            }
            _ => None,
        }
    }
    /// Which occurrence it is; 1 for a step that comes once.
    ///
    /// ```
    /// assert_eq!(duly::words::StepKey::Lapse.occurrence(), 1);
    /// ```
    pub const fn occurrence(&self) -> u32 {
        match self {
            StepKey::Rung { occurrence, .. } | StepKey::Overdue { occurrence } => *occurrence,
            _ => 1,
        }
    }
    /// Whether both are occurrences of one and the same step.
    ///
    /// ```
    /// use duly::words::StepKey;
    /// assert!(StepKey::Overdue { occurrence: 1 }.same_step(&StepKey::Overdue { occurrence: 2 }));
    /// assert!(!StepKey::Lapse.same_step(&StepKey::Breach));
    /// ```
    pub fn same_step(&self, other: &StepKey) -> bool {
        match (self, other) {
            (StepKey::Rung { rung, .. }, StepKey::Rung { rung: same, .. }) => rung == same,
            (StepKey::Overdue { .. }, StepKey::Overdue { .. }) => true,
            _ => self == other,
        }
    }
}

/// One scheduled step of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When it comes.
    pub at: Moment,
    /// What.
    pub key: StepKey,
    /// The moment that its rule gives, where it comes later than that: because the moment lies in quiet hours
    /// (免打扰), or had passed when the schedule was laid out. Repeating steps count on from here, so that being
    /// put off once moves no later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred_from: Option<Moment>,
}

impl Step {
    /// The moment that the step's rule gives, whenever it comes.
    ///
    /// ```
    /// use duly::time::Moment;
    /// use duly::words::{Step, StepKey};
    /// let at = Moment::parse("2026-03-03T08:00:00+08:00")?;
    /// let late = Step { at, key: StepKey::Infeasible, deferred_from: Some(at.plus(-36_000)) };
    /// assert_eq!(late.nominal(), at.plus(-36_000));
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn nominal(&self) -> Moment {
        self.deferred_from.unwrap_or(self.at)
    }
}

/// What a clock will do if nobody acts: computed when it starts and again whenever that changes, and carried in
/// the event, so that replay needs neither rules nor calendars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// When it is due by the rule (法定到期). Breach is judged against this.
    pub legal_due: Moment,
    /// What the citizen was promised (承诺到期); moves later only through a granted extension.
    pub promised_due: Moment,
    /// The calendar did not cover the due date; it was computed by the ordinary week and may yet move.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// The calendar and its revision, as in `cn@2025-11-04`.
    pub calendar: String,
    /// The steps still ahead, in the order they will happen.
    pub steps: Vec<Step>,
    /// Steps that were armed again when the clock became due later: for each, the last occurrence that belongs to
    /// the time before. The next one is the first by this schedule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rearmed: Vec<StepKey>,
}
