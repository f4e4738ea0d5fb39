//! The prover on an engine in memory, whose builder copies the context into `/app`: what is built from, what convicts, what is
//! left. The engine only builds, so nothing is run here; that is in `prover.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jettison_engine::fake::{FakeBuild, FakeContainer, FakeEngine, FakeImage, failed, succeeded};
use jettison_engine::{BuildOutcome, BuildRequest, Engine, EngineInfo, RunId};
use jettison_optimize::{ProveError, Prover, Verdict};
use jettison_plan::{Files, Obligation};
use jettison_testkit::{ImageBuilder, LayerBuilder, sha256};
use jettison_verify::{Verifier, VerifierOptions};
use serde_json::json;

const NAIVE: &str = "FROM base:1\nWORKDIR /app\nCOPY . /app\nCMD [\"python\", \"app.py\"]\n";

/// A context, an engine, and where the prover may write.
struct Bench {
    folder: tempfile::TempDir,
    engine: Arc<FakeEngine>,
    requests: Arc<Mutex<Vec<BuildRequest>>>,
}

impl Bench {
    /// On an engine that only builds.
    fn new(builder: impl Fn(&BuildRequest) -> FakeBuild + Send + Sync + 'static) -> Self {
        let info = EngineInfo {
            name: "buildah".into(),
            platform: "linux/amd64".into(),
            buildkit: true,
            ..EngineInfo::default()
        };
        Self::on(FakeEngine::new().with_info(info), builder)
    }

    fn on(engine: FakeEngine, builder: impl Fn(&BuildRequest) -> FakeBuild + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let context = folder.path().join("context");
        fs::create_dir(&context).unwrap();
        for (name, text) in
            [("app.py", "import data\n"), (".env", "KEY=1\n"), ("data.txt", "1\n"), ("Dockerfile", NAIVE)]
        {
            fs::write(context.join(name), text).unwrap();
        }
        let requests: Arc<Mutex<Vec<BuildRequest>>> = Arc::default();
        let seen = requests.clone();
        let engine = engine.with_image("base:1", base()).on_build(move |request| {
            seen.lock().unwrap().push(request.clone());
            Ok(builder(request))
        });
        Self { folder, engine: Arc::new(engine), requests }
    }

    fn context(&self) -> PathBuf {
        self.folder.path().join("context")
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.options(), Box::new(|_| ()))
    }

    fn options(&self) -> VerifierOptions {
        let work = self.folder.path().join("work");
        let run = RunId("1-test".to_owned());
        let mut options = VerifierOptions::new(self.engine.clone(), run, self.context(), NAIVE.into(), work);
        options.log_dir = self.folder.path().join("logs");
        options
    }

    fn fingerprint(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files_below(&self.context())
    }
}

fn base() -> FakeImage {
    let document = json!({"RootFS": {"Layers": [sha256(&base_layer().tar())]}, "Config": {"Labels": {"of": "base"}}});
    FakeImage { document, ..FakeImage::default() }
}

fn base_layer() -> LayerBuilder {
    LayerBuilder::new().file("bin/python", "elf").file("etc/id_rsa", "the base's own")
}

fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// `COPY . /app` under the ignore file, then a layer with what `more` says.
fn copies(request: &BuildRequest, more: &LayerBuilder) -> FakeBuild {
    let ignore = fs::read_to_string(request.ignore_file.as_ref().unwrap()).unwrap();
    let mut layer = LayerBuilder::new();
    for (path, content) in files_below(&request.context) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !ignore.lines().any(|line| line == name) {
            layer = layer.file(format!("app/{name}"), content);
        }
    }
    let dockerfile = fs::read_to_string(&request.dockerfile).unwrap();
    let user = if dockerfile.contains("USER app") { "app" } else { "" };
    let image = ImageBuilder::new().set("User", user).set("WorkingDir", "/app").cmd(&["python", "app.py"]);
    let image = image.layer(&base_layer(), "ADD base").layer(&layer, "COPY . /app").layer(more, "RUN more");
    let outcome = BuildOutcome { executed: 3, ..succeeded() };
    FakeBuild { outcome, image: FakeImage { archive: image.docker_archive(), ..FakeImage::default() } }
}

