//! What calibration leaves of a measure's scores: the variance of a calibrated measure is that of their residuals on the margins.

use super::Auxiliaries;
use crate::factor::Factor;
use crate::sum::Sum;

/// The regression on the margins under the weights of the design (Deville and Särndal 1992, equation 3.4).
#[derive(Clone, Debug)]
// INVARIANT: `base` and `calibrated` have one weight per row of `auxiliaries`.
pub struct Residuals {
    auxiliaries: Auxiliaries,
    base: Vec<f64>,
    calibrated: Vec<f64>,
    factor: Factor,
}

impl Residuals {
    /// Of weights before and after calibration.
    ///
    /// # Panics
    /// When there is not one of each per row.
    pub fn new(auxiliaries: Auxiliaries, base: Vec<f64>, calibrated: Vec<f64>) -> Residuals {
        assert_eq!(base.len(), auxiliaries.rows(), "one weight per row");
        assert_eq!(calibrated.len(), base.len(), "one weight per row");
        let factor = Factor::semidefinite(&auxiliaries.products(base.iter().copied()));
        Residuals {
            auxiliaries,
            base,
            calibrated,
            factor,
        }
    }

    /// Puts in the place of each row's score (calibrated weight times influence) what the margins do not explain of it.
    ///
    /// # Panics
    /// When there is not one score per row.
    pub fn apply(&self, scores: &mut [f64]) {
        assert_eq!(scores.len(), self.base.len(), "one score per row");
        let mut sums = vec![Sum::ZERO; self.auxiliaries.margins()];
        for (row, score) in scores
            .iter()
            .enumerate()
            .filter(|(_, score)| **score != 0.0)
        {
            let influence = score / self.calibrated[row];
            for (margin, value) in self.auxiliaries.of_row(row) {
                sums[margin].add(self.base[row] * influence * value);
            }
        }
        let sums: Vec<f64> = sums.into_iter().map(Sum::value).collect();
        let slopes = self.factor.solve(&sums);
        for (row, score) in scores.iter_mut().enumerate() {
            *score -= self.calibrated[row] * self.auxiliaries.times(row, &slopes);
        }
    }
}
