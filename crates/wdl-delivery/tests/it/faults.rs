//! Hostile and broken files: each fault has its own code, and none passes.

use std::sync::LazyLock;

use proptest::prelude::*;
use wdl_crypto::VerifyingKey;
use wdl_delivery::Delivery;
use wdl_vocab::{Diagnose, Digest};

use crate::invented::Keys;
use crate::states::forged;

/// One sealed delivery, where its parts begin, and the key it is signed with.
struct Sample {
    keys: Keys,
    key: VerifyingKey,
    bytes: Vec<u8>,
    header: usize,
    digest: usize,
    signature: usize,
    ciphertext: usize,
}

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let keys = Keys::new();
    let bytes = keys.seal(9).to_bytes().unwrap();
    let len = u32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize;
    Sample {
        key: keys.body.verifying_key(),
        keys,
        header: 12,
        digest: 12 + len,
        signature: 12 + len + 32,
        ciphertext: 12 + len + 96,
        bytes,
    }
});

/// The code a file is refused with, or `accepted`.
fn outcome(bytes: &[u8]) -> &'static str {
    let code = |fault: &dyn Diagnose| fault.diagnostic().code.id;
    let arrived = match Delivery::from_bytes(bytes) {
        Ok(arrived) => arrived,
        Err(fault) => return code(&fault),
    };
    match arrived.verify(&SAMPLE.key) {
        Ok(()) => {}
        Err(fault) => return code(&fault),
    }
    match arrived.open(&SAMPLE.keys.lab) {
        Ok(_) => "accepted",
        Err(fault) => code(&fault),
    }
}

fn flipped(place: usize, bit: u8) -> Vec<u8> {
    let mut bytes = SAMPLE.bytes.clone();
    bytes[place] ^= 1 << bit;
    bytes
}

#[test]
fn the_sample_is_good() {
    assert_eq!(outcome(&SAMPLE.bytes), "accepted");
}

#[test]
fn del_truncated() {
    for len in 1..SAMPLE.bytes.len() {
        assert_eq!(outcome(&SAMPLE.bytes[..len]), "WDL-D004", "{len}");
    }
    assert_eq!(outcome(b""), "WDL-D003");
    assert_eq!(outcome(b"%PDF-1.7 something else"), "WDL-D003");
}

#[test]
fn a_cut_says_in_which_chunk() {
    let long = SAMPLE.keys.seal_rows(4_000);
    let bytes = long.to_bytes().unwrap();
    assert!(bytes.len() > 2 * 65_536 + 10);
    let fault = Delivery::from_bytes(&bytes[..2 * 65_536 + 10])
        .map(|_| ())
        .unwrap_err();
    let told = fault.diagnostic().render(wdl_vocab::Lang::En);
    assert!(told.contains("chunk 3"), "{told}");
}

#[test]
fn del_bitflip() {
    for place in 0..SAMPLE.bytes.len() {
        for bit in 0..8 {
            assert_ne!(outcome(&flipped(place, bit)), "accepted", "{place}.{bit}");
        }
    }
}

#[test]
fn del_wrong_recipient() {
    let stranger = wdl_crypto::SealingKey::generate();
    let arrived = Delivery::from_bytes(&SAMPLE.bytes).unwrap();
    let fault = arrived.open(&stranger).map(|_| ()).unwrap_err();
    assert_eq!(fault.diagnostic().code.id, "WDL-D011");
    assert_eq!(
        fault.diagnostic().args.len(),
        0,
        "no hint about the content"
    );
}

#[test]
fn what_follows_the_end_is_seen() {
    let longer = [SAMPLE.bytes.as_slice(), b"x"].concat();
    assert_eq!(outcome(&longer), "WDL-D005");
}

