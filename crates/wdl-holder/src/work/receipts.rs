//! What was sent and what the lab answered: the body's receipts, each rejected row at its line of the body's file.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wdl_crypto::VerifyingKey;
use wdl_delivery::{DeliveryKind, Dispatched, Receipt, RejectReason};
use wdl_vocab::{DatasetId, DeliveryId, Digest, Period};

use crate::body::{Body, private_folder, write_whole};
use crate::error::{HolderError, chain};
use crate::seal::{Record, SealedFile};

/// A delivery that was sealed here, and what the lab answered.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The dataset.
    pub dataset: DatasetId,
    /// The delivery period.
    pub period: Period,
    /// What it does to those before it.
    pub kind: DeliveryKind,
    /// The version of the contract it was checked against.
    pub contract_version: String,
    /// Where the sealed file was put.
    pub file: PathBuf,
    /// The digest of the sealed file's content.
    pub digest: Digest,
    /// The rows that were sealed.
    pub rows: u64,
    /// The rows that stayed because of errors.
    pub rows_rejected: u64,
    /// When (RFC 3339).
    pub created: String,
    /// The lab's answer, once it was taken in.
    pub answer: Option<Answer>,
}

impl Dispatched for Sent {
    fn delivery(&self) -> &DeliveryId {
        &self.delivery
    }

    fn kind(&self) -> &DeliveryKind {
        &self.kind
    }
}

/// What the lab answered.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The number of the receipt in the lab's register.
    pub number: u64,
    /// When the lab received the delivery (RFC 3339).
    pub received: String,
    /// Rows it took.
    pub accepted: u64,
    /// Rows it did not take.
    pub rejected: u64,
    /// Each row it did not take.
    pub rows: Vec<Rejected>,
}

/// A row the lab did not take.
#[derive(Clone, Debug, Serialize)]
pub struct Rejected {
    /// Its number in the delivery, from 1.
    pub row: u32,
    /// Its line in the body's file, when this folder still knows it.
    pub line: Option<u64>,
    /// Why.
    pub reasons: Vec<RejectReason>,
}

/// The key the lab signs with, kept in the body's folder once it was given.
const LAB_KEY: &str = "lab.pub";
/// How the name of a receipt ends.
const ENDING: &str = ".receipt.json";

/// Where a sealed file was put.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    format: u8,
    file: PathBuf,
}

fn folder(body: &Body) -> PathBuf {
    body.folder().join("receipts")
}

fn put_file(body: &Body, delivery: &DeliveryId) -> PathBuf {
    folder(body).join(format!("{delivery}.put.json"))
}

fn receipt_file(body: &Body, delivery: &DeliveryId) -> PathBuf {
    folder(body).join(format!("{delivery}{ENDING}"))
}

/// Keeps the receipt of a delivery that was just sealed.
///
/// # Errors
/// [`HolderError`] when the disk refuses; the delivery stands all the same.
pub(super) fn keep(body: &Body, sealed: &SealedFile) -> Result<(), HolderError> {
    let receipt = read(&sealed.receipt)?;
    let put = Put {
        format: 1,
        file: sealed.file.clone(),
    };
    let put = serde_json::to_vec_pretty(&put).expect("a path that was read from text is JSON");
    write(body, &put_file(body, &sealed.delivery), &put)?;
    write(
        body,
        &receipt_file(body, &sealed.delivery),
        &receipt.to_bytes(),
    )
}

fn write(body: &Body, path: &Path, bytes: &[u8]) -> Result<(), HolderError> {
    let kept = folder(body);
    private_folder(&kept).map_err(HolderError::file(&kept))?;
    write_whole(path, bytes).map_err(HolderError::file(path))
}

/// Everything that was sealed here, in the order of sealing.
///
/// # Errors
/// [`HolderError`] when a record or a receipt does not read.
pub fn sent(body: &Body) -> Result<Vec<Sent>, HolderError> {
    let kept = folder(body);
    let mut all = Vec::new();
    let entries = match fs::read_dir(&kept) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(all),
        Err(error) => return Err(HolderError::file(&kept)(error)),
    };
    for entry in entries {
        let path = entry.map_err(HolderError::file(&kept))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(ENDING) {
            all.push(one(body, &read(&path)?)?);
        }
    }
    all.sort_by(|a, b| (&a.created, &a.delivery).cmp(&(&b.created, &b.delivery)));
    Ok(all)
}

