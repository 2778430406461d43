//! Each field brought to its normal form: every different value once, with what its comparison needs.
//!
//! **Invariant:** values are numbered in the order in which the records have them, so that the numbers do not depend on the order of the rows.

use std::borrow::Cow;
use std::hint::black_box;

use std::ops::Range;

use hashbrown::HashTable;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use wdl_encoding::code;
use wdl_encoding::compare::{
    Date, DateOrder, HouseNumber, Signature, Street, read_date_in, read_number,
};
use wdl_encoding::names::{self, Forms as NameForms, Role};

use crate::data::{Data, Values, hash};
use crate::model::{Field, Kind, Part};
use crate::vectors::Vector;

/// A value that is missing.
pub(crate) const MISSING: u32 = 0;

/// What is known of each value, for its kind.
pub(crate) enum Forms {
    /// Names: how each sounds, and its parts led back to usual forms.
    Names { sound: Vec<u32>, roots: Slices },
    /// Days.
    Dates(Vec<Option<Date>>),
    /// Streets: the name without kind and number, and whether both are there.
    Streets { name: Vec<u32>, whole: Vec<bool> },
    /// House numbers, where they can be read as one.
    Houses(Vec<Option<HouseNumber>>),
    /// Codes, and which are tax codes without a fault.
    Codes(Vec<bool>),
    /// Quantities.
    Numbers(Vec<f64>),
    /// Bit vectors.
    Vectors(Vec<Option<Vector>>),
    /// Nothing but the text.
    Texts,
}

/// Numbers of parts, for one value after another.
#[derive(Default)]
pub(crate) struct Slices {
    numbers: Vec<u32>,
    ends: Vec<u32>,
}

impl Slices {
    fn push(&mut self, numbers: impl IntoIterator<Item = u32>) {
        self.numbers.extend(numbers);
        self.ends.push(self.numbers.len() as u32);
    }

    #[inline]
    pub(crate) fn of(&self, value: u32) -> &[u32] {
        let value = value as usize;
        let start = value.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[start as usize..self.ends[value] as usize]
    }
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
    /// For each field, the places of the raw values that say nothing or cannot be read.
    pub(crate) silent: Vec<Vec<u32>>,
    /// The number of the value of each field, record after record.
    rows: Vec<u32>,
    /// Records whose values of two fields have changed places.
    exchanged: Vec<(Range<u32>, (usize, usize))>,
}

impl Records {
    pub(crate) fn row(&self, record: u32) -> &[u32] {
        let width = self.fields.len();
        let start = record as usize * width;
        &self.rows[start..start + width]
    }

    /// Asks memory for the rows of several pairs at once: they stand anywhere, and waiting for each in its turn is most of what looking at it costs.
    pub(crate) fn ask(&self, pairs: &[(u32, u32)]) {
        let width = self.fields.len();
        // A row may begin in one line of memory and end in the next.
        let ends = |record: u32| {
            let start = record as usize * width;
            self.rows[start] ^ self.rows[start + width - 1]
        };
        let all = pairs.iter().map(|(a, b)| ends(*a) ^ ends(*b));
        black_box(all.fold(0, |all, one| all ^ one));
    }

    pub(crate) fn dictionary(&self, field: usize) -> &Dictionary {
        &self.dictionaries[self.fields[field].dictionary]
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len() / self.fields.len().max(1)
    }

    /// Makes values of a field missing, wherever they stand.
    pub(crate) fn forget(&mut self, field: usize, values: &[u32]) {
        if values.is_empty() {
            return;
        }
        let width = self.fields.len();
        for value in self.rows.iter_mut().skip(field).step_by(width) {
            if values.contains(value) {
                *value = MISSING;
            }
        }
    }

    /// For each record the number of its tax code without a fault, 0 for none; nothing when no field holds such codes.
    pub(crate) fn faultless_codes(&self) -> Option<Vec<u32>> {
        let has_codes = |field: &usize| match &self.dictionary(*field).forms {
            Forms::Codes(faultless) => faultless.contains(&true),
            _ => false,
        };
        let field = (0..self.fields.len()).find(has_codes)?;
        let Forms::Codes(faultless) = &self.dictionary(field).forms else {
            return None;
        };
        let code = |record: u32| {
            let value = self.row(record)[field];
            if faultless[value as usize] {
                value
            } else {
                MISSING
            }
        };
        Some((0..self.len() as u32).map(code).collect())
    }

