//! The encoding of whole columns: each different value is brought to its form and cut once, each gram is hashed once for each salt.
//!
//! Rows of one salt are encoded together, so that what was hashed for it is near at hand; the vectors are those of [`SchemaEncoder::encode`].

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use zeroize::{Zeroize as _, Zeroizing};

use super::super::plan::{FieldPlan, Plan, mark, salted};
use super::super::{Bits, CLK_BYTES, FIELDS_MIN, WORDS, bytes, grams};
use super::encoder::{SchemaEncoder, salt_of};
use crate::recipe::Grams;

/// One field of all rows: its different values, each once, and the place of each row's value among them.
#[derive(Clone, Copy)]
pub struct FieldCells<'a> {
    /// The values as the file has them; an empty one is missing.
    pub values: &'a [&'a str],
    /// The place of each row's value.
    pub cells: &'a [u32],
}

/// The vectors of all rows, for one filter of a schema.
#[derive(Clone)]
pub struct Vectors {
    /// A vector for each row, of noughts when it is missing.
    pub bits: Vec<[u8; CLK_BYTES]>,
    /// Whether a row has it.
    pub present: Vec<bool>,
}

/// A row without a salt: it has no vector.
pub(super) const NO_SALT: u32 = u32::MAX;

impl SchemaEncoder {
    /// The vectors of all rows, one [`Vectors`] for each filter; the columns stand in the order of the schema's fields.
    ///
    /// # Panics
    /// When the columns are not as many as the fields, or differ in length.
    pub fn encode_columns(&self, columns: &[FieldCells<'_>]) -> Vec<Vectors> {
        let mut cut = self.cut_all(columns);
        let salts = self.salts_of(&cut);
        self.vectors_of(&salts, &mut cut)
    }

    /// Each column in its form and cut.
    pub(super) fn cut_all<'a>(&self, columns: &[FieldCells<'a>]) -> Vec<CutColumn<'a>> {
        assert_eq!(columns.len(), self.forms.len(), "a column for each field");
        let rows = columns.first().map_or(0, |column| column.cells.len());
        assert!(columns.iter().all(|column| column.cells.len() == rows));
        let each = columns.iter().enumerate();
        each.map(|(nth, column)| self.cut(nth, column)).collect()
    }

    /// The salts of each filter.
    pub(super) fn salts_of(&self, cut: &[CutColumn<'_>]) -> Vec<Salts> {
        let rows = cut.first().map_or(0, |column| column.cells.len());
        let enough: Vec<bool> = (0..rows)
            .map(|row| {
                let present = cut.iter().filter(|column| column.value(row).is_some());
                present.count() >= FIELDS_MIN.min(cut.len())
            })
            .collect();
        let filters = self.filters.iter();
        let salts = filters.map(|(salt, _)| {
            Salts::of(rows, |row| {
                enough[row]
                    .then(|| salt_of(salt, |field| cut[field].value(row)))
                    .flatten()
            })
        });
        salts.collect()
    }

    /// The vectors of each filter.
    pub(super) fn vectors_of(&self, salts: &[Salts], cut: &mut [CutColumn<'_>]) -> Vec<Vectors> {
        let filters = self.filters.iter().zip(salts);
        filters
            .map(|((_, plan), salts)| filter(plan, salts, cut))
            .collect()
    }

    fn cut<'a>(&self, nth: usize, column: &FieldCells<'a>) -> CutColumn<'a> {
        let normals: Vec<Zeroizing<String>> = column
            .values
            .iter()
            .map(|value| {
                let normal = self.forms[nth].normal_in(value, self.orders[nth]);
                normal.unwrap_or_default()
            })
            .collect();
        CutColumn::new(self.grams[nth], normals, column.cells)
    }
}

/// A column in its form, each value as the grams it has.
pub(super) struct CutColumn<'a> {
    cells: &'a [u32],
    normals: Vec<Zeroizing<String>>,
    /// The grams of all values one after another, by their place in `names`.
    grams: Zeroizing<Vec<u32>>,
    /// Where the grams of each value end.
    ends: Vec<usize>,
    /// The different grams.
    names: Vec<Zeroizing<String>>,
    /// What each gram draws under the salt at hand, and for which salt it was drawn.
    drawn: Zeroizing<Vec<u8>>,
    drawn_for: Vec<u32>,
}

