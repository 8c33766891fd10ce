//! What is found of clocks: their limits, how they are counted and extended, their rungs.

use std::collections::{BTreeMap, BTreeSet};

use super::Loosened;
use super::found::{By, CASES, Found};
use super::meanings::longer;
use crate::plan::{ClockRule, Diagram, DiagramError, ExtensionRule, Limit, Plan, Rung, Schema};
use crate::words::ClockKind;

impl Plan {
    /// The clocks that this plan may let run longer than `before` does, those of the citizen's own time shorter, each with what is otherwise: its
    /// limit for some case, how it is counted, or that it is gone. What cannot be compared may be longer. Of a clock that runs, its due moment
    /// tells better: `Desk::adopt_preview`.
    ///
    /// ```
    /// use duly::plan::{Diagram, Limit, bare};
    /// use duly::time::Span;
    /// use duly::words::ClockKind;
    /// let before = bare("demo".parse()?);
    /// let mut plan = before.clone();
    /// let reply = plan.clocks.iter_mut().find(|it| it.kind == ClockKind::Reply).unwrap();
    /// reply.within.diagram = Diagram::constant(Limit::Span(Span::WorkingDays(60)));
    /// assert_eq!(
    ///     plan.runs_longer(&before)[&ClockKind::Reply].to_string(),
    ///     "the `reply` clock runs for 60 working days, in the base for 15 working days"
    /// );
    /// assert!(before.runs_longer(&plan).is_empty());
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn runs_longer(&self, before: &Plan) -> BTreeMap<ClockKind, Loosened> {
        let by = By::of(before, self);
        let time = self.zone == before.zone
            && self.hours == before.hours
            && self.holidays == before.holidays
            && self.uncovered == before.uncovered;
        let mut all = BTreeMap::new();
        for had in &before.clocks {
            let mut found = Found::default();
            match self.clock(had.kind) {
                None => found.gone(had.kind),
                Some(own) => {
                    found.limit(by, had, own);
                    found.counted(had, own, time);
                }
            }
            all.extend(found.into_first().map(|found| (had.kind, found)));
        }
        self.lean(before, &mut all);
        shares(before, &mut all);
        all
    }
}

/// A share of a clock that may run longer is longer as well.
fn shares(before: &Plan, all: &mut BTreeMap<ClockKind, Loosened>) {
    for clock in &before.clocks {
        let mut limits = clock.within.diagram.answers().iter();
        let longer = limits.find_map(|limit| match limit {
            Limit::Share { of, .. } => all.get(of).cloned(),
            Limit::Span(_) => None,
        });
        if let Some(longer) = longer {
            all.entry(clock.kind).or_insert(longer);
        }
    }
}

/// Case by case what a clock may run for, in words; nothing, where that takes too many.
fn table(diagram: &Diagram<Limit>, schema: &Schema) -> Option<Vec<(String, Limit)>> {
    let regions = diagram.regions(schema).take(CASES + 1);
    let said = regions.map(|it| (it.say(schema), it.answer.clone()));
    let said: Vec<_> = said.collect();
    (said.len() <= CASES).then_some(said)
}

/// A pair of limits of which the first may end later, and a case in which it may; no pair, where it cannot be told.
type Longer = (Option<(Limit, Limit)>, Option<String>);

fn later(by: By<'_>, had: &ClockRule, own: &ClockRule) -> Result<Option<Longer>, DiagramError> {
    let (old, new) = (&had.within.diagram, &own.within.diagram);
    let kind = had.kind;
    let schema = match by {
        By::Facts(schema) => schema,
        By::Words { base, over } => {
            let each = |was: &Limit| new.answers().iter().all(|is| !longer(kind, is, was));
            let told = table(old, base);
            let alike = told.is_some() && told == table(new, over);
            return Ok((!alike && !old.answers().iter().all(each)).then_some((None, None)));
        }
    };
    let both = old.zip(new, |was, is| {
        longer(kind, is, was).then(|| (is.clone(), was.clone()))
    })?;
    let region = both.first(schema, Option::is_some);
    let found = region.map(|region| (region.answer.clone(), Some(region.say(schema))));
    Ok(found)
}

