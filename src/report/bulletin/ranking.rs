//! 排名: who stands where, where the pack asks for that.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::super::{Rate, Table, pick};
use super::{Bulletin, Figures};
use crate::plan::{RankBy, RankingRule};
use crate::words::{Lang, UnitId};

/// One unit or place in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// The unit's id, or the place with its name.
    pub name: String,
    /// Its rate.
    pub rate: Rate,
    /// Its rank, from 1; those with the same rate share one, and the next number is left out. None: it has too few
    /// cases to be ranked.
    pub rank: Option<u32>,
}

/// The ranking of a bulletin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    /// By which rate.
    pub by: RankBy,
    /// How many cases it takes to be ranked.
    pub at_least: u32,
    /// The units, the best first; last, in the order of ids, those that are not ranked.
    pub units: Vec<Ranked>,
    /// The places, likewise.
    pub places: Vec<Ranked>,
}

impl Ranking {
    /// Ranks the lines of a bulletin. What had no unit is nobody's and has no place in it.
    pub(super) fn of(rule: &RankingRule, bulletin: &Bulletin) -> Ranking {
        let units = bulletin.units.iter().filter_map(|it| {
            let unit = it.unit.as_ref().map(UnitId::to_string)?;
            Some((unit, rule.by.rate(&it.figures)))
        });
        let places = bulletin
            .places
            .iter()
            .map(|it| (it.title(), rule.by.rate(&it.figures)));
        Ranking {
            by: rule.by,
            at_least: rule.at_least,
            units: ranked(units, rule.at_least),
            places: ranked(places, rule.at_least),
        }
    }
    /// One row a unit, then one a place.
    pub fn table(&self, lang: Lang, title: &str) -> Table {
        let rate = pick(lang, self.by.zh(), self.by.title());
        let columns = match lang {
            Lang::Zh => ["名次", "单位或地方", rate, "件数"],
            Lang::En => ["rank", "unit or place", rate, "cases"],
        };
        let title = match lang {
            Lang::Zh => format!("{title} 按“{rate}”排名(不足 {} 件的不排)", self.at_least),
            Lang::En => format!(
                "{title} ranked by {rate} (not with fewer than {} cases)",
                self.at_least
            ),
        };
        let all = self.units.iter().chain(&self.places);
        all.fold(Table::new(title, columns), |table, it| {
            let rank = it.rank.map_or("–".to_owned(), |rank| rank.to_string());
            let cases = it.rate.whole.to_string();
            table.row([rank, it.name.clone(), it.rate.to_string(), cases])
        })
    }
}

fn ranked(all: impl Iterator<Item = (String, Rate)>, at_least: u32) -> Vec<Ranked> {
    let least = u64::from(at_least.max(1));
    let (mut enough, few): (Vec<_>, Vec<_>) = all.partition(|(_, rate)| rate.whole >= least);
    enough.sort_by(|(_, a), (_, b)| b.order(*a).unwrap_or(Ordering::Equal));
    let mut ranks: Vec<Ranked> = Vec::new();
    for (at, (name, rate)) in (1u32..).zip(enough) {
        let tied = ranks
            .last()
            .filter(|last| last.rate.order(rate) == Some(Ordering::Equal));
        let rank = tied.map_or(Some(at), |last| last.rank);
        ranks.push(Ranked { name, rate, rank });
    }
    ranks.extend(few.into_iter().map(|(name, rate)| Ranked {
        name,
        rate,
        rank: None,
    }));
    ranks
}

impl RankBy {
    /// That rate, of these figures.
    pub fn rate(self, figures: &Figures) -> Rate {
        match self {
            RankBy::FirstReply => figures.first_reply_rate(),
            RankBy::OnTime => figures.on_time_rate(),
            RankBy::Effective => figures.effective_rate(),
            RankBy::StrikeOff => figures.strike_off_rate(),
            RankBy::Solved => figures.solved_rate(),
            RankBy::Satisfied => figures.satisfied_rate(),
        }
    }
    /// The head of its column in English.
    const fn title(self) -> &'static str {
        match self {
            RankBy::FirstReply => "first-reply rate",
            RankBy::OnTime => "on-time rate",
            RankBy::Effective => "effective rate",
            RankBy::StrikeOff => "strike-off rate",
            RankBy::Solved => "solved rate",
            RankBy::Satisfied => "satisfied rate",
        }
    }
}
