//! A delimited text outside any contract, row after row: encoding and delimiter from the content, one buffer for all rows.
//!
//! For the commands that work on plain files of any size: a row is handed out as it stands in the buffer, and nothing is kept of it.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use crate::IntakeError;
use crate::layout::{self, Recognised};
use crate::limits::{COLUMNS_MAX, ROW_BYTES_MAX, SAMPLE_BYTES};
use crate::text::{
    Facts, SENTINEL, Stream, TextEncoding, Transcoder, choose_encoding, most_regular_delimiter,
};

/// What is read from the disk at once.
const BUFFER_BYTES: usize = 1 << 18;

/// A table in a text file: its first row holds the names of the columns.
pub struct PlainText {
    header: Vec<String>,
    encoding: TextEncoding,
    rows_about: u64,
    rows: Rows,
}

/// A row as it stands in the file; cells are not trimmed.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    text: &'a str,
    cells: &'a [Range<usize>],
    line: u64,
}

impl<'a> Row<'a> {
    /// How many cells it has.
    #[inline]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A cell; an empty one when the row ends before this place.
    #[inline]
    pub fn cell(&self, place: usize) -> &'a str {
        let range = self.cells.get(place).cloned().unwrap_or_default();
        self.text.get(range).unwrap_or_default()
    }

    /// The line it begins on, from 1.
    #[inline]
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl PlainText {
    /// Opens a file: finds out what it is and how it is written, and reads the names of its columns.
    ///
    /// A file without anything has no columns.
    ///
    /// # Errors
    /// When it is no table of text or cannot be read.
    pub fn open(path: &Path) -> Result<PlainText, IntakeError> {
        let file = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let open = || -> Result<PlainText, IntakeError> {
            let mut source = File::open(path).map_err(unreadable)?;
            if source.metadata().map_err(unreadable)?.is_dir() {
                return Err(IntakeError::NotAFile {
                    file: file.clone(),
                    actual: "directory",
                });
            }
            match layout::recognise(&mut source)? {
                Recognised::Text => PlainText::read(Box::new(source)),
                Recognised::Zip => Err(IntakeError::NotATable("ZIP, XLSX, ODS")),
            }
        };
        open().map_err(|error| match error {
            IntakeError::Unreadable { source, .. } => IntakeError::Unreadable {
                file: file.clone(),
                source,
            },
            other => other,
        })
    }

    fn read(mut source: Box<dyn Stream>) -> Result<PlainText, IntakeError> {
        let facts = Facts::gather(&mut source).map_err(unreadable)?;
        let encoding = choose_encoding(&facts, TextEncoding::Utf8).readings[0];
        let is_wide = matches!(encoding, TextEncoding::Utf16Le | TextEncoding::Utf16Be);
        let nul: u64 = facts.nul.iter().sum();
        if nul > 0 && !is_wide {
            return Err(IntakeError::NulBytes(nul));
        }
        let mut text = Transcoder::new(source, encoding).map_err(unreadable)?;
        let sample = text.sample(SAMPLE_BYTES).map_err(unreadable)?;
        let lines = sample.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let is_plain = encoding == TextEncoding::Utf8 && facts.faults == 0;
        let has_lone_returns = text.line_ends() != "LF" && text.line_ends() != "CRLF";
        let source: Box<dyn Read + Send> = match is_plain && !has_lone_returns {
            true => Box::new(without_mark(text.into_source()).map_err(unreadable)?),
            false => Box::new(Decoded(text.again().map_err(unreadable)?)),
        };
        let mut rows = Rows::new(source, most_regular_delimiter(&sample));
        let header = match rows.next()? {
            Some(row) => (0..row.len())
                .map(|place| row.cell(place).trim().to_owned())
                .collect(),
            None => Vec::new(),
        };
        Ok(PlainText {
            header,
            encoding,
            rows_about: facts.len * lines / (sample.len() as u64).max(1),
            rows,
        })
    }

    /// The names of the columns, in order, as the first row has them.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The encoding the text is read in.
    pub fn encoding(&self) -> TextEncoding {
        self.encoding
    }

    /// The mark between columns.
    pub fn delimiter(&self) -> char {
        char::from(self.rows.delimiter)
    }

    /// About how many rows it has, judged by the length of the first ones.
    pub fn rows_about(&self) -> u64 {
        self.rows_about
    }

    /// The next row; lines without anything are passed over.
    ///
    /// # Errors
    /// When the file cannot be read on, or a row does not end.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, IntakeError> {
        self.rows.next()
    }
}

