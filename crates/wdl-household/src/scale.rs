//! Equivalence scales of statistics: how many single adults a household counts for.
//!
//! The scale of the ISEE is one of law and stands in [`crate::IseeScales`].

use crate::member::Age;
use crate::untold::{Told, Untold};

/// From this age somebody counts as an adult in the scale of the OECD.
const OECD_ADULT_FROM: u8 = 14;

/// Carbonaro's coefficients for one to seven members and more, with one adult as the unit.
///
/// Source: G. Carbonaro, "Nota sulle scale di equivalenza", 1985, as ISTAT uses them for relative poverty: there the unit is two persons, and one counts 0.60.
const CARBONARO: [f64; 7] = [0.60, 1.00, 1.33, 1.63, 1.90, 2.16, 2.40];

/// How a household's income becomes that of its equivalent adults; part of the identity of what is measured with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scale {
    /// The modified scale of the OECD: 1 for the first adult, 0.5 for each other of 14 and over, 0.3 for each under 14 (Hagenaars, de Vos, Zaidi 1994; Eurostat).
    OecdModified,
    /// Carbonaro's, by the number of members; two persons count one.
    Carbonaro,
    /// The square root of the number of members (OECD since 2008).
    SquareRoot,
    /// The number of members.
    PerHead,
}

impl Scale {
    /// Every scale with its name.
    pub const NAMES: [(&'static str, Scale); 4] = [
        ("oecd-modified", Scale::OecdModified),
        ("carbonaro", Scale::Carbonaro),
        ("square-root", Scale::SquareRoot),
        ("per-head", Scale::PerHead),
    ];

    /// Its name: `oecd-modified`.
    pub fn name(self) -> &'static str {
        match self {
            Scale::OecdModified => "oecd-modified",
            Scale::Carbonaro => "carbonaro",
            Scale::SquareRoot => "square-root",
            Scale::PerHead => "per-head",
        }
    }

    /// Whether it asks for ages and not only for the number of members.
    pub fn needs_ages(self) -> bool {
        match self {
            Scale::OecdModified => true,
            Scale::Carbonaro | Scale::SquareRoot | Scale::PerHead => false,
        }
    }

    /// The equivalent adults of a household of these ages; one that is not told is `None`.
    ///
    /// A household of children only has a first member like any other: he counts 1, the others 0.3 each.
    /// (The formula `1 + 0.5 (adults − 1) + 0.3 children` would take half an adult off: a child alone would count 0.8.)
    ///
    /// # Errors
    /// [`Untold::NoMembers`]; [`Untold::AgeMissing`] when the scale needs an age that is not told.
    pub fn of_ages(self, ages: &[Option<Age>]) -> Told<f64> {
        match self {
            Scale::OecdModified => oecd_modified(ages),
            Scale::Carbonaro | Scale::SquareRoot | Scale::PerHead => self.of_size(ages.len()),
        }
    }

    /// The equivalent adults of a household of so many members.
    ///
    /// # Errors
    /// [`Untold::NoMembers`] of nobody; [`Untold::AgeMissing`] when the scale needs the ages of more than one.
    pub fn of_size(self, members: usize) -> Told<f64> {
        let size = match members {
            0 => return Err(Untold::NoMembers),
            _ => members as f64,
        };
        match self {
            Scale::OecdModified if members > 1 => Err(Untold::AgeMissing),
            Scale::OecdModified => Ok(1.0),
            Scale::Carbonaro => Ok(CARBONARO[members.min(CARBONARO.len()) - 1]),
            Scale::SquareRoot => Ok(size.sqrt()),
            Scale::PerHead => Ok(size),
        }
    }
}

fn oecd_modified(ages: &[Option<Age>]) -> Told<f64> {
    let others = ages.len().checked_sub(1).ok_or(Untold::NoMembers)?;
    if others == 0 {
        return Ok(1.0);
    }
    let mut adults = 0;
    for age in ages {
        adults += usize::from(age.ok_or(Untold::AgeMissing)?.years() >= OECD_ADULT_FROM);
    }
    let other_adults = adults.saturating_sub(1);
    let tenths = 10 + 5 * other_adults + 3 * (others - other_adults);
    Ok(tenths as f64 / 10.0)
}
