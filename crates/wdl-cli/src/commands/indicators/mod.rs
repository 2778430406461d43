//! `wdl indicators FILE`: measures of poverty and inequality on a plain CSV or Parquet file, outside any lab.

mod words;

pub(super) use words::reason;

use std::path::PathBuf;

use wdl_indicators::plain::{
    self, Bounds, Calibration, Deprivations, Errors, Measure, Options, ReplicateRule,
};
use wdl_lab::Stopped;
use wdl_vocab::{Lang, Text};

use super::measured::Measured;
use crate::answer::Answer;

/// A third of all dimensions, as in the multidimensional poverty index (Alkire and Foster 2011).
const CUT: f64 = 1.0 / 3.0;

/// Measures poverty and inequality on a plain file
#[derive(clap::Args)]
pub(crate) struct Indicators {
    /// The CSV or Parquet file, one row for each person
    file: PathBuf,
    /// The column of equivalised incomes
    #[arg(long, value_name = "COL")]
    income: String,
    #[command(flatten)]
    measured: Measured,
    /// The column that says who lives together
    #[arg(long, value_name = "COL")]
    household: Option<String>,
    /// The column of strata
    #[arg(long, value_name = "COL")]
    strata: Option<String>,
    /// Columns that make groups
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    by: Vec<String>,
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help = measures_help())]
    measures: Vec<String>,
    /// The column whose median the threshold is a part of, when it is not the income
    #[arg(long, value_name = "COL", conflicts_with = "threshold")]
    threshold_income: Option<String>,
    /// Standard errors: none, linearised, bootstrap
    #[arg(long, value_name = "KIND", default_value = "linearised")]
    se: String,
    /// Known totals that the weights shall meet: a CSV file `column,category,total`, or YAML
    #[arg(long, value_name = "MARGINS")]
    calibrate: Option<PathBuf>,
    /// How weights move: raking, linear, logit
    #[arg(
        long,
        value_name = "HOW",
        default_value = "raking",
        requires = "calibrate"
    )]
    calibrate_method: String,
    /// What a weight may be multiplied with at least and at most
    #[arg(
        long,
        value_name = "LOW,HIGH",
        value_delimiter = ',',
        requires = "calibrate"
    )]
    bounds: Vec<f64>,
    /// Who keeps one weight: person, household
    #[arg(long, value_name = "WHO", default_value = "person", requires = "calibrate",
        value_parser = ["person", "household"])]
    calibrate_by: String,
    /// Columns of replicate weights, `*` for any characters; errors then rest on them
    #[arg(
        long,
        value_name = "COL,…",
        value_delimiter = ',',
        conflicts_with = "se"
    )]
    replicate_weights: Vec<String>,
    /// The kind of the replicate weights: brr, fay:0.5, jk1, jkn (strata from --strata), bootstrap
    #[arg(
        long,
        value_name = "KIND",
        default_value = "brr",
        requires = "replicate_weights"
    )]
    replicate_kind: String,
    /// What the squares of replicates are taken around: estimate, mean
    #[arg(
        long,
        value_name = "CENTRE",
        default_value = "estimate",
        requires = "replicate_weights"
    )]
    replicate_centre: String,
    /// Compares groups: all others with one, or the first of two with the second
    #[arg(long, value_name = "GROUP,…", value_delimiter = ',', requires = "by")]
    compare: Vec<String>,
    /// The file of an earlier period, to compare with
    #[arg(long, value_name = "FILE", conflicts_with = "wave")]
    before: Option<PathBuf>,
    /// The column of periods, each compared with the one before
    #[arg(long, value_name = "COL")]
    wave: Option<String>,
    /// The column that says who is who over the periods
    #[arg(long, value_name = "COL", requires = "wave")]
    person: Option<String>,
    /// Decomposes inequality by the groups
    #[arg(long, requires = "by")]
    decompose: bool,
    /// Columns of sources of income, by which the Gini coefficient is decomposed
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    sources: Vec<String>,
    /// Columns of 0 and 1 whose deprivations are counted together
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    deprivations: Vec<String>,
    /// The weights of the deprivations, one each; all the same without
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        requires = "deprivations"
    )]
    deprivation_weights: Vec<f64>,
    /// The part of all deprivations from which somebody is poor
    #[arg(long, value_name = "PART", default_value_t = CUT, requires = "deprivations")]
    cut: f64,
    /// The rule for quantiles: eurostat, or laeken for the code of laeken 0.5
    #[arg(long, value_name = "RULE", default_value = "eurostat")]
    quantiles: String,
    /// The width of the kernel behind linearised errors: undersmoothed, or convey for that of convey
    #[arg(long, value_name = "RULE", default_value = "undersmoothed")]
    bandwidth: String,
}

