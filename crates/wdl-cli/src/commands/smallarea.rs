//! `wdl smallarea FILE`: estimates for small areas on plain CSV or Parquet files, outside any lab.

use std::fmt::Write as _;
use std::path::PathBuf;

use wdl_indicators::Line;
use wdl_indicators::plain::areas::{
    self, AreaLevel, AreasAnswer, BenchmarkAsked, Coefficient, CovariateColumns, ErrorColumn, Flag,
    LineOfSample, PeopleAnswer, PeopleRow, UnitLevel, Warning,
};
use wdl_lab::Stopped;
use wdl_vocab::{Lang, Text};

use super::measured::Measured;
use crate::answer::Answer;

/// Estimates small areas, from direct estimates or from a sample and a register
#[derive(clap::Args)]
pub(crate) struct SmallArea {
    /// The CSV or Parquet file: one row for each area, or with --population one for each person of a sample
    file: PathBuf,
    /// The column of the areas' names
    #[arg(long, value_name = "COL")]
    area: String,
    /// Columns of covariates: numbers as they are, text as categories
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    x: Vec<String>,
    /// Columns of covariates that are categories even when written as numbers
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    categories: Vec<String>,
    #[command(flatten)]
    areas: OfAreas,
    #[command(flatten)]
    people: OfPeople,
}

/// What only the model of areas reads.
#[derive(clap::Args)]
#[command(next_help_heading = "One row for each area")]
struct OfAreas {
    /// The column of direct estimates
    #[arg(
        long,
        value_name = "COL",
        required_unless_present = "population",
        conflicts_with = "population"
    )]
    estimate: Option<String>,
    /// The column of their sampling variances
    #[arg(long, value_name = "COL", required_unless_present_any = ["se", "population"], conflicts_with_all = ["se", "population"])]
    variance: Option<String>,
    /// The column of their standard errors
    #[arg(long, value_name = "COL", conflicts_with = "population")]
    se: Option<String>,
    /// How the variance between areas is estimated: reml (unless said), ml, fh
    #[arg(long, value_name = "METHOD", conflicts_with = "population")]
    method: Option<String>,
    /// Make the estimates add up to the direct total: ratio, difference
    #[arg(long, value_name = "HOW", conflicts_with = "population")]
    benchmark: Option<String>,
    /// The column of the areas' sizes, when the estimates are means or rates
    #[arg(long, value_name = "COL", requires = "benchmark")]
    size: Option<String>,
    /// The total, or with --size the mean, to add up to
    #[arg(
        long,
        value_name = "AMOUNT",
        requires = "benchmark",
        allow_negative_numbers = true
    )]
    benchmark_to: Option<f64>,
}

/// What only the model of people reads.
#[derive(clap::Args)]
#[command(
    next_help_heading = "A sample of people and a register",
    mut_arg("weight", |arg| arg.conflicts_with("estimate")),
    mut_arg("line", |arg| arg.conflicts_with("estimate").help("The poverty line as a part of the sample's median: 0.6 unless said")),
    mut_arg("threshold", |arg| arg.conflicts_with("estimate")),
    mut_arg("seed", |arg| arg.conflicts_with("estimate")),
    mut_arg("replicates", |arg| arg
        .conflicts_with("estimate")
        .value_parser(clap::value_parser!(u32).range(0..=100_000))
        .help("How often the bootstrap of the errors draws: 100 unless said, 0 for no errors"))
)]
struct OfPeople {
    /// The CSV or Parquet file of the whole population, with the area and the covariates of each person
    #[arg(long, value_name = "FILE")]
    population: Option<PathBuf>,
    /// The column of incomes
    #[arg(
        long,
        value_name = "COL",
        required_unless_present = "estimate",
        conflicts_with = "estimate"
    )]
    income: Option<String>,
    /// The scale of incomes: log-shift (unless said), log, box-cox, none
    #[arg(long, value_name = "SCALE", conflicts_with = "estimate")]
    transformation: Option<String>,
    #[command(flatten)]
    measured: Measured,
}

/// The bootstrap of the errors when nothing else is said.
const REPLICATES: u32 = 100;

