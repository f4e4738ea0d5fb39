//! Whether the builder takes a text as an image's name. Reference: <https://github.com/distribution/reference>
//! (`ParseNormalizedNamed`) and the digests of <https://github.com/opencontainers/go-digest>. Not a split into parts: that
//! is `jettison_model::ImageRef`.

/// Longest repository, without its registry.
const MAX_REPOSITORY: usize = 255;

/// What is wrong with the name, in the builder's words.
pub(super) fn check(name: &str) -> Result<(), String> {
    if name.len() == 64 && name.bytes().all(is_hex) {
        return Err(format!("invalid repository name ({name}), cannot specify 64-byte hexadecimal strings"));
    }
    let (domain, remainder) = split_domain(name);
    let repository = remainder.split(':').next().unwrap_or_default();
    if repository.to_lowercase() != repository {
        let cause = "must be lowercase";
        return Err(format!("invalid reference format: repository name ({repository}) {cause}"));
    }
    let (path, tag, digest) = split(&remainder);
    let named = is_domain(domain) && path.split('/').all(is_component);
    if !named || !tag.is_none_or(is_tag) || !digest.is_none_or(is_digest_like) {
        return Err("invalid reference format".to_owned());
    }
    if path.len() > MAX_REPOSITORY {
        return Err(format!("repository name must not be more than {MAX_REPOSITORY} characters"));
    }
    digest.map_or(Ok(()), self::digest)
}

/// What is wrong with a digest.
pub(super) fn digest(text: &str) -> Result<(), String> {
    let Some((algorithm, encoded)) =
        text.split_once(':').filter(|(before, after)| !before.is_empty() && !after.is_empty())
    else {
        return Err("invalid checksum digest format".to_owned());
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ if is_algorithm(algorithm) && encoded.bytes().all(is_encoded) => {
            return Err("unsupported digest algorithm".to_owned());
        }
        _ => return Err("invalid checksum digest format".to_owned()),
    };
    if encoded.len() != length {
        return Err("invalid checksum digest length".to_owned());
    }
    let is_valid = encoded.bytes().all(is_hex);
    if is_valid { Ok(()) } else { Err("invalid checksum digest format".to_owned()) }
}

/// The registry, Docker Hub's if none is written, and what follows it.
fn split_domain(name: &str) -> (&str, String) {
    const HUB: &str = "docker.io";
    let Some((first, rest)) = name.split_once('/') else { return (HUB, format!("library/{name}")) };
    let (domain, rest) = match first {
        "localhost" => (first, rest),
        "index.docker.io" => (HUB, rest),
        _ if first.contains(['.', ':']) || first.to_lowercase() != first => (first, rest),
        _ => (HUB, name),
    };
    let official = domain == HUB && !rest.contains('/');
    (domain, if official { format!("library/{rest}") } else { rest.to_owned() })
}

/// Path, tag and digest of what follows the registry.
fn split(remainder: &str) -> (&str, Option<&str>, Option<&str>) {
    let (rest, digest) = match remainder.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (remainder, None),
    };
    match rest.split_once(':') {
        Some((path, tag)) => (path, Some(tag), digest),
        None => (rest, None, digest),
    }
}

fn is_domain(domain: &str) -> bool {
    if let Some((address, rest)) = domain.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let is_address = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
        return !address.is_empty() && address.bytes().all(is_address) && (rest.is_empty() || is_port(rest));
    }
    let at = domain.find(':').unwrap_or(domain.len());
    let (host, port) = domain.split_at(at);
    let is_label = |label: &str| {
        let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        ends(label.bytes().next()) && ends(label.bytes().last()) && label.bytes().all(inner)
    };
    host.split('.').all(is_label) && (port.is_empty() || is_port(port))
}

/// `:` and digits.
fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Lower-case letters and digits, with a dot, one or two underscores or any number of dashes between them.
fn is_component(text: &str) -> bool {
    let is_atom = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_separator = |text: &str| matches!(text, "." | "_" | "__") || text.bytes().all(|byte| byte == b'-');
    let mut rest = text;
    loop {
        let atom = rest.bytes().take_while(|byte| is_atom(*byte)).count();
        if atom == 0 {
            return false;
        }
        rest = &rest[atom..];
        if rest.is_empty() {
            return true;
        }
        let separator = rest.bytes().take_while(|byte| b"._-".contains(byte)).count();
        if separator == 0 || !is_separator(&rest[..separator]) {
            return false;
        }
        rest = &rest[separator..];
    }
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= 128
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || b".-".contains(&byte))
}

/// What a reference takes as a digest, before the digest is looked at.
fn is_digest_like(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(is_part)
        && encoded.len() >= 32
        && encoded.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_algorithm(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.split(['.', '+', '_', '-']).all(is_part)
}

fn is_encoded(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"=_-".contains(&byte)
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn takes_names_as_docker_does() {
        let digest = format!("a@sha256:{}", "0a".repeat(32));
        let good = [
            "a",
            "a:1",
            "a/b",
            "x.y/a",
            "x:5000/a:b",
            "localhost/a",
            "Acme/a",
            "[::1]:80/a",
            "a__b/c-d.e",
            "a--b",
            "0",
            &digest,
        ];
        for name in good {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn refuses_other_names() {
        let (hex, short) = ("0a".repeat(32), format!("a@sha256:{}", "0".repeat(32)));
        let upper = format!("a@sha256:{}", "0A".repeat(32));
        let other = format!("a@md5:{}", "0a".repeat(16));
        let bad = [
            "", "A", "a:", ":a", "a b", "a/B", "a..b", "a_-b", "a___b", "-a", "a/", "/a", "a//b", "x.y/", "x:y/a",
            "a@b", "a:b/c", "x.y/A", "é", "a:é", &hex, &short, &upper, &other,
        ];
        for name in bad {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
