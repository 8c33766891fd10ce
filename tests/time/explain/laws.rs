//! What holds of every explanation.

use chrono::{Days, NaiveDate, NaiveTime};
use duly::time::{
    Counted, Counting, Day, Derivation, Leg, LegEnd, Moment, NamedPause, Pauses, Span, Standing,
    Stretch, Term, Unit,
};
use proptest::prelude::*;

use crate::terms::{counting, simple, span};
use crate::world::{World, seconds, stretches, world};

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    }
}

/// The stretches as pauses for two reasons in turn, the last perhaps without an end.
fn named(world: &World, stretches: &[(i64, i64)], open: bool) -> Vec<NamedPause> {
    let last = stretches.len().saturating_sub(1);
    let pause = |(at, &(from, length)): (usize, &(i64, i64))| NamedPause {
        from: world.at(from),
        until: (at < last || !open).then(|| world.at(from).plus(length)),
        reason: ["待网民补充", "待鉴定"][at % 2].to_owned(),
    };
    let mut pauses: Vec<NamedPause> = stretches.iter().enumerate().map(pause).collect();
    pauses.sort_by_key(|pause| (pause.from, pause.until.unwrap_or(Moment::MAX)));
    pauses
}

/// Stretches that follow one another without a date missing or told twice.
fn in_a_row(ledger: &[Stretch]) -> Result<(), TestCaseError> {
    prop_assert!(ledger.len() <= Derivation::LISTED, "{}", ledger.len());
    for stretch in ledger {
        prop_assert!(stretch.first <= stretch.last, "{:?}", stretch);
    }
    for pair in ledger.windows(2) {
        prop_assert_eq!(pair[0].last.succ_opt(), Some(pair[1].first));
        prop_assert_ne!(&pair[0].standing, &pair[1].standing);
    }
    Ok(())
}

/// What each standing says of the amounts beside it.
fn amounts_fit(ledger: &[Stretch], unit: Unit) -> Result<(), TestCaseError> {
    let days = unit != Unit::WorkingTime;
    for stretch in ledger {
        let (dates, counted, stood) = (stretch.dates(), stretch.counted, stretch.stood);
        let fits = match &stretch.standing {
            Standing::Counted => days && counted == dates && stood == 0,
            Standing::Worked(each) => !days && counted == each * dates && *each > 0 && stood == 0,
            Standing::MakeUp(_) if days => counted == dates && stood == 0,
            Standing::MakeUp(_) => counted > 0 && stood == 0,
            Standing::Paused(reasons) if days => {
                counted == 0 && stood == dates && !reasons.is_empty()
            }
            Standing::Paused(reasons) => counted == 0 && stood > 0 && !reasons.is_empty(),
            Standing::PartlyPaused(reasons) => {
                !days && counted > 0 && stood > 0 && !reasons.is_empty()
            }
            Standing::Weeks { counted: n, rest } => {
                n + rest == dates && if days { counted == *n } else { counted >= *n } && stood == 0
            }
            Standing::Unlisted {
                working,
                rest,
                holidays,
            } => {
                // Only dates that never were are of no kind.
                (dates - 1..=dates).contains(&(working + rest + holidays))
            }
            _ => counted == 0 && stood == 0,
        };
        prop_assert!(fits, "{:?}", stretch);
    }
    Ok(())
}