fn measures_help() -> String {
    let ids: Vec<String> = Measure::all().map(Measure::id).collect();
    format!(
        "What to compute: {}; a number may follow after a colon: arpr:0.4, fgt:2, quantile:0.9",
        ids.join(", ")
    )
}

impl Indicators {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let answer = plain::evaluate(&self.file, &self.options()?)?;
        let text = Text::new(
            words::table(&answer, Lang::It),
            words::table(&answer, Lang::En),
        );
        Ok(Answer::new(text, answer))
    }

    fn options(&self) -> Result<Options, Stopped> {
        let mut options = Options::new(&self.income);
        options.weight.clone_from(&self.measured.weight);
        options.household.clone_from(&self.household);
        options.strata.clone_from(&self.strata);
        options.by.clone_from(&self.by);
        options.reference.clone_from(&self.threshold_income);
        options.line = self.measured.line();
        options.method.rule = plain::quantile_rule(&self.quantiles)?;
        options.method.bandwidth = plain::bandwidth(&self.bandwidth)?;
        options.errors = match self.se.parse()? {
            Errors::Bootstrap(usual) => {
                Errors::Bootstrap(self.measured.resampling(usual.replicates))
            }
            other => other,
        };
        if !self.replicate_weights.is_empty() {
            options.replicate_rule = Some(ReplicateRule {
                kind: plain::replicate_kind(&self.replicate_kind)?,
                centre: plain::centre(&self.replicate_centre)?,
            });
        }
        options
            .replicate_weights
            .clone_from(&self.replicate_weights);
        options.calibration = self.calibration()?;
        options.compare.clone_from(&self.compare);
        options.before.clone_from(&self.before);
        options.wave.clone_from(&self.wave);
        options.person.clone_from(&self.person);
        options.decompose = self.decompose;
        options.sources.clone_from(&self.sources);
        options.deprivations = (!self.deprivations.is_empty()).then(|| Deprivations {
            columns: self.deprivations.clone(),
            weights: self.deprivation_weights.clone(),
            cut: self.cut,
        });
        if !self.measures.is_empty() {
            options.measures = self
                .measures
                .iter()
                .map(|name| name.parse::<Measure>())
                .collect::<Result<_, _>>()?;
        }
        Ok(options)
    }
    fn calibration(&self) -> Result<Option<Calibration>, Stopped> {
        let Some(margins) = &self.calibrate else {
            return Ok(None);
        };
        let bounds = match self.bounds[..] {
            [lower, upper] => Some(Bounds::new(lower, upper).ok_or(
                plain::PlainMeasureError::Options {
                    option: "--bounds",
                    detail: Text::fixed(
                        "da meno di uno a più di uno",
                        "from less than one to more than one",
                    ),
                },
            )?),
            [] => None,
            _ => {
                return Err(plain::PlainMeasureError::Options {
                    option: "--bounds",
                    detail: Text::fixed("due numeri: 0.5,2", "two numbers: 0.5,2"),
                }
                .into());
            }
        };
        Ok(Some(Calibration {
            margins: margins.clone(),
            distance: plain::distance(&self.calibrate_method, bounds)?,
            of_households: self.calibrate_by == "household",
        }))
    }
}
