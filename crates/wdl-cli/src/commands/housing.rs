//! `wdl housing FILE`: housing costs, overcrowding, deprivation and exclusion on a plain CSV or Parquet file, outside any lab.

use std::fmt::Write as _;
use std::path::PathBuf;

use wdl_household::{AtBound, Regime, Scale, WithoutIncome, WorkRule};
use wdl_indicators::plain::Errors;
use wdl_indicators::plain::housing::{
    self, Column, Columns, HousingError, HousingMeasure, HousingMeasureOf, HousingMeasures,
    Options, Unit,
};
use wdl_lab::Stopped;
use wdl_vocab::{Lang, Text};

use super::indicators::reason;
use super::measured::Measured;
use crate::answer::Answer;

/// Measures housing costs, overcrowding, deprivation and exclusion on a plain file
#[derive(clap::Args)]
pub(crate) struct Housing {
    /// The CSV or Parquet file, one row for each person or for each household
    file: PathBuf,
    #[command(flatten)]
    columns: ColumnOptions,
    /// Columns that together say who lives together; without them each row is a household
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    household: Vec<String>,
    /// Columns that together say who a person is; the first is what a partner's link names
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    person: Vec<String>,
    #[command(flatten)]
    measured: Measured,
    /// The column of what was drawn, when it is not the household
    #[arg(long, value_name = "COL")]
    cluster: Option<String>,
    /// The column of strata
    #[arg(long, value_name = "COL")]
    strata: Option<String>,
    /// Columns that make groups: contract type, tenure, area
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    by: Vec<String>,
    /// Count only rows with this value; the poverty line stays that of everybody
    #[arg(long, value_name = "COL=VALUE", value_parser = condition)]
    only: Vec<(String, String)>,
    /// What is counted: persons or households
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help = measures_help())]
    measures: Vec<String>,
    /// The equivalence scale: oecd-modified, carbonaro, square-root, per-head, isee
    #[arg(long, value_name = "SCALE", default_value = "oecd-modified")]
    scale: String,
    /// The file of the scales of the ISEE, for --scale isee: parameters/isee_scale.yaml of a lab
    #[arg(long, value_name = "FILE", required_if_eq("scale", "isee"))]
    scale_file: Option<PathBuf>,
    /// The day on which the scale of the ISEE is in force: 2026-01-01
    #[arg(long, value_name = "DAY", required_if_eq("scale", "isee"))]
    scale_day: Option<jiff::civil::Date>,
    /// The regime of the scale of the ISEE: ordinary, or family (the measures that a law names)
    #[arg(long, value_name = "REGIME", default_value = "ordinary")]
    scale_regime: String,
    /// What households without income count as: overburdened (when they have costs) or left-out
    #[arg(long, value_name = "RULE", default_value = "overburdened")]
    without_income: String,
    /// The rule of low work intensity: eu2030 (18 to 64) or eu2020 (18 to 59)
    #[arg(long, value_name = "RULE", default_value = "eu2030")]
    work_rule: String,
    /// Work of exactly a fifth is low (at-most) or not (below); without it, as the rule has it
    #[arg(long, value_name = "BOUND")]
    work_bound: Option<String>,
    /// Standard errors: none, linearised, bootstrap
    #[arg(long, value_name = "KIND", default_value = "linearised")]
    se: String,
}

