//! Bandwidths that are best by mean squared error or by coverage: three steps of plug-in (Calonico, Cattaneo and Titiunik 2014; Calonico, Cattaneo and Farrell 2020).

use super::design::{MassPoints, NoEstimate, Options, Rows, Variance, Whose};
use super::local::{self, Combination, Local};
use super::side::{Side, Sides};

/// What a bandwidth is best for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// One, by mean squared error of the difference.
    Mserd,
    /// One on each side, by mean squared error.
    Msetwo,
    /// One, by mean squared error of the sum.
    Msesum,
    /// The smaller of [`Selector::Mserd`] and [`Selector::Msesum`].
    Msecomb1,
    /// The median of the first three, on each side.
    Msecomb2,
    /// As [`Selector::Mserd`], shrunk for the error of coverage.
    Cerrd,
    /// As [`Selector::Msetwo`], shrunk.
    Certwo,
    /// As [`Selector::Msesum`], shrunk.
    Cersum,
    /// As [`Selector::Msecomb1`], shrunk.
    Cercomb1,
    /// As [`Selector::Msecomb2`], shrunk.
    Cercomb2,
}

impl Selector {
    /// All, in the order of their definition.
    pub const ALL: [Selector; 10] = [
        Selector::Mserd,
        Selector::Msetwo,
        Selector::Msesum,
        Selector::Msecomb1,
        Selector::Msecomb2,
        Selector::Cerrd,
        Selector::Certwo,
        Selector::Cersum,
        Selector::Cercomb1,
        Selector::Cercomb2,
    ];

    fn is_for_coverage(self) -> bool {
        match self {
            Selector::Mserd
            | Selector::Msetwo
            | Selector::Msesum
            | Selector::Msecomb1
            | Selector::Msecomb2 => false,
            Selector::Cerrd
            | Selector::Certwo
            | Selector::Cersum
            | Selector::Cercomb1
            | Selector::Cercomb2 => true,
        }
    }
}

/// Bandwidths below and above the cut-off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bandwidths {
    /// `h`, of the estimate.
    pub main: [f64; 2],
    /// `b`, of the correction of its bias.
    pub bias: [f64; 2],
}

/// The bandwidths of a selector; `options.selection` is not read.
///
/// With `rho`, the bias bandwidth is the main one over it.
///
/// # Errors
/// [`NoEstimate`] when rows are not numbers, a side is too thin, or the data give no bandwidth.
pub fn select(
    rows: &Rows<'_>,
    options: &Options,
    selector: Selector,
) -> Result<Bandwidths, NoEstimate> {
    select_on(&Sides::of(rows, options)?, options, selector)
}

pub(super) fn select_on(
    sides: &Sides,
    options: &Options,
    selector: Selector,
) -> Result<Bandwidths, NoEstimate> {
    let has_perfect_compliance = |side: &Side| {
        let received = &side.columns[1];
        received.iter().all(|own| *own == received[0])
    };
    // Where everybody on a side receives the same, the ratio has no bandwidth of its own: the outcome's serves.
    let sharp = match sides.is_fuzzy && sides.both.iter().any(has_perfect_compliance) {
        true => Some(sides.clone().without_treatment()),
        false => None,
    };
    let mut found = Plugin::new(sharp.as_ref().unwrap_or(sides), options)?.bandwidths(selector)?;
    let is_sound = |own: &f64| own.is_finite() && *own > 0.0;
    if !found.main.iter().chain(&found.bias).all(is_sound) {
        return Err(NoEstimate::NoBandwidth);
    }
    if let Some(rho) = options.rho {
        found.bias = found.main.map(|own| own / rho);
    }
    Ok(found)
}

/// A step of the plug-in: the fit of degree `degree`, of which the derivative `order` is wanted.
#[derive(Clone, Copy, Debug)]
struct Step {
    degree: usize,
    order: usize,
    bias_degree: usize,
}

