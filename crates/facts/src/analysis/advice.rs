//! What to do about an image, most bytes first: wasted bytes by cause, avoidable ones by kind and by who leaves them, packages that
//! nothing needs or reaches. Each names the rule of `check` or the transform of `optimize` that does it. Sums of different advice
//! may hold the same bytes twice: what a slim base lacks, other advice may name as well.

use std::collections::BTreeMap;

use jettison_ecosystems::load;
use jettison_image::{Avoidable, AvoidableKind, Causes, Standing, Waste, WastedPath, Weight};
use jettison_model::Evidence;

use super::Analysis;

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What was found, as a noun phrase: `package-cache-kept`.
    pub id: &'static str,
    /// One clause, with the place that weighs most.
    pub message: String,
    /// What it would save.
    pub weight: Weight,
    /// What that rests on: for a rule of thumb, guessed.
    pub evidence: Evidence,
    /// The rule of `check` or the transform of `optimize` that does it.
    pub see: Option<&'static str>,
}

/// Less is not worth a line, unless it is a secret.
const MIN_BYTES: u64 = 10_000;
/// Single packages that are named; all others together.
const MAX_PACKAGES: usize = 10;
/// A package worth a line of its own.
const MIN_PACKAGE: u64 = 1_000_000;

pub(super) fn findings(analysis: &Analysis<'_>, waste: &Waste) -> Vec<Advice> {
    let mut findings = wasted(analysis, waste);
    findings.extend(avoidable(analysis));
    findings.extend(orphaned(analysis));
    findings.extend(unreached(analysis));
    findings.retain(|advice| advice.weight.bytes >= MIN_BYTES || advice.id == "secret-shipped");
    findings.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.id.cmp(other.id)));
    findings
}

/// The bytes of one cause.
type OfCause = fn(&Causes) -> u64;

/// Wasted bytes by cause.
fn wasted(analysis: &Analysis<'_>, waste: &Waste) -> Vec<Advice> {
    let causes: [(&'static str, &'static str, &str, OfCause); 4] = [
        ("deleted-later", "late-delete", "deleted by a later layer, which only hides it", |causes| causes.deleted),
        ("overwritten-later", "copied-then-rewritten", "written again by a later layer", |causes| causes.overwritten),
        ("metadata-rewritten", "copied-then-rewritten", "stored again only for another owner or mode", |causes| {
            causes.metadata_only
        }),
        ("stored-twice", "content-copied-twice", "stored again although nothing changed", |causes| causes.duplicate),
    ];
    let mut found = Vec::new();
    for (id, see, what, bytes) in causes {
        let of_cause: Vec<&WastedPath> = waste.paths.iter().filter(|path| bytes(&path.causes) > 0).collect();
        let Some(most) = of_cause.iter().max_by_key(|path| bytes(&path.causes)) else { continue };
        let weight = of_cause.iter().map(|path| share(path, bytes(&path.causes))).sum();
        let place = place(analysis, most.layers.first().copied());
        let message = format!("{}{place} {what}{}", quoted(&most.path), more(of_cause.len()));
        found.push(Advice { id, message, weight, evidence: Evidence::Measured, see: Some(see) });
    }
    found
}

fn share(path: &WastedPath, bytes: u64) -> Weight {
    let compressed = u128::from(path.compressed_bytes) * u128::from(bytes) / u128::from(path.bytes.max(1));
    Weight { bytes, compressed_bytes: u64::try_from(compressed).unwrap_or(u64::MAX) }
}

