//! From a line to a pattern: trimming, cleaning of the path, the syntax check. Reference: moby `ignorefile.ReadAll` and
//! `patternmatcher.New`, which clean one after the other; Go's `path.Clean` and `path.Match`.

use super::glob::Glob;

/// The pattern of a line and whether it takes back; none if the line is empty; an error if the builder refuses it.
pub(super) fn pattern(line: &str) -> Option<Result<(String, bool), String>> {
    let line = line.trim();
    let (mark, rest) = match line.strip_prefix('!') {
        Some(rest) => ("!", rest.trim()),
        None => ("", line),
    };
    if line.is_empty() {
        return None;
    }
    let cleaned = if rest.is_empty() { String::new() } else { path(rest) };
    let relative = cleaned.strip_prefix('/').filter(|rest| !rest.is_empty()).unwrap_or(&cleaned);
    // The builder cleans again, the mark included: `./!a` is an exclamation by now.
    let cleaned = path(format!("{mark}{relative}").trim());
    let (text, negated) = match cleaned.strip_prefix('!') {
        Some("") => return Some(Err("illegal exclusion pattern: \"!\"".to_owned())),
        Some(text) => (text.to_owned(), true),
        None => (cleaned, false),
    };
    if !is_valid(&text) || Glob::new(&text).is_none() {
        return Some(Err(format!("syntax error in pattern `{text}`")));
    }
    Some(Ok((text, negated)))
}

/// The shortest path that means the same, without looking at any file.
fn path(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// Whether classes are closed and not empty, and nothing ends in a lone `\`.
fn is_valid(pattern: &str) -> bool {
    let mut symbols = pattern.chars().peekable();
    while let Some(symbol) = symbols.next() {
        let valid = match symbol {
            '\\' => symbols.next().is_some(),
            '[' => is_valid_class(&mut symbols),
            _ => true,
        };
        if !valid {
            return false;
        }
    }
    true
}

fn is_valid_class(symbols: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    symbols.next_if_eq(&'^');
    let mut ranges = 0;
    loop {
        if ranges > 0 && symbols.next_if_eq(&']').is_some() {
            return true;
        }
        if !is_valid_member(symbols) || (symbols.next_if_eq(&'-').is_some() && !is_valid_member(symbols)) {
            return false;
        }
        ranges += 1;
    }
}

fn is_valid_member(symbols: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    match symbols.next() {
        None | Some('-' | ']') => false,
        Some('\\') => symbols.next().is_some() && symbols.peek().is_some(),
        Some(_) => symbols.peek().is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_paths_like_go() {
        let cases = [
            ("a//b/./c/../d/", "a/b/d"),
            ("../x", "../x"),
            ("/../x", "/x"),
            ("/", "/"),
            ("a/..", "."),
            ("a/../../b", "../b"),
        ];
        for (from, to) in cases {
            assert_eq!(path(from), to, "{from}");
        }
    }

    #[test]
    fn refuses_open_and_empty_classes() {
        for bad in ["[", "[a", "[]a]", "[-]", "[^]", "a\\", "[a-]", "[\\"] {
            assert!(!is_valid(bad), "{bad}");
        }
        for good in ["[a]", "[^a]", "[a-z0]", "[\\]]", "]", "a\\*", "[[]"] {
            assert!(is_valid(good), "{good}");
        }
    }
}
