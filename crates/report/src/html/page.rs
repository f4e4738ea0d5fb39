//! The page around the content, and what every piece of it goes through: escaping, tables, numbers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jettison_model::ByteSize;
use sha2::{Digest, Sha256};

use crate::Evidence;
use crate::text::harmless;
use crate::text::image::mark;

const STYLE: &str = include_str!("style.css");

/// A whole page. `script` may be empty; `data` is for it, see [`data_block`].
pub(super) fn page(title: &str, body: &str, data: &str, script: &str) -> String {
    let allowed = if script.is_empty() { "'none'".to_owned() } else { format!("'{}'", digest(script)) };
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src {allowed}; base-uri 'none'; form-action 'none'",
        digest(STYLE)
    );
    let script = if script.is_empty() { String::new() } else { format!("{data}<script>{script}</script>\n") };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}{script}</body>\n</html>\n",
        escaped(title)
    )
}

/// As content security policies name a source.
fn digest(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// JSON in a block that is not run and that nothing in it can end.
pub(super) fn data_block(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + json.len() / 64);
    for sign in json.chars() {
        match sign {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign => safe.push(sign),
        }
    }
    format!("<script type=\"application/json\" id=\"data\">{safe}</script>\n")
}

/// A text that means nothing but itself, also in an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in harmless(text).chars() {
        match sign {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            sign => shown.push(sign),
        }
    }
    shown
}

/// A path or command, kept apart from the direction of the text around it.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code><bdi>{}</bdi></code>", escaped(text)) }
}

/// `~61.2 MB`
pub(super) fn size(bytes: u64, evidence: Evidence) -> String {
    format!("{}{}", mark(evidence), ByteSize(bytes))
}

pub(super) fn maybe_size(bytes: Option<u64>, evidence: Evidence) -> String {
    bytes.map_or_else(|| UNKNOWN.to_owned(), |bytes| size(bytes, evidence))
}

/// A number that nobody knows.
const UNKNOWN: &str = "–";

/// A head of a column: its text, and whether numbers stand below it.
pub(super) type Head = (&'static str, bool);

/// A table; cells are HTML already. Columns of numbers that nobody knows are left out.
pub(super) fn table(heads: &[Head], rows: &[Vec<String>]) -> String {
    let known = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(|cell| cell != UNKNOWN));
    let kept: Vec<usize> = (0..heads.len()).filter(|at| known(*at)).collect();
    let heads: Vec<Head> = kept.iter().filter_map(|at| heads.get(*at).copied()).collect();
    let class = |number: bool| if number { " class=\"n\"" } else { "" };
    let mut text = "<div class=\"scroll\"><table>\n<thead><tr>".to_owned();
    for (head, number) in &heads {
        text.push_str(&format!("<th scope=\"col\"{}>{head}</th>", class(*number)));
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        text.push_str("<tr>");
        for (cell, (_, number)) in kept.iter().filter_map(|at| row.get(*at)).zip(&heads) {
            text.push_str(&format!("<td{}>{cell}</td>", class(*number)));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody></table></div>\n");
    text
}

/// A section with a head and what it is about; empty without rows.
pub(super) fn section(head: &str, about: &str, heads: &[Head], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let about = if about.is_empty() { String::new() } else { format!(" <small>{about}</small>") };
    format!("<section><h2>{head}{about}</h2>\n{}</section>\n", table(heads, rows))
}

/// `… and 1,204 more`, where a table leaves something out.
pub(super) fn left_out(all: usize, shown: usize) -> String {
    let rest = all.saturating_sub(shown);
    if rest == 0 {
        String::new()
    } else {
        format!(" · {} more are in the JSON", crate::text::image::count(rest as u64))
    }
}

/// The sums at the top: name and value, both HTML already.
pub(super) fn sums(pairs: &[(&str, String)]) -> String {
    let pair = |(name, value): &(&str, String)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
    format!("<dl class=\"sums\">{}</dl>\n", pairs.iter().map(pair).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_ends_its_block() {
        let json = serde_json::to_string("</script><!--<script>&\u{2028}").unwrap();
        let block = data_block(&json);
        assert_eq!(block.matches('<').count(), 2, "{block}");
        let inner = block.split_once('>').unwrap().1.rsplit_once('<').unwrap().0;
        assert_eq!(serde_json::from_str::<String>(inner).unwrap(), "</script><!--<script>&\u{2028}");
    }

    #[test]
    fn nothing_escaped_ends_an_attribute_or_an_element() {
        assert_eq!(escaped("\" onload='x' <b>&\u{202e}"), "&quot; onload=&#39;x&#39; &lt;b&gt;&amp;\\u{202E}");
    }

    #[test]
    fn the_policy_names_the_script_that_is_there() {
        let text = page("t", "", "", "alert(1)");
        assert!(text.contains("script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{text}");
        assert!(page("t", "", "", "").contains("script-src 'none'"));
    }
}
