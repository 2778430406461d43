//! The rows an estimate rests on: complete in every column asked for, with those left out counted by column.

use std::collections::BTreeMap;

use wdl_causal::dense;

use crate::answer::Kept;
use crate::columns::{Columns, Labels};
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
    /// The rows of the table, in its order.
    pub rows: Vec<usize>,
    /// How many rows there were and are, and what was missing.
    pub kept: Kept,
}

impl<'a> Sample<'a> {
    pub(crate) fn of(request: &Request<'a>) -> Result<Sample<'a>, EvaluationError> {
        let columns = request.columns;
        let mut is_complete = vec![true; columns.rows()];
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
                let absent = absent(columns, name, role)?;
                let count = absent.iter().filter(|absent| **absent).count();
                if count > 0 {
                    missing.insert(name.clone(), count);
                }
                let rows = is_complete.iter_mut().zip(absent);
                rows.for_each(|(is_complete, absent)| *is_complete &= !absent);
            }
        }
        let rows: Vec<usize> = (0..columns.rows())
            .filter(|row| is_complete[*row])
            .collect();
        if rows.is_empty() {
            return Err(EvaluationError::Nothing);
        }
        let kept = Kept {
            rows: columns.rows(),
            used: rows.len(),
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
        self.rows.len()
    }

    /// Never: a sample has a row at least.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Only the named rows of this sample (places in it), with the reason told to the reader.
    #[must_use]
    pub fn only(mut self, places: &[usize], it: &str, en: &str) -> Sample<'a> {
        let count = self.rows.len() - places.len();
        self.rows = places.iter().map(|place| self.rows[*place]).collect();
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

    /// The column named by an option, as numbers or nothing; nothing at all when the option was not given.
    ///
    /// # Panics
    /// When the option takes no column of numbers.
    pub fn numbers_or_none(&self, option: &str) -> Option<Vec<Option<f64>>> {
        let name = self.request.word(option)?;
        let column = self.columns.numbers(name).expect("it was read as numbers");
        Some(self.rows.iter().map(|row| column[*row]).collect())
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
        let column = self.columns.numbers(name).expect("it was read as numbers");
        let complete = |row: &usize| column[*row].expect("the rows are complete");
        self.rows.iter().map(complete).collect()
    }

    fn column_of_labels(&self, name: &str) -> (Vec<u32>, Vec<String>) {
        let column = self.columns.labels(name).expect("it was read as names");
        let code = |row: &usize| column.codes[*row].expect("the rows are complete");
        let codes: Vec<u32> = self.rows.iter().map(code).collect();
        sorted(&codes, column)
    }
}

/// Codes in the order of the names that occur: of numbers when all are numbers.
fn sorted(codes: &[u32], column: &Labels) -> (Vec<u32>, Vec<String>) {
    let mut occurring = codes.to_vec();
    occurring.sort_unstable();
    occurring.dedup();
    let name = |code: u32| column.names[code as usize].as_str();
    let number = |code: u32| name(code).parse::<f64>().ok().filter(|own| own.is_finite());
    match occurring.iter().all(|code| number(*code).is_some()) {
        true => occurring.sort_by(|a, b| {
            let of = |code: u32| number(code).unwrap_or_default();
            of(*a)
                .total_cmp(&of(*b))
                .then_with(|| name(*a).cmp(name(*b)))
        }),
        false => occurring.sort_by(|a, b| name(*a).cmp(name(*b))),
    }
    let mut places = vec![0; column.names.len()];
    for (place, code) in occurring.iter().enumerate() {
        places[*code as usize] = u32::try_from(place).expect("fewer names than codes");
    }
    let codes = codes.iter().map(|code| places[*code as usize]).collect();
    let names = occurring
        .iter()
        .map(|code| name(*code).to_owned())
        .collect();
    (codes, names)
}

/// Which rows lack a value in a column.
fn absent(columns: &Columns, name: &str, role: Role) -> Result<Vec<bool>, EvaluationError> {
    if role != Role::Label && columns.numbers(name).is_some() {
        let values = finite(columns, name)?;
        return Ok(values.iter().map(Option::is_none).collect());
    }
    let labels = columns
        .labels(name)
        .expect("every column of the options was read");
    Ok(labels.codes.iter().map(Option::is_none).collect())
}

/// A column of numbers without an infinity or a value that is none.
fn finite<'a>(columns: &'a Columns, name: &str) -> Result<&'a [Option<f64>], EvaluationError> {
    let values = columns
        .numbers(name)
        .expect("every column of the options was read");
    let count = values
        .iter()
        .flatten()
        .filter(|value| !value.is_finite())
        .count();
    match count {
        0 => Ok(values),
        count => Err(EvaluationError::Infinite {
            column: name.to_owned(),
            count,
        }),
    }
}

/// The covariates that do not follow from a constant and those before them, and the names of those that do.
#[expect(dead_code, reason = "the methods to come ask for it")]
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
