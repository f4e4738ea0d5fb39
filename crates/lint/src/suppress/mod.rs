//! Comments that suppress findings: ours, and those of the tools that people come from.

mod pragma;

use std::cell::Cell;

use jettison_dockerfile::stages::StageGraph;
use jettison_dockerfile::{Dockerfile, Item};
use jettison_model::{Confidence, Edit, Finding, Fix, FixSafety, Span};

use crate::settings::Settings;
use crate::sheet::{Sheet, full_name};
use crate::{Selector, profile, rule, shell, similar};

use pragma::{Pragma, Scope};

/// A finding that a comment silenced.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// The comment's line.
    pub by: Span,
    /// Whose comment it is.
    pub kind: PragmaKind,
    /// Why, in the author's words.
    pub reason: Option<String>,
}

/// Whose language a suppressing comment speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PragmaKind {
    /// `# jettison: allow=…`
    Native,
    /// `# hadolint ignore=…`
    Hadolint,
    /// `# check=skip=…`
    Buildkit,
    /// `# tally ignore=…`
    Tally,
    /// `# checkov:skip=…`
    Checkov,
    /// `# trivy:ignore:…`
    Trivy,
    /// `# shellcheck disable=…`
    Shellcheck,
}

/// All suppressing comments of a file.
pub(crate) struct Pragmas {
    list: Vec<Placed>,
    /// `# check=error=true`
    pub fail_on_any: bool,
}

/// A comment and the places that it covers.
struct Placed {
    pragma: Pragma,
    /// The comment's line, with its end.
    line: Span,
    covers: Span,
    expired: bool,
    used: Cell<bool>,
}

impl Pragmas {
    pub fn read(sheet: &Sheet<'_>) -> Self {
        let (dockerfile, settings) = (sheet.dockerfile, sheet.settings);
        let mut pragmas = Self { list: Vec::new(), fail_on_any: false };
        for (at, item) in dockerfile.items().iter().enumerate() {
            match item {
                Item::Comment(span) => pragmas.comment(sheet, *span, || next_instruction(dockerfile, at)),
                Item::Instruction(index, span) => inner_comments(dockerfile, *index, *span)
                    .into_iter()
                    .for_each(|line| pragmas.comment(sheet, line, || Some(*index))),
                Item::Blank(_) | Item::Error(_) => {}
            }
        }
        let native = settings.pragmas.native;
        let foreign = settings.pragmas.foreign;
        pragmas.list.retain(|one| if one.pragma.kind == PragmaKind::Native { native } else { foreign });
        pragmas
    }

    fn comment(&mut self, sheet: &Sheet<'_>, line: Span, next: impl Fn() -> Option<usize>) {
        let dockerfile = sheet.dockerfile;
        let text = dockerfile.text_of(line);
        if !may_be_pragma(&text) {
            return;
        }
        let is_directive = dockerfile.directives().iter().any(|directive| line.contains(directive.span));
        let Some(pragma) = pragma::read(&text, is_directive) else { return };
        self.fail_on_any |= pragma.fail_on_any;
        let covers = match pragma.scope {
            Scope::File => Span::new(0, dockerfile.source().len()),
            Scope::Next => next().map(|index| dockerfile.lines_of(index, false)).unwrap_or_default(),
            Scope::Stage => next().map(|index| stage_of(dockerfile, &sheet.graph, index)).unwrap_or_default(),
        };
        let today = sheet.settings.today.as_deref();
        let expired = matches!((&pragma.until, today), (Some(until), Some(today)) if until.as_str() < today);
        self.list.push(Placed { pragma, line, covers, expired, used: Cell::new(false) });
    }

    /// Parts findings into those that are said and those that are not.
    pub fn apply(&self, found: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
        if self.list.is_empty() {
            return (found, Vec::new());
        }
        let (mut said, mut suppressed) = (Vec::new(), Vec::new());
        for finding in found {
            match self.list.iter().find(|one| one.silences(&finding)) {
                Some(one) => {
                    one.used.set(true);
                    let (by, kind, reason) = (one.line, one.pragma.kind, one.pragma.reason.clone());
                    suppressed.push(Suppressed { finding, by, kind, reason });
                }
                None => said.push(finding),
            }
        }
        (said, suppressed)
    }

    /// Whether one of them allows something in scripts.
    pub fn are_about_scripts(&self) -> bool {
        self.list.iter().flat_map(|one| &one.pragma.selectors).any(|selector| shell::is_code(selector.id))
    }

    /// What is wrong with the comments themselves.
    pub fn problems(&self, dockerfile: &Dockerfile, settings: &Settings) -> Vec<Finding> {
        let problems = self.list.iter().flat_map(|one| one.problems(settings));
        problems.filter_map(|problem| problem.finding(dockerfile, settings)).collect()
    }
}

/// One thing wrong with a suppressing comment.
struct Problem {
    part: &'static str,
    line: Span,
    message: String,
    /// The comment may be removed.
    removable: bool,
}

