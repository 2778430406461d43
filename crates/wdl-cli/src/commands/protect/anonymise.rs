//! `wdl protect anonymise FILE`: the records of a plain file told as precisely as keeps everybody unseen, with the proof that no generalisation costs less.

mod faults;
mod input;
mod shown;
mod written;

use std::path::PathBuf;

use wdl_anonymisation::lattice::{Metric, Problem, frontier};
use wdl_anonymisation::local::{Local, Round, recode, smallest_class};
use wdl_anonymisation::models::{Absent, Distance, Model, measure, measure_at};
use wdl_anonymisation::mondrian::{Parts, part};
use wdl_lab::Stopped;
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::diagnostics::codes::usage;
use wdl_vocab::{Diagnostic, Exit};

use self::input::Input;
use self::shown::Shown;
use crate::answer::Answer;
use crate::manner::Manner;

/// Generalises the records of a plain file at proved least loss
#[derive(clap::Args)]
pub(crate) struct Anonymise {
    /// The CSV or Parquet file, one record in each row
    file: PathBuf,
    /// Columns that somebody outside may know of a person
    #[arg(long, value_name = "COL,…", value_delimiter = ',', required = true)]
    quasi_identifiers: Vec<String>,
    /// The folder of the hierarchies, `*_hierarchy_<column>.csv`: a row for each value, level by level, without names
    #[arg(long, value_name = "DIR")]
    hierarchies: PathBuf,
    /// Columns of which nothing must be learnt; the models below hold for each
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    sensitive: Vec<String>,
    /// The column of the persons, where one may have several records
    #[arg(long, value_name = "COL")]
    person: Option<String>,
    /// The file of the population the records were drawn from, with the same columns
    #[arg(long, value_name = "FILE")]
    population: Option<PathBuf>,
    /// The share of records that may be left out: 0.02 or 2%
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    suppression_limit: f64,
    /// What is made least: loss, loss-arithmetic, discernibility, average-class-size, non-uniform-entropy, precision, height
    #[arg(long, value_name = "METRIC", default_value = "loss")]
    metric: String,
    /// Also tell the generalisations that no other beats in both risk and loss
    #[arg(long)]
    frontier: bool,
    /// Then generalise the records left out among themselves, again and again
    #[arg(long, conflicts_with = "mondrian")]
    local: bool,
    /// Also part the records at medians (Mondrian), and write those parts
    #[arg(long)]
    mondrian: bool,
    /// Write the records told: quasi-identifiers, sensitive columns and those of --keep, without the records left out
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Columns that are written as they are
    #[arg(long, value_name = "COL,…", value_delimiter = ',', requires = "out")]
    keep: Vec<String>,
    #[command(flatten)]
    models: Models,
}

/// What must hold of every class of records that look alike.
#[derive(clap::Args)]
#[command(next_help_heading = "Privacy models")]
struct Models {
    /// At least K persons look alike
    #[arg(long, value_name = "K")]
    k: Option<u32>,
    /// At least K people of the population look like each record
    #[arg(long, value_name = "K")]
    k_map: Option<u32>,
    /// The share of the population of a class that is among the records lies between two bounds
    #[arg(long, value_name = "MIN,MAX", value_parser = pair)]
    delta_presence: Option<(f64, f64)>,
    /// At least L distinct values
    #[arg(long, value_name = "L")]
    l: Option<u32>,
    /// Entropy of at least that of L equally frequent values
    #[arg(long, value_name = "L")]
    entropy_l: Option<f64>,
    /// Recursive (C,L)-diversity
    #[arg(long, value_name = "C,L", value_parser = pair)]
    recursive: Option<(f64, f64)>,
    /// t-closeness
    #[arg(long, value_name = "T")]
    t: Option<f64>,
    /// How far apart values are for t-closeness: equal, ordered, hierarchical
    #[arg(long, value_name = "DISTANCE", default_value = "equal", requires = "t")]
    distance: String,
    /// Delta-disclosure in natural logarithms, values that a class lacks being infinitely far
    #[arg(long, value_name = "DELTA")]
    delta_disclosure: Option<f64>,
    /// Leave values that a class lacks out of delta-disclosure
    #[arg(long, requires = "delta_disclosure")]
    present_only: bool,
    /// Basic beta-likeness
    #[arg(long, value_name = "BETA")]
    beta: Option<f64>,
    /// Enhanced beta-likeness
    #[arg(long, value_name = "BETA")]
    enhanced_beta: Option<f64>,
    /// No value has a share above ALPHA
    #[arg(long, value_name = "ALPHA")]
    alpha: Option<f64>,
}

