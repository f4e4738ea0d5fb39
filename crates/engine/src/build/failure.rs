//! Why a build failed: the line of the Dockerfile, the instruction, its exit code, and the line of the log that says most.

use super::log::{Line, Step};
use crate::BuildFailure;
use crate::errors::{disk_full, not_available, short_name, tidy};

/// How many of the failing step's last lines are searched for the cause.
const SEARCHED: usize = 400;

/// What a finished, failed build says about its cause.
pub(crate) fn explain(steps: &[Step], log: &[Line], dockerfile: &str) -> BuildFailure {
    let last_error = last_error(steps, log);
    let final_text = last_error.and_then(|at| log.get(at)).map(|line| line.text.as_str()).unwrap_or_default();
    let failing = failing_step(steps, final_text);
    let step = failing.and_then(|at| steps.get(at));
    let excerpt = excerpt(log);

    let own_error = step.and_then(|step| step.error.as_deref());
    let message = own_error.filter(|error| !error.is_empty()).map_or_else(|| fallback(log, last_error), tidy);
    let instruction =
        step.and_then(Step::instruction).map(str::to_string).or_else(|| excerpt.clone().map(|(_, text)| text));
    let line = excerpt.map(|(line, _)| line).or_else(|| parse_error_line(final_text));
    let everything = format!("{message}\n{final_text}");
    BuildFailure {
        line: line.or_else(|| instruction.as_deref().and_then(|text| locate(text, dockerfile))),
        exit_code: exit_code(&message).or_else(|| exit_code(final_text)),
        missing_base: step.and_then(|step| missing_base(step, &everything)),
        log_line: telling_line(log, failing, last_error),
        disk_full: log.iter().rev().take(SEARCHED).any(|line| disk_full(&line.text)) || disk_full(&message),
        timed_out: false,
        instruction,
        message: short_name(&everything).unwrap_or(message),
    }
}

/// The builder's own last word. Builders that only number instructions mix it with the output of the last one.
fn last_error(steps: &[Step], log: &[Line]) -> Option<usize> {
    let own = log.iter().rposition(|line| line.step.is_none() && is_error(&line.text));
    own.or_else(|| numbered_only(steps).then(|| log.iter().rposition(|line| !line.text.trim().is_empty())).flatten())
}

/// Whether the builder tells of nothing but instructions.
pub(crate) fn numbered_only(steps: &[Step]) -> bool {
    steps.iter().all(|step| step.instruction().is_some())
}

fn is_error(text: &str) -> bool {
    text.starts_with("ERROR: ") || text.starts_with("Error: ") || text.starts_with("error building at STEP")
}

/// The step whose error is the final one; else the first that failed by itself; else the one a failed build stopped in.
fn failing_step(steps: &[Step], final_text: &str) -> Option<usize> {
    let with_error = |step: &Step| step.error.is_some();
    let named = steps.iter().position(|step| step.error.as_deref().is_some_and(|error| final_text.contains(error)));
    named
        .or_else(|| steps.iter().position(with_error))
        .or_else(|| numbered_only(steps).then(|| steps.len().checked_sub(1)).flatten())
}

fn fallback(log: &[Line], last_error: Option<usize>) -> String {
    let at = last_error.or_else(|| log.iter().rposition(|line| !line.text.trim().is_empty()));
    at.and_then(|at| log.get(at)).map_or_else(|| "the builder gives no reason".to_string(), |line| tidy(&line.text))
}

/// BuildKit's excerpt: `Dockerfile:3`, a rule, numbered lines with `>>>` at the failing ones. Line and instruction.
fn excerpt(log: &[Line]) -> Option<(u32, String)> {
    let is_rule = |line: &Line| line.text.len() >= 8 && line.text.bytes().all(|byte| byte == b'-');
    let at = log.windows(2).rposition(|pair| match pair {
        [head, rule] => head.step.is_none() && is_rule(rule) && source_line(&head.text).is_some(),
        _ => false,
    })?;
    let line = source_line(&log.get(at)?.text)?;
    let body = log.get(at.checked_add(2)?..)?;
    let marked = body.iter().take_while(|line| !is_rule(line)).filter_map(|line| line.text.split_once(">>> "));
    let pieces: Vec<_> = marked.map(|(_, source)| source.trim().trim_end_matches('\\').trim()).collect();
    Some((line, pieces.join(" ")))
}