/// The columns by their meaning.
#[derive(clap::Args)]
#[command(next_help_heading = "Columns")]
struct ColumnOptions {
    /// Disposable income of the household, a year, allowances included
    #[arg(long, value_name = "COL")]
    income: Option<String>,
    /// Housing costs of the household, a year
    #[arg(long, value_name = "COL")]
    costs: Option<String>,
    /// Housing allowances of the household, a year
    #[arg(long, value_name = "COL")]
    allowances: Option<String>,
    /// Rent of the household, a year; empty for those who do not rent
    #[arg(long, value_name = "COL")]
    rent: Option<String>,
    /// Rooms of the dwelling
    #[arg(long, value_name = "COL")]
    rooms: Option<String>,
    /// Rooms that the household needs, where they are counted already
    #[arg(long, value_name = "COL")]
    rooms_needed: Option<String>,
    /// Members of the household, in a file of one row for each household
    #[arg(long, value_name = "COL")]
    size: Option<String>,
    /// Equivalent adults of the household, where they are counted already
    #[arg(long, value_name = "COL")]
    equivalent_adults: Option<String>,
    /// Children of the declaring parents in the household, for --scale isee; its minors without it
    #[arg(long, value_name = "COL")]
    children: Option<String>,
    /// Whether both parents, or the only one, worked for six months, for --scale isee
    #[arg(long, value_name = "COL")]
    parents_work: Option<String>,
    /// Whether the roof leaks or there is damp or rot (1/0, yes/no)
    #[arg(long, value_name = "COL")]
    leaks: Option<String>,
    /// Whether there is neither bath nor shower
    #[arg(long, value_name = "COL")]
    no_bath: Option<String>,
    /// Whether there is no indoor toilet
    #[arg(long, value_name = "COL")]
    no_toilet: Option<String>,
    /// Whether the dwelling is too dark
    #[arg(long, value_name = "COL")]
    dark: Option<String>,
    /// Age in years
    #[arg(long, value_name = "COL")]
    age: Option<String>,
    /// Sex (m/f, 1/2)
    #[arg(long, value_name = "COL")]
    sex: Option<String>,
    /// The person with whom somebody lives as a couple; empty for nobody
    #[arg(long, value_name = "COL")]
    partner: Option<String>,
    /// Months worked in the year, part time as its part of a full month
    #[arg(long, value_name = "COL")]
    months: Option<String>,
    /// Months somebody could have worked; twelve without it
    #[arg(long, value_name = "COL")]
    months_possible: Option<String>,
    /// Whether somebody studies
    #[arg(long, value_name = "COL")]
    student: Option<String>,
    /// Whether somebody is retired or has a pension, not a survivor's
    #[arg(long, value_name = "COL")]
    pensioner: Option<String>,
    /// Whether somebody neither works nor looks for work
    #[arg(long, value_name = "COL")]
    inactive: Option<String>,
    /// Whether the household lives mainly on pensions
    #[arg(long, value_name = "COL")]
    pensions_main: Option<String>,
    /// Items lacked because they cannot be afforded, each with its column: holiday=hs040
    #[arg(long, value_name = "ITEM=COL,…", value_delimiter = ',')]
    items: Vec<String>,
}

fn measures_help() -> String {
    let ids: Vec<String> = HousingMeasure::all().iter().map(|one| one.id()).collect();
    format!(
        "What to compute, without it all that the columns allow: {}; the number after a colon is a part of income",
        ids.join(", ")
    )
}

fn condition(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, value)) => Ok((column.to_owned(), value.to_owned())),
        None => Err("COL=VALUE".to_owned()),
    }
}

impl ColumnOptions {
    fn columns(&self) -> Result<Columns, Stopped> {
        let named = [
            (Column::Income, &self.income),
            (Column::Costs, &self.costs),
            (Column::Allowances, &self.allowances),
            (Column::Rent, &self.rent),
            (Column::Rooms, &self.rooms),
            (Column::RoomsNeeded, &self.rooms_needed),
            (Column::Size, &self.size),
            (Column::EquivalentAdults, &self.equivalent_adults),
            (Column::Children, &self.children),
            (Column::ParentsWork, &self.parents_work),
            (Column::Leaks, &self.leaks),
            (Column::NoBath, &self.no_bath),
            (Column::NoToilet, &self.no_toilet),
            (Column::Dark, &self.dark),
            (Column::Age, &self.age),
            (Column::Sex, &self.sex),
            (Column::Partner, &self.partner),
            (Column::Months, &self.months),
            (Column::MonthsPossible, &self.months_possible),
            (Column::Student, &self.student),
            (Column::Pensioner, &self.pensioner),
            (Column::Inactive, &self.inactive),
            (Column::PensionsMain, &self.pensions_main),
        ];
        let mut columns = Columns::new();
        for (column, name) in named {
            columns.extend(name.clone().map(|name| (column, name)));
        }
        for item in &self.items {
            let (column, name) = housing::item_column(item)?;
            columns.insert(column, name);
        }
        Ok(columns)
    }
}

