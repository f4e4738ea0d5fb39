//! Images of registries: the one place where a registry is asked for an image, and where its errors become the next command.

use std::cell::Cell;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use jettison_engine::process;
use jettison_image::Image;
use jettison_model::ImageRef;
use jettison_transport::{
    CopyError, Credentials, FileAt, Helper, OpenError, OpenOptions, Registry, RegistryError, Roots,
};

use super::nearest::nearest;
use super::{Opener, mirrors};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::shown;

/// A credential helper that has not answered by then does not answer.
const HELPER: Duration = Duration::from_secs(30);

/// Tags that are named where none is like the one that was typed.
const SHOWN: usize = 5;

/// Opens an image of a registry.
pub(super) fn open(opener: &Opener<'_>, reference: &ImageRef) -> Result<Image, Failure> {
    ask(opener, reference).map_err(|refusal| refusal.failure)
}

/// As [`open`], for a name that no engine has; `nowhere` says so.
pub(super) fn instead(opener: &Opener<'_>, reference: &ImageRef, nowhere: Failure) -> Result<Image, Failure> {
    ask(opener, reference).map_err(|refusal| {
        if !refusal.is_absent || refusal.failure.code != nowhere.code {
            return refusal.failure;
        }
        // It is nowhere: what the engine has that is called nearly so helps as much as what the registry has.
        let Failure { what, place, next, .. } = refusal.failure;
        let next = next.or(nowhere.next.filter(|_| !refusal.is_unknown));
        Failure { place: place.or(nowhere.place), next, ..Failure::new(format!("{}; {what}", nowhere.what)) }
    })
}

/// Why a registry gave no image.
struct Refusal {
    failure: Failure,
    /// It has none of that name, none for us, or cannot be asked.
    is_absent: bool,
    /// It has none of that name.
    is_unknown: bool,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { failure, is_absent: false, is_unknown: false }
    }
}

fn ask(opener: &Opener<'_>, reference: &ImageRef) -> Result<Image, Refusal> {
    opener.progress.begin("image", &format!("asking {}", reference.host()));
    let registry = client(opener)?;
    let (absent, unknown) = (Cell::new(false), Cell::new(false));
    let open = |options: &OpenOptions<'_>| {
        let pulled = registry.open(reference, options).inspect_err(|error| {
            absent.set(matches!(error, OpenError::Registry(_)));
            unknown.set(matches!(error, OpenError::Registry(RegistryError::NotFound { .. })));
        })?;
        for passed in &pulled.passed {
            opener.progress.note("image", &format!("passed over: {passed}"));
        }
        if pulled.from != *reference {
            opener.progress.note("image", &format!("{reference} from its mirror {}", pulled.from.host()));
        }
        Ok(pulled.image)
    };
    let read = ended_by_ctrl_c(opener, || opener.read(&open, &format!("registry:{reference}")));
    read.map_err(|failure| {
        let failure = if unknown.get() { with_tags(&registry, reference, failure) } else { failure };
        Refusal { failure, is_absent: absent.get(), is_unknown: unknown.get() }
    })
}

/// Writes the first `most` bytes of one file's content.
pub(super) fn content(
    opener: &Opener<'_>,
    reference: &ImageRef,
    at: FileAt<'_>,
    most: u64,
    sink: &mut dyn Write,
) -> Result<Result<(), CopyError>, Failure> {
    let options = OpenOptions { platform: opener.args.platform.as_ref(), ..OpenOptions::default() };
    Ok(client(opener)?.copy_file(reference, &options, at, most, sink))
}

/// A client with the user's logins, mirrors, proxies and roots of trust, for those who have no options; what cannot be read of
/// the user's files counts as not there.
pub fn registry(environment: &Environment) -> Registry {
    let settings = mirrors::read(&environment.registries, &[], &[]).unwrap_or_default();
    made(environment, settings, credentials(environment, &|_| {}))
}

/// The same with options.
fn client(opener: &Opener<'_>) -> Result<Registry, Failure> {
    let (environment, args) = (opener.environment, opener.args);
    let settings = mirrors::read(&environment.registries, &args.registry_mirror, &args.insecure_registry)?;
    let credentials = credentials(environment, &|text| opener.progress.note("image", text));
    Ok(made(environment, settings, credentials))
}

