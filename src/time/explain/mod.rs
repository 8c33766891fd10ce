//! Why a limit is due when it is: which days counted, which did not, and what held the clock up.
//!
//! [`Term::explain`] reckons as [`Term::due`] does, by the same legs, and keeps a ledger of it as plain data, a [`Derivation`].
//! `leg` reckons, `ledger` sorts dates and seconds into stretches, `group` gathers them as a person would, `tell` puts all in order, and
//! `en` and `zh` say it.

mod en;
mod group;
mod ledger;
mod leg;
mod tell;
mod zh;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::counting::{Counting, DayOne, Ends};
use super::error::TimeError;
use super::moment::Moment;
use super::pauses::{Pause, Pauses};
use super::span::Span;
use super::table::Coverage;
use super::term::{Due, Term};
use super::zone::Zone;
use leg::Explainer;

pub use leg::{ClockChange, Closing, Counted, Leg, LegEnd, Rolled};

/// Why a limit is due when it is (期限推算说明): every leg from the anchor to the due moment, with the calendar it was reckoned by.
///
/// It is bounded however long the limit: a leg lists at most [`LISTED`](Derivation::LISTED) stretches of dates. A longer list first
/// folds ordinary days of rest into the weeks around them ([`Standing::Weeks`]); what is still beyond is only counted, in one last
/// stretch ([`Standing::Unlisted`]). All counts stay whole, whatever is listed.
///
/// A derivation is stored as data and told as text by [`en`](Derivation::en) and [`zh`](Derivation::zh).
///
/// ```
/// use duly::time::{Calendar, Counting, DayTable, Hours, Moment, Span, Term};
/// let hours = Hours::weekdays(vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?]);
/// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::cn())?;
/// let received = Moment::parse("2026-02-13T10:00:00+08:00")?;
/// let why = Term::new(received, Span::WorkingDays(5), Counting::cn()).explain(&office, &[])?;
/// assert_eq!(why.due.unwrap().at, Moment::parse("2026-02-27T18:00:00+08:00")?);
/// assert!(why.zh().contains("2026-02-15(星期日)至 02-23(星期一)放假(春节),不计入"));
/// assert!(why.en().contains("Due: Friday 27 February 2026, 18:00, when work ends that day (Asia/Shanghai time)."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    /// The moment from which the limit runs.
    pub anchor: Moment,
    /// How its days are counted.
    pub counting: Counting,
    /// The zone in whose local time the text speaks.
    pub zone: Zone,
    /// Id and revision of the calendar.
    pub calendar: String,
    /// Dates whose holidays the calendar knows.
    pub coverage: Coverage,
    /// The pauses between the anchor and the end, in order of time, with their reasons. Those that overlap hold the clock up once.
    pub pauses: Vec<NamedPause>,
    /// The limit, then each extension that has begun to run.
    pub legs: Vec<Leg>,
    /// Extensions that begin to run only when a leg before them ends, which a pause without end keeps from ending.
    pub waiting: Vec<Span>,
    /// When the limit ends, as [`Term::due`] has it; none while a pause without end keeps it from ending.
    pub due: Option<Due>,
    /// If the due moment is provisional, the dates of the limit whose holidays are not known.
    pub unknown: Option<Coverage>,
}

/// A pause with the reason a person would give for it: a [`Pauses`] knows only the times, since reasons overlap.
///
/// ```
/// use duly::time::{Moment, NamedPause};
/// let pause = NamedPause { from: Moment::MIN, until: None, reason: "待网民补充".to_owned() };
/// assert_eq!(NamedPause::union(&[pause]).open_since(), Some(Moment::MIN));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPause {
    /// First moment at which the clock stands still.
    pub from: Moment,
    /// First moment at which it runs again; `None` while nobody knows.
    pub until: Option<Moment>,
    /// Why, in words for people. It is told as it is, shortened if long.
    pub reason: String,
}

impl NamedPause {
    /// The stretches during which any of the pauses holds: what [`Term::due`] takes.
    ///
    /// ```
    /// use duly::time::{Moment, NamedPause, Pauses};
    /// let until = |hours: i64| Some(Moment::MIN.plus(hours * 3600));
    /// let one = NamedPause { from: Moment::MIN, until: until(2), reason: "待网民补充".to_owned() };
    /// let other = NamedPause { until: until(5), reason: "待鉴定".to_owned(), ..one.clone() };
    /// assert_eq!(NamedPause::union(&[one, other]), Pauses::none().with(Moment::MIN, until(5)));
    /// ```
    pub fn union(pauses: &[NamedPause]) -> Pauses {
        let bare = pauses.iter().map(|pause| Pause {
            from: pause.from,
            until: pause.until,
        });
        Pauses::from(bare.collect::<Vec<_>>())
    }
}

