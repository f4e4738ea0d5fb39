//! Bake's functions. Those that only the running tool can answer, and a few that nobody writes into a bake file, are unknown by
//! name, so that a file that uses them can still be read. <https://docs.docker.com/build/bake/stdlib/>

mod codec;
mod format;
mod lists;
mod numbers;
mod pattern;
mod text;

pub(super) use text::sanitize;

use super::value::{Fault, Value};
use crate::Environment;
use crate::budget::Budget;

/// A call: its arguments, and what it may use.
pub(super) struct Call<'a> {
    args: &'a [Value],
    budget: &'a Budget,
    environment: &'a Environment,
}

type Function = fn(&Call<'_>) -> Result<Value, Fault>;

/// Functions whose result is not told here, and why.
const UNKNOWN: [(&str, &str); 18] = [
    ("bcrypt", "differs from run to run"),
    ("byteslen", "is not computed here"),
    ("bytesslice", "is not computed here"),
    ("cidrhost", "is not computed here"),
    ("cidrnetmask", "is not computed here"),
    ("cidrsubnet", "is not computed here"),
    ("cidrsubnets", "is not computed here"),
    ("csvdecode", "is not computed here"),
    ("formatdate", "is not computed here"),
    ("formattimestamp", "is not computed here"),
    ("rsadecrypt", "is not computed here"),
    ("semvercmp", "is not computed here"),
    ("timeadd", "is not computed here"),
    ("timestamp", "differs from run to run"),
    ("unixtimestampparse", "is not computed here"),
    ("uuidv4", "differs from run to run"),
    ("uuidv5", "is not computed here"),
    ("assertnotnull", "is not computed here"),
];

/// Functions that only move values about: what is unknown in a list stays in its place.
const STRUCTURAL: [&str; 15] = [
    "chunklist",
    "coalescelist",
    "concat",
    "element",
    "flatten",
    "hasindex",
    "index",
    "keys",
    "length",
    "lookup",
    "merge",
    "reverselist",
    "slice",
    "values",
    "zipmap",
];

/// The result of a function; none if there is no such function.
pub(super) fn call(
    name: &str,
    args: &[Value],
    environment: &Environment,
    budget: &Budget,
) -> Option<Result<Value, Fault>> {
    if let Some((_, reason)) = UNKNOWN.iter().find(|(one, _)| *one == name) {
        return Some(Err(Fault::Unknown(format!("{name}() {reason}"))));
    }
    let function = tables().find(|(one, _)| *one == name).map(|(_, function)| function)?;
    let opaque = match STRUCTURAL.contains(&name) {
        true => args.iter().find(|value| matches!(value, Value::Opaque(_))).and_then(Value::opaque),
        false => args.iter().find_map(Value::opaque),
    };
    if let Some(opaque) = opaque {
        return Some(Ok(Value::Opaque(Box::new(opaque.clone()))));
    }
    let result = function(&Call { args, budget, environment });
    Some(result.map_err(|fault| match fault {
        Fault::Wrong(message) => Fault::Wrong(format!("{name}: {message}")),
        other => other,
    }))
}

/// The names of all of them.
pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
    tables().map(|(name, _)| name).chain(UNKNOWN.iter().map(|(name, _)| *name)).chain(["try", "can", "convert"])
}

fn tables() -> impl Iterator<Item = (&'static str, Function)> {
    [text::TABLE, lists::TABLE, numbers::TABLE, codec::TABLE, pattern::TABLE, format::TABLE]
        .into_iter()
        .flatten()
        .copied()
}

impl Call<'_> {
    /// Exactly so many arguments.
    fn exactly<const N: usize>(&self) -> Result<[&Value; N], Fault> {
        let all: Vec<&Value> = self.args.iter().collect();
        <[&Value; N]>::try_from(all).map_err(|_| {
            let plural = if N == 1 { "" } else { "s" };
            Fault::Wrong(format!("takes {N} argument{plural}, not {}", self.args.len()))
        })
    }

    /// Exactly so many texts.
    fn texts<const N: usize>(&self) -> Result<[String; N], Fault> {
        let mut texts = [const { String::new() }; N];
        for (text, value) in texts.iter_mut().zip(self.exactly::<N>()?) {
            *text = value.print()?;
        }
        Ok(texts)
    }

    /// Pays for so many units of work.
    fn room(&self, units: usize) -> Result<(), Fault> {
        if self.budget.take(units) { Ok(()) } else { Err(Fault::TooMuch) }
    }
}

/// A whole number that counts something.
fn count(value: &Value) -> Result<i64, Fault> {
    let whole = value.number()?.whole().and_then(|whole| i64::try_from(whole).ok());
    whole.ok_or_else(|| Fault::Wrong("a whole number is needed".to_owned()))
}
