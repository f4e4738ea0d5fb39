//! npm packages as they lie in `node_modules`, and the manifests of projects beside it. npm's folders(5), package-json(5).

use serde_json::Value;

use super::{Found, Package, PackageKind};

/// Whether `path` is the manifest of an installed package (`…/node_modules/NAME/package.json`) or of a project; not one that
/// a package brings deeper inside.
pub(crate) fn is_manifest(path: &str) -> bool {
    let Some(folder) = path.strip_suffix("/package.json") else { return false };
    match folder.rsplit_once("/node_modules/") {
        None => !folder.ends_with("/node_modules"),
        Some((_, name)) => is_package_name(name),
    }
}

/// Whether the manifest is a project's own, not that of something installed.
pub(crate) fn is_project(path: &str) -> bool {
    is_manifest(path) && !path.contains("/node_modules/")
}

fn is_package_name(name: &str) -> bool {
    match name.strip_prefix('@') {
        Some(scoped) => scoped.matches('/').count() == 1 && !scoped.starts_with('/'),
        None => !name.is_empty() && !name.contains('/'),
    }
}

/// Reads a manifest. Names that it wants for development only are in `files`: no package has them otherwise.
pub(crate) fn read(text: &str) -> Found {
    let Ok(manifest) = serde_json::from_str::<Value>(text) else { return Found::default() };
    let names = |field: &str| {
        let object = manifest.get(field).and_then(Value::as_object);
        object.into_iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let text = |field: &str| manifest.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let wanted = ["dependencies", "optionalDependencies", "peerDependencies"].iter().flat_map(|field| names(field));
    let package = Package {
        kind: PackageKind::Npm,
        name: text("name"),
        version: text("version"),
        depends: wanted.map(|name| vec![name]).collect(),
        ..Package::default()
    };
    Found { packages: vec![package], files: names("devDependencies") }
}
