//! From what files declare to builds: matrices, blocks of one name, inheritance, groups.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Block, BlockKind, Document, MAX_NAMES};
use super::scope::{Locals, Scope};
use super::target::Target;
use super::value::Value;
use super::{hcl, json};
use crate::detect::Kind;
use crate::error::{Cause, Error, nearest};
use crate::invocation::{Context, Instructions, Invocation, Setting, Stated, is_remote};
use crate::sources::{At, Sources};
use crate::{Environment, File, path};

/// Targets at most, after matrices.
const MAX_TARGETS: usize = 2000;
/// Targets that inherit from one another at most.
const MAX_DEPTH: usize = 48;

/// Groups by name, with the targets they stand for.
pub(crate) type Groups = BTreeMap<String, Vec<String>>;

/// The builds and groups of Bake files; `compose` are those of the Compose files among them, which come first.
pub(crate) fn load(
    sources: &Sources<'_>,
    files: &[(&File, Kind)],
    environment: &Environment,
    compose: Vec<Invocation>,
) -> Result<(Vec<Invocation>, Groups), Error> {
    let mut document = Document::default();
    for (file, kind) in files {
        let number = sources.add(&file.name, ".");
        match kind {
            Kind::BakeJson => json::read(sources, number, &file.text, &mut document)?,
            _ => hcl::read(sources, number, &file.text, &mut document)?,
        }
    }
    let scope = Scope::new(&document, sources, environment);
    scope.validate()?;
    let mut reader = Resolver {
        scope,
        compose: BTreeMap::new(),
        targets: BTreeMap::new(),
        groups: BTreeMap::new(),
        last_group: At::default(),
    };
    reader.add_compose(compose);
    for block in &document.blocks {
        match block.kind {
            BlockKind::Target => reader.add_target(block)?,
            BlockKind::Group => reader.add_group(block)?,
        }
    }
    reader.finish()
}

struct Resolver<'d, 's> {
    scope: Scope<'d, 's>,
    /// Builds of Compose files, by their names as targets.
    compose: BTreeMap<String, Invocation>,
    targets: BTreeMap<String, Target>,
    groups: Groups,
    last_group: At,
}

impl Resolver<'_, '_> {
    fn add_compose(&mut self, builds: Vec<Invocation>) {
        for build in builds {
            let name = super::functions::sanitize(&build.name);
            self.groups.entry("default".to_owned()).or_default().push(name.clone());
            self.compose.insert(name, build);
        }
    }

    fn add_target(&mut self, block: &Block) -> Result<(), Error> {
        let rows = self.rows(block)?;
        let mut own = Vec::new();
        for row in &rows {
            let locals = Locals::of(row);
            let Some(name) = self.name(block, &locals)? else { continue };
            if own.contains(&name) {
                let message = format!("the matrix gives the name `{name}` twice: `name` must tell its rows apart");
                return self.scope.sources.wrong(block.at, message);
            }
            let mut target = Target { at: block.at, ..Target::default() };
            for attribute in &block.attributes {
                self.scope.read_attribute(&mut target, attribute, &locals)?;
            }
            self.scope.sources.charge(block.at, target.weight())?;
            match self.targets.get_mut(&name) {
                Some(there) => there.lay(&target),
                None => {
                    self.targets.insert(name.clone(), target);
                }
            }
            own.push(name);
        }
        if own != [block.label.as_str()] {
            self.groups.entry(block.label.clone()).or_default().extend(own);
        }
        Ok(())
    }

    /// The rows of a matrix; one without names if there is none.
    fn rows(&self, block: &Block) -> Result<Vec<Vec<(String, Value)>>, Error> {
        let mut rows = vec![Vec::new()];
        let Some(matrix) = block.attribute("matrix") else { return Ok(rows) };
        let at = matrix.value.at();
        let sources = self.scope.sources;
        let Value::Map(axes) = self.scope.eval(&matrix.value, &Locals::NONE)? else {
            return sources.wrong(at, "`matrix` is an object of lists");
        };
        if axes.len() > MAX_NAMES {
            return Err(sources.error(at, Cause::TooMuch("the number of axes")));
        }
        for (name, values) in axes {
            let Value::List(values) = values else {
                return sources.wrong(at, format!("`matrix.{name}` is a list, not {}", values.kind()));
            };
            if rows.len().saturating_mul(values.len()).saturating_add(self.targets.len()) > MAX_TARGETS {
                return Err(sources.error(at, Cause::TooMuch("the number of targets")));
            }
            let longer = |row: &Vec<(String, Value)>| {
                let more = values.iter().map(|value| [&row[..], &[(name.clone(), value.clone())]].concat());
                more.collect::<Vec<_>>()
            };
            rows = rows.iter().flat_map(longer).collect();
            sources.charge(at, rows.iter().flatten().map(|(_, value)| value.weight()).sum())?;
        }
        Ok(rows)
    }

