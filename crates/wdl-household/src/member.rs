//! The members of a household: age, sex, partner.

/// Completed years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Age(u8);

/// No person has this age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an age is a number of years from -1 to 130")]
pub struct AgeError;

/// The highest age that is taken.
const HIGHEST: f64 = 130.0;

impl Age {
    /// An age in years, of which the completed ones count.
    ///
    /// Surveys write −1 for a child born after the day that ages refer to: it is a member, of no completed year.
    ///
    /// # Errors
    /// [`AgeError`] below −1, above 130, or when it is no number.
    pub fn of_years(years: f64) -> Result<Age, AgeError> {
        match years {
            -1.0 => Ok(Age(0)),
            _ if (0.0..=HIGHEST).contains(&years) => Ok(Age(years as u8)),
            _ => Err(AgeError),
        }
    }

    /// The completed years.
    pub fn years(self) -> u8 {
        self.0
    }
}

/// As the registry writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// With whom somebody lives as a couple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partner {
    /// With nobody.
    None,
    /// With the member at this place in the household.
    Member(usize),
    /// With somebody who lives elsewhere: here it counts as nobody.
    Elsewhere,
}

/// A person of a household, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The age; nothing when it was not told.
    pub age: Option<Age>,
    /// The sex; nothing when it was not told.
    pub sex: Option<Sex>,
    /// The partner, by the link of either of the two.
    pub partner: Partner,
}
