//! The words after the command.

use crate::problem::Problem;

/// Words not yet taken; what is left over at the end is refused.
pub struct Arguments {
    words: Vec<String>,
}

impl Arguments {
    pub fn new(words: impl Iterator<Item = String>) -> Self {
        Self { words: words.collect() }
    }

    /// Takes a switch, under any of its names.
    pub fn flag(&mut self, names: &[&str]) -> bool {
        let before = self.words.len();
        self.words.retain(|word| !names.contains(&word.as_str()));
        self.words.len() != before
    }

    /// Takes `--name value` or `--name=value`, as often as it stands there.
    pub fn values(&mut self, name: &str) -> Result<Vec<String>, Problem> {
        let mut values = Vec::new();
        let mut rest = Vec::new();
        let mut words = std::mem::take(&mut self.words).into_iter();
        while let Some(word) = words.next() {
            if word == name {
                let value = words.next().ok_or_else(|| {
                    Problem::new(format!("{name} needs a value")).fix("see --help")
                })?;
                values.push(value);
            } else if let Some(value) = word.strip_prefix(name).and_then(|w| w.strip_prefix('=')) {
                values.push(value.to_owned());
            } else {
                rest.push(word);
            }
        }
        self.words = rest;
        Ok(values)
    }

    /// Takes the first word that is no option.
    pub fn word(&mut self) -> Option<String> {
        let place = self.words.iter().position(|word| !word.starts_with('-'))?;
        Some(self.words.remove(place))
    }

    /// The words not yet taken.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// What is left, when it may be anything but an option.
    pub fn rest(self) -> Result<Vec<String>, Problem> {
        match self.words.iter().find(|word| word.starts_with('-')) {
            Some(word) => Err(unknown(word)),
            None => Ok(self.words),
        }
    }

    /// Nothing may be left.
    pub fn end(self) -> Result<(), Problem> {
        match self.words.first() {
            Some(word) => Err(unknown(word)),
            None => Ok(()),
        }
    }
}

fn unknown(word: &str) -> Problem {
    Problem::new(format!("\"{word}\" is not an option of this command"))
        .fix("add --help to see what it takes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Arguments {
        Arguments::new(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn values_are_taken_in_both_forms_and_the_rest_stays() {
        let mut given = words("--only unit setup --only=e2e race");
        assert_eq!(given.values("--only").unwrap(), ["unit", "e2e"]);
        assert_eq!(given.rest().unwrap(), ["setup", "race"]);
    }

    #[test]
    fn an_unknown_option_is_refused() {
        assert!(words("--fast").rest().is_err());
        assert!(words("more").end().is_err());
        assert!(words("--only").values("--only").is_err());
    }
}
