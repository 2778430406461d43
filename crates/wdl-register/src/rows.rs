//! The rows of an opened delivery held against the contract, one by one: those that break it are rejected, the others come in.
//!
//! A rejected row is known by its number in the delivery and the codes of its reasons; no value is kept.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::row::{RowConverter, SortField};
use jiff::civil::date;
use wdl_contract::{CodeLists, Column, Contract, Kind, Rule, Semantic, Shape, Treatment};
use wdl_delivery::{RejectReason, RejectedRow};
use wdl_vocab::diagnostics::codes::register as codes;
use wdl_vocab::{Code, Period};

/// What is wrong, by row from 0.
#[derive(Default)]
pub(crate) struct Rejects(BTreeMap<u32, Vec<RejectReason>>);

impl Rejects {
    fn add(&mut self, row: usize, code: Code, column: Option<&str>) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        self.0.entry(row).or_default().push(RejectReason {
            code: code.id.to_owned(),
            column: column.map(str::to_owned),
        });
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Which rows stay.
    pub(crate) fn kept(&self, rows: usize) -> BooleanArray {
        let mut kept = vec![true; rows];
        for row in self.0.keys() {
            kept[*row as usize] = false;
        }
        BooleanArray::from(kept)
    }

    /// As the receipt says it: numbers from 1.
    pub(crate) fn told(self) -> Vec<RejectedRow> {
        let told = |(row, reasons)| RejectedRow {
            row: row + 1,
            reasons,
        };
        self.0.into_iter().map(told).collect()
    }
}

/// Holds the contract's columns of a delivery against the contract.
pub(crate) fn check(
    contract: &Contract,
    lists: &CodeLists,
    batch: &RecordBatch,
    (key, period): (&[String], Period),
) -> Result<Rejects, ArrowError> {
    let mut rejects = Rejects::default();
    for (column, values) in contract.delivered().zip(batch.columns()) {
        if must_be_there(column) {
            let missing = (0..values.len()).filter(|row| values.is_null(*row));
            missing.for_each(|row| rejects.add(row, codes::ROW_MISSING, Some(&column.name)));
        }
        if !matches!(column.treatment, Treatment::Oprf(_) | Treatment::Keyed(_)) {
            check_kind(column, lists, values, &mut rejects);
        }
    }
    for rule in contract.rules() {
        match &rule {
            Rule::NotBefore { earlier, later } => not_before(batch, earlier, later, &mut rejects),
            Rule::Sum {
                parts,
                total,
                tolerance,
            } => sum(batch, (parts, total, tolerance.cents), &mut rejects),
        };
    }
    after_period(contract, batch, period, &mut rejects);
    same_key(batch, key, &mut rejects)?;
    Ok(rejects)
}

/// A person's pseudonym may always be missing, and is counted.
fn must_be_there(column: &Column) -> bool {
    let is_person = matches!(column.treatment, Treatment::Oprf(_));
    column.is_key || (column.required && !is_person && !column.known_at_end)
}

fn check_kind(column: &Column, lists: &CodeLists, values: &ArrayRef, rejects: &mut Rejects) {
    let name = Some(column.name.as_str());
    let mut outside = |row: usize| rejects.add(row, codes::ROW_RANGE, name);
    match &column.kind {
        Kind::Text { max } => {
            for (row, text) in values.as_string::<i32>().iter().enumerate() {
                if text.is_some_and(|text| text.len() > *max && text.chars().count() > *max) {
                    rejects.add(row, codes::ROW_TEXT, name);
                }
            }
        }
        Kind::Code { .. } if column.semantic.as_ref().is_some_and(Semantic::is_place) => {}
        Kind::Code { list } => {
            let Some(list) = lists.get(list) else { return };
            for (row, code) in values.as_string::<i32>().iter().enumerate() {
                if code.is_some_and(|code| !list.contains(code)) {
                    rejects.add(row, codes::ROW_CODE, name);
                }
            }
        }
        Kind::Integer { min, max } => {
            for (row, value) in values.as_primitive::<Int64Type>().iter().enumerate() {
                if value.is_some_and(|value| is_outside(value, *min, *max)) {
                    outside(row);
                }
            }
        }
        Kind::Money { min, max } => {
            let (min, max) = (min.map(|euro| euro.cents), max.map(|euro| euro.cents));
            for (row, value) in values.as_primitive::<Decimal128Type>().iter().enumerate() {
                if value.is_some_and(|cents| {
                    is_outside(cents, min.map(i128::from), max.map(i128::from))
                }) {
                    outside(row);
                }
            }
        }
        Kind::Decimal { min, max, .. } => {
            for (row, value) in values.as_primitive::<Decimal128Type>().iter().enumerate() {
                if value.is_some_and(|value| {
                    is_outside(value, min.map(i128::from), max.map(i128::from))
                }) {
                    outside(row);
                }
            }
        }
        Kind::Date | Kind::TaxCode => {}
    }
}

