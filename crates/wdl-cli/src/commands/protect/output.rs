//! `wdl protect output FILE`: results that are no table of cells, held to the rules of their kind.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use wdl_disclosure::kinds::{OutputClauses, OutputFinding, coarsen, examine};
use wdl_lab::Stopped;
use wdl_protocol::{MinimumFrequency, TooLow};
use wdl_result::Output;
use wdl_vocab::diagnostics::codes::{disclosure as codes, usage};
use wdl_vocab::{Diagnostic, Exit, Lang, Text};

use super::table::{read_json, several};
use crate::answer::Answer;

/// Tells what must not be shown of a regression, a curve of survival, an event study, a model, a chart, a map
#[derive(clap::Args)]
pub(crate) struct OutputOf {
    /// The result in JSON, with its `kind` and what its numbers rest on; or a list of them
    file: PathBuf,
    /// The least number of units that a number may rest on, three or more
    #[arg(long, value_name = "N", default_value_t = 5)]
    min_frequency: u64,
    /// The least residual degrees of freedom of a regression
    #[arg(long, value_name = "N", default_value_t = 10)]
    residual_freedom: u64,
    /// The least units of a leaf of a model
    #[arg(long, value_name = "N", default_value_t = 10)]
    leaf: u64,
    /// How much better than chance somebody may tell who was among a model's data
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    membership: f64,
}

impl OutputOf {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let clauses = self.clauses()?;
        let (values, is_list) = several(read_json(&self.file)?);
        let mut judged = Vec::new();
        for value in values {
            let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
            let output: Output =
                serde_json::from_value(value).map_err(|fault| self.unreadable(&fault))?;
            let findings = examine(&output, &clauses);
            judged.push(Judged {
                kind: kind.unwrap_or_default(),
                coarser: coarser(&output, &findings, &clauses),
                findings,
            });
        }
        let text = |lang| {
            let said = judged.iter().map(|one| one.text(&clauses, lang));
            said.collect::<String>()
        };
        let mut values: Vec<Value> = judged.iter().map(|one| one.value(&clauses)).collect();
        let value = match (is_list, values.len()) {
            (false, 1) => values.remove(0),
            _ => Value::Array(values),
        };
        let answer = Answer::new(Text::new(text(Lang::It), text(Lang::En)), value);
        match judged.iter().all(|one| one.findings.is_empty()) {
            true => Ok(answer),
            false => Ok(answer.exit(Exit::ChecksFailed)),
        }
    }

    fn clauses(&self) -> Result<OutputClauses, Stopped> {
        let minimum_frequency =
            MinimumFrequency::new(self.min_frequency).map_err(|TooLow(given)| {
                Stopped::new(
                    Diagnostic::new(codes::TABLE_THRESHOLD)
                        .with("file", self.file.display())
                        .with("actual", given)
                        .with("expected", MinimumFrequency::FLOOR),
                )
            })?;
        if !(0.0..1.0).contains(&self.membership) {
            return Err(Stopped::new(
                Diagnostic::new(usage::BAD_OPTION)
                    .with("option", "--membership")
                    .with("value", self.membership)
                    .with("expected", "0 … 1"),
            ));
        }
        Ok(OutputClauses {
            minimum_frequency,
            residual_freedom_min: self.residual_freedom,
            leaf_min: self.leaf,
            membership_advantage_max: self.membership,
        })
    }

    fn unreadable(&self, fault: &serde_json::Error) -> Stopped {
        // Only what the reader expected is told: a value of the file could be a person's.
        let told = fault.to_string();
        let detail = match told.split_once("missing field ") {
            Some((_, field)) => field.to_owned(),
            None => told
                .rsplit_once("expected ")
                .map_or("kind".to_owned(), |(_, one)| one.to_owned()),
        };
        Stopped::new(
            Diagnostic::new(codes::TABLE_UNREADABLE)
                .with("file", self.file.display())
                .with("detail", detail),
        )
    }
}

/// A result and what was found.
struct Judged {
    kind: String,
    findings: Vec<OutputFinding>,
    /// A curve of survival that can be shown in place of one that cannot.
    coarser: Option<Value>,
}

fn coarser(output: &Output, findings: &[OutputFinding], clauses: &OutputClauses) -> Option<Value> {
    match output {
        Output::Survival(curve) if !findings.is_empty() => {
            Some(json!(Output::Survival(coarsen(curve, clauses))))
        }
        Output::Survival(_)
        | Output::Regression(_)
        | Output::EventStudy(_)
        | Output::Model(_)
        | Output::Positions(_)
        | Output::Picture(_)
        | Output::Areas(_)
        | Output::Transcript(_) => None,
    }
}

impl Judged {
    fn value(&self, clauses: &OutputClauses) -> Value {
        let findings = self.findings.iter().map(|finding| {
            let words = finding.words(clauses);
            json!({
                "place": finding.place,
                "rule": finding.breach,
                "reason": { "it": words.get(Lang::It), "en": words.get(Lang::En) },
            })
        });
        let mut value = json!({
            "kind": self.kind,
            "safe": self.findings.is_empty(),
            "findings": findings.collect::<Vec<Value>>(),
        });
        if let Some(coarser) = &self.coarser {
            value["coarser"] = coarser.clone();
        }
        value
    }

    fn text(&self, clauses: &OutputClauses, lang: Lang) -> String {
        let mut shown = String::new();
        let _ = match (self.findings.len(), lang) {
            (0, Lang::It) => writeln!(shown, "{}: nulla da ridire", self.kind),
            (0, Lang::En) => writeln!(shown, "{}: nothing found", self.kind),
            (n, Lang::It) => writeln!(shown, "{}: {n} rilievi, così non si mostra", self.kind),
            (n, Lang::En) => writeln!(
                shown,
                "{}: {n} findings, not to be shown like this",
                self.kind
            ),
        };
        for finding in &self.findings {
            let _ = writeln!(shown, "  {}", finding.words(clauses).get(lang));
        }
        if self.coarser.is_some() {
            let _ = match lang {
                Lang::It => writeln!(
                    shown,
                    "  con --format json: la curva a tempi più distanti, che si può mostrare"
                ),
                Lang::En => writeln!(
                    shown,
                    "  with --format json: the curve at wider times, which can be shown"
                ),
            };
        }
        shown
    }
}