/// Avoidable bytes by what would be done about them.
fn avoidable(analysis: &Analysis<'_>) -> Vec<Advice> {
    let mut groups: BTreeMap<(&'static str, Option<&'static str>), Vec<&Avoidable>> = BTreeMap::new();
    for one in &analysis.avoidable {
        groups.entry((id_of(one.kind), remedy(analysis, one))).or_default().push(one);
    }
    let advice = |((id, see), mut group): ((&'static str, _), Vec<&Avoidable>)| {
        group.sort_by_key(|one| std::cmp::Reverse(one.weight));
        let most = group.first()?;
        let place = place(analysis, Some(most.layer));
        let message = format!("{}{place}: {}{}", quoted(&most.path), clause(analysis, most), more(group.len()));
        let sure = group.iter().all(|one| one.sure);
        let evidence = if sure { Evidence::Modelled } else { Evidence::Guessed };
        Some(Advice { id, message, weight: group.iter().map(|one| one.weight).sum(), evidence, see })
    };
    groups.into_iter().filter_map(advice).collect()
}

fn id_of(kind: AvoidableKind) -> &'static str {
    match kind {
        AvoidableKind::PackageCache => "package-cache-kept",
        AvoidableKind::BuildTool => "build-tools-shipped",
        AvoidableKind::Docs => "documentation-shipped",
        AvoidableKind::Locale => "translations-shipped",
        AvoidableKind::Vcs => "version-control-shipped",
        AvoidableKind::Log => "logs-shipped",
        AvoidableKind::Temp => "temporary-files-shipped",
        AvoidableKind::Secret => "secret-shipped",
        AvoidableKind::Bytecode => "bytecode-shipped",
        AvoidableKind::CopyElsewhere => "content-stored-twice",
    }
}

fn clause(analysis: &Analysis<'_>, one: &Avoidable) -> String {
    match one.kind {
        AvoidableKind::PackageCache => "a package manager keeps it for the next installation".to_owned(),
        AvoidableKind::BuildTool => match one.package.and_then(|at| analysis.inventory.packages.get(at)) {
            Some(package) => format!("`{}` only builds, and nothing that runs needs it", package.package.name),
            None => "only needed to build".to_owned(),
        },
        AvoidableKind::Docs => "nobody reads documentation in a container".to_owned(),
        AvoidableKind::Locale => "translations that the image's language does not use".to_owned(),
        AvoidableKind::Vcs => "history that the program does not read".to_owned(),
        AvoidableKind::Log => "logs of the build".to_owned(),
        AvoidableKind::Temp => "temporary files of the build".to_owned(),
        AvoidableKind::Secret => "looks like a secret; whoever has the image has it".to_owned(),
        AvoidableKind::Bytecode => "compiled from sources that are there as well".to_owned(),
        AvoidableKind::CopyElsewhere => {
            format!("the same bytes as {}", quoted(one.original.as_deref().unwrap_or("elsewhere")))
        }
    }
}

/// Who does something about it. What the base image brings, another base does without.
fn remedy(analysis: &Analysis<'_>, one: &Avoidable) -> Option<&'static str> {
    let copied = is_copied(analysis, one);
    if analysis.is_base(one.layer) == Some(true) && one.kind != AvoidableKind::Secret {
        return Some("slim-base");
    }
    match one.kind {
        AvoidableKind::PackageCache if copied => Some("context-ignore"),
        AvoidableKind::PackageCache => cache_rule(&one.path),
        AvoidableKind::BuildTool => Some("multi-stage"),
        AvoidableKind::Vcs if !copied => Some("cloned-history-kept"),
        AvoidableKind::Vcs => Some("context-ignore"),
        AvoidableKind::Log | AvoidableKind::Temp if copied => Some("context-ignore"),
        AvoidableKind::Secret => Some("secret-file-copied"),
        AvoidableKind::CopyElsewhere => Some("content-copied-twice"),
        AvoidableKind::Docs | AvoidableKind::Locale => Some("slim-base"),
        AvoidableKind::Log | AvoidableKind::Temp | AvoidableKind::Bytecode => None,
    }
}

/// Whether it came from a context: not with a file system that an instruction unpacked.
fn is_copied(analysis: &Analysis<'_>, one: &Avoidable) -> bool {
    const SYSTEM: [&str; 6] = ["/etc/", "/home/", "/lib/", "/root/", "/usr/", "/var/"];
    let instruction = analysis.instruction(one.layer);
    let copies = instruction.starts_with("COPY ") || instruction.starts_with("ADD ");
    let at_work = analysis.config.workdir.len() > 1 && one.path.starts_with(&analysis.config.workdir);
    copies && (at_work || !SYSTEM.iter().any(|folder| one.path.starts_with(folder)))
}

/// The rule about the cache of that manager: by parts of its path, the first that is in it.
fn cache_rule(path: &str) -> Option<&'static str> {
    const RULES: [(&str, &[&str]); 12] = [
        ("apk-cache-kept", &["/apk"]),
        ("apt-cache-kept", &["/apt", "/debconf", "/dpkg"]),
        ("bundler-files-kept", &["bundle", "/gems/"]),
        ("compiler-cache-kept", &["cargo", "ccache", "go-build", "gradle", "/go/pkg", "/.m2", "/.nuget", "rustup"]),
        ("dnf-cache-kept", &["/dnf", "/libdnf5"]),
        ("npm-cache-kept", &["/.npm", "pnpm"]),
        ("pacman-cache-kept", &["/pacman"]),
        ("pip-cache-kept", &["/pip"]),
        ("python-tool-cache-kept", &["/uv", "/pypoetry", "conda", "/pipenv"]),
        ("yarn-cache-kept", &["yarn"]),
        ("yum-cache-kept", &["/yum"]),
        ("zypper-cache-kept", &["/zypp"]),
    ];
    RULES.iter().find(|(_, parts)| parts.iter().any(|part| path.contains(part))).map(|(rule, _)| *rule)
}

