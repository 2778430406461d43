//! Question and answer as bytes.

use proptest::prelude::*;
use wdl_crypto::oprf::wire::{MAX_ELEMENTS, Question, Response, WireError};
use wdl_crypto::oprf::{self, Blinded, OprfKey};
use wdl_crypto::{Realm, SigningKey};
use wdl_vocab::{BodyId, DatasetId, Period};

fn question(key: &SigningKey) -> Question {
    let (_, blinded) = oprf::blind(&[b"one", b"two"]).unwrap();
    ask(blinded, key).unwrap()
}

fn ask(blinded: Blinded, key: &SigningKey) -> Result<Question, WireError> {
    let realm = Realm::new("modena", "welfare", "2026").unwrap();
    let body = BodyId::parse("comune").unwrap();
    let dataset = DatasetId::parse("residenti").unwrap();
    let period = Period::quarter(2026, 3);
    Question::sign(&realm, (&body, &dataset, period), blinded, key)
}

#[test]
fn a_question_reads_back_and_its_signature_holds_for_its_body_alone() {
    let key = SigningKey::generate();
    let asked = question(&key);
    let read = Question::from_bytes(&asked.to_bytes()).unwrap();
    assert_eq!(read.request(), asked.request());
    assert_eq!(read.request().count, 2);
    assert_eq!(read.blinded(), asked.blinded());
    assert!(read.verify(&key.verifying_key()).is_ok());
    assert!(
        read.verify(&SigningKey::generate().verifying_key())
            .is_err()
    );
}

#[test]
fn a_question_has_a_bound() {
    let many = Blinded::from_elements(vec![[0; 32]; MAX_ELEMENTS + 1]);
    let refused = ask(many, &SigningKey::generate()).map(|_| ());
    assert_eq!(
        refused,
        Err(WireError::TooMany {
            actual: MAX_ELEMENTS + 1,
            maximum: MAX_ELEMENTS
        })
    );
}

#[test]
fn what_is_cut_or_longer_is_refused() {
    let bytes = question(&SigningKey::generate()).to_bytes();
    for len in 0..bytes.len() {
        assert!(Question::from_bytes(&bytes[..len]).is_err(), "{len}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(
        Question::from_bytes(&longer).map(|_| ()),
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
    fn a_changed_bit_of_a_question_is_always_seen(place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let key = SigningKey::generate();
        let mut bytes = question(&key).to_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let is_accepted = Question::from_bytes(&bytes)
            .is_ok_and(|question| question.verify(&key.verifying_key()).is_ok());
        prop_assert!(!is_accepted);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Question::from_bytes(&bytes);
        let _ = Response::from_bytes(&bytes);
        let _ = Question::from_bytes(&[b"WDLOPRQ1".as_slice(), &bytes].concat());
        let _ = Response::from_bytes(&[b"WDLOPRS1".as_slice(), &bytes].concat());
    }
}
