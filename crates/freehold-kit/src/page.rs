//! The page: one sheet of A4 whose content also fits on US Letter.
// References are to ISO 32000-1.

use zeroize::Zeroizing;

use crate::font::{Font, clean, encode, wrap};
use crate::kit::{Drawn, Fact, Kit, Part, Texts};
use crate::pdf::{File, Milli, Writer};
use crate::qr;

/// A4 in points. US Letter is 17 points wider and 50 lower: printed on it without scaling, a sheet
/// loses 25 points above and below, which are empty.
pub const WIDTH: Milli = Milli::whole(595);
pub const HEIGHT: Milli = Milli::whole(842);
const LEFT: Milli = Milli::whole(62);
const INNER: Milli = Milli(WIDTH.0 - 2 * LEFT.0);
pub const MARGIN: Milli = Milli::whole(56);

/// Where what holds the code is written: never more, so that no copy is left behind by growing. A
/// text has at most a thousand characters, each at most eight bytes of UTF-16 in hexadecimal: on the
/// page stand 24 texts and what is drawn of them, around it two.
const CONTENT_BYTES: usize = 256 << 10;
const FRAME_BYTES: usize = 24 << 10;

/// Red, green and blue, from 0 to 1.
// §8.6.4.3.
type Color = &'static str;
const INK: Color = "0.11 0.145 0.13";
const MUTED: Color = "0.3 0.34 0.32";
const ACCENT: Color = "0.12 0.42 0.32";
const RULE: Color = "0.78 0.8 0.77";

/// Makes the PDF. Its page is not compressed: [`crate::find()`] finds the code in it.
#[must_use]
pub fn render(kit: &Kit<'_>) -> Zeroizing<Vec<u8>> {
    let content = draw(kit).finish();
    let pictures: usize = kit.pictures.iter().flatten().map(|drawn| drawn.coverage.len()).sum();
    // The objects, in their order: 1 the catalog, 2 the tree of pages, 3 the page, 4 its title, from 5 on
    // the three fonts, 8 what is drawn, from 9 on the pictures.
    let mut pdf = File::with_capacity(CONTENT_BYTES + FRAME_BYTES + pictures);
    // §7.7.2, table 28; §12.2.
    pdf.object(|catalog| {
        catalog.raw("<</Type/Catalog/Pages 2 0 R/Lang");
        catalog.text(&clean(&kit.texts.lang));
        catalog.raw("/ViewerPreferences<</DisplayDocTitle true>>>>");
    });
    // §7.7.3.2.
    pdf.object(|tree| tree.raw("<</Type/Pages/Kids[3 0 R]/Count 1>>"));
    // §7.7.3.3.
    pdf.object(|page| {
        page.raw("<</Type/Page/Parent 2 0 R/MediaBox[0 0 ");
        page.number(WIDTH);
        page.raw(" ");
        page.number(HEIGHT);
        page.raw("]/Contents 8 0 R/Resources<</Font<<");
        for (face, object) in Font::ALL.into_iter().zip(5..) {
            page.raw(face.name());
            refer(page, object);
        }
        page.raw(">>/XObject<<");
        for (picture, object) in (0..kit.pictures.iter().flatten().count()).zip(9..) {
            picture_name(page, picture);
            refer(page, object);
        }
        page.raw(">>>>>>");
    });
    // §14.3.3.
    pdf.object(|info| {
        info.raw("<</Title");
        info.text(&clean(&kit.texts.title));
        info.raw(">>");
    });
    // §9.6.2.
    for face in Font::ALL {
        pdf.object(|font| {
            font.raw("<</Type/Font/Subtype/Type1/BaseFont");
            font.raw(face.base());
            font.raw("/Encoding/WinAnsiEncoding>>");
        });
    }
    pdf.stream(&content, |_| {});
    // Last: their bytes may look like anything.
    for drawn in kit.pictures.iter().flatten() {
        // §8.9.5. 255 is ink.
        pdf.stream(drawn.coverage, |image| {
            image.raw("/Type/XObject/Subtype/Image/Width ");
            image.integer(drawn.size.width.into());
            image.raw("/Height ");
            image.integer(drawn.size.height.into());
            image.raw("/BitsPerComponent 8/ColorSpace/DeviceGray/Decode[1 0]");
        });
    }
    // §7.5.5.
    pdf.finish("/Root 1 0 R/Info 4 0 R")
}

