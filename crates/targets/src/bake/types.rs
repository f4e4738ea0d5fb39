//! Types of variables, and how a text of the environment becomes a value of one: texts as they are, lists as CSV, anything as
//! JSON through `NAME_JSON`. <https://docs.docker.com/build/bake/variables/>

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, ObjectKey};

use super::document::Expr;
use super::number::Number;
use super::value::{Fault, Value};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Any,
    Text,
    Number,
    Bool,
    List(Box<Kind>),
    /// Without repetitions, in order.
    Set(Box<Kind>),
    Map(Box<Kind>),
    Tuple(Vec<Kind>),
    Object(BTreeMap<String, Kind>),
}

/// A type from an expression of either syntax.
pub(crate) fn parse(expr: &Expr) -> Result<Kind, String> {
    match expr {
        Expr::Hcl(expression, _) => of(expression),
        Expr::Json(node) => {
            let text =
                crate::yaml::scalar::text(node).ok_or_else(|| format!("a type is a text, not {}", node.kind()))?;
            of(&super::parser::expression(&text).map_err(|problem| problem.message)?)
        }
    }
}

/// A type from an expression. The parser has bounded its nesting.
pub(crate) fn of(expression: &Expression) -> Result<Kind, String> {
    match expression {
        Expression::Variable(name) => match name.as_str() {
            "any" => Ok(Kind::Any),
            "string" => Ok(Kind::Text),
            "number" => Ok(Kind::Number),
            "bool" => Ok(Kind::Bool),
            other => Err(format!("there is no type `{other}`")),
        },
        Expression::Parenthesis(inner) => of(inner.inner()),
        Expression::FuncCall(call) => {
            let arguments: Vec<&Expression> = call.args.iter().collect();
            let name = call.name.name.as_str();
            let [argument] = arguments[..] else { return Err(format!("`{name}` takes one type")) };
            match (name, argument) {
                ("list", inner) => Ok(Kind::List(Box::new(of(inner)?))),
                ("set", inner) => Ok(Kind::Set(Box::new(of(inner)?))),
                ("map", inner) => Ok(Kind::Map(Box::new(of(inner)?))),
                ("optional", inner) => of(inner),
                ("tuple", Expression::Array(items)) => Ok(Kind::Tuple(items.iter().map(of).collect::<Result<_, _>>()?)),
                ("object", Expression::Object(fields)) => {
                    let field = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                        let key = match key {
                            ObjectKey::Ident(name) => name.as_str().to_owned(),
                            ObjectKey::Expression(key) => key.as_str().unwrap_or_default().to_owned(),
                        };
                        Ok((key, of(value.expr())?))
                    };
                    Ok(Kind::Object(fields.iter().map(field).collect::<Result<_, String>>()?))
                }
                _ => Err(format!("there is no type `{name}`")),
            }
        }
        _ => Err("a type is a word such as `string` or `list(string)`".to_owned()),
    }
}

/// A value as one of this type.
pub(crate) fn convert(value: Value, kind: &Kind) -> Result<Value, Fault> {
    match (value, kind) {
        (value @ (Value::Null | Value::Opaque(_)), _) | (value, Kind::Any) => Ok(value),
        (value, Kind::Text) => value.print().map(Value::Text),
        (value, Kind::Number) => value.number().map(Value::Number),
        (value, Kind::Bool) => value.truth().map(Value::Bool),
        (Value::List(items), Kind::List(inner)) => each(items, inner).map(Value::List),
        (Value::List(items), Kind::Set(inner)) => Ok(Value::List(distinct(each(items, inner)?))),
        (Value::List(items), Kind::Tuple(kinds)) if items.len() == kinds.len() => {
            let converted = items.into_iter().zip(kinds).map(|(item, kind)| convert(item, kind));
            Ok(Value::List(converted.collect::<Result<_, _>>()?))
        }
        (Value::Map(entries), Kind::Map(inner)) => {
            let converted = entries.into_iter().map(|(key, value)| Ok((key, convert(value, inner)?)));
            Ok(Value::Map(converted.collect::<Result<_, Fault>>()?))
        }
        (Value::Map(mut entries), Kind::Object(fields)) => {
            let field = |(name, kind): (&String, &Kind)| {
                Ok((name.clone(), convert(entries.remove(name).unwrap_or(Value::Null), kind)?))
            };
            Ok(Value::Map(fields.iter().map(field).collect::<Result<_, Fault>>()?))
        }
        (value, kind) => Err(Fault::Wrong(format!("{} is needed, not {}", kind.word(), value.kind()))),
    }
}

