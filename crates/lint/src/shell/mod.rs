//! What is wrong with the scripts inside of instructions, under ShellCheck's codes: found by our own judge (the crate `shell`, with
//! the feature of that name), or by ShellCheck itself where the binary hands it in. Which findings make sense in a Dockerfile is
//! decided here, for both alike.

mod catalogue;
mod script;
mod sense;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::ops::Range;

use jettison_dockerfile::Dockerfile;
use jettison_facts::World;
use jettison_model::Severity;

use crate::profile;
use crate::settings::Settings;
use crate::sheet::{Found, Scripts, Sheet, Sink};

pub(crate) use catalogue::{is_code, named, rules};
use script::Placed;
pub use script::{ShellDialect, ShellScript};

/// One thing that is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellFinding {
    /// ShellCheck's number: 2086.
    pub code: u16,
    /// As grave as the judge says; none: as grave as the code is.
    pub severity: Option<Severity>,
    /// Bytes of the script.
    pub range: Range<usize>,
    /// What is wrong, in one clause.
    pub message: String,
}

/// Somebody else who judges scripts: ShellCheck, run by the binary.
pub trait Shellcheck: Debug + Send + Sync {
    /// What is wrong with each of the scripts, in their order.
    fn judge(&self, scripts: &[&ShellScript]) -> Vec<Vec<ShellFinding>>;
}

/// The scripts of a file, for a judge that wants those of many files at once.
pub fn shell_scripts(dockerfile: &Dockerfile, world: &dyn World, settings: &Settings) -> Vec<ShellScript> {
    if !is_wanted(settings) {
        return Vec::new();
    }
    let scripts = Scripts::parse(dockerfile);
    let sheet = Sheet::new(dockerfile, &scripts, world, settings);
    script::of(&sheet).into_iter().map(|placed| placed.script).collect()
}

/// Judges the scripts of a file.
pub(crate) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    if !is_wanted(sheet.settings) {
        return;
    }
    let scripts = script::of(sheet);
    if scripts.is_empty() {
        return;
    }
    match &sheet.settings.shellcheck {
        Some(judge) => {
            let whole: Vec<&ShellScript> = scripts.iter().map(|placed| &placed.script).collect();
            scripts.iter().zip(judge.judge(&whole)).for_each(|(placed, found)| tell(placed, found, sheet, sink));
        }
        None => scripts.iter().for_each(|placed| tell(placed, own(&placed.script), sheet, sink)),
    }
}

/// Whether any code would be said.
fn is_wanted(settings: &Settings) -> bool {
    rules().any(|rule| profile::severity(settings, rule, None).is_some()) || settings.shellcheck.is_some()
}

fn tell(placed: &Placed<'_, '_>, found: Vec<ShellFinding>, sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let mut told = BTreeSet::new();
    for finding in found {
        let rule = catalogue::of_code(finding.code);
        let severity = finding.severity.unwrap_or(rule.severity);
        if !sense::makes_sense(finding.code, severity, placed, sheet) || !sink.begin(rule) {
            continue;
        }
        let Some(span) = placed.span(&finding.range) else { continue };
        if told.insert((finding.code, span)) {
            sink.push(Found::at(placed.step, span, finding.message).severity(severity));
        }
    }
}

#[cfg(feature = "shell")]
fn own(script: &ShellScript) -> Vec<ShellFinding> {
    use jettison_shell::{Dialect, judge};
    let dialect = match script.dialect {
        ShellDialect::Sh => Dialect::Sh,
        ShellDialect::Bash => Dialect::Bash,
        ShellDialect::Ksh => Dialect::Ksh,
    };
    let found = judge(&script.text, dialect).into_iter();
    found.map(|one| ShellFinding { code: one.code, severity: None, range: one.range, message: one.message }).collect()
}

#[cfg(not(feature = "shell"))]
fn own(_script: &ShellScript) -> Vec<ShellFinding> {
    Vec::new()
}
