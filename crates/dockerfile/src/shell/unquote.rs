//! The value of a shell word that holds no expansion: quotes and backslashes removed. Reference: POSIX XCU 2.2.

/// The value of `raw`; none if it has a variable, a substitution, a glob, braces that expand, or a leading `~`.
pub(super) fn literal(raw: &str) -> Option<String> {
    if raw.starts_with('~') || has_open_braces(raw) {
        return None;
    }
    let mut value = String::with_capacity(raw.len());
    let mut symbols = raw.chars().peekable();
    while let Some(symbol) = symbols.next() {
        match symbol {
            '\'' => loop {
                match symbols.next()? {
                    '\'' => break,
                    symbol => value.push(symbol),
                }
            },
            '"' => double_quoted(&mut symbols, &mut value)?,
            '\\' => match symbols.next() {
                Some('\n') => {}
                escaped => value.push(escaped.unwrap_or('\\')),
            },
            '$' if expands(symbols.peek().copied(), true) => return None,
            '`' | '*' | '?' | '[' => return None,
            _ => value.push(symbol),
        }
    }
    Some(value)
}

fn double_quoted(symbols: &mut std::iter::Peekable<std::str::Chars<'_>>, value: &mut String) -> Option<()> {
    loop {
        match symbols.next()? {
            '"' => return Some(()),
            '`' => return None,
            '$' if expands(symbols.peek().copied(), false) => return None,
            '\\' => match symbols.next()? {
                '\n' => {}
                escaped @ ('$' | '`' | '"' | '\\') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            symbol => value.push(symbol),
        }
    }
}

/// Whether a dollar before `next` begins an expansion; outside of quotes `$'` and `$"` count as well.
fn expands(next: Option<char>, unquoted: bool) -> bool {
    match next {
        Some('\'' | '"') => unquoted,
        Some(next) => next.is_ascii_alphanumeric() || "_{([@*#?$!-".contains(next),
        None => false,
    }
}

/// Whether braces outside of quotes hold a comma or a range, so that bash makes several words of it.
fn has_open_braces(raw: &str) -> bool {
    let Some(open) = raw.find('{') else { return false };
    let quoted = raw[..open].matches(['\'', '"']).count() % 2 == 1 || raw[..open].ends_with('\\');
    !quoted && raw[open..].contains('}') && (raw[open..].contains(',') || raw[open..].contains(".."))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn removes_quotes_and_backslashes() {
        assert_eq!(literal(r#"a'b c'"d\"e"\ f"#).as_deref(), Some("ab cd\"e f"));
        assert_eq!(literal(r#""a\nb""#).as_deref(), Some("a\\nb"));
        assert_eq!(literal("cost$").as_deref(), Some("cost$"));
        assert_eq!(literal("{}").as_deref(), Some("{}"));
        assert_eq!(literal("'{a,b}'").as_deref(), Some("{a,b}"));
        assert_eq!(literal("''").as_deref(), Some(""));
    }

    #[test]
    fn says_nothing_about_words_that_expand() {
        for raw in ["$A", "\"${A}\"", "`a`", "*.deb", "a?", "[ab]", "{a,b}", "x{1..3}", "~/a", "$'a'", "\"$(b)\"", "'a"]
        {
            assert_eq!(literal(raw), None, "{raw}");
        }
    }
}
