//! Days as files write them, and how two of them differ.
//!
//! A day that no calendar has (30 February) is kept: two files may share the mistake, and its year still says something.

use crate::values;

/// The parts of a day as they were written.
// INVARIANT: the year has at most four digits, or two when the century was not written; month and day have at most two; a part that was not written is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
    is_century_known: bool,
}

/// How two days of birth differ, the likest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateLevel {
    /// All parts are the same.
    Same,
    /// The same year, day and month exchanged.
    Swapped,
    /// Two parts are the same; the third is off by one or ten, in one digit, or in the order of two neighbouring digits.
    OneOff,
    /// Two parts are the same.
    TwoPartsSame,
    /// The year alone is the same.
    YearOnly,
    /// Nothing that would tell.
    Different,
}

/// Which part comes first where the numbers do not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `17/08/1960`.
    #[default]
    DayFirst,
    /// `08/17/1960`.
    MonthFirst,
}

impl DateOrder {
    /// The order that the days of one column are written in: the one that makes more of them days of the calendar.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> DateOrder {
        OrderEvidence::of(texts).order()
    }

    /// The other one.
    pub fn other(self) -> DateOrder {
        match self {
            DateOrder::DayFirst => DateOrder::MonthFirst,
            DateOrder::MonthFirst => DateOrder::DayFirst,
        }
    }
}

/// What the days of a column say of the order in which they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderEvidence {
    /// Values that are a day of the calendar only when the day comes first.
    pub day_first: u64,
    /// Values that are one only when the month comes first.
    pub month_first: u64,
    /// Values that are a day either way, and not the same one.
    pub either: u64,
}

/// So many times as many values must speak for one order as against it.
const AGREED: u64 = 10;
/// Of days of the calendar three in five tell the order; when fewer than one in so many does, those are mistakes.
const TELLING: u64 = 20;

impl OrderEvidence {
    /// What these values say.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> OrderEvidence {
        let mut evidence = OrderEvidence::default();
        for text in texts {
            let day = |order| {
                let (date, is_open) = read(text, order)?;
                (is_open && date.is_real()).then_some(date)
            };
            match (day(DateOrder::DayFirst), day(DateOrder::MonthFirst)) {
                (Some(_), None) => evidence.day_first += 1,
                (None, Some(_)) => evidence.month_first += 1,
                (Some(one), Some(other)) => evidence.either += u64::from(one != other),
                (None, None) => {}
            }
        }
        evidence
    }

    /// The order for which more values speak; of as many, the day first.
    pub fn order(self) -> DateOrder {
        match self.month_first > self.day_first {
            true => DateOrder::MonthFirst,
            false => DateOrder::DayFirst,
        }
    }

    /// Whether the order matters and the values do not tell it.
    pub fn is_open(self) -> bool {
        let (most, least) = match self.order() {
            DateOrder::DayFirst => (self.day_first, self.month_first),
            DateOrder::MonthFirst => (self.month_first, self.day_first),
        };
        let is_told = most > 0 && most >= AGREED * least && TELLING * most >= self.either;
        self.either > 0 && !is_told
    }

    /// Whether the values tell an order, and another than this.
    pub fn contradicts(self, order: DateOrder) -> bool {
        let tells = self.day_first + self.month_first > 0 && !self.is_open();
        tells && self.order() != order
    }
}

impl Date {
    /// A day from its parts, whether the calendar has it or not; nothing when a part has too many digits or the year is missing.
    pub fn of_parts(year: u16, month: u8, day: u8) -> Option<Date> {
        (1..=9999).contains(&year).then_some(())?;
        (month <= 99 && day <= 99).then_some(Date {
            year,
            month,
            day,
            is_century_known: true,
        })
    }

    /// The year; of two digits when the century was not written.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, or 0.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, or 0.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Whether the year has its century.
    pub fn is_century_known(self) -> bool {
        self.is_century_known
    }

    /// Whether the calendar has this day.
    pub fn is_real(self) -> bool {
        let year = if self.is_century_known {
            self.year
        } else {
            2000 + self.year
        };
        crate::BirthDate::new(year, self.month, self.day).is_some()
    }

    /// Whether the day stands for "not known" in archives and spreadsheets, or nobody alive was born on it.
    pub fn is_placeholder(self) -> bool {
        self.is_century_known && (self.is_listed() || self.year < 1850)
    }

    /// Whether the day is one of those that archives and spreadsheets write for "not known".
    pub fn is_listed(self) -> bool {
        values::is_unknown_day((self.year, self.month, self.day))
    }

