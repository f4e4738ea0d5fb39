//! The image config, as a view that keeps the raw document. OCI image-spec, config.md, and Docker's additions.

use std::collections::BTreeMap;

use jettison_model::HistoryEntry;
use serde_json::Value;

/// An image's configuration: what `docker run` starts from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageConfig {
    /// `USER`; empty means root.
    pub user: String,
    /// `NAME=value`, in order.
    pub env: Vec<(String, String)>,
    /// None where not set.
    pub entrypoint: Option<Vec<String>>,
    /// None where not set.
    pub cmd: Option<Vec<String>>,
    /// Empty means `/`.
    pub workdir: String,
    /// `8000/tcp`.
    pub exposed_ports: Vec<String>,
    /// Paths.
    pub volumes: Vec<String>,
    /// In key order.
    pub labels: BTreeMap<String, String>,
    /// `SIGTERM` where none.
    pub stop_signal: Option<String>,
    /// SHELL.
    pub shell: Option<Vec<String>>,
    /// HEALTHCHECK.
    pub healthcheck: Option<Healthcheck>,
    /// ONBUILD triggers.
    pub onbuild: Vec<String>,
    /// `linux`
    pub os: String,
    /// `amd64`
    pub architecture: String,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
    /// Of the layers, lowest first.
    pub diff_ids: Vec<String>,
    /// The document as it came.
    pub raw: Value,
}

/// HEALTHCHECK.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Healthcheck {
    /// `["CMD", …]`, `["CMD-SHELL", text]`, `["NONE"]`.
    pub test: Vec<String>,
}

impl ImageConfig {
    /// Reads a config document: OCI's or Docker's, or one object of `docker image inspect` (whose keys begin with a
    /// capital). Absent and null fields are empty; a field of the wrong type is an error that names it.
    pub fn parse(document: &str, bytes: &[u8]) -> Result<Self, crate::Error> {
        let broken = |reason: String| crate::Error::Config { document: document.to_owned(), reason };
        let raw: Value = serde_json::from_slice(bytes).map_err(|error| broken(error.to_string()))?;
        if !raw.is_object() {
            return Err(broken("is no JSON object".to_owned()));
        }
        read(raw).map_err(broken)
    }

    /// The value of an environment variable.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Entrypoint and cmd together: what runs.
    pub fn argv(&self) -> Vec<String> {
        self.entrypoint.iter().flatten().chain(self.cmd.iter().flatten()).cloned().collect()
    }
}

fn read(raw: Value) -> Result<ImageConfig, String> {
    let top = Fields { value: Some(&raw), path: "" };
    let config = Fields { value: field(&raw, &["config", "Config"]), path: "config." };
    let rootfs = Fields { value: field(&raw, &["rootfs", "RootFS"]), path: "rootfs." };
    let history = match field(&raw, &["history"]) {
        Some(Value::Array(entries)) => entries.iter().map(history_entry).collect::<Result<_, _>>()?,
        Some(_) => return Err("`history` is no list".to_owned()),
        None => Vec::new(),
    };
    let env = config.list(&["Env"])?.unwrap_or_default();
    let labels = config.map(&["Labels"])?.into_iter().map(|(key, value)| match value {
        Value::String(text) => Ok((key.clone(), text.clone())),
        _ => Err(format!("`config.Labels.{key}` is no text")),
    });
    let health = Fields { value: config.get(&["Healthcheck"]), path: "config.Healthcheck." };
    Ok(ImageConfig {
        user: config.text(&["User"])?.unwrap_or_default(),
        env: env.into_iter().map(assignment).collect(),
        entrypoint: config.list(&["Entrypoint"])?,
        cmd: config.list(&["Cmd"])?,
        workdir: config.text(&["WorkingDir"])?.unwrap_or_default(),
        exposed_ports: config.map(&["ExposedPorts"])?.into_iter().map(|(key, _)| key.clone()).collect(),
        volumes: config.map(&["Volumes"])?.into_iter().map(|(key, _)| key.clone()).collect(),
        labels: labels.collect::<Result<_, _>>()?,
        stop_signal: config.text(&["StopSignal"])?.filter(|signal| !signal.is_empty()),
        shell: config.list(&["Shell"])?,
        healthcheck: health.list(&["Test"])?.map(|test| Healthcheck { test }),
        onbuild: config.list(&["OnBuild"])?.unwrap_or_default(),
        os: top.text(&["os", "Os"])?.unwrap_or_default(),
        architecture: top.text(&["architecture", "Architecture"])?.unwrap_or_default(),
        history,
        diff_ids: rootfs.list(&["diff_ids", "Layers"])?.unwrap_or_default(),
        raw,
    })
}

fn history_entry(entry: &Value) -> Result<HistoryEntry, String> {
    let fields = Fields { value: Some(entry), path: "history[]." };
    Ok(HistoryEntry {
        created: fields.text(&["created"])?,
        created_by: fields.text(&["created_by"])?.unwrap_or_default(),
        comment: fields.text(&["comment"])?.unwrap_or_default(),
        empty_layer: matches!(fields.get(&["empty_layer"]), Some(Value::Bool(true))),
    })
}

fn assignment(text: String) -> (String, String) {
    match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (text, String::new()),
    }
}

/// The first of `names` that is there and not null.
fn field<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| value.get(name)).filter(|value| !value.is_null())
}

/// An object, and where it stands in the document, for messages.
struct Fields<'a> {
    value: Option<&'a Value>,
    path: &'static str,
}

impl<'a> Fields<'a> {
    fn get(&self, names: &[&str]) -> Option<&'a Value> {
        field(self.value?, names)
    }

    fn wrong(&self, names: &[&str], expected: &str) -> String {
        format!("`{}{}` is no {expected}", self.path, names.first().unwrap_or(&""))
    }

    fn text(&self, names: &[&str]) -> Result<Option<String>, String> {
        match self.get(names) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(names, "text")),
        }
    }

    /// A list of texts; very old images have a single text in its place.
    fn list(&self, names: &[&str]) -> Result<Option<Vec<String>>, String> {
        match self.get(names) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(vec![text.clone()])),
            Some(Value::Array(items)) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>();
                texts.map(Some).ok_or_else(|| self.wrong(names, "list of texts"))
            }
            Some(_) => Err(self.wrong(names, "list of texts")),
        }
    }

    fn map(&self, names: &[&str]) -> Result<Vec<(&'a String, &'a Value)>, String> {
        match self.get(names) {
            None => Ok(Vec::new()),
            Some(Value::Object(map)) => Ok(map.iter().collect()),
            Some(_) => Err(self.wrong(names, "object")),
        }
    }
}

#[cfg(test)]
mod tests;
