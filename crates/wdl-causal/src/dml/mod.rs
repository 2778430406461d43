//! Double machine learning: effects from orthogonal scores with cross-fitted models (Chernozhukov, Chetverikov, Demirer, Duflo, Hansen, Newey, Robins, "Double/debiased machine learning", Econometrics Journal 2018).
//!
//! Place in the flow: takes rows without missing values and folds, given or drawn from a seed.
//!
//! **Invariant:** the models that judge a row have not seen its fold, and clusters are never parted between folds.

mod folds;
mod heterogeneity;
mod learners;
mod policy;
mod sensitivity;

pub use folds::{draw, draw_clusters};
pub use heterogeneity::{GroupEffects, Projection, group_effects, projection, quantile_groups};
pub use learners::Ridge;
pub use policy::{Policy, PolicyAsked, PolicyRows, PolicyValue, policy, policy_value};
pub use sensitivity::{Bounds, Confounding, Sensitivity};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::logit::NoLogit;
use crate::matching::MatchError;
use learners::{Design, arms};

/// The model and its score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// Partially linear regression, partialling out (equation 4.4).
    Plr,
    /// Partially linear with an instrument (equation 4.8).
    Pliv,
    /// Interactive regression: the average effect for everybody (equation 5.3).
    IrmAte,
    /// Interactive regression: the average effect for the treated (equation 5.4).
    IrmAtte,
    /// Interactive regression with an instrument of 0 and 1: the local average effect (equation 5.7).
    Iivm,
}

/// The rows of a model.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The outcome.
    pub outcome: &'a [f64],
    /// The treatment; 0 and 1 for the interactive models.
    pub treatment: &'a [f64],
    /// The instrument of [`Model::Pliv`] and [`Model::Iivm`].
    pub instrument: Option<&'a [f64]>,
    /// The covariates.
    pub covariates: &'a [&'a [f64]],
    /// The cluster of each row.
    pub clusters: Option<&'a [usize]>,
}

/// How the models are fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learner {
    /// The penalty of the linear models; zero is least squares.
    pub ridge: Ridge,
    /// Scores of the treatment nearer to 0 or 1 than this are moved to it, and counted.
    pub clip: f64,
}

impl Default for Learner {
    fn default() -> Learner {
        Learner {
            ridge: Ridge(0.0),
            clip: 0.01,
        }
    }
}

