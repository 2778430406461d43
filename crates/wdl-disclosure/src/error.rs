//! Why tables cannot be protected at all.

use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnose, Diagnostic, IndicatorId, Period};

/// Tables that cannot be protected: the indicator that made them must be corrected.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DisclosureError {
    /// A number without the count of units it rests on.
    #[error(
        "a number of `{indicator}` by `{breakdown}` in {period} does not say how many units it rests on"
    )]
    NoFrequency {
        /// The indicator.
        indicator: IndicatorId,
        /// The breakdown.
        breakdown: String,
        /// The period.
        period: Period,
    },
    /// More units with the property than units.
    #[error("a share of `{indicator}` by `{breakdown}` in {period} is above one")]
    ShareAboveOne {
        /// The indicator.
        indicator: IndicatorId,
        /// The breakdown.
        breakdown: String,
        /// The period.
        period: Period,
    },
    /// Tables of more than one indicator, or with different additivity.
    #[error("tables of `{first}` and of `{second}` cannot be protected together")]
    Mixed {
        /// The indicator of the first table.
        first: IndicatorId,
        /// The indicator that differs.
        second: IndicatorId,
    },
    /// A cell names a category that its dimension does not have, or the wrong number of keys.
    #[error("a cell of `{indicator}` by `{breakdown}` in {period} is in no category of the table")]
    UnknownCategory {
        /// The indicator.
        indicator: IndicatorId,
        /// The breakdown.
        breakdown: String,
        /// The period.
        period: Period,
    },
    /// The same cell twice in one table.
    #[error("a cell of `{indicator}` by `{breakdown}` in {period} stands there twice")]
    CellTwice {
        /// The indicator.
        indicator: IndicatorId,
        /// The breakdown.
        breakdown: String,
        /// The period.
        period: Period,
    },
    /// A hidden cell that nothing can protect.
    #[error("a hidden cell of `{indicator}` in {period} can be computed whatever else is hidden")]
    CannotProtect {
        /// The indicator.
        indicator: IndicatorId,
        /// The period.
        period: Period,
    },
}

impl Diagnose for DisclosureError {
    fn diagnostic(&self) -> Diagnostic {
        let about = |code, indicator: &IndicatorId, breakdown: &str, period: &Period| {
            Diagnostic::new(code)
                .with("indicator", indicator)
                .with("table", breakdown)
                .with("period", period)
        };
        match self {
            DisclosureError::NoFrequency {
                indicator,
                breakdown,
                period,
            } => about(codes::NO_FREQUENCY, indicator, breakdown, period),
            DisclosureError::ShareAboveOne {
                indicator,
                breakdown,
                period,
            } => about(codes::SHARE_ABOVE_ONE, indicator, breakdown, period),
            DisclosureError::Mixed { first, second } => Diagnostic::new(codes::MIXED)
                .with("indicator", first)
                .with("actual", second),
            DisclosureError::UnknownCategory {
                indicator,
                breakdown,
                period,
            } => about(codes::UNKNOWN_CATEGORY, indicator, breakdown, period),
            DisclosureError::CellTwice {
                indicator,
                breakdown,
                period,
            } => about(codes::CELL_TWICE, indicator, breakdown, period),
            DisclosureError::CannotProtect { indicator, period } => {
                Diagnostic::new(codes::CANNOT_PROTECT)
                    .with("indicator", indicator)
                    .with("period", period)
            }
        }
    }
}
