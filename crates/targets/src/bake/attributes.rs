//! The attributes of a target block as what they mean. <https://docs.docker.com/build/bake/reference/#target>

use std::collections::BTreeSet;

use super::document::Attribute;
use super::scope::{Locals, Scope};
use super::target::{Named, Target};
use super::types::fields;
use super::value::{Fault, Value};
use crate::error::{Error, nearest};
use crate::invocation::{Opaque, Secret, Ssh, Stated};
use crate::sources::At;

/// Attributes of targets that are passed on as settings, or mean nothing to a build.
const OTHERS: [&str; 17] = [
    "annotations",
    "attest",
    "cache-to",
    "call",
    "description",
    "entitlements",
    "extra-hosts",
    "matrix",
    "name",
    "network",
    "no-cache",
    "no-cache-filter",
    "output",
    "policy",
    "pull",
    "shm-size",
    "ulimits",
];
const READ: [&str; 14] = [
    "args",
    "cache-from",
    "context",
    "contexts",
    "dockerfile",
    "dockerfile-inline",
    "inherits",
    "labels",
    "platforms",
    "secret",
    "ssh",
    "tags",
    "target",
    "resources",
];

impl Scope<'_, '_> {
    /// Reads one attribute into the target.
    pub(super) fn read_attribute(
        &self,
        target: &mut Target,
        attribute: &Attribute,
        locals: &Locals<'_>,
    ) -> Result<(), Error> {
        let name = attribute.name.as_str();
        if !READ.contains(&name) {
            match name {
                "name" | "matrix" | "description" => {}
                name if OTHERS.contains(&name) => target.settings.push((name.to_owned(), attribute.at)),
                _ if !self.sources.warns() => {}
                name => {
                    let near = nearest(name, READ.into_iter().chain(OTHERS));
                    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    self.sources.warn(attribute.at, format!("a target has no `{name}`{hint}"));
                }
            }
            return Ok(());
        }
        let at = attribute.value.at();
        let value = self.eval(&attribute.value, locals)?;
        if value == Value::Null {
            return Ok(());
        }
        match name {
            "context" => target.context = Some(self.stated(value, at)?),
            "dockerfile" => target.dockerfile = Some(self.stated(value, at)?),
            "dockerfile-inline" => target.inline = Some((self.stated(value, at)?, at)),
            "target" => target.target = Some(self.stated(value, at)?),
            "args" => target.args = self.named(value, at)?,
            "contexts" => target.contexts = self.named(value, at)?,
            "labels" => target.labels = self.named(value, at)?,
            "tags" => target.tags = Some(self.stated_list(value, at)?),
            "platforms" => target.platforms = Some(self.stated_list(value, at)?),
            "cache-from" => target.cache_from = self.each(value, at, |value| self.cache(value, at))?,
            "secret" => target.secrets = self.each(value, at, |value| self.secret(value, at))?,
            "ssh" => target.ssh = self.each(value, at, |value| self.ssh(value, at))?,
            "inherits" => {
                for name in self.names(value, at)? {
                    target.inherits.push((name, at));
                }
            }
            _ => target.settings.push((name.to_owned(), attribute.at)),
        }
        Ok(())
    }

    /// Names that must be known: of targets.
    pub(super) fn names(&self, value: Value, at: At) -> Result<Vec<String>, Error> {
        let items = self.list(value, at)?;
        items.iter().map(|item| self.printed(item, || at)).collect()
    }

    fn stated(&self, value: Value, at: At) -> Result<Stated<String>, Error> {
        match self.checked(|| at, opaque_or(value, |value| value.print().map(Value::Text)))? {
            Value::Text(text) => Ok(Stated::Known(text)),
            Value::Opaque(opaque) => Ok(Stated::Opaque(*opaque)),
            other => self.sources.wrong(at, format!("a text is needed, not {}", other.kind())),
        }
    }

    fn list(&self, value: Value, at: At) -> Result<Vec<Value>, Error> {
        match value {
            Value::List(items) => Ok(items),
            one @ Value::Opaque(_) => Ok(vec![one]),
            other => self.sources.wrong(at, format!("a list is needed, not {}", other.kind())),
        }
    }

