//! Whether one plan only tightens another (只紧不松): what an overlay on a base pack must do.

use std::fmt;

use super::analysis::clocks::no_longer;
use super::{ClockRule, Limit, Plan, Rung, Schema};
use crate::time::Span;

/// Something that a plan loosens, or changes where it may not, against the plan that it is based on.
///
/// ```
/// use duly::plan::bare;
/// let base = bare("demo".parse()?);
/// let mut over = base.clone();
/// over.callback.attempts = 2;
/// assert_eq!(over.loosened(&base)[0].to_string(), "call-back gives up after `2` attempts, the base after `3`");
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosened {
    /// What, in words.
    pub what: String,
    /// A case for which it holds, in words, where it is not so for all.
    pub witness: Option<String>,
}

impl fmt::Display for Loosened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.witness
            .as_ref()
            .map_or(Ok(()), |witness| write!(f, ", when {witness}"))
    }
}

impl Limit {
    /// The limit that ends no later than either (从严): the shorter of two spans of one unit, the smaller share of one clock. Where
    /// units differ, whichever ends first ([`Span::Earliest`]), which is no later than either whatever the calendar says. Nothing
    /// for a share beside a span: how long a share is, only a case can tell.
    ///
    /// ```
    /// use duly::plan::Limit;
    /// use duly::time::Span;
    /// let days = Limit::Span(Span::WorkingDays(5));
    /// assert_eq!(days.least(&Limit::Span(Span::WorkingDays(3))), Some(Limit::Span(Span::WorkingDays(3))));
    /// let both = Span::Earliest(vec![Span::WorkingDays(5), Span::Months(1)]);
    /// assert_eq!(days.least(&Limit::Span(Span::Months(1))), Some(Limit::Span(both)));
    /// ```
    pub fn least(&self, other: &Limit) -> Option<Limit> {
        if self.within(other) {
            return Some(self.clone());
        }
        if other.within(self) {
            return Some(other.clone());
        }
        let (Limit::Span(a), Limit::Span(b)) = (self, other) else {
            return None;
        };
        let mut all: Vec<Span> = Vec::new();
        for span in parts(a).chain(parts(b)) {
            if !all.iter().any(|known| no_longer(known, span)) {
                all.retain(|known| !no_longer(span, known));
                all.push(span.clone());
            }
        }
        Some(Limit::Span(Span::Earliest(all)))
    }
    /// Whether it surely ends no later than the other, whatever the calendar says. Spans are compared within one unit, and units
    /// are not converted; so many calendar days are never longer than as many working days.
    pub fn within(&self, other: &Limit) -> bool {
        match (self, other) {
            (Limit::Span(a), Limit::Span(b)) => no_longer(a, b),
            (
                Limit::Share { of, percent },
                Limit::Share {
                    of: whole,
                    percent: most,
                },
            ) => of == whole && percent <= most,
            _ => false,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Span(span) => span.fmt(f),
            Limit::Share { of, percent } => write!(f, "{percent}% of the `{of}` clock"),
        }
    }
}

