//! Every folder of stories, on both databases.

use std::path::PathBuf;

use crate::{
    player,
    service::{Database, Service},
    story,
};

fn folder(name: &str) -> PathBuf {
    freehold_testing::checkout().join("tests/conformance").join(name)
}

/// Plays every story of a folder, each in an organization of its own.
fn play(name: &str, database: Database) {
    let stories = story::read_folder(&folder(name)).unwrap_or_else(|problem| panic!("{problem}"));
    let service = Service::start(database);
    let failures: Vec<String> = stories
        .iter()
        .filter_map(|story| {
            let organization = service.organization(&story.name.replace('.', "-"));
            player::play(story, &service, &organization).err()
        })
        .collect();
    let count = stories.len();
    assert!(
        failures.is_empty(),
        "{} of {count} stories of {name} went wrong:\n\n{}\n",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn entra_is_served_on_sqlite() {
    play("entra", Database::Sqlite);
}

#[test]
fn entra_is_served_on_postgresql() {
    play("entra", Database::Postgresql);
}

#[test]
fn okta_is_served_on_sqlite() {
    play("okta", Database::Sqlite);
}

#[test]
fn okta_is_served_on_postgresql() {
    play("okta", Database::Postgresql);
}

#[test]
fn other_providers_are_served_on_sqlite() {
    play("others", Database::Sqlite);
}

#[test]
fn other_providers_are_served_on_postgresql() {
    play("others", Database::Postgresql);
}

#[test]
fn the_sentences_of_the_rfcs_hold_on_sqlite() {
    play("rfc", Database::Sqlite);
}

#[test]
fn the_sentences_of_the_rfcs_hold_on_postgresql() {
    play("rfc", Database::Postgresql);
}

/// Every folder with stories is played by a test above.
#[test]
fn no_folder_is_forgotten() {
    let folders = std::fs::read_dir(folder("")).unwrap().map(Result::unwrap);
    let mut names: Vec<String> = folders
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["entra", "okta", "others", "rfc"]);
}
