//! NFKC, in memory that is sized beforehand and wiped.
// Unicode Standard Annex #15, "Description of Normalization Forms"; The Unicode Standard §3.11.

use zeroize::Zeroizing;

use super::{Tables, hangul};

impl Tables {
    /// The characters of a text after NFKC; nothing if the text decomposes into more than `most`.
    pub(crate) fn nfkc(&self, text: &str, most: usize) -> Option<Zeroizing<Vec<char>>> {
        let mut count = 0;
        for character in text.chars() {
            self.decompose(character, &mut |_| count += 1);
            if count > most {
                return None;
            }
        }
        // A vector that grows leaves its older copies behind.
        let mut characters = Zeroizing::new(Vec::with_capacity(count));
        for character in text.chars() {
            self.decompose(character, &mut |part| characters.push(part));
        }
        self.order(&mut characters);
        let count = self.compose(&mut characters);
        characters.truncate(count);
        Some(characters)
    }

    /// Canonical and compatibility decomposition, as far as it goes.
    fn decompose(&self, character: char, take: &mut dyn FnMut(char)) {
        if let Some((leading, vowel, trailing)) = hangul::decompose(character) {
            take(leading);
            take(vowel);
            trailing.into_iter().for_each(take);
        } else if let Some((first, second)) = self.pair(character) {
            self.decompose(first, take);
            take(second);
        } else if let Some(sequence) = self.sequence(character) {
            sequence.iter().copied().for_each(take);
        } else {
            take(character);
        }
    }

    /// Sorts what stands between starters by combining class; equals keep their order.
    fn order(&self, characters: &mut [char]) {
        for end in 1..=characters.len() {
            let Some((&mut last, before)) =
                characters.get_mut(..end).and_then(<[_]>::split_last_mut)
            else {
                return;
            };
            let class = self.class(last);
            let above = before.iter().rev().take_while(|&&other| self.class(other) > class).count();
            if class != 0
                && let Some(moved) = characters.get_mut(end - 1 - above..end)
            {
                moved.rotate_right(1);
            }
        }
    }

    /// Canonical composition in place. How many characters are left, at the beginning.
    fn compose(&self, characters: &mut [char]) -> usize {
        let (mut kept, mut starter, mut last_class) = (0, None, 0);
        for at in 0..characters.len() {
            let Some(&character) = characters.get(at) else { break };
            let class = self.class(character);
            if let Some(starter) = starter
                // Nothing in between, or nothing that blocks.
                && (kept == starter + 1 || last_class < class)
                && let Some(first) = characters.get_mut(starter)
                && let Some(whole) = self.compose_pair(*first, character)
            {
                *first = whole;
                continue;
            }
            if class == 0 {
                starter = Some(kept);
            }
            last_class = class;
            characters.swap(kept, at);
            kept += 1;
        }
        kept
    }

    /// The one character that two are.
    pub(super) fn compose_pair(&self, first: char, second: char) -> Option<char> {
        hangul::compose(first, second).or_else(|| self.whole(first, second))
    }
}
