//! A file opened as a table: decisions, questions, header, rows.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use wdl_contract::Contract;
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::IntakeError;
use crate::agreement::{self, Agreed};
use crate::chunk::{Chunk, Native};
use crate::form::Form;
use crate::header::{self, Names, Suggestion};
use crate::layout::{self, Kind};
use crate::limits::BLANK_ROWS_HELD_MAX;
use crate::metadata::Carrier;
use crate::question::{Decision, Hints, Question, Subject};
use crate::table::{Table, TableHead};
use crate::text::Stream;

/// A file opened as a table.
///
/// ```
/// use std::collections::BTreeMap;
/// use wdl_contract::Contracts;
/// use wdl_intake::{Answers, Chunk, Hints, Reading};
///
/// # let lab = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena"));
/// let contracts = Contracts::read(lab)?;
/// let contract = contracts.iter().find(|contract| contract.id == "ausl-passi").unwrap();
/// let hints = Hints {
///     contract,
///     mapping: &BTreeMap::new(),
///     answers: &Answers::default(),
/// };
/// let file = "ANNO,INDICATORE,INTERVISTE\r\n2026,fumo,120\r\n";
/// let mut reading = Reading::from_bytes("passi.csv", file.as_bytes().to_vec(), hints)?;
/// assert!(reading.decisions().iter().any(|decision| decision.differs), "a comma for a semicolon");
/// assert!(reading.questions().is_empty());
/// assert_eq!(reading.place(0), Some(0));
///
/// let mut chunk = Chunk::new();
/// while reading.chunk(&mut chunk)? {
///     for row in 0..chunk.rows() {
///         assert_eq!((chunk.line(row), chunk.cell(row, 2).text), (2, "120"));
///     }
/// }
/// assert!(!reading.tail().ends_inside_row);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Reading {
    kind: Kind,
    table: Table,
    header: Vec<String>,
    header_line: u64,
    places: Vec<Option<usize>>,
    // For each column of the contract.
    forms: Vec<Form>,
    decisions: Vec<Decision>,
    questions: Vec<Question>,
    suggestions: Vec<Suggestion>,
    carried: Vec<(Carrier, String)>,
    // Rows read but not yet given, and blank rows that may be the last.
    held: Chunk,
    held_row: usize,
    blank: Vec<u64>,
    is_done: bool,
    last_width: usize,
}

/// How a file ends; known after the last chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// Rows without any value after the last one with one; they came in no chunk.
    pub trailing_blank_rows: u64,
    /// Whether the file ends in the middle of a row: inside quotation marks, or in a short row without a line end.
    pub ends_inside_row: bool,
}

