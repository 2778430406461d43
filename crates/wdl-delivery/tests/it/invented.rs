//! An invented delivery.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, FixedSizeBinaryArray, StringArray};
use arrow::record_batch::RecordBatch;
use wdl_crypto::{SealingKey, SigningKey};
use wdl_delivery::{Declaration, Delivery, DeliveryKind, FindingCounts, Realm, Sealed};
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

impl Keys {
    /// As many rows as one likes, each token another.
    pub(crate) fn seal_rows(&self, rows: u32) -> Delivery<Sealed> {
        Delivery::seal(
            declaration(),
            &long_table(0, rows),
            &self.lab.recipient(),
            &self.body,
        )
        .unwrap()
    }
}

/// Rows from a number on, each token another.
pub(crate) fn long_table(from: u32, rows: u32) -> RecordBatch {
    let token = |row: u32| {
        *Digest::of(&row.to_be_bytes())
            .0
            .first_chunk::<32>()
            .unwrap()
    };
    let tokens = (from..from + rows).map(|row| Some(token(row)));
    let tokens = FixedSizeBinaryArray::try_from_sparse_iter_with_size(tokens, 32).unwrap();
    let days = Date32Array::from_iter_values((from..from + rows).map(|row| (row % 900) as i32));
    let columns: [(&str, ArrayRef); 2] =
        [("person", Arc::new(tokens)), ("valid_from", Arc::new(days))];
    RecordBatch::try_from_iter(columns).unwrap()
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
        kind: DeliveryKind::ORDINARY,
        reason: None,
        purpose: "analisi del welfare".to_owned(),
        contract_id: "comune-residenti".to_owned(),
        contract_version: "1.0.0".to_owned(),
        contract_digest: Digest::of(b"contract"),
        rows_rejected: 2,
        rows_without_person: 0,
        columns_dropped: vec!["COGNOME".to_owned(), "NOME".to_owned()],
        encodings: Vec::new(),
        findings: FindingCounts {
            error: 0,
            to_justify: 1,
            note: 2,
        },
        justifications: Vec::new(),
        created: "2026-10-05T08:00:00Z".to_owned(),
    }
}
