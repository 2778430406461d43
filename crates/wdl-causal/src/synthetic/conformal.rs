//! Conformal inference for synthetic control: p-values and intervals by permuting the residuals of a fit over all periods under the hypothesis.
//!
//! Chernozhukov, Wüthrich and Zhu, "An exact and robust conformal inference method for counterfactual and synthetic controls" (2021): under the hypothesis the treated outcomes less the effect go on like before, the weights are fitted to all periods, and the statistic `S = (Σ |u|^q)^(1/q)` of the treated periods is compared with that of the periods shifted in a circle (moving blocks).
//! The weights minimise the error of the outcome, without predictors.

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::control::{NoSynthetic, Study};
use super::simplex::Gram;

/// What the permutations say of one period.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodInterval {
    /// The position of the period.
    pub period: usize,
    /// How often no effect at all gives a residual as large.
    pub p_value: f64,
    /// The effects not rejected, from the least to the largest; nothing on a side that stays open.
    pub interval: (Option<f64>, Option<f64>),
    /// Whether effects between the two ends are rejected as well.
    pub has_holes: bool,
}

/// The answer for all periods after the treatment.
#[derive(Clone, Debug, PartialEq)]
pub struct Conformal {
    /// How often no effect in any period gives residuals as large: all periods after the treatment together.
    pub p_value: f64,
    /// One interval for each period after the treatment.
    pub periods: Vec<PeriodInterval>,
    /// The level asked for; the least p-value is one over the periods of the fit plus one, so that fewer periods make every interval endless.
    pub level: f64,
}

/// Tests and intervals; `level` is 0.9 or 0.95, the statistic adds absolute residuals (`q = 1`).
///
/// # Errors
/// [`NoSynthetic::Argument`] when the level is not between 0 and 1.
pub fn intervals(study: &Study, level: f64) -> Result<Conformal, NoSynthetic> {
    if !(level > 0.0 && level < 1.0) {
        return Err(NoSynthetic::Argument("level"));
    }
    let none = vec![0.0; study.post.len()];
    let p_value = joint(study, &study.post, &none);
    let before = study.differences(&study.fit);
    let periods: Vec<PeriodInterval> = study
        .post
        .par_iter()
        .map(|period| interval(study, &before, *period, 1.0 - level))
        .collect();
    Ok(Conformal {
        p_value,
        periods,
        level,
    })
}

/// The p-value of given effects in all periods after the treatment.
///
/// # Errors
/// [`NoSynthetic::Argument`] when there is not one finite effect for each period.
pub fn test(study: &Study, effects: &[f64]) -> Result<f64, NoSynthetic> {
    match effects.len() == study.post.len() && effects.iter().all(|own| own.is_finite()) {
        true => Ok(joint(study, &study.post, effects)),
        false => Err(NoSynthetic::Argument("number of effects")),
    }
}

fn joint(study: &Study, post: &[usize], effects: &[f64]) -> f64 {
    let all: Vec<usize> = study.fit.iter().chain(post).copied().collect();
    let mut rows = study.differences(&all);
    // Donors less (treated less effect).
    for (at, effect) in effects.iter().enumerate() {
        rows.row_mut(study.fit.len() + at).add_scalar_mut(*effect);
    }
    share(&residuals(&rows), post.len())
}

/// The absolute residuals of the best fit.
fn residuals(rows: &DMatrix<f64>) -> Vec<f64> {
    let active = Gram::of(rows, 0.0).solve(&[]);
    super::simplex::mix(rows, &active)
        .iter()
        .map(|own| own.abs())
        .collect()
}

/// The share of circular shifts whose last `count` residuals are as large in sum as the actual last ones.
fn share(residuals: &[f64], count: usize) -> f64 {
    let length = residuals.len();
    let block =
        |start: usize| -> f64 { (0..count).map(|at| residuals[(start + at) % length]).sum() };
    let own = block(length - count);
    // A shift by rounding is no difference.
    let as_large = (0..length)
        .filter(|start| block(*start) >= own * (1.0 - 1e-12))
        .count();
    as_large as f64 / length as f64
}

fn interval(study: &Study, before: &DMatrix<f64>, period: usize, alpha: f64) -> PeriodInterval {
    let last = before.nrows();
    let own = study.differences(&[period]);
    let mut rows = before.clone().insert_row(last, 0.0);
    let mut p_at = |effect: f64| {
        rows.row_mut(last).copy_from(&own.row(0).add_scalar(effect));
        share(&residuals(&rows), 1)
    };
    let p_value = p_at(0.0);
    // Fitted before the treatment alone: no residual there, no effect closer to the weights.
    let active = Gram::of(before, 0.0).solve(&[]);
    let centre: f64 = -active
        .columns
        .iter()
        .zip(&active.shares)
        .map(|(at, share)| own[(0, *at)] * share)
        .sum::<f64>();
    if 1.0 / (last as f64 + 1.0) > alpha {
        return PeriodInterval {
            period,
            p_value,
            interval: (None, None),
            has_holes: false,
        };
    }
    let width = before.norm() / (before.len() as f64).sqrt();
    let (low, low_hole) = end(&mut p_at, centre, -width, alpha);
    let (high, high_hole) = end(&mut p_at, centre, width, alpha);
    PeriodInterval {
        period,
        p_value,
        interval: (low, high),
        has_holes: low_hole || high_hole,
    }
}

/// The farthest effect not rejected on one side: a grid of steps that grow, then bisection. Also whether the grid met a rejected effect before it.
fn end(
    p_at: &mut impl FnMut(f64) -> f64,
    centre: f64,
    width: f64,
    alpha: f64,
) -> (Option<f64>, bool) {
    let place = |step: i32| centre + width * (f64::from(step) / 24.0).sinh();
    let accepted: Vec<bool> = (0..=120).map(|step| p_at(place(step)) > alpha).collect();
    let Some(last) = accepted.iter().rposition(|own| *own) else {
        return (Some(centre), false);
    };
    let has_hole = accepted[..last].iter().any(|own| !own);
    let Ok(last) = i32::try_from(last) else {
        return (None, has_hole);
    };
    if last == 120 {
        return (None, has_hole);
    }
    let (mut inside, mut outside) = (place(last), place(last + 1));
    for _ in 0..45 {
        let middle = 0.5 * (inside + outside);
        match p_at(middle) > alpha {
            true => inside = middle,
            false => outside = middle,
        }
    }
    (Some(inside), has_hole)
}
