//! A schema from what the columns hold.
//!
//! Where the numbers come from, none of them from a file with known truth:
//! the fill of 0.4 leaves a bit of a stranger as telling as it can be while few grams fall on one bit (Schnell et al. 2009 use 0.35 to 0.5);
//! what names a person for life weighs six times a house number, since people who live together share the whole dwelling and lose it together when they move;
//! the mean number of grams is that of the file at hand, so that each field gets its share of the bits;
//! the diffusion is the strongest through which two vectors that were seven tenths alike (Dice) still stand six standard deviations above strangers, and never less than graph matching needs to name next to nobody (measured in `docs/reference/linkage-privacy.md`).

use std::collections::BTreeMap;

use wdl_encoding::{Cut, Filter, Grams, NormalForm, SaltPart, Schema, SchemaField, grams_of};

use super::faults::EncodeError;
use crate::data::{Column, Data};
use crate::model::{Field, Kind};

const FILL: f64 = 0.4;
/// Two records of one person with a few mistakes are at least so alike before the diffusion.
const DICE_MIN: f64 = 0.7;
/// One pair of strangers in a thousand million is so many standard deviations above the mean.
const DEVIATIONS: f64 = 6.0;
const BITS: f64 = 1024.0;
/// With fewer terms graph matching names one record in ten where salts are shared by some.
const TERMS_MIN: usize = 3;
const FIELDS_MIN: usize = 3;
/// A larger share of records with one salt makes it no salt for them.
const COMMON: f64 = 0.05;

/// A schema for these columns; with `is_salted` several salted and diffused vectors a record, else one plain vector.
///
/// # Errors
/// [`EncodeError::TooFewColumns`] when fewer than three columns can be encoded.
pub fn proposed_schema(
    data: &Data,
    fields: &[Field],
    is_salted: bool,
) -> Result<Schema, EncodeError> {
    let chosen: Vec<(Kind, SchemaField)> = fields
        .iter()
        .filter_map(|field| {
            let column = data.column(&field.column)?;
            let (form, grams, weight) = way_of(field.kind)?;
            let grams_mean = grams_mean(column, form, grams)?;
            let field_of = SchemaField {
                name: field.column.clone(),
                columns: Vec::new(),
                form,
                grams,
                weight,
                grams_mean,
            };
            Some((field.kind, field_of))
        })
        .collect();
    if chosen.len() < FIELDS_MIN {
        let count = chosen.len();
        return Err(EncodeError::TooFewColumns { count });
    }
    Ok(Schema {
        fill: FILL,
        diffusion: if is_salted { diffusion(FILL) } else { 0 },
        filters: match is_salted {
            true => salts(data, &chosen),
            false => vec![Filter::default()],
        },
        fields: chosen.into_iter().map(|(_, field)| field).collect(),
    })
}

/// The form, the cut and the weight of what a column holds.
fn way_of(kind: Kind) -> Option<(NormalForm, Grams, f64)> {
    const PAIRS: Grams = Grams::Letters(2);
    Some(match kind {
        Kind::GivenName => (NormalForm::GivenName, PAIRS, 3.0),
        Kind::Surname => (NormalForm::Surname, PAIRS, 3.0),
        Kind::FullName => (NormalForm::GivenName, PAIRS, 6.0),
        Kind::BirthDate => (NormalForm::Date, Grams::Places, 3.0),
        Kind::Code => (NormalForm::Text, PAIRS, 3.0),
        Kind::Sex => (NormalForm::Sex, Grams::Whole, 0.5),
        Kind::Place | Kind::Text => (NormalForm::Text, PAIRS, 1.0),
        Kind::Street => (NormalForm::Street, PAIRS, 1.0),
        Kind::PostCode | Kind::HouseNumber | Kind::Number => {
            (NormalForm::Number, Grams::Places, 0.5)
        }
        Kind::Category => (NormalForm::Text, Grams::Whole, 0.25),
        Kind::Clk => return None,
    })
}

