//! The connection with a custodian: the authority that was named vouches for it, or nothing is sent.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use wdl_crypto::oprf::OprfKey;
use wdl_holder::error::{CustodianFault, HolderError};
use wdl_holder::seal::{About, Custodian as _, HttpCustodian, Roots};
use wdl_vocab::Diagnose as _;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate of a host, in force or long ended.
fn certificate(authority: &Authority, host: &str, is_expired: bool) -> ServerConfig {
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    if is_expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let secret = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .unwrap()
}

/// A custodian that says who it is to the first who asks; where it listens.
fn custodian(config: ServerConfig) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let public_key = OprfKey::generate().public_key();
    let body = format!(
        r#"{{"custodian":"first","lab":"modena","project":"welfare","key_period":"2026","public_key":"{public_key}"}}"#
    );
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = Stream::new(&mut connection, &mut socket);
        let mut asked = [0; 4096];
        // Who does not believe the certificate asks nothing.
        if stream.read(&mut asked).is_ok_and(|read| read > 0) {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            stream
                .write_all(format!("{head}{body}").as_bytes())
                .unwrap();
            stream.flush().unwrap();
        }
    });
    address
}

fn roots(folder: &Path, pem: &str) -> Result<Roots, HolderError> {
    let path = folder.join("root.pem");
    std::fs::write(&path, pem).unwrap();
    Roots::read(&path)
}

/// Asks a custodian with a certificate who it is, believing one authority.
fn ask(config: ServerConfig, believed: &Authority) -> Result<About, CustodianFault> {
    let folder = tempfile::tempdir().unwrap();
    let roots = roots(folder.path(), &believed.pem()).unwrap();
    let custodian = HttpCustodian::new(&custodian(config), Some(&roots)).unwrap();
    custodian.about().map_err(|error| {
        if matches!(error.fault, CustodianFault::Untrusted(_)) {
            assert_eq!(error.diagnostic().code.id, "WDL-H032");
        }
        error.fault
    })
}

#[test]
fn the_authority_that_was_named_is_believed() {
    let authority = authority();
    let about = ask(certificate(&authority, "127.0.0.1", false), &authority).unwrap();
    assert_eq!(about.custodian, "first");
    assert_eq!(about.realm.project(), "welfare");
}

#[test]
fn cert_expired() {
    let authority = authority();
    let fault = ask(certificate(&authority, "127.0.0.1", true), &authority).unwrap_err();
    assert!(matches!(fault, CustodianFault::Untrusted(_)), "{fault:?}");
}

#[test]
fn another_authority_or_another_address_is_not_believed() {
    let (named, other) = (authority(), authority());
    for config in [
        certificate(&other, "127.0.0.1", false),
        certificate(&named, "custode.example.it", false),
    ] {
        let fault = ask(config, &named).unwrap_err();
        assert!(matches!(fault, CustodianFault::Untrusted(_)), "{fault:?}");
    }
}

#[test]
fn a_file_without_certificates_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAA"] {
        let refused = roots(folder.path(), text).err().unwrap();
        assert_eq!(refused.diagnostic().code.id, "WDL-H031");
    }
    let missing = Roots::read(&folder.path().join("none")).err().unwrap();
    assert_eq!(missing.diagnostic().code.id, "WDL-H031");
}
