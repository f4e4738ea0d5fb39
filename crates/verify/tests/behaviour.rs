//! Running and probing on a real engine: a web app, a worker, programs that end. Skips, saying why, where there is no engine,
//! no local base image, or no sidecar program beside the tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jettison_engine::{BuildRequest, Cleanup, Engine, Limits, RunId, detect};
use jettison_verify::behaviour::{
    Behaviour, ProbeRequest, Session, compare, control, make_sidecar, mask, observe, reachable,
};

const BASES: [&str; 3] = ["busybox:latest", "busybox:stable", "alpine:latest"];

/// An engine with what the tests need; everything made through it goes when this goes.
struct Lab {
    engine: Arc<dyn Engine>,
    run: RunId,
    base: &'static str,
    sidecar: String,
    _cleanup: Cleanup,
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
        let run = RunId::new();
        let cleanup = Cleanup::new(engine.clone(), run.clone());
        let Some(program) = sidecar_program() else {
            return skip("no sidecar program; `cargo build --examples` makes it".into());
        };
        match make_sidecar(engine.as_ref(), &run, &program) {
            Ok(sidecar) => Some(Self { engine, run, base, sidecar, _cleanup: cleanup }),
            Err(error) => skip(error.to_string()),
        }
    }

    fn session(&self) -> Session<'_> {
        Session {
            engine: self.engine.as_ref(),
            run: &self.run,
            sidecar: Some(self.sidecar.clone()),
            limits: Limits { memory: 256 << 20, cpus: 1.0, pids: 64 },
            platform: None,
            ready_timeout: Duration::from_secs(30),
            settle: Duration::from_millis(500),
        }
    }

    /// Builds `FROM base` with these instructions.
    fn image(&self, name: &str, instructions: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let dockerfile = folder.path().join("Dockerfile");
        std::fs::write(&dockerfile, format!("FROM {}\n{instructions}\n", self.base)).unwrap();
        let request = BuildRequest {
            context: folder.path().to_owned(),
            dockerfile,
            tag: self.run.image(name),
            run: self.run.0.clone(),
            ..BuildRequest::default()
        };
        let outcome = self.engine.build(&request, &mut |_| {}).unwrap();
        assert!(outcome.success, "{:?}", outcome.log);
        request.tag
    }

    fn observe(&self, image: &str, paths: &[&str]) -> Behaviour {
        observe(&self.session(), image, &probes(paths)).unwrap()
    }

    /// Containers and networks of this run that are still there.
    fn left(&self) -> Vec<String> {
        let all = self.engine.leftovers().unwrap().into_iter();
        let ours = all.filter(|left| left.run == self.run && left.kind != "image");
        ours.map(|left| format!("{} {}", left.kind, left.id)).collect()
    }
}

/// `examples/probe`, which cargo builds beside the tests.
fn sidecar_program() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let program = test.parent()?.parent()?.join("examples").join("probe");
    program.is_file().then_some(program)
}

fn probes(paths: &[&str]) -> Vec<ProbeRequest> {
    let probe =
        |path: &&str| ProbeRequest { port: None, method: "GET".into(), path: (*path).into(), source: "a test".into() };
    paths.iter().map(probe).collect()
}

fn status_of(behaviour: &Behaviour, path: &str) -> Option<u16> {
    behaviour.answers.iter().find(|answer| answer.request.path == path)?.status
}

const WEB: &str = "RUN mkdir -p /www/sub && echo '<a href=\"/sub/b.txt\">b</a>' > /www/index.html && echo bee > /www/sub/b.txt\n\
                   CMD [\"sh\", \"-c\", \"date > /tmp/started; exec httpd -f -p 8000 -h /www\"]";

#[test]
fn a_web_app_is_seen_whole_and_leaves_nothing() {
    let Some(lab) = Lab::open() else { return };
    let image = lab.image("web", WEB);
    let seen = lab.observe(&image, &["/", "/jettison-no-such-path-7f3a"]);
    assert!(seen.started && seen.stayed_up && seen.probed && !seen.never_ready, "{seen:?}");
    assert_eq!(seen.ports, [8000]);
    assert_eq!(status_of(&seen, "/"), Some(200));
    assert_eq!(status_of(&seen, "/sub/b.txt"), Some(200), "the page's own link is followed");
    assert_eq!(status_of(&seen, "/jettison-no-such-path-7f3a"), Some(404));
    assert!(seen.written.contains(&"/tmp/started".to_owned()), "{:?}", seen.written);
    assert!(seen.programs.iter().any(|program| program.contains("busybox")), "{:?}", seen.programs);
    assert_eq!(lab.left(), Vec::<String>::new());

    let again = lab.observe(&image, &["/", "/jettison-no-such-path-7f3a"]);
    let mask = mask(&seen, &again);
    assert_eq!(reachable(&seen, &mask), (4, vec![]));
    let broken = lab.image("broken", &format!("{WEB}\nRUN rm /www/sub/b.txt"));
    let (level, checks) = compare(&seen, &lab.observe(&broken, &["/", "/jettison-no-such-path-7f3a"]), &mask);
    let failed: Vec<&str> = checks.iter().filter(|check| !check.passed).map(|check| check.detail.as_str()).collect();
    assert_eq!((level, failed), (3, vec!["404 instead of 200"]));
}

