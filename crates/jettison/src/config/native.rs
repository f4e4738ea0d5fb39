//! `jettison.toml`: `extends`, `[check]` and `[[check.overrides]]`. What it does not know is an error with its line and the name
//! that was probably meant; values are checked here, so that whoever uses them need not.

use std::path::{Path, PathBuf};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, KEYS, Key, Kind, nearest};
use super::names;
use super::values::{Source, Values};
use crate::failure::Failure;

/// One file, without what it extends.
pub struct Native {
    /// Files that it starts from, as written, with their lines.
    pub extends: Vec<(String, usize)>,
    /// Of `[check]`.
    pub values: Values,
    /// Of `[[check.overrides]]`, in their order.
    pub overrides: Vec<Override>,
}

/// Settings for some paths.
pub struct Override {
    /// The folder at which the patterns start.
    pub folder: PathBuf,
    /// Which paths, in patterns of `.dockerignore`.
    pub paths: Matcher,
    /// What holds there.
    pub values: Values,
}

/// Reads the text of the file at `path`, which is called `name` in texts.
pub fn read(path: &Path, name: &str, text: &str) -> Result<Native, Failure> {
    let reader = Reader { name, text, folder: path.parent().unwrap_or(Path::new("")).to_owned() };
    reader.document()
}

type Entry<'a> = (&'a Spanned<std::borrow::Cow<'a, str>>, &'a Spanned<DeValue<'a>>);

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    folder: PathBuf,
}