fn share(text: &str) -> Result<f64, String> {
    let (number, unit) = match text.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    let read = number.trim().parse::<f64>().map(|number| number / unit);
    read.ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "0 … 1, 0% … 100%".to_owned())
}

fn pair(text: &str) -> Result<(f64, f64), String> {
    let read = |text: &str| text.trim().parse::<f64>().ok();
    let numbers = text
        .split_once(',')
        .and_then(|(a, b)| Some((read(a)?, read(b)?)));
    numbers.ok_or_else(|| "A,B".to_owned())
}

impl Anonymise {
    pub(crate) fn run(&self, _manner: &Manner) -> Result<Answer, Stopped> {
        self.check_roles()?;
        self.check_out()?;
        let metric = self.metric()?;
        let input = Input::read(self)?;
        let models = self.models(&input)?;
        let problem = Problem::new(&input.records, &models, metric, self.suppression_limit)
            .map_err(|fault| faults::lattice(&fault))?;
        let optimum = problem.optimum();
        let frontier = match self.frontier {
            true => Some(frontier(&problem).map_err(|fault| faults::lattice(&fault))?),
            false => None,
        };
        let before = measure(&input.records, &input.trees);
        let told = optimum
            .best
            .as_ref()
            .filter(|_| optimum.useful)
            .map(|best| {
                let suppressed = problem.suppressed(&best.levels);
                let kept: Vec<usize> = (0..suppressed.len())
                    .filter(|row| !suppressed[*row])
                    .collect();
                let after = measure_at(&input.records.only(&kept), &best.levels, &input.trees);
                (kept, after)
            });
        let best = optimum.best.as_ref().filter(|_| optimum.useful);
        let local: Option<Local> = match best.filter(|_| self.local) {
            Some(best) => Some(
                recode(&input.records, &models, &best.levels)
                    .map_err(|fault| faults::local(&fault))?,
            ),
            None => None,
        };
        let parts: Option<Parts> = match self.mondrian {
            true => Some(part(&input.records, &models).map_err(|fault| faults::mondrian(&fault))?),
            false => None,
        };
        if let Some(out) = &self.out {
            match (&parts, &local, &told, best) {
                (Some(parts), ..) => written::parts(out, self, &input, parts)?,
                (None, Some(local), ..) => written::rounds(out, self, &input, &local.rounds)?,
                (None, None, Some((kept, _)), Some(best)) => {
                    let round = Round {
                        levels: best.levels.clone(),
                        rows: kept.clone(),
                    };
                    written::rounds(out, self, &input, &[round])?;
                }
                _ => {}
            }
        }
        let shown = Shown {
            names: &self.quasi_identifiers,
            sensitive: &self.sensitive,
            metric: &self.metric,
            limit: problem.suppression_cap(),
            losses: optimum
                .best
                .as_ref()
                .map(|best| problem.losses(&best.levels)),
            optimum: &optimum,
            frontier: frontier.as_deref(),
            before: &before,
            after: told.as_ref().map(|(_, after)| after),
            local: local
                .as_ref()
                .map(|local| (local, smallest_class(&input.records, local))),
            parts: parts.as_ref(),
            missing: &input.missing,
            open: &input.open,
        };
        let answer = Answer::new(shown.text(), shown.value());
        match optimum.useful {
            true => Ok(answer),
            false => Ok(answer.exit(Exit::ChecksFailed)),
        }
    }

    fn metric(&self) -> Result<Metric, Stopped> {
        let known = Metric::NAMES.iter().find(|(name, _)| *name == self.metric);
        known.map(|(_, metric)| *metric).ok_or_else(|| {
            let names = Metric::NAMES.map(|(name, _)| name);
            bad_option("--metric", &self.metric, &names)
        })
    }

