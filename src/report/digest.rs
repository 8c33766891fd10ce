//! 日报: one day of a board, from cut-off to cut-off.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::board::breach;
use super::section::{DigestLine, Section, SectionKind};
use super::{Board, File, Period, Table, pick, term, wall};
use crate::case::{Case, facts_row};
use crate::desk::Hash;
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{CaseId, ClockKind, Event, Lang, Origin, Outcome, Record};

/// The records of one case that took effect in the period: these versions, the first and the last included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// The case.
    pub case: CaseId,
    /// The first version.
    pub first: u64,
    /// The last version.
    pub last: u64,
}

/// The digest of a period (日报).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Its title, as the pack gives it.
    pub title: String,
    /// The posts it goes to, as the pack names them.
    pub to: Vec<String>,
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// From cut to cut.
    pub period: Period,
    /// Every section, in order; also those without a line.
    pub sections: Vec<Section>,
    /// The records it covers. Over digests whose periods follow one another, each record is in exactly one.
    pub entries: Vec<Entries>,
    /// The hash of the seal over the ledger on the last day, where there is one (封印): whoever keeps the printed digest can tell by
    /// it whether the ledger still has everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Hash>,
}

/// The digest of a period. Make the period with [`Period::day`].
///
/// ```
/// use duly::report::{Board, Period, SectionKind, digest};
/// let plan = duly::plan::bare("demo".parse()?);
/// let board = Board::fold(&[], None)?;
/// let day = digest(&board, &plan, Period::day(&plan, "2026-09-30".parse()?));
/// assert_eq!((day.events(), day.count(SectionKind::New)), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn digest(board: &Board, plan: &Plan, period: Period) -> Digest {
    let mut all: Vec<(SectionKind, DigestLine)> = Vec::new();
    let mut entries = Vec::new();
    let known = board.known(period.until);
    for file in board.files() {
        entries.extend(covered(file, period));
        all.extend(happened(file, period));
        if let Some(case) = file.stood(period.until).filter(|case| !case.is_closed()) {
            all.extend(stands(file, &case, plan, (period.until, known)));
        }
    }
    let section = |kind: SectionKind| {
        let mut lines: Vec<DigestLine> = all
            .iter()
            .filter(|(of, _)| *of == kind)
            .map(|(_, line)| line.clone())
            .collect();
        lines.sort_by(|a, b| (a.at, &a.case, a.clock).cmp(&(b.at, &b.case, b.clock)));
        Section { kind, lines }
    };
    Digest {
        title: plan.digest.title.clone(),
        to: plan.digest.to.clone(),
        zone: plan.zone,
        period,
        sections: SectionKind::ALL.into_iter().map(section).collect(),
        entries,
        seal: None,
    }
}

fn covered(file: &File, period: Period) -> Option<Entries> {
    let mut within = file
        .history()
        .iter()
        .filter(|record| period.holds(record.at));
    let first = within.next()?;
    let last = within.next_back().unwrap_or(first);
    Some(Entries {
        case: first.case.clone(),
        first: first.version,
        last: last.version,
    })
}

/// What happened in the period.
fn happened(file: &File, period: Period) -> impl Iterator<Item = (SectionKind, DigestLine)> {
    file.history()
        .iter()
        .filter(move |record| period.holds(record.at))
        .filter_map(|record| {
            let (kind, outcome) = match &record.event {
                Event::Opened {
                    origin: Origin::Opinion,
                    ..
                } => (SectionKind::Opinion, None),
                // A part is no message.
                Event::Opened { main: Some(_), .. } => return None,
                Event::Opened { .. } => (SectionKind::New, None),
                Event::Imported { .. } => (SectionKind::TakenOver, None),
                Event::Returned { .. } => (SectionKind::Returned, None),
                Event::StruckOff { outcome, .. } => (SectionKind::StruckOff, Some(*outcome)),
                Event::Declined { .. } => (SectionKind::StruckOff, Some(Outcome::Declined)),
                Event::Withdrawn { .. } | Event::CalledOff { .. } => {
                    (SectionKind::StruckOff, Some(Outcome::Withdrawn))
                }
                _ => return None,
            };
            Some((
                kind,
                DigestLine {
                    case: record.case.clone(),
                    at: record.at,
                    clock: None,
                    outcome,
                },
            ))
        })
}

