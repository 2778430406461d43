//! How good the links of groups of records are believed to be: of those without a value, by year of birth, of those born abroad.
//!
//! Groups are told apart by whether a value is there and by classes of many values; a group of few records is not told.

use wdl_linkage::quality::{Estimate, Judged, Unlinkable, estimated_by_group};
use wdl_linkage::{Column, Data, Kind, Linked};
use wdl_vocab::Text;

use super::facts::Group;
use super::selves::Selves;

/// A group of fewer records is not told.
const RECORDS_MIN: u64 = 10;
/// Years of birth in one group.
const YEARS: u32 = 20;

/// A way to put records into groups: for each record the place of its group, and their names.
struct Division {
    group_of: Vec<u32>,
    /// No name: not worth telling.
    names: Vec<Option<Text>>,
}

pub(super) fn groups(linked: &Linked, data: &Data, selves: &Selves) -> Vec<Group> {
    let pairs: Vec<Judged> = judged(linked);
    let recall = linked.estimated.blocking_recall;
    let mut is_linked = vec![false; data.len()];
    for link in &linked.links {
        is_linked[link.a as usize] = true;
        is_linked[link.b as usize] = true;
    }
    let mut groups = Vec::new();
    for field in &linked.model.fields {
        let Some(column) = data.column(&field.column) else {
            continue;
        };
        // One division after another: each has a number for every record.
        for division in [
            without as fn(&Column) -> Option<Division>,
            by_kind(field.kind),
        ] {
            if let Some(division) = division(column) {
                let estimates = Estimates {
                    pairs: estimated_by_group(&pairs, &division.group_of, division.names.len()),
                    selves: selves.by_group(&division.group_of, division.names.len()),
                    compared: recall,
                };
                groups.extend(told(&division, &is_linked, &estimates));
            }
        }
    }
    groups
}

fn judged(linked: &Linked) -> Vec<Judged> {
    let mut links = linked.links.iter().peekable();
    linked
        .near
        .iter()
        .map(|pair| Judged {
            a: pair.a,
            b: pair.b,
            probability: pair.probability,
            // Both lists stand in the order of their records.
            is_link: links
                .next_if(|link| (link.a, link.b) == (pair.a, pair.b))
                .is_some(),
        })
        .collect()
}

/// What is expected in each group.
struct Estimates {
    pairs: Vec<Estimate>,
    selves: Vec<Unlinkable>,
    /// The share of the true pairs that is compared.
    compared: f64,
}

fn told(division: &Division, is_linked: &[bool], estimates: &Estimates) -> Vec<Group> {
    let count = division.names.len();
    let (mut records, mut in_links) = (vec![0_u64; count], vec![0_u64; count]);
    for (group, is_linked) in division.group_of.iter().zip(is_linked) {
        records[*group as usize] += 1;
        in_links[*group as usize] += u64::from(*is_linked);
    }
    let name = |(place, estimate): (usize, &Estimate)| {
        let label = division.names[place].clone()?;
        (records[place] >= RECORDS_MIN).then(|| Group {
            label,
            records: records[place],
            linked: in_links[place],
            precision: estimate.precision(),
            recall: estimate.recall().map(|found| found * estimates.compared),
            unlinkable: share_unlinkable(estimates.selves[place]),
        })
    };
    estimates
        .pairs
        .iter()
        .enumerate()
        .filter_map(name)
        .collect()
}

/// The part that says too little, of no fewer records than a group is told of.
fn share_unlinkable(of: Unlinkable) -> Option<f64> {
    (of.records >= RECORDS_MIN).then(|| of.unlinkable as f64 / of.records as f64)
}

/// How the values of a kind divide records, beyond being there or not.
fn by_kind(kind: Kind) -> fn(&Column) -> Option<Division> {
    match kind {
        Kind::BirthDate => by_birth,
        Kind::Code => born_abroad,
        Kind::GivenName
        | Kind::Surname
        | Kind::FullName
        | Kind::Sex
        | Kind::Place
        | Kind::PostCode
        | Kind::Street
        | Kind::HouseNumber
        | Kind::Number
        | Kind::Text
        | Kind::Category
        | Kind::Clk => |_| None,
    }
}

/// Records that have no value, where some have one.
fn without(column: &Column) -> Option<Division> {
    let missing = column.cells.iter().filter(|cell| **cell == 0).count();
    (missing > 0 && missing < column.cells.len()).then(|| Division {
        group_of: column
            .cells
            .iter()
            .map(|cell| u32::from(*cell == 0))
            .collect(),
        names: vec![
            None,
            Some(Text::new(
                format!("senza «{}»", column.name),
                format!("without “{}”", column.name),
            )),
        ],
    })
}

/// Records by twenty years of birth, the earliest first.
fn by_birth(column: &Column) -> Option<Division> {
    let period_of: Vec<Option<u32>> = column
        .values
        .iter()
        .map(|value| year(value).map(|year| year / YEARS))
        .collect();
    let mut periods: Vec<u32> = period_of.iter().flatten().copied().collect();
    periods.sort_unstable();
    periods.dedup();
    let group = |period: Option<u32>| {
        let place = period.and_then(|period| periods.binary_search(&period).ok());
        place.map_or(0, |place| place as u32 + 1)
    };
    let group_of_value: Vec<u32> = period_of.iter().map(|period| group(*period)).collect();
    let name = |period: &u32| {
        let (first, last) = (period * YEARS, period * YEARS + YEARS - 1);
        Some(Text::new(
            format!("nati {first}–{last}"),
            format!("born {first}–{last}"),
        ))
    };
    Some(Division {
        group_of: column
            .cells
            .iter()
            .map(|cell| group_of_value[*cell as usize])
            .collect(),
        names: std::iter::once(None)
            .chain(periods.iter().map(name))
            .collect(),
    })
}

/// The year of a date: its only part of four digits, or the first four of eight.
fn year(text: &str) -> Option<u32> {
    let parts = text.split(|letter: char| !letter.is_ascii_digit());
    let part = parts.into_iter().find(|part| matches!(part.len(), 4 | 8))?;
    let year = part[..4].parse().ok()?;
    (1850..2100).contains(&year).then_some(year)
}

/// People born outside Italy, where codes are Italian tax codes: the place of birth begins with Z.
fn born_abroad(column: &Column) -> Option<Division> {
    let country_of = |code: &str| {
        let letters: Vec<char> = code
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        (letters.len() == 16 && letters[11].is_alphabetic())
            .then(|| letters[11].eq_ignore_ascii_case(&'z'))
    };
    let abroad: Vec<Option<bool>> = column.values.iter().map(country_of).collect();
    let coded = abroad.iter().flatten().count();
    let is_italian = coded > 0 && 2 * coded > column.values.len();
    is_italian.then(|| Division {
        group_of: column
            .cells
            .iter()
            .map(|cell| u32::from(abroad[*cell as usize] == Some(true)))
            .collect(),
        names: vec![
            None,
            Some(Text::new(
                format!("nati all’estero (secondo «{}»)", column.name),
                format!("born abroad (by “{}”)", column.name),
            )),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::year;

    #[test]
    fn years_are_read_in_any_order_of_parts() {
        assert_eq!(year("1987-02-03"), Some(1987));
        assert_eq!(year("03/02/1987"), Some(1987));
        assert_eq!(year("19870203"), Some(1987));
        assert_eq!(year("3.2.87"), None);
        assert_eq!(year(""), None);
        assert_eq!(year("0000-01-01"), None);
    }
}
