//! What the columns were taken for and why, those that are left out among them: a column must not vanish without a word.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wdl_linkage::recognise::{Reason, Recognised};
use wdl_linkage::{Kind, Model};
use wdl_vocab::{Lang, Text};

/// One column.
#[derive(Clone, Debug)]
pub(super) struct ColumnTold {
    pub(super) column: String,
    /// What it is compared as; nothing when it is left out.
    pub(super) kind: Option<Kind>,
    /// The word of the reason, for programs.
    pub(super) reason: &'static str,
    /// The reason in words.
    pub(super) why: Text,
    /// The share of records without a value, and how many different values; nothing where a model said what the column is.
    pub(super) seen: Option<(f64, u32)>,
}

/// The columns of a run: those that were recognised, or else those of the model that was given.
pub(super) fn columns(model: &Model, recognised: &[Recognised]) -> Vec<ColumnTold> {
    if recognised.is_empty() {
        let given = model.fields.iter().map(|field| ColumnTold {
            column: field.column.clone(),
            kind: Some(field.kind),
            reason: "model",
            why: Text::fixed("dal modello", "from the model"),
            seen: None,
        });
        return given.collect();
    }
    recognised
        .iter()
        .map(|one| ColumnTold {
            column: one.column.clone(),
            kind: one.kind,
            reason: word(one.reason),
            why: one.reason.label(),
            seen: Some((one.share_missing, one.distinct)),
        })
        .collect()
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Name => "name",
        Reason::Values => "values",
        Reason::Empty => "empty",
        Reason::Constant => "constant",
        Reason::FreeText => "free_text",
        Reason::NoRoom => "too_many",
    }
}

/// For programs.
pub(super) fn value(columns: &[ColumnTold]) -> Value {
    columns
        .iter()
        .map(|one| {
            json!({
                "column": one.column,
                "kind": one.kind.map(Kind::word),
                "reason": one.reason,
                "missing": one.seen.map(|(missing, _)| super::told::rounded(missing)),
                "distinct": one.seen.map(|(_, distinct)| distinct),
            })
        })
        .collect()
}

/// A line for each column.
pub(super) fn words(columns: &[ColumnTold], lang: Lang) -> String {
    let mut text = String::new();
    for one in columns {
        let kind = one.kind.map_or("–", Kind::word);
        let _ = writeln!(
            text,
            "  {:<24} {kind:<13} {}",
            one.column,
            one.why.get(lang)
        );
    }
    text
}
