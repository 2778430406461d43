//! Declaration, question and answer as bytes.

use proptest::prelude::*;
use wdl_crypto::oprf::declaration::{Declaration, Declared, Nonce, TokenKind};
use wdl_crypto::oprf::wire::{MAX_BATCHES, MAX_ELEMENTS, Question, Response, WireError};
use wdl_crypto::oprf::{self, Blinded, OprfKey};
use wdl_crypto::{Realm, SigningKey};
use wdl_vocab::{BodyId, DatasetId, Period};

fn declaration() -> Declaration {
    Declaration {
        realm: Realm::new("modena", "welfare", "2026").unwrap(),
        body: BodyId::parse("comune").unwrap(),
        dataset: DatasetId::parse("residenti").unwrap(),
        period: Period::quarter(2026, 3),
        kind: TokenKind::parse("person").unwrap(),
        rows: 200,
        values: 100,
        nonce: Nonce::from_bytes(&[7; 16]).unwrap(),
        created: "2026-10-02T09:00:00Z".parse().unwrap(),
    }
}

fn declared(key: &SigningKey) -> Declared {
    Declared::sign(declaration(), key).unwrap()
}

fn question(key: &SigningKey) -> Question {
    let (_, blinded) = oprf::blind(&[b"one", b"two"]).unwrap();
    Question::sign(&declared(key), 3, blinded, key).unwrap()
}

/// A message with another header, signed as it stands.
fn with_header(message: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let len = u32::from_be_bytes(message[8..12].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&message[12..12 + len]).unwrap();
    let header = change(header);
    let len = u32::try_from(header.len()).unwrap().to_be_bytes();
    [
        &message[..8],
        &len,
        header.as_bytes(),
        &message[12
            + usize::try_from(u32::from_be_bytes(message[8..12].try_into().unwrap())).unwrap()..],
    ]
    .concat()
}

#[test]
fn a_declaration_reads_back_and_its_signature_holds_for_its_body_alone() {
    let key = SigningKey::generate();
    let told = declared(&key);
    let read = Declared::from_bytes(&told.to_bytes()).unwrap();
    assert_eq!(read.declaration(), &declaration());
    assert_eq!(read.id(), told.id());
    assert!(read.verify(&key.verifying_key()).is_ok());
    assert!(
        read.verify(&SigningKey::generate().verifying_key())
            .is_err()
    );
}

#[test]
fn two_declarations_of_one_delivery_are_two() {
    let key = SigningKey::generate();
    let nonce = Nonce::generate();
    let other = Declaration {
        nonce,
        ..declaration()
    };
    let other = Declared::sign(other, &key).unwrap();
    assert_ne!(other.id(), declared(&key).id());
}

#[test]
fn no_more_values_than_rows_are_declared() {
    let key = SigningKey::generate();
    let many = Declaration {
        values: 201,
        ..declaration()
    };
    assert_eq!(
        Declared::sign(many, &key).map(|_| ()),
        Err(WireError::Values)
    );
    let forged = with_header(&declared(&key).to_bytes(), |header| {
        header.replace("\"values\":100", "\"values\":201")
    });
    assert_eq!(
        Declared::from_bytes(&forged).map(|_| ()),
        Err(WireError::Values)
    );
}

#[test]
fn a_header_has_one_form() {
    let key = SigningKey::generate();
    let message = declared(&key).to_bytes();
    for change in [
        |header: &str| header.replace("\":", "\": "),
        |header: &str| header.replace("\"rows\":200", "\"rows\":18446744073709551615"),
        |header: &str| header.replace("{\"body\"", "{\"more\":1,\"body\""),
        |header: &str| header.replace("09:00:00Z", "09:00:00.5Z"),
    ] {
        let forged = with_header(&message, change);
        assert_ne!(forged, message);
        assert_eq!(
            Declared::from_bytes(&forged).map(|_| ()),
            Err(WireError::Header)
        );
    }
}

#[test]
fn a_question_reads_back_and_its_signature_holds_for_its_body_alone() {
    let key = SigningKey::generate();
    let asked = question(&key);
    let read = Question::from_bytes(&asked.to_bytes()).unwrap();
    assert_eq!(read.batch(), asked.batch());
    assert_eq!((read.batch().count, read.batch().place), (2, 3));
    assert_eq!(read.batch().declaration, declared(&key).id());
    assert_eq!(read.blinded(), asked.blinded());
    assert_eq!(read.digest(), asked.digest());
    assert!(read.verify(&key.verifying_key()).is_ok());
    assert!(
        read.verify(&SigningKey::generate().verifying_key())
            .is_err()
    );
}

#[test]
fn a_question_has_bounds() {
    let key = SigningKey::generate();
    let told = declared(&key);
    let ask = |count: usize, place| {
        let blinded = Blinded::from_elements(vec![[0; 32]; count]);
        Question::sign(&told, place, blinded, &key).map(|_| ())
    };
    assert_eq!(
        ask(MAX_ELEMENTS + 1, 0),
        Err(WireError::TooMany {
            actual: MAX_ELEMENTS + 1,
            maximum: MAX_ELEMENTS
        })
    );
    assert_eq!(ask(0, 0), Err(WireError::Place));
    assert_eq!(ask(1, MAX_BATCHES), Err(WireError::Place));
    assert_eq!(ask(1, MAX_BATCHES - 1), Ok(()));
}

#[test]
fn what_is_cut_or_longer_is_refused() {
    let signing = SigningKey::generate();
    let bytes = question(&signing).to_bytes();
    for len in 0..bytes.len() {
        assert!(Question::from_bytes(&bytes[..len]).is_err(), "{len}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(
        Question::from_bytes(&longer).map(|_| ()),
        Err(WireError::Length)
    );
    let bytes = declared(&signing).to_bytes();
    for len in 0..bytes.len() {
        assert!(Declared::from_bytes(&bytes[..len]).is_err(), "{len}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(
        Declared::from_bytes(&longer).map(|_| ()),
        Err(WireError::Length)
    );
    let key = OprfKey::generate();
    let (_, blinded) = oprf::blind(&[b"one"]).unwrap();
    let evaluated = key.evaluate(&blinded).unwrap();
    let public_key = key.public_key();
    let bytes = Response {
        public_key,
        evaluated,
    }
    .to_bytes();
    for len in 0..bytes.len() {
        assert!(Response::from_bytes(&bytes[..len]).is_err(), "{len}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_bit_is_always_seen(place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let key = SigningKey::generate();
        let mut bytes = question(&key).to_bytes();
        let at = place.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let is_accepted = Question::from_bytes(&bytes)
            .is_ok_and(|question| question.verify(&key.verifying_key()).is_ok());
        prop_assert!(!is_accepted);
        let mut bytes = declared(&key).to_bytes();
        let at = place.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let is_accepted = Declared::from_bytes(&bytes)
            .is_ok_and(|declared| declared.verify(&key.verifying_key()).is_ok());
        prop_assert!(!is_accepted);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for magic in [b"".as_slice(), b"WDLOPRD1", b"WDLOPRQ2", b"WDLOPRS1", b"WDLOPRD1\0\0\0\x02", b"WDLOPRQ2\0\0\0\x02"] {
            let bytes = [magic, &bytes].concat();
            let _ = Declared::from_bytes(&bytes);
            let _ = Question::from_bytes(&bytes);
            let _ = Response::from_bytes(&bytes);
        }
    }
}
