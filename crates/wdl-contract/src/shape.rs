//! What the shape of a dataset asks of its columns.

use crate::column::{Column, Kind, Treatment};
use crate::contract::{Contract, Layout, Shape};

/// What is wrong with the columns of a contract, in words.
pub(crate) fn faults(contract: &Contract) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ask = |holds: bool, detail: &str| {
        if !holds {
            faults.push(detail.to_owned());
        }
    };
    let is_date = |name: &str| has(contract, name, |kind| *kind == Kind::Date);
    let is_year = has(contract, "reference_year", |kind| {
        matches!(kind, Kind::Integer { .. })
    });
    match contract.shape {
        Shape::Aggregate => {
            ask(
                is_year,
                "an aggregate has an integer column `reference_year`",
            );
            ask(
                !contract
                    .columns
                    .iter()
                    .any(|column| column.is_key || is_of_somebody(column)),
                "an aggregate has no key and no column of a person",
            );
        }
        Shape::Episode => ask(
            is_date("valid_from") && is_date("valid_to"),
            "an episode has the dates `valid_from` and `valid_to`",
        ),
        Shape::Event => ask(is_date("event_date"), "an event has the date `event_date`"),
        Shape::Yearly => ask(
            is_year,
            "yearly facts have an integer column `reference_year`",
        ),
    }
    if contract.shape != Shape::Aggregate {
        ask(
            has_one_key(contract),
            "exactly one column is `primaryKey`, required, with treatment `keyed`",
        );
    }
    for column in &contract.columns {
        let name = &column.name;
        let is_money =
            |part: &String| has(contract, part, |kind| matches!(kind, Kind::Money { .. }));
        ask(
            column.sum_of.iter().all(is_money),
            &format!("`{name}` is the sum of amounts: each part is a column of kind `money`"),
        );
        ask(
            column.not_before.as_deref().is_none_or(is_date),
            &format!("`{name}` is not before another date: that is a column of kind `date`"),
        );
    }
    if contract.layout == Layout::FixedWidth {
        ask(
            has_places(contract),
            "in a layout of fixed width every column has `wdl.width`, and no two share a character",
        );
    }
    faults
}

/// Whether every column has a place in the line that no other has.
fn has_places(contract: &Contract) -> bool {
    let places: Option<Vec<(usize, usize)>> =
        contract.columns.iter().map(|column| column.width).collect();
    places.is_some_and(|mut places| {
        places.sort_unstable();
        places
            .windows(2)
            .all(|pair| pair[0].0.saturating_add(pair[0].1) <= pair[1].0)
    })
}

/// Why a column may not be as it is, in words.
pub(crate) fn column_fault(column: &Column) -> Option<String> {
    if !is_name(&column.name) {
        let name = &column.name;
        return Some(format!(
            "`{name}` is not a name: small letters, digits and `_`, no digit first, and not `line`"
        ));
    }
    let hides = matches!(column.treatment, Treatment::Oprf(_) | Treatment::Drop);
    if column.kind == Kind::TaxCode && !hides {
        return Some(format!(
            "the tax code `{}` is neither `oprf` nor `drop`",
            column.name
        ));
    }
    if matches!(column.treatment, Treatment::Oprf(_)) && column.kind != Kind::TaxCode {
        return Some(format!("`{}` is `oprf` and not a tax code", column.name));
    }
    if column.treatment == Treatment::CoarsenMonth && column.kind != Kind::Date {
        return Some(format!(
            "`{}` is `coarsen_month` and not a date",
            column.name
        ));
    }
    None
}

/// Whether a word can be the name of a column in SQL; `line` is the line of the file.
fn is_name(name: &str) -> bool {
    let is_mark = |mark: char| mark.is_ascii_lowercase() || mark.is_ascii_digit() || mark == '_';
    let begins = name
        .chars()
        .next()
        .is_some_and(|first| !first.is_ascii_digit());
    begins && name.chars().all(is_mark) && name != "line"
}

fn has(contract: &Contract, name: &str, is_right: impl Fn(&Kind) -> bool) -> bool {
    contract
        .column(name)
        .is_some_and(|column| is_right(&column.kind))
}

fn is_of_somebody(column: &Column) -> bool {
    column.kind == Kind::TaxCode
        || matches!(column.treatment, Treatment::Oprf(_) | Treatment::Keyed(_))
}

fn has_one_key(contract: &Contract) -> bool {
    let keys: Vec<&Column> = contract
        .columns
        .iter()
        .filter(|column| column.is_key)
        .collect();
    matches!(keys.as_slice(), [key] if key.required && matches!(key.treatment, Treatment::Keyed(_)))
}