fn is_outside<T: PartialOrd>(value: T, min: Option<T>, max: Option<T>) -> bool {
    min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max)
}

/// A column of days, when the batch has one of that name.
fn days<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a arrow::array::Date32Array> {
    batch.column_by_name(name)?.as_primitive_opt::<Date32Type>()
}

fn not_before(
    batch: &RecordBatch,
    earlier: &str,
    later: &str,
    rejects: &mut Rejects,
) -> Option<()> {
    let (from, to) = (days(batch, earlier)?, days(batch, later)?);
    for (row, (from, to)) in from.iter().zip(to).enumerate() {
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            rejects.add(row, codes::ROW_DATES, Some(later));
        }
    }
    Some(())
}

fn sum(
    batch: &RecordBatch,
    (parts, total, tolerance): (&[String], &str, i64),
    rejects: &mut Rejects,
) -> Option<()> {
    let money = |name: &str| {
        batch
            .column_by_name(name)?
            .as_primitive_opt::<Decimal128Type>()
    };
    let amounts: Vec<_> = parts
        .iter()
        .map(|part| money(part))
        .collect::<Option<_>>()?;
    let totals = money(total)?;
    for row in 0..totals.len() {
        if totals.is_null(row) || amounts.iter().any(|amount| amount.is_null(row)) {
            continue;
        }
        let parts: i128 = amounts.iter().map(|amount| amount.value(row)).sum();
        if (parts - totals.value(row)).abs() > i128::from(tolerance) {
            rejects.add(row, codes::ROW_SUM, Some(total));
        }
    }
    Some(())
}

/// What begins or happens after the period it is delivered for.
fn after_period(
    contract: &Contract,
    batch: &RecordBatch,
    period: Period,
    rejects: &mut Rejects,
) -> Option<()> {
    let name = match contract.shape {
        Shape::Episode => "valid_from",
        Shape::Event => "event_date",
        Shape::Yearly | Shape::Aggregate => return None,
    };
    let last = period
        .last_day()
        .duration_since(date(1970, 1, 1))
        .as_hours()
        / 24;
    for (row, day) in days(batch, name)?.iter().enumerate() {
        if day.is_some_and(|day| i64::from(day) > last) {
            rejects.add(row, codes::ROW_DATES, Some(name));
        }
    }
    Some(())
}

/// Rows that share a key: none of them can be preferred, so none comes in.
fn same_key(batch: &RecordBatch, key: &[String], rejects: &mut Rejects) -> Result<(), ArrowError> {
    let columns: Vec<ArrayRef> = key
        .iter()
        .filter_map(|name| batch.column_by_name(name).cloned())
        .collect();
    if columns.is_empty()
        || columns
            .iter()
            .any(|column| column.data_type() == &DataType::Null)
    {
        return Ok(());
    }
    let fields = columns
        .iter()
        .map(|column| SortField::new(column.data_type().clone()))
        .collect();
    let keys = RowConverter::new(fields)?.convert_columns(&columns)?;
    let mut order: Vec<usize> = (0..batch.num_rows())
        .filter(|row| columns.iter().any(|column| column.is_valid(*row)))
        .collect();
    order.sort_unstable_by(|one, other| (keys.row(*one), one).cmp(&(keys.row(*other), other)));
    let told = key.join(", ");
    for group in order.chunk_by(|one, other| keys.row(*one) == keys.row(*other)) {
        if group.len() > 1 {
            for row in group {
                rejects.add(*row, codes::ROW_KEY, Some(&told));
            }
        }
    }
    Ok(())
}
