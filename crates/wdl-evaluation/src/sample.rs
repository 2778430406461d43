//! The rows an estimate rests on: complete in every column asked for, with those left out counted by column.

use std::borrow::Cow;
use std::collections::BTreeMap;

use wdl_causal::dense;

use crate::answer::Kept;
use crate::columns::{Columns, Numbers};
use crate::fault::EvaluationError;
use crate::options::{Kind, Role};
use crate::request::Request;

/// A column of the model, with the category after `=` for one made of names.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    /// `age`, `district=north`.
    pub name: String,
    /// Its value in each row of the sample.
    pub values: Vec<f64>,
}

/// The rows that have a value in every column asked for.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    columns: &'a Columns,
    request: Request<'a>,
    /// The rows of the table, in its order; nothing when they are all.
    rows: Option<Vec<usize>>,
    /// How many rows there were and are, and what was missing.
    pub kept: Kept,
}

impl<'a> Sample<'a> {
    pub(crate) fn of(request: &Request<'a>) -> Result<Sample<'a>, EvaluationError> {
        let columns = request.columns;
        let mut gone: Option<Vec<bool>> = None;
        let mut missing = BTreeMap::new();
        for option in request.options {
            if option.kind == Kind::NumberOrNone {
                for name in request.words(option.name) {
                    finite(columns, name)?;
                }
                continue;
            }
            let Some(role) = option.kind.role() else {
                continue;
            };
            for name in request.words(option.name) {
                let Some(absent) = absent(columns, name, role)? else {
                    continue;
                };
                let count = absent.iter().filter(|absent| **absent).count();
                if count > 0 {
                    missing.insert(name.clone(), count);
                }
                let gone = gone.get_or_insert_with(|| vec![false; columns.rows()]);
                let rows = gone.iter_mut().zip(absent);
                rows.for_each(|(gone, absent)| *gone |= absent);
            }
        }
        let rows = gone
            .map(|gone| -> Vec<usize> { (0..columns.rows()).filter(|row| !gone[*row]).collect() });
        let used = rows.as_ref().map_or(columns.rows(), Vec::len);
        if used == 0 {
            return Err(EvaluationError::Nothing);
        }
        let kept = Kept {
            rows: columns.rows(),
            used,
            missing,
            left_out: Vec::new(),
        };
        Ok(Sample {
            columns,
            request: *request,
            rows,
            kept,
        })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
            .as_ref()
            .map_or_else(|| self.columns.rows(), Vec::len)
    }

    /// Never: a sample has a row at least.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row of the table at a place of the sample.
    ///
    /// # Panics
    /// When there is no such place.
    pub fn row(&self, place: usize) -> usize {
        self.rows.as_ref().map_or(place, |rows| rows[place])
    }

    /// Only the named rows of this sample (places in it), with the reason told to the reader.
    #[must_use]
    pub fn only(mut self, places: &[usize], it: &str, en: &str) -> Sample<'a> {
        let count = self.len() - places.len();
        self.rows = Some(places.iter().map(|place| self.row(*place)).collect());
        self.kept.leave_out(count, it, en);
        self
    }

    /// The column named by an option, as numbers; nothing when the option was not given.
    ///
    /// # Panics
    /// When the option takes no column of numbers.
    pub fn numbers(&self, option: &str) -> Option<Vec<f64>> {
        Some(self.column_of_numbers(self.request.word(option)?))
    }

