//! `optimize --pr DIR`: what a pull request needs, as a patch and a text.

use std::path::Path;

use jettison_report::{FileChange, OptimizeReport, markdown};

use crate::failure::Failure;
use crate::files::{Change, put};
use crate::input;
use crate::output::shown;

/// A patch and the text that goes with it; nothing where nothing changes.
pub fn write(folder: &Path, report: &OptimizeReport) -> Result<Vec<String>, Failure> {
    if report.files.is_empty() {
        return Ok(Vec::new());
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("{}: {}", shown(folder), input::reason(&error))))?;
    let patch: String = report.files.iter().map(patch_of).collect();
    let mut written = Vec::new();
    for (name, text) in [("jettison.patch", patch), ("jettison.md", markdown::pull_request(report))] {
        let path = folder.join(name);
        put(&Change { path: path.clone(), before: None, after: Some(text.into_bytes()) })?;
        written.push(shown(&path));
    }
    Ok(written)
}

/// A file's difference with the names that `git apply` and `patch -p1` read.
fn patch_of(file: &FileChange) -> String {
    let Some(at) = file.diff.find("@@") else { return String::new() };
    let from = if file.before_sha256.is_some() { format!("a/{}", file.path) } else { "/dev/null".to_owned() };
    format!("--- {from}\n+++ b/{}\n{}", file.path, &file.diff[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_names_both_sides_as_git_does() {
        let diff = "--- Dockerfile\n+++ Dockerfile (proposed)\n@@ -1 +1 @@\n-FROM a\n+FROM b\n".to_owned();
        let file = FileChange {
            path: "Dockerfile".to_owned(),
            before_sha256: Some(String::new()),
            diff,
            ..FileChange::default()
        };
        let text = "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1 +1 @@\n-FROM a\n+FROM b\n";
        assert_eq!(patch_of(&file), text);
        let new = FileChange { before_sha256: None, path: ".dockerignore".to_owned(), ..file };
        assert!(patch_of(&new).starts_with("--- /dev/null\n+++ b/.dockerignore\n@@"));
    }
}
