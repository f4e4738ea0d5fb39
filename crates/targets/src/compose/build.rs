//! From a merged service to its build: the keys below `build`, the service's image and platform, the secrets it names.

use super::merge::long;
use super::model::{Model, Project, Service};
use crate::error::{Cause, Error, nearest};
use crate::invocation::{Context, Instructions, Invocation, Secret, Setting, Ssh, Stated};
use crate::path;
use crate::yaml::{Data, Entry, Node};

/// Keys below `build` that are read here.
const READ: [&str; 12] = [
    "context",
    "dockerfile",
    "dockerfile_inline",
    "target",
    "args",
    "additional_contexts",
    "secrets",
    "ssh",
    "platforms",
    "tags",
    "labels",
    "cache_from",
];
/// Keys that exist and are passed on as settings.
const SETTINGS: [&str; 14] = [
    "cache_to",
    "entitlements",
    "extra_hosts",
    "isolation",
    "network",
    "no_cache",
    "no_cache_filter",
    "privileged",
    "provenance",
    "pull",
    "sbom",
    "shm_size",
    "ulimits",
    "cache",
];

/// The build of a service; none if it is not built.
pub(super) fn invocation(
    project: &Project<'_, '_>,
    model: &Model,
    name: &str,
    service: &Service,
    active: &[String],
) -> Result<Option<Invocation>, Error> {
    let Some(build) = service.node.get("build") else { return Ok(None) };
    let build = long(build.clone());
    if build.entries().is_none() {
        return project.sources.wrong(build.at, format!("`build` is a text or a mapping, not {}", build.kind()));
    }
    let reader = Reader { project, build: &build };
    let context = reader.context(service)?;
    let profiles = service.node.get("profiles").map(|node| project.texts(node, "profiles")).transpose()?;
    let profiles = profiles.unwrap_or_default();
    let wanted = |profile: &String| active.iter().any(|one| one == "*" || one == profile);
    Ok(Some(Invocation {
        name: name.to_owned(),
        place: project.sources.place(service.at),
        instructions: Stated::Known(reader.instructions(&context)?),
        context: Stated::Known(context),
        target: reader.get("target").map(|node| project.text(node, "target")).transpose()?.map(Stated::Known),
        args: reader.args()?,
        contexts: reader.contexts()?,
        secrets: reader.secrets(model)?,
        ssh: reader.ssh()?,
        platforms: reader.platforms(service)?,
        tags: reader.tags(service)?,
        labels: reader.labels()?,
        cache_from: reader.list("cache_from")?,
        by_default: profiles.is_empty() || profiles.iter().any(wanted),
        profiles,
        settings: reader.settings(),
    }))
}

struct Reader<'r, 'a, 's> {
    project: &'r Project<'a, 's>,
    build: &'r Node,
}

