//! The receipt of a delivery: signed by the body when it seals, countersigned by the lab when it receives.

use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_crypto::{Signature, SigningKey, VerifyingKey};
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Period};

use crate::error::ReceiptError;
use crate::file::write_new;
use crate::state::{Delivery, Sealed};

const BODY_CONTEXT: &str = "receipt-body-v1";
const LAB_CONTEXT: &str = "receipt-lab-v1";

/// What a receipt says of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    delivery: DeliveryId,
    body: BodyId,
    dataset: DatasetId,
    period: Period,
    rows: u64,
    ciphertext_digest: Digest,
    content_digest: Digest,
    created: String,
}

/// The lab's word that the delivery arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reception {
    /// When, as the lab's clock says (RFC 3339).
    pub received: String,
    /// The lab's key.
    pub signer: VerifyingKey,
    /// Its signature.
    pub signature: Signature,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    said: Said,
    signer: VerifyingKey,
    signature: Signature,
    reception: Option<Reception>,
}

impl Receipt {
    /// The body's receipt of a delivery it has sealed.
    pub fn issue(delivery: &Delivery<Sealed>, key: &SigningKey) -> Receipt {
        let header = delivery.header();
        let said = Said {
            delivery: delivery.id().clone(),
            body: header.declared.body.clone(),
            dataset: header.declared.dataset.clone(),
            period: header.declared.period,
            rows: header.rows,
            ciphertext_digest: header.ciphertext_digest,
            content_digest: header.content_digest,
            created: header.declared.created.clone(),
        };
        Receipt {
            signature: key.sign(BODY_CONTEXT, &canonical(&said)),
            signer: key.verifying_key(),
            said,
            reception: None,
        }
    }

    /// The lab's signature that the delivery arrived, at a time the caller's clock says.
    pub fn countersign(mut self, key: &SigningKey, received: &str) -> Receipt {
        let signature = key.sign(LAB_CONTEXT, &self.received_message(received));
        self.reception = Some(Reception {
            received: received.to_owned(),
            signer: key.verifying_key(),
            signature,
        });
        self
    }

    fn received_message(&self, received: &str) -> Vec<u8> {
        canonical(&(&self.said, self.signature, received))
    }

    /// Checks the body's signature.
    ///
    /// # Errors
    /// [`ReceiptError::BodySignature`] when it does not hold.
    pub fn verify_body(&self, key: &VerifyingKey) -> Result<(), ReceiptError> {
        key.verify(BODY_CONTEXT, &canonical(&self.said), &self.signature)
            .map_err(|_| ReceiptError::BodySignature)
    }

    /// Checks the lab's signature.
    ///
    /// # Errors
    /// [`ReceiptError::LabSignature`] when it is not there or does not hold.
    pub fn verify_lab(&self, key: &VerifyingKey) -> Result<(), ReceiptError> {
        let reception = self.reception.as_ref().ok_or(ReceiptError::LabSignature)?;
        let message = self.received_message(&reception.received);
        key.verify(LAB_CONTEXT, &message, &reception.signature)
            .map_err(|_| ReceiptError::LabSignature)
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

    /// How many rows.
    pub fn rows(&self) -> u64 {
        self.said.rows
    }

    /// The digest of the ciphertext.
    pub fn ciphertext_digest(&self) -> Digest {
        self.said.ciphertext_digest
    }

    /// The lab's word, when it is there.
    pub fn reception(&self) -> Option<&Reception> {
        self.reception.as_ref()
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
        serde_json::from_slice(&bytes).map_err(ReceiptError::Form)
    }

    /// Writes the receipt to a new file.
    ///
    /// # Errors
    /// [`ReceiptError::Unwritable`] when a file stands there or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), ReceiptError> {
        write_new(path, &canonical(self)).map_err(|source| ReceiptError::Unwritable {
            file: path.to_owned(),
            source,
        })
    }
}

fn canonical(value: &impl Serialize) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value)
        .expect("a receipt of strings and numbers is canonical JSON")
}
