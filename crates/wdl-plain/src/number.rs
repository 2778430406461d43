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
            Form::Point => cell.parse().ok(),
            Form::Comma => with_comma(cell)?.parse().ok(),
        }
    }
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
    fn one_comma_decides_for_the_column() {
        assert_eq!(
            Form::of([Some("1.234"), None, Some("2,5")].into_iter()),
            Form::Comma
        );
        assert_eq!(Form::of([Some("1.234"), None].into_iter()), Form::Point);
    }
}
