//! What files of an image need from the rest of it: the interpreters of scripts, the dynamic loader and the libraries of ELF
//! files, the targets of links; and the packages which own all that. What is opened by name at run time (dlopen, data files,
//! programs called from code) leaves no trace here.

use std::collections::{BTreeMap, BTreeSet};

use jettison_image::{FileKind, ImageSummary};

use crate::path;

/// What a set of files needs outside of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Absolute paths outside the roots: as found, and what they resolve to. Of a link of `update-alternatives` only the file:
    /// installing the package makes the link.
    pub outside: BTreeSet<String>,
    /// Among them the programs: interpreters of scripts and the dynamic loader.
    pub programs: BTreeSet<String>,
    /// Libraries that nothing in the image provides, and programs that scripts name in vain, with a file that needs each.
    /// Libraries that a program loads before (those of Python wheels) can be among them.
    pub unresolved: BTreeMap<String, String>,
    /// Packages that own the paths, with an example of a path that needs each.
    pub packages: BTreeMap<String, String>,
    /// Paths that no package owns.
    pub unowned: BTreeSet<String>,
}

/// What the files at and below `roots` (absolute) need, with all that those need in turn.
pub fn closure(image: &ImageSummary, roots: &[String]) -> Needs {
    let roots: Vec<String> = roots.iter().map(|root| resolved(image, &path::clean(root))).collect();
    let mut search = Search { image, roots: &roots, needs: Needs::default(), seen: BTreeSet::new(), todo: Vec::new() };
    for root in &roots {
        search.todo.extend(files_below(image, root));
    }
    while let Some(path) = search.todo.pop() {
        search.visit(&path);
    }
    search.needs
}

fn resolved(image: &ImageSummary, path: &str) -> String {
    image.resolve(path).map_or_else(|| path.to_owned(), |(path, _)| path)
}

fn files_below(image: &ImageSummary, root: &str) -> Vec<String> {
    let below = image.files.range(root.to_owned()..).take_while(|(path, _)| path.starts_with(root));
    below.map(|(path, _)| path).filter(|path| path::below(path, root).is_some()).cloned().collect()
}

struct Search<'a> {
    image: &'a ImageSummary,
    roots: &'a [String],
    needs: Needs,
    seen: BTreeSet<String>,
    todo: Vec<String>,
}

impl Search<'_> {
    fn visit(&mut self, path: &str) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        let image = self.image;
        let Some(file) = image.files.get(path) else { return };
        match &file.kind {
            FileKind::Symlink(_) => self.need(path, path, false),
            FileKind::Hardlink(target) => self.todo.push(target.clone()),
            _ => {}
        }
        if let Some(elf) = &file.elf {
            for soname in &elf.needed {
                match image.find_library(path, soname) {
                    Some(library) => self.need(&library, path, false),
                    None => drop(self.needs.unresolved.entry(soname.clone()).or_insert_with(|| path.to_owned())),
                }
            }
            if let Some(interpreter) = &elf.interpreter {
                self.need(interpreter, path, true);
            }
        }
        if let Some(shebang) = file.shebang.as_deref().filter(|_| file.mode & 0o111 != 0) {
            for program in interpreters(shebang) {
                self.program(program, path);
            }
        }
    }

    /// A program by path or name.
    fn program(&mut self, program: &str, by: &str) {
        match find_program(self.image, program, "/") {
            Some((path, _)) => self.need(&path, by, true),
            None => drop(self.needs.unresolved.entry(program.to_owned()).or_insert_with(|| by.to_owned())),
        }
    }

    /// Notes that `by` needs `path`, and goes on from there.
    fn need(&mut self, path: &str, by: &str, is_program: bool) {
        let Some((target, file)) = self.image.resolve(path) else {
            self.needs.unresolved.entry(path.to_owned()).or_insert_with(|| by.to_owned());
            return;
        };
        if file.kind == FileKind::Directory {
            return;
        }
        let found = as_found(self.image, path, &target);
        for place in BTreeSet::from([found, target.clone()]) {
            if !self.roots.iter().any(|root| path::is_below(&place, root)) {
                self.outside(place, by, is_program);
            }
        }
        self.todo.push(target);
    }

    fn outside(&mut self, place: String, by: &str, is_program: bool) {
        match self.image.owner(&place) {
            Some(package) => drop(self.needs.packages.entry(package.name.clone()).or_insert_with(|| by.to_owned())),
            None => drop(self.needs.unowned.insert(place.clone())),
        }
        if is_program {
            self.needs.programs.insert(place.clone());
        }
        self.needs.outside.insert(place);
    }
}

/// Where a program is found by name (in PATH) or by path (seen from `workdir`): the path as found, and what that resolves to.
pub(crate) fn find_program(image: &ImageSummary, name: &str, workdir: &str) -> Option<(String, String)> {
    if name.contains('/') {
        let path = path::join(workdir, name);
        let (target, _) = image.resolve(&path)?;
        return Some((as_found(image, &path, &target), target));
    }
    let target = image.which(name)?;
    let folders = image.config.var("PATH").unwrap_or_default().split(':');
    let mut candidates = folders.map(|folder| path::join(workdir, &format!("{folder}/{name}")));
    let path = candidates.find(|path| image.resolve(path).is_some_and(|(found, _)| found == target));
    Some((as_found(image, path.as_deref().unwrap_or(&target), &target), target))
}

/// The path by which a file was found, folders resolved but not a link in the last part; or the file itself, where the link is one
/// of `update-alternatives`.
fn as_found(image: &ImageSummary, path: &str, target: &str) -> String {
    let Some((link, file)) = image.resolve_parent(path) else { return target.to_owned() };
    match &file.kind {
        FileKind::Symlink(next) if next.starts_with("/etc/alternatives/") => target.to_owned(),
        _ => link,
    }
}

/// The programs that an interpreter line (without `#!`) names: `/usr/bin/env -S python3 -u` → env and python3.
pub(crate) fn interpreters(shebang: &str) -> Vec<&str> {
    let mut words = shebang.split_whitespace();
    let Some(first) = words.next() else { return Vec::new() };
    let mut programs = vec![first];
    if path::base_name(first) == "env" {
        programs.extend(words.find(|word| !word.starts_with('-') && !word.contains('=')));
    }
    programs
}
