//! What the contract says of each column, done: kept, coarsened, hashed, replaced by a token, left behind.
//!
//! What comes out may leave under a seal; what went in may not.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, Date32Array, FixedSizeBinaryArray, StringArray,
};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::{Date32Type, Field, Schema};
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;
use wdl_contract::{Contract, Treatment};
use wdl_crypto::HashKey;

use crate::check::first_of_month;
use crate::error::HolderError;
use crate::seal::people::{People, PersonKey};

/// The table that travels, and how many of its rows name nobody.
pub(crate) struct Travelling {
    pub(crate) batch: RecordBatch,
    pub(crate) rows_without_person: u64,
    pub(crate) columns_dropped: Vec<String>,
}

/// The keyed hash under which a person is remembered.
pub(crate) fn person_key(hashing: &HashKey, domain: &str, code: &str) -> PersonKey {
    hashing.hash(&format!("people/{domain}"), code.as_bytes())
}

/// Applies the contract to the columns as read; every person of `arrays` is in `people`.
pub(crate) fn travelling(
    contract: &Contract,
    arrays: &[Option<ArrayRef>],
    hashing: &HashKey,
    people: &People,
) -> Result<Travelling, HolderError> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    let mut columns_dropped = Vec::new();
    let mut rows_without_person = 0;
    for (column, array) in contract.columns.iter().zip(arrays) {
        let Some(array) = array else {
            columns_dropped.push(column.physical_name.clone());
            continue;
        };
        let travels: ArrayRef = match &column.treatment {
            Treatment::Drop => {
                columns_dropped.push(column.physical_name.clone());
                continue;
            }
            Treatment::Keep => Arc::clone(array),
            Treatment::CoarsenMonth => Arc::new(months(contract, array)?),
            Treatment::Keyed(domain) => Arc::new(ids(texts(contract, array)?, |value| {
                hashing.hash(domain, value.as_bytes())
            })),
            Treatment::Oprf(domain) => {
                rows_without_person = array.null_count() as u64;
                Arc::new(ids(texts(contract, array)?, |code| {
                    let person = person_key(hashing, domain, code);
                    let token = people.token(&person);
                    *token.expect("every person was asked for").as_bytes()
                }))
            }
        };
        fields.push(Field::new(&column.name, travels.data_type().clone(), true));
        columns.push(travels);
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|error| {
        HolderError::Seal {
            dataset: contract.dataset.clone(),
            detail: error.to_string(),
        }
    })?;
    Ok(Travelling {
        batch,
        rows_without_person,
        columns_dropped,
    })
}

/// A column of texts; a contract that hashes anything else cannot be followed.
fn texts<'a>(contract: &Contract, array: &'a ArrayRef) -> Result<&'a StringArray, HolderError> {
    array.as_string_opt().ok_or_else(|| HolderError::Seal {
        dataset: contract.dataset.clone(),
        detail: format!("{} is hashed as text", array.data_type()),
    })
}

/// Each text as 32 bytes; nothing stays nothing.
fn ids(texts: &StringArray, id: impl Fn(&str) -> [u8; 32] + Sync) -> FixedSizeBinaryArray {
    let bytes: Vec<[u8; 32]> = (0..texts.len())
        .into_par_iter()
        .with_min_len(1024)
        .map(|row| match texts.is_null(row) {
            true => [0; 32],
            false => id(texts.value(row)),
        })
        .collect();
    let nulls: Option<NullBuffer> = texts.nulls().cloned();
    FixedSizeBinaryArray::new(32, Buffer::from_vec(bytes.into_flattened()), nulls)
}

/// Each date as the first of its month.
fn months(contract: &Contract, array: &ArrayRef) -> Result<Date32Array, HolderError> {
    let dates = array.as_primitive_opt::<Date32Type>();
    let dates = dates.ok_or_else(|| HolderError::Seal {
        dataset: contract.dataset.clone(),
        detail: format!("{} has no month", array.data_type()),
    })?;
    Ok(dates.unary(first_of_month))
}
