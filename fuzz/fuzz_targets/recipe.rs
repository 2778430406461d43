//! A recipe of encodings of the lab folder.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = wdl_fuzz::file("person.yaml", bytes);
    let _ = wdl_encoding::Recipe::read(&path);
});
