//! The sampling design: which rows were drawn together, and in which strata.

use std::collections::HashMap;

use crate::sum::Sum;

/// Primary units (clusters of rows) in strata.
///
/// The same cluster name in two strata is two units.
// INVARIANT: `unit_of_row[i]` indexes `stratum_of_unit`, which indexes `0..strata`.
#[derive(Clone, Debug)]
pub struct Design {
    unit_of_row: Vec<u32>,
    stratum_of_unit: Vec<u32>,
    strata: usize,
}

impl Design {
    /// The design of `rows` rows; without clusters each row is a unit, without strata there is one stratum.
    ///
    /// # Panics
    /// When `clusters` or `strata` has another length than `rows`.
    pub fn new(rows: usize, clusters: Option<&[u64]>, strata: Option<&[u64]>) -> Design {
        for names in [clusters, strata].into_iter().flatten() {
            assert_eq!(names.len(), rows, "one name per row");
        }
        let mut design = Design {
            unit_of_row: Vec::with_capacity(rows),
            stratum_of_unit: Vec::new(),
            strata: 0,
        };
        let mut known_strata: HashMap<u64, u32> = HashMap::new();
        let mut known_units: HashMap<(u32, u64), u32> = HashMap::new();
        for row in 0..rows {
            let next = number(known_strata.len());
            let stratum = *known_strata
                .entry(strata.map_or(0, |names| names[row]))
                .or_insert(next);
            let next = number(design.stratum_of_unit.len());
            let name = clusters.map_or(row as u64, |names| names[row]);
            let unit = *known_units.entry((stratum, name)).or_insert(next);
            if unit == next {
                design.stratum_of_unit.push(stratum);
            }
            design.unit_of_row.push(unit);
        }
        design.strata = known_strata.len();
        design
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.unit_of_row.len()
    }

    /// The unit of a row.
    pub(crate) fn unit(&self, row: usize) -> usize {
        self.unit_of_row[row] as usize
    }

    /// The number of units.
    pub(crate) fn units(&self) -> usize {
        self.stratum_of_unit.len()
    }

    /// The units of each stratum.
    pub(crate) fn units_by_stratum(&self) -> Vec<Vec<usize>> {
        let mut strata = vec![Vec::new(); self.strata];
        for (unit, stratum) in self.stratum_of_unit.iter().enumerate() {
            strata[*stratum as usize].push(unit);
        }
        strata
    }

    /// The variance of a measure whose scores are given, units drawn with replacement within strata; `None` with fewer than two units.
    ///
    /// A stratum of one unit is centred at the mean of all units, which overstates its part rather than leaving it out.
    ///
    /// # Panics
    /// When there is not one score per row.
    pub fn variance(&self, scores: &[f64]) -> Option<f64> {
        assert_eq!(scores.len(), self.rows(), "one score per row");
        if self.units() < 2 {
            return None;
        }
        let mut totals = vec![0.0; self.units()];
        for (score, unit) in scores.iter().zip(&self.unit_of_row) {
            totals[*unit as usize] += score;
        }
        let grand_mean = crate::sum(totals.iter().copied()) / totals.len() as f64;
        let mut variance = Sum::ZERO;
        for units in self.units_by_stratum() {
            let count = units.len() as f64;
            let (mean, factor) = match units.len() {
                1 => (grand_mean, 1.0),
                _ => (
                    crate::sum(units.iter().map(|unit| totals[*unit])) / count,
                    count / (count - 1.0),
                ),
            };
            let squares = crate::sum(units.iter().map(|unit| (totals[*unit] - mean).powi(2)));
            variance.add(factor * squares);
        }
        Some(variance.value())
    }

    /// The standard error: the square root of [`Design::variance`].
    ///
    /// # Panics
    /// When there is not one score per row.
    pub fn standard_error(&self, scores: &[f64]) -> Option<f64> {
        self.variance(scores).map(f64::sqrt)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a sample has fewer than four thousand million rows")
}
