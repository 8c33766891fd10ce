//! A calendar that counts on its fingers: every minute of three weeks, with nothing but "what does the wall show now".

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime};
use duly::time::{Moment, Window};

use crate::world::World;

/// Days counted on either side of the date around which things happen.
const REACH: i64 = 11;

pub struct Model<'a> {
    world: &'a World,
    begin: i64,
    /// What the wall shows at each minute.
    wall: Vec<NaiveDateTime>,
    /// Whether the office works in each minute.
    open: Vec<bool>,
}

impl<'a> Model<'a> {
    pub fn new(world: &'a World) -> Model<'a> {
        let tz: chrono_tz::Tz = world.zone.name().parse().unwrap();
        let begin = world.at(-REACH * 86_400).unix();
        let minutes = 2 * REACH * 1440;
        let now = |minute: i64| {
            DateTime::from_timestamp(begin + minute * 60, 0)
                .unwrap()
                .with_timezone(&tz)
                .naive_local()
        };
        let wall: Vec<NaiveDateTime> = (0..minutes).map(now).collect();
        let mut open = vec![false; wall.len()];
        let mut date = wall[0].date() + Days::new(1);
        while date < wall[wall.len() - 1].date() - Days::new(1) {
            for window in works(world, &wall, date) {
                let opens = date.and_time(window.opens);
                let mut closes = date.and_time(window.closes);
                if closes <= opens {
                    closes = closes + Days::new(1);
                }
                // Opens when the wall first shows the opening time or more; closes when it has last shown less than the closing time, or
                // shows the closing time itself for the last time.
                let from = wall.iter().position(|wall| *wall >= opens).unwrap();
                let less = wall.iter().rposition(|wall| *wall < closes).unwrap() + 1;
                let until = wall
                    .iter()
                    .rposition(|wall| *wall == closes)
                    .unwrap_or(less)
                    .max(less);
                open[from..until.max(from)].fill(true);
            }
            date = date + Days::new(1);
        }
        Model {
            world,
            begin,
            wall,
            open,
        }
    }

    /// Windows of the date, none if the wall never shows it.
    pub fn works(&self, date: NaiveDate) -> Vec<Window> {
        works(self.world, &self.wall, date)
    }

    pub fn is_open(&self, at: i64) -> bool {
        self.open[usize::try_from((at - self.begin).div_euclid(60)).unwrap()]
    }

    /// Open seconds, one by one.
    pub fn measure(&self, a: Moment, b: Moment) -> i64 {
        let (a, b) = (a.unix(), b.unix());
        let mut sum = 0;
        let mut at = a;
        while at < b {
            // Whole minutes at once: a minute is open or it is not.
            let next = (self.begin + ((at - self.begin).div_euclid(60) + 1) * 60).min(b);
            sum += if self.is_open(at) { next - at } else { 0 };
            at = next;
        }
        sum
    }
}

fn works(world: &World, wall: &[NaiveDateTime], date: NaiveDate) -> Vec<Window> {
    if !wall.iter().any(|wall| wall.date() == date) {
        return Vec::new();
    }
    if let Some(opened) = world.days.opened.get(&date) {
        let ordinary = || {
            world
                .week
                .iter()
                .find(|day| !day.is_empty())
                .unwrap()
                .clone()
        };
        return opened.windows.clone().unwrap_or_else(ordinary);
    }
    if world.days.closed.contains_key(&date) {
        return Vec::new();
    }
    world.week[date.weekday().num_days_from_monday() as usize].clone()
}
