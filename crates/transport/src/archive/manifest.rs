//! Which config and layers make the image: from `manifest.json`, else from `index.json` and the manifests that it names.

use jettison_image::Error;
use serde_json::Value;

use super::contents::Contents;

/// Indexes within indexes.
const MAX_DEPTH: usize = 4;

/// The parts of an image, as names of files in the archive.
pub(super) struct Manifest {
    /// What says so.
    pub(super) source: String,
    pub(super) config: String,
    pub(super) layers: Vec<String>,
    /// Stored bytes of each layer, where the manifest says.
    pub(super) sizes: Vec<Option<u64>>,
}

/// Finds the first image.
pub(super) fn find(contents: &Contents) -> Result<Manifest, Error> {
    if contents.has("manifest.json") { docker(contents) } else { oci(contents) }
}

fn docker(contents: &Contents) -> Result<Manifest, Error> {
    let source = "manifest.json".to_owned();
    let images = parse(contents, &source, "the image archive")?;
    let image = images.get(0).ok_or_else(|| broken(&source, "it lists no image"))?;
    let config = image.get("Config").and_then(Value::as_str).ok_or_else(|| broken(&source, "`Config` is no text"))?;
    let layers = match image.get("Layers") {
        None | Some(Value::Null) => Vec::new(),
        Some(layers) => texts(layers).ok_or_else(|| broken(&source, "`Layers` is no list of texts"))?,
    };
    Ok(Manifest { config: config.to_owned(), sizes: vec![None; layers.len()], layers, source })
}

fn oci(contents: &Contents) -> Result<Manifest, Error> {
    let mut source = "index.json".to_owned();
    let mut document = parse(contents, &source, "the image archive")?;
    for _ in 0..MAX_DEPTH {
        let Some(manifests) = document.get("manifests").and_then(Value::as_array) else {
            return manifest(&document, source);
        };
        let chosen = choose(manifests).ok_or_else(|| broken(&source, "it lists no image for this platform"))?;
        let next = blob(chosen).ok_or_else(|| broken(&source, "a manifest has no sha256 digest"))?;
        document = parse(contents, &next, &source)?;
        source = next;
    }
    Err(broken(&source, "too many indexes within indexes"))
}

fn manifest(document: &Value, source: String) -> Result<Manifest, Error> {
    let config =
        document.get("config").and_then(blob).ok_or_else(|| broken(&source, "`config` has no sha256 digest"))?;
    let layers = document.get("layers").and_then(Value::as_array);
    let layers = layers.ok_or_else(|| broken(&source, "`layers` is no list"))?;
    let sizes = layers.iter().map(|layer| layer.get("size")?.as_u64()).collect();
    let layers: Option<Vec<String>> = layers.iter().map(blob).collect();
    let layers = layers.ok_or_else(|| broken(&source, "a layer has no sha256 digest"))?;
    Ok(Manifest { source, config, layers, sizes })
}

/// The first for linux on this machine's architecture, else the first that is no attestation.
fn choose(manifests: &[Value]) -> Option<&Value> {
    let platform = |manifest: &Value, key: &str| {
        manifest.get("platform").and_then(|platform| platform.get(key)).and_then(Value::as_str).map(str::to_owned)
    };
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let images = || manifests.iter().filter(|manifest| platform(manifest, "os").as_deref() != Some("unknown"));
    let fits = |manifest: &&Value| platform(manifest, "architecture").as_deref() == Some(architecture);
    images().find(fits).or_else(|| images().next())
}

/// The file name of a descriptor's blob.
fn blob(descriptor: &Value) -> Option<String> {
    let hex = descriptor.get("digest")?.as_str()?.strip_prefix("sha256:")?;
    hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| format!("blobs/sha256/{hex}"))
}

fn parse(contents: &Contents, name: &str, source: &str) -> Result<Value, Error> {
    let (_, bytes) = contents.document(name, source)?;
    serde_json::from_slice(bytes).map_err(|error| broken(name, error.to_string()))
}

fn texts(list: &Value) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

fn broken(document: &str, reason: impl Into<String>) -> Error {
    Error::Document { document: document.to_owned(), reason: reason.into() }
}
