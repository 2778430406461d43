//! What omitted variables could do to an effect (Chernozhukov, Cinelli, Newey, Sharma, Syrgkanis, "Long story short: omitted variable bias in causal machine learning", 2022).

use super::{Dml, error_of};
use crate::distribution::normal_quantile;

/// The largest bias of an omitted variable, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// The bias of a confounder of strength one, `sqrt(E[(Y-g)²] E[α²])`.
    pub scale: f64,
    estimate: f64,
    influence: Vec<f64>,
    scale_influence: Vec<f64>,
    clusters: Option<Vec<usize>>,
}

/// How strong a confounder is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confounding {
    /// The share of the unexplained outcome that it explains.
    pub outcome: f64,
    /// The share by which it raises the variation of the representer: for a partially linear model, the share of the unexplained treatment that it explains.
    pub treatment: f64,
    /// The correlation of the two ways, 1 in the worst case.
    pub correlation: f64,
}

/// Bounds of an effect under a confounder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lower and upper bound.
    pub effect: [f64; 2],
    /// Their standard errors.
    pub standard_errors: [f64; 2],
    /// One-sided confidence limits of the two.
    pub interval: [f64; 2],
}

impl Sensitivity {
    /// From the squared errors of the outcome and the moments of the squared representer.
    pub(super) fn of(
        fit: &Dml,
        errors: &[f64],
        representer: &[f64],
        clusters: Option<&[usize]>,
    ) -> Sensitivity {
        let n = errors.len() as f64;
        let sigma = errors.iter().sum::<f64>() / n;
        let nu = representer.iter().sum::<f64>() / n;
        let scale = (sigma * nu.max(0.0)).sqrt();
        let rows = errors.iter().zip(representer);
        let scale_influence = rows
            .map(|(error, own)| (sigma * (own - nu) + nu * (error - sigma)) / (2.0 * scale))
            .collect();
        Sensitivity {
            scale,
            estimate: fit.estimate,
            influence: fit.influence.clone(),
            scale_influence,
            clusters: clusters.map(<[usize]>::to_vec),
        }
    }

    /// The bounds under a confounder, with limits of confidence `level` on each side.
    pub fn bounds(&self, confounding: Confounding, level: f64) -> Bounds {
        let ratio = confounding.treatment / (1.0 - confounding.treatment);
        self.under(
            confounding.correlation.abs() * (confounding.outcome * ratio).sqrt(),
            level,
        )
    }

    fn under(&self, strength: f64, level: f64) -> Bounds {
        let clusters = self.clusters.as_deref();
        let error = |sign: f64| {
            let rows = self.influence.iter().zip(&self.scale_influence);
            let own: Vec<f64> = rows
                .map(|(own, scale)| own + sign * strength * scale)
                .collect();
            error_of(&own, clusters)
        };
        let (low, high) = (error(-1.0), error(1.0));
        let effect = [
            self.estimate - strength * self.scale,
            self.estimate + strength * self.scale,
        ];
        let quantile = normal_quantile(level);
        Bounds {
            effect,
            standard_errors: [low, high],
            interval: [effect[0] - quantile * low, effect[1] + quantile * high],
        }
    }

    /// The equal share of both that would bring the effect to `null`: `(√(f⁴+4f²) - f²)/2` with `f` the distance in units of the scale.
    pub fn robustness(&self, null: f64) -> f64 {
        share((self.estimate - null).abs() / self.scale)
    }

    /// The equal share of both that would bring the limit of confidence to `null`; zero when it is there already.
    pub fn robustness_of_interval(&self, null: f64, level: f64) -> f64 {
        let gap = |strength: f64| {
            let bounds = self.under(strength, level);
            match null > self.estimate {
                true => null - bounds.interval[1],
                false => bounds.interval[0] - null,
            }
        };
        if gap(0.0) <= 0.0 {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        while gap(high) > 0.0 && high < 1e6 {
            high *= 2.0;
        }
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            match gap(middle) > 0.0 {
                true => low = middle,
                false => high = middle,
            }
        }
        share(0.5 * (low + high))
    }
}

/// The share `v` with `v / √(1-v)` equal to a strength.
fn share(strength: f64) -> f64 {
    let square = strength * strength;
    0.5 * ((square * square + 4.0 * square).sqrt() - square)
}
