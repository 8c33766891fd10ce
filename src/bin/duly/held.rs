//! What a ledger file holds: its boards, and the plans that its records were decided by.

use std::path::Path;

use chrono::NaiveDate;
use duly::case::Clock;
use duly::desk::{Desk, Ledger, SqliteLedger};
use duly::duty::DutyRecord;
use duly::plan::{Plan, Plans, PlansError};
use duly::report::Period;
use duly::time::{Calendar, Moment};
use duly::words::{BoardId, Event, Lang, PlanId, Record};

use crate::fail::Fail;
use crate::pack::Source;

/// The board that is asked for, or the only one.
pub fn pick(asked: Option<&str>, boards: &[BoardId]) -> Result<BoardId, String> {
    let names = || {
        boards
            .iter()
            .map(|board| format!("`{board}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match (asked, boards) {
        (Some(name), _) => boards
            .iter()
            .find(|board| board.as_str() == name)
            .cloned()
            .ok_or_else(|| format!("it has no board `{name}`; it has {}", names())),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err("it has no board yet".into()),
        (None, _) => Err(format!(
            "it has several boards: {}; say which with `--board`",
            names()
        )),
    }
}

/// A desk over a ledger file that only reads, of the board that is asked for, or the only one.
pub fn open(file: &Path, board: Option<&str>) -> Result<Desk<SqliteLedger>, Fail> {
    let board = board_of(file, board)?;
    let failed = |error| Fail::file(&file.display().to_string(), error);
    let ledger = SqliteLedger::open_read_only(file, board.clone()).map_err(failed)?;
    Desk::new(ledger, Plans::new(board)).map_err(failed)
}

/// The board of a ledger file that is asked for, or the only one.
pub fn board_of(file: &Path, asked: Option<&str>) -> Result<BoardId, Fail> {
    let shown = file.display().to_string();
    if !file.is_file() {
        return Err(Fail::file(&shown, "there is no such file"));
    }
    let boards = SqliteLedger::boards(file).map_err(|error| Fail::file(&shown, error))?;
    pick(asked, &boards).map_err(|why| Fail::file(&shown, why))
}

/// The plan of the last record.
pub fn newest<L: Ledger>(desk: &Desk<L>, records: &[Record]) -> Result<Option<Plan>, Fail> {
    let Some(id) = records
        .iter()
        .max_by_key(|record| record.at)
        .map(|record| &record.plan)
    else {
        return Ok(None);
    };
    kept(desk, id)
}

/// A plan of the ledger.
pub fn kept<L: Ledger>(desk: &Desk<L>, id: &PlanId) -> Result<Option<Plan>, Fail> {
    Ok(desk.kept_plan(id)?)
}

/// The calendar to tell by how a plan of the ledger counts. The ledger holds no day tables, only the names and editions of those that limits
/// were counted by: the table is the one beside the pack that is named, or else the one of its name that comes along, which may be of another
/// edition ([`other_edition`]).
pub fn calendar(
    plan: &Plan,
    board: &BoardId,
    pack: Option<&Source>,
    lang: Lang,
) -> Result<Calendar, Fail> {
    // Nothing is decided by it: neither derived facts nor its dates matter.
    let only = Plan {
        in_force: None,
        derived: Vec::new(),
        ..plan.clone()
    };
    let mut plans = Plans::new(board.clone());
    match pack {
        Some(source) => plans = source.beside(only, plans)?,
        None => {
            plans.take(only).map_err(|error| match (error, lang) {
                (PlansError::NoTable { missing, .. }, Lang::Zh) => Fail::said(format!(
                    "这件按日历`{missing}`计日,账里没有日历:日历放在哪个规则包旁边,用 `--pack` 写明"
                )),
                (PlansError::NoTable { missing, .. }, Lang::En) => Fail::said(format!(
                    "the case counts by the day table `{missing}`, and a ledger holds none: name the pack that has it beside it with `--pack`"
                )),
                (other, _) => Fail::said(other),
            })?;
        }
    }
    let hand = plans.latest().map(|hand| hand.calendar.clone());
    hand.ok_or_else(|| Fail::said("the plan is not in hand"))
}

/// What is said of a limit that was counted by another edition of the calendar than the one at hand, which cannot tell how.
pub fn other_edition(clock: &Clock, calendar: &Calendar, lang: Lang) -> Option<String> {
    let (by, hand) = (&clock.schedule.calendar, calendar.revision());
    let key = clock.key;
    (by != hand).then(|| match lang {
        Lang::Zh => format!(
            "时限`{key}`是按日历`{by}`算的,手里的是`{hand}`,说不出是怎么算的;那一版日历在哪个规则包旁边的 `calendars` 文件夹里,用 `--pack` 写明那个包"
        ),
        Lang::En => format!(
            "the clock `{key}` was counted by the calendar `{by}`, and the one at hand is `{hand}`, which cannot tell how; name with `--pack` the pack that has that edition in the folder `calendars` beside it"
        ),
    })
}

/// The plans by which new cases were opened, one after another: what was in use when. A plan by which older cases still go on is not
/// in use any more, and one that comes in later changes nothing of what was.
pub struct InUse {
    first: Plan,
    then: Vec<(Moment, Plan)>,
}

impl InUse {
    /// One plan, always.
    pub fn always(plan: Plan) -> InUse {
        InUse {
            first: plan,
            then: Vec::new(),
        }
    }
    /// What the records up to a moment say; where nothing was opened by then, the plan of the first case holds. None: there is no case.
    pub fn read<L: Ledger>(
        desk: &Desk<L>,
        records: &[Record],
        until: Option<Moment>,
    ) -> Result<Option<InUse>, Fail> {
        let mut opened: Vec<(Moment, &PlanId)> = records
            .iter()
            .filter(|record| matches!(record.event, Event::Opened { .. }))
            .map(|record| (record.at, &record.plan))
            .collect();
        // A ledger that has only taken cases over says by them.
        if opened.is_empty() {
            let taken = records.iter();
            let taken = taken.filter(|record| matches!(record.event, Event::Imported { .. }));
            opened.extend(taken.map(|record| (record.at, &record.plan)));
        }
        opened.sort_by_key(|(at, _)| *at);
        opened.dedup_by_key(|(_, plan)| *plan);
        let mut opened = opened.into_iter();
        let first = opened.next().map(|(_, id)| kept(desk, id)).transpose()?;
        let Some(first) = first.flatten() else {
            return Ok(None);
        };
        let mut then = Vec::new();
        for (at, id) in opened.take_while(|(at, _)| until.is_none_or(|until| *at <= until)) {
            then.extend(kept(desk, id)?.map(|plan| (at, plan)));
        }
        Ok(Some(InUse { first, then }))
    }
    /// What the records of obligations say, for a ledger without a case: the plan by which the last was imposed.
    pub fn of_duties<L: Ledger>(
        desk: &Desk<L>,
        records: &[DutyRecord],
    ) -> Result<Option<InUse>, Fail> {
        let imposed = records.iter().filter(|record| record.version == 1);
        let Some(last) = imposed.max_by_key(|record| record.at) else {
            return Ok(None);
        };
        Ok(kept(desk, &last.plan)?.map(InUse::always))
    }
    /// The plan that was in use at a moment.
    pub fn at(&self, moment: Moment) -> &Plan {
        let by_then = self.then.iter().rfind(|(since, _)| *since <= moment);
        by_then.map_or(&self.first, |(_, plan)| plan)
    }
    /// When the digest of a day is cut, and by which plan: the one that was in use last before the day was cut.
    pub fn cut(&self, day: NaiveDate) -> (Moment, &Plan) {
        let cut = |plan: &Plan| Period::day(plan, day).until;
        let mut plan = &self.first;
        for (since, next) in &self.then {
            if *since > cut(plan) {
                break;
            }
            plan = next;
        }
        (cut(plan), plan)
    }
}
