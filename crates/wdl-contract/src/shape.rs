//! What the shape of a dataset asks of its columns.

use crate::contract::{Column, Contract, Kind, Shape, Treatment};

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
    faults
}

/// Why a column may not be as it is, in words.
pub(crate) fn column_fault(column: &Column) -> Option<String> {
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
