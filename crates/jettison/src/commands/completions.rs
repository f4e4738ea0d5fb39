//! `jettison completions SHELL`.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output;

/// Prints the script.
pub fn run(shell: clap_complete::Shell) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "jettison", &mut script);
    output::stdout(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
