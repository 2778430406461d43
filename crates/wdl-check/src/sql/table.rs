//! The tables a rule may read, in a private database that spills into a temporary file and is deleted with its connection.
//!
//! Dates are text (`2026-03-05`), money and decimals whole numbers of their last decimal, codes and texts text, `line` the line of the file.

use std::collections::BTreeSet;
use std::sync::Mutex;

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use arrow::record_batch::RecordBatch;
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, Value as SqlValue, ValueRef};
use wdl_contract::{Contract, Kind};
use wdl_vocab::DatasetId;

use crate::cells;
use crate::limits;
use crate::pass::ReadRows;
use crate::sql::names;
use crate::terms::Terms;
use crate::values::Value;

/// The rows of a file that rules of other files may read.
pub(crate) struct Kept(Mutex<Connection>);

impl Kept {
    pub(super) fn new(database: Connection) -> Kept {
        Kept(Mutex::new(database))
    }
}

/// The file's own table, filled chunk after chunk.
pub(crate) struct Loader {
    database: Connection,
    insert: String,
    /// The places in the contract of the columns loaded.
    columns: Vec<usize>,
    rows: u64,
    words: BTreeSet<String>,
}

/// A name as SQL quotes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A dataset of this delivery: the file's own, or one that was checked before.
pub(super) fn dataset<'a>(terms: Terms<'a>, name: &str) -> Option<&'a DatasetId> {
    let siblings = terms.siblings.iter().map(|checked| &checked.dataset);
    let mut all = std::iter::once(&terms.contract.dataset).chain(siblings);
    all.find(|dataset| dataset.as_str() == name)
}

fn sql_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::Code { .. } | Kind::TaxCode | Kind::Date => "TEXT",
        Kind::Integer { .. } | Kind::Money { .. } | Kind::Decimal { .. } => "INTEGER",
    }
}

