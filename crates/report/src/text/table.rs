//! Columns that align, paths shortened in the middle, words wrapped on purpose. Widths count Unicode scalars.

use crate::text::{Paint, Style};

/// One cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) paint: Paint,
    pub(crate) right: bool,
}

impl Cell {
    /// Aligned to the left.
    pub(crate) fn left(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Aligned to the right, as numbers are.
    pub(crate) fn right(text: impl Into<String>) -> Self {
        Self { text: text.into(), right: true, ..Self::default() }
    }

    pub(crate) fn painted(self, paint: Paint) -> Self {
        Self { paint, ..self }
    }
}

/// The rows with their columns aligned, indented by three; three blanks between columns, two where that saves the width. No
/// line ends in blanks.
pub(crate) fn aligned(rows: &[Vec<Cell>], style: &Style) -> String {
    let shown = |cell: &Cell| Cell { text: style.signs(&cell.text), ..cell.clone() };
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.text)).max();
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    let total = widths.iter().fold(0, |total: usize, column| total + column + 3);
    let gap = if total > style.columns() { 2 } else { 3 };
    rows.iter().map(|row| line(row, &widths, gap, style)).collect()
}

fn line(row: &[Cell], widths: &[usize], gap: usize, style: &Style) -> String {
    let mut line = String::new();
    let mut blanks = 3;
    for (cell, column) in row.iter().zip(widths) {
        let spare = column.saturating_sub(width(&cell.text));
        if cell.text.is_empty() {
            blanks += spare + gap;
            continue;
        }
        let (before, after) = if cell.right { (spare, 0) } else { (0, spare) };
        line.push_str(&" ".repeat(blanks + before));
        line.push_str(&style.paint(cell.paint, &cell.text));
        blanks = after + gap;
    }
    line.push('\n');
    line
}

/// Columns that the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// At most `columns` wide, with `…` in the middle of what is too long; the end, which says most of a path, gets the larger part.
pub fn shorten_middle(text: &str, columns: usize) -> String {
    let long = width(text);
    if long <= columns {
        return text.to_owned();
    }
    let kept = columns.saturating_sub(1);
    let head = kept / 3;
    let tail = kept - head;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(long - tail).collect();
    format!("{start}…{end}")
}

/// At most `columns` wide, with `…` at the end of what is too long.
pub(crate) fn shorten_end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let start: String = text.chars().take(columns.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// Breaks the text between words so that the first line has at most `first` columns and every other at most `rest`; a word
/// that is longer than a line is shortened in the middle. [`unbroken`] text counts as one word.
pub fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let room = if lines.len() == 1 { first } else { rest };
        let current = lines.last().map_or(0, |line| width(line));
        let gap = usize::from(current > 0);
        if current + gap + width(word) > room && (current > 0 || lines.len() == 1 && first < rest) {
            lines.push(String::new());
        }
        let room = if lines.len() == 1 { first } else { rest };
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&shorten_middle(word, room.max(8)));
        }
    }
    lines.into_iter().map(|line| line.replace(NO_BREAK, " ")).collect()
}

const NO_BREAK: char = '\u{a0}';

/// The text as one word for [`wrap`].
pub(crate) fn unbroken(text: &str) -> String {
    text.replace(' ', &NO_BREAK.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_align_to_the_right_and_no_line_ends_in_blanks() {
        let rows = vec![
            vec![Cell::left("image"), Cell::right("1,270.4 MB"), Cell::left("")],
            vec![Cell::left("user"), Cell::right("root"), Cell::left("÷ 2")],
        ];
        let text = aligned(&rows, &Style::default());
        assert_eq!(text, "   image   1,270.4 MB\n   user          root   ÷ 2\n");
    }

    #[test]
    fn colour_does_not_move_columns() {
        let rows =
            vec![vec![Cell::left("a").painted(Paint::Good), Cell::left("b")], vec![Cell::left("aaa"), Cell::left("b")]];
        let text = aligned(&rows, &Style { color: true, ..Style::default() });
        assert_eq!(text, "   \x1b[32ma\x1b[0m     b\n   aaa   b\n");
    }

    #[test]
    fn long_paths_lose_their_middle() {
        assert_eq!(shorten_middle("a/very/long/path/to/Dockerfile", 16), "a/ver…Dockerfile");
        assert_eq!(shorten_middle("short", 16), "short");
        assert_eq!(width(&shorten_middle("ääääääääääää", 5)), 5);
        assert_eq!(shorten_middle("abc", 0), "…");
    }

    #[test]
    fn words_wrap_into_the_room_there_is() {
        assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(wrap("word/that/is/far/too/long", 10, 10), ["wor…o/long"]);
        assert_eq!(wrap("longer", 3, 10), ["", "longer"]);
        assert_eq!(wrap("", 3, 10), [""]);
    }
}
