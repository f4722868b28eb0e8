//! The lengths that hide lengths. The bytes are written and removed by `freehold-keys`.

/// The padded length of `n` bytes, the end mark included: the next multiple of 64 up to 4096, above
/// it the next multiple of 2^(E-S) with E = floor(log2 n), S = floor(log2 E) + 1. Nothing if that
/// does not fit in a `usize`.
// PADMÉ: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019, §4.
#[must_use]
pub fn padded_length(n: usize) -> Option<usize> {
    let unit = if n <= 4096 {
        64
    } else {
        let exponent = n.ilog2();
        1usize << (exponent - (exponent.ilog2() + 1))
    };
    n.max(1).checked_next_multiple_of(unit)
}

/// Whether [`padded_length`] can give this length.
#[must_use]
pub fn is_padded_length(length: usize) -> bool {
    length > 0 && padded_length(length) == Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lengths_go_in_steps_of_64_and_long_ones_lose_at_most_an_eighth() {
        for (n, padded) in [
            (1, 64),
            (64, 64),
            (65, 128),
            (4096, 4096),
            (4097, 4352),
            (8191, 8192),
            (8192, 8192),
            (8193, 8704),
            (1_048_577, 1_081_344),
        ] {
            assert_eq!(padded_length(n), Some(padded), "{n}");
        }
        assert_eq!(padded_length(usize::MAX), None);
    }

    #[test]
    fn the_possible_lengths_are_exactly_the_fixed_points() {
        let mut possible = std::collections::BTreeSet::new();
        for n in 1..=70_000 {
            possible.insert(padded_length(n).unwrap());
        }
        for length in 0..=65_536 {
            assert_eq!(is_padded_length(length), possible.contains(&length), "{length}");
        }
    }
}
