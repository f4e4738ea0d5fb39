//! ShellCheck itself, where the user prefers it: the scripts of all files in one run of it, in a folder of their own. Reference:
//! `man shellcheck`, format `json1` (columns count characters, a tab is one).

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jettison_engine::{Error, process};
use jettison_lint::{ShellFinding, ShellScript, Shellcheck};
use jettison_model::Severity;
use serde_json::Value;

use crate::failure::Failure;
use crate::input::reason;

/// Scripts a run: their names have to fit on a command line, and what is said of them into memory.
const BATCH: usize = 4000;
/// Bytes of its output.
const OUTPUT: usize = 256 << 20;

/// An installed ShellCheck, and what it has said.
#[derive(Debug)]
pub struct Installed {
    program: PathBuf,
    known: Mutex<HashMap<ShellScript, Vec<ShellFinding>>>,
    failure: Mutex<Option<String>>,
}

impl Installed {
    /// The program of that name, or at that path from `cwd`.
    pub fn new(program: &Path, cwd: &Path) -> Self {
        let is_name = matches!(program.components().collect::<Vec<_>>()[..], [Component::Normal(_)]);
        let program = if is_name { program.to_owned() } else { cwd.join(program) };
        Self { program, known: Mutex::default(), failure: Mutex::default() }
    }

    /// Judges scripts before anybody asks for them. Without any it is at least seen whether the program runs.
    pub fn prepare(&self, scripts: &BTreeSet<ShellScript>) -> Result<(), Failure> {
        let scripts: Vec<&ShellScript> = scripts.iter().collect();
        if scripts.is_empty() {
            let command = process::Command::new(&self.program).arg("--version");
            return command.succeed().map(drop).map_err(|error| self.failed(&said(error)));
        }
        for batch in scripts.chunks(BATCH) {
            self.run(batch).map_err(|what| self.failed(&what))?;
        }
        Ok(())
    }

    /// Why a later run failed, if one did.
    pub fn failure(&self) -> Option<String> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(format!("{}: {failure}; some scripts were not judged", self.program.display()))
    }

    fn failed(&self, what: &str) -> Failure {
        let what = format!("{}: {what}", self.program.display());
        Failure::new(what).next("leave --shellcheck out: scripts are judged without ShellCheck too")
    }

    /// One run over these scripts.
    fn run(&self, scripts: &[&ShellScript]) -> Result<(), String> {
        let io = |error: std::io::Error| reason(&error);
        let folder = tempfile::tempdir().map_err(io)?;
        for (number, script) in scripts.iter().enumerate() {
            std::fs::write(folder.path().join(number.to_string()), &script.text).map_err(io)?;
        }
        let names = (0..scripts.len()).map(|number| number.to_string());
        let command = process::Command::new(&self.program).cwd(folder.path()).keep_last(OUTPUT);
        let command = command.args(["--norc", "--format=json1", "--severity=style"]).args(names);
        let output = command.output().map_err(said)?;
        let document: Option<Value> = serde_json::from_slice(&output.stdout).ok();
        let Some(comments) = document.as_ref().and_then(|document| document["comments"].as_array()) else {
            return Err(said(command.failure(output.end, &output.stderr)));
        };
        let mut found = vec![Vec::new(); scripts.len()];
        for comment in comments {
            let number = comment["file"].as_str().and_then(|name| name.parse::<usize>().ok());
            if let Some((script, found)) = number.and_then(|at| scripts.get(at).zip(found.get_mut(at))) {
                found.extend(finding(&script.text, comment));
            }
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(scripts.iter().map(|script| (*script).clone()).zip(found));
        Ok(())
    }
}

impl Shellcheck for Installed {
    fn judge(&self, scripts: &[&ShellScript]) -> Vec<Vec<ShellFinding>> {
        let is_new =
            |script: &&ShellScript| !self.known.lock().unwrap_or_else(PoisonError::into_inner).contains_key(*script);
        // what a fix has made of a script was not there when all of them were judged
        let new: Vec<&ShellScript> = scripts.iter().copied().filter(is_new).collect();
        if !new.is_empty()
            && let Err(what) = self.run(&new)
        {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(what);
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        scripts.iter().map(|script| known.get(*script).cloned().unwrap_or_default()).collect()
    }
}

fn said(error: Error) -> String {
    match error {
        Error::Io { source, .. } => reason(&source),
        Error::Command { reason, .. } => reason,
        other => other.to_string(),
    }
}

fn finding(script: &str, comment: &Value) -> Option<ShellFinding> {
    let number = |name: &str| comment[name].as_u64().and_then(|number| usize::try_from(number).ok());
    let place = |line: &str, column: &str| offset(script, number(line)?, number(column)?);
    let start = place("line", "column")?;
    let end = place("endLine", "endColumn").unwrap_or(start).max(start);
    let severity = match comment["level"].as_str()? {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    };
    Some(ShellFinding {
        code: u16::try_from(comment["code"].as_u64()?).ok()?,
        severity: Some(severity),
        range: Range { start, end },
        message: comment["message"].as_str()?.to_owned(),
    })
}

/// The byte at a line and a column, both from 1; the end of the line for columns behind it.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line.checked_sub(1)?).map(str::len).sum();
    let line = lines.next().unwrap_or_default().trim_end_matches('\n');
    let inside = line.char_indices().nth(column.checked_sub(1)?).map_or(line.len(), |(at, _)| at);
    Some(before + inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(offset("a\n\té$b\n", 2, 3), Some(5));
        assert_eq!(offset("a\n", 1, 9), Some(1));
        assert_eq!(offset("a\n", 2, 1), Some(2));
        assert_eq!(offset("a", 0, 1), None);
    }

    #[test]
    fn a_finding_is_read_with_its_place_and_level() {
        let comment = serde_json::json!({
            "file": "0", "line": 2, "endLine": 2, "column": 6, "endColumn": 8, "level": "style", "code": 2006, "message": "Use"
        });
        let found = finding("#!/bin/sh\necho `a`\n", &comment).unwrap();
        assert_eq!((found.code, found.severity, found.range), (2006, Some(Severity::Info), 15..17));
    }
}
