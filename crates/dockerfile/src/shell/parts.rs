//! The parts of a word that are more than plain text: quotes and expansions, each with its place.

use std::ops::Range;

use jettison_model::Span;
use shuck_ast::{WordPart, WordPartNode};

use super::extent::offsets;

/// A quoted part or an expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// It stands inside of double quotes.
    pub in_quotes: bool,
    /// Where, in the Dockerfile, with its quotes or dollar.
    pub span: Span,
}

/// The kinds of parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// `'…'` or `$'…'`.
    SingleQuoted,
    /// `"…"`; what is expanded inside follows as parts of their own.
    DoubleQuoted,
    /// `$NAME`, `${NAME…}`: the name.
    Variable(String),
    /// `$(…)` or backticks.
    Command,
    /// `$((…))`.
    Arithmetic,
    /// `<(…)` or `>(…)`.
    Process,
}

/// Adds the parts of a word, those inside of double quotes behind these.
pub(super) fn collect(
    nodes: &[WordPartNode],
    in_quotes: bool,
    text: &str,
    place: &dyn Fn(Range<usize>) -> Span,
    found: &mut Vec<Part>,
) {
    for node in nodes {
        let range = offsets(node.span);
        let kind = match &node.kind {
            WordPart::Literal(_) | WordPart::ZshQualifiedGlob(_) => continue,
            WordPart::SingleQuoted { .. } => PartKind::SingleQuoted,
            WordPart::DoubleQuoted { .. } => PartKind::DoubleQuoted,
            WordPart::CommandSubstitution { .. } => PartKind::Command,
            WordPart::ArithmeticExpansion { .. } => PartKind::Arithmetic,
            WordPart::ProcessSubstitution { .. } => PartKind::Process,
            _ => PartKind::Variable(name(text.get(range.clone()).unwrap_or_default())),
        };
        found.push(Part { kind, in_quotes, span: place(range) });
        if let WordPart::DoubleQuoted { parts, .. } = &node.kind {
            collect(parts, true, text, place, found);
        }
    }
}

/// The variable's name in `$NAME`, `${NAME…}`, `${#NAME}`, `${!NAME}`.
fn name(written: &str) -> String {
    let inside = written.strip_prefix('$').unwrap_or(written);
    let inside = inside.strip_prefix('{').unwrap_or(inside);
    let is_name = |symbol: char| symbol.is_ascii_alphanumeric() || symbol == '_';
    let behind = inside.strip_prefix(['#', '!']).filter(|rest| rest.starts_with(is_name)).unwrap_or(inside);
    let length = behind.find(|symbol| !is_name(symbol)).unwrap_or(behind.len());
    if length == 0 { behind.chars().take(1).collect() } else { behind[..length].to_owned() }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_are_found_in_all_forms() {
        for (written, expected) in [
            ("$A", "A"),
            ("${A:-b}", "A"),
            ("${#A}", "A"),
            ("${!A}", "A"),
            ("$1", "1"),
            ("$?", "?"),
            ("${A[0]}", "A"),
            ("$#", "#"),
        ] {
            assert_eq!(name(written), expected, "{written}");
        }
    }
}
