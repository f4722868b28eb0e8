//! What cargo knows about the workspace and everything it uses.

use std::{path::PathBuf, process::Command, sync::OnceLock};

use serde_json::Value;

/// The checkout.
pub fn checkout() -> PathBuf {
    freehold_testing::checkout()
}

/// Runs cargo in the checkout; gives what it prints.
pub fn cargo(words: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(words).current_dir(checkout()).output().unwrap();
    assert!(
        output.status.success(),
        "cargo {}: {}",
        words.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The packages of every platform that we build for, ours among them.
pub fn packages() -> &'static [Package] {
    static PACKAGES: OnceLock<Vec<Package>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let mut packages = Vec::new();
        for platform in ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"] {
            // --locked: a Cargo.lock that does not fit the manifests fails here.
            let text = cargo(&[
                "metadata",
                "--locked",
                "--format-version",
                "1",
                "--filter-platform",
                platform,
            ]);
            packages.extend(used(&serde_json::from_str(&text).unwrap()));
        }
        packages
    })
}

/// A package that is really used on the platform; the list also names what only others use.
fn used(metadata: &Value) -> Vec<Package> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let used: Vec<&Value> = nodes.iter().map(|node| &node["id"]).collect();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().filter(|package| used.contains(&&package["id"])).map(Package::read).collect()
}

/// One package.
pub struct Package {
    pub name: String,
    pub version: String,
    pub licence: Option<String>,
    /// Ours, not from a registry.
    pub ours: bool,
    /// Names of what it needs to run: no build or test dependencies.
    pub needs: Vec<String>,
}

impl Package {
    fn read(package: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let dependencies = package["dependencies"].as_array().unwrap();
        Self {
            name: text(&package["name"]),
            version: text(&package["version"]),
            licence: package["license"].as_str().map(str::to_owned),
            ours: package["source"].is_null(),
            needs: dependencies
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| text(&dependency["name"]))
                .collect(),
        }
    }
}
