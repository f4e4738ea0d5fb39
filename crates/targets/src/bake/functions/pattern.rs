//! Functions with regular expressions.

use std::collections::BTreeMap;

use regex_lite::{Captures, Regex, RegexBuilder};

use super::{Call, Function};
use crate::bake::value::{Fault, Value};

pub(super) const TABLE: &[(&str, Function)] = &[
    ("regex", |call| {
        let [pattern, text] = call.texts()?;
        let regex = compile(call, &pattern, &text)?;
        match regex.captures(&text) {
            Some(captures) => Ok(found(&regex, &captures)),
            None => Err(Fault::Wrong("the pattern matches nothing".to_owned())),
        }
    }),
    ("regex_replace", |call| {
        let [text, pattern, new] = call.texts()?;
        let regex = compile(call, &pattern, &text)?;
        let matches = regex.find_iter(&text).count();
        let longest = new.len().saturating_add(new.matches('$').count().saturating_mul(text.len()));
        call.room(matches.saturating_mul(longest))?;
        Ok(Value::Text(regex.replace_all(&text, new.as_str()).into_owned()))
    }),
    ("regexall", |call| {
        let [pattern, text] = call.texts()?;
        let regex = compile(call, &pattern, &text)?;
        let groups = regex.captures_len();
        call.room(regex.find_iter(&text).count().saturating_mul(groups).saturating_mul(16))?;
        Ok(Value::List(regex.captures_iter(&text).map(|captures| found(&regex, &captures)).collect()))
    }),
];

/// Searching takes steps for every character times every state of the pattern, of which there may be a thousand.
fn compile(call: &Call<'_>, pattern: &str, text: &str) -> Result<Regex, Fault> {
    const BYTES: usize = 1 << 16;
    const STEPS: usize = 128;
    call.room(text.len().saturating_add(16).saturating_mul(STEPS))?;
    RegexBuilder::new(pattern).size_limit(BYTES).build().map_err(|error| Fault::Wrong(format!("`{pattern}`: {error}")))
}

/// The match, its groups, or its named groups.
fn found(regex: &Regex, captures: &Captures<'_>) -> Value {
    let text = |group: Option<regex_lite::Match<'_>>| {
        group.map_or(Value::Null, |group| Value::Text(group.as_str().to_owned()))
    };
    let names: Vec<&str> = regex.capture_names().flatten().collect();
    if !names.is_empty() {
        let named = names.into_iter().map(|name| (name.to_owned(), text(captures.name(name))));
        return Value::Map(named.collect::<BTreeMap<_, _>>());
    }
    if captures.len() == 1 {
        return text(captures.get(0));
    }
    Value::List((1..captures.len()).map(|group| text(captures.get(group))).collect())
}