/// What was installed for something that is gone.
fn orphaned(analysis: &Analysis<'_>) -> Option<Advice> {
    let packages = analysis.inventory.packages.iter();
    let mut orphans: Vec<_> =
        packages.filter(|one| one.standing == Standing::Orphaned && one.kind().is_system()).collect();
    orphans.sort_by_key(|one| std::cmp::Reverse(one.weight));
    let most = orphans.first()?;
    Some(Advice {
        id: "orphaned-packages",
        message: format!(
            "{} was installed for something that is gone{}",
            quoted(&most.package.name),
            more(orphans.len())
        ),
        weight: orphans.iter().map(|one| one.weight).sum(),
        evidence: Evidence::Modelled,
        see: None,
    })
}

/// Packages that an instruction names and that nothing which runs reaches, each with what only it keeps in; then what the base
/// brings.
fn unreached(analysis: &Analysis<'_>) -> Vec<Advice> {
    let unreached = analysis.reach.unreached(&analysis.inventory);
    let one = |at: &usize| analysis.inventory.packages.get(*at);
    let builds =
        |at: &usize| one(at).is_some_and(|one| load().is_build_package(one.kind().as_str(), &one.package.name));
    let is_named = |at: &&usize| {
        let named = |layer: usize, name: &str| analysis.named(layer).iter().any(|named| named.name == name);
        let is_own = |layer| analysis.is_base(layer) != Some(true);
        one(at).is_some_and(|one| is_own(one.layer) && named(one.layer, &one.package.name)) && !builds(at)
    };
    let mut named: Vec<usize> = unreached.iter().filter(is_named).copied().collect();
    named.sort_by_key(|at| std::cmp::Reverse(one(at).map(|one| one.exclusive)));
    let mut found: Vec<Advice> = Vec::new();
    for installed in named.iter().filter_map(one).take(MAX_PACKAGES).filter(|one| one.exclusive.bytes >= MIN_PACKAGE) {
        let place = place(analysis, Some(installed.layer));
        let message = format!("nothing that runs reaches the package {}{place}", quoted(&installed.package.name));
        let (id, see) = ("unreached-package", Some("unused-tools"));
        found.push(Advice { id, message, weight: installed.exclusive, evidence: Evidence::Guessed, see });
    }
    let of_base = |at: &&usize| one(at).is_some_and(|one| analysis.is_base(one.layer) == Some(true));
    let of_base: Vec<usize> = unreached.iter().filter(of_base).copied().collect();
    let weight: Weight = of_base.iter().filter_map(one).map(|one| one.weight).sum();
    if !of_base.is_empty() {
        found.push(Advice {
            id: "unreached-base-packages",
            message: format!("the base image brings {} packages that nothing which runs reaches", of_base.len()),
            weight,
            evidence: Evidence::Guessed,
            see: Some("slim-base"),
        });
    }
    found
}

/// ` (Dockerfile:7)`, or the instruction where no line is known.
fn place(analysis: &Analysis<'_>, layer: Option<usize>) -> String {
    let Some(layer) = layer else { return String::new() };
    match analysis.line(layer) {
        Some(line) => format!(" (Dockerfile:{})", line.line),
        None if analysis.is_base(layer) == Some(true) => " (base image)".to_owned(),
        None => String::new(),
    }
}

fn quoted(text: &str) -> String {
    format!("`{}`", jettison_image::shown_path(text))
}

fn more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!("; {} more", count - 1),
    }
}
