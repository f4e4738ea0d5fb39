//! What is written: files, proof, ignore files of their own; once, and taken back byte for byte.

use std::fs;
use std::process::Command;

use crate::{Lab, SLIM, picture, run, step, succeeds};

/// Asks the app, over the address in the environment, whether it could write.
const SMOKE: &str = "bash -c 'exec 3<>/dev/tcp/$JETTISON_HOST/$JETTISON_PORT; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; grep recorded <&3'";

#[test]
fn written_once_it_has_nothing_left_to_gain_and_is_taken_back_whole() {
    let Some(lab) = Lab::fixture("writes-files", Some(SLIM)) else { return };
    let app = lab.place.at("app");
    let git = |words: &str| succeeds(Command::new("git").args(words.split(' ')).current_dir(&app));
    let versioned = git("init -q") && git("add .") && git("-c user.name=t -c user.email=t@t.test commit -qm first");
    fs::write(app.join("Dockerfile"), [&fs::read(app.join("Dockerfile")).expect("a file")[..], b"# mine\n"].concat())
        .expect("a file");
    let before = visible(&lab);

    let ran = run(lab.command("optimize app --write").args(["--smoke", SMOKE]));
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("level 5 of 5"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Undo with:  jettison optimize app --undo"), "{}", ran.stdout);
    if versioned {
        assert!(ran.stdout.contains("app/Dockerfile had changes that are not committed"), "{}", ran.stdout);
    }
    let after = visible(&lab);
    assert_ne!(after, before);
    let dockerfile = fs::read_to_string(app.join("Dockerfile")).expect("a file");
    assert!(dockerfile.contains("USER ") && dockerfile.contains("# mine"), "{dockerfile}");
    assert!(app.join(".dockerignore").exists() && app.join("jettison.proof.json").exists());

    let again = lab.run("optimize app --write");
    assert_eq!(again.code, Some(0), "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.contains("nothing left to gain"), "{}", again.stdout);
    assert_eq!(visible(&lab), after, "its own output is not changed again");

    let undone = lab.run("optimize app --undo");
    assert_eq!(undone.code, Some(0), "{}", undone.stderr);
    assert_eq!(visible(&lab), before, "byte for byte");
}

/// All but git's own folder.
fn visible(lab: &Lab) -> Vec<(String, u32, Vec<u8>)> {
    picture(&lab.place.at("app")).into_iter().filter(|(path, ..)| !path.contains("/.git/")).collect()
}

#[test]
fn dockerfiles_that_share_a_context_get_an_ignore_file_each() {
    let Some(lab) = Lab::fixture("two-dockerfiles", Some(SLIM)) else { return };
    let ran = lab.run("optimize app --out proposal");
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let mut names: Vec<_> = fs::read_dir(lab.place.at("proposal"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["Dockerfile", "Dockerfile.dockerignore", "jettison.proof.json"]);
}

#[test]
fn who_runs_as_another_user_can_still_write() {
    let Some(lab) = Lab::fixture("writes-files", Some(SLIM)) else { return };
    let (code, report) = lab.optimize("");
    assert_eq!((code, &report["outcome"]), (0, &"verified".into()), "{report:#}");
    assert_eq!(step(&report, "non-root", None)["status"], "applied");
    let user = report["result"]["user"].as_str().expect("a user");
    assert!(!["", "0", "root"].contains(&user.split(':').next().unwrap_or_default()), "{user}");
    assert_eq!(report["proof"]["level"], 4);
}
