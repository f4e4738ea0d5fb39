//! Known findings: a file that old projects commit, so that only new findings count. An entry is known again by its rule, the text it
//! means and its path below the folder of the baseline, wherever in the file that text has moved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jettison_report::check::{CheckedFile, fingerprint};
use serde_json::{Value, json};

use super::named;
use crate::config::tidy;
use crate::failure::Failure;
use crate::files::{self, Change};
use crate::input::reason;
use crate::output::shown;

/// Of the form of the file.
const VERSION: &str = "1.0.0";

/// The findings that are known.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    folder: PathBuf,
    cwd: PathBuf,
    known: BTreeSet<String>,
}

impl Baseline {
    /// An empty one for the file at `path`.
    pub fn new(path: &Path, cwd: &Path) -> Self {
        let whole = tidy(&cwd.join(path));
        Self { folder: whole.parent().unwrap_or(cwd).to_owned(), cwd: cwd.to_owned(), known: BTreeSet::new() }
    }

    /// Reads the file at `path`.
    pub fn read(path: &Path, cwd: &Path) -> Result<Self, Failure> {
        let name = shown(path);
        let bytes = std::fs::read(path).map_err(|error| {
            Failure::new(format!("{name}: {}", reason(&error)))
                .next(format!("jettison check --baseline {name} --write-baseline"))
        })?;
        let broken = || Failure::new(format!("{name} is no baseline of jettison"));
        let document: Value = serde_json::from_slice(&bytes).map_err(|_| broken())?;
        if document["command"] != "baseline" {
            return Err(broken());
        }
        let entries = document["findings"].as_array().ok_or_else(broken)?;
        let known = entries.iter().map(|entry| entry["fingerprint"].as_str().map(str::to_owned));
        Ok(Self { known: known.collect::<Option<_>>().ok_or_else(broken)?, ..Self::new(path, cwd) })
    }

    /// Takes the known findings out; how many they were.
    pub fn take_out(&self, path: &Path, file: &mut CheckedFile) -> u64 {
        if self.known.is_empty() || file.findings.is_empty() {
            return 0;
        }
        let prints = self.fingerprints(path, file);
        let before = file.findings.len();
        let mut at = 0;
        file.findings.retain(|_| {
            let known = prints.get(at).is_some_and(|print| self.known.contains(print));
            at += 1;
            !known
        });
        (before - file.findings.len()) as u64
    }

    /// Writes all findings of these files to `path`.
    pub fn write<'a>(
        &self,
        path: &Path,
        files: impl Iterator<Item = (&'a Path, &'a CheckedFile)>,
    ) -> Result<usize, Failure> {
        let mut entries = Vec::new();
        for (on_disk, file) in files {
            let prints = self.fingerprints(on_disk, file);
            entries.extend(file.findings.iter().zip(prints).map(|(finding, print)| {
                json!({"path": self.inside(on_disk), "line": finding.location.line, "rule": finding.rule, "fingerprint": print})
            }));
        }
        let count = entries.len();
        let document = json!({"schema_version": VERSION, "command": "baseline", "findings": entries});
        let text = jettison_report::json::pretty(&document);
        files::put(&Change { path: path.to_owned(), before: None, after: Some(text.into_bytes()) })?;
        Ok(count)
    }

    fn fingerprints(&self, path: &Path, file: &CheckedFile) -> Vec<String> {
        let path = self.inside(path);
        let mut seen = std::collections::HashMap::<String, usize>::new();
        let print = |finding: &jettison_report::check::Finding| {
            let of = |count| fingerprint(&finding.rule, &path, &file.source, &finding.location, count);
            let first = of(0);
            let count = seen.entry(first.clone()).or_default();
            *count += 1;
            if *count == 1 { first } else { of(*count - 1) }
        };
        file.findings.iter().map(print).collect()
    }

    /// The path below the baseline's folder; as it is where it does not lie there.
    fn inside(&self, path: &Path) -> String {
        let whole = tidy(&self.cwd.join(path));
        named(whole.strip_prefix(&self.folder).unwrap_or(&whole))
    }
}
