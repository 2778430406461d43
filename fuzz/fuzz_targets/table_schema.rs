//! A Frictionless Table Schema from which a contract is drafted.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = wdl_contract::from_frictionless("table", text);
    }
});
