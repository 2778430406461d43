//! Scores: each row's weight times its influence on a measure, from which the variance of any design follows.
//!
//! Linearisation after Deville (1999) and Osier (*Survey Research Methods* 3(3), 2009), as the R package convey computes it.
//! The density at a quantile is a Gaussian kernel estimate whose bandwidth is `sd / N^0.2`, `N` being the sum of the weights, which must therefore estimate the size of the population.
//! Every function adds its part to a vector with one entry per original row, so that a threshold over everybody and a rate in a group compose.

use crate::measures::{self, Fifths};
use crate::quantile::{QuantileRule, quantile};
use crate::sample::Sample;

/// A threshold with the scores of its own estimation.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The threshold.
    pub value: f64,
    /// Per original row; empty when the threshold is fixed and not estimated.
    pub scores: Vec<f64>,
}

/// The poverty threshold over the whole sample.
pub fn threshold(sample: &Sample, rule: QuantileRule) -> Option<Threshold> {
    let median = quantile(sample, 0.5, rule)?;
    let kernel = Kernel::of(sample);
    let mut scores = vec![0.0; sample.length()];
    kernel.add_quantile(sample, 0.5, median, measures::POVERTY_LINE, &mut scores)?;
    Some(Threshold {
        value: measures::POVERTY_LINE * median,
        scores,
    })
}

/// The mean.
pub fn mean(sample: &Sample) -> Option<Vec<f64>> {
    let mean = measures::mean(sample)?;
    let total = sample.total_weight();
    Some(scores(sample, &|value| (value - mean) / total))
}

/// The rate below a threshold in `sample`, which may be a part of the population the threshold rests on.
pub fn arpr(sample: &Sample, threshold: &Threshold) -> Option<Vec<f64>> {
    let rate = measures::arpr(sample, threshold.value)?;
    let total = sample.total_weight();
    let mut scores = scores(sample, &|value| {
        (f64::from(measures::is_below(value, threshold.value)) - rate) / total
    });
    let density = Kernel::of(sample).density(sample, threshold.value);
    add(&mut scores, density, &threshold.scores);
    Some(scores)
}

/// The relative median gap in `sample` under a threshold.
pub fn rmpg(sample: &Sample, threshold: &Threshold, rule: QuantileRule) -> Option<Vec<f64>> {
    let median = measures::poor_median(sample, threshold.value, rule)?;
    let density = Kernel::of(sample).density(sample, median);
    if threshold.value <= 0.0 || density <= 0.0 {
        return None;
    }
    let rate = measures::arpr(sample, threshold.value)?;
    let total = sample.total_weight();
    // The median of the poor solves F(median) = rate / 2.
    let own = scores(sample, &|value| {
        (f64::from(value <= median) - rate / 2.0) / total
    });
    let mut median_scores = vec![0.0; own.len()];
    add(&mut median_scores, 0.5 / density, &arpr(sample, threshold)?);
    add(&mut median_scores, -1.0 / density, &own);
    // The gap is 1 - median / threshold.
    let mut gap = vec![0.0; own.len()];
    add(&mut gap, -1.0 / threshold.value, &median_scores);
    add(
        &mut gap,
        median / threshold.value.powi(2),
        &threshold.scores,
    );
    Some(gap)
}

/// The quintile share ratio.
pub fn qsr(sample: &Sample, rule: QuantileRule) -> Option<Vec<f64>> {
    let fifths = Fifths::of(sample, rule)?;
    let ratio = measures::qsr(sample, rule)?;
    let kernel = Kernel::of(sample);
    let sum_up_to = |p: f64, at: f64| {
        let mut part = scores(sample, &|value| if value <= at { value } else { 0.0 });
        let slope = kernel.amount_density(sample, at);
        kernel.add_quantile(sample, p, at, slope, &mut part)?;
        Some(part)
    };
    let lower = sum_up_to(0.2, fifths.lower)?;
    let below_upper = sum_up_to(0.8, fifths.upper)?;
    // The upper sum is the total less the sum up to the 80 % quantile.
    let mut upper = scores(sample, &|value| value);
    add(&mut upper, -1.0, &below_upper);
    let mut scores = vec![0.0; sample.length()];
    add(&mut scores, 1.0 / fifths.lower_sum, &upper);
    add(&mut scores, -ratio / fifths.lower_sum, &lower);
    Some(scores)
}

