//! The text as people see it at two widths, with colour and links, without Unicode; and that nothing wraps by accident.

use jettison_report::check::{CheckReport, RulesReport};
use jettison_report::check::{Telling, rules_markdown, rules_text, statistics, text};
use jettison_report::text::{Style, width};

use crate::samples::{clean, hostile, ordinary};

fn telling(width: usize) -> Telling<'static> {
    let style = Style { width, ..Style::default() };
    Telling { style, links: false, brief: false, verbose: false, preview: false, command: "jettison check app" }
}

macro_rules! on_record {
    ($name:expr, $text:expr) => {
        insta::with_settings!({omit_expression => true}, { insta::assert_snapshot!($name, $text) })
    };
}

#[test]
fn at_80_and_at_160_columns() {
    for columns in [80, 160] {
        on_record!(format!("text_{columns}"), text(&ordinary(), &telling(columns)));
        on_record!(format!("hostile_text_{columns}"), text(&hostile(), &telling(columns)));
    }
}

#[test]
fn colour_and_links_add_only_what_terminals_swallow() {
    let style = Style { color: true, ..telling(80).style };
    let colored = text(&ordinary(), &Telling { style, links: true, verbose: true, ..telling(80) });
    on_record!("text_color", colored.replace('\u{1b}', "ESC"));
    let plain = text(&ordinary(), &Telling { verbose: true, ..telling(80) });
    assert_eq!(without_sequences(&colored), plain);
}

/// Without `ESC [ … m` and `ESC ] 8 ; ; … ESC \`.
fn without_sequences(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = match part.as_bytes().first() {
            Some(b'[') => part.split_once('m').map_or("", |(_, rest)| rest),
            Some(b'\\') => &part[1..],
            _ => "",
        };
        plain.push_str(rest);
    }
    plain
}

#[test]
fn ascii_where_unicode_is_not_wanted() {
    let style = Style { unicode: false, ..telling(80).style };
    let shown = text(&ordinary(), &Telling { style, ..telling(80) });
    assert!(shown.is_ascii(), "{shown}");
}

#[test]
fn no_excerpt_is_wider_than_the_terminal_and_nothing_speaks_to_it() {
    for columns in [80, 160] {
        let shown = text(&hostile(), &telling(columns));
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\0', '\u{7}']), "{shown:?}");
        let shown = text(&ordinary(), &telling(columns));
        assert!(shown.lines().all(|line| width(line) <= columns), "{shown}");
    }
}

#[test]
fn the_most_worth_comes_first_after_what_is_wrong() {
    let shown = text(&ordinary(), &telling(80));
    let at = |rule: &str| shown.find(rule).unwrap();
    assert!(at("relative-workdir") < at("sources-before-dependencies"));
    assert!(at("sources-before-dependencies") < at("apt-cache-kept"));
}

#[test]
fn one_line_says_how_it_is() {
    assert_eq!(text(&clean(), &telling(80)), "no findings in 1 file\n");
    let brief = text(&ordinary(), &Telling { brief: true, ..telling(160) });
    assert_eq!(
        brief,
        "3 findings in 2 files · ~19.2 MB and ~11.0 s per rebuild to gain · 1 suppressed · 1 file could not be checked · 1 safe fix: jettison check app --fix\n"
    );
}

#[test]
fn after_fixing_it_says_what_is_left() {
    let mut report: CheckReport = clean();
    report.files[0].fixed = 2;
    report.count(false);
    assert_eq!(text(&report, &telling(80)), "2 findings fixed, no findings left in 1 file\n");
    assert_eq!(text(&report, &Telling { preview: true, ..telling(80) }), "no findings in 1 file\n");
}

#[test]
fn statistics_are_a_table() {
    on_record!("statistics", statistics(&ordinary(), &Style::default()));
}

#[test]
fn rules_are_listed() {
    let report = RulesReport { rules: ordinary().rules.into_values().collect(), ..RulesReport::default() };
    on_record!("rules_text", rules_text(&report, &Style::default()));
    on_record!("rules_markdown", rules_markdown(&report));
}