#[test]
fn a_header_of_another_form_is_named() {
    let again = |from: &str, to: &str| outcome(&forged(&SAMPLE.bytes, from, to, &SAMPLE.keys.body));
    assert_eq!(again("\"format\":2", "\"format\":3"), "WDL-D015");
    assert_eq!(again("\"format\":2", "\"format\": 2"), "WDL-D007");
    assert_eq!(again("\"format\":2", "\"format\":2,\"more\":1"), "WDL-D007");
    assert_eq!(again("\"comune\"", "\"../comune\""), "WDL-D007");
    assert_eq!(again("\"2026-Q3\"", "\"2026-Q5\""), "WDL-D007");
}

#[test]
fn an_enormous_header_is_not_believed() {
    let mut bytes = SAMPLE.bytes.clone();
    bytes[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(outcome(&bytes), "WDL-D006");
}

/// The sample's table with some bytes of its Parquet file changed, sealed and signed by the body as it is.
fn resealed(changes: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    let keys = &SAMPLE.keys;
    let old = Delivery::from_bytes(&SAMPLE.bytes).unwrap();
    let ciphertext = &SAMPLE.bytes[SAMPLE.ciphertext..];
    let mut content = keys.lab.open(ciphertext).unwrap();
    for (place, byte) in changes {
        let place = place.index(content.len());
        content[place] = *byte;
    }
    let sealed = keys.lab.recipient().seal(&content);
    let header = std::str::from_utf8(&SAMPLE.bytes[SAMPLE.header..SAMPLE.digest]).unwrap();
    let len = |len: usize| format!("\"ciphertext_bytes\":{len}");
    let header = header
        .replace(
            &old.header().ciphertext_digest.to_string(),
            &Digest::of(&sealed).to_string(),
        )
        .replace(
            &old.header().content_digest.to_string(),
            &Digest::of(&content).to_string(),
        )
        .replace(&len(ciphertext.len()), &len(sealed.len()));
    let mut bytes = SAMPLE.bytes[..8].to_vec();
    bytes.extend(u32::try_from(header.len()).unwrap().to_be_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(Digest::of(header.as_bytes()).0);
    bytes.extend(keys.body.sign("delivery-v2", header.as_bytes()).to_bytes());
    bytes.extend(sealed);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_body_that_seals_a_broken_table_is_refused_or_read(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        // The body itself signed it, so every check before the table passes; nothing here may stop the program.
        let told = outcome(&resealed(&changes));
        prop_assert!(told == "accepted" || told == "WDL-D013", "{}", told);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_flipped_bit_of_the_header_is_the_headers(place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let len = SAMPLE.signature - SAMPLE.header;
        prop_assert_eq!(outcome(&flipped(SAMPLE.header + place.index(len), bit)), "WDL-D006");
    }

    #[test]
    fn a_flipped_bit_of_the_signature_is_the_signatures(place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let len = SAMPLE.ciphertext - SAMPLE.signature;
        prop_assert_eq!(outcome(&flipped(SAMPLE.signature + place.index(len), bit)), "WDL-D008");
    }

    #[test]
    fn a_flipped_bit_of_the_ciphertext_is_the_ciphertexts(place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let len = SAMPLE.bytes.len() - SAMPLE.ciphertext;
        prop_assert_eq!(outcome(&flipped(SAMPLE.ciphertext + place.index(len), bit)), "WDL-D010");
    }

    #[test]
    fn a_flipped_bit_of_magic_or_length_never_passes(place in 0_usize..12, bit in 0_u8..8) {
        prop_assert_ne!(outcome(&flipped(place, bit)), "accepted");
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_ne!(outcome(&bytes), "accepted");
        prop_assert_ne!(outcome(&[b"WDLDLV2\n".as_slice(), &bytes].concat()), "accepted");
    }
}

#[test]
fn the_parts_are_where_the_format_says() {
    let header = &SAMPLE.bytes[SAMPLE.header..SAMPLE.digest];
    assert!(serde_json::from_slice::<serde_json::Value>(header).is_ok());
    assert!(SAMPLE.bytes[SAMPLE.ciphertext..].starts_with(b"age-encryption.org/v1"));
}
