//! One pattern, compiled. moby turns patterns into Go regular expressions or, where it can, into plain comparisons; both
//! are followed here to the letter, oddities included (`[!a]` is no negation, `a**b` reaches over folders only whole,
//! `\d` is a digit). Escapes by number or Unicode class (`\x41`, `\pL`) are refused. Time: path length × pattern length.

use super::set::{Set, escaped};

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
    Tokens(Tokens),
}

/// The elements of a pattern with what any path that it matches begins and ends with.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    tokens: Vec<Token>,
    beginning: String,
    ending: String,
    /// Elements that can match in more than one way.
    choices: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    One(Set),
    /// Any number of these.
    Many(Set),
    /// Nothing, or whole folders with their slash.
    Folders,
    /// Anything but line feeds.
    Rest,
    Start,
    End,
    /// Between a word character and another one (or not).
    WordEdge(bool),
}

impl Glob {
    /// Compiles a cleaned pattern; none if the builder could not.
    pub fn new(pattern: &str) -> Option<Self> {
        let (kind, regex) = translate(pattern);
        Some(match kind {
            Kind::Exact => Self::Exact(pattern.to_owned()),
            Kind::Prefix => Self::Prefix(pattern.strip_suffix("**").unwrap_or(pattern).to_owned()),
            Kind::Suffix => Self::Suffix(pattern.strip_prefix("**").unwrap_or(pattern).to_owned()),
            Kind::Regex => Self::Tokens(Tokens::new(parse(&regex)?)),
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
            Self::Tokens(tokens) => &tokens.beginning,
        }
    }

    /// Whether it matches the whole of `path`.
    pub fn matches(&self, path: &str) -> bool {
        match self {
            Self::Exact(text) => path == text,
            Self::Prefix(text) => path.starts_with(text),
            Self::Suffix(text) => path.ends_with(text) || text.strip_prefix('/') == Some(path),
            Self::Tokens(tokens) => tokens.matches(path),
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
    let mut symbols = pattern.chars().peekable();
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
            '.' | '+' | '(' | ')' | '|' | '{' | '}' | '$' => regex.extend(['\\', symbol]),
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

/// Reads the little of regular expressions that [`translate`] writes, and what a pattern can smuggle into it.
fn parse(regex: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = regex;
    while let Some(symbol) = rest.chars().next() {
        let behind = &rest[symbol.len_utf8()..];
        rest = match symbol {
            '[' => {
                let (set, behind) = Set::bracket(behind)?;
                let many = behind.strip_prefix('*');
                tokens.push(if many.is_some() { Token::Many(set) } else { Token::One(set) });
                many.unwrap_or(behind)
            }
            '(' => {
                tokens.push(Token::Folders);
                behind.strip_prefix(".*/)?")?
            }
            '.' => {
                tokens.push(Token::Rest);
                behind.strip_prefix('*')?
            }
            '\\' => {
                let escaped = behind.chars().next()?;
                push_escaped(&mut tokens, escaped)?;
                &behind[escaped.len_utf8()..]
            }
            '^' => {
                tokens.push(Token::Start);
                behind
            }
            _ => {
                push_text(&mut tokens, symbol);
                behind
            }
        };
    }
    Some(tokens)
}

fn push_text(tokens: &mut Vec<Token>, symbol: char) {
    if let Some(Token::Text(text)) = tokens.last_mut() {
        text.push(symbol);
    } else {
        tokens.push(Token::Text(symbol.to_string()));
    }
}

fn push_escaped(tokens: &mut Vec<Token>, symbol: char) -> Option<()> {
    match symbol {
        'A' => tokens.push(Token::Start),
        'z' => tokens.push(Token::End),
        'b' | 'B' => tokens.push(Token::WordEdge(symbol == 'b')),
        _ => match Set::of_letter(symbol) {
            Some(set) => tokens.push(Token::One(set)),
            None => push_text(tokens, escaped(symbol)?),
        },
    }
    Some(())
}

/// What follows from one place for one element.
enum Step {
    /// The element ends here.
    To(usize),
    /// It may end here, or be tried again from the second place.
    Or(usize, Option<usize>),
    No,
}

impl Tokens {
    fn new(tokens: Vec<Token>) -> Self {
        let text = |token: Option<&Token>| match token {
            Some(Token::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let choice = |token: &&Token| matches!(token, Token::Many(_) | Token::Folders | Token::Rest);
        let choices = tokens.iter().filter(choice).count();
        Self { beginning: text(tokens.first()), ending: text(tokens.last()), choices, tokens }
    }

    fn matches(&self, path: &str) -> bool {
        if !path.starts_with(&self.beginning) || !path.ends_with(&self.ending) {
            return false;
        }
        let mut seen = Seen { width: path.len() + 1, bits: Vec::new(), needed: self.choices > 1 };
        let mut open = Vec::new();
        let (mut index, mut at) = (0, 0);
        loop {
            let step = match self.tokens.get(index) {
                None if at == path.len() => return true,
                None => Step::No,
                Some(token) => token.step(path, at),
            };
            match step {
                Step::To(next) => (index, at) = (index + 1, next),
                Step::Or(next, again) if seen.first_time(index, at, self.tokens.len()) => {
                    open.extend(again.map(|again| (index, again)));
                    (index, at) = (index + 1, next);
                }
                _ => match open.pop() {
                    Some(place) => (index, at) = place,
                    None => return false,
                },
            }
        }
    }
}

impl Token {
    fn step(&self, path: &str, at: usize) -> Step {
        let rest = &path[at..];
        let next = rest.chars().next();
        let after = |symbol: char| at + symbol.len_utf8();
        let when = |holds: bool| if holds { Step::To(at) } else { Step::No };
        match self {
            Self::Text(text) if rest.starts_with(text) => Step::To(at + text.len()),
            Self::Text(_) => Step::No,
            Self::One(set) => {
                next.filter(|symbol| set.contains(*symbol)).map_or(Step::No, |symbol| Step::To(after(symbol)))
            }
            Self::Many(set) => Step::Or(at, next.filter(|symbol| set.contains(*symbol)).map(after)),
            Self::Rest => Step::Or(at, next.filter(|symbol| *symbol != '\n').map(after)),
            Self::Folders => {
                let folder = rest.find('/').filter(|length| !rest[..*length].contains('\n'));
                Step::Or(at, folder.map(|length| at + length + 1))
            }
            Self::Start => when(at == 0),
            Self::End => when(rest.is_empty()),
            Self::WordEdge(edge) => {
                let is_word =
                    |symbol: Option<char>| symbol.is_some_and(|symbol| symbol.is_ascii_alphanumeric() || symbol == '_');
                when((is_word(path[..at].chars().next_back()) != is_word(next)) == *edge)
            }
        }
    }
}

/// Which choices were tried at which places; only needed where there is more than one.
struct Seen {
    width: usize,
    bits: Vec<u64>,
    needed: bool,
}

impl Seen {
    fn first_time(&mut self, index: usize, at: usize, tokens: usize) -> bool {
        if !self.needed {
            return true;
        }
        if self.bits.is_empty() {
            self.bits = vec![0; (tokens * self.width).div_ceil(64)];
        }
        let place = index * self.width + at;
        let (word, bit) = (place / 64, 1 << (place % 64));
        let first = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        first
    }
}
