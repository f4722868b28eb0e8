//! The code as a QR code: the one kind of symbol that it needs, version 6 with a quarter to spare.
// References are to ISO/IEC 18004:2015.

use std::iter::once;

use zeroize::Zeroizing;

/// Modules a side of version 6, the smallest in which 64 bytes fit while a quarter of it may be
/// spoiled.
// §6.3.2, table 7: 74 bytes.
pub const SIDE: u8 = 41;
/// Light modules around it.
// §6.3.8.
pub const QUIET: u8 = 4;

const ACROSS: usize = SIDE as usize;
const AREA: usize = ACROSS * ACROSS;

/// What table 9 has of version 6-Q: four blocks, each of 19 bytes and 24 that correct them.
const BLOCKS: usize = 4;
const DATA: usize = 19;
const CHECK: usize = 24;

/// Runs of dark modules, row after row: column, row, length. Exactly the bytes of the code are in
/// it, no address of a page.
pub fn dark_runs(code: &[u8], mut run: impl FnMut(u8, u8, u8)) {
    let symbol = draw(code);
    for (row, y) in symbol.0.chunks(ACROSS).zip(0..) {
        let mut start = None;
        // A light module after the last one ends the last run.
        for (module, x) in row.iter().chain(once(&LIGHT)).zip(0..) {
            match (start, *module == DARK) {
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

/// The symbol under the mask that leaves the least to confuse a reader.
// §7.8.3.
fn draw(code: &[u8]) -> Symbol {
    let codewords = codewords(code);
    let masked = (0..8).map(|mask| Symbol::new(&codewords, mask));
    masked.min_by_key(Symbol::penalty).unwrap_or_else(Symbol::empty)
}

/// The bytes of the symbol: a header, the code, padding; each block followed by what corrects it, and
/// the blocks dealt out in turn.
// §7.4.1, §7.4.5, §7.4.9, §7.4.10, §7.6.
fn codewords(code: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut data = Zeroizing::new(vec![0; BLOCKS * DATA]);
    // Four bits say that bytes follow, eight how many, and four that no more do.
    let mut half = 0b0100;
    let count = u8::try_from(code.len()).unwrap_or(u8::MAX);
    let bytes = once(&count).chain(code).chain(once(&0));
    for (codeword, byte) in data.iter_mut().zip(bytes) {
        *codeword = (half << 4) | (byte >> 4);
        half = byte & 15;
    }
    for (codeword, pad) in data.iter_mut().skip(code.len() + 2).zip([0xec, 0x11].iter().cycle()) {
        *codeword = *pad;
    }

    let generator = generator();
    let mut dealt = Zeroizing::new(vec![0; BLOCKS * (DATA + CHECK)]);
    for (block, place) in data.chunks(DATA).zip(0..) {
        let check = remainder(block, &generator);
        let places = dealt.iter_mut().skip(place).step_by(BLOCKS);
        places.zip(block.iter().chain(check.iter())).for_each(|(to, from)| *to = *from);
    }
    dealt
}

/// A product in the field of 256 elements.
// §7.5.2: modulo x^8 + x^4 + x^3 + x^2 + 1.
fn product(one: u8, other: u8) -> u8 {
    (0..8).rev().fold(0, |sum, bit| {
        let doubled = (sum << 1) ^ ((sum >> 7) * 0x1d);
        doubled ^ (((other >> bit) & 1) * one)
    })
}

/// The product of x + 2^0 to x + 2^23: its coefficients, the highest of which, a one, is left out.
// §7.5.2, annex A.
fn generator() -> [u8; CHECK] {
    let mut coefficients = [0; CHECK];
    coefficients[CHECK - 1] = 1;
    let mut root = 1;
    for _ in 0..CHECK {
        let mut lower = 0;
        for coefficient in coefficients.iter_mut().rev() {
            let before = *coefficient;
            *coefficient = product(before, root) ^ lower;
            lower = before;
        }
        root = product(root, 2);
    }
    coefficients
}

/// What is left of the block, divided by the generator.
// §7.5.2.
fn remainder(block: &[u8], generator: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut rest = Zeroizing::new(vec![0; CHECK]);
    for byte in block {
        let factor = rest.first().copied().unwrap_or_default() ^ byte;
        let mut lower = 0;
        for (coefficient, divisor) in rest.iter_mut().zip(generator).rev() {
            let before = *coefficient;
            *coefficient = lower ^ product(*divisor, factor);
            lower = before;
        }
    }
    rest
}

const LIGHT: u8 = 0;
const DARK: u8 = 1;

/// The modules, row after row. On the heap: what is moved leaves no copy behind.
struct Symbol(Zeroizing<Vec<u8>>);

impl Symbol {
    fn empty() -> Self {
        Self(Zeroizing::new(vec![LIGHT; AREA]))
    }

    fn new(codewords: &[u8], mask: u8) -> Self {
        let mut symbol = Self::empty();
        symbol.draw_patterns();
        symbol.draw_format(mask);
        symbol.draw_data(codewords, mask);
        symbol
    }

    fn set(&mut self, x: usize, y: usize, module: u8) {
        if let Some(place) = self.0.get_mut(y * ACROSS + x) {
            *place = module;
        }
    }

    fn draw_patterns(&mut self) {
        for y in 0..ACROSS {
            for x in 0..ACROSS {
                self.set(x, y, pattern(x, y).unwrap_or(LIGHT));
            }
        }
    }

    /// Twice: how much may be spoiled, and the mask; with ten bits that correct them.
    // §7.9.1, annex C.
    fn draw_format(&mut self, mask: u8) {
        let quarter = 0b11;
        let data = quarter << 3 | u32::from(mask);
        let rest = (0..10).fold(data, |rest, _| (rest << 1) ^ ((rest >> 9) * 0b101_0011_0111));
        let bits = (data << 10 | rest) ^ 0b101_0100_0001_0010;
        for bit in 0..15 {
            let module = (bits >> bit & 1) as u8;
            let (x, y) = match bit {
                0..6 => (8, bit),
                6..8 => (8, bit + 1),
                8 => (7, 8),
                _ => (14 - bit, 8),
            };
            self.set(x, y, module);
            let (x, y) = if bit < 8 { (ACROSS - 1 - bit, 8) } else { (8, ACROSS - 15 + bit) };
            self.set(x, y, module);
        }
    }

    /// Up and down in columns two modules wide, from the right, around the patterns.
    // §7.7.3, §7.8.2.
    fn draw_data(&mut self, codewords: &[u8], mask: u8) {
        let bits = codewords.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
        // What is left over is light.
        let mut bits = bits.chain(std::iter::repeat(LIGHT));
        for column in 0..ACROSS / 2 {
            let right = ACROSS - 1 - 2 * column;
            // The column of the timing pattern is passed over.
            let right = if right > TIMING { right } else { right - 1 };
            for step in 0..ACROSS {
                let y = if column % 2 == 0 { ACROSS - 1 - step } else { step };
                for x in [right, right - 1] {
                    if pattern(x, y).is_none() {
                        let bit = bits.next().unwrap_or(LIGHT);
                        self.set(x, y, bit ^ u8::from(is_inverted(mask, x, y)));
                    }
                }
            }
        }
    }

    /// How much there is to confuse a reader.
    // §7.8.3.1.
    fn penalty(&self) -> usize {
        let mut runs = Zeroizing::new(Vec::with_capacity(ACROSS + 2));
        let lines: usize = (0..ACROSS)
            .map(|line| {
                let row = self.line_penalty(line * ACROSS, 1, &mut runs);
                row + self.line_penalty(line, ACROSS, &mut runs)
            })
            .sum();
        let rows = self.0.chunks(ACROSS);
        let blocks = rows.clone().zip(rows.skip(1)).flat_map(|(row, next)| {
            row.windows(2).zip(next.windows(2)).filter(|(above, below)| {
                above == below && matches!(above, [LIGHT, LIGHT] | [DARK, DARK])
            })
        });
        let dark = self.0.iter().filter(|module| **module == DARK).count();
        // Steps of five percent between the dark modules and half of all.
        let steps = (20 * dark).abs_diff(10 * AREA).div_ceil(AREA);
        lines + 3 * blocks.count() + 10 * steps.saturating_sub(1)
    }

    /// That of a row or a column: its long runs, and what looks like a finder pattern.
    fn line_penalty(&self, start: usize, step: usize, runs: &mut Vec<usize>) -> usize {
        runs.clear();
        // Light and dark in turn, light at both ends.
        let mut color = LIGHT;
        let mut run = 0;
        for module in self.0.iter().skip(start).step_by(step).take(ACROSS) {
            if *module != color {
                runs.push(run);
                color = *module;
                run = 0;
            }
            run += 1;
        }
        runs.push(run);
        if color == DARK {
            runs.push(0);
        }
        let long: usize = runs.iter().filter(|run| **run >= 5).map(|run| run - 2).sum();
        // Around the symbol it is light.
        for end in [0, runs.len() - 1] {
            if let Some(run) = runs.get_mut(end) {
                *run += ACROSS;
            }
        }
        let alike = runs.windows(7).step_by(2).map(|window| match *window {
            [before, one, two, three, four, five, after]
                if [two, three, four, five] == [one, 3 * one, one, one] =>
            {
                let wide = |light, other| usize::from(light >= 4 * one && other >= one);
                wide(before, after) + wide(after, before)
            }
            _ => 0,
        });
        long + 40 * alike.sum::<usize>()
    }
}

/// Where the timing patterns are: column and row.
const TIMING: usize = 6;

/// The module of a pattern that is in every symbol of this version, or nothing where data stands.
/// What tells the format is light here.
// §6.3.
fn pattern(x: usize, y: usize) -> Option<u8> {
    let away = |(column, row)| x.abs_diff(column).max(y.abs_diff(row));
    let finders = [(3, 3), (ACROSS - 4, 3), (3, ACROSS - 4)].map(away);
    let finder = finders.into_iter().min().unwrap_or(ACROSS);
    // Annex E.
    let alignment = away((ACROSS - 7, ACROSS - 7));
    let is_outer = |at| at <= 8 || at >= ACROSS - 8;
    let is_dark = if finder <= 4 {
        finder != 2 && finder != 4
    } else if alignment <= 2 {
        alignment != 1
    } else if x == TIMING || y == TIMING {
        (x + y).is_multiple_of(2)
    } else if (x == 8 && is_outer(y)) || (y == 8 && is_outer(x)) {
        // §7.9.1: the format; beside the lower finder one is always dark.
        (x, y) == (8, ACROSS - 8)
    } else {
        return None;
    };
    Some(u8::from(is_dark))
}

/// Whether a mask turns a module into its opposite.
// §7.8.2, table 10.
fn is_inverted(mask: u8, x: usize, y: usize) -> bool {
    let remainder = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (y / 2 + x / 3) % 2,
        5 => x * y % 2 + x * y % 3,
        6 => (x * y % 2 + x * y % 3) % 2,
        _ => ((x + y) % 2 + x * y % 3) % 2,
    };
    remainder == 0
}

#[cfg(test)]
mod tests {
    use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};

    use super::*;

    /// What another program draws of these bytes.
    fn other(code: &[u8]) -> Vec<(u8, u8)> {
        const VERSION: Version = Version::new(6);
        let mut data = [0; VERSION.buffer_len()];
        let mut out = [0; VERSION.buffer_len()];
        data[..code.len()].copy_from_slice(code);
        let level = QrCodeEcc::Quartile;
        let (data, length, out) = (&mut data, code.len(), &mut out);
        let drawn =
            QrCode::encode_binary(data, length, out, level, VERSION, VERSION, None, false).unwrap();
        assert_eq!(drawn.size(), i32::from(SIDE));
        let all = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
        all.filter(|(x, y)| drawn.get_module((*x).into(), (*y).into())).collect()
    }

    fn ours(code: &[u8]) -> Vec<(u8, u8)> {
        let mut dark = Vec::new();
        dark_runs(code, |x, y, length| dark.extend((x..x + length).map(|x| (x, y))));
        dark
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
        #[test]
        fn every_module_and_the_mask_are_those_of_another_program(
            code in proptest::collection::vec(proptest::prelude::any::<u8>(), 64),
            letters in "fhrec1[02-9ac-hj-np-z]{58}",
        ) {
            proptest::prop_assert_eq!(ours(&code), other(&code));
            proptest::prop_assert_eq!(ours(letters.as_bytes()), other(letters.as_bytes()));
        }
    }
}
