//! Member names to absolute, cleaned paths. Names are bytes; a path is text from which they can be had back, so that two
//! different names stay different.

use std::borrow::Cow;
use std::fmt::Write;

/// The text of a name: valid UTF-8 as it is, other bytes as `\xHH`. Where a name itself holds such an escape, its backslash
/// is written `\x5c`.
pub(crate) fn text(name: &[u8]) -> String {
    as_text(name).into_owned()
}

fn as_text(name: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(name) {
        Ok(text) if !name.contains(&b'\\') => Cow::Borrowed(text),
        _ => Cow::Owned(escaped(name)),
    }
}

fn escaped(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    for chunk in name.utf8_chunks() {
        let mut valid = chunk.valid();
        while let Some(at) = valid.find('\\') {
            let (before, rest) = valid.split_at(at);
            out.push_str(before);
            out.push_str(if escape(rest.as_bytes()).is_some() { "\\x5c" } else { "\\" });
            valid = rest.get(1..).unwrap_or_default();
        }
        out.push_str(valid);
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// The byte that an escape at the start of `text` stands for; only what [`text`] writes is one.
fn escape(text: &[u8]) -> Option<u8> {
    let [b'\\', b'x', high, low, ..] = text else { return None };
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let byte = digit(*high)? << 4 | digit(*low)?;
    (byte >= 0x80 || byte == b'\\').then_some(byte)
}

/// The bytes of a path or link target as it is in the layer.
pub fn path_bytes(path: &str) -> Cow<'_, [u8]> {
    if !path.contains('\\') {
        return Cow::Borrowed(path.as_bytes());
    }
    let (mut out, mut rest) = (Vec::with_capacity(path.len()), path.as_bytes());
    while let Some((first, next)) = rest.split_first() {
        let byte = escape(rest);
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { rest.get(4..).unwrap_or_default() } else { next };
    }
    Cow::Owned(out)
}

/// A path as people and documents see it: bytes that are not UTF-8 as `\xHH`, a backslash doubled.
pub fn shown_path(path: &str) -> Cow<'_, str> {
    if !path.contains('\\') {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len() + 8);
    let mut rest = path;
    while let Some(at) = rest.find('\\') {
        let (before, escaped) = rest.split_at(at);
        out.push_str(before);
        let (shown, length) = match escape(escaped.as_bytes()) {
            Some(b'\\') => ("\\\\", 4),
            Some(_) => (escaped.get(..4).unwrap_or_default(), 4),
            None => ("\\\\", 1),
        };
        out.push_str(shown);
        rest = escaped.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A name joined to `/` and cleaned of `.`, `..` and empty parts.
pub(crate) struct Cleaned {
    pub(crate) path: String,
    /// Whether `..` tried to climb above the root.
    pub(crate) escapes: bool,
    /// How many `..` a relative name has left in front once it is cleaned by itself.
    pub(crate) climbs: u32,
}

/// Cleans a name.
pub(crate) fn clean(name: &[u8]) -> Cleaned {
    let text = as_text(name);
    if let Some(path) = as_it_is(&text) {
        return Cleaned { path, escapes: false, climbs: 0 };
    }
    let mut parts: Vec<&str> = Vec::new();
    let mut climbs = 0u32;
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => climbs = climbs.saturating_add(1),
            ".." => {}
            part => parts.push(part),
        }
    }
    let path = format!("/{}", parts.join("/"));
    Cleaned { path, escapes: climbs > 0, climbs: if text.starts_with('/') { 0 } else { climbs } }
}

/// The path of a name that needs no cleaning but for what begins and ends it, as nearly all do.
fn as_it_is(text: &str) -> Option<String> {
    let text = text.strip_prefix("./").or_else(|| text.strip_prefix('/')).unwrap_or(text);
    let bytes = text.as_bytes();
    let odd = |pair: &[u8]| matches!(pair, [b'/', b'/' | b'.']);
    if bytes.first().is_none_or(|first| matches!(first, b'/' | b'.')) || bytes.windows(2).any(odd) {
        return None;
    }
    let text = text.strip_suffix('/').unwrap_or(text);
    let mut path = String::with_capacity(text.len() + 1);
    path.push('/');
    path.push_str(text);
    Some(path)
}

