//! The document of `jettison check` and its forms for people, editors, code hosts and quality services. Fields as promised to
//! scripts; what only some forms need (sources, what the rules say) lies beside it and is not part of the JSON.

mod codacy;
mod config;
mod diagnostic;
mod excerpt;
mod github;
mod gitlab;
mod junit;
mod lines;
mod markdown;
mod place;
mod rules;
mod sarif;
mod sonarqube;
mod statistics;
mod text;
mod uri;
mod worth;
mod xml;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use codacy::codacy;
pub use config::{ConfigReport, Setting, config_text};
pub use diagnostic::{Confidence, FindingFix, Location, Safety, Severity, TextEdit};
pub use github::github;
pub use gitlab::gitlab;
pub use junit::{checkstyle, junit};
pub use lines::{concise, gnu, json_lines, tty};
pub use markdown::markdown;
pub use place::{fingerprint, location};
pub use rules::{RuleEntry, RulesReport, rules_markdown, rules_text};
pub use sarif::sarif;
pub use sonarqube::sonarqube;
pub use statistics::statistics;
pub use text::{Telling, text};

use crate::{Estimate, SCHEMA_VERSION};

/// What `jettison check` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `check`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// In the order of their paths.
    pub files: Vec<CheckedFile>,
    /// Of all files.
    pub summary: Summary,
    /// How often each rule found something, the most frequent first; only with `--statistics`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statistics: Vec<RuleCount>,
    /// Of the rules that found something, by id.
    #[serde(skip)]
    pub rules: BTreeMap<String, RuleEntry>,
}

impl Default for CheckReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "check".to_owned(),
            jettison_version: String::new(),
            files: Vec::new(),
            summary: Summary::default(),
            statistics: Vec::new(),
            rules: BTreeMap::new(),
        }
    }
}

/// One Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedFile {
    /// As it was named or found, with `/`; bytes that are not UTF-8 as `\xHH`.
    pub path: String,
    /// Why it could not be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// In the order of their places.
    pub findings: Vec<Finding>,
    /// Hidden by a comment in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressed: Vec<Suppressed>,
    /// Fixes that `--fix` applied, or `--diff` shows.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fixed: u64,
    /// As it was when it was checked.
    #[serde(skip)]
    pub source: Vec<u8>,
}

/// One thing that a rule says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Kebab-case id, with `/part` behind it where the rule has parts.
    pub rule: String,
    /// The same rule in other tools.
    pub aliases: Vec<String>,
    /// correctness, size, cache, security, reproducibility, performance, style or metadata.
    pub category: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One clause.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub location: Location,
    /// Name or number of the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// How to change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<FindingFix>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// The same for the same rule on the same text of the file at the same path, wherever in the file that stands.
    pub fingerprint: String,
}

/// A finding that a comment hides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suppressed {
    /// What is hidden.
    #[serde(flatten)]
    pub finding: Finding,
    /// Of the comment, from 1; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_line: Option<u32>,
    /// As the comment says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Totals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Looked at, the unreadable ones included.
    pub files: u64,
    /// All of them.
    pub findings: u64,
    /// Of that severity.
    pub errors: u64,
    /// Of that severity.
    pub warnings: u64,
    /// Of that severity.
    pub infos: u64,
    /// With a safe fix.
    pub fixable: u64,
    /// Files that could not be checked.
    pub unreadable: u64,
    /// Hidden by comments.
    #[serde(default)]
    pub suppressed: u64,
    /// Known to the baseline and therefore not listed.
    #[serde(default)]
    pub in_baseline: u64,
    /// Fixes that were applied, or would be.
    #[serde(default)]
    pub fixed: u64,
}

/// How often a rule found something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleCount {
    /// Its id.
    pub rule: String,
    /// Findings.
    pub count: u64,
    /// Files with at least one.
    pub files: u64,
    /// Of them with a safe fix.
    pub fixable: u64,
    /// Of the estimates, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl CheckReport {
    /// Counts everything anew: the totals, and the statistics if they are wanted. `in_baseline` is kept.
    pub fn count(&mut self, with_statistics: bool) {
        let mut summary = Summary { in_baseline: self.summary.in_baseline, ..Summary::default() };
        for file in &self.files {
            summary.files += 1;
            summary.unreadable += u64::from(file.error.is_some());
            summary.suppressed += file.suppressed.len() as u64;
            summary.fixed += file.fixed;
            for finding in &file.findings {
                summary.findings += 1;
                summary.fixable += u64::from(finding.is_fixable());
                match finding.severity {
                    Severity::Error => summary.errors += 1,
                    Severity::Warning => summary.warnings += 1,
                    Severity::Info => summary.infos += 1,
                }
            }
        }
        self.summary = summary;
        self.statistics = if with_statistics { statistics::count(&self.files) } else { Vec::new() };
    }

    /// What the rule of a finding says of itself.
    fn rule(&self, finding: &Finding) -> Option<&RuleEntry> {
        self.rules.get(rules::id_of(&finding.rule))
    }

    /// Every finding with its file.
    fn findings(&self) -> impl Iterator<Item = (&CheckedFile, &Finding)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// The files that could not be checked, with the reason.
    fn unreadable(&self) -> impl Iterator<Item = (&CheckedFile, &str)> {
        self.files.iter().filter_map(|file| Some((file, file.error.as_deref()?)))
    }
}

impl Finding {
    /// Whether `--fix` would change it.
    pub fn is_fixable(&self) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe)
    }

    /// Bytes that it costs, whatever the sign.
    pub(crate) fn bytes(&self) -> Option<u64> {
        self.estimate.and_then(|estimate| estimate.bytes).map(i64::unsigned_abs).filter(|bytes| *bytes > 0)
    }

    /// Seconds that it costs, whatever the sign.
    pub(crate) fn seconds(&self) -> Option<f64> {
        self.estimate.and_then(|estimate| estimate.seconds).map(f64::abs).filter(|seconds| *seconds > 0.0)
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
