//! What the design of a study promises: the least effect it could see, by a formula or by the study's own method on outcomes that are drawn.
//!
//! Nothing of the outcome is read: a formula has its numbers, a simulation what the study declares.

use wdl_evaluation::promised::{Noise, Outcomes, Promise, Rows as DrawnRows};
use wdl_evaluation::{Columns, Estimate, EvaluationError, Request};

use crate::counts::Units;
use crate::fault::RunError;
use crate::rows::Rows;
use crate::run::{chosen, estimate, figure};
use crate::study::{Asked, Drawn, PowerHow, PowerOf, Simulation, Study};

/// What a design promises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Promised {
    pub(crate) least_effect: f64,
    /// The half-width of its interval.
    pub(crate) half_width: Option<f64>,
    /// How often it finds an effect that is not there.
    pub(crate) false_alarms: Option<f64>,
}

/// The promise of a study; nothing when it states none, or its method has no answer on its rows.
pub(crate) fn promised(
    study: &Study,
    table: &Rows,
    units: &Units,
    minimum: u64,
) -> Result<Option<Promised>, RunError> {
    let promise = match &study.stated.power {
        None => return Ok(None),
        Some(PowerOf { how, .. }) => match how {
            PowerHow::Method(asked) => by_method(study, table, units, asked, minimum)?,
            PowerHow::Simulation { simulation } => simulated(study, table, units, simulation)?,
        },
    };
    match promise {
        Ok(promise) => Ok(Some(promise)),
        // The run will say why, for itself.
        Err(EvaluationError::NotEstimable { .. } | EvaluationError::Nothing) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

type Promises = Result<Promised, EvaluationError>;

/// The answer of a method of power, with the counts of the design where the study does not give them.
fn by_method(
    study: &Study,
    table: &Rows,
    units: &Units,
    asked: &Asked,
    minimum: u64,
) -> Result<Promises, RunError> {
    let method = asked.method();
    let answer = match method.reads_a_table() {
        true => {
            let rows: Vec<usize> = (0..table.count()).collect();
            estimate(study, table, asked, &rows, minimum)?
        }
        false => {
            let given = counted(asked, units).given();
            let columns = Columns::new(0);
            Request::new(method.options(), &given, &columns)
                .and_then(|request| wdl_evaluation::evaluate(method, &request, minimum))
        }
    };
    Ok(answer.and_then(|answer| {
        let least = chosen(&answer, asked).ok_or(EvaluationError::Nothing)?;
        let level = asked.column("level").and_then(|own| own.parse().ok());
        let half_width = figure(&answer, "standard_error").and_then(|error| {
            let degrees = figure(&answer, "degrees_of_freedom");
            let own = Estimate::with_error("", 0.0, error, degrees, level.unwrap_or(0.95));
            own.interval.map(|[_, high]| high)
        });
        Ok(Promised {
            least_effect: least.estimate,
            half_width,
            false_alarms: None,
        })
    }))
}

/// A formula counts what is drawn: units, or areas where rows are aggregates.
fn counted(asked: &Asked, units: &Units) -> Asked {
    let mut asked = asked.clone();
    let options = asked.method().options();
    let takes = |name: &str| options.iter().any(|own| own.name == name);
    for (option, wanted) in [("treated", true), ("others", false)] {
        if takes(option) && !asked.options.contains_key(option) {
            let own = units.is_treated.iter().filter(|own| **own == wanted);
            let words = vec![own.count().to_string()];
            asked.options.insert(option.to_owned(), words);
        }
    }
    asked
}

/// The design on outcomes that are drawn without any effect.
fn simulated(
    study: &Study,
    table: &Rows,
    units: &Units,
    simulation: &Simulation,
) -> Result<Promises, RunError> {
    let stated = &study.stated;
    let (design, outcome) = (&stated.design, &stated.outcome.column);
    let mut needed = design.needed();
    needed.retain(|own| own != outcome);
    let complete = table.complete(study, &needed)?;
    let rows: Vec<usize> = (0..table.count()).filter(|row| complete[*row]).collect();
    if rows.is_empty() {
        return Ok(Err(EvaluationError::Nothing));
    }
    let given = without_bands(design).given();
    let mut wanted = given.columns(design.method().options());
    wanted.retain(|(name, _)| name != outcome);
    let columns = table.handed(study, &wanted, &rows)?;
    let unit = clusters(study, table, units, &rows)?;
    let period = periods(study, table, &rows)?;
    let size = sizes(study, table, &rows)?;
    let like = like(study, table, simulation, &rows)?;
    let promise = Promise {
        method: design.method(),
        given: &given,
        columns: &columns,
        outcome,
        estimate: design.estimate.as_deref(),
        outcomes: outcomes(simulation, &like),
        rows: DrawnRows {
            unit: &unit,
            period: period.as_deref(),
            size: size.as_deref(),
        },
        draws: simulation.draws,
        seed: simulation.seed,
        power: simulation.power,
    };
    Ok(promise.drawn().map(|own| Promised {
        least_effect: own.least_effect,
        half_width: Some(own.half_width),
        false_alarms: Some(own.false_alarms),
    }))
}

/// The period of each row, where the method reads one.
fn periods(study: &Study, table: &Rows, rows: &[usize]) -> Result<Option<Vec<i64>>, RunError> {
    let Some(period) = study.stated.design.column("period") else {
        return Ok(None);
    };
    let own = table.numbers(study, period)?;
    let whole = |row: &usize| own[*row].map_or(0, |own| own as i64);
    Ok(Some(rows.iter().map(whole).collect()))
}

/// How many stand behind each row, where rows are aggregates.
fn sizes(study: &Study, table: &Rows, rows: &[usize]) -> Result<Option<Vec<f64>>, RunError> {
    let Some(behind) = &study.stated.behind else {
        return Ok(None);
    };
    let own = table.numbers(study, &behind.units)?;
    let size = |row: &usize| own[*row].unwrap_or(0.0);
    Ok(Some(rows.iter().map(size).collect()))
}

/// The values of the column that outcomes are like; none where they are drawn otherwise.
fn like(
    study: &Study,
    table: &Rows,
    simulation: &Simulation,
    rows: &[usize],
) -> Result<Vec<f64>, RunError> {
    match &simulation.outcomes {
        Drawn::Like { like } => {
            let own = table.numbers(study, like)?;
            Ok(rows.iter().filter_map(|row| own[*row]).collect())
        }
        Drawn::Noise { .. } => Ok(Vec::new()),
    }
}

fn outcomes<'a>(simulation: &Simulation, like: &'a [f64]) -> Outcomes<'a> {
    match simulation.outcomes {
        Drawn::Like { .. } => Outcomes::Like(like),
        Drawn::Noise {
            level,
            deviation,
            autocorrelation,
            between,
            per,
        } => Outcomes::Noise(Noise {
            level,
            deviation,
            autocorrelation,
            between,
            per,
        }),
    }
}

/// Bands over several times have no part in the estimate, and cost most of the work.
fn without_bands(design: &Asked) -> Asked {
    let mut own = design.clone();
    if own.method == "did" {
        own.options.insert("draws".to_owned(), vec!["0".to_owned()]);
    }
    own
}

/// What goes together: the units of a design in several rows, or the clusters of its errors.
fn clusters(
    study: &Study,
    table: &Rows,
    units: &Units,
    rows: &[usize],
) -> Result<Vec<usize>, RunError> {
    let design = &study.stated.design;
    match (&study.stated.unit, design.column("cluster")) {
        (None, Some(cluster)) => {
            let places = table.places(study, cluster)?;
            Ok(rows
                .iter()
                .map(|row| places[*row].map_or(0, |own| own as usize))
                .collect())
        }
        (Some(_), _) | (None, None) => Ok(rows.iter().map(|row| units.of_row[*row]).collect()),
    }
}
