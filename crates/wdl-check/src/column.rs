//! One column of the contract read cell by cell: typed values out, and what is wrong with them.
//!
//! A cell that is not what the contract says is a finding and reads as null.

use wdl_contract::{Column, Kind, Semantic, Treatment};
use wdl_identity::{Identity, NotATaxCode};
use wdl_intake::{Form, Native};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Severity};

use crate::batch::Batch;
use crate::cells::{self, CellFault};
use crate::checked::PeopleCount;
use crate::findings::{Findings, Seen, Subject};
use crate::limits::{Limits, OLD};
use crate::semantics;
use crate::terms::Terms;
use crate::values::{Value, Values};

/// A column being read, chunk after chunk.
pub(crate) struct ColumnReader<'a> {
    pub(crate) index: usize,
    pub(crate) column: &'a Column,
    /// Where it stands in the file.
    place: Option<usize>,
    form: Form,
    limits: Limits<'a>,
    pub(crate) findings: Findings,
    pub(crate) filled: u64,
    pub(crate) people: Option<PeopleCount>,
    long: LongNumbers,
}

/// The column's cells of one chunk.
pub(crate) struct ReadCells {
    pub(crate) values: Values,
    /// Rows of the batch that have an error here, in order.
    pub(crate) wrong: Vec<usize>,
}

/// Long numbers of a column, and those among them whose last digits are all zeros.
#[derive(Default)]
struct LongNumbers {
    all: u64,
    rounded: u64,
    lines: Vec<u64>,
    examples: Vec<String>,
}

/// One cell in its place.
#[derive(Clone, Copy)]
struct At<'t> {
    text: &'t str,
    line: u64,
    row: usize,
}

/// What a cell came to: its value, and whether its row is rejected.
struct Outcome<'s, 't> {
    reader: &'s mut ColumnReader<'t>,
    cells: &'s mut ReadCells,
}

impl<'a> ColumnReader<'a> {
    pub(crate) fn new(
        (index, column): (usize, &'a Column),
        (place, form): (Option<usize>, Form),
        terms: Terms<'a>,
    ) -> ColumnReader<'a> {
        let people = (column.kind == Kind::TaxCode && place.is_some()).then(|| PeopleCount {
            column: column.physical_name.clone(),
            ..PeopleCount::default()
        });
        ColumnReader {
            index,
            column,
            place,
            form,
            limits: Limits::of(column, terms),
            findings: Findings::default(),
            filled: 0,
            people,
            long: LongNumbers::default(),
        }
    }

    pub(crate) fn is_in_file(&self) -> bool {
        self.place.is_some()
    }

    /// Reads the column's cells of some rows.
    pub(crate) fn read(&mut self, batch: &Batch<'_>) -> ReadCells {
        let kind = &self.column.kind;
        let Some(place) = self.place else {
            return ReadCells {
                values: Values::absent(kind, batch.len()),
                wrong: Vec::new(),
            };
        };
        let mut cells = ReadCells {
            values: Values::new(kind, batch.len()),
            wrong: Vec::new(),
        };
        for row in 0..batch.len() {
            let cell = batch.chunk.cell(batch.places[row], place);
            let at = At {
                text: cell.text,
                line: batch.lines[row],
                row,
            };
            let mut outcome = Outcome {
                reader: self,
                cells: &mut cells,
            };
            outcome.cell(at, cell.native);
        }
        cells
    }

    /// What can only be said over the whole column.
    pub(crate) fn finish(&mut self) {
        let long = std::mem::take(&mut self.long);
        // One number in ten ends in a zero by itself: three that all do are no chance, and fewer are no evidence.
        if long.rounded < 3 || long.rounded < long.all {
            return;
        }
        let code = codes::ROUNDED_DIGITS;
        let key = (Severity::ToJustify, Subject::Column(self.index), code);
        let described = self.describe(code);
        for (place, line) in long.lines.iter().enumerate() {
            let value = long.examples.get(place).map_or("", String::as_str);
            self.findings
                .add(key, Some(Seen::at(*line, value)), || described.clone());
        }
        for _ in long.lines.len() as u64..long.rounded {
            self.findings.add(key, None, || described.clone());
        }
    }

    /// What the texts of a code may need to know of this column.
    pub(crate) fn describe(&self, code: Code) -> Diagnostic {
        let diagnostic = Diagnostic::new(code).with("column", &self.column.physical_name);
        match code {
            codes::NOT_A_DATE | codes::DATE_FORMAT => {
                diagnostic.with("expected", self.form.date.write(2026, 3, 5))
            }
            codes::NOT_A_NUMBER | codes::DECIMAL_POINT => {
                diagnostic.with("expected", self.form.decimal.example())
            }
            _ => self.limits.describe(diagnostic, code),
        }
    }
}

