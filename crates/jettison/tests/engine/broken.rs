//! What cannot be proven from the start: said with the line and the next command, exit code 2, nothing changed.

use std::process::Command;

use crate::{Lab, picture, run, succeeds};

#[test]
fn a_dockerfile_that_does_not_build() {
    let Some(lab) = Lab::fixture("does-not-build", None) else { return };
    let before = picture(&lab.place.at("app"));
    let ran = lab.run("optimize app --write");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    for words in [
        "error: the Dockerfile does not build as it is, so there is nothing to prove against",
        "  app/Dockerfile:6  RUN python generate.py   exit code 1",
        "last lines:",
        "generate: no template called `base`",
        "  next:         docker build app\n",
    ] {
        assert!(ran.stderr.contains(words), "`{words}` is missing:\n{}", ran.stderr);
    }
    assert_eq!(picture(&lab.place.at("app")), before);
}

#[test]
fn a_base_image_that_is_not_to_be_had() {
    let Some(lab) = Lab::with(&[]) else { return };
    let lab = lab.file("app/Dockerfile", "FROM localhost:1/jettison/nowhere:1\nCMD [\"true\"]\n");
    let ran = lab.run("optimize app");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("base image localhost:1/jettison/nowhere:1 is not available"), "{}", ran.stderr);
    assert!(ran.stderr.contains("next:         docker pull localhost:1/jettison/nowhere:1"), "{}", ran.stderr);
}

#[test]
fn a_smoke_command_that_fails_on_the_original_proves_nothing() {
    let Some(lab) = Lab::httpd() else { return };
    let mut command = lab.command("optimize app");
    let ran = run(command.args(["--smoke", "echo the harbour is closed; exit 3"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("the harbour is closed"), "{}", ran.stderr);
    assert!(ran.stderr.contains("smoke command"), "{}", ran.stderr);
    assert_eq!(lab.leftovers(), Vec::<String>::new());
}

#[test]
fn a_build_that_takes_longer_than_allowed() {
    let Some(lab) = Lab::with(&["busybox:latest"]) else { return };
    let lab = lab.file("app/Dockerfile", "FROM busybox:latest\nRUN sleep 600\n");
    let ran = lab.run("optimize app --build-time-limit 3s");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("stopped by the build time limit"), "{}", ran.stderr);
}

#[test]
fn a_platform_that_cannot_run_here_is_not_proven() {
    let Some(lab) = Lab::with(&[]) else { return };
    let other = if cfg!(target_arch = "aarch64") { "linux/amd64" } else { "linux/arm64" };
    let lab = lab.file("app/Dockerfile", "FROM scratch\nCOPY . /app/\nCMD [\"/app/program\"]\n");
    let lab = lab.file("app/program", "no program of any platform").file("app/debug.log", "x\n");
    std::fs::set_permissions(lab.place.at("app/program"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("mode");
    let (code, report) = lab.optimize(&format!("--platform {other}"));
    assert!(report["proof"]["level"].as_u64() <= Some(1), "{report:#}");
    assert_eq!((code, &report["proof"]["verified"]), (1, &false.into()), "{report:#}");
    assert!(report["proof"]["not_checked"].to_string().contains("does not run"), "{report:#}");
}

#[test]
fn a_full_disk_is_an_error_that_names_it() {
    let Some(lab) = Lab::httpd() else { return };
    let lab = lab.file("app/large.txt", &"tide ".repeat(200_000));
    std::fs::create_dir(lab.place.at("small")).expect("a folder");
    // a mount that only the program sees, and that goes with it
    if !succeeds(Command::new("unshare").args(["--mount", "true"])) {
        eprintln!("skipped: only root can make a small disk");
        return;
    }
    let mount = "mount -t tmpfs -o size=64k none small && TMPDIR=$PWD/small exec \"$0\" \"$@\"";
    let program = lab.command("optimize app");
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", mount]).arg(program.get_program()).args(program.get_args()).env_clear();
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(lab.place.path());
    let ran = run(&mut command);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("No space left on device") && ran.stderr.contains("df -h"), "{}", ran.stderr);
    assert_eq!(lab.leftovers(), Vec::<String>::new());
}

#[test]
fn a_port_that_is_taken_here_does_not_matter() {
    let Some(lab) = Lab::httpd() else { return };
    // where nothing else holds it already, the test does
    let _taken = std::net::TcpListener::bind(("127.0.0.1", 8080));
    let mut command = lab.command("optimize app --format json");
    let ran = run(command.args(["--smoke", "test -n \"$JETTISON_URL\" && test \"$JETTISON_PORT\" != 8080"]));
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("\"level\": 5"), "{}", ran.stdout);
}