fn unreadable(source: io::Error) -> IntakeError {
    IntakeError::Unreadable {
        file: String::new(),
        source,
    }
}

/// The source after its mark of UTF-8, when it has one.
fn without_mark(mut source: Box<dyn Stream>) -> io::Result<Box<dyn Stream>> {
    source.seek(SeekFrom::Start(0))?;
    let mut start = Vec::new();
    (&mut source).take(3).read_to_end(&mut start)?;
    let skipped = if start == b"\xef\xbb\xbf" { 3 } else { 0 };
    source.seek(SeekFrom::Start(skipped))?;
    Ok(source)
}

/// A decoded text; [`Rows`] itself sees to it that a row ends.
struct Decoded(Transcoder);

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.renew();
        let some = buffer.len().min(BUFFER_BYTES);
        self.0.read(&mut buffer[..some])
    }
}

/// Cuts bytes into rows and cells.
struct Rows {
    source: Box<dyn Read + Send>,
    delimiter: u8,
    buffer: Vec<u8>,
    /// What is read and not yet given: `buffer[start..filled]`.
    start: usize,
    filled: usize,
    is_end: bool,
    line: u64,
    cells: Vec<Range<usize>>,
    /// Cells whose doubled quotation marks are still to be made single.
    doubled: Vec<usize>,
}

/// How far the cutting of one row came.
enum Cut {
    /// The row ends before this place; the next begins at the second one.
    Whole(usize),
    /// The buffer ends before the row.
    Short,
}

impl Rows {
    fn new(source: Box<dyn Read + Send>, delimiter: u8) -> Rows {
        Rows {
            source,
            delimiter,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            filled: 0,
            is_end: false,
            line: 1,
            cells: Vec::new(),
            doubled: Vec::new(),
        }
    }

