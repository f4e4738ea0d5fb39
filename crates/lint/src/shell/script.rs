//! The scripts of a file as a judge of scripts wants them: each a whole one, with its interpreter line and with the variables that
//! the builder sets and the script reads.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use jettison_dockerfile::{Item, Keyword, ShellText};
use jettison_facts::steps::Step;
use jettison_model::Span;

use crate::sheet::{Sheet, Shell};

/// Which shell reads a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShellDialect {
    /// A `/bin/sh` of which no more is known.
    Sh,
    /// bash, also where it is called sh.
    Bash,
    /// ksh, mksh
    Ksh,
}

impl ShellDialect {
    /// `sh`, `bash`, `ksh`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sh => "sh",
            Self::Bash => "bash",
            Self::Ksh => "ksh",
        }
    }
}

/// A script that can stand alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShellScript {
    /// Who reads it; its first line says so too.
    pub dialect: ShellDialect,
    /// An interpreter line, what is set before, then the text of the instruction.
    pub text: String,
}

/// A script and where it comes from.
pub(super) struct Placed<'s, 'f> {
    pub step: &'s Step<'f>,
    pub script: ShellScript,
    /// The shell of the image, as far as it is known.
    pub shell: Shell,
    text: ShellText,
    /// Bytes before the text of the instruction.
    head: usize,
}

impl Placed<'_, '_> {
    /// Where a part of the script stands in the Dockerfile; none for what stands before the instruction's text.
    pub fn span(&self, range: &Range<usize>) -> Option<Span> {
        let start = range.start.checked_sub(self.head)?;
        Some(self.text.text.source_span(start..range.end.saturating_sub(self.head)))
    }
}

/// All scripts of a file that a shell reads as sh.
pub(super) fn of<'s, 'f>(sheet: &'s Sheet<'f>) -> Vec<Placed<'s, 'f>> {
    sheet.steps.iter().filter_map(|step| placed(sheet, step)).collect()
}

fn placed<'s, 'f>(sheet: &Sheet<'f>, step: &'s Step<'f>) -> Option<Placed<'s, 'f>> {
    if step.keyword() != Keyword::Run && sheet.is_foreign() {
        return None;
    }
    let text = step.instruction.shell_text(sheet.dockerfile)?;
    let shell = match text.shell.as_deref() {
        Some(name) => Shell::named(name),
        None => told(sheet, step).map_or_else(|| sheet.shell(step), Shell::named),
    };
    let dialect = match shell {
        Shell::Foreign => return None,
        Shell::Bash if sheet.is_hadolint() && text.shell.is_none() && step.shell().is_none() => ShellDialect::Sh,
        Shell::Bash => ShellDialect::Bash,
        Shell::Other => ShellDialect::Ksh,
        Shell::Dash | Shell::Ash => ShellDialect::Sh,
    };
    let mut script = head(sheet, step, &text, dialect);
    let head = script.len();
    script.push_str(&text.text.text);
    Some(Placed { step, script: ShellScript { dialect, text: script }, shell, text, head })
}

/// What stands before the text: the interpreter, `set -e` where the shell is started so, and what the builder exports of what the
/// text reads. Values are those that hadolint gives: what a build sets them to is nobody's business here.
fn head(sheet: &Sheet<'_>, step: &Step<'_>, text: &ShellText, dialect: ShellDialect) -> String {
    let mut head = format!("#!/bin/{}\n", dialect.as_str());
    if text.options.errexit == Some(true) {
        head.push_str("set -e\n");
    }
    for name in read_by(&text.text.text) {
        if step.state.variables.contains_key(name) || PROXIES.contains(&name) || is_argument(sheet, step, name) {
            let _ = writeln!(head, "export {name}=1");
        }
    }
    head
}

/// Whether an ARG above, in the stage or in those that it stands on, declares the variable, with a value or without.
fn is_argument(sheet: &Sheet<'_>, step: &Step<'_>, name: &str) -> bool {
    let above = step.stage.into_iter().flat_map(|stage| sheet.lineage(stage)).filter(|one| one.index < step.index);
    let mut words = above.filter(|one| one.keyword() == Keyword::Arg).flat_map(|one| &one.instruction.words);
    words.any(|word| word.raw.split('=').next() == Some(name))
}

/// Arguments that every build takes.
const PROXIES: [&str; 8] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy"];

/// The names behind dollar signs.
fn read_by(text: &str) -> BTreeSet<&str> {
    let names = text.split('$').skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest).trim_start_matches(['#', '!']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..end];
        (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
    });
    names.collect()
}

/// The shell that a comment `# hadolint shell=bash` above, in the same stage, says the image has.
fn told<'f>(sheet: &Sheet<'f>, step: &Step<'f>) -> Option<&'f str> {
    let from = step.stage.map(|stage| sheet.span_of_from(stage).start).unwrap_or_default();
    let comments = sheet.dockerfile.items().iter().filter_map(|item| match item {
        Item::Comment(span) if span.start >= from && span.start < step.instruction.span.start => Some(*span),
        _ => None,
    });
    comments.filter_map(|span| shell_of(sheet.dockerfile.source().get(span.range())?)).next_back()
}

fn shell_of(comment: &[u8]) -> Option<&str> {
    let text = str::from_utf8(comment).ok()?.trim().trim_start_matches('#').trim_start();
    let value = text.strip_prefix("hadolint")?.trim_start().strip_prefix("shell")?.trim_start().strip_prefix('=')?;
    value.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_behind_dollar_signs() {
        let found: Vec<&str> = read_by("a $b ${c} ${#d} ${e:-$f} $1 $$ ${!g} \\$h $ é$").into_iter().collect();
        assert_eq!(found, ["b", "c", "d", "e", "f", "g", "h"]);
    }
}
