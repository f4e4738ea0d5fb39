//! Functions on texts.

use super::{Call, Function, count};
use crate::bake::value::{Fault, Value};
use crate::path;

pub(super) const TABLE: &[(&str, Function)] = &[
    ("basename", |call| call.texts().map(|[path]| Value::Text(basename(&path)))),
    ("chomp", |call| call.texts().map(|[text]| Value::Text(text.trim_end_matches(['\n', '\r']).to_owned()))),
    ("dirname", |call| call.texts().map(|[path]| Value::Text(path::folder(&path)))),
    ("homedir", |call| match call.environment.get("HOME") {
        Some(home) => Ok(Value::Text(home.clone())),
        None => Err(Fault::Unknown("homedir() without HOME".to_owned())),
    }),
    ("indent", indent),
    ("join", join),
    ("lower", |call| call.texts().map(|[text]| Value::Text(text.to_lowercase()))),
    ("replace", replace),
    ("reverse", |call| call.texts().map(|[text]| Value::Text(text.chars().rev().collect()))),
    ("sanitize", |call| call.texts().map(|[text]| Value::Text(sanitize(&text)))),
    ("split", split),
    ("strlen", |call| call.texts().map(|[text]| Value::int(text.chars().count()))),
    ("substr", substr),
    ("title", |call| call.texts().map(|[text]| Value::Text(title(&text)))),
    ("trim", |call| {
        let [text, set] = call.texts()?;
        let set: std::collections::HashSet<char> = set.chars().collect();
        Ok(Value::Text(text.trim_matches(|c| set.contains(&c)).to_owned()))
    }),
    ("trimprefix", |call| {
        call.texts().map(|[text, start]| Value::Text(text.strip_prefix(start.as_str()).unwrap_or(&text).to_owned()))
    }),
    ("trimspace", |call| call.texts().map(|[text]| Value::Text(text.trim().to_owned()))),
    ("trimsuffix", |call| {
        call.texts().map(|[text, end]| Value::Text(text.strip_suffix(end.as_str()).unwrap_or(&text).to_owned()))
    }),
    ("upper", |call| call.texts().map(|[text]| Value::Text(text.to_uppercase()))),
];

fn basename(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match (path, trimmed) {
        ("", _) => ".".to_owned(),
        (_, "") => "/".to_owned(),
        (_, trimmed) => path::name(trimmed).to_owned(),
    }
}

/// Only what the name of a target may hold.
pub(crate) fn sanitize(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect()
}

fn title(text: &str) -> String {
    let mut letter_before = false;
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let letter = character.is_alphanumeric() || character == '_' || character == '\'';
        if letter && !letter_before {
            out.extend(character.to_uppercase());
        } else {
            out.push(character);
        }
        letter_before = letter;
    }
    out
}

fn indent(call: &Call<'_>) -> Result<Value, Fault> {
    let [spaces, text] = call.exactly()?;
    let text = text.print()?;
    let spaces = usize::try_from(count(spaces)?).map_err(|_| Fault::Wrong("a width is not negative".to_owned()))?;
    let lines = text.matches('\n').count();
    call.room(lines.saturating_mul(spaces))?;
    Ok(Value::Text(text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

fn join(call: &Call<'_>) -> Result<Value, Fault> {
    let Some((separator, lists)) = call.args.split_first().filter(|(_, lists)| !lists.is_empty()) else {
        return Err(Fault::Wrong("takes a separator and a list".to_owned()));
    };
    let separator = separator.print()?;
    let mut texts = Vec::new();
    for list in lists {
        for item in list.list()? {
            texts.push(item.print()?);
        }
    }
    call.room(texts.len().saturating_mul(separator.len()))?;
    Ok(Value::Text(texts.join(&separator)))
}

fn split(call: &Call<'_>) -> Result<Value, Fault> {
    let [separator, text] = call.texts()?;
    call.room(text.len().saturating_mul(24))?;
    let texts: Vec<String> = match separator.as_str() {
        "" => text.chars().map(String::from).collect(),
        separator => text.split(separator).map(str::to_owned).collect(),
    };
    Ok(Value::List(texts.into_iter().map(Value::Text).collect()))
}

fn replace(call: &Call<'_>) -> Result<Value, Fault> {
    let [text, old, new] = call.texts()?;
    let found = if old.is_empty() { text.chars().count() + 1 } else { text.matches(&old).count() };
    call.room(found.saturating_mul(new.len()))?;
    Ok(Value::Text(text.replace(&old, &new)))
}

/// Counts characters; from the end if the offset is negative, to the end if the length is.
fn substr(call: &Call<'_>) -> Result<Value, Fault> {
    let [text, offset, length] = call.exactly()?;
    let text = text.print()?;
    let (offset, length) = (count(offset)?, count(length)?);
    let all = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let start = if offset < 0 { all.saturating_add(offset).max(0) } else { offset };
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(Value::Text(text.chars().skip(start).take(length).collect()))
}
