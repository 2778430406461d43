//! Synthetic difference-in-differences (Arkhangelsky, Athey, Hirshberg, Imbens and Wager 2021), with plain difference-in-differences beside it.
//!
//! Unit weights `ω` make the donors run parallel to the treated units before the treatment, time weights `λ` make the periods before like those after; both minimise a ridge-penalised error over the simplex, with an intercept.
//! `Solver::Compat` follows the authors' program step by step, so that published figures come out; `Solver::Exact` reaches the optimum those steps stop short of.

use nalgebra::DMatrix;

use super::control::{NoSynthetic, repeated};
use super::panel::Panel;
use super::simplex::{self, Certificate, Gram};

/// Who is treated from when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The treated units, all from the same period on.
    pub treated: Vec<usize>,
    /// The units never treated.
    pub donors: Vec<usize>,
    /// The position of the first treated period.
    pub start: usize,
}

/// How the weights are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// Frank and Wolfe's steps, a hundred, then weights below a quarter of the largest set to zero once, then at most ten thousand more until the error falls by less than `(1e-5 σ)²`: as in the authors' program.
    Compat,
    /// The certified optimum.
    Exact,
}

/// The estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticDid {
    /// The mean effect on the treated in the treated periods.
    pub att: f64,
    /// The same by plain difference-in-differences.
    pub did: f64,
    /// A weight for each donor.
    pub unit_weights: Vec<f64>,
    /// A weight for each period before.
    pub time_weights: Vec<f64>,
    /// Treated less weighted donors less their weighted distance before, in each period.
    pub gaps: Vec<f64>,
    /// The standard deviation of the donors' first differences before.
    pub noise: f64,
    /// `ζ_ω = (N_tr T_post)^(1/4) σ`.
    pub zeta_unit: f64,
    /// `ζ_λ = 1e-6 σ`.
    pub zeta_time: f64,
    /// The solver.
    pub solver: Solver,
    /// How far the unit weights are from the optimum.
    pub unit_certificate: Certificate,
    /// How far the time weights are from the optimum.
    pub time_certificate: Certificate,
}

/// The penalties, which resampled fits take from the true one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Penalty {
    noise: f64,
    unit: f64,
    time: f64,
}

/// What one solution consists of.
pub(super) struct Core {
    unit: simplex::Nearest,
    time: simplex::Nearest,
    pub(super) att: f64,
}

/// Estimates the effect.
///
/// # Errors
/// [`NoSynthetic`] says what the design lacks.
pub fn estimate(
    panel: &Panel,
    adoption: &Adoption,
    solver: Solver,
) -> Result<SyntheticDid, NoSynthetic> {
    check(panel, adoption)?;
    let start = adoption.start;
    let penalty = penalty(panel, adoption);
    let treated = mean_path(panel, &adoption.treated);
    let core = solve(panel, &adoption.donors, &treated, start, penalty, solver);
    if solver == Solver::Exact {
        for certificate in [&core.unit.certificate, &core.time.certificate] {
            if !certificate.is_certified() {
                return Err(NoSynthetic::NotCertified(
                    (certificate.residual * 1e12).min(1e18) as u64,
                ));
            }
        }
    }
    let values = panel.values();
    let equal = |count: usize| vec![1.0 / count as f64; count];
    let did = effect(
        values,
        &adoption.donors,
        &treated,
        &equal(adoption.donors.len()),
        &equal(start),
    );
    let distance: Vec<f64> = (0..treated.len())
        .map(|at| {
            let pairs = adoption.donors.iter().zip(&core.unit.weights);
            treated[at]
                - pairs
                    .map(|(donor, own)| own * values[(at, *donor)])
                    .sum::<f64>()
        })
        .collect();
    let before: f64 = core
        .time
        .weights
        .iter()
        .zip(&distance)
        .map(|(own, gap)| own * gap)
        .sum();
    Ok(SyntheticDid {
        att: core.att,
        did,
        gaps: distance.iter().map(|gap| gap - before).collect(),
        unit_weights: core.unit.weights,
        time_weights: core.time.weights,
        noise: penalty.noise,
        zeta_unit: penalty.unit,
        zeta_time: penalty.time,
        solver,
        unit_certificate: core.unit.certificate,
        time_certificate: core.time.certificate,
    })
}

fn check(panel: &Panel, adoption: &Adoption) -> Result<(), NoSynthetic> {
    for unit in adoption.treated.iter().chain(&adoption.donors) {
        if *unit >= panel.units() {
            return Err(NoSynthetic::UnknownUnit(*unit));
        }
    }
    if let Some(both) = adoption
        .treated
        .iter()
        .find(|own| adoption.donors.contains(own))
    {
        return Err(NoSynthetic::TreatedAmongDonors(*both));
    }
    if let Some(twice) = repeated(&adoption.donors).or_else(|| repeated(&adoption.treated)) {
        return Err(NoSynthetic::RepeatedDonor(twice));
    }
    if adoption.treated.is_empty() {
        return Err(NoSynthetic::NoTreated);
    }
    if adoption.donors.len() < 2 {
        return Err(NoSynthetic::TooFewDonors {
            found: adoption.donors.len(),
            needed: 2,
        });
    }
    if adoption.start >= panel.periods().len() {
        return Err(NoSynthetic::NoPeriodAfter);
    }
    match adoption.start {
        found @ (0 | 1) => Err(NoSynthetic::TooFewPeriods { found, needed: 2 }),
        _ => Ok(()),
    }
}

