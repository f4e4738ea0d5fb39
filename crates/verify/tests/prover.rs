//! The whole proof of a small web app on a real engine: baseline, candidates that hold and that do not, the measured winner.
//! Skips, saying why, where there is no engine, no local base image, or no sidecar program beside the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jettison_context::walk;
use jettison_dockerfile::ignore::Matcher;
use jettison_engine::{Engine, RunId, detect};
use jettison_optimize::{Conviction, ProveError, Prover, Verdict};
use jettison_plan::{Files, Obligation};
use jettison_verify::{Verifier, VerifierOptions};

const BASES: [&str; 3] = ["busybox:latest", "busybox:stable", "alpine:latest"];

/// A web app that serves its files, with an edit that shows in its start page.
const APP: &str = "WORKDIR /app\nCOPY . .\nRUN wc -c www/page.txt > size.txt\nEXPOSE 8000\n\
                   CMD [\"busybox\", \"httpd\", \"-f\", \"-p\", \"8000\", \"-h\", \"/app/www\"]\n";

struct Lab {
    folder: tempfile::TempDir,
    engine: Arc<dyn Engine>,
    base: &'static str,
    probe_exe: PathBuf,
}

impl Lab {
    fn open() -> Option<Self> {
        let skip = |why: String| {
            eprintln!("skipped: {why}");
            None
        };
        let engine = match detect(None) {
            Ok(engine) if engine.info().runs => engine,
            Ok(engine) => return skip(format!("{} cannot run containers", engine.info().name)),
            Err(error) => return skip(error.to_string()),
        };
        let local = |base: &&str| matches!(engine.image_id(base), Ok(Some(_)));
        let Some(base) = BASES.into_iter().find(local) else {
            return skip(format!("none of {} is on the engine", BASES.join(", ")));
        };
        let Some(probe_exe) = sidecar_program() else {
            return skip("no sidecar program; `cargo build --examples` makes it".into());
        };
        let folder = tempfile::tempdir().unwrap();
        write_app(&folder.path().join("app"));
        Some(Self { folder, engine, base, probe_exe })
    }

    fn context(&self) -> PathBuf {
        self.folder.path().join("app")
    }

    fn files(&self, instructions: &str, ignore: Option<&str>) -> Files {
        let dockerfile = format!("FROM {}\n{instructions}", self.base);
        Files { dockerfile: dockerfile.into_bytes(), ignore: ignore.map(|text| text.as_bytes().to_vec()) }
    }

    fn options(&self) -> VerifierOptions {
        let original = self.files(APP, None);
        let work = self.folder.path().join("work");
        let mut options =
            VerifierOptions::new(self.engine.clone(), RunId::new(), self.context(), original.dockerfile, work);
        options.log_dir = self.folder.path().join("logs");
        options.probe_exe.clone_from(&self.probe_exe);
        options.settle = Duration::from_millis(500);
        options.ready_timeout = Duration::from_secs(30);
        options
    }

    fn log(&self, conviction: &Conviction) -> String {
        let (name, line) = conviction.log.clone().expect("a log");
        let log = fs::read_to_string(self.folder.path().join(format!("logs/{name}.log"))).unwrap();
        log.lines().nth(line - 1).unwrap().trim().to_owned()
    }
}