fn plain(request: &BuildRequest) -> FakeBuild {
    copies(request, &LayerBuilder::new())
}

fn files(dockerfile: &str, ignore: Option<&str>) -> Files {
    Files { dockerfile: dockerfile.into(), ignore: ignore.map(Into::into) }
}

fn proven(bench: &Bench, candidate: &Files, obligations: &[Obligation]) -> Verdict {
    let mut verifier = bench.verifier();
    verifier.baseline().unwrap();
    verifier.prove("candidate 1", candidate, obligations).unwrap()
}

fn convicted(verdict: &Verdict) -> (&str, &str) {
    let conviction = verdict.conviction.as_ref().expect("a conviction");
    (conviction.phase.as_str(), conviction.reason.as_str())
}

#[test]
fn measures_the_original_and_blames_no_base() {
    let bench = Bench::new(plain);
    let baseline = bench.verifier().baseline().unwrap();
    let numbers = &baseline.measurements;
    assert_eq!(baseline.observations.base_layers, 1);
    assert_eq!(numbers.secrets, [("/app/.env".to_owned(), ".env".to_owned())], "the base's key is not the app's doing");
    assert_eq!((numbers.context_files, numbers.layers), (4, 3));
    assert_eq!(numbers.warm_edit, Some(("app.py".to_owned(), Some(true))));
    assert_eq!(baseline.reachable, 1);
    assert!(
        baseline.not_checked.iter().any(|text| text.contains("buildah runs no containers")),
        "{:?}",
        baseline.not_checked
    );
}

#[test]
fn writes_nothing_into_the_context_and_leaves_nothing_behind() {
    let bench = Bench::new(plain);
    let before = bench.fingerprint();
    let candidate = files(NAIVE, Some(".env\n"));
    let mut verifier = bench.verifier();
    verifier.baseline().unwrap();
    verifier.measure("winner", &candidate, &[Obligation::EditArrives]).unwrap();
    drop(verifier);
    assert_eq!(bench.fingerprint(), before);
    assert!(!bench.folder.path().join("work").exists());
    assert!(bench.folder.path().join("logs/builds/1.log").exists(), "logs stay, for evidence");
    assert_eq!(bench.engine.leftovers().unwrap(), []);
}

#[test]
fn builds_in_place_but_for_the_edit_and_cold_builds_have_caches_of_their_own() {
    let bench = Bench::new(plain);
    let mut verifier = bench.verifier();
    verifier.baseline().unwrap();
    verifier.prove("candidate 1", &files(NAIVE, None), &[]).unwrap();
    verifier.measure("winner", &files(NAIVE, None), &[]).unwrap();
    let requests = bench.requests.lock().unwrap();
    let [cold, warm, candidate, winner, winner_warm] = &requests[..] else { panic!("{} builds", requests.len()) };
    let namespace = |request: &BuildRequest| {
        let arg = request.build_args.iter().find(|(name, _)| name == "BUILDKIT_CACHE_MOUNT_NS");
        request.cold.clone().or_else(|| arg.and_then(|(_, value)| value.clone()))
    };
    assert!([cold, candidate, winner].iter().all(|request| request.context == bench.context()));
    assert!(warm.context != bench.context() && warm.context.file_name() != winner_warm.context.file_name());
    assert!(cold.cold.is_some() && warm.cold.is_none() && candidate.cold.is_none() && winner.cold.is_some());
    assert_eq!(namespace(warm), namespace(cold));
    assert_eq!(namespace(winner_warm), namespace(winner));
    assert_ne!(namespace(winner), namespace(cold));
}

