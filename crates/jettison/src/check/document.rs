//! From what the rules say to the document of `report`: places, stages, fingerprints, what the rules say of themselves.

use std::collections::{BTreeMap, HashMap};

use jettison_dockerfile::{Dockerfile, Keyword};
use jettison_lint::{FixKind, Outcome, RuleInfo, id_of, rule};
use jettison_model::{LineIndex, Span};
use jettison_report::check::{self as report, CheckedFile, Finding, RuleEntry, Safety, fingerprint, location};

use super::embedded::Embedded;

/// A file as it was checked.
pub(super) struct Judged<'a> {
    pub(super) path: &'a str,
    pub(super) dockerfile: &'a Dockerfile,
    /// The file that it stands in, and where.
    pub(super) within: Option<(&'a [u8], &'a Embedded)>,
}

impl Judged<'_> {
    /// The file's part of the report.
    pub(super) fn file(&self, outcome: &Outcome) -> CheckedFile {
        let source = self.within.map_or(self.dockerfile.source(), |(source, _)| source);
        let lines = LineIndex::new(source);
        let stages = stages(self.dockerfile);
        let mut likes: HashMap<String, usize> = HashMap::new();
        let mut finding = |found: &jettison_model::Finding| {
            let mut finding = self.finding(found, &lines, source);
            finding.stage = stage_of(&stages, found.span);
            let count = likes.entry(finding.fingerprint.clone()).or_default();
            if *count > 0 {
                finding.fingerprint = fingerprint(found.rule, self.path, source, &finding.location, *count);
            }
            *count += 1;
            finding
        };
        let findings = outcome.findings.iter().map(&mut finding).collect();
        let suppressed = outcome.suppressed.iter().map(|hidden| report::Suppressed {
            finding: finding(&hidden.finding),
            by_line: Some(lines.line(self.outer(hidden.by).start)),
            reason: hidden.reason.clone(),
        });
        let suppressed = suppressed.collect();
        CheckedFile {
            path: self.path.to_owned(),
            findings,
            suppressed,
            source: source.to_vec(),
            ..CheckedFile::default()
        }
    }

    fn finding(&self, found: &jettison_model::Finding, lines: &LineIndex, source: &[u8]) -> Finding {
        let place = location(lines, source, self.outer(found.span));
        // edits of a text inside of another file would lose its indentation
        let fix = found.fix.as_ref().filter(|_| self.within.is_none()).map(Into::into);
        Finding {
            rule: found.rule.to_owned(),
            aliases: aliases(found.rule),
            category: rule(found.rule).map_or("", |info| info.category.as_str()).to_owned(),
            severity: found.severity.into(),
            confidence: found.confidence.into(),
            message: found.message.clone(),
            location: place,
            stage: None,
            fix,
            estimate: found.estimate.map(Into::into),
            fingerprint: fingerprint(found.rule, self.path, source, &place, 0),
        }
    }

    fn outer(&self, span: Span) -> Span {
        self.within.map_or(span, |(_, embedded)| embedded.outer(span))
    }
}

/// Other tools' ids of what was found: those of the part first.
fn aliases(name: &str) -> Vec<String> {
    let Some(info) = rule(name) else { return Vec::new() };
    let part = name.split_once('/').map(|(_, part)| part);
    let of_part = info.parts.iter().filter(|known| Some(known.name) == part).flat_map(|known| known.aliases);
    of_part.chain(info.aliases).map(|alias| (*alias).to_owned()).collect()
}

/// Where every stage begins, with its name or its number from 0.
fn stages(dockerfile: &Dockerfile) -> Vec<(u32, String)> {
    let froms = dockerfile.instructions().iter().filter(|instruction| instruction.keyword == Keyword::From);
    let name = |(number, from): (usize, &jettison_dockerfile::Instruction)| {
        let given = from.as_from().and_then(|view| view.name.map(|name| name.raw.to_string()));
        (from.span.start, given.unwrap_or_else(|| number.to_string()))
    };
    froms.enumerate().map(name).collect()
}

fn stage_of(stages: &[(u32, String)], span: Span) -> Option<String> {
    let before = stages.partition_point(|(start, _)| *start <= span.start);
    stages.get(before.checked_sub(1)?).map(|(_, name)| name.clone())
}

/// What the rules of the findings say of themselves.
pub fn heads(files: &[CheckedFile]) -> BTreeMap<String, RuleEntry> {
    let hidden = files.iter().flat_map(|file| file.suppressed.iter().map(|suppressed| &suppressed.finding));
    let findings = files.iter().flat_map(|file| &file.findings).chain(hidden);
    let mut heads = BTreeMap::new();
    for finding in findings {
        let id = id_of(&finding.rule);
        if !heads.contains_key(id)
            && let Some(info) = rule(id)
        {
            heads.insert(id.to_owned(), entry(info));
        }
    }
    heads
}

/// What a rule says of itself, without its page.
pub fn entry(info: &RuleInfo) -> RuleEntry {
    let mut aliases: Vec<String> = info.all_aliases().map(|(alias, _)| alias.to_owned()).collect();
    aliases.dedup();
    RuleEntry {
        id: info.id.to_owned(),
        aliases,
        category: info.category.as_str().to_owned(),
        severity: info.severity.into(),
        fix: match info.fix {
            FixKind::None => None,
            FixKind::Manual => Some(Safety::Manual),
            FixKind::Unsafe => Some(Safety::Unsafe),
            FixKind::Safe => Some(Safety::Safe),
        },
        summary: info.summary.to_owned(),
        since: info.since.to_owned(),
        on_by_default: info.on_by_default,
        url: RuleEntry::url_of(info.id),
        page: None,
    }
}
