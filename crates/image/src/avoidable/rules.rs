//! Path patterns, compiled so that a tree is marked in one walk: what matched in a folder holds for all that is below it, and each
//! name is only held against the patterns that begin with it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{AvoidableKind, Mark, Surroundings};
use crate::{Inventory, Listing, Row};

/// Where a rule applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    #[default]
    Anywhere,
    /// To files that no package of the distribution owns.
    Unowned,
    /// To files of the app: not in folders of the system or of installed packages, unless the app works there.
    App,
}

/// One pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// What matches; none for what is taken back.
    pub kind: Option<AvoidableKind>,
    /// `/usr/share/doc`, `/usr/lib/jvm/*/man`, `**/.git`: a path, or its end; `*` and `?` within one part. What is below a
    /// folder that matches is of the kind as well.
    pub pattern: String,
    /// Where it applies.
    pub scope: Scope,
    /// It does not apply where one of these programs runs.
    pub unless: Vec<String>,
    /// A file that must lie in the matched folder.
    pub marker: Option<String>,
    /// Whether it follows from what the thing is; else it is a rule of thumb.
    pub sure: bool,
}

/// Compiled rules.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<Compiled>,
    /// Rules by the first part of their pattern, where that is plain: absolute ones and others.
    rooted: Index,
    floating: Index,
    foreign: Vec<String>,
    installed: Vec<String>,
}

#[derive(Clone, Debug)]
struct Compiled {
    rule: Rule,
    parts: Vec<String>,
}

/// Rules by how their first part begins, so that a name is held against few.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Without wildcards.
    plain: HashMap<String, Vec<usize>, RandomState>,
    /// `*.EXTENSION`: by what stands behind the last dot.
    extensions: HashMap<String, Vec<usize>, RandomState>,
    /// Wildcards behind a first byte: by that byte, as far as there are any.
    bytes: Vec<Vec<usize>>,
    others: Vec<usize>,
}

impl Index {
    fn add(&mut self, first: &str, rule: usize) {
        let is_plain = |text: &str| !text.contains(['*', '?']);
        let extension = first.strip_prefix('*').and_then(|rest| rest.rsplit_once('.'));
        match (extension, first.bytes().next()) {
            _ if is_plain(first) => self.plain.entry(first.to_owned()).or_default().push(rule),
            (Some((_, extension)), _) if is_plain(extension) => {
                self.extensions.entry(extension.to_owned()).or_default().push(rule);
            }
            (_, Some(byte)) if byte != b'*' && byte != b'?' => {
                self.bytes.resize(self.bytes.len().max(usize::from(byte) + 1), Vec::new());
                self.bytes.get_mut(usize::from(byte)).into_iter().for_each(|rules| rules.push(rule));
            }
            _ => self.others.push(rule),
        }
    }

    /// The rules whose first part may match.
    fn beginning<'i>(&'i self, name: &str) -> impl Iterator<Item = usize> + use<'i> {
        let extension = name.rsplit_once('.').and_then(|(_, extension)| self.extensions.get(extension));
        let byte = name.bytes().next().and_then(|byte| self.bytes.get(usize::from(byte)));
        let found = [self.plain.get(name), extension, byte].into_iter().flatten().flatten();
        found.chain(&self.others).copied()
    }
}

/// What holds in a folder on the way.
struct Folder {
    depth: usize,
    mark: Mark,
    is_the_apps: bool,
    scope: Scope,
    /// Rules of which the parts up to here matched, and how many those are.
    open: Vec<(usize, usize)>,
}

impl Rules {
    /// Compiles. `foreign` are folders of the system (`/usr/share`), `installed` names of folders that hold installed packages
    /// (`node_modules`): rules of scope [`Scope::App`] do not apply there.
    pub fn new(rules: impl IntoIterator<Item = Rule>, foreign: Vec<String>, installed: Vec<String>) -> Self {
        let mut compiled = Self { foreign, installed, ..Self::default() };
        for rule in rules {
            let at = compiled.rules.len();
            let pattern = rule.pattern.strip_prefix("**/");
            let parts = pattern.unwrap_or(&rule.pattern).split('/').filter(|part| !part.is_empty());
            let parts: Vec<String> = parts.map(str::to_owned).collect();
            let Some(first) = parts.first() else { continue };
            let index = if pattern.is_some() { &mut compiled.floating } else { &mut compiled.rooted };
            index.add(first, at);
            compiled.rules.push(Compiled { rule, parts });
        }
        compiled
    }

