//! What is wrong with a shell script, under ShellCheck's codes. A thin wrapper around a linter for shell scripts: which of its rules
//! are asked, what each is called by ShellCheck, and how much a script may cost. Pure; nothing here knows of Dockerfiles.
//!
//! ```
//! use jettison_shell::{Dialect, judge};
//!
//! let found = judge("#!/bin/sh\ncd /srv\n", Dialect::Sh);
//! assert_eq!((found[0].code, found[0].range.clone()), (2164, 10..17));
//! ```

mod codes;
mod plain;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use shuck_linter::{AnalysisRequest, Diagnostic, LinterSettings, ShellDialect};
use shuck_parser::parser::{ParseResult, Parser};

/// Bytes of a script that is judged; of longer ones nothing is said.
pub const MAX_BYTES: usize = 16 << 10;
/// What a script may have of that which the linter's time grows with the square or the cube of: brackets that stand open at once,
/// backticks, dollar signs. Of a script with more nothing is said.
const MAX_OPEN: usize = 32;
const MAX_BACKTICKS: usize = 128;
const MAX_DOLLARS: usize = 256;

/// Which shell reads a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A POSIX shell: what only bash has is found.
    Sh,
    /// bash
    Bash,
    /// ksh
    Ksh,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// ShellCheck's number for it: 2086.
    pub code: u16,
    /// Bytes of the script, on character boundaries.
    pub range: Range<usize>,
    /// What is wrong, in one clause.
    pub message: String,
}

/// What is wrong with a script, in the order of its text. Nothing is said of a script that is too long, or on which the linter
/// fails.
pub fn judge(script: &str, dialect: Dialect) -> Vec<Said> {
    let body = script.split_once('\n').filter(|(line, _)| line.starts_with("#!")).map_or(script, |(_, body)| body);
    if script.len() > MAX_BYTES || !is_tame(body) || plain::is_plain(body) {
        return Vec::new();
    }
    let mut said = catch_unwind(AssertUnwindSafe(|| found(script, dialect))).unwrap_or_default();
    said.retain(|one| script.get(one.range.clone()).is_some());
    said.sort_by_key(|one| (one.range.start, one.code));
    said
}

/// Whether judging a script cannot take long.
fn is_tame(script: &str) -> bool {
    let (mut open, mut most, mut backticks, mut dollars) = (0_usize, 0, 0, 0);
    for byte in script.bytes() {
        match byte {
            b'(' | b'{' | b'[' => open += 1,
            b')' | b'}' | b']' => open = open.saturating_sub(1),
            b'`' => backticks += 1,
            b'$' => dollars += 1,
            _ => {}
        }
        most = open.max(most);
    }
    most <= MAX_OPEN && backticks <= MAX_BACKTICKS && dollars <= MAX_DOLLARS
}

fn found(script: &str, dialect: Dialect) -> Vec<Said> {
    let settings = settings(dialect);
    let parse = |dialect| Parser::with_dialect(script, dialect).parse();
    let mut parsed = parse(settings.shell.parser_dialect());
    if !parsed.is_ok() && dialect != Dialect::Bash {
        // what only bash reads is found as such
        parsed = parse(shuck_parser::ShellDialect::Bash);
    }
    if !parsed.is_ok() {
        return unread(&parsed).into_iter().collect();
    }
    let request = AnalysisRequest::from_parse_result(&parsed, script, settings);
    // the table of codes is built anew for every script that asks for it
    let has_directives = script.contains("shellcheck") || script.contains("shuck");
    let found = if has_directives { request.lint() } else { request.without_suppressions().lint() };
    found.into_iter().filter_map(said).collect()
}

/// Where the shell stops reading: of such a script nothing else can be said.
fn unread(parsed: &ParseResult) -> Option<Said> {
    let first = parsed.diagnostics.first()?;
    let range = first.span.start.offset()..first.span.end.offset();
    Some(Said { code: codes::UNREAD, range, message: format!("the shell cannot read this: {}", first.message) })
}

fn said(found: Diagnostic) -> Option<Said> {
    let code = codes::of_rule(found.code())?;
    Some(Said { code, range: found.span.start.offset()..found.span.end.offset(), message: found.message })
}

/// The rules that are asked, and no files but the script.
fn settings(dialect: Dialect) -> &'static LinterSettings {
    static SETTINGS: [OnceLock<LinterSettings>; 3] = [const { OnceLock::new() }; 3];
    let (at, shell) = match dialect {
        Dialect::Sh => (0, ShellDialect::Sh),
        Dialect::Bash => (1, ShellDialect::Bash),
        Dialect::Ksh => (2, ShellDialect::Ksh),
    };
    SETTINGS[at]
        .get_or_init(|| LinterSettings::for_rules(codes::rules()).with_shell(shell).with_resolve_source_closure(false))
}
