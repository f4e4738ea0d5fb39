//! One file from its bytes to its part of the report: read, check, fix, check again, leave out what is known.

use std::path::Path;
use std::sync::Arc;

use jettison_dockerfile::Dockerfile;
use jettison_facts::{Nowhere, World};
use jettison_lint::{Fixed, Outcome, Settings, ShellScript, Shellcheck, fix, shell_scripts};
use jettison_model::FixSafety;
use jettison_report::check::{CheckedFile, Confidence, Finding, Severity};
use jettison_report::diff;

use super::baseline::Baseline;
use super::builds::{self, Build};
use super::document::Judged;
use super::embedded::Embedded;
use super::jobs::{Content, Job};
use super::named;
use super::pins::{Pinned, Pins};
use super::world::Contexts;
use crate::config::{self, Finder, Values};
use crate::files::{self, Change};
use crate::input::inside;

/// What a run asks of every file.
pub struct Checker<'a> {
    /// Who knows the configuration.
    pub finder: &'a Finder,
    /// What the command line says of every build.
    pub given: Build,
    /// Fixes up to this are applied.
    pub allowed: Option<FixSafety>,
    /// Fixed files are written.
    pub writes: bool,
    /// Known findings.
    pub baseline: Option<&'a Baseline>,
    /// Digests of tags, where they are wanted.
    pub pins: Option<&'a Pins>,
    /// Who judges scripts, where it is not us.
    pub shellcheck: Option<Arc<dyn Shellcheck>>,
    /// Today, `2026-11-21`.
    pub today: String,
    contexts: Contexts,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Its part of the report.
    pub file: CheckedFile,
    /// The exit code has to say that something was found.
    pub fails: bool,
    /// What the fixes change, as a unified diff.
    pub diff: String,
    /// The fixed text, where it differs.
    pub fixed: Option<Vec<u8>>,
    /// Known findings that were left out.
    pub in_baseline: u64,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl<'a> Checker<'a> {
    /// A checker that only looks.
    pub fn new(finder: &'a Finder, given: Build, today: String) -> Self {
        Self {
            finder,
            given,
            allowed: None,
            writes: false,
            baseline: None,
            pins: None,
            shellcheck: None,
            today,
            contexts: Contexts::default(),
        }
    }

    /// Checks one file.
    pub fn check(&self, job: &Job) -> Done {
        self.try_check(job).unwrap_or_else(|why| unreadable(job, &why))
    }

    /// The scripts of one file as it stands.
    pub fn scripts(&self, job: &Job) -> Vec<ShellScript> {
        let (Ok(source), Ok(values)) = (job.read(), self.finder.of(&job.path)) else { return Vec::new() };
        let (settings, world) = self.surroundings(job, &values);
        shell_scripts(&jettison_dockerfile::parse(source), world.as_deref().unwrap_or(&Nowhere), &settings)
    }

    fn try_check(&self, job: &Job) -> Result<Done, String> {
        let source = job.read()?;
        let values = self.finder.of(&job.path).map_err(|failure| match failure.place {
            Some(place) => format!("{place}: {}", failure.what),
            None => failure.what,
        })?;
        let (settings, world) = self.surroundings(job, &values);
        let world: &dyn World = world.as_deref().unwrap_or(&Nowhere);
        let pinned = self.pins.map(|pins| Pinned { inner: world, pins });
        let world = pinned.as_ref().map_or(world, |pinned| pinned);
        let path = named(&job.path);
        let mut done = Done::default();
        let fixed = self.fixed(job, &source, world, &settings, &path, &mut done)?;
        let dockerfile = jettison_dockerfile::parse(fixed.unwrap_or(source));
        let outcome = jettison_lint::check(&dockerfile, world, &settings);
        let count = done.file.fixed;
        done.file = CheckedFile { fixed: count, ..file(job, &path, &dockerfile, &outcome) };
        if let Some(baseline) = self.baseline {
            done.in_baseline = baseline.take_out(&job.path, &mut done.file);
        }
        done.fails = fails(&done.file.findings, &values, outcome.fail_on_any);
        Ok(done)
    }

    /// What is known of the file's builds.
    fn surroundings(&self, job: &Job, values: &Values) -> (Settings, Option<Box<dyn World>>) {
        let mut settings = config::settings(values);
        settings.today = Some(self.today.clone());
        settings.shellcheck = self.shellcheck.clone();
        if self.pins.is_some() {
            settings.selected.extend(jettison_lint::named("loose-base-pin/digest"));
        }
        builds::apply(&job.builds, &mut settings);
        self.given.clone().over(&mut settings);
        let context = self.given.context.as_deref().or_else(|| builds::context(&job.builds)).or(job.context.as_deref());
        let Some(context) = context else { return (settings, None) };
        let is_file = matches!(job.content, Content::Disk);
        settings.path = inside(context, &job.path).filter(|_| is_file).map(|path| named(&path));
        let world = self.contexts.of(context, is_file.then_some(job.path.as_path()));
        (settings, Some(Box::new(world)))
    }

    /// The text after its fixes, where they are to be written; what they change is told in `done`.
    fn fixed(
        &self,
        job: &Job,
        source: &[u8],
        world: &dyn World,
        settings: &Settings,
        path: &str,
        done: &mut Done,
    ) -> Result<Option<Vec<u8>>, String> {
        let Some(allowed) = self.allowed.filter(|_| !matches!(job.content, Content::Inline(..))) else {
            return Ok(None);
        };
        let Fixed { bytes, applied, discarded } = fix(source, world, settings, allowed);
        done.warnings.extend(discarded.iter().map(|fix| {
            format!(
                "{path}:{}: the fix of {} was left out, it would break the file: {} (please report this)",
                fix.line, fix.rule, fix.reason
            )
        }));
        if bytes == source {
            return Ok(None);
        }
        done.file.fixed = applied.len() as u64;
        done.diff = diff::unified(path, Some(source), &bytes);
        done.fixed = Some(bytes.clone());
        if !self.writes {
            return Ok(None);
        }
        if matches!(job.content, Content::Disk) {
            write(&job.path, source, &bytes)?;
        }
        Ok(Some(bytes))
    }
}

