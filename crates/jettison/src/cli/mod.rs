//! The command line: what may be typed. Values are checked here, objects are built elsewhere.

mod analyze;
mod check;
mod debug;
mod diff;
mod explore;
mod format;
mod image;
mod look;
mod optimize;
mod verify;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use analyze::AnalyzeArgs;
pub use check::{CheckArgs, CheckForm, CheckTo, ConfigArgs, ConfigCommand, ConfigShowArgs, ExplainArgs, RulesArgs};
pub use debug::{DebugArgs, DebugCommand, ParseArgs, TreeFormat};
pub use diff::{DiffArgs, FailOn};
pub use explore::ExploreArgs;
pub use format::{Format, FormatTo};
pub use image::OpenArgs;
pub use look::{HistoryArgs, InspectArgs, WhyArgs};
pub use optimize::{FromFile, OptimizeArgs};
pub use verify::VerifyArgs;

/// Give a Dockerfile, get a smaller, faster, safer one, with the proof.
#[derive(Debug, Parser)]
#[command(name = "jettison", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Copy, Debug, Args)]
pub struct Global {
    /// Say only the result.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: every build line, all causes of an error.
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
}

impl Cli {
    /// What was typed. To lay out the options of every command takes as long as to check a file, which editors do at every
    /// keystroke: `check` is read by itself, and what is wrong with it is told by the whole.
    pub fn read() -> Result<Self, clap::Error> {
        let is_check = std::env::args_os().nth(1).is_some_and(|word| word == "check");
        if is_check && let Ok(CheckOnly { global, command: OnlyCheck::Check(args) }) = CheckOnly::try_parse() {
            return Ok(Self { global, command: Command::Check(args) });
        }
        Self::try_parse()
    }
}

/// [`Cli`] with one command.
#[derive(Debug, Parser)]
#[command(name = "jettison", version)]
struct CheckOnly {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: OnlyCheck,
}

/// The command.
#[derive(Debug, Subcommand)]
enum OnlyCheck {
    Check(Box<CheckArgs>),
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    // what these say stands on their arguments
    Optimize(Box<OptimizeArgs>),
    Verify(VerifyArgs),
    Check(Box<CheckArgs>),
    Explain(ExplainArgs),
    Rules(RulesArgs),
    Config(ConfigArgs),
    Analyze(Box<AnalyzeArgs>),
    Explore(Box<ExploreArgs>),
    Diff(Box<DiffArgs>),
    Why(WhyArgs),
    History(HistoryArgs),
    Inspect(InspectArgs),
    /// Print a shell completion script
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
    /// Print the names of the images that engines have, for completions
    #[command(hide = true)]
    CompleteImages,
    /// Show what is made of the input
    #[command(hide = true)]
    Debug(DebugArgs),
    /// The probe sidecar's program
    #[command(hide = true)]
    Probe(ProbeArgs),
}

/// `jettison completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell
    pub shell: clap_complete::Shell,
}

/// `jettison probe`
#[derive(Debug, Args)]
pub struct ProbeArgs {
    /// The probe plan.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}
