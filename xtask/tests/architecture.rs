//! The house plan as tests: which crate may use which (docs/architecture.md), what each may do (its `clippy.toml`), which
//! licences may come in (`deny.toml`), and the habits that can be seen from outside a file.
//!
//! An error prints the path that broke the rule, so that one sees where to cut.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

/// Who may use whom, by folder. A crate that is not here has no place in the plan yet.
const ARROWS: [(&str, &[&str]); 19] = [
    ("model", &[]),
    ("dockerfile", &["model"]),
    ("shell", &[]),
    ("ecosystems", &["model"]),
    ("targets", &["model"]),
    ("context", &["model", "dockerfile"]),
    ("image", &["model"]),
    ("facts", &["model", "dockerfile", "ecosystems", "image"]),
    ("rewrite", &["model", "dockerfile", "ecosystems", "image", "facts"]),
    ("lint", &["model", "dockerfile", "shell", "ecosystems", "image", "facts", "rewrite"]),
    ("plan", &["model", "dockerfile", "ecosystems", "image", "facts", "rewrite"]),
    ("optimize", &["model", "dockerfile", "ecosystems", "image", "facts", "plan"]),
    ("engine", &["model"]),
    ("transport", &["model", "image", "engine"]),
    (
        "verify",
        &["model", "dockerfile", "ecosystems", "context", "image", "facts", "plan", "optimize", "transport", "engine"],
    ),
    ("report", &["model"]),
    ("testkit", &["model"]),
    ("jettison", &["*"]),
    ("xtask", &["report"]),
];

/// Packages that only some crates may bring in, directly or through another of ours: pattern, those crates, the reason.
const RESERVED: [(&[&str], &[&str], &str); 6] = [
    (&["ureq", "reqwest", "hyper", "isahc", "attohttpc", "minreq", "curl"], &["transport", "verify"], "an HTTP client"),
    (&["rustls", "native-tls", "openssl"], &["transport", "verify"], "TLS"),
    (&["tokio", "async-std", "smol"], &["transport"], "an async runtime"),
    (
        &["anyhow", "clap", "ctrlc"],
        &["shell", "jettison", "xtask"],
        "what only a program needs; the linter in `shell` brings anyhow",
    ),
    (&["tempfile"], &["engine", "transport", "verify", "jettison", "xtask"], "temporary files"),
    (
        &["serde"],
        &["ecosystems", "report", "verify", "jettison", "xtask"],
        "serialisable types, which live at the edge",
    ),
];

/// What a crate may do beyond computing. Whoever is not named may do none of it.
const RIGHTS: [(&str, &[Right]); 8] = [
    ("context", &[Right::Read]),
    ("transport", &[Right::Read, Right::Write, Right::Network]),
    ("engine", &[Right::Read, Right::Write, Right::Processes]),
    ("verify", &[Right::Read, Right::Write, Right::Network]),
    ("jettison", &[Right::Read, Right::Write, Right::Environment]),
    ("testkit", &[Right::Read, Right::Write]),
    ("report", &[]),
    ("xtask", &[Right::Read, Right::Write, Right::Network, Right::Processes, Right::Environment]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Right {
    Read,
    Write,
    Network,
    Processes,
    Environment,
}

impl Right {
    const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Network, Self::Processes, Self::Environment];

    /// The methods that exercise it.
    fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Read => &[
                "std::fs::File::open",
                "std::fs::canonicalize",
                "std::fs::exists",
                "std::fs::metadata",
                "std::fs::read",
                "std::fs::read_dir",
                "std::fs::read_link",
                "std::fs::read_to_string",
                "std::fs::symlink_metadata",
                "std::path::Path::canonicalize",
                "std::path::Path::exists",
                "std::path::Path::is_dir",
                "std::path::Path::is_file",
                "std::path::Path::metadata",
                "std::path::Path::read_dir",
                "std::path::Path::symlink_metadata",
            ],
            Self::Write => &[
                "std::fs::File::create",
                "std::fs::OpenOptions::new",
                "std::fs::copy",
                "std::fs::create_dir",
                "std::fs::create_dir_all",
                "std::fs::hard_link",
                "std::fs::remove_dir",
                "std::fs::remove_dir_all",
                "std::fs::remove_file",
                "std::fs::rename",
                "std::fs::set_permissions",
                "std::fs::write",
                "std::os::unix::fs::symlink",
            ],
            Self::Network => &[
                "std::net::TcpListener::bind",
                "std::net::TcpStream::connect",
                "std::net::TcpStream::connect_timeout",
                "std::net::UdpSocket::bind",
            ],
            Self::Processes => &["std::process::Command::new", "std::process::abort"],
            Self::Environment => &[
                "std::env::args",
                "std::env::args_os",
                "std::env::current_dir",
                "std::env::home_dir",
                "std::env::var",
                "std::env::var_os",
                "std::env::vars",
                "std::env::vars_os",
            ],
        }
    }
}

