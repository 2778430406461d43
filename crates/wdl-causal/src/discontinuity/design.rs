//! What a regression discontinuity is asked on and how: rows, options, and the reasons why there may be no answer.

use super::bandwidth::{Bandwidths, Selector};

/// The rows of a design, one slice for each column; all of one length, without missing values.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The running variable: rows at or above the cut-off are on the upper side.
    pub running: &'a [f64],
    /// The outcome.
    pub outcome: &'a [f64],
    /// The treatment received, for a fuzzy design.
    pub treatment: Option<&'a [f64]>,
    /// Covariates from before the treatment, which sharpen the estimate.
    pub covariates: &'a [&'a [f64]],
    /// Weights of the rows, not negative; a row without weight is left out and counted.
    pub weights: Option<&'a [f64]>,
    /// The cluster of each row.
    pub clusters: Option<&'a [usize]>,
}

impl<'a> Rows<'a> {
    /// A sharp design without anything beside it.
    pub fn sharp(running: &'a [f64], outcome: &'a [f64]) -> Rows<'a> {
        Rows {
            running,
            outcome,
            treatment: None,
            covariates: &[],
            weights: None,
            clusters: None,
        }
    }
}

/// How much a row counts by its distance from the cut-off, as a share of the bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// `1 - |u|`.
    Triangular,
    /// `1 - u²`.
    Epanechnikov,
    /// All alike within the bandwidth.
    Uniform,
}

/// How the variance of the outcome around its curve is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variance {
    /// From the nearest neighbours on the running variable, at least so many; ties count together (Abadie and Imbens 2006).
    Neighbours(usize),
    /// From squared residuals.
    Hc0,
    /// From squared residuals times `n / (n - k)`.
    Hc1,
    /// From squared residuals over `1 - leverage`.
    Hc2,
    /// From squared residuals over `(1 - leverage)²`.
    Hc3,
    /// From what the curve fitted without the cluster of a row leaves of it (CRV3: Bell and McCaffrey 2002; MacKinnon, Nielsen and Webb 2023); without clusters, [`Variance::Hc3`].
    Jackknife,
}

/// What is done about values of the running variable that many rows share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MassPoints {
    /// The pilot bandwidth counts distinct values, and spans at least ten of them where a fifth of a side repeats others.
    Adjust,
    /// They are reported and change nothing.
    Check,
    /// They are not looked at.
    Off,
}

/// Where the bandwidths come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Selection {
    /// From the data.
    Chosen(Selector),
    /// By hand.
    Given(Bandwidths),
}

/// How an effect at the cut-off is estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The cut-off.
    pub cutoff: f64,
    /// The degree `p` of the polynomial.
    pub degree: usize,
    /// The degree `q` of the polynomial its bias is estimated with, above `p`.
    pub bias_degree: usize,
    /// The derivative that jumps: 0 for a level, 1 for a kink.
    pub derivative: usize,
    /// The kernel.
    pub kernel: Kernel,
    /// The bandwidths.
    pub selection: Selection,
    /// `h / b`, when the bias bandwidth follows from the main one.
    pub rho: Option<f64>,
    /// The weight of the term that keeps bandwidths from growing without end.
    pub regularisation: f64,
    /// Repeated values of the running variable.
    pub mass_points: MassPoints,
    /// Distinct values that a pilot bandwidth spans at least on each side.
    pub distinct_min: Option<usize>,
    /// The variance.
    pub variance: Variance,
    /// The level of the intervals.
    pub level: f64,
    /// Rows that must count on each side, or there is no estimate.
    pub effective_min: usize,
}

impl Options {
    /// Local linear regression with a triangular kernel, one bandwidth that is best by mean squared error, variance from three neighbours.
    pub fn at(cutoff: f64) -> Options {
        Options {
            cutoff,
            degree: 1,
            bias_degree: 2,
            derivative: 0,
            kernel: Kernel::Triangular,
            selection: Selection::Chosen(Selector::Mserd),
            rho: None,
            regularisation: 1.0,
            mass_points: MassPoints::Adjust,
            distinct_min: None,
            variance: Variance::Neighbours(3),
            level: 0.95,
            effective_min: 20,
        }
    }
}

/// The side of the cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Below it.
    Below,
    /// At it or above.
    Above,
}

impl Whose {
    /// Both, in the order of every pair of figures here.
    pub const BOTH: [Whose; 2] = [Whose::Below, Whose::Above];
}

/// A column of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The running variable.
    Running,
    /// The outcome.
    Outcome,
    /// The treatment.
    Treatment,
    /// A covariate by its place.
    Covariate(usize),
    /// The weights.
    Weights,
    /// The clusters.
    Clusters,
}

/// Why there is no figure.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoEstimate {
    /// A column is longer or shorter than the running variable.
    #[error("{0:?} has not one value for each row")]
    Length(Column),
    /// Cells are missing or infinite, or weights are negative.
    #[error("{0:?} has {1} values that are no finite numbers, or negative weights")]
    NotFinite(Column, usize),
    /// The cut-off is not inside the range of the running variable, so that a side is empty.
    #[error(
        "the cut-off {cutoff} is not inside the running variable, which goes from {low} to {high}"
    )]
    CutoffOutside {
        /// The cut-off.
        cutoff: f64,
        /// The smallest value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// An option makes no sense.
    #[error("option out of range: {0}")]
    Option(&'static str),
    /// The outcome is one number.
    #[error("the outcome does not vary")]
    ConstantOutcome,
    /// A side has too few distinct values of the running variable for a polynomial.
    #[error(
        "{found} distinct values of the running variable on one side ({side:?}), {wanted} wanted: a discrete running variable asks for local randomisation"
    )]
    FewDistinct {
        /// The side.
        side: Whose,
        /// Distinct values.
        found: usize,
        /// Values that the polynomial needs.
        wanted: usize,
    },
    /// A side has too few rows within the bandwidth.
    #[error("{found} rows within the bandwidth on one side ({side:?}), {wanted} wanted")]
    FewRows {
        /// The side.
        side: Whose,
        /// Rows within the bandwidth.
        found: usize,
        /// Rows wanted.
        wanted: usize,
    },
    /// Fewer than two clusters count on a side.
    #[error("one cluster on one side ({0:?})")]
    OneCluster(Whose),
    /// The data give no bandwidth: too little variation of the outcome or the running variable.
    #[error("the data give no bandwidth")]
    NoBandwidth,
    /// The treatment does not jump at the cut-off.
    #[error("the treatment does not jump at the cut-off")]
    NoFirstStage,
    /// The outcome is exactly on its curve, so that there is no uncertainty to estimate.
    #[error("the outcome does not vary around its curve")]
    NoNoise,
}
