//! `wdl protect risk FILE`: how exposed the records of a plain file are, before anything is changed.

mod input;
mod shown;
mod written;

use std::path::PathBuf;

use wdl_anonymisation::risk::{
    AttackerRisk, ClassSizes, Frequencies, IndividualFormula, MissingReading, PopulationUniqueness,
    RiskError, Suda, SudaSettings, frequencies, household_risk, individual_risks, journalist,
    marketer, population_uniqueness, prosecutor, suda,
};
use wdl_lab::Stopped;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

use self::input::Input;
use crate::answer::Answer;
use crate::manner::Manner;

/// Tells how exposed the records of a plain file are
#[derive(clap::Args)]
pub(crate) struct Risk {
    /// The CSV or Parquet file, one record in each row
    file: PathBuf,
    /// Columns that somebody outside may know of a person
    #[arg(long, value_name = "COL,…", value_delimiter = ',', required = true)]
    quasi_identifiers: Vec<String>,
    /// The column with how many people each record stands for
    #[arg(long, value_name = "COL")]
    weight: Option<String>,
    /// The column of the household
    #[arg(long, value_name = "COL")]
    household: Option<String>,
    /// The column of the persons, where one may have several records: persons are counted then
    #[arg(long, value_name = "COL", conflicts_with_all = ["weight", "household"])]
    person: Option<String>,
    /// Columns of which nothing must be learnt: their distinct values and their closeness to the whole are told
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    sensitive: Vec<String>,
    /// Also search the records that few columns single out (SUDA2)
    #[arg(long)]
    suda: bool,
    /// The largest set of columns of that search; all when absent
    #[arg(long, value_name = "M", requires = "suda", value_parser = clap::value_parser!(u32).range(1..))]
    largest_set: Option<u32>,
    /// The share of the population in the file; with weights it follows from them
    #[arg(long, value_name = "SHARE")]
    sampling_fraction: Option<f64>,
    /// The risk above which records are counted
    #[arg(long, value_name = "RISK", default_value_t = 0.2)]
    threshold: f64,
    /// What a missing value agrees with
    #[arg(long, value_name = "READING", value_enum, default_value_t = Missing::OwnCategory)]
    missing: Missing,
    /// Write the figures of each record, in the order of the file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What a missing value agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Missing {
    /// Only with another missing value
    OwnCategory,
    /// With every value, as sdcMicro counts
    AnyValue,
}

/// Everything computed.
struct Findings {
    frequencies: Frequencies,
    prosecutor: AttackerRisk,
    journalist: Option<AttackerRisk>,
    marketer: f64,
    exact: Vec<f64>,
    sdcmicro: Vec<f64>,
    household: Option<[Vec<f64>; 2]>,
    sampling_fraction: Option<f64>,
    suda: Option<Suda>,
    uniqueness: Option<PopulationUniqueness>,
}

impl Risk {
    pub(crate) fn run(&self, _manner: &Manner) -> Result<Answer, Stopped> {
        super::check_out(self.out.as_deref(), &[self.file.as_path()])?;
        let one = |column: &Option<String>| column.iter().cloned().collect::<Vec<String>>();
        super::check_roles(&[
            ("--quasi-identifiers", &self.quasi_identifiers),
            ("--sensitive", &self.sensitive),
            ("--weight", &one(&self.weight)),
            ("--household", &one(&self.household)),
            ("--person", &one(&self.person)),
        ])?;
        // Where a missing value agrees with all, one person's records may be alike and differ.
        if self.person.is_some() && self.missing == Missing::AnyValue {
            return Err(super::anonymise::bad_option(
                "--missing",
                "any-value",
                &["own-category"],
            ));
        }
        let input = Input::read(self)?;
        let found = self
            .compute(&input)
            .map_err(|fault| refused(&self.file, &fault))?;
        if let Some(out) = &self.out {
            written::write(out, &found, &input.persons.place)?;
        }
        let shown = shown::Shown {
            asked: self,
            input: &input,
            found: &found,
        };
        Ok(Answer::new(shown.text(), shown.value()))
    }

    fn compute(&self, input: &Input) -> Result<Findings, RiskError> {
        let reading = match self.missing {
            Missing::OwnCategory => MissingReading::OwnCategory,
            Missing::AnyValue => MissingReading::AnyValue,
        };
        let weights = input.weights.as_ref();
        let found = frequencies(&input.keys, weights, reading)?;
        let strict = frequencies(&input.keys, None, MissingReading::OwnCategory)?.sample;
        let [exact, sdcmicro] = [IndividualFormula::Exact, IndividualFormula::SdcMicro]
            .map(|formula| individual_risks(&found, formula));
        let household = input.households.as_ref().map(|households| {
            [
                household_risk(&exact, households),
                household_risk(&sdcmicro, households),
            ]
        });
        let sampling_fraction = self.sampling_fraction.or_else(|| {
            let people: f64 = weights?.values().iter().sum();
            Some((input.keys.rows() as f64 / people).min(1.0))
        });
        let suda = match self.suda {
            // Without a sampling fraction the scores stand, and the simulation is left out of the answer.
            true => Some(suda(
                &input.keys,
                &SudaSettings {
                    largest_set: self.largest_set.map(|m| m as usize),
                    sampling_fraction: sampling_fraction.unwrap_or(1.0),
                },
            )?),
            false => None,
        };
        Ok(Findings {
            prosecutor: prosecutor(&found.sample, self.threshold)?,
            journalist: weights
                .map(|_| journalist(&found.population, self.threshold))
                .transpose()?,
            marketer: marketer(&found.sample).ok_or(RiskError::NoRows)?,
            uniqueness: sampling_fraction
                .map(|fraction| {
                    population_uniqueness(&ClassSizes::of_frequencies(&strict), fraction)
                })
                .transpose()?,
            frequencies: found,
            exact,
            sdcmicro,
            household,
            sampling_fraction,
            suda,
        })
    }
}

/// A refusal of the kernel, in words.
pub(super) fn refused(file: &std::path::Path, fault: &RiskError) -> Stopped {
    let diagnostic = match fault {
        RiskError::NoRows => Diagnostic::new(codes::NO_RECORDS),
        RiskError::Weights { rows } => Diagnostic::new(codes::RISK_WEIGHTS).with("count", rows),
        RiskError::Share { .. } => Diagnostic::new(codes::RISK_SHARE),
        RiskError::NoColumns
        | RiskError::TooManyColumns { .. }
        | RiskError::Lengths { .. }
        | RiskError::TooManyValues { .. } => Diagnostic::new(codes::RISK_COLUMNS)
            .with("maximum", wdl_anonymisation::risk::MAX_COLUMNS),
    };
    Stopped::new(diagnostic.with("file", file.display()))
}