/// The Gini coefficient.
pub fn gini(sample: &Sample) -> Option<Vec<f64>> {
    let gini = measures::gini(sample)?;
    let total = measures::total(sample);
    let weight = sample.total_weight();
    let mut scores = vec![0.0; sample.length()];
    let mut tie = Tie::default();
    let rows: Vec<usize> = sample.rows().collect();
    // From the top down: what lies strictly above a tie is the same for all its rows.
    for ((value, own), row) in sample.pairs().zip(rows).rev() {
        tie.meet(value);
        let others = value * (weight - tie.weight_above) + tie.amount_above;
        let influence =
            2.0 * others / (weight * total) - (gini + 1.0) * (1.0 / weight + value / total);
        scores[row] = own * influence;
        tie.take(value, own);
    }
    Some(scores)
}

/// Weight and amount strictly above the value at hand, walking down.
#[derive(Default)]
struct Tie {
    value: Option<f64>,
    weight_above: f64,
    amount_above: f64,
    weight_here: f64,
    amount_here: f64,
}

impl Tie {
    fn meet(&mut self, value: f64) {
        if self.value != Some(value) {
            self.weight_above += std::mem::take(&mut self.weight_here);
            self.amount_above += std::mem::take(&mut self.amount_here);
            self.value = Some(value);
        }
    }

    fn take(&mut self, value: f64, weight: f64) {
        self.weight_here += weight;
        self.amount_here += value * weight;
    }
}

fn scores(sample: &Sample, influence: &dyn Fn(f64) -> f64) -> Vec<f64> {
    let mut scores = vec![0.0; sample.length()];
    for ((value, weight), row) in sample.pairs().zip(sample.rows()) {
        scores[row] = weight * influence(value);
    }
    scores
}

fn add(scores: &mut [f64], factor: f64, others: &[f64]) {
    for (score, other) in scores.iter_mut().zip(others) {
        *score += factor * other;
    }
}

/// A Gaussian kernel of the sample's bandwidth.
struct Kernel {
    bandwidth: f64,
    weight: f64,
}

impl Kernel {
    fn of(sample: &Sample) -> Kernel {
        let weight = sample.total_weight();
        let mean = measures::mean(sample).unwrap_or_default();
        let squares = crate::sum(
            sample
                .pairs()
                .map(|(value, own)| own * (value - mean).powi(2)),
        );
        Kernel {
            bandwidth: (squares / weight).sqrt() / weight.powf(0.2),
            weight,
        }
    }

    fn height(&self, distance: f64) -> f64 {
        (-(distance / self.bandwidth).powi(2) / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
    }

    /// The density of rows at a value; zero when all values are one.
    fn density(&self, sample: &Sample, at: f64) -> f64 {
        if self.bandwidth <= 0.0 {
            return 0.0;
        }
        let heights = sample
            .pairs()
            .map(|(value, own)| own * self.height(at - value));
        crate::sum(heights) / (self.weight * self.bandwidth)
    }

    /// The density of amounts at a value.
    fn amount_density(&self, sample: &Sample, at: f64) -> f64 {
        if self.bandwidth <= 0.0 {
            return 0.0;
        }
        let heights = sample
            .pairs()
            .map(|(value, own)| own * value * self.height(at - value));
        crate::sum(heights) / self.bandwidth
    }

    /// Adds `factor` times the scores of the `p`-quantile; `None` where the density vanishes.
    fn add_quantile(
        &self,
        sample: &Sample,
        p: f64,
        at: f64,
        factor: f64,
        onto: &mut [f64],
    ) -> Option<()> {
        let density = self.density(sample, at);
        if density <= 0.0 {
            return None;
        }
        let own = scores(sample, &|value| {
            -(f64::from(value <= at) - p) / (self.weight * density)
        });
        add(onto, factor, &own);
        Some(())
    }
}
