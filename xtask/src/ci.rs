//! `cargo xtask ci`: the same steps as `.ci/run`, which is where they stand.

use std::process::Command;

use anyhow::Result;

use crate::apps::root;
use crate::process;

/// Runs `.ci/run`.
pub fn run() -> Result<()> {
    process::run(Command::new(root().join(".ci/run")).current_dir(root()))
}
