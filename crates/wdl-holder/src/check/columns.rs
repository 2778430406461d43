//! One column of the contract read cell by cell, straight into the memory of an Arrow array.
//!
//! A cell that is not what the contract says is a finding and reads as null.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, StringArray};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use serde::Serialize;
use wdl_contract::{Column, Kind, Treatment};
use wdl_identity::{Identity, NotATaxCode};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Period, Severity, did_you_mean};

use super::Terms;
use super::cells::{self, CellFault};
use super::findings::{Findings, Subject};

/// What a column of tax codes holds, in rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PeopleCount {
    /// The column of the export.
    pub column: String,
    /// Right codes of sixteen characters.
    pub tax_codes: u64,
    /// Right provisional codes.
    pub provisional: u64,
    /// STP and ENI codes.
    pub health_codes: u64,
    /// Nothing written.
    pub missing: u64,
    /// Something else.
    pub wrong: u64,
}

/// What the values of a column are kept in.
enum Values {
    Text {
        bytes: Vec<u8>,
        ends: Vec<i32>,
    },
    Integer(Vec<i64>),
    Decimal {
        units: Vec<i128>,
        precision: u8,
        scale: i8,
    },
    Date(Vec<i32>),
    Dropped,
}

/// Where a column's findings go, and for which row.
pub(crate) struct Row<'a> {
    pub(crate) findings: &'a mut Findings,
    pub(crate) line: u64,
}

/// A column being read.
pub(crate) struct ColumnReader<'a> {
    index: usize,
    column: &'a Column,
    rules: Rules<'a>,
    values: Values,
    valid: Vec<bool>,
    filled: u64,
    people: Option<PeopleCount>,
}

/// What the cells of a column are held against.
struct Rules<'a> {
    list: Option<(&'a str, HashSet<&'a str>)>,
    minimum: Option<i128>,
    maximum: Option<i128>,
    scale: u8,
    text_max: Option<usize>,
    /// The last day or year the delivery can speak of.
    last: Option<i64>,
    period: Period,
    is_free_text: bool,
    /// Whether it tells an end, which may be agreed for the future.
    is_end: bool,
}

/// 1 January 1900.
const OLD: i32 = -25_567;

impl<'a> ColumnReader<'a> {
    pub(crate) fn new((index, column): (usize, &'a Column), terms: Terms<'a>) -> ColumnReader<'a> {
        let values = match (&column.treatment, &column.kind) {
            (Treatment::Drop, _) => Values::Dropped,
            (_, Kind::Text { .. } | Kind::Code { .. } | Kind::TaxCode) => Values::Text {
                bytes: Vec::new(),
                ends: Vec::new(),
            },
            (_, Kind::Integer { .. }) => Values::Integer(Vec::new()),
            (_, Kind::Money { .. }) => Values::Decimal {
                units: Vec::new(),
                precision: 14,
                scale: 2,
            },
            (
                _,
                Kind::Decimal {
                    precision, scale, ..
                },
            ) => Values::Decimal {
                units: Vec::new(),
                precision: *precision,
                scale: *scale,
            },
            (_, Kind::Date) => Values::Date(Vec::new()),
        };
        let people = (column.kind == Kind::TaxCode).then(|| PeopleCount {
            column: column.physical_name.clone(),
            ..PeopleCount::default()
        });
        ColumnReader {
            index,
            column,
            rules: Rules::of(column, terms),
            values,
            valid: Vec::new(),
            filled: 0,
            people,
        }
    }

    /// Reads one cell.
    pub(crate) fn read(&mut self, text: &str, row: &mut Row<'_>) {
        if text.is_empty() {
            self.empty(row);
            return;
        }
        self.filled += 1;
        if matches!(self.values, Values::Dropped) {
            // It stays at the body: what it holds is nobody else's business.
            self.push_null();
            return;
        }
        match self.column.kind {
            Kind::TaxCode => self.tax_code(text, row),
            Kind::Text { .. } => self.text(text, row),
            Kind::Code { .. } => self.code(text, row),
            Kind::Integer { .. } => self.integer(text, row),
            Kind::Money { .. } | Kind::Decimal { .. } => self.decimal(text, row),
            Kind::Date => self.date(text, row),
        }
    }

