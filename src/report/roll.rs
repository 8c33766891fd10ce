//! 台账: every case, one row each.

use serde::{Deserialize, Serialize};

use super::board::breach;
use super::digest::lapses;
use super::{Board, Table, pick, term, wall};
use crate::case::{Case, Clock};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{
    CaseId, Channel, Class, ClockKey, ExternalId, Lang, Outcome, PersonId, PlaceCode, Rating,
    Shown, StageName, UnitId,
};

/// One case on the roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollRow {
    /// The case.
    pub case: CaseId,
    /// Where it came in.
    pub channel: Channel,
    /// Its number there.
    pub external_id: ExternalId,
    /// When it was received.
    pub received: Moment,
    /// When the first message on the matter was received, where that is one of a case that follows this one (最早收到).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_first: Option<Moment>,
    /// The case that it follows, or followed when it was struck off as merged (并入).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<CaseId>,
    /// The place it is about.
    pub place: PlaceCode,
    /// The place's name, where the plan knows it.
    pub place_name: String,
    /// Its class, once screened.
    pub class: Option<Class>,
    /// Where it stands.
    pub stage: StageName,
    /// What the citizen sees.
    pub shown: Shown,
    /// The lead unit.
    pub unit: Option<UnitId>,
    /// The named owner.
    pub owner: Option<PersonId>,
    /// The running clock that falls due first, of those by which somebody owes something, and when. None while all
    /// of them wait, and once it is closed.
    pub due: Option<(ClockKey, Moment)>,
    /// How many of its clocks were ever past due. That stays, whatever comes after.
    pub breached: u32,
    /// Whether a clock is past due and not done.
    pub overdue: bool,
    /// How often it was sent back.
    pub returns: u32,
    /// How it ended, if it has.
    pub outcome: Option<Outcome>,
    /// What is known of the citizen's satisfaction.
    pub rating: Option<Rating>,
}

/// The roll of a board (台账): one row a message, in the order of receipt, then of case ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// The pack's title.
    pub title: String,
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// As of when.
    pub until: Option<Moment>,
    /// Its rows.
    pub rows: Vec<RollRow>,
}

/// The roll of a board, as of the moment up to which it was folded.
///
/// ```
/// use duly::report::{Board, roll};
/// let plan = duly::plan::bare("demo".parse()?);
/// assert!(roll(&Board::fold(&[], None)?, &plan).rows.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn roll(board: &Board, plan: &Plan) -> Roll {
    let now = board.until().unwrap_or(Moment::MIN);
    let mut rows: Vec<RollRow> = board
        .messages()
        .map(|file| row(file.case(), plan, now))
        .collect();
    rows.sort_by(|a, b| (a.received, &a.case).cmp(&(b.received, &b.case)));
    Roll {
        title: plan.title.clone(),
        zone: plan.zone,
        until: board.until(),
        rows,
    }
}

fn row(case: &Case, plan: &Plan, now: Moment) -> RollRow {
    let owed = case
        .clocks()
        .iter()
        .filter(|clock| clock.is_running() && !lapses(clock.key.kind));
    let past = |clock: &&Clock| breach(clock, now).is_some();
    RollRow {
        case: case.id().clone(),
        channel: case.channel().clone(),
        external_id: case.external_id().clone(),
        received: case.received_at(),
        received_first: Some(case.received_first()).filter(|first| *first < case.received_at()),
        follows: case.follows().cloned(),
        place: case.place().clone(),
        place_name: plan
            .place(case.place())
            .map(|place| place.name.clone())
            .unwrap_or_default(),
        class: case.class(),
        stage: case.stage_name(),
        shown: case.shown(),
        unit: case.team().map(|team| team.unit.clone()),
        owner: case.team().map(|team| team.owner.clone()),
        due: owed
            .map(|clock| (clock.key, clock.schedule.legal_due))
            .min_by_key(|(_, due)| *due),
        breached: u32::try_from(case.clocks().iter().filter(past).count()).unwrap_or(u32::MAX),
        overdue: case.clocks().iter().filter(past).any(Clock::is_live),
        returns: case.returns(),
        outcome: case.outcome(),
        rating: case.rating(),
    }
}

impl Roll {
    /// One row a case.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => [
                "编号",
                "渠道",
                "原编号",
                "收到",
                "最早收到",
                "并入",
                "地方",
                "类别",
                "环节",
                "显示",
                "主办单位",
                "责任人",
                "时限",
                "到期",
                "超期",
                "退回",
                "结果",
                "评价",
            ],
            Lang::En => [
                "case",
                "channel",
                "number there",
                "received",
                "first received",
                "follows",
                "place",
                "class",
                "stage",
                "shown",
                "unit",
                "owner",
                "clock",
                "due",
                "breached",
                "returns",
                "outcome",
                "rating",
            ],
        };
        let as_of = self.until.map(|at| wall(at, self.zone)).unwrap_or_default();
        let title = match lang {
            Lang::Zh => format!("{} 台账 {as_of}", self.title),
            Lang::En => format!("{} roll {as_of}", self.title),
        };
        self.rows
            .iter()
            .fold(Table::new(title.trim_end(), columns), |table, it| {
                table.row(self.cells(it, lang))
            })
    }

    fn cells(&self, it: &RollRow, lang: Lang) -> [String; 18] {
        let or_empty = |text: Option<String>| text.unwrap_or_default();
        let breached = match it.breached {
            0 => String::new(),
            n if it.overdue => format!("{n} {}", pick(lang, "未了", "still open")),
            n => n.to_string(),
        };
        [
            it.case.to_string(),
            it.channel.to_string(),
            it.external_id.to_string(),
            wall(it.received, self.zone),
            or_empty(it.received_first.map(|at| wall(at, self.zone))),
            or_empty(it.follows.as_ref().map(CaseId::to_string)),
            format!("{} {}", it.place, it.place_name)
                .trim_end()
                .to_owned(),
            or_empty(it.class.map(|class| term(lang, class.zh(), class.name()))),
            term(lang, it.stage.zh(), it.stage.name()),
            term(lang, it.shown.zh(), it.shown.name()),
            or_empty(it.unit.as_ref().map(UnitId::to_string)),
            or_empty(it.owner.as_ref().map(PersonId::to_string)),
            or_empty(
                it.due
                    .map(|(key, _)| term(lang, key.kind.zh(), key.kind.name())),
            ),
            or_empty(it.due.map(|(_, at)| wall(at, self.zone))),
            breached,
            it.returns.to_string(),
            or_empty(
                it.outcome
                    .map(|outcome| term(lang, outcome.zh(), outcome.name())),
            ),
            or_empty(
                it.rating
                    .map(|rating| term(lang, rating.zh(), rating.name())),
            ),
        ]
    }
}
