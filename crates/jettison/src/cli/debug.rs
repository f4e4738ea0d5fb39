//! `jettison debug`: what the program makes of its input, for people who look for a fault in it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `jettison debug`
#[derive(Debug, Args)]
pub struct DebugArgs {
    /// What to look at.
    #[command(subcommand)]
    pub command: DebugCommand,
}

/// The commands of `jettison debug`.
#[derive(Debug, Subcommand)]
pub enum DebugCommand {
    /// Print the syntax tree of Dockerfiles; exit 1 if BuildKit would refuse one
    Parse(ParseArgs),
}

/// `jettison debug parse`
#[derive(Debug, Args)]
pub struct ParseArgs {
    /// The Dockerfiles
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print the files as the tree has them: the same bytes
    #[arg(long, conflicts_with = "format")]
    pub roundtrip: bool,
    /// How to print the tree
    #[arg(long, value_enum, default_value_t = TreeFormat::Tree)]
    pub format: TreeFormat,
}

/// How to print a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TreeFormat {
    /// One part a line, with its bytes
    #[default]
    Tree,
    /// One document for all files
    Json,
}
