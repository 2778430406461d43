//! The columns made for linkage: tokens of combinations and keyed encodings, of the rows that the recipe says.
//!
//! A row with a valid code gets only what the recipe gives to everybody: the fewest encodings possible leave a body.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray, FixedSizeBinaryArray};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::{DataType, Date32Type, Field};
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;
use wdl_check::CheckError;
use wdl_contract::{Contract, Semantic, Treatment};
use wdl_crypto::HashKey;
use wdl_encoding::{
    BirthDate, CLK_BYTES, Cache, Encoder, EncodingKey, Person, Probe, Recipe, Role, Rows, Values,
};
use zeroize::Zeroizing;

use crate::seal::people::{People, PersonKey};
use crate::seal::transform::person_key;

/// The name of the column of encodings.
const CLK: &str = "link_clk";
/// The kind of token from which the project's encoding key is made, and the value of which it is the token.
///
/// Every body of the project obtains the same key from both custodians; the lab, which may ask for nothing, obtains none.
pub(crate) const KEY_KIND: &str = "link_key";
const KEY_VALUE: &[u8] = b"wdl-encoding-key-v1";
/// Under which a column says which recipe made it: two bodies with different ones cannot be compared, and it shows.
const FINGERPRINT: &str = "wdl.recipe";

/// A recipe as it applies to one dataset.
pub(crate) struct Linkage<'a> {
    recipe: &'a Recipe,
    places: Places,
    encoder: Option<Encoder>,
}

/// Where the values of a person stand among the contract's columns.
#[derive(Default)]
struct Places {
    code: Option<usize>,
    surname: Option<usize>,
    given_name: Option<usize>,
    birth_date: Option<usize>,
    sex: Option<usize>,
    birth_place: Option<usize>,
}

/// A value that both custodians are to be asked for.
pub(crate) struct Wanted {
    pub(crate) key: PersonKey,
    pub(crate) value: Zeroizing<Vec<u8>>,
}

