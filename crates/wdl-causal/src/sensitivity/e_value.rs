//! E-values (VanderWeele and Ding, "Sensitivity analysis in observational research: introducing the E-value", Annals of Internal Medicine 2017).

/// What the estimate is a measure of; each is brought to the scale of risk ratios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A risk ratio, or a rate ratio.
    RiskRatio,
    /// An odds ratio of an outcome that fewer than some 15 in 100 have: as a risk ratio.
    OddsRatioRare,
    /// An odds ratio of a common outcome: its square root.
    OddsRatioCommon,
    /// A hazard ratio of an outcome that fewer than some 15 in 100 have by the end: as a risk ratio.
    HazardRatioRare,
    /// A hazard ratio of a common outcome: `(1 - 0.5^√HR) / (1 - 0.5^√(1/HR))`.
    HazardRatioCommon,
    /// A difference of means over the standard deviation of the outcome: `exp(0.91 d)`.
    StandardisedDifference,
}

/// How strongly, on the scale of risk ratios, what was not observed must go with both the treatment and the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EValue {
    /// The estimate as a risk ratio.
    pub risk_ratio: f64,
    /// To move the estimate to no effect.
    pub estimate: f64,
    /// To move the nearer limit of the interval to no effect: 1 when the interval holds it; nothing without an interval.
    pub limit: Option<f64>,
}

/// The E-value of an estimate and of its interval's limit nearer to no effect; nothing when a ratio is not positive, a value is not finite, or the interval does not hold the estimate.
pub fn e_value(measure: Measure, estimate: f64, interval: Option<(f64, f64)>) -> Option<EValue> {
    let risk_ratio = as_risk_ratio(measure, estimate)?;
    let limit = match interval {
        None => None,
        Some((low, high)) => {
            if !(low <= estimate && estimate <= high) {
                return None;
            }
            let (low, high) = (as_risk_ratio(measure, low)?, as_risk_ratio(measure, high)?);
            Some(match (low > 1.0, high < 1.0) {
                (true, _) => of_ratio(low),
                (_, true) => of_ratio(high),
                _ => 1.0,
            })
        }
    };
    Some(EValue {
        risk_ratio,
        estimate: of_ratio(risk_ratio),
        limit,
    })
}

fn of_ratio(risk_ratio: f64) -> f64 {
    let above = if risk_ratio < 1.0 {
        1.0 / risk_ratio
    } else {
        risk_ratio
    };
    above + (above * (above - 1.0)).sqrt()
}

fn as_risk_ratio(measure: Measure, value: f64) -> Option<f64> {
    let ratio = match measure {
        Measure::RiskRatio | Measure::OddsRatioRare | Measure::HazardRatioRare => value,
        Measure::OddsRatioCommon => value.sqrt(),
        Measure::HazardRatioCommon if value > 0.0 => {
            (1.0 - 0.5_f64.powf(value.sqrt())) / (1.0 - 0.5_f64.powf((1.0 / value).sqrt()))
        }
        Measure::HazardRatioCommon => return None,
        Measure::StandardisedDifference => (0.91 * value).exp(),
    };
    (ratio.is_finite() && ratio > 0.0).then_some(ratio)
}
