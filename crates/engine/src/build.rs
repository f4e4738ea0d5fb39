//! One build: runs the builder's command, reads its progress, and makes a [`BuildOutcome`] of it.

mod failure;
mod log;
mod plain;
mod rawjson;
mod steps;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::process::{Command, End, Masker, looks_secret};
use crate::{BuildFailure, BuildOutcome, BuildRequest, BuildStep, Error, RUN_LABEL, errors};
use log::{Line, Log, Step};

/// Reads a builder's output.
pub(crate) trait Progress {
    /// A line, `at` so long after the start.
    fn line(&mut self, raw: &str, at: Duration, log: &mut Log<'_>);
    /// There is no more.
    fn end(&mut self, at: Duration, log: &mut Log<'_>);
}

/// The shapes of progress there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// BuildKit's JSON.
    RawJson,
    /// BuildKit's text.
    Plain,
    /// Numbered instructions: classic docker, podman, buildah.
    Steps,
}

impl Format {
    fn reader(self) -> Box<dyn Progress> {
        match self {
            Format::RawJson => Box::<rawjson::RawJson>::default(),
            Format::Plain => Box::<plain::Plain>::default(),
            Format::Steps => Box::<steps::Steps>::default(),
        }
    }
}

pub(crate) use plain::size;

/// The options that every builder has and spells alike.
pub(crate) fn common_args(mut command: Command, request: &BuildRequest) -> Command {
    command = command.arg("-f").arg(&request.dockerfile);
    let mut option = |name: &str, value: &str| command = command.clone().arg(name).arg(value);
    option("-t", &request.tag);
    if !request.run.is_empty() {
        option("--label", &format!("{RUN_LABEL}={}", request.run));
    }
    for (name, value) in &request.labels {
        option("--label", &format!("{name}={value}"));
    }
    for (name, value) in [("--target", &request.target), ("--platform", &request.platform)] {
        if let Some(value) = value {
            option(name, value);
        }
    }
    let lists = [("--build-context", &request.build_contexts), ("--secret", &request.secrets), ("--ssh", &request.ssh)];
    for (name, values) in lists {
        values.iter().for_each(|value| option(name, value));
    }
    for (name, value) in &request.build_args {
        option("--build-arg", &value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}")));
    }
    command
}

/// Secrets and the time limit.
pub(crate) fn finish(mut command: Command, request: &BuildRequest) -> Command {
    for (name, value) in &request.build_args {
        if let Some(value) = value.as_deref().filter(|_| looks_secret(name)) {
            command = command.secret(value);
        }
    }
    if let Some(limit) = request.time_limit {
        command = command.time_limit(limit);
    }
    command
}

/// The ignore file in force that is not the context's own: the one given, else the one beside the Dockerfile.
pub(crate) fn ignore_file(request: &BuildRequest) -> Option<PathBuf> {
    if request.ignore_file.is_some() {
        return request.ignore_file.clone();
    }
    let mut beside = request.dockerfile.clone().into_os_string();
    beside.push(".dockerignore");
    Some(PathBuf::from(beside)).filter(|path| path.is_file())
}

/// Hides the values of build arguments whose name looks secret.
pub(crate) fn masker(request: &BuildRequest) -> Masker {
    let mut masker = Masker::default();
    for (name, value) in &request.build_args {
        if let Some(value) = value.as_deref().filter(|_| looks_secret(name)) {
            masker.add(value);
        }
    }
    masker
}

/// Runs the build. An engine that cannot be used and the pull limit are errors; everything else is an outcome.
pub(crate) fn drive(
    engine: &str,
    command: &Command,
    format: Format,
    request: &BuildRequest,
    on_line: &mut dyn FnMut(&str),
) -> Result<BuildOutcome, Error> {
    let started = Instant::now();
    let mut log = Log::new(masker(request), on_line);
    let mut reader = format.reader();
    let end = command.lines(&mut |line| reader.line(line, started.elapsed(), &mut log))?;
    reader.end(started.elapsed(), &mut log);
    let seconds = started.elapsed().as_secs_f64();
    let (steps, lines, context_bytes) = log.into_parts();
    let mut outcome = figures(&steps, context_bytes);
    outcome.seconds = seconds;
    outcome.success = end.success();
    if !outcome.success {
        let failure = failure_of(engine, end, &steps, &lines, request)?;
        outcome.failure = Some(failure);
    }
    outcome.log = lines.into_iter().map(|line| line.text).collect();
    Ok(outcome)
}

fn figures(steps: &[Step], context_bytes: Option<u64>) -> BuildOutcome {
    let counted = || steps.iter().filter(|step| step.counts() && step.started);
    let shown = |step: &Step| BuildStep {
        title: step.title.clone(),
        seconds: step.time.map(|time| time.as_secs_f64()),
        cached: step.cached,
    };
    BuildOutcome {
        context_bytes,
        executed: counted().filter(|step| !step.cached).count(),
        cached: counted().filter(|step| step.cached).count(),
        steps: counted().map(shown).collect(),
        ..BuildOutcome::default()
    }
}

fn failure_of(
    engine: &str,
    end: End,
    steps: &[Step],
    lines: &[Line],
    request: &BuildRequest,
) -> Result<BuildFailure, Error> {
    if end == End::TimedOut {
        let limit = request.time_limit.unwrap_or_default().as_secs();
        let running = steps.iter().rposition(|step| step.started && !step.cached && step.counts());
        return Ok(BuildFailure {
            message: format!("the build took longer than its limit of {limit} s"),
            instruction: running.and_then(|at| steps.get(at)?.instruction()).map(str::to_string),
            log_line: lines.len().saturating_sub(1),
            timed_out: true,
            ..BuildFailure::default()
        });
    }
    let dockerfile = std::fs::read(&request.dockerfile).unwrap_or_default();
    let failure = failure::explain(steps, lines, &String::from_utf8_lossy(&dockerfile));
    let last = lines.len().saturating_sub(1);
    let own = lines.iter().enumerate().filter(|(at, line)| line.step.is_none() || *at == last);
    let own_words: String = own.map(|(_, line)| line.text.clone() + "\n").collect();
    if let Some(error) = errors::unusable(engine, &own_words) {
        return Err(error);
    }
    let fetching = failure.missing_base.clone();
    if let Some(reference) = fetching
        && (errors::rate_limited(&failure.message) || errors::rate_limited(&own_words))
    {
        return Err(Error::RateLimited { reference });
    }
    Ok(failure)
}

#[cfg(test)]
#[path = "build/tests.rs"]
mod tests;
