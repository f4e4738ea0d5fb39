//! One build as a file describes it: what `docker build` would have to be told. Values that only a run of the tool itself could
//! tell (a timestamp, a random id) are [`Stated::Opaque`], with the reason and the place.

use crate::sources::Place;

/// What a file says, where it can be told from the file and the environment alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stated<T> {
    /// The value.
    Known(T),
    /// It depends on more.
    Opaque(Opaque),
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opaque {
    /// One clause: `timestamp() differs from run to run`.
    pub reason: String,
    /// Of the expression.
    pub place: Place,
}

impl<T> Stated<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Opaque(_) => None,
        }
    }

    /// Why it is not known, if it is not.
    pub fn opaque(&self) -> Option<&Opaque> {
        match self {
            Self::Known(_) => None,
            Self::Opaque(opaque) => Some(opaque),
        }
    }

    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Stated<U> {
        match self {
            Self::Known(value) => Stated::Known(f(value)),
            Self::Opaque(opaque) => Stated::Opaque(opaque),
        }
    }
}

/// Where files of a build come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// A folder, or an archive, of this machine.
    Path(String),
    /// `https://…`, `git@…`: fetched by the builder.
    Remote(String),
    /// `docker-image://…`, `oci-layout://…`: as written.
    Image(String),
    /// The image of another build of the same file: `target:` and `service:`.
    Build(String),
}

/// Where the instructions stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// A file, its path joined to the context's where it is relative to it.
    File(String),
    /// In the file itself (`dockerfile_inline`).
    Inline {
        /// The Dockerfile.
        text: String,
        /// Where it begins.
        place: Place,
    },
}

/// A secret that RUN may mount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret {
    /// Its name for `--mount=type=secret,id=`; empty where only the source is given.
    pub id: String,
    /// From this variable.
    pub variable: Option<String>,
    /// From this file.
    pub file: Option<String>,
}

/// An SSH agent or keys that RUN may use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ssh {
    /// Its name for `--mount=type=ssh,id=`.
    pub id: String,
    /// Sockets or keys; none for the agent of the environment.
    pub paths: Vec<String>,
}

/// Something that the file says of the build and that has no field of its own here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// `network`, `extra_hosts`, `shm_size`.
    pub key: String,
    /// Where.
    pub place: Place,
}

/// One build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The service's or target's name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// The build context.
    pub context: Stated<Context>,
    /// The Dockerfile.
    pub instructions: Stated<Instructions>,
    /// The stage.
    pub target: Option<Stated<String>>,
    /// `--build-arg`, by name.
    pub args: Vec<(String, Stated<String>)>,
    /// `--build-context`, by name.
    pub contexts: Vec<(String, Stated<Context>)>,
    /// `--secret`.
    pub secrets: Vec<Stated<Secret>>,
    /// `--ssh`.
    pub ssh: Vec<Stated<Ssh>>,
    /// `--platform`.
    pub platforms: Vec<Stated<String>>,
    /// `--tag`, the service's image last.
    pub tags: Vec<Stated<String>>,
    /// `--label`, by name.
    pub labels: Vec<(String, Stated<String>)>,
    /// `--cache-from`, as text.
    pub cache_from: Vec<Stated<String>>,
    /// Compose: the profiles of the service.
    pub profiles: Vec<String>,
    /// Built when nothing is chosen: no profile, or an active one; in bake's default group; not for others to inherit only.
    pub by_default: bool,
    /// What else the file says.
    pub settings: Vec<Setting>,
}

impl Invocation {
    /// Everything that the build needs and the file does not tell, by the name of the setting (`args.BUILD_DATE`).
    pub fn unknown(&self) -> Vec<(String, &Opaque)> {
        let single = [
            ("context", self.context.opaque()),
            ("dockerfile", self.instructions.opaque()),
            ("target", self.target.as_ref().and_then(Stated::opaque)),
        ];
        let mut all: Vec<(String, &Opaque)> =
            single.into_iter().filter_map(|(name, opaque)| Some((name.to_owned(), opaque?))).collect();
        all.extend(self.args.iter().filter_map(|(name, value)| Some((format!("args.{name}"), value.opaque()?))));
        all.extend(
            self.contexts.iter().filter_map(|(name, value)| Some((format!("contexts.{name}"), value.opaque()?))),
        );
        all.extend(self.secrets.iter().filter_map(|value| Some(("secret".to_owned(), value.opaque()?))));
        all.extend(self.ssh.iter().filter_map(|value| Some(("ssh".to_owned(), value.opaque()?))));
        all
    }
}

/// Whether the builder fetches a context itself.
pub(crate) fn is_remote(text: &str) -> bool {
    ["https://", "http://", "git://", "ssh://", "github.com/", "git@"].iter().any(|start| text.starts_with(start))
}