impl<'a> CutColumn<'a> {
    fn new(how: Grams, normals: Vec<Zeroizing<String>>, cells: &'a [u32]) -> CutColumn<'a> {
        let mut places: HashMap<Vec<u8>, u32, FxBuildHasher> = HashMap::default();
        let mut names: Vec<Zeroizing<String>> = Vec::new();
        let mut all = Zeroizing::new(Vec::new());
        let mut ends = Vec::with_capacity(normals.len());
        for normal in &normals {
            if !normal.is_empty() {
                grams::each(how, normal, |gram| {
                    let place = match places.get(gram.as_bytes()) {
                        Some(place) => *place,
                        None => {
                            let place = u32::try_from(names.len()).expect("fewer than values");
                            names.push(Zeroizing::new(gram.to_owned()));
                            places.insert(gram.as_bytes().to_vec(), place);
                            place
                        }
                    };
                    all.push(place);
                });
            }
            ends.push(all.len());
        }
        places.drain().for_each(|(mut gram, _)| gram.zeroize());
        CutColumn {
            cells,
            normals,
            grams: all,
            ends,
            names,
            drawn: Zeroizing::default(),
            drawn_for: Vec::new(),
        }
    }

    pub(super) fn value(&self, row: usize) -> Option<&str> {
        let normal = self.normals[self.cells[row] as usize].as_str();
        (!normal.is_empty()).then_some(normal)
    }

    /// Whether two rows hold different values.
    pub(super) fn differs(&self, (a, b): (usize, usize)) -> bool {
        self.cells[a] != self.cells[b] && self.value(a) != self.value(b)
    }

    /// Adds the bits of a row's value under a salt that no other row is likely to have.
    pub(super) fn add_once(&self, row: usize, field: &FieldPlan, salt: &[u8], bits: &mut Bits) {
        let mut message = Zeroizing::new(Vec::with_capacity(256));
        let mut drawn = Zeroizing::new(Vec::with_capacity(field.drawn_bytes() + 64));
        for gram in self.grams_of(row) {
            message.clear();
            salted(&mut message, salt);
            message.extend_from_slice(self.names[*gram as usize].as_bytes());
            field.draw(&message, &mut drawn);
            mark(&drawn, bits);
        }
    }

    fn grams_of(&self, row: usize) -> &[u32] {
        let value = self.cells[row] as usize;
        let start = value.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.grams[start..self.ends[value]]
    }

    /// Nothing is drawn yet for this field.
    fn begin(&mut self, field: &FieldPlan) {
        self.drawn.zeroize();
        self.drawn.resize(self.names.len() * field.drawn_bytes(), 0);
        self.drawn_for.clear();
        self.drawn_for.resize(self.names.len(), NO_SALT);
    }

    /// Adds the bits of a row's value under a salt.
    fn add(
        &mut self,
        row: usize,
        field: &FieldPlan,
        (number, salt): (u32, &[u8]),
        bits: &mut Bits,
    ) {
        let value = self.cells[row] as usize;
        let start = value.checked_sub(1).map_or(0, |before| self.ends[before]);
        let size = field.drawn_bytes();
        for gram in &self.grams[start..self.ends[value]] {
            let gram = *gram as usize;
            let place = gram * size..(gram + 1) * size;
            if self.drawn_for[gram] != number {
                let mut message = Zeroizing::new(Vec::with_capacity(256));
                salted(&mut message, salt);
                message.extend_from_slice(self.names[gram].as_bytes());
                let mut drawn = Zeroizing::new(Vec::with_capacity(size + 64));
                field.draw(&message, &mut drawn);
                self.drawn[place.clone()].copy_from_slice(&drawn);
                self.drawn_for[gram] = number;
            }
            mark(&self.drawn[place], bits);
        }
    }
}

/// The salts of all rows, and the rows of each one after another.
pub(super) struct Salts {
    salts: Vec<Zeroizing<Vec<u8>>>,
    /// The rows that have one, with its number, in the order of the numbers.
    pub(super) rows: Vec<(u32, u32)>,
    pub(super) count: usize,
}

impl Salts {
    fn of(count: usize, salt: impl Fn(usize) -> Option<Zeroizing<Vec<u8>>>) -> Salts {
        let mut numbers: HashMap<Vec<u8>, u32, FxBuildHasher> = HashMap::default();
        let mut salts: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        let mut rows = Vec::with_capacity(count);
        for row in 0..count {
            let Some(salt) = salt(row) else {
                continue;
            };
            let number = match numbers.get(salt.as_slice()) {
                Some(number) => *number,
                None => {
                    let number = u32::try_from(salts.len()).expect("fewer than rows");
                    numbers.insert(salt.to_vec(), number);
                    salts.push(salt);
                    number
                }
            };
            rows.push((number, u32::try_from(row).expect("rows have numbers")));
        }
        numbers.drain().for_each(|(mut salt, _)| salt.zeroize());
        rows.sort_unstable();
        Salts { salts, rows, count }
    }

    /// For each row the number of its salt.
    pub(super) fn number_of_each(&self) -> Vec<u32> {
        let mut numbers = vec![NO_SALT; self.count];
        for (number, row) in &self.rows {
            numbers[*row as usize] = *number;
        }
        numbers
    }
}

fn filter(plan: &Plan, salts: &Salts, cut: &mut [CutColumn<'_>]) -> Vectors {
    let mut vectors = Vectors {
        bits: vec![[0; CLK_BYTES]; salts.count],
        present: vec![false; salts.count],
    };
    for (column, field) in cut.iter_mut().zip(&plan.fields) {
        column.begin(field);
    }
    for (number, row) in &salts.rows {
        let row = *row as usize;
        let salt = salts.salts[*number as usize].as_slice();
        let mut bits: Bits = [0; WORDS];
        for (column, field) in cut.iter_mut().zip(&plan.fields) {
            column.add(row, field, (*number, salt), &mut bits);
        }
        vectors.bits[row] = bytes(&plan.spread(&bits));
        vectors.present[row] = true;
    }
    vectors
}
