//! Cases that nobody writes by hand: the second before a limit, the limit, the second after; the eve of every holiday; the values at which a
//! rule changes its answer.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::Serialize;

use super::Failure;
use super::cover::{Cover, REGIONS};
use crate::case::{Case, Decision, decide};
use crate::plan::{Domain, InHand, Limit, Plans, Row};
use crate::script::Interpreter;
use crate::time::{Calendar, DayTable, Pauses, Span, Term};
use crate::words::{ClockKey, Envelope, Event, Verdict};

/// How many cases were made, and what did not hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Generated {
    /// Stops moved to the second before due, due, and the second after.
    pub stops: u64,
    /// Stops that are refused at the other moment: the command has its own limit there.
    pub refused: u64,
    /// Limits counted from the eve of a holiday.
    pub eves: u64,
    /// Answers of diagrams held against the rules as written.
    pub answers: u64,
    /// What did not hold.
    #[serde(skip)]
    pub(super) failures: Vec<Failure>,
}

impl Generated {
    fn fails(&mut self, at: &str, test: &str, expected: String, got: String) {
        self.failures.push(Failure {
            at: at.to_owned(),
            test: test.to_owned(),
            expected,
            got,
            why: None,
        });
    }

    /// The command that stopped clocks, moved to the seconds around their limits.
    pub(super) fn moved(
        &mut self,
        plans: &Plans,
        before: Option<&Case>,
        envelope: &Envelope,
        done: &Decision,
        cover: &mut Cover<'_>,
        at: &str,
    ) {
        let Some(case) = before else { return };
        let stops = |decision: &Decision, wanted: ClockKey| {
            decision
                .records
                .iter()
                .find_map(|record| match &record.event {
                    Event::ClockStopped { key, verdict, .. } if *key == wanted => Some(*verdict),
                    _ => None,
                })
        };
        for clock in case
            .clocks()
            .iter()
            .filter(|clock| clock.is_running() && stops(done, clock.key).is_some())
        {
            let due = clock.schedule.legal_due;
            let lapses = plans
                .get(case.plan())
                .and_then(|hand| hand.plan.clock(clock.key.kind))
                .is_some_and(|rule| rule.lapses);
            let expected = [
                (-1, Verdict::OnTime { margin: 1 }),
                (0, Verdict::OnTime { margin: 0 }),
                (1, Verdict::Late { by: 1 }),
            ];
            for (second, verdict) in expected {
                let moved = Envelope {
                    at: due.plus(second),
                    ..envelope.clone()
                };
                if moved.at < case.last_at() || (lapses && second > 0) {
                    continue;
                }
                match decide(Some(case), &moved, plans) {
                    Err(_) => self.refused += 1,
                    Ok(decision) => {
                        // A clock can stop, or be counted anew, while time passes to the other moment.
                        let Some(got) = stops(&decision, clock.key) else {
                            continue;
                        };
                        self.stops += 1;
                        let pauses = case.pauses().iter().any(|pause| pause.ended.is_none());
                        if got != verdict && !pauses {
                            self.fails(
                                at,
                                "boundary",
                                format!("{} {verdict:?}", clock.key),
                                format!("{got:?}"),
                            );
                        }
                        cover.stopped(clock.key.kind, got);
                    }
                }
            }
        }
    }
}

