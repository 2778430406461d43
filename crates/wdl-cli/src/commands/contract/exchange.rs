//! `wdl contract schema | export FILE | import FILE`: contracts for other programs, and from them.

use std::path::PathBuf;

use serde_json::{Value, json};
use wdl_contract::{CodeLists, from_frictionless, json_schema, to_frictionless};
use wdl_lab::Stopped;
use wdl_vocab::{Diagnose, Diagnostic, Lang, Text};

use super::{check, lab_around};
use crate::answer::Answer;
use crate::manner::{Format, Manner};

/// A contract as a Frictionless Table Schema
#[derive(clap::Args)]
pub(crate) struct Export {
    /// The contract
    file: PathBuf,
}

/// A draft contract from a Frictionless Table Schema, and what is missing in it
#[derive(clap::Args)]
pub(crate) struct Import {
    /// The Table Schema
    file: PathBuf,
}

/// The JSON Schema of the lab's own properties.
pub(super) fn schema() -> Answer {
    let text = Text::new(
        pretty(&json_schema(Lang::It)),
        pretty(&json_schema(Lang::En)),
    );
    Answer::new(text, json_schema(Lang::En))
}

impl Export {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let contract = check::read(&self.file)?;
        let lists = lab_around(&self.file).map(|lab| CodeLists::read(&lab));
        let lists = lists.transpose()?;
        let of = |lang| to_frictionless(&contract, lists.as_ref(), lang);
        let text = Text::new(pretty(&of(Lang::It)), pretty(&of(Lang::En)));
        Ok(Answer::new(text, of(manner.lang())))
    }
}

impl Import {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let text = std::fs::read_to_string(&self.file);
        let text = text.map_err(|fault| Stopped::file(&self.file, &fault))?;
        let name = self.file.with_extension("odcs.yaml").display().to_string();
        let draft = from_frictionless(&name, &text);
        let draft = draft.map_err(|fault| Stopped::file(&self.file, &fault))?;
        let missing: Vec<Diagnostic> = draft.missing.iter().map(Diagnose::diagnostic).collect();
        if manner.format == Format::Text {
            // The draft goes to standard output, to be kept in a file; what it lacks is for whoever reads along.
            for one in &missing {
                eprintln!("{}", one.render(manner.lang()));
            }
        }
        let codes: Vec<Value> = draft
            .codes
            .iter()
            .map(|(list, codes)| json!({ "list": list, "codes": codes }))
            .collect();
        let faults: Vec<Value> = missing
            .iter()
            .map(|one| check::fault(one, manner.lang()))
            .collect();
        let value = json!({ "contract": draft.yaml, "missing": faults, "codes": codes });
        Ok(Answer::new(
            Text::new(draft.yaml.clone(), draft.yaml),
            value,
        ))
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a schema is text and numbers")
}
