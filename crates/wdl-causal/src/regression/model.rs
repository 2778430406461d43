//! What a regression is asked, and why it cannot be answered.

/// A regressor or an instrument.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// A value for each row.
    Values(&'a [f64]),
    /// One where the code is this one, zero elsewhere: many dummies of one column cost no memory.
    Level {
        /// A code for each row.
        codes: &'a [i32],
        /// The code of the dummy.
        level: i32,
    },
}

impl Column<'_> {
    /// How many rows it has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Column::Values(values) => values.len(),
            Column::Level { codes, .. } => codes.len(),
        }
    }

    /// The value of a row.
    pub(crate) fn at(&self, row: usize) -> f64 {
        match self {
            Column::Values(values) => values[row],
            Column::Level { codes, level } => f64::from(u8::from(codes[row] == *level)),
        }
    }
}

/// A regression: columns of one length, without missing values.
#[derive(Clone, Debug, Default)]
pub struct Model<'a> {
    /// The outcome.
    pub outcome: &'a [f64],
    /// The regressors, without a constant.
    pub regressors: Vec<Column<'a>>,
    /// Whether to leave out the constant when there are no fixed effects (these contain it).
    pub is_without_constant: bool,
    /// A group of each row for each fixed effect; any codes.
    pub fixed_effects: Vec<&'a [u32]>,
    /// A weight for each row (the inverse of its error variance, up to a factor); rows of weight zero are left out.
    pub weights: Option<&'a [f64]>,
    /// The regressors that the instruments stand for.
    pub endogenous: Vec<usize>,
    /// The instruments left out of the regression itself.
    pub instruments: Vec<Column<'a>>,
    /// The regressors that are the question: without them there is no answer, rather than an answer without them.
    pub focus: Vec<usize>,
    /// Whether rows alone in a group of a fixed effect are left out, again and again until there are none.
    pub drops_singletons: bool,
}

/// What a coefficient belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// The constant.
    Constant,
    /// A regressor, from zero.
    Regressor(usize),
}

/// Why a regressor has no coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It has one value in all rows.
    NoVariation,
    /// The fixed effects tell its value.
    Absorbed,
    /// The constant, the fixed effects and the regressors before it tell its value.
    Collinear,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The outcome.
    Outcome,
    /// A regressor, from zero.
    Regressor(usize),
    /// An instrument, from zero.
    Instrument(usize),
    /// The weights.
    Weights,
    /// A fixed effect, from zero.
    FixedEffect(usize),
    /// Clusters, periods or another grouping of the variance.
    Grouping,
}

