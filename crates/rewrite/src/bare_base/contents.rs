//! What a base without package manager has to get: the files of what starts, of the packages installed for it, and the libraries
//! that all of them name.

use std::collections::{BTreeMap, BTreeSet};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_ecosystems::Runtime;
use jettison_facts::{Facts, Observations, SegmentKind, StageFacts, mentions};
use jettison_image::{FileKind, ImageSummary};

use super::java::{self, Linked};
use super::links::{chain, folder, name};
use super::start::{SHELLS, Start};
use crate::Moves;
use crate::moves::{STANDARD, STAYS, is_below};

/// Where the loader looks without being told.
const LIBRARY_FOLDERS: &[&str] = &["/lib", "/usr/lib", "/lib64", "/usr/lib64"];
/// Links into these lead to what every base has, or to what the engine mounts.
const EVERYWHERE: &[&str] = &["/etc/ssl", "/proc", "/dev", "/sys", "/run", "/var/run", "/tmp", "/usr/share/zoneinfo"];
/// Interpreters of interpreters: more is a loop.
const MOST_INTERPRETERS: usize = 4;

/// What to take from the stage that ran.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    /// Folders and files, absolute.
    pub paths: BTreeSet<String>,
    /// Shell patterns of what goes again, absolute.
    pub without: BTreeSet<String>,
    /// Names of folders that go again wherever they are.
    pub without_folders: BTreeSet<String>,
    /// Soname → path of every library that is needed and lies in no folder that is taken.
    pub libraries: BTreeMap<String, String>,
    /// Shell patterns of those that the base lacks.
    pub library_patterns: BTreeSet<String>,
    /// COPYs that are taken from, by index of their instruction: what they copy is shared with the old base.
    pub taken_copies: BTreeSet<usize>,
    /// See [`Start`].
    pub drops_entrypoint: bool,
    /// See [`Start::folders`].
    pub folders: BTreeSet<String>,
    /// A Java runtime that is linked, not taken.
    pub linked: Option<Linked>,
}

pub(super) fn contents(
    facts: &Facts<'_>,
    stage: &StageFacts,
    observed: &Observations,
    image: &ImageSummary,
    moves: &Moves,
    start: Start,
    lean: bool,
) -> Result<Contents, String> {
    let (found, runtimes, owners) = (Contents::default(), Vec::new(), BTreeSet::new());
    let stays = Matcher::new(&IgnoreFile::parse(STAYS.as_bytes()));
    let mut search = Search { facts, image, moves, stays, found, runtimes, owners };
    search.found.drops_entrypoint = start.drops_entrypoint;
    search.found.folders = start.folders;
    search.copies(stage);
    search.configured(stage);
    for program in &start.programs {
        search.program(program, 0)?;
    }
    search.packages(stage, observed);
    search.runtimes(stage, lean);
    search.links();
    search.libraries();
    let mut found = search.found;
    if let Some(linked) = &found.linked {
        found.paths.retain(|path| !linked.holds(path));
        found.without.retain(|path| !linked.holds(path));
    }
    let nested = |path: &String| found.paths.iter().any(|other| other != path && is_below(path, other));
    let outer: BTreeSet<String> = found.paths.iter().filter(|path| !nested(path)).cloned().collect();
    found.paths = outer;
    Ok(found)
}

pub(super) struct Search<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) image: &'a ImageSummary,
    pub(super) moves: &'a Moves,
    /// See [`STAYS`].
    pub(super) stays: Matcher,
    pub(super) found: Contents,
    /// Runtimes met, with the prefixes of the program and of the links that lead to it, and the version.
    pub(super) runtimes: Vec<(&'static Runtime, Vec<String>, String)>,
    /// Packages that own what starts.
    pub(super) owners: BTreeSet<String>,
}

