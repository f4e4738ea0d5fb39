//! A candidate's behaviour held against the original's: one check each, and the level reached. DESIGN §6, *Levels*.

use jettison_optimize::Check;

use super::mask::{AnswerMask, Body, BodyMask, Mask, by_key, key, last_line, location, media_type, output};
use crate::telling_line;

use super::{Answer, Behaviour, MISSING_PATH, json, text};

/// The level (1 to 4) that `candidate` reaches, and every check. Guessed paths that the original answers like any path are only
/// shown where the candidate does not. A check that the original fails in the same way counts as
/// passed, but never as evidence for level 4.
pub fn compare(baseline: &Behaviour, candidate: &Behaviour, mask: &Mask) -> (u8, Vec<Check>) {
    let mut checks = vec![starts(baseline, candidate, mask)];
    if baseline.started && !baseline.stayed_up && !mask.start && all_passed(&checks) {
        checks.push(output_check(baseline, candidate, mask));
    }
    let level = level(baseline, candidate, mask, &mut checks);
    if all_passed(&checks) {
        checks.extend(health(baseline, candidate, mask));
    }
    checks.extend(logs(baseline, candidate));
    (level, checks)
}

fn level(baseline: &Behaviour, candidate: &Behaviour, mask: &Mask, checks: &mut Vec<Check>) -> u8 {
    if !all_passed(checks) || !baseline.started || mask.start {
        return 1;
    }
    if !baseline.probed {
        return 2;
    }
    checks.extend(ports(baseline, candidate, mask));
    if !all_passed(checks) || baseline.ports.is_empty() {
        return 2;
    }
    checks.extend(answers(baseline, candidate, mask));
    if all_passed(checks) && evidence(baseline, mask) > 0 { 4 } else { 3 }
}

/// The highest level that any candidate could reach against this original, and what will therefore not be checked.
pub fn reachable(baseline: &Behaviour, mask: &Mask) -> (u8, Vec<String>) {
    let (level, _) = compare(baseline, baseline, mask);
    let reason = match level {
        1 if mask.start => "the original starts differently from run to run",
        1 => "the original cannot be started",
        2 if baseline.started && !baseline.stayed_up => {
            "the original ends by itself: its exit code and output are compared"
        }
        2 if !baseline.probed => "ports and answers could not be looked at",
        2 => "the original listens on no port",
        3 if baseline.answers.iter().all(|answer| answer.status.is_none()) => "no port speaks HTTP",
        3 => "no probe got a page of its own from the original",
        _ => return (level, Vec::new()),
    };
    (level, vec![reason.to_owned()])
}

fn all_passed(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.passed)
}

fn check(name: &str, outcome: Result<String, String>) -> Check {
    let passed = outcome.is_ok();
    let (Ok(detail) | Err(detail)) = outcome;
    Check { name: name.to_owned(), passed, detail }
}

fn starts(baseline: &Behaviour, candidate: &Behaviour, mask: &Mask) -> Check {
    let same = (baseline.started, baseline.stayed_up, baseline.exit_code)
        == (candidate.started, candidate.stayed_up, candidate.exit_code);
    let outcome = if mask.start {
        Ok("not compared: the original starts differently from run to run".to_owned())
    } else if same {
        Ok(how(candidate))
    } else {
        Err(format!("{} instead of {}", with_cause(candidate), how(baseline)))
    };
    check("starts", outcome)
}

fn how(behaviour: &Behaviour) -> String {
    match (behaviour.started, behaviour.stayed_up, behaviour.exit_code) {
        (false, ..) => "cannot be started".to_owned(),
        (_, true, _) => "stays up".to_owned(),
        (_, _, Some(code)) => format!("ends with exit code {code}"),
        _ => "ends".to_owned(),
    }
}

fn with_cause(behaviour: &Behaviour) -> String {
    match behaviour.error.as_deref().or(telling(&behaviour.logs)) {
        Some(cause) => format!("{} ({cause})", how(behaviour)),
        None => how(behaviour),
    }
}

