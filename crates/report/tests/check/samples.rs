//! Reports to render: an ordinary one, and one whose names and texts try to be more than names and texts.

use jettison_model::{LineIndex, Span};
use jettison_report::check::{
    CheckReport, CheckedFile, Confidence, Finding, FindingFix, RuleEntry, Safety, Severity, Suppressed, TextEdit,
    fingerprint, location,
};
use jettison_report::{Estimate, Evidence};

pub const DOCKERFILE: &str = "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y curl git\nWORKDIR app\nCOPY . .\n\nFROM debian:bookworm\nCOPY --from=build /app /app\nRUN apt-get update \\\n    && apt-get install -y ca-certificates\nCMD node server.js\n";

/// A finding of `rule` on the first place of `text`.
pub fn finding(path: &str, source: &[u8], rule: &str, text: &str, message: &str) -> Finding {
    let at = source.windows(text.len().max(1)).position(|window| window == text.as_bytes()).unwrap_or(0);
    let place = location(&LineIndex::new(source), source, Span::new(at, at + text.len()));
    Finding {
        rule: rule.to_owned(),
        category: "correctness".to_owned(),
        severity: Severity::Warning,
        confidence: Confidence::Certain,
        message: message.to_owned(),
        location: place,
        fingerprint: fingerprint(rule, path, source, &place, 0),
        ..Finding::default()
    }
}

fn estimate(bytes: Option<i64>, seconds: Option<f64>) -> Option<Estimate> {
    Some(Estimate { bytes, seconds, evidence: Evidence::Modelled })
}

fn entry(id: &str, severity: Severity, aliases: &[&str]) -> (String, RuleEntry) {
    let entry = RuleEntry {
        id: id.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        category: "correctness".to_owned(),
        severity,
        fix: Some(Safety::Safe),
        summary: format!("What {id} finds."),
        since: "0.2.0".to_owned(),
        on_by_default: true,
        url: RuleEntry::url_of(id),
        page: None,
    };
    (id.to_owned(), entry)
}

fn dockerfile() -> CheckedFile {
    let (path, source) = ("app/Dockerfile", DOCKERFILE.as_bytes());
    let lists = Finding {
        aliases: vec!["DL3009".to_owned()],
        category: "size".to_owned(),
        stage: Some("1".to_owned()),
        estimate: estimate(Some(19_200_000), None),
        fix: Some(FindingFix {
            safety: Safety::Safe,
            description: "append `rm -rf /var/lib/apt/lists/*` to this RUN".to_owned(),
            edits: vec![TextEdit {
                start_byte: 210,
                end_byte: 210,
                replacement: " \\\n    && rm -rf /var/lib/apt/lists/*".to_owned(),
            }],
        }),
        ..finding(
            path,
            source,
            "apt-cache-kept",
            "apt-get update \\\n    && apt-get install -y ca-certificates",
            "package lists stay in the layer (final stage, debian:bookworm)",
        )
    };
    let copy = Finding {
        category: "cache".to_owned(),
        severity: Severity::Info,
        confidence: Confidence::Likely,
        stage: Some("build".to_owned()),
        estimate: estimate(None, Some(11.0)),
        ..finding(
            path,
            source,
            "sources-before-dependencies",
            "COPY . .",
            "every change of a source installs the dependencies again",
        )
    };
    let workdir = Finding {
        severity: Severity::Error,
        stage: Some("build".to_owned()),
        fix: Some(FindingFix {
            safety: Safety::Unsafe,
            description: "write `/app`".to_owned(),
            edits: vec![TextEdit { start_byte: 87, end_byte: 90, replacement: "/app".to_owned() }],
        }),
        ..finding(path, source, "relative-workdir", "WORKDIR app", "`app` depends on what the base image has set")
    };
    let hidden = Suppressed {
        finding: finding(path, source, "shell-form-command/cmd", "CMD node server.js", "`node` does not get signals"),
        by_line: Some(10),
        reason: Some("the wrapper needs a shell".to_owned()),
    };
    let mut findings = vec![workdir, copy, lists];
    findings.sort_by_key(|finding| finding.location);
    CheckedFile {
        path: path.to_owned(),
        findings,
        suppressed: vec![hidden],
        source: source.to_vec(),
        ..CheckedFile::default()
    }
}

/// What most people will see.
pub fn ordinary() -> CheckReport {
    let unreadable = CheckedFile {
        path: "secret/Dockerfile".to_owned(),
        error: Some("no permission to read it".to_owned()),
        ..CheckedFile::default()
    };
    let clean =
        CheckedFile { path: "web/Dockerfile".to_owned(), source: b"FROM scratch\n".to_vec(), ..CheckedFile::default() };
    let rules = [
        entry("apt-cache-kept", Severity::Warning, &["DL3009"]),
        entry("relative-workdir", Severity::Error, &["DL3000", "WorkdirRelativePath"]),
        entry("shell-form-command", Severity::Warning, &["DL3025"]),
        entry("sources-before-dependencies", Severity::Info, &[]),
    ];
    let mut report = CheckReport {
        jettison_version: "0.0.0".to_owned(),
        files: vec![dockerfile(), unreadable, clean],
        rules: rules.into_iter().collect(),
        ..CheckReport::default()
    };
    report.count(true);
    report
}

/// Names and texts that try to be markup, commands and control sequences.
pub fn hostile() -> CheckReport {
    let path = "a b/Doc:ker,file%\n::error::<img src=\"x\">'&\u{1b}[31m\u{202e}";
    let source = b"FROM a\nRUN \x1b[31mx\xff </failure> ]]> \"q\" \0 | `y` | @z\n".to_vec();
    let message = "<script>alert('1')</script> & \"two\" \u{1b}]0;t\u{7} a|b `c`\n::set-output name=x::y %0A \u{FFFE}";
    let found = Finding {
        stage: Some("<s>".to_owned()),
        fix: Some(FindingFix {
            safety: Safety::Safe,
            description: "<b>\u{1b}".to_owned(),
            edits: vec![TextEdit { start_byte: 7, end_byte: 7, replacement: "\u{1b}</x>".to_owned() }],
        }),
        ..finding(path, &source, "hostile", "RUN", message)
    };
    let file = CheckedFile { path: path.to_owned(), findings: vec![found], source, ..CheckedFile::default() };
    let unread = CheckedFile { path: path.to_owned(), error: Some(message.to_owned()), ..CheckedFile::default() };
    let mut report = CheckReport {
        jettison_version: "0.0.0".to_owned(),
        files: vec![file, unread],
        rules: [entry("hostile", Severity::Warning, &["<a>"])].into_iter().collect(),
        ..CheckReport::default()
    };
    report.count(false);
    report
}

/// Nothing found.
pub fn clean() -> CheckReport {
    let file =
        CheckedFile { path: "Dockerfile".to_owned(), source: b"FROM scratch\n".to_vec(), ..CheckedFile::default() };
    let mut report = CheckReport { files: vec![file], ..CheckReport::default() };
    report.count(false);
    report
}
