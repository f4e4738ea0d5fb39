//! A thin client of the OCI distribution API: ping, token, manifest, tags, and images with their blobs. Blocking, with
//! time-outs, retries and bounds. Reads no environment: roots of trust, credentials and proxies come in as values.
//! <https://github.com/opencontainers/distribution-spec/blob/main/spec.md>

mod answer;
mod auth;
mod client;
mod connect;
mod credential_helper;
mod credentials;
mod download;
mod error;
mod mirrors;
mod remote;
mod retry;
mod roots;

use std::io::Write;

use jettison_image::{Error, Image, LayerFault};
use jettison_model::{Digest, ImageRef};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use ureq::http::StatusCode;

pub use connect::{Proxy, Timing};
pub use credential_helper::Helper;
pub use credentials::{Credentials, CredentialsError, Found as FoundLogin, Login};
pub use error::RegistryError;
pub use mirrors::Mirrors;
pub use roots::Roots;

use crate::file::{CopyError, FileAt, of_parts};
use crate::layout;
use crate::open::{OpenError, OpenOptions, open_parts};
use answer::Answer;
use client::{Ask, Client, Method};
use error::RequestError;
use remote::Remote;

/// What we can read, in the order of preference. Schema 1 last: it is refused by name.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, \
    application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.1";
/// Blobs downloaded at the same time, where nobody says otherwise and there are no more processors.
const DOWNLOADS: usize = 4;

/// A manifest or index, as the registry has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Of `bytes`; verified.
    pub digest: Digest,
    /// As the registry declares it.
    pub media_type: String,
    /// The document.
    pub bytes: Vec<u8>,
}

/// An image of a registry.
#[derive(Debug)]
pub struct Pulled {
    /// As it was read.
    pub image: Image,
    /// Where it was had: at a mirror or where its name says.
    pub from: ImageRef,
    /// Why mirrors that were asked before did not have it.
    pub passed: Vec<RegistryError>,
}

/// A client. Keeps connections and tokens; can be shared between threads.
pub struct Registry {
    client: Client,
    mirrors: Mirrors,
}

impl Registry {
    /// A client that trusts `roots`, has no credentials and uses no proxy.
    pub fn new(roots: &Roots) -> Self {
        let mut client = Client::default();
        client.agents.roots = roots.clone();
        Self { client, mirrors: Mirrors::default() }
    }