pub(super) fn penalty(panel: &Panel, adoption: &Adoption) -> Penalty {
    let steps: Vec<f64> = adoption
        .donors
        .iter()
        .flat_map(|donor| {
            let path = panel.values().column(*donor);
            (1..adoption.start).map(move |at| path[at] - path[at - 1])
        })
        .collect();
    let count = steps.len() as f64;
    let mean = steps.iter().sum::<f64>() / count;
    let square: f64 = steps.iter().map(|own| (own - mean) * (own - mean)).sum();
    let noise = (square / (count - 1.0)).sqrt();
    let after = (panel.periods().len() - adoption.start) as f64;
    Penalty {
        noise,
        unit: (adoption.treated.len() as f64 * after).powf(0.25) * noise,
        time: 1e-6 * noise,
    }
}

pub(super) fn mean_path(panel: &Panel, units: &[usize]) -> Vec<f64> {
    let rows = 0..panel.periods().len();
    let mean = |at: usize| -> f64 {
        units
            .iter()
            .map(|unit| panel.values()[(at, *unit)])
            .sum::<f64>()
            / units.len() as f64
    };
    rows.map(mean).collect()
}

/// Both sets of weights and the effect; `donors` may repeat.
pub(super) fn solve(
    panel: &Panel,
    donors: &[usize],
    treated: &[f64],
    start: usize,
    penalty: Penalty,
    solver: Solver,
) -> Core {
    let values = panel.values();
    let mut by_unit = DMatrix::from_fn(start, donors.len(), |at, donor| {
        values[(at, donors[donor])] - treated[at]
    });
    let after = (values.nrows() - start) as f64;
    let means: Vec<f64> = donors
        .iter()
        .map(|donor| values.column(*donor).rows_range(start..).sum() / after)
        .collect();
    let mut by_time = DMatrix::from_fn(donors.len(), start, |donor, at| {
        values[(at, donors[donor])] - means[donor]
    });
    let weights = |rows: &mut DMatrix<f64>, zeta: f64| {
        // The intercept: each column less its mean.
        for mut column in rows.column_iter_mut() {
            let mean = column.mean();
            column.add_scalar_mut(-mean);
        }
        let ridge = rows.nrows() as f64 * zeta * zeta;
        match solver {
            Solver::Exact => simplex::nearest(rows, ridge),
            Solver::Compat => frank_wolfe(rows, ridge, 1e-5 * penalty.noise),
        }
    };
    let time = weights(&mut by_time, penalty.time);
    let unit = weights(&mut by_unit, penalty.unit);
    Core {
        att: effect(values, donors, treated, &unit.weights, &time.weights),
        unit,
        time,
    }
}

/// `(-ω, 1/N)'Y(-λ, 1/T)`.
pub(super) fn effect(
    values: &DMatrix<f64>,
    donors: &[usize],
    treated: &[f64],
    unit: &[f64],
    time: &[f64],
) -> f64 {
    let after = (treated.len() - time.len()) as f64;
    let change = |path: &dyn Fn(usize) -> f64| -> f64 {
        let late = (time.len()..treated.len()).map(path).sum::<f64>() / after;
        late - time
            .iter()
            .enumerate()
            .map(|(at, own)| own * path(at))
            .sum::<f64>()
    };
    let donors: f64 = donors
        .iter()
        .zip(unit)
        .map(|(donor, own)| own * change(&|at| values[(at, *donor)]))
        .sum();
    change(&|at| treated[at]) - donors
}

/// Steps before weights are cut, and after.
const STEPS: (usize, usize) = (100, 10_000);

fn frank_wolfe(rows: &DMatrix<f64>, ridge: f64, least_fall: f64) -> simplex::Nearest {
    let gram = Gram::of(rows, ridge);
    let count = rows.nrows() as f64;
    let mut weights = vec![1.0 / gram.size as f64; gram.size];
    let mut steps = walk(&gram, count, &mut weights, least_fall, STEPS.0);
    let most = weights.iter().copied().fold(0.0, f64::max);
    for own in &mut weights {
        if *own <= most / 4.0 {
            *own = 0.0;
        }
    }
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|own| *own /= sum);
    steps += walk(&gram, count, &mut weights, least_fall, STEPS.1);
    let point = rows * nalgebra::DVector::from_column_slice(&weights);
    simplex::Nearest {
        loss: point.norm_squared(),
        certificate: simplex::certify(rows, ridge, &weights, steps),
        weights,
    }
}

/// Frank and Wolfe's steps with the best length, until one lowers the mean error by less than the square of `least_fall`.
fn walk(gram: &Gram, count: f64, weights: &mut [f64], least_fall: f64, most: usize) -> usize {
    let mut slope = vec![0.0; gram.size];
    let mut before = f64::INFINITY;
    for step in 0..most {
        // The sums that are carried along are made anew now and then.
        if step % 64 == 0 {
            slope.fill(0.0);
            for (at, own) in weights.iter().enumerate().filter(|(_, own)| **own != 0.0) {
                slope
                    .iter_mut()
                    .zip(gram.row(at))
                    .for_each(|(sum, value)| *sum += own * value);
            }
        }
        let total = dot(&slope, weights);
        let mut best = 0;
        for at in 1..slope.len() {
            if slope[at] < slope[best] {
                best = at;
            }
        }
        let row = gram.row(best);
        let square = row[best] - 2.0 * slope[best] + total;
        let fall = total - slope[best];
        let length = match square > 0.0 {
            true => (fall / square).clamp(0.0, 1.0),
            false => 0.0,
        };
        for ((own, sum), value) in weights.iter_mut().zip(&mut slope).zip(row) {
            *own *= 1.0 - length;
            *sum += length * (value - *sum);
        }
        weights[best] += length;
        let now = (total - length * (2.0 * fall - length * square)) / count;
        if step > 0 && before - now <= least_fall * least_fall {
            return step + 1;
        }
        before = now;
    }
    most
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
