//! A receipt as it comes back.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = wdl_delivery::Receipt::from_bytes(bytes);
});
