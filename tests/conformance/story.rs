//! Story files: what a client sends, step by step, and what it must get. README.md has the format.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use crate::matching::unknown_word;

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What happens, as a sentence.
    pub story: String,
    pub steps: Vec<Step>,
    /// The file's name without its ending; not in the file.
    #[serde(skip)]
    pub name: String,
}

/// One exchange.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Why the client sends this, or why the answer must be so.
    pub why: String,
    /// How often, with `${n}` from 1 on.
    #[serde(default = "once")]
    pub repeat: u32,
    pub request: Sent,
    pub expect: Expected,
    /// Names for parts of the answer, by JSON pointer.
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
}

/// What the client sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub method: String,
    /// Below `/scim/v2`, encoded as the client encodes it.
    pub path: String,
    /// Beside those that every request has; `null` takes one of them away.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    pub body: Option<Value>,
    /// A body that is no JSON.
    pub text: Option<String>,
}

/// What must come back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub status: u16,
    /// By name in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, Value>,
    pub body: Option<Value>,
}

fn once() -> u32 {
    1
}

/// The stories of one folder, by name.
///
/// # Errors
/// There are none, or one of them is malformed.
pub fn read_folder(folder: &Path) -> Result<Vec<Story>, String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        files.push(entry.map_err(at)?.path());
    }
    files.sort();
    if files.is_empty() {
        return Err(format!("{} holds no stories", folder.display()));
    }
    files.iter().map(|file| read_file(file)).collect()
}

fn read_file(file: &Path) -> Result<Story, String> {
    let at = |problem: String| format!("{}: {problem}", file.display());
    let name = file.file_name().and_then(|name| name.to_str()?.strip_suffix(".json"));
    let name = name.ok_or_else(|| at("not a .json file".to_owned()))?;
    let text = fs::read_to_string(file).map_err(|error| at(error.to_string()))?;
    parse(name, &text).map_err(at)
}

fn parse(name: &str, text: &str) -> Result<Story, String> {
    let mut story: Story = serde_json::from_str(text).map_err(|error| error.to_string())?;
    name.clone_into(&mut story.name);
    if story.story.trim().is_empty() || story.steps.is_empty() {
        return Err("a story needs a sentence and steps".to_owned());
    }
    let mut known = BTreeSet::from(["base".to_owned()]);
    for (index, step) in story.steps.iter().enumerate() {
        check(step, &mut known).map_err(|problem| format!("step {}: {problem}", index + 1))?;
    }
    Ok(story)
}

fn check(step: &Step, known: &mut BTreeSet<String>) -> Result<(), String> {
    if step.why.trim().is_empty() {
        return Err("it does not say why".to_owned());
    }
    if !step.request.path.starts_with('/') && !step.request.path.is_empty() {
        return Err("the path does not begin with a slash".to_owned());
    }
    if step.request.body.is_some() && step.request.text.is_some() {
        return Err("body and text together".to_owned());
    }
    let expected = step.expect.headers.values().chain(&step.expect.body);
    if let Some(word) = expected.clone().find_map(unknown_word) {
        return Err(format!("nobody knows the word {word}"));
    }
    let bodies = expected.chain(&step.request.body).map(Value::to_string);
    let texts = [Some(step.request.path.clone()), step.request.text.clone()];
    let headers = step.request.headers.values().flatten().cloned();
    for text in bodies.chain(texts.into_iter().flatten()).chain(headers) {
        if let Some(name) = variables(&text).find(|name| !known.contains(name) && name != "n") {
            return Err(format!("no earlier step captures {name}"));
        }
    }
    known.extend(step.capture.keys().cloned());
    Ok(())
}

/// The names in `${..}`.
fn variables(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"story": "A person is made.", "steps": [
        {"why": "First.", "request": {"method": "POST", "path": "/Users", "body": {"userName": "a"}},
         "capture": {"anna": "/id"}, "expect": {"status": 201, "body": {"id": "$any"}}},
        {"why": "Then.", "request": {"method": "GET", "path": "/Users/${anna}"},
         "expect": {"status": 200, "headers": {"etag": "$any"}, "body": {"id": "${anna}"}}}]}"#;

    #[test]
    fn a_sound_story_is_read() {
        let story = parse("sound", SOUND).unwrap();
        assert_eq!((story.name.as_str(), story.steps.len()), ("sound", 2));
        assert_eq!(story.steps[0].repeat, 1);
    }

    #[test]
    fn a_malformed_story_is_refused() {
        for (from, to, problem) in [
            ("\"why\"", "\"wy\"", "unknown field"),
            ("\"why\": \"Then.\"", "\"why\": \"\"", "does not say why"),
            ("\"status\": 200,", "", "missing field `status`"),
            ("\"$any\"", "\"$some\"", "nobody knows the word $some"),
            ("/Users/${anna}", "/Users/${ann}", "no earlier step captures ann"),
            ("\"/Users\"", "\"Users\"", "begin with a slash"),
            ("\"body\": {\"userName\"", "\"text\": \"x\", \"body\": {\"userName\"", "together"),
            ("A person is made.", "", "needs a sentence"),
            ("]}", "", "EOF"),
        ] {
            let text = SOUND.replacen(from, to, 1);
            let found = parse("broken", &text).err().unwrap_or_default();
            assert!(found.contains(problem), "{to}: {found}");
        }
    }

    #[test]
    fn a_folder_without_stories_or_with_another_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read_folder(folder.path()).err().unwrap().contains("holds no stories"));
        fs::write(folder.path().join("one.json"), SOUND).unwrap();
        assert_eq!(read_folder(folder.path()).unwrap().len(), 1);
        fs::write(folder.path().join("notes.txt"), "").unwrap();
        assert!(read_folder(folder.path()).err().unwrap().contains("not a .json file"));
        assert!(read_folder(&folder.path().join("missing")).is_err());
    }
}
