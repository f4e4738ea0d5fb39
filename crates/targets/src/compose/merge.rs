//! How one file's services are laid over another's, and a service over the one it extends: mappings key by key, lists one after
//! the other, arguments and labels by name, everything else replaced. `!reset` and `!override` say otherwise.
//! <https://docs.docker.com/reference/compose-file/merge/>

use std::collections::{HashMap, HashSet};

use super::model::Model;
use crate::error::Error;
use crate::sources::{At, Sources};
use crate::yaml::{Data, Entry, Mode, Node, scalar};

/// Keys below `build` that are lists of `NAME=value` or mappings: merged by name.
const BY_NAME: [&str; 4] = ["args", "labels", "additional_contexts", "ssh"];
/// Lists in which a later item replaces an equal earlier one.
const DISTINCT: [&str; 2] = ["tags", "profiles"];

/// Units of the budget for an entry that a merge has to look at.
const LOOKED_AT: usize = 8;

/// Lays `over` over `model`.
pub(super) fn lay_over(sources: &Sources<'_>, model: &mut Model, over: Model) -> Result<(), Error> {
    for (name, service) in over.services {
        let Some(below) = model.services.get_mut(&name) else {
            if service.node.mode != Mode::Reset {
                model.services.insert(name, service);
            }
            continue;
        };
        match service.node.mode {
            Mode::Reset => {
                model.services.remove(&name);
            }
            Mode::Override => *below = service,
            Mode::Merge => below.node = services(sources, taken(&mut below.node), service.node)?,
        }
    }
    for (name, secret) in over.secrets {
        let merged = match model.secrets.remove(&name) {
            Some(below) => mappings(sources, below, secret, &|_, below, over| plain(sources, below, over))?,
            None => secret,
        };
        model.secrets.insert(name, merged);
    }
    Ok(())
}

/// A service over another.
pub(super) fn services(sources: &Sources<'_>, below: Node, over: Node) -> Result<Node, Error> {
    mappings(sources, below, over, &|key, below, over| match key {
        "build" => {
            mappings(sources, long(below), long(over), &|key, below, over| build_value(sources, key, below, over))
        }
        _ => list_or_last(sources, key, below, over),
    })
}

/// The short form of `build` is its context.
pub(super) fn long(build: Node) -> Node {
    match &build.data {
        Data::Text { .. } if !build.is_null() => {
            let Node { at, mode, .. } = build;
            let entry = Entry { key: "context".to_owned(), at, value: Node { mode: Mode::Merge, ..build } };
            Node { mode, ..Node::map(at, vec![entry]) }
        }
        _ => build,
    }
}

fn build_value(sources: &Sources<'_>, key: &str, below: Node, over: Node) -> Result<Node, Error> {
    if BY_NAME.contains(&key) {
        let (below, over) = (by_name(below), by_name(over));
        return mappings(sources, below, over, &|_, _, over| Ok(over));
    }
    list_or_last(sources, key, below, over)
}

fn list_or_last(sources: &Sources<'_>, key: &str, below: Node, over: Node) -> Result<Node, Error> {
    if !matches!((&below.data, &over.data), (Data::List(_), Data::List(_))) {
        return plain(sources, below, over);
    }
    let (at, mode) = (over.at, over.mode);
    let mut items = items(below);
    sources.charge(at, items.len().saturating_mul(LOOKED_AT))?;
    let more = self::items(over);
    if DISTINCT.contains(&key) {
        let there: HashSet<Option<String>> = items.iter().map(scalar::text).collect();
        items.extend(more.into_iter().filter(|item| !there.contains(&scalar::text(item))));
    } else {
        items.extend(more);
    }
    Ok(Node { at, mode, data: Data::List(items) })
}

fn items(node: Node) -> Vec<Node> {
    match node.data {
        Data::List(items) => items,
        _ => Vec::new(),
    }
}

/// Mappings are merged, everything else is replaced by its like.
fn plain(sources: &Sources<'_>, below: Node, over: Node) -> Result<Node, Error> {
    match (&below.data, &over.data) {
        (Data::Map(_), Data::Map(_)) => mappings(sources, below, over, &|_, below, over| plain(sources, below, over)),
        (Data::Text { .. }, Data::Text { .. }) | (Data::List(_), Data::List(_)) => Ok(over),
        _ => {
            let message = format!("{} cannot replace {} of another file", over.kind(), below.kind());
            sources.wrong(over.at, message)
        }
    }
}

type Merge<'m> = &'m dyn Fn(&str, Node, Node) -> Result<Node, Error>;

fn mappings(sources: &Sources<'_>, below: Node, over: Node, merge: Merge<'_>) -> Result<Node, Error> {
    if over.is_null() {
        return Ok(below);
    }
    if below.is_null() {
        return Ok(over);
    }
    let (Node { at, mode, data: Data::Map(mut entries) }, Data::Map(more)) = (below, over.data) else {
        return sources.wrong(over.at, "a mapping of another file cannot be merged with this");
    };
    sources.charge(at, entries.len().saturating_mul(LOOKED_AT))?;
    let mut places: HashMap<String, usize> =
        entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    let mut gone = HashSet::new();
    for entry in more {
        if entry.value.mode == Mode::Reset {
            gone.insert(entry.key);
            continue;
        }
        match places.get(&entry.key).and_then(|at| entries.get_mut(*at)) {
            Some(there) => lay_entry(there, entry, merge)?,
            None => {
                places.insert(entry.key.clone(), entries.len());
                entries.push(entry);
            }
        }
    }
    entries.retain(|entry| !gone.contains(&entry.key));
    Ok(Node { at, mode, data: Data::Map(entries) })
}

/// The node itself; what is left in its place is replaced by what comes of it.
fn taken(node: &mut Node) -> Node {
    let nothing = Node { at: node.at, mode: node.mode, data: Data::List(Vec::new()) };
    std::mem::replace(node, nothing)
}

fn lay_entry(there: &mut Entry, over: Entry, merge: Merge<'_>) -> Result<(), Error> {
    if over.value.is_null() {
        return Ok(());
    }
    if there.value.is_null() || over.value.mode == Mode::Override {
        *there = over;
        return Ok(());
    }
    there.value = merge(&over.key, taken(&mut there.value), over.value)?;
    Ok(())
}

/// `[NAME=value, NAME]` as `{NAME: value, NAME: null}`, the last one of a name; mappings as they are.
pub(super) fn by_name(node: Node) -> Node {
    let items = match &node.data {
        Data::List(items) => items,
        Data::Text { text, .. } if !node.is_null() => return Node::map(node.at, vec![pair(node.at, text)]),
        _ => return node,
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut places = HashMap::new();
    for item in items {
        let Some(text) = scalar::text(item) else { return node };
        let entry = pair(item.at, &text);
        match places.get(&entry.key).and_then(|at: &usize| entries.get_mut(*at)) {
            Some(there) => *there = entry,
            None => {
                places.insert(entry.key.clone(), entries.len());
                entries.push(entry);
            }
        }
    }
    Node { data: Data::Map(entries), ..node }
}

fn pair(at: At, text: &str) -> Entry {
    let null = Node { at, mode: Mode::Merge, data: Data::Text { text: String::new(), plain: true } };
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Node::text(at, value)),
        None => (text, null),
    };
    Entry { key: key.to_owned(), at, value }
}
