//! What the rules about unpinned packages have in common: which words of an install are packages, and how they are named.

use super::super::prelude::*;

/// Whether a word of an install holds options for all that is known: `$APT_FLAGS`, `"$@"`.
pub(super) fn is_unknown(arg: &Arg<'_>) -> bool {
    arg.value.is_none()
}

/// Names for a message: up to three, then how many more.
pub(super) fn list(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(3);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

/// Reports the operands of an install that are not pinned, as one finding at the first of them.
pub(super) fn report(step: &Step<'_>, unpinned: &[&Arg<'_>], part: Option<&'static str>, sink: &mut Sink<'_>) {
    let Some(first) = unpinned.first() else { return };
    let names: Vec<&str> = unpinned.iter().map(|arg| arg.text()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let found = Found::at(step, first.span(), format!("{} {verb} not pinned to a version", list(&names)));
    sink.push(match part {
        Some(part) => found.part(part),
        None => found,
    });
}
