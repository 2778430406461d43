//! A set of rows, one bit each.

/// Which rows of a file, counted from 0, or all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowSet {
    words: Vec<u64>,
    len: u64,
    is_all: bool,
}

impl RowSet {
    pub(crate) fn insert(&mut self, row: u64) {
        let place = usize::try_from(row / 64).expect("the rows of a file fit the memory");
        if place >= self.words.len() {
            self.words.resize(place + 1, 0);
        }
        let bit = 1 << (row % 64);
        self.len += u64::from(self.words[place] & bit == 0);
        self.words[place] |= bit;
    }

    /// Adds the rows of another set.
    pub(crate) fn union(&mut self, other: &RowSet) {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
        self.len = self
            .words
            .iter()
            .map(|word| u64::from(word.count_ones()))
            .sum();
        self.is_all |= other.is_all;
    }

    /// Every row, also those not seen yet.
    pub(crate) fn insert_all(&mut self) {
        self.is_all = true;
    }

    pub(crate) fn contains(&self, row: u64) -> bool {
        let word = usize::try_from(row / 64)
            .ok()
            .and_then(|place| self.words.get(place));
        self.is_all || word.is_some_and(|word| word & (1 << (row % 64)) != 0)
    }

    /// How many, of a file of so many rows.
    pub(crate) fn count(&self, rows: u64) -> u64 {
        match self.is_all {
            true => rows,
            false => self.len,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(rows in prop::collection::vec(0_u64..500, 0..60), more in prop::collection::vec(0_u64..500, 0..60)) {
            let (mut set, mut other) = (RowSet::default(), RowSet::default());
            rows.iter().for_each(|row| set.insert(*row));
            more.iter().for_each(|row| other.insert(*row));
            set.union(&other);
            let plain: BTreeSet<u64> = rows.into_iter().chain(more).collect();
            prop_assert_eq!(set.count(500), plain.len() as u64);
            for row in 0..500 {
                prop_assert_eq!(set.contains(row), plain.contains(&row));
            }
        }
    }
}
