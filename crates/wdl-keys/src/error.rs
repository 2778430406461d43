//! What stops the service from starting, or a key from being kept.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use wdl_crypto::{CertificateError, KeyError};
use wdl_vocab::diagnostics::codes::keys as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Why the service does not start, or a key is not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    /// A key file does not read or does not write.
    #[error("a key file cannot be used")]
    Key(#[from] KeyError),
    /// The custodian's own file does not read or does not write.
    #[error("the custodian's file `{}` cannot be used: {detail}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        detail: String,
    },
    /// A certificate is not believed.
    #[error("the certificate `{}` is not believed", file.display())]
    Certificate {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: CertificateError,
    },
    /// A certificate is another lab's.
    #[error("the certificate `{}` is not for the lab `{expected}`", file.display())]
    OtherLab {
        /// The file.
        file: PathBuf,
        /// The custodian's lab.
        expected: String,
    },
    /// The file of counts is damaged or another service uses it.
    #[error("the counts in `{}` cannot be used: {detail}", file.display())]
    Counts {
        /// The file.
        file: PathBuf,
        /// Why.
        detail: String,
    },
    /// The certificate or key of the encrypted connection does not read.
    #[error("the connection's certificate or key `{}` cannot be used: {detail}", file.display())]
    Tls {
        /// The file.
        file: PathBuf,
        /// Why.
        detail: String,
    },
    /// Without encryption a service listens to its own machine alone.
    #[error("`{0}` is reached from elsewhere, and the connection is not encrypted")]
    Plain(SocketAddr),
    /// A copy of a key is of no use.
    #[error("the copy of the key `{}` is of no use: {detail}", file.display())]
    Backup {
        /// The file.
        file: PathBuf,
        /// Why.
        detail: String,
    },
    /// A keeper of a copy is not one.
    #[error("`{0}` is not a recipient")]
    NotAKeeper(String),
    /// A name is not an identifier.
    #[error("`{value}` is not an identifier")]
    NotAnId {
        /// The option it was given to.
        option: &'static str,
        /// The name.
        value: String,
    },
    /// The address is taken.
    #[error("cannot listen on `{address}`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Diagnose for KeysError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            KeysError::Key(source) => source.diagnostic(),
            KeysError::File { file, detail } => Diagnostic::new(codes::CUSTODIAN_FILE)
                .with("file", file.display())
                .with("detail", detail),
            KeysError::Certificate { file, source } => Diagnostic::new(codes::CERTIFICATE)
                .with("file", file.display())
                .with("detail", source),
            KeysError::OtherLab { file, expected } => Diagnostic::new(codes::OTHER_LAB)
                .with("file", file.display())
                .with("expected", expected),
            KeysError::Counts { file, detail } => Diagnostic::new(codes::COUNTS)
                .with("file", file.display())
                .with("detail", detail),
            KeysError::Tls { file, detail } => Diagnostic::new(codes::TLS)
                .with("file", file.display())
                .with("detail", detail),
            KeysError::Backup { file, detail } => Diagnostic::new(codes::BACKUP)
                .with("file", file.display())
                .with("detail", detail),
            KeysError::NotAKeeper(value) => Diagnostic::new(codes::RECIPIENT).with("value", value),
            KeysError::Plain(address) => Diagnostic::new(codes::PLAIN).with("address", address),
            KeysError::NotAnId { option, value } => Diagnostic::new(codes::NOT_AN_ID)
                .with("option", option)
                .with("value", value),
            KeysError::Listen { address, source } => Diagnostic::new(codes::LISTEN)
                .with("address", address)
                .with("detail", source),
        }
    }
}

/// The custodian's own file does not read or does not write.
pub(crate) fn file_error(file: &Path, detail: &dyn std::fmt::Display) -> KeysError {
    KeysError::File {
        file: file.to_owned(),
        detail: detail.to_string(),
    }
}
