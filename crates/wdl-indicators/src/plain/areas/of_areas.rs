//! The model of areas on a file with one row per area.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use wdl_plain::PlainTable;
use wdl_stats::areas::{self, Benchmark, Covariates, Direct, FayHerriot, Method, NoEstimate};
use wdl_stats::sum;

use super::covariates::{CovariateColumns, Terms, finite, from_zero};
use super::{Coefficient, Flag, SmallAreaError, Uncertainty, Warning, coefficients, collinear};

/// What is asked of a file of areas.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaLevel {
    /// The column of the areas' names.
    pub area: String,
    /// The column of direct estimates.
    pub estimate: String,
    /// The column of their errors.
    pub error: ErrorColumn,
    /// The covariates.
    pub covariates: CovariateColumns,
    /// How the variance between areas is estimated.
    pub method: Method,
    /// What the estimates must add up to.
    pub benchmark: Option<BenchmarkAsked>,
}

/// The column of sampling errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorColumn {
    /// It holds variances.
    Variance(String),
    /// It holds standard errors.
    StandardError(String),
}

impl ErrorColumn {
    fn name(&self) -> &str {
        match self {
            ErrorColumn::Variance(name) | ErrorColumn::StandardError(name) => name,
        }
    }
}

/// What the estimates must add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchmarkAsked {
    /// How the difference is shared out.
    pub how: Benchmark,
    /// The column of the areas' sizes, for means and rates; amounts that add up have none.
    pub size: Option<String>,
    /// The total, or the mean when there are sizes; that of the direct estimates when it is not given.
    pub total: Option<f64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AreasAnswer {
    /// How the variance between areas was estimated: `reml`.
    pub method: &'static str,
    /// The variance between areas that the covariates do not explain.
    pub variance_between: f64,
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// The areas whose direct estimate was used.
    pub areas_used: usize,
    /// The logarithm of the likelihood.
    pub log_likelihood: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
    /// What the estimates were made to add up to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<Benchmarked>,
    /// What its reader must know.
    pub warnings: Vec<Warning>,
    /// In the order of their names.
    pub areas: Vec<AreaRow>,
}

/// What the estimates were made to add up to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Benchmarked {
    /// The total, or the mean when there are sizes.
    pub total: f64,
    /// What every estimate was multiplied with.
    pub factor: f64,
    /// What was added to every estimate.
    pub added: f64,
}

/// One area.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AreaRow {
    /// Its name.
    pub area: String,
    /// The direct estimate.
    pub direct: Option<f64>,
    /// The standard error of the direct estimate.
    pub direct_se: Option<f64>,
    /// The estimate.
    pub estimate: Option<f64>,
    /// Its error.
    #[serde(flatten)]
    pub uncertainty: Uncertainty,
    /// The estimate after the benchmark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmarked: Option<f64>,
    /// The weight of the direct estimate in it, from zero to one.
    pub weight_of_direct: Option<f64>,
    /// What is special about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Why there is no estimate: `not_identified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
}

/// Estimates the areas of a file by the model of Fay and Herriot.
///
/// # Errors
/// [`SmallAreaError`] when the file cannot be read, has impossible values, or too few areas for the model.
pub fn of_areas(file: &Path, asked: &AreaLevel) -> Result<AreasAnswer, SmallAreaError> {
    let table = PlainTable::read(file, &columns(asked))?;
    let order = order(file, &table, &asked.area)?;
    let given = Given::of(file, &table, asked)?;
    let usable: Vec<usize> = (0..table.rows())
        .filter(|row| given.usable(*row).is_some())
        .collect();
    let terms = Terms::of(&[&table], &usable, &asked.covariates)?;
    let covariates = terms.rows(file, &table)?;
    // Areas whose covariates are known, in the order of their names: the model sees no other order.
    let rows: Vec<usize> = order.values().copied().collect();
    let told: Vec<usize> = rows
        .iter()
        .copied()
        .filter(|row| covariates[*row].is_some())
        .collect();
    let values = told
        .iter()
        .filter_map(|row| covariates[*row].as_ref())
        .flatten();
    let names = terms.names();
    let known = Covariates::new(names.len(), values.copied().collect());
    let direct: Vec<Option<Direct>> = told.iter().map(|row| given.usable(*row)).collect();
    let fit = areas::fay_herriot(&direct, &known, asked.method).map_err(|source| {
        SmallAreaError::Model {
            path: file.to_owned(),
            source,
        }
    })?;
    let estimates: BTreeMap<usize, _> = told.into_iter().zip(fit.areas.iter().copied()).collect();
    let row = |(name, row): (&String, &usize)| {
        let answer = estimates.get(row).copied();
        given.row(
            name,
            *row,
            answer.unwrap_or(Err(NoEstimate::CovariateMissing)),
        )
    };
    let mut answer = AreasAnswer {
        method: name(asked.method),
        areas: order.iter().map(row).collect(),
        ..answer(&fit, &names)
    };
    if let Some(benchmark) = &asked.benchmark {
        let sizes = sizes(file, &table, &rows, benchmark)?;
        put_benchmark(file, &mut answer, &sizes, benchmark)?;
    }
    Ok(answer)
}

fn columns(asked: &AreaLevel) -> Vec<&str> {
    let mut columns = vec![&*asked.area, &*asked.estimate, asked.error.name()];
    columns.extend(asked.covariates.names());
    let size = asked
        .benchmark
        .as_ref()
        .and_then(|benchmark| benchmark.size.as_deref());
    columns.extend(size);
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// The row of each area, in the order of their names.
fn order(
    file: &Path,
    table: &PlainTable,
    column: &str,
) -> Result<BTreeMap<String, usize>, SmallAreaError> {
    let mut order = BTreeMap::new();
    for (row, name) in table.text(column).into_iter().enumerate() {
        let name = name.ok_or_else(|| SmallAreaError::Value {
            path: file.to_owned(),
            column: column.to_owned(),
            line: table.line(row),
        })?;
        if order.insert(name, row).is_some() {
            return Err(SmallAreaError::Repeated {
                path: file.to_owned(),
                line: table.line(row),
            });
        }
    }
    Ok(order)
}

fn name(method: Method) -> &'static str {
    match method {
        Method::Reml => "reml",
        Method::Ml => "ml",
        Method::FayHerriot => "fh",
    }
}

