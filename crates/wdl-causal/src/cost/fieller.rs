//! The set of Fieller ("Some problems in interval estimation", 1954) for a ratio of two normal estimates.

/// A ratio of two estimates with their variances and covariance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The numerator: a cost.
    pub numerator: f64,
    /// The denominator: an outcome.
    pub denominator: f64,
    /// The variance of the numerator.
    pub numerator_variance: f64,
    /// The variance of the denominator.
    pub denominator_variance: f64,
    /// Their covariance.
    pub covariance: f64,
}

/// The ratios that are not rejected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FiellerSet {
    /// All between two ends.
    Between(f64, f64),
    /// All up to the first and all from the second: the denominator may be zero.
    Outside(f64, f64),
    /// Every ratio: the data tell nothing about it.
    Everything,
}

impl Ratio {
    /// The ratio itself; infinite when the denominator is zero.
    pub fn estimate(&self) -> f64 {
        self.numerator / self.denominator
    }

    /// The ratios `r` with `(numerator - r denominator)² ≤ critical² Var(numerator - r denominator)`.
    pub fn fieller(&self, critical: f64) -> FiellerSet {
        let square = critical * critical;
        // a r² - 2 b r + c ≤ 0.
        let a = self.denominator.powi(2) - square * self.denominator_variance;
        let b = self.numerator * self.denominator - square * self.covariance;
        let c = self.numerator.powi(2) - square * self.numerator_variance;
        let discriminant = b * b - a * c;
        if a == 0.0 {
            // A line: one end only.
            return match b {
                0.0 => FiellerSet::Everything,
                _ if b > 0.0 => FiellerSet::Between(c / (2.0 * b), f64::INFINITY),
                _ => FiellerSet::Between(f64::NEG_INFINITY, c / (2.0 * b)),
            };
        }
        if discriminant < 0.0 || (a < 0.0 && discriminant == 0.0) {
            return FiellerSet::Everything;
        }
        // The root of larger size first, the other from their product, so that no digits cancel.
        let larger = b + discriminant.sqrt().copysign(b);
        let (one, other) = match larger == 0.0 {
            true => (0.0, 0.0),
            false => (larger / a, c / larger),
        };
        let (low, high) = (one.min(other), one.max(other));
        match a > 0.0 {
            true => FiellerSet::Between(low, high),
            false => FiellerSet::Outside(low, high),
        }
    }
}
