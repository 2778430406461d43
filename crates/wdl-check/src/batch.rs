//! The rows of a chunk that are rows: neither blank nor of another width than the header.
//!
//! Both passes over a file number the rows here, so that a row has one number in both.

use wdl_intake::Chunk;
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Diagnostic, Severity};

use crate::findings::{Findings, Seen, Subject};
use crate::rows::RowSet;

/// The whole rows of a chunk.
pub(crate) struct Batch<'a> {
    pub(crate) chunk: &'a Chunk,
    /// The place of each in the chunk.
    pub(crate) places: Vec<usize>,
    /// The number of each in the file, from 0.
    pub(crate) numbers: Vec<u64>,
    /// The line of each in the file.
    pub(crate) lines: Vec<u64>,
}

/// How rows are counted from chunk to chunk.
#[derive(Default)]
pub(crate) struct Counter {
    /// Rows so far, those of a wrong width too.
    pub(crate) rows: u64,
    /// Rows of a wrong width: rejected as they are counted.
    pub(crate) broken: RowSet,
    pub(crate) broken_lines: Vec<u64>,
    pub(crate) findings: Findings,
}

impl Counter {
    /// Takes the rows of a chunk.
    pub(crate) fn take<'a>(&mut self, chunk: &'a Chunk, width: usize) -> Batch<'a> {
        let mut batch = Batch {
            chunk,
            places: Vec::with_capacity(chunk.rows()),
            numbers: Vec::with_capacity(chunk.rows()),
            lines: Vec::with_capacity(chunk.rows()),
        };
        for place in 0..chunk.rows() {
            let line = chunk.line(place);
            let is_whole = chunk.width(place) == width;
            if chunk.is_blank(place) {
                let key = (Severity::Note, Subject::File, codes::EMPTY_ROW);
                self.findings.add(key, Some(Seen::at(line, "")), || {
                    Diagnostic::new(codes::EMPTY_ROW)
                });
                continue;
            }
            if is_whole {
                batch.places.push(place);
                batch.numbers.push(self.rows);
                batch.lines.push(line);
            } else {
                self.broken(chunk, place, width);
            }
            self.rows += 1;
        }
        batch
    }

    fn broken(&mut self, chunk: &Chunk, place: usize, width: usize) {
        let line = chunk.line(place);
        self.broken.insert(self.rows);
        if self.broken_lines.len() < crate::LINES {
            self.broken_lines.push(line);
        }
        let key = (Severity::Error, Subject::File, codes::ROW_LENGTH);
        let seen = Seen::at(line, chunk.cell(place, 0).text);
        self.findings.add(key, Some(seen), || {
            Diagnostic::new(codes::ROW_LENGTH).with("expected", width)
        });
    }
}

impl Batch<'_> {
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }
}
