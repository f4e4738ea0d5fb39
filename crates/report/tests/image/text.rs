//! What people see of an image on the terminal: at the narrowest and at a common width, without and with colour.

use crate::samples::{HOSTILE, analysis, budgets, difference, inspection, layer, reason, steps};
use jettison_report::image::AnalyzeReport;
use jettison_report::text::image::DiffView;
use jettison_report::text::{Style, image, width};

fn plain(width: usize) -> Style {
    Style { width, ..Style::default() }
}

#[test]
fn analysis_in_80_columns() {
    insta::assert_snapshot!(image::analyze(&analysis(), 10, &plain(80)));
}

#[test]
fn analysis_in_160_columns() {
    insta::assert_snapshot!(image::analyze(&analysis(), 10, &plain(160)));
}

#[test]
fn nothing_wraps_at_any_width() {
    for columns in [80, 81, 97, 120, 200] {
        let text = image::analyze(&AnalyzeReport { budgets: budgets(), ..analysis() }, 10, &plain(columns));
        for line in text.lines() {
            assert!(width(line) <= columns, "{} columns of {columns}: {line}", width(line));
        }
    }
}

#[test]
fn names_cannot_speak_to_the_terminal() {
    let text = image::analyze(&analysis(), 10, &plain(400));
    assert!(text.contains("\\u{202E}gpj.</script>"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(HOSTILE.contains('\n') && text.contains("\\x0A.exe"), "{text}");
}

#[test]
fn colour_adds_nothing_but_colour() {
    let colored = image::analyze(&analysis(), 10, &Style { color: true, ..plain(100) });
    let mut without = String::new();
    let mut codes = colored.split("\u{1b}[");
    without.push_str(codes.next().unwrap());
    codes.for_each(|part| without.push_str(part.split_once('m').unwrap().1));
    assert_eq!(without, image::analyze(&analysis(), 10, &plain(100)));
    assert!(colored.contains("\u{1b}[31msecret"), "{colored}");
}

#[test]
fn ascii_where_unicode_is_not_wanted() {
    let text =
        image::analyze(&AnalyzeReport { budgets: budgets(), ..analysis() }, 3, &Style { unicode: false, ..plain(100) });
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn an_image_of_nothing_is_said_in_a_few_lines() {
    insta::assert_snapshot!(image::analyze(&AnalyzeReport::default(), 10, &plain(80)));
}

#[test]
fn small_layers_of_many_are_folded() {
    let layers = (0..100).map(|n| layer(n, 1_000_000 + 1_000 * n as u64, Some(n as u32 + 1), "COPY x /x")).collect();
    let text = image::analyze(&AnalyzeReport { layers, ..analysis() }, 10, &plain(100));
    assert!(text.contains("… 88 smaller layers with 91.8 MB"), "{text}");
    assert_eq!(text.matches("COPY x /x").count(), 12);
}

#[test]
fn budgets_pass_or_fail_in_a_table() {
    insta::assert_snapshot!(image::budgets(&budgets(), &plain(80)));
}

const WHOLE: DiffView = DiffView { top: 10, files: false, packages: false };

#[test]
fn a_difference_in_80_columns() {
    insta::assert_snapshot!(image::diff(&difference(), WHOLE, &plain(80)));
}

#[test]
fn a_difference_in_120_columns() {
    insta::assert_snapshot!(image::diff(&difference(), WHOLE, &plain(120)));
}

#[test]
fn of_a_difference_only_what_was_asked_for_and_all_of_it() {
    let few = image::diff(&difference(), DiffView { top: 2, ..WHOLE }, &plain(100));
    assert!(few.contains("… 4 more paths (--files shows all)"), "{few}");
    let files = image::diff(&difference(), DiffView { top: 2, files: true, packages: false }, &plain(100));
    assert!(files.contains("/app/run.sh") && !files.contains("libssl3") && !files.contains("more paths"), "{files}");
}

#[test]
fn commands_of_the_history_are_never_cut() {
    insta::assert_snapshot!(image::history(&steps(), true, &plain(90)));
    let piped = image::history(&steps(), false, &plain(90));
    assert!(
        piped.lines().any(|line| line.contains("apt-get update") && line.contains("lists/* # buildkit")),
        "{piped}"
    );
}

#[test]
fn an_inspection_for_people() {
    insta::assert_snapshot!(image::inspect(&inspection(), &plain(100)));
}

#[test]
fn why_a_file_is_there() {
    insta::assert_snapshot!(image::why(&reason(), &plain(90)));
}
