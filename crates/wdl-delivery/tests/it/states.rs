//! What is sealed reads back, and only for whom it is meant.

use wdl_crypto::{SealingKey, SigningKey};
use wdl_delivery::{Delivery, OpenError, VerifyError};
use wdl_vocab::{Diagnose as _, Digest};

use crate::invented::{Keys, declaration, table};

#[test]
fn a_delivery_travels() {
    let keys = Keys::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("residenti.wdl");
    let sealed = keys.seal(5);
    sealed.write(&path).unwrap();
    let arrived = Delivery::read(&path).unwrap();
    assert_eq!(arrived.id(), sealed.id());
    assert_eq!(arrived.header(), sealed.header());
    assert_eq!(arrived.header().declared, declaration());
    assert_eq!(arrived.header().rows, 5);
    arrived.verify(&keys.body.verifying_key()).unwrap();
    let opened = arrived.open(&keys.lab).unwrap();
    assert_eq!(opened.batch(), &table(5));
    assert!(sealed.write(&path).is_err(), "never overwritten");
}

#[test]
fn an_empty_delivery_travels() {
    let keys = Keys::new();
    let bytes = keys.seal(0).to_bytes().unwrap();
    let opened = Delivery::from_bytes(&bytes).unwrap().open(&keys.lab);
    assert_eq!(opened.unwrap().batch().num_rows(), 0);
}

#[test]
fn the_same_rows_have_the_same_content_and_another_seal() {
    let keys = Keys::new();
    let (one, two, other) = (keys.seal(5), keys.seal(5), keys.seal(6));
    assert_eq!(one.header().content_digest, two.header().content_digest);
    assert_ne!(
        one.header().ciphertext_digest,
        two.header().ciphertext_digest
    );
    assert_ne!(one.id(), two.id());
    assert_ne!(one.header().content_digest, other.header().content_digest);
}

#[test]
fn no_token_stands_in_the_file() {
    let bytes = Keys::new().seal(200).to_bytes().unwrap();
    for row in 0..200_u8 {
        assert!(
            !bytes.windows(16).any(|window| window == [row; 16]),
            "{row}"
        );
    }
}

#[test]
fn another_lab_does_not_open_it() {
    let keys = Keys::new();
    let refused = keys.seal(3).open(&SealingKey::generate()).map(|_| ());
    assert!(matches!(refused, Err(OpenError::OtherRecipient)));
}

#[test]
fn another_signer_is_not_the_body() {
    let refused = Keys::new()
        .seal(3)
        .verify(&SigningKey::generate().verifying_key())
        .unwrap_err();
    assert!(matches!(refused, VerifyError::UnknownSigner { .. }));
    assert_eq!(refused.diagnostic().code.id, "WDL-D009");
}

#[test]
fn a_lying_header_is_seen_when_opened() {
    // A body that signs a header which is not of its content: the signature holds, the content does not.
    let keys = Keys::new();
    let honest = keys.seal(3);
    for (from, to) in [
        (
            honest.header().content_digest.to_string(),
            Digest::of(b"another").to_string(),
        ),
        ("\"rows\":3".to_owned(), "\"rows\":4".to_owned()),
    ] {
        let bytes = forged(&honest.to_bytes().unwrap(), &from, &to, &keys.body);
        let arrived = Delivery::from_bytes(&bytes).unwrap();
        arrived.verify(&keys.body.verifying_key()).unwrap();
        let refused = arrived.open(&keys.lab).map(|_| ()).unwrap_err();
        assert_eq!(refused.diagnostic().code.id, "WDL-D013", "{refused}");
    }
}

/// The same file with one thing said otherwise in its header, signed again.
pub(crate) fn forged(bytes: &[u8], from: &str, to: &str, key: &SigningKey) -> Vec<u8> {
    let len = u32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&bytes[12..12 + len]).unwrap();
    assert!(header.contains(from));
    let header = header.replace(from, to);
    let mut forged = bytes[..8].to_vec();
    forged.extend(u32::try_from(header.len()).unwrap().to_be_bytes());
    forged.extend(header.as_bytes());
    forged.extend(Digest::of(header.as_bytes()).0);
    forged.extend(key.sign("delivery-v2", header.as_bytes()).to_bytes());
    forged.extend(&bytes[12 + len + 96..]);
    forged
}
