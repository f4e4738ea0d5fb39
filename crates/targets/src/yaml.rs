//! YAML as a tree with places: aliases and merge keys resolved, within bounds. Scalars stay text; what a plain one means is
//! [`scalar`]'s. YAML 1.2 with the habits of 1.1 that Compose's own reader keeps.

mod builder;
pub(crate) mod scalar;

use crate::error::{Cause, Error};
use crate::sources::{At, Sources};
use builder::Builder;

/// Collections in one another at most, after aliases.
const MAX_DEPTH: usize = 96;

/// What a tag of Compose's says of a value when files are merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Merge,
    /// `!reset`: what was there is gone.
    Reset,
    /// `!override`: it replaces what was there.
    Override,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: At,
    pub(crate) mode: Mode,
    pub(crate) data: Data,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    /// A scalar; `plain` ones may be numbers, booleans and null.
    Text {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: At,
    pub(crate) value: Node,
}

impl Node {
    /// A quoted text.
    pub(crate) fn text(at: At, text: impl Into<String>) -> Self {
        Self { at, mode: Mode::Merge, data: Data::Text { text: text.into(), plain: false } }
    }

    pub(crate) fn map(at: At, entries: Vec<Entry>) -> Self {
        Self { at, mode: Mode::Merge, data: Data::Map(entries) }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.data, Data::Text { text, plain: true } if scalar::is_null(text))
    }

    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        match &self.data {
            Data::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key that is there and not null.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries()?.iter().find(|entry| entry.key == key)?;
        (!found.value.is_null()).then_some(&found.value)
    }

    /// What the value is, for errors.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.data {
            Data::Map(_) => "a mapping",
            Data::List(_) => "a list",
            Data::Text { plain: true, text } => scalar::kind(text),
            Data::Text { .. } => "a text",
        }
    }

    /// Units of the budget that a copy takes.
    pub(crate) fn weight(&self) -> usize {
        const NODE: usize = 16;
        match &self.data {
            Data::Text { text, .. } => NODE + text.len(),
            Data::List(items) => items.iter().map(Node::weight).sum::<usize>() + NODE,
            Data::Map(entries) => {
                entries.iter().map(|entry| entry.key.len() + NODE + entry.value.weight()).sum::<usize>() + NODE
            }
        }
    }

    /// Collections in one another.
    fn depth(&self) -> usize {
        match &self.data {
            Data::Text { .. } => 0,
            Data::List(items) => 1 + items.iter().map(Node::depth).max().unwrap_or_default(),
            Data::Map(entries) => 1 + entries.iter().map(|entry| entry.value.depth()).max().unwrap_or_default(),
        }
    }
}

/// The documents of a text.
pub(crate) fn parse(sources: &Sources<'_>, file: u32, text: &str) -> Result<Vec<Node>, Error> {
    const NESTING: usize = 64;
    let mut options = granit_parser::options! { flow_nesting_limit: NESTING, block_nesting_limit: NESTING };
    options.set_emit_comments(false);
    let mut builder = Builder::new(sources, file);
    for event in granit_parser::Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => builder.take(event, builder.at(&span.start))?,
            Err(error) => return Err(sources.error(builder.at(error.marker()), cause(&error))),
        }
    }
    Ok(builder.documents())
}

fn cause(error: &granit_parser::ScanError) -> Cause {
    use granit_parser::ErrorKind;
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => Cause::TooMuch("its nesting"),
        _ => Cause::Syntax(error.info()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn read(text: &str) -> Result<Vec<Node>, String> {
        let files = BTreeMap::new();
        let sources = Sources::new(&files);
        let file = sources.add("f.yaml", "");
        parse(&sources, file, text).map_err(|error| error.to_string())
    }

    fn one(text: &str) -> Node {
        read(text).expect("YAML").pop().expect("a document")
    }

    #[test]
    fn every_value_knows_its_place() {
        let node = one("a:\n  - é: x\n    b: [1, \"two\"]\n");
        let list = node.get("a").expect("a");
        let Data::List(items) = &list.data else { panic!("{list:?}") };
        let b = items[0].get("b").expect("b");
        assert_eq!((b.at.line, b.at.column), (3, 8));
        let e = &items[0].entries().expect("a map")[0];
        assert_eq!((e.key.as_str(), e.at.line, e.at.column, e.value.at.column), ("é", 2, 5, 8));
    }

    #[test]
    fn merge_keys_fill_in_what_is_missing() {
        let node =
            one("base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nall: {x: 0, <<: [*b, *m]}\nquoted: {\"<<\": 1}\n");
        let all = node.get("all").expect("all");
        let texts: Vec<_> = ["x", "y", "z"].iter().map(|key| scalar::text(all.get(key).expect("a value"))).collect();
        assert_eq!(texts, [Some("0".into()), Some("2".into()), Some("4".into())]);
        assert!(node.get("quoted").expect("a map").get("<<").is_some());
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        assert_eq!(read("a: 1\nb: 2\na: 3\n").unwrap_err(), "f.yaml:3:1: `a` stands twice, first in line 1");
    }

    #[test]
    fn bombs_of_aliases_end_early() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let before = level - 1;
            text += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 9].join(", "));
        }
        let error = read(&text).unwrap_err();
        assert!(error.ends_with("what it expands to is beyond what is read here"), "{error}");
    }

    #[test]
    fn nesting_is_bounded_with_and_without_aliases() {
        let flow = "[".repeat(5000);
        let block: String = (0..500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        let chain: String = (1..500).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1)).collect();
        for text in [flow, block, format!("a0: &a0 x\n{chain}")] {
            let error = read(&text).unwrap_err();
            assert!(error.ends_with("its nesting is beyond what is read here"), "{error}");
        }
    }

    #[test]
    fn an_alias_within_its_own_anchor_is_an_error() {
        assert!(read("a: &a [*a]\n").unwrap_err().starts_with("f.yaml:1:8: "));
        assert!(read("a: *nothing\n").unwrap_err().starts_with("f.yaml:1:4: "));
    }
}
