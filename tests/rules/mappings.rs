//! What the console says is to be mapped at Entra and Okta is what the guides say.

use std::fs;

use serde_json::Value;

use crate::metadata::checkout;

fn read(path: &str) -> String {
    fs::read_to_string(checkout().join(path)).unwrap()
}

/// The data of `mappings.js`, which is JSON after the name.
fn data() -> Value {
    let text = read("web/admin/scim/mappings.js");
    let (_, rest) = text.split_once("MAPPINGS = ").unwrap();
    serde_json::from_str(rest.trim_end().trim_end_matches(';')).unwrap()
}

/// The English text of a note.
fn note(row: &Value) -> String {
    let texts = read("web/admin/strings/en.js");
    let (_, mapping) = texts.split_once("\n    mapping: {").unwrap();
    let key = format!("        {}: '", row["note"].as_str().unwrap());
    let line = mapping.lines().find_map(|line| line.strip_prefix(&key)).unwrap();
    line.trim_end_matches("',").to_owned()
}

/// The tables of a guide's section on attributes: rows of cells.
fn tables(guide: &str) -> Vec<Vec<[String; 3]>> {
    let text = read(&format!("docs/guides/{guide}.md"));
    let (_, section) = text.split_once("\n## 3. Map attributes\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut tables: Vec<Vec<[String; 3]>> = Vec::new();
    for line in section.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<String> =
            line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        match cells.first().unwrap().as_str() {
            "Freehold" => tables.push(Vec::new()),
            dashes if dashes.starts_with("---") => {}
            _ => {
                let row: [String; 3] = cells.try_into().unwrap();
                tables.last_mut().unwrap().push(row);
            }
        }
    }
    tables
}

/// What stands in a cell between backquotes.
fn codes(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn the_guides_and_the_console_map_the_same() {
    let data = data();
    for (guide, names) in [("entra", ["users", "groups"].as_slice()), ("okta", &["users"])] {
        let tables = tables(guide);
        assert_eq!(tables.len(), names.len(), "{guide}");
        for (name, table) in names.iter().zip(&tables) {
            let rows = data[guide][name].as_array().unwrap();
            assert_eq!(rows.len(), table.len(), "{guide} {name}");
            for (row, [to, from, said]) in rows.iter().zip(table) {
                let whence = texts(&row["from"]);
                assert_eq!(texts(&row["to"]), codes(to), "{guide} {name}");
                match codes(from) {
                    known if known.is_empty() => {
                        assert!(whence.iter().all(|text| from.contains(text)), "{row} {from}");
                    }
                    known => assert_eq!(whence, known, "{guide} {name}"),
                }
                assert_eq!(note(row), said.replace('*', ""), "{guide} {name}");
            }
        }
    }
    assert!(data["okta"]["groups"].as_array().unwrap().is_empty());
}

#[test]
fn the_guides_know_every_menu_of_the_console_s_steps() {
    let data = data();
    for guide in ["entra", "okta"] {
        let text = read(&format!("docs/guides/{guide}.md")).replace('\n', " ");
        let steps = data[guide]["steps"].as_array().unwrap();
        assert!(steps.len() > 5);
        for step in steps {
            for menu in texts(&step["menu"]) {
                assert!(text.contains(menu), "{guide}.md does not know {menu:?}");
            }
        }
    }
}

#[test]
fn every_row_and_step_has_an_id_of_its_own() {
    for (provider, mapping) in data().as_object().unwrap() {
        let mut ids: Vec<String> = Vec::new();
        for list in mapping.as_object().unwrap().values() {
            ids.extend(list.as_array().unwrap().iter().map(|row| row["id"].to_string()));
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{provider}");
    }
}

/// `NameUnresolved` as it stands in answers.
fn kebab(variant: &str) -> String {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// The names that a part of the English texts has texts for.
fn named(part: &str) -> Vec<String> {
    let texts = read("web/admin/strings/en.js");
    let (_, trial) = texts.split_once("\n    trial: {\n").unwrap();
    let (_, part) = trial.split_once(&format!("\n      {part}: {{\n")).unwrap();
    let lines = part.lines().take_while(|line| line.starts_with("        "));
    let mut names: Vec<String> = lines
        .map(|line| line.trim().split(": ").next().unwrap().trim_matches('\'').to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_finding_and_every_step_of_a_test_has_its_text() {
    let code = read("crates/freehold-server/src/http/admin/trial/found.rs");
    let variants = code.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(','));
    let mut findings: Vec<String> = variants
        .map(kebab)
        .filter(|name| !["as-expected", "not-asked"].contains(&name.as_str()))
        .collect();
    findings.sort();
    assert!(findings.len() > 15, "{findings:?}");
    assert_eq!(named("found"), findings);

    let code = read("crates/freehold-server/src/http/admin/trial/probes.rs");
    let (_, probes) = code.split_once("PROBES: &[Probe]").unwrap();
    let (probes, _) = probes.split_once("\n];").unwrap();
    let quoted = probes.split('"').skip(1).step_by(2);
    let is_name = |text: &&str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let mut steps: Vec<&str> = quoted.filter(is_name).collect();
    steps.sort_unstable();
    steps.dedup();
    assert!(steps.len() > 8, "{steps:?}");
    assert_eq!(named("steps"), steps);
}
