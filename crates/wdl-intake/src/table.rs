//! The rows of a file, whatever its kind, and how their reading begins.

use wdl_contract::Contract;
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::IntakeError;
use crate::chunk::Chunk;
use crate::form::DateForm;
use crate::header::Names;
use crate::layout::{Kind, Recognised};
use crate::limits::{HEADER_ROWS_MAX, SAMPLE_BYTES};
use crate::metadata::Carrier;
use crate::question::{Answers, Choice, Decision, Hints, Question, Subject};
use crate::reading::length;
use crate::text::{
    Delimited, Facts, Stream, TextEncoding, TextEnd, Transcoder, choose_delimiter, choose_encoding,
};
use crate::workbook::{self, Format, Sheet};

/// Rows under the header.
pub(crate) enum Table {
    /// `skipped` counts the header and what stands above it.
    Delimited {
        rows: Option<Box<Delimited>>,
        skipped: usize,
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
            Table::Sheet { .. } => None,
        };
        end.unwrap_or_default()
    }

    /// Blank rows of a sheet after the last one that is given.
    pub(crate) fn trailing_blank(&self) -> u64 {
        match self {
            Table::Delimited { .. } => 0,
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
    let delimiter = told.delimiter(&sample, names, hints)?;
    let mut rows = Delimited::new(text, delimiter);
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

fn open_workbook(
    source: Box<dyn Stream>,
    length: u64,
    names: &Names<'_>,
    hints: Hints<'_>,
) -> Result<TableHead, IntakeError> {
    let (format, mut workbook) = workbook::open(source, length, names, (None, hints.answers))?;
    let kind = match format {
        Format::Xlsx => Kind::Xlsx,
        Format::Ods => Kind::Ods,
    };
    let mut told = Told::default();
    told.decisions.push(
        Decision::new(Subject::Layout, true, codes::READ_LAYOUT)
            .with("actual", kind.name())
            .with("expected", Kind::Delimited.name()),
    );
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
    let sheet = workbook.rows(row as u32 + 1, header.len(), DateForm::ITALIAN)?;
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

/// Decisions and questions as they come up.
#[derive(Default)]
struct Told {
    decisions: Vec<Decision>,
    questions: Vec<Question>,
}

impl Told {
    fn encoding(
        &mut self,
        facts: &Facts,
        contract: &Contract,
        answers: &Answers,
    ) -> Result<TextEncoding, IntakeError> {
        const KEY: &str = "encoding";
        let expected = TextEncoding::expected(contract);
        let chosen = choose_encoding(facts, expected);
        let encoding = match answers.get(KEY) {
            Some(answer) => TextEncoding::parse(answer).ok_or_else(|| IntakeError::BadAnswer {
                question: KEY.to_owned(),
                value: answer.to_owned(),
                options: TextEncoding::ALL
                    .map(|encoding| encoding.name().to_owned())
                    .to_vec(),
            })?,
            None => chosen.readings[0],
        };
        let is_wide = matches!(encoding, TextEncoding::Utf16Le | TextEncoding::Utf16Be);
        let nul: u64 = facts.nul.iter().sum();
        if nul > 0 && !is_wide {
            return Err(IntakeError::NulBytes(nul));
        }
        if chosen.readings.len() > 1 && answers.get(KEY).is_none() {
            let choices = chosen
                .readings
                .iter()
                .map(|reading| Choice::same(reading.name()));
            let question = Question::new(
                KEY.to_owned(),
                Subject::Encoding,
                codes::ASK_ENCODING,
                choices.collect(),
            );
            self.questions.push(question);
        }
        let actual = match (chosen.is_ascii, chosen.has_mark) {
            (true, _) => "ASCII".to_owned(),
            (false, true) => format!("{} (BOM)", encoding.name()),
            (false, false) => encoding.name().to_owned(),
        };
        self.decisions.push(
            Decision::new(
                Subject::Encoding,
                encoding != expected,
                codes::READ_ENCODING,
            )
            .with("actual", actual)
            .with("expected", expected.name()),
        );
        Ok(encoding)
    }

    fn delimiter(
        &mut self,
        sample: &str,
        names: &Names<'_>,
        hints: Hints<'_>,
    ) -> Result<u8, IntakeError> {
        const KEY: &str = "delimiter";
        let expected = hints.contract.delimiter;
        let delimiter = match hints.answers.get(KEY) {
            Some(answer) => parse_delimiter(answer).ok_or_else(|| IntakeError::BadAnswer {
                question: KEY.to_owned(),
                value: answer.to_owned(),
                options: [b';', b',', b'\t', b'|'].map(delimiter_name).to_vec(),
            })?,
            None => {
                let likely = choose_delimiter(sample, names, expected);
                if likely.len() > 1 {
                    let choices = likely
                        .iter()
                        .map(|mark| Choice::same(delimiter_name(*mark)));
                    let about = Subject::Delimiter;
                    let question = Question::new(
                        KEY.to_owned(),
                        about,
                        codes::ASK_DELIMITER,
                        choices.collect(),
                    );
                    self.questions.push(question);
                }
                likely[0]
            }
        };
        self.decisions.push(
            Decision::new(
                Subject::Delimiter,
                delimiter != expected,
                codes::READ_DELIMITER,
            )
            .with("actual", delimiter_name(delimiter))
            .with("expected", delimiter_name(expected)),
        );
        Ok(delimiter)
    }

    /// Tells of rows above the header; they travel nowhere, but may name a person.
    fn title_rows<'r, 'c: 'r>(
        &mut self,
        rows: impl Iterator<Item = &'r Vec<&'c str>>,
        header_line: u64,
    ) -> Vec<(Carrier, String)> {
        let titles: Vec<String> = rows
            .map(|row| {
                let filled: Vec<&str> = row
                    .iter()
                    .copied()
                    .filter(|cell| !cell.is_empty())
                    .collect();
                filled.join(" ")
            })
            .collect();
        if !titles.is_empty() {
            self.decisions.push(
                Decision::new(Subject::Header, true, codes::TITLE_ROWS)
                    .with("count", titles.len())
                    .with("line", header_line),
            );
        }
        titles
            .into_iter()
            .map(|title| (Carrier::TitleRow, title))
            .collect()
    }
}

/// A delimiter as answers name it.
fn parse_delimiter(answer: &str) -> Option<u8> {
    match answer.as_bytes() {
        b"TAB" => Some(b'\t'),
        [only] => Some(*only),
        _ => None,
    }
}

/// A delimiter as it is shown and answered.
fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "TAB".to_owned(),
        other => char::from(other).to_string(),
    }
}
