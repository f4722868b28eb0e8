//! Style sheets: a brace too few, and everything after it is silently another rule's.

use freehold_testing::checkout;

#[test]
fn what_begins_a_line_of_a_style_sheet_begins_a_rule() {
    let mut lines = 0;
    for entry in std::fs::read_dir(checkout().join("web/style")).expect("a folder").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "css") {
            continue;
        }
        let mut depth = 0_i32;
        for (at, line) in std::fs::read_to_string(&path).expect("UTF-8").lines().enumerate() {
            let begins = line.starts_with(|c: char| !c.is_whitespace() && c != '}');
            assert!(!begins || depth == 0, "{}:{}: {line}", path.display(), at + 1);
            depth += i32::try_from(line.matches('{').count()).expect("few")
                - i32::try_from(line.matches('}').count()).expect("few");
            assert!(depth >= 0, "{}:{}: a brace too many", path.display(), at + 1);
            lines += 1;
        }
        assert_eq!(depth, 0, "{} ends inside of a rule", path.display());
    }
    assert!(lines > 1_000, "the style sheets are elsewhere");
}
