//! A tree of hashes over a log that only grows, as Certificate Transparency has it (RFC 6962, section 2.1).
//!
//! A leaf is `SHA-256(0x00 ‖ hash of the record)`, a node `SHA-256(0x01 ‖ left ‖ right)`; a tree of `n` leaves has the largest
//! power of two below `n` to its left. Whoever knows the roots of the full trees that `n` leaves come to, at most one for each
//! binary digit of `n`, can go on from there without the leaves.

use serde::{Deserialize, Serialize};

use crate::desk::Hash;

/// The hash of a record as a leaf.
pub(in crate::desk) fn leaf(record: &Hash) -> Hash {
    Hash::of_parts(&[&[0], record.bytes()])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Hash::of_parts(&[&[1], left.bytes(), right.bytes()])
}

/// The full trees that so many leaves come to, the largest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::desk) struct Growing {
    count: u64,
    peaks: Vec<Hash>,
}

impl Growing {
    /// What a frontier says; none, where it is not one of so many leaves.
    pub(in crate::desk) fn from(count: u64, peaks: &[Hash]) -> Option<Growing> {
        let fits = usize::try_from(count.count_ones()) == Ok(peaks.len());
        fits.then(|| Growing {
            count,
            peaks: peaks.to_vec(),
        })
    }
    pub(in crate::desk) fn count(&self) -> u64 {
        self.count
    }
    pub(in crate::desk) fn peaks(&self) -> &[Hash] {
        &self.peaks
    }
    pub(in crate::desk) fn push(&mut self, record: &Hash) {
        let mut new = leaf(record);
        // Every full tree of the new one's height stands to its left.
        for _ in 0..self.count.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                new = node(&left, &new);
            }
        }
        self.peaks.push(new);
        self.count = self.count.saturating_add(1);
    }
    pub(in crate::desk) fn root(&self) -> Hash {
        let mut right = self.peaks.iter().rev();
        let Some(last) = right.next() else {
            return Hash::of(b"");
        };
        right.fold(*last, |right, left| node(left, &right))
    }
}

/// One step of the way from a leaf to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The other tree stands to the left: `SHA-256(0x01 ‖ this ‖ what we have)`.
    Left(Hash),
    /// The other tree stands to the right: `SHA-256(0x01 ‖ what we have ‖ this)`.
    Right(Hash),
}

/// Collects the way from one leaf to the root while the leaves go by.
#[derive(Debug, Default)]
pub(in crate::desk) struct Walk {
    /// The full trees so far, with their heights; the largest first.
    peaks: Vec<(u32, Hash)>,
    /// Which of them holds the leaf, once it was seen.
    holds: Option<usize>,
    path: Vec<Step>,
}

impl Walk {
    /// The next leaf, and whether it is the one.
    pub(in crate::desk) fn push(&mut self, record: &Hash, is_it: bool) {
        if is_it {
            self.holds = Some(self.peaks.len());
        }
        self.peaks.push((0, leaf(record)));
        while let [.., (high, _), (low, _)] = self.peaks.as_slice()
            && high == low
        {
            self.join();
        }
    }
    /// The two last become one.
    fn join(&mut self) {
        let (Some((_, right)), Some((height, left))) = (self.peaks.pop(), self.peaks.pop()) else {
            return;
        };
        let at = self.peaks.len();
        if self.holds == Some(at) {
            self.path.push(Step::Right(right));
        } else if self.holds == Some(at.saturating_add(1)) {
            self.path.push(Step::Left(left));
            self.holds = Some(at);
        }
        self.peaks
            .push((height.saturating_add(1), node(&left, &right)));
    }
    /// The way; none, where the leaf never came.
    pub(in crate::desk) fn path(mut self) -> Option<Vec<Step>> {
        while self.peaks.len() > 1 {
            self.join();
        }
        self.holds.map(|_| self.path)
    }
}

/// The root that a way leads to.
pub(in crate::desk) fn climb(record: &Hash, path: &[Step]) -> Hash {
    path.iter().fold(leaf(record), |have, step| match step {
        Step::Left(left) => node(left, &have),
        Step::Right(right) => node(&have, right),
    })
}

/// Whether a way turns where that of the leaf at that place among so many does, so that nobody passes a node off as a leaf, or a
/// record off as another one.
pub(in crate::desk) fn fits(index: u64, count: u64, path: &[Step]) -> bool {
    if index >= count {
        return false;
    }
    let (mut place, mut last) = (index, count.saturating_sub(1));
    let mut steps = path.iter();
    while last > 0 {
        let right = place % 2 == 1;
        // The last of a level without a sibling goes up as it is.
        if right || place < last {
            match steps.next() {
                Some(Step::Left(_)) if right => {}
                Some(Step::Right(_)) if !right => {}
                _ => return false,
            }
        }
        place /= 2;
        last /= 2;
    }
    steps.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(n: u64) -> Hash {
        Hash::of(&n.to_be_bytes())
    }
    /// As the RFC writes it down.
    fn slow(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [one] => leaf(one),
            many => {
                let half = many.len().next_power_of_two() / 2;
                let (left, right) = many.split_at(half);
                node(&slow(left), &slow(right))
            }
        }
    }
    fn slow_path(at: usize, leaves: &[Hash]) -> Vec<Step> {
        if leaves.len() < 2 {
            return Vec::new();
        }
        let half = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(half);
        let (mut path, step) = if at < half {
            (slow_path(at, left), Step::Right(slow(right)))
        } else {
            (slow_path(at - half, right), Step::Left(slow(left)))
        };
        path.push(step);
        path
    }

    #[test]
    fn roots_and_paths_are_those_of_the_rfc() {
        let all: Vec<Hash> = (0..36).map(record).collect();
        let mut growing = Growing::default();
        for count in 0..=all.len() {
            let (leaves, _) = all.split_at(count);
            assert_eq!(growing.root(), slow(leaves), "{count}");
            let kept = Growing::from(growing.count(), growing.peaks());
            assert_eq!(kept, Some(growing.clone()));
            for (index, one) in leaves.iter().enumerate() {
                let mut walk = Walk::default();
                for leaf in leaves {
                    walk.push(leaf, leaf == one);
                }
                let path = walk.path();
                assert_eq!(path, Some(slow_path(index, leaves)), "{index} of {count}");
                let path = path.unwrap_or_default();
                assert_eq!(climb(one, &path), slow(leaves));
                for other in 0..=count as u64 {
                    assert_eq!(
                        fits(other, count as u64, &path),
                        other == index as u64,
                        "{index} of {count} at {other}"
                    );
                }
            }
            if let Some(next) = all.get(count) {
                growing.push(next);
            }
        }
        // A number with one more one in it has one more tree.
        let other = (2u64 << growing.peaks().len()) - 1;
        assert_eq!(Growing::from(other, growing.peaks()), None);
    }
}
