//! `jettison why`, `jettison history`, `jettison inspect`: one image, one answer.

use std::path::PathBuf;

use clap::Args;

use super::FormatTo;
use super::image::{IMAGE, OpenArgs};

/// Say why a file or package is in an image: layer, line, owner, who pulled it in, what would go with it
#[derive(Debug, Args)]
pub struct WhyArgs {
    #[arg(help = format!("The image: {IMAGE}"), value_name = "IMAGE")]
    pub image: String,
    /// An absolute path in the image, or a package: gcc, python:flask, npm:express
    #[arg(value_name = "PATH-OR-PACKAGE")]
    pub asked: String,
    #[command(flatten)]
    pub open: OpenArgs,
    /// The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image's history fits it]
    #[arg(long, value_name = "FILE")]
    pub dockerfile: Option<PathBuf>,
    /// text or json, optionally to a file (may repeat)
    #[arg(long, value_name = "F[:FILE]")]
    pub format: Vec<FormatTo>,
}

/// List the steps an image was built in, newest first, in full, with the sizes of their layers
#[derive(Debug, Args)]
pub struct HistoryArgs {
    #[arg(help = format!("The image: {IMAGE}"), value_name = "IMAGE")]
    pub image: String,
    #[command(flatten)]
    pub open: OpenArgs,
    /// The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image's history fits it]
    #[arg(long, value_name = "FILE")]
    pub dockerfile: Option<PathBuf>,
    /// text or json, optionally to a file (may repeat)
    #[arg(long, value_name = "F[:FILE]")]
    pub format: Vec<FormatTo>,
}

/// Show an image's configuration, platform, digests and sizes; JSON has the fields of docker image inspect
#[derive(Debug, Args)]
pub struct InspectArgs {
    #[arg(help = format!("The image: {IMAGE}"), value_name = "IMAGE")]
    pub image: String,
    #[command(flatten)]
    pub open: OpenArgs,
    /// text or json, optionally to a file (may repeat)
    #[arg(long, value_name = "F[:FILE]")]
    pub format: Vec<FormatTo>,
}
