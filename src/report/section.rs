//! The sections of a digest.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::time::Moment;
use crate::words::{CaseId, ClockKey, Lang, Outcome};

/// The sections of a digest, in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// 热点待批: hot at the cut, and no leader has directed it yet. It heads the digest.
    Hot,
    /// 舆情: opinion without a citizen, taken up in the period.
    Opinion,
    /// 新收: messages received in the period.
    New,
    /// 接续登记: cases taken over from another system in the period; they were received elsewhere, and are not new.
    TakenOver,
    /// 今日到期: due on the date of the cut, not past due, still running.
    DueToday,
    /// 超期: past due and not done at the cut. A pause does not take a case off this list.
    Overdue,
    /// 退回: replies sent back in the period.
    Returned,
    /// 督办: under the eye of the supervision office at the cut.
    Supervised,
    /// 销账: closed in the period, however it ended.
    StruckOff,
}

impl SectionKind {
    /// Every section, in order.
    pub const ALL: [SectionKind; 9] = [
        SectionKind::Hot,
        SectionKind::Opinion,
        SectionKind::New,
        SectionKind::TakenOver,
        SectionKind::DueToday,
        SectionKind::Overdue,
        SectionKind::Returned,
        SectionKind::Supervised,
        SectionKind::StruckOff,
    ];
    /// The title.
    pub const fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            SectionKind::Hot => ("热点待批", "hot, awaiting direction"),
            SectionKind::Opinion => ("舆情", "opinion"),
            SectionKind::New => ("新收", "new"),
            SectionKind::TakenOver => ("接续登记", "taken over"),
            SectionKind::DueToday => ("今日到期", "due today"),
            SectionKind::Overdue => ("超期", "overdue"),
            SectionKind::Returned => ("退回", "returned"),
            SectionKind::Supervised => ("督办", "supervised"),
            SectionKind::StruckOff => ("销账", "struck off"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// One case, or one clock of it, in a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLine {
    /// The case.
    pub case: CaseId,
    /// Received, due, returned, tracked since, closed: as the section says.
    pub at: Moment,
    /// The clock that is due or overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockKey>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// A section with its lines, in the order of time, then of case ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Which.
    pub kind: SectionKind,
    /// Its lines.
    pub lines: Vec<DigestLine>,
}

impl Section {
    /// The cases in it, each once. Their number is what the digest prints.
    pub fn cases(&self) -> BTreeSet<&CaseId> {
        self.lines.iter().map(|line| &line.case).collect()
    }
}
