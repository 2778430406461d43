//! One cell as one value: dates, amounts, whole numbers, in the form found for their column, and the traces of a spreadsheet.
//!
//! Pure functions on text; they know neither columns nor findings.

use wdl_intake::{DateForm, DateOrder, DecimalMark};

/// Why a cell is not what its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// Not a date at all.
    NotADate,
    /// Written as a date, but of a day that does not exist.
    ImpossibleDate,
    /// Written as a date of another form.
    DateFormat,
    /// A date as a spreadsheet counts it: days since the end of 1899.
    DateSerial,
    /// Not a number.
    NotANumber,
    /// A number with other marks than its column's.
    OtherMarks,
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

/// The first day of the month a day lies in, both as days from 1970-01-01.
pub fn first_of_month(days: i32) -> i32 {
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

/// The number some digits write; nothing for other bytes or more than nine of them.
fn digits(bytes: &[u8]) -> Option<u32> {
    let mut value = 0;
    if bytes.len() > 9 {
        return None;
    }
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
    }
    Some(value)
}

/// A date in the form of its column, as days from 1970-01-01.
pub(crate) fn date(text: &str, form: DateForm) -> Result<i32, CellFault> {
    // Most exports write it so, and bytes are faster than parts.
    if form == DateForm::ITALIAN
        && let [d1, d2, b'/', m1, m2, b'/', year @ ..] = text.as_bytes()
        && year.len() == 4
        && let (Some(day), Some(month), Some(year)) =
            (digits(&[*d1, *d2]), digits(&[*m1, *m2]), digits(year))
    {
        return civil(year, month, day);
    }
    if let Some((year, month, day)) = form.split(text) {
        return civil(year, month, day);
    }
    Err(match () {
        () if is_date_of_another_form(text) => CellFault::DateFormat,
        () if of_serial(text).is_some() => CellFault::DateSerial,
        () => CellFault::NotADate,
    })
}

/// Whether a text that is not in the form of its column is a date in a common one.
fn is_date_of_another_form(text: &str) -> bool {
    let orders = [
        DateOrder::DayMonthYear,
        DateOrder::MonthDayYear,
        DateOrder::YearMonthDay,
    ];
    let marks = [Some('/'), Some('-'), Some('.')];
    orders.into_iter().any(|order| {
        marks.into_iter().any(|mark| {
            [false, true].into_iter().any(|has_midnight| {
                let form = DateForm {
                    order,
                    mark,
                    is_padded: false,
                    has_midnight,
                };
                let parts = form.split(text);
                parts.is_some_and(|(year, month, day)| civil(year, month, day).is_ok())
            })
        })
    })
}

/// The day a spreadsheet's number stands for, when it is one of the years 1927 to 2119: five digits and perhaps a midnight.
///
/// Day 1 is 1 January 1900, and 29 February 1900, which did not exist, is counted.
pub(crate) fn of_serial(text: &str) -> Option<i32> {
    let whole = text.strip_suffix(",0").or(text.strip_suffix(".0"));
    let whole = whole.unwrap_or(text).as_bytes();
    let serial = digits(whole).filter(|_| whole.len() == 5)?;
    let serial = i32::try_from(serial).ok()?;
    (10_000..80_000)
        .contains(&serial)
        .then_some(serial - SERIAL_OF_1970)
}

/// The spreadsheet's number of 1 January 1970.
const SERIAL_OF_1970: i32 = 25_569;

fn civil(year: u32, month: u32, day: u32) -> Result<i32, CellFault> {
    let year = year as i32;
    let exists = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    match exists && year > 0 {
        true => Ok(days_from_civil(year, month, day)),
        false => Err(CellFault::ImpossibleDate),
    }
}

/// A number in the form of its column, in units of its last decimal: `12,5` at scale 2 is 1250.
pub(crate) fn number(text: &str, scale: u8, form: DecimalMark) -> Result<i128, CellFault> {
    if form == DecimalMark::Comma {
        return decimal(text, scale);
    }
    match form.plain(text) {
        Some(plain) => decimal(&plain, scale),
        None => match decimal(text, scale) {
            Err(CellFault::NotANumber) => Err(CellFault::NotANumber),
            _ => Err(CellFault::OtherMarks),
        },
    }
}