    /// None if only the tool could tell it.
    fn name(&self, block: &Block, locals: &Locals<'_>) -> Result<Option<String>, Error> {
        let sources = self.scope.sources;
        let (name, at) = match block.attribute("name") {
            None => (block.label.clone(), block.at),
            Some(name) if block.attribute("matrix").is_none() => {
                return sources.wrong(name.at, "`name` is for targets with a `matrix`");
            }
            Some(name) => {
                let at = name.value.at();
                let value = self.scope.eval(&name.value, locals)?;
                if let Some(opaque) = value.opaque() {
                    sources.warn(at, format!("a target is left out, its name is not known: {}", opaque.reason));
                    return Ok(None);
                }
                (self.scope.printed(&value, || at)?, at)
            }
        };
        if name.is_empty() || super::functions::sanitize(&name) != name {
            return sources.wrong(at, format!("`{name}` is no name of a target: letters, digits, `_`, `-`"));
        }
        Ok(Some(name))
    }

    fn add_group(&mut self, block: &Block) -> Result<(), Error> {
        let Some(targets) = block.attribute("targets") else {
            return self.scope.sources.wrong(block.at, format!("the group `{}` needs `targets`", block.label));
        };
        let value = self.scope.eval(&targets.value, &Locals::NONE)?;
        let names = self.scope.names(value, targets.value.at())?;
        self.groups.insert(block.label.clone(), names);
        self.last_group = block.at;
        Ok(())
    }

    fn finish(self) -> Result<(Vec<Invocation>, Groups), Error> {
        let mut builds = Vec::new();
        let mut resolved = BTreeMap::new();
        let names: BTreeSet<&String> = self.targets.keys().chain(self.compose.keys()).collect();
        for name in names {
            let Some(target) = self.targets.get(name) else {
                builds.extend(self.compose.get(name).cloned());
                continue;
            };
            let target = self.resolve(name, target.at, &mut resolved, &mut Vec::new())?;
            builds.push(self.invocation(name, &target));
        }
        let members = |name: &String| Ok((name.clone(), self.members(name)?));
        let groups: Groups = self.groups.keys().map(members).collect::<Result<_, Error>>()?;
        let default: Option<BTreeSet<&String>> = groups.get("default").map(|members| members.iter().collect());
        for build in &mut builds {
            build.by_default = match &default {
                Some(members) => members.contains(&build.name),
                None if self.targets.contains_key("default") => build.name == "default",
                None => !build.name.starts_with('_'),
            };
        }
        Ok((builds, groups))
    }

    /// A target with what it inherits.
    fn resolve(
        &self,
        name: &str,
        from: At,
        resolved: &mut BTreeMap<String, Target>,
        trail: &mut Vec<String>,
    ) -> Result<Target, Error> {
        let sources = self.scope.sources;
        if let Some(target) = resolved.get(name) {
            sources.charge(from, target.weight())?;
            return Ok(target.clone());
        }
        if let Some(start) = trail.iter().position(|one| one == name) {
            let names = trail.iter().skip(start).map(String::as_str).chain([name]).map(str::to_owned).collect();
            return Err(sources.error(from, Cause::Cycle { kind: "inherits", names }));
        }
        if trail.len() >= MAX_DEPTH {
            return Err(sources.error(from, Cause::TooMuch("the chain of `inherits`")));
        }
        let own = match (self.targets.get(name), self.compose.get(name)) {
            (Some(target), _) => target,
            (None, Some(_)) => return Ok(self.composed(name, from)),
            (None, None) => {
                let near = nearest(name, self.targets.keys().map(String::as_str));
                return Err(sources.error(from, Cause::Unknown { kind: "target", name: name.to_owned(), near }));
            }
        };
        trail.push(name.to_owned());
        // a target that a Compose file describes too lies over that
        let mut target = self.composed(name, own.at);
        for (base, at) in &own.inherits {
            target.lay(&self.resolve(base, *at, resolved, trail)?);
        }
        trail.pop();
        target.lay(own);
        sources.charge(from, target.weight())?;
        resolved.insert(name.to_owned(), target.clone());
        Ok(target)
    }