#[test]
fn crates_use_only_what_stands_above_them() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let Some((_, allowed)) = ARROWS.iter().find(|(folder, _)| *folder == folder_of(package)) else {
            wrong.push(format!("{}: no place in the plan; add it to ARROWS", package.name));
            continue;
        };
        for dependency in
            package.dependencies.iter().filter(|d| d.path.is_some() && d.kind != DependencyKind::Development)
        {
            let used = dependency.path.as_ref().and_then(|path| path.file_name()).unwrap_or_default();
            let fine = if allowed == &["*"] { !matches!(used, "testkit" | "xtask") } else { allowed.contains(&used) };
            if !fine {
                wrong.push(format!("{} → {used}", folder_of(package)));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that are not in the plan:\n{}", wrong.join("\n"));
}

#[test]
fn reserved_packages_come_in_by_their_own_door_only() {
    let metadata = metadata();
    let edges = edges(&metadata);
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        for (reserved, owners, what) in RESERVED {
            if owners.contains(&folder_of(package)) {
                continue;
            }
            let door =
                |id: &PackageId| metadata.workspace_members.contains(id) && owners.contains(&folder_of(&metadata[id]));
            let goal = |id: &PackageId| reserved.contains(&metadata[id].name.as_str());
            // a maintained crate may well use serde or tempfile inside; it is our own use that counts there
            let direct = matches!(reserved, ["serde"] | ["tempfile"]);
            let found = path_to(&edges, &package.id, &goal, &door);
            if let Some(path) = found.filter(|path| !direct || ours_but_last(&metadata, path)) {
                let names: Vec<&str> = path.iter().map(|id| metadata[id].name.as_str()).collect();
                wrong.push(format!("{} ({what})", names.join(" → ")));
            }
        }
    }
    assert!(wrong.is_empty(), "only some crates may use these:\n{}", wrong.join("\n"));
}

#[test]
fn clippy_bans_what_a_crate_may_not_do() {
    let mut wrong = Vec::new();
    for (folder, rights) in rights_of_all() {
        let file = clippy_file(&folder);
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", short(&file)));
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", short(&file)));
        let banned: BTreeSet<&str> = paths_of(&table, "disallowed-methods");
        let expected: BTreeSet<&str> = Right::ALL
            .iter()
            .filter(|right| !rights.contains(right))
            .flat_map(|right| right.methods())
            .copied()
            .collect();
        for missing in expected.difference(&banned) {
            wrong.push(format!("{folder}: {} does not ban {missing}", short(&file)));
        }
        for extra in banned.difference(&expected) {
            wrong.push(format!("{folder}: {} bans {extra}, which it may do", short(&file)));
        }
    }
    assert!(wrong.is_empty(), "clippy.toml and RIGHTS disagree:\n{}", wrong.join("\n"));
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for package in metadata().workspace_packages() {
        let text = std::fs::read_to_string(&package.manifest_path).expect("a manifest");
        let table: toml::Table = text.parse().expect("TOML");
        let inherits = table.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        assert_eq!(inherits, Some(true), "{}: `[lints] workspace = true` is missing", package.manifest_path);
    }
}

#[test]
fn licences_are_on_the_list() {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let table: toml::Table = text.parse().expect("TOML");
    let allowed: BTreeSet<&str> =
        table["licenses"]["allow"].as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect();
    let mut wrong = Vec::new();
    for package in &metadata().packages {
        let licence = package.license.as_deref().unwrap_or("");
        // every part of an AND needs one alternative that is allowed; old manifests write OR as a slash
        let fine = licence.replace('/', " OR ").split(" AND ").all(|part| {
            part.trim_matches(|c: char| "() ".contains(c))
                .split(" OR ")
                .any(|one| allowed.contains(one.trim_matches(['(', ')', ' '])))
        });
        if !fine {
            wrong.push(format!("{} {}: `{licence}`", package.name, package.version));
        }
    }
    assert!(wrong.is_empty(), "licences that deny.toml does not allow:\n{}", wrong.join("\n"));
}

