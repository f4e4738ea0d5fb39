//! The trait against every engine that is here. Needs a docker, podman or buildah and, in its storage, one small image
//! with a shell; says what it skips otherwise.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jettison_engine::process::Command;
use jettison_engine::{BuildRequest, Cleanup, Engine, EngineKind, Error, RunId, RunRequest, detect, sweep};

const SMALL: &[&str] = &["busybox", "alpine", "debian:bookworm-slim", "debian", "ubuntu"];

/// Calls `check` with every engine here and the name of an image with a shell.
fn with_engines(needs_run: bool, check: impl Fn(Arc<dyn Engine>, &str)) {
    let mut tried = 0;
    for kind in EngineKind::ALL {
        let engine = match detect(Some(kind)) {
            Ok(engine) => engine,
            Err(error) => {
                eprintln!("skipped: {error}");
                continue;
            }
        };
        if needs_run && !engine.info().runs {
            eprintln!("skipped: {} runs no containers", kind.name());
            continue;
        }
        let Some(base) = small_image(engine.as_ref(), kind) else {
            eprintln!("skipped: {} has none of the images {SMALL:?}", kind.name());
            continue;
        };
        eprintln!("{} {} with {base}", engine.info().name, engine.info().version);
        check(engine, &base);
        tried += 1;
    }
    if tried == 0 {
        eprintln!("skipped: no engine here with an image to start from");
    }
}

fn small_image(engine: &dyn Engine, kind: EngineKind) -> Option<String> {
    let list = if kind == EngineKind::Buildah { vec!["images"] } else { vec!["image", "ls"] };
    let format = if kind == EngineKind::Buildah { "{{.Name}}:{{.Tag}}" } else { "{{.Repository}}:{{.Tag}}" };
    let listed = Command::new(kind.name()).args(list).args(["--format", format]).output().ok()?.text();
    let short = |name: &str| name.trim_start_matches("localhost/").trim_start_matches("docker.io/library/").to_string();
    let names: BTreeSet<_> = listed.lines().map(str::to_string).collect();
    let found = SMALL.iter().find_map(|wanted| names.iter().find(|name| short(name).starts_with(wanted)));
    found.filter(|name| engine.image_id(name).is_ok_and(|id| id.is_some())).cloned()
}

fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).unwrap();
}

fn request(context: &Path, run: &RunId, name: &str) -> BuildRequest {
    BuildRequest {
        context: context.into(),
        dockerfile: context.join("Dockerfile"),
        tag: run.image(name),
        run: run.0.clone(),
        ..BuildRequest::default()
    }
}

/// Builds `dockerfile` in a context with `a.txt`; the tag.
fn build(engine: &dyn Engine, run: &RunId, name: &str, dockerfile: &str) -> String {
    let context = tempfile::tempdir().unwrap();
    write(context.path(), "Dockerfile", dockerfile);
    write(context.path(), "a.txt", "hi\n");
    let request = request(context.path(), run, name);
    let outcome = engine.build(&request, &mut |_| {}).unwrap();
    assert!(outcome.success, "{:#?}", outcome);
    request.tag
}

