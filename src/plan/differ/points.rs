//! The decisions of two plans, side by side.

use std::collections::BTreeSet;

use super::align::{Aligned, Side};
use super::pairs::{self, Pair};
use super::regions::{Patch, differing, witness};
use super::{Differing, Instance, Redecided, Shift};
use crate::plan::{
    About, Answer, Asked, Bound, Clause, ClockRule, Diagram, DiagramError, Limit, NoticeRule, Plan,
    Provenance, Said,
};
use crate::words::Lang;

/// A decision of either plan, or of both.
pub(super) struct Point<'a> {
    about: About<'a>,
    old: Option<Asked<'a>>,
    new: Option<Asked<'a>>,
    /// The answer of a plan that says nothing.
    unsaid: Option<Answer>,
}

/// All decisions that can be compared. A clock, or a rung without a condition, that only one plan has is among the changes.
pub(super) fn points<'a>(old: &'a Plan, new: &'a Plan) -> Vec<Point<'a>> {
    let mut gone = old.decisions();
    let mut all = Vec::new();
    for asked in new.decisions() {
        let with = gone.iter().position(|it| alike((old, it), (new, &asked)));
        all.push(Point {
            about: asked.about,
            old: with.map(|at| gone.remove(at)),
            new: Some(asked),
            unsaid: unsaid(&asked.about, (old, new)),
        });
    }
    all.extend(gone.into_iter().map(|asked| Point {
        about: asked.about,
        old: Some(asked),
        new: None,
        unsaid: unsaid(&asked.about, (old, new)),
    }));
    all
}

