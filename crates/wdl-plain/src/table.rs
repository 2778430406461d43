//! The columns of a plain file that were asked for.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use wdl_frame::{Values, read_file_columns};
use wdl_intake::PlainText;
use wdl_vocab::did_you_mean;

use crate::cells::Cells;
use crate::codes::Coded;
use crate::column::{Column, NotNumbers};
use crate::error::PlainError;

/// The columns of a plain file that were asked for.
#[derive(Debug)]
pub struct PlainTable {
    path: PathBuf,
    lines: Lines,
    columns: Vec<Column>,
}

/// The line each row begins on.
// INVARIANT: `jumps` ascend by row, and the first is of row 0 unless there is no row.
#[derive(Debug, Default)]
struct Lines {
    rows: usize,
    /// A row that does not begin on the line after the former row's, with its line.
    jumps: Vec<(usize, u64)>,
}

impl Lines {
    #[inline]
    fn push(&mut self, line: u64) {
        let follows = |(row, begin): &(usize, u64)| begin + (self.rows - row) as u64 == line;
        if !self.jumps.last().is_some_and(follows) {
            self.jumps.push((self.rows, line));
        }
        self.rows += 1;
    }

    fn of(&self, row: usize) -> u64 {
        assert!(row < self.rows, "a row of the file");
        let after = self.jumps.partition_point(|(first, _)| *first <= row);
        let (first, line) = self.jumps[after - 1];
        line + (row - first) as u64
    }
}

impl PlainTable {
    /// The names of a file's columns, in order.
    ///
    /// # Errors
    /// [`PlainError`] when the file cannot be read.
    pub fn names(path: &Path) -> Result<Vec<String>, PlainError> {
        match is_parquet(path)? {
            true => {
                let schema = wdl_frame::parquet_schema(path)
                    .map_err(|fault| PlainError::parquet(path, &fault))?;
                let names = schema.fields().iter().map(|field| field.name().clone());
                Ok(names.collect())
            }
            false => {
                let text = PlainText::open(path).map_err(|fault| PlainError::text(path, &fault))?;
                Ok(text.header().to_vec())
            }
        }
    }

    /// Reads the named columns of a CSV (encoding and mark from the content, a first line with the names) or Parquet file.
    ///
    /// # Errors
    /// [`PlainError`] when the file cannot be read, has no such column or two of the name, or a row has another number of cells.
    pub fn read(path: &Path, wanted: &[&str]) -> Result<PlainTable, PlainError> {
        match is_parquet(path)? {
            true => read_columns(path, wanted),
            false => read_text(path, wanted),
        }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.lines.rows
    }

    /// The line of a row in a text file; in a Parquet file its number from 1, plus one.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn line(&self, row: usize) -> usize {
        usize::try_from(self.lines.of(row)).unwrap_or(usize::MAX)
    }

    /// A column as numbers; empty cells and `NA` are missing.
    ///
    /// In a file whose columns are not parted by commas, a comma in a column makes it one with decimal commas and points for thousands.
    ///
    /// # Errors
    /// [`PlainError::NotNumeric`] when a value is not a number, [`PlainError::TwoWays`] when every point in such a file could be decimal or of thousands.
    ///
    /// # Panics
    /// When the column was not asked for at reading.
    pub fn numbers(&self, name: &str) -> Result<&[Option<f64>], PlainError> {
        let read = self.column(name).numbers();
        read.map_err(|why| self.not_numbers(name, why))
    }

    /// A column as [`PlainTable::numbers`] gives them, taken out of the table: nothing is copied where the file holds them as numbers.
    ///
    /// # Errors
    /// As [`PlainTable::numbers`].
    ///
    /// # Panics
    /// When the column was not asked for at reading, or was taken.
    pub fn take_numbers(&mut self, name: &str) -> Result<Values<f64>, PlainError> {
        let place = self.columns.iter().position(|column| column.name == name);
        let place = place.expect("only columns that were asked for at reading are used");
        let taken = self.columns.remove(place).into_numbers();
        taken.map_err(|why| self.not_numbers(name, why))
    }

    /// Whether a column is one of numbers.
    ///
    /// # Panics
    /// When the column was not asked for at reading.
    pub fn is_of_numbers(&self, name: &str) -> bool {
        self.column(name).is_of_numbers()
    }

    fn not_numbers(&self, name: &str, why: NotNumbers) -> PlainError {
        let (path, name) = (self.path.clone(), name.to_owned());
        match why {
            NotNumbers::Value(row) => PlainError::NotNumeric {
                path,
                name,
                line: self.lines.of(row),
            },
            NotNumbers::TwoWays(row) => PlainError::TwoWays {
                path,
                name,
                line: self.lines.of(row),
            },
        }
    }

    /// The same table with its rows in an order that follows from what they hold: by the named columns one after the other, then by all others as they were asked for.
    ///
    /// Rows that hold the same keep no order, and need none.
    ///
    /// # Panics
    /// When a column was not asked for at reading.
    #[must_use]
    pub fn in_order_of(self, names: &[&str]) -> PlainTable {
        let named = names.iter().map(|name| self.column(name));
        let others = self
            .columns
            .iter()
            .filter(|own| !names.contains(&own.name.as_str()));
        let keys: Vec<Vec<&str>> = named
            .chain(others)
            .map(|own| own.cells().iter().map(Option::unwrap_or_default).collect())
            .collect();
        let mut rows: Vec<usize> = (0..self.rows()).collect();
        let of_row = |row: usize| keys.iter().map(move |cells| cells[row]);
        rows.sort_by(|a, b| of_row(*a).cmp(of_row(*b)));
        let mut lines = Lines::default();
        rows.iter().for_each(|row| lines.push(self.lines.of(*row)));
        PlainTable {
            columns: self.columns.iter().map(|own| own.in_order(&rows)).collect(),
            path: self.path,
            lines,
        }
    }

    /// A column as text, each value as it stands in the file; `NA` is one, unless all others are numbers.
    ///
    /// # Panics
    /// When the column was not asked for at reading.
    pub fn text(&self, name: &str) -> Vec<Option<String>> {
        let cells = self.cells(name);
        cells.map(|cell| cell.map(str::to_owned)).collect()
    }

    /// The values of a column one after the other, each as it stands in the file; nothing where one is missing.
    ///
    /// # Panics
    /// When the column was not asked for at reading.
    pub fn cells(&self, name: &str) -> impl Iterator<Item = Option<&str>> {
        self.column(name).cells().iter()
    }

    /// A column as numbers of its distinct values from 0, in the order they are met, and those values as text; nothing where the value is missing.
    ///
    /// # Panics
    /// When the column was not asked for at reading.
    pub fn coded(&self, name: &str) -> (Vec<Option<u32>>, Vec<String>) {
        let coded = self.codes(name);
        let is_missing = |row: usize| coded.missing.as_ref().is_some_and(|own| own[row]);
        let rows = coded.codes.iter().enumerate();
        let codes = rows.map(|(row, code)| (!is_missing(row)).then_some(*code));
        (codes.collect(), coded.names.into_words())
    }

    /// The same, with whole numbers left as they are.
    ///
    /// # Panics
    /// When the column was not asked for at reading.
    pub fn codes(&self, name: &str) -> Coded {
        self.column(name).coded()
    }

    fn column(&self, name: &str) -> &Column {
        let found = self.columns.iter().find(|column| column.name == name);
        found.expect("only columns that were asked for at reading are used")
    }
}

