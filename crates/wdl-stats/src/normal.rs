//! The normal distribution, as far as comparisons need it.

/// How often a normal number lies at least so many deviations from its mean, on either side.
pub fn two_sided(deviations: f64) -> f64 {
    statrs::function::erf::erfc(deviations.abs() / std::f64::consts::SQRT_2)
}
