//! How a column writes its days and its numbers.
//!
//! A form only says how text is to be taken apart; whether the day exists or the number is allowed is for the check.

use std::borrow::Cow;
use std::fmt;

use wdl_contract::Column;

/// The order of day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `05/03/2026` is the fifth of March.
    DayMonthYear,
    /// `03/05/2026` is the fifth of March.
    MonthDayYear,
    /// `2026-03-05` is the fifth of March.
    YearMonthDay,
}

/// How a column writes days.
///
/// ```
/// use wdl_intake::DateForm;
///
/// let form = DateForm::parse("dd/MM/yyyy").unwrap();
/// assert_eq!(form.split("05/03/2026"), Some((2026, 3, 5)));
/// assert_eq!(form.split("5/3/2026"), None);
/// assert_eq!(form.split("2026-03-05"), None);
/// assert_eq!(form.to_string(), "dd/MM/yyyy");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateForm {
    /// Which part comes first.
    pub order: DateOrder,
    /// The mark between the parts; none when they stand together.
    pub mark: Option<char>,
    /// Whether day and month always have two digits.
    pub is_padded: bool,
    /// Whether midnight follows: `05/03/2026 00:00:00`.
    pub has_midnight: bool,
}

impl DateForm {
    /// `dd/MM/yyyy`, what is expected when a contract says nothing.
    pub const ITALIAN: DateForm = DateForm {
        order: DateOrder::DayMonthYear,
        mark: Some('/'),
        is_padded: true,
        has_midnight: false,
    };

    /// `yyyy-MM-dd` (ISO 8601).
    pub const ISO: DateForm = DateForm {
        order: DateOrder::YearMonthDay,
        mark: Some('-'),
        ..DateForm::ITALIAN
    };

    /// Reads a form as contracts write it: `dd/MM/yyyy`, `yyyy-MM-dd`, `d.M.yyyy`, `yyyyMMdd`; letters of either case.
    pub fn parse(format: &str) -> Option<DateForm> {
        let folded = format.to_ascii_lowercase();
        let (date, has_midnight) = match folded.strip_suffix(" hh:mm:ss") {
            Some(date) => (date, true),
            None => (folded.as_str(), false),
        };
        let mark = date.chars().find(|c| matches!(c, '/' | '-' | '.'));
        let parts: Vec<&str> = match mark {
            Some(mark) => date.split(mark).collect(),
            None if date.is_ascii() && date.len() == 8 => {
                let cut = if date.starts_with("yyyy") { 4 } else { 2 };
                vec![&date[..cut], &date[cut..cut + 2], &date[cut + 2..]]
            }
            None => return None,
        };
        let (order, is_padded) = match parts[..] {
            ["dd", "mm", "yyyy"] => (DateOrder::DayMonthYear, true),
            ["d", "m", "yyyy"] => (DateOrder::DayMonthYear, false),
            ["mm", "dd", "yyyy"] => (DateOrder::MonthDayYear, true),
            ["m", "d", "yyyy"] => (DateOrder::MonthDayYear, false),
            ["yyyy", "mm", "dd"] => (DateOrder::YearMonthDay, true),
            ["yyyy", "m", "d"] => (DateOrder::YearMonthDay, false),
            _ => return None,
        };
        Some(DateForm {
            order,
            mark,
            is_padded,
            has_midnight,
        })
    }

    /// Year, month and day of a text in this form; nothing when it is written otherwise.
    ///
    /// The day may not exist: `31/02/2026` gives 2026, 2, 31.
    pub fn split(&self, text: &str) -> Option<(u32, u32, u32)> {
        let date = match self.has_midnight {
            true => without_midnight(text)?,
            false => text,
        };
        let (first, second, third) = match self.mark {
            Some(mark) => {
                let mut parts = date.split(mark);
                let three = (parts.next()?, parts.next()?, parts.next()?);
                if parts.next().is_some() {
                    return None;
                }
                three
            }
            None if date.len() == 8 && date.is_ascii() => {
                let cut = match self.order {
                    DateOrder::YearMonthDay => 4,
                    DateOrder::DayMonthYear | DateOrder::MonthDayYear => 2,
                };
                (&date[..cut], &date[cut..cut + 2], &date[cut + 2..])
            }
            None => return None,
        };
        let (year, month, day) = match self.order {
            DateOrder::DayMonthYear => (third, second, first),
            DateOrder::MonthDayYear => (third, first, second),
            DateOrder::YearMonthDay => (first, second, third),
        };
        if year.len() != 4 {
            return None;
        }
        Some((number(year)?, self.short(month)?, self.short(day)?))
    }

    fn short(&self, text: &str) -> Option<u32> {
        match text.len() {
            2 => number(text),
            1 if !self.is_padded => number(text),
            _ => None,
        }
    }

    /// A day written in this form.
    pub fn write(&self, year: u32, month: u32, day: u32) -> String {
        let short = |part: u32| match self.is_padded {
            true => format!("{part:02}"),
            false => part.to_string(),
        };
        let year = format!("{year:04}");
        let parts = match self.order {
            DateOrder::DayMonthYear => [short(day), short(month), year],
            DateOrder::MonthDayYear => [short(month), short(day), year],
            DateOrder::YearMonthDay => [year, short(month), short(day)],
        };
        let date = parts.join(&self.mark.map_or_else(String::new, String::from));
        match self.has_midnight {
            true => date + " 00:00:00",
            false => date,
        }
    }
}

