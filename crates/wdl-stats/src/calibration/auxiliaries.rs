//! What each row adds to each margin.

use crate::sum::Sum;

/// The values of the margins in each row; most are zero and not kept.
// INVARIANT: the entries of row `i` are `entries[begins[i]..begins[i + 1]]`, ascending by margin, each margin at most once and below `margins`; values are finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Auxiliaries {
    margins: usize,
    begins: Vec<usize>,
    entries: Vec<(u32, f64)>,
}

impl Auxiliaries {
    /// No row yet.
    pub fn new(margins: usize) -> Auxiliaries {
        Auxiliaries {
            margins,
            begins: vec![0],
            entries: Vec::new(),
        }
    }

    /// Adds a row: margin and value of each entry, in any order; entries of one margin add up.
    ///
    /// # Panics
    /// When a margin is out of range.
    pub fn push(&mut self, row: impl IntoIterator<Item = (usize, f64)>) {
        let begin = self.entries.len();
        for (margin, value) in row {
            assert!(margin < self.margins, "one of the margins");
            let own = &mut self.entries[begin..];
            let margin = u32::try_from(margin).expect("fewer margins than rows");
            match own.iter_mut().find(|(known, _)| *known == margin) {
                Some((_, sum)) => *sum += value,
                None => self.entries.push((margin, value)),
            }
        }
        self.entries[begin..].sort_unstable_by_key(|(margin, _)| *margin);
        self.begins.push(self.entries.len());
    }

    /// The number of margins.
    pub fn margins(&self) -> usize {
        self.margins
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.begins.len() - 1
    }

    /// Margin and value of each entry of a row.
    pub fn of_row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> {
        let own = &self.entries[self.begins[row]..self.begins[row + 1]];
        own.iter().map(|(margin, value)| (*margin as usize, *value))
    }

    /// The means over groups of rows, each row then bearing that of its group: a household's weight is one when its members' margins are.
    ///
    /// # Panics
    /// When there is not one group per row.
    #[must_use]
    pub fn means(&self, group_of_row: &[usize], groups: usize) -> Auxiliaries {
        assert_eq!(group_of_row.len(), self.rows(), "one group per row");
        let mut members = vec![Vec::new(); groups];
        for (row, group) in group_of_row.iter().enumerate() {
            members[*group].push(row);
        }
        let mut of_group: Vec<Vec<(usize, f64)>> = Vec::with_capacity(groups);
        for rows in &members {
            let mut sums: std::collections::BTreeMap<usize, Sum> =
                std::collections::BTreeMap::new();
            for (margin, value) in rows.iter().flat_map(|row| self.of_row(*row)) {
                sums.entry(margin).or_default().add(value);
            }
            let size = rows.len() as f64;
            of_group.push(
                sums.into_iter()
                    .map(|(m, sum)| (m, sum.value() / size))
                    .collect(),
            );
        }
        let mut means = Auxiliaries::new(self.margins);
        for group in group_of_row {
            means.push(of_group[*group].iter().copied());
        }
        means
    }

    /// What a row's values add up to, each times the factor of its margin.
    pub(super) fn times(&self, row: usize, factors: &[f64]) -> f64 {
        self.of_row(row)
            .map(|(margin, value)| value * factors[margin])
            .sum()
    }

    /// The sums over rows of weight times value times value, for each pair of margins; a square matrix row by row.
    pub(super) fn products(&self, weights: impl Iterator<Item = f64>) -> Vec<Vec<f64>> {
        let mut sums = vec![vec![Sum::ZERO; self.margins]; self.margins];
        for (row, weight) in weights.enumerate() {
            for (one, value) in self.of_row(row) {
                for (other, second) in self.of_row(row) {
                    sums[one][other].add(weight * value * second);
                }
            }
        }
        let values = |row: Vec<Sum>| row.into_iter().map(Sum::value).collect();
        sums.into_iter().map(values).collect()
    }
}
