//! Columns of a query's answer as plain Rust values, so that the analyses need no Arrow.

use arrow::array::{Array, AsArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Float64Type, Int64Type, SchemaRef};
use arrow::record_batch::RecordBatch;
use rustc_hash::FxHashMap;

/// A query's answer does not have the column, or it has another kind.
#[derive(Debug, thiserror::Error)]
pub enum ColumnError {
    /// No such column.
    #[error("the query gives no column `{0}`")]
    Missing(String),
    /// The column is of another kind.
    #[error("column `{0}` is not {1}")]
    Kind(String, &'static str),
}

/// The rows of one answer, by column.
pub struct Columns {
    batch: RecordBatch,
}

/// A text column as codes into its distinct values, in order of first appearance.
pub struct TextColumn {
    /// Per row: the index into `values`, or `None` for a missing value.
    pub codes: Vec<Option<u32>>,
    /// The distinct values.
    pub values: Vec<String>,
}

impl Columns {
    /// Gathers the batches of an answer.
    ///
    /// # Panics
    /// Never for batches of one query: they share the schema.
    pub fn new(schema: &SchemaRef, batches: &[RecordBatch]) -> Columns {
        Columns {
            batch: concat_batches(schema, batches)
                .expect("the batches of one query share its schema"),
        }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The names, in order.
    pub fn names(&self) -> Vec<String> {
        self.batch
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    fn cast_to(
        &self,
        name: &str,
        kind: &DataType,
        words: &'static str,
    ) -> Result<arrow::array::ArrayRef, ColumnError> {
        let column = self
            .batch
            .column_by_name(name)
            .ok_or_else(|| ColumnError::Missing(name.to_owned()))?;
        cast(column, kind).map_err(|_| ColumnError::Kind(name.to_owned(), words))
    }

    /// A column of numbers; decimals become floating numbers.
    ///
    /// # Errors
    /// [`ColumnError`] when it is missing or not numeric.
    pub fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, ColumnError> {
        let array = self.cast_to(name, &DataType::Float64, "a number")?;
        Ok(array.as_primitive::<Float64Type>().iter().collect())
    }

    /// A column of whole numbers.
    ///
    /// # Errors
    /// [`ColumnError`] when it is missing or not numeric.
    pub fn integers(&self, name: &str) -> Result<Vec<Option<i64>>, ColumnError> {
        let array = self.cast_to(name, &DataType::Int64, "a whole number")?;
        Ok(array.as_primitive::<Int64Type>().iter().collect())
    }

    /// A column of text.
    ///
    /// # Errors
    /// [`ColumnError`] when it is missing or cannot be written as text.
    pub fn text(&self, name: &str) -> Result<TextColumn, ColumnError> {
        let array = self.cast_to(name, &DataType::Utf8, "text")?;
        Ok(coded(&array))
    }

    /// A column of whole numbers that are all there, as it stands; none for any other column.
    pub fn whole_numbers(&self, name: &str) -> Option<&[i64]> {
        let column = self.batch.column_by_name(name)?;
        let is_whole = *column.data_type() == DataType::Int64 && column.null_count() == 0;
        is_whole.then(|| column.as_primitive::<Int64Type>().values().as_ref())
    }

    /// Whether every value of the column is there.
    pub fn is_complete(&self, name: &str) -> bool {
        self.batch
            .column_by_name(name)
            .is_some_and(|column| column.null_count() == 0)
    }
}

/// An array of text as codes of its distinct values.
pub(crate) fn coded(array: &dyn Array) -> TextColumn {
    let mut known: FxHashMap<&str, u32> = FxHashMap::default();
    let mut values: Vec<String> = Vec::new();
    let codes = array
        .as_string::<i32>()
        .iter()
        .map(|value| {
            value.map(|value| {
                *known.entry(value).or_insert_with(|| {
                    values.push(value.to_owned());
                    u32::try_from(values.len() - 1)
                        .expect("fewer distinct values than rows of a table")
                })
            })
        })
        .collect();
    TextColumn { codes, values }
}
