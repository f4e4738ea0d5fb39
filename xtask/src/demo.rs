//! `cargo xtask demo [APP] [-- OPTIONS]`: the main job on a sample app, as a user would see it.
//!
//! The app is laid out as a checkout of its own in a temporary folder, junk and all, and removed at the end.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::apps::{App, Apps, root};
use crate::checkout;
use crate::engine::Engine;
use crate::process;

/// The triple of the static binary: a target of its own, so that `RUSTFLAGS` spare build scripts.
const STATIC_TARGET: &str = "x86_64-unknown-linux-gnu";

/// Runs the demo.
pub fn run(arguments: &[String]) -> Result<()> {
    let (ours, options) = split_options(arguments);
    let apps = Apps::load()?;
    let app = apps.named(ours.first().map_or("py-flask", String::as_str))?;
    let jettison = static_binary()?;
    let engine = Engine::find()?;
    eprintln!("xtask: engine: {}", engine.name());
    engine.bases(&groups(app))?;
    let scratch = tempfile::Builder::new().prefix("jettison-demo-").tempdir()?;
    let folder = scratch.path().join(&app.name);
    checkout::lay_out(app, &folder)?;
    eprintln!("xtask: checkout of {} with its junk: {}", app.name, folder.display());
    let mut command = engine.command(jettison);
    command.current_dir(scratch.path()).arg("optimize").arg(&app.name).args(options);
    process::run(&mut command)
}

/// What comes before and after `--`.
pub fn split_options(arguments: &[String]) -> (&[String], &[String]) {
    match arguments.iter().position(|word| word == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[]),
    }
}

/// The groups of stand-ins an app needs.
pub fn groups(app: &App) -> Vec<&str> {
    std::iter::once("default").chain(app.group.as_deref()).collect()
}

/// Builds jettison as it is released: optimised, for hashing and decompressing gigabytes unoptimised takes minutes, and
/// statically linked, for it is also the probe that runs in an otherwise empty container.
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
