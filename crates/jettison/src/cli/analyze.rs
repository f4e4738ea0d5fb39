//! `jettison analyze`.

use std::path::PathBuf;

use clap::Args;

use super::FormatTo;
use super::image::{IMAGE, OpenArgs};
use crate::budgets::{Amount, LayerBudget, Share, SizeBudget};

const BUDGETS: &str = "Budgets (each implies --ci)";
const RESULT: &str = "Result";

/// Say what is in an image: sizes, layers, waste, packages, what to do
///
/// Every number is counted on the image itself. Wasted is what the final tree does not have any more, avoidable what it has and
/// need not have; the two are never added up. With --ci the exit code says whether the image keeps its budgets: those given
/// here and those of a .dive-ci file in the current folder.
#[derive(Debug, Args)]
pub struct AnalyzeArgs {
    #[arg(help = format!("The image: {IMAGE}"), value_name = "IMAGE")]
    pub image: String,
    #[command(flatten)]
    pub open: OpenArgs,
    /// The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image's history fits it]
    #[arg(long, value_name = "FILE", help_heading = RESULT)]
    pub dockerfile: Option<PathBuf>,
    /// Rows of a table
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = RESULT)]
    pub top: usize,
    /// text, json, markdown or html, optionally to a file: html:report.html (may repeat)
    #[arg(long, value_name = "F[:FILE]", value_parser = FormatTo::rich, help_heading = RESULT)]
    pub format: Vec<FormatTo>,
    /// Exit with 1 if a budget is not kept [without any budget: dive's own, a score of 0.9 at least]
    #[arg(long, help_heading = BUDGETS)]
    pub ci: bool,
    /// Unpacked bytes at most; compressed=SIZE or apparent=SIZE for those (may repeat)
    #[arg(long, value_name = "SIZE", help_heading = BUDGETS)]
    pub max_size: Vec<SizeBudget>,
    /// Wasted bytes at most: 20MB, or 5% of all file bytes
    #[arg(long, value_name = "SIZE|PERCENT", help_heading = BUDGETS)]
    pub max_wasted: Option<Amount>,
    /// Score at least: 0.95 or 95%
    #[arg(long, value_name = "SHARE", help_heading = BUDGETS)]
    pub min_efficiency: Option<Share>,
    /// Unpacked bytes of a layer at most; N=SIZE for the one at that place, from 0 (may repeat)
    #[arg(long, value_name = "[N=]SIZE", help_heading = BUDGETS)]
    pub layer_budget: Vec<LayerBudget>,
    /// dive's rules [default: .dive-ci in the current folder, if it is there]
    #[arg(long, value_name = "FILE", help_heading = BUDGETS)]
    pub dive_ci: Option<PathBuf>,
}

impl AnalyzeArgs {
    /// Whether budgets are to be judged.
    pub fn is_ci(&self) -> bool {
        let given = self.max_wasted.is_some() || self.min_efficiency.is_some() || self.dive_ci.is_some();
        self.ci || given || !self.max_size.is_empty() || !self.layer_budget.is_empty()
    }
}
