//! One cell as one value: dates, amounts, whole numbers, as the bodies' exports write them.
//!
//! Pure functions on text; they know neither columns nor findings.

/// Why a cell is not what its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// Not a date at all.
    NotADate,
    /// Written as a date, but of a day that does not exist.
    ImpossibleDate,
    /// Written `yyyy-mm-dd`.
    DateFormat,
    /// Not a number.
    NotANumber,
    /// A number with a point: a decimal point or a mark for thousands.
    DecimalPoint,
    /// More decimals than the column holds.
    TooManyDecimals,
}

/// Days from 1970-01-01 of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub(crate) fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The year, month and day of a number of days from 1970-01-01 (same source).
pub(crate) fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    } as u32;
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, day)
}

/// The first day of the month a day lies in.
pub(crate) fn first_of_month(days: i32) -> i32 {
    let (_, _, day) = civil_from_days(days);
    days - (day as i32 - 1)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    let mut value = 0;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
    }
    Some(value)
}

/// A date written `dd/mm/yyyy`, as days from 1970-01-01.
pub(crate) fn date(text: &str) -> Result<i32, CellFault> {
    let bytes = text.as_bytes();
    if let [d1, d2, b'/', m1, m2, b'/', year @ ..] = bytes
        && year.len() == 4
        && let (Some(day), Some(month), Some(year)) =
            (digits(&[*d1, *d2]), digits(&[*m1, *m2]), digits(year))
    {
        return civil(year, month, day);
    }
    Err(match bytes {
        [y @ .., b'-', m1, m2, b'-', d1, d2]
            if y.len() == 4 && digits(y).is_some() && digits(&[*m1, *m2, *d1, *d2]).is_some() =>
        {
            CellFault::DateFormat
        }
        _ => CellFault::NotADate,
    })
}

fn civil(year: u32, month: u32, day: u32) -> Result<i32, CellFault> {
    let year = year as i32;
    let exists = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    match exists && year > 0 {
        true => Ok(days_from_civil(year, month, day)),
        false => Err(CellFault::ImpossibleDate),
    }
}

/// A number with a decimal comma, in units of its last decimal: `12,5` at scale 2 is 1250.
pub(crate) fn decimal(text: &str, scale: u8) -> Result<i128, CellFault> {
    let bytes = text.as_bytes();
    let (negative, bytes) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    let mut value: i128 = 0;
    let mut decimals: Option<u8> = None;
    let mut seen = 0_u32;
    for byte in bytes {
        match byte {
            b'0'..=b'9' if decimals.is_some_and(|count| count == scale) => {
                // Zeros beyond the last decimal change nothing.
                if *byte != b'0' {
                    return Err(number_fault(bytes, CellFault::TooManyDecimals));
                }
                seen += 1;
            }
            b'0'..=b'9' => {
                value = value * 10 + i128::from(byte - b'0');
                decimals = decimals.map(|count| count + 1);
                seen += 1;
            }
            b',' if decimals.is_none() && seen > 0 => decimals = Some(0),
            _ => return Err(number_fault(bytes, CellFault::NotANumber)),
        }
        if seen > 30 {
            return Err(CellFault::NotANumber);
        }
    }
    if seen == 0 || bytes.last() == Some(&b',') {
        return Err(CellFault::NotANumber);
    }
    for _ in decimals.unwrap_or(0)..scale {
        value *= 10;
    }
    Ok(if negative { -value } else { value })
}

/// Tells a number with a point from what is no number at all.
fn number_fault(bytes: &[u8], otherwise: CellFault) -> CellFault {
    let is_numeric = bytes
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    match is_numeric && bytes.contains(&b'.') && bytes.iter().any(u8::is_ascii_digit) {
        true => CellFault::DecimalPoint,
        false => otherwise,
    }
}

/// A whole number.
pub(crate) fn integer(text: &str) -> Result<i64, CellFault> {
    let value = decimal(text, 0)?;
    i64::try_from(value).map_err(|_| CellFault::NotANumber)
}

/// An amount in units of its last decimal, as the body's export would write it.
pub(crate) fn shown(value: i128, scale: u8) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let unit = 10_u128.pow(u32::from(scale));
    let size = value.unsigned_abs();
    match scale {
        0 => format!("{sign}{size}"),
        _ => format!(
            "{sign}{},{:0width$}",
            size / unit,
            size % unit,
            width = usize::from(scale)
        ),
    }
}

/// A day as the body's export would write it.
pub(crate) fn shown_date(days: i32) -> String {
    let (year, month, day) = civil_from_days(days);
    format!("{day:02}/{month:02}/{year:04}")
}

/// Whether a spreadsheet wrote a long code as a number: `1,23457E+15`.
pub(crate) fn is_spreadsheet_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_exponent = |text: &str| {
        text.len() <= 3
            && text
                .strip_prefix('+')
                .is_some_and(|t| digits(t.as_bytes()).is_some())
    };
    let mut marks = 0;
    mantissa.starts_with(|c: char| c.is_ascii_digit())
        && is_exponent(exponent)
        && mantissa.bytes().all(|byte| {
            marks += usize::from(matches!(byte, b',' | b'.'));
            byte.is_ascii_digit() || matches!(byte, b',' | b'.')
        })
        && marks <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(date("01/01/1970"), Ok(0));
        assert_eq!(date("29/02/2024"), Ok(19_782));
        assert_eq!(date("31/12/1969"), Ok(-1));
        assert_eq!(date("31/02/2026"), Err(CellFault::ImpossibleDate));
        assert_eq!(date("29/02/2023"), Err(CellFault::ImpossibleDate));
        assert_eq!(date("2026-07-15"), Err(CellFault::DateFormat));
        for text in ["5/3/2026", "45123", "", "01/01/26", "aa/bb/cccc"] {
            assert_eq!(date(text), Err(CellFault::NotADate), "{text}");
        }
    }

    #[test]
    fn the_calendar_goes_both_ways() {
        for days in -200_000..200_000 {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(first_of_month(19_782), days_from_civil(2024, 2, 1));
    }

    #[test]
    fn numbers_have_a_comma() {
        assert_eq!(decimal("1234,56", 2), Ok(123_456));
        assert_eq!(decimal("1234,5", 2), Ok(123_450));
        assert_eq!(decimal("-45,00", 2), Ok(-4_500));
        assert_eq!(decimal("7,1000", 2), Ok(710));
        assert_eq!(decimal("1.234,56", 2), Err(CellFault::DecimalPoint));
        assert_eq!(decimal("120.50", 2), Err(CellFault::DecimalPoint));
        assert_eq!(decimal("1,234", 2), Err(CellFault::TooManyDecimals));
        for text in ["", "-", ",5", "5,", "12,3,4", "12O", "1e5", "€ 5"] {
            assert_eq!(decimal(text, 2), Err(CellFault::NotANumber), "{text}");
        }
        assert_eq!(integer("2026"), Ok(2026));
        assert_eq!(integer("1,5"), Err(CellFault::TooManyDecimals));
        assert_eq!(shown(-4_505, 2), "-45,05");
    }

    #[test]
    fn spreadsheets_leave_traces() {
        assert!(is_spreadsheet_number("1,23457E+15"));
        assert!(is_spreadsheet_number("1.2E+9"));
        assert!(!is_spreadsheet_number("RSSMRA80A01F257E"));
        assert!(!is_spreadsheet_number("E+15"));
    }
}
