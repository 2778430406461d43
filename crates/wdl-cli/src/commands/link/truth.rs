//! What is true, when somebody knows: a column that says who is who, or a file of pairs.

use std::path::Path;

use wdl_lab::Stopped;
use wdl_linkage::quality::{Scope, Truth};
use wdl_linkage::{Column, Data};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::linkage as codes;

use super::input::{Table, note};

/// From a column: equal values are one person, and an empty cell says nothing.
pub(super) fn of_column(column: Column, data: &Data) -> Truth {
    Truth::of_labels(Scope::of(data), column.cells)
}

/// From a file whose first two columns are ids: of A and of B, or of one source in any order.
pub(super) fn of_pairs(
    path: &Path,
    data: &Data,
    id: &str,
) -> Result<(Truth, Vec<Diagnostic>), Stopped> {
    let rows = Table::open(path)?.first_two(path)?;
    let pairs = rows
        .iter()
        .filter(|row| row.iter().any(|cell| !cell.is_empty()))
        .map(|[one, other]| (one.as_str(), other.as_str()));
    let truth = Truth::of_pairs(data, Scope::of(data), pairs);
    let notes = truth.notes();
    // The first row holds the names of the columns, which are no ids.
    let strangers = (notes.unknown + notes.out_of_scope).saturating_sub(1);
    if truth.matches() == 0 && strangers > 0 {
        return Err(Stopped::new(
            Diagnostic::new(codes::TRUTH_UNKNOWN)
                .with("count", strangers)
                .with("file", path.display())
                .with("column", id),
        ));
    }
    let told = [
        (codes::TRUTH_PARTLY_UNKNOWN, strangers),
        (codes::TRUTH_OPEN, notes.implied),
    ];
    let told = told
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(code, count)| note(code).with("count", count).with("file", path.display()));
    Ok((truth, told.collect()))
}
