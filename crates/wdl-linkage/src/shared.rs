//! Codes of a house: a telephone, a card, a contract that several people have in common.
//!
//! Two records with one code are of one person as long as what else they hold bears it out.
//! A name mistyped beyond recognition and a wrong day of birth are two accidents; where they come together far more often than accidents do, the code is shared by people.

use crate::compare::{Comparer, level, levels};
use crate::model::Kind;
use crate::prepare::MISSING;

/// So many pairs with one code are enough to tell.
const PAIRS: u64 = 20_000;
/// As many deviations of a count are no chance.
const DEVIATIONS: f64 = 3.0;
/// A smaller share of the pairs with one code changes nothing.
const SHARE: f64 = 0.005;

/// The fields of codes that people share, as their records show.
pub(crate) fn shared(comparer: &Comparer<'_>) -> Vec<usize> {
    let fields = &comparer.records.fields;
    let first = |wanted: &dyn Fn(Kind) -> bool| fields.iter().position(|field| wanted(field.kind));
    let name = first(&|kind| matches!(kind, Kind::GivenName | Kind::FullName));
    let date = first(&|kind| kind == Kind::BirthDate);
    let Some((name, date)) = name.zip(date) else {
        return Vec::new();
    };
    (0..fields.len())
        .filter(|field| fields[*field].kind == Kind::Code)
        .filter(|field| is_shared(comparer, *field, (name, date)))
        .collect()
}

/// Whether records with one code differ in name and in day of birth together more often than by two accidents.
fn is_shared(comparer: &Comparer<'_>, code: usize, (name, date): (usize, usize)) -> bool {
    const NOBODY: u32 = u32::MAX;
    let records = comparer.records;
    let last = |field: usize| (levels(records.fields[field].kind).len() - 1) as u8;
    let mut first = vec![NOBODY; records.dictionary(code).values.len()];
    let (mut pairs, mut names, mut dates, mut both) = (0_u64, 0_u64, 0_u64, 0_u64);
    for record in 0..records.len() as u32 {
        let row = records.row(record);
        if row[code] == MISSING || row[name] == MISSING || row[date] == MISSING {
            continue;
        }
        let first = &mut first[row[code] as usize];
        if *first == NOBODY {
            *first = record;
            continue;
        }
        let pattern = comparer.pattern(records.row(*first), row);
        let is_other_name = level(pattern, name) == last(name);
        let is_other_date = level(pattern, date) == last(date);
        pairs += 1;
        names += u64::from(is_other_name);
        dates += u64::from(is_other_date);
        both += u64::from(is_other_name && is_other_date);
        if pairs == PAIRS {
            break;
        }
    }
    let chance = names as f64 * dates as f64 / pairs.max(1) as f64;
    let excess = both as f64 - chance;
    // Where all differ, chance explains all: then nobody has a code to himself.
    let is_of_all = both as f64 > 0.5 * pairs as f64;
    is_of_all || (excess > DEVIATIONS * (chance + 1.0).sqrt() && excess > SHARE * pairs as f64)
}