    /// The same with logins for some registries.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.client.credentials = credentials;
        self
    }

    /// The same with other time-outs and retries.
    #[must_use]
    pub fn with_timing(mut self, timing: Timing) -> Self {
        self.client.agents.timing = timing;
        self
    }

    /// The same through a proxy.
    #[must_use]
    pub fn with_proxy(mut self, proxy: Proxy) -> Self {
        self.client.agents.proxy = Some(proxy);
        self
    }

    /// The same with hosts (`registry.local:5000`) that may be asked without TLS. This machine always may.
    #[must_use]
    pub fn with_insecure(mut self, hosts: impl IntoIterator<Item = String>) -> Self {
        self.client.insecure.extend(hosts);
        self
    }

    /// The same with mirrors, which are asked for images first.
    #[must_use]
    pub fn with_mirrors(mut self, mirrors: Mirrors) -> Self {
        self.mirrors = mirrors;
        self
    }

    /// Whether a registry answers at `host` (`docker.io`, `localhost:5000`), with or without asking for a login.
    pub fn ping(&self, host: &str) -> Result<(), RegistryError> {
        let ask = Ask { host, repository: "", method: Method::Get, path: "/v2/", accept: "" };
        let unreachable = |reason| RegistryError::Unreachable { host: host.to_owned(), reason };
        let answer = self.client.send(&ask).map_err(|error| unreachable(error.words()))?;
        match answer.status {
            StatusCode::OK | StatusCode::UNAUTHORIZED => Ok(()),
            status => Err(unreachable(format!("this is no registry (HTTP {})", status.as_u16()))),
        }
    }

    /// The digest of the manifest or index that `reference` names now. Asks with HEAD; where the answer names no digest,
    /// fetches the manifest and computes it.
    pub fn resolve(&self, reference: &ImageRef) -> Result<Digest, RegistryError> {
        let answer = ask_manifest(&self.client, reference, Version::Asked, Method::Head)?;
        if let Ok(digest) = answer.digest.as_deref().unwrap_or_default().parse::<Digest>() {
            return as_asked(reference, digest);
        }
        self.manifest(reference).map(|manifest| manifest.digest)
    }

    /// The manifest or index that `reference` names now. Its digest is computed from its bytes and compared with what the
    /// registry says and with the digest in `reference`.
    pub fn manifest(&self, reference: &ImageRef) -> Result<Manifest, RegistryError> {
        manifest(&self.client, reference, Version::Asked)
    }

    /// The tags of the repository of `reference`, as many as the registry tells at once.
    pub fn tags(&self, reference: &ImageRef) -> Result<Vec<String>, RegistryError> {
        let (host, repository) = (reference.host(), reference.path());
        let path = format!("/v2/{repository}/tags/list?n=1000");
        let ask = Ask { host, repository: &repository, method: Method::Get, path: &path, accept: "application/json" };
        let answer = send(&self.client, &ask, reference)?;
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let tags = document.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        Ok(tags.filter(|tag| is_tag(tag)).map(str::to_owned).collect())
    }

    /// Opens an image: finds the one for the platform, reads its layers as they come, several at a time, and keeps nothing
    /// but what is known of them. Cut connections are taken up where they were cut. A mirror that does not have the image, or
    /// stops giving it midway, is passed over; one that gives something else is an error.
    pub fn open(&self, reference: &ImageRef, options: &OpenOptions<'_>) -> Result<Pulled, OpenError> {
        let mut passed = Vec::new();
        for mirror in self.mirrors.of(reference) {
            match pulled(&Remote::new(&self.client, &mirror), reference, options) {
                Ok(image) => return Ok(Pulled { image, from: mirror, passed }),
                Err(error) => passed.push(of_this_mirror(error, &mirror)?),
            }
        }
        let image = pulled(&Remote::new(&self.client, reference), reference, options)?;
        Ok(Pulled { image, from: reference.clone(), passed })
    }
}

impl Registry {
    /// Writes the first `most` bytes of one file's content to `sink`, of an image that was opened with these options: its
    /// layer is fetched again up to that file.
    pub fn copy_file(
        &self,
        reference: &ImageRef,
        options: &OpenOptions<'_>,
        wanted: FileAt<'_>,
        most: u64,
        sink: &mut dyn Write,
    ) -> Result<(), CopyError> {
        let mirrors = self.mirrors.of(reference);
        let (mut remote, mut root) = (Remote::new(&self.client, reference), None);
        for mirror in &mirrors {
            let other = Remote::new(&self.client, mirror);
            if let Ok(found) = other.root() {
                (remote, root) = (other, Some(found));
                break;
            }
        }
        let root = root.map_or_else(|| remote.root(), Ok).map_err(OpenError::Registry)?;
        let parts = remote.choose(root, options.platform).map_err(remote::uncarried)?;
        of_parts(&remote, &parts, wanted, most, sink)
    }
}

/// The error of a mirror where the registry itself may know better; the error again where it may not.
fn of_this_mirror(error: OpenError, mirror: &ImageRef) -> Result<RegistryError, OpenError> {
    match error {
        OpenError::Registry(error) if error.is_of_this_registry() => Ok(error),
        OpenError::Image(
            error @ (Error::MissingBlob { .. } | Error::Layer { reason: LayerFault::Missing { .. }, .. }),
        ) => Ok(RegistryError::NotFound { reference: mirror.to_string(), reason: error.to_string() }),
        error => Err(error),
    }
}

fn pulled(remote: &Remote<'_>, reference: &ImageRef, options: &OpenOptions<'_>) -> Result<Image, OpenError> {
    let root = remote.root()?;
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = if options.jobs == 0 { processors().max(DOWNLOADS) } else { options.jobs };
    let parts = remote.choose(root, options.platform).map_err(remote::uncarried)?;
    let options = OpenOptions { jobs, ..*options };
    open_parts(remote, parts, Some(reference.to_string()), &options).map_err(remote::uncarried)
}

