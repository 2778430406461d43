//! Standard errors of the measures over families drawn whole, by linearisation (Deville 1999; Osier, *Survey Research Methods* 3(3), 2009).
//!
//! Amounts are euro here; the density at a quantile is a Gaussian kernel of bandwidth `min(sd, IQR / 1.349) n^-0.3`.

use super::measures;

/// A person: the number of the family, and its equivalised income where it is known.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub(crate) family: usize,
    pub(crate) cents: Option<i64>,
}

impl Person {
    pub(super) fn euro(self) -> Option<f64> {
        self.cents.map(|cents| cents as f64 / 100.0)
    }
}

/// The whole city, and what each person contributes to the threshold's error.
pub(crate) struct Everybody {
    pub(crate) persons: Vec<Person>,
    pub(crate) families: usize,
    pub(super) twenty_thresholds: i64,
    pub(super) threshold: f64,
    pub(super) of_threshold: Vec<f64>,
}

impl Everybody {
    /// The persons under a threshold of so many tenths of the median; nothing when there is no density at the median.
    pub(crate) fn new(persons: Vec<Person>, families: usize, tenths: i64) -> Option<Everybody> {
        let mut cents: Vec<i64> = persons.iter().filter_map(|one| one.cents).collect();
        cents.sort_unstable();
        let twenty_thresholds = measures::twenty_thresholds(&cents, tenths)?;
        let incomes: Vec<f64> = persons.iter().filter_map(|one| one.euro()).collect();
        let median = measures::twice_quantile(&cents, 1, 2)? as f64 / 200.0;
        let density = density(&incomes, median);
        if density <= 0.0 {
            return None;
        }
        let count = incomes.len() as f64;
        let part = tenths as f64 / 10.0;
        let of_threshold = persons.iter().map(|one| match one.euro() {
            Some(euro) => -part * (below_or_at(euro, median) - 0.5) / (count * density),
            None => 0.0,
        });
        Some(Everybody {
            of_threshold: of_threshold.collect(),
            persons,
            families,
            twenty_thresholds,
            threshold: twenty_thresholds as f64 / 2_000.0,
        })
    }

    /// The same persons with other incomes under the same threshold.
    pub(crate) fn with_incomes(mut self, cents: &[Option<i64>]) -> Everybody {
        for (person, cents) in self.persons.iter_mut().zip(cents) {
            person.cents = *cents;
        }
        self
    }

    /// Of the threshold itself.
    pub(crate) fn of_threshold(&self) -> Option<f64> {
        self.spread(&self.of_threshold)
    }

    /// Of the rate among the persons of a cell, given by their numbers.
    pub(crate) fn of_rate(&self, cell: &[usize]) -> Option<f64> {
        self.spread(&self.rate(cell)?)
    }

    /// Of the median gap.
    pub(crate) fn of_gap(&self, cell: &[usize]) -> Option<f64> {
        let incomes = self.incomes(cell);
        let poor = self.poor(cell);
        let median = measures::twice_quantile(&poor, 1, 2)? as f64 / 200.0;
        let density = density(&incomes, median);
        if density <= 0.0 {
            return None;
        }
        let rate = poor.len() as f64 / incomes.len() as f64;
        let count = incomes.len() as f64;
        let mut scores = self.rate(cell)?;
        for score in &mut scores {
            *score *= 0.5;
        }
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                scores[*person] -= (below_or_at(euro, median) - rate / 2.0) / count;
            }
        }
        for (score, of_threshold) in scores.iter_mut().zip(&self.of_threshold) {
            *score = -*score / (density * self.threshold)
                + median / self.threshold.powi(2) * of_threshold;
        }
        self.spread(&scores)
    }

    /// Of the ratio of the sums above the upper and up to the lower quantile.
    pub(crate) fn of_ratio(
        &self,
        cell: &[usize],
        cents: &[i64],
        tails: (measures::Part, measures::Part),
    ) -> Option<f64> {
        let incomes = self.incomes(cell);
        let (low, high) = tails;
        let lower = measures::twice_quantile(cents, low.0, low.1)? as f64 / 200.0;
        let upper = measures::twice_quantile(cents, high.0, high.1)? as f64 / 200.0;
        let poorest: f64 = incomes.iter().filter(|euro| **euro <= lower).sum();
        let ratio = measures::share_ratio(cents, tails)?;
        let (low, high) = (low.0 as f64 / low.1 as f64, high.0 as f64 / high.1 as f64);
        // What a person adds to the sum up to a quantile, the quantile's own move included.
        let (at_lower, at_upper) = (mean_at(&incomes, lower)?, mean_at(&incomes, upper)?);
        let up_to = |euro: f64, limit: f64, mean: f64, part: f64| {
            let is_in = below_or_at(euro, limit);
            euro * is_in - mean * (is_in - part)
        };
        let mut scores = vec![0.0; self.persons.len()];
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                let poor = up_to(euro, lower, at_lower, low);
                let rich = euro - up_to(euro, upper, at_upper, high);
                scores[*person] = (rich - ratio * poor) / poorest;
            }
        }
        self.spread(&scores)
    }

    /// Of the Gini coefficient: what one person more of the same income would change.
    pub(crate) fn of_gini(&self, cell: &[usize], gini: f64) -> Option<f64> {
        let incomes = self.incomes(cell);
        let (count, total) = (incomes.len() as f64, incomes.iter().sum::<f64>());
        let mut scores = vec![0.0; self.persons.len()];
        for person in cell {
            if let Some(euro) = self.persons[*person].euro() {
                let distances: f64 = incomes.iter().map(|other| (euro - other).abs()).sum();
                scores[*person] = (distances - gini * (total + count * euro)) / (count * total);
            }
        }
        self.spread(&scores)
    }

    pub(super) fn incomes(&self, cell: &[usize]) -> Vec<f64> {
        cell.iter()
            .filter_map(|person| self.persons[*person].euro())
            .collect()
    }

    fn poor(&self, cell: &[usize]) -> Vec<i64> {
        let mut cents: Vec<i64> = cell
            .iter()
            .filter_map(|person| self.persons[*person].cents)
            .collect();
        cents.sort_unstable();
        measures::poor(&cents, self.twenty_thresholds)
    }

    /// The scores of the rate, one per person of the city.
    fn rate(&self, cell: &[usize]) -> Option<Vec<f64>> {
        let incomes = self.incomes(cell);
        if incomes.is_empty() {
            return None;
        }
        let count = incomes.len() as f64;
        let rate = self.poor(cell).len() as f64 / count;
        let density = density(&incomes, self.threshold);
        let mut scores: Vec<f64> = self
            .of_threshold
            .iter()
            .map(|score| density * score)
            .collect();
        for person in cell {
            if self.persons[*person].cents.is_some() {
                let is_poor = !self.poor(&[*person]).is_empty();
                scores[*person] += (f64::from(is_poor) - rate) / count;
            }
        }
        Some(scores)
    }

    /// The standard error that the scores give when families are drawn with replacement.
    pub(super) fn spread(&self, scores: &[f64]) -> Option<f64> {
        let mut totals = vec![0.0; self.families];
        for (person, score) in self.persons.iter().zip(scores) {
            totals[person.family] += score;
        }
        spread(&totals)
    }
}

