//! Values that stand for no value, set aside before any pair is made: they bring no records together and are no agreement.
//!
//! What says that it is none (`N.D.`, 1 January 1900, a code of one digit over and over) is known by how it is written.
//! What does not say so is known by its number, where nature allows no such number: a personal code is one person's, and no day of birth has four times the people of the next.
//! A surname, a town or a street may be that frequent and true; agreement on it counts for as little as it is frequent.

use crate::data::Data;
use crate::frequencies::Frequencies;
use crate::model::{Field, Kind};
use crate::outcome::SetAside;
use crate::prepare::{MISSING, Records};
use crate::recognise::{before_a_step, written_for_nothing};

/// Sets the placeholders of all fields aside, and tells how many there were.
pub(crate) fn set_aside(
    data: &Data,
    fields: &[Field],
    records: &mut Records,
    frequencies: &mut Frequencies,
) -> Vec<SetAside> {
    let mut told = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        let mut of_field = written(data, field, &records.silent[place]);
        let frequent = too_frequent(field.kind, place, frequencies);
        of_field.values += frequent.len() as u64;
        for value in &frequent {
            of_field.records += frequencies.count(place, *value);
            frequencies.forget(place, *value);
        }
        records.forget(place, &frequent);
        if of_field.values > 0 {
            told.push(of_field);
        }
    }
    told
}

/// The raw values of a field that say nothing, or that cannot be read.
fn written(data: &Data, field: &Field, silent: &[u32]) -> SetAside {
    let column = data.column(&field.column).expect("a field has its column");
    let mut is_silent = vec![false; column.values.len()];
    for place in silent {
        is_silent[*place as usize] = true;
    }
    let records = match silent.is_empty() {
        true => 0,
        false => {
            let cells = column.cells.iter();
            cells.filter(|cell| is_silent[**cell as usize]).count() as u64
        }
    };
    let texts = silent.iter().map(|place| column.values.get(*place));
    let mut known: Vec<String> = texts
        .filter_map(|text| written_for_nothing(text, field.kind))
        .collect();
    known.sort_unstable();
    known.dedup();
    SetAside {
        column: field.column.clone(),
        values: silent.len() as u64,
        records,
        known,
    }
}

/// The values of a field that are too frequent to be anyone's.
fn too_frequent(kind: Kind, place: usize, frequencies: &Frequencies) -> Vec<u32> {
    match kind {
        Kind::Code | Kind::BirthDate => {}
        // One of these may be that frequent and true.
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
        | Kind::Clk => return Vec::new(),
    }
    let counts = frequencies.totals(place);
    let mut values: Vec<u32> = (MISSING + 1..counts.len() as u32)
        .filter(|value| counts[*value as usize] > 0)
        .collect();
    let by_frequency = |value: &u32| (std::cmp::Reverse(counts[*value as usize]), *value);
    // A step is looked for among the first few alone; the rest is only counted.
    if values.len() > FIRST {
        values.select_nth_unstable_by_key(FIRST - 1, by_frequency);
        values.truncate(FIRST);
    }
    values.sort_unstable_by_key(by_frequency);
    before_a_step(&counts, &values).to_vec()
}

/// As many of the most frequent values are sorted: no fewer than the search for a step wants to see.
const FIRST: usize = 32;
