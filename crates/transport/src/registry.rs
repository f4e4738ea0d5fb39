//! A thin client of the OCI distribution API: ping, token, manifest. Roots of trust: `SSL_CERT_FILE`, else the system's, else
//! bundled ones.

use jettison_model::{Digest, ImageRef};

/// Where the trusted certificates come from; read from the environment by the binary.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// `SSL_CERT_FILE`.
    pub file: Option<std::path::PathBuf>,
}

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
    /// No connection.
    #[error("{host}: {reason}")]
    Unreachable {
        /// The registry.
        host: String,
        /// The cause.
        reason: String,
    },
}

/// A client.
pub struct Registry {
    // private
}

impl Registry {
    /// A client that trusts `roots`.
    pub fn new(roots: &Roots) -> Self {
        let _ = roots;
        todo!()
    }

    /// The digest of the manifest or index that `reference` names now.
    pub fn resolve(&self, reference: &ImageRef) -> Result<Digest, RegistryError> {
        let _ = reference;
        todo!()
    }
}
