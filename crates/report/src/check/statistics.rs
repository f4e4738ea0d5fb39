//! How often each rule found something.

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckReport, CheckedFile, RuleCount};
use crate::text::{Cell, Paint, Style, aligned};
use jettison_model::ByteSize;

pub(super) fn count(files: &[CheckedFile]) -> Vec<RuleCount> {
    let mut counts: BTreeMap<&str, (RuleCount, BTreeSet<&str>)> = BTreeMap::new();
    for file in files {
        for finding in &file.findings {
            let (count, paths) = counts.entry(&finding.rule).or_default();
            count.count += 1;
            count.fixable += u64::from(finding.is_fixable());
            if let Some(bytes) = finding.bytes() {
                count.bytes = Some(count.bytes.unwrap_or(0).saturating_add(bytes));
            }
            paths.insert(&file.path);
        }
    }
    let finished = counts.into_iter().map(|(rule, (count, paths))| RuleCount {
        rule: rule.to_owned(),
        files: paths.len() as u64,
        ..count
    });
    let mut all: Vec<RuleCount> = finished.collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.rule.cmp(&b.rule)));
    all
}

/// The counts as a table.
pub fn statistics(report: &CheckReport, style: &Style) -> String {
    let number = |number: u64| Cell::right(if number == 0 { String::new() } else { number.to_string() });
    let heads = ["findings", "files", "fixable", "size"].map(Cell::right).into_iter().chain([Cell::left("rule")]);
    let row = |count: &RuleCount| {
        let bytes = count.bytes.map(|bytes| format!("~{}", ByteSize(bytes))).unwrap_or_default();
        let numbers = [number(count.count), number(count.files), number(count.fixable), Cell::right(bytes)];
        numbers.into_iter().chain([Cell::left(&count.rule)]).collect::<Vec<_>>()
    };
    let heads = heads.map(|cell| cell.painted(Paint::Dim)).collect();
    let rows: Vec<Vec<Cell>> = std::iter::once(heads).chain(report.statistics.iter().map(row)).collect();
    aligned(&rows, style)
}
