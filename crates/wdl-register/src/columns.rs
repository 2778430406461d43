//! What a contract says of columns, as Arrow: how they travel and how the register keeps them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use wdl_contract::{Column, Contract, Kind, Treatment};
use wdl_vocab::BodyId;

use crate::error::ReceiveError;

/// The kind a column has in a delivery; `None` for one that never travels.
pub(crate) fn delivered_type(column: &Column) -> Option<DataType> {
    match (&column.treatment, &column.kind) {
        // A tax code leaves a body as a token or not at all, whatever a contract says.
        (Treatment::Drop, _) | (Treatment::Keep | Treatment::CoarsenMonth, Kind::TaxCode) => None,
        (Treatment::Oprf(_) | Treatment::Keyed(_), _) => Some(DataType::FixedSizeBinary(32)),
        (Treatment::Keep | Treatment::CoarsenMonth, kind) => kept_type(kind),
    }
}

fn kept_type(kind: &Kind) -> Option<DataType> {
    match kind {
        Kind::Text { .. } | Kind::Code { .. } => Some(DataType::Utf8),
        Kind::Integer { .. } => Some(DataType::Int64),
        Kind::Money { .. } => Some(DataType::Decimal128(14, 2)),
        Kind::Decimal {
            precision, scale, ..
        } => Some(DataType::Decimal128(*precision, *scale)),
        Kind::Date => Some(DataType::Date32),
        Kind::TaxCode => None,
    }
}

/// The kind a column has in the register: identifiers are numbers there.
fn register_type(column: &Column) -> Option<DataType> {
    match delivered_type(column)? {
        DataType::FixedSizeBinary(_) => Some(DataType::Int64),
        kept => Some(kept),
    }
}

/// The columns of a dataset in the register, in the contract's order.
pub(crate) fn register_schema(contract: &Contract) -> SchemaRef {
    let fields: Vec<Field> = contract
        .delivered()
        .filter_map(|column| Some(Field::new(&column.name, register_type(column)?, true)))
        .collect();
    Arc::new(Schema::new(fields))
}

/// What tells one row from another: the key column, or, where no row is a person, everything but the measures.
pub(crate) fn key_columns(contract: &Contract) -> Vec<String> {
    if let Some(key) = contract.key() {
        return vec![key.name.clone()];
    }
    let is_group = |column: &&Column| {
        column.name == "reference_year" || matches!(column.kind, Kind::Code { .. })
    };
    contract
        .delivered()
        .filter(is_group)
        .map(|column| column.name.clone())
        .collect()
}

/// What the name of a column made for linkage begins with.
const ENCODING: &str = "link_";

/// How many columns of a delivery were made at the body for linkage: they stand last, as they were declared.
///
/// They stay in the vault; here only their names, places and widths are looked at.
pub(crate) fn encodings(
    contract: &Contract,
    declared: &[String],
    actual: &Schema,
) -> Result<usize, ReceiveError> {
    let wrong = |column: &str| ReceiveError::Encoding {
        contract: contract.id.clone(),
        column: column.to_owned(),
    };
    let first = actual.fields().len().saturating_sub(declared.len());
    if let (None, Some(name)) = (&contract.linkage, declared.first()) {
        return Err(wrong(name));
    }
    for (place, name) in declared.iter().enumerate() {
        let is_name = name.starts_with(ENCODING) && BodyId::parse(name).is_ok();
        let is_kind = match actual.fields().get(first + place) {
            Some(field) if field.name() == name => {
                matches!(field.data_type(), DataType::FixedSizeBinary(32 | 128))
            }
            _ => false,
        };
        if !is_name || !is_kind {
            return Err(wrong(name));
        }
    }
    Ok(declared.len())
}

/// Checks that a delivery has exactly the contract's columns, in its order and of its kinds.
pub(crate) fn check(contract: &Contract, actual: &Schema) -> Result<(), ReceiveError> {
    let expected: Vec<(&Column, DataType)> = contract
        .delivered()
        .filter_map(|column| Some((column, delivered_type(column)?)))
        .collect();
    for (column, _) in &expected {
        if actual.field_with_name(&column.name).is_err() {
            return Err(ReceiveError::ColumnMissing {
                contract: contract.id.clone(),
                column: column.name.clone(),
            });
        }
    }
    for field in actual.fields() {
        if !expected
            .iter()
            .any(|(column, _)| column.name == *field.name())
        {
            return Err(ReceiveError::ColumnUnexpected {
                contract: contract.id.clone(),
                column: field.name().clone(),
            });
        }
    }
    let wrong = |column: &Column, detail: String| ReceiveError::ColumnKind {
        contract: contract.id.clone(),
        column: column.name.clone(),
        detail,
    };
    for (place, (column, kind)) in expected.iter().enumerate() {
        // A name that stands twice leaves another one out of place.
        let field = match actual.fields().get(place) {
            Some(field) if *field.name() == column.name => field,
            _ => return Err(wrong(column, format!("{}", place + 1))),
        };
        if field.data_type() != kind {
            return Err(wrong(column, format!("{} ≠ {kind}", field.data_type())));
        }
    }
    match actual.fields().get(expected.len()) {
        None => Ok(()),
        Some(field) => Err(ReceiveError::ColumnUnexpected {
            contract: contract.id.clone(),
            column: field.name().clone(),
        }),
    }
}
