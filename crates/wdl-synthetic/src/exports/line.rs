//! Rows of a CSV as Italian offices write them: `;`, decimal comma, dd/mm/yyyy.
//!
//! It knows nothing of the city.

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

    /// At least so many digits.
    fn digits(&mut self, mut number: u64, least: usize) {
        let mut reversed = [b'0'; 20];
        let mut length = 0;
        while number > 0 || length < least {
            reversed[length] = b'0' + (number % 10) as u8;
            number /= 10;
            length += 1;
        }
        self.bytes.extend(reversed[..length].iter().rev());
    }

    fn sign(&mut self, number: i64) -> u64 {
        if number < 0 {
            self.bytes.push(b'-');
        }
        number.unsigned_abs()
    }

    /// A letter and a serial of nine digits.
    pub(crate) fn key(&mut self, letter: &str, serial: u32) {
        self.next();
        self.bytes.extend_from_slice(letter.as_bytes());
        self.digits(u64::from(serial), 9);
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
        let size = self.sign(number);
        self.digits(size, 1);
    }

    fn decimal(&mut self, value: i64, unit: u64, places: usize) {
        self.next();
        let size = self.sign(value);
        self.digits(size / unit, 1);
        self.bytes.push(b',');
        self.digits(size % unit, places);
    }

    /// Hundredths, with a decimal comma: money in cents, areas, scales.
    pub(crate) fn hundredths(&mut self, value: i64) {
        self.decimal(value, 100, 2);
    }

    /// Thousandths, with a decimal comma, or nothing.
    pub(crate) fn thousandths_or_nothing(&mut self, value: Option<i32>) {
        match value {
            Some(value) => self.decimal(i64::from(value), 1_000, 3),
            None => self.nothing(),
        }
    }

    /// A share with four places.
    pub(crate) fn share(&mut self, share: f64) {
        self.decimal((share * 10_000.0).round() as i64, 10_000, 4);
    }

    /// A day.
    pub(crate) fn day(&mut self, day: Day) {
        self.next();
        let (year, month, of_month) = day.parts();
        self.digits(u64::from(of_month.unsigned_abs()), 2);
        self.bytes.push(b'/');
        self.digits(u64::from(month.unsigned_abs()), 2);
        self.bytes.push(b'/');
        self.digits(u64::from(year.unsigned_abs()), 4);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_as_an_office_writes_them() {
        let mut line = Line::new(Encoding::Windows1252, "A;B");
        line.text("NICOLÒ");
        line.key("P", 7);
        line.key_or_nothing("F", crate::city::NONE);
        line.hundredths(-5);
        line.hundredths(123_456);
        line.share(0.0713);
        line.whole(0);
        line.day(Day::new(2024, 2, 9));
        line.nothing();
        line.end();
        assert_eq!(
            line.bytes(),
            b"A;B\r\nNICOL\xd2;P000000007;;-0,05;1234,56;0,0713;0;09/02/2024;\r\n"
        );
    }
}