    /// Marks every row.
    pub(super) fn mark(
        &self,
        listing: &Listing<'_>,
        inventory: &Inventory,
        surroundings: &Surroundings<'_>,
    ) -> Vec<Mark> {
        let applies = |rule: &Compiled| !rule.rule.unless.iter().any(|name| surroundings.running.contains(name));
        let walk = Walk { rules: self, active: self.rules.iter().map(applies).collect(), listing, surroundings };
        let mut marks = vec![Mark::default(); listing.len()];
        let mut open: Vec<Folder> = Vec::new();
        for (at, mark) in marks.iter_mut().enumerate() {
            let row = listing.row(at);
            let depth = row.depth;
            while open.last().is_some_and(|folder| folder.depth >= depth) {
                open.pop();
            }
            let folder = walk.step(&row, open.last());
            let owned = || inventory.owner(at).and_then(|owner| inventory.packages.get(owner));
            let fits = match folder.scope {
                Scope::Anywhere => true,
                Scope::Unowned => owned().is_none_or(|owner| !owner.kind().is_system()),
                Scope::App => folder.is_the_apps && owned().is_none(),
            };
            if fits {
                *mark = folder.mark;
            }
            if row.is_folder() {
                open.push(folder);
            }
        }
        marks
    }

    fn is_the_apps(&self, path: &str, workdir: &str) -> bool {
        let below = |folder: &str| {
            let rest = path.strip_prefix(folder.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let at_work = workdir.len() > 1 && below(workdir);
        let system = self.foreign.iter().any(|folder| below(folder));
        (at_work || !system) && !path.split('/').any(|part| self.installed.iter().any(|name| name == part))
    }
}

/// One walk over a tree.
struct Walk<'w, 'a> {
    rules: &'w Rules,
    /// Rules that apply to this image.
    active: Vec<bool>,
    listing: &'w Listing<'a>,
    surroundings: &'w Surroundings<'w>,
}

impl Walk<'_, '_> {
    /// What holds at a path whose folder is `above`.
    fn step(&self, row: &Row<'_, '_>, above: Option<&Folder>) -> Folder {
        let (path, name) = (row.path, row.name());
        let mut here = Folder {
            depth: row.depth,
            mark: above.map(|above| above.mark).unwrap_or_default(),
            scope: above.map(|above| above.scope).unwrap_or_default(),
            is_the_apps: above.is_some_and(|above| above.is_the_apps),
            open: Vec::new(),
        };
        let rooted = (row.depth == 1).then(|| self.rules.rooted.beginning(name)).into_iter().flatten();
        let floating = self.rules.floating.beginning(name);
        let going_on = above.into_iter().flat_map(|above| &above.open).copied();
        for (at, matched) in rooted.chain(floating).map(|rule| (rule, 0)).chain(going_on) {
            let Some(rule) = self.rules.rules.get(at).filter(|_| self.active.get(at) == Some(&true)) else { continue };
            if !rule.parts.get(matched).is_some_and(|part| part_matches(part, name)) {
                continue;
            }
            if matched + 1 < rule.parts.len() {
                here.open.push((at, matched + 1));
            } else if self.says_more(&rule.rule, &here, path) {
                here.mark = Mark { kind: rule.rule.kind, sure: rule.rule.sure };
                here.scope = rule.rule.scope;
                here.is_the_apps = self.rules.is_the_apps(path, self.surroundings.workdir);
            }
        }
        here
    }

    /// Whether a rule that matches a path changes what holds there.
    fn says_more(&self, rule: &Rule, here: &Folder, path: &str) -> bool {
        let marked = |marker: &String| self.listing.find(&format!("{path}/{marker}")).is_some();
        let changes = rule.kind.is_none() == here.mark.kind.is_some();
        changes
            && rule.marker.as_ref().is_none_or(marked)
            && (rule.kind.is_none() || !(self.surroundings.is_used)(path))
    }
}

/// `*` and `?` within one part of a path.
fn part_matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(byte) = name.get(seen) {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, seen));
                at += 1;
            }
            Some(want) if *want == b'?' || want == byte => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((after, from)) = retry else { return false };
                retry = Some((after, from + 1));
                (at, seen) = (after, from + 1);
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}
