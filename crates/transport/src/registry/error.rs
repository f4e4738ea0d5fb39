//! Why a registry did not give what was asked. Every text names the reference or the host; none holds a secret.

/// Why a registry did not answer what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No such image.
    #[error("{reference}: {reason}")]
    NotFound {
        /// As asked.
        reference: String,
        /// The registry's words.
        reason: String,
    },
    /// The registry wants a login, or another one: HTTP 401 or 403.
    #[error("{reference}: {host} {reason}; {tried}")]
    Denied {
        /// As asked.
        reference: String,
        /// The registry.
        host: String,
        /// What it said.
        reason: String,
        /// Which login was shown, or where none was found.
        tried: String,
    },
    /// Too many requests, in spite of waiting: HTTP 429.
    #[error("{reference}: {host} says that there are too many requests{reason}; {tried}")]
    Busy {
        /// As asked.
        reference: String,
        /// The registry.
        host: String,
        /// What it said.
        reason: String,
        /// Which login was shown, or where none was found.
        tried: String,
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

impl RegistryError {
    /// Whether another registry may know better: for mirrors.
    pub(super) fn is_of_this_registry(&self) -> bool {
        !matches!(self, Self::BadAnswer { .. })
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RequestError {
    /// In words.
    Broken(String),
    /// A status that did not pass in spite of retries, and what the registry said.
    Status { status: u16, tries: u32, said: String },
    /// Longer than a document may be, in bytes.
    TooLong(u64),
}

impl RequestError {
    /// As the error about `reference` on `host`; `tried` says which login was shown.
    pub(super) fn about(self, reference: &str, host: &str, tried: impl FnOnce() -> String) -> RegistryError {
        let (reference, host) = (reference.to_owned(), host.to_owned());
        match self {
            Self::Status { status: 429, said, .. } => {
                RegistryError::Busy { reference, host, reason: said, tried: tried() }
            }
            Self::TooLong(limit) => RegistryError::BadAnswer { reference, reason: too_long(limit) },
            other => RegistryError::Unreachable { host, reason: other.words() },
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Self::Broken(reason) => reason.clone(),
            Self::Status { status, tries, said } => format!("HTTP {status}{said}, {tries} times; try again later"),
            Self::TooLong(limit) => too_long(*limit),
        }
    }
}

fn too_long(limit: u64) -> String {
    format!("it has more than {limit} bytes, which no manifest or config has")
}
