//! Certificates: whom the agreement's key vouches for, and when.

use proptest::prelude::*;
use wdl_crypto::{Certificate, CertificateError, Moment, SignedCertificate, SigningKey, Validity};
use wdl_vocab::BodyId;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn certificate(key: &SigningKey) -> Certificate {
    Certificate {
        lab: "modena".to_owned(),
        body: BodyId::parse("comune").unwrap(),
        key: key.verifying_key(),
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at("2027-12-31T23:59:59Z"),
    }
}

#[test]
fn a_certificate_reads_back_and_is_believed_of_the_agreement_alone() {
    let (agreement, body) = (SigningKey::generate(), SigningKey::generate());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("comune.cert.json");
    let signed = certificate(&body).sign(&agreement).unwrap();
    signed.write(&path).unwrap();
    let read = SignedCertificate::read(&path).unwrap();
    assert_eq!(read, signed);
    let believed = read.clone().verify(&agreement.verifying_key()).unwrap();
    assert_eq!(believed, certificate(&body));
    let other = read.verify(&body.verifying_key());
    assert!(matches!(other, Err(CertificateError::Unsigned)));
}

#[test]
fn a_changed_certificate_is_not_believed() {
    let (agreement, body) = (SigningKey::generate(), SigningKey::generate());
    let signed = certificate(&body).sign(&agreement).unwrap();
    let text = serde_json::to_string(&signed).unwrap();
    for (from, to) in [
        ("comune", "questura"),
        ("modena", "bologna"),
        ("2027-12-31", "2037-12-31"),
        ("2026-01-01", "2025-01-01"),
    ] {
        let changed = SignedCertificate::from_bytes(text.replace(from, to).as_bytes()).unwrap();
        let refused = changed.verify(&agreement.verifying_key());
        assert!(matches!(refused, Err(CertificateError::Unsigned)), "{to}");
    }
}

#[test]
fn it_holds_from_its_first_moment_to_its_last() {
    let certificate = certificate(&SigningKey::generate());
    for (now, expected) in [
        ("2025-12-31T23:59:59Z", Validity::NotYet),
        ("2026-01-01T00:00:00Z", Validity::Valid),
        ("2027-12-31T23:59:59Z", Validity::Valid),
        ("2028-01-01T00:00:00Z", Validity::Expired),
    ] {
        assert_eq!(certificate.at(at(now)), expected, "{now}");
    }
}

#[test]
fn one_that_ends_before_it_begins_is_not_signed() {
    let agreement = SigningKey::generate();
    let mut backward = certificate(&agreement);
    std::mem::swap(&mut backward.not_before, &mut backward.not_after);
    assert!(matches!(
        backward.sign(&agreement),
        Err(CertificateError::Span)
    ));
}

#[test]
fn moments_are_whole_seconds_of_universal_time() {
    assert_eq!(
        at("2026-07-01T10:30:00.75+02:00").to_string(),
        "2026-07-01T08:30:00Z"
    );
    let day = at("2026-07-01T23:59:59Z");
    assert_eq!(at("2026-07-02T00:00:00Z").day(), day.day() + 1);
    assert_eq!(day.plus_days(1).since(day), 86_400);
    assert!("2026-07-01".parse::<Moment>().is_err());
    assert!(Moment::of_seconds(i64::MAX).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,40}") {
        let _ = SignedCertificate::from_bytes(&bytes);
        let _ = text.parse::<Moment>();
    }

    #[test]
    fn a_changed_byte_is_never_believed(place in any::<prop::sample::Index>(), change in 1_u8..) {
        let agreement = SigningKey::generate();
        let signed = certificate(&SigningKey::generate()).sign(&agreement).unwrap();
        let mut bytes = serde_json::to_vec(&signed).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        let believed = SignedCertificate::from_bytes(&bytes)
            .and_then(|read| read.verify(&agreement.verifying_key()));
        // A letter of a hexadecimal text may stand in upper case; anything else is seen.
        prop_assert!(believed.is_err() || change == 0x20);
    }
}
