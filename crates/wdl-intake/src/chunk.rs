//! Rows as they were read: the texts of many rows in one piece of memory.

/// What a cell was in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Native {
    /// Text; every cell of a text file.
    #[default]
    Text,
    /// A number of a workbook; its text is written in the form of its column.
    Number,
    /// A day of a workbook; its text is written in the form of its column.
    Date,
    /// True or false in a workbook; its text is `VERO` or `FALSO`, as an Italian spreadsheet shows them.
    Bool,
    /// An error of a workbook (`#N/D`, `#REF!`); its text is the Italian spreadsheet's.
    Error,
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// Its text, without the spaces around it.
    pub text: &'a str,
    /// What it was in the file.
    pub native: Native,
}

/// Up to [`CHUNK_ROWS_MAX`](crate::limits::CHUNK_ROWS_MAX) rows; kept and filled again by the reader.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    text: String,
    // INVARIANT: rising offsets into `text`, each on a boundary of characters; one for each cell.
    ends: Vec<u32>,
    rows: Vec<RowMark>,
    // INVARIANT: empty, or as long as `ends`.
    natives: Vec<Native>,
}

/// Where a row stands in the file and in the chunk.
#[derive(Clone, Copy, Debug)]
struct RowMark {
    line: u64,
    first: u32,
    start: u32,
}

impl Chunk {
    /// An empty chunk.
    pub fn new() -> Chunk {
        Chunk::default()
    }

    /// How many rows it holds.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The line of the file a row begins on, or its row in the sheet; from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.rows[row].line
    }

    /// How many cells a row has.
    pub fn width(&self, row: usize) -> usize {
        let next = match self.rows.get(row + 1) {
            Some(next) => next.first as usize,
            None => self.ends.len(),
        };
        next - self.rows[row].first as usize
    }

    /// A cell; an empty one when the row ends before this place.
    pub fn cell(&self, row: usize, place: usize) -> Cell<'_> {
        if place >= self.width(row) {
            return Cell {
                text: "",
                native: Native::Text,
            };
        }
        let mark = self.rows[row];
        let index = mark.first as usize + place;
        let start = match place {
            0 => mark.start,
            _ => self.ends[index - 1],
        };
        Cell {
            text: self.text[start as usize..self.ends[index] as usize].trim(),
            native: self.natives.get(index).copied().unwrap_or_default(),
        }
    }

    /// Whether no cell of a row holds anything.
    pub fn is_blank(&self, row: usize) -> bool {
        (0..self.width(row)).all(|place| self.cell(row, place).text.is_empty())
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
        self.natives.clear();
    }

    /// Whether it holds as much as a chunk may.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= crate::limits::CHUNK_ROWS_MAX
            || self.text.len() >= crate::limits::CHUNK_BYTES_MAX
            || self.ends.len() >= crate::limits::CELLS_MAX as usize / 8
    }

    /// Begins a row.
    pub(crate) fn begin_row(&mut self, line: u64) {
        self.rows.push(RowMark {
            line,
            first: self.ends.len() as u32,
            start: self.text.len() as u32,
        });
    }

    /// Adds a cell of text to the last row.
    pub(crate) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    /// Adds a cell of a workbook to the last row.
    pub(crate) fn push_native(&mut self, text: &str, native: Native) {
        self.push_text(text);
        self.natives.resize(self.ends.len() - 1, Native::Text);
        self.natives.push(native);
    }

    /// Adds the cells of a whole row at once: their text in one piece and where each of them ends in it.
    pub(crate) fn push_row(&mut self, line: u64, text: &str, ends: impl Iterator<Item = usize>) {
        self.begin_row(line);
        let start = self.text.len();
        self.text.push_str(text);
        self.ends.extend(ends.map(|end| (start + end) as u32));
    }
}