    /// Lets the values of two fields that share a dictionary change places in some records.
    pub(crate) fn exchange(&mut self, records: Range<u32>, (one, other): (usize, usize)) {
        let width = self.fields.len();
        for record in records.clone() {
            let start = record as usize * width;
            self.rows.swap(start + one, start + other);
        }
        self.exchanged.push((records, (one, other)));
    }

    /// Whether the values of two fields have changed places in a record.
    pub(crate) fn is_exchanged(&self, record: u32, pair: (usize, usize)) -> bool {
        let mut exchanged = self.exchanged.iter();
        exchanged.any(|(records, of)| *of == pair && records.contains(&record))
    }

    /// Whether some days of a field have their century and others have not: one day is then written in two ways.
    pub(crate) fn may_lack_century(&self, field: usize) -> bool {
        let Forms::Dates(dates) = &self.dictionary(field).forms else {
            return false;
        };
        let has = |is_known: bool| {
            let mut days = dates.iter().flatten();
            days.any(|date| date.is_century_known() == is_known)
        };
        has(true) && has(false)
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
    /// Asks memory for what comparisons of some values read first, all at once; few values are near as they are.
    pub(crate) fn ask(&self, values: impl Iterator<Item = u32>) {
        const FEW: usize = 1 << 14;
        if self.values.len() < FEW {
            return;
        }
        let values = values.map(|value| value as usize);
        let sign = |place: usize| usize::from(self.signatures[place] == self.signatures[0]);
        let all = match &self.forms {
            Forms::Names { sound, roots } => sum(values
                .map(|place| sign(place) ^ sound[place] as usize ^ roots.ends[place] as usize)),
            Forms::Streets { name, .. } => {
                sum(values.map(|place| sign(place) ^ name[place] as usize))
            }
            Forms::Dates(dates) => sum(values.map(|place| usize::from(dates[place].is_some()))),
            Forms::Codes(faultless) => sum(values.map(|place| usize::from(faultless[place]))),
            Forms::Numbers(numbers) => sum(values.map(|place| numbers[place].to_bits() as usize)),
            Forms::Houses(houses) => sum(values.map(|place| usize::from(houses[place].is_some()))),
            Forms::Vectors(vectors) => {
                sum(values.map(|place| usize::from(vectors[place].is_some())))
            }
            Forms::Texts => sum(values.map(sign)),
        };
        black_box(all);
    }

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
                let mut numbers = PartNumbers::default();
                let mut number = |value| Some(numbers.number(&text_part(kind, part, value)?));
                self.values
                    .iter()
                    .map(|value| number(value).unwrap_or(MISSING))
                    .collect()
            }
        };
        self.parts.push((part, numbers));
    }
}

/// One number of all: nothing that was read can be left out.
fn sum(all: impl Iterator<Item = usize>) -> usize {
    all.fold(0, |all, one| all ^ one)
}

fn date_part(date: Date, part: Part) -> u32 {
    let (year, month, day) = (
        u32::from(date.year()),
        u32::from(date.month()),
        u32::from(date.day()),
    );
    1 + match part {
        Part::Year => year,
        Part::YearMonth => year * 100 + month,
        Part::MonthDay => month * 100 + day,
        Part::Whole | Part::Sound | Part::Head | Part::Tail => year * 10_000 + month * 100 + day,
    }
}

/// The part of a text by which records are brought together.
fn text_part(kind: Kind, part: Part, value: &str) -> Option<Cow<'_, str>> {
    let is_plain = value.is_ascii() && !value.contains(' ');
    let count = match is_plain {
        true => value.len(),
        false => letters(value).count(),
    };
    let length = match kind {
        Kind::Code | Kind::PostCode => count.div_ceil(2),
        _ => HEAD_LETTERS,
    };
    if count < length.max(1) {
        return None;
    }
    let skipped = match part {
        Part::Tail => count - length,
        _ => 0,
    };
    Some(match is_plain {
        true => Cow::Borrowed(&value[skipped..skipped + length]),
        false => letters(value).skip(skipped).take(length).collect(),
    })
}

