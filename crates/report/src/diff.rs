//! Unified diffs of whole files. Line ends are part of the lines, so that CRLF stays visible to whoever applies them.

use similar::TextDiff;

/// From `before` (none: there was no such file) to `after`, with three lines around each change; empty if nothing changes.
/// Bytes that are not UTF-8 are replaced.
pub fn unified(path: &str, before: Option<&[u8]>, after: &[u8]) -> String {
    let old = String::from_utf8_lossy(before.unwrap_or_default());
    let new = String::from_utf8_lossy(after);
    let from = if before.is_some() { path } else { "/dev/null" };
    let to = format!("{path} (proposed)");
    TextDiff::from_lines(old.as_ref(), new.as_ref()).unified_diff().context_radius(3).header(from, &to).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_crlf_and_names_the_proposal() {
        let diff = unified("Dockerfile", Some(b"FROM a\r\nRUN b\r\n"), b"FROM a\r\nRUN c\r\n");
        assert_eq!(diff, "--- Dockerfile\n+++ Dockerfile (proposed)\n@@ -1,2 +1,2 @@\n FROM a\r\n-RUN b\r\n+RUN c\r\n");
    }

    #[test]
    fn a_new_file_comes_from_nowhere() {
        let diff = unified(".dockerignore", None, b".git\n");
        assert_eq!(diff, "--- /dev/null\n+++ .dockerignore (proposed)\n@@ -0,0 +1 @@\n+.git\n");
    }

    #[test]
    fn says_where_a_final_newline_is_missing() {
        let diff = unified("Dockerfile", Some(b"FROM a"), b"FROM b\n");
        assert!(diff.contains("-FROM a\n\\ No newline at end of file\n+FROM b\n"), "{diff}");
    }

    #[test]
    fn no_change_is_no_text() {
        assert_eq!(unified("Dockerfile", Some(b"FROM a\n"), b"FROM a\n"), "");
    }
}
