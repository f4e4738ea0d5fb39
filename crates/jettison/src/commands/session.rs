//! What `optimize` and `verify` share: the engine, the run, a private folder, the verifier; and cleaning up after all of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use jettison_engine::{Cleanup, Engine, EngineKind, RunId, detect, process, sweep};
use jettison_optimize::ProveError;
use jettison_verify::{BuildOptions, Verifier, VerifierOptions};

use crate::environment::Environment;
use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;
use crate::terminal::Progress;

/// Logs of this many runs are kept.
const KEPT_LOGS: usize = 5;
/// An engine with a large build cache adds it up for many seconds; nobody has to wait for that.
const CACHE_PATIENCE: Duration = Duration::from_secs(1);

/// One run on one engine. Dropping it removes everything of the run.
pub struct Session {
    /// Who builds and runs.
    pub engine: Arc<dyn Engine>,
    /// Whose everything is.
    pub run: RunId,
    /// Where logs of this run are.
    pub logs: PathBuf,
    cleanup: Option<Cleanup>,
    cache: CacheBytes,
    work: tempfile::TempDir,
}

impl Session {
    /// Finds the engine, removes what dead runs left, makes the private folders.
    pub fn start(wanted: Option<EngineKind>, environment: &Environment, progress: &Progress) -> Result<Self, Failure> {
        progress.begin("engine", "");
        let engine = detect(wanted)?;
        let cache = CacheBytes::ask(engine.clone());
        let run = RunId::new();
        let swept = sweep(engine.as_ref(), &run)?;
        if !swept.removed.is_empty() {
            let (things, name) = (swept.removed.len(), &engine.info().name);
            progress.note("engine", &format!("removed what an earlier run left on {name} ({things})"));
        }
        let logs = environment.state.join("logs").join(run.label());
        forget_old_logs(&environment.state.join("logs"));
        std::fs::create_dir_all(&logs).map_err(|error| {
            Failure::new(format!("{}: {}", shown(&logs), reason(&error)))
                .next("set XDG_STATE_HOME to a folder that can be written")
        })?;
        let work = tempfile::Builder::new().prefix("jettison-").tempdir().map_err(|error| {
            Failure::new(format!("no private folder for temporary files: {error}"))
                .next("set TMPDIR to a folder that can be written")
        })?;
        let cleanup = Some(Cleanup::new(engine.clone(), run.clone()));
        Ok(Self { engine, run, logs, cleanup, cache, work })
    }

    /// The verifier's options for these files.
    pub fn options(
        &self,
        context: &Path,
        dockerfile: Vec<u8>,
        ignore: Option<Vec<u8>>,
        build: BuildOptions,
        build_time_limit: Duration,
    ) -> Result<VerifierOptions, Failure> {
        let exe = std::env::current_exe()
            .map_err(|error| Failure::new(format!("where this program lies is not known: {error}")))?;
        let context =
            context.canonicalize().map_err(|error| Failure::new(format!("{}: {}", shown(context), reason(&error))))?;
        let work = self.work.path().join("work");
        std::fs::create_dir_all(&work)
            .map_err(|error| Failure::new(format!("{}: {}", shown(&work), reason(&error))))?;
        let mut options = VerifierOptions::new(self.engine.clone(), self.run.clone(), context, dockerfile, work);
        options.ignore = ignore;
        options.build = build;
        options.build_time_limit = Some(build_time_limit);
        options.log_dir = self.logs.clone();
        options.probe_exe = exe;
        Ok(options)
    }

    /// The build secrets as typed, and as further ones the secret build arguments: a candidate may mount what the original is
    /// given as an argument. Their values lie in files of this run's own folder.
    pub fn secrets(&self, typed: &[String], given: &[(String, Option<String>)]) -> Result<Vec<String>, Failure> {
        let mut all = typed.to_vec();
        let info = self.engine.info();
        if info.name == "docker" && !info.buildkit {
            return Ok(all);
        }
        for (name, value) in given.iter().filter(|(name, _)| jettison_plan::is_secret_name(name)) {
            let Some(value) = value.as_ref().filter(|_| !typed.iter().any(|one| has_id(one, name))) else { continue };
            let path = self.work.path().join(format!("secret-{name}"));
            write_private(&path, value.as_bytes())
                .map_err(|error| Failure::new(format!("{}: {}", shown(&path), reason(&error))))?;
            all.push(format!("id={name},src={}", path.display()));
        }
        Ok(all)
    }

    /// A verifier that reports to `progress`.
    pub fn verifier(&self, options: VerifierOptions, progress: &Arc<Progress>) -> Verifier {
        use jettison_verify::Progress as Told;
        let progress = progress.clone();
        Verifier::new(
            options,
            Box::new(move |told| match told {
                Told::Started { phase } => progress.start(phase),
                Told::Line(line) => progress.tail(line),
                Told::Done { phase, seconds, detail } => progress.done(phase, seconds, detail),
            }),
        )
    }

    /// Bytes of the engine's build cache when the session began, if it was quick to say.
    pub fn cache_before(&self) -> Option<u64> {
        self.cache.answer()
    }

    /// Bytes of the build cache, asked for now; the answer is waited for later.
    pub fn cache_now(&self) -> CacheBytes {
        CacheBytes::ask(self.engine.clone())
    }

    /// Removes everything of the run now; what could not be removed is a warning.
    pub fn finish(mut self) -> Vec<String> {
        let Some(cleanup) = self.cleanup.take() else { return Vec::new() };
        let name = self.engine.info().name.clone();
        match cleanup.finish() {
            Ok(swept) => swept
                .failed
                .iter()
                .map(|(left, why)| format!("{} {} is still on {name}: {why}", left.kind, left.id))
                .collect(),
            Err(error) => {
                vec![format!("what this run made on {name} could not be removed: {error}; the next run does it")]
            }
        }
    }
}

/// The size of the build cache, asked for in a thread of its own.
pub struct CacheBytes(Receiver<Option<u64>>);

impl CacheBytes {
    fn ask(engine: Arc<dyn Engine>) -> Self {
        let (tell, told) = channel();
        std::thread::spawn(move || tell.send(engine.cache_bytes()));
        Self(told)
    }

    /// None if the engine cannot say, or takes too long over it.
    pub fn answer(&self) -> Option<u64> {
        self.0.recv_timeout(CACHE_PATIENCE).ok().flatten()
    }
}

/// Whether Ctrl-C was pressed: then that is why things failed.
pub fn unless_interrupted(error: ProveError) -> ProveError {
    if process::interrupted() { ProveError::Interrupted } else { error }
}

/// The build arguments as typed; `NAME` alone takes its value from the environment.
pub fn build_args(typed: &[String]) -> Vec<(String, Option<String>)> {
    typed
        .iter()
        .map(|text| match text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (text.clone(), Environment::variable(text)),
        })
        .collect()
}

/// Whether a secret as typed (`id=npm,src=.npmrc`, or the id alone) has this id.
fn has_id(typed: &str, id: &str) -> bool {
    typed.split(',').any(|part| part.strip_prefix("id=").unwrap_or(part) == id)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn forget_old_logs(folder: &Path) {
    let mut runs: Vec<(std::time::SystemTime, PathBuf)> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    runs.sort();
    let old = runs.len().saturating_sub(KEPT_LOGS);
    for (_, path) in runs.into_iter().take(old) {
        // a folder that cannot be removed only takes room
        let _ = std::fs::remove_dir_all(path);
    }
}