#[test]
fn builds_counts_and_saves() {
    with_engines(false, |engine, base| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let context = tempfile::tempdir().unwrap();
        let marker = format!("made in {run}");
        write(
            context.path(),
            "Dockerfile",
            &format!("FROM {base}\nCOPY a.txt /x/\nRUN echo {marker} && cat /x/a.txt\n"),
        );
        write(context.path(), "a.txt", "hi\n");
        write(context.path(), "secret.txt", "not for the image\n");
        let request = request(context.path(), &run, "counted");

        let mut heard = Vec::new();
        let first = engine.build(&request, &mut |line| heard.push(line.to_string())).unwrap();
        assert!(first.success, "{first:#?}");
        assert!(heard.iter().any(|line| line.trim() == marker), "{heard:#?}");
        assert!(first.executed >= 1, "{first:#?}");
        let again = engine.build(&request, &mut |_| {}).unwrap();
        assert_eq!((again.executed, again.cached), (0, 2), "{again:#?}");
        let cold = engine.build(&BuildRequest { cold: Some("test".into()), ..request.clone() }, &mut |_| {}).unwrap();
        assert_eq!((cold.executed, cold.cached), (2, 0), "{cold:#?}");

        assert!(engine.image_id(&request.tag).unwrap().is_some());
        let document = engine.inspect_image(&request.tag).unwrap();
        assert_eq!(
            document.pointer("/Config/Labels/jettison.run").and_then(|value| value.as_str()),
            Some(run.0.as_str())
        );
        let mut archive = Vec::new();
        engine.save(&request.tag).unwrap().read_to_end(&mut archive).unwrap();
        assert!(archive.windows(13).any(|window| window == b"manifest.json"), "{} bytes", archive.len());
    });
}

#[test]
fn honours_the_ignore_file_beside_the_dockerfile() {
    with_engines(false, |engine, base| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let (context, aside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(context.path(), "keep.txt", "x");
        write(context.path(), "drop.txt", "x");
        write(
            aside.path(),
            "Dockerfile",
            &format!("FROM {base}\nCOPY . /x/\nRUN test -e /x/keep.txt && test ! -e /x/drop.txt\n"),
        );
        write(aside.path(), "Dockerfile.dockerignore", "drop.txt\n");
        let request =
            BuildRequest { dockerfile: aside.path().join("Dockerfile"), ..request(context.path(), &run, "ignored") };
        let outcome = engine.build(&request, &mut |_| {}).unwrap();
        assert!(outcome.success, "{outcome:#?}");
    });
}

#[test]
fn a_failing_build_is_an_outcome_with_its_line() {
    with_engines(false, |engine, base| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let context = tempfile::tempdir().unwrap();
        write(context.path(), "Dockerfile", &format!("FROM {base}\n\nRUN echo {run} && \\\n    ls /nope && exit 7\n"));
        let outcome = engine.build(&request(context.path(), &run, "failing"), &mut |_| {}).unwrap();
        let failure = outcome.failure.as_ref().unwrap();
        assert!(!outcome.success);
        assert_eq!(failure.line, Some(3), "{outcome:#?}");
        assert!(failure.exit_code.is_some_and(|code| code != 0), "{failure:?}");
        assert!(outcome.log[failure.log_line].contains("/nope"), "{outcome:#?}");
    });
}

#[test]
fn a_missing_base_is_named() {
    with_engines(false, |engine, _| {
        let run = RunId::new();
        let context = tempfile::tempdir().unwrap();
        write(context.path(), "Dockerfile", "FROM localhost:1/no/such-image:1\nRUN true\n");
        let outcome = engine.build(&request(context.path(), &run, "baseless"), &mut |_| {}).unwrap();
        let failure = outcome.failure.unwrap();
        assert_eq!(failure.missing_base.as_deref(), Some("localhost:1/no/such-image:1"), "{failure:?}");
        assert!(matches!(engine.pull("localhost:1/no/such-image:1"), Err(Error::NotFound { .. })));
        assert_eq!(engine.image_id("localhost:1/no/such-image:1").unwrap(), None);
        assert!(engine.save("localhost:1/no/such-image:1").is_err());
    });
}

#[test]
fn the_time_limit_stops_a_build_and_what_it_runs() {
    with_engines(false, |engine, base| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let context = tempfile::tempdir().unwrap();
        // A number nobody else sleeps for.
        let seconds = 100_000 + std::process::id();
        write(context.path(), "Dockerfile", &format!("FROM {base}\nRUN echo {run} && sleep {seconds}\n"));
        let request =
            BuildRequest { time_limit: Some(Duration::from_secs(5)), ..request(context.path(), &run, "slow") };
        let outcome = engine.build(&request, &mut |_| {}).unwrap();
        assert!(outcome.failure.is_some_and(|failure| failure.timed_out));
        let processes = || Command::new("ps").args(["-eo", "args"]).succeed().unwrap().text();
        let asleep = format!("sleep {seconds}");
        let gone = eventually(|| (!processes().lines().any(|line| line.trim() == asleep)).then_some(()));
        assert!(gone.is_some(), "{} left `{asleep}` running", engine.info().name);
    });
}

