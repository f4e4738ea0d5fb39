//! The words of a text as the lexer finds them: white space ends one, unless it was quoted or escaped.

use std::ops::Range;

/// The words of a text as they grow.
#[derive(Default)]
pub(super) struct Words {
    pub current: String,
    start: usize,
    in_word: bool,
    pub done: Vec<(String, Range<usize>)>,
}

impl Words {
    pub fn symbol(&mut self, symbol: char, place: Range<usize>) {
        if !symbol.is_whitespace() {
            self.raw(symbol.encode_utf8(&mut [0; 4]), place);
        } else if self.in_word && !self.current.is_empty() {
            self.end(place.start);
        }
    }

    pub fn raw(&mut self, text: &str, place: Range<usize>) {
        if !self.in_word {
            self.start = place.start;
        }
        self.in_word = true;
        self.current.push_str(text);
    }

    pub fn end(&mut self, at: usize) {
        if !self.current.is_empty() {
            self.done.push((std::mem::take(&mut self.current), self.start..at));
        }
        self.in_word = false;
    }
}
