//! Why records cannot be linked by a model, in the words of the command.

use wdl_lab::Stopped;
use wdl_linkage::{Data, LinkError};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnostic, did_you_mean};

/// A model that does not fit the records.
pub(super) fn unfit(fault: &LinkError, data: &Data) -> Stopped {
    let columns: Vec<&str> = data
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let new = Diagnostic::new;
    Stopped::new(match fault {
        LinkError::NoFields => new(codes::MODEL_FIELDS)
            .with("count", 0)
            .with("maximum", FIELDS_SHOWN),
        LinkError::TooManyFields { count } => new(codes::MODEL_FIELDS)
            .with("count", count)
            .with("maximum", FIELDS_SHOWN),
        LinkError::NoColumn { column } => new(codes::MODEL_COLUMN)
            .with("column", column)
            .with("expected", columns.join(", "))
            .suggest(did_you_mean(column, columns.iter().copied())),
        LinkError::Rule { rule } => new(codes::MODEL_NO_FIELD)
            .with("name", rule)
            .with("expected", columns.join(", ")),
        LinkError::TooManyRules { count } => new(codes::MODEL_RULES).with("count", count),
        LinkError::NoSource => new(codes::WRONG_FILES),
    })
}

/// The most columns and pairs of columns of a model.
const FIELDS_SHOWN: usize = 16;
