//! What docs/guides tells an administrator to type is what the program takes.

use std::{collections::BTreeSet, fs};

use freehold_testing::Program;

/// The commands of a text, each on one line: in blocks of shell, and in backticks.
fn commands(text: &str) -> BTreeSet<String> {
    let joined = text.replace("\\\n", " ");
    joined
        .split(['`', '\n', '#', '>'])
        .filter_map(|part| part.trim().strip_prefix("freehold "))
        .map(|command| command.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// The words before the first option or name in capitals: `token create`.
fn subcommand(command: &str) -> Vec<&str> {
    command.split(' ').take(2).take_while(|word| !word.starts_with('-')).collect()
}

fn options(command: &str) -> impl Iterator<Item = &str> {
    command.split(' ').filter(|word| word.starts_with("--"))
}

fn guides() -> Vec<(String, String)> {
    let folder = freehold_testing::checkout().join("docs/guides");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.display().to_string(), fs::read_to_string(path).unwrap())
    };
    fs::read_dir(folder).unwrap().map(read).collect()
}

#[test]
fn every_command_of_the_guides_is_one_of_the_program() {
    let program = Program::start();
    let mut faults = Vec::new();
    let mut seen = 0;
    for (guide, text) in guides() {
        for command in commands(&text) {
            seen += 1;
            let mut words = subcommand(&command);
            words.push("--help");
            let help = program.run(&words);
            let told = String::from_utf8_lossy(&help.stdout).into_owned();
            let unknown: Vec<&str> = options(&command).filter(|it| !told.contains(it)).collect();
            if !help.status.success() || !unknown.is_empty() {
                faults.push(format!("{guide}: freehold {command}: {unknown:?}"));
            }
        }
    }
    assert!(seen > 20, "only {seen} commands were found in docs/guides");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The block of a guide that makes an organization, with its placeholders, does what it says.
#[test]
fn the_commands_that_make_an_organization_work_in_their_order() {
    let mut played = 0;
    for (guide, text) in guides() {
        let mut blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
        let Some(block) = blocks.find(|block| block.contains("freehold organization create"))
        else {
            continue;
        };
        let program = Program::start();
        fs::write(program.scratch("secret.txt"), "test-only-secret").unwrap();
        for command in block.replace("\\\n", " ").lines() {
            let command = command.split(['#', '>']).next().unwrap();
            let words = shell_words(command.trim().strip_prefix("freehold ").unwrap());
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert!(!program.freehold(&words).is_empty(), "{guide}: {command} prints nothing");
        }
        played += 1;
    }
    assert_eq!(played, 3, "Entra, Okta, and any other");
}

/// Words as a shell splits them, with double quotes.
fn shell_words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn commands_are_found_in_blocks_and_in_backticks() {
    let text = "```sh\nfreehold token create --ttl-days 9 \\\n    --a b > token.txt\n```\n\
        see `freehold log --follow`, and `freehold serve`.";
    let found: Vec<String> = commands(text).into_iter().collect();
    assert_eq!(found, ["log --follow", "serve", "token create --ttl-days 9 --a b"]);
    assert_eq!(subcommand("log --follow"), ["log"]);
    assert_eq!(options("log --follow x --y").collect::<Vec<_>>(), ["--follow", "--y"]);
    assert_eq!(shell_words("a --name \"Acme Ltd\" b"), ["a", "--name", "Acme Ltd", "b"]);
}
