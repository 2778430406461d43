//! The oblivious function: its laws, a second implementation, and what a cheating custodian meets.

use proptest::prelude::*;
use voprf::{BlindedElement, EvaluationElement, Proof, Ristretto255, VoprfClient, VoprfServer};
use wdl_crypto::oprf::wire::Response;
use wdl_crypto::oprf::{self, Blinded, CHUNK, OprfError, OprfKey};
use wdl_crypto::token;

const SEED: [u8; 32] = [7; 32];

fn values(count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|number| format!("invented value {number}").into_bytes())
        .collect()
}

fn slices(values: &[Vec<u8>]) -> Vec<&[u8]> {
    values.iter().map(Vec::as_slice).collect()
}

fn answer(key: &OprfKey, values: &[Vec<u8>]) -> Vec<[u8; 64]> {
    let (blinding, blinded) = oprf::blind(&slices(values)).unwrap();
    let evaluated = key.evaluate(&blinded).unwrap();
    blinding.finalize(&evaluated, &key.public_key()).unwrap()
}

#[test]
fn one_blind_serves_both_custodians_and_the_token_needs_both() {
    let (a, b, other) = (
        OprfKey::generate(),
        OprfKey::generate(),
        OprfKey::generate(),
    );
    let values = values(3);
    let (blinding, blinded) = oprf::blind(&slices(&values)).unwrap();
    let finalize = |key: &OprfKey| {
        let evaluated = key.evaluate(&blinded).unwrap();
        blinding.finalize(&evaluated, &key.public_key()).unwrap()
    };
    let (y_a, y_b, y_other) = (finalize(&a), finalize(&b), finalize(&other));
    assert_eq!(y_a, answer(&a, &values), "the blind leaves no trace");
    let domain = "modena/welfare/2026/person";
    let pseudonym = token(domain, &y_a[0], &y_b[0]);
    assert_eq!(pseudonym, token(domain, &y_a[0], &y_b[0]));
    assert_ne!(pseudonym, token(domain, &y_a[0], &y_other[0]));
    assert_ne!(pseudonym, token(domain, &y_b[0], &y_a[0]));
    assert_ne!(
        pseudonym,
        token("modena/welfare/2027/person", &y_a[0], &y_b[0])
    );
    assert_ne!(pseudonym, token(domain, &y_a[1], &y_b[1]));
    assert_eq!(format!("{pseudonym:?}"), "Token(…)");
}

#[test]
fn the_second_implementation_agrees_as_custodian() {
    let ours = OprfKey::derive(&SEED, b"info").unwrap();
    let theirs = VoprfServer::<Ristretto255>::new_from_seed(&SEED, b"info").unwrap();
    let values = values(5);
    let (blinding, blinded) = oprf::blind(&slices(&values)).unwrap();
    let elements: Vec<BlindedElement<Ristretto255>> = blinded
        .elements()
        .iter()
        .map(|bytes| BlindedElement::deserialize(bytes).unwrap())
        .collect();
    let answered = theirs
        .batch_blind_evaluate(&mut rand::rngs::OsRng, &elements)
        .unwrap();

    let mut message = b"WDLOPRS1".to_vec();
    message.extend(ours.public_key().to_bytes());
    message.extend(5_u32.to_be_bytes());
    for element in &answered.messages {
        message.extend(element.serialize());
    }
    message.extend(answered.proof.serialize());
    let response = Response::from_bytes(&message).unwrap();
    let theirs = blinding
        .finalize(&response.evaluated, &ours.public_key())
        .unwrap();
    assert_eq!(theirs, answer(&ours, &values));
}

#[test]
fn the_second_implementation_agrees_as_holder() {
    let key = OprfKey::derive(&SEED, b"info").unwrap();
    let server = VoprfServer::<Ristretto255>::new_from_seed(&SEED, b"info").unwrap();
    let values = values(4);
    let states: Vec<_> = values
        .iter()
        .map(|value| VoprfClient::<Ristretto255>::blind(value, &mut rand::rngs::OsRng).unwrap())
        .collect();
    let sent: Vec<[u8; 32]> = states
        .iter()
        .map(|state| state.message.serialize().into())
        .collect();
    let evaluated = key.evaluate(&Blinded::from_elements(sent)).unwrap();
    let bytes = Response {
        public_key: key.public_key(),
        evaluated,
    }
    .to_bytes();
    let (elements, proof) = bytes[44..].split_at(32 * 4);
    let messages: Vec<EvaluationElement<Ristretto255>> = elements
        .chunks(32)
        .map(|bytes| EvaluationElement::deserialize(bytes).unwrap())
        .collect();
    let proof = Proof::<Ristretto255>::deserialize(proof).unwrap();
    let clients: Vec<_> = states.into_iter().map(|state| state.state).collect();
    let inputs = slices(&values);
    let outputs: Vec<[u8; 64]> = VoprfClient::batch_finalize(
        &inputs,
        &clients,
        &messages,
        &proof,
        server.get_public_key(),
    )
    .unwrap()
    .map(|output| output.unwrap().into())
    .collect();
    assert_eq!(outputs, answer(&key, &values));
}

