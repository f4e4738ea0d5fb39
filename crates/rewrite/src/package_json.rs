//! What package.json says of the install: whether it reads more than manifests. Not a JSON parser: it finds the objects of a few
//! keys, strings and nesting respected, and where it cannot it sees more than there is, never less.

/// Root lifecycle scripts that run at install time and may read anything.
const LIFECYCLE: &[&str] =
    &["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "prepublish"];

/// Objects that name dependencies.
const DEPENDENCIES: &[&str] =
    &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides", "resolutions"];

/// Beginnings of a dependency's value that say it lies in the context.
const LOCAL: &[&str] = &["file:", "link:", "portal:", "workspace:", "patch:", "./", "../", "/", "~/"];

/// Why an install reads more than manifests.
pub(crate) fn reads_more(manifest: &str) -> Option<String> {
    for scripts in objects(manifest, "scripts") {
        if let Some(name) = strings(scripts).find(|text| LIFECYCLE.contains(text)) {
            return Some(format!("package.json runs `{name}` at install, which may read the sources"));
        }
    }
    if manifest.contains("\"workspaces\"") {
        return Some("package.json has workspaces".to_owned());
    }
    if manifest.contains("\"patchedDependencies\"") {
        return Some("package.json patches dependencies with files of the context".to_owned());
    }
    let dependencies = DEPENDENCIES.iter().flat_map(|key| objects(manifest, key));
    let mut local = dependencies.flat_map(strings).filter(|text| LOCAL.iter().any(|sign| text.starts_with(sign)));
    local.next().map(|text| format!("package.json has a dependency by path (`{text}`)"))
}

/// Whether development dependencies are named.
pub(crate) fn has_development(manifest: &str) -> bool {
    objects(manifest, "devDependencies").into_iter().any(|inside| strings(inside).next().is_some())
}

/// The insides of all objects that are the value of `key`, at any depth.
fn objects<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    let quoted = format!("\"{key}\"");
    let values = text.match_indices(&quoted).filter_map(|(at, _)| {
        let rest = text.get(at + quoted.len()..)?.trim_start().strip_prefix(':')?;
        rest.trim_start().strip_prefix('{')
    });
    values.map(|inside| &inside[..end_of_object(inside)]).collect()
}

/// Byte offset of the brace that closes an object; the end of the text if none does.
fn end_of_object(inside: &str) -> usize {
    let (mut depth, mut in_string, mut escaped) = (1usize, false, false);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth = depth.saturating_add(1),
            b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    inside.len()
}

/// The strings of a piece of JSON, escapes as written.
fn strings(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let inside = rest.split_once('"')?.1;
        let mut escaped = false;
        let end = inside.bytes().position(|byte| match byte {
            _ if escaped => {
                escaped = false;
                false
            }
            b'\\' => {
                escaped = true;
                false
            }
            byte => byte == b'"',
        });
        let (found, after) = inside.split_at(end.unwrap_or(inside.len()));
        rest = after.get(1..).unwrap_or_default();
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_lifecycle_scripts_only_among_scripts() {
        assert!(reads_more(r#"{"scripts": {"postinstall": "x"}}"#).is_some());
        assert!(reads_more(r#"{"dependencies": {"install": "1"}}"#).is_none());
        assert!(reads_more(r#"{"scripts": {"build": "x"}, "dependencies": {"install": "1"}}"#).is_none());
    }

    #[test]
    fn sees_a_lifecycle_script_behind_braces_and_quotes() {
        assert!(reads_more(r#"{"scripts": {"a": "echo ${X} \"}\"", "prepare": "x"}}"#).is_some());
        assert!(reads_more(r#"{"keywords": ["scripts"], "scripts": {"prepare": "x"}}"#).is_some());
    }

    #[test]
    fn sees_dependencies_by_path_in_all_spellings() {
        for value in ["file:../a", "../a", "./a", "link:a", "workspace:*", "portal:a"] {
            assert!(reads_more(&format!(r#"{{"dependencies": {{"a": "{value}"}}}}"#)).is_some(), "{value}");
        }
        assert!(reads_more(r#"{"main": "./index.js", "dependencies": {"a": "^1"}}"#).is_none());
    }

    #[test]
    fn broken_json_is_no_panic() {
        for text in ["", "\"scripts\":{", "{\"scripts\": {\"a", "\"scripts\" : {\"\\", "\"dependencies\":{\"é\":\"\\é"]
        {
            let _ = reads_more(text);
        }
    }
}
