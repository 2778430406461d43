//! A certificate of a body, as a custodian reads it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = wdl_crypto::SignedCertificate::from_bytes(bytes);
});
