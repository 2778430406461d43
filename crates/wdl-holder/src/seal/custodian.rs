//! A custodian as the holder sees it: blinded values out, proved answers back.
//!
//! The network is reached here and nowhere else: no proxy, no redirect, no address but the one that was given.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Deserialize;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use wdl_crypto::Realm;
use wdl_crypto::oprf::PublicKey;
use wdl_crypto::oprf::declaration::{DeclarationId, Declared};
use wdl_crypto::oprf::wire::{MAX_RESPONSE_BYTES, Question, Response};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes;

use crate::error::{CustodianError, CustodianFault, HolderError};

/// What a custodian says of itself.
#[derive(Clone, Debug)]
pub struct About {
    /// Its name in the agreement.
    pub custodian: String,
    /// What its key is for.
    pub realm: Realm,
    /// The public half of its key.
    pub public_key: PublicKey,
}

/// What a custodian says of a delivery that was declared to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// By how many seconds this computer's clock is ahead of the custodian's.
    pub clock_off_seconds: i64,
}

/// Answers questions; over the network in life, in the same process in tests.
pub trait Custodian: Sync {
    /// How it is named in messages.
    fn address(&self) -> &str;

    /// Says who it is.
    ///
    /// # Errors
    /// [`CustodianError`] when there is no answer.
    fn about(&self) -> Result<About, CustodianError>;

    /// Is told of a delivery before it is asked anything of it.
    ///
    /// # Errors
    /// [`CustodianError`] when it refuses or there is no answer.
    fn declare(&self, declared: &Declared) -> Result<Acceptance, CustodianError>;

    /// Answers one question.
    ///
    /// # Errors
    /// [`CustodianError`] when there is no answer; whether an answer is right is checked by the caller.
    fn answer(&self, question: &Question) -> Result<Response, CustodianError>;
}

/// The authorities whose word is taken for a custodian's connection; the computer's own are not asked.
#[derive(Clone)]
pub struct Roots(Arc<Vec<Certificate<'static>>>);

impl Roots {
    /// Reads certificates in PEM.
    ///
    /// # Errors
    /// [`HolderError::CustodianRoot`] when there is none.
    pub fn read(path: &Path) -> Result<Roots, HolderError> {
        let fault = |detail: String| HolderError::CustodianRoot {
            path: path.to_owned(),
            detail,
        };
        let roots = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| fault(error.to_string()))?;
        if roots.is_empty() {
            return Err(fault("PEM".to_owned()));
        }
        let owned = |der: &CertificateDer<'_>| Certificate::from_der(der.as_ref()).to_owned();
        Ok(Roots(Arc::new(roots.iter().map(owned).collect())))
    }
}

/// A custodian's service: on this machine, or anywhere behind an encrypted connection.
pub struct HttpCustodian {
    address: String,
    agent: ureq::Agent,
}

/// A chunk is answered in well under a second; a service slower than this is down.
const TIMEOUT: Duration = Duration::from_secs(120);

impl HttpCustodian {
    /// A custodian at an address such as `https://custode.example.it:7001`, whose certificate one of the roots vouches for.
    ///
    /// Without roots, and without encryption, only a custodian on this machine: the values are blinded, but who asks for whom is not.
    ///
    /// # Errors
    /// [`CustodianError`] when the address is of another kind.
    pub fn new(address: &str, roots: Option<&Roots>) -> Result<HttpCustodian, CustodianError> {
        let address = address.trim_end_matches('/').to_owned();
        if !is_allowed(&address, roots.is_some()) {
            return Err(CustodianError {
                address,
                fault: CustodianFault::Address,
            });
        }
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::Specific(
                roots.map_or_else(Arc::default, |roots| Arc::clone(&roots.0)),
            ))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = ureq::Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .build()
            .new_agent();
        Ok(HttpCustodian { address, agent })
    }

    /// The whole body of an answer with status 200.
    fn whole(
        &self,
        sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Vec<u8>, CustodianError> {
        let mut response = sent.map_err(|error| self.down(&error))?;
        let bytes = response
            .body_mut()
            .with_config()
            .limit(MAX_RESPONSE_BYTES as u64)
            .read_to_vec()
            .map_err(|error| self.down(&error))?;
        let status = response.status().as_u16();
        match status {
            200 => Ok(bytes),
            500.. => Err(self.fault(match refusal(&bytes) {
                Some(told) => CustodianFault::Down(format!("{status} {}", told.code.id)),
                None => CustodianFault::Down(status.to_string()),
            })),
            _ => Err(self.fault(match refusal(&bytes) {
                Some(told) => CustodianFault::Told(Box::new(told)),
                None => CustodianFault::Refused(status.to_string()),
            })),
        }
    }

    fn down(&self, error: &ureq::Error) -> CustodianError {
        self.fault(match distrust(error) {
            Some(fault) => CustodianFault::Untrusted(fault),
            None => CustodianFault::Down(error.to_string()),
        })
    }

    fn fault(&self, fault: CustodianFault) -> CustodianError {
        CustodianError {
            address: self.address.clone(),
            fault,
        }
    }

    fn post(&self, path: &str, message: &[u8]) -> Result<Vec<u8>, CustodianError> {
        let request = self
            .agent
            .post(format!("{}{path}", self.address))
            .content_type("application/octet-stream");
        self.whole(request.send(message))
    }

    fn json<T: serde::de::DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, CustodianError> {
        serde_json::from_slice(bytes)
            .map_err(|error| self.fault(CustodianFault::Answer(error.to_string())))
    }
}

