//! docs/CONFORMANCE.md names a test for every clause, and each of them exists.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// One row: a clause of an RFC.
#[derive(Debug, PartialEq)]
struct Clause {
    /// Section and words.
    name: String,
    /// What became of it.
    here: String,
    tests: Vec<String>,
}

/// The clauses of the tables whose first column is a section.
fn clauses(text: &str) -> Vec<Clause> {
    text.lines().filter_map(clause).collect()
}

fn clause(line: &str) -> Option<Clause> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let [section, words, here, tests, ""] = cells.as_slice() else { return None };
    section.starts_with(|first: char| first.is_ascii_digit()).then(|| Clause {
        name: format!("§{section} {words}"),
        here: (*here).to_owned(),
        tests: quoted(tests).map(str::to_owned).collect(),
    })
}

/// What stands in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// What is wrong with the page.
fn faults(clauses: &[Clause], exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for Clause { name, here, tests } in clauses {
        let word = here.split([' ', ':', ';', ',']).next().unwrap_or_default();
        match word {
            "yes" => {}
            "deviates" | "n/a" if here.len() > word.len() + 2 => {}
            "deviates" | "n/a" => faults.push(format!("{name}: it does not say why")),
            _ => faults.push(format!("{name}: neither yes nor deviates nor n/a, but {here}")),
        }
        if tests.is_empty() {
            faults.push(format!("{name}: no test"));
        }
        let missing = tests.iter().filter(|test| !exists(test));
        faults.extend(missing.map(|test| format!("{name}: there is no {test}")));
    }
    faults
}

/// The names of all test functions of the tree.
fn functions() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["crates", "tests"] {
        collect(&freehold_testing::checkout().join(folder), &mut names);
    }
    names
}

fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("node_modules") {
                collect(&path, names);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            names.extend(tests_of(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Functions right below a line `#[test]` or the like, and those listed for both engines.
fn tests_of(source: &str) -> Vec<String> {
    let mut is_next = false;
    let mut names: Vec<String> = listed(source).collect();
    for line in source.lines().map(str::trim) {
        let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        match function.and_then(|rest| rest.split('(').next()) {
            Some(name) if is_next => names.push(name.to_owned()),
            _ => {}
        }
        let is_attribute = line.starts_with("#[");
        is_next = line.starts_with("#[") && line.contains("test") || is_next && is_attribute;
    }
    names
}

/// The contract tests of the store stand in a list.
fn listed(source: &str) -> impl Iterator<Item = String> {
    let list = source.split_once("on_both_engines!(\n").and_then(|(_, rest)| rest.split_once(')'));
    list.map_or("", |(list, _)| list)
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}

fn story(name: &str) -> PathBuf {
    freehold_testing::checkout().join("tests/conformance").join(format!("{name}.json"))
}

fn page() -> String {
    fs::read_to_string(freehold_testing::checkout().join("docs/CONFORMANCE.md")).unwrap()
}

#[test]
fn every_clause_names_tests_that_exist() {
    let clauses = clauses(&page());
    assert!(clauses.len() > 100, "only {} clauses are read", clauses.len());
    let functions = functions();
    let exists = |name: &str| {
        if name.contains('/') { story(name).is_file() } else { functions.contains(name) }
    };
    let faults = faults(&clauses, exists);
    assert!(faults.is_empty(), "docs/CONFORMANCE.md:\n{}", faults.join("\n"));
}

#[test]
fn every_story_of_the_rfcs_stands_for_a_clause() {
    let clauses = clauses(&page());
    let named: BTreeSet<&String> = clauses.iter().flat_map(|clause| &clause.tests).collect();
    for entry in fs::read_dir(story("rfc").with_extension("")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = format!("rfc/{}", file.strip_suffix(".json").unwrap());
        assert!(named.contains(&name), "no clause names {name}");
    }
}

#[test]
fn what_the_page_names_outside_of_its_tables_exists_too() {
    let functions = functions();
    for line in page().lines().filter(|line| !line.starts_with('|')) {
        for name in quoted(line).filter(|name| name.contains('_') && !name.contains(['/', ' '])) {
            assert!(functions.contains(name), "there is no {name}");
        }
    }
}

#[test]
fn a_clause_without_a_test_or_with_one_that_is_gone_is_a_fault() {
    let page = "| § | clause | here | tests |\n| --- | --- | --- | --- |\n\
        | 1 | fine | yes | `there` |\n| 2 | gone | yes | `missing`, `there` |\n\
        | 3 | none | yes |  |\n| 4 | silent | deviates | `there` |\n| 5 | odd | maybe | `there` |\n\
        | 6 | reason | n/a: clients | `there` |\n";
    let clauses = clauses(page);
    assert_eq!(clauses.len(), 6);
    let faults = faults(&clauses, |name| name == "there");
    let found: Vec<&str> = faults.iter().map(|fault| fault.get(.."§1".len()).unwrap()).collect();
    assert_eq!(found, ["§2", "§3", "§4", "§5"]);
}

#[test]
fn tests_are_found_below_their_attribute_only() {
    let source =
        "#[test]\n#[ignore]\nfn one() {}\nfn two() {}\n#[tokio::test]\nasync fn three() {}";
    assert_eq!(tests_of(source), ["one", "three"]);
    assert_eq!(tests_of("on_both_engines!(\n    four,\n    five,\n);\n"), ["four", "five"]);
}
