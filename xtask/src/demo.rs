//! `cargo xtask demo [APP] [-- OPTIONS]`: the main job on a sample app, as a user would see it.
//!
//! The app is laid out as a checkout of its own in a temporary folder, junk and all, and removed at the end.

use anyhow::Result;

use crate::apps::{App, Apps};
use crate::binary::static_binary;
use crate::engine::Engine;
use crate::{checkout, process};

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
