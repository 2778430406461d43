//! The table of quasi-identifiers, as codes by column, and its distinct patterns.
//!
//! Codes are categories without order of their own; the order of codes serves only to settle ties in the same way on every machine.

use std::collections::BTreeSet;

use super::RiskError;

/// Most columns a table can have: a set of columns is one 64-bit word.
pub const MAX_COLUMNS: usize = 64;

/// The code kept inside for "no value".
pub(crate) const MISSING: u32 = u32::MAX;

/// Quasi-identifiers of records: one code per column and row, or none where the value is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTable {
    // INVARIANT: between 1 and MAX_COLUMNS columns, all of `rows` codes; MISSING stands for no value.
    columns: Vec<Vec<u32>>,
    rows: usize,
}

impl KeyTable {
    /// A table from codes by column (`columns[column][row]`).
    ///
    /// # Errors
    /// No column, more than [`MAX_COLUMNS`], columns of different lengths, the largest 32-bit code used as a value.
    pub fn new(columns: &[Vec<Option<u32>>]) -> Result<Self, RiskError> {
        if columns.is_empty() {
            return Err(RiskError::NoColumns);
        }
        if columns.len() > MAX_COLUMNS {
            return Err(RiskError::TooManyColumns {
                columns: columns.len(),
                most: MAX_COLUMNS,
            });
        }
        let rows = columns[0].len();
        for (position, column) in columns.iter().enumerate() {
            if column.len() != rows {
                return Err(RiskError::Lengths {
                    column: position + 1,
                    actual: column.len(),
                    expected: rows,
                });
            }
            if column.contains(&Some(MISSING)) {
                return Err(RiskError::TooManyValues {
                    column: position + 1,
                });
            }
        }
        let columns = columns
            .iter()
            .map(|column| column.iter().map(|code| code.unwrap_or(MISSING)).collect())
            .collect();
        Ok(KeyTable { columns, rows })
    }

    /// A table from texts by column; codes follow the order of the texts, so that they do not depend on the order of the rows.
    ///
    /// # Errors
    /// As [`KeyTable::new`].
    pub fn of_texts<T: AsRef<str>>(columns: &[Vec<Option<T>>]) -> Result<Self, RiskError> {
        let coded: Vec<Vec<Option<u32>>> = columns
            .iter()
            .enumerate()
            .map(|(position, column)| {
                codes_of(column).ok_or(RiskError::TooManyValues {
                    column: position + 1,
                })
            })
            .collect::<Result<_, _>>()?;
        KeyTable::new(&coded)
    }

    /// How many records.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many quasi-identifiers.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The code at a column and row, or none where the value is missing.
    pub fn code(&self, column: usize, row: usize) -> Option<u32> {
        Some(self.columns[column][row]).filter(|code| *code != MISSING)
    }

    /// The class of each record: a number from 0 for each distinct pattern, missing values being a value of their own.
    pub fn classes(&self) -> Vec<u32> {
        self.patterns().of_row
    }

    /// The same table with the columns of each row's set (bit `c` for column `c`) made missing.
    pub fn without(&self, hidden: &[u64]) -> KeyTable {
        let columns = self
            .columns
            .iter()
            .enumerate()
            .map(|(c, column)| {
                column
                    .iter()
                    .zip(hidden)
                    .map(|(code, set)| if set >> c & 1 == 1 { MISSING } else { *code })
                    .collect()
            })
            .collect();
        KeyTable {
            columns,
            rows: self.rows,
        }
    }

    /// The distinct patterns of codes, missing values being a code of their own.
    pub(crate) fn patterns(&self) -> Patterns {
        let mut order: Vec<u32> = (0..index(self.rows)).collect();
        order.sort_unstable_by(|a, b| self.compare(*a, *b).then(a.cmp(b)));
        let mut patterns = Patterns {
            of_row: vec![0; self.rows],
            codes: Vec::new(),
            rows: Vec::new(),
        };
        for row in order {
            let new = patterns
                .rows
                .last()
                .is_none_or(|rows: &Vec<u32>| self.compare(rows[0], row).is_ne());
            if new {
                patterns.codes.push(
                    self.columns
                        .iter()
                        .map(|column| column[row as usize])
                        .collect(),
                );
                patterns.rows.push(Vec::new());
            }
            let last = patterns.rows.len() - 1;
            patterns.of_row[row as usize] = index(last);
            patterns.rows[last].push(row);
        }
        patterns
    }

    fn compare(&self, a: u32, b: u32) -> std::cmp::Ordering {
        self.columns
            .iter()
            .map(|column| column[a as usize].cmp(&column[b as usize]))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    }
}

/// Distinct patterns in the order of their codes.
#[derive(Debug, Clone)]
pub(crate) struct Patterns {
    /// The pattern of each row.
    pub(crate) of_row: Vec<u32>,
    /// The codes of each pattern, by column.
    pub(crate) codes: Vec<Box<[u32]>>,
    /// The rows of each pattern, ascending.
    pub(crate) rows: Vec<Vec<u32>>,
}

impl Patterns {
    /// How many rows have a pattern.
    pub(crate) fn count(&self, pattern: usize) -> u32 {
        index(self.rows[pattern].len())
    }

    /// How many patterns there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// How many people each record stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleWeights(
    // INVARIANT: all finite and above zero.
    Vec<f64>,
);

impl SampleWeights {
    /// Weights, one per record.
    ///
    /// # Errors
    /// Weights that are missing (NaN), infinite, zero or negative: how many.
    pub fn new(weights: Vec<f64>) -> Result<Self, RiskError> {
        let bad = weights
            .iter()
            .filter(|weight| !(weight.is_finite() && **weight > 0.0))
            .count();
        if bad > 0 {
            Err(RiskError::Weights { rows: bad })
        } else {
            Ok(SampleWeights(weights))
        }
    }

    /// The weights, one per record.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// A sum that does not depend on the order of its terms.
pub(crate) fn ordered_sum(mut terms: Vec<f64>) -> f64 {
    terms.sort_unstable_by(f64::total_cmp);
    terms.iter().sum()
}

/// A position as the 32-bit number it is kept in.
pub(crate) fn index(position: usize) -> u32 {
    u32::try_from(position).expect("a table has fewer than 2^32 rows")
}

fn codes_of<T: AsRef<str>>(column: &[Option<T>]) -> Option<Vec<Option<u32>>> {
    let values: Vec<&str> = column
        .iter()
        .flatten()
        .map(AsRef::as_ref)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if values.len() >= MISSING as usize {
        return None;
    }
    let place = |text: &str| values.binary_search(&text).ok().map(index);
    Some(
        column
            .iter()
            .map(|value| value.as_ref().and_then(|text| place(text.as_ref())))
            .collect(),
    )
}