#[test]
fn every_source_file_says_what_it_is() {
    let mut wrong = Vec::new();
    for file in sources() {
        let text = std::fs::read_to_string(&file).expect("UTF-8");
        if !text.starts_with("//!") {
            wrong.push(format!("{}: opens without `//!`", short(&file)));
        }
        for mark in
            [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[ig", "nore"), concat!("FIX", "ME")]
        {
            if text.contains(mark) {
                wrong.push(format!("{}: has `{mark}`", short(&file)));
            }
        }
        if text.lines().count() > 500 {
            wrong.push(format!("{}: {} lines; is it still one thing?", short(&file), text.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_folder_is_named_for_nothing() {
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|file| {
            let stem = file.with_extension("");
            stem.components().any(|part| {
                let part = part.as_os_str().to_string_lossy();
                ["util", "utils", "helper", "helpers", "common", "misc"].contains(&&*part)
            })
        })
        .map(|file| short(file).to_string())
        .collect();
    assert!(wrong.is_empty(), "a name that says nothing:\n{}", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project")
}

/// A path as one would name it from the project's root.
fn short(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(root()).unwrap_or(path).display()
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(["--offline".into()])
        .exec()
        .expect("cargo metadata")
}

/// `crates/NAME` or `xtask`: the name in the plan.
fn folder_of(package: &Package) -> &str {
    package.manifest_path.parent().and_then(|folder| folder.file_name()).unwrap_or_default()
}

/// Dependencies that end up in a build, by package; dev-dependencies do not count.
fn edges(metadata: &Metadata) -> BTreeMap<&PackageId, Vec<&PackageId>> {
    let resolve = metadata.resolve.as_ref().expect("a resolved graph");
    let builds = |dependency: &&cargo_metadata::NodeDep| {
        dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
    };
    resolve.nodes.iter().map(|node| (&node.id, node.deps.iter().filter(builds).map(|d| &d.pkg).collect())).collect()
}

/// The shortest path from `start` to a package that is a goal, without walking through a door.
fn path_to<'a>(
    edges: &BTreeMap<&'a PackageId, Vec<&'a PackageId>>,
    start: &'a PackageId,
    goal: &dyn Fn(&PackageId) -> bool,
    door: &dyn Fn(&PackageId) -> bool,
) -> Option<Vec<&'a PackageId>> {
    let mut seen = BTreeSet::from([start]);
    let mut paths = std::collections::VecDeque::from([vec![start]]);
    while let Some(path) = paths.pop_front() {
        let last = path.last()?;
        if goal(last) {
            return Some(path);
        }
        for next in edges.get(last).into_iter().flatten() {
            if !door(next) && seen.insert(next) {
                paths.push_back(path.iter().chain([next]).copied().collect());
            }
        }
    }
    None
}

/// Whether all but the last package of a path are of this workspace.
fn ours_but_last(metadata: &Metadata, path: &[&PackageId]) -> bool {
    path.split_last().is_some_and(|(_, rest)| rest.iter().all(|id| metadata.workspace_members.contains(id)))
}

fn rights_of_all() -> impl Iterator<Item = (String, &'static [Right])> {
    let folders = ARROWS.iter().map(|(folder, _)| (*folder).to_owned());
    folders.map(|folder| {
        let rights = RIGHTS.iter().find(|(name, _)| *name == folder).map_or(&[][..], |(_, rights)| rights);
        (folder, rights)
    })
}

/// The file clippy uses: the crate's own, else the workspace's, which allows nothing.
fn clippy_file(folder: &str) -> PathBuf {
    let own = if folder == "xtask" {
        root().join("xtask/clippy.toml")
    } else {
        root().join("crates").join(folder).join("clippy.toml")
    };
    if own.exists() { own } else { root().join("clippy.toml") }
}

fn paths_of<'a>(table: &'a toml::Table, list: &str) -> BTreeSet<&'a str> {
    let entries = table.get(list).and_then(toml::Value::as_array).into_iter().flatten();
    entries.filter_map(|entry| entry.as_str().or_else(|| entry.get("path")?.as_str())).collect()
}

/// Every Rust file of the workspace.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("crates"), root().join("xtask")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_owned();
            if path.is_dir() && name != "target" && name != "fixtures" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
