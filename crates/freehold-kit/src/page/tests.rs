use lopdf::content::{Content, Operation};
use lopdf::{Document, Object};

use super::*;
use crate::find;
use crate::kit::Picture;
use crate::testing::{CODE, WORDS_TEXT, fact, numbered_words, part, secret, texts};

fn pdf_of(texts: &Texts) -> Vec<u8> {
    let secret = secret();
    render(&Kit::parse(&secret, texts, &[]).unwrap()).to_vec()
}

/// The page as another program reads it.
fn open(pdf: &[u8]) -> (Document, Vec<Operation>) {
    let document = Document::load_mem(pdf).unwrap();
    let pages = document.get_pages();
    assert_eq!(pages.len(), 1);
    let content = document.get_page_content(pages[&1]);
    let operations = Content::decode_strict(&content).unwrap().operations;
    (document, operations)
}

/// The text that a reader of PDF copies from the page.
fn text_of(pdf: &[u8]) -> String {
    open(pdf).0.extract_text(&[1]).unwrap()
}

fn numbers(operation: &Operation) -> Vec<f32> {
    operation.operands.iter().map(|operand| operand.as_float().unwrap()).collect()
}

/// Where every line of text begins: x, y.
fn baselines(operations: &[Operation]) -> Vec<(Milli, Milli)> {
    let milli = |number: f32| Milli((number * 1000.0).round() as i32);
    let lines = operations.iter().filter(|operation| operation.operator == "Td");
    lines.map(numbers).map(|at| (milli(at[0]), milli(at[1]))).collect()
}

