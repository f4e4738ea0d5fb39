//! A thin client of the OCI distribution API: ping, token, manifest. Blocking, with time-outs and retries. Reads no
//! environment: roots of trust, credentials and proxy come in as values.
//! <https://github.com/opencontainers/distribution-spec/blob/main/spec.md>

mod auth;
mod client;
mod credentials;
mod roots;

use jettison_model::{Digest, ImageRef};
use sha2::{Digest as _, Sha256};
use ureq::http::StatusCode;

pub use client::{Proxy, Timing};
pub use credentials::{Credentials, CredentialsError, Login};
pub use roots::Roots;

use client::{Answer, Client, Method, RequestError};

/// What we can read, in the order of preference.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// Why a registry did not answer what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No such image, or not without logging in.
    #[error("{reference}: {reason}")]
    NotFound {
        /// As asked.
        reference: String,
        /// The registry's words.
        reason: String,
    },
    /// No connection, or no answer in spite of retries.
    #[error("{host}: {reason}")]
    Unreachable {
        /// The registry.
        host: String,
        /// The cause.
        reason: String,
    },
    /// An answer that cannot be right: no digest, or not that of the content.
    #[error("{reference}: the registry's answer cannot be right: {reason}")]
    BadAnswer {
        /// As asked.
        reference: String,
        /// What is wrong.
        reason: String,
    },
}

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

/// A client. Keeps connections and tokens; can be shared between threads.
pub struct Registry {
    client: Client,
}

impl Registry {
    /// A client that trusts `roots`, has no credentials and uses no proxy.
    pub fn new(roots: &Roots) -> Self {
        Self { client: Client::new(roots) }
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
        self.client.timing = timing;
        self
    }

    /// The same through a proxy.
    #[must_use]
    pub fn with_proxy(mut self, proxy: Proxy) -> Self {
        self.client.proxy = Some(proxy);
        self
    }

    /// Whether a registry answers at `host` (`docker.io`, `localhost:5000`), with or without asking for a login.
    pub fn ping(&self, host: &str) -> Result<(), RegistryError> {
        let answer = self.client.send(host, "", Method::Get, "/v2/", "").map_err(|error| unreachable(host, error))?;
        match answer.status {
            StatusCode::OK | StatusCode::UNAUTHORIZED => Ok(()),
            status => Err(unreachable(host, RequestError(format!("this is no registry (HTTP {})", status.as_u16())))),
        }
    }

    /// The digest of the manifest or index that `reference` names now. Asks with HEAD; where the answer names no digest,
    /// fetches the manifest and computes it.
    pub fn resolve(&self, reference: &ImageRef) -> Result<Digest, RegistryError> {
        let answer = self.ask(reference, Method::Head)?;
        if let Ok(digest) = answer.digest.as_deref().unwrap_or_default().parse::<Digest>() {
            return self.as_asked(reference, digest);
        }
        self.manifest(reference).map(|manifest| manifest.digest)
    }

    /// The manifest or index that `reference` names now. Its digest is computed from its bytes and compared with what the
    /// registry says and with the digest in `reference`.
    pub fn manifest(&self, reference: &ImageRef) -> Result<Manifest, RegistryError> {
        let answer = self.ask(reference, Method::Get)?;
        let actual = Digest::sha256(&Sha256::digest(&answer.body));
        let said = answer.digest.as_deref().filter(|said| said.starts_with("sha256:"));
        if let Some(said) = said.filter(|said| *said != actual.as_str()) {
            return Err(bad_answer(reference, format!("it says {said}, and its content has {actual}")));
        }
        let digest = self.as_asked(reference, actual)?;
        Ok(Manifest { digest, media_type: answer.media_type, bytes: answer.body })
    }

    fn as_asked(&self, reference: &ImageRef, actual: Digest) -> Result<Digest, RegistryError> {
        match &reference.digest {
            Some(asked) if *asked != actual && asked.as_str().starts_with("sha256:") => {
                Err(bad_answer(reference, format!("asked for {asked}, it gave {actual}")))
            }
            _ => Ok(actual),
        }
    }

    fn ask(&self, reference: &ImageRef, method: Method) -> Result<Answer, RegistryError> {
        let host = reference.host();
        let version = reference.digest.as_ref().map_or_else(|| reference.tag_or_latest(), Digest::as_str);
        let repository = reference.path();
        let path = format!("/v2/{repository}/manifests/{version}");
        let scope = format!("repository:{repository}:pull");
        let answer = self.client.send(host, &scope, method, &path, ACCEPT).map_err(|error| unreachable(host, error))?;
        match answer.status {
            status if status.is_success() => Ok(answer),
            // A server that knows no HEAD: the answer has no digest, and the manifest is fetched.
            StatusCode::METHOD_NOT_ALLOWED if method == Method::Head => Ok(answer),
            StatusCode::NOT_FOUND => Err(not_found(reference, &answer, "no such image or tag")),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let hint = format!("not there, or only after `docker login {host}`");
                Err(not_found(reference, &answer, &hint))
            }
            status => Err(unreachable(host, RequestError(format!("HTTP {} for {reference}", status.as_u16())))),
        }
    }
}

fn not_found(reference: &ImageRef, answer: &Answer, otherwise: &str) -> RegistryError {
    let reason = answer.message().map_or_else(|| otherwise.to_owned(), |said| format!("{otherwise} (`{said}`)"));
    RegistryError::NotFound { reference: reference.to_string(), reason }
}

fn bad_answer(reference: &ImageRef, reason: String) -> RegistryError {
    RegistryError::BadAnswer { reference: reference.to_string(), reason }
}

fn unreachable(host: &str, RequestError(reason): RequestError) -> RegistryError {
    RegistryError::Unreachable { host: host.to_owned(), reason }
}
