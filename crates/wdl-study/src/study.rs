//! A study as the lab folder states it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use wdl_evaluation::{Given, Kind, Method};
use wdl_frame::Sql;
use wdl_result::Unit;
use wdl_result::study::{Better, Part, RunKind};
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnose, Diagnostic, Euro, Period, StudyId, Text, did_you_mean};

use crate::fault::StudyError;
use crate::reading;

/// One study of the lab.
// INVARIANT: `frame` and `outcomes` are each one SELECT, and the first does not name the outcome; every method is of the catalog and has every option that it is given.
#[derive(Clone, Debug)]
pub struct Study {
    pub(crate) stated: Stated,
    pub(crate) frame: Sql,
    pub(crate) outcomes: Sql,
    /// Why keys are not as they were registered, by key.
    pub(crate) reasons: BTreeMap<String, Text>,
}

/// What a study states: all that is registered, in the order of its file.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Stated {
    pub(crate) id: StudyId,
    pub(crate) theme: String,
    pub(crate) title: Text,
    pub(crate) question: Text,
    pub(crate) estimand: Text,
    pub(crate) population: Text,
    pub(crate) treatment: Text,
    pub(crate) outcome: OutcomeOf,
    pub(crate) arms: ArmsOf,
    pub(crate) n_label: Text,
    pub(crate) n_unit: Unit,
    pub(crate) period: PeriodOf,
    pub(crate) key: Vec<String>,
    /// What columns of the design are called, where options name them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) columns: BTreeMap<String, Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) behind: Option<BehindOf>,
    /// The query as it is written; its spaces count, its meaning is not guessed.
    pub(crate) frame: String,
    pub(crate) outcomes: String,
    pub(crate) design: Asked,
    pub(crate) assumptions: Vec<Text>,
    pub(crate) robustness: Vec<NamedRun>,
    pub(crate) subgroups: Vec<Subgroup>,
    pub(crate) checks: Vec<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) power: Option<PowerOf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cost: Option<CostOf>,
    pub(crate) tables: Vec<Part>,
    pub(crate) how: Text,
    pub(crate) for_whom: Text,
    pub(crate) limits: Vec<Text>,
    pub(crate) source: Text,
    pub(crate) coverage: Text,
}

/// The outcome.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OutcomeOf {
    pub(crate) column: String,
    pub(crate) label: Text,
    pub(crate) unit: Unit,
    pub(crate) decimals: u8,
    pub(crate) better: Better,
}

/// Those with the measure and those without.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ArmsOf {
    pub(crate) column: String,
    pub(crate) treated: Text,
    pub(crate) others: Text,
}

/// As of which periods the base is read.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct PeriodOf {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<Period>,
    pub(crate) last: Period,
}

/// The columns that say how many stand behind a row which is an aggregate.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BehindOf {
    pub(crate) units: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) events: Option<String>,
}

/// A method with what it is asked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) options: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) estimate: Option<String>,
}

/// The same question another way.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NamedRun {
    pub(crate) id: String,
    pub(crate) label: Text,
    #[serde(flatten)]
    pub(crate) asked: Asked,
}

/// The same way for some only: the values of a column.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Subgroup {
    pub(crate) column: String,
    pub(crate) label: Text,
    pub(crate) values: BTreeMap<String, Text>,
}

/// A test of the design.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Check {
    pub(crate) id: String,
    pub(crate) label: Text,
    /// The run whose answer holds it; nothing when it is a run of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<Asked>,
    /// The figure of the answer that is its p-value; that of the estimate when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) figure: Option<String>,
}

/// The least effect that the design could see.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PowerOf {
    pub(crate) basis: Text,
    #[serde(flatten)]
    pub(crate) how: PowerHow,
}

impl PowerOf {
    /// How often the least effect is to be seen.
    pub(crate) fn power(&self) -> f64 {
        match &self.how {
            PowerHow::Method(asked) => {
                let own = asked.column("power");
                own.and_then(|own| own.parse().ok()).unwrap_or(0.8)
            }
            PowerHow::Simulation { simulation } => simulation.power,
        }
    }
}

/// How the least effect is found.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum PowerHow {
    /// By a method of the catalog.
    Method(Asked),
    /// By the design itself, on outcomes that are drawn.
    Simulation {
        /// How they are drawn.
        simulation: Simulation,
    },
}

/// Outcomes drawn on the rows of the design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Simulation {
    pub(crate) draws: u64,
    pub(crate) seed: u64,
    pub(crate) power: f64,
    #[serde(flatten)]
    pub(crate) outcomes: Drawn,
}

/// Where drawn outcomes come from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Drawn {
    /// From a column of the design that is like the outcome.
    Like {
        /// The column.
        like: String,
    },
    /// From how they are said to vary.
    Noise {
        /// The expected outcome.
        level: f64,
        /// The deviation of the errors of a row.
        deviation: f64,
        /// The correlation of a unit's errors from one period to the next.
        autocorrelation: f64,
        /// The deviation of what stays with a unit.
        between: f64,
        /// Where the outcome is events for each so many behind a row.
        #[serde(skip_serializing_if = "Option::is_none")]
        per: Option<f64>,
    },
}

/// What the measure costs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CostOf {
    /// For each unit, when it is stated; else the mean of a column over those with the measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) each: Option<Euro>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<String>,
    pub(crate) source: Text,
}

/// A run of a study: what it is called and for whom.
#[derive(Clone, Debug)]
pub struct Runs<'s> {
    /// Its category in the tables.
    pub id: String,
    /// What it is called.
    pub label: Text,
    /// What it is for.
    pub kind: RunKind,
    pub(crate) asked: &'s Asked,
    /// The column and the value that rows must have.
    pub(crate) only: Option<(&'s str, &'s str)>,
}

