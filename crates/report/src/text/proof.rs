//! The lines that say how much is proven, and what is not.

use crate::text::optimize::wrapped;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::unbroken;
use crate::{Check, Engine, OptimizeReport, Outcome, Proof};

const INDENT: &str = "          ";

/// `proof  level 4 of 5: …`, what failed, what was not checked, what it took.
pub(crate) fn proof(report: &OptimizeReport, style: &Style) -> String {
    let mut text = String::new();
    if matches!(report.outcome, Outcome::Verified | Outcome::Unverified) {
        text.push_str(&level(&report.proof, style));
    }
    if let Some(why) = &report.cut_short {
        text.push_str(&line("cut short: ", why, style));
    }
    if let Some(engine) = &report.engine {
        text.push_str(&wrapped(INDENT, INDENT, &effort(report, engine), Paint::Dim, style));
    }
    text
}

/// The level in words, failed checks, what was not checked.
pub(crate) fn level(proof: &Proof, style: &Style) -> String {
    let head = format!("   {}  ", "proof");
    let mut text = wrapped(&head, INDENT, &in_words(proof), Paint::Plain, style);
    for check in proof.checks.iter().filter(|check| !check.passed) {
        text.push_str(&wrapped(&format!("{INDENT}✗ "), INDENT, &said(check), Paint::Bad, style));
    }
    let mut open = proof.not_checked.join(", ");
    // below level 2 nothing ran, and a smoke command could not either
    if (2..5).contains(&proof.level) {
        let hint = unbroken("(add --smoke 'CMD' for level 5)");
        open = if open.is_empty() { hint } else { format!("{open}   {hint}") };
    }
    if !open.is_empty() {
        let label = if proof.not_checked.is_empty() { "" } else { "not checked: " };
        text.push_str(&line(label, &open, style));
    }
    text
}

fn line(label: &str, text: &str, style: &Style) -> String {
    wrapped(INDENT, INDENT, &format!("{label}{}", harmless(text)), Paint::Dim, style)
}

fn said(check: &Check) -> String {
    harmless(&if check.detail.is_empty() { check.name.clone() } else { format!("{}: {}", check.name, check.detail) })
}

fn in_words(proof: &Proof) -> String {
    let answers = match probes(&proof.checks) {
        0 => "same answers".to_owned(),
        1 => "same answer on 1 probe".to_owned(),
        many => format!("same answers on {many} probes"),
    };
    let words = ["builds", "starts", "same ports", &answers, "your smoke command passes"];
    let reached: Vec<&str> = words.into_iter().take(usize::from(proof.level)).collect();
    match reached[..] {
        [] => "level 0 of 5: nothing was proven".to_owned(),
        _ => format!("level {} of 5: {}", proof.level, reached.join(", ")),
    }
}

/// Checks that are requests.
fn probes(checks: &[Check]) -> usize {
    const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let method = |check: &&Check| check.name.split_once(' ').is_some_and(|(method, _)| METHODS.contains(&method));
    checks.iter().filter(|check| check.passed).filter(method).count()
}

/// `docker 28.5.2 · 4 candidates built · 3 min 12 s`.
fn effort(report: &OptimizeReport, engine: &Engine) -> String {
    let builds = match report.builds {
        0 => "only the original built".to_owned(),
        1 => "1 candidate built".to_owned(),
        many => format!("{many} candidates built"),
    };
    let mut parts =
        vec![harmless(&format!("{} {}", engine.name, engine.version)), builds, duration(report.elapsed_seconds)];
    if let Some(bytes) = report.cache_growth_bytes.filter(|bytes| *bytes > 0) {
        parts.push(format!("build cache +{}", jettison_model::ByteSize(bytes.unsigned_abs())));
    }
    parts.iter().map(|part| unbroken(part)).collect::<Vec<_>>().join(&format!("{} ", unbroken(" ·")))
}

/// `41.3 s`, `3 min 12 s`.
pub(crate) fn duration(seconds: f64) -> String {
    if seconds < 119.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round();
    format!("{:.0} min {:.0} s", (whole / 60.0).floor(), whole % 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_are_told_in_minutes() {
        assert_eq!(duration(41.34), "41.3 s");
        assert_eq!(duration(119.99), "2 min 0 s");
        assert_eq!(duration(192.4), "3 min 12 s");
    }
}
