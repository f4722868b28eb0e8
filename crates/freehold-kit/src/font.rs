//! The fonts that every reader of PDF brings along, and what can be written with them.
//!
//! Helvetica and Courier in the WinAnsi encoding: the languages of Western Europe. Nothing is
//! embedded, so the page is small and its text can be selected and searched. What the encoding does
//! not have is drawn from a picture (see `docs/decisions/0016-the-kit-is-a-pdf.md`).

use crate::pdf::Milli;

/// A text is cut after so many characters.
const MAX_CHARACTERS: usize = 1000;
const REPLACEMENT: u8 = b'?';
const ELLIPSIS: u8 = 0x85;

/// One of the fonts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Font {
    Regular,
    Bold,
    Code,
}

impl Font {
    pub const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Code];

    /// Its name among the resources of the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "/R",
            Self::Bold => "/B",
            Self::Code => "/C",
        }
    }

    /// Its name everywhere.
    // ISO 32000-1 §9.6.2.2.
    pub const fn base(self) -> &'static str {
        match self {
            Self::Regular => "/Helvetica",
            Self::Bold => "/Helvetica-Bold",
            Self::Code => "/Courier-Bold",
        }
    }

    /// How wide the bytes are.
    pub fn width(self, bytes: &[u8], size: Milli) -> Milli {
        let thousandths: i64 = bytes.iter().map(|byte| i64::from(self.advance(*byte))).sum();
        let width = thousandths * i64::from(size.0) / 1000;
        // At most a thousand characters, each as wide as high: far below the largest number.
        Milli(i32::try_from(width).unwrap_or(i32::MAX))
    }

    fn advance(self, byte: u8) -> u16 {
        let regular = || {
            let index = usize::from(byte).checked_sub(32);
            index.and_then(|index| HELVETICA.get(index)).copied().unwrap_or(1000)
        };
        match self {
            Self::Regular => regular(),
            // Never wider than this.
            Self::Bold => regular() + 60,
            Self::Code => 600,
        }
    }
}

/// The text as it is shown: one space where there was any, nothing that is invisible or changes the
/// direction of what follows, not endlessly long.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut clean = String::new();
    let visible = text.chars().filter(|character| !is_invisible(*character));
    for character in visible.take(MAX_CHARACTERS) {
        let character = if is_space(character) { ' ' } else { character };
        if character != ' ' || !(clean.is_empty() || clean.ends_with(' ')) {
            clean.push(character);
        }
    }
    if clean.ends_with(' ') {
        clean.pop();
    }
    clean
}

/// What Unicode calls "White_Space".
fn is_space(character: char) -> bool {
    matches!(character,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}'..='\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Controls, and what Unicode calls "format". Not the two joiners: scripts and emoji need them.
fn is_invisible(character: char) -> bool {
    (character.is_control() && !is_space(character))
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether the fonts have every character of a text.
#[must_use]
pub fn is_shown(text: &str) -> bool {
    text.chars().all(|character| encode_character(character).is_some())
}

/// A text in the encoding of the fonts, cleaned, and whether a character had to be replaced.
pub fn encode(text: &str) -> (Vec<u8>, bool) {
    let text = clean(text);
    let mut replaced = false;
    let bytes = text.chars().map(|character| {
        encode_character(character).unwrap_or_else(|| {
            replaced = true;
            REPLACEMENT
        })
    });
    (bytes.collect(), replaced)
}

// ISO 32000-1, annex D.2: WinAnsiEncoding is Windows' code page 1252.
fn encode_character(character: char) -> Option<u8> {
    if let ' '..='~' | '\u{a1}'..='\u{ff}' = character {
        return u8::try_from(u32::from(character)).ok();
    }
    let index = BETWEEN.iter().position(|known| *known == character && character != '\0')?;
    u8::try_from(index).ok().map(|index| index + 0x80)
}

/// 0x80 to 0x9f; NUL where nothing is.
const BETWEEN: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', //
    '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Lines of at most this width: broken at spaces, a word that is too long anywhere. What does not
/// fit into `most` lines is cut, and three dots say so.
pub fn wrap(font: Font, size: Milli, width: Milli, most: usize, text: &[u8]) -> Vec<Vec<u8>> {
    let fits = |line: &[u8]| font.width(line, size) <= width;
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut line = Vec::new();
    for word in text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        let before = line.len();
        if before > 0 {
            line.push(b' ');
        }
        line.extend_from_slice(word);
        if fits(&line) {
            continue;
        }
        line.truncate(before);
        if before > 0 {
            lines.push(std::mem::take(&mut line));
        }
        for byte in word {
            line.push(*byte);
            if !fits(&line) && line.len() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, vec![*byte]));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push(ELLIPSIS);
            while !fits(last) && last.len() > 1 {
                last.truncate(last.len() - 2);
                last.push(ELLIPSIS);
            }
        }
    }
    lines
}

/// The widths of Helvetica from 0x20 on, in thousandths of the size.
// Adobe's font metrics for the standard fonts.
#[rustfmt::skip]
const HELVETICA: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350,
    556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Milli = Milli::whole(10);

    #[test]
    fn western_european_names_are_shown_and_others_are_replaced() {
        assert_eq!(
            encode("Ünïcødé – „Œuvre“ €"),
            (b"\xdcn\xefc\xf8d\xe9 \x96 \x84\x8cuvre\x93 \x80".to_vec(), false)
        );
        assert!(is_shown("Ümläut") && !is_shown("株式会社") && !is_shown("Łukasz"));
        assert_eq!(encode("Ümläut 株式会社"), (b"\xdcml\xe4ut ????".to_vec(), true));
        // The gaps of the encoding are nobody's.
        assert!(!is_shown("\0") && !is_shown("\u{81}"));
    }

    #[test]
    fn space_is_what_it_is_to_unicode() {
        for character in '\0'..=char::MAX {
            assert_eq!(is_space(character), character.is_whitespace(), "{character:?}");
        }
    }

    #[test]
    fn nothing_invisible_remains() {
        assert_eq!(clean("  a\u{202e}b\u{200b}c\n\t d\u{0}\u{feff} "), "abc d");
        assert_eq!(clean("\u{2066}\u{200f}"), "");
        assert_eq!(clean("👩\u{200d}💻"), "👩\u{200d}💻");
        assert_eq!(clean(&"x".repeat(MAX_CHARACTERS + 1)).len(), MAX_CHARACTERS);
    }

    #[test]
    fn lines_keep_to_their_width() {
        let text = b"a few words and onewordthatislongerthanaline";
        let lines = wrap(Font::Regular, SIZE, Milli::whole(60), 9, text);
        assert!(
            lines.iter().all(|line| Font::Regular.width(line, SIZE) <= Milli::whole(60)),
            "{lines:?}"
        );
        let whole: Vec<u8> = lines.concat().into_iter().filter(|byte| *byte != b' ').collect();
        assert_eq!(whole, b"afewwordsandonewordthatislongerthanaline");
        let cut = wrap(Font::Regular, SIZE, Milli::whole(60), 2, text);
        assert!(cut.len() == 2 && cut[1].ends_with(&[ELLIPSIS]), "{cut:?}");
        assert!(Font::Regular.width(&cut[1], SIZE) <= Milli::whole(60));
    }

    #[test]
    fn a_line_that_is_narrower_than_a_letter_ends_all_the_same() {
        assert_eq!(wrap(Font::Code, SIZE, Milli::whole(1), 3, b"abcd").len(), 3);
        assert!(wrap(Font::Code, SIZE, Milli::whole(1), 3, b"").is_empty());
    }
}
