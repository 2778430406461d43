//! What of a dataset is visible in a period, and the digest of it.
//!
//! In quarter q an episode is visible once it has begun; its end, and whatever only the end brings, read as null until the end has come.
//! So a delivery that ends an episode in September changes nothing that was true in June, and the digest of June's slice stays.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array, new_null_array};
use arrow::compute::{cast, nullif, take_record_batch};
use arrow::datatypes::{Date32Type, Int64Type};
use arrow::row::{RowConverter, SortField};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wdl_contract::Shape;
use wdl_frame::{DataType, RecordBatch, TableName};
use wdl_vocab::{Digest, Period};

use crate::fault::BuildError;
use crate::model::{Dataset, Reach};
use crate::store::Span;

/// What is known of a slice without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SliceInfo {
    pub(crate) digest: Digest,
    pub(crate) rows: u64,
    /// The deliveries its rows came with.
    pub(crate) deliveries: BTreeSet<String>,
}

/// The slices of a dataset, by period.
pub(crate) type Slices = BTreeMap<Period, SliceInfo>;

/// A dataset in memory, its rows in the order of time.
pub(crate) struct Prepared {
    shape: Shape,
    reach: Reach,
    at_end: Vec<usize>,
    batch: RecordBatch,
    /// Day of beginning, day of event or year; ascending.
    times: Vec<i64>,
    /// Day of the end, where there is one; empty unless an episode.
    ends: Vec<Option<i64>>,
    deliveries: Vec<u32>,
    delivery_names: Vec<String>,
}

fn days(day: Date) -> i64 {
    let epoch = date(1970, 1, 1);
    i64::from(
        epoch
            .until(day)
            .expect("two days have a distance")
            .get_days(),
    )
}

/// The times that are visible in a period, both ends included.
fn window(shape: Shape, reach: Reach, period: Period) -> (i64, i64) {
    let (first, last) = own_window(shape, period);
    match reach {
        Reach::Period => (first, last),
        Reach::History => (i64::MIN, last),
    }
}

fn own_window(shape: Shape, period: Period) -> (i64, i64) {
    match shape {
        Shape::Episode => (i64::MIN, days(period.last_day())),
        Shape::Event => (days(period.first_day()), days(period.last_day())),
        Shape::Yearly | Shape::Aggregate => {
            let year = i64::from(period.year());
            (year, year)
        }
    }
}

/// The periods a dataset is sliced for.
fn periods(shape: Shape, span: Span) -> Vec<Period> {
    match shape {
        Shape::Yearly | Shape::Aggregate => span.years(),
        Shape::Episode | Shape::Event => {
            let mut all = span.quarters();
            all.extend(span.years());
            all.sort();
            all
        }
    }
}

impl Prepared {
    /// Checks the columns of a dataset and brings its rows in the order of time.
    pub(crate) fn new(
        table: &TableName,
        dataset: &Dataset,
        batch: &RecordBatch,
    ) -> Result<Prepared, BuildError> {
        let missing = |column: &str| BuildError::RegisterColumn {
            table: table.to_string(),
            column: column.to_owned(),
        };
        let column = |name: &str, kind: &DataType| -> Result<ArrayRef, BuildError> {
            let array = batch.column_by_name(name).ok_or_else(|| missing(name))?;
            match array.data_type() == kind {
                true => Ok(array.clone()),
                false => cast(array, kind).map_err(|_| missing(name)),
            }
        };
        let columns = dataset
            .schema
            .fields()
            .iter()
            .map(|field| column(field.name(), field.data_type()))
            .collect::<Result<Vec<_>, _>>()?;
        let shape = dataset.contract.shape;
        let (time_column, time_kind) = match shape {
            Shape::Episode => ("valid_from", DataType::Date32),
            Shape::Event => ("event_date", DataType::Date32),
            Shape::Yearly | Shape::Aggregate => ("reference_year", DataType::Int64),
        };
        let times = numbers(&column(time_column, &time_kind)?);
        let keys = match dataset.contract.key() {
            Some(key) if shape != Shape::Aggregate => {
                numbers(&column(&key.name, &DataType::Int64)?)
            }
            _ => vec![None; batch.num_rows()],
        };
        let ends = match shape {
            Shape::Episode => numbers(&column("valid_to", &DataType::Date32)?),
            _ => Vec::new(),
        };
        let (deliveries, delivery_names) = names(&column("delivery", &DataType::Utf8)?);

        let count = u32::try_from(batch.num_rows()).expect("a dataset has fewer rows than 2^32");
        let mut order: Vec<u32> = (0..count)
            .filter(|row| times[*row as usize].is_some())
            .collect();
        order.sort_by_key(|row| (times[*row as usize], keys[*row as usize], *row));
        let whole = RecordBatch::try_new(dataset.schema.clone(), columns)
            .map_err(|_| missing("delivery"))?;
        let sorted = take_record_batch(&whole, &UInt32Array::from(order.clone()))
            .expect("the order names rows of the batch");
        let picked = |row: &u32| times[*row as usize].unwrap_or_default();
        Ok(Prepared {
            shape,
            reach: dataset.reach,
            at_end: dataset.at_end.clone(),
            batch: sorted,
            times: order.iter().map(picked).collect(),
            ends: match ends.is_empty() {
                true => Vec::new(),
                false => order.iter().map(|row| ends[*row as usize]).collect(),
            },
            deliveries: order.iter().map(|row| deliveries[*row as usize]).collect(),
            delivery_names,
        })
    }

