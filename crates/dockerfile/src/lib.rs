//! The Dockerfile language: a lossless tree over any bytes, typed views, the stage graph, the shell inside RUN,
//! `.dockerignore` matching and the edit engine. Pure: no files, no processes, no environment.
//! The reference for meaning and verdicts is BuildKit's `frontend/dockerfile`.
//!
//! Invariant: `parse(x).print() == x` for all `x`, and the items' spans cover it without gaps.
//!
//! # Find all `apt-get install`s and edit one
//!
//! Places lead back into the file, through continuations and the comments between them; an edit replaces such a place and
//! nothing else.
//!
//! ```
//! use jettison_dockerfile::{edit, parse};
//! use jettison_model::Edit;
//!
//! let source = b"FROM debian:12\nRUN apt-get update \\\n # the tools\n && apt-get install -y curl git\n";
//! let dockerfile = parse(&source[..]);
//! assert!(!dockerfile.is_rejected());
//!
//! let mut edits = Vec::new();
//! for instruction in dockerfile.instructions() {
//!     // Exec forms have no script; what the shell parser cannot read is opaque, and nobody guesses.
//!     let Some(parsed) = instruction.script(&dockerfile) else { continue };
//!     let Some(script) = parsed.script() else { continue };
//!     for command in script.simple_commands() {
//!         let installs = command.name() == Some("apt-get") && command.args().any(|arg| arg == Some("install"));
//!         let Some(verb) = command.words.iter().find(|word| word.raw == "install") else { continue };
//!         if installs {
//!             edits.push(Edit::insert(verb.span.end as usize, " --no-install-recommends"));
//!         }
//!     }
//! }
//!
//! let edited = edit::apply_checked(source, &edits)?;
//! assert!(String::from_utf8_lossy(&edited).contains("# the tools\n && apt-get install --no-install-recommends -y curl git\n"));
//! # Ok::<(), edit::EditError>(())
//! ```
//!
//! # Ask what holds at an instruction
//!
//! ```
//! use jettison_dockerfile::expand::Env;
//! use jettison_dockerfile::parse;
//! use jettison_dockerfile::stages::{Base, StageGraph};
//!
//! let dockerfile = parse(&b"ARG V=3.12\nFROM python:$V AS base\nENV HOME=/srv\nWORKDIR $HOME/app\nFROM base\nRUN make\n"[..]);
//! let graph = StageGraph::new(&dockerfile, &Env::new(), "amd64");
//! assert_eq!(graph.stages[0].base, Base::Image("python:3.12".to_owned()));
//! assert_eq!(graph.effective(&dockerfile, 5, &Env::new()).workdir.as_deref(), Some("/srv/app"));
//! ```

pub mod dispatch;
pub mod edit;
pub mod expand;
pub mod ignore;
mod script;
pub mod shell;
pub mod stages;
mod syntax;
pub mod views;

pub use script::ShellText;
pub use syntax::{
    Diagnostic, DiagnosticKind, Directive, Dockerfile, Flag, Form, Heredoc, Instruction, Item, Keyword, Phase, Str,
    Text, Word, parse,
};
