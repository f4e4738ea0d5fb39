//! Drawing by cells: nothing outside the buffer is ever touched, whatever the terminal's size is by now, and all of our own
//! signs have an ASCII form.

use jettison_report::text::{Style as Signs, width};
use ratatui_core::buffer::Buffer;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Modifier, Style};

use crate::tui::tree::Mark;

/// Colours and signs of the terminal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Theme {
    /// Colours are wanted.
    pub color: bool,
    /// The locale can show more than ASCII.
    pub unicode: bool,
}

impl Theme {
    fn colored(self, color: Color) -> Style {
        if self.color { Style::new().fg(color) } else { Style::new() }
    }

    /// Secondary.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The head of something.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Where keys go.
    pub fn focus(self) -> Style {
        self.colored(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// What did not work.
    pub fn bad(self) -> Style {
        self.colored(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// What is not there any more and still takes room.
    pub fn wasted(self) -> Style {
        self.colored(Color::Magenta)
    }

    /// What became of something.
    pub fn mark(self, mark: Mark) -> Style {
        match mark {
            Mark::Same => Style::new(),
            Mark::Added => self.colored(Color::Green),
            Mark::Changed => self.colored(Color::Yellow),
            Mark::Removed => self.colored(Color::Red),
        }
    }

    /// Our own text with the signs that the terminal can show.
    pub fn signs(self, text: &str) -> String {
        let signs = Signs { unicode: self.unicode, ..Signs::default() };
        let other = |sign: char| match sign {
            '▸' => '>',
            '▾' => 'v',
            '─' | '━' => '-',
            '│' | '┃' => '|',
            '←' => '<',
            other => other,
        };
        if self.unicode { text.to_owned() } else { signs.signs(text).chars().map(other).collect() }
    }

    /// Any text as ASCII, of the same width.
    fn ascii(self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for sign in self.signs(text).chars() {
            let columns = width(sign.encode_utf8(&mut [0; 4]));
            match sign {
                sign if sign.is_ascii() => shown.push(sign),
                _ => shown.push_str(&"?".repeat(columns)),
            }
        }
        shown
    }
}

/// Text in one style.
pub type Span = (String, Style);

/// Where is drawn.
pub struct Canvas<'b> {
    /// Colours and signs.
    pub theme: Theme,
    buffer: &'b mut Buffer,
}

impl<'b> Canvas<'b> {
    /// On the whole buffer.
    pub fn new(buffer: &'b mut Buffer, theme: Theme) -> Self {
        Self { theme, buffer }
    }

    /// Writes text at a place inside `area`, cut at its right edge; the columns that it took.
    pub fn put(&mut self, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let (left, top) = (area.x.saturating_add(x), area.y.saturating_add(y));
        let within = area.intersection(self.buffer.area);
        if top < within.top() || top >= within.bottom() || left < within.left() || left >= within.right() {
            return 0;
        }
        let room = usize::from(within.right() - left);
        let ascii = (!self.theme.unicode).then(|| self.theme.ascii(text));
        let (end, _) = self.buffer.set_stringn(left, top, ascii.as_deref().unwrap_or(text), room, style);
        end.saturating_sub(left)
    }

    /// Writes spans one after the other in one line of `area`.
    pub fn line(&mut self, area: Rect, y: u16, spans: &[Span]) {
        let mut x = 0;
        for (text, style) in spans {
            x += self.put(area, x, y, text, *style);
        }
    }

    /// Writes text so that it ends where `area` does.
    pub fn right(&mut self, area: Rect, y: u16, text: &str, style: Style) {
        let room = usize::from(area.width);
        let x = room.saturating_sub(width(text));
        self.put(area, u16::try_from(x).unwrap_or(0), y, text, style);
    }

    /// Gives one line of `area` another style.
    pub fn highlight(&mut self, area: Rect, y: u16, style: Style) {
        let line = Rect { y: area.y.saturating_add(y), height: 1, ..area };
        if y < area.height {
            self.buffer.set_style(line.intersection(self.buffer.area), style);
        }
    }

    /// A frame with a title to the left and one to the right; where keys go it is heavier.
    pub fn frame(&mut self, area: Rect, title: &[Span], aside: &str, has_focus: bool) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let [corner1, corner2, corner3, corner4, across, down] = self.borders(has_focus);
        let style = if has_focus { self.theme.focus() } else { self.theme.dim() };
        let inner = usize::from(area.width) - 2;
        let (top, bottom) = (0, area.height - 1);
        self.put(area, 0, top, &format!("{corner1}{}{corner2}", across.repeat(inner)), style);
        self.put(area, 0, bottom, &format!("{corner3}{}{corner4}", across.repeat(inner)), style);
        for y in 1..bottom {
            self.put(area, 0, y, down, style);
            self.put(area, area.width - 1, y, down, style);
        }
        let edge = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
        let taken: usize = title.iter().map(|(text, _)| width(text)).sum();
        self.line(edge, 0, title);
        if !aside.is_empty() && taken + width(aside) < inner {
            self.right(edge, 0, aside, self.theme.dim());
        }
    }

    fn borders(&self, heavy: bool) -> [&'static str; 6] {
        match (self.theme.unicode, heavy) {
            (true, false) => ["┌", "┐", "└", "┘", "─", "│"],
            (true, true) => ["┏", "┓", "┗", "┛", "━", "┃"],
            (false, false) => ["+", "+", "+", "+", "-", "|"],
            (false, true) => ["#", "#", "#", "#", "=", "#"],
        }
    }
}

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// `████▌`: how much `part` is of `whole`, at most so many columns. Something is never shown as nothing.
pub fn bar(part: u64, whole: u64, columns: usize, theme: Theme) -> String {
    if whole == 0 || columns == 0 || part == 0 {
        return String::new();
    }
    let eighths = u128::from(part.min(whole)) * columns as u128 * 8 / u128::from(whole);
    let eighths = usize::try_from(eighths).unwrap_or(columns * 8).max(1);
    let odd = EIGHTHS.get(eighths % 8).copied().unwrap_or("");
    theme.signs(&format!("{}{odd}", "█".repeat(eighths / 8)))
}
