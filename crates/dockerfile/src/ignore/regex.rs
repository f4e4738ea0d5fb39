//! The little of Go's regular expressions that moby makes of a pattern, and what a pattern can smuggle into it: moby forgets to
//! escape `|`, `{` and `}`, so that these mean what they mean there. Classes by Unicode property (`\pL`) and `\Q…\E` are not
//! supported. Time: path length × expression length. Reference: <https://pkg.go.dev/regexp/syntax>.

use super::set::{Set, escaped};

/// A compiled expression, `^…$`; the anchors belong to the first and the last alternative.
#[derive(Clone, Debug)]
pub(super) struct Regex {
    alternatives: Vec<Sequence>,
}

/// What stands between two `|`.
#[derive(Clone, Debug, Default)]
struct Sequence {
    tokens: Vec<Token>,
    from_start: bool,
    to_end: bool,
    /// What any match begins and ends with.
    beginning: String,
    ending: String,
    /// Elements that can match in more than one way.
    choices: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    One(Set),
    /// One of these or nothing.
    Maybe(Set),
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

/// Most repetitions that Go takes.
const MAX_REPEAT: usize = 1000;

impl Regex {
    /// Compiles what stands between `^` and `$`; none if Go could not.
    pub fn new(text: &str) -> Option<Self> {
        let mut alternatives = vec![Sequence { from_start: true, ..Sequence::default() }];
        // A backslash at the end escapes the `$` that moby puts there.
        let (text, escapes_end) = match text.strip_suffix('\\') {
            Some(before) if before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0 => (before, true),
            _ => (text, false),
        };
        let mut rest = text;
        while let Some(symbol) = rest.chars().next() {
            let behind = &rest[symbol.len_utf8()..];
            if symbol == '|' {
                alternatives.push(Sequence::default());
                rest = behind;
            } else {
                rest = alternatives.last_mut()?.read(symbol, behind)?;
            }
        }
        if escapes_end {
            alternatives.last_mut()?.text('$');
        }
        alternatives.last_mut()?.to_end = !escapes_end;
        alternatives.iter_mut().for_each(Sequence::finish);
        Some(Self { alternatives })
    }

    /// What any path that it matches begins with.
    pub fn beginning(&self) -> &str {
        match &self.alternatives[..] {
            [one] => &one.beginning,
            _ => "",
        }
    }