    /// Whether the day is the first of a year, which offices write when they know the year alone (and which is some people's birthday).
    pub fn is_start_of_year(self) -> bool {
        (self.month, self.day) == (1, 1)
    }

    /// Day and month exchanged; nothing when that is no other day, or a day that no calendar has.
    pub fn swapped(self) -> Option<Date> {
        let other = Date {
            month: self.day,
            day: self.month,
            ..self
        };
        (other != self && other.is_real()).then_some(other)
    }

    /// Eight digits: year, month, day.
    pub fn digits(self) -> [u8; 8] {
        values::day_digits((self.year, self.month, self.day))
    }
}

/// How two days differ.
///
/// A part that was not written is the same as none; of years one of which has no century, the last two digits count.
#[inline]
pub fn date(a: Date, b: Date) -> DateLevel {
    if a == b && a.month != 0 && a.day != 0 {
        return DateLevel::Same;
    }
    let years = match a.is_century_known && b.is_century_known {
        true => (a.year, b.year),
        false => (a.year % 100, b.year % 100),
    };
    let is_year = years.0 == years.1;
    let is_month = a.month == b.month && a.month != 0;
    let is_day = a.day == b.day && a.day != 0;
    let near = |is_near: bool| match is_near {
        true => DateLevel::OneOff,
        false => DateLevel::TwoPartsSame,
    };
    match (is_year, is_month, is_day) {
        (true, true, true) => DateLevel::Same,
        (true, true, false) => near(is_near(a.day.into(), b.day.into())),
        (true, false, true) => near(is_near(a.month.into(), b.month.into())),
        (false, true, true) => near(is_near(years.0, years.1)),
        (true, false, false)
            if a.month == b.day && a.day == b.month && a.day != 0 && a.month != 0 =>
        {
            DateLevel::Swapped
        }
        (true, false, false) => DateLevel::YearOnly,
        (false, _, _) => DateLevel::Different,
    }
}

/// One slip of the pen: off by one or ten, one digit, or two neighbouring digits exchanged. A part that was not written is near to none.
fn is_near(a: u16, b: u16) -> bool {
    if a == 0 || b == 0 {
        return false;
    }
    if matches!(a.abs_diff(b), 1 | 10) {
        return true;
    }
    let digits = |number: u16| {
        [
            number / 1000,
            number / 100 % 10,
            number / 10 % 10,
            number % 10,
        ]
    };
    let (a, b) = (digits(a), digits(b));
    let differ = (0..4).filter(|place| a[*place] != b[*place]).count();
    let is_exchanged = |place: usize| a[place] == b[place + 1] && a[place + 1] == b[place];
    differ == 1 || (differ == 2 && (0..3).any(|place| a[place] != b[place] && is_exchanged(place)))
}

/// Reads a day as Italian and international files write it: `1960-08-17`, `17/08/1960`, `17.8.60`, `19600817`, `17 agosto 1960`, `17-AUG-1960`, a number of days of a spreadsheet, all with or without an hour.
///
/// Where the numbers leave it open the day comes first; [`read_date_in`] takes the order of a column.
///
/// ```
/// # use wdl_encoding::compare::{date, read_date, DateLevel};
/// let (italian, iso) = (read_date("17/08/1960").unwrap(), read_date("1960-08-17").unwrap());
/// assert_eq!(date(italian, iso), DateLevel::Same);
/// ```
pub fn read_date(text: &str) -> Option<Date> {
    read_date_in(text, DateOrder::DayFirst)
}

/// Reads a day of a column that is written in this order.
pub fn read_date_in(text: &str, order: DateOrder) -> Option<Date> {
    let (date, is_open) = read(text, order)?;
    if date.is_real() || !is_open {
        return Some(date);
    }
    // 08/17/1960 among days that come first: only the other order is a day.
    let (swapped, _) = read(text, order.other())?;
    Some(if swapped.is_real() { swapped } else { date })
}

/// The day, and whether the order decided what was the day and what the month.
fn read(text: &str, order: DateOrder) -> Option<(Date, bool)> {
    let text = without_hour(text.trim());
    if text.is_empty() || text.len() > 24 {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((of_digits(text)?, false));
    }
    let mut parts = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || text.starts_with('-') {
        return None;
    }
    match third {
        Some(third) => of_three(first, second, third, order),
        None => Some((of_two(first, second)?, false)),
    }
}

/// `1960-08-17T00:00:00` and `17/08/1960 00:00` without the hour.
fn without_hour(text: &str) -> &str {
    match text.find(':') {
        None => text,
        Some(colon) => {
            let start = text[..colon].trim_end_matches(|letter: char| letter.is_ascii_digit());
            start.trim_end_matches(['T', 't', ' ', ','])
        }
    }
}

