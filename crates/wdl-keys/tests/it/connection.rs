//! The connection: encrypted, or on this machine alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

use crate::running::Agreement;

/// An authority and a certificate of this machine that it signed.
struct Signed {
    certificate: PathBuf,
    key: PathBuf,
    root: String,
}

fn sign(folder: &Path, expired: bool) -> Signed {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    if expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let paths = (folder.join("tls.pem"), folder.join("tls.key"));
    std::fs::write(&paths.0, certificate.pem()).unwrap();
    std::fs::write(&paths.1, key.serialize_pem()).unwrap();
    Signed {
        certificate: paths.0,
        key: paths.1,
        root: authority.pem(),
    }
}

impl Signed {
    fn options(&self) -> [&str; 4] {
        [
            "--tls-certificate",
            self.certificate.to_str().unwrap(),
            "--tls-key",
            self.key.to_str().unwrap(),
        ]
    }
}

/// Whether somebody who believes one root reaches the service.
fn reaches(address: &str, root: &str) -> Result<u16, ureq::Error> {
    let root = Certificate::from_pem(root.as_bytes()).unwrap();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::Specific(Arc::new(vec![root])))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .build()
        .into();
    let answer = agent.get(format!("{address}/v2/public-key")).call()?;
    Ok(answer.status().as_u16())
}

#[test]
fn an_encrypted_connection_is_for_those_who_know_the_authority() {
    let agreement = Agreement::new();
    let signed = sign(agreement.folder.path(), false);
    let service = agreement.start(&signed.options());
    assert!(service.address.starts_with("https://"));
    assert_eq!(reaches(&service.address, &signed.root).unwrap(), 200);
    let elsewhere = tempfile::tempdir().unwrap();
    let other = sign(elsewhere.path(), false);
    assert!(reaches(&service.address, &other.root).is_err());
    // One who says nothing holds up nobody.
    let silent = std::net::TcpStream::connect(service.address.trim_start_matches("https://"));
    assert_eq!(reaches(&service.address, &signed.root).unwrap(), 200);
    drop(silent);
}

#[test]
fn an_expired_connection_is_refused_by_who_asks() {
    let agreement = Agreement::new();
    let signed = sign(agreement.folder.path(), true);
    let service = agreement.start(&signed.options());
    assert!(reaches(&service.address, &signed.root).is_err());
}

#[test]
fn without_encryption_the_service_stays_on_its_machine() {
    let agreement = Agreement::new();
    agreement.does_not_start(&["--listen", "0.0.0.0:0"], "WDL-K036");
}

#[test]
fn a_certificate_that_does_not_read_stops_the_start() {
    let agreement = Agreement::new();
    let signed = sign(agreement.folder.path(), false);
    std::fs::write(&signed.certificate, "no certificate").unwrap();
    agreement.does_not_start(&signed.options(), "WDL-K035");
    let signed = sign(agreement.folder.path(), false);
    std::fs::write(&signed.key, "no key").unwrap();
    agreement.does_not_start(&signed.options(), "WDL-K035");
}
