//! The code as a QR code.

use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};
use zeroize::Zeroizing;

use crate::kit::CODE_BYTES;

/// The smallest version in which 64 bytes fit while a quarter of it may be spoiled.
// ISO/IEC 18004, table 7: 74 bytes.
const VERSION: Version = Version::new(6);
const BUFFER_BYTES: usize = VERSION.buffer_len();

/// Modules a side.
pub const SIDE: u8 = 41;
/// Light modules around it.
// ISO/IEC 18004 §5.3.8.
pub const QUIET: u8 = 4;

/// Runs of dark modules, row after row: column, row, length. Exactly the bytes of the code are in
/// it, no address of a page.
pub fn dark_runs(code: &[u8], mut run: impl FnMut(u8, u8, u8)) {
    let mut data = Zeroizing::new([0; BUFFER_BYTES]);
    let mut out = Zeroizing::new([0; BUFFER_BYTES]);
    data.iter_mut().zip(code).for_each(|(to, from)| *to = *from);
    let drawn = QrCode::encode_binary(
        &mut *data,
        code.len().min(CODE_BYTES),
        &mut *out,
        QrCodeEcc::Quartile,
        VERSION,
        VERSION,
        None,
        false,
    )
    .expect("64 bytes fit in version 6");
    for y in 0..SIDE {
        let mut start = None;
        // The library answers "light" beside the square, which ends the last run of a row.
        for x in 0..=SIDE {
            match (start, drawn.get_module(x.into(), y.into())) {
                (None, true) => start = Some(x),
                (Some(from), false) => {
                    run(from, y, x - from);
                    start = None;
                }
                _ => {}
            }
        }
    }
}
