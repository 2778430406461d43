//! The wild cluster bootstrap of one coefficient, under the hypothesis (Cameron, Gelbach and Miller 2008; Roodman, MacKinnon, Nielsen and Webb 2019).
//!
//! With `q` the regressor after all others and the effects are removed, `e` the residuals and `b` the estimate, the residuals under the hypothesis `b0` are `e + q (b - b0)`.
//! All that a draw changes is linear in them, so that a draw's t is known for every `b0` from six sums: intervals by inversion cost no new draws.

use nalgebra::{DMatrix, DVector};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::expanded::Expanded;
use super::fitting::{Fit, Inner, Kind};
use super::groups::Groups;
use super::model::RegressionError;
use crate::dense;

/// What residuals are multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Draws {
    /// Webb's below twelve clusters, Rademacher's otherwise.
    #[default]
    ByClusters,
    /// One or minus one; every combination once when they are fewer than the draws asked.
    Rademacher,
    /// Six points (Webb 2023).
    Webb,
}

/// A wild cluster bootstrap.
#[derive(Clone, Copy, Debug)]
pub struct WildAsked<'a> {
    /// The regressor.
    pub regressor: usize,
    /// The cluster of each row given.
    pub clusters: &'a [u32],
    /// The value tested.
    pub hypothesis: f64,
    /// How many draws; 9,999 is usual.
    pub draws: usize,
    /// What residuals are multiplied by.
    pub kind: Draws,
    /// The level of the interval.
    pub level: f64,
    /// The seed.
    pub seed: u64,
}

/// The answer of a wild cluster bootstrap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wild {
    /// The t of the estimate against the hypothesis, clustered without a factor (it would cancel).
    pub t: f64,
    /// Share of draws at least as far from zero; with random draws the estimate itself counts as one of them.
    pub p_symmetric: f64,
    /// Twice the smaller share at one side.
    pub p_equal_tailed: f64,
    /// Lower end of the values that the symmetric test does not reject; infinite when there is none.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Clusters.
    pub clusters: usize,
    /// Draws made.
    pub draws: usize,
    /// Whether these are all combinations rather than random ones.
    pub is_enumerated: bool,
    /// What residuals were multiplied by.
    pub kind: Draws,
}

/// Sums inside clusters.
struct Sums {
    /// `q'We` and `q'Wq`.
    score: Vec<f64>,
    square: Vec<f64>,
    /// `Z'We` and `Z'Wq` of the other columns, and the latter by `(Z'WZ)⁻¹`.
    others_residual: Vec<DVector<f64>>,
    others: Vec<DVector<f64>>,
    others_scaled: Vec<DVector<f64>>,
}

/// One draw: `t(δ) = (n0 + δ n1) / √(s00 + 2δ s01 + δ² s11)`.
#[derive(Clone, Copy)]
struct Draw {
    top: [f64; 2],
    below: [f64; 3],
}

impl Draw {
    fn t(&self, shift: f64) -> f64 {
        let square = self.below[0] + shift * (2.0 * self.below[1] + shift * self.below[2]);
        (self.top[0] + shift * self.top[1]) / square.max(0.0).sqrt()
    }
}

impl Fit {
    /// Tests one coefficient by a wild cluster bootstrap.
    ///
    /// # Errors
    /// [`RegressionError`] when there is one cluster, or too many groups of effects that cross the clusters.
    pub fn wild(&self, asked: &WildAsked<'_>) -> Result<Wild, RegressionError> {
        match self.inner.kind {
            Kind::Linear => (),
            Kind::Instruments => return Err(RegressionError::NotForInstruments),
            Kind::Poisson => return Err(RegressionError::NotForPoisson),
        }
        if asked.draws == 0 || !(asked.level > 0.0 && asked.level < 1.0) {
            return Err(RegressionError::Setting(
                "at least one draw, and a level between zero and one, are needed",
            ));
        }
        if !asked.hypothesis.is_finite() {
            return Err(RegressionError::Setting("the value tested must be finite"));
        }
        let place = self.place(asked.regressor)?;
        let clusters = self.inner.rows.groups(asked.clusters)?;
        if clusters.count < 2 {
            return Err(RegressionError::OneCluster);
        }
        let sums = sums(&self.inner, place, &clusters)?;
        let (kind, is_enumerated) = choose(asked, clusters.count);
        let draws = draws(asked, &sums, kind, is_enumerated);
        let shift = self.coefficients[place] - asked.hypothesis;
        let observed = observed(&sums);
        let total = draws.len() as f64;
        let (own, all) = match is_enumerated {
            true => (0.0, total),
            false => (1.0, total + 1.0),
        };
        let symmetric = |shift: f64| {
            let t = (shift * observed).abs();
            let beyond = draws.iter().filter(|draw| reaches(draw.t(shift).abs(), t));
            (beyond.count() as f64 + own) / all
        };
        let t = shift * observed;
        let above = draws.iter().filter(|draw| reaches(draw.t(shift), t));
        let below = draws.iter().filter(|draw| reaches(-draw.t(shift), -t));
        let tail = above.count().min(below.count()) as f64;
        let estimate = self.coefficients[place];
        let reach = |side: f64| end(symmetric, side / observed, 1.0 - asked.level);
        Ok(Wild {
            t,
            p_symmetric: symmetric(shift),
            p_equal_tailed: (2.0 * (tail + own) / all).min(1.0),
            // A hypothesis below the estimate is a positive shift.
            low: estimate - reach(1.0),
            high: estimate - reach(-1.0),
            clusters: clusters.count,
            draws: draws.len(),
            is_enumerated,
            kind,
        })
    }
}

