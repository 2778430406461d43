//! Rows of a text whose columns are separated by a mark.

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::transcode::{RowTooLong, SENTINEL};
use super::{TextEnd, Transcoder};
use crate::IntakeError;
use crate::chunk::Chunk;
use crate::limits::COLUMNS_MAX;

const BUFFER_BYTES: usize = 1 << 16;

/// Reads row after row.
pub(crate) struct Delimited {
    reader: csv::Reader<Transcoder>,
    delimiter: u8,
    record: ByteRecord,
    end: Option<TextEnd>,
}

impl Delimited {
    /// From the beginning of a text.
    pub(crate) fn new(text: Transcoder, delimiter: u8) -> Delimited {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(text);
        Delimited {
            reader,
            delimiter,
            record: ByteRecord::new(),
            end: None,
        }
    }

    /// From the beginning again.
    pub(crate) fn again(self) -> std::io::Result<Delimited> {
        let text = self.reader.into_inner().again()?;
        Ok(Delimited::new(text, self.delimiter))
    }

    /// How the text ended; known when there are no more rows.
    pub(crate) fn end(&self) -> Option<TextEnd> {
        self.end
    }

    /// Adds the next row to a chunk; false when there is none. Lines without anything are passed over.
    pub(crate) fn next(&mut self, chunk: &mut Chunk) -> Result<bool, IntakeError> {
        if self.end.is_some() {
            return Ok(false);
        }
        self.reader.get_mut().renew();
        let began = self.reader.position().line();
        let is_row = self
            .reader
            .read_byte_record(&mut self.record)
            .map_err(|error| failed(error, began))?;
        let after = self.reader.position().line();
        let all = self.record.as_slice();
        let breaks = all.iter().filter(|byte| **byte == b'\n').count() as u64;
        let is_last = is_row && self.is_last();
        if !is_row || is_last && all == SENTINEL.as_bytes() {
            self.end = Some(ended(&self.reader, false));
            return Ok(false);
        }
        // The text holds whole characters, and marks and quotes are ASCII: the row is UTF-8.
        let text = std::str::from_utf8(all).unwrap_or_default();
        let mut line = after.saturating_sub(breaks + 1);
        let mut cut = text.len();
        if is_last && let Some(open) = text.strip_suffix('\n') {
            // A quotation mark was never closed: the end of the text is inside the last cell.
            cut = open
                .strip_suffix(SENTINEL)
                .map_or(cut, |open| open.len() - 1);
            line = after.saturating_sub(breaks);
            self.end = Some(ended(&self.reader, true));
        }
        if self.record.len() > COLUMNS_MAX {
            return Err(IntakeError::TooManyColumns { line });
        }
        let ends = (0..self.record.len()).map(|place| {
            self.record
                .range(place)
                .map_or(0, |range| range.end)
                .min(cut)
        });
        chunk.push_row(line, &text[..cut], ends);
        Ok(true)
    }

    /// Whether the row just read took the last byte of the text.
    fn is_last(&self) -> bool {
        let total = self.reader.get_ref().total();
        total == Some(self.reader.position().byte())
    }
}

fn ended(reader: &csv::Reader<Transcoder>, is_quoted: bool) -> TextEnd {
    TextEnd {
        is_quoted,
        is_open: reader.get_ref().is_open(),
    }
}

/// What a failure of the stream means; the content itself cannot fail.
fn failed(error: csv::Error, line: u64) -> IntakeError {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => failed_reading(source, line),
        _ => IntakeError::RowTooLong { line },
    }
}

pub(super) fn failed_reading(source: std::io::Error, line: u64) -> IntakeError {
    match source
        .get_ref()
        .is_some_and(|inner| inner.is::<RowTooLong>())
    {
        true => IntakeError::RowTooLong { line },
        false => IntakeError::Unreadable {
            file: String::new(),
            source,
        },
    }
}
