//! An invented delivery.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, FixedSizeBinaryArray, StringArray};
use arrow::record_batch::RecordBatch;
use wdl_crypto::{SealingKey, SigningKey};
use wdl_delivery::{Declaration, Delivery, FindingCounts, Realm, Sealed};
use wdl_vocab::{BodyId, DatasetId, Digest, Period};

/// The keys of one lab and one body.
pub(crate) struct Keys {
    pub(crate) lab: SealingKey,
    pub(crate) body: SigningKey,
}

impl Keys {
    pub(crate) fn new() -> Keys {
        Keys {
            lab: SealingKey::generate(),
            body: SigningKey::generate(),
        }
    }

    pub(crate) fn seal(&self, rows: u8) -> Delivery<Sealed> {
        Delivery::seal(
            declaration(),
            &table(rows),
            &self.lab.recipient(),
            &self.body,
        )
        .unwrap()
    }
}

pub(crate) fn table(rows: u8) -> RecordBatch {
    let tokens: Vec<Option<[u8; 32]>> = (0..rows)
        .map(|row| (row % 3 != 2).then_some([row; 32]))
        .collect();
    let tokens = FixedSizeBinaryArray::try_from_sparse_iter_with_size(tokens.iter().copied(), 32);
    let columns: [(&str, ArrayRef); 3] = [
        ("person", Arc::new(tokens.unwrap())),
        (
            "sex",
            Arc::new(StringArray::from_iter_values((0..rows).map(|_| "F"))),
        ),
        (
            "valid_from",
            Arc::new(Date32Array::from_iter_values((0..rows).map(i32::from))),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, column)| (name, column, name == "person")),
    )
    .unwrap()
}

pub(crate) fn declaration() -> Declaration {
    Declaration {
        realm: Realm::new("modena", "welfare", "2026").unwrap(),
        body: BodyId::parse("comune").unwrap(),
        dataset: DatasetId::parse("residenti").unwrap(),
        period: Period::quarter(2026, 3),
        contract_id: "comune-residenti".to_owned(),
        contract_version: "1.0.0".to_owned(),
        contract_digest: Digest::of(b"contract"),
        rows_without_person: 1,
        columns_dropped: vec!["COGNOME".to_owned(), "NOME".to_owned()],
        findings: FindingCounts {
            error: 0,
            to_justify: 1,
            note: 2,
        },
        created: "2026-10-05T08:00:00Z".to_owned(),
    }
}
