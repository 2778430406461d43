//! What can be wrong with a delivery: each fault has its own variant and its own code, and none holds a cell.

use std::path::PathBuf;

use parquet::errors::ParquetError;
use wdl_vocab::diagnostics::codes::delivery as codes;
use wdl_vocab::{BodyId, Diagnose, Diagnostic};

use crate::header::FORMAT;

/// A delivery file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryFileError {
    /// The file is missing or the disk refuses.
    #[error("the delivery file `{}` cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file stands there or the disk refuses.
    #[error("the delivery file `{}` cannot be written", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It begins otherwise.
    #[error("not a sealed delivery")]
    NotADelivery,
    /// Bytes are missing.
    #[error("the delivery has {actual} bytes, at least {expected} are declared")]
    Truncated {
        /// Declared.
        expected: u64,
        /// Found.
        actual: u64,
    },
    /// Bytes follow its end.
    #[error("the delivery has {actual} bytes, {expected} are declared")]
    Trailing {
        /// Declared.
        expected: u64,
        /// Found.
        actual: u64,
    },
    /// The header is not the one that was written.
    #[error("the header of the delivery is damaged")]
    HeaderDamaged,
    /// The header is whole and does not read.
    #[error("the header of the delivery does not read")]
    HeaderForm(#[source] serde_json::Error),
    /// The header is not written canonically.
    #[error("the header of the delivery is not canonical JSON")]
    NotCanonical,
    /// Another version of the format.
    #[error("the delivery has format {actual}")]
    Version {
        /// Found.
        actual: u32,
    },
    /// A rule of the format is broken.
    #[error("the header of the delivery breaks the rule on `{rule}`")]
    HeaderRule {
        /// The field the rule is about.
        rule: &'static str,
    },
    /// The ciphertext is not the one that was written.
    #[error("the sealed content of the delivery is damaged")]
    CiphertextDamaged,
}

impl Diagnose for DeliveryFileError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            DeliveryFileError::Unreadable { file, source } => Diagnostic::new(codes::UNREADABLE)
                .with("file", file.display())
                .with("detail", source),
            DeliveryFileError::Unwritable { file, source } => Diagnostic::new(codes::UNWRITABLE)
                .with("file", file.display())
                .with("detail", source),
            DeliveryFileError::NotADelivery => Diagnostic::new(codes::NOT_A_DELIVERY),
            DeliveryFileError::Truncated { expected, actual } => Diagnostic::new(codes::TRUNCATED)
                .with("expected", expected)
                .with("actual", actual)
                .with("chunk", actual / CHUNK_BYTES + 1),
            DeliveryFileError::Trailing { expected, actual } => Diagnostic::new(codes::TRAILING)
                .with("expected", expected)
                .with("actual", actual),
            DeliveryFileError::HeaderDamaged => Diagnostic::new(codes::HEADER_DAMAGED),
            DeliveryFileError::HeaderForm(source) => {
                Diagnostic::new(codes::HEADER_FORM).with("detail", place(source))
            }
            DeliveryFileError::NotCanonical => {
                Diagnostic::new(codes::HEADER_FORM).with("detail", "RFC 8785")
            }
            DeliveryFileError::Version { actual } => Diagnostic::new(codes::VERSION)
                .with("actual", actual)
                .with("expected", FORMAT),
            DeliveryFileError::HeaderRule { rule } => {
                Diagnostic::new(codes::HEADER_RULE).with("name", rule)
            }
            DeliveryFileError::CiphertextDamaged => Diagnostic::new(codes::CIPHERTEXT_DAMAGED),
        }
    }
}

/// A file is counted in chunks of this size when it is told where it stops.
const CHUNK_BYTES: u64 = 65_536;

/// Where JSON stopped reading, without the text that stood there.
fn place(fault: &serde_json::Error) -> String {
    format!("{}:{}", fault.line(), fault.column())
}

