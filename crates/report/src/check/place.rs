//! From bytes of a source to the places that people and services name, and the fingerprint by which a finding is known again.

use jettison_model::{LineIndex, Span};
use sha2::{Digest, Sha256};

use super::Location;

/// The place of `span`: line ends and blanks behind it do not count, so that an instruction ends where its last word does.
pub fn location(lines: &LineIndex, source: &[u8], span: Span) -> Location {
    let len = source.len() as u32;
    let start = span.start.min(len);
    let mut end = span.end.clamp(start, len);
    let covered = source.get(start as usize..end as usize).unwrap_or_default();
    end -= covered.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count() as u32;
    Location {
        line: lines.line(start),
        column: lines.column(source, start),
        end_line: lines.line(end),
        end_column: lines.column(source, end),
        start_byte: start,
        end_byte: end,
    }
}

/// Half a SHA-256 over the rule, the path, the text that is meant (blanks made one) and which of its likes in the file it is,
/// from 0.
pub fn fingerprint(rule: &str, path: &str, source: &[u8], location: &Location, occurrence: usize) -> String {
    let meant = source.get(location.start_byte as usize..location.end_byte as usize).unwrap_or_default();
    let words = meant.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut hash = Sha256::new();
    for part in [rule, path] {
        hash.update(part);
        hash.update([0]);
    }
    for word in words {
        hash.update(word);
        hash.update(b" ");
    }
    hash.update([0]);
    hash.update(occurrence.to_string());
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(source: &str, start: usize, end: usize) -> Location {
        location(&LineIndex::new(source.as_bytes()), source.as_bytes(), Span::new(start, end))
    }

    #[test]
    fn an_instruction_ends_with_its_last_word() {
        let place = place("FROM ä\r\nRUN b\r\n", 0, 9);
        assert_eq!((place.line, place.column, place.end_line, place.end_column), (1, 1, 1, 7));
    }

    #[test]
    fn places_beyond_the_text_are_its_end() {
        let place = place("FROM a", 90, 95);
        assert_eq!((place.start_byte, place.end_byte, place.end_column), (6, 6, 7));
    }

    #[test]
    fn a_fingerprint_moves_with_its_text() {
        let print = |source: &str, start: usize, end: usize| {
            fingerprint("rule", "Dockerfile", source.as_bytes(), &place(source, start, end), 0)
        };
        let alone = print("RUN  a\n", 0, 7);
        assert_eq!(alone, print("FROM x\nRUN a\n", 7, 13));
        assert_ne!(alone, print("RUN b\n", 0, 6));
        assert_eq!(alone.len(), 32);
    }
}
