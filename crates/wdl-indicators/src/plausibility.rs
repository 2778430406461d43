//! Tests that a definition declares of its own figures: a range, and the largest change against the last value.
//!
//! They run on the drafts of an evaluation, before anything is hidden or released: a figure that fails one is refused, unless the file justifies it for that period in writing.
//! A refusal names periods and limits, never a figure.

use serde::Deserialize;
use wdl_result::{Cell, Draft, Table};
use wdl_vocab::{Period, Text};
use wdl_yaml::{Placed, Source};

use crate::definition::{Indicator, Span};
use crate::evaluate::EvaluateError;
use crate::fault::{Fault, FaultKind};

/// A test of an indicator's figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What it allows.
    pub limit: Limit,
    /// The periods in which a failure is explained.
    pub justified: Vec<Justification>,
}

/// What a test allows; limits are in the unit of the figure, a share being a fraction of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Every figure of every breakdown lies between two, both included.
    Range {
        /// From.
        from: f64,
        /// To.
        to: f64,
    },
    /// The plain series moves by so much at most from its last value.
    Change(f64),
    /// The plain series moves by such a part of its last value at most.
    RelativeChange(f64),
}

/// Why a figure of a period may fail a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Justification {
    /// The period.
    pub period: Period,
    /// Why.
    pub reason: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestFile {
    #[serde(default)]
    range: Option<RangeFile>,
    #[serde(default)]
    change: Option<ChangeFile>,
    #[serde(default)]
    justified: Vec<JustificationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RangeFile {
    from: f64,
    to: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeFile {
    #[serde(default)]
    at_most: Option<f64>,
    #[serde(default)]
    relative: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JustificationFile {
    period: Placed<String>,
    reason: Text,
}

/// Converts the tests of a file; the first fault is given back.
pub(crate) fn read(
    files: Vec<Placed<TestFile>>,
    span: Span,
    source: &Source,
) -> Result<Vec<Test>, Fault> {
    files
        .into_iter()
        .map(|file| {
            let limit = limit(&file.value)
                .ok_or_else(|| source.fault_at(&file, FaultKind::wrong(ONE_LIMIT)))?;
            let justified = file.value.justified.into_iter();
            let justified = justified.map(|one| justification(one, span, source));
            Ok(Test {
                limit,
                justified: justified.collect::<Result<_, Fault>>()?,
            })
        })
        .collect()
}

const ONE_LIMIT: &str = "a test has either `range: { from, to }` or `change: { at_most }` or `change: { relative }`, with numbers that allow something";

fn limit(file: &TestFile) -> Option<Limit> {
    let is_size = |size: f64| size.is_finite() && size >= 0.0;
    match (&file.range, &file.change) {
        (Some(RangeFile { from, to }), None)
            if from.is_finite() && to.is_finite() && from <= to =>
        {
            Some(Limit::Range {
                from: *from,
                to: *to,
            })
        }
        (None, Some(change)) => match (change.at_most, change.relative) {
            (Some(size), None) if is_size(size) => Some(Limit::Change(size)),
            (None, Some(part)) if is_size(part) => Some(Limit::RelativeChange(part)),
            _ => None,
        },
        _ => None,
    }
}

fn justification(
    file: JustificationFile,
    span: Span,
    source: &Source,
) -> Result<Justification, Fault> {
    let is_said = !file.reason.it.trim().is_empty() && !file.reason.en.trim().is_empty();
    let period = match (file.period.value.parse::<Period>(), span) {
        (Ok(period @ Period::Year(_)), Span::Year)
        | (Ok(period @ Period::Quarter { .. }), Span::Quarter) => Some(period),
        _ => None,
    };
    match period.filter(|_| is_said) {
        Some(period) => Ok(Justification {
            period,
            reason: file.reason,
        }),
        None => {
            let detail = "a justification names a period of the indicator's own kind, and says why";
            Err(source.fault_at(&file.period, FaultKind::wrong(detail)))
        }
    }
}

/// Holds the figures of an evaluation against the tests of the definition.
///
/// # Errors
/// [`EvaluateError::Implausible`] with the periods in which the first failing test fails.
pub(crate) fn hold(indicator: &Indicator, drafts: &[Draft<Table>]) -> Result<(), EvaluateError> {
    for test in &indicator.tests {
        let mut periods = match test.limit {
            Limit::Range { from, to } => drafts
                .iter()
                .flat_map(|Draft(table)| &table.cells)
                .filter(|cell| {
                    let is_in = |value: f64| (from..=to).contains(&value);
                    cell.estimate.is_some_and(|value| !is_in(value))
                })
                .map(|cell| cell.period)
                .collect(),
            Limit::Change(size) => jumps(drafts, |last, now| (now - last).abs() > size),
            Limit::RelativeChange(part) => jumps(drafts, |last: f64, now| {
                (now - last).abs() > part * last.abs()
            }),
        };
        periods.retain(|period| !test.justified.iter().any(|one| one.period == *period));
        periods.sort_unstable();
        periods.dedup();
        if !periods.is_empty() {
            return Err(EvaluateError::Implausible {
                indicator: indicator.id.clone(),
                test: test.limit,
                periods,
            });
        }
    }
    Ok(())
}

/// The periods whose plain figure is too far from the last one before it that there was.
fn jumps(drafts: &[Draft<Table>], is_far: impl Fn(f64, f64) -> bool) -> Vec<Period> {
    let plain = drafts
        .iter()
        .map(|Draft(table)| table)
        .filter(|table| table.dimensions.is_empty());
    let mut cells: Vec<&Cell> = plain.flat_map(|table| &table.cells).collect();
    cells.sort_by_key(|cell| cell.period);
    let mut last = None;
    let mut far = Vec::new();
    for cell in cells {
        let Some(now) = cell.estimate else { continue };
        if last.is_some_and(|last| is_far(last, now)) {
            far.push(cell.period);
        }
        last = Some(now);
    }
    far
}

impl std::fmt::Display for Limit {
    /// As the file writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Limit::Range { from, to } => write!(f, "range: {{ from: {from}, to: {to} }}"),
            Limit::Change(size) => write!(f, "change: {{ at_most: {size} }}"),
            Limit::RelativeChange(part) => write!(f, "change: {{ relative: {part} }}"),
        }
    }
}