fn parts(span: &Span) -> impl Iterator<Item = &Span> {
    match span {
        Span::Earliest(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    }
    .iter()
}

impl Plan {
    /// What this plan loosens against `base`, or changes where a plan that only tightens may not. Nothing, where it can stand in
    /// for the base: every limit ends no later, every gate, rung and duty of the base is there, and what the base says of
    /// places, posts, facts, time and doors holds. What the base leaves to the spine is anybody's to say.
    pub fn loosened(&self, base: &Plan) -> Vec<Loosened> {
        let mut found = Found(Vec::new());
        let over = self;
        found.unless(
            over.labels == base.labels,
            "the language of the labels is not the base's",
        );
        let dates = base.in_force.is_none_or(|base| {
            let own = over.in_force;
            own.is_some_and(|own| own.within(&base))
        });
        found.unless(dates, "it is in force on dates on which the base is not");
        found.unless(over.zone == base.zone, "the zone is not the base's");
        found.unless(
            over.hours == base.hours,
            "the office hours are not the base's",
        );
        found.unless(
            over.holidays == base.holidays,
            "the day tables are not the base's",
        );
        found.unless(
            over.uncovered == base.uncovered,
            "limits beyond the known holidays are not the base's",
        );
        found.unless(
            over.counting == base.counting,
            "the counting is not the base's",
        );
        found.unless(
            over.schema.facts.starts_with(&base.schema.facts),
            "the facts of the base come first, as they are",
        );
        found.kept(&base.params, &over.params, |param| {
            format!("the parameter `{}`", param.name)
        });
        found.kept(&base.mentions, &over.mentions, |mention| {
            format!("the mention `{}`", mention.fact)
        });
        found.kept(&base.places, &over.places, |place| {
            format!("the place `{}`", place.code)
        });
        found.kept(&base.posts, &over.posts, |post| {
            format!("the post `{}`", post.id)
        });
        found.unless(
            base.classify.is_none() || over.classify == base.classify,
            "the classification is not the base's",
        );
        found.unless(
            base.route.is_none() || over.route == base.route,
            "the route is not the base's",
        );
        found.kept(&base.declines, &over.declines, |rule| {
            format!("declining on `{}`", rule.ground)
        });
        found.kept(&over.declines, &base.declines, |rule| {
            format!("the new ground for declining `{}`", rule.ground)
        });
        for clock in &base.clocks {
            found.clock(&over.schema, clock, over.clock(clock.kind));
        }
        found.kept(&base.counts, &over.counts, |count| {
            format!("what happens at `{}`", count.rule)
        });
        found.kept(&base.gates, &over.gates, |gate| {
            format!("the clause `{}`", gate.met.rule)
        });
        found.kept(&base.pauses, &over.pauses, |pause| {
            format!("the pause `{}`", pause.reason)
        });
        found.kept(&over.pauses, &base.pauses, |pause| {
            format!("the new reason to wait `{}`", pause.reason)
        });
        found.kept(&base.redo.grounds, &over.redo.grounds, |ground| {
            format!("the ground for redo `{ground}`")
        });
        found.kept(&base.reopen.grounds, &over.reopen.grounds, |ground| {
            format!("the ground for reopening `{ground}`")
        });
        let shorter =
            over.reopen.count == base.reopen.count || over.reopen.count == super::ReopenCount::Min;
        found.unless(shorter, "a reopened case counts otherwise than in the base");
        let (own, least) = (over.callback.attempts, base.callback.attempts);
        found.unless(
            own >= least,
            format!("call-back gives up after `{own}` attempts, the base after `{least}`"),
        );
        for (class, outcomes) in &over.strike_off.allow {
            let more = outcomes.iter().find(|outcome| {
                !base
                    .strike_off
                    .allow
                    .get(class)
                    .is_some_and(|allowed| allowed.contains(outcome))
            });
            if let Some(more) = more {
                found.add(format!(
                    "`{class}` may be struck off as `{more}`, which the base does not allow"
                ));
            }
        }
        let (own, least) = (&over.strike_off.rate_within, &base.strike_off.rate_within);
        found.unless(
            no_longer(least, own),
            format!("a rating counts for {own}, in the base for {least}"),
        );
        let (own, most) = (&over.direct.floor, &base.direct.floor);
        found.unless(
            no_longer(own, most),
            format!("a direction leaves {own}, in the base {most}"),
        );
        found.unless(
            base.track.when.is_none() || over.track == base.track,
            "what is tracked is not the base's",
        );
        let (own, most) = (over.overdue_every, base.overdue_every);
        found.unless(
            own <= most,
            format!(
                "overdue clocks are told again every {own} working days, in the base every {most}"
            ),
        );
        found.unless(
            over.quiet == base.quiet,
            "the quiet hours are not the base's",
        );
        found.kept(&base.digest.to, &over.digest.to, |post| {
            format!("the digest to `{post}`")
        });
        found.kept(&base.bulletin.to, &over.bulletin.to, |post| {
            format!("the bulletin to `{post}`")
        });
        found.0
    }
}

struct Found(Vec<Loosened>);

impl Found {
    fn add(&mut self, what: impl Into<String>) {
        self.0.push(Loosened {
            what: what.into(),
            witness: None,
        });
    }
    fn unless(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.add(what);
        }
    }
    /// Everything of the one is among the other, unchanged.
    fn kept<T: PartialEq>(&mut self, one: &[T], other: &[T], name: impl Fn(&T) -> String) {
        for item in one.iter().filter(|item| !other.contains(item)) {
            self.add(format!("{} is not the base's", name(item)));
        }
    }
    fn clock(&mut self, schema: &Schema, clock: &ClockRule, over: Option<&ClockRule>) {
        let kind = clock.kind;
        // What the base leaves to the spine is not the base's word.
        if clock.within.rule.is_spine() && over.is_some_and(|over| over.within != clock.within) {
            return;
        }
        let Some(over) = over else {
            return self.add(format!("the clock `{kind}` is gone"));
        };
        match clock.within.diagram.zip(&over.within.diagram, |base, own| {
            (!own.within(base)).then(|| (own.clone(), base.clone()))
        }) {
            Ok(both) => {
                let longer = both.regions(schema).find_map(|region| {
                    let pair = region.answer.clone()?;
                    Some((pair, region.say(schema)))
                });
                if let Some(((own, least), witness)) = longer {
                    self.0.push(Loosened {
                        what: format!("the `{kind}` clock runs for {own}, in the base for {least}"),
                        witness: Some(witness),
                    });
                }
            }
            Err(error) => self.add(format!(
                "the `{kind}` clock cannot be compared with the base's: {error}"
            )),
        }
        let same = over.starts == clock.starts
            && over.stops == clock.stops
            && over.counting == clock.counting
            && over.class == clock.class
            && over.lapses == clock.lapses;
        self.unless(
            same,
            format!("how the `{kind}` clock is counted is not the base's"),
        );
        self.unless(
            over.extension == clock.extension,
            format!("the extension of `{kind}` is not the base's"),
        );
        let leaves = clock.leaves.is_none() || over.leaves == clock.leaves;
        self.unless(
            leaves && over.not_past_whole >= clock.not_past_whole,
            format!("the `{kind}` clock leaves less than in the base"),
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
                format!("the rung `{}` of `{kind}` is not the base's", rung.key),
            );
        }
    }
}
