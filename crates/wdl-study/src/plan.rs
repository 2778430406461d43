//! What can be known before the outcome is read: who is compared, the least effect the design could see, the tests of the design.

use serde::Serialize;
use wdl_frame::Scope;
use wdl_vocab::Text;

use crate::counts::Units;
use crate::fault::RunError;
use crate::promise::promised;
use crate::rows::Rows;
use crate::run::{Estimated, chosen, design, estimate, figure};
use crate::study::{Asked, Check, PowerOf, Study};

/// The design of a study, read without its outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    /// Units with the measure, and without; nothing of either where they are too few to be told.
    pub arms: [Option<u64>; 2],
    /// Rows of the design.
    pub rows: Option<u64>,
    /// The least effect that would be seen.
    pub least_effect: Option<f64>,
    /// How often it would be.
    pub power: Option<f64>,
    /// What the variance was taken from.
    pub basis: Option<Text>,
    /// The half-width of the interval that the design promises.
    pub half_width: Option<f64>,
    /// How often the design finds an effect that is not there, where that is simulated.
    pub false_alarms: Option<f64>,
    /// The tests of the design that need no outcome.
    pub checks: Vec<PlannedCheck>,
}

/// A test of the design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedCheck {
    /// Its name.
    pub id: String,
    /// What it is called.
    pub label: Text,
    /// How often chance alone gives as much; nothing when it cannot be told.
    pub p_value: Option<f64>,
    /// Units it rests on.
    #[serde(skip)]
    pub(crate) n: u64,
}

/// Reads the design; counts under `minimum` are not told, and nothing that rests on them.
///
/// # Errors
/// [`RunError`] when the query does not give what the study reads, or the power cannot be computed.
pub fn plan(study: &Study, scopes: &[Scope], minimum: u64) -> Result<Planned, RunError> {
    let table = design(study, scopes)?;
    let units = Units::of(study, &table)?;
    let all: Vec<usize> = (0..table.count()).collect();
    let arms = units.arms(&all);
    let told = |count: u64| (count >= minimum).then_some(count);
    let is_told = arms.iter().all(|count| *count >= minimum);
    let promised = promised(study, &table, &units, minimum)?.filter(|_| is_told);
    let power = study.stated.power.as_ref();
    let checks = study.stated.checks.iter().filter(|own| {
        let reads = own.asked.as_ref().map(Asked::columns);
        reads.is_some_and(|reads| !reads.contains(&study.stated.outcome.column))
    });
    let mut planned = Vec::new();
    for check in checks {
        planned.push(one(study, &table, &units, check, &[], minimum)?);
    }
    planned.retain(|own| own.n >= minimum);
    Ok(Planned {
        arms: match is_told {
            true => arms.map(told),
            false => [None, None],
        },
        rows: told(table.count() as u64).filter(|_| is_told),
        least_effect: promised.map(|own| own.least_effect),
        power: power.map(PowerOf::power),
        basis: power.map(|own| own.basis.clone()),
        half_width: promised.and_then(|own| own.half_width),
        false_alarms: promised.and_then(|own| own.false_alarms),
        checks: match is_told {
            true => planned,
            false => Vec::new(),
        },
    })
}

/// Every test of the design.
pub(crate) fn checked(
    study: &Study,
    table: &Rows,
    estimated: &[Estimated<'_>],
    minimum: u64,
) -> Result<Vec<PlannedCheck>, RunError> {
    let units = Units::of(study, table)?;
    let checks = study.stated.checks.iter();
    checks
        .map(|check| one(study, table, &units, check, estimated, minimum))
        .collect()
}

fn one(
    study: &Study,
    table: &Rows,
    units: &Units,
    check: &Check,
    estimated: &[Estimated<'_>],
    minimum: u64,
) -> Result<PlannedCheck, RunError> {
    let told = |p_value, n| PlannedCheck {
        id: check.id.clone(),
        label: check.label.clone(),
        p_value,
        n,
    };
    if let Some(asked) = &check.asked {
        let complete = table.complete(study, &asked.needed())?;
        let rows: Vec<usize> = (0..table.count()).filter(|row| complete[*row]).collect();
        let n = units.size(units.among(&rows));
        let answer = match rows.is_empty() {
            true => None,
            false => estimate(study, table, asked, &rows, minimum)?.ok(),
        };
        let p_value = answer.and_then(|answer| match &check.figure {
            Some(name) => figure(&answer, name),
            None => chosen(&answer, asked)?.p_value,
        });
        return Ok(told(p_value, n));
    }
    let of = estimated
        .iter()
        .find(|own| Some(&own.run.id) == check.of.as_ref());
    let answer = of.and_then(|own| own.answer.as_ref().ok());
    let named = check.figure.as_deref();
    let p_value = answer
        .zip(named)
        .and_then(|(answer, name)| figure(answer, name));
    Ok(told(
        p_value,
        of.map_or(0, |own| own.standing.arms.iter().sum()),
    ))
}