/// Replaces the file, unless somebody else has changed it meanwhile.
fn write(path: &Path, before: &[u8], after: &[u8]) -> Result<(), String> {
    if std::fs::read(path).ok().as_deref() != Some(before) {
        return Err("it changed while it was worked on, so it was not written".to_owned());
    }
    let change = Change { path: path.to_owned(), before: Some(before.to_vec()), after: Some(after.to_vec()) };
    files::put(&change).map_err(|failure| failure.what)
}

fn file(job: &Job, path: &str, dockerfile: &Dockerfile, outcome: &Outcome) -> CheckedFile {
    let Content::Inline(text, place) = &job.content else {
        return Judged { path, dockerfile, within: None }.file(outcome);
    };
    let around = std::fs::read_to_string(&job.path).unwrap_or_default();
    let embedded = Embedded::new(&around, text, place.line);
    Judged { path, dockerfile, within: Some((around.as_bytes(), &embedded)) }.file(outcome)
}

/// A file of which nothing can be said but why.
pub(super) fn unreadable(job: &Job, why: &str) -> Done {
    let file = CheckedFile { path: named(&job.path), error: Some(why.to_owned()), ..CheckedFile::default() };
    Done { file, ..Done::default() }
}

/// Whether the findings make the exit code 1. A guess does so only on request.
fn fails(findings: &[Finding], values: &Values, on_any: bool) -> bool {
    let Some(least) = config::fail_on(values).map(Severity::from) else { return false };
    let strict = values.is_on("strict");
    let counts = |finding: &Finding| strict || finding.confidence != Confidence::Guess;
    findings.iter().any(|finding| counts(finding) && (on_any || finding.severity >= least))
}

impl Done {
    /// A file on which the program itself failed.
    pub fn broken(job: &Job) -> Self {
        unreadable(job, "jettison failed on this file, which is a fault of jettison; please report it")
    }
}