/// Of the median of a part of so many independent units.
pub(crate) fn of_median(cents: &[i64], units: usize) -> Option<f64> {
    let values: Vec<f64> = cents.iter().map(|cents| *cents as f64 / 100.0).collect();
    let median = measures::twice_quantile(cents, 1, 2)? as f64 / 200.0;
    let density = density(&values, median);
    if density <= 0.0 {
        return None;
    }
    let mut totals = vec![0.0; units];
    for (total, value) in totals.iter_mut().zip(&values) {
        *total = -(below_or_at(*value, median) - 0.5) / (values.len() as f64 * density);
    }
    spread(&totals)
}

/// The standard error of a sum of independent draws.
pub(crate) fn spread(totals: &[f64]) -> Option<f64> {
    if totals.len() < 2 {
        return None;
    }
    let count = totals.len() as f64;
    let mean = totals.iter().sum::<f64>() / count;
    let squares: f64 = totals.iter().map(|total| (total - mean).powi(2)).sum();
    Some((squares * count / (count - 1.0)).sqrt())
}

/// Of the mean of a part of so many independent units.
pub(crate) fn of_mean(values: &[f64], units: usize) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let mut totals = vec![0.0; units];
    for (total, value) in totals.iter_mut().zip(values) {
        *total = (value - mean) / count;
    }
    spread(&totals)
}

pub(super) fn below_or_at(euro: f64, limit: f64) -> f64 {
    f64::from(euro <= limit)
}

/// The weights of a Gaussian kernel around a point and its bandwidth; nothing when all values are one.
fn kernel(values: &[f64], at: f64) -> Option<(Vec<f64>, f64)> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let mut cents: Vec<i64> = values
        .iter()
        .map(|euro| (euro * 100.0).round() as i64)
        .collect();
    cents.sort_unstable();
    let quartile = |part| Some(measures::twice_quantile(&cents, part, 4)? as f64 / 200.0);
    let between = (quartile(3)? - quartile(1)?) / 1.349;
    let deviation = (squares / count).sqrt();
    let spread = if between > 0.0 {
        between.min(deviation)
    } else {
        deviation
    };
    let bandwidth = spread * count.powf(-0.3);
    let weight = |value: &f64| (-((value - at) / bandwidth).powi(2) / 2.0).exp();
    (bandwidth > 0.0).then(|| (values.iter().map(weight).collect(), bandwidth))
}

pub(super) fn density(values: &[f64], at: f64) -> f64 {
    let root = (2.0 * std::f64::consts::PI).sqrt();
    kernel(values, at).map_or(0.0, |(weights, bandwidth)| {
        weights.iter().sum::<f64>() / (root * values.len() as f64 * bandwidth)
    })
}

/// The mean of the values around a point, weighed by the kernel.
fn mean_at(values: &[f64], at: f64) -> Option<f64> {
    let (weights, _) = kernel(values, at)?;
    let amounts: f64 = values
        .iter()
        .zip(&weights)
        .map(|(value, weight)| value * weight)
        .sum();
    Some(amounts / weights.iter().sum::<f64>())
}
