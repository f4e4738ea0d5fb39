//! Which kind of file it is: by its name where that says it, else by what stands in it.

use crate::path;

/// A kind of file that describes builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A Compose file, in YAML or JSON.
    Compose,
    /// A Bake file in HCL.
    BakeHcl,
    /// A Bake file in JSON.
    BakeJson,
}

/// The kind of a file; none for a Dockerfile and everything else.
pub fn detect(name: &str, text: &str) -> Option<Kind> {
    let name = path::name(name).to_ascii_lowercase();
    if ["dockerfile", "containerfile"].iter().any(|word| name.starts_with(word) || name.ends_with(word)) {
        return None;
    }
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("yaml" | "yml") => Some(Kind::Compose),
        Some("hcl") => Some(Kind::BakeHcl),
        Some("json") => Some(if has_services(text) { Kind::Compose } else { Kind::BakeJson }),
        _ => by_content(text),
    }
}

fn has_services(text: &str) -> bool {
    let document: Option<serde_json::Value> = serde_json::from_str(text).ok();
    document.is_some_and(|document| document.get("services").is_some())
}

fn by_content(text: &str) -> Option<Kind> {
    let starts = |word: &str| text.lines().any(|line| line.starts_with(word));
    if text.lines().any(|line| line.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("from "))) {
        return None;
    }
    if starts("services:") {
        return Some(Kind::Compose);
    }
    ["target \"", "group \"", "variable \""].iter().any(|word| starts(word)).then_some(Kind::BakeHcl)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_are_and_content_says_it_for_the_rest() {
        let cases = [
            ("compose.yaml", "", Some(Kind::Compose)),
            ("deploy/docker-compose.prod.yml", "", Some(Kind::Compose)),
            ("Docker-Bake.HCL", "", Some(Kind::BakeHcl)),
            ("docker-bake.json", "{\"target\": {}}", Some(Kind::BakeJson)),
            ("compose.json", "{\"services\": {}}", Some(Kind::Compose)),
            ("Dockerfile", "FROM a\n", None),
            ("web.Dockerfile", "services:\n", None),
            ("Dockerfile.yaml", "FROM a\n", None),
            ("stack", "# ours\nservices:\n  web:\n", Some(Kind::Compose)),
            ("builds", "target \"web\" {\n}\n", Some(Kind::BakeHcl)),
            ("build", "from a\nCOPY <<E /x\nservices:\nE\n", None),
        ];
        for (name, text, expected) in cases {
            assert_eq!(detect(name, text), expected, "{name}");
        }
    }
}
