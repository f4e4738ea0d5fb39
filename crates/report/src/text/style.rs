//! How the terminal wants its text: colour, width, Unicode or ASCII.

/// What the terminal can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours.
    pub color: bool,
    /// Columns; fewer than 80 count as 80.
    pub width: usize,
    /// `✓ ÷ −` or ASCII.
    pub unicode: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80, unicode: true }
    }
}

/// What a colour means, once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// As it is.
    #[default]
    Plain,
    /// The head of something.
    Strong,
    /// Secondary.
    Dim,
    /// Better.
    Good,
    /// Worse.
    Bad,
}

impl Style {
    /// Columns to fill.
    pub fn columns(&self) -> usize {
        self.width.max(80)
    }

    /// `text` in the colour, if colours are wanted.
    pub fn paint(&self, paint: Paint, text: &str) -> String {
        let code = match paint {
            _ if !self.color || text.is_empty() => return text.to_owned(),
            Paint::Plain => return text.to_owned(),
            Paint::Strong => "1",
            Paint::Dim => "2",
            Paint::Good => "32",
            Paint::Bad => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// Our own signs in ASCII, where Unicode is not wanted. Not for the user's own text.
    pub fn signs(&self, text: &str) -> String {
        if self.unicode {
            return text.to_owned();
        }
        text.chars().filter_map(ascii).collect()
    }
}

/// One sign for one sign, so that nothing moves; `≈?` becomes `?`.
fn ascii(sign: char) -> Option<char> {
    match sign {
        '✓' => Some('+'),
        '✗' | '×' => Some('x'),
        '–' | '−' | '·' => Some('-'),
        '÷' => Some('/'),
        '…' => Some('*'),
        '█' => Some('#'),
        '▒' => Some('+'),
        '░' => Some('.'),
        '▏' | '▎' | '▍' | '▌' | '▋' | '▊' | '▉' => Some(':'),
        '→' => Some('>'),
        '↑' => Some('^'),
        '↓' => Some('v'),
        '±' => Some('*'),
        '└' => Some('`'),
        '├' => Some('|'),
        '≤' => Some('<'),
        '≥' => Some('>'),
        '≈' => None,
        other => Some(other),
    }
}

/// The text without what could speak to the terminal or turn the reading round: control characters, and those that change
/// the direction of text or take no room. Logs and paths are written by others.
pub fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\t' => shown.push_str("    "),
            sign if sign.is_control() => shown.push_str(&format!("\\x{:02X}", u32::from(sign))),
            sign if is_unseen(sign) => shown.push_str(&format!("\\u{{{:X}}}", u32::from(sign))),
            sign => shown.push(sign),
        }
    }
    shown
}

/// Marks of direction and order, separators of lines, signs without width. Unicode UAX #9 and TR #36.
pub(crate) const fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(sign, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(harmless("a\x1b[31mb\u{9b}\tc"), "a\\x1B[31mb\\x9B    c");
        assert_eq!(harmless("gpj.\u{202e}exe"), "gpj.\\u{202E}exe");
    }

    #[test]
    fn signs_have_an_ascii_form() {
        let ascii = Style { unicode: false, ..Style::default() };
        assert_eq!(ascii.signs("✓ ÷ 5.7  −1 ≈?2"), "+ / 5.7  -1 ?2");
    }
}
