//! How fast a delivery is sealed and opened: `measure [ROWS]`, one thread, to a file and back; prints one JSON line.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement stops at the first thing that is not as it should be"
)]

use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, FixedSizeBinaryArray, StringArray};
use arrow::record_batch::RecordBatch;
use wdl_crypto::{SealingKey, SigningKey};
use wdl_delivery::{Declaration, Delivery, DeliveryKind, FindingCounts, Realm, Sealer};
use wdl_vocab::{BodyId, DatasetId, Digest, Period};

const CHUNK: u32 = 16_384;

fn main() {
    let rows: u32 = std::env::args()
        .nth(1)
        .map_or(1_000_000, |rows| rows.parse().unwrap());
    let chunks: Vec<RecordBatch> = (0..rows.div_ceil(CHUNK))
        .map(|chunk| batch(chunk * CHUNK, CHUNK.min(rows - chunk * CHUNK)))
        .collect();
    let memory: usize = chunks.iter().map(RecordBatch::get_array_memory_size).sum();
    let (lab, body) = (SealingKey::generate(), SigningKey::generate());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("measure.wdld");
    let recipient = lab.recipient();

    let begun = Instant::now();
    let schema = chunks[0].schema();
    let mut sealer = Sealer::new(declaration(), schema, &recipient, &body, &path).unwrap();
    for chunk in &chunks {
        sealer.push(chunk).unwrap();
    }
    sealer.finish().unwrap();
    let seal = begun.elapsed().as_secs_f64();
    drop(chunks);

    let begun = Instant::now();
    let arrived = Delivery::read(&path).unwrap();
    arrived.verify(&body.verifying_key()).unwrap();
    let mut read = 0;
    for chunk in arrived.rows(&lab).unwrap() {
        read += chunk.unwrap().num_rows();
    }
    let open = begun.elapsed().as_secs_f64();
    assert_eq!(read, rows as usize);
    let megabytes = |bytes: f64| bytes / 1e6;
    let (table, file) = (
        memory as f64,
        std::fs::metadata(&path).unwrap().len() as f64,
    );
    println!(
        "{}",
        serde_json::json!({
            "rows": rows,
            "table_mb": megabytes(table).round(),
            "file_mb": megabytes(file).round(),
            "seal_mb_per_second": (megabytes(file) / seal).round(),
            "open_mb_per_second": (megabytes(file) / open).round(),
            "seal_rows_per_second": (f64::from(rows) / seal).round(),
            "open_rows_per_second": (f64::from(rows) / open).round(),
            "peak_memory_mb": peak(),
        })
    );
}

/// The most memory this process has held, in MB, where the system says so.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kilobytes / 1e3).round())
}

/// Invented rows of the width of a usual dataset: two tokens, two codes, an amount, two days.
fn batch(from: u32, rows: u32) -> RecordBatch {
    let numbers = || from..from + rows;
    let tokens = |salt: u32| {
        let token = move |row: u32| Digest::of(&[row, salt].map(u32::to_be_bytes).concat()).0;
        FixedSizeBinaryArray::try_from_iter(numbers().map(token)).unwrap()
    };
    let amounts =
        Decimal128Array::from_iter_values(numbers().map(|row| i128::from(row * 7 % 90_000)));
    let days = |shift: u32| {
        Date32Array::from_iter_values(numbers().map(|row| ((row * 31 + shift) % 20_000) as i32))
    };
    let code = |list: &'static [&str]| {
        StringArray::from_iter_values(numbers().map(|row| list[row as usize % list.len()]))
    };
    let columns: [(&str, ArrayRef); 7] = [
        ("record", Arc::new(tokens(0))),
        ("person", Arc::new(tokens(1))),
        ("sex", Arc::new(code(&["F", "M"]))),
        (
            "aid",
            Arc::new(code(&["PASTI", "AFFITTO", "UTENZE", "TRASPORTO"])),
        ),
        (
            "amount",
            Arc::new(amounts.with_precision_and_scale(14, 2).unwrap()),
        ),
        ("valid_from", Arc::new(days(0))),
        ("valid_to", Arc::new(days(400))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn declaration() -> Declaration {
    Declaration {
        realm: Realm::new("esempio", "misura", "2026").unwrap(),
        body: BodyId::parse("comune").unwrap(),
        dataset: DatasetId::parse("aiuti").unwrap(),
        period: Period::quarter(2026, 3),
        kind: DeliveryKind::ORDINARY,
        reason: None,
        purpose: "invented".to_owned(),
        contract_id: "comune-aiuti".to_owned(),
        contract_version: "1.0.0".to_owned(),
        contract_digest: Digest::of(b"an invented contract"),
        rows_rejected: 0,
        rows_without_person: 0,
        columns_dropped: Vec::new(),
        encodings: Vec::new(),
        findings: FindingCounts::default(),
        justifications: Vec::new(),
        created: "2026-10-05T08:00:00Z".to_owned(),
    }
}
