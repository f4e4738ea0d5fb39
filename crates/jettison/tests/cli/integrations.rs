//! What other tools are told of `jettison check`: the hook of pre-commit, the action of GitHub, the job of GitLab. Each is read
//! and run as its tool would, as far as that goes without it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::{Place, run};

const OLD: &str = "FROM scratch\nMAINTAINER someone\n";

fn project() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn yaml(name: &str) -> Value {
    let text = std::fs::read_to_string(project().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A shell command in the place, with the program on its PATH.
fn shell(place: &Place, script: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_jettison")).parent().expect("a folder");
    let mut command = Command::new("bash");
    command.args(["-c", script]).current_dir(place.path()).env_clear();
    command.env("PATH", format!("{}:/usr/bin:/bin", program.display())).env("HOME", place.path());
    command
}

#[test]
fn the_hooks_run_on_the_files_that_their_patterns_choose() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let ids: Vec<&str> = hooks.as_array().unwrap().iter().map(|hook| hook["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["jettison-check", "jettison-check-fix"]);
    for hook in hooks.as_array().unwrap() {
        let of = |field: &str| regex_lite::Regex::new(hook[field].as_str().unwrap()).expect("a pattern");
        let chosen = |path: &str| of("files").is_match(path) && !of("exclude").is_match(path);
        for path in ["Dockerfile", "a/Dockerfile.prod", "web.dockerfile", "x/Containerfile"] {
            assert!(chosen(path), "{path}");
        }
        for path in ["Dockerfile.dockerignore", "a/README.md", "dockerfile.rs", "MyDockerfile", "Dockerfile/x"] {
            assert!(!chosen(path), "{path}");
        }
        let place = Place::new().with("Dockerfile", OLD);
        let ran = run(&mut shell(
            &place,
            &format!("{} --only maintainer-instruction Dockerfile", hook["entry"].as_str().unwrap()),
        ));
        let fixes = hook["id"] == "jettison-check-fix";
        assert_eq!(ran.code, Some(if fixes { 0 } else { 1 }), "{}{}", ran.stdout, ran.stderr);
        assert_eq!(std::fs::read_to_string(place.at("Dockerfile")).unwrap() == OLD, !fixes);
    }
}

#[test]
fn the_action_passes_its_inputs_on_as_they_are() {
    let action = yaml("action.yml");
    let step = action["runs"]["steps"].as_array().unwrap().iter().find(|step| step["id"] == "check").expect("the step");
    let inputs: Vec<&String> = action["inputs"].as_object().unwrap().keys().collect();
    for input in inputs {
        let variable = format!("INPUT_{}", input.to_uppercase());
        assert_eq!(step["env"][&variable], format!("${{{{ inputs.{input} }}}}"), "{input} is passed on");
    }
    let place = Place::new().with("a b/Dockerfile", OLD).with("$(touch pwned)/Dockerfile", OLD);
    let mut command = shell(&place, step["run"].as_str().unwrap());
    command.env("GITHUB_ACTION_PATH", project()).env("GITHUB_OUTPUT", place.at("output"));
    command
        .env("GITHUB_STEP_SUMMARY", place.at("summary"))
        .env("INPUT_SARIF", "out.sarif")
        .env("INPUT_SUMMARY", "true");
    command.env("INPUT_PATHS", "a b\n$(touch pwned)\n").env("INPUT_ARGS", "--only=maintainer-instruction\n");
    let ran = run(&mut command);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(ran.stdout.matches("::warning file=").count(), 2, "{}", ran.stdout);
    assert!(!place.at("pwned").exists());
    assert_eq!(std::fs::read_to_string(place.at("output")).unwrap(), "exit-code=1\n");
    assert!(std::fs::read_to_string(place.at("summary")).unwrap().contains("2 findings in 2 files"));
    assert!(place.at("out.sarif").is_file());
}

#[test]
fn the_job_of_gitlab_leaves_its_report() {
    let job = &yaml("integrations/gitlab-check.yml")["jettison-check"];
    let report = job["artifacts"]["reports"]["codequality"].as_str().unwrap();
    let script: Vec<&str> = ["before_script", "script"]
        .iter()
        .flat_map(|part| job[part].as_array().unwrap())
        .map(|line| line.as_str().unwrap())
        .collect();
    let place = Place::new().with("docker/Dockerfile", OLD);
    let mut command = shell(&place, &format!("set -e\n{}", script.join("\n")));
    command.env("JETTISON_PATHS", "docker").env("JETTISON_ARGS", "--only maintainer-instruction");
    let ran = run(&mut command);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let issues: Value = serde_json::from_slice(&std::fs::read(place.at(report)).unwrap()).unwrap();
    assert_eq!(issues[0]["check_name"], "maintainer-instruction");
    assert_eq!(issues[0]["location"]["path"], "docker/Dockerfile");
}
