//! The testbed's projects and traps, planned from their files alone: those that are never built here too. What a file-level
//! precondition has to stop is stopped before anything is built; the rest is the proof's (`cargo xtask acceptance --traps`).

mod setup;

use std::path::{Path, PathBuf};

use jettison_facts::memory::MemoryWorld;
use jettison_plan::{Status, Without, propose};
use setup::{input, plan, status};

fn testbed(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testbed")).join(kind);
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// A folder as the world of its own Dockerfile.
fn read(folder: &Path) -> (String, MemoryWorld) {
    let (mut world, mut open) = (MemoryWorld::new(), vec![folder.to_owned()]);
    while let Some(at) = open.pop() {
        for path in std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                world = world.with_file(&name, std::fs::read(&path).unwrap());
            }
        }
    }
    let ignore = world.read_file(".dockerignore");
    world.ignore = ignore;
    (String::from_utf8(world.read_file("Dockerfile")).unwrap(), world)
}

trait ReadFile {
    fn read_file(&self, name: &str) -> Vec<u8>;
}

impl ReadFile for MemoryWorld {
    fn read_file(&self, name: &str) -> Vec<u8> {
        self.files.as_ref().and_then(|files| files.get(name)).cloned().unwrap_or_default()
    }
}

#[test]
fn plans_of_projects_and_traps_are_accepted_and_finished() {
    for folder in testbed("projects").into_iter().chain(testbed("traps")) {
        let (dockerfile, world) = read(&folder);
        let files = plan(&dockerfile, &world).files;
        assert!(!jettison_dockerfile::parse(files.dockerfile.clone()).is_rejected(), "{}", folder.display());
        let sent = MemoryWorld { ignore: files.ignore.clone().unwrap_or_default(), ..world };
        let again = propose(&input(&files.dockerfile, files.ignore.clone()), &sent, &Without::new());
        assert_eq!(
            String::from_utf8_lossy(&again.files.dockerfile),
            String::from_utf8_lossy(&files.dockerfile),
            "{}",
            folder.display()
        );
    }
}

#[test]
fn what_the_files_show_to_break_is_not_planned() {
    let never = [
        ("postinstall-needs-sources", "copy-split"),
        ("pip-editable", "copy-split"),
        ("pip-path-dependency", "copy-split"),
        ("npm-path-dependency", "copy-split"),
        ("development-tool-runs", "copy-split"),
        ("signals-through-the-shell", "exec-form"),
        ("two-processes", "exec-form"),
        ("healthcheck-needs-curl", "unused-tools"),
        ("packages-in-the-repository", "context-ignore/host-builds"),
        ("built-files-in-the-repository", "context-ignore/host-builds"),
    ];
    for (name, step) in never {
        let folder = testbed("traps").into_iter().find(|path| path.ends_with(name)).unwrap();
        let (dockerfile, world) = read(&folder);
        let (said, reason) = status(&dockerfile, &world, step);
        assert_ne!(said, Status::Applied, "{name}: {step}: {reason}");
    }
}

#[test]
fn projects_that_cannot_be_built_here_gain_what_their_files_allow() {
    let gains = [
        ("dotnet-api", "context-ignore/builder"),
        ("java-gradle", "context-ignore/builder"),
        ("php-composer", "apt-one-run"),
        ("ruby-bundler", "apt-no-recommends"),
    ];
    for (name, step) in gains {
        let folder = testbed("projects").into_iter().find(|path| path.ends_with(name)).unwrap();
        let (dockerfile, world) = read(&folder);
        let (said, reason) = status(&dockerfile, &world, step);
        assert_eq!(said, Status::Applied, "{name}: {step}: {reason}");
    }
}
