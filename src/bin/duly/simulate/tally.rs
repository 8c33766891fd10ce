//! What happened, counted from the records: which turns of fate a run really had.

use std::collections::BTreeMap;

use duly::report::File;
use duly::time::{Moment, Zone};
use duly::words::{CaseId, CommandId, Event, News, Origin, Outcome, Rating, Record, UnmergeWhy};

/// Every kind that is counted: its key in JSON, Chinese, English. The order is that of a case's course.
pub const KINDS: [(&str, &str, &str); 41] = [
    ("opinion", "网络舆情", "opinion without a citizen"),
    ("declined", "不予受理", "declined"),
    ("several_matters", "一件多事", "cases with several matters"),
    ("merged", "并案", "merged with another case"),
    ("merged_groups", "并案组", "groups of merged cases"),
    (
        "largest_group",
        "最大并案组(件)",
        "cases in the largest group",
    ),
    (
        "followers_told",
        "转告答复",
        "times a follower was told the answer",
    ),
    (
        "followers_retracted",
        "转告撤回答复",
        "times a follower was told that the answer was taken back",
    ),
    (
        "unmerged_undone",
        "撤销并案:并错",
        "unmerged: merged wrongly",
    ),
    (
        "unmerged_not_joined",
        "解除并案:并不进",
        "released: could not be joined",
    ),
    (
        "unmerged_withdrawn",
        "解除并案:主件撤回",
        "released: the survivor was withdrawn",
    ),
    (
        "unmerged_declined",
        "解除并案:主件不予受理",
        "released: the survivor was declined",
    ),
    (
        "unmerged_unsatisfied",
        "解除并案:本人不满意",
        "went on alone: its own citizen is not satisfied",
    ),
    (
        "unmerged_reopened",
        "并案销账后重开",
        "opened again after it was struck off as merged",
    ),
    ("objected", "退单", "objections"),
    ("ruled", "退单裁定", "rulings"),
    ("transferred", "转办", "transfers"),
    ("handed_over", "交接", "hand-overs"),
    ("handed_down", "下级交办", "hand-downs by a county"),
    ("passed_first", "初审通过", "first of two reviews passed"),
    ("co_replied", "协办答复", "co-handlers' parts"),
    ("paused", "中止计时", "pauses"),
    ("extended", "延期生效", "extensions that came to count"),
    (
        "extension_lapsed",
        "延期未生效",
        "extensions that lapsed, not delivered in time",
    ),
    ("directed", "批示", "directions"),
    ("tracked", "督办", "times a case was tracked"),
    ("reported", "报告进展", "progress reports"),
    ("returned", "退回重办", "returns"),
    ("called_back", "回访到", "citizens reached"),
    (
        "unreachable",
        "三次联系不上",
        "citizens given up as not reachable",
    ),
    ("silent", "未评价", "citizens who said nothing in time"),
    ("auto_rated", "自动好评", "automatic ratings"),
    ("unsatisfied", "不满意", "citizens not satisfied"),
    ("delivered", "送达", "receipts"),
    ("undelivered", "未送达", "notices that did not arrive"),
    ("promises_kept", "承诺按期兑现", "promises kept in time"),
    ("promises_late", "承诺逾期兑现", "promises kept late"),
    (
        "promises_missed",
        "承诺未兑现",
        "promises not kept, past their date",
    ),
    ("reopened_new", "重开:新的事实", "reopened by new facts"),
    (
        "reopened_late",
        "重开:销账后不满意",
        "reopened by a late unsatisfied rating",
    ),
    ("withdrawn", "撤回", "withdrawn"),
];

/// What happened.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<&'static str, u64>,
    /// How cases ended that are closed.
    pub endings: BTreeMap<Outcome, u64>,
    /// Cases.
    pub cases: u64,
    /// Open cases.
    pub open: u64,
    /// Of those, with a clock past due.
    pub overdue: u64,
    /// Records.
    pub records: u64,
}

impl Tally {
    /// How often.
    pub fn count(&self, kind: &str) -> u64 {
        self.counts.get(kind).copied().unwrap_or(0)
    }
    fn add(&mut self, kind: &'static str, many: u64) {
        *self.counts.entry(kind).or_default() += many;
    }

