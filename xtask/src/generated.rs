//! `cargo xtask gen [--check]`: the files that follow from the code and are committed: JSON Schemas, man pages, shell
//! completions, the pages of the rules. `--check` writes nothing and fails where one is stale, naming it and this command.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apps::root;
use crate::binary::{cargo, target_folder};
use crate::process;

const SHELLS: [(&str, &str); 3] = [("bash", "jettison.bash"), ("zsh", "_jettison"), ("fish", "jettison.fish")];

/// The pages of the rules.
const PAGES: &str = "docs/rules";

/// Writes or checks them.
pub fn run(arguments: &[String]) -> Result<()> {
    let check = match arguments {
        [] => false,
        [word] if word == "--check" => true,
        _ => bail!("usage: cargo xtask gen [--check]"),
    };
    let mut stale = Vec::new();
    let files = generate()?;
    for path in left_over(&files)? {
        if check {
            stale.push(path.display().to_string());
            continue;
        }
        fs::remove_file(root().join(&path)).with_context(|| path.display().to_string())?;
        println!("removed {}", path.display());
    }
    for (path, text) in files {
        if fs::read_to_string(root().join(&path)).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
            continue;
        }
        write(&root().join(&path), &text)?;
        println!("wrote {}", path.display());
    }
    if !stale.is_empty() {
        bail!("stale: {}\nrun: cargo xtask gen", stale.join(", "));
    }
    Ok(())
}

/// Every generated file, by its path in the project.
fn generate() -> Result<BTreeMap<PathBuf, String>> {
    process::run(cargo().args(["build", "--package", "jettison"]))?;
    let jettison = target_folder().join("debug/jettison");
    let mut files = BTreeMap::new();
    for (shell, name) in SHELLS {
        files.insert(Path::new("docs/completions").join(name), said(&jettison, &["completions", shell])?);
    }
    files.insert("docs/man/jettison.1".into(), said(&jettison, &["man"])?);
    for (name, schema) in jettison_report::schema::schemas() {
        files.insert(Path::new("schemas").join(name), schema);
    }
    files.insert("schemas/jettison.toml.schema.json".into(), said(&jettison, &["config", "schema"])?);
    pages(&jettison, &mut files)?;
    Ok(files)
}

/// The page of every rule, and their index.
fn pages(jettison: &Path, files: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    files.insert(Path::new(PAGES).join("README.md"), said(jettison, &["rules", "--format", "markdown"])?);
    let list: serde_json::Value = serde_json::from_str(&said(jettison, &["rules", "--format", "json"])?)?;
    for rule in list["rules"].as_array().context("a list of rules")? {
        let id = rule["id"].as_str().context("the id of a rule")?;
        let page = said(jettison, &["explain", id, "--format", "markdown"])?;
        files.insert(Path::new(PAGES).join(format!("{id}.md")), page);
    }
    Ok(())
}

/// Pages of rules that are no more.
fn left_over(files: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>> {
    let Ok(listing) = fs::read_dir(root().join(PAGES)) else { return Ok(Vec::new()) };
    let mut over = Vec::new();
    for entry in listing {
        let path = Path::new(PAGES).join(entry?.file_name());
        if !files.contains_key(&path) {
            over.push(path);
        }
    }
    over.sort();
    Ok(over)
}

fn said(program: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    let output = process::capture(command.args(arguments))?;
    if !output.status.success() {
        bail!("`{}`: {}", process::line(&command), process::tail(&output.stderr, 10));
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file in a folder")?)?;
    fs::write(path, text).with_context(|| path.display().to_string())
}
