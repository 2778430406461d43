//! Reference and delivery periods: years and quarters.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::Lang;

/// A year or a quarter.
///
/// The order is by last day, a year after its own fourth quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// A calendar year.
    Year(i16),
    /// A calendar quarter.
    Quarter {
        /// The year.
        year: i16,
        /// 1 to 4.
        quarter: i8,
    },
}

/// The text is neither a year (`2026`) nor a quarter (`2026-Q3`).
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a period: write a year (2026) or a quarter (2026-Q3)")]
pub struct PeriodError(String);

impl Period {
    /// A quarter.
    ///
    /// # Panics
    /// When `quarter` is not 1 to 4.
    pub fn quarter(year: i16, quarter: i8) -> Period {
        assert!((1..=4).contains(&quarter), "a year has four quarters");
        Period::Quarter { year, quarter }
    }

    /// The calendar year the period lies in.
    pub fn year(self) -> i16 {
        match self {
            Period::Year(year) | Period::Quarter { year, .. } => year,
        }
    }

    /// The first day.
    pub fn first_day(self) -> Date {
        match self {
            Period::Year(year) => date(year, 1, 1),
            Period::Quarter { year, quarter } => date(year, 3 * quarter - 2, 1),
        }
    }

    /// The last day.
    pub fn last_day(self) -> Date {
        match self {
            Period::Year(year) => date(year, 12, 31),
            Period::Quarter { year, quarter } => date(year, 3 * quarter, 1).last_of_month(),
        }
    }

    /// The period of the same kind just before.
    pub fn previous(self) -> Period {
        match self {
            Period::Year(year) => Period::Year(year - 1),
            Period::Quarter { year, quarter: 1 } => Period::Quarter {
                year: year - 1,
                quarter: 4,
            },
            Period::Quarter { year, quarter } => Period::Quarter {
                year,
                quarter: quarter - 1,
            },
        }
    }

    /// The period of the same kind just after.
    pub fn next(self) -> Period {
        match self {
            Period::Year(year) => Period::Year(year + 1),
            Period::Quarter { year, quarter: 4 } => Period::Quarter {
                year: year + 1,
                quarter: 1,
            },
            Period::Quarter { year, quarter } => Period::Quarter {
                year,
                quarter: quarter + 1,
            },
        }
    }

    /// The period as people write it.
    pub fn label(self, lang: Lang) -> String {
        match (self, lang) {
            (Period::Year(year), _) => year.to_string(),
            (Period::Quarter { year, quarter }, Lang::It) => format!("{quarter}º trimestre {year}"),
            (Period::Quarter { year, quarter }, Lang::En) => format!("Q{quarter} {year}"),
        }
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Period) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Period) -> std::cmp::Ordering {
        let rank = |period: Period| (period.last_day(), matches!(period, Period::Year(_)));
        rank(*self).cmp(&rank(*other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year(year) => write!(f, "{year:04}"),
            Period::Quarter { year, quarter } => write!(f, "{year:04}-Q{quarter}"),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Period, PeriodError> {
        let wrong = || PeriodError(text.chars().take(40).collect());
        let year =
            |digits: &str| match digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) {
                true => digits.parse::<i16>().map_err(|_| wrong()),
                false => Err(wrong()),
            };
        match text.split_once("-Q") {
            None => Ok(Period::Year(year(text)?)),
            Some((digits, quarter @ ("1" | "2" | "3" | "4"))) => Ok(Period::Quarter {
                year: year(digits)?,
                quarter: quarter.parse().map_err(|_| wrong())?,
            }),
            Some(_) => Err(wrong()),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_and_write() {
        for text in ["2026", "2017-Q1", "2026-Q4"] {
            assert_eq!(
                text.parse::<Period>().map(|p| p.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in ["26", "2026-Q5", "2026-Q0", "2026Q1", "", "2026-q1"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_and_neighbours() {
        let quarter = Period::quarter(2024, 1);
        assert_eq!(quarter.last_day(), date(2024, 3, 31));
        assert_eq!(quarter.first_day(), date(2024, 1, 1));
        assert_eq!(quarter.previous(), Period::quarter(2023, 4));
        assert_eq!(quarter.previous().next(), quarter);
        assert!(Period::quarter(2023, 4) < Period::Year(2023));
        assert!(Period::Year(2023) < Period::quarter(2024, 1));
    }
}
