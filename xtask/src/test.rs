//! `cargo xtask test`: every test of the workspace, with an engine where one is reachable or can be started.
//!
//! Tests that need an engine look for it themselves and say so where they skip; this only puts one within their reach.

use std::process::Command;

use anyhow::{Result, bail};

use crate::binary::cargo;
use crate::demo::split_options;
use crate::engine::Engine;
use crate::process;

/// Runs the tests: unit and integration tests with nextest where it is installed, then the documentation's examples.
pub fn run(arguments: &[String]) -> Result<()> {
    let (ours, options) = split_options(arguments);
    if let Some(unknown) = ours.iter().find(|word| !matches!(word.as_str(), "--require-engine" | "--without-engine")) {
        bail!("test has no option `{unknown}`");
    }
    let has = |name: &str| ours.iter().any(|word| word == name);
    let engine = if has("--without-engine") { None } else { engine(has("--require-engine"))? };
    let reach = |command: &mut Command| match &engine {
        Some(engine) => engine.lend(command),
        None => hide_engines(command),
    };
    let mut tests = cargo();
    if let Some(program) = engine.as_ref().and_then(Engine::registry) {
        tests.env("JETTISON_TEST_REGISTRY", program);
    }
    if process::works(cargo().args(["nextest", "--version"])) {
        tests.args(["nextest", "run", "--no-fail-fast"]);
        if engine.is_some() {
            // those of an engine wait for builds and the network most of the time
            let processors = std::thread::available_parallelism().map_or(1, usize::from);
            tests.args(["--test-threads", &(2 * processors).to_string()]);
        }
    } else {
        tests.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    tests.args(["--workspace", "--all-features"]).args(options);
    reach(&mut tests);
    process::run(&mut tests)?;
    let mut examples = cargo();
    examples.args(["test", "--workspace", "--all-features", "--doc"]);
    reach(&mut examples);
    process::run(&mut examples)
}

fn engine(required: bool) -> Result<Option<Engine>> {
    let found = Engine::find().and_then(|engine| engine.bases(&["default"]).map(|()| engine));
    match found {
        Ok(engine) => {
            eprintln!("xtask: tests run with {}", engine.name());
            Ok(Some(engine))
        }
        Err(error) if required => Err(error),
        Err(error) => {
            eprintln!("xtask: tests that need a container engine will skip: {error:#}");
            Ok(None)
        }
    }
}

/// Points every engine's client at a socket that is not there.
fn hide_engines(command: &mut Command) {
    for variable in ["DOCKER_HOST", "CONTAINER_HOST"] {
        command.env(variable, "unix:///nonexistent/engine.sock");
    }
    command.env("JETTISON_TEST_WITHOUT_ENGINE", "1");
}
