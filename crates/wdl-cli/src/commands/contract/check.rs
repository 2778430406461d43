//! `wdl contract check [FILE…]`: every fault of some contracts, or of all those of a lab.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use wdl_contract::{Contract, ContractError, Contracts, Fault};
use wdl_lab::{Stopped, disagreements};
use wdl_protocol::Lab;
use wdl_vocab::diagnostics::codes::usage;
use wdl_vocab::diagnostics::message;
use wdl_vocab::{Diagnose, Diagnostic, Exit, Lang, Text};

use super::lab_around;
use crate::answer::Answer;
use crate::manner::Manner;

/// Checks contracts: some files, or all those of the lab in --dir
#[derive(clap::Args)]
pub(crate) struct Check {
    /// The contracts; without any, all those of the lab
    files: Vec<PathBuf>,
}

impl Check {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let (checked, faults) = match self.files.is_empty() {
            true => whole_lab(&manner.dir)?,
            false => files(&self.files)?,
        };
        let found: Vec<Diagnostic> = faults.iter().map(Diagnose::diagnostic).collect();
        let value = json!({
            "checked": checked,
            "faults": found.iter().map(|one| fault(one, manner.lang())).collect::<Vec<_>>(),
        });
        let text = Text::new(
            told(checked, &found, Lang::It),
            told(checked, &found, Lang::En),
        );
        let exit = if found.is_empty() {
            Exit::Done
        } else {
            Exit::ChecksFailed
        };
        Ok(Answer::new(text, value).exit(exit))
    }
}

/// A fault as a value.
pub(super) fn fault(one: &Diagnostic, lang: Lang) -> serde_json::Value {
    let place = one.place.as_ref();
    json!({
        "code": one.code.id,
        "file": place.map(|place| &place.file).or(one.args.get("file")),
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "message": message(one, lang),
        "suggestion": one.suggestion,
    })
}

/// The most faults of a kind that are told to people.
const SHOWN: usize = 5;

fn told(checked: usize, found: &[Diagnostic], lang: Lang) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for one in found {
        kinds.entry(one.code.id).or_default().push(one);
    }
    let mut text = String::new();
    for faults in kinds.values() {
        for one in faults.iter().take(SHOWN) {
            let _ = writeln!(text, "{}\n", one.render(lang));
        }
        let more = faults.len().saturating_sub(SHOWN);
        if more > 0 {
            let _ = match lang {
                Lang::It => writeln!(text, "… e altri {more} dello stesso tipo\n"),
                Lang::En => writeln!(text, "… and {more} more of the same kind\n"),
            };
        }
    }
    let count = found.len();
    let _ = match lang {
        Lang::It => write!(text, "Contratti controllati: {checked}. Errori: {count}."),
        Lang::En => write!(text, "Contracts checked: {checked}. Faults: {count}."),
    };
    text
}

/// Every contract of a lab, and whether each keeps to the agreement.
fn whole_lab(directory: &Path) -> Result<(usize, Vec<Fault>), Stopped> {
    let inside = directory.join("lab");
    let folders = [inside.as_path(), directory];
    let lab = folders
        .into_iter()
        .find(|lab| lab.join("lab.yaml").is_file());
    let lab = lab.ok_or_else(|| {
        Stopped::new(Diagnostic::new(usage::NO_LAB).with("directory", directory.display()))
    })?;
    let agreement = Lab::read(lab)?;
    match Contracts::read(lab) {
        Ok(contracts) => {
            let faults = contracts
                .iter()
                .flat_map(|contract| disagreements(contract, &agreement));
            Ok((contracts.iter().count(), faults.collect()))
        }
        Err(error) => {
            let faults = error.into_faults();
            Ok((count(lab), faults))
        }
    }
}

/// How many contracts stand in a lab, readable or not.
fn count(lab: &Path) -> usize {
    let inside = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    inside(&lab.join("contracts"))
        .flat_map(|body| inside(&body.path()).collect::<Vec<_>>())
        .filter(|file| file.file_name().to_string_lossy().ends_with(".odcs.yaml"))
        .count()
}

/// Some files: each with the code lists and the agreement of its lab, when it stands in one.
fn files(paths: &[PathBuf]) -> Result<(usize, Vec<Fault>), Stopped> {
    let mut faults = Vec::new();
    for path in paths {
        match read(path) {
            Ok(contract) => {
                let lab = lab_around(path).filter(|lab| lab.join("lab.yaml").is_file());
                if let Some(lab) = lab {
                    faults.extend(disagreements(&contract, &Lab::read(&lab)?));
                }
            }
            Err(error) => faults.extend(error.into_faults()),
        }
    }
    Ok((paths.len(), faults))
}

/// A contract, with the code lists of its lab when it stands in one.
pub(super) fn read(path: &Path) -> Result<Contract, ContractError> {
    match lab_around(path) {
        Some(lab) => Contract::read_with(path, &wdl_contract::CodeLists::read(&lab)?),
        None => Contract::read(path),
    }
}
