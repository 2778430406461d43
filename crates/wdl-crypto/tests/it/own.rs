//! What is sealed for the own key alone: who opens it, and what a change does to it.

use proptest::prelude::*;
use wdl_crypto::SigningKey;

const USE: &str = "test";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn only_the_key_that_sealed_it_opens_it(plain in prop::collection::vec(any::<u8>(), 0..300), about in prop::collection::vec(any::<u8>(), 0..40)) {
        let (key, other) = (SigningKey::generate(), SigningKey::generate());
        let sealed = key.seal_own(USE, &about, &plain);
        let opened = key.open_own(USE, &about, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
        prop_assert!(other.open_own(USE, &about, &sealed).is_none());
        prop_assert!(key.open_own("another use", &about, &sealed).is_none());
        let elsewhere = [about.as_slice(), b"x"].concat();
        prop_assert!(key.open_own(USE, &elsewhere, &sealed).is_none());
        // The same text twice shares nothing, and its length is all that is told.
        let again = key.seal_own(USE, &about, &plain);
        prop_assert!(again != sealed && again.len() == sealed.len());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            prop_assert!(key.open_own(USE, &about, &changed).is_none(), "byte {}", at);
            prop_assert!(key.open_own(USE, &about, &sealed[..at]).is_none(), "cut at {}", at);
        }
    }
}

/// Nothing but the key file need be kept.
#[test]
fn a_key_read_again_opens_what_it_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.key");
    let key = SigningKey::generate();
    key.write(&path).unwrap();
    let sealed = key.seal_own(USE, b"about", b"a vote");
    drop(key);
    let key = SigningKey::read(&path).unwrap();
    let opened = key.open_own(USE, b"about", &sealed).unwrap();
    assert_eq!(opened.as_slice(), b"a vote");
    assert!(key.open_own(USE, b"about", b"").is_none());
}

#[test]
fn nonces_differ() {
    assert_ne!(wdl_crypto::nonce(), wdl_crypto::nonce());
}
