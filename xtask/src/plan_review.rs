//! `cargo xtask plan-review`: plans every Dockerfile of a collection without a build, in a made-up context, and says what came out: faults,
//! times, what was applied and refused; or prints some plans as differences, to be judged by a reader. The files are the user's own:
//! nothing of them is kept. The planning is an example of crate `plan`; BuildKit's own parser judges the results where it is at hand.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::apps::root;
use crate::process;

const USAGE: &str = "usage: cargo xtask plan-review [FOLDER] [--list FILE] [--seed N [--count K]]";

/// Runs the task.
pub fn run(arguments: &[String]) -> Result<()> {
    let given = Given::read(arguments)?;
    let work = tempfile::tempdir().context("a temporary folder")?;
    let list = given.list(work.path())?;
    let mut review = Command::new("cargo");
    review.args(["run", "--quiet", "--release", "--package", "jettison-plan", "--example", "review", "--", "--list"]);
    review.arg(&list).current_dir(root());
    if let Some(seed) = &given.seed {
        review.args(["--seed", seed, "--count", given.count.as_deref().unwrap_or("50")]);
        return process::run(&mut review);
    }
    let results = work.path().join("results");
    let planned = process::run(review.arg("--out").arg(&results));
    let parsed = judge(&results);
    planned.and(parsed)
}

/// What was typed.
#[derive(Debug, Default, PartialEq)]
struct Given {
    folder: Option<PathBuf>,
    list: Option<PathBuf>,
    seed: Option<String>,
    count: Option<String>,
}

impl Given {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut given = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().cloned().with_context(|| format!("{word} needs a value\n{USAGE}"));
            match word.as_str() {
                "--list" => given.list = Some(value()?.into()),
                "--seed" => given.seed = Some(value()?),
                "--count" => given.count = Some(value()?),
                option if option.starts_with('-') => bail!("there is no option {option}\n{USAGE}"),
                folder => given.folder = Some(folder.into()),
            }
        }
        for number in given.seed.iter().chain(&given.count) {
            number.parse::<u64>().with_context(|| format!("`{number}` is no number\n{USAGE}"))?;
        }
        Ok(given)
    }

    /// The list that was given, else one of the folder's Dockerfiles; the folder may come from the environment.
    fn list(&self, work: &Path) -> Result<PathBuf> {
        if let Some(list) = &self.list {
            return std::path::absolute(list).with_context(|| list.display().to_string());
        }
        let folder = self.folder.clone().or_else(|| std::env::var_os("JETTISON_CORPUS").map(PathBuf::from));
        let folder =
            folder.with_context(|| format!("name a folder of Dockerfiles, or set JETTISON_CORPUS\n{USAGE}"))?;
        let mut files = Vec::new();
        dockerfiles(&std::path::absolute(&folder).with_context(|| folder.display().to_string())?, &mut files)?;
        files.sort();
        let path = work.join("list");
        std::fs::write(&path, lines(&files)).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

fn dockerfiles(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_dir() {
            dockerfiles(&entry.path(), found)?;
        } else if (name.contains("dockerfile") || name.contains("containerfile")) && !name.ends_with("ignore") {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn lines(files: &[PathBuf]) -> String {
    files.iter().map(|file| format!("{}\n", file.display())).collect()
}

/// Puts the results to BuildKit's own parser (`testbed/testbed oracle`), named by `JETTISON_ORACLE`.
fn judge(results: &Path) -> Result<()> {
    let Some(oracle) = std::env::var_os("JETTISON_ORACLE") else {
        println!("\nBuildKit was not asked: JETTISON_ORACLE is not set (testbed/testbed oracle prints its path)");
        return Ok(());
    };
    let folders = std::fs::read_dir(results).with_context(|| results.display().to_string())?;
    let folders: Vec<PathBuf> = folders.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| [folder.join("before"), folder.join("after")]).collect();
    let mut child = Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("the oracle")?;
    let mut input = child.stdin.take().context("the oracle's input")?;
    let text = lines(&files);
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().ok().context("the oracle's input")??;
    let answers = String::from_utf8(output.stdout).context("the oracle's answers")?;
    let refused = refused(&answers)?;
    println!("\nBuildKit reads {} results, and refuses {} whose original it takes", folders.len(), refused.len());
    if !refused.is_empty() {
        bail!("{}", refused.join("\n"));
    }
    Ok(())
}

/// Of answers about originals and results by turns: the results that are refused where the original was not.
fn refused(answers: &str) -> Result<Vec<String>> {
    let mut refused = Vec::new();
    let mut lines = answers.lines();
    while let (Some(before), Some(after)) = (lines.next(), lines.next()) {
        let read = |line| serde_json::from_str::<serde_json::Value>(line).context("the oracle's answer");
        let (before, after) = (read(before)?, read(after)?);
        if is_refusal(&after) && !is_refusal(&before) {
            refused.push(format!("{} {} {}", after["file"], after["verdict"], after["message"]));
        }
    }
    Ok(refused)
}

fn is_refusal(answer: &serde_json::Value) -> bool {
    matches!(answer["verdict"].as_str(), Some("parse" | "instructions" | "dispatch"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_and_the_folder_are_read_in_any_order() {
        let given = Given::read(&words("--seed 7 corpus --count 3")).expect("options");
        let (seed, count) = (Some("7".to_owned()), Some("3".to_owned()));
        assert_eq!(given, Given { folder: Some("corpus".into()), list: None, seed, count });
        assert!(Given::read(&words("--seed x")).is_err());
        assert!(Given::read(&words("--sede 1")).is_err());
    }

    #[test]
    fn only_a_result_whose_original_was_taken_counts_as_refused() {
        let answers = "{\"file\":\"a\",\"verdict\":\"parse\"}\n{\"file\":\"b\",\"verdict\":\"parse\"}\n\
                       {\"file\":\"c\",\"verdict\":\"accepted\"}\n{\"file\":\"d\",\"verdict\":\"given\"}\n\
                       {\"file\":\"e\",\"verdict\":\"accepted\"}\n{\"file\":\"f\",\"verdict\":\"dispatch\",\"message\":\"m\"}\n";
        assert_eq!(refused(answers).expect("answers"), ["\"f\" \"dispatch\" \"m\""]);
    }
}
