//! The JSON form of arguments: an array of strings, decoded with the place of each. Whether a text is JSON at all decides
//! between exec and shell form, so the grammar is checked in full, without recursion. Reference: RFC 8259; Go's
//! `encoding/json` (bad surrogates become U+FFFD) and BuildKit's `parseJSON`.

use std::borrow::Cow;
use std::ops::Range;

/// What a text that may be a JSON array is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Array<'a> {
    /// An array of strings: each decoded (borrowed where it stands there as it is), with its place (quotes included).
    Strings(Vec<(Cow<'a, str>, Range<usize>)>),
    /// An array that holds something else: BuildKit refuses it.
    Other,
    /// Not a JSON array: shell form.
    No,
}

/// Go refuses arrays and objects nested more deeply.
const MAX_DEPTH: usize = 10_000;

/// Reads `text` as an array of strings.
pub(super) fn read(text: &str) -> Array<'_> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with('[') {
        return Array::No;
    }
    let mut reader = Reader { text, bytes: text.as_bytes(), at: text.len() - trimmed.len() };
    reader.array().unwrap_or(Array::No)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn array(&mut self) -> Option<Array<'a>> {
        self.at += 1;
        let mut strings = Vec::new();
        let mut all_strings = true;
        if self.next_token()? == b']' {
            self.at += 1;
            return self.finished(Array::Strings(strings));
        }
        loop {
            if self.next_token()? == b'"' {
                let start = self.at;
                let value = self.string()?;
                strings.push((value, start..self.at));
            } else {
                all_strings = false;
                self.skip_value()?;
            }
            match self.next_token()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.finished(if all_strings { Array::Strings(strings) } else { Array::Other })
    }

    /// The array, if nothing follows it.
    fn finished(&mut self, array: Array<'a>) -> Option<Array<'a>> {
        self.skip_space();
        (self.at == self.bytes.len()).then_some(array)
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn next_token(&mut self) -> Option<u8> {
        self.skip_space();
        self.bytes.get(self.at).copied()
    }

    /// Skips one value of any kind; open arrays and objects are kept on a list instead of the stack.
    fn skip_value(&mut self) -> Option<()> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.next_token()? {
                bracket @ (b'[' | b'{') => {
                    self.at += 1;
                    open.push(bracket + 2);
                    if open.len() > MAX_DEPTH {
                        return None;
                    }
                    if self.next_token()? != bracket + 2 {
                        self.key(bracket)?;
                        continue;
                    }
                }
                b'"' => drop(self.string()?),
                _ => self.scalar()?,
            }
            if self.close(&mut open)? {
                return Some(());
            }
        }
    }

    /// After a value: closes what ends here and steps over a comma. True when nothing is open any more.
    fn close(&mut self, open: &mut Vec<u8>) -> Option<bool> {
        while let Some(closing) = open.last().copied() {
            let token = self.next_token()?;
            self.at += 1;
            if token == closing {
                open.pop();
            } else if token == b',' {
                self.key(closing - 2)?;
                return Some(false);
            } else {
                return None;
            }
        }
        Some(true)
    }

    /// Inside of an object: the key and its colon.
    fn key(&mut self, bracket: u8) -> Option<()> {
        if bracket == b'[' {
            return Some(());
        }
        if self.next_token()? != b'"' {
            return None;
        }
        self.string()?;
        (self.next_token()? == b':').then(|| self.at += 1)
    }

    fn scalar(&mut self) -> Option<()> {
        for word in ["true", "false", "null"] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Some(());
            }
        }
        self.number()
    }

    fn number(&mut self) -> Option<()> {
        self.step(b"-");
        if !self.step(b"0") {
            self.digits()?;
        }
        if self.step(b".") {
            self.digits()?;
        }
        if self.step(b"eE") {
            self.step(b"+-");
            self.digits()?;
        }
        Some(())
    }

    fn step(&mut self, any: &[u8]) -> bool {
        let hit = self.bytes.get(self.at).is_some_and(|byte| any.contains(byte));
        self.at += usize::from(hit);
        hit
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// A string from its opening quote to behind its closing one.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.at += 1;
        let mut value = Cow::Borrowed("");
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
            if value.is_empty() {
                value = Cow::Borrowed(&rest[..plain]);
            } else {
                value.to_mut().push_str(&rest[..plain]);
            }
            self.at += plain + 1;
            match rest.as_bytes()[plain] {
                b'"' => return Some(value),
                b'\\' => {
                    let symbol = self.escaped()?;
                    value.to_mut().push(symbol);
                }
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let symbol = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(match symbol {
            b'"' | b'\\' | b'/' => symbol as char,
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return None,
        })
    }

    /// The character of `\uXXXX`, of a pair of surrogates, or U+FFFD for half a pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) || !self.bytes[self.at..].starts_with(b"\\u") {
            return Some(char::from_u32(first).unwrap_or('\u{FFFD}'));
        }
        let back = self.at;
        self.at += 2;
        let second = self.hex()?;
        if (0xDC00..0xE000).contains(&second) {
            return char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        }
        self.at = back;
        Some('\u{FFFD}')
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Option<Vec<String>> {
        match read(text) {
            Array::Strings(strings) => Some(strings.into_iter().map(|(value, _)| value.into_owned()).collect()),
            _ => None,
        }
    }

    #[test]
    fn decodes_arrays_of_strings() {
        assert_eq!(strings("[]").unwrap().len(), 0);
        assert_eq!(strings(r#" ["a" , "b\n\"" ] "#).unwrap(), ["a", "b\n\""]);
        assert_eq!(strings(r#"["\u00e9\ud83d\ude00\ud83d x\udc00"]"#).unwrap(), ["é😀\u{FFFD} x\u{FFFD}"]);
    }

    #[test]
    fn tells_other_arrays_from_text_that_is_no_json() {
        for text in ["[1]", "[null, \"a\"]", "[[\"a\"]]", "[{\"a\": [1, -2.5e3, true]}]", "[{}]", "[[],\"a\"]"] {
            assert_eq!(read(text), Array::Other, "{text}");
        }
        for text in [
            "[a]",
            "['a']",
            "[\"a\",]",
            "[\"a\"] x",
            "[\"a",
            "[",
            "[01]",
            "[\"\\x\"]",
            "[\"a\"\"b\"]",
            "[{1:2}]",
            "[1 2]",
            "[\"\u{1}\"]",
        ] {
            assert_eq!(read(text), Array::No, "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), Array::No);
    }
}
