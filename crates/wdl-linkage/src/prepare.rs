//! Each field brought to its normal form: every different value once, with what its comparison needs.
//!
//! **Invariant:** values are numbered in the order in which the records have them, so that the numbers do not depend on the order of the rows.

use hashbrown::HashTable;
use rayon::prelude::*;
use wdl_encoding::Name;

use crate::data::{Data, Values, hash};
use crate::model::{Field, Kind, Part};
use crate::text::{Signature, plain};

/// A value that is missing.
pub(crate) const MISSING: u32 = 0;

/// What is known of one value, for its kind.
pub(crate) enum Forms {
    /// Names: how each sounds, and its first word.
    Names { sound: Vec<u32>, first: Vec<u32> },
    /// Dates: year, month, day.
    Dates(Vec<Option<Date>>),
    /// Quantities.
    Numbers(Vec<f64>),
    /// Nothing but the text.
    Texts,
}

/// The parts of a date as written; it need not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

/// The different values of one field, or of several fields that hold the same kind of name.
pub(crate) struct Dictionary {
    pub(crate) values: Values,
    pub(crate) signatures: Vec<Signature>,
    pub(crate) forms: Forms,
    /// Numbers of parts of the values, made when a blocking rule first asks.
    parts: Vec<(Part, Vec<u32>)>,
}

/// A field ready to be compared.
pub(crate) struct Prepared {
    pub(crate) kind: Kind,
    /// Which dictionary its numbers mean.
    pub(crate) dictionary: usize,
}

/// All fields of all records.
pub(crate) struct Records {
    pub(crate) fields: Vec<Prepared>,
    pub(crate) dictionaries: Vec<Dictionary>,
    /// The number of the value of each field, record after record.
    rows: Vec<u32>,
}

impl Records {
    pub(crate) fn row(&self, record: u32) -> &[u32] {
        let width = self.fields.len();
        let start = record as usize * width;
        &self.rows[start..start + width]
    }

    pub(crate) fn dictionary(&self, field: usize) -> &Dictionary {
        &self.dictionaries[self.fields[field].dictionary]
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len() / self.fields.len().max(1)
    }

    /// Makes sure that a part of a field has its numbers.
    pub(crate) fn prepare_part(&mut self, field: usize, part: Part) {
        let kind = self.fields[field].kind;
        let dictionary = self.fields[field].dictionary;
        self.dictionaries[dictionary].prepare_part(kind, part);
    }

    /// The number of a part of a record's value; 0 when missing.
    pub(crate) fn part(&self, field: usize, part: Part) -> Option<&[u32]> {
        self.dictionary(field).part(part)
    }
}

impl Dictionary {
    /// The numbers of a part; nothing for whole values, which are their own numbers.
    fn part(&self, part: Part) -> Option<&[u32]> {
        self.parts
            .iter()
            .find(|(known, _)| *known == part)
            .map(|(_, numbers)| numbers.as_slice())
    }

    fn prepare_part(&mut self, kind: Kind, part: Part) {
        if part == Part::Whole || self.part(part).is_some() {
            return;
        }
        let numbers = match (&self.forms, part) {
            (Forms::Names { sound, .. }, Part::Sound) => sound.clone(),
            (Forms::Dates(dates), Part::Year | Part::YearMonth | Part::MonthDay) => dates
                .iter()
                .map(|date| date.map_or(MISSING, |date| date_part(date, part)))
                .collect(),
            (_, _) => {
                let mut numbers = Numbers::default();
                let text = |value: &str| text_part(kind, part, value);
                self.values
                    .iter()
                    .map(|value| text(value).map_or(MISSING, |text| numbers.number(&text)))
                    .collect()
            }
        };
        self.parts.push((part, numbers));
    }
}

fn date_part(date: Date, part: Part) -> u32 {
    let (year, month, day) = (
        u32::from(date.year),
        u32::from(date.month),
        u32::from(date.day),
    );
    1 + match part {
        Part::Year => year,
        Part::YearMonth => year * 100 + month,
        Part::MonthDay => month * 100 + day,
        Part::Whole | Part::Sound | Part::Head | Part::Tail => year * 10_000 + month * 100 + day,
    }
}

/// The part of a text by which records are brought together.
fn text_part(kind: Kind, part: Part, value: &str) -> Option<String> {
    let letters: Vec<char> = value.chars().filter(|letter| *letter != ' ').collect();
    let length = match kind {
        Kind::Code => letters.len().div_ceil(2),
        Kind::PostCode => letters.len().div_ceil(2),
        _ => HEAD_LETTERS,
    };
    if letters.len() < length.max(1) {
        return None;
    }
    match part {
        Part::Tail => Some(letters[letters.len() - length..].iter().collect()),
        _ => Some(letters[..length].iter().collect()),
    }
}

/// The letters of a head or a tail: short enough that one typing error spares one of the two in most names.
const HEAD_LETTERS: usize = 4;

/// Texts numbered from 1.
#[derive(Default)]
struct Numbers {
    values: Values,
    hashes: Vec<u64>,
    table: HashTable<u32>,
}