impl Placed {
    fn silences(&self, finding: &Finding) -> bool {
        let inside = self.covers.start <= finding.span.start && finding.span.start < self.covers.end;
        let inside = inside || self.pragma.scope == Scope::File;
        !self.expired && inside && self.pragma.names(finding.rule)
    }

    /// Whether everything that it allows would be said.
    fn is_about_what_is_on(&self, settings: &Settings) -> bool {
        let is_on = |selector: &Selector| {
            let Some(rule) = rule(selector.id) else { return false };
            let parts = rule.parts.iter().filter(|part| selector.part.is_none_or(|wanted| wanted == part.name));
            let whole = selector.part.is_none() && profile::severity(settings, rule, None).is_some();
            whole || parts.into_iter().any(|part| profile::severity(settings, rule, Some(part)).is_some())
        };
        !self.pragma.selectors.is_empty() && self.pragma.selectors.iter().all(is_on)
    }

    fn problems(&self, settings: &Settings) -> Vec<Problem> {
        let problem = |part, message, removable| Problem { part, line: self.line, message, removable };
        if self.pragma.kind != PragmaKind::Native {
            let text = "the file silences findings in place, which the policy forbids".to_owned();
            return vec![problem("forbidden", text, false)];
        }
        let mut problems = vec![problem("forbidden", "the file silences findings in place".to_owned(), false)];
        for name in &self.pragma.unknown {
            let near = similar(name).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            problems.push(problem("unknown", format!("no rule is called `{name}`{near}"), false));
        }
        if self.expired {
            let until = self.pragma.until.as_deref().unwrap_or_default();
            problems.push(problem("expired", format!("this permission ended on {until}"), false));
        } else if !self.used.get() && self.pragma.unknown.is_empty() && self.is_about_what_is_on(settings) {
            let names: Vec<String> = self.pragma.selectors.iter().map(ToString::to_string).collect();
            problems.push(problem("unused", format!("nothing here is found by `{}`", names.join(", ")), true));
        }
        if settings.pragmas.require_reason && self.pragma.reason.is_none() {
            problems.push(problem("no-reason", "a permission needs a reason".to_owned(), false));
        }
        problems
    }
}

impl Problem {
    fn finding(self, dockerfile: &Dockerfile, settings: &Settings) -> Option<Finding> {
        let rule = rule("suppression-problem")?;
        let part = rule.parts.iter().find(|part| part.name == self.part)?;
        let severity = profile::severity(settings, rule, Some(part))?;
        let removable = self.removable && dockerfile.items().contains(&Item::Comment(self.line));
        let fix = removable.then(|| Fix {
            edits: vec![Edit::delete(self.line)],
            safety: FixSafety::Safe,
            note: "remove the comment".to_owned(),
        });
        Some(Finding {
            rule: full_name(rule, Some(part.name)),
            span: trimmed(dockerfile, self.line),
            message: self.message,
            severity,
            confidence: Confidence::Certain,
            fix,
            estimate: None,
        })
    }
}

/// A cheap look before the text is taken apart.
fn may_be_pragma(text: &str) -> bool {
    ["jettison", "hadolint", "check", "tally", "trivy"].iter().any(|word| text.contains(word))
}

/// The line without its end.
fn trimmed(dockerfile: &Dockerfile, line: Span) -> Span {
    let text = dockerfile.source().get(line.range()).unwrap_or_default();
    Span::new(line.start as usize, line.start as usize + text.trim_ascii_end().len())
}

/// The instruction that follows item `at`, with nothing but comments and blank lines between.
fn next_instruction(dockerfile: &Dockerfile, at: usize) -> Option<usize> {
    dockerfile.items().get(at + 1..)?.iter().find_map(|item| match item {
        Item::Instruction(index, _) => Some(*index),
        _ => None,
    })
}

/// The whole stage of an instruction.
fn stage_of(dockerfile: &Dockerfile, graph: &StageGraph, index: usize) -> Span {
    let stage = graph.stages.iter().rfind(|stage| stage.from <= index);
    let Some(stage) = stage else { return Span::default() };
    let last = stage.instructions.end.saturating_sub(1).max(stage.from);
    dockerfile.lines_of(stage.from, false).cover(dockerfile.lines_of(last, false))
}

/// The comment lines inside of a continued instruction, here-documents left out.
fn inner_comments(dockerfile: &Dockerfile, index: usize, span: Span) -> Vec<Span> {
    let Some(instruction) = dockerfile.instructions().get(index) else { return Vec::new() };
    if instruction.line == instruction.end_line {
        return Vec::new();
    }
    let end = instruction.heredocs.first().map_or(span.end, |first| first.body.start);
    let source = dockerfile.source().get(span.start as usize..end as usize).unwrap_or_default();
    let mut lines = Vec::new();
    let mut at = span.start as usize;
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii_start().starts_with(b"#") {
            lines.push(Span::new(at, at + line.len()));
        }
        at += line.len();
    }
    lines
}