    fn next(&mut self) -> Result<Option<Row<'_>>, IntakeError> {
        loop {
            let next = match self.cut() {
                Cut::Whole(next) => next,
                Cut::Short if !self.is_end => {
                    self.fill()?;
                    continue;
                }
                Cut::Short if self.start == self.filled => return Ok(None),
                // The last cell is inside a quotation mark that was never closed.
                Cut::Short => return Err(IntakeError::RowTooLong { line: self.line }),
            };
            if self.has_sentinel() && !self.is_end && next == self.filled {
                // Only what follows tells whether this is a row or the decoder's mark of the end.
                self.fill()?;
                continue;
            }
            let row = self.start..next;
            let line = self.line;
            self.line += count_lines(&self.buffer[row.clone()]);
            self.start = next;
            let is_blank = self.cells.len() == 1 && self.cells[0].is_empty();
            if is_blank || (self.is_end && next == self.filled && self.has_sentinel()) {
                continue;
            }
            if self.cells.len() > COLUMNS_MAX {
                return Err(IntakeError::TooManyColumns { line });
            }
            self.make_single();
            let text = std::str::from_utf8(&self.buffer[row.clone()])
                .map_err(|_| unreadable(io::Error::new(io::ErrorKind::InvalidData, "not UTF-8")))?;
            for cell in &mut self.cells {
                *cell = cell.start - row.start..cell.end - row.start;
            }
            return Ok(Some(Row {
                text,
                cells: &self.cells,
                line,
            }));
        }
    }

    /// Whether the row at hand is what a decoder adds after the last byte.
    fn has_sentinel(&self) -> bool {
        matches!(self.cells.as_slice(), [cell] if &self.buffer[cell.clone()] == SENTINEL.as_bytes())
    }

    /// Finds the cells of the row at `start`.
    fn cut(&mut self) -> Cut {
        self.cells.clear();
        self.doubled.clear();
        let bytes = &self.buffer[..self.filled];
        let delimiter = self.delimiter;
        let mut place = self.start;
        if place == bytes.len() {
            return Cut::Short;
        }
        loop {
            let begin = place;
            if bytes.get(place) == Some(&b'"') {
                let Some(closing) = closing_quote(bytes, place + 1) else {
                    return Cut::Short;
                };
                if closing.is_doubled || !ends_cell(bytes, closing.place + 1, delimiter) {
                    self.doubled.push(self.cells.len());
                }
                place = closing.place + 1;
            }
            while place < bytes.len() && bytes[place] != delimiter && bytes[place] != b'\n' {
                place += 1;
            }
            if place == bytes.len() && !self.is_end {
                return Cut::Short;
            }
            let is_last = place == bytes.len() || bytes[place] == b'\n';
            let mut end = place;
            if is_last && end > begin && bytes[end - 1] == b'\r' {
                end -= 1;
            }
            self.cells.push(unquoted(
                bytes,
                begin,
                end,
                self.doubled.last() == Some(&self.cells.len()),
            ));
            if is_last {
                return Cut::Whole((place + 1).min(bytes.len()));
            }
            place += 1;
        }
    }

    /// Writes the text of cells with marks inside their quotation marks, in place.
    fn make_single(&mut self) {
        for place in &self.doubled {
            let cell = self.cells[*place].clone();
            let mut kept = cell.start;
            let mut is_open = true;
            let mut at = cell.start + 1;
            while at < cell.end {
                let byte = self.buffer[at];
                if byte == b'"' && is_open {
                    let is_pair = at + 1 < cell.end && self.buffer[at + 1] == b'"';
                    if !is_pair {
                        is_open = false;
                        at += 1;
                        continue;
                    }
                    at += 1;
                }
                self.buffer[kept] = byte;
                kept += 1;
                at += 1;
            }
            // What is left behind the cell is never looked at; blanks keep it UTF-8.
            self.buffer[kept..cell.end].fill(b' ');
            self.cells[*place] = cell.start..kept;
        }
    }

    /// Reads on; what is not given yet moves to the front.
    fn fill(&mut self) -> Result<(), IntakeError> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        if self.filled > ROW_BYTES_MAX {
            return Err(IntakeError::RowTooLong { line: self.line });
        }
        if self.filled + BUFFER_BYTES / 2 > self.buffer.len() {
            let longer = self.buffer.len() * 2;
            self.buffer.resize(longer, 0);
        }
        let read = loop {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(unreadable)?,
            }
        };
        self.filled += read;
        self.is_end = read == 0;
        Ok(())
    }
}

struct Closing {
    place: usize,
    is_doubled: bool,
}

/// The quotation mark that closes a cell; a doubled one stands for itself.
fn closing_quote(bytes: &[u8], from: usize) -> Option<Closing> {
    let mut place = from;
    let mut is_doubled = false;
    loop {
        place += bytes.get(place..)?.iter().position(|byte| *byte == b'"')?;
        match bytes.get(place + 1) {
            Some(b'"') => {
                is_doubled = true;
                place += 2;
            }
            _ => return Some(Closing { place, is_doubled }),
        }
    }
}

fn ends_cell(bytes: &[u8], place: usize, delimiter: u8) -> bool {
    match bytes.get(place) {
        None | Some(b'\n' | b'\r') => true,
        Some(byte) => *byte == delimiter,
    }
}

/// A cell without the quotation marks around it; one that is still to be made single keeps them.
fn unquoted(bytes: &[u8], begin: usize, end: usize, is_doubled: bool) -> Range<usize> {
    match bytes.get(begin) == Some(&b'"') && !is_doubled && end > begin + 1 {
        true => begin + 1..end - 1,
        false => begin..end,
    }
}

