//! Links between documents lead somewhere.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::metadata::checkout;

/// The targets of `[text](target)`, without those in other places of the net.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

/// Every Markdown file that is ours.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "node_modules", "data"].contains(&&*name) {
                documents(&path, found);
            }
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let mut files = Vec::new();
    documents(&checkout(), &mut files);
    assert!(files.len() > 15, "only {} documents were found", files.len());
    let mut broken = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let here = file.parent().unwrap();
        let missing = links(&text).into_iter().filter(|link| !here.join(link).exists());
        broken.extend(missing.map(|link| format!("{}: {link}", file.display())));
    }
    assert!(broken.is_empty(), "these links lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn links_are_told_from_text_and_from_addresses() {
    let text = "[a](one.md) (b) [c](https://example.com/) [d](../two.md#part) [e](#here)";
    assert_eq!(links(text), ["one.md", "../two.md"]);
}
