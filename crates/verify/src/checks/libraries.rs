//! Always checked: what the dynamic loader found for the original's ELF files it finds for the candidate's. Looks at files that
//! are in both images; of a base's and of packages' own files only at the programs that ran: they ship plug-ins whose libraries
//! are only recommended, and what a package cannot do without is the package manager's business.

use std::collections::{BTreeMap, BTreeSet};

use jettison_image::{ContentHash, File, ImageSummary};
use jettison_optimize::Check;

use super::{Original, some_of};
use crate::look::Look;

pub(super) fn check(original: &Original<'_>, candidate: &Look) -> Check {
    let before = &original.look.summary;
    let by_content = by_content(before);
    let ran: BTreeSet<&str> = original.programs.iter().map(String::as_str).collect();
    let (mut looked_at, mut missing) = (0_usize, Vec::new());
    for (path, file) in &candidate.summary.files {
        let distributed = file.layer < candidate.base_layers || candidate.summary.owner(path).is_some();
        if file.elf.is_none() || (distributed && !ran.contains(path.as_str())) {
            continue;
        }
        let Some(old_path) = counterpart(before, &by_content, path, file) else { continue };
        looked_at += 1;
        for soname in lacks(&candidate.summary, path, file) {
            let needed_before = before.files.get(old_path).is_some_and(|old| needs(old, &soname));
            if !needed_before || before.find_library(old_path, &soname).is_some() {
                missing.push(format!("{soname} for {path}"));
            }
        }
    }
    let passed = missing.is_empty();
    let detail = match passed {
        true => format!("{looked_at} ELF files find their libraries"),
        false => format!("libraries are missing: {}", some_of(&missing)),
    };
    Check { name: "libraries".to_owned(), passed, detail }
}

/// The path of the same file in the original: same path, else same content.
fn counterpart<'a>(
    before: &ImageSummary,
    by_content: &BTreeMap<ContentHash, &'a str>,
    path: &'a str,
    file: &File,
) -> Option<&'a str> {
    file.elf.as_ref()?;
    match before.files.get(path) {
        Some(old) if old.elf.is_some() => Some(path),
        _ => by_content.get(&file.content?).copied(),
    }
}

fn by_content(image: &ImageSummary) -> BTreeMap<ContentHash, &str> {
    let elves = image.files.iter().filter(|(_, file)| file.elf.is_some());
    elves.filter_map(|(path, file)| Some((file.content?, path.as_str()))).collect()
}

fn lacks(image: &ImageSummary, path: &str, file: &File) -> Vec<String> {
    let needed = file.elf.iter().flat_map(|elf| &elf.needed);
    needed.filter(|soname| image.find_library(path, soname).is_none()).cloned().collect()
}

fn needs(file: &File, soname: &str) -> bool {
    file.elf.as_ref().is_some_and(|elf| elf.needed.iter().any(|needed| needed == soname))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{add_elf, image};
    use super::*;

    fn checked(original: &Look, candidate: &Look, programs: &[&str]) -> Check {
        let programs: Vec<String> = programs.iter().map(|path| (*path).to_owned()).collect();
        check(&Original { look: original, unsteady: &BTreeSet::new(), programs: &programs }, candidate)
    }

    /// `/usr/lib/libpq.so.5` lies in the base of the first and not of the second.
    fn pair(layer: usize) -> (Look, Look) {
        let (mut original, mut candidate) = (image(&[]), image(&[]));
        add_elf(&mut original, "/usr/lib/libpq.so.5", 0, &[]);
        add_elf(&mut original, "/app/mod.so", layer, &["libpq.so.5"]);
        add_elf(&mut candidate, "/app/mod.so", layer, &["libpq.so.5"]);
        (original, candidate)
    }

    #[test]
    fn a_library_that_was_found_must_be_found() {
        let (original, candidate) = pair(1);
        let check = checked(&original, &candidate, &[]);
        assert_eq!((check.passed, check.detail.as_str()), (false, "libraries are missing: libpq.so.5 for /app/mod.so"));
        assert!(checked(&original, &original, &[]).passed);
    }

    #[test]
    fn of_a_base_only_programs_that_ran_count() {
        let (original, candidate) = pair(0);
        assert!(checked(&original, &candidate, &[]).passed);
        assert!(!checked(&original, &candidate, &["/app/mod.so"]).passed);
    }

    #[test]
    fn of_a_package_only_programs_that_ran_count() {
        let (original, mut candidate) = pair(1);
        let package =
            jettison_image::Package { name: "mod".into(), files: vec!["/app/mod.so".into()], ..Default::default() };
        let summary = std::sync::Arc::make_mut(&mut candidate.summary);
        summary.packages.insert("mod".into(), package);
        summary.owners.insert("/app/mod.so".into(), "mod".into());
        assert!(checked(&original, &candidate, &[]).passed);
        assert!(!checked(&original, &candidate, &["/app/mod.so"]).passed);
    }

    #[test]
    fn what_the_original_lacked_may_be_lacking() {
        let (mut original, mut candidate) = (image(&[]), image(&[]));
        add_elf(&mut original, "/app/plugin.so", 1, &["libtk8.6.so"]);
        add_elf(&mut candidate, "/app/plugin.so", 1, &["libtk8.6.so"]);
        assert!(checked(&original, &candidate, &[]).passed);
    }
}
