//! A schema from what the columns hold.
//!
//! Where the numbers come from, none of them from a file with known truth:
//! the fill of 0.4 leaves a bit of a stranger as telling as it can be while few grams fall on one bit (Schnell et al. 2009 use 0.35 to 0.5);
//! what names a person for life weighs six times a house number, since people who live together share the whole dwelling and lose it together when they move;
//! the mean number of grams is that of the file at hand, so that each field gets its share of the bits;
//! the diffusion is the strongest through which two vectors that were seven tenths alike (Dice) still stand six standard deviations above strangers, and never less than graph matching needs to name next to nobody;
//! how common a salt may be follows from the same attacks (measured in `docs/reference/linkage-privacy.md`).

use std::collections::BTreeMap;
use std::ops::Range;

use wdl_encoding::{Cut, Filter, Grams, NormalForm, SaltPart, Schema, SchemaField, grams_of};

use super::dates::order_of;
use super::faults::EncodeError;
use crate::data::{Column, Data, Source};
use crate::model::{Field, Kind};

const FILL: f64 = 0.4;
/// Two records of one person with a few mistakes are at least so alike before the diffusion.
const DICE_MIN: f64 = 0.7;
/// One pair of strangers in a thousand million is so many standard deviations above the mean.
const DEVIATIONS: f64 = 6.0;
const BITS: f64 = 1024.0;
/// With fewer terms patterns stay visible; where people share salts, graph matching names one in ten with fewer than three.
const TERMS_MIN: usize = 2;
const TERMS_SHARED_MIN: usize = 3;
const FIELDS_MIN: usize = 3;
/// A larger share of a file's records with one salt makes it no salt for them, and so does a larger number: among so many likeness shows who is who.
const COMMON: f64 = 0.02;
const COMMON_RECORDS: usize = 100;
/// Of few records one is a large share whatever the salt.
const FEW: usize = 5;

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
    let filters = match is_salted {
        true => salts(data, &chosen),
        false => vec![Filter::default()],
    };
    let has_salt = filters.iter().all(|filter| !filter.salt.is_empty());
    Ok(Schema {
        fill: FILL,
        diffusion: match (is_salted, has_salt) {
            (false, _) => 0,
            (true, true) => diffusion(FILL),
            (true, false) => diffusion(FILL).max(TERMS_SHARED_MIN),
        },
        filters,
        fields: chosen.into_iter().map(|(_, field)| field).collect(),
    })
}

