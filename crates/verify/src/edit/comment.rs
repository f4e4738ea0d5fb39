//! Comments that carry a marker, in each file's own syntax. JavaScript, TypeScript and CSS get the `/*! … */` that compilers
//! and bundlers keep in what they emit.

/// How a language comments: what stands before and after.
struct Syntax {
    extensions: &'static [&'static str],
    before: &'static str,
    after: &'static str,
}

const SYNTAXES: [Syntax; 7] = [
    Syntax {
        extensions: &["py", "rb", "sh", "bash", "pl", "pm", "r", "ex", "exs", "coffee", "nim", "jl", "tcl", "cr"],
        before: "# ",
        after: "",
    },
    Syntax {
        extensions: &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "css", "scss", "less"],
        before: "/*! ",
        after: " */",
    },
    Syntax {
        extensions: &[
            "go", "rs", "java", "kt", "scala", "c", "h", "cc", "cpp", "hpp", "cs", "fs", "swift", "dart", "groovy",
            "zig",
        ],
        before: "// ",
        after: "",
    },
    Syntax { extensions: &["html", "htm", "md", "vue", "svelte", "astro"], before: "<!-- ", after: " -->" },
    Syntax { extensions: &["lua", "sql", "hs", "elm"], before: "-- ", after: "" },
    Syntax { extensions: &["clj", "cljs", "lisp", "scm"], before: ";; ", after: "" },
    Syntax { extensions: &["erl"], before: "% ", after: "" },
];

/// The contents of `path` with a comment appended that carries `marker`; none where the syntax is not known.
pub(crate) fn appended(path: &str, contents: &[u8], marker: &str) -> Option<Vec<u8>> {
    let (before, after) = around(path, contents)?;
    let end: &[u8] = if contents.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
    let mut edited = contents.to_vec();
    if !edited.is_empty() && !edited.ends_with(b"\n") {
        edited.extend_from_slice(end);
    }
    edited.extend_from_slice(format!("{before}jettison edit {marker}{after}").as_bytes());
    edited.extend_from_slice(end);
    Some(edited)
}

fn around(path: &str, contents: &[u8]) -> Option<(&'static str, &'static str)> {
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    if extension == "php" {
        return Some(if ends_in_php(contents) { ("// ", "") } else { ("<!-- ", " -->") });
    }
    let syntax = SYNTAXES.iter().find(|syntax| syntax.extensions.contains(&extension.as_str()))?;
    Some((syntax.before, syntax.after))
}

/// Whether the end of a PHP file is code, not the page around it.
fn ends_in_php(contents: &[u8]) -> bool {
    let last = |tag: &[u8]| contents.windows(tag.len()).rposition(|window| window == tag);
    match (last(b"<?"), last(b"?>")) {
        (Some(open), Some(close)) => open > close,
        (open, _) => open.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::appended;

    fn edited(path: &str, contents: &str) -> String {
        String::from_utf8(appended(path, contents.as_bytes(), "m1").unwrap()).unwrap()
    }

    #[test]
    fn comments_in_the_files_own_syntax() {
        assert_eq!(edited("a/b.py", "x = 1\n"), "x = 1\n# jettison edit m1\n");
        assert_eq!(edited("main.ts", "let x"), "let x\n/*! jettison edit m1 */\n");
        assert_eq!(edited("main.go", ""), "// jettison edit m1\n");
        assert_eq!(edited("index.HTML", "<p>\n"), "<p>\n<!-- jettison edit m1 -->\n");
    }

    #[test]
    fn keeps_the_files_line_ends() {
        assert_eq!(edited("a.rb", "x\r\ny"), "x\r\ny\r\n# jettison edit m1\r\n");
    }

    #[test]
    fn comments_a_php_file_where_it_ends() {
        assert_eq!(edited("a.php", "<?php f();\n"), "<?php f();\n// jettison edit m1\n");
        assert_eq!(edited("a.php", "<?php f(); ?>\n<p>\n"), "<?php f(); ?>\n<p>\n<!-- jettison edit m1 -->\n");
    }

    #[test]
    fn leaves_alone_what_has_no_comments() {
        assert_eq!(appended("package.json", b"{}", "m1"), None);
        assert_eq!(appended("Makefile", b"", "m1"), None);
    }
}