/// Whether a draw is at least as far, ties up to rounding included; a draw without a t is counted as far.
fn reaches(draw: f64, t: f64) -> bool {
    draw.is_nan() || draw >= t - 1e-10 * (1.0 + t.abs())
}

/// The shift at which the test begins to reject, from a step of one standard error.
fn end(p: impl Fn(f64) -> f64, step: f64, threshold: f64) -> f64 {
    let (mut inside, mut outside) = (0.0, step);
    let mut tries = 0;
    while p(outside) > threshold {
        inside = outside;
        outside *= 2.0;
        tries += 1;
        if tries > 40 {
            return step.signum() * f64::INFINITY;
        }
    }
    for _ in 0..60 {
        let middle = 0.5 * (inside + outside);
        match p(middle) > threshold {
            true => inside = middle,
            false => outside = middle,
        }
    }
    inside
}

/// What one unit of shift is in t: `Σ q'q / √Σ (q'e)²`.
fn observed(sums: &Sums) -> f64 {
    let square: f64 = sums.score.iter().map(|own| own * own).sum();
    sums.square.iter().sum::<f64>() / square.sqrt()
}

fn choose(asked: &WildAsked<'_>, clusters: usize) -> (Draws, bool) {
    let kind = match asked.kind {
        Draws::ByClusters if clusters < 12 => Draws::Webb,
        Draws::ByClusters | Draws::Rademacher => Draws::Rademacher,
        Draws::Webb => Draws::Webb,
    };
    let is_few = clusters < 32 && (1_usize << clusters) < asked.draws;
    (kind, kind == Draws::Rademacher && is_few)
}

fn sums(inner: &Inner, place: usize, clusters: &Groups) -> Result<Sums, RegressionError> {
    let expanded = Expanded::new(inner, clusters)?;
    let target = 1 + expanded.dummies + place;
    let others: Vec<usize> = (1..expanded.stride).filter(|at| *at != target).collect();
    let gram = &expanded.gram;
    let inverse = match others.is_empty() {
        true => DMatrix::zeros(0, 0),
        false => dense::inverse(&gram.select_rows(&others).select_columns(&others))
            .ok_or(RegressionError::NothingLeft)?,
    };
    let slopes = &inverse
        * DVector::from_iterator(
            others.len(),
            others.iter().map(|column| gram[(*column, target)]),
        );
    let mut found = Sums {
        score: vec![0.0; clusters.count],
        square: vec![0.0; clusters.count],
        others_residual: vec![DVector::zeros(others.len()); clusters.count],
        others: vec![DVector::zeros(others.len()); clusters.count],
        others_scaled: Vec::new(),
    };
    for (row, cluster) in clusters.codes.iter().enumerate() {
        let (values, weight) = (expanded.row(row), inner.weight(row));
        let pairs = others.iter().zip(slopes.iter());
        let fitted: f64 = pairs.map(|(column, slope)| values[*column] * slope).sum();
        let (own, at) = (values[target] - fitted, *cluster as usize);
        found.score[at] += weight * own * values[0];
        found.square[at] += weight * own * own;
        for (place, column) in others.iter().enumerate() {
            found.others_residual[at][place] += weight * values[*column] * values[0];
            found.others[at][place] += weight * values[*column] * own;
        }
    }
    found.others_scaled = found.others.iter().map(|own| &inverse * own).collect();
    Ok(found)
}

/// All draws; each has its own stream, so that they may be made in any order.
fn draws(asked: &WildAsked<'_>, sums: &Sums, kind: Draws, is_enumerated: bool) -> Vec<Draw> {
    let clusters = sums.score.len();
    let count = match is_enumerated {
        true => 1 << clusters,
        false => asked.draws,
    };
    (0..count)
        .into_par_iter()
        .map(|draw| {
            let factors = match is_enumerated {
                true => (0..clusters)
                    .map(|at| if draw & (1 << at) == 0 { 1.0 } else { -1.0 })
                    .collect(),
                false => random(asked.seed, draw, kind, clusters),
            };
            one(sums, &factors)
        })
        .collect()
}

fn random(seed: u64, draw: usize, kind: Draws, clusters: usize) -> Vec<f64> {
    let mut source = ChaCha20Rng::seed_from_u64(seed);
    source.set_stream(draw as u64);
    let factor = |_| match kind {
        Draws::Webb => {
            let point = source.random_range(0..6);
            let size = [0.5_f64, 1.0, 1.5][point % 3].sqrt();
            if point < 3 { size } else { -size }
        }
        Draws::ByClusters | Draws::Rademacher => match source.random::<bool>() {
            true => 1.0,
            false => -1.0,
        },
    };
    (0..clusters).map(factor).collect()
}

fn one(sums: &Sums, factors: &[f64]) -> Draw {
    let size = sums.others.first().map_or(0, DVector::len);
    let mut top = [0.0; 2];
    let mut others = [DVector::zeros(size), DVector::zeros(size)];
    for (at, factor) in factors.iter().enumerate() {
        top[0] += factor * sums.score[at];
        top[1] += factor * sums.square[at];
        others[0].axpy(*factor, &sums.others_residual[at], 1.0);
        others[1].axpy(*factor, &sums.others[at], 1.0);
    }
    let total: f64 = sums.square.iter().sum();
    let mut below = [0.0; 3];
    for (at, factor) in factors.iter().enumerate() {
        let share = sums.square[at] / total;
        let first =
            factor * sums.score[at] - sums.others_scaled[at].dot(&others[0]) - share * top[0];
        let second =
            factor * sums.square[at] - sums.others_scaled[at].dot(&others[1]) - share * top[1];
        below[0] += first * first;
        below[1] += first * second;
        below[2] += second * second;
    }
    Draw { top, below }
}