    /// What is read is not written over.
    fn check_out(&self) -> Result<(), Stopped> {
        let mut read = vec![self.file.as_path()];
        read.extend(self.population.as_deref());
        super::check_out(self.out.as_deref(), &read)
    }

    /// A column has one role, and is named once.
    fn check_roles(&self) -> Result<(), Stopped> {
        let person: Vec<String> = self.person.iter().cloned().collect();
        super::check_roles(&[
            ("--quasi-identifiers", &self.quasi_identifiers),
            ("--sensitive", &self.sensitive),
            ("--keep", &self.keep),
            ("--person", &person),
        ])
    }

    fn models(&self, input: &Input) -> Result<Vec<Model>, Stopped> {
        let asked = &self.models;
        let mut models = Vec::new();
        models.extend(asked.k.map(Model::KAnonymity));
        models.extend(asked.k_map.map(Model::KMap));
        models.extend(
            asked
                .delta_presence
                .map(|(minimum, maximum)| Model::DeltaPresence { minimum, maximum }),
        );
        for sensitive in 0..self.sensitive.len() {
            models.extend(asked.of(sensitive, self.distance(input, sensitive)?)?);
        }
        let without = asked.of(0, Distance::Equal)?;
        match (without.first(), self.sensitive.is_empty()) {
            (Some(model), true) => Err(Stopped::new(
                Diagnostic::new(codes::NO_SENSITIVE).with("name", model.name()),
            )),
            _ => Ok(models),
        }
    }

    fn distance(&self, input: &Input, sensitive: usize) -> Result<Distance, Stopped> {
        let no_tree = || {
            let column = &self.sensitive[sensitive];
            Stopped::new(
                Diagnostic::new(codes::NO_HIERARCHY)
                    .with("column", column)
                    .with("directory", self.hierarchies.display()),
            )
        };
        match self.models.distance.as_str() {
            "equal" => Ok(Distance::Equal),
            "ordered" => Ok(Distance::Ordered),
            "hierarchical" => input.trees[sensitive]
                .clone()
                .map(Distance::Hierarchical)
                .ok_or_else(no_tree),
            other => Err(bad_option(
                "--distance",
                other,
                &["equal", "ordered", "hierarchical"],
            )),
        }
    }
}

impl Models {
    /// The models of a sensitive column that are asked for.
    fn of(&self, sensitive: usize, distance: Distance) -> Result<Vec<Model>, Stopped> {
        let absent = if self.present_only {
            Absent::LeftOut
        } else {
            Absent::Infinite
        };
        let mut models = Vec::new();
        models.extend(self.l.map(|l| Model::DistinctL { sensitive, l }));
        models.extend(self.entropy_l.map(|l| Model::EntropyL { sensitive, l }));
        if let Some((c, l)) = self.recursive {
            if l.fract() != 0.0 || !(1.0..=1e9).contains(&l) {
                return Err(bad_option("--recursive", &format!("{c},{l}"), &["C,L"]));
            }
            models.push(Model::RecursiveL {
                sensitive,
                c,
                l: l as u32,
            });
        }
        models.extend(self.t.map(|t| Model::TCloseness {
            sensitive,
            t,
            distance,
        }));
        models.extend(self.delta_disclosure.map(|delta| Model::DeltaDisclosure {
            sensitive,
            delta,
            absent,
        }));
        models.extend(self.beta.map(|beta| Model::BasicBeta { sensitive, beta }));
        models.extend(
            self.enhanced_beta
                .map(|beta| Model::EnhancedBeta { sensitive, beta }),
        );
        models.extend(self.alpha.map(|alpha| Model::Alpha { sensitive, alpha }));
        Ok(models)
    }
}

pub(super) fn bad_option(option: &str, value: &str, allowed: &[&str]) -> Stopped {
    Stopped::new(
        Diagnostic::new(usage::BAD_OPTION)
            .with("option", option)
            .with("value", value)
            .with("expected", allowed.join(", ")),
    )
}
