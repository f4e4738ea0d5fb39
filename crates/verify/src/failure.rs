//! From what an engine says to what the search understands: errors that end the run, convictions that drop a step.

use std::collections::BTreeSet;

use jettison_engine::{BuildFailure, BuildOutcome, Error};
use jettison_optimize::{Conviction, ProveError};

use crate::{behaviour, telling_line};

/// Lines of a log that are shown with an error.
const LAST_LINES: usize = 12;

/// An engine's error ends the run: it is never a verdict about a candidate.
pub(crate) fn engine(error: Error) -> ProveError {
    match error {
        Error::Interrupted => ProveError::Interrupted,
        Error::NotFound { reference, reason } => ProveError::BaseUnavailable { reference, reason, line: None },
        Error::RateLimited { reference } => ProveError::BaseUnavailable {
            reference,
            reason: "the registry's pull limit is reached; log in, or try again later".to_owned(),
            line: None,
        },
        Error::NoEngine { .. } => other(error.to_string(), Some("install one, or run with --no-verify")),
        error => other(error.to_string(), None),
    }
}

/// What went wrong while looking at an image.
pub(crate) fn observing(error: behaviour::Error) -> ProveError {
    match error {
        behaviour::Error::Engine(error) => engine(error),
        error => other(error.to_string(), None),
    }
}

/// Reading or writing our own files failed.
pub(crate) fn io(what: &str, error: &std::io::Error) -> ProveError {
    let full = error.kind() == std::io::ErrorKind::StorageFull;
    other(format!("{what}: {error}"), full.then_some("df -h"))
}

/// Anything else.
pub(crate) fn other(message: String, next: Option<&str>) -> ProveError {
    ProveError::Other { message, next: next.map(str::to_owned) }
}

/// A failed build of the original. `next` is the command that shows the same.
pub(crate) fn baseline_build(outcome: &BuildOutcome, next: &str) -> ProveError {
    let failure = outcome.failure.clone().unwrap_or_default();
    if let Some(ended) = ends_the_run(&failure) {
        return ended;
    }
    if let Some(reference) = failure.missing_base {
        return ProveError::BaseUnavailable { reference, reason: failure.message, line: failure.line };
    }
    if failure.timed_out {
        let message = "the build of the original was stopped by the build time limit".to_owned();
        return other(message, Some(next));
    }
    let cause = match failure.exit_code {
        Some(code) => format!("exit code {code}"),
        None if failure.message.is_empty() => "the build failed".to_owned(),
        None => failure.message.clone(),
    };
    let log = around(&outcome.log, failure.log_line);
    ProveError::BaselineBuild { line: failure.line, instruction: failure.instruction, cause, log }
}

/// Failures that say nothing about what was built.
pub(crate) fn ends_the_run(failure: &BuildFailure) -> Option<ProveError> {
    let full = || other("the engine has no space left on its disk".to_owned(), Some("docker system df"));
    failure.disk_full.then(full)
}

/// Whether a build failed because something could not be fetched just then, or because the engine could not connect a step to
/// its network, which says nothing about what was built.
pub(crate) fn is_the_networks(outcome: &BuildOutcome) -> bool {
    const SIGNS: [&str; 19] = [
        "unable to connect to",
        "could not connect to",
        "network is unreachable",
        "no route to host",
        "temporary failure resolving",
        "temporary failure in name resolution",
        "could not resolve host",
        "connection timed out",
        "connection reset by peer",
        "tls handshake timeout",
        "i/o timeout",
        "read timed out",
        "etimedout",
        "econnreset",
        "eai_again",
        "502 bad gateway",
        "503 service unavailable",
        "504 gateway time",
        "failed to create endpoint",
    ];
    let failed = !outcome.success && outcome.failure.as_ref().is_none_or(|failure| !failure.timed_out);
    let says = |line: &String| SIGNS.iter().any(|sign| line.to_ascii_lowercase().contains(sign));
    failed && outcome.log.iter().rev().take(40).any(says)
}

/// The lines up to the one that says most, without empty ones.
fn around(log: &[String], telling: usize) -> Vec<String> {
    let end = telling.saturating_add(1).min(log.len());
    let upto = log.get(..end).unwrap_or_default();
    let mut lines: Vec<String> =
        upto.iter().rev().filter(|line| !line.trim().is_empty()).take(LAST_LINES).cloned().collect();
    lines.reverse();
    lines
}

/// A failed build of a candidate: what convicts it.
pub(crate) fn build_conviction(outcome: &BuildOutcome, log_name: &str) -> Conviction {
    let failure = outcome.failure.clone().unwrap_or_default();
    let reason = match (&failure.missing_base, failure.timed_out, failure.exit_code, &failure.instruction) {
        (Some(base), ..) => format!("base image `{base}` is not available"),
        (_, true, ..) => "the build took longer than the build time limit".to_owned(),
        (.., Some(code), Some(instruction)) => format!("`{}` ended with exit code {code}", shortened(instruction)),
        (.., Some(instruction)) => format!("`{}` failed: {}", shortened(instruction), failure.message),
        _ if failure.message.is_empty() => "the build failed".to_owned(),
        _ => failure.message.clone(),
    };
    let named = (failure.log_line < outcome.log.len()).then_some(failure.log_line);
    let at = named.or_else(|| telling_line(&outcome.log));
    convict("build", reason, log_name, &outcome.log, at)
}

