//! `jettison analyze`: open, look, judge, show.

use std::path::Path;

use jettison_report::image::{AnalyzeReport, SizeMaps};
use jettison_report::{BudgetStatus, html, json, markdown, text};

use crate::budgets::{Asked, DiveRules, judge};
use crate::cli::{AnalyzeArgs, Format};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::images::{Looked, Opener, matched};
use crate::input::reason;
use crate::output::{self, shown};
use crate::terminal::{Progress, stdout_style};

/// Where dive looks for its rules.
const DIVE_CI: &str = ".dive-ci";
/// Directories that the document lists, whatever the tables show.
const DIRECTORIES: usize = 40;

/// Runs the command; its exit code.
pub fn run(args: &AnalyzeArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    output::one_on_stdout(&args.format)?;
    let asked = if args.is_ci() { Some(budgets(args)?) } else { None };
    let progress = Progress::new(environment, quiet, verbose);
    let opener = Opener { args: &args.open, environment, progress: &progress, ends_at_once: true };
    let opened = opener.open(&args.image)?;
    let matched = matched(&opened.image, args.dockerfile.as_deref())?;
    progress.begin("image", "looking into it");
    let layers = opened.image.indexes();
    let looked = Looked::new(&opened, &layers, &matched)?;
    let mut report = looked.document(DIRECTORIES.max(args.top));
    if let Some(asked) = &asked {
        report.budgets = judge(asked, &report);
    }
    let wants_page = args.format.iter().any(|to| to.format == Format::Html);
    let maps = if wants_page { looked.maps(&report) } else { SizeMaps::default() };
    progress.clear();
    show(args, &report, &maps, environment)?;
    let failed = report.budgets.iter().any(|budget| budget.status == BudgetStatus::Failed);
    Ok(u8::from(failed))
}

fn show(args: &AnalyzeArgs, report: &AnalyzeReport, maps: &SizeMaps, environment: &Environment) -> Result<(), Failure> {
    let style = stdout_style(environment);
    let plain = text::Style { color: false, ..style };
    let top = args.top.max(1);
    output::write_each(&args.format, &|format, on_stdout| match format {
        Format::Text => {
            let shown = AnalyzeReport { directories: few(report, top), ..report.clone() };
            text::image::analyze(&shown, top, if on_stdout { &style } else { &plain })
        }
        Format::Json => json::pretty(report),
        Format::Markdown => markdown::analyze(report, top),
        Format::Html => html::analyze(report, maps),
    })
}

/// The largest of the directories, in the order of the tree; whatever a directory is shown in is larger and shown too.
fn few(report: &AnalyzeReport, top: usize) -> Vec<jettison_report::image::Directory> {
    let mut sizes: Vec<u64> = report.directories.iter().map(|directory| directory.bytes).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let least = sizes.get(top.saturating_sub(1)).copied().unwrap_or(0);
    report.directories.iter().filter(|directory| directory.bytes >= least).cloned().collect()
}

fn budgets(args: &AnalyzeArgs) -> Result<Asked, Failure> {
    let file = args.dive_ci.clone().or_else(|| Path::new(DIVE_CI).is_file().then(|| DIVE_CI.into()));
    let dive = match file {
        None => None,
        Some(path) => {
            let name = shown(&path);
            let text =
                std::fs::read_to_string(&path).map_err(|error| Failure::new(format!("{name}: {}", reason(&error))))?;
            let rules = DiveRules::parse(&text).map_err(|error| Failure::new(format!("{name}: {error}")))?;
            Some((name, rules))
        }
    };
    Ok(Asked {
        sizes: args.max_size.clone(),
        wasted: args.max_wasted,
        efficiency: args.min_efficiency,
        layers: args.layer_budget.clone(),
        dive,
    })
}
