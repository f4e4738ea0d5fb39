//! Documents against the committed schemas: every key is in the schema, and every required one is there.

use std::path::Path;

use serde_json::Value;

/// The document, after it was compared with `schemas/NAME`.
pub fn checked(document: &str, name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(name);
    let schema: Value = serde_json::from_slice(&std::fs::read(path).expect("the schema")).expect("JSON");
    let document: Value = serde_json::from_str(document).expect("JSON");
    let mut wrong = Vec::new();
    compare("", &document, &schema, &schema, &mut wrong);
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
    document
}

fn compare(at: &str, value: &Value, schema: &Value, root: &Value, wrong: &mut Vec<String>) {
    if let Some(pointer) = schema["$ref"].as_str() {
        let target = root.pointer(pointer.trim_start_matches('#')).expect("a definition");
        return compare(at, value, target, root, wrong);
    }
    if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let tried = choices.iter().map(|choice| {
            let mut wrong = Vec::new();
            compare(at, value, choice, root, &mut wrong);
            wrong
        });
        return wrong.extend(tried.min_by_key(Vec::len).unwrap_or_default());
    }
    match value {
        // a schema that says nothing lets everything be: documents of others, shown as they are
        Value::Object(_) if schema.get("properties").is_none() && schema.get("type").is_none() => {}
        Value::Object(fields) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            wrong.extend(
                required.filter(|name| !fields.contains_key(*name)).map(|name| format!("{at}/{name} is missing")),
            );
            for (name, field) in fields {
                match schema["properties"].get(name) {
                    Some(inner) => compare(&format!("{at}/{name}"), field, inner, root, wrong),
                    None => wrong.push(format!("{at}/{name} is not in the schema")),
                }
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| compare(&format!("{at}[]"), item, &schema["items"], root, wrong));
        }
        _ => {}
    }
}
