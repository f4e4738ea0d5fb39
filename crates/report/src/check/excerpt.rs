//! The lines that a finding means, with carets under them, cut to the terminal. What could speak to the terminal is escaped.

use super::Location;
use crate::text::{Paint, Style, harmless, width};

/// What stays visible before the first caret of a line that is cut.
const LEAD: usize = 16;

/// Two lines: the first one that is meant, and carets; the second says where it ends if that is another line.
pub(super) fn excerpt(source: &[u8], place: &Location, style: &Style) -> String {
    let number = place.line.to_string();
    let indent = number.len() + 2;
    let bar = style.paint(Paint::Dim, if style.unicode { "│" } else { "|" });
    let room = style.columns().saturating_sub(indent + 4);
    let (line, from) = line_of(source, place.start_byte as usize);
    let end = (place.end_byte as usize).saturating_sub(from).min(line.len());
    let more = if place.end_line > place.line { format!(" to line {}", place.end_line) } else { String::new() };
    let (text, before, marked) =
        window(line, (place.start_byte as usize).saturating_sub(from), end, room.saturating_sub(more.len()));
    let carets = style.paint(Paint::Bad, &"^".repeat(marked.max(1)));
    let text = if style.unicode { text } else { text.replace('…', "*") };
    let blank = " ".repeat(indent);
    let number = style.paint(Paint::Dim, &format!("{number:>indent$}"));
    format!("{number} {bar} {text}\n{blank} {bar} {}{carets}{}\n", " ".repeat(before), style.paint(Paint::Dim, &more))
}

/// The line that holds a byte, without its end, and where it starts.
fn line_of(source: &[u8], at: usize) -> (&[u8], usize) {
    let at = at.min(source.len());
    let before = source.get(..at).unwrap_or_default();
    let from = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1);
    let rest = source.get(from..).unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let line = rest.get(..end).unwrap_or_default();
    (line.strip_suffix(b"\r").unwrap_or(line), from)
}

/// One sign of the source as it is shown.
struct Sign {
    shown: String,
    width: usize,
    at: usize,
}

/// What of a line is shown in so many columns, the columns before the carets, and how many carets.
fn window(line: &[u8], start: usize, end: usize, room: usize) -> (String, usize, usize) {
    let signs = signs(line);
    let columns = |part: &[Sign]| part.iter().map(|sign| sign.width).sum::<usize>();
    let index = |byte: usize| signs.partition_point(|sign| sign.at < byte);
    let (first, last) = (index(start), index(end.max(start)));
    let left = signs.get(..first).map_or(0, columns);
    let marked = signs.get(first..last).map_or(0, columns);
    if columns(&signs) <= room {
        return (signs.iter().map(|sign| sign.shown.as_str()).collect::<String>().trim_end().to_owned(), left, marked);
    }
    // a cut beginning costs a column, a cut end another one
    let skip = if left + marked.min(LEAD) < room { 0 } else { cut(&signs, left.saturating_sub(LEAD)) };
    let skipped = signs.get(..skip).map_or(0, columns);
    let head = usize::from(skip > 0);
    let mut text = if skip > 0 { "…".to_owned() } else { String::new() };
    let mut taken = head;
    let mut rest = signs.get(skip..).unwrap_or_default().iter().peekable();
    while let Some(sign) = rest.next_if(|sign| taken + sign.width < room) {
        text.push_str(&sign.shown);
        taken += sign.width;
    }
    if rest.peek().is_some() {
        text.push('…');
        taken += 1;
    }
    let before = left - skipped + head;
    (text, before, marked.min(taken.saturating_sub(before)))
}

/// The first sign that is not within so many columns.
fn cut(signs: &[Sign], columns: usize) -> usize {
    let mut taken = 0;
    signs
        .iter()
        .take_while(|sign| {
            taken += sign.width;
            taken <= columns
        })
        .count()
}

fn signs(line: &[u8]) -> Vec<Sign> {
    let mut signs = Vec::with_capacity(line.len());
    let mut at = 0;
    for chunk in line.utf8_chunks() {
        for (offset, sign) in chunk.valid().char_indices() {
            let shown = harmless(sign.encode_utf8(&mut [0; 4]));
            signs.push(Sign { width: width(&shown), shown, at: at + offset });
        }
        at += chunk.valid().len();
        for byte in chunk.invalid() {
            signs.push(Sign { shown: format!("\\x{byte:02X}"), width: 4, at });
            at += 1;
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::location;
    use jettison_model::{LineIndex, Span};

    fn shown(source: &[u8], start: usize, end: usize, style: &Style) -> String {
        excerpt(source, &location(&LineIndex::new(source), source, Span::new(start, end)), style)
    }

    #[test]
    fn carets_stand_under_what_is_meant() {
        let text = shown("FROM ä\nRUN 文書 b\n".as_bytes(), 12, 18, &Style::default());
        assert_eq!(text, "  2 │ RUN 文書 b\n    │     ^^^^\n");
    }

    #[test]
    fn what_speaks_to_the_terminal_is_escaped_and_the_carets_know() {
        let text = shown(b"RUN \x1b[31m\xff x\n", 4, 11, &Style::default());
        assert_eq!(text, "  1 │ RUN \\x1B[31m\\xFF x\n    │     ^^^^^^^^^^^^\n");
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let source = format!("RUN {} here {}\n", "a".repeat(200), "b".repeat(200));
        let text = shown(source.as_bytes(), 205, 209, &Style::default());
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|line| width(line) <= 80), "{text}");
        let at = lines[0].chars().position(|sign| sign == 'h').unwrap();
        assert_eq!(lines[1].chars().position(|sign| sign == '^'), Some(at), "{text}");
        assert!(lines[0].contains("│ …a") && lines[0].ends_with("b…") && lines[1].ends_with(" ^^^^"), "{text}");
    }

    #[test]
    fn several_lines_are_told_by_their_end() {
        let text = shown(b"RUN a && \\\n    b\n", 0, 17, &Style { unicode: false, ..Style::default() });
        assert_eq!(text, "  1 | RUN a && \\\n    | ^^^^^^^^^^ to line 2\n");
    }

    #[test]
    fn nothing_at_the_end_of_a_file_has_one_caret() {
        assert_eq!(shown(b"", 0, 0, &Style::default()), "  1 │ \n    │ ^\n");
    }
}