/// How many lines a row takes.
fn count_lines(row: &[u8]) -> u64 {
    row.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, so that every row is cut.
    struct Drops(Vec<u8>, usize);

    impl Read for Drops {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    fn cells(text: &str, step: usize) -> Vec<(u64, Vec<String>)> {
        let source = Drops(text.as_bytes().to_vec(), step);
        let mut rows = Rows::new(Box::new(source), b';');
        let mut read = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..row.len()).map(|place| row.cell(place).to_owned());
            read.push((row.line(), cells.collect()));
        }
        read
    }

    #[test]
    fn rows_are_cut_as_another_reader_cuts_them() {
        let texts = [
            "a;b;c\n1;2;3\n",
            "a;b\r\n1;\r\n\r\n;2",
            "\"a\";\"b;c\"\n\"d\"\"e\";f\n",
            "\"two\nlines\";x\ny;z\n",
            "\"open\" after;x\nplain \"inner\" mark;y\n",
            "\"\";\"\"\"\"\n\"\"\n",
            "\"a\"\r\n\"b\"\"\"\r\n",
            "è;\"ò;à\"\nperché;\n",
        ];
        for text in texts {
            let mut other = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(b';')
                .from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = other
                .records()
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            // A line that holds nothing but two quotation marks is passed over as an empty one is.
            let is_blank = |row: &Vec<String>| row.len() == 1 && row[0].is_empty();
            let expected: Vec<_> = expected.into_iter().filter(|row| !is_blank(row)).collect();
            for step in [1, 2, 3, 1000] {
                let read: Vec<Vec<String>> =
                    cells(text, step).into_iter().map(|(_, row)| row).collect();
                assert_eq!(read, expected, "{text:?} in steps of {step}");
            }
        }
    }

    #[test]
    fn a_row_knows_its_line() {
        let lines: Vec<u64> = cells("a\n\"b\nc\"\n\nd\n", 2)
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(lines, [1, 2, 5]);
    }

    #[test]
    fn a_mark_that_is_never_closed_is_told() {
        let source = Drops(b"a;b\n1;\"2\n3;4\n".to_vec(), 5);
        let mut rows = Rows::new(Box::new(source), b';');
        assert!(rows.next().unwrap().is_some());
        assert!(matches!(
            rows.next(),
            Err(IntakeError::RowTooLong { line: 2 })
        ));
    }

    #[test]
    fn the_mark_of_a_decoder_is_no_row_in_any_encoding() {
        let text = "id;nome\n1;Niccolò\n2;Zoë";
        let cp1252: Vec<u8> = text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}"
                .encode_utf16()
                .chain(text.encode_utf16())
                .flat_map(order)
                .collect()
        };
        let mut files = vec![
            cp1252.clone(),
            wide(u16::to_le_bytes),
            wide(u16::to_be_bytes),
        ];
        files.push(text.replace('\n', "\r").into_bytes());
        let with_end: Vec<Vec<u8>> = files
            .iter()
            .map(|bytes| [&bytes[..], b"\n"].concat())
            .collect();
        files.push(with_end[0].clone());
        files.push(text.as_bytes().to_vec());
        for bytes in files {
            let mut read = PlainText::read(Box::new(io::Cursor::new(bytes))).unwrap();
            let mut rows: Vec<Vec<String>> = Vec::new();
            while let Some(row) = read.next_row().unwrap() {
                rows.push(
                    (0..row.len())
                        .map(|place| row.cell(place).to_owned())
                        .collect(),
                );
            }
            let rows: Vec<Vec<&str>> = rows
                .iter()
                .map(|row| row.iter().map(String::as_str).collect())
                .collect();
            assert_eq!(rows, [["1", "Niccolò"], ["2", "Zoë"]]);
        }
    }
}
