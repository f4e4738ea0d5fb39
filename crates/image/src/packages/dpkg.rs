//! dpkg's status database. Debian policy, chapters 5 and 7; deb-control(5) for relations.

use std::collections::{BTreeMap, BTreeSet};

use super::Package;
use crate::path::merged_usr;

/// The installed packages of a status file (or of one file of distroless' `status.d`, which has no `Status` field).
/// Never fails: what is no stanza is passed over.
pub fn parse_dpkg_status(text: &str) -> Vec<Package> {
    let mut packages = Vec::new();
    let mut stanza = Vec::new();
    for line in text.lines().chain([""]) {
        if !line.trim().is_empty() {
            stanza.push(line);
        } else if !stanza.is_empty() {
            packages.extend(package(&stanza));
            stanza.clear();
        }
    }
    packages
}

fn package(stanza: &[&str]) -> Option<Package> {
    let mut package = Package::default();
    let mut installed = true;
    for (key, value) in fields(stanza) {
        match key.to_ascii_lowercase().as_str() {
            "package" => package.name = value,
            "status" => installed = value.split_whitespace().last() == Some("installed"),
            "version" => package.version = value,
            "architecture" => package.architecture = value,
            "essential" | "important" | "protected" => package.essential |= value == "yes",
            "priority" => package.essential |= value == "required",
            "installed-size" => package.installed_bytes = value.parse::<u64>().unwrap_or(0).saturating_mul(1024),
            "depends" | "pre-depends" => package.depends.extend(relations(&value)),
            "recommends" => package.recommends = relations(&value),
            "provides" => package.provides = relations(&value).into_iter().flatten().collect(),
            _ => {}
        }
    }
    (installed && !package.name.is_empty()).then_some(package)
}

/// `Key: value`, with lines that begin with a space going on with the value before.
fn fields(stanza: &[&str]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in stanza {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((key, value)) = line.split_once(':') {
            fields.push((key.to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

/// `libc6 (>= 2.36), default-mta | mail-transport-agent:any` → `[[libc6], [default-mta, mail-transport-agent]]`
fn relations(value: &str) -> Vec<Vec<String>> {
    let name =
        |alternative: &str| alternative.trim().split([' ', '(', ':', '[', '<']).next().unwrap_or_default().to_owned();
    let names = |relation: &str| relation.split('|').map(name).filter(|name| !name.is_empty()).collect::<Vec<_>>();
    value.split(',').map(names).filter(|names| !names.is_empty()).collect()
}

/// The names that apt's `extended_states` marks as installed automatically. apt-mark(8).
pub(super) fn automatic(text: &str) -> BTreeSet<String> {
    let (mut names, mut name) = (BTreeSet::new(), "");
    for line in text.lines() {
        match line.split_once(':') {
            Some(("Package", value)) => name = value.trim(),
            Some(("Auto-Installed", value)) if value.trim() == "1" => drop(names.insert(name.to_owned())),
            _ => {}
        }
    }
    names
}

/// Moves diverted files to where they are: three lines each, the path, the new path, and the package whose own file stays
/// (`:` for none). dpkg-divert(1).
pub(super) fn divert<'p>(packages: impl Iterator<Item = &'p mut Package>, text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let triples = lines.chunks_exact(3).filter_map(|lines| match lines {
        [from, to, owner] => Some((merged_usr(from).into_owned(), (merged_usr(to).into_owned(), *owner))),
        _ => None,
    });
    let moved: BTreeMap<String, (String, &str)> = triples.collect();
    if moved.is_empty() {
        return;
    }
    for package in packages {
        for path in &mut package.files {
            if let Some((to, owner)) = moved.get(path)
                && *owner != package.name
            {
                path.clone_from(to);
            }
        }
    }
}

/// Adds the paths of an `md5sums` file, which are relative and have no folders.
pub(super) fn add_summed_files(package: &mut Package, sums: &str) {
    let paths = sums.lines().filter_map(|line| line.split_once("  ")).map(|(_, path)| path.trim_start_matches("./"));
    package.files.extend(paths.map(|path| merged_usr(&format!("/{}", path.trim_start_matches('/'))).into_owned()));
    package.files.sort_unstable();
    package.files.dedup();
}

/// Adds the paths of a `.list` file.
pub(super) fn add_files(package: &mut Package, list: &str) {
    let paths = list.lines().filter(|line| line.starts_with('/') && *line != "/.");
    package.files.extend(paths.map(|path| merged_usr(path).into_owned()));
    package.files.sort_unstable();
    package.files.dedup();
}