// §7.3.10.
fn refer(writer: &mut Writer, object: usize) {
    writer.raw(" ");
    writer.integer(object);
    writer.raw(" 0 R");
}

fn picture_name(writer: &mut Writer, picture: usize) {
    writer.raw("/P");
    writer.integer(picture);
}

/// From the top of the page to its end.
fn draw(kit: &Kit<'_>) -> Writer {
    let mut sheet = Sheet {
        content: Writer::with_capacity(CONTENT_BYTES),
        y: HEIGHT - MARGIN,
        pictures: 0,
        replaced: false,
    };
    sheet.heading(kit.texts);
    sheet.facts(&kit.texts.facts, &kit.pictures);
    sheet.code(kit);
    sheet.words(kit);
    sheet.parts(&kit.texts.parts);
    sheet.footer(kit.texts);
    sheet.content
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Style {
    font: Font,
    size: Milli,
    leading: Milli,
    color: Color,
}

const BODY: Style =
    Style { font: Font::Regular, size: Milli(10_000), leading: Milli(13_500), color: INK };
const SMALL: Style =
    Style { font: Font::Regular, size: Milli(8_500), leading: Milli(11_000), color: MUTED };
const LABEL: Style =
    Style { font: Font::Bold, size: Milli(10_500), leading: Milli(15_000), color: ACCENT };
const TITLE: Style =
    Style { font: Font::Bold, size: Milli(21_000), leading: Milli(26_000), color: INK };

/// A shield with a keyhole, 32 units wide, its y axis pointing down.
// §8.5.2, §8.5.3.
const MARK: &str = "\
16 2.5 m 28 9 l 28 18 l 28 24 23 28 16 29.5 c 9 28 4 24 4 18 c 4 9 l h f
1 1 1 rg
12.4 14.1 m 12.4 12.1 14 10.5 16 10.5 c 18 10.5 19.6 12.1 19.6 14.1 c
19.6 15.4 18.9 16.5 17.9 17.16 c 19 22.5 l 13 22.5 l 14.1 17.16 l
13.1 16.5 12.4 15.4 12.4 14.1 c h f
Q
";

/// The page as it fills from above.
struct Sheet {
    content: Writer,
    /// The upper edge of what is still empty.
    y: Milli,
    /// How many were drawn.
    pictures: usize,
    /// Whether a character was replaced.
    replaced: bool,
}

impl Sheet {
    fn heading(&mut self, texts: &Texts) {
        const INDENT: Milli = Milli::whole(34);
        self.mark(LEFT - Milli::whole(2), self.y + Milli::whole(1));
        self.paragraph(LEFT + INDENT, INNER - INDENT, 1, TITLE, &texts.title);
        self.y -= Milli::whole(8);
        self.paragraph(LEFT, INNER, 3, BODY, &texts.purpose);
        self.y -= Milli::whole(8);
    }

    /// The product's mark, the upper left corner of its square here.
    fn mark(&mut self, x: Milli, y: Milli) {
        self.content.raw("q ");
        self.content.operator(&[Milli(800), Milli::ZERO, Milli::ZERO, Milli(-800), x, y], "cm");
        self.fill(ACCENT);
        self.content.raw(MARK);
    }

    fn facts(&mut self, facts: &[Fact], pictures: &[Option<Drawn<'_>>]) {
        const INDENT: Milli = Milli::whole(96);
        const GAP: Milli = Milli::whole(8);
        self.rule();
        for (fact, picture) in facts.iter().zip(pictures) {
            let top = self.y;
            self.paragraph(LEFT, INDENT - GAP, 1, Style { color: MUTED, ..BODY }, &fact.label);
            self.y = top;
            match picture {
                Some(drawn) => self.picture(LEFT + INDENT, INNER - INDENT, &fact.value, drawn),
                None => self.paragraph(LEFT + INDENT, INNER - INDENT, 2, BODY, &fact.value),
            }
            self.y -= Milli::whole(2);
        }
        self.y -= Milli::whole(6);
        self.rule();
    }

    /// One line as a picture, with its text invisible behind it: it can be selected and read aloud.
    fn picture(&mut self, x: Milli, width: Milli, text: &str, drawn: &Drawn<'_>) {
        let (bytes, _) = encode(text);
        let baseline = self.y - BODY.size;
        self.actual_text(&clean(text));
        // §9.3.6: 3 is invisible, 0 filled.
        self.content.raw("BT 3 Tr\n");
        self.font(BODY);
        self.content.operator(&[x, baseline], "Td");
        for line in wrap(BODY.font, BODY.size, width, 1, &bytes) {
            self.show(&line);
        }
        self.content.raw("0 Tr ET EMC q\n");
        let pixels = drawn.size;
        let mut high = BODY.leading;
        let mut wide = high.in_proportion(pixels.height, pixels.width);
        if wide > width {
            wide = width;
            high = width.in_proportion(pixels.width, pixels.height);
        }
        self.content.operator(&[wide, Milli::ZERO, Milli::ZERO, high, x, self.y - high], "cm");
        picture_name(&mut self.content, self.pictures);
        self.content.raw(" Do Q\n");
        self.pictures += 1;
        self.y -= BODY.leading;
    }

    /// The code in a frame: four lines of four groups of four, and the QR code beside them.
    fn code(&mut self, kit: &Kit<'_>) {
        const MODULE: Milli = Milli::whole(3);
        const CODE: Style =
            Style { font: Font::Code, size: Milli(19_000), leading: Milli(25_000), color: INK };
        let side = MODULE * i32::from(qr::SIDE);
        let quiet = MODULE * i32::from(qr::QUIET);
        let height = side + quiet * 2 + SMALL.leading + Milli::whole(4);
        let top = self.y;
        let qr_left = LEFT + INNER - quiet - side - Milli::whole(4);

        self.stroke(Milli::whole(1), ACCENT);
        self.content.operator(&[LEFT, top - height, INNER, height], "re S");

        let (x, width) = (LEFT + Milli::whole(18), qr_left - quiet - LEFT - Milli::whole(18));
        self.y = top - Milli::whole(18);
        self.paragraph(x, width, 1, LABEL, &kit.texts.code_label);
        self.y -= Milli::whole(3);
        for line in kit.code.chunks(16) {
            let mut spaced = Zeroizing::new(Vec::with_capacity(20));
            for group in line.chunks(4) {
                if !spaced.is_empty() {
                    spaced.push(b' ');
                }
                spaced.extend_from_slice(group);
            }
            self.line(x, CODE, &spaced);
        }
        self.y -= Milli::whole(3);
        self.paragraph(x, width, 1, SMALL, &kit.texts.code_hint);

        self.qr(kit.code, qr_left, top - quiet, MODULE);
        self.y = top - quiet - side - Milli::whole(5);
        self.paragraph(qr_left, side, 1, SMALL, &kit.texts.qr_hint);
        self.y = top - height - Milli::whole(18);
    }

    /// Draws the dark modules as one shape, so that no light shows between them.
    fn qr(&mut self, code: &[u8], x: Milli, y: Milli, module: Milli) {
        let content = &mut self.content;
        content.raw("q ");
        content.operator(&[module, Milli::ZERO, Milli::ZERO, Milli::ZERO - module, x, y], "cm");
        content.raw("0 g\n");
        qr::dark_runs(code, |column, row, length| {
            let run = [column, row, length, 1].map(|modules| Milli::whole(modules.into()));
            content.operator(&run, "re");
        });
        content.raw("f Q\n");
    }

    /// Four columns of six, read downwards.
    fn words(&mut self, kit: &Kit<'_>) {
        const WORD: Style =
            Style { font: Font::Regular, size: Milli(11_000), leading: Milli(16_000), color: INK };
        const ROWS: usize = 6;
        let column = INNER / 4;
        let top = self.y;
        self.paragraph(LEFT, INNER / 2, 1, LABEL, &kit.texts.words_label);
        self.y = top - Milli::whole(2);
        self.paragraph(LEFT + INNER / 2, INNER / 2, 1, SMALL, &kit.texts.words_hint);
        let top = top - LABEL.leading - Milli::whole(4);
        let mut x = LEFT;
        let mut number = 0;
        for words in kit.words.chunks(ROWS) {
            self.y = top;
            for word in words {
                number += 1;
                let mut label = Writer::with_capacity(3);
                label.integer(number);
                label.raw(".");
                let label = label.finish();
                let width = WORD.font.width(&label, WORD.size);
                let y = self.y;
                self.line(x + Milli::whole(18) - width, Style { color: MUTED, ..WORD }, &label);
                self.y = y;
                self.line(x + Milli::whole(23), WORD, word);
            }
            x += column;
        }
        self.y -= Milli::whole(10);
        self.rule();
    }

    /// Two beside each other.
    fn parts(&mut self, parts: &[Part]) {
        const GAP: Milli = Milli::whole(24);
        let width = (INNER - GAP) / 2;
        let style = Style { size: Milli(9_500), leading: Milli(12_500), ..BODY };
        for pair in parts.chunks(2) {
            let top = self.y;
            let mut lowest = top;
            for (part, x) in pair.iter().zip([LEFT, LEFT + width + GAP]) {
                self.y = top;
                self.paragraph(x, width, 1, LABEL, &part.heading);
                self.paragraph(x, width, 5, style, &part.text);
                lowest = lowest.min(self.y);
            }
            self.y = lowest - Milli::whole(8);
        }
    }

    fn footer(&mut self, texts: &Texts) {
        let text = if self.replaced { &texts.replaced } else { &texts.footer };
        self.y = MARGIN + SMALL.leading;
        self.paragraph(LEFT, INNER, 1, SMALL, text);
    }

    fn rule(&mut self) {
        self.stroke(Milli(750), RULE);
        self.content.operator(&[LEFT, self.y], "m");
        self.content.operator(&[LEFT + INNER, self.y], "l S");
        self.y -= Milli::whole(10);
    }

    /// How lines are drawn from now on.
    // §8.4.3.2, §8.6.8.
    fn stroke(&mut self, width: Milli, color: Color) {
        self.content.operator(&[width], "w");
        self.content.raw(color);
        self.content.raw(" RG\n");
    }

    /// What areas and letters are filled with from now on.
    // §8.6.8.
    fn fill(&mut self, color: Color) {
        self.content.raw(color);
        self.content.raw(" rg\n");
    }

    /// A text in lines of this width. Where a character is replaced, what a reader copies or speaks
    /// is still the text itself.
    fn paragraph(&mut self, x: Milli, width: Milli, most: usize, style: Style, text: &str) {
        let (bytes, replaced) = encode(text);
        self.replaced |= replaced;
        if replaced {
            self.actual_text(&clean(text));
        }
        for line in wrap(style.font, style.size, width, most, &bytes) {
            self.line(x, style, &line);
        }
        if replaced {
            self.content.raw("EMC\n");
        }
    }

    /// What the text from here to the end of the mark is to one who copies it or has it read.
    // §14.6, §14.9.4.
    fn actual_text(&mut self, text: &str) {
        self.content.raw("/Span<</ActualText");
        self.content.text(text);
        self.content.raw(">>BDC\n");
    }

    // §9.4.
    fn line(&mut self, x: Milli, style: Style, bytes: &[u8]) {
        self.fill(style.color);
        self.content.raw("BT\n");
        self.font(style);
        self.content.operator(&[x, self.y - style.size], "Td");
        self.show(bytes);
        self.content.raw("ET\n");
        self.y -= style.leading;
    }

    fn font(&mut self, style: Style) {
        self.content.raw(style.font.name());
        self.content.raw(" ");
        self.content.operator(&[style.size], "Tf");
    }

    fn show(&mut self, bytes: &[u8]) {
        self.content.string(bytes);
        self.content.raw("Tj\n");
    }
}

#[cfg(test)]
mod tests;
