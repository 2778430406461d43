//! Regressions: degrees of freedom, saturation, perfect fit, regressors that few have.

use wdl_result::Regression;

use super::{Breach, OutputClauses, OutputFinding};

/// An explained share from here on is all of it, to what a table shows.
const ALL_OF_IT: f64 = 1.0 - 1e-6;

pub(super) fn examine(regression: &Regression, clauses: &OutputClauses) -> Vec<OutputFinding> {
    let mut found = Vec::new();
    let whole = |breach| OutputFinding::new("", breach);
    let freedom = regression
        .observations
        .saturating_sub(regression.parameters);
    if freedom < clauses.residual_freedom_min {
        found.push(whole(Breach::ResidualFreedom));
    }
    let is_saturated = regression.observations <= regression.parameters
        || regression
            .patterns
            .is_some_and(|patterns| patterns <= regression.parameters);
    if is_saturated {
        found.push(whole(Breach::Saturated));
    }
    if regression.r_squared.is_some_and(|share| share >= ALL_OF_IT) {
        found.push(whole(Breach::PerfectFit));
    }
    if regression
        .clusters
        .is_some_and(|groups| groups < clauses.minimum_frequency.get())
    {
        found.push(whole(Breach::FewClusters));
    }
    for term in &regression.terms {
        let Some([with, without]) = term.units else {
            continue;
        };
        if with.checked_add(without) != Some(regression.observations) {
            found.push(OutputFinding::new(&term.name, Breach::Contradiction));
        }
        if clauses.is_few(with) || clauses.is_few(without) {
            found.push(OutputFinding::new(&term.name, Breach::FewWithValue));
        }
    }
    found
}
