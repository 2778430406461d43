//! Money in integer cents.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// An amount of euro, held in cents.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Euro {
    /// The amount in cents.
    pub cents: i64,
}

impl Euro {
    /// An amount from cents.
    pub const fn from_cents(cents: i64) -> Euro {
        Euro { cents }
    }

    /// An amount from whole euro.
    pub const fn from_units(units: i64) -> Euro {
        Euro { cents: units * 100 }
    }

    /// The amount as a floating number of euro, for statistics.
    pub fn as_f64(self) -> f64 {
        self.cents as f64 / 100.0
    }
}

impl fmt::Display for Euro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.cents < 0 { "-" } else { "" };
        let cents = self.cents.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl Add for Euro {
    type Output = Euro;
    fn add(self, other: Euro) -> Euro {
        Euro {
            cents: self.cents + other.cents,
        }
    }
}

impl Sub for Euro {
    type Output = Euro;
    fn sub(self, other: Euro) -> Euro {
        Euro {
            cents: self.cents - other.cents,
        }
    }
}

impl Neg for Euro {
    type Output = Euro;
    fn neg(self) -> Euro {
        Euro { cents: -self.cents }
    }
}

impl Sum for Euro {
    fn sum<I: Iterator<Item = Euro>>(amounts: I) -> Euro {
        amounts.fold(Euro::default(), Add::add)
    }
}