/// The terms of diffusion that a schema wants for these records, when it has fewer: three where many people have one of its salts in common, two elsewhere.
///
/// A schema without salts hides nothing and asks for none.
pub fn terms_wanted(data: &Data, schema: &Schema) -> Option<usize> {
    let is_shared = |filter: &Filter| {
        let parts: Vec<(&SchemaField, Cut)> = filter
            .salt
            .iter()
            .filter_map(|part| {
                let field = schema
                    .fields
                    .iter()
                    .find(|field| field.name == part.field)?;
                Some((field, part.cut))
            })
            .collect();
        self::is_shared(data, &parts)
    };
    if schema.filters.iter().all(|filter| filter.salt.is_empty()) {
        return None;
    }
    let wanted = match schema.filters.iter().any(is_shared) {
        true => TERMS_SHARED_MIN,
        false => TERMS_MIN,
    };
    (schema.diffusion < wanted).then_some(wanted)
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
    let order = order_of(column, form);
    let counts: Vec<usize> = column
        .values
        .iter()
        .map(|value| {
            form.normal_in(value, order)
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

/// A part that salts: the field and how much of it, when there is such a column.
type Part<'f> = Option<(&'f SchemaField, Cut)>;

/// Three salts of which no mistake spoils two: the day and month of birth, the initials of the names, the place; and three finer ones, the whole date and the initials with either half of it, for those who are alike to somebody under the coarser.
///
/// A salt that many share separates nobody: it gets further parts until it does, and is left out when none helps.
fn salts(data: &Data, fields: &[(Kind, SchemaField)]) -> Vec<Filter> {
    const SURNAMES: [Kind; 2] = [Kind::Surname, Kind::FullName];
    const GIVEN: [Kind; 1] = [Kind::GivenName];
    let find = |kinds: &[Kind], cut: Cut| -> Part<'_> {
        let of = |kind: &Kind| fields.iter().find(|(known, _)| known == kind);
        let (_, field) = kinds.iter().find_map(of)?;
        Some((field, cut))
    };
    let [year, day] = [Cut::Year, Cut::Day].map(|cut| find(&[Kind::BirthDate], cut));
    let [surname, surname_start] = [Cut::Initial, Cut::Start].map(|cut| find(&SURNAMES, cut));
    let [given, given_start] = [Cut::Initial, Cut::Start].map(|cut| find(&GIVEN, cut));
    let place = find(&[Kind::PostCode, Kind::Place], Cut::Whole);
    // What a salt is of, and what is added while many share it.
    let wanted: [([Part<'_>; 3], [Part<'_>; 3]); 6] = [
        ([day, None, None], [given, surname, year]),
        ([surname, given, None], [surname_start, given_start, year]),
        ([place, None, None], [year, given, surname]),
        ([year, day, None], [given, surname, None]),
        ([surname, given, year], [surname_start, given_start, day]),
        ([surname, given, day], [surname_start, given_start, year]),
    ];
    let mut filters: Vec<Filter> = Vec::new();
    for (first, more) in wanted {
        let mut parts: Vec<(&SchemaField, Cut)> = first.into_iter().flatten().collect();
        for part in more.into_iter().flatten() {
            if !parts.is_empty() && is_shared(data, &parts) && !parts.contains(&part) {
                parts.push(part);
            }
        }
        if parts.is_empty() || is_shared(data, &parts) {
            continue;
        }
        let salt = parts.iter().map(|(field, cut)| SaltPart {
            field: field.name.clone(),
            cut: *cut,
        });
        let filter = Filter {
            salt: salt.collect(),
        };
        // Without a column two of them may be the same.
        if !filters.contains(&filter) {
            filters.push(filter);
        }
    }
    match filters.is_empty() {
        true => vec![Filter::default()],
        false => filters,
    }
}

/// The column of a field, by its own name or one that the schema lists.
fn column_of<'d>(data: &'d Data, field: &SchemaField) -> Option<&'d Column> {
    let names = std::iter::once(&field.name).chain(&field.columns);
    names.filter_map(|name| data.column(name)).next()
}

/// Whether so many records of a file have the commonest value of a salt that it separates them from nobody.
fn is_shared(data: &Data, parts: &[(&SchemaField, Cut)]) -> bool {
    let shared = |source: &Source| {
        let (most, all) = commonest(data, &source.records, parts);
        most > COMMON_RECORDS || (most > FEW && most as f64 > COMMON * all as f64)
    };
    data.sources.iter().any(shared)
}

/// How many records of a source have the commonest value of a salt, and how many have any.
fn commonest(data: &Data, records: &Range<u32>, parts: &[(&SchemaField, Cut)]) -> (usize, usize) {
    let columns: Vec<(&Column, Vec<String>)> = parts
        .iter()
        .filter_map(|(field, cut)| {
            let column = column_of(data, field)?;
            let order = order_of(column, field.form);
            let salted = |value| {
                let normal = field.form.normal_in(value, order);
                normal.map_or(String::new(), |normal| cut.of(&normal).to_owned())
            };
            Some((column, column.values.iter().map(salted).collect()))
        })
        .collect();
    let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    let mut all = 0_usize;
    for record in records.clone() {
        let value = columns
            .iter()
            .map(|(column, salted)| salted[column.cells[record as usize] as usize].as_str());
        let value: Vec<&str> = value.collect();
        if value.iter().all(|part| !part.is_empty()) {
            *counts.entry(value).or_default() += 1;
            all += 1;
        }
    }
    (counts.values().copied().max().unwrap_or(0), all)
}
