//! What people read: findings with their lines, the most worth first; then what there is to gain and what to type.

use jettison_model::ByteSize;

use super::{CheckReport, CheckedFile, Finding, Safety, Severity, excerpt::excerpt, worth};
use crate::Evidence;
use crate::text::{Paint, Style, harmless, seconds, unbroken, wrap};

/// How the report is told.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// Colour, width, signs.
    pub style: Style,
    /// The terminal can follow links.
    pub links: bool,
    /// The last line only.
    pub brief: bool,
    /// What is hidden by comments is listed too.
    pub verbose: bool,
    /// The fixes that the report counts are shown only.
    pub preview: bool,
    /// What was typed, for the command that would fix: `jettison check docker`.
    pub command: &'a str,
}

/// The whole report.
pub fn text(report: &CheckReport, telling: &Telling<'_>) -> String {
    let mut text = String::new();
    if !telling.brief {
        for (file, finding) in worth::sorted(report.findings()) {
            text.push_str(&block(report, file, finding, telling));
            text.push('\n');
        }
    }
    if telling.verbose {
        text.push_str(&hidden(report, &telling.style));
    }
    text + &last_line(report, telling)
}

fn block(report: &CheckReport, file: &CheckedFile, finding: &Finding, telling: &Telling<'_>) -> String {
    let style = &telling.style;
    let mut text = head(report, file, finding, telling);
    text.push_str(&excerpt(&file.source, &finding.location, style));
    let indent = finding.location.line.to_string().len() + 3;
    text.push_str(&entry("", &finding.message, indent, style));
    if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.description.is_empty()) {
        text.push_str(&entry("help: ", &fix.description, indent, style));
    }
    text
}

/// `Dockerfile:4:1  apt-cache-kept  suppressed by line 3: reason`
fn hidden(report: &CheckReport, style: &Style) -> String {
    let mut text = String::new();
    for file in &report.files {
        for suppressed in &file.suppressed {
            let finding = &suppressed.finding;
            let place = format!("{}:{}:{}", file.path, finding.location.line, finding.location.column);
            let by = suppressed.by_line.map(|line| format!(" by line {line}")).unwrap_or_default();
            let reason = suppressed.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            let line = harmless(&format!("{place}  {}  suppressed{by}{reason}", finding.rule));
            text.push_str(&format!("{}\n", style.paint(Paint::Dim, &line)));
        }
    }
    if text.is_empty() { text } else { text + "\n" }
}

/// `Dockerfile:4:1  warning  apt-cache-kept (DL3009)  ~19.2 MB  fix: safe`
fn head(report: &CheckReport, file: &CheckedFile, finding: &Finding, telling: &Telling<'_>) -> String {
    let style = &telling.style;
    let place = harmless(&format!("{}:{}:{}", file.path, finding.location.line, finding.location.column));
    let paint = match finding.severity {
        Severity::Error => Paint::Bad,
        Severity::Warning => Paint::Strong,
        Severity::Info => Paint::Dim,
    };
    let mut parts = vec![place, style.paint(paint, finding.severity.as_str())];
    let name = harmless(&finding.rule);
    let url = report.rule(finding).map(|rule| rule.url.as_str()).filter(|_| telling.links);
    let link = |url: &str| format!("\x1b]8;;{url}\x1b\\{name}\x1b]8;;\x1b\\");
    parts.push(style.paint(Paint::Strong, &url.map_or_else(|| name.clone(), link)));
    parts.extend(known_as(finding).map(|alias| style.paint(Paint::Dim, &harmless(alias))));
    parts.extend(costs(finding));
    parts.extend(finding.fix.as_ref().map(|fix| {
        let paint = if fix.safety == Safety::Safe { Paint::Good } else { Paint::Plain };
        style.paint(paint, &format!("fix: {}", fix.safety.as_str()))
    }));
    style.signs(&parts.join("  ")) + "\n"
}

/// The code by which most people know the rule: hadolint's, ShellCheck's or BuildKit's.
fn known_as(finding: &Finding) -> Option<&str> {
    let is_code = |alias: &&String| super::lines::is_code(alias);
    let is_buildkits = |alias: &&String| {
        alias.starts_with(|sign: char| sign.is_ascii_uppercase())
            && alias.contains(|sign: char| sign.is_ascii_lowercase())
    };
    let known = finding.aliases.iter().find(is_code).or_else(|| finding.aliases.iter().find(is_buildkits));
    known.map(String::as_str).filter(|alias| alias.chars().all(|sign| sign.is_ascii_alphanumeric()))
}

