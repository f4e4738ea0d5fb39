//! What is worth to fix first: what is wrong, then what costs most, then how bad, then the place.

use std::cmp::Ordering;

use super::{CheckedFile, Finding, Severity};

/// A second of every rebuild counts as many bytes. Only the order depends on it.
const BYTES_OF_A_SECOND: f64 = 5e6;

/// The findings of all files, the most worth first; the same ones always in the same order.
pub(super) fn sorted<'a>(
    findings: impl Iterator<Item = (&'a CheckedFile, &'a Finding)>,
) -> Vec<(&'a CheckedFile, &'a Finding)> {
    let mut all: Vec<_> = findings.collect();
    all.sort_by(|a, b| compare(a.1, b.1).then_with(|| place(a).cmp(&place(b))));
    all
}

fn compare(a: &Finding, b: &Finding) -> Ordering {
    let is_error = |finding: &Finding| finding.severity == Severity::Error;
    is_error(b).cmp(&is_error(a)).then(bytes(b).total_cmp(&bytes(a))).then(b.severity.cmp(&a.severity))
}

fn bytes(finding: &Finding) -> f64 {
    finding.bytes().unwrap_or(0) as f64 + finding.seconds().unwrap_or(0.0) * BYTES_OF_A_SECOND
}

fn place<'a>((file, finding): &(&'a CheckedFile, &'a Finding)) -> (&'a str, u32, u32, &'a str) {
    (&file.path, finding.location.start_byte, finding.location.end_byte, &finding.rule)
}