    fn composed(&self, name: &str, at: At) -> Target {
        let Some(build) = self.compose.get(name) else { return Target { at, ..Target::default() } };
        let context = |context: &Context| match context {
            Context::Path(text) | Context::Remote(text) | Context::Image(text) => text.clone(),
            Context::Build(name) => format!("target:{}", super::functions::sanitize(name)),
        };
        let folder = build.context.known().map(context).unwrap_or_default();
        let inside = |file: &String| match file.strip_prefix(&format!("{folder}/")) {
            Some(inside) => inside.to_owned(),
            None => format!("cwd://{file}"),
        };
        let (dockerfile, inline) = match build.instructions.known() {
            Some(Instructions::File(file)) => (Some(Stated::Known(inside(file))), None),
            Some(Instructions::Inline { text, .. }) => (None, Some((Stated::Known(text.clone()), at))),
            None => (None, None),
        };
        Target {
            at,
            context: Some(Stated::Known(folder.clone())),
            contexts: build
                .contexts
                .iter()
                .map(|(name, it)| (name.clone(), it.clone().map(|it| context(&it))))
                .collect(),
            dockerfile,
            inline,
            target: build.target.clone(),
            args: build.args.iter().cloned().collect(),
            labels: build.labels.iter().cloned().collect(),
            tags: Some(build.tags.clone()).filter(|tags| !tags.is_empty()),
            platforms: Some(build.platforms.clone()).filter(|platforms| !platforms.is_empty()),
            cache_from: build.cache_from.clone(),
            secrets: build.secrets.clone(),
            ssh: build.ssh.clone(),
            ..Target::default()
        }
    }

    /// The targets that a name stands for, through groups of groups.
    fn members(&self, name: &str) -> Result<Vec<String>, Error> {
        let mut seen = BTreeSet::new();
        let mut open = vec![name];
        let mut members = Vec::new();
        while let Some(name) = open.pop() {
            self.scope.sources.charge(self.last_group, name.len() + 16)?;
            if !seen.insert(name) {
                continue;
            }
            match self.groups.get(name) {
                Some(inner) => open.extend(inner.iter().rev().map(String::as_str)),
                None => members.push(name.to_owned()),
            }
        }
        Ok(members)
    }

    fn invocation(&self, name: &str, target: &Target) -> Invocation {
        let sources = self.scope.sources;
        let context =
            target.context.clone().unwrap_or_else(|| Stated::Known(".".to_owned())).map(|text| context(&text));
        let instructions = match &target.inline {
            Some((text, at)) => {
                let place = sources.place(*at);
                text.clone().map(|text| Instructions::Inline { text, place })
            }
            None => {
                let file = target.dockerfile.clone().unwrap_or_else(|| Stated::Known("Dockerfile".to_owned()));
                file.map(|file| Instructions::File(dockerfile(&context, &file)))
            }
        };
        let named = |named: &super::target::Named| named.clone().into_iter().collect();
        Invocation {
            name: name.to_owned(),
            place: sources.place(target.at),
            context,
            instructions,
            target: target.target.clone(),
            args: named(&target.args),
            contexts: target
                .contexts
                .iter()
                .filter(|(_, value)| value.known().is_none_or(|value| !value.is_empty()))
                .map(|(name, value)| (name.clone(), value.clone().map(|text| self::context(&text))))
                .collect(),
            secrets: target.secrets.clone(),
            ssh: target.ssh.clone(),
            platforms: target.platforms.clone().unwrap_or_default(),
            tags: target.tags.clone().unwrap_or_default(),
            labels: named(&target.labels),
            cache_from: target.cache_from.clone(),
            profiles: Vec::new(),
            by_default: false,
            settings: target
                .settings
                .iter()
                .map(|(key, at)| Setting { key: key.clone(), place: sources.place(*at) })
                .collect(),
        }
    }
}

/// A context as Bake understands it: from the working folder.
fn context(text: &str) -> Context {
    if let Some(name) = text.strip_prefix("target:") {
        return Context::Build(name.to_owned());
    }
    if let Some(folder) = text.strip_prefix("cwd://") {
        return Context::Path(path::clean(folder));
    }
    if is_remote(text) {
        return Context::Remote(text.to_owned());
    }
    if text.contains("://") { Context::Image(text.to_owned()) } else { Context::Path(path::clean(text)) }
}

fn dockerfile(context: &Stated<Context>, file: &str) -> String {
    let file = if file.is_empty() { "Dockerfile" } else { file };
    if let Some(file) = file.strip_prefix("cwd://") {
        return path::clean(file);
    }
    match context.known() {
        Some(Context::Path(folder)) => path::join(folder, file),
        _ => file.to_owned(),
    }
}
