//! Paths as texts: joined and cleaned as Go's `filepath` does it, without asking any file system.

/// Joins `path` to `base`, unless it is absolute, and cleans the result.
pub(crate) fn join(base: &str, path: &str) -> String {
    if path.starts_with('/') || base.is_empty() {
        return clean(path);
    }
    clean(&format!("{base}/{path}"))
}

/// Without `.`, doubled slashes and `..` that can be resolved; `.` if nothing is left.
pub(crate) fn clean(path: &str) -> String {
    let root = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if root => {}
            part => parts.push(part),
        }
    }
    match (root, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The folder in which `path` lies.
pub(crate) fn folder(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => clean(folder),
        None => ".".to_owned(),
    }
}

/// The last part of a path.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_as_the_shell_would_walk() {
        let cases = [
            ("", "a", "a"),
            (".", "./a/", "a"),
            ("deploy", "../app", "app"),
            ("deploy", "../../app", "../app"),
            ("/srv", "../../app", "/app"),
            ("deploy", "/app", "/app"),
            ("deploy", ".", "deploy"),
            ("a//b", "./../c/.", "a/c"),
            ("..", "..", "../.."),
        ];
        for (base, path, expected) in cases {
            assert_eq!(join(base, path), expected, "{base} + {path}");
        }
        assert_eq!(["a", "a/b", "/a", "x/../a/b"].map(folder), [".", "a", "/", "a"]);
    }
}
