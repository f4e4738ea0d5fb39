//! One line that is being typed: a filter, what to find, where to write.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// No line is longer, in bytes: a pasted book is no filter.
const LONGEST: usize = 4_096;

/// The line and where the next sign goes, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    at: usize,
}

impl Line {
    /// With something in it already.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), at: text.len() }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor, and behind it.
    pub fn parts(&self) -> (&str, &str) {
        self.text.split_at_checked(self.at).unwrap_or((&self.text, ""))
    }

    /// Adds text; control characters are no part of a line.
    pub fn paste(&mut self, text: &str) {
        for sign in text.chars().filter(|sign| !sign.is_control()) {
            if self.text.len() + sign.len_utf8() <= LONGEST {
                self.text.insert(self.at, sign);
                self.at += sign.len_utf8();
            }
        }
    }

    /// Takes a key; whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let before = self.text.len();
        match (key.code, key.modifiers.contains(KeyModifiers::CONTROL)) {
            (KeyCode::Char('u'), true) => {
                self.text.drain(..self.at);
                self.at = 0;
            }
            (KeyCode::Char('w'), true) => self.remove_word(),
            (KeyCode::Char('a'), true) | (KeyCode::Home, _) => self.at = 0,
            (KeyCode::Char('e'), true) | (KeyCode::End, _) => self.at = self.text.len(),
            (KeyCode::Char(sign), false) if !key.modifiers.contains(KeyModifiers::ALT) => {
                self.paste(sign.encode_utf8(&mut [0; 4]));
            }
            (KeyCode::Backspace, _) if self.at > 0 => {
                self.left();
                self.remove();
            }
            (KeyCode::Delete, _) if self.at < self.text.len() => {
                self.text.remove(self.at);
            }
            (KeyCode::Left, _) => self.left(),
            (KeyCode::Right, _) => {
                self.at += self.parts().1.chars().next().map_or(0, char::len_utf8);
            }
            _ => {}
        }
        self.text.len() != before
    }

    fn left(&mut self) {
        let width = self.parts().0.chars().next_back().map_or(0, char::len_utf8);
        self.at = self.at.saturating_sub(width);
    }

    fn remove(&mut self) {
        if self.at < self.text.len() {
            self.text.remove(self.at);
        }
    }

    fn remove_word(&mut self) {
        let before = self.parts().0.trim_end();
        let start = before.rfind([' ', '/']).map_or(0, |at| at + 1);
        let start = start.min(self.at);
        self.text.drain(start..self.at);
        self.at = start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &mut Line, codes: &[KeyCode]) {
        codes.iter().for_each(|code| {
            line.key(KeyEvent::new(*code, KeyModifiers::NONE));
        });
    }

    #[test]
    fn signs_of_any_width_are_put_in_and_taken_out() {
        let mut line = Line::new("aü");
        typed(&mut line, &[KeyCode::Left, KeyCode::Char('文'), KeyCode::Right, KeyCode::Char('!')]);
        assert_eq!(line.text(), "a文ü!");
        typed(&mut line, &[KeyCode::Backspace, KeyCode::Backspace, KeyCode::Home, KeyCode::Delete]);
        assert_eq!(line.text(), "文");
        typed(&mut line, &[KeyCode::Home, KeyCode::Backspace]);
        assert_eq!(line.text(), "文", "there is nothing before the first sign");
    }

    #[test]
    fn pasted_text_has_an_end_and_no_control_characters() {
        let mut line = Line::default();
        line.paste("a\nb\x1b");
        assert_eq!(line.text(), "ab");
        line.paste(&"x".repeat(10_000));
        assert_eq!(line.text().len(), LONGEST);
    }
}
