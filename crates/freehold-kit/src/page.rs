//! The page: one sheet of A4 whose content also fits on US Letter.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};
use zeroize::Zeroizing;

use crate::font::{Font, clean, encode, wrap};
use crate::kit::{Drawn, Fact, Kit, Part, Texts};
use crate::qr;

/// A4 in points. US Letter is 17 points wider and 50 lower: printed on it without scaling, a sheet
/// loses 25 points above and below, which are empty.
pub const WIDTH: f32 = 595.0;
pub const HEIGHT: f32 = 842.0;
const LEFT: f32 = 62.0;
const INNER: f32 = WIDTH - 2.0 * LEFT;
pub const MARGIN: f32 = 56.0;

/// Where what holds the code is written: never more, so that no copy is left behind by growing.
const CONTENT_BYTES: usize = 96 << 10;
const FRAME_BYTES: usize = 16 << 10;

/// Without blanks for the eye: every byte of it is written once more into the file.
const COMPACT: pdf_writer::Settings = pdf_writer::Settings { pretty: false };

type Color = [f32; 3];
const INK: Color = [0.11, 0.145, 0.13];
const MUTED: Color = [0.3, 0.34, 0.32];
const ACCENT: Color = [0.12, 0.42, 0.32];
const RULE: Color = [0.78, 0.8, 0.77];

/// Makes the PDF. Its page is not compressed: [`crate::find()`] finds the code in it.
#[must_use]
pub fn render(kit: &Kit<'_>) -> Zeroizing<Vec<u8>> {
    let content = Zeroizing::new(draw(kit).finish().into_vec());
    let pictures: usize = kit.pictures.iter().flatten().map(|drawn| drawn.coverage.len()).sum();
    let settings = COMPACT;
    let mut pdf = Pdf::with_settings_and_capacity(settings, CONTENT_BYTES + FRAME_BYTES + pictures);
    let [catalog, tree, page, stream, info] = [1, 2, 3, 4, 5].map(Ref::new);
    let font = |index: i32| Ref::new(6 + index);
    let picture = |index: i32| Ref::new(20 + index);

    let title = clean(&kit.texts.title);
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr(&clean(&kit.texts.lang)));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.document_info(info).title(TextStr(&title));
    pdf.pages(tree).kids([page]).count(1);

    let mut sheet = pdf.page(page);
    sheet.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(stream);
    let mut resources = sheet.resources();
    let mut fonts = resources.fonts();
    for (face, index) in Font::ALL.into_iter().zip(0..) {
        fonts.pair(face.name(), font(index));
    }
    fonts.finish();
    let mut objects = resources.x_objects();
    for (drawn, index) in kit.pictures.iter().zip(0..) {
        if drawn.is_some() {
            objects.pair(Name(picture_name(index).as_bytes()), picture(index));
        }
    }
    objects.finish();
    resources.finish();
    sheet.finish();

    for (face, index) in Font::ALL.into_iter().zip(0..) {
        pdf.type1_font(font(index))
            .base_font(face.base())
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.stream(stream, &content);
    // Last: their bytes may look like anything.
    for (drawn, index) in kit.pictures.iter().zip(0..) {
        if let Some(Drawn { size, coverage }) = drawn {
            let mut image = pdf.image_xobject(picture(index), coverage);
            image.width(whole(size.width)).height(whole(size.height)).bits_per_component(8);
            image.color_space().device_gray();
            // 255 is ink.
            image.decode([1.0, 0.0]);
        }
    }
    Zeroizing::new(pdf.finish())
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).expect("a picture's sides are bounded")
}

fn picture_name(index: i32) -> String {
    format!("P{index}")
}

