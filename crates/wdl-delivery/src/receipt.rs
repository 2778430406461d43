//! The receipt of a delivery: signed by the body when it seals, answered and signed by the lab when it receives.
//!
//! The lab's answer names rows by their number in the delivery and says why, never what stood there.

use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_crypto::{Signature, SigningKey, VerifyingKey};
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Period};

use crate::error::ReceiptError;
use crate::file::write_new;
use crate::header::Justification;
use crate::kind::DeliveryKind;
use crate::state::{Delivery, Sealed};

const BODY_CONTEXT: &str = "receipt-body-v2";
const LAB_CONTEXT: &str = "receipt-lab-v2";

/// What a receipt says of a delivery: its header, without what only a reader of the file needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    delivery: DeliveryId,
    body: BodyId,
    dataset: DatasetId,
    period: Period,
    kind: DeliveryKind,
    reason: Option<String>,
    contract_id: String,
    contract_version: String,
    rows: u64,
    rows_rejected: u64,
    justifications: Vec<Justification>,
    ciphertext_digest: Digest,
    content_digest: Digest,
    created: String,
}

/// Why a row was rejected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectReason {
    /// The code of the reason: `WDL-R032`.
    pub code: String,
    /// The column, when it is about one.
    pub column: Option<String>,
}

/// A row that the lab rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectedRow {
    /// Its number in the delivery, from 1.
    pub row: u32,
    /// Why; at least one reason.
    pub reasons: Vec<RejectReason>,
}

/// What the lab answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reception {
    /// The number of the entry in the lab's record.
    pub number: u64,
    /// When, as the lab's clock says (RFC 3339).
    pub received: String,
    /// Rows that were accepted.
    pub accepted: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Each of them, in order.
    pub rejected_rows: Vec<RejectedRow>,
}

/// The lab's answer and its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    reception: Reception,
    signer: VerifyingKey,
    signature: Signature,
}

/// The body's word for what it sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Issued {
    signer: VerifyingKey,
    signature: Signature,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    said: Said,
    issued: Option<Issued>,
    answered: Option<Answered>,
}

impl Receipt {
    /// What a delivery says of itself, signed by nobody yet.
    pub fn of(delivery: &Delivery<Sealed>) -> Receipt {
        let header = delivery.header();
        let declared = &header.declared;
        let said = Said {
            delivery: delivery.id().clone(),
            body: declared.body.clone(),
            dataset: declared.dataset.clone(),
            period: declared.period,
            kind: declared.kind.clone(),
            reason: declared.reason.clone(),
            contract_id: declared.contract_id.clone(),
            contract_version: declared.contract_version.clone(),
            rows: header.rows,
            rows_rejected: declared.rows_rejected,
            justifications: declared.justifications.clone(),
            ciphertext_digest: header.ciphertext_digest,
            content_digest: header.content_digest,
            created: declared.created.clone(),
        };
        Receipt {
            said,
            issued: None,
            answered: None,
        }
    }

    /// The body's receipt of a delivery it has sealed.
    pub fn issue(delivery: &Delivery<Sealed>, key: &SigningKey) -> Receipt {
        let mut receipt = Receipt::of(delivery);
        receipt.issued = Some(Issued {
            signature: key.sign(BODY_CONTEXT, &canonical(&receipt.said)),
            signer: key.verifying_key(),
        });
        receipt
    }

    /// The lab's answer, signed; it covers what the body signed.
    pub fn answer(mut self, key: &SigningKey, reception: Reception) -> Receipt {
        let signature = key.sign(LAB_CONTEXT, &self.answer_message(&reception));
        self.answered = Some(Answered {
            reception,
            signer: key.verifying_key(),
            signature,
        });
        self
    }

    fn answer_message(&self, reception: &Reception) -> Vec<u8> {
        canonical(&(&self.said, &self.issued, reception))
    }

    /// Checks the body's signature.
    ///
    /// # Errors
    /// [`ReceiptError::BodySignature`] when it is not there or does not hold.
    pub fn verify_body(&self, key: &VerifyingKey) -> Result<(), ReceiptError> {
        let issued = self.issued.as_ref().ok_or(ReceiptError::BodySignature)?;
        key.verify(BODY_CONTEXT, &canonical(&self.said), &issued.signature)
            .map_err(|_| ReceiptError::BodySignature)
    }

