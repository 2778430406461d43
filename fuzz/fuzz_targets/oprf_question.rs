//! A question as a custodian gets it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = wdl_crypto::oprf::wire::Question::from_bytes(bytes);
});
