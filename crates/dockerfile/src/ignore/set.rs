//! Sets of characters: bracket expressions and the classes behind a backslash, as Go's regular expressions read them
//! (moby's patternmatcher hands them through). Reference: <https://pkg.go.dev/regexp/syntax>.

/// Characters by ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    ranges: Vec<(char, char)>,
    negated: bool,
}

impl Set {
    /// Whether `symbol` is in it.
    pub fn contains(&self, symbol: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&symbol)) != self.negated
    }

    /// One character.
    pub fn single(symbol: char) -> Self {
        Self { ranges: vec![(symbol, symbol)], negated: false }
    }

    /// The class of `\d`, `\w`, `\s` and their opposites.
    pub fn of_letter(letter: char) -> Option<Self> {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => vec![('0', '9')],
            'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            's' => vec![('\t', '\n'), ('\x0c', '\r'), (' ', ' ')],
            _ => return None,
        };
        Some(Self { ranges, negated: letter.is_ascii_uppercase() })
    }

    /// A bracket expression from behind its `[`, and what follows its `]`.
    pub fn bracket(text: &str) -> Option<(Self, &str)> {
        let (negated, mut rest) = text.strip_prefix('^').map_or((false, text), |rest| (true, rest));
        let mut set = Self { ranges: Vec::new(), negated };
        let mut first = true;
        loop {
            if !first && rest.starts_with(']') {
                return Some((set, &rest[1..]));
            }
            first = false;
            rest = set.member(rest)?;
        }
    }

    /// Adds what `text` begins with: a named class, a class behind a backslash, a character or a range.
    fn member<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        if let Some((name, rest)) = text.strip_prefix("[:").and_then(|text| text.split_once(":]")) {
            return self.add_named(name).map(|()| rest);
        }
        if let Some(class) = text.strip_prefix('\\').and_then(|rest| rest.chars().next()).and_then(Self::of_letter) {
            self.add(&class);
            return Some(&text[2..]);
        }
        let (low, rest) = single(text)?;
        let (high, rest) = match rest.strip_prefix('-') {
            Some(behind) if !behind.starts_with(']') => single(behind)?,
            _ => (low, rest),
        };
        (low <= high).then(|| self.ranges.push((low, high)))?;
        Some(rest)
    }

    /// Adds another set's characters.
    fn add(&mut self, other: &Self) {
        if !other.negated {
            self.ranges.extend(&other.ranges);
            return;
        }
        let mut from = '\0';
        for (low, high) in &other.ranges {
            if from < *low {
                self.ranges.extend(before(*low).map(|last| (from, last)));
            }
            let Some(next) = char::from_u32(*high as u32 + 1) else { return };
            from = next;
        }
        self.ranges.push((from, char::MAX));
    }

    fn add_named(&mut self, name: &str) -> Option<()> {
        let (name, negated) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
        let ranges = match name {
            "alnum" => vec![('0', '9'), ('A', 'Z'), ('a', 'z')],
            "alpha" => vec![('A', 'Z'), ('a', 'z')],
            "ascii" => vec![('\0', '\x7f')],
            "blank" => vec![('\t', '\t'), (' ', ' ')],
            "cntrl" => vec![('\0', '\x1f'), ('\x7f', '\x7f')],
            "digit" => vec![('0', '9')],
            "graph" => vec![('!', '~')],
            "lower" => vec![('a', 'z')],
            "print" => vec![(' ', '~')],
            "punct" => vec![('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
            "space" => vec![('\t', '\r'), (' ', ' ')],
            "upper" => vec![('A', 'Z')],
            "word" => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            "xdigit" => vec![('0', '9'), ('A', 'F'), ('a', 'f')],
            _ => return None,
        };
        self.add(&Self { ranges, negated });
        Some(())
    }
}

fn before(symbol: char) -> Option<char> {
    (symbol as u32).checked_sub(1).and_then(char::from_u32)
}

/// One character, escaped or not, and what follows it.
fn single(text: &str) -> Option<(char, &str)> {
    if let Some(behind) = text.strip_prefix('\\') {
        return escaped(behind);
    }
    let mut symbols = text.chars();
    let symbol = symbols.next()?;
    Some((symbol, symbols.as_str()))
}

/// What a backslash and the beginning of `text` stand for, and what follows: punctuation is itself, a few letters are control
/// characters, `x41`, `x{41}` and `101` are characters by number. Classes by Unicode property (`pL`) are not supported.
pub(super) fn escaped(text: &str) -> Option<(char, &str)> {
    let symbol = text.chars().next()?;
    let behind = &text[symbol.len_utf8()..];
    let is_octal = |byte: &u8| (b'0'..=b'7').contains(byte);
    let character = match symbol {
        'a' => '\x07',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'x' if behind.starts_with('{') => {
            let (digits, behind) = behind[1..].split_once('}')?;
            let is_number = !digits.is_empty() && is_hexadecimal(digits.as_bytes());
            return is_number.then(|| number(digits, digits.len(), 16)).flatten().map(|(found, _)| (found, behind));
        }
        'x' => return number(behind, 2, 16).filter(|_| behind.as_bytes().get(..2).is_some_and(is_hexadecimal)),
        // One digit alone, but for 0, would refer back to a group.
        '0' => return number(text, text.bytes().take(3).take_while(is_octal).count(), 8),
        '1'..='7' if behind.as_bytes().first().is_some_and(is_octal) => {
            return number(text, text.bytes().take(3).take_while(is_octal).count(), 8);
        }
        _ if symbol.is_ascii() && !symbol.is_ascii_alphanumeric() => symbol,
        _ => return None,
    };
    Some((character, behind))
}

fn is_hexadecimal(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

/// The character of that number, and what follows its digits.
fn number(text: &str, digits: usize, radix: u32) -> Option<(char, &str)> {
    let number = u32::from_str_radix(text.get(..digits)?, radix).ok()?;
    Some((char::from_u32(number)?, &text[digits..]))
}
