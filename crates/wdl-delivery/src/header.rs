//! The header of a delivery: everything that is said in the clear, and nothing of any person.

use serde::{Deserialize, Serialize};
use wdl_crypto::{Realm, Recipient, VerifyingKey};
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Period};

use crate::kind::DeliveryKind;

/// How many findings the body's check had, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingCounts {
    /// Rows or columns that stop a delivery.
    pub error: u64,
    /// Unusual things that may be right, answered or not.
    pub to_justify: u64,
    /// Good to know.
    pub note: u64,
}

/// What the body answers to a finding that asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Justification {
    /// The code of the finding: `WDL-H151`.
    pub code: String,
    /// The column or the rule it is about.
    pub column: Option<String>,
    /// How many rows.
    pub count: u64,
    /// Why they are right as they are: a word of the holder's list.
    pub reason: String,
    /// More about it; never about a person.
    pub note: Option<String>,
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
    /// What it does to those before it.
    pub kind: DeliveryKind,
    /// Why it corrects, cancels or comes after a later period; must be there then.
    pub reason: Option<String>,
    /// The purpose of the agreement it serves.
    pub purpose: String,
    /// The contract it was checked against.
    pub contract_id: String,
    /// The version of that contract.
    pub contract_version: String,
    /// The digest of that contract.
    pub contract_digest: Digest,
    /// Rows of the export that the check rejected: they are not under the seal.
    pub rows_rejected: u64,
    /// Rows without a usable pseudonym of a person.
    pub rows_without_person: u64,
    /// Columns of the export that were left behind.
    pub columns_dropped: Vec<String>,
    /// Columns that the export does not have: made at the body for linkage.
    pub encodings: Vec<String>,
    /// What the check found.
    pub findings: FindingCounts,
    /// What the body answered.
    pub justifications: Vec<Justification>,
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
pub const FORMAT: u32 = 2;

/// A reason is a sentence or two.
const MAX_TEXT: usize = 500;
/// A name of a column, a code, a word of a list.
const MAX_NAME: usize = 120;
/// Columns, justifications: a contract has fewer.
const MAX_LIST: usize = 2_000;

impl Header {
    /// The header as canonical JSON.
    pub(crate) fn to_canonical(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self)
            .expect("a header of strings and numbers is canonical JSON")
    }

    /// The first rule it breaks: the word says which.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let declared = &self.declared;
        let is_cancelling = matches!(declared.kind, DeliveryKind::Cancelling { .. });
        let rules = [
            (is_cancelling && self.rows > 0, "rows"),
            (
                declared.rows_without_person > self.rows,
                "rows_without_person",
            ),
        ];
        declared.fault().or_else(|| {
            rules
                .iter()
                .find(|(broken, _)| *broken)
                .map(|(_, rule)| *rule)
        })
    }
}

impl Declaration {
    /// The first rule it breaks: the word says which.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let no_reason = self.kind.needs_reason() && self.reason.is_none();
        let rules = [
            (no_reason, "reason"),
            (
                !self.reason.iter().all(|text| is_line(text, MAX_TEXT)),
                "reason",
            ),
            (!is_line(&self.purpose, MAX_TEXT), "purpose"),
            (!is_line(&self.contract_id, MAX_NAME), "contract_id"),
            (
                !is_line(&self.contract_version, MAX_NAME),
                "contract_version",
            ),
            (!is_line(&self.created, MAX_NAME), "created"),
            (!are_names(&self.columns_dropped), "columns_dropped"),
            (!are_names(&self.encodings), "encodings"),
            (!self.are_justified(), "justifications"),
        ];
        rules
            .iter()
            .find(|(broken, _)| *broken)
            .map(|(_, rule)| *rule)
    }

    fn are_justified(&self) -> bool {
        let is_one = |one: &Justification| {
            is_line(&one.code, MAX_NAME)
                && is_line(&one.reason, MAX_NAME)
                && one.column.iter().all(|name| is_line(name, MAX_NAME))
                && one.note.iter().all(|note| is_line(note, MAX_TEXT))
        };
        self.justifications.len() <= MAX_LIST && self.justifications.iter().all(is_one)
    }
}

fn are_names(names: &[String]) -> bool {
    names.len() <= MAX_LIST && names.iter().all(|name| is_line(name, MAX_NAME))
}

/// Something on one line: not blank, not endless, nothing that a terminal or a page would obey.
fn is_line(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control)
}

/// The name of the delivery whose header has this digest.
pub(crate) fn delivery_id(header: &Digest) -> DeliveryId {
    DeliveryId::parse(&header.short(16)).expect("hexadecimal digits are an identifier")
}
