#![no_main]

#[path = "../src/saml.rs"]
mod saml;

libfuzzer_sys::fuzz_target!(|data: &[u8]| saml::response(data));
