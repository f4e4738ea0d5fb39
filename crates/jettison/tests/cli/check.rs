//! `jettison check` as scripts, hooks and editors use it: what is looked at, exit codes, fixing, baselines, forms. What the single
//! rules say is tested with them.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;

use crate::program::{Place, Ran, run};

/// One warning with a safe fix.
const OLD: &str = "FROM scratch\nMAINTAINER someone\n";
const CLEAN: &str = "FROM scratch\nLABEL a=\"b\"\n";
/// Every run leaves out what else the rules have to say of such small files.
const ONLY: &str = "--only maintainer-instruction,unknown-instruction";

fn check(place: &Place, arguments: &str) -> Ran {
    run(&mut place.jettison(&format!("check {arguments} {ONLY}")))
}

fn json(place: &Place, arguments: &str) -> Value {
    crate::schema::checked(&check(place, &format!("--format json {arguments}")).stdout, "check.schema.json")
}

fn paths(report: &Value) -> Vec<&str> {
    report["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect()
}

/// Runs with a text on stdin.
fn with_stdin(place: &Place, arguments: &str, text: &str) -> Ran {
    let mut command = place.jettison(&format!("check {arguments} {ONLY}"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn a_folder_is_searched_as_git_sees_it() {
    let place = Place::new()
        .with("Dockerfile", OLD)
        .with("a/web.Dockerfile", OLD)
        .with("a/Containerfile.dev", CLEAN)
        .with("a/Dockerfile.md", "# not one\n")
        .with(".gitignore", "/gone\n*.Dockerfile\n")
        .with("gone/Dockerfile", OLD)
        .with(".devcontainer/Dockerfile", CLEAN)
        .with(".git/Dockerfile", OLD);
    assert_eq!(paths(&json(&place, "")), [".devcontainer/Dockerfile", "Dockerfile", "a/Containerfile.dev"]);
    assert_eq!(paths(&json(&place, "a/web.Dockerfile Dockerfile ./Dockerfile")), ["Dockerfile", "a/web.Dockerfile"]);
}

#[test]
fn the_exit_code_says_what_happened() {
    let place = Place::new().with("old", OLD).with("clean", CLEAN).with("a/x", "");
    let code = |arguments: &str| check(&place, arguments).code;
    assert_eq!(code("clean"), Some(0));
    assert_eq!(code("old"), Some(1));
    assert_eq!(code("old --exit-zero"), Some(0));
    assert_eq!(code("old --fail-on error"), Some(0));
    assert_eq!(code("old --fail-on never"), Some(0));
    assert_eq!(code("old clean nowhere"), Some(2));
    assert_eq!(code("nowhere --profile hadolint"), Some(1));
    assert_eq!(code("a"), Some(2));
    assert_eq!(code("old --select no-such-rule"), Some(2));
    assert_eq!(code("old --profile nothing"), Some(2));
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    let place =
        Place::new().with("good", OLD).with("binary", b"FROM a\n\0\xff\xfe RUN \x1b[31m\n").with("folder/x", "");
    let report = json(&place, "good nowhere binary");
    assert_eq!(paths(&report), ["binary", "good", "nowhere"]);
    assert_eq!(report["files"][1]["findings"][0]["rule"], "maintainer-instruction");
    assert_eq!(report["files"][2]["error"], "no such file or folder");
    assert_eq!(report["summary"]["unreadable"], 1);
    let ran = check(&place, "good nowhere");
    assert!(ran.stderr.contains("nowhere: no such file or folder"), "{}", ran.stderr);
    assert!(ran.stdout.contains("maintainer-instruction"), "{}", ran.stdout);
}

#[test]
fn many_files_on_many_threads_are_reported_in_order() {
    let place = (0..60).fold(Place::new(), |place, number| place.with(&format!("d{number:02}/Dockerfile"), OLD));
    let one = check(&place, "--format json -j 1").stdout;
    assert_eq!(one, check(&place, "--format json -j 8").stdout);
    assert_eq!(serde_json::from_str::<Value>(&one).unwrap()["summary"]["findings"], 60);
}

#[test]
fn fixing_writes_the_file_and_keeps_its_mode_and_line_ends() {
    let place = Place::new().with("Dockerfile", "FROM scratch\r\n# why\r\nMAINTAINER someone\r\n");
    let path = place.at("Dockerfile");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let shown = check(&place, "Dockerfile --diff");
    assert!(shown.stdout.contains("-MAINTAINER someone") && shown.code == Some(1), "{}", shown.stdout);
    assert!(std::fs::read_to_string(&path).unwrap().contains("MAINTAINER"), "--diff alone writes nothing");
    let ran = check(&place, "Dockerfile --fix");
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("1 finding fixed, no findings left in 1 file"), "{}", ran.stdout);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("FROM scratch\r\n# why\r\nLABEL ") && text.ends_with("\r\n"), "{text:?}");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(check(&place, "Dockerfile --fix").stdout, "no findings in 1 file\n");
}

#[test]
fn editors_fix_through_stdin_and_stdout() {
    let place = Place::new();
    let ran = with_stdin(&place, "--fix -", OLD);
    assert!(ran.stdout.starts_with("FROM scratch\nLABEL ") && !ran.stdout.contains("finding"), "{}", ran.stdout);
    assert!(ran.stderr.contains("1 finding fixed"), "{}", ran.stderr);
    let ran = with_stdin(&place, "--fix -", CLEAN);
    assert_eq!((ran.stdout.as_str(), ran.code), (CLEAN, Some(0)));
    let ran = with_stdin(&place, "- --stdin-filename app/Dockerfile --format concise", OLD);
    assert!(ran.stdout.starts_with("app/Dockerfile:2:1 warning maintainer-instruction: "), "{}", ran.stdout);
}

#[test]
fn a_link_is_written_through() {
    let place = Place::new().with("real/Dockerfile", OLD);
    std::os::unix::fs::symlink("real/Dockerfile", place.at("link")).unwrap();
    assert_eq!(check(&place, "link --fix").code, Some(0));
    assert!(place.at("link").is_symlink());
    assert!(std::fs::read_to_string(place.at("real/Dockerfile")).unwrap().contains("LABEL"));
}

#[test]
fn only_new_findings_count_against_a_baseline() {
    let place = Place::new().with("a/Dockerfile", OLD).with("b/Dockerfile", CLEAN);
    assert_eq!(check(&place, "--baseline known.json").code, Some(2), "it is not there yet");
    let ran = check(&place, "--baseline known.json --write-baseline");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    let ran = check(&place, "--baseline known.json");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "no findings in 2 files · 1 in the baseline\n"));
    let place = place.with("a/Dockerfile", "FROM scratch\n\n# moved\nMAINTAINER  someone\n").with("b/Dockerfile", OLD);
    let report = json(&place, "--baseline known.json");
    assert_eq!(report["summary"]["in_baseline"], 1);
    assert_eq!(report["files"][1]["findings"][0]["line"], 2);
    let mut from_below = place.jettison(&format!("check . --baseline ../known.json {ONLY}"));
    let ran = run(from_below.current_dir(place.at("a")));
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn several_forms_at_once_go_to_their_files() {
    let place = Place::new().with("Dockerfile", OLD);
    let ran = check(&place, "--format github --format sarif:out.sarif --format junit:out.xml --format markdown:out.md");
    assert!(ran.stdout.starts_with("::warning file=Dockerfile,line=2,"), "{}", ran.stdout);
    let sarif: Value = serde_json::from_slice(&std::fs::read(place.at("out.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "maintainer-instruction");
    assert!(std::fs::read_to_string(place.at("out.xml")).unwrap().contains("<testsuites"));
    assert!(std::fs::read_to_string(place.at("out.md")).unwrap().contains("1 finding in 1 file"));
    assert_eq!(check(&place, "--format github --format json").code, Some(2), "two on stdout would be none");
}

#[test]
fn statistics_count_by_rule() {
    let place =
        Place::new().with("a/Dockerfile", OLD).with("b/Dockerfile", "FROM scratch\nMAINTAINER a\nMAINTAINER b\n");
    let report = json(&place, "--statistics");
    assert_eq!(report["statistics"][0]["rule"], "maintainer-instruction");
    assert_eq!(
        (&report["statistics"][0]["count"], &report["statistics"][0]["files"]),
        (&Value::from(3), &Value::from(2))
    );
    assert!(check(&place, "--statistics").stdout.contains("findings   files   fixable"));
}

#[test]
fn compose_files_say_which_files_are_built_and_how() {
    let compose = "services:\n  web:\n    build:\n      context: app\n      dockerfile: build/web\n  inline:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM scratch\n        MAINTAINER someone\n";
    let place = Place::new().with("compose.yaml", compose).with("app/build/web", OLD).with("Dockerfile", CLEAN);
    let report = json(&place, ".");
    assert_eq!(paths(&report), ["Dockerfile", "app/build/web", "compose.yaml"]);
    let inline = &report["files"][2]["findings"][0];
    assert_eq!((&inline["line"], &inline["column"]), (&Value::from(11), &Value::from(9)));
    assert_eq!(paths(&json(&place, "compose.yaml")), ["app/build/web", "compose.yaml"]);
}

#[test]
fn a_broken_compose_file_does_not_hide_dockerfiles() {
    let place = Place::new().with("compose.yaml", "services: [\n").with("Dockerfile", OLD);
    let ran = check(&place, ".");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("compose.yaml") && ran.stdout.contains("maintainer-instruction"), "{}", ran.stderr);
}

#[test]
fn configuration_is_found_laid_over_and_shown() {
    let place = Place::new()
        .with("jettison.toml", "[check]\nfail-on = \"error\"\nexclude = [\"old\"]\n[[check.overrides]]\npaths = \"strict\"\nfail-on = \"info\"\n")
        .with("strict/Dockerfile", OLD)
        .with("lax/Dockerfile", OLD)
        .with("old/Dockerfile", OLD);
    assert_eq!(paths(&json(&place, "")), ["lax/Dockerfile", "strict/Dockerfile"]);
    assert_eq!(check(&place, "lax").code, Some(0));
    assert_eq!(check(&place, "strict").code, Some(1));
    assert_eq!(check(&place, "lax --no-config").code, Some(1));
    let ran = run(&mut place.jettison("config show strict"));
    assert!(ran.stdout.contains("fail-on") && ran.stdout.contains("jettison.toml:6"), "{}", ran.stdout);
    let place = place.with("jettison.toml", "[check]\nfail-no = \"error\"\n");
    let ran = check(&place, "lax");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("did you mean `fail-on`?") && ran.stderr.contains("jettison.toml:2"), "{}", ran.stderr);
}

#[test]
fn hadolints_file_and_variables_are_honoured() {
    let place = Place::new().with(".hadolint.yaml", "ignored: [DL4000]\n").with("Dockerfile", OLD);
    let ran = check(&place, "Dockerfile");
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let place = Place::new().with("Dockerfile", OLD);
    let mut command = place.jettison(&format!("check Dockerfile {ONLY}"));
    assert_eq!(run(command.env("HADOLINT_NOFAIL", "true")).code, Some(0));
}

#[test]
fn a_comment_hides_and_verbose_tells() {
    let place = Place::new().with("Dockerfile", "FROM scratch\n# hadolint ignore=DL4000\nMAINTAINER someone\n");
    let ran = check(&place, "Dockerfile -v");
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("suppressed by line 2") && ran.stdout.contains("1 suppressed"), "{}", ran.stdout);
}

#[test]
fn rules_are_explained_under_every_name() {
    let place = Place::new();
    for name in ["maintainer-instruction", "DL4000", "MaintainerDeprecated"] {
        let ran = run(&mut place.jettison(&format!("explain {name}")));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stdout.starts_with("maintainer-instruction   "), "{}", ran.stdout);
    }
    let ran = run(&mut place.jettison("explain maintainer-instructions"));
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("did you mean `maintainer-instruction`?"), "{}", ran.stderr);
    let list = run(&mut place.jettison("rules --format json")).stdout;
    let list: Value = serde_json::from_str(&list).unwrap();
    assert!(list["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == "maintainer-instruction"));
}

#[test]
fn the_readme_shows_what_a_run_shows() {
    let project = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let readme = std::fs::read_to_string(project.join("README.md")).unwrap();
    let shown = readme.split("<!-- transcript: check -->\n```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let (start, end) = shown.expect("a transcript").split_once("…\n\n").expect("a gap");
    let place = Place::new();
    let mut command = place.jettison("check Dockerfile --no-config");
    let ran = run(command.current_dir(project.join("examples/py-flask")).env("COLUMNS", "100"));
    // a new rule makes the last line's numbers other ones, and nothing else
    let masked = |text: &str| text.lines().last().map(|line| line.replace(|sign: char| sign.is_ascii_digit(), ""));
    let fits = ran.stdout.starts_with(start) && masked(&ran.stdout) == masked(end);
    assert!(fits, "put the first findings and the last line of this into README.md:\n{}", ran.stdout);
}