    /// Counts a case in.
    pub fn file(&mut self, file: &File, end: Moment, zone: Zone) {
        let case = file.case();
        self.cases += 1;
        self.records += file.history().len() as u64;
        match case.outcome() {
            Some(outcome) => *self.endings.entry(outcome).or_default() += 1,
            None => {
                self.open += 1;
                let late = |clock: &duly::case::Clock| {
                    clock.is_running() && clock.due().is_some_and(|due| due < end)
                };
                self.overdue += u64::from(case.clocks().iter().any(late));
            }
        }
        for it in case.promises().iter().filter(|it| !it.void) {
            let by_date = it.promise.by_date;
            match it.fulfilled {
                Some(at) if at.date(zone) <= by_date => self.add("promises_kept", 1),
                Some(_) => self.add("promises_late", 1),
                None if by_date < end.date(zone) => self.add("promises_missed", 1),
                None => {}
            }
        }
        if case.origin() == Origin::Opinion {
            self.add("opinion", 1);
        }
        let mut group: BTreeMap<&CaseId, ()> = BTreeMap::new();
        let mut before: Option<&Record> = None;
        for record in file.history() {
            self.record(record, before);
            if let Event::Joined { follower, .. } = &record.event {
                group.insert(follower, ());
            }
            before = Some(record);
        }
        if !group.is_empty() {
            self.add("merged_groups", 1);
            let largest = self.counts.entry("largest_group").or_default();
            *largest = (*largest).max(group.len() as u64 + 1);
        }
    }

    fn record(&mut self, record: &Record, before: Option<&Record>) {
        let command = |record: &Record| -> Option<CommandId> { record.command.clone() };
        let kind = match &record.event {
            Event::Declined { .. } => "declined",
            Event::Listed { .. } => "several_matters",
            Event::Merged { .. } => "merged",
            Event::Relayed { news, .. } => match news {
                News::Answer { .. } => "followers_told",
                News::Retracted => "followers_retracted",
                _ => return,
            },
            Event::Unmerged { why, .. } => match why {
                UnmergeWhy::Undone => "unmerged_undone",
                UnmergeWhy::NotJoined => "unmerged_not_joined",
                UnmergeWhy::Withdrawn => "unmerged_withdrawn",
                UnmergeWhy::Declined => "unmerged_declined",
                UnmergeWhy::Unsatisfied => "unmerged_unsatisfied",
                UnmergeWhy::Reopened => "unmerged_reopened",
                _ => return,
            },
            Event::Objected { .. } => "objected",
            Event::Ruled { .. } => "ruled",
            Event::Transferred { .. } => "transferred",
            Event::HandedOver { .. } => "handed_over",
            Event::SubAssigned { .. } => "handed_down",
            Event::PassedFirst { .. } => "passed_first",
            Event::CoReplied { .. } => "co_replied",
            Event::Paused { .. } => "paused",
            Event::ExtensionCounted { .. } => "extended",
            Event::ExtensionLapsed { .. } => "extension_lapsed",
            Event::Directed { .. } => "directed",
            Event::Tracked { .. } => "tracked",
            Event::Reported { .. } => "reported",
            Event::Returned { .. } => "returned",
            Event::CalledBack { reached: true, .. } => "called_back",
            Event::CalledBack {
                concluded: true, ..
            } => "unreachable",
            Event::Rated { rating, .. } => match rating {
                Rating::NotGiven => "silent",
                Rating::AutoByTimeout => "auto_rated",
                rating if rating.is_unsatisfied() => "unsatisfied",
                _ => return,
            },
            Event::Delivered { .. } => "delivered",
            Event::Undelivered { .. } => "undelivered",
            Event::Reopened { .. } => {
                // A rating opens it again in the same command.
                let rated =
                    |it: &Record| matches!(it.event, Event::Rated { .. } | Event::Unmerged { .. });
                let same = before.filter(|it| command(it) == command(record));
                match record.event {
                    Event::Reopened { reason: None, .. } if same.is_some_and(rated) => {
                        "reopened_late"
                    }
                    _ => "reopened_new",
                }
            }
            Event::Withdrawn { .. } => "withdrawn",
            _ => return,
        };
        self.add(kind, 1);
    }
}
