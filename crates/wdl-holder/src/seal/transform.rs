//! What the contract says of each column, done: kept, coarsened, hashed, replaced by a token, left behind; and the columns made for linkage.
//!
//! What comes out may leave under a seal; what went in may not.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, Date32Array, FixedSizeBinaryArray, StringArray,
};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::{DataType, Date32Type, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;
use wdl_check::CheckError;
use wdl_contract::{Contract, Treatment};
use wdl_crypto::{HashKey, Realm};

use crate::error::HolderError;
use crate::seal::linkage::Linkage;
use crate::seal::people::{People, PersonKey};

/// How the rows of a dataset become what travels.
pub(crate) struct Transform<'a> {
    contract: &'a Contract,
    hashing: &'a HashKey,
    realm: &'a Realm,
    linkage: Option<&'a Linkage<'a>>,
    schema: SchemaRef,
}

/// The rows that travel, and how many of them name nobody.
pub(crate) struct Travelling {
    pub(crate) batch: RecordBatch,
    pub(crate) rows_without_person: u64,
}

/// The keyed hash under which a person is remembered.
pub(crate) fn person_key(hashing: &HashKey, domain: &str, code: &[u8]) -> PersonKey {
    hashing.hash(&format!("people/{domain}"), code)
}

impl<'a> Transform<'a> {
    /// Prepares for rows of a schema with one column for each of the contract's.
    pub(crate) fn new(
        contract: &'a Contract,
        typed: &Schema,
        (hashing, realm): (&'a HashKey, &'a Realm),
        linkage: Option<&'a Linkage<'a>>,
    ) -> Transform<'a> {
        let own = contract
            .columns
            .iter()
            .zip(typed.fields())
            .filter_map(|(column, field)| {
                let kind = match column.treatment {
                    Treatment::Drop => return None,
                    Treatment::Keep | Treatment::CoarsenMonth => field.data_type().clone(),
                    Treatment::Keyed(_) | Treatment::Oprf(_) => DataType::FixedSizeBinary(32),
                };
                Some(Field::new(&column.name, kind, true))
            });
        let made = linkage.iter().flat_map(|linkage| linkage.fields());
        Transform {
            schema: Arc::new(Schema::new(own.chain(made).collect::<Vec<_>>())),
            contract,
            hashing,
            realm,
            linkage,
        }
    }

    /// The columns that travel.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Applies the contract to rows.
    ///
    /// # Errors
    /// A person who is not in `people` was not in the file when it was read for whom it names: it changed meanwhile.
    pub(crate) fn rows(
        &self,
        typed: &RecordBatch,
        people: &People,
    ) -> Result<Travelling, HolderError> {
        let mut columns = Vec::with_capacity(self.schema.fields().len());
        let mut named: Option<NullBuffer> = None;
        for (column, array) in self.contract.columns.iter().zip(typed.columns()) {
            columns.push(match &column.treatment {
                Treatment::Drop => continue,
                Treatment::Keep => Arc::clone(array),
                Treatment::CoarsenMonth => Arc::new(self.months(array)?) as ArrayRef,
                Treatment::Keyed(domain) => {
                    let domain = self.keyed_domain(domain);
                    Arc::new(ids(self.texts(array)?, |value| {
                        Some(self.hashing.hash(&domain, value.as_bytes()))
                    })?)
                }
                Treatment::Oprf(domain) => {
                    named = NullBuffer::union(named.as_ref(), array.nulls());
                    Arc::new(ids(self.texts(array)?, |code| {
                        let person = person_key(self.hashing, domain, code.as_bytes());
                        Some(*people.token(&person)?.as_bytes())
                    })?)
                }
            });
        }
        if let Some(linkage) = self.linkage {
            columns.extend(linkage.columns(typed, self.hashing, people)?);
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        Ok(Travelling {
            batch: batch.map_err(|error| self.fault(error.to_string()))?,
            rows_without_person: named.map_or(0, |named| named.null_count() as u64),
        })
    }

    /// What a keyed hash is made under: two projects, or two key periods, have no hash in common, nor have two datasets the number of a row.
    fn keyed_domain(&self, domain: &str) -> String {
        let thing = match domain {
            "record" => format!("record/{}", self.contract.dataset),
            shared => shared.to_owned(),
        };
        self.realm.token_domain(&format!("keyed/{thing}"))
    }

    /// A column of texts; a contract that hashes anything else cannot be followed.
    pub(crate) fn texts<'b>(&self, array: &'b ArrayRef) -> Result<&'b StringArray, HolderError> {
        let texts = array.as_string_opt();
        texts.ok_or_else(|| self.fault(format!("{} is hashed as text", array.data_type())))
    }

    /// Each date as the first of its month.
    fn months(&self, array: &ArrayRef) -> Result<Date32Array, HolderError> {
        let dates = array.as_primitive_opt::<Date32Type>();
        let dates =
            dates.ok_or_else(|| self.fault(format!("{} has no month", array.data_type())))?;
        Ok(dates.unary(crate::check::first_of_month))
    }

    fn fault(&self, detail: String) -> HolderError {
        HolderError::Seal {
            dataset: self.contract.dataset.clone(),
            detail,
        }
    }
}

/// Each text as 32 bytes; nothing stays nothing.
fn ids(
    texts: &StringArray,
    id: impl Fn(&str) -> Option<[u8; 32]> + Sync,
) -> Result<FixedSizeBinaryArray, CheckError> {
    let bytes: Option<Vec<[u8; 32]>> = (0..texts.len())
        .into_par_iter()
        .with_min_len(1024)
        .map(|row| match texts.is_null(row) {
            true => Some([0; 32]),
            false => id(texts.value(row)),
        })
        .collect();
    let nulls: Option<NullBuffer> = texts.nulls().cloned();
    let bytes = Buffer::from_vec(bytes.ok_or(CheckError::Changed)?.into_flattened());
    Ok(FixedSizeBinaryArray::new(32, bytes, nulls))
}
