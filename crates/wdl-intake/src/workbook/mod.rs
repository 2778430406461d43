//! Workbooks: inspected first, then opened, then one sheet read as rows.

mod book;
mod guard;
mod inflate;
mod markup;
mod sheet;
mod values;
mod zip;

use wdl_vocab::diagnostics::codes::holder as codes;

use book::{Book, SheetName};
pub(crate) use guard::is_archive;
pub(crate) use sheet::Sheet;

use crate::IntakeError;
use crate::form::DateForm;
use crate::header::Names;
use crate::limits::{SHEETS_MAX, WORKBOOK_BYTES_MAX};
use crate::metadata::Carrier;
use crate::question::{Answers, Choice, Decision, Question, Subject};
use crate::text::Stream;

/// A kind of workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Xlsx,
    Ods,
}

/// A workbook whose sheet was chosen.
pub(crate) struct Workbook {
    book: Book,
    sheet: String,
    /// The first rows of the sheet.
    pub(crate) top: Vec<Vec<String>>,
    pub(crate) carried: Vec<(Carrier, String)>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) questions: Vec<Question>,
}

/// Opens what begins like a ZIP archive, when it is a workbook.
pub(crate) fn open(
    mut source: Box<dyn Stream>,
    len: u64,
    names: &Names<'_>,
    (expected, answers): (Option<&str>, &Answers),
) -> Result<(Format, Workbook), IntakeError> {
    if len > WORKBOOK_BYTES_MAX {
        return Err(IntakeError::Expansion);
    }
    let parts = zip::directory(source.as_mut(), len)?;
    let format = format(&parts)?;
    guard::inspect(source.as_mut(), &parts)?;
    let mut carried: Vec<(Carrier, String)> = pictures(&parts).collect();
    let mut book = Book::open(source, format)?;
    let sheets = book.sheets();
    if sheets.len() > SHEETS_MAX {
        return Err(IntakeError::Expansion);
    }
    carried.extend(properties(&mut book));
    carried.extend(
        sheets
            .iter()
            .map(|sheet| (Carrier::SheetName, sheet.name.clone())),
    );
    let chosen = choose(&mut book, &sheets, names, expected, answers)?;
    let mut workbook = Workbook {
        book,
        sheet: chosen.name,
        top: chosen.top,
        carried,
        decisions: Vec::new(),
        questions: chosen.question.into_iter().collect(),
    };
    workbook.tell(&sheets);
    Ok((format, workbook))
}

impl Workbook {
    /// The rows of the chosen sheet from one on.
    pub(crate) fn rows(
        &mut self,
        first: u32,
        width: usize,
        date: DateForm,
    ) -> Result<Sheet, IntakeError> {
        self.book.rows(&self.sheet, first, width, date)
    }

    fn tell(&mut self, sheets: &[SheetName]) {
        if sheets.len() > 1 {
            self.decisions.push(
                Decision::new(Subject::Sheet, false, codes::READ_SHEET)
                    .with("name", &self.sheet)
                    .with("count", sheets.len() - 1),
            );
        }
        let is_left = |sheet: &&SheetName| sheet.is_hidden && sheet.name != self.sheet;
        let hidden = sheets.iter().filter(is_left).count();
        if hidden > 0 {
            let told = Decision::new(Subject::Sheet, true, codes::HIDDEN_SHEETS);
            self.decisions.push(told.with("count", hidden));
        }
    }
}

/// What kind of workbook the parts make, by their names; anything else is an archive or another document.
fn format(parts: &[zip::Part]) -> Result<Format, IntakeError> {
    let has = |name: &str| {
        parts
            .iter()
            .any(|part| part.name.eq_ignore_ascii_case(name))
    };
    let begins = |name: &str| parts.iter().any(|part| part.name.starts_with(name));
    if has("[Content_Types].xml") {
        return match () {
            () if has("xl/workbook.bin") => Err(IntakeError::NotATable("XLSB")),
            () if begins("word/") => Err(IntakeError::NotATable("DOCX")),
            () if begins("ppt/") => Err(IntakeError::NotATable("PPTX")),
            () if begins("xl/") => Ok(Format::Xlsx),
            () => Err(IntakeError::Archive),
        };
    }
    match has("mimetype") && has("content.xml") {
        true => Ok(Format::Ods),
        false => Err(IntakeError::Archive),
    }
}