/// The model, without areas.
fn answer(fit: &FayHerriot, names: &[String]) -> AreasAnswer {
    let coefficients = coefficients(names, &fit.coefficients, &fit.coefficient_errors);
    let zero = (fit.variance == 0.0).then_some(Warning::AreaVarianceZero);
    AreasAnswer {
        method: "",
        variance_between: fit.variance,
        areas_used: fit.areas_used,
        log_likelihood: fit.log_likelihood,
        aic: fit.aic,
        bic: fit.bic,
        benchmark: None,
        warnings: zero.into_iter().chain(collinear(&coefficients)).collect(),
        coefficients,
        areas: Vec::new(),
    }
}

/// The direct estimates and their variances, row by row.
struct Given {
    estimates: Vec<Option<f64>>,
    variances: Vec<Option<f64>>,
}

impl Given {
    fn of(file: &Path, table: &PlainTable, asked: &AreaLevel) -> Result<Given, SmallAreaError> {
        let estimates = finite(file, &asked.estimate, table)?;
        let column = asked.error.name();
        let errors = from_zero(file, column, table)?;
        let variance = |error: f64| match &asked.error {
            ErrorColumn::Variance(_) => error,
            ErrorColumn::StandardError(_) => error * error,
        };
        Ok(Given {
            estimates: estimates.to_vec(),
            variances: errors.iter().map(|error| error.map(variance)).collect(),
        })
    }

    fn usable(&self, row: usize) -> Option<Direct> {
        Direct::new(self.estimates[row]?, self.variances[row]?)
    }

    fn row(
        &self,
        name: &str,
        row: usize,
        answer: Result<areas::AreaEstimate, NoEstimate>,
    ) -> AreaRow {
        let (direct, variance) = (self.estimates[row], self.variances[row]);
        let mut flags = Vec::new();
        match (direct, variance) {
            (None, _) => flags.push(Flag::NoDirectEstimate),
            (Some(_), None) => flags.push(Flag::NoSamplingVariance),
            (Some(_), Some(variance)) if variance <= 0.0 => flags.push(Flag::ZeroSamplingVariance),
            (Some(_), Some(_)) => {}
        }
        let mut uncertainty = Uncertainty::default();
        if let Ok(own) = answer {
            if self.usable(row).is_none() {
                flags.push(Flag::Synthetic);
            }
            uncertainty = Uncertainty::of(own.estimate, Some(own.mse));
            if uncertainty.mse.is_none() {
                flags.push(Flag::MseNotPositive);
            }
        }
        AreaRow {
            area: name.to_owned(),
            direct,
            direct_se: variance.filter(|_| direct.is_some()).map(f64::sqrt),
            estimate: answer.ok().map(|own| own.estimate),
            uncertainty,
            benchmarked: None,
            weight_of_direct: answer.ok().map(|own| own.weight_of_direct),
            flags,
            why: answer.err().map(NoEstimate::name),
        }
    }
}

/// The share of each area in the mean, or one for each when amounts add up.
fn sizes(
    file: &Path,
    table: &PlainTable,
    rows: &[usize],
    asked: &BenchmarkAsked,
) -> Result<Vec<f64>, SmallAreaError> {
    let Some(column) = &asked.size else {
        return Ok(vec![1.0; rows.len()]);
    };
    let sizes = from_zero(file, column, table)?;
    let own: Vec<f64> = rows.iter().filter_map(|row| sizes[*row]).collect();
    let all = sum(own.iter().copied());
    match rows.len() - own.len() {
        0 if all <= 0.0 => Err(SmallAreaError::BenchmarkSum {
            path: file.to_owned(),
        }),
        0 => Ok(own.into_iter().map(|size| size / all).collect()),
        count => Err(SmallAreaError::BenchmarkGaps {
            path: file.to_owned(),
            count,
        }),
    }
}

fn put_benchmark(
    file: &Path,
    answer: &mut AreasAnswer,
    shares: &[f64],
    asked: &BenchmarkAsked,
) -> Result<(), SmallAreaError> {
    let complete = |of: &dyn Fn(&AreaRow) -> Option<f64>| {
        let values: Vec<f64> = answer.areas.iter().filter_map(of).collect();
        match answer.areas.len() - values.len() {
            0 => Ok(values),
            count => Err(SmallAreaError::BenchmarkGaps {
                path: file.to_owned(),
                count,
            }),
        }
    };
    let estimates = complete(&|area| area.estimate)?;
    let total = match asked.total {
        Some(total) => total,
        None => {
            let direct = complete(&|area| area.direct)?;
            sum(direct
                .iter()
                .zip(shares)
                .map(|(direct, share)| direct * share))
        }
    };
    let fail = |_| SmallAreaError::BenchmarkSum {
        path: file.to_owned(),
    };
    let (factor, added) = areas::benchmark(&estimates, shares, total, asked.how).map_err(fail)?;
    for area in &mut answer.areas {
        area.benchmarked = area.estimate.map(|estimate| estimate * factor + added);
    }
    answer.benchmark = Some(Benchmarked {
        total,
        factor,
        added,
    });
    answer.warnings.push(Warning::ErrorsBeforeBenchmark);
    Ok(())
}
