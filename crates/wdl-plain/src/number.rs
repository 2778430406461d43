//! Numbers as people and programs write them: with a decimal point, or with the decimal comma of a file whose columns are parted by another mark.

/// How the numbers of one column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `1234.56`, `1e3`.
    Point,
    /// `1234,56`, `1.234,56`.
    Comma,
}

impl Form {
    /// The form of a column: a comma anywhere says decimal comma.
    ///
    /// It is one for the whole column, so that `1.234` is never a thousand in one row and one and a quarter in the next.
    pub(crate) fn of<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> Form {
        match cells.flatten().any(|cell| cell.contains(',')) {
            true => Form::Comma,
            false => Form::Point,
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
        assert_eq!(
            Form::of([Some("1.234"), None, Some("2,5")].into_iter()),
            Form::Comma
        );
        assert_eq!(Form::of([Some("1.234"), None].into_iter()), Form::Point);
    }
}
