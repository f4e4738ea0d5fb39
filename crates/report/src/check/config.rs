//! The document of `jettison config show`: every setting, and where it was said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::SCHEMA_VERSION;
use crate::text::{Cell, Paint, Style, harmless, wrapped};

/// What holds for a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfigReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `config show`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// For which file.
    pub path: String,
    /// The configuration files that were read, the nearest first.
    pub files: Vec<String>,
    /// All settings, in the order of the documentation.
    pub settings: Vec<Setting>,
    /// What was not understood.
    pub warnings: Vec<String>,
}

/// One setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// As it is written below `[check]`.
    pub name: String,
    /// As TOML; empty where nothing is said and there is no default.
    pub value: String,
    /// `jettison.toml:4`, `$HADOLINT_IGNORE`, `--ignore` or `default`; several where a list comes from several.
    pub sources: Vec<String>,
    /// Nobody said it.
    pub is_default: bool,
    /// One sentence.
    pub about: String,
}

impl Default for ConfigReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "config show".to_owned(),
            jettison_version: String::new(),
            path: String::new(),
            files: Vec::new(),
            settings: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// For people.
pub fn config_text(report: &ConfigReport, style: &Style) -> String {
    let files = if report.files.is_empty() { "no configuration file".to_owned() } else { report.files.join(", ") };
    let head = format!("   {}: {}\n\n", harmless(&report.path), harmless(&files));
    let row = |setting: &Setting| {
        let value = if setting.value.is_empty() { "–".to_owned() } else { harmless(&setting.value) };
        let paint = if setting.is_default { Paint::Dim } else { Paint::Plain };
        let sources = harmless(&setting.sources.join(", "));
        vec![
            Cell::left(&setting.name).painted(paint),
            Cell::left(value).painted(paint),
            Cell::left(sources).painted(Paint::Dim),
        ]
    };
    let rows: Vec<Vec<Cell>> = report.settings.iter().map(row).collect();
    let warnings: String = report.warnings.iter().map(|warning| format!("   {}\n", harmless(warning))).collect();
    let gap = if warnings.is_empty() { "" } else { "\n" };
    format!("{head}{}{gap}{warnings}", wrapped(&rows, 1, style))
}
