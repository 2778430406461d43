//! More standard errors over families drawn whole, each from its own formula: what one person more would change, written down term by term.

use super::errors::{Everybody, below_or_at, density};
use super::measures::{self, Part};

impl Everybody {
    /// How far a person of so many euro lies under the threshold, as a part of it.
    fn gap_of(&self, euro: f64) -> f64 {
        let is_poor = (euro * 100.0).round() * 20.0 < self.twenty_thresholds as f64;
        if is_poor {
            1.0 - euro / self.threshold
        } else {
            0.0
        }
    }

    /// The Foster-Greer-Thorbecke index of a whole power from 1 up, and its error.
    pub(super) fn gap_power(&self, cell: &[usize], power: i32) -> Option<(f64, Option<f64>)> {
        let incomes = self.incomes(cell);
        if incomes.is_empty() {
            return None;
        }
        let count = incomes.len() as f64;
        let index = incomes
            .iter()
            .map(|euro| self.gap_of(*euro).powi(power))
            .sum::<f64>()
            / count;
        // A higher threshold widens each gap by x / z^2.
        let slope = incomes.iter().map(|euro| {
            let gap = self.gap_of(*euro);
            let widened = euro / self.threshold.powi(2);
            if gap > 0.0 {
                f64::from(power) * gap.powi(power - 1) * widened
            } else {
                0.0
            }
        });
        let slope = slope.sum::<f64>() / count;
        let mut scores: Vec<f64> = self.of_threshold.iter().map(|one| slope * one).collect();
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                scores[*person] += (self.gap_of(euro).powi(power) - index) / count;
            }
        }
        Some((index, self.spread(&scores)))
    }

    /// The Sen-Shorrocks-Thon index: the mean of the larger gap of any two people, and its error.
    pub(super) fn larger_gap(&self, cell: &[usize]) -> Option<(f64, Option<f64>)> {
        let incomes = self.incomes(cell);
        if incomes.is_empty() {
            return None;
        }
        let count = incomes.len() as f64;
        let gaps: Vec<f64> = incomes.iter().map(|euro| self.gap_of(*euro)).collect();
        let (mut larger, mut slope) = (0.0, 0.0);
        for (one, gap) in incomes.iter().zip(&gaps) {
            for (other, other_gap) in incomes.iter().zip(&gaps) {
                larger += gap.max(*other_gap);
                if gap.max(*other_gap) > 0.0 {
                    slope += one.min(*other) / self.threshold.powi(2);
                }
            }
        }
        let (index, slope) = (larger / count.powi(2), slope / count.powi(2));
        let mut scores: Vec<f64> = self.of_threshold.iter().map(|one| slope * one).collect();
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                let own = self.gap_of(euro);
                let mean = gaps.iter().map(|gap| gap.max(own)).sum::<f64>() / count;
                scores[*person] += 2.0 * (mean - index) / count;
            }
        }
        Some((index, self.spread(&scores)))
    }

    /// The error of the rate under a threshold in euro that is given.
    pub(super) fn of_given_rate(&self, cell: &[usize], threshold: f64) -> Option<f64> {
        let is_poor = |euro: f64| f64::from(euro < threshold);
        self.of_mean(cell, is_poor)
    }

    /// The error of the mean of some number of each income.
    fn of_mean(&self, cell: &[usize], number: impl Fn(f64) -> f64) -> Option<f64> {
        let incomes = self.incomes(cell);
        let count = incomes.len() as f64;
        let mean = incomes.iter().map(|euro| number(*euro)).sum::<f64>() / count;
        let mut scores = vec![0.0; self.persons.len()];
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                scores[*person] = (number(euro) - mean) / count;
            }
        }
        self.spread(&scores)
    }

    /// The error of a quantile.
    pub(super) fn of_quantile(&self, cell: &[usize], cents: &[i64], part: Part) -> Option<f64> {
        let incomes = self.incomes(cell);
        let at = measures::twice_quantile(cents, part.0, part.1)? as f64 / 200.0;
        let density = density(&incomes, at);
        if density <= 0.0 {
            return None;
        }
        let (p, count) = (part.0 as f64 / part.1 as f64, incomes.len() as f64);
        let mut scores = vec![0.0; self.persons.len()];
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                scores[*person] = (p - below_or_at(euro, at)) / (count * density);
            }
        }
        self.spread(&scores)
    }

    /// The error of what the poorest part has of the total, which is also that of what the others have.
    pub(super) fn of_poorest_share(
        &self,
        cell: &[usize],
        cents: &[i64],
        part: Part,
    ) -> Option<f64> {
        let share = measures::poorest_share(cents, part)?;
        let at = measures::twice_quantile(cents, part.0, part.1)? as f64 / 200.0;
        let total: f64 = self.incomes(cell).iter().sum();
        let p = part.0 as f64 / part.1 as f64;
        let mut scores = vec![0.0; self.persons.len()];
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                // The part grows with the incomes in it, and with its end, which one person more moves.
                let inside = (euro - at) * below_or_at(euro, at) + p * at;
                scores[*person] = (inside - share * euro) / total;
            }
        }
        self.spread(&scores)
    }

    /// Atkinson's index of aversion one half, and its error; of positive incomes.
    pub(super) fn atkinson_half(&self, cell: &[usize]) -> Option<(f64, Option<f64>)> {
        let (mean, roots) = (self.mean(cell, |x| x)?, self.mean(cell, f64::sqrt)?);
        let influence = |x: f64| {
            -2.0 * roots * (x.sqrt() - roots) / mean + roots.powi(2) * (x - mean) / mean.powi(2)
        };
        Some((1.0 - roots.powi(2) / mean, self.of_mean(cell, influence)))
    }

    /// Theil's index, and its error; of positive incomes.
    pub(super) fn theil(&self, cell: &[usize]) -> Option<(f64, Option<f64>)> {
        let (mean, logs) = (self.mean(cell, |x| x)?, self.mean(cell, |x| x * x.ln())?);
        let influence =
            |x: f64| (x * x.ln() - logs) / mean - (logs / mean.powi(2) + 1.0 / mean) * (x - mean);
        Some((logs / mean - mean.ln(), self.of_mean(cell, influence)))
    }

    /// The mean logarithmic deviation, and its error; of positive incomes.
    pub(super) fn log_deviation(&self, cell: &[usize]) -> Option<(f64, Option<f64>)> {
        let (mean, logs) = (self.mean(cell, |x| x)?, self.mean(cell, f64::ln)?);
        let influence = |x: f64| (x - mean) / mean - (x.ln() - logs);
        Some((mean.ln() - logs, self.of_mean(cell, influence)))
    }

    fn mean(&self, cell: &[usize], number: impl Fn(f64) -> f64) -> Option<f64> {
        let incomes = self.incomes(cell);
        let sum: f64 = incomes.iter().map(|euro| number(*euro)).sum();
        (!incomes.is_empty()).then(|| sum / incomes.len() as f64)
    }
}
