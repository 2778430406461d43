//! From the identifiers of a delivery to the numbers of the lab.
//!
//! A token and a holder's keyed hash become the first eight bytes of a hash with a secret of the lab, per domain: whoever takes the register without that secret can match it with nothing.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, FixedSizeBinaryArray, Int64Array};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;
use wdl_contract::{Contract, Treatment};
use wdl_crypto::HashKey;

use crate::columns::register_schema;

/// The rows of a delivery as the register keeps them, in the order they came.
pub(crate) fn rekey(
    contract: &Contract,
    batch: &RecordBatch,
    key: &HashKey,
) -> Result<RecordBatch, ArrowError> {
    let columns: Vec<ArrayRef> = contract
        .delivered()
        .zip(batch.columns())
        .map(|(column, values)| match &column.treatment {
            Treatment::Oprf(domain) | Treatment::Keyed(domain) => {
                numbers(values.as_fixed_size_binary(), domain, key)
            }
            Treatment::Keep | Treatment::CoarsenMonth | Treatment::Drop => Arc::clone(values),
        })
        .collect();
    RecordBatch::try_new(register_schema(contract), columns)
}

pub(crate) fn numbers(values: &FixedSizeBinaryArray, domain: &str, key: &HashKey) -> ArrayRef {
    let numbers: Vec<Option<i64>> = (0..values.len())
        .into_par_iter()
        .with_min_len(4096)
        .map(|row| {
            values
                .is_valid(row)
                .then(|| key.number(domain, values.value(row)))
        })
        .collect();
    Arc::new(Int64Array::from(numbers))
}
