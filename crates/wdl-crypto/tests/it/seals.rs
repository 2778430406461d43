//! Seals, signatures and keyed hashes.

use proptest::prelude::*;
use wdl_crypto::{HashKey, Realm, Recipient, SealingKey, SigningKey, UnsealError, VerifyingKey};

#[test]
fn a_seal_opens_for_its_recipient_alone() {
    let (key, other) = (SealingKey::generate(), SealingKey::generate());
    let sealed = key.recipient().seal(b"a table");
    assert_eq!(key.open(&sealed).as_deref(), Ok(b"a table".as_slice()));
    assert_eq!(other.open(&sealed), Err(UnsealError::OtherRecipient));
    assert_eq!(key.open(b"something else"), Err(UnsealError::Damaged));
}

#[test]
fn public_things_are_written_and_read_as_text() {
    let recipient = SealingKey::generate().recipient();
    assert!(recipient.to_string().starts_with("age1"));
    assert_eq!(recipient.to_string().parse::<Recipient>(), Ok(recipient));
    assert!("age1nothing".parse::<Recipient>().is_err());
    let key = SigningKey::generate().verifying_key();
    assert_eq!(key.to_string().parse::<VerifyingKey>(), Ok(key));
    assert!("00".repeat(32).parse::<VerifyingKey>().is_err(), "weak");
}

#[test]
fn a_signature_is_for_one_use() {
    let key = SigningKey::generate();
    let public = key.verifying_key();
    let signature = key.sign("receipt", b"message");
    assert!(public.verify("receipt", b"message", &signature).is_ok());
    assert!(public.verify("delivery", b"message", &signature).is_err());
    assert!(public.verify("receip", b"tmessage", &signature).is_err());
    assert!(public.verify("receipt", b"other", &signature).is_err());
    let other = SigningKey::generate().verifying_key();
    assert!(other.verify("receipt", b"message", &signature).is_err());
}

#[test]
fn a_keyed_hash_depends_on_key_domain_and_value() {
    let (key, other) = (HashKey::generate(), HashKey::generate());
    let hash = key.hash("household", b"1");
    assert_eq!(hash, key.hash("household", b"1"));
    assert_ne!(hash, other.hash("household", b"1"));
    assert_ne!(hash, key.hash("dwelling", b"1"));
    assert_ne!(hash, key.hash("household", b"2"));
    assert_ne!(key.hash("ab", b"c"), key.hash("a", b"bc"));
    assert!(key.number("household", b"1") >= 0);
}

#[test]
fn a_realm_is_made_of_identifiers() {
    let realm = Realm::new("modena", "welfare", "2026").unwrap();
    assert_eq!(realm.token_domain("person"), "modena/welfare/2026/person");
    assert!(Realm::new("modena/x", "welfare", "2026").is_err());
    let text = serde_json::to_string(&realm).unwrap();
    assert_eq!(serde_json::from_str::<Realm>(&text).unwrap(), realm);
    assert!(serde_json::from_str::<Realm>(&text.replace("modena", "a/b")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_changed_byte_never_opens(
        plain in prop::collection::vec(any::<u8>(), 0..200),
        place in any::<prop::sample::Index>(),
        change in 1_u8..,
    ) {
        let key = SealingKey::generate();
        let mut sealed = key.recipient().seal(&plain);
        prop_assert_eq!(key.open(&sealed), Ok(plain));
        let place = place.index(sealed.len());
        sealed[place] ^= change;
        prop_assert!(key.open(&sealed).is_err());
        prop_assert!(key.open(&sealed[..place]).is_err());
    }
}