/// An effect with its scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Dml {
    /// The effect.
    pub estimate: f64,
    /// Its standard error, by cluster where there are clusters.
    pub standard_error: f64,
    /// The influence of each row on the estimate.
    pub influence: Vec<f64>,
    /// For the interactive models of everybody: the score of each row whose mean is the effect.
    pub scores: Option<Vec<f64>>,
    /// For the interactive models: the predicted effect of each row, from models that have not seen it.
    pub predicted: Option<Vec<f64>>,
    /// Rows whose score of the treatment was moved to the clip.
    pub clipped: usize,
    /// What omitted variables could do; nothing for models with an instrument.
    pub sensitivity: Option<Sensitivity>,
}

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DmlError {
    /// Rows that cannot be read.
    #[error(transparent)]
    Rows(#[from] MatchError),
    /// Fewer than two folds, a fold without rows, or a cluster in two folds.
    #[error("the folds do not part the rows into at least two parts with whole clusters")]
    Folds,
    /// The model needs an instrument.
    #[error("the model needs an instrument")]
    NoInstrument,
    /// A treatment or instrument with values other than 0 and 1 in an interactive model.
    #[error("row {row} has a value other than 0 and 1")]
    NotZeroOne {
        /// The first such row.
        row: usize,
    },
    /// A covariate follows from those before it, among all rows or in a group outside a fold.
    #[error("covariate {0} follows from those before it")]
    Collinear(usize),
    /// The models cannot be fitted without a fold: too few rows of a group there.
    #[error("too few rows of a group outside fold {fold}")]
    TooFew {
        /// The fold.
        fold: usize,
    },
    /// The score of the treatment does not exist outside a fold.
    #[error("outside fold {fold}: {source}")]
    Score {
        /// The fold.
        fold: usize,
        /// Why.
        source: NoLogit,
    },
    /// The covariates, or the instrument, leave no variation of the treatment.
    #[error("the covariates leave no variation of the treatment")]
    NoVariation,
}

/// Estimates a model with the folds given: the fold of each row, from 0.
///
/// # Errors
/// [`DmlError`] saying what is missing.
pub fn fit(
    model: Model,
    rows: Rows<'_>,
    folds: &[usize],
    learner: Learner,
) -> Result<Dml, DmlError> {
    let design = Design::of(&rows, folds, learner)?;
    match model {
        Model::Plr => plr(&rows, &design),
        Model::Pliv => pliv(&rows, &design),
        Model::IrmAte => irm(&rows, &design, false),
        Model::IrmAtte => irm(&rows, &design, true),
        Model::Iivm => iivm(&rows, &design),
    }
}

fn plr(rows: &Rows<'_>, design: &Design<'_>) -> Result<Dml, DmlError> {
    let outcome = design.residuals(rows.outcome)?;
    let treatment = design.residuals(rows.treatment)?;
    let a: Vec<f64> = treatment.iter().map(|own| -own * own).collect();
    let b: Vec<f64> = treatment.iter().zip(&outcome).map(|(d, y)| d * y).collect();
    check_variation(&treatment, rows.treatment)?;
    let mut answer = solved(&a, &b, rows.clusters)?;
    let errors = treatment.iter().zip(&outcome);
    let errors: Vec<f64> = errors
        .map(|(d, y)| (y - answer.estimate * d).powi(2))
        .collect();
    let n = errors.len() as f64;
    // The Riesz representer is the residual over its mean square; its own influence is turned by the delta method.
    let nu = n / treatment.iter().map(|own| own * own).sum::<f64>();
    let representer: Vec<f64> = treatment
        .iter()
        .map(|own| 2.0 * nu - own * own * nu * nu)
        .collect();
    answer.sensitivity = Some(Sensitivity::of(
        &answer,
        &errors,
        &representer,
        rows.clusters,
    ));
    Ok(answer)
}

fn pliv(rows: &Rows<'_>, design: &Design<'_>) -> Result<Dml, DmlError> {
    let instrument = rows.instrument.ok_or(DmlError::NoInstrument)?;
    let outcome = design.residuals(rows.outcome)?;
    let treatment = design.residuals(rows.treatment)?;
    let own = design.residuals(instrument)?;
    check_variation(&own, instrument)?;
    let a: Vec<f64> = treatment.iter().zip(&own).map(|(d, z)| -d * z).collect();
    let b: Vec<f64> = outcome.iter().zip(&own).map(|(y, z)| y * z).collect();
    solved(&a, &b, rows.clusters)
}

fn irm(rows: &Rows<'_>, design: &Design<'_>, is_for_treated: bool) -> Result<Dml, DmlError> {
    let is_treated = arms(rows.treatment)?;
    let (score, clipped) = design.probabilities(&is_treated)?;
    let without = design.fitted(rows.outcome, |row| !is_treated[row])?;
    let with = design.fitted(rows.outcome, |row| is_treated[row])?;
    let n = is_treated.len();
    let treated = is_treated.iter().filter(|own| **own).count() as f64 / n as f64;
    // Weights of the estimand: one for everybody; for the treated, being treated and the score, over their share.
    let counts = |row: usize| match is_for_treated {
        true => f64::from(u8::from(is_treated[row])) / treated,
        false => 1.0,
    };
    let expected = |row: usize| {
        if is_for_treated {
            score[row] / treated
        } else {
            1.0
        }
    };
    let representer = |row: usize| match is_treated[row] {
        true => expected(row) / score[row],
        false => -expected(row) / (1.0 - score[row]),
    };
    let error = |row: usize| {
        rows.outcome[row]
            - if is_treated[row] {
                with[row]
            } else {
                without[row]
            }
    };
    let b: Vec<f64> = (0..n)
        .map(|row| counts(row) * (with[row] - without[row]) + representer(row) * error(row))
        .collect();
    let a: Vec<f64> = (0..n).map(|row| -counts(row)).collect();
    let mut answer = solved(&a, &b, rows.clusters)?;
    let errors: Vec<f64> = (0..n).map(|row| error(row).powi(2)).collect();
    let squares: Vec<f64> = (0..n)
        .map(|row| {
            let moment =
                counts(row) * expected(row) * (1.0 / score[row] + 1.0 / (1.0 - score[row]));
            2.0 * moment - representer(row).powi(2)
        })
        .collect();
    answer.sensitivity = Some(Sensitivity::of(&answer, &errors, &squares, rows.clusters));
    answer.predicted = Some(
        with.iter()
            .zip(&without)
            .map(|(with, without)| with - without)
            .collect(),
    );
    answer.scores = (!is_for_treated).then_some(b);
    answer.clipped = clipped;
    Ok(answer)
}

fn iivm(rows: &Rows<'_>, design: &Design<'_>) -> Result<Dml, DmlError> {
    let offered = arms(rows.instrument.ok_or(DmlError::NoInstrument)?)?;
    let is_treated = arms(rows.treatment)?;
    let (score, clipped) = design.probabilities(&offered)?;
    let effect = |target: &[f64], fitted: [Vec<f64>; 2]| -> Vec<f64> {
        let [without, with] = fitted;
        (0..target.len())
            .map(|row| {
                let residual = match offered[row] {
                    true => (target[row] - with[row]) / score[row],
                    false => -(target[row] - without[row]) / (1.0 - score[row]),
                };
                with[row] - without[row] + residual
            })
            .collect()
    };
    let outcomes = [
        design.fitted(rows.outcome, |row| !offered[row])?,
        design.fitted(rows.outcome, |row| offered[row])?,
    ];
    let takers = [
        design.probabilities_among(&is_treated, |row| !offered[row])?,
        design.probabilities_among(&is_treated, |row| offered[row])?,
    ];
    let b = effect(rows.outcome, outcomes);
    let a: Vec<f64> = effect(rows.treatment, takers)
        .iter()
        .map(|own| -own)
        .collect();
    let mut answer = solved(&a, &b, rows.clusters)?;
    answer.clipped = clipped;
    Ok(answer)
}

fn check_variation(residuals: &[f64], values: &[f64]) -> Result<(), DmlError> {
    let size =
        |values: &[f64], mean: f64| values.iter().map(|own| (own - mean).powi(2)).sum::<f64>();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    match size(residuals, 0.0) > 1e-16 * size(values, mean) {
        true => Ok(()),
        false => Err(DmlError::NoVariation),
    }
}

/// `θ = -Σψ_b / Σψ_a` and the influence `-ψ / mean ψ_a`.
fn solved(a: &[f64], b: &[f64], clusters: Option<&[usize]>) -> Result<Dml, DmlError> {
    let (slope, level) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    let size: f64 = a.iter().map(|own| own.abs()).sum();
    if slope.is_nan() || slope.abs() <= 1e-14 * size {
        return Err(DmlError::NoVariation);
    }
    let estimate = -level / slope;
    let mean = slope / a.len() as f64;
    let influence: Vec<f64> = a
        .iter()
        .zip(b)
        .map(|(a, b)| -(a * estimate + b) / mean)
        .collect();
    Ok(Dml {
        estimate,
        standard_error: error_of(&influence, clusters),
        influence,
        scores: None,
        predicted: None,
        clipped: 0,
        sensitivity: None,
    })
}

/// `sqrt(Σ_c (Σ φ)²) / n`: rows count for themselves, or by cluster.
pub(crate) fn error_of(influence: &[f64], clusters: Option<&[usize]>) -> f64 {
    let squares: f64 = summed(influence, clusters)
        .iter()
        .map(|own| own * own)
        .sum();
    squares.sqrt() / influence.len() as f64
}

/// Influences by cluster.
fn summed(influence: &[f64], clusters: Option<&[usize]>) -> Vec<f64> {
    let Some(clusters) = clusters else {
        return influence.to_vec();
    };
    let mut sums = std::collections::BTreeMap::new();
    for (own, cluster) in influence.iter().zip(clusters) {
        *sums.entry(*cluster).or_insert(0.0) += own;
    }
    sums.into_values().collect()
}

/// The median of estimates over repeated splits, with `sqrt(median(se² + (θ - median)²))` (definition 3.3 of the paper).
pub fn median(repeats: &[Dml]) -> Option<(f64, f64)> {
    if repeats.is_empty() {
        return None;
    }
    let centre = middle(repeats.iter().map(|own| own.estimate).collect());
    let spread = repeats
        .iter()
        .map(|own| own.standard_error.powi(2) + (own.estimate - centre).powi(2));
    Some((centre, middle(spread.collect()).sqrt()))
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() % 2 {
        1 => values[half],
        _ => 0.5 * (values[half - 1] + values[half]),
    }
}

/// The critical value for several estimates at once: the quantile of the largest absolute t over draws of normal multipliers on their influences.
///
/// With one estimate it is that of its own bootstrap. Nothing when an influence has no variation.
pub fn multiplier_critical_value(
    influences: &[&[f64]],
    clusters: Option<&[usize]>,
    level: f64,
    draws: usize,
    seed: u64,
) -> Option<f64> {
    let sums: Vec<Vec<f64>> = influences.iter().map(|own| summed(own, clusters)).collect();
    let sizes: Vec<f64> = sums
        .iter()
        .map(|own| own.iter().map(|own| own * own).sum::<f64>().sqrt())
        .collect();
    if draws == 0 || sizes.is_empty() || sizes.iter().any(|own| own.is_nan() || *own <= 0.0) {
        return None;
    }
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let mut largest: Vec<f64> = (0..draws)
        .map(|_| {
            let signs: Vec<f64> = sums[0]
                .iter()
                .map(|_| random.sample(rand_distr::StandardNormal))
                .collect();
            let values = sums.iter().zip(&sizes).map(|(sums, size)| {
                let total: f64 = sums.iter().zip(&signs).map(|(own, sign)| own * sign).sum();
                (total / size).abs()
            });
            values.fold(0.0, f64::max)
        })
        .collect();
    largest.sort_by(f64::total_cmp);
    let at = (level * draws as f64).ceil() as usize;
    largest.get(at.clamp(1, draws) - 1).copied()
}
