//! Building jettison as it is released, and showing that the result runs anywhere: `cargo xtask binary [--check]`.
//!
//! Optimised, for hashing and decompressing gigabytes unoptimised takes minutes; statically linked, for it is also the probe
//! that runs in an otherwise empty container.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::apps::root;
use crate::engine::Engine;
use crate::process;

/// A target of its own: `RUSTFLAGS` then spare build scripts and procedural macros, and the usual builds stay as they are.
const STATIC_TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the binary, prints its path, and with `--check` runs it in containers.
pub fn run(arguments: &[String]) -> Result<()> {
    let binary = static_binary()?;
    match arguments {
        [] => {}
        [word] if word == "--check" => check(&Engine::find()?, &binary)?,
        _ => bail!("usage: cargo xtask binary [--check]"),
    }
    println!("{}", binary.display());
    Ok(())
}

/// Builds it where Rust can link glibc statically, else the usual way.
pub fn static_binary() -> Result<PathBuf> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        process::run(cargo().args(["build", "--release", "--package", "jettison"]))?;
        return Ok(target_folder().join("release/jettison"));
    }
    let mut command = cargo();
    command.args(["build", "--release", "--package", "jettison", "--target", STATIC_TARGET]);
    process::run(command.env("RUSTFLAGS", "-C target-feature=+crt-static"))?;
    Ok(target_folder().join(STATIC_TARGET).join("release/jettison"))
}

/// Runs the binary in a Debian, an Alpine-like and an empty container.
fn check(engine: &Engine, binary: &Path) -> Result<()> {
    ensure!(engine.is_docker(), "the check builds with docker, and only {} answers", engine.name());
    engine.bases(&["base", "small"])?;
    let version = process::stdout(Command::new(binary).arg("--version"))?;
    let context = tempfile::Builder::new().prefix("jettison-static-").tempdir()?;
    std::fs::copy(binary, context.path().join("jettison")).with_context(|| binary.display().to_string())?;
    for base in ["debian:bookworm-slim", "alpine:3.20", "scratch"] {
        let dockerfile = format!("FROM {base}\nCOPY jettison /jettison\nENTRYPOINT [\"/jettison\"]\n");
        std::fs::write(context.path().join("Dockerfile"), dockerfile)?;
        let tag = format!("jettison-static-check:{}", base.replace(':', "-"));
        let build = ["build", "--quiet", "--provenance=false", "-t", &tag, "."];
        process::stdout(engine.command("docker").current_dir(context.path()).args(build))?;
        let said =
            process::stdout(engine.command("docker").args(["run", "--rm", "--network", "none", &tag, "--version"]));
        process::stdout(engine.command("docker").args(["image", "rm", "-f", &tag]))?;
        ensure!(said? == version, "in {base} the binary says something else than here");
        eprintln!("xtask: runs in {base}");
    }
    Ok(())
}

/// The cargo that runs this task, in the project's root.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Where cargo builds.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}
