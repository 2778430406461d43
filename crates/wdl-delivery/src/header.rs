//! The header of a delivery: everything that is said in the clear, and nothing of any person.

use serde::{Deserialize, Serialize};
use wdl_crypto::{Realm, Recipient, VerifyingKey};
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Period};

/// How many findings the body's check had, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingCounts {
    /// Rows or columns that stop a delivery.
    pub error: u64,
    /// Findings somebody answered for.
    pub to_justify: u64,
    /// Good to know.
    pub note: u64,
}

/// What the body declares about a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The realm of its pseudonyms.
    pub realm: Realm,
    /// Who delivers.
    pub body: BodyId,
    /// Which dataset.
    pub dataset: DatasetId,
    /// For which delivery period.
    pub period: Period,
    /// The contract it was checked against.
    pub contract_id: String,
    /// The version of that contract.
    pub contract_version: String,
    /// The digest of that contract.
    pub contract_digest: Digest,
    /// Rows without a usable pseudonym of a person.
    pub rows_without_person: u64,
    /// Columns of the export that were left behind.
    pub columns_dropped: Vec<String>,
    /// What the check found.
    pub findings: FindingCounts,
    /// When it was sealed, as the caller's clock says (RFC 3339).
    pub created: String,
}

/// The header: the declaration and what sealing adds to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the format.
    pub format: u32,
    /// What the body declares.
    pub declared: Declaration,
    /// Whom it is sealed to.
    pub recipient: Recipient,
    /// The key it is signed with.
    pub signer: VerifyingKey,
    /// The rows under the seal.
    pub rows: u64,
    /// The length of the ciphertext.
    pub ciphertext_bytes: u64,
    /// The digest of the ciphertext.
    pub ciphertext_digest: Digest,
    /// The digest of what is under the seal: the same rows have the same.
    pub content_digest: Digest,
}

/// The version of the format that is written and read.
pub(crate) const FORMAT: u32 = 1;

impl Header {
    /// The header as canonical JSON.
    pub(crate) fn to_canonical(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self)
            .expect("a header of strings and numbers is canonical JSON")
    }
}

/// The name of the delivery whose header has this digest.
pub(crate) fn delivery_id(header: &Digest) -> DeliveryId {
    DeliveryId::parse(&header.short(16)).expect("hexadecimal digits are an identifier")
}
