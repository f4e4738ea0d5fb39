//! The program on a real engine: small apps, each with one trap, from the first build to the files that are written. Every test
//! says so and skips where there is no engine, or where a base image is missing.

mod apps;
mod broken;
mod files;
mod images;
mod interrupted;
mod lines;
#[path = "../program/mod.rs"]
mod program;
mod proofs;
mod registry;
#[path = "../cli/schema.rs"]
mod schema;
mod targets;

use std::fs;
use std::path::Path;
use std::process::Command;

use program::{Place, Ran, run};
use serde_json::Value;

/// A small web server, for what is not about the app.
const HTTPD: &str =
    "FROM busybox:latest\nCOPY . /www/\nEXPOSE 8080\nCMD [\"httpd\", \"-f\", \"-p\", \"8080\", \"-h\", \"/www\"]\n";

/// A base with Python and without compilers, for fixtures where the base is not the point: a quarter of the bytes to look at.
const SLIM: &str = "python:3.11-slim";

/// An engine within reach, and a place of its own for one test.
struct Lab {
    place: Place,
}

impl Lab {
    /// None, and the reason on stderr, if the test cannot run here.
    fn with(bases: &[&str]) -> Option<Self> {
        let skip = |why: &str| {
            eprintln!("skipped: {why}");
            None
        };
        if std::env::var_os("JETTISON_TEST_WITHOUT_ENGINE").is_some() {
            return skip("engine tests are switched off");
        }
        if !succeeds(Command::new("docker").arg("version")) {
            return skip("`docker version` fails: no engine within reach");
        }
        let missing = bases.iter().find(|base| !succeeds(Command::new("docker").args(["image", "inspect", base])));
        if let Some(base) = missing {
            return skip(&format!("{base} is not on the engine (docker pull {base}, or testbed/testbed standins)"));
        }
        Some(Self { place: Place::new() })
    }

    /// A web server's context in `app`, with something to gain.
    fn httpd() -> Option<Self> {
        let page = "<!doctype html>\n<title>Tide</title>\n<h1>High at noon</h1>\n";
        Self::with(&["busybox:latest"])?
            .file("app/Dockerfile", HTTPD)
            .file("app/index.html", page)
            .file("app/debug.log", "x\n")
            .into()
    }

    /// A copy of a fixture in `app`, on `base` instead of its own where one is named.
    fn fixture(name: &str, base: Option<&str>) -> Option<Self> {
        let lab = Self::with(&[base.unwrap_or("python:3.11"), SLIM])?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testbed/fixtures").join(name);
        copy(&source, &lab.place.at("app"));
        for file in [lab.place.at("app/Dockerfile"), lab.place.at("app/report.Dockerfile")] {
            if let (Some(base), Ok(text)) = (base, fs::read_to_string(&file)) {
                fs::write(&file, text.replace("FROM python:3.11\n", &format!("FROM {base}\n"))).expect("a file");
            }
        }
        Some(lab)
    }

    fn file(self, name: &str, contents: &str) -> Self {
        Self { place: self.place.with(name, contents) }
    }

    /// The program, with the engine within its reach and all its state in this place.
    fn command(&self, arguments: &str) -> Command {
        let mut command = self.place.jettison(arguments);
        for name in ["PATH", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "XDG_RUNTIME_DIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.arg("--engine").arg("docker").env("XDG_STATE_HOME", self.place.at("state"));
        command
    }

    /// Runs it and shows that nothing of it is left on the engine.
    fn run(&self, arguments: &str) -> Ran {
        let ran = run(&mut self.command(arguments));
        assert_eq!(self.leftovers(), Vec::<String>::new(), "left on the engine by `{arguments}`\n{}", ran.stderr);
        ran
    }

    /// Runs `optimize app`; its exit code and its JSON, which follows the schema.
    fn optimize(&self, options: &str) -> (i32, Value) {
        let ran = self.run(&format!("optimize app --format json {options}"));
        assert!(ran.stdout.starts_with('{'), "{}", ran.stderr);
        (ran.code.expect("an exit code"), schema::checked(&ran.stdout, "optimize.schema.json"))
    }

    /// The labels of this place's runs: each has its folder of logs.
    fn labels(&self) -> Vec<String> {
        let entries = fs::read_dir(self.place.at("state/jettison/logs")).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// What of these runs is on the engine.
    fn leftovers(&self) -> Vec<String> {
        let mut found = Vec::new();
        for label in self.labels() {
            for (kind, list) in [
                ("container", "ps -aq"),
                ("network", "network ls -q"),
                ("volume", "volume ls -q"),
                ("image", "image ls -aq"),
            ] {
                let listed =
                    Command::new("docker").args(list.split(' ')).args(["--filter", &format!("label={label}")]).output();
                let listed = listed.expect("docker");
                assert!(listed.status.success(), "docker {list}: {}", String::from_utf8_lossy(&listed.stderr));
                let lines = String::from_utf8_lossy(&listed.stdout).into_owned();
                found.extend(lines.lines().map(|id| format!("{kind} {id}")));
            }
        }
        found
    }
}

/// The transform's step, if the report has one; `part` where it has several.
fn step<'r>(report: &'r Value, id: &str, part: Option<&str>) -> &'r Value {
    let steps = report["transforms"].as_array().expect("a list");
    let found = steps.iter().find(|step| step["id"] == id && part.is_none_or(|part| step["part"] == part));
    found.unwrap_or_else(|| panic!("no step {id} {part:?} in {report:#}"))
}

/// Every path below a folder with what it is: contents, link target, mode.
fn picture(folder: &Path) -> Vec<(String, u32, Vec<u8>)> {
    use std::os::unix::fs::PermissionsExt;
    let mut seen = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).expect("a folder") {
            let path = entry.expect("an entry").path();
            let metadata = path.symlink_metadata().expect("metadata");
            let contents = match metadata.file_type() {
                kind if kind.is_symlink() => {
                    fs::read_link(&path).expect("a link").into_os_string().into_encoded_bytes()
                }
                kind if kind.is_dir() => Vec::new(),
                _ => fs::read(&path).expect("a file"),
            };
            if metadata.is_dir() {
                folders.push(path.clone());
            }
            seen.push((path.display().to_string(), metadata.permissions().mode(), contents));
        }
    }
    seen.sort();
    seen
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a fixture") {
        let entry = entry.expect("an entry");
        let (kind, target) = (entry.file_type().expect("a kind"), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).expect("a link"), target).expect("a link");
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}