impl Reader<'_, '_, '_> {
    fn get(&self, key: &str) -> Option<&Node> {
        self.build.get(key)
    }

    fn context(&self, service: &Service) -> Result<Context, Error> {
        let Some(node) = self.get("context") else { return Ok(Context::Path(path::clean(&service.home))) };
        let text = self.project.text(node, "context")?;
        // an empty one is none
        let text = if text.is_empty() { "." } else { &text };
        Ok(self.project.context(node, text))
    }

    fn instructions(&self, context: &Context) -> Result<Instructions, Error> {
        let sources = self.project.sources;
        let file = self.get("dockerfile");
        if let Some(inline) = self.get("dockerfile_inline") {
            if let Some(file) = file {
                return sources.wrong(file.at, "`dockerfile` and `dockerfile_inline` cannot both be given");
            }
            let text = self.project.text(inline, "dockerfile_inline")?;
            return Ok(Instructions::Inline { text, place: sources.place(inline.at) });
        }
        let name = file.map(|node| self.project.text(node, "dockerfile")).transpose()?;
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "Dockerfile".to_owned());
        Ok(Instructions::File(match context {
            Context::Path(folder) => path::join(folder, &name),
            _ => name,
        }))
    }

    /// A name without a value takes it from the variables; without one there it is left out.
    fn args(&self) -> Result<Vec<(String, Stated<String>)>, Error> {
        let Some(node) = self.get("args") else { return Ok(Vec::new()) };
        let pairs = self.project.pairs(node, "args")?.into_iter();
        let value =
            |entry: &Entry, value: Option<String>| value.or_else(|| self.project.environment.get(&entry.key).cloned());
        Ok(pairs.filter_map(|(entry, given)| Some((entry.key.clone(), Stated::Known(value(&entry, given)?)))).collect())
    }

    fn labels(&self) -> Result<Vec<(String, Stated<String>)>, Error> {
        let Some(node) = self.get("labels") else { return Ok(Vec::new()) };
        let pairs = self.project.pairs(node, "labels")?.into_iter();
        Ok(pairs.map(|(entry, value)| (entry.key, Stated::Known(value.unwrap_or_default()))).collect())
    }

    fn contexts(&self) -> Result<Vec<(String, Stated<Context>)>, Error> {
        let Some(node) = self.get("additional_contexts") else { return Ok(Vec::new()) };
        let pairs = self.project.pairs(node, "additional_contexts")?;
        let one = |(entry, value): (Entry, Option<String>)| match value {
            Some(value) => Ok((entry.key, Stated::Known(self.project.context(&entry.value, &value)))),
            None => self.project.sources.wrong(entry.at, format!("the context `{}` needs a value", entry.key)),
        };
        pairs.into_iter().map(one).collect()
    }

    fn secrets(&self, model: &Model) -> Result<Vec<Stated<Secret>>, Error> {
        let Some(node) = self.get("secrets") else { return Ok(Vec::new()) };
        let items = self.project.items(node, "secrets")?.iter();
        items.map(|item| self.secret(model, item).map(Stated::Known)).collect()
    }

    fn secret(&self, model: &Model, item: &Node) -> Result<Secret, Error> {
        let project = self.project;
        let part = |key: &str| item.get(key).map(|node| project.text(node, key)).transpose();
        let (source, target) = match item.entries() {
            None => (project.text(item, "secrets")?, None),
            Some(_) => match part("source")? {
                Some(source) => (source, part("target")?),
                None => return project.sources.wrong(item.at, "a secret needs a `source`"),
            },
        };
        let Some(declared) = model.secrets.get(&source) else {
            let near = nearest(&source, model.secrets.keys().map(String::as_str));
            return Err(project.sources.error(item.at, Cause::Unknown { kind: "secret", name: source, near }));
        };
        let field = |key: &str| declared.get(key).map(|node| Ok((node, project.text(node, key)?))).transpose();
        let variable = field("environment")?.map(|(_, name)| name);
        let file = field("file")?.map(|(node, file)| project.path(node, &file));
        if variable.is_none() && file.is_none() {
            let message = format!("the secret `{source}` has neither a file nor a variable: no build can have it");
            return project.sources.wrong(item.at, message);
        }
        Ok(Secret { id: target.unwrap_or(source), file: file.filter(|_| variable.is_none()), variable })
    }

    fn ssh(&self) -> Result<Vec<Stated<Ssh>>, Error> {
        let Some(node) = self.get("ssh") else { return Ok(Vec::new()) };
        let one = |(entry, path): (Entry, Option<String>)| {
            let path = path.filter(|path| !path.is_empty()).map(|path| self.project.path(&entry.value, &path));
            Stated::Known(Ssh { id: entry.key, paths: path.into_iter().collect() })
        };
        Ok(self.project.pairs(node, "ssh")?.into_iter().map(one).collect())
    }

    fn list(&self, key: &str) -> Result<Vec<Stated<String>>, Error> {
        let Some(node) = self.get(key) else { return Ok(Vec::new()) };
        Ok(self.project.texts(node, key)?.into_iter().map(Stated::Known).collect())
    }

    fn platforms(&self, service: &Service) -> Result<Vec<Stated<String>>, Error> {
        let mut platforms = self.list("platforms")?;
        if let Some(node) = service.node.get("platform").filter(|_| platforms.is_empty()) {
            platforms.push(Stated::Known(self.project.text(node, "platform")?));
        }
        Ok(platforms)
    }

    fn tags(&self, service: &Service) -> Result<Vec<Stated<String>>, Error> {
        let mut tags = self.list("tags")?;
        if let Some(image) = service.node.get("image") {
            tags.push(Stated::Known(self.project.text(image, "image")?));
        }
        // a variable without a value makes an empty name, which Compose passes over
        let mut there = std::collections::BTreeSet::new();
        tags.retain(|tag| tag.known().is_some_and(|tag| !tag.is_empty() && there.insert(tag.clone())));
        Ok(tags)
    }

    /// What else is said; a key that Compose does not have is told.
    fn settings(&self) -> Vec<Setting> {
        let sources = self.project.sources;
        let Data::Map(entries) = &self.build.data else { return Vec::new() };
        let others = entries.iter().filter(|entry| !READ.contains(&entry.key.as_str()) && !entry.key.starts_with("x-"));
        let mut settings = Vec::new();
        for entry in others {
            if SETTINGS.contains(&entry.key.as_str()) {
                settings.push(Setting { key: entry.key.clone(), place: sources.place(entry.at) });
                continue;
            }
            if !sources.warns() {
                break;
            }
            let near = nearest(&entry.key, READ.into_iter().chain(SETTINGS));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            sources.warn(entry.at, format!("`build` has no `{}`{hint}", entry.key));
        }
        settings
    }
}