impl Loader {
    /// A table for the columns that some rule names; nothing when there is no rule.
    pub(crate) fn new(terms: Terms<'_>) -> rusqlite::Result<Option<Loader>> {
        let contract: &Contract = terms.contract;
        if contract.sql_rules.is_empty() && terms.kept.is_empty() {
            return Ok(None);
        }
        let rules = contract.sql_rules.iter();
        let words: BTreeSet<String> = rules.flat_map(|rule| names::words(&rule.lines)).collect();
        let columns: Vec<usize> = (0..contract.columns.len())
            .filter(|place| {
                let name = &contract.columns[*place].name;
                words.contains(&name.to_lowercase()) || terms.kept.contains(name)
            })
            .collect();
        let database = Connection::open("")?;
        database.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;",
        )?;
        let table = quoted(contract.dataset.as_str());
        let mut definitions = String::new();
        let mut marks = String::new();
        for place in &columns {
            let column = &contract.columns[*place];
            definitions += &format!(", {} {}", quoted(&column.name), sql_type(&column.kind));
            marks += ", ?";
        }
        database.execute_batch(&format!(
            "CREATE TABLE {table} (line INTEGER PRIMARY KEY, row_ INTEGER{definitions}); BEGIN"
        ))?;
        Ok(Some(Loader {
            database,
            insert: format!("INSERT OR REPLACE INTO {table} VALUES (?, ?{marks})"),
            columns,
            rows: 0,
            words,
        }))
    }

    /// Takes the rows of a chunk, rejected ones too: a wrong cell is NULL.
    pub(crate) fn take(&mut self, rows: &ReadRows<'_>) -> rusqlite::Result<()> {
        let mut insert = self.database.prepare(&self.insert)?;
        let mut day = String::new();
        for row in 0..rows.batch.len() {
            insert.raw_bind_parameter(1, rows.batch.lines[row].cast_signed())?;
            insert.raw_bind_parameter(2, rows.batch.numbers[row].cast_signed())?;
            for (nth, place) in self.columns.iter().enumerate() {
                let value = rows.cells[*place].values.get(row);
                let value = bound(value, &mut day);
                insert.raw_bind_parameter(nth + 3, value)?;
            }
            insert.raw_execute()?;
        }
        self.rows += rows.batch.len() as u64;
        Ok(())
    }

    /// The whole database, with what came before and what comes beside; and how many rows it has.
    pub(super) fn finish(mut self, terms: Terms<'_>) -> rusqlite::Result<(Connection, u64)> {
        for checked in terms.siblings {
            if let Some(kept) = &checked.kept
                && self.words.contains(checked.dataset.as_str())
            {
                self.copy(checked.dataset.as_str(), kept)?;
            }
        }
        for word in self.words.clone() {
            for (prefix, is_previous) in [("previous_", true), ("last_year_", false)] {
                let Some(name) = word.strip_prefix(prefix) else {
                    continue;
                };
                let past = super::past(terms, name, is_previous);
                if let Some(rows) = past.and_then(|past| past.rows) {
                    self.load(&word, &rows)?;
                }
            }
        }
        self.period(terms)?;
        self.database.execute_batch("COMMIT")?;
        Ok((self.database, self.rows))
    }

    /// The table `delivery`: one row with the period and its first and last day.
    fn period(&self, terms: Terms<'_>) -> rusqlite::Result<()> {
        if dataset(terms, "delivery").is_some() {
            return Ok(());
        }
        self.database.execute_batch(
            "CREATE TABLE delivery (period TEXT, year INTEGER, first_day TEXT, last_day TEXT)",
        )?;
        let period = terms.period;
        self.database.execute(
            "INSERT INTO delivery VALUES (?, ?, ?, ?)",
            (
                period.to_string(),
                period.year(),
                iso(limits::first_day(period)),
                iso(limits::last_day(period)),
            ),
        )?;
        Ok(())
    }

    /// Copies the rows another file kept.
    fn copy(&mut self, name: &str, kept: &Kept) -> rusqlite::Result<()> {
        let other = kept
            .0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut select = other.prepare(&format!("SELECT * FROM {}", quoted(name)))?;
        let names: Vec<String> = select
            .column_names()
            .iter()
            .map(|name| quoted(name))
            .collect();
        let marks = vec!["?"; names.len()].join(", ");
        self.database.execute_batch(&format!(
            "CREATE TABLE {} ({})",
            quoted(name),
            names.join(", ")
        ))?;
        let mut insert = self
            .database
            .prepare(&format!("INSERT INTO {} VALUES ({marks})", quoted(name)))?;
        let mut rows = select.query(())?;
        while let Some(row) = rows.next()? {
            for place in 0..names.len() {
                insert.raw_bind_parameter(place + 1, row.get::<_, SqlValue>(place)?)?;
            }
            insert.raw_execute()?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Loads the named columns of an earlier delivery; its `line` is the place of the row.
    fn load(&mut self, name: &str, batches: &[RecordBatch]) -> rusqlite::Result<()> {
        let schema = batches.first().map(RecordBatch::schema);
        let fields: Vec<String> = schema
            .iter()
            .flat_map(|schema| schema.fields())
            .map(|field| field.name().clone())
            .filter(|field| self.words.contains(&field.to_lowercase()))
            .collect();
        let columns: Vec<String> = fields
            .iter()
            .map(|field| format!(", {}", quoted(field)))
            .collect();
        self.database.execute_batch(&format!(
            "CREATE TABLE {} (line INTEGER PRIMARY KEY{})",
            quoted(name),
            columns.concat()
        ))?;
        let marks = ", ?".repeat(fields.len());
        let mut insert = self
            .database
            .prepare(&format!("INSERT INTO {} VALUES (?{marks})", quoted(name)))?;
        let mut line = 0;
        for batch in batches {
            for row in 0..batch.num_rows() {
                line += 1;
                insert.raw_bind_parameter(1, line)?;
                for (nth, field) in fields.iter().enumerate() {
                    let value = batch
                        .column_by_name(field)
                        .map_or(SqlValue::Null, |column| arrow_value(column, row));
                    insert.raw_bind_parameter(nth + 2, value)?;
                }
                insert.raw_execute()?;
                self.rows += 1;
            }
        }
        Ok(())
    }
}

/// A typed cell as SQLite holds it.
fn bound<'v>(value: Option<Value<'v>>, day: &'v mut String) -> ToSqlOutput<'v> {
    match value {
        None => ToSqlOutput::Owned(SqlValue::Null),
        Some(Value::Text(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Some(Value::Integer(value)) => ToSqlOutput::Owned(SqlValue::Integer(value)),
        // Fourteen digits of money and what a contract's decimals hold fit; what does not is nothing a rule can count with.
        Some(Value::Decimal(units)) => {
            ToSqlOutput::Owned(i64::try_from(units).map_or(SqlValue::Null, SqlValue::Integer))
        }
        Some(Value::Date(days)) => {
            *day = iso(days);
            ToSqlOutput::Borrowed(ValueRef::Text(day.as_bytes()))
        }
    }
}

/// A cell of an earlier delivery as SQLite holds it.
fn arrow_value(column: &arrow::array::ArrayRef, row: usize) -> SqlValue {
    if column.is_null(row) {
        return SqlValue::Null;
    }
    match column.data_type() {
        DataType::Utf8 => SqlValue::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::Int64 => SqlValue::Integer(column.as_primitive::<Int64Type>().value(row)),
        DataType::Date32 => SqlValue::Text(iso(column.as_primitive::<Date32Type>().value(row))),
        DataType::Decimal128(_, _) => {
            let units = column.as_primitive::<Decimal128Type>().value(row);
            i64::try_from(units).map_or(SqlValue::Null, SqlValue::Integer)
        }
        DataType::FixedSizeBinary(_) => {
            SqlValue::Blob(column.as_fixed_size_binary().value(row).to_vec())
        }
        _ => SqlValue::Null,
    }
}

/// A day as ISO 8601 writes it.
fn iso(days: i32) -> String {
    let (year, month, day) = cells::civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A value a rule answers, for the body's own report.
pub(super) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(_) => "…".to_owned(),
    }
}
