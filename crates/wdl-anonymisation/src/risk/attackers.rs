//! Risk against three attackers: one who knows the person is in the file, one who does not, one who is after many.

use super::RiskError;
use super::keys::ordered_sum;

/// Risk of being named, over the records of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttackerRisk {
    /// Mean over records.
    pub average: f64,
    /// The most exposed record.
    pub maximum: f64,
    /// Share of the records whose risk is above the threshold.
    pub share_above: f64,
}

/// The attacker who knows that the person is in the file: one over the companions in the file.
///
/// # Errors
/// A threshold outside (0, 1]; no record.
pub fn prosecutor(sample: &[u32], threshold: f64) -> Result<AttackerRisk, RiskError> {
    over(
        sample.iter().map(|f| 1.0 / f64::from(*f)).collect(),
        threshold,
    )
}

/// The attacker who does not know it: one over the companions in the population, never below what the file itself shows to be possible.
///
/// # Errors
/// A threshold outside (0, 1]; no record.
pub fn journalist(population: &[f64], threshold: f64) -> Result<AttackerRisk, RiskError> {
    over(
        population.iter().map(|f| (1.0 / f).min(1.0)).collect(),
        threshold,
    )
}

/// The attacker who names everybody at once: the expected share of right names, classes over records.
/// It is the mean risk of the prosecutor, told by itself because a file may be safe for each and not for the many.
pub fn marketer(sample: &[u32]) -> Option<f64> {
    (!sample.is_empty()).then(|| {
        ordered_sum(sample.iter().map(|f| 1.0 / f64::from(*f)).collect()) / count(sample.len())
    })
}

fn over(risks: Vec<f64>, threshold: f64) -> Result<AttackerRisk, RiskError> {
    if !(threshold > 0.0 && threshold <= 1.0) {
        return Err(RiskError::Share {
            name: "the threshold of risk",
        });
    }
    if risks.is_empty() {
        return Err(RiskError::NoRows);
    }
    let rows = count(risks.len());
    let above = risks.iter().filter(|risk| **risk > threshold).count();
    let maximum = risks.iter().copied().fold(0.0, f64::max);
    Ok(AttackerRisk {
        average: ordered_sum(risks) / rows,
        maximum,
        share_above: count(above) / rows,
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count of rows is far below 2^52"
)]
pub(crate) fn count(rows: usize) -> f64 {
    rows as f64
}
