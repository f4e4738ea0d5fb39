//! A target as its blocks say it, and how one is laid over another: by a later block of the same name, or by inheritance.

use std::collections::{BTreeMap, BTreeSet};

use crate::invocation::{Secret, Ssh, Stated};
use crate::sources::At;

type Texts = Vec<Stated<String>>;
pub(super) type Named = BTreeMap<String, Stated<String>>;

/// What is said of a target; nothing where nothing is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    pub(super) at: At,
    pub(super) inherits: Vec<(String, At)>,
    pub(super) context: Option<Stated<String>>,
    pub(super) contexts: Named,
    pub(super) dockerfile: Option<Stated<String>>,
    pub(super) inline: Option<(Stated<String>, At)>,
    pub(super) target: Option<Stated<String>>,
    pub(super) args: Named,
    pub(super) labels: Named,
    pub(super) tags: Option<Texts>,
    pub(super) platforms: Option<Texts>,
    pub(super) cache_from: Texts,
    pub(super) secrets: Vec<Stated<Secret>>,
    pub(super) ssh: Vec<Stated<Ssh>>,
    pub(super) settings: Vec<(String, At)>,
}

impl Target {
    /// Lays `over` over this one.
    pub(super) fn lay(&mut self, over: &Self) {
        let or = |below: &mut Option<Stated<String>>, over: &Option<Stated<String>>| {
            if over.is_some() {
                below.clone_from(over);
            }
        };
        or(&mut self.context, &over.context);
        or(&mut self.dockerfile, &over.dockerfile);
        or(&mut self.target, &over.target);
        if over.inline.is_some() {
            self.inline.clone_from(&over.inline);
        }
        if over.tags.is_some() {
            self.tags.clone_from(&over.tags);
        }
        if over.platforms.is_some() {
            self.platforms.clone_from(&over.platforms);
        }
        let named = |below: &mut Named, over: &Named| below.extend(over.clone());
        named(&mut self.contexts, &over.contexts);
        named(&mut self.args, &over.args);
        named(&mut self.labels, &over.labels);
        append(&mut self.cache_from, &over.cache_from);
        append(&mut self.secrets, &over.secrets);
        append(&mut self.ssh, &over.ssh);
        append(&mut self.settings, &over.settings);
        self.inherits.extend(over.inherits.clone());
    }

    /// Units of the budget that a copy takes.
    pub(super) fn weight(&self) -> usize {
        const ITEM: usize = 48;
        let named = |named: &Named| named.iter().map(|(name, value)| name.len() + size(value) + ITEM).sum::<usize>();
        let texts = |texts: &Texts| texts.iter().map(|text| size(text) + ITEM).sum::<usize>();
        let lists = self.secrets.len() + self.ssh.len() + self.settings.len() + self.inherits.len();
        let inline = self.inline.as_ref().map_or(0, |(text, _)| size(text));
        let listed = self.tags.as_ref().map_or(0, texts) + self.platforms.as_ref().map_or(0, texts);
        named(&self.contexts)
            + named(&self.args)
            + named(&self.labels)
            + texts(&self.cache_from)
            + listed
            + inline
            + (lists + 4) * ITEM
    }
}

fn size(text: &Stated<String>) -> usize {
    text.known().map_or(0, String::len)
}

fn append<T: Clone + Ord>(below: &mut Vec<T>, over: &[T]) {
    let there: BTreeSet<T> = below.iter().cloned().collect();
    below.extend(over.iter().filter(|item| !there.contains(item)).cloned());
}
