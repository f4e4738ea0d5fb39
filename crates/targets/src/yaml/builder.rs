//! From the parser's events to the tree, without recursion: open collections lie on a stack of our own.

use std::collections::HashMap;

use granit_parser::{Event, Marker, ScalarStyle, Tag};

use super::{Data, Entry, MAX_DEPTH, Mode, Node, scalar};
use crate::error::{Cause, Error, shortened};
use crate::sources::{At, Sources};

pub(super) struct Builder<'a, 's> {
    sources: &'a Sources<'s>,
    file: u32,
    anchors: HashMap<usize, Node>,
    open: Vec<Open>,
    documents: Vec<Node>,
}

/// A collection whose end has not come yet.
struct Open {
    at: At,
    mode: Mode,
    anchor: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, merged: Vec<Node>, key: Option<Node> },
}

impl<'a, 's> Builder<'a, 's> {
    pub(super) fn new(sources: &'a Sources<'s>, file: u32) -> Self {
        Self { sources, file, anchors: HashMap::new(), open: Vec::new(), documents: Vec::new() }
    }

    pub(super) fn documents(self) -> Vec<Node> {
        self.documents
    }

    pub(super) fn at(&self, marker: &Marker) -> At {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        At { file: self.file, line: number(marker.line()), column: number(marker.col().saturating_add(1)) }
    }

    pub(super) fn take(&mut self, event: Event<'_>, at: At) -> Result<(), Error> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.sources.charge(at, 16 + text.len())?;
                let plain = style == ScalarStyle::Plain && !tag.as_deref().is_some_and(is_text);
                let data = Data::Text { text: text.into_owned(), plain };
                self.close(Node { at, mode: mode(tag.as_deref()), data }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(at, mode(tag.as_deref()), anchor, Items::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                let items = Items::Map { entries: Vec::new(), merged: Vec::new(), key: None };
                self.open(at, mode(tag.as_deref()), anchor, items)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::DocumentStart(..) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, at: At, mode: Mode, anchor: usize, items: Items) -> Result<(), Error> {
        self.sources.charge(at, 16)?;
        self.open.push(Open { at, mode, anchor, items });
        self.check_depth(self.open.len(), at)
    }

    fn check_depth(&self, depth: usize, at: At) -> Result<(), Error> {
        if depth > MAX_DEPTH { Err(self.sources.error(at, Cause::TooMuch("its nesting"))) } else { Ok(()) }
    }

    fn alias(&mut self, anchor: usize, at: At) -> Result<(), Error> {
        let Some(target) = self.anchors.get(&anchor) else {
            return self.sources.wrong(at, "an alias stands within what it is an alias of");
        };
        self.check_depth(self.open.len().saturating_add(target.depth()), at)?;
        self.sources.charge(at, target.weight())?;
        let copy = target.clone();
        self.close(copy, 0)
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(Open { at, mode, anchor, items }) = self.open.pop() else { return Ok(()) };
        let data = match items {
            Items::List(items) => Data::List(items),
            Items::Map { entries, merged, .. } => Data::Map(self.merge(entries, merged)?),
        };
        self.close(Node { at, mode, data }, anchor)
    }

    /// A node is complete: it goes into what is open.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), Error> {
        if anchor != 0 {
            // kept beside the tree: every alias is a copy of it
            self.sources.charge(node.at, node.weight())?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        match &mut open.items {
            Items::List(items) => items.push(node),
            Items::Map { key: key @ None, .. } => *key = Some(node),
            Items::Map { entries, merged, key } => {
                let Some(name) = key.take() else { return Ok(()) };
                return add(self.sources, entries, merged, name, node);
            }
        }
        Ok(())
    }

    /// Merge keys: what stands in the mapping itself wins, then the first one merged.
    fn merge(&self, mut entries: Vec<Entry>, merged: Vec<Node>) -> Result<Vec<Entry>, Error> {
        let mut there = HashMap::new();
        for entry in &entries {
            if let Some(first) = there.insert(entry.key.clone(), entry.at.line) {
                return self
                    .sources
                    .wrong(entry.at, format!("`{}` stands twice, first in line {first}", shortened(&entry.key)));
            }
        }
        let mut all = Vec::new();
        for node in merged {
            match node.data {
                Data::List(items) => all.extend(items),
                _ => all.push(node),
            }
        }
        for node in all {
            let Data::Map(more) = node.data else {
                return self
                    .sources
                    .wrong(node.at, format!("`<<` takes a mapping or a list of them, not {}", node.kind()));
            };
            entries.extend(more.into_iter().filter(|entry| there.insert(entry.key.clone(), entry.at.line).is_none()));
        }
        Ok(entries)
    }
}

fn add(
    sources: &Sources<'_>,
    entries: &mut Vec<Entry>,
    merged: &mut Vec<Node>,
    name: Node,
    value: Node,
) -> Result<(), Error> {
    if matches!(&name.data, Data::Text { text, plain: true } if text == "<<") {
        merged.push(value);
        return Ok(());
    }
    let at = name.at;
    let Some(key) = key_of(&name) else {
        return sources.wrong(at, format!("a key is a text here, not {}", name.kind()));
    };
    entries.push(Entry { key, at, value });
    Ok(())
}

fn key_of(node: &Node) -> Option<String> {
    match &node.data {
        Data::Text { plain: true, .. } => Some(scalar::text(node).unwrap_or_else(|| "null".to_owned())),
        Data::Text { text, .. } => Some(text.clone()),
        _ => None,
    }
}

fn mode(tag: Option<&Tag>) -> Mode {
    match tag.map(|tag| (tag.handle(), tag.suffix())) {
        Some(("!", "reset")) => Mode::Reset,
        Some(("!", "override")) => Mode::Override,
        _ => Mode::Merge,
    }
}

/// `!!str`
fn is_text(tag: &Tag) -> bool {
    tag.core_suffix() == Some("str")
}