/// Takes in the lab's receipt of a delivery that was sealed here.
///
/// `lab` is the key the lab signs with; it is needed once, and remembered.
///
/// # Errors
/// [`HolderError::Receipt`] when a signature does not hold, the delivery was not made here or the lab has not answered; nothing is kept then.
pub fn take_in(
    body: &Body,
    (name, bytes): (&Path, &[u8]),
    lab: Option<&VerifyingKey>,
) -> Result<Sent, HolderError> {
    let fault = |detail: String| HolderError::Receipt {
        path: name.to_owned(),
        detail,
    };
    let receipt = Receipt::from_bytes(bytes).map_err(|error| fault(chain(&error)))?;
    let path = receipt_file(body, receipt.delivery());
    if !path.is_file() || !read(&path)?.says_the_same(&receipt) {
        return Err(fault("not a delivery of this folder".to_owned()));
    }
    let lab = lab_key(body, lab)?.ok_or(HolderError::LabKeyNeeded)?;
    receipt
        .verify_body(&body.signing.verifying_key())
        .and_then(|()| receipt.verify_lab(&lab))
        .map_err(|error| fault(chain(&error)))?;
    let taken = one(body, &receipt)?;
    write(body, &path, &receipt.to_bytes())?;
    Ok(taken)
}

/// The lab's key: the one given, which must be the one first given.
///
/// # Errors
/// [`HolderError::LabKeyChanged`] when another was given before.
pub(super) fn lab_key(
    body: &Body,
    given: Option<&VerifyingKey>,
) -> Result<Option<VerifyingKey>, HolderError> {
    let path = body.folder().join(LAB_KEY);
    let wrong = |source| HolderError::Key {
        path: path.clone(),
        source,
    };
    let known = match path.is_file() {
        true => Some(VerifyingKey::read(&path).map_err(wrong)?),
        false => None,
    };
    match (known, given) {
        (Some(known), Some(given)) if known != *given => Err(HolderError::LabKeyChanged(path)),
        (None, Some(given)) => {
            given.write(&path).map_err(wrong)?;
            Ok(Some(*given))
        }
        (known, _) => Ok(known),
    }
}

fn read(file: &Path) -> Result<Receipt, HolderError> {
    Receipt::read(file).map_err(|error| HolderError::Receipt {
        path: file.to_owned(),
        detail: chain(&error),
    })
}

fn one(body: &Body, receipt: &Receipt) -> Result<Sent, HolderError> {
    let path = put_file(body, receipt.delivery());
    let bytes = fs::read(&path).map_err(HolderError::file(&path))?;
    let put: Put =
        serde_json::from_slice(&bytes).map_err(|error| HolderError::file(&path)(error.into()))?;
    Ok(Sent {
        delivery: receipt.delivery().clone(),
        dataset: receipt.dataset().clone(),
        period: receipt.period(),
        kind: receipt.kind().clone(),
        contract_version: receipt.contract().1.to_owned(),
        file: put.file,
        digest: receipt.ciphertext_digest(),
        rows: receipt.rows(),
        rows_rejected: receipt.rows_rejected(),
        created: receipt.created().to_owned(),
        answer: answer(body, receipt)?,
    })
}

fn answer(body: &Body, receipt: &Receipt) -> Result<Option<Answer>, HolderError> {
    let Some(reception) = receipt.reception() else {
        return Ok(None);
    };
    let numbers: Vec<u32> = reception.rejected_rows.iter().map(|row| row.row).collect();
    let lines: Vec<Option<u64>> = match Record::read(body, receipt.delivery())? {
        Some(record) => record
            .lines(body, &numbers)?
            .into_iter()
            .map(Some)
            .collect(),
        None => vec![None; numbers.len()],
    };
    let rows = reception.rejected_rows.iter().zip(lines);
    Ok(Some(Answer {
        number: reception.number,
        received: reception.received.clone(),
        accepted: reception.accepted,
        rejected: reception.rejected,
        rows: rows
            .map(|(row, line)| Rejected {
                row: row.row,
                line,
                reasons: row.reasons.clone(),
            })
            .collect(),
    }))
}
