//! A sheet as rows: gaps filled, blank rows at the end counted and left out.

use super::values::Value;
use crate::IntakeError;
use crate::chunk::{Chunk, Native};
use crate::limits::{CELLS_MAX, COLUMNS_MAX, SHEET_BYTES_MAX, SHEET_ROWS_MAX};

/// The rows under the header, in chunks.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) chunks: Vec<Chunk>,
    /// Blank rows after the last one with a value.
    pub(crate) trailing_blank: u64,
}

/// Takes cells in the order of the sheet and makes rows of them.
pub(super) struct SheetBuilder {
    sheet: Sheet,
    current: Chunk,
    width: usize,
    // The first row, the one being filled and the next one a chunk expects; from 0.
    first: u32,
    row: u32,
    next: u32,
    last_seen: u32,
    cells: Vec<Value>,
    budget: Budget,
}

struct Budget {
    cells: u64,
    bytes: usize,
}

impl SheetBuilder {
    /// For the rows from `first` on, each at least `width` cells wide.
    pub(super) fn new(first: u32, width: usize) -> SheetBuilder {
        SheetBuilder {
            sheet: Sheet::default(),
            current: Chunk::new(),
            width,
            first,
            row: first,
            next: first,
            last_seen: first.saturating_sub(1),
            cells: Vec::new(),
            budget: Budget {
                cells: CELLS_MAX,
                bytes: SHEET_BYTES_MAX,
            },
        }
    }

    /// One cell; rows before the first are passed over.
    pub(super) fn push(
        &mut self,
        (row, column): (u32, u32),
        value: Value,
    ) -> Result<(), IntakeError> {
        if row < self.row {
            return match row < self.first {
                true => Ok(()),
                false => Err(IntakeError::BrokenWorkbook("row")),
            };
        }
        if row >= SHEET_ROWS_MAX {
            return Err(IntakeError::BrokenWorkbook("row"));
        }
        let column = column as usize;
        if column >= COLUMNS_MAX {
            return Err(IntakeError::TooManyColumns {
                line: u64::from(row) + 1,
            });
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
        }
        self.last_seen = self.last_seen.max(row);
        if value.0.is_empty() {
            return Ok(());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, (String::new(), Native::Text));
        }
        self.cells[column] = value;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), IntakeError> {
        if self.cells.iter().all(|(text, _)| text.trim().is_empty()) {
            self.cells.clear();
            return Ok(());
        }
        for blank in self.next..self.row {
            self.budget.take(self.width, 0)?;
            self.current.begin_row(u64::from(blank) + 1);
            (0..self.width).for_each(|_| self.current.push_text(""));
            self.keep_full();
        }
        if self.cells.len() < self.width {
            self.cells.resize(self.width, (String::new(), Native::Text));
        }
        let bytes = self.cells.iter().map(|(text, _)| text.len()).sum();
        self.budget.take(self.cells.len(), bytes)?;
        self.current.begin_row(u64::from(self.row) + 1);
        for (text, native) in self.cells.drain(..) {
            self.current.push_native(&text, native);
        }
        self.next = self.row + 1;
        self.keep_full();
        Ok(())
    }

    fn keep_full(&mut self) {
        if self.current.is_full() {
            self.sheet.chunks.push(std::mem::take(&mut self.current));
        }
    }

    /// All rows.
    pub(super) fn finish(mut self) -> Result<Sheet, IntakeError> {
        self.end_row()?;
        if self.current.rows() > 0 {
            self.sheet.chunks.push(self.current);
        }
        self.sheet.trailing_blank = u64::from((self.last_seen + 1).saturating_sub(self.next));
        Ok(self.sheet)
    }
}

impl Budget {
    fn take(&mut self, cells: usize, bytes: usize) -> Result<(), IntakeError> {
        let left = self.cells.checked_sub(cells as u64);
        self.cells = left.ok_or(IntakeError::TooManyCells)?;
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.ok_or(IntakeError::TooManyCells)?;
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_and_the_end_is_counted() {
        let mut builder = SheetBuilder::new(1, 2);
        for (place, text) in [
            ((0, 0), "NOME"),
            ((1, 0), "a"),
            ((3, 2), "b"),
            ((4, 0), ""),
            ((9, 1), " "),
        ] {
            builder
                .push(place, (text.to_owned(), Native::Text))
                .unwrap();
        }
        let sheet = builder.finish().unwrap();
        assert_eq!(sheet.trailing_blank, 6);
        let [chunk] = &sheet.chunks[..] else { panic!() };
        let rows: Vec<(u64, usize, bool)> = (0..chunk.rows())
            .map(|row| (chunk.line(row), chunk.width(row), chunk.is_blank(row)))
            .collect();
        assert_eq!(rows, [(2, 2, false), (3, 2, true), (4, 3, false)]);
        assert_eq!(chunk.cell(2, 2).text, "b");
    }

    #[test]
    fn rows_out_of_order_are_refused() {
        let mut builder = SheetBuilder::new(1, 1);
        builder
            .push((5, 0), ("a".to_owned(), Native::Text))
            .unwrap();
        assert!(
            builder
                .push((3, 0), ("b".to_owned(), Native::Text))
                .is_err()
        );
        assert!(
            builder
                .push((6, 16_384), ("b".to_owned(), Native::Text))
                .is_err()
        );
    }
}
