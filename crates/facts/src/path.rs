//! Paths as text: cleaning and joining by rule, without a file system.

/// Cleans a path as the builder does: no empty parts, no `.`, `..` resolved and never above the root. Keeps whether it is absolute;
/// the empty path is `.`. Go's `path.Clean` on slash paths.
pub(crate) fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// `path` seen from the folder `folder`.
pub(crate) fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') { clean(path) } else { clean(&format!("{folder}/{path}")) }
}

/// The last part.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether `path` is `folder` or lies below it; `.`, `/` and the empty folder hold everything.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    below(path, folder).is_some()
}

/// What is left of `path` after `folder`, without slashes around it; empty if it is the folder itself.
pub(crate) fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let folder = folder.trim_end_matches('/');
    if folder.is_empty() || folder == "." {
        return Some(path.trim_start_matches('/'));
    }
    let rest = path.strip_prefix(folder)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_like_the_builder() {
        for (path, cleaned) in [
            ("./a//b/", "a/b"),
            ("", "."),
            ("./", "."),
            ("/", "/"),
            ("../../a", "a"),
            ("/a/../../b/.", "/b"),
            ("a/..", "."),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
        assert_eq!(join("/app", "../x"), "/x");
        assert_eq!(join("/app", "/x/"), "/x");
    }

    #[test]
    fn a_folder_holds_whole_parts_only() {
        assert_eq!(below("/app/x/y", "/app"), Some("x/y"));
        assert_eq!(below("/app", "/app/"), Some(""));
        assert_eq!(below("/apps/x", "/app"), None);
        assert_eq!(below("/x", "/"), Some("x"));
        assert!(is_below("a/b", "."));
    }
}
