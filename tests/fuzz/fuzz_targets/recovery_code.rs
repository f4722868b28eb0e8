#![no_main]

#[path = "../src/keys.rs"]
#[allow(dead_code)]
mod keys;

libfuzzer_sys::fuzz_target!(|data: &[u8]| keys::recovery_code(data));
