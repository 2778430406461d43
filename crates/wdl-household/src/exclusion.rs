//! At risk of poverty or social exclusion: poor, or severely deprived, or of very low work intensity; whoever is so twice counts once.
//!
//! Source: Eurostat, *Statistics Explained*, glossary "At risk of poverty or social exclusion (AROPE)".

use crate::untold::{Told, any};

/// The three sides of exclusion of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// At risk of poverty.
    pub is_poor: Told<bool>,
    /// Severely materially and socially deprived.
    pub is_deprived: Told<bool>,
    /// In a household of very low work intensity; nothing when the rule does not describe the person, which counts as no.
    pub is_of_low_work: Told<Option<bool>>,
}

/// Whether a person is on any of the three sides.
///
/// # Errors
/// The first reason why a side is not told, whatever the others say: else only a yes would be told of those who leave a side out.
pub fn is_at_risk(sides: &Exclusion) -> Told<bool> {
    any([
        sides.is_poor,
        sides.is_deprived,
        sides.is_of_low_work.map(|low| low == Some(true)),
    ])
}
