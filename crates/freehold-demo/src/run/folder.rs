//! The folder that keeps everything of one demonstration.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::DemoError;

/// The folder, locked while the demonstration runs.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
    // After the lock: the folder goes last.
    _fresh: Option<TempDir>,
}

impl Folder {
    /// The folder at this path, made if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, DemoError> {
        let path = make(path)?;
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock, _fresh: None })
    }

    /// A new folder inside, removed afterwards: the story begins with people who are new.
    pub(super) fn fresh_in(path: &Path) -> Result<Self, DemoError> {
        let outer = make(path)?;
        let fresh = tempfile::Builder::new()
            .prefix("once-")
            .tempdir_in(&outer)
            .map_err(|error| cannot("write into", &outer, &error))?;
        let path = fresh.path().to_owned();
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock, _fresh: Some(fresh) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The content of a file, without white space at the ends; `None` when there is no such file.
    pub(super) fn read(&self, name: &str) -> Result<Option<String>, DemoError> {
        let path = self.path.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot("read", &path, &error)),
        }
    }

    /// Writes a file that only its owner can read.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), DemoError> {
        let path = self.path.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&path)
            .and_then(|mut file| writeln!(file, "{text}"))
            .map_err(|error| cannot("write", &path, &error))
    }

    /// The content of a file, made if it is not there.
    pub(super) fn secret(
        &self,
        name: &str,
        make: impl FnOnce() -> String,
    ) -> Result<String, DemoError> {
        if let Some(text) = self.read(name)?.filter(|text| !text.is_empty()) {
            return Ok(text);
        }
        let text = make();
        self.write(name, &text)?;
        Ok(text)
    }
}

fn make(path: &Path) -> Result<PathBuf, DemoError> {
    fs::create_dir_all(path).map_err(|error| cannot("make", path, &error))?;
    // The server is started elsewhere: it needs the whole path.
    path.canonicalize().map_err(|error| cannot("use", path, &error))
}

fn lock(folder: &Path) -> Result<File, DemoError> {
    let path = folder.join("demo.lock");
    let file = File::create(&path).map_err(|error| cannot("write", &path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DemoError(format!(
            "Another demonstration is using {}. End it, or give this one another --data folder.",
            folder.display()
        ))),
        Err(TryLockError::Error(error)) => Err(cannot("lock", &path, &error)),
    }
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> DemoError {
    DemoError(format!("Cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_is_its_owners() {
        let outer = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(&outer.path().join("a/b")).expect("opened");
        assert_eq!(folder.secret("s", || "one".to_owned()).expect("made"), "one");
        assert_eq!(folder.secret("s", || "two".to_owned()).expect("kept"), "one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join("s")).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn two_demonstrations_do_not_share_a_folder() {
        let outer = tempfile::tempdir().expect("a folder");
        let first = Folder::open(outer.path()).expect("opened");
        let second = Folder::open(outer.path()).err().expect("refused");
        assert!(second.to_string().contains("Another demonstration"), "{second}");
        drop(first);
        Folder::open(outer.path()).expect("free again");
    }

    #[test]
    fn a_fresh_folder_is_removed_and_nothing_else() {
        let outer = tempfile::tempdir().expect("a folder");
        fs::write(outer.path().join("kept"), "x").expect("written");
        let fresh = Folder::fresh_in(outer.path()).expect("made");
        let path = fresh.path().to_owned();
        drop(fresh);
        assert!(!path.exists());
        assert!(outer.path().join("kept").exists());
    }
}