impl Outcome<'_, '_> {
    fn cell(&mut self, at: At<'_>, native: Native) {
        if at.text.is_empty() {
            self.empty(at);
            return;
        }
        self.reader.filled += 1;
        if native == Native::Error || cells::is_formula_error(at.text) {
            self.refuse(codes::FORMULA_ERROR, at);
            return;
        }
        match self.reader.column.kind {
            Kind::TaxCode => self.tax_code(at),
            Kind::Text { .. } => self.text(at),
            Kind::Code { .. } => self.code(at),
            Kind::Integer { .. } => self.integer(at),
            Kind::Money { .. } | Kind::Decimal { .. } => self.decimal(at),
            Kind::Date => self.date(at),
        }
    }

    fn empty(&mut self, at: At<'_>) {
        let column = self.reader.column;
        let is_needed = column.required || column.is_key;
        match &mut self.reader.people {
            Some(people) => {
                people.missing += 1;
                let severity = match is_needed {
                    true => Severity::Error,
                    false => Severity::ToJustify,
                };
                self.find(codes::TAX_CODE_MISSING, severity, at);
            }
            None if is_needed => self.find(codes::REQUIRED, Severity::Error, at),
            None => {}
        }
        self.cells.values.push_null();
    }

    fn tax_code(&mut self, at: At<'_>) {
        let reader = &mut *self.reader;
        let people = reader
            .people
            .as_mut()
            .expect("a column of tax codes counts people");
        let (code, severity) = match Identity::read(at.text) {
            Ok(Identity::TaxCode(code)) => {
                people.tax_codes += 1;
                self.cells.values.push(Value::Text(code.expose()));
                return;
            }
            Ok(Identity::Provisional(code)) => {
                people.provisional += 1;
                self.cells.values.push(Value::Text(code.expose()));
                self.find(codes::NUMERIC_CODE, Severity::Note, at);
                if !code.has_known_office() {
                    self.find(codes::OFFICE_UNKNOWN, Severity::ToJustify, at);
                }
                return;
            }
            Ok(Identity::Stp | Identity::Eni) => {
                people.health_codes += 1;
                (codes::NOT_TAX_CODES, Severity::Note)
            }
            Err(NotATaxCode::Missing) => {
                reader.filled -= 1;
                self.empty(at);
                return;
            }
            Err(NotATaxCode::Lookalike) => {
                people.wrong += 1;
                // Nobody's code is so: there is nothing to justify.
                (codes::TAX_CODE_LOOKALIKE, Severity::Error)
            }
            Err(_) => {
                people.wrong += 1;
                match cells::is_spreadsheet_number(at.text) {
                    true => (codes::EXCEL_NUMBER, Severity::ToJustify),
                    false => (codes::TAX_CODE_WRONG, Severity::ToJustify),
                }
            }
        };
        self.find(code, severity, at);
        self.cells.values.push_null();
    }

    fn text(&mut self, at: At<'_>) {
        let limits = &self.reader.limits;
        if let Some(maximum) = limits.text_max
            && at.text.len() > maximum
            && at.text.chars().count() > maximum
        {
            self.find(codes::TOO_LONG, Severity::Error, at);
        }
        let semantic = self.reader.column.semantic.as_ref();
        if self.reader.limits.is_free_text && semantics::may_identify(semantic, at.text) {
            // The text stays unread: what it holds must not be repeated even here.
            let hidden = At { text: "", ..at };
            self.find(codes::IDENTIFIER_IN_TEXT, Severity::Error, hidden);
        }
        if cells::is_spreadsheet_number(at.text) {
            self.find(codes::EXCEL_NUMBER, Severity::Error, at);
        } else if let Some(is_rounded) = cells::long_digits(at.text) {
            self.reader.long.see(is_rounded, at);
        }
        if let Some(fault) = semantics::fault(semantic, at.text) {
            self.find(fault.code, fault.severity, at);
        }
        self.cells.values.push(Value::Text(at.text));
    }

    fn code(&mut self, at: At<'_>) {
        let Some(list) = &self.reader.limits.list else {
            self.cells.values.push(Value::Text(at.text));
            return;
        };
        if list.contains(at.text) {
            let has_ended = list.has_ended(at.text);
            self.cells.values.push(Value::Text(at.text));
            if has_ended {
                self.find(codes::PLACE_UNKNOWN, Severity::Note, at);
            }
            return;
        }
        let semantic = self.reader.column.semantic.as_ref();
        let meant = list.without_zeros(at.text).map(str::to_owned);
        if meant.is_some() {
            self.find_meant(codes::LOST_ZEROS, Severity::Error, at, |_| meant);
        } else if semantic.is_some_and(Semantic::is_place) {
            // Lists of places are never complete: an unknown one is told and goes on.
            match semantics::fault(semantic, at.text) {
                Some(fault) => self.find(fault.code, fault.severity, at),
                None => self.find(codes::PLACE_UNKNOWN, Severity::Note, at),
            }
            self.cells.values.push(Value::Text(at.text));
            return;
        } else {
            self.find_meant(codes::UNKNOWN_CODE, Severity::Error, at, |limits| {
                let nearest = limits.list.as_ref()?.nearest(at.text);
                nearest.map(str::to_owned)
            });
        }
        self.cells.values.push_null();
    }

    fn integer(&mut self, at: At<'_>) {
        match cells::integer(at.text, self.reader.form.decimal) {
            Ok(value) => {
                self.cells.values.push(Value::Integer(value));
                self.in_range(i128::from(value), at);
                self.in_period(value, at);
            }
            Err(fault) => self.fault(fault, at),
        }
    }