    fn stated_list(&self, value: Value, at: At) -> Result<Vec<Stated<String>>, Error> {
        let mut all = Vec::new();
        let mut there = BTreeSet::new();
        for item in self.list(value, at)? {
            let text = self.stated(item, at)?;
            // conditions leave empty texts behind, which Bake passes over
            if text.known().is_none_or(|text| !text.is_empty()) && there.insert(text.clone()) {
                all.push(text);
            }
        }
        Ok(all)
    }

    /// Texts by name; a null leaves its name out. If not even the names are known, there is one without a name.
    fn named(&self, value: Value, at: At) -> Result<Named, Error> {
        let entries = match value {
            Value::Map(entries) => entries,
            Value::Opaque(opaque) => return Ok(Named::from([(String::new(), Stated::Opaque(*opaque))])),
            other => return self.sources.wrong(at, format!("an object is needed, not {}", other.kind())),
        };
        let mut named = Named::new();
        for (name, value) in entries.into_iter().filter(|(_, value)| *value != Value::Null) {
            let value = match value {
                Value::List(_) | Value::Map(_) => {
                    return self.sources.wrong(at, format!("`{name}` is a text, not {}", value.kind()));
                }
                value => self.stated(value, at)?,
            };
            named.insert(name, value);
        }
        Ok(named)
    }

    fn each<T>(&self, value: Value, at: At, read: impl Fn(Value) -> Result<T, Error>) -> Result<Vec<Stated<T>>, Error> {
        let one = |item: Value| match item.opaque() {
            Some(opaque) => Ok(Stated::Opaque(opaque.clone())),
            None => read(item).map(Stated::Known),
        };
        self.list(value, at)?.into_iter().map(one).collect()
    }

    /// `type=registry,ref=…`, from either form.
    fn cache(&self, value: Value, at: At) -> Result<String, Error> {
        let Value::Map(mut entries) = value else { return self.printed(&value, || at) };
        let kind = entries.remove("type");
        let mut parts = Vec::new();
        for (name, value) in kind.map(|kind| ("type".to_owned(), kind)).into_iter().chain(entries) {
            parts.push(format!("{name}={}", self.printed(&value, || at)?));
        }
        Ok(parts.join(","))
    }

    fn secret(&self, value: Value, at: At) -> Result<Secret, Error> {
        let pairs = self.fields(value, at)?;
        let find = |names: &[&str]| {
            let found = pairs.iter().find(|(name, _)| names.contains(&name.as_str()));
            found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
        };
        let (mut file, mut variable) = (find(&["src", "source"]), find(&["env"]));
        if find(&["type"]).as_deref() == Some("env") && variable.is_none() {
            variable = file.take();
        }
        Ok(Secret { id: find(&["id"]).unwrap_or_default(), variable, file })
    }

    /// `id=a,b` or `{id, src}`: pairs in their order.
    fn fields(&self, value: Value, at: At) -> Result<Vec<(String, String)>, Error> {
        if let Value::Map(entries) = value {
            let pair = |(name, value): (String, Value)| Ok((name, self.printed(&value, || at)?));
            return entries.into_iter().filter(|(_, value)| *value != Value::Null).map(pair).collect();
        }
        let text = self.printed(&value, || at)?;
        let pair = |field: String| match field.split_once('=') {
            Some((name, value)) => Ok((name.trim().to_lowercase(), value.to_owned())),
            None => self.sources.wrong(at, format!("`{field}` is no name=value")),
        };
        fields(&text, ',').into_iter().map(pair).collect()
    }

    /// `default`, `id=path,path` or `{id, paths}`.
    fn ssh(&self, value: Value, at: At) -> Result<Ssh, Error> {
        if let Value::Map(mut entries) = value {
            let id = entries.remove("id").map(|id| self.printed(&id, || at)).transpose()?;
            let paths = entries.remove("paths").map(|paths| self.names(paths, at)).transpose()?;
            return Ok(Ssh { id: id.unwrap_or_else(|| "default".to_owned()), paths: paths.unwrap_or_default() });
        }
        let text = self.printed(&value, || at)?;
        let (id, paths) = text.split_once('=').unwrap_or((&text, ""));
        Ok(Ssh { id: id.to_owned(), paths: fields(paths, ',') })
    }
}

fn opaque_or(value: Value, convert: impl Fn(&Value) -> Result<Value, Fault>) -> Result<Value, Fault> {
    if let Value::Opaque(_) = value { Ok(value) } else { convert(&value) }
}

impl From<Opaque> for Stated<String> {
    fn from(opaque: Opaque) -> Self {
        Self::Opaque(opaque)
    }
}