impl SmallArea {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        match &self.people.population {
            Some(population) => {
                let answer = areas::of_people(&self.file, &self.people(population)?)?;
                let text = |lang| people_table(&answer, lang);
                Ok(Answer::new(
                    Text::new(text(Lang::It), text(Lang::En)),
                    answer,
                ))
            }
            None => {
                let answer = areas::of_areas(&self.file, &self.areas()?)?;
                let text = |lang| areas_table(&answer, lang);
                Ok(Answer::new(
                    Text::new(text(Lang::It), text(Lang::En)),
                    answer,
                ))
            }
        }
    }

    fn covariates(&self) -> CovariateColumns {
        CovariateColumns {
            columns: self.x.clone(),
            categories: self.categories.clone(),
        }
    }

    fn areas(&self) -> Result<AreaLevel, Stopped> {
        let own = &self.areas;
        let benchmark = own.benchmark.as_deref().map(areas::benchmark).transpose()?;
        let error = match (&own.variance, &own.se) {
            (Some(column), _) => ErrorColumn::Variance(column.clone()),
            (None, column) => ErrorColumn::StandardError(column.clone().unwrap_or_default()),
        };
        Ok(AreaLevel {
            area: self.area.clone(),
            estimate: own.estimate.clone().unwrap_or_default(),
            error,
            covariates: self.covariates(),
            method: areas::method(own.method.as_deref().unwrap_or("reml"))?,
            benchmark: benchmark.map(|how| BenchmarkAsked {
                how,
                size: own.size.clone(),
                total: own.benchmark_to,
            }),
        })
    }

    fn people(&self, population: &std::path::Path) -> Result<UnitLevel, Stopped> {
        let own = &self.people;
        Ok(UnitLevel {
            population: population.to_owned(),
            area: self.area.clone(),
            income: own.income.clone().unwrap_or_default(),
            weight: own.measured.weight.clone(),
            covariates: self.covariates(),
            line: match own.measured.line() {
                Line::Fixed(amount) => LineOfSample::Fixed(amount),
                Line::OfMedian(part) => LineOfSample::OfMedian(part),
            },
            transformation: areas::transformation(
                own.transformation.as_deref().unwrap_or("log-shift"),
            )?,
            resampling: own.measured.resampling(REPLICATES),
        })
    }
}

fn areas_table(answer: &AreasAnswer, lang: Lang) -> String {
    let words = match lang {
        Lang::It => [
            "area",
            "diretta",
            "err. std.",
            "stima",
            "rad. EQM",
            "peso dir.",
            "vincolata",
        ],
        Lang::En => [
            "area",
            "direct",
            "std. err.",
            "estimate",
            "root MSE",
            "wt direct",
            "benchm.",
        ],
    };
    let mut shown = head(answer.variance_between, None, &answer.coefficients, lang);
    let has_benchmark = answer.benchmark.is_some();
    let line = |cells: [&str; 7]| {
        let [area, direct, se, estimate, rmse, weight, benchmarked] = cells;
        let last = if has_benchmark { benchmarked } else { "" };
        format!("{area:<20} {direct:>12} {se:>10} {estimate:>12} {rmse:>10} {weight:>9} {last:>12}")
    };
    let _ = writeln!(shown, "{}", line(words).trim_end());
    for area in &answer.areas {
        let number = |value: Option<f64>| number(value, lang);
        let row = line([
            &area.area,
            &number(area.direct),
            &number(area.direct_se),
            &number(area.estimate),
            &number(area.uncertainty.rmse),
            &number(area.weight_of_direct),
            &number(area.benchmarked),
        ]);
        let _ = writeln!(shown, "{}", row.trim_end());
        told(&mut shown, &area.flags, area.why, lang);
    }
    warnings(&mut shown, &answer.warnings, lang);
    shown
}

fn people_table(answer: &PeopleAnswer, lang: Lang) -> String {
    let words = match lang {
        Lang::It => [
            "area", "n", "persone", "diretta", "quota", "rad. EQM", "divario", "media",
        ],
        Lang::En => [
            "area", "n", "people", "direct", "rate", "root MSE", "gap", "mean",
        ],
    };
    let (threshold, left_out) = match lang {
        Lang::It => ("soglia", "righe lasciate fuori (campione, registro)"),
        Lang::En => ("threshold", "rows left out (sample, register)"),
    };
    let mut shown = format!(
        "{threshold}: {}\n{left_out}: {}, {}\n",
        lang.number(answer.threshold, 2),
        lang.number(answer.sample_rows_left_out as f64, 0),
        lang.number(answer.population_rows_left_out as f64, 0),
    );
    let within = Some(answer.variance_within);
    shown += &head(answer.variance_between, within, &answer.coefficients, lang);
    let line = |cells: [&str; 8]| {
        let [area, n, people, direct, rate, rmse, gap, mean] = cells;
        format!("{area:<20} {n:>7} {people:>9} {direct:>9} {rate:>9} {rmse:>9} {gap:>9} {mean:>12}")
    };
    let _ = writeln!(shown, "{}", line(words));
    for area in &answer.areas {
        let of = |of: fn(&PeopleRow) -> Option<f64>| number(of(area), lang);
        let mean = area
            .mean
            .map_or("–".to_owned(), |mean| lang.number(mean.estimate, 0));
        let row = line([
            &area.area,
            &lang.number(area.n as f64, 0),
            &lang.number(area.people as f64, 0),
            &of(|area| area.direct_rate),
            &of(|area| area.rate.map(|rate| rate.estimate)),
            &of(|area| area.rate.and_then(|rate| rate.uncertainty.rmse)),
            &of(|area| area.gap.map(|gap| gap.estimate)),
            &mean,
        ]);
        let _ = writeln!(shown, "{row}");
        told(&mut shown, &area.flags, area.why, lang);
    }
    warnings(&mut shown, &answer.warnings, lang);
    shown
}

