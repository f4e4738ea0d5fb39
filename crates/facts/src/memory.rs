//! A world and images in memory, for tests here and in the crates above (feature `test`). Not a fake of the builder: the
//! ignore file is the real one's matcher, everything else is what the test says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_image::{Elf, File, FileKind, ImageSummary, OsRelease, Package};
use jettison_model::{Digest, ImageRef};

use crate::{Observations, World};

/// `e_machine` of the ELF files made here.
const X86_64: u16 = 62;

/// A world that a test writes down. All fields are open; the `with_…` methods are for chaining.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    /// Everything in the context folder, ignored files too; none: the context is unknown.
    pub files: Option<BTreeMap<String, Vec<u8>>>,
    /// Modes of files, where they matter.
    pub modes: BTreeMap<String, u32>,
    /// The ignore file in force.
    pub ignore: Vec<u8>,
    /// By reference, as `ImageRef` prints it.
    pub bases: BTreeMap<String, Arc<ImageSummary>>,
    /// By reference.
    pub digests: BTreeMap<String, Digest>,
    /// Commits by path.
    pub churn: BTreeMap<String, u32>,
    /// What the baseline showed.
    pub observations: Option<Arc<Observations>>,
}

impl MemoryWorld {
    /// An empty context, known to be empty.
    pub fn new() -> Self {
        Self { files: Some(BTreeMap::new()), ..Self::default() }
    }

    /// A world in which nothing is known.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// Adds a file to the context.
    pub fn with_file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.get_or_insert_default().insert(path.to_owned(), content.into());
        self
    }

    /// Adds a file of this mode to the context.
    pub fn with_mode(mut self, path: &str, content: impl Into<Vec<u8>>, mode: u32) -> Self {
        self.modes.insert(path.to_owned(), mode);
        self.with_file(path, content)
    }

    /// Adds empty files to the context.
    pub fn with_files(self, paths: &[&str]) -> Self {
        paths.iter().fold(self, |world, path| world.with_file(path, ""))
    }

    /// Sets the ignore file's text.
    pub fn with_ignore(mut self, text: &str) -> Self {
        self.ignore = text.into();
        self
    }

    /// Adds a base image under its reference (`python:3.11`).
    pub fn with_base(mut self, reference: &str, image: impl Into<Arc<ImageSummary>>) -> Self {
        self.bases.insert(reference.to_owned(), image.into());
        self
    }

    /// Adds what the baseline showed.
    pub fn with_observations(mut self, observations: Observations) -> Self {
        self.observations = Some(Arc::new(observations));
        self
    }

    /// Adds the number of commits that touched a path.
    pub fn with_churn(mut self, path: &str, commits: u32) -> Self {
        self.churn.insert(path.to_owned(), commits);
        self
    }

    fn matcher(&self) -> Matcher {
        Matcher::new(&IgnoreFile::parse(&self.ignore))
    }
}

impl World for MemoryWorld {
    fn paths(&self, glob: &str, with_ignored: bool) -> Option<Vec<String>> {
        let (wanted, ignored) = (Matcher::new(&IgnoreFile::parse(glob.as_bytes())), self.matcher());
        let keeps = |path: &&String| wanted.is_ignored(path) && (with_ignored || !ignored.is_ignored(path));
        Some(self.files.as_ref()?.keys().filter(keeps).cloned().collect())
    }

    fn size(&self, prefix: &str) -> Option<u64> {
        let (prefix, ignored) = (prefix.trim_end_matches('/'), self.matcher());
        let below = |path: &str| prefix.is_empty() || path.strip_prefix(prefix).is_some_and(is_end_of_part);
        let kept = self.files.as_ref()?.iter().filter(|(path, _)| below(path) && !ignored.is_ignored(path));
        Some(kept.map(|(_, content)| content.len() as u64).sum())
    }

    fn read(&self, path: &str, max: usize) -> Option<Vec<u8>> {
        Some(self.files.as_ref()?.get(path)?.iter().take(max).copied().collect())
    }

    fn is_executable(&self, path: &str) -> Option<bool> {
        self.modes.get(path).map(|mode| mode & 0o111 != 0)
    }

    fn base(&self, reference: &ImageRef) -> Option<Arc<ImageSummary>> {
        self.bases.get(&reference.to_string()).cloned()
    }

    fn resolved(&self, reference: &ImageRef) -> Option<Digest> {
        self.digests.get(&reference.to_string()).cloned()
    }

    fn churn(&self, path: &str) -> Option<u32> {
        self.churn.get(path).copied()
    }

    fn observed(&self) -> Option<Arc<Observations>> {
        self.observations.clone()
    }
}

