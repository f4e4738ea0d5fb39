//! The bench where images are built: writes a candidate's files into the private folder, calls the engine with the user's
//! options, keeps every log. The context is only read; the Dockerfile and its ignore file lie beside each other elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_engine::{BuildOutcome, BuildRequest};
use jettison_optimize::ProveError;
use jettison_plan::Files;

use crate::{Progress, VerifierOptions, failure, tree};

/// What to build, and how.
pub(crate) struct Order<'a> {
    /// For progress: `baseline: cold build`.
    pub phase: &'a str,
    /// Dockerfile and ignore file.
    pub files: &'a Files,
    /// Built from here.
    pub context: &'a Path,
    /// Set of cache mounts.
    pub namespace: &'a str,
    /// Without cache.
    pub cold: bool,
}

/// What came of it.
pub(crate) struct Built {
    /// The image's name, if there is an image.
    pub tag: String,
    /// How it went.
    pub outcome: BuildOutcome,
    /// `builds/4`, for `builds/4.log` in the log folder.
    pub log_name: String,
}

/// Builds one image after the other, numbered.
pub(crate) struct Bench {
    built: usize,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { built: 0 }
    }

    /// The number of the next build.
    pub(crate) fn next(&self) -> usize {
        self.built.saturating_add(1)
    }

    /// Builds; a build that the network failed is tried twice more. A build that fails is an outcome; an error ends the run.
    pub(crate) fn build(
        &mut self,
        options: &VerifierOptions,
        order: &Order<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Built, ProveError> {
        for _ in 0..2 {
            let built = self.attempt(options, order, progress)?;
            if !failure::is_the_networks(&built.outcome) {
                return Ok(built);
            }
        }
        self.attempt(options, order, progress)
    }

    fn attempt(
        &mut self,
        options: &VerifierOptions,
        order: &Order<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Built, ProveError> {
        let limit = time_limit(options)?;
        self.built += 1;
        let tag = options.run.image(&self.built.to_string());
        let folder = options.work.join(format!("build-{}", self.built));
        let (dockerfile, ignore) =
            lay_out(&folder, order.files).map_err(|error| failure::io("private folder", &error))?;
        let own_tree = own_tree(options, order, &folder)?;
        let context = own_tree.as_deref().unwrap_or(order.context);
        let mut request = request(options, order, (context, dockerfile, ignore), tag.clone());
        request.time_limit = limit;

        progress(Progress::Started { phase: order.phase });
        let build = options.engine.build(&request, &mut |line| progress(Progress::Line(line)));
        if let Some(copy) = own_tree {
            tree::remove(&copy);
        }
        let outcome = build.map_err(failure::engine)?;
        let detail =
            format!("{} steps, {} from the cache", outcome.executed.saturating_add(outcome.cached), outcome.cached);
        progress(Progress::Done { phase: order.phase, seconds: outcome.seconds, detail: &detail });
        let log_name = format!("builds/{}", self.built);
        keep_log(options, &log_name, &outcome.log.join("\n"))?;
        if outcome.failure.as_ref().is_some_and(|failure| failure.timed_out) {
            // If it was the whole run's time that was over, that is no verdict about this build.
            time_limit(options)?;
        }
        Ok(Built { tag, outcome, log_name })
    }
}

fn request(
    options: &VerifierOptions,
    order: &Order<'_>,
    (context, dockerfile, ignore): (&Path, PathBuf, PathBuf),
    tag: String,
) -> BuildRequest {
    let mut request = options.build.request(context, dockerfile, tag);
    request.ignore_file = Some(ignore);
    request.run.clone_from(&options.run.0);
    if order.cold {
        request.cold = Some(order.namespace.to_owned());
    } else if options.engine.info().buildkit {
        request.build_args.push(("BUILDKIT_CACHE_MOUNT_NS".to_owned(), Some(order.namespace.to_owned())));
    }
    request
}

/// Writes `contents` as the log `name` below the log folder.
pub(crate) fn keep_log(options: &VerifierOptions, name: &str, contents: &str) -> Result<(), ProveError> {
    let path = options.log_dir.join(format!("{name}.log"));
    let written =
        path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, format!("{contents}\n")));
    written.map_err(|error| failure::io(&path.display().to_string(), &error))
}

/// The time one build may take; an error if the whole run's time is over.
pub(crate) fn time_limit(options: &VerifierOptions) -> Result<Option<Duration>, ProveError> {
    let Some(deadline) = options.deadline else { return Ok(options.build_time_limit) };
    let left =
        deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()).ok_or(ProveError::TimeLimit)?;
    Ok(Some(options.build_time_limit.map_or(left, |limit| limit.min(left))))
}

/// What the ignore file leaves out.
pub(crate) fn matcher(ignore: Option<&[u8]>) -> Matcher {
    Matcher::new(&IgnoreFile::parse(ignore.unwrap_or_default()))
}

/// Writes Dockerfile and ignore file. There always is an ignore file with a line in it: otherwise the builder would go on to
/// read the context's own.
fn lay_out(folder: &Path, files: &Files) -> Result<(PathBuf, PathBuf), std::io::Error> {
    fs::create_dir_all(folder)?;
    let (dockerfile, ignore) = (folder.join("Dockerfile"), folder.join("Dockerfile.dockerignore"));
    fs::write(&dockerfile, &files.dockerfile)?;
    let mut lines = files.ignore.clone().unwrap_or_default();
    if lines.trim_ascii().is_empty() {
        lines = b"# nothing is left out\n".to_vec();
    }
    fs::write(&ignore, lines)?;
    Ok((dockerfile, ignore))
}

/// Docker without BuildKit knows only the ignore file at the context's root, so it gets a copy that has been filtered already.
fn own_tree(options: &VerifierOptions, order: &Order<'_>, folder: &Path) -> Result<Option<PathBuf>, ProveError> {
    let info = options.engine.info();
    if info.buildkit || info.name != "docker" {
        return Ok(None);
    }
    let copy = folder.join("context");
    let snapshot = jettison_context::walk(order.context, &matcher(order.files.ignore.as_deref()))
        .map_err(|error| failure::other(error.to_string(), None))?;
    tree::copy(&snapshot, &copy).map_err(|error| failure::io("copy of the context", &error))?;
    // The filter has been applied; applied again to itself it could only drop what `!` lines took back.
    let _ = fs::remove_file(copy.join(".dockerignore"));
    Ok(Some(copy))
}
