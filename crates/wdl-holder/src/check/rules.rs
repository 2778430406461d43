//! The contract's rules between the columns of one row.

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::datatypes::{Date32Type, Decimal128Type};
use wdl_contract::{Contract, Rule};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Severity};

use super::cells;
use super::findings::{Findings, Subject};

/// A file's columns as read, and the line of each row.
pub(crate) struct Rows<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) arrays: &'a [Option<ArrayRef>],
    pub(crate) lines: &'a [u32],
}

/// Holds every row against every rule; a rule about a column that is not there is passed over.
pub(crate) fn hold(rows: &Rows<'_>, findings: &mut Findings) {
    for (place, rule) in rows.contract.rules().iter().enumerate() {
        let subject = Subject::Rule(place);
        // Nothing to hold when a column is missing: that is a finding already.
        let _ = match rule {
            Rule::NotBefore { earlier, later } => {
                not_before(rows, (earlier, later), subject, findings)
            }
            Rule::Sum {
                parts,
                total,
                tolerance,
            } => sum(rows, (parts, total, tolerance.cents), subject, findings),
        };
    }
}

impl<'a> Rows<'a> {
    fn array(&self, name: &str) -> Option<&'a ArrayRef> {
        let place = self
            .contract
            .columns
            .iter()
            .position(|column| column.name == name)?;
        self.arrays[place].as_ref()
    }

    /// The name of a column in the export.
    fn shown(&self, name: &str) -> &'a str {
        self.contract
            .column(name)
            .map_or("", |column| column.physical_name.as_str())
    }

    fn tell(
        &self,
        (subject, code): (Subject, Code),
        (row, value): (usize, &str),
        arguments: (&str, &str),
        findings: &mut Findings,
    ) {
        let line = self.lines.get(row).copied().map_or(0, u64::from);
        let (column, expected) = arguments;
        findings.add(
            (Severity::Error, subject, code),
            Some((line, value)),
            || {
                Diagnostic::new(code)
                    .with("column", column)
                    .with("expected", expected)
            },
        );
    }
}

fn not_before(
    rows: &Rows<'_>,
    (earlier, later): (&str, &str),
    subject: Subject,
    findings: &mut Findings,
) -> Option<()> {
    let from = rows.array(earlier)?.as_primitive_opt::<Date32Type>()?;
    let to = rows.array(later)?.as_primitive_opt::<Date32Type>()?;
    let arguments = (rows.shown(later), rows.shown(earlier));
    for (row, (from, to)) in from.iter().zip(to).enumerate() {
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        if to < from {
            let value = format!("{} – {}", cells::shown_date(from), cells::shown_date(to));
            let key = (subject, codes::ENDS_BEFORE_START);
            rows.tell(key, (row, &value), arguments, findings);
        }
    }
    Some(())
}

fn sum(
    rows: &Rows<'_>,
    (parts, total, tolerance): (&[String], &str, i64),
    subject: Subject,
    findings: &mut Findings,
) -> Option<()> {
    let money = |name: &str| rows.array(name)?.as_primitive_opt::<Decimal128Type>();
    let amounts: Option<Vec<_>> = parts.iter().map(|part| money(part)).collect();
    let (amounts, totals) = (amounts?, money(total)?);
    let names: Vec<&str> = parts.iter().map(|part| rows.shown(part)).collect();
    let names = format!("`{}`", names.join("` + `"));
    for row in 0..totals.len() {
        if totals.is_null(row) || amounts.iter().any(|amount| amount.is_null(row)) {
            continue;
        }
        let parts: i128 = amounts.iter().map(|amount| amount.value(row)).sum();
        let difference = parts - totals.value(row);
        if difference.abs() > i128::from(tolerance) {
            let value = format!(
                "{} ≠ {}",
                cells::shown(parts, 2),
                cells::shown(totals.value(row), 2)
            );
            let key = (subject, codes::SUM_DIFFERS);
            rows.tell(key, (row, &value), (rows.shown(total), &names), findings);
        }
    }
    Some(())
}