impl std::fmt::Display for Place {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Outcome => write!(to, "the outcome"),
            Place::Regressor(at) => write!(to, "regressor {at}"),
            Place::Instrument(at) => write!(to, "instrument {at}"),
            Place::Weights => write!(to, "the weights"),
            Place::FixedEffect(at) => write!(to, "fixed effect {at}"),
            Place::Grouping => write!(to, "the grouping"),
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RegressionError {
    /// A column is not as long as the outcome.
    #[error("{place} has {have} rows, the outcome has {want}")]
    Length {
        /// Which column.
        place: Place,
        /// Its rows.
        have: usize,
        /// The rows of the outcome.
        want: usize,
    },
    /// More rows than their numbers can count.
    #[error("{0} rows are more than can be counted here")]
    TooLong(usize),
    /// Values that are infinite or no numbers.
    #[error(
        "{place}: {rows} values are infinite or no numbers, the first in row {first} (from zero)"
    )]
    NotFinite {
        /// Which column.
        place: Place,
        /// How many.
        rows: usize,
        /// The first of them, from zero.
        first: usize,
    },
    /// Values below zero where there may be none.
    #[error("{place}: {rows} values are negative, the first in row {first} (from zero)")]
    Negative {
        /// Which column.
        place: Place,
        /// How many.
        rows: usize,
        /// The first of them, from zero.
        first: usize,
    },
    /// Fewer rows than coefficients and effects.
    #[error("{rows} rows for {coefficients} coefficients and fixed effects")]
    TooFew {
        /// The rows that count.
        rows: usize,
        /// The coefficients, with those of the fixed effects.
        coefficients: usize,
    },
    /// A column of the question has one value only.
    #[error("regressor {0}, the treatment, is without variation")]
    TreatmentWithoutVariation(usize),
    /// The fixed effects tell a column of the question.
    #[error("regressor {0}, the treatment, is absorbed by the fixed effects")]
    TreatmentAbsorbed(usize),
    /// The other regressors tell a column of the question.
    #[error(
        "regressor {0}, the treatment, follows from the regressors before it and the fixed effects"
    )]
    TreatmentCollinear(usize),
    /// No regressor is left.
    #[error(
        "no regressor is left: each is constant, absorbed by the fixed effects or follows from others"
    )]
    NothingLeft,
    /// The outcome has one value only, or the fixed effects tell it.
    #[error("the outcome does not vary (within the fixed effects)")]
    OutcomeWithoutVariation,
    /// The fixed effects could not be removed.
    #[error(
        "the fixed effects could not be removed: after {steps} steps the largest group mean left is {gap:e} of the size of its column"
    )]
    NotAbsorbed {
        /// Steps taken.
        steps: usize,
        /// What is left.
        gap: f64,
    },
    /// Steps of the Poisson regression did not settle.
    #[error("no convergence in {0} steps")]
    NotConverged(usize),
    /// The rows are in one cluster.
    #[error("all rows are in one cluster: there is no variance between clusters")]
    OneCluster,
    /// Without a cluster the coefficient of a regressor is not defined.
    #[error(
        "without cluster {cluster} (from zero, in order of first row) regressor or constant {position} has no coefficient: no jackknife"
    )]
    JackknifeUndefined {
        /// The cluster, from zero, in the order of first rows.
        cluster: usize,
        /// The position among the coefficients.
        position: usize,
    },
    /// Rows that the regression fits exactly whatever their outcome.
    #[error(
        "{0} rows have a leverage of one (alone in a group): their residual says nothing, and HC2 and HC3 are not defined"
    )]
    LeverageOne(usize),
    /// The leverage, or a dummy for each group, costs too much.
    #[error("too many groups ({0}) beside the largest fixed effect for this kind of inference")]
    TooManyGroups(usize),
    /// A kind of inference that instruments do not have here.
    #[error("this kind of inference is not offered with instruments")]
    NotForInstruments,
    /// A kind of inference that the Poisson regression does not have here.
    #[error("this kind of inference is not offered for the Poisson regression")]
    NotForPoisson,
    /// Fewer instruments than the regressors that they stand for.
    #[error(
        "not identified: {instruments} instruments that vary for {endogenous} endogenous regressors"
    )]
    NotIdentified {
        /// Instruments that are left.
        instruments: usize,
        /// Endogenous regressors.
        endogenous: usize,
    },
    /// The regressor asked for has no coefficient.
    #[error("regressor {0} has no coefficient")]
    NoSuchTerm(usize),
    /// The covariance of the coefficients tested together has no inverse.
    #[error("the coefficients tested together have a covariance without an inverse: {0} of them")]
    WaldSingular(usize),
    /// A lag, number of draws or level outside what is possible.
    #[error("{0}")]
    Setting(&'static str),
    /// The treatment has more than one value within a unit of assignment, and no periods were given.
    #[error("the treatment varies inside {0} units of assignment: give the periods")]
    TreatmentVariesInside(usize),
    /// Units of assignment without a row in some period, or with two.
    #[error(
        "{0} units of assignment do not have one row in each period: their treatments cannot be exchanged"
    )]
    UnitsUnbalanced(usize),
    /// An outcome of counts is zero everywhere.
    #[error("the outcome is zero in all rows")]
    AllZero,
}