/// Content decides, not the name of the file.
fn is_parquet(path: &Path) -> Result<bool, PlainError> {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4).read_to_end(&mut start));
    match read {
        Ok(_) => Ok(start == b"PAR1"),
        Err(fault) => Err(PlainError::Read {
            path: path.to_owned(),
            detail: fault.to_string(),
        }),
    }
}

/// Where a column stands; each name is asked for once, and is one column.
fn place(path: &Path, known: &[String], name: &str) -> Result<usize, PlainError> {
    let mut places = (0..known.len()).filter(|place| known[*place] == name);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (Some(_), Some(_)) => Err(PlainError::Twice {
            path: path.to_owned(),
            name: name.to_owned(),
        }),
        (None, _) => Err(PlainError::NoColumn {
            path: path.to_owned(),
            name: name.to_owned(),
            meant: did_you_mean(name, known.iter().map(String::as_str)).map(str::to_owned),
        }),
    }
}

fn read_text(path: &Path, wanted: &[&str]) -> Result<PlainTable, PlainError> {
    let fail = |fault: &_| PlainError::text(path, fault);
    let mut text = PlainText::open(path).map_err(|fault| fail(&fault))?;
    let width = text.header().len();
    let place = |name: &&str| place(path, text.header(), name);
    let places: Vec<usize> = wanted.iter().map(place).collect::<Result<_, _>>()?;
    let has_commas = text.delimiter() != ',';
    let mut cells: Vec<Cells> = wanted.iter().map(|_| Cells::default()).collect();
    let mut lines = Lines::default();
    while let Some(row) = text.next_row().map_err(|fault| fail(&fault))? {
        if row.len() != width {
            return Err(PlainError::Uneven {
                path: path.to_owned(),
                line: row.line(),
                actual: row.len(),
                expected: width,
            });
        }
        lines.push(row.line());
        for (cells, place) in cells.iter_mut().zip(&places) {
            cells.push(row.cell(*place));
        }
    }
    let column = |(name, cells): (&&str, Cells)| Column::of_text(name, cells, has_commas);
    Ok(PlainTable {
        path: path.to_owned(),
        lines,
        columns: wanted.iter().zip(cells).map(column).collect(),
    })
}

fn read_columns(path: &Path, wanted: &[&str]) -> Result<PlainTable, PlainError> {
    let known = PlainTable::names(path)?;
    let places = wanted.iter().map(|name| place(path, &known, name));
    let places: Vec<usize> = places.collect::<Result<_, _>>()?;
    let read = read_file_columns(path, &places);
    let read = read.map_err(|fault| PlainError::parquet(path, &fault))?;
    let columns = wanted.iter().zip(read.columns);
    Ok(PlainTable {
        path: path.to_owned(),
        lines: Lines {
            rows: read.rows,
            jumps: vec![(0, 2)],
        },
        columns: columns
            .map(|(name, own)| Column::of_file(name, own))
            .collect(),
    })
}