fn number(text: &str) -> Option<u16> {
    (text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// A year, a month and a day, each of its own digits or letters.
fn of_three(first: &str, second: &str, third: &str, order: DateOrder) -> Option<(Date, bool)> {
    if let Some(month) = month_of_name(second) {
        // 17 agosto 1960, 1960-AUG-17
        return match first.len() == 4 {
            true => Some((build(first, month, small(third)?)?, false)),
            false => Some((build(third, month, small(first)?)?, false)),
        };
    }
    if let Some(month) = month_of_name(first) {
        // August 17, 1960
        return Some((build(third, month, small(second)?)?, false));
    }
    if first.len() == 4 {
        return Some((build(first, small(second)?, small(third)?)?, false));
    }
    let (one, other) = (small(first)?, small(second)?);
    if one > 31 && third.len() == 2 {
        // 60-08-17
        return Some((build(first, other, small(third)?)?, false));
    }
    Some(match order {
        DateOrder::DayFirst => (build(third, other, one)?, true),
        DateOrder::MonthFirst => (build(third, one, other)?, true),
    })
}

/// A year and a month.
fn of_two(first: &str, second: &str) -> Option<Date> {
    let (year, month) = if first.len() == 4 {
        (first, second)
    } else {
        (second, first)
    };
    let month = month_of_name(month).or_else(|| small(month))?;
    (year.len() == 4 && month <= 12).then_some(())?;
    build(year, month, 0)
}

fn small(text: &str) -> Option<u8> {
    (text.len() <= 2)
        .then(|| number(text))
        .flatten()?
        .try_into()
        .ok()
}

fn build(year: &str, month: u8, day: u8) -> Option<Date> {
    let is_century_known = match year.len() {
        4 => true,
        2 => false,
        _ => return None,
    };
    let year = number(year)?;
    (year > 0 || !is_century_known).then_some(Date {
        year,
        month,
        day,
        is_century_known,
    })
}

/// Digits without a mark between them.
fn of_digits(digits: &str) -> Option<Date> {
    let part = |from: usize, to: usize| &digits[from..to];
    match digits.len() {
        4 => build(digits, 0, 0).filter(|date| (1850..=2199).contains(&date.year)),
        5 => of_days(digits.parse().ok()?),
        6 => build(part(4, 6), small(part(2, 4))?, small(part(0, 2))?),
        8 => {
            let iso = build(part(0, 4), small(part(4, 6))?, small(part(6, 8))?);
            let italian = build(part(4, 8), small(part(2, 4))?, small(part(0, 2))?);
            let is_usual = |date: &Date| date.is_real() && (1850..=2199).contains(&date.year);
            // An impossible day keeps the year that can be one.
            let has_year = |date: &Date| (1850..=2199).contains(&date.year);
            iso.filter(is_usual)
                .or(italian.filter(is_usual))
                .or(iso.filter(has_year))
                .or(italian.filter(has_year))
                .or(iso)
        }
        _ => None,
    }
}

/// The days that a spreadsheet counts from 30 December 1899, for the years in which the living were born.
fn of_days(count: u32) -> Option<Date> {
    if !(366..=73_050).contains(&count) {
        return None;
    }
    // Civil from days (Hinnant, "chrono-compatible low-level date algorithms"): years begin in March.
    let days = count + 693_899;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + 400 * era + u32::from(month <= 2);
    Date::of_parts(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
}

/// A month by its name or the three letters it begins with, in Italian or English.
fn month_of_name(text: &str) -> Option<u8> {
    const NAMES: [[&str; 2]; 12] = [
        ["GENNAIO", "JANUARY"],
        ["FEBBRAIO", "FEBRUARY"],
        ["MARZO", "MARCH"],
        ["APRILE", "APRIL"],
        ["MAGGIO", "MAY"],
        ["GIUGNO", "JUNE"],
        ["LUGLIO", "JULY"],
        ["AGOSTO", "AUGUST"],
        ["SETTEMBRE", "SEPTEMBER"],
        ["OTTOBRE", "OCTOBER"],
        ["NOVEMBRE", "NOVEMBER"],
        ["DICEMBRE", "DECEMBER"],
    ];
    if text.len() < 3 {
        return None;
    }
    let begins = |name: &str| {
        name.as_bytes()
            .get(..text.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
    };
    let place = NAMES
        .iter()
        .position(|names| names.iter().any(|name| begins(name)))?;
    u8::try_from(place + 1).ok()
}