    /// Its place among the contract's columns.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    fn empty(&mut self, row: &mut Row<'_>) {
        match &mut self.people {
            Some(people) => {
                people.missing += 1;
                self.find(codes::TAX_CODE_MISSING, Severity::ToJustify, "", row);
            }
            None if self.column.required || self.column.is_key => {
                self.find(codes::REQUIRED, Severity::Error, "", row);
            }
            None => {}
        }
        self.push_null();
    }

    fn tax_code(&mut self, text: &str, row: &mut Row<'_>) {
        let people = self
            .people
            .as_mut()
            .expect("a column of tax codes counts people");
        match Identity::read(text) {
            Ok(Identity::TaxCode(code)) => {
                people.tax_codes += 1;
                self.push_text(code.expose());
            }
            Ok(Identity::Provisional(code)) => {
                people.provisional += 1;
                self.push_text(code.expose());
            }
            Ok(Identity::Stp | Identity::Eni) => {
                people.health_codes += 1;
                self.find(codes::NOT_TAX_CODES, Severity::Note, text, row);
                self.push_null();
            }
            Err(NotATaxCode::Missing) => {
                self.filled -= 1;
                self.empty(row);
            }
            Err(_) => {
                people.wrong += 1;
                let code = match cells::is_spreadsheet_number(text) {
                    true => codes::EXCEL_NUMBER,
                    false => codes::TAX_CODE_WRONG,
                };
                self.find(code, Severity::ToJustify, text, row);
                self.push_null();
            }
        }
    }

    fn text(&mut self, text: &str, row: &mut Row<'_>) {
        if let Some(maximum) = self.rules.text_max
            && text.len() > maximum
            && text.chars().count() > maximum
        {
            self.find(codes::TOO_LONG, Severity::Error, text, row);
        }
        if self.rules.is_free_text {
            if wdl_identity::find_in_text(text) {
                self.find(codes::IDENTIFIER_IN_TEXT, Severity::Error, text, row);
            }
        } else if cells::is_spreadsheet_number(text) {
            self.find(codes::EXCEL_NUMBER, Severity::Error, text, row);
        }
        self.push_text(text);
    }

    fn code(&mut self, text: &str, row: &mut Row<'_>) {
        let is_listed = match &self.rules.list {
            Some((_, codes)) => codes.contains(text),
            None => true,
        };
        if is_listed {
            self.push_text(text);
            return;
        }
        self.find(codes::UNKNOWN_CODE, Severity::Error, text, row);
        self.push_null();
    }

    fn integer(&mut self, text: &str, row: &mut Row<'_>) {
        match cells::integer(text) {
            Ok(value) => {
                self.in_range(i128::from(value), text, row);
                self.in_period(value, text, row);
                self.push(|values| {
                    if let Values::Integer(all) = values {
                        all.push(value);
                    }
                });
            }
            Err(fault) => self.fault(fault, text, row),
        }
    }

    fn decimal(&mut self, text: &str, row: &mut Row<'_>) {
        match cells::decimal(text, self.rules.scale) {
            Ok(value) => {
                self.in_range(value, text, row);
                self.push(|values| {
                    if let Values::Decimal { units, .. } = values {
                        units.push(value);
                    }
                });
            }
            Err(fault) => self.fault(fault, text, row),
        }
    }

    fn date(&mut self, text: &str, row: &mut Row<'_>) {
        match cells::date(text) {
            Ok(days) => {
                if days < OLD {
                    self.find(codes::OLD_DATE, Severity::ToJustify, text, row);
                }
                self.in_period(i64::from(days), text, row);
                self.push(|values| {
                    if let Values::Date(all) = values {
                        all.push(days);
                    }
                });
            }
            Err(fault) => self.fault(fault, text, row),
        }
    }

    fn in_range(&self, value: i128, text: &str, row: &mut Row<'_>) {
        if self.rules.minimum.is_some_and(|minimum| value < minimum) {
            self.find(codes::BELOW_MINIMUM, Severity::Error, text, row);
        }
        if self.rules.maximum.is_some_and(|maximum| value > maximum) {
            self.find(codes::ABOVE_MAXIMUM, Severity::Error, text, row);
        }
    }

    fn in_period(&self, value: i64, text: &str, row: &mut Row<'_>) {
        if self.rules.last.is_none_or(|last| value <= last) {
            return;
        }
        match self.rules.is_end {
            true => self.find(codes::PLANNED_END, Severity::Note, text, row),
            false => self.find(codes::AFTER_PERIOD, Severity::Error, text, row),
        }
    }

    fn fault(&mut self, fault: CellFault, text: &str, row: &mut Row<'_>) {
        let code = match fault {
            CellFault::NotADate => codes::NOT_A_DATE,
            CellFault::ImpossibleDate => codes::IMPOSSIBLE_DATE,
            CellFault::DateFormat => codes::DATE_FORMAT,
            CellFault::NotANumber => codes::NOT_A_NUMBER,
            CellFault::DecimalPoint => codes::DECIMAL_POINT,
            CellFault::TooManyDecimals => codes::TOO_MANY_DECIMALS,
        };
        self.find(code, Severity::Error, text, row);
        self.push_null();
    }

    fn find(&self, code: Code, severity: Severity, text: &str, row: &mut Row<'_>) {
        let key = (severity, Subject::Column(self.index), code);
        let finding = row
            .findings
            .add(key, Some((row.line, text)), || self.describe(code));
        if code == codes::UNKNOWN_CODE
            && let Some((_, codes)) = &self.rules.list
            && let Some(example) = finding.examples.last_mut()
            && example.line == row.line
        {
            example.suggestion = nearest_code(text, codes).map(str::to_owned);
        }
    }

    /// What the texts of a code may need to know of this column.
    pub(crate) fn describe(&self, code: Code) -> Diagnostic {
        let rules = &self.rules;
        let mut diagnostic = Diagnostic::new(code).with("column", &self.column.physical_name);
        if let Some((list, _)) = &rules.list {
            diagnostic = diagnostic.with("list", list);
        }
        if let Some(minimum) = rules.minimum {
            diagnostic = diagnostic.with("minimum", cells::shown(minimum, rules.scale));
        }
        if let Some(maximum) = rules.maximum {
            diagnostic = diagnostic.with("maximum", cells::shown(maximum, rules.scale));
        }
        match code {
            codes::TOO_MANY_DECIMALS => diagnostic.with("maximum", rules.scale),
            codes::TOO_LONG => diagnostic.with("maximum", rules.text_max.unwrap_or_default()),
            codes::AFTER_PERIOD | codes::PLANNED_END => diagnostic.with("period", rules.period),
            _ => diagnostic,
        }
    }

    fn push(&mut self, write: impl FnOnce(&mut Values)) {
        write(&mut self.values);
        self.valid.push(true);
    }

    fn push_text(&mut self, text: &str) {
        self.push(|values| {
            if let Values::Text { bytes, ends } = values {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(end_of(bytes));
            }
        });
    }

    fn push_null(&mut self) {
        match &mut self.values {
            Values::Text { bytes, ends } => ends.push(end_of(bytes)),
            Values::Integer(all) => all.push(0),
            Values::Decimal { units, .. } => units.push(0),
            Values::Date(all) => all.push(0),
            Values::Dropped => {}
        }
        self.valid.push(false);
    }

    /// The column as read.
    pub(crate) fn finish(self) -> ReadColumn {
        let nulls = Some(NullBuffer::from(self.valid)).filter(|nulls| nulls.null_count() > 0);
        let array: Option<ArrayRef> = match self.values {
            Values::Text { bytes, ends } => Some(Arc::new(strings(bytes, ends, nulls))),
            Values::Integer(all) => Some(Arc::new(Int64Array::new(all.into(), nulls))),
            Values::Decimal {
                units,
                precision,
                scale,
            } => Some(Arc::new(
                Decimal128Array::new(units.into(), nulls)
                    .with_precision_and_scale(precision, scale)
                    .expect("a contract's precision and scale fit Decimal128"),
            )),
            Values::Date(all) => Some(Arc::new(Date32Array::new(all.into(), nulls))),
            Values::Dropped => None,
        };
        ReadColumn {
            array,
            filled: self.filled,
            people: self.people,
        }
    }
}

