//! Output of programs as clean lines: split at newlines, without terminal codes, of a line that a progress bar redrew
//! only the last state, invalid UTF-8 replaced, over-long lines cut.

/// A line longer than this many bytes is cut; the rest of it is dropped.
const MAX_LINE: usize = 16 << 10;

/// Turns chunks of bytes into lines, whatever the chunks' borders.
#[derive(Debug, Default)]
pub struct LineSplitter {
    pending: Vec<u8>,
    cut: bool,
}

impl LineSplitter {
    /// Takes a chunk; `on_line` gets every line that it completes.
    pub fn push(&mut self, chunk: &[u8], on_line: &mut dyn FnMut(&str)) {
        for part in chunk.split_inclusive(|byte| *byte == b'\n') {
            let (body, ended) = match part.strip_suffix(b"\n") {
                Some(body) => (body, true),
                None => (part, false),
            };
            self.keep(body);
            if ended {
                self.finish(on_line);
            }
        }
    }

    /// Gives out what came after the last newline, if anything.
    pub fn end(&mut self, on_line: &mut dyn FnMut(&str)) {
        if !self.pending.is_empty() {
            self.finish(on_line);
        }
    }

    fn keep(&mut self, body: &[u8]) {
        let room = MAX_LINE.saturating_sub(self.pending.len());
        self.cut |= body.len() > room;
        self.pending.extend(body.iter().take(room));
    }

    fn finish(&mut self, on_line: &mut dyn FnMut(&str)) {
        let mut line = clean(&String::from_utf8_lossy(&self.pending));
        if self.cut {
            line.push('…');
        }
        self.pending.clear();
        self.cut = false;
        on_line(&line);
    }
}

/// One line without terminal codes; where carriage returns redrew it, the last state that shows something.
pub fn clean(line: &str) -> String {
    let plain = strip_codes(line);
    let last = plain.split('\r').rev().find(|state| !state.trim().is_empty()).unwrap_or("");
    last.trim_end().to_string()
}

/// Removes escape sequences (ECMA-48: CSI, OSC and the two-byte ones) and control characters but tab and carriage return.
fn strip_codes(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_sequence(&mut chars),
            '\t' | '\r' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn skip_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => {
            // Parameters and intermediates are 0x20..0x3f, the final byte 0x40..0x7e.
            for c in chars.by_ref() {
                if ('\u{40}'..='\u{7e}').contains(&c) {
                    return;
                }
            }
        }
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' {
                    return;
                }
                if c == '\u{1b}' {
                    chars.next_if_eq(&'\\');
                    return;
                }
            }
        }
        Some('(' | ')') => {
            chars.next();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(chunks: &[&[u8]]) -> Vec<String> {
        let mut out = Vec::new();
        let mut splitter = LineSplitter::default();
        for chunk in chunks {
            splitter.push(chunk, &mut |line| out.push(line.to_string()));
        }
        splitter.end(&mut |line| out.push(line.to_string()));
        out
    }

    #[test]
    fn joins_chunks_and_keeps_the_unfinished_last_line() {
        assert_eq!(lines(&[b"a", b"b\nc", b"\n\nlast"]), ["ab", "c", "", "last"]);
    }

    #[test]
    fn removes_colours_titles_and_crlf() {
        assert_eq!(lines(&[b"\x1b[91merr\r\n\x1b[0m\x1b]0;title\x07ok\x1b(B!\r\n"]), ["err", "ok!"]);
    }

    #[test]
    fn shows_only_the_last_state_of_a_progress_bar() {
        assert_eq!(lines(&[b" 10%\r 55%\r100% done\r\n"]), ["100% done"]);
    }

    #[test]
    fn replaces_invalid_utf8_and_cuts_endless_lines() {
        assert_eq!(lines(&[b"a\xffb\n"]), ["a\u{fffd}b"]);
        let long = vec![b'x'; 100_000];
        let got = lines(&[&long, b"\nnext"]);
        assert_eq!(got.len(), 2);
        assert!(got[0].ends_with('…') && got[0].len() < 20_000, "{}", got[0].len());
        assert_eq!(got[1], "next");
    }

    proptest! {
        #[test]
        fn does_not_depend_on_chunk_borders(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..200) {
            let at = at.min(bytes.len());
            prop_assert_eq!(lines(&[&bytes]), lines(&[&bytes[..at], &bytes[at..]]));
        }
    }
}
