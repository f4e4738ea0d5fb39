//! From a line to a pattern: trimming, cleaning of the path, the syntax check. Reference: moby `ignorefile.ReadAll` and
//! `patternmatcher.New`, which clean one after the other; Go's `filepath.Clean` and `filepath.Match`.

use std::str::Chars;

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
    if matches_dot(&text).is_none() {
        return Some(Err("syntax error in pattern".to_owned()));
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

/// Whether a pattern matches `.`, which is how moby checks its syntax: none if Go finds an error, and it looks no further than
/// it needs to, so that much that is wrong passes.
fn matches_dot(pattern: &str) -> Option<bool> {
    let (mut rest, mut name) = (pattern, ".");
    while !rest.is_empty() {
        let stars = rest.bytes().take_while(|byte| *byte == b'*').count();
        let (chunk, behind) = rest[stars..].split_at(chunk_length(&rest[stars..]));
        if stars > 0 && chunk.is_empty() {
            return Some(true);
        }
        rest = behind;
        let fits = |left: Option<&&str>| left.is_some_and(|left| left.is_empty() || !rest.is_empty());
        let mut left = matches_chunk(chunk, name)?;
        if !fits(left.as_ref()) {
            left = if stars > 0 && !name.is_empty() { matches_chunk(chunk, "")? } else { None };
        }
        match left.filter(|left| fits(Some(left))) {
            Some(left) => name = left,
            None => return Some(false),
        }
    }
    Some(name.is_empty())
}

/// Up to the next star outside of a class.
fn chunk_length(pattern: &str) -> usize {
    let mut in_class = false;
    let mut bytes = pattern.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => return at,
            _ => {}
        }
    }
    pattern.len()
}

/// What is left of `name` behind a chunk without stars, if that matches; none at all for an error.
fn matches_chunk<'a>(chunk: &str, name: &'a str) -> Option<Option<&'a str>> {
    let mut left = Some(name.chars());
    let mut symbols = chunk.chars();
    while let Some(symbol) = symbols.next() {
        let next = left.as_mut().and_then(Iterator::next);
        let fits = match symbol {
            '[' => class(&mut symbols, next)?,
            '?' => next.is_some_and(|next| next != '/'),
            '\\' => Some(symbols.next()?) == next,
            _ => Some(symbol) == next,
        };
        left = left.filter(|_| fits && next.is_some());
    }
    Some(left.map(|left| left.as_str()))
}

/// Whether a class has `next`, from behind its bracket; none for an error.
fn class(symbols: &mut Chars<'_>, next: Option<char>) -> Option<bool> {
    let negated = step_over(symbols, '^');
    let (mut found, mut ranges) = (false, 0);
    loop {
        if ranges > 0 && step_over(symbols, ']') {
            return Some(found != negated);
        }
        let low = member(symbols)?;
        let high = if step_over(symbols, '-') { member(symbols)? } else { low };
        found |= next.is_some_and(|next| (low..=high).contains(&next));
        ranges += 1;
    }
}

fn step_over(symbols: &mut Chars<'_>, symbol: char) -> bool {
    let is_next = symbols.as_str().starts_with(symbol);
    if is_next {
        symbols.next();
    }
    is_next
}

/// One character of a class, which is not the last of the pattern.
fn member(symbols: &mut Chars<'_>) -> Option<char> {
    let symbol = match symbols.next()? {
        '-' | ']' => return None,
        '\\' => symbols.next()?,
        symbol => symbol,
    };
    (!symbols.as_str().is_empty()).then_some(symbol)
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
    fn refuses_what_go_sees_of_open_and_empty_classes() {
        for bad in ["[", "[a", "[]a]", "[-]", "[^]", "\\", "[a-]", "[\\", "?[", "*[", ".[", "*\\", ".*a/["] {
            assert_eq!(matches_dot(bad), None, "{bad}");
        }
        for good in ["[a]", "[^a]", "[a-z0]", "[\\]]", "]", "a\\*", "[[]", "a*[", "a/*["] {
            assert!(matches_dot(good).is_some(), "{good}");
        }
    }
}