impl Reading {
    /// Opens a file: finds out what it is and how it is written.
    ///
    /// # Errors
    /// When it is no table, cannot be read, or asks for more memory than the limits allow.
    pub fn open(path: &Path, hints: Hints<'_>) -> Result<Reading, IntakeError> {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let unreadable = |source| IntakeError::Unreadable {
            file: name.clone(),
            source,
        };
        let found = std::fs::symlink_metadata(path).map_err(unreadable)?;
        let actual = match found.file_type() {
            kind if kind.is_symlink() => Some("link"),
            kind if kind.is_dir() => Some("directory"),
            kind if !kind.is_file() => Some("device"),
            _ => None,
        };
        if let Some(actual) = actual {
            return Err(IntakeError::NotAFile { file: name, actual });
        }
        let file = File::open(path).map_err(unreadable)?;
        Reading::read(&name, Box::new(file), hints)
    }

    /// The same for content that is already in memory.
    ///
    /// # Errors
    /// As [`Reading::open`].
    pub fn from_bytes(
        name: &str,
        bytes: Vec<u8>,
        hints: Hints<'_>,
    ) -> Result<Reading, IntakeError> {
        Reading::from_stream(name, Cursor::new(bytes), hints)
    }

    /// The same for content that comes from elsewhere; it is read more than once.
    ///
    /// # Errors
    /// As [`Reading::open`].
    pub fn from_stream(
        name: &str,
        source: impl Read + Seek + Send + 'static,
        hints: Hints<'_>,
    ) -> Result<Reading, IntakeError> {
        Reading::read(name, Box::new(source), hints)
    }

    fn read(name: &str, source: Box<dyn Stream>, hints: Hints<'_>) -> Result<Reading, IntakeError> {
        Reading::head(name, source, hints).map_err(|error| match error {
            IntakeError::Unreadable { source, .. } => IntakeError::Unreadable {
                file: name.to_owned(),
                source,
            },
            other => other,
        })
    }

    fn head(
        name: &str,
        mut source: Box<dyn Stream>,
        hints: Hints<'_>,
    ) -> Result<Reading, IntakeError> {
        let names = Names::new(hints.contract, hints.mapping);
        let recognised = layout::recognise(source.as_mut())?;
        let head = Table::open(source, recognised, &names, hints)?;
        let TableHead {
            table,
            kind,
            header,
            header_line,
            mut decisions,
            questions,
            carried: inside,
        } = head;
        let places = match kind {
            Kind::FixedWidth => (0..header.len()).map(Some).collect(),
            Kind::Delimited | Kind::Xlsx | Kind::Ods => names.places(&header),
        };
        decisions.extend(mapped(&header, &places, hints.contract));
        let mut carried = vec![(Carrier::FileName, name.to_owned())];
        carried.extend(inside);
        carried.extend(strangers(&header, &places));
        let mut reading = Reading {
            kind,
            table,
            header,
            header_line,
            places,
            forms: Vec::new(),
            decisions,
            questions,
            suggestions: Vec::new(),
            carried,
            held: Chunk::new(),
            held_row: 0,
            blank: Vec::new(),
            is_done: false,
            last_width: 0,
        };
        reading.look(hints)?;
        Ok(reading)
    }

    /// Looks at the first rows: the forms of the columns, and what strangers among them may be.
    fn look(&mut self, hints: Hints<'_>) -> Result<(), IntakeError> {
        let mut sample = Chunk::new();
        self.table.fill(&mut sample)?;
        let Agreed {
            forms,
            decisions,
            questions,
        } = agreement::agree(hints.contract, &self.places, &sample, hints.answers)?;
        self.forms = forms;
        self.decisions.extend(decisions);
        self.questions.extend(questions);
        let is_tax_codes = |place: usize| header::is_tax_codes(&sample, place);
        self.suggestions =
            header::suggestions(&self.header, hints.contract, &self.places, &is_tax_codes);
        self.rewind()
    }

    /// What kind of file it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What was decided about the file, the whole of it first, then column by column.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// What must be answered before the file can be checked; meanwhile it is read as the contract says, or as is likelier.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The names of the file's columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The line the header stands on, from 1; 0 when the layout has none.
    pub fn header_line(&self) -> u64 {
        self.header_line
    }

    /// Where a column of the contract stands in the file.
    pub fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }

    /// How a column of the contract writes its cells.
    ///
    /// # Panics
    /// When the contract has no such column.
    pub fn form(&self, column: usize) -> Form {
        self.forms[column]
    }

    /// Columns of the file that may be columns of the contract under another name, the surest first.
    pub fn suggestions(&self) -> &[Suggestion] {
        &self.suggestions
    }

    /// The texts the file carries besides its cells: its name, names of sheets, title, author, comments.
    pub fn metadata(&self) -> &[(Carrier, String)] {
        &self.carried
    }

    /// The next rows; false when there are none.
    ///
    /// # Errors
    /// When the file cannot be read on, or a row passes the limits.
    pub fn chunk(&mut self, chunk: &mut Chunk) -> Result<bool, IntakeError> {
        chunk.clear();
        while chunk.rows() == 0 && !self.is_done {
            self.hold()?;
            self.give(chunk);
        }
        Ok(chunk.rows() > 0)
    }

    /// Reads rows to give.
    fn hold(&mut self) -> Result<(), IntakeError> {
        self.held.clear();
        self.held_row = 0;
        self.is_done = !self.table.fill(&mut self.held)?;
        if let Some(last) = self.held.rows().checked_sub(1) {
            self.last_width = self.held.width(last);
        }
        Ok(())
    }

    /// Gives the rows held, but not blank ones after which nothing has come yet.
    fn give(&mut self, chunk: &mut Chunk) {
        let last = (self.held_row..self.held.rows())
            .rev()
            .find(|row| !self.held.is_blank(*row));
        let is_whole = self.blank.is_empty() && self.held_row == 0 && self.changed().is_empty();
        if is_whole && last.is_some() && last == self.held.rows().checked_sub(1) {
            std::mem::swap(chunk, &mut self.held);
            self.held.clear();
            return;
        }
        if last.is_some() || self.blank.len() > BLANK_ROWS_HELD_MAX {
            let blank = std::mem::take(&mut self.blank);
            blank.iter().for_each(|line| self.push_blank(chunk, *line));
        }
        let changed = self.changed();
        while self.held_row < self.held.rows() {
            let row = self.held_row;
            self.held_row += 1;
            match Some(row) > last {
                true => self.blank.push(self.held.line(row)),
                false => self.push(chunk, row, &changed),
            }
        }
    }

    fn push_blank(&self, chunk: &mut Chunk, line: u64) {
        chunk.begin_row(line);
        (0..self.header.len()).for_each(|_| chunk.push_text(""));
    }

    /// Copies a row; cells of a workbook that have a type follow the form found for their column.
    fn push(&self, chunk: &mut Chunk, row: usize, changed: &[(usize, usize)]) {
        chunk.begin_row(self.held.line(row));
        for place in 0..self.held.width(row) {
            let cell = self.held.cell(row, place);
            let column = changed.iter().find(|(at, _)| *at == place);
            match column {
                Some((_, column)) if cell.native != Native::Text => {
                    let text = self.rewritten(*column, cell.text, cell.native);
                    chunk.push_native(&text, cell.native);
                }
                _ => chunk.push_native(cell.text, cell.native),
            }
        }
    }

    /// Places of a workbook, with their columns, whose form is not the one its days and numbers were written in.
    fn changed(&self) -> Vec<(usize, usize)> {
        match self.kind {
            Kind::Xlsx | Kind::Ods => {}
            Kind::Delimited | Kind::FixedWidth => return Vec::new(),
        }
        let columns = self.places.iter().enumerate();
        columns
            .filter(|(column, _)| self.forms[*column] != Form::EXPECTED)
            .filter_map(|(column, place)| Some(((*place)?, column)))
            .collect()
    }

    fn rewritten(&self, column: usize, text: &str, native: Native) -> String {
        let form = self.forms[column];
        match native {
            Native::Date => match Form::EXPECTED.date.split(text) {
                Some((year, month, day)) => form.date.write(year, month, day),
                None => text.to_owned(),
            },
            Native::Number => text.replace(',', &form.decimal.decimal().to_string()),
            Native::Text | Native::Bool | Native::Error => text.to_owned(),
        }
    }

    /// How the file ends; to be asked after the last chunk.
    pub fn tail(&self) -> Tail {
        let end = self.table.end();
        let is_short = self.last_width > 0 && self.last_width < self.header.len();
        Tail {
            trailing_blank_rows: self.blank.len() as u64 + self.table.trailing_blank(),
            ends_inside_row: end.is_quoted || end.is_open && is_short,
        }
    }

    /// Back to the first row, for another pass.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub fn rewind(&mut self) -> Result<(), IntakeError> {
        self.table.rewind()?;
        self.held.clear();
        self.held_row = 0;
        self.blank.clear();
        self.is_done = false;
        self.last_width = 0;
        Ok(())
    }
}

/// Columns that were found under another name.
fn mapped(header: &[String], places: &[Option<usize>], contract: &Contract) -> Vec<Decision> {
    let found = contract.columns.iter().zip(places).enumerate();
    found
        .filter_map(|(index, (column, place))| Some((index, column, header.get((*place)?)?)))
        .filter(|(_, column, name)| column.physical_name != **name)
        .map(|(index, column, name)| {
            let about = Subject::Mapping { column: index };
            Decision::new(about, false, codes::MAPPED_COLUMN)
                .with("name", name)
                .with("column", &column.physical_name)
        })
        .collect()
}

/// Names of columns that are not the contract's.
fn strangers(header: &[String], places: &[Option<usize>]) -> Vec<(Carrier, String)> {
    let names = header.iter().enumerate();
    names
        .filter(|(place, name)| !places.contains(&Some(*place)) && !name.is_empty())
        .map(|(_, name)| (Carrier::Header, name.clone()))
        .collect()
}

pub(crate) fn length(source: &mut dyn Stream) -> std::io::Result<u64> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    Ok(length)
}
