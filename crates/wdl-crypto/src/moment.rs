//! A second of universal time, as certificates and declarations write it.
//!
//! It reads no clock: the time of day is the caller's to know.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A second of universal time, written `2026-07-01T08:30:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: a second that `Timestamp` can hold.
pub struct Moment(i64);

/// The text is no moment of universal time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a moment such as `2026-07-01T08:30:00Z`")]
pub struct MomentError;

/// Seconds of a day.
const DAY: i64 = 86_400;

impl Moment {
    /// The moment of some seconds since 1970.
    ///
    /// # Errors
    /// [`MomentError`] when it is beyond the years −9999 to 9999.
    pub fn of_seconds(seconds: i64) -> Result<Moment, MomentError> {
        Timestamp::from_second(seconds)
            .map(|at| Moment(at.as_second()))
            .map_err(|_| MomentError)
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// The day, counted from 1970.
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// Seconds from another moment to this one; negative when this one is earlier.
    pub fn since(self, other: Moment) -> i64 {
        self.0.saturating_sub(other.0)
    }

    /// So many days later, at the end of time at most.
    pub fn plus_days(self, days: u32) -> Moment {
        let later = self.0.saturating_add(i64::from(days) * DAY);
        Moment(later.min(Timestamp::MAX.as_second()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = Timestamp::from_second(self.0).map_err(|_| fmt::Error)?;
        fmt::Display::fmt(&at, f)
    }
}

impl FromStr for Moment {
    type Err = MomentError;
    fn from_str(text: &str) -> Result<Moment, MomentError> {
        let at: Timestamp = text.parse().map_err(|_| MomentError)?;
        Ok(Moment(at.as_second()))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
