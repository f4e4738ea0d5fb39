//! A file that is looked at: as text, or as bytes. At most its first [`LIMIT`] bytes are in memory.

use super::text::plain;

/// So much of a file is read to be shown: 4 MiB.
pub const LIMIT: u64 = 4 << 20;
/// Looked at to tell text from anything else.
const HEAD: usize = 8 * 1024;
/// A tab goes to the next multiple of this.
const TAB: usize = 8;

/// A file that is looked at.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// As it is shown above.
    pub path: String,
    bytes: Vec<u8>,
    /// All of it.
    pub size: u64,
    /// Where lines begin.
    lines: Vec<u32>,
    /// As bytes.
    pub is_hex: bool,
    /// First line on the screen.
    pub top: usize,
    /// First column on the screen.
    pub left: usize,
}

impl Viewer {
    /// A file of `size` bytes, the first of which are these.
    pub fn new(path: &str, bytes: Vec<u8>, size: u64) -> Self {
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).filter(|start| *start < bytes.len() || *start == 0);
        let lines = starts.filter_map(|start| u32::try_from(start).ok()).collect();
        let is_hex = is_binary(&bytes);
        Self { path: path.to_owned(), bytes, size, lines, is_hex, top: 0, left: 0 }
    }

    /// Whether there is more than is shown.
    pub fn is_cut(&self) -> bool {
        self.size > self.bytes.len() as u64
    }

    /// How many bytes are shown.
    pub fn shown_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Bytes in a row of so many columns.
    pub fn row_bytes(columns: usize) -> usize {
        match columns {
            0..42 => 4,
            42..76 => 8,
            _ => 16,
        }
    }

    /// How many lines there are, on a screen of so many columns.
    pub fn len(&self, columns: usize) -> usize {
        match self.is_hex {
            true => self.bytes.len().div_ceil(Self::row_bytes(columns)),
            false if self.bytes.is_empty() => 0,
            false => self.lines.len(),
        }
    }

    /// Scrolls, so that the last lines stay on a screen of so many rows and columns.
    pub fn scroll(&mut self, by: isize, height: usize, columns: usize) {
        let most = self.len(columns).saturating_sub(height.max(1));
        self.top = self.top.saturating_add_signed(by).min(most);
    }

    /// Text or bytes; the place in the file stays.
    pub fn toggle(&mut self, columns: usize) {
        let row = Self::row_bytes(columns);
        if self.is_hex {
            let at = u32::try_from(self.top.saturating_mul(row)).unwrap_or(u32::MAX);
            self.top = self.lines.partition_point(|start| *start <= at).saturating_sub(1);
        } else {
            self.top = self.lines.get(self.top).map_or(0, |start| *start as usize / row);
        }
        (self.is_hex, self.left) = (!self.is_hex, 0);
    }

    /// One line as it is shown: no control character is left in it.
    pub fn line(&self, at: usize, columns: usize) -> Option<String> {
        if self.is_hex {
            let row = Self::row_bytes(columns);
            let start = at.checked_mul(row)?;
            let bytes = self.bytes.get(start..start.saturating_add(row).min(self.bytes.len()))?;
            return (!bytes.is_empty()).then(|| hex(start, bytes, row));
        }
        let start = *self.lines.get(at)? as usize;
        let end = self.lines.get(at + 1).map_or(self.bytes.len(), |end| *end as usize);
        let line = self.bytes.get(start..end)?;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // of a line without end only what could be on the screen is looked at
        let most = self.left.saturating_add(columns).saturating_mul(4);
        let line = text(line.get(..most.min(line.len())).unwrap_or_default());
        Some(line.chars().skip(self.left).collect())
    }
}

fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let odd = |byte: &u8| matches!(byte, 0x01..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f);
    let invalid: usize = head.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    // a sign may have been cut at the end of the head
    let odd = head.iter().filter(|byte| odd(byte)).count() + invalid.saturating_sub(3);
    head.contains(&0) || odd * 10 > head.len()
}

/// `00000010  7f 45 4c 46 …  .ELF…`
fn hex(start: usize, bytes: &[u8], row: usize) -> String {
    let mut line = format!("{start:08x} ");
    for at in 0..row {
        if at % 8 == 0 {
            line.push(' ');
        }
        match bytes.get(at) {
            Some(byte) => line.push_str(&format!("{byte:02x} ")),
            None => line.push_str("   "),
        }
    }
    line.push(' ');
    line.extend(bytes.iter().map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' }));
    line
}

/// A line fit to be shown: bytes that are not UTF-8 as `\xHH`, tabs as blanks.
fn text(line: &[u8]) -> String {
    let mut shown = String::with_capacity(line.len());
    for chunk in line.utf8_chunks() {
        for (at, part) in chunk.valid().split('\t').enumerate() {
            if at > 0 {
                let gap = TAB - jettison_report::text::width(&shown) % TAB;
                shown.push_str(&" ".repeat(gap));
            }
            shown.push_str(&plain(part));
        }
        chunk.invalid().iter().for_each(|byte| shown.push_str(&format!("\\x{byte:02x}")));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_without_what_would_speak_to_the_terminal() {
        let viewer = Viewer::new("/x", b"a\tb\r\n\x1b[31mred\xff\n\nend".to_vec(), 20);
        let lines: Vec<_> = (0..9).map_while(|at| viewer.line(at, 80)).collect();
        assert_eq!(lines, ["a       b", "\\x1B[31mred\\xff", "", "end"]);
        assert_eq!((viewer.len(80), viewer.is_hex), (4, false));
    }

    #[test]
    fn bytes_have_rows_that_fit_the_screen() {
        let mut viewer = Viewer::new("/x", (0..40).collect(), 100);
        assert!(viewer.is_hex && viewer.is_cut());
        assert_eq!(
            viewer.line(2, 80).unwrap(),
            "00000020  20 21 22 23 24 25 26 27                            !\"#$%&'"
        );
        assert_eq!((viewer.len(80), viewer.len(50), viewer.len(10)), (3, 5, 10));
        assert_eq!(viewer.line(3, 80), None);
        viewer.scroll(100, 2, 80);
        assert_eq!(viewer.top, 1);
        viewer.toggle(80);
        assert_eq!((viewer.top, viewer.is_hex), (1, false), "byte 16 is in the second line");
    }

    #[test]
    fn an_empty_file_has_no_lines() {
        let viewer = Viewer::new("/x", Vec::new(), 0);
        assert_eq!((viewer.len(80), viewer.is_hex), (0, false));
    }
}
