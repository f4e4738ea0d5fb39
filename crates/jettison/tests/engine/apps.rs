//! Apps with a trap: what the proof convicts is dropped, by name; the rest is kept, and verified.

use crate::{Lab, SLIM, picture, step};

#[test]
fn a_file_that_is_read_at_run_time_stays_in_the_context() {
    let Some(lab) = Lab::fixture("reads-ignored-log", Some(SLIM)) else { return };
    let (code, report) = lab.optimize("--write");
    assert_eq!((code, &report["outcome"]), (0, &"verified".into()), "{report:#}");
    let logs = step(&report, "context-ignore", Some("logs"));
    assert_eq!(logs["status"], "dropped", "{logs:#}");
    let reason = logs["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("GET /: body differs"), "names the request: {reason}");
    assert_eq!(step(&report, "context-ignore", Some("builder"))["status"], "applied");
    assert_eq!(step(&report, "non-root", None)["status"], "applied");
    assert_eq!(report["proof"]["level"], 4);

    let (code, again) = lab.optimize("");
    assert_eq!((code, &again["outcome"]), (0, &"nothing_to_gain".into()), "{again:#}");
    assert_eq!(again["builds"], 0, "what was convicted is remembered in the proof, and not tried again");
}

#[test]
fn a_library_that_slim_lacks_keeps_the_base_and_nothing_else() {
    let Some(lab) = Lab::fixture("slim-lacks-library", None) else { return };
    let (code, report) = lab.optimize("");
    assert_eq!((code, &report["outcome"]), (0, &"verified".into()), "{report:#}");
    let slim = step(&report, "slim-base", None);
    let reason = slim["reason"].as_str().expect("a reason");
    assert!(
        slim["status"] == "dropped" && reason.contains("GET /")
            || slim["status"] == "refused" && reason.contains("libpq"),
        "{slim:#}"
    );
    assert_eq!(step(&report, "exec-form", None)["status"], "applied");
    assert_eq!(report["proof"]["level"], 4);
}

#[test]
fn a_program_that_ends_is_compared_by_what_it_says() {
    let Some(lab) = Lab::fixture("cli-tool", Some(SLIM)) else { return };
    let (code, report) = lab.optimize("");
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["proof"]["level"], 2, "{report:#}");
    let open = report["proof"]["not_checked"].to_string();
    assert!(open.contains("the original ends by itself: its exit code and output are compared"), "{open}");
}

#[test]
fn a_program_that_fails_at_start_is_said_to() {
    let Some(lab) = Lab::fixture("crashes", None) else { return };
    let ran = lab.run("optimize app");
    assert!(ran.stderr.contains("ends with exit code 1"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_worker_that_listens_nowhere_is_proven_to_stay_up() {
    let Some(lab) = Lab::fixture("worker", Some(SLIM)) else { return };
    let (code, report) = lab.optimize("--ready-timeout 5s");
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["proof"]["level"], 2, "{report:#}");
    assert!(report["proof"]["not_checked"].to_string().contains("the original listens on no port"));
}

#[test]
fn a_container_that_never_becomes_ready_is_waited_for_no_longer_than_asked() {
    let Some(lab) = Lab::fixture("never-ready", None) else { return };
    let (code, report) = lab.optimize("--ready-timeout 4s");
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["baseline"]["ports"], serde_json::json!([]));
    assert!(report["proof"]["not_checked"].to_string().contains("the original listens on no port"), "{report:#}");
}

#[test]
fn links_that_lead_out_of_the_context_are_not_followed() {
    let Some(lab) = Lab::fixture("symlink-out", Some(SLIM)) else { return };
    let before = picture(&lab.place.at("app"));
    let (code, report) = lab.optimize("");
    assert_eq!((code, &report["outcome"]), (0, &"verified".into()), "{report:#}");
    let bytes = report["baseline"]["context_bytes"].as_u64().expect("bytes");
    assert!(bytes < 10_000, "{bytes}: /etc is not part of the context");
    assert_eq!(picture(&lab.place.at("app")), before);
}

#[test]
fn what_is_good_already_has_nothing_left_to_gain() {
    let Some(lab) = Lab::fixture("already-good", None) else { return };
    let ran = lab.run("optimize app");
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("nothing left to gain"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("Apply with"), "{}", ran.stdout);
}