impl Search<'_> {
    /// COPYs into folders that the old base fills too are taken from; the others go to the new stage as they are.
    fn copies(&mut self, stage: &StageFacts) {
        for copy in &stage.copies {
            let destination = copy.destination.trim_end_matches('/');
            if !["/usr/local/bin", "/usr/local/sbin", "/usr/local/lib"]
                .iter()
                .any(|shared| is_below(destination, shared))
            {
                continue;
            }
            self.found.taken_copies.insert(copy.instruction);
            if self.moves.roots.iter().any(|root| root.is_dir && root.path == destination) {
                self.found.paths.insert(destination.to_owned());
                continue;
            }
            for source in &copy.sources {
                self.found.paths.insert(format!("{destination}/{}", name(source)));
            }
        }
    }

    /// Users, folders and files that RUNs make.
    fn configured(&mut self, stage: &StageFacts) {
        let segments = stage.runs.iter().flat_map(|run| run.segments.iter().flatten());
        let mut users = stage.user.as_deref().is_some_and(|user| !user.starts_with(|c: char| c.is_ascii_digit()));
        for segment in segments {
            let SegmentKind::Configure(command) = &segment.kind else { continue };
            let words = segment.words.iter().flatten().map(|word| word.trim_end_matches(['/', '.']));
            match command.as_str() {
                "useradd" | "adduser" | "groupadd" | "addgroup" | "usermod" => {
                    users = true;
                    let homes =
                        segment.words.iter().flatten().any(|word| matches!(word.as_str(), "-m" | "--create-home"));
                    if let Some(Some(user)) = segment.words.last().filter(|_| homes) {
                        self.found.paths.insert(format!("/home/{user}"));
                    }
                }
                "rm" => {}
                _ => {
                    let own =
                        |word: &&str| word.starts_with('/') && !word.starts_with("/mnt/") && !STANDARD.contains(word);
                    self.found.paths.extend(words.filter(own).map(str::to_owned));
                }
            }
        }
        if users {
            self.found.paths.extend(["/etc/group".to_owned(), "/etc/passwd".to_owned()]);
        }
    }

    /// A program with the links that lead to it, its interpreter and what belongs to it.
    fn program(&mut self, path: &str, depth: usize) -> Result<(), String> {
        let links = chain(self.image, path);
        let Some(real) = links.last().cloned() else { return Err(format!("`{path}` is not there")) };
        if links.first().is_some_and(|first| first != path) {
            return Err(format!("`{path}` is found through a link between folders"));
        }
        let copied = links.iter().all(|link| self.is_copied(link));
        if !copied {
            self.found.paths.extend(links);
        }
        let file = &self.image.files[&real];
        if let Some(shebang) = &file.shebang {
            return self.interpreter(path, shebang, depth);
        }
        if file.elf.is_none() {
            return Err(format!("`{path}` is neither an ELF file nor a script with an interpreter line"));
        }
        let owner = self.image.owner(&real).map(|package| package.name.clone());
        match (runtime_of(&real), owner) {
            (Some((runtime, version)), _) => {
                let prefixes =
                    chain(self.image, path).iter().rev().map(|link| folder(folder(link)).to_owned()).collect();
                self.runtimes.push((runtime, prefixes, version));
            }
            (None, Some(package)) => drop(self.owners.insert(package)),
            (None, None) if self.moves.covers(&real) => {}
            (None, None) => return Err(format!("`{real}` belongs to no package, and what it reads is not known")),
        }
        Ok(())
    }

    fn interpreter(&mut self, path: &str, shebang: &str, depth: usize) -> Result<(), String> {
        let words: Vec<&str> = shebang.trim_start_matches("#!").split_whitespace().collect();
        let program = *words.first().ok_or_else(|| format!("`{path}` names no interpreter"))?;
        if SHELLS.contains(&name(program)) {
            return Err(format!("`{path}` is a shell script"));
        }
        if name(program) == "env" {
            return Err(format!("`{path}` is started through `{program}`, which such a base does not have"));
        }
        if depth == MOST_INTERPRETERS {
            return Err(format!("`{path}` has an interpreter of an interpreter"));
        }
        self.program(program, depth + 1)
    }

    /// Whether a COPY of the new final stage brings it.
    fn is_copied(&self, path: &str) -> bool {
        self.moves.covers(path) && !self.found.paths.iter().any(|taken| is_below(path, taken))
    }

    /// What languages' runtimes read; `lean`: without what installs packages.
    fn runtimes(&mut self, stage: &StageFacts, lean: bool) {
        for (runtime, prefixes, version) in std::mem::take(&mut self.runtimes) {
            let filled = |text: &String, prefix: &str| text.replace("{prefix}", prefix).replace("{version}", &version);
            let beside = prefixes.iter().flat_map(|prefix| runtime.beside.iter().map(move |path| filled(path, prefix)));
            self.found.paths.extend(beside.filter(|path| self.image.files.contains_key(path)));
            let prefix = prefixes.first().map(String::as_str).unwrap_or_default();
            if runtime.program == "java" {
                self.found.linked = Linked::of(self.facts, stage, self.image, prefix);
            }
            let trees = runtime.trees.iter().map(|tree| filled(tree, prefix));
            for tree in trees.filter(|tree| self.image.files.contains_key(tree)) {
                let (nested, top): (Vec<&String>, Vec<&String>) =
                    runtime.without.iter().partition(|part| part.as_str() == "__pycache__");
                self.found.without_folders.extend(nested.into_iter().cloned());
                self.found.without.extend(top.into_iter().map(|part| format!("{tree}/{part}")));
                self.found.paths.insert(tree);
            }
            if lean && !runtime.installers.is_empty() && !names_installers(self.facts, runtime) {
                let installers = self.installers(runtime);
                self.found.without.extend(installers);
            }
        }
    }

    /// What installs the language's packages, in the taken folders.
    fn installers(&self, runtime: &Runtime) -> Vec<String> {
        let is_for_packages = |path: &str| runtime.package_folders.iter().any(|folder| folder == name(path));
        let taken = self.found.paths.iter().flat_map(|root| below(self.image, root));
        let folders = taken.map(|(path, _)| path).filter(|path| is_for_packages(path));
        let patterns =
            folders.flat_map(|folder| runtime.installer_files.iter().map(move |file| format!("{folder}/{file}")));
        let there = |pattern: &String| {
            let start = pattern.trim_end_matches('*');
            self.image.files.range(start.to_owned()..).next().is_some_and(|(path, _)| path.starts_with(start))
        };
        patterns.filter(there).collect()
    }

    /// What links in the taken folders lead to.
    fn links(&mut self) {
        let taken: Vec<String> = self.found.paths.iter().cloned().collect();
        let gone = Gone::of(&self.found);
        let linked = self.found.linked.clone();
        for root in taken {
            for (path, file) in below(self.image, &root) {
                let FileKind::Symlink(_) = file.kind else { continue };
                if linked.as_ref().is_some_and(|linked| linked.may_lack(path)) {
                    continue;
                }
                let links = chain(self.image, path);
                let Some(last) = links.last() else { continue };
                let elsewhere =
                    EVERYWHERE.iter().any(|place| is_below(last, place)) || STANDARD.contains(&last.as_str());
                let inside = self.found.paths.iter().any(|taken| is_below(last, taken));
                if !elsewhere && !inside && !self.is_copied(last) && !gone.is(path) {
                    self.found.paths.extend(links);
                }
            }
        }
    }

    /// Libraries that the ELF files of all that is taken or copied name, with theirs.
    fn libraries(&mut self) {
        let gone = Gone::of(&self.found);
        let taken = self.found.paths.iter().chain(self.moves.roots.iter().map(|root| &root.path));
        let mut todo: Vec<String> = taken
            .flat_map(|root| below(self.image, root))
            .filter(|(path, file)| file.elf.is_some() && !gone.is(path))
            .filter(|(path, _)| !self.found.linked.as_ref().is_some_and(|linked| linked.may_lack(path)))
            .map(|(path, _)| path.clone())
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(at) = todo.pop() {
            let Some(elf) =
                self.image.files.get(&at).and_then(|file| file.elf.as_deref()).filter(|_| seen.insert(at.clone()))
            else {
                continue;
            };
            for soname in &elf.needed {
                let Some(path) = self.image.find_library(&at, soname) else { continue };
                if self.found.linked.as_ref().is_some_and(|linked| linked.may_lack(&path)) {
                    continue;
                }
                todo.extend(self.image.resolve(&path).map(|(path, _)| path));
                if !self.moves.covers(&path) && !self.found.paths.iter().any(|taken| is_below(&path, taken)) {
                    self.found.libraries.insert(soname.clone(), path);
                }
            }
            if let Some(interpreter) = &elf.interpreter {
                // the loader is part of the C library
                self.found.libraries.entry("libc.so.6".to_owned()).or_insert_with(|| interpreter.clone());
            }
        }
    }
}

