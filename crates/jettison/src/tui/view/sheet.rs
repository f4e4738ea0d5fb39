//! Lines of facts: a word in front, the text behind it, broken where the pane ends.

use ratatui_core::style::Style;

use super::canvas::{Span, Theme};
use crate::tui::text::{end, lines, padded};
use crate::tui::tree::Mark;

/// Columns of the word in front.
const WORD: usize = 11;
/// Lines of one fact.
const MOST: usize = 24;

/// The lines so far.
pub struct Sheet {
    columns: usize,
    theme: Theme,
    lines: Vec<Vec<Span>>,
}

impl Sheet {
    /// For so many columns.
    pub fn new(columns: usize, theme: Theme) -> Self {
        Self { columns, theme, lines: Vec::new() }
    }

    /// A fact. The text is fit to be shown.
    pub fn fact(&mut self, word: &str, text: &str) {
        self.add(word, text, self.theme.dim(), Style::new());
    }

    /// Columns of so many lines of a fact's text.
    pub fn room(&self, lines: usize) -> usize {
        self.columns.saturating_sub(WORD).saturating_mul(lines)
    }

    /// A fact in one line: what is too long for it is cut.
    pub fn short(&mut self, word: &str, text: &str) {
        let text = end(text, self.columns.saturating_sub(WORD));
        self.fact(word, &text);
    }

    /// A fact that is no good news.
    pub fn bad(&mut self, word: &str, text: &str) {
        self.add(word, text, self.theme.dim(), self.theme.wasted());
    }

    /// What became of something.
    pub fn marked(&mut self, mark: Mark, text: &str) {
        let style = self.theme.mark(mark);
        let sign = format!("{} ", mark.sign());
        self.add(sign.trim(), text, style, style);
    }

    /// A line that belongs to none.
    pub fn say(&mut self, text: &str) {
        let text = self.theme.signs(text);
        for line in lines(&text, self.columns, MOST) {
            self.lines.push(vec![(line, Style::new())]);
        }
    }

    fn add(&mut self, word: &str, text: &str, word_style: Style, style: Style) {
        if text.is_empty() {
            return;
        }
        let (word, text) = (self.theme.signs(word), self.theme.signs(text));
        for (at, line) in lines(&text, self.columns.saturating_sub(WORD), MOST).into_iter().enumerate() {
            let front = if at == 0 { padded(&word, WORD) } else { " ".repeat(WORD) };
            self.lines.push(vec![(front, word_style), (line, style)]);
        }
    }

    /// All of them.
    pub fn lines(&self) -> &[Vec<Span>] {
        &self.lines
    }
}
