//! Why a measure has no value.

use std::fmt;

/// A measure that cannot be computed says why; it is never a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Undefined {
    /// No row counts.
    NoRows,
    /// Fewer rows, or fewer drawn units, than the measure needs.
    TooFewRows,
    /// Nobody lies below the threshold.
    NobodyBelow,
    /// Nobody lies above the upper quantile: its value is the highest there is.
    NobodyAbove,
    /// The threshold is zero, negative or no finite number.
    ThresholdNotPositive,
    /// The sum of the values is zero or negative.
    SumNotPositive,
    /// The lower group's sum is zero or negative.
    LowerSumNotPositive,
    /// A value is zero or negative where a logarithm or a power needs it positive.
    ValueNotPositive,
    /// All values at the place are one, so that their density is unknown.
    NoDensity,
    /// Nobody is observed over a part of the time that is asked about.
    NotFollowed,
    /// The measure has no standard error of this kind.
    NoStandardError,
    /// A replicate has no value, and the variance needs all of them.
    NotInEveryReplicate,
    /// Of nobody is everything told that it needs.
    NotTold,
    /// The amounts are so large or so small that a double does not hold their sums or squares.
    OutOfRange,
}

/// The value of a measure, or why there is none.
pub type Measured = Result<f64, Undefined>;

impl Undefined {
    /// Its stable name: `nobody_below`.
    pub fn name(self) -> &'static str {
        match self {
            Undefined::NoRows => "no_rows",
            Undefined::TooFewRows => "too_few_rows",
            Undefined::NobodyBelow => "nobody_below",
            Undefined::NobodyAbove => "nobody_above",
            Undefined::ThresholdNotPositive => "threshold_not_positive",
            Undefined::SumNotPositive => "sum_not_positive",
            Undefined::LowerSumNotPositive => "lower_sum_not_positive",
            Undefined::ValueNotPositive => "value_not_positive",
            Undefined::NoDensity => "no_density",
            Undefined::NotFollowed => "not_followed",
            Undefined::NoStandardError => "no_standard_error",
            Undefined::NotInEveryReplicate => "not_in_every_replicate",
            Undefined::NotTold => "not_told",
            Undefined::OutOfRange => "out_of_range",
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl std::error::Error for Undefined {}
