//! The effective rows of a dataset: of rows with the same key the one of the latest delivery, sorted by key.
//!
//! Whole columns at a time: positions are sorted by key, then each column is taken once.

use std::cmp::Reverse;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int32Array, StringArray, UInt32Array,
};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::row::{RowConverter, SortField};

use crate::{DELIVERY, DELIVERY_PERIOD};

/// One accepted delivery's rows and what they are marked with.
pub(crate) struct Part {
    pub(crate) rows: RecordBatch,
    pub(crate) period: String,
    pub(crate) delivery: String,
}

/// The columns of effective rows: those of the dataset and the two marks.
pub(crate) fn schema(dataset: &SchemaRef) -> SchemaRef {
    let mark = |name| {
        let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        Arc::new(Field::new(name, kind, false))
    };
    let mut fields: Vec<Arc<Field>> = dataset.fields().iter().cloned().collect();
    fields.extend([mark(DELIVERY_PERIOD), mark(DELIVERY)]);
    Arc::new(Schema::new(fields))
}

/// The effective rows of parts in the order of their delivery, the latest last.
pub(crate) fn effective(
    dataset: &SchemaRef,
    key: &[String],
    parts: &[Part],
) -> Result<RecordBatch, ArrowError> {
    let all = concat_batches(dataset, parts.iter().map(|part| &part.rows))?;
    let order = latest_of_each(&all, key)?;
    let rows = take_record_batch(&all, &order)?;
    let mut columns = rows.columns().to_vec();
    columns.extend(marks(parts, &order)?);
    RecordBatch::try_new(schema(dataset), columns)
}

/// The rows of one part, sorted by key, and how many repeat a key.
pub(crate) fn sorted(
    rows: &RecordBatch,
    key: &[String],
) -> Result<(RecordBatch, usize), ArrowError> {
    let order = latest_of_each(rows, key)?;
    let repeated = rows.num_rows() - order.len();
    Ok((take_record_batch(rows, &order)?, repeated))
}

/// For each key the position of its last row, in the order of the keys.
fn latest_of_each(rows: &RecordBatch, key: &[String]) -> Result<UInt32Array, ArrowError> {
    let columns: Result<Vec<ArrayRef>, ArrowError> = key
        .iter()
        .map(|name| {
            let column = rows.column_by_name(name);
            column
                .cloned()
                .ok_or_else(|| ArrowError::SchemaError(name.clone()))
        })
        .collect();
    let columns = columns?;
    let count = u32::try_from(rows.num_rows())
        .map_err(|_| ArrowError::ComputeError("more than 4 billion rows".to_owned()))?;
    if let [column] = columns.as_slice()
        && column.data_type() == &DataType::Int64
        && column.null_count() == 0
    {
        let numbers = column.as_primitive::<Int64Type>().values();
        return Ok(last_by((0..count).map(|row| (numbers[row as usize], row))));
    }
    let fields = columns
        .iter()
        .map(|column| SortField::new(column.data_type().clone()))
        .collect();
    let keys = RowConverter::new(fields)?.convert_columns(&columns)?;
    Ok(last_by((0..count).map(|row| (keys.row(row as usize), row))))
}

fn last_by<K: Ord>(pairs: impl Iterator<Item = (K, u32)>) -> UInt32Array {
    let mut pairs: Vec<(K, Reverse<u32>)> = pairs.map(|(key, row)| (key, Reverse(row))).collect();
    pairs.sort_unstable();
    pairs.dedup_by(|later, earlier| later.0 == earlier.0);
    pairs
        .into_iter()
        .map(|(_, Reverse(row))| Some(row))
        .collect()
}

/// The two columns that say in which delivery each row came.
fn marks(parts: &[Part], order: &UInt32Array) -> Result<[ArrayRef; 2], ArrowError> {
    let mut part_of = Vec::new();
    for (part, number) in parts.iter().zip(0_i32..) {
        part_of.extend(std::iter::repeat_n(number, part.rows.num_rows()));
    }
    let keys: Int32Array = order
        .values()
        .iter()
        .map(|row| Some(part_of[*row as usize]))
        .collect();
    let mark = |values: StringArray| -> Result<ArrayRef, ArrowError> {
        let marked = DictionaryArray::<Int32Type>::try_new(keys.clone(), Arc::new(values))?;
        Ok(Arc::new(marked))
    };
    Ok([
        mark(StringArray::from_iter_values(
            parts.iter().map(|part| &part.period),
        ))?,
        mark(StringArray::from_iter_values(
            parts.iter().map(|part| &part.delivery),
        ))?,
    ])
}
