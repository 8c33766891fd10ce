//! 承诺台账: every dated promise, one line each: by whom, what, for which day, kept or not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::board::given_up;
use super::public::state;
use super::{Board, PromiseState, Table, pick};
use crate::case::{Case, PromiseKept};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{CaseId, ClockKind, Lang, Promise, StepKey, UnitId};

/// One promise on the ledger of commitments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentLine {
    /// Of which case.
    pub case: CaseId,
    /// What is promised, by whom, for which day. Its words are private: [`Desk::text`](crate::desk::Desk::text).
    pub promise: Promise,
    /// The unit that led the case when it was promised: whoever has the case now did not promise it.
    pub unit: Option<UnitId>,
    /// Kept or not.
    pub state: PromiseState,
    /// When it was kept.
    pub kept: Option<Moment>,
    /// How many rungs of its ladder have come.
    pub rungs: u32,
}

/// How a unit keeps its promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CommitmentFigures {
    /// All of them.
    pub made: u64,
    /// Still to be kept, and their day is not over.
    pub open: u64,
    /// Kept by their day.
    pub kept: u64,
    /// Kept later.
    pub kept_late: u64,
    /// Not kept, and their day is over.
    pub missed: u64,
}

impl CommitmentFigures {
    fn add(&mut self, state: PromiseState) {
        self.made += 1;
        match state {
            PromiseState::Open => self.open += 1,
            PromiseState::Kept(_) => self.kept += 1,
            PromiseState::KeptLate(_) => self.kept_late += 1,
            PromiseState::Missed => self.missed += 1,
        }
    }
}

/// The commitments of a board (承诺台账), as of the moment up to which it was folded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitments {
    /// The pack's title.
    pub title: String,
    /// The zone of its dates.
    pub zone: Zone,
    /// As of when.
    pub until: Option<Moment>,
    /// In the order of their days, then of cases.
    pub lines: Vec<CommitmentLine>,
    /// By the unit that led the case when it was promised; none, where nobody did.
    pub units: BTreeMap<Option<UnitId>, CommitmentFigures>,
    /// All together.
    pub total: CommitmentFigures,
}

/// Every promise that stands: made by a reply that was not sent back, or registered, whether its case is open or struck off. Of a case that was
/// withdrawn, only what was kept, or missed, by then: the rest is owed to nobody any more.
///
/// ```
/// use duly::report::{Board, commitments};
/// let plan = duly::plan::bare("demo".parse()?);
/// assert!(commitments(&Board::fold(&[], None)?, &plan).lines.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn commitments(board: &Board, plan: &Plan) -> Commitments {
    let today = board.until().map(|until| until.date(plan.zone));
    let mut lines: Vec<CommitmentLine> = board
        .files()
        .flat_map(|file| {
            let case = file.case();
            let stand = case.promises().iter().filter(|it| !it.void);
            let stand = stand.filter(move |it| !given_up(case, it, plan.zone));
            let units = file.promised_by();
            let now = case.team().map(|team| &team.unit);
            stand.map(move |it| CommitmentLine {
                case: case.id().clone(),
                promise: it.promise.clone(),
                unit: match units.get(&it.promise.number) {
                    Some(unit) => unit.clone(),
                    None => now.cloned(),
                },
                state: state(it, today, plan.zone),
                kept: it.fulfilled,
                rungs: rungs(case, it),
            })
        })
        .collect();
    lines.sort_by(|a, b| {
        let (one, other) = (&a.promise, &b.promise);
        (one.by_date, &a.case, one.number).cmp(&(other.by_date, &b.case, other.number))
    });
    let mut total = CommitmentFigures::default();
    let mut units: BTreeMap<Option<UnitId>, CommitmentFigures> = BTreeMap::new();
    for line in &lines {
        total.add(line.state);
        units.entry(line.unit.clone()).or_default().add(line.state);
    }
    Commitments {
        title: plan.title.clone(),
        zone: plan.zone,
        until: board.until(),
        lines,
        units,
        total,
    }
}

fn rungs(case: &Case, kept: &PromiseKept) -> u32 {
    let number = kept.promise.number.to_string();
    let of = case.clocks().iter().filter(|clock| {
        clock.key.kind == ClockKind::Commitment && clock.about.as_ref() == Some(&number)
    });
    let steps = of.flat_map(|clock| &clock.taken);
    let rungs = steps.filter(|step| matches!(step, StepKey::Rung { .. }));
    u32::try_from(rungs.count()).unwrap_or(u32::MAX)
}

impl Commitments {
    /// One row a promise.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => ["期限", "编号", "事项", "承诺人", "单位", "状态", "已催办"],
            Lang::En => [
                "by",
                "case",
                "matter",
                "promised by",
                "unit",
                "state",
                "rungs",
            ],
        };
        let title = match lang {
            Lang::Zh => format!("{} 承诺台账", self.title),
            Lang::En => format!("{}: commitments", self.title),
        };
        self.lines
            .iter()
            .fold(Table::new(title, columns), |table, it| {
                table.row([
                    it.promise.by_date.to_string(),
                    format!("{}#{}", it.case, it.promise.number),
                    it.promise.matter.to_string(),
                    it.promise.person.to_string(),
                    it.unit
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    it.state.say(lang),
                    it.rungs.to_string(),
                ])
            })
    }
    /// One row a unit that promised, and one for all.
    pub fn by_unit(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => ["单位", "承诺", "未到期", "已兑现", "逾期兑现", "未兑现"],
            Lang::En => ["unit", "made", "open", "kept", "kept late", "missed"],
        };
        let row = |name: String, it: &CommitmentFigures| {
            let all = [it.made, it.open, it.kept, it.kept_late, it.missed];
            let all = all.map(|n| n.to_string());
            std::iter::once(name).chain(all).collect::<Vec<String>>()
        };
        let title = pick(lang, "承诺兑现", "Promises kept");
        let units = self
            .units
            .iter()
            .fold(Table::new(title, columns), |table, (unit, it)| {
                table.row(row(
                    unit.as_ref().map(ToString::to_string).unwrap_or_default(),
                    it,
                ))
            });
        units.row(row(pick(lang, "合计", "all").into(), &self.total))
    }
}
