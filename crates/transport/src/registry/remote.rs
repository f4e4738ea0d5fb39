//! An image of a registry as something that holds documents and blobs: which manifest is meant, and where its blobs are.
//! OCI image-spec, image-index.md; distribution-spec, 'Pull'. What is read from it is judged where archives are, too.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};
use std::sync::Mutex;

use jettison_image::{Error, LayerFault};
use jettison_model::{Digest, ImageRef, Platform};
use serde_json::Value;
use ureq::http::StatusCode;

use super::answer::Answer;
use super::client::{Ask, Client, Method, locked};
use super::download::{Download, Fault, Faults, Target};
use super::{Manifest, RegistryError, Version, denied, manifest};
use crate::OpenError;
use crate::blobs::Blobs;
use crate::layout::{self, Candidate, Documents, Parts, Wanted, blob_name, shown};

/// Indexes within indexes.
const MAX_DEPTH: usize = 4;
/// Manifests and indexes that are fetched for one image.
const MAX_FETCHED: usize = 64;

/// The repository in which an image is.
pub(super) struct Remote<'a> {
    client: &'a Client,
    reference: &'a ImageRef,
    /// Manifests, indexes and configs that were fetched, by file name in a layout.
    documents: Mutex<HashMap<String, Vec<u8>>>,
    /// Of blobs, in bytes, by file name; none: not there.
    sizes: Mutex<HashMap<String, Option<u64>>>,
    faults: Faults,
}

/// A manifest that an index lists.
struct Listed {
    digest: Digest,
    media_type: String,
    platform: Option<Platform>,
    /// File name of the index.
    source: String,
}

impl<'a> Remote<'a> {
    pub(super) fn new(client: &'a Client, reference: &'a ImageRef) -> Self {
        let (documents, sizes, faults) = Default::default();
        Self { client, reference, documents, sizes, faults }
    }

    /// What the reference names: a manifest or an index.
    pub(super) fn root(&self) -> Result<Manifest, RegistryError> {
        manifest(self.client, self.reference, Version::Asked)
    }

    /// The image for a platform, of what the reference names.
    pub(super) fn choose(&self, root: Manifest, platform: Option<&Platform>) -> Result<Parts, OpenError> {
        let name = blob_name(&root.digest);
        let document = document(&name, &root)?;
        let candidates = if layout::is_index(&root.media_type) || document.get("manifests").is_some() {
            let host = layout::host();
            let mut list = List { remote: self, wanted: platform.unwrap_or(&host), listed: Vec::new(), fetched: 0 };
            list.index(&name, &document, 0)?;
            list.candidates(platform.is_some())?
        } else {
            let parts = layout::image(&name, Some((root.digest, root.media_type)), &document);
            vec![Candidate { names: Vec::new(), platform: None, parts }]
        };
        let (parts, _) = layout::pick(self, candidates, Wanted { platform, ..Wanted::default() })?;
        let known = parts.layers.iter().filter(|layer| !layer.is_foreign && layer.size.is_some());
        locked(&self.sizes).extend(known.map(|layer| (layer.name.clone(), layer.size)));
        Ok(parts)
    }

    /// A manifest that `source` lists.
    fn fetch(&self, digest: &Digest, source: &str) -> Result<Manifest, OpenError> {
        if !digest.as_str().starts_with("sha256:") {
            let form = format!("it names `{digest}`, and only sha256 digests can be verified here");
            return Err(Error::Unsupported { document: shown(source), form }.into());
        }
        match manifest(self.client, self.reference, Version::Digest(digest)) {
            Ok(fetched) if fetched.digest == *digest => Ok(fetched),
            Ok(fetched) => {
                let (expected, actual) = (digest.to_string(), fetched.digest.to_string());
                Err(Error::DigestMismatch { expected, actual }.into())
            }
            Err(RegistryError::NotFound { .. }) => {
                Err(Error::MissingBlob { blob: digest.to_string(), document: shown(source) }.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn target(&self, name: &str, size: u64) -> Target {
        Target {
            reference: self.reference.to_string(),
            host: self.reference.host().to_owned(),
            repository: self.reference.path(),
            digest: shown(name),
            size,
        }
    }

    /// Asks for a blob.
    fn ask(&self, name: &str, method: Method) -> Result<Answer, RegistryError> {
        let Target { reference, host, repository, digest, .. } = self.target(name, 0);
        let path = format!("/v2/{repository}/blobs/{digest}");
        let ask = Ask { host: &host, repository: &repository, method, path: &path, accept: "" };
        let tried = || self.client.login(&host, &repository).tried;
        let answer = self.client.send(&ask).map_err(|error| error.about(&reference, &host, tried))?;
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(denied(self.client, &reference, &host, &repository, &answer))
            }
            status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(answer),
            status => {
                let reason = format!("HTTP {}{} for {digest}", status.as_u16(), answer.said());
                Err(RegistryError::Unreachable { host, reason })
            }
        }
    }
}

/// What a registry calls a manifest, as JSON.
fn document(name: &str, manifest: &Manifest) -> Result<Value, Error> {
    let media_type = &manifest.media_type;
    let parsed = layout::parse(name, &manifest.bytes);
    let says_nothing = matches!(media_type.as_str(), "" | "application/json" | "application/octet-stream");
    let has = |field: &str| parsed.as_ref().is_ok_and(|document| document.get(field).is_some());
    if says_nothing || layout::is_manifest(media_type) || ["manifests", "layers", "fsLayers"].into_iter().any(has) {
        return parsed;
    }
    let form = format!("its media type is `{media_type}`, which is no image that jettison can read");
    Err(Error::Unsupported { document: shown(name), form })
}

/// What an index and the indexes in it list for a platform.
struct List<'r> {
    remote: &'r Remote<'r>,
    wanted: &'r Platform,
    listed: Vec<Listed>,
    fetched: usize,
}

impl List<'_> {
    fn index(&mut self, source: &str, index: &Value, depth: usize) -> Result<(), OpenError> {
        for descriptor in layout::descriptors(source, index)? {
            let (digest, media_type) = layout::descriptor(source, descriptor)?;
            let platform = layout::platform(descriptor);
            if !layout::is_index(&media_type) {
                self.listed.push(Listed { digest, media_type, platform, source: source.to_owned() });
            } else if platform.is_none_or(|platform| layout::runs_on(&platform, self.wanted)) {
                if depth >= MAX_DEPTH {
                    return Err(layout::broken(source, "too many indexes within indexes").into());
                }
                let (name, document) = self.fetch(source, &digest)?;
                self.index(&name, &document, depth + 1)?;
            }
        }
        Ok(())
    }

