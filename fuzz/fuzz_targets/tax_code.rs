//! A tax code, or what stands in its column.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = wdl_identity::Identity::read(text);
        let _ = wdl_identity::TaxCode::canonical(text);
    }
});