impl Pauses {
    /// These pauses, each for the same reason.
    ///
    /// ```
    /// use duly::time::{Moment, NamedPause, Pauses};
    /// let pauses = Pauses::none().with(Moment::MIN, None);
    /// assert_eq!(NamedPause::union(&pauses.named("待网民补充")), pauses);
    /// ```
    pub fn named(&self, reason: &str) -> Vec<NamedPause> {
        let named = |pause: Pause| NamedPause {
            from: pause.from,
            until: pause.until,
            reason: reason.to_owned(),
        };
        self.iter().map(named).collect()
    }
}

/// Dates in a row of which the same is to be said.
///
/// ```
/// use duly::time::{Calendar, Counted, Counting, Moment, Span, Term, Standing, Zone};
/// let start = Moment::parse("2026-01-01T10:00:00Z")?;
/// let why = Term::new(start, Span::CalendarDays(3), Counting::cn()).explain(&Calendar::always(Zone::UTC), &[])?;
/// let Counted::Dates { ledger, .. } = &why.legs[0].counted else { unreachable!() };
/// let said: Vec<_> = ledger.iter().map(|stretch| (stretch.counted, &stretch.standing)).collect();
/// assert_eq!(said, [(0, &Standing::FirstDay), (3, &Standing::Counted)]);
/// # Ok::<(), duly::time::TimeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// First date.
    pub first: NaiveDate,
    /// Last date; it may be the first.
    pub last: NaiveDate,
    /// How much of the limit was used up here: days, or seconds of working time.
    pub counted: i64,
    /// How much was not because of the pauses, in the same unit.
    pub stood: i64,
    /// What is to be said of each date.
    pub standing: Standing,
}

impl Stretch {
    /// How many dates the stretch has, those that never were included.
    ///
    /// ```
    /// use duly::time::{Stretch, Standing};
    /// let (first, last) = ("2026-02-15".parse().unwrap(), "2026-02-23".parse().unwrap());
    /// assert_eq!(Stretch { first, last, counted: 0, stood: 0, standing: Standing::Rest }.dates(), 9);
    /// ```
    pub fn dates(&self) -> i64 {
        self.last.signed_duration_since(self.first).num_days() + 1
    }
}

/// Whether a date counted, and why not.
///
/// ```
/// use duly::time::Standing;
/// assert_eq!(serde_json::to_string(&Standing::Holiday("春节".to_owned())).unwrap(), r#"{"holiday":"春节"}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// The date from which days are counted, which is not itself one of them.
    FirstDay,
    /// A working day whose hours were over, or not yet reached, while the limit ran.
    OutsideHours,
    /// It counted as a day.
    Counted,
    /// So many seconds of working time were counted on each date.
    Worked(i64),
    /// Opened by the calendar, with the name of what it makes up for; it counted.
    MakeUp(String),
    /// The ordinary week has no work on it.
    Rest,
    /// Closed by the calendar, with the holiday's name.
    Holiday(String),
    /// The clock stood still when the day closed, or in all its hours, for these reasons.
    Paused(Vec<String>),
    /// The clock stood still in some of its hours, for these reasons.
    PartlyPaused(Vec<String>),
    /// The wall clock of the zone skipped it.
    NeverWas,
    /// Ordinary weeks, the days of rest between the days that counted not listed apart.
    Weeks {
        /// Dates that counted.
        counted: i64,
        /// Days of rest.
        rest: i64,
    },
    /// What was too long to list, only counted: how many dates were of each kind.
    Unlisted {
        /// Working days, make-up days included, whether they counted or a pause held them up.
        working: i64,
        /// Ordinary days of rest.
        rest: i64,
        /// Holidays.
        holidays: i64,
    },
}

impl Derivation {
    /// Most stretches of dates that a leg lists.
    ///
    /// ```
    /// assert_eq!(duly::time::Derivation::LISTED, 60);
    /// ```
    pub const LISTED: usize = 60;

