//! Certificates: the lab's word that a key is a body's, from one day to another.
//!
//! A custodian knows one public key, that of the agreement, and believes what it signed.
//! A certificate says nothing of what a body may ask: that is the custodian's to judge.

use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_vocab::BodyId;

use crate::{Moment, Signature, SigningKey, VerifyingKey};

/// What is certified: the key of a body of a lab, within two moments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The lab of the agreement.
    pub lab: String,
    /// The body.
    pub body: BodyId,
    /// Its key.
    pub key: VerifyingKey,
    /// The first moment.
    pub not_before: Moment,
    /// The last moment.
    pub not_after: Moment,
}

/// Whether a certificate holds at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It holds.
    Valid,
    /// It does not hold yet.
    NotYet,
    /// It holds no more.
    Expired,
}

/// A certificate with the signature of the agreement's key, as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCertificate {
    format: Format,
    certificate: Certificate,
    signature: Signature,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "wdl-certificate-v1")]
    V1,
}

/// Why a certificate is not believed.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The file does not read.
    #[error("the certificate cannot be read or written")]
    File(#[source] std::io::Error),
    /// It is no certificate.
    #[error("not a certificate of a body's key")]
    NotACertificate,
    /// It ends before it begins.
    #[error("the certificate ends before it begins")]
    Span,
    /// Somebody else signed it, or it was changed.
    #[error("the certificate is not signed by the agreement's key")]
    Unsigned,
}

const CONTEXT: &str = "body-certificate-v1";
/// Longest file that is read.
const MAX_BYTES: u64 = 4096;

impl Certificate {
    /// Whether it holds at a moment; both ends count.
    pub fn at(&self, now: Moment) -> Validity {
        if now < self.not_before {
            return Validity::NotYet;
        }
        match now <= self.not_after {
            true => Validity::Valid,
            false => Validity::Expired,
        }
    }

    /// Signs it with the agreement's key.
    ///
    /// # Errors
    /// [`CertificateError::Span`] when it ends before it begins.
    pub fn sign(self, agreement: &SigningKey) -> Result<SignedCertificate, CertificateError> {
        if self.not_after < self.not_before {
            return Err(CertificateError::Span);
        }
        Ok(SignedCertificate {
            format: Format::V1,
            signature: agreement.sign(CONTEXT, &self.canonical()),
            certificate: self,
        })
    }

    fn canonical(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self).expect("a certificate of texts is canonical JSON")
    }
}

impl SignedCertificate {
    /// The certificate, when the agreement's key signed it; whether it holds today is for [`Certificate::at`] to say.
    ///
    /// # Errors
    /// [`CertificateError`] when another key signed it.
    pub fn verify(self, agreement: &VerifyingKey) -> Result<Certificate, CertificateError> {
        if self.certificate.not_after < self.certificate.not_before {
            return Err(CertificateError::Span);
        }
        agreement
            .verify(CONTEXT, &self.certificate.canonical(), &self.signature)
            .map_err(|_| CertificateError::Unsigned)?;
        Ok(self.certificate)
    }

    /// Reads one from bytes; the signature is not yet checked.
    ///
    /// # Errors
    /// [`CertificateError::NotACertificate`] when the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<SignedCertificate, CertificateError> {
        serde_json::from_slice(bytes).map_err(|_| CertificateError::NotACertificate)
    }

    /// Reads a file; the signature is not yet checked.
    ///
    /// # Errors
    /// [`CertificateError`] when it does not read.
    pub fn read(path: &Path) -> Result<SignedCertificate, CertificateError> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
            .map_err(CertificateError::File)?;
        SignedCertificate::from_bytes(&bytes)
    }

    /// Writes a file; an older certificate of the body is replaced.
    ///
    /// # Errors
    /// [`CertificateError::File`] when the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), CertificateError> {
        let mut text = serde_json::to_vec_pretty(self).expect("a certificate of texts is JSON");
        text.push(b'\n');
        std::fs::write(path, text).map_err(CertificateError::File)
    }
}