impl fmt::Display for DateForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, month) = match self.is_padded {
            true => ("dd", "MM"),
            false => ("d", "M"),
        };
        let parts = match self.order {
            DateOrder::DayMonthYear => [day, month, "yyyy"],
            DateOrder::MonthDayYear => [month, day, "yyyy"],
            DateOrder::YearMonthDay => ["yyyy", month, day],
        };
        f.write_str(&parts.join(&self.mark.map_or_else(String::new, String::from)))?;
        match self.has_midnight {
            true => f.write_str(" HH:mm:ss"),
            false => Ok(()),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse().ok(),
        false => None,
    }
}

/// The text before a midnight: databases write days as moments.
fn without_midnight(text: &str) -> Option<&str> {
    const MIDNIGHTS: [&str; 4] = ["00:00", "00:00:00", "00:00:00.000", "00:00:00.0"];
    let (date, time) = text.split_once([' ', 'T'])?;
    MIDNIGHTS.contains(&time).then_some(date)
}

/// How a column writes numbers.
///
/// ```
/// use wdl_intake::DecimalMark;
///
/// assert_eq!(DecimalMark::CommaGrouped.plain("1.234,56").as_deref(), Some("1234,56"));
/// assert_eq!(DecimalMark::CommaGrouped.plain("12.34,56"), None);
/// assert_eq!(DecimalMark::Point.plain("120.50").as_deref(), Some("120,50"));
/// assert_eq!(DecimalMark::Comma.plain("120.50").as_deref(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecimalMark {
    /// `1234,56`, the contracts' form.
    Comma,
    /// `1.234,56`.
    CommaGrouped,
    /// `1234.56`.
    Point,
    /// `1,234.56`.
    PointGrouped,
}

impl DecimalMark {
    /// Every form, the contracts' first.
    pub const ALL: [DecimalMark; 4] = [
        DecimalMark::Comma,
        DecimalMark::CommaGrouped,
        DecimalMark::Point,
        DecimalMark::PointGrouped,
    ];

    /// The mark before the decimals.
    pub fn decimal(self) -> char {
        match self {
            DecimalMark::Comma | DecimalMark::CommaGrouped => ',',
            DecimalMark::Point | DecimalMark::PointGrouped => '.',
        }
    }

    /// The mark between thousands.
    pub fn grouping(self) -> Option<char> {
        match self {
            DecimalMark::CommaGrouped => Some('.'),
            DecimalMark::PointGrouped => Some(','),
            DecimalMark::Comma | DecimalMark::Point => None,
        }
    }

    /// A number of this form in the contracts' form; nothing when it is written otherwise.
    ///
    /// A grouped number has its mark at every thousand, or no thousands at all.
    pub fn plain(self, text: &str) -> Option<Cow<'_, str>> {
        let parts = NumberParts::of(text, self.decimal());
        let Some(grouping) = self.grouping() else {
            let is_plain = is_digits(parts.whole) && parts.decimals.is_none_or(is_digits);
            return is_plain.then(|| match self {
                DecimalMark::Comma => Cow::Borrowed(text),
                _ => Cow::Owned(text.replace('.', ",")),
            });
        };
        let is_grouped = is_grouped(parts.whole, grouping) && parts.decimals.is_none_or(is_digits);
        is_grouped.then(|| {
            let whole = parts.whole.replace(grouping, "");
            let (mark, decimals) = match parts.decimals {
                Some(decimals) => (",", decimals),
                None => ("", ""),
            };
            Cow::Owned(format!("{}{whole}{mark}{decimals}", parts.sign))
        })
    }

    /// The form as an example.
    pub fn example(self) -> &'static str {
        match self {
            DecimalMark::Comma => "1234,56",
            DecimalMark::CommaGrouped => "1.234,56",
            DecimalMark::Point => "1234.56",
            DecimalMark::PointGrouped => "1,234.56",
        }
    }

    /// The form of which this is the [`example`](DecimalMark::example).
    pub fn parse(example: &str) -> Option<DecimalMark> {
        DecimalMark::ALL
            .into_iter()
            .find(|mark| mark.example() == example)
    }
}

struct NumberParts<'a> {
    sign: &'a str,
    whole: &'a str,
    decimals: Option<&'a str>,
}

impl<'a> NumberParts<'a> {
    fn of(text: &'a str, decimal: char) -> NumberParts<'a> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let sign = &text[..text.len() - unsigned.len()];
        let (whole, decimals) = match unsigned.rsplit_once(decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (unsigned, None),
        };
        NumberParts {
            sign,
            whole,
            decimals,
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_grouped(whole: &str, grouping: char) -> bool {
    let mut groups = whole.split(grouping);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && is_digits(first)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// How one column writes its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// Its days.
    pub date: DateForm,
    /// Its numbers.
    pub decimal: DecimalMark,
}

impl Form {
    /// What is expected when neither contract nor content says otherwise.
    pub const EXPECTED: Form = Form {
        date: DateForm::ITALIAN,
        decimal: DecimalMark::Comma,
    };

    /// What a contract expects of a column.
    pub fn of(column: &Column) -> Form {
        let date = column.format.as_deref().and_then(DateForm::parse);
        Form {
            date: date.unwrap_or(DateForm::ITALIAN),
            ..Form::EXPECTED
        }
    }
}
