//! A workbook opened by its library, after it was inspected.
//!
//! The library may stop on what it does not expect: that is a damaged workbook, never the end of the program.

use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Ods, Reader as _, SheetType, SheetVisible, WorkbookProperties, Xlsx};

use super::Format;
use super::sheet::{Sheet, SheetBuilder};
use super::values;
use crate::IntakeError;
use crate::form::DateForm;
use crate::limits::HEADER_ROWS_MAX;
use crate::text::Stream;

type Source = BufReader<Box<dyn Stream>>;

/// An opened workbook.
pub(super) enum Book {
    Xlsx(Box<Xlsx<Source>>),
    Ods(Box<Ods<Source>>),
}

/// A sheet with cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) is_hidden: bool,
}

fn guarded<T, E>(
    step: &'static str,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, IntakeError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) | Err(_) => Err(IntakeError::BrokenWorkbook(step)),
    }
}

impl Book {
    /// Opens a workbook.
    pub(super) fn open(source: Box<dyn Stream>, format: Format) -> Result<Book, IntakeError> {
        let source = BufReader::with_capacity(1 << 16, source);
        Ok(match format {
            Format::Xlsx => Book::Xlsx(Box::new(guarded("workbook.xml", || Xlsx::new(source))?)),
            Format::Ods => Book::Ods(Box::new(guarded("content.xml", || Ods::new(source))?)),
        })
    }

    /// Its sheets of cells.
    pub(super) fn sheets(&self) -> Vec<SheetName> {
        let sheets = match self {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        };
        sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| SheetName {
                name: sheet.name.clone(),
                is_hidden: sheet.visible != SheetVisible::Visible,
            })
            .collect()
    }

    /// Title, authors, comments and the like; what cannot be read is not there.
    pub(super) fn properties(&mut self) -> WorkbookProperties {
        let read = match self {
            Book::Xlsx(book) => guarded("docProps", || book.workbook_properties()),
            Book::Ods(book) => guarded("meta.xml", || book.workbook_properties()),
        };
        read.unwrap_or_default()
    }

    /// The first rows of a sheet, as text.
    pub(super) fn top(&mut self, name: &str) -> Result<Vec<Vec<String>>, IntakeError> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        self.each_cell(
            name,
            &mut |(row, column), (text, _)| {
                let (row, column) = (row as usize, column as usize);
                if row >= HEADER_ROWS_MAX {
                    return Ok(false);
                }
                if column >= crate::limits::COLUMNS_MAX {
                    return Err(IntakeError::TooManyColumns {
                        line: row as u64 + 1,
                    });
                }
                if rows.len() <= row {
                    rows.resize(row + 1, Vec::new());
                }
                if rows[row].len() <= column && !text.is_empty() {
                    rows[row].resize(column + 1, String::new());
                }
                if let Some(cell) = rows[row].get_mut(column) {
                    *cell = text.trim().to_owned();
                }
                Ok(true)
            },
            DateForm::ITALIAN,
        )?;
        Ok(rows)
    }

    /// The rows of a sheet from one on.
    pub(super) fn rows(
        &mut self,
        name: &str,
        first: u32,
        width: usize,
        date: DateForm,
    ) -> Result<Sheet, IntakeError> {
        let mut builder = SheetBuilder::new(first, width);
        self.each_cell(
            name,
            &mut |place, value| {
                builder.push(place, value)?;
                Ok(true)
            },
            date,
        )?;
        builder.finish()
    }

    /// Calls `see` with each cell of a sheet in its order, until it has seen enough.
    fn each_cell(
        &mut self,
        name: &str,
        see: &mut dyn FnMut((u32, u32), values::Value) -> Result<bool, IntakeError>,
        date: DateForm,
    ) -> Result<(), IntakeError> {
        const STEP: &str = "sheet";
        match self {
            Book::Xlsx(book) => {
                let mut cells = guarded(STEP, || book.worksheet_cells_reader(name))?;
                while let Some(cell) = guarded(STEP, || cells.next_cell())? {
                    if !see(cell.get_position(), values::of(cell.get_value(), date))? {
                        break;
                    }
                }
            }
            Book::Ods(book) => {
                let range = guarded(STEP, || book.worksheet_range(name))?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, cells) in range.rows().enumerate() {
                    for (column, cell) in cells.iter().enumerate() {
                        let place = (top + row as u32, left + column as u32);
                        if !see(place, values::of_data(cell, date))? {
                            return Ok(());
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
