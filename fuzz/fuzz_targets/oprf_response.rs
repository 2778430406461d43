//! An answer as a body gets it from a custodian.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = wdl_crypto::oprf::wire::Response::from_bytes(bytes);
});
