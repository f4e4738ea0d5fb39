//! One Compose project in the making: its services and secrets so far, its folder and its variables.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{extends, include, merge};
use crate::Environment;
use crate::error::{Cause, Error, shortened};
use crate::interpolate::{Problem, interpolate_telling};
use crate::sources::{At, Sources};
use crate::yaml::{self, Data, Entry, Node, scalar};

/// Bytes that one text may become.
const MAX_TEXT: usize = 1 << 20;
/// What of a service is looked at.
const SERVICE_KEYS: [&str; 5] = ["build", "image", "platform", "profiles", "extends"];

/// A service as far as it is known.
#[derive(Clone, Debug)]
pub(super) struct Service {
    /// Of its name.
    pub(super) at: At,
    pub(super) node: Node,
    /// The folder of the project it belongs to: where the default context is.
    pub(super) home: String,
}

pub(super) type Services = BTreeMap<String, Service>;

/// What the files say, merged.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) services: Services,
    pub(super) secrets: BTreeMap<String, Node>,
}

/// What the files of one project share. An included file is a project of its own.
pub(super) struct Project<'a, 's> {
    pub(super) sources: &'a Sources<'s>,
    pub(super) folder: String,
    pub(super) environment: Environment,
    /// Files that services were extended from, by path.
    pub(super) extended: RefCell<BTreeMap<String, Services>>,
}

impl<'a, 's> Project<'a, 's> {
    pub(super) fn new(sources: &'a Sources<'s>, folder: &str, environment: Environment) -> Self {
        Self { sources, folder: folder.to_owned(), environment, extended: RefCell::default() }
    }

    /// `COMPOSE_PROFILES`.
    pub(super) fn profiles(&self) -> Vec<String> {
        let named = self.environment.get("COMPOSE_PROFILES").map(String::as_str).unwrap_or_default();
        named.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// Lays a file over the model. `trail` are the files that led here by `include`, this one last.
    pub(super) fn add(&self, model: &mut Model, file: u32, text: &str, trail: &[String]) -> Result<(), Error> {
        for document in yaml::parse(self.sources, file, text)? {
            if document.is_null() {
                continue;
            }
            let mut own = self.document(&document)?;
            if let Some(node) = document.get("include") {
                let node = self.interpolated(node)?;
                let mut all = include::load(self, &node, trail)?;
                merge::lay_over(self.sources, &mut all, own)?;
                own = all;
            }
            extends::apply(self, &mut own.services)?;
            merge::lay_over(self.sources, model, own)?;
        }
        Ok(())
    }

    /// A document's services and secrets, with variables filled in; nothing merged, nothing extended.
    pub(super) fn document(&self, document: &Node) -> Result<Model, Error> {
        if document.entries().is_none() {
            return self.sources.wrong(document.at, format!("a compose file is a mapping, not {}", document.kind()));
        }
        let mut model = Model::default();
        for entry in self.mapping(document, "services")? {
            let node = self.service(entry)?;
            let service = Service { at: entry.at, node, home: self.folder.clone() };
            model.services.insert(entry.key.clone(), service);
        }
        for entry in self.mapping(document, "secrets")? {
            model.secrets.insert(entry.key.clone(), self.interpolated(&entry.value)?);
        }
        Ok(model)
    }

    fn mapping<'n>(&self, document: &'n Node, key: &str) -> Result<&'n [Entry], Error> {
        let Some(node) = document.get(key) else { return Ok(&[]) };
        match node.entries() {
            Some(entries) => Ok(entries),
            None => self.sources.wrong(node.at, format!("`{key}` is a mapping, not {}", node.kind())),
        }
    }

    fn service(&self, entry: &Entry) -> Result<Node, Error> {
        let empty = Node { mode: entry.value.mode, ..Node::map(entry.value.at, Vec::new()) };
        if entry.value.is_null() {
            return Ok(empty);
        }
        let Some(entries) = entry.value.entries() else {
            let kind = entry.value.kind();
            return self.sources.wrong(entry.value.at, format!("the service `{}` is a mapping, not {kind}", entry.key));
        };
        let wanted = entries.iter().filter(|entry| SERVICE_KEYS.contains(&entry.key.as_str()));
        let filled = wanted.map(|entry| Ok(Entry { value: self.interpolated(&entry.value)?, ..entry.clone() }));
        Ok(Node { data: Data::Map(filled.collect::<Result<_, Error>>()?), ..empty })
    }

    /// The node with variables filled in, in values; keys stay. The tree's depth bounds the recursion.
    pub(super) fn interpolated(&self, node: &Node) -> Result<Node, Error> {
        let data = match &node.data {
            Data::Text { text, .. } if text.contains('$') => {
                Data::Text { text: self.filled(node.at, text)?, plain: false }
            }
            Data::Text { .. } => node.data.clone(),
            Data::List(items) => {
                Data::List(items.iter().map(|item| self.interpolated(item)).collect::<Result<_, _>>()?)
            }
            Data::Map(entries) => {
                let filled = |entry: &Entry| Ok(Entry { value: self.interpolated(&entry.value)?, ..entry.clone() });
                Data::Map(entries.iter().map(filled).collect::<Result<_, Error>>()?)
            }
        };
        Ok(Node { data, ..*node })
    }

    fn filled(&self, at: At, text: &str) -> Result<String, Error> {
        let lookup = |name: &str| self.environment.get(name).cloned();
        let limit = MAX_TEXT.min(self.sources.budget.left());
        let (filled, unset) = interpolate_telling(text, &lookup, limit).map_err(|problem| {
            let cause = match problem {
                Problem::Required { name, reason } => Cause::Required { name, reason },
                Problem::Format => {
                    Cause::Invalid(format!("`{}`: `${{` needs a variable; write `$$` for a `$`", shortened(text)))
                }
                Problem::TooMuch => Cause::TooMuch("what it expands to"),
            };
            self.sources.error(at, cause)
        })?;
        for name in unset {
            self.sources.warn(at, format!("the variable {name} is not set: an empty text stands for it"));
        }
        self.sources.charge(at, filled.len())?;
        Ok(filled)
    }

    /// A scalar's text.
    pub(super) fn text(&self, node: &Node, what: &str) -> Result<String, Error> {
        match scalar::text(node) {
            Some(text) => Ok(text),
            None => self.sources.wrong(node.at, format!("`{what}` is a text, not {}", node.kind())),
        }
    }
}