impl<'a> Rules<'a> {
    fn of(column: &'a Column, terms: Terms<'a>) -> Rules<'a> {
        let period = terms.period;
        let (minimum, maximum, scale) = limits(&column.kind);
        let list = match &column.kind {
            Kind::Code { list } => terms.codes.get(list).map(|codes| {
                let codes = codes.rows().iter().map(|row| row.code.as_str());
                (list.as_str(), codes.collect())
            }),
            _ => None,
        };
        let is_year = column.name.ends_with("_year");
        Rules {
            list,
            minimum,
            maximum,
            scale,
            text_max: match column.kind {
                Kind::Text { max } => Some(max),
                _ => None,
            },
            last: match column.kind {
                Kind::Date => Some(last_day(period)),
                Kind::Integer { .. } if is_year => Some(i64::from(period.year())),
                _ => None,
            },
            period,
            is_free_text: matches!(
                (&column.kind, &column.treatment),
                (Kind::Text { .. }, Treatment::Keep)
            ),
            is_end: column.known_at_end || column.name == "valid_to",
        }
    }
}

fn limits(kind: &Kind) -> (Option<i128>, Option<i128>, u8) {
    let wide = |limit: &Option<i64>| limit.map(i128::from);
    match kind {
        Kind::Integer { min, max } => (wide(min), wide(max), 0),
        Kind::Money { min, max } => (
            min.map(|euro| i128::from(euro.cents)),
            max.map(|euro| i128::from(euro.cents)),
            2,
        ),
        Kind::Decimal {
            scale, min, max, ..
        } => (wide(min), wide(max), scale.unsigned_abs()),
        Kind::Text { .. } | Kind::Code { .. } | Kind::Date | Kind::TaxCode => (None, None, 0),
    }
}