    fn fetch(&mut self, source: &str, digest: &Digest) -> Result<(String, Value), OpenError> {
        self.fetched += 1;
        if self.fetched > MAX_FETCHED {
            return Err(layout::broken(source, format!("more than {MAX_FETCHED} manifests to look at")).into());
        }
        let fetched = self.remote.fetch(digest, source)?;
        let name = blob_name(digest);
        let document = document(&name, &fetched)?;
        Ok((name, document))
    }

    /// Only the manifest that is meant is fetched; the others are named in errors.
    fn candidates(mut self, is_asked: bool) -> Result<Vec<Candidate>, OpenError> {
        let listed = std::mem::take(&mut self.listed);
        let best = self.best(&listed);
        let mut named = BTreeSet::new();
        let mut candidates = Vec::new();
        for (place, one) in listed.iter().enumerate() {
            let is_meant = match best {
                Some(best) => place == best,
                None => one.platform.is_none() || (listed.len() == 1 && !is_asked),
            };
            if !is_meant && (one.platform.is_none() || !named.insert(one.platform.clone())) {
                continue;
            }
            let parts = if is_meant {
                let (name, document) = self.fetch(&one.source, &one.digest)?;
                layout::image(&name, Some((one.digest.clone(), one.media_type.clone())), &document)
            } else {
                let (blob, document) = (one.digest.to_string(), shown(&one.source));
                Err(Error::MissingBlob { blob, document })
            };
            candidates.push(Candidate { names: Vec::new(), platform: one.platform.clone(), parts });
        }
        Ok(candidates)
    }

    /// The place of the one for the platform: of several, the one without a variant, or with the usual one.
    fn best(&self, listed: &[Listed]) -> Option<usize> {
        let rank = |platform: &Platform| match (&*platform.arch, platform.variant.as_deref()) {
            (_, variant) if variant == self.wanted.variant.as_deref() => 0,
            ("arm", Some("v7")) | ("arm64", Some("v8")) => 1,
            _ => 2,
        };
        let fits = |one: &Listed| {
            let platform = one.platform.as_ref().filter(|platform| layout::runs_on(platform, self.wanted))?;
            Some(rank(platform))
        };
        let places = listed.iter().enumerate().filter_map(|(place, one)| Some((fits(one)?, place)));
        places.min().map(|(_, place)| place)
    }
}

impl Documents for Remote<'_> {
    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        if !self.has(name) {
            return Ok(None);
        }
        if let Some(bytes) = locked(&self.documents).get(name) {
            return Ok(Some(bytes.clone()));
        }
        let answer = self.ask(name, Method::Get).map_err(carried)?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        locked(&self.documents).insert(name.to_owned(), answer.body.clone());
        Ok(Some(answer.body))
    }

    fn has(&self, name: &str) -> bool {
        name.starts_with("blobs/")
    }
}

impl Blobs for Remote<'_> {
    fn size(&self, name: &str) -> Option<u64> {
        if let Some(size) = locked(&self.sizes).get(name) {
            return *size;
        }
        let answer = self.ask(name, Method::Head).ok().filter(|answer| answer.status.is_success());
        let size = answer.and_then(|answer| answer.length);
        locked(&self.sizes).insert(name.to_owned(), size);
        size
    }

    fn blob(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let size = self.size(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Download::new(self.client, self.target(name, size), &self.faults)))
    }

    fn fault(&self, name: &str) -> Option<Error> {
        let layer = |reason| Error::Layer { place: None, layer: String::new(), reason };
        Some(match self.faults.take(&shown(name))? {
            Fault::Registry(error) => carried(error),
            Fault::Layer(reason) => layer(reason),
            Fault::Missing => layer(LayerFault::Missing { document: self.reference.to_string() }),
        })
    }

    fn is_far(&self) -> bool {
        true
    }
}

/// A registry's error on its way through what reads images.
fn carried(error: RegistryError) -> Error {
    Error::Io(io::Error::other(error))
}

/// A registry's error that came through what reads images.
pub(super) fn uncarried(error: OpenError) -> OpenError {
    match error {
        OpenError::Image(Error::Io(error)) => match error.downcast::<RegistryError>() {
            Ok(error) => OpenError::Registry(error),
            Err(error) => OpenError::Image(Error::Io(error)),
        },
        other => other,
    }
}
