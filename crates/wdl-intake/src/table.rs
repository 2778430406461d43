//! The rows of a file, whatever its kind, and how their reading begins.

use wdl_contract::{Contract, Layout};
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::IntakeError;
use crate::chunk::Chunk;
use crate::form::Form;
use crate::header::Names;
use crate::layout::{Kind, Recognised};
use crate::limits::{HEADER_ROWS_MAX, SAMPLE_BYTES};
use crate::metadata::Carrier;
use crate::question::{Decision, Hints, Question, Subject};
use crate::reading::length;
use crate::text::{Delimited, Facts, Fixed, Stream, TextEnd, Transcoder, has_header};
use crate::told::Told;
use crate::workbook::{self, Format, Sheet};

/// Rows under the header.
pub(crate) enum Table {
    /// `skipped` counts the header and what stands above it.
    Delimited {
        rows: Option<Box<Delimited>>,
        skipped: usize,
    },
    Fixed {
        rows: Option<Box<Fixed>>,
    },
    Sheet {
        sheet: Sheet,
        next: usize,
    },
}

/// A table and what was found out while opening it.
pub(crate) struct TableHead {
    pub(crate) table: Table,
    pub(crate) kind: Kind,
    pub(crate) header: Vec<String>,
    pub(crate) header_line: u64,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) questions: Vec<Question>,
    pub(crate) carried: Vec<(Carrier, String)>,
}

fn unreadable(source: std::io::Error) -> IntakeError {
    IntakeError::Unreadable {
        file: String::new(),
        source,
    }
}

impl Table {
    /// Finds out how a file is written and where its rows begin.
    pub(crate) fn open(
        mut source: Box<dyn Stream>,
        recognised: Recognised,
        names: &Names<'_>,
        hints: Hints<'_>,
    ) -> Result<TableHead, IntakeError> {
        match recognised {
            Recognised::Zip => {
                let length = length(source.as_mut()).map_err(unreadable)?;
                open_workbook(source, length, names, hints)
            }
            Recognised::Text => open_text(source, names, hints),
        }
    }

    /// Adds rows to a chunk until it is full; false when there are no more.
    pub(crate) fn fill(&mut self, chunk: &mut Chunk) -> Result<bool, IntakeError> {
        match self {
            Table::Delimited { rows, .. } => fill(chunk, rows.as_deref_mut(), Delimited::next),
            Table::Fixed { rows } => fill(chunk, rows.as_deref_mut(), Fixed::next),
            Table::Sheet { sheet, next } => {
                if let Some(read) = sheet.chunks.get(*next) {
                    chunk.clone_from(read);
                    *next += 1;
                }
                Ok(*next < sheet.chunks.len())
            }
        }
    }

    /// How the text ended.
    pub(crate) fn end(&self) -> TextEnd {
        let end = match self {
            Table::Delimited { rows, .. } => rows.as_deref().and_then(Delimited::end),
            Table::Fixed { rows } => rows.as_deref().and_then(Fixed::end),
            Table::Sheet { .. } => None,
        };
        end.unwrap_or_default()
    }

    /// Blank rows of a sheet after the last one that is given.
    pub(crate) fn trailing_blank(&self) -> u64 {
        match self {
            Table::Delimited { .. } | Table::Fixed { .. } => 0,
            Table::Sheet { sheet, .. } => sheet.trailing_blank,
        }
    }

    /// Back to the first row under the header.
    pub(crate) fn rewind(&mut self) -> Result<(), IntakeError> {
        match self {
            Table::Delimited { rows, skipped } => {
                if let Some(read) = rows.take() {
                    let again = read.again().map_err(unreadable)?;
                    *rows = Some(Box::new(skip(again, *skipped)?));
                }
            }
            Table::Fixed { rows } => {
                if let Some(read) = rows.take() {
                    *rows = Some(Box::new(read.again().map_err(unreadable)?));
                }
            }
            Table::Sheet { next, .. } => *next = 0,
        }
        Ok(())
    }
}

