//! Member names to absolute, cleaned paths. Names are bytes; a byte that is not UTF-8 becomes `\xHH`, so that two
//! different names stay different.

use std::fmt::Write;

/// The text of a name: valid UTF-8 as it is, other bytes as `\xHH`.
pub(crate) fn text(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// `name` joined to `/` and cleaned of `.`, `..` and empty parts; true if `..` tried to climb above the root.
pub(crate) fn clean(name: &[u8]) -> (String, bool) {
    let name = text(name);
    let mut parts: Vec<&str> = Vec::new();
    let mut escaped = false;
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => escaped |= parts.pop().is_none(),
            part => parts.push(part),
        }
    }
    (format!("/{}", parts.join("/")), escaped)
}

/// The folder part and the last part of an absolute path; the folder of `/x` is the empty text.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `/lib/x` → `/usr/lib/x`, likewise for `/bin`, `/sbin` and the other folders that merged-usr systems link into `/usr`.
pub(crate) fn merged_usr(path: &str) -> std::borrow::Cow<'_, str> {
    const LINKED: [&str; 6] = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
    let first = path.strip_prefix('/').map_or("", |rest| rest.split('/').next().unwrap_or(""));
    if LINKED.contains(&first) { format!("/usr{path}").into() } else { path.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_names_and_notices_an_escape() {
        for (name, want) in [("./p", "/p"), ("p//q/", "/p/q"), ("/p/./q", "/p/q"), ("p/r/../q", "/p/q"), ("./", "/")] {
            assert_eq!(clean(name.as_bytes()), (want.to_owned(), false));
        }
        assert_eq!(clean(b"a/../../etc/passwd"), ("/etc/passwd".to_owned(), true));
    }

    #[test]
    fn keeps_names_apart_that_are_no_utf8() {
        assert_ne!(clean(b"caf\xe9"), clean(b"caf\xe8"));
        assert_eq!(clean(b"caf\xe9").0, "/caf\\xe9");
    }

    #[test]
    fn spells_merged_folders_with_usr() {
        assert_eq!(merged_usr("/lib/x86_64-linux-gnu/libc.so.6"), "/usr/lib/x86_64-linux-gnu/libc.so.6");
        assert_eq!(merged_usr("/library/x"), "/library/x");
        assert_eq!(merged_usr("/lib"), "/usr/lib");
    }
}