impl<'a> Linkage<'a> {
    pub(crate) fn new(contract: &Contract, recipe: &'a Recipe) -> Linkage<'a> {
        let mut places = Places::default();
        for (nth, column) in contract.columns.iter().enumerate() {
            if matches!(column.treatment, Treatment::Oprf(_)) {
                places.code = Some(nth);
            }
            let place = match column.semantic {
                Some(Semantic::Surname) => &mut places.surname,
                Some(Semantic::GivenName) => &mut places.given_name,
                Some(Semantic::BirthDate) => &mut places.birth_date,
                Some(Semantic::Sex) => &mut places.sex,
                Some(Semantic::BirthPlace) => &mut places.birth_place,
                _ => continue,
            };
            *place = Some(nth);
        }
        Linkage {
            recipe,
            places,
            encoder: None,
        }
    }

    /// The columns of tokens, in the order in which they travel.
    pub(crate) fn probes(&self) -> impl Iterator<Item = Probe<'a>> + use<'a> {
        self.recipe.combinations.iter().flat_map(Probe::of)
    }

    /// The columns, in the order in which they travel, after those of the contract.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let field = |name: &str, width: usize, fingerprint: String| {
            let width = i32::try_from(width).expect("a token or an encoding is short");
            let metadata = HashMap::from([(FINGERPRINT.to_owned(), fingerprint)]);
            Field::new(name, DataType::FixedSizeBinary(width), true).with_metadata(metadata)
        };
        let tokens = self.probes().map(|probe| {
            field(
                &probe.column(),
                32,
                probe.combination.fingerprint().to_string(),
            )
        });
        let clk = self.recipe.clk.as_ref();
        let clk = clk.map(|rule| field(CLK, CLK_BYTES, rule.fingerprint().to_string()));
        tokens.chain(clk).collect()
    }

    /// The custodians' value of the project's encoding key, when the recipe has an encoding.
    pub(crate) fn key_wanted(&self, hashing: &HashKey) -> Option<Wanted> {
        self.recipe.clk.as_ref()?;
        Some(Wanted {
            key: person_key(hashing, KEY_KIND, KEY_VALUE),
            value: Zeroizing::new(KEY_VALUE.to_vec()),
        })
    }

    /// Takes the encoding key from the map, once it is there.
    pub(crate) fn arm(&mut self, hashing: &HashKey, people: &People) {
        let Some(rule) = &self.recipe.clk else {
            return;
        };
        let key = person_key(hashing, KEY_KIND, KEY_VALUE);
        let key = people
            .token(&key)
            .expect("the key is asked for before the rows");
        self.encoder = Some(Encoder::new(rule, &EncodingKey::from_bytes(key.as_bytes())));
    }

    /// The records of a batch in their normal form, and which of them have a valid code.
    pub(crate) fn records(&self, batch: &RecordBatch) -> Records {
        let text = |place: Option<usize>| {
            place.and_then(|place| batch.column(place).as_string_opt::<i32>())
        };
        let (surname, given_name) = (text(self.places.surname), text(self.places.given_name));
        let (sex, birth_place) = (text(self.places.sex), text(self.places.birth_place));
        let births = self.places.birth_date;
        let births = births.and_then(|place| batch.column(place).as_primitive_opt::<Date32Type>());
        let people = (0..batch.num_rows())
            .into_par_iter()
            .with_min_len(512)
            .map(|row| {
                let cell = |column: Option<&'_ arrow::array::StringArray>| {
                    column
                        .filter(|column| column.is_valid(row))
                        .map(|column| column.value(row).to_owned())
                };
                let cells = [surname, given_name, sex, birth_place]
                    .map(|column| cell(column).map(Zeroizing::new));
                let [surname, given_name, sex, birth_place] = cells
                    .each_ref()
                    .map(|one| one.as_ref().map(|text| text.as_str()));
                Person::normal(&Values {
                    surname,
                    given_name,
                    birth_date: births
                        .filter(|births| births.is_valid(row))
                        .and_then(|births| birth_date(births.value(row))),
                    sex,
                    birth_place,
                })
            })
            .collect();
        let codes = self.places.code.map(|place| batch.column(place));
        let has_code =
            (0..batch.num_rows()).map(|row| codes.is_some_and(|codes| codes.is_valid(row)));
        Records {
            people,
            has_code: has_code.collect(),
        }
    }

    /// What a column of tokens is made from, row by row.
    pub(crate) fn wanted(
        &self,
        probe: Probe<'_>,
        records: &Records,
        hashing: &HashKey,
    ) -> Vec<Option<Wanted>> {
        let kind = kind(probe);
        let rows = match probe.role {
            Role::Plain => probe.combination.rows,
            Role::Mistaken(_) => Rows::WithoutCode,
        };
        let one = |row: usize| {
            let person = records.within(rows, row)?;
            let value = probe.canonical(person)?;
            Some(Wanted {
                key: person_key(hashing, &kind, &value),
                value,
            })
        };
        let rows = (0..records.people.len()).into_par_iter().with_min_len(512);
        rows.map(one).collect()
    }

    /// The columns of a batch.
    ///
    /// # Errors
    /// A value that is not in the map was not in the file when it was read for whom it names: it changed meanwhile.
    pub(crate) fn columns(
        &self,
        batch: &RecordBatch,
        hashing: &HashKey,
        people: &People,
    ) -> Result<Vec<ArrayRef>, CheckError> {
        let records = self.records(batch);
        let mut columns: Vec<ArrayRef> = Vec::new();
        for probe in self.probes() {
            let wanted = self.wanted(probe, &records, hashing);
            let token = |wanted: &Option<Wanted>| match wanted {
                None => Ok(None),
                Some(wanted) => match people.token(&wanted.key) {
                    Some(token) => Ok(Some(*token.as_bytes())),
                    None => Err(CheckError::Changed),
                },
            };
            let tokens: Vec<Option<[u8; 32]>> =
                wanted.iter().map(token).collect::<Result<_, _>>()?;
            columns.push(binary(tokens));
        }
        if let (Some(rule), Some(encoder)) = (&self.recipe.clk, &self.encoder) {
            let rows = (0..records.people.len()).into_par_iter().with_min_len(512);
            let encoded = rows.map_init(Cache::default, |cache, row| {
                encoder.clk(cache, records.within(rule.rows, row)?)
            });
            columns.push(binary(encoded.collect::<Vec<_>>()));
        }
        Ok(columns)
    }
}

/// The records of a batch.
pub(crate) struct Records {
    people: Vec<Person>,
    has_code: BooleanArray,
}

impl Records {
    fn within(&self, rows: Rows, row: usize) -> Option<&Person> {
        match rows {
            Rows::WithoutCode if self.has_code.value(row) => None,
            Rows::WithoutCode | Rows::All => Some(&self.people[row]),
        }
    }
}

/// The kind of a column's tokens: all columns of a combination share one, so that they meet.
pub(crate) fn kind(probe: Probe<'_>) -> String {
    format!("link_{}", probe.combination.id)
}

/// A day counted from 1970 as a day of the calendar.
fn birth_date(days: i32) -> Option<BirthDate> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let date = epoch
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()?;
    BirthDate::new(
        u16::try_from(date.year()).ok()?,
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    )
}

/// A column of byte strings of one length; nothing stays nothing.
fn binary<const N: usize>(rows: Vec<Option<[u8; N]>>) -> ArrayRef {
    let nulls = NullBuffer::from_iter(rows.iter().map(Option::is_some));
    let bytes: Vec<[u8; N]> = rows.into_iter().map(|row| row.unwrap_or([0; N])).collect();
    let width = i32::try_from(N).expect("a token or an encoding is short");
    Arc::new(FixedSizeBinaryArray::new(
        width,
        Buffer::from_vec(bytes.into_flattened()),
        Some(nulls),
    ))
}
