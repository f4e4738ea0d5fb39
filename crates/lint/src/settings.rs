//! What the user wants: profile, selection, severities, policies, and what is known of the build. Read from nowhere: the
//! binary fills it in.

use std::collections::BTreeMap;
use std::sync::Arc;

use jettison_dockerfile::expand::Env;
use jettison_model::Severity;

use crate::{Profile, Selector, Shellcheck};

/// Everything that changes what is said of a file. [`Default`] is the default profile with nothing known of the build.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where selection and severities start from.
    pub profile: Profile,
    /// If given, only these are said (each is switched on).
    pub only: Option<Vec<Selector>>,
    /// Said in addition to the profile's.
    pub selected: Vec<Selector>,
    /// Not said; wins over everything.
    pub ignored: Vec<Selector>,
    /// Other severities, the last that matches wins; what is named here is switched on.
    pub severities: Vec<(Selector, Severity)>,
    /// Registries (`docker.io`, `*.example.com`) that images may come from; empty: any.
    pub trusted_registries: Vec<String>,
    /// Labels that the image must have, with their types.
    pub labels: BTreeMap<String, LabelType>,
    /// No other labels than those.
    pub strict_labels: bool,
    /// Named build contexts of the build (`--build-context name=…`).
    pub contexts: Vec<String>,
    /// `--target`.
    pub target: Option<String>,
    /// Further targets that are built of the same file: their stages are final too.
    pub targets: Vec<String>,
    /// `--build-arg`.
    pub build_args: Env,
    /// `linux/amd64`, …; empty: not known.
    pub platforms: Vec<String>,
    /// Stage names (`dev-*`) and what they are for; the first that matches counts.
    pub stages: Vec<(String, Role)>,
    /// Whether the final image's text is known to be built with BuildKit.
    pub buildkit: bool,
    /// Name of the Dockerfile below the context (`Dockerfile`, `docker/app.Dockerfile`), where known.
    pub path: Option<String>,
    /// Today, `2026-11-21`; none: nothing is said that depends on a date.
    pub today: Option<String>,
    /// Behave like this version: rules that came later are left out.
    pub as_of: Option<String>,
    /// Which comments in the file suppress findings.
    pub pragmas: Pragmas,
    /// Who judges scripts instead of us.
    pub shellcheck: Option<Arc<dyn Shellcheck>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: Profile::Default,
            only: None,
            selected: Vec::new(),
            ignored: Vec::new(),
            severities: Vec::new(),
            trusted_registries: Vec::new(),
            labels: BTreeMap::new(),
            strict_labels: false,
            contexts: Vec::new(),
            target: None,
            targets: Vec::new(),
            build_args: Env::new(),
            platforms: Vec::new(),
            stages: Vec::new(),
            buildkit: true,
            path: None,
            today: None,
            as_of: None,
            pragmas: Pragmas::default(),
            shellcheck: None,
        }
    }
}

/// What a stage is for. Severities depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It is the image.
    Final,
    /// A final stage starts from it: its layers ship.
    Lineage,
    /// Used for its files only.
    Builder,
    /// Used by nothing, and named or made for tests, checks, documentation or development.
    Test,
    /// Used by nothing.
    Unused,
}

impl Role {
    /// `final`, `lineage`, `builder`, `test`, `unused`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Lineage => "lineage",
            Self::Builder => "builder",
            Self::Test => "test",
            Self::Unused => "unused",
        }
    }

    /// Whether its layers are in the image.
    pub const fn ships(self) -> bool {
        matches!(self, Self::Final | Self::Lineage)
    }
}

/// The type of a label's value: hadolint's `label-schema` words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelType {
    /// Anything that is not empty.
    Text,
    /// An absolute URL.
    Url,
    /// RFC 3339 date and time.
    Rfc3339,
    /// A semantic version.
    Semver,
    /// A hexadecimal commit id.
    Hash,
    /// An SPDX licence expression.
    Spdx,
    /// An e-mail address.
    Email,
}

impl LabelType {
    /// Reads hadolint's word.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "text" | "raw" => Self::Text,
            "url" => Self::Url,
            "rfc3339" => Self::Rfc3339,
            "semver" => Self::Semver,
            "hash" => Self::Hash,
            "spdx" => Self::Spdx,
            "email" => Self::Email,
            _ => return None,
        })
    }
}

/// Which comments in the file suppress findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pragmas {
    /// `# jettison: allow=…`.
    pub native: bool,
    /// `# hadolint ignore=…`, `# check=skip=…`, `# tally ignore=…`, `# checkov:skip=…`, `# trivy:ignore:…`.
    pub foreign: bool,
    /// Native ones must say why.
    pub require_reason: bool,
}

impl Default for Pragmas {
    fn default() -> Self {
        Self { native: true, foreign: true, require_reason: false }
    }
}
