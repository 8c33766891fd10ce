//! 通报: a period by unit and by place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tally::Tally;
use super::{Board, Figures, Period, Table, pick, term, wall};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{CaseId, ClockKey, Lang, PlaceCode, UnitId};

/// The figures of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFigures {
    /// The lead unit; none for what happened before any unit had the case.
    pub unit: Option<UnitId>,
    /// Its figures.
    pub figures: Figures,
}

/// The figures of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceFigures {
    /// The place.
    pub place: PlaceCode,
    /// Its name, where the plan knows it.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// A case that was named (点名).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// When.
    pub at: Moment,
    /// The case.
    pub case: CaseId,
    /// The unit that had it.
    pub unit: Option<UnitId>,
    /// Its place.
    pub place: PlaceCode,
    /// For which clock; none, where a count was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockKey>,
    /// For which count: `returns`, …, and how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<(String, u32)>,
}

/// The bulletin of a period (通报).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// Its title, as the pack gives it.
    pub title: String,
    /// The posts it goes to.
    pub to: Vec<String>,
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// The period.
    pub period: Period,
    /// The whole board.
    pub total: Figures,
    /// By unit, in the order of their ids; first what had no unit. Their sum is the total.
    pub units: Vec<UnitFigures>,
    /// By place: every place of the plan in its order, then others that cases name. Their sum is the total.
    pub places: Vec<PlaceFigures>,
    /// The cases named, in the order of time.
    pub named: Vec<Named>,
}

/// The bulletin of a period. What is recorded after its end has no part in it, so that it can be made again, byte by
/// byte, at any later time.
///
/// ```
/// use duly::report::{Board, Period, bulletin};
/// let plan = duly::plan::bare("demo".parse()?);
/// let board = Board::fold(&[], None)?;
/// let month = Period::dates("2026-09-01".parse()?, "2026-09-30".parse()?, plan.zone);
/// let bulletin = bulletin(&board, &plan, month);
/// assert!(bulletin.total.is_empty());
/// assert_eq!(bulletin.places.len(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bulletin(board: &Board, plan: &Plan, period: Period) -> Bulletin {
    let mut tally = Tally {
        period,
        cells: BTreeMap::new(),
        named: Vec::new(),
    };
    let known = board.known(period.until);
    for file in board.files() {
        tally.file(file, known);
    }
    let mut units: BTreeMap<Option<UnitId>, Figures> = BTreeMap::new();
    let mut places: BTreeMap<PlaceCode, Figures> = BTreeMap::new();
    let mut total = Figures::default();
    for ((unit, place), figures) in tally.cells {
        *units.entry(unit).or_default() += figures;
        *places.entry(place).or_default() += figures;
        total += figures;
    }
    let known = plan.places.iter().map(|place| PlaceFigures {
        place: place.code.clone(),
        name: place.name.clone(),
        figures: places.remove(&place.code).unwrap_or_default(),
    });
    let mut places_of_plan: Vec<PlaceFigures> = known.collect();
    places_of_plan.extend(places.into_iter().map(|(place, figures)| PlaceFigures {
        place,
        name: String::new(),
        figures,
    }));
    tally
        .named
        .sort_by(|a, b| (a.at, &a.case).cmp(&(b.at, &b.case)));
    Bulletin {
        title: plan.bulletin.title.clone(),
        to: plan.bulletin.to.clone(),
        zone: plan.zone,
        period,
        total,
        units: units
            .into_iter()
            .map(|(unit, figures)| UnitFigures { unit, figures })
            .collect(),
        places: places_of_plan,
        named: tally.named,
    }
}

impl Bulletin {
    /// One row a unit, the total last.
    pub fn by_unit(&self, lang: Lang) -> Table {
        let none = pick(lang, "尚无单位", "no unit yet");
        let rows = self.units.iter().map(|it| {
            (
                it.unit.as_ref().map_or(none, UnitId::as_str).to_owned(),
                &it.figures,
            )
        });
        self.table(lang, pick(lang, "单位", "unit"), rows)
    }
    /// One row a place, the total last.
    pub fn by_place(&self, lang: Lang) -> Table {
        let rows = self.places.iter().map(|it| {
            (
                format!("{} {}", it.place, it.name).trim_end().to_owned(),
                &it.figures,
            )
        });
        self.table(lang, pick(lang, "地方", "place"), rows)
    }
    /// One row a naming.
    pub fn by_name(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => ["时间", "编号", "单位", "地方", "事由"],
            Lang::En => ["at", "case", "unit", "place", "for"],
        };
        self.named
            .iter()
            .fold(Table::new(self.headline(lang), columns), |table, it| {
                let why = match (&it.clock, &it.count) {
                    (Some(key), _) => term(lang, key.kind.zh(), key.kind.name()),
                    (None, Some((count, number))) => format!("{count} = {number}"),
                    (None, None) => String::new(),
                };
                let unit = it.unit.as_ref().map(UnitId::to_string).unwrap_or_default();
                table.row([
                    wall(it.at, self.zone),
                    it.case.to_string(),
                    unit,
                    it.place.to_string(),
                    why,
                ])
            })
    }

    fn table<'a>(
        &'a self,
        lang: Lang,
        head: &str,
        rows: impl Iterator<Item = (String, &'a Figures)>,
    ) -> Table {
        let figures = self.total.list(lang).into_iter().map(|(title, _)| title);
        let rates = self.total.rates(lang).into_iter().map(|(title, _)| title);
        let table = Table::new(
            self.headline(lang),
            std::iter::once(head).chain(figures).chain(rates),
        );
        let total = (pick(lang, "合计", "total").to_owned(), &self.total);
        rows.chain(std::iter::once(total))
            .fold(table, |table, (name, it)| {
                let figures = it.list(lang).into_iter().map(|(_, n)| n.to_string());
                let rates = it.rates(lang).into_iter().map(|(_, rate)| rate.to_string());
                table.row(std::iter::once(name).chain(figures).chain(rates))
            })
    }
    fn headline(&self, lang: Lang) -> String {
        let (after, until) = (
            wall(self.period.after.plus(1), self.zone),
            wall(self.period.until, self.zone),
        );
        match lang {
            Lang::Zh => format!("{}({after} 至 {until})", self.title),
            Lang::En => format!("{} ({after} to {until})", self.title),
        }
    }
}