/// The folder part and the last part of an absolute path; the folder of `/x` is the empty text.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `/lib/x` → `/usr/lib/x`, likewise for `/bin`, `/sbin` and the other folders that merged-usr systems link into `/usr`.
pub(crate) fn merged_usr(path: &str) -> Cow<'_, str> {
    const LINKED: [&str; 6] = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
    let first = path.strip_prefix('/').map_or("", |rest| rest.split('/').next().unwrap_or(""));
    if LINKED.contains(&first) { format!("/usr{path}").into() } else { path.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned(name: &[u8]) -> (String, bool) {
        let cleaned = clean(name);
        (cleaned.path, cleaned.escapes)
    }

    #[test]
    fn cleans_names_and_notices_an_escape() {
        for (name, want) in [("./p", "/p"), ("p//q/", "/p/q"), ("/p/./q", "/p/q"), ("p/r/../q", "/p/q"), ("./", "/")] {
            assert_eq!(cleaned(name.as_bytes()), (want.to_owned(), false), "{name}");
        }
        for (name, want) in [(".wh.a", "/.wh.a"), ("a/.b", "/a/.b"), ("", "/"), ("a/..", "/"), ("...", "/...")] {
            assert_eq!(cleaned(name.as_bytes()), (want.to_owned(), false), "{name}");
        }
        assert_eq!(cleaned(b"a/../../etc/passwd"), ("/etc/passwd".to_owned(), true));
        assert_eq!((clean(b"../a/../../b").climbs, clean(b"/../b").climbs), (2, 0));
    }

    #[test]
    fn keeps_names_apart_that_are_no_utf8() {
        assert_ne!(cleaned(b"caf\xe9"), cleaned(b"caf\xe8"));
        assert_eq!(cleaned(b"caf\xe9").0, "/caf\\xe9");
        assert_ne!(cleaned(b"caf\xe9"), cleaned(b"caf\\xe9"));
    }

    #[test]
    fn leaves_the_backslashes_of_unit_files_alone() {
        assert_eq!(text(b"systemd-cryptsetup\\x2d.slice"), "systemd-cryptsetup\\x2d.slice");
        assert_eq!(shown_path("/a\\x2db"), "/a\\\\x2db");
    }

    #[test]
    fn shows_what_is_no_text_as_documented() {
        let shown = |name: &[u8]| shown_path(&text(name)).into_owned();
        assert_eq!(shown(b"caf\xe9\\"), "caf\\xe9\\\\");
        assert_eq!(shown(b"\\xe9"), "\\\\xe9");
        assert_eq!(shown(b"\\x5c"), "\\\\x5c");
    }

    #[test]
    fn spells_merged_folders_with_usr() {
        assert_eq!(merged_usr("/lib/x86_64-linux-gnu/libc.so.6"), "/usr/lib/x86_64-linux-gnu/libc.so.6");
        assert_eq!(merged_usr("/library/x"), "/library/x");
        assert_eq!(merged_usr("/lib"), "/usr/lib");
    }

    proptest! {
        #[test]
        fn any_name_can_be_had_back(name in proptest::collection::vec(prop_oneof![
            Just(b'\\'), Just(b'x'), Just(b'5'), Just(b'c'), Just(b'e'), Just(0xe9u8), any::<u8>()], 0..24)) {
            let text = text(&name);
            prop_assert_eq!(&*path_bytes(&text), &name[..]);
        }

        #[test]
        fn the_short_way_cleans_as_the_long_way(name in "[./ab]{0,12}") {
            let mut parts: Vec<&str> = Vec::new();
            for part in name.split('/') {
                match part {
                    "" | "." => {}
                    ".." => { parts.pop(); }
                    part => parts.push(part),
                }
            }
            prop_assert_eq!(clean(name.as_bytes()).path, format!("/{}", parts.join("/")));
        }
    }
}