/// One leg adds up, from its start to its end.
fn adds_up(world: &World, pauses: &Pauses, leg: &Leg) -> Result<(), TestCaseError> {
    let sum = |ledger: &[Stretch]| ledger.iter().map(|stretch| stretch.counted).sum::<i64>();
    let (ended, left) = match &leg.end {
        LegEnd::Ended { at, date } => (Some((*at, *date)), None),
        LegEnd::Held { left, .. } => (None, left.clone()),
    };
    match &leg.counted {
        Counted::Nothing => prop_assert!(leg.span.is_zero() && ended.is_some()),
        Counted::Elapsed { stood, .. } => {
            let Span::Elapsed(seconds) = leg.span else {
                panic!("{leg:?}")
            };
            match (ended, left) {
                (Some((at, _)), _) => prop_assert_eq!(at.since(leg.from) - stood, seconds),
                (None, Some(Span::Elapsed(left))) => prop_assert!((1..=seconds).contains(&left)),
                _ => prop_assert!(false, "{:?}", leg),
            }
        }
        Counted::WorkingTime { ledger, last, .. } => {
            let Span::WorkingTime(seconds) = leg.span else {
                panic!("{leg:?}")
            };
            in_a_row(ledger)?;
            amounts_fit(ledger, Unit::WorkingTime)?;
            let left = match left {
                Some(Span::WorkingTime(left)) => left,
                _ => 0,
            };
            prop_assert_eq!(sum(ledger) + left, seconds);
            let start = leg.from.date(world.zone);
            prop_assert!(ledger[0].first <= start && start <= ledger.last().unwrap().last);
            if let Some((at, date)) = ended {
                let reached = ledger.last().unwrap().last;
                // Put back over midnight, the clock shows the eve again when the hours of the date have begun.
                let begun = world
                    .calendar
                    .windows(reached)
                    .iter()
                    .any(|(opens, _)| *opens < at);
                prop_assert!(
                    reached == date || (reached.pred_opt() == Some(date) && begun),
                    "{reached} {date}"
                );
                prop_assert_eq!(last.last().map(|(_, closes)| *closes), Some(at));
                prop_assert!(last.iter().all(|(opens, closes)| opens < closes
                    && world.calendar.measure(*opens, *closes) == closes.since(*opens)));
                let stood: i64 = ledger.iter().map(|stretch| stretch.stood).sum();
                prop_assert_eq!(
                    world.calendar.measure(leg.from, at)
                        - pauses.running(&world.calendar, leg.from, at),
                    stood
                );
            }
        }
        Counted::Dates {
            unit,
            days,
            ledger,
            rolled,
            ..
        } => {
            in_a_row(ledger)?;
            amounts_fit(ledger, *unit)?;
            prop_assert_eq!(ledger[0].first, leg.date);
            let left = match left {
                Some(Span::WorkingDays(left)) if *unit == Unit::WorkingDays => i64::from(left),
                Some(Span::CalendarDays(left)) if *unit == Unit::CalendarDays => i64::from(left),
                None => 0,
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            };
            prop_assert_eq!(sum(ledger) + left, *days);
            if *unit == Unit::WorkingDays {
                // What the pauses took are the other working days since counting began.
                let before = |stretch: &&Stretch| {
                    matches!(
                        stretch.standing,
                        Standing::FirstDay | Standing::OutsideHours
                    )
                };
                let after = ledger.iter().rev().find(before);
                let first = after.map_or(leg.date, |stretch| stretch.last + Days::new(1));
                let past = ledger.last().unwrap().last + Days::new(1);
                let stood: i64 = ledger.iter().map(|stretch| stretch.stood).sum();
                let working = world.calendar.working_days_between(first, past);
                prop_assert_eq!(sum(ledger) + stood, working);
            }
            let last = ledger.last().unwrap().last;
            match (ended, rolled) {
                (Some((_, date)), None) => prop_assert_eq!(last, date),
                (Some((at, ended)), Some(rolled)) => {
                    in_a_row(&rolled.passed)?;
                    prop_assert_eq!(rolled.from, last);
                    let date = rolled.to.unwrap();
                    // What rolls back to a date that was over ends as it begins.
                    let over = date < ended && (at, ended) == (leg.from, leg.date);
                    prop_assert!(date == ended || over, "{leg:?}");
                    let (first, last) =
                        (rolled.passed[0].first, rolled.passed.last().unwrap().last);
                    if date > rolled.from {
                        prop_assert_eq!(
                            (Some(first), last.succ_opt()),
                            (Some(rolled.from), Some(date))
                        );
                    } else {
                        prop_assert_eq!((first.pred_opt(), last), (Some(date), rolled.from));
                    }
                    prop_assert!(rolled.passed.iter().all(|stretch| stretch.counted == 0));
                }
                (None, rolled) => prop_assert_eq!(left == 0, rolled.is_some()),
            }
        }
        Counted::Choice { legs, decides } => {
            for part in legs {
                prop_assert_eq!((part.from, part.date), (leg.from, leg.date));
                adds_up(world, pauses, part)?;
            }
            let ends = legs.iter().map(|part| match part.end {
                LegEnd::Ended { at, .. } => Some(at),
                LegEnd::Held { .. } => None,
            });
            let decided = match leg.span {
                Span::Earliest(_) => ends.clone().flatten().min(),
                _ if ends.clone().any(|end| end.is_none()) => None,
                _ => ends.clone().flatten().max(),
            };
            prop_assert_eq!(decided, ended.map(|(at, _)| at));
            // Of several that end together, the first decides.
            let first = ends.clone().position(|end| end.is_some() && end == decided);
            prop_assert_eq!(*decides, first);
        }
        other => prop_assert!(false, "{:?}", other),
    }
    Ok(())
}

