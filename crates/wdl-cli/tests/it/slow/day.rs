//! Days, periods and amounts as they stand in the files.

/// The first and the last quarter of the lab.
const FIRST: (i32, u32) = (2017, 1);
const LAST: (i32, u32) = (2026, 3);

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day {
    pub(crate) year: i32,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

impl Day {
    /// `2026-09-30`.
    pub(crate) fn iso(text: &str) -> Day {
        let parts: Vec<&str> = text.split('-').collect();
        Day::of(parts[0], parts[1], parts[2])
    }

    /// `30/09/2026`.
    pub(crate) fn italian(text: &str) -> Day {
        let parts: Vec<&str> = text.split('/').collect();
        Day::of(parts[2], parts[1], parts[0])
    }

    fn of(year: &str, month: &str, day: &str) -> Day {
        Day {
            year: year.parse().unwrap(),
            month: month.parse().unwrap(),
            day: day.parse().unwrap(),
        }
    }

    /// Days from an earlier day to this one, counted one by one month and year.
    pub(crate) fn days_since(self, earlier: Day) -> i64 {
        self.number() - earlier.number()
    }

    pub(crate) fn number(self) -> i64 {
        let is_leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let mut days = i64::from(self.day);
        for year in 1900..self.year {
            days += if is_leap(year) { 366 } else { 365 };
        }
        for month in 1..self.month {
            days += match month {
                4 | 6 | 9 | 11 => 30,
                2 if is_leap(self.year) => 29,
                2 => 28,
                _ => 31,
            };
        }
        days
    }

    /// The quarters since the birth of Christ, more or less: two days of one quarter have one number.
    pub(crate) fn quarter_number(self) -> i32 {
        4 * self.year + (self.month as i32 - 1) / 3
    }

    /// Whole years from a birth to this day.
    pub(crate) fn age_of(self, born: Day) -> i32 {
        let had_birthday = (self.month, self.day) >= (born.month, born.day);
        self.year - born.year - i32::from(!had_birthday)
    }
}

/// A quarter or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) year: i32,
    /// Nothing for the whole year.
    pub(crate) quarter: Option<u32>,
}

impl Period {
    /// Every quarter of the lab.
    pub(crate) fn quarters() -> Vec<Period> {
        let mut all = Vec::new();
        for year in FIRST.0..=LAST.0 {
            for quarter in 1..=4 {
                if (year, quarter) >= FIRST && (year, quarter) <= LAST {
                    all.push(Period {
                        year,
                        quarter: Some(quarter),
                    });
                }
            }
        }
        all
    }

    /// Every year that is over.
    pub(crate) fn years() -> Vec<Period> {
        let last = if LAST.1 == 4 { LAST.0 } else { LAST.0 - 1 };
        (FIRST.0..=last)
            .map(|year| Period {
                year,
                quarter: None,
            })
            .collect()
    }

    /// The name in the published tables: `2026-Q3`, `2025`.
    pub(crate) fn name(self) -> String {
        match self.quarter {
            Some(quarter) => format!("{}-Q{quarter}", self.year),
            None => self.year.to_string(),
        }
    }

    /// The last day.
    pub(crate) fn last_day(self) -> Day {
        let (month, day) = match self.quarter {
            Some(1) => (3, 31),
            Some(2) => (6, 30),
            Some(3) => (9, 30),
            _ => (12, 31),
        };
        Day {
            year: self.year,
            month,
            day,
        }
    }

    /// The first day.
    pub(crate) fn first_day(self) -> Day {
        Day {
            year: self.year,
            month: self.quarter.map_or(1, |quarter| 3 * quarter - 2),
            day: 1,
        }
    }

    /// The day two years before the last one.
    pub(crate) fn two_years_before(self) -> Day {
        let last = self.last_day();
        Day {
            year: last.year - 2,
            ..last
        }
    }

    /// Whether a day lies in it.
    pub(crate) fn holds(self, day: Day) -> bool {
        let quarter = (day.month - 1) / 3 + 1;
        day.year == self.year && self.quarter.is_none_or(|own| own == quarter)
    }
}

/// The last day the lab knows of.
pub(crate) fn last_known_day() -> Day {
    let quarters = Period::quarters();
    quarters[quarters.len() - 1].last_day()
}

/// Hundredths: euro as whole cents, square metres, with a decimal point or comma.
pub(crate) fn hundredths(text: &str) -> i64 {
    scaled(text, 2)
}

/// A decimal number in units of its last place, of which there are so many.
pub(crate) fn scaled(text: &str, places: usize) -> i64 {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    assert!(
        part.len() <= places,
        "`{text}` has more than {places} places"
    );
    let digits = format!("{whole}{part:0<places$}");
    sign * digits.parse::<i64>().unwrap()
}

/// A quotient rounded to the nearest whole number, halves away from zero.
pub(crate) fn rounded(numerator: i64, denominator: i64) -> i64 {
    let (size, sign) = (numerator.abs(), numerator.signum());
    sign * ((2 * size + denominator) / (2 * denominator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_halves() {
        assert_eq!(hundredths("1234,5"), 123_450);
        assert_eq!(hundredths("-0.05"), -5);
        assert_eq!(hundredths("64"), 6_400);
        assert_eq!(scaled("0,5472", 4), 5_472);
        assert_eq!(rounded(5, 2), 3);
        assert_eq!(rounded(-5, 2), -3);
        assert_eq!(rounded(7, 3), 2);
    }

    #[test]
    fn days_have_numbers() {
        let number = |text| Day::iso(text).number();
        assert_eq!(number("2024-03-01") - number("2024-02-28"), 2);
        assert_eq!(number("2026-01-01") - number("2025-01-01"), 365);
        assert_eq!(number("2025-01-01") - number("2024-01-01"), 366);
        assert_eq!(number("2000-03-01") - number("1900-03-01"), 36_525);
    }

    #[test]
    fn birthdays_and_quarters() {
        let born = Day::italian("30/06/2000");
        assert_eq!(Day::iso("2026-06-30").age_of(born), 26);
        assert_eq!(Day::iso("2026-06-29").age_of(born), 25);
        assert_eq!(Period::quarters().len(), 39);
        assert_eq!(Period::years().len(), 9);
        assert_eq!(
            Day::iso("2024-03-01").days_since(Day::iso("2023-12-31")),
            61
        );
        let third = Period::quarters()[38];
        assert_eq!(third.name(), "2026-Q3");
        assert!(third.holds(Day::iso("2026-07-01")) && !third.holds(Day::iso("2026-06-30")));
    }
}
