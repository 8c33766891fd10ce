//! 防数字注水: where figures may look better than the work was. It accuses nobody: it names what to look at.
//!
//! What it cannot see: private texts are in the ledger only as salted digests, each with a salt of its own, so that two
//! equal texts have unequal references. Whether replies are one template cannot be told from the ledger; that they came
//! in a burst, or hours before they were due, can. What an officer did not enter is not seen either: a contact with the
//! citizen counts where a reply records it.

mod concern;
mod watch;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::concern::Concern;
use self::watch::{Found, Watch};
use super::{Board, Period, Rate, Table, headline, pick};
use crate::plan::Plan;
use crate::time::Zone;
use crate::words::{CaseId, Lang, UnitId};

/// One thing to look at in one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernLine {
    /// The unit; none for what had no unit.
    pub unit: Option<UnitId>,
    /// What.
    pub concern: Concern,
    /// How many, out of how many.
    pub rate: Rate,
    /// In which cases, by id.
    pub cases: Vec<CaseId>,
    /// The median of its lengths of time, in seconds, where it has any: of an even number, the lower of the middle two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<i64>,
}

/// What a supervisor may look at (防数字注水核查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integrity {
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// The period.
    pub period: Period,
    /// One line for each unit and concern of which there was anything to count, by unit, then in the order of
    /// [`Concern::ALL`].
    pub lines: Vec<ConcernLine>,
    /// The same of the whole board: the sums of the lines, and every concern, whatever was found.
    pub total: Vec<ConcernLine>,
}

/// What to look at in a period.
///
/// ```
/// use duly::report::{Board, Concern, Period, integrity};
/// let plan = duly::plan::bare("demo".parse()?);
/// let board = Board::fold(&[], None)?;
/// let month = Period::dates("2026-09-01".parse()?, "2026-09-30".parse()?, plan.zone);
/// let found = integrity(&board, &plan, month);
/// assert_eq!(found.total.len(), Concern::ALL.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn integrity(board: &Board, plan: &Plan, period: Period) -> Integrity {
    let mut watch = Watch::new(period, board.known(period.until), plan.zone);
    board.files().for_each(|file| watch.file(file));
    watch.bursts();
    let mut sums: BTreeMap<Concern, Found> = BTreeMap::new();
    let mut lines = Vec::new();
    for ((unit, concern), found) in watch.found {
        let sum = sums.entry(concern).or_default();
        sum.part = sum.part.saturating_add(found.part);
        sum.whole = sum.whole.saturating_add(found.whole);
        sum.cases.extend(found.cases.iter().cloned());
        sum.seconds.extend(&found.seconds);
        lines.push(line(unit, concern, found));
    }
    let total = Concern::ALL.into_iter().map(|concern| {
        let sum = sums.remove(&concern).unwrap_or_default();
        line(None, concern, sum)
    });
    Integrity {
        zone: plan.zone,
        period,
        total: total.collect(),
        lines,
    }
}

fn line(unit: Option<UnitId>, concern: Concern, found: Found) -> ConcernLine {
    let mut seconds = found.seconds;
    seconds.sort_unstable();
    let middle = seconds.len().saturating_sub(1) / 2;
    ConcernLine {
        unit,
        concern,
        rate: Rate::new(found.part, found.whole),
        cases: found.cases.into_iter().collect(),
        median: seconds.get(middle).copied(),
    }
}

impl Integrity {
    /// One row for each unit and concern with something to look at; below, every concern of the whole board.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => [
                "单位",
                "看什么",
                "件",
                "总数",
                "总数是",
                "占比",
                "中位时长",
                "编号",
                "怎么看",
            ],
            Lang::En => [
                "unit", "what", "count", "of", "of what", "share", "median", "cases", "look at",
            ],
        };
        let title = pick(lang, "防数字注水核查", "what to look at");
        let table = Table::new(headline(title, self.period, self.zone, lang), columns);
        let none = pick(lang, "尚无单位", "no unit yet");
        let all = pick(lang, "全部", "whole board");
        let lines = self.lines.iter().filter(|it| it.rate.part > 0);
        let lines = lines.map(|it| (it.unit.as_ref().map_or(none, UnitId::as_str), it));
        let total = self.total.iter().map(|it| (all, it));
        lines.chain(total).fold(table, |table, (unit, it)| {
            let cases: Vec<&str> = it.cases.iter().map(CaseId::as_str).collect();
            // Whoever reads the sum finds the cases above.
            let cases = match unit == all {
                true => String::new(),
                false => cases.join(pick(lang, "、", ", ")),
            };
            table.row([
                unit.to_owned(),
                it.concern.title(lang).to_owned(),
                it.rate.part.to_string(),
                it.rate.whole.to_string(),
                it.concern.whole(lang).to_owned(),
                it.rate.to_string(),
                it.median.map(|it| length(it, lang)).unwrap_or_default(),
                cases,
                it.concern.look_at(lang).to_owned(),
            ])
        })
    }
}

/// A length of time in hours and minutes.
fn length(seconds: i64, lang: Lang) -> String {
    let minutes = seconds.max(0) / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match lang {
        Lang::Zh => format!("{hours} 小时 {minutes} 分"),
        Lang::En => format!("{hours} h {minutes} min"),
    }
}
