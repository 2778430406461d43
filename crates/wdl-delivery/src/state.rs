//! The two states of a delivery.

use std::path::Path;

use arrow::record_batch::RecordBatch;
use wdl_crypto::{Recipient, SealingKey, Signature, SigningKey, UnsealError, VerifyingKey};
use wdl_vocab::{DeliveryId, Digest};

use crate::error::{DeliveryFileError, OpenError, SealError, VerifyError};
use crate::header::{Declaration, FORMAT, Header, delivery_id};
use crate::{file, payload};

/// What the body's signature on a delivery is for.
const CONTEXT: &str = "delivery-v1";

/// Sealed: only its header can be read.
pub struct Sealed {
    pub(crate) header_bytes: Vec<u8>,
    pub(crate) signature: Signature,
    pub(crate) ciphertext: Vec<u8>,
}

/// Opened: its table is in memory.
pub struct Opened {
    batch: RecordBatch,
}

/// A delivery in one of its states.
pub struct Delivery<S> {
    header: Header,
    id: DeliveryId,
    state: S,
}

impl<S> Delivery<S> {
    /// The name of the delivery: the digest of its header.
    pub fn id(&self) -> &DeliveryId {
        &self.id
    }

    /// What it says in the clear.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

impl Delivery<Sealed> {
    /// Seals a table to the lab and signs the header.
    ///
    /// # Errors
    /// [`SealError`] when the table cannot be written.
    pub fn seal(
        declared: Declaration,
        batch: &RecordBatch,
        recipient: &Recipient,
        key: &SigningKey,
    ) -> Result<Delivery<Sealed>, SealError> {
        let content = payload::write(batch)?;
        let ciphertext = recipient.seal(&content);
        let header = Header {
            format: FORMAT,
            declared,
            recipient: recipient.clone(),
            signer: key.verifying_key(),
            rows: batch.num_rows() as u64,
            ciphertext_bytes: ciphertext.len() as u64,
            ciphertext_digest: Digest::of(&ciphertext),
            content_digest: Digest::of(&content),
        };
        let header_bytes = header.to_canonical();
        let signature = key.sign(CONTEXT, &header_bytes);
        Ok(Delivery::sealed(
            header,
            header_bytes,
            signature,
            ciphertext,
        ))
    }

    pub(crate) fn sealed(
        header: Header,
        header_bytes: Vec<u8>,
        signature: Signature,
        ciphertext: Vec<u8>,
    ) -> Delivery<Sealed> {
        Delivery {
            id: delivery_id(&Digest::of(&header_bytes)),
            header,
            state: Sealed {
                header_bytes,
                signature,
                ciphertext,
            },
        }
    }

    /// Reads a delivery file; its lengths and digests are checked, its signature is not.
    ///
    /// # Errors
    /// [`DeliveryFileError`], one variant for each fault.
    pub fn read(path: &Path) -> Result<Delivery<Sealed>, DeliveryFileError> {
        let bytes = std::fs::read(path).map_err(|source| DeliveryFileError::Unreadable {
            file: path.to_owned(),
            source,
        })?;
        Delivery::from_bytes(&bytes)
    }

    /// Reads a delivery from bytes.
    ///
    /// # Errors
    /// [`DeliveryFileError`], one variant for each fault.
    pub fn from_bytes(bytes: &[u8]) -> Result<Delivery<Sealed>, DeliveryFileError> {
        file::decode(bytes)
    }

    /// The delivery as the bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        file::encode(&self.state)
    }

    /// Writes the delivery to a new file.
    ///
    /// # Errors
    /// [`DeliveryFileError::Unwritable`] when a file stands there or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), DeliveryFileError> {
        file::write_new(path, &self.to_bytes()).map_err(|source| DeliveryFileError::Unwritable {
            file: path.to_owned(),
            source,
        })
    }

    /// Checks that the body with this key signed it.
    ///
    /// # Errors
    /// [`VerifyError::UnknownSigner`] when another key signed it, [`VerifyError::Signature`] when the signature does not hold.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        if self.header.signer != *key {
            return Err(VerifyError::UnknownSigner {
                body: self.header.declared.body.clone(),
            });
        }
        key.verify(CONTEXT, &self.state.header_bytes, &self.state.signature)
            .map_err(|_| VerifyError::Signature)
    }

    /// Opens the seal and checks that what is under it is what the header declares.
    ///
    /// # Errors
    /// [`OpenError`] when it is sealed to another, does not open, or holds something else.
    pub fn open(self, key: &SealingKey) -> Result<Delivery<Opened>, OpenError> {
        if key.recipient() != self.header.recipient {
            return Err(OpenError::OtherRecipient);
        }
        let content = key
            .open(&self.state.ciphertext)
            .map_err(|fault| match fault {
                UnsealError::OtherRecipient => OpenError::OtherRecipient,
                UnsealError::Damaged => OpenError::Seal,
            })?;
        if Digest::of(&content) != self.header.content_digest {
            return Err(OpenError::Content);
        }
        let batch = payload::read(content, self.header.rows).map_err(OpenError::Table)?;
        Ok(Delivery {
            header: self.header,
            id: self.id,
            state: Opened { batch },
        })
    }
}

impl Delivery<Opened> {
    /// The table.
    pub fn batch(&self) -> &RecordBatch {
        &self.state.batch
    }
}