/// How an open case stands at the cut.
fn stands(
    file: &File,
    case: &Case,
    plan: &Plan,
    (cut, known): (Moment, Moment),
) -> Vec<(SectionKind, DigestLine)> {
    let line = |at, clock| DigestLine {
        case: case.id().clone(),
        at,
        clock,
        outcome: None,
    };
    let mut lines = Vec::new();
    let hot = plan.digest.hot.as_ref().filter(|_| !case.is_directed());
    if hot.is_some_and(|hot| *hot.answer(&facts_row(plan, case))) {
        lines.push((SectionKind::Hot, line(case.received_at(), None)));
    }
    let today = cut.date(plan.zone);
    for clock in case.clocks().iter().filter(|clock| clock.is_live()) {
        let due = clock.schedule.legal_due;
        if breach(clock, known).is_some() {
            lines.push((SectionKind::Overdue, line(due, Some(clock.key))));
        } else if clock.is_running() && last_day(due, plan.zone) == today && !lapses(clock.key.kind)
        {
            lines.push((SectionKind::DueToday, line(due, Some(clock.key))));
        }
    }
    if case.is_tracked() {
        let tracked = |it: &&Record| it.at <= cut && matches!(it.event, Event::Tracked { .. });
        let since = file.history().iter().rfind(tracked);
        lines.push((
            SectionKind::Supervised,
            line(since.map_or(case.received_at(), |it| it.at), None),
        ));
    }
    lines
}

/// The last day that there is for what is due at a moment. Midnight is the end of the day before it.
fn last_day(due: Moment, zone: Zone) -> NaiveDate {
    due.plus(-1).date(zone)
}

/// A limit on what somebody may do, not on what somebody owes.
pub(super) const fn lapses(kind: ClockKind) -> bool {
    matches!(kind, ClockKind::Rating | ClockKind::Object)
}

impl Digest {
    /// The same digest with the seal of its day on it.
    #[must_use]
    pub fn sealed(self, seal: Option<Hash>) -> Digest {
        Digest { seal, ..self }
    }
    /// How many records took effect in the period.
    pub fn events(&self) -> u64 {
        self.entries
            .iter()
            .map(|it| it.last.saturating_sub(it.first).saturating_add(1))
            .sum()
    }
    /// The section of a kind.
    pub fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind)
    }
    /// How many cases a section holds.
    pub fn count(&self, kind: SectionKind) -> usize {
        self.section(kind)
            .map_or(0, |section| section.cases().len())
    }
    /// One row a section: its title, how many cases, which; then how many records, and the seal.
    pub fn summary(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => ["栏目", "件数", "编号"],
            Lang::En => ["section", "cases", "which"],
        };
        let table = Table::new(self.headline(lang), columns);
        let table = self.sections.iter().fold(table, |table, section| {
            let cases = section.cases();
            let ids: Vec<&str> = cases.iter().map(|case| case.as_str()).collect();
            let count = cases.len().to_string();
            table.row([
                section.kind.title(lang).to_owned(),
                count,
                ids.join(pick(lang, "、", ", ")),
            ])
        });
        let records = pick(lang, "记录", "records");
        let table = table.row([records.to_owned(), self.events().to_string()]);
        match self.seal {
            Some(seal) => {
                let title = pick(lang, "封印", "seal");
                table.row([title.to_owned(), String::new(), seal.to_string()])
            }
            None => table,
        }
    }
    /// One row a line.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => ["栏目", "编号", "时间", "时限", "结果"],
            Lang::En => ["section", "case", "at", "clock", "outcome"],
        };
        let lines = self
            .sections
            .iter()
            .flat_map(|section| section.lines.iter().map(move |it| (section.kind, it)));
        lines.fold(
            Table::new(self.headline(lang), columns),
            |table, (kind, line)| {
                table.row([
                    kind.title(lang).to_owned(),
                    line.case.to_string(),
                    wall(line.at, self.zone),
                    line.clock
                        .map(|key| term(lang, key.kind.zh(), key.kind.name()))
                        .unwrap_or_default(),
                    line.outcome
                        .map(|it| term(lang, it.zh(), it.name()))
                        .unwrap_or_default(),
                ])
            },
        )
    }
    fn headline(&self, lang: Lang) -> String {
        let (after, until) = (
            wall(self.period.after, self.zone),
            wall(self.period.until, self.zone),
        );
        match lang {
            Lang::Zh => format!("{}({after} 至 {until})", self.title),
            Lang::En => format!("{} ({after} to {until})", self.title),
        }
    }
}