impl Asked {
    pub(crate) fn method(&self) -> &'static dyn Method {
        wdl_evaluation::method(self.method).expect("a study's methods are of the catalog")
    }

    /// `rd/1`.
    pub(crate) fn version(&self) -> String {
        format!("{}/{}", self.method, self.method().version())
    }

    pub(crate) fn given(&self) -> Given {
        let mut given = Given::default();
        for (option, values) in &self.options {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            given = given.with(option, &values);
        }
        given
    }

    /// The first column named by an option.
    pub(crate) fn column(&self, option: &str) -> Option<&str> {
        Some(self.options.get(option)?.first()?.as_str())
    }

    /// Every column that it reads.
    pub(crate) fn columns(&self) -> Vec<String> {
        let read = self.given().columns(self.method().options());
        let mut names: Vec<String> = read.into_iter().map(|(name, _)| name).collect();
        names.dedup();
        names
    }

    /// The columns in which a missing value takes a row out.
    pub(crate) fn needed(&self) -> Vec<String> {
        let options = self.method().options().iter();
        let named =
            options.filter(|own| own.kind.role().is_some() && own.kind != Kind::NumberOrNone);
        let values = named.filter_map(|own| self.options.get(own.name));
        values.flatten().cloned().collect()
    }
}

impl Study {
    /// Its id.
    pub fn id(&self) -> &StudyId {
        &self.stated.id
    }

    /// Its title.
    pub fn title(&self) -> &Text {
        &self.stated.title
    }

    /// What is asked.
    pub fn question(&self) -> &Text {
        &self.stated.question
    }

    /// The method of its design, with its version: `rd/1`.
    pub fn method(&self) -> String {
        self.stated.design.version()
    }

    /// The periods as of which the base is read.
    pub fn periods(&self) -> Vec<Period> {
        let PeriodOf { first, last } = self.stated.period;
        let mut periods = vec![last];
        let mut at = last;
        while first.is_some_and(|first| at > first) {
            at = at.previous();
            periods.push(at);
        }
        periods.reverse();
        periods
    }

    /// The query that gives the design.
    pub fn frame(&self) -> &Sql {
        &self.frame
    }

    /// The query that gives the outcome.
    pub fn outcomes(&self) -> &Sql {
        &self.outcomes
    }

    /// Its runs: the main one, those of robustness, the subgroups.
    pub fn runs(&self) -> Vec<Runs<'_>> {
        let stated = &self.stated;
        let mut runs = vec![Runs {
            id: wdl_result::study::MAIN.to_owned(),
            label: Text::fixed("risultato principale", "main result"),
            kind: RunKind::Main,
            asked: &stated.design,
            only: None,
        }];
        runs.extend(stated.robustness.iter().map(|own| Runs {
            id: own.id.clone(),
            label: own.label.clone(),
            kind: RunKind::Robustness,
            asked: &own.asked,
            only: None,
        }));
        for group in &stated.subgroups {
            runs.extend(group.values.iter().map(|(value, label)| Runs {
                id: format!("{}.{value}", group.column),
                label: label.clone(),
                kind: RunKind::Subgroup,
                asked: &stated.design,
                only: Some((group.column.as_str(), value.as_str())),
            }));
        }
        runs
    }

    /// Every method that it uses, with its version, sorted.
    pub fn methods(&self) -> Vec<String> {
        let stated = &self.stated;
        let checks = stated.checks.iter().filter_map(|own| own.asked.as_ref());
        let power = stated.power.iter().filter_map(|own| match &own.how {
            PowerHow::Method(asked) => Some(asked),
            PowerHow::Simulation { .. } => None,
        });
        let all = std::iter::once(&stated.design)
            .chain(stated.robustness.iter().map(|own| &own.asked))
            .chain(checks)
            .chain(power);
        let mut methods: Vec<String> = all.map(Asked::version).collect();
        methods.sort();
        methods.dedup();
        methods
    }
}

/// Every study of a lab, sorted by id.
#[derive(Clone, Debug, Default)]
pub struct Studies {
    list: Vec<Study>,
}

/// No study has the name.
#[derive(Debug, thiserror::Error)]
#[error("there is no study `{name}`")]
pub struct UnknownStudy {
    name: String,
    meant: Option<String>,
    known: String,
}

impl Diagnose for UnknownStudy {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::UNKNOWN_STUDY)
            .with("name", &self.name)
            .with("expected", &self.known)
            .suggest(self.meant.as_deref())
    }
}

impl Studies {
    /// Reads `studies/*.yaml` of a lab folder; a lab without the folder has none.
    ///
    /// # Errors
    /// [`StudyError`] with every fault found, each with file, line and column.
    pub fn read(lab_folder: &Path) -> Result<Studies, StudyError> {
        reading::read(&lab_folder.join("studies")).map(|list| Studies { list })
    }

    /// The studies.
    pub fn list(&self) -> &[Study] {
        &self.list
    }

    /// The study of a name.
    ///
    /// # Errors
    /// [`UnknownStudy`] with the name that was probably meant.
    pub fn get(&self, name: &str) -> Result<&Study, UnknownStudy> {
        let ids = || self.list.iter().map(|own| own.id().as_str());
        self.list
            .iter()
            .find(|own| own.id().as_str() == name)
            .ok_or_else(|| UnknownStudy {
                name: name.chars().take(60).collect(),
                meant: did_you_mean(name, ids()).map(str::to_owned),
                known: match self.list.is_empty() {
                    true => "–".to_owned(),
                    false => ids().collect::<Vec<_>>().join(", "),
                },
            })
    }
}
