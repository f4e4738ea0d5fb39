//! JSON: `schema_version` and `command` first, two spaces, a final newline. What could speak to a terminal is escaped: the names
//! in it were given by others, and people look at JSON as well.

use std::io;

use serde::Serialize;

use crate::text::is_unseen;

/// The document as people and scripts read it.
pub fn pretty(document: &impl Serialize) -> String {
    let mut safe = Safe::default();
    let written = serde_json::to_writer_pretty(&mut safe, document);
    safe.text(written.is_ok())
}

/// The same in one line.
pub fn line(document: &impl Serialize) -> String {
    let mut safe = Safe::default();
    let written = serde_json::to_writer(&mut safe, document);
    safe.text(written.is_ok())
}

/// Takes JSON as it is written, in whole characters: a document may list every file of an image.
#[derive(Default)]
struct Safe(String);

impl Safe {
    fn text(mut self, is_whole: bool) -> String {
        if !is_whole {
            self.0.clear();
        }
        self.0.push('\n');
        self.0
    }
}

impl io::Write for Safe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData)?;
        if bytes.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
            self.0.push_str(text);
            return Ok(bytes.len());
        }
        for sign in text.chars() {
            // outside of strings JSON has none of these, and inside an escape means the same
            if sign != '\n' && sign.is_control() || is_unseen(sign) {
                let mut units = [0; 2];
                sign.encode_utf16(&mut units).iter().for_each(|unit| self.0.push_str(&format!("\\u{unit:04x}")));
            } else {
                self.0.push(sign);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_speak_to_a_terminal_is_escaped_and_means_the_same() {
        let name = "a\u{9b}31m\u{7f}\u{202e}\u{e0041}é";
        let text = pretty(&name);
        assert_eq!(text, "\"a\\u009b31m\\u007f\\u202e\\udb40\\udc41é\"\n");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), name);
    }
}