fn write_app(folder: &Path) {
    fs::create_dir_all(folder.join("www")).unwrap();
    let files = [
        ("www/index.html", "<a href=\"/page.txt\">page</a>\n"),
        ("www/page.txt", "one\n"),
        (".env", "KEY=1\n"),
        ("debug.log", "x\n"),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// `examples/probe`, which cargo builds beside the tests.
fn sidecar_program() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let program = test.parent()?.parent()?.join("examples").join("probe");
    program.is_file().then_some(program)
}

fn quiet(options: VerifierOptions) -> Verifier {
    Verifier::new(options, Box::new(|_| ()))
}

fn duties() -> Vec<Obligation> {
    vec![
        Obligation::Builds,
        Obligation::SameConfigExcept(vec!["User".into()]),
        Obligation::SameFilesExcept(vec!["app/.env".into(), "**/*.log".into()]),
        Obligation::SameBehaviour { answers: true },
        Obligation::NoSecretInLayers,
    ]
}

fn convicted(verdict: &Verdict) -> Conviction {
    assert!(!verdict.holds, "{verdict:?}");
    verdict.conviction.clone().expect("a conviction")
}

const IGNORE: &str = ".env\n*.log\n";

#[test]
fn a_better_image_holds_and_a_broken_one_is_convicted() {
    let Some(lab) = Lab::open() else { return };
    let fingerprint = || walk(&lab.context(), &Matcher::default()).unwrap().fingerprint().unwrap();
    let before = fingerprint();
    let options = lab.options();
    let run = options.run.clone();
    let mut verifier = quiet(options);

    let baseline = verifier.baseline().unwrap();
    assert_eq!(baseline.reachable, 4, "{:?}", baseline.not_checked);
    assert_eq!(baseline.measurements.ports, [8000]);
    assert_eq!(baseline.measurements.secrets, [("/app/.env".to_owned(), ".env".to_owned())]);
    assert_eq!(baseline.measurements.warm_edit, Some(("www/index.html".to_owned(), Some(true))));
    assert!(baseline.observations.base_layers >= 1);

    let good = lab.files(&format!("{APP}USER 10001\n"), Some(IGNORE));
    let mut more = duties();
    more.extend([Obligation::NonRoot, Obligation::EditArrives]);
    let verdict = verifier.prove("candidate 1", &good, &more).unwrap();
    assert!(verdict.holds && verdict.level == 4, "{verdict:?}");

    let without_page = lab.files(&APP.replace("COPY . .", "COPY . .\nRUN echo two > www/page.txt"), Some(IGNORE));
    let conviction = convicted(&verifier.prove("candidate 2", &without_page, &duties()).unwrap());
    assert_eq!(conviction.phase, "answers");
    assert!(conviction.reason.starts_with("GET /page.txt:"), "{conviction:?}");

    let unbuildable = lab.files(APP, Some(".env\n*.log\nwww/page.txt\n"));
    let conviction = convicted(&verifier.prove("candidate 3", &unbuildable, &duties()).unwrap());
    assert_eq!(conviction.phase, "build");
    assert!(conviction.line.as_deref().is_some_and(|line| line.contains("page.txt")), "{conviction:?}");
    assert_eq!(Some(lab.log(&conviction)), conviction.line, "the log has that line");

    let silent = lab.files(&APP.replace("\"-f\"", "\"-no-such-option\""), Some(IGNORE));
    let mut free = duties();
    free.retain(|duty| !matches!(duty, Obligation::SameConfigExcept(_)));
    let conviction = convicted(&verifier.prove("candidate 4", &silent, &free).unwrap());
    assert_eq!(conviction.phase, "start");
    assert_eq!(Some(lab.log(&conviction)), conviction.line);

    let (after, verdict) = verifier.measure("winner", &good, &more).unwrap();
    assert!(verdict.holds && verdict.level == 4, "{verdict:?}");
    assert_eq!((after.secrets.len(), after.user.as_str()), (0, "10001"));
    assert!(after.context_bytes < baseline.measurements.context_bytes);
    assert!(after.cold_build_seconds.is_some() && after.warm_build_seconds.is_some());

    drop(verifier);
    assert_eq!(fingerprint(), before, "the user's context is as it was");
    let left = lab.engine.leftovers().unwrap().into_iter().filter(|left| left.run == run);
    assert_eq!(left.count(), 0);
}

#[test]
fn the_smoke_command_gets_the_address_and_decides() {
    let Some(lab) = Lab::open() else { return };
    let mut options = lab.options();
    // Fails where the page says `two`; the port is open, and it is this machine's.
    options.smoke = Some(
        "test \"$JETTISON_URL\" = \"http://127.0.0.1:$JETTISON_PORT\" && test -n \"$JETTISON_PORT_8000\" && \
         ! grep -q convict-me \"$JETTISON_HOST\" 2>/dev/null && test ! -e marker || { echo smoke says no; exit 3; }"
            .to_owned(),
    );
    let mut verifier = quiet(options);
    assert_eq!(verifier.baseline().unwrap().reachable, 5);
    let verdict = verifier.prove("candidate 1", &lab.files(APP, Some(IGNORE)), &duties()).unwrap();
    assert!(verdict.holds && verdict.level == 5, "{verdict:?}");

    fs::write(lab.context().join("marker"), "").unwrap();
    let ignore = format!("{IGNORE}marker\n");
    let conviction = convicted(&verifier.prove("candidate 2", &lab.files(APP, Some(&ignore)), &duties()).unwrap());
    assert_eq!((conviction.phase.as_str(), conviction.line.as_deref()), ("smoke", Some("smoke says no")));
}

#[test]
fn a_smoke_command_that_fails_on_the_original_proves_nothing() {
    let Some(lab) = Lab::open() else { return };
    let mut options = lab.options();
    options.smoke = Some("echo nobody answers; exit 1".to_owned());
    match quiet(options).baseline() {
        Err(ProveError::SmokeBaseline { output }) => assert_eq!(output, ["nobody answers"]),
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn an_app_that_ends_is_compared_by_how_it_ends() {
    let Some(lab) = Lab::open() else { return };
    let job = "WORKDIR /app\nCOPY . .\nCMD [\"sh\", \"-c\", \"cat www/page.txt\"]\n";
    let mut options = lab.options();
    options.dockerfile = lab.files(job, None).dockerfile;
    let mut verifier = quiet(options);
    let baseline = verifier.baseline().unwrap();
    assert_eq!((baseline.reachable, baseline.observations.stayed_up), (2, false));
    let verdict = verifier.prove("candidate 1", &lab.files(job, Some(IGNORE)), &duties()).unwrap();
    assert!(verdict.holds && verdict.level == 2, "{verdict:?}");
    let mut free = duties();
    free.retain(|duty| !matches!(duty, Obligation::SameFilesExcept(_)));
    let without = lab.files(job, Some(".env\nwww/page.txt\n"));
    let conviction = convicted(&verifier.prove("candidate 2", &without, &free).unwrap());
    assert_eq!(conviction.phase, "start");
    assert!(conviction.line.as_deref().is_some_and(|line| line.contains("page.txt")), "{conviction:?}");
}

#[test]
fn a_missing_base_is_named() {
    let Some(lab) = Lab::open() else { return };
    let mut options = lab.options();
    options.dockerfile = b"FROM localhost/jettison-no-such-image:1\nRUN true\n".to_vec();
    match quiet(options).baseline() {
        Err(ProveError::BaseUnavailable { reference, line, .. }) => {
            assert!(reference.contains("jettison-no-such-image"), "{reference}");
            assert_eq!(line, Some(1));
        }
        outcome => panic!("{outcome:?}"),
    }
}