#[test]
fn the_health_check_is_run_in_the_container() {
    let Some(lab) = Lab::open() else { return };
    let asks = |program: &str| format!("{WEB}\nHEALTHCHECK CMD {program} -q -O - http://127.0.0.1:8000/ || exit 7");
    let healthy = lab.observe(&lab.image("healthy", &asks("wget")), &["/"]);
    assert_eq!(healthy.health.as_ref().and_then(|health| health.exit_code), Some(0), "{healthy:?}");
    let sick = lab.observe(&lab.image("sick", &asks("no-such-program")), &["/"]);
    let (_, checks) = compare(&healthy, &sick, &mask(&healthy, &healthy));
    let failed: Vec<&str> = checks.iter().filter(|check| !check.passed).map(|check| check.name.as_str()).collect();
    assert_eq!(failed, ["healthcheck"]);
}

#[test]
fn the_control_passes_where_nothing_is() {
    let Some(lab) = Lab::open() else { return };
    control(&lab.session(), &probes(&["/", "/health"])).unwrap();
    assert_eq!(lab.left(), Vec::<String>::new());
}

#[test]
fn a_worker_without_ports_stays_up_and_is_never_ready() {
    let Some(lab) = Lab::open() else { return };
    let image = lab.image("worker", "CMD [\"sleep\", \"600\"]");
    let session = Session { ready_timeout: Duration::from_secs(1), ..lab.session() };
    let seen = observe(&session, &image, &probes(&["/"])).unwrap();
    assert!(seen.stayed_up && seen.never_ready && seen.ports.is_empty() && seen.answers.is_empty(), "{seen:?}");
}

#[test]
fn an_app_that_listens_on_loopback_only_is_not_open() {
    let Some(lab) = Lab::open() else { return };
    let image = lab.image("loopback", "CMD [\"httpd\", \"-f\", \"-p\", \"127.0.0.1:9000\", \"-h\", \"/\"]");
    let session = Session { ready_timeout: Duration::from_secs(2), ..lab.session() };
    let seen = observe(&session, &image, &probes(&["/"])).unwrap();
    assert_eq!((seen.ports.as_slice(), seen.loopback_ports.as_slice()), ([].as_slice(), [9000].as_slice()));
}

#[test]
fn a_program_that_ends_is_known_by_code_and_output() {
    let Some(lab) = Lab::open() else { return };
    let image = lab.image("program", "CMD [\"sh\", \"-c\", \"echo done; exit 3\"]");
    let seen = lab.observe(&image, &["/"]);
    assert_eq!((seen.started, seen.stayed_up, seen.exit_code, seen.logs.trim()), (true, false, Some(3), "done"));
    assert_eq!(compare(&seen, &seen, &mask(&seen, &seen)).0, 2);
    assert_eq!(lab.left(), Vec::<String>::new());
}

#[test]
fn an_app_that_dies_while_it_is_probed_is_not_an_error_of_ours() {
    let Some(lab) = Lab::open() else { return };
    let image = lab.image("dies", "CMD [\"sh\", \"-c\", \"httpd -p 8000 -h /; sleep 4; exit 9\"]");
    let session = Session { settle: Duration::from_secs(20), ..lab.session() };
    let seen = observe(&session, &image, &probes(&["/"])).unwrap();
    assert_eq!((seen.started, seen.stayed_up, seen.exit_code), (true, false, Some(9)), "{seen:?}");
}

#[test]
fn a_program_that_is_not_there_cannot_be_started() {
    let Some(lab) = Lab::open() else { return };
    let image = lab.image("nothing", "CMD [\"/no/such/program\"]");
    let seen = lab.observe(&image, &["/"]);
    assert!(!seen.started && seen.error.as_ref().is_some_and(|error| error.contains("no/such/program")), "{seen:?}");
    assert_eq!(lab.left(), Vec::<String>::new());
}

#[test]
fn without_a_sidecar_only_starting_is_seen() {
    let Some(lab) = Lab::open() else { return };
    let image = lab.image("unseen", "CMD [\"httpd\", \"-f\", \"-p\", \"8000\", \"-h\", \"/\"]");
    let seen = observe(&Session { sidecar: None, ..lab.session() }, &image, &probes(&["/"])).unwrap();
    assert!(seen.stayed_up && !seen.probed && seen.answers.is_empty(), "{seen:?}");
}
