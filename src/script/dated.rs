//! Numbers that change with the date of receipt (自…起). A rule that reads such a parameter forks over its stretches of dates, as it would
//! over a fact, and goes on with a plain number; so everything stays exact.

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{Dynamic, FnPtr};
use serde::Serialize;

use super::draft::Draft;
use super::fault::{Both, Fault, Tried, both};
use super::record::Recorder;
use super::source::Source;
use super::tabulate::{Convert, Tabulator, Written};
use super::value::{ParamValue, Raw, with_unit};
use crate::plan::{Decision, Diagram, Domain, Param, Region, day};
use crate::words::{RECEIVED_ON, RuleId};

/// A date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day(pub(super) chrono::NaiveDate);

/// A parameter that changes by date, in a rule that is asked of a case.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) at: usize,
    of: Arc<Recorder>,
}

/// A parameter that changes by date, with a unit, where no case is at hand: a rule of its own where one fits.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    at: usize,
    unit: &'static str,
    name: Arc<str>,
}

/// The values of a parameter that changes by date: before all dates, and from each on, as codes.
#[derive(Debug, Clone)]
pub(super) struct Stretches {
    first: i64,
    later: Vec<(i64, i64)>,
}

impl Stretches {
    pub(super) fn of(param: &Param) -> Stretches {
        Stretches {
            first: param.value,
            later: param
                .later
                .iter()
                .map(|it| (day(it.from), it.value))
                .collect(),
        }
    }
    /// The value, by asking whether the date is at least another.
    pub(super) fn value(&self, mut at_least: impl FnMut(i64) -> bool) -> i64 {
        let since = self.later.iter().rev().find(|(from, _)| at_least(*from));
        since.map_or(self.first, |(_, value)| *value)
    }
    /// Each stretch of codes within these ends, with its value.
    fn within(&self, (least, most): (i64, i64)) -> Vec<((i64, i64), i64)> {
        let starts = std::iter::once((least, self.first)).chain(self.later.iter().copied());
        let ends = self.later.iter().map(|(from, _)| from - 1).chain([most]);
        let all = starts
            .zip(ends)
            .map(|((from, value), to)| ((from, to), value));
        all.filter(|((from, to), _)| from <= to).collect()
    }
}

/// What a number with a unit comes to on each stretch of dates.
#[derive(Clone)]
pub(super) struct ByDate<A> {
    at: usize,
    unit: &'static str,
    convert: Convert<A>,
    pub(super) all: Vec<((i64, i64), A)>,
}

impl<A> ByDate<A> {
    /// The answer for the case that is asked about.
    pub(super) fn asked(&self, of: &Recorder) -> Tried<A> {
        with_unit(of.dated(self.at), self.unit).and_then(|span| (self.convert)(&span))
    }
}

impl Bound {
    pub(super) fn value(&self) -> i64 {
        self.of.dated(self.at)
    }
}

/// Whether a text may make rules depend on the date of receipt: only then is that date one of the facts.
pub(super) fn matters(source: &Source) -> bool {
    let mut two = source.tokens.windows(2);
    two.any(|two| match two {
        [name, next] => name.is_name(RECEIVED_ON) || (name.is_name("from") && next.is("(")),
        _ => false,
    })
}

/// A number that does not change by date; any other needs a case.
pub(super) fn plain(draft: &mut Draft, param: ParamValue) -> Tried<i64> {
    draft.used.insert(param.at);
    match draft.dated.get(&param.at) {
        None => Ok(param.value),
        Some(name) => Err(no_case(name)),
    }
}

fn no_case(name: &str) -> Fault {
    let message = both!(
        "the parameter `{name}` depends on the date of receipt, and there is no case here to ask for it",
        "参数`{name}`要看收件日期才知道是多少,而写在这里时还没有具体的件"
    );
    Fault::new("D214", message).help(both!(
        "say it in a rule, `|m| …`, where this word takes one; else use a number of its own",
        "这里能写规则的,写成规则`|m| …`;不能写规则的,另用一个不随日期变的数"
    ))
}

/// A parameter with a unit.
pub(super) fn unit(draft: &mut Draft, param: ParamValue, unit: &'static str) -> Tried<Dynamic> {
    draft.used.insert(param.at);
    match draft.dated.get(&param.at) {
        None => with_unit(param.value, unit),
        Some(name) if draft.frozen => Err(no_case(name)),
        Some(name) => Ok(Dynamic::from(Unit {
            at: param.at,
            unit,
            name: name.as_str().into(),
        })),
    }
}

/// Whether it is a number with a unit that changes by date.
pub(super) fn is_unit(value: &Dynamic) -> bool {
    value.is::<Unit>()
}

/// Why a number with a unit cannot stand here, if it changes by date.
pub(super) fn misplaced(value: &Dynamic) -> Option<Fault> {
    let unit = value.clone().try_cast::<Unit>()?;
    Some(no_case(&unit.name))
}