    /// The rows of a period.
    pub(crate) fn slice(&self, period: Period) -> RecordBatch {
        let (first, last) = window(self.shape, self.reach, period);
        let start = self.times.partition_point(|time| *time < first);
        let stop = self.times.partition_point(|time| *time <= last);
        let rows = self.batch.slice(start, stop - start);
        if self.shape != Shape::Episode {
            return rows;
        }
        let is_open: BooleanArray = self.ends[start..stop]
            .iter()
            .map(|end| Some(end.is_none_or(|end| end > last)))
            .collect();
        let mut columns = rows.columns().to_vec();
        for place in &self.at_end {
            columns[*place] =
                nullif(&columns[*place], &is_open).expect("the mask has a value for every row");
        }
        RecordBatch::try_new(rows.schema(), columns).expect("the columns keep their kinds")
    }

    /// What every slice holds, in one pass over the rows.
    ///
    /// A slice's digest is the sum of its rows' digests, so that a slice is the one before plus what changed.
    pub(crate) fn digests(&self, table: &TableName, dataset: &Dataset, span: Span) -> Slices {
        let periods = periods(self.shape, span);
        let mut sums: Vec<Sum> = vec![Sum::default(); periods.len()];
        let place = Places::new(self.shape, self.reach, &periods);
        for start in (0..self.times.len()).step_by(65_536) {
            let length = (self.times.len() - start).min(65_536);
            let rows = self.batch.slice(start, length);
            let open = row_digests(&rows, &self.at_end);
            let closed = match self.ends.is_empty() {
                true => Vec::new(),
                false => row_digests(&rows, &[]),
            };
            for (offset, digest) in open.iter().enumerate() {
                let row = start + offset;
                place.each(self.times[row], |sum| {
                    sums[sum].add(digest, self.deliveries[row]);
                });
                if let Some(Some(end)) = self.ends.get(row) {
                    place.each((*end).max(self.times[row]), |sum| {
                        sums[sum].replace(digest, &closed[offset]);
                    });
                }
            }
        }
        if self.shape == Shape::Episode {
            accumulate(&mut sums, &periods);
        }
        let info = |sum: &Sum| SliceInfo {
            digest: sum.digest(table, dataset),
            rows: sum.rows,
            deliveries: sum
                .deliveries
                .iter()
                .map(|code| self.delivery_names[*code as usize].clone())
                .collect(),
        };
        let infos: Vec<SliceInfo> = sums.iter().map(info).collect();
        periods.into_iter().zip(infos).collect()
    }
}

/// The slices of a dataset that nobody delivered.
pub(crate) fn empty_slices(table: &TableName, dataset: &Dataset, span: Span) -> Slices {
    let info = SliceInfo {
        digest: Sum::default().digest(table, dataset),
        rows: 0,
        deliveries: BTreeSet::new(),
    };
    periods(dataset.contract.shape, span)
        .into_iter()
        .map(|period| (period, info.clone()))
        .collect()
}

/// Which sums a time belongs to.
struct Places {
    shape: Shape,
    /// Window and place of each period; by last time.
    windows: Vec<(i64, i64, usize)>,
}

impl Places {
    fn new(shape: Shape, reach: Reach, periods: &[Period]) -> Places {
        let windows = periods
            .iter()
            .enumerate()
            .map(|(place, period)| {
                let (first, last) = window(shape, reach, *period);
                (first, last, place)
            })
            .collect();
        Places { shape, windows }
    }