#[test]
fn chunks_do_not_show_in_the_answer() {
    let key = OprfKey::generate();
    let values = values(CHUNK + 1);
    let together = answer(&key, &values);
    assert_eq!(together.len(), CHUNK + 1);
    assert_eq!(together[CHUNK], answer(&key, &values[CHUNK..])[0]);
    assert_eq!(together[..2], answer(&key, &values[..2]));
    assert!(answer(&key, &[]).is_empty());
}

#[test]
fn another_key_than_the_published_one_is_seen() {
    let (published, used) = (OprfKey::generate(), OprfKey::generate());
    let (blinding, blinded) = oprf::blind(&[b"value"]).unwrap();
    let evaluated = used.evaluate(&blinded).unwrap();
    assert_eq!(
        blinding.finalize(&evaluated, &published.public_key()),
        Err(OprfError::Proof)
    );
}

#[test]
fn swapped_or_foreign_answers_are_seen() {
    let key = OprfKey::generate();
    let (blinding, blinded) = oprf::blind(&[b"one", b"two"]).unwrap();
    let mut swapped = blinded.elements().to_vec();
    swapped.swap(0, 1);
    let evaluated = key.evaluate(&Blinded::from_elements(swapped)).unwrap();
    assert_eq!(
        blinding.finalize(&evaluated, &key.public_key()),
        Err(OprfError::Proof)
    );
    let (other, _) = oprf::blind(&[b"one", b"two"]).unwrap();
    let evaluated = key.evaluate(&blinded).unwrap();
    assert_eq!(
        other.finalize(&evaluated, &key.public_key()),
        Err(OprfError::Proof)
    );
    let (short, _) = oprf::blind(&[b"one"]).unwrap();
    assert_eq!(
        short.finalize(&evaluated, &key.public_key()),
        Err(OprfError::Count {
            expected: 1,
            actual: 2
        })
    );
}

#[test]
fn what_is_no_point_or_no_value_is_refused() {
    let key = OprfKey::generate();
    for bad in [[0; 32], [0xff; 32], [1; 32]] {
        let answer = key.evaluate(&Blinded::from_elements(vec![bad]));
        assert_eq!(answer, Err(OprfError::Element));
    }
    assert_eq!(oprf::blind(&[b""]).err(), Some(OprfError::Input));
    let long = vec![0; 65_536];
    assert_eq!(oprf::blind(&[&long]).err(), Some(OprfError::Input));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_answer_is_a_function_of_key_and_value(
        values in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 1..6)
    ) {
        let key = OprfKey::derive(&SEED, b"law").unwrap();
        let first = answer(&key, &values);
        prop_assert_eq!(&first, &answer(&key, &values));
        for (one, y_one) in values.iter().zip(&first) {
            for (two, y_two) in values.iter().zip(&first) {
                prop_assert_eq!(one == two, y_one == y_two);
            }
        }
    }

    #[test]
    fn a_changed_bit_of_the_answer_is_always_seen(position in 0_usize..(64 * 8 + 3 * 32 * 8)) {
        let key = OprfKey::derive(&SEED, b"law").unwrap();
        let (blinding, blinded) = oprf::blind(&[b"a", b"b", b"c"]).unwrap();
        let evaluated = key.evaluate(&blinded).unwrap();
        let mut bytes = Response { public_key: key.public_key(), evaluated }.to_bytes();
        bytes[44 + position / 8] ^= 1 << (position % 8);
        let changed = Response::from_bytes(&bytes).unwrap();
        let outcome = blinding.finalize(&changed.evaluated, &key.public_key());
        prop_assert!(matches!(outcome, Err(OprfError::Proof | OprfError::Element)));
    }
}
