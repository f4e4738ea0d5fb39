//! Text for XML 1.0: markup and quotes become references, signs that XML cannot hold become `\xHH`.

use crate::text::harmless;

/// For attributes and for text alike. Line ends become references, since attributes would lose them.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for part in text.split_inclusive('\n') {
        let (line, end) = part.strip_suffix('\n').map_or((part, ""), |line| (line, "&#10;"));
        for sign in harmless(line).chars() {
            match sign {
                '&' => safe.push_str("&amp;"),
                '<' => safe.push_str("&lt;"),
                '>' => safe.push_str("&gt;"),
                '"' => safe.push_str("&quot;"),
                '\'' => safe.push_str("&apos;"),
                // the two signs of the plane that XML leaves out
                '\u{FFFE}' | '\u{FFFF}' => safe.push('\u{FFFD}'),
                other => safe.push(other),
            }
        }
        safe.push_str(end);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escaped("<a b=\"c\">&'\x1b\0\n"), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;\\x1B\\x00&#10;");
    }
}
