//! Plain CSV and Parquet files for the commands that work outside a lab.

use std::collections::HashMap;
use std::hash::Hash;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use wdl_vocab::diagnostics::codes::sql as codes;
use wdl_vocab::{Diagnose, Diagnostic, did_you_mean};

use crate::columns::Columns;
use crate::parquet_file;

/// A column of a plain file.
#[derive(Clone, Debug, PartialEq)]
pub enum PlainColumn {
    /// Every value that is there is a number.
    Numbers(Vec<Option<f64>>),
    /// Text.
    Text(Vec<Option<String>>),
}

/// The columns of a plain file that were asked for.
pub struct PlainTable {
    path: PathBuf,
    rows: usize,
    columns: Vec<(String, PlainColumn)>,
}

/// Why a plain file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// It is missing or damaged.
    #[error("`{}`: {detail}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// It has no such column.
    #[error("`{}` has no column `{name}`", path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// A column that must be numeric is not.
    #[error("column `{name}` of `{}` is not numeric (line {line})", path.display())]
    NotNumeric {
        /// The file.
        path: PathBuf,
        /// The column.
        name: String,
        /// The first line that is not a number; 0 when unknown.
        line: usize,
    },
}

impl Diagnose for PlainError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            PlainError::Read { path, detail } => Diagnostic::new(codes::PLAIN_FILE)
                .with("file", path.display())
                .with("detail", detail),
            PlainError::NoColumn { path, name, meant } => Diagnostic::new(codes::PLAIN_NO_COLUMN)
                .with("file", path.display())
                .with("column", name)
                .suggest(meant.as_deref()),
            PlainError::NotNumeric { path, name, line } => {
                Diagnostic::new(codes::PLAIN_NOT_NUMERIC)
                    .with("file", path.display())
                    .with("column", name)
                    .at(path.display(), *line, 0)
            }
        }
    }
}

impl PlainTable {
    /// Reads the named columns of a CSV (`,`, `;` or tab, UTF-8, header line) or Parquet file.
    ///
    /// # Errors
    /// [`PlainError`] when the file cannot be read or has no such column.
    pub fn read(path: &Path, wanted: &[&str]) -> Result<PlainTable, PlainError> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("parquet") => read_parquet(path, wanted),
            _ => read_csv(path, wanted),
        }
    }

    /// The names of all columns of a file, in their order.
    ///
    /// # Errors
    /// [`PlainError`] when the file cannot be read.
    pub fn names(path: &Path) -> Result<Vec<String>, PlainError> {
        let fail = |detail: String| PlainError::Read {
            path: path.to_owned(),
            detail,
        };
        if path
            .extension()
            .is_some_and(|extension| extension == "parquet")
        {
            let schema = parquet_file::schema(path).map_err(|fault| fail(fault.to_string()))?;
            return Ok(schema
                .fields()
                .iter()
                .map(|field| field.name().clone())
                .collect());
        }
        let file = std::fs::File::open(path).map_err(|fault| fail(fault.to_string()))?;
        let mut header = String::new();
        std::io::BufReader::new(file)
            .read_line(&mut header)
            .map_err(|fault| fail(fault.to_string()))?;
        let header = header.strip_prefix('\u{feff}').unwrap_or(&header);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(header))
            .from_reader(header.as_bytes());
        let names = reader.headers().map_err(|fault| fail(fault.to_string()))?;
        Ok(names.iter().map(str::to_owned).collect())
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A column as numbers.
    ///
    /// # Errors
    /// [`PlainError::NotNumeric`] when a value is not a number.
    pub fn numbers(&self, name: &str) -> Result<&[Option<f64>], PlainError> {
        match self.column(name) {
            PlainColumn::Numbers(values) => Ok(values),
            PlainColumn::Text(values) => {
                let is_bad = |value: &Option<String>| {
                    value
                        .as_ref()
                        .is_some_and(|text| text.parse::<f64>().is_err())
                };
                let line = values.iter().position(is_bad).map_or(0, |row| row + 2);
                Err(PlainError::NotNumeric {
                    path: self.path.clone(),
                    name: name.to_owned(),
                    line,
                })
            }
        }
    }

    /// A column as text, numbers in their shortest form.
    pub fn text(&self, name: &str) -> Vec<Option<String>> {
        match self.column(name) {
            PlainColumn::Numbers(values) => values
                .iter()
                .map(|value| value.map(|number| number.to_string()))
                .collect(),
            PlainColumn::Text(values) => values.clone(),
        }
    }

    /// A column as numbers of its distinct values from 0, in the order they are met, and those values as text; nothing where the value is missing.
    pub fn coded(&self, name: &str) -> (Vec<Option<u32>>, Vec<String>) {
        match self.column(name) {
            PlainColumn::Numbers(values) => {
                let keys = values
                    .iter()
                    .map(|value| value.map(|number| (number + 0.0).to_bits()));
                let (codes, firsts) = coded(keys);
                let text = |bits: u64| f64::from_bits(bits).to_string();
                (codes, firsts.into_iter().map(text).collect())
            }
            PlainColumn::Text(values) => {
                let (codes, firsts) = coded(values.iter().map(Option::as_deref));
                (codes, firsts.into_iter().map(str::to_owned).collect())
            }
        }
    }

    fn column(&self, name: &str) -> &PlainColumn {
        let found = self.columns.iter().find(|(known, _)| known == name);
        &found
            .expect("only columns that were asked for at reading are used")
            .1
    }
}

