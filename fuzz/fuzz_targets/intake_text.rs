//! A table of text in any encoding, or what is taken for one.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // What begins like an archive is the business of another target.
    if !bytes.starts_with(b"PK") {
        wdl_fuzz::read_table("table.csv", bytes);
    }
});