/// `some/Dockerfile:12` → 12
fn source_line(text: &str) -> Option<u32> {
    text.trim_end().rsplit_once(':')?.1.parse().ok()
}

/// `dockerfile parse error on line 2: unknown instruction: FOO`
fn parse_error_line(text: &str) -> Option<u32> {
    number_after(&text.to_lowercase(), "parse error on line ")
        .or_else(|| number_after(&text.to_lowercase(), "parse error line "))
}

fn exit_code(text: &str) -> Option<i32> {
    const MARKS: &[&str] = &["exit code: ", "non-zero code: ", "exit status "];
    MARKS.iter().find_map(|mark| number_after(text, mark))
}

fn number_after<N: std::str::FromStr>(text: &str, mark: &str) -> Option<N> {
    let rest = text.get(text.rfind(mark)?.checked_add(mark.len())?..)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// The image that could not be had, where the failing step is about getting one.
fn missing_base(step: &Step, text: &str) -> Option<String> {
    const LOADING: &[&str] = &["[internal] load metadata for ", "resolve image config for docker-image://"];
    if let Some(reference) = LOADING.iter().find_map(|prefix| step.title.strip_prefix(prefix)) {
        return Some(familiar(reference.trim()));
    }
    let words = step.instruction()?.strip_prefix("FROM ")?;
    if !not_available(text) || disk_full(text) {
        return None;
    }
    words.split_whitespace().find(|word| !word.starts_with("--")).map(familiar)
}

/// As people write it: Docker Hub's host and `library/` left out.
fn familiar(reference: &str) -> String {
    let short = reference.strip_prefix("docker.io/").unwrap_or(reference);
    short.strip_prefix("library/").unwrap_or(short).to_string()
}

/// The 1-based line where an instruction stands, for builders that do not say it: only if exactly one fits.
fn locate(instruction: &str, dockerfile: &str) -> Option<u32> {
    let wanted = squeeze(instruction);
    let mut found = None;
    let mut logical = String::new();
    let mut first = 0;
    for (index, raw) in dockerfile.lines().enumerate() {
        let line = raw.trim();
        if line.starts_with('#') || (line.is_empty() && !logical.is_empty()) {
            continue;
        }
        if logical.is_empty() {
            first = index;
        }
        let continued = line.strip_suffix('\\');
        logical.push_str(continued.unwrap_or(line));
        logical.push(' ');
        if continued.is_some() {
            continue;
        }
        if squeeze(&logical) == wanted && found.replace(first).is_some() {
            return None;
        }
        logical.clear();
    }
    u32::try_from(found?.checked_add(1)?).ok()
}

/// Compared without spacing and case of the keyword.
fn squeeze(instruction: &str) -> String {
    let mut words = instruction.split_whitespace();
    let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
    words.fold(keyword, |text, word| text + " " + word)
}

/// The line of the failing step's output that names the cause: the strongest word wins, of equals the first.
fn telling_line(log: &[Line], failing: Option<usize>, last_error: Option<usize>) -> usize {
    let own = log.iter().enumerate().rev().filter(|(_, line)| failing.is_some() && line.step == failing).take(SEARCHED);
    let best = own
        .filter(|(_, line)| weight(&line.text) > 0)
        .max_by_key(|(at, line)| (weight(&line.text), std::cmp::Reverse(*at)));
    let last_own = || log.iter().rposition(|line| failing.is_some() && line.step == failing);
    best.map(|(at, _)| at).or(last_error).or_else(last_own).unwrap_or_else(|| log.len().saturating_sub(1))
}

fn weight(line: &str) -> u8 {
    // The builder's own last word repeats the exit code and is not the cause.
    const OWN: &[&str] =
        &["ERROR: process \"", "The command '", "Error: building at STEP", "error building at STEP", "["];
    if OWN.iter().any(|own| line.starts_with(own)) {
        return 0;
    }
    let lower = line.to_lowercase();
    let any = |needles: &[&str]| needles.iter().any(|needle| lower.contains(needle));
    if any(&["no space left on device", "fatal error:", "fatal:", "undefined reference"]) {
        return 4;
    }
    if any(&[
        "no such file",
        "not found",
        "cannot find",
        "could not",
        "can't ",
        "unable to",
        "permission denied",
        "does not exist",
    ]) {
        return 3;
    }
    if any(&["error:", "error[", "err!", "exception", "panicked"]) {
        return 2;
    }
    u8::from(any(&["error", "failed", "failure", "denied", "invalid"]))
}
