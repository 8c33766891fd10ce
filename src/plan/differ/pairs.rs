//! Which thing of one plan is which of the other.

use crate::plan::{ClockRule, GateRule, Plan, Rung};

/// A thing of either plan, or of both.
pub(super) type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

/// Whether one thing is the other.
type Alike<'a, T> = &'a dyn Fn(&T, &T) -> bool;

/// Pairs things by the first of these likenesses that finds them a partner, each thing once. In the new order, those that are gone at the
/// end.
pub(super) fn pairs<'a, T>(old: &'a [T], new: &'a [T], alike: &[Alike<'_, T>]) -> Vec<Pair<'a, T>> {
    let mut taken = vec![false; old.len()];
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    for alike in alike {
        for (own, partner) in new.iter().zip(&mut partner) {
            if partner.is_some() {
                continue;
            }
            let mut free = old.iter().zip(&mut taken).enumerate();
            let found = free.find(|(_, (it, taken))| !**taken && alike(it, own));
            if let Some((at, (_, taken))) = found {
                (*taken, *partner) = (true, Some(at));
            }
        }
    }
    let both = new.iter().zip(partner);
    let mut all: Vec<Pair<'a, T>> = both
        .map(|(own, at)| (at.and_then(|at| old.get(at)), Some(own)))
        .collect();
    let gone = old.iter().zip(taken).filter(|(_, taken)| !taken);
    all.extend(gone.map(|(it, _)| (Some(it), None)));
    all
}

pub(super) fn clocks<'a>(old: &'a Plan, new: &'a Plan) -> Vec<Pair<'a, ClockRule>> {
    pairs(&old.clocks, &new.clocks, &[&|a, b| a.kind == b.kind])
}

/// A rung is the one that comes at the same time; or that was moved: it does the same, or is called the same.
pub(super) fn rungs<'a>(old: &'a ClockRule, new: &'a ClockRule) -> Vec<Pair<'a, Rung>> {
    let once = |title: &str| {
        let count = |rungs: &[Rung]| rungs.iter().filter(|rung| rung.title == title).count();
        count(&old.rungs) == 1 && count(&new.rungs) == 1
    };
    pairs(
        &old.rungs,
        &new.rungs,
        &[
            &|a, b| a.key == b.key,
            &|a, b| a.title == b.title && a.acts == b.acts,
            &|a, b| a.acts == b.acts,
            &|a, b| a.title == b.title && once(&a.title),
        ],
    )
}

/// A clause is the one that asks for the same in words, or the next of its gate that was not found.
pub(super) fn gates<'a>(old: &'a Plan, new: &'a Plan) -> Vec<Pair<'a, GateRule>> {
    pairs(
        &old.gates,
        &new.gates,
        &[
            &|a, b| a.gate == b.gate && a.words == b.words && a.met.diagram == b.met.diagram,
            &|a, b| a.gate == b.gate && a.words == b.words,
            &|a, b| a.gate == b.gate && a.met.diagram == b.met.diagram,
            &|a, b| a.gate == b.gate,
        ],
    )
}
