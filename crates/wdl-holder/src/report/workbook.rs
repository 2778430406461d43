//! The list for the office: a workbook with a sheet per problem, its rows, its cause and what to do.
//!
//! It holds personal data and stays at the body.
//! Every cell of the file is written as text: none becomes a formula, here or when the office saves the sheet as CSV.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};
use wdl_check::{Finding, Findings};
use wdl_intake::{Chunk, IntakeError, Reading};
use wdl_vocab::{Diagnostic, Lang};

use super::{FindingReport, Full, Shareable, severity_word, what, what_to_do, why};
use crate::words::{count, say};

/// The rows of a file that have a problem, by their line.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The names of the file.
    pub header: Vec<String>,
    /// The cells of each row.
    pub lines: BTreeMap<u64, Vec<String>>,
}

impl Rows {
    /// Reads the rows that the findings name, as many as a sheet shows of each.
    ///
    /// # Errors
    /// [`IntakeError`] when the file no longer reads.
    pub fn read(reading: &mut Reading, findings: &Findings) -> Result<Rows, IntakeError> {
        let wanted: BTreeSet<u64> = findings
            .iter()
            .flat_map(|finding| finding.lines.iter().take(ROWS_MAX).copied())
            .collect();
        let mut rows = Rows {
            header: reading.header().to_vec(),
            lines: BTreeMap::new(),
        };
        reading.rewind()?;
        let mut chunk = Chunk::new();
        while reading.chunk(&mut chunk)? {
            for row in (0..chunk.rows()).filter(|row| wanted.contains(&chunk.line(*row))) {
                let cells =
                    (0..chunk.width(row)).map(|place| chunk.cell(row, place).text.to_owned());
                rows.lines.insert(chunk.line(row), cells.collect());
            }
        }
        Ok(rows)
    }
}

/// The most rows of a sheet: an office reads the first thousand, a spreadsheet of ten thousand still opens at once.
pub const ROWS_MAX: usize = 10_000;

/// Makes the workbook.
pub fn workbook(report: &Shareable, full: Full<'_>, lang: Lang) -> Vec<u8> {
    made(report, full, lang)
        .expect("names, lengths and counts of rows are cut to what a workbook holds")
}

fn made(report: &Shareable, full: Full<'_>, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let style = Style::new();
    let sheets: Vec<String> = report
        .findings
        .iter()
        .enumerate()
        .map(|(place, finding)| sheet_name(place + 1, finding))
        .collect();
    summary(book.add_worksheet(), report, &sheets, (&style, lang))?;
    let findings = full.findings.iter().zip(&report.findings);
    for ((finding, told), name) in findings.zip(&sheets) {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        problem(sheet, (finding, told), full.rows, (&style, lang))?;
    }
    // A workbook tells when it was made: the end of its quarter, so that the same check gives the same bytes.
    let day = report.period.last_day();
    let made = ExcelDateTime::from_ymd(
        day.year().unsigned_abs(),
        day.month().unsigned_abs(),
        day.day().unsigned_abs(),
    )?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    book.save_to_buffer()
}

/// The most columns of the file that are shown.
const COLUMNS_MAX: usize = 1000;

struct Style {
    title: Format,
    wrap: Format,
    head: Format,
    cell: Format,
    /// For text that a spreadsheet would take for a formula.
    quoted: Format,
    warning: Format,
}

impl Style {
    fn new() -> Style {
        let base = Format::new().set_align(FormatAlign::Top);
        Style {
            title: Format::new().set_bold().set_font_size(14),
            wrap: base.clone().set_text_wrap(),
            head: base
                .clone()
                .set_bold()
                .set_border_bottom(FormatBorder::Medium)
                .set_text_wrap(),
            cell: base.clone().set_num_format("@"),
            quoted: base.set_num_format("@").set_quote_prefix(),
            warning: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00FF_F3CD))
                .set_text_wrap(),
        }
    }
}

type Told<'a> = (&'a Style, Lang);