#[test]
fn a_file_that_is_missing_convicts() {
    let verdict = proven(
        &Bench::new(plain),
        &files(NAIVE, Some("data.txt")),
        &[Obligation::SameFilesExcept(vec![".env".into()])],
    );
    assert_eq!(convicted(&verdict), ("files", "1 of the app's files are absent: /app/data.txt"));
    assert_eq!((verdict.level, verdict.holds), (1, false));
}

#[test]
fn a_secret_that_a_later_layer_deletes_is_still_in_the_image() {
    let bench = Bench::new(|request| copies(request, &LayerBuilder::new().whiteout("app/.env")));
    let verdict = proven(&bench, &files(NAIVE, None), &[Obligation::NoSecretInLayers]);
    let (phase, reason) = convicted(&verdict);
    assert_eq!(phase, "secrets");
    assert!(reason.contains("/app/.env"), "{reason}");
    assert!(proven(&bench, &files(NAIVE, Some(".env")), &[Obligation::NoSecretInLayers]).holds);
}

#[test]
fn root_and_a_changed_config_convict() {
    let bench = Bench::new(plain);
    let to_app = files("FROM base:1\nUSER app\n", None);
    assert_eq!(convicted(&proven(&bench, &files(NAIVE, None), &[Obligation::NonRoot])).0, "user");
    assert_eq!(convicted(&proven(&bench, &to_app, &[Obligation::SameConfigExcept(vec![])])).0, "config");
    let allowed = [Obligation::NonRoot, Obligation::SameConfigExcept(vec!["User".into()])];
    assert!(proven(&bench, &to_app, &allowed).holds);
}

#[test]
fn a_candidate_that_does_not_build_is_a_verdict_with_log_and_line() {
    let bench = Bench::new(|request| {
        let dockerfile = fs::read_to_string(&request.dockerfile).unwrap();
        if !dockerfile.contains("RUN make") {
            return plain(request);
        }
        let outcome = failed(3, "RUN make", &["#5 make: cc: not found", "#5 ERROR"]);
        FakeBuild { outcome, ..FakeBuild::default() }
    });
    let verdict = proven(&bench, &files("FROM base:1\nRUN make\n", None), &[Obligation::Builds]);
    let conviction = verdict.conviction.clone().unwrap();
    assert_eq!((conviction.phase.as_str(), conviction.log.clone()), ("build", Some(("builds/3".to_owned(), 2))));
    let log = fs::read_to_string(bench.folder.path().join("logs/builds/3.log")).unwrap();
    assert_eq!(log.lines().nth(1), conviction.line.as_deref());
}