fn made(environment: &Environment, settings: mirrors::Settings, credentials: Credentials) -> Registry {
    let registry = Registry::new(&Roots { file: environment.certificates.clone() })
        .with_credentials(credentials)
        .with_insecure(settings.insecure)
        .with_mirrors(settings.mirrors);
    match &environment.registries.proxy {
        Some(proxy) => registry.with_proxy(proxy.clone()),
        None => registry,
    }
}

/// What cannot be read is said and does without: most images need no login.
fn credentials(environment: &Environment, note: &dyn Fn(&str)) -> Credentials {
    let environment = &environment.registries;
    let inline = environment.inline.iter().map(|text| ("DOCKER_AUTH_CONFIG".to_owned(), text.clone().into_bytes()));
    let files = environment.logins.iter().filter_map(|path| Some((shown(path), std::fs::read(path).ok()?)));
    let mut credentials = Credentials::default();
    for (name, bytes) in inline.chain(files) {
        match credentials.clone().with_file(&name, &bytes) {
            Ok(more) => credentials = more,
            Err(error) => note(&format!("{error}; its logins are not used")),
        }
    }
    let helper: Arc<Helper> = Arc::new(helper);
    credentials.with_helper(helper)
}

/// Runs a credential helper. Its answer is shown nowhere.
fn helper(program: &str, server: &str) -> Result<(bool, Vec<u8>), String> {
    let command = process::Command::new(program).arg("get").time_limit(HELPER);
    match command.output_from(&mut server.as_bytes()) {
        Ok(output) if output.end == process::End::TimedOut => Err(format!("no answer after {} s", HELPER.as_secs())),
        Ok(output) => Ok((output.end.success(), output.stdout)),
        Err(jettison_engine::Error::Interrupted) => Err("interrupted".to_owned()),
        Err(_) => Err("it cannot be started".to_owned()),
    }
}

/// The tags that are called nearly so, if the registry tells its tags.
fn with_tags(registry: &Registry, reference: &ImageRef, failure: Failure) -> Failure {
    let tags = match registry.tags(reference) {
        Ok(tags) => tags,
        Err(RegistryError::NotFound { .. }) => {
            return failure.at(format!("{} knows no repository `{}`", reference.host(), reference.path()));
        }
        Err(_) => return failure,
    };
    let near = nearest(reference.tag_or_latest(), &tags);
    let Some(first) = near.first() else {
        let some = tags.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        return if tags.is_empty() { failure } else { failure.at(format!("of its {} tags: {some}", tags.len())) };
    };
    let next = format!("registry:{}, if that is meant", reference.with_tag(first));
    failure.at(format!("there are the tags {}", near.join(", "))).next(next)
}

/// What a registry's error is to people.
pub(super) fn refused(error: &RegistryError) -> Failure {
    let login = |host: &str| match host {
        "docker.io" => "docker login".to_owned(),
        host => format!("docker login {host}"),
    };
    match error {
        RegistryError::Denied { reference, host, reason, tried } => {
            Failure::new(format!("{reference}: {host} {reason}")).at(tried.clone()).next(login(host))
        }
        RegistryError::Busy { reference, host, reason, tried } => {
            let what = format!("{reference}: {host} says that there are too many requests{reason}");
            Failure::new(what).at(tried.clone()).next(format!("wait, or {}", login(host)))
        }
        error => Failure::new(error.to_string()),
    }
}

/// A registry may keep us waiting: Ctrl-C is looked for beside it, where it ends the program at once.
fn ended_by_ctrl_c<T>(opener: &Opener<'_>, work: impl FnOnce() -> T) -> T {
    /// Ends the watch, however the work ends.
    struct Watch<'a>(&'a AtomicBool, Thread);
    impl Drop for Watch<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
            self.1.unpark();
        }
    }
    if !opener.ends_at_once {
        return work();
    }
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                opener.end_if_interrupted();
                thread::park_timeout(Duration::from_millis(50));
            }
        });
        let _watch = Watch(&over, watch.thread().clone());
        work()
    })
}
