//! What stops the service from starting.

use std::net::SocketAddr;
use std::path::PathBuf;

use wdl_crypto::KeyError;
use wdl_vocab::diagnostics::codes::keys as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Why the service does not start.
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
            KeysError::NotAnId { option, value } => Diagnostic::new(codes::NOT_AN_ID)
                .with("option", option)
                .with("value", value),
            KeysError::Listen { address, source } => Diagnostic::new(codes::LISTEN)
                .with("address", address)
                .with("detail", source),
        }
    }
}
