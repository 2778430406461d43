//! Days as integers, for ten years of quarters walked quickly.
//!
//! It knows nothing of the city.

use std::sync::LazyLock;

use jiff::civil::Date;

/// First day and length of the table of known days, 1906 to 2046.
const TABLE_FROM: i32 = -23_376;
const TABLE_LENGTH: i32 = 51_200;
/// Ages are asked some hundred million times.
static TABLE: LazyLock<Vec<i32>> = LazyLock::new(|| {
    (TABLE_FROM..TABLE_FROM + TABLE_LENGTH)
        .map(|serial| Day(serial).compute())
        .collect()
});

/// A day, counted from 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) i32);

impl Day {
    /// No end yet.
    pub(crate) const OPEN: Day = Day(i32::MAX);

    /// A day of the calendar.
    pub(crate) fn new(year: i32, month: i32, day: i32) -> Day {
        // Days from civil, H. Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let of_era = shifted - era * 400;
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Day(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Year, month, day.
    pub(crate) fn parts(self) -> (i32, i32, i32) {
        let packed = self.packed();
        (packed >> 9, (packed >> 5) & 15, packed & 31)
    }

    /// Year, month and day in one number that keeps their order: the year above nine bits.
    fn packed(self) -> i32 {
        let known = usize::try_from(self.0 - TABLE_FROM)
            .ok()
            .and_then(|place| TABLE.get(place));
        known.copied().unwrap_or_else(|| self.compute())
    }

    /// The calendar of a day that the table lacks.
    fn compute(self) -> i32 {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted - era * 146_097;
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 {
            month_index + 3
        } else {
            month_index - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        year << 9 | month << 5 | day
    }

    /// The calendar year.
    pub(crate) fn year(self) -> i32 {
        self.packed() >> 9
    }

    /// Whole years from `self` to `on`.
    pub(crate) fn years_until(self, on: Day) -> i32 {
        // The shift rounds down, so a birthday still to come takes a year off.
        (on.packed() - self.packed()) >> 9
    }

    /// The same day for the other crates.
    pub(crate) fn date(self) -> Date {
        let (year, month, day) = self.parts();
        let small = |value: i32| i8::try_from(value).expect("months and days are small");
        jiff::civil::date(
            i16::try_from(year).expect("a year of our age"),
            small(month),
            small(day),
        )
    }

    /// Some days later.
    pub(crate) fn plus(self, days: i32) -> Day {
        Day(self.0 + days)
    }
}

/// A quarter of the city's years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quarter {
    /// The year.
    pub(crate) year: i32,
    /// 1 to 4.
    pub(crate) quarter: i32,
}

impl Quarter {
    /// The first day.
    pub(crate) fn first(self) -> Day {
        Day::new(self.year, 3 * self.quarter - 2, 1)
    }

    /// The last day.
    pub(crate) fn last(self) -> Day {
        match self.quarter {
            4 => Day::new(self.year, 12, 31),
            quarter => Day::new(self.year, 3 * quarter + 1, 1).plus(-1),
        }
    }

    /// A number that grows by one, for random streams.
    pub(crate) fn serial(self) -> u64 {
        u64::try_from(self.year * 4 + self.quarter).expect("years of our age")
    }

    /// The last quarter of its year that the city lives.
    pub(crate) fn ends_year(self) -> bool {
        self.quarter == 4 || self == LAST
    }

    /// The instant at the quarter's end, in years.
    pub(crate) fn end_in_years(self) -> f64 {
        f64::from(self.year) + f64::from(self.quarter) / 4.0
    }
}

/// The first quarter lived.
pub(crate) const FIRST: Quarter = Quarter {
    year: 2017,
    quarter: 1,
};
/// The last quarter lived.
pub(crate) const LAST: Quarter = Quarter {
    year: 2026,
    quarter: 3,
};

/// Every quarter lived, in order.
pub(crate) fn quarters() -> impl Iterator<Item = Quarter> {
    (FIRST.year..=LAST.year)
        .flat_map(|year| (1..=4).map(move |quarter| Quarter { year, quarter }))
        .filter(|quarter| *quarter <= LAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back() {
        for serial in -40_000..30_000 {
            let (year, month, day) = Day(serial).parts();
            assert_eq!(Day::new(year, month, day), Day(serial));
        }
        assert_eq!(Day::new(2000, 3, 1).0, 11_017);
        for (year, age) in [(1980, 0), (1981, 0), (1982, 1)] {
            assert_eq!(
                Day::new(1980, 2, 29).years_until(Day::new(year, 2, 28 + i32::from(year == 1980))),
                age
            );
            assert_eq!(
                Day::new(1980, 12, 31).years_until(Day::new(year, 12, 31)),
                year - 1980
            );
        }
        assert_eq!(Day::new(1980, 2, 29).years_until(Day::new(2026, 2, 28)), 45);
        assert_eq!(quarters().count(), 39);
    }
}
