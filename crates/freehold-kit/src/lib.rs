//! The recovery kit on one page of paper, and the recovery code found again in what is given back.
//!
//! [`render`] makes a PDF of a [`Kit`]; [`find`] looks for the code, or for the 24 words, in a file
//! or a text. No network, no clock, no randomness: the time is a text like any other, and every
//! sentence is an argument, so that the language is the page's. The same kit makes the same bytes.
//!
//! Not part of the key protocol and holding none of its code: whether what was found is right, the
//! key protocol judges. What holds the code is allocated once, at its full size, and wiped.

mod find;
mod font;
mod kit;
mod page;
mod pdf;
mod qr;
#[cfg(test)]
mod testing;

pub use find::{MAX_GIVEN_BYTES, find};
pub use font::{clean, is_shown};
pub use kit::{Fact, Kit, KitError, Part, Picture, Texts};
pub use page::render;

use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

#[wasm_bindgen]
extern "C" {
    /// Bytes that JavaScript owns.
    pub type Uint8Array;
    /// A copy of these bytes.
    // ECMA-262 §23.2.5.1.
    #[wasm_bindgen(constructor)]
    fn copy(bytes: &[u8]) -> Uint8Array;
}

/// [`render`] for JavaScript: the arguments of [`Kit::parse`]; the PDF.
///
/// # Errors
/// Those of [`Kit::parse`].
#[wasm_bindgen(js_name = render)]
pub fn render_for_browser(
    secret: Vec<u8>,
    texts: &str,
    pictures: &[u8],
) -> Result<Uint8Array, JsError> {
    let secret = Zeroizing::new(secret);
    let made = Texts::from_json(texts)
        .and_then(|texts| Ok(render(&Kit::parse(&secret, &texts, pictures)?)));
    match made {
        Ok(pdf) => Ok(Uint8Array::copy(&pdf)),
        Err(error) => Err(JsError::new(error.message())),
    }
}

/// [`find`] for JavaScript.
#[wasm_bindgen(js_name = find)]
#[must_use]
pub fn find_for_browser(given: Vec<u8>) -> Option<Uint8Array> {
    let given = Zeroizing::new(given);
    find(&given).map(|found| Uint8Array::copy(&found))
}

/// What a picture has to show in the place of a text: the text without invisible characters, or
/// nothing if the fonts of the page have all of it.
#[wasm_bindgen(js_name = needsPicture)]
#[must_use]
pub fn needs_picture(text: &str) -> Option<String> {
    let text = clean(text);
    (!is_shown(&text)).then_some(text)
}
