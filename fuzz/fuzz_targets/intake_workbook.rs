//! A workbook, or an archive that says it is one.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    wdl_fuzz::read_table("table.xlsx", bytes);
});
