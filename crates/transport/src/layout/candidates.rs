//! All images that an archive or layout lists.

use std::collections::BTreeSet;

use jettison_image::Error;
use jettison_model::{Digest, Platform};
use serde_json::Value;

use super::{Candidate, Documents, LayerFile, Parts, blob_name, broken, media, parse, read};

/// Indexes within indexes.
const MAX_DEPTH: usize = 4;
/// Manifests in an archive.
const MAX_IMAGES: usize = 4096;

/// The images of an archive or layout, in the order in which they are listed.
pub(super) fn candidates(documents: &dyn Documents) -> Result<Vec<Candidate>, Error> {
    let oci = documents.has("index.json");
    if documents.has("manifest.json") {
        let known = if oci { layout(documents).unwrap_or_default() } else { Vec::new() };
        return docker(documents, known);
    }
    if oci {
        return layout(documents);
    }
    let reason = if documents.has("repositories") {
        "it has no manifest.json: it was saved by a Docker before 1.10; load it into a current one and save it again"
    } else {
        "it has neither a manifest.json nor an index.json"
    };
    Err(broken("the image archive", reason))
}

/// Those of `manifest.json`. It says neither types nor sizes; where an OCI manifest has the same config and layers, that does.
fn docker(documents: &dyn Documents, known: Vec<Candidate>) -> Result<Vec<Candidate>, Error> {
    const NAME: &str = "manifest.json";
    let (_, bytes) = read(documents, NAME)?.ok_or_else(|| broken(NAME, "it is gone"))?;
    let images = parse(NAME, &bytes)?;
    let images =
        images.as_array().filter(|images| !images.is_empty()).ok_or_else(|| broken(NAME, "it lists no image"))?;
    let candidate = |image: &Value| {
        let mut candidate = docker_image(image)?;
        let twin = |parts: &&Parts| candidate.parts.as_ref().is_ok_and(|own| same_files(own, parts));
        if let Some(twin) = known.iter().filter_map(|known| known.parts.as_ref().ok()).find(twin) {
            candidate.parts = Ok(twin.clone());
        }
        Ok(candidate)
    };
    images.iter().take(MAX_IMAGES).map(candidate).collect()
}

fn docker_image(image: &Value) -> Result<Candidate, Error> {
    let wrong = |reason: &str| broken("manifest.json", reason);
    let config = image.get("Config").and_then(Value::as_str).ok_or_else(|| wrong("`Config` is no text"))?;
    let layers = texts(image.get("Layers")).ok_or_else(|| wrong("`Layers` is no list of texts"))?;
    let names = texts(image.get("RepoTags")).ok_or_else(|| wrong("`RepoTags` is no list of texts"))?;
    let layer = |name: String| LayerFile {
        name,
        digest: None,
        size: None,
        media_type: media::PLAIN_LAYER.to_owned(),
        is_foreign: false,
    };
    let parts = Parts {
        source: "manifest.json".to_owned(),
        digest: None,
        media_type: media::DOCKER_MANIFEST.to_owned(),
        config: config.to_owned(),
        layers: layers.into_iter().map(layer).collect(),
    };
    Ok(Candidate { names, platform: None, parts: Ok(parts) })
}

fn same_files(one: &Parts, other: &Parts) -> bool {
    let names = |parts: &Parts| parts.layers.iter().map(|layer| layer.name.clone()).collect::<Vec<_>>();
    one.config == other.config && names(one) == names(other)
}

/// A list of texts; what is not there is an empty one.
fn texts(list: Option<&Value>) -> Option<Vec<String>> {
    match list {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(list) => list.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
    }
}

/// Those of `index.json` and the indexes that it names.
fn layout(documents: &dyn Documents) -> Result<Vec<Candidate>, Error> {
    const NAME: &str = "index.json";
    let (_, bytes) = read(documents, NAME)?.ok_or_else(|| broken(NAME, "it is gone"))?;
    let index = parse(NAME, &bytes)?;
    let mut found = Found { documents, candidates: Vec::new(), seen: BTreeSet::new() };
    if index.get("manifests").is_none() && index.get("layers").is_some() {
        // Not what the specification says, but what it must mean.
        found.candidates.push(Candidate { names: Vec::new(), platform: None, parts: image(NAME, None, &index) });
    } else {
        found.index(NAME, &index, &Vec::new(), 0)?;
    }
    Ok(found.candidates)
}

struct Found<'d> {
    documents: &'d dyn Documents,
    candidates: Vec<Candidate>,
    /// Digests and names of what was looked at.
    seen: BTreeSet<(Digest, Vec<String>)>,
}

