//! Whether residuals still go together over time.

use crate::distribution;

/// The statistic of Durbin and Watson (1950): near two without correlation, below with a positive one.
pub fn durbin_watson(residuals: &[f64]) -> f64 {
    let steps = residuals.windows(2).map(|pair| (pair[1] - pair[0]).powi(2));
    steps.sum::<f64>() / residuals.iter().map(|own| own * own).sum::<f64>()
}

/// The test of Ljung and Box (1978).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LjungBox {
    /// Up to which lag.
    pub lags: usize,
    /// `n (n + 2) Σ r_k² / (n - k)`.
    pub statistic: f64,
    /// How often it is as large without correlation.
    pub p_value: f64,
}

/// The test of Ljung and Box over the first `lags`; nothing when there are no more periods than lags, or no variance.
pub fn ljung_box(residuals: &[f64], lags: usize) -> Option<LjungBox> {
    let count = residuals.len();
    let mean = residuals.iter().sum::<f64>() / count as f64;
    let centred: Vec<f64> = residuals.iter().map(|own| own - mean).collect();
    let total: f64 = centred.iter().map(|own| own * own).sum();
    if lags == 0 || lags >= count || total <= 0.0 {
        return None;
    }
    let terms = (1..=lags).map(|lag| {
        let products = centred[lag..].iter().zip(&centred);
        let correlation = products.map(|(own, earlier)| own * earlier).sum::<f64>() / total;
        correlation.powi(2) / (count - lag) as f64
    });
    let statistic = count as f64 * (count as f64 + 2.0) * terms.sum::<f64>();
    Some(LjungBox {
        lags,
        statistic,
        p_value: distribution::chi_squared_upper(statistic, lags as f64),
    })
}
