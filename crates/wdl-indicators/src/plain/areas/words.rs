//! The words of the options of small areas.

use wdl_stats::areas::{Benchmark, Method, Transformation};

use crate::plain::words::{UnknownWord, word};

/// The method of a name: `reml`, `ml`, `fh`.
///
/// # Errors
/// [`UnknownWord`] for another name.
pub fn method(name: &str) -> Result<Method, UnknownWord> {
    let known = [
        ("reml", Method::Reml),
        ("ml", Method::Ml),
        ("fh", Method::FayHerriot),
    ];
    word("--method", name, &known)
}

/// The benchmark of a name: `ratio`, `difference`.
///
/// # Errors
/// [`UnknownWord`] for another name.
pub fn benchmark(name: &str) -> Result<Benchmark, UnknownWord> {
    let known = [
        ("ratio", Benchmark::Ratio),
        ("difference", Benchmark::Difference),
    ];
    word("--benchmark", name, &known)
}

/// The scale of a name: `none`, `log`, `log-shift`, `box-cox`.
///
/// # Errors
/// [`UnknownWord`] for another name.
pub fn transformation(name: &str) -> Result<Transformation, UnknownWord> {
    let known = [
        ("none", Transformation::None),
        ("log", Transformation::Log),
        ("log-shift", Transformation::LogShift),
        ("box-cox", Transformation::BoxCox),
    ];
    word("--transformation", name, &known)
}