/// What the log `(name, text)` of a run convicts of. Lines that the `usual` log has too say nothing, whatever numbers stand in
/// them, and neither do those about our own request for a path that nobody has.
pub(crate) fn run_conviction(phase: &str, reason: String, (name, log): (&str, &str), usual: &str) -> Conviction {
    let known: BTreeSet<String> = usual.lines().map(without_numbers).collect();
    let says_nothing = |line: &str| line.contains(behaviour::MISSING_PATH) || known.contains(&without_numbers(line));
    let lines: Vec<&str> = log.lines().map(|line| if says_nothing(line) { "" } else { line }).collect();
    let at = telling_line(&lines);
    convict(phase, reason, name, &lines, at)
}

fn without_numbers(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// A conviction that needs no log.
pub(crate) fn plain(phase: &str, reason: String) -> Conviction {
    Conviction { phase: phase.to_owned(), reason, log: None, line: None }
}

fn convict<S: AsRef<str>>(phase: &str, reason: String, log_name: &str, log: &[S], at: Option<usize>) -> Conviction {
    let line = at.and_then(|at| log.get(at)).map(|line| line.as_ref().trim().to_owned());
    let log = at.map(|at| (log_name.to_owned(), at + 1));
    Conviction { phase: phase.to_owned(), reason, log, line }
}

/// An instruction's first line, at most 80 characters of it.
fn shortened(instruction: &str) -> String {
    let first = instruction.lines().next().unwrap_or_default();
    match first.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", first.get(..end).unwrap_or(first)),
        None => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(failure: BuildFailure) -> BuildOutcome {
        let log = ["#5 RUN npm ci", "#5 npm ERR! missing", "", "#5 ERROR: exit code 1"].map(str::to_owned).to_vec();
        BuildOutcome { log, failure: Some(failure), ..BuildOutcome::default() }
    }

    #[test]
    fn names_log_and_line_of_a_failed_build() {
        let failure = BuildFailure {
            instruction: Some("RUN npm ci".to_owned()),
            exit_code: Some(1),
            log_line: 1,
            ..BuildFailure::default()
        };
        let conviction = build_conviction(&outcome(failure), "builds/4");
        assert_eq!(conviction.log, Some(("builds/4".to_owned(), 2)));
        assert_eq!(conviction.line.as_deref(), Some("#5 npm ERR! missing"));
        assert_eq!(conviction.reason, "`RUN npm ci` ended with exit code 1");
    }

    #[test]
    fn a_registry_that_does_not_answer_is_told_from_a_build_that_fails() {
        let log = |line: &str| BuildOutcome { log: vec![line.to_owned()], ..BuildOutcome::default() };
        assert!(is_the_networks(&log("#7 E: Temporary failure resolving 'deb.debian.org'")));
        assert!(is_the_networks(&log(
            "#8 W: Failed to fetch http://a/Packages  Unable to connect to a:http: [IP: 1.2.3.4 80]"
        )));
        assert!(is_the_networks(&log("npm ERR! code ETIMEDOUT")));
        assert!(!is_the_networks(&log("make: *** [all] Error 2")));
        assert!(is_the_networks(&log("failed to create endpoint x on network bridge: adding interface y failed")));
        let timed_out = BuildFailure { timed_out: true, ..BuildFailure::default() };
        assert!(!is_the_networks(&BuildOutcome { failure: Some(timed_out), ..log("read timed out") }));
    }

    #[test]
    fn what_the_original_says_too_is_no_evidence() {
        let usual = "12:00 error: cache is cold\nready\n";
        let log = "12:01 error: cache is cold\nOSError: disk\n[error] open /jettison-no-such-path-7f3a: No such file or directory\n";
        let conviction = run_conviction("answers", String::new(), ("runs/2", log), usual);
        assert_eq!(
            (conviction.log, conviction.line.as_deref()),
            (Some(("runs/2".to_owned(), 2)), Some("OSError: disk"))
        );
        assert_eq!(run_conviction("answers", String::new(), ("runs/2", usual), usual).log, None);
    }

    #[test]
    fn an_original_that_does_not_build_shows_line_and_log() {
        let failure = BuildFailure { line: Some(7), exit_code: Some(1), log_line: 3, ..BuildFailure::default() };
        match baseline_build(&outcome(failure), "docker build .") {
            ProveError::BaselineBuild { line, cause, log, .. } => {
                assert_eq!((line, cause.as_str(), log.len()), (Some(7), "exit code 1", 3));
            }
            error => panic!("{error}"),
        }
    }

    #[test]
    fn a_missing_base_and_a_full_disk_are_told_apart_from_a_bad_file() {
        let missing = BuildFailure { missing_base: Some("nope:1".to_owned()), ..BuildFailure::default() };
        assert!(matches!(baseline_build(&outcome(missing), ""), ProveError::BaseUnavailable { .. }));
        let full = BuildFailure { disk_full: true, ..BuildFailure::default() };
        assert!(matches!(baseline_build(&outcome(full), ""), ProveError::Other { .. }));
    }
}
