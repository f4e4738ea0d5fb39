//! From files and a world to a proposal: transforms in canonical order, each on the result of those before it.

use std::sync::Arc;

use jettison_dockerfile::{edit, ignore};
use jettison_facts::{Facts, Observations, World};
use jettison_model::{Edit, LineIndex};
use jettison_rewrite::Decision;

use crate::sent::{self, Sent};
use crate::transforms::{self, Effect, Transform};
use crate::{Files, Input, Proposal, Status, Step, StepReport, Without};

/// What one application may leave for another: moving one COPY down makes room for the one before it.
const REPEATED: [&str; 2] = ["apt-one-run", "copy-split"];
/// Applications of such a step at most.
const ROUNDS: usize = 10;

/// The plan for `input`, leaving out the steps `without` (reported as dropped). The same input gives the same plan.
pub fn propose(input: &Input, world: &dyn World, without: &Without) -> Proposal {
    let mut draft = Draft::new(input);
    let (all, mut steps) = (transforms::all(), Vec::new());
    while let Some(rest) = all.get(steps.len()..).filter(|rest| !rest.is_empty()) {
        draft.steps(input, world, rest, without, &mut steps);
    }
    Proposal { files: draft.files, steps }
}

/// The files while they are rewritten.
struct Draft {
    files: Files,
    /// Edits so far, each on the text of that time: the way back to the original's lines.
    history: Vec<Vec<Edit>>,
    lines: LineIndex,
    /// What was seen of the baseline as the steps so far change it.
    observed: Option<Arc<Observations>>,
}

impl Draft {
    fn new(input: &Input) -> Self {
        let files = Files { dockerfile: input.dockerfile.clone(), ignore: input.ignore.clone() };
        Self { files, history: Vec::new(), lines: LineIndex::new(&input.dockerfile), observed: None }
    }

    /// Asks transforms, on facts that are gathered once, until one of them changes the files.
    fn steps(
        &mut self,
        input: &Input,
        world: &dyn World,
        rest: &[Transform],
        without: &Without,
        steps: &mut Vec<StepReport>,
    ) {
        let dockerfile = jettison_dockerfile::parse(self.files.dockerfile.clone());
        if dockerfile.is_rejected() {
            let refused = |one: &Transform| {
                report(step_of(one), one, Status::Refused, "the builder would refuse the file".to_owned())
            };
            steps.extend(rest.iter().map(refused));
            return;
        }
        let matcher =
            ignore::Matcher::new(&ignore::IgnoreFile::parse(self.files.ignore.as_deref().unwrap_or_default()));
        let sent = Sent { inner: world, matcher, observed: self.observed.clone() };
        let facts = Facts::gather(dockerfile, &input.options, &sent);
        for transform in rest {
            let step = step_of(transform);
            match (transform.decide)(&facts, input) {
                Decision::Apply(_) if without.contains(&step) => {
                    steps.push(report(step, transform, Status::Dropped, "left out".to_owned()));
                }
                Decision::Apply(_) if input.policy.forbids(&step).is_some() => {
                    let reason = input.policy.forbids(&step).unwrap_or_default();
                    steps.push(report(step, transform, Status::Refused, reason));
                }
                Decision::Apply(effect) => {
                    let changed = sent.observed().and_then(|observed| sent::as_planned(&observed, &effect));
                    let mut report = self.apply(input, step, transform, effect);
                    if report.status == Status::Applied {
                        self.observed = changed.map(Arc::new).or(self.observed.take());
                        self.again(input, world, transform, &mut report);
                    }
                    let applied = report.status == Status::Applied;
                    steps.push(report);
                    if applied {
                        return;
                    }
                }
                Decision::Refuse(reason) => steps.push(report(step, transform, Status::Refused, reason)),
                Decision::Nothing(reason) => steps.push(report(step, transform, Status::NotApplicable, reason)),
            }
        }
    }

