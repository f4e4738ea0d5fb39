//! Settings with where each of their parts was said, and how a later layer is laid over an earlier one.

use std::collections::BTreeMap;
use std::fmt;

use super::keys::{self, Key, Kind};

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Nowhere: it is the default.
    Default,
    /// In a file; the line counts from 1.
    File(String, usize),
    /// In the environment.
    Variable(String),
    /// On the command line, by this option.
    Option(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File(path, line) => write!(out, "{path}:{line}"),
            Self::Variable(name) => write!(out, "${name}"),
            Self::Option(name) => write!(out, "--{name}"),
        }
    }
}

/// One part of a setting: the value itself, or one entry of its list or table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// In tables.
    pub name: String,
    /// As text; `true` and `false` for flags.
    pub value: String,
    /// Where it was said.
    pub source: Source,
}

/// What is said, by the setting's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<&'static str, Vec<Item>>);

impl Values {
    /// Says something: the value of a single one, another entry of a list.
    pub fn say(&mut self, name: &str, value: impl Into<String>, source: Source) {
        self.say_of(name, String::new(), value, source);
    }

    /// Says something of an entry of a table.
    pub fn say_of(&mut self, name: &str, entry: String, value: impl Into<String>, source: Source) {
        if let Some(key) = keys::find(name) {
            self.0.entry(key.name).or_default().push(Item { name: entry, value: value.into(), source });
        }
    }

    /// Says that a list is empty.
    pub fn say_nothing(&mut self, name: &str) {
        if let Some(key) = keys::find(name) {
            self.0.entry(key.name).or_default();
        }
    }

    /// Lays a later layer over this one.
    pub fn overlay(&mut self, later: &Self) {
        for (name, items) in &later.0 {
            let Some(key) = keys::find(name) else { continue };
            let own = self.0.entry(key.name).or_default();
            if key.kind.replaces() {
                own.clone_from(items);
            } else {
                own.extend(items.iter().cloned());
            }
        }
    }

    /// The parts of a setting; none if nothing is said.
    pub fn items(&self, name: &str) -> Option<&[Item]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// A single value.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.items(name)?.last().map(|item| item.value.as_str())
    }

    /// A flag.
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// The entries of a list.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.items(name).unwrap_or_default().iter().map(|item| item.value.as_str())
    }

    /// The value as TOML, and where it was said.
    pub fn shown(&self, key: &Key) -> (String, Vec<Source>) {
        let Some(items) = self.items(key.name) else {
            return (key.default.to_owned(), vec![Source::Default]);
        };
        let mut sources: Vec<Source> = items.iter().map(|item| item.source.clone()).collect();
        sources.dedup();
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let joined = |part: &dyn Fn(&Item) -> String| items.iter().map(part).collect::<Vec<_>>().join(", ");
        let value = match key.kind {
            Kind::Flag => self.text(key.name).unwrap_or_default().to_owned(),
            kind if kind.is_list() => format!("[{}]", joined(&|item| quoted(&item.value))),
            kind if kind.is_table() && items.is_empty() => "{}".to_owned(),
            kind if kind.is_table() => {
                format!("{{ {} }}", joined(&|item| format!("{} = {}", bare(&item.name), quoted(&item.value))))
            }
            _ => self.text(key.name).map(quoted).unwrap_or_default(),
        };
        (value, sources)
    }
}

/// A key of TOML, quoted where it must be.
fn bare(name: &str) -> String {
    let is_bare = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    serde_json::to_string(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(line: usize) -> Source {
        Source::File("jettison.toml".to_owned(), line)
    }

    #[test]
    fn later_layers_replace_values_and_add_to_lists() {
        let (mut base, mut later) = (Values::default(), Values::default());
        base.say("profile", "strict", file(1));
        base.say("ignore", "DL3008", file(2));
        later.say("profile", "hadolint", Source::Option("profile"));
        later.say("ignore", "DL3009", Source::Option("ignore"));
        base.overlay(&later);
        assert_eq!(base.text("profile"), Some("hadolint"));
        let (value, sources) = base.shown(keys::find("ignore").unwrap());
        assert_eq!(value, "[\"DL3008\", \"DL3009\"]");
        assert_eq!(sources, [file(2), Source::Option("ignore")]);
    }

    #[test]
    fn tables_are_shown_as_they_would_be_written() {
        let mut values = Values::default();
        values.say_of("severity", "unanswered-prompt/apt".to_owned(), "error", file(3));
        let (value, _) = values.shown(keys::find("severity").unwrap());
        assert_eq!(value, "{ \"unanswered-prompt/apt\" = \"error\" }");
        assert_eq!(values.shown(keys::find("labels").unwrap()), ("{}".to_owned(), vec![Source::Default]));
    }
}
