//! Records become encodings: the one moment at which the key is here.

use wdl_encoding::{EncodingKey, FieldCells, Schema, SchemaEncoder, SchemaField};

use super::agreed::Agreed;
use super::faults::EncodeError;
use super::file::Encoded;
use crate::data::{Column, Data};

/// The encodings of one source's records.
///
/// # Errors
/// [`EncodeError::NoColumn`] when a field of the schema has no column.
pub fn encode(
    data: &Data,
    source: usize,
    schema: &Schema,
    key: &EncodingKey,
) -> Result<Encoded, EncodeError> {
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
    let vectors = SchemaEncoder::new(schema, key).encode_columns(&cells);
    let vectors: Vec<_> = vectors.into_iter().map(|of| of.bits).collect();
    let ids: Vec<&str> = records.map(|record| data.ids.get(record)).collect();
    Ok(Encoded::new(Agreed::of(schema, key), &ids, &vectors)
        .expect("the ids of a source are unique and short"))
}

/// The column of a field: of its own name, or of one the schema lists.
fn column<'d>(data: &'d Data, field: &SchemaField) -> Result<&'d Column, EncodeError> {
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