/// A rule whose parameters know the case that it is asked of.
pub(super) fn bound(call: &FnPtr, of: &Arc<Recorder>) -> FnPtr {
    let mut call = call.clone();
    if !of.has_dated() {
        return call;
    }
    let curry: Vec<Dynamic> = call.curry().iter().map(|value| bind(value, of)).collect();
    call.set_curry(curry);
    call
}

/// What a rule captured, with the case that it is asked of; a list with all that is in it.
fn bind(value: &Dynamic, of: &Arc<Recorder>) -> Dynamic {
    if let Some(list) = value.clone().try_cast::<rhai::Array>() {
        let list: rhai::Array = list.iter().map(|item| bind(item, of)).collect();
        return Dynamic::from_array(list);
    }
    let param = value.clone().try_cast::<ParamValue>();
    match param.filter(|param| of.is_dated(param.at)) {
        Some(ParamValue { at, .. }) => Dynamic::from(Bound {
            at,
            of: Arc::clone(of),
        }),
        None => value.clone(),
    }
}

/// Which parameters change by date, as rules read them.
pub(super) fn all(draft: &Draft) -> BTreeMap<usize, Stretches> {
    let dated = draft.dated.keys();
    let one = |at: &usize| Some((*at, Stretches::of(&draft.params.get(*at)?.what)));
    dated.filter_map(one).collect()
}

impl Tabulator<'_, '_> {
    /// What a number with a unit that changes by date comes to: nothing and a finding, if one of its values does not fit here.
    pub(super) fn dated<A: Clone>(&mut self, raw: &Raw, convert: Convert<A>) -> Option<ByDate<A>> {
        let Unit { at, unit, .. } = raw.value.clone().try_cast::<Unit>()?;
        let schema = &self.world.schema;
        let ends = schema.facts.get(schema.index(RECEIVED_ON)?)?.domain.codes();
        let mut all = Vec::new();
        for (range, value) in self.world.dated.get(&at)?.within(ends) {
            match with_unit(value, unit).and_then(|span| convert(&span)) {
                Ok(answer) => all.push((range, answer)),
                Err(fault) => {
                    self.report.add(fault.arg(raw.arg), raw.at);
                    return None;
                }
            }
        }
        Some(ByDate {
            at,
            unit,
            convert,
            all,
        })
    }

    /// Answers by stretches of dates that follow one another.
    pub(super) fn over_dates<A: Clone + PartialEq>(
        &self,
        stretches: &[((i64, i64), A)],
    ) -> Result<Diagram<A>, Fault> {
        let fact = self.world.schema.index(RECEIVED_ON);
        let region = |(range, answer): &((i64, i64), A)| Region {
            bounds: fact.map(|fact| (fact, *range)).into_iter().collect(),
            answer: answer.clone(),
        };
        let regions = stretches.iter().map(region).collect();
        Diagram::from_regions(&self.world.schema, regions)
            .map_err(|error| Fault::new("D311", both!("{error}", "{error}"; error)))
    }

    /// The decision of a number with a unit that changes by date: `.within(期限.working_days)`.
    pub(super) fn by_date<A>(
        &mut self,
        rule: &RuleId,
        raw: &Raw,
        convert: Convert<A>,
    ) -> Option<Decision<A>>
    where
        A: Clone + PartialEq + Serialize + Send + Sync + 'static,
    {
        let dated = self.dated(raw, convert)?;
        let diagram = match self.over_dates(&dated.all) {
            Ok(diagram) => diagram,
            Err(fault) => {
                self.report.add(fault.arg(raw.arg), raw.at);
                return None;
            }
        };
        self.written.push(Written {
            rule: rule.clone(),
            paths: dated.all.len() as u64,
            ask: Box::new(move |_, recorder| {
                let answer = dated.asked(recorder)?;
                Ok(serde_json::to_value(&answer).unwrap_or_default())
            }),
        });
        Some(Decision::new(rule.clone(), diagram))
    }
}

/// On what scale a number fact is counted: only what is on the same scale can be compared with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Whole,
    Share,
    Date,
}

impl Scale {
    pub(super) fn of(domain: &Domain) -> Scale {
        match domain {
            Domain::Percent { .. } => Scale::Share,
            Domain::Date { .. } => Scale::Date,
            _ => Scale::Whole,
        }
    }
    /// How messages name it, and a value on it.
    pub(super) fn like(self) -> (Both, &'static str) {
        match self {
            Scale::Whole => (both!("a whole number", "整数"), "10"),
            Scale::Share => (both!("a share", "百分数"), "percent(\"10.00\")"),
            Scale::Date => (both!("a date", "日期"), "date(\"2026-01-01\")"),
        }
    }
}
