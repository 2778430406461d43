//! `wdl indicators FILE`: measures of poverty and inequality on a plain CSV or Parquet file, outside any lab.

use std::fmt::Write as _;
use std::path::PathBuf;

use wdl_indicators::Line;
use wdl_indicators::plain::{
    self, Errors, Measure, MeasureOf, Measures, Options, RESAMPLING, Resampling, Undefined,
};
use wdl_lab::Stopped;

use wdl_vocab::{Lang, Text};

use crate::answer::Answer;

/// Measures poverty and inequality on a plain file
#[derive(clap::Args)]
pub(crate) struct Indicators {
    /// The CSV or Parquet file, one row for each person
    file: PathBuf,
    /// The column of equivalised incomes
    #[arg(long, value_name = "COL")]
    income: String,
    /// The column of weights
    #[arg(long, value_name = "COL")]
    weight: Option<String>,
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
    /// The poverty threshold as a part of the median
    #[arg(long, value_name = "PART", conflicts_with = "threshold")]
    line: Option<f64>,
    /// A poverty threshold that is given, not estimated
    #[arg(long, value_name = "AMOUNT")]
    threshold: Option<f64>,
    /// The column whose median the threshold is a part of, when it is not the income
    #[arg(long, value_name = "COL", conflicts_with = "threshold")]
    threshold_income: Option<String>,
    /// Standard errors: none, linearised, bootstrap
    #[arg(long, value_name = "KIND", default_value = "linearised")]
    se: String,
    /// How often the bootstrap draws
    #[arg(long, value_name = "N", default_value_t = RESAMPLING.replicates, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    replicates: u32,
    /// The seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = RESAMPLING.seed)]
    seed: u64,
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
        let text = Text::new(table(&answer, Lang::It), table(&answer, Lang::En));
        Ok(Answer::new(text, answer))
    }

    fn options(&self) -> Result<Options, Stopped> {
        let mut options = Options::new(&self.income);
        options.weight.clone_from(&self.weight);
        options.household.clone_from(&self.household);
        options.strata.clone_from(&self.strata);
        options.by.clone_from(&self.by);
        options.reference.clone_from(&self.threshold_income);
        options.line = match (self.threshold, self.line) {
            (Some(amount), _) => Line::Fixed(amount),
            (None, Some(part)) => Line::OfMedian(part),
            (None, None) => Line::default(),
        };
        options.method.rule = plain::quantile_rule(&self.quantiles)?;
        options.method.bandwidth = plain::bandwidth(&self.bandwidth)?;
        options.errors = match self.se.parse()? {
            Errors::Bootstrap(_) => Errors::Bootstrap(Resampling {
                replicates: self.replicates,
                seed: self.seed,
            }),
            other => other,
        };
        if !self.measures.is_empty() {
            options.measures = self
                .measures
                .iter()
                .map(|name| name.parse::<Measure>())
                .collect::<Result<_, _>>()?;
        }
        Ok(options)
    }
}

fn table(answer: &Measures, lang: Lang) -> String {
    let (rows, group, error) = match lang {
        Lang::It => ("righe", "gruppo", "err. std."),
        Lang::En => ("rows", "group", "std. err."),
    };
    let mut shown = format!("{rows}: {}\n", lang.number(answer.rows as f64, 0));
    let _ = writeln!(
        shown,
        "{:<18} {:>14} {error:>12} {:>9}  {group}",
        "", "", "n"
    );
    for measure in &answer.measures {
        let number =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| lang.number(value, 5));
        let _ = writeln!(
            shown,
            "{:<18} {:>14} {:>12} {:>9}  {}",
            measure.id,
            number(measure.value),
            number(measure.se),
            lang.number(measure.n as f64, 0),
            name(measure)
        );
        if let Some(why) = measure.why {
            let _ = writeln!(shown, "  {}", reason(why).get(lang));
        }
    }
    shown
}

/// Why a number is missing, for people.
pub(super) fn reason(why: Undefined) -> Text {
    match why {
        Undefined::NoRows => Text::fixed("nessuna riga nel gruppo", "no row in the group"),
        Undefined::TooFewRows => Text::fixed(
            "troppo poche righe o famiglie per un errore standard",
            "too few rows or households for a standard error",
        ),
        Undefined::NobodyBelow => {
            Text::fixed("nessuno è sotto la soglia", "nobody is below the threshold")
        }
        Undefined::ThresholdNotPositive => Text::fixed(
            "la soglia è zero o negativa",
            "the threshold is zero or negative",
        ),
        Undefined::SumNotPositive => Text::fixed(
            "il totale è zero o negativo",
            "the total is zero or negative",
        ),
        Undefined::LowerSumNotPositive => Text::fixed(
            "il totale dei più poveri è zero o negativo",
            "the total of the poorest is zero or negative",
        ),
        Undefined::ValueNotPositive => {
            Text::fixed("un valore è zero o negativo", "a value is zero or negative")
        }
        Undefined::NoDensity => Text::fixed(
            "i valori sono tutti uguali: nessun errore standard",
            "all values are one: no standard error",
        ),
        Undefined::NotFollowed => Text::fixed(
            "nessuno è osservato in una parte del tempo richiesto",
            "nobody is observed over a part of the time asked about",
        ),
        Undefined::NoStandardError => Text::fixed(
            "questa misura non ha errore standard",
            "this measure has no standard error",
        ),
    }
}

fn name(measure: &MeasureOf) -> String {
    let parts: Vec<String> = measure
        .group
        .iter()
        .map(|(column, value)| format!("{column}={}", value.as_deref().unwrap_or("–")))
        .collect();
    parts.join(", ")
}
