//! The report of `jettison history`: every step in full, newest first.

use super::analyze::image_line;
use super::cells::{head, maybe_size, place, size, title};
use crate::Evidence;
use crate::image::{HistoryEntry, HistoryReport};
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, aligned, width, wrap};

/// The table. Commands are never cut: on a terminal they continue below themselves, elsewhere each is one line.
pub fn history(report: &HistoryReport, terminal: bool, style: &Style) -> String {
    let compressed = report.history.iter().any(|entry| entry.compressed_bytes.is_some());
    let lines = report.history.iter().any(|entry| entry.dockerfile_line.is_some());
    let mut head_row = vec![head("layer"), title("created")];
    head_row.extend(compressed.then(|| head("compressed")));
    head_row.push(head("size"));
    head_row.extend(lines.then(|| title("line")));
    head_row.push(title("created by"));
    let mut rows = vec![head_row];
    rows.extend(report.history.iter().map(|entry| row(entry, compressed, lines)));
    let mut text = image_line(&report.image, style);
    text.push('\n');
    text.push_str(&with_commands(&rows, &report.history, terminal, style));
    style.signs(&text)
}

fn row(entry: &HistoryEntry, compressed: bool, lines: bool) -> Vec<Cell> {
    let layer = entry.layer.map_or_else(|| "–".to_owned(), |layer| layer.to_string());
    let mut row = vec![Cell::right(layer), Cell::left(time(entry.created.as_deref())).painted(Paint::Dim)];
    row.extend(compressed.then(|| {
        if entry.layer.is_none() { Cell::default() } else { maybe_size(entry.compressed_bytes, Evidence::Measured) }
    }));
    row.push(size(entry.file_bytes, Evidence::Measured));
    row.extend(lines.then(|| place("", entry.dockerfile_line)));
    row.push(Cell::left("\u{1}"));
    row
}

/// `2026-05-04 03:02:01` of an RFC 3339 time.
fn time(created: Option<&str>) -> String {
    let text = harmless(created.unwrap_or("–"));
    text.get(..19).unwrap_or(&text).replacen('T', " ", 1)
}

/// Lays the commands beside the other columns, which are aligned first.
fn with_commands(rows: &[Vec<Cell>], entries: &[HistoryEntry], terminal: bool, style: &Style) -> String {
    let table = aligned(rows, style);
    let mut text = String::new();
    for (at, line) in table.lines().enumerate() {
        let Some((before, _)) = line.split_once('\u{1}') else {
            text.push_str(&format!("{line}\n"));
            continue;
        };
        let command = at.checked_sub(1).and_then(|at| entries.get(at)).map(command).unwrap_or_default();
        let indent = plain_width(before);
        let room = style.columns().saturating_sub(indent).max(20);
        let lines = if terminal { wrap(&command, room, room) } else { vec![command] };
        text.push_str(&format!("{before}{}\n", lines.join(&format!("\n{}", " ".repeat(indent)))));
    }
    text
}

fn command(entry: &HistoryEntry) -> String {
    if entry.created_by.is_empty() {
        "(not recorded)".to_owned()
    } else {
        harmless(&entry.created_by.replace('\n', " "))
    }
}

/// Columns of a line that may hold colours.
fn plain_width(line: &str) -> usize {
    let mut pieces = line.split('\u{1b}');
    let first = pieces.next().map_or(0, width);
    pieces
        .map(|piece| piece.split_once('m').map_or(0, |(_, rest)| width(rest)))
        .fold(first, |sum, columns| sum + columns)
}