    fn decimal(&mut self, at: At<'_>) {
        let scale = self.reader.limits.scale;
        match cells::number(at.text, scale, self.reader.form.decimal) {
            Ok(value) => {
                self.cells.values.push(Value::Decimal(value));
                let is_in_range = self.in_range(value, at);
                let is_isee = self.reader.column.semantic == Some(Semantic::Isee);
                if is_in_range && is_isee && !semantics::is_plausible_isee(value, scale) {
                    self.find(codes::ISEE_IMPLAUSIBLE, Severity::ToJustify, at);
                }
            }
            Err(fault) => self.fault(fault, at),
        }
    }

    fn date(&mut self, at: At<'_>) {
        match cells::date(at.text, self.reader.form.date) {
            Ok(days) => {
                self.cells.values.push(Value::Date(days));
                if days < OLD {
                    self.find(codes::OLD_DATE, Severity::ToJustify, at);
                }
                self.in_period(i64::from(days), at);
            }
            Err(fault) => self.fault(fault, at),
        }
    }

    fn in_range(&mut self, value: i128, at: At<'_>) -> bool {
        let limits = &self.reader.limits;
        let is_below = limits.minimum.is_some_and(|minimum| value < minimum);
        let is_above = limits.maximum.is_some_and(|maximum| value > maximum);
        if is_below {
            self.find(codes::BELOW_MINIMUM, Severity::Error, at);
        }
        if is_above {
            self.find(codes::ABOVE_MAXIMUM, Severity::Error, at);
        }
        !is_below && !is_above
    }

    fn in_period(&mut self, value: i64, at: At<'_>) {
        let limits = &self.reader.limits;
        let is_early = limits.first.is_some_and(|first| value < first);
        let is_late = limits.last.is_some_and(|last| value > last);
        match (is_early, is_late, limits.is_end) {
            (true, _, _) => self.find(codes::BEFORE_PERIOD, Severity::ToJustify, at),
            (_, true, true) => self.find(codes::PLANNED_END, Severity::Note, at),
            (_, true, false) => self.find(codes::AFTER_PERIOD, Severity::Error, at),
            (false, false, _) => {}
        }
    }

    fn fault(&mut self, fault: CellFault, at: At<'_>) {
        let (code, meant) = match fault {
            CellFault::NotADate => (codes::NOT_A_DATE, None),
            CellFault::ImpossibleDate => (codes::IMPOSSIBLE_DATE, None),
            CellFault::DateFormat => (codes::DATE_FORMAT, None),
            CellFault::DateSerial => {
                let day = cells::of_serial(at.text).map(cells::shown_date);
                (codes::DATE_SERIAL, day)
            }
            CellFault::NotANumber if cells::is_spreadsheet_number(at.text) => {
                (codes::EXCEL_NUMBER, None)
            }
            CellFault::NotANumber => (codes::NOT_A_NUMBER, None),
            CellFault::OtherMarks => (codes::DECIMAL_POINT, None),
            CellFault::TooManyDecimals => (codes::TOO_MANY_DECIMALS, None),
        };
        self.find_meant(code, Severity::Error, at, |_| meant);
        self.cells.values.push_null();
    }

    /// An error without a value.
    fn refuse(&mut self, code: Code, at: At<'_>) {
        self.find(code, Severity::Error, at);
        self.cells.values.push_null();
    }

    fn find(&mut self, code: Code, severity: Severity, at: At<'_>) {
        self.find_meant(code, severity, at, |_| None);
    }

    /// Adds a finding, with the value that was probably meant: asked for only when it is shown.
    fn find_meant(
        &mut self,
        code: Code,
        severity: Severity,
        at: At<'_>,
        meant: impl FnOnce(&Limits<'_>) -> Option<String>,
    ) {
        if severity == Severity::Error && self.cells.wrong.last() != Some(&at.row) {
            self.cells.wrong.push(at.row);
        }
        let key = (severity, Subject::Column(self.reader.index), code);
        let mut findings = std::mem::take(&mut self.reader.findings);
        let finding = findings.add(key, Some(Seen::at(at.line, at.text)), || {
            self.reader.describe(code)
        });
        if let Some(example) = finding.examples.last_mut()
            && example.line == at.line
        {
            example.suggestion = meant(&self.reader.limits);
        }
        self.reader.findings = findings;
    }
}

impl LongNumbers {
    fn see(&mut self, is_rounded: bool, at: At<'_>) {
        self.all += 1;
        if !is_rounded {
            return;
        }
        self.rounded += 1;
        if self.lines.len() < crate::LINES {
            self.lines.push(at.line);
        }
        if self.examples.len() < crate::EXAMPLES {
            self.examples.push(at.text.to_owned());
        }
    }
}

/// Whether a text of this column leaves as it is.
pub(crate) fn is_free_text(column: &Column) -> bool {
    matches!(
        (&column.kind, &column.treatment),
        (Kind::Text { .. }, Treatment::Keep)
    )
}
