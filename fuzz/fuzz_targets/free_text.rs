//! A free text in which an identifier may stand.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        std::hint::black_box(wdl_identity::find_in_text(text));
    }
});
