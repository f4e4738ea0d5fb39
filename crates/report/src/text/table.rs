//! Columns that align, paths shortened in the middle, words wrapped on purpose. Widths are those of terminals: UAX #11.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::{Paint, Style};

/// One cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) paint: Paint,
    pub(crate) right: bool,
    /// What follows the text without a blank, each in its own colour.
    pub(crate) rest: Vec<(Paint, String)>,
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

    /// With more text in another colour.
    pub(crate) fn and(mut self, paint: Paint, text: impl Into<String>) -> Self {
        self.rest.push((paint, text.into()));
        self
    }

    fn width(&self) -> usize {
        self.rest.iter().map(|(_, text)| width(text)).fold(width(&self.text), usize::saturating_add)
    }

    fn with_signs(&self, style: &Style) -> Self {
        let rest = self.rest.iter().map(|(paint, text)| (*paint, style.signs(text))).collect();
        Self { text: style.signs(&self.text), rest, ..self.clone() }
    }

    fn shown(&self, style: &Style) -> String {
        let rest = self.rest.iter().map(|(paint, text)| style.paint(*paint, text));
        [style.paint(self.paint, &self.text)].into_iter().chain(rest).collect()
    }
}

/// The rows with their columns aligned, indented by three; three blanks between columns, two where that saves the width. No
/// line ends in blanks.
pub(crate) fn aligned(rows: &[Vec<Cell>], style: &Style) -> String {
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|cell| cell.with_signs(style)).collect()).collect();
    let widths = widths(&rows);
    let gap = if total(&widths) > style.columns() { 2 } else { 3 };
    rows.iter().map(|row| line(row, &widths, gap, style)).collect()
}

/// Where a text that is too long for its column loses signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Paths: both ends say something.
    Middle,
    /// Commands: the beginning says most.
    End,
}

/// As [`aligned`], and no row is wider than the terminal: the texts of column `flexible` are cut to the room that the others
/// leave.
pub(crate) fn fitted(rows: &[Vec<Cell>], flexible: usize, cut: Cut, style: &Style) -> String {
    const LEAST: usize = 12;
    let widths = widths(rows);
    let flexible_width = widths.get(flexible).copied().unwrap_or(0);
    let over = total(&widths).saturating_sub(style.columns());
    // with narrow gaps first, for they cost nothing
    let saved = if over > 0 { widths.len().saturating_sub(1) } else { 0 };
    let room = flexible_width.saturating_sub(over.saturating_sub(saved)).max(LEAST);
    let shorten = |(at, cell): (usize, &Cell)| {
        if at != flexible || cell.width() <= room {
            return cell.clone();
        }
        let text = match cut {
            Cut::Middle => shorten_middle(&cell.text, room),
            Cut::End => shorten_end(&cell.text, room),
        };
        Cell { text, ..cell.clone() }
    };
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().enumerate().map(shorten).collect()).collect();
    aligned(&rows, style)
}

/// As [`fitted`], and texts of column `flexible` that are too long go on in lines of their own.
pub(crate) fn wrapped(rows: &[Vec<Cell>], flexible: usize, style: &Style) -> String {
    const LEAST: usize = 24;
    let all = widths(rows);
    let over = total(&all).saturating_sub(style.columns());
    let saved = if over > 0 { all.len().saturating_sub(1) } else { 0 };
    let room = all.get(flexible).copied().unwrap_or(0).saturating_sub(over.saturating_sub(saved)).max(LEAST);
    let mut broken: Vec<Vec<Cell>> = Vec::with_capacity(rows.len());
    for row in rows {
        let text = row.get(flexible).map_or("", |cell| cell.text.as_str());
        for (at, line) in wrap(text, room, room).into_iter().enumerate() {
            let cell = |(column, cell): (usize, &Cell)| match (at, column == flexible) {
                (_, true) => Cell { text: line.clone(), ..cell.clone() },
                (0, false) => cell.clone(),
                _ => Cell::default(),
            };
            broken.push(row.iter().enumerate().map(cell).collect());
        }
    }
    aligned(&broken, style)
}

fn widths(rows: &[Vec<Cell>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(Cell::width).max();
    (0..columns).map(|column| widest(column).unwrap_or(0)).collect()
}

/// Columns of a row with wide gaps, the indent included.
fn total(widths: &[usize]) -> usize {
    widths.iter().fold(0, |total: usize, column| total + column + 3)
}

fn line(row: &[Cell], widths: &[usize], gap: usize, style: &Style) -> String {
    let mut line = String::new();
    let mut blanks = 3;
    for (cell, column) in row.iter().zip(widths) {
        let spare = column.saturating_sub(cell.width());
        if cell.width() == 0 {
            blanks += spare + gap;
            continue;
        }
        let (before, after) = if cell.right { (spare, 0) } else { (0, spare) };
        line.push_str(&" ".repeat(blanks + before));
        line.push_str(&cell.shown(style));
        blanks = after + gap;
    }
    line.push('\n');
    line
}

/// Columns that the text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// At most `columns` wide, with `…` in the middle of what is too long; the end, which says most of a path, gets the larger part.
pub fn shorten_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let kept = columns.saturating_sub(1);
    let head = kept / 3;
    let start: String = within(text.chars(), head).collect();
    let end: Vec<char> = within(text.chars().rev(), kept - head).collect();
    format!("{start}…{}", end.into_iter().rev().collect::<String>())
}

/// At most `columns` wide, with `…` at the end of what is too long.
pub fn shorten_end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let start: String = within(text.chars(), columns.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// The signs that have room in so many columns.
fn within(signs: impl Iterator<Item = char>, columns: usize) -> impl Iterator<Item = char> {
    signs
        .scan(0, |taken: &mut usize, sign| {
            *taken += sign.width().unwrap_or(0);
            Some((*taken, sign))
        })
        .take_while(move |(taken, _)| *taken <= columns)
        .map(|(_, sign)| sign)
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
    fn wide_signs_take_two_columns() {
        assert_eq!(width("文書"), 4);
        assert_eq!(shorten_end("文書文書", 6), "文書…");
        assert_eq!(width(&shorten_middle("/srv/文書/文書/文書.txt", 14)), 14);
    }

    #[test]
    fn one_column_gives_way_so_that_nothing_wraps() {
        let rows = vec![
            vec![Cell::left("x".repeat(120)), Cell::right("1,270.4 MB")],
            vec![Cell::left("y"), Cell::right("2 B").and(Paint::Bad, "!")],
        ];
        let text = fitted(&rows, 0, Cut::Middle, &Style::default());
        assert!(text.lines().all(|line| width(line) <= 80), "{text}");
        assert!(text.contains('…') && text.contains("1,270.4 MB") && text.contains("2 B!"), "{text}");
    }

    #[test]
    fn words_wrap_into_the_room_there_is() {
        assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(wrap("word/that/is/far/too/long", 10, 10), ["wor…o/long"]);
        assert_eq!(wrap("longer", 3, 10), ["", "longer"]);
        assert_eq!(wrap("", 3, 10), [""]);
    }
}