fn is_end_of_part(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

/// Builds an [`ImageSummary`] path by path. Folders above a path are added by themselves.
#[derive(Clone, Debug, Default)]
pub struct MemoryImage {
    image: ImageSummary,
    layer: usize,
}

impl MemoryImage {
    /// An image with Docker's default PATH and nothing in it.
    pub fn new() -> Self {
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        Self::default().with_env("PATH", path)
    }

    /// What follows comes from the layer `index`.
    pub fn in_layer(mut self, index: usize) -> Self {
        self.layer = index;
        self
    }

    /// A regular file without meaning, mode 0644.
    pub fn with_file(self, path: &str, size: u64) -> Self {
        self.put(path, FileKind::Regular, size, 0o644, None, None)
    }

    /// An executable script with this interpreter line (without `#!`), of which nothing else is known.
    pub fn with_script(self, path: &str, shebang: &str) -> Self {
        self.put(path, FileKind::Regular, 64, 0o755, None, Some(shebang))
    }

    /// A small text file that was kept; an executable script if it starts with `#!`.
    pub fn with_text(mut self, path: &str, text: &str) -> Self {
        self.image.texts.insert(path.to_owned(), text.to_owned());
        let shebang = text.strip_prefix("#!").map(|rest| rest.lines().next().unwrap_or_default().trim());
        let mode = if shebang.is_some() { 0o755 } else { 0o644 };
        self.put(path, FileKind::Regular, text.len() as u64, mode, None, shebang)
    }

    /// An executable ELF file with this dynamic loader (none for libraries and static programs) that needs these libraries.
    pub fn with_elf(self, path: &str, interpreter: Option<&str>, needed: &[&str]) -> Self {
        let elf = Elf {
            interpreter: interpreter.map(str::to_owned),
            needed: needed.iter().map(|name| (*name).to_owned()).collect(),
            machine: X86_64,
            ..Elf::default()
        };
        self.put(path, FileKind::Regular, 4096, 0o755, Some(elf), None)
    }

    /// A symbolic link.
    pub fn with_link(self, path: &str, target: &str) -> Self {
        self.put(path, FileKind::Symlink(target.to_owned()), 0, 0o777, None, None)
    }

    /// A folder.
    pub fn with_folder(self, path: &str) -> Self {
        self.put(path, FileKind::Directory, 0, 0o755, None, None)
    }

    /// Gives a path an owner.
    pub fn owned(mut self, path: &str, uid: u32, gid: u32) -> Self {
        if let Some(file) = self.image.files.get_mut(path) {
            (file.uid, file.gid) = (uid, gid);
        }
        self
    }

    /// An installed package that owns these paths (merged-usr spelling) and depends on these packages.
    pub fn with_package(mut self, name: &str, files: &[&str], depends: &[&str]) -> Self {
        let package = Package {
            name: name.to_owned(),
            version: "1".to_owned(),
            installed_bytes: 1024,
            depends: depends.iter().map(|name| vec![(*name).to_owned()]).collect(),
            files: files.iter().map(|path| (*path).to_owned()).collect(),
            ..Package::default()
        };
        self.image.packages.insert(name.to_owned(), package);
        self
    }

    /// Debian of this version and codename.
    pub fn with_debian(mut self, version: &str, codename: &str) -> Self {
        let pretty = format!("Debian GNU/Linux {version} ({codename})");
        let (id, version_id, codename) = ("debian".to_owned(), version.to_owned(), codename.to_owned());
        self.image.os = Some(OsRelease { id, version_id, codename, pretty });
        self
    }

    /// ENV of the config.
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.image.config.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// WORKDIR of the config.
    pub fn with_workdir(mut self, path: &str) -> Self {
        self.image.config.workdir = path.to_owned();
        self
    }

    /// ENTRYPOINT and CMD of the config; an empty list is 'not set'.
    pub fn with_argv(mut self, entrypoint: &[&str], cmd: &[&str]) -> Self {
        let list = |words: &[&str]| (!words.is_empty()).then(|| words.iter().map(|word| (*word).to_owned()).collect());
        (self.image.config.entrypoint, self.image.config.cmd) = (list(entrypoint), list(cmd));
        self
    }

    /// The image.
    pub fn build(self) -> ImageSummary {
        self.image
    }

    fn put(
        mut self,
        path: &str,
        kind: FileKind,
        size: u64,
        mode: u32,
        elf: Option<Elf>,
        shebang: Option<&str>,
    ) -> Self {
        let layer = self.layer;
        let file = |kind, size, mode, elf: Option<Elf>, shebang: Option<&str>| File {
            kind,
            size,
            mode,
            uid: 0,
            gid: 0,
            layer,
            content: None,
            elf: elf.map(Box::new),
            shebang: shebang.map(str::to_owned),
        };
        for parent in parents(path) {
            self.image.files.entry(parent).or_insert_with(|| file(FileKind::Directory, 0, 0o755, None, None));
        }
        self.image.files.insert(path.to_owned(), file(kind, size, mode, elf, shebang));
        self
    }
}

/// `/a`, `/a/b` for `/a/b/c`.
fn parents(path: &str) -> BTreeSet<String> {
    path.match_indices('/').filter(|(at, _)| *at > 0).map(|(at, _)| path[..at].to_owned()).collect()
}
