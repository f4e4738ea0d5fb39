//! `jettison explore`.

use std::path::PathBuf;

use clap::Args;

use super::image::{IMAGE, OpenArgs};

/// Look through an image, or through what differs between two, on the terminal
///
/// Layers, packages or instructions, the files of each, and why they are there; files are viewed and extracted. The image is
/// read meanwhile: what has been read can be looked at. ? shows the keys.
#[derive(Clone, Debug, Args)]
pub struct ExploreArgs {
    #[arg(help = format!("The image: {IMAGE}"), value_name = "IMAGE")]
    pub image: String,
    /// Another image: the files, packages, layers and config that differ from IMAGE are shown
    #[arg(value_name = "IMAGE2")]
    pub other: Option<String>,
    #[command(flatten)]
    pub open: OpenArgs,
    /// The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image's history fits it]
    #[arg(long, value_name = "FILE")]
    pub dockerfile: Option<PathBuf>,
}

impl ExploreArgs {
    /// What was typed: one image, or two.
    pub fn images(&self) -> Vec<&str> {
        [Some(self.image.as_str()), self.other.as_deref()].into_iter().flatten().collect()
    }
}
