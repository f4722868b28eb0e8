//! Sorting in few bytes of code: the standard library's sorting is for millions, and weighs as much as a cipher.

use std::cmp::Ordering;

/// Sorts; equals keep their order. By insertion: the lists are short, or nearly in order.
pub(crate) fn sort_few<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    for end in 2..=items.len() {
        let Some(([before @ .., last], _)) = items.split_at_mut_checked(end) else { return };
        let at = before.partition_point(|item| order(item, last).is_le());
        if let Some(moved) = items.get_mut(at..end) {
            moved.rotate_right(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(
            items in proptest::collection::vec((0u8..9, any::<u8>()), 0..40),
        ) {
            let mut ours = items.clone();
            let mut theirs = items;
            sort_few(&mut ours, |one, other| one.0.cmp(&other.0));
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
