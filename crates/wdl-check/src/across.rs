//! The contract's rules between the columns of one row.

use wdl_contract::{Contract, Rule};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Severity};

use crate::batch::Batch;
use crate::cells;
use crate::column::ReadCells;
use crate::findings::{Findings, Seen, Subject};

/// The rules of a contract, with the places of their columns.
pub(crate) struct Across<'a> {
    contract: &'a Contract,
    rules: Vec<Placed>,
}

/// A rule by the places of its columns; a rule about a column that does not exist is left out.
enum Placed {
    NotBefore {
        earlier: usize,
        later: usize,
    },
    Sum {
        parts: Vec<usize>,
        total: usize,
        tolerance: i64,
    },
}

/// The rows of a batch and what is found in them.
pub(crate) struct Found<'f> {
    pub(crate) findings: &'f mut Findings,
    /// For each row of the batch, whether it is rejected.
    pub(crate) rejected: &'f mut [bool],
}

impl<'a> Across<'a> {
    pub(crate) fn new(contract: &'a Contract) -> Across<'a> {
        let place = |name: &str| {
            let mut columns = contract.columns.iter();
            columns.position(|column| column.name == name)
        };
        let rules = contract.rules();
        let placed = rules.iter().filter_map(|rule| match rule {
            Rule::NotBefore { earlier, later } => Some(Placed::NotBefore {
                earlier: place(earlier)?,
                later: place(later)?,
            }),
            Rule::Sum {
                parts,
                total,
                tolerance,
            } => Some(Placed::Sum {
                parts: parts
                    .iter()
                    .map(|part| place(part))
                    .collect::<Option<_>>()?,
                total: place(total)?,
                tolerance: tolerance.cents,
            }),
        });
        Across {
            contract,
            rules: placed.collect(),
        }
    }

    /// Holds every row of a batch against every rule.
    pub(crate) fn hold(&self, batch: &Batch<'_>, columns: &[ReadCells], found: &mut Found<'_>) {
        for (nth, rule) in self.rules.iter().enumerate() {
            match rule {
                Placed::NotBefore { earlier, later } => {
                    self.not_before((nth, *earlier, *later), batch, columns, found);
                }
                Placed::Sum {
                    parts,
                    total,
                    tolerance,
                } => {
                    let sum = (nth, parts.as_slice(), *total, *tolerance);
                    self.sum(sum, batch, columns, found);
                }
            }
        }
    }

    fn shown(&self, place: usize) -> &str {
        &self.contract.columns[place].physical_name
    }

    fn not_before(
        &self,
        (nth, earlier, later): (usize, usize, usize),
        batch: &Batch<'_>,
        columns: &[ReadCells],
        found: &mut Found<'_>,
    ) {
        let (from, to) = (&columns[earlier].values, &columns[later].values);
        for row in 0..batch.len() {
            let (Some(from), Some(to)) = (from.date(row), to.date(row)) else {
                continue;
            };
            if to >= from {
                continue;
            }
            let value = format!("{} – {}", cells::shown_date(from), cells::shown_date(to));
            found.tell(
                (nth, codes::ENDS_BEFORE_START),
                (batch, row),
                &value,
                || {
                    Diagnostic::new(codes::ENDS_BEFORE_START)
                        .with("column", self.shown(later))
                        .with("expected", self.shown(earlier))
                },
            );
        }
    }

    fn sum(
        &self,
        (nth, parts, total, tolerance): (usize, &[usize], usize, i64),
        batch: &Batch<'_>,
        columns: &[ReadCells],
        found: &mut Found<'_>,
    ) {
        let totals = &columns[total].values;
        for row in 0..batch.len() {
            let sum: Option<i128> = parts
                .iter()
                .map(|part| columns[*part].values.decimal(row))
                .sum();
            let (Some(sum), Some(said)) = (sum, totals.decimal(row)) else {
                continue;
            };
            if (sum - said).abs() <= i128::from(tolerance) {
                continue;
            }
            let scale = totals.scale();
            let (sum, said) = (cells::shown(sum, scale), cells::shown(said, scale));
            let value = format!("{sum} ≠ {said}");
            found.tell((nth, codes::SUM_DIFFERS), (batch, row), &value, || {
                let names: Vec<&str> = parts.iter().map(|part| self.shown(*part)).collect();
                Diagnostic::new(codes::SUM_DIFFERS)
                    .with("column", self.shown(total))
                    .with("expected", format!("`{}`", names.join("` + `")))
            });
        }
    }
}

impl Found<'_> {
    /// An error of a rule in a row.
    fn tell(
        &mut self,
        (nth, code): (usize, Code),
        (batch, row): (&Batch<'_>, usize),
        value: &str,
        describe: impl FnOnce() -> Diagnostic,
    ) {
        self.rejected[row] = true;
        let key = (Severity::Error, Subject::Rule(nth), code);
        let seen = Seen::at(batch.lines[row], value);
        self.findings.add(key, Some(seen), describe);
    }
}