/// From the top of the page to its end.
fn draw(kit: &Kit<'_>) -> Content {
    let mut sheet = Sheet {
        content: Content::with_settings_and_capacity(COMPACT, CONTENT_BYTES),
        y: HEIGHT - MARGIN,
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
    size: f32,
    leading: f32,
    color: Color,
}

const BODY: Style = Style { font: Font::Regular, size: 10.0, leading: 13.5, color: INK };
const SMALL: Style = Style { font: Font::Regular, size: 8.5, leading: 11.0, color: MUTED };
const LABEL: Style = Style { font: Font::Bold, size: 10.5, leading: 15.0, color: ACCENT };
const TITLE: Style = Style { font: Font::Bold, size: 21.0, leading: 26.0, color: INK };

/// The page as it fills from above.
struct Sheet {
    content: Content,
    /// The upper edge of what is still empty.
    y: f32,
    /// Whether a character was replaced.
    replaced: bool,
}

impl Sheet {
    fn heading(&mut self, texts: &Texts) {
        self.mark(LEFT, self.y - 1.0);
        self.paragraph(LEFT + 34.0, INNER - 34.0, 1, TITLE, &texts.title);
        self.y -= 8.0;
        self.paragraph(LEFT, INNER, 3, BODY, &texts.purpose);
        self.y -= 8.0;
    }

    /// The product's mark, a shield with a keyhole, its upper left corner here.
    fn mark(&mut self, x: f32, y: f32) {
        let content = &mut self.content;
        content.save_state();
        // The picture is 32 units wide, and its y axis points down.
        content.transform([0.8, 0.0, 0.0, -0.8, x - 2.0, y + 2.0]);
        content.set_fill_rgb(ACCENT[0], ACCENT[1], ACCENT[2]);
        content.move_to(16.0, 2.5).line_to(28.0, 9.0).line_to(28.0, 18.0);
        content.cubic_to(28.0, 24.0, 23.0, 28.0, 16.0, 29.5);
        content.cubic_to(9.0, 28.0, 4.0, 24.0, 4.0, 18.0);
        content.line_to(4.0, 9.0).close_path().fill_nonzero();
        content.set_fill_rgb(1.0, 1.0, 1.0);
        content.move_to(12.4, 14.1).cubic_to(12.4, 12.1, 14.0, 10.5, 16.0, 10.5);
        content.cubic_to(18.0, 10.5, 19.6, 12.1, 19.6, 14.1);
        content.cubic_to(19.6, 15.4, 18.9, 16.5, 17.9, 17.16);
        content.line_to(19.0, 22.5).line_to(13.0, 22.5).line_to(14.1, 17.16);
        content.cubic_to(13.1, 16.5, 12.4, 15.4, 12.4, 14.1).close_path().fill_nonzero();
        content.restore_state();
    }

    fn facts(&mut self, facts: &[Fact], pictures: &[Option<Drawn<'_>>]) {
        const INDENT: f32 = 96.0;
        self.rule();
        for (fact, (picture, index)) in facts.iter().zip(pictures.iter().zip(0..)) {
            let top = self.y;
            self.paragraph(LEFT, INDENT - 8.0, 1, Style { color: MUTED, ..BODY }, &fact.label);
            self.y = top;
            match picture {
                Some(drawn) => {
                    self.picture(LEFT + INDENT, INNER - INDENT, &fact.value, drawn, index);
                }
                None => self.paragraph(LEFT + INDENT, INNER - INDENT, 2, BODY, &fact.value),
            }
            self.y -= 2.0;
        }
        self.y -= 6.0;
        self.rule();
    }

    /// One line as a picture, with its text invisible behind it: it can be selected and read aloud.
    fn picture(&mut self, x: f32, width: f32, text: &str, drawn: &Drawn<'_>, index: i32) {
        #[allow(clippy::cast_precision_loss)] // below 2^24
        let ratio = drawn.size.width as f32 / drawn.size.height as f32;
        let height = BODY.leading.min(width / ratio);
        let (bytes, _) = encode(text);
        let baseline = self.y - BODY.size;
        self.actual_text(&clean(text));
        self.content.begin_text().set_font(BODY.font.name(), BODY.size);
        self.content.set_text_rendering_mode(pdf_writer::types::TextRenderingMode::Invisible);
        self.content.next_line(x, baseline);
        for line in wrap(BODY.font, BODY.size, width, 1, &bytes) {
            self.content.show(Str(&line));
        }
        self.content.set_text_rendering_mode(pdf_writer::types::TextRenderingMode::Fill);
        self.content.end_text().end_marked_content();
        self.content.save_state();
        self.content.transform([height * ratio, 0.0, 0.0, height, x, self.y - height]);
        self.content.x_object(Name(picture_name(index).as_bytes())).restore_state();
        self.y -= BODY.leading;
    }

    /// The code in a frame: four lines of four groups of four, and the QR code beside them.
    fn code(&mut self, kit: &Kit<'_>) {
        const MODULE: f32 = 3.0;
        const CODE: Style = Style { font: Font::Code, size: 19.0, leading: 25.0, color: INK };
        let side = MODULE * f32::from(qr::SIDE);
        let quiet = MODULE * f32::from(qr::QUIET);
        let height = side + 2.0 * quiet + SMALL.leading + 4.0;
        let top = self.y;
        let qr_left = LEFT + INNER - quiet - side - 4.0;

        self.content.set_line_width(1.0).set_stroke_rgb(ACCENT[0], ACCENT[1], ACCENT[2]);
        self.content.rect(LEFT, top - height, INNER, height).stroke();

        let (x, width) = (LEFT + 18.0, qr_left - quiet - LEFT - 18.0);
        self.y = top - 18.0;
        self.paragraph(x, width, 1, LABEL, &kit.texts.code_label);
        self.y -= 3.0;
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
        self.y -= 3.0;
        self.paragraph(x, width, 1, SMALL, &kit.texts.code_hint);

        self.qr(kit.code, qr_left, top - quiet, MODULE);
        self.y = top - quiet - side - 5.0;
        self.paragraph(qr_left, side, 1, SMALL, &kit.texts.qr_hint);
        self.y = top - height - 18.0;
    }

    /// Draws the dark modules as one shape, so that no light shows between them.
    fn qr(&mut self, code: &[u8], x: f32, y: f32, module: f32) {
        let content = &mut self.content;
        content.save_state().transform([module, 0.0, 0.0, -module, x, y]);
        content.set_fill_gray(0.0);
        qr::dark_runs(code, |column, row, length| {
            content.rect(column.into(), row.into(), length.into(), 1.0);
        });
        content.fill_nonzero().restore_state();
    }

    /// Four columns of six, read downwards.
    fn words(&mut self, kit: &Kit<'_>) {
        const WORD: Style = Style { font: Font::Regular, size: 11.0, leading: 16.0, color: INK };
        const ROWS: usize = 6;
        let column = INNER / 4.0;
        let top = self.y;
        self.paragraph(LEFT, INNER / 2.0, 1, LABEL, &kit.texts.words_label);
        self.y = top - 2.0;
        self.paragraph(LEFT + INNER / 2.0, INNER / 2.0, 1, SMALL, &kit.texts.words_hint);
        let top = top - LABEL.leading - 4.0;
        let mut x = LEFT;
        for (words, first) in kit.words.chunks(ROWS).zip((1..).step_by(ROWS)) {
            self.y = top;
            for (word, number) in words.iter().zip(first..) {
                let number = format!("{number}.");
                let width = WORD.font.width(number.as_bytes(), WORD.size);
                let y = self.y;
                self.line(x + 18.0 - width, Style { color: MUTED, ..WORD }, number.as_bytes());
                self.y = y;
                self.line(x + 23.0, WORD, word);
            }
            x += column;
        }
        self.y -= 10.0;
        self.rule();
    }

    /// Two beside each other.
    fn parts(&mut self, parts: &[Part]) {
        const GAP: f32 = 24.0;
        let width = (INNER - GAP) / 2.0;
        let style = Style { size: 9.5, leading: 12.5, ..BODY };
        for pair in parts.chunks(2) {
            let top = self.y;
            let mut lowest = top;
            for (part, x) in pair.iter().zip([LEFT, LEFT + width + GAP]) {
                self.y = top;
                self.paragraph(x, width, 1, LABEL, &part.heading);
                self.paragraph(x, width, 5, style, &part.text);
                lowest = lowest.min(self.y);
            }
            self.y = lowest - 8.0;
        }
    }

    fn footer(&mut self, texts: &Texts) {
        let text = if self.replaced { &texts.replaced } else { &texts.footer };
        self.y = MARGIN + SMALL.leading;
        self.paragraph(LEFT, INNER, 1, SMALL, text);
    }

    fn rule(&mut self) {
        self.content.set_line_width(0.75).set_stroke_rgb(RULE[0], RULE[1], RULE[2]);
        self.content.move_to(LEFT, self.y).line_to(LEFT + INNER, self.y).stroke();
        self.y -= 10.0;
    }

    /// A text in lines of this width. Where a character is replaced, what a reader copies or speaks
    /// is still the text itself.
    fn paragraph(&mut self, x: f32, width: f32, most: usize, style: Style, text: &str) {
        let (bytes, replaced) = encode(text);
        self.replaced |= replaced;
        if replaced {
            self.actual_text(&clean(text));
        }
        for line in wrap(style.font, style.size, width, most, &bytes) {
            self.line(x, style, &line);
        }
        if replaced {
            self.content.end_marked_content();
        }
    }

    fn actual_text(&mut self, text: &str) {
        let mut mark = self.content.begin_marked_content_with_properties(Name(b"Span"));
        mark.properties().actual_text(TextStr(text));
    }

    fn line(&mut self, x: f32, style: Style, bytes: &[u8]) {
        let [red, green, blue] = style.color;
        self.content.set_fill_rgb(red, green, blue).begin_text();
        self.content.set_font(style.font.name(), style.size);
        self.content.next_line(x, self.y - style.size).show(Str(bytes)).end_text();
        self.y -= style.leading;
    }
}

#[cfg(test)]
mod tests;
