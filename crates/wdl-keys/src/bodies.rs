//! The bodies a custodian answers: those whose keys the agreement's key certifies, within the days it says.

use std::collections::BTreeMap;
use std::path::Path;

use wdl_crypto::{Certificate, Moment, SignedCertificate, Validity, VerifyingKey};
use wdl_vocab::BodyId;

use crate::error::{KeysError, file_error};
use crate::refusal::Refusal;

/// The certificates of the bodies; a body that renews its key has two for a while.
pub(crate) struct Bodies(BTreeMap<BodyId, Vec<Certificate>>);

/// How the name of a certificate's file ends.
const ENDING: &str = ".cert.json";

impl Bodies {
    /// Reads every `….cert.json` of a folder; one that the agreement's key did not sign for this lab stops the start.
    pub(crate) fn read(
        folder: &Path,
        lab: &str,
        agreement: &VerifyingKey,
    ) -> Result<Bodies, KeysError> {
        let mut bodies: BTreeMap<BodyId, Vec<Certificate>> = BTreeMap::new();
        let entries = std::fs::read_dir(folder).map_err(|fault| file_error(folder, &fault))?;
        for entry in entries {
            let path = entry.map_err(|fault| file_error(folder, &fault))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !name.ends_with(ENDING) {
                continue;
            }
            let certificate = SignedCertificate::read(&path)
                .and_then(|signed| signed.verify(agreement))
                .map_err(|source| KeysError::Certificate {
                    file: path.clone(),
                    source,
                })?;
            if certificate.lab != lab {
                return Err(KeysError::OtherLab {
                    file: path.clone(),
                    expected: lab.to_owned(),
                });
            }
            bodies
                .entry(certificate.body.clone())
                .or_default()
                .push(certificate);
        }
        Ok(Bodies(bodies))
    }

    /// How many bodies there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a body signed something, with a key that its certificate allows it today.
    ///
    /// Where the signature is another body's, that is said: it is no accident.
    pub(crate) fn check(
        &self,
        body: &BodyId,
        now: Moment,
        has_signed: impl Fn(&VerifyingKey) -> bool,
    ) -> Result<(), Refusal> {
        let own = self
            .0
            .get(body)
            .ok_or_else(|| Refusal::UnknownBody(body.clone()))?;
        let mut signed = own.iter().filter(|one| has_signed(&one.key)).peekable();
        if signed.peek().is_none() {
            let is_other = self
                .0
                .values()
                .flatten()
                .any(|other| has_signed(&other.key));
            return Err(match is_other {
                true => Refusal::OtherBody(body.clone()),
                false => Refusal::Unsigned(body.clone()),
            });
        }
        let mut refusal = None;
        for certificate in signed {
            refusal = Some(match certificate.at(now) {
                Validity::Valid => return Ok(()),
                Validity::Expired => Refusal::Expired {
                    body: body.clone(),
                    at: certificate.not_after,
                },
                Validity::NotYet => Refusal::NotYet {
                    body: body.clone(),
                    at: certificate.not_before,
                },
            });
        }
        Err(refusal.expect("at least one certificate has signed"))
    }
}
