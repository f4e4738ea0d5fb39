//! What the values below `build` may look like: a text, a list of texts, `NAME=value` as a list or a mapping, paths.

use super::merge::by_name;
use super::model::Project;
use crate::error::Error;
use crate::invocation::Context;
use crate::path;
use crate::yaml::{Data, Entry, Node, scalar};

impl Project<'_, '_> {
    /// The texts of a list; one text counts as a list of one.
    pub(super) fn texts(&self, node: &Node, what: &str) -> Result<Vec<String>, Error> {
        self.items(node, what)?.iter().map(|item| self.text(item, what)).collect()
    }

    pub(super) fn items<'n>(&self, node: &'n Node, what: &str) -> Result<&'n [Node], Error> {
        match &node.data {
            Data::List(items) => Ok(items),
            Data::Text { .. } => Ok(std::slice::from_ref(node)),
            Data::Map(_) => self.sources.wrong(node.at, format!("`{what}` is a list, not {}", node.kind())),
        }
    }

    /// Names with values, from either form. A value is none where only the name stands.
    pub(super) fn pairs(&self, node: &Node, what: &str) -> Result<Vec<(Entry, Option<String>)>, Error> {
        let named = by_name(node.clone());
        let Some(entries) = named.entries() else {
            let message = format!("`{what}` is a mapping or a list of NAME=value, not {}", node.kind());
            return self.sources.wrong(node.at, message);
        };
        let pair = |entry: &Entry| match &entry.value.data {
            Data::Text { .. } => Ok((entry.clone(), scalar::text(&entry.value))),
            _ => {
                let message = format!("`{what}.{}` is a text, not {}", entry.key, entry.value.kind());
                self.sources.wrong(entry.value.at, message)
            }
        };
        entries.iter().map(pair).collect()
    }

    /// A path, from the folder of the file that names it; `~` is the home folder.
    pub(super) fn path(&self, node: &Node, path: &str) -> String {
        let home = self.environment.get("HOME").map(String::as_str).unwrap_or("~");
        let expanded = match path.strip_prefix('~') {
            Some("") => home.to_owned(),
            Some(rest) if rest.starts_with('/') => format!("{home}{rest}"),
            _ => path.to_owned(),
        };
        path::join(&self.sources.base(node.at.file), &expanded)
    }

    /// A build context as Compose understands it.
    pub(super) fn context(&self, node: &Node, text: &str) -> Context {
        if let Some(name) = text.strip_prefix("service:").or_else(|| text.strip_prefix("target:")) {
            return Context::Build(name.to_owned());
        }
        if crate::invocation::is_remote(text) {
            return Context::Remote(text.to_owned());
        }
        if text.contains("://") {
            return Context::Image(text.to_owned());
        }
        Context::Path(self.path(node, text))
    }
}
