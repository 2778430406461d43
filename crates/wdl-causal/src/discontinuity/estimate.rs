//! The effect at the cut-off: conventional, bias-corrected and robust (Calonico, Cattaneo and Titiunik, Econometrica 2014).

use super::bandwidth::{self, Bandwidths};
use super::design::{MassPoints, NoEstimate, Options, Rows, Selection, Variance, Whose};
use super::local::{self, Combination, Local};
use super::picture::{self, Bin};
use super::side::{Side, Sides};
use crate::distribution;

/// A figure with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The figure over its standard error.
    pub z: f64,
    /// Two-sided, by the normal.
    pub p: f64,
    /// The interval at the level asked.
    pub interval: [f64; 2],
}

impl Figure {
    pub(super) fn new(value: f64, standard_error: f64, level: f64) -> Figure {
        let z = value / standard_error;
        let reach = distribution::normal_quantile(0.5 + level / 2.0) * standard_error;
        Figure {
            value,
            standard_error,
            z,
            p: distribution::normal_two_sided(z),
            interval: [value - reach, value + reach],
        }
    }
}

/// The three readings of one effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The polynomial's, as if it had no bias.
    pub conventional: Figure,
    /// Corrected for bias, with the uncertainty of the conventional one: for comparison only.
    pub bias_corrected: Figure,
    /// Corrected for bias, with the uncertainty of the correction: the one to report.
    pub robust: Figure,
}

/// What a reader must be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Caution {
    /// A fifth or more of the rows of a side repeat values of others.
    MassPoints {
        /// The side.
        side: Whose,
        /// Distinct values.
        distinct: usize,
        /// Rows.
        rows: usize,
    },
    /// The jump of the treatment is weak: its F is below ten, and the interval of the ratio misleads.
    WeakFirstStage {
        /// The squared z of the first stage.
        f: f64,
    },
    /// Fewer than ten clusters count on a side.
    FewClusters {
        /// The side.
        side: Whose,
        /// Clusters.
        clusters: usize,
    },
    /// A bandwidth takes all rows of a side.
    WholeSide(Whose),
}

/// An effect at the cut-off and all that it rests on; pairs are below and above.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The effect.
    pub effect: Effect,
    /// The jump of the treatment, in a fuzzy design.
    pub first_stage: Option<Effect>,
    /// The bandwidths.
    pub bandwidths: Bandwidths,
    /// Rows on each side.
    pub rows: [usize; 2],
    /// Distinct values of the running variable on each side.
    pub distinct: [usize; 2],
    /// Rows within the main bandwidth.
    pub effective: [usize; 2],
    /// Rows within the bias bandwidth.
    pub effective_bias: [usize; 2],
    /// The limits of the outcome at the cut-off (or of its derivative), conventional.
    pub limits: [f64; 2],
    /// The estimated bias of the limits, which the correction takes away.
    pub bias: [f64; 2],
    /// Clusters that count on each side.
    pub clusters: Option<[usize; 2]>,
    /// Covariates that repeat others or a constant, left out.
    pub covariates_left_out: Vec<usize>,
    /// Coefficients of the covariates kept, for the outcome.
    pub covariate_coefficients: Vec<f64>,
    /// Rows without weight, left out.
    pub rows_without_weight: usize,
    /// What must be told.
    pub cautions: Vec<Caution>,
}

/// The effect at the cut-off.
///
/// # Errors
/// [`NoEstimate`] says why there is none.
pub fn estimate(rows: &Rows<'_>, options: &Options) -> Result<Estimate, NoEstimate> {
    check(options)?;
    estimate_on(&Sides::of(rows, options)?, options)
}

/// The effect at the cut-off with the points of its picture, from rows sorted once.
///
/// # Errors
/// [`NoEstimate`] says why there is none.
pub fn with_picture(
    rows: &Rows<'_>,
    options: &Options,
) -> Result<(Estimate, Vec<Bin>), NoEstimate> {
    check(options)?;
    let sides = Sides::of(rows, options)?;
    // The picture shows every row alike, also one without weight.
    let is_same = rows.weights.is_none();
    let (found, drawn) = rayon::join(
        || estimate_on(&sides, options),
        || match is_same {
            true => Ok(picture::drawn(&sides, options.cutoff, None)),
            false => picture::bins(rows, options.cutoff, None),
        },
    );
    Ok((found?, drawn?))
}

fn estimate_on(sides: &Sides, options: &Options) -> Result<Estimate, NoEstimate> {
    for side in &sides.both {
        if side.distinct() < options.bias_degree + 1 {
            return Err(NoEstimate::FewDistinct {
                side: side.whose,
                found: side.distinct(),
                wanted: options.bias_degree + 1,
            });
        }
        // No window can hold more rows than the side.
        enough(side, side.len(), options)?;
    }
    if sides.is_fuzzy && !may_jump(sides) {
        return Err(NoEstimate::NoFirstStage);
    }
    let bandwidths = match options.selection {
        Selection::Chosen(selector) => bandwidth::select_on(sides, options, selector)?,
        Selection::Given(given) => Bandwidths {
            main: given.main,
            bias: match options.rho {
                Some(rho) => given.main.map(|own| own / rho),
                None => given.bias,
            },
        },
    };
    at_bandwidths(sides, options, bandwidths)
}

