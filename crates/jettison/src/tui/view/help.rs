//! The keys, from their table.

use ratatui_core::layout::Rect;
use ratatui_core::style::Style;

use super::canvas::{Canvas, Span};
use crate::tui::keys::TABLE;
use crate::tui::layout::inside;
use crate::tui::text::{lines, padded};

/// Draws them, from one line on.
pub fn draw(top: usize, canvas: &mut Canvas<'_>, area: Rect) {
    const KEYS: usize = 12;
    let theme = canvas.theme;
    let title = vec![(" keys ".to_owned(), theme.focus())];
    canvas.frame(area, &title, " Esc closes ", true);
    let inside = inside(area);
    let room = usize::from(inside.width).saturating_sub(KEYS + 3);
    let mut y = 0;
    for binding in TABLE.iter().skip(top) {
        for (at, line) in lines(binding.help, room, 4).into_iter().enumerate() {
            let keys = if at == 0 { theme.signs(binding.keys) } else { String::new() };
            let spans: [Span; 2] = [(format!(" {}", padded(&keys, KEYS + 1)), theme.strong()), (line, Style::new())];
            if y < inside.height {
                canvas.line(inside, y, &spans);
            }
            y = y.saturating_add(1);
        }
    }
}
