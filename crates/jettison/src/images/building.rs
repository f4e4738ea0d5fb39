//! An image that is built only to be compared: with the engine that is there, under our labels, removed afterwards.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jettison_engine::{BuildFailure, BuildOutcome, BuildRequest, EngineKind, process};

use super::{Opened, Opener, engines};
use crate::commands::{Session, build_args};
use crate::failure::Failure;
use crate::input::{self, beside};
use crate::output::shown;

/// What is built.
pub struct Recipe {
    /// The context.
    pub context: PathBuf,
    /// The Dockerfile.
    pub dockerfile: PathBuf,
    /// `--target`
    pub target: Option<String>,
    /// `--build-arg`, as typed.
    pub build_args: Vec<String>,
    /// The build is ended after this long.
    pub time_limit: Duration,
}

/// What was typed, if that is a Dockerfile or a folder with one and no image: context and Dockerfile.
pub fn place(typed: &str, context: Option<&Path>) -> Option<(PathBuf, Option<PathBuf>)> {
    let path = Path::new(typed);
    if path.is_dir() {
        let is_layout = path.join("index.json").is_file() || path.join("oci-layout").is_file();
        let has_file = ["Dockerfile", "Containerfile"].iter().any(|name| path.join(name).is_file());
        // `python` may be a folder here and an image elsewhere; with a Dockerfile in it, or written as a path, it is the folder
        let is_written_so = typed.starts_with(['.', '/']) || typed.ends_with('/');
        return (!is_layout && (has_file || is_written_so)).then(|| (path.to_owned(), None));
    }
    let is_archive = || jettison_transport::Source::parse(typed).is_ok();
    if !path.is_file() || is_archive() {
        return None;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some((context.unwrap_or(folder).to_owned(), Some(path.to_owned())))
}

/// The Dockerfile and its context, or what is wrong with them.
pub fn recipe(context: PathBuf, file: Option<&Path>) -> Result<Recipe, Failure> {
    let dockerfile = input::locate(&context, file)?;
    let (target, build_args, time_limit) = (None, Vec::new(), Duration::ZERO);
    Ok(Recipe { context, dockerfile, target, build_args, time_limit })
}

/// Builds it, reads the image, removes it.
pub fn build(opener: &Opener<'_>, recipe: &Recipe, kind: Option<EngineKind>) -> Result<Opened, Failure> {
    let nowhere = |failure: Failure| match failure.code {
        2 => failure.next("install an engine, or build the image elsewhere and give it as B"),
        _ => failure,
    };
    let session = Session::start(kind, opener.environment, opener.progress).map_err(nowhere)?;
    let built = built(opener, recipe, &session);
    opener.progress.begin("engine", "removing what was made");
    for left in session.finish() {
        opener.progress.note("engine", &left);
    }
    opener.progress.clear();
    if process::interrupted() { Err(Failure::interrupted()) } else { built }
}

fn built(opener: &Opener<'_>, recipe: &Recipe, session: &Session) -> Result<Opened, Failure> {
    let own = beside(&recipe.dockerfile, ".dockerignore");
    let ignore_file = [own, recipe.context.join(".dockerignore")].into_iter().find(|path| path.is_file());
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let tag = session.run.image("b");
    let request = BuildRequest {
        context: absolute(&recipe.context),
        dockerfile: absolute(&recipe.dockerfile),
        ignore_file: ignore_file.as_deref().map(absolute),
        tag: tag.clone(),
        run: session.run.0.clone(),
        target: recipe.target.clone(),
        build_args: build_args(&recipe.build_args),
        platform: opener.args.platform.as_ref().map(ToString::to_string),
        time_limit: Some(recipe.time_limit),
        ..BuildRequest::default()
    };
    let name = shown(&recipe.dockerfile);
    opener.progress.begin("build", &name);
    let outcome = session.engine.build(&request, &mut |line| opener.progress.tail(line))?;
    if !outcome.success {
        return Err(failed(&outcome, &name, &session.engine.info().name, &recipe.context));
    }
    opener.progress.good("build", &format!("{name} in {:.1} s", outcome.seconds));
    engines::read(opener, session.engine.as_ref(), &tag, &name)
}

fn failed(outcome: &BuildOutcome, name: &str, engine: &str, context: &Path) -> Failure {
    const LINES: usize = 8;
    let unknown = BuildFailure::default();
    let failure = outcome.failure.as_ref().unwrap_or(&unknown);
    let line = failure.line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"));
    let place = format!("{line}  {}   {}", failure.instruction.as_deref().unwrap_or_default(), failure.message);
    let end = failure.log_line.saturating_add(1).min(outcome.log.len());
    let lines = outcome.log.get(end.saturating_sub(LINES)..end).unwrap_or_default().to_vec();
    let command = format!("{engine} build -f {name} {}", shown(context));
    Failure { lines, ..Failure::new("the Dockerfile does not build, so there is nothing to compare") }
        .at(place.trim_end().to_owned())
        .next(command)
}