/// A table could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The rows do not fit together.
    #[error("the table cannot be written")]
    Table(#[from] ParquetError),
    /// The disk refuses, or a file stands there.
    #[error("the delivery cannot be written")]
    Disk(#[from] std::io::Error),
    /// A rule of the format is broken.
    #[error("the declaration breaks the rule on `{rule}`")]
    Declaration {
        /// The field the rule is about.
        rule: &'static str,
    },
}

impl Diagnose for SealError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            SealError::Table(_) => Diagnostic::new(codes::PAYLOAD).with("detail", "Parquet"),
            SealError::Disk(source) => Diagnostic::new(codes::UNWRITABLE)
                .with("file", "-")
                .with("detail", source),
            SealError::Declaration { rule } => {
                Diagnostic::new(codes::HEADER_RULE).with("name", rule)
            }
        }
    }
}

/// The signature of a delivery is not the body's.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerifyError {
    /// Another key signed it.
    #[error("the delivery is not signed with the key of body `{body}`")]
    UnknownSigner {
        /// The body it says it comes from.
        body: BodyId,
    },
    /// The signature does not hold.
    #[error("the signature of the delivery does not hold")]
    Signature,
}

impl Diagnose for VerifyError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            VerifyError::UnknownSigner { body } => {
                Diagnostic::new(codes::UNKNOWN_SIGNER).with("body", body)
            }
            VerifyError::Signature => Diagnostic::new(codes::SIGNATURE),
        }
    }
}

/// A delivery could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is sealed to somebody else.
    #[error("the delivery is sealed to another recipient")]
    OtherRecipient,
    /// The seal does not open though no byte changed: it was never right.
    #[error("the seal of the delivery does not open")]
    Seal,
    /// What is under the seal is not what the header declares.
    #[error("the content of the delivery is not the one its header declares")]
    Content,
    /// The file can be read no longer.
    #[error("the delivery file cannot be read")]
    Disk(#[source] std::io::Error),
    /// What is under the seal is no table of the declared rows.
    #[error("the content of the delivery is not the table its header declares")]
    Table(#[source] ParquetError),
}

impl Diagnose for OpenError {
    fn diagnostic(&self) -> Diagnostic {
        let payload = |detail: &str| Diagnostic::new(codes::PAYLOAD).with("detail", detail);
        match self {
            OpenError::OtherRecipient => Diagnostic::new(codes::OTHER_RECIPIENT),
            OpenError::Seal => Diagnostic::new(codes::SEAL),
            OpenError::Content => payload("SHA-256"),
            OpenError::Disk(source) => Diagnostic::new(codes::UNREADABLE)
                .with("file", "-")
                .with("detail", source),
            OpenError::Table(_) => payload("Parquet"),
        }
    }
}

/// A receipt does not hold.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The file is missing or the disk refuses.
    #[error("the receipt `{}` cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file stands there or the disk refuses.
    #[error("the receipt `{}` cannot be written", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It does not read.
    #[error("the receipt does not read")]
    Form(#[source] serde_json::Error),
    /// The body's signature does not hold.
    #[error("the receipt is not signed by the body")]
    BodySignature,
    /// The lab has not signed, or its signature does not hold.
    #[error("the receipt is not signed by the lab")]
    LabSignature,
}

impl Diagnose for ReceiptError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            ReceiptError::Unreadable { file, source } => Diagnostic::new(codes::UNREADABLE)
                .with("file", file.display())
                .with("detail", source),
            ReceiptError::Unwritable { file, source } => Diagnostic::new(codes::UNWRITABLE)
                .with("file", file.display())
                .with("detail", source),
            ReceiptError::Form(source) => {
                Diagnostic::new(codes::RECEIPT).with("detail", place(source))
            }
            ReceiptError::BodySignature | ReceiptError::LabSignature => {
                Diagnostic::new(codes::RECEIPT).with("detail", self)
            }
        }
    }
}
