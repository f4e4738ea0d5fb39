//! What is left out of the written paths, and how a report becomes a behaviour. Running is tested with an engine.

use jettison_engine::RunId;
use jettison_engine::fake::{FakeContainer, FakeEngine};

use super::*;

fn changed(list: &[(char, &str)]) -> Vec<String> {
    written(list.iter().map(|(kind, path)| (*kind, (*path).to_owned())).collect())
}

#[test]
fn folders_that_only_hold_a_change_are_not_written() {
    let found =
        changed(&[('C', "/var"), ('C', "/var/log"), ('A', "/var/log/app.log"), ('C', "/srv"), ('D', "/tmp/gone")]);
    assert_eq!(found, ["/srv", "/var/log/app.log"]);
}

#[test]
fn a_new_folder_counts_with_what_is_in_it() {
    assert_eq!(changed(&[('A', "/app/data"), ('A', "/app/data/x.db"), ('C', "/app")]), ["/app/data", "/app/data/x.db"]);
}

#[test]
fn what_the_engine_puts_there_is_not_the_apps() {
    let found = changed(&[
        ('C', "/etc"),
        ('A', "/etc/hosts"),
        ('A', "/dev/x"),
        ('A', "/proc"),
        ('A', "/process"),
        ('A', "/.dockerenv"),
    ]);
    assert_eq!(found, ["/process"]);
}

#[test]
fn a_report_becomes_a_behaviour() {
    let mut behaviour = Behaviour::default();
    let report = "{\"listening\":{\"ports\":[80],\"loopback\":[9],\"addresses\":[\"10.0.0.2\"],\"never_ready\":false}}\n\
                  {\"done\":{\"programs\":[\"/bin/app\"]}}\n";
    events(report).into_iter().for_each(|event| note(&mut behaviour, event));
    assert!(behaviour.probed && behaviour.ports == [80] && behaviour.loopback_ports == [9]);
    assert_eq!((behaviour.identity, behaviour.programs), (vec!["10.0.0.2".to_owned()], vec!["/bin/app".to_owned()]));
}

const SEEN: &str = "{\"listening\":{\"ports\":[80],\"loopback\":[],\"addresses\":[],\"never_ready\":false}}\n{\"done\":{\"programs\":[]}}\n";

/// An engine whose sidecar is told by its image's name.
fn engine(sidecar: impl Fn() -> Result<FakeContainer, jettison_engine::Error> + Send + Sync + 'static) -> FakeEngine {
    FakeEngine::new()
        .on_run(move |request| if request.image == "sidecar" { sidecar() } else { Ok(FakeContainer::running()) })
}

fn with<T>(engine: &FakeEngine, work: impl FnOnce(&Session<'_>) -> T) -> T {
    let run = RunId::new();
    work(&Session {
        engine,
        run: &run,
        sidecar: Some("sidecar".into()),
        limits: Limits::default(),
        platform: None,
        ready_timeout: Duration::from_millis(1),
        settle: Duration::ZERO,
    })
}

fn refused() -> jettison_engine::Error {
    jettison_engine::Error::Command { command: "docker run".into(), reason: "no".into() }
}

#[test]
fn everything_is_removed_when_the_sidecar_does_not_start() {
    let engine = engine(|| Err(refused()));
    let outcome = with(&engine, |session| observe(session, "app", &[]));
    assert!(matches!(outcome, Err(Error::Engine(_))), "{outcome:?}");
    assert!(engine.leftovers().unwrap().is_empty(), "{:?}", engine.calls());
}

#[test]
fn a_sidecar_that_says_nothing_is_an_error_with_its_last_words() {
    let engine = engine(|| Ok(FakeContainer::exited(2, "probe: needs a plan\n")));
    let outcome = with(&engine, |session| observe(session, "app", &[]));
    assert!(outcome.is_err_and(|error| error.to_string().contains("needs a plan")));
    assert!(engine.leftovers().unwrap().is_empty());
}

#[test]
fn a_sidecar_that_may_not_see_processes_looks_without() {
    let engine = FakeEngine::new().on_run(|request| match (request.image.as_str(), &request.pid) {
        ("sidecar", Some(_)) => Err(refused()),
        ("sidecar", None) => Ok(FakeContainer::exited(0, SEEN)),
        _ => Ok(FakeContainer::running()),
    });
    let seen = with(&engine, |session| observe(session, "app", &[])).unwrap();
    assert_eq!((seen.probed, seen.stayed_up, seen.ports), (true, true, vec![80]));
    assert!(engine.leftovers().unwrap().is_empty());
}

#[test]
fn a_control_that_is_answered_is_an_error() {
    let answered = "{\"answer\":{\"request\":{\"port\":80,\"method\":\"GET\",\"path\":\"/x\",\"source\":\"\"},\"status\":200,\
                    \"content_type\":\"\",\"body\":\"\",\"truncated\":false,\"location\":null,\"error\":null}}\n";
    let engine = engine(move || Ok(FakeContainer::exited(0, &format!("{answered}{SEEN}"))));
    let outcome = with(&engine, |session| control(session, &[]));
    assert!(outcome.is_err_and(|error| error.to_string().contains("GET /x")));
    assert!(engine.leftovers().unwrap().is_empty());
}
