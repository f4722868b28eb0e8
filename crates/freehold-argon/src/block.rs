//! A block of 1 KiB and the compression function G.
// RFC 9106 §3.5, §3.6.

use super::pair::{
    Pair, ZERO, across, mix, pair, right_16, right_24, right_32, right_63, words, xor,
};

/// Eight rows of sixteen words.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Block([[Pair; 8]; 8]);

/// What G needs between its two halves.
pub(super) struct Between {
    /// R, the exclusive or of both inputs.
    mixed: Block,
    /// Q, whose rows are permuted.
    rows: Block,
}

impl Block {
    pub(super) const ZERO: Self = Self([[ZERO; 8]; 8]);
    pub(super) const BYTES: usize = 1024;

    pub(super) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let mut block = Self::ZERO;
        let (numbers, _) = bytes.as_chunks::<8>();
        let (numbers, _) = numbers.as_chunks::<2>();
        for (to, from) in block.0.as_flattened_mut().iter_mut().zip(numbers) {
            *to = pair(from.map(u64::from_le_bytes));
        }
        block
    }

    pub(super) fn write_to(&self, bytes: &mut [u8; Self::BYTES]) {
        let (numbers, _) = bytes.as_chunks_mut::<8>();
        let (numbers, _) = numbers.as_chunks_mut::<2>();
        for (to, from) in numbers.iter_mut().zip(self.0.as_flattened()) {
            *to = words(*from).map(u64::to_le_bytes);
        }
    }

    /// The word at a place, 0 to 127.
    pub(super) fn word(&self, place: usize) -> u64 {
        let pair = self.0.as_flattened().get(place / 2).expect("a block has 128 words");
        let [first, second] = words(*pair);
        if place.is_multiple_of(2) { first } else { second }
    }

    /// A block that begins with these words; the others are zero.
    pub(super) fn of([a, b, c, d, e, f, g, h]: [u64; 8]) -> Self {
        let mut block = Self::ZERO;
        let [[one, two, three, four, ..], ..] = &mut block.0;
        [*one, *two, *three, *four] = [pair([a, b]), pair([c, d]), pair([e, f]), pair([g, h])];
        block
    }

    pub(super) fn xor_with(&mut self, other: &Self) {
        for (to, from) in self.0.as_flattened_mut().iter_mut().zip(other.0.as_flattened()) {
            *to = xor(*to, *from);
        }
    }
}

/// P, a round of BLAKE2b with multiplications, of two times sixteen words.
// Two at once, step by step: each step waits for the one before it, and a processor uses the time
// for the other one's. A macro, because a function would get and give its registers by memory.
macro_rules! permute {
    ($both:expr) => {{
        let [one, other] = $both;
        let (mut one, mut other) = (State::of(one), State::of(other));
        columns!(one, other);
        one.turn();
        other.turn();
        columns!(one, other);
        one.turn_back();
        other.turn_back();
        [one.to_words(), other.to_words()]
    }};
}

/// GB on all four columns of both.
macro_rules! columns {
    ($one:ident, $other:ident) => {
        $one.first();
        $other.first();
        $one.second();
        $other.second();
        $one.third();
        $other.third();
        $one.fourth();
        $other.fourth();
    };
}

impl Between {
    pub(super) const ZERO: Self = Self { mixed: Block::ZERO, rows: Block::ZERO };

    /// The first half of G: the exclusive or of both blocks, then each row permuted.
    // Never inlined, as its other half: an engine optimizes function by function, first those that
    // are called most, and a call that runs for long stays as slow as it began.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(super) fn begin(&mut self, one: &Block, other: &Block) {
        let (ones, _) = one.0.as_chunks::<2>();
        let (others, _) = other.0.as_chunks::<2>();
        let (mixed, _) = self.mixed.0.as_chunks_mut::<2>();
        let (rows, _) = self.rows.0.as_chunks_mut::<2>();
        for (((one, other), mixed), rows) in ones.iter().zip(others).zip(mixed).zip(rows) {
            let mut both = *one;
            for (to, from) in both.as_flattened_mut().iter_mut().zip(other.as_flattened()) {
                *to = xor(*to, *from);
            }
            *mixed = both;
            *rows = permute!(both);
        }
    }

    /// The second half of G, each column permuted; writes the result.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(super) fn end_into(&self, out: &mut Block) {
        self.end::<false>(out);
    }

    /// The second half of G, each column permuted; mixes the result with what is there.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(super) fn end_onto(&self, out: &mut Block) {
        self.end::<true>(out);
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    #[expect(clippy::indexing_slicing, reason = "eight rows of eight, and no index above seven")]
    fn end<const ONTO: bool>(&self, out: &mut Block) {
        for at in [0, 2, 4, 6] {
            let both = [at, at + 1];
            let results = permute!(both.map(|at| self.rows.0.each_ref().map(|row| row[at])));
            for (column, at) in results.into_iter().zip(both) {
                for (row, pair) in column.into_iter().enumerate() {
                    let result = xor(pair, self.mixed.0[row][at]);
                    let to = &mut out.0[row][at];
                    *to = if ONTO { xor(*to, result) } else { result };
                }
            }
        }
    }
}

/// Sixteen words as four rows of four.
struct State {
    a: [Pair; 2],
    b: [Pair; 2],
    c: [Pair; 2],
    d: [Pair; 2],
}

impl State {
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn of([a0, a1, b0, b1, c0, c1, d0, d1]: [Pair; 8]) -> Self {
        Self { a: [a0, a1], b: [b0, b1], c: [c0, c1], d: [d0, d1] }
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn to_words(&self) -> [Pair; 8] {
        let Self { a: [a0, a1], b: [b0, b1], c: [c0, c1], d: [d0, d1] } = *self;
        [a0, a1, b0, b1, c0, c1, d0, d1]
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn first(&mut self) {
        self.a = mix(self.a, self.b);
        self.d = [right_32(xor(self.d[0], self.a[0])), right_32(xor(self.d[1], self.a[1]))];
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn second(&mut self) {
        self.c = mix(self.c, self.d);
        self.b = [right_24(xor(self.b[0], self.c[0])), right_24(xor(self.b[1], self.c[1]))];
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn third(&mut self) {
        self.a = mix(self.a, self.b);
        self.d = [right_16(xor(self.d[0], self.a[0])), right_16(xor(self.d[1], self.a[1]))];
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn fourth(&mut self) {
        self.c = mix(self.c, self.d);
        self.b = [right_63(xor(self.b[0], self.c[0])), right_63(xor(self.b[1], self.c[1]))];
    }

    /// The diagonals become columns.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn turn(&mut self) {
        self.b = [across(self.b[0], self.b[1]), across(self.b[1], self.b[0])];
        self.c = [self.c[1], self.c[0]];
        self.d = [across(self.d[1], self.d[0]), across(self.d[0], self.d[1])];
    }

    #[inline]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn turn_back(&mut self) {
        self.b = [across(self.b[1], self.b[0]), across(self.b[0], self.b[1])];
        self.c = [self.c[1], self.c[0]];
        self.d = [across(self.d[0], self.d[1]), across(self.d[1], self.d[0])];
    }
}
