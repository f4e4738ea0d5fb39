//! `*` and `?` over package names. Not the ignore-file syntax: nothing is special about `/`.

/// Whether `pattern` matches all of `name`. Linear in practice, never exponential: only the last `*` is retried.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while seen < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, seen));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[seen] => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((after_star, from)) = retry else { return false };
                retry = Some((after_star, from + 1));
                (at, seen) = (after_star, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_match_names() {
        for (pattern, name) in
            [("*-dev", "libpq-dev"), ("vim*", "vim"), ("g?c", "gcc"), ("*a*b*", "xaybz"), ("a**", "a")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("*-dev", "libpq5"), ("vim", "vim-tiny"), ("g?c", "gc"), ("", "a"), ("*a", "ab")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