fn letters(value: &str) -> impl Iterator<Item = char> {
    value.chars().filter(|letter| *letter != ' ')
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
    /// With the missing value in place 0, and room for so many texts of so many bytes in all.
    fn begun(texts: usize, bytes: usize) -> Numbers {
        let mut numbers = Numbers {
            values: Values::with_room(texts, bytes),
            hashes: Vec::with_capacity(texts),
            table: HashTable::with_capacity(texts),
        };
        numbers.values.push("");
        numbers.hashes.push(0);
        numbers
    }

    fn number(&mut self, text: &str) -> u32 {
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

/// Parts of texts numbered from 1: most are so short that the text itself is its key.
#[derive(Default)]
struct PartNumbers {
    short: FxHashMap<u64, u32>,
    long: FxHashMap<Box<str>, u32>,
}

impl PartNumbers {
    fn number(&mut self, text: &str) -> u32 {
        let next = (self.short.len() + self.long.len()) as u32 + 1;
        let bytes = text.as_bytes();
        let mut key = [0; 8];
        match key.get_mut(..bytes.len()) {
            // No text holds a zero, so a shorter one is never another one's key.
            Some(start) => {
                start.copy_from_slice(bytes);
                *self.short.entry(u64::from_le_bytes(key)).or_insert(next)
            }
            None => match self.long.get(text) {
                Some(number) => *number,
                None => *self.long.entry(text.into()).or_insert(next),
            },
        }
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
        let dictionary = match groups.iter_mut().position(|mut group| same(&mut group)) {
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
    let silent = |numbers: &Vec<u32>| {
        let places = (0_u32..).zip(numbers).skip(1);
        let silent = places.filter(|(_, number)| **number == MISSING);
        silent.map(|(place, _)| place).collect()
    };
    Records {
        silent: numbers.iter().map(silent).collect(),
        rows: rows(data, fields, &numbers),
        exchanged: Vec::new(),
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
    let mut reader = Reader::of(fields[0].kind, data, fields);
    let of_fields: Vec<Vec<u32>> = fields
        .iter()
        .map(|field| {
            let column = data.column(&field.column).expect("a field has its column");
            column
                .values
                .iter()
                .map(|raw| reader.number(field.kind, raw))
                .collect()
        })
        .collect();
    (reader.finish(), of_fields)
}

/// Reads raw values of one kind into numbers, keeping what each new one needs.
struct Reader {
    known: Numbers,
    parts: Numbers,
    order: DateOrder,
    forms: Forms,
}

impl Reader {
    fn of(kind: Kind, data: &Data, fields: &[&Field]) -> Reader {
        let columns = || fields.iter().filter_map(|field| data.column(&field.column));
        let mut order = DateOrder::default();
        let forms = match kind {
            Kind::GivenName | Kind::Surname | Kind::FullName | Kind::Place => {
                let mut roots = Slices::default();
                roots.push([]);
                Forms::Names {
                    sound: vec![MISSING],
                    roots,
                }
            }
            Kind::BirthDate => {
                order = DateOrder::of(columns().flat_map(|column| column.values.iter()));
                Forms::Dates(vec![None])
            }
            Kind::Street => Forms::Streets {
                name: vec![MISSING],
                whole: vec![false],
            },
            Kind::HouseNumber => Forms::Houses(vec![None]),
            Kind::Number => Forms::Numbers(vec![f64::NAN]),
            Kind::Code => Forms::Codes(vec![false]),
            Kind::Clk => Forms::Vectors(vec![None]),
            Kind::Sex | Kind::PostCode | Kind::Text | Kind::Category => Forms::Texts,
        };
        let texts = columns().map(|column| column.values.len()).max();
        let bytes = columns().map(|column| column.values.bytes()).max();
        Reader {
            known: Numbers::begun(texts.unwrap_or(0), bytes.unwrap_or(0)),
            parts: Numbers::begun(1, 0),
            order,
            forms,
        }
    }

    /// The number of a raw value; missing when it says nothing.
    fn number(&mut self, kind: Kind, raw: &str) -> u32 {
        let Reader {
            known,
            parts,
            order,
            forms,
        } = self;
        let before = known.values.len() as u32;
        match forms {
            Forms::Names { sound, roots } => {
                let role = match kind {
                    Kind::Surname => Role::Surname,
                    Kind::GivenName => Role::Given,
                    Kind::Place => Role::Place,
                    _ => Role::Full,
                };
                let Some(name) = NameForms::of(raw, role) else {
                    return MISSING;
                };
                let number = known.number(&name.joined());
                if number == before {
                    sound.push(parts.number(&name.sound()));
                    roots.push(name.roots().iter().map(|root| parts.number(root)));
                }
                number
            }
            Forms::Dates(dates) => {
                let date = read_date_in(raw, *order).filter(|date| !date.is_placeholder());
                let Some(date) = date else { return MISSING };
                let digits = date.digits();
                let text = str::from_utf8(&digits).expect("digits are text");
                let number = known.number(text);
                if number == before {
                    dates.push(Some(date));
                }
                number
            }
            Forms::Streets { name, whole } => {
                let Some(street) = Street::of(raw) else {
                    return MISSING;
                };
                let mut text = street.whole();
                if let Some(house) = street.number() {
                    text += &format!(" {}{}", house.number(), house.suffix());
                }
                let number = known.number(&text);
                if number == before {
                    name.push(parts.number(street.name()));
                    whole.push(!street.kind().is_empty() && street.number().is_some());
                }
                number
            }
            Forms::Houses(houses) => {
                let Some(text) = folded(raw, kind) else {
                    return MISSING;
                };
                let number = known.number(&text);
                if number == before {
                    houses.push(HouseNumber::of(raw));
                }
                number
            }
            Forms::Numbers(numbers) => {
                let Some(quantity) = read_number(raw) else {
                    return MISSING;
                };
                let number = known.number(&quantity.to_string());
                if number == before {
                    numbers.push(quantity);
                }
                number
            }
            Forms::Vectors(vectors) => {
                let Some(vector) = Vector::read(raw) else {
                    return MISSING;
                };
                let number = known.number(&vector.key());
                if number == before {
                    vectors.push(Some(vector));
                }
                number
            }
            Forms::Codes(faultless) => {
                let Some(text) = folded(raw, kind) else {
                    return MISSING;
                };
                let is_faultless = code::is_faultless(&text);
                let number = match is_faultless {
                    true => known.number(&code::as_first_issued(&text)),
                    false => known.number(&text),
                };
                if number == before {
                    faultless.push(is_faultless);
                }
                number
            }
            Forms::Texts => match folded(raw, kind) {
                Some(text) => known.number(&text),
                None => MISSING,
            },
        }
    }

    fn finish(self) -> Dictionary {
        let values = self.known.values;
        Dictionary {
            signatures: values.iter().map(Signature::of).collect(),
            values,
            forms: self.forms,
            parts: Vec::new(),
        }
    }
}

/// Letters and digits in capitals; nothing when there are none or they only fill the cell.
fn folded(raw: &str, kind: Kind) -> Option<String> {
    let keep_blanks = kind == Kind::Text;
    let mut text = String::with_capacity(raw.len());
    let mut has_digit = false;
    let mut blank = false;
    for letter in raw.chars() {
        if !letter.is_alphanumeric() {
            blank = true;
            continue;
        }
        if blank && keep_blanks && !text.is_empty() {
            text.push(' ');
        }
        blank = false;
        has_digit |= letter.is_ascii_digit();
        match letter.is_ascii() {
            true => text.push(letter.to_ascii_uppercase()),
            false => text.extend(letter.to_uppercase()),
        }
    }
    let mut letters = text.bytes();
    let first = letters.next()?;
    // 2222 is a post code like another; nobody lives at 0000.
    let may_fill = kind != Kind::PostCode || matches!(first, b'0' | b'9' | b'X');
    let is_one_repeated = text.len() > 3 && may_fill && letters.all(|letter| letter == first);
    let is_filler = is_one_repeated || (!has_digit && names::is_placeholder(raw));
    (!is_filler).then_some(text)
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
