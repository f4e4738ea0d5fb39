//! Finds a container engine for a task: the user's own Docker, else the testbed's (started here where this is root on a
//! Debian-like machine, and stopped again at the end), else podman or buildah as they are. Base images that cannot be
//! pulled get stand-ins, built by `testbed/testbed`. It removes nothing that it did not make.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apps::root;
use crate::process;

/// An engine that answers, and how to reach it.
pub struct Engine {
    environment: Vec<(&'static str, String)>,
    name: String,
    docker: bool,
    ours: bool,
}

impl Engine {
    /// The first that answers; an error says what is missing.
    pub fn find() -> Result<Self> {
        if let Some(version) = docker_version(&[]) {
            return Ok(Self::docker(Vec::new(), format!("docker {version}")));
        }
        let why_not = match Self::testbed() {
            Ok(engine) => return Ok(engine),
            Err(error) => error,
        };
        for name in ["podman", "buildah"] {
            if process::works(Command::new(name).arg("info")) {
                return Ok(Self { environment: Vec::new(), name: name.into(), docker: false, ours: false });
            }
        }
        bail!("no docker, podman or buildah answers, and the testbed's engine cannot be used: {why_not:#}")
    }

    fn docker(environment: Vec<(&'static str, String)>, name: String) -> Self {
        Self { environment, name, docker: true, ours: false }
    }

    /// The testbed's engine, started if need be; it stops when the last task that uses it ends.
    fn testbed() -> Result<Self> {
        process::run(Command::new(script()).args(["engine", "--for", &std::process::id().to_string()]))?;
        let mut engine =
            Self { environment: Vec::new(), name: "the testbed's engine".into(), docker: true, ours: true };
        let names = ["DOCKER_HOST", "DOCKER_CONFIG", "PATH"];
        let shell = r#"eval "$("$0" env)" && printf '%s\n' "$DOCKER_HOST" "$DOCKER_CONFIG" "$PATH""#;
        let told = process::stdout(Command::new("bash").args(["-c", shell]).arg(script()))?;
        engine.environment = names.into_iter().zip(told.lines().map(str::to_owned)).collect();
        let version = docker_version(&engine.environment).context("it was started and does not answer")?;
        engine.name = format!("docker {version} of the testbed");
        Ok(engine)
    }

    /// Who it is, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether `docker` itself works here; the tasks that measure need it.
    pub fn is_docker(&self) -> bool {
        self.docker
    }

    /// Makes sure that the groups' base images are there or can be pulled.
    pub fn bases(&self, groups: &[&str]) -> Result<()> {
        if !self.docker {
            return Ok(());
        }
        process::run(self.command(script()).arg("standins").args(groups))
    }

    /// The program of a registry, for tests that start one; none if it cannot be had.
    pub fn registry(&self) -> Option<std::path::PathBuf> {
        let told = process::stdout(Command::new(script()).arg("registry-program")).ok()?;
        self.docker.then(|| told.trim().into()).filter(|program: &std::path::PathBuf| program.is_file())
    }

    /// A command that reaches this engine.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = match self.search_path() {
            Some(path) => Command::new(found(program.as_ref(), path)),
            None => Command::new(program),
        };
        self.lend(&mut command);
        command
    }

    /// Lets a command, and whatever it starts, reach this engine.
    pub fn lend(&self, command: &mut Command) {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }

    fn search_path(&self) -> Option<&str> {
        self.environment.iter().find(|(name, _)| *name == "PATH").map(|(_, path)| path.as_str())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.ours {
            let me = std::process::id().to_string();
            if let Err(error) = process::run(Command::new(script()).args(["down", "--for", &me])) {
                eprintln!("xtask: {error:#}");
            }
        }
    }
}

/// The program on the given search path: the parent's own PATH is what `Command` looks along otherwise.
fn found(program: &std::ffi::OsStr, path: &str) -> std::ffi::OsString {
    let candidates = std::env::split_paths(path).map(|folder| folder.join(program));
    candidates.into_iter().find(|file| file.is_file()).map_or_else(|| program.to_owned(), Into::into)
}

fn docker_version(environment: &[(&'static str, String)]) -> Option<String> {
    let path = environment.iter().find(|(name, _)| *name == "PATH").map(|(_, path)| path.as_str());
    let program = path.map_or_else(|| "docker".into(), |path| found("docker".as_ref(), path));
    let mut command = Command::new(program);
    command.args(["version", "--format", "{{.Server.Version}}"]).envs(environment.iter().map(|(n, v)| (n, v)));
    process::stdout(&mut command).ok().filter(|version| !version.is_empty())
}

fn script() -> std::path::PathBuf {
    root().join("testbed/testbed")
}
