//! jettison: give a Dockerfile, get a smaller, faster, safer one, with the proof. This file is the table of contents: arguments,
//! environment, one function a command, the exit code.

mod budgets;
mod check;
mod cli;
mod commands;
mod config;
mod convert;
mod environment;
mod failure;
mod files;
mod images;
mod input;
mod output;
mod targets;
mod terminal;
mod tui;
mod world;

use std::process::ExitCode;

use cli::{Cli, Command};
use environment::Environment;
use failure::Failure;

fn main() -> ExitCode {
    let environment = Environment::read();
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    // a second Ctrl-C finds the flag set already: cleaning up goes on either way; check makes nothing that would have to be removed
    let cleans_up = !matches!(&cli.command, Command::Check(args) if args.shellcheck.is_none());
    if cleans_up && let Err(error) = ctrlc::set_handler(jettison_engine::process::interrupt) {
        eprintln!("warning: Ctrl-C will not clean up: {error}");
    }
    let environment = environment.with_color(cli.global.color);
    match run(cli, &environment) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            terminal::say(&failure.text(&terminal::stderr_style(&environment)));
            ExitCode::from(failure.code)
        }
    }
}

fn run(cli: Cli, environment: &Environment) -> Result<u8, Failure> {
    match cli.command {
        Command::Optimize(args) => commands::optimize::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::Verify(args) => commands::verify::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::Check(args) => commands::check::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::Explain(args) => commands::explain::run(&args, environment),
        Command::Rules(args) => commands::rules::run(&args, environment),
        Command::Config(args) => commands::config::run(&args, environment),
        Command::Analyze(args) => commands::analyze::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::History(args) => commands::history::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::Inspect(args) => commands::inspect::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::Diff(args) => commands::diff::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::Explore(args) => commands::explore::run(&args, environment),
        Command::Why(args) => commands::why::run(&args, cli.global.quiet, cli.global.verbose, environment),
        Command::Completions(args) => commands::completions::run(args.shell),
        Command::CompleteImages => commands::completions::images(),
        Command::Man => commands::man::run(),
        Command::Debug(args) => commands::debug::run(&args),
        Command::Probe(args) => Ok(u8::try_from(jettison_verify::behaviour::probe_main(&args.args)).unwrap_or(2)),
    }
}