impl Found {
    pub(super) fn extending(&mut self, by: By<'_>, clock: &ClockRule, over: &ClockRule) {
        let kind = clock.kind;
        let bare = |rule: &ClockRule| {
            rule.extension
                .clone()
                .map(|it| ExtensionRule { when: None, ..it })
        };
        self.unless(
            bare(over) == bare(clock),
            (
                format!("the extension of `{kind}` is not the base's"),
                format!("“{}”时限的延期和底本不同", kind.zh()),
            ),
        );
        let when = |rule: &ClockRule| rule.extension.as_ref().and_then(|it| it.when.clone());
        self.narrower(
            by,
            (when(clock).as_ref(), when(over).as_ref()),
            (
                format!("`{kind}` may be extended, in the base not"),
                format!("“{}”时限可以延期,底本不可以", kind.zh()),
            ),
        );
    }
    /// A share that the base says is of what it knows as the whole: also where it leaves that to the spine, nobody lengthens it.
    pub(super) fn shares(&mut self, clock: &ClockRule, over: &Plan, base: &Plan) {
        if clock.within.rule.is_spine() {
            return;
        }
        let whole = |limit: &Limit| match limit {
            Limit::Share { of, .. } => Some(*of),
            Limit::Span(_) => None,
        };
        let of: BTreeSet<ClockKind> = clock
            .within
            .diagram
            .answers()
            .iter()
            .filter_map(whole)
            .collect();
        let both = of
            .iter()
            .filter_map(|of| base.clock(*of).zip(over.clock(*of)));
        // What the base says of the whole itself is held where it says it.
        for (had, own) in both.filter(|(had, _)| had.within.rule.is_spine()) {
            self.share(&over.schema, clock.kind, had, own);
        }
    }
    fn share(&mut self, schema: &Schema, kind: ClockKind, had: &ClockRule, own: &ClockRule) {
        let of = had.kind;
        let longer = had.within.diagram.zip(&own.within.diagram, |base, own| {
            (!own.within(base)).then(|| (own.clone(), base.clone()))
        });
        let what = (
            format!("the limit of `{kind}` is a share of the `{of}` clock"),
            format!("“{}”时限是“{}”时限的几成", kind.zh(), of.zh()),
        );
        match longer {
            Ok(both) => {
                let region = both.first(schema, Option::is_some);
                let found = region.and_then(|it| Some((it.answer.clone()?, it.say(schema))));
                if let Some(((own, least), witness)) = found {
                    let (en, zh) = what;
                    let whole = (
                        format!("{en}, which runs for {own}, in the base for {least}"),
                        format!("{zh},后者是 {},底本是 {}", own.zh(), least.zh()),
                    );
                    return self.shown(whole, Some(witness));
                }
            }
            Err(error) => return self.cannot_compare(&error, what),
        }
        // Until when the whole runs makes no share of it longer.
        let same = own.starts == had.starts && own.counting == had.counting;
        let (en, zh) = what;
        self.unless(
            same,
            (
                format!("{en}, which is counted otherwise than in the base"),
                format!("{zh},后者的算法和底本不同"),
            ),
        );
    }
    pub(super) fn clock(&mut self, schema: &Schema, clock: &ClockRule, over: Option<&ClockRule>) {
        let kind = clock.kind;
        // What the base leaves to the spine is not the base's word.
        if clock.within.rule.is_spine() && over.is_some_and(|over| over.within != clock.within) {
            return;
        }
        let Some(over) = over else {
            return self.gone(kind);
        };
        match clock.within.diagram.zip(&over.within.diagram, |base, own| {
            longer(kind, own, base).then(|| (own.clone(), base.clone()))
        }) {
            Ok(both) => {
                let found = both.first(schema, Option::is_some).and_then(|region| {
                    let pair = region.answer.clone()?;
                    Some((pair, region.say(schema)))
                });
                if let Some(((own, least), witness)) = found {
                    self.runs(kind, (&own, &least), Some(witness));
                }
            }
            Err(error) => self.add((
                format!("the `{kind}` clock cannot be compared with the base's: {error}"),
                format!("“{}”时限没法和底本比较:{}", kind.zh(), error.zh()),
            )),
        }
        let same = over.starts == clock.starts
            && over.stops == clock.stops
            && over.counting == clock.counting
            && over.class == clock.class
            && over.lapses == clock.lapses;
        self.counts_alike(kind, same);
        self.extending(By::Facts(schema), clock, over);
        let leaves = clock.leaves.is_none() || over.leaves == clock.leaves;
        self.unless(
            leaves && over.not_past_whole >= clock.not_past_whole,
            (
                format!("the `{kind}` clock leaves less than in the base"),
                format!("“{}”时限留出的时间比底本少", kind.zh()),
            ),
        );
        for rung in &clock.rungs {
            let kept = over.rungs.iter().any(|own| {
                // More may be done, and more people told.
                let acts = rung.acts.iter().all(|act| own.acts.contains(act));
                acts && *rung
                    == Rung {
                        acts: rung.acts.clone(),
                        ..own.clone()
                    }
            });
            self.unless(
                kept,
                (
                    format!("the rung `{}` of `{kind}` is not the base's", rung.key),
                    format!("“{}”催办督办的`{}`这一级和底本不同", kind.zh(), rung.key),
                ),
            );
        }
    }
    fn gone(&mut self, kind: ClockKind) {
        self.add((
            format!("the clock `{kind}` is gone"),
            format!("“{}”时限不见了", kind.zh()),
        ));
    }
    fn limit(&mut self, by: By<'_>, had: &ClockRule, own: &ClockRule) {
        let kind = had.kind;
        let unlike = || {
            (
                format!("the limits of the `{kind}` clock cannot be compared with the base's"),
                format!("“{}”时限没法和底本比较", kind.zh()),
            )
        };
        match later(by, had, own) {
            Ok(None) => {}
            Ok(Some((Some((is, was)), witness))) => self.runs(kind, (&is, &was), witness),
            Ok(Some((None, _))) | Err(_) => self.shown(unlike(), None),
        }
    }
    fn counted(&mut self, had: &ClockRule, own: &ClockRule, time: bool) {
        let same = time
            && own.starts == had.starts
            && own.stops == had.stops
            && own.counting == had.counting;
        self.counts_alike(had.kind, same);
    }
    fn counts_alike(&mut self, kind: ClockKind, alike: bool) {
        self.unless(
            alike,
            (
                format!("how the `{kind}` clock is counted is not the base's"),
                format!("“{}”时限的算法和底本不同", kind.zh()),
            ),
        );
    }
    fn runs(&mut self, kind: ClockKind, (is, was): (&Limit, &Limit), witness: Option<String>) {
        self.shown(
            (
                format!("the `{kind}` clock runs for {is}, in the base for {was}"),
                format!("“{}”时限是 {},底本是 {}", kind.zh(), is.zh(), was.zh()),
            ),
            witness,
        );
    }
}
