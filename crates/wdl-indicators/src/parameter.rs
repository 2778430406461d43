//! Dated amounts that a frame names: each value with the day it begins to hold and its source.

use wdl_vocab::{Period, Text};

/// An amount of a law or a convention, by date.
// INVARIANT: `values` is sorted by `from` and not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub(crate) name: String,
    pub(crate) label: Text,
    pub(crate) values: Vec<ParameterValue>,
}

/// A value and the day from which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterValue {
    /// The first day, `2025-01-01`.
    pub from: String,
    /// The amount as written: `10140.00`.
    pub value: String,
    /// The article it comes from.
    pub source: Text,
}

impl Parameter {
    /// How a frame names it: `{name}`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The words for people.
    pub fn label(&self) -> &Text {
        &self.label
    }

    /// The values, the oldest first.
    pub fn values(&self) -> &[ParameterValue] {
        &self.values
    }

    /// The value in force on the last day of a period.
    pub fn at(&self, period: Period) -> Option<&ParameterValue> {
        let day = period.last_day().to_string();
        self.values.iter().rev().find(|value| value.from <= day)
    }
}

/// The SQL text with each `{name}` replaced by the value in force, as a decimal number; the name of a parameter without value yet otherwise.
pub(crate) fn fill<'a>(
    text: &str,
    parameters: &'a [Parameter],
    period: Period,
) -> Result<String, &'a str> {
    let mut filled = text.to_owned();
    for parameter in parameters {
        let mark = format!("{{{}}}", parameter.name);
        if !filled.contains(&mark) {
            continue;
        }
        let value = parameter.at(period).ok_or(parameter.name.as_str())?;
        let literal = format!("CAST('{}' AS DECIMAL(14,2))", value.value);
        filled = filled.replace(&mark, &literal);
    }
    Ok(filled)
}

/// Whether a text is an amount with at most two decimals.
pub(crate) fn is_amount(text: &str) -> bool {
    let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    (1..=12).contains(&whole.len()) && is_digits(whole) && cents.len() <= 2 && is_digits(cents)
}
