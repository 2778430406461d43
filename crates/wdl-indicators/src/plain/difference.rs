//! The difference of a measure between two groups or two periods, with the error that their covariance leaves.

use serde::Serialize;
use wdl_stats::{Measured, Undefined, two_sided};

use super::{MeasureOf, as_map, as_name};

/// Two answers to one question.
pub(super) struct Pair<'a> {
    pub(super) one: &'a MeasureOf,
    pub(super) other: &'a MeasureOf,
}

/// One of the two that are compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// The period, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Column and value of the group; nothing for everybody.
    #[serde(serialize_with = "as_map")]
    pub group: Vec<(String, Option<String>)>,
}

/// How much a measure differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The measure.
    pub id: String,
    /// The one, from which the other is subtracted.
    pub of: Side,
    /// The other.
    pub less: Side,
    /// The difference; nothing where one of the two is not defined.
    pub value: Option<f64>,
    /// Its standard error; what the two share (households, the threshold) is counted.
    pub se: Option<f64>,
    /// The correlation of the two estimates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<f64>,
    /// The lower end of the 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// How often a difference at least as large would be seen if there were none (normal, two-sided).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// Why there is no difference or no error.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_name")]
    pub why: Option<Undefined>,
}

/// The 97.5 % quantile of the normal distribution.
const WIDTH: f64 = 1.959_963_984_540_054;

impl Difference {
    pub(super) fn of(id: &str, (of, less): (Side, Side), value: Option<f64>) -> Difference {
        Difference {
            id: id.to_owned(),
            of,
            less,
            value,
            se: None,
            correlation: None,
            low: None,
            high: None,
            p: None,
            why: None,
        }
    }

    /// Puts the error and what follows from it; `alone` are the errors of the two.
    pub(super) fn put_error(&mut self, error: Measured, alone: Option<(f64, f64)>) {
        let Some(value) = self.value else { return };
        let error = match error {
            Ok(error) => error,
            Err(why) => {
                self.why = Some(why);
                return;
            }
        };
        self.se = Some(error);
        self.low = Some(value - WIDTH * error);
        self.high = Some(value + WIDTH * error);
        self.p = (error > 0.0).then(|| two_sided(value / error));
        self.correlation = alone
            .filter(|(one, other)| one * other > 0.0)
            .map(|(one, other)| {
                let both = one * one + other * other - error * error;
                (both / (2.0 * one * other)).clamp(-1.0, 1.0)
            });
    }
}
