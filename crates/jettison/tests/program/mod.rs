//! Runs the built program as a user would: in a home of its own, with no environment but what a test gives it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a home and whatever a test puts into it; removed at the end.
pub struct Place(tempfile::TempDir);

impl Place {
    /// Empty.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where `name` lies.
    pub fn at(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file, with its folders.
    pub fn with(self, name: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.at(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, contents).expect("a file");
        self
    }

    /// The program with these arguments, words separated by blanks, in this folder. Nothing can be started by it.
    pub fn jettison(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jettison"));
        command.args(arguments.split_whitespace()).current_dir(self.path()).env_clear();
        command.env("PATH", "/nonexistent").env("HOME", self.path()).env("LANG", "C.UTF-8");
        command
    }
}

/// Exit code, stdout and stderr.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs it to its end.
pub fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}