    /// The derivation in plain English, one statement a line, to be read aloud.
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, Moment, Span, Term, Zone};
    /// let start = Moment::parse("2026-01-01T00:00:00Z")?;
    /// let why = Term::new(start, Span::hours(3), Counting::cn()).explain(&Calendar::always(Zone::UTC), &[])?;
    /// assert!(why.en().starts_with("The limit is 3 hours."));
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn en(&self) -> String {
        let (zone, to_the_hour) = (self.zone, self.to_the_hour());
        tell::tell(self, &en::En { zone, to_the_hour })
    }

    /// The derivation in plain Chinese, one statement a line, to be read aloud.
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, Moment, Span, Term, Zone};
    /// let start = Moment::parse("2026-01-01T00:00:00Z")?;
    /// let why = Term::new(start, Span::hours(3), Counting::cn()).explain(&Calendar::always(Zone::UTC), &[])?;
    /// assert!(why.zh().starts_with("期限:3 小时"));
    /// # Ok::<(), duly::time::TimeError>(())
    /// ```
    pub fn zh(&self) -> String {
        let (zone, to_the_hour) = (self.zone, self.to_the_hour());
        tell::tell(self, &zh::Zh { zone, to_the_hour })
    }

    fn to_the_hour(&self) -> bool {
        self.counting.ends == Ends::SameTime && self.counting.at.is_none()
    }
}

impl Term {
    /// Why the limit is due when it is. The pauses are those that [`due`](Term::due) was given, with their reasons;
    /// [`NamedPause::union`] makes the one from the other.
    ///
    /// Nothing is stored in a term but what a rule states, so a question of "what if" is an explanation of a changed term:
    ///
    /// ```
    /// use duly::time::{Calendar, Counting, DayTable, Hours, Moment, NamedPause, Span, Term};
    /// let hours = Hours::weekdays(vec!["09:00-12:00".parse()?, "14:00-18:00".parse()?]);
    /// let office = Calendar::new("Asia/Shanghai".parse()?, hours, &DayTable::cn())?;
    /// let at = |text: &str| Moment::parse(text);
    /// let term = Term::new(at("2026-03-02T10:00:00+08:00")?, Span::WorkingDays(5), Counting::cn());
    /// assert_eq!(term.explain(&office, &[])?.due.unwrap().at, at("2026-03-09T18:00:00+08:00")?);
    ///
    /// // What if the citizen takes three days to send the papers?
    /// let pause = NamedPause {
    ///     from: at("2026-03-03T09:00:00+08:00")?,
    ///     until: Some(at("2026-03-06T09:00:00+08:00")?),
    ///     reason: "待网民补充".to_owned(),
    /// };
    /// let paused = term.explain(&office, &[pause])?;
    /// assert_eq!(paused.due.unwrap().at, at("2026-03-12T18:00:00+08:00")?);
    /// assert!(paused.zh().contains("2026-03-03(星期二)至 03-05(星期四)暂停(待网民补充),3 天不计入"));
    ///
    /// // What if five working days are granted on top?
    /// let extended = Term { extensions: vec![Span::WorkingDays(5)], ..term }.explain(&office, &[])?;
    /// assert_eq!(extended.due.unwrap().at, at("2026-03-16T18:00:00+08:00")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`due`](Term::due).
    pub fn explain(
        &self,
        calendar: &Calendar,
        pauses: &[NamedPause],
    ) -> Result<Derivation, TimeError> {
        let union = NamedPause::union(pauses);
        let mut named = pauses.to_vec();
        named.sort_by_key(|pause| (pause.from, pause.until.unwrap_or(Moment::MAX)));
        let explainer = Explainer {
            reckoner: self.reckoner(calendar, &union),
            named: &named,
        };
        let (mut legs, mut waiting) = (Vec::new(), Vec::new());
        let mut end = Some(explainer.reckoner.start(self.anchor));
        let mut day_one = self.counting.day_one;
        for span in self.steps() {
            let Some(from) = end else {
                waiting.push(span.clone());
                continue;
            };
            let (leg, ended) = explainer.leg(from, span, day_one)?;
            legs.push(leg);
            end = ended;
            day_one = DayOne::Exclude;
        }
        let spans: Vec<&Span> = self.steps().collect();
        let due = end.map(|end| Due {
            at: end.at,
            provisional: explainer.reckoner.provisional(self.anchor, end, &spans),
        });
        let unknown = end.filter(|_| due.is_some_and(|due| due.provisional));
        let until = due.map_or(Moment::MAX, |due| due.at);
        let touching = |pause: &&NamedPause| {
            let ends = pause.until.unwrap_or(Moment::MAX);
            pause.from < until.min(ends) && self.anchor < ends
        };
        let touching = named.iter().filter(touching).cloned().collect();
        Ok(Derivation {
            anchor: self.anchor,
            counting: self.counting,
            zone: calendar.zone(),
            calendar: calendar.revision().to_owned(),
            coverage: calendar.coverage(),
            pauses: touching,
            legs,
            waiting,
            due,
            unknown: unknown.map(|end| explainer.unknown(self.anchor, end.reach)),
        })
    }
}
