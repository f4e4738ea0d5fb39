//! # unsorted-packages
//!
//! ## What it does
//! Finds lists of packages, one a line, that are not in order.
//!
//! ## Why is this bad?
//! In order, a package is found at once, and none is there twice.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y \
//!     wget \
//!     curl
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y \
//!     curl \
//!     wget
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y \
//!     curl \
//!     wget
//! ```
//!
//! ## Fix safety
//! Safe: the same packages are installed.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#sort-multi-line-arguments>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:sort-packages"],
    fix: FixKind::Safe,
    on_by_default: false,
    ..RuleInfo::new("unsorted-packages", Category::Style, Severity::Info, "a list of packages is not in order")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls().filter(|(_, call)| !system_packages(call).is_empty()) {
        let arguments = Arguments::of(call);
        let list = arguments.rest();
        let lines: Vec<usize> = list.iter().map(|arg| line_of(sheet, arg)).collect();
        let one_a_line = lines.windows(2).all(|pair| pair[0] < pair[1]);
        let plain = list.iter().all(|arg| arg.literal && !arg.word.raw.contains(['$', '"', '\'', '{']));
        let behind = arguments
            .options
            .iter()
            .all(|option| list.first().is_some_and(|first| option.arg.span().end < first.span().start));
        let mut sorted: Vec<&str> = list.iter().map(|arg| arg.text()).collect();
        sorted.sort_unstable();
        let same = sorted.iter().zip(list).all(|(sorted, arg)| *sorted == arg.text());
        if list.len() < 2 || !one_a_line || !plain || !behind || arguments.unknown || same {
            continue;
        }
        let edits = list
            .iter()
            .zip(&sorted)
            .filter(|(arg, name)| arg.text() != **name)
            .map(|(arg, name)| Edit::replace(arg.span(), (*name).to_owned()))
            .collect();
        let commented = sheet
            .text(Span { start: list[0].span().start, end: call.span().end })
            .lines()
            .any(|line| line.trim_start().starts_with('#'));
        let found = Found::at(step, list[0].span(), "the packages are not in order");
        sink.push(if commented { found } else { found.safe("sort them", edits) });
    }
}

fn line_of(sheet: &Sheet<'_>, arg: &Arg<'_>) -> usize {
    let before = sheet.dockerfile.source().get(..arg.span().start as usize).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count()
}
