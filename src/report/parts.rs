//! 分办台账: every part of every divided case, one line each: who handles it, until when it is wanted, how it stands.

use serde::{Deserialize, Serialize};

use super::{Board, Table, pick};
use crate::case::{Case, SubState};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{CaseId, Lang, Outcome, Party, PlaceCode, SubKey, UnitId};

/// How a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartState {
    /// 待启动: it waits for other parts.
    Waiting,
    /// 在办: it is handled, and its day is not over.
    Open,
    /// 逾期在办: it is handled, and its day is over.
    Overdue,
    /// 已结: it ended so.
    Ended(Outcome),
    /// 未立件: it could not be opened.
    NotOpened,
    /// 已撤: it is not needed any more.
    Dropped,
}

impl PartState {
    /// In words.
    pub fn say(self, lang: Lang) -> String {
        match self {
            PartState::Waiting => pick(lang, "待启动", "waiting").to_owned(),
            PartState::Open => pick(lang, "在办", "open").to_owned(),
            PartState::Overdue => pick(lang, "逾期在办", "overdue").to_owned(),
            PartState::Ended(outcome) => pick(lang, outcome.zh(), outcome.name()).to_owned(),
            PartState::NotOpened => pick(lang, "未立件", "not opened").to_owned(),
            PartState::Dropped => pick(lang, "已撤", "dropped").to_owned(),
        }
    }
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    /// The case that it is a part of.
    pub main: CaseId,
    /// Its key there.
    pub key: SubKey,
    /// The case that it is, or will be.
    pub case: CaseId,
    /// The place that handles it.
    pub place: PlaceCode,
    /// The unit that leads it, once somebody does.
    pub unit: Option<UnitId>,
    /// The office of another jurisdiction that it is asked of.
    pub party: Option<Party>,
    /// What must be settled first.
    pub after: Vec<SubKey>,
    /// Whether the main case can be answered without it.
    pub optional: bool,
    /// Until when it is wanted.
    pub due: Option<Moment>,
    /// How it stands.
    pub state: PartState,
    /// When it ended.
    pub ended: Option<Moment>,
    /// Whether it ended later than it was wanted.
    pub late: bool,
}

/// The parts of a board (分办台账), as of the moment up to which it was folded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The pack's title.
    pub title: String,
    /// The zone of its dates.
    pub zone: Zone,
    /// As of when.
    pub until: Option<Moment>,
    /// In the order of main cases, then of keys.
    pub lines: Vec<PartLine>,
}

/// Every part of every case that was divided.
///
/// ```
/// use duly::report::{Board, parts};
/// let plan = duly::plan::bare("demo".parse()?);
/// assert!(parts(&Board::fold(&[], None)?, &plan).lines.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parts(board: &Board, plan: &Plan) -> Parts {
    let lines = board.files().flat_map(|file| of(board, file.case()));
    Parts {
        title: plan.title.clone(),
        zone: plan.zone,
        until: board.until(),
        lines: lines.collect(),
    }
}

fn of(board: &Board, main: &Case) -> Vec<PartLine> {
    let now = board.until();
    let each = main.subs().iter().map(|(key, sub)| {
        let case = board.file(&sub.plan.case).map(|file| file.case());
        let due = sub.plan.due;
        let is_late = |at: Option<Moment>| at.zip(due).is_some_and(|(at, due)| at > due);
        let (state, ended) = match sub.state {
            SubState::Waiting => (PartState::Waiting, None),
            SubState::Open if is_late(now) => (PartState::Overdue, None),
            SubState::Open => (PartState::Open, None),
            SubState::Ended { outcome, at } => (PartState::Ended(outcome), Some(at)),
            SubState::NotOpened => (PartState::NotOpened, None),
            SubState::Dropped => (PartState::Dropped, None),
        };
        PartLine {
            main: main.id().clone(),
            key: key.clone(),
            case: sub.plan.case.clone(),
            place: sub.plan.place.clone(),
            unit: case.and_then(Case::team).map(|team| team.unit.clone()),
            party: sub.plan.party.clone(),
            after: sub.plan.after.clone(),
            optional: sub.plan.optional,
            due,
            state,
            ended,
            late: state == PartState::Overdue || is_late(ended),
        }
    });
    each.collect()
}

impl Parts {
    /// One row a part.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => [
                "主件",
                "事项",
                "地方",
                "单位",
                "在哪些之后",
                "要求办结",
                "状态",
                "办结",
                "逾期",
            ],
            Lang::En => [
                "case",
                "part",
                "place",
                "unit",
                "after",
                "wanted by",
                "state",
                "ended",
                "late",
            ],
        };
        let title = match lang {
            Lang::Zh => format!("{} 分办台账", self.title),
            Lang::En => format!("{}: parts", self.title),
        };
        let at = |at: Option<Moment>| {
            at.map(|at| at.local(self.zone).format("%Y-%m-%d %H:%M").to_string())
                .unwrap_or_default()
        };
        let mut table = Table::new(title, columns);
        for it in &self.lines {
            let after: Vec<&str> = it.after.iter().map(SubKey::as_str).collect();
            let key = match it.optional {
                true => format!("{}{}", it.key, pick(lang, "(可缺)", " (optional)")),
                false => it.key.to_string(),
            };
            let unit = match (&it.party, &it.unit) {
                (Some(party), Some(unit)) => format!("{unit}({})", party.unit),
                (Some(party), None) => format!("({})", party.unit),
                (None, Some(unit)) => unit.to_string(),
                (None, None) => String::new(),
            };
            table = table.row([
                it.main.to_string(),
                key,
                it.place.to_string(),
                unit,
                after.join(pick(lang, "、", ", ")),
                at(it.due),
                it.state.say(lang),
                at(it.ended),
                match it.late {
                    true => pick(lang, "是", "yes").to_owned(),
                    false => String::new(),
                },
            ]);
        }
        table
    }
}
