//! Paths of an OpenAPI or Swagger description in the context, JSON or YAML. Only GET; OpenAPI 2 and 3, `paths`.

use serde_json::Value;

use super::{Finds, Rank, Source, paths};

/// Whether a file of this (lower-case) name may be a description.
pub fn is_candidate(name: &str) -> bool {
    let document = [".json", ".yaml", ".yml"].iter().any(|extension| name.ends_with(extension));
    document && (name.contains("openapi") || name.contains("swagger"))
}

/// Adds the described paths.
pub fn find(sources: &[Source], finds: &mut Finds) {
    for source in sources.iter().filter(|source| is_candidate(&source.name())) {
        let described = match serde_json::from_str::<Value>(&source.text) {
            Ok(document) => from_json(&document),
            Err(_) => from_yaml(&source.text),
        };
        for path in described {
            finds.add(Rank::Described, None, &path, &source.path);
        }
    }
}

fn from_json(document: &Value) -> Vec<String> {
    let server = document.pointer("/servers/0/url").and_then(Value::as_str).map(path_of_server);
    let base = document.get("basePath").and_then(Value::as_str).map(str::to_owned).or(server).unwrap_or_default();
    let all = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    all.filter(|(_, methods)| methods.get("get").is_some()).map(|(path, _)| paths::join(&base, path)).collect()
}

/// `https://x.example/api` to `/api`.
fn path_of_server(url: &str) -> String {
    let path =
        url.split_once("://").map_or(url, |(_, rest)| rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default());
    path.to_owned()
}

/// The keys below `paths:` whose block has a `get:`. Line by line; flow style is not understood.
fn from_yaml(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current = None;
    let lines = text.lines().skip_while(|line| line.trim_end() != "paths:").skip(1);
    for line in lines.take_while(|line| line.is_empty() || line.starts_with([' ', '#'])) {
        let key = line.trim().trim_end_matches(':').trim_matches(['"', '\'']);
        if line.trim_end().ends_with(':') && key.starts_with('/') {
            current = Some(key.to_owned());
        } else if line.trim() == "get:" {
            found.extend(current.take());
        }
    }
    found
}
