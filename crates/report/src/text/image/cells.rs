//! Cells that the image texts share: sizes with their evidence, places, shares, heads of columns.

use jettison_model::ByteSize;

use crate::Evidence;
use crate::text::number::mark;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, shorten_middle, wrap};

/// The head of a column of numbers.
pub(super) fn head(text: &str) -> Cell {
    Cell::right(text).painted(Paint::Dim)
}

/// The head of a column of words.
pub(super) fn title(text: &str) -> Cell {
    Cell::left(text).painted(Paint::Dim)
}

/// `~61.2 MB`
pub(super) fn size(bytes: u64, evidence: Evidence) -> Cell {
    Cell::right(format!("{}{}", mark(evidence), ByteSize(bytes)))
}

/// As [`size`]; `–` where it is not known.
pub(super) fn maybe_size(bytes: Option<u64>, evidence: Evidence) -> Cell {
    bytes.map_or_else(|| Cell::right("–").painted(Paint::Dim), |bytes| size(bytes, evidence))
}

/// `Dockerfile:4`
pub(super) fn place(dockerfile: &str, line: Option<u32>) -> Cell {
    let text = line.map_or_else(String::new, |line| format!("{}:{line}", shorten_middle(&harmless(dockerfile), 22)));
    Cell::left(text).painted(Paint::Dim)
}

/// `61.3 %`
pub(crate) fn percent(share: f64) -> String {
    // what is not quite all is never shown as all
    let tenths = (share * 1000.0).round();
    let tenths = if share < 1.0 { tenths.min(999.0) } else { tenths };
    format!("{:.1} %", tenths / 10.0)
}

/// `31,204`
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let comma = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    digits.char_indices().flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit])).collect()
}

/// `1 layer`, `12 layers`
pub(super) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// A paragraph under a head, wrapped between words, everything after the first line indented as far as the head goes.
pub(super) fn paragraph(head: &str, text: &str, paint: Paint, style: &Style) -> String {
    let indent = crate::text::table::width(head);
    let room = style.columns().saturating_sub(indent);
    let mut lines = wrap(text, room, room).into_iter();
    let mut shown = format!("{head}{}\n", style.paint(paint, &lines.next().unwrap_or_default()));
    for line in lines {
        shown.push_str(&format!("{}{}\n", " ".repeat(indent), style.paint(paint, &line)));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_all_is_never_shown_as_all() {
        assert_eq!([1.0, 0.99999, 0.6134, 0.0].map(percent), ["100.0 %", "99.9 %", "61.3 %", "0.0 %"]);
    }
}
