//! The density of a sample at a value, which the error of a quantile rests on.

use super::{Method, Scores};
use crate::measures;
use crate::quantile::quantile;
use crate::sample::Sample;
use crate::undefined::Undefined;

/// How wide the Gaussian kernel is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Bandwidth {
    /// `min(sd, IQR / 1.349) · n^-0.3`, `n` being the rows the weights are worth: the same for any scale of the weights.
    ///
    /// Narrower than the best width for the density itself (`n^-0.2`), so that its bias (of the order of the square of the width, `n^-0.6`) stays below the sampling error (`n^-0.5`).
    #[default]
    Undersmoothed,
    /// `sd · N^-0.2`, `N` being the sum of the weights, which must estimate the size of the population: that of the R package convey.
    Convey,
}

/// Beyond so many widths a Gaussian adds less than a double can hold.
const REACH: f64 = 9.0;
/// The distance between the quartiles of a Gaussian of deviation one.
const GAUSSIAN_QUARTILES: f64 = 1.349;

/// A Gaussian kernel on a sample.
pub(super) struct Kernel<'a> {
    sample: &'a Sample,
    width: f64,
    weight: f64,
}

impl Kernel<'_> {
    pub(super) fn of(sample: &Sample, method: Method) -> Kernel<'_> {
        let weight = sample.total_weight();
        Kernel {
            sample,
            width: width(sample, method).unwrap_or(0.0),
            weight,
        }
    }

    /// The density of rows at a value; zero when all values are one.
    pub(super) fn density(&self, at: f64) -> f64 {
        self.heights(at, |_| 1.0) / self.weight
    }

    /// The density of amounts at a value, not divided by the weight of all.
    pub(super) fn amount_density(&self, at: f64) -> f64 {
        self.heights(at, |value| value)
    }

    /// The sum of weight, factor and kernel height over the rows near a value.
    fn heights(&self, at: f64, factor: impl Fn(f64) -> f64) -> f64 {
        if self.width <= 0.0 {
            return 0.0;
        }
        let values = self.sample.values();
        let from = values.partition_point(|value| *value < at - REACH * self.width);
        let to = values.partition_point(|value| *value <= at + REACH * self.width);
        let near = values[from..to]
            .iter()
            .zip(&self.sample.weights()[from..to]);
        let height = |value: f64| (-((at - value) / self.width).powi(2) / 2.0).exp();
        let heights = near.map(|(value, weight)| weight * factor(*value) * height(*value));
        crate::sum(heights) / (self.width * (2.0 * std::f64::consts::PI).sqrt())
    }

    /// The scores of the `p`-quantile, which lies at a value.
    pub(super) fn quantile(&self, p: f64, at: f64) -> Result<Scores, Undefined> {
        let density = self.density(at);
        if density <= 0.0 {
            return Err(Undefined::NoDensity);
        }
        Ok(Scores::of(self.sample, |value| {
            (p - f64::from(value <= at)) / (self.weight * density)
        }))
    }
}

fn width(sample: &Sample, method: Method) -> Result<f64, Undefined> {
    let mean = measures::mean(sample)?;
    let deviation = measures::mean_of(sample, |value| (value - mean).powi(2)).sqrt();
    if method.bandwidth == Bandwidth::Convey {
        let weight = sample.as_it_came(sample.total_weight());
        return Ok(deviation / weight.powf(0.2));
    }
    let quartiles = quantile(sample, 0.75, method.rule)? - quantile(sample, 0.25, method.rule)?;
    let spread = match quartiles > 0.0 {
        true => deviation.min(quartiles / GAUSSIAN_QUARTILES),
        false => deviation,
    };
    Ok(spread * sample.effective_rows().powf(-0.3))
}