impl Numbers {
    fn number(&mut self, text: &str) -> u32 {
        if self.values.is_empty() {
            self.values.push("");
            self.hashes.push(0);
        }
        let Numbers {
            values,
            hashes,
            table,
        } = self;
        let hash = hash(text);
        let known = table.find(hash, |place| {
            hashes[*place as usize] == hash && values.get(*place) == text
        });
        if let Some(place) = known {
            return *place;
        }
        let place = values.push(text).expect("parts are shorter than values");
        hashes.push(hash);
        table.insert_unique(hash, place, |place| hashes[*place as usize]);
        place
    }
}

/// Prepares the fields of all records.
pub(crate) fn prepare(data: &Data, fields: &[Field]) -> Records {
    // Given names and surnames share one dictionary: some records hold them exchanged.
    let is_name = |kind: Kind| matches!(kind, Kind::GivenName | Kind::Surname);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut prepared = Vec::new();
    for (nth, field) in fields.iter().enumerate() {
        let same = |group: &&mut Vec<usize>| {
            let kind = fields[group[0]].kind;
            (is_name(kind) && is_name(field.kind)) || (kind == field.kind && shares(kind))
        };
        let dictionary = match groups.iter_mut().position(|mut group| same(&&mut group)) {
            Some(known) => {
                groups[known].push(nth);
                known
            }
            None => {
                groups.push(vec![nth]);
                groups.len() - 1
            }
        };
        prepared.push(Prepared {
            kind: field.kind,
            dictionary,
        });
    }
    let made: Vec<(Dictionary, Vec<Vec<u32>>)> = groups
        .par_iter()
        .map(|group| {
            let members: Vec<&Field> = group.iter().map(|field| &fields[*field]).collect();
            dictionary(data, &members)
        })
        .collect();
    let mut numbers: Vec<Vec<u32>> = fields.iter().map(|_| Vec::new()).collect();
    let mut dictionaries = Vec::new();
    for (group, (dictionary, of_fields)) in groups.iter().zip(made) {
        dictionaries.push(dictionary);
        for (field, of_field) in group.iter().zip(of_fields) {
            numbers[*field] = of_field;
        }
    }
    Records {
        rows: rows(data, fields, &numbers),
        fields: prepared,
        dictionaries,
    }
}

/// Whether two columns of a kind may hold one another's values.
fn shares(kind: Kind) -> bool {
    matches!(kind, Kind::Street | Kind::Text)
}

/// The different values of some columns, and for each column the number of each of its own values.
fn dictionary(data: &Data, fields: &[&Field]) -> (Dictionary, Vec<Vec<u32>>) {
    let mut known = Numbers::default();
    known.values.push("");
    known.hashes.push(0);
    let kind = fields[0].kind;
    let mut sounds = Numbers::default();
    let mut sound = vec![MISSING];
    let mut firsts: Vec<String> = vec![String::new()];
    let of_fields: Vec<Vec<u32>> = fields
        .iter()
        .map(|field| {
            let column = data.column(&field.column).expect("a field has its column");
            column
                .values
                .iter()
                .map(|raw| match field.kind {
                    Kind::GivenName | Kind::Surname => {
                        let name = match field.kind {
                            Kind::Surname => Name::surname(raw),
                            _ => Name::given(raw),
                        };
                        let Some(name) = name else { return MISSING };
                        let number = known.number(name.whole());
                        if number as usize == sound.len() {
                            sound.push(sounds.number(&name.sound()));
                            firsts.push(name.first().to_owned());
                        }
                        number
                    }
                    _ => plain(field.kind, raw).map_or(MISSING, |text| known.number(&text)),
                })
                .collect()
        })
        .collect();
    let values = known.values.clone();
    let forms = match kind {
        Kind::GivenName | Kind::Surname => Forms::Names {
            sound,
            first: firsts
                .iter()
                .map(|first| match first.is_empty() {
                    true => MISSING,
                    false => known.number(first),
                })
                .collect(),
        },
        Kind::BirthDate => Forms::Dates(values.iter().map(read_date).collect()),
        Kind::Number => Forms::Numbers(
            values
                .iter()
                .map(|value| value.parse().unwrap_or(f64::NAN))
                .collect(),
        ),
        _ => Forms::Texts,
    };
    let signatures = values.iter().map(Signature::of).collect();
    (
        Dictionary {
            values,
            signatures,
            forms,
            parts: Vec::new(),
        },
        of_fields,
    )
}

fn read_date(digits: &str) -> Option<Date> {
    let parts: Vec<u16> = digits
        .split('-')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    Some(Date {
        year: *year,
        month: u8::try_from(*month).ok()?,
        day: u8::try_from(*day).ok()?,
    })
}

fn rows(data: &Data, fields: &[Field], numbers: &[Vec<u32>]) -> Vec<u32> {
    let width = fields.len();
    let mut rows = vec![MISSING; width * data.len()];
    let columns: Vec<&[u32]> = fields
        .iter()
        .map(|field| {
            let column = data.column(&field.column).expect("a field has its column");
            column.cells.as_slice()
        })
        .collect();
    const RECORDS: usize = 4096;
    rows.par_chunks_mut(width * RECORDS)
        .enumerate()
        .for_each(|(chunk, rows)| {
            for (nth, row) in rows.chunks_mut(width).enumerate() {
                let record = chunk * RECORDS + nth;
                for ((place, cells), numbers) in row.iter_mut().zip(&columns).zip(numbers) {
                    *place = numbers[cells[record] as usize];
                }
            }
        });
    rows
}
