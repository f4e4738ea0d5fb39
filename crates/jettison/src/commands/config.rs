//! `jettison config`: what holds for a file and where it was said; the schema of the file.

use std::path::Path;

use jettison_report::check::{ConfigReport, Setting, config_text};
use jettison_report::{json, text};

use crate::cli::{ConfigArgs, ConfigCommand, ConfigShowArgs};
use crate::config::{Finder, Given, Source, Values, keys, schema};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{self, shown};
use crate::terminal::stdout_style;

/// Runs the command.
pub fn run(args: &ConfigArgs, environment: &Environment) -> Result<u8, Failure> {
    match &args.command {
        ConfigCommand::Schema => output::stdout(&schema())?,
        ConfigCommand::Show(args) => show(args, environment)?,
    }
    Ok(0)
}

fn show(args: &ConfigShowArgs, environment: &Environment) -> Result<(), Failure> {
    output::one_on_stdout(&args.format)?;
    let cwd = std::env::current_dir().map_err(|error| Failure::new(format!("the working folder: {error}")))?;
    let given = args.config.clone().map_or(Given::Search, Given::File);
    let finder = Finder::new(given, &cwd, environment, Values::default());
    let path = if args.path.is_dir() { args.path.join("Dockerfile") } else { args.path.clone() };
    let values = finder.of(&path)?;
    let found = finder.folder(cwd.join(&path).parent().unwrap_or(Path::new("/")))?;
    let setting = |key: &keys::Key| {
        let (value, sources) = values.shown(key);
        let is_default = sources == [Source::Default];
        let sources = sources.iter().map(ToString::to_string).collect();
        Setting { name: key.name.to_owned(), value, sources, is_default, about: key.about.to_owned() }
    };
    let report = ConfigReport {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        path: shown(&path),
        files: found.files.clone(),
        settings: keys::KEYS.iter().map(setting).collect(),
        warnings: found.warnings.iter().chain(&finder.warnings).cloned().collect(),
        ..ConfigReport::default()
    };
    let style = stdout_style(environment);
    let plain = text::Style { color: false, ..style };
    output::write(&args.format, &|on_stdout| config_text(&report, if on_stdout { &style } else { &plain }), &|| {
        json::pretty(&report)
    })
}
