//! 通报: a period by unit and by place.

mod figures;
mod ranking;
mod sheets;
mod tally;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::figures::{Figures, ScoreSums};
pub use self::ranking::{Ranked, Ranking};
pub use self::sheets::Theme;
use self::tally::Tally;
use super::{Board, Period};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{CaseId, Channel, ClockKey, PlaceCode, UnitId};

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

impl PlaceFigures {
    /// The place by its code and name.
    pub fn title(&self) -> String {
        format!("{} {}", self.place, self.name)
            .trim_end()
            .to_owned()
    }
}

/// The figures of what came in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelFigures {
    /// Where it came in: a message board, a hotline, a reception sitting (接访).
    pub channel: Channel,
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
    /// By channel, in the order of their names. Their sum is the total.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelFigures>,
    /// The cases named, in the order of time.
    pub named: Vec<Named>,
    /// Who stands where; none, where the pack does not rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Ranking>,
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
    let known = board.known(period.until);
    let mut units: BTreeMap<Option<UnitId>, Figures> = BTreeMap::new();
    let mut places: BTreeMap<PlaceCode, Figures> = BTreeMap::new();
    let mut channels: BTreeMap<Channel, Figures> = BTreeMap::new();
    let mut total = Figures::default();
    let mut named = Vec::new();
    // A part is no message: what it did counts in the case that it is a part of.
    for file in board.messages() {
        let mut tally = Tally {
            period,
            cells: BTreeMap::new(),
            named: Vec::new(),
        };
        tally.file(file, known);
        named.append(&mut tally.named);
        for ((unit, place), figures) in tally.cells {
            *units.entry(unit).or_default() += figures;
            *places.entry(place).or_default() += figures;
            *channels.entry(file.case().channel().clone()).or_default() += figures;
            total += figures;
        }
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
    named.sort_by(|a: &Named, b| (a.at, &a.case).cmp(&(b.at, &b.case)));
    let mut bulletin = Bulletin {
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
        channels: channels
            .into_iter()
            .map(|(channel, figures)| ChannelFigures { channel, figures })
            .collect(),
        named,
        ranking: None,
    };
    let rule = plan.bulletin.ranking.as_ref();
    bulletin.ranking = rule.map(|rule| Ranking::of(rule, &bulletin));
    bulletin
}
