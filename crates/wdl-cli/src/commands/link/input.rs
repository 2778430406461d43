//! Plain files as the engine takes them: CSV in any usual form, or Parquet; columns are matched by name.
//!
//! A text file is streamed: nothing of it is kept but what the engine keeps.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use wdl_frame::{Columns, TextColumn, read_parquet};
use wdl_intake::{IntakeError, PlainText};
use wdl_lab::Stopped;
use wdl_linkage::{Builder, Column, Data, DataError};
use wdl_vocab::diagnostics::codes::{linkage as codes, usage};
use wdl_vocab::{Diagnostic, Severity, did_you_mean};

use super::Files;

/// What some files hold.
pub(super) struct Input {
    /// The records, with the compared columns alone.
    pub(super) data: Data,
    /// The column of the truth, when one was named: never compared.
    pub(super) truth: Option<Column>,
    /// What is good to know about the files.
    pub(super) notes: Vec<Diagnostic>,
}

impl Files {
    fn paths(&self) -> Result<Vec<&PathBuf>, Stopped> {
        let paths: Vec<&PathBuf> = self.a.iter().chain(&self.b).collect();
        match paths.is_empty() {
            true => Err(Stopped::new(Diagnostic::new(codes::WRONG_FILES))),
            false => Ok(paths),
        }
    }

    /// The name of the column of ids.
    pub(super) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    /// Reads the files; `truth` names a column that says who is who.
    pub(super) fn read(&self, truth: Option<&str>) -> Result<Input, Stopped> {
        let paths = self.paths()?;
        let mut tables = Vec::new();
        for path in &paths {
            tables.push(Table::open(path)?);
        }
        let plan = Plan::new(&paths, &tables, self, truth)?;
        let mut notes = Vec::new();
        if let [one, other] = paths[..]
            && is_same(one, other)
        {
            notes.push(note(codes::SAME_FILE));
        }
        if !plan.left_out.is_empty() {
            notes.push(
                note(codes::OTHER_COLUMNS)
                    .with("count", plan.left_out.len())
                    .with("expected", plan.left_out.join(", ")),
            );
        }
        let mut builder = Builder::new(plan.columns.iter().cloned());
        let records: u64 = tables.iter().map(Table::rows_about).sum();
        builder.expect(usize::try_from(records).unwrap_or(0));
        for ((path, table), name) in paths.iter().zip(tables).zip(source_names(&paths)) {
            builder.source(&name);
            let places = plan.places(table.header());
            notes.extend(table.read(path, &places, &mut builder)?);
        }
        let data = builder.finish();
        let mut data = data.map_err(|fault| told(&fault, &paths, self.id()))?;
        let truth = truth.and_then(|_| data.columns.pop());
        for column in &data.columns {
            if column.values.len() < 2 || is_constant(column) {
                notes.push(note(codes::CONSTANT_COLUMN).with("column", &column.name));
            }
        }
        Ok(Input { data, truth, notes })
    }
}

/// A notice: the work goes on.
pub(super) fn note(code: wdl_vocab::Code) -> Diagnostic {
    Diagnostic::new(code).severity(Severity::Note)
}