/// A number with a decimal comma and no other mark.
fn decimal(text: &str, scale: u8) -> Result<i128, CellFault> {
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

/// Tells a number with a point, or with marks for thousands, from what is no number at all.
fn number_fault(bytes: &[u8], otherwise: CellFault) -> CellFault {
    let is_numeric = bytes
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    match is_numeric && bytes.contains(&b'.') && bytes.iter().any(u8::is_ascii_digit) {
        true => CellFault::OtherMarks,
        false => otherwise,
    }
}

/// A whole number.
pub(crate) fn integer(text: &str, form: DecimalMark) -> Result<i64, CellFault> {
    let value = number(text, 0, form)?;
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

/// Whether a cell holds the error of a formula, as Italian and English spreadsheets write them.
pub(crate) fn is_formula_error(text: &str) -> bool {
    const ERRORS: [&str; 14] = [
        "#N/D",
        "#N/A",
        "#RIF!",
        "#REF!",
        "#VALORE!",
        "#VALUE!",
        "#NOME?",
        "#NAME?",
        "#DIV/0!",
        "#NUM!",
        "#NULLO!",
        "#NULL!",
        "#ESPANSIONE!",
        "#SPILL!",
    ];
    text.starts_with('#') && ERRORS.iter().any(|error| error.eq_ignore_ascii_case(text))
}

/// Whether a number is longer than the fifteen digits a spreadsheet keeps; and, if so, whether all that follow are zeros.
pub(crate) fn long_digits(text: &str) -> Option<bool> {
    let bytes = text.as_bytes();
    let is_long = bytes.len() > 15 && bytes.iter().all(u8::is_ascii_digit);
    is_long.then(|| bytes[15..].iter().all(|byte| *byte == b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Result<i32, CellFault> {
        super::date(text, DateForm::ITALIAN)
    }

    fn integer(text: &str) -> Result<i64, CellFault> {
        super::integer(text, DecimalMark::Comma)
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(date("01/01/1970"), Ok(0));
        assert_eq!(date("29/02/2024"), Ok(19_782));
        assert_eq!(date("31/12/1969"), Ok(-1));
        assert_eq!(date("31/02/2026"), Err(CellFault::ImpossibleDate));
        assert_eq!(date("29/02/2023"), Err(CellFault::ImpossibleDate));
        assert_eq!(date("2026-07-15"), Err(CellFault::DateFormat));
        for text in [
            "5/3/2026",
            "2026-07-15 00:00:00",
            "12.05.2026",
            "07-15-2026",
        ] {
            assert_eq!(date(text), Err(CellFault::DateFormat), "{text}");
        }
        for text in ["", "01/01/26", "aa/bb/cccc", "4512", "451230"] {
            assert_eq!(date(text), Err(CellFault::NotADate), "{text}");
        }
        assert_eq!(
            super::date("2026-07-15", DateForm::ISO),
            super::date("15/07/2026", DateForm::ITALIAN)
        );
        assert_eq!(
            super::date("15/07/2026", DateForm::ISO),
            Err(CellFault::DateFormat)
        );
    }

    #[test]
    fn spreadsheets_count_days() {
        // 45123 is 16 July 2023 in every spreadsheet of the 1900 system.
        assert_eq!(date("45123"), Err(CellFault::DateSerial));
        assert_eq!(of_serial("45123"), Some(days_from_civil(2023, 7, 16)));
        assert_eq!(of_serial("45123.0"), of_serial("45123"));
        assert_eq!(of_serial("25569"), Some(0));
        assert_eq!(of_serial("2026"), None);
    }

    #[test]
    fn numbers_follow_their_column() {
        assert_eq!(
            number("1.234,56", 2, DecimalMark::CommaGrouped),
            Ok(123_456)
        );
        assert_eq!(number("1234.56", 2, DecimalMark::Point), Ok(123_456));
        assert_eq!(
            number("1,234.56", 2, DecimalMark::PointGrouped),
            Ok(123_456)
        );
        assert_eq!(
            number("120,50", 2, DecimalMark::Point),
            Err(CellFault::OtherMarks)
        );
        assert_eq!(
            number("abc", 2, DecimalMark::Point),
            Err(CellFault::NotANumber)
        );
    }

    #[test]
    fn long_numbers_lose_their_ends() {
        assert_eq!(long_digits("123456789012345"), None);
        assert_eq!(long_digits("1234567890123450"), Some(true));
        assert_eq!(long_digits("1234567890123456"), Some(false));
        assert_eq!(long_digits("1234567890123A56"), None);
        assert!(is_formula_error("#N/D") && is_formula_error("#rif!") && !is_formula_error("#1"));
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
        assert_eq!(decimal("1.234,56", 2), Err(CellFault::OtherMarks));
        assert_eq!(decimal("120.50", 2), Err(CellFault::OtherMarks));
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
