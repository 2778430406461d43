//! What the values of a column look like, as shares of the records that have one.

use wdl_encoding::Sex;
use wdl_encoding::compare::{Street, read_date, read_number};
use wdl_encoding::names::{Forms, Role, is_known_given_name};

use crate::data::Column;

/// So many different values are looked at, evenly over the column; their counts are those of all.
const LOOKED_AT: usize = 2_000;
/// Longer values are looked at up to here.
const LENGTH_MAX: usize = 300;
/// Years in which the living and the dead of living memory were born.
const YEARS: std::ops::RangeInclusive<u16> = 1850..=2150;

/// No one is older.
const AGE_MAX: f64 = 123.0;

/// Shares and counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    /// Different values.
    pub(super) distinct: usize,
    /// Whether every record has a value.
    pub(super) is_complete: bool,
    /// So many values, were all equally frequent, would agree by chance as often (the inverse of the sum of squared shares).
    pub(super) effective: f64,
    /// Different values for each record that has one.
    pub(super) unique: f64,
    pub(super) length_mean: f64,
    /// The most frequent length.
    pub(super) usual_length: usize,
    pub(super) of_usual_length: f64,
    pub(super) of_letters: f64,
    pub(super) of_digits: f64,
    pub(super) with_digits: f64,
    pub(super) with_at_sign: f64,
    pub(super) of_several_words: f64,
    pub(super) words_mean: f64,
    pub(super) of_dates: f64,
    pub(super) of_dates_or_years: f64,
    pub(super) of_sexes: f64,
    pub(super) of_numbers: f64,
    pub(super) of_whole_numbers: f64,
    /// Years of the last and the present century.
    pub(super) of_years: f64,
    /// Numbers that are no age.
    pub(super) beyond_age: f64,
    pub(super) of_streets: f64,
    pub(super) of_encodings: f64,
    pub(super) first_is_given_name: f64,
    pub(super) with_given_name: f64,
}

impl Profile {
    /// Looks at a column of which each value is held by so many records.
    pub(super) fn of(column: &Column, counts: &[u32]) -> Profile {
        let held: Vec<u32> = (1..counts.len() as u32)
            .filter(|place| counts[*place as usize] > 0)
            .collect();
        let records: f64 = held
            .iter()
            .map(|place| f64::from(counts[*place as usize]))
            .sum();
        let mut profile = Profile {
            distinct: held.len(),
            is_complete: counts.first().is_none_or(|missing| *missing == 0),
            ..Profile::default()
        };
        if held.is_empty() {
            return profile;
        }
        let squares: f64 = held
            .iter()
            .map(|place| (f64::from(counts[*place as usize]) / records).powi(2))
            .sum();
        profile.effective = 1.0 / squares;
        profile.unique = held.len() as f64 / records;
        let step = held.len().div_ceil(LOOKED_AT);
        let looked_at = || {
            held.iter().step_by(step).map(|place| {
                let count = f64::from(counts[*place as usize]);
                (shortened(column.values.get(*place)), count)
            })
        };
        let weight: f64 = looked_at().map(|(_, count)| count).sum();
        let mut lengths = vec![0.0; LENGTH_MAX + 1];
        for (value, count) in looked_at() {
            let share = count / weight;
            profile.add(value, share);
            lengths[value.chars().count()] += share;
        }
        for (length, share) in lengths.into_iter().enumerate() {
            if share > profile.of_usual_length {
                (profile.usual_length, profile.of_usual_length) = (length, share);
            }
        }
        profile
    }

    fn add(&mut self, value: &str, share: f64) {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let words = value.split_whitespace().count();
        let mut count = |is_so: bool, of: fn(&mut Profile) -> &mut f64| {
            if is_so {
                *of(self) += share;
            }
        };
        count(digits == 0 && value.contains(char::is_alphabetic), |p| {
            &mut p.of_letters
        });
        count(digits == value.len(), |p| &mut p.of_digits);
        count(digits > 0, |p| &mut p.with_digits);
        count(value.contains('@') && words == 1, |p| &mut p.with_at_sign);
        count(words > 1, |p| &mut p.of_several_words);
        count(is_date(value), |p| &mut p.of_dates);
        count(is_date_or_year(value), |p| &mut p.of_dates_or_years);
        count(Sex::read(value).is_some(), |p| &mut p.of_sexes);
        let number = read_number(value);
        count(number.is_some(), |p| &mut p.of_numbers);
        count(number.is_some_and(|number| number.fract() == 0.0), |p| {
            &mut p.of_whole_numbers
        });
        count(
            value.len() == 4 && number.is_some_and(|number| (1900.0..2100.0).contains(&number)),
            |p| &mut p.of_years,
        );
        count(number.is_some_and(|number| number > AGE_MAX), |p| {
            &mut p.beyond_age
        });
        count(is_encoding(value), |p| &mut p.of_encodings);
        let is_street = Street::of(value).is_some_and(|street| !street.kind().is_empty());
        count(is_street, |p| &mut p.of_streets);
        if let Some(forms) = (digits == 0)
            .then(|| Forms::of(value, Role::Full))
            .flatten()
        {
            let known = |part: &String| is_known_given_name(part);
            count(forms.parts().first().is_some_and(known), |p| {
                &mut p.first_is_given_name
            });
            count(forms.parts().iter().any(known), |p| &mut p.with_given_name);
        }
        self.words_mean += share * words as f64;
        self.length_mean += share * value.chars().count() as f64;
    }

    /// A category: chance agreement as of at most 25 equally frequent values, each held by many.
    pub(super) fn has_few_values(&self) -> bool {
        self.effective <= 25.0 && (self.unique <= 0.1 || self.distinct <= 3)
    }

    /// Words in which one letter may be wrong, and more of them than a list of answers has.
    pub(super) fn has_words(&self) -> bool {
        self.of_letters >= 0.8 && self.length_mean > 4.0 && self.distinct > 12
    }

    /// Sentences.
    pub(super) fn is_free_text(&self) -> bool {
        self.words_mean > 10.0
    }
}

/// At most so many letters of a value.
fn shortened(value: &str) -> &str {
    match value.char_indices().nth(LENGTH_MAX) {
        Some((end, _)) => &value[..end],
        None => value,
    }
}

/// A whole day of the calendar, in a form that only a day has.
fn is_date(value: &str) -> bool {
    let is_marked = value.len() == 8 || value.bytes().any(|byte| !byte.is_ascii_digit());
    is_marked
        && read_date(value).is_some_and(|date| {
            date.day() > 0 && (!date.is_century_known() || YEARS.contains(&date.year()))
        })
}

/// A day, a year, or the number of a day in a spreadsheet.
fn is_date_or_year(value: &str) -> bool {
    read_date(value).is_some()
}

/// The 1024 bits of an encoding as text: 256 digits to the base sixteen or 172 to the base sixty-four.
fn is_encoding(value: &str) -> bool {
    match value.len() {
        256 => value.bytes().all(|byte| byte.is_ascii_hexdigit()),
        171 | 172 => value.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
        }),
        _ => false,
    }
}
