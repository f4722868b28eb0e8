//! The tables, and reading them.
//!
//! They are numbers, seven bits a byte, the lowest first, in an order that compresses: what
//! increases is written as differences, and the columns of a table one after the other.

/// Written by `generate.rs`.
pub(super) static ENCODED: &[u8] = include_bytes!("tables.bin");

/// The tables, read.
pub(crate) struct Tables {
    /// Where characters begin to be allowed and refused in turn; refused before the first.
    allowed: Vec<u32>,
    /// Ascending.
    classes: Vec<Class>,
    /// By `whole`.
    pairs: Vec<Pair>,
    /// By `from`.
    sequences: Vec<Sequence>,
    /// What the sequences are made of.
    characters: Vec<char>,
}

/// Neighbors of one combining class, which is not 0.
struct Class {
    first: u32,
    end: u32,
    class: u8,
}

/// A character that composes from two, and decomposes into them.
struct Pair {
    whole: char,
    first: char,
    second: char,
}

/// A character that decomposes only; this is all of its decomposition.
struct Sequence {
    from: char,
    /// Where it begins in `characters`.
    at: usize,
    length: usize,
}

impl Tables {
    /// Reads them.
    pub(crate) fn read() -> Self {
        let reader = &mut Reader { bytes: ENCODED, last: 0 };
        let allowed = reader.ascending();
        let classes = read_classes(reader);
        let pairs = read_pairs(reader);
        let (sequences, characters) = read_sequences(reader);
        Self { allowed, classes, pairs, sequences, characters }
    }

    /// Whether a character may stand in a password: it is assigned, not of private use, no control
    /// character, and not U+FFFD.
    pub(crate) fn is_allowed(&self, character: char) -> bool {
        self.allowed.partition_point(|&bound| bound <= u32::from(character)) % 2 == 1
    }

    /// The canonical combining class; 0 for starters.
    pub(super) fn class(&self, character: char) -> u8 {
        let code = u32::from(character);
        let at = self.classes.partition_point(|class| class.end <= code);
        self.classes.get(at).filter(|class| class.first <= code).map_or(0, |class| class.class)
    }

    /// The two characters that this one composes from.
    pub(super) fn pair(&self, whole: char) -> Option<(char, char)> {
        let at = self.pairs.binary_search_by_key(&whole, |pair| pair.whole).ok()?;
        self.pairs.get(at).map(|pair| (pair.first, pair.second))
    }

    /// The character that two compose into.
    pub(super) fn whole(&self, first: char, second: char) -> Option<char> {
        let found = self.pairs.iter().find(|pair| pair.first == first && pair.second == second);
        found.map(|pair| pair.whole)
    }

    /// All of the decomposition of a character that decomposes only.
    pub(super) fn sequence(&self, from: char) -> Option<&[char]> {
        let at = self.sequences.binary_search_by_key(&from, |sequence| sequence.from).ok()?;
        let sequence = self.sequences.get(at)?;
        self.characters.get(sequence.at..)?.get(..sequence.length)
    }
}

fn read_classes(reader: &mut Reader<'_>) -> Vec<Class> {
    let bounds = reader.ascending();
    let (runs, _) = bounds.as_chunks();
    let classes = runs.iter().map(|&[first, end]| Class { first, end, class: reader.byte() });
    classes.collect()
}

fn read_pairs(reader: &mut Reader<'_>) -> Vec<Pair> {
    let wholes = reader.ascending();
    reader.last = 0;
    let firsts: Vec<char> = wholes.iter().map(|_| reader.near()).collect();
    let pairs = wholes.iter().zip(firsts).map(|(&whole, first)| Pair {
        whole: character(whole),
        first,
        second: character(reader.number()),
    });
    pairs.collect()
}

fn read_sequences(reader: &mut Reader<'_>) -> (Vec<Sequence>, Vec<char>) {
    let from = reader.ascending();
    let mut count = 0;
    let mut sequences = Vec::with_capacity(from.len());
    for from in from {
        let length = usize::from(reader.byte());
        sequences.push(Sequence { from: character(from), at: count, length });
        count += length;
    }
    reader.last = 0;
    (sequences, (0..count).map(|_| reader.near()).collect())
}

/// Reads numbers. At the end it gives zeros.
struct Reader<'a> {
    bytes: &'a [u8],
    /// What [`Reader::near`] gave last.
    last: u32,
}

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        self.bytes.split_off_first().copied().unwrap_or(0)
    }

    fn number(&mut self) -> u32 {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte();
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    /// How many they are, then each less the one before.
    fn ascending(&mut self) -> Vec<u32> {
        let count = self.number();
        let mut last = 0;
        let numbers = (0..count).map(|_| {
            last += self.number();
            last
        });
        numbers.collect()
    }

    /// A character as its difference to the one after the last: twice the difference, or, below
    /// zero, twice its complement and one.
    fn near(&mut self) -> char {
        let number = self.number();
        let difference = (number >> 1) ^ 0u32.wrapping_sub(number & 1);
        self.last = self.last.wrapping_add(1).wrapping_add(difference);
        character(self.last)
    }
}

fn character(code: u32) -> char {
    char::from_u32(code).expect("the tables hold characters")
}
