//! `jettison diff`.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use jettison_model::ByteSize;

use super::FormatTo;
use super::image::{IMAGE, OpenArgs};

const RESULT: &str = "Result";
const BUILD: &str = "Where B is built";

/// Say what image B is against image A: sizes, layers, config, packages, files
///
/// B may be a folder or a Dockerfile: it is then built with the container engine that is there, compared, and removed again.
/// Exit code 0 unless --fail-on finds something.
#[derive(Debug, Args)]
pub struct DiffArgs {
    #[arg(help = format!("Before: {IMAGE}"), value_name = "A")]
    pub a: String,
    /// After: an image, or a folder or Dockerfile to build
    #[arg(value_name = "B")]
    pub b: String,
    #[command(flatten)]
    pub open: OpenArgs,
    /// Show only the files, all of them
    #[arg(long, help_heading = RESULT)]
    pub files: bool,
    /// Show only the packages, all of them
    #[arg(long, help_heading = RESULT)]
    pub packages: bool,
    /// Exit with 1 if B is larger, or by more than 10MB or 5%; if config, packages, files, layers differ; if any does (may repeat)
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = RESULT)]
    pub fail_on: Vec<FailOnWord>,
    /// Rows of a table
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = RESULT)]
    pub top: usize,
    /// text, json, markdown or html, optionally to a file: html:report.html (may repeat)
    #[arg(long, value_name = "F[:FILE]", value_parser = FormatTo::rich, help_heading = RESULT)]
    pub format: Vec<FormatTo>,
    /// The build context, where B is a Dockerfile [default: the folder that it is in]
    #[arg(long, value_name = "DIR", help_heading = BUILD)]
    pub context: Option<PathBuf>,
    /// The stage to build
    #[arg(long, value_name = "STAGE", help_heading = BUILD)]
    pub target: Option<String>,
    /// A build argument: NAME=value, or NAME to take it from the environment
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = BUILD)]
    pub build_arg: Vec<String>,
    /// docker, podman or buildah [default: the first that answers]
    #[arg(long, value_name = "NAME", help_heading = BUILD)]
    pub engine: Option<jettison_engine::EngineKind>,
    /// End the build after this long
    #[arg(long, value_name = "TIME", value_parser = super::optimize::duration, default_value = "30m", help_heading = BUILD)]
    pub build_time_limit: Duration,
}

/// What makes a difference a failure, and the word for it.
#[derive(Clone, Debug, PartialEq)]
pub struct FailOnWord {
    /// Which.
    pub what: FailOn,
    /// As typed.
    pub word: String,
}

impl FromStr for FailOnWord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self { what: text.parse()?, word: text.to_owned() })
    }
}

/// What makes a difference a failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FailOn {
    /// More unpacked bytes.
    Larger,
    /// More unpacked bytes than this more.
    By(ByteSize),
    /// More unpacked bytes than this share more.
    ByShare(f64),
    /// A field of the config.
    Config,
    /// A package.
    Packages,
    /// A path.
    Files,
    /// A layer.
    Layers,
    /// Anything.
    Any,
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is nothing to fail on: larger, a size (10MB), a percentage (5%), config, packages, files, layers, any"
            )
        };
        Ok(match text {
            "larger" => Self::Larger,
            "config" => Self::Config,
            "packages" => Self::Packages,
            "files" => Self::Files,
            "layers" => Self::Layers,
            "any" => Self::Any,
            text => match text.strip_suffix('%') {
                Some(percent) => {
                    let percent: f64 = percent.trim().parse().map_err(|_| wrong())?;
                    Self::ByShare(if percent >= 0.0 { percent / 100.0 } else { return Err(wrong()) })
                }
                None => Self::By(text.parse().map_err(|_| wrong())?),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_percentages_are_things_to_fail_on() {
        assert_eq!("10MB".parse(), Ok(FailOn::By(ByteSize(10_000_000))));
        assert_eq!("5%".parse(), Ok(FailOn::ByShare(0.05)));
        assert_eq!("config".parse(), Ok(FailOn::Config));
        for wrong in ["", "bigger", "-5%", "nan%", "%"] {
            assert!(wrong.parse::<FailOn>().is_err(), "{wrong}");
        }
    }
}