fn summary(
    sheet: &mut Worksheet,
    report: &Shareable,
    sheets: &[String],
    (style, lang): Told<'_>,
) -> Result<(), XlsxError> {
    let word = |key: &str| say(lang, key, &[]);
    sheet.set_name(word("book-summary"))?;
    let mut top = Vec::new();
    top.extend(
        report
            .notice
            .as_ref()
            .map(|notice| (notice.get(lang).to_owned(), &style.warning)),
    );
    top.push((super::title(report, lang), &style.title));
    top.push((word("full-notice"), &style.warning));
    top.push((
        say(
            lang,
            "book-rows",
            &[
                ("rows", count(lang, report.rows)),
                ("accepted", count(lang, report.accepted)),
                ("rejected", count(lang, report.rejected)),
            ],
        ),
        &style.wrap,
    ));
    let mut row = 0;
    for (text, format) in top {
        sheet.merge_range(row, 0, row, 6, &text, format)?;
        row += 1;
    }
    row += 1;
    let head = [
        "book-sheet",
        "book-severity",
        "column-name",
        "book-count",
        "book-problem",
        "cause",
        "fix",
    ];
    for (column, key) in (0..).zip(head) {
        sheet.write_string_with_format(row, column, word(key), &style.head)?;
    }
    for (finding, name) in report.findings.iter().zip(sheets) {
        row += 1;
        let texts = [
            (0, name.clone()),
            (1, word(severity_word(finding.severity))),
            (2, finding.column.clone().unwrap_or_default()),
            (4, plain(finding.message.get(lang))),
            (5, plain(finding.cause.get(lang))),
            (6, plain(finding.fix.get(lang))),
        ];
        for (column, text) in texts {
            sheet.write_string_with_format(row, column, text, &style.wrap)?;
        }
        sheet.write_number_with_format(row, 3, finding.count as f64, &style.wrap)?;
    }
    for (column, width) in (0..).zip([24, 16, 24, 10, 50, 50, 50]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn problem(
    sheet: &mut Worksheet,
    (finding, told): (&Finding, &FindingReport),
    rows: &Rows,
    (style, lang): Told<'_>,
) -> Result<(), XlsxError> {
    let word = |key: &str| say(lang, key, &[]);
    let said = |words: fn(&Finding, &Diagnostic, Lang) -> String| {
        plain(&words(finding, &finding.diagnostic, lang))
    };
    let texts = [
        (said(what), &style.title),
        (format!("{}: {}", word("cause"), said(why)), &style.wrap),
        (
            format!("{}: {}", word("fix"), said(what_to_do)),
            &style.wrap,
        ),
    ];
    for (row, (text, format)) in (0..).zip(texts) {
        sheet.merge_range(row, 0, row, 7, &text, format)?;
        sheet.set_row_height(row, 34)?;
    }
    let lines = &finding.lines;
    let shown = lines.len().min(ROWS_MAX);
    let more = finding.count.saturating_sub(shown as u64);
    if more > 0 && shown > 0 {
        let text = say(lang, "more", &[("count", count(lang, more))]);
        sheet.write_string_with_format(3, 0, text, &style.wrap)?;
    }
    if shown == 0 {
        return Ok(());
    }
    let own = [word("line"), word("value"), word("meant")];
    let columns = rows.header.len().min(COLUMNS_MAX);
    let heads = own.iter().chain(&rows.header[..columns]);
    for (column, head) in (0..).zip(heads) {
        text_cell(sheet, (4, column), head, (&style.head, &style.head))?;
    }
    let examples: BTreeMap<u64, _> = finding
        .examples
        .iter()
        .map(|example| (example.line, example))
        .collect();
    let place = told
        .column
        .as_ref()
        .and_then(|name| rows.header.iter().position(|head| head.trim() == name));
    for (row, line) in (5..).zip(&lines[..shown]) {
        sheet.write_number_with_format(row, 0, *line as f64, &style.cell)?;
        let cells = rows.lines.get(line);
        let example = examples.get(line);
        let value = example.map(|example| example.value.as_str()).or_else(|| {
            cells
                .zip(place)
                .and_then(|(cells, place)| cells.get(place))
                .map(String::as_str)
        });
        let meant = example.and_then(|example| example.suggestion.as_deref());
        let cells = cells.map_or(&[][..], Vec::as_slice);
        let texts = [value.unwrap_or_default(), meant.unwrap_or_default()];
        let texts = texts
            .into_iter()
            .chain(cells.iter().take(columns).map(String::as_str));
        for (column, text) in (1..).zip(texts) {
            text_cell(sheet, (row, column), text, (&style.cell, &style.quoted))?;
        }
    }
    sheet.set_freeze_panes(5, 1)?;
    sheet.set_column_width(0, 14)?;
    for column in (1..).take(2 + columns) {
        sheet.set_column_width(column, 22)?;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// A cell of the file: always text.
fn text_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    (cell, quoted): (&Format, &Format),
) -> Result<(), XlsxError> {
    let text: String = text.chars().take(1000).map(printable).collect();
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    let format = if is_formula { quoted } else { cell };
    sheet
        .write_string_with_format(row, column, text, format)
        .map(|_| ())
}

fn printable(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// A sentence without the marks around names.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// At most 31 characters, none that a spreadsheet refuses.
fn sheet_name(number: usize, finding: &FindingReport) -> String {
    let about = finding.column.as_deref().unwrap_or(finding.code);
    let name = format!("{number} {about}");
    name.chars()
        .map(|c| match c {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => ' ',
            c => printable(c),
        })
        .take(31)
        .collect()
}