#[test]
fn runs_looks_and_leaves_nothing() {
    with_engines(true, |engine, base| {
        let run = RunId::new();
        let guard = Cleanup::new(engine.clone(), run.clone());
        let tag = build(
            engine.as_ref(),
            &run,
            "app",
            &format!("FROM {base}\nVOLUME /data\nCMD echo up; echo down >&2; touch /made; sleep 600\n"),
        );
        let network = engine.create_network(&run).unwrap();
        let request =
            RunRequest { image: tag.clone(), run: run.0.clone(), network: Some(network), ..RunRequest::default() };
        let id = engine.run(&request).unwrap();
        let changes =
            eventually(|| Some(engine.changes(&id).unwrap()).filter(|all| all.contains(&('A', "/made".into()))));
        assert!(changes.is_some(), "{:?}", engine.changes(&id));
        let state = engine.state(&id).unwrap();
        assert!(state.running && state.exit_code.is_none(), "{state:?}");
        let logs = engine.logs(&id, 1000).unwrap();
        assert!(logs.contains("up") && logs.contains("down"), "{logs}");
        assert_eq!(
            engine.exec(&id, &["sh", "-c", "echo in; exit 4"], Duration::from_secs(60)).unwrap(),
            (4, "in\n".into())
        );
        assert!(engine.wait(&id, Duration::from_millis(200)).unwrap().running);

        let beside = RunRequest {
            image: tag,
            run: run.0.clone(),
            network: Some(format!("container:{id}")),
            pid: Some(format!("container:{id}")),
            cap_drop_all: true,
            no_new_privileges: true,
            entrypoint: Some("sh".into()),
            command: vec!["-c".into(), "cat /proc/1/cmdline; exit 3".into()],
            ..RunRequest::default()
        };
        let sidecar = engine.run(&beside).unwrap();
        assert_eq!(engine.wait(&sidecar, Duration::from_secs(60)).unwrap().exit_code, Some(3));
        assert!(engine.logs(&sidecar, 1000).unwrap().contains("sleep"), "{:?}", engine.logs(&sidecar, 1000));

        engine.stop(&id).unwrap();
        assert!(!engine.state(&id).unwrap().running);
        let swept = guard.finish().unwrap();
        assert!(swept.failed.is_empty(), "{swept:?}");
        assert!(engine.leftovers().unwrap().iter().all(|leftover| leftover.run != run));
        eprintln!("{}: warnings {:?}", engine.info().name, engine.warnings());
    });
}

#[test]
fn what_has_ended_is_not_started_again_by_joining_it() {
    with_engines(true, |engine, base| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let tag = build(engine.as_ref(), &run, "ended", &format!("FROM {base}\nCMD echo once\n"));
        let request = RunRequest { image: tag, run: run.0.clone(), ..RunRequest::default() };
        let id = engine.run(&request).unwrap();
        assert!(!engine.wait(&id, Duration::from_secs(60)).unwrap().running);
        let place = Some(format!("container:{id}"));
        for (network, pid) in [(place.clone(), None), (None, place.clone())] {
            assert!(engine.run(&RunRequest { network, pid, ..request.clone() }).is_err());
        }
        assert_eq!(engine.logs(&id, 1000).unwrap(), "once\n");
    });
}

#[test]
fn publishes_on_this_machine_only() {
    with_engines(true, |engine, base| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let tag = build(engine.as_ref(), &run, "port", &format!("FROM {base}\nCMD sleep 600\n"));
        let request = RunRequest { image: tag, run: run.0.clone(), publish: vec![8000], ..RunRequest::default() };
        let id = engine.run(&request).unwrap();
        assert!(engine.published_port(&id, 8000).unwrap().is_some_and(|port| port > 0));
        assert_eq!(engine.published_port(&id, 8001).unwrap(), None);
    });
}

