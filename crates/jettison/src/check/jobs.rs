//! From what was typed to the files that are checked: each once, with what is known of its builds, in the order of their names.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use jettison_targets::{Place, detect};

use super::builds::{self, Build, Recipe};
use super::named;
use super::walk::walk;
use crate::config::{Finder, tidy};
use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// Bytes of a Dockerfile at most.
const MAX_BYTES: u64 = 16 << 20;
/// What stdin is called where nothing else is said.
const STDIN: &str = "stdin";

/// One Dockerfile to check.
#[derive(Clone, Debug)]
pub struct Job {
    /// As it was named or found.
    pub path: PathBuf,
    /// Where its text is.
    pub content: Content,
    /// What is known of its builds.
    pub builds: Vec<Build>,
    /// The folder that a plain build would send, where it can be told.
    pub context: Option<PathBuf>,
}

/// Where the text of a Dockerfile is.
#[derive(Clone, Debug)]
pub enum Content {
    /// In its file.
    Disk,
    /// It came on stdin.
    Stdin(Vec<u8>),
    /// What the history of an image says.
    History(String),
    /// In a Compose or Bake file.
    Inline(String, Place),
    /// It cannot be read, for this reason.
    Missing(String),
}

/// What is to be done.
#[derive(Debug, Default)]
pub struct Jobs {
    files: BTreeMap<(PathBuf, String), Job>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl Jobs {
    /// Everything that the arguments name. A path that cannot be looked at is a job with the reason.
    pub fn of(paths: &[PathBuf], stdin: Option<&Path>, cwd: &Path, finder: &Finder) -> Result<Self, Failure> {
        let mut jobs = Self::default();
        for path in paths {
            if path == Path::new("-") {
                jobs.stdin(stdin)?;
                continue;
            }
            match std::fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => jobs.folder(path, cwd, finder)?,
                Ok(_) => jobs.named(path),
                Err(error) => jobs.missing(path, reason(&error)),
            }
        }
        Ok(jobs)
    }

    /// The history of an image that is called `name`, as a Dockerfile.
    pub fn history(name: &str, text: String) -> Self {
        let mut jobs = Self::default();
        jobs.job(Path::new(name)).content = Content::History(text);
        jobs
    }

    /// In the order of their names.
    pub fn into_list(self) -> Vec<Job> {
        self.files.into_values().collect()
    }

    fn stdin(&mut self, name: Option<&Path>) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::new(format!("stdin: {error}")))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Failure::new("stdin: that is no Dockerfile, it is over 16 MiB"));
        }
        let path = name.unwrap_or(Path::new(STDIN));
        self.job(path).content = Content::Stdin(bytes);
        Ok(())
    }

    /// A file that was named: a Compose or Bake file stands for what it builds.
    fn named(&mut self, path: &Path) {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let may_build = extension.is_some_and(|extension| ["yaml", "yml", "hcl", "json"].contains(&extension.as_str()));
        let text = if may_build { std::fs::read_to_string(path).unwrap_or_default() } else { String::new() };
        if !may_build || detect(&shown(path), &text).is_none() {
            self.job(path);
            return;
        }
        match builds::read(&[path.to_owned()]) {
            Ok(read) if read.builds.is_empty() => {
                self.warnings.extend(read.warnings);
                self.missing(path, "nothing is built there".to_owned());
            }
            Ok(read) => {
                self.warnings.extend(read.warnings);
                self.builds(path, read.builds, true);
            }
            Err(what) => self.missing(path, what),
        }
    }

    fn folder(&mut self, root: &Path, cwd: &Path, finder: &Finder) -> Result<(), Failure> {
        let found = finder.folder(&cwd.join(root))?;
        let walked = walk(root, cwd, &found);
        let before = self.files.len();
        for path in walked.dockerfiles {
            let context = plain_context(&path);
            self.job(&path).context = context;
        }
        for files in walked.builds {
            match builds::read(&files) {
                Ok(read) => {
                    self.warnings.extend(read.warnings);
                    if let Some(path) = files.first() {
                        self.builds(path, read.builds, false);
                    }
                }
                Err(what) => self.warnings.push(format!("{what}; its builds are not known")),
            }
        }
        for (path, why) in walked.unreadable {
            self.missing(&path, why);
        }
        if self.files.len() == before {
            return Err(Failure::new(format!("no Dockerfile in {}", shown(root)))
                .next("give the file by name: jettison check FILE"));
        }
        Ok(())
    }

    /// The builds of the Compose or Bake file at `path`; `named`: what it names must be there.
    fn builds(&mut self, path: &Path, found: Vec<(Recipe, Build)>, named_file: bool) {
        for (recipe, build) in found {
            match recipe {
                Recipe::File(dockerfile) if named_file || dockerfile.is_file() => {
                    self.job(&dockerfile).builds.push(build);
                }
                Recipe::File(dockerfile) => {
                    self.warnings.push(format!("{}: {} is not there", named(path), named(&dockerfile)));
                }
                Recipe::Inline { text, place } => {
                    let at = place.to_string();
                    let content = Content::Inline(text, place);
                    let job = Job { path: path.to_owned(), content, builds: vec![build], context: None };
                    self.files.insert((tidy(path), at), job);
                }
            }
        }
    }

    fn job(&mut self, path: &Path) -> &mut Job {
        let new = || Job { path: path.to_owned(), content: Content::Disk, builds: Vec::new(), context: None };
        self.files.entry((tidy(path), String::new())).or_insert_with(new)
    }

    fn missing(&mut self, path: &Path, why: String) {
        self.job(path).content = Content::Missing(why);
    }
}

impl Job {
    /// The text; the reason in words where it cannot be had.
    pub fn read(&self) -> Result<Vec<u8>, String> {
        match &self.content {
            Content::Stdin(bytes) => Ok(bytes.clone()),
            Content::Inline(text, _) | Content::History(text) => Ok(text.clone().into_bytes()),
            Content::Missing(why) => Err(why.clone()),
            Content::Disk => {
                let file = std::fs::File::open(&self.path).map_err(|error| reason(&error))?;
                let mut bytes = Vec::new();
                file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
                if bytes.len() as u64 > MAX_BYTES {
                    return Err("that is no Dockerfile, it is over 16 MiB".to_owned());
                }
                Ok(bytes)
            }
        }
    }
}

/// The folder of a Dockerfile, where what lies beside it says that a build sends that folder.
fn plain_context(dockerfile: &Path) -> Option<PathBuf> {
    let folder = dockerfile.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let sent = folder.join(".dockerignore").is_file() || folder.join(".git").exists();
    sent.then(|| folder.to_owned())
}
