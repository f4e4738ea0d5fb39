//! Manifests and languages.

use super::facts;
use crate::memory::MemoryWorld;

#[test]
fn finds_manifests_at_any_depth_and_languages_at_the_root() {
    let world = MemoryWorld::new().with_files(&[
        "requirements-dev.txt",
        "requirements.txt",
        ".npmrc",
        "web/package.json",
        "web/package-lock.json",
        "web/node_modules/x/package.json",
        "app.py",
        ".venv/lib/pyproject.toml",
    ]);
    let project = facts("FROM a\n", &world).project;
    assert!(project.known);
    assert_eq!(project.languages, ["python"]);
    let manifests: Vec<(&str, bool)> =
        project.manifests.iter().map(|manifest| (manifest.path.as_str(), manifest.lock)).collect();
    let expected = [
        (".npmrc", false),
        ("requirements-dev.txt", false),
        ("requirements.txt", false),
        ("web/package-lock.json", true),
        ("web/package.json", false),
    ];
    assert_eq!(manifests, expected);
}

#[test]
fn ignored_manifests_do_not_count() {
    let world = MemoryWorld::new().with_files(&["Cargo.toml", "go.mod"]).with_ignore("go.*\n");
    assert_eq!(facts("FROM a\n", &world).project.languages, ["rust"]);
}

#[test]
fn an_unknown_context_is_said_to_be_unknown() {
    let world = MemoryWorld::unknown();
    assert!(!facts("FROM a\n", &world).project.known);
    let world = MemoryWorld::new();
    assert!(facts("FROM a\n", &world).project.known);
}
