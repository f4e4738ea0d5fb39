//! Challenges in `WWW-Authenticate` headers. RFC 9110, section 11.6.1; tokens as
//! <https://distribution.github.io/distribution/spec/auth/token/>.

/// What a registry asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Name and password with each request.
    Basic,
    /// A token from `realm`.
    Bearer { realm: String, service: Option<String>, scope: Option<String> },
}

/// The best challenge in a header; Bearer before Basic.
pub(super) fn challenge(header: &str) -> Option<Challenge> {
    if let Some(parameters) = after_scheme(header, "bearer") {
        let value = |wanted: &str| parameter(parameters, wanted);
        if let Some(realm) = value("realm") {
            return Some(Challenge::Bearer { realm, service: value("service"), scope: value("scope") });
        }
    }
    after_scheme(header, "basic").map(|_| Challenge::Basic)
}

/// What follows the scheme's name, as a word of its own.
fn after_scheme<'a>(header: &'a str, scheme: &str) -> Option<&'a str> {
    let lower = header.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower.get(from..)?.find(scheme).map(|at| from + at) {
        let end = at + scheme.len();
        let starts = lower.get(..at)?.trim_end().is_empty() || lower.get(..at)?.trim_end().ends_with(',');
        let ends = lower.get(end..)?.is_empty() || lower.get(end..)?.starts_with([' ', '\t']);
        if starts && ends {
            return header.get(end..);
        }
        from = end;
    }
    None
}

/// `name="value"` or `name=value` among comma-separated parameters.
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_start_matches([',', ' ', '\t']).trim_end();
        let (value, next) = value(after)?;
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
    None
}

fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.trim_start().strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        return Some((text.get(..end)?.trim().to_owned(), text.get(end..)?));
    };
    let (mut out, mut escaped) = (String::new(), false);
    for (at, letter) in quoted.char_indices() {
        match letter {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some((out, quoted.get(at + 1..)?)),
            letter => {
                out.push(letter);
                escaped = false;
            }
        }
    }
    None
}

/// The host of an `http://` address, with its port; nothing before an `@`, which would name another.
pub(super) fn challenge_host(realm: &str) -> Option<&str> {
    let host = realm.strip_prefix("http://")?.split(['/', '?', '#']).next()?;
    (!host.is_empty() && !host.contains(['@', '\\'])).then_some(host)
}

/// A query parameter's value.
pub(super) fn encode(value: &str) -> String {
    use std::fmt::Write;
    value.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_bearer_challenge_with_commas_in_its_scope() {
        let header =
            r#"Bearer realm="https://auth.example/token",service="reg.example",scope="repository:a/b:pull,push""#;
        let Some(Challenge::Bearer { realm, service, scope }) = challenge(header) else { panic!("{header}") };
        assert_eq!(realm, "https://auth.example/token");
        assert_eq!(service.as_deref(), Some("reg.example"));
        assert_eq!(scope.as_deref(), Some("repository:a/b:pull,push"));
    }

    #[test]
    fn prefers_bearer_and_knows_basic() {
        assert_eq!(challenge(r#"Basic realm="x""#), Some(Challenge::Basic));
        let both = challenge(r#"Basic realm="basic", Bearer realm="https://a/t""#);
        assert!(matches!(both, Some(Challenge::Bearer { realm, .. }) if realm == "https://a/t"));
        assert_eq!(challenge("Negotiate"), None);
        assert_eq!(challenge(r#"Bearer realm="cut"#), None);
    }

    #[test]
    fn finds_the_host_that_tokens_come_from() {
        assert_eq!(challenge_host("http://localhost:5000/token?a=b"), Some("localhost:5000"));
        assert_eq!(challenge_host("http://localhost@evil.example/token"), None);
        assert_eq!(challenge_host("http://evil.example\\@localhost/"), None);
        assert_eq!(challenge_host("ftp://localhost/"), None);
        assert_eq!(challenge_host("http:///"), None);
    }

    #[test]
    fn encodes_what_a_query_cannot_hold() {
        assert_eq!(encode("repository:a/b:pull"), "repository%3Aa%2Fb%3Apull");
    }
}
