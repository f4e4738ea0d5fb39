//! One pattern, compiled. moby turns patterns into Go regular expressions or, where it can, into plain comparisons; both
//! are followed here to the letter, oddities included (`[!a]` is no negation, `a**b` reaches over folders only whole,
//! `\d` is a digit, and `|` beside a wildcard an alternative). Reference: <https://github.com/moby/patternmatcher>.

use super::regex::Regex;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) enum Glob {
    /// The path itself.
    Exact(String),
    /// Ends in `**`: everything that begins so.
    Prefix(String),
    /// Begins with `**`: everything that ends so; `/name` also matches `name`.
    Suffix(String),
    /// Everything else.
    Regex(Regex),
}

impl Glob {
    /// Compiles a cleaned pattern; none if the builder could not.
    pub fn new(pattern: &str) -> Option<Self> {
        let (kind, regex) = translate(pattern);
        Some(match kind {
            Kind::Exact => Self::Exact(pattern.to_owned()),
            Kind::Prefix => Self::Prefix(pattern.strip_suffix("**").unwrap_or(pattern).to_owned()),
            Kind::Suffix => Self::Suffix(pattern.strip_prefix("**").unwrap_or(pattern).to_owned()),
            Kind::Regex => Self::Regex(Regex::new(&regex)?),
        })
    }

    /// Whether it has no wildcards.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }

    /// What any path that it matches begins with.
    pub fn beginning(&self) -> &str {
        match self {
            Self::Exact(text) | Self::Prefix(text) => text,
            Self::Suffix(_) => "",
            Self::Regex(regex) => regex.beginning(),
        }
    }

    /// Whether it matches the whole of `path`.
    pub fn matches(&self, path: &str) -> bool {
        match self {
            Self::Exact(text) => path == text,
            Self::Prefix(text) => path.starts_with(text),
            Self::Suffix(text) => path.ends_with(text) || text.strip_prefix('/') == Some(path),
            Self::Regex(regex) => regex.matches(path),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Exact,
    Prefix,
    Suffix,
    Regex,
}

/// What kind of comparison moby chooses, and the regular expression that it would write.
fn translate(pattern: &str) -> (Kind, String) {
    let (mut kind, mut regex) = (Kind::Exact, String::new());
    // moby's scanner steps over a byte-order mark.
    let mut symbols = pattern.strip_prefix('\u{feff}').unwrap_or(pattern).chars().peekable();
    let mut first = true;
    while let Some(symbol) = symbols.next() {
        match symbol {
            '*' if symbols.next_if_eq(&'*').is_some() => {
                symbols.next_if_eq(&'/');
                if symbols.peek().is_some() {
                    regex.push_str("(.*/)?");
                    kind = Kind::Regex;
                } else if kind == Kind::Exact {
                    kind = Kind::Prefix;
                } else {
                    regex.push_str(".*");
                    kind = Kind::Regex;
                }
                if first {
                    kind = Kind::Suffix;
                }
            }
            '*' | '?' => {
                regex.push_str(if symbol == '*' { "[^/]*" } else { "[^/]" });
                kind = Kind::Regex;
            }
            '.' | '+' | '(' | ')' | '$' => regex.extend(['\\', symbol]),
            '\\' => {
                regex.push('\\');
                if let Some(escaped) = symbols.next() {
                    regex.push(escaped);
                    kind = Kind::Regex;
                }
            }
            '[' | ']' => {
                regex.push(symbol);
                kind = Kind::Regex;
            }
            _ => regex.push(symbol),
        }
        first = false;
    }
    (kind, regex)
}
