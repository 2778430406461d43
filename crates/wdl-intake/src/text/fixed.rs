//! Rows of a text whose columns stand at fixed positions, counted in characters.

use std::io::{BufRead as _, BufReader};

use super::delimited::failed_reading;
use super::transcode::SENTINEL;
use super::{TextEnd, Transcoder};
use crate::IntakeError;
use crate::chunk::Chunk;

/// Reads line after line.
pub(crate) struct Fixed {
    reader: BufReader<Transcoder>,
    /// For each column, where it starts and how many characters it has.
    positions: Vec<(usize, usize)>,
    buffer: Vec<u8>,
    line: u64,
    end: Option<TextEnd>,
}

impl Fixed {
    /// From the beginning of a text.
    pub(crate) fn new(text: Transcoder, positions: Vec<(usize, usize)>) -> Fixed {
        Fixed {
            reader: BufReader::with_capacity(1 << 16, text),
            positions,
            buffer: Vec::new(),
            line: 0,
            end: None,
        }
    }

    /// From the beginning again.
    pub(crate) fn again(self) -> std::io::Result<Fixed> {
        Ok(Fixed::new(
            self.reader.into_inner().again()?,
            self.positions,
        ))
    }

    /// How the text ended; known when there are no more rows.
    pub(crate) fn end(&self) -> Option<TextEnd> {
        self.end
    }

    /// Adds the next line to a chunk; false when there is none. Lines without anything are passed over.
    pub(crate) fn next(&mut self, chunk: &mut Chunk) -> Result<bool, IntakeError> {
        while self.end.is_none() {
            self.reader.get_mut().renew();
            self.buffer.clear();
            self.line += 1;
            self.reader
                .read_until(b'\n', &mut self.buffer)
                .map_err(|source| failed_reading(source, self.line))?;
            let text = std::str::from_utf8(&self.buffer).unwrap_or_default();
            let text = text.strip_suffix('\n').unwrap_or(text);
            if text == SENTINEL && self.reader.buffer().is_empty() || self.buffer.is_empty() {
                self.end = Some(TextEnd {
                    is_quoted: false,
                    is_open: self.reader.get_ref().is_open(),
                });
            } else if !text.is_empty() {
                chunk.begin_row(self.line);
                for position in &self.positions {
                    chunk.push_text(slice(text, *position));
                }
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The characters of a column; what the line does not reach is empty.
fn slice(text: &str, (start, length): (usize, usize)) -> &str {
    if text.is_ascii() {
        let end = text.len().min(start.saturating_add(length));
        return text.get(start..end).unwrap_or_default();
    }
    let mut places = text.char_indices().map(|(place, _)| place);
    let Some(from) = places.nth(start) else {
        return "";
    };
    let to = match length {
        0 => from,
        _ => places.nth(length - 1).unwrap_or(text.len()),
    };
    &text[from..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        assert_eq!(slice("ABCDEF", (2, 3)), "CDE");
        assert_eq!(slice("ABCDEF", (4, 10)), "EF");
        assert_eq!(slice("ABCDEF", (9, 2)), "");
        assert_eq!(slice("ÀÈÌÒÙ", (1, 2)), "ÈÌ");
        assert_eq!(slice("ÀÈÌÒÙ", (4, 1)), "Ù");
        assert_eq!(slice("ÀÈÌÒÙ", (4, 9)), "Ù");
        assert_eq!(slice("ÀÈÌÒÙ", (5, 1)), "");
    }
}
