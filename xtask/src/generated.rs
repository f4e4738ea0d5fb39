//! `cargo xtask gen [--check]`: the files that follow from the code and are committed: JSON Schemas, man pages, shell
//! completions. `--check` writes nothing and fails where one is stale, naming it and this command.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apps::root;
use crate::binary::{cargo, target_folder};
use crate::process;

const SHELLS: [(&str, &str); 3] = [("bash", "jettison.bash"), ("zsh", "_jettison"), ("fish", "jettison.fish")];

/// Writes or checks them.
pub fn run(arguments: &[String]) -> Result<()> {
    let check = match arguments {
        [] => false,
        [word] if word == "--check" => true,
        _ => bail!("usage: cargo xtask gen [--check]"),
    };
    let mut stale = Vec::new();
    for (path, text) in generate()? {
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
    Ok(files)
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
