//! Where settings come from: the environment, the TOML file, and files that hold one value.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

use super::{ConfigError, OTHER_VARIABLES, SETTINGS};

/// A value and where it was found, so that an error can say where to mend it.
pub(super) struct Given {
    pub value: String,
    pub source: String,
}

/// The settings that were given, by name.
pub(super) type AllGiven = BTreeMap<&'static str, Given>;

/// The variables of the process, or of a test.
pub struct Environment(Vec<(OsString, OsString)>);

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// Variables that a test chooses.
    pub fn of(variables: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The variables whose name starts with `FREEHOLD_`, as text.
    fn ours(&self) -> Result<BTreeMap<String, String>, ConfigError> {
        let mut found = BTreeMap::new();
        for (name, value) in &self.0 {
            let Some(name) = name.to_str().filter(|name| name.starts_with("FREEHOLD_")) else {
                continue;
            };
            let value = value.to_str().ok_or_else(|| {
                ConfigError(format!("{name} is not UTF-8 text; set it again or unset it"))
            })?;
            found.insert(name.to_owned(), value.to_owned());
        }
        Ok(found)
    }
}

/// The environment variable of a setting.
pub(super) fn variable(name: &str) -> String {
    format!("FREEHOLD_{}", name.to_ascii_uppercase())
}

/// Collects every setting that the environment or the file gives.
pub(super) fn gather(
    file: Option<PathBuf>,
    environment: &Environment,
) -> Result<AllGiven, ConfigError> {
    let variables = environment.ours()?;
    refuse_unknown_variables(&variables)?;
    let file = file.or_else(|| variables.get("FREEHOLD_CONFIG").map(PathBuf::from));
    let mut given = AllGiven::new();
    if let Some(path) = file {
        read_toml(&path, &mut given)?;
    }
    read_variables(&variables, &mut given)?;
    Ok(given)
}

fn read_variables(
    variables: &BTreeMap<String, String>,
    given: &mut AllGiven,
) -> Result<(), ConfigError> {
    for setting in SETTINGS {
        let name = variable(setting.name);
        let name_of_file = format!("{name}_FILE");
        let value = match (variables.get(&name), variables.get(&name_of_file)) {
            (None, None) => continue,
            (Some(_), Some(_)) => return Err(both(&name, &name_of_file)),
            (Some(value), None) => Given { value: value.clone(), source: name },
            (None, Some(path)) => from_file(path, name_of_file)?,
        };
        given.insert(setting.name, value);
    }
    Ok(())
}

fn read_toml(path: &PathBuf, given: &mut AllGiven) -> Result<(), ConfigError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigError(format!("cannot read the configuration file {shown}: {error}"))
    })?;
    let table: toml::Table = text
        .parse()
        .map_err(|error| ConfigError(format!("{shown} is not TOML{}", place(&text, &error))))?;
    for key in table.keys() {
        let known = SETTINGS.iter().any(|s| s.name == key || format!("{}_file", s.name) == *key);
        if !known {
            let names = SETTINGS.iter().map(|setting| setting.name.to_owned());
            return Err(unknown(&format!("key `{key}` in {shown}"), key, names));
        }
    }
    for setting in SETTINGS {
        let name_of_file = format!("{}_file", setting.name);
        let value = match (table.get(setting.name), table.get(&name_of_file)) {
            (None, None) => continue,
            (Some(_), Some(_)) => return Err(both(setting.name, &name_of_file)),
            (Some(value), None) => {
                let source = format!("`{}` in {shown}", setting.name);
                Given { value: as_text(value, &source)?, source }
            }
            (None, Some(value)) => {
                let source = format!("`{name_of_file}` in {shown}");
                from_file(&as_text(value, &source)?, source)?
            }
        };
        given.insert(setting.name, value);
    }
    Ok(())
}

/// Where a TOML file is wrong, and how. The error itself would show the whole line, which may hold a password.
fn place(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map(|before| format!(" in line {}", before.matches('\n').count() + 1));
    format!("{}: {}", line.unwrap_or_default(), error.message())
}

/// Strings as they stand, numbers and flags in their usual form, lists joined by commas.
fn as_text(value: &toml::Value, source: &str) -> Result<String, ConfigError> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(flag) => Ok(flag.to_string()),
        toml::Value::Array(items) => items
            .iter()
            .map(|item| as_text(item, source))
            .collect::<Result<Vec<_>, _>>()
            .map(|items| items.join(",")),
        _ => Err(ConfigError(format!("{source} must be a text in quotes"))),
    }
}

/// Reads one value from a file; the line end that editors leave is not part of it.
fn from_file(path: &str, source: String) -> Result<Given, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("{source}: cannot read the file {path}: {error}")))?;
    Ok(Given { value: text.trim_end_matches(['\r', '\n']).to_owned(), source })
}

fn refuse_unknown_variables(variables: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let known: Vec<String> = SETTINGS
        .iter()
        .flat_map(|setting| {
            let name = variable(setting.name);
            [format!("{name}_FILE"), name]
        })
        .chain(OTHER_VARIABLES.iter().map(|name| (*name).to_owned()))
        .collect();
    for name in variables.keys() {
        if !known.contains(name) {
            return Err(unknown(&format!("variable {name}"), name, known.into_iter()));
        }
    }
    Ok(())
}

fn unknown(what: &str, name: &str, known: impl Iterator<Item = String>) -> ConfigError {
    let nearest = known.min_by_key(|candidate| strsim::damerau_levenshtein(name, candidate));
    ConfigError(format!(
        "unknown {what}; did you mean {}? `freehold serve --help` lists all settings",
        nearest.unwrap_or_default()
    ))
}

fn both(one: &str, other: &str) -> ConfigError {
    ConfigError(format!("both {one} and {other} are set; keep one of them"))
}
