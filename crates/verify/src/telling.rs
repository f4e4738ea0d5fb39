//! Which line of a log says most about why it ended. A rule of thumb over the words that runtimes and loaders use; it only
//! chooses what people are shown first, never whether a candidate holds.

/// Words that name a cause, with their weight. Compared without case.
const CAUSES: [(&str, u32); 31] = [
    ("error while loading shared libraries", 9),
    ("cannot open shared object file", 9),
    ("exec format error", 9),
    ("modulenotfounderror", 9),
    ("importerror:", 9),
    ("cannot find module", 9),
    ("err_module_not_found", 9),
    ("filenotfounderror", 8),
    ("permissionerror", 8),
    ("eacces", 8),
    ("enoent", 8),
    ("no such file or directory", 8),
    ("permission denied", 8),
    ("read-only file system", 8),
    ("command not found", 8),
    ("executable file not found", 8),
    (": not found", 7),
    ("no space left on device", 9),
    ("out of memory", 8),
    ("address already in use", 7),
    ("panic:", 7),
    ("panicked at", 7),
    ("segmentation fault", 7),
    ("exception in thread", 7),
    ("could not find or load main class", 9),
    ("noclassdeffounderror", 8),
    ("fatal", 5),
    ("exception", 4),
    ("error", 4),
    ("failed", 3),
    ("warn", 0),
];

/// The 0-based index of the line that says most, or none if there is no line with words in it. Of equal lines the last: later
/// lines name the outcome, earlier ones the way there.
pub fn telling_line<S: AsRef<str>>(lines: &[S]) -> Option<usize> {
    let weighed = lines.iter().enumerate().filter(|(_, line)| !line.as_ref().trim().is_empty());
    weighed.max_by_key(|(at, line)| (weight(line.as_ref()), *at)).map(|(at, _)| at)
}

fn weight(line: &str) -> u32 {
    let folded = line.to_ascii_lowercase();
    let cause = CAUSES.iter().filter(|(word, _)| folded.contains(word)).map(|(_, weight)| *weight).max().unwrap_or(1);
    cause * 2 + u32::from(names_an_exception(line))
}

/// `ValueError: …`, `java.io.IOException: …`: the line that ends a stack trace.
fn names_an_exception(line: &str) -> bool {
    let Some((name, _)) = line.trim_start().split_once(':') else { return false };
    let word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_');
    word && (name.ends_with("Error") || name.ends_with("Exception"))
}

#[cfg(test)]
mod tests {
    use super::telling_line;

    fn told(log: &str) -> Option<&str> {
        let lines: Vec<&str> = log.lines().collect();
        telling_line(&lines).map(|at| lines[at])
    }

    #[test]
    fn finds_the_exception_below_a_python_traceback() {
        let log = "[INFO] Booting worker\nTraceback (most recent call last):\n  File \"/app/wsgi.py\", line 1, in <module>\n    \
                   import yaml\nModuleNotFoundError: No module named 'yaml'\n[ERROR] Worker failed to boot.\n";
        assert_eq!(told(log), Some("ModuleNotFoundError: No module named 'yaml'"));
    }

    #[test]
    fn finds_the_cause_above_a_node_stack() {
        let log = "node:internal/modules/cjs/loader:1148\n  throw err;\n\nError: Cannot find module '/app/dist/server.js'\n    at \
                   Module._resolveFilename (node:internal)\n{\n  code: 'MODULE_NOT_FOUND'\n}\n\nNode.js v20.11.0\n";
        assert_eq!(told(log), Some("Error: Cannot find module '/app/dist/server.js'"));
    }

    #[test]
    fn finds_the_missing_library() {
        let log = "starting\n./app: error while loading shared libraries: libpq.so.5: cannot open shared object file\nerror: exit\n";
        assert!(told(log).is_some_and(|line| line.contains("libpq.so.5")));
    }

    #[test]
    fn takes_the_last_line_where_none_names_a_cause() {
        assert_eq!(told("one\ntwo\n\n"), Some("two"));
        assert_eq!(told("\n\n"), None);
    }
}
