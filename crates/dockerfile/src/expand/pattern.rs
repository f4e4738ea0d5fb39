//! Shell patterns (`*`, `?`, `\`) of the modifiers `#`, `##`, `%`, `%%`, `/` and `//`; no bracket expressions, as in
//! BuildKit. A pattern is tried by the set of places that it can reach, so that the time is bounded by pattern × value.

use super::fault::Fault;
use super::lexer::MAX_VALUE;

/// One element of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// `*`: anything but line feeds.
    Any,
    /// `?`: one character, not a line feed.
    One,
    /// Itself.
    Literal(char),
}

fn tokens(pattern: &str) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut symbols = pattern.chars().peekable();
    while let Some(symbol) = symbols.next() {
        tokens.push(match symbol {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' if matches!(symbols.peek(), Some('}' | '/')) => continue,
            '\\' => match symbols.next() {
                Some(escaped @ ('*' | '?' | '\\')) => Token::Literal(escaped),
                other => {
                    let other = other.unwrap_or('\u{FFFD}');
                    let cause = format!("invalid pattern ({pattern}) in substitution: invalid escape '\\{other}'");
                    return Err(Fault::Syntax(cause));
                }
            },
            _ => Token::Literal(symbol),
        });
    }
    Ok(tokens)
}

/// How many characters at the beginning of `value` the pattern can match: the fewest and the most.
fn matched(tokens: &[Token], value: &[char]) -> Option<(usize, usize)> {
    let mut reached = vec![false; value.len() + 1];
    reached[0] = true;
    for token in tokens {
        step(*token, value, &mut reached);
        if !reached.contains(&true) {
            return None;
        }
    }
    Some((reached.iter().position(|hit| *hit)?, reached.iter().rposition(|hit| *hit)?))
}

/// Moves the set of reached places over one token.
fn step(token: Token, value: &[char], reached: &mut [bool]) {
    if token == Token::Any {
        for at in 0..value.len() {
            if reached[at] && value[at] != '\n' {
                reached[at + 1] = true;
            }
        }
        return;
    }
    for at in (0..value.len()).rev() {
        let fits = match token {
            Token::Literal(symbol) => value[at] == symbol,
            _ => value[at] != '\n',
        };
        reached[at + 1] = reached[at] && fits;
    }
    reached[0] = false;
}

/// `${X#pattern}`; a pattern that begins with another `#` removes as much as it can.
pub(super) fn trim_prefix(pattern: &str, value: &str) -> Result<String, Fault> {
    let (pattern, longest) = greedy(pattern, '#');
    let value: Vec<char> = value.chars().collect();
    let end = end_of_match(&tokens(pattern)?, &value, longest);
    Ok(value[end..].iter().collect())
}

/// `${X%pattern}`; a pattern that begins with another `%` removes as much as it can.
pub(super) fn trim_suffix(pattern: &str, value: &str) -> Result<String, Fault> {
    let (pattern, longest) = greedy(pattern, '%');
    let mut tokens = tokens(pattern)?;
    tokens.reverse();
    let mut value: Vec<char> = value.chars().rev().collect();
    value.drain(..end_of_match(&tokens, &value, longest));
    Ok(value.iter().rev().collect())
}

fn greedy(pattern: &str, mark: char) -> (&str, bool) {
    pattern.strip_prefix(mark).map_or((pattern, false), |rest| (rest, true))
}

fn end_of_match(tokens: &[Token], value: &[char], longest: bool) -> usize {
    matched(tokens, value).map_or(0, |(fewest, most)| if longest { most } else { fewest })
}

/// `${X/pattern/replacement}`, `//` with `all`: leftmost matches, each as long as it can be.
pub(super) fn replace(pattern: &str, replacement: &str, value: &str, all: bool) -> Result<String, Fault> {
    let tokens = tokens(pattern)?;
    let value: Vec<char> = value.chars().collect();
    let mut result = String::new();
    let (mut at, mut copied) = (0, 0);
    while at <= value.len() {
        if result.len() > MAX_VALUE {
            return Err(Fault::Limit("value too long"));
        }
        let window = if tokens.contains(&Token::Any) { value.len() } else { value.len().min(at + tokens.len()) };
        let length = match matched(&tokens, &value[at..window]) {
            // An empty match that touches the one before it does not count.
            Some((_, most)) if most > 0 || at == 0 || at > copied => most,
            _ => {
                at += 1;
                continue;
            }
        };
        result.extend(&value[copied..at]);
        let found: String = value[at..at + length].iter().collect();
        result.push_str(&if all { fill(replacement, &found) } else { replacement.to_owned() });
        copied = at + length;
        at += length.max(1);
        if !all {
            break;
        }
    }
    result.extend(&value[copied.min(value.len())..]);
    Ok(result)
}

/// The replacement for one match. With `//` BuildKit fills in Go's templates: `$0` is the match, `$$` a dollar, other
/// names are empty.
fn fill(template: &str, found: &str) -> String {
    let mut result = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            result.push('$');
            rest = behind;
            continue;
        }
        let Some((name, behind)) = template_name(rest) else {
            result.push('$');
            continue;
        };
        if name == "0" {
            result.push_str(found);
        }
        rest = behind;
    }
    result.push_str(rest);
    result
}

/// The name behind a dollar, in braces or not, and what follows it.
fn template_name(rest: &str) -> Option<(&str, &str)> {
    let braced = rest.strip_prefix('{');
    let text = braced.unwrap_or(rest);
    let length = text.find(|symbol: char| !(symbol.is_alphanumeric() || symbol == '_')).unwrap_or(text.len());
    let (name, behind) = text.split_at(length);
    let behind = if braced.is_some() { behind.strip_prefix('}')? } else { behind };
    (!name.is_empty()).then_some((name, behind))
}
