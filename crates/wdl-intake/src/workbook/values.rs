//! Cells of a workbook as the text their column expects: numbers with a decimal comma, days in the contract's form.

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};

use crate::chunk::Native;
use crate::form::DateForm;

/// A cell as text, and what it was.
pub(super) type Value = (String, Native);

/// A cell of a sheet as its reader gives it.
pub(super) fn of(cell: &DataRef<'_>, date: DateForm) -> Value {
    match cell {
        DataRef::Int(number) => (number.to_string(), Native::Number),
        DataRef::Float(number) => (of_number(*number), Native::Number),
        DataRef::String(text) => of_text(text),
        DataRef::SharedString(text) => of_text(text),
        DataRef::Bool(is_true) => of_bool(*is_true),
        DataRef::DateTime(moment) => of_moment(moment, date),
        DataRef::DateTimeIso(text) => of_iso(text, date),
        DataRef::DurationIso(text) => of_text(text),
        DataRef::Error(error) => (of_error(error).to_owned(), Native::Error),
        DataRef::Empty => (String::new(), Native::Text),
    }
}

/// The same of a whole sheet held in memory.
pub(super) fn of_data(cell: &Data, date: DateForm) -> Value {
    match cell {
        Data::Int(number) => (number.to_string(), Native::Number),
        Data::Float(number) => (of_number(*number), Native::Number),
        Data::String(text) | Data::DurationIso(text) => of_text(text),
        Data::Bool(is_true) => of_bool(*is_true),
        Data::DateTime(moment) => of_moment(moment, date),
        Data::DateTimeIso(text) => of_iso(text, date),
        Data::Error(error) => (of_error(error).to_owned(), Native::Error),
        Data::Empty => (String::new(), Native::Text),
    }
}

/// Texts of an error that a workbook keeps as text are still errors.
fn of_text(text: &str) -> Value {
    const ERRORS: [&str; 15] = [
        "#N/D", "#N/A", "#DIV/0!", "#NOME?", "#NAME?", "#NULLO!", "#NULL!", "#NUM!", "#RIF!",
        "#REF!", "#VALORE!", "#VALUE!", "#VALORE", "Err:502", "Err:508",
    ];
    let native = match ERRORS.contains(&text) {
        true => Native::Error,
        false => Native::Text,
    };
    // A line end inside a cell is the same as in a text file.
    match text.contains('\r') {
        true => (text.replace("\r\n", "\n").replace('\r', "\n"), native),
        false => (text.to_owned(), native),
    }
}

fn of_bool(is_true: bool) -> Value {
    let text = if is_true { "VERO" } else { "FALSO" };
    (text.to_owned(), Native::Bool)
}

/// Fifteen digits count in a spreadsheet; what a sum left behind them is dropped, as it shows them.
pub(super) fn of_number(number: f64) -> String {
    if !number.is_finite() {
        return "#NUM!".to_owned();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    rounded.to_string().replace('.', ",")
}

/// A number whose cell is shown as a moment.
fn of_moment(moment: &ExcelDateTime, date: DateForm) -> Value {
    let is_day = moment.is_datetime() && moment.as_f64() >= 1.0;
    if !is_day {
        return (of_number(moment.as_f64()), Native::Number);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let day = date.write(u32::from(year), u32::from(month), u32::from(day));
    let text = match (hour, minute, second) {
        (0, 0, 0) => day,
        _ => format!("{day} {hour:02}:{minute:02}:{second:02}"),
    };
    (text, Native::Date)
}

/// A day or a moment in ISO 8601.
fn of_iso(text: &str, date: DateForm) -> Value {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let Some((year, month, day)) = DateForm::ISO.split(day) else {
        return (text.to_owned(), Native::Text);
    };
    let day = date.write(year, month, day);
    let is_midnight = time
        .bytes()
        .all(|byte| matches!(byte, b'0' | b':' | b'.' | b'Z'));
    match is_midnight {
        true => (day, Native::Date),
        false => (format!("{day} {time}"), Native::Date),
    }
}

fn of_error(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/D",
        CellErrorType::Name => "#NOME?",
        CellErrorType::Null => "#NULLO!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#RIF!",
        CellErrorType::Value => "#VALORE!",
        CellErrorType::GettingData => "#DATI!",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_comma_and_no_dust() {
        for (number, text) in [
            (1234.5, "1234,5"),
            (120.0, "120"),
            (-45.0, "-45"),
            (-0.0, "0"),
            (0.1 + 0.2, "0,3"),
            (1_234.560_000_000_000_2, "1234,56"),
            (1.23457e15, "1234570000000000"),
            (250_000_000.0, "250000000"),
            (0.000_01, "0,00001"),
        ] {
            assert_eq!(of_number(number), text);
        }
    }

    #[test]
    fn moments_are_days_in_the_columns_form() {
        let iso = |text| of_iso(text, DateForm::ITALIAN).0;
        assert_eq!(iso("2026-03-05"), "05/03/2026");
        assert_eq!(iso("2026-03-05T00:00:00"), "05/03/2026");
        assert_eq!(iso("2026-03-05T14:30:00"), "05/03/2026 14:30:00");
        assert_eq!(iso("tomorrow"), "tomorrow");
        assert_eq!(of_text("#N/D").1, Native::Error);
    }
}
