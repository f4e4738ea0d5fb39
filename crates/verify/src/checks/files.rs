//! `SameFilesExcept`: what the original's own layers put into the image is in the candidate too, of the same kind. Contents may
//! differ (compilers and installers write times into them); that is said, not judged: behaviour judges it.

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_image::FileKind;
use jettison_optimize::Check;

use super::{Original, some_of};
use crate::look::Look;

/// Written by container engines themselves.
const ENGINES_OWN: [&str; 5] = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/mtab", "/.dockerenv"];

/// `except` holds the patterns of each step; a file may be absent if one of the steps excuses it.
pub(super) fn check(original: &Original<'_>, candidate: &Look, except: &[Vec<String>]) -> Check {
    let matcher = |patterns: &Vec<String>| Matcher::new(&IgnoreFile::parse(patterns.join("\n").as_bytes()));
    let may_go: Vec<Matcher> = except.iter().map(matcher).collect();
    let (mut same, mut changed) = (0_usize, 0_usize);
    let (mut absent, mut other_kind) = (Vec::new(), Vec::new());
    for (path, file) in original.look.app_files() {
        let there = candidate.summary.files.get(path).or_else(|| Some(candidate.summary.resolve(path)?.1));
        match there {
            Some(there) if same_kind(&file.kind, &there.kind) => {
                same += 1;
                changed += usize::from(file.content.is_some() && file.content != there.content);
            }
            _ if is_excused(original, &may_go, path) => {}
            Some(_) => other_kind.push(path.to_owned()),
            None => absent.push(path.to_owned()),
        }
    }
    let passed = absent.is_empty() && other_kind.is_empty();
    let detail = match (absent.is_empty(), other_kind.is_empty()) {
        (false, _) => format!("{} of the app's files are absent: {}", absent.len(), some_of(&absent)),
        (true, false) => {
            format!("{} of the app's files are of another kind: {}", other_kind.len(), some_of(&other_kind))
        }
        (true, true) => format!("{same} of the app's files are there, {changed} with other contents"),
    };
    Check { name: "files".to_owned(), passed, detail }
}

fn is_excused(original: &Original<'_>, may_go: &[Matcher], path: &str) -> bool {
    let relative = path.trim_start_matches('/');
    ENGINES_OWN.contains(&path)
        || original.unsteady.contains(path)
        || may_go.iter().any(|step| step.is_ignored(relative))
}

fn same_kind(before: &FileKind, after: &FileKind) -> bool {
    let class = |kind: &FileKind| match kind {
        FileKind::Regular | FileKind::Hardlink(_) => 0,
        FileKind::Symlink(_) => 1,
        FileKind::Directory => 2,
        FileKind::Special => 3,
    };
    class(before) == class(after)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::super::sample::{file, image};
    use super::*;

    fn checked(original: &Look, candidate: &Look, unsteady: &[&str], except: &[&str]) -> Check {
        let unsteady: BTreeSet<String> = unsteady.iter().map(|path| (*path).to_owned()).collect();
        let original = Original { look: original, unsteady: &unsteady, programs: &[] };
        let except: Vec<String> = except.iter().map(|pattern| (*pattern).to_owned()).collect();
        check(&original, candidate, &[except])
    }

    #[test]
    fn an_absent_file_is_named() {
        let check = checked(&image(&[("/app/a.py", 1), ("/app/b.py", 1)]), &image(&[("/app/a.py", 1)]), &[], &[]);
        assert_eq!((check.passed, check.detail.as_str()), (false, "1 of the app's files are absent: /app/b.py"));
    }

    #[test]
    fn the_bases_files_may_go() {
        assert!(checked(&image(&[("/usr/bin/gcc", 0)]), &image(&[]), &[], &[]).passed);
    }

    #[test]
    fn patterns_cover_what_is_below_them() {
        let original = image(&[("/app/.git/objects/1", 1), ("/app/logs/x.log", 1), ("/usr/share/doc/x/y", 1)]);
        let all = ["/app/.git", "**/*.log", "usr/share/doc/**"];
        assert!(checked(&original, &image(&[]), &[], &all).passed);
        assert!(!checked(&original, &image(&[]), &[], &all[..2]).passed);
    }

    #[test]
    fn a_step_takes_back_only_what_it_excuses_itself() {
        let unsteady = BTreeSet::new();
        let steps = [&["**", "!app"][..], &["app/.git"]];
        let steps = steps.map(|step| step.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>());
        let lost = |path: &str| {
            let original = image(&[(path, 1)]);
            let original = Original { look: &original, unsteady: &unsteady, programs: &[] };
            !check(&original, &image(&[]), &steps).passed
        };
        assert!(!lost("/usr/bin/vim") && !lost("/app/.git/HEAD"));
        assert!(lost("/app/main.py"));
    }

    #[test]
    fn a_file_that_each_build_names_anew_is_no_loss() {
        assert!(checked(&image(&[("/tmp/pip-x1", 1)]), &image(&[]), &["/tmp/pip-x1"], &[]).passed);
    }

    #[test]
    fn another_kind_is_another_thing() {
        let original = image(&[("/app/data", 1)]);
        let mut candidate = image(&[]);
        let link = jettison_image::File { kind: FileKind::Symlink("/x".to_owned()), ..file(1) };
        Arc::make_mut(&mut candidate.summary).files.insert("/app/data".to_owned(), link);
        let check = checked(&original, &candidate, &[], &[]);
        assert!(!check.passed && check.detail.contains("another kind"));
    }
}
