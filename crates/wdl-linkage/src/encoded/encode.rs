//! Records become encodings: the one moment at which the key is here.

use wdl_encoding::compare::DateOrder;
use wdl_encoding::{EncodingKey, FieldCells, Schema, SchemaEncoder, SchemaField, Vectors};

use super::agreed::Agreed;
use super::dates::{DatesRead, dates_read};
use super::faults::EncodeError;
use super::file::Encoded;
use super::hidden::Hidden;
use crate::data::{Column, Data};

/// The encodings of one source's records, in which no two different records are alike where a salt is to keep people apart.
///
/// How alike they were goes along as a count, so that whoever links knows what strangers are like.
/// Dates are encoded from their day, month and year, in whatever way the file writes them; `order` says whether the day or the month comes first, else each column tells.
/// What comes beside the encodings is how each column of dates was read: whoever encodes must see it.
///
/// # Errors
/// [`EncodeError::NoColumn`] when a field of the schema has no column.
pub fn encode(
    data: &Data,
    source: usize,
    schema: &Schema,
    key: &EncodingKey,
    order: Option<DateOrder>,
) -> Result<(Encoded, Vec<DatesRead>), EncodeError> {
    let dates = dates_read(data, source, schema, order)?;
    let orders = dates
        .iter()
        .map(|read| read.as_ref().map_or(DateOrder::DayFirst, |read| read.order));
    let encoder = SchemaEncoder::new(schema, key).dates_in(orders.collect());
    let records = data.sources[source].records.clone();
    let columns = schema
        .fields
        .iter()
        .map(|field| column(data, field))
        .collect::<Result<Vec<_>, _>>()?;
    let values: Vec<Vec<&str>> = columns
        .iter()
        .map(|column| column.values.iter().collect())
        .collect();
    let cells: Vec<FieldCells<'_>> = columns
        .iter()
        .zip(&values)
        .map(|(column, values)| FieldCells {
            values,
            cells: &column.cells[records.start as usize..records.end as usize],
        })
        .collect();
    let apart = encoder.encode_apart(&cells);
    let ids: Vec<&str> = records.map(|record| data.ids.get(record)).collect();
    let file = |vectors: Vec<Vectors>| {
        let vectors: Vec<_> = vectors.into_iter().map(|of| of.bits).collect();
        Encoded::new(Agreed::of(schema, key), &ids, &vectors)
            .expect("the ids of a source are unique and short")
    };
    let before = file(apart.before);
    let hidden = Hidden::of(&before, &ids, &apart.pairs);
    let encoded = Encoded {
        hidden,
        ..file(apart.vectors)
    };
    Ok((encoded, dates.into_iter().flatten().collect()))
}

/// The column of a field: of its own name, or of one the schema lists.
pub(super) fn column<'d>(data: &'d Data, field: &SchemaField) -> Result<&'d Column, EncodeError> {
    let names = std::iter::once(&field.name).chain(&field.columns);
    let found = names.filter_map(|name| data.column(name)).next();
    found.ok_or_else(|| EncodeError::NoColumn {
        field: field.name.clone(),
        columns: data
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect(),
    })
}
