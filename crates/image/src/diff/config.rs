//! Which fields of the config differ: variables, labels, ports and volumes one by one, everything else as a whole; fields that
//! we do not know as well. OCI image-spec, config.md.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::ImageConfig;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigChange {
    /// `User`, `Env.PATH`, `Labels.version`, `ExposedPorts.80/tcp`, `architecture`, …
    pub field: String,
    /// None where it was not set.
    pub before: Option<Value>,
    /// None where it is not set.
    pub after: Option<Value>,
}

/// What tells where and how an image was built, not what it is.
const OF_THE_BUILD: [&str; 9] =
    ["AttachStderr", "AttachStdin", "AttachStdout", "Domainname", "Hostname", "Image", "OpenStdin", "StdinOnce", "Tty"];
/// Of the document's own fields; `history`, `rootfs` and times are no configuration.
const OF_THE_DOCUMENT: [(&str, &str); 4] =
    [("architecture", "Architecture"), ("os", "Os"), ("os.version", "OsVersion"), ("variant", "Variant")];

/// What differs, by field. Labels that `is_ours` names are left out: a build that was made only to compare carries them.
pub fn compare_configs(a: &ImageConfig, b: &ImageConfig, is_ours: &dyn Fn(&str) -> bool) -> Vec<ConfigChange> {
    let (before, after) = (fields(&a.raw), fields(&b.raw));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let ours = |name: &str| name.strip_prefix("Labels.").is_some_and(is_ours);
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name) && !ours(name))
        .map(|name| ConfigChange {
            field: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

/// Every field that is set, by a name of its own.
fn fields(raw: &Value) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    for (name, docker) in OF_THE_DOCUMENT {
        let value = raw.get(name).or_else(|| raw.get(docker));
        fields.extend(value.filter(|value| is_set(value)).map(|value| (name.to_owned(), value.clone())));
    }
    let empty = Map::new();
    let config = raw.get("config").or_else(|| raw.get("Config")).and_then(Value::as_object).unwrap_or(&empty);
    for (name, value) in config {
        match (name.as_str(), value) {
            (name, _) if OF_THE_BUILD.contains(&name) => {}
            ("Env", Value::Array(variables)) => fields.extend(variables.iter().filter_map(variable)),
            ("Labels" | "ExposedPorts" | "Volumes", Value::Object(entries)) => {
                fields.extend(entries.iter().map(|(key, value)| (format!("{name}.{key}"), present(value))));
            }
            (name, value) if is_set(value) => {
                fields.insert(name.to_owned(), value.clone());
            }
            _ => {}
        }
    }
    fields
}

/// Of several values of a variable the last one counts.
fn variable(text: &Value) -> Option<(String, Value)> {
    let (name, value) = text.as_str()?.split_once('=').unwrap_or((text.as_str()?, ""));
    Some((format!("Env.{name}"), Value::from(value)))
}

/// Ports and volumes are keys with an empty object.
fn present(value: &Value) -> Value {
    if matches!(value, Value::Object(entries) if entries.is_empty()) || value.is_null() {
        Value::Bool(true)
    } else {
        value.clone()
    }
}

/// Empty, null and absent are the same.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(value: Value) -> ImageConfig {
        ImageConfig::parse("config", value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn variables_and_ports_differ_one_by_one() {
        let a = config(json!({"os": "linux", "architecture": "amd64", "created": "2026-01-01T00:00:00Z", "config": {
            "Env": ["PATH=/bin", "A=1"], "User": "", "ExposedPorts": {"80/tcp": {}}, "Cmd": ["a"], "Hostname": "x"}}));
        let b = config(json!({"os": "linux", "architecture": "amd64", "config": {
            "Env": ["PATH=/bin", "A=2", "B="], "User": "app", "ExposedPorts": {"443/tcp": {}}, "Cmd": ["a"], "Healthy": {"New": 1}}}));
        let shown: Vec<String> = compare_configs(&a, &b, &|_| false)
            .into_iter()
            .map(|change| {
                format!(
                    "{} {:?} {:?}",
                    change.field,
                    change.before.map(|v| v.to_string()),
                    change.after.map(|v| v.to_string())
                )
            })
            .collect();
        let expected = [
            r#"Env.A Some("\"1\"") Some("\"2\"")"#,
            r#"Env.B None Some("\"\"")"#,
            r#"ExposedPorts.443/tcp None Some("true")"#,
            r#"ExposedPorts.80/tcp Some("true") None"#,
            r#"Healthy None Some("{\"New\":1}")"#,
            r#"User None Some("\"app\"")"#,
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn absent_empty_and_null_are_the_same() {
        let a = config(json!({"config": {"Cmd": null, "Labels": {}, "Volumes": null, "User": ""}}));
        assert_eq!(compare_configs(&a, &config(json!({})), &|_| false), []);
    }

    #[test]
    fn labels_of_ours_are_left_out() {
        let a = config(json!({"config": {"Labels": {"v": "1"}}}));
        let b = config(json!({"config": {"Labels": {"v": "1", "jettison.run": "x"}}}));
        assert_eq!(compare_configs(&a, &b, &|label| label.starts_with("jettison.")), []);
    }
}
