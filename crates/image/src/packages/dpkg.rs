//! dpkg's status database. Debian policy, chapters 5 and 7; deb-control(5) for relations.

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

/// Adds the paths of a `.list` file.
pub(super) fn add_files(package: &mut Package, list: &str) {
    let paths = list.lines().filter(|line| line.starts_with('/') && *line != "/.");
    package.files.extend(paths.map(|path| merged_usr(path).into_owned()));
    package.files.sort_unstable();
    package.files.dedup();
}
