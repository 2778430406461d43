//! The words a report may carry out of the body: those that stand in the contract, and counts.
//!
//! The texts of a finding are filled with names; a name read in a file may be a person's.
//! So each is held against the contract, and what does not stand there is replaced by `…`.

use std::collections::BTreeSet;

use wdl_contract::{Contract, Kind};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::holder as codes;

/// What is shown in the place of a word that may not travel.
const HIDDEN: &str = "…";

/// The words of a contract.
pub(crate) struct Known(BTreeSet<String>);

impl Known {
    pub(crate) fn of(contract: &Contract) -> Known {
        let mut words = BTreeSet::new();
        for column in &contract.columns {
            words.insert(column.physical_name.clone());
            words.insert(column.name.clone());
            if let Kind::Code { list } = &column.kind {
                words.insert(list.clone());
            }
        }
        words.insert(contract.dataset.to_string());
        words.insert(contract.id.clone());
        Known(words)
    }

    /// Whether every name of a list stands in the contract.
    fn has(&self, words: &str) -> bool {
        words
            .split([',', '+'])
            .all(|word| self.0.contains(word.trim()))
    }

    /// A name of the contract, or nothing.
    pub(crate) fn name(&self, word: &str) -> Option<String> {
        self.has(word).then(|| word.to_owned())
    }

    /// A finding whose texts may be read by anybody.
    pub(crate) fn finding(&self, diagnostic: &Diagnostic) -> Diagnostic {
        self.cleared(diagnostic, is_form)
    }

    /// A decision of the reading whose texts may be read by anybody: how a file is written, it says in the reader's own closed words.
    pub(crate) fn decision(&self, diagnostic: &Diagnostic) -> Diagnostic {
        self.cleared(diagnostic, |_| true)
    }

    fn cleared(&self, diagnostic: &Diagnostic, is_form: fn(&str) -> bool) -> Diagnostic {
        let mut cleared = diagnostic.clone();
        for (name, value) in &mut cleared.args {
            let may_travel = match *name {
                // With few rows a total is a cell.
                "actual" | "expected" if diagnostic.code == codes::TOTAL_CHANGED => false,
                // Filled from the contract or by counting.
                "count" | "line" | "expected" | "minimum" | "maximum" | "period" | "list"
                | "contract" | "version" | "dataset" | "body" | "table" => true,
                "actual" => is_form(value),
                _ => self.has(value),
            };
            if !may_travel {
                HIDDEN.clone_into(value);
            }
        }
        cleared.suggestion = cleared.suggestion.filter(|word| self.has(word));
        cleared
    }
}

/// Whether a word is a mark between cells, a count or a share: the rest of what a check found may be a cell.
fn is_form(word: &str) -> bool {
    let is_count = word.bytes().all(|byte| byte.is_ascii_digit());
    word.len() <= 3 || word.len() <= 9 && is_count || word.len() <= 12 && word.ends_with('%')
}
