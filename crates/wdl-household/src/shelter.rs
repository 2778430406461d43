//! Severe housing deprivation.
//!
//! Source: Eurostat, *Statistics Explained*, glossary "Severe housing deprivation rate": overcrowded, and a leaking roof, or neither bath nor shower and no indoor toilet, or a dwelling too dark.

use crate::untold::{Told, Untold, all, any};

/// What is wrong with a dwelling; nothing where it was not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defects {
    /// The roof leaks, or there is damp or rot.
    pub leaks: Option<bool>,
    /// Neither bath nor shower.
    pub has_no_bath: Option<bool>,
    /// No indoor flushing toilet of the household's own.
    pub has_no_toilet: Option<bool>,
    /// Too dark.
    pub is_dark: Option<bool>,
}

impl Defects {
    /// Whether at least one of the three counts; no bath counts only without a toilet.
    ///
    /// # Errors
    /// [`Untold::DefectsMissing`] when one of the four is not told.
    pub fn any(&self) -> Told<bool> {
        let told = |defect: Option<bool>| defect.ok_or(Untold::DefectsMissing);
        any([
            told(self.leaks),
            all([told(self.has_no_bath), told(self.has_no_toilet)]),
            told(self.is_dark),
        ])
    }
}

/// Whether the members of a household are severely deprived of housing: overcrowded, and the dwelling has a defect.
///
/// # Errors
/// The first reason why one of the two is not told, whatever the other says.
pub fn is_severely_deprived(is_overcrowded: Told<bool>, defects: &Defects) -> Told<bool> {
    all([is_overcrowded, defects.any()])
}
