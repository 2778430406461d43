//! The vectors of RFC 9497, appendix A.1.2 (ristretto255-SHA512, verifiable mode), with the blinds and proof scalars it fixes.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::{BlindingChunk, OprfKey, suite};
use curve25519_dalek::ristretto::RistrettoBasepointTable;
use curve25519_dalek::scalar::Scalar;

struct Vector {
    inputs: &'static [&'static str],
    blinds: &'static [&'static str],
    blinded: &'static [&'static str],
    evaluated: &'static [&'static str],
    proof: &'static str,
    proof_random: &'static str,
    outputs: &'static [&'static str],
}

const SEED: [u8; 32] = [0xa3; 32];
const KEY_INFO: &str = "74657374206b6579";
const SECRET_KEY: &str = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909";
const PUBLIC_KEY: &str = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e";

const BLIND_1: &str = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706";
const BLIND_2: &str = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e";
const INPUT_2: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
const OUTPUT_1: &str = "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c";
const OUTPUT_2: &str = "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6";

const VECTORS: [Vector; 3] = [
    Vector {
        inputs: &["00"],
        blinds: &[BLIND_1],
        blinded: &["863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"],
        evaluated: &["aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"],
        proof: "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        proof_random: BLIND_2,
        outputs: &[OUTPUT_1],
    },
    Vector {
        inputs: &[INPUT_2],
        blinds: &[BLIND_1],
        blinded: &["cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c"],
        evaluated: &["60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468"],
        proof: "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        proof_random: BLIND_2,
        outputs: &[OUTPUT_2],
    },
    Vector {
        inputs: &["00", INPUT_2],
        blinds: &[BLIND_1, BLIND_2],
        blinded: &[
            "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
            "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
        ],
        evaluated: &[
            "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
            "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
        ],
        proof: "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08",
        proof_random: "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
        outputs: &[OUTPUT_1, OUTPUT_2],
    },
];

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn scalar(text: &str) -> Scalar {
    suite::decode_scalar(bytes(text).try_into().unwrap()).unwrap()
}

fn shown<const N: usize>(elements: &[[u8; N]]) -> Vec<String> {
    elements.iter().map(hex::encode).collect()
}

#[test]
fn the_key_of_the_rfc() {
    let key = OprfKey::derive(&SEED, &bytes(KEY_INFO)).unwrap();
    assert_eq!(hex::encode(key.scalar.as_bytes()), SECRET_KEY);
    assert_eq!(key.public_key().to_string(), PUBLIC_KEY);
}

fn elements(texts: &[&str]) -> Vec<[u8; 32]> {
    texts
        .iter()
        .map(|text| bytes(text).try_into().unwrap())
        .collect()
}

#[test]
fn the_vectors_of_the_rfc() {
    let key = OprfKey::derive(&SEED, &bytes(KEY_INFO)).unwrap();
    let public = key.public_key();
    for vector in VECTORS {
        let inputs: Vec<Vec<u8>> = vector.inputs.iter().map(|text| bytes(text)).collect();
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let blinds: Vec<Scalar> = vector.blinds.iter().map(|text| scalar(text)).collect();

        // The hash to the group, by the blinded elements of the RFC.
        let blinded: Vec<[u8; 32]> = inputs
            .iter()
            .zip(&blinds)
            .map(|(input, blind)| suite::encode(&(blind * suite::hash_to_group(input).unwrap())))
            .collect();
        assert_eq!(shown(&blinded), vector.blinded);

        // The custodian: evaluation and proof, byte by byte.
        let half = *key.scalar * super::half();
        let random = scalar(vector.proof_random);
        let (evaluated, proof) = key.evaluate_chunk(&half, &blinded, &random).unwrap();
        assert_eq!(shown(&evaluated), vector.evaluated);
        assert_eq!(hex::encode(proof), vector.proof);

        // The holder: the RFC's proof holds, and the outputs are the RFC's whatever the blind.
        let (sent, answered) = (elements(vector.blinded), elements(vector.evaluated));
        let points = (
            super::decode_all(&sent).unwrap(),
            super::decode_all(&answered).unwrap(),
        );
        let proof: [u8; 64] = bytes(vector.proof).try_into().unwrap();
        super::check_proof((&sent, &points.0), (&answered, &points.1), &proof, &public).unwrap();
        let blinding = BlindingChunk::new(&inputs, &blinds).unwrap();
        let (evaluated, proof) = key.evaluate_chunk(&half, &blinding.sent, &random).unwrap();
        let table = RistrettoBasepointTable::create(&public.point);
        let outputs = blinding
            .finalize(&evaluated, &proof, (&public, &table))
            .unwrap();
        assert_eq!(shown(&outputs), vector.outputs);
    }
}
