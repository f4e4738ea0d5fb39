//! Paths as URI references. RFC 3986: everything but letters, digits and a few signs is percent-encoded.

/// Relative paths stay relative; absolute ones become `file:///…`.
pub(super) fn of_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    // a colon in the first part would be read as the end of a scheme
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b'@' | b'+' | b',' | b'=' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_one_path() {
        assert_eq!(of_path("./a b/Dockerfile#x?y"), "a%20b/Dockerfile%23x%3Fy");
        assert_eq!(of_path("http:x\n"), "http%3Ax%0A");
        assert_eq!(of_path("/srv/é"), "file:///srv/%C3%A9");
    }
}
