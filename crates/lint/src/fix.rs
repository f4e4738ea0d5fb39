//! Applying fixes: rounds until nothing changes, every round guarded by a parse of its result.

use std::collections::BTreeSet;

use jettison_dockerfile::edit::apply_checked;
use jettison_dockerfile::{Dockerfile, parse};
use jettison_facts::World;
use jettison_model::{Edit, Finding, Fix, FixSafety, LineIndex, Span};

use crate::Settings;
use crate::run::check_for_fixes;

/// A file after its fixes.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The text; the same as before if nothing was applied.
    pub bytes: Vec<u8>,
    /// In the order in which they were applied.
    pub applied: Vec<Applied>,
    /// What would have broken the file: our bugs.
    pub discarded: Vec<Discarded>,
}

/// One fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// `id` or `id/part`.
    pub rule: &'static str,
    /// What it does, in one clause.
    pub note: String,
    /// 1-based line of the finding, in the file as it was in that round.
    pub line: u32,
    /// What it may have changed.
    pub safety: FixSafety,
}

/// One fix that was not applied because its result would have been refused by the builder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// `id` or `id/part`.
    pub rule: &'static str,
    /// 1-based line of the finding.
    pub line: u32,
    /// What would have been wrong.
    pub reason: String,
}

/// Rounds after which a file that still changes is given up: no file needs as many.
const MAX_ROUNDS: usize = 200;

/// Applies the fixes of a file up to `allowed`, in rounds until stable. The result never has an error that the file had not, and
/// fixing it again changes nothing: rules whose fixes undo each other are left out.
pub fn fix(source: &[u8], world: &dyn World, settings: &Settings, allowed: FixSafety) -> Fixed {
    let mut fixer = Fixer { world, settings, allowed, without: BTreeSet::new() };
    loop {
        match fixer.run(source) {
            Ok(fixed) => return fixed,
            // What went round in circles is left out, and all begins anew.
            Err(rules) => fixer.without.extend(rules),
        }
    }
}

struct Fixer<'a> {
    world: &'a dyn World,
    settings: &'a Settings,
    allowed: FixSafety,
    /// Rules whose fixes are not applied.
    without: BTreeSet<&'static str>,
}

impl Fixer<'_> {
    /// Rounds until nothing changes; the rules of the last round if that never happens.
    fn run(&self, source: &[u8]) -> Result<Fixed, BTreeSet<&'static str>> {
        let mut fixed = Fixed { bytes: source.to_vec(), ..Fixed::default() };
        let mut seen: BTreeSet<Vec<u8>> = BTreeSet::from([source.to_vec()]);
        for _ in 0..MAX_ROUNDS {
            let before = fixed.applied.len();
            if !self.round(&mut fixed) {
                return Ok(fixed);
            }
            if !seen.insert(fixed.bytes.clone()) {
                return Err(fixed.applied[before..].iter().map(|one| one.rule).collect());
            }
        }
        Err(fixed.applied.iter().rev().take(8).map(|one| one.rule).collect())
    }

    /// Applies at most one fix to every instruction; whether anything changed.
    fn round(&self, fixed: &mut Fixed) -> bool {
        let dockerfile = parse(fixed.bytes.clone());
        let lines = LineIndex::new(&fixed.bytes);
        let findings = self.findings(&dockerfile);
        let chosen = choose(&dockerfile, &findings);
        if chosen.is_empty() {
            return false;
        }
        let all: Vec<Edit> = chosen.iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect();
        let (result, kept) = match apply_checked(&fixed.bytes, &all) {
            Ok(result) => (result, chosen),
            Err(_) => one_by_one(fixed, &chosen, &lines),
        };
        if result == fixed.bytes {
            return false;
        }
        let applied = kept.iter().map(|(finding, fix)| Applied {
            rule: finding.rule,
            note: fix.note.clone(),
            line: lines.line(finding.span.start),
            safety: fix.safety,
        });
        fixed.applied.extend(applied);
        fixed.bytes = result;
        true
    }

    fn findings(&self, dockerfile: &Dockerfile) -> Vec<Finding> {
        let allowed = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety <= self.allowed);
        let wanted = |finding: &Finding| allowed(finding) && !self.without.contains(finding.rule);
        check_for_fixes(dockerfile, self.world, self.settings).findings.into_iter().filter(wanted).collect()
    }
}

type Chosen<'f> = Vec<(&'f Finding, &'f Fix)>;

/// The fixes that touch no instruction, nor any other line, that an earlier one touches: what is left comes in the next round.
fn choose<'f>(dockerfile: &Dockerfile, findings: &'f [Finding]) -> Chosen<'f> {
    let mut taken: BTreeSet<u32> = BTreeSet::new();
    let mut chosen = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let touched: BTreeSet<u32> = fix.edits.iter().flat_map(|edit| touched(dockerfile, edit.span)).collect();
        if taken.is_disjoint(&touched) && fix.safety != FixSafety::Manual {
            taken.extend(touched);
            chosen.push((finding, fix));
        }
    }
    chosen
}

/// The starts of the items that an edit touches, those that it only borders on included.
fn touched(dockerfile: &Dockerfile, span: Span) -> Vec<u32> {
    let items = dockerfile.items();
    let first = items.partition_point(|item| item.span().end < span.start);
    let near = items.iter().skip(first).take_while(|item| item.span().start <= span.end);
    let near: Vec<u32> = near.map(|item| item.span().start).collect();
    if near.is_empty() { vec![span.start] } else { near }
}

/// The slow way, once it is known that some fix breaks the file: each is tried on top of those that did not.
fn one_by_one<'f>(fixed: &mut Fixed, chosen: &Chosen<'f>, lines: &LineIndex) -> (Vec<u8>, Chosen<'f>) {
    let (mut result, mut kept, mut edits) = (fixed.bytes.clone(), Chosen::new(), Vec::new());
    for (finding, fix) in chosen {
        let before = edits.len();
        edits.extend(fix.edits.iter().cloned());
        match apply_checked(&fixed.bytes, &edits) {
            Ok(text) => {
                result = text;
                kept.push((*finding, *fix));
            }
            Err(error) => {
                edits.truncate(before);
                let line = lines.line(finding.span.start);
                let discarded = Discarded { rule: finding.rule, line, reason: error.to_string() };
                if !fixed.discarded.contains(&discarded) {
                    fixed.discarded.push(discarded);
                }
            }
        }
    }
    (result, kept)
}
