//! The JSON Schema of `jettison.toml`, for editors. Follows from the table of settings.

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Kind};

/// The schema as text.
pub fn schema() -> String {
    let mut check = properties(|_| true);
    let mut by_path = properties(|key| key.by_path);
    by_path.insert(
        "paths".to_owned(),
        json!({
            "description": "Paths below this file's folder, in patterns of .dockerignore.",
            "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        }),
    );
    check.insert(
        "overrides".to_owned(),
        json!({
            "description": "Other settings for some paths; the last that matches counts.",
            "type": "array",
            "items": {"type": "object", "additionalProperties": false, "required": ["paths"], "properties": by_path},
        }),
    );
    jettison_report::json::pretty(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "jettison.toml",
        "description": "Settings of jettison. Found in the folder of a file or above it.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "$schema": {"type": "string"},
            "extends": {
                "description": "Files that this one starts from, relative to it; the later ones count more.",
                "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            },
            "check": {
                "description": "Settings of `jettison check`.",
                "type": "object",
                "additionalProperties": false,
                "properties": check,
            },
        },
    }))
}

fn properties(wanted: impl Fn(&Key) -> bool) -> Map<String, Value> {
    KEYS.iter().filter(|key| wanted(key)).map(|key| (key.name.to_owned(), property(key))).collect()
}

fn property(key: &Key) -> Value {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let mut property = match key.kind {
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Word(words) => json!({"type": "string", "enum": words}),
        Kind::Text => json!({"type": "string"}),
        Kind::Texts | Kind::Patterns | Kind::Rules | Kind::MoreRules => json!({"oneOf": [{"type": "string"}, list]}),
        Kind::RuleWords(words) | Kind::NameWords(words) => {
            json!({"type": "object", "additionalProperties": {"type": "string", "enum": words}})
        }
    };
    property["description"] = json!(key.about);
    property
}