/// Whether two decisions are about the same.
fn alike((old, was): (&Plan, &Asked<'_>), (new, is): (&Plan, &Asked<'_>)) -> bool {
    fn together<T>(pairs: &[Pair<'_, T>], old: &T, new: &T) -> bool {
        let same = |side: &Option<&T>, it: &T| side.is_some_and(|own| std::ptr::eq(own, it));
        pairs.iter().any(|(a, b)| same(a, old) && same(b, new))
    }
    // By the one alone, so that what decisions come to be about is not forgotten here.
    let about = is.about;
    match was.about {
        About::Class => matches!(about, About::Class),
        About::Decline(was) => matches!(about, About::Decline(is) if was.ground == is.ground),
        About::Lead => matches!(about, About::Lead),
        About::Within(was) => matches!(about, About::Within(is) if was.kind == is.kind),
        About::Extend(was) => matches!(about, About::Extend(is) if was.kind == is.kind),
        About::Pause(was) => matches!(about, About::Pause(is) if was.reason == is.reason),
        About::Rung(clock, was) => matches!(about, About::Rung(other, is)
            if clock.kind == other.kind && together(&pairs::rungs(clock, other), was, is)),
        About::Gate(was) => {
            matches!(about, About::Gate(is) if together(&pairs::gates(old, new), was, is))
        }
        About::Notice(was) => {
            matches!(about, About::Notice(is) if (was.mark, &was.title) == (is.mark, &is.title))
        }
        About::Signal(was) => matches!(about, About::Signal(is) if was.name == is.name),
        About::TwoSteps => matches!(about, About::TwoSteps),
        About::Track => matches!(about, About::Track),
        About::Hot => matches!(about, About::Hot),
    }
}

/// What the plan answers that has no such rule: a rung without a condition always acts, one that is not there never; an extension and
/// a pause without one are for all cases.
fn unsaid(about: &About<'_>, (old, new): (&Plan, &Plan)) -> Option<Answer> {
    let (clock, rung) = match about {
        About::Rung(clock, rung) => (clock, rung),
        About::Extend(clock) => {
            let has = |plan: &Plan| {
                plan.clock(clock.kind)
                    .is_some_and(|it| it.extension.is_some())
            };
            return Some(Answer::Yes(has(old) && has(new)));
        }
        About::Pause(pause) => {
            let has = |plan: &Plan| plan.pause(&pause.reason).is_some();
            return Some(Answer::Yes(has(old) && has(new)));
        }
        About::Notice(notice) => {
            let alike = |it: &&NoticeRule| (it.mark, &it.title) == (notice.mark, &notice.title);
            let [was, is] = [old, new].map(|plan| plan.notices.iter().find(alike));
            return Some(Answer::Yes(was.is_some() && is.is_some()));
        }
        // A signal without a condition always opens a case, one that is not there never does.
        About::Signal(signal) => {
            let both = [old, new].map(|plan| plan.signal(&signal.name).is_some());
            return Some(Answer::Yes(both == [true, true]));
        }
        _ => return about.unsaid(),
    };
    let (was, is) = old.clock(clock.kind).zip(new.clock(clock.kind))?;
    let own = |it: &Option<&crate::plan::Rung>| it.is_some_and(|it| std::ptr::eq(it, *rung));
    let pairs = pairs::rungs(was, is);
    let (was, is) = pairs.iter().find(|(was, is)| own(was) || own(is))?;
    Some(Answer::Yes(was.is_some() && is.is_some()))
}

/// An answer, and the clauses that gave it; none of these where they are not compared.
type Ground = (Answer, Vec<Clause>);

fn grounds(asked: &Asked<'_>, by_clause: bool) -> Result<Diagram<Ground>, DiagramError> {
    let diagram = asked.diagram();
    let Some(clauses) = asked.clauses.filter(|_| by_clause) else {
        return Ok(diagram.map(|answer| (answer.clone(), Vec::new())));
    };
    diagram.zip(&clauses.decides, |answer, numbers| {
        let each = numbers.iter().filter_map(|number| clauses.get(*number));
        (answer.clone(), each.cloned().collect())
    })
}

/// What clauses are called, or who says so.
fn titles(clauses: &[Clause]) -> Vec<String> {
    let title = |clause: &Clause| match (&clause.provenance, clause.title.is_empty()) {
        (_, false) => clause.title.clone(),
        (Provenance::Cited(words) | Provenance::Ours(words), true) => words.clone(),
        (Provenance::Unsaid, true) => "—".to_owned(),
    };
    clauses.iter().map(title).collect()
}

impl Point<'_> {
    pub(super) fn redecided(
        self,
        aligned: &Aligned,
        (old, new): (&Plan, &Plan),
        most: usize,
    ) -> Option<Redecided> {
        let in_clauses = |asked: &Option<Asked<'_>>| {
            let asked = asked.as_ref();
            asked.is_some_and(|asked| asked.clauses.is_some())
        };
        let both = in_clauses(&self.old) && in_clauses(&self.new);
        let read = |side, asked: &Option<Asked<'_>>, own: &Plan| match asked {
            Some(asked) => {
                let grounds = grounds(asked, both);
                Some(grounds.and_then(|it| aligned.read(side, &it, &own.schema)))
            }
            None => self
                .unsaid
                .clone()
                .map(|answer| Ok(Diagram::constant((answer, Vec::new())))),
        };
        let was = read(Side::Old, &self.old, old)?;
        let is = read(Side::New, &self.new, new)?;
        let mut reads = BTreeSet::new();
        let found = was.and_then(|was| {
            let is = is?;
            reads = was.reads().union(&is.reads()).copied().collect();
            differing(&aligned.schema, (&was, &is), most)
        });
        let (regions, left_off, too_large) = match found {
            Ok((patches, left_off)) => (patches, left_off, false),
            Err(_) => (Vec::new(), 0, true),
        };
        if regions.is_empty() && left_off == 0 && !too_large {
            return None;
        }
        let regions = regions.into_iter();
        Some(Redecided {
            old: self.old.map(|asked| asked.rule.clone()),
            new: self.new.map(|asked| asked.rule.clone()),
            about: Said::by(|lang| self.about.say(lang)),
            clock: match self.about {
                About::Within(clock) => Some(clock.kind),
                _ => None,
            },
            reads: aligned.names(&reads),
            unsaid: self.unsaid.clone(),
            regions: regions
                .map(|patch| self.told(patch, aligned, (old, new)))
                .collect(),
            left_off,
            too_large,
        })
    }
    fn told(
        &self,
        patch: Patch<Ground>,
        aligned: &Aligned,
        (old, new): (&Plan, &Plan),
    ) -> Differing {
        let facts = &aligned.schema.facts;
        let bound = |(at, ranges): (&usize, &Vec<(i64, i64)>)| {
            let only = *aligned.only.get(*at)?;
            Some(Bound::of(facts.get(*at)?, only, ranges))
        };
        let row = witness(&aligned.schema, &patch.ranges);
        let instances = facts.iter().zip(&aligned.only).enumerate();
        let (old_by, new_by) = (titles(&patch.old.1), titles(&patch.new.1));
        let (was, is) = (patch.old.0, patch.new.0);
        // Where the answer stays, it is the clause that is another.
        let clauses = (was == is).then_some((old_by, new_by));
        let says = |answer: &Answer, by: Option<&Vec<String>>| {
            Said::by(|lang| {
                let answer = self.about.answer(answer, lang);
                by.map_or(answer.clone(), |by| match lang {
                    Lang::Zh => format!("{answer}(依据 {})", by.join("、")),
                    Lang::En => format!("{answer} (by {})", by.join(", ")),
                })
            })
        };
        let shift = match (&was, &is, self.about) {
            (Answer::Limit(was), Answer::Limit(is), About::Within(clock)) if was != is => {
                Some(shift((old, was), (new, is), clock))
            }
            _ => None,
        };
        Differing {
            when: patch.ranges.iter().filter_map(bound).collect(),
            says: (
                says(&was, clauses.as_ref().map(|it| &it.0)),
                says(&is, clauses.as_ref().map(|it| &it.1)),
            ),
            clauses,
            shift,
            witness: instances
                .map(|(at, (fact, only))| Instance {
                    fact: fact.name.clone(),
                    only: *only,
                    value: fact.domain.value(row.code(at)),
                    was: aligned.was(at, row.code(at), &old.schema),
                })
                .collect(),
            old: was,
            new: is,
        }
    }
}

/// Which way a limit moved; unclear, where the two plans do not count time alike.
fn shift((old, was): (&Plan, &Limit), (new, is): (&Plan, &Limit), clock: &ClockRule) -> Shift {
    let counting = |plan: &Plan| plan.clock(clock.kind).map(|clock| clock.counting);
    let time = old.zone == new.zone
        && old.hours == new.hours
        && old.holidays == new.holidays
        && counting(old) == counting(new);
    let whole = match is {
        Limit::Share { of, .. } => {
            old.schema == new.schema
                && old
                    .clock(*of)
                    .map(|clock| (&clock.within.diagram, clock.counting))
                    == new
                        .clock(*of)
                        .map(|clock| (&clock.within.diagram, clock.counting))
        }
        Limit::Span(_) => true,
    };
    match time && whole {
        true => Shift::of(was, is),
        false => Shift::Unclear,
    }
}