/// Whether every record has the same value, or none has any.
fn is_constant(column: &Column) -> bool {
    column.values.len() == 2 && column.cells.iter().all(|cell| *cell == 1)
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// The sources are named as their files are.
fn source_names(paths: &[&PathBuf]) -> Vec<String> {
    let names: Vec<String> = paths.iter().map(|path| file_name(path)).collect();
    match names.as_slice() {
        [one, other] if one == other => vec![format!("1:{one}"), format!("2:{other}")],
        _ => names,
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Which column of the files goes where.
struct Plan<'a> {
    id: &'a str,
    /// The compared columns in the order of the first file, then that of the truth.
    columns: Vec<String>,
    /// Columns of one file only.
    left_out: Vec<String>,
}

impl<'a> Plan<'a> {
    fn new(
        paths: &[&PathBuf],
        tables: &[Table],
        files: &'a Files,
        truth: Option<&str>,
    ) -> Result<Plan<'a>, Stopped> {
        for (path, table) in paths.iter().zip(tables) {
            table.has_names(path)?;
        }
        let Some(id) = files.id.as_deref() else {
            return Err(Stopped::new(
                Diagnostic::new(codes::NO_ID)
                    .with("file", paths[0].display())
                    .with("expected", tables[0].header().join(", ")),
            ));
        };
        let everywhere = |name: &str| {
            let mut headers = tables.iter().map(Table::header);
            headers.all(|header| header.iter().any(|known| known == name))
        };
        let somewhere: Vec<&String> = tables.iter().flat_map(|table| table.header()).collect();
        for (path, table) in paths.iter().zip(tables) {
            for (option, name) in [("--id", Some(id)), ("--truth-column", truth)] {
                if let Some(name) = name
                    && !table.header().iter().any(|known| known == name)
                {
                    return Err(no_column(path, table.header(), option, name));
                }
            }
        }
        for name in &files.ignore {
            if !somewhere.contains(&name) {
                return Err(no_column(paths[0], tables[0].header(), "--ignore", name));
            }
        }
        let is_spared = |name: &str| {
            name.is_empty()
                || name == id
                || Some(name) == truth
                || files.ignore.iter().any(|ignored| ignored == name)
        };
        let compared = tables[0].header().iter().filter(|name| !is_spared(name));
        let mut columns: Vec<String> = compared.filter(|name| everywhere(name)).cloned().collect();
        if columns.is_empty() {
            let all: Vec<&str> = somewhere.iter().map(|name| name.as_str()).collect();
            return Err(Stopped::new(
                Diagnostic::new(codes::NO_COMMON_COLUMN).with("expected", all.join(", ")),
            ));
        }
        let left_out = somewhere
            .into_iter()
            .filter(|name| !is_spared(name) && !everywhere(name))
            .cloned()
            .collect();
        columns.extend(truth.map(str::to_owned));
        Ok(Plan {
            id,
            columns,
            left_out,
        })
    }

    fn places(&self, header: &[String]) -> Places {
        let place = |name: &str| header.iter().position(|known| known == name);
        Places {
            id_name: self.id.to_owned(),
            width: header.len(),
            id: place(self.id).expect("every file has the column of ids"),
            columns: self
                .columns
                .iter()
                .map(|name| place(name).expect("every file has the compared columns"))
                .collect(),
        }
    }
}

fn no_column(path: &Path, header: &[String], option: &'static str, name: &str) -> Stopped {
    let name: String = name.chars().take(80).collect();
    let meant = did_you_mean(&name, header.iter().map(String::as_str)).map(str::to_owned);
    Stopped::new(
        Diagnostic::new(codes::NO_COLUMN)
            .with("file", path.display())
            .with("column", name)
            .with("option", option)
            .with("expected", header.join(", "))
            .suggest(meant.as_deref()),
    )
}

/// Where the columns stand in one file.
struct Places {
    id_name: String,
    width: usize,
    id: usize,
    columns: Vec<usize>,
}

/// A file that is open.
pub(super) enum Table {
    Text(Box<PlainText>),
    Parquet {
        header: Vec<String>,
        columns: Box<Columns>,
    },
}

impl Table {
    /// Opens a file; content decides what it is.
    pub(super) fn open(path: &Path) -> Result<Table, Stopped> {
        let mut start = Vec::new();
        let file = File::open(path).map_err(|fault| Stopped::file(path, &fault))?;
        if path.is_dir() {
            return Err(not_a_table(path, "directory"));
        }
        file.take(4)
            .read_to_end(&mut start)
            .map_err(|fault| Stopped::file(path, &fault))?;
        if start == b"PAR1" {
            let (schema, batches) = read_parquet(path)?;
            let columns = Box::new(Columns::new(&schema, &batches));
            let header = columns.names();
            return Ok(Table::Parquet { header, columns });
        }
        match PlainText::open(path) {
            Ok(text) => Ok(Table::Text(Box::new(text))),
            Err(fault) => Err(unreadable(path, fault)),
        }
    }

    pub(super) fn header(&self) -> &[String] {
        match self {
            Table::Text(text) => text.header(),
            Table::Parquet { header, .. } => header,
        }
    }

    fn rows_about(&self) -> u64 {
        match self {
            Table::Text(text) => text.rows_about(),
            Table::Parquet { columns, .. } => columns.rows() as u64,
        }
    }

    /// Refuses a file without columns, or with two of one name.
    fn has_names(&self, path: &Path) -> Result<(), Stopped> {
        let mut names: Vec<&String> = self
            .header()
            .iter()
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            return Err(Stopped::new(
                Diagnostic::new(codes::EMPTY_FILE).with("file", path.display()),
            ));
        }
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(twice) => Err(Stopped::new(
                Diagnostic::new(codes::TWICE_NAMED)
                    .with("file", path.display())
                    .with("column", twice[0]),
            )),
            None => Ok(()),
        }
    }

    /// Gives every record to the builder.
    fn read(
        self,
        path: &Path,
        places: &Places,
        builder: &mut Builder,
    ) -> Result<Option<Diagnostic>, Stopped> {
        match self {
            Table::Text(text) => read_text(*text, path, places, builder),
            Table::Parquet { columns, .. } => {
                read_columns(&columns, path, places, builder)?;
                Ok(None)
            }
        }
    }

    /// The first two columns of a file, row after row, the header among them when it is text.
    pub(super) fn first_two(self, path: &Path) -> Result<Vec<[String; 2]>, Stopped> {
        let [Some(one), Some(other)] = [0, 1].map(|place| self.header().get(place).cloned()) else {
            return Err(Stopped::new(
                Diagnostic::new(codes::TRUTH_FILE).with("file", path.display()),
            ));
        };
        let mut pairs = Vec::new();
        match self {
            Table::Text(mut text) => {
                pairs.push([one, other]);
                while let Some(row) = text.next_row().map_err(|fault| unreadable(path, fault))? {
                    pairs.push([0, 1].map(|place| row.cell(place).trim().to_owned()));
                }
            }
            Table::Parquet { columns, .. } => {
                let [one, other] = [
                    text_of(&columns, path, &one)?,
                    text_of(&columns, path, &other)?,
                ];
                pairs.extend(
                    (0..columns.rows()).map(|row| {
                        [&one, &other].map(|column| value(column, row).trim().to_owned())
                    }),
                );
            }
        }
        Ok(pairs)
    }
}

