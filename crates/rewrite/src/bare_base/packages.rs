//! Files of packages that what runs needs: of its own, of those that were installed by name, and of those that they need and that
//! have no programs of their own.

use std::collections::{BTreeMap, BTreeSet};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_facts::{Observations, StageFacts};
use jettison_image::{FileKind, ImageSummary};

use super::contents::{Search, below, is_library_folder};
use super::links::{folder, name};
use crate::Moves;
use crate::moves::{STANDARD, is_package_layer};
use crate::runtime::depends_closure;

/// Of a package's files: what nothing reads at run time, as ignore patterns.
const NOT_RUN: &str = "
usr/share/doc
usr/share/man
usr/share/info
usr/share/locale
usr/share/lintian
usr/share/bug
usr/share/bash-completion
usr/share/zsh
usr/share/pkgconfig
usr/share/apport
usr/share/vim
usr/lib/systemd
usr/lib/pkgconfig
usr/include
etc/init.d
etc/systemd
etc/cron.*
etc/logrotate.d
etc/ufw
etc/apt
var/lib/dpkg
var/cache/apt
";
impl Search<'_> {
    /// Files of the packages of what starts, of those that the stage installs by name, and of those that they need and that have no
    /// programs of their own; libraries only as far as they are needed.
    pub(super) fn packages(&mut self, stage: &StageFacts, observed: &Observations) {
        let words = crate::base_swap::final_installs(stage);
        let named = words.iter().map(|word| crate::apt::bare(word).to_owned());
        let asked: BTreeSet<String> = self.owners.iter().cloned().chain(named).collect();
        let not_run = Matcher::new(&IgnoreFile::parse(NOT_RUN.as_bytes()));
        let old = stage.base.as_ref().and_then(|base| self.facts.world.base(&base.reference));
        let old = old.as_deref();
        let (mut files, mut folders) = (BTreeSet::new(), BTreeSet::new());
        for package in depends_closure(&observed.image, asked.clone()) {
            let brought =
                observed.image.packages.get(&package).map(|package| package.files.as_slice()).unwrap_or_default();
            let in_old_base = old.is_some_and(|old| old.packages.contains_key(&package));
            let is_asked = asked.contains(&package);
            if !is_asked && (in_old_base || brought.iter().any(|path| is_program_folder(folder(path)))) {
                continue;
            }
            for path in brought.iter().filter(|path| !not_run.is_ignored(path.trim_start_matches('/'))) {
                let Some((path, file)) = self.image.resolve_parent(path) else { continue };
                let is_library = name(&path).contains(".so") && (!is_asked || is_library_folder(folder(&path)));
                if file.kind == FileKind::Directory && !STANDARD.contains(&path.as_str()) {
                    folders.insert(path.clone());
                }
                let keeps = match file.kind {
                    FileKind::Directory => is_empty(self.image, &path) && !STANDARD.contains(&path.as_str()),
                    _ => !is_library,
                };
                if keeps {
                    files.insert(path);
                }
            }
        }
        files.extend(self.made_by_installing(&folders, observed, old, &not_run));
        self.found.paths.extend(condensed(&files, self.image, self.moves));
    }

    /// Files that no package owns, in folders of the packages or in folders that are no package's: installing made them.
    fn made_by_installing(
        &self,
        folders: &BTreeSet<String>,
        observed: &Observations,
        old: Option<&ImageSummary>,
        not_run: &Matcher,
    ) -> Vec<String> {
        let built = &observed.image;
        let nobodys =
            |folder: &str| built.owner(folder).is_none() && old.is_none_or(|old| !old.files.contains_key(folder));
        // of a package that is not needed here, such as one that was only recommended and is not installed any more
        let foreign = |path: &str| {
            let owned = |at: &str| !STANDARD.contains(&at) && built.owner(at).is_some() && !folders.contains(at);
            ancestors(path).any(owned)
        };
        let is_made = |path: &str, file: &jettison_image::File| {
            file.kind != FileKind::Directory
                && observed.is_app_layer(file.layer)
                && is_package_layer(observed, file.layer)
                && !STANDARD.contains(&folder(path))
                && !self.moves.covers(path)
                && [not_run, &self.stays].iter().all(|matcher| !matcher.is_ignored(path.trim_start_matches('/')))
                && built.owner(path).is_none()
                && (folders.contains(folder(path)) || nobodys(folder(path)) && !foreign(path))
        };
        let made = built.files.iter().filter(|(path, file)| is_made(path, file));
        made.map(|(path, _)| path.clone()).collect()
    }
}

/// The folders above a path, the nearest first, without the root.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder(path)), |at| Some(folder(at))).take_while(|at| at.len() > 1)
}

fn is_empty(image: &ImageSummary, path: &str) -> bool {
    below(image, path).len() <= 1
}

fn is_program_folder(folder: &str) -> bool {
    matches!(folder, "/bin" | "/sbin" | "/usr/bin" | "/usr/sbin" | "/usr/local/bin" | "/usr/local/sbin")
}

/// The same files by the highest folders that hold nothing else.
fn condensed(files: &BTreeSet<String>, image: &ImageSummary, moves: &Moves) -> BTreeSet<String> {
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    let mut whole = |path: &str| {
        *known.entry(path.to_owned()).or_insert_with(|| {
            let ours = |path: &String, kind: &FileKind| {
                *kind == FileKind::Directory || files.contains(path) || moves.covers(path)
            };
            below(image, path).iter().all(|(path, file)| ours(path, &file.kind))
        })
    };
    let mut places = BTreeSet::new();
    for file in files {
        let mut best = file.as_str();
        let mut next = folder(file);
        while !next.is_empty() && !STANDARD.contains(&next) && whole(next) {
            best = next;
            next = folder(next);
        }
        places.insert(best.to_owned());
    }
    places
}