/// What is wrong with the certificate of a connection, when that is what is wrong.
fn distrust(error: &ureq::Error) -> Option<String> {
    let tls = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>()),
        _ => None,
    };
    tls.map(ToString::to_string)
}

/// `http` to this machine, `https` to anybody a root vouches for; a scheme, a host, a port and nothing else.
fn is_allowed(address: &str, has_roots: bool) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some()
    {
        return false;
    }
    match uri.scheme_str() {
        Some("http") => matches!(authority.host(), "127.0.0.1" | "localhost" | "[::1]"),
        Some("https") => has_roots,
        _ => false,
    }
}

/// What a custodian says of itself, on the network.
#[derive(Deserialize)]
struct AboutOnWire {
    custodian: String,
    lab: String,
    project: String,
    key_period: String,
    public_key: PublicKey,
}

/// What a custodian says of a declaration, on the network.
#[derive(Deserialize)]
struct AcceptanceOnWire {
    declaration: DeclarationId,
    clock_off_seconds: i64,
}

impl Custodian for HttpCustodian {
    fn address(&self) -> &str {
        &self.address
    }

    fn about(&self) -> Result<About, CustodianError> {
        let url = format!("{}/v2/public-key", self.address);
        let bytes = self.whole(self.agent.get(url).call())?;
        let told: AboutOnWire = self.json(&bytes)?;
        let realm = Realm::new(&told.lab, &told.project, &told.key_period)
            .map_err(|error| self.fault(CustodianFault::Answer(error.to_string())))?;
        Ok(About {
            custodian: told.custodian,
            realm,
            public_key: told.public_key,
        })
    }

    fn declare(&self, declared: &Declared) -> Result<Acceptance, CustodianError> {
        let bytes = self.post("/v2/declare", &declared.to_bytes())?;
        let told: AcceptanceOnWire = self.json(&bytes)?;
        match told.declaration == declared.id() {
            true => Ok(Acceptance {
                clock_off_seconds: told.clock_off_seconds,
            }),
            false => Err(self.fault(CustodianFault::Answer("declaration".to_owned()))),
        }
    }

    fn answer(&self, question: &Question) -> Result<Response, CustodianError> {
        let bytes = self.post("/v2/evaluate", &question.to_bytes())?;
        Response::from_bytes(&bytes)
            .map_err(|error| self.fault(CustodianFault::Answer(error.to_string())))
    }
}

/// What a custodian says when it refuses.
#[derive(Deserialize)]
struct Refusal {
    code: String,
    #[serde(default)]
    args: BTreeMap<String, String>,
}

/// A refusal by its stable code, told in our own words: of the custodian's text only short names and numbers are taken.
fn refusal(bytes: &[u8]) -> Option<Diagnostic> {
    let told: Refusal = serde_json::from_slice(bytes).ok()?;
    let mut codes = codes::all().filter(|code| code.id.starts_with("WDL-K"));
    let mut diagnostic = Diagnostic::new(codes.find(|code| code.id == told.code)?);
    for (name, value) in told.args {
        let name = codes::ARGUMENTS.iter().find(|known| **known == name);
        let is_plain = value.len() <= 120 && !value.chars().any(char::is_control);
        if let (Some(name), true) = (name, is_plain) {
            diagnostic = diagnostic.with(name, value);
        }
    }
    Some(diagnostic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_connections_stay_on_this_machine() {
        for good in [
            "http://127.0.0.1:7001",
            "http://localhost:80/",
            "http://[::1]:9",
        ] {
            assert!(HttpCustodian::new(good, None).is_ok(), "{good}");
        }
        for bad in [
            "https://a.it",
            "http://10.0.0.1:80",
            "127.0.0.1:7001",
            "http://127.0.0.1.a.it",
            "http://127.0.0.1@a.it",
            "http://127.0.0.1:80/elsewhere",
            "ftp://127.0.0.1",
            "",
        ] {
            assert!(HttpCustodian::new(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn encrypted_connections_need_a_root() {
        let roots = Roots(Arc::default());
        assert!(HttpCustodian::new("https://a.it:7001", Some(&roots)).is_ok());
        assert!(HttpCustodian::new("https://b@a.it", Some(&roots)).is_err());
        assert!(HttpCustodian::new("http://a.it", Some(&roots)).is_err());
    }

    #[test]
    fn only_codes_of_custodians_and_plain_words_are_repeated() {
        let said = |text: &str| refusal(text.as_bytes());
        let told = said(
            r#"{"code":"WDL-K018","it":"…","args":{"body":"comune","maximum":"3","who":"x","file":"a\u001bb"}}"#,
        );
        let expected = Diagnostic::new(codes::keys::BUDGET)
            .with("body", "comune")
            .with("maximum", 3);
        assert_eq!(told, Some(expected));
        assert!(said(r#"{"code":"WDL-K022"}"#).is_some());
        for other in [
            r#"{"code":"WDL-K02\u001b"}"#,
            r#"{"code":"MARIO ROSSI"}"#,
            r#"{"code":"WDL-H001"}"#,
            "nothing",
        ] {
            assert_eq!(said(other), None, "{other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_address_is_on_this_machine_or_refused(text in "(http://)?\\PC{0,30}(:[0-9]{1,5})?") {
            if is_allowed(&text, false) {
                let rest = text.strip_prefix("http://").expect("only this scheme");
                let is_here = ["127.0.0.1", "localhost", "[::1]"]
                    .iter()
                    .any(|host| rest.starts_with(host));
                proptest::prop_assert!(is_here);
            }
        }

        #[test]
        fn any_refusal_is_told_by_its_code_alone(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            proptest::prop_assert_eq!(refusal(&bytes), None);
        }
    }
}
