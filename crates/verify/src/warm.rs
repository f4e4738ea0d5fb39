//! The warm rebuild: a copy of what the builder receives, one source file edited in it, built with the cache that the cold
//! build left. Says how much was executed again and whether the edit is in the image.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jettison_context::{EntryKind, Snapshot};
use jettison_engine::BuildOutcome;
use jettison_image::{ContentHash, content_hash};
use jettison_optimize::ProveError;
use jettison_plan::Files;

use crate::arrival::Edited;
use crate::build::{Bench, Order};
use crate::look::Look;
use crate::{Progress, VerifierOptions, edit, failure, tree};

/// Contexts above this size (bytes) are not copied for an edit.
const MAX_COPY: u64 = 4 << 30;
/// Source files above this size (bytes) are not edited.
const MAX_SOURCE: u64 = 4 << 20;

/// A warm rebuild.
pub(crate) struct Warm {
    /// The image.
    pub look: Look,
    /// The file, before and after.
    pub edited: Edited,
    /// How the build went.
    pub outcome: BuildOutcome,
}

impl Warm {
    /// RUN steps that were executed, where the builder names its steps; COPY steps cost next to nothing, and a good split has
    /// more of them.
    pub(crate) fn executed_runs(&self) -> usize {
        executed_runs(&self.outcome)
    }
}

fn executed_runs(outcome: &BuildOutcome) -> usize {
    if outcome.steps.is_empty() {
        return outcome.executed;
    }
    // `[build 3/5] RUN …` of BuildKit, `STEP 3/5: RUN …` of the others.
    let is_keyword = |word: &&str| *word != "STEP" && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_run = |title: &str| title.split_whitespace().find(is_keyword) == Some("RUN");
    outcome.steps.iter().filter(|step| !step.cached && is_run(&step.title)).count()
}

/// The file that warm rebuilds of this project edit.
pub(crate) fn choose(options: &VerifierOptions, snapshot: &Snapshot, image: &Look) -> Option<String> {
    if let Some(path) = &options.edit_file {
        return Some(path.clone());
    }
    let files = snapshot.kept.iter().filter(|entry| entry.kind == EntryKind::File && entry.size <= MAX_SOURCE);
    let files: Vec<(&str, u64)> = files.map(|entry| (entry.path.as_str(), entry.size)).collect();
    let contents: BTreeSet<ContentHash> = image.app_files().filter_map(|(_, file)| file.content).collect();
    let in_image = |path: &str| {
        std::fs::read(snapshot.root.join(path)).is_ok_and(|bytes| contents.contains(&content_hash(&bytes)))
    };
    edit::choose(&files, &in_image)
}

/// A warm rebuild whose image was not looked at yet.
pub(crate) struct Rebuilt {
    /// The image's name.
    pub tag: String,
    /// The file, before and after.
    pub edited: Edited,
    outcome: BuildOutcome,
}

impl Rebuilt {
    /// With what the image showed.
    pub(crate) fn seen(self, look: Look) -> Warm {
        Warm { look, edited: self.edited, outcome: self.outcome }
    }
}

/// What one attempt gave.
pub(crate) enum Attempt {
    /// It was built.
    Built(Box<Rebuilt>),
    /// The edited tree does not build.
    Failed(BuildOutcome, String),
    /// There was nothing to edit, one clause.
    Impossible(String),
}

/// What to rebuild.
pub(crate) struct Rebuild<'a> {
    /// For progress: `baseline: warm rebuild`.
    pub phase: &'a str,
    pub files: &'a Files,
    /// What the builder receives under those files.
    pub snapshot: &'a Snapshot,
    /// Context-relative.
    pub file: &'a str,
    /// Of the cold build.
    pub namespace: &'a str,
}

/// Edits and rebuilds.
pub(crate) fn rebuild(
    options: &VerifierOptions,
    bench: &mut Bench,
    rebuild: &Rebuild<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Attempt, ProveError> {
    let Rebuild { snapshot, file, .. } = rebuild;
    if !snapshot.kept.iter().any(|entry| entry.path == *file && entry.kind == EntryKind::File) {
        return Ok(Attempt::Impossible(format!("`{file}` is not sent to the builder")));
    }
    if snapshot.kept_bytes() > MAX_COPY {
        return Ok(Attempt::Impossible("the context is too large to be copied for an edit".to_owned()));
    }
    let marker = format!("{}-{}", options.run.0, bench.next());
    let before = std::fs::read(snapshot.root.join(file)).map_err(|error| failure::io(file, &error))?;
    let Some(after) = edit::appended(file, &before, &marker) else {
        return Ok(Attempt::Impossible(format!("`{file}` has no known comment syntax")));
    };
    // buildx knows a context by its folder's name, size and time: the name must be new each time.
    let copy = Copy(options.work.join(format!("edited-{marker}")));
    tree::copy(snapshot, &copy.0).map_err(|error| failure::io("copy of the context", &error))?;
    tree::edit(&copy.0.join(file), &after).map_err(|error| failure::io("copy of the context", &error))?;

    let order = Order {
        phase: rebuild.phase,
        files: rebuild.files,
        context: &copy.0,
        namespace: rebuild.namespace,
        cold: false,
    };
    let built = bench.build(options, &order, progress)?;
    if !built.outcome.success {
        return Ok(Attempt::Failed(built.outcome, built.log_name));
    }
    let edited = Edited::new(file, &marker, &before, &after);
    Ok(Attempt::Built(Box::new(Rebuilt { tag: built.tag, edited, outcome: built.outcome })))
}

/// Removed when dropped.
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        tree::remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use jettison_engine::BuildStep;

    use super::*;

    #[test]
    fn counts_executed_runs_only() {
        let step = |title: &str, cached| BuildStep { title: title.to_owned(), cached, ..BuildStep::default() };
        let steps = vec![
            step("[1/4] FROM docker.io/library/python:3.11", true),
            step("[2/4] WORKDIR /app", true),
            step("[build 3/4] COPY . .", false),
            step("[4/4] RUN pip install -r requirements.txt", false),
            step("RUN echo plain", true),
            step("STEP 3/7: RUN echo", false),
        ];
        assert_eq!(executed_runs(&BuildOutcome { steps, executed: 9, ..BuildOutcome::default() }), 2);
        assert_eq!(executed_runs(&BuildOutcome { executed: 9, ..BuildOutcome::default() }), 9);
    }
}
