//! The values of HCL expressions. Lists, tuples and sets are one kind here, as are maps and objects.

use std::collections::BTreeMap;

use super::number::Number;
use crate::invocation::Opaque;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// Only a run of the tool could tell.
    Opaque(Box<Opaque>),
}

/// Why an operation gives no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The tool would refuse it as well.
    Wrong(String),
    /// The tool could tell, we cannot.
    Unknown(String),
    /// It would take more than anything honest does.
    TooMuch,
}

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self::Wrong(text)
    }
}

impl From<&str> for Fault {
    fn from(text: &str) -> Self {
        Self::Wrong(text.to_owned())
    }
}

impl Value {
    pub(crate) fn int(value: usize) -> Self {
        Self::Number(Number::Int(value as i128))
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
            Self::Opaque(_) => "unknown",
        }
    }

    /// Units of the budget that a copy takes.
    pub(crate) fn weight(&self) -> usize {
        const NODE: usize = 8;
        match self {
            Self::Text(text) => NODE + text.len(),
            Self::List(items) => NODE + items.iter().map(Value::weight).sum::<usize>(),
            Self::Map(entries) => NODE + entries.iter().map(|(key, value)| key.len() + value.weight()).sum::<usize>(),
            _ => NODE,
        }
    }

    /// The first thing in it that is not known.
    pub(crate) fn opaque(&self) -> Option<&Opaque> {
        match self {
            Self::Opaque(opaque) => Some(opaque),
            Self::List(items) => items.iter().find_map(Value::opaque),
            Self::Map(entries) => entries.values().find_map(Value::opaque),
            _ => None,
        }
    }

    /// As text: what `"${…}"` makes of it.
    pub(crate) fn print(&self) -> Result<String, Fault> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Bool(value) => Ok(value.to_string()),
            Self::Number(number) => number.print(),
            Self::Opaque(opaque) => Err(Fault::Unknown(opaque.reason.clone())),
            other => Err(Fault::Wrong(format!("a text is needed, not {}", other.kind()))),
        }
    }

    pub(crate) fn number(&self) -> Result<Number, Fault> {
        let number = match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => Number::parse(text),
            _ => None,
        };
        number.ok_or_else(|| Fault::Wrong(format!("a number is needed, not {}", self.kind())))
    }

    pub(crate) fn truth(&self) -> Result<bool, Fault> {
        match self {
            Self::Bool(value) => Ok(*value),
            Self::Text(text) if text == "true" || text == "1" => Ok(true),
            Self::Text(text) if text == "false" || text == "0" => Ok(false),
            other => Err(Fault::Wrong(format!("true or false is needed, not {}", other.kind()))),
        }
    }

    pub(crate) fn list(&self) -> Result<&[Value], Fault> {
        match self {
            Self::List(items) => Ok(items),
            other => Err(Fault::Wrong(format!("a list is needed, not {}", other.kind()))),
        }
    }

    pub(crate) fn map(&self) -> Result<&BTreeMap<String, Value>, Fault> {
        match self {
            Self::Map(entries) => Ok(entries),
            other => Err(Fault::Wrong(format!("an object is needed, not {}", other.kind()))),
        }
    }

    /// Pairs of key and value: of a list its indexes.
    pub(crate) fn pairs(&self) -> Result<Vec<(Value, Value)>, Fault> {
        match self {
            Self::List(items) => Ok(items.iter().enumerate().map(|(at, item)| (Self::int(at), item.clone())).collect()),
            Self::Map(entries) => {
                Ok(entries.iter().map(|(key, value)| (Self::Text(key.clone()), value.clone())).collect())
            }
            other => Err(Fault::Wrong(format!("a list or an object is needed, not {}", other.kind()))),
        }
    }

    /// The element of a key or an index.
    pub(crate) fn index(&self, key: &Value) -> Result<Value, Fault> {
        let found = match self {
            Self::List(items) => {
                let at = key.number()?.whole().and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| items.get(at))
            }
            Self::Map(entries) => entries.get(&key.print()?),
            other => return Err(Fault::Wrong(format!("{} has no elements", other.kind()))),
        };
        found.cloned().ok_or_else(|| {
            let key = key.print().unwrap_or_default();
            Fault::Wrong(format!("there is no element `{key}`"))
        })
    }

    /// The attribute of an object.
    pub(crate) fn attribute(&self, name: &str) -> Result<Value, Fault> {
        match self {
            Self::Map(entries) => match entries.get(name) {
                Some(value) => Ok(value.clone()),
                None => Err(Fault::Wrong(format!("there is no attribute `{name}`"))),
            },
            other => Err(Fault::Wrong(format!("{} has no attribute `{name}`", other.kind()))),
        }
    }
}
