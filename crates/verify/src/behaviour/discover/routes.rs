//! Routes named in source files, found by the text in front of them; see `patterns` for the spellings, and nginx's `location`.

use std::collections::BTreeSet;

use super::patterns::{self, Kind, METHOD_AND_PATH, Pattern};
use super::{Finds, Rank, Source, paths};

/// Prefixes that are tried on routes of other files.
const MAX_PREFIXES: usize = 4;

/// Routes of one file that are looked at.
const MAX_HITS: usize = 200;

/// How far back a comment's start is looked for: minified code is one long line.
const MAX_LINE: usize = 300;

struct Hit {
    kind: Kind,
    path: String,
    offset: usize,
}

/// Adds the routes of all sources.
pub fn find(sources: &[Source], finds: &mut Finds) {
    let hits: Vec<(&Source, Vec<Hit>)> = sources.iter().map(|source| (source, hits(source))).collect();
    let everywhere = prefixes(hits.iter().flat_map(|(_, hits)| hits));
    for (source, hits) in &hits {
        let here = prefixes(hits);
        for hit in hits.iter().filter(|hit| hit.kind != Kind::Prefix) {
            let at = source.at(hit.offset);
            finds.add(Rank::Route, None, &hit.path, &at);
            for prefix in here.iter().filter(|prefix| **prefix != hit.path) {
                finds.add(Rank::Route, None, &paths::join(prefix, &hit.path), &at);
            }
            for prefix in everywhere.iter().filter(|prefix| !here.contains(*prefix)).take(MAX_PREFIXES) {
                finds.add(Rank::Prefixed, None, &paths::join(prefix, &hit.path), &at);
            }
        }
    }
}

fn prefixes<'a>(hits: impl IntoIterator<Item = &'a Hit>) -> BTreeSet<&'a str> {
    let prefixes = hits.into_iter().filter(|hit| hit.kind == Kind::Prefix && hit.path != "/");
    prefixes.map(|hit| hit.path.as_str()).take(MAX_PREFIXES).collect()
}

/// Everything in one file, in order of appearance.
fn hits(source: &Source) -> Vec<Hit> {
    let mut found: Vec<Hit> =
        patterns::of(&source.extension()).iter().flat_map(|pattern| matches(&source.text, pattern)).collect();
    found.extend(method_and_path(&source.text));
    if is_nginx(source) {
        found.extend(locations(&source.text));
    }
    found.sort_by_key(|hit| hit.offset);
    found.truncate(MAX_HITS);
    found
}

fn matches(text: &str, pattern: &Pattern) -> Vec<Hit> {
    let found = text.match_indices(pattern.marker).filter_map(|(at, marker)| {
        let from = at + marker.len();
        let rest = text.get(from..)?;
        let (path, after) = quoted(rest)?;
        let is_route = path.starts_with('/') || (pattern.relative && is_relative_route(path));
        if !is_route || (pattern.kind == Kind::Any && !allows_get(after)) || is_comment(text, at) {
            return None;
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Some(Hit { kind: pattern.kind, path: path.replace("/^", "/"), offset: at })
    });
    found.collect()
}

/// The text in the quotes that follow, after blanks, a `value =` or `path =`, and a string prefix; and what follows them.
fn quoted(rest: &str) -> Option<(&str, &str)> {
    let mut rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '(', '{', '[']);
    for name in ["value", "path", "rule", "route", "pattern"] {
        if let Some(after) = rest.strip_prefix(name).map(str::trim_start).and_then(|rest| rest.strip_prefix(['=', ':']))
        {
            rest = after.trim_start_matches([' ', '{']);
        }
    }
    let rest = rest.strip_prefix(['r', 'b', 'f', 'u', '@']).unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| ['"', '\'', '`'].contains(c))?;
    let rest = rest.get(1..)?;
    let end = rest.find([quote, '\n'])?;
    let after = rest.get(end..)?.strip_prefix(quote)?;
    Some((rest.get(..end)?, after))
}

fn is_relative_route(path: &str) -> bool {
    let first = path.chars().next();
    let starts = first.is_some_and(|c| c.is_ascii_alphanumeric() || "_^<{:".contains(c)) && !path.contains("://");
    starts && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether the rest of a call names GET, or no method at all.
fn allows_get(after: &str) -> bool {
    let mut depth = 0_i32;
    let call: String = after
        .chars()
        .take(300)
        .take_while(|c| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth >= 0
        })
        .collect();
    let lower = call.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let named = |method: &str| lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == method);
    words.any(|word| word == "get") || !["post", "put", "delete", "patch"].into_iter().any(named)
}

/// `at` is in a comment that lasts to the end of its line.
fn is_comment(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(MAX_LINE));
    let line = text.get(from..at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default().trim_start();
    line.starts_with("//")
        || line.contains("// ")
        || (line.starts_with('#') && !line.starts_with("#["))
        || line.starts_with("* ")
}

/// `"GET /x"` as a text of its own.
fn method_and_path(text: &str) -> Vec<Hit> {
    let found = text.match_indices(METHOD_AND_PATH.marker).filter_map(|(at, marker)| {
        let quote = text.get(..at)?.chars().next_back().filter(|c| ['"', '\'', '`'].contains(c))?;
        let path = text.get(at + marker.len() - 1..)?;
        let path = path.get(..path.find([quote, '\n', ' '])?)?;
        Some(Hit { kind: Kind::MethodAndPath, path: path.trim_end_matches("{$}").to_owned(), offset: at })
    });
    found.collect()
}

fn is_nginx(source: &Source) -> bool {
    ["conf", "nginx", "template"].contains(&source.extension().as_str()) && source.text.contains("location")
}

/// nginx's `location = /x {` and `location [^~] /x {`; regular expressions and named ones are no paths.
fn locations(text: &str) -> Vec<Hit> {
    let found = text.match_indices("location").filter_map(|(at, word)| {
        let mut words = text.get(at + word.len()..)?.split_whitespace();
        let first = words.next()?;
        let path = if ["=", "^~"].contains(&first) { words.next()? } else { first };
        let path = path.trim_end_matches('{');
        (path.starts_with('/') && !is_comment(text, at)).then(|| Hit {
            kind: Kind::Get,
            path: path.to_owned(),
            offset: at,
        })
    });
    found.collect()
}
