//! The bias of a variable left out of a regression (Cinelli and Hazlett, "Making sense of sensitivity", Journal of the Royal Statistical Society B, 2020).

use crate::distribution;

/// A coefficient of a regression by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    // INVARIANT: finite, the error positive, more than one degree of freedom.
    estimate: f64,
    standard_error: f64,
    degrees: f64,
}

/// Why there is no figure of robustness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRobustness {
    /// The estimate is not finite, the error not positive, or no more than one degree of freedom is left.
    #[error(
        "it takes a finite estimate, a positive standard error and more than one degree of freedom"
    )]
    NotACoefficient,
    /// A partial R² must be at least zero and less than one.
    #[error("a partial R² lies between zero and one, one excluded")]
    NotAShare,
    /// The supposed strength is impossible: the benchmark explains too much already.
    #[error("so many times the strength of the benchmark would explain more than there is")]
    Impossible,
}

/// A covariate that strength is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Benchmark {
    /// Its partial R² with the treatment, given the other covariates.
    pub with_treatment: f64,
    /// Its partial R² with the outcome, given the treatment and the other covariates.
    pub with_outcome: f64,
}

/// What the coefficient would be with the variable left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted {
    /// The partial R² of the variable with the treatment.
    pub with_treatment: f64,
    /// The partial R² of the variable with the outcome.
    pub with_outcome: f64,
    /// Whether the bound on the partial R² with the outcome was above one, and one was taken.
    pub is_capped: bool,
    /// The estimate, moved towards zero.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The estimate over its error.
    pub statistic: f64,
}

impl Coefficient {
    /// A coefficient with its classical standard error and the degrees of freedom of its regression.
    ///
    /// # Errors
    /// [`NoRobustness::NotACoefficient`].
    pub fn new(
        estimate: f64,
        standard_error: f64,
        degrees: f64,
    ) -> Result<Coefficient, NoRobustness> {
        let is_one = estimate.is_finite()
            && standard_error.is_finite()
            && standard_error > 0.0
            && degrees.is_finite()
            && degrees > 1.0;
        match is_one {
            true => Ok(Coefficient {
                estimate,
                standard_error,
                degrees,
            }),
            false => Err(NoRobustness::NotACoefficient),
        }
    }

    fn statistic(&self) -> f64 {
        self.estimate / self.standard_error
    }

    /// The partial R² of the treatment with the outcome: `t² / (t² + df)`, also what a variable that explains all the rest of the outcome must explain of the treatment.
    pub fn partial_r2(&self) -> f64 {
        let square = self.statistic().powi(2);
        square / (square + self.degrees)
    }

    /// The robustness value `RV_q`: what a variable must explain of both the treatment and the outcome to take away the share `part` of the estimate.
    pub fn robustness_value(&self, part: f64) -> f64 {
        of_f(part.abs() * self.statistic().abs() / self.degrees.sqrt())
    }

    /// The robustness value `RV_{q,α}`: what it must explain for the reduced estimate to be no longer significant at `alpha`; zero when it is not so now.
    pub fn robustness_value_of_significance(&self, part: f64, alpha: f64) -> f64 {
        let critical = distribution::student_quantile(1.0 - alpha / 2.0, self.degrees - 1.0)
            / (self.degrees - 1.0).sqrt();
        let f = part.abs() * self.statistic().abs() / self.degrees.sqrt();
        if f <= critical {
            return 0.0;
        }
        // Where the equal strengths alone would overshoot, the variable that takes away most leaves the outcome's part free (the authors' package since version 0.1.5).
        match f > 1.0 / critical {
            true => (f * f - critical * critical) / (1.0 + f * f),
            false => of_f(f - critical),
        }
    }

    /// The coefficient with a variable of given strength.
    ///
    /// # Errors
    /// [`NoRobustness::NotAShare`].
    pub fn adjusted(
        &self,
        with_treatment: f64,
        with_outcome: f64,
    ) -> Result<Adjusted, NoRobustness> {
        let is_share = (0.0..1.0).contains(&with_treatment) && (0.0..=1.0).contains(&with_outcome);
        if !is_share {
            return Err(NoRobustness::NotAShare);
        }
        let bias = self.standard_error
            * (self.degrees * with_outcome * with_treatment / (1.0 - with_treatment)).sqrt();
        let estimate = self.estimate.signum() * (self.estimate.abs() - bias);
        let standard_error = self.standard_error
            * ((1.0 - with_outcome) / (1.0 - with_treatment) * self.degrees / (self.degrees - 1.0))
                .sqrt();
        Ok(Adjusted {
            with_treatment,
            with_outcome,
            is_capped: false,
            estimate,
            standard_error,
            statistic: estimate / standard_error,
        })
    }

    /// The coefficient with a variable `times` as strong as the benchmark, with treatment and outcome (equations 16 and 17 of the paper's supplement).
    ///
    /// # Errors
    /// [`NoRobustness`] when the shares are none, or such a variable cannot be.
    pub fn benchmarked(&self, benchmark: Benchmark, times: f64) -> Result<Adjusted, NoRobustness> {
        let (treatment, outcome) = (benchmark.with_treatment, benchmark.with_outcome);
        let are_shares = (0.0..1.0).contains(&treatment) && (0.0..1.0).contains(&outcome);
        if !(are_shares && times >= 0.0 && times.is_finite()) {
            return Err(NoRobustness::NotAShare);
        }
        let with_treatment = times * treatment / (1.0 - treatment);
        let related = times * treatment.powi(2) / ((1.0 - times * treatment) * (1.0 - treatment));
        if with_treatment >= 1.0 || !(0.0..1.0).contains(&related) {
            return Err(NoRobustness::Impossible);
        }
        let ratio = (times.sqrt() + related.sqrt()) / (1.0 - related).sqrt();
        let with_outcome = ratio.powi(2) * outcome / (1.0 - outcome);
        let mut adjusted = self.adjusted(with_treatment, with_outcome.min(1.0))?;
        adjusted.is_capped = with_outcome > 1.0;
        Ok(adjusted)
    }
}

fn of_f(f: f64) -> f64 {
    let square = f * f;
    // (√(f⁴ + 4f²) - f²) / 2 without cancellation for large f.
    2.0 * square / ((square * square + 4.0 * square).sqrt() + square).max(f64::MIN_POSITIVE)
}