/// The dark squares of the page, drawn again and read by a reader of QR codes.
fn scan(operations: &[Operation]) -> String {
    let side = usize::from(qr::SIDE);
    let mut dark = vec![vec![false; side]; side];
    let last = operations.iter().rposition(|operation| operation.operator == "re").unwrap();
    let squares = operations[..=last].iter().rev().take_while(|one| one.operator == "re");
    for square in squares {
        let [x, y, width, height] = numbers(square)[..] else { panic!("{square:?}") };
        assert_eq!(height, 1.0);
        dark[y as usize][x as usize..(x + width) as usize].fill(true);
    }
    let pixel = |x: usize, y: usize| {
        let module = |at: usize| (at / 4).checked_sub(usize::from(qr::QUIET));
        let (Some(x), Some(y)) = (module(x), module(y)) else { return 255 };
        let is_dark = dark.get(y).and_then(|row| row.get(x)).copied().unwrap_or_default();
        if is_dark { 0 } else { 255 }
    };
    let edge = (side + 2 * usize::from(qr::QUIET)) * 4;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(edge, edge, pixel);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

#[test]
fn a_reader_of_pdf_copies_the_code_the_words_and_every_sentence() {
    let texts = texts();
    let pdf = pdf_of(&texts);
    let text = text_of(&pdf);
    let copied = find(text.as_bytes()).unwrap();
    assert_eq!(std::str::from_utf8(&copied).unwrap(), CODE);
    // The page without its code: the words are there too.
    let compact: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in numbered_words() {
        assert!(compact.contains(&word), "{word} is missing in {compact}");
    }
    let mut sentences = vec![texts.title, texts.purpose, texts.code_label, texts.footer];
    sentences.extend(texts.facts.into_iter().flat_map(|fact| [fact.label, fact.value]));
    sentences.extend(texts.parts.into_iter().flat_map(|part| [part.heading, part.text]));
    for sentence in sentences {
        assert!(compact.contains(&sentence), "{sentence:?} is missing in {compact}");
    }
}

#[test]
fn the_code_is_found_in_the_file_itself() {
    let found = find(&pdf_of(&texts())).unwrap();
    assert_eq!(std::str::from_utf8(&found).unwrap(), CODE);
}

#[test]
fn the_words_alone_are_found_when_the_code_was_cut_out() {
    let text = text_of(&pdf_of(&texts()));
    let groups = [&CODE[..4], &CODE[4..8]].join(" ");
    assert!(text.contains(&groups), "{text}");
    let found = find(text.replace(&groups, "").as_bytes()).unwrap();
    assert_eq!(std::str::from_utf8(&found).unwrap(), WORDS_TEXT);
}

#[test]
fn the_qr_code_says_exactly_the_code() {
    assert_eq!(scan(&open(&pdf_of(&texts())).1), CODE);
}

#[test]
fn the_same_kit_makes_the_same_bytes() {
    assert_eq!(pdf_of(&texts()), pdf_of(&texts()));
}

#[test]
fn the_file_names_its_title_its_language_and_nothing_of_the_account() {
    let (document, _) = open(&pdf_of(&texts()));
    let root = document.catalog().unwrap();
    assert_eq!(root.get(b"Lang").unwrap().as_str().unwrap(), b"en");
    let info = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let info = document.get_dictionary(info).unwrap();
    assert_eq!(info.get(b"Title").unwrap().as_str().unwrap(), b"Freehold recovery kit");
    assert_eq!(info.len(), 1, "{info:?}");
}

/// Texts that fill every place of the page.
fn largest() -> Texts {
    filled("wide words of a long sentence ")
}

/// This, again and again, in every place.
fn filled(with: &str) -> Texts {
    let long = with.repeat(2000 / with.chars().count());
    let mut texts = texts();
    for text in [
        &mut texts.lang,
        &mut texts.replaced,
        &mut texts.title,
        &mut texts.purpose,
        &mut texts.code_label,
        &mut texts.code_hint,
        &mut texts.qr_hint,
        &mut texts.words_label,
        &mut texts.words_hint,
        &mut texts.footer,
    ] {
        text.clone_from(&long);
    }
    texts.facts = vec![fact(&long, &long); 4];
    texts.parts = vec![part(&long, &long); 4];
    texts
}

#[test]
fn the_longest_texts_stay_on_a_sheet_of_a4_and_of_us_letter() {
    let (_, operations) = open(&pdf_of(&largest()));
    // What a sheet of US Letter, 792 points high, has of an A4 page in its middle, and an edge of
    // 25 points that printers leave white.
    let edge = (HEIGHT - Milli::whole(792)) / 2 + Milli::whole(25);
    let footer = MARGIN + SMALL.leading - SMALL.size;
    let mut lowest = HEIGHT;
    for (x, y) in baselines(&operations) {
        assert!((LEFT..WIDTH - LEFT).contains(&x), "{x:?}");
        assert!((edge..=HEIGHT - edge).contains(&y), "{y:?}");
        if y > footer {
            lowest = lowest.min(y);
        }
    }
    assert!(lowest > footer + SMALL.leading, "the last part runs into the footer: {lowest:?}");
}

#[test]
fn what_is_cut_ends_with_dots_and_the_code_never_is() {
    let pdf = pdf_of(&largest());
    assert!(text_of(&pdf).contains('…'));
    assert_eq!(find(&pdf).unwrap().as_slice(), CODE.as_bytes());
    assert_eq!(scan(&open(&pdf).1), CODE);
}

#[test]
fn what_the_fonts_lack_is_replaced_said_so_and_copied_as_it_is() {
    let mut texts = texts();
    texts.facts[0].value = "Ümläut 株式会社".to_owned();
    let pdf = pdf_of(&texts);
    let (_, operations) = open(&pdf);
    let text = text_of(&pdf);
    assert!(text.contains("Ümläut ????"), "{text}");
    assert!(text.contains(&texts.replaced) && !text.contains(&texts.footer), "{text}");
    let real: Vec<u8> = std::iter::once(0xfeff)
        .chain("Ümläut 株式会社".encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    let is_real = |operation: &Operation| {
        let properties = operation.operands.get(1).and_then(|one| one.as_dict().ok());
        let text = properties.and_then(|one| one.get(b"ActualText").ok());
        text.and_then(|text| text.as_str().ok()) == Some(real.as_slice())
    };
    assert!(operations.iter().any(is_real));
}

#[test]
fn hostile_names_change_nothing_but_their_line() {
    for name in [
        "",
        " ",
        "\u{202e}gnitset",
        "a\0b\u{1}c",
        "))) Tj ET (((",
        "\\",
        "\\(",
        "(",
        "endstream endobj %%EOF",
        "👩\u{200d}👩\u{200d}👧 🏴\u{e0067}\u{e0062}",
        "שלום עולם",
        "Z\u{335}\u{334}a\u{321}lgo",
        &"W".repeat(1000),
        &"\u{200b}".repeat(5000),
        &"字".repeat(5000),
    ] {
        let mut texts = texts();
        texts.facts = vec![fact(name, name); 4];
        texts.title = name.to_owned();
        let pdf = pdf_of(&texts);
        let (_, operations) = open(&pdf);
        assert_eq!(find(&pdf).unwrap().as_slice(), CODE.as_bytes(), "{name}");
        assert_eq!(scan(&operations), CODE, "{name}");
        assert!(text_of(&pdf).contains("unaware"), "{name}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_a_name_is_the_page_is_read_and_the_code_is_found(name: String) {
        let mut texts = texts();
        texts.facts = vec![fact(&name, &name); 4];
        texts.parts = vec![part(&name, &name); 4];
        let pdf = pdf_of(&texts);
        proptest::prop_assert!(text_of(&pdf).contains("unaware"));
        let found = find(&pdf).unwrap();
        proptest::prop_assert_eq!(found.as_slice(), CODE.as_bytes());
    }
}

#[test]
fn a_name_that_looks_like_a_code_is_not_taken_for_it() {
    let mut texts = texts();
    texts.facts[1].value = format!("fhrec1{}", "q".repeat(58));
    assert_eq!(find(&pdf_of(&texts)).unwrap().as_slice(), CODE.as_bytes());
}

#[test]
fn a_picture_stands_where_the_fonts_have_no_letters() {
    let mut texts = texts();
    texts.facts[0].value = "株式会社".to_owned();
    texts.facts[0].picture = Some(Picture { width: 200, height: 48 });
    let secret = secret();
    // Bytes that would confuse who looks for strings in front of the page.
    let pixels = b"(\\".repeat(200 * 48 / 2);
    let pdf = render(&Kit::parse(&secret, &texts, &pixels).unwrap());
    let (document, operations) = open(&pdf);
    let drawn = operations.iter().find(|operation| operation.operator == "Do").unwrap();
    assert_eq!(drawn.operands[0], Object::Name(b"P0".to_vec()));
    let image = document.get_object((9, 0)).unwrap().as_stream().unwrap();
    assert_eq!(image.content, pixels);
    let text = text_of(&pdf);
    // Nothing was left out, so the page does not say so.
    assert!(text.contains(&texts.footer) && !text.contains(&texts.replaced), "{text}");
    assert_eq!(find(&pdf).unwrap().as_slice(), CODE.as_bytes());
}

#[test]
fn what_holds_the_code_is_never_moved_while_it_grows() {
    let secret = secret();
    for with in ["wide words of a long sentence ", "字", "👧", "í", "í👧", "(", "i\\"] {
        let texts = filled(with);
        let kit = Kit::parse(&secret, &texts, &[]).unwrap();
        assert_eq!(draw(&kit).finish().capacity(), CONTENT_BYTES);
        assert_eq!(render(&kit).capacity(), CONTENT_BYTES + FRAME_BYTES);
    }
}