/// Names of pictures and of other files inside.
fn pictures(parts: &[zip::Part]) -> impl Iterator<Item = (Carrier, String)> {
    const FOLDERS: [&str; 3] = ["xl/media/", "xl/embeddings/", "Pictures/"];
    parts
        .iter()
        .filter(|part| FOLDERS.iter().any(|folder| part.name.starts_with(folder)))
        .map(|part| (Carrier::PartName, part.name.clone()))
}

fn properties(book: &mut Book) -> Vec<(Carrier, String)> {
    let properties = book.properties();
    let named = [
        ("title", properties.title),
        ("subject", properties.subject),
        ("author", properties.creator),
        ("last author", properties.last_modified_by),
        ("comments", properties.description),
        ("keywords", properties.keywords),
        ("category", properties.category),
        ("company", properties.company),
        ("manager", properties.manager),
    ];
    let mut carried: Vec<(Carrier, String)> = named
        .into_iter()
        .filter_map(|(name, text)| Some((Carrier::Property(name.to_owned()), text?)))
        .collect();
    let mut own: Vec<(String, String)> = properties.custom_properties.into_iter().collect();
    own.sort();
    carried.extend(
        own.into_iter()
            .map(|(name, text)| (Carrier::Property(name), text)),
    );
    carried
}

struct Chosen {
    name: String,
    top: Vec<Vec<String>>,
    question: Option<Question>,
}

/// The sheet with most of the contract's columns; asked for when several have as many, or none has any.
fn choose(
    book: &mut Book,
    sheets: &[SheetName],
    names: &Names<'_>,
    expected: Option<&str>,
    answers: &Answers,
) -> Result<Chosen, IntakeError> {
    let by_name = |name: &str| sheets.iter().any(|sheet| sheet.name == name);
    let asked = answers.get("sheet");
    if let Some(name) = asked.filter(|name| !by_name(name)) {
        return Err(IntakeError::NoSheet {
            name: name.to_owned(),
            sheets: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        });
    }
    if let Some(name) = asked.or(expected.filter(|name| by_name(name))) {
        return Ok(Chosen {
            name: name.to_owned(),
            top: book.top(name)?,
            question: None,
        });
    }
    let is_all_hidden = sheets.iter().all(|sheet| sheet.is_hidden);
    let mut looked: Vec<(usize, String, Vec<Vec<String>>)> = Vec::new();
    for sheet in sheets
        .iter()
        .filter(|sheet| is_all_hidden || !sheet.is_hidden)
    {
        let top = book.top(&sheet.name)?;
        let found = top
            .iter()
            .map(|row| names.count(row.iter().map(String::as_str)));
        looked.push((found.max().unwrap_or(0), sheet.name.clone(), top));
    }
    // A sheet without any cell is nobody's.
    if looked.len() > 1 && looked.iter().any(|(_, _, top)| !top.is_empty()) {
        looked.retain(|(_, _, top)| !top.is_empty());
    }
    let most = looked.iter().map(|(found, _, _)| *found).max().unwrap_or(0);
    looked.retain(|(found, _, _)| *found == most);
    let options: Vec<Choice> = looked
        .iter()
        .map(|(_, name, _)| Choice::same(name))
        .collect();
    let question = (options.len() > 1).then(|| {
        Question::new(
            "sheet".to_owned(),
            Subject::Sheet,
            codes::ASK_SHEET,
            options,
        )
    });
    match looked.into_iter().next() {
        Some((_, name, top)) => Ok(Chosen {
            name,
            top,
            question,
        }),
        None => Err(IntakeError::BrokenWorkbook("workbook.xml")),
    }
}
