//! Where rules put what they find. Severity, selection and stage roles are decided here, once for all rules.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jettison_facts::steps::Step;
use jettison_model::{Confidence, Edit, Estimate, Evidence, Finding, Fix, FixSafety, Severity, Span};

use super::{Sheet, in_role};
use crate::settings::Role;
use crate::{Category, RuleInfo, profile};

/// Collects findings.
pub(crate) struct Sink<'s> {
    sheet: &'s Sheet<'s>,
    rule: &'static RuleInfo,
    /// Of the rule itself, then of its parts; none: off.
    levels: Vec<Option<Severity>>,
    findings: Vec<Finding>,
}

/// What a rule found, before it is known whether anybody wants to hear it.
pub(crate) struct Found {
    span: Span,
    message: String,
    stage: Option<usize>,
    onbuild: bool,
    part: Option<&'static str>,
    severity: Option<Severity>,
    confidence: Confidence,
    fix: Option<Fix>,
    estimate: Option<Estimate>,
}

impl Found {
    /// At a place in a step.
    pub fn at(step: &Step<'_>, span: Span, message: impl Into<String>) -> Self {
        Self { stage: step.stage, onbuild: step.onbuild, ..Self::file(span, message) }
    }

    /// About a stage.
    pub fn stage(stage: usize, span: Span, message: impl Into<String>) -> Self {
        Self { stage: Some(stage), ..Self::file(span, message) }
    }

    /// About no stage in particular.
    pub fn file(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            stage: None,
            onbuild: false,
            part: None,
            severity: None,
            confidence: Confidence::Certain,
            fix: None,
            estimate: None,
        }
    }

    /// Of this part of the rule.
    pub fn part(self, part: &'static str) -> Self {
        Self { part: Some(part), ..self }
    }

    /// Another severity than the rule's (an explicit setting still wins).
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    pub fn likely(self) -> Self {
        Self { confidence: Confidence::Likely, ..self }
    }

    pub fn guess(self) -> Self {
        Self { confidence: Confidence::Guess, ..self }
    }

    /// With a fix that keeps the meaning.
    pub fn safe(self, note: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(FixSafety::Safe, note, edits)
    }

    /// With a fix that may change the meaning.
    pub fn risky(self, note: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(FixSafety::Unsafe, note, edits)
    }

    /// With a fix, unless there is nothing to edit.
    pub fn fix(self, safety: FixSafety, note: impl Into<String>, edits: Vec<Edit>) -> Self {
        let fix = (!edits.is_empty()).then(|| Fix { edits, safety, note: note.into() });
        Self { fix, ..self }
    }

    /// The finding costs about so many bytes of the image, by a rule of thumb.
    pub fn costs(self, bytes: u64) -> Self {
        self.estimate(bytes, Evidence::Guessed)
    }

    /// The finding costs so many bytes of the image, if it is known how many: computed from what the context or a list of packages
    /// says.
    pub fn costs_modelled(self, bytes: Option<u64>) -> Self {
        match bytes {
            Some(bytes) => self.estimate(bytes, Evidence::Modelled),
            None => self,
        }
    }

    /// The finding costs so many bytes of the image.
    fn estimate(self, bytes: u64, evidence: Evidence) -> Self {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        Self { estimate: Some(Estimate { bytes: Some(-bytes), seconds: None, evidence }), ..self }
    }
}

const NONE: RuleInfo = RuleInfo::new("", Category::Style, Severity::Info, "");

impl<'s> Sink<'s> {
    pub fn new(sheet: &'s Sheet<'s>) -> Self {
        Self { sheet, rule: &NONE, levels: Vec::new(), findings: Vec::new() }
    }

    /// The rule that comes next; whether anybody wants it.
    pub fn begin(&mut self, rule: &'static RuleInfo) -> bool {
        self.rule = rule;
        let settings = self.sheet.settings;
        self.levels.clear();
        self.levels.push(profile::severity(settings, rule, None));
        self.levels.extend(rule.parts.iter().map(|part| profile::severity(settings, rule, Some(part))));
        self.levels.iter().any(Option::is_some)
    }

    fn level(&self, part: Option<&str>) -> Option<Severity> {
        let at = part.and_then(|part| self.rule.parts.iter().position(|known| known.name == part));
        self.levels.get(at.map_or(0, |at| at + 1)).copied().flatten()
    }

    /// Takes a finding, if it is wanted where it stands.
    pub fn push(&mut self, found: Found) {
        let Some(severity) = self.level(found.part).and_then(|level| self.in_place(&found, level)) else { return };
        let severity = match found.confidence {
            Confidence::Certain => severity,
            _ if self.sheet.is_foreign() || self.is_explicit(found.part) => severity,
            _ => severity.min(Severity::Warning),
        };
        let rule = full_name(self.rule, found.part);
        let Found { span, message, confidence, fix, estimate, .. } = found;
        let fix = fix.filter(|_| !self.sheet.generated);
        self.findings.push(Finding { rule, span, message, severity, confidence, fix, estimate });
    }

    /// The severity in the finding's stage.
    fn in_place(&self, found: &Found, level: Severity) -> Option<Severity> {
        let style = self.rule.category == Category::Style && self.rule.id != "suppression-problem";
        if self.sheet.is_foreign() || self.is_explicit(found.part) {
            return Some(level);
        }
        if self.sheet.generated && style {
            return None;
        }
        let severity = found.severity.unwrap_or(level);
        let role = found.stage.map_or(Role::Final, |stage| self.sheet.role(Some(stage)));
        let grave = self.rule.category == Category::Correctness && severity == Severity::Error;
        if role == Role::Unused && !grave && self.rule.id != "unused-stage" {
            return None;
        }
        let severity = in_role(severity, role, self.rule.roles)?;
        Some(if found.onbuild { lower(severity) } else { severity })
    }

    /// Whether the user named a severity for it.
    fn is_explicit(&self, part: Option<&str>) -> bool {
        let severities = &self.sheet.settings.severities;
        severities
            .iter()
            .any(|(selector, _)| selector.id == self.rule.id && (selector.part.is_none() || selector.part == part))
    }

    pub fn finish(self) -> Vec<Finding> {
        self.findings
    }
}

const fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Error => Severity::Warning,
        Severity::Warning | Severity::Info => Severity::Info,
    }
}

/// A finding's rule, `id/part` where it has a part. Made once: there are as many as there are parts.
pub(crate) fn full_name(rule: &'static RuleInfo, part: Option<&'static str>) -> &'static str {
    static NAMES: OnceLock<BTreeMap<(&'static str, &'static str), &'static str>> = OnceLock::new();
    let Some(part) = part else { return rule.id };
    let names = NAMES.get_or_init(|| {
        let parts = crate::rules().flat_map(|rule| rule.parts.iter().map(|part| (rule.id, part.name)));
        parts.map(|(id, part)| ((id, part), &*format!("{id}/{part}").leak())).collect()
    });
    names.get(&(rule.id, part)).copied().unwrap_or(rule.id)
}