    /// Whether it is found in `path`.
    pub fn matches(&self, path: &str) -> bool {
        self.alternatives.iter().any(|sequence| sequence.is_in(path))
    }
}

impl Sequence {
    /// Reads the element that begins with `symbol`; returns what follows it.
    fn read<'a>(&mut self, symbol: char, behind: &'a str) -> Option<&'a str> {
        match symbol {
            '[' => {
                let (set, behind) = Set::bracket(behind)?;
                let many = behind.strip_prefix('*');
                self.tokens.push(if many.is_some() { Token::Many(set) } else { Token::One(set) });
                Some(many.unwrap_or(behind))
            }
            '(' => {
                self.tokens.push(Token::Folders);
                behind.strip_prefix(".*/)?")
            }
            '.' => {
                self.tokens.push(Token::Rest);
                behind.strip_prefix('*')
            }
            '\\' => self.escape(behind),
            '^' => {
                self.tokens.push(Token::Start);
                Some(behind)
            }
            '{' => match repetition(behind) {
                Some((least, most, behind)) => self.repeat(least, most).map(|()| behind),
                None => {
                    self.text('{');
                    Some(behind)
                }
            },
            _ => {
                self.text(symbol);
                Some(behind)
            }
        }
    }

    fn text(&mut self, symbol: char) {
        if let Some(Token::Text(text)) = self.tokens.last_mut() {
            text.push(symbol);
        } else {
            self.tokens.push(Token::Text(symbol.to_string()));
        }
    }

    /// What a backslash before `text` stands for; returns what follows.
    fn escape<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let symbol = text.chars().next()?;
        let behind = &text[symbol.len_utf8()..];
        match symbol {
            'A' => self.tokens.push(Token::Start),
            'z' => self.tokens.push(Token::End),
            'b' | 'B' => self.tokens.push(Token::WordEdge(symbol == 'b')),
            _ => {
                let Some(set) = Set::of_letter(symbol) else {
                    let (literal, behind) = escaped(text)?;
                    self.text(literal);
                    return Some(behind);
                };
                self.tokens.push(Token::One(set));
            }
        }
        Some(behind)
    }

    /// Repeats the last character or class. Nothing else can be repeated in what moby writes.
    fn repeat(&mut self, least: usize, most: Option<usize>) -> Option<()> {
        if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT || most < least) {
            return None;
        }
        let set = match self.tokens.pop()? {
            Token::One(set) => set,
            Token::Text(mut text) => {
                let symbol = text.pop()?;
                if !text.is_empty() {
                    self.tokens.push(Token::Text(text));
                }
                Set::single(symbol)
            }
            _ => return None,
        };
        self.tokens.extend(std::iter::repeat_n(Token::One(set.clone()), least));
        match most {
            Some(most) => self.tokens.extend(std::iter::repeat_n(Token::Maybe(set), most - least)),
            None => self.tokens.push(Token::Many(set)),
        }
        Some(())
    }

    fn finish(&mut self) {
        let text = |token: Option<&Token>| match token {
            Some(Token::Text(text)) => text.clone(),
            _ => String::new(),
        };
        if self.from_start {
            self.beginning = text(self.tokens.first());
        }
        if self.to_end {
            self.ending = text(self.tokens.last());
        }
        let choice = |token: &&Token| matches!(token, Token::Many(_) | Token::Maybe(_) | Token::Folders | Token::Rest);
        self.choices = self.tokens.iter().filter(choice).count();
    }

    fn is_in(&self, path: &str) -> bool {
        if !path.starts_with(&self.beginning) || !path.ends_with(&self.ending) {
            return false;
        }
        if self.from_start {
            return self.is_at(path, 0);
        }
        path.char_indices().map(|(at, _)| at).chain([path.len()]).any(|at| self.is_at(path, at))
    }

    fn is_at(&self, path: &str, start: usize) -> bool {
        let mut seen = Seen { width: path.len() + 1, bits: Vec::new(), needed: self.choices > 1 };
        let mut open = Vec::new();
        let (mut index, mut at) = (0, start);
        loop {
            let step = match self.tokens.get(index) {
                None if at == path.len() || !self.to_end => return true,
                None => Step::No,
                Some(token) => token.step(path, at),
            };
            match step {
                Step::To(next) => (index, at) = (index + 1, next),
                Step::Or(next, other) if seen.first_time(index, at, self.tokens.len()) => {
                    open.extend(other.map(|(other, again)| (if again { index } else { index + 1 }, other)));
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

/// `n}`, `n,}` or `n,m}` behind an opening brace, and what follows; none if the brace is only a brace.
fn repetition(text: &str) -> Option<(usize, Option<usize>, &str)> {
    let (inside, behind) = text.split_once('}')?;
    let number = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !(text.len() > 1 && text.starts_with('0'));
        (is_number && !text.is_empty()).then(|| text.parse().unwrap_or(usize::MAX))
    };
    let (least, most) = match inside.split_once(',') {
        None => (number(inside)?, Some(number(inside)?)),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some((least, most, behind))
}

/// What follows from one place for one element.
enum Step {
    /// The element ends here.
    To(usize),
    /// It may end here, or go on from the second place: with itself again, or with what follows it.
    Or(usize, Option<(usize, bool)>),
    No,
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
            Self::Maybe(set) => {
                Step::Or(at, next.filter(|symbol| set.contains(*symbol)).map(|symbol| (after(symbol), false)))
            }
            Self::Many(set) => {
                Step::Or(at, next.filter(|symbol| set.contains(*symbol)).map(|symbol| (after(symbol), true)))
            }
            Self::Rest => Step::Or(at, next.filter(|symbol| *symbol != '\n').map(|symbol| (after(symbol), true))),
            Self::Folders => {
                let folder = rest.find('/').filter(|length| !rest[..*length].contains('\n'));
                Step::Or(at, folder.map(|length| (at + length + 1, true)))
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