impl Reader<'_> {
    fn document(&self) -> Result<Native, Failure> {
        let document = DeTable::parse(self.text).map_err(|error| {
            let line = error.span().map_or(1, |span| self.line(span.start));
            Failure::new(error.message().to_owned()).at(format!("{}:{line}", self.name))
        })?;
        let mut native = Native { extends: Vec::new(), values: Values::default(), overrides: Vec::new() };
        for entry in document.get_ref() {
            match entry.0.get_ref().as_ref() {
                "$schema" => {}
                "extends" => native.extends = self.texts(entry)?,
                "check" => self.check(self.table(entry)?, &mut native)?,
                other => {
                    let near = nearest(other, ["extends", "check"].into_iter());
                    let near = if near.is_empty() && keys::find(other).is_some() {
                        "; it belongs below [check]".to_owned()
                    } else {
                        near
                    };
                    return Err(self.wrong(entry.0.span().start, format!("`{other}` is no setting{near}")));
                }
            }
        }
        Ok(native)
    }

    fn check(&self, table: &DeTable<'_>, native: &mut Native) -> Result<(), Failure> {
        for entry in table {
            match entry.0.get_ref().as_ref() {
                "overrides" => native.overrides = self.overrides(entry)?,
                _ => self.setting(entry, false, &mut native.values)?,
            }
        }
        Ok(())
    }

    fn overrides(&self, entry: Entry<'_>) -> Result<Vec<Override>, Failure> {
        let DeValue::Array(list) = entry.1.get_ref() else {
            return Err(self.wrong(entry.1.span().start, "`overrides` is a list of tables: [[check.overrides]]"));
        };
        list.iter().map(|item| self.one_override(item)).collect()
    }

    fn one_override(&self, item: &Spanned<DeValue<'_>>) -> Result<Override, Failure> {
        let DeValue::Table(table) = item.get_ref() else {
            return Err(self.wrong(item.span().start, "`overrides` is a list of tables: [[check.overrides]]"));
        };
        let (mut paths, mut values) = (None, Values::default());
        for entry in table {
            match entry.0.get_ref().as_ref() {
                "paths" => paths = Some(self.patterns(entry)?),
                _ => self.setting(entry, true, &mut values)?,
            }
        }
        let paths = paths.ok_or_else(|| self.wrong(item.span().start, "an override needs `paths`"))?;
        Ok(Override { folder: self.folder.clone(), paths, values })
    }

    fn patterns(&self, entry: Entry<'_>) -> Result<Matcher, Failure> {
        let lines: Vec<String> = self.texts(entry)?.into_iter().map(|(text, _)| text).collect();
        let file = IgnoreFile::parse(lines.join("\n").as_bytes());
        match file.errors.first().or(file.broken.first()) {
            Some((_, reason)) => Err(self.wrong(entry.1.span().start, reason)),
            None => Ok(Matcher::new(&file)),
        }
    }

    fn setting(&self, entry: Entry<'_>, by_path: bool, values: &mut Values) -> Result<(), Failure> {
        let name = entry.0.get_ref().as_ref();
        let known = keys::find(name).filter(|key| key.by_path || !by_path);
        let Some(key) = known else {
            let extra = if by_path { "paths" } else { "overrides" };
            let names = KEYS.iter().filter(|key| key.by_path || !by_path).map(|key| key.name).chain([extra]);
            let near = nearest(name, names);
            return Err(self.wrong(entry.0.span().start, format!("`check.{name}` is no setting{near}")));
        };
        if key.kind.is_table() {
            return self.entries(key, entry, values);
        }
        let items = match key.kind {
            Kind::Flag => vec![self.flag(entry)?],
            kind if kind.is_list() => self.texts(entry)?,
            _ => vec![self.text(entry.1, name)?],
        };
        if items.is_empty() {
            values.say_nothing(key.name);
        }
        for (value, line) in items {
            self.checked(key, "", &value, line)?;
            values.say(key.name, value, Source::File(self.name.to_owned(), line));
        }
        Ok(())
    }

    fn entries(&self, key: &Key, entry: Entry<'_>, values: &mut Values) -> Result<(), Failure> {
        let mut entries: Vec<Entry<'_>> = self.table(entry)?.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            let (word, line) = self.text(value, name.get_ref())?;
            self.checked(key, name.get_ref(), &word, line)?;
            values.say_of(key.name, name.get_ref().to_string(), word, Source::File(self.name.to_owned(), line));
        }
        Ok(())
    }

    /// Whether the setting takes this.
    fn checked(&self, key: &Key, name: &str, value: &str, line: usize) -> Result<(), Failure> {
        check_value(key, name, value).map_err(|what| Failure::new(what).at(format!("{}:{line}", self.name)))
    }

    fn flag(&self, entry: Entry<'_>) -> Result<(String, usize), Failure> {
        match entry.1.get_ref() {
            DeValue::Boolean(flag) => Ok((flag.to_string(), self.line(entry.1.span().start))),
            _ => Err(self.wrong(entry.1.span().start, format!("`{}` is true or false", entry.0.get_ref()))),
        }
    }

    fn text(&self, value: &Spanned<DeValue<'_>>, name: &str) -> Result<(String, usize), Failure> {
        match value.get_ref() {
            DeValue::String(text) => Ok((text.to_string(), self.line(value.span().start))),
            _ => Err(self.wrong(value.span().start, format!("`{name}` is a text in quotes"))),
        }
    }

    /// A list of texts, or a single one.
    fn texts(&self, entry: Entry<'_>) -> Result<Vec<(String, usize)>, Failure> {
        let name = entry.0.get_ref();
        match entry.1.get_ref() {
            DeValue::Array(list) => list.iter().map(|item| self.text(item, name)).collect(),
            DeValue::String(_) => Ok(vec![self.text(entry.1, name)?]),
            _ => Err(self.wrong(entry.1.span().start, format!("`{name}` is a list of texts"))),
        }
    }

    fn table<'t>(&self, entry: Entry<'t>) -> Result<&'t DeTable<'t>, Failure> {
        match entry.1.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.wrong(entry.1.span().start, format!("`{}` is a table", entry.0.get_ref()))),
        }
    }

    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    fn wrong(&self, at: usize, what: impl Into<String>) -> Failure {
        Failure::new(what).at(format!("{}:{}", self.name, self.line(at)))
    }
}

/// Whether a setting takes a value (of the entry `name`, in tables); what is wrong with it in words.
pub fn check_value(key: &Key, name: &str, value: &str) -> Result<(), String> {
    match key.kind {
        Kind::Rules | Kind::MoreRules => names::selectors(value).map(|_| ()),
        Kind::RuleWords(words) => {
            names::selectors(name)?;
            one_of(name, value, words)
        }
        Kind::NameWords(words) => one_of(name, value, words),
        Kind::Word(words) => one_of(key.name, value, words),
        Kind::Flag | Kind::Text | Kind::Texts | Kind::Patterns => Ok(()),
    }
}

fn one_of(name: &str, value: &str, words: &[&str]) -> Result<(), String> {
    if words.contains(&value) {
        return Ok(());
    }
    let near = nearest(value, words.iter().copied());
    Err(format!(
        "`{name}` cannot be `{value}`{near}{}",
        if near.is_empty() { format!(": {}", words.join(", ")) } else { String::new() }
    ))
}