fn telling(output: &str) -> Option<&str> {
    let lines: Vec<&str> = output.lines().map(str::trim).collect();
    telling_line(&lines).and_then(|at| lines.get(at).copied())
}

/// Where the original is healthy the candidate must be. An original that is not healthy here says nothing.
fn health(baseline: &Behaviour, candidate: &Behaviour, mask: &Mask) -> Option<Check> {
    let healthy = baseline.health.as_ref().is_some_and(|health| health.exit_code == Some(0));
    if !healthy || mask.health {
        return None;
    }
    let outcome = match &candidate.health {
        Some(health) if health.exit_code == Some(0) => Ok("exit code 0".to_owned()),
        Some(health) => {
            let code = health.exit_code.map_or("no end in time".to_owned(), |code| format!("exit code {code}"));
            let cause = telling(&health.output).map(|line| format!(" ({line})")).unwrap_or_default();
            Err(format!("{code}{cause} instead of exit code 0"))
        }
        None => Err("the image has lost it".to_owned()),
    };
    Some(check("healthcheck", outcome))
}

/// Of a program that ends by itself: the whole output if it succeeded, else the last line, which says why not.
fn output_check(baseline: &Behaviour, candidate: &Behaviour, mask: &Mask) -> Check {
    let sorted = |behaviour: &Behaviour| {
        let mut lines: Vec<String> = behaviour.logs.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let outcome = if sorted(baseline) == sorted(candidate) {
        Ok("same output".to_owned())
    } else if baseline.exit_code == Some(0) {
        body(&output(baseline), &output(candidate), &mask.output)
            .map(|()| "same output but for what differs by itself".to_owned())
    } else if mask.last_line || last_line(baseline) == last_line(candidate) {
        Ok("fails alike".to_owned())
    } else {
        let quote = |line: Option<String>| line.map_or("nothing".to_owned(), |line| format!("`{line}`"));
        Err(format!("fails with {} instead of {}", quote(last_line(candidate)), quote(last_line(baseline))))
    };
    check("output", outcome)
}

fn ports(baseline: &Behaviour, candidate: &Behaviour, mask: &Mask) -> Option<Check> {
    let stable = |behaviour: &Behaviour| -> Vec<u16> {
        behaviour.ports.iter().copied().filter(|port| !mask.ports.contains(port)).collect()
    };
    let (before, after) = (stable(baseline), stable(candidate));
    // A port that was another one in each run of the original cannot be compared by number.
    let same = before == after || (!mask.ports.is_empty() && before.iter().all(|port| after.contains(port)));
    if baseline.ports.is_empty() && candidate.ports.is_empty() {
        return None;
    }
    let outcome = if same {
        Ok(format!("listens on {}", list(&before)))
    } else {
        Err(format!("listens on {} instead of {}", list(&after), list(&before)))
    };
    Some(check("ports", outcome))
}

fn list(ports: &[u16]) -> String {
    if ports.is_empty() {
        return "no port".to_owned();
    }
    ports.iter().map(|port| format!(":{port}")).collect::<Vec<_>>().join(", ")
}

fn answers(baseline: &Behaviour, candidate: &Behaviour, mask: &Mask) -> Vec<Check> {
    let found = by_key(candidate);
    let several = baseline.ports.len() > 1;
    let first =
        |(at, answer): &(usize, &Answer)| !baseline.answers.iter().take(*at).any(|other| key(other) == key(answer));
    let asked = baseline.answers.iter().enumerate().filter(first);
    let checks = asked.filter_map(|(_, answer)| {
        let none = AnswerMask::default();
        let mask = mask.answers.get(&key(answer)).unwrap_or(&none);
        let request = &answer.request;
        let port = request.port.filter(|_| several).map(|port| format!(":{port}")).unwrap_or_default();
        let name = format!("{} {port}{}", request.method, request.path);
        if mask.whole {
            return None;
        }
        let outcome = match found.get(&key(answer)) {
            Some(other) => same_answer((answer, baseline), (other, candidate), mask),
            None => Err(format!("not asked, since nothing led there ({})", request.source)),
        };
        let tells = outcome.is_err() || !is_missing(answer, baseline) || request.path == MISSING_PATH;
        tells.then(|| check(&name, outcome))
    });
    checks.collect()
}

fn same_answer(
    (a, in_a): (&Answer, &Behaviour),
    (b, in_b): (&Answer, &Behaviour),
    mask: &AnswerMask,
) -> Result<String, String> {
    if (a.status, &a.error) != (b.status, &b.error) {
        return Err(format!("{} instead of {}", status(b), status(a)));
    }
    let (before, after) = (media_type(&a.content_type), media_type(&b.content_type));
    if !mask.content_type && before != after {
        return Err(format!("content type `{after}` instead of `{before}`"));
    }
    let (before, after) = (location(a, in_a), location(b, in_b));
    if !mask.location && before != after {
        let quote =
            |location: Option<String>| location.map_or("nowhere".to_owned(), |location| format!("`{location}`"));
        return Err(format!("redirects to {} instead of {}", quote(after), quote(before)));
    }
    if a.truncated != b.truncated && !mask.body.whole {
        return Err("the body has another length".to_owned());
    }
    body(&Body::of(a, in_a), &Body::of(b, in_b), &mask.body)?;
    let masked = match mask.body.places() {
        0 => String::new(),
        1 => ", same but for 1 place that differs by itself".to_owned(),
        count => format!(", same but for {count} places that differ by themselves"),
    };
    Ok(format!("{}{masked}", status(a)))
}

fn status(answer: &Answer) -> String {
    match (answer.status, &answer.error) {
        (Some(status), None) => status.to_string(),
        (Some(status), Some(error)) => format!("{status} ({error})"),
        (None, Some(error)) => error.clone(),
        (None, None) => "no answer".to_owned(),
    }
}

/// Whether two bodies are equal outside the mask; if not, the first difference.
fn body(a: &Body, b: &Body, mask: &BodyMask) -> Result<(), String> {
    if mask.whole {
        return Ok(());
    }
    match (a, b) {
        (Body::Json(a), Body::Json(b)) => match first_json_difference(a, b, mask) {
            Some(difference) if difference.pointer.is_empty() => Err(format!("body: {}", difference.detail)),
            Some(difference) => Err(format!("body differs at {}: {}", difference.pointer, difference.detail)),
            None => Ok(()),
        },
        (Body::Text(a), Body::Text(b)) => text_difference(a, b, mask),
        (a, b) if a == b => Ok(()),
        (Body::Binary(a), Body::Binary(b)) => Err(format!("body differs ({} bytes instead of {})", b.len(), a.len())),
        (a, b) => Err(format!("body is {} instead of {}", kind(b), kind(a))),
    }
}

fn first_json_difference(a: &serde_json::Value, b: &serde_json::Value, mask: &BodyMask) -> Option<json::Difference> {
    json::differences(a, b).into_iter().find(|difference| {
        let below = |masked: &String| json::is_at_or_below(&difference.pointer, masked);
        let order = difference.order && mask.orders.contains(&difference.pointer);
        !order && !mask.pointers.iter().any(below)
    })
}

fn text_difference(a: &str, b: &str, mask: &BodyMask) -> Result<(), String> {
    let Some(places) = text::differences(a, b) else {
        return Err(format!("body has {} lines instead of {}", b.split('\n').count(), a.split('\n').count()));
    };
    let Some((line, _)) = places.into_iter().find(|place| !text::is_masked(&mask.places, *place)) else {
        return Ok(());
    };
    let quote = |text: &str| {
        let line = text.split('\n').nth(line).unwrap_or_default().trim();
        line.chars().take(60).collect::<String>()
    };
    Err(format!("body differs in line {}: `{}` instead of `{}`", line.saturating_add(1), quote(b), quote(a)))
}

fn kind(body: &Body) -> &'static str {
    match body {
        Body::Json(_) => "JSON",
        Body::Text(text) if text.trim().is_empty() => "empty",
        Body::Text(_) => "text",
        Body::Binary(_) => "binary",
    }
}

