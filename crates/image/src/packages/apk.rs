//! apk's installed database: one letter a line. <https://wiki.alpinelinux.org/wiki/Apk_spec>

use std::collections::BTreeSet;

use super::{Package, PackageKind};
use crate::path::merged_usr;

/// The packages of `lib/apk/db/installed`. Never fails: unknown lines are passed over.
pub fn parse_apk_installed(text: &str) -> Vec<Package> {
    let mut packages = Vec::new();
    let fresh = || Package { kind: PackageKind::Apk, ..Package::default() };
    let (mut package, mut folder) = (fresh(), String::new());
    for line in text.lines().chain([""]) {
        let Some((key, value)) = line.split_once(':') else {
            if line.trim().is_empty() && !package.name.is_empty() {
                packages.push(std::mem::replace(&mut package, fresh()));
            }
            continue;
        };
        match key {
            "P" => package.name = value.to_owned(),
            "V" => package.version = value.to_owned(),
            "A" => package.architecture = value.to_owned(),
            "I" => package.installed_bytes = value.trim().parse().unwrap_or(0),
            "D" => package.depends = value.split_whitespace().filter_map(dependency).collect(),
            "p" => package.provides = value.split_whitespace().map(|name| bare(name).to_owned()).collect(),
            "F" => {
                folder = value.trim_matches('/').to_owned();
                own(&mut package, &folder, "");
            }
            "R" => own(&mut package, &folder, value),
            _ => {}
        }
    }
    for package in &mut packages {
        package.files.sort_unstable();
        package.files.dedup();
    }
    packages
}

fn own(package: &mut Package, folder: &str, name: &str) {
    let path = format!("/{folder}/{name}").replace("//", "/");
    let path = path.trim_end_matches('/');
    if !path.is_empty() {
        package.files.push(merged_usr(path).into_owned());
    }
}

/// The names in `/etc/apk/world`: what was asked for.
pub(super) fn world(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(|word| bare(word).split('@').next().unwrap_or_default().to_owned()).collect()
}

/// `so:libc.musl-x86_64.so.1`, `busybox>=1.36` → the name; `!conflict` is none.
fn dependency(word: &str) -> Option<Vec<String>> {
    (!word.starts_with('!')).then(|| vec![bare(word).to_owned()])
}

fn bare(word: &str) -> &str {
    word.split(['=', '<', '>', '~']).next().unwrap_or(word)
}
