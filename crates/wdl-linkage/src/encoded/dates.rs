//! How the dates of a file are read before they are encoded: whether the day or the month comes first, told by each column as a whole.
//!
//! Two files that write one day in two ways must give one vector, and nobody sees afterwards that they do not.
//! So what the file leaves open is told to whoever encodes, and what cannot be read is counted.

use std::collections::BTreeSet;

use wdl_encoding::compare::{DateOrder, OrderEvidence, read_date_in};
use wdl_encoding::{NormalForm, Schema, SchemaField};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnostic, Severity};

use super::encode::column;
use super::faults::EncodeError;
use crate::data::{Column, Data};

/// How the dates of one field were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatesRead {
    /// The field of the schema.
    pub field: String,
    /// What its column is called in the file.
    pub column: String,
    /// The order in which they were read.
    pub order: DateOrder,
    /// Whether that was said by whoever encodes, and not found in the column.
    pub is_said: bool,
    /// What the different values of the column say of the order.
    pub evidence: OrderEvidence,
    /// Rows that hold something which is no date: they count as missing.
    pub unreadable: usize,
    /// Rows whose year has two digits, so that its century was supposed.
    pub without_century: usize,
}

impl DatesRead {
    /// What whoever encodes should know; the work goes on.
    pub fn notes(&self) -> Vec<Diagnostic> {
        let note = |code| {
            let note = Diagnostic::new(code).severity(Severity::Note);
            note.with("column", &self.column)
        };
        let mut notes = Vec::new();
        let evidence = self.evidence;
        if !self.is_said && evidence.is_open() {
            notes.push(note(codes::DATE_ORDER_OPEN).with("count", evidence.either));
        }
        if self.is_said && evidence.contradicts(self.order) {
            let count = match self.order {
                DateOrder::DayFirst => evidence.month_first,
                DateOrder::MonthFirst => evidence.day_first,
            };
            notes.push(note(codes::DATE_ORDER_OTHER).with("count", count));
        }
        if self.unreadable > 0 {
            notes.push(note(codes::DATES_UNREADABLE).with("count", self.unreadable));
        }
        notes
    }
}

/// How the dates of each field of a schema are read in a source; nothing for fields without dates.
pub(super) fn dates_read(
    data: &Data,
    source: usize,
    schema: &Schema,
    said: Option<DateOrder>,
) -> Result<Vec<Option<DatesRead>>, EncodeError> {
    let rows = data.sources[source].records.clone();
    let rows = rows.start as usize..rows.end as usize;
    let of = |field: &SchemaField| {
        let column = column(data, field)?;
        let is_date = field.form == NormalForm::Date;
        Ok(is_date.then(|| of_column(&field.name, column, &column.cells[rows.clone()], said)))
    };
    schema.fields.iter().map(of).collect()
}

fn of_column(field: &str, column: &Column, cells: &[u32], said: Option<DateOrder>) -> DatesRead {
    let different: BTreeSet<u32> = cells.iter().copied().collect();
    let values = || different.iter().map(|value| column.values.get(*value));
    let evidence = OrderEvidence::of(values());
    let order = said.unwrap_or(evidence.order());
    // What a value adds to the rows that cannot be read, and to those without a century.
    let mut adds = vec![(0, 0); column.values.len()];
    for value in &different {
        let raw = column.values.get(*value);
        adds[*value as usize] = match read_date_in(raw, order) {
            Some(date) => (0, usize::from(!date.is_century_known())),
            None => (usize::from(says_something(raw)), 0),
        };
    }
    let rows = || cells.iter().map(|cell| adds[*cell as usize]);
    DatesRead {
        field: field.to_owned(),
        column: column.name.clone(),
        order,
        is_said: said.is_some(),
        evidence,
        unreadable: rows().map(|(unreadable, _)| unreadable).sum(),
        without_century: rows().map(|(_, without)| without).sum(),
    }
}

/// Whether a cell that is no date holds more than what fills an empty one (`n.d.`, `00/00/0000`).
fn says_something(raw: &str) -> bool {
    let is_more = raw.chars().any(|c| c.is_alphanumeric() && c != '0');
    is_more && NormalForm::Text.normal(raw).is_some()
}

/// The order in which the dates of a column are written, in all files together.
pub(super) fn order_of(column: &Column, form: NormalForm) -> DateOrder {
    match form == NormalForm::Date {
        true => DateOrder::of(column.values.iter()),
        false => DateOrder::DayFirst,
    }
}
