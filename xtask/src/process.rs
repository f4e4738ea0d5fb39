//! Running programs for the tasks: with the terminal's own output, or with the output captured.

use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// The command as one would type it, for messages.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs it with this process's stdout and stderr; an error names the command and how it ended.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| line(command))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line(command));
    }
    Ok(())
}

/// Runs it with its output captured, whatever the exit code.
pub fn capture(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).output().with_context(|| line(command))
}

/// Stdout of a command that has to succeed; an error ends with what it said.
pub fn stdout(command: &mut Command) -> Result<String> {
    let output = capture(command)?;
    if !output.status.success() {
        bail!("`{}` ended with {}\n{}", line(command), output.status, tail(&output.stderr, 30));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether it can be started and succeeds.
pub fn works(command: &mut Command) -> bool {
    capture(command).is_ok_and(|output| output.status.success())
}

/// The last lines of some output.
pub fn tail(bytes: &[u8], lines: usize) -> String {
    let text = String::from_utf8_lossy(bytes);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
