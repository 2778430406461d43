//! Checks that try to prove a discontinuity wrong: cut-offs where nothing happens, a hole around the true one, other bandwidths, covariates as outcomes (Cattaneo, Idrobo and Titiunik, "A Practical Introduction to Regression Discontinuity Designs", 2020, section 5).

use super::bandwidth::Bandwidths;
use super::design::{NoEstimate, Options, Rows, Selection};
use super::estimate::{Estimate, estimate};

/// An estimate, or why there is none, at one value of what is varied.
#[derive(Clone, Debug, PartialEq)]
pub struct Varied {
    /// The cut-off, the reach of the hole, or the share of the bandwidth.
    pub at: f64,
    /// The estimate there.
    pub found: Result<Estimate, NoEstimate>,
}

/// Effects at cut-offs where there should be none.
///
/// Each is estimated on the rows of its own side of the true cut-off only, so that the true jump does not stand in it; one at the true cut-off uses all rows.
pub fn placebo_cutoffs(rows: &Rows<'_>, options: &Options, cutoffs: &[f64]) -> Vec<Varied> {
    let at = |cutoff: f64| {
        let is_kept = |own: f64| match cutoff.partial_cmp(&options.cutoff) {
            Some(std::cmp::Ordering::Less) => own < options.cutoff,
            Some(std::cmp::Ordering::Greater) => own >= options.cutoff,
            Some(std::cmp::Ordering::Equal) | None => true,
        };
        on(rows, &Options { cutoff, ..*options }, is_kept)
    };
    varied(cutoffs, at)
}

/// Effects without the rows nearer to the cut-off than each reach, where heaping or sorting would stand.
pub fn donuts(rows: &Rows<'_>, options: &Options, reaches: &[f64]) -> Vec<Varied> {
    let at = |reach: f64| on(rows, options, |own| (own - options.cutoff).abs() >= reach);
    varied(reaches, at)
}

/// Effects at shares of the bandwidths that `options` ask for; the ratio of main and bias bandwidth stays.
///
/// # Errors
/// [`NoEstimate`] when the bandwidths asked for give no estimate.
pub fn bandwidth_curve(
    rows: &Rows<'_>,
    options: &Options,
    shares: &[f64],
) -> Result<Vec<Varied>, NoEstimate> {
    let own = estimate(rows, options)?.bandwidths;
    let at = |share: f64| {
        let given = Bandwidths {
            main: own.main.map(|own| own * share),
            bias: own.bias.map(|own| own * share),
        };
        let options = Options {
            selection: Selection::Given(given),
            rho: None,
            ..*options
        };
        estimate(rows, &options)
    };
    Ok(varied(shares, at))
}

/// Jumps of the covariates at the cut-off, each as an outcome of its own with its own bandwidth; no covariate adjusts another.
pub fn covariate_balance(rows: &Rows<'_>, options: &Options) -> Vec<Result<Estimate, NoEstimate>> {
    let jump = |covariate: &&[f64]| {
        let rows = Rows {
            outcome: covariate,
            treatment: None,
            covariates: &[],
            ..*rows
        };
        estimate(&rows, options)
    };
    rows.covariates.iter().map(jump).collect()
}

fn varied(values: &[f64], at: impl Fn(f64) -> Result<Estimate, NoEstimate>) -> Vec<Varied> {
    let own = |at_value: &f64| Varied {
        at: *at_value,
        found: at(*at_value),
    };
    values.iter().map(own).collect()
}

/// The estimate on the rows whose running variable is kept.
fn on(
    rows: &Rows<'_>,
    options: &Options,
    is_kept: impl Fn(f64) -> bool,
) -> Result<Estimate, NoEstimate> {
    let n = rows.running.len();
    let covariates = rows.covariates.iter().copied();
    let mut columns = covariates
        .chain([rows.outcome])
        .chain(rows.treatment)
        .chain(rows.weights);
    if columns.any(|own| own.len() != n) || rows.clusters.is_some_and(|own| own.len() != n) {
        // The whole says which column it is.
        return estimate(rows, options);
    }
    let places: Vec<usize> = (0..n).filter(|row| is_kept(rows.running[*row])).collect();
    let taken = |column: &[f64]| -> Vec<f64> { places.iter().map(|row| column[*row]).collect() };
    let covariates: Vec<Vec<f64>> = rows.covariates.iter().map(|own| taken(own)).collect();
    let covariates: Vec<&[f64]> = covariates.iter().map(Vec::as_slice).collect();
    let (running, outcome) = (taken(rows.running), taken(rows.outcome));
    let (treatment, weights) = (rows.treatment.map(taken), rows.weights.map(taken));
    let clusters: Option<Vec<usize>> = rows
        .clusters
        .map(|own| places.iter().map(|row| own[*row]).collect());
    let kept = Rows {
        running: &running,
        outcome: &outcome,
        treatment: treatment.as_deref(),
        covariates: &covariates,
        weights: weights.as_deref(),
        clusters: clusters.as_deref(),
    };
    estimate(&kept, options)
}
