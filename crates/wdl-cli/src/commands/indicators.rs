//! `wdl indicators FILE`: measures of poverty and inequality on a plain CSV or Parquet file, outside any lab.

use std::fmt::Write as _;
use std::path::PathBuf;

use wdl_indicators::plain::{self, Errors, Measure, MeasureOf, Measures, Options};
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
    /// What to compute: arpt, arpr, qsr, rmpg, gini and the others of the catalog
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    measures: Vec<String>,
    /// Standard errors: none, linearised, bootstrap
    #[arg(long, value_name = "KIND", default_value = "linearised")]
    se: String,
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
        options.errors = self.se.parse::<Errors>()?;
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
        "{:<6} {:>14} {error:>12} {:>9}  {group}",
        "", "", "n"
    );
    for measure in &answer.measures {
        let number =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| lang.number(value, 5));
        let _ = writeln!(
            shown,
            "{:<6} {:>14} {:>12} {:>9}  {}",
            measure.id,
            number(measure.value),
            number(measure.se),
            lang.number(measure.n as f64, 0),
            name(measure)
        );
    }
    shown
}

fn name(measure: &MeasureOf) -> String {
    let parts: Vec<String> = measure
        .group
        .iter()
        .map(|(column, value)| format!("{column}={}", value.as_deref().unwrap_or("–")))
        .collect();
    parts.join(", ")
}
