//! Columns of a file as covariates of a model: numbers as they are, categories as one indicator each but the first.

use std::collections::BTreeSet;
use std::path::Path;

use wdl_plain::{PlainError, PlainTable};

use super::SmallAreaError;

/// Which columns are covariates; one that is in both lists is one covariate, of categories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CovariateColumns {
    /// Taken as numbers when they are, as categories when they are text.
    pub columns: Vec<String>,
    /// Taken as categories even when they are written as numbers.
    pub categories: Vec<String>,
}

impl CovariateColumns {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .chain(&self.categories)
            .map(String::as_str)
    }

    /// Each covariate once, in the order in which they are named, and whether it is to be one of categories.
    fn asked(&self) -> Vec<(&str, bool)> {
        let mut asked: Vec<(&str, bool)> = Vec::new();
        for name in self.names() {
            let is_category = self.categories.iter().any(|own| own == name);
            if !asked.iter().any(|(known, _)| *known == name) {
                asked.push((name, is_category));
            }
        }
        asked
    }
}

/// The covariates of one or two files, the constant first.
pub(super) struct Terms(Vec<Term>);

enum Term {
    Number(String),
    /// The categories that have an indicator: all but the one that the others are compared with.
    Category(String, Vec<String>),
}

impl Terms {
    /// A column is a number when it is in every file; categories are those of all files.
    ///
    /// What the others are compared with is the first category that a row of the first file at `rows` has: one that only the register knows tells nothing there.
    ///
    /// # Errors
    /// When a column could be read as numbers in two ways.
    pub(super) fn of(
        files: &[&PlainTable],
        rows: &[usize],
        asked: &CovariateColumns,
    ) -> Result<Terms, PlainError> {
        let mut terms = Vec::new();
        for (name, is_category) in asked.asked() {
            let mut is_number = !is_category;
            for file in files.iter().filter(|_| !is_category) {
                match file.numbers(name) {
                    Ok(_) => {}
                    Err(PlainError::NotNumeric { .. }) => is_number = false,
                    Err(fault) => return Err(fault),
                }
            }
            terms.push(match is_number {
                true => Term::Number(name.to_owned()),
                false => category(files, rows, name),
            });
        }
        Ok(Terms(terms))
    }

    /// One name per covariate.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = vec!["(constant)".to_owned()];
        for term in &self.0 {
            match term {
                Term::Number(name) => names.push(name.clone()),
                Term::Category(name, levels) => {
                    names.extend(levels.iter().map(|level| format!("{name}={level}")));
                }
            }
        }
        names
    }

    /// The covariates of each row; nothing for a row where one is missing.
    pub(super) fn rows(
        &self,
        path: &Path,
        file: &PlainTable,
    ) -> Result<Vec<Option<Vec<f64>>>, SmallAreaError> {
        let mut rows = vec![Some(vec![1.0]); file.rows()];
        for term in &self.0 {
            match term {
                Term::Number(name) => {
                    let values = finite(path, name, file)?;
                    for (row, value) in rows.iter_mut().zip(values) {
                        add(row, value.map(|value| vec![value]));
                    }
                }
                Term::Category(name, levels) => {
                    let indicators = |value: &String| {
                        let is = |level: &String| f64::from(u8::from(level == value));
                        levels.iter().map(is).collect()
                    };
                    for (row, value) in rows.iter_mut().zip(file.text(name)) {
                        add(row, value.as_ref().map(indicators));
                    }
                }
            }
        }
        Ok(rows)
    }
}

fn add(row: &mut Option<Vec<f64>>, values: Option<Vec<f64>>) {
    match (row.as_mut(), values) {
        (Some(row), Some(values)) => row.extend(values),
        (Some(_), None) => *row = None,
        (None, _) => {}
    }
}

/// The categories of a column: the first that `rows` of the first file have is what the others are compared with.
fn category(files: &[&PlainTable], rows: &[usize], name: &str) -> Term {
    let mut levels = levels(files, name);
    let own: Vec<Option<String>> = files.first().map_or_else(Vec::new, |file| file.text(name));
    let met: BTreeSet<&str> = rows.iter().filter_map(|row| own[*row].as_deref()).collect();
    let first = levels.iter().position(|level| met.contains(level.as_str()));
    if !levels.is_empty() {
        levels.remove(first.unwrap_or(0));
    }
    Term::Category(name.to_owned(), levels)
}

/// All categories in the order of their numbers when all are numbers, else of their names.
fn levels(files: &[&PlainTable], name: &str) -> Vec<String> {
    let known = files.iter().flat_map(|file| file.text(name)).flatten();
    let known: BTreeSet<String> = known.collect();
    let mut levels: Vec<String> = known.into_iter().collect();
    let numbers: Option<Vec<f64>> = levels.iter().map(|level| level.parse().ok()).collect();
    if let Some(numbers) = numbers {
        let mut both: Vec<(f64, String)> = numbers.into_iter().zip(levels).collect();
        both.sort_by(|a, b| a.0.total_cmp(&b.0));
        levels = both.into_iter().map(|(_, level)| level).collect();
    }
    levels
}

/// Refuses a number that is infinite or none, at its line.
pub(super) fn finite<'a>(
    path: &Path,
    column: &str,
    file: &'a PlainTable,
) -> Result<&'a [Option<f64>], SmallAreaError> {
    checked(path, column, file, &|value| value.is_finite())
}

/// Refuses a number below zero, infinite or none, at its line.
pub(super) fn from_zero<'a>(
    path: &Path,
    column: &str,
    file: &'a PlainTable,
) -> Result<&'a [Option<f64>], SmallAreaError> {
    checked(path, column, file, &|value| {
        value.is_finite() && value >= 0.0
    })
}

fn checked<'a>(
    path: &Path,
    column: &str,
    file: &'a PlainTable,
    is_good: &dyn Fn(f64) -> bool,
) -> Result<&'a [Option<f64>], SmallAreaError> {
    let values = file.numbers(column)?;
    let is_bad = |value: &Option<f64>| value.is_some_and(|value| !is_good(value));
    match values.iter().position(is_bad) {
        None => Ok(values),
        Some(row) => Err(SmallAreaError::Value {
            path: path.to_owned(),
            column: column.to_owned(),
            line: file.line(row),
        }),
    }
}