#[test]
fn an_original_that_does_not_build_ends_the_run_with_its_line() {
    let bench = Bench::new(|_| FakeBuild {
        outcome: failed(7, "RUN pip install x", &["no such package"]),
        ..FakeBuild::default()
    });
    match bench.verifier().baseline() {
        Err(ProveError::BaselineBuild { line, instruction, log, .. }) => {
            assert_eq!((line, instruction.as_deref()), (Some(7), Some("RUN pip install x")));
            assert_eq!(log, ["no such package"]);
        }
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn a_full_disk_is_no_verdict() {
    let bench = Bench::new(|request| {
        let mut build = plain(request);
        if fs::read_to_string(&request.dockerfile).unwrap() != NAIVE {
            build.outcome = failed(2, "RUN x", &["no space left on device"]);
            build.outcome.failure.as_mut().unwrap().disk_full = true;
        }
        build
    });
    let mut verifier = bench.verifier();
    verifier.baseline().unwrap();
    assert!(matches!(verifier.prove("candidate 1", &files("FROM base:1\n", None), &[]), Err(ProveError::Other { .. })));
}

#[test]
fn a_stale_rebuild_convicts_the_winner() {
    // A builder that takes the context as it was for Dockerfiles with this word.
    let stale = Bench::new(|request| {
        let build = plain(request);
        if !fs::read_to_string(&request.dockerfile).unwrap().contains("stale") {
            return build;
        }
        let mut of_the_past = request.clone();
        of_the_past.context = request.dockerfile.ancestors().nth(3).unwrap().join("context");
        plain(&of_the_past)
    });
    let mut verifier = stale.verifier();
    verifier.baseline().unwrap();
    let (_, verdict) =
        verifier.measure("winner", &files(&format!("{NAIVE}# stale\n"), None), &[Obligation::EditArrives]).unwrap();
    assert_eq!(convicted(&verdict).0, "edit");
    let (numbers, verdict) = verifier.measure("winner", &files(NAIVE, None), &[Obligation::EditArrives]).unwrap();
    assert!(verdict.holds, "{:?}", verdict.conviction);
    assert_eq!(numbers.warm_edit, Some(("app.py".to_owned(), Some(true))));
}

#[test]
fn an_edit_that_the_candidate_leaves_out_of_its_context_convicts() {
    let bench = Bench::new(plain);
    let mut verifier = bench.verifier();
    verifier.baseline().unwrap();
    let (_, verdict) = verifier.measure("winner", &files(NAIVE, Some("app.py")), &[]).unwrap();
    assert_eq!(convicted(&verdict), ("edit", "`app.py` is not sent to the builder"));
}

#[test]
fn a_build_that_the_network_failed_is_tried_again() {
    let bench = Bench::new(|request| {
        if !request.tag.ends_with("-3") {
            return plain(request);
        }
        FakeBuild { outcome: failed(2, "RUN x", &["Could not resolve host: example.test"]), ..FakeBuild::default() }
    });
    assert!(proven(&bench, &files(NAIVE, None), &[Obligation::Builds]).holds);
    assert_eq!(bench.requests.lock().unwrap().len(), 4);
}

#[test]
fn without_a_sidecar_the_level_is_two_and_the_reason_is_said() {
    let bench = Bench::on(FakeEngine::new(), plain);
    let mut verifier = bench.verifier();
    let baseline = verifier.baseline().unwrap();
    assert_eq!(baseline.reachable, 2);
    let said = |what: &str| baseline.not_checked.iter().any(|text| text.starts_with(what));
    assert!(said("ports and answers: ") && said("outbound calls"), "{:?}", baseline.not_checked);
    let verdict = verifier.prove("candidate 1", &files(NAIVE, None), &[]).unwrap();
    assert_eq!((verdict.level, verdict.holds), (2, true));
}

#[test]
fn an_app_that_does_not_start_is_convicted_by_the_line_that_says_why() {
    let log =
        "booting\nTraceback (most recent call last):\nModuleNotFoundError: No module named 'data'\nshutting down\n";
    let engine = FakeEngine::new().on_run(move |request| {
        let guilty = request.image.ends_with("-3");
        Ok(if guilty { FakeContainer::exited(1, log) } else { FakeContainer::running() })
    });
    let bench = Bench::on(engine, plain);
    let verdict = proven(&bench, &files(NAIVE, None), &[]);
    let conviction = verdict.conviction.clone().unwrap();
    assert_eq!((conviction.phase.as_str(), verdict.level), ("start", 1));
    assert_eq!(conviction.line.as_deref(), Some("ModuleNotFoundError: No module named 'data'"));
    let (name, line) = conviction.log.unwrap();
    let kept = fs::read_to_string(bench.folder.path().join(format!("logs/{name}.log"))).unwrap();
    assert!(kept.lines().nth(line - 1).unwrap().contains("ModuleNotFoundError"));
}

#[test]
fn a_run_whose_time_is_over_stops() {
    let bench = Bench::new(plain);
    let mut options = bench.options();
    options.deadline = Some(std::time::Instant::now());
    assert!(matches!(Verifier::new(options, Box::new(|_| ())).baseline(), Err(ProveError::TimeLimit)));
}
