//! `jettison optimize`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use jettison_engine::EngineKind;

use super::FormatTo;
use crate::output::shown;

const INPUT: &str = "Input";
const BUILD: &str = "Passed on to every build";
const PROOF: &str = "Proof";
const RESULT: &str = "Result";

/// Rewrite a Dockerfile, build and run both sides, keep what is proven
///
/// Builds the original and the proposal with the container engine that is there, runs both on a network without a way out,
/// compares images and answers, drops every change that the proof convicts, and shows what is left. Nothing is written
/// unless --write, --out or --proof says so.
#[derive(Clone, Debug, Args)]
pub struct OptimizeArgs {
    /// The build context: a folder [with a Compose or Bake file: what that says]
    #[arg(default_value = ".", help_heading = INPUT)]
    pub context: PathBuf,
    /// The Dockerfile [default: CONTEXT/Dockerfile], or a Compose or Bake file (may repeat) whose build is meant
    #[arg(short, long, value_name = "FILE", help_heading = INPUT)]
    pub file: Vec<PathBuf>,

    /// Change the files, atomically, and lay the proof beside the Dockerfile
    #[arg(long, conflicts_with_all = ["undo", "out", "no_verify"], help_heading = RESULT)]
    pub write: bool,
    /// Restore what the last --write replaced
    #[arg(long, conflicts_with_all = ["out", "no_verify"], help_heading = RESULT)]
    pub undo: bool,
    /// Write the changed files and the proof into this folder instead
    #[arg(long, value_name = "DIR", help_heading = RESULT)]
    pub out: Option<PathBuf>,
    /// Write the proof file here
    #[arg(long, value_name = "FILE", help_heading = RESULT)]
    pub proof: Option<PathBuf>,
    /// Pin every base by the digest that its tag has now
    #[arg(long, help_heading = RESULT)]
    pub pin: bool,
    /// Write a pull request's files into this folder: jettison.patch and its text, jettison.md
    #[arg(long, value_name = "DIR", conflicts_with = "undo", help_heading = RESULT)]
    pub pr: Option<PathBuf>,
    /// What may be done and what is wanted: bases, forbidden transforms, labels, keep-shell, non-root (TOML)
    #[arg(long, value_name = "FILE", help_heading = RESULT)]
    pub policy: Option<PathBuf>,
    /// Print only the diff
    #[arg(long, conflicts_with = "format", help_heading = RESULT)]
    pub diff: bool,
    /// text or json, optionally to a file: json:report.json (may repeat)
    #[arg(long, value_name = "F[:FILE]", help_heading = RESULT)]
    pub format: Vec<FormatTo>,

    /// A command that tests the running app for level 5; JETTISON_URL, _HOST and _PORT say where it is
    #[arg(long, value_name = "CMD", help_heading = PROOF)]
    pub smoke: Option<String>,
    /// docker, podman or buildah [default: the first that answers]
    #[arg(long, value_name = "NAME", help_heading = PROOF)]
    pub engine: Option<EngineKind>,
    /// Build and run nothing: a plan with modelled numbers
    #[arg(long, conflicts_with_all = ["smoke", "unverified", "proof"], help_heading = PROOF)]
    pub no_verify: bool,
    /// Let --write write what was proven at a lower level than the changes need
    #[arg(long, help_heading = PROOF)]
    pub unverified: bool,
    /// Build at most this many candidates
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = PROOF)]
    pub max_builds: usize,
    /// End the search after this long: 90s, 20m, 1h
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = PROOF)]
    pub time_limit: Option<Duration>,
    /// End one build after this long
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30m", help_heading = PROOF)]
    pub build_time_limit: Duration,
    /// How long the app may take until it listens
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "60s", help_heading = PROOF)]
    pub ready_timeout: Duration,

    /// The stage to build; of a Compose or Bake file the service or target
    #[arg(long, value_name = "STAGE", alias = "service", help_heading = BUILD)]
    pub target: Option<String>,
    /// A build argument: NAME=value, or NAME to take it from the environment
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = BUILD)]
    pub build_arg: Vec<String>,
    /// A named build context
    #[arg(long, value_name = "NAME=PATH", help_heading = BUILD)]
    pub build_context: Vec<String>,
    /// A build secret
    #[arg(long, value_name = "ID[,SRC]", help_heading = BUILD)]
    pub secret: Vec<String>,
    /// An SSH agent socket or key
    #[arg(long, value_name = "ID", help_heading = BUILD)]
    pub ssh: Vec<String>,
    /// The platform to build for
    #[arg(long, value_name = "OS/ARCH", help_heading = BUILD)]
    pub platform: Option<jettison_model::Platform>,
    /// A buildx instance
    #[arg(long, value_name = "INSTANCE", help_heading = BUILD)]
    pub builder: Option<String>,

    /// What a Compose or Bake file has added to all this.
    #[arg(skip)]
    pub from_file: Option<FromFile>,
}

/// What is known of arguments that come from a Compose or Bake file.
#[derive(Clone, Debug)]
pub struct FromFile {
    /// The command as typed, with the build that was chosen.
    pub command: String,
    /// How the user builds the same, without the engine's name: `compose -f compose.yaml build web`.
    pub build: String,
    /// What was chosen, on one line.
    pub note: String,
    /// The Dockerfile, where it stands in the file itself.
    pub inline: Option<String>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl OptimizeArgs {
    /// The command line again, with something added.
    pub fn command(&self, more: &str) -> String {
        if let Some(from) = &self.from_file {
            return format!("{}{more}", from.command);
        }
        let files: String = self.file.iter().map(|file| format!(" -f {}", shown(file))).collect();
        let context = if self.context == Path::new(".") { String::new() } else { format!(" {}", shown(&self.context)) };
        format!("jettison optimize{context}{files}{more}")
    }

    /// How the user builds the same with this engine, if the build comes from a file that it reads.
    pub fn build_command(&self, engine: &str) -> Option<String> {
        let build = &self.from_file.as_ref()?.build;
        let reads = engine == "docker" || (engine == "podman" && build.starts_with("compose"));
        reads.then(|| format!("{engine} {build}"))
    }

    /// The Dockerfile as it stands in a Compose or Bake file.
    pub fn inline(&self) -> Option<&str> {
        self.from_file.as_ref()?.inline.as_deref()
    }
}

/// `90`, `90s`, `20m`, `1h`, `1h30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time: 90s, 20m, 1h30m");
    let mut seconds = 0u64;
    let mut number = String::new();
    for character in text.chars() {
        if character.is_ascii_digit() {
            number.push(character);
            continue;
        }
        let unit = match character {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return Err(wrong()),
        };
        let value: u64 = number.parse().map_err(|_| wrong())?;
        seconds = value.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
        number.clear();
    }
    if !number.is_empty() {
        let rest: u64 = number.parse().map_err(|_| wrong())?;
        seconds = seconds.checked_add(rest).ok_or_else(wrong)?;
    }
    if seconds == 0 { Err(wrong()) } else { Ok(Duration::from_secs(seconds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_with_units() {
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        for wrong in ["", "0", "m", "5x", "99999999999999999999h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