#[test]
fn a_program_that_is_not_there_is_a_state_and_not_an_error() {
    with_engines(true, |engine, base| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let tag = build(engine.as_ref(), &run, "noprogram", &format!("FROM {base}\nCMD [\"/no/such/program\"]\n"));
        let id = engine.run(&RunRequest { image: tag, run: run.0.clone(), ..RunRequest::default() }).unwrap();
        let state = engine.state(&id).unwrap();
        assert!(!state.running, "{state:?}");
        assert!(state.error.contains("/no/such/program"), "{state:?}");
        assert!(state.exit_code.is_some_and(|code| code != 0), "{state:?}");
    });
}

#[test]
fn an_image_that_is_not_there_leaves_no_container() {
    with_engines(true, |engine, _| {
        let run = RunId::new();
        let request =
            RunRequest { image: "localhost:1/no/such-image:1".into(), run: run.0.clone(), ..RunRequest::default() };
        let error = engine.run(&request).unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
        assert!(engine.leftovers().unwrap().iter().all(|leftover| leftover.run != run));
    });
}

#[test]
fn imports_a_root_file_system_from_a_tar() {
    with_engines(true, |engine, _| {
        let run = RunId::new();
        let _guard = Cleanup::new(engine.clone(), run.clone());
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "program", "#!/program\n");
        let tar =
            Command::new("tar").arg("-C").arg(root.path()).args(["-cf", "-", "program"]).succeed().unwrap().stdout;
        let tag = run.image("sidecar");
        engine.import(&run, &tag, &mut tar.as_slice(), &["/program", "probe"]).unwrap();
        let document = engine.inspect_image(&tag).unwrap();
        let entrypoint = document.pointer("/Config/Entrypoint").cloned();
        assert_eq!(entrypoint, Some(serde_json::json!(["/program", "probe"])), "{document}");
        assert_eq!(
            document.pointer("/Config/Labels/jettison.run").and_then(|value| value.as_str()),
            Some(run.0.as_str())
        );
    });
}

#[test]
fn the_next_sweep_takes_what_a_killed_run_left_but_not_the_livings() {
    with_engines(true, |engine, base| {
        let alive = RunId::new();
        let _guard = Cleanup::new(engine.clone(), alive.clone());
        let killed = dead();
        for run in [&alive, &killed] {
            let tag = build(engine.as_ref(), run, "left", &format!("FROM {base}\nVOLUME /data\nCMD sleep 600\n"));
            let network = engine.create_network(run).unwrap();
            engine
                .run(&RunRequest { image: tag, run: run.0.clone(), network: Some(network), ..RunRequest::default() })
                .unwrap();
        }
        let kinds = |run: &RunId| {
            let all = engine.leftovers().unwrap();
            all.into_iter()
                .filter(|leftover| leftover.run == *run)
                .map(|leftover| leftover.kind)
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(kinds(&killed), BTreeSet::from(["container", "image", "network"]));
        let swept = sweep(engine.as_ref(), &RunId::new()).unwrap();
        assert!(swept.failed.iter().all(|(leftover, _)| leftover.run != killed), "{swept:?}");
        assert_eq!(kinds(&killed), BTreeSet::new());
        assert_eq!(kinds(&alive), BTreeSet::from(["container", "image", "network"]));
    });
}

/// The id of a run whose process is gone: this process, had it begun at another time.
fn dead() -> RunId {
    let id = RunId::new();
    let mut parts: Vec<_> = id.0.split('-').map(str::to_string).collect();
    parts[1] = "1".into();
    RunId(parts.join("-"))
}

fn eventually<T>(check: impl Fn() -> Option<T>) -> Option<T> {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        if let Some(found) = check() {
            return Some(found);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    None
}
