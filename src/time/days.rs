//! Sets of days that know how many of them come before a day, and which is the n-th.

/// Which dates are being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Dates on which somebody works.
    Working,
    /// All dates that are ever on the wall.
    Every,
}

/// A set of days, numbered from 0, with a count kept before every 64 of them, so that no question walks the days.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DaySet {
    words: Box<[u64]>,
    /// How many days of the set come before each word; at the end, how many there are.
    ranks: Box<[u32]>,
}

impl DaySet {
    /// The set of the days in `words`, lowest bit first.
    pub fn new(words: Vec<u64>) -> DaySet {
        let mut ranks = vec![0];
        let mut sum = 0;
        for word in &words {
            sum += word.count_ones();
            ranks.push(sum);
        }
        DaySet {
            words: words.into(),
            ranks: ranks.into(),
        }
    }

    pub fn len(&self) -> i64 {
        self.ranks.last().map_or(0, |&sum| i64::from(sum))
    }

    pub fn contains(&self, day: usize) -> bool {
        self.words
            .get(day / 64)
            .is_some_and(|word| word >> (day % 64) & 1 == 1)
    }

    /// How many days of the set come before `day`.
    pub fn rank(&self, day: usize) -> i64 {
        match (self.words.get(day / 64), self.ranks.get(day / 64)) {
            (Some(word), Some(&before)) => {
                let part = word & !(u64::MAX << (day % 64));
                i64::from(before + part.count_ones())
            }
            _ => self.len(),
        }
    }

    /// The `n`-th day of the set, counted from 1.
    pub fn select(&self, n: i64) -> Option<usize> {
        let n = u32::try_from(n).ok().filter(|&n| n > 0)?;
        let at = self.ranks.partition_point(|&before| before < n) - 1;
        let (word, before) = (*self.words.get(at)?, *self.ranks.get(at)?);
        // Halve the word, and go on in the half that holds the wanted day.
        let (mut left, mut bit) = (n - before, 0);
        for half in [32, 16, 8, 4, 2, 1] {
            let low = (word >> bit & ((1 << half) - 1)).count_ones();
            if left > low {
                left -= low;
                bit += half;
            }
        }
        Some(at * 64 + bit)
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.words) + size_of_val(&*self.ranks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_and_select_undo_each_other() {
        let days = [0, 1, 63, 64, 65, 127, 128, 200, 319, 447];
        let mut words = vec![0; 7];
        days.iter()
            .for_each(|&day| words[day / 64] |= 1 << (day % 64));
        let set = DaySet::new(words);
        assert_eq!(set.len(), 10);
        for (at, &day) in (0..).zip(&days) {
            assert_eq!(set.rank(day), at);
            assert_eq!(set.rank(day + 1), at + 1);
            assert_eq!(set.select(at + 1), Some(day));
        }
        for day in 0..450 {
            assert_eq!(set.contains(day), days.contains(&day), "{day}");
        }
        assert_eq!(
            (set.select(0), set.select(11), set.rank(448), set.rank(9999)),
            (None, None, 10, 10)
        );
        assert_eq!((set.select(-1), set.select(i64::MAX)), (None, None));
    }
}
