//! The values of a record as they come, and the two small types among them.

/// What a record says of a person, each part as the file spells it.
#[derive(Clone, Copy, Default)]
pub struct Values<'a> {
    /// The surname, or several.
    pub surname: Option<&'a str>,
    /// The given name, or several.
    pub given_name: Option<&'a str>,
    /// The day of birth.
    pub birth_date: Option<BirthDate>,
    /// The sex, as a letter, a digit or a word.
    pub sex: Option<&'a str>,
    /// The place of birth, as a name or a code.
    pub birth_place: Option<&'a str>,
}

/// A day of birth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// INVARIANT: a month from 1 to 12, a day that the month has, a year of at most four digits.
pub struct BirthDate {
    year: u16,
    month: u8,
    day: u8,
}

impl BirthDate {
    /// A day of the calendar; nothing when there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<BirthDate> {
        let is_leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => return None,
        };
        let is_day = (1..=9999).contains(&year) && (1..=days).contains(&day);
        is_day.then_some(BirthDate { year, month, day })
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Eight digits: year, month, day.
    pub(crate) fn digits(self) -> [u8; 8] {
        day_digits((self.year, self.month, self.day))
    }

    /// The day and month exchanged, as two conventions of writing confuse them; nothing when that is no other day.
    pub(crate) fn day_month_swapped(self) -> Option<BirthDate> {
        match self.day == self.month {
            true => None,
            false => BirthDate::new(self.year, self.day, self.month),
        }
    }

    /// Days that stand for "not known" in archives and spreadsheets.
    pub(crate) fn is_placeholder(self) -> bool {
        is_unknown_day((self.year, self.month, self.day)) || self.year < 1850
    }
}

/// Eight digits of a day: year, month, day.
pub(crate) fn day_digits((year, month, day): (u16, u8, u8)) -> [u8; 8] {
    let mut digits = [b'0'; 8];
    let mut rest = u32::from(year) * 10_000 + u32::from(month) * 100 + u32::from(day);
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    digits
}

/// Whether archives and spreadsheets write this day, as year, month and day, for "not known".
pub(crate) fn is_unknown_day(day: (u16, u8, u8)) -> bool {
    const UNKNOWN: [(u16, u8, u8); 6] = [
        (1900, 1, 1),
        (1901, 1, 1),
        (1899, 12, 30),
        (1899, 12, 31),
        (1111, 11, 11),
        (9999, 12, 31),
    ];
    UNKNOWN.contains(&day)
}

/// The sex of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// *Femmina*.
    Female,
    /// *Maschio*.
    Male,
}

impl Sex {
    /// Reads a cell: the letter, the ISO 5218 digit or the word in Italian or English.
    pub fn read(raw: &str) -> Option<Sex> {
        let is = |words: [&str; 4]| {
            words
                .iter()
                .any(|word| raw.trim().eq_ignore_ascii_case(word))
        };
        match () {
            () if is(["f", "2", "femmina", "female"]) => Some(Sex::Female),
            () if is(["m", "1", "maschio", "male"]) => Some(Sex::Male),
            () => None,
        }
    }

    pub(crate) fn letter(self) -> &'static str {
        match self {
            Sex::Female => "F",
            Sex::Male => "M",
        }
    }
}
