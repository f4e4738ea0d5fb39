//! Text of others on the screen: nothing in a name or a file may speak to the terminal, and columns stay where they are.

use std::borrow::Cow;

use jettison_image::{path_bytes, shown_path};
use jettison_report::text::{harmless, shorten_end, shorten_middle, width};

/// A name or path as it is shown: control characters, bytes that are not UTF-8 and signs that take no room or turn the reading
/// round as escapes.
pub fn name(path: &str) -> String {
    plain(&shown_path(path))
}

/// The same for text that is no path.
pub fn plain(text: &str) -> String {
    let is_plain = |sign: char| sign == ' ' || sign.is_ascii_graphic();
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut sign = [0; 4];
    for one in text.chars() {
        match one {
            '\t' => shown.push_str("\\x09"),
            one if is_joining(one) => shown.push_str(&format!("\\u{{{:X}}}", u32::from(one))),
            one if is_plain(one) => shown.push(one),
            one => shown.push_str(&harmless(one.encode_utf8(&mut sign))),
        }
    }
    shown
}

/// Signs of which terminals do not agree how much room they take with those before them: variation selectors, skin tones,
/// regional letters, marks that enclose. Unicode UTS #51.
fn is_joining(sign: char) -> bool {
    matches!(sign, '\u{FE00}'..='\u{FE0F}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{20D0}'..='\u{20FF}')
        || matches!(sign, '\u{1160}'..='\u{11FF}' | '\u{E0100}'..='\u{E01EF}' | '\u{00AD}')
}

/// At most so many columns, the rest of them blank.
pub fn padded(text: &str, columns: usize) -> String {
    let text = if width(text) > columns { end(text, columns) } else { text.to_owned() };
    let blanks = columns.saturating_sub(width(&text));
    text + &" ".repeat(blanks)
}

/// At most so many columns, the end cut off.
pub fn end(text: &str, columns: usize) -> String {
    if columns == 0 { String::new() } else { shorten_end(text, columns) }
}

/// At most so many columns, the middle cut out.
pub fn middle(text: &str, columns: usize) -> String {
    if columns == 0 { String::new() } else { shorten_middle(text, columns) }
}

/// Broken into lines of at most so many columns, at blanks where there are any; at most `most` lines.
pub fn lines(text: &str, columns: usize, most: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let current = lines.last().map_or(0, |line| width(line));
        if current > 0 && current + 1 + width(word) > columns {
            lines.push(String::new());
        } else if current > 0 {
            push(&mut lines, " ");
        }
        for sign in word.chars() {
            let room = lines.last().map_or(0, |line| columns.saturating_sub(width(line)));
            let mut buffer = [0; 4];
            let sign = &*sign.encode_utf8(&mut buffer);
            if width(sign) > room {
                lines.push(String::new());
            }
            push(&mut lines, sign);
        }
        if lines.len() > most {
            break;
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = end(&format!("{last} …"), columns);
        }
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

/// A path as one may paste it into a shell: as it is, or quoted where a sign in it would do something there.
pub fn for_clipboard(path: &str) -> Cow<'_, str> {
    let bytes = path_bytes(path);
    match std::str::from_utf8(&bytes) {
        Ok(text) if !text.chars().any(|sign| sign.is_control()) => Cow::Owned(text.to_owned()),
        _ => Cow::Owned(quoted(&bytes)),
    }
}

/// As `$'…'` of bash, zsh and POSIX 2024.
fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from("$'");
    for byte in bytes {
        match byte {
            b'\'' | b'\\' => {
                out.push('\\');
                out.push(char::from(*byte));
            }
            0x20..=0x7e => out.push(char::from(*byte)),
            other => out.push_str(&format!("\\x{other:02x}")),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_speak_to_the_terminal() {
        assert_eq!(name("a\x1b]0;x\x07\tb\n"), "a\\x1B]0;x\\x07\\x09b\\x0A");
        assert_eq!(name("caf\\xe9"), "caf\\xe9");
        assert_eq!(name("gpj.\u{202e}exe"), "gpj.\\u{202E}exe");
        assert_eq!(name("❤\u{fe0f}"), "❤\\u{FE0F}");
        assert_eq!(name("文書 ü"), "文書 ü");
    }

    #[test]
    fn wide_signs_fill_their_columns() {
        assert_eq!(padded("文書", 6), "文書  ");
        assert_eq!(width(&padded("文書文書", 5)), 5);
        assert_eq!(padded("abc", 0), "");
    }

    #[test]
    fn long_words_are_broken_and_long_texts_end() {
        assert_eq!(lines("RUN make all", 8, 9), ["RUN make", "all"]);
        assert_eq!(lines("0123456789ab", 8, 9), ["01234567", "89ab"]);
        assert_eq!(lines("one two three four", 8, 2), ["one two", "three …"]);
    }

    #[test]
    fn what_is_copied_does_nothing_when_it_is_pasted() {
        assert_eq!(for_clipboard("/srv/a b"), "/srv/a b");
        assert_eq!(for_clipboard("/srv/a\nrm -rf '"), "$'/srv/a\\x0arm -rf \\''");
        assert_eq!(for_clipboard("/caf\\xe9"), "$'/caf\\xe9'");
    }
}