    /// Episodes enter the first period that sees them; everything else, each period that holds it.
    fn each(&self, time: i64, mut enter: impl FnMut(usize)) {
        let from = self.windows.partition_point(|(_, last, _)| *last < time);
        if self.shape == Shape::Episode {
            if let Some((_, _, place)) = self.windows.get(from) {
                enter(*place);
            }
            return;
        }
        for (first, _, place) in &self.windows[from..] {
            if *first <= time {
                enter(*place);
            }
        }
    }
}

/// Makes of what entered in each period what stands in it.
fn accumulate(sums: &mut [Sum], periods: &[Period]) {
    for place in 1..periods.len() {
        let (before, rest) = sums.split_at_mut(place);
        rest[0].take_over(&before[place - 1]);
    }
}

/// A sum of row digests, modulo 2^256, with the number of rows.
#[derive(Clone, Default)]
struct Sum {
    words: [u64; 4],
    rows: u64,
    deliveries: BTreeSet<u32>,
}

type RowDigest = [u64; 4];

fn plus(a: RowDigest, b: RowDigest) -> RowDigest {
    let mut sum = [0; 4];
    let mut carry = false;
    for place in 0..4 {
        let (word, over) = a[place].overflowing_add(b[place]);
        let (word, more) = word.overflowing_add(u64::from(carry));
        sum[place] = word;
        carry = over || more;
    }
    sum
}

fn minus(a: RowDigest, b: RowDigest) -> RowDigest {
    let negative = plus(b.map(|word| !word), [1, 0, 0, 0]);
    plus(a, negative)
}

impl Sum {
    fn add(&mut self, row: &RowDigest, delivery: u32) {
        self.words = plus(self.words, *row);
        self.rows += 1;
        self.deliveries.insert(delivery);
    }

    fn replace(&mut self, open: &RowDigest, closed: &RowDigest) {
        self.words = plus(minus(self.words, *open), *closed);
    }

    fn take_over(&mut self, before: &Sum) {
        self.words = plus(self.words, before.words);
        self.rows += before.rows;
        self.deliveries.extend(&before.deliveries);
    }

    fn digest(&self, table: &TableName, dataset: &Dataset) -> Digest {
        let words: Vec<u8> = self
            .words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
        let columns: Vec<String> = dataset
            .schema
            .fields()
            .iter()
            .map(|field| format!("{} {}", field.name(), field.data_type()))
            .collect();
        Digest::of_parts([
            table.to_string().as_bytes(),
            columns.join(",").as_bytes(),
            &self.rows.to_le_bytes(),
            &words,
        ])
    }
}

/// The digest of every row, with some columns read as null.
fn row_digests(rows: &RecordBatch, nulls: &[usize]) -> Vec<RowDigest> {
    let mut columns = rows.columns().to_vec();
    for place in nulls {
        columns[*place] = new_null_array(columns[*place].data_type(), rows.num_rows());
    }
    let fields = columns
        .iter()
        .map(|column| SortField::new(column.data_type().clone()))
        .collect();
    let converter = RowConverter::new(fields).expect("the register's kinds have a row form");
    let encoded = converter
        .convert_columns(&columns)
        .expect("the columns are those the converter was made for");
    encoded
        .iter()
        .map(|row| {
            let digest: [u8; 32] = Sha256::digest(row.data()).into();
            let mut words = [0; 4];
            for (word, bytes) in words.iter_mut().zip(digest.chunks_exact(8)) {
                let mut eight = [0; 8];
                eight.copy_from_slice(bytes);
                *word = u64::from_le_bytes(eight);
            }
            words
        })
        .collect()
}

fn numbers(array: &ArrayRef) -> Vec<Option<i64>> {
    match array.data_type() {
        DataType::Date32 => array
            .as_primitive::<Date32Type>()
            .iter()
            .map(|day| day.map(i64::from))
            .collect(),
        _ => array.as_primitive::<Int64Type>().iter().collect(),
    }
}

/// Text as codes into its distinct values.
fn names(array: &ArrayRef) -> (Vec<u32>, Vec<String>) {
    let mut places: BTreeMap<String, u32> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let codes = array
        .as_string::<i32>()
        .iter()
        .map(|name| {
            let name = name.unwrap_or_default();
            if let Some(code) = places.get(name) {
                return *code;
            }
            let code = u32::try_from(names.len()).expect("fewer deliveries than 2^32");
            places.insert(name.to_owned(), code);
            names.push(name.to_owned());
            code
        })
        .collect();
    (codes, names)
}

/// The slices of a dataset with the rows they were cut from.
pub(crate) type Loaded = (Prepared, Slices);
