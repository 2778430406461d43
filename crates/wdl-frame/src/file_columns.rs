//! Columns of a Parquet file as plain values: each column of each group of rows is decoded by itself, straight to its place, on every core.
//!
//! Only for files read outside a lab; what is answered does not depend on how many cores there are.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::compute::{cast, concat};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use crate::columns::{TextColumn, coded};
use crate::parquet_file::{ParquetError, fail};

/// Rows decoded at a time: a piece of a column that stays near the processor.
const BATCH: usize = 16_384;

/// The values of a column, and where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values<T> {
    /// The value of each row; zero where there is none.
    pub values: Vec<T>,
    /// Whether each row has none; nothing when every row has a value.
    pub missing: Option<Vec<bool>>,
}

impl<T: Copy> Values<T> {
    /// Each value in order; none where it is missing.
    pub fn iter(&self) -> impl Iterator<Item = Option<T>> + '_ {
        let is_missing = |row: usize| self.missing.as_ref().is_some_and(|own| own[row]);
        let rows = self.values.iter().enumerate();
        rows.map(move |(row, value)| (!is_missing(row)).then_some(*value))
    }
}

/// A column of a file.
pub enum FileColumn {
    /// Whole numbers.
    Whole(Values<i64>),
    /// Floating numbers.
    Real(Values<f64>),
    /// Anything else, as text, and as numbers where it has an exact kind of numbers: decimals.
    Other {
        /// As text.
        text: TextColumn,
        /// As numbers.
        numbers: Option<Vec<Option<f64>>>,
    },
}

/// Some columns of a file.
pub struct FileColumns {
    /// How many rows the file has.
    pub rows: usize,
    /// The columns in the order they were asked for.
    pub columns: Vec<FileColumn>,
}

/// The columns of a file at these places of its schema.
///
/// # Errors
/// [`ParquetError`] when the file is missing or damaged, or a column cannot be written as text.
///
/// # Panics
/// When there is no such place, or decoding does.
pub fn read_file_columns(path: &Path, places: &[usize]) -> Result<FileColumns, ParquetError> {
    let fail = fail(path);
    let file = File::open(path).map_err(|fault| fail(&fault))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::default());
    let source = Source {
        path,
        metadata: metadata.map_err(|fault| fail(&fault))?,
    };
    let sizes = source.sizes();
    let rows = sizes.iter().sum();
    let kinds = places.iter().map(|place| source.kind(*place));
    let mut filled: Vec<Filled> = kinds.map(|kind| Filled::new(&kind, rows)).collect();
    let mut pieces = Vec::new();
    for (place, filled) in places.iter().zip(&mut filled) {
        for (group, slot) in filled.slots(&sizes).into_iter().enumerate() {
            pieces.push(Piece {
                place: *place,
                group,
                slot,
            });
        }
    }
    source.decode(pieces)?;
    let columns = places.iter().zip(filled);
    let columns = columns.map(|(place, filled)| {
        let name = source.metadata.schema().field(*place).name();
        filled.finished(name).map_err(|fault| fail(&fault))
    });
    Ok(FileColumns {
        rows,
        columns: columns.collect::<Result<_, _>>()?,
    })
}

/// Floating numbers as a column of a file writes them as text, one after the other.
pub fn write_reals(values: &[f64], mut each: impl FnMut(&str)) {
    for part in values.chunks(BATCH) {
        let numbers = Float64Array::from(part.to_vec());
        let text = cast(&numbers, &DataType::Utf8).expect("every number can be written");
        for cell in text.as_string::<i32>().iter() {
            each(cell.unwrap_or_default());
        }
    }
}

struct Source<'a> {
    path: &'a Path,
    metadata: ArrowReaderMetadata,
}

/// One column of one group of rows, and where it goes.
struct Piece<'a> {
    place: usize,
    group: usize,
    slot: Slot<'a>,
}

enum Slot<'a> {
    Whole(&'a mut [i64], &'a mut [bool]),
    Real(&'a mut [f64], &'a mut [bool]),
    Other(&'a mut Vec<ArrayRef>),
}

/// A column while its pieces are decoded.
enum Filled {
    Whole(Vec<i64>, Vec<bool>),
    Real(Vec<f64>, Vec<bool>),
    Other(Vec<Vec<ArrayRef>>, DataType),
}