impl Contents {
    /// Whether nothing is to be taken.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.library_patterns.is_empty() && self.linked.is_none()
    }

    /// Takes the libraries that `base` lacks from the stage that ran.
    pub fn take_libraries_beside(&mut self, base: &ImageSummary, image: &ImageSummary) {
        let there: BTreeSet<&str> =
            base.files.keys().map(|path| name(path)).filter(|name| name.contains(".so")).collect();
        for (soname, path) in self.libraries.iter().filter(|(soname, _)| !there.contains(soname.as_str())) {
            self.library_patterns.insert(format!("{}/{soname}*", any_architecture(folder(path))));
            let told = !is_library_folder(folder(path));
            if told && image.files.contains_key("/etc/ld.so.cache") {
                // the loader finds folders of its own by this file alone
                self.paths.insert("/etc/ld.so.cache".to_owned());
            }
        }
    }

    /// Bytes that are taken, as far as they are known; what COPY brings anyway not counted.
    pub fn bytes(&self, image: &ImageSummary) -> u64 {
        let libraries = self.libraries.iter().filter(|(soname, path)| {
            self.library_patterns.contains(&format!("{}/{soname}*", any_architecture(folder(path))))
        });
        let libraries = libraries.filter_map(|(_, path)| image.resolve(path)).map(|(_, file)| file.size);
        let gone = Gone::of(self);
        let taken = self.paths.iter().flat_map(|root| below(image, root)).filter(|(path, _)| !gone.is(path));
        let linked = self.linked.as_ref().map(|linked| java::modelled_bytes(image, &linked.prefix));
        taken.map(|(_, file)| file.size).chain(libraries).chain(linked).sum()
    }
}

