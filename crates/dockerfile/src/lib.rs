//! The Dockerfile language: a lossless tree over any bytes, typed views, the stage graph, the shell inside RUN,
//! `.dockerignore` matching and the edit engine. Pure: no files, no processes, no environment.
//!
//! Invariant: `parse(x).source() == x` for all `x`, and the instructions' and trivia's spans cover it without gaps.

pub mod edit;
pub mod expand;
pub mod ignore;
mod script;
pub mod shell;
pub mod stages;
mod syntax;
pub mod views;

pub use syntax::{
    Diagnostic, DiagnosticKind, Directive, Dockerfile, Flag, Form, Heredoc, Instruction, Item, Keyword, Text, Word,
    parse,
};
