//! HKDF-SHA-256 with the protocol's labels.
// RFC 5869.

use freehold_wire::label;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// `Extract(salt, secret)`.
pub(crate) fn extract(salt: &[u8; 32], secret: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let (mut prk, _) = Hkdf::<Sha256>::extract(Some(salt), secret);
    let kept = Zeroizing::new(prk.into());
    zeroize::Zeroize::zeroize(prk.as_mut_slice());
    kept
}

/// `Expand(prk, L(name) | parts, out.len())`.
pub(crate) fn expand(prk: &[u8; 32], name: &str, parts: &[&[u8]], out: &mut [u8]) {
    let label = label(name);
    let mut info = Vec::with_capacity(1 + parts.len());
    info.push(label.as_slice());
    info.extend_from_slice(parts);
    Hkdf::<Sha256>::from_prk(prk)
        .expect("32 bytes are long enough for a key of HKDF-SHA-256")
        .expand_multi_info(&info, out)
        .expect("the protocol asks for at most 88 bytes, HKDF-SHA-256 gives 8160");
}
