//! Numbers as people and programs write them: with a decimal point, or with the decimal comma of a file whose columns are parted by another mark.

//!
//! `1.500` can be a thousand and a half or one and a half.
//! One other cell of the column tells which; where none does, the column is refused and never guessed.

use crate::cells::MISSING;

/// How the numbers of one column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `1234.56`, `1e3`.
    Point,
    /// `1234,56`, `1.234,56`.
    Comma,
}

impl Form {
    /// The form of a column: a comma anywhere says decimal comma, and so do two points in one cell; a point that does not stand before three last digits says decimal point.
    ///
    /// It is one for the whole column, so that `1.234` is never a thousand in one row and one and a quarter in the next.
    ///
    /// # Errors
    /// The first row with a point, when every point of the column could be either.
    pub(crate) fn of<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> Result<Form, usize> {
        let (mut first, mut is_decimal) = (None, false);
        for (row, cell) in cells.enumerate() {
            let Some(cell) = cell else { continue };
            if cell.contains(',') {
                return Ok(Form::Comma);
            }
            match points(cell) {
                Points::None => {}
                Points::Thousands => return Ok(Form::Comma),
                Points::Decimal => is_decimal = true,
                Points::Either => first = first.or(Some(row)),
            }
        }
        match first {
            Some(row) if !is_decimal => Err(row),
            _ => Ok(Form::Point),
        }
    }

    /// Reads a cell.
    pub(crate) fn read(self, cell: &str) -> Option<f64> {
        match self {
            Form::Point => quick(cell.as_bytes()).or_else(|| cell.parse().ok()),
            Form::Comma => with_comma(cell)?.parse().ok(),
        }
    }
}

/// What the points of a cell without commas can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Points {
    /// There are none.
    None,
    /// Marks of thousands: `1.234.567`.
    Thousands,
    /// The decimal point: `12.5`, `0.500`, `1234.567`.
    Decimal,
    /// Either: `1.500`.
    Either,
}

fn points(cell: &str) -> Points {
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    if !unsigned.contains('.') {
        return Points::None;
    }
    let is_grouped = with_comma(cell).is_some() && !unsigned.starts_with('0');
    match (is_grouped, unsigned.matches('.').count()) {
        (true, 1) => Points::Either,
        (true, _) => Points::Thousands,
        (false, _) => Points::Decimal,
    }
}

/// Whether the cells of a column are numbers, `NA` aside: then `NA` is a missing one, else a name among names.
pub(crate) fn is_numeric<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> bool {
    let is_number = |cell: &str| {
        Form::Point
            .read(cell)
            .or_else(|| Form::Comma.read(cell))
            .is_some()
    };
    let mut told = cells.flatten().filter(|cell| *cell != MISSING).peekable();
    told.peek().is_some() && told.all(is_number)
}

/// The powers of ten that are exact as binary numbers, as far as a cell of money needs them.
const TENS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// A number of at most fifteen digits, with a point or without; nothing for any other cell.
///
/// Its digits and the power of ten are both exact, so one division rounds as it must (Clinger, *How to read floating point numbers accurately*, 1990).
fn quick(cell: &[u8]) -> Option<f64> {
    let (is_negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let has_digit = digits.iter().any(u8::is_ascii_digit);
    if digits.len() > TENS.len() || !has_digit {
        return None;
    }
    let (mut whole, mut read, mut point) = (0_u64, 0, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                whole = whole * 10 + u64::from(byte - b'0');
                read += 1;
            }
            b'.' if point.is_none() => point = Some(read),
            _ => return None,
        }
    }
    if read >= TENS.len() {
        return None;
    }
    let number = whole as f64 / TENS[point.map_or(0, |point| read - point)];
    Some(if is_negative { -number } else { number })
}

/// The number with a decimal point and without marks of thousands; none when the marks do not stand as they must.
fn with_comma(cell: &str) -> Option<String> {
    let (whole, part) = match cell.split_once(',') {
        Some((whole, part)) => (whole, Some(part)),
        None => (cell, None),
    };
    let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = unsigned.split('.');
    let first = groups.next()?;
    let is_grouped = unsigned.contains('.');
    let fits = is_digits(first)
        && (!is_grouped || first.len() <= 3)
        && groups.all(|group| group.len() == 3 && is_digits(group))
        && part.is_none_or(is_digits);
    fits.then(|| {
        let whole = whole.replace('.', "");
        match part {
            Some(part) => format!("{whole}.{part}"),
            None => whole,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_read_where_it_can_only_be_decimal() {
        let read = |cell| Form::Comma.read(cell);
        assert_eq!(read("1,5"), Some(1.5));
        assert_eq!(read("1.234,5"), Some(1234.5));
        assert_eq!(read("-12.345.678"), Some(-12_345_678.0));
        assert_eq!(read("1234"), Some(1234.0));
        for wrong in [
            "1,", ",5", "1.23,4", "1,2,3", "1234.567", "1e3", "a", "", "1.,5",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_quick_way_reads_as_the_library_does() {
        let cells = [
            "0",
            "-0",
            "1",
            "036023",
            "1.5",
            "-12.25",
            ".5",
            "5.",
            "504.5696202531645",
            "0.1",
            "123456789012345",
            "1234567890123456",
            "99999999999999.9",
            "9007199254740993",
            "12345.6789012345",
            "0.000000000000001",
            "16090.694444444443",
            "1e3",
            "-",
            ".",
            "",
            "--1",
            "1.2.3",
            "+1",
            "inf",
            "NaN",
            " 1",
            "1 ",
            "1,5",
            "x",
        ];
        for cell in cells {
            let (own, library) = (Form::Point.read(cell), cell.parse::<f64>().ok());
            assert_eq!(own.map(f64::to_bits), library.map(f64::to_bits), "{cell}");
        }
        let mut state = 7_u64;
        for _ in 0..20_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let (whole, decimals) = (state >> 20, (state >> 3) as usize % 8);
            let cell = format!("{:.decimals$}", whole as f64 / 4096.0);
            assert_eq!(Form::Point.read(&cell), cell.parse().ok(), "{cell}");
        }
    }

    #[test]
    fn one_comma_decides_for_the_column() {
        let of = |cells: &[&str]| Form::of(cells.iter().map(|cell| Some(*cell)));
        for cells in [["1.234", "2,5"], ["1.234", "1.234.567"], ["12.5", "1,5"]] {
            assert_eq!(of(&cells), Ok(Form::Comma), "{cells:?}");
        }
        let decimal = [
            "12.5", "0.500", "-0.250", "1234.567", ".500", "1.5e3", "5.", "1.2345",
        ];
        for other in decimal {
            assert_eq!(of(&["1.500", other]), Ok(Form::Point), "{other}");
        }
        assert_eq!(of(&["1500", "-2"]), Ok(Form::Point), "no point at all");
        assert_eq!(Form::of([None].into_iter()), Ok(Form::Point));
        for cells in [["950", "1.500"], ["12000", "1.500"], ["x", "-12.000"]] {
            assert_eq!(of(&cells), Err(1), "{cells:?}");
        }
    }

    #[test]
    fn a_column_is_numeric_when_all_that_it_tells_are_numbers() {
        let of = |cells: &[&str]| is_numeric(cells.iter().map(|cell| Some(*cell)));
        assert!(of(&["1", "NA"]) && of(&["1,5", "NA", "2.5"]));
        assert!(!of(&["MO", "NA"]) && !of(&["NA"]) && !of(&["1", "NA", "x"]));
    }
}