/// What goes again of what is taken.
struct Gone {
    patterns: Matcher,
    folders: BTreeSet<String>,
}

impl Gone {
    fn of(contents: &Contents) -> Self {
        let lines = contents.without.iter().map(|path| format!("{}\n", path.trim_start_matches('/')));
        let patterns = Matcher::new(&IgnoreFile::parse(lines.collect::<String>().as_bytes()));
        Self { patterns, folders: contents.without_folders.clone() }
    }

    fn is(&self, path: &str) -> bool {
        path.split('/').any(|part| self.folders.contains(part))
            || self.patterns.is_ignored(path.trim_start_matches('/'))
    }
}

/// `root` and everything below it.
pub(super) fn below<'i>(image: &'i ImageSummary, root: &str) -> Vec<(&'i String, &'i jettison_image::File)> {
    let near = image.files.range(root.to_owned()..).take_while(|(path, _)| path.starts_with(root));
    near.filter(|(path, _)| is_below(path, root)).collect()
}

pub(super) fn is_library_folder(folder: &str) -> bool {
    LIBRARY_FOLDERS.contains(&folder)
        || folder
            .rsplit_once('/')
            .is_some_and(|(parent, last)| LIBRARY_FOLDERS.contains(&parent) && last.contains("-linux-"))
}

/// `/usr/lib/x86_64-linux-gnu` → `/usr/lib/*-linux-gnu`, as a shell pattern: the file stays good for other platforms.
pub(super) fn any_architecture(path: &str) -> String {
    let part = |part: &str| match part.find("-linux-gnu") {
        Some(at) if path.starts_with("/usr/lib/") || path.starts_with("/lib/") => format!("*{}", &part[at..]),
        _ => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The runtime that a program is, and its version.
fn runtime_of(program: &str) -> Option<(&'static Runtime, String)> {
    let digits = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || c == '.');
    let rows = &jettison_ecosystems::load().runtimes;
    rows.iter().find_map(|row| {
        let version = name(program).strip_prefix(row.program.as_str()).filter(|rest| digits(rest))?;
        Some((row, version.to_owned()))
    })
}

/// Whether the project's own code names the installers of the language's packages.
fn names_installers(facts: &Facts<'_>, runtime: &Runtime) -> bool {
    let words: Vec<&str> = runtime.installers.iter().map(String::as_str).collect();
    let builds =
        |path: &str| path.contains("ockerfile") || [".toml", ".cfg", "setup.py"].iter().any(|end| path.ends_with(end));
    mentions::mentioned(facts, &words).iter().any(|mention| !builds(&mention.path))
}