/// Distinct keys numbered in the order they are met.
fn coded<K: Copy + Eq + Hash>(keys: impl Iterator<Item = Option<K>>) -> (Vec<Option<u32>>, Vec<K>) {
    let mut known: HashMap<K, u32> = HashMap::new();
    let mut firsts = Vec::new();
    let mut code = |key: K| {
        let next = u32::try_from(firsts.len()).expect("fewer values than memory holds");
        let code = *known.entry(key).or_insert(next);
        if code == next {
            firsts.push(key);
        }
        code
    };
    let codes = keys.map(|key| key.map(&mut code)).collect();
    (codes, firsts)
}

fn no_column(path: &Path, name: &str, known: &[String]) -> PlainError {
    let meant = did_you_mean(name, known.iter().map(String::as_str)).map(str::to_owned);
    PlainError::NoColumn {
        path: path.to_owned(),
        name: name.to_owned(),
        meant,
    }
}

fn read_parquet(path: &Path, wanted: &[&str]) -> Result<PlainTable, PlainError> {
    let fail = |detail: String| PlainError::Read {
        path: path.to_owned(),
        detail,
    };
    let (schema, batches) = parquet_file::read(path).map_err(|fault| fail(fault.to_string()))?;
    let columns = Columns::new(&schema, &batches);
    let known = columns.names();
    let mut read = Vec::new();
    for name in wanted {
        if !known.iter().any(|column| column == name) {
            return Err(no_column(path, name, &known));
        }
        let column = match schema
            .field_with_name(name)
            .map(|field| field.data_type().is_numeric())
        {
            Ok(true) => PlainColumn::Numbers(
                columns
                    .numbers(name)
                    .map_err(|fault| fail(fault.to_string()))?,
            ),
            _ => {
                let text = columns
                    .text(name)
                    .map_err(|fault| fail(fault.to_string()))?;
                let value =
                    |code: &Option<u32>| code.map(|code| text.values[code as usize].clone());
                PlainColumn::Text(text.codes.iter().map(value).collect())
            }
        };
        read.push(((*name).to_owned(), column));
    }
    Ok(PlainTable {
        path: path.to_owned(),
        rows: columns.rows(),
        columns: read,
    })
}

fn delimiter(header: &str) -> u8 {
    let count = |mark: char| header.matches(mark).count();
    [(',', b','), (';', b';'), ('\t', b'\t')]
        .into_iter()
        .max_by_key(|(mark, _)| count(*mark))
        .map_or(b',', |(_, byte)| byte)
}

fn read_csv(path: &Path, wanted: &[&str]) -> Result<PlainTable, PlainError> {
    let fail = |detail: String| PlainError::Read {
        path: path.to_owned(),
        detail,
    };
    let text = std::fs::read_to_string(path).map_err(|fault| fail(fault.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let header = text.lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(header))
        .from_reader(text.as_bytes());
    let known: Vec<String> = reader
        .headers()
        .map_err(|fault| fail(fault.to_string()))?
        .iter()
        .map(str::to_owned)
        .collect();
    let place = |name: &&str| {
        known
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| no_column(path, name, &known))
    };
    let places: Vec<usize> = wanted.iter().map(place).collect::<Result<_, _>>()?;
    let mut cells: Vec<Cells> = vec![Cells::default(); wanted.len()];
    let mut record = csv::StringRecord::new();
    let mut rows = 0;
    while reader
        .read_record(&mut record)
        .map_err(|fault| fail(fault.to_string()))?
    {
        rows += 1;
        for (column, place) in cells.iter_mut().zip(&places) {
            column.push(record.get(*place).unwrap_or_default());
        }
    }
    let columns = wanted
        .iter()
        .zip(cells)
        .map(|(name, cells)| ((*name).to_owned(), cells.typed()))
        .collect();
    Ok(PlainTable {
        path: path.to_owned(),
        rows,
        columns,
    })
}

/// The cells of a column one after another in one text, and where each ends.
#[derive(Clone, Default)]
struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn push(&mut self, cell: &str) {
        if cell != "NA" {
            self.text.push_str(cell);
        }
        self.ends.push(self.text.len());
    }

    /// The cells; an empty one is missing.
    fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        let cells = begins
            .zip(&self.ends)
            .map(|(begin, end)| &self.text[begin..*end]);
        cells.map(|cell| (!cell.is_empty()).then_some(cell))
    }

    /// Numbers when every value that is there reads as one, else text.
    fn typed(&self) -> PlainColumn {
        let number = |cell: Option<&str>| match cell {
            None => Some(None),
            Some(text) => text.parse::<f64>().ok().map(Some),
        };
        match self.iter().map(number).collect::<Option<Vec<_>>>() {
            Some(numbers) => PlainColumn::Numbers(numbers),
            None => PlainColumn::Text(self.iter().map(|cell| cell.map(str::to_owned)).collect()),
        }
    }
}
