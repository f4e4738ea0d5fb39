//! Which engine: the one asked for, else the first that answers of docker, podman, buildah.

use std::str::FromStr;
use std::sync::Arc;

use crate::client::Client;
use crate::{Engine, Error, buildah, docker, podman};

/// The engines known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// docker, with buildx or without.
    Docker,
    /// podman, local or remote.
    Podman,
    /// buildah: builds only.
    Buildah,
}

impl EngineKind {
    /// In the order tried.
    pub const ALL: [EngineKind; 3] = [EngineKind::Docker, EngineKind::Podman, EngineKind::Buildah];

    /// Its name and its program's.
    pub fn name(self) -> &'static str {
        match self {
            EngineKind::Docker => "docker",
            EngineKind::Podman => "podman",
            EngineKind::Buildah => "buildah",
        }
    }
}

impl FromStr for EngineKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| format!("`{text}` is no engine: docker, podman, buildah"))
    }
}

/// The engine `wanted`, or the first that answers; an error says why each did not. An engine that is installed but had to be
/// passed over is a warning of the one chosen.
pub fn detect(wanted: Option<EngineKind>) -> Result<Arc<dyn Engine>, Error> {
    if let Some(kind) = wanted {
        return connect(kind).map(Connected::into_engine);
    }
    let mut reasons = Vec::new();
    let mut passed_over = Vec::new();
    for kind in EngineKind::ALL {
        match connect(kind) {
            Ok(connected) => {
                passed_over.into_iter().for_each(|text| connected.warn(text));
                return Ok(connected.into_engine());
            }
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(Error::NoEngine { reasons: why, .. }) => reasons.extend(why),
            Err(error) => {
                passed_over.push(format!("{} was passed over: {error}", kind.name()));
                reasons.push(error.to_string());
            }
        }
    }
    let names: Vec<_> = EngineKind::ALL.iter().map(|kind| kind.name()).collect();
    Err(Error::NoEngine { looked_for: names.join(", "), reasons })
}

enum Connected {
    Client(Box<Client>),
    Buildah(buildah::Buildah),
}

impl Connected {
    fn warn(&self, text: String) {
        match self {
            Connected::Client(client) => client.warn(text),
            Connected::Buildah(buildah) => buildah.warn(text),
        }
    }

    fn into_engine(self) -> Arc<dyn Engine> {
        match self {
            Connected::Client(client) => Arc::from(client as Box<dyn Engine>),
            Connected::Buildah(buildah) => Arc::new(buildah),
        }
    }
}

fn connect(kind: EngineKind) -> Result<Connected, Error> {
    match kind {
        EngineKind::Docker => docker::connect().map(|client| Connected::Client(Box::new(client))),
        EngineKind::Podman => podman::connect().map(|client| Connected::Client(Box::new(client))),
        EngineKind::Buildah => buildah::connect().map(Connected::Buildah),
    }
}
