//! Rows of a CSV as Italian offices write them: `;`, decimal comma, dd/mm/yyyy.
//!
//! It knows nothing of the city.

use std::io::Write;

use crate::calendar::Day;

/// How a body writes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf8WithMark,
    Windows1252,
}

/// A file being written, cell by cell.
pub(crate) struct Line {
    bytes: Vec<u8>,
    encoding: Encoding,
    is_first: bool,
}

impl Line {
    /// A file with its header.
    pub(crate) fn new(encoding: Encoding, header: &str) -> Line {
        let mut bytes = Vec::with_capacity(1 << 16);
        if encoding == Encoding::Utf8WithMark {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        Line {
            bytes,
            encoding,
            is_first: true,
        }
    }

    fn next(&mut self) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.bytes.push(b';');
        }
    }

    /// A cell of text.
    pub(crate) fn text(&mut self, text: &str) {
        self.next();
        if self.encoding == Encoding::Windows1252 && !text.is_ascii() {
            let (encoded, _, _) = encoding_rs::WINDOWS_1252.encode(text);
            self.bytes.extend_from_slice(&encoded);
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    /// An empty cell.
    pub(crate) fn nothing(&mut self) {
        self.next();
    }

    /// A letter and a serial of nine digits.
    pub(crate) fn key(&mut self, letter: &str, serial: u32) {
        self.next();
        write!(self.bytes, "{letter}{serial:09}").expect("memory takes every byte");
    }

    /// A letter and a serial, or nothing.
    pub(crate) fn key_or_nothing(&mut self, letter: &str, serial: u32) {
        match serial {
            crate::city::NONE => self.nothing(),
            serial => self.key(letter, serial),
        }
    }

    /// A whole number.
    pub(crate) fn whole(&mut self, number: i64) {
        self.next();
        write!(self.bytes, "{number}").expect("memory takes every byte");
    }

    /// Hundredths, with a decimal comma: money in cents, areas, scales.
    pub(crate) fn hundredths(&mut self, value: i64) {
        self.next();
        let sign = if value < 0 { "-" } else { "" };
        let value = value.abs();
        write!(self.bytes, "{sign}{},{:02}", value / 100, value % 100)
            .expect("memory takes every byte");
    }

    /// A share with four places.
    pub(crate) fn share(&mut self, share: f64) {
        self.next();
        let value = (share * 10_000.0).round() as i64;
        write!(self.bytes, "{},{:04}", value / 10_000, value % 10_000)
            .expect("memory takes every byte");
    }

    /// A day.
    pub(crate) fn day(&mut self, day: Day) {
        self.next();
        let (year, month, day) = day.parts();
        write!(self.bytes, "{day:02}/{month:02}/{year:04}").expect("memory takes every byte");
    }

    /// A day, or nothing.
    pub(crate) fn day_or_nothing(&mut self, day: Option<Day>) {
        match day {
            Some(day) => self.day(day),
            None => self.nothing(),
        }
    }

    /// Ends the row.
    pub(crate) fn end(&mut self) {
        self.bytes.extend_from_slice(b"\r\n");
        self.is_first = true;
    }

    /// The file.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