impl Source<'_> {
    /// The rows of each group.
    fn sizes(&self) -> Vec<usize> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups
            .map(|group| usize::try_from(group.num_rows()).unwrap_or(0))
            .collect()
    }

    fn kind(&self, place: usize) -> DataType {
        self.metadata.schema().field(place).data_type().clone()
    }

    /// Every piece, shared out among the cores.
    fn decode(&self, pieces: Vec<Piece<'_>>) -> Result<(), ParquetError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = cores.min(pieces.len());
        let pieces = std::sync::Mutex::new(pieces);
        let work = || -> Result<(), ParquetError> {
            loop {
                let next = pieces.lock().expect("nobody panicked").pop();
                match next {
                    Some(piece) => self.decode_piece(piece)?,
                    None => return Ok(()),
                }
            }
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let own = work();
            let others = others
                .into_iter()
                .map(|other| other.join().expect("decoding does not panic"));
            others.fold(own, Result::and)
        })
    }

    fn decode_piece(&self, piece: Piece<'_>) -> Result<(), ParquetError> {
        let fail = fail(self.path);
        // Each piece has its own file: two readers of one would move each other's place in it.
        let file = File::open(self.path).map_err(|fault| fail(&fault))?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::roots(builder.parquet_schema(), [piece.place]);
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![piece.group])
            .with_batch_size(BATCH)
            .build()
            .map_err(|fault| fail(&fault))?;
        let (mut slot, mut row) = (piece.slot, 0);
        for batch in reader {
            let batch = batch.map_err(|fault| fail(&fault))?;
            slot.take(batch.column(0), row)
                .map_err(|fault| fail(&fault))?;
            row += batch.num_rows();
        }
        Ok(())
    }
}

impl Slot<'_> {
    fn take(&mut self, array: &ArrayRef, row: usize) -> Result<(), arrow::error::ArrowError> {
        let rows = row..row + array.len();
        match self {
            Slot::Whole(values, missing) => {
                let own = cast(array, &DataType::Int64)?;
                let own = own.as_primitive::<Int64Type>();
                values[rows.clone()].copy_from_slice(own.values());
                clear(own, &mut values[rows.clone()], &mut missing[rows]);
            }
            Slot::Real(values, missing) => {
                let own = array.as_primitive::<Float64Type>();
                values[rows.clone()].copy_from_slice(own.values());
                clear(own, &mut values[rows.clone()], &mut missing[rows]);
            }
            Slot::Other(parts) => parts.push(array.clone()),
        }
        Ok(())
    }
}

/// Marks the rows without a value; nothing is written, and no memory taken, where all have one.
fn clear<T: Default>(array: &dyn Array, values: &mut [T], missing: &mut [bool]) {
    let Some(nulls) = array.nulls().filter(|own| own.null_count() > 0) else {
        return;
    };
    for (row, is_there) in nulls.iter().enumerate() {
        if !is_there {
            values[row] = T::default();
            missing[row] = true;
        }
    }
}

impl Filled {
    fn new(kind: &DataType, rows: usize) -> Filled {
        match kind {
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32 => Filled::Whole(vec![0; rows], vec![false; rows]),
            DataType::Float64 => Filled::Real(vec![0.0; rows], vec![false; rows]),
            other => Filled::Other(Vec::new(), other.clone()),
        }
    }

    /// The place of each group of rows.
    fn slots(&mut self, sizes: &[usize]) -> Vec<Slot<'_>> {
        match self {
            Filled::Whole(values, missing) => split(values, missing, sizes, Slot::Whole),
            Filled::Real(values, missing) => split(values, missing, sizes, Slot::Real),
            Filled::Other(parts, _) => {
                parts.resize_with(sizes.len(), Vec::new);
                parts.iter_mut().map(Slot::Other).collect()
            }
        }
    }

    fn finished(self, name: &str) -> Result<FileColumn, String> {
        match self {
            Filled::Whole(values, missing) => Ok(FileColumn::Whole(told(values, missing))),
            Filled::Real(values, missing) => Ok(FileColumn::Real(told(values, missing))),
            Filled::Other(parts, kind) => {
                let parts: Vec<ArrayRef> = parts.into_iter().flatten().collect();
                let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
                let whole = match parts.is_empty() {
                    true => Ok(arrow::array::new_empty_array(&kind)),
                    false => concat(&parts),
                };
                let whole = whole.map_err(|fault| fault.to_string())?;
                let text = cast(&whole, &DataType::Utf8)
                    .map_err(|_| format!("column `{name}` is not text"))?;
                let numbers = kind.is_numeric().then(|| {
                    cast(&whole, &DataType::Float64)
                        .map(|own| own.as_primitive::<Float64Type>().iter().collect())
                        .map_err(|_| format!("column `{name}` is not a number"))
                });
                Ok(FileColumn::Other {
                    text: coded(&text),
                    numbers: numbers.transpose()?,
                })
            }
        }
    }
}

fn told<T>(values: Vec<T>, missing: Vec<bool>) -> Values<T> {
    Values {
        missing: missing.contains(&true).then_some(missing),
        values,
    }
}

fn split<'a, T>(
    mut values: &'a mut [T],
    mut missing: &'a mut [bool],
    sizes: &[usize],
    slot: impl Fn(&'a mut [T], &'a mut [bool]) -> Slot<'a>,
) -> Vec<Slot<'a>> {
    let mut slots = Vec::with_capacity(sizes.len());
    for size in sizes {
        let (own, rest) = values.split_at_mut(*size);
        let (own_missing, rest_missing) = missing.split_at_mut(*size);
        slots.push(slot(own, own_missing));
        (values, missing) = (rest, rest_missing);
    }
    slots
}
