//! `jettison verify`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jettison_engine::EngineKind;

use super::FormatTo;

/// Rebuild both sides from a proof file and check every claim again
///
/// Exit code 0: every claim holds; 1: one does not, and it is named; 2: it could not be asked.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The build context: a folder
    #[arg(default_value = ".")]
    pub context: PathBuf,
    /// The proof file [default: jettison.proof.json beside the Dockerfile, in CONTEXT]
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
    /// The smoke command [default: the one recorded]
    #[arg(long, value_name = "CMD")]
    pub smoke: Option<String>,
    /// docker, podman or buildah [default: the first that answers]
    #[arg(long, value_name = "NAME")]
    pub engine: Option<EngineKind>,
    /// A build argument whose value the proof does not hold
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub build_arg: Vec<String>,
    /// A build secret
    #[arg(long, value_name = "ID[,SRC]")]
    pub secret: Vec<String>,
    /// An SSH agent socket or key
    #[arg(long, value_name = "ID")]
    pub ssh: Vec<String>,
    /// A named build context
    #[arg(long, value_name = "NAME=PATH")]
    pub build_context: Vec<String>,
    /// text or json, optionally to a file (may repeat)
    #[arg(long, value_name = "F[:FILE]")]
    pub format: Vec<FormatTo>,
    /// End one build after this long
    #[arg(long, value_name = "TIME", value_parser = super::optimize::duration, default_value = "30m")]
    pub build_time_limit: Duration,
}