/// Whether an answer is the one that any path gets: a guess that no route of the app's stands behind.
fn is_missing(answer: &Answer, behaviour: &Behaviour) -> bool {
    let port = answer.request.port;
    let missing =
        behaviour.answers.iter().find(|other| other.request.port == port && other.request.path == MISSING_PATH);
    let same = |other: &Answer| {
        (other.status, &other.error) == (answer.status, &answer.error)
            && pathless(other, behaviour) == pathless(answer, behaviour)
    };
    missing.is_some_and(same)
}

/// A body without the path that was asked for: `Cannot GET /x` is the same page for every `x`.
fn pathless(answer: &Answer, behaviour: &Behaviour) -> Body {
    let path = answer.request.path.as_str();
    match std::str::from_utf8(&answer.body) {
        Ok(text) if path.len() > 1 && text.contains(path) => {
            let body = text.replace(path, "/").into_bytes();
            Body::of(&Answer { body, ..answer.clone() }, behaviour)
        }
        _ => Body::of(answer, behaviour),
    }
}

/// How many probes were answered with more than what any path gets: those that are worth being counted and shown.
pub fn telling_answers(behaviour: &Behaviour) -> usize {
    behaviour.answers.iter().filter(|answer| !is_missing(answer, behaviour)).count()
}

