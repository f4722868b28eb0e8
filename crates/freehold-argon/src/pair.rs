//! Two words of 64 bits side by side: a register of 128 bits in a browser, an array elsewhere.

pub(super) use chosen::*;

#[cfg(target_arch = "wasm32")]
mod chosen {
    use core::arch::wasm32::{
        i16x8_shuffle, i32x4_shuffle, i64x2_add, i64x2_shl, i64x2_shuffle, u64x2,
        u64x2_extmul_high_u32x4, u64x2_extmul_low_u32x4, u64x2_extract_lane, u64x2_shr, v128_or,
        v128_xor,
    };

    pub(in super::super) use core::arch::wasm32::v128 as Pair;

    pub(in super::super) const ZERO: Pair = u64x2(0, 0);

    #[target_feature(enable = "simd128")]
    pub(in super::super) fn pair([first, second]: [u64; 2]) -> Pair {
        u64x2(first, second)
    }

    #[target_feature(enable = "simd128")]
    pub(in super::super) fn words(pair: Pair) -> [u64; 2] {
        [u64x2_extract_lane::<0>(pair), u64x2_extract_lane::<1>(pair)]
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in super::super) fn xor(a: Pair, b: Pair) -> Pair {
        v128_xor(a, b)
    }

    /// Of each word `a + b + 2 · low32(a) · low32(b)`.
    // Both products from one gathering of the low halves: a shuffle costs more than it looks.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in super::super) fn mix(a: [Pair; 2], b: [Pair; 2]) -> [Pair; 2] {
        let low_a = i32x4_shuffle::<0, 2, 4, 6>(a[0], a[1]);
        let low_b = i32x4_shuffle::<0, 2, 4, 6>(b[0], b[1]);
        let first = u64x2_extmul_low_u32x4(low_a, low_b);
        let second = u64x2_extmul_high_u32x4(low_a, low_b);
        [
            i64x2_add(i64x2_add(a[0], b[0]), i64x2_add(first, first)),
            i64x2_add(i64x2_add(a[1], b[1]), i64x2_add(second, second)),
        ]
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in super::super) fn right_32(pair: Pair) -> Pair {
        i32x4_shuffle::<1, 0, 3, 2>(pair, pair)
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in super::super) fn right_24(pair: Pair) -> Pair {
        v128_or(u64x2_shr(pair, 24), i64x2_shl(pair, 40))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in super::super) fn right_16(pair: Pair) -> Pair {
        i16x8_shuffle::<1, 2, 3, 0, 5, 6, 7, 4>(pair, pair)
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in super::super) fn right_63(pair: Pair) -> Pair {
        v128_or(u64x2_shr(pair, 63), i64x2_add(pair, pair))
    }

    /// The second word of `a`, then the first of `b`.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub(in super::super) fn across(a: Pair, b: Pair) -> Pair {
        i64x2_shuffle::<1, 2>(a, b)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod chosen {
    pub(in super::super) type Pair = [u64; 2];

    pub(in super::super) const ZERO: Pair = [0; 2];

    pub(in super::super) const fn pair(words: [u64; 2]) -> Pair {
        words
    }

    pub(in super::super) const fn words(pair: Pair) -> [u64; 2] {
        pair
    }

    pub(in super::super) const fn xor(a: Pair, b: Pair) -> Pair {
        [a[0] ^ b[0], a[1] ^ b[1]]
    }

    /// Of each word `a + b + 2 · low32(a) · low32(b)`.
    pub(in super::super) fn mix(a: [Pair; 2], b: [Pair; 2]) -> [Pair; 2] {
        let low = |word: u64| word & u64::from(u32::MAX);
        let one = |a: u64, b: u64| {
            a.wrapping_add(b).wrapping_add(low(a).wrapping_mul(low(b)).wrapping_mul(2))
        };
        let two = |a: Pair, b: Pair| [one(a[0], b[0]), one(a[1], b[1])];
        [two(a[0], b[0]), two(a[1], b[1])]
    }

    pub(in super::super) fn right_32(pair: Pair) -> Pair {
        pair.map(|word| word.rotate_right(32))
    }

    pub(in super::super) fn right_24(pair: Pair) -> Pair {
        pair.map(|word| word.rotate_right(24))
    }

    pub(in super::super) fn right_16(pair: Pair) -> Pair {
        pair.map(|word| word.rotate_right(16))
    }

    pub(in super::super) fn right_63(pair: Pair) -> Pair {
        pair.map(|word| word.rotate_right(63))
    }

    /// The second word of `a`, then the first of `b`.
    pub(in super::super) const fn across(a: Pair, b: Pair) -> Pair {
        [a[1], b[0]]
    }
}