    /// The same, lent where the sample is the whole table.
    ///
    /// # Panics
    /// When the option takes no column of numbers.
    pub fn values(&self, option: &str) -> Option<Cow<'a, [f64]>> {
        Some(self.lent_numbers(self.request.word(option)?))
    }

    /// The column named by an option, as numbers or nothing, one row after the other; nothing at all when the option was not given.
    ///
    /// # Panics
    /// When the option takes no column of numbers.
    pub fn numbers_or_none(&self, option: &str) -> Option<impl Iterator<Item = Option<f64>> + '_> {
        let name = self.request.word(option)?;
        let column = self.columns.numbers(name).expect("it was read as numbers");
        Some((0..self.len()).map(move |place| column.at(self.row(place))))
    }

    /// The column named by an option, as 0 and 1; nothing when the option was not given.
    ///
    /// # Errors
    /// [`EvaluationError::NotZeroOne`] when it holds anything else.
    ///
    /// # Panics
    /// When the option takes no column of numbers.
    pub fn flags(&self, option: &str) -> Result<Option<Vec<bool>>, EvaluationError> {
        let Some(values) = self.numbers(option) else {
            return Ok(None);
        };
        let count = values
            .iter()
            .filter(|value| **value != 0.0 && **value != 1.0)
            .count();
        if count > 0 {
            return Err(EvaluationError::NotZeroOne {
                column: self.request.word(option).unwrap_or_default().to_owned(),
                count,
            });
        }
        Ok(Some(values.iter().map(|value| *value == 1.0).collect()))
    }

    /// Every column named by an option, as numbers, with its name.
    ///
    /// # Panics
    /// When the option takes no columns of numbers.
    pub fn columns_of_numbers(&self, option: &str) -> Vec<Covariate> {
        let names = self.request.words(option).iter();
        names
            .map(|name| Covariate {
                name: name.clone(),
                values: self.column_of_numbers(name),
            })
            .collect()
    }

    /// The column named by an option, coded by the sorted names that occur in the sample (numbers in the order of numbers); nothing when the option was not given.
    ///
    /// # Panics
    /// When the option takes no column of names.
    pub fn labels(&self, option: &str) -> Option<(Vec<u32>, Vec<String>)> {
        Some(self.column_of_labels(self.request.word(option)?))
    }

    /// The codes alone of [`Sample::labels`], lent where they stand as they must.
    ///
    /// # Panics
    /// When the option takes no column of names.
    pub fn codes(&self, option: &str) -> Option<Cow<'a, [u32]>> {
        Some(self.sorted_codes(self.request.word(option)?).0)
    }

    /// Every column named by an option, as [`Sample::labels`], with its name.
    ///
    /// # Panics
    /// When the option takes no columns of names.
    pub fn columns_of_labels(&self, option: &str) -> Vec<(String, Vec<u32>, Vec<String>)> {
        let names = self.request.words(option).iter();
        names
            .map(|name| {
                let (codes, names) = self.column_of_labels(name);
                (name.clone(), codes, names)
            })
            .collect()
    }

    /// The covariates named by an option: numbers as they are, categories as one column of 0 and 1 for each but the first by name.
    ///
    /// # Panics
    /// When the option takes no covariates.
    pub fn covariates(&self, option: &str) -> Vec<Covariate> {
        let mut covariates = Vec::new();
        for name in self.request.words(option) {
            if self.columns.numbers(name).is_some() {
                covariates.push(Covariate {
                    name: name.clone(),
                    values: self.column_of_numbers(name),
                });
                continue;
            }
            let (codes, names) = self.column_of_labels(name);
            let categories = names.iter().enumerate().skip(1);
            covariates.extend(categories.map(|(category, label)| {
                Covariate {
                    name: format!("{name}={label}"),
                    values: codes
                        .iter()
                        .map(|code| f64::from(u8::from(*code as usize == category)))
                        .collect(),
                }
            }));
        }
        covariates
    }

    fn column_of_numbers(&self, name: &str) -> Vec<f64> {
        self.lent_numbers(name).into_owned()
    }

    fn lent_numbers(&self, name: &str) -> Cow<'a, [f64]> {
        let column = self.columns.numbers(name).expect("it was read as numbers");
        match &self.rows {
            None => Cow::Borrowed(&column.values),
            Some(rows) => {
                let complete = |row: &usize| column.at(*row).expect("the rows are complete");
                Cow::Owned(rows.iter().map(complete).collect())
            }
        }
    }

    fn column_of_labels(&self, name: &str) -> (Vec<u32>, Vec<String>) {
        let (codes, occurring) = self.sorted_codes(name);
        let column = self.columns.labels(name).expect("it was read as names");
        let names = occurring.iter().map(|code| column.names().of(*code));
        (codes.into_owned(), names.collect())
    }

    /// Codes in the order of the names that occur, and the column's own codes of these names.
    fn sorted_codes(&self, name: &str) -> (Cow<'a, [u32]>, Vec<u32>) {
        let column = self.columns.labels(name).expect("it was read as names");
        let code = |row: &usize| column.codes()[*row];
        let codes: Cow<'a, [u32]> = match &self.rows {
            None => Cow::Borrowed(column.codes()),
            Some(rows) => Cow::Owned(rows.iter().map(code).collect()),
        };
        let occurring = column.occurring(codes.iter().copied());
        if (0..)
            .zip(&occurring)
            .all(|(place, code): (u32, _)| place == *code)
        {
            return (codes, occurring);
        }
        let mut places = vec![0; column.names().len()];
        for (place, code) in (0..).zip(&occurring) {
            places[*code as usize] = place;
        }
        let moved = codes.iter().map(|code| places[*code as usize]);
        (Cow::Owned(moved.collect()), occurring)
    }
}

/// Which rows lack a value in a column; nothing when none does.
fn absent<'a>(
    columns: &'a Columns,
    name: &str,
    role: Role,
) -> Result<Option<&'a [bool]>, EvaluationError> {
    if role != Role::Label && columns.numbers(name).is_some() {
        return Ok(finite(columns, name)?.missing.as_deref());
    }
    let labels = columns
        .labels(name)
        .expect("every column of the options was read");
    Ok(labels.missing())
}

/// A column of numbers without an infinity or a value that is none.
fn finite<'a>(columns: &'a Columns, name: &str) -> Result<&'a Numbers, EvaluationError> {
    let numbers = columns
        .numbers(name)
        .expect("every column of the options was read");
    // What stands for a missing value is finite too, or is not looked at.
    let is_wrong = |row: &usize| numbers.at(*row).is_some_and(|own| !own.is_finite());
    match numbers.values.iter().all(|own| own.is_finite()) {
        true => Ok(numbers),
        false => match (0..numbers.values.len()).filter(is_wrong).count() {
            0 => Ok(numbers),
            count => Err(EvaluationError::Infinite {
                column: name.to_owned(),
                count,
            }),
        },
    }
}

/// The covariates that do not follow from a constant and those before them, and the names of those that do.
pub(crate) fn independent(
    covariates: Vec<Covariate>,
    rows: usize,
) -> (Vec<Covariate>, Vec<String>) {
    let constant = vec![1.0; rows];
    let mut columns: Vec<&[f64]> = vec![&constant];
    columns.extend(covariates.iter().map(|own| own.values.as_slice()));
    let kept = dense::independent(&columns, dense::COLLINEAR);
    let is_kept: Vec<bool> = (1..columns.len()).map(|at| kept.contains(&at)).collect();
    let (mut independent, mut repeated) = (Vec::new(), Vec::new());
    for (covariate, is_kept) in covariates.into_iter().zip(is_kept) {
        match is_kept {
            true => independent.push(covariate),
            false => repeated.push(covariate.name),
        }
    }
    (independent, repeated)
}
