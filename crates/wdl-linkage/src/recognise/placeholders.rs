//! Values that stand for many unrelated people.
//!
//! Two things are told apart. What *says* that there is no value (`N.D.`, 1 January 1900) is missing.
//! What is only *too frequent* (a default post code, the first of January, the capital of a province) is a value, and agreement on it counts for little; but it brings together people who have nothing else in common, and must not be a blocking key.
//!
//! Frequencies of names, places and streets fall about as a power of their rank, with an exponent near 1 (Zipf, *Human Behavior and the Principle of Least Effort*, 1949).
//! The exponent 2 is taken as the steepest natural fall: the first value is then four times the second. A steeper step among the most frequent values, beyond what chance does to counts, marks the values before it.

use wdl_encoding::compare::read_date;
use wdl_encoding::names::{is_placeholder, is_written_for_nothing};

use crate::data::Column;
use crate::model::Kind;

/// A value that stands for many unrelated people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// The place of the value in its column.
    pub place: u32,
    /// How many records have it.
    pub records: u32,
    /// Whether it says that there is no value, so that it is the same as none; otherwise it is a value, only no blocking key.
    pub is_missing: bool,
}

/// A step is looked for among so many of the most frequent values.
const STEPS: usize = 5;
/// With fewer different values, the most frequent one is no exception.
const DISTINCT_MIN: usize = 10;
/// Fewer records than this do no harm as a block.
const RECORDS_MIN: u32 = 20;

/// The placeholders of a column whose values are held by so many records, in the order of their places.
pub(super) fn find(column: &Column, counts: &[u32], kind: Kind) -> Vec<Placeholder> {
    let held = (1..counts.len() as u32).filter(|place| counts[*place as usize] > 0);
    let (missing, mut values): (Vec<u32>, Vec<u32>) =
        held.partition(|place| says_nothing(column.values.get(*place), kind));
    // The most frequent first; a value's place is no matter of chance, so that ties are in one order.
    values.sort_unstable_by_key(|place| (std::cmp::Reverse(counts[*place as usize]), *place));
    let too_frequent = match kind {
        Kind::Sex | Kind::Category | Kind::Number | Kind::Clk => Vec::new(),
        Kind::BirthDate => starts_of_years(column, counts, &values),
        Kind::GivenName
        | Kind::Surname
        | Kind::FullName
        | Kind::Code
        | Kind::Place
        | Kind::PostCode
        | Kind::Street
        | Kind::HouseNumber
        | Kind::Text => before_a_step(counts, &values).to_vec(),
    };
    let placeholder = |is_missing: bool| {
        move |place: u32| Placeholder {
            place,
            records: counts[place as usize],
            is_missing,
        }
    };
    let mut found: Vec<Placeholder> = missing
        .into_iter()
        .map(placeholder(true))
        .chain(too_frequent.into_iter().map(placeholder(false)))
        .collect();
    found.sort_unstable_by_key(|placeholder| placeholder.place);
    found
}

/// Whether a value of this kind says that there is none.
fn says_nothing(value: &str, kind: Kind) -> bool {
    let is_one_letter = |shortest: usize| {
        value.len() >= shortest && value.bytes().all(|byte| Some(byte) == value.bytes().next())
    };
    match kind {
        Kind::GivenName | Kind::Surname | Kind::FullName | Kind::Place | Kind::Street => {
            is_placeholder(value)
        }
        Kind::BirthDate => match read_date(value) {
            Some(date) => date.is_placeholder(),
            None => is_placeholder(value),
        },
        Kind::Code => is_written_for_nothing(value) || is_one_letter(5),
        Kind::PostCode => {
            is_written_for_nothing(value)
                || (is_one_letter(4) && matches!(value.as_bytes()[0], b'0' | b'9' | b'X'))
        }
        Kind::HouseNumber | Kind::Number | Kind::Sex | Kind::Category | Kind::Text => {
            is_written_for_nothing(value)
        }
        Kind::Clk => false,
    }
}

/// A value of this kind as it stands in the public lists of what is written for nothing; nothing for any other value, which may be somebody's.
///
/// ```text
/// n.d. → N.D.    01/01/1900 → 1900-01-01    00000 → 00000
/// ```
pub(crate) fn written_for_nothing(value: &str, kind: Kind) -> Option<String> {
    let is_one_letter = value.bytes().all(|byte| Some(byte) == value.bytes().next());
    if kind == Kind::BirthDate
        && let Some(date) = read_date(value)
    {
        let is_listed = date.is_placeholder() && date.is_listed();
        return is_listed.then(|| {
            let (year, month, day) = (date.year(), date.month(), date.day());
            format!("{year:04}-{month:02}-{day:02}")
        });
    }
    match is_one_letter {
        true => Some(value.to_owned()),
        false => is_placeholder(value).then(|| value.to_uppercase()),
    }
}

/// The most frequent values before the last step that is steeper than a natural one.
pub(crate) fn before_a_step<'a>(counts: &[u32], by_frequency: &'a [u32]) -> &'a [u32] {
    if by_frequency.len() < DISTINCT_MIN {
        return &[];
    }
    let count = |rank: usize| counts[by_frequency[rank] as usize];
    let end = (1..=STEPS.min(by_frequency.len() - 1)).rev().find(|rank| {
        count(rank - 1) >= RECORDS_MIN && is_steep(count(rank - 1), count(*rank), *rank)
    });
    &by_frequency[..end.unwrap_or(0)]
}

/// Whether the count at a rank (from 1) is beyond what the next one explains.
fn is_steep(before: u32, after: u32, rank: usize) -> bool {
    let rank = rank as f64;
    let natural = ((rank + 1.0) / rank).powi(2);
    // The next count could by chance be as much larger: three standard deviations of a Poisson count.
    let after = f64::from(after) + 3.0 * f64::from(after).sqrt();
    f64::from(before) > natural * after
}

/// Days that more people than chance share within their year: the first of January, mostly.
fn starts_of_years(column: &Column, counts: &[u32], values: &[u32]) -> Vec<u32> {
    let mut of_year: std::collections::BTreeMap<u16, f64> = std::collections::BTreeMap::new();
    let days: Vec<(u32, u16)> = values
        .iter()
        .filter_map(|place| {
            let date = read_date(column.values.get(*place))?;
            (date.is_century_known() && date.day() > 0).then_some((*place, date.year()))
        })
        .collect();
    for (place, year) in &days {
        *of_year.entry(*year).or_default() += f64::from(counts[*place as usize]);
    }
    days.into_iter()
        .filter(|(place, year)| {
            let count = f64::from(counts[*place as usize]);
            // Without the day itself, its year gives each other day this many.
            let expected = (of_year[year] - count) / 364.0;
            count >= f64::from(RECORDS_MIN) && count > 4.0 * (expected + 3.0 * expected.sqrt())
        })
        .map(|(place, _)| place)
        .collect()
}