fn each(items: Vec<Value>, kind: &Kind) -> Result<Vec<Value>, Fault> {
    items.into_iter().map(|item| convert(item, kind)).collect()
}

/// Without repetitions; texts in their order.
pub(crate) fn distinct(items: Vec<Value>) -> Vec<Value> {
    let mut all: Vec<(String, Value)> = items.into_iter().map(|item| (format!("{item:?}"), item)).collect();
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all.dedup_by(|(a, _), (b, _)| a == b);
    all.into_iter().map(|(_, item)| item).collect()
}

impl Kind {
    fn word(&self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Bool => "a boolean",
            Self::List(_) | Self::Set(_) => "a list",
            Self::Tuple(_) => "a list of that length",
            Self::Map(_) | Self::Object(_) => "an object",
        }
    }
}

/// A text of the environment as a value of this type.
pub(crate) fn from_text(given: &str, kind: &Kind) -> Result<Value, Fault> {
    match kind {
        Kind::Any | Kind::Text => Ok(Value::Text(given.to_owned())),
        Kind::Bool => boolean(given),
        Kind::Number => number(given),
        Kind::List(inner) => {
            fields(given, ',').iter().map(|one| from_text(one, inner)).collect::<Result<_, _>>().map(Value::List)
        }
        Kind::Set(inner) => {
            let items: Result<Vec<_>, _> = fields(given, ',').iter().map(|one| from_text(one, inner)).collect();
            Ok(Value::List(distinct(items?)))
        }
        Kind::Tuple(kinds) => {
            let fields = fields(given, ',');
            if fields.len() != kinds.len() {
                return Err(Fault::Wrong(format!("{} values are needed, not {}", kinds.len(), fields.len())));
            }
            let items = fields.iter().zip(kinds).map(|(one, kind)| from_text(one, kind));
            Ok(Value::List(items.collect::<Result<_, _>>()?))
        }
        Kind::Map(inner) => {
            let pair = |one: &String| match &fields(one, ':')[..] {
                [key, value] => Ok((key.clone(), from_text(value, inner)?)),
                _ => Err(Fault::Wrong(format!("`{one}` is no key:value"))),
            };
            Ok(Value::Map(fields(given, ',').iter().map(pair).collect::<Result<_, _>>()?))
        }
        Kind::Object(_) => Err(Fault::Wrong("an object is given as JSON, in NAME_JSON".to_owned())),
    }
}

/// JSON of the environment as a value of this type.
pub(crate) fn from_json(given: &str, kind: &Kind) -> Result<Value, Fault> {
    let document: serde_json::Value = serde_json::from_str(given).map_err(|error| Fault::Wrong(error.to_string()))?;
    convert(json(&document), kind)
}

/// JSON as a value; its reader has bounded the nesting.
pub(crate) fn json(document: &serde_json::Value) -> Value {
    match document {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => Number::parse(&number.to_string()).map_or(Value::Null, Value::Number),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(json).collect()),
        serde_json::Value::Object(fields) => {
            Value::Map(fields.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
    }
}

/// A text of the environment in place of a default that has no type of its own.
pub(crate) fn like(given: &str, default: Option<&Value>) -> Result<Value, Fault> {
    match default {
        Some(Value::Bool(_)) => boolean(given),
        Some(Value::Number(_)) => number(given),
        Some(value @ (Value::List(_) | Value::Map(_))) => {
            Err(Fault::Wrong(format!("{} cannot be given as text: the variable needs a `type`", value.kind())))
        }
        _ => Ok(Value::Text(given.to_owned())),
    }
}

fn boolean(given: &str) -> Result<Value, Fault> {
    match given {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
        _ => Err(Fault::Wrong(format!("`{given}` is neither true nor false"))),
    }
}

fn number(given: &str) -> Result<Value, Fault> {
    Number::parse(given).map(Value::Number).ok_or_else(|| Fault::Wrong(format!("`{given}` is no number")))
}

/// The fields of a line of CSV: `a,"b,c"` is two. Docker's lists on one line are of this form too.
pub(crate) fn fields(line: &str, separator: char) -> Vec<String> {
    let mut all = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                field.push('"');
                characters.next();
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            character if character == separator && !quoted => all.push(std::mem::take(&mut field)),
            character => field.push(character),
        }
    }
    if !field.is_empty() || !all.is_empty() {
        all.push(field);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_keeps_what_is_quoted_together() {
        assert_eq!(fields("a,\"b,c\",\"d\"\"e\",", ','), ["a", "b,c", "d\"e", ""]);
        assert_eq!(fields("", ','), [] as [&str; 0]);
    }
}
