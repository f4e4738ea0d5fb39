//! JSON: `schema_version` and `command` first, two spaces, a final newline. What could speak to a terminal is escaped: the names
//! in it were given by others, and people look at JSON as well.

use serde::Serialize;

use crate::text::is_unseen;

/// The document as people and scripts read it.
pub fn pretty(document: &impl Serialize) -> String {
    escaped(&serde_json::to_string_pretty(document).unwrap_or_default())
}

/// The same in one line.
pub fn line(document: &impl Serialize) -> String {
    escaped(&serde_json::to_string(document).unwrap_or_default())
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    for sign in text.chars() {
        // outside of strings JSON has none of these, and inside an escape means the same
        if sign != '\n' && sign.is_control() || is_unseen(sign) {
            let mut units = [0; 2];
            sign.encode_utf16(&mut units).iter().for_each(|unit| safe.push_str(&format!("\\u{unit:04x}")));
        } else {
            safe.push(sign);
        }
    }
    safe.push('\n');
    safe
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