fn check(options: &Options) -> Result<(), NoEstimate> {
    let is_size = |own: f64| own.is_finite() && own > 0.0;
    if options.degree > 5 || options.bias_degree > 6 || options.bias_degree <= options.degree {
        return Err(NoEstimate::Option("degree"));
    }
    if options.derivative > options.degree {
        return Err(NoEstimate::Option("derivative"));
    }
    if !(options.level > 0.0 && options.level < 1.0) {
        return Err(NoEstimate::Option("level"));
    }
    if options.rho.is_some_and(|own| !is_size(own)) {
        return Err(NoEstimate::Option("rho"));
    }
    if !options.regularisation.is_finite() || options.regularisation < 0.0 {
        return Err(NoEstimate::Option("regularisation"));
    }
    if options.distinct_min == Some(0) || options.variance == Variance::Neighbours(0) {
        return Err(NoEstimate::Option("neighbours or distinct values"));
    }
    match options.selection {
        Selection::Given(own) if !own.main.iter().chain(&own.bias).all(|own| is_size(*own)) => {
            Err(NoEstimate::Option("bandwidth"))
        }
        Selection::Given(_) | Selection::Chosen(_) => Ok(()),
    }
}

fn enough(side: &Side, found: usize, options: &Options) -> Result<(), NoEstimate> {
    match found < options.effective_min {
        true => Err(NoEstimate::FewRows {
            side: side.whose,
            found,
            wanted: options.effective_min,
        }),
        false => Ok(()),
    }
}

/// Whether the treatment varies at all, on a side or between them.
fn may_jump(sides: &Sides) -> bool {
    let first = sides.both[0].columns[1][0];
    let mut all = sides.both.iter().flat_map(|side| &side.columns[1]);
    all.any(|own| *own != first)
}

/// The weights of a side's outcomes in the two estimates, and its fits.
struct Fitted<'a> {
    side: &'a Side,
    main: Local<'a>,
    bias: Local<'a>,
    conventional: Vec<f64>,
    corrected: Vec<f64>,
    /// Rows in either window.
    count: usize,
}

impl<'a> Fitted<'a> {
    fn new(
        side: &'a Side,
        options: &Options,
        bandwidths: &Bandwidths,
    ) -> Result<Fitted<'a>, NoEstimate> {
        let at = side.whose as usize;
        let fit = |bandwidth: f64, degree: usize| {
            Local::fit(side, options.kernel, bandwidth, degree)
                .ok_or_else(|| bandwidth::few_distinct(side, options, bandwidth, degree))
        };
        enough(
            side,
            local::count(side, options.kernel, bandwidths.main[at]),
            options,
        )?;
        let main = fit(bandwidths.main[at], options.degree)?;
        let bias = fit(bandwidths.bias[at], options.bias_degree)?;
        let count = main.count.max(bias.count);
        Ok(Fitted {
            side,
            conventional: main.smoother(options.derivative, count),
            corrected: local::corrected_smoother(&main, &bias, options.derivative, count),
            main,
            bias,
            count,
        })
    }

    /// The limits of the columns.
    fn limits(&self, weights: &[f64], factor: f64) -> Vec<f64> {
        let limit = |column: &Vec<f64>| {
            let pairs = weights.iter().zip(column);
            factor * pairs.map(|(one, other)| one * other).sum::<f64>()
        };
        self.side.columns.iter().map(limit).collect()
    }

    /// The variances of the conventional and of the corrected combination.
    fn variances(&self, combination: &[f64], options: &Options) -> [f64; 2] {
        let combined = self.side.combined(combination);
        let is_clustered = self.side.clusters.is_some();
        let [main, bias] = match (options.variance, is_clustered) {
            (Variance::Neighbours(matches), false) => {
                let own = local::neighbour_residuals(self.side, &combined, self.count, matches);
                [own.clone(), own]
            }
            (other, _) => [&self.main, &self.bias]
                .map(|fit| fit.residuals(&combined, self.count, other, is_clustered)),
        };
        let of = |weights: &[f64], residuals: &[f64], degree: usize| {
            local::variance(
                self.side,
                weights,
                residuals,
                (degree + 1, options.variance),
            )
        };
        [
            of(&self.conventional, &main, options.degree),
            of(&self.corrected, &bias, options.bias_degree),
        ]
    }

    fn clusters(&self) -> Option<usize> {
        let clusters = self.side.clusters.as_ref()?;
        let mut own: Vec<usize> = clusters[..self.count].to_vec();
        own.sort_unstable();
        own.dedup();
        Some(own.len())
    }
}

