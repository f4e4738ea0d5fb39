//! Markdown for pull requests and job summaries: the same tables as on the terminal. Names from images are escaped: none of
//! them can become markup, a mention or a link.

mod analyze;
mod diff;
mod pull_request;

pub use analyze::analyze;
pub use diff::diff;
pub use pull_request::pull_request;

use jettison_model::ByteSize;

use crate::Evidence;
use crate::text::harmless;

/// A table; cells are Markdown already. `right` says which columns are numbers.
pub(crate) fn table(heads: &[&str], right: &[bool], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>());
    let rule = |right: &bool| if *right { "---:".to_owned() } else { "---".to_owned() };
    text.push_str(&line(&right.iter().map(rule).collect::<Vec<_>>()));
    for row in rows {
        text.push_str(&line(row));
    }
    text
}

/// A text that means nothing but itself.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in harmless(text).chars() {
        // a colon or an at sign in the right place would be a link or a mention
        if sign.is_ascii_punctuation()
            && !matches!(sign, '.' | ',' | '-' | '/' | '(' | ')' | '%' | '=' | '\'' | '"' | ';' | '+')
        {
            shown.push_str(&format!("&#{};", u32::from(sign)));
        } else {
            shown.push(sign);
        }
    }
    shown
}

/// A path, a command, a version.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", plain(text)) }
}

/// `~61.2 MB`
fn size(bytes: u64, evidence: Evidence) -> String {
    format!("{}{}", crate::text::image::mark(evidence), ByteSize(bytes))
}

fn maybe_size(bytes: Option<u64>, evidence: Evidence) -> String {
    bytes.map_or_else(|| "–".to_owned(), |bytes| size(bytes, evidence))
}

/// A section that starts closed.
pub(crate) fn folded(summary: &str, body: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{body}\n</details>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_markup() {
        let text = code("a|b`c`<img>@team https://x [x](y) *b* \u{202e}\n");
        for sign in ['|', '`', '@', '[', '*', ':', '\u{202e}', '\n'] {
            assert!(!text.contains(sign), "{sign:?} in {text}");
        }
        assert!(!text.contains("<img"), "{text}");
    }
}