/// What the variance fit of a step gives on a side.
#[derive(Clone, Debug)]
struct Known {
    variance: f64,
    leak: f64,
    combined: Vec<f64>,
}

/// Variance, bias and regularisation of a step on a side.
#[derive(Clone, Copy, Debug)]
struct Parts {
    variance: f64,
    bias: f64,
    regularisation: f64,
}

/// Which of the two sides' errors is made small.
#[derive(Clone, Copy, Debug)]
enum Target {
    Difference,
    Sum,
}

struct Plugin<'a> {
    sides: &'a Sides,
    options: &'a Options,
    steps: [Step; 3],
    /// By step and side.
    known: Vec<[Known; 2]>,
    /// The farthest row of each side.
    most: [f64; 2],
    /// The least that spans the wanted number of distinct values.
    least: Option<[f64; 2]>,
}

impl<'a> Plugin<'a> {
    fn new(sides: &'a Sides, options: &'a Options) -> Result<Plugin<'a>, NoEstimate> {
        let (p, q) = (options.degree, options.bias_degree);
        let steps = [
            Step {
                degree: q + 1,
                order: q + 1,
                bias_degree: q + 2,
            },
            Step {
                degree: q,
                order: p + 1,
                bias_degree: q + 1,
            },
            Step {
                degree: p,
                order: options.derivative,
                bias_degree: q,
            },
        ];
        let mut plugin = Plugin {
            sides,
            options,
            steps,
            known: Vec::new(),
            most: [sides.both[0].range(), sides.both[1].range()],
            least: least(sides, options),
        };
        let pilot = plugin.pilot();
        let mut known = Vec::with_capacity(3);
        for step in steps {
            let [below, above] = &sides.both;
            let (below, above) = rayon::join(
                || plugin.known(below, step, pilot),
                || plugin.known(above, step, pilot),
            );
            known.push([below?, above?]);
        }
        plugin.known = known;
        Ok(plugin)
    }

    /// The bandwidth of the variances, a rule of thumb.
    fn pilot(&self) -> f64 {
        let constant = match self.options.kernel {
            super::design::Kernel::Triangular => 2.576,
            super::design::Kernel::Epanechnikov => 2.34,
            super::design::Kernel::Uniform => 1.843,
        };
        let n = match self.options.mass_points {
            MassPoints::Adjust => self.sides.both.iter().map(Side::distinct).sum(),
            MassPoints::Check | MassPoints::Off => self.sides.len(),
        };
        let rule = constant * self.sides.spread * (n as f64).powf(-0.2);
        self.wide_enough(rule.min(self.most[0].max(self.most[1])))
    }

    fn wide_enough(&self, bandwidth: f64) -> f64 {
        self.least
            .map_or(bandwidth, |[below, above]| bandwidth.max(below).max(above))
    }

    fn known(&self, side: &Side, step: Step, pilot: f64) -> Result<Known, NoEstimate> {
        let options = self.options;
        let fit = Local::fit(side, options.kernel, pilot, step.degree)
            .ok_or_else(|| few_distinct(side, options, pilot, step.degree))?;
        let factorial = factorial(step.order);
        let levels: Vec<f64> = side
            .columns
            .iter()
            .map(|column| factorial * fit.coefficient(column, step.order))
            .collect();
        let combination = Combination::of(&levels, &[&fit], self.sides.is_fuzzy);
        let combined = side.combined(&combination.weights);
        let own = self.coefficient_variance(side, &fit, &combined, step.order, step.degree);
        let twice = 2 * step.order + 1;
        Ok(Known {
            variance: twice as f64 * pilot.powi(twice as i32) * own,
            leak: side.sign(step.degree + 1 + step.order) * fit.leak(step.order),
            combined,
        })
    }

    fn coefficient_variance(
        &self,
        side: &Side,
        fit: &Local<'_>,
        combined: &[f64],
        order: usize,
        degree: usize,
    ) -> f64 {
        let weights = fit.smoother(order, fit.count);
        let residuals = match (self.options.variance, side.clusters.is_some()) {
            (Variance::Neighbours(matches), false) => {
                local::neighbour_residuals(side, combined, fit.count, matches)
            }
            (other, is_clustered) => fit.residuals(combined, fit.count, other, is_clustered),
        };
        local::variance(
            side,
            &weights,
            &residuals,
            (degree + 1, self.options.variance),
        )
    }

    /// Variance, bias and regularisation of a step with a bandwidth for its bias.
    fn parts(&self, at: usize, whose: Whose, bandwidth: f64) -> Result<Parts, NoEstimate> {
        let side = &self.sides.both[whose as usize];
        let (step, known) = (self.steps[at], &self.known[at][whose as usize]);
        let fit = Local::fit(side, self.options.kernel, bandwidth, step.bias_degree)
            .ok_or_else(|| few_distinct(side, self.options, bandwidth, step.bias_degree))?;
        let next = step.degree + 1;
        let gap = 2.0 * (next - step.order) as f64;
        let scale = self.options.regularisation;
        let regularisation = match at == 0 || scale == 0.0 {
            true => 0.0,
            false => {
                let own =
                    self.coefficient_variance(side, &fit, &known.combined, next, step.bias_degree);
                scale * gap * 3.0 * known.leak * known.leak * own
            }
        };
        Ok(Parts {
            variance: known.variance,
            bias: gap.sqrt() * known.leak * fit.coefficient(&known.combined, next),
            regularisation,
        })
    }

    /// The exponent of a step.
    fn rate(&self, at: usize) -> f64 {
        1.0 / (2 * self.steps[at].degree + 3) as f64
    }

    /// The bandwidth that the parts of a step ask for.
    fn balance(&self, at: usize, variance: f64, bias: f64, regularisation: f64) -> f64 {
        // The regularisation is scaled a second time here, as its authors' programs do; it is their option's meaning.
        let scaled = self.options.regularisation * regularisation;
        (variance / (bias * bias + scaled)).powf(self.rate(at))
    }

    fn common(&self, target: Target) -> Result<[f64; 2], NoEstimate> {
        let most = self.most[0].max(self.most[1]);
        let [mut bandwidth, mut before] = [0.0, 0.0];
        for at in 0..3 {
            let bias_bandwidth = |side: usize| match at {
                0 => self.most[side] * (1.0 + f64::EPSILON.sqrt()),
                _ => bandwidth,
            };
            let (below, above) = rayon::join(
                || self.parts(at, Whose::Below, bias_bandwidth(0)),
                || self.parts(at, Whose::Above, bias_bandwidth(1)),
            );
            let (below, above) = (below?, above?);
            let bias = match target {
                Target::Difference => above.bias - below.bias,
                Target::Sum => above.bias + below.bias,
            };
            let own = self.balance(
                at,
                below.variance + above.variance,
                bias,
                below.regularisation + above.regularisation,
            );
            let own = own.min(most);
            (before, bandwidth) = (
                bandwidth,
                match at {
                    0 => self.wide_enough(own),
                    _ => own,
                },
            );
        }
        Ok([bandwidth, before])
    }

    fn own(&self, whose: Whose) -> Result<[f64; 2], NoEstimate> {
        let side = whose as usize;
        let [mut bandwidth, mut before] = [0.0, self.most[side] * (1.0 + f64::EPSILON.sqrt())];
        for at in 0..3 {
            let with = match at {
                0 => before,
                _ => bandwidth,
            };
            let parts = self.parts(at, whose, with)?;
            let own = self.balance(at, parts.variance, parts.bias, parts.regularisation);
            let own = own.min(self.most[side]);
            (before, bandwidth) = (
                bandwidth,
                match (at, self.least) {
                    (0, Some(least)) => own.max(least[side]),
                    _ => own,
                },
            );
        }
        Ok([bandwidth, before])
    }

    /// Main and bias bandwidth, by side.
    fn bandwidths(&self, selector: Selector) -> Result<Bandwidths, NoEstimate> {
        let one = |[main, bias]: [f64; 2]| Bandwidths {
            main: [main; 2],
            bias: [bias; 2],
        };
        let two = || -> Result<Bandwidths, NoEstimate> {
            let (below, above) = rayon::join(|| self.own(Whose::Below), || self.own(Whose::Above));
            let (below, above) = (below?, above?);
            Ok(Bandwidths {
                main: [below[0], above[0]],
                bias: [below[1], above[1]],
            })
        };
        let mut found = match selector {
            Selector::Mserd | Selector::Cerrd => one(self.common(Target::Difference)?),
            Selector::Msesum | Selector::Cersum => one(self.common(Target::Sum)?),
            Selector::Msetwo | Selector::Certwo => two()?,
            Selector::Msecomb1 | Selector::Cercomb1 => {
                let difference = self.common(Target::Difference)?;
                let sum = self.common(Target::Sum)?;
                one([difference[0].min(sum[0]), difference[1].min(sum[1])])
            }
            Selector::Msecomb2 | Selector::Cercomb2 => {
                let difference = self.common(Target::Difference)?;
                let sum = self.common(Target::Sum)?;
                let own = two()?;
                Bandwidths {
                    main: own.main.map(|own| median(own, difference[0], sum[0])),
                    bias: own.bias.map(|own| median(own, difference[1], sum[1])),
                }
            }
        };
        if selector.is_for_coverage() {
            let shrink = self.shrink();
            found.main = found.main.map(|own| own * shrink);
        }
        Ok(found)
    }

    /// From the rate of the mean squared error to the rate of the error of coverage (Calonico, Cattaneo and Farrell 2020).
    fn shrink(&self) -> f64 {
        let p = self.options.degree as f64;
        let [below, above] = &self.sides.both;
        let n = match below.clusters.is_some() {
            true => below.clusters_count + above.clusters_count,
            false => self.sides.len(),
        };
        (n as f64).powf(-p / ((3.0 + p) * (3.0 + 2.0 * p)))
    }
}