fn last_day(period: Period) -> i64 {
    let last = period.last_day();
    let (month, day) = (last.month().unsigned_abs(), last.day().unsigned_abs());
    let days = cells::days_from_civil(i32::from(last.year()), u32::from(month), u32::from(day));
    i64::from(days)
}

/// A column that has been read.
pub(crate) struct ReadColumn {
    /// The values; none for a column that stays at the body.
    pub(crate) array: Option<ArrayRef>,
    pub(crate) filled: u64,
    pub(crate) people: Option<PeopleCount>,
}

fn end_of(bytes: &[u8]) -> i32 {
    i32::try_from(bytes.len()).expect("a column of a file has less than two gigabytes")
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

/// The code that was probably meant: without the zeros a spreadsheet took, in the right case, or one slip away.
fn nearest_code<'c>(text: &str, codes: &HashSet<&'c str>) -> Option<&'c str> {
    let padded = codes
        .iter()
        .filter(|code| code.len() > text.len() && code.trim_start_matches('0') == text)
        .min();
    if let Some(code) = padded {
        return Some(code);
    }
    let folded = codes
        .iter()
        .filter(|code| code.eq_ignore_ascii_case(text))
        .min();
    folded
        .copied()
        .or_else(|| did_you_mean(text, codes.iter().copied()))
}