impl Housing {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let answer = housing::evaluate(&self.file, &self.options()?)?;
        let text = Text::new(table(&answer, Lang::It), table(&answer, Lang::En));
        Ok(Answer::new(text, answer))
    }

    fn options(&self) -> Result<Options, Stopped> {
        let mut options = Options::new(self.columns.columns()?);
        options.household.clone_from(&self.household);
        options.person.clone_from(&self.person);
        options.weight.clone_from(&self.measured.weight);
        options.cluster.clone_from(&self.cluster);
        options.strata.clone_from(&self.strata);
        options.by.clone_from(&self.by);
        options.only.clone_from(&self.only);
        options.line = self.measured.line();
        if let Some(unit) = &self.unit {
            options.unit = Some(housing::choice("--unit", unit, &Unit::NAMES)?);
        }
        if let Some(bound) = &self.work_bound {
            let bound = housing::choice("--work-bound", bound, &AtBound::NAMES)?;
            options.at_bound = Some(bound);
        }
        self.put_scale(&mut options)?;
        let without = &self.without_income;
        options.without_income =
            housing::choice("--without-income", without, &WithoutIncome::NAMES)?;
        options.work_rule = housing::choice("--work-rule", &self.work_rule, &WorkRule::NAMES)?;
        options.errors = match self.se.parse()? {
            Errors::Bootstrap(usual) => {
                Errors::Bootstrap(self.measured.resampling(usual.replicates))
            }
            other => other,
        };
        for name in &self.measures {
            options.measures.push(name.parse::<HousingMeasure>()?);
        }
        Ok(options)
    }

    /// The scale: one of statistics, or that of the ISEE on a day.
    fn put_scale(&self, options: &mut Options) -> Result<(), Stopped> {
        let of_statistics = Scale::NAMES.map(|(name, scale)| (name, Some(scale)));
        let known = [&of_statistics[..], &[(housing::ISEE, None)]].concat();
        let scale = housing::choice("--scale", &self.scale, &known)?;
        match (scale, &self.scale_file, self.scale_day) {
            (None, Some(file), Some(day)) => {
                let regimes = [("ordinary", Regime::Ordinary), ("family", Regime::Family)];
                let regime = housing::choice("--scale-regime", &self.scale_regime, &regimes)?;
                let scales = housing::isee_scales(file)?;
                let none = || HousingError::NoScale {
                    path: file.clone(),
                    day: day.to_string(),
                };
                options.isee = Some(scales.on(day, regime).cloned().ok_or_else(none)?);
            }
            (scale, _, _) => options.scale = scale.unwrap_or(Scale::OecdModified),
        }
        Ok(())
    }
}

fn table(answer: &HousingMeasures, lang: Lang) -> String {
    let (rows, households, group, error) = match lang {
        Lang::It => ("righe", "famiglie", "gruppo", "err. std."),
        Lang::En => ("rows", "households", "group", "std. err."),
    };
    let count = |number: usize| lang.number(number as f64, 0);
    let mut shown = format!(
        "{rows}: {}; {households}: {}; {}\n",
        count(answer.rows),
        count(answer.households),
        unit(answer.unit).get(lang)
    );
    if let Some(line) = answer.conventions.line {
        let words = Text::fixed("linea di povertà", "poverty line");
        let _ = writeln!(
            shown,
            "{}: {} ({})",
            words.get(lang),
            lang.number(line, 2),
            scale_words(answer.conventions.scale).get(lang)
        );
    }
    if let Some(couples) = answer.couples {
        let words = Text::fixed("coppie conviventi dai legami", "couples by their links");
        let _ = writeln!(shown, "{}: {}", words.get(lang), count(couples));
    }
    let _ = writeln!(
        shown,
        "{:<46} {:>14} {error:>12} {:>9}  {group}",
        "", "", "n"
    );
    for measure in &answer.measures {
        let number =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| lang.number(value, 5));
        let _ = writeln!(
            shown,
            "{:<46} {:>14} {:>12} {:>9}  {}",
            name(measure, lang),
            number(measure.value),
            number(measure.se),
            count(measure.n),
            of_group(measure)
        );
        for note in notes(measure, lang) {
            let _ = writeln!(shown, "  {note}");
        }
    }
    shown
}