fn fill<R>(
    chunk: &mut Chunk,
    rows: Option<&mut R>,
    next: impl Fn(&mut R, &mut Chunk) -> Result<bool, IntakeError>,
) -> Result<bool, IntakeError> {
    let Some(rows) = rows else { return Ok(false) };
    while !chunk.is_full() {
        if !next(rows, chunk)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn skip(mut rows: Delimited, count: usize) -> Result<Delimited, IntakeError> {
    let mut passed = Chunk::new();
    for _ in 0..count {
        passed.clear();
        rows.next(&mut passed)?;
    }
    Ok(rows)
}

/// A cell of the header, as it is matched and shown.
fn name(cell: &str) -> String {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .to_owned()
}

fn open_text(
    mut source: Box<dyn Stream>,
    names: &Names<'_>,
    hints: Hints<'_>,
) -> Result<TableHead, IntakeError> {
    let contract = hints.contract;
    let mut told = Told::default();
    let facts = Facts::gather(&mut source).map_err(unreadable)?;
    let encoding = told.encoding(&facts, contract, hints.answers)?;
    let mut text = Transcoder::new(source, encoding).map_err(unreadable)?;
    let sample = text.sample(SAMPLE_BYTES).map_err(unreadable)?;
    told.decisions.push(
        Decision::new(Subject::LineEnds, false, codes::READ_LINE_ENDS)
            .with("actual", text.line_ends()),
    );
    let text = text.again().map_err(unreadable)?;
    let is_fixed = contract.layout == Layout::FixedWidth && !has_header(&sample, names);
    match is_fixed {
        true => open_fixed(text, told, contract),
        false => {
            let delimiter = told.delimiter(&sample, names, hints)?;
            told.layout(Kind::Delimited, contract);
            open_delimited(Delimited::new(text, delimiter), told, names)
        }
    }
}

fn open_delimited(
    mut rows: Delimited,
    mut told: Told,
    names: &Names<'_>,
) -> Result<TableHead, IntakeError> {
    let mut top = Chunk::new();
    while top.rows() < HEADER_ROWS_MAX && !top.is_full() && rows.next(&mut top)? {}
    let cells: Vec<Vec<&str>> = (0..top.rows())
        .map(|row| {
            (0..top.width(row))
                .map(|place| top.cell(row, place).text)
                .collect()
        })
        .collect();
    let above = names.row(&cells).unwrap_or(0);
    let header = cells
        .get(above)
        .map(|row| row.iter().map(|cell| name(cell)).collect());
    let header_line = if cells.is_empty() { 0 } else { top.line(above) };
    let carried = told.title_rows(cells.iter().take(above), header_line);
    let mut table = Table::Delimited {
        rows: Some(Box::new(rows)),
        skipped: above + 1,
    };
    table.rewind()?;
    Ok(TableHead {
        table,
        kind: Kind::Delimited,
        header: header.unwrap_or_default(),
        header_line,
        decisions: told.decisions,
        questions: told.questions,
        carried,
    })
}

/// A text in which every column of the contract has its place and no line holds names.
fn open_fixed(text: Transcoder, told: Told, contract: &Contract) -> Result<TableHead, IntakeError> {
    let columns = contract.columns.iter();
    let positions = columns
        .map(|column| {
            let missing = || IntakeError::NoPositions(column.physical_name.clone());
            column.width.ok_or_else(missing)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let columns = contract.columns.iter();
    Ok(TableHead {
        table: Table::Fixed {
            rows: Some(Box::new(Fixed::new(text, positions))),
        },
        kind: Kind::FixedWidth,
        header: columns.map(|column| column.physical_name.clone()).collect(),
        header_line: 0,
        decisions: told.decisions,
        questions: told.questions,
        carried: Vec::new(),
    })
}

fn open_workbook(
    source: Box<dyn Stream>,
    length: u64,
    names: &Names<'_>,
    hints: Hints<'_>,
) -> Result<TableHead, IntakeError> {
    let sheet = match &hints.contract.layout {
        Layout::Workbook { sheet } => sheet.as_deref(),
        Layout::Delimited | Layout::FixedWidth => None,
    };
    let (format, mut workbook) = workbook::open(source, length, names, (sheet, hints.answers))?;
    let kind = match format {
        Format::Xlsx => Kind::Xlsx,
        Format::Ods => Kind::Ods,
    };
    let mut told = Told::default();
    told.layout(kind, hints.contract);
    told.decisions.append(&mut workbook.decisions);
    told.questions.append(&mut workbook.questions);
    let is_filled = |row: &Vec<String>| row.iter().any(|cell| !cell.is_empty());
    let row = names.row(&workbook.top);
    let row = row
        .or_else(|| workbook.top.iter().position(is_filled))
        .unwrap_or(0);
    let header: Vec<String> = workbook
        .top
        .get(row)
        .map(|cells| cells.iter().map(|cell| name(cell)).collect())
        .unwrap_or_default();
    let header_line = if header.is_empty() { 0 } else { row as u64 + 1 };
    let titles = workbook.top.iter().take(row).filter(|row| is_filled(row));
    let titles: Vec<Vec<&str>> = titles
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    let mut carried = std::mem::take(&mut workbook.carried);
    carried.extend(told.title_rows(titles.iter(), header_line));
    let sheet = workbook.rows(row as u32 + 1, header.len(), Form::EXPECTED.date)?;
    Ok(TableHead {
        table: Table::Sheet { sheet, next: 0 },
        kind,
        header,
        header_line,
        decisions: told.decisions,
        questions: told.questions,
        carried,
    })
}
