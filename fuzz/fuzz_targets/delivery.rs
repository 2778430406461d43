//! A sealed delivery as it arrives.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(delivery) = wdl_delivery::Delivery::from_bytes(bytes) {
        std::hint::black_box(delivery.header());
    }
});