fn at_bandwidths(
    sides: &Sides,
    options: &Options,
    bandwidths: Bandwidths,
) -> Result<Estimate, NoEstimate> {
    let [low, high] = &sides.both;
    let (below, above) = rayon::join(
        || Fitted::new(low, options, &bandwidths),
        || Fitted::new(high, options, &bandwidths),
    );
    let fitted = [below?, above?];
    let clusters = clusters(&fitted)?;
    let factor = bandwidth::factorial(options.derivative);
    let limits = [0, 1].map(|at: usize| fitted[at].limits(&fitted[at].conventional, factor));
    let corrected = [0, 1].map(|at: usize| fitted[at].limits(&fitted[at].corrected, factor));
    let jumps = difference(&limits);
    let shifts: [Vec<f64>; 2] = [0, 1].map(|at: usize| {
        let pairs = limits[at].iter().zip(&corrected[at]);
        pairs.map(|(one, other)| one - other).collect()
    });
    let combination = Combination::of(&jumps, &[&fitted[0].main, &fitted[1].main], sides.is_fuzzy);
    let reading = |weights: &[f64], value: f64| {
        let variances = rayon::join(
            || fitted[0].variances(weights, options),
            || fitted[1].variances(weights, options),
        );
        let error = |at: usize| factor * (variances.0[at] + variances.1[at]).sqrt();
        let corrected = value - inner(weights, &difference(&shifts));
        effect(value, corrected, [error(0), error(1)], options.level)
    };
    let first_stage = match (&combination.first_stage, combination.treatment) {
        (Some(weights), Some(jump)) => Some(reading(weights, jump)),
        _ => None,
    };
    let value = match combination.treatment {
        Some(treatment) => combination.outcome / treatment,
        None => combination.outcome,
    };
    if !value.is_finite() {
        return Err(NoEstimate::NoFirstStage);
    }
    let effect = reading(&combination.weights, value);
    // Rounding alone can leave a trace where the outcome lies on its curve.
    let size = limits
        .iter()
        .fold(0.0_f64, |most, own| most.max(own[0].abs()));
    let noise = effect.robust.standard_error;
    if !noise.is_finite() || noise <= 1e-14 * size {
        return Err(NoEstimate::NoNoise);
    }
    let net = |own: &[f64]| {
        let explained = combination.effects.iter().rev().zip(own.iter().rev());
        own[0] - explained.map(|(one, other)| one * other).sum::<f64>()
    };
    Ok(Estimate {
        cautions: cautions(&fitted, options, clusters, first_stage),
        effect,
        first_stage,
        bandwidths,
        rows: [low.len(), high.len()],
        distinct: [low.distinct(), high.distinct()],
        effective: fitted.each_ref().map(|own| own.main.count),
        effective_bias: fitted.each_ref().map(|own| own.bias.count),
        limits: limits.each_ref().map(|own| net(own)),
        bias: shifts
            .each_ref()
            .map(|own| inner(&combination.weights, own)),
        clusters,
        covariates_left_out: sides.covariates_left_out.clone(),
        covariate_coefficients: combination.effects.clone(),
        rows_without_weight: sides.rows_without_weight,
    })
}

fn difference(both: &[Vec<f64>; 2]) -> Vec<f64> {
    let pairs = both[1].iter().zip(&both[0]);
    pairs.map(|(above, below)| above - below).collect()
}

fn inner(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn effect(value: f64, corrected: f64, errors: [f64; 2], level: f64) -> Effect {
    Effect {
        conventional: Figure::new(value, errors[0], level),
        bias_corrected: Figure::new(corrected, errors[0], level),
        robust: Figure::new(corrected, errors[1], level),
    }
}

fn clusters(fitted: &[Fitted<'_>; 2]) -> Result<Option<[usize; 2]>, NoEstimate> {
    let [Some(below), Some(above)] = fitted.each_ref().map(Fitted::clusters) else {
        return Ok(None);
    };
    for (own, side) in [below, above].into_iter().zip(Whose::BOTH) {
        if own < 2 {
            return Err(NoEstimate::OneCluster(side));
        }
    }
    Ok(Some([below, above]))
}

fn cautions(
    fitted: &[Fitted<'_>; 2],
    options: &Options,
    clusters: Option<[usize; 2]>,
    first_stage: Option<Effect>,
) -> Vec<Caution> {
    let mut told = Vec::new();
    for own in fitted {
        let (side, at) = (own.side.whose, own.side.whose as usize);
        let (distinct, rows) = (own.side.distinct(), own.side.len());
        let repeated = 1.0 - distinct as f64 / rows as f64;
        if repeated >= bandwidth::REPEATED_SHARE && options.mass_points != MassPoints::Off {
            told.push(Caution::MassPoints {
                side,
                distinct,
                rows,
            });
        }
        if let Some(clusters) = clusters.map(|own| own[at]).filter(|own| *own < 10) {
            told.push(Caution::FewClusters { side, clusters });
        }
        if own.main.count == rows {
            told.push(Caution::WholeSide(side));
        }
    }
    let f = first_stage.map(|own| own.conventional.z * own.conventional.z);
    if let Some(f) = f.filter(|own| *own < 10.0) {
        told.push(Caution::WeakFirstStage { f });
    }
    told
}