/// What a finding costs, each number with its evidence.
pub(super) fn costs(finding: &Finding) -> Vec<String> {
    let Some(estimate) = finding.estimate else { return Vec::new() };
    let bytes = finding.bytes().map(|bytes| crate::text::bytes(bytes, estimate.evidence));
    bytes.into_iter().chain(finding.seconds().map(|number| seconds(number, estimate.evidence))).collect()
}

/// `    = message`, wrapped.
fn entry(word: &str, message: &str, indent: usize, style: &Style) -> String {
    let mut text = String::new();
    let room = style.columns().saturating_sub(indent + 2);
    for (at, line) in wrap(&harmless(&format!("{word}{message}")), room, room).into_iter().enumerate() {
        let mark = if at == 0 { "= " } else { "  " };
        text.push_str(&format!("{}{}{line}\n", " ".repeat(indent), style.paint(Paint::Dim, mark)));
    }
    text
}

/// `11 findings in 2 files · ~431.0 MB and ~11.0 s per rebuild to gain · 8 safe fixes: jettison check --fix`
fn last_line(report: &CheckReport, telling: &Telling<'_>) -> String {
    let summary = &report.summary;
    let files = counted(summary.files.saturating_sub(summary.unreadable), "file");
    let fixed = if telling.preview { 0 } else { summary.fixed };
    let mut parts = match (summary.findings, fixed) {
        (0, 0) if summary.files > 0 && summary.files == summary.unreadable => Vec::new(),
        (0, 0) => vec![format!("no findings in {files}")],
        (0, fixed) => vec![format!("{} fixed, no findings left in {files}", counted(fixed, "finding"))],
        (found, 0) => vec![format!("{} in {files}", counted(found, "finding"))],
        (found, fixed) => vec![format!("{} fixed, {found} left in {files}", counted(fixed, "finding"))],
    };
    parts.extend(gain(report));
    if summary.suppressed > 0 {
        parts.push(format!("{} suppressed", summary.suppressed));
    }
    if summary.in_baseline > 0 {
        parts.push(format!("{} in the baseline", summary.in_baseline));
    }
    if summary.unreadable > 0 {
        parts.push(format!("{} could not be checked", counted(summary.unreadable, "file")));
    }
    if summary.fixable > 0 {
        let word = if summary.fixable == 1 { "safe fix" } else { "safe fixes" };
        parts.push(format!("{} {word}: {}", summary.fixable, format_args!("{} --fix", harmless(telling.command))));
    }
    let style = &telling.style;
    let columns = style.columns();
    // a part stays whole, and the dot with what is before it
    let parts: Vec<String> = parts.iter().map(|part| unbroken(part)).collect();
    let line = parts.join(&format!("{} ", unbroken(" ·")));
    wrap(&style.signs(&line), columns, columns).join("\n") + "\n"
}

/// `~431.0 MB and ~11.0 s per rebuild to gain`. The largest cost of a place counts once: two rules may mean the same bytes.
fn gain(report: &CheckReport) -> Option<String> {
    let mut bytes = std::collections::BTreeMap::new();
    let mut times = std::collections::BTreeMap::new();
    let mut evidence = Evidence::Measured;
    for (file, finding) in report.findings() {
        let Some(estimate) = finding.estimate else { continue };
        let place = (file.path.as_str(), finding.location.line);
        let largest: &mut u64 = bytes.entry(place).or_default();
        *largest = (*largest).max(finding.bytes().unwrap_or(0));
        let longest: &mut f64 = times.entry(place).or_default();
        *longest = longest.max(finding.seconds().unwrap_or(0.0));
        evidence = evidence.weaker(estimate.evidence);
    }
    let (bytes, time): (u64, f64) = (bytes.values().sum(), times.values().sum());
    let bytes = (bytes > 0).then(|| format!("{}{}", crate::text::evidence_mark(evidence), ByteSize(bytes)));
    let time = (time > 0.0).then(|| format!("{} per rebuild", seconds(time, evidence)));
    let all: Vec<String> = bytes.into_iter().chain(time).collect();
    (!all.is_empty()).then(|| format!("{} to gain", all.join(" and ")))
}

/// `1 file`, `2 files`.
pub(super) fn counted(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