impl Found<'_> {
    fn index(&mut self, name: &str, index: &Value, names: &[String], depth: usize) -> Result<(), Error> {
        for entry in descriptors(name, index)? {
            let (digest, _) = descriptor(name, entry)?;
            let mut names = names.to_vec();
            names.extend(annotated(entry));
            if self.candidates.len() >= MAX_IMAGES || !self.seen.insert((digest.clone(), names.clone())) {
                continue;
            }
            self.descriptor(name, entry, digest, names, depth)?;
        }
        Ok(())
    }

    fn descriptor(
        &mut self,
        source: &str,
        descriptor: &Value,
        digest: Digest,
        names: Vec<String>,
        depth: usize,
    ) -> Result<(), Error> {
        let file = blob_name(&digest);
        let media_type = text(descriptor, "mediaType");
        let document = match read(self.documents, &file) {
            Ok(Some((_, bytes))) => parse(&file, &bytes),
            Ok(None) => Err(Error::MissingBlob { blob: digest.to_string(), document: super::shown(source) }),
            Err(error) => Err(error),
        };
        if let Ok(document) = &document
            && (media::is_index(&media_type) || document.get("manifests").is_some())
        {
            if depth >= MAX_DEPTH {
                return Err(broken(&file, "too many indexes within indexes"));
            }
            return self.index(&file, document, &names, depth + 1);
        }
        let parts = document.and_then(|document| image(&file, Some((digest, media_type)), &document));
        self.candidates.push(Candidate { names, platform: platform(descriptor), parts });
        Ok(())
    }
}

/// The images and indexes that an index lists.
pub(crate) fn descriptors<'v>(name: &str, index: &'v Value) -> Result<Vec<&'v Value>, Error> {
    let manifests = index.get("manifests").and_then(Value::as_array);
    let manifests = manifests.ok_or_else(|| broken(name, "`manifests` is no list"))?;
    Ok(manifests.iter().filter(|descriptor| !is_attestation(descriptor)).collect())
}

/// Digest and media type of a manifest that an index lists.
pub(crate) fn descriptor(name: &str, descriptor: &Value) -> Result<(Digest, String), Error> {
    let digest = text(descriptor, "digest").parse();
    let digest = digest.map_err(|error| broken(name, format!("a manifest: {error}")))?;
    Ok((digest, text(descriptor, "mediaType")))
}

/// Reads a manifest.
pub(crate) fn image(name: &str, known: Option<(Digest, String)>, manifest: &Value) -> Result<Parts, Error> {
    let (digest, declared) = known.map_or((None, String::new()), |(digest, declared)| (Some(digest), declared));
    let own = text(manifest, "mediaType");
    let is_schema_1 = manifest.get("fsLayers").is_some() || media::is_schema_1(&declared) || media::is_schema_1(&own);
    let unsupported = |form: String| Error::Unsupported { document: super::shown(name), form };
    if is_schema_1 {
        let form = "this is a manifest of Docker schema 1, which no tool writes any more; pull the image with a current \
                    Docker and save it again";
        return Err(unsupported(form.to_owned()));
    }
    let config = manifest.get("config").ok_or_else(|| broken(name, "it has no `config`"))?;
    let config_type = text(config, "mediaType");
    if !media::is_config(&config_type) {
        return Err(unsupported(format!("this is no container image: its config is `{config_type}`")));
    }
    let layers = manifest.get("layers").and_then(Value::as_array).ok_or_else(|| broken(name, "`layers` is no list"))?;
    let layers: Result<Vec<LayerFile>, Error> = layers.iter().map(|layer| layer_file(name, layer)).collect();
    Ok(Parts {
        source: name.to_owned(),
        digest,
        media_type: [own, declared, media::OCI_MANIFEST.to_owned()]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        config: blob_name(&digest_of(name, config)?),
        layers: layers?,
    })
}

fn layer_file(manifest: &str, layer: &Value) -> Result<LayerFile, Error> {
    let digest = digest_of(manifest, layer)?;
    let media_type = text(layer, "mediaType");
    let has_urls = layer.get("urls").and_then(Value::as_array).is_some_and(|urls| !urls.is_empty());
    Ok(LayerFile {
        name: blob_name(&digest),
        size: layer.get("size").and_then(Value::as_u64),
        is_foreign: has_urls || media::is_foreign(&media_type),
        digest: Some(digest),
        media_type,
    })
}

/// sha256 only: a blob of another algorithm could not be verified.
fn digest_of(manifest: &str, descriptor: &Value) -> Result<Digest, Error> {
    let text = text(descriptor, "digest");
    let digest: Digest = text.parse().map_err(|error| broken(manifest, format!("{error}")))?;
    if digest.as_str().starts_with("sha256:") {
        return Ok(digest);
    }
    let form = format!("it names `{digest}`, and only sha256 digests can be verified here");
    Err(Error::Unsupported { document: super::shown(manifest), form })
}

fn text(object: &Value, key: &str) -> String {
    object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn annotated(descriptor: &Value) -> Vec<String> {
    let annotations = descriptor.get("annotations");
    let keys = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
    let names = keys.iter().filter_map(|key| annotations?.get(*key)?.as_str());
    names.map(str::to_owned).collect()
}

/// Attestations and signatures are listed beside the images they are about.
fn is_attestation(descriptor: &Value) -> bool {
    let about = |key: &str| descriptor.get("annotations").and_then(|annotations| annotations.get(key)).is_some();
    about("vnd.docker.reference.type") || platform(descriptor).is_some_and(|platform| platform.os == "unknown")
}

pub(crate) fn platform(descriptor: &Value) -> Option<Platform> {
    let platform = descriptor.get("platform")?;
    let (os, arch, variant) = (text(platform, "os"), text(platform, "architecture"), text(platform, "variant"));
    let is_known = !os.is_empty() && !arch.is_empty();
    is_known.then_some(Platform { os, arch, variant: Some(variant).filter(|variant| !variant.is_empty()) })
}
