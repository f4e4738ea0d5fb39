//! The tasks of the project: `cargo xtask demo | test | acceptance | plan-review | gen | ci`. Each is a file of its own.
//!
//! They find a container engine or start the testbed's, run something, and leave the machine as they found it.
//! Nothing here is part of the program. Only `gen` uses a crate of it (`report`, for the schemas): what judges jettison must
//! not be jettison.

mod acceptance;
mod apps;
mod archive;
mod binary;
mod checkout;
mod ci;
mod demo;
mod engine;
mod generated;
mod junk;
mod lines;
mod measure;
mod plan_review;
mod process;
mod test;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask TASK
  demo [APP] [-- OPTIONS]    run `jettison optimize` on a sample app (py-flask) laid out as a real checkout
  test [--require-engine] [--without-engine] [-- OPTIONS]
                             all tests; with an engine where one is reachable or can be started
  acceptance [APP…] [--all] [--projects] [--traps] [--fixtures] [--share K/N] [--fresh] [--jettison BIN]
                             optimise, rebuild and smoke-test from outside; resumable; prints the table
  binary [--check]           build the static release binary; run it in a Debian, an Alpine-like and an empty container
  checkout APP DIR           lay a sample app out as `demo` does, junk and all
  plan-review [FOLDER] [--list FILE] [--seed N [--count K]]
                             plans of collected Dockerfiles: faults, times and counts over all, or N's random diffs to judge
  gen [--check]              write the generated files, or fail where one is stale
  ci                         what .ci/run does";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    // The terminal sends Ctrl-C to the children as well; they end, and what was started here is stopped after them.
    ctrlc::set_handler(|| {})?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((task, rest)) = arguments.split_first() else { bail!("{USAGE}") };
    match task.as_str() {
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "acceptance" => acceptance::run(rest),
        "binary" => binary::run(rest),
        "checkout" => checkout::run(rest),
        "plan-review" => plan_review::run(rest),
        "gen" => generated::run(rest),
        "ci" => ci::run(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("no task is called `{other}`\n{USAGE}"),
    }
}
