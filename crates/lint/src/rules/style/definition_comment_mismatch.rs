//! # definition-comment-mismatch
//!
//! ## What it does
//! Finds comments right above ARG and FROM that do not begin with the name that is defined.
//!
//! ## Why is this bad?
//! `docker build --call=outline` shows only comments that do.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! # the version
//! ARG VERSION=1
//! ```
//! ```dockerfile good
//! FROM debian:12
//! # VERSION is what is built
//! ARG VERSION=1
//! ```
//!
//! ## Fix safety
//! Safe: a blank line says that the comment is no description.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/invalid-definition-description/>

use jettison_dockerfile::Item;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["InvalidDefinitionDescription"],
    fix: FixKind::Safe,
    on_by_default: false,
    ..RuleInfo::new(
        "definition-comment-mismatch",
        Category::Style,
        Severity::Info,
        "a comment above a definition does not begin with its name",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let items = sheet.dockerfile.items();
    for (at, item) in items.iter().enumerate() {
        let Item::Instruction(index, span) = item else { continue };
        let Some(instruction) = sheet.instructions().get(*index) else { continue };
        let name = match instruction.keyword {
            Keyword::Arg => instruction.pairs().first().map(|pair| pair.raw_key.to_string()),
            Keyword::From => instruction.as_from().and_then(|from| from.name).map(|name| name.raw.to_string()),
            _ => None,
        };
        let above = at.checked_sub(1).and_then(|at| items.get(at));
        let (Some(name), Some(Item::Comment(comment))) = (name, above) else { continue };
        let text = sheet.text(*comment);
        let text = text.trim_start_matches(['#', ' ', '\t']);
        let directive = sheet.dockerfile.directives().iter().any(|directive| comment.contains(directive.span));
        let pragma = ["hadolint", "jettison", "check=", "tally"].iter().any(|word| text.starts_with(word));
        let described = text.split_whitespace().next() == Some(name.as_str());
        if !described && !directive && !pragma {
            let found =
                Found::file(instruction.keyword_span, format!("the comment above does not begin with `{name}`"));
            let edit = Edit::insert(span.start as usize, sheet.dockerfile.line_end());
            sink.push(found.safe("set the comment apart", vec![edit]));
        }
    }
}