fn median(one: f64, other: f64, third: f64) -> f64 {
    one.max(other).min(one.min(other).max(third))
}

pub(super) fn factorial(order: usize) -> f64 {
    (1..=order).map(|own| own as f64).product()
}

pub(super) fn few_distinct(
    side: &Side,
    options: &Options,
    bandwidth: f64,
    degree: usize,
) -> NoEstimate {
    if !bandwidth.is_finite() || bandwidth <= 0.0 {
        return NoEstimate::NoBandwidth;
    }
    let found = side.distinct_among(local::count(side, options.kernel, bandwidth));
    match found < degree + 1 {
        true => NoEstimate::FewDistinct {
            side: side.whose,
            found,
            wanted: degree + 1,
        },
        false => NoEstimate::NoBandwidth,
    }
}

/// The share of rows on a side that repeat the value of another, from which mass points are told.
pub(super) const REPEATED_SHARE: f64 = 0.2;

/// The bandwidths that span the wanted number of distinct values on each side.
fn least(sides: &Sides, options: &Options) -> Option<[f64; 2]> {
    let repeats = |side: &Side| 1.0 - side.distinct() as f64 / side.len() as f64;
    let has_mass_points = sides
        .both
        .iter()
        .any(|side| repeats(side) >= REPEATED_SHARE);
    let adjusted = match options.mass_points {
        MassPoints::Adjust if has_mass_points => Some(10),
        MassPoints::Adjust | MassPoints::Check | MassPoints::Off => None,
    };
    let wanted = options.distinct_min.or(adjusted)?;
    let [below, above] = &sides.both;
    Some([below, above].map(|side| {
        let at = wanted.min(side.distinct()) - 1;
        // A hair more, so that the last value keeps a weight.
        side.distance[side.starts[at]] * (1.0 + f64::EPSILON.sqrt())
    }))
}
