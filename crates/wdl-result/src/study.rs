//! The tables of an evaluation study: which part of it a table is, and what must be known to read them all.
//!
//! What the study states (question, design, registration, deviations) travels in the header of its table of effects, so that whoever reviews a release agrees to the words as well as to the numbers.

use serde::{Deserialize, Serialize};
use wdl_vocab::{Digest, Euro, StudyId, Text};

/// The part of a study that a table is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyPart {
    /// The study.
    pub study: StudyId,
    /// Which of its tables.
    pub part: Part,
    /// What the study says, with the table of effects alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<Box<StudyFace>>,
}

/// The tables that a study can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Estimates with the ends of their intervals, one for each run: the main one, robustness, subgroups.
    Effects,
    /// How often chance alone gives an estimate as far from zero, by run.
    PValues,
    /// Estimates by time since the measure began.
    Times,
    /// Units with and without the measure, from all of the design to those used, and by subgroup.
    Sample,
    /// The mean outcome with and without the measure, without any method.
    Means,
    /// Tests of the design, by their p-values.
    Checks,
}

impl Part {
    /// Every part, in the order in which a reader meets them.
    pub const ALL: [Part; 6] = [
        Part::Effects,
        Part::PValues,
        Part::Times,
        Part::Sample,
        Part::Means,
        Part::Checks,
    ];

    /// The part as files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Effects => "effects",
            Part::PValues => "p_values",
            Part::Times => "times",
            Part::Sample => "sample",
            Part::Means => "means",
            Part::Checks => "checks",
        }
    }
}

/// The dimension of the runs of a study.
pub const RUN: &str = "run";
/// The dimension that tells an estimate from the ends of its interval.
pub const FIGURE: &str = "figure";
/// The categories of [`FIGURE`]: the estimate, the lower and the upper end.
pub const FIGURES: [&str; 3] = ["estimate", "low", "high"];
/// The dimension of those with and without the measure.
pub const ARM: &str = "arm";
/// The categories of [`ARM`].
pub const ARMS: [&str; 2] = ["treated", "others"];
/// The dimension of the times since the measure began.
pub const TIME: &str = "time";
/// The dimension of the steps from the rows of the design to those used.
pub const STEP: &str = "step";
/// The categories of [`STEP`]: those used, those without an outcome, those without a value that a method needs.
pub const STEPS: [&str; 3] = ["used", "no_outcome", "missing"];
/// The dimension of the tests of a design.
pub const CHECK: &str = "check";
/// The run that the study stated as its answer.
pub const MAIN: &str = "main";

/// What a study says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyFace {
    /// Its title.
    pub title: Text,
    /// What is asked, as an official would.
    pub question: Text,
    /// What is estimated, for whom.
    pub estimand: Text,
    /// Whom it is about.
    pub population: Text,
    /// The measure.
    pub treatment: Text,
    /// What the measure should change.
    pub outcome: Text,
    /// What those with the measure are called.
    pub treated: Text,
    /// What those they are compared with are called.
    pub others: Text,
    /// Which way is good.
    pub better: Better,
    /// How we know, in plain words.
    pub how: Text,
    /// For whom the answer holds, in plain words.
    pub for_whom: Text,
    /// What must hold for the estimate to be an effect.
    pub assumptions: Vec<Text>,
    /// What we do not know.
    pub limits: Vec<Text>,
    /// The runs, the main one first.
    pub runs: Vec<RunFace>,
    /// What the methods warn of.
    pub warnings: Vec<Text>,
    /// The usages the methods followed.
    pub conventions: Vec<Text>,
    /// Warnings that are kept in the lab, because they name small numbers.
    #[serde(default)]
    pub warnings_kept: u64,
    /// The least effect that the design could see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<PowerFace>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostFace>,
    /// Its registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationFace>,
    /// Whether the outcome was read before registration, in this run or in an earlier one.
    pub outcome_read_before: bool,
    /// What changed in the study since it was registered.
    pub deviations: Vec<Deviation>,
    /// When it was run, RFC 3339.
    pub run_on: String,
}

/// Which way an outcome is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less of it is good: evictions.
    Lower,
    /// More of it is good: months at work.
    Higher,
    /// Neither: spending.
    Neither,
}

/// One run of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFace {
    /// Its category in the tables.
    pub id: String,
    /// What it is called.
    pub label: Text,
    /// What it is for.
    pub kind: RunKind,
    /// The method and its version: `rd/1`.
    pub method: String,
    /// What the method does.
    pub method_title: Text,
    /// The options it was given, as the study writes them.
    pub options: Vec<(String, String)>,
    /// What the columns that the options name are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<(String, Text)>,
    /// Estimates of its answer that rest on few units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub few: Vec<Text>,
    /// Tables of its answer with rows that do; they stay in the lab.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub few_tables: Vec<Text>,
    /// The level of its intervals.
    pub level: f64,
    /// Why there is no estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Text>,
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// It is the answer.
    Main,
    /// The same question another way.
    Robustness,
    /// The same way for some only.
    Subgroup,
}

/// The least effect that a design could see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerFace {
    /// The least effect, in the unit of the outcome.
    pub minimum: f64,
    /// How often it would be seen.
    pub power: f64,
    /// What the variance was taken from.
    pub basis: Text,
    /// The half-width of the interval that the design promised, in the unit of the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_width: Option<f64>,
    /// How often the design finds an effect that is not there, where that was simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_alarms: Option<f64>,
    /// How many times as wide as promised the interval came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widened: Option<f64>,
}

/// What a measure costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostFace {
    /// Euros for each unit that has the measure.
    pub each: Euro,
    /// Where the amount comes from.
    pub source: Text,
}

/// When and as what a study was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationFace {
    /// The digest of what was stated.
    pub digest: Digest,
    /// When, RFC 3339.
    pub on: String,
    /// Its entry in the record.
    pub entry: u64,
    /// The methods with their versions.
    pub methods: Vec<String>,
    /// The version of the program.
    pub code_version: String,
}

/// A word of the study that is not as it was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// Where it stands: `design.options.kernel`.
    pub key: String,
    /// As it was registered; nothing when it was not there.
    pub registered: Option<String>,
    /// As it is now; nothing when it is gone.
    pub now: Option<String>,
    /// Why, as the study says; nothing when it does not say.
    pub reason: Option<Text>,
}