/// Dates that a due moment may be told by: midnight at the end of a date is that date's.
fn dates_of(world: &World, at: Moment) -> [NaiveDate; 2] {
    [at.date(world.zone), at.plus(-1).date(world.zone)]
}

proptest! {
    #![proptest_config(config())]

    /// An explanation ends where the limit does, holds the pauses that were given, and each of its legs adds up: what counted makes
    /// the length of the span, no date is told twice or left out, and what the pauses took is what they took.
    #[test]
    fn an_explanation_explains_the_due_moment(
        world in world(), a in seconds(5), span in span(), counting in counting(), extensions in prop::collection::vec(simple(), 0..3),
        stretches in stretches(), open in prop::bool::weighted(0.3),
    ) {
        let pauses = named(&world, &stretches, open);
        let union = NamedPause::union(&pauses);
        let term = Term { anchor: world.at(a), span, counting, extensions };
        let why = term.explain(&world.calendar, &pauses).unwrap();
        prop_assert_eq!(why.due, term.due(&world.calendar, &union).unwrap());
        let spans: Vec<&Span> = why.legs.iter().map(|leg| &leg.span).chain(&why.waiting).collect();
        prop_assert_eq!(spans, std::iter::once(&term.span).chain(&term.extensions).collect::<Vec<_>>());
        let (mut from, mut date) = (term.anchor, term.anchor.date(world.zone));
        for leg in &why.legs {
            prop_assert_eq!((leg.from, leg.date), (from, date));
            adds_up(&world, &union, leg)?;
            if let LegEnd::Ended { at, date: on } = leg.end {
                (from, date) = (at, on);
            }
        }
        let until = why.due.map_or(Moment::MAX, |due| due.at);
        for pause in &why.pauses {
            prop_assert!(pauses.contains(pause) && pause.from < until);
        }
        prop_assert_eq!(NamedPause::union(&why.pauses).total(term.anchor, until), union.total(term.anchor, until));
    }

    /// Both languages tell every explanation, and name the date on which the limit is due; stored and read back, it is the same.
    #[test]
    fn every_explanation_is_told_and_stored(
        world in world(), a in seconds(5), span in span(), counting in counting(), extensions in prop::collection::vec(simple(), 0..3),
        stretches in stretches(), open in prop::bool::weighted(0.3),
    ) {
        let pauses = named(&world, &stretches, open);
        let term = Term { anchor: world.at(a), span, counting, extensions };
        let why = term.explain(&world.calendar, &pauses).unwrap();
        let text = serde_json::to_string(&why).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Derivation>(&text).unwrap(), &why);
        let line = |text: &str, begin: &str| text.lines().find(|line| line.starts_with(begin)).unwrap().to_owned();
        match why.due {
            Some(due) => {
                let told = dates_of(&world, due.at);
                let (en, zh) = (line(&why.en(), "Due: "), line(&why.zh(), "到期:"));
                prop_assert!(told.iter().any(|date| zh.contains(&date.format("%Y-%m-%d(").to_string())), "{zh}");
                prop_assert!(told.iter().any(|date| en.contains(&date.format(" %-d %B %Y, ").to_string())), "{en}");
            }
            None => {
                line(&why.en(), "There is no due date yet: ");
                line(&why.zh(), "暂无到期日:");
            }
        }
        prop_assert!(why.en().is_ascii() || why.en().contains("待"), "{}", why.en());
        for text in [why.en(), why.zh()] {
            prop_assert!(text.lines().all(|line| line.ends_with(['.', '。']) && !line.contains("  ") && !line.contains("()")), "{text}");
        }
    }

    /// Under the Chinese rule each date is told as the calendar and the clock have it at its close: walked one by one, with nothing but
    /// the calendar's own answers.
    #[test]
    fn each_date_is_what_the_calendar_says(
        world in world(), a in seconds(5), n in 1..25u32, working in any::<bool>(), stretches in stretches(),
    ) {
        let pauses = named(&world, &stretches, false);
        let unit = if working { Span::WorkingDays(n) } else { Span::CalendarDays(n) };
        let why = Term::new(world.at(a), unit, Counting::cn()).explain(&world.calendar, &pauses).unwrap();
        let Counted::Dates { ledger, .. } = &why.legs[0].counted else { panic!("{why:?}") };
        prop_assume!(!ledger.iter().any(|stretch| matches!(stretch.standing, Standing::Weeks { .. } | Standing::Unlisted { .. })));
        let office = &world.calendar;
        let midnight = |date: NaiveDate| world.zone.last((date + Days::new(1)).and_time(NaiveTime::MIN));
        for stretch in ledger.iter().skip(1) {
            for date in stretch.first.iter_days().take_while(|date| *date <= stretch.last) {
                let night = office.close_of(date - Days::new(1)).unwrap_or(Moment::MIN);
                let last = office.close_of(date).unwrap_or_else(|| midnight(date)).max(night).plus(-1);
                let still = |pause: &&NamedPause| pause.from <= last && pause.until.is_none_or(|until| last < until);
                let mut reasons: Vec<String> = pauses.iter().filter(still).map(|pause| pause.reason.clone()).collect();
                let mut seen = Vec::new();
                reasons.retain(|reason| !seen.contains(reason) && { seen.push(reason.clone()); true });
                let never = midnight(date) == world.zone.first(date.and_time(NaiveTime::MIN));
                let expected = match office.day(date) {
                    _ if never => Standing::NeverWas,
                    Day::Rest if working => Standing::Rest,
                    Day::Holiday(name) if working => Standing::Holiday(name.to_owned()),
                    _ if !reasons.is_empty() => Standing::Paused(reasons),
                    Day::MakeUp(name) if working => Standing::MakeUp(name.to_owned()),
                    _ => Standing::Counted,
                };
                prop_assert_eq!(&stretch.standing, &expected, "{}", date);
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..config() })]

    /// However long, a ledger is bounded and still adds up.
    #[test]
    fn long_limits_are_bounded_and_whole(
        world in world(), a in seconds(5), days in 60..30_000u32, hours in 100..100_000u32, counting in counting(), stretches in stretches(),
        open in any::<bool>(),
    ) {
        let mut pauses = named(&world, &stretches, open);
        // One pause lies beyond all that is listed.
        let far = world.at(12 * 366 * 86_400);
        pauses.push(NamedPause { from: far, until: Some(far.plus(40 * 86_400)), reason: "待鉴定".to_owned() });
        let union = NamedPause::union(&pauses);
        for span in [Span::WorkingDays(days), Span::CalendarDays(days), Span::working_hours(hours), Span::Months(days / 20)] {
            let term = Term::new(world.at(a), span, counting);
            let why = term.explain(&world.calendar, &pauses).unwrap();
            prop_assert_eq!(why.due, term.due(&world.calendar, &union).unwrap());
            adds_up(&world, &union, &why.legs[0])?;
            prop_assert!(why.en().lines().count() < 90 && why.zh().lines().count() < 90);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..config() })]

    /// No span and no pause, however long or far, makes an explanation panic; it refuses what the limit itself refuses.
    #[test]
    fn no_explanation_panics(world in world(), a in any::<i64>(), n in any::<u32>(), s in any::<i64>(), counting in counting(), p in any::<i64>()) {
        let moment = |n: i64| Moment::from_unix(n % 253_402_300_800).unwrap_or(Moment::MAX);
        let pause = |from, until| NamedPause { from, until, reason: String::new() };
        let pauses = [pause(moment(p), Some(moment(s))), pause(moment(s), None)];
        for span in [
            Span::Elapsed(s), Span::WorkingTime(s), Span::WorkingTime(s.unsigned_abs().cast_signed().max(0) % 90_000_000_000),
            Span::WorkingDays(n), Span::WorkingDays(n % 3_000_000), Span::CalendarDays(n % 3_000_000), Span::Weeks(n), Span::Months(n % 90_000),
            Span::Years(n), Span::Earliest(vec![]), Span::Latest(vec![Span::Latest(vec![]), Span::Years(n)]),
            Span::Earliest(vec![Span::Latest(vec![Span::Weeks(n % 900), Span::WorkingDays(9)]), Span::Elapsed(p)]),
        ] {
            for given in [&pauses[..], &pauses[..1], &[]] {
                let term = Term { anchor: moment(a), span: span.clone(), counting, extensions: vec![Span::WorkingDays(3)] };
                let why = term.explain(&world.calendar, given);
                let due = term.due(&world.calendar, &NamedPause::union(given));
                prop_assert_eq!(why.as_ref().map(|why| why.due).map_err(Clone::clone), due);
                if let Ok(why) = why {
                    prop_assert!(!why.en().is_empty() && !why.zh().is_empty());
                }
            }
        }
    }
}