/// The mean number of grams of the values there are, to a tenth; nothing for an empty column.
fn grams_mean(column: &Column, form: NormalForm, grams: Grams) -> Option<f64> {
    let counts: Vec<usize> = column
        .values
        .iter()
        .map(|value| {
            form.normal(value)
                .map_or(0, |value| grams_of(grams, &value))
        })
        .collect();
    let (mut records, mut sum) = (0_usize, 0_usize);
    for cell in &column.cells {
        let count = counts[*cell as usize];
        records += usize::from(count > 0);
        sum += count;
    }
    let mean = sum as f64 / records.max(1) as f64;
    (records > 0).then(|| ((mean * 10.0).round() / 10.0).clamp(1.0, 64.0))
}

/// The most terms through which what was alike is still seen.
///
/// At fill d two vectors of Dice D differ in a share 2d(1-D) of their bits, and after t terms they agree beyond chance by (1 - 4d(1-D))^t; chance alone strays by 1/√1024.
fn diffusion(fill: f64) -> usize {
    let kept = 1.0 - 4.0 * fill * (1.0 - DICE_MIN);
    let most = (BITS.sqrt() / DEVIATIONS).ln() / -kept.ln();
    (most.floor() as usize).clamp(TERMS_MIN, 32)
}

/// A salt of the time of birth, one of the name, one of the place: a mistake in one leaves the two others.
///
/// A salt that many share separates nobody: one whose commonest value more than one record in twenty has gets a further part, and is left out when that does not help.
fn salts(data: &Data, fields: &[(Kind, SchemaField)]) -> Vec<Filter> {
    let find = |kinds: &[Kind], cut: Cut| {
        let of = |kind: &Kind| fields.iter().find(|(known, _)| known == kind);
        let (_, field) = kinds.iter().find_map(of)?;
        Some((field, cut))
    };
    let born = find(&[Kind::BirthDate], Cut::Year);
    let surname = find(&[Kind::Surname, Kind::FullName], Cut::Initial);
    let given = find(&[Kind::GivenName], Cut::Initial);
    let place = find(&[Kind::PostCode, Kind::Place], Cut::Whole);
    let wanted = [
        (vec![born], [given, surname]),
        (vec![surname, given], [born, place]),
        (vec![place], [given, surname]),
    ];
    let mut filters: Vec<Filter> = Vec::new();
    for (first, more) in wanted {
        let mut parts: Vec<(&SchemaField, Cut)> = first.into_iter().flatten().collect();
        if parts.is_empty() {
            continue;
        }
        for part in more.into_iter().flatten() {
            if commonest(data, &parts) > COMMON && !parts.contains(&part) {
                parts.push(part);
            }
        }
        if commonest(data, &parts) <= COMMON {
            let salt = parts.iter().map(|(field, cut)| SaltPart {
                field: field.name.clone(),
                cut: *cut,
            });
            filters.push(Filter {
                salt: salt.collect(),
            });
        }
    }
    match filters.is_empty() {
        true => vec![Filter::default()],
        false => filters,
    }
}

/// The share of records that have the commonest value of a salt, among those that have one.
fn commonest(data: &Data, parts: &[(&SchemaField, Cut)]) -> f64 {
    let columns: Vec<(&Column, Vec<String>)> = parts
        .iter()
        .filter_map(|(field, cut)| {
            let column = data.column(&field.name)?;
            let salted = |value| {
                let normal = field.form.normal(value);
                normal.map_or(String::new(), |normal| cut.of(&normal).to_owned())
            };
            Some((column, column.values.iter().map(salted).collect()))
        })
        .collect();
    let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    let mut all = 0_usize;
    for record in 0..data.len() {
        let value = columns
            .iter()
            .map(|(column, salted)| salted[column.cells[record] as usize].as_str());
        let value: Vec<&str> = value.collect();
        if value.iter().all(|part| !part.is_empty()) {
            *counts.entry(value).or_default() += 1;
            all += 1;
        }
    }
    // Of few records one is a large share whatever the salt.
    let most = counts.values().copied().max().unwrap_or(0);
    most.saturating_sub(1) as f64 / all.max(1) as f64
}
