//! `$NAME`, `${NAME:-default}`, `${NAME?reason}`, `${NAME:+instead}`, `$$`: variables in Compose files and in `.env`. Defaults may
//! hold variables again. A `$` before anything else is itself. <https://docs.docker.com/reference/compose-file/interpolation/>

/// Variables in one another at most.
const MAX_DEPTH: usize = 32;

/// Why a text cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// `${NAME?reason}` without a value.
    Required {
        name: String,
        reason: String,
    },
    /// `${` with something else than a variable; `$$` is the way to write a `$`.
    Format,
    TooMuch,
}

/// What a variable's value is; none if it has none.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The text with its variables filled in; at most `limit` bytes of it.
pub(crate) fn interpolate(text: &str, lookup: Lookup<'_>, limit: usize) -> Result<String, Problem> {
    let mut filler = Filler { lookup, limit, unset: Vec::new() };
    filler.fill(text, 0)
}

/// The same, and the names that had no value and were asked for bare.
pub(crate) fn interpolate_telling(
    text: &str,
    lookup: Lookup<'_>,
    limit: usize,
) -> Result<(String, Vec<String>), Problem> {
    let mut filler = Filler { lookup, limit, unset: Vec::new() };
    let filled = filler.fill(text, 0)?;
    Ok((filled, filler.unset))
}

struct Filler<'a> {
    lookup: Lookup<'a>,
    limit: usize,
    unset: Vec<String>,
}

impl Filler<'_> {
    fn fill(&mut self, text: &str, depth: usize) -> Result<String, Problem> {
        if depth > MAX_DEPTH {
            return Err(Problem::TooMuch);
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            rest = if let Some(after) = after.strip_prefix('$') {
                out.push('$');
                after
            } else if let Some(after) = after.strip_prefix('{') {
                let (inside, after) = braced(after).ok_or(Problem::Format)?;
                out.push_str(&self.variable(inside, depth)?);
                after
            } else {
                let (name, after) = after.split_at(name_length(after));
                match name {
                    "" => out.push('$'),
                    name => out.push_str(&self.bare(name)),
                }
                after
            };
            if out.len() > self.limit {
                return Err(Problem::TooMuch);
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    fn bare(&mut self, name: &str) -> String {
        (self.lookup)(name).unwrap_or_else(|| {
            self.unset.push(name.to_owned());
            String::new()
        })
    }

    /// What stands between the braces.
    fn variable(&mut self, inside: &str, depth: usize) -> Result<String, Problem> {
        let (name, modifier) = inside.split_at(name_length(inside));
        if name.is_empty() {
            return Err(Problem::Format);
        }
        if modifier.is_empty() {
            return Ok(self.bare(name));
        }
        let (if_empty, operator) = match modifier.strip_prefix(':') {
            Some(operator) => (true, operator),
            None => (false, modifier),
        };
        let value = (self.lookup)(name);
        let counts = value.as_ref().is_some_and(|value| !if_empty || !value.is_empty());
        let mut operator = operator.chars();
        let sign = operator.next();
        let word = operator.as_str();
        match sign {
            Some('-') if counts => Ok(value.unwrap_or_default()),
            Some('-') => self.fill(word, depth + 1),
            Some('+') if counts => self.fill(word, depth + 1),
            Some('+') => Ok(String::new()),
            Some('?') if counts => Ok(value.unwrap_or_default()),
            Some('?') => Err(Problem::Required { name: name.to_owned(), reason: self.fill(word, depth + 1)? }),
            _ => Err(Problem::Format),
        }
    }
}

/// What stands before the brace that closes, and what after it.
fn braced(text: &str) -> Option<(&str, &str)> {
    let mut open = 1usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
}

/// Bytes of the variable's name at the start of a text.
fn name_length(text: &str) -> usize {
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return 0;
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_end() {
        let none: Lookup<'_> = &|_| None;
        let deep = format!("{}{}", "${A:-".repeat(500), "}".repeat(500));
        assert_eq!(interpolate(&deep, none, 1000), Err(Problem::TooMuch));
        let open = "${A:-".repeat(10_000);
        assert_eq!(interpolate(&open, none, 1000), Err(Problem::Format));
        let large: Lookup<'_> = &|_| Some("x".repeat(1000));
        assert_eq!(interpolate(&"$A".repeat(1000), large, 5000), Err(Problem::TooMuch));
    }

    #[test]
    fn what_has_no_value_is_told_where_nothing_stands_in() {
        let none: Lookup<'_> = &|_| None;
        let (text, unset) = interpolate_telling("$A ${B} ${C:-c} ${D+d}", none, 100).unwrap();
        assert_eq!((text.as_str(), unset), ("  c ", vec!["A".to_owned(), "B".to_owned()]));
    }
}
