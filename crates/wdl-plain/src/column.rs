//! One column: as it was read, and the other ways of reading it, each made when it is first asked for.

use std::sync::OnceLock;

use wdl_frame::{FileColumn, Values, write_reals};

use crate::cells::{Cells, MISSING};
use crate::codes::{self, Coded, Names};
use crate::number::{Form, is_numeric};

/// Numbers, and which rows have none.
pub(crate) type Numbers = Values<f64>;

/// One column of a file.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    held: Held,
    /// Made from `held` when it is not of text; missing ones are empty.
    cells: OnceLock<Cells>,
    numbers: OnceLock<Result<Vec<Option<f64>>, NotNumbers>>,
}

/// What was read.
#[derive(Debug)]
enum Held {
    /// Text, in `cells`; whether its numbers may have decimal commas.
    Text { has_commas: bool },
    /// Whole numbers.
    Whole(Values<i64>),
    /// Floating numbers.
    Real(Values<f64>),
}

/// Why a column is none of numbers, with the first row that says so.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NotNumbers {
    /// A value that is no number.
    Value(usize),
    /// A point that could be decimal or of thousands, and no cell that tells which.
    TwoWays(usize),
}

impl Column {
    pub(crate) fn of_text(name: &str, cells: Cells, has_commas: bool) -> Column {
        let is_missing_number = cells.has_missing() && is_numeric(cells.iter());
        let cells = match is_missing_number {
            true => cells.without_missing(),
            false => cells,
        };
        Column {
            name: name.to_owned(),
            held: Held::Text { has_commas },
            cells: OnceLock::from(cells),
            numbers: OnceLock::new(),
        }
    }

    pub(crate) fn of_file(name: &str, read: FileColumn) -> Column {
        let held = match read {
            FileColumn::Whole(values) => Held::Whole(values),
            FileColumn::Real(values) => Held::Real(values),
            FileColumn::Other { text, numbers } => {
                let mut cells = Cells::default();
                for code in &text.codes {
                    cells.push(code.map_or("", |code| &text.values[code as usize]));
                }
                let mut column = Column::of_text(name, cells, false);
                if let Some(exact) = numbers {
                    column.numbers = OnceLock::from(Ok(exact));
                }
                return column;
            }
        };
        Column {
            name: name.to_owned(),
            held,
            cells: OnceLock::new(),
            numbers: OnceLock::new(),
        }
    }

    /// The same column with its rows in another order.
    pub(crate) fn in_order(&self, rows: &[usize]) -> Column {
        let numbers = match self.numbers.get() {
            Some(Ok(read)) => OnceLock::from(Ok(rows.iter().map(|row| read[*row]).collect())),
            Some(Err(_)) | None => OnceLock::new(),
        };
        let (held, cells) = match &self.held {
            Held::Text { has_commas } => {
                let cells = self.cells().in_order(rows);
                (
                    Held::Text {
                        has_commas: *has_commas,
                    },
                    OnceLock::from(cells),
                )
            }
            Held::Whole(values) => (Held::Whole(in_order(values, rows)), OnceLock::new()),
            Held::Real(values) => (Held::Real(in_order(values, rows)), OnceLock::new()),
        };
        Column {
            name: self.name.clone(),
            held,
            cells,
            numbers,
        }
    }

    /// The cells as text.
    pub(crate) fn cells(&self) -> &Cells {
        self.cells.get_or_init(|| match &self.held {
            Held::Text { .. } => Cells::default(),
            Held::Whole(values) => Cells::of_whole(values),
            Held::Real(values) => {
                let mut cells = Cells::default();
                let mut row = 0;
                write_reals(&values.values, |cell| {
                    let is_missing = values.missing.as_ref().is_some_and(|own| own[row]);
                    cells.push(if is_missing { "" } else { cell });
                    row += 1;
                });
                cells
            }
        })
    }

    /// Whether the whole column is numbers.
    pub(crate) fn is_of_numbers(&self) -> bool {
        match self.held {
            Held::Whole(_) | Held::Real(_) => true,
            Held::Text { .. } => self.numbers().is_ok(),
        }
    }

    /// The numbers, or why there are none.
    pub(crate) fn numbers(&self) -> Result<&[Option<f64>], NotNumbers> {
        let read = self.numbers.get_or_init(|| match &self.held {
            Held::Text { has_commas } => read(self.cells(), *has_commas),
            Held::Whole(values) => Ok(values.iter().map(|own| own.map(|own| own as f64)).collect()),
            Held::Real(values) => Ok(values.iter().collect()),
        });
        read.as_deref().map_err(|why| *why)
    }

    /// The numbers, given away: nothing is copied where they were read as numbers.
    pub(crate) fn into_numbers(self) -> Result<Numbers, NotNumbers> {
        match self.held {
            Held::Real(values) => Ok(values),
            Held::Whole(Values { values, missing }) => Ok(Values {
                values: values.into_iter().map(|own| own as f64).collect(),
                missing,
            }),
            Held::Text { .. } => {
                let read = self.numbers()?;
                let missing: Vec<bool> = read.iter().map(Option::is_none).collect();
                Ok(Values {
                    values: read.iter().map(|own| own.unwrap_or_default()).collect(),
                    missing: missing.contains(&true).then_some(missing),
                })
            }
        }
    }

    /// The distinct values as numbers from 0.
    pub(crate) fn coded(&self) -> Coded {
        match &self.held {
            Held::Whole(values) => {
                let (codes, names) = codes::of_whole(values);
                Coded {
                    codes,
                    missing: values.missing.clone(),
                    names: Names::Whole(names),
                }
            }
            Held::Text { .. } | Held::Real(_) => self.cells().coded(),
        }
    }
}

fn in_order<T: Copy>(values: &Values<T>, rows: &[usize]) -> Values<T> {
    let missing = values.missing.as_ref();
    Values {
        values: rows.iter().map(|row| values.values[*row]).collect(),
        missing: missing.map(|own| rows.iter().map(|row| own[*row]).collect()),
    }
}

/// The numbers of cells, or why there are none.
fn read(cells: &Cells, has_commas: bool) -> Result<Vec<Option<f64>>, NotNumbers> {
    let form = match has_commas {
        true => Form::of(cells.iter()),
        false => Ok(Form::Point),
    };
    // A column with a word in it is none of numbers, however its points are read.
    let way = form.unwrap_or(Form::Point);
    let number = |(row, cell): (usize, Option<&str>)| match cell {
        None | Some(MISSING) => Ok(None),
        Some(cell) => way.read(cell).map(Some).ok_or(NotNumbers::Value(row)),
    };
    let numbers = cells.iter().enumerate().map(number).collect();
    match (numbers, form) {
        (Ok(_), Err(row)) => Err(NotNumbers::TwoWays(row)),
        (numbers, _) => numbers,
    }
}