/// Which manifest of a repository.
#[derive(Clone, Copy)]
enum Version<'a> {
    /// The one that the reference names.
    Asked,
    /// The one that should have this digest.
    Digest(&'a Digest),
}

fn manifest(client: &Client, reference: &ImageRef, version: Version<'_>) -> Result<Manifest, RegistryError> {
    let answer = ask_manifest(client, reference, version, Method::Get)?;
    let actual = Digest::sha256(&Sha256::digest(&answer.body));
    if layout::is_schema_1(&answer.media_type) {
        // Its digest is not that of its bytes, and whoever reads it refuses it by name.
        return Ok(Manifest { digest: actual, media_type: answer.media_type, bytes: answer.body });
    }
    let said = answer.digest.as_deref().filter(|said| said.starts_with("sha256:"));
    if let Some(said) = said.filter(|said| *said != actual.as_str()) {
        return Err(bad_answer(reference, format!("it says {said}, and its content has {actual}")));
    }
    let digest = match version {
        Version::Asked => as_asked(reference, actual)?,
        Version::Digest(_) => actual,
    };
    Ok(Manifest { digest, media_type: answer.media_type, bytes: answer.body })
}

fn as_asked(reference: &ImageRef, actual: Digest) -> Result<Digest, RegistryError> {
    match &reference.digest {
        Some(asked) if *asked != actual && asked.as_str().starts_with("sha256:") => {
            Err(bad_answer(reference, format!("asked for {asked}, it gave {actual}")))
        }
        Some(asked) if *asked != actual => {
            Err(bad_answer(reference, format!("{asked} cannot be verified: only sha256 digests can")))
        }
        _ => Ok(actual),
    }
}

fn ask_manifest(
    client: &Client,
    reference: &ImageRef,
    version: Version<'_>,
    method: Method,
) -> Result<Answer, RegistryError> {
    let asked = reference.digest.as_ref().map_or_else(|| reference.tag_or_latest(), Digest::as_str);
    let version = match version {
        Version::Asked => asked,
        Version::Digest(digest) => digest.as_str(),
    };
    let repository = reference.path();
    let path = format!("/v2/{repository}/manifests/{version}");
    send(
        client,
        &Ask { host: reference.host(), repository: &repository, method, path: &path, accept: ACCEPT },
        reference,
    )
}

/// Sends a request about `reference`; whatever is no good answer is an error.
fn send(client: &Client, ask: &Ask<'_>, reference: &ImageRef) -> Result<Answer, RegistryError> {
    let (host, name) = (ask.host, reference.to_string());
    let tried = || client.login(host, ask.repository).tried;
    let answer = client.send(ask).map_err(|error: RequestError| error.about(&name, host, tried))?;
    match answer.status {
        status if status.is_success() => Ok(answer),
        // A server that knows no HEAD: the answer has no digest, and the manifest is fetched.
        StatusCode::METHOD_NOT_ALLOWED if ask.method == Method::Head => Ok(answer),
        StatusCode::NOT_FOUND => {
            let reason = format!("no such image or tag{}", answer.said());
            Err(RegistryError::NotFound { reference: name, reason })
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(denied(client, &name, host, ask.repository, &answer)),
        status => {
            let reason = format!("HTTP {}{} for {name}", status.as_u16(), answer.said());
            Err(RegistryError::Unreachable { host: host.to_owned(), reason })
        }
    }
}

/// A login is missing, or another is wanted; registries say the same of what is not there.
fn denied(client: &Client, reference: &str, host: &str, repository: &str, answer: &Answer) -> RegistryError {
    let reason = format!("does not give it: not there, or not for you{}", answer.said());
    let tried = client.login(host, repository).tried;
    RegistryError::Denied { reference: reference.to_owned(), host: host.to_owned(), reason, tried }
}

fn bad_answer(reference: &ImageRef, reason: String) -> RegistryError {
    RegistryError::BadAnswer { reference: reference.to_string(), reason }
}

fn is_tag(tag: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    !tag.is_empty() && tag.len() <= 128 && tag.bytes().all(plain)
}
