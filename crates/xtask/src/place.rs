//! Where things are.

use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// The checkout and the folder that cargo builds into.
pub struct Place {
    /// The folder with the workspace's Cargo.toml.
    pub root: PathBuf,
    /// `target`, or what CARGO_TARGET_DIR says.
    pub target: PathBuf,
}

impl Place {
    pub fn find() -> Result<Self, Problem> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .ancestors()
            .find(|folder| folder.join("rust-toolchain.toml").is_file())
            .ok_or_else(|| {
                Problem::new("the checkout was not found").fix("run `cargo xtask` inside it")
            })?
            .to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Where step logs and stamps go.
    pub fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    pub fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// A program that cargo built in the dev profile.
    pub fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// A path as the person sees it from the checkout.
    pub fn short<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