/// Every rule at the values at which its answer can change, beside the rule as it was written.
pub(super) fn diagrams(oracle: &Interpreter, generated: &mut Generated) {
    let plan = oracle.plan();
    let schema = &plan.schema;
    for decision in plan.decisions() {
        let mut rows: BTreeSet<Vec<i64>> = BTreeSet::new();
        let plain: Vec<i64> = schema
            .facts
            .iter()
            .map(|fact| fact.domain.codes().0)
            .collect();
        rows.insert(plain.clone());
        for region in decision.regions(schema, REGIONS.min(500)) {
            let mut corner = plain.clone();
            for (fact, (least, _)) in &region.bounds {
                if let Some(code) = corner.get_mut(*fact) {
                    *code = *least;
                }
            }
            for (fact, (least, most)) in &region.bounds {
                let Some(rule) = schema.facts.get(*fact) else {
                    continue;
                };
                let (low, high) = rule.domain.codes();
                let codes: Vec<i64> = match rule.domain {
                    Domain::Whole { .. } | Domain::Percent { .. } | Domain::Date { .. } => [
                        least - 1,
                        *least,
                        least + 1,
                        most - 1,
                        *most,
                        most.saturating_add(1),
                    ]
                    .into_iter()
                    .filter(|it| (low..=high).contains(it))
                    .collect(),
                    _ => (low..=high).collect(),
                };
                for code in codes {
                    let mut row = corner.clone();
                    if let Some(at) = row.get_mut(*fact) {
                        *at = code;
                    }
                    rows.insert(row);
                }
            }
            rows.insert(corner);
        }
        for codes in rows {
            let row = Row::new(codes);
            let Some(written) = oracle.answer(decision.rule, &row) else {
                break;
            };
            generated.answers += 1;
            let (answer, because) = decision.explain(schema, &row);
            if written.as_ref() != Ok(&answer) {
                let facts: Vec<String> = because.iter().map(ToString::to_string).collect();
                let at = plan
                    .sources
                    .at
                    .get(decision.rule)
                    .cloned()
                    .unwrap_or_else(|| decision.rule.to_string());
                let expected = written.map_or_else(|error| error, |it| it.to_string());
                generated.fails(
                    &at,
                    decision.rule.as_str(),
                    expected,
                    format!("{answer}: {}", facts.join(", ")),
                );
            }
        }
    }
}

/// Every limit in working days, counted from the last working day before every holiday of the two last known years, beside a count by hand.
pub(super) fn eves(hand: &InHand, generated: &mut Generated) {
    let calendar = &hand.calendar;
    let last = calendar.coverage().to.year().clamp(1900, 2099);
    let (Some(from), Some(to)) = (
        NaiveDate::from_ymd_opt(last - 1, 1, 1),
        NaiveDate::from_ymd_opt(last, 12, 31),
    ) else {
        return;
    };
    let mut eves: BTreeSet<NaiveDate> = BTreeSet::new();
    for (date, day) in calendar.exceptions(from, to) {
        let eve = date
            .pred_opt()
            .filter(|eve| !day.is_working() && calendar.day(*eve).is_working());
        eves.extend(eve);
    }
    let plain = Calendar::new(
        hand.plan.zone,
        hand.plan.hours.clone(),
        &DayTable::plain("week"),
    )
    .ok();
    for rule in &hand.plan.clocks {
        for limit in rule.within.diagram.answers() {
            let Limit::Span(Span::WorkingDays(days)) = limit else {
                continue;
            };
            let counted = |calendar: &Calendar, date: NaiveDate| {
                let at = hand
                    .plan
                    .zone
                    .first(date.and_time(NaiveTime::from_hms_opt(10, 0, 0)?));
                let due = Term::new(at, Span::WorkingDays(*days), rule.counting)
                    .due(calendar, &Pauses::none())
                    .ok()??;
                // A day that counts to its end, midnight, is that day still.
                let end = due.at.plus(-1).date(hand.plan.zone);
                let worked = date
                    .iter_days()
                    .skip(1)
                    .take_while(|day| *day <= end)
                    .filter(|day| calendar.day(*day).is_working())
                    .count();
                Some((end, worked, calendar.day(end).is_working()))
            };
            // How many days the rule of counting makes of it in a week without holidays.
            let monday = NaiveDate::from_ymd_opt(last, 3, 2).map(|date| {
                date - chrono::Days::new(u64::from(date.weekday().num_days_from_monday()))
            });
            let Some((_, usual, _)) = plain
                .as_ref()
                .zip(monday)
                .and_then(|(plain, monday)| counted(plain, monday))
            else {
                continue;
            };
            for eve in &eves {
                let Some((end, worked, works)) = counted(calendar, *eve) else {
                    continue;
                };
                generated.eves += 1;
                if worked != usual || !works {
                    generated.fails(
                        &format!("clock({}).within", rule.kind),
                        &format!("eve {eve}"),
                        format!("{usual} working days"),
                        format!("{worked}, until {end}"),
                    );
                }
            }
        }
    }
}
