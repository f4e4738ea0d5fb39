//! Markdown of images, as a pull request would show it.

use crate::samples::{analysis, budgets, difference};
use jettison_report::image::AnalyzeReport;
use jettison_report::markdown;

#[test]
fn an_analysis() {
    insta::assert_snapshot!(markdown::analyze(&AnalyzeReport { budgets: budgets(), ..analysis() }, 10));
}

#[test]
fn a_difference() {
    insta::assert_snapshot!(markdown::diff(&difference(), 10));
}

#[test]
fn every_row_of_a_table_has_all_its_cells() {
    for text in [markdown::analyze(&analysis(), 10), markdown::diff(&difference(), 10)] {
        let mut columns = 0;
        for line in text.lines() {
            let bars = line.matches('|').count();
            assert!(bars == 0 || columns == 0 || bars == columns, "{line}");
            columns = bars;
        }
    }
}