fn number(value: Option<f64>, lang: Lang) -> String {
    value.map_or("–".to_owned(), |value| lang.number(value, 5))
}

/// Variances and coefficients.
fn head(between: f64, within: Option<f64>, coefficients: &[Coefficient], lang: Lang) -> String {
    let (of_areas, of_people, error) = match lang {
        Lang::It => ("varianza tra aree", "varianza entro le aree", "err. std."),
        Lang::En => (
            "variance between areas",
            "variance within areas",
            "std. err.",
        ),
    };
    let mut shown = format!("{of_areas}: {}\n", lang.number(between, 6));
    if let Some(within) = within {
        let _ = writeln!(shown, "{of_people}: {}", lang.number(within, 6));
    }
    for one in coefficients {
        let (value, se) = (number(one.value, lang), number(one.se, lang));
        let _ = writeln!(shown, "  {}: {value} ({error} {se})", one.name);
    }
    shown
}

fn told(shown: &mut String, flags: &[Flag], why: Option<&'static str>, lang: Lang) {
    for flag in flags {
        let _ = writeln!(shown, "  {}", of_flag(*flag).get(lang));
    }
    let words = why.map(|why| match why {
        "not_identified" => Text::fixed(
            "nessuna stima: ha una categoria che nessuna riga con un valore ha",
            "no estimate: it has a category that no row with a value has",
        ),
        "covariate_missing" => Text::fixed(
            "nessuna stima: manca una covariata",
            "no estimate: a covariate is missing",
        ),
        _ => Text::fixed(
            "nessuna stima: il registro non vi ha nessuno",
            "no estimate: the register has nobody in it",
        ),
    });
    if let Some(words) = words {
        let _ = writeln!(shown, "  {}", words.get(lang));
    }
}

fn of_flag(flag: Flag) -> Text {
    match flag {
        Flag::Synthetic => Text::fixed(
            "stima sintetica: viene solo dal modello",
            "synthetic: it rests on the model alone",
        ),
        Flag::NoDirectEstimate => Text::fixed("nessuna stima diretta", "no direct estimate"),
        Flag::NoSamplingVariance => Text::fixed(
            "la stima diretta non ha varianza: non usata",
            "the direct estimate has no variance: not used",
        ),
        Flag::ZeroSamplingVariance => Text::fixed(
            "varianza campionaria zero, che non è certezza: stima diretta non usata",
            "sampling variance of zero, which is no certainty: direct estimate not used",
        ),
        Flag::NotInSample => Text::fixed(
            "nel campione non c'è nessuno",
            "nobody of it is in the sample",
        ),
        Flag::PeopleLeftOut => Text::fixed(
            "persone del registro lasciate fuori: il campione non dice nulla di chi è come loro",
            "people of the register left out: the sample says nothing about people like them",
        ),
        Flag::MseNotPositive => Text::fixed(
            "l'errore quadratico medio risulta zero o negativo: non dice nulla",
            "the mean squared error comes out at zero or less: it says nothing",
        ),
    }
}

fn warnings(shown: &mut String, warnings: &[Warning], lang: Lang) {
    let mark = match lang {
        Lang::It => "attenzione",
        Lang::En => "warning",
    };
    for warning in warnings {
        let _ = writeln!(shown, "{mark}: {}", of_warning(warning).get(lang));
    }
}

fn of_warning(warning: &Warning) -> Text {
    match warning {
        Warning::AreaVarianceZero => Text::fixed(
            "la varianza tra aree risulta zero: le stime sono quelle del modello, e i loro errori sono sottostimati",
            "the variance between areas comes out at zero: the estimates are the model's, and their errors are understated",
        ),
        Warning::Collinear { columns } => Text::new(
            format!(
                "ripetono altre colonne, lasciate fuori: {}",
                columns.join(", ")
            ),
            format!(
                "they repeat other columns and were left out: {}",
                columns.join(", ")
            ),
        ),
        Warning::ScaleAtEnd => Text::fixed(
            "la scala scelta è al limite di quelle provate: un'altra può andare meglio",
            "the scale chosen is at the end of those tried: another may fit better",
        ),
        Warning::ReplicatesLost { count } => Text::new(
            format!("repliche a cui il modello non si adatta: {count}"),
            format!("replicates to which the model could not be fitted: {count}"),
        ),
        Warning::ErrorsBeforeBenchmark => Text::fixed(
            "gli errori sono quelli delle stime prima del vincolo",
            "the errors are those of the estimates before the benchmark",
        ),
    }
}