    /// Checks the lab's signature.
    ///
    /// # Errors
    /// [`ReceiptError::LabSignature`] when it is not there or does not hold.
    pub fn verify_lab(&self, key: &VerifyingKey) -> Result<(), ReceiptError> {
        let answered = self.answered.as_ref().ok_or(ReceiptError::LabSignature)?;
        let message = self.answer_message(&answered.reception);
        key.verify(LAB_CONTEXT, &message, &answered.signature)
            .map_err(|_| ReceiptError::LabSignature)
    }

    /// Whether it is about the same delivery, and says the same of it.
    pub fn says_the_same(&self, other: &Receipt) -> bool {
        self.said == other.said
    }

    /// Which delivery.
    pub fn delivery(&self) -> &DeliveryId {
        &self.said.delivery
    }

    /// From whom.
    pub fn body(&self) -> &BodyId {
        &self.said.body
    }

    /// Which dataset.
    pub fn dataset(&self) -> &DatasetId {
        &self.said.dataset
    }

    /// For which delivery period.
    pub fn period(&self) -> Period {
        self.said.period
    }

    /// What the delivery does to those before it.
    pub fn kind(&self) -> &DeliveryKind {
        &self.said.kind
    }

    /// Why it corrects, cancels or comes late.
    pub fn reason(&self) -> Option<&str> {
        self.said.reason.as_deref()
    }

    /// The contract and its version.
    pub fn contract(&self) -> (&str, &str) {
        (&self.said.contract_id, &self.said.contract_version)
    }

    /// How many rows are under the seal.
    pub fn rows(&self) -> u64 {
        self.said.rows
    }

    /// How many rows of the export the body's check rejected.
    pub fn rows_rejected(&self) -> u64 {
        self.said.rows_rejected
    }

    /// What the body answered to findings.
    pub fn justifications(&self) -> &[Justification] {
        &self.said.justifications
    }

    /// When the body sealed it.
    pub fn created(&self) -> &str {
        &self.said.created
    }

    /// The digest of the ciphertext.
    pub fn ciphertext_digest(&self) -> Digest {
        self.said.ciphertext_digest
    }

    /// The digest of what is under the seal.
    pub fn content_digest(&self) -> Digest {
        self.said.content_digest
    }

    /// The key the body signed it with and its signature, when it did.
    pub fn issued(&self) -> Option<(&VerifyingKey, &Signature)> {
        self.issued
            .as_ref()
            .map(|issued| (&issued.signer, &issued.signature))
    }

    /// The lab's answer, when it is there.
    pub fn reception(&self) -> Option<&Reception> {
        self.answered.as_ref().map(|answered| &answered.reception)
    }

    /// The key the lab signed with and its signature, when it did.
    pub fn answered(&self) -> Option<(&VerifyingKey, &Signature)> {
        self.answered
            .as_ref()
            .map(|answered| (&answered.signer, &answered.signature))
    }

    /// Reads a receipt file.
    ///
    /// # Errors
    /// [`ReceiptError`] when it is missing or does not read; signatures are checked by `verify_…`.
    pub fn read(path: &Path) -> Result<Receipt, ReceiptError> {
        let bytes = std::fs::read(path).map_err(|source| ReceiptError::Unreadable {
            file: path.to_owned(),
            source,
        })?;
        Receipt::from_bytes(&bytes)
    }

    /// Reads a receipt from the bytes of its file.
    ///
    /// # Errors
    /// [`ReceiptError::Form`] when it does not read; signatures are checked by `verify_…`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Receipt, ReceiptError> {
        serde_json::from_slice(bytes).map_err(ReceiptError::Form)
    }

    /// The receipt as the bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Writes the receipt to a new file.
    ///
    /// # Errors
    /// [`ReceiptError::Unwritable`] when a file stands there or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), ReceiptError> {
        write_new(path, |out| out.write_all(&self.to_bytes())).map_err(|source| {
            ReceiptError::Unwritable {
                file: path.to_owned(),
                source,
            }
        })
    }
}

fn canonical(value: &impl Serialize) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value)
        .expect("a receipt of strings and numbers is canonical JSON")
}
