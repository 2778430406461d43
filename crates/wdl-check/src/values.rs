//! The cells of one column of some rows as typed values, laid out as an Arrow array is.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, StringArray};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::DataType;
use wdl_contract::Kind;

/// What the values of a column are kept in.
#[derive(Clone, Debug)]
enum Cells {
    Text { bytes: Vec<u8>, ends: Vec<i32> },
    Integer(Vec<i64>),
    Decimal { units: Vec<i128>, scale: u8 },
    Date(Vec<i32>),
}

/// The typed values of a column for some rows; a cell that is empty or wrong is null.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    cells: Cells,
    valid: Vec<bool>,
    data_type: DataType,
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Integer(i64),
    /// In units of the last decimal.
    Decimal(i128),
    /// Days from 1970-01-01.
    Date(i32),
}

/// The Arrow type of a kind of column.
pub(crate) fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Text { .. } | Kind::Code { .. } | Kind::TaxCode => DataType::Utf8,
        Kind::Integer { .. } => DataType::Int64,
        Kind::Money { .. } => DataType::Decimal128(14, 2),
        Kind::Decimal {
            precision, scale, ..
        } => DataType::Decimal128(*precision, *scale),
        Kind::Date => DataType::Date32,
    }
}

impl Values {
    pub(crate) fn new(kind: &Kind, rows: usize) -> Values {
        let data_type = data_type(kind);
        let cells = match kind {
            Kind::Text { .. } | Kind::Code { .. } | Kind::TaxCode => Cells::Text {
                bytes: Vec::with_capacity(rows * 8),
                ends: Vec::with_capacity(rows),
            },
            Kind::Integer { .. } => Cells::Integer(Vec::with_capacity(rows)),
            Kind::Money { .. } => Cells::Decimal {
                units: Vec::with_capacity(rows),
                scale: 2,
            },
            Kind::Decimal { scale, .. } => Cells::Decimal {
                units: Vec::with_capacity(rows),
                scale: scale.unsigned_abs(),
            },
            Kind::Date => Cells::Date(Vec::with_capacity(rows)),
        };
        Values {
            cells,
            valid: Vec::with_capacity(rows),
            data_type,
        }
    }

    /// A column that is not in the file.
    pub(crate) fn absent(kind: &Kind, rows: usize) -> Values {
        let mut values = Values::new(kind, rows);
        (0..rows).for_each(|_| values.push_null());
        values
    }

    pub(crate) fn push(&mut self, value: Value<'_>) {
        match (&mut self.cells, value) {
            (Cells::Text { bytes, ends }, Value::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(end_of(bytes));
            }
            (Cells::Integer(all), Value::Integer(value)) => all.push(value),
            (Cells::Decimal { units, .. }, Value::Decimal(value)) => units.push(value),
            (Cells::Date(all), Value::Date(value)) => all.push(value),
            _ => unreachable!("a column reads values of its own kind"),
        }
        self.valid.push(true);
    }

    pub(crate) fn push_null(&mut self) {
        match &mut self.cells {
            Cells::Text { bytes, ends } => ends.push(end_of(bytes)),
            Cells::Integer(all) => all.push(0),
            Cells::Decimal { units, .. } => units.push(0),
            Cells::Date(all) => all.push(0),
        }
        self.valid.push(false);
    }

    /// The value of a row.
    pub(crate) fn get(&self, row: usize) -> Option<Value<'_>> {
        if !self.valid[row] {
            return None;
        }
        Some(match &self.cells {
            Cells::Text { bytes, ends } => {
                let start = match row {
                    0 => 0,
                    _ => ends[row - 1] as usize,
                };
                let text = &bytes[start..ends[row] as usize];
                Value::Text(std::str::from_utf8(text).expect("texts are pushed whole"))
            }
            Cells::Integer(all) => Value::Integer(all[row]),
            Cells::Decimal { units, .. } => Value::Decimal(units[row]),
            Cells::Date(all) => Value::Date(all[row]),
        })
    }

    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        match self.get(row)? {
            Value::Text(text) => Some(text),
            Value::Integer(_) | Value::Decimal(_) | Value::Date(_) => None,
        }
    }

    pub(crate) fn date(&self, row: usize) -> Option<i32> {
        match self.get(row)? {
            Value::Date(days) => Some(days),
            Value::Text(_) | Value::Integer(_) | Value::Decimal(_) => None,
        }
    }

    pub(crate) fn decimal(&self, row: usize) -> Option<i128> {
        match self.get(row)? {
            Value::Decimal(units) => Some(units),
            Value::Text(_) | Value::Integer(_) | Value::Date(_) => None,
        }
    }

    /// The decimals of its numbers.
    pub(crate) fn scale(&self) -> u8 {
        match &self.cells {
            Cells::Decimal { scale, .. } => *scale,
            Cells::Text { .. } | Cells::Integer(_) | Cells::Date(_) => 0,
        }
    }

    /// The values as an Arrow array.
    pub(crate) fn array(self) -> ArrayRef {
        let nulls = Some(NullBuffer::from(self.valid)).filter(|nulls| nulls.null_count() > 0);
        match self.cells {
            Cells::Text { bytes, ends } => Arc::new(strings(bytes, ends, nulls)),
            Cells::Integer(all) => Arc::new(Int64Array::new(all.into(), nulls)),
            Cells::Decimal { units, .. } => {
                Arc::new(Decimal128Array::new(units.into(), nulls).with_data_type(self.data_type))
            }
            Cells::Date(all) => Arc::new(Date32Array::new(all.into(), nulls)),
        }
    }
}

fn end_of(bytes: &[u8]) -> i32 {
    i32::try_from(bytes.len()).expect("a chunk of a file has less than two gigabytes")
}

fn strings(bytes: Vec<u8>, ends: Vec<i32>, nulls: Option<NullBuffer>) -> StringArray {
    let mut offsets = Vec::with_capacity(ends.len() + 1);
    offsets.push(0);
    offsets.extend(ends);
    StringArray::new(
        OffsetBuffer::new(ScalarBuffer::from(offsets)),
        Buffer::from_vec(bytes),
        nulls,
    )
}

impl Value<'_> {
    /// The one byte form of a value, for digests: the same whatever the file's encoding and layout were.
    pub(crate) fn write_canonical(self, out: &mut Vec<u8>) {
        match self {
            Value::Text(text) => {
                out.extend_from_slice(&(text.len() as u64).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            Value::Integer(value) => out.extend_from_slice(&value.to_le_bytes()),
            Value::Decimal(units) => out.extend_from_slice(&units.to_le_bytes()),
            Value::Date(days) => out.extend_from_slice(&days.to_le_bytes()),
        }
    }
}