    /// Applies the same transform to its own result until nothing is left of it to do.
    fn again(&mut self, input: &Input, world: &dyn World, transform: &Transform, report: &mut StepReport) {
        for _ in 1..ROUNDS {
            if !REPEATED.contains(&transform.id) {
                return;
            }
            let dockerfile = jettison_dockerfile::parse(self.files.dockerfile.clone());
            let matcher =
                ignore::Matcher::new(&ignore::IgnoreFile::parse(self.files.ignore.as_deref().unwrap_or_default()));
            let sent = Sent { inner: world, matcher, observed: self.observed.clone() };
            let facts = Facts::gather(dockerfile, &input.options, &sent);
            let Decision::Apply(effect) = (transform.decide)(&facts, input) else { return };
            let more = self.apply(input, report.step.clone(), transform, effect);
            if more.status != Status::Applied {
                return;
            }
            report.obligations.extend(more.obligations);
            report.obligations.sort();
            report.obligations.dedup();
        }
    }

    fn apply(&mut self, input: &Input, step: Step, transform: &Transform, effect: Effect) -> StepReport {
        let place = match effect.ignore {
            // line 0: there is no such file yet
            Some(_) => (input.ignore_name.clone(), u32::from(input.ignore.is_some())),
            None => (input.dockerfile_name.clone(), self.original_line(input, effect.at)),
        };
        if !effect.edits.is_empty() {
            match edit::apply_checked(&self.files.dockerfile, &effect.edits) {
                Ok(text) if text == self.files.dockerfile => {
                    return report(step, transform, Status::NotApplicable, "it would change nothing".to_owned());
                }
                Ok(text) => match input.policy.foreign_base(&self.files.dockerfile, &text) {
                    Some(base) => {
                        let reason = format!("the policy does not allow the base `{base}`");
                        return report(step, transform, Status::Refused, reason);
                    }
                    None => self.files.dockerfile = text,
                },
                Err(error) => {
                    return report(
                        step,
                        transform,
                        Status::Refused,
                        format!("the edit would break the file ({error:?}); please report this"),
                    );
                }
            }
            self.history.push(sorted(effect.edits));
        }
        if let Some(section) = &effect.ignore {
            self.append_ignore(section);
        }
        StepReport {
            step,
            title: effect.title.unwrap_or_else(|| transform.title.to_owned()),
            status: Status::Applied,
            reason: effect.does,
            place: Some(place),
            estimate: effect.estimate,
            obligations: effect.obligations,
        }
    }

    /// Puts a section at the end of the ignore file, in its own line-end style.
    fn append_ignore(&mut self, section: &str) {
        let mut text = self.files.ignore.take().unwrap_or_default();
        let crlf = text.windows(2).any(|pair| pair == b"\r\n");
        let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
        if !text.is_empty() && !text.ends_with(b"\n") {
            text.extend_from_slice(end);
        }
        for line in section.lines() {
            text.extend_from_slice(line.as_bytes());
            text.extend_from_slice(end);
        }
        self.files.ignore = Some(text);
    }

    /// The original's line for byte `at` of the current text: the same line if it is still there once, however it moved; else where
    /// the edits so far came from.
    fn original_line(&self, input: &Input, at: usize) -> u32 {
        let now = String::from_utf8_lossy(self.files.dockerfile.get(at..).unwrap_or_default()).into_owned();
        let line = now.lines().next().unwrap_or_default();
        let original = String::from_utf8_lossy(&input.dockerfile).into_owned();
        let mut same = original.lines().enumerate().filter(|(_, text)| !line.is_empty() && text.trim() == line.trim());
        match (same.next(), same.next()) {
            (Some((index, _)), None) => index as u32 + 1,
            _ => self.lines.line(self.original(at)),
        }
    }

    /// The byte of the original that `at`, a byte of the current text, comes from.
    fn original(&self, at: usize) -> u32 {
        let mut at = at as i64;
        for edits in self.history.iter().rev() {
            let mut shift = 0i64;
            for edit in edits {
                let (start, end) = (i64::from(edit.span.start), i64::from(edit.span.end));
                let written = edit.replacement.len() as i64;
                if at < start + shift {
                    break;
                }
                if at < start + shift + written {
                    at = start + shift;
                    break;
                }
                shift += written - (end - start);
            }
            at -= shift;
        }
        at.max(0) as u32
    }
}

fn step_of(transform: &Transform) -> Step {
    Step { id: transform.id.to_owned(), part: transform.part.map(str::to_owned) }
}

fn sorted(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.span);
    edits
}

fn report(step: Step, transform: &Transform, status: Status, reason: String) -> StepReport {
    StepReport {
        step,
        title: transform.title.to_owned(),
        status,
        reason,
        place: None,
        estimate: None,
        obligations: Vec::new(),
    }
}
