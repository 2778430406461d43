//! Comparison of amounts that were written in decimals: whoever stands exactly on a limit stands on it in binary too.

/// Amounts that differ by less than this part of what they were made of are one amount.
///
/// A decimal number is off by at most 1.1e-16 of itself in binary, and the sums here have a few terms.
const TIE: f64 = 1e-12;

/// Whether one amount lies above another, ties excluded; `made_of` is the largest amount that entered either.
///
/// # Examples
/// ```
/// use wdl_household::exceeds;
/// // In binary, 0.1 + 0.2 lies above 0.3.
/// assert!(!exceeds(0.1 + 0.2, 0.3, 0.3));
/// assert!(exceeds(0.31, 0.3, 0.3));
/// ```
pub fn exceeds(amount: f64, limit: f64, made_of: f64) -> bool {
    amount - limit > TIE * made_of.abs().max(amount.abs()).max(limit.abs())
}

/// Whether one amount lies at another or below it.
pub fn is_at_most(amount: f64, limit: f64, made_of: f64) -> bool {
    !exceeds(amount, limit, made_of)
}