/// The equivalence scale behind a line, in words; a name that is not one of these stands as it is.
fn scale_words(name: &str) -> Text {
    match name {
        "oecd-modified" => Text::fixed("scala OCSE modificata", "OECD-modified scale"),
        "carbonaro" => Text::fixed("scala di Carbonaro", "Carbonaro's scale"),
        "square-root" => Text::fixed(
            "scala della radice quadrata dei componenti",
            "square root of the members",
        ),
        "per-head" => Text::fixed("per persona", "per head"),
        housing::ISEE => Text::fixed("scala dell'ISEE", "scale of the ISEE"),
        "given" => Text::fixed(
            "adulti equivalenti dati dal file",
            "equivalent adults given by the file",
        ),
        other => Text::new(other.to_owned(), other.to_owned()),
    }
}

fn unit(unit: Unit) -> Text {
    match unit {
        Unit::Persons => Text::fixed("si contano le persone", "persons are counted"),
        Unit::Households => Text::fixed("si contano le famiglie", "households are counted"),
    }
}

/// The words of a measure, with its limit.
fn name(of: &HousingMeasureOf, lang: Lang) -> String {
    let Ok(measure) = of.id.parse::<HousingMeasure>() else {
        return of.id.clone();
    };
    let label = measure.label();
    match measure.limit() {
        Some(limit) => {
            let percent = (10_000.0 * limit.get()).round() / 100.0;
            let decimals = if percent.fract() == 0.0 { 0 } else { 2 };
            format!("{} {}%", label.get(lang), lang.number(percent, decimals))
        }
        None => label.get(lang).to_owned(),
    }
}

/// What is said under a number: what a convention gives, what is left out and why.
fn notes(measure: &HousingMeasureOf, lang: Lang) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(why) = measure.why {
        notes.push(reason(why).get(lang).to_owned());
    }
    let mut note = |count: usize, words: &Text| {
        if count > 0 {
            notes.push(format!(
                "{}: {}",
                words.get(lang),
                lang.number(count as f64, 0)
            ));
        }
    };
    let by_convention = Text::fixed(
        "contate per convenzione, senza reddito",
        "counted by convention, without income",
    );
    note(measure.by_convention, &by_convention);
    for (why, count) in measure.outside.iter().chain(&measure.untold) {
        note(*count, &left_out(why));
    }
    notes
}

/// Why rows are not counted, for people.
fn left_out(why: &str) -> Text {
    let words = match why {
        "no_rent" => ("senza affitto", "without a rent"),
        "alone" => ("vivono sole", "live alone"),
        "too_old" => ("oltre l'età descritta", "older than described"),
        "nobody_could_work" => (
            "in famiglia nessuno in età e condizione di lavorare",
            "nobody in the household could work",
        ),
        "income_not_positive" => ("reddito zero o negativo", "income zero or negative"),
        "age_missing" => ("età non nota", "age not known"),
        "sex_missing" => ("sesso non noto", "sex not known"),
        "partner_unclear" => (
            "legami di coppia in contraddizione",
            "links of couples contradict each other",
        ),
        "income_missing" => ("reddito non noto", "income not known"),
        "no_line" => (
            "nessuna linea di povertà: la soglia non è un importo positivo",
            "no poverty line: the threshold is no positive amount",
        ),
        "costs_missing" => ("costi non noti", "costs not known"),
        "allowances_missing" => ("contributi non noti", "allowances not known"),
        "scale_missing" | "scale_not_positive" => {
            ("adulti equivalenti non noti", "equivalent adults not known")
        }
        "rooms_missing" => ("stanze non note", "rooms not known"),
        "rooms_not_positive" => ("zero stanze", "zero rooms"),
        "defects_missing" => (
            "difetti dell'abitazione non noti",
            "defects of the dwelling not known",
        ),
        "work_missing" => ("lavoro non noto", "work not known"),
        "items_missing" => (
            "risposte mancanti sulle privazioni",
            "missing answers on items",
        ),
        _ => ("non si sa", "not known"),
    };
    Text::fixed(words.0, words.1)
}

fn of_group(measure: &HousingMeasureOf) -> String {
    let value = |(column, value): &(String, Option<String>)| {
        format!("{column}={}", value.as_deref().unwrap_or("–"))
    };
    let parts: Vec<String> = measure.group.iter().map(value).collect();
    parts.join(", ")
}
