//! Reads the embedded `data/*.toml`. A group in a file stands for several rows of a table: one for each of its patterns.
//! Every row says where it comes from (`source`) and when somebody last looked (`seen`).

use std::sync::OnceLock;

use serde::Deserialize;

use crate::{
    AptRole, AvoidableRow, BareBases, BaseFamily, CgoStub, Ecosystems, Elsewhere, Junk, JunkClass, ManifestRow,
    NameLookup, PackageManager, PackagePatterns, Recommended, Release, Runtime, SecretPattern,
};

/// The embedded tables, parsed once.
pub fn load() -> &'static Ecosystems {
    static TABLES: OnceLock<Ecosystems> = OnceLock::new();
    TABLES.get_or_init(|| Files::embedded().expect("the embedded tables parse: a test shows it").into_tables())
}

/// `data/releases.toml` alone: a fraction of the time for those who ask nothing else.
pub fn releases() -> &'static [Release] {
    static RELEASES: OnceLock<Vec<Release>> = OnceLock::new();
    RELEASES.get_or_init(|| {
        let file: Result<Releases, _> = toml::from_str(include_str!("../data/releases.toml"));
        file.map(|file| file.release).unwrap_or_default()
    })
}

/// The files as written.
pub(crate) struct Files {
    bases: Bases,
    releases: Releases,
    managers: Managers,
    pub(crate) manifests: Manifests,
    pub(crate) junk: JunkGroups,
    secrets: Secrets,
    pub(crate) apt: Apt,
    avoidable: Avoidables,
    bare: Bare,
    go: Go,
    rust: Rust,
}

impl Files {
    pub(crate) fn embedded() -> Result<Self, toml::de::Error> {
        Ok(Self {
            bases: toml::from_str(include_str!("../data/bases.toml"))?,
            releases: toml::from_str(include_str!("../data/releases.toml"))?,
            managers: toml::from_str(include_str!("../data/package-managers.toml"))?,
            manifests: toml::from_str(include_str!("../data/manifests.toml"))?,
            junk: toml::from_str(include_str!("../data/junk.toml"))?,
            secrets: toml::from_str(include_str!("../data/secrets.toml"))?,
            apt: toml::from_str(include_str!("../data/apt.toml"))?,
            avoidable: toml::from_str(include_str!("../data/avoidable.toml"))?,
            bare: toml::from_str(include_str!("../data/bare.toml"))?,
            go: toml::from_str(include_str!("../data/go.toml"))?,
            rust: toml::from_str(include_str!("../data/rust.toml"))?,
        })
    }

    fn into_tables(self) -> Ecosystems {
        Ecosystems {
            bases: self.bases.base,
            releases: self.releases.release,
            managers: self.managers.manager,
            manifests: self.manifests.manifest.iter().flat_map(ManifestGroup::rows).collect(),
            junk: self.junk.junk.iter().flat_map(JunkGroup::rows).collect(),
            secrets: self.secrets.secret.iter().flat_map(SecretGroup::rows).collect(),
            apt_roles: self.apt.role.iter().flat_map(RoleGroup::rows).collect(),
            recommended: self.apt.recommends,
            avoidable: self.avoidable.avoidable,
            build_packages: self.avoidable.tools,
            quiet_packages: self.avoidable.quiet,
            elsewhere: self.avoidable.elsewhere,
            bare: self.bare.bare,
            runtimes: self.bare.runtime,
            cgo_stubs: self.go.cgo_stub,
            name_lookups: self.rust.name_lookup,
        }
    }
}

#[derive(Deserialize)]
struct Bases {
    base: Vec<BaseFamily>,
}

#[derive(Deserialize)]
struct Bare {
    bare: Vec<BareBases>,
    runtime: Vec<Runtime>,
}

#[derive(Deserialize)]
struct Go {
    cgo_stub: Vec<CgoStub>,
}

#[derive(Deserialize)]
struct Rust {
    name_lookup: Vec<NameLookup>,
}

#[derive(Deserialize)]
struct Releases {
    release: Vec<Release>,
}

#[derive(Deserialize)]
struct Managers {
    manager: Vec<PackageManager>,
}

#[derive(Deserialize)]
pub(crate) struct Manifests {
    pub(crate) manifest: Vec<ManifestGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManifestGroup {
    pub(crate) ecosystem: String,
    pub(crate) manager: String,
    #[serde(default)]
    manifests: Vec<String>,
    #[serde(default)]
    locks: Vec<String>,
    #[serde(default)]
    settings: Vec<String>,
    examples: Vec<String>,
    source: String,
    seen: String,
}

impl ManifestGroup {
    fn rows(&self) -> Vec<ManifestRow> {
        let row = |pattern: &String, lock, setting| ManifestRow {
            ecosystem: self.ecosystem.clone(),
            manager: self.manager.clone(),
            pattern: pattern.clone(),
            lock,
            setting,
            examples: self.examples.clone(),
            source: self.source.clone(),
            seen: self.seen.clone(),
        };
        let mut rows: Vec<ManifestRow> = self.manifests.iter().map(|pattern| row(pattern, false, false)).collect();
        rows.extend(self.locks.iter().map(|pattern| row(pattern, true, false)));
        rows.extend(self.settings.iter().map(|pattern| row(pattern, false, true)));
        rows
    }
}

#[derive(Deserialize)]
pub(crate) struct JunkGroups {
    pub(crate) junk: Vec<JunkGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JunkGroup {
    pub(crate) class: JunkClass,
    pub(crate) ecosystem: Option<String>,
    marker: Option<String>,
    #[serde(default)]
    made_by: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    in_image: bool,
    pub(crate) patterns: Vec<String>,
    examples: Vec<String>,
    source: String,
    seen: String,
}

impl JunkGroup {
    fn rows(&self) -> impl Iterator<Item = Junk> {
        self.patterns.iter().map(|pattern| Junk {
            class: self.class,
            pattern: pattern.clone(),
            except: self.except.clone(),
            ecosystem: self.ecosystem.clone(),
            marker: self.marker.clone(),
            made_by: self.made_by.clone(),
            in_image: self.in_image,
            examples: self.examples.clone(),
            source: self.source.clone(),
            seen: self.seen.clone(),
        })
    }
}

#[derive(Deserialize)]
struct Secrets {
    secret: Vec<SecretGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretGroup {
    patterns: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    examples: Vec<String>,
    source: String,
    seen: String,
}

impl SecretGroup {
    fn rows(&self) -> impl Iterator<Item = SecretPattern> {
        self.patterns.iter().map(|pattern| SecretPattern {
            pattern: pattern.clone(),
            except: self.except.clone(),
            examples: self.examples.clone(),
            source: self.source.clone(),
            seen: self.seen.clone(),
        })
    }
}

#[derive(Deserialize)]
pub(crate) struct Apt {
    pub(crate) role: Vec<RoleGroup>,
    recommends: Vec<Recommended>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleGroup {
    role: String,
    pub(crate) patterns: Vec<String>,
    #[serde(default)]
    programs: Vec<String>,
    source: String,
    seen: String,
}

impl RoleGroup {
    fn rows(&self) -> impl Iterator<Item = AptRole> {
        self.patterns.iter().map(|pattern| AptRole {
            pattern: pattern.clone(),
            role: self.role.clone(),
            programs: self.programs.clone(),
            source: self.source.clone(),
            seen: self.seen.clone(),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Avoidables {
    avoidable: Vec<AvoidableRow>,
    tools: Vec<PackagePatterns>,
    quiet: Vec<PackagePatterns>,
    elsewhere: Vec<Elsewhere>,
}
