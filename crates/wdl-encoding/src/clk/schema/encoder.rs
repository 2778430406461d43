//! The encoding of the rows of plain files by a schema.

use zeroize::{Zeroize as _, Zeroizing};

use super::super::cache::{Cache, Known};
use super::super::plan::{Plan, Share};
use super::super::{CLK_BYTES, FIELDS_MIN, bytes};
use super::{Cut, NormalForm, Schema};
use crate::compare::DateOrder;
use crate::key::EncodingKey;
use crate::recipe::Grams;

/// Encodes the rows of plain files.
pub struct SchemaEncoder {
    pub(super) forms: Vec<NormalForm>,
    /// In which order each field's dates are written.
    pub(super) orders: Vec<DateOrder>,
    pub(super) grams: Vec<Grams>,
    pub(super) filters: Vec<(Vec<(usize, Cut)>, Plan)>,
}

/// What was hashed and brought to its form before; one for each thread and encoder.
#[derive(Default)]
pub struct RecordCache {
    hashed: Cache,
    forms: Known,
    record: Zeroizing<String>,
    ends: Vec<usize>,
    key: Zeroizing<Vec<u8>>,
}

impl SchemaEncoder {
    /// Draws the keys of every vector's fields and diffusion from the project's key.
    ///
    /// A salt of a field that the schema does not have is left out: [`Schema::read`] refuses it.
    pub fn new(schema: &Schema, key: &EncodingKey) -> SchemaEncoder {
        let fingerprint = schema.fingerprint();
        let shares: Vec<Share<'_>> = schema
            .fields
            .iter()
            .map(|field| Share {
                purpose: &field.name,
                grams: field.grams,
                weight: field.weight,
                grams_mean: field.grams_mean,
            })
            .collect();
        let place = |name: &str| schema.fields.iter().position(|field| field.name == name);
        let filters = schema.filters.iter().enumerate().map(|(nth, filter)| {
            let number = u8::try_from(nth).expect("a schema has few vectors");
            let salt = filter.salt.iter();
            let salt = salt.filter_map(|part| Some((place(&part.field)?, part.cut)));
            let prf = |purpose: &str| {
                key.prf(&[b"clk-schema", &fingerprint.0, &[number], purpose.as_bytes()])
            };
            let plan = Plan::new(number, (schema.fill, schema.diffusion), &shares, prf);
            (salt.collect(), plan)
        });
        SchemaEncoder {
            forms: schema.fields.iter().map(|field| field.form).collect(),
            orders: vec![DateOrder::DayFirst; schema.fields.len()],
            grams: schema.fields.iter().map(|field| field.grams).collect(),
            filters: filters.collect(),
        }
    }

    /// The same for a file whose dates are written in these orders, one for each field; the day comes first where nothing is said.
    ///
    /// # Panics
    /// When the orders are not as many as the fields.
    pub fn dates_in(self, orders: Vec<DateOrder>) -> SchemaEncoder {
        assert_eq!(orders.len(), self.forms.len(), "an order for each field");
        SchemaEncoder { orders, ..self }
    }

    /// The vectors of a row whose cells stand in the order of the schema's fields, empty when missing.
    ///
    /// A vector is missing when its salt is, or when fewer than three fields are there.
    pub fn encode<'c>(
        &self,
        cache: &mut RecordCache,
        cells: impl IntoIterator<Item = &'c str>,
    ) -> Vec<Option<[u8; CLK_BYTES]>> {
        let present = self.bring_to_form(cache, cells);
        let RecordCache {
            hashed,
            record,
            ends,
            ..
        } = cache;
        let field = |nth: usize| {
            let start = if nth == 0 { 0 } else { ends[nth - 1] };
            let value = &record[start..ends[nth]];
            (!value.is_empty()).then_some(value)
        };
        let is_enough = present >= FIELDS_MIN.min(self.forms.len());
        let vectors = self.filters.iter().map(|(salt, plan)| {
            let salt = is_enough.then(|| salt_of(salt, field)).flatten()?;
            let values = (0..self.forms.len()).map(field);
            Some(bytes(&plan.vector(hashed, &salt, values)))
        });
        vectors.collect()
    }

    /// Puts each cell's form into the cache's record; how many are there.
    fn bring_to_form<'c>(
        &self,
        cache: &mut RecordCache,
        cells: impl IntoIterator<Item = &'c str>,
    ) -> usize {
        let RecordCache {
            forms,
            record,
            ends,
            key,
            ..
        } = cache;
        record.clear();
        ends.clear();
        let mut present = 0;
        let mut cells = cells.into_iter();
        for (form, order) in self.forms.iter().zip(&self.orders) {
            let cell = cells.next().unwrap_or("");
            if !cell.is_empty() {
                key.clear();
                key.push(*form as u8);
                key.push(*order as u8);
                key.extend_from_slice(cell.as_bytes());
                match forms.get(key) {
                    Some(known) => {
                        record.push_str(std::str::from_utf8(known).expect("it was text"));
                    }
                    None => {
                        let normal = form.normal_in(cell, *order).unwrap_or_default();
                        forms.keep(key, normal.as_bytes());
                        record.push_str(&normal);
                    }
                }
            }
            let start = ends.last().copied().unwrap_or(0);
            present += usize::from(record.len() > start);
            ends.push(record.len());
        }
        present
    }
}

/// The salt of a record; nothing when a part is missing.
pub(super) fn salt_of<'r>(
    salt: &[(usize, Cut)],
    field: impl Fn(usize) -> Option<&'r str>,
) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    for (place, cut) in salt {
        let part = cut.of(field(*place)?);
        if part.is_empty() {
            return None;
        }
        // Two parts never run into one another: no form holds this byte.
        bytes.push(0);
        bytes.extend_from_slice(part.as_bytes());
    }
    if bytes.len() > usize::from(u8::MAX) {
        bytes[usize::from(u8::MAX)..].zeroize();
        bytes.truncate(usize::from(u8::MAX));
    }
    Some(bytes)
}
