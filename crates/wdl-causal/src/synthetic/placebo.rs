//! Placebos: the same fit where nothing was done, in other units and in earlier periods, and without single donors.

use rayon::prelude::*;

use super::control::{Fit, NoSynthetic, Study};
use super::nested::Search;

/// The treated unit among its placebos (Abadie, Diamond and Hainmueller 2010).
#[derive(Clone, Debug, PartialEq)]
pub struct InSpace {
    /// The fit of each donor that has one, from the other donors.
    pub placebos: Vec<Fit>,
    /// Donors for which there is none, and why.
    pub failed: Vec<(usize, NoSynthetic)>,
    /// The rank of the treated unit by its ratio of errors after and before, the largest first.
    pub rank: usize,
    /// The rank over the number of units ranked: how often a unit drawn at random has a ratio as large. No smaller value than one over the number of units is possible.
    pub p_value: f64,
    /// The same with only the placebos whose error before is at most `multiple` times that of the treated unit.
    pub restricted: Restricted,
}

/// The rank among placebos that fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restricted {
    /// The largest mean squared error before, relative to the treated unit's.
    pub multiple: f64,
    /// Placebos that remain.
    pub placebos: usize,
    /// The rank over the number of units.
    pub p_value: f64,
}

/// Fits every donor as if it had been treated; the treated unit itself is no donor of theirs.
///
/// # Errors
/// [`NoSynthetic`] when fewer than three donors are left.
pub fn in_space(
    study: &Study,
    fit: &Fit,
    search: &Search,
    multiple: f64,
) -> Result<InSpace, NoSynthetic> {
    let donors = study.names.len();
    if donors < 3 {
        return Err(NoSynthetic::TooFewDonors {
            found: donors,
            needed: 3,
        });
    }
    if multiple.is_nan() || multiple <= 0.0 {
        return Err(NoSynthetic::Argument("multiple of the error before"));
    }
    let fits: Vec<(usize, Result<Fit, NoSynthetic>)> = (0..donors)
        .into_par_iter()
        .map(|donor| (study.names[donor], study.placebo(donor).fit(search)))
        .collect();
    let (mut placebos, mut failed) = (Vec::new(), Vec::new());
    for (unit, result) in fits {
        match result {
            Ok(placebo) => placebos.push(placebo),
            Err(reason) => failed.push((unit, reason)),
        }
    }
    let own = fit.ratio();
    // Ties count against the treated unit.
    let rank = 1 + placebos
        .iter()
        .filter(|placebo| placebo.ratio() >= own)
        .count();
    let near: Vec<&Fit> = placebos
        .iter()
        .filter(|placebo| placebo.loss <= multiple * fit.loss)
        .collect();
    let near_rank = 1 + near.iter().filter(|placebo| placebo.ratio() >= own).count();
    Ok(InSpace {
        rank,
        p_value: rank as f64 / (placebos.len() + 1) as f64,
        restricted: Restricted {
            multiple,
            placebos: near.len(),
            p_value: near_rank as f64 / (near.len() + 1) as f64,
        },
        placebos,
        failed,
    })
}

/// The fit as if the treatment had come at the period in position `start`: fitted before it, judged from it to the last period before the true treatment.
///
/// Predictors stay as they are: those measured after the pretended date must have been left out by the caller.
///
/// # Errors
/// [`NoSynthetic`] when too few periods stand on either side.
pub fn in_time(study: &Study, start: usize, search: &Search) -> Result<Fit, NoSynthetic> {
    let treated = study.post.iter().copied().min().unwrap_or(usize::MAX);
    let fit: Vec<usize> = study.fit.iter().copied().filter(|at| *at < start).collect();
    let post: Vec<usize> = (start..treated.min(study.treated.len())).collect();
    study.with_periods(&fit, &post)?.fit(search)
}

/// The fit without each donor that has weight, with the donor.
///
/// # Errors
/// [`NoSynthetic`] when two donors are left, or a fit fails.
pub fn leave_one_out(
    study: &Study,
    fit: &Fit,
    search: &Search,
) -> Result<Vec<(usize, Fit)>, NoSynthetic> {
    let donors = study.names.len();
    if donors < 3 {
        return Err(NoSynthetic::TooFewDonors {
            found: donors,
            needed: 3,
        });
    }
    let weighty: Vec<usize> = (0..donors).filter(|at| fit.weights[*at] > 0.0).collect();
    weighty
        .into_par_iter()
        .map(|donor| Ok((study.names[donor], study.without(donor).fit(search)?)))
        .collect()
}
