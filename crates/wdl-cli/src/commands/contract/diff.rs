//! `wdl contract diff OLD NEW`: what changed, whether it is compatible, whether the version says so.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;
use wdl_contract::{Change, CodeLists, Contract, Kind, Raise, Versions, diff, diff_codes};
use wdl_lab::Stopped;
use wdl_vocab::{Exit, Lang, Text};

use super::{check, lab_around};
use crate::answer::Answer;

/// What changed between two versions of a contract, and whether the version says so
#[derive(clap::Args)]
pub(crate) struct Diff {
    /// The old contract
    old: PathBuf,
    /// The new contract
    new: PathBuf,
}

impl Diff {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let (old, new) = (check::read(&self.old)?, check::read(&self.new)?);
        let mut changes = diff(&old, &new);
        if let (Some(before), Some(after)) = (lab_around(&self.old), lab_around(&self.new)) {
            let lists = (CodeLists::read(&before)?, CodeLists::read(&after)?);
            changes.extend(codes(&old, &new, &lists));
        }
        let versions = Versions::of(&old, &new, &changes);
        let is_compatible = changes.iter().all(Change::is_compatible);
        let value = json!({
            "old": { "id": old.id, "version": versions.old },
            "new": { "id": new.id, "version": versions.new },
            "compatible": is_compatible,
            "changes": changes.iter().map(one).collect::<Vec<_>>(),
            "asked": versions.asked,
            "raised": versions.raised,
            "version_right": versions.is_right(),
            "version_due": versions.due(),
        });
        let text = Text::new(
            told(&changes, &versions, Lang::It),
            told(&changes, &versions, Lang::En),
        );
        let exit = if versions.is_right() {
            Exit::Done
        } else {
            Exit::ChecksFailed
        };
        Ok(Answer::new(text, value).exit(exit))
    }
}

fn one(change: &Change) -> serde_json::Value {
    json!({
        "what": change.what,
        "about": change.about,
        "compatible": change.is_compatible(),
        "asks": change.asks,
        "text": { "it": change.text.get(Lang::It), "en": change.text.get(Lang::En) },
    })
}

/// Changes of the code lists that both contracts name.
fn codes(old: &Contract, new: &Contract, (before, after): &(CodeLists, CodeLists)) -> Vec<Change> {
    let lists = |contract: &Contract| -> BTreeSet<String> {
        let columns = contract.columns.iter();
        let list = columns.filter_map(|column| match &column.kind {
            Kind::Code { list } => Some(list.clone()),
            _ => None,
        });
        list.collect()
    };
    let both: Vec<String> = lists(old).intersection(&lists(new)).cloned().collect();
    both.iter()
        .filter_map(|name| Some(diff_codes(before.get(name)?, after.get(name)?)))
        .flatten()
        .collect()
}

fn told(changes: &[Change], versions: &Versions, lang: Lang) -> String {
    let mut text = String::new();
    for raise in [Raise::Major, Raise::Minor, Raise::Patch] {
        let of_raise: Vec<&Change> = changes
            .iter()
            .filter(|change| change.asks == raise)
            .collect();
        if !of_raise.is_empty() {
            let _ = writeln!(text, "{}", heading(raise, lang));
        }
        for change in of_raise {
            let _ = writeln!(text, "  {}", change.text.get(lang));
        }
    }
    let _ = writeln!(text, "{}", verdict(versions, lang));
    text
}

fn heading(raise: Raise, lang: Lang) -> &'static str {
    match (raise, lang) {
        (Raise::Major, Lang::It) => "Non compatibile:",
        (Raise::Major, Lang::En) => "Not compatible:",
        (Raise::Minor, Lang::It) => "Compatibile:",
        (Raise::Minor, Lang::En) => "Compatible:",
        (Raise::Patch, Lang::It) => "Solo parole:",
        (Raise::Patch, Lang::En) => "Words only:",
    }
}

fn verdict(versions: &Versions, lang: Lang) -> String {
    let (old, new, due) = (&versions.old, &versions.new, versions.due());
    match (versions.asked, versions.is_right(), lang) {
        (None, _, Lang::It) => "Nulla è cambiato.".to_owned(),
        (None, _, Lang::En) => "Nothing changed.".to_owned(),
        (Some(_), true, Lang::It) => format!("La versione passa da {old} a {new}: va bene."),
        (Some(_), true, Lang::En) => {
            format!("The version goes from {old} to {new}: that is right.")
        }
        (Some(_), false, Lang::It) => {
            format!("La versione passa da {old} a {new}: queste modifiche chiedono almeno {due}.")
        }
        (Some(_), false, Lang::En) => {
            format!("The version goes from {old} to {new}: these changes ask for {due} at least.")
        }
    }
}