/// Answers that show that the app itself works: 2xx or 3xx, a body of their own that is compared, not the 'not found' page's.
fn evidence(baseline: &Behaviour, mask: &Mask) -> usize {
    let missing = |port| {
        baseline.answers.iter().find(|answer| answer.request.port == port && answer.request.path == MISSING_PATH)
    };
    let counts = |answer: &&Answer| {
        let good = answer.status.is_some_and(|status| (200..400).contains(&status)) && answer.error.is_none();
        let masked = mask.answers.get(&key(answer)).is_some_and(|mask| mask.whole || mask.body.whole);
        let body = Body::of(answer, baseline);
        let own = missing(answer.request.port)
            .is_none_or(|missing| pathless(missing, baseline) != pathless(answer, baseline));
        good && !masked && own && !body.is_empty() && answer.request.path != MISSING_PATH
    };
    baseline.answers.iter().filter(counts).count()
}

/// New lines that look like errors. They are told, and fail nothing: an error that matters shows in an answer.
fn logs(baseline: &Behaviour, candidate: &Behaviour) -> Option<Check> {
    let known: std::collections::BTreeSet<String> = baseline.logs.lines().map(text::skeleton).collect();
    let new: Vec<&str> =
        candidate.logs.lines().filter(|line| looks_bad(line) && !known.contains(&text::skeleton(line))).collect();
    let first = new.first()?.trim().chars().take(160).collect::<String>();
    let detail = match new.len() {
        1 => format!("1 new line looks like an error: {first}"),
        count => format!("{count} new lines look like errors, the first: {first}"),
    };
    Some(check("logs", Ok(detail)))
}

fn looks_bad(line: &str) -> bool {
    const SIGNS: [&str; 20] = [
        "Traceback",
        "panic:",
        "panicked at",
        "ERROR",
        "Error:",
        "Exception",
        "FATAL",
        "fatal:",
        "CRITICAL",
        "[error]",
        "[emerg]",
        "[crit]",
        "cannot open shared object",
        "No such file",
        "Permission denied",
        "EACCES",
        "ENOENT",
        "GLIBC_",
        "Unable to load",
        "command not found",
    ];
    SIGNS.iter().any(|sign| line.contains(sign))
}

#[cfg(test)]
mod tests;