fn read_text(
    mut text: PlainText,
    path: &Path,
    places: &Places,
    builder: &mut Builder,
) -> Result<Option<Diagnostic>, Stopped> {
    let mut rows = 0u64;
    let mut uneven = 0u64;
    let mut first_uneven = 0;
    while let Some(row) = text.next_row().map_err(|fault| unreadable(path, fault))? {
        rows += 1;
        if row.len() != places.width {
            uneven += 1;
            if uneven == 1 {
                first_uneven = row.line();
            }
        }
        let id = row.cell(places.id).trim();
        if id.is_empty() {
            return Err(id_missing(path, &places.id_name, row.line()));
        }
        builder
            .push(id, places.columns.iter().map(|place| row.cell(*place)))
            .map_err(|fault| told(&fault, &[&path.to_owned()], &places.id_name))?;
    }
    if rows == 0 {
        return Err(no_records(path));
    }
    Ok((uneven > 0).then(|| {
        note(codes::UNEVEN_ROWS)
            .with("file", path.display())
            .with("count", uneven)
            .with("line", first_uneven)
    }))
}

fn read_columns(
    columns: &Columns,
    path: &Path,
    places: &Places,
    builder: &mut Builder,
) -> Result<(), Stopped> {
    let names = columns.names();
    let ids = text_of(columns, path, &names[places.id])?;
    let mut texts = Vec::new();
    for place in &places.columns {
        texts.push(text_of(columns, path, &names[*place])?);
    }
    if columns.rows() == 0 {
        return Err(no_records(path));
    }
    for row in 0..columns.rows() {
        let id = value(&ids, row).trim();
        if id.is_empty() {
            return Err(id_missing(path, &places.id_name, row as u64 + 1));
        }
        builder
            .push(id, texts.iter().map(|column| value(column, row)))
            .map_err(|fault| told(&fault, &[&path.to_owned()], &places.id_name))?;
    }
    Ok(())
}

fn text_of(columns: &Columns, path: &Path, name: &str) -> Result<TextColumn, Stopped> {
    let column = columns.text(name);
    column.map_err(|fault| Stopped::file(path, &fault))
}

fn value(column: &TextColumn, row: usize) -> &str {
    column.codes[row].map_or("", |code| &column.values[code as usize])
}

fn id_missing(path: &Path, column: &str, line: u64) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::ID_MISSING)
            .with("file", path.display())
            .with("column", column)
            .with("line", line),
    )
}

fn no_records(path: &Path) -> Stopped {
    Stopped::new(Diagnostic::new(codes::NO_RECORDS).with("file", path.display()))
}

fn not_a_table(path: &Path, actual: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::NOT_A_TABLE)
            .with("file", path.display())
            .with("actual", actual),
    )
}

/// What a fault of reading is called here.
fn unreadable(path: &Path, fault: IntakeError) -> Stopped {
    let diagnostic = match &fault {
        IntakeError::NotATable(kind) => return not_a_table(path, kind),
        IntakeError::NotAFile { actual, .. } => return not_a_table(path, actual),
        IntakeError::OldWorkbook => return not_a_table(path, "XLS"),
        IntakeError::Archive => return not_a_table(path, "ZIP"),
        IntakeError::NulBytes(_) => return not_a_table(path, "binary"),
        IntakeError::Unreadable { source, .. } => Diagnostic::new(usage::FILE)
            .with("file", path.display())
            .with("detail", source),
        _ => Diagnostic::new(codes::UNREADABLE_TEXT)
            .with("file", path.display())
            .with("detail", &fault),
    };
    Stopped::new(diagnostic)
}

/// What a fault of the records is called here.
fn told(fault: &DataError, paths: &[&PathBuf], id: &str) -> Stopped {
    let of = |name: &String| {
        let names = source_names(paths);
        let place = names.iter().position(|known| known == name).unwrap_or(0);
        paths[place].display().to_string()
    };
    Stopped::new(match fault {
        DataError::DuplicateIds { source_name, count } => Diagnostic::new(codes::DUPLICATE_IDS)
            .with("file", of(source_name))
            .with("column", id)
            .with("count", count),
        DataError::NoId { source_name, place } => Diagnostic::new(codes::ID_MISSING)
            .with("file", of(source_name))
            .with("column", id)
            .with("line", place + 1),
        DataError::TooMuch { source_name } => {
            Diagnostic::new(codes::TOO_MUCH).with("file", of(source_name))
        }
    })
}
